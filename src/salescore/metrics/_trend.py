"""Trend: a figure over time, whether it rises or falls, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import cast

import attrs

from salescore.errors import InvalidPeriod, InvalidValue
from salescore.metrics._catalogue import find_figure
from salescore.metrics._compute import NameOrDefinition, figure, figures_at
from salescore.metrics._dimensions import find_dimension
from salescore.metrics._figures import Figure, FigureDefinition
from salescore.metrics._measures import Aggregate, Measure, Reduction
from salescore.metrics._source import AnyFacts, FigureSource, source_of
from salescore.rules import FieldRef
from salescore.stats import ConfidenceInterval, fewest_points, median_slope
from salescore.values import CalendarUnit, Period

_LEVEL = Decimal("0.95")
_MOST = 520


class Tendency(Enum):
    """Whether a figure rises or falls, as far as the facts can tell."""

    UP = "up"
    DOWN = "down"
    NONE = "none"


@attrs.frozen(kw_only=True)
class TrendPoint:
    """
    A figure in one unit of the calendar.

    Attributes:
        during: The unit.
        figure: The figure in it.
        is_finished: Whether all its days are known; an unfinished unit is shown, not fitted.
    """

    during: Period
    figure: Figure
    is_finished: bool


@attrs.frozen(kw_only=True)
class Trend:
    """
    A figure over time.

    Attributes:
        name: Name of the figure.
        unit: Unit of the calendar.
        points: The figure in each unit, the earliest first, undefined ones included.
        slope: Change per unit of the calendar, in the unit of the figure; `None` where there are
            too few points.
        interval: Where the slope lies at the level asked for; `None` likewise.
        tendency: Up or down only where the interval excludes 0; `None` likewise.
        n: Points that were fitted: finished and defined.
        reason: Why there is no slope; `None` where there is one.
    """

    name: str
    unit: CalendarUnit
    points: tuple[TrendPoint, ...]
    slope: Decimal | None
    interval: ConfidenceInterval | None
    tendency: Tendency | None
    n: int
    reason: str | None = None


def trend(
    name: NameOrDefinition,
    facts: AnyFacts,
    *,
    unit: CalendarUnit = CalendarUnit.MONTH,
    periods: int = 12,
    until: date | None = None,
    level: Decimal = _LEVEL,
) -> Trend:
    """
    Return a figure over time with the slope of its line.

    The slope is the median of the slopes between any two points (Theil and Sen), so that one large
    order does not make a trend. Season is not taken out: over whole years it evens out, over a
    spring it does not.

    Args:
        name: Name in the catalogue, or a definition of your own.
        facts: The fact tables of a book, or another source.
        unit: Unit of the calendar; a week or longer.
        periods: How many units, from 1 to 520; those before the first day of the figure's facts
            are left away.
        until: Last day that counts; by default the last day known. The unit that it lies in is
            the last one, and unfinished unless it ends on that day.
        level: Level of confidence of the interval.

    Returns:
        Points and slope; no slope, with a reason, where fewer points are finished and defined than
        the level needs, 5 at 95 %.

    Raises:
        UnknownName: The catalogue has no such figure.
        InvalidValue: The unit is a day, the number of units is out of range, `until` is no day, or
            the level is none.

    Source:
        `median_slope`; decision record on trends.
    """
    definition = find_figure(name)
    _check(unit, periods, until)
    fewest = fewest_points(level)
    source = source_of(facts)
    seen = source if until is None else source.at(until)
    last = until or source.last_day
    units = () if last is None else _units(definition, seen, unit, periods, last)
    points = tuple(
        TrendPoint(
            during=during,
            figure=found,
            is_finished=last is not None and during.last_day <= last,
        )
        for during, found in zip(units, _figures(definition, seen, unit, units), strict=True)
    )
    fitted = [
        (place, exact)
        for place, point in enumerate(points)
        if point.is_finished and (exact := point.figure.exact) is not None
    ]
    slope = median_slope(fitted, level)
    reason = None
    if slope is None:
        reason = f"too few points: {len(fitted)} finished and defined, {fewest} needed"
    return Trend(
        name=definition.name,
        unit=unit,
        points=points,
        slope=None if slope is None else slope.value,
        interval=None if slope is None else slope.interval,
        tendency=None if slope is None else _tendency(slope.interval),
        n=len(fitted),
        reason=reason,
    )


def _check(unit: CalendarUnit, periods: int, until: date | None) -> None:
    if unit is CalendarUnit.DAY or not isinstance(cast("object", unit), CalendarUnit):
        raise InvalidValue("unit", unit, "it must be CalendarUnit.WEEK or a longer one")
    whole = isinstance(cast("object", periods), int) and not isinstance(periods, bool)
    if not (whole and 1 <= periods <= _MOST):
        raise InvalidValue("periods", periods, f"a whole number from 1 to {_MOST}")
    if until is not None and (
        isinstance(until, datetime) or not isinstance(cast("object", until), date)
    ):
        raise InvalidValue("until", until, "it must be a day; day_of() gives that of an instant")


def _units(
    definition: FigureDefinition, source: FigureSource, unit: CalendarUnit, periods: int, last: date
) -> tuple[Period, ...]:
    """Return the units up to the one of the last day, as far back as facts and calendar reach."""
    first = _first_day(definition, source)
    found: list[Period] = []
    try:
        found.append(source.calendar.period(last, unit))
        while len(found) < periods and first is not None and found[-1].start > first:
            found.append(source.calendar.previous(found[-1]))
    except InvalidPeriod:
        pass  # a calendar of listed years ends where its list does
    return tuple(reversed(found))


def _first_day(definition: FigureDefinition, source: FigureSource) -> date | None:
    """Return the first day that places a row of the figure, or any day known for a moment's."""
    columns = dict.fromkeys(
        (measure.table, column)
        for measure in definition.measures
        for column in _dates(definition, measure.table, measure.date, source)
    )
    if source.lack is not None or not columns:
        return None
    reduced = source.reduce([_earliest(table, column) for table, column in columns], None)
    days = [one.values[0][0] for one in reduced if one.keys]
    return min((day for day in days if day is not None), default=None)


def _earliest(table: str, column: str) -> Reduction:
    first = Measure(name="first", table=table, aggregate=Aggregate.MIN, of=FieldRef(column))
    return Reduction(name=f"first {column} of {table}", table=table, measures=(first,))


def _dates(
    definition: FigureDefinition, table: str, date_column: str | None, source: FigureSource
) -> Sequence[str]:
    if not definition.is_stock and date_column is not None:
        return [date_column]
    return [one for one in ("created_on",) if one in source.schema(table)]


def _figures(
    definition: FigureDefinition, source: FigureSource, unit: CalendarUnit, units: Sequence[Period]
) -> tuple[Figure, ...]:
    if not units:
        return ()
    if definition.is_stock:
        return tuple(figure(definition, source, during=one) for one in units)
    whole = Period.custom(units[0].start, units[-1].last_day, source.calendar.name)
    (found,) = figures_at(
        [definition],
        source,
        by=[find_dimension(unit.value)],
        keys=[(one.key,) for one in units],
        during=whole,
    )
    return tuple(attrs.evolve(one, during=during) for one, during in zip(found, units, strict=True))


def _tendency(interval: ConfidenceInterval) -> Tendency:
    if not interval.excludes_zero:
        return Tendency.NONE
    return Tendency.UP if interval.low > 0 else Tendency.DOWN
