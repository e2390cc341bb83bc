"""What the room refuses, in words, and what it defines at the edges."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.stock.demands import dice
from tests.stock.shops import PEN, count, facts, march

from salescore.errors import InvalidNumber, InvalidValue, SalesCoreError
from salescore.forecast import Distribution
from salescore.stock import (
    DiscountScheme,
    LotRules,
    MinMax,
    PriceBreak,
    Receipt,
    available_to_promise,
    days_of_cover,
    discounted_order,
    discounted_order_cost,
    economic_order,
    economic_order_cost,
    error_deviation,
    lead_time_demand,
    newsvendor,
    newsvendor_cost,
    newsvendor_cost_normal,
    newsvendor_normal,
    order_schedule,
    order_service,
    order_up_to,
    product_promises,
    reorder_point,
    reorder_point_for_fill_rate,
    safety_stock,
    slow_movers,
    stock_positions,
    stock_risk,
    stock_turnover,
    supply_plan,
    unit_demand,
)
from salescore.values import Period

ONE, NONE = Decimal(1), Decimal(0)
SHOP = facts([count(100, march(1))])
ASKED: dict[str, Any] = {"facts": SHOP, "as_of": march(31), "receipts": ()}
DISCOUNT: dict[str, Any] = {
    "demand": Decimal(100),
    "order_cost": Decimal(5),
    "holding_rate": Decimal("0.2"),
    "prices": [PriceBreak(NONE, ONE)],
    "scheme": DiscountScheme.ALL_UNITS,
}
TERMS: dict[str, Any] = {"underage": Decimal(3), "overage": ONE}
LEVEL: dict[str, Any] = {"service_level": Decimal("0.9"), "correlation": NONE}

CALLS: list[tuple[Callable[..., object], dict[str, Any]]] = [
    (reorder_point, {"demand": dice(6), "lead_time": 2, **LEVEL}),
    (order_up_to, {"demand": dice(6), "lead_time": 2, "review": 1, **LEVEL}),
    (lead_time_demand, {"demand": dice(6), "lead_time": 2, "review": 0, "correlation": NONE}),
    (
        safety_stock,
        {
            "deviation": Decimal(3),
            "lead_time": 2,
            "service_level": Decimal("0.9"),
            "mean_demand": Decimal(4),
            "lead_time_deviation": NONE,
            "review": 0,
        },
    ),
    (unit_demand, {"forecast": dice(6), "unit": ONE}),
    (
        supply_plan,
        {
            "demand": [dice(6)] * 3,
            "opening": Decimal(5),
            "lead_time": 1,
            "receipts": [ONE],
            "safety_stock": NONE,
            "lots": LotRules(),
            "correlation": NONE,
            "periods": (),
        },
    ),
    (stock_risk, {"stock": ONE, "demand": dice(6), "tolerated": NONE}),
    (order_service, {"reorder_point": ONE, "order_quantity": ONE, "demand": dice(6)}),
    (
        reorder_point_for_fill_rate,
        {"order_quantity": ONE, "demand": dice(6), "fill_rate": Decimal("0.9"), "unit": ONE},
    ),
    (economic_order, {"demand": ONE, "order_cost": ONE, "holding_cost": ONE, "lots": LotRules()}),
    (
        economic_order_cost,
        {"quantity": ONE, "demand": ONE, "order_cost": ONE, "holding_cost": ONE},
    ),
    (discounted_order, DISCOUNT),
    (discounted_order_cost, {"quantity": ONE, **DISCOUNT}),
    (
        order_schedule,
        {
            "demand": [ONE] * 2,
            "order_cost": ONE,
            "holding_cost": [ONE] * 2,
            "unit_cost": ONE,
            "opening": NONE,
        },
    ),
    (newsvendor, {"demand": dice(6), **TERMS}),
    (newsvendor_cost, {"quantity": ONE, "demand": dice(6), **TERMS}),
    (newsvendor_normal, {"mean": Decimal(30), "deviation": ONE, **TERMS}),
    (
        newsvendor_cost_normal,
        {"quantity": Decimal(31), "mean": Decimal(30), "deviation": ONE, **TERMS},
    ),
    (available_to_promise, {"on_hand": ONE, "receipts": [ONE], "promised": [ONE], "periods": ()}),
    (days_of_cover, {"stock": ONE, "daily_demand": ONE}),
    (error_deviation, {"pairs": [(ONE, ONE)]}),
    (PriceBreak, {"from_quantity": ONE, "unit_cost": ONE}),
    (LotRules, {"minimum": NONE}),
    (MinMax, {"minimum": NONE, "maximum": ONE}),
    (
        MinMax.of,
        {"minimum": reorder_point(dice(6), lead_time=1, service_level=ONE / 2), "quantity": ONE},
    ),
    (
        MinMax(minimum=NONE, maximum=ONE).order,
        {"position": NONE, "lots": LotRules()},
    ),
    (Receipt, {"product_id": "x", "quantity": ONE, "due_on": march(1)}),
    (stock_positions, {**ASKED, "restocks_returns": True}),
    (slow_movers, {**ASKED, "days": 9, "restocks_returns": True}),
    (stock_turnover, {**ASKED, "during": Period.custom(march(1), march(9))}),
    (
        product_promises,
        {
            "positions": stock_positions(SHOP, as_of=march(1)),
            "periods": [Period.custom(march(1), march(9))],
            "product_id": PEN,
        },
    ),
]
NOTHING_LIKE_IT = [None, 5.0, b"5", object(), [object()], [None], {"a": 1}, Decimal("NaN")]
"""Values that no argument takes."""

NUMBERS = ("quantity", "demand", "stock", "deviation", "lead_time", "review", "order_cost")


@pytest.mark.parametrize(("call", "terms"), CALLS, ids=lambda one: getattr(one, "__name__", ""))
def test_a_value_of_another_kind_is_refused_in_words(
    call: Callable[..., object], terms: dict[str, Any]
) -> None:
    """Whatever stands where it should not: an error of the library that names the argument."""
    assert call(**terms) is not None
    for name in terms:
        for value in NOTHING_LIKE_IT:
            with pytest.raises(SalesCoreError) as told:
                call(**{**terms, name: value})
            assert not isinstance(told.value, TypeError)
            assert str(told.value)


@pytest.mark.parametrize(("call", "terms"), CALLS, ids=lambda one: getattr(one, "__name__", ""))
def test_quantities_below_nothing_are_refused(
    call: Callable[..., object], terms: dict[str, Any]
) -> None:
    """Demand, stock, quantities and times are never below 0, and a single one no list."""
    for name in NUMBERS:
        if name in terms and not (call is days_of_cover and name == "stock"):
            wrong = [-ONE] if isinstance(terms[name], list) else -ONE
            with pytest.raises(InvalidValue, match=r"must|never below 0|there are 2 periods"):
                call(**{**terms, name: wrong})


@pytest.mark.parametrize(
    "lead_time", [2, Decimal(2), Decimal("2.0"), Distribution.certain(ONE * 2)]
)
def test_a_lead_time_is_written_alike_everywhere(lead_time: int | Decimal | Distribution) -> None:
    """A whole number, a decimal or a distribution: the same wherever a lead time is asked for."""
    share = Decimal("0.95")
    once = reorder_point(dice(6), lead_time=2, service_level=share)
    assert reorder_point(dice(6), lead_time=lead_time, service_level=share) == once
    review = 1 if type(lead_time) is int else ONE
    up_to = order_up_to(dice(6), lead_time=lead_time, review=review, service_level=share)
    assert up_to.level == reorder_point(dice(6), lead_time=3, service_level=share).level
    safe = safety_stock(deviation=ONE, lead_time=lead_time, review=review, factor=ONE)
    assert safe == safety_stock(deviation=ONE, lead_time=Decimal(3), factor=ONE)
    if not isinstance(lead_time, Distribution):
        plan = supply_plan([ONE] * 4, opening=NONE, lead_time=lead_time)
        assert plan.orders == (3, 1, None, None)


def test_a_lead_time_that_varies_brings_its_own_deviation() -> None:
    """Mean 2 and deviation 1 by a distribution are those by number; both at once are refused."""
    late = Distribution.weighted({ONE: 1, Decimal(3): 1})
    terms: dict[str, Any] = {"deviation": Decimal(3), "factor": ONE, "mean_demand": Decimal(4)}
    found = safety_stock(lead_time=late, **terms)
    assert found == safety_stock(lead_time=2, lead_time_deviation=ONE, **terms)
    with pytest.raises(InvalidValue, match="leave it out"):
        safety_stock(lead_time=late, lead_time_deviation=ONE, **terms)
    with pytest.raises(InvalidValue, match="mean demand must be above 0"):
        safety_stock(lead_time=late, **{**terms, "mean_demand": NONE})
    with pytest.raises(InvalidValue, match="lead time"):
        safety_stock(lead_time=late.shifted(Decimal(-2)), **terms)


@pytest.mark.parametrize("share", ["0", "1", "-0.1", "1.1", "95"])
def test_a_share_of_all_or_nothing_is_refused(share: str) -> None:
    """Service levels and fill rates lie between 0 and 1 in every question."""
    wanted = Decimal(share)
    with pytest.raises(InvalidValue, match="between 0 and 1"):
        supply_plan([ONE], opening=NONE, lead_time=0, service_level=wanted)
    with pytest.raises(InvalidValue, match="between 0 and 1"):
        reorder_point_for_fill_rate(ONE, dice(6), fill_rate=wanted)
    with pytest.raises(InvalidValue, match="between 0 and 1"):
        safety_stock(deviation=ONE, lead_time=1, service_level=wanted)
    with pytest.raises(InvalidValue, match="between 0 and 1"):
        reorder_point(dice(6), lead_time=1, service_level=wanted)


def test_no_lead_time_needs_no_stock() -> None:
    """What arrives at once: no level, no safety; a plan orders what each period asks for."""
    found = reorder_point(dice(6), lead_time=0, service_level=Decimal("0.95"))
    assert (found.level, found.safety_stock, found.expected_shortage) == (0, 0, 0)
    assert safety_stock(deviation=Decimal(9), lead_time=0, service_level=Decimal("0.95")) == 0
    plan = supply_plan([Decimal(4), NONE, ONE], opening=NONE, lead_time=0)
    assert plan.orders == (4, 0, 1)
    service = order_service(NONE, ONE, lead_time_demand(dice(6), 0))
    assert (service.fill_rate, service.cycle_service_level) == (1, 1)


@pytest.mark.parametrize("correlation", ["-0.1", "1.1"])
def test_a_correlation_outside_is_refused(correlation: str) -> None:
    """From 0 to 1, also where one period has nothing to go together with."""
    with pytest.raises(InvalidValue, match="correlation"):
        supply_plan([ONE], opening=NONE, lead_time=0, correlation=Decimal(correlation))
    with pytest.raises(InvalidValue, match=r"chance|correlation"):
        reorder_point(dice(6), lead_time=2, service_level=ONE / 2, correlation=Decimal(correlation))


def test_costs_of_nothing_of_a_schedule_are_defined() -> None:
    """Ordering for nothing orders each period's own; holding for nothing orders once."""
    units = [Decimal(3), NONE, Decimal(4)]
    free = order_schedule(units, order_cost=NONE, holding_cost=ONE)
    assert (free.orders, free.cost) == ((3, 0, 4), 0)
    kept = order_schedule(units, order_cost=ONE, holding_cost=NONE)
    assert (kept.orders, kept.cost) == ((7, 0, 0), 1)
    both = order_schedule(units, order_cost=NONE, holding_cost=NONE)
    assert (both.orders, both.cost) == ((3, 0, 4), 0)


