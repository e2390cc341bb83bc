"""What was known on a day is one rule for every record type, held against a second telling."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore import testing
from salescore.book import FACT_TABLES, Facts, SalesBook
from salescore.book._known import known_book
from salescore.entities import RECORD_TABLES, StageKind
from salescore.plain import CustomFields, Kind, custom_field, custom_values
from salescore.values import ConstantRates

if TYPE_CHECKING:
    from tests.book.conftest import Make

DAYS = st.dates(date(2015, 12, 30), date(2019, 1, 3))
CLOSED = {StageKind.WON, StageKind.LOST, StageKind.VOID}
PLANS = {
    *("expected_close_on", "required_on", "promised_on", "due_on", "due_at", "valid_until"),
    *("hired_on", "birthday", "expires_on"),
}
"""Dates that tell of no event, by a second list than that of the records."""


def day_of(value: Any) -> date:  # noqa: ANN401 - a date or an instant
    """Return the day of a date or instant, in UTC."""
    return value.date() if isinstance(value, datetime) else value


def events(table: Any, record: Any) -> dict[str, date]:  # noqa: ANN401 - of any type
    """Return by field the day of what happened to a record."""
    found = {}
    for field in table.fields:
        value = getattr(record, field.name)
        is_event = field.kind in (Kind.DATE, Kind.INSTANT) and field.name not in PLANS
        if is_event and field.has_happened and field.name != "recorded_at" and value is not None:
            found[field.name] = day_of(value)
    return found


def told(book: SalesBook, as_of: date) -> SalesBook:
    """Return a book as it was known on a day, told record by record."""
    lost: dict[str, set[str]] = {}
    kept: dict[str, list[Any]] = {}
    for table in RECORD_TABLES:
        kept[table.name] = []
        for record in book.records(table.name):
            days = events(table, record)
            made = getattr(record, "recorded_at", None)
            first = day_of(made) if made is not None else min(days.values(), default=None)
            gone = any(
                getattr(record, field.name) in lost.get(field.refers, set())
                for field in table.fields
                if field.refers is not None
                and (not field.nullable or "recorded_at" not in table.names)
            )
            if first > as_of if first is not None else gone:
                continue
            later = {name for name, day in days.items() if day > as_of}
            changes: dict[str, Any] = {}
            if table.name == "opportunities" and "closed_on" in later:
                if record.kind in CLOSED:
                    changes["kind"] = StageKind.OPEN
                changes["probability"] = None
            for field in table.fields:
                if field.nullable and (field.name in later or later & set(field.since)):
                    changes[field.name] = None
            kept[table.name].append(attrs.evolve(record, **changes))
        stay = {record.id for record in kept[table.name]}
        lost[table.name] = {one.id for one in book.records(table.name)} - stay
    return attrs.evolve(book, **kept)


@settings(max_examples=60, deadline=None)
@given(testing.books(faulty=True), DAYS)
def test_what_was_known_follows_the_rule(book: SalesBook, as_of: date) -> None:
    """Recorded, else happened, else with what it belongs to; what came later is unknown."""
    assert known_book(book, as_of, "UTC").book == told(book, as_of)


@pytest.mark.parametrize("table", RECORD_TABLES, ids=lambda table: table.name)
def test_every_record_type_is_hidden_before_its_day(make: "Make", table: Any) -> None:  # noqa: ANN401
    """A record with a day of its own is not there the day before, and there on the day."""
    days = [one for one in table.happened if one.kind is Kind.DATE]
    if not days:
        record = make.of(table.name)
        first = {day_of(record.happened_at)} if "happened_at" in table else set[date]()
        day = next(iter(first), None)
    else:
        day = date(2017, 3, 1)
        record = make.of(table.name, **{days[0].name: day})
    book = SalesBook(**{table.name: [record]})
    if day is None:
        assert known_book(book, date.min, "UTC").book == book
    else:
        assert known_book(book, day, "UTC").book == book
        assert known_book(book, day - timedelta(days=1), "UTC").book == SalesBook()


def test_lines_of_lines_go_with_their_document(make: "Make") -> None:
    """What has no day of its own is not seen before the record it refers to."""
    book = SalesBook(
        invoices=[make.of("invoices", "I-1")],
        invoice_lines=[make.of("invoice_lines", invoice_id="I-1")],
        instalments=[make.of("instalments", "IN-1", invoice_id="I-1")],
        payments=[make.of("payments", "P-1")],
        allocations=[make.of("allocations", payment_id="P-1")],
    )
    assert known_book(book, date(2017, 2, 28), "UTC").book == SalesBook()
    assert known_book(book, date(2017, 3, 1), "UTC").book == book


def test_an_undated_record_does_not_wait_for_its_customer(make: "Make") -> None:
    """A customer recorded later under an id that was in use hides no earlier fact."""
    sale = make.opportunity(customer_id="C-1")
    later = make.customer(created_on=date(2017, 3, 1))
    book = SalesBook(customers=[later], opportunities=[sale])
    assert known_book(book, date(2017, 2, 1), "UTC").book == SalesBook(opportunities=[sale])


def test_a_registered_field_is_unknown_before_its_date(make: "Make") -> None:
    """A registered date that tells of an event makes known, and is hidden until it comes."""
    fields = [
        custom_field("met_on", Kind.DATE, "Met on", "会面日期", happened=True),
        custom_field("mood", Kind.TEXT, "Mood", "情绪"),
    ]
    customer = make.customer(
        created_on=date(2017, 1, 10), custom=custom_values(met_on=date(2017, 3, 1), mood="calm")
    )
    book = SalesBook(custom_fields=CustomFields.of({"customers": fields}), customers=[customer])
    (before,) = known_book(book, date(2017, 2, 1), "UTC").book.customers
    assert before.custom == custom_values(mood="calm")
    assert known_book(book, date(2017, 3, 1), "UTC").book == book


RATES = ConstantRates.of("USD", {"EUR": Decimal("1.1"), "JPY": Decimal("0.01")})


def columns(book: SalesBook, as_of: date) -> dict[str, list[list[Any]]]:
    """Return the columns of all fact tables as of a day."""
    facts = Facts.of(book, rates=RATES, as_of=as_of)
    return {
        one.name: [list(column) for column in facts.table(one.name).columns] for one in FACT_TABLES
    }


DAY = date(2017, 6, 30)
LATER = datetime(2019, 1, 1, tzinfo=UTC)


@settings(max_examples=30, deadline=None)
@given(testing.books(faulty=True), testing.books(faulty=True))
def test_whatever_is_recorded_later_changes_no_row(book: SalesBook, other: SalesBook) -> None:
    """Records of any type that say when they were made leave every fact table as it was."""
    added = {
        table.name: (
            *book.records(table.name),
            *(
                attrs.evolve(one, id=f"later-{one.id}", recorded_at=LATER)
                for one in other.records(table.name)
            ),
        )
        for table in RECORD_TABLES
        if "recorded_at" in table
    }
    assert columns(attrs.evolve(book, **added), DAY) == columns(book, DAY)
