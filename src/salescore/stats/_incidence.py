"""What becomes of cases that can end in several ways: the estimator of Aalen and Johansen."""

from __future__ import annotations

import decimal
from bisect import bisect_right
from decimal import Decimal

import attrs

from salescore.errors import InvalidValue, UnknownName
from salescore.stats._digits import WORKING, rounded, rounded_variance
from salescore.stats._event_table import EventTable, Time, check_time
from salescore.stats._intervals import LEVEL, ConfidenceInterval
from salescore.stats._survival import log_log_interval

_ONE = Decimal(1)
_NOTHING = Decimal(0)


@attrs.frozen(kw_only=True)
class IncidenceStep:
    """
    One step of the curves.

    Attributes:
        time: Time from which on it holds, in the unit of the table.
        at_risk: Cases that were seen open just before.
        counts: Cases that ended at this time, one number per cause.
        survival: Chance to be open after this time, from 0 to 1, to 28 significant digits.
        survival_variance: Variance of that estimate.
        incidences: Chance to have ended by each cause; with the survival they add up to 1.
        variances: Variance of each of these estimates.
    """

    time: Decimal
    at_risk: int
    counts: tuple[int, ...]
    survival: Decimal
    survival_variance: Decimal
    incidences: tuple[Decimal, ...]
    variances: tuple[Decimal, ...]


@attrs.frozen(kw_only=True)
class IncidenceCurves:
    """
    The chance to have ended by each of several causes, by the time since the beginning.

    Attributes:
        table: The counts behind the curves.
        start: Age from which on the curves run; 0, or the age of which `given` was asked.
        steps: The curves, one step per time at which cases ended; before the first all are open.
    """

    table: EventTable = attrs.field(repr=False)
    start: Decimal
    steps: tuple[IncidenceStep, ...]

    @property
    def causes(self) -> tuple[str, ...]:
        """Return the names of the ways to end."""
        return self.table.causes

    @property
    def n(self) -> int:
        """Return how many cases entered."""
        return self.table.n

    @property
    def until(self) -> Decimal | None:
        """Return the last time at which a case was seen; `None` without cases."""
        return self.table.until

    def at(self, time: Time) -> IncidenceStep | None:
        """
        Return the step that holds at a time.

        Args:
            time: Time since the beginning; what ends at this very time has ended.

        Returns:
            The step, which may have begun earlier; before the first one without any event.
            `None` beyond the last time at which a case was seen, unless all had ended by then.

        Raises:
            InvalidValue: The time is no length of time, or lies before the age at which the curves
                start.
        """
        check_time(time)
        if time < self.start:
            raise InvalidValue("time", time, f"the curves start at the age of {self.start}")
        last, until = (self.steps[-1] if self.steps else None), self.until
        if until is None or (time > until and not (last and not last.survival)):
            return None
        place = bisect_right(self.steps, time, key=_time)
        return self.steps[place - 1] if place else self._beginning()

    def incidence(self, cause: str, time: Time) -> Decimal | None:
        """
        Return the chance to have ended by a cause until a time.

        Args:
            cause: Name of the cause.
            time: Time since the beginning, that very time included.

        Returns:
            From 0 to 1, to 28 significant digits; `None` where `at` is.

        Raises:
            InvalidValue: As `at`.
            UnknownName: No cause has this name.
        """
        place, step = self._place(cause), self.at(time)
        return None if step is None else step.incidences[place]

    def interval(self, cause: str, time: Time, level: Decimal = LEVEL) -> ConfidenceInterval | None:
        """
        Return where the chance to have ended by a cause until a time lies.

        With the incidence F, its variance V and the normal quantile z it is
        1 - (1 - F)^exp(±z √V ÷ ((1 - F) ln(1 - F))), so that with one cause it is that of the
        survival, seen from 1.

        Args:
            cause: Name of the cause.
            time: Time since the beginning, that very time included.
            level: Level of confidence.

        Returns:
            From 0 to 1, to 28 significant digits; `None` where `at` is, and where F is 0 or 1.

        Raises:
            InvalidValue: As `at`, or the level is none.
            UnknownName: No cause has this name.

        Source:
            Beyersmann, Allignol and Schumacher, Competing Risks and Multistate Models with R
            (2012), equation 4.21.
        """
        place, step = self._place(cause), self.at(time)
        if step is None:
            return None
        with decimal.localcontext(WORKING):
            found = log_log_interval(1 - step.incidences[place], step.variances[place], level)
            if found is None:
                return None
            low, high = 1 - found.high, 1 - found.low
        return ConfidenceInterval(low=rounded(low), high=rounded(high), level=level)

    def given(self, age: Time) -> IncidenceCurves | None:
        """
        Return the curves of a case that has reached an age and is still open.

        The chance to end by a cause until t is then (F(t) - F(age)) ÷ S(age).

        Args:
            age: Time since the beginning; the case is open after all that ends at this very time.

        Returns:
            The curves from that age on, with variances of their own; `None` where no case was seen
            open after it, so that there is no precedent.

        Raises:
            InvalidValue: The age is no length of time, or lies before that at which the curves
                start.
        """
        check_time(age)
        if age < self.start:
            raise InvalidValue("age", age, f"the curves start at the age of {self.start}")
        later = self.table.after(age)
        return _curves(later, Decimal(age)) if later.n else None

    def _place(self, cause: str) -> int:
        if cause not in self.causes:
            raise UnknownName("cause", cause, self.causes)
        return self.causes.index(cause)

    def _beginning(self) -> IncidenceStep:
        none = tuple(_NOTHING for _ in self.causes)
        return IncidenceStep(
            time=self.start,
            at_risk=self.table.from_start,
            counts=tuple(0 for _ in self.causes),
            survival=_ONE,
            survival_variance=_NOTHING,
            incidences=none,
            variances=none,
        )


