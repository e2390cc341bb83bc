"""Whatever precision a caller has set for decimals: the same figures, to the last digit."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, localcontext
from typing import Any

import pytest
from tests.stock.shops import PEN, back, count, delivery, facts, line, march, order, sent

from salescore.book import Facts
from salescore.forecast import Distribution, Series, series_forecast
from salescore.render import Language
from salescore.stock import (
    DiscountScheme,
    LotRules,
    MinMax,
    PriceBreak,
    Receipt,
    StockPositions,
    TurnoverBasis,
    available_to_promise,
    days_of_cover,
    discounted_order,
    economic_order,
    error_deviation,
    lead_time_demand,
    newsvendor,
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

MUCH = Decimal("1234567.890123")
MORE = Decimal("7654321.098765")
SHARE = Decimal("0.9123456789")
WILD = Distribution.weighted({MUCH: 3, MORE: 4, Decimal("0.000001"): 1})
LOTS = LotRules(lot_size=Decimal("12.3456789"), minimum=Decimal("98765.4321"))
COSTS: dict[str, Any] = {"underage": MUCH, "overage": MORE}


def shop() -> Facts:
    """Return a shop that counts, sells and takes back more than five digits of pens."""
    return facts(
        [count(1234567, march(1)), count(7654321, march(2), place="north")],
        orders=(order("a", march(3)),),
        order_lines=(line("a-1", 333333, cost="1234567.89"),),
        deliveries=(delivery("x", "a", march(5), place="north"),),
        delivery_lines=(sent("x-1", 222222, ordered="a-1"),),
        **back("r", 11111, march(6)),
    )


def forecast_and_plan() -> object:
    """Return what a forecast of units makes to order."""
    sold = [Decimal(100_040 + 3 * (month % 12) + 5 * (month % 3)) for month in range(24)]
    forecast = series_forecast(Series.of(sold, name="pens"), horizon=3, is_nonnegative=True)
    found = [one.distribution for one in forecast.periods]
    demand = [unit_demand(one) for one in found if one is not None]
    return supply_plan(demand, opening=MUCH, lead_time=1, service_level=SHARE, lots=LOTS)


def positions() -> StockPositions:
    """Return the stock of the shop with a receipt."""
    coming = Receipt(product_id=PEN, quantity=MUCH, due_on=march(20), arrived_on=march(8))
    return stock_positions(shop(), as_of=march(31), receipts=[coming])


QUESTIONS: list[Callable[[], Any]] = [
    forecast_and_plan,
    positions,
    lambda: product_promises(positions(), PEN, [Period.custom(march(31), march(31))]),
    lambda: slow_movers(shop(), as_of=march(31), days=1),
    lambda: [
        stock_turnover(
            shop(), during=Period.custom(march(2), march(9)), as_of=march(31), basis=basis
        )
        for basis in TurnoverBasis
    ],
    lambda: unit_demand(WILD, unit=Decimal("12.34567")),
    lambda: lead_time_demand(WILD, 3, review=1),
    lambda: reorder_point(WILD, lead_time=2, service_level=SHARE, correlation=SHARE),
    lambda: order_up_to(WILD, lead_time=2, review=1, service_level=SHARE),
    lambda: safety_stock(
        deviation=MUCH,
        lead_time=Decimal("9.87654321"),
        service_level=SHARE,
        mean_demand=MORE,
        lead_time_deviation=Decimal("1.23456789"),
    ),
    lambda: error_deviation([(MUCH, MORE), (MORE, MUCH), (MUCH, Decimal("1.000001"))]),
    lambda: supply_plan([WILD, MUCH, WILD], opening=MORE, lead_time=1, safety_stock=MUCH),
    lambda: stock_risk(MUCH, WILD, tolerated=Decimal("1.23456789")),
    lambda: order_service(MUCH, MORE, WILD),
    lambda: reorder_point_for_fill_rate(MUCH, WILD, fill_rate=SHARE, unit=Decimal("1.234567")),
    lambda: economic_order(MUCH, order_cost=MORE, holding_cost=SHARE, backorder_cost=MUCH),
    lambda: economic_order(MUCH, order_cost=MORE, holding_cost=SHARE, lots=LOTS),
    lambda: discounted_order(
        MUCH,
        order_cost=MORE,
        holding_rate=SHARE,
        prices=[PriceBreak(Decimal(0), MORE), PriceBreak(MUCH, MUCH)],
        scheme=DiscountScheme.INCREMENTAL,
    ),
    lambda: order_schedule([MUCH, MORE, MUCH], order_cost=MORE, holding_cost=SHARE, unit_cost=MUCH),
    lambda: newsvendor(WILD, **COSTS),
    lambda: newsvendor_normal(MORE, MUCH, **COSTS),
    lambda: available_to_promise(MUCH, receipts=[MORE, MUCH], promised=[MUCH, MORE]),
    lambda: days_of_cover(MORE, SHARE),
    lambda: MinMax(minimum=MUCH, maximum=MORE).order(SHARE, LOTS),
    lambda: LOTS.around(MUCH),
]


def texts(of: object) -> list[str]:
    """Return how a person reads it, in both languages, where it can be read."""
    return [of.text(one) for one in Language] if hasattr(of, "text") else []


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_precision_of_the_caller_changes_nothing(question: Callable[[], Any]) -> None:
    """Five digits around the call, or the usual twenty-eight."""
    usual = question()
    with localcontext(prec=5):
        found = question()
        read = texts(found)
    assert found == usual
    assert read == texts(usual)
    assert f"{found!r}" == f"{usual!r}"
