"""A reduction is one small table: exact sums by key, with what was missing counted beside them."""

from datetime import date
from decimal import Decimal

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.metrics.small_books import book_of, crowded_books, facts_of, opportunity, sale

from salescore.book import SalesBook
from salescore.entities import Customer, CustomerId
from salescore.metrics import Aggregate, Measure, Reduction, reduce_rows
from salescore.rules import F, Term
from salescore.values import Calendar, Money, Period

BOOK = book_of(
    [
        sale(1, "2024-01-31", "10.50", cost="4", customer="c1", order="oa"),
        sale(2, "2024-01-31", "0.25", customer="c1", order="oa"),
        sale(3, "2024-02-01", "3", cost="5", customer="c2"),
        sale(4, "2024-12-31", Money.of("900", "JPY"), customer="c9"),
        sale(5, "2023-12-31", "7", cost="7"),
    ],
    customers=[
        Customer(id=CustomerId("c1"), name="One", segment="big"),
        Customer(id=CustomerId("c2"), name="Two"),
    ],
)
LOST_LINE = attrs.evolve(
    BOOK,
    order_lines=(*BOOK.order_lines, attrs.evolve(BOOK.order_lines[0], id="l9", order_id="gone")),
)


def measure(aggregate: Aggregate, of: Term | None = None, where: Term | None = None) -> Measure:
    """Return a measure of order lines by the day of the order."""
    return Measure(
        name="m", table="order_lines", aggregate=aggregate, of=of, where=where, date="ordered_on"
    )


@pytest.mark.parametrize(
    ("found", "value", "count", "missing"),
    [
        (measure(Aggregate.SUM, F.net_amount), Decimal("20.75"), 4, 1),
        (measure(Aggregate.SUM, F.net_amount - F.cost), Decimal("4.50"), 3, 2),
        (measure(Aggregate.COUNT), Decimal(5), 5, 0),
        (measure(Aggregate.COUNT, F.cost), Decimal(3), 3, 2),
        (measure(Aggregate.DISTINCT, F.order_id), Decimal(4), 5, 0),
        (measure(Aggregate.DISTINCT, F.customer_id), Decimal(3), 4, 1),
        (
            measure(Aggregate.VALUES, F.net_amount),
            tuple(map(Decimal, ("0.25", "3", "7", "10.50"))),
            4,
            1,
        ),
        (measure(Aggregate.MIN, F.net_amount), Decimal("0.25"), 4, 1),
        (measure(Aggregate.MAX, F.net_amount - F.cost), Decimal("6.50"), 3, 2),
        (measure(Aggregate.MIN, F.ordered_on), date(2023, 12, 31), 5, 0),
        (measure(Aggregate.MAX, F.ordered_on), date(2024, 12, 31), 5, 0),
        (measure(Aggregate.MAX, F.net_amount, F.segment == "none such"), None, 0, 0),
        (measure(Aggregate.SUM, F.net_amount, F.net_amount > 3), Decimal("17.50"), 2, 0),
        (measure(Aggregate.COUNT, None, ~F.cost.is_null()), Decimal(3), 3, 0),
        (measure(Aggregate.SUM, F.cost, F.segment == "big"), Decimal(4), 1, 1),
    ],
)
def test_aggregates(found: Measure, value: object, count: int, missing: int) -> None:
    """A null is left out and counted; a row whose rule is unknown does not satisfy it."""
    reduced = reduce_rows(
        facts_of(BOOK, currency="USD"),
        Reduction(name="r", table="order_lines", measures=[found]),
    )
    assert reduced.keys == ((),)
    assert (reduced.values, reduced.counts) == (((value,),), ((count,),))
    assert (reduced.missing, reduced.undated) == (((missing,),), (0,))


def test_several_measures_by_key() -> None:
    """Groups stand in order of first appearance; rows without a key are a group of their own."""
    reduced = reduce_rows(
        facts_of(BOOK, currency="USD"),
        Reduction(
            name="r",
            table="order_lines",
            keys=["segment"],
            measures=[
                measure(Aggregate.SUM, F.net_amount),
                measure(Aggregate.DISTINCT, F.customer_id),
                measure(Aggregate.VALUES, F.cost),
                measure(Aggregate.COUNT, None, F.segment == "none such"),
            ],
        ),
    )
    assert reduced.keys == (("big",), (None,))
    assert reduced.values == (
        (Decimal("10.75"), Decimal(10)),
        (Decimal(1), Decimal(2)),
        ((Decimal(4),), (Decimal(5), Decimal(7))),
        (Decimal(0), Decimal(0)),
    )
    assert reduced.counts == ((2, 2), (2, 2), (1, 2), (0, 0))
    assert reduced.missing == ((0, 1), (0, 1), (1, 1), (0, 0))


@pytest.mark.parametrize(
    ("calendar", "unit", "keys"),
    [
        (Calendar(), "year", ["2024", "2023"]),
        (Calendar(), "quarter", ["2024-Q1", "2024-Q4", "2023-Q4"]),
        (Calendar(), "month", ["2024-01", "2024-02", "2024-12", "2023-12"]),
        (Calendar(), "week", ["2024-W05", "2025-W01", "2023-W52"]),
        (Calendar.months(4), "year", ["2023", "2024"]),
        (Calendar.months(4), "quarter", ["2023-Q4", "2024-Q3", "2023-Q3"]),
    ],
)
def test_calendar_units(calendar: Calendar, unit: str, keys: list[str]) -> None:
    """A unit of the calendar is a key like a column, also ISO weeks and years from April."""
    reduced = reduce_rows(
        facts_of(BOOK, currency="USD", calendar=calendar),
        Reduction(name="r", table="order_lines", keys=[unit], measures=[measure(Aggregate.COUNT)]),
    )
    assert [key for (key,) in reduced.keys] == keys


