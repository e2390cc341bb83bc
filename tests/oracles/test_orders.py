"""Chinook's invoices and Oracle's orders against the shared `datasets.json`."""

from __future__ import annotations

import csv
import json
import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from salescore.book import Facts
from salescore.exchange import Import, Profile, read_folder
from salescore.metrics import figure, slices
from salescore.values import exact_sum

pytestmark = pytest.mark.shared

QUERIES = {
    "sales_reps": "select EmployeeId id, FirstName || ' ' || LastName name from Employee",
    "customers": """
        select CustomerId id, FirstName || ' ' || LastName name, Country country,
               Country region, SupportRepId rep_id from Customer
    """,
    "products": "select TrackId id, Name name from Track",
    "invoices": """
        select InvoiceId id, substr(InvoiceDate, 1, 10) issued_on, Total amount, 'USD' currency,
               CustomerId customer_id from Invoice
    """,
    "invoice_lines": """
        select InvoiceLineId id, InvoiceId invoice_id, Quantity quantity, TrackId product_id,
               printf('%.2f', UnitPrice * Quantity) net_amount, 'USD' currency from InvoiceLine
    """,
}


@pytest.fixture(scope="module")
def chinook(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Import:
    """Return the database, written out as a folder of facts in our own layout."""
    folder = tmp_path_factory.mktemp("chinook")
    path = shared / "data/chinook/Chinook_Sqlite.sqlite"
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
        for name, query in QUERIES.items():
            rows = database.execute(query)
            with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
                writer = csv.writer(stream)
                writer.writerow([column[0] for column in rows.description])
                writer.writerows(rows)
    return read_folder(folder)


def test_chinook_invoices(chinook: Import, truths: dict[str, Any]) -> None:
    """Invoices, their lines and both sums, read without a finding."""
    truth, book = truths["chinook"]["values"], chinook.book
    assert chinook.check() == ()
    assert len(book.invoices) == truth["invoices"]
    assert len(book.invoice_lines) == truth["lines"]
    assert len(book.customers) == truth["customers"]
    assert exact_sum(one.amount.amount for one in book.invoices) == truth["total"]
    assert exact_sum(one.net_amount.amount for one in book.invoice_lines) == truth["lines_total"]
    days = sorted(one.issued_on.isoformat() for one in book.invoices)
    assert [days[0], days[-1]] == truth["range"]


def test_chinook_revenue(chinook: Import, truths: dict[str, Any]) -> None:
    """With invoices revenue is what was invoiced: by rep, by year and by country."""
    truth, facts = truths["chinook"]["values"], Facts.of(chinook.book)
    assert figure("revenue", facts).value == truth["total"]
    reps = {one.keys[0]: one.value for one in slices("revenue", facts, by="rep")}
    assert reps == truth["by_rep"]
    years = {one.keys[0]: one.value for one in slices("revenue", facts, by="year")}
    assert years == truth["by_year"]
    countries = [(one.label, one.value) for one in slices("revenue", facts, by="country")]
    assert dict(countries[:5]) == truth["top5_country"]


PROFILE: dict[str, Any] = {
    "schema": "salescore/profile/1",
    "name": "oracle_co",
    "title": "Oracle's sample of customer orders",
    "currency": "USD",
    "files": {
        "co_customers.csv": {
            "records": [
                {"record": "customers", "fields": {"id": "customer_id", "name": "full_name"}}
            ]
        },
        "co_products.csv": {
            "records": [
                {"record": "products", "fields": {"id": "product_id", "name": "product_name"}}
            ]
        },
        "co_orders.csv": {
            "dates": "%Y-%m-%d %H:%M:%S",
            "records": [
                {
                    "record": "orders",
                    "fields": {
                        "id": "order_id",
                        "ordered_on": "order_tms",
                        "customer_id": "customer_id",
                        "channel": "store_id",
                        "status": "order_status",
                        "kind": {
                            "column": "order_status",
                            "map": {
                                "COMPLETE": "closed",
                                "REFUNDED": "closed",
                                "CANCELLED": "void",
                            },
                        },
                    },
                }
            ],
        },
        "co_order_items.csv": {
            "records": [
                {
                    "record": "order_lines",
                    "fields": {
                        "id": {"join": ["order_id", "line_item_id"], "with": "-"},
                        "order_id": "order_id",
                        "product_id": "product_id",
                        "quantity": "quantity",
                        "net_amount": {"multiply": ["unit_price", "quantity"]},
                    },
                }
            ]
        },
    },
}


@pytest.fixture(scope="module")
def oracle(shared: Path) -> Import:
    """Return the orders, read through a profile of this test."""
    return read_folder(shared / "data/oracle_samples", Profile.parse(json.dumps(PROFILE)))


@pytest.fixture(scope="module")
def everything(shared: Path) -> Facts:
    """Return the same with cancelled orders counted like any other."""
    data = json.loads(json.dumps(PROFILE))
    del data["files"]["co_orders.csv"]["records"][0]["fields"]["kind"]
    return Facts.of(
        read_folder(shared / "data/oracle_samples", Profile.parse(json.dumps(data))).book
    )


def test_oracle_orders(oracle: Import, truths: dict[str, Any]) -> None:
    """Orders, lines, the value by status, and no finding at all."""
    truth, book = truths["oracle_co_hr"]["values"], oracle.book
    assert oracle.check() == ()
    assert len(book.orders) == truth["orders"]
    assert len(book.order_lines) == truth["items"]
    assert len(book.customers) == truth["customers"]
    status = {one.id: one.status for one in book.orders}
    for name, wanted in truth["by_status"].items():
        assert sum(one == name for one in status.values()) == wanted["orders"]
        lines = [one for one in book.order_lines if status[one.order_id] == name]
        assert exact_sum(one.net_amount.amount for one in lines) == wanted["value"]


def test_oracle_cancelled_orders_do_not_count(oracle: Import, truths: dict[str, Any]) -> None:
    """A cancelled order is void, so revenue is that of the others."""
    truth = truths["oracle_co_hr"]["values"]
    found = figure("revenue", Facts.of(oracle.book)).value
    assert found == truth["total"] - truth["by_status"]["CANCELLED"]["value"]


def test_oracle_totals(everything: Facts, truths: dict[str, Any]) -> None:
    """All orders: the total, by store, by month, and the five largest products."""
    truth = truths["oracle_co_hr"]["values"]
    assert figure("revenue", everything).value == truth["total"]
    stores = {one.keys[0]: one.value for one in slices("revenue", everything, by="channel")}
    assert stores == truth["by_store"]
    months = {one.keys[0]: one.value for one in slices("revenue", everything, by="month")}
    assert months == truth["by_month"]
    products: list[tuple[str, Decimal | None]] = [
        (one.label, one.value) for one in slices("revenue", everything, by="product")
    ]
    assert dict(products[:5]) == truth["top5_products"]
