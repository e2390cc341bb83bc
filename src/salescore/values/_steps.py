"""Steps of a cadence on a working calendar: kept, moved, skipped or unknown."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Protocol

import attrs

from salescore.values._period import Period
from salescore.values._working import WorkingCalendar


class BlockedDay(Enum):
    """
    What becomes of a step that falls on a day on which nobody works.

    Attributes:
        NEXT: It moves to the next working day.
        PREVIOUS: It moves to the working day before.
        SKIP: It is left out.
    """

    NEXT = "next"
    PREVIOUS = "previous"
    SKIP = "skip"


class StepState(Enum):
    """
    What became of a step on the working calendar.

    Attributes:
        KEPT: It falls on a working day.
        MOVED: It moved to a working day.
        SKIPPED: It was left out.
        UNKNOWN: Its day, or the one to move to, lies beyond what the working calendar knows.
    """

    KEPT = "kept"
    MOVED = "moved"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"


@attrs.frozen(kw_only=True)
class Step:
    """
    One step of a cadence on a working calendar.

    Attributes:
        n: Which one, the first being 0; the same before and after moving, so that it can be a key.
        planned: The day that the cadence names.
        day: The day after moving; `None` if the step is skipped or unknown.
        state: What became of it.
    """

    n: int
    planned: date
    day: date | None
    state: StepState


class Recurring(Protocol):
    """
    Days that recur, with a number each.

    Laws:
        `numbered` yields rising numbers and rising days, and `nth` of a number is its day.
    """

    def nth(self, n: int, /) -> date | None:
        """Return the day of a step, or `None` if there is no such step."""
        ...

    def numbered(self, start: date, end: date, /) -> tuple[tuple[int, date], ...]:
        """Return the steps from one day up to but without another, with their numbers."""
        ...


@attrs.frozen(kw_only=True)
class ShiftedCadence:
    """
    A cadence whose steps fall on working days.

    Attributes:
        cadence: The cadence, or rule, that plans the days.
        calendar: The working calendar.
        policy: What becomes of a step on a blocked day.
    """

    cadence: Recurring
    calendar: WorkingCalendar
    policy: BlockedDay

    def between(self, during: Period) -> tuple[Step, ...]:
        """
        Return the steps that are *planned* in a period, wherever they moved.

        Periods that follow each other hold every step once, also where a step moves across the
        border between them or two steps move to one day.

        Args:
            during: The period.

        Returns:
            Steps in the order of their planned days.

        Raises:
            InvalidDate: As the cadence's own `between`.
        """
        planned = self.cadence.numbered(during.start, during.end)
        return tuple(self._step(n, day) for n, day in planned)

    def nth(self, n: int) -> Step | None:
        """
        Return a step.

        Args:
            n: Which one, from 0.

        Returns:
            The step, or `None` if the cadence has none of that number.

        Raises:
            InvalidValue: If n is negative.
        """
        day = self.cadence.nth(n)
        return None if day is None else self._step(n, day)

    def _step(self, n: int, planned: date) -> Step:
        """Return a step after the policy."""
        open_day = self.calendar.is_working_day(planned)
        if open_day:
            return Step(n=n, planned=planned, day=planned, state=StepState.KEPT)
        if open_day is not None and self.policy is BlockedDay.SKIP:
            return Step(n=n, planned=planned, day=None, state=StepState.SKIPPED)
        day = None
        if open_day is not None:
            day = self.calendar.add_working_days(planned, self._direction)
        state = StepState.UNKNOWN if day is None else StepState.MOVED
        return Step(n=n, planned=planned, day=day, state=state)

    @property
    def _direction(self) -> int:
        return -1 if self.policy is BlockedDay.PREVIOUS else 1
