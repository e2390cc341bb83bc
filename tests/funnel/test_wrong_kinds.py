"""Parts of a wrong kind are refused where a process is made, by name."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from tests.funnel.sale import after, begun, deal, sale

from salescore.entities import DocumentKind
from salescore.errors import InvalidValue, UnknownName
from salescore.funnel import (
    Context,
    Criterion,
    EventTemplate,
    Funnel,
    Migration,
    QualificationPolicy,
    ServiceLimit,
    Stage,
    Status,
    StatusMove,
    StatusTable,
    Transition,
    decide,
    due,
)
from salescore.rules import F

RULE = F.probability > Decimal("0.5")
ONE = Criterion(key="c", rule=RULE)
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def way(**given: Any) -> Transition:  # noqa: ANN401 - whatever a transition takes
    """Return a transition."""
    made: dict[str, Any] = {"sources": ["a"], "target": "b", **given}
    return Transition(event="go", **made)


def funnel(**given: Any) -> Funnel:  # noqa: ANN401 - see above
    """Return a funnel of one stage."""
    made: dict[str, Any] = {"stages": [Stage(key="a")], "transitions": (), **given}
    return Funnel(name="f", version="1", **made)


def table(**given: Any) -> StatusTable:  # noqa: ANN401 - see above
    """Return a status table of one status."""
    statuses = [Status(key="open", kind=DocumentKind.OPEN)]
    given = {"statuses": statuses, "moves": (), **given}
    return StatusTable(name="t", version="1", records="quotes", **given)


CASES: dict[str, Callable[[Any], object]] = {
    "labels of a": lambda bad: Stage(key="a", labels=bad),
    "purpose of a": lambda bad: Stage(key="a", purpose=bad),
    "labels of c": lambda bad: Criterion(key="c", rule=RULE, labels=bad),
    "labels of e": lambda bad: EventTemplate(name="e", labels=bad),
    "labels of go": lambda bad: way(labels=bad),
    "labels of f": lambda bad: funnel(labels=bad),
    "labels of t": lambda bad: table(labels=bad),
    "labels of s": lambda bad: Status(key="s", kind=DocumentKind.OPEN, labels=bad),
    "exit_criteria of a": lambda bad: Stage(key="a", exit_criteria=bad),
    "on_entry of a": lambda bad: Stage(key="a", on_entry=bad),
    "on_exit of a": lambda bad: Stage(key="a", on_exit=bad),
    "limit of a": lambda bad: Stage(key="a", limit=bad),
    "guards of go": lambda bad: way(guards=bad),
    "emits of go": lambda bad: way(emits=bad),
    "target of go": lambda bad: way(target=bad),
    "needs_reason of go": lambda bad: way(needs_reason=bad),
    "stages of f": lambda bad: funnel(stages=bad),
    "transitions of f": lambda bad: funnel(transitions=bad),
    "statuses of t": lambda bad: table(statuses=bad),
    "moves of t": lambda bad: table(moves=bad),
    "guards to b": lambda bad: StatusMove(sources=["a"], target="b", guards=bad),
    "needs_reason to b": lambda bad: StatusMove(sources=["a"], target="b", needs_reason=bad),
    "criteria of p": lambda bad: QualificationPolicy(name="p", version="1", criteria=bad),
    "is_working of": lambda bad: ServiceLimit(amount=1, is_working=bad),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("bad", [5, ("one",), (1, 2), RULE, ["x", 1]], ids=str)
def test_a_part_of_a_wrong_kind_is_refused_by_name(name: str, bad: object) -> None:
    """Neither numbers, nor bare texts, nor bare rules stand where parts are expected."""
    with pytest.raises(InvalidValue) as caught:
        CASES[name](bad)
    assert str(caught.value).startswith(name)


@pytest.mark.parametrize("bad", [5, "one", RULE, [1]], ids=str)
def test_names_of_a_wrong_kind_are_refused(bad: Any) -> None:  # noqa: ANN401 - anything wrong
    """Roles and required fields are several texts."""
    with pytest.raises(InvalidValue, match="roles"):
        Stage(key="a", roles=bad)
    with pytest.raises(InvalidValue, match="required"):
        way(required=bad)


def test_one_criterion_without_its_tuple_is_refused() -> None:
    """It is no collection, and the error says what is expected."""
    with pytest.raises(InvalidValue, match=r"exit_criteria of a .*expected several of Criterion"):
        Stage(key="a", exit_criteria=ONE)  # type: ignore[arg-type]


def test_parts_may_come_from_any_collection() -> None:
    """Lists, generators and views become tuples."""
    assert Stage(key="a", exit_criteria=[ONE]).exit_criteria == (ONE,)
    assert way(guards=(one for one in (ONE,))).guards == (ONE,)
    assert way(guards={"c": ONE}.values()).guards == (ONE,)


def test_a_context_knows_its_zone_and_its_actor() -> None:
    """Both are refused at once, not by the first decision or the first event."""
    with pytest.raises(UnknownName, match="no time zone 'Asia/Shanghi'; did you mean"):
        Context(at=NOW, zone="Asia/Shanghi")
    with pytest.raises(InvalidValue, match="a time zone"):
        Context(at=NOW, zone=None)  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="an actor"):
        Context(at=NOW, actor=5)  # type: ignore[arg-type]
    found = Context(at=NOW, zone="Asia/Shanghai", actor="ann")
    assert (found.zone, found.actor) == ("Asia/Shanghai", "ann")


def test_a_context_takes_a_row_and_a_history_and_nothing_else() -> None:
    """What would fail in the middle of a decision is refused before."""
    at = datetime(2026, 3, 2, tzinfo=UTC)
    bad: Any
    for bad in ([1], "x", 5):
        with pytest.raises(InvalidValue, match="a row"):
            Context(at=at, row=bad)
        with pytest.raises(InvalidValue, match="a history"):
            Context(at=at, history=bad)


def test_an_event_is_the_name_of_one() -> None:
    """`None` is no event, and one history is not several."""
    bad: Any = None
    with pytest.raises(InvalidValue, match="name of an event"):
        decide(sale(), deal(), bad, after(0))
    with pytest.raises(InvalidValue, match="expected several"):
        due(sale(), begun().history, datetime(2026, 3, 2, tzinfo=UTC))


def test_a_row_of_another_opportunity_is_refused_where_no_rule_reads_it_too() -> None:
    """A mix-up is a mix-up whatever the stage asks for."""
    one = begun()
    with pytest.raises(InvalidValue, match="another opportunity"):
        decide(sale(), one.opportunity, "pause", after(1, one, row={"id": "other"}))


def test_stages_of_a_migration_are_pairs_or_a_mapping() -> None:
    """Both are read; anything else is refused in words."""
    same = {"funnel": "sale", "from_version": "1", "to_version": "2"}
    pairs = Migration(stages=[("a", "b")], **same)
    assert Migration(stages={"a": "b"}, **same) == pairs
    bad: Any
    for bad in (["ab"], [("a",)], [("a", 5)], {"a": 5}, [(None, "b")], None, "ab", 7):
        with pytest.raises(InvalidValue, match="expected pairs"):
            Migration(stages=bad, **same)
