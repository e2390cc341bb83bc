"""Funnels as JSON data: there and back, strictly, and within their schema."""

import copy
import json
from datetime import date
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from tests.funnel.hostile import hostile_funnel

from salescore import testing
from salescore.entities import StageKind
from salescore.errors import InvalidDocument
from salescore.funnel import (
    FUNNEL_SCHEMA,
    STANDARD_FUNNELS,
    Criterion,
    EventTemplate,
    Funnel,
    LimitUnit,
    ServiceLimit,
    Stage,
    StepPolicy,
    Transition,
    funnel_from_data,
    funnel_schema,
    funnel_to_data,
    read_funnel,
)
from salescore.plain import Node
from salescore.rules import F
from tools import write_schemas

VALIDATOR: Any = Draft202012Validator(funnel_schema())

CRITERION = Criterion(key="priced", rule=F.amount > Decimal("0.5"), labels=("Priced", "已报价"))
EVENT = EventTemplate(name="promised", labels=("Promised", "已承诺"))

FULL = Funnel(
    name="full",
    version="7",
    labels=("Full", "完整"),
    stages=[
        Stage(
            key="lead",
            labels=("Lead", "线索"),
            probability=Decimal("0.10"),
            forecast_category="pipeline",
            required=["source", "next_step"],
            exit_criteria=[CRITERION],
            limit=ServiceLimit(amount=8, unit=LimitUnit.HOURS, is_working=True),
            on_entry=[EVENT],
            on_exit=[EventTemplate(name="left")],
            roles=["rep"],
            former=["first"],
            purpose=("Find out.", "了解情况。"),
        ),
        Stage(key="held", kind=StageKind.HOLD),
        Stage(key="won", kind=StageKind.WON),
        Stage(key="lost", kind=StageKind.LOST),
        Stage(key="void", kind=StageKind.VOID),
    ],
    transitions=[
        Transition(
            event="win",
            sources=["lead", "held"],
            target="won",
            guards=[CRITERION, Criterion(key="bare", rule=~F.rep_id.is_null())],
            required=["amount"],
            roles=["rep", "manager"],
            needs_reason=True,
            emits=[EVENT],
            labels=("Win", "赢单"),
        ),
        Transition(event="resume", sources=["held"], target=None),
    ],
    skip=StepPolicy.WITH_REASON,
    back=StepPolicy.REFUSED,
    override_roles=["manager"],
    valid_from=date(2017, 1, 1),
    valid_until=date(2018, 12, 31),
    source="a book",
)
"""A funnel in which everything is said that can be."""

BARE = Funnel(name="bare", version="1", stages=[Stage(key="only")], transitions=[])
FUNNELS = (*STANDARD_FUNNELS, FULL, BARE, hostile_funnel())


@pytest.mark.parametrize("funnel", FUNNELS, ids=lambda one: one.name[:10])
def test_funnels_survive_json(funnel: Funnel) -> None:
    """What is written as text is read back equal, and fits the schema."""
    data = json.loads(json.dumps(funnel_to_data(funnel)))
    assert funnel_from_data(data) == funnel
    VALIDATOR.validate(data)


@given(testing.funnels())
def test_any_funnel_survives_json(funnel: Funnel) -> None:
    """Stages and ways of every form come back equal."""
    data = json.loads(json.dumps(funnel_to_data(funnel)))
    assert read_funnel(Node(data, "f")) == funnel
    VALIDATOR.validate(data)


def test_what_says_nothing_is_left_out() -> None:
    """A bare funnel is written in the five keys that it needs."""
    assert funnel_to_data(BARE) == {
        "schema": FUNNEL_SCHEMA,
        "name": "bare",
        "version": "1",
        "stages": [{"key": "only", "kind": "open"}],
        "transitions": [],
    }


def test_everything_that_a_funnel_holds_is_written() -> None:
    """No field of a full funnel is left out, at any depth."""
    data: Any = funnel_to_data(FULL)
    assert data["stages"][0]["limit"] == {"amount": 8, "unit": "hours", "is_working": True}
    assert data["stages"][0]["probability"] == "0.10"
    assert data["transitions"][1]["target"] is None
    schema: Any = funnel_schema()["properties"]
    assert set(data) == set(schema)
    assert set(data["stages"][0]) == set(schema["stages"]["items"]["properties"])
    assert set(data["transitions"][0]) == set(schema["transitions"]["items"]["properties"])


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:  # noqa: ANN401
    """Return the path of every part of JSON data."""
    found = [path]
    if isinstance(data, dict | list):
        for key in data if isinstance(data, dict) else range(len(data)):
            found += places(data[key], (*path, key))
    return found


def changed(data: Any, path: tuple[Any, ...], value: Any) -> Any:  # noqa: ANN401 - JSON data
    """Return JSON data with one part replaced; `...` takes it out."""
    copied = copy.deepcopy(data)
    if not path:
        return copied if value is ... else value
    part = copied
    for key in path[:-1]:
        part = part[key]
    if value is ...:
        del part[path[-1]]
    else:
        part[path[-1]] = value
    return copied


