"""The lines in which a person reads a forecast of the pipeline."""

from __future__ import annotations

from decimal import Decimal

from salescore.forecast._distribution import Distribution
from salescore.forecast._judgement import AppliedJudgement, IgnoredJudgement, Judgement
from salescore.render import Language, number, percent

_LEVEL = Decimal("0.8")


def range_text(found: Distribution, digits: int, language: Language) -> str:
    """Return mean and band of a distribution."""
    band = found.band(_LEVEL)
    low, high = number(band.low, digits), number(band.high, digits)
    words = language.pick(
        ("{mean}, {level} from {low} to {high}", "{mean}，{level} 区间：{low} 至 {high}")
    )
    return words.format(
        mean=number(found.mean, digits), level=percent(_LEVEL, 0), low=low, high=high
    )


def judged_line(one: AppliedJudgement, language: Language) -> str:
    """Return what a judgement changed, who said so, when and why."""
    change = f"{number(one.expected_before, 2)} → {number(one.expected_after, 2)}"
    words = language.pick(
        (
            "judged {what}: {change} · {said.author}, {said.on}: {said.reason}",
            "判断{what}：{change} · {said.author}，{said.on}：{said.reason}",
        )
    )
    return words.format(what=_what(one.judgement, language), change=change, said=one.judgement)


def ignored_line(one: IgnoredJudgement, language: Language) -> str:
    """Return which judgement changed nothing, and why."""
    words = language.pick(
        (
            "not applied to {what}: {said.author}, {said.on} ({reason})",
            "未采用{what}的判断：{said.author}，{said.on}（{reason}）",
        )
    )
    return words.format(
        what=_what(one.judgement, language), said=one.judgement, reason=language.pick(one.reason)
    )


def _what(said: Judgement, language: Language) -> str:
    """Return what a judgement is of."""
    if said.opportunity_id is None:
        return language.pick(("total", "总额"))
    return said.opportunity_id
