"""How steep a trend is, and how sure: the median of all slopes between two points."""

from __future__ import annotations

import decimal
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate

import attrs

from salescore.errors import InvalidValue
from salescore.stats._intervals import LEVEL, ConfidenceInterval, check_level
from salescore.stats._normal import normal_quantile
from salescore.values import quotient

COUNTED = 60
"""Most points for which the ranks are counted out; beyond, they are those of the normal law."""

Number = int | Decimal | Fraction


@attrs.frozen(kw_only=True)
class Slope:
    """
    The slope of a line through points.

    Attributes:
        value: Median of the slopes between any two points, in units of y per unit of x.
        interval: Where the true slope lies; its bounds are themselves slopes between two points.
        n: Points that entered.
    """

    value: Decimal
    interval: ConfidenceInterval
    n: int


def median_slope(points: Sequence[tuple[Number, Number]], level: Decimal = LEVEL) -> Slope | None:
    """
    Return the slope of a line through points, by Theil and Sen, with its interval.

    A few points far off, such as one very large order, hardly move it.
    No law is assumed of the errors but that they are independent and alike; equal values of y make
    the interval somewhat too wide, never too narrow.

    Args:
        points: x and y of each point; no two with the same x.
        level: Level of confidence, at least which the interval has.

    Returns:
        The slope in units of y per unit of x, to 28 significant digits; `None` with fewer points
        than `fewest_points(level)`.

    Raises:
        InvalidValue: Two points have the same x, or the level is none.

    Examples:
        >>> found = median_slope([(1, 9), (2, 15), (3, 19), (4, 20), (10, 45), (12, 55), (18, 78)])
        >>> found.value
        Decimal('4')

    Source:
        Sen, Estimates of the regression coefficient based on Kendall's tau, Journal of the
        American Statistical Association 63 (1968), 1379-1389; Hollander and Wolfe, Nonparametric
        Statistical Methods, 2nd edition (1999), 9.2 and 9.3, for more than 60 points.
    """
    rank = _rank(len(points), level)
    exact = sorted((Fraction(x), Fraction(y)) for x, y in points)
    if len({x for x, _ in exact}) < len(exact):
        raise InvalidValue("points", len(exact), "no two may have the same x")
    if not rank:
        return None
    slopes = sorted(
        (later - y) / (after - x)
        for place, (x, y) in enumerate(exact)
        for after, later in exact[place + 1 :]
    )
    middle = len(slopes) // 2
    value = slopes[middle] if len(slopes) % 2 else (slopes[middle - 1] + slopes[middle]) / 2
    return Slope(
        value=_decimal(value),
        interval=ConfidenceInterval(
            low=_decimal(slopes[rank - 1]), high=_decimal(slopes[-rank]), level=level
        ),
        n=len(exact),
    )


def fewest_points(level: Decimal = LEVEL) -> int:
    """
    Return with how many points at least a slope has an interval of a level.

    Args:
        level: Level of confidence.

    Raises:
        InvalidValue: The level is none.

    Examples:
        >>> fewest_points(Decimal("0.95"))
        5
    """
    n = 2
    while not _rank(n, level):
        n += 1
    return n


def _rank(n: int, level: Decimal) -> int:
    """Return which of the slopes, counted from the lowest, bounds the interval; 0 for none."""
    check_level(level)
    outside = (1 - Fraction(level)) / 2
    if n > COUNTED:
        return _rank_of_many(n, level)
    # With k inversions among n values k slopes lie below the true one.
    most = outside * sum(_inversions(n))
    return sum(1 for few in accumulate(_inversions(n)) if few <= most)


def _rank_of_many(n: int, level: Decimal) -> int:
    context = decimal.Context(prec=28)
    variance = context.divide(Decimal(n * (n - 1) * (2 * n + 5)), Decimal(18))
    z = normal_quantile((1 + level) / 2)
    width = context.multiply(z, context.sqrt(variance))
    return int(context.divide(context.subtract(Decimal(n * (n - 1) // 2), width), Decimal(2)))


@lru_cache(maxsize=64)
def _inversions(n: int) -> tuple[int, ...]:
    """Return how many orders of n values have no inversion, one, two and so on."""
    if n <= 1:
        return (1,)
    fewer = _inversions(n - 1)
    running = [0, *accumulate(fewer)]
    most = n * (n - 1) // 2
    return tuple(
        running[min(k, len(fewer) - 1) + 1] - running[max(k - n + 1, 0)] for k in range(most + 1)
    )


def _decimal(value: Fraction) -> Decimal:
    found = quotient(Decimal(value.numerator), Decimal(value.denominator))
    return Decimal(0) if found is None else found
