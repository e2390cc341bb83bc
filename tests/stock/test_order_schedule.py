"""Orders for a known demand that changes."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore.errors import InvalidNumber, InvalidValue
from salescore.render import Language
from salescore.stock import OrderSchedule, order_schedule

NUMBERS = st.integers(0, 9).map(Decimal)


def cost_of(
    served: Sequence[int],
    demand: Sequence[Decimal],
    fixed: Sequence[Decimal],
    held: Sequence[Decimal],
    price: Sequence[Decimal],
) -> Decimal:
    """Return what it costs to order each period's demand in some period up to it."""
    ordering = {start for start, units in zip(served, demand, strict=True) if units}
    total = sum((fixed[start] for start in ordering), Decimal(0))
    for end, (start, units) in enumerate(zip(served, demand, strict=True)):
        total += units * (price[start] + sum(held[start:end], Decimal(0)))
    return total


def cheapest(
    demand: Sequence[Decimal],
    fixed: Sequence[Decimal],
    held: Sequence[Decimal],
    price: Sequence[Decimal],
) -> Decimal:
    """Return the least cost over all choices of when to order each period's demand."""
    choices = product(*(range(end + 1) for end in range(len(demand))))
    return min(cost_of(one, demand, fixed, held, price) for one in choices)


@st.composite
def problems(draw: st.DrawFn, most: int) -> tuple[list[Decimal], ...]:
    """Return demands and costs of a few periods."""
    periods = draw(st.integers(1, most))
    lists = st.lists(NUMBERS, min_size=periods, max_size=periods)
    setups = st.lists(st.integers(0, 40).map(Decimal), min_size=periods, max_size=periods)
    return draw(lists), draw(setups), draw(lists), draw(lists)


@settings(max_examples=80, deadline=None)
@given(problems(6))
def test_no_other_orders_cost_less(problem: tuple[list[Decimal], ...]) -> None:
    """Brute force over all ways to order, costs of each period its own."""
    demand, fixed, held, price = problem
    found = order_schedule(demand, order_cost=fixed, holding_cost=held, unit_cost=price)
    assert found.cost == cheapest(demand, fixed, held, price)
    sound(found, demand)


def test_no_other_orders_of_eight_periods_cost_less() -> None:
    """All 40,320 ways to order for eight periods."""
    demand = [Decimal(one) for one in (69, 29, 36, 61, 61, 26, 34, 67)]
    fixed, held = [Decimal(85)] * 8, [Decimal(1)] * 8
    price = [Decimal(one) for one in (3, 2, 4, 4, 2, 3, 5, 4)]
    found = order_schedule(demand, order_cost=Decimal(85), holding_cost=Decimal(1), unit_cost=price)
    assert found.cost == cheapest(demand, fixed, held, price)
    sound(found, demand)


def sound(found: OrderSchedule, demand: Sequence[Decimal]) -> None:
    """Check that rows balance, follow each other, never run short, and sum to the cost."""
    stock = found.rows[0].opening if found.rows else Decimal(0)
    for row, units in zip(found.rows, demand, strict=True):
        assert row.opening == stock
        assert row.demand == units
        stock = row.opening + row.order - row.demand
        assert row.closing == stock >= 0
    assert sum((row.cost for row in found.rows), Decimal(0)) == found.cost


@given(problems(6), st.integers(0, 30).map(Decimal))
def test_stock_at_hand_is_used_before_anything_is_ordered(
    problem: tuple[list[Decimal], ...], opening: Decimal
) -> None:
    """What is there covers the first demands; only the rest is ordered."""
    demand, fixed, held, price = problem
    found = order_schedule(
        demand, order_cost=fixed, holding_cost=held, unit_cost=price, opening=opening
    )
    sound(found, demand)
    assert sum(found.orders, Decimal(0)) == max(Decimal(0), sum(demand, Decimal(0)) - opening)


@given(problems(6), st.integers(2, 12).map(Decimal))
def test_counting_in_other_units_orders_the_same(
    problem: tuple[list[Decimal], ...], factor: Decimal
) -> None:
    """With ten times the units at a tenth of the cost each, nothing changes."""
    demand, fixed, held, price = problem
    once = order_schedule(
        demand,
        order_cost=fixed,
        holding_cost=[one * factor for one in held],
        unit_cost=[one * factor for one in price],
    )
    scaled = order_schedule(
        [one * factor for one in demand], order_cost=fixed, holding_cost=held, unit_cost=price
    )
    assert scaled.orders == tuple(one * factor for one in once.orders)
    assert scaled.cost == once.cost


def test_fractions_of_units_and_of_money_are_exact() -> None:
    """Nothing is rounded on the way: a third of a kilogramme costs what it costs."""
    found = order_schedule(
        [Decimal("0.125"), Decimal("0.3")],
        order_cost=Decimal("0.10"),
        holding_cost=Decimal("0.001"),
        unit_cost=Decimal("1.99"),
    )
    assert found.orders == (Decimal("0.425"), Decimal(0))
    assert found.cost == Decimal("0.10") + Decimal("0.425") * Decimal("1.99") + Decimal("0.0003")


def test_no_demand_orders_nothing() -> None:
    """Neither periods without demand nor no periods at all cost anything."""
    costs = {"order_cost": Decimal(5), "holding_cost": Decimal(1)}
    assert order_schedule([Decimal(0)] * 3, **costs).cost == 0
    assert order_schedule([], **costs).rows == ()


def test_a_person_reads_the_schedule_in_both_languages() -> None:
    """A row for each period, and what it costs."""
    found = order_schedule([Decimal(9)], order_cost=Decimal(5), holding_cost=Decimal(1))
    assert "Cost: 5.00" in found.text()
    assert found.text(Language.ZH).startswith("期间")
    assert found.text(Language.ZH).endswith("成本：5.00")


def test_bad_costs_and_demands_are_refused() -> None:
    """Costs below 0, too few of them, demands below 0, too many periods, no numbers."""
    units = [Decimal(3), Decimal(4)]
    one = Decimal(1)
    with pytest.raises(InvalidValue, match=r"order cost is .*-1"):
        order_schedule(units, order_cost=Decimal(-1), holding_cost=one)
    with pytest.raises(InvalidValue, match=r"holding cost is .*-1"):
        order_schedule(units, order_cost=one, holding_cost=Decimal(-1))
    with pytest.raises(
        InvalidValue, match="number of order costs is 1: there are 2 periods; state one for each"
    ):
        order_schedule(units, order_cost=[one], holding_cost=one)
    with pytest.raises(InvalidValue, match=r"unit cost is .*-1"):
        order_schedule(units, order_cost=one, holding_cost=one, unit_cost=[one, Decimal(-1)])
    with pytest.raises(InvalidValue, match=r"demand is .*-3"):
        order_schedule([Decimal(-3)], order_cost=one, holding_cost=one)
    with pytest.raises(InvalidValue, match=r"opening stock is .*-1"):
        order_schedule(units, order_cost=one, holding_cost=one, opening=Decimal(-1))
    with pytest.raises(InvalidValue, match="1,000"):
        order_schedule([one] * 1001, order_cost=one, holding_cost=one)
    with pytest.raises(InvalidNumber):
        order_schedule(units, order_cost=Decimal("NaN"), holding_cost=one)
