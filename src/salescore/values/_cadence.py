"""Cadences: days that recur, each counted from the first one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, assert_never

import attrs

from salescore.errors import InvalidDate, InvalidRecord, InvalidValue
from salescore.values._period import CalendarUnit, Period, is_day
from salescore.values._steps import BlockedDay, ShiftedCadence
from salescore.values._working import WorkingCalendar

_MONTHS: Final = {CalendarUnit.MONTH: 1, CalendarUnit.QUARTER: 3, CalendarUnit.YEAR: 12}
_MOST: Final = 10_000
_MONTHS_A_YEAR = 12


@attrs.frozen
class Cadence:
    """
    A day that recurs every so many days, weeks, months, quarters or years.

    The nth step is n times the distance after the anchor, held to the end of its month where the
    month is too short. It is never reached by single steps, so a cadence that starts on 31 January
    goes by 28 February and comes back to 31 March.

    Attributes:
        anchor: The day of step 0; there is no step before it.
        every: Units between two steps, from 1 to 10,000.
        unit: The unit: day, week, month, quarter or year.
    """

    anchor: date
    every: int = 1
    unit: CalendarUnit = CalendarUnit.MONTH

    def __attrs_post_init__(self) -> None:
        """Refuse an anchor with a time, and a distance that is none."""
        if not is_day(self.anchor):
            fault = "expected a date without a time"
            raise InvalidRecord("Cadence", "anchor", self.anchor, fault)
        if type(self.every) is not int or not 1 <= self.every <= _MOST:
            fault = f"expected a whole number from 1 to {_MOST}"
            raise InvalidRecord("Cadence", "every", self.every, fault)

    def nth(self, n: int) -> date:
        """
        Return the day of a step.

        Args:
            n: Which one, from 0.

        Returns:
            The day.

        Raises:
            InvalidValue: If n is negative.
            InvalidDate: If the step lies beyond the year 9999.

        Examples:
            >>> monthly = Cadence(date(2024, 1, 31))
            >>> [str(monthly.nth(n)) for n in range(3)]
            ['2024-01-31', '2024-02-29', '2024-03-31']
        """
        if n < 0:
            raise InvalidValue("the step", n, "steps count from 0, which is the anchor")
        day = self._day(n)
        if day is None:
            raise InvalidDate(f"step {n} from {self.anchor}", "it lies beyond the year 9999")
        return day

    def _day(self, n: int) -> date | None:
        """Return the day of a step, or `None` beyond the last day there is."""
        steps = n * self.every
        try:
            match self.unit:
                case CalendarUnit.DAY:
                    return self.anchor + timedelta(days=steps)
                case CalendarUnit.WEEK:
                    return self.anchor + timedelta(weeks=steps)
                case CalendarUnit.MONTH | CalendarUnit.QUARTER | CalendarUnit.YEAR:
                    from dateutil.relativedelta import (  # noqa: PLC0415 - when first needed
                        relativedelta,
                    )

                    return self.anchor + relativedelta(months=steps * _MONTHS[self.unit])
                case _:
                    assert_never(self.unit)
        except (OverflowError, ValueError):
            return None

    def numbered(self, start: date, end: date) -> tuple[tuple[int, date], ...]:
        """
        Return the steps from one day up to but without another, with their numbers.

        Args:
            start: First day.
            end: The day after the last one.

        Returns:
            Pairs of number and day, in order; empty if there are none.
        """
        return tuple(self._from(start, end))

    def _from(self, start: date, end: date) -> Iterator[tuple[int, date]]:
        """Yield the steps in a range of days."""
        n = self._estimate(start)
        day = self._day(n)
        while day is not None and day < end:
            if day >= start:
                yield n, day
            n += 1
            day = self._day(n)

    def _estimate(self, day: date) -> int:
        """Return the number of a step that is not after a day by more than the first is."""
        if day <= self.anchor:
            return 0
        if self.unit in _MONTHS:
            months = (day.year - self.anchor.year) * _MONTHS_A_YEAR + day.month - self.anchor.month
            return months // (self.every * _MONTHS[self.unit])
        length = 7 if self.unit is CalendarUnit.WEEK else 1
        return (day - self.anchor).days // (self.every * length)

    def between(self, during: Period) -> tuple[date, ...]:
        """
        Return the days of the steps in a period.

        Args:
            during: The period.

        Returns:
            Days in order; empty if there are none.
        """
        return tuple(day for _, day in self.numbered(during.start, during.end))

    def next_after(self, day: date) -> date:
        """
        Return the day of the first step after a day.

        Args:
            day: A business date; a step on it does not count.

        Returns:
            The day of the step, the anchor if the day is before it.

        Raises:
            InvalidDate: If it lies beyond the year 9999.

        Examples:
            >>> Cadence(date(2026, 1, 31)).next_after(date(2026, 2, 28))
            datetime.date(2026, 3, 31)
        """
        n = self._estimate(day)
        found = self.nth(n)
        while found <= day:
            n += 1
            found = self.nth(n)
        return found

    def shifted(
        self, calendar: WorkingCalendar, policy: BlockedDay = BlockedDay.NEXT
    ) -> ShiftedCadence:
        """
        Return the cadence with its steps on working days.

        Args:
            calendar: The working calendar.
            policy: What becomes of a step on a blocked day.

        Returns:
            The cadence on that calendar.
        """
        return ShiftedCadence(cadence=self, calendar=calendar, policy=policy)
