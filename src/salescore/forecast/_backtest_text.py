"""A backtest as a person reads it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from salescore.forecast._backtest_row import BacktestRow, Words
from salescore.forecast._backtest_scores import Comparison, MethodScores
from salescore.render import Language, clip, number, percent, text_table, text_width
from salescore.stats import ConfidenceInterval, Coverage, MeanEstimate
from salescore.values import EXACT, Finding

_WIDEST = 60
_LARGE = 1000
BROKEN: Words = (
    "! what was stated lies outside the interval of what happened",
    "! 陈述值位于实际区间之外",
)
"""What a mark behind an interval says."""


def backtest_text(
    scores: Sequence[MethodScores],
    comparisons: Sequence[Comparison],
    findings: Sequence[Finding],
    rows: Sequence[BacktestRow],
    settings: tuple[date, tuple[Decimal, ...], Decimal, int],
    language: Language,
) -> str:
    """
    Return scores, coverage, comparisons, the days and findings, as tables under one another.

    Args:
        scores: Scores of each method.
        comparisons: Each method against each baseline.
        findings: What went wrong.
        rows: What was said on each day; none to leave that table out.
        settings: Day of judgement, levels of intervals, level of confidence, lags.
        language: Language of the words.
    """
    judged_on, levels, confidence, lags = settings
    said = language.pick
    sure = level_text(confidence)
    english = f"Backtest, judged on the facts of {judged_on}; intervals of means at {sure}"
    chinese = f"回测，以 {judged_on} 的事实评判；均值区间 {sure}"
    blocks = [
        [said((english, chinese)), *_scores(scores, language)],
    ]
    if levels:
        blocks.append(_coverage(scores, levels, language))
    if comparisons:
        blocks.append(comparison_lines(comparisons, confidence, lags, language))
    if rows:
        blocks.append(_days(rows, language))
    if findings:
        blocks.append(finding_lines(findings, language))
    return "\n\n".join("\n".join(block) for block in blocks)


def _scores(scores: Sequence[MethodScores], language: Language) -> list[str]:
    digits = digits_of(one for each in scores for one in (each.crps, each.distance))
    heads: tuple[Words, ...] = (
        ("Method", "方法"),
        ("Days", "天数"),
        ("Missing", "缺失"),
        ("CRPS", "CRPS"),
        ("From median", "与中位数差距"),
        ("Bias", "偏差"),
    )
    rows = [
        [
            one.method,
            f"{one.n:,}",
            f"{one.missing:,}",
            number(one.crps, digits),
            number(one.distance, digits),
            estimate(one.bias, digits),
        ]
        for one in scores
    ]
    return text_table([language.pick(head) for head in heads], rows, widest=_WIDEST)


def _coverage(
    scores: Sequence[MethodScores], levels: Sequence[Decimal], language: Language
) -> list[str]:
    head = language.pick(("Intervals held", "区间覆盖"))
    rows = [[one.method, *(_held(each) for each in one.coverage)] for one in scores]
    lines = text_table([head, *(level_text(level) for level in levels)], rows, widest=_WIDEST)
    if any(each.holds is False for one in scores for each in one.coverage):
        lines.append(language.pick(BROKEN))
    return lines


def _held(one: Coverage) -> str:
    """Return a share with its interval, marked where the promise lies outside."""
    mark = " !" if one.holds is False else ""
    return f"{percent(one.share, 0)} ({shown(one.interval, 0, is_share=True)}){mark}"


def comparison_lines(
    comparisons: Sequence[Comparison], confidence: Decimal, lags: int, language: Language
) -> list[str]:
    """
    Return the table of comparisons, and what to keep in mind with it.

    Args:
        comparisons: Each method against each baseline.
        confidence: Level of confidence of the intervals.
        lags: How many neighbouring days hang together.
        language: Language of the words.
    """
    said = language.pick
    digits = digits_of(one.reference for one in comparisons)
    heads: tuple[Words, ...] = (
        ("Method", "方法"),
        ("Against", "基准"),
        ("Days", "天数"),
        ("Saved", "改善"),
        ("Difference", "差异"),
        ("Verdict", "结论"),
    )
    rows = [
        [
            one.method,
            one.baseline,
            f"{one.n:,}",
            percent(one.skill),
            estimate(one.difference, digits),
            said(one.verdict.labels if one.reason is None else one.reason),
        ]
        for one in comparisons
    ]
    lines = text_table([said(head) for head in heads], rows, widest=_WIDEST, left=(1, 5))
    if lags:
        days = "day" if lags == 1 else "days"
        english = (
            f"Periods overlap with those of up to {lags} earlier {days}; intervals allow for it."
        )
        lines.append(said((english, f"各期间最多与之前 {lags} 天的期间重叠，区间已计入。")))
    if len(comparisons) > 1:
        chance = level_text(EXACT.subtract(1, confidence))
        english = (
            f"{len(comparisons)} comparisons, each of which errs in {chance} of all cases: "
            "judge a method picked from them on further days."
        )
        chinese = f"共 {len(comparisons)} 项比较，每项误判率 {chance}：挑选出的方法须另行检验。"
        lines.append(said((english, chinese)))
    return lines


def _days(rows: Sequence[BacktestRow], language: Language) -> list[str]:
    said = language.pick
    digits = digits_of(one.actual for one in rows)
    heads: tuple[Words, ...] = (
        ("Day", "日期"),
        ("Period", "期间"),
        ("Method", "方法"),
        ("Mean", "均值"),
        ("80 %", "80 %"),
        ("Actual", "实际"),
        ("CRPS", "CRPS"),
    )
    cells: list[list[str]] = []
    for one in rows:
        found = one.distribution
        ends = "" if one.reason is None else said(one.reason)
        if found is not None:
            band = found.band()
            ends = f"{number(band.low, digits)} … {number(band.high, digits)}"
        actual = number(one.actual, digits)
        if one.reason is not None and one.actual is None and found is not None:
            actual = said(one.reason)
        cells.append(
            [
                one.day.isoformat(),
                str(one.period),
                one.method,
                number(None if found is None else found.mean, digits),
                ends,
                actual,
                number(one.crps, digits),
            ]
        )
    return text_table([said(head) for head in heads], cells, widest=_WIDEST, left=(1, 2))


def finding_lines(findings: Sequence[Finding], language: Language) -> list[str]:
    """
    Return what went wrong, one line per method and message, with the days on which it did.

    Args:
        findings: What went wrong, its subject being method and day.
        language: Language of the words.
    """
    days: dict[Words, list[str]] = {}
    for one in findings:
        method, _, day = str(one.subject).rpartition("/")
        days.setdefault((method, one.message), []).append(day)
    lines: list[str] = []
    for (method, message), on in days.items():
        english = chinese = on[0]
        if len(on) > 1:
            english = f"{len(on):,} days, {min(on)} to {max(on)}"
            chinese = f"{len(on):,} 天，{min(on)} 至 {max(on)}"
        line = language.pick(
            (f"{method}: {message} ({english})", f"{method}：{message}（{chinese}）")
        )
        lines.append(clip(line, text_width(line) + 1))
    return lines


def level_text(level: Decimal) -> str:
    """Return a level in percent, with as many digits as it has."""
    exponent = level.normalize(EXACT).as_tuple().exponent
    return percent(level, max(0, -exponent - 2) if isinstance(exponent, int) else 0)


def estimate(one: MeanEstimate, digits: int) -> str:
    """Return a mean with its interval."""
    if one.interval is None:
        return number(one.mean, digits)
    return f"{number(one.mean, digits)} ({shown(one.interval, digits)})"


def shown(interval: ConfidenceInterval | None, digits: int, *, is_share: bool = False) -> str:
    """Return the ends of an interval."""
    form = percent if is_share else number
    if interval is None:
        return form(None, digits)
    return f"{form(interval.low, digits)} … {form(interval.high, digits)}"


def digits_of(values: Iterable[Decimal | None]) -> int:
    """Return how many digits behind the point tell numbers of such a size."""
    largest = max((abs(one) for one in values if one is not None), default=Decimal(0))
    if largest >= _LARGE:
        return 0
    return 2 if largest >= 1 else 4
