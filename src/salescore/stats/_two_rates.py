"""Whether two rates differ, and what is left of such findings when there are many."""

from __future__ import annotations

import decimal
from collections.abc import Sequence
from decimal import Decimal, Inexact
from typing import cast

import attrs

from salescore.errors import InexactResult, InvalidValue
from salescore.stats._digits import WORKING, rounded
from salescore.stats._intervals import LEVEL, ConfidenceInterval, wilson_interval
from salescore.stats._normal import normal_tail
from salescore.values import EXACT


@attrs.frozen(kw_only=True)
class RateDifference:
    """
    Whether two rates differ.

    Attributes:
        difference: The first rate less the second, from -1 to 1.
        interval: Where the true difference lies.
        z: The difference in standard errors, those it would have were the rates equal; 0 where
            all or none succeeded on both sides.
        p_value: Chance of a z at least as far from 0, either way, were the rates equal.
    """

    difference: Decimal
    interval: ConfidenceInterval
    z: Decimal
    p_value: Decimal


def two_rates(
    successes: int, n: int, other_successes: int, other_n: int, level: Decimal = LEVEL
) -> RateDifference | None:
    """
    Return whether two rates differ, of cases that do not depend on one another.

    With the rates p and q and their common rate c = (x + y) ÷ (n + m), z is
    (p - q) ÷ √(c(1 - c)(1/n + 1/m)).
    The interval joins those of Wilson: with (l, u) of p and (k, v) of q it reaches from
    p - q - √((p - l)² + (v - q)²) to p - q + √((u - p)² + (q - k)²).
    The two rest on unlike assumptions, so that near the level one may say more than the other.

    Args:
        successes: How many succeeded on the first side, from 0 to n.
        n: How many were tried there.
        other_successes: How many succeeded on the second side.
        other_n: How many were tried there.
        level: Level of confidence of the interval.

    Returns:
        To 28 significant digits; `None` where nobody was tried on a side.

    Raises:
        InvalidValue: More succeeded than were tried, a number is negative, or the level is none.

    Examples:
        >>> found = two_rates(5, 83, 12, 99)
        >>> round(found.z, 4), round(found.p_value, 4)
        (Decimal('-1.4078'), Decimal('0.1592'))

    Source:
        z: Altman, Practical Statistics for Medical Research (1991), 10.3. Interval: Newcombe,
        Interval estimation for the difference between independent proportions, Statistics in
        Medicine 17 (1998), 873-890, method 10.
    """
    one = wilson_interval(successes, n, level)
    other = wilson_interval(other_successes, other_n, level)
    if one is None or other is None:
        return None
    with decimal.localcontext(WORKING):
        # Over one denominator equal rates differ by exactly 0.
        gap = Decimal(successes * other_n - other_successes * n)
        pairs = Decimal(n * other_n)
        p, q = Decimal(successes) / n, Decimal(other_successes) / other_n
        both = successes + other_successes
        spread = Decimal(both * (n + other_n - both)) * pairs / (n + other_n)
        z = gap / spread.sqrt() if gap else Decimal(0)
        difference = gap / pairs
        low = difference - ((p - one.low) ** 2 + (other.high - q) ** 2).sqrt()
        high = difference + ((one.high - p) ** 2 + (q - other.low) ** 2).sqrt()
        p_value = 2 * normal_tail(abs(z))
    return RateDifference(
        difference=rounded(difference),
        interval=ConfidenceInterval(low=rounded(low), high=rounded(high), level=level),
        z=rounded(z),
        p_value=rounded(p_value),
    )


def one_rate(
    successes: int, n: int, rate: Decimal, level: Decimal = LEVEL
) -> RateDifference | None:
    """
    Return whether a rate differs from a number that was given, such as a benchmark.

    With the rate p and the number q, z is (p - q) ÷ √(q(1 - q)/n).
    The interval is that of Wilson, less q; it excludes 0 just where z says so at the same level.

    Args:
        successes: How many succeeded, from 0 to n.
        n: How many were tried.
        rate: The number, between 0 and 1.
        level: Level of confidence of the interval.

    Returns:
        To 28 significant digits; `None` where nobody was tried.

    Raises:
        InvalidValue: The number lies not between 0 and 1, more succeeded than were tried, a number
            is negative, or the level is none.

    Examples:
        >>> found = one_rate(45, 100, Decimal("0.5"))
        >>> found.z, round(found.p_value, 4)
        (Decimal('-1'), Decimal('0.3173'))

    Source:
        Wilson, Probable inference, the law of succession, and statistical inference, Journal of
        the American Statistical Association 22 (1927).
    """
    is_decimal = isinstance(cast("object", rate), Decimal)
    if not (is_decimal and rate.is_finite() and 0 < rate < 1):
        raise InvalidValue("rate", rate, "it must be a Decimal between 0 and 1")
    found = wilson_interval(successes, n, level)
    if found is None:
        return None
    with decimal.localcontext(WORKING):
        difference = (successes - rate * n) / n
        z = difference / (rate * (1 - rate) / n).sqrt()
        low, high = found.low - rate, found.high - rate
        p_value = 2 * normal_tail(abs(z))
    return RateDifference(
        difference=rounded(difference),
        interval=ConfidenceInterval(low=rounded(low), high=rounded(high), level=level),
        z=rounded(z),
        p_value=rounded(p_value),
    )


def holm(p_values: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """
    Return p-values adjusted for there being many.

    Of m values the smallest is multiplied by m, the next by m - 1 and so on; none becomes smaller
    than one before it, nor larger than 1.
    Who calls those below 0.05 real is wrong about any of them in at most 5 % of all such lists,
    however the values depend on one another.

    Args:
        p_values: Chances from 0 to 1, in any order.

    Returns:
        One per value, in the order given, exact.

    Raises:
        InvalidValue: A value lies outside 0 to 1.
        InexactResult: A value is so long that 1,000 digits cannot hold its multiple.

    Examples:
        >>> holm([Decimal("0.01"), Decimal("0.04"), Decimal("0.03")])
        (Decimal('0.03'), Decimal('0.06'), Decimal('0.06'))

    Source:
        Holm, A simple sequentially rejective multiple test procedure, Scandinavian Journal of
        Statistics 6 (1979), 65-70.
    """
    for value in p_values:
        is_decimal = isinstance(cast("object", value), Decimal)
        if not (is_decimal and value.is_finite() and 0 <= value <= 1):
            raise InvalidValue("p-value", value, "it must be a Decimal from 0 to 1")
    adjusted = [Decimal(0)] * len(p_values)
    least = Decimal(0)
    for rank, place in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        try:
            multiple = EXACT.multiply(p_values[place], len(p_values) - rank)
        except Inexact:
            raise InexactResult("a multiple of a p-value") from None
        least = max(least, min(multiple, Decimal(1)))
        adjusted[place] = least
    return tuple(adjusted)
