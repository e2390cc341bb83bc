"""Cycle service level and fill rate."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.stock.demands import ABOVE_ZERO, UNITS, demands, dice

from salescore.errors import InvalidValue
from salescore.forecast import Distribution
from salescore.render import Language
from salescore.stock import order_service, reorder_point_for_fill_rate


def brute_fill_rate(level: int, quantity: int, demand: Distribution) -> Fraction:
    """Return the chance that a unit asked for is there, over all positions an order leaves."""
    short = sum(
        Fraction(demand.at_least(Decimal(position)))
        for position in range(level + 1, level + quantity + 1)
    )
    return 1 - short / quantity


@given(st.integers(0, 30), st.integers(1, 20), demands())
def test_the_fill_rate_is_that_of_every_unit(
    level: int, quantity: int, demand: Distribution
) -> None:
    """Position by position: a unit waits where the demand reached the position before it came."""
    found = order_service(Decimal(level), Decimal(quantity), demand)
    assert abs(Fraction(found.fill_rate) - brute_fill_rate(level, quantity, demand)) < 1e-20
    assert abs(found.cycle_service_level - demand.at_most(Decimal(level))) < Decimal("1E-27")


@given(UNITS, ABOVE_ZERO, ABOVE_ZERO, demands())
def test_more_stock_never_lowers_either_service(
    level: Decimal, more: Decimal, quantity: Decimal, demand: Distribution
) -> None:
    """Neither a higher reorder point nor a larger order lowers the fill rate."""
    once = order_service(level, quantity, demand)
    higher = order_service(level + more, quantity, demand)
    larger = order_service(level, quantity + more, demand)
    assert higher.fill_rate >= once.fill_rate
    assert higher.cycle_service_level >= once.cycle_service_level
    assert larger.fill_rate >= once.fill_rate
    assert larger.cycle_service_level == once.cycle_service_level
    assert 0 <= once.fill_rate <= 1


def test_the_two_services_are_two_things() -> None:
    """Half of all orders run short, yet nineteen units of twenty are there at once."""
    found = order_service(Decimal(3), Decimal(30), dice(6))
    assert found.cycle_service_level == Decimal("0.5")
    assert found.fill_rate == 1 - Decimal(1) / 30
    assert found.expected_shortage == 1
    assert found.safety_stock == Decimal("-0.5")
    assert "Fill rate: 96.7 %" in found.text()
    assert "满足率：96.7 %" in found.text(Language.ZH)


@given(ABOVE_ZERO, demands(), st.decimals("0.01", "0.99", places=2))
def test_no_lower_reorder_point_reaches_the_fill_rate(
    quantity: Decimal, demand: Distribution, fill_rate: Decimal
) -> None:
    """The search finds the lowest."""
    found = reorder_point_for_fill_rate(quantity, demand, fill_rate=fill_rate)
    assert found.fill_rate >= fill_rate
    if found.reorder_point:
        below = order_service(found.reorder_point - 1, quantity, demand)
        assert below.fill_rate < fill_rate


def test_a_reorder_point_may_stand_on_finer_steps() -> None:
    """Half units, where half units are sold."""
    found = reorder_point_for_fill_rate(
        Decimal(10), dice(6), fill_rate=Decimal("0.9"), unit=Decimal("0.5")
    )
    assert found.reorder_point == Decimal(3)
    fine = reorder_point_for_fill_rate(
        Decimal(10), dice(6), fill_rate=Decimal("0.91"), unit=Decimal("0.5")
    )
    assert fine.reorder_point == Decimal("3.5")


def test_no_demand_is_always_served() -> None:
    """Nothing waits where nothing is demanded."""
    found = order_service(Decimal(0), Decimal(5), Decimal(0))
    assert (found.fill_rate, found.cycle_service_level, found.expected_shortage) == (1, 1, 0)


def test_orders_that_are_none_are_refused() -> None:
    """A quantity of nothing, a reorder point below 0, a share outside, a step too small."""
    with pytest.raises(InvalidValue, match="order quantity"):
        order_service(Decimal(1), Decimal(0), dice(6))
    with pytest.raises(InvalidValue, match="reorder point"):
        order_service(Decimal(-1), Decimal(1), dice(6))
    with pytest.raises(InvalidValue, match="fill rate"):
        reorder_point_for_fill_rate(Decimal(1), dice(6), fill_rate=Decimal(1))
    with pytest.raises(InvalidValue, match="too small"):
        reorder_point_for_fill_rate(
            Decimal(1), dice(6), fill_rate=Decimal("0.9"), unit=Decimal("1E-40")
        )