def test_a_demand_for_too_few_periods_says_how_many() -> None:
    """In words that fit one period and more."""
    with pytest.raises(InvalidValue, match="an order may take 2 periods; state the demand"):
        reorder_point([ONE], lead_time=2, service_level=Decimal("0.9"))
    with pytest.raises(InvalidValue, match="an order may take 1 period; state the demand"):
        reorder_point([], lead_time=1, service_level=Decimal("0.9"))
    with pytest.raises(InvalidValue, match="there is 1 period; state one for each"):
        order_schedule([ONE], order_cost=[ONE, ONE], holding_cost=ONE)


def test_a_day_and_a_product_of_a_plan_are_what_they_say() -> None:
    """They are kept with the plan, so they are looked at first."""
    with pytest.raises(InvalidValue, match="as_of"):
        supply_plan([ONE], opening=NONE, lead_time=0, as_of="today")  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="product_id"):
        supply_plan([ONE], opening=NONE, lead_time=0, product_id=5)  # type: ignore[arg-type]
    plan = supply_plan([ONE], opening=NONE, lead_time=0, as_of=date(2026, 3, 1), product_id="x")
    assert (plan.as_of, plan.product_id) == (date(2026, 3, 1), "x")


def test_costs_that_are_no_mapping_are_refused() -> None:
    """A cost per product, not one for all."""
    for costs in (ONE, [ONE], "x"):
        with pytest.raises(InvalidValue, match="costs by product"):
            slow_movers(SHOP, as_of=march(31), days=9, costs=costs)  # type: ignore[arg-type]
    with pytest.raises(InvalidNumber):
        slow_movers(SHOP, as_of=march(31), days=9, costs={PEN: 5})  # type: ignore[dict-item]


@pytest.mark.parametrize("position", [None, 1.5, 3, True, "", "3", Decimal("NaN"), [ONE]])
def test_a_position_that_is_no_number_is_refused_in_words(position: object) -> None:
    """Before anything is worked out of it, and neither a float nor a yes is taken for units."""
    with pytest.raises(InvalidNumber, match="position must be"):
        MinMax(minimum=ONE, maximum=Decimal(9)).order(position)  # type: ignore[arg-type]


def test_a_receipt_that_arrived_before_it_was_ordered_is_refused() -> None:
    """On the day of the order it may."""
    terms: dict[str, Any] = {"product_id": PEN, "quantity": ONE, "due_on": march(9)}
    with pytest.raises(InvalidValue, match="the day of the order, or later"):
        Receipt(**terms, ordered_on=march(5), arrived_on=march(4))
    assert Receipt(**terms, ordered_on=march(5), arrived_on=march(5)).arrived_on == march(5)
