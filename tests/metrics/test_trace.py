"""Every number can be traced to the rows behind it."""

from collections import Counter
from datetime import date
from decimal import Decimal

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.metrics.small_books import RATES, book_of, crowded_books, facts_of, opportunity, sale

from salescore.book import SalesBook
from salescore.entities import Expense, ExpenseId
from salescore.errors import UnknownName
from salescore.metrics import (
    CATALOGUE,
    Aggregate,
    Contribution,
    FigureDefinition,
    Measure,
    Part,
    dimensions_of,
    figures,
    rows_behind,
    slices,
)
from salescore.rules import F
from salescore.stats import quantile
from salescore.testing import books
from salescore.values import Calendar, ConstantRates, Money, Period, exact_sum

PERIOD = Period.custom(date(2023, 9, 1), date(2024, 6, 30))


def worth(definition: FigureDefinition, side: str, rows: list[Contribution]) -> Decimal:
    """Return what the rows of one side come to: sums, and one for each thing counted once."""
    total = Decimal(0)
    for part in definition.numerator if side == "numerator" else definition.denominator:
        mine = [
            one.value
            for one in rows
            if (one.side, one.measure) == (side, part.measure.name) and one.value is not None
        ]
        if part.measure.aggregate is Aggregate.DISTINCT:
            total += len(set(mine))
        else:
            total = exact_sum([total, *(one for one in mine if isinstance(one, Decimal))])
    return total


def assert_traced(book: SalesBook, rates: ConstantRates, during: Period | None) -> None:
    """Assert that the rows behind each figure make its numerator and its denominator."""
    facts = facts_of(book, rates=rates)
    for definition, figure in zip(CATALOGUE, figures(CATALOGUE, facts, during=during), strict=True):
        rows = list(rows_behind(definition, facts, during=during))
        left_out = {
            (one.table, one.id, place): one.reason
            for place, one in reversed(list(enumerate(rows)))
            if one.reason is not None
        }
        assert all((one.value is None) == (one.reason is not None) for one in rows)
        if figure.value is None:
            continue
        if definition.quantile is None:
            assert worth(definition, "numerator", rows) == figure.numerator, definition.name
        else:
            values = sorted(one.value for one in rows if isinstance(one.value, Decimal))
            assert quantile(values, definition.quantile) == figure.value
        if definition.denominator:
            assert worth(definition, "denominator", rows) == figure.denominator, definition.name
        told = {(one.table, one.reason): one.n for one in figure.excluded}
        first = {(table, key): reason for (table, key, _), reason in left_out.items()}
        if len({one.id for one in book.order_lines}) == len(book.order_lines):
            assert Counter((table, why) for (table, _), why in first.items()) == told


@settings(deadline=None, max_examples=80)
@given(crowded_books(), st.sampled_from([None, PERIOD]))
def test_contributions_sum_to_the_figure(book: SalesBook, during: Period | None) -> None:
    """The rows behind a figure sum to its numerator and denominator, those left out are listed."""
    assert_traced(book, RATES, during)


@settings(deadline=None, max_examples=40)
@given(books())
def test_contributions_sum_to_the_figure_exactly(book: SalesBook) -> None:
    """The same holds in a currency whose rate makes numbers of more than 28 digits."""
    rates = ConstantRates.of("KWD", dict.fromkeys(("USD", "EUR", "JPY"), Decimal("0." + "3" * 18)))
    assert_traced(book, rates, None)


@settings(deadline=None, max_examples=40)
@given(crowded_books())
def test_contributions_of_a_slice_sum_to_the_slice(book: SalesBook) -> None:
    """`where` traces one slice: its rows make the numerator of that slice and of no other."""
    facts = facts_of(book, rates=RATES)
    for definition in CATALOGUE:
        for dimension in ("rep", "month", "channel"):
            if dimension not in dimensions_of(definition) or definition.quantile is not None:
                continue
            for one in slices(definition, facts, by=dimension):
                rows = list(rows_behind(definition, facts, where={dimension: one.key}))
                if one.figure.numerator is not None:
                    assert worth(definition, "numerator", rows) == one.figure.numerator


