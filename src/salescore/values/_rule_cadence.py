"""Cadences by the rules of RFC 5545."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import attrs

from salescore.errors import InvalidRecord, InvalidValue
from salescore.values._period import Period
from salescore.values._recurrence import Recurrence
from salescore.values._steps import BlockedDay, ShiftedCadence
from salescore.values._working import WorkingCalendar


@attrs.frozen
class RuleCadence:
    """
    Days that recur by a rule of RFC 5545, such as the second Tuesday of each month.

    Unlike in `Cadence`, a month too short for a rule's day is passed over, as the standard says:
    `FREQ=MONTHLY;BYMONTHDAY=31` has seven steps a year (`BYMONTHDAY=-1` is the month's last day).
    A rule is followed for 100 years from its anchor and no further.

    Attributes:
        rule: The rule in its canonical text.
        anchor: The day from which the rule counts (DTSTART). It is a step only if it fits the rule.
    """

    rule: str
    anchor: date

    def __attrs_post_init__(self) -> None:
        """Refuse a rule that is none or not canonical, and an anchor with a time."""
        recurrence = Recurrence.parse(self.rule, self.anchor)
        if recurrence.text != self.rule:
            fault = f"RuleCadence.parse writes it {recurrence.text!r}"
            raise InvalidRecord("RuleCadence", "rule", self.rule, fault)

    @classmethod
    def parse(cls, text: str, anchor: date) -> RuleCadence:
        """
        Return the cadence of a rule.

        Args:
            text: A rule as in RFC 5545, with or without "RRULE:" before it: FREQ of DAILY, WEEKLY,
                MONTHLY or YEARLY, and INTERVAL, COUNT or UNTIL (a date), WKST, BYMONTH, BYWEEKNO,
                BYYEARDAY, BYMONTHDAY, BYDAY, BYSETPOS.
            anchor: The day from which the rule counts.

        Returns:
            The cadence.

        Raises:
            InvalidValue: If the text is no such rule; parts below a day are refused.
            InvalidDate: If the anchor is no date, or UNTIL is none.

        Examples:
            >>> cadence = RuleCadence.parse("FREQ=MONTHLY;BYDAY=2TU", date(2026, 1, 1))
            >>> cadence.next_after(date(2026, 3, 1))
            datetime.date(2026, 3, 10)
        """
        return cls(Recurrence.parse(text, anchor).text, anchor)

    def _days(self) -> Iterator[date]:
        return Recurrence.parse(self.rule, self.anchor).days()

    def nth(self, n: int) -> date | None:
        """
        Return the day of a step.

        Args:
            n: Which one, from 0.

        Returns:
            The day, or `None` if the rule ends before it or is not followed so far.

        Raises:
            InvalidValue: If n is negative.
        """
        if n < 0:
            raise InvalidValue("the step", n, "steps count from 0, which is the first one")
        return next((day for number, day in enumerate(self._days()) if number == n), None)

    def numbered(self, start: date, end: date) -> tuple[tuple[int, date], ...]:
        """
        Return the steps from one day up to but without another, with their numbers.

        Args:
            start: First day.
            end: The day after the last one.

        Returns:
            Pairs of number and day, in order; empty if there are none.

        Raises:
            InvalidDate: If the range reaches further than the rule is followed.
        """
        Recurrence.parse(self.rule, self.anchor).check_reach(end)
        found: list[tuple[int, date]] = []
        for number, day in enumerate(self._days()):
            if day >= end:
                break
            if day >= start:
                found.append((number, day))
        return tuple(found)

    def between(self, during: Period) -> tuple[date, ...]:
        """
        Return the days of the steps in a period.

        Args:
            during: The period.

        Returns:
            Days in order; empty if there are none.

        Raises:
            InvalidDate: If the period reaches further than the rule is followed.
        """
        return tuple(day for _, day in self.numbered(during.start, during.end))

    def next_after(self, day: date) -> date | None:
        """
        Return the day of the first step after a day.

        Args:
            day: A business date; a step on it does not count.

        Returns:
            The day of the step, or `None` if the rule ends before it or is not followed so far.
        """
        return next((found for found in self._days() if found > day), None)

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
