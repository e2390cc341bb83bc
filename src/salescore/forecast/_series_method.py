"""Methods of series as methods of a backtest."""

from __future__ import annotations

from datetime import date

from salescore.errors import InvalidPeriod, InvalidValue
from salescore.forecast._backtest import Method
from salescore.forecast._conformal import ResidualPool
from salescore.forecast._distribution import Distribution
from salescore.forecast._distribution_checks import check_kind
from salescore.forecast._series import Series
from salescore.forecast._series_fit import SeriesMethod, check_method
from salescore.forecast._series_forecast import Spread, series_forecast
from salescore.forecast._theta import Theta
from salescore.metrics import AnyFacts, FigureDefinition, find_figure, source_of, trend
from salescore.values import CalendarUnit, Period

_PERIODS = 60


def series_method(
    name: str | FigureDefinition,
    *,
    method: SeriesMethod | None = None,
    periods: int = _PERIODS,
    spread: ResidualPool | Spread = Spread.OWN,
    is_nonnegative: bool = False,
) -> Method[AnyFacts]:
    """
    Return a method for `backtest` that continues the series of a figure, such as by its run rate.

    On its day it takes the figure in the units of the calendar before, as known then, and forecasts
    as far as the period asked for. A unit that is not over on the day is left out.

    Args:
        name: Name in the catalogue, or a definition of a period's figure.
        method: How to continue the series; `None` for `Theta`.
        periods: How many units are looked back at, from 1 to 520.
        spread: As in `series_forecast`; a pool must not know what came after the days asked for.
        is_nonnegative: As in `series_forecast`.

    Returns:
        A method that gives the distribution of the period, which is a calendar unit of a week or
        longer; `None` where too little was known before it.

    Raises:
        UnknownName: The catalogue has no such figure.
        InvalidValue: The method is none.

    Examples:
        >>> methods = {"theta": series_method("revenue", is_nonnegative=True)}
    """
    definition = find_figure(name)
    chosen: SeriesMethod = Theta() if method is None else method
    check_method(chosen)
    check_kind("is_nonnegative", is_nonnegative, bool, "True or False")

    def continued(facts: AnyFacts, day: date, period: Period) -> Distribution | None:
        unit = period.unit
        if unit is None or unit is CalendarUnit.DAY:
            fault = "it must be a unit of the calendar, a week or longer"
            raise InvalidValue("period", period.key, fault)
        known = trend(definition, facts, unit=unit, periods=periods, until=day)
        calendar = source_of(facts).calendar
        series = Series.of_trend(known, as_of=day, calendar=calendar)
        if not series.known:
            return None
        steps, last = 0, series.periods[-1]
        while last.start < period.start:
            steps, last = steps + 1, calendar.next(last)
        if not steps or last != period:
            raise InvalidPeriod(period.key, f"it is none that follows {series.periods[-1].key}")
        found = series_forecast(
            series, horizon=steps, method=chosen, spread=spread, is_nonnegative=is_nonnegative
        )
        return found.periods[-1].distribution

    return continued
