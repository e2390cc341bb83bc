"""Digits: how many places a number can need, proven from its columns before any engine runs."""

from __future__ import annotations

import decimal
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Final, assert_never

import attrs

from salescore.errors import EngineRefused
from salescore.rules import (
    Arithmetic,
    Coalesce,
    Conditional,
    DaysBetween,
    Expression,
    FieldRef,
    Literal,
    Operator,
    Rounded,
    rule_text,
)
from salescore.values import EXACT, Rounding, round_to, scale_of

MOST_DIGITS: Final = 38
"""Digits that a decimal of every engine can have, before and behind the point together."""

# Enough for any product of two numbers that were not refused before.
_WIDE: Final = decimal.Context(prec=2 * MOST_DIGITS + 2, traps=[decimal.Inexact])
_MOST_DAYS: Final = Decimal((date.max - date.min).days)


@attrs.frozen
class Digits:
    """
    The places that every number of a column or node fits.

    Attributes:
        before: Places before the point, 0 or more.
        behind: Places behind the point, 0 or more.

    Examples:
        >>> Digits.of(Decimal("-12.50"))
        Digits(before=2, behind=1)
    """

    before: int
    behind: int

    @classmethod
    def of(cls, value: Decimal) -> Digits:
        """Return the places that a finite decimal needs, trailing zeros not counted."""
        before = value.adjusted() + 1 if value else 0
        return cls(max(before, 0), scale_of(value))

    @property
    def total(self) -> int:
        """Return the precision of the narrowest decimal type that holds them, at least 1."""
        return max(1, self.before + self.behind)

    def holding(self, other: Digits) -> Digits:
        """Return the digits that hold the numbers of both."""
        return Digits(max(self.before, other.before), max(self.behind, other.behind))


@attrs.frozen
class Span:
    """
    The range in which all numbers of a column or node lie, and their places behind the point.

    Attributes:
        low: Least number it can be.
        high: Greatest number it can be.
        behind: Most places behind the point, 0 or more.
    """

    low: Decimal
    high: Decimal
    behind: int

    @classmethod
    def of(cls, digits: Digits) -> Span:
        """Return the range of all numbers that have so many digits."""
        high = EXACT.subtract(power(digits.before), power(-digits.behind))
        return cls(high.copy_negate(), high, digits.behind)

    @classmethod
    def at(cls, value: Decimal) -> Span:
        """Return the range of one number."""
        return cls(value, value, scale_of(value))

    @property
    def digits(self) -> Digits:
        """Return the digits that hold every number of the range."""
        ends = Digits.of(self.low).holding(Digits.of(self.high))
        return Digits(ends.before, self.behind)

    def plus(self, other: Span) -> Span:
        """Return the range of the sums."""
        low, high = _WIDE.add(self.low, other.low), _WIDE.add(self.high, other.high)
        return Span(low, high, max(self.behind, other.behind))

    def minus(self, other: Span) -> Span:
        """Return the range of the differences."""
        low, high = other.high.copy_negate(), other.low.copy_negate()
        return self.plus(Span(low, high, other.behind))

    def times(self, other: Span) -> Span:
        """Return the range of the products."""
        ends = [
            _WIDE.multiply(mine, its)
            for mine in (self.low, self.high)
            for its in (other.low, other.high)
        ]
        return Span(min(ends), max(ends), self.behind + other.behind)

    def joined(self, other: Span) -> Span:
        """Return the range that spans both."""
        behind = max(self.behind, other.behind)
        return Span(min(self.low, other.low), max(self.high, other.high), behind)

    def rounded(self, digits: int, mode: Rounding) -> Span:
        """Return the range of the rounded numbers."""
        if self.behind <= digits:
            return self
        return Span(round_to(self.low, digits, mode), round_to(self.high, digits, mode), digits)


NO_NUMBER: Final = Span(Decimal(0), Decimal(0), 0)
"""The range of what is always null."""

DAYS_APART: Final = Span(_MOST_DAYS.copy_negate(), _MOST_DAYS, 0)
"""The range of the days between any two dates."""


def power(exponent: int) -> Decimal:
    """Return a power of ten."""
    return Decimal((0, (1,), exponent))


def arithmetic_span(operator: Operator, left: Span, right: Span) -> Span:
    """Return the range of the results of an operation."""
    match operator:
        case Operator.ADD:
            return left.plus(right)
        case Operator.SUBTRACT:
            return left.minus(right)
        case Operator.MULTIPLY:
            return left.times(right)
        case _:
            assert_never(operator)


CAST: Final = "cast its columns to fewer digits"
"""What makes the columns of a dataframe narrower."""


def checked_span(
    span: Span, node: Expression, engine: str, most: int = MOST_DIGITS, remedy: str = CAST
) -> Span:
    """
    Return a range unchanged where an engine's decimals hold it.

    Raises:
        EngineRefused: They do not.
    """
    digits = span.digits
    if digits.total <= most:
        return span
    fault = (
        f"it can need {digits.before} digits before and {digits.behind} behind the point, and a "
        f"decimal there has {most}; round its parts, or {remedy}"
    )
    raise EngineRefused(engine, rule_text(node), fault)


def number_span(
    expression: Expression, column: Callable[[str], Span], engine: str, remedy: str = CAST
) -> Span:
    """
    Return the range in which the results of a number rule lie.

    Args:
        expression: A rule that yields a number, as `check_types` says.
        column: Gives the range of a field.
        engine: Who shall work it out, for the error.
        remedy: What makes its columns narrower, for the error.

    Raises:
        EngineRefused: A part of it can need more digits than a decimal has.
    """
    match expression:
        case FieldRef(name):
            span = column(name)
        case Literal(value) if isinstance(value, Decimal):
            span = Span.at(value)
        case Arithmetic(operator, left, right):
            sides = (number_span(side, column, engine, remedy) for side in (left, right))
            span = arithmetic_span(operator, *sides)
        case Rounded(value, digits, mode):
            span = number_span(value, column, engine, remedy).rounded(digits, mode)
        case DaysBetween():
            span = DAYS_APART
        case Coalesce(parts):
            span = _joined([number_span(part, column, engine, remedy) for part in parts])
        case Conditional(branches, otherwise):
            results = [branch.then for branch in branches]
            results += [] if otherwise is None else [otherwise]
            span = _joined([number_span(part, column, engine, remedy) for part in results])
        case _:
            raise EngineRefused(engine, rule_text(expression), "it yields no number")
    return checked_span(span, expression, engine, remedy=remedy)


def _joined(spans: list[Span]) -> Span:
    first, *others = spans
    for other in others:
        first = first.joined(other)
    return first
