"""Books without fault have none, faulty ones may have any, and all are small."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from tests.testing.seeded import many, until

from salescore import testing
from salescore.book import FACT_TABLES, SalesBook, check_book
from salescore.entities import RECORD_TABLES, StageKind
from salescore.plain import Kind, field_column

FEW = settings(max_examples=50)
RECORD_TYPES = {table.name for table in RECORD_TABLES}

CODES = {
    "allocation-across-currencies",
    "assignments-overlap",
    "calendars-disagree",
    "circle",
    "closed-before-opened",
    "closed-without-date",
    "converted-and-disqualified",
    "currency-not-valid",
    "custom-field-hidden",
    "dangling-reference",
    "delivery-without-lines",
    "done-before-created",
    "due-before-issued",
    "duplicate-id",
    "ends-before-start",
    "implausible-date",
    "instalments-differ-from-invoice",
    "invoice-differs-from-lines",
    "invoice-without-lines",
    "left-before-entered",
    "lines-in-another-currency",
    "negative-quantity",
    "open-with-closing-date",
    "order-without-lines",
    "over-allocated",
    "payment-without-customer",
    "period-unknown",
    "prices-overlap",
    "probability-of-closed",
    "quote-without-lines",
    "rate-of-nothing",
    "rates-contradict",
    "return-without-lines",
    "returned-more-than-sold",
    "stage-visits-overlap",
    "status-without-kind",
    "target-with-two-values",
    "target-without-value",
    "unknown-calendar",
    "visit-of-nobody",
}
"""Every code that `check_book` gives; whoever adds a check adds its code here."""


@FEW
@given(testing.books())
def test_a_book_without_fault_is_in_one_currency_and_knows_its_costs(book: SalesBook) -> None:
    """Nothing is missing that a figure would need."""
    assert check_book(book) == ()
    assert len(book.currencies) <= 1
    for name in ("order_lines", "invoice_lines", "return_lines"):
        assert all(line.cost is not None for line in book.records(name))
    assert book.last_day is None or book.last_day <= date(2018, 12, 31)


@FEW
@given(testing.books(custom=True, currencies=["KWD"]))
def test_a_book_with_registered_fields_is_without_fault_too(book: SalesBook) -> None:
    """Some fields are registered, each by its rules, and money keeps to the currency asked for."""
    assert check_book(book) == ()
    assert book.custom_fields.tables
    assert {code for code, _ in book.currencies} <= {"KWD"}


def test_a_book_may_hold_any_record_and_closed_business() -> None:
    """No record type is left out of all books, and no kind of opportunity."""
    seen: set[object] = set()
    wanted: set[object] = {*StageKind, *RECORD_TYPES}

    def look(book: SalesBook) -> bool:
        seen.update(table.name for table in RECORD_TABLES if book.records(table.name))
        seen.update(one.kind for one in book.opportunities)
        return seen >= wanted

    until(testing.books(), look)
    assert seen == wanted


def test_a_book_without_fault_leaves_nothing_out() -> None:
    """Every field has some value and, where it may, none; every reference leads somewhere."""
    seen: set[tuple[str, str, bool]] = set()
    fields = [(table.name, field) for table in RECORD_TABLES for field in table.fields]
    wanted = {(name, field.name, False) for name, field in fields}
    wanted |= {(name, field.name, True) for name, field in fields if field.nullable}
    wanted -= {
        *((name, "cost", True) for name in ("order_lines", "invoice_lines", "return_lines")),
        ("payments", "customer_id", True),
    }

    def look(book: SalesBook) -> bool:
        for table in book.tables:
            records = book.records(table.name)
            for field in table.fields if records else ():
                nulls = {value is None for value in field_column(records, field)}
                seen.update((table.name, field.name, one) for one in nulls)
        return seen >= wanted

    until(testing.books(), look)
    assert seen == wanted


def test_registered_fields_of_every_kind_hold_values() -> None:
    """Several record types have them, with values and without, and some refer to records."""
    seen: dict[Kind, set[bool]] = {kind: set() for kind in Kind}
    places: set[str] = set()
    referring: set[str] = set()

    def look(book: SalesBook) -> None:
        for name, fields in book.custom_fields.tables:
            places.add(name)
            for field in fields:
                values = field_column(book.records(name), field)
                seen[field.kind].update(value is None for value in values)
                referring.update(value for value in values if value and field.refers)

    many(testing.books(custom=True), look, 300)
    assert all(found == {True, False} for found in seen.values())
    assert len(places) > 5
    assert referring <= {f"sales_reps-{number}" for number in range(3)}
    assert referring


def test_a_faulty_book_may_have_any_fault() -> None:
    """Each kind of finding comes up in some faulty book, and so do gaps and several currencies."""
    seen: set[object] = set()
    wanted: set[object] = {"USD", "HRK", "cost", *range(3), *CODES}

    def look(book: SalesBook) -> bool:
        seen.update(one.code for one in check_book(book))
        seen.update(code for code, _ in book.currencies)
        seen.update("cost" for line in book.order_lines if line.cost is None)
        seen.add(len(book.currencies))
        return seen >= wanted

    until(testing.books(faulty=True, custom=True, currencies=["USD", "HRK"]), look)
    assert seen == wanted


def test_a_faulty_book_may_be_sound_in_any_respect() -> None:
    """No fault is in every book that could have it, so a fault is never the price of another."""
    missing: Counter[str] = Counter()

    def look(book: SalesBook) -> None:
        found = {one.code for one in check_book(book)}
        missing.update(CODES - found)
        missing["any"] += not found

    many(testing.books(faulty=True), look)
    assert set(missing) == {*CODES, "any"}


def test_only_a_faulty_book_registers_a_field_that_its_fact_table_hides() -> None:
    """The name of a column of the fact table is as good as any other, but for a finding."""

    def hidden(book: SalesBook) -> set[str]:
        return {
            field.name
            for schema in FACT_TABLES
            for field in book.custom_fields.fields(schema.name)
            if field.name in schema
        }

    seen: set[str] = set()
    many(testing.books(custom=True), lambda book: seen.update(hidden(book)))
    assert seen == set()
    many(testing.books(custom=True, faulty=True), lambda book: seen.update(hidden(book)))
    assert seen == {"channel"}


SMALLEST: dict[str, tuple[Callable[[SalesBook], Any], dict[str, int]]] = {
    "anything": (lambda _: True, {}),
    "an order": (lambda book: book.orders, {"orders": 1}),
    "two sums": (
        lambda book: sum(one.amount.amount > 50 for one in book.expenses) > 1,
        {"expenses": 2},
    ),
    "an invoice with a line": (
        lambda book: book.invoice_lines,
        {"invoices": 1, "invoice_lines": 1},
    ),
    "a late record": (
        lambda book: any(
            one.recorded_at is not None and one.recorded_at.year == 2017 for one in book.orders
        ),
        {"orders": 1},
    ),
}


def smallest(*, faulty: bool, holds: Callable[[SalesBook], Any]) -> SalesBook:
    """Return the smallest book of which something holds."""
    few = settings(
        max_examples=1000,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    return find(testing.books(faulty=faulty), holds, settings=few, random=Random(1))  # noqa: S311


def sizes(book: SalesBook) -> dict[str, int]:
    """Return how many records there are of each type of which there are any."""
    return {name: len(book.records(name)) for name in RECORD_TYPES if book.records(name)}


@pytest.mark.parametrize("what", SMALLEST)
def test_a_book_shrinks_to_what_matters(what: str) -> None:
    """What is left is as many records as it takes, with nothing else in them."""
    holds, wanted = SMALLEST[what]
    book = smallest(faulty=False, holds=holds)
    assert sizes(book) == wanted


def test_a_field_that_does_not_matter_shrinks_to_null() -> None:
    """Of the record that is left, all is null that may be, but for what the test looks at."""
    (order,) = smallest(faulty=False, holds=lambda book: book.orders).orders
    filled = [name for name in RECORD_NAMES["orders"] if getattr(order, name) is not None]
    assert filled == ["id", "ordered_on"]
    assert order.ordered_on == date(2016, 1, 1)


RECORD_NAMES = {table.name: table.names for table in RECORD_TABLES}


@pytest.mark.parametrize(
    ("code", "count"), [("duplicate-id", 2), ("circle", 1), ("invoice-differs-from-lines", 2)]
)
def test_a_fault_shrinks_to_itself(code: str, count: int) -> None:
    """The smallest book with a fault has that one alone, and few records."""
    book = smallest(faulty=True, holds=lambda book: code in {one.code for one in check_book(book)})
    assert [one.code for one in check_book(book)] == [code]
    assert sum(sizes(book).values()) == count


def test_a_failing_test_shows_the_book() -> None:
    """What Hypothesis prints is the book, not the bytes that it was read off."""

    @settings(database=None, derandomize=True, deadline=None)
    @given(testing.books())
    def without_teams(book: SalesBook) -> None:
        assert not book.teams

    with pytest.raises(AssertionError) as caught:
        without_teams()
    (note,) = (one for one in caught.value.__notes__ if "Team" in one)
    assert "Team(" in note
    assert "name='West'" in note
    assert "\\x00" not in note


def test_books_are_small() -> None:
    """A book holds tens of records, not hundreds, yet more than a handful on the average."""
    counts: list[int] = []
    many(testing.books(), lambda book: counts.append(sum(sizes(book).values())))
    assert max(counts) < 120
    assert 10 < sum(counts) / len(counts) < 60


def test_amounts_are_odd_and_round() -> None:
    """Nothing, cents, negative amounts and long fractions come up, and quantities below 0."""
    seen: set[Decimal] = set()
    quantities: set[Decimal] = set()
    wanted = {Decimal(0), Decimal("0.01"), Decimal(-100), Decimal("33333333333333.333333")}

    def look(book: SalesBook) -> bool:
        seen.update(one.amount.amount for one in book.expenses)
        quantities.update(one.quantity for one in book.order_lines)
        return seen >= wanted and len(seen) > 100

    until(testing.books(), look)
    assert seen >= wanted
    assert len(seen) > 100
    assert min(quantities) < 0
