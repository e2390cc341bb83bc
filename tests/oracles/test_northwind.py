"""Northwind against its ground truth, `northwind` in the shared `datasets.json`."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.oracles.conftest import close

from salescore.book import Facts
from salescore.exchange import Import, read_folder
from salescore.metrics import abc, figure, slices
from salescore.values import exact_sum, quotient

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def truth(truths: dict[str, Any]) -> dict[str, Any]:
    """Return the published figures."""
    found: dict[str, Any] = truths["northwind"]["values"]
    return found


@pytest.fixture(scope="module")
def imported(shared: Path) -> Import:
    """Return the tables, read through the shipped profile."""
    return read_folder(shared / "data" / "northwind", "northwind")


@pytest.fixture(scope="module")
def facts(imported: Import) -> Facts:
    """Return the fact tables."""
    return Facts.of(imported.book)


def by(facts: Facts, dimension: str, *, key: bool = False) -> dict[str, Decimal | None]:
    """Return revenue by one dimension, under labels or keys."""
    found = slices("revenue", facts, by=dimension)
    return {one.keys[0] or "" if key else one.label: one.value for one in found}


def test_every_row_becomes_a_record(imported: Import, truth: dict[str, Any]) -> None:
    """Nothing is refused, nothing dangles; what the tables leave unsaid stands among the notes."""
    book = imported.book
    assert {one.code for one in imported.check()} == {"profile-note"}
    assert all(one.accepted == one.read for file in imported.files for one in file.records)
    rows = truth["rows"]
    assert len(book.orders) == rows["orders"]
    assert len(book.order_lines) == rows["lines"]
    assert len(book.customers) == len(book.contacts) == rows["customers"]
    assert len(book.sales_reps) == rows["employees"]
    assert len(book.products) == len(book.stock_items) == rows["products"]
    days = sorted(order.ordered_on.isoformat() for order in book.orders)
    assert [days[0], days[-1]] == truth["range"]


def test_gross_discount_and_net(facts: Facts, imported: Import, truth: dict[str, Any]) -> None:
    """Lines are exact and never rounded, so the three totals hold to four decimals."""
    gross, net = figure("gross_revenue", facts).value, figure("revenue", facts).value
    assert gross is not None
    assert net is not None
    assert gross == truth["gross"]
    assert net == truth["net"]
    assert gross - net == truth["discount"]
    discounted = [line for line in imported.book.order_lines if line.discount]
    assert len(discounted) == truth["lines_with_discount"]


def test_years_and_months(facts: Facts, truth: dict[str, Any]) -> None:
    """Net revenue of each year and each of the 23 months."""
    assert by(facts, "year") == truth["by_year"]
    assert by(facts, "month") == truth["net_by_month"]


def test_reps(facts: Facts, truth: dict[str, Any]) -> None:
    """Net revenue and orders of each rep."""
    wanted = truth["by_employee"]
    assert by(facts, "rep") == {name: one["net"] for name, one in wanted.items()}
    orders = {one.label: one.value for one in slices("orders", facts, by="rep")}
    assert orders == {name: one["orders"] for name, one in wanted.items()}


def test_categories_products_and_countries(facts: Facts, truth: dict[str, Any]) -> None:
    """Net revenue by category, of the ten largest products and the five largest countries."""
    assert by(facts, "product_family") == truth["by_category"]
    products = list(by(facts, "product").items())
    assert dict(products[:10]) == truth["top10_products"]
    regions = list(by(facts, "region").items())
    assert dict(regions[:5]) == truth["by_ship_country_top5"]


def test_customers(facts: Facts, imported: Import, truth: dict[str, Any]) -> None:
    """The ten largest customers, the classes A, B and C, and two customers without an order."""
    customers = list(by(facts, "customer", key=True).items())
    assert dict(customers[:10]) == truth["top10_customers"]
    wanted, found = truth["customer_concentration"], abc(slices("revenue", facts, by="customer"))
    assert len(found.items) == wanted["n"]
    assert found.total == wanted["total"]
    assert {one.grade: one.n for one in found.classes} == wanted["abc_80_95_counts"]
    for most, name in ((1, "top1_share"), (5, "top5_share"), (10, "top10_share")):
        assert close(exact_sum(one.share for one in found.items[:most]), wanted[name])
    fifth = found.items[: -(-wanted["n"] // 5)]
    assert close(exact_sum(one.share for one in fifth), wanted["top20pct_share"])
    assert close(exact_sum(one.share * one.share for one in found.items), wanted["hhi"])
    without = {one.id for one in imported.book.customers} - {name for name, _ in customers}
    assert sorted(without) == truth["customers_without_orders"]


def test_average_order(facts: Facts, truth: dict[str, Any]) -> None:
    """Net revenue per order."""
    assert close(figure("average_order_value", facts).value, truth["aov_net"])


def test_shipping(imported: Import, truth: dict[str, Any]) -> None:
    """Shipped, not shipped, shipped late, and mean days from order to shipping."""
    wanted = truth["shipping"]
    ordered = {one.id: one.ordered_on for one in imported.book.orders}
    deliveries = imported.book.deliveries
    assert exact_sum(one.freight.amount for one in deliveries if one.freight) == truth["freight"]
    state = Counter(one.shipped_on is not None for one in deliveries)
    assert (state[True], state[False]) == (wanted["shipped"], wanted["unshipped"])
    late = [
        d for d in deliveries if d.shipped_on and d.promised_on and d.shipped_on > d.promised_on
    ]
    assert len(late) == wanted["late_shipped_after_required"]
    days = [
        (d.shipped_on - ordered[d.order_id]).days for d in deliveries if d.shipped_on and d.order_id
    ]
    assert close(quotient(Decimal(sum(days)), Decimal(len(days))), wanted["mean_days"])


def test_stock_reps_and_products(imported: Import) -> None:
    """Stock, managers, hiring days and products that are no longer sold come from the tables."""
    book = imported.book
    (chai,) = [one for one in book.stock_items if one.product_id == "1"]
    assert (chai.on_hand, chai.on_order, chai.reorder_point) == (39, 0, 10)
    (nancy,) = [one for one in book.sales_reps if one.id == "1"]
    assert (nancy.name, nancy.manager_id, str(nancy.hired_on)) == (
        "Nancy Davolio",
        "2",
        "1992-05-01",
    )
    assert sum(one.is_active is False for one in book.products) == 8
    assert {one.region for one in book.territories} == {
        "Eastern",
        "Western",
        "Northern",
        "Southern",
    }
