"""Backtests: what methods would have said on past days, judged by what came."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TypeVar, cast

import attrs

from salescore.errors import InvalidValue, UnknownName
from salescore.forecast._backtest_days import (
    CONFIDENCE,
    ascending_days,
    check_callable,
    check_judge,
    check_settings,
    overlapping,
    refuse_foresight,
)
from salescore.forecast._backtest_row import BacktestRow, Forecast, Words
from salescore.forecast._backtest_scores import (
    FEWEST_DAYS,
    Comparison,
    MethodScores,
    compared,
    method_scores,
)
from salescore.forecast._backtest_text import backtest_text
from salescore.forecast._distribution import Distribution
from salescore.forecast._numbers import finite
from salescore.render import Language
from salescore.values import Finding, Period, Severity

LEVELS = (Decimal("0.5"), Decimal("0.8"), Decimal("0.9"), Decimal("0.95"))
"""Levels of the intervals that a backtest judges unless others are asked for."""

F = TypeVar("F")

Method = Callable[[F, date, Period], "Distribution | Forecast | None"]
"""What is judged: from the facts known on a day, the day and a period to a distribution."""


@attrs.frozen(kw_only=True)
class Backtest:
    """
    What methods would have said on past days, what came, and what that says about them.

    No method is chosen: all stand side by side, each against each baseline.

    Attributes:
        judged_on: Last day whose facts say what came.
        levels: Levels of the intervals that are judged.
        confidence: Level of confidence of what is said about means and shares.
        lags: How many earlier days' periods a day's period overlaps with at most: so far their
            errors are taken to hang together.
        rows: What each method said on each day, by day and then in the order of the methods.
        scores: Scores of each method, in their order.
        comparisons: Each method against each baseline.
        findings: What went wrong: methods that failed or gave no distribution.
    """

    judged_on: date
    levels: tuple[Decimal, ...]
    confidence: Decimal
    lags: int
    rows: tuple[BacktestRow, ...]
    scores: tuple[MethodScores, ...]
    comparisons: tuple[Comparison, ...]
    findings: tuple[Finding, ...]

    def of(self, method: str) -> MethodScores:
        """
        Return the scores of one method.

        Raises:
            UnknownName: There is no such method.
        """
        for one in self.scores:
            if one.method == method:
                return one
        raise UnknownName("method", method, tuple(one.method for one in self.scores))

    def against(self, method: str, baseline: str) -> Comparison:
        """
        Return how a method fares against a baseline.

        Raises:
            UnknownName: There is no such comparison.
        """
        for one in self.comparisons:
            if (one.method, one.baseline) == (method, baseline):
                return one
        known = tuple(f"{one.method} against {one.baseline}" for one in self.comparisons)
        raise UnknownName("comparison", f"{method} against {baseline}", known)

    def rows_of(self, method: str) -> tuple[BacktestRow, ...]:
        """Return what one method said, by day."""
        return tuple(one for one in self.rows if one.method == method)

    def text(self, language: Language = Language.EN, *, with_days: bool = False) -> str:
        """
        Return scores, comparisons and findings as a person reads them.

        Args:
            language: Language of the words.
            with_days: Whether what was said on each day stands in it, too.
        """
        return backtest_text(
            self.scores,
            self.comparisons,
            self.findings,
            self.rows if with_days else (),
            (self.judged_on, self.levels, self.confidence, self.lags),
            language,
        )


def backtest(
    days: Iterable[date],
    *,
    facts_at: Callable[[date], F],
    methods: Mapping[str, Method[F]],
    baselines: Sequence[str],
    period_of: Callable[[date], Period],
    actual: Callable[[F, Period], Decimal | None],
    judged_on: date,
    levels: Sequence[Decimal] = LEVELS,
    confidence: Decimal = CONFIDENCE,
    fewest: int = FEWEST_DAYS,
) -> Backtest:
    """
    Return what methods would have said on past days, scored by what came.

    On each day every method is handed the facts known on that day, and nothing else; what it says
    about the period is judged by what the facts of `judged_on` say that it came to.
    Distributions are judged by their continuous ranked probability score (`crps`, estimator INT)
    and the cost of their intervals; how often those held, by Wilson; bias by mean ± Student's t.
    A method beats a baseline only where the whole interval of their mean difference in score, day
    by day, lies above 0. Where the periods of several days overlap, their differences are taken to
    hang together (`mean_estimate` with lags).
    Each comparison stands on its own: of twenty methods without merit one comes out better or
    worse by chance, so that whoever picks the best of many must judge it on further days.

    Args:
        days: Days on which forecasts are made, in any order, each once.
        facts_at: Gives the facts known on a day, such as `facts.at`.
        methods: What is judged, by name: each takes facts, day and period, and gives a
            distribution, a record that holds one as `distribution`, or `None`.
        baselines: Names of those methods that the others are judged against; at least one.
        period_of: Gives the period to speak of on a day; it must end after the day.
        actual: Gives what a period came to, from facts; `None` where nobody can tell.
        judged_on: Last day of the facts that judge, which must be complete up to it. A period that
            ends later, or begins after the last day that facts of a book tell of, is not judged.
        levels: Levels of the intervals to judge.
        confidence: Level of confidence of what is said about means and shares.
        fewest: Common days below which no verdict is given, at least 2.

    Returns:
        Rows, scores and comparisons. A method that raises an error or gives no distribution has no
        score for that day, and a finding says why. Without days there are no scores.

    Raises:
        InvalidValue: A day stands twice or is none, a period ends before its forecast or is none,
            `facts_at` reveals more than was known or less than judges, there is no method or no
            baseline, one cannot be called or stands twice, `fewest` is below 2, or a level is none
            or stands twice.
        UnknownName: A baseline is none of the methods.
        InvalidNumber: What came is no finite decimal.

    Source:
        Tashman, Out-of-sample tests of forecasting accuracy, International Journal of Forecasting
        16 (2000), 437-450 (rolling origin); scores and intervals as `crps`, `interval_score`,
        `coverage`, `pit_histogram` and `mean_estimate` name theirs.
    """
    check_settings(methods, levels, confidence, fewest, judged_on)
    for name, called in (("facts_at", facts_at), ("period_of", period_of), ("actual", actual)):
        check_callable(name, called)
    _check_baselines(tuple(methods), baselines)
    asked = [(day, _period(day, period_of)) for day in ascending_days(days)]
    known = _with_actuals(asked, facts_at, actual, judged_on)
    rows: list[BacktestRow] = []
    findings: list[Finding] = []
    for day, period, came in known:
        facts = facts_at(day)
        refuse_foresight(facts, day)
        for name, method in methods.items():
            said = _said(name, method, facts, (day, period), findings)
            found = said if isinstance(said, Distribution) else None
            reason = None if isinstance(said, Distribution) else said
            if came is None:
                reason = _NOT_OVER if period.last_day > judged_on else _NOT_KNOWN
            rows.append(
                BacktestRow(
                    method=name,
                    day=day,
                    period=period,
                    distribution=found,
                    actual=came,
                    reason=reason,
                )
            )
    lags = overlapping([(period.start, period.end) for _, period in asked])
    by_method = {name: [one for one in rows if one.method == name] for name in methods}
    return Backtest(
        judged_on=judged_on,
        levels=tuple(levels),
        confidence=confidence,
        lags=lags,
        rows=tuple(rows),
        scores=tuple(
            method_scores(name, of, levels, confidence, lags) for name, of in by_method.items()
        ),
        comparisons=tuple(
            compared(
                (name, base),
                _pairs(by_method[name], by_method[base]),
                confidence=confidence,
                lags=lags,
                fewest=fewest,
            )
            for base in baselines
            for name in methods
            if name != base
        ),
        findings=tuple(findings),
    )


_NOTHING_SAID: Words = ("no forecast", "没有预测")
_NOT_OVER: Words = ("the period was not over", "期间尚未结束")
_NOT_KNOWN: Words = ("what it came to is unknown", "实际值未知")


def _check_baselines(methods: tuple[str, ...], baselines: Sequence[str]) -> None:
    several = () if isinstance(baselines, str) else baselines
    if not isinstance(cast("object", several), Iterable) or not several:
        fault = "name at least one of the methods, such as a run rate: a score alone says little"
        raise InvalidValue("baselines", baselines, fault)
    if len(set(several)) < len(several):
        raise InvalidValue("baselines", ", ".join(several), "one stands twice; each counts once")
    for name in several:
        if name not in methods:
            raise UnknownName("method", name, methods)


def _period(day: date, period_of: Callable[[date], Period]) -> Period:
    """Return the period to speak of on a day, or refuse one that lies behind it."""
    period = period_of(day)
    if not isinstance(cast("object", period), Period):
        fault = f"for {day} it gives this, and no Period"
        raise InvalidValue("period_of", period, fault)
    if period.last_day <= day:
        fault = f"it ends before or on {day}, on which it was to be forecast"
        raise InvalidValue("period", period.key, fault)
    return period


def _with_actuals(
    asked: Sequence[tuple[date, Period]],
    facts_at: Callable[[date], F],
    actual: Callable[[F, Period], Decimal | None],
    judged_on: date,
) -> list[tuple[date, Period, Decimal | None]]:
    """Return days and periods with what these came to; `None` where nobody can tell."""
    if not asked:
        return []
    judge = facts_at(judged_on)
    last = check_judge(judge, judged_on)
    found: list[tuple[date, Period, Decimal | None]] = []
    for day, period in asked:
        is_told = period.last_day <= judged_on and last is not None and period.start <= last
        came = actual(judge, period) if is_told else None
        found.append((day, period, None if came is None else finite(came)))
    return found


def _said(
    name: str,
    method: Method[F],
    facts: F,
    place: tuple[date, Period],
    findings: list[Finding],
) -> Distribution | Words:
    """Return what a method says on a day, else why it says nothing, which is kept."""
    day, period = place

    def lacking(code: str, message: str) -> None:
        subject = f"{name}/{day}"
        found = Finding(code=code, severity=Severity.WARNING, message=message, subject=subject)
        findings.append(found)

    try:
        answer = method(facts, day, period)
    except Exception as error:  # noqa: BLE001 - a method may raise whatever it likes
        fault = f"{type(error).__name__}: {error}"
        lacking("forecast-failed", fault)
        return f"failed: {fault}", f"失败：{fault}"
    found = answer if isinstance(answer, Distribution) else getattr(answer, "distribution", None)
    if isinstance(found, Distribution):
        return found
    kind = type(answer).__name__
    fault = "it gave no forecast" if answer is None else f"it gave a {kind} without a distribution"
    lacking("forecast-missing", fault)
    return _NOTHING_SAID


def _pairs(
    own: Sequence[BacktestRow], other: Sequence[BacktestRow]
) -> list[tuple[Decimal, Decimal]]:
    """Return the scores on the days that both are scored on."""
    return [
        (one.crps, base.crps)
        for one, base in zip(own, other, strict=True)
        if one.crps is not None and base.crps is not None
    ]
