"""The ledger of a working calendar: how much work lies before any day or local time."""

from __future__ import annotations

from bisect import bisect_left
from datetime import date
from itertools import accumulate, pairwise

from salescore.errors import InvalidDate, InvalidRecord
from salescore.values._offsets import DAY, SECOND
from salescore.values._period import is_day
from salescore.values._shifts import DAY_MINUTES, Shift

_MINUTE = 60 * SECOND
_WEEK = 7

Spans = tuple[tuple[int, int], ...]


class Ledger:
    """
    Prefix sums over the week and the special days, so that no question walks through days.

    Days are ordinals of dates, local times microseconds since the day before 0001-01-01. Days
    whose year is unknown count as the week says; `is_known` tells whether a range holds any.
    """

    __slots__ = ("_days", "_minutes", "_spans", "_special", "_week", "_years")

    def __init__(
        self,
        week: tuple[tuple[Shift, ...], ...],
        special: tuple[tuple[date, tuple[Shift, ...]], ...],
        years: frozenset[int] | None,
    ) -> None:
        """Sum up the week and the special days, which stand in order of time."""
        self._week = tuple(_spans(shifts) for shifts in week)
        self._special = [day.toordinal() for day, _ in special]
        self._spans = [_spans(shifts) for _, shifts in special]
        self._years = years
        usual = [self._week[(day - 1) % _WEEK] for day in self._special]
        pairs = list(zip(self._spans, usual, strict=True))
        more_days = (bool(one) - bool(two) for one, two in pairs)
        self._days = [0, *accumulate(more_days)]
        self._minutes = [0, *accumulate(_length(one) - _length(two) for one, two in pairs)]

    def check_nights(self) -> None:
        """Refuse a night shift that runs into the shifts of the next day."""
        for day in range(_WEEK):
            _refuse_overlap(self._week[day], self._week[(day + 1) % _WEEK], f"weekday {day + 1}")
        for day in self._special:
            for one, two in pairwise((day - 1, day, day + 1)):
                if one > 0:
                    _refuse_overlap(self.spans(one), self.spans(two), f"day {_day(one)}")

    def spans(self, day: int) -> Spans:
        """Return the shifts of a day as minutes since its midnight."""
        place = bisect_left(self._special, day)
        if place < len(self._special) and self._special[place] == day:
            return self._spans[place]
        return self._week[(day - 1) % _WEEK]

    def is_open(self, day: int) -> bool:
        """Return whether a shift starts on a day, as far as the week and the special days say."""
        return bool(self.spans(day))

    def days_before(self, day: int) -> int:
        """Return the number of working days before a day."""
        weeks, rest = divmod(day - 1, _WEEK)
        usual = weeks * sum(map(bool, self._week)) + sum(map(bool, self._week[:rest]))
        return usual + self._days[bisect_left(self._special, day)]

    def working_day(self, number: int) -> int:
        """Return the day that is the nth working day of all, from 1."""
        low, high = 1, date.max.toordinal()
        if not 1 <= number <= self.days_before(high + 1):
            raise InvalidDate(f"working day {number} of all", "it lies outside the years 1 to 9999")
        while low < high:
            middle = (low + high) // 2
            if self.days_before(middle + 1) >= number:
                high = middle
            else:
                low = middle + 1
        return low

    def worked(self, local: int) -> int:
        """Return the microseconds of work before a local time, by the clock on the wall."""
        day, moment = divmod(local, DAY)
        weeks, rest = divmod(day - 2, _WEEK)
        whole = sum(map(_length, self._week))
        minutes = weeks * whole + sum(map(_length, self._week[:rest]))
        minutes += self._minutes[bisect_left(self._special, day - 1)]
        partly = sum(
            max(0, min(at, end * _MINUTE) - start * _MINUTE)
            for at, spans in ((moment + DAY, self.spans(day - 1)), (moment, self.spans(day)))
            for start, end in spans
        )
        return minutes * _MINUTE + partly

    def local_spans(self, day: int) -> list[tuple[int, int]]:
        """Return the shifts of a day as local times."""
        return [
            (day * DAY + start * _MINUTE, day * DAY + end * _MINUTE)
            for start, end in self.spans(day)
        ]

    def unknown_years(self, start: int, end: int) -> tuple[int, ...]:
        """Return the years of the days from a start up to an end that nobody knows."""
        if self._years is None or start >= end:
            return ()
        found: list[int] = []
        for year in range(_day(start).year, _day(end - 1).year + 1):
            if year in self._years:
                continue
            first = max(start, date(year, 1, 1).toordinal())
            last = min(end - 1, date(year, 12, 31).toordinal())
            listed = bisect_left(self._special, last + 1) - bisect_left(self._special, first)
            if listed < last - first + 1:
                found.append(year)
        return tuple(found)

    def is_known_time(self, start: int, end: int) -> bool:
        """Return whether the hours between two local times are known, a night before included."""
        if self._years is None:
            return True
        first, last = start // DAY, (end - 1) // DAY
        # A shift of the day before can run on only where some shift passes midnight.
        spans = (*self._week, *self._spans)
        night = any(span[1] > DAY_MINUTES for day in spans for span in day)
        return not self.unknown_years(first - night, last + 1)


def ordinal_of(day: date) -> int:
    """Return the ordinal of a date, refusing what is none."""
    if not is_day(day):
        raise InvalidDate(str(day), "expected a date without a time")
    return day.toordinal()


def _spans(shifts: tuple[Shift, ...]) -> Spans:
    return tuple(shift.span for shift in shifts)


def _length(spans: Spans) -> int:
    return sum(end - start for start, end in spans)


def _day(ordinal: int) -> date:
    return date.fromordinal(ordinal)


def _refuse_overlap(today: Spans, tomorrow: Spans, where: str) -> None:
    """Refuse a shift of one day that runs into one of the next."""
    if today and tomorrow and today[-1][1] - DAY_MINUTES > tomorrow[0][0]:
        fault = "its last shift runs into the first one of the next day"
        raise InvalidRecord("WorkingCalendar", "hours", where, fault)
