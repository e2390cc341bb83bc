"""What rules of a funnel can read besides the opportunity."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import attrs
import pytest
from tests.funnel.sale import STAGES, START, after, begun, done, refused, row, sale, walked

from salescore.book import Facts, SalesBook
from salescore.entities import record_table
from salescore.errors import InvalidValue
from salescore.funnel import (
    EVENT_FIELDS,
    Context,
    Criterion,
    RefusalCode,
    StageHistory,
    Transition,
    guard_schema,
)
from salescore.funnel._guard_fields import guard_row
from salescore.plain import Field, FieldTable, Kind
from salescore.rules import F, Term, check_types

HOUR = timedelta(hours=1)


def asking(term: Term) -> Any:  # noqa: ANN401 - a funnel, to be handed on
    """Return a funnel with one event, under one condition."""
    guard = Criterion(key="asked", rule=term)
    ways = [
        Transition(event="go", sources=["lead"], target="talks", guards=[guard]),
        Transition(event="again", sources=["lead"], target="lead"),
    ]
    return sale(transitions=ways, stages=[STAGES[0], STAGES[2]])


def test_a_guard_reads_the_day_and_the_reason_of_the_event() -> None:
    """A rule may ask when it happens and what is said; without a row too."""
    funnel = asking((F.event_on >= date(2026, 3, 3)) & (F.event_reason == "fair"))
    last = begun(funnel)
    at = datetime(2026, 3, 2, 17, tzinfo=UTC)
    assert refused(last, "go", funnel, at=at, reason="fair").codes == (
        RefusalCode.CRITERION_FAILED,
    )
    assert refused(last, "go", funnel, hours=48).codes == (RefusalCode.CRITERION_UNKNOWN,)
    assert done(last, "go", funnel, at=at, reason="fair", zone="Asia/Shanghai", row=None)


def test_a_guard_reads_how_long_and_how_often_the_stage_lasted() -> None:
    """Whole days since the visit began, and the visits of the stage so far."""
    funnel = asking((F.days_in_stage >= 2) & (F.entries == 1))
    last = begun(funnel)
    assert refused(last, "go", funnel, hours=47).codes == (RefusalCode.CRITERION_FAILED,)
    assert done(last, "go", funnel, hours=48)
    again = done(last, "again", funnel)
    assert refused(again, "go", funnel, hours=480).codes == (RefusalCode.CRITERION_FAILED,)


def test_without_a_history_its_fields_are_unknown() -> None:
    """Unknown grants nothing."""
    funnel = asking(F.days_in_stage >= 0)
    found = refused(begun(funnel), "go", funnel, history=None)
    assert found.codes == (RefusalCode.CRITERION_UNKNOWN,)
    empty = StageHistory(opportunity_id="O1")
    assert guard_row({}, after(0, history=empty))["entries"] is None


def test_days_are_counted_by_days_where_no_instant_is_known() -> None:
    """A visit of which only the day is known counts days of the zone of the event."""
    visit = attrs.evolve(begun().visits[0], entered_at=None)
    history = StageHistory(opportunity_id="O1", visits=(visit,))
    at = datetime(2026, 3, 3, 17, tzinfo=UTC)
    for zone, days in (("UTC", 1), ("Asia/Shanghai", 2)):
        found = guard_row({}, Context(at=at, history=history, zone=zone))
        assert found["days_in_stage"] == Decimal(days)
    early = guard_row({}, Context(at=at - 72 * HOUR, history=history))
    assert early["days_in_stage"] == Decimal(0)


def test_a_stay_that_goes_on_under_another_version_is_one() -> None:
    """A migration counts neither as an entry nor as a beginning."""
    first = begun().visits[0]
    moved = START + 30 * HOUR
    ended = attrs.evolve(first, left_on=moved.date(), left_at=moved)
    again = attrs.evolve(
        first, id="2", funnel_version="2", entered_on=moved.date(), entered_at=moved
    )
    history = StageHistory(opportunity_id="O1", visits=(ended, again))
    found = guard_row({}, after(50, history=history))
    assert (found["days_in_stage"], found["entries"]) == (2, 1)


def test_the_row_itself_stays_as_it_is() -> None:
    """The caller's mapping gets no fields of the event."""
    funnel = asking(F.entries == 1)
    given = row()
    done(begun(funnel), "go", funnel, row=given)
    assert given == row()
    last = walked("propose")
    assert guard_row(given, after(9, last))["entries"] == 1


def test_the_schema_of_guards_has_the_fields_of_opportunities_and_of_events() -> None:
    """Rules of a funnel are checked against it, and what it says is what the row holds."""
    schema = guard_schema(Facts.of(SalesBook()).schema("opportunities"))
    assert schema.names[-4:] == tuple(one.name for one in EVENT_FIELDS)
    rule = (F.amount >= 1) & (F.event_on > date(2026, 1, 1)) & (F.entries + F.days_in_stage > 1)
    check_types(rule.tree, schema)
    assert set(guard_row({}, after(0))) == {one.name for one in EVENT_FIELDS}


def test_a_registered_field_must_not_have_the_name_of_one_of_events() -> None:
    """The clash is said before a rule reads the wrong one."""
    field = Field(name="entries", kind=Kind.DECIMAL, nullable=True, labels=("Entries", "次数"))
    table = FieldTable(name="opportunities", fields=(*record_table("opportunities").fields, field))
    with pytest.raises(InvalidValue, match="another name"):
        guard_schema(table)
