"""Funnels as SCXML: well-formed, complete, and walked alike by a machine of other makers."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise, product
from typing import Any
from xml.etree import ElementTree as ET

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.funnel.hostile import hostile_funnel

from salescore import testing
from salescore.entities import CustomerId, Opportunity, OpportunityId, StageKind
from salescore.errors import InvalidValue
from salescore.funnel import (
    SCXML_SPACE,
    STANDARD_FUNNELS,
    Accepted,
    Context,
    Course,
    Funnel,
    Stage,
    StageHistory,
    Transition,
    begin,
    decide,
    funnel_from_data,
    scxml,
    standard_funnel,
)
from salescore.funnel._escaping import plain_ids
from salescore.values import Money

SCXML = "{http://www.w3.org/2005/07/scxml}"
OWN = f"{{{SCXML_SPACE}}}"
AT = datetime(2017, 3, 1, 9, tzinfo=UTC)
ROW = {"first_contact_on": date(2017, 2, 1), "amount": Decimal(900)}


def opportunity() -> Opportunity:
    """Return an opportunity of which all is known that standard funnels ask for."""
    return Opportunity(
        id=OpportunityId("O-1"),
        stage="new",
        kind=StageKind.OPEN,
        customer_id=CustomerId("C-1"),
        amount=Money(Decimal(900), "USD"),
    )


@attrs.define
class Sale:
    """An opportunity that goes through a funnel, hour by hour."""

    funnel: Funnel
    opportunity: Opportunity = attrs.field(factory=opportunity)
    history: StageHistory | None = None
    hour: int = 0
    courses: list[Course] = attrs.field(factory=list)

    def __attrs_post_init__(self) -> None:
        self._take(begin(self.funnel, self.opportunity, self._context()))

    def send(self, event: str) -> str:
        """Return the stage after an event."""
        self.hour += 1
        self._take(decide(self.funnel, self.opportunity, event, self._context()))
        return self.opportunity.stage

    def _context(self) -> Context:
        at = AT + timedelta(hours=self.hour)
        return Context(at=at, row=ROW, history=self.history, reason="because")

    def _take(self, found: object) -> None:
        if isinstance(found, Accepted):
            self.opportunity, self.history = found.opportunity, found.history
            self.courses += [] if found.step is None else [found.step.course]


@lru_cache(maxsize=1)
def read(text: str) -> Any:  # noqa: ANN401 - of a package that is not always there
    """Return what starts the machine of a document."""
    processor = pytest.importorskip("statemachine.io.scxml.processor").SCXMLProcessor()
    processor.parse_scxml("funnel", text)
    return processor


def machine_of(funnel: Funnel) -> tuple[list[str], Any]:
    """Return the ids of the stages of a funnel, in order, and its machine at the beginning."""
    ids = [one.attrib["id"] for one in tops(parsed(funnel))]
    return ids, read(scxml(funnel)).start()


@attrs.define
class Machine:
    """The same funnel in the machine that reads SCXML."""

    funnel: Funnel
    machine: Any = attrs.field(init=False)
    keys: dict[str, str] = attrs.field(init=False)
    events: dict[str, str] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        ids, self.machine = machine_of(self.funnel)
        self.keys = dict(zip(ids, self.funnel.by_key, strict=True))
        self.events = plain_ids(self.funnel.events, first="event", without=ids)

    @property
    def stage(self) -> str:
        """Return the key of the stage that it is in."""
        (found,) = (one.id for one in self.machine.configuration if one.id in self.keys)
        return self.keys[found]

    def send(self, event: str) -> str:
        """Return the stage after an event."""
        if not self.machine.is_terminated:
            self.machine.send(self.events[event])
        return self.stage


def tops(root: ET.Element) -> list[ET.Element]:
    """Return the states at the top of a document, one a stage."""
    return [one for one in root if one.tag in (f"{SCXML}state", f"{SCXML}final")]


def parsed(funnel: Funnel) -> ET.Element:
    """Return the root of the document of a funnel."""
    return ET.fromstring(scxml(funnel))  # noqa: S314 - our own


def walked(funnel: Funnel, path: Sequence[str]) -> tuple[list[str], list[str], Sale]:
    """Return the stages of a path of events, ours and theirs."""
    sale, machine = Sale(funnel), Machine(funnel)
    ours, theirs = [sale.opportunity.stage], [machine.stage]
    for event in path:
        ours.append(sale.send(event))
        theirs.append(machine.send(event))
    return ours, theirs, sale


@pytest.mark.parametrize("funnel", STANDARD_FUNNELS, ids=lambda one: one.name)
def test_standard_funnels_are_walked_alike(funnel: Funnel) -> None:
    """Every event is sent in every stage, after every stage that can have been before."""
    is_short = all(way.target is not None for way in funnel.transitions)
    taken: set[tuple[str, str, str]] = set()
    seen: set[tuple[str, str | None]] = set()
    waiting: deque[tuple[str, ...]] = deque([()])
    while waiting:
        path = waiting.popleft()
        ours, theirs, sale = walked(funnel, path)
        assert ours == theirs, path
        before = None
        if sale.history is not None:
            before = sale.history.came_from(funnel.open_keys)
        spot = (ours[-1], None if before is None or is_short else before.stage)
        if path:
            taken.add((ours[-2], path[-1], ours[-1]))
        if spot not in seen:
            seen.add(spot)
            waiting.extend((*path, event) for event in funnel.events)
    moved = {(source, event) for source, event, _ in taken}
    assert moved == set(product(funnel.by_key, funnel.events))
    for way in funnel.transitions:
        for source in way.sources:
            targets = {to for at, event, to in taken if (at, event) == (source, way.event)}
            expected = funnel.open_keys if way.target is None else {way.target}
            assert targets == expected, (source, way.event)


@settings(max_examples=60, deadline=None)
@given(testing.funnels(is_plain=True), st.data())
def test_any_funnel_is_walked_alike(funnel: Funnel, data: st.DataObject) -> None:
    """Holds, loops, stages before and ends of any funnel come to the same stages."""
    sale, machine = Sale(funnel), Machine(funnel)
    for choice in data.draw(st.lists(st.integers(0, 9), min_size=8, max_size=16)):
        here = funnel.events_from(sale.opportunity.stage)
        events = funnel.events if choice == 0 else here
        if events:
            event = events[choice % len(events)]
            assert sale.send(event) == machine.send(event), sale.history


def test_stages_before_are_told_apart_through_holds() -> None:
    """Going back from an open stage is to the last other one, also after holds in a row."""
    funnel = Funnel(
        name="f",
        version="1",
        stages=[
            *(Stage(key=key) for key in "abc"),
            Stage(key="h", kind=StageKind.HOLD),
            Stage(key="i", kind=StageKind.HOLD),
            Stage(key="end", kind=StageKind.LOST),
        ],
        transitions=[
            *(Transition(event=key, sources=list("abchi"), target=key) for key in "abc"),
            *(Transition(event=key, sources=list("abchi"), target=key) for key in "hi"),
            Transition(event="back", sources=list("abchi"), target=None),
            Transition(event="lose", sources=list("abc"), target="end"),
        ],
    )
    for path in (
        ("b", "c", "back", "back", "h", "i", "back", "back", "a", "back"),
        ("back", "h", "back", "back", "i", "b", "h", "b", "back", "lose", "back"),
        ("b", "h", "c", "i", "c", "back", "h", "h", "back", "a", "a", "back", "lose"),
    ):
        ours, theirs, _ = walked(funnel, path)
        assert ours == theirs, path
    assert walked(funnel, ("b", "c", "back", "back"))[0] == ["a", "b", "c", "b", "c"]


@pytest.mark.parametrize(
    "funnel", [*STANDARD_FUNNELS, hostile_funnel()], ids=lambda one: one.name[:10]
)
def test_the_document_is_whole(funnel: Funnel) -> None:
    """It holds the funnel itself, a state for each stage, and only ids that there are."""
    root = parsed(funnel)
    assert root.attrib["version"] == "1.0"
    assert funnel_from_data(json.loads(root.findtext(f"{OWN}funnel") or "")) == funnel
    assert [one.get(f"{OWN}kind") for one in tops(root)] == [
        one.kind.value for one in funnel.stages
    ]
    ids = [one.attrib["id"] for one in root.iter() if "id" in one.attrib]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", one) for one in ids)
    targets = {one.attrib["target"] for one in root.iter(f"{SCXML}transition")}
    assert {*targets, root.attrib["initial"]} <= set(ids)
    assert {one.tag for one in root.iter() if not one.tag.startswith(OWN)} <= {
        f"{SCXML}{tag}" for tag in ("scxml", "state", "final", "transition")
    }


@given(testing.funnels())
def test_any_funnel_is_well_formed(funnel: Funnel) -> None:
    """Whatever texts a funnel holds, the document can be parsed and holds it."""
    root = parsed(funnel)
    assert funnel_from_data(json.loads(root.findtext(f"{OWN}funnel") or "")) == funnel


def test_what_a_move_asks_for_stands_beside_it() -> None:
    """Criteria, fields, reasons and labels are attributes of a namespace of our own."""
    root = parsed(standard_funnel("contract"))
    solution = next(one for one in tops(root) if one.get("id") == "solution")
    assert solution.get(f"{OWN}criteria") == "amount_above_zero: amount > 0"
    assert solution.get(f"{OWN}required") == "customer_id"
    assert solution.get(f"{OWN}label-zh") == "方案"
    reopen = next(one for one in root.iter(f"{SCXML}transition") if one.get("event") == "reopen")
    assert reopen.get(f"{OWN}needs-reason") == "true"
    hostile = next(iter(parsed(hostile_funnel()).iter(f"{SCXML}transition")))
    assert {"guards", "required", "roles", "emits"} <= {
        one.removeprefix(OWN) for one in hostile.attrib
    }


def test_a_closed_stage_without_a_way_out_is_final() -> None:
    """Only a closed one is: an open one without a way out is a trap, not an end."""
    funnel = Funnel(
        name="f",
        version="1",
        stages=[Stage(key="a"), Stage(key="trap"), Stage(key="won", kind=StageKind.WON)],
        transitions=[Transition(event="win", sources=["a"], target="won")],
    )
    assert [one.tag.removeprefix(SCXML) for one in tops(parsed(funnel))] == [
        "state",
        "state",
        "final",
    ]


def test_a_funnel_without_a_beginning_is_refused() -> None:
    """A machine must begin somewhere."""
    funnel = Funnel(
        name="f", version="1", stages=[Stage(key="won", kind=StageKind.WON)], transitions=[]
    )
    with pytest.raises(InvalidValue, match="none of them is open"):
        scxml(funnel)


def test_names_become_ids_that_differ() -> None:
    """Letters and digits stay; what comes to the same id is numbered."""
    names = ["Closed Won", "closed-won", "closed won", "潜在", "1st", "", "closed_won_2"]
    found = plain_ids(names, first="stage")
    assert list(found.values()) == [
        "Closed_Won",
        "closed_won",
        "closed_won_2",
        "stage_4",
        "stage_1st",
        "stage_6",
        "closed_won_2_2",
    ]
    assert all(one != other for one, other in pairwise(sorted(found.values())))


def test_no_event_is_called_as_a_state() -> None:
    """Machines that know both by name tell them apart."""
    funnel = Funnel(
        name="f",
        version="1",
        stages=[Stage(key="offer"), Stage(key="won", kind=StageKind.WON)],
        transitions=[
            Transition(event="offer", sources=["offer"], target="offer"),
            Transition(event="won", sources=["offer"], target="won"),
        ],
    )
    events = [one.attrib["event"] for one in parsed(funnel).iter(f"{SCXML}transition")]
    assert events == ["offer_2", "won_2"]
    assert walked(funnel, ["offer", "won"])[1] == ["offer", "offer", "won"]
