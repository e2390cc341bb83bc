from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore.errors import InvalidPeriod, InvalidValue
from salescore.forecast import (
    MarketTrend,
    Naive,
    ResidualPool,
    SeasonalNaive,
    Series,
    SeriesFit,
    SeriesForecast,
    Spread,
    Theta,
    Unfinished,
    residual_pool,
    series_forecast,
    with_market,
)
from salescore.forecast._series_errors import error_shape
from salescore.render import Language
from salescore.stats import conformal_interval
from salescore.values import Calendar, CalendarUnit, CustomYear

CALENDAR = Calendar()
AMOUNTS = st.one_of(st.none(), st.decimals(-1000, 1000, places=2))


def months(values: list[int | None], year: int = 2023) -> Series:
    """Return monthly values from January on."""
    period = CALENDAR.parse(f"{year}-01")
    rows = []
    for one in values:
        rows.append((period, None if one is None else Decimal(one)))
        period = CALENDAR.next(period)
    return Series.over(rows, name="revenue", unit="CNY")


def rough(many: int, seed: int = 1) -> Series:
    """Return a row that jumps about a level."""
    return Series.of([Decimal(100 + (at * at * 7919 + seed * 104729) % 41) for at in range(many)])


def test_a_forecast_tells_what_it_is_of() -> None:
    """Periods, points, method, parameters and the day; each point is the sum of its parts."""
    found = series_forecast(months([10, 12, 11, 13]), horizon=2)
    assert [one.during and one.during.key for one in found.periods] == ["2023-05", "2023-06"]
    assert (found.method, found.as_of, found.horizon) == ("theta", date(2023, 4, 30), 2)
    assert dict(found.parameters).keys() == {"season", "alpha", "start", "drift"}
    assert found.expected == sum(found.points)
    for one in found.periods:
        assert [part.name for part in one.parts] == ["base"]
        assert sum(part.amount for part in one.parts) == one.point


def test_one_value_has_a_point_and_no_distribution() -> None:
    """Nothing says how far off it may be; the forecast says that it does not know."""
    found = series_forecast(months([10]), horizon=2)
    assert found.points == (Decimal(10), Decimal(10))
    assert [one.distribution for one in found.periods] == [None, None]
    assert found.periods[0].band() is None
    assert found.total(correlation=Decimal(0)) is None
    assert "too few values" in found.text()
    assert "数值太少" in found.text(Language.ZH)


def test_what_was_never_off_is_sure_and_says_so() -> None:
    """A constant row goes on, as a certain value with a warning."""
    found = series_forecast(months([0] * 5), horizon=1)
    (one,) = found.periods
    assert one.distribution is not None
    assert (one.distribution.values, one.point) == ((Decimal(0),), Decimal(0))
    assert one.band() is not None
    assert "never off" in found.text()


def test_few_errors_are_taken_for_normal() -> None:
    """Fewer than 39 errors cannot say where 95 % lie, so a normal distribution is stated."""
    few = series_forecast(rough(30), horizon=1, method=Naive())
    assert few.notes[0][0] == "only 29 errors are known, so a normal distribution is assumed"
    normal = series_forecast(rough(60), horizon=1, method=Naive(), spread=Spread.NORMAL)
    assert normal.notes == ()
    (one,) = normal.periods
    assert one.errors is not None
    assert one.distribution is not None
    assert one.distribution.mean == one.point
    assert one.distribution.deviation == pytest.approx(one.errors.scale)
    exact, grid = one.band(Decimal("0.9")), one.distribution.band(Decimal("0.9"))
    assert exact is not None
    assert abs(exact.low - grid.low) <= one.errors.scale / 100
    with pytest.raises(InvalidValue, match="level"):
        one.band(Decimal(1))