WRITTEN = [json.loads(json.dumps(funnel_to_data(one))) for one in FUNNELS]
BASE = json.loads(json.dumps(funnel_to_data(FULL)))
OTHERS: list[Any] = [..., None, "", "x", 0, -1, 2, 1.5, True, [], ["a", "b"], {}, {"x": 1}, "1.5"]


@settings(max_examples=400)
@given(st.data())
def test_what_does_not_fit_the_schema_is_never_read(data: st.DataObject) -> None:
    """A funnel with any part replaced or taken out is refused as a document, or fits."""
    written = data.draw(st.sampled_from(WRITTEN))
    path = data.draw(st.sampled_from(places(written)))
    broken = changed(written, path, data.draw(st.sampled_from(OTHERS)))
    try:
        funnel = funnel_from_data(broken)
    except InvalidDocument:
        return
    assert VALIDATOR.is_valid(broken), list(VALIDATOR.iter_errors(broken))
    assert funnel_from_data(funnel_to_data(funnel)) == funnel


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        (("name",), ..., "funnel: the key 'name' is missing"),
        (("name",), "", "funnel/name: it must not be empty"),
        (("name",), " ", "name of a funnel"),
        (("nam",), "x", "funnel/nam: no key 'nam'"),
        (("schema",), "salescore/funnel/2", "funnel/schema: no schema of a funnel"),
        (("stages",), [], "a funnel needs at least one stage"),
        (("stages", 0, "kind"), "done", "funnel/stages/0/kind: no kind of a stage 'done'"),
        (("stages", 0, "probability"), "1.5", "funnel/stages/0: probability of lead"),
        (("stages", 0, "probability"), 0.5, "funnel/stages/0/probability: expected a text"),
        (("stages", 0, "exit_criteria", 0, "rule"), {"=": [1, 1]}, "exit_criteria/0/rule"),
        (("stages", 0, "exit_criteria", 0, "key"), " ", "exit_criteria/0: key of a criterion"),
        (("stages", 0, "limit", "amount"), 0, "funnel/stages/0/limit: a service limit"),
        (("stages", 0, "limit", "unit"), "weeks", "limit/unit: no unit of a limit 'weeks'"),
        (("stages", 0, "on_entry", 0, "name"), " ", "on_entry/0: name of an event"),
        (("stages", 0, "required"), ["a", "a"], "required: a text stands twice"),
        (("stages", 1, "key"), "lead", "it stands there twice"),
        (("stages", 2, "limit"), {"amount": 1, "unit": "days"}, "funnel/stages/2: kind of won"),
        (("transitions", 0, "target"), "gone", "no stage of full for win 'gone'"),
        (("transitions", 0, "target"), ..., "funnel/transitions/0: the key 'target' is missing"),
        (("transitions", 0, "sources"), [], "sources of win"),
        (("transitions", 0, "guard"), [], "funnel/transitions/0/guard: no key 'guard'"),
        (("transitions", 0, "needs_reason"), "yes", "needs_reason: expected true or false"),
        (("skip",), "never", "funnel/skip: no policy of steps 'never'"),
        (("valid_until",), "2016-01-01", "valid_until of full"),
        (("valid_from",), "2017-02-30", "funnel/valid_from"),
        (("labels",), ["Full"], "expected an English and a Chinese label"),
    ],
)
def test_each_fault_is_refused_with_its_place(
    path: tuple[Any, ...],
    value: Any,  # noqa: ANN401 - JSON data
    fault: str,
) -> None:
    """The error names the place, the fault and what would be right."""
    with pytest.raises(InvalidDocument) as caught:
        funnel_from_data(changed(BASE, path, value))
    assert fault in str(caught.value).replace("at funnel", "funnel")


def test_the_shipped_schema_is_in_step() -> None:
    """The file in the package is what `tools/write_schemas.py` would write now."""
    folder = resources.files("salescore.funnel") / "schemas"
    shipped = {path.name: path.read_text("utf-8") for path in folder.iterdir()}
    assert shipped == write_schemas.funnel_schema_texts()


def test_the_schema_is_sound_and_written_into_its_own_folder(tmp_path: Path) -> None:
    """It is a schema of its dialect, and the tool writes it beside the others."""
    Draft202012Validator.check_schema(funnel_schema())
    write_schemas.main(*(tmp_path / name for name in ("records", "rules", "grading", "funnel")))
    written = (tmp_path / "funnel" / "funnel.schema.json").read_text(encoding="utf-8")
    assert json.loads(written) == funnel_schema()


def test_names_given_twice_are_kept_once() -> None:
    """What was made can be read again, though documents refuse a text that stands twice."""
    once, twice = ["amount"], ["amount", "amount"]
    found = Funnel(
        name="twice",
        version="1",
        stages=[Stage(key="a", required=twice, roles=twice), Stage(key="b")],
        transitions=[
            Transition(event="go", sources=["a"], target="b", required=twice, roles=twice)
        ],
        override_roles=twice,
    )
    assert funnel_from_data(funnel_to_data(found)) == found
    assert (found.stages[0].required, found.override_roles) == (tuple(once), tuple(once))
