"""The order quantity of least cost."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.stock.demands import ABOVE_ZERO, COSTS

from salescore.errors import InvalidNumber, InvalidValue
from salescore.render import Language
from salescore.stock import LotRules, economic_order, economic_order_cost

CLOSE = Decimal("1E-20")
DEMANDS = st.integers(1, 9_999).map(Decimal)
FACTORS = st.decimals("0.05", 20, places=2)
WAITING = st.none() | COSTS


@given(DEMANDS, COSTS, COSTS, WAITING, FACTORS)
def test_no_other_quantity_costs_less(
    demand: Decimal, order: Decimal, holding: Decimal, waiting: Decimal | None, factor: Decimal
) -> None:
    """The quantity is the minimum, and the cost told is the cost at it."""
    costs = {"order_cost": order, "holding_cost": holding, "backorder_cost": waiting}
    found = economic_order(demand, **costs)
    own = economic_order_cost(found.quantity, demand, **costs)
    other = economic_order_cost(found.quantity * factor, demand, **costs)
    assert abs(found.cost - own) < CLOSE * found.cost
    assert own <= other + CLOSE * other


@given(DEMANDS, COSTS, COSTS, FACTORS)
def test_costs_are_alike_at_a_multiple_and_a_part_of_the_best(
    demand: Decimal, order: Decimal, holding: Decimal, factor: Decimal
) -> None:
    """Ordering twice as much costs as much as ordering half as much."""
    best = economic_order(demand, order_cost=order, holding_cost=holding).quantity
    one, other = (
        economic_order_cost(quantity, demand, order_cost=order, holding_cost=holding)
        for quantity in (best * factor, best / factor)
    )
    assert abs(one - other) < CLOSE * one


def test_a_search_over_all_whole_quantities_finds_the_same() -> None:
    """Example 3.1 of Snyder and Shen: of whole quantities 304 is the cheapest."""
    found = economic_order(
        Decimal(1300),
        order_cost=Decimal(8),
        holding_cost=Decimal("0.225"),
        lots=LotRules(lot_size=Decimal(1)),
    )
    costs = {
        quantity: economic_order_cost(
            Decimal(quantity), Decimal(1300), order_cost=Decimal(8), holding_cost=Decimal("0.225")
        )
        for quantity in range(1, 1000)
    }
    assert found.quantity == min(costs, key=costs.__getitem__) == 304
    assert found.cost == costs[304]


@given(DEMANDS, COSTS, COSTS, WAITING, ABOVE_ZERO, st.integers(0, 300).map(Decimal))
def test_no_other_whole_lots_cost_less(
    demand: Decimal,
    order: Decimal,
    holding: Decimal,
    waiting: Decimal | None,
    lot: Decimal,
    minimum: Decimal,
) -> None:
    """Brute force over lots around the best one."""
    rules = LotRules(lot_size=lot, minimum=minimum)
    costs = {"order_cost": order, "holding_cost": holding, "backorder_cost": waiting}
    found = economic_order(demand, **costs, lots=rules)
    assert found.quantity == rules.quantity(found.quantity)
    lots = int(found.quantity / lot)
    for count in range(max(1, lots - 5), lots + 6):
        if rules.quantity(lot * count) == lot * count:
            assert economic_order_cost(lot * count, demand, **costs) >= found.cost


@given(DEMANDS, COSTS, COSTS, ABOVE_ZERO)
def test_counting_in_other_units_orders_the_same(
    demand: Decimal, order: Decimal, holding: Decimal, factor: Decimal
) -> None:
    """In pieces for dozens the cost stays and the quantity scales."""
    once = economic_order(demand * factor, order_cost=order, holding_cost=holding)
    other = economic_order(demand, order_cost=order, holding_cost=holding * factor)
    assert abs(once.quantity - other.quantity * factor) < CLOSE * once.quantity
    assert abs(once.cost - other.cost) < CLOSE * once.cost


@given(DEMANDS, COSTS, COSTS)
def test_another_currency_orders_the_same(
    demand: Decimal, order: Decimal, holding: Decimal
) -> None:
    """In cents for euros the quantity stays and the cost is a hundred times as high."""
    once = economic_order(demand, order_cost=order, holding_cost=holding)
    cents = economic_order(demand, order_cost=100 * order, holding_cost=100 * holding)
    assert cents.quantity == once.quantity
    assert abs(cents.cost - 100 * once.cost) < CLOSE * cents.cost


@given(DEMANDS, COSTS, COSTS, COSTS)
def test_letting_customers_wait_never_costs_more(
    demand: Decimal, order: Decimal, holding: Decimal, waiting: Decimal
) -> None:
    """Planned backorders order more at once, at a lower cost."""
    plain = economic_order(demand, order_cost=order, holding_cost=holding)
    found = economic_order(demand, order_cost=order, holding_cost=holding, backorder_cost=waiting)
    assert found.cost < plain.cost
    assert found.quantity > plain.quantity > plain.backorder == 0
    assert 0 < found.backorder < found.quantity


def test_orders_and_interval_go_with_the_quantity() -> None:
    """Quantity times orders is the demand, interval times orders one period."""
    found = economic_order(Decimal(800), order_cost=Decimal(9), holding_cost=Decimal(4))
    assert (found.quantity, found.cost) == (60, 240)
    assert found.orders == round(Decimal(40) / 3, 26)
    assert found.interval == Decimal("0.075")
    assert "Order quantity: 60.00" in found.text()
    assert "订货量：60.00" in found.text(Language.ZH)


def test_a_person_reads_of_planned_backorders() -> None:
    """A line tells how many customers wait by plan."""
    found = economic_order(
        Decimal(800), order_cost=Decimal(9), holding_cost=Decimal(4), backorder_cost=Decimal(4)
    )
    assert "Planned backorders: 42.43" in found.text()


def test_no_demand_orders_nothing() -> None:
    """Nothing is demanded, nothing ordered, nothing paid; there is no interval."""
    found = economic_order(Decimal(0), order_cost=Decimal(8), holding_cost=Decimal(1))
    assert (found.quantity, found.cost, found.orders, found.interval) == (0, 0, 0, None)


@pytest.mark.parametrize("cost", ["0", "-1"])
@pytest.mark.parametrize("which", ["order_cost", "holding_cost", "backorder_cost"])
def test_costs_of_nothing_are_refused(which: str, cost: str) -> None:
    """Without a cost of ordering or holding there is no best quantity."""
    costs = {
        "order_cost": Decimal(1),
        "holding_cost": Decimal(1),
        "backorder_cost": Decimal(1),
        which: Decimal(cost),
    }
    with pytest.raises(InvalidValue, match="above 0"):
        economic_order(Decimal(1), **costs)
    with pytest.raises(InvalidValue, match="above 0"):
        economic_order_cost(Decimal(1), Decimal(1), **costs)


def test_quantities_and_demands_that_are_none_are_refused() -> None:
    """A demand below 0, an order of nothing, a float, lots that are none."""
    costs = {"order_cost": Decimal(1), "holding_cost": Decimal(1)}
    with pytest.raises(InvalidValue, match=r"demand is .*-1"):
        economic_order(Decimal(-1), **costs)
    with pytest.raises(InvalidValue, match=r"quantity is .*0"):
        economic_order_cost(Decimal(0), Decimal(1), **costs)
    with pytest.raises(InvalidNumber):
        economic_order(5.0, **costs)  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="LotRules"):
        economic_order(Decimal(5), **costs, lots=Decimal(5))  # type: ignore[arg-type]


def test_a_minimum_above_the_best_quantity_is_ordered() -> None:
    """Who must take 400 takes 400; who need not, takes the best quantity."""
    costs = {"order_cost": Decimal(8), "holding_cost": Decimal("0.225")}
    found = economic_order(Decimal(1300), **costs, lots=LotRules(minimum=Decimal(400)))
    assert found.quantity == 400
    assert found.cost == Decimal(71)
    plain = economic_order(Decimal(1300), **costs)
    free = economic_order(Decimal(1300), **costs, lots=LotRules(minimum=Decimal(40)))
    assert free.quantity == plain.quantity
