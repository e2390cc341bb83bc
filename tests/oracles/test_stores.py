"""The truths of Maven, Superstore and Northwind again, through every store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from tests.oracles.conftest import close

from salescore.book import Facts, SalesBook
from salescore.exchange import read_folder
from salescore.metrics import figure, slices
from salescore.plain import CustomFields
from salescore.rules import F
from salescore.storage import (
    JsonLinesStore,
    MemoryStore,
    Moment,
    OrderBy,
    PostgresStore,
    Query,
    SqliteStore,
    Store,
    keep_book,
    read_book,
)
from salescore.values import exact_sum

pytestmark = pytest.mark.shared

NOW = datetime(2020, 1, 1, tzinfo=UTC)
Make = Callable[[Path, CustomFields], Store]

FACTORIES: dict[str, Make] = {
    "memory": lambda _, fields: MemoryStore(fields),
    "json_lines": lambda folder, fields: JsonLinesStore(folder / "facts", fields),
    "sqlite": lambda folder, fields: SqliteStore(folder / "facts.db", custom_fields=fields),
}
"""How to make an empty store in a folder, which a further store joins by one line."""


_SCHEMAS = count(1)


@pytest.fixture(
    scope="module", params=[*FACTORIES, pytest.param("postgres", marks=pytest.mark.engine)]
)
def make(request: pytest.FixtureRequest) -> Make:
    """Return what makes an empty store."""
    if request.param in FACTORIES:
        return FACTORIES[request.param]
    url: str = request.getfixturevalue("postgres_url")
    return lambda _, fields: PostgresStore(
        url, schema=f"truths_{next(_SCHEMAS)}", custom_fields=fields
    )


Kept = tuple[SalesBook, Store]


def kept(book: SalesBook, make: Make, folder: Path) -> Iterator[Kept]:
    """Keep a book in a new store for a while."""
    store = make(folder, book.custom_fields)
    keep_book(store, book, recorded_at=NOW)
    yield book, store
    store.close()


@pytest.fixture(scope="module")
def maven_store(
    maven_book: SalesBook, make: Make, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Kept]:
    """Keep Maven's book."""
    yield from kept(maven_book, make, tmp_path_factory.mktemp("maven"))


@pytest.fixture(scope="module")
def superstore_store(
    superstore_book: SalesBook, make: Make, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Kept]:
    """Keep Superstore's book."""
    yield from kept(superstore_book, make, tmp_path_factory.mktemp("superstore"))


@pytest.fixture(scope="module")
def northwind_store(
    shared: Path, make: Make, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Kept]:
    """Keep Northwind's book."""
    book = read_folder(shared / "data" / "northwind", "northwind").book
    yield from kept(book, make, tmp_path_factory.mktemp("northwind"))


def value(name: str, facts: Facts, **how: Any) -> Decimal | None:  # noqa: ANN401 - what figures take
    """Return the value of a figure."""
    return figure(name, facts, **how).value


def by(name: str, facts: Facts, dimension: str) -> dict[str, Decimal | None]:
    """Return a figure by one dimension, under labels."""
    return {one.label: one.value for one in slices(name, facts, by=dimension)}


def found(store: Store, query: Query) -> list[Any]:
    """Return the records of all pages."""
    records: list[Any] = []
    while True:
        page = store.find(query)
        records += [one.record for one in page.kept]
        if page.cursor is None:
            return records
        query = Query(
            records=query.records,
            where=query.where,
            order=query.order,
            limit=query.limit,
            after=page.cursor,
        )


def test_every_record_comes_back(
    maven_store: Kept, superstore_store: Kept, northwind_store: Kept
) -> None:
    """What is read is what was kept, record by record, and a second import changes nothing."""
    for book, store in (maven_store, superstore_store, northwind_store):
        again = read_book(store)
        for table in book.tables:
            kept_records = sorted(book.records(table.name), key=lambda one: one.id)
            assert list(again.records(table.name)) == kept_records
        assert again.custom_fields == book.custom_fields
        assert keep_book(store, book, recorded_at=NOW, only_changes=True) == 0


def test_nothing_is_there_before_it_was_recorded(maven_store: Kept) -> None:
    """As of the moment before, every book is empty."""
    _, store = maven_store
    past = read_book(store, Moment(recorded=datetime(2019, 12, 31, tzinfo=UTC)))
    assert not any(past.records(table.name) for table in past.tables)


