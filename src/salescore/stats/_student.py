"""Student's t distribution: how far the mean of few values may stray."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from math import cos, pi, sin, sqrt, tan

from salescore.errors import InvalidValue
from salescore.stats._digits import rounded
from salescore.stats._intervals import check_level
from salescore.stats._normal import normal_quantile

_MANY = 1000
_DIGITS = 10


@lru_cache(maxsize=1024)
def student_bound(level: Decimal, degrees: int) -> Decimal:
    """
    Return the number that Student's t stays within, on either side of 0, with a stated chance.

    Args:
        level: Chance between 0 and 1, such as 0.95.
        degrees: Degrees of freedom, from 1 on: one less than there are values.

    Returns:
        A number without unit above 0, to ten significant digits.

    Raises:
        InvalidValue: The level is none, or the degrees of freedom are.

    Examples:
        >>> student_bound(Decimal("0.95"), 10)
        Decimal('2.228138852')

    Source:
        Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 26.7.3 and 26.7.4, and
        above 1,000 degrees of freedom 26.7.5.
    """
    check_level(level)
    if type(degrees) is not int or degrees < 1:
        raise InvalidValue("degrees of freedom", degrees, "a whole number from 1 on")
    found = _far(level, degrees) if degrees > _MANY else _near(float(level), degrees)
    return rounded(Decimal(f"{found:.{_DIGITS}g}"))


def _near(level: float, degrees: int) -> float:
    """Return the bound by halving the range of the angle whose tangent it is."""
    low, high = 0.0, pi / 2
    while low < (middle := (low + high) / 2) < high:
        if _within(middle, degrees) < level:
            low = middle
        else:
            high = middle
    return tan(high) * sqrt(degrees)


def _within(angle: float, degrees: int) -> float:
    """Return the chance to lie within √degrees times the tangent of an angle."""
    side, across = cos(angle), sin(angle)
    is_odd = degrees % 2
    term = side if is_odd else 1.0
    total = 0.0
    for number in range(1 + is_odd, degrees, 2):
        total += term
        term *= side * side * number / (number + 1)
    if not is_odd:
        return across * total
    return 2 / pi * (angle + across * total)


def _far(level: Decimal, degrees: int) -> float:
    z = float(normal_quantile((1 + level) / 2))
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    found = z
    for power, term in enumerate(terms, start=1):
        found += term / float(degrees) ** power
    return found
