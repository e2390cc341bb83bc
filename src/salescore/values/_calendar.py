"""Calendars: which day belongs to which year, quarter, month and week."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import attrs

from salescore.errors import InvalidDocument, InvalidPeriod, InvalidRecord
from salescore.values._calendar_data import data_of, layout_of
from salescore.values._calendar_labels import label_of
from salescore.values._calendar_names import Layout, is_spelled, layout_named, naming
from salescore.values._calendar_periods import (
    check_own,
    check_unit,
    key_of,
    neighbour,
    period_named,
    period_of,
    year_before,
)
from salescore.values._calendar_row import CalendarRow
from salescore.values._custom_years import CustomYear, CustomYears
from salescore.values._month_years import MONTHS, MonthYears, YearName
from salescore.values._period import CalendarUnit, Period
from salescore.values._week_years import WeekYears, YearEnd


@attrs.frozen(kw_only=True)
class Calendar:
    """
    A way to lay out years, and every day in one of their quarters, months and weeks.

    Without arguments it is the Gregorian calendar. `months` starts its years in any month, `weeks`
    makes years of 52 or 53 whole weeks, `custom` lists them. Two calendars are equal if they lay
    out years alike. Every day lies in exactly one period of each unit.

    Attributes:
        layout: How years are laid out.
    """

    layout: Layout = attrs.field(factory=MonthYears)

    def __attrs_post_init__(self) -> None:
        """Refuse what is no layout, and a custom calendar that takes the name of another."""
        if type(self.layout) not in {MonthYears, WeekYears, CustomYears}:
            fault = "expected a layout; months(), weeks() and custom() make calendars"
            raise InvalidRecord("Calendar", "layout", self.layout, fault)
        if isinstance(self.layout, CustomYears) and is_spelled(self.layout.name):
            fault = "that is the name of a calendar with a rule; choose another"
            raise InvalidRecord("Calendar", "name", self.layout.name, fault)

    @classmethod
    def months(cls, first_month: int, named_by: YearName = YearName.FIRST) -> Calendar:
        """
        Return the calendar of Gregorian months whose year starts in a month.

        Months are Gregorian and weeks ISO weeks in all these calendars, with the same keys.

        Args:
            first_month: Month in which the year starts, 1 to 12.
            named_by: Whether a year is named by the calendar year of its first day or of its last;
                for January both are the same calendar.

        Raises:
            InvalidRecord: If there is no such month.

        Examples:
            >>> Calendar.months(4, YearName.LAST).parse("2018-Q1").start
            datetime.date(2017, 4, 1)
        """
        named_by = naming(named_by, in_one_year=first_month == 1)
        return cls(layout=MonthYears(first_month=first_month, named_by=named_by))

    @classmethod
    def weeks(
        cls,
        pattern: str | None,
        *,
        end_month: int = 1,
        weekday: int = 5,
        rule: YearEnd = YearEnd.NEAREST,
        named_by: YearName = YearName.FIRST,
        leap_month: int = MONTHS,
    ) -> Calendar:
        """
        Return a calendar of whole weeks; what is left out is as in the NRF's retail calendar.

        Args:
            pattern: Weeks of the months of each quarter: "4-4-5", "4-5-4" or "5-4-4"; `None` for
                years of weeks without months and quarters.
            end_month: Month at whose end the year ends, 1 to 12.
            weekday: Day on which the year ends, 0 for Monday to 6 for Sunday.
            rule: Whether that is the month's last such day or the one nearest to its last day.
            named_by: Whether the first month's or the end month's calendar year names the year.
            leap_month: Month of the year that takes the 53rd week, 1 to 12.

        Raises:
            InvalidRecord: If one of them does not exist.

        Examples:
            >>> Calendar.weeks("4-5-4").name, Calendar.weeks("4-4-5", rule=YearEnd.LAST).name
            ('nrf', '445-sat-last-01-first')
        """
        named_by = naming(named_by, in_one_year=end_month == MONTHS)
        return cls(layout=WeekYears(pattern, end_month, weekday, rule, named_by, leap_month))

    @classmethod
    def custom(cls, name: str, years: Iterable[CustomYear]) -> Calendar:
        """
        Return a calendar of listed years; days outside them have no period.

        Args:
            name: What to call it; periods carry it.
            years: The years in order, adjoining, with the first day of each of their units.

        Raises:
            InvalidRecord: If years leave a gap, overlap or disagree; all faults are named.

        Examples:
            >>> short = CustomYear(year=2020, start=date(2020, 4, 1), last_day=date(2020, 12, 31))
            >>> Calendar.custom("short", [short]).units
            (<CalendarUnit.DAY: 'day'>, <CalendarUnit.YEAR: 'year'>)
        """
        return cls(layout=CustomYears(name=name, years=tuple(years)))

    @classmethod
    def named(cls, name: str) -> Calendar:
        """
        Return the calendar with a name; each calendar that follows a rule has one.

        Args:
            name: "gregorian"; "gregorian-04" or "gregorian-04-last" for years from April, named by
                their first or last calendar year; "nrf"; "iso"; or pattern, weekday, rule, end
                month and naming of years of weeks, such as "445-sat-nearest-01-first".

        Raises:
            UnknownName: If there is no such calendar.

        Examples:
            >>> Calendar.named("gregorian-04") == Calendar.months(4)
            True
        """
        return cls(layout=layout_named(name))

    @classmethod
    def from_data(cls, data: object) -> Calendar:
        """
        Return the calendar that plain data states.

        Args:
            data: What `as_data` gives; the calendar is then the same.

        Raises:
            InvalidDocument: If the data has another form, with the place of the fault.
        """
        try:
            return cls(layout=layout_of(data))
        except InvalidRecord as error:
            raise InvalidDocument(error.field, error.fault) from None

    def as_data(self) -> dict[str, object]:
        """
        Return the calendar as plain data, ready for JSON: "schema", "kind" and what that needs.

        Examples:
            >>> Calendar.months(4).as_data()["first_month"]
            4
        """
        return data_of(self.layout)

    @property
    def name(self) -> str:
        """The calendar's name, which periods carry."""
        return self.layout.name

    @property
    def units(self) -> tuple[CalendarUnit, ...]:
        """The units that the calendar has, the shortest first; days and years are in all."""
        return self.layout.units

    def key(self, day: date, unit: CalendarUnit) -> str:
        """
        Return the key of the period that holds a day.

        Args:
            day: A business date.
            unit: The unit of the period.

        Returns:
            Such as "2017", "2017-Q4", "2017-12", "2017-W50" or "2017-12-31".

        Raises:
            InvalidPeriod: If the day is no date, its year reaches beyond the years 1 to 9999, or a
                custom calendar does not know it.
            UnknownName: If the calendar has no such unit.

        Examples:
            >>> Calendar().key(date(2027, 1, 1), CalendarUnit.WEEK)
            '2026-W53'
        """
        check_unit(self.layout, unit)
        return key_of(self.layout, day, unit)

    def keys(self, days: Iterable[date | None], unit: CalendarUnit) -> list[str | None]:
        """
        Return the keys of many days, working out each distinct day once.

        Args:
            days: Business dates; `None` where a row has none.
            unit: The unit of the periods.

        Returns:
            One key per day; `None` for `None`, and for a day at the ends of all time or of a
            custom calendar that no period of that unit holds.

        Raises:
            UnknownName: If the calendar has no such unit.

        Examples:
            >>> Calendar().keys([date(2017, 1, 5), None], CalendarUnit.QUARTER)
            ['2017-Q1', None]
        """
        check_unit(self.layout, unit)
        column = list(days)
        table = {day: self._key_or_none(day, unit) for day in set(column)}
        return list(map(table.__getitem__, column))

    def _key_or_none(self, day: date | None, unit: CalendarUnit) -> str | None:
        try:
            return None if day is None else key_of(self.layout, day, unit)
        except InvalidPeriod:
            return None

    def table(self, first: date, last_day: date) -> tuple[CalendarRow, ...]:
        """
        Return the keys of each day of a range, to be joined to columns of days.

        Args:
            first: First day, of the first row.
            last_day: Last day, inside the range, of the last row.

        Raises:
            InvalidPeriod: If there is no such range.

        Examples:
            >>> Calendar.named("nrf").table(date(2020, 2, 2), date(2020, 2, 2))[0][1:]
            ('2020-W01', '2020-01', '2020-Q1', '2020')
        """
        days = tuple(Period.custom(first, last_day, self.name))
        nothing: list[str | None] = [None] * len(days)
        columns = (
            self.keys(days, CalendarUnit(unit)) if CalendarUnit(unit) in self.units else nothing
            for unit in CalendarRow._fields[1:]
        )
        return tuple(map(CalendarRow, days, *columns))

    def period(self, day: date, unit: CalendarUnit) -> Period:
        """
        Return the period that holds a day.

        Args:
            day: A business date.
            unit: The unit of the period.

        Raises:
            InvalidPeriod: If the day is no date, the period reaches beyond the years 1 to 9999, or
                a custom calendar does not know it.
            UnknownName: If the calendar has no such unit.

        Examples:
            >>> Calendar().period(date(2017, 11, 5), CalendarUnit.QUARTER).key
            '2017-Q4'
        """
        return period_of(self.layout, day, unit)

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
        return period_named(self.layout, text)

    def label(self, period: Period, language: str = "en") -> str:
        """
        Return what people call a period.

        Args:
            period: A period of this calendar, or a custom one.
            language: "en" or "zh".

        Returns:
            Such as "Q4 2017" or "2017年第四季度". A year that lies in two calendar years is called
            fiscal; a month of weeks goes by the calendar month that it stands for.

        Raises:
            InvalidPeriod: If it is of another calendar.
            UnknownName: If the language is neither.

        Examples:
            >>> nrf = Calendar.named("nrf")
            >>> nrf.label(nrf.parse("2020-01"))
            'Feb 2020 (month 1 of fiscal 2020)'
        """
        check_own(self.layout, period)
        return label_of(self.layout, period, language)

    def previous(self, period: Period) -> Period:
        """
        Return the period before.

        Args:
            period: A period of this calendar, or a custom one, before which lie as many days.

        Raises:
            InvalidPeriod: If it is of another calendar, or nothing lies before it.

        Examples:
            >>> Calendar().previous(Period.custom(date(2026, 6, 1), date(2026, 6, 30))).key
            '2026-05-02..2026-05-31'
        """
        return neighbour(self.layout, period, -1)

    def next(self, period: Period) -> Period:
        """
        Return the period after, the inverse of `previous`.

        Args:
            period: A period of this calendar, or a custom one, after which lie as many days.

        Raises:
            InvalidPeriod: If it is of another calendar, or nothing lies after it.

        Examples:
            >>> Calendar().next(Calendar().parse("2017-Q4")).key
            '2018-Q1'
        """
        return neighbour(self.layout, period, 1)

    def year_ago(self, period: Period) -> Period | None:
        """
        Return the same period a year earlier.

        Args:
            period: A period of this calendar, or a custom one.

        Returns:
            The unit with the same place in the year before: the same month, the same quarter, the
            week with the same number. A day keeps its date. A custom range goes back with its
            first and its last day, 29 February to the 28th. `None` where the year before has no
            such unit: week 53, or the day 29 February.

        Raises:
            InvalidPeriod: If it is of another calendar, or there is no year before.

        Examples:
            >>> Calendar().year_ago(Calendar().parse("2026-W53")) is None
            True
        """
        return year_before(self.layout, period)

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
            InvalidPeriod: If one of them reaches beyond the years 1 to 9999, or beyond those that
                a custom calendar knows.
            UnknownName: If the calendar has no such unit.

        Examples:
            >>> Calendar().periods(Calendar().parse("2017-Q4"), CalendarUnit.MONTH)[2].key
            '2017-12'
        """
        found = [self.period(period.start, unit)]
        while found[-1].end < period.end:
            found.append(self.period(found[-1].end, unit))
        return tuple(found)
