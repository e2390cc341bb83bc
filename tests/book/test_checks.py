"""Whatever contradicts itself in a book is a finding, with a count and an example."""

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import given, settings

from salescore import testing
from salescore.book import SalesBook, check_book
from salescore.entities import RECORD_TABLES, StageKind, record_table
from salescore.render import counted
from salescore.values import Finding, Severity

if TYPE_CHECKING:
    from tests.book.conftest import Make

JANUARY, MARCH = date(2017, 1, 10), date(2017, 3, 1)


def only(book: SalesBook) -> Finding:
    """Return the one finding of a book."""
    (found,) = check_book(book)
    return found


def test_an_empty_book_has_no_findings() -> None:
    """No facts, no contradictions."""
    assert check_book(SalesBook()) == ()


def test_an_id_that_stands_twice(make: "Make") -> None:
    """The finding names record type and id, and counts every record of it."""
    found = only(SalesBook(teams=[make.team(), make.team(name="South"), make.team(id="T-2")]))
    assert (found.code, found.severity) == ("duplicate-id", Severity.ERROR)
    assert (found.subject, found.count) == ("teams/T-1", 2)
    assert found.message == "2 teams have the id 'T-1'; references mean the first"


def test_one_id_may_stand_in_two_record_types(make: "Make") -> None:
    """Ids tell records of one type apart, no more."""
    assert check_book(SalesBook(teams=[make.team(id="1")], sales_reps=[make.rep(id="1")])) == ()


def test_a_reference_to_nobody(make: "Make") -> None:
    """The finding names field and id, says what is missing, and counts who refers to it."""
    lines = [make.line(order_id="O-9"), make.line(id="L-2", order_id="O-9"), make.line(id="L-3")]
    found = only(SalesBook(orders=[make.order()], order_lines=lines))
    assert (found.code, found.severity) == ("dangling-reference", Severity.ERROR)
    assert (found.subject, found.count) == ("orders/O-9", 2)
    assert found.message == "order_id 'O-9' of 2 order lines is not among the orders"


@pytest.mark.parametrize(
    ("table", "field"),
    [
        (table.name, field.name)
        for table in RECORD_TABLES
        for field in table.fields
        if field.refers is not None
    ],
)
def test_every_reference_is_checked(make: "Make", table: str, field: str) -> None:
    """Whatever refers is held against the record type it refers to; null refers to nothing."""
    target = record_table(table).field(field).refers
    assert target is not None
    for key, count in (("x", 0), ("nobody", 1)):
        records: dict[str, list[Any]] = {target: [make.of(target, "x")]}
        records.setdefault(table, []).append(make.of(table, "1", **{field: key}))
        found = [
            one
            for one in check_book(SalesBook(**records))
            if one.code == "dangling-reference"
            and f"{field} {key!r} of {counted(1, table)} is not among" in one.message
        ]
        assert len(found) == count


WON, LOST, VOID, OPEN, HOLD = (
    StageKind.WON,
    StageKind.LOST,
    StageKind.VOID,
    StageKind.OPEN,
    StageKind.HOLD,
)


@pytest.mark.parametrize(
    ("code", "severity", "fields"),
    [
        (
            "closed-before-opened",
            Severity.ERROR,
            {"kind": WON, "created_on": MARCH, "closed_on": JANUARY},
        ),
        (
            "closed-before-opened",
            Severity.ERROR,
            {"kind": LOST, "first_contact_on": MARCH, "closed_on": JANUARY},
        ),
        ("closed-without-date", Severity.ERROR, {"kind": WON}),
        ("closed-without-date", Severity.ERROR, {"kind": LOST}),
        ("closed-without-date", Severity.ERROR, {"kind": VOID}),
        ("open-with-closing-date", Severity.WARNING, {"kind": OPEN, "closed_on": MARCH}),
        ("open-with-closing-date", Severity.WARNING, {"kind": HOLD, "closed_on": MARCH}),
        (
            "probability-of-closed",
            Severity.WARNING,
            {"kind": WON, "closed_on": MARCH, "probability": Decimal("0.9")},
        ),
        (
            "probability-of-closed",
            Severity.WARNING,
            {"kind": LOST, "closed_on": MARCH, "probability": Decimal(1)},
        ),
    ],
)
def test_an_opportunity_that_contradicts_itself(
    make: "Make", code: str, severity: Severity, fields: dict[str, object]
) -> None:
    """The finding counts the opportunities of one fault and names the first."""
    good = make.opportunity(id="CA-0")
    bad = [make.opportunity(**fields), make.opportunity(id="CA-2", **fields)]
    found = only(SalesBook(opportunities=[good, *bad]))
    assert (found.code, found.severity) == (code, severity)
    assert (found.subject, found.count) == ("opportunities/CA-1", 2)
    assert "2 opportunities, the first 'CA-1'" in found.message


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": WON, "created_on": MARCH, "first_contact_on": JANUARY, "closed_on": MARCH},
        {"kind": WON, "closed_on": MARCH, "probability": Decimal("1.0")},
        {"kind": LOST, "closed_on": MARCH, "probability": Decimal("0.00")},
        {"kind": VOID, "closed_on": MARCH, "probability": None},
        {"kind": OPEN, "created_on": MARCH, "probability": Decimal("0.9")},
        {"kind": HOLD, "probability": Decimal(0)},
    ],
)
def test_an_opportunity_without_fault(make: "Make", fields: dict[str, object]) -> None:
    """Closing on the day of opening is right, and so is a closed one that states no probability."""
    assert check_book(SalesBook(opportunities=[make.opportunity(**fields)])) == ()


