"""Strategies for calendars of every layout, and for their periods."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from salescore.testing._hypothesis import st
from salescore.testing._values import FIRST_DAY, LAST_DAY, days
from salescore.values import (
    Calendar,
    CalendarUnit,
    CustomYear,
    CustomYears,
    Period,
    YearEnd,
    YearName,
)


def calendars(*, custom: bool = True) -> st.SearchStrategy[Calendar]:
    """
    Return calendars: Gregorian months from any month, years of weeks of any pattern, custom ones.

    Args:
        custom: Whether custom calendars are among them. These know only some years, and may lack
            units; only the others can be had by name.
    """
    months = st.builds(Calendar.months, st.integers(1, 12), st.sampled_from(YearName))
    ends = {
        "end_month": st.integers(1, 12),
        "weekday": st.integers(0, 6),
        "rule": st.sampled_from(YearEnd),
        "named_by": st.sampled_from(YearName),
    }
    patterns = st.sampled_from(["4-4-5", "4-5-4", "5-4-4"])
    weeks = st.builds(Calendar.weeks, patterns, **ends, leap_month=st.integers(1, 12))
    plain = st.builds(Calendar.weeks, st.none(), **ends)
    ruled = st.one_of(months, weeks, plain)
    return st.one_of(ruled, _customs()) if custom else ruled


@st.composite
def _customs(draw: st.DrawFn) -> Calendar:
    """Return a custom calendar of one to six years, each of months of one to fifty days."""
    start, number = draw(days()), draw(st.integers(1, 9000))
    wanted = draw(st.sets(st.sampled_from(["quarters", "months", "weeks"])))
    years: list[CustomYear] = []
    for year in range(number, number + draw(st.integers(1, 6))):
        lengths = draw(st.lists(st.integers(1, 50), min_size=1, max_size=13))
        months = [start]
        for length in lengths:
            months.append(months[-1] + timedelta(days=length))
        after = months.pop()
        others = months[1:]
        quarters = draw(st.lists(st.sampled_from(others), max_size=8)) if others else []
        weeks = range(0, (after - start).days, 7)
        units = {
            "quarters": [start, *sorted(set(quarters))],
            "months": months,
            "weeks": [start + timedelta(days=ahead) for ahead in weeks],
        }
        last_day = after - timedelta(days=1)
        stated = {unit: tuple(found) for unit, found in units.items() if unit in wanted}
        years.append(CustomYear(year=year, start=start, last_day=last_day, **stated))
        start = after
    return Calendar.custom(f"custom of {number}", years)


def periods(
    calendar: st.SearchStrategy[Calendar] | None = None,
    units: Sequence[CalendarUnit] = tuple(CalendarUnit),
    *,
    custom: bool = True,
) -> st.SearchStrategy[Period]:
    """
    Return periods between 1990 and 2060: units of a calendar, and custom ranges of days.

    Args:
        calendar: Calendars to choose from; by default all that have a name.
        units: Units to choose from, of those that the calendar has.
        custom: Whether custom ranges are among them.
    """
    chosen = calendars(custom=False) if calendar is None else calendar
    whole = chosen.flatmap(lambda one: _units(one, units))
    if not custom:
        return whole
    return st.one_of(whole, st.builds(_range, days(), days(), chosen))


def days_of(calendar: Calendar) -> st.SearchStrategy[date]:
    """
    Return days between 1990 and 2060, or those that a custom calendar knows.

    Args:
        calendar: The calendar.
    """
    layout = calendar.layout
    if isinstance(layout, CustomYears):
        return days(layout.start, layout.last_day)
    return days(FIRST_DAY, LAST_DAY)


def _units(calendar: Calendar, units: Sequence[CalendarUnit]) -> st.SearchStrategy[Period]:
    known = [unit for unit in units if unit in calendar.units]
    return st.builds(calendar.period, days_of(calendar), st.sampled_from(known))


def _range(one: date, other: date, calendar: Calendar) -> Period:
    return Period.custom(min(one, other), max(one, other), calendar.name)
