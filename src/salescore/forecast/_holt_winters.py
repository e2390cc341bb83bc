"""Holt and Winters: level, trend and a season that multiplies, by least squares."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from salescore.errors import InvalidValue
from salescore.forecast._season import SeasonKind, moving_trend, seasonal_figure
from salescore.forecast._series_fit import Observed, SeriesFit, filled, gap_note
from salescore.forecast._states import bounded, free
from salescore.stats import minimum

_START = (0.3, 0.1, 0.1)
_SEASONS = 2


@attrs.frozen(kw_only=True)
class HoltWinters:
    """
    Smoothing of level, trend and a multiplied season, each with a weight of its own.

    Level and trend begin with the straight line through the moving average of the first two
    seasons, the season with their classical decomposition; the three weights, from 0 to 1, make the
    squared errors from the second season on least. It is that of R's `HoltWinters`.
    The trend is not damped, so that it runs away over long horizons.

    Source:
        Winters, Forecasting sales by exponentially weighted moving averages, Management Science 6
        (1960), 324-342; start as in R, stats::HoltWinters.
    """

    @property
    def name(self) -> str:
        """What the method is called."""
        return "Holt-Winters"

    def fit(self, values: Observed, season: int, horizon: int, /) -> SeriesFit:
        """
        Return the fit; see `SeriesMethod`.

        Raises:
            InvalidValue: There is no season, no more than two whole ones are known, or a value is 0
                or below.
        """
        known, gaps = filled(values, season)
        if season < _SEASONS or len(known) <= _SEASONS * season or min(known) <= 0:
            fault = (
                "Holt-Winters takes a season, more than two whole ones, and values above 0; "
                "Theta takes any"
            )
            raise InvalidValue("values", len(known), fault)
        begin = _beginning(known, season)
        found = minimum(
            lambda place: _walk(known, season, begin, _weights(place))[0],
            [free(one, 0.0, 1.0) for one in _START],
            tolerance=1e-14,
        )
        weights = _weights(found.point)
        total, stated, (level, trend, figure) = _walk(known, season, begin, weights)
        n = len(known)
        errors: list[float | None] = [None] * season
        errors += [
            None if one is None else one - expected
            for one, expected in zip(values[season:], stated, strict=True)
        ]
        alpha, beta, gamma = weights
        return SeriesFit(
            points=tuple(
                (level + (step + 1) * trend) * figure[(n + step) % season]
                for step in range(horizon)
            ),
            errors=tuple(errors),
            widening=_widening(weights, season, horizon),
            freedom=min(season + 5, n // 2),
            parameters=(
                ("alpha", alpha),
                ("beta", beta),
                ("gamma", gamma),
                ("squared errors", total),
            ),
            notes=gap_note(gaps),
        )


def _weights(place: Sequence[float]) -> tuple[float, float, float]:
    alpha, beta, gamma = (bounded(one, 0.0, 1.0) for one in place)
    return alpha, beta, gamma


def _beginning(values: Sequence[float], season: int) -> tuple[float, float, list[float]]:
    """Return level and trend before the second season, and the figure by place."""
    two = values[: _SEASONS * season]
    figure = seasonal_figure(two, season, SeasonKind.MULTIPLICATIVE)
    if figure is None:
        raise InvalidValue("season", season, "a place of it is close to 0; Theta takes it")
    trend = moving_trend(two, season)
    n = len(trend)
    middle, mean = (n + 1) / 2, sum(trend) / n
    spread = sum((at - middle) ** 2 for at in range(1, n + 1))
    slope = sum((at - middle) * one for at, one in enumerate(trend, 1)) / spread
    return mean - slope * middle, slope, figure


def _walk(
    values: Sequence[float],
    season: int,
    begin: tuple[float, float, list[float]],
    weights: tuple[float, float, float],
) -> tuple[float, list[float], tuple[float, float, list[float]]]:
    """Return the sum of squared errors from the second season on, what was stated, and the end."""
    level, trend, figure = begin[0], begin[1], list(begin[2])
    alpha, beta, gamma = weights
    total, stated = 0.0, list[float]()
    for at in range(season, len(values)):
        one, place = values[at], at % season
        expected = (level + trend) * figure[place]
        stated.append(expected)
        total += (one - expected) ** 2
        before = level
        level = alpha * (one / figure[place]) + (1 - alpha) * (level + trend)
        trend = beta * (level - before) + (1 - beta) * trend
        figure[place] = gamma * (one / level) + (1 - gamma) * figure[place]
    return total, stated, (level, trend, figure)


def _widening(weights: tuple[float, float, float], season: int, horizon: int) -> tuple[float, ...]:
    """Return the deviation by step ÷ that of one step, as of the added form."""
    alpha, beta, gamma = weights
    total, found = 1.0, [1.0]
    for step in range(1, horizon):
        kept = alpha * (1 + step * beta)
        kept += gamma * (1 - alpha) if step % season == 0 else 0.0
        total += kept * kept
        found.append(total**0.5)
    return tuple(found[:horizon])
