"""Orders that are cheaper by the unit when they are larger."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore.errors import InvalidValue
from salescore.stock import (
    DiscountScheme,
    PriceBreak,
    discounted_order,
    discounted_order_cost,
    economic_order,
)

CLOSE = Decimal("1E-20")
SCHEMES = st.sampled_from(DiscountScheme)


@st.composite
def price_lists(draw: st.DrawFn) -> tuple[PriceBreak, ...]:
    """Return prices that fall with the quantity."""
    quantities = sorted(draw(st.sets(st.integers(1, 900), max_size=3)))
    prices = draw(
        st.lists(st.integers(10, 999), min_size=len(quantities) + 1, max_size=len(quantities) + 1)
    )
    return tuple(
        PriceBreak(Decimal(quantity), Decimal(price) / 100)
        for quantity, price in zip([0, *quantities], sorted(prices, reverse=True), strict=True)
    )


TERMS: dict[str, Any] = {"order_cost": Decimal(8), "holding_rate": Decimal("0.3")}


@settings(max_examples=60)
@given(st.integers(1, 5000).map(Decimal), price_lists(), SCHEMES)
def test_no_other_quantity_costs_less(
    demand: Decimal, prices: tuple[PriceBreak, ...], scheme: DiscountScheme
) -> None:
    """Brute force over many quantities, those at which a price begins among them."""
    found = discounted_order(demand, **TERMS, prices=prices, scheme=scheme)
    own = discounted_order_cost(found.quantity, demand, **TERMS, prices=prices, scheme=scheme)
    assert abs(own - found.cost) < CLOSE * own
    tried = [*range(1, 60, 7), *range(60, 2000, 83)]
    for quantity in (*map(Decimal, tried), *(one.from_quantity for one in prices[1:])):
        cost = discounted_order_cost(quantity, demand, **TERMS, prices=prices, scheme=scheme)
        assert found.cost <= cost + CLOSE * cost


@given(st.integers(1, 5000).map(Decimal), SCHEMES)
def test_one_price_is_the_plain_order_quantity(demand: Decimal, scheme: DiscountScheme) -> None:
    """Without a discount both schemes order as the plain formula does, units on top."""
    prices = (PriceBreak(Decimal(0), Decimal("0.75")),)
    found = discounted_order(demand, **TERMS, prices=prices, scheme=scheme)
    plain = economic_order(demand, order_cost=Decimal(8), holding_cost=Decimal("0.225"))
    assert abs(found.quantity - plain.quantity) < CLOSE * plain.quantity
    assert abs(found.cost - plain.cost - demand * Decimal("0.75")) < CLOSE * found.cost
    assert found.unit_cost == Decimal("0.75")


@given(st.integers(1, 5000).map(Decimal), price_lists())
def test_a_discount_for_all_units_is_worth_more_than_one_for_some(
    demand: Decimal, prices: tuple[PriceBreak, ...]
) -> None:
    """The best order with prices for all units never costs more."""
    whole, some = (
        discounted_order(demand, **TERMS, prices=prices, scheme=scheme)
        for scheme in (DiscountScheme.ALL_UNITS, DiscountScheme.INCREMENTAL)
    )
    assert whole.cost <= some.cost + CLOSE * some.cost


def test_incremental_prices_are_averaged_over_the_order() -> None:
    """With a cheap enough second price an order reaches into it, at a mean of both prices."""
    prices = (PriceBreak(Decimal(0), Decimal(10)), PriceBreak(Decimal(100), Decimal(5)))
    found = discounted_order(
        Decimal(1000), **TERMS, prices=prices, scheme=DiscountScheme.INCREMENTAL
    )
    assert found.quantity > 100
    extra = 100 * 10 + (found.quantity - 100) * 5
    assert abs((found.unit_cost or 0) - extra / found.quantity) < CLOSE
    assert "Unit cost" in found.text()


def test_no_demand_orders_nothing() -> None:
    """Nothing is demanded, nothing ordered."""
    prices = (PriceBreak(Decimal(0), Decimal(1)),)
    found = discounted_order(Decimal(0), **TERMS, prices=prices, scheme=DiscountScheme.ALL_UNITS)
    assert (found.quantity, found.cost, found.interval) == (0, 0, None)


@pytest.mark.parametrize(
    ("prices", "fault"),
    [
        ([], "from a quantity of 0 on"),
        ([("5", "1")], "from a quantity of 0 on"),
        ([("0", "1"), ("0", "0.9")], "must ascend"),
        ([("0", "1"), ("5", "0.9"), ("4", "0.8")], "must ascend"),
        ([("0", "1"), ("5", "1.1")], "must not be higher"),
    ],
)
def test_price_lists_that_are_none_are_refused(prices: list[tuple[str, str]], fault: str) -> None:
    """Prices begin at 0, ascend by quantity, and do not rise."""
    found = [PriceBreak(Decimal(one), Decimal(price)) for one, price in prices]
    with pytest.raises(InvalidValue, match=fault):
        discounted_order(Decimal(1), **TERMS, prices=found, scheme=DiscountScheme.ALL_UNITS)


def test_prices_and_schemes_that_are_none_are_refused() -> None:
    """A price is above 0, from a quantity from 0 on; a scheme is a DiscountScheme."""
    with pytest.raises(InvalidValue, match=r"unit cost is .*0"):
        PriceBreak(Decimal(0), Decimal(0))
    with pytest.raises(InvalidValue, match="quantity of a price"):
        PriceBreak(Decimal(-1), Decimal(1))
    with pytest.raises(InvalidValue, match="DiscountScheme"):
        discounted_order(
            Decimal(1),
            **TERMS,
            prices=[PriceBreak(Decimal(0), Decimal(1))],
            scheme="all_units",  # type: ignore[arg-type]
        )
