"""Seasons: whether there is one, and what it looks like."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from itertools import accumulate
from math import sqrt
from operator import mul

_LIMIT = 1.6448536269514722
"""Normal quantile at 0.95: both sides of it together leave 10 %."""

_SMALLEST = 1e-4
"""Below this a seasonal factor is no divisor."""


class SeasonKind(Enum):
    """
    How a season joins the level.

    Attributes:
        NONE: There is none.
        ADDITIVE: It adds a number to the level.
        MULTIPLICATIVE: It multiplies the level.
    """

    NONE = "none"
    ADDITIVE = "additive"
    MULTIPLICATIVE = "multiplicative"


def is_seasonal(values: Sequence[float], season: int) -> bool:
    """
    Return whether the correlation at the lag of the season passes a test at 90 %.

    With the autocorrelations r it is |rₘ| > 1.645 √((1 + 2 Σ rₖ²) ÷ n), k from 1 to m - 1.
    Two whole seasons and one value more are needed, and values that change.

    Source:
        Assimakopoulos and Nikolopoulos, The theta model, International Journal of Forecasting 16
        (2000), 521-530, section 3; Bartlett's formula for the limit.
    """
    n = len(values)
    if season < 2 or n <= 2 * season:  # noqa: PLR2004 - two seasons
        return False
    mean = sum(values) / n
    away = [one - mean for one in values]
    variance = sum(map(mul, away, away))
    if variance <= 1e-24 * sum(map(mul, values, values)):
        return False
    lags = [sum(map(mul, away, away[lag:])) / variance for lag in range(1, season + 1)]
    limit = _LIMIT * sqrt((1 + 2 * sum(one * one for one in lags[:-1])) / n)
    return bool(abs(lags[-1]) > limit)


def moving_trend(values: Sequence[float], season: int) -> list[float]:
    """
    Return the centred moving average over a season; it begins half a season after the values.

    Of an even season both outer values count half.
    """
    sums = [0.0, *accumulate(values)]
    half = season // 2
    if season % 2:
        return [(sums[at + season] - sums[at]) / season for at in range(len(values) - season + 1)]
    return [
        (sums[at + half] - sums[at - half] + sums[at + half + 1] - sums[at - half + 1])
        / (2 * season)
        for at in range(half, len(values) - half)
    ]


def seasonal_figure(values: Sequence[float], season: int, kind: SeasonKind) -> list[float] | None:
    """
    Return factors (mean 1) or differences (mean 0) of each place of a season, by moving averages.

    Args:
        values: Two seasons or more, without gaps; above 0 for a multiplicative one.
        season: Length, from 2 on.
        kind: Multiplicative or additive.

    Returns:
        The first belongs to the first value; `None` where a factor would be no divisor.

    Source:
        Classical decomposition: Kendall and Stuart, The Advanced Theory of Statistics, volume 3
        (1983), 410-414.
    """
    trend = moving_trend(values, season)
    start = season // 2
    inner = values[start : start + len(trend)]
    if kind is SeasonKind.ADDITIVE:
        apart = [one - level for one, level in zip(inner, trend, strict=True)]
    elif min(trend) > 0:  # sums of very unequal values may leave nothing
        apart = [one / level for one, level in zip(inner, trend, strict=True)]
    else:
        return None
    means: list[float] = []
    for place in range(season):
        same = apart[(place - start) % season :: season]
        means.append(sum(same) / len(same))
    middle = sum(means) / season
    if kind is SeasonKind.ADDITIVE:
        return [one - middle for one in means]
    figure = [one / middle for one in means]
    return None if any(abs(one) < _SMALLEST for one in figure) else figure
