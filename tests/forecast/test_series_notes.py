"""What a forecast says of points that lie far from where its ranges do."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random

import pytest

from salescore.forecast import (
    Drift,
    Naive,
    RunRate,
    Series,
    SeriesMethod,
    Theta,
    nowcast,
    series_forecast,
)
from salescore.render import Language
from salescore.values import Calendar

READ_IT = "past errors were one-sided or held an outlier; read the range, not the point"


def outlier() -> list[Decimal]:
    """Return 43 values of 20 to 22, one of which is -280."""
    values = [Decimal(20 + at % 3) for at in range(43)]
    values[26] = Decimal(-280)
    return values


def climbing() -> list[Decimal]:
    """Return values that climb fast, so that a run rate lags behind."""
    rough = Random(3)  # noqa: S311 - no secret
    return [Decimal(10 * at + rough.randrange(41)) for at in range(60)]


def test_a_point_outside_its_own_band_says_so() -> None:
    """One month of -280 among 20 to 22 moves the point and not the range."""
    found = series_forecast(Series.of(outlier()), horizon=1, method=Theta())
    (one,) = found.periods
    band = one.band()
    assert band is not None
    assert one.point < band.low
    assert found.text().splitlines()[-1] == (
        f"the point of +1 lies outside its own range of 80 %: {READ_IT}"
    )
    assert found.text(Language.ZH).splitlines()[-1] == (
        "+1 的点预测落在其 80 % 区间之外：以往误差偏于一侧或含有异常值，请看区间而非点预测"
    )


def test_several_points_outside_tell_of_the_sum_too() -> None:
    """The same of three months: how many, the first, and that the sum is no better."""
    found = series_forecast(Series.of(outlier()), horizon=3, method=Theta())
    assert (
        "the points of 3 periods, the first +1, lie outside their own ranges of 80 %: "
        f"{READ_IT}, and total, not expected"
    ) in found.text()
    assert "3 期的点预测（首期为 +1）" in found.text(Language.ZH)


@pytest.mark.parametrize("is_nonnegative", [False, True])
def test_a_sum_of_points_outside_the_total_says_so(is_nonnegative: bool) -> None:  # noqa: FBT001
    """A method that lags is inside its range each month and outside that of the sum."""
    found = series_forecast(
        Series.of([one * one + 300 * (at % 7) for at, one in enumerate(climbing())]),
        horizon=12,
        method=RunRate(window=1),
        is_nonnegative=is_nonnegative,
    )
    total = found.total(correlation=Decimal(0))
    assert total is not None
    assert found.expected < total.band(Decimal("0.8")).low
    assert all(
        band is not None and band.low <= one.point <= band.high
        for one in found.periods
        for band in (one.band(),)
    )
    last, chinese = (found.text(one).splitlines()[-1] for one in (Language.EN, Language.ZH))
    assert last.startswith("the points sum to far less than what may come: past errors ")
    assert last.endswith("read total, not expected")
    assert ("what lies below 0 was cut" in last) is is_nonnegative
    assert chinese.startswith("点预测之和远低于合计的可能结果：")


@pytest.mark.parametrize("method", [Naive(), Drift(), Theta()])
def test_points_inside_say_nothing(method: SeriesMethod) -> None:
    """Errors around 0 make no note, of one month and of twelve."""
    rough = Random(5)  # noqa: S311 - no secret
    series = Series.of([Decimal(100 + rough.randrange(21)) for _ in range(60)])
    for horizon in (1, 12):
        assert series_forecast(series, horizon=horizon, method=method).notes == ()


def test_a_nowcast_outside_its_own_band_says_so() -> None:
    """The period that is not over is told of by its name."""
    calendar = Calendar()
    month, rows = calendar.parse("2021-01"), []
    for value in outlier():
        rows.append((month, value))
        month = calendar.next(month)
    series = Series.over(rows).with_unfinished(month, Decimal(5), as_of=date(2024, 8, 8))
    found = nowcast(series, by_then=[value / 4 for value in outlier()])
    band = found.band()
    assert band is not None
    assert not band.low <= found.point <= band.high
    assert f"the point of 2024-08 lies outside its own range of 80 %: {READ_IT}" in found.text()


def test_parameters_and_parts_are_told_in_chinese() -> None:
    """What a method chose and what a point is made of have Chinese names; methods keep theirs."""
    values = [Decimal(one) for one in (90, 70, 52, 33, 15, 4)]
    theta = series_forecast(Series.of(values), horizon=1).text(Language.ZH)
    assert "theta（季节 无，alpha " in theta
    assert "初值" in theta
    cut = series_forecast(Series.of(values), horizon=1, is_nonnegative=True, method=Drift())
    assert "drift（斜率 -17.2）" in cut.text(Language.ZH)
    assert " = 基础 -13.2，截至 0 13.2" in cut.text(Language.ZH)
    assert " = base -13.2, cut at 0 13.2" in cut.text()