def test_own_errors_make_the_distribution_where_there_are_enough() -> None:
    """Of 40 values 39 errors of the naive forecast are known; the outermost two hold 95 %."""
    series = rough(40)
    found = series_forecast(series, horizon=1, method=Naive())
    assert found.notes == ()
    steps = sorted(
        b - a
        for a, b in zip(series.values, series.values[1:], strict=False)
        if a is not None and b is not None
    )
    band = found.periods[0].band(Decimal("0.95"))
    assert band is not None
    assert float(band.low) == pytest.approx(float(found.points[0] + steps[0]))
    assert float(band.high) == pytest.approx(float(found.points[0] + steps[-1]))
    distribution = found.periods[0].distribution
    assert distribution is not None
    assert float(distribution.band(Decimal("0.95")).low) == pytest.approx(float(band.low))


def test_nothing_falls_below_zero_where_that_is_said() -> None:
    """Points, bands and distributions end at 0, and what lay below is on 0."""
    series = Series.of([Decimal(one) for one in (90, 70, 52, 33, 15, 4)])
    found = series_forecast(series, horizon=4, is_nonnegative=True)
    assert min(found.points) == 0
    last = found.periods[-1]
    assert last.distribution is not None
    assert (last.distribution.values[0], last.distribution.at_least(Decimal(0))) == (0, 1)
    band = last.band(Decimal("0.95"))
    assert band is not None
    assert band.low == 0
    free = series_forecast(series, horizon=4)
    assert min(free.points) < 0
    above = series_forecast(rough(12), horizon=1, is_nonnegative=True)
    assert above.periods[0].distribution is not None
    assert above.periods[0].distribution.values[0] > 0
    low = Series.of([Decimal(at % 3) for at in range(60)])
    own = series_forecast(low, horizon=1, method=Naive(), is_nonnegative=True)
    assert own.periods[0].distribution is not None
    assert own.periods[0].distribution.values[0] == 0


def test_missing_values_at_the_end_are_forecast_but_not_shown() -> None:
    """With May missing, the first month shown is June, two steps after the last value."""
    found = series_forecast(months([10, 12, 14, 16, None]), horizon=1)
    assert found.periods[0].during is not None
    assert found.periods[0].during.key == "2023-06"
    longer = series_forecast(months([10, 12, 14, 16]), horizon=2)
    assert found.points[0] == longer.points[1]
    assert "the last value is missing" in found.text()


def test_missing_values_before_the_first_are_no_values() -> None:
    """What lies before the first known value changes nothing."""
    values = [10, 12, 14, 16]
    assert (
        series_forecast(months([None, None, *values]), horizon=2).points
        == series_forecast(months(list(values)), horizon=2).points
    )


def test_an_unfinished_month_is_the_first_to_be_forecast() -> None:
    """Half of May is no value: the forecast begins with all of May, and says why."""
    series = months([10, 12, 11, 13]).with_unfinished(
        CALENDAR.parse("2023-05"), Decimal(3), as_of=date(2023, 5, 10)
    )
    found = series_forecast(series, horizon=1)
    assert found.periods[0].during is not None
    assert found.periods[0].during.key == "2023-05"
    assert found.points == series_forecast(months([10, 12, 11, 13]), horizon=1).points
    assert "2023-05 is not over" in found.text()
    scaled = months([10, 12, 11, 13]).with_unfinished(
        CALENDAR.parse("2023-05"), Decimal(3), as_of=date(2023, 5, 10), policy=Unfinished.SCALE
    )
    shown = series_forecast(scaled, horizon=1)
    assert shown.periods[0].during is not None
    assert shown.periods[0].during.key == "2023-06"
    assert "scaled from 3 to 9.3" in shown.text()


