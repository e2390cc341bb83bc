"""Measures and reductions are refused where they cannot be right, before any row is read."""

from collections.abc import Callable
from typing import Any

import pytest

from salescore.book import Facts, SalesBook
from salescore.errors import InvalidValue, RuleTypeError, SalesCoreError, UnknownName
from salescore.metrics import (
    Aggregate,
    FigureDefinition,
    Measure,
    Part,
    Reduction,
    reduce_rows,
)
from salescore.plain import CustomFields, Kind, custom_field
from salescore.rules import F

REVENUE = Measure(
    name="revenue",
    table="order_lines",
    aggregate=Aggregate.SUM,
    of=F.net_amount,
    date="ordered_on",
)
LINES = Measure(name="lines", table="order_lines", aggregate=Aggregate.COUNT, date="ordered_on")
LINES_OF_ALL_TIME = Measure(name="lines", table="order_lines", aggregate=Aggregate.COUNT)
WON = Measure(name="won", table="opportunities", aggregate=Aggregate.COUNT, date="closed_on")


@pytest.mark.parametrize(
    ("make", "error", "fault"),
    [
        (
            lambda: Measure(name="x", table="order_line", aggregate=Aggregate.COUNT),
            UnknownName,
            "no fact table 'order_line'; did you mean 'order_lines'?",
        ),
        (
            lambda: Measure(
                name="x", table="order_lines", aggregate=Aggregate.COUNT, date="region"
            ),
            InvalidValue,
            "date of x is 'region': it must be a column of dates",
        ),
        (
            lambda: Measure(name="x", table="order_lines", aggregate=Aggregate.SUM, of=F.region),
            InvalidValue,
            "of of x is 'region': it must be a number",
        ),
        (
            lambda: Measure(
                name="x", table="opportunities", aggregate=Aggregate.VALUES, of=F.closed_on
            ),
            InvalidValue,
            "of of x is 'closed_on': it must be a number",
        ),
        (
            lambda: Measure(name="x", table="order_lines", aggregate=Aggregate.SUM),
            InvalidValue,
            "of of x is None: sum needs an expression",
        ),
        (
            lambda: Measure(name="x", table="order_lines", aggregate=Aggregate.DISTINCT),
            InvalidValue,
            "of of x is None: distinct needs an expression",
        ),
        (
            lambda: Measure(name="x", table="order_lines", aggregate=Aggregate.MIN, of=F.region),
            InvalidValue,
            "of of x is 'region': it must be a number or a date",
        ),
        (
            lambda: Measure(name="x", table="order_lines", aggregate=Aggregate.MAX),
            InvalidValue,
            "of of x is None: max needs an expression",
        ),
        (
            lambda: Measure(
                name="x", table="order_lines", aggregate=Aggregate.COUNT, where=F.net_amount
            ),
            InvalidValue,
            "where of x is 'net_amount': it must be a condition",
        ),
        (
            lambda: Measure(
                name="x", table="order_lines", aggregate=Aggregate.COUNT, where=F.region > 1
            ),
            RuleTypeError,
            "region",
        ),
        (
            lambda: Reduction(name="r", table="orderlines", measures=[LINES]),
            UnknownName,
            "no fact table 'orderlines'; did you mean 'order_lines'?",
        ),
        (
            lambda: Reduction(name="r", table="order_lines", measures=[]),
            InvalidValue,
            "measures of r is (): there must be at least one",
        ),
        (
            lambda: Reduction(name="r", table="order_lines", measures=[REVENUE, WON]),
            InvalidValue,
            "measure won is 'opportunities by closed_on': r reduces order_lines by ordered_on",
        ),
        (
            lambda: Reduction(name="r", table="order_lines", measures=[REVENUE, LINES_OF_ALL_TIME]),
            InvalidValue,
            "measure lines is 'order_lines by None': r reduces order_lines by ordered_on",
        ),
        (
            lambda: Reduction(
                name="r", table="order_lines", measures=[LINES_OF_ALL_TIME], keys=["month"]
            ),
            InvalidValue,
            "keys of r is ('month',): no date places its rows in the calendar",
        ),
    ],
)
def test_refused(make: Callable[[], object], error: type[SalesCoreError], fault: str) -> None:
    """Each fault is named together with what would be right."""
    with pytest.raises(error) as found:
        make()
    assert fault in str(found.value)


