"""How long cases last while some are still open: the estimator of Kaplan and Meier."""

from __future__ import annotations

import decimal
import math
from bisect import bisect_right
from decimal import Decimal
from typing import cast

import attrs

from salescore.errors import InvalidValue
from salescore.stats._digits import WORKING, rounded, rounded_variance
from salescore.stats._event_table import EventTable, Time, check_time
from salescore.stats._intervals import LEVEL, ConfidenceInterval, check_level
from salescore.stats._normal import normal_quantile

_NEAR = 1e-6
_ONE = Decimal(1)
_HALF = Decimal("0.5")


@attrs.frozen(kw_only=True)
class SurvivalStep:
    """
    One step of a survival curve.

    Attributes:
        time: Time from which on it holds, in the unit of the table.
        at_risk: Cases that were seen open just before.
        events: Cases that ended at this time.
        survival: Chance to be open after this time, from 0 to 1, to 28 significant digits.
        variance: Variance of that estimate, likewise.
    """

    time: Decimal
    at_risk: int
    events: int
    survival: Decimal
    variance: Decimal

    def interval(self, level: Decimal = LEVEL) -> ConfidenceInterval | None:
        """
        Return where the chance lies, from 0 to 1.

        With the survival S, its variance V and the normal quantile z it is S^exp(±z √V ÷ (S ln S)),
        worked out from S and V as they stand here.

        Args:
            level: Level of confidence.

        Returns:
            The interval to 28 significant digits; `None` where S is 0 or 1, of which the method
            says nothing.

        Raises:
            InvalidValue: The level is none.

        Source:
            Kalbfleisch and Prentice, The Statistical Analysis of Failure Time Data (1980), 1.3.
        """
        return log_log_interval(self.survival, self.variance, level)


@attrs.frozen(kw_only=True)
class TimeQuantile:
    """
    The time by which a share of the cases has ended.

    Attributes:
        time: The first time by which so many have ended; `None` if that was never seen.
        low: Lower bound of its interval; `None` if it lies beyond what was seen.
        high: Upper bound; `None` if it lies beyond what was seen.
        level: Level of confidence of the interval.
    """

    time: Decimal | None
    low: Decimal | None
    high: Decimal | None
    level: Decimal


@attrs.frozen(kw_only=True)
class SurvivalCurve:
    """
    The chance that a case is still open, by the time since it began.

    Attributes:
        n: Cases that entered.
        from_start: Those of them that were seen from time 0 on.
        until: Last time at which a case was seen; `None` without cases.
        steps: The curve, one step per time at which cases ended; before the first it is 1.
    """

    n: int
    from_start: int
    until: Decimal | None
    steps: tuple[SurvivalStep, ...]

    @property
    def median(self) -> TimeQuantile:
        """Return the time by which half have ended, with its interval at the usual level."""
        return self.quantile(_HALF)

    def at(self, time: Time) -> SurvivalStep | None:
        """
        Return the step that holds at a time.

        Args:
            time: Time since the beginning; what ends at this very time has ended.

        Returns:
            The step, which may have begun earlier; before the first a step at 0 with survival 1.
            `None` beyond the last time at which a case was seen, unless all had ended by then.

        Raises:
            InvalidValue: The time is no length of time.
        """
        check_time(time)
        if not self._reaches(time):
            return None
        place = bisect_right(self.steps, time, key=_time)
        return self.steps[place - 1] if place else _beginning(self.from_start)

    def quantile(self, p: Decimal, level: Decimal = LEVEL) -> TimeQuantile:
        """
        Return the first time by which a share p has ended, where survival is at most 1 - p.

        Its interval reaches from the first time at which the lower bound of survival is at most
        1 - p to the first at which the upper bound is.

        Args:
            p: Share above 0, at most 1; 0.5 asks for the median.
            level: Level of confidence.

        Raises:
            InvalidValue: p lies outside these bounds, or the level is none.

        Source:
            Brookmeyer and Crowley, A confidence interval for the median survival time, Biometrics
            38 (1982), 29-41, with the bounds of Kalbfleisch and Prentice for the survival.
        """
        check_level(level)
        is_decimal = isinstance(cast("object", p), Decimal)
        if not (is_decimal and p.is_finite() and 0 < p <= 1):
            raise InvalidValue("quantile", p, "a share is a Decimal above 0, at most 1")
        share = WORKING.subtract(_ONE, p)
        low = time = high = None
        for step in self.steps:
            if low is None and _bound_is_down(step, share, level, is_upper=False):
                low = step.time
            if time is None and step.survival <= share:
                time = step.time
            if time is not None and _bound_is_down(step, share, level, is_upper=True):
                high = step.time
                break
        return TimeQuantile(time=time, low=low, high=high, level=level)

    def restricted_mean(self, horizon: Time) -> Decimal | None:
        """
        Return how long a case lasts on average, of no case counting more than a horizon.

        It is the area under the curve from 0 to the horizon.

        Args:
            horizon: Time up to which counts, in the unit of the table.

        Returns:
            In that unit, from 0 to the horizon, to 28 significant digits; `None` where the horizon
            lies beyond the last time at which a case was seen and not all had ended by then.

        Raises:
            InvalidValue: The horizon is no length of time.

        Source:
            Irwin, The standard error of an estimate of expectation of life, Journal of Hygiene 47
            (1949), 188-189.
        """
        check_time(horizon)
        if not self._reaches(horizon):
            return None
        with decimal.localcontext(WORKING):
            total, since, survival = Decimal(0), Decimal(0), Decimal(1)
            for step in self.steps:
                if step.time >= horizon:
                    break
                total += survival * (step.time - since)
                since, survival = step.time, step.survival
            total += survival * (horizon - since)
        return rounded(total)

    def _reaches(self, time: Time) -> bool:
        """Return whether the curve says anything of a time."""
        if self.until is None:
            return False
        return time <= self.until or bool(self.steps and not self.steps[-1].survival)


