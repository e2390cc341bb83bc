"""
Rounding: the six named modes, exact on every engine.

Engines round in ways of their own, and some only cut. So nothing is asked of an engine but a
neighbour: any number of so few places that lies less than one step away. The rest is comparison.
Where its answers show that Polars rounds exactly, it goes to the nearest itself; DuckDB does too.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache
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
from salescore.values import EXACT, Rounding, round_to

_HALF: Final = Decimal("0.5")
_NEAREST: Final = (Rounding.HALF_EVEN, Rounding.HALF_UP)
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
    fine = Digits(made.range.digits.before + _ROOM, made.range.behind)
    coarse = Digits(fine.before, places)
    value = as_digits(made, fine, node, engine)
    span = checked_span(made.range.rounded(places, mode), node, engine)
    dtype = decimal_type(span.digits)
    if engine == "duckdb":
        # Its own rounding has room for a carry, and numbers that are not widened stay short.
        value = as_digits(made, made.range.digits, node, engine)
    if engine == "duckdb" and mode is Rounding.HALF_UP:
        expr = value.round(places)
    elif engine == "polars" and mode in _NEAREST and _rounds_even():
        expr = value.round(places).cast(decimal_type(coarse))
        if mode is Rounding.HALF_UP:
            expr = _away(value, expr, coarse)
    else:
        expr = _by_neighbours(node, made, value, coarse, mode, engine)
    return Made(expr=expr.cast(dtype), type=RuleType.NUMBER, span=span, dtype=dtype)


def _by_neighbours(
    node: Expression, made: Made, value: Expr, coarse: Digits, mode: Rounding, engine: str
) -> Expr:
    """Return a number rounded by comparison with numbers of so few places around it."""
    nw = narwhals()
    near = _near(value, coarse, engine)
    below = _stepped(near, near > value, -1, coarse)
    above = _stepped(near, near < value, 1, coarse)
    zero = Digits(coarse.before, made.range.behind)
    is_negative = value < number_literal(Decimal(0), zero)
    match mode:
        case Rounding.FLOOR:
            return below
        case Rounding.CEILING:
            return above
        case Rounding.DOWN:
            return nw.when(is_negative).then(above).otherwise(below)
        case Rounding.UP:
            return nw.when(is_negative).then(below).otherwise(above)
        case Rounding.HALF_UP:
            tied = nw.when(is_negative).then(below).otherwise(above)
        case Rounding.HALF_EVEN:
            floor = Made(
                expr=below,
                type=RuleType.NUMBER,
                span=made.range.rounded(coarse.behind, Rounding.FLOOR),
                dtype=decimal_type(coarse),
            )
            is_even = _is_even(node, floor, coarse, engine)
            tied = nw.when(is_even).then(below).otherwise(above)
        case _:
            assert_never(mode)
    return _nearest(value, below, above, tied, coarse)


def _near(value: Expr, coarse: Digits, engine: str) -> Expr:
    """Return a number of fewer places that lies less than a step away, whichever it is."""
    # Arrow casts only what loses nothing, and DuckDB rounds faster than it casts.
    cut = value.round(coarse.behind) if engine in (*ARROW, "duckdb") else value
    return cut.cast(decimal_type(coarse))


@cache
def _rounds_even() -> bool:
    """Return whether the Polars at hand rounds decimals exactly, ties to the even number."""
    # Releases differ, and one that does not is asked for neighbours as other engines are.
    values = [Decimal(tenths).scaleb(-1) for tenths in (*range(-30, 31), 10**17 - 5, 10**17 - 15)]
    nw = narwhals()
    held = nw.new_series("values", values, nw.Decimal(20, 1), backend="polars")
    right = [round_to(value, 0, Rounding.HALF_EVEN) for value in values]
    return bool(held.round(0).to_list() == right)


def _away(value: Expr, nearest: Expr, coarse: Digits) -> Expr:
    """Return the nearest number, or where another is as near, the one farther from zero."""
    nw = narwhals()
    halves = Digits(coarse.before - 1, coarse.behind + 1)
    half = EXACT.multiply(_HALF, power(-coarse.behind))
    is_negative = value < number_literal(Decimal(0), halves)
    way = nw.when(is_negative).then(number_literal(half.copy_negate(), halves))
    way = way.otherwise(number_literal(half, halves))
    farther = (nearest + way + way).cast(decimal_type(coarse))
    return nw.when(value == nearest + way).then(farther).otherwise(nearest)


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
