"""What a reader of a forecast of a series has to know."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from math import sqrt

from salescore.forecast._distribution import Band
from salescore.forecast._series import Series
from salescore.forecast._series_errors import ErrorSpread
from salescore.forecast._series_text import Words
from salescore.render import Language

_REACH = 1.2815515655446004
"""Normal quantile at 0.9: both sides of it together leave 20 %."""

_WHY: Words = ("past errors were one-sided or held an outlier", "以往误差偏于一侧或含有异常值")


def series_notes(series: Series, late: int) -> list[Words]:
    """Return what is not over yet, and how many of the last values are missing."""
    notes: list[Words] = []
    if series.unfinished is not None:
        words = series.unfinished.words
        notes.append((words(Language.EN), words(Language.ZH)))
    if late:
        many = "last value is" if late == 1 else f"last {late} values are"
        english = f"the {many} missing; forecasts begin before"
        notes.append((english, f"最后 {late} 个值缺失，预测从其前开始"))
    return notes


def outside_note(found: Sequence[tuple[str, Decimal, Band | None]]) -> list[Words]:
    """
    Return the note that points lie outside their own bands; none where no point does.

    Args:
        found: Name, point and band of each period.
    """
    out = [
        name
        for name, point, band in found
        if band is not None and not band.low <= point <= band.high
    ]
    if not out:
        return []
    english = f"the point of {out[0]} lies outside its own range of 80 %"
    chinese = f"{out[0]} 的点预测落在其 80 % 区间之外"
    if len(out) > 1:
        english = f"the points of {len(out)} periods, the first {out[0]}, lie outside their own "
        english += "ranges of 80 %"
        chinese = f"{len(out)} 期的点预测（首期为 {out[0]}）落在其 80 % 区间之外"
    advice: Words = ("read the range, not the point", "请看区间而非点预测")
    if len(found) > 1:
        advice = (f"{advice[0]}, and total, not expected", f"{advice[1]}，合计请看 total 的区间")
    return [(f"{english}: {_WHY[0]}; {advice[0]}", f"{chinese}：{_WHY[1]}，{advice[1]}")]


def sum_note(
    found: Sequence[tuple[Decimal, ErrorSpread | None]], *, is_nonnegative: bool
) -> list[Words]:
    """
    Return the note that the sum of points lies far from where the total does; none where not.

    Far is beyond the central 80 % of a normal total of independent errors.

    Args:
        found: Point and errors of each period.
        is_nonnegative: Whether nothing below 0 can happen.
    """
    means, variance = 0.0, 0.0
    for point, errors in found:
        if errors is None or errors.shape is None:
            return []
        mean, square = _moments(float(point), errors, is_nonnegative=is_nonnegative)
        means += mean
        variance += square
    points = sum(float(point) for point, _ in found)
    if len(found) == 1 or abs(means - points) <= _REACH * sqrt(variance):
        return []
    is_less = points < means
    why = _WHY
    if is_nonnegative:
        why = (f"{why[0]}, or what lies below 0 was cut", f"{why[1]}，或低于 0 的部分被截去")
    english = f"the points sum to far {'less' if is_less else 'more'} than what may come: {why[0]}"
    chinese = f"点预测之和远{'低' if is_less else '高'}于合计的可能结果：{why[1]}"
    return [(f"{english}; read total, not expected", f"{chinese}，合计请看 total 的区间")]


def _moments(point: float, errors: ErrorSpread, *, is_nonnegative: bool) -> tuple[float, float]:
    """Return mean and variance of an outcome."""
    shape = errors.shape
    if shape is None:
        return point, float(errors.scale) ** 2
    scale, total = float(errors.scale), float(sum(shape.weights))
    values = [point + scale * float(one) for one in shape.values]
    if is_nonnegative:
        values = [max(one, 0.0) for one in values]
    pairs = list(zip(values, shape.weights, strict=True))
    mean = sum(one * weight for one, weight in pairs) / total
    return mean, sum((one - mean) ** 2 * weight for one, weight in pairs) / total
