"""Between decimals, fractions and chances."""

from __future__ import annotations

import decimal
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import lcm

from salescore.errors import InvalidNumber, InvalidValue
from salescore.values import EXACT, Rounding, round_to


def _context(digits: int) -> decimal.Context:
    return decimal.Context(
        prec=digits,
        rounding=decimal.ROUND_HALF_EVEN,
        Emin=decimal.MIN_EMIN,
        Emax=decimal.MAX_EMAX,
    )


_DIGITS, _FACTOR, _WORKING, _SHORT = _context(28), _context(40), _context(60), _context(6)

_LARGEST, _FINEST = 60, -120


def finite(value: object, thing: str | None = None) -> Decimal:
    """
    Return a value unchanged if it is a finite decimal that arithmetic can bear.

    Args:
        value: The value.
        thing: What it stands for, such as "correlation", for the message; `None` leaves it out.

    Raises:
        InvalidNumber: It is anything else, such as a `bool`, an `int` or a `float`, or it is as
            large as 1E+61 or finer than 1E-120.
    """
    if type(value) is not Decimal:
        shown = value if isinstance(value, str) else type(value).__name__
        of = "" if thing is None else f" as {thing}"
        raise InvalidNumber(shown, f"expected a Decimal{of}, not a {type(value).__name__}")
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int):
        of = "it" if thing is None else thing
        raise InvalidNumber(str(value), f"{of} is not finite")
    if not (exponent >= _FINEST and max(exponent, value.adjusted()) <= _LARGEST):
        fault = f"write it with {-_FINEST} digits behind the point and {_LARGEST} before, at most"
        raise InvalidNumber(f"{value:.6g}", fault)
    return value


def in_units(values: Sequence[Decimal], finest: int | None = None) -> tuple[list[int], int]:
    """
    Return decimals as whole numbers of a common unit.

    Args:
        values: Finite decimals.
        finest: Exponent of the unit, if it is known; none of the values is finer.

    Returns:
        The whole numbers, and the power of ten that is their unit, 0 or below.
    """
    if finest is None:
        finest = min((exponent_of(one) for one in values), default=0)
    scaleb, by = EXACT.scaleb, -finest
    return [int(scaleb(one, by)) for one in values], finest


def exponent_of(value: Decimal) -> int:
    """Return the power of ten of the last digit of a finite decimal, 0 where that is above."""
    exponent = value.as_tuple().exponent
    return min(exponent, 0) if isinstance(exponent, int) else 0


def from_units(count: int, exponent: int) -> Decimal:
    """Return a whole number of units as a decimal; an integral one without digits behind it."""
    return EXACT.scaleb(Decimal(count), exponent)


def as_fraction(value: Decimal, thing: str | None = None) -> Fraction:
    """Return a decimal as a fraction; refuse whatever is none."""
    return Fraction(finite(value, thing))


def as_decimal(value: Fraction) -> Decimal:
    """Return a fraction to 28 significant digits, half to even."""
    return _DIGITS.divide(Decimal(value.numerator), Decimal(value.denominator))


def as_factor(value: Fraction) -> Decimal:
    """Return a fraction to 40 significant digits, so that 28 of what it multiplies are right."""
    return _FACTOR.divide(Decimal(value.numerator), Decimal(value.denominator))


def as_chance(value: Decimal | Fraction, thing: str = "chance") -> Fraction:
    """
    Return a chance as a fraction, or something else that lies from 0 to 1.

    Args:
        value: The chance.
        thing: What it stands for, for the message.

    Raises:
        InvalidNumber: It is neither a finite decimal nor a fraction.
        InvalidValue: It lies outside 0 to 1.
    """
    found = value if isinstance(value, Fraction) else as_fraction(value, thing)
    if not 0 <= found.numerator <= found.denominator:
        raise InvalidValue(thing, as_decimal(found), f"a {thing} lies from 0 to 1")
    return found


def root(value: Fraction) -> Decimal:
    """Return the square root of a fraction from 0 on, to 28 significant digits."""
    with decimal.localcontext(_WORKING):
        found = (Decimal(value.numerator) / Decimal(value.denominator)).sqrt()
    return _DIGITS.plus(found)


def short(value: Decimal) -> str:
    """Return a decimal to six significant digits, for a line of text."""
    return f"{_SHORT.plus(value):g}"


def whole(weights: Sequence[Fraction | int]) -> list[int]:
    """Return whole numbers that are in the proportion of fractions."""
    common = lcm(*(one.denominator for one in weights))
    return [one.numerator * (common // one.denominator) for one in weights]


def nearest(count: int, width: int, mode: Rounding) -> int:
    """Return how many widths a count is, rounded."""
    times, rest = divmod(count, width)
    # Three or seven tenths stand for whatever lies between two multiples and not in the middle.
    share = 0 if not rest else (5 if 2 * rest == width else (3 if 2 * rest < width else 7))
    return int(round_to(EXACT.scaleb(Decimal(times * 10 + share), -1), 0, mode))
