"""Laws that every method of a series keeps, and what each of them is on small examples."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from math import isfinite, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore.errors import InvalidValue
from salescore.forecast import (
    Combination,
    Croston,
    Drift,
    ExponentialSmoothing,
    HoltWinters,
    JoinedBy,
    Naive,
    RunRate,
    SeasonalNaive,
    SeasonKind,
    Series,
    SeriesFit,
    SeriesMethod,
    Theta,
    series_forecast,
)
from salescore.forecast._season import seasonal_figure
from salescore.forecast._series_fit import filled

ANYTHING: tuple[SeriesMethod, ...] = (
    Naive(),
    Drift(),
    SeasonalNaive(),
    RunRate(),
    Theta(),
    ExponentialSmoothing(),
    Combination(methods=[Theta(), SeasonalNaive(), Drift()], joined=JoinedBy.MEDIAN),
)
EVERY = (*ANYTHING, Croston(), Croston(is_corrected=False))
VALUES = st.one_of(st.none(), st.integers(-1000, 1000).map(float))
ROWS = st.lists(VALUES, min_size=1, max_size=40)
DEMAND = st.lists(st.one_of(st.none(), st.integers(0, 9).map(float)), min_size=1, max_size=40)


def trimmed(values: list[float | None]) -> list[float | None]:
    """Return the values from the first to the last known one, or one zero."""
    places = [place for place, one in enumerate(values) if one is not None]
    return values[places[0] : places[-1] + 1] if places else [0.0]


def wave(many: int, season: int = 4) -> list[float]:
    """Return a rising row with a season of its own, all above 0."""
    return [(100 + 2 * at) * (1 + 0.2 * (at % season == 1)) + (at * 7 % 5) for at in range(many)]


def check(fit: SeriesFit, values: list[float | None], horizon: int) -> None:
    """Check the lengths of a fit, and that all its numbers are finite."""
    assert len(fit.points) == len(fit.widening) == horizon
    assert len(fit.errors) == len(values)
    assert all(map(isfinite, (*fit.points, *fit.widening, *fit.known_errors)))
    assert all(one is None for one, value in zip(fit.errors, values, strict=True) if value is None)


@settings(max_examples=40, deadline=None)
@given(ROWS, st.sampled_from([1, 4, 12]), st.integers(1, 15))
def test_every_method_takes_anything(values: list[float | None], season: int, horizon: int) -> None:
    """Gaps, values below 0, one value: every number is finite, as many as asked for."""
    known = trimmed(values)
    for method in ANYTHING:
        check(method.fit(known, season, horizon), known, horizon)


@settings(max_examples=40, deadline=None)
@given(DEMAND, st.integers(1, 8))
def test_croston_takes_any_demand(values: list[float | None], horizon: int) -> None:
    """Zeros and gaps, even nothing but zeros, give a rate from 0 on."""
    known = trimmed(values)
    for method in EVERY[-2:]:
        fit = method.fit(known, 1, horizon)
        check(fit, known, horizon)
        assert min(fit.points) >= 0


@pytest.mark.parametrize("method", [*EVERY, HoltWinters()], ids=lambda one: one.name)
def test_the_same_values_give_the_same_fit(method: SeriesMethod) -> None:
    """Nothing is left to chance, and what comes after the last value changes nothing."""
    row = wave(30)
    assert method.fit(row, 4, 6) == method.fit(list(row), 4, 6)
    assert method.fit(row, 4, 3).points == method.fit(row, 4, 6).points[:3]


@pytest.mark.parametrize(
    ("method", "value"),
    [*((one, value) for one in EVERY for value in (0.0, 7.5)), (HoltWinters(), 7.5)],
    ids=lambda one: getattr(one, "name", str(one)),
)
def test_what_never_changes_goes_on(method: SeriesMethod, value: float) -> None:
    """Of a constant row, also of zeros, every method says the same constant."""
    points = method.fit([value] * 20, 4, 5).points
    share = 0.95 if isinstance(method, Croston) and method.is_corrected else 1.0
    assert points == pytest.approx([value * share] * 5)


@pytest.mark.parametrize("method", [*EVERY, HoltWinters()], ids=lambda one: one.name)
def test_a_larger_unit_changes_nothing_else(method: SeriesMethod) -> None:
    """Values a thousand times as large have forecasts a thousand times as large."""
    row = wave(30)
    found = method.fit([1000 * one for one in row], 4, 5).points
    assert found == pytest.approx([1000 * one for one in method.fit(row, 4, 5).points], rel=1e-4)


def test_naive_repeats_the_last_known_value() -> None:
    """After 5, nothing, 8 the error of 8 is that from 5; the deviation grows with √steps."""
    fit = Naive().fit([5.0, None, 8.0], 1, 4)
    assert fit.points == (8.0,) * 4
    assert fit.errors == (None, None, 3.0)
    assert fit.widening == (1.0, sqrt(2), sqrt(3), 2.0)
    assert fit.spread == 3.0


def test_drift_is_the_line_from_first_to_last() -> None:
    """From 1 to 7 in three steps it goes on by 2; over a gap it counts both steps."""
    fit = Drift().fit([1.0, 4.0, None, 7.0], 1, 2)
    assert fit.points == (9.0, 11.0)
    assert fit.errors == (None, 1.0, None, -1.0)
    assert Drift().fit([4.0], 1, 2).points == (4.0, 4.0)


def test_seasonal_naive_repeats_the_season() -> None:
    """A place that is missing repeats the season before it; one never seen, the last value."""
    row = [1.0, 2.0, 3.0, 4.0, None, 6.0]
    fit = SeasonalNaive().fit(row, 3, 4)
    assert fit.points == (4.0, 2.0, 6.0, 4.0)
    assert fit.errors == (None, None, None, 3.0, None, 3.0)
    assert fit.widening == (1.0, 1.0, 1.0, sqrt(2))
    short = SeasonalNaive().fit([1.0, 2.0], 3, 2)
    assert short.points == (2.0, 1.0)
    assert short.notes[0][0].startswith("1 place of the season without")


def test_run_rate_is_a_mean_of_recent_values() -> None:
    """By default it takes a season where there is one, else three; gaps are stepped over."""
    row = [1.0, 2.0, None, 3.0, 4.0]
    assert RunRate().fit(row, 1, 2).points == (3.0, 3.0)
    assert RunRate().fit(row, 4, 1).points == (2.5,)
    assert RunRate(window=1).fit(row, 1, 1).errors == (None, 1.0, None, 1.0, 1.0)
    for window in (0, True):
        with pytest.raises(InvalidValue, match="window"):
            RunRate(window=window)


def test_theta_of_a_line_is_half_its_slope_beside_its_last_value() -> None:
    """On 1, 2, … 20 smoothing keeps up with the line, and half the slope is added each step."""
    fit = Theta().fit([float(at) for at in range(1, 21)], 1, 3)
    assert fit.points == pytest.approx((20.5, 21.0, 21.5), abs=2e-3)
    assert dict(fit.parameters)["season"] == "none"


def test_theta_divides_by_a_season_of_positive_values_and_subtracts_it_else() -> None:
    """One value of 0 makes the season an added one."""
    row = wave(24)
    assert dict(Theta().fit(row, 4, 4).parameters)["season"] == "multiplicative"
    down = [one - min(row) for one in row]
    fit = Theta().fit(down, 4, 4)
    assert dict(fit.parameters)["season"] == "additive"
    assert max(fit.points) == fit.points[1]


def test_theta_fills_gaps_for_the_fit_alone() -> None:
    """A value that is missing has no error, and the note says how many there were."""
    row: list[float | None] = [*wave(24)]
    row[9] = row[13] = None
    fit = Theta().fit(row, 4, 4)
    assert fit.errors[9] is None
    assert fit.notes[0][0].startswith("2 missing")
    whole = Theta().fit(wave(24), 4, 4)
    assert fit.points == pytest.approx(whole.points, rel=0.02)


def test_smoothing_chooses_its_form_by_the_data() -> None:
    """A rising row with a season that grows gets both; noise around a level gets neither."""
    grown = [(100 + 5 * at) * (1.3 if at % 4 == 1 else 0.9) + at * 7 % 5 for at in range(40)]
    chosen = dict(ExponentialSmoothing().fit(grown, 4, 4).parameters)
    assert (chosen["trend"], chosen["season"]) == ("damped", "multiplicative")
    flat = [50 + (at * at * 7919 % 13) / 2 for at in range(40)]
    chosen = dict(ExponentialSmoothing().fit(flat, 1, 4).parameters)
    assert (chosen["trend"], chosen["season"]) == ("none", "none")


def test_a_damped_trend_flattens() -> None:
    """Each step adds less than the one before."""
    fit = ExponentialSmoothing(is_damped=True).fit([10.0 + 3 * at for at in range(20)], 1, 6)
    steps = [b - a for a, b in pairwise(fit.points)]
    assert all(0 < later < earlier for earlier, later in pairwise(steps))


@pytest.mark.parametrize("kind", list(SeasonKind))
def test_smoothing_takes_the_form_it_is_told(kind: SeasonKind) -> None:
    """A form that is asked for is used, with a damped trend or without."""
    fit = ExponentialSmoothing(is_damped=False, season=kind).fit(wave(24), 4, 4)
    chosen = dict(fit.parameters)
    assert (chosen["trend"], chosen["season"]) == ("none", kind.value)


def test_smoothing_refuses_a_season_that_cannot_be_seen() -> None:
    """Two seasons are not more than two, and a value of 0 cannot be multiplied."""
    with pytest.raises(InvalidValue, match="season of smoothing"):
        ExponentialSmoothing(season=SeasonKind.ADDITIVE).fit(wave(8), 4, 2)
    with pytest.raises(InvalidValue, match="above 0"):
        ExponentialSmoothing(season=SeasonKind.MULTIPLICATIVE).fit([0.0, *wave(20)], 4, 2)


@pytest.mark.parametrize(("row", "season"), [(wave(8), 4), (wave(9), 1), ([0.0, *wave(12)], 4)])
def test_holt_winters_refuses_what_it_cannot_do(row: list[float], season: int) -> None:
    """Two seasons alone, no season, a value of 0."""
    with pytest.raises(InvalidValue, match="Theta takes any"):
        HoltWinters().fit(row, season, 2)


def test_holt_winters_refuses_a_place_of_a_season_close_to_nothing() -> None:
    """What is hardly there in one quarter cannot be divided by."""
    row = [100.0, 120.0, 90.0, 1e-7] * 3
    with pytest.raises(InvalidValue, match="close to 0"):
        HoltWinters().fit(row, 4, 2)


def test_a_combination_is_the_mean_or_median_of_its_methods() -> None:
    """Of 8 (naive), 11 (drift) and 5 (run rate) the mean is 8, and so is the median."""
    row = [2.0, 5.0, 8.0]
    methods = (Naive(), Drift(), RunRate(window=3))
    assert Combination(methods=methods).fit(row, 1, 1).points == (8.0,)
    median = Combination(methods=methods, joined=JoinedBy.MEDIAN)
    assert median.fit(row, 1, 2).points == (8.0, 8.0)
    assert median.name == "median of naive, drift, run rate"
    with pytest.raises(InvalidValue, match="methods"):
        Combination(methods=[])


def test_croston_by_hand() -> None:
    """
    Demand 3 after three periods, 2 after four, 5 after two, with a weight of a tenth.

    Size 3 → 2.9 → 3.11 and interval 3 → 3.1 → 2.99; the rate is 3.11 ÷ 2.99, less a twentieth.
    """
    row = [0.0, 0.0, 3.0, 0.0, 0.0, 0.0, 2.0, 0.0, 5.0, 0.0]
    plain = Croston(is_corrected=False).fit(row, 1, 1)
    assert plain.points[0] == pytest.approx(3.11 / 2.99)
    assert Croston().fit(row, 1, 1).points[0] == pytest.approx(0.95 * 3.11 / 2.99)
    assert plain.errors[:4] == (None, None, None, -1.0)


def test_croston_refuses_what_is_no_demand() -> None:
    """Returns are not demand, and a weight of 0 learns nothing."""
    with pytest.raises(InvalidValue, match="demand"):
        Croston().fit([1.0, -1.0], 1, 1)
    for weight in (0.0, 1.5):
        with pytest.raises(InvalidValue, match="weight"):
            Croston(weight=weight)


def test_a_method_of_ones_own_is_handed_in() -> None:
    """Any object with a name and a fit will do."""

    class Twice:
        """The last value, doubled."""

        @property
        def name(self) -> str:
            """What the method is called."""
            return "twice"

        def fit(self, values: object, _season: int, horizon: int, /) -> SeriesFit:
            """Return twice the last value."""
            assert isinstance(values, list)
            none = (None,) * len(values)
            return SeriesFit(
                points=(values[-1] * 2,) * horizon, errors=none, widening=(1.0,) * horizon
            )

    found = series_forecast(Series.of([Decimal(4)]), horizon=2, method=Twice())
    assert (found.points, found.method) == ((Decimal(8), Decimal(8)), "twice")


def test_a_season_of_an_odd_length_is_seen() -> None:
    """Seven days a week: Sundays are low, and the first Sunday to come is too."""
    row = [(40.0 if at % 7 == 6 else 100.0) + at * 5 % 3 for at in range(42)]
    fit = Theta().fit(row, 7, 7)
    assert dict(fit.parameters)["season"] == "multiplicative"
    assert min(fit.points) == fit.points[6]


@pytest.mark.parametrize("method", [Theta(), ExponentialSmoothing()], ids=lambda one: one.name)
def test_a_place_of_the_season_close_to_nothing_is_no_divisor(method: SeriesMethod) -> None:
    """Positive values with a quarter of almost nothing get an added season."""
    row = [100.0, 120.0, 90.0, 1e-7] * 6
    fit = method.fit([one + at for at, one in enumerate(row[:-1])], 4, 4)
    assert all(map(isfinite, fit.points))
    plain = method.fit(row, 4, 4)
    assert dict(plain.parameters)["season"] == "additive"
    assert plain.points == pytest.approx(row[:4], abs=3)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(-6, 6), min_size=1, max_size=30),
    st.floats(-1, 1),
    st.sampled_from([1, 2, 3, 4]),
)
def test_values_of_very_unequal_size_stay_numbers(
    powers: list[float], growth: float, season: int
) -> None:
    """Powers of ten up and down, rising or falling by more and more: nothing overflows."""
    row = [10 ** (one + growth * at) for at, one in enumerate(powers)]
    for method in (*ANYTHING, ExponentialSmoothing(is_damped=True)):
        check(method.fit(row, season, 6), list(row), 6)


def test_a_level_that_falls_to_nothing_loses_its_trend() -> None:
    """A line that ends close to 0 cannot be multiplied with a trend of its own."""
    row = [1000.0 - 90 * at + at % 2 * 3 for at in range(11)] + [5.0, 3.0] * 3
    kind = SeasonKind.MULTIPLICATIVE
    fit = ExponentialSmoothing(is_damped=True, season=kind).fit(row, 4, 2)
    assert dict(fit.parameters)["season"] == "multiplicative"
    assert all(map(isfinite, fit.points))


def test_sums_of_very_unequal_values_are_no_divisor() -> None:
    """Where rounding leaves nothing of a moving average, there is no season to divide by."""
    row = [1000 * 0.1**at * (1 + 0.05 * (at % 4 == 1)) for at in range(20)]
    assert seasonal_figure(row, 2, SeasonKind.MULTIPLICATIVE) is None


def test_a_gap_lies_on_the_line_of_its_season() -> None:
    """Between 10 and 30 at the same place of the season lies 20, whatever stands beside it."""
    row = [10.0, 1.0, None, 1.0, 30.0, 1.0]
    assert filled(row, 2) == ([10.0, 1.0, 20.0, 1.0, 30.0, 1.0], 1)
    assert filled([10.0, None, 30.0], 2) == ([10.0, 20.0, 30.0], 1)
