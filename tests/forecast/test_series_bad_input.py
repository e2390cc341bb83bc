"""What every method of a series does with input that is hardly one, or none."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import product
from random import Random

import attrs
import pytest

from salescore.errors import InvalidNumber, InvalidPeriod, InvalidValue
from salescore.forecast import (
    Combination,
    Croston,
    Drift,
    ExponentialSmoothing,
    Hierarchy,
    HoltWinters,
    JoinedBy,
    MarketTrend,
    MovingHoliday,
    Naive,
    Reconciliation,
    RunRate,
    SeasonalNaive,
    Series,
    SeriesForecast,
    SeriesMethod,
    Theta,
    Unfinished,
    WorkingDays,
    calendar_forecast,
    reconcile,
    reconcile_series,
    residual_pool,
    series_forecast,
    with_market,
)
from salescore.forecast._theta import best_smoothing, squared_errors
from salescore.metrics import Trend
from salescore.values import Calendar, CalendarUnit, WorkingCalendar

CALENDAR = Calendar()
METHODS: tuple[SeriesMethod, ...] = (
    Naive(),
    Drift(),
    SeasonalNaive(),
    RunRate(),
    Theta(),
    ExponentialSmoothing(),
    ExponentialSmoothing(is_damped=True),
    HoltWinters(),
    Croston(),
    Combination(methods=[Theta(), SeasonalNaive()]),
    Combination(methods=[Theta(), Naive(), Drift()], joined=JoinedBy.MEDIAN),
)
ROWS: dict[str, tuple[int | None, ...]] = {
    "one value": (5,),
    "two values": (5, 7),
    "constant": (5,) * 30,
    "zeros": (0,) * 30,
    "negative": (-3, 4, -5, 2, 1, -7, 3, -2, 4, -5) * 3,
    "gaps": (1, None, None, 4, 5, None, 7, 8, 2, None, 3, 4, 5, 6, 7, 1, 2, 3),
    "gaps at the ends": (None, None, 3, 4, 5, 3, 4, 5, None, None),
    "every other": (1, None) * 15,
    "a spike": (0,) * 20 + (100,) + (0,) * 5,
    "a step": (1,) * 15 + (1000,) * 15,
    "now and then": (0, 0, 3, 0, 0, 0, 2, 0, 0, 5, 0, 0, 0, 0, 1) * 2,
    "one that goes on": (5, *(4 for _ in range(13))),
    "large": (10**30, 5 * 10**29, 9 * 10**29) * 9,
}
BY_METHOD = pytest.mark.parametrize(
    "method", METHODS, ids=[f"{at} {one.name}" for at, one in enumerate(METHODS)]
)


def decimals(row: tuple[int | None, ...]) -> list[Decimal | None]:
    """Return whole numbers as decimals, gaps as they are."""
    return [None if one is None else Decimal(one) for one in row]


def months(row: tuple[int | None, ...]) -> Series:
    """Return monthly values from January 2020 on."""
    rows, month = [], CALENDAR.parse("2020-01")
    for one in decimals(row):
        rows.append((month, one))
        month = CALENDAR.next(month)
    return Series.over(rows)


def said(series: Series, method: SeriesMethod, *, is_nonnegative: bool) -> SeriesForecast | str:
    """Return a forecast, or why it was refused."""
    try:
        return series_forecast(series, horizon=7, method=method, is_nonnegative=is_nonnegative)
    except InvalidValue as fault:
        return str(fault)


@BY_METHOD
@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_hardly_a_series_is_forecast_or_refused_in_words(
    method: SeriesMethod, row: tuple[int | None, ...]
) -> None:
    """Points are finite and made of their parts; who takes no such values says which does."""
    for season, is_nonnegative in product((1, 4, 50), (False, True)):
        found = said(Series.of(decimals(row), season=season), method, is_nonnegative=is_nonnegative)
        if isinstance(found, str):
            assert isinstance(method, HoltWinters | Croston)
            assert "take" in found
            continue
        for one in found.periods:
            assert one.point.is_finite()
            assert sum(Fraction(part.amount) for part in one.parts) == Fraction(one.point)
            band = one.band()
            if band is not None:
                assert band.low.is_finite()
                assert band.low <= band.high
            if is_nonnegative:
                assert one.point >= 0
                assert band is None or band.low >= 0
        assert found.text()


@BY_METHOD
def test_what_is_known_decides_and_not_how_decimals_are_set(method: SeriesMethod) -> None:
    """Under five digits of the caller's own the forecast is the same to the last digit."""
    rough = Random(4)  # noqa: S311 - no secret
    row = tuple(10**6 + 1000 * (at % 12) + rough.randrange(10**5) for at in range(50))
    series = months(row)
    wanted = series_forecast(series, horizon=3, method=method, is_nonnegative=True)
    levels = (Decimal("0.5"), Decimal("0.95"))
    with localcontext(prec=5):
        found = series_forecast(series, horizon=3, method=method, is_nonnegative=True)
        bands = [one.band(level) for one in found.periods for level in levels]
        wide = [one.distribution for one in found.periods]
        expected = found.expected
    assert found == wanted
    assert bands == [one.band(level) for one in wanted.periods for level in levels]
    assert wide == [one.distribution for one in wanted.periods]
    assert expected == sum(Fraction(one) for one in wanted.points)


