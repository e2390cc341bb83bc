"""Working calendars: on which days work is done, at which hours, and where nobody knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Literal

import attrs

from salescore.errors import InvalidDate, InvalidDocument, InvalidRecord
from salescore.values._dates import check_instant, day_of
from salescore.values._intervals import Intervals
from salescore.values._ledger import Ledger, ordinal_of
from salescore.values._period import Period
from salescore.values._shifts import (
    OFFICE_WEEK,
    Shift,
    check_week,
    parse_week,
)
from salescore.values._special_days import (
    SpecialDay,
    in_calendar_order,
)
from salescore.values._working_data import Years, data_of, parts_of, years_known
from salescore.values._working_time import hours_of, time_after, time_before, time_between

_NO_TIME = timedelta(0)
_NO_PAUSES = Intervals()


@attrs.frozen(kw_only=True)
class WorkingCalendar:
    """
    A week of working hours in a zone, with the holidays and extra working days of known years.

    A year of which nobody said the holidays is *unknown*: a question that needs such a year is
    answered by `None`, never by the plain week, and `unknown_years` says which years are missing.
    A special day is known even if its year is not. Days are dates on the wall of the zone; a date
    that the zone skipped, such as 2011-12-30 in Samoa, counts as its weekday does but has no hours.

    Working time is elapsed real time: an hour that the clocks skip adds nothing, an hour that they
    show twice counts twice.

    Attributes:
        name: What the calendar is called, such as "china".
        zone: Name in the IANA time zone database.
        weekly: The shifts of Monday to Sunday, each in order of time; empty on a free day.
        special_days: Holidays and extra working days by date.
        years: Years whose special days are all known, or "all".
    """

    name: str
    zone: str = "UTC"
    weekly: tuple[tuple[Shift, ...], ...]
    special_days: tuple[SpecialDay, ...] = attrs.field(default=(), converter=in_calendar_order)
    years: Years = attrs.field(converter=years_known)

    def __attrs_post_init__(self) -> None:
        """Refuse an unknown zone, a week without work, and hours that overlap."""
        day_of(datetime(2000, 1, 1, tzinfo=UTC), self.zone)
        check_week(self.weekly)
        if not isinstance(self.years, str) and any(type(one) is not int for one in self.years):
            fault = "give whole years, or 'all'"
            raise InvalidRecord("WorkingCalendar", "years", self.years, fault)
        self._ledger.check_nights()

    @classmethod
    def of(
        cls,
        name: str,
        *,
        years: Iterable[int] | Literal["all"],
        zone: str = "UTC",
        weekly: Mapping[str, str] | None = None,
        special_days: Iterable[SpecialDay] = (),
    ) -> WorkingCalendar:
        """
        Return a working calendar.

        Args:
            name: What to call it.
            years: Years whose special days are all among those given, as `years_on_record` reads
                them off a list; "all" for a calendar that has no others in any year, such as one
                without holidays.
            zone: Name in the IANA time zone database.
            weekly: From weekdays to shifts by the clock of the zone, such as
                `{"mon-fri": "09:00-12:00 13:00-18:00", "sat": "09:00-12:00"}`; weekdays that are
                left out are free. By default Monday to Friday from 9 to 17 o'clock.
            special_days: Holidays and extra working days, in any order; `parse_special_days` makes
                them of rows.

        Returns:
            The calendar.

        Raises:
            InvalidRecord: If no weekday has hours, or a night shift runs into the next day's.
            InvalidValue: If hours are no hours or overlap, or a day is special twice.
            UnknownName: If there is no such zone or weekday.

        Examples:
            >>> office = WorkingCalendar.of("office", years="all")
            >>> office.add_working_days(date(2026, 3, 6), 1)
            datetime.date(2026, 3, 9)
        """
        week = parse_week(dict(OFFICE_WEEK) if weekly is None else weekly)
        return cls(name=name, zone=zone, weekly=week, special_days=special_days, years=years)

    @classmethod
    def from_data(cls, data: object) -> WorkingCalendar:
        """
        Return the working calendar that a JSON document states.

        Args:
            data: The document, as `as_data` writes it.

        Returns:
            The calendar.

        Raises:
            InvalidDocument: If a key is missing or unknown, or anything in it says nothing.
        """
        parts = parts_of(data)
        try:
            return cls.of(
                parts.name,
                years=parts.years,
                zone=parts.zone,
                weekly=parts.weekly,
                special_days=parts.special_days,
            )
        except (LookupError, ValueError) as error:
            raise InvalidDocument("", str(error)) from None

    def as_data(self) -> dict[str, object]:
        """
        Return the calendar as plain JSON data.

        Returns:
            Schema, name, zone, shifts by weekday, special days, and the known years or "all".
        """
        return data_of(self.name, self.zone, self.weekly, self.special_days, self.years)

    @cached_property
    def _ledger(self) -> Ledger:
        """Prefix sums over week and special days."""
        special = tuple((one.day, one.shifts_in(self.weekly)) for one in self.special_days)
        return Ledger(self.weekly, special, None if isinstance(self.years, str) else self.years)

    @cached_property
    def _special(self) -> Mapping[date, SpecialDay]:
        """Special days by date."""
        return {special.day: special for special in self.special_days}

    def special_day(self, day: date) -> SpecialDay | None:
        """
        Return what is special about a day.

        Args:
            day: A business date.

        Returns:
            The holiday or extra working day, or `None` where the week holds or nobody knows.
        """
        return self._special.get(day)

    def unknown_years(self, start: date, end: date) -> tuple[int, ...]:
        """
        Return the years that must become known before a range of days can be judged.

        Args:
            start: First day.
            end: The day after the last one.

        Returns:
            The years, in order; empty if every day in the range is known.

        Raises:
            InvalidDate: If an end is no date.

        Examples:
            >>> plan = WorkingCalendar.of("plan", years=[2026])
            >>> plan.unknown_years(date(2026, 12, 1), date(2027, 2, 1))
            (2027,)
        """
        return self._ledger.unknown_years(ordinal_of(start), ordinal_of(end))

    def is_working_day(self, day: date) -> bool | None:
        """
        Return whether work is done on a day.

        Args:
            day: A business date.

        Returns:
            `True` if a shift starts on it, `False` if it is free, `None` if its year is unknown.

        Raises:
            InvalidDate: If it is no date.
        """
        here = ordinal_of(day)
        return None if self._ledger.unknown_years(here, here + 1) else self._ledger.is_open(here)

    def working_days(self, during: Period) -> int | None:
        """
        Return the number of working days in a period.

        Args:
            during: The period.

        Returns:
            Days, at or above zero, or `None` if the period touches an unknown year.
        """
        return self.working_days_between(during.start, during.end)

    def working_days_between(self, start: date, end: date) -> int | None:
        """
        Return the number of working days from one day up to but without another.

        Args:
            start: First day.
            end: The day after the last one, not before the start.

        Returns:
            Days, at or above zero, or `None` if the range touches an unknown year.

        Raises:
            InvalidDate: If an end is no date, or they are in the wrong order.

        Examples:
            >>> office = WorkingCalendar.of("office", years="all")
            >>> office.working_days_between(date(2026, 3, 2), date(2026, 3, 9))
            5
        """
        if ordinal_of(start) > ordinal_of(end):
            raise InvalidDate(str(end), f"it must not be before the start, {start}")
        if self.unknown_years(start, end):
            return None
        return self._ledger.days_before(ordinal_of(end)) - self._ledger.days_before(
            ordinal_of(start)
        )

    def add_working_days(self, day: date, n: int) -> date | None:
        """
        Return the nth working day after or before a day.

        The day itself is not counted, whether it is free or not: one working day after a Saturday
        is the Monday, as it is after the Friday.

        Args:
            day: A business date.
            n: Working days; negative for days before. 0 gives the day itself if it is a working
                day, else the next one.

        Returns:
            A working day, or `None` if an unknown day lies between.

        Raises:
            InvalidDate: If the day is no date, or the result lies outside the years 1 to 9999.

        Examples:
            >>> office = WorkingCalendar.of("office", years="all")
            >>> office.add_working_days(date(2026, 3, 7), -2)
            datetime.date(2026, 3, 5)
        """
        ledger, here = self._ledger, ordinal_of(day)
        if n > 0:
            found = ledger.working_day(ledger.days_before(here + 1) + n)
            unknown = ledger.unknown_years(here + 1, found + 1)
        else:
            found = ledger.working_day(ledger.days_before(here) + n + 1)
            unknown = ledger.unknown_years(min(here, found), max(here, found + 1))
        return None if unknown else date.fromordinal(found)

    def next_working_day(self, day: date) -> date | None:
        """
        Return the first working day after a day.

        Args:
            day: A business date, not counted itself.

        Returns:
            A later day, or `None` if an unknown day lies between.
        """
        return self.add_working_days(day, 1)

    def previous_working_day(self, day: date) -> date | None:
        """
        Return the last working day before a day.

        Args:
            day: A business date, not counted itself.

        Returns:
            A day, or `None` if an unknown day lies between.
        """
        return self.add_working_days(day, -1)

    def shifts(self, day: date) -> tuple[Shift, ...] | None:
        """
        Return the working hours that belong to a day, by the clock on the wall.

        Args:
            day: A business date.

        Returns:
            Shifts in order of time, none on a free day; `None` if the day's year is unknown.

        Raises:
            InvalidDate: If the day is no date.
        """
        if self.is_working_day(day) is None:
            return None
        special = self.special_day(day)
        return self.weekly[day.weekday()] if special is None else special.shifts_in(self.weekly)

    def hours(self, day: date) -> Intervals | None:
        """
        Return the working hours that belong to a day, in real time.

        Args:
            day: A business date from year 2 to 9998. A night shift belongs to the day on which it
                starts.

        Returns:
            Intervals in UTC, none on a free day; `None` if the day's year is unknown.

        Raises:
            InvalidDate: If the day is no date, or lies outside those years.

        Examples:
            >>> office = WorkingCalendar.of("office", years="all", zone="Europe/Berlin")
            >>> str(office.hours(date(2026, 3, 2)).parts[0])
            '2026-03-02T08:00:00Z..2026-03-02T16:00:00Z'
        """
        if self.is_working_day(day) is None:
            return None
        return hours_of(self._ledger, self.zone, ordinal_of(day))

    def working_time(
        self, start: datetime, end: datetime, *, pauses: Intervals = _NO_PAUSES
    ) -> timedelta | None:
        """
        Return how much working time lies between two instants.

        Args:
            start: An aware datetime in the years 2 to 9998.
            end: Likewise, not before the start.
            pauses: What not to count, such as the time spent waiting for the customer.

        Returns:
            Elapsed time inside working hours, or `None` if an unknown day lies between.

        Raises:
            InvalidDate: If an instant is naive, outside those years, or the end before the start.

        Examples:
            >>> office = WorkingCalendar.of("office", years="all")
            >>> friday = datetime(2026, 3, 6, 16, tzinfo=UTC)
            >>> str(office.working_time(friday, datetime(2026, 3, 9, 10, tzinfo=UTC)))
            '2:00:00'
        """
        if check_instant(start) > check_instant(end):
            raise InvalidDate(str(end), f"it must not be before the start, {start}")
        return time_between(self._ledger, self.zone, start, end, pauses)

    def add_working_time(
        self, start: datetime, amount: timedelta, *, pauses: Intervals = _NO_PAUSES
    ) -> datetime | None:
        """
        Return the instant that an amount of working time after or before another one leads to.

        Going on, it is the first instant at which that much has been worked: eight hours from nine
        o'clock end at the evening's close, not at the next morning's opening. Going back, it is the
        last instant from which that much is worked up to the start.

        Args:
            start: An aware datetime in the years 2 to 9998.
            amount: Working time; negative to go back. Zero gives the start itself.
            pauses: What not to count.

        Returns:
            An instant in UTC, or `None` if an unknown day lies between.

        Raises:
            InvalidDate: If the start is naive, or it or the result lies outside those years.

        Examples:
            >>> office = WorkingCalendar.of("office", years="all")
            >>> friday = datetime(2026, 3, 6, 16, tzinfo=UTC)
            >>> office.add_working_time(friday, timedelta(hours=2)).isoformat()
            '2026-03-09T10:00:00+00:00'
        """
        if not amount:
            return check_instant(start)
        if amount > _NO_TIME:
            return time_after(self._ledger, self.zone, start, amount, pauses)
        return time_before(self._ledger, self.zone, start, -amount, pauses)
