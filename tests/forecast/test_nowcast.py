"""What a month that is not over may come to, and methods of series in a backtest."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore.book import Facts
from salescore.errors import InvalidPeriod, InvalidValue, UnknownName
from salescore.exchange import read_folder
from salescore.forecast import (
    Naive,
    Nowcast,
    RunRate,
    Series,
    Unfinished,
    backtest,
    nowcast,
    series_by,
    series_forecast,
    series_method,
    values_by_then,
)
from salescore.metrics import figure, trend
from salescore.render import Language
from salescore.values import (
    Calendar,
    CalendarUnit,
    DayKind,
    Period,
    SpecialDay,
    WorkingCalendar,
)

CALENDAR = Calendar()
OFFICE = WorkingCalendar.of("office", years="all")
AMOUNTS = st.lists(st.decimals(0, 1000, places=2), min_size=1, max_size=20)


def months(values: list[int | None]) -> Series:
    """Return monthly values of 2025, from January on."""
    keys = CALENDAR.periods(CALENDAR.parse("2025"), CalendarUnit.MONTH)
    rows = [(key, None if one is None else Decimal(one)) for key, one in zip(keys, values)]  # noqa: B905
    return Series.over(rows, name="revenue", unit="CNY")


def begun(values: list[int | None], so_far: int, day: int = 15) -> Series:
    """Return the same with a month that has begun after them."""
    series = months(values)
    (during,) = series.following(1)
    assert during is not None
    return series.with_unfinished(during, Decimal(so_far), as_of=during.start.replace(day=day))


def decimals(*values: int | None) -> list[Decimal | None]:
    """Return whole numbers as decimals, gaps as they are."""
    return [None if one is None else Decimal(one) for one in values]


def test_what_has_come_and_the_share_that_follows() -> None:
    """
    A fifth had come by then, and a whole month brings 100: 30 + 80 % of 100 are expected.

    Errors by hand: the rests were 90, 72 and 80, the run rate of one month said 90, 90 and 110 for
    all but the first; what is still to come is 80 % of that.
    """
    series = begun([90, 90, 110, 100], 30)
    found = nowcast(series, by_then=decimals(10, 18, 30, 20), method=RunRate(window=1))
    assert found.share == Decimal("0.2")
    assert (found.method, found.whole, found.periods) == ("run rate", Decimal(100), 4)
    assert [(one.name, one.amount) for one in found.parts] == [
        ("so far", Decimal(30)),
        ("still to come", Decimal(80)),
    ]
    assert found.point == 110
    off = [(90 - 18) - 0.8 * 90, (110 - 30) - 0.8 * 90, (100 - 20) - 0.8 * 110]
    assert found.errors is not None
    assert float(found.errors.scale) ** 2 == pytest.approx(sum(one * one for one in off) / 3)
    assert found.distribution is not None
    assert float(found.distribution.mean) == pytest.approx(110)


def test_a_nowcast_in_words() -> None:
    """What has come, what that rests on, what is expected, and what is assumed."""
    series = begun([90, 90, 110, 100], 30)
    found = nowcast(series, by_then=decimals(10, 18, 30, 20), method=RunRate(window=1))
    assert found.text().splitlines() == [
        "2025-05: 30 until 2025-05-15",
        "run rate says 100 of the whole; of 4 periods before, 20.0 % had come by then",
        "expected 110 (80 %: 101.629 to 118.371)",
        "only 3 errors are known, so a normal distribution is assumed",
    ]
    assert found.text(Language.ZH).splitlines() == [
        "2025-05：截至 2025-05-15 为 30",
        "run rate 预测全期 100；此前 4 期在同一时点已有 20.0 %",
        "预计 110（80 %：101.629 至 118.371）",
        "仅有 3 个误差，故假定为正态分布",
    ]
    days = nowcast(begun([100], 30, day=14))
    assert "theta says 100 of the whole; 50.0 % of its days are over" in days.text()
    assert "values_by_then" in days.text()
    assert "天数已过 50.0 %" in days.text(Language.ZH)
    with pytest.raises(InvalidValue, match=r"Language\.EN"):
        found.text("zh")  # type: ignore[arg-type]


def test_nothing_yet_is_the_forecast_and_says_so() -> None:
    """On a first day without a sale the whole forecast is still to come."""
    found = nowcast(begun([90, 90, 110, 100], 0, day=1), by_then=decimals(0, 0, 0, 0))
    assert (found.share, found.point) == (0, found.whole)


def test_what_has_come_cannot_go_away_where_that_is_said() -> None:
    """With 150 on record no band and no value lies below it; returns may lie below otherwise."""
    series = begun([90, 90, 110, 100], 150)
    by_then = decimals(60, 70, 95, 40)
    for is_nonnegative in (True, False):
        found = nowcast(series, by_then=by_then, is_nonnegative=is_nonnegative)
        band = found.band(Decimal("0.95"))
        assert found.distribution is not None
        assert band is not None
        assert (found.distribution.values[0] >= 150) is is_nonnegative
        assert (band.low >= 150) is is_nonnegative


def test_a_rest_below_zero_is_cut_and_told() -> None:
    """A falling line says less than nothing of the month; what was cut is a part."""
    series = begun([90, 60, 30, 1], 5)
    found = nowcast(series, by_then=decimals(9, 6, 3, 0), is_nonnegative=True)
    assert [one.name for one in found.parts] == ["so far", "still to come", "cut at 0"]
    assert found.whole < 0
    assert found.point == 5


def test_values_that_are_no_share_give_way_to_days() -> None:
    """More than all, or less than nothing, had come of the months before."""
    for by_then in (decimals(200, 200), decimals(-5, 1)):
        found = nowcast(begun([100, 100], 10), by_then=by_then)
        assert (float(found.share), found.periods) == (pytest.approx(15 / 31), 0)
        assert (found.errors, found.distribution, found.band()) == (None, None, None)
        assert "days stand in" in found.text()


def test_a_week_without_a_working_day_has_no_share() -> None:
    """In a week of holidays no working day is over, and the whole forecast is still to come."""
    free = [SpecialDay(date(2026, 2, day), DayKind.HOLIDAY) for day in range(16, 21)]
    office = WorkingCalendar.of("office", years="all", special_days=free)
    weeks = [CALENDAR.parse(f"2026-W0{number}") for number in (6, 7)]
    series = Series.over([(one, Decimal(7)) for one in weeks]).with_unfinished(
        CALENDAR.parse("2026-W08"), Decimal(1), as_of=date(2026, 2, 18), working=office
    )
    found = nowcast(series)
    assert (found.share, found.point) == (0, found.whole + 1)


def test_a_scaled_month_is_no_earlier_one() -> None:
    """Scaled or left out, the same month is expected to come to the same."""
    series = months([90, 90, 110, 100])
    by_then = decimals(10, 18, 30, 20)
    found = [
        nowcast(
            series.with_unfinished(
                CALENDAR.parse("2025-05"), Decimal(30), as_of=date(2025, 5, 15), policy=policy
            ),
            by_then=by_then,
        ).point
        for policy in Unfinished
    ]
    assert found[0] == found[1]


def test_gaps_are_no_months_of_nothing() -> None:
    """A month without a value, or without what had come by then, enters neither share nor error."""
    series = begun([90, None, 90, 110, 100], 30)
    found = nowcast(series, by_then=decimals(10, 18, None, 30, 20), method=Naive())
    assert found.periods == 3
    assert found.share == Decimal(60) / Decimal(300)
    late = begun([90, 90, 110, 100, None], 30)
    assert nowcast(late, by_then=decimals(10, 18, 30, 20, None), method=Naive()).whole == 100


def test_what_cannot_be_nowcast_is_refused() -> None:
    """All is over, nothing is known, too many values, what is no series or method."""
    with pytest.raises(InvalidValue, match="with_unfinished"):
        nowcast(months([1, 2]))
    with pytest.raises(InvalidValue, match="has a value"):
        nowcast(begun([None], 3))
    with pytest.raises(InvalidValue, match="there are 1"):
        nowcast(begun([1], 3), by_then=decimals(1, 1))
    with pytest.raises(InvalidValue, match="series"):
        nowcast([1])  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match=r"Theta\(\)"):
        nowcast(begun([1], 3), method=Naive)  # type: ignore[arg-type]


@settings(max_examples=50, deadline=None)
@given(AMOUNTS, st.integers(1, 27), st.randoms())
def test_parts_sum_to_the_point(values: list[Decimal], day: int, chance: object) -> None:
    """So far and still to come are the whole, whatever came; no number is none."""
    keys = CALENDAR.periods(CALENDAR.parse("2024"), CalendarUnit.MONTH)
    several = list(zip(keys, values, strict=False))[:11]
    series = Series.over(several, season=12).with_unfinished(
        CALENDAR.next(several[-1][0]), values[-1], as_of=date(2024, len(several) + 1, day)
    )
    pick = chance.random  # type: ignore[attr-defined]
    by_then = [one.quantize(Decimal("0.01")) * Decimal(round(pick(), 2)) for _, one in several]
    with localcontext(prec=5):
        found = nowcast(series, by_then=[Decimal(str(one)) for one in by_then])
        again = found.band()
    plain = nowcast(series, by_then=by_then)
    assert (found.point, again) == (plain.point, plain.band())
    assert sum(Fraction(one.amount) for one in found.parts) == Fraction(found.point)
    assert found.point.is_finite()


@pytest.fixture(scope="module")
def facts() -> Facts:
    """Return the shipped sample of a shop."""
    root = Path(__file__).parents[2]
    return Facts.of(read_folder(root / "examples/data/superstore", profile="superstore").book)


def test_values_by_then_are_those_of_the_same_share_of_days(facts: Facts) -> None:
    """On the 10th of 30 days, of August the first 10 and of February the first 9 days count."""
    tenth = date(2017, 9, 10)
    series = Series.of_trend(trend("volume", facts, periods=45, until=tenth), as_of=tenth)
    found = values_by_then("volume", facts, series)
    assert len(found) == 36
    august = Period.custom(date(2017, 8, 1), date(2017, 8, 10))
    february = Period.custom(date(2017, 2, 1), date(2017, 2, 9))
    assert found[-1] == figure("volume", facts, during=august).value
    assert found[-7] == figure("volume", facts, during=february).value
    assert values_by_then("volume", facts, series, periods=2) == found[-2:]


def test_values_by_then_of_a_dimension_sum_to_those_of_all(facts: Facts) -> None:
    """What had come of each family is together what had come of all."""
    tenth = date(2017, 9, 10)
    whole = Series.of_trend(trend("volume", facts, periods=3, until=tenth), as_of=tenth)
    several = [
        values_by_then("volume", facts, one, by="product_family", periods=2)
        for one in series_by("volume", facts, by="product_family", as_of=tenth)
    ]
    sums = [sum(one or 0 for one in row) for row in zip(*several, strict=True)]
    assert sums == list(values_by_then("volume", facts, whole, periods=2))


def test_values_by_then_count_working_days(facts: Facts) -> None:
    """Six of 21 working days are over, seven of the 23 of August: until the 9th."""
    tenth = date(2017, 9, 10)
    series = Series.of_trend(
        trend("volume", facts, periods=3, until=tenth), as_of=tenth, working=OFFICE
    )
    found = values_by_then("volume", facts, series, working=OFFICE)
    august = Period.custom(date(2017, 8, 1), date(2017, 8, 9))
    assert found[-1] == figure("volume", facts, during=august).value
    with pytest.raises(InvalidValue, match="working"):
        values_by_then("volume", facts, series)
    sunday = date(2017, 10, 1)
    early = Series.of_trend(
        trend("volume", facts, periods=3, until=sunday), as_of=sunday, working=OFFICE
    )
    assert set(values_by_then("volume", facts, early, working=OFFICE)) == {Decimal(0)}


def test_values_by_then_of_what_does_not_sum_are_refused(facts: Facts) -> None:
    """A mean, a figure of a moment, one that nobody knows, no periods."""
    tenth = date(2017, 9, 10)
    series = Series.of_trend(trend("volume", facts, periods=3, until=tenth), as_of=tenth)
    for name in ("average_order_value", "open_pipeline"):
        with pytest.raises(InvalidValue, match="day by day"):
            values_by_then(name, facts, series)
    with pytest.raises(UnknownName):
        values_by_then("nothing", facts, series)
    for periods in (0, True):
        with pytest.raises(InvalidValue, match="periods"):
            values_by_then("volume", facts, series, periods=periods)


def nowcast_on(facts: Facts, day: date) -> Nowcast:
    """Return the nowcast of the units sold in a month, seen on a day."""
    series = Series.of_trend(trend("volume", facts, periods=45, until=day), as_of=day)
    by_then = values_by_then("volume", facts, series)
    return nowcast(series, by_then=by_then, is_nonnegative=True)


def test_a_nowcast_sees_nothing_after_its_day(facts: Facts) -> None:
    """The facts of the day and those of all days give the same."""
    tenth = date(2017, 9, 10)
    assert nowcast_on(facts, tenth) == nowcast_on(facts.at(tenth), tenth)


@pytest.mark.slow
def test_nowcasts_hold_and_come_closer_day_by_day(facts: Facts) -> None:
    """Over 24 months at six days 117 of 144 bands of 80 % hold, and errors shrink from 48 to 11."""
    off: list[float] = []
    held = 0
    for day in (3, 10, 15, 20, 25, 27):
        errors: list[Decimal] = []
        for key in (f"{year}-{month:02}" for year in (2016, 2017) for month in range(1, 13)):
            during = CALENDAR.parse(key)
            found = nowcast_on(facts, during.start.replace(day=day))
            came = figure("volume", facts, during=during).value
            band = found.band(Decimal("0.8"))
            assert came is not None
            assert band is not None
            held += band.low <= came <= band.high
            errors.append(abs(found.point - came))
        off.append(float(sum(errors)) / len(errors))
    assert 0.76 <= held / 144 <= 0.88
    assert off == sorted(off, reverse=True)
    assert off[-1] < off[0] / 3


def test_methods_of_series_go_into_a_backtest(facts: Facts) -> None:
    """Each month end they say what the next month may bring, from what was known then."""
    ends = [CALENDAR.parse(f"2017-{month:02}").last_day for month in (3, 4, 5)]
    found = backtest(
        ends,
        facts_at=facts.at,
        methods={
            "theta": series_method("volume", is_nonnegative=True),
            "run rate": series_method("volume", method=RunRate(), is_nonnegative=True),
        },
        baselines=["run rate"],
        period_of=lambda day: CALENDAR.next(CALENDAR.parse(f"{day:%Y-%m}")),
        actual=lambda known, period: figure("volume", known, during=period).value,
        judged_on=date(2017, 6, 30),
    )
    assert not found.findings
    assert [one.n for one in found.comparisons] == [3]
    tenth = date(2017, 3, 10)
    said = series_method("volume", method=Naive())(facts, tenth, CALENDAR.parse("2017-05"))
    known = Series.of_trend(trend("volume", facts, periods=60, until=tenth), as_of=tenth)
    assert said == series_forecast(known, horizon=3, method=Naive()).periods[2].distribution


def test_a_method_of_series_speaks_of_calendar_units_to_come(facts: Facts) -> None:
    """A free range, a single day and a month that is over are refused; no facts say nothing."""
    method, day = series_method("volume"), date(2017, 3, 31)
    for period in (Period.custom(day, date(2017, 4, 9)), CALENDAR.parse("2017-04-05")):
        with pytest.raises(InvalidValue, match="unit of the calendar"):
            method(facts, day, period)
    with pytest.raises(InvalidPeriod, match="follows 2017-03"):
        method(facts, day, CALENDAR.parse("2017-03"))
    assert method(facts.at(date(1990, 1, 1)), date(1990, 1, 1), CALENDAR.parse("1990-02")) is None
    with pytest.raises(UnknownName):
        series_method("nothing")
    with pytest.raises(InvalidValue, match=r"Theta\(\)"):
        series_method("volume", method=RunRate)  # type: ignore[arg-type]
