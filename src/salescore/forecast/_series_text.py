"""A forecast of a series in words."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TypeAlias

from salescore.forecast._distribution import Band
from salescore.forecast._distribution_checks import check_kind
from salescore.forecast._series import Series
from salescore.render import Language
from salescore.values import Period

Words: TypeAlias = tuple[str, str]
"""A sentence in English and in Chinese."""

Line: TypeAlias = tuple[int, Period | None, Decimal, Band | None, tuple[tuple[str, Decimal], ...]]


def check_language(language: Language) -> None:
    """Refuse what is no language, such as its name as a text."""
    check_kind("language", language, Language, "a Language, such as Language.EN")


def number_text(value: Decimal) -> str:
    """Return a number to six significant digits, thousands apart."""
    return f"{float(f'{value:.6g}'):,.12g}"


def forecast_text(
    series: Series,
    method: str,
    parameters: Sequence[tuple[str, str]],
    lines: Sequence[Line],
    notes: Sequence[Words],
    language: Language,
) -> str:
    """Return a heading, a line per period, and the notes."""
    check_language(language)
    is_english = language is Language.EN
    used = _used(method, parameters, language)
    unit = f" [{series.unit}]" if series.unit else ""
    until = series.periods[-1].key if series.periods else str(len(series.values))
    head = (
        f"{series.name}{unit}, {_periods(len(lines))} after {until}, by {used}"
        if is_english
        else f"{series.name}{unit}：{until} 之后 {len(lines)} 期，方法 {used}"
    )
    return "\n".join(
        [
            head,
            *(_line(one, is_english) for one in lines),
            *(en if is_english else zh for en, zh in notes),
        ]
    )


def _used(method: str, parameters: Sequence[tuple[str, str]], language: Language) -> str:
    """Return the method with what it chose; its name is a term and stays."""
    if language is Language.EN:
        chosen = ", ".join(f"{name} {value}" for name, value in parameters)
        return f"{method} ({chosen})" if chosen else method
    chosen = "，".join(f"{_chinese(name)} {_chinese(value)}" for name, value in parameters)
    return f"{method}（{chosen}）" if chosen else method


def _chinese(word: str) -> str:
    """Return what a parameter or a part is called in Chinese; names of other things as they are."""
    return _CHINESE.get(word, word)


_CHINESE = {
    "additive": "加法",
    "base": "基础",
    "cut at 0": "截至 0",
    "damped": "阻尼",
    "drift": "漂移",
    "interval": "间隔",
    "multiplicative": "乘法",
    "none": "无",
    "reconciled": "协调调整",
    "season": "季节",
    "size": "每次需求量",
    "slope": "斜率",
    "squared errors": "误差平方和",
    "start": "初值",
    "trend": "趋势",
    "window": "窗口",
}


def _periods(many: int) -> str:
    return "1 period" if many == 1 else f"{many} periods"


def _line(line: Line, is_english: bool) -> str:  # noqa: FBT001 - one of two languages
    step, during, point, band, parts = line
    name = f"+{step}" if during is None else during.key
    found = f"{name}: {number_text(point)}" if is_english else f"{name}：{number_text(point)}"
    if band is not None:
        low, high = number_text(band.low), number_text(band.high)
        share = f"{float(band.level):.0%}".replace("%", " %")
        found += f" ({share}: {low} to {high})" if is_english else f"（{share}：{low} 至 {high}）"
    if len(parts) > 1:
        named = [
            f"{part if is_english else _chinese(part)} {number_text(amount)}"
            for part, amount in parts
        ]
        found += f" = {', '.join(named)}" if is_english else f" = {'，'.join(named)}"
    return found
