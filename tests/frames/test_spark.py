"""Spark on this machine: Parquet in, small tables out, and no rows on the way to the driver."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from py4j.protocol import Py4JJavaError
from pyarrow import parquet
from pyspark.sql import DataFrame

from salescore.book import Facts, SalesBook
from salescore.entities import Customer, Order
from salescore.exchange import read_folder
from salescore.frames import (
    fact_frames,
    filter_frame,
    from_frames,
    open_frame,
    read_facts_parquet,
    reduce_frame,
    to_frames,
    with_values,
    write_facts_parquet,
)
from salescore.metrics import Aggregate, Measure, Reduced, Reduction, figures, slices
from salescore.rules import F
from salescore.values import Calendar, CalendarUnit, Money

pytestmark = [pytest.mark.engine, pytest.mark.slow]

ROWS = 120_000
PARTS = 3
FIRST = date(2016, 1, 1)
REVENUE_UNIT = CalendarUnit.QUARTER
REGIONS = ("East", "West", "华东", None)
REVENUE = Reduction(
    name="revenue",
    table="sales_lines",
    keys=("region", "quarter"),
    measures=[
        Measure(
            name="revenue",
            table="sales_lines",
            aggregate=Aggregate.SUM,
            of=F.net_amount * F.quantity,
            where=F.quantity >= 2,
            date="sold_on",
        ),
        Measure(
            name="customers",
            table="sales_lines",
            aggregate=Aggregate.DISTINCT,
            of=F.customer_id,
            date="sold_on",
        ),
    ],
)


def row(number: int) -> dict[str, Any]:
    """Return a sold line; the same number gives the same."""
    return {
        "id": f"L{number}",
        "record": "order_lines",
        "sold_on": None if number % 97 == 0 else FIRST + timedelta(days=number % 730),
        "region": REGIONS[number % 4],
        "customer_id": f"C{number % 1_003}",
        "quantity": Decimal(number % 5),
        "net_amount": Decimal(number % 10_007).scaleb(-2),
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of facts whose sold lines are three parts."""
    path = tmp_path_factory.mktemp("facts")
    write_facts_parquet(Facts.of(SalesBook()), path, tables=["sales_lines"])
    (path / "sales_lines.parquet").unlink()
    (path / "sales_lines.parquet").mkdir()
    kinds = pa.schema(
        [
            *((name, pa.string()) for name in ("id", "record")),
            ("sold_on", pa.date32()),
            *((name, pa.string()) for name in ("region", "customer_id")),
            ("quantity", pa.decimal128(3, 0)),
            ("net_amount", pa.decimal128(9, 2)),
        ]
    )
    for part in range(PARTS):
        rows = [row(number) for number in range(part, ROWS, PARTS)]
        table = pa.Table.from_pylist(rows, schema=kinds)
        parquet.write_table(table, path / "sales_lines.parquet" / f"part-{part}.parquet")
    return path


@contextmanager
def at_most_collected(spark: Any, size: str) -> Iterator[None]:  # noqa: ANN401 - a session
    """Let Spark refuse to send more than so many bytes to the driver."""
    settings = spark.sparkContext._jsc.sc().conf()
    before = settings.get("spark.driver.maxResultSize", "1g")
    settings.set("spark.driver.maxResultSize", size)
    try:
        yield
    finally:
        settings.set("spark.driver.maxResultSize", before)


def expected() -> dict[tuple[str | None, str], tuple[Decimal, int]]:
    """Return revenue and customers by region and quarter, worked out row by row."""
    calendar = Calendar()
    revenue: dict[tuple[str | None, str], Decimal] = {}
    customers: dict[tuple[str | None, str], set[str]] = {}
    for number in range(ROWS):
        one = row(number)
        if one["sold_on"] is None:
            continue
        (quarter,) = calendar.keys([one["sold_on"]], REVENUE_UNIT)
        key = (one["region"], str(quarter))
        amount = one["net_amount"] * one["quantity"] if one["quantity"] >= 2 else Decimal(0)
        revenue[key] = revenue.get(key, Decimal(0)) + amount
        customers.setdefault(key, set()).add(one["customer_id"])
    return {key: (revenue[key], len(customers[key])) for key in revenue}


