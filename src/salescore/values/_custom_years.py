"""Years whose units are listed day by day, for calendars that follow no rule."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Final, assert_never

import attrs

from salescore.errors import InvalidPeriod, InvalidRecord
from salescore.values._period import YEAR_PARTS, CalendarUnit, YearPart, is_day

_DAY = timedelta(days=1)
_YEARS: Final = range(1, date.max.year + 1)
_MOST: Final[tuple[tuple[YearPart, int], ...]] = (
    (CalendarUnit.QUARTER, 9),
    (CalendarUnit.MONTH, 99),
    (CalendarUnit.WEEK, 99),
)
_NAME_LENGTH = 60


def _in_order(days: Iterable[date]) -> tuple[date, ...]:
    return tuple(days)


@attrs.frozen(kw_only=True)
class CustomYear:
    """
    One year of a custom calendar, checked together with its neighbours by `CustomYears`.

    Attributes:
        year: Number that names the year, 1 to 9999.
        start: First day.
        last_day: Last day, inside the year.
        quarters: First day of each quarter, up to 9; empty in a calendar without quarters.
        months: First day of each month, up to 99, such as 13 periods of four weeks; empty in a
            calendar without months.
        weeks: First day of each week, up to 99; empty in a calendar without weeks.
    """

    year: int
    start: date
    last_day: date
    quarters: tuple[date, ...] = attrs.field(default=(), converter=_in_order)
    months: tuple[date, ...] = attrs.field(default=(), converter=_in_order)
    weeks: tuple[date, ...] = attrs.field(default=(), converter=_in_order)

    def starts(self, unit: YearPart) -> tuple[date, ...]:
        """
        Return the first day of each unit of the year, in order.

        Args:
            unit: Week, month, quarter or year.

        Returns:
            The days; empty if the year has no such unit.
        """
        match unit:
            case CalendarUnit.YEAR:
                return (self.start,)
            case CalendarUnit.QUARTER:
                return self.quarters
            case CalendarUnit.MONTH:
                return self.months
            case CalendarUnit.WEEK:
                return self.weeks
            case _:
                assert_never(unit)


@attrs.frozen(kw_only=True)
class CustomYears:
    """
    The layout of a calendar that states each of its years.

    The years adjoin and are numbered one after the other. In each year the first quarter, month
    and week start with the year, and every quarter starts where a month starts. All years have the
    same units.

    Attributes:
        name: Name of the calendar, at most 60 characters, none of those that a rule has.
        years: The years, in order, at least one; days outside them have no period.
    """

    name: str
    years: tuple[CustomYear, ...]

    def __attrs_post_init__(self) -> None:
        """Refuse a name that cannot be shown, and years that leave a day in no or two periods."""
        name = self.name
        if type(name) is not str or not name.isprintable() or name != name.strip():
            fault = "expected a text of visible characters without space around it"
            raise InvalidRecord("CustomYears", "name", name, fault)
        if not 0 < len(name) <= _NAME_LENGTH:
            fault = f"expected 1 to {_NAME_LENGTH} characters"
            raise InvalidRecord("CustomYears", "name", name, fault)
        faults = [*_faults_of_all(self.years)]
        if faults:
            numbers = tuple(one.year for one in self.years)
            raise InvalidRecord("CustomYears", "years", numbers, "; ".join(faults))

    @property
    def units(self) -> tuple[CalendarUnit, ...]:
        """Days, years, and the units that the years state."""
        return (CalendarUnit.DAY, *self._days)

    @property
    def start(self) -> date:
        """First day that the calendar knows."""
        return self.years[0].start

    @property
    def last_day(self) -> date:
        """Last day that the calendar knows."""
        return self.years[-1].last_day

    @cached_property
    def _days(self) -> dict[YearPart, list[date]]:
        """First day of each unit of all years, by unit."""
        return {
            unit: [day for one in self.years for day in one.starts(unit)]
            for unit in YEAR_PARTS
            if self.years[0].starts(unit)
        }

    @cached_property
    def _places(self) -> dict[YearPart, list[tuple[int, int]]]:
        """Year and number within the year of each unit of all years, by unit."""
        return {
            unit: [
                (one.year, number)
                for one in self.years
                for number in range(1, len(one.starts(unit)) + 1)
            ]
            for unit in self._days
        }

    def check_known(self, day: date) -> None:
        """Refuse a day outside the years there are."""
        if not self.start <= day <= self.last_day:
            fault = f"{self.name} knows the days {self.start} to {self.last_day} only"
            raise InvalidPeriod(str(day), fault)

    def place(self, day: date, unit: YearPart) -> tuple[int, int]:
        """Return the number of the year, and within it of the unit, that hold a day."""
        self.check_known(day)
        before = bisect_right(self._days[unit], day)
        return self._places[unit][before - 1]

    def count(self, year: int, unit: YearPart) -> int:
        """Return how many of the unit a year has."""
        return len(self._found(year).starts(unit))

    def span(self, year: int, unit: YearPart, number: int) -> tuple[int, int]:
        """Return the ordinals of the first day of a unit and of the day after it."""
        found = self._found(year)
        starts = found.starts(unit)
        after = starts[number] if number < len(starts) else found.last_day + _DAY
        return starts[number - 1].toordinal(), after.toordinal()

    def _found(self, year: int) -> CustomYear:
        """Return a year by its number, or refuse one that the calendar does not know."""
        first, last = self.years[0].year, self.years[-1].year
        if not first <= year <= last:
            fault = f"{self.name} knows the years {first:04d} to {last:04d} only"
            raise InvalidPeriod(f"{year:04d}", fault)
        return self.years[year - first]


def _faults_of_all(years: tuple[CustomYear, ...]) -> Iterator[str]:
    """Yield all that is wrong with the years of a calendar."""
    if not years:
        yield "at least one year is needed"
    whole = [one for one in years if _has_days(one)]
    yield from (
        f"{one.year}: the year must be a number from 1 to {_YEARS[-1]} and its days dates without"
        " a time"
        for one in years
        if not _has_days(one)
    )
    for one in whole:
        yield from (f"{one.year}: {fault}" for fault in _faults_of_one(one))
    for unit, _ in _MOST:
        without = [str(one.year) for one in whole if not one.starts(unit)]
        if 0 < len(without) < len(whole):
            yield f"no {unit.value}s in {', '.join(without)}, while other years have them"
    for before, after in pairwise(whole):
        yield from _faults_between(before, after)


def _has_days(one: CustomYear) -> bool:
    """Return whether a year is a number and its days are dates."""
    days = (one.start, one.last_day, *one.quarters, *one.months, *one.weeks)
    return type(one.year) is int and one.year in _YEARS and all(map(is_day, days))


def _faults_of_one(one: CustomYear) -> Iterator[str]:
    """Yield what is wrong with a year by itself."""
    if one.last_day < one.start:
        yield f"its last day {one.last_day} is before its first, {one.start}"
        return
    if one.last_day == date.max:
        yield f"it must end before {date.max}"
    for unit, most in _MOST:
        name, starts = unit.value, one.starts(unit)
        if not starts:
            continue
        if starts[0] != one.start:
            yield f"its first {name} must start with the year on {one.start}, not {starts[0]}"
        yield from (
            f"{name} {number} starts on {day}, not after the one before it, on {before}"
            for number, (before, day) in enumerate(pairwise(starts), 2)
            if day <= before
        )
        yield from (
            f"{name} {number} starts on {day}, after the year's last day {one.last_day}"
            for number, day in enumerate(starts, 1)
            if day > one.last_day
        )
        if len(starts) > most:
            yield f"it has {len(starts)} {name}s; {most} can be named"
    if one.months:
        yield from (
            f"quarter {number} starts on {day}, where no month starts"
            for number, day in enumerate(one.quarters, 1)
            if day not in one.months
        )


def _faults_between(before: CustomYear, after: CustomYear) -> Iterator[str]:
    """Yield what is wrong between two neighbours."""
    if after.year != before.year + 1:
        yield f"{before.year} is followed by {after.year}; number the years one after the other"
    if after.start <= before.last_day:
        yield (
            f"{before.year} and {after.year} overlap: the one ends on {before.last_day}, the other"
            f" starts on {after.start}"
        )
    elif after.start - before.last_day > _DAY:
        yield (
            f"between {before.year} and {after.year} the days {before.last_day + _DAY} to"
            f" {after.start - _DAY} lie in no year"
        )
