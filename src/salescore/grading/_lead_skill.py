"""Whether a lead score is worth anything: learned before a day, judged by what came after."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import NamedTuple, cast

import attrs

from salescore.entities import StageKind
from salescore.errors import InvalidValue
from salescore.grading._lead_example import LeadExample, closed_examples
from salescore.grading._lead_model import FEWEST_CASES, LeadModel
from salescore.grading._lead_score import LeadField, decimal_of
from salescore.render import Language, number, percent
from salescore.stats import BrierSkill, brier_skill, concordance

LEARNED_FROM = Decimal("0.7")
"""Share of the cases that a model learns from, where no day is given."""

FEWEST_TESTS = 30
"""Cases below which skill is not judged, by default."""

FEWEST_OF_EACH = 10
"""Won cases and lost cases among them, below either of which it is not judged."""

_LEVEL = Decimal("0.95")
_DIGITS = 4


class SkillVerdict(Enum):
    """Whether a score beats the base rate."""

    SKILL = "skill"
    NO_SKILL = "no_skill"
    TOO_FEW = "too_few"

    @property
    def labels(self) -> tuple[str, str]:
        """Return the verdict in English and Chinese."""
        return _VERDICTS[self]


_VERDICTS = {
    SkillVerdict.SKILL: ("Skill: better than the base rate", "有预测能力：优于基准赢单率"),
    SkillVerdict.NO_SKILL: (
        "No skill: not better than the base rate",
        "无预测能力：不优于基准赢单率",
    ),
    SkillVerdict.TOO_FEW: ("Not judged", "无法判断"),
}


@attrs.frozen(kw_only=True)
class SkillReport:
    """
    What a lead score was worth on cases that its model had not seen.

    Attributes:
        verdict: `SKILL` only where the whole interval of the difference lies above 0.
        model: What was learned from the cases decided before the split.
        split_on: First day of the tests; `None` where no case has a date.
        trained: Cases that the model learned from.
        tested: Cases decided on the day of the split or later.
        undated: Closed cases left out because nobody knows when they were decided.
        base_rate: Smoothed share of won cases among those learned from, which every test case is
            given for comparison; `None` where the model gives no scores.
        brier: Brier scores of model and base rate on the tests, with the interval of their
            difference; `None` where the model gives no scores, or there are no tests.
        concordance: How often a won test case scored above a lost one; `None` likewise, and where
            all tests ended alike.
        reason: Why skill was not judged; `None` where it was.
    """

    verdict: SkillVerdict
    model: LeadModel
    split_on: date | None
    trained: int
    tested: int
    undated: int
    base_rate: Decimal | None
    brier: BrierSkill | None
    concordance: Decimal | None
    reason: str | None = None

    def as_data(self) -> dict[str, object]:
        """Return plain JSON data, without the model; numbers as decimal texts."""
        brier = self.brier
        interval = None if brier is None else brier.interval
        return {
            "verdict": self.verdict.value,
            "split_on": None if self.split_on is None else self.split_on.isoformat(),
            "trained": self.trained,
            "tested": self.tested,
            "undated": self.undated,
            "base_rate": _plain(self.base_rate),
            "brier_score": None if brier is None else _plain(brier.score),
            "brier_reference": None if brier is None else _plain(brier.reference),
            "skill": None if brier is None else _plain(brier.skill),
            "difference": None if brier is None else _plain(brier.difference),
            "interval": None
            if interval is None
            else {
                "low": _plain(interval.low),
                "high": _plain(interval.high),
                "level": _plain(interval.level),
            },
            "concordance": _plain(self.concordance),
            "reason": self.reason,
        }

    def text(self, language: Language = Language.EN) -> str:
        """
        Return the verdict with its numbers as a person reads them.

        Args:
            language: Language of the words.
        """
        said = language.pick
        split = said(("no date", "无日期")) if self.split_on is None else self.split_on.isoformat()
        verdict = said(self.verdict.labels)
        colon = said((": ", "："))
        lines = [verdict if self.reason is None else f"{verdict}{colon}{self.reason}"]
        trained, tested = f"{self.trained:,}", f"{self.tested:,}"
        english = f"Learned from {trained} cases before {split}, tested on {tested} from then on."
        chinese = f"以 {split} 之前的 {trained} 个案例训练，用之后的 {tested} 个检验。"
        lines.append(said((english, chinese)))
        if self.brier is not None:
            lines += _numbers(self.brier, self.base_rate, self.concordance, language)
        return "\n".join(lines)


def _numbers(
    brier: BrierSkill, base_rate: Decimal | None, order: Decimal | None, language: Language
) -> list[str]:
    said = language.pick
    rows = [
        (("Base rate", "基准赢单率"), percent(base_rate)),
        (("Brier score", "Brier 分数"), number(brier.score, _DIGITS)),
        (("Brier score of the base rate", "基准 Brier 分数"), number(brier.reference, _DIGITS)),
        (("Skill", "预测能力"), percent(brier.skill)),
        (("Concordance", "一致率"), number(order, _DIGITS)),
    ]
    if brier.interval is not None:
        low, high = number(brier.interval.low, _DIGITS), number(brier.interval.high, _DIGITS)
        found = f"{number(brier.difference, _DIGITS)} ({low} … {high})"
        level = percent(brier.interval.level, 0)
        rows.append(((f"Difference ({level} interval)", f"差异（{level} 区间）"), found))
    colon = said((": ", "："))
    return [f"{said(label)}{colon}{shown}" for label, shown in rows]


def skill_report(
    examples: Iterable[LeadExample],
    *,
    fields: Sequence[LeadField],
    stages: Sequence[str],
    split_on: date | Decimal = LEARNED_FROM,
    minimum_cases: int = FEWEST_CASES,
    minimum_tests: int = FEWEST_TESTS,
    level: Decimal = _LEVEL,
) -> SkillReport:
    """
    Return whether a lead score learned before a day beats the base rate from that day on.

    The model sees only cases decided before the split. Every test case is scored as it came in, at
    the first stage: how far it got would tell how it ended. Both scores are judged on the same
    cases by `brier_skill`; the base rate is the model's own without any value.

    What it cannot see: values are those on record, perhaps filled in late; and cases still open at
    the end are missing among the tests, which favours whatever is decided fast.

    Args:
        examples: Cases in any order; those neither won nor lost, and those without a date of
            decision, are left out.
        fields: Fields to score by.
        stages: Open stages in the order in which a lead walks through them.
        split_on: First day of the tests; or the share of dated cases to learn from at most,
            between 0 and 1: all cases of the day on which it is reached are tests.
        minimum_cases: Closed cases below which the model gives no scores, at least 1.
        minimum_tests: Tests below which skill is not judged, at least 2. There must be 10 won and
            10 lost among them, too, for the interval to mean anything.
        level: Level of confidence of the interval.

    Returns:
        Verdict, numbers and model. `NO_SKILL` says that the interval reaches down to 0 or lies
        below it.

    Raises:
        InvalidValue: The split is neither a day nor a share, a minimum or the level is none, a key
            stands twice, or a case has two values of a field that is no set.
        InvalidRecord: No stage or one twice, or a field twice.
        UnknownName: A lost case reached a stage that is none of these.

    Source:
        `brier_skill`, `concordance`; a split by time rather than by chance, since a model is used
        on what comes after.
    """
    if type(minimum_tests) is not int or minimum_tests < _FEWEST_FOR_SPREAD:
        fault = f"it must be a whole number from {_FEWEST_FOR_SPREAD}"
        raise InvalidValue("minimum_tests", minimum_tests, fault)
    closed = closed_examples(examples)
    dated = [(one.decided_on, one) for one in closed if one.decided_on is not None]
    split = _split_day([day for day, _ in dated], split_on)
    before = [one for day, one in dated if split is not None and day < split]
    after = [one for day, one in dated if split is not None and day >= split]
    model = LeadModel.fit(before, fields=fields, stages=stages, minimum_cases=minimum_cases)
    judged = _judged(model, after, level)
    reason = model.reason or _too_few(after, minimum_tests)
    verdict = SkillVerdict.NO_SKILL
    if reason is not None:
        verdict = SkillVerdict.TOO_FEW
    elif judged.brier and judged.brier.interval and judged.brier.interval.low > 0:
        verdict = SkillVerdict.SKILL
    return SkillReport(
        verdict=verdict,
        model=model,
        split_on=split,
        trained=len(before),
        tested=len(after),
        undated=len(closed) - len(dated),
        base_rate=judged.base_rate,
        brier=judged.brier,
        concordance=judged.concordance,
        reason=reason,
    )


_FEWEST_FOR_SPREAD = 2


class _Judged(NamedTuple):
    base_rate: Decimal | None
    brier: BrierSkill | None
    concordance: Decimal | None


def _judged(model: LeadModel, tests: Sequence[LeadExample], level: Decimal) -> _Judged:
    """Return how the scores of tests compare to the base rate, empty without scores."""
    first = model.stages[0].value
    scores = [(model.score(one.values, first).probability, one) for one in tests]
    chances = [chance for chance, _ in scores if chance is not None]
    outcomes = [one.outcome is StageKind.WON for chance, one in scores if chance is not None]
    base_rate = decimal_of(model.prior)
    return _Judged(
        base_rate=None if model.reason else base_rate,
        brier=brier_skill(chances, [base_rate] * len(chances), outcomes, level),
        concordance=concordance(chances, outcomes),
    )


def _too_few(tests: Sequence[LeadExample], least: int) -> str | None:
    if len(tests) < least:
        return f"too few test cases: {len(tests):,}, at least {least:,} are needed"
    won = sum(1 for one in tests if one.outcome is StageKind.WON)
    if min(won, len(tests) - won) < FEWEST_OF_EACH:
        return (
            f"too few test cases of either kind: {won:,} won and {len(tests) - won:,} lost, at "
            f"least {FEWEST_OF_EACH} of each are needed"
        )
    return None


def _split_day(days: Sequence[date], split_on: date | Decimal) -> date | None:
    """Return the first day of the tests; `None` where a share is asked for and there is no day."""
    match cast("object", split_on):
        case datetime():
            pass
        case date() as day:
            return day
        case Decimal() as share if share.is_finite() and 0 < share < 1:
            return sorted(days)[int(Fraction(share) * len(days))] if days else None
        case _:
            pass
    fault = "it must be a day, or a Decimal above 0 and below 1"
    raise InvalidValue("split_on", split_on, fault)


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"
