"""Stock against published values: ORACLES §8 and its definitions, and Northwind's own tables."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from salescore.book import Facts
from salescore.exchange import read_folder
from salescore.stock import (
    DiscountScheme,
    PriceBreak,
    StockPositions,
    discounted_order,
    economic_order,
    economic_order_cost,
    newsvendor_cost_normal,
    newsvendor_normal,
    order_schedule,
    safety_stock,
    slow_movers,
    stock_positions,
)

K, H, DEMAND = Decimal(8), Decimal("0.225"), Decimal(1300)
PRICES = (
    PriceBreak(Decimal(0), Decimal("0.75")),
    PriceBreak(Decimal(400), Decimal("0.72")),
    PriceBreak(Decimal(800), Decimal("0.68")),
)


def test_economic_order_quantity() -> None:
    """Snyder and Shen, example 3.1 (ORACLES §8): 304.0467800264 at 68.4105255059."""
    found = economic_order(DEMAND, order_cost=K, holding_cost=H)
    assert round(found.quantity, 10) == Decimal("304.0467800264")
    assert round(found.cost, 10) == Decimal("68.4105255059")


def test_cost_of_another_quantity() -> None:
    """Snyder and Shen, example 3.1 (ORACLES §8): 250 units cost 69.725."""
    found = economic_order_cost(Decimal(250), DEMAND, order_cost=K, holding_cost=H)
    assert found == Decimal("69.725")


def test_planned_backorders() -> None:
    """Snyder and Shen, example 3.8: backorders at 5 order 310.81 at 66.92, .0431 of it waits."""
    found = economic_order(DEMAND, order_cost=K, holding_cost=H, backorder_cost=Decimal(5))
    assert round(found.quantity, 4) == Decimal("310.8126")
    assert round(found.cost, 4) == Decimal("66.9214")
    assert round(found.backorder / found.quantity, 10) == Decimal("0.0430622010")


@pytest.mark.parametrize(
    ("scheme", "quantity", "cost"),
    [
        (DiscountScheme.ALL_UNITS, "800.0000", "978.6000"),
        (DiscountScheme.INCREMENTAL, "304.0468", "1043.4105"),
    ],
)
def test_quantity_discounts(scheme: DiscountScheme, quantity: str, cost: str) -> None:
    """Prices .75, .72 from 400, .68 from 800, held at 30 %; from the formula, by stockpyl too."""
    found = discounted_order(
        DEMAND, order_cost=K, holding_rate=Decimal("0.3"), prices=PRICES, scheme=scheme
    )
    assert round(found.quantity, 4) == Decimal(quantity)
    assert round(found.cost, 4) == Decimal(cost)


def test_newsvendor() -> None:
    """Snyder and Shen, example 4.3 (ORACLES §8): 56.6039559274 at 1.9976051932."""
    found = newsvendor_normal(
        Decimal(50), Decimal(8), underage=Decimal("0.70"), overage=Decimal("0.18")
    )
    assert round(found.quantity, 10) == Decimal("56.6039559274")
    assert round(found.cost, 10) == Decimal("1.9976051932")


def test_newsvendor_cost_of_another_quantity() -> None:
    """Snyder and Shen, example 4.3 (ORACLES §8): 40 papers cost 7.3561315529."""
    found = newsvendor_cost_normal(
        Decimal(40), Decimal(50), Decimal(8), underage=Decimal("0.70"), overage=Decimal("0.18")
    )
    assert round(found, 10) == Decimal("7.3561315529")


def test_wagner_whitin() -> None:
    """Snyder and Shen, example 3.9 (ORACLES §8): h 2, K 500 → 210, 0, 150, 0 at 1,380."""
    found = order_schedule(
        [Decimal(90), Decimal(120), Decimal(80), Decimal(70)],
        order_cost=Decimal(500),
        holding_cost=Decimal(2),
    )
    assert found.orders == (Decimal(210), Decimal(0), Decimal(150), Decimal(0))
    assert found.cost == Decimal(1380)


def test_wagner_whitin_with_costs_that_change() -> None:
    """Costs by period, recomputed with stockpyl: 740, with 50 and 60 units in periods 1 and 4."""
    found = order_schedule(
        [Decimal(one) for one in (20, 30, 0, 50, 10)],
        order_cost=[Decimal(one) for one in (100, 50, 80, 120, 60)],
        holding_cost=Decimal(2),
        unit_cost=[Decimal(one) for one in (4, 5, 3, 4, 6)],
    )
    assert found.cost == Decimal(740)
    assert [int(one) for one in found.orders] == [50, 0, 0, 60, 0]


def test_safety_stock() -> None:
    """ORACLES, definitions: z 1.6449, σ 20, L 9 → 98.69; with σ_L 2 and d 50 → 191.83."""
    certain = safety_stock(factor=Decimal("1.6449"), deviation=Decimal(20), lead_time=Decimal(9))
    assert round(certain, 2) == Decimal("98.69")
    varying = safety_stock(
        factor=Decimal("1.6449"),
        deviation=Decimal(20),
        lead_time=Decimal(9),
        mean_demand=Decimal(50),
        lead_time_deviation=Decimal(2),
    )
    assert round(varying, 2) == Decimal("191.83")


LAST = date(1998, 5, 6)


@pytest.fixture(scope="module")
def northwind(shared: Path) -> Facts:
    """Return Northwind's facts."""
    return Facts.of(read_folder(shared / "data" / "northwind", "northwind").book)