def test_bad_input_is_refused() -> None:
    """No horizon, no value, no language, a calendar that ends."""
    series = months([10, 12])
    for horizon in (0, -1, True, 521):
        with pytest.raises(InvalidValue, match="horizon"):
            series_forecast(series, horizon=horizon)
    for nothing in (Series.of([]), Series.of([None, None])):
        with pytest.raises(InvalidValue, match="no value at all"):
            series_forecast(nothing, horizon=1)
    with pytest.raises(InvalidValue, match=r"Language\.EN, not a str"):
        series_forecast(series, horizon=1).text("zh")  # type: ignore[arg-type]
    year = CustomYear(year=2023, start=date(2023, 1, 1), last_day=date(2023, 12, 31))
    short = Calendar.custom("short", [year])
    ends = Series.over([(short.parse("2023"), Decimal(1))], calendar=short)
    with pytest.raises(InvalidPeriod):
        series_forecast(ends, horizon=1)


def test_values_at_the_bound_stay_finite() -> None:
    """The largest values there may be give finite forecasts."""
    big = [Decimal("1E+30"), Decimal("-1E+30")] * 10
    found = series_forecast(Series.of(big, season=2), horizon=3)
    assert all(one.is_finite() for one in found.points)


@settings(max_examples=25, deadline=None)
@given(st.lists(AMOUNTS, min_size=1, max_size=30), st.booleans())
def test_no_series_gives_anything_that_is_no_number(
    values: list[Decimal | None],
    is_nonnegative: bool,  # noqa: FBT001 - drawn
) -> None:
    """Points and bands are finite; quantiles never fall; chances of more never rise."""
    series = Series.of(values, season=4)
    if not series.known:
        return
    found = series_forecast(series, horizon=2, is_nonnegative=is_nonnegative)
    for one in found.periods:
        assert one.point.is_finite()
        wide, narrow = one.band(Decimal("0.95")), one.band(Decimal("0.5"))
        if wide is None or narrow is None or one.distribution is None:
            continue
        assert wide.low <= narrow.low <= narrow.high <= wide.high
        assert one.distribution.at_least(narrow.low) >= one.distribution.at_least(narrow.high)


def test_the_total_of_correlated_periods_is_wider() -> None:
    """Its mean is the sum of the means; independence understates how far it may be off."""
    found = series_forecast(rough(60), horizon=3, method=SeasonalNaive())
    alone, together = (found.total(correlation=Decimal(one)) for one in ("0", "0.8"))
    assert alone is not None
    assert together is not None
    means = [one.distribution.mean for one in found.periods if one.distribution is not None]
    assert alone.mean == pytest.approx(sum(means))
    assert together.mean == pytest.approx(sum(means))
    assert together.deviation > alone.deviation


def test_text_tells_points_bands_and_notes() -> None:
    """A heading, a line per period and the notes, in both languages."""
    found = series_forecast(months([10, 12, 11, 13]), horizon=1, method=Naive())
    assert found.text().splitlines() == [
        "revenue [CNY], 1 period after 2023-04, by naive",
        "2023-05: 13 (80 %: 10.7803 to 15.2197)",
        "only 3 errors are known, so a normal distribution is assumed",
    ]
    assert found.text(Language.ZH).splitlines() == [
        "revenue [CNY]：2023-04 之后 1 期，方法 naive",
        "2023-05：13（80 %：10.7803 至 15.2197）",
        "仅有 3 个误差，故假定为正态分布",
    ]
    plain = series_forecast(rough(12), horizon=1)
    assert plain.text().startswith("series, 1 period after 12, by theta (season none")
    assert "\n+1: " in plain.text()


def pool_of(many: int, horizon: int = 2) -> ResidualPool:
    """Return a pool of so many rough series."""
    return residual_pool([rough(30, seed) for seed in range(many)], method=Theta(), horizon=horizon)


def test_a_pool_counts_its_errors_by_step() -> None:
    """Twelve positions see two steps ahead, one more sees the first; constants have no unit."""
    pool = residual_pool(
        [rough(30), rough(30, 2), Series.of([Decimal(5)] * 30), Series.of([Decimal(1)])],
        method=Theta(),
        horizon=2,
    )
    assert [len(one) for one in pool.errors] == [26, 24]
    assert (pool.series, pool.left_out, pool.horizon) == (2, 2, 0)
    assert pool.errors[0] == tuple(sorted(pool.errors[0]))


