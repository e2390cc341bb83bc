"""Between decimals at the border and floats inside."""

from __future__ import annotations

import decimal
from collections.abc import Iterable
from decimal import Decimal
from math import isfinite
from typing import TypeVar, cast

from salescore.errors import InvalidValue
from salescore.values import EXACT

_LEAST, _MOST = Decimal("1E-30"), Decimal("1E30")


T = TypeVar("T")


def of_kind(thing: str, value: object, kind: type[T], advice: str) -> T:
    """
    Return a value of a kind, unchanged.

    Raises:
        InvalidValue: It is of another kind; `advice` tells what would be right.
    """
    if not isinstance(value, kind):
        raise InvalidValue(thing, value, advice)
    return value


def all_of_kind(thing: str, values: object, kind: type[T], advice: str) -> list[T]:
    """
    Return values of a kind as a list.

    Raises:
        InvalidValue: They are no several values, or one of them is of another kind.
    """
    if not isinstance(values, Iterable):
        raise InvalidValue(thing, values, f"give several, in a list; {advice}")
    several = cast("Iterable[object]", values)
    return [of_kind(thing, one, kind, advice) for one in several]


def a_text(thing: str, value: object) -> str:
    """Return a text unchanged; refuse what is none."""
    return of_kind(thing, value, str, "it must be a text")


def as_number(value: float) -> Decimal:
    """
    Return a float as a decimal of twelve significant digits; below 1E-30 it is 0.

    Raises:
        InvalidValue: It is no finite number.
    """
    if not isfinite(value):
        raise InvalidValue("result", value, "the figures asked about are too extreme for floats")
    found = Decimal(f"{value:.12g}")
    return found if found.copy_abs() > _LEAST else Decimal(0)


def total_of(values: Iterable[Decimal]) -> Decimal:
    """Return the sum of decimals, exactly."""
    with decimal.localcontext(EXACT):
        return sum(values, Decimal(0))


def as_share(value: float) -> Decimal:
    """Return a chance as a decimal from 0 to 1; what rounding puts outside is put back."""
    return as_number(min(max(value, 0.0), 1.0))


def from_zero(thing: str, value: object) -> Decimal:
    """
    Return a decimal from 0 on, unchanged.

    Raises:
        InvalidValue: It is no finite decimal, lies below 0, or is of no size that figures have.
    """
    if not isinstance(value, Decimal) or not value.is_finite():
        raise InvalidValue(thing, value, "it must be a finite Decimal")
    if value < 0:
        raise InvalidValue(thing, value, "it lies at 0 or above")
    if value and not _LEAST < value < _MOST:
        raise InvalidValue(thing, value, f"it lies between {_LEAST} and {_MOST}, or is 0")
    return value


def above_zero(thing: str, value: object) -> Decimal:
    """
    Return a decimal above 0, unchanged.

    Raises:
        InvalidValue: It is no finite decimal, is not above 0, or is of no size that figures have.
    """
    found = from_zero(thing, value)
    if not found:
        raise InvalidValue(thing, found, "it lies above 0")
    return found


def count(thing: str, value: object) -> int:
    """
    Return a whole number from 0 on, unchanged.

    Raises:
        InvalidValue: It is none.
    """
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise InvalidValue(thing, value, "it must be a whole number from 0 on")
    return value
