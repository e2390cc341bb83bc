"""
Rounding: the six named modes, exact on every engine.

Engines round in ways of their own, and some only cut. So nothing is asked of an engine but a
neighbour: any number of so few places that lies less than one step away. The rest is comparison.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final, assert_never

from salescore.frames._digits import Digits, checked_span, power
from salescore.frames._engines import ARROW, narwhals
from salescore.frames._made import (
    Expr,
    Made,
    as_digits,
    decimal_type,
    literal,
    number_literal,
)
from salescore.frames._numbers import calculated
from salescore.rules import Expression, Operator, RuleType
from salescore.values import EXACT, Rounding

_HALF: Final = Decimal("0.5")
_ROOM: Final = 2
"""Digits for a carry, as in 9.99 rounded up, and for the one that engines give to each sum."""


def rounded(node: Expression, made: Made, places: int, mode: Rounding, engine: str) -> Made:
    """
    Return a number rounded as declared.

    Raises:
        EngineRefused: Rounding it needs more than 38 digits on the way.
    """
    if made.range.behind <= places:
        return made
    nw = narwhals()
    fine = Digits(made.range.digits.before + _ROOM, made.range.behind)
    coarse = Digits(fine.before, places)
    value = as_digits(made, fine, node, engine)
    near = _near(value, coarse, engine)
    below = _stepped(near, near > value, -1, coarse)
    above = _stepped(near, near < value, 1, coarse)
    is_negative = value < number_literal(Decimal(0), fine)
    match mode:
        case Rounding.FLOOR:
            expr = below
        case Rounding.CEILING:
            expr = above
        case Rounding.DOWN:
            expr = nw.when(is_negative).then(above).otherwise(below)
        case Rounding.UP:
            expr = nw.when(is_negative).then(below).otherwise(above)
        case Rounding.HALF_UP:
            tied = nw.when(is_negative).then(below).otherwise(above)
            expr = _nearest(value, below, above, tied, coarse)
        case Rounding.HALF_EVEN:
            floor = Made(
                expr=below,
                type=RuleType.NUMBER,
                span=made.range.rounded(places, Rounding.FLOOR),
                dtype=decimal_type(coarse),
            )
            is_even = _is_even(node, floor, coarse, engine)
            tied = nw.when(is_even).then(below).otherwise(above)
            expr = _nearest(value, below, above, tied, coarse)
        case _:
            assert_never(mode)
    span = checked_span(made.range.rounded(places, mode), node, engine)
    dtype = decimal_type(span.digits)
    return Made(expr=expr.cast(dtype), type=RuleType.NUMBER, span=span, dtype=dtype)


def _near(value: Expr, coarse: Digits, engine: str) -> Expr:
    """Return a number of fewer places that lies less than a step away, whichever it is."""
    # Arrow casts only what loses nothing.
    cut = value.round(coarse.behind) if engine in ARROW else value
    return cut.cast(decimal_type(coarse))


def _stepped(near: Expr, when: Expr, direction: int, coarse: Digits) -> Expr:
    """Return a number, or where a condition holds the next one up or down."""
    step = number_literal(EXACT.multiply(Decimal(direction), power(-coarse.behind)), coarse)
    moved = (near + step).cast(decimal_type(coarse))
    return narwhals().when(when).then(moved).otherwise(near)


def _nearest(value: Expr, below: Expr, above: Expr, tied: Expr, coarse: Digits) -> Expr:
    """Return the nearer of two neighbours, or where it lies in the middle, what a tie gives."""
    nw = narwhals()
    halves = Digits(coarse.before - 1, coarse.behind + 1)
    half = number_literal(EXACT.multiply(_HALF, power(-coarse.behind)), halves)
    middle = below.cast(decimal_type(halves)) + half
    inner = nw.when(value > middle).then(above).otherwise(tied)
    return nw.when(value < middle).then(below).otherwise(inner)


def _is_even(node: Expression, floor: Made, coarse: Digits, engine: str) -> Expr:
    """Return whether a number counts an even number of steps: half of it has the same places."""
    half = calculated(node, Operator.MULTIPLY, floor, literal(_HALF, RuleType.NUMBER), engine)
    # Half of nothing has no digit before the point, and Arrow rounds only what keeps one.
    wide = as_digits(half, Digits(coarse.before, half.range.behind), node, engine)
    return _near(wide, coarse, engine) == wide
