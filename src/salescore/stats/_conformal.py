"""Intervals from past errors alone, with a correction for how few they are."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from salescore.errors import InvalidValue


def conformal_places(n: int, level: Fraction) -> tuple[int, int] | None:
    """
    Return which two of n past errors, in ascending order, hold the next one with a chance.

    The next error is as likely to fall into each of the n + 1 gaps that n errors leave, so that
    with α = 1 - level the places are ⌊(n + 1)α ÷ 2⌋ from below and as many from above.

    Args:
        n: Number of past errors.
        level: Chance between 0 and 1 that the interval holds the next error.

    Returns:
        Places of the lower and of the upper end, counted from 0; `None` where n is so small that no
        two errors hold the next one with that chance, which takes 2 ÷ α - 1 of them.

    Raises:
        InvalidValue: The level lies outside.

    Examples:
        >>> conformal_places(9, Fraction(8, 10)), conformal_places(8, Fraction(8, 10))
        ((0, 8), None)

    Source:
        Vovk, Gammerman and Shafer, Algorithmic Learning in a Random World (2005), chapter 2; Lei,
        G'Sell, Rinaldo, Tibshirani and Wasserman, Distribution-free predictive inference for
        regression, Journal of the American Statistical Association 113 (2018), section 2.
    """
    if not 0 < level < 1:
        raise InvalidValue("level", float(level), "it lies between 0 and 1, neither of them")
    place = int((n + 1) * (1 - level) / 2)
    return (place - 1, n - place) if place else None


def conformal_interval(ascending: Sequence[float], level: Fraction) -> tuple[float, float] | None:
    """Return the two past errors at `conformal_places`, or `None` where there are too few."""
    places = conformal_places(len(ascending), level)
    return None if places is None else (ascending[places[0]], ascending[places[1]])
