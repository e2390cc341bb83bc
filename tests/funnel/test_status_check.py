"""What is found wrong with status tables before anything is moved by them."""

from typing import Any

import pytest
from hypothesis import given, settings
from tests.funnel.test_status_table import MOVES, STATUSES, table

from salescore.entities import DocumentKind, record_table
from salescore.errors import InvalidValue
from salescore.funnel import (
    CLAUSE_FIELDS,
    DELIVERY_FIELDS,
    STANDARD_STATUS_TABLES,
    Criterion,
    Status,
    StatusMove,
    StatusTable,
    check_status_table,
    record_schema,
)
from salescore.plain import Field, FieldTable, Kind
from salescore.rules import F
from salescore.testing import instances
from salescore.values import Finding, Severity

POINTS = Field(name="open_points", kind=Kind.DECIMAL, nullable=False, labels=("Points", "要点"))
SCHEMA = record_schema(record_table("quotes"), [POINTS])


def found(**given: Any) -> list[Finding]:  # noqa: ANN401 - whatever a table takes
    """Return what is wrong with a table, but for labels that are missing."""
    findings = check_status_table(table(**given), SCHEMA)
    return [one for one in findings if one.code != "status-label-missing"]


def test_the_standard_tables_are_sound() -> None:
    """Nothing is wrong with them, labels included."""
    for one in STANDARD_STATUS_TABLES:
        schema = record_schema(one.table, [*CLAUSE_FIELDS, *DELIVERY_FIELDS])
        assert check_status_table(one, schema) == ()


def test_labels_that_are_missing_are_told() -> None:
    """Each language is one finding."""
    findings = check_status_table(table(), SCHEMA)
    assert {one.code for one in findings} == {"status-label-missing"}
    assert [one.message for one in findings] == [
        "status 'draft' of t 1 has no English label",
        "status 'draft' of t 1 has no Chinese label",
        "status 'off' of t 1 has no English label",
        "status 'off' of t 1 has no Chinese label",
    ]
    assert {(one.severity, one.subject) for one in findings} == {(Severity.INFO, "status_tables/t")}


def test_a_status_that_nothing_leads_to_is_told() -> None:
    """It is reached by no moves from the first."""
    (one,) = found(statuses=[*STATUSES, Status(key="old", kind=DocumentKind.CLOSED)])
    assert (one.code, one.severity) == ("status-unreachable", Severity.WARNING)
    assert one.message == "status 'old' of t 1 is reached from 'draft' by no moves"


def test_a_trap_is_told() -> None:
    """From there no moves lead to an end."""
    stuck = Status(key="stuck", kind=DocumentKind.OPEN)
    way = StatusMove(sources=["sent"], target="stuck")
    (one,) = found(statuses=[*STATUSES, stuck], moves=[*MOVES, way])
    assert (one.code, one.severity) == ("status-trap", Severity.ERROR)
    assert one.message.startswith("status 'stuck' of t 1 is a trap")


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (F.total > 1, "cannot be asked"),
        (F.number > 1, "cannot be asked"),
        (F.open_points, "is no condition: open_points"),
    ],
)
def test_guards_that_cannot_be_asked_are_told(rule: Any, said: str) -> None:  # noqa: ANN401 - a term
    """A field that there is not, what cannot be compared, and what is no condition."""
    guard = Criterion(key="g", rule=rule)
    way = StatusMove(sources=["off"], target="draft", guards=[guard])
    (one,) = found(moves=[*MOVES[:2], way])
    assert (one.code, one.severity) == ("status-rule-invalid", Severity.ERROR)
    assert f"guard 'g' of the move to 'draft' of t 1 {said}" in one.message


def test_required_fields_that_there_are_not_are_told() -> None:
    """Registered fields are found in the table of the book."""
    moves = [*MOVES[1:], StatusMove(sources=["draft"], target="sent", required=["colour"])]
    (one,) = found(moves=moves)
    assert (one.code, one.severity) == ("status-required-unknown", Severity.ERROR)
    assert one.message == "move to 'sent' of t 1 requires 'colour', which quotes do not have"
    colour = Field(name="colour", kind=Kind.TEXT, nullable=True, labels=("", ""), is_custom=True)
    quotes = record_table("quotes")
    wider = FieldTable(
        name="quotes", fields=(*quotes.fields, colour), record=quotes.record, version=1
    )
    codes = {one.code for one in check_status_table(table(moves=moves), SCHEMA, wider)}
    assert codes == {"status-label-missing"}


def test_a_registered_field_may_not_hide_the_event() -> None:
    """The day of the event is what rules read under its name."""
    day = Field(name="event_on", kind=Kind.DATE, nullable=True, labels=("", ""), is_custom=True)
    with pytest.raises(InvalidValue, match="event_on"):
        record_schema(FieldTable(name="quotes", fields=(day,)))


@settings(max_examples=40)
@given(instances(StatusTable))
def test_any_table_can_be_checked(drawn: StatusTable) -> None:
    """A status is a trap or not, reached or not; the first one always is."""
    schema = record_schema(drawn.table, [POINTS])
    for one in check_status_table(drawn, schema):
        first = drawn.statuses[0].key
        assert one.code != "status-unreachable" or repr(first) not in one.message.split(" of ")[0]