def rows(shared: Path, file: str) -> list[dict[str, str]]:
    """Return the rows of one of Northwind's tables."""
    with (shared / "data" / "northwind" / file).open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text))


def unshipped(shared: Path, on: date) -> dict[str, int]:
    """Return units by product of orders placed by a day and not shipped by it."""
    waiting = {
        one["OrderID"]
        for one in rows(shared, "Orders.csv")
        if day(one["OrderDate"]) <= on
        and (one["ShippedDate"] in ("", "NULL") or day(one["ShippedDate"]) > on)
    }
    found: defaultdict[str, int] = defaultdict(int)
    for line in rows(shared, "OrderDetails.csv"):
        if line["OrderID"] in waiting:
            found[line["ProductID"]] += int(line["Quantity"])
    return dict(found)


def day(text: str) -> date:
    """Return the day at the start of a text."""
    return date.fromisoformat(text[:10])


@pytest.mark.shared
@pytest.mark.parametrize("on", [LAST, date(1997, 5, 6), date(1996, 12, 31)])
def test_units_reserved_are_those_of_unshipped_orders(
    northwind: Facts, shared: Path, on: date
) -> None:
    """Read from the CSV files by themselves, on the last day as on earlier ones."""
    found: StockPositions = stock_positions(northwind, as_of=on)
    told = {one.product_id: int(one.reserved or 0) for one in found.rows if one.reserved}
    assert told == unshipped(shared, on)
    assert not found.excluded


@pytest.mark.shared
def test_stock_on_hand_and_on_order_is_that_of_the_table(northwind: Facts, shared: Path) -> None:
    """All 77 products, units as the table has them; 22 are to be ordered again."""
    found = stock_positions(northwind, as_of=LAST)
    table = {one["ProductID"]: one for one in rows(shared, "Products.csv")}
    assert len(found.rows) == len(table) == 77
    waiting = unshipped(shared, LAST)
    low = 0
    for one in found.rows:
        row = table[one.product_id]
        assert one.on_hand == int(row["UnitsInStock"])
        assert one.on_order == int(row["UnitsOnOrder"])
        free = int(row["UnitsInStock"]) - waiting.get(one.product_id, 0)
        assert one.available == free
        is_low = free + int(row["UnitsOnOrder"]) <= int(row["ReorderLevel"])
        assert one.is_to_reorder == is_low
        low += is_low
    assert low == 22


@pytest.mark.shared
def test_slow_movers_are_products_in_stock_without_recent_orders(
    northwind: Facts, shared: Path
) -> None:
    """Products whose last order lies 30 days or more back, found in the CSV files as well."""
    ordered = {one["OrderID"]: day(one["OrderDate"]) for one in rows(shared, "Orders.csv")}
    last: dict[str, date] = {}
    for line in rows(shared, "OrderDetails.csv"):
        on = ordered[line["OrderID"]]
        last[line["ProductID"]] = max(on, last.get(line["ProductID"], on))
    slow = {
        one["ProductID"]
        for one in rows(shared, "Products.csv")
        if int(one["UnitsInStock"]) and (LAST - last[one["ProductID"]]).days >= 30
    }
    found = slow_movers(northwind, as_of=LAST, days=30)
    assert {one.product_id for one in found.rows} == slow
    assert found.value is None
