"""Exact numbers of stock and of what it costs: checked, as fractions, and out again."""

from __future__ import annotations

import decimal
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from types import UnionType
from typing import Final, TypeVar, cast

from salescore.errors import InvalidNumber, InvalidValue
from salescore.forecast import Distribution
from salescore.values import Rounding, round_to

#: The context in which roots and quotients are worked out.
WORKING: Final = decimal.Context(
    prec=60, rounding=decimal.ROUND_HALF_EVEN, Emin=decimal.MIN_EMIN, Emax=decimal.MAX_EMAX
)
_DIGITS = decimal.Context(
    prec=28, rounding=decimal.ROUND_HALF_EVEN, Emin=decimal.MIN_EMIN, Emax=decimal.MAX_EMAX
)
T = TypeVar("T")

_LONGEST = 60
_PLACES = 12
_TEN = Decimal(10)
MOST_PERIODS: Final = 1_000
"""Most periods that a lead time or a plan may have."""


def as_fraction(thing: str, value: object) -> Fraction:
    """
    Return a decimal as a fraction.

    Args:
        thing: What it stands for, for the text of an error.
        value: Anything.

    Raises:
        InvalidNumber: It is no finite decimal, or one with more than 60 digits before or after
            the point.
    """
    if type(value) is not Decimal:
        shown = value if isinstance(value, str) else type(value).__name__
        raise InvalidNumber(shown, f"{thing} must be a Decimal, not a {type(value).__name__}")
    if not value.is_finite():
        raise InvalidNumber(str(value), f"{thing} must be finite")
    exponent = value.as_tuple().exponent
    if value and (abs(value.adjusted()) > _LONGEST or -int(exponent) > _LONGEST):
        raise InvalidNumber(str(value), f"{thing} has more than {_LONGEST} digits on one side")
    return Fraction(value)


def above_zero(thing: str, value: object) -> Fraction:
    """
    Return a decimal above 0 as a fraction.

    Raises:
        InvalidNumber: It is no finite decimal.
        InvalidValue: It is 0 or below.
    """
    found = as_fraction(thing, value)
    if found <= 0:
        raise InvalidValue(thing, value, "it must be above 0")
    return found


def from_zero(thing: str, value: object) -> Fraction:
    """
    Return a decimal from 0 on as a fraction.

    Raises:
        InvalidNumber: It is no finite decimal.
        InvalidValue: It lies below 0.
    """
    found = as_fraction(thing, value)
    if found < 0:
        raise InvalidValue(thing, value, "it must not be below 0")
    return found


def inside(thing: str, value: object) -> Fraction:
    """
    Return a share between 0 and 1, neither of them, as a fraction.

    Raises:
        InvalidNumber: It is no finite decimal.
        InvalidValue: It lies outside.
    """
    found = as_fraction(thing, value)
    if not 0 < found < 1:
        fault = "it must lie between 0 and 1, neither of them; 95 % is Decimal('0.95')"
        raise InvalidValue(thing, value, fault)
    return found


def whole_periods(thing: str, value: object, *, otherwise: str = "") -> int:
    """
    Return a whole number of periods, be it written as an `int` or as a decimal.

    Args:
        thing: What it stands for, for the text of an error.
        value: Anything.
        otherwise: What else would be right, for the text of an error.

    Raises:
        InvalidValue: It is no whole number from 0 to 1,000.
    """
    is_number = type(value) is int or (type(value) is Decimal and value.is_finite())
    number = cast("int | Decimal", value) if is_number else -1
    if not 0 <= number <= MOST_PERIODS or number != int(number):
        fault = f"it must be a whole number of periods from 0 to {MOST_PERIODS:,}{otherwise}"
        raise InvalidValue(thing, value, fault)
    return int(number)


def any_periods(thing: str, value: object) -> Fraction:
    """
    Return a number of periods from 0 on, whole or not, as a fraction.

    Raises:
        InvalidNumber: It is neither an `int` nor a finite decimal.
        InvalidValue: It lies below 0.
    """
    return from_zero(thing, Decimal(value) if type(value) is int else value)