def test_a_worked_example() -> None:
    """Each row says table, id, measure, side, what it brings, or why it brings nothing."""
    book = book_of(
        [
            sale(1, "2024-01-01", "100", cost="60", rep="ann"),
            sale(2, "2024-02-01", "50", rep="bob"),
            sale(3, "2025-01-01", "7", cost="1", rep="ann"),
        ],
        expenses=[
            Expense(id=ExpenseId("e"), spent_on=date(2024, 1, 1), amount=Money.of("15", "USD"))
        ],
    )
    year = Calendar().parse("2024")
    rows = rows_behind("sales_margin", facts_of(book), during=year)
    assert [(one.side, one.measure, one.table, one.id, one.value, one.reason) for one in rows] == [
        ("numerator", "gross_profit", "sales_lines", "l1", Decimal(40), None),
        ("numerator", "gross_profit", "sales_lines", "l2", None, "cost unknown"),
        ("numerator", "selling_expenses", "expenses", "e", Decimal(-15), None),
        ("denominator", "revenue_with_cost", "sales_lines", "l1", Decimal(100), None),
    ]
    of_ann = rows_behind("revenue", facts_of(book), where={"rep": "ann", "year": "2024"})
    assert [(one.id, one.value) for one in of_ann] == [("l1", 100)]
    assert rows_behind("revenue", facts_of(book), where={"rep": "nobody"}) == ()


def test_what_counts_once_stands_as_it_is() -> None:
    """A customer with two orders stands behind the count twice, and counts once."""
    book = book_of(
        [sale(number, "2024-01-01", "5", customer="c") for number in range(2)]
        + [sale(7, "2024-01-01", "5")]
    )
    rows = rows_behind("customers", facts_of(book))
    assert [(one.id, one.value, one.reason) for one in rows] == [
        ("l0", "c", None),
        ("l1", "c", None),
        ("l7", None, "customer unknown"),
    ]


def test_undated_rows_are_left_out_with_the_reason() -> None:
    """A line without its order cannot be placed; it stands under no month."""
    book = book_of([sale(1, "2024-01-01", "100"), sale(2, "2024-01-01", "7")])
    facts = facts_of(attrs.evolve(book, orders=book.orders[:1]))
    rows = rows_behind("revenue", facts, during=Calendar().parse("2024"))
    assert [(one.id, one.value, one.reason) for one in rows] == [
        ("l1", 100, None),
        ("l2", None, "sold on unknown"),
    ]
    assert [one.id for one in rows_behind("revenue", facts, where={"month": None})] == ["l2"]


def test_a_figure_of_a_moment_has_no_month() -> None:
    """The open pipeline stands under no unit of the calendar; the period says its moment."""
    facts = facts_of(SalesBook(opportunities=[opportunity(1, "open", amount=5)]))
    with pytest.raises(UnknownName, match="no dimension of open_pipeline 'month'"):
        rows_behind("open_pipeline", facts, where={"month": "2024-01"})
    assert len(rows_behind("open_pipeline", facts, during=Calendar().parse("1999"))) == 1


def test_the_exchange_rate_of_each_row() -> None:
    """A row in another currency says the rate that priced it; one in our own needs none."""
    book = book_of(
        [
            sale(1, "2024-01-01", "100"),
            sale(2, "2024-01-01", Money.of("8", "EUR")),
            sale(3, "2024-01-01", Money.of("5000", "JPY")),
        ]
    )
    facts = facts_of(book, rates=RATES)
    rows = rows_behind("revenue", facts)
    assert [(one.value, one.rate and one.rate.rate) for one in rows] == [
        (100, None),
        (10, Decimal("1.25")),
        (None, None),
    ]
    assert rows[2].reason == "no exchange rate from JPY to USD"
    assert {one.rate for one in rows_behind("volume", facts)} == {None}
    assert {one.rate for one in rows_behind("orders", facts)} == {None}


def test_numbers_that_count_once_are_not_weighed() -> None:
    """Different discounts, subtracted: each row still shows the discount itself."""
    discounts = Measure(
        name="discounts", table="order_lines", aggregate=Aggregate.DISTINCT, of=F.net_amount
    )
    definition = FigureDefinition(
        name="mine",
        labels=("Mine", "我的"),
        words="Less the different amounts.",
        unit="amounts",
        source="here",
        numerator=[Part(discounts, -1)],
    )
    facts = facts_of(book_of([sale(1, "2024-01-01", "5"), sale(2, "2024-01-01", "5")]))
    assert [one.value for one in figures([definition], facts)] == [-1]
    assert {one.value for one in rows_behind(definition, facts)} == {5}


def test_unknown_names() -> None:
    """An unknown figure or dimension is refused with the closest name."""
    facts = facts_of(SalesBook())
    with pytest.raises(UnknownName, match="did you mean 'revenue'"):
        rows_behind("revenu", facts)
    with pytest.raises(UnknownName, match="did you mean 'rep'"):
        rows_behind("revenue", facts, where={"reps": "ann"})