def test_pools_calendars_markets_and_hierarchies_keep_all_digits() -> None:
    """What comes after a method is as exact under five digits as under 28."""
    rough = Random(4)  # noqa: S311 - no secret
    rows = [tuple(rough.randrange(10**8) + 1 for _ in range(50)) for _ in range(3)]
    office = WorkingCalendar.of("office", years="all")
    spring = MovingHoliday(
        name="spring", days=[date(year, 2, 1 + year % 20) for year in range(2020, 2026)]
    )
    tree = Hierarchy.of({"all": ["a", "b"]})

    def everything() -> tuple[object, ...]:
        several = [months(one) for one in rows]
        pool = residual_pool(several, method=Theta(), horizon=2)
        market = MarketTrend.growing("market", Decimal("0.0123456"), 2)
        forecasts = {
            name: series_forecast(one, horizon=2, spread=pool)
            for name, one in zip(("all", "a", "b"), several, strict=True)
        }
        calm = calendar_forecast(several[0], [WorkingDays(calendar=office), spring], horizon=2)
        scaled = several[0].with_unfinished(
            CALENDAR.parse("2024-03"),
            Decimal("1234567.89"),
            as_of=date(2024, 3, 7),
            policy=Unfinished.SCALE,
        )
        moved = reconcile_series(tree, forecasts)
        return (
            calm,
            market,
            with_market(forecasts["a"], market),
            moved,
            [one.distribution for one in moved.forecast("all").periods],
            forecasts["b"].total(correlation=Decimal("0.3")),
            [one.band() for one in forecasts["a"].periods],
            series_forecast(scaled, horizon=1),
            [
                reconcile(tree, {name: one.points[0] for name, one in forecasts.items()}, by=by)
                for by in Reconciliation
            ],
        )

    wanted = everything()
    with localcontext(prec=5):
        assert everything() == wanted


@BY_METHOD
def test_no_horizon_is_refused(method: SeriesMethod) -> None:
    """Nothing ahead, the past, halves, more than can be meant."""
    for horizon in (0, -1, 521, True, 1.5, "2"):
        with pytest.raises(InvalidValue, match="horizon"):
            series_forecast(months((1, 2, 3)), horizon=horizon, method=method)  # type: ignore[arg-type]


@BY_METHOD
def test_a_month_that_is_not_over_is_no_value_of_any_method(method: SeriesMethod) -> None:
    """Left out it changes nothing; the forecast begins with it."""
    series = months(tuple(range(100, 140)))
    begun = series.with_unfinished(
        CALENDAR.parse("2023-05"), Decimal(3), as_of=date(2023, 5, 10), policy=Unfinished.LEAVE_OUT
    )
    with_it, without = (series_forecast(one, horizon=2, method=method) for one in (begun, series))
    assert with_it.periods == without.periods
    assert with_it.periods[0].during == CALENDAR.parse("2023-05")


@BY_METHOD
def test_a_series_of_nothing_is_refused(method: SeriesMethod) -> None:
    """No value and nothing but gaps leave nothing to continue."""
    for values in ([], [None, None]):
        with pytest.raises(InvalidValue, match="no value at all"):
            series_forecast(Series.of(values), horizon=1, method=method)


def test_a_period_that_was_over_is_no_forecast() -> None:
    """Known until June with values until March, April to June are missing and not to come."""
    series = attrs.evolve(months((1, 2, 3)), as_of=date(2020, 6, 30))
    with pytest.raises(InvalidPeriod, match="it was over on 2020-06-30"):
        series_forecast(series, horizon=1)
    late = attrs.evolve(months((1, 2, 3)), as_of=date(2020, 4, 29))
    assert series_forecast(late, horizon=1).horizon == 1


def test_a_value_of_a_period_that_is_not_over_is_refused() -> None:
    """On 15 March nobody knows all of March; a trend that goes on knows more than its day."""
    series = months((1, 2, 3))
    with pytest.raises(InvalidPeriod, match="use with_unfinished"):
        attrs.evolve(series, as_of=date(2020, 3, 15))
    empty = Trend(
        name="x", unit=CalendarUnit.MONTH, points=(), slope=None, interval=None, tendency=None, n=0
    )
    assert Series.of_trend(empty, as_of=date(2020, 3, 15)).known == 0


