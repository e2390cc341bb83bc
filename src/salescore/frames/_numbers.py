"""Numbers: exact comparison and arithmetic on engines, every type proven and stated."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, assert_never

from salescore.frames._columns import Column
from salescore.frames._digits import (
    DAYS_APART,
    MOST_DIGITS,
    Digits,
    Span,
    arithmetic_span,
    checked_span,
)
from salescore.frames._engines import engine_of, narwhals
from salescore.frames._made import (
    Expr,
    Made,
    as_digits,
    decimal_type,
    false_if_known,
    number_literal,
    ordered,
    plain,
    too_wide,
    true_if_known,
)
from salescore.rules import Comparator, Expression, Operator, RuleType, Scalar
from salescore.values import Rounding, round_to, scale_of

_ABOVE = (Comparator.GT, Comparator.GE)
_BELOW = (Comparator.LT, Comparator.LE)
_MINUTES = 1440


def number_column(column: Column, span: Span) -> Made:
    """Return a column of numbers."""
    expr = narwhals().col(column.name)
    return Made(expr=expr, type=RuleType.NUMBER, span=span, dtype=column.dtype)


def compared(
    node: Expression, comparator: Comparator, left: Made, right: Made, engine: str
) -> Expr:
    """Return whether two numbers stand in an order."""
    if left.dtype is not None and left.dtype == right.dtype:
        return ordered(comparator, left.expr, right.expr)
    both = left.range.digits.holding(right.range.digits)
    sides = [as_digits(side, both, node, engine) for side in (left, right)]
    return ordered(comparator, *sides)


def compared_with(
    node: Expression, comparator: Comparator, made: Made, value: Decimal, engine: str
) -> Expr:
    """Return whether a number and a constant stand in an order, in the number's own type."""
    span = made.range
    if scale_of(value) > span.behind:
        # No number there lies between the constant and the next step below it.
        if comparator is Comparator.EQ:
            return false_if_known(made.expr)
        if comparator is Comparator.NE:
            return true_if_known(made.expr)
        value = round_to(value, span.behind, Rounding.FLOOR)
        comparator = Comparator.LE if comparator in _BELOW else Comparator.GT
    if value > span.high or value < span.low:
        beyond = _BELOW if value > span.high else _ABOVE
        is_true = comparator is Comparator.NE or comparator in beyond
        return true_if_known(made.expr) if is_true else false_if_known(made.expr)
    if made.dtype is not None and made.dtype.is_signed_integer() and _is_short(span):
        return ordered(comparator, made.expr, narwhals().lit(int(value)))
    digits = span.digits
    mine = as_digits(made, digits, node, engine)
    return ordered(comparator, mine, number_literal(value, digits))


def _is_short(span: Span) -> bool:
    """Whether 64 bits hold the whole numbers of a range."""
    return span.low >= -(2**63) and span.high < 2**63


def found_among(node: Expression, made: Made, values: Sequence[Scalar], engine: str) -> Expr:
    """Return whether a number is one of several."""
    span = made.range
    digits = span.digits
    options = [
        plain(value, digits)
        for value in values
        if isinstance(value, Decimal)
        and span.low <= value <= span.high
        and scale_of(value) <= span.behind
    ]
    if not options:
        return false_if_known(made.expr)
    return as_digits(made, digits, node, engine).is_in(options)


def calculated(node: Expression, operator: Operator, left: Made, right: Made, engine: str) -> Made:
    """Return a sum, difference or product of two numbers."""
    traits = engine_of(engine)
    span = checked_span(arithmetic_span(operator, left.range, right.range), node, engine)
    mine, its = left.range.digits, right.range.digits
    if operator is Operator.MULTIPLY:
        given = mine.total + its.total + 1
        if traits.rescales and span.behind > max(mine.behind, its.behind):
            # One side is enough, and the shorter one has the room.
            if mine.before <= its.before:
                mine = Digits(mine.before, span.behind)
            else:
                its = Digits(its.before, span.behind)
    else:
        mine = its = mine.holding(its)
        given = mine.total + 1
    if traits.carries and given > MOST_DIGITS:
        raise too_wide(node, engine, given)
    if traits.widens:
        mine, its = (_widened(digits, span.digits.total) for digits in (mine, its))
    one, other = as_digits(left, mine, node, engine), as_digits(right, its, node, engine)
    match operator:
        case Operator.ADD:
            expr = one + other
        case Operator.SUBTRACT:
            expr = one - other
        case Operator.MULTIPLY:
            expr = one * other
        case _:
            assert_never(operator)
    dtype = decimal_type(span.digits)
    return Made(expr=expr.cast(dtype), type=RuleType.NUMBER, span=span, dtype=dtype)


def _widened(digits: Digits, total: int) -> Digits:
    return Digits(max(digits.before, total - digits.behind), digits.behind)


def days_apart(start: Made, end: Made, engine: str) -> Made:
    """Return the days from one date to another."""
    nw = narwhals()
    match engine:
        case "duckdb":
            days = end.expr - start.expr
        case "polars" | "pyarrow" | "pandas":
            days = (end.expr - start.expr).dt.total_minutes() // _MINUTES
        case _:
            days = _day_number(end.expr) - _day_number(start.expr)
    dtype = nw.Int64()
    return Made(expr=days.cast(dtype), type=RuleType.NUMBER, span=DAYS_APART, dtype=dtype)


def _day_number(day: Expr) -> Expr:
    """Return which day since the year 1 a date is; years have so many leap days before them."""
    nw = narwhals()
    years = day.dt.year().cast(nw.Int64) - 1
    leaps = years // 4 - years // 100 + years // 400
    return years * 365 + leaps + day.dt.ordinal_day().cast(nw.Int64)


def spanning(node: Expression, parts: Sequence[Made], engine: str) -> tuple[Span, Any, list[Expr]]:
    """Return numbers as decimals of one type, with the range that spans them."""
    span = parts[0].range
    for part in parts[1:]:
        span = span.joined(part.range)
    digits = checked_span(span, node, engine).digits
    exprs = [as_digits(part, digits, node, engine) for part in parts]
    return span, decimal_type(digits), exprs
