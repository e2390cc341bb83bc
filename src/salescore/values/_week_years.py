"""Years of 52 or 53 whole weeks: 4-4-5, 4-5-4, 5-4-4, and ISO years."""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from datetime import date
from enum import Enum
from functools import lru_cache
from itertools import accumulate
from typing import Final, assert_never

import attrs

from salescore.errors import InvalidRecord
from salescore.values._month_years import (
    MONTHS,
    YearName,
    check_month,
    check_naming,
    unnamed_year,
)
from salescore.values._period import ALL_UNITS, CalendarUnit, YearPart

PATTERNS: Final = ("4-4-5", "4-5-4", "5-4-4")
"""Weeks in the three months of a quarter."""

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""Days of the week as they stand in names, Monday first."""

_WEEK = 7
_SHORT = 52
_QUARTERS = 4
# The Gregorian calendar repeats after 400 years, which are whole weeks.
_CYCLE_YEARS = 400
_CYCLE_DAYS = 146_097
_NRF = ("4-5-4", 1, 5, "nearest", "first", 12)
_ISO = (None, 12, 6, "nearest", "first", 12)


class YearEnd(Enum):
    """Which of the given weekdays ends a year of weeks."""

    LAST = "last"
    NEAREST = "nearest"


@attrs.frozen
class WeekYears:
    """
    The layout of a calendar whose years, quarters and months are whole weeks.

    Attributes:
        pattern: Weeks in the three months of each quarter, one of "4-4-5", "4-5-4" and "5-4-4";
            `None` for years that have weeks only, no months and no quarters.
        end_month: Month at the end of which the year ends, 1 to 12.
        weekday: Day of the week on which the year ends, 0 for Monday to 6 for Sunday.
        rule: `LAST` for the last such weekday of the end month, `NEAREST` for the one nearest to
            the month's last day, up to three days before or after it.
        named_by: The calendar year that names a year: that of its nominal first month, or that of
            its end month; `FIRST` for an end in December, where both are one.
        leap_month: Month, counted from the start of the year, that takes the 53rd week, 1 to 12;
            12 where there are no months.
    """

    pattern: str | None
    end_month: int = 1
    weekday: int = 5
    rule: YearEnd = YearEnd.NEAREST
    named_by: YearName = YearName.FIRST
    leap_month: int = MONTHS

    def __attrs_post_init__(self) -> None:
        """Refuse what is no layout, and second spellings of one."""
        if self.pattern is not None and self.pattern not in PATTERNS:
            fault = f"expected one of {', '.join(PATTERNS)}, or None for weeks only"
            raise InvalidRecord("WeekYears", "pattern", self.pattern, fault)
        check_month("WeekYears", "end_month", self.end_month)
        if type(self.weekday) is not int or not 0 <= self.weekday < _WEEK:
            fault = "weekdays go from 0, Monday, to 6, Sunday"
            raise InvalidRecord("WeekYears", "weekday", self.weekday, fault)
        if type(self.rule) is not YearEnd:
            fault = "expected YearEnd.LAST or NEAREST"
            raise InvalidRecord("WeekYears", "rule", self.rule, fault)
        check_naming("WeekYears", self.named_by, in_one_year=self.end_month == MONTHS)
        check_month("WeekYears", "leap_month", self.leap_month)
        if self.pattern is None and self.leap_month != MONTHS:
            fault = "without months no month takes the 53rd week; leave it at 12"
            raise InvalidRecord("WeekYears", "leap_month", self.leap_month, fault)

    @property
    def name(self) -> str:
        """Such as "nrf", "iso", "445-sat-last-12" or "544-sun-nearest-06-last"."""
        rule, named_by = self.rule.value, self.named_by.value
        whole = (self.pattern, self.end_month, self.weekday, rule, named_by, self.leap_month)
        if whole == _NRF:
            return "nrf"
        if whole == _ISO:
            return "iso"
        pattern = self.pattern.replace("-", "") if self.pattern else "weeks"
        parts = [pattern, WEEKDAYS[self.weekday], rule, f"{self.end_month:02d}"]
        if self.end_month != MONTHS:
            parts.append(named_by)
        if self.leap_month != MONTHS:
            parts.append(f"leap{self.leap_month:02d}")
        return "-".join(parts)

    @property
    def units(self) -> tuple[CalendarUnit, ...]:
        """All units; without a pattern days, weeks and years."""
        if self.pattern is None:
            return (CalendarUnit.DAY, CalendarUnit.WEEK, CalendarUnit.YEAR)
        return ALL_UNITS

    @property
    def months_ahead(self) -> int:
        """Months from the January of the year's name to the nominal first month of the year."""
        ahead = self.end_month % MONTHS
        return ahead - MONTHS if self.named_by is YearName.LAST else ahead

    @property
    def _later(self) -> bool:
        """Whether the year ends in the calendar year after that of its name."""
        return self.named_by is YearName.FIRST and self.end_month != MONTHS

    def place(self, day: date, unit: YearPart) -> tuple[int, int]:
        """Return the number of the year, and within it of the unit, that hold a day."""
        ordinal = day.toordinal()
        ending = day.year + (ordinal > self._end(day.year))
        if ordinal <= self._end(ending - 1):  # up to three days reach into the next year
            ending -= 1
        start = self._end(ending - 1) + 1
        year = ending - self._later
        if start < 1 or year > date.max.year:
            raise unnamed_year(day, self.name, begins=start > 0)
        week = (ordinal - start) // _WEEK
        match unit:
            case CalendarUnit.YEAR:
                return year, 1
            case CalendarUnit.WEEK:
                return year, week + 1
            case CalendarUnit.MONTH | CalendarUnit.QUARTER:
                return year, bisect_right(self._starts(year, unit), week)
            case _:
                assert_never(unit)

    def count(self, year: int, unit: YearPart) -> int:
        """Return how many of the unit a year has."""
        match unit:
            case CalendarUnit.YEAR:
                return 1
            case CalendarUnit.WEEK:
                start, end = self.span(year, CalendarUnit.YEAR, 1)
                return (end - start) // _WEEK
            case CalendarUnit.MONTH:
                return MONTHS
            case CalendarUnit.QUARTER:
                return _QUARTERS
            case _:
                assert_never(unit)

    def span(self, year: int, unit: YearPart, number: int) -> tuple[int, int]:
        """Return the ordinals of the first day of a unit and of the day after it."""
        ending = year + self._later
        start, end = self._end(ending - 1) + 1, self._end(ending) + 1
        if start < 1:  # a year that begins before all time has no units either
            return start, end
        match unit:
            case CalendarUnit.YEAR:
                return start, end
            case CalendarUnit.WEEK:
                return start + (number - 1) * _WEEK, start + number * _WEEK
            case CalendarUnit.MONTH | CalendarUnit.QUARTER:
                starts = self._starts(year, unit)
                return start + starts[number - 1] * _WEEK, start + starts[number] * _WEEK
            case _:
                assert_never(unit)

    def _end(self, ending: int) -> int:
        """Return the ordinal of the last day of the year that ends in a calendar year."""
        return _year_end(ending, self.end_month, self.weekday, self.rule)

    def _starts(self, year: int, unit: YearPart) -> tuple[int, ...]:
        """Return the first week of each month or quarter of a year, from 0, and the end."""
        months = _month_starts(
            self.pattern or PATTERNS[0], self.count(year, CalendarUnit.WEEK), self.leap_month
        )
        return months[:: MONTHS // _QUARTERS] if unit is CalendarUnit.QUARTER else months


@lru_cache(maxsize=1024)
def _year_end(ending: int, month: int, weekday: int, rule: YearEnd) -> int:
    """Return the ordinal of the day that ends a year, also of the year 0 and of 10000."""
    cycles = (ending > date.max.year) - (ending < 1)
    like = ending - cycles * _CYCLE_YEARS
    _, length = monthrange(like, month)
    month_end = date(like, month, length).toordinal() + cycles * _CYCLE_DAYS
    behind = (month_end - 1 - weekday) % _WEEK
    match rule:
        case YearEnd.LAST:
            return month_end - behind
        case YearEnd.NEAREST:
            return month_end - behind + (_WEEK if behind > _WEEK // 2 else 0)
        case _:
            assert_never(rule)


@lru_cache(maxsize=128)
def _month_starts(pattern: str, weeks: int, leap_month: int) -> tuple[int, ...]:
    """Return the first week of each month of a year, from 0, and the end of the year."""
    lengths = [int(part) for part in pattern.split("-")] * _QUARTERS
    lengths[leap_month - 1] += weeks - _SHORT
    return tuple(accumulate(lengths, initial=0))