def test_maven(maven_store: Kept, maven: dict[str, Any]) -> None:
    """Won, lost, amounts, win rate and cycle of Maven's opportunities."""
    facts = Facts.of(read_book(maven_store[1]), as_of=date(2017, 12, 31))
    assert value("won_opportunities", facts) == maven["stage_counts"]["Won"]
    assert value("lost_opportunities", facts) == maven["stage_counts"]["Lost"]
    assert value("won_amount", facts) == maven["won_value_total"]
    assert close(value("win_rate", facts), maven["win_rate_closed"])
    assert value("median_won_amount", facts) == maven["median_won_value"]
    assert close(value("sales_cycle_mean", facts), maven["cycle_days"]["won_mean"])
    assert value("open_pipeline", facts) == maven["open_pipeline_list_price"]["total"]
    wanted = {rep: one["won_value"] for rep, one in maven["by_sales_agent"].items()}
    amounts = {rep: one or 0 for rep, one in by("won_amount", facts, "rep").items()}
    assert {rep: amounts.get(rep, 0) for rep in wanted} == wanted


def test_maven_by_rule(maven_store: Kept, maven: dict[str, Any]) -> None:
    """The store itself finds what was won, by its own rule and order, and its sum is the truth."""
    query = Query(
        records="opportunities",
        where=(F.kind == "won") & (F.amount_currency == "USD"),
        limit=997,
    )
    won = found(maven_store[1], query)
    assert len(won) == maven["stage_counts"]["Won"]
    assert exact_sum(one.amount.amount for one in won) == maven["won_value_total"]
    blank = Query(records="opportunities", where=F.customer_id.is_null(), limit=500)
    assert len(found(maven_store[1], blank)) == maven["missing"]["account_blank"]


def test_superstore(superstore_store: Kept, superstore: dict[str, Any]) -> None:
    """Sales, profit, quantity and orders, and sales by region, year and month."""
    facts = Facts.of(read_book(superstore_store[1]))
    assert value("revenue", facts) == superstore["sales"]
    assert value("gross_profit", facts) == superstore["profit"]
    assert close(value("gross_margin", facts), superstore["margin"])
    assert value("volume", facts) == superstore["quantity"]
    assert value("orders", facts) == superstore["orders"]
    assert value("customers", facts) == superstore["customers"]
    wanted = {name: one["sales"] for name, one in superstore["by_region"].items()}
    assert by("revenue", facts, "region") == wanted
    assert by("revenue", facts, "month") == superstore["by_month"]


def test_superstore_by_rule(superstore_store: Kept, superstore: dict[str, Any]) -> None:
    """The largest lines that the store finds and sorts are those of the book, ties by id."""
    book, store = superstore_store
    query = Query(
        records="order_lines",
        where=F.net_amount_amount >= 1000,
        order=[OrderBy("net_amount_amount", is_descending=True)],
        limit=77,
    )
    wanted = [one for one in book.order_lines if one.net_amount.amount >= 1000]
    wanted.sort(key=lambda one: one.id)
    wanted.sort(key=lambda one: one.net_amount.amount, reverse=True)
    lines = found(store, query)
    assert [one.id for one in lines] == [one.id for one in wanted]
    everything = found(store, Query(records="order_lines", limit=5000))
    assert len(everything) == superstore["rows"]
    assert exact_sum(one.net_amount.amount for one in everything) == superstore["sales"]


def test_northwind(northwind_store: Kept, truths: dict[str, Any]) -> None:
    """Gross and net revenue, by year, month, rep, category and product."""
    truth = truths["northwind"]["values"]
    facts = Facts.of(read_book(northwind_store[1]))
    assert value("gross_revenue", facts) == truth["gross"]
    assert value("revenue", facts) == truth["net"]
    assert by("revenue", facts, "year") == truth["by_year"]
    assert by("revenue", facts, "month") == truth["net_by_month"]
    assert by("revenue", facts, "product_family") == truth["by_category"]
    wanted = {name: one["net"] for name, one in truth["by_employee"].items()}
    assert by("revenue", facts, "rep") == wanted
    assert close(value("average_order_value", facts), truth["aov_net"])
