"""From a forecast to a demand of whole units."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.stock.demands import dice

from salescore.errors import InvalidValue
from salescore.forecast import Distribution, Series, series_forecast
from salescore.stock import LotRules, supply_plan, unit_demand

ONE = Decimal(1)
FORECASTS = st.dictionaries(
    st.decimals(0, 90, places=4), st.integers(1, 9), min_size=1, max_size=9
).map(Distribution.weighted)


@given(FORECASTS, st.sampled_from(["1", "0.5", "12"]))
def test_the_mean_stays_and_all_values_are_whole(forecast: Distribution, unit: str) -> None:
    """To a millionth of a unit; every value is a multiple of the unit."""
    step = Decimal(unit)
    found = unit_demand(forecast, unit=step)
    assert abs(found.exact_mean - forecast.exact_mean) <= Fraction(step) / 10**6
    assert all(value % step == 0 for value in found.values)
    assert found.exact_variance >= forecast.exact_variance - Fraction(1, 10**3)


@pytest.mark.parametrize("power", [1, 3, 6, 9, 12, 40])
def test_a_coarse_unit_keeps_the_mean_too(power: int) -> None:
    """Few of a large unit: seldom one, mostly none, and on average what was forecast."""
    forecast = Distribution.weighted({Decimal(-2): 1, ONE: 1, Decimal("8.99"): 1})
    step = Decimal(10) ** power
    found = unit_demand(forecast, unit=step)
    assert found.values == (0, step)
    mean = Fraction(Decimal("9.99")) / 3
    assert abs(found.exact_mean - mean) <= mean / 10**6


def test_a_forecast_of_nothing_is_a_demand_of_nothing() -> None:
    """Whatever the unit; of next to nothing it is next to nothing, not refused."""
    nothing = Distribution.weighted({Decimal(0): 1, -ONE: 1})
    assert unit_demand(nothing, unit=Decimal("1E+13")) == Distribution.certain(Decimal(0))
    dust = unit_demand(Distribution.certain(Decimal("1E-30")))
    assert abs(dust.exact_mean * 10**30 - 1) <= Fraction(1, 10**6)


def test_whole_units_stay_what_they_are() -> None:
    """A demand of whole units is one already."""
    assert unit_demand(dice(6)) == dice(6)


def test_less_than_nothing_is_nothing() -> None:
    """What a forecast sees below 0 is no demand."""
    forecast = Distribution.weighted({Decimal(-5): 1, Decimal("-0.5"): 1, Decimal(3): 2})
    found = unit_demand(forecast)
    assert found.values == (0, 3)
    assert found.exactly(Decimal(0)) == Decimal("0.5")


def test_a_forecast_becomes_a_plan() -> None:
    """Two years of units by month, the method of the room of forecasts, orders by the dozen."""
    sold = [Decimal(40 + 3 * (month % 12) + 5 * (month % 3)) for month in range(24)]
    forecast = series_forecast(Series.of(sold, name="pens"), horizon=3, is_nonnegative=True)
    found = [one.distribution for one in forecast.periods]
    demand = [unit_demand(one) for one in found if one is not None]
    assert len(demand) == 3
    plan = supply_plan(
        demand,
        opening=Decimal(60),
        lead_time=1,
        service_level=Decimal("0.9"),
        lots=LotRules(lot_size=Decimal(12)),
    )
    assert all(order is None or order % 12 == 0 for order in plan.orders)
    assert all(row.shortage_chance <= Decimal("0.1") for row in plan.rows[1:])


def test_units_and_forecasts_that_are_none_are_refused() -> None:
    """A unit of nothing, one far too small, a plain number."""
    with pytest.raises(InvalidValue, match="unit is"):
        unit_demand(dice(6), unit=Decimal(0))
    with pytest.raises(InvalidValue, match="too small"):
        unit_demand(dice(6), unit=Decimal("1E-20"))
    with pytest.raises(InvalidValue, match="must be a Distribution"):
        unit_demand(Decimal(3))  # type: ignore[arg-type]


def test_a_series_too_short_for_a_distribution_says_so() -> None:
    """Two values tell no error: the forecast has no distribution, and nobody makes one up."""
    sold = [Decimal(3), Decimal(4)]
    forecast = series_forecast(Series.of(sold, name="pens"), horizon=1, is_nonnegative=True)
    assert forecast.periods[0].distribution is None
    with pytest.raises(InvalidValue, match="too short to say how far off it may be"):
        unit_demand(forecast.periods[0].distribution)  # type: ignore[arg-type]
