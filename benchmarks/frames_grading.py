"""
Grading on frames: RFM and a policy for many customers, against Polars written by hand, in one run.

Run: python benchmarks/frames_grading.py --customers 100000 1000000

Each customer has two orders of one line on average. Ours is the whole way through the library:
`customer_frame` with the fields of `rfm_policy()`, then `grade_frame`, with the reasons of every
decision; `held` is the same with a history of one grade for each customer. By hand the same
segments are worked out in Polars as one would write it for this one question: exact quantiles of
decimals, scores and segments by comparison, the segment as grade, no reasons and no history.
Both see the same frames in memory, and the run fails where a grade differs.

Times are medians of wall clock, ratios medians of each run against the run by hand beside it. Peak
memory is that of a process of its own for each way, beyond its tables (Linux tells it).
"""

from __future__ import annotations

import argparse
import gc
import multiprocessing
import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from salescore.frames import customer_frame, grade_frame
from salescore.grading import GradingPolicy, rfm_policy
from salescore.metrics import RFM_SEGMENTS

DAY = date(2017, 12, 31)
POLICY = rfm_policy()
Tables = dict[str, pl.DataFrame]


def made_tables(customers: int, seed: int = 7) -> Tables:
    """Return customers and twice as many sales lines, the same for one seed."""
    lines = pl.select(pl.int_range(2 * customers).alias("number"))
    drawn = pl.col("number").hash(seed)
    days = (pl.col("number").hash(seed + 1) % 360).cast(pl.Int64)
    cents = 100 + (pl.col("number").hash(seed + 2) % 999_900).cast(pl.Int64)
    return {
        "customers": pl.select(pl.int_range(customers).alias("number")).select(
            pl.format("C{}", "number").alias("customer_id")
        ),
        "sales_lines": lines.select(
            pl.format("L{}", "number").alias("id"),
            pl.lit("order_lines").alias("record"),
            (pl.lit(DAY) - pl.duration(days=days)).cast(pl.Date).alias("sold_on"),
            pl.format("O{}", "number").alias("order_id"),
            pl.format("C{}", drawn % customers).alias("customer_id"),
            pl.lit(1).cast(pl.Decimal(18, 0)).alias("quantity"),
            pl.format("{}.{}", cents // 100, (cents % 100).cast(pl.String).str.zfill(2))
            .cast(pl.Decimal(18, 2))
            .alias("net_amount"),
        ),
    }


def by_hand(tables: Tables) -> pl.DataFrame:
    """Return the segment of each customer, as one would write it in Polars."""
    is_purchase = (
        (pl.col("record") != "return_lines")
        & (pl.col("quantity").fill_null(0) >= 0)
        & (pl.col("net_amount").fill_null(0) >= 0)
    )
    bought = (
        tables["sales_lines"]
        .lazy()
        .filter(pl.col("sold_on") <= DAY)
        .group_by("customer_id")
        .agg(
            pl.col("sold_on").filter(is_purchase).max().alias("last_on"),
            pl.col("order_id").filter(is_purchase).n_unique().alias("orders"),
            pl.col("net_amount").sum().alias("revenue"),
        )
    )
    known = (
        tables["customers"]
        .lazy()
        .join(bought, on="customer_id", how="left")
        .with_columns(
            (pl.lit(DAY) - pl.col("last_on")).dt.total_days().alias("days"),
            pl.col("orders").fill_null(0),
            # Hundredths as whole numbers, so that quantiles are exact.
            (pl.col("revenue").fill_null(0) * 100).cast(pl.Int64).alias("cents"),
        )
        .collect()
    )
    buyers = known.filter(pl.col("days").is_not_null())
    scores = [
        _scored(buyers, "days", "r", 1, falls=True),
        _scored(buyers, "orders", "f", 1),
        _scored(buyers, "cents", "m", 100),
    ]
    never = pl.col("days").is_null()
    segment = pl.lit("Others")
    for one in reversed(RFM_SEGMENTS):
        holds = (
            pl.col("r").is_between(*one.r)
            & pl.col("f").is_between(*one.f)
            & pl.col("m").is_between(*one.m)
        )
        segment = pl.when(holds).then(pl.lit(one.name)).otherwise(segment)
    grade = pl.when(never).then(pl.lit("none")).otherwise(segment)
    return known.with_columns(scores).select("customer_id", grade.alias("after"))


def _scored(buyers: pl.DataFrame, column: str, name: str, unit: int, *, falls: bool = False) -> Any:  # noqa: ANN401
    """Return scores by exact quantiles of whole numbers in five parts, each raised by one."""
    values = buyers[column].sort()
    score = pl.lit(1)
    for number in range(1, 5):
        below, rest = divmod((len(values) - 1) * number, 5)
        low, high = values[below], values[min(below + 1, len(values) - 1)]
        cut = 5 * (low + unit) + rest * (high - low)
        is_reached = pl.col(column) * 5 < cut if falls else pl.col(column) * 5 >= cut
        score = score + is_reached.cast(pl.Int64)
    return score.alias(name)


def ours(tables: Tables, policy: GradingPolicy = POLICY) -> pl.DataFrame:
    """Return the decision on each customer, through the library."""
    customers = customer_frame(tables, policy.fields, as_of=DAY)
    found: pl.DataFrame = grade_frame(customers, policy, as_of=DAY).decisions
    return found


def ours_lazy(tables: Tables) -> pl.DataFrame:
    """Return the same from lazy frames."""
    lazy = {name: table.lazy() for name, table in tables.items()}
    customers = customer_frame(lazy, POLICY.fields, as_of=DAY)
    found: pl.DataFrame = grade_frame(customers, POLICY, as_of=DAY).decisions.collect()
    return found


def ours_held(tables: Tables) -> pl.DataFrame:
    """Return the same for customers who all have a grade on record."""
    customers = customer_frame(tables, POLICY.fields, as_of=DAY)
    found: pl.DataFrame = grade_frame(
        customers, POLICY, as_of=DAY, previous=_held(tables)
    ).decisions
    return found


def _held(tables: Tables) -> pl.DataFrame:
    start = DAY - timedelta(days=365)
    return tables["customers"].select(
        ("G" + pl.col("customer_id")).alias("id"),
        "customer_id",
        pl.lit("New Customers").alias("grade"),
        pl.lit(start).alias("starts_on"),
        pl.lit(POLICY.name).alias("policy"),
    )


WAYS: dict[str, Callable[[Tables], pl.DataFrame]] = {
    "hand": by_hand,
    "ours": ours,
    "lazy": ours_lazy,
    "held": ours_held,
}


def _peak(customers: int, way: str, found: Any) -> None:  # noqa: ANN401 - a queue
    """Tell how much more memory than its tables a process needs for one way, in megabytes."""
    tables = made_tables(customers)
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # forget the peak so far
    before = _resident("VmRSS")
    WAYS[way](tables)
    found.put(_resident("VmHWM") - before)


def _resident(name: str) -> float:
    """Return memory of this process, now or at most, in megabytes."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) / 1024
    raise SystemExit(f"the system does not tell {name}")


def peak_memory(customers: int, way: str) -> float:
    """Return the peak memory of one way in a fresh process, in megabytes."""
    context = multiprocessing.get_context("spawn")
    found = context.Queue()
    process = context.Process(target=_peak, args=(customers, way, found))
    process.start()
    peak: float = found.get()
    process.join()
    return peak


def check(found: dict[str, pl.DataFrame]) -> None:
    """Refuse to tell times of ways that differ."""
    expected = dict(found["hand"].rows())
    for name, frame in found.items():
        got = dict(frame.select("customer_id", "after").rows())
        if got != expected:
            raise SystemExit(f"{name} gives other grades than those by hand")


def main() -> None:
    """Run the benchmark and print a table for each number of customers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    for customers in options.customers:
        tables = made_tables(customers)
        times: dict[str, list[float]] = {name: [] for name in WAYS}
        found: dict[str, pl.DataFrame] = {}
        for run in range(options.runs + 1):
            for name, way in WAYS.items():
                gc.collect()
                start = time.perf_counter()
                found[name] = way(tables)
                if run:  # the first run only warms up
                    times[name].append(time.perf_counter() - start)
        check(found)
        print(f"{customers:,} customers, {options.runs} runs, medians")
        for name, those in times.items():
            pairs = zip(those, times["hand"], strict=True)
            ratio = statistics.median(mine / hand for mine, hand in pairs)
            peak = peak_memory(customers, name)
            median = statistics.median(those)
            print(f"{name:5} {median:7.3f} s  {ratio:5.2f} x by hand  {peak:7.0f} MB more at most")


if __name__ == "__main__":
    main()