def test_a_period_takes_its_first_and_last_day() -> None:
    """A row of the last day is inside, one of the day after is not."""
    reduction = Reduction(
        name="r", table="order_lines", measures=[measure(Aggregate.COUNT, F.net_amount)]
    )
    facts = facts_of(BOOK, currency="USD")
    january = Period.custom(date(2024, 1, 1), date(2024, 1, 31))
    assert reduce_rows(facts, reduction, january).counts == ((2,),)
    assert reduce_rows(facts, reduction, Calendar().parse("2024")).counts == ((3,),)
    assert reduce_rows(facts, reduction, Calendar().parse("2022")).counts == ((0,),)


def test_a_line_without_its_order_has_no_date() -> None:
    """It enters no group in any period, is counted once, and only where the rule takes it."""
    facts = facts_of(LOST_LINE, currency="USD")
    reduced = reduce_rows(
        facts,
        Reduction(
            name="r",
            table="order_lines",
            keys=["year"],
            measures=[
                measure(Aggregate.COUNT),
                measure(Aggregate.COUNT, None, F.net_amount > 100),
                measure(Aggregate.SUM, F.net_amount, F.net_amount > 1),
            ],
        ),
    )
    assert reduced.undated == (1, 0, 1)
    assert reduced.counts[0] == (4, 1)


def test_a_measure_of_a_moment_pays_no_heed_to_a_period() -> None:
    """Without a date column all rows count, whatever the period."""
    book = book_of([], opportunities=[opportunity(1, "open", created_on="2020-05-05")])
    reduction = Reduction(
        name="r",
        table="opportunities",
        measures=[Measure(name="m", table="opportunities", aggregate=Aggregate.COUNT)],
    )
    assert reduce_rows(facts_of(book), reduction, Calendar().parse("2024")).counts == ((1,),)


def test_an_empty_table_has_the_total_and_no_other_group() -> None:
    """No rows make one empty total, and no groups by key."""
    facts = facts_of(book_of([]))
    total = Reduction(
        name="r",
        table="order_lines",
        measures=[measure(Aggregate.SUM, F.cost), measure(Aggregate.VALUES, F.cost)],
    )
    assert reduce_rows(facts, total).values == ((Decimal(0),), ((),))
    by_region = attrs.evolve(total, keys=["region"])
    assert reduce_rows(facts, by_region).keys == ()


def test_sums_are_exact() -> None:
    """A sum keeps every digit, where the machine's default would keep 28."""
    big, small = "9" * 38, "0.000000000000000001"
    book = book_of([sale(1, "2024-01-01", big), sale(2, "2024-01-01", small)])
    reduced = reduce_rows(
        facts_of(book),
        Reduction(name="r", table="order_lines", measures=[measure(Aggregate.SUM, F.net_amount)]),
    )
    assert str(reduced.values[0][0]) == f"{big}.{'0' * 17}1"


def test_extremes_by_key() -> None:
    """Each group has its own least and greatest value, and none where no row has a value."""
    reduced = reduce_rows(
        facts_of(BOOK, currency="USD"),
        Reduction(
            name="r",
            table="order_lines",
            keys=["customer_id"],
            measures=[
                measure(Aggregate.MIN, F.net_amount),
                measure(Aggregate.MAX, F.net_amount),
                measure(Aggregate.MAX, F.ordered_on),
            ],
        ),
    )
    assert reduced.keys == (("c1",), ("c2",), ("c9",), (None,))
    assert reduced.values == (
        (Decimal("0.25"), Decimal(3), None, Decimal(7)),
        (Decimal("10.50"), Decimal(3), None, Decimal(7)),
        (date(2024, 1, 31), date(2024, 2, 1), date(2024, 12, 31), date(2023, 12, 31)),
    )
    assert reduced.missing[0] == (0, 0, 1, 0)


def test_extremes_are_exact() -> None:
    """Two values that differ in the 38th digit are told apart."""
    low, high = "1" + "0" * 36 + "1", "1" + "0" * 36 + "2"
    book = book_of([sale(n, "2024-01-01", net) for n, net in enumerate((high, low, high))])
    reduced = reduce_rows(
        facts_of(book),
        Reduction(
            name="r",
            table="order_lines",
            measures=[measure(Aggregate.MIN, F.net_amount), measure(Aggregate.MAX, F.net_amount)],
        ),
    )
    assert reduced.values == ((Decimal(low),), (Decimal(high),))


@settings(deadline=None)
@given(crowded_books(), st.sampled_from([(), ("customer_id",), ("region", "month")]))
def test_extremes_are_the_ends_of_the_values(book: SalesBook, keys: tuple[str, ...]) -> None:
    """The least and the greatest of each group are the first and the last of its values."""
    reduced = reduce_rows(
        facts_of(book),
        Reduction(
            name="r",
            table="order_lines",
            keys=keys,
            measures=[
                measure(aggregate, F.net_amount)
                for aggregate in (Aggregate.VALUES, Aggregate.MIN, Aggregate.MAX)
            ],
        ),
    )
    ends = [(values[0], values[-1]) if values else (None, None) for values in reduced.values[0]]
    assert ends == list(zip(reduced.values[1], reduced.values[2], strict=True))
    assert reduced.counts[0] == reduced.counts[1] == reduced.counts[2]
    assert reduced.missing[0] == reduced.missing[1] == reduced.missing[2]
