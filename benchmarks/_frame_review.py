"""Every figure of sales lines by every dimension: out of this library, and one by one by hand."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from salescore.frames import FrameFacts
from salescore.metrics import slices_by_each

FIGURES = (
    "revenue",
    "gross_revenue",
    "volume",
    "free_volume",
    "gross_profit",
    "gross_margin",
    "customers",
    "revenue_per_customer",
)
COLUMNS = {
    "product": "product_id",
    "product_family": "product_family",
    "segment": "segment",
    "region": "region",
    "team": "team_id",
    "rep": "rep_id",
    "month": "month",
}
Slices = dict[tuple[str, str], dict[str, tuple[Decimal, ...]]]


def every_slice(engine: str, place: Path) -> Slices:
    """Return the parts of every figure by every dimension out of the library."""
    if engine == "polars":
        return _sliced(pl.scan_parquet(str(place / "*.parquet")))
    with duckdb.connect() as connection:
        return _sliced(connection.read_parquet(f"{place}/*.parquet"))


def _sliced(lines: Any) -> Slices:  # noqa: ANN401 - a lazy frame or a relation
    facts = FrameFacts.of({"sales_lines": lines}, currency="USD")
    found: Slices = {}
    for dimension, sliced in zip(COLUMNS, slices_by_each(FIGURES, facts, by=COLUMNS), strict=True):
        for name, slices in zip(FIGURES, sliced, strict=True):
            found[name, dimension] = {
                str(one.key): tuple(
                    part
                    for part in (one.figure.numerator, one.figure.denominator)
                    if part is not None
                )
                for one in slices or ()
            }
    return found


def slices_by_hand(engine: str, place: Path) -> Slices:
    """Return the same, one query after another."""
    return _polars(place) if engine == "polars" else _duckdb(place)


def _kept(rows: Any) -> dict[str, tuple[Decimal, ...]]:  # noqa: ANN401 - rows of an engine
    return {str(key): tuple(Decimal(part) for part in parts) for key, *parts in rows}


def _polars(place: Path) -> Slices:
    lines = pl.scan_parquet(str(place / "*.parquet"))
    net, cost, customer = pl.col("net_amount"), pl.col("cost"), pl.col("customer_id")
    with_cost = pl.when(cost.is_not_null()).then(net).sum().alias("with_cost")
    parts = {
        "revenue": [net.sum()],
        "gross_revenue": [pl.col("gross_amount").sum()],
        "volume": [pl.when(pl.col("is_free").not_()).then(pl.col("quantity")).sum()],
        "free_volume": [pl.when(pl.col("is_free")).then(pl.col("quantity")).sum()],
        "gross_profit": [(net - cost).sum()],
        "gross_margin": [(net - cost).sum().alias("profit"), with_cost],
        "customers": [customer.n_unique()],
        "revenue_per_customer": [net.sum(), customer.n_unique()],
    }
    found: Slices = {}
    for dimension, column in COLUMNS.items():
        key = (
            pl.col("sold_on").dt.strftime("%Y-%m").alias("month")
            if column == "month"
            else pl.col(column)
        )
        for name, sums in parts.items():
            rows = lines.group_by(key).agg(*sums).collect(engine="streaming").iter_rows()
            found[name, dimension] = _kept(rows)
    return found


def _duckdb(place: Path) -> Slices:
    parts = {
        "revenue": "sum(net_amount)",
        "gross_revenue": "sum(gross_amount)",
        "volume": "sum(quantity) filter (not is_free)",
        "free_volume": "sum(quantity) filter (is_free)",
        "gross_profit": "sum(net_amount - cost)",
        "gross_margin": "sum(net_amount - cost), sum(net_amount) filter (cost is not null)",
        "customers": "count(distinct customer_id)",
        "revenue_per_customer": "sum(net_amount), count(distinct customer_id)",
    }
    found: Slices = {}
    with duckdb.connect() as connection:
        lines = connection.read_parquet(f"{place}/*.parquet")
        connection.register("lines", lines)
        for dimension, column in COLUMNS.items():
            key = "strftime(sold_on, '%Y-%m')" if column == "month" else column
            for name, sums in parts.items():
                text = f"select {key}, {sums} from lines group by 1"  # noqa: S608 - our own words
                found[name, dimension] = _kept(connection.execute(text).fetchall())
    return found