@settings(max_examples=25)
@given(testing.books())
def test_a_book_without_fault_has_no_findings(book: SalesBook) -> None:
    """What the strategy calls a book without fault is one."""
    assert {one.code for one in check_book(book)} <= {"order-without-lines"}


def test_orders_without_lines_are_told(make: "Make") -> None:
    """They count nowhere among the orders, so the check says how many there are."""
    book = SalesBook(orders=[make.order(), make.order(id="O-2")], order_lines=[make.line()])
    found = only(book)
    assert (found.code, found.severity, found.count) == ("order-without-lines", Severity.INFO, 1)
    assert found.subject == "orders/O-2"
    assert check_book(SalesBook(orders=[make.order()])) == ()  # no lines are kept at all


def test_dates_that_cannot_be_of_business(make: "Make") -> None:
    """A date such as 9999-12-31 is told, and is not the last day of the facts."""
    never = date(9999, 12, 31)
    book = SalesBook(orders=[make.order(), make.order(id="O-2", ordered_on=never)])
    found = only(book)
    assert (found.code, found.count, found.subject) == ("implausible-date", 1, "orders/O-2")
    assert "9999-12-31" in found.message
    assert book.last_day == MARCH
    assert only(SalesBook(orders=[make.order(ordered_on=date(1899, 12, 31))])).count == 1


@settings(max_examples=40)
@given(testing.books(faulty=True))
def test_findings_count_what_is_wrong(book: SalesBook) -> None:
    """Duplicates and dangling references are found one by one, none more, none less."""
    doubles: Counter[str] = Counter()
    dangling: Counter[str] = Counter()
    for table in RECORD_TABLES:
        records = book.records(table.name)
        ids = Counter(record.id for record in records)
        doubles.update({f"{table.name}/{key}": n for key, n in ids.items() if n > 1})
        for field in table.fields:
            if field.refers is None:
                continue
            known = {record.id for record in book.records(field.refers)}
            used = [getattr(record, field.name) for record in records]
            lost = [key for key in used if key and key not in known]
            dangling.update(f"{field.refers}/{key}" if known else field.refers for key in lost)
    # A text that points into the record type that another field names.
    pointing: list[tuple[str, Any]] = [
        *(("events", one) for one in book.events),
        *(("tags", one) for one in book.tags),
    ]
    for name, event in pointing:
        if event.record is not None and event.record not in {one.name for one in book.tables}:
            dangling[f"{name}.record"] += 1
        elif event.record is not None and event.subject is not None:
            index = book.index(event.record)
            if event.subject not in index:
                dangling[f"{event.record}/{event.subject}" if index else event.record] += 1
    found: dict[str, Counter[str]] = {"duplicate-id": Counter(), "dangling-reference": Counter()}
    for one in check_book(book):
        if one.code in found and one.subject is not None:
            found[one.code][one.subject] += one.count
    assert found == {"duplicate-id": doubles, "dangling-reference": dangling}


def test_records_that_are_not_kept_at_all_are_one_finding(make: "Make") -> None:
    """Without any customers on record one finding says so; without orders it is an error."""
    orders = [make.order(customer_id=f"C-{number}") for number in range(3)]
    found = only(SalesBook(orders=[attrs.evolve(one, id=one.customer_id) for one in orders]))
    assert (found.code, found.severity) == ("dangling-reference", Severity.WARNING)
    assert (found.subject, found.count) == ("customers", 3)
    assert found.message == "customer_id of 3 orders refers to customers, of which there are none"
    found = only(SalesBook(order_lines=[make.line(order_id="O-9")]))
    assert (found.severity, found.subject) == (Severity.ERROR, "orders")


@settings(max_examples=15)
@given(testing.books(faulty=True))
def test_a_check_is_repeatable(book: SalesBook) -> None:
    """The same facts have the same findings, in the same order."""
    assert check_book(book) == check_book(attrs.evolve(book))
