"""What a method's chances were worth, day by day and in all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

import attrs

from salescore.forecast._backtest_row import Words
from salescore.forecast._backtest_scores import Comparison, compared
from salescore.forecast._ended import Ended, Fate
from salescore.stats import (
    TENTHS,
    BrierParts,
    LogScore,
    brier_parts,
    brier_score,
    concordance,
    log_score,
)
from salescore.values import Period

BASE_RATE = "base rate"
"""Name of the baseline: one chance for every opportunity, the share won so far."""


@attrs.frozen(kw_only=True)
class ChanceRow:
    """
    What one method said on one day about all open opportunities, and what became of them.

    Attributes:
        method: Name of the method.
        day: Last day whose facts it saw.
        during: Days within which opportunities were to be won; `None` for in the end.
        n: Opportunities that are scored.
        won: How many of these were won.
        censored: Opportunities with a chance of which nobody knows yet: they were still open.
        unknown: Opportunities with a chance that are not on record, were not open, or closed on an
            unknown day.
        unstated: Opportunities that were open and were given no chance. Where those lack one that
            closed later, since nobody kept what had been stated, the scores are of the others.
        score: Brier score of the chances; `None` where none is scored.
        base_rate: Chance that the baseline gives every opportunity; `None` without history.
        reference: Brier score of the baseline on the same opportunities; `None` likewise.
        reason: Why none is scored, in English and Chinese; `None` where some are.
    """

    method: str
    day: date
    during: Period | None
    n: int
    won: int
    censored: int
    unknown: int
    unstated: int
    score: Decimal | None
    base_rate: Decimal | None
    reference: Decimal | None
    reason: Words | None = None


@attrs.frozen(kw_only=True)
class ChanceScores:
    """
    How a method's chances fared over all days.

    An opportunity counts on each day on which it was open, so that the intervals of the table of
    calibration, which take cases for independent, are too narrow; those of `skill` are not, for
    they compare days.

    Attributes:
        method: Its name.
        n: Scored chances.
        won: How many of these opportunities were won in time.
        censored: Chances not scored since nobody knows yet.
        unknown: Chances not scored since nobody can tell.
        unstated: Open opportunities without a chance.
        parts: Brier score as reliability, resolution and uncertainty, with the table of
            calibration in tenths; `None` without scored chances.
        log: Logarithmic score.
        concordance: How often one that was won had the higher chance; `None` where all ended alike.
        skill: The method against the base rate by Brier score, day by day.
    """

    method: str
    n: int
    won: int
    censored: int
    unknown: int
    unstated: int
    parts: BrierParts | None
    log: LogScore
    concordance: Decimal | None
    skill: Comparison


@attrs.frozen
class ScoredDay:
    """
    What a method said on a day.

    Attributes:
        row: What is told of it.
        chances: The scored chances.
        outcomes: Whether each of these opportunities was won, in the same order.
    """

    row: ChanceRow
    chances: tuple[Decimal, ...]
    outcomes: tuple[bool, ...]

    @classmethod
    def of(
        cls,
        name: str,
        day: date,
        during: Period | None,
        open_ids: Sequence[str],
        told: Mapping[str, Decimal] | None,
        base: Decimal | None,
        ends: Mapping[str, Ended] | None,
    ) -> ScoredDay:
        """
        Return what a method said, with what became of it.

        Args:
            name: Name of the method.
            day: Day on which it spoke.
            during: Days within which opportunities were to be won; `None` for in the end.
            open_ids: Ids of the opportunities that were open then.
            told: Chance of each opportunity by id; `None` where it failed.
            base: Chance that the baseline gives; `None` without history.
            ends: How opportunities stand when they are judged; `None` where it is too early.
        """
        until = None if during is None else during.last_day
        chances: list[Decimal] = []
        outcomes: list[bool] = []
        counts = dict.fromkeys(Fate, 0)
        for key, chance in (told or {}).items():
            fate = Fate.CENSORED
            if ends is not None:
                fate = ends[key].fate(day, until) if key in ends else Fate.UNKNOWN
            counts[fate] += 1
            if fate in (Fate.WON, Fate.NOT_WON):
                chances.append(chance)
                outcomes.append(fate is Fate.WON)
        reason = None
        if not chances:
            stated = _NOT_OVER if ends is None else _ALL_OPEN
            reason = _FAILED if told is None else stated if told else _NO_CHANCES
        same = [] if base is None else [base] * len(chances)
        return cls(
            ChanceRow(
                method=name,
                day=day,
                during=during,
                n=len(chances),
                won=counts[Fate.WON],
                censored=counts[Fate.CENSORED],
                unknown=counts[Fate.UNKNOWN],
                unstated=len(set(open_ids).difference(told or ())),
                score=brier_score(chances, outcomes),
                base_rate=base,
                reference=brier_score(same, outcomes) if same else None,
                reason=reason,
            ),
            tuple(chances),
            tuple(outcomes),
        )


_FAILED: Words = ("failed, as a finding says", "失败，见提示")
_NO_CHANCES: Words = ("no chances", "没有概率")
_NOT_OVER: Words = ("the horizon was not over", "期限尚未结束")
_ALL_OPEN: Words = ("nobody knows what became of them", "结果未知")


def chance_scores(
    name: str, days: Sequence[ScoredDay], *, confidence: Decimal, lags: int, fewest: int
) -> ChanceScores:
    """
    Return the scores of one method over all days.

    Args:
        name: Its name.
        days: What it said.
        confidence: Level of confidence of what is said about means and shares.
        lags: How many neighbouring days a day's difference hangs together with.
        fewest: Days below which no verdict is given.
    """
    rows = [one.row for one in days]
    chances = [chance for one in days for chance in one.chances]
    outcomes = [outcome for one in days for outcome in one.outcomes]
    pairs = [
        (one.score, one.reference)
        for one in rows
        if one.score is not None and one.reference is not None
    ]
    return ChanceScores(
        method=name,
        n=len(chances),
        won=sum(outcomes),
        censored=sum(one.censored for one in rows),
        unknown=sum(one.unknown for one in rows),
        unstated=sum(one.unstated for one in rows),
        parts=brier_parts(chances, outcomes, cuts=TENTHS, level=confidence),
        log=log_score(chances, outcomes),
        concordance=concordance(chances, outcomes),
        skill=compared((name, BASE_RATE), pairs, confidence=confidence, lags=lags, fewest=fewest),
    )
