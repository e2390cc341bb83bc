"""Calendars: which day belongs to which year, quarter, month and week."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import partial
from typing import Final, assert_never

import attrs

from salescore.errors import InvalidDate, InvalidPeriod, InvalidRecord, UnknownName
from salescore.values._dates import parse_date
from salescore.values._period import CalendarUnit, Period, is_day

_MONTHS = 12
_STEPS: Final = {CalendarUnit.MONTH: 1, CalendarUnit.QUARTER: 3, CalendarUnit.YEAR: _MONTHS}
_NAME = re.compile(r"gregorian(?:-(0[2-9]|1[0-2]))?")
_KEY = re.compile(r"([0-9]{4})(?:-(?:Q([0-9])|W([0-9]{2})|([0-9]{2})))?")
_FORMS = "expected 2017, 2017-Q4, 2017-12, 2017-W50, 2017-12-31 or 2017-10-01..2017-12-31"


@attrs.frozen
class Calendar:
    """
    A Gregorian calendar whose business year starts in any month.

    Months are the Gregorian months and weeks the ISO weeks in every such calendar, with the same
    keys; weeks belong to the ISO year. Years and quarters follow the business year, which is named
    by the calendar year in which it *starts*: with `first_month=4` the year "2017" runs from
    2017-04-01 to 2018-03-31 and "2017-Q4" from 2018-01-01 to 2018-03-31. Every day lies in exactly
    one period of each unit.

    Attributes:
        first_month: Month in which the year starts, 1 to 12.
    """

    first_month: int = 1

    def __attrs_post_init__(self) -> None:
        """Refuse a month that does not exist."""
        if type(self.first_month) is not int or not 1 <= self.first_month <= _MONTHS:
            fault = "a year starts in month 1 to 12"
            raise InvalidRecord("Calendar", "first_month", self.first_month, fault)

    @classmethod
    def named(cls, name: str) -> Calendar:
        """
        Return the calendar with a name.

        Args:
            name: "gregorian", or "gregorian-04" for a year that starts in April.

        Returns:
            The calendar, so that `Calendar.named(name).name == name`.

        Raises:
            UnknownName: If there is no such calendar.

        Examples:
            >>> Calendar.named("gregorian-04").first_month
            4
        """
        found = _NAME.fullmatch(name)
        if found is None:
            known = tuple(cls(month).name for month in range(1, _MONTHS + 1))
            raise UnknownName("calendar", name, known)
        return cls(int(found[1] or "1"))

    @property
    def name(self) -> str:
        """The calendar's name, which periods carry."""
        return "gregorian" if self.first_month == 1 else f"gregorian-{self.first_month:02d}"

    def key(self, day: date, unit: CalendarUnit) -> str:
        """
        Return the key of the period that holds a day.

        Args:
            day: A business date.
            unit: The unit of the period.

        Returns:
            Such as "2017", "2017-Q4", "2017-12", "2017-W50" or "2017-12-31".

        Raises:
            InvalidPeriod: If the day is no date, or its business year would start before year 1.

        Examples:
            >>> Calendar().key(date(2027, 1, 1), CalendarUnit.WEEK)
            '2026-W53'
        """
        if not is_day(day):
            raise InvalidPeriod(str(day), "expected a date without a time")
        match unit:
            case CalendarUnit.DAY:
                return day.isoformat()
            case CalendarUnit.WEEK:
                year, week, _ = day.isocalendar()
                return f"{year:04d}-W{week:02d}"
            case CalendarUnit.MONTH:
                return f"{day.year:04d}-{day.month:02d}"
            case CalendarUnit.QUARTER:
                quarter = (day.month - self.first_month) % _MONTHS // 3 + 1
                return f"{self._year(day):04d}-Q{quarter}"
            case CalendarUnit.YEAR:
                return f"{self._year(day):04d}"
            case _:
                assert_never(unit)

    def _year(self, day: date) -> int:
        """Return the year that names the business year of a day."""
        year = day.year - (day.month < self.first_month)
        if not year:
            raise InvalidPeriod(str(day), f"its year in {self.name} starts before year 1")
        return year

    def keys(self, days: Iterable[date | None], unit: CalendarUnit) -> list[str | None]:
        """
        Return the keys of many days, working out each distinct day once.

        Args:
            days: Business dates; `None` where a row has none.
            unit: The unit of the periods.

        Returns:
            One key per day; `None` for `None`, and for a day at the end of all time that no
            period of that unit holds.

        Examples:
            >>> Calendar().keys([date(2017, 1, 5), None], CalendarUnit.QUARTER)
            ['2017-Q1', None]
        """
        column = list(days)
        table = {day: self._key_or_none(day, unit) for day in set(column)}
        return list(map(table.__getitem__, column))

    def _key_or_none(self, day: date | None, unit: CalendarUnit) -> str | None:
        try:
            return None if day is None else self.key(day, unit)
        except InvalidPeriod:
            return None

    def period(self, day: date, unit: CalendarUnit) -> Period:
        """
        Return the period that holds a day.

        Args:
            day: A business date.
            unit: The unit of the period.

        Returns:
            The period.

        Raises:
            InvalidPeriod: If the day is no date, or the period reaches beyond the years 1 to 9999.

        Examples:
            >>> Calendar().period(date(2017, 11, 5), CalendarUnit.QUARTER).key
            '2017-Q4'
        """
        key = self.key(day, unit)
        match unit:
            case CalendarUnit.DAY:
                return self._made(key, unit, day)
            case CalendarUnit.WEEK:
                return self._made(key, unit, day - timedelta(days=day.weekday()))
            case CalendarUnit.MONTH | CalendarUnit.QUARTER | CalendarUnit.YEAR:
                behind = (day.month - self.first_month) % _MONTHS % _STEPS[unit]
                month = day.year * _MONTHS + day.month - 1 - behind
                return self._made(key, unit, date(month // _MONTHS, month % _MONTHS + 1, 1))
            case _:
                assert_never(unit)

    def _made(self, key: str, unit: CalendarUnit, start: date) -> Period:
        """Return the period of a unit that starts on a day."""
        try:
            end = _shifted(start, unit, 1)
        except (ValueError, OverflowError):
            raise InvalidPeriod(key, f"it does not end before {date.max}") from None
        return Period(start=start, end=end, unit=unit, calendar=self.name, key=key)

    def parse(self, text: str) -> Period:
        """
        Return the period that a text names.

        Args:
            text: "2017", "2017-Q4", "2017-12", "2017-W50", "2017-12-31", or a custom range with
                both of its outer days, "2017-10-01..2017-12-31".

        Returns:
            The period; `parse(period.key) == period` for every period of this calendar.

        Raises:
            InvalidPeriod: If the text has none of these forms or names what does not exist.

        Examples:
            >>> Calendar().parse("2017-Q4").last_day
            datetime.date(2017, 12, 31)
        """
        start, dots, last_day = text.partition("..")
        if dots:
            return Period.custom(_date(start, text), _date(last_day, text), self.name)
        found = _KEY.fullmatch(text)
        if found is None:
            return self._made(text, CalendarUnit.DAY, _date(text, text))
        year, quarter, week, month = (int(part) if part else None for part in found.groups())
        if not year:
            raise InvalidPeriod(text, "years count from 0001")
        if week is not None:
            try:
                monday = date.fromisocalendar(year, week, 1)
            except ValueError:
                raise InvalidPeriod(text, f"{year:04d} has no ISO week {week}") from None
            return self._made(text, CalendarUnit.WEEK, monday)
        if month is not None:
            if not 1 <= month <= _MONTHS:
                raise InvalidPeriod(text, "months go from 01 to 12")
            return self._made(text, CalendarUnit.MONTH, date(year, month, 1))
        first_day = date(year, self.first_month, 1)
        if quarter is None:
            return self._made(text, CalendarUnit.YEAR, first_day)
        if not 1 <= quarter <= 4:  # noqa: PLR2004 - quarters of a year
            raise InvalidPeriod(text, "quarters go from Q1 to Q4")
        start_of = partial(_shifted, first_day, CalendarUnit.QUARTER, quarter - 1)
        return self._made(text, CalendarUnit.QUARTER, _within(text, start_of))

    def previous(self, period: Period) -> Period:
        """
        Return the period before.

        Args:
            period: A period of this calendar, or a custom one.

        Returns:
            The calendar unit before; for a custom range as many days, ending the day before it
            starts.

        Raises:
            InvalidPeriod: If it is of another calendar, or nothing lies before it.

        Examples:
            >>> Calendar().previous(Period.custom(date(2026, 6, 1), date(2026, 6, 30))).key
            '2026-05-02..2026-05-31'
        """
        return self._moved(period, -1)

    def next(self, period: Period) -> Period:
        """
        Return the period after, the inverse of `previous`.

        Args:
            period: A period of this calendar, or a custom one.

        Returns:
            The calendar unit after; for a custom range as many days, starting on its end.

        Raises:
            InvalidPeriod: If it is of another calendar, or nothing lies after it.

        Examples:
            >>> Calendar().next(Calendar().parse("2017-Q4")).key
            '2018-Q1'
        """
        return self._moved(period, 1)

    def _moved(self, period: Period, steps: int) -> Period:
        """Return a period so many steps away."""
        self._check(period)
        if period.unit is None:
            shift = timedelta(days=steps * period.days)
            start = _within(period.key, lambda: period.start + shift)
            last_day = _within(period.key, lambda: period.last_day + shift)
            return Period.custom(start, last_day, period.calendar)
        unit = period.unit
        day = _within(period.key, lambda: _shifted(period.start, unit, steps))
        return self.period(day, unit)

    def _check(self, period: Period) -> None:
        """Refuse a calendar unit of another calendar."""
        if period.unit is not None and period.calendar != self.name:
            raise InvalidPeriod(period.key, f"it belongs to {period.calendar}, not to {self.name}")

    def year_ago(self, period: Period) -> Period | None:
        """
        Return the same period a year earlier.

        Args:
            period: A period of this calendar, or a custom one.

        Returns:
            The unit with the same place in the year before: the same month, the same quarter, the
            ISO week with the same number. A custom range goes back with its first and its last
            day, 29 February to the 28th. `None` where the year before has no such unit: week 53,
            or the day 29 February.

        Raises:
            InvalidPeriod: If it is of another calendar, or there is no year before.

        Examples:
            >>> Calendar().year_ago(Calendar().parse("2026-W53")) is None
            True
        """
        self._check(period)
        unit = period.unit
        year_before = partial(_shifted, unit=CalendarUnit.YEAR, steps=-1)
        if unit is None:
            start = _within(period.key, lambda: year_before(period.start))
            last_day = _within(period.key, lambda: year_before(period.last_day))
            return Period.custom(start, last_day, period.calendar)
        if unit is CalendarUnit.WEEK:
            year, week, _ = period.start.isocalendar()
            if week == 53 and _weeks(year - 1) < week:  # noqa: PLR2004 - the leap week
                return None
            return self.parse(f"{year - 1:04d}-W{week:02d}")
        day = _within(period.key, lambda: year_before(period.start))
        return self.period(day, unit) if day.day == period.start.day else None

    def periods(self, period: Period, unit: CalendarUnit) -> tuple[Period, ...]:
        """
        Return all periods of a unit that share a day with a period, in order.

        Args:
            period: Any period, also of another calendar.
            unit: The unit to cut it into.

        Returns:
            Adjoining periods of this calendar. They tile the period exactly if its bounds are
            bounds of the unit; else the first and the last reach over.

        Raises:
            InvalidPeriod: If one of them reaches beyond the years 1 to 9999.

        Examples:
            >>> months = Calendar().periods(Calendar().parse("2017-Q4"), CalendarUnit.MONTH)
            >>> [month.key for month in months]
            ['2017-10', '2017-11', '2017-12']
        """
        found = [self.period(period.start, unit)]
        while found[-1].end < period.end:
            found.append(self.period(found[-1].end, unit))
        return tuple(found)


def _shifted(day: date, unit: CalendarUnit, steps: int) -> date:
    """Return a day so many units away: one step from the anchor, clamped to the month's end."""
    if unit is CalendarUnit.DAY or unit is CalendarUnit.WEEK:
        return day + timedelta(days=steps * (7 if unit is CalendarUnit.WEEK else 1))
    from dateutil.relativedelta import relativedelta  # noqa: PLC0415 - loaded when first needed

    return day + relativedelta(months=steps * _STEPS[unit])


def _within(key: str, reach: Callable[[], date]) -> date:
    """Return a day, or refuse a period that leaves the years there are."""
    try:
        return reach()
    except (ValueError, OverflowError):
        raise InvalidPeriod(key, "the period asked for lies outside the years 1 to 9999") from None


def _weeks(year: int) -> int:
    """Return how many ISO weeks a year has; 28 December always lies in the last."""
    return date(year, 12, 28).isocalendar().week


def _date(text: str, whole: str) -> date:
    """Return a day named inside the text of a period."""
    try:
        return parse_date(text)
    except InvalidDate as error:
        fault = _FORMS if error.fault.startswith("expected") else error.fault
        raise InvalidPeriod(whole, fault) from None
