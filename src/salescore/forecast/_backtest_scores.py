"""Scores of a method over the days of a backtest, and whether it beats a baseline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from enum import Enum
from fractions import Fraction

import attrs

from salescore.errors import InvalidValue
from salescore.forecast._backtest_row import BacktestRow, Words
from salescore.forecast._numbers import as_decimal
from salescore.stats import (
    Coverage,
    MeanEstimate,
    PitHistogram,
    coverage,
    mean_estimate,
    pit_histogram,
)

FEWEST_DAYS = 8
"""Days below which nothing is judged, by default."""


class BacktestVerdict(Enum):
    """Whether a method beats a baseline."""

    BETTER = "better"
    NO_SKILL = "no_skill"
    WORSE = "worse"
    TOO_FEW = "too_few"

    @property
    def labels(self) -> Words:
        """Return the verdict in English and Chinese."""
        return _VERDICTS[self]


_VERDICTS: dict[BacktestVerdict, Words] = {
    BacktestVerdict.BETTER: ("better", "更好"),
    BacktestVerdict.NO_SKILL: (
        "no skill: not told apart from the baseline",
        "无优势：与基准无差异",
    ),
    BacktestVerdict.WORSE: ("worse", "更差"),
    BacktestVerdict.TOO_FEW: ("too few days to tell", "天数太少，无法判断"),
}


@attrs.frozen(kw_only=True)
class MethodScores:
    """
    How a method fared over all days on which there is something to judge.

    Attributes:
        method: Its name.
        n: Days that are scored.
        missing: Days that are not: nothing was said, or nobody knows what it came to.
        crps: Mean continuous ranked probability score, in the unit of the quantity; less is better.
            `None` without scored days.
        distance: Mean distance of what came from the median, in the unit; `None` likewise.
        bias: Mean of forecast mean less what came, with its interval; above 0 too much was said.
        coverage: Per level how often the central interval held what came.
        interval_scores: Per level the mean cost of that interval; `None` without scored days.
        places: Where in the distributions what came fell.
        reason: Why there are no scores, in English and Chinese; `None` where there are.
    """

    method: str
    n: int
    missing: int
    crps: Decimal | None
    distance: Decimal | None
    bias: MeanEstimate
    coverage: tuple[Coverage, ...]
    interval_scores: tuple[Decimal | None, ...]
    places: PitHistogram
    reason: Words | None = None

    def coverage_of(self, level: Decimal) -> Coverage:
        """
        Return how often the central interval of one level held what came.

        Args:
            level: One of the levels that were judged.

        Raises:
            InvalidValue: The level is none of them.
        """
        for one in self.coverage:
            if one.level == level:
                return one
        judged = ", ".join(str(one.level) for one in self.coverage)
        fault = f"judged are {judged}; ask for others by levels=" if judged else "none was judged"
        raise InvalidValue("level", level, fault)


@attrs.frozen(kw_only=True)
class Comparison:
    """
    A method against a baseline, on the days that both are scored on.

    Attributes:
        method: Name of the method.
        baseline: Name of the baseline.
        score: Mean score of the method on these days; less is better. `None` without such days.
        reference: Mean score of the baseline on them.
        skill: 1 - score ÷ reference: the share of the baseline's cost that is saved, below 0 where
            it costs more. `None` where the baseline costs nothing, or there are no such days.
        difference: Mean of the baseline's score less the method's, with its interval; above 0 the
            method is better.
        verdict: Better or worse only where the whole interval lies on one side of 0.
        reason: Why it is not judged, in English and Chinese; `None` where it is.
    """

    method: str
    baseline: str
    score: Decimal | None
    reference: Decimal | None
    skill: Decimal | None
    difference: MeanEstimate
    verdict: BacktestVerdict
    reason: Words | None = None

    @property
    def n(self) -> int:
        """Number of days that both are scored on."""
        return self.difference.n


def method_scores(
    method: str,
    rows: Sequence[BacktestRow],
    levels: Sequence[Decimal],
    confidence: Decimal,
    lags: int,
) -> MethodScores:
    """
    Return the scores of one method.

    Args:
        method: Its name.
        rows: What it said, by day.
        levels: Levels of the intervals that are judged.
        confidence: Level of confidence of what is said about means and shares.
        lags: How many neighbouring days a day's error hangs together with.
    """
    scored = [one for one in rows if one.is_scored]
    actuals = [one.actual for one in scored if one.actual is not None]
    covers: list[Coverage] = []
    costs: list[Decimal | None] = []
    for level in levels:
        ends = [pair for one in scored if (pair := one.ends(level)) is not None]
        covers.append(coverage(ends, actuals, level, confidence=confidence))
        costs.append(mean_of([one.interval_score(level) for one in scored]))
    errors = [one.error for one in scored if one.error is not None]
    return MethodScores(
        method=method,
        n=len(scored),
        missing=len(rows) - len(scored),
        crps=mean_of([one.crps for one in scored]),
        distance=mean_of([one.distance for one in scored]),
        bias=mean_estimate(errors, level=confidence, lags=lags),
        coverage=tuple(covers),
        interval_scores=tuple(costs),
        places=pit_histogram(one.place for one in scored if one.place is not None),
        reason=None if scored else _unscored(rows),
    )


def _unscored(rows: Sequence[BacktestRow]) -> Words:
    """Return why no row is scored: the most frequent reason, with its number of days."""
    told = Counter(one.reason for one in rows if one.reason is not None)
    if not told:
        return "there are no days", "没有日期"
    (english, chinese), n = told.most_common(1)[0]
    days = "day" if len(rows) == 1 else "days"
    return (
        f"on {n:,} of {len(rows):,} {days}: {english}",
        f"{len(rows):,} 天中有 {n:,} 天：{chinese}",
    )


def compared(
    names: tuple[str, str],
    pairs: Sequence[tuple[Decimal, Decimal]],
    *,
    confidence: Decimal,
    lags: int,
    fewest: int,
) -> Comparison:
    """
    Return how a method fares against a baseline.

    Args:
        names: Name of the method, name of the baseline.
        pairs: Score of the method and of the baseline on each common day, less being better.
        confidence: Level of confidence of the interval.
        lags: How many neighbouring days a day's difference hangs together with.
        fewest: Days below which nothing is judged.
    """
    own, other = (mean_of([pair[place] for pair in pairs]) for place in (0, 1))
    gains = [as_decimal(Fraction(base) - Fraction(score)) for score, base in pairs]
    difference = mean_estimate(gains, level=confidence, lags=lags)
    verdict, reason = _verdict(difference, fewest)
    skill = None
    if own is not None and other:
        cost, whole = (sum((Fraction(pair[at]) for pair in pairs), Fraction(0)) for at in (0, 1))
        skill = as_decimal(1 - cost / whole)
    return Comparison(
        method=names[0],
        baseline=names[1],
        score=own,
        reference=other,
        skill=skill,
        difference=difference,
        verdict=verdict,
        reason=reason,
    )


def _verdict(difference: MeanEstimate, fewest: int) -> tuple[BacktestVerdict, Words | None]:
    n = difference.n
    if n < fewest or difference.interval is None:
        days = "day" if n == 1 else "days"
        english = f"{n:,} common {days}, at least {fewest:,} needed"
        return BacktestVerdict.TOO_FEW, (english, f"共同天数仅 {n:,}，至少需要 {fewest:,}")
    if difference.interval.low > 0:
        return BacktestVerdict.BETTER, None
    if difference.interval.high < 0:
        return BacktestVerdict.WORSE, None
    return BacktestVerdict.NO_SKILL, None


def mean_of(values: Sequence[Decimal | None]) -> Decimal | None:
    """Return the mean of what is known to 28 significant digits; `None` without any."""
    known = [Fraction(one) for one in values if one is not None]
    return as_decimal(sum(known, Fraction(0)) / len(known)) if known else None