def test_a_pool_sees_nothing_after_the_last_value() -> None:
    """Gaps are no outcome, and an origin stands on a known value."""
    values = list(rough(30).values)
    gap = [*values[:-3], None, *values[-2:]]
    whole = residual_pool([Series.of(values)], method=Naive(), horizon=1, origins=10)
    holed = residual_pool([Series.of(gap)], method=Naive(), horizon=1, origins=10)
    assert (len(whole.errors[0]), len(holed.errors[0])) == (10, 8)


def test_pooled_errors_are_scaled_to_the_series() -> None:
    """A series a hundred times as large has a band a hundred times as wide."""
    pool = pool_of(8)
    assert pool.horizon == 2
    series = rough(30, 99)
    small = series_forecast(series, horizon=2, spread=pool)
    assert small.notes == ()
    large = series_forecast(
        Series.of([None if one is None else one * 100 for one in series.values]),
        horizon=2,
        spread=pool,
    )
    for one, other in zip(small.periods, large.periods, strict=True):
        narrow, wide = one.band(), other.band()
        assert narrow is not None
        assert wide is not None
        ratio = (wide.high - wide.low) / (narrow.high - narrow.low)
        assert float(ratio) == pytest.approx(100, rel=1e-3)


def test_errors_of_a_pool_have_no_unit() -> None:
    """Series a hundred times as large leave the same errors in the pool."""
    rows = [rough(30, seed) for seed in range(3)]
    large = [Series.of([(one or 0) * 100 for one in row.values]) for row in rows]
    small, big = (residual_pool(some, method=Theta(), horizon=2) for some in (rows, large))
    assert big.errors[1] == pytest.approx(small.errors[1], rel=1e-2, abs=1e-3)


def test_a_pool_too_small_gives_way_to_own_errors() -> None:
    """Beyond its horizon the series' own errors stand in, and the forecast says so."""
    found = series_forecast(rough(60), horizon=3, spread=pool_of(8))
    assert "from step 3 on" in found.notes[0][0]
    assert all(one.distribution is not None for one in found.periods)
    none = series_forecast(rough(60), horizon=1, spread=pool_of(1))
    assert "from step 1 on" in none.notes[0][0]


def test_a_series_with_two_errors_has_no_unit() -> None:
    """A season seen one and a half times has two errors, which say too little."""
    rows = [Series.of([Decimal(one) for one in (1, 5, 2, 8, 3)], season=3)]
    pool = residual_pool(rows, method=SeasonalNaive(), horizon=1)
    assert (pool.series, pool.left_out, pool.errors) == (0, 1, ((),))


def test_a_method_that_overflows_is_refused() -> None:
    """What is no number does not become a forecast."""

    class Wild:
        """Infinity."""

        @property
        def name(self) -> str:
            """What the method is called."""
            return "wild"

        def fit(self, values: object, _season: int, horizon: int, /) -> SeriesFit:
            """Return what is no number."""
            assert isinstance(values, list)
            none = (None,) * len(values)
            return SeriesFit(points=(inf,) * horizon, errors=none, widening=(1.0,) * horizon)

    with pytest.raises(InvalidValue, match="larger unit"):
        series_forecast(rough(5), horizon=1, method=Wild())


def test_a_pool_is_of_one_method() -> None:
    """Errors of Theta say nothing about the naive forecast."""
    with pytest.raises(InvalidValue, match="theta"):
        series_forecast(rough(30), horizon=1, method=Naive(), spread=pool_of(1))
    for origins in (0, True):
        with pytest.raises(InvalidValue, match="origins"):
            residual_pool([], method=Theta(), horizon=1, origins=origins)
    with pytest.raises(InvalidValue, match="horizon"):
        residual_pool([], method=Theta(), horizon=0)


