"""A figure over time for each value of a dimension: many series at once."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal

import attrs

from salescore.errors import InvalidValue
from salescore.forecast._series import Series, season_of
from salescore.forecast._unfinished import Unfinished
from salescore.metrics import AnyFacts, FigureDefinition, find_figure, slices, source_of
from salescore.values import Calendar, CalendarUnit, Period, WorkingCalendar


def series_by(
    name: str | FigureDefinition,
    facts: AnyFacts,
    *,
    by: str,
    as_of: date,
    unit: CalendarUnit = CalendarUnit.MONTH,
    season: int | None = None,
    unfinished: Unfinished = Unfinished.LEAVE_OUT,
    working: WorkingCalendar | None = None,
) -> tuple[Series, ...]:
    """
    Return the series of a figure for each value of a dimension, all up to the same period.

    A series begins with the first unit that has facts of its own: what was not sold yet is not 0.
    After that a unit without facts is 0 for a figure whose slices sum to the total, such as
    revenue, and missing for any other, such as a margin.

    Args:
        name: Name in the catalogue, or a definition of a period's figure.
        facts: The fact tables of a book, or another source.
        by: Dimension, such as `product`; facts without it make a series named by an en dash.
        as_of: Last day that counts; facts after it change nothing.
        unit: Unit of the calendar, a week or longer.
        season: After how many units the pattern repeats; `None` for that of the unit.
        unfinished: What becomes of the unit that is not over on that day.
        working: Counts the working days by which it is scaled; `None` for calendar days.

    Returns:
        In the order of their names.

    Raises:
        UnknownName: No such figure or dimension.
        InvalidValue: The figure is one of a moment, or the unit is a day.
    """
    definition = find_figure(name)
    if definition.is_stock:
        raise InvalidValue("figure", definition.name, "it is one of a moment; take its trend")
    if unit is CalendarUnit.DAY:
        raise InvalidValue("unit", unit, "it must be CalendarUnit.WEEK or a longer one")
    source = source_of(facts).at(as_of)
    calendar = source.calendar
    rows = slices(definition, source, by=(by, unit.value))
    found: defaultdict[tuple[str, str | None], dict[Period, Decimal | None]] = defaultdict(dict)
    for one in (dated for dated in rows if dated.keys[1]):
        during = calendar.parse(one.keys[1] or "")
        found[one.labels[0], one.keys[0]][during] = one.figure.value
    absent = Decimal(0) if definition.is_additive else None
    now = calendar.period(as_of, unit)
    series: list[Series] = []
    for (label, _), values in sorted(found.items(), key=lambda one: (one[0][0], str(one[0][1]))):
        done = _finished(values, calendar, as_of=as_of, absent=absent)
        made = Series.over(
            done,
            season=season_of(unit) if season is None else season,
            name=label,
            unit=rows[0].figure.unit,
            calendar=calendar,
        )
        made = attrs.evolve(made, as_of=as_of)
        rest = values.get(now, absent)
        if rest is not None and now.last_day > as_of:
            made = made.with_unfinished(now, rest, as_of=as_of, policy=unfinished, working=working)
        series.append(made)
    return tuple(series)


def _finished(
    values: dict[Period, Decimal | None],
    calendar: Calendar,
    *,
    as_of: date,
    absent: Decimal | None,
) -> list[tuple[Period, Decimal | None]]:
    """Return all units from the first with facts on that are over, with their values."""
    found: list[tuple[Period, Decimal | None]] = []
    during = min(values, key=lambda one: one.start)
    while during.last_day <= as_of:
        found.append((during, values.get(during, absent)))
        during = calendar.next(during)
    return found