def closed_share(thing: str, value: object) -> Fraction:
    """
    Return a share from 0 to 1, both of them among it, as a fraction.

    Raises:
        InvalidNumber: It is no finite decimal.
        InvalidValue: It lies outside.
    """
    found = as_fraction(thing, value)
    if not 0 <= found <= 1:
        raise InvalidValue(thing, value, "it must lie from 0 to 1")
    return found


def several(thing: str, values: Iterable[T], wanted: str) -> tuple[T, ...]:
    """
    Return several things as a tuple.

    Args:
        thing: What they stand for, for the text of an error.
        values: Anything.
        wanted: What they should be, for the text of an error.

    Raises:
        InvalidValue: It is a single thing, a text or a mapping.
    """
    whole = cast("object", values)
    if isinstance(whole, str | bytes | Mapping) or not isinstance(whole, Iterable):
        raise InvalidValue(thing, values, f"state {wanted}, in a list")
    return tuple(values)


def check_kind(thing: str, value: object, kind: type | UnionType, wanted: str) -> None:
    """
    Refuse a value of another kind.

    Args:
        thing: What it stands for, for the text of an error.
        value: Anything.
        kind: Kind that it must be of.
        wanted: What that is, for the text of an error.

    Raises:
        InvalidValue: It is of another kind.
    """
    if not isinstance(value, kind):
        raise InvalidValue(thing, value, f"it must be {wanted}")


def counted_periods(number: int) -> str:
    """Return a number of periods in words."""
    return "1 period" if number == 1 else f"{number:,} periods"


def demand_of(thing: str, value: object) -> Distribution:
    """
    Return a demand as a distribution; a plain number is sure.

    Raises:
        InvalidNumber: It is neither a distribution nor a finite decimal.
        InvalidValue: It may fall below 0.
    """
    if not isinstance(value, Distribution):
        from_zero(thing, value)
        return Distribution.certain(value)  # type: ignore[arg-type] # a Decimal, as just checked
    if value.values[0] < 0:
        fault = "demand is never below 0; count what comes back as a receipt"
        raise InvalidValue(thing, value.values[0], fault)
    return value


def shown(value: Fraction) -> Decimal:
    """Return a fraction to 28 significant digits, half to even, without zeros that say nothing."""
    return tidy(_DIGITS.divide(Decimal(value.numerator), Decimal(value.denominator)))


def root(value: Fraction) -> Decimal:
    """Return the square root of a fraction from 0 on, to 60 digits, to be worked with."""
    found = WORKING.divide(Decimal(value.numerator), Decimal(value.denominator))
    return WORKING.sqrt(found)


def tidy(value: Decimal) -> Decimal:
    """Return a decimal to 28 significant digits, without zeros that say nothing."""
    if not value:
        return Decimal(0)
    short = value.normalize(_DIGITS)
    # Only whole tens end in zeros before the point.
    return short if -_TEN < short < _TEN else Decimal(f"{short:f}")


def settled(value: Fraction) -> Decimal:
    """Return a fraction to 12 digits after the point, so that sums of it are exact by hand too."""
    return tidy(round_to(shown(value), _PLACES, Rounding.HALF_EVEN))


def settled_up(value: Decimal) -> Decimal:
    """Return a decimal to 12 digits after the point, never below it."""
    return tidy(round_to(value, _PLACES, Rounding.CEILING))


def per_period(thing: str, value: Decimal | Sequence[Decimal], periods: int) -> list[Fraction]:
    """
    Return one number from 0 on for each period; a single number holds for all.

    Raises:
        InvalidNumber: One is no finite decimal.
        InvalidValue: One lies below 0, or there are not as many as periods.
    """
    if isinstance(value, Decimal):
        return [from_zero(thing, value)] * periods
    each = several(thing, value, "a Decimal, or one for each period")
    if len(each) != periods:
        is_are = "is" if periods == 1 else "are"
        fault = f"there {is_are} {counted_periods(periods)}; state one for each"
        raise InvalidValue(f"number of {thing}s", len(each), fault)
    return [from_zero(thing, one) for one in each]
