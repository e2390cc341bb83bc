"""
The four questions of the benchmark, written by hand for each engine.

Five quantities by product, region and month; the ten customers with the most revenue and all
others; each region's share of revenue; revenue of each month and its change on the month before.
Every answer is a list of plain tuples, sorted, so that answers compare.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

TOP = 10
Rows = list[tuple[Any, ...]]


def _sorted(rows: Iterable[Iterable[Any]]) -> Rows:
    return sorted(tuple(row) for row in rows)


def top_of(sums: Iterable[tuple[str, Decimal]]) -> Rows:
    """Return the ten largest and the sum of all others."""
    ranked = sorted(sums, key=lambda pair: (-pair[1], pair[0]))
    rest = sum((value for _, value in ranked[TOP:]), Decimal(0))
    return [*ranked[:TOP], ("others", rest)]


def shares_of(sums: Iterable[tuple[str, Decimal]]) -> Rows:
    """Return each sum as a share of all."""
    found = sorted(sums)
    whole = sum((value for _, value in found), Decimal(0))
    return [(key, value / whole) for key, value in found]


def changes_of(sums: Iterable[tuple[str, Decimal]]) -> Rows:
    """Return each sum with its change on the one before."""
    found = sorted(sums)
    before = [None, *(value for _, value in found[:-1])]
    return [
        (key, value, None if last is None else (value - last) / last)
        for (key, value), last in zip(found, before, strict=True)
    ]


def polars_by_hand(place: Path) -> dict[str, Rows]:
    """Answer the questions with Polars, lazily over Parquet."""
    lines = pl.scan_parquet(str(place / "*.parquet"))
    month = pl.col("sold_on").dt.strftime("%Y-%m").alias("month")
    net, cost = pl.col("net_amount"), pl.col("cost")
    five = lines.group_by("product_id", "region", month).agg(
        net.sum(),
        pl.when(pl.col("is_free").not_()).then(pl.col("quantity")).sum(),
        (net - cost).sum().alias("gross_profit"),
        pl.when(cost.is_not_null()).then(net).sum().alias("with_cost"),
    )
    customers = lines.group_by("customer_id").agg(net.sum())
    regions = lines.group_by("region").agg(net.sum())
    months = lines.group_by(month).agg(net.sum())
    return {
        "five": _sorted(five.collect(engine="streaming").iter_rows()),
        "top": top_of(customers.collect(engine="streaming").iter_rows()),
        "share": shares_of(regions.collect(engine="streaming").iter_rows()),
        "change": changes_of(months.collect(engine="streaming").iter_rows()),
    }


_SQL = {
    "five": "select product_id, region, strftime(sold_on, '%Y-%m'), sum(net_amount), "
    "sum(quantity) filter (not is_free), sum(net_amount - cost), "
    "sum(net_amount) filter (cost is not null) from lines group by 1, 2, 3",
    "top": "select customer_id, sum(net_amount) from lines group by 1",
    "share": "select region, sum(net_amount) from lines group by 1",
    "change": "select strftime(sold_on, '%Y-%m'), sum(net_amount) from lines group by 1",
}


def duckdb_by_hand(place: Path) -> dict[str, Rows]:
    """Answer the questions with DuckDB over Parquet."""
    with duckdb.connect() as connection:
        connection.register("lines", connection.read_parquet(f"{place}/*.parquet"))
        found = {name: connection.execute(text).fetchall() for name, text in _SQL.items()}
    return {
        "five": _sorted(found["five"]),
        "top": top_of(found["top"]),
        "share": shares_of(found["share"]),
        "change": changes_of(found["change"]),
    }


def spark_by_hand(spark: Any, place: Path) -> dict[str, Rows]:  # noqa: ANN401 - a session
    """Answer the questions with Spark SQL over Parquet."""
    spark.read.parquet(str(place)).createOrReplaceTempView("lines")
    found = {
        name: [
            tuple(row)
            for row in spark.sql(
                text.replace("strftime(sold_on, '%Y-%m')", "date_format(sold_on, 'yyyy-MM')")
                .replace("filter (not", "filter (where not")
                .replace("filter (cost", "filter (where cost")
            ).collect()
        ]
        for name, text in _SQL.items()
    }
    return {
        "five": _sorted(found["five"]),
        "top": top_of(found["top"]),
        "share": shares_of(found["share"]),
        "change": changes_of(found["change"]),
    }


def pandas_by_hand(place: Path) -> dict[str, Rows]:
    """Answer the questions with pandas, as most notebooks do: floats, read from Parquet."""
    import pandas as pd  # noqa: PLC0415 - its import is no part of the others' time

    columns = ["product_id", "region", "customer_id", "sold_on", "net_amount", "cost", "quantity"]
    lines = pd.read_parquet(place, columns=[*columns, "is_free"])
    for name in ("net_amount", "cost", "quantity"):
        lines[name] = lines[name].astype(float)
    lines["month"] = pd.to_datetime(lines["sold_on"]).dt.strftime("%Y-%m")
    lines["sold"] = lines["quantity"].where(~lines["is_free"].astype(bool))
    lines["gross_profit"] = lines["net_amount"] - lines["cost"]
    lines["with_cost"] = lines["net_amount"].where(lines["cost"].notna())
    sums = ["net_amount", "sold", "gross_profit", "with_cost"]
    five = lines.groupby(["product_id", "region", "month"])[sums].sum().reset_index()
    by = {
        name: list(lines.groupby(name)["net_amount"].sum().items())
        for name in ("customer_id", "region", "month")
    }
    return {
        "five": _sorted(five.itertuples(index=False)),
        "top": top_of((key, Decimal(str(value))) for key, value in by["customer_id"]),
        "share": shares_of((key, Decimal(str(value))) for key, value in by["region"]),
        "change": changes_of((key, Decimal(str(value))) for key, value in by["month"]),
    }