def test_wrong_kinds_are_refused_in_words() -> None:
    """A list for a series, a class for a method, a number for a spread, texts for choices."""
    series = months((1, 2, 3))
    with pytest.raises(InvalidValue, match="series"):
        series_forecast([Decimal(1)], horizon=1)  # type: ignore[arg-type]
    for method in (Theta, "theta", 3):
        with pytest.raises(InvalidValue, match=r"such as Theta\(\)"):
            series_forecast(series, horizon=1, method=method)  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match=r"Spread\.OWN"):
        series_forecast(series, horizon=1, spread=0.8)  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match=r"Theta\(\)"):
        residual_pool([series], method=Theta, horizon=1)  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="origins"):
        residual_pool([series], method=Theta(), horizon=1, origins=1.5)  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match=r"Theta\(\)"):
        Combination(methods=[Theta])  # type: ignore[list-item]
    with pytest.raises(InvalidValue, match="JoinedBy"):
        Combination(methods=[Theta()], joined="mean")  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="SeasonKind"):
        ExponentialSmoothing(season="additive")  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="window"):
        RunRate(window=2.5)  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="weight"):
        Croston(weight=Decimal("0.1"))  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="season"):
        Series.of([Decimal(1)], season=1.5)  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="Unfinished"):
        series.with_unfinished(
            CALENDAR.parse("2020-04"),
            Decimal(1),
            as_of=date(2020, 4, 2),
            policy="scale",  # type: ignore[arg-type]
        )
    with pytest.raises(InvalidValue, match="periods"):
        MarketTrend.growing("market", Decimal("0.01"), 0)
    (one,) = series_forecast(series, horizon=1).periods
    with pytest.raises(InvalidValue, match="0 or above"):
        one.times(Decimal(-1), "returns")
    for amount in (1.5, Decimal("NaN")):
        with pytest.raises(InvalidNumber):
            one.plus(amount, "promotion")  # type: ignore[arg-type]
    with pytest.raises(InvalidNumber):
        one.band(0.8)  # type: ignore[arg-type]


def test_what_is_cut_at_zero_is_told() -> None:
    """A falling line ends at 0: what it was raised by is a part, of the method or of what moved."""
    found = series_forecast(
        months((90, 70, 52, 33, 15, 4)), horizon=2, is_nonnegative=True, method=Drift()
    )
    (first, _) = found.periods
    assert [one.name for one in first.parts] == ["base", "cut at 0"]
    assert first.parts[0].amount < 0
    assert (first.point, first.parts[1].amount) == (0, -first.parts[0].amount)
    (up,) = series_forecast(months((4, 5, 6)), horizon=1, is_nonnegative=True).periods
    down = up.plus(Decimal(-100), "lost customer")
    assert [(one.name, one.amount) for one in down.parts[1:]] == [
        ("lost customer", Decimal(-100)),
        ("cut at 0", 100 - up.point),
    ]
    assert "lost customer -100, cut at 0 9" in attrs.evolve(found, periods=[down]).text()


def test_no_other_weight_of_smoothing_is_better() -> None:
    """Of 200 rows of four kinds none has a better weight among 200, wherever its valley lies."""
    chance = Random(11)  # noqa: S311 - no secret
    for place in range(200):
        row, level = [], 0.0
        for at in range(chance.randint(4, 60)):
            level += chance.gauss(0, (0.0, 1.0, 0.3, 0.0)[place % 4])
            row.append(level + chance.gauss(0, 1) + (0.05 * at if place % 4 == 3 else 0))
        weight, _ = best_smoothing(row)
        moved = [one - row[0] for one in row]
        scan = min(squared_errors(moved, at / 200) for at in range(1, 200))
        assert squared_errors(moved, weight) <= scan * (1 + 1e-7)


def test_the_deepest_of_two_valleys_is_found() -> None:
    """
    This row has a valley at a weight of 0.25 and a shallower one at the lowest weight.

    Left at the lowest, its squared errors would be 2489.24 instead of 2485.95.
    """
    row = [93.75, 103.27, 82.07, 79.25, 90.24, 112.05, 111.89, 104.4, 98.69]
    row += [111.73, 92.02, 104.27, 94.07, 112.56, 100.33, 96.02, 117.54, 124.36]
    weight, _ = best_smoothing(row)
    assert weight == pytest.approx(0.2525, abs=0.01)
    assert squared_errors([one - row[0] for one in row], weight) < 2485.96
