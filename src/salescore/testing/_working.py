"""Strategies for working time: shifts, working calendars, intervals, cadences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from salescore.testing._hypothesis import st
from salescore.testing._values import FIRST_DAY, LAST_DAY, days, instants
from salescore.values import (
    ALL_YEARS,
    Cadence,
    CalendarUnit,
    Interval,
    Intervals,
    RuleCadence,
    SpecialDay,
    WorkingCalendar,
)

ZONES: Final = (
    "UTC",
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/New_York",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Pacific/Apia",
)
"""Zones whose clocks stand still, change by an hour or half an hour, and that skipped a day."""

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOURS = (
    "09:00-17:00",
    "09:00-12:00 13:00-18:00",
    "02:30-03:30",
    "01:15-02:15 03:00-04:00",
    "00:00-24:00",
)
_NIGHTS = ("22:00-06:00", "06:00-14:00 23:30-02:45")
_RULES = (
    "FREQ=DAILY",
    "FREQ=DAILY;INTERVAL=3",
    "FREQ=WEEKLY;BYDAY=MO,TH",
    "FREQ=MONTHLY;BYMONTHDAY=31",
    "FREQ=MONTHLY;BYDAY=2TU",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
    "FREQ=YEARLY;COUNT=7",
)


def working_calendars(zones: Sequence[str] = ZONES) -> st.SearchStrategy[WorkingCalendar]:
    """
    Return working calendars: odd weeks, nights, holidays, extra days, and years nobody knows.

    Args:
        zones: Zones to choose from, the simplest first.
    """
    return st.one_of(
        _calendars(zones, st.sampled_from(_HOURS)),
        _calendars(zones, st.sampled_from(_NIGHTS), own_hours=False),
    )


def _calendars(
    zones: Sequence[str], hours: st.SearchStrategy[str], *, own_hours: bool = True
) -> st.SearchStrategy[WorkingCalendar]:
    """Return calendars whose days all keep the same hours, but for special days by day."""
    weekdays = st.sets(st.sampled_from(_WEEKDAYS), min_size=1)
    weekly = st.builds(_weekly, weekdays, hours)
    own = st.sampled_from((None, *_HOURS)) if own_hours else st.none()
    special = st.one_of(
        st.builds(SpecialDay.holiday, days(), st.just("Holiday"), st.none() | st.just("假日")),
        st.builds(SpecialDay.workday, days(), hours=own),
    )
    years: st.SearchStrategy[set[int]] = st.sets(
        st.integers(FIRST_DAY.year, LAST_DAY.year), max_size=20
    )
    return st.builds(
        WorkingCalendar.of,
        st.just("drawn"),
        years=st.just(ALL_YEARS) | years,
        zone=st.sampled_from(zones),
        weekly=weekly,
        special_days=st.lists(special, max_size=12, unique_by=_day),
    )


def _weekly(weekdays: set[str], hours: str) -> dict[str, str]:
    return {name: hours for name in _WEEKDAYS if name in weekdays}


def _day(special: SpecialDay) -> date:
    return special.day


def intervals(
    first: date = FIRST_DAY, last: date = LAST_DAY, *, longest: timedelta = timedelta(days=90)
) -> st.SearchStrategy[Interval]:
    """
    Return intervals of real time.

    Args:
        first: First day on which one starts, in UTC.
        last: Last day on which one starts, in UTC.
        longest: How long one lasts at most.
    """
    lengths = st.timedeltas(timedelta(microseconds=1), longest)
    return st.builds(_interval, instants(first, last), lengths)


def _interval(start: datetime, length: timedelta) -> Interval:
    return Interval(start, start + length)


def interval_sets(
    first: date = FIRST_DAY, last: date = LAST_DAY, *, longest: timedelta = timedelta(days=90)
) -> st.SearchStrategy[Intervals]:
    """
    Return sets of instants of up to eight intervals.

    Args:
        first: First day on which one starts, in UTC.
        last: Last day on which one starts, in UTC.
        longest: How long one interval lasts at most.
    """
    some = st.lists(intervals(first, last, longest=longest), max_size=8)
    return some.map(lambda found: Intervals.of(*found))


def cadences() -> st.SearchStrategy[Cadence]:
    """Return cadences of every unit."""
    return st.builds(Cadence, days(), st.integers(1, 40), st.sampled_from(CalendarUnit))


def rule_cadences() -> st.SearchStrategy[RuleCadence]:
    """Return cadences by rules of RFC 5545."""
    return st.builds(RuleCadence.parse, st.sampled_from(_RULES), days())
