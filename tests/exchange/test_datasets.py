"""The shipped profiles read the public data sets to the row and to the last decimal."""

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from salescore.entities import StageKind
from salescore.exchange import Import, read_folder
from salescore.values import Money, exact_sum


@pytest.fixture(scope="module")
def truth(shared: Path) -> dict[str, Any]:
    """Return the published figures of the data sets."""
    found: dict[str, Any] = json.loads((shared / "oracles/datasets.json").read_text("utf-8"))
    return found


@pytest.fixture(scope="module")
def maven(shared: Path) -> Import:
    """Return the CRM data set."""
    return read_folder(shared / "data/maven_crm", "maven_crm")


@pytest.fixture(scope="module")
def superstore(shared: Path) -> Import:
    """Return the order lines with profit."""
    return read_folder(shared / "data/superstore", "superstore")


def amount(money: Money | None) -> Decimal:
    """Return the amount of money that is there."""
    assert money is not None
    return money.amount


@pytest.mark.shared
def test_maven_counts(maven: Import, truth: dict[str, Any]) -> None:
    """Every row of the CRM data set becomes a record, and there is nothing to find."""
    values, book = truth["maven_crm"]["values"], maven.book
    assert {one.code for one in maven.check()} == {"profile-note"}
    assert maven.is_clean
    assert len(book.customers) == values["rows"]["accounts"]
    assert len(book.products) == values["rows"]["products"]
    assert len(book.sales_reps) == values["rows"]["sales_teams"]
    assert len(book.teams) == 6
    assert Counter(one.stage for one in book.opportunities) == values["stage_counts"]
    blank = [one for one in book.opportunities if one.customer_id is None]
    assert Counter(one.stage for one in blank) == values["missing"]["account_blank_by_stage"]
    first = [one for one in book.opportunities if one.first_contact_on is None]
    assert len(first) == values["missing"]["engage_date_blank"]
    closed = [one for one in book.opportunities if one.closed_on is None]
    assert len(closed) == values["missing"]["close_blank"]


@pytest.mark.shared
def test_maven_amounts(maven: Import, truth: dict[str, Any]) -> None:
    """Won opportunities carry their value, all others the list price of their product."""
    values, book = truth["maven_crm"]["values"], maven.book
    won = [one for one in book.opportunities if one.kind is StageKind.WON]
    assert exact_sum(amount(one.amount) for one in won) == Decimal(str(values["won_value_total"]))
    by_rep: dict[str, Decimal] = {}
    for one in won:
        assert one.rep_id is not None
        by_rep[one.rep_id] = by_rep.get(one.rep_id, Decimal(0)) + amount(one.amount)
    published = {
        rep: Decimal(str(row["won_value"]))
        for rep, row in values["by_sales_agent"].items()
        if row["won"]
    }
    assert by_rep == published
    prices = {product.id: product.list_price for product in book.products}
    others = [one for one in book.opportunities if one.kind is not StageKind.WON]
    assert all(one.amount == prices[one.product_id] for one in others if one.product_id)
    assert {one.probability for one in others if one.kind is StageKind.OPEN} == {None}


@pytest.mark.shared
def test_maven_aliases(maven: Import) -> None:
    """Misspelt names are mended before anything refers to them."""
    assert "GTXPro" not in {one.product_id for one in maven.book.opportunities}
    assert "technolgy" not in {one.segment for one in maven.book.customers}
    technology = [one for one in maven.book.customers if one.segment == "technology"]
    assert technology
    assert all(one.industry == one.segment for one in technology)


@pytest.mark.shared
def test_superstore_counts(superstore: Import, truth: dict[str, Any]) -> None:
    """One file yields customers, products, orders and lines, each once."""
    values, book = truth["superstore_npm"]["values"], superstore.book
    assert len(book.order_lines) == values["rows"]
    assert len(book.orders) == values["orders"]
    assert len(book.customers) == values["customers"]
    assert len(book.products) == values["products"]
    days = sorted(order.ordered_on.isoformat() for order in book.orders)
    assert [days[0], days[-1]] == values["range"]
    assert {order.channel for order in book.orders} == {None}
    assert {customer.region for customer in book.customers} == {None}


@pytest.mark.shared
def test_superstore_totals(superstore: Import, truth: dict[str, Any]) -> None:
    """Sales keep their four decimals, and cost is sales less profit, exactly."""
    values = truth["superstore_npm"]["values"]
    report = next(one for one in superstore.files[0].records if one.record == "order_lines")
    totals = {one.field: one for one in report.totals}
    sales, profit = Decimal(str(values["sales"])), Decimal(str(values["profit"]))
    assert totals["net_amount"].accepted == sales
    assert totals["net_amount"].currency == "USD"
    assert totals["cost"].accepted == sales - profit
    assert totals["quantity"].accepted == values["quantity"]
    assert {one.refused for one in report.totals} == {0}
    lines = superstore.book.order_lines
    assert exact_sum(amount(line.cost) for line in lines) == sales - profit


@pytest.mark.shared
def test_superstore_two_names(superstore: Import) -> None:
    """The 32 product ids that carry two names are warned of, and the first name is kept."""
    assert len(superstore.findings) == 32
    assert {finding.code for finding in superstore.findings} == {"conflicting-value"}
    assert not superstore.is_clean
    first = superstore.findings[0]
    assert first.place is not None
    assert first.place.column == "Product Name"
    names = {product.id: product.name for product in superstore.book.products}
    assert first.subject is not None
    assert names[first.subject.removeprefix("products/")] != first.place.raw  # type: ignore[index]
    assert superstore.check() == superstore.findings


def test_example(root: Path) -> None:
    """The example that ships covers four years, four regions and three families in whole orders."""
    found = read_folder(root / "examples/data/superstore", "superstore")
    book = found.book
    assert len(book.order_lines) == 2417
    assert len(book.orders) == 1226
    assert len({order.ordered_on.year for order in book.orders}) == 4
    assert len({order.region for order in book.orders}) == 4
    assert len({product.family for product in book.products}) == 3
    assert {finding.code for finding in found.check()} == {"conflicting-value"}


@pytest.mark.shared
def test_example_is_a_cut(root: Path, shared: Path) -> None:
    """Each line of the example stands in the full sample, and its orders are whole."""
    full = (shared / "data/superstore/superstore.csv").read_text("utf-8").splitlines()
    cut = (root / "examples/data/superstore/superstore.csv").read_text("utf-8").splitlines()
    assert cut[0] == full[0]
    assert set(cut) <= set(full)
    orders = {line.split(",")[1] for line in cut[1:]}
    assert sum(line.split(",")[1] in orders for line in full[1:]) == len(cut) - 1
