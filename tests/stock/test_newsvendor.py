"""How much to buy once."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.stock.demands import ABOVE_ZERO, COSTS, UNITS, demands, dice

from salescore.errors import InvalidNumber, InvalidValue
from salescore.forecast import Distribution
from salescore.render import Language
from salescore.stats import normal_quantile
from salescore.stock import (
    newsvendor,
    newsvendor_cost,
    newsvendor_cost_normal,
    newsvendor_normal,
)

CLOSE = Decimal("1E-20")


@given(demands(), COSTS, COSTS)
def test_no_value_of_the_demand_costs_less(
    demand: Distribution, underage: Decimal, overage: Decimal
) -> None:
    """Brute force over all values, and the quantities halfway between: none is cheaper."""
    found = newsvendor(demand, underage=underage, overage=overage)
    tried = {*demand.values, *(one + Decimal("0.5") for one in demand.values)}
    costs = {one: newsvendor_cost(one, demand, underage=underage, overage=overage) for one in tried}
    assert found.cost == costs[found.quantity] == min(costs.values())
    assert all(costs[one] > found.cost for one in demand.values if one < found.quantity)


def test_on_a_tie_the_smaller_quantity_is_bought() -> None:
    """At equal costs any quantity from 5 to 15 costs the same; 5 binds least money."""
    demand = Distribution.weighted({Decimal(5): 1, Decimal(15): 1})
    found = newsvendor(demand, underage=Decimal(2), overage=Decimal(2))
    assert found.quantity == 5
    assert found.cost == 10


@given(demands(), COSTS, COSTS, ABOVE_ZERO)
def test_quantity_and_cost_scale_with_the_unit(
    demand: Distribution, underage: Decimal, overage: Decimal, factor: Decimal
) -> None:
    """Ten times the demand: ten times quantity and cost."""
    once = newsvendor(demand, underage=underage, overage=overage)
    scaled = newsvendor(demand.scaled(factor), underage=underage, overage=overage)
    assert scaled.quantity == once.quantity * factor
    assert abs(scaled.cost - once.cost * factor) < CLOSE


@given(demands(), COSTS, COSTS, COSTS)
def test_dearer_shortage_never_buys_less(
    demand: Distribution, underage: Decimal, overage: Decimal, more: Decimal
) -> None:
    """The quantity never falls with the cost of a unit too few."""
    low = newsvendor(demand, underage=underage, overage=overage)
    high = newsvendor(demand, underage=underage + more, overage=overage)
    assert high.quantity >= low.quantity


@given(demands(), COSTS, COSTS)
def test_another_currency_buys_the_same(
    demand: Distribution, underage: Decimal, overage: Decimal
) -> None:
    """In cents for euros the quantity stays and the cost is a hundred times as high."""
    once = newsvendor(demand, underage=underage, overage=overage)
    cents = newsvendor(demand, underage=100 * underage, overage=100 * overage)
    assert cents.quantity == once.quantity
    assert abs(cents.cost - 100 * once.cost) < CLOSE


def test_a_sure_demand_is_bought_and_costs_nothing() -> None:
    """Without doubt there is no risk; no demand buys nothing."""
    found = newsvendor(Decimal(7), underage=Decimal(3), overage=Decimal(1))
    assert (found.quantity, found.cost, found.service_level) == (7, 0, 1)
    nothing = newsvendor(Decimal(0), underage=Decimal(3), overage=Decimal(1))
    assert (nothing.quantity, nothing.cost, nothing.fill_rate) == (0, 0, None)


@settings(max_examples=25)
@given(
    st.integers(30, 90).map(Decimal),
    st.integers(1, 9).map(Decimal),
    COSTS,
    COSTS,
    st.decimals(-3, 3, places=2),
)
def test_no_other_quantity_of_a_normal_demand_costs_less(
    mean: Decimal, deviation: Decimal, underage: Decimal, overage: Decimal, z: Decimal
) -> None:
    """The closed form is the minimum, and its cost that of its quantity."""
    found = newsvendor_normal(mean, deviation, underage=underage, overage=overage)
    own, other = (
        newsvendor_cost_normal(one, mean, deviation, underage=underage, overage=overage)
        for one in (found.quantity, mean + z * deviation)
    )
    assert abs(found.cost - own) < CLOSE
    assert own <= other + CLOSE


@settings(max_examples=25)
@given(st.integers(30, 90).map(Decimal), st.integers(1, 9).map(Decimal), UNITS)
def test_costs_at_equal_distances_are_alike_where_both_sides_cost_alike(
    mean: Decimal, deviation: Decimal, by: Decimal
) -> None:
    """A normal demand is symmetrical, so is the cost around its mean."""
    by = min(by, mean)
    one, other = (
        newsvendor_cost_normal(quantity, mean, deviation, underage=Decimal(2), overage=Decimal(2))
        for quantity in (mean - by, mean + by)
    )
    assert abs(one - other) < CLOSE


def test_a_fine_grid_of_a_normal_demand_agrees_with_the_closed_form() -> None:
    """A thousand quantiles stand for the distribution: quantity and cost to some promille."""
    points = [Decimal(one) / 2000 for one in range(1, 2000, 2)]
    grid = Distribution.weighted({50 + 8 * normal_quantile(one): 1 for one in points})
    costs = {"underage": Decimal("0.70"), "overage": Decimal("0.18")}
    exact = newsvendor_normal(Decimal(50), Decimal(8), **costs)
    found = newsvendor(grid, **costs)
    assert abs(found.quantity - exact.quantity) < Decimal("0.02")
    assert abs(found.cost - exact.cost) < Decimal("0.01")


def test_a_normal_demand_that_goes_far_below_nothing_buys_nothing() -> None:
    """Where the best quantity would lie below 0 it is 0, and a note says so."""
    found = newsvendor_normal(Decimal(1), Decimal(10), underage=Decimal(1), overage=Decimal(9))
    assert found.quantity == 0
    assert "不订购" in found.text(Language.ZH)
    at_zero = newsvendor_cost_normal(
        Decimal(0), Decimal(1), Decimal(10), underage=Decimal(1), overage=Decimal(9)
    )
    assert abs(found.cost - at_zero) < CLOSE
    assert found.fill_rate == 0
    zero = newsvendor_normal(Decimal(0), Decimal(1), underage=Decimal(9), overage=Decimal(1))
    assert zero.fill_rate is None


def test_a_person_reads_the_quantity_in_both_languages() -> None:
    """Each line names what it tells."""
    found = newsvendor(dice(6), underage=Decimal(3), overage=Decimal(1))
    assert "Quantity to buy: 5.00" in found.text()
    assert "订购量：5.00" in found.text(Language.ZH)


@pytest.mark.parametrize("cost", ["0", "-1"])
def test_costs_of_nothing_are_refused(cost: str) -> None:
    """Both costs are above 0."""
    for costs in ((Decimal(cost), Decimal(1)), (Decimal(1), Decimal(cost))):
        with pytest.raises(InvalidValue, match="above 0"):
            newsvendor(Decimal(1), underage=costs[0], overage=costs[1])
        with pytest.raises(InvalidValue, match="above 0"):
            newsvendor_normal(Decimal(1), Decimal(1), underage=costs[0], overage=costs[1])


def test_costs_too_far_apart_for_a_normal_demand_are_refused() -> None:
    """A chance closer to 1 than any normal demand is believed is no plan."""
    with pytest.raises(InvalidValue, match="999,999,999"):
        newsvendor_normal(Decimal(50), Decimal(8), underage=Decimal("1E10"), overage=Decimal(1))
    with pytest.raises(InvalidValue, match="1,000 deviations"):
        newsvendor_cost_normal(
            Decimal(5000), Decimal(50), Decimal(1), underage=Decimal(1), overage=Decimal(1)
        )


def test_what_is_no_normal_demand_is_refused() -> None:
    """A deviation is above 0, a mean and a quantity from 0 on, all of them decimals."""
    costs = {"underage": Decimal(1), "overage": Decimal(1)}
    with pytest.raises(InvalidValue, match="deviation of demand"):
        newsvendor_normal(Decimal(50), Decimal(0), **costs)
    with pytest.raises(InvalidValue, match="mean demand"):
        newsvendor_normal(Decimal(-50), Decimal(1), **costs)
    with pytest.raises(InvalidValue, match=r"quantity is .*-1"):
        newsvendor_cost(Decimal(-1), Decimal(1), **costs)
    with pytest.raises(InvalidNumber):
        newsvendor(3, **costs)  # type: ignore[arg-type]
