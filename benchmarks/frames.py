"""
Figures on engines against the same questions written by hand, in one run.

Run: python benchmarks/frames.py --rows 1000000 10000000
     python benchmarks/frames.py --rows 1000000 --engines polars duckdb spark --review
     python benchmarks/frames.py --flat 1000000 10000000 100000000 --engines duckdb

Four questions over sales lines in Parquet: five quantities by product, region and month; the ten
customers with the most revenue and all others; each region's share; revenue of each month and its
change on the month before. Ours are reductions; both sides end with the same tuples, which are
compared before the clock starts. pandas is timed as most notebooks write it, with floats.

`--review` asks every figure of sales lines by every dimension and over all, against the same
slices hand-written one by one on the same engine. `--flat` shows time and memory per row as files
grow. Files are made under --folder and kept there for the next run.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import _frame_queries as hand
import polars as pl
from _frame_lines import write_lines

from salescore.frames import Frame, open_frame, reduce_frames
from salescore.metrics import Aggregate, Measure, Reduced, Reduction
from salescore.rules import F
from salescore.values import Calendar

Question = Callable[[], Any]


def _measure(name: str, of: Any, where: Any = None) -> Measure:  # noqa: ANN401 - terms
    return Measure(
        name=name,
        table="sales_lines",
        aggregate=Aggregate.SUM,
        of=of,
        where=where,
        date="sold_on",
    )


_REVENUE = _measure("revenue", F.net_amount)
_FIVE = Reduction(
    name="five",
    table="sales_lines",
    keys=["product_id", "region", "month"],
    measures=[
        _REVENUE,
        _measure("volume", F.quantity, ~F.is_free),
        _measure("gross_profit", F.net_amount - F.cost),
        _measure("with_cost", F.net_amount, ~F.cost.is_null()),
    ],
)


def _by(key: str) -> Reduction:
    return Reduction(name=key, table="sales_lines", keys=[key], measures=[_REVENUE])


def _rows(found: Reduced) -> list[tuple[Any, ...]]:
    return [(*key, *cells) for key, *cells in zip(found.keys, *found.values, strict=True)]


def _sums(found: Reduced) -> list[tuple[Any, Any]]:
    return [(key[0], value) for key, value in zip(found.keys, found.values[0], strict=True)]


def ours(frame: Frame) -> dict[str, list[tuple[Any, ...]]]:
    """Answer the four questions with reductions."""
    asked = {
        "five": _FIVE,
        "top": _by("customer_id"),
        "share": _by("region"),
        "change": _by("month"),
    }
    reduced = reduce_frames(frame, asked.values(), calendar=Calendar())
    found = dict(zip(asked, reduced, strict=True))
    return {
        "five": sorted(_rows(found["five"])),
        "top": hand.top_of(_sums(found["top"])),
        "share": hand.shares_of(_sums(found["share"])),
        "change": hand.changes_of(_sums(found["change"])),
    }


class Peak:
    """Watches the memory of this process while something runs."""

    def __init__(self) -> None:
        """Start with nothing seen."""
        self.most = 0

    def __enter__(self) -> Self:
        """Begin to watch."""
        self._start = _resident()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def _watch(self) -> None:
        while not self._done.wait(0.01):
            self.most = max(self.most, _resident() - self._start)

    def __exit__(self, *_: object) -> None:
        """Stop watching."""
        self._done.set()
        self._thread.join()


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 // 2**20


def timed(contestants: dict[str, Question], runs: int) -> dict[str, tuple[float, int]]:
    """Return per contestant the median of the seconds and the peak memory in MiB, in turns."""
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    memory = dict.fromkeys(contestants, 0)
    for question in contestants.values():
        question()
    for _ in range(runs):
        for name, question in contestants.items():
            gc.collect()
            with Peak() as peak:
                start = time.perf_counter()
                question()
                seconds[name].append(time.perf_counter() - start)
            memory[name] = max(memory[name], peak.most)
    return {name: (statistics.median(seconds[name]), memory[name]) for name in contestants}


def _spark() -> Any:  # noqa: ANN401 - a session
    from pyspark.sql import SparkSession  # noqa: PLC0415 - only where Spark is asked for

    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    for key, value in {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "4",
        "spark.driver.memory": "6g",
    }.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def _frames(engines: list[str], place: Path) -> dict[str, tuple[Question, Question]]:
    """Return by engine ours and what is written by hand."""
    found: dict[str, tuple[Question, Question]] = {}
    if "polars" in engines:
        found["polars"] = (
            lambda: ours(open_frame(pl.scan_parquet(str(place / "*.parquet")), "sales_lines")),
            lambda: hand.polars_by_hand(place),
        )
    if "duckdb" in engines:
        found["duckdb"] = (lambda: _duckdb(place), lambda: hand.duckdb_by_hand(place))
    if "spark" in engines:
        session = _spark()
        found["spark"] = (
            lambda: ours(open_frame(session.read.parquet(str(place)), "sales_lines")),
            lambda: hand.spark_by_hand(session, place),
        )
    return found


def _duckdb(place: Path) -> Any:  # noqa: ANN401 - the answers
    import duckdb  # noqa: PLC0415 - only where DuckDB is asked for

    with duckdb.connect() as connection:
        lines = connection.read_parquet(f"{place}/*.parquet")
        return ours(open_frame(lines, "sales_lines"))


def compare(rows: int, engines: list[str], folder: Path, runs: int) -> None:
    """Print the four questions on every engine, ours beside what is written by hand."""
    place = write_lines(folder, rows)
    sides = _frames(engines, place)
    contestants: dict[str, Question] = {}
    for name, (mine, theirs) in sides.items():
        first, second = mine(), theirs()
        if first != second:
            different = [key for key in first if first[key] != second[key]]
            raise SystemExit(f"{name} differs from the query by hand in {different}")
        contestants[f"{name}, salescore"] = mine
        contestants[f"{name}, by hand"] = theirs
    if "pandas" in engines:
        contestants["pandas, by hand (floats)"] = lambda: hand.pandas_by_hand(place)
    found = timed(contestants, runs)
    print(f"\nfour questions, {rows:,} rows, medians of {runs}")
    for name, (seconds, memory) in found.items():
        engine = name.partition(",")[0]
        by_hand = found.get(f"{engine}, by hand")
        ratio = f"{seconds / by_hand[0]:5.2f}" if by_hand and "salescore" in name else "     "
        print(f"  {name:28} {seconds:8.2f} s  {ratio}  peak {memory:6,} MiB")
    slowest = found.get("pandas, by hand (floats)")
    if slowest is not None:
        for engine in sides:
            times = slowest[0] / found[f"{engine}, salescore"][0]
            print(f"  {engine} is {times:.1f} times as fast as pandas")


def whole_review(rows: int, engines: list[str], folder: Path, runs: int) -> None:
    """Print a whole review of sales lines beside the same slices asked one by one."""
    from _frame_review import every_slice, slices_by_hand  # noqa: PLC0415 - only for this part

    place = write_lines(folder, rows)
    print(f"\nevery figure of sales lines by every dimension, {rows:,} rows, medians of {runs}")
    for engine in engines:
        if engine not in ("polars", "duckdb"):
            continue

        def mine(engine: str = engine) -> Any:  # noqa: ANN401 - the answers
            return every_slice(engine, place)

        def theirs(engine: str = engine) -> Any:  # noqa: ANN401 - the answers
            return slices_by_hand(engine, place)

        if mine() != theirs():
            raise SystemExit(f"{engine}: the review differs from the slices by hand")
        found = timed({"salescore": mine, "by hand": theirs}, runs)
        for name, (seconds, memory) in found.items():
            print(f"  {engine:8} {name:10} {seconds:8.2f} s  peak {memory:6,} MiB")
        print(f"  {engine:8} ratio      {found['salescore'][0] / found['by hand'][0]:8.2f}")


def flat(sizes: list[int], engines: list[str], folder: Path) -> None:
    """Print time per row and memory as the files grow."""
    print("\ntime per million rows and peak memory as files grow, one run each")
    for engine in engines:
        for rows in sizes:
            mine, _ = _frames([engine], write_lines(folder, rows))[engine]
            (seconds, memory) = timed({engine: mine}, 1)[engine]
            print(f"  {engine:8} {rows:12,} rows {seconds * 1e6 / rows:8.3f} s  {memory:6,} MiB")


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--rows", type=int, nargs="*", default=[1_000_000])
    parser.add_argument("--engines", nargs="+", default=["polars", "duckdb", "pandas"])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--review", action="store_true")
    parser.add_argument("--flat", type=int, nargs="*", default=[])
    parser.add_argument("--folder", default=str(Path(tempfile.gettempdir(), "salescore-bench")))
    asked = parser.parse_args()
    folder = Path(asked.folder)
    if asked.flat:
        flat(asked.flat, asked.engines, folder)
        return
    for rows in asked.rows:
        if asked.review:
            whole_review(rows, asked.engines, folder, asked.runs)
        else:
            compare(rows, asked.engines, folder, asked.runs)


if __name__ == "__main__":
    main()
