"""Series without what the calendar does to them, and forecasts to which it is put back."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import exp, log, sqrt

import attrs

from salescore.errors import InvalidValue
from salescore.forecast._conformal import ResidualPool
from salescore.forecast._distribution_checks import check_kind, listed
from salescore.forecast._regressors import Regressor, RegressorRole, check_regressor
from salescore.forecast._series import Series
from salescore.forecast._series_errors import shown
from salescore.forecast._series_fit import SeriesMethod
from salescore.forecast._series_forecast import SeriesForecast, Spread, series_forecast

_FEWEST = 6
_FARTHEST = 20.0


@attrs.frozen(kw_only=True)
class RegressorEffect:
    """
    What one regressor does to a series.

    Attributes:
        name: That of the regressor.
        role: How it joins.
        strength: For REGRESS the change of the logarithm of the value where the regressor grows by
            1, to 12 significant digits; `None` for DIVIDE, and where it could not be found.
        error: Standard error of the strength; `None` likewise.
        reason: Why there is no strength; `None` where there is one, or none is needed.
    """

    name: str
    role: RegressorRole
    strength: Decimal | None = None
    error: Decimal | None = None
    reason: str | None = None


@attrs.frozen(kw_only=True)
class CalendarAdjustment:
    """
    A series without what the calendar does to it.

    Attributes:
        series: Values as they would be in periods like the average one of their kind.
        effects: What each regressor does.
        factors: By what each value was divided, per regressor and value.
        means: Per regressor, what counts as average: overall for DIVIDE, per place of the season
            for REGRESS.
        regressors: The regressors, in the order of the effects.
    """

    series: Series
    effects: tuple[RegressorEffect, ...]
    factors: tuple[tuple[Decimal, ...], ...]
    means: tuple[tuple[float, ...], ...]
    regressors: tuple[Regressor, ...]

    def put_back(self, forecast: SeriesForecast) -> SeriesForecast:
        """
        Return a forecast of the adjusted series with the calendar of its periods.

        What each regressor adds stands as a part with its name.

        Raises:
            InvalidValue: A regressor does not know one of the periods, or there are none.
        """
        periods = list(forecast.periods)
        n = len(self.series.values)
        for regressor, effect, means in zip(self.regressors, self.effects, self.means, strict=True):
            for at, one in enumerate(periods):
                if one.during is None:
                    fault = "it is of plain positions, which have no calendar"
                    raise InvalidValue("forecast", forecast.series.name, fault)
                mean = means[(n + at) % len(means)]
                factor = _factor(regressor.at(one.during), mean, effect)
                periods[at] = one.times(shown(factor), effect.name)
        notes = tuple(_words(one) for one in self.effects)
        return attrs.evolve(forecast, periods=periods, notes=(*forecast.notes, *notes))


def calendar_adjustment(series: Series, regressors: Sequence[Regressor]) -> CalendarAdjustment:
    """
    Return a series without what the calendar does to it.

    A regressor with the role DIVIDE divides each value by its own number over the mean of all.
    The strengths b of those with REGRESS are found together, by least squares of the change of the
    logarithm of the value over one season on the change of the regressors; each value is divided by
    exp(b (x - mean of x at its place of the season)), so that what returns every year stays with
    the season.

    Args:
        series: Over calendar units; with values above 0 where a strength is sought.
        regressors: What moves it, each known for all its periods.

    Raises:
        InvalidValue: The series has plain positions, or a value of 0 or below where a strength is
            sought, or a regressor does not know a period or divides by 0.

    Source:
        Bell and Hillmer, Modeling time series with calendar variation, Journal of the American
        Statistical Association 78 (1983), 526-534; moving holidays by share of window as in the
        X-13ARIMA-SEATS reference manual, section 7.
    """
    check_kind("series", series, Series, "a Series, such as Series.over gives")
    regressors = listed("regressors", regressors, "regressors, in a list")
    for regressor in regressors:
        check_regressor(regressor)
    if series.values and not series.periods:
        raise InvalidValue("series", series.name, "a series of plain positions has no calendar")
    sought = [at for at, one in enumerate(regressors) if one.role is RegressorRole.REGRESS]
    if sought and any(one is not None and one <= 0 for one in series.values):
        fault = "a value lies at 0 or below; only what is divided by may stand for such a series"
        raise InvalidValue("series", series.name, fault)
    columns = [[one.at(during) for during in series.periods] for one in regressors]
    means = [
        _means(column, series.season, one.role)
        for one, column in zip(regressors, columns, strict=True)
    ]
    divided = [at for at, one in enumerate(regressors) if one.role is RegressorRole.DIVIDE]
    for at in divided:
        if min(columns[at], default=1.0) <= 0:
            fault = "it is 0 in a period, by which no value can be divided"
            raise InvalidValue("regressor", regressors[at].name, fault)
    effects = [RegressorEffect(name=one.name, role=one.role) for one in regressors]
    logs = [
        None
        if one is None or not sought
        else log(float(one)) - sum(log(columns[at][place]) for at in divided)
        for place, one in enumerate(series.values)
    ]
    found = _strengths(logs, [columns[at] for at in sought], series.season)
    for at, (strength, error, reason) in zip(sought, found, strict=True):
        effects[at] = attrs.evolve(effects[at], strength=strength, error=error, reason=reason)
    factors = [
        [shown(_factor(one, mean[place % len(mean)], effect)) for place, one in enumerate(column)]
        for column, mean, effect in zip(columns, means, effects, strict=True)
    ]
    values: list[Decimal | None] = []
    for place, one in enumerate(series.values):
        value = one
        for column in factors:
            value = None if value is None else _share(value, column[place])
        values.append(value)
    return CalendarAdjustment(
        series=attrs.evolve(series, values=values),
        effects=tuple(effects),
        factors=tuple(tuple(column) for column in factors),
        means=tuple(tuple(one) for one in means),
        regressors=tuple(regressors),
    )


def calendar_forecast(
    series: Series,
    regressors: Sequence[Regressor],
    *,
    horizon: int,
    method: SeriesMethod | None = None,
    spread: ResidualPool | Spread = Spread.OWN,
    is_nonnegative: bool = False,
) -> SeriesForecast:
    """
    Return a forecast made without the calendar's effects, to which they are put back.

    Args:
        series: As in `calendar_adjustment`.
        regressors: Likewise; known for the periods to come too.
        horizon: As in `series_forecast`.
        method: Likewise.
        spread: Likewise; a pool is one of adjusted series.
        is_nonnegative: Likewise.

    Raises:
        InvalidValue: As `calendar_adjustment` and `series_forecast`.
    """
    adjusted = calendar_adjustment(series, regressors)
    plain = series_forecast(
        adjusted.series,
        horizon=horizon,
        method=method,
        spread=spread,
        is_nonnegative=is_nonnegative,
    )
    return attrs.evolve(adjusted.put_back(plain), series=series)


def _share(value: Decimal, factor: Decimal) -> Decimal:
    return shown(float(Fraction(value) / Fraction(factor)))


def _means(column: Sequence[float], season: int, role: RegressorRole) -> list[float]:
    if not column:
        return [0.0]
    if role is RegressorRole.DIVIDE:
        return [sum(column) / len(column)]
    same = [column[place::season] for place in range(min(season, len(column)))]
    found = [sum(one) / len(one) for one in same]
    return found + [0.0] * (season - len(found))


def _factor(value: float, mean: float, effect: RegressorEffect) -> float:
    if effect.role is RegressorRole.DIVIDE:
        return value / mean
    strength = 0.0 if effect.strength is None else float(effect.strength)
    return exp(max(min(strength * (value - mean), _FARTHEST), -_FARTHEST))


def _strengths(
    logs: Sequence[float | None], columns: Sequence[Sequence[float]], season: int
) -> list[tuple[Decimal | None, Decimal | None, str | None]]:
    """Return strength, its standard error, and why there is none, of each column."""
    many = len(columns)
    rows: list[list[float]] = []
    targets: list[float] = []
    for place in range(season, len(logs)):
        now, before = logs[place], logs[place - season]
        if now is not None and before is not None:
            rows.append([1.0, *(one[place] - one[place - season] for one in columns)])
            targets.append(now - before)
    left = len(rows) - many - 1
    if left < _FEWEST:
        reason = f"too few changes over a season: {len(rows)}, {many + 1 + _FEWEST} needed"
        return [(None, None, reason)] * many
    inverse = _inverse(
        [[_dot(a, b) for b in zip(*rows, strict=True)] for a in zip(*rows, strict=True)]
    )
    if inverse is None:
        return [(None, None, "it never changes, or another one always changes with it")] * many
    right = [_dot(column, targets) for column in zip(*rows, strict=True)]
    found = [_dot(row, right) for row in inverse]
    errors = [target - _dot(row, found) for row, target in zip(rows, targets, strict=True)]
    variance = _dot(errors, errors) / left
    return [
        (shown(found[at]), shown(sqrt(max(variance * inverse[at][at], 0.0))), None)
        for at in range(1, many + 1)
    ]


def _dot(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def _inverse(matrix: list[list[float]]) -> list[list[float]] | None:
    """Return the inverse by elimination; `None` where there is none."""
    n = len(matrix)
    size = max(abs(one) for row in matrix for one in row)
    rows = [[*row, *(float(at == place) for place in range(n))] for at, row in enumerate(matrix)]
    for at in range(n):
        pivot = max(range(at, n), key=lambda place: abs(rows[place][at]))
        if abs(rows[pivot][at]) <= 1e-10 * size:
            return None
        rows[at], rows[pivot] = rows[pivot], rows[at]
        head = rows[at][at]
        rows[at] = [one / head for one in rows[at]]
        for place in range(n):
            part = rows[place][at]
            if place != at and part:
                rows[place] = [a - part * b for a, b in zip(rows[place], rows[at], strict=True)]
    return [row[n:] for row in rows]


def _words(effect: RegressorEffect) -> tuple[str, str]:
    if effect.role is RegressorRole.DIVIDE:
        return (f"in proportion to {effect.name}", f"按{effect.name}成比例")
    if effect.strength is None:
        return (f"{effect.name} is without effect: {effect.reason}", f"{effect.name}无法估计影响")
    change = f"{effect.strength:+.3f} ± {effect.error:.3f}"
    return (f"{effect.name}: {change} on the logarithm", f"{effect.name}：对数变化 {change}")