def aalen_johansen(table: EventTable) -> IncidenceCurves:
    """
    Return the chance to have ended by each cause by time, of cases some of which are still open.

    At each time, with d events of a cause among n at risk, its incidence grows by S d/n, S being
    the survival before that time; then S falls by as much.
    A case that ended by another cause cannot end by this one any more: 1 less the survival that
    leaves out other causes says too much.
    Where at some time nobody is at risk, because all who were seen had left before others entered,
    the curves go on as if nothing had happened meanwhile.

    Args:
        table: The counts.

    Returns:
        The curves; without rows ones that have no answer.

    Examples:
        >>> from salescore.stats import event_table
        >>> table = event_table([2, 3, 5, 7], ["won", "lost", "won", None], ["won", "lost"])
        >>> aalen_johansen(table).incidence("won", 6)
        Decimal('0.5')

    Source:
        Aalen and Johansen, An empirical transition matrix for non-homogeneous Markov chains based
        on censored observations, Scandinavian Journal of Statistics 5 (1978), 141-150. Variance:
        Gaynor and others, On the use of cause-specific failure and conditional failure
        probabilities, Journal of the American Statistical Association 88 (1993), 400-409, one time
        after the other as in Allignol, Schumacher and Beyersmann, A note on variance estimation of
        the Aalen-Johansen estimator, Biometrical Journal 52 (2010), 126-137.
    """
    return _curves(table, _NOTHING)


def _curves(table: EventTable, start: Decimal) -> IncidenceCurves:
    steps: list[IncidenceStep] = []
    survival, variance = _ONE, _NOTHING
    incidences = [_NOTHING for _ in table.causes]
    variances = [_NOTHING for _ in table.causes]
    # How each incidence varies together with the survival.
    shared = [_NOTHING for _ in table.causes]
    with decimal.localcontext(WORKING):
        for row, at_risk in table.at_risk():
            events = sum(row.counts)
            if not events:
                continue
            n = Decimal(at_risk)
            stays = (n - events) / n
            # The events of one time are one draw of n cases into the causes and those who stay.
            drawn = survival * survival / n
            for place, count in enumerate(row.counts):
                kept = stays * shared[place]
                if not count:
                    shared[place] = kept
                    continue
                hazard, rest = count / n, (n - count) / n
                incidences[place] += survival * hazard
                variances[place] += hazard * (2 * shared[place] + hazard * variance + drawn * rest)
                shared[place] = kept + stays * hazard * (variance - drawn)
            hazard = events / n
            variance = stays * (stays * variance + drawn * hazard)
            survival *= stays
            steps.append(
                IncidenceStep(
                    time=Decimal(row.time),
                    at_risk=at_risk,
                    counts=row.counts,
                    survival=rounded(survival),
                    survival_variance=rounded_variance(variance),
                    incidences=tuple(map(rounded, incidences)),
                    variances=tuple(map(rounded_variance, variances)),
                )
            )
    return IncidenceCurves(table=table, start=start, steps=tuple(steps))


def _time(step: IncidenceStep) -> Decimal:
    return step.time
