"""Chances of single opportunities, held against what became of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Protocol

import attrs

from salescore.book import Facts
from salescore.errors import InvalidValue, UnknownName
from salescore.forecast._backtest_days import (
    CONFIDENCE,
    ascending_days,
    check_facts,
    check_horizon,
    check_judge,
    check_settings,
    overlapping,
)
from salescore.forecast._backtest_scores import FEWEST_DAYS
from salescore.forecast._calibration_scores import (
    ChanceRow,
    ChanceScores,
    ScoredDay,
    chance_scores,
)
from salescore.forecast._calibration_text import chance_backtest_text
from salescore.forecast._ended import ended_opportunities, open_base_rate
from salescore.render import Language
from salescore.stats import brier_score
from salescore.values import Finding, Period, Severity

_DAY = timedelta(days=1)


class StatedChance(Protocol):
    """
    The chance of one opportunity.

    **Laws**: the chance is a fraction from 0 to 1, or `None` where nobody stated one.
    """

    @property
    def id(self) -> str:
        """Return the id of the opportunity."""
        ...

    @property
    def chance(self) -> Decimal | None:
        """Return its chance to be won."""
        ...


class StatedChances(Protocol):
    """
    The chances of open opportunities, such as `WinChances`.

    **Laws**: each opportunity stands once.
    """

    @property
    def rows(self) -> Sequence[StatedChance]:
        """Return the chances."""
        ...


ChanceMethod = Callable[[Facts, date, "Period | None"], "StatedChances | Mapping[str, Decimal]"]
"""
What is judged: from the facts known on a day, the day, and the days ahead within which to be won
(`None` for in the end) to the chance of each open opportunity.
"""


@attrs.frozen(kw_only=True)
class ChanceBacktest:
    """
    What methods would have said about each open opportunity on past days, and what became of them.

    Attributes:
        judged_on: Last day whose facts say what became of them.
        horizon: Days within which they were to be won; `None` for in the end.
        confidence: Level of confidence of what is said about means and shares.
        lags: How many earlier days' horizons a day's horizon overlaps with at most.
        rows: Each method on each day, by day and then in the order of the methods.
        scores: Scores of each method, in their order.
        findings: What went wrong.
    """

    judged_on: date
    horizon: int | None
    confidence: Decimal
    lags: int
    rows: tuple[ChanceRow, ...]
    scores: tuple[ChanceScores, ...]
    findings: tuple[Finding, ...]

    def of(self, method: str) -> ChanceScores:
        """
        Return the scores of one method.

        Raises:
            UnknownName: There is no such method.
        """
        for one in self.scores:
            if one.method == method:
                return one
        raise UnknownName("method", method, tuple(one.method for one in self.scores))

    def text(self, language: Language = Language.EN) -> str:
        """
        Return scores, verdicts and tables of calibration as a person reads them.

        Args:
            language: Language of the words.
        """
        settings = (self.judged_on, self.horizon, self.confidence, self.lags)
        return chance_backtest_text(self.scores, self.findings, settings, language)


def chance_backtest(
    days: Iterable[date],
    *,
    facts: Facts,
    methods: Mapping[str, ChanceMethod],
    horizon: int | None,
    judged_on: date,
    confidence: Decimal = CONFIDENCE,
    fewest: int = FEWEST_DAYS,
) -> ChanceBacktest:
    """
    Return how good the chances of single opportunities were, against one base rate for all.

    On each day every method is handed the facts known then, and gives each open opportunity a
    chance to be won within the horizon. What became of them by the end of it is scored by Brier,
    as is the base rate known on the day (`open_base_rate`) on the same opportunities.
    A method has skill only where the whole interval of the mean difference, day by day, lies above
    0; days whose horizons overlap are taken to hang together.
    Where the horizon ends after `judged_on`, the whole day is left out as censored: to keep those
    that closed early would favour whatever is decided fast. Without a horizon nobody can leave out
    whole days; then those still open are left out one by one, and the scores are of those decided.

    Args:
        days: Days on which chances are stated, in any order, each once.
        facts: All facts.
        methods: What is judged, by name: each takes facts, day and period (`None` for in the end),
            and gives chances by opportunity id, or an object with `rows` of `id` and `chance`.
        horizon: Days within which an opportunity is to be won, from 1 on; `None` for in the end.
        judged_on: Last day of the facts that judge, which must be complete up to it.
        confidence: Level of confidence of what is said about means and shares.
        fewest: Days below which no verdict is given, at least 2.

    Returns:
        Rows and scores. A method that raises an error, or states what is no chance, has no score
        for that day, and a finding says why.

    Raises:
        InvalidValue: A day stands twice or is none, the horizon is no number of days, there is no
            method or one cannot be called, `fewest` is below 2, a level is none, or `judged_on` is
            later than the facts.

    Source:
        Murphy (1973) and Diebold and Mariano (1995), as `brier_parts` and `mean_estimate` name
        them.
    """
    check_horizon(horizon)
    check_settings(methods, (), confidence, fewest, judged_on)
    check_facts(facts)
    asked = ascending_days(days)
    judge = facts.at(judged_on)
    last = check_judge(judge, judged_on)
    ends = ended_opportunities(judge)
    findings: list[Finding] = []
    found: dict[str, list[ScoredDay]] = {name: [] for name in methods}
    for day in asked:
        seen = facts.at(day)
        during = _ahead(day, horizon)
        is_over = last is not None and day < last
        if during is not None and during.last_day > judged_on:
            is_over = False
        base = open_base_rate(seen, day, horizon)
        known = ended_opportunities(seen)
        open_ids = [key for key, one in known.items() if not one.is_closed]
        for name, method in methods.items():
            told = _told(name, method, seen, (day, during), findings)
            one = ScoredDay.of(name, day, during, open_ids, told, base, ends if is_over else None)
            found[name].append(one)
    horizons = [_ahead(day, horizon) for day in asked]
    lags = len(asked) - 1 if asked else 0  # what comes in the end comes to all of them
    if horizon is not None:
        lags = overlapping([(one.start, one.end) for one in horizons if one is not None])
    return ChanceBacktest(
        judged_on=judged_on,
        horizon=horizon,
        confidence=confidence,
        lags=lags,
        rows=tuple(one.row for at in zip(*found.values(), strict=True) for one in at),
        scores=tuple(
            chance_scores(name, of, confidence=confidence, lags=lags, fewest=fewest)
            for name, of in found.items()
        ),
        findings=tuple(findings),
    )


def _ahead(day: date, horizon: int | None) -> Period | None:
    """Return the days within which to be won; `None` for in the end."""
    if horizon is None:
        return None
    if (date.max - day).days <= horizon:
        raise InvalidValue("day", day, f"there are no {horizon:,} days after it")
    return Period.custom(day + _DAY, day + horizon * _DAY)


def _told(
    name: str,
    method: ChanceMethod,
    facts: Facts,
    place: tuple[date, Period | None],
    findings: list[Finding],
) -> Mapping[str, Decimal] | None:
    """Return what a method says on a day; keep why where it says nothing."""
    day, during = place
    try:
        answer = method(facts, day, during)
        told = _by_id(answer)
        brier_score(list(told.values()), [False] * len(told))  # refuses what is no chance
    except Exception as error:  # noqa: BLE001 - a method may raise whatever it likes
        findings.append(
            Finding(
                code="forecast-failed",
                severity=Severity.WARNING,
                message=f"{type(error).__name__}: {error}",
                subject=f"{name}/{day}",
            )
        )
        return None
    return told


def _by_id(answer: StatedChances | Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Return chances by the id of the opportunity."""
    if isinstance(answer, Mapping):
        return dict(answer)
    if not hasattr(answer, "rows"):
        raise TypeError(f"it gave a {type(answer).__name__} without rows of chances")
    return {one.id: one.chance for one in answer.rows if one.chance is not None}
