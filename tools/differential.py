"""
Hold every engine against Python rows on millions of random cells, and keep what was found.

Asked are random rules and reductions, or with `--asked` those that a room declares.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from pathlib import Path

from salescore.testing import (
    DifferentialEngine,
    DifferentialReport,
    FrameEngine,
    SqlEngine,
    differential,
    forecast_differential,
    process_differential,
)
from tools import java, postgres

KEPT = Path(__file__).with_suffix(".json")
KEPT_DECLARED = KEPT.with_stem("differential_declared")
CELLS = 2_000_000
TABLES = 12
DECLARED = {"pipeline": process_differential, "forecast": forecast_differential}
"""What rooms declare that they ask of facts: figures of the pipeline, and forecasts."""


@contextmanager
def frames(name: str) -> Iterator[DifferentialEngine]:
    """Open an engine of dataframes that needs no session."""
    yield FrameEngine(name)


@contextmanager
def spark() -> Iterator[DifferentialEngine]:
    """Open Spark, asked through dataframes."""
    if java.install() is None:
        raise SystemExit("Spark needs Java")
    with tempfile.TemporaryDirectory() as folder, java.spark_session(Path(folder)) as session:
        yield FrameEngine("spark", session)


@contextmanager
def sqlite() -> Iterator[DifferentialEngine]:
    """Open SQLite in memory."""
    yield SqlEngine.sqlite()


@contextmanager
def duckdb_sql() -> Iterator[DifferentialEngine]:
    """Open DuckDB, asked in SQL."""
    import duckdb  # noqa: PLC0415 - one engine of many

    with duckdb.connect() as connection:
        yield SqlEngine.duckdb(connection)


@contextmanager
def postgres_sql() -> Iterator[DifferentialEngine]:
    """Open a private Postgres."""
    import psycopg  # noqa: PLC0415 - one engine of many

    with ExitStack() as stack:
        cluster = stack.enter_context(postgres.postgres_cluster())
        yield SqlEngine.postgres(stack.enter_context(psycopg.connect(cluster.dsn, autocommit=True)))


ENGINES: dict[str, tuple[Callable[[], object], str, int]] = {
    "polars": (lambda: frames("polars"), "polars", 1_000),
    "duckdb": (lambda: frames("duckdb"), "duckdb", 1_000),
    "pyarrow": (lambda: frames("pyarrow"), "pyarrow", 1_000),
    "pandas": (lambda: frames("pandas"), "pandas", 1_000),
    "spark": (spark, "pyspark", 5_000),
    "duckdb-sql": (duckdb_sql, "duckdb", 1_000),
    "sqlite": (sqlite, "", 200),
    "postgres": (postgres_sql, "", 200),
}
"""How each engine is opened, whose version counts, and how many rows a table has."""


def main() -> int:
    """Run the engines asked for; fail where one differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engines", nargs="*", metavar="ENGINE", help=", ".join(ENGINES))
    parser.add_argument("--asked", choices=("random", *DECLARED), default="random")
    parser.add_argument("--cells", type=int, default=CELLS, help="of random questions, at least")
    parser.add_argument(
        "--tables", type=int, default=TABLES, help="random ones, of what is declared"
    )
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    unknown = [name for name in asked.engines if name not in ENGINES]
    if unknown:
        parser.error(f"no engine {unknown[0]!r}; there are {', '.join(ENGINES)}")
    wrong = 0
    for name in asked.engines or ENGINES:
        opened, package, rows = ENGINES[name]
        with opened() as engine:  # type: ignore[attr-defined]
            began = time.perf_counter()
            report = reported(engine, asked, rows)
            seconds = time.perf_counter() - began
        print(f"{report}\n  {seconds:.0f} seconds", flush=True)
        if asked.cells >= CELLS if asked.asked == "random" else asked.tables >= TABLES:
            found = entry(package and version(package), report, rows, seconds)
            keep(name, found, asked.asked)
        else:
            print("  too short a run to be kept", flush=True)
        wrong += report.mismatches
    return 1 if wrong else 0


def reported(
    engine: DifferentialEngine, asked: argparse.Namespace, rows: int
) -> DifferentialReport:
    """Return the report on an engine."""
    if asked.asked == "random":
        return differential(engine, cells=asked.cells, seed=asked.seed, rows=rows)
    return DECLARED[asked.asked](engine, tables=asked.tables, seed=asked.seed, rows=rows)


def entry(
    version_of: str, report: DifferentialReport, rows: int, seconds: float
) -> dict[str, object]:
    """Return what is kept of a report."""
    return {
        "version": version_of,
        "cells": report.cells,
        "rules": report.rules,
        "reductions": report.reductions,
        "rows": rows,
        "refused": sum(count for _, count in report.refused),
        "mismatches": report.mismatches,
        "seconds": round(seconds),
    }


def keep(name: str, found: dict[str, object], asked: str) -> None:
    """Keep what was found beside that of other engines; the documentation shows it."""
    kept = KEPT if asked == "random" else KEPT_DECLARED
    known = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    here = known if asked == "random" else known.setdefault(asked, {})
    here[name] = found
    ordered = {one: here[one] for one in ENGINES if one in here}
    whole = ordered if asked == "random" else {**known, asked: ordered}
    kept.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