def cells(reduced: Reduced) -> dict[tuple[str | None, ...], tuple[Any, ...]]:
    """Return the values of a small table by key."""
    return {
        key: tuple(column[place] for column in reduced.values)
        for place, key in enumerate(reduced.keys)
    }


def test_only_reduced_tables_reach_the_driver(spark: Any, folder: Path) -> None:  # noqa: ANN401 - a session
    """Where Spark may send 64 KB to the driver, 120,000 rows are reduced, yet not collected."""
    lines = read_facts_parquet(folder, "spark", session=spark).frames["sales_lines"]
    assert lines.rdd.getNumPartitions() >= 1
    with at_most_collected(spark, "64k"):
        found = reduce_frame(lines, REVENUE)
        with pytest.raises(Py4JJavaError, match="maxResultSize"):
            lines.toArrow()
    assert cells(found) == expected()
    assert found.undated[1] == len(range(0, ROWS, 97))


def test_the_number_of_partitions_changes_nothing(spark: Any, folder: Path) -> None:  # noqa: ANN401 - a session
    """One partition or many, shuffled as they may be, give the same cells."""
    lines = read_facts_parquet(folder, "spark", session=spark).frames["sales_lines"]
    wanted = cells(reduce_frame(lines, REVENUE))
    for many in (1, 5):
        assert cells(reduce_frame(lines.repartition(many, "id"), REVENUE)) == wanted


def test_rules_keep_the_frame_a_frame_of_spark(spark: Any, folder: Path) -> None:  # noqa: ANN401 - a session
    """A filter and new columns are part of Spark's plan; nothing is worked out before it is."""
    lines = read_facts_parquet(folder, "spark", session=spark).frames["sales_lines"]
    chosen = filter_frame(lines, (F.region == "华东") & (F.quantity >= 3), "sales_lines")
    priced = with_values(chosen, "sales_lines", total=F.net_amount * F.quantity)
    assert isinstance(priced, DataFrame)
    assert priced.count() == sum(1 for number in range(ROWS) if number % 4 == 2 and number % 5 >= 3)
    (total,) = priced.agg({"total": "sum"}).collect()[0]
    assert total == sum(
        (row(number)["net_amount"] * row(number)["quantity"])
        for number in range(ROWS)
        if number % 4 == 2 and number % 5 >= 3
    )


def test_figures_of_the_example_are_those_of_python_rows(
    spark: Any,  # noqa: ANN401 - a session
    root: Path,
    tmp_path: Path,
) -> None:
    """The shipped example gives the same figures through Parquet and Spark as from its book."""
    facts = Facts.of(
        read_folder(root / "examples" / "data" / "superstore", profile="superstore").book
    )
    write_facts_parquet(facts, tmp_path, tables=["sales_lines", "order_lines"])
    found = read_facts_parquet(tmp_path, "spark", session=spark).facts()
    names = ["revenue", "volume", "average_order_value"]
    during = Calendar().parse("2017")
    assert values(figures(names, found, during=during)) == values(
        figures(names, facts, during=during)
    )
    assert {
        one.keys: one.figure.value
        for one in slices("revenue", found, by=["region", "quarter"], during=during)
    } == {
        one.keys: one.figure.value
        for one in slices("revenue", facts, by=["region", "quarter"], during=during)
    }


def values(found: Any) -> dict[str, Decimal | None]:  # noqa: ANN401 - figures
    """Return the values of figures by name."""
    return {one.name: one.value for one in found}


def test_records_and_facts_go_through_spark(spark: Any) -> None:  # noqa: ANN401 - a session
    """Spark gives back the records that it was given, and takes every fact table."""
    book = SalesBook(
        customers=[Customer(id="C-1", name="华东机械", credit_limit=Money.of("12.50", "USD"))],
        orders=[Order(id="O-1", customer_id="C-1", ordered_on=date(1900, 1, 1))],
    )
    assert from_frames(to_frames(book, "spark", session=spark)) == book
    facts = Facts.of(book)
    for name, frame in fact_frames(facts, "spark", session=spark).items():
        assert open_frame(frame, facts.schema(name)).engine == "spark"