def kaplan_meier(table: EventTable) -> SurvivalCurve:
    """
    Return the chance that a case is still open by time, from cases of which some still are.

    At each time with d events among n at risk it is multiplied by 1 - d/n.
    Any cause ends a case. To leave out what ended by another cause, as if it could still end by
    this one, is a mistake: ask `aalen_johansen`.
    Where at some time nobody is at risk, because all who were seen had left before others entered,
    the curve goes on as if nothing had happened meanwhile.

    Args:
        table: The counts.

    Returns:
        The curve; without rows one that has no answer.

    Examples:
        >>> from salescore.stats import event_table
        >>> table = event_table([6, 6, 7, 9], ["left", None, "left", None], ["left"])
        >>> kaplan_meier(table).median.time
        Decimal('7')

    Source:
        Kaplan and Meier, Nonparametric estimation from incomplete observations, Journal of the
        American Statistical Association 53 (1958), 457-481; variance: Greenwood, The natural
        duration of cancer, Reports on Public Health and Medical Subjects 33 (1926).
    """
    steps: list[SurvivalStep] = []
    survival, variance = Decimal(1), Decimal(0)
    with decimal.localcontext(WORKING):
        for row, at_risk in table.at_risk():
            events = sum(row.counts)
            if not events:
                continue
            n = Decimal(at_risk)
            hazard, stays = events / n, (n - events) / n
            # Greenwood's sum, one term at a time; unlike the sum it exists where all have ended.
            variance = stays * (stays * variance + survival * survival * hazard / n)
            survival *= stays
            steps.append(
                SurvivalStep(
                    time=Decimal(row.time),
                    at_risk=at_risk,
                    events=events,
                    survival=rounded(survival),
                    variance=rounded_variance(variance),
                )
            )
    return SurvivalCurve(
        n=table.n, from_start=table.from_start, until=table.until, steps=tuple(steps)
    )


def log_log_interval(
    survival: Decimal, variance: Decimal, level: Decimal
) -> ConfidenceInterval | None:
    """Return the interval of a survival; `None` where it is 0 or 1."""
    check_level(level)
    if not 0 < survival < 1:
        return None
    with decimal.localcontext(WORKING):
        log = survival.ln()
        stretch = (-_normal_width(level) * variance.sqrt() / (survival * log)).exp()
        low, high = (log * stretch).exp(), (log / stretch).exp()
    return ConfidenceInterval(low=rounded(low), high=rounded(high), level=level)


def _bound_is_down(step: SurvivalStep, share: Decimal, level: Decimal, *, is_upper: bool) -> bool:
    """Return whether a bound of a survival is at most a share; where it has none, survival is."""
    if step.survival <= share and not is_upper:
        return True
    clear = _clearly_down(step, share, level, is_upper=is_upper)
    if clear is not None:
        return clear
    bounds = step.interval(level)
    return bounds is not None and (bounds.high if is_upper else bounds.low) <= share


def _clearly_down(
    step: SurvivalStep, share: Decimal, level: Decimal, *, is_upper: bool
) -> bool | None:
    """Return the same where a hundred times faster floating point leaves no doubt."""
    survival, limit = float(step.survival), float(share)
    if not (_NEAR < survival < 1 - _NEAR and _NEAR < limit < 1 - _NEAR):
        return None
    log = math.log(survival)
    width = float(_normal_width(level)) * math.sqrt(step.variance) / (survival * log)
    away = math.log(-log) - math.log(-math.log(limit)) + (width if is_upper else -width)
    return None if abs(away) < _NEAR else away > 0


def _normal_width(level: Decimal) -> Decimal:
    """Return how many standard errors a bound lies away."""
    return normal_quantile(WORKING.divide(WORKING.add(_ONE, level), 2))


def _time(step: SurvivalStep) -> Decimal:
    return step.time


def _beginning(at_risk: int) -> SurvivalStep:
    return SurvivalStep(
        time=Decimal(0), at_risk=at_risk, events=0, survival=Decimal(1), variance=Decimal(0)
    )
