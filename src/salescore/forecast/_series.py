"""Values in equal steps of time: what was seen, what is missing, and what is not over yet."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import pairwise

import attrs

from salescore.errors import InvalidPeriod, InvalidValue
from salescore.forecast._distribution_checks import check_kind, listed, paired
from salescore.forecast._numbers import finite
from salescore.forecast._pipeline_checks import check_day
from salescore.forecast._unfinished import Unfinished, UnfinishedPeriod, unfinished_period
from salescore.metrics import Trend
from salescore.values import Calendar, CalendarUnit, Period, WorkingCalendar

Values = tuple[Decimal | None, ...]

_LARGEST = Decimal("1E+30")
_MOST_SEASON = 1000
_A_PERIOD = "a Period, such as Calendar().parse('2026-01')"
_SEASONS = {
    CalendarUnit.DAY: 7,
    CalendarUnit.WEEK: 52,
    CalendarUnit.MONTH: 12,
    CalendarUnit.QUARTER: 4,
    CalendarUnit.YEAR: 1,
}


def season_of(unit: CalendarUnit) -> int:
    """Return how many periods of a unit a season has: days a week, all others a year."""
    return _SEASONS[unit]


def _as_values(values: Iterable[Decimal | None]) -> Values:
    return listed("values of a series", values, "decimals")


def _as_periods(periods: Iterable[Period]) -> tuple[Period, ...]:
    return listed("periods of a series", periods, "periods")


def _values(_instance: object, _attribute: attrs.Attribute[Values], values: Values) -> None:
    for one in values:
        if one is not None and finite(one).copy_abs() > _LARGEST:
            raise InvalidValue("value of a series", one, f"at most {_LARGEST} from 0")


def _season(_instance: object, _attribute: attrs.Attribute[int], season: int) -> None:
    if type(season) is not int or not 1 <= season <= _MOST_SEASON:
        fault = f"a whole number of periods from 1, for no season, to {_MOST_SEASON}"
        raise InvalidValue("season", season, fault)


@attrs.frozen(kw_only=True)
class Series:
    """
    Values of one quantity in adjoining periods, or in plain positions.

    A period without a value is missing, which is not 0: methods step over it.
    A period that is not over yet stands apart, as does what became of it.

    Attributes:
        name: What the values are of.
        values: One per period, the earliest first, in the unit; `None` where it is missing.
        periods: The calendar units, adjoining; empty for plain positions.
        season: After how many periods the year (of days: the week) repeats; 1 for no season.
        unit: What the values count, such as "CNY" or "pieces"; `None` where nobody said.
        calendar: Lays out the periods.
        unfinished: The period after the last finished one, where facts of it are known already;
            `None` where there is none. Its value stands among the values only if it was scaled.
        as_of: Last day that was known; `None` for plain positions.

    Raises:
        InvalidValue: A value is no finite decimal or beyond 1E+30, the season is none, or there are
            not as many periods as values.
        InvalidPeriod: The periods are not of one unit of the calendar, do not adjoin, or the last
            of them is not over on the last day known.

    Examples:
        >>> Series.of([Decimal(3), None, Decimal(5)], name="pieces").known
        2
    """

    name: str = "series"
    values: tuple[Decimal | None, ...] = attrs.field(converter=_as_values, validator=_values)
    periods: tuple[Period, ...] = attrs.field(default=(), converter=_as_periods)
    season: int = attrs.field(default=1, validator=_season)
    unit: str | None = None
    calendar: Calendar = attrs.field(factory=Calendar)
    unfinished: UnfinishedPeriod | None = None
    as_of: date | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse periods that do not belong to the values."""
        if self.as_of is not None:
            check_day("as_of", self.as_of)
        check_kind("calendar", self.calendar, Calendar, "a Calendar, such as Calendar()")
        if not self.periods:
            return
        for one in self.periods:
            check_kind("period of a series", one, Period, _A_PERIOD)
        if len(self.periods) != len(self.values):
            fault = f"one per value, of which there are {len(self.values)}"
            raise InvalidValue("number of periods", len(self.periods), fault)
        unit = self.periods[0].unit
        for one in self.periods:
            if one.unit is None or one.unit is not unit or one.calendar != self.calendar.name:
                fault = f"periods of a series are of one unit of the calendar {self.calendar.name}"
                raise InvalidPeriod(one.key, fault)
        for first, second in pairwise(self.periods):
            if first.end != second.start:
                fault = f"it does not follow {first.key}; a missing period has the value None"
                raise InvalidPeriod(second.key, fault)
        last = self.periods[-1]
        is_scaled = self.unfinished is not None and self.unfinished.during == last
        if self.as_of is not None and last.last_day > self.as_of and not is_scaled:
            fault = f"it is not over on {self.as_of}, the last day known; use with_unfinished"
            raise InvalidPeriod(last.key, fault)

    @classmethod
    def of(
        cls,
        values: Iterable[Decimal | None],
        *,
        season: int = 1,
        name: str = "series",
        unit: str | None = None,
    ) -> Series:
        """
        Return a series of plain positions.

        Args:
            values: The earliest first; `None` where one is missing.
            season: After how many positions the pattern repeats; 1 for no season.
            name: What the values are of.
            unit: What they count.

        Raises:
            InvalidValue: As for the record.
        """
        return cls(name=name, values=_as_values(values), season=season, unit=unit)

    @classmethod
    def over(
        cls,
        values: Iterable[tuple[Period, Decimal | None]],
        *,
        season: int | None = None,
        name: str = "series",
        unit: str | None = None,
        calendar: Calendar | None = None,
    ) -> Series:
        """
        Return a series over calendar units; those that nobody names between two become gaps.

        Args:
            values: Finished periods of one calendar unit and their values, in any order.
            season: After how many periods the pattern repeats; `None` for that of the unit: 12
                months, 4 quarters, 52 weeks, 7 days, no season for years.
            name: What the values are of.
            unit: What they count.
            calendar: Lays out the periods; `None` for the Gregorian one.

        Raises:
            InvalidPeriod: A period is named twice, or is no unit of the calendar as the others are.
            InvalidValue: As for the record.

        Examples:
            >>> month = Calendar().parse
            >>> Series.over([(month("2026-01"), Decimal(7)), (month("2026-03"), Decimal(9))]).values
            (Decimal('7'), None, Decimal('9'))
        """
        layout = Calendar() if calendar is None else calendar
        check_kind("calendar", layout, Calendar, "a Calendar, such as Calendar()")
        pairs = list(paired("values of a series", values, "a Period and its value"))
        for during, _ in pairs:
            check_kind("period of a series", during, Period, _A_PERIOD)
        pairs.sort(key=lambda one: one[0].start)
        periods: list[Period] = []
        found: list[Decimal | None] = []
        for during, value in pairs:
            if periods and during.start < periods[-1].end:
                raise InvalidPeriod(during.key, "a period of a series is named once")
            while periods and periods[-1].end < during.start and during.unit is not None:
                periods.append(layout.next(periods[-1]))
                found.append(None)
            periods.append(during)
            found.append(value)
        length = season
        if length is None:
            one = periods[0].unit if periods else None
            length = 1 if one is None else season_of(one)
        return cls(
            name=name,
            values=found,
            periods=periods,
            season=length,
            unit=unit,
            calendar=layout,
            as_of=periods[-1].last_day if periods else None,
        )

    @classmethod
    def of_trend(
        cls,
        trend: Trend,
        *,
        as_of: date,
        calendar: Calendar | None = None,
        season: int | None = None,
        unfinished: Unfinished = Unfinished.LEAVE_OUT,
        working: WorkingCalendar | None = None,
    ) -> Series:
        """
        Return the series of a figure over time.

        Args:
            trend: The figure over time, as `salescore.metrics.trend` gives it; where it is
                undefined the series has a gap.
            as_of: The last day known, the `until` of the trend.
            calendar: Lays out the trend's units; `None` for the Gregorian one.
            season: As in `over`.
            unfinished: What becomes of a unit that is not over on that day.
            working: Counts the working days by which an unfinished unit is scaled; `None` for
                calendar days.

        Raises:
            InvalidPeriod: The trend is of another calendar, or knows more than the day.
            InvalidValue: As for the record.
        """
        check_kind("trend", trend, Trend, "a Trend, such as salescore.metrics.trend gives")
        check_day("as_of", as_of)
        done = [one for one in trend.points if one.is_finished]
        pairs = [(one.during, one.figure.value) for one in done]
        unit = trend.points[0].figure.unit if trend.points else None
        length = season_of(trend.unit) if season is None else season
        found = cls.over(pairs, season=length, name=trend.name, unit=unit, calendar=calendar)
        found = attrs.evolve(found, as_of=as_of)
        rest = [one for one in trend.points if not one.is_finished]
        if not rest or rest[0].figure.value is None:
            return found
        return found.with_unfinished(
            rest[0].during, rest[0].figure.value, as_of=as_of, policy=unfinished, working=working
        )

    def with_unfinished(
        self,
        during: Period,
        value: Decimal,
        *,
        as_of: date,
        policy: Unfinished = Unfinished.LEAVE_OUT,
        working: WorkingCalendar | None = None,
    ) -> Series:
        """
        Return the series with a period that is not over, which never counts as a full one.

        Args:
            during: The period after the last one.
            value: What it has brought up to and with the day.
            as_of: Last day known.
            policy: Whether it is left out, or scaled by its days over those elapsed.
            working: Counts working days; `None` for calendar days.

        Raises:
            InvalidPeriod: The period does not follow the last one, or the day lies outside it or is
                its last.
            InvalidValue: The series has an unfinished period already, or the working calendar does
                not know the period's year.
        """
        check_kind("unfinished period", during, Period, _A_PERIOD)
        if self.unfinished is not None:
            fault = "there is one already, and nothing follows it"
            raise InvalidValue("unfinished period", during.key, fault)
        if self.periods and self.periods[-1].end != during.start:
            raise InvalidPeriod(during.key, f"it does not follow {self.periods[-1].key}")
        if self.values and not self.periods:
            raise InvalidPeriod(during.key, "a series of plain positions has no periods")
        found = unfinished_period(during, value, as_of=as_of, policy=policy, working=working)
        series = attrs.evolve(self, unfinished=found, as_of=as_of)
        if found.scaled is None:
            return series
        return attrs.evolve(
            series, values=(*self.values, found.scaled), periods=(*self.periods, during)
        )

    @property
    def known(self) -> int:
        """Number of values that are not missing."""
        return sum(one is not None for one in self.values)

    @property
    def gaps(self) -> int:
        """Number of missing values between the first and the last known one."""
        places = [place for place, one in enumerate(self.values) if one is not None]
        return places[-1] - places[0] + 1 - len(places) if places else 0

    def first(self, many: int) -> Series:
        """
        Return the series as it was known after so many of its values.

        Args:
            many: From 0 to the number of values.

        Raises:
            InvalidValue: The series has not so many.
        """
        if type(many) is not int or not 0 <= many <= len(self.values):
            fault = f"a whole number from 0 to {len(self.values)}"
            raise InvalidValue("number of values", many, fault)
        if many == len(self.values):
            return self
        periods = self.periods[:many]
        return attrs.evolve(
            self,
            values=self.values[:many],
            periods=periods,
            unfinished=None,
            as_of=periods[-1].last_day if periods else None,
        )

    def following(self, many: int) -> tuple[Period | None, ...]:
        """
        Return the periods after the last value; `None` for each of plain positions.

        A period that is left out because it is not over is the first of them.

        Args:
            many: How many, from 0 on.

        Raises:
            InvalidPeriod: The calendar ends before.
        """
        last = self.periods[-1] if self.periods else None
        found: list[Period | None] = []
        for _ in range(many):
            last = None if last is None else self.calendar.next(last)
            found.append(last)
        return tuple(found)
