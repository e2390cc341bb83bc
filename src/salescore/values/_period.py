"""Periods: half-open ranges of days that remember which calendar unit they are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Final, Literal, TypeAlias, assert_never

import attrs

from salescore.errors import InvalidPeriod, InvalidValue

_DAY = timedelta(days=1)
_MOST_MONTHS: Final = 1_200


class CalendarUnit(Enum):
    """The units in which a calendar counts time."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


YearPart: TypeAlias = Literal[
    CalendarUnit.WEEK, CalendarUnit.MONTH, CalendarUnit.QUARTER, CalendarUnit.YEAR
]
"""The units that a calendar counts within its years; days have their dates."""

YEAR_PARTS: Final[tuple[YearPart, ...]] = (
    CalendarUnit.WEEK,
    CalendarUnit.MONTH,
    CalendarUnit.QUARTER,
    CalendarUnit.YEAR,
)
"""All of them, the shortest first."""

ALL_UNITS: Final = tuple(CalendarUnit)
"""All units, the shortest first."""


@attrs.frozen(kw_only=True)
class Period:
    """
    A range of business dates, from its first day up to but without its end.

    Two periods are equal only if unit and calendar are equal too: February 2017 as a month is not
    the custom range of the same 28 days, because what precedes them differs. Make calendar units
    with a `Calendar`, free ranges with `custom`.

    Attributes:
        start: First day.
        end: The day after the last day.
        unit: The calendar unit, or `None` for a custom range.
        calendar: Name of the calendar, such as "gregorian" or "nrf".
        key: Short text that names the period within its calendar: "2017", "2017-Q4", "2017-12",
            "2017-W50", "2017-12-31", or "2017-10-01..2017-12-31" with the last day for a custom
            range.
    """

    start: date
    end: date
    unit: CalendarUnit | None
    calendar: str
    key: str

    def __attrs_post_init__(self) -> None:
        """Refuse what is no range of days."""
        if not (is_day(self.start) and is_day(self.end)):
            raise InvalidPeriod(self.key, "start and end must be dates without a time")
        if self.start >= self.end:
            fault = f"it must start before it ends, not {self.start} before {self.end}"
            raise InvalidPeriod(self.key, fault)

    @classmethod
    def custom(cls, start: date, last_day: date, calendar: str = "gregorian") -> Period:
        """
        Return a free range of days.

        Args:
            start: First day.
            last_day: Last day, inside the period.
            calendar: Name of the calendar that the reader uses.

        Returns:
            The period, without a unit.

        Raises:
            InvalidPeriod: If the last day is before the first, or is the last day there is.

        Examples:
            >>> Period.custom(date(2026, 6, 1), date(2026, 6, 30)).days
            30
        """
        key = f"{start}..{last_day}"
        if last_day == date.max:
            raise InvalidPeriod(key, f"it must end before {date.max}")
        if start > last_day:
            raise InvalidPeriod(key, "its last day is before its first; swap them")
        return cls(start=start, end=last_day + _DAY, unit=None, calendar=calendar, key=key)

    @classmethod
    def trailing(cls, last_day: date, months: int, calendar: str = "gregorian") -> Period:
        """
        Return the months that end with a day.

        Counted back from the day after, so that those up to the end of a month are whole months.

        Args:
            last_day: Last day, inside the period.
            months: How many, from 1 to 1,200.
            calendar: Name of the calendar that the reader uses.

        Returns:
            A custom period.

        Raises:
            InvalidValue: The number of months is none, or out of its range.
            InvalidPeriod: It would begin before the first day there is, or end with the last.

        Examples:
            >>> str(Period.trailing(date(2026, 6, 30), 12))
            '2025-07-01..2026-06-30'
        """
        from dateutil.relativedelta import relativedelta  # noqa: PLC0415 - when first needed

        if type(months) is not int or not 1 <= months <= _MOST_MONTHS:
            fault = f"expected a whole number from 1 to {_MOST_MONTHS:,}"
            raise InvalidValue("months of a period", months, fault)
        try:
            start = last_day + _DAY - relativedelta(months=months)
        except (OverflowError, ValueError):
            raise InvalidPeriod(f"{months} months up to {last_day}", "no such days") from None
        return cls.custom(start, last_day, calendar)

    @property
    def days(self) -> int:
        """Number of days."""
        return (self.end - self.start).days

    @property
    def last_day(self) -> date:
        """The last day inside the period."""
        return self.end - _DAY

    def contains(self, day: date) -> bool:
        """
        Return whether a day lies in the period.

        Args:
            day: A business date.

        Returns:
            `True` from the first day to the last, `False` on the end and beyond.

        Examples:
            >>> Period.custom(date(2026, 6, 1), date(2026, 6, 30)).contains(date(2026, 7, 1))
            False
        """
        return self.start <= day < self.end

    def __contains__(self, day: date) -> bool:
        """Return whether a day lies in the period."""
        return self.contains(day)

    def __iter__(self) -> Iterator[date]:
        """Yield each day in order."""
        return map(date.fromordinal, range(self.start.toordinal(), self.end.toordinal()))

    def __str__(self) -> str:
        """Return the key."""
        return self.key


def unit_key(year: int, unit: YearPart, number: int) -> str:
    """Return the key of a unit by the number of its year and its own within that year."""
    match unit:
        case CalendarUnit.YEAR:
            return f"{year:04d}"
        case CalendarUnit.QUARTER:
            return f"{year:04d}-Q{number}"
        case CalendarUnit.MONTH:
            return f"{year:04d}-{number:02d}"
        case CalendarUnit.WEEK:
            return f"{year:04d}-W{number:02d}"
        case _:
            assert_never(unit)


def is_day(value: object) -> bool:
    """Return whether a value is a date without a time of day."""
    return isinstance(value, date) and not isinstance(value, datetime)
