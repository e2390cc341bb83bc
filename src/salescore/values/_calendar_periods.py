"""Keys and periods of any layout of years: finding, reading and stepping."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from salescore.errors import InvalidDate, InvalidPeriod, UnknownName
from salescore.values._calendar_names import Layout
from salescore.values._custom_years import CustomYears
from salescore.values._dates import parse_date
from salescore.values._month_years import AFTER_TIME, MonthYears
from salescore.values._period import CalendarUnit, Period, YearPart, is_day, unit_key

_KEY = re.compile(r"([0-9]{4})(?:-(?:Q([0-9])|W([0-9]{2})|([0-9]{2})))?")
_FORMS = "expected 2017, 2017-Q4, 2017-12, 2017-W50, 2017-12-31 or 2017-10-01..2017-12-31"
_OUTSIDE = "the period asked for lies outside the years 1 to 9999"
_DAY = timedelta(days=1)


def check_unit(layout: Layout, unit: CalendarUnit) -> None:
    """Refuse a unit that a layout lacks."""
    if unit not in layout.units:
        known = tuple(one.value for one in layout.units)
        raise UnknownName(f"{layout.name} calendar unit", unit.value, known)


def check_own(layout: Layout, period: Period) -> None:
    """Refuse a unit of another calendar; a free range belongs to all."""
    if period.unit is None:
        return
    if period.calendar != layout.name:
        raise InvalidPeriod(period.key, f"it belongs to {period.calendar}, not to {layout.name}")
    if period_of(layout, period.start, period.unit) != period:
        fault = f"it is none of this calendar, though both are called {layout.name}"
        raise InvalidPeriod(period.key, fault)


def key_of(layout: Layout, day: date, unit: CalendarUnit) -> str:
    """Return the key of the period that holds a day, of a unit that the layout has."""
    _check_day(day)
    if unit is CalendarUnit.DAY:
        if isinstance(layout, CustomYears):
            layout.check_known(day)
        return day.isoformat()
    year, number = layout.place(day, unit)
    return unit_key(year, unit, number)


def _check_day(day: date) -> None:
    """Refuse what is no date."""
    if not is_day(day):
        raise InvalidPeriod(str(day), "expected a date without a time")


def period_of(layout: Layout, day: date, unit: CalendarUnit) -> Period:
    """Return the period that holds a day."""
    check_unit(layout, unit)
    if unit is CalendarUnit.DAY:
        key = key_of(layout, day, unit)
        return _made(layout, key, unit, day.toordinal(), day.toordinal() + 1)
    _check_day(day)
    year, number = layout.place(day, unit)
    return _unit(layout, unit_key(year, unit, number), unit, year, number)


def _unit(layout: Layout, key: str, unit: YearPart, year: int, number: int) -> Period:
    """Return a unit by its place."""
    return _made(layout, key, unit, *layout.span(year, unit, number))


def _made(layout: Layout, key: str, unit: CalendarUnit, start: int, end: int) -> Period:
    """Return the period between two days, given as ordinals, if there are such days."""
    if start < 1:
        raise InvalidPeriod(key, f"its year in {layout.name} starts before year 1")
    if start >= AFTER_TIME:
        raise InvalidPeriod(key, _OUTSIDE)
    if end >= AFTER_TIME:
        raise InvalidPeriod(key, f"it does not end before {date.max}")
    first, after = date.fromordinal(start), date.fromordinal(end)
    return Period(start=first, end=after, unit=unit, calendar=layout.name, key=key)


def period_named(layout: Layout, text: str) -> Period:
    """Return the period that a text names."""
    start, dots, last_day = text.partition("..")
    if dots:
        return Period.custom(_date(start, text), _date(last_day, text), layout.name)
    found = _KEY.fullmatch(text)
    if found is None:
        return period_of(layout, _date(text, text), CalendarUnit.DAY)
    year, quarter, week, month = (None if part is None else int(part) for part in found.groups())
    if not year:
        raise InvalidPeriod(text, "years count from 0001")
    if week is not None:
        return _numbered(layout, text, CalendarUnit.WEEK, year, week)
    if month is not None:
        return _numbered(layout, text, CalendarUnit.MONTH, year, month)
    if quarter is not None:
        return _numbered(layout, text, CalendarUnit.QUARTER, year, quarter)
    return _numbered(layout, text, CalendarUnit.YEAR, year, 1)


def _numbered(layout: Layout, text: str, unit: YearPart, year: int, number: int) -> Period:
    """Return a unit by its number in a year, or say which numbers there are."""
    if unit not in layout.units:
        units = ", ".join(one.value for one in layout.units)
        raise InvalidPeriod(text, f"{layout.name} has no {unit.value}s; its units are {units}")
    most = _count(layout, text, unit, year)
    if 1 <= number <= most:
        return _unit(layout, text, unit, year, number)
    if unit is CalendarUnit.WEEK:
        kind = "ISO week" if isinstance(layout, MonthYears) else "week"
        raise InvalidPeriod(text, f"{year:04d} has no {kind} {number}; its last is {most}")
    sign = "Q" if unit is CalendarUnit.QUARTER else ""
    digits = 1 if sign else 2
    numbers = f"{sign}{1:0{digits}d} to {sign}{most:0{digits}d}"
    raise InvalidPeriod(text, f"{unit.value}s of {year:04d} go from {numbers}")


def _count(layout: Layout, text: str, unit: YearPart, year: int) -> int:
    """Return how many of a unit a year has; a year that the layout lacks is refused by a text."""
    try:
        return layout.count(year, unit)
    except InvalidPeriod as error:
        raise InvalidPeriod(text, error.fault) from None


def _date(text: str, whole: str) -> date:
    """Return a day named inside the text of a period."""
    try:
        return parse_date(text)
    except InvalidDate as error:
        fault = _FORMS if error.fault.startswith("expected") else error.fault
        raise InvalidPeriod(whole, fault) from None


def neighbour(layout: Layout, period: Period, steps: int) -> Period:
    """Return the period one step before (-1) or after (1)."""
    check_own(layout, period)
    if period.unit is None:
        shift = timedelta(days=steps * period.days)
        start = _within(period.key, lambda: period.start + shift)
        last_day = _within(period.key, lambda: period.last_day + shift)
        return Period.custom(start, last_day, period.calendar)
    if steps > 0:
        return period_of(layout, period.end, period.unit)
    return period_of(layout, _within(period.key, lambda: period.start - _DAY), period.unit)


def year_before(layout: Layout, period: Period) -> Period | None:
    """Return the same period a year earlier, if the year before has it."""
    check_own(layout, period)
    unit = period.unit
    if unit is None:
        start = _within(period.key, lambda: _year_earlier(period.start))
        last_day = _within(period.key, lambda: _year_earlier(period.last_day))
        return Period.custom(start, last_day, period.calendar)
    if unit is CalendarUnit.DAY:
        day = _within(period.key, lambda: _year_earlier(period.start))
        return period_of(layout, day, unit) if day.day == period.start.day else None
    year, number = layout.place(period.start, unit)
    if year == 1:
        raise InvalidPeriod(period.key, _OUTSIDE)
    if number > _count(layout, period.key, unit, year - 1):
        return None
    return _unit(layout, unit_key(year - 1, unit, number), unit, year - 1, number)


def _year_earlier(day: date) -> date:
    """Return the same day a year earlier, 29 February as the 28th."""
    from dateutil.relativedelta import relativedelta  # noqa: PLC0415 - loaded when first needed

    return day - relativedelta(years=1)


def _within(key: str, reach: Callable[[], date]) -> date:
    """Return a day, or refuse a period that leaves the years there are."""
    try:
        return reach()
    except (ValueError, OverflowError):
        raise InvalidPeriod(key, _OUTSIDE) from None