@pytest.mark.parametrize("n", [9, 10, 20, 39, 100])
def test_the_band_of_past_errors_is_the_conformal_one(n: int) -> None:
    """Of ten errors 80 % lie between the outermost, of a hundred between the tenth ones."""
    errors = tuple(float(at) for at in range(n))
    band = error_shape(errors).band(Decimal("0.8"))
    assert conformal_interval(errors, Fraction(4, 5)) == (float(band.low), float(band.high))


def test_a_large_pool_is_thinned() -> None:
    """Of more than 999 errors as many evenly spaced ones remain, both outermost among them."""
    errors = tuple(float(at) for at in range(5000))
    pool = ResidualPool(method="theta", errors=(errors,), series=1, left_out=0)
    shape = pool.spread(1, 1.0).shape
    assert shape is not None
    assert len(shape.values) == 999
    assert (shape.values[0], shape.values[-1]) == (0, 4999)


def base() -> SeriesForecast:
    """Return a forecast of three months."""
    return series_forecast(months([10, 12, 11, 13, 12]), horizon=3)


def test_a_market_that_goes_on_changes_nothing() -> None:
    """An index at its base, or an elasticity of 0, leaves every point."""
    found = base()
    still = MarketTrend(name="permits", base=Decimal(80), levels=[Decimal(80)] * 3)
    assert with_market(found, still).points == found.points
    deaf = MarketTrend.growing("permits", Decimal("0.1"), 3, elasticity=Decimal(0))
    assert with_market(found, deaf).points == found.points


def test_the_market_is_a_part_of_the_forecast() -> None:
    """An index from 100 to 110 with an elasticity of 2 adds 21 %, shown apart."""
    found = base()
    market = MarketTrend(
        name="permits",
        base=Decimal(100),
        levels=[Decimal(110)] * 3,
        elasticity=Decimal(2),
        source="S",
    )
    moved = with_market(found, market)
    for one, before in zip(moved.periods, found.periods, strict=True):
        assert float(one.point) == pytest.approx(1.21 * float(before.point))
        assert [part.name for part in one.parts] == ["base", "permits"]
        assert sum(part.amount for part in one.parts) == one.point
        assert one.errors is not None
        assert before.errors is not None
        assert float(one.errors.scale) == pytest.approx(1.21 * float(before.errors.scale))
    assert "index 100 → 110, elasticity 2, S" in moved.text()
    assert "弹性 2" in moved.text(Language.ZH)
    alone = with_market(series_forecast(months([10]), horizon=1), market)
    assert alone.periods[0].errors is None


def test_bad_markets_are_refused() -> None:
    """An index of 0, one that ends too early, shrinking by all, and powers beyond all bounds."""
    with pytest.raises(InvalidValue, match="above 0"):
        MarketTrend(name="m", base=Decimal(0), levels=[])
    with pytest.raises(InvalidValue, match="above -1"):
        MarketTrend.growing("m", Decimal(-1), 3)
    with pytest.raises(InvalidValue, match="levels of m"):
        with_market(base(), MarketTrend.growing("m", Decimal("0.1"), 2))
    wild = MarketTrend(name="m", base=Decimal(1), levels=[Decimal(9)] * 3, elasticity=Decimal(999))
    with pytest.raises(InvalidValue, match="elasticity of m"):
        with_market(base(), wild)


def test_weeks_of_a_retail_calendar_go_on() -> None:
    """A series of another calendar is continued in it."""
    nrf = Calendar.named("nrf")
    weeks = nrf.periods(nrf.parse("2023"), CalendarUnit.WEEK)[:8]
    series = Series.over([(one, Decimal(5)) for one in weeks], calendar=nrf)
    found = series_forecast(series, horizon=1)
    assert found.periods[0].during == nrf.next(weeks[-1])
