"""Errors of forecasts made in the past, pooled over many series."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cached_property
from math import sqrt

import attrs

from salescore.errors import InvalidValue
from salescore.forecast._distribution import Distribution
from salescore.forecast._pipeline_checks import each_of
from salescore.forecast._series import Series
from salescore.forecast._series_errors import ErrorSpread, error_shape, shown
from salescore.forecast._series_fit import Observed, SeriesFit, SeriesMethod, check_method

FEWEST_ERRORS = 39
"""With fewer errors no two of them hold the next one with 95 %."""

FEWEST_VALUES = 4
"""Values that a forecast in the past is made from at least."""

_FEWEST_OWN = 3
_RECENT = 24
_MOST_HORIZON = 520


def check_horizon(horizon: int) -> None:
    """Refuse a horizon that is no number of periods."""
    if type(horizon) is not int or not 1 <= horizon <= _MOST_HORIZON:
        fault = f"a whole number of periods from 1 to {_MOST_HORIZON}"
        raise InvalidValue("horizon", horizon, fault)


def observed(values: Sequence[Decimal | None]) -> tuple[list[float | None], int]:
    """Return values from the first to the last known one, and how many lie after that."""
    found = [None if one is None else float(one) for one in values]
    places = [place for place, one in enumerate(found) if one is not None]
    if not places:
        return [], len(found)
    return found[places[0] : places[-1] + 1], len(found) - 1 - places[-1]


def deviation(fit: SeriesFit) -> float | None:
    """
    Return how far a method is off one step ahead; `None` without three errors.

    It is the root of the mean squared error in the sample, made larger for the numbers that were
    fitted.
    """
    errors = fit.known_errors
    if len(errors) < _FEWEST_OWN or fit.spread is None:
        return None
    return fit.spread * _inflation(fit, len(errors))


def recent_deviation(fit: SeriesFit, season: int) -> float | None:
    """
    Return the same over the last two seasons, or 24 errors if that is more.

    Errors of a growing series grow; a unit made of old ones would be too small for new ones.
    """
    errors = fit.known_errors
    if len(errors) < _FEWEST_OWN:
        return None
    recent = errors[-max(2 * season, _RECENT) :]
    return sqrt(sum(one * one for one in recent) / len(recent)) * _inflation(fit, len(errors))


def _inflation(fit: SeriesFit, many: int) -> float:
    return sqrt(many / max(many - fit.freedom, 1))


@attrs.frozen(kw_only=True)
class ResidualPool:
    """
    How far forecasts of one method were off in the past, over many series, in their own units.

    Attributes:
        method: Name of the method.
        errors: Per step ahead, ascending, each (value - forecast) ÷ (recent deviation of its series
            × widening of its method at that step).
        series: Series that entered.
        left_out: Series that are too short or never changed.
    """

    method: str
    errors: tuple[tuple[float, ...], ...]
    series: int
    left_out: int

    @property
    def horizon(self) -> int:
        """Steps ahead for which there are enough errors for an interval of 95 %."""
        return sum(len(one) >= FEWEST_ERRORS for one in self.errors)

    @cached_property
    def _shapes(self) -> tuple[Distribution, ...]:
        return tuple(error_shape(one) for one in self.errors[: self.horizon])

    def spread(self, step: int, scale: float) -> ErrorSpread:
        """
        Return by how much a forecast may be off.

        Args:
            step: Periods ahead, from 1 to the horizon.
            scale: `recent_deviation` of the series × widening of its method at that step.
        """
        return ErrorSpread(scale=shown(scale), shape=self._shapes[step - 1])


def residual_pool(
    series: Iterable[Series],
    *,
    method: SeriesMethod,
    horizon: int,
    origins: int = 12,
) -> ResidualPool:
    """
    Return how far forecasts of many series were off, made again and again from what was known then.

    From each of its last positions a series is forecast from the values before alone; each error is
    divided by how far the method was off, one step ahead, in the two seasons before, and by how
    much it says that errors widen with the steps. The series should be of one kind: the same unit
    of the calendar, and alike in what drives them.

    Args:
        series: At least one; only what each of them holds is known.
        method: What makes the forecasts.
        horizon: Steps ahead.
        origins: Positions per series from which all steps ahead are known already.

    Raises:
        InvalidValue: Horizon or origins are no numbers of periods, the method is none, or it cannot
            take the values of a series.

    Source:
        Vovk, Gammerman and Shafer, Algorithmic Learning in a Random World (2005); rolling origins
        as in Tashman, Out-of-sample tests of forecasting accuracy, International Journal of
        Forecasting 16 (2000), 437-450.
    """
    check_horizon(horizon)
    check_method(method)
    if type(origins) is not int or origins < 1:
        raise InvalidValue("origins", origins, "a whole number of positions from 1 on")
    found: list[list[float]] = [[] for _ in range(horizon)]
    entered = left_out = 0
    for one in each_of("series of a pool", series, Series, "Series, in a list"):
        values, _ = observed(one.values)
        many = _add(found, values, one.season, method, origins)
        entered += bool(many)
        left_out += not many
    errors = tuple(tuple(sorted(ahead)) for ahead in found)
    return ResidualPool(method=method.name, errors=errors, series=entered, left_out=left_out)


def _add(
    found: list[list[float]], values: Observed, season: int, method: SeriesMethod, origins: int
) -> int:
    """Add the errors of one series; return how many there were."""
    n, horizon, many = len(values), len(found), 0
    for origin in range(max(n - horizon - origins + 1, FEWEST_VALUES), n):
        if values[origin - 1] is None:
            continue
        fit = method.fit(values[:origin], season, min(horizon, n - origin))
        scale = recent_deviation(fit, season)
        if not scale:
            continue
        for step, point in enumerate(fit.points):
            actual = values[origin + step]
            if actual is not None:
                found[step].append((actual - point) / (scale * fit.widening[step]))
                many += 1
    return many
