"""Years of twelve Gregorian months, which may begin in any of them."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Final, assert_never

import attrs

from salescore.errors import InvalidPeriod, InvalidRecord
from salescore.values._period import ALL_UNITS, CalendarUnit, YearPart

MONTHS: Final = 12
"""Months in a year."""

AFTER_TIME: Final = date.max.toordinal() + 1
"""Ordinal of the day after the last day there is."""

_QUARTER = 3


class YearName(Enum):
    """Which calendar year names a business year that lies in two of them."""

    FIRST = "first"
    LAST = "last"


@attrs.frozen(kw_only=True)
class MonthYears:
    """
    The layout of a calendar of Gregorian months and ISO weeks.

    Attributes:
        first_month: Month in which the year starts, 1 to 12.
        named_by: The calendar year that names a year: that of its first day, or of its last;
            `FIRST` for years from January, which lie in one calendar year.
    """

    first_month: int = 1
    named_by: YearName = YearName.FIRST

    def __attrs_post_init__(self) -> None:
        """Refuse a month that does not exist, and a second spelling of years from January."""
        check_month("MonthYears", "first_month", self.first_month)
        check_naming("MonthYears", self.named_by, in_one_year=self.first_month == 1)

    @property
    def name(self) -> str:
        """Such as "gregorian", "gregorian-04" or "gregorian-04-last"."""
        month = "" if self.first_month == 1 else f"-{self.first_month:02d}"
        return f"gregorian{month}{'-last' if self.named_by is YearName.LAST else ''}"

    @property
    def units(self) -> tuple[CalendarUnit, ...]:
        """All units."""
        return ALL_UNITS

    def place(self, day: date, unit: YearPart) -> tuple[int, int]:
        """Return the number of the year, and within it of the unit, that hold a day."""
        match unit:
            case CalendarUnit.WEEK:
                year, week, _ = day.isocalendar()
                return year, week
            case CalendarUnit.MONTH:
                return day.year, day.month
            case CalendarUnit.QUARTER:
                return self._year(day), (day.month - self.first_month) % MONTHS // _QUARTER + 1
            case CalendarUnit.YEAR:
                return self._year(day), 1
            case _:
                assert_never(unit)

    def _year(self, day: date) -> int:
        """Return the year that names the business year of a day."""
        first = day.year - (day.month < self.first_month)
        year = first + self._later
        if first < 1 or year > date.max.year:
            raise unnamed_year(day, self.name, begins=first > 0)
        return year

    @property
    def _later(self) -> bool:
        """Whether the name of a year is one more than the year in which it starts."""
        return self.named_by is YearName.LAST

    def count(self, year: int, unit: YearPart) -> int:
        """Return how many of the unit a year has."""
        match unit:
            case CalendarUnit.WEEK:
                # 28 December always lies in the last ISO week.
                return date(year, 12, 28).isocalendar().week
            case CalendarUnit.MONTH:
                return MONTHS
            case CalendarUnit.QUARTER:
                return MONTHS // _QUARTER
            case CalendarUnit.YEAR:
                return 1
            case _:
                assert_never(unit)

    def span(self, year: int, unit: YearPart, number: int) -> tuple[int, int]:
        """Return the ordinals of the first day of a unit and of the day after it."""
        match unit:
            case CalendarUnit.WEEK:
                monday = date.fromisocalendar(year, number, 1).toordinal()
                return monday, monday + 7
            case CalendarUnit.MONTH:
                start = date(year, number, 1)
                return start.toordinal(), _ordinal_after(start, 1)
            case CalendarUnit.QUARTER | CalendarUnit.YEAR:
                if year == self._later:  # it would start in the year 0
                    return 0, 1
                step = _QUARTER if unit is CalendarUnit.QUARTER else MONTHS
                ahead = self.first_month - 1 + (number - 1) * step
                first_year = year - self._later + ahead // MONTHS
                if first_year > date.max.year:
                    return AFTER_TIME, AFTER_TIME
                start = date(first_year, ahead % MONTHS + 1, 1)
                return start.toordinal(), _ordinal_after(start, step)
            case _:
                assert_never(unit)


def _ordinal_after(start: date, months: int) -> int:
    """Return the ordinal of the day so many months later; beyond all time, of the day after it."""
    from dateutil.relativedelta import relativedelta  # noqa: PLC0415 - loaded when first needed

    try:
        return (start + relativedelta(months=months)).toordinal()
    except (ValueError, OverflowError):
        return AFTER_TIME


def check_month(record: str, field: str, month: object) -> None:
    """Refuse a month that does not exist."""
    if type(month) is not int or not 1 <= month <= MONTHS:
        raise InvalidRecord(record, field, month, "months go from 1 to 12")


def check_naming(record: str, named_by: object, *, in_one_year: bool) -> None:
    """Refuse what is no `YearName`, and a second name for years that lie in one calendar year."""
    if not isinstance(named_by, YearName):
        raise InvalidRecord(record, "named_by", named_by, "expected YearName.FIRST or LAST")
    if in_one_year and named_by is YearName.LAST:
        fault = "such years lie in one calendar year; say YearName.FIRST"
        raise InvalidRecord(record, "named_by", named_by, fault)


def unnamed_year(day: date, calendar: str, *, begins: bool) -> InvalidPeriod:
    """Return the refusal of a day whose year begins too early, or ends too late to be named."""
    fault = "ends after year 9999" if begins else "starts before year 1"
    return InvalidPeriod(str(day), f"its year in {calendar} {fault}")