@pytest.mark.parametrize(
    ("reduction", "error", "fault"),
    [
        (
            lambda: of_lines(Aggregate.SUM, of=F.net_amont),
            UnknownName,
            "no field of order_lines 'net_amont'; did you mean 'net_amount'?",
        ),
        (
            lambda: of_lines(Aggregate.COUNT, date="order_on"),
            UnknownName,
            "no field of order_lines 'order_on'; did you mean 'ordered_on'?",
        ),
        (
            lambda: of_lines(Aggregate.COUNT, where=F.weight > "heavy"),
            RuleTypeError,
            "it compares number with text",
        ),
        (
            lambda: of_lines(Aggregate.SUM, of=F.gift),
            InvalidValue,
            "of of x is 'gift': it must be a number",
        ),
        (
            lambda: Reduction(name="r", table="order_lines", measures=[LINES], keys=["regio"]),
            UnknownName,
            "no field of order_lines 'regio'; did you mean 'region'?",
        ),
        (
            lambda: Reduction(name="r", table="order_lines", measures=[LINES], keys=["day"]),
            UnknownName,
            "no field of order_lines 'day'",
        ),
    ],
)
def test_refused_by_the_facts(
    reduction: Callable[[], Reduction], error: type[SalesCoreError], fault: str
) -> None:
    """A column that only the facts can have is checked when they are at hand, just as clearly."""
    facts = Facts.of(
        SalesBook(
            custom_fields=CustomFields.of(
                {
                    "order_lines": [
                        custom_field("weight", Kind.DECIMAL, "Weight", "重量"),
                        custom_field("gift", Kind.BOOLEAN, "Gift", "礼品"),
                    ]
                }
            )
        )
    )
    made = reduction()
    with pytest.raises(error) as found:
        reduce_rows(facts, made)
    assert fault in str(found.value)


def of_lines(aggregate: Aggregate, **fields: Any) -> Reduction:  # noqa: ANN401
    """Return a reduction to one measure of order lines."""
    measure = Measure(name="x", table="order_lines", aggregate=aggregate, **fields)
    return Reduction(name="r", table="order_lines", measures=[measure])


def test_only_sums_and_counts_are_additive() -> None:
    """The parts of a slice sum to the whole for sums and counts, not for what counts once."""
    additive = {
        aggregate: Measure(
            name="x", table="order_lines", aggregate=aggregate, of=F.quantity
        ).is_additive
        for aggregate in Aggregate
    }
    assert additive == {
        Aggregate.SUM: True,
        Aggregate.COUNT: True,
        Aggregate.DISTINCT: False,
        Aggregate.VALUES: False,
        Aggregate.MIN: False,
        Aggregate.MAX: False,
    }


@pytest.mark.parametrize("aggregate", [Aggregate.MIN, Aggregate.MAX])
def test_an_extreme_is_no_part_of_a_figure(aggregate: Aggregate) -> None:
    """The rows behind a figure sum to it, and those behind the greatest of them do not."""
    largest = Part(Measure(name="x", table="order_lines", aggregate=aggregate, of=F.net_amount))
    with pytest.raises(InvalidValue, match=f"a measure of {aggregate.value} stands in a reduction"):
        FigureDefinition(
            name="largest_line",
            labels=("Largest line", "最大订单行"),
            words="The largest line.",
            unit="money",
            source="Our own",
            numerator=[Part(LINES_OF_ALL_TIME)],
            denominator=[largest],
        )


def test_equal_measures_share_their_work() -> None:
    """Two measures with the same parts are one, so figures that need both reduce rows once."""
    again = Measure(
        name="revenue",
        table="order_lines",
        aggregate=Aggregate.SUM,
        of=F.net_amount,
        date="ordered_on",
    )
    assert {REVENUE, again} == {REVENUE}
