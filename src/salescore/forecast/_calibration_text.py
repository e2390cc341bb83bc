"""A backtest of single chances as a person reads it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from salescore.forecast._backtest_row import Words
from salescore.forecast._backtest_text import BROKEN, comparison_lines, finding_lines, shown
from salescore.forecast._calibration_scores import ChanceScores
from salescore.forecast._numbers import as_decimal
from salescore.render import Language, number, percent, text_table
from salescore.stats import BrierParts
from salescore.values import Finding

_DIGITS = 4
_WIDEST = 60


def chance_backtest_text(
    scores: Sequence[ChanceScores],
    findings: Sequence[Finding],
    settings: tuple[date, int | None, Decimal, int],
    language: Language,
) -> str:
    """
    Return scores, verdicts, tables of calibration and findings under one another.

    Args:
        scores: Scores of each method.
        findings: What went wrong.
        settings: Day of judgement, horizon in days, level of confidence, lags.
        language: Language of the words.
    """
    judged_on, horizon, confidence, lags = settings
    said = language.pick
    ahead: Words = ("in the end", "最终")
    if horizon is not None:
        days = "day" if horizon == 1 else "days"
        ahead = (f"within {horizon:,} {days}", f"{horizon:,} 天内")
    english = f"Chances to be won {ahead[0]}, judged on the facts of {judged_on}"
    chinese = f"{ahead[1]}赢单的概率，以 {judged_on} 的事实评判"
    blocks = [
        [said((english, chinese)), *_scores(scores, language)],
        comparison_lines([one.skill for one in scores], confidence, lags, language),
    ]
    blocks += [[one.method, *_rows(one.parts, language)] for one in scores if one.parts is not None]
    if findings:
        blocks.append(finding_lines(findings, language))
    return "\n\n".join("\n".join(block) for block in blocks)


def _scores(scores: Sequence[ChanceScores], language: Language) -> list[str]:
    heads: tuple[Words, ...] = (
        ("Method", "方法"),
        ("Chances", "概率数"),
        ("Won", "赢单"),
        ("Still open", "未结束"),
        ("Unknown", "未知"),
        ("Unstated", "未陈述"),
        ("Brier", "Brier"),
        ("Reliability", "可靠性"),
        ("Resolution", "分辨力"),
        ("Uncertainty", "不确定性"),
        ("Log", "对数"),
        ("Concordance", "一致率"),
    )
    rows = [
        [
            one.method,
            *(f"{count:,}" for count in (one.n, one.won, one.censored, one.unknown, one.unstated)),
            *_terms(one.parts),
            number(one.log.value, _DIGITS),
            number(one.concordance, _DIGITS),
        ]
        for one in scores
    ]
    lines = text_table([language.pick(head) for head in heads], rows, widest=_WIDEST)
    for one in scores:
        if one.log.impossible:
            n, whole = one.log.impossible, one.n
            cases = "case" if whole == 1 else "cases"
            english = (
                f"{one.method}: called impossible, it happened in {n:,} of {whole:,} {cases}: "
            )
            chinese = (
                f"{one.method}：{whole:,} 个案例中有 {n:,} 个被断言不可能却发生：对数评分为无穷大"
            )
            lines.append(language.pick((f"{english}the log score is infinite", chinese)))
    return lines


def _terms(parts: BrierParts | None) -> list[str]:
    if parts is None:
        return [number(None, _DIGITS)] * 4
    terms = (parts.score, parts.reliability, parts.resolution, parts.uncertainty)
    return [number(as_decimal(one), _DIGITS) for one in terms]


def _rows(parts: BrierParts, language: Language) -> list[str]:
    heads: tuple[Words, ...] = (
        ("Chances", "概率"),
        ("Cases", "案例"),
        ("Stated", "陈述"),
        ("Won", "赢单"),
        ("Interval", "区间"),
    )
    rows = [
        [
            f"{percent(one.low)} … {percent(one.high)}",
            f"{one.n:,}",
            percent(one.stated),
            percent(one.share),
            shown(one.interval, 1, is_share=True) + ("" if one.holds else " !"),
        ]
        for one in parts.rows
    ]
    lines = text_table([language.pick(head) for head in heads], rows)
    if any(not one.holds for one in parts.rows):
        lines.append(language.pick(BROKEN))
    return lines
