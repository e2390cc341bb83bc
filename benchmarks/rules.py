"""
A rule of four conditions and a table of twenty rows against other libraries, in one run.

Run: python benchmarks/rules.py --rows 20000

The other libraries live in an environment of their own, for some of them ask for python-dateutil 2;
one that is not installed is listed as absent:

    python -m venv out/peers
    out/peers/bin/python -m pip install . rule-engine panzi-json-logic cel-python zen-engine
    out/peers/bin/python benchmarks/rules.py --rows 20000

Base is a lambda over the same records that minds the same nulls.
Each library is handed the records in the form that it reads fastest, made before the clock starts,
and must give the answers that the lambda gives; slow ones are asked about fewer of them.
Before that, other rules run through the same functions, as they do in a program with many rules.
The contestants take turns, and a ratio is the median of the ratios of each turn.
"""

from __future__ import annotations

import argparse
import gc
import operator
import random
import statistics
import time
import tracemalloc
from collections import deque
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import _rule_peers as peers

from salescore.plain import Field, FieldTable, Kind
from salescore.rules import (
    F,
    compile_explanation,
    compile_expression,
    compile_table,
    explain,
    reach,
)

CONDITION: dict[str, tuple[Callable[..., peers.Contestant], str | None, int]] = {
    "lambda": (peers.by_hand, None, 1),
    "salescore": (peers.salescore, None, 1),
    "salescore, columns": (peers.salescore_columns, None, 1),
    "zen-engine": (peers.zen, "zen-engine", 1),
    "rule-engine": (peers.rule_engine, "rule-engine", 10),
    "panzi-json-logic": (peers.json_logic, "panzi-json-logic", 10),
    "cel-python": (peers.cel, "cel-python", 200),
}
"""Per contestant: what makes it, the package it needs, and the share of the records it gets."""

FIELDS = FieldTable(
    name="customers",
    fields=tuple(
        Field(name=name, kind=kind, nullable=name != "id", labels=(name, name))
        for name, kind in (
            ("id", Kind.ID),
            ("revenue_12m", Kind.DECIMAL),
            ("region", Kind.TEXT),
            ("last_order_on", Kind.DATE),
            ("closed_on", Kind.DATE),
        )
    ),
)


def made_rows(count: int, seed: int = 7) -> list[peers.Record]:
    """Return random customers, one in twenty of whose values is unknown."""
    chance = random.Random(seed)

    def known(value: object) -> Any:  # noqa: ANN401 - any value of a row
        return None if chance.random() < 0.05 else value

    return [
        {
            "id": f"C{number}",
            "revenue_12m": known(Decimal(chance.randrange(20_000_000)).scaleb(-2)),
            "region": known(chance.choice(("North", "South", "East", "West"))),
            "last_order_on": known(date(2016, 1, 1) + timedelta(days=chance.randrange(730))),
            "closed_on": None if chance.random() < 0.8 else date(2017, 6, 1),
        }
        for number in range(count)
    ]


def run_other_rules(rows: Sequence[peers.Record]) -> None:
    """Let other rules through the functions that compiled rules are put together from."""
    others = (
        (F.revenue_12m < 10) | (F.region == "West") | (F.last_order_on > date(2017, 1, 1)),
        F.region.is_in(["South"]) & ~F.closed_on.is_null(),
        F.id.starts_with("C1") & (F.closed_on > F.last_order_on) & (F.revenue_12m != 0),
    )
    for term in others:
        deque(map(compile_expression(term.tree, operator.itemgetter), rows), maxlen=0)


def timed(act: Callable[[Any], Any], rows: Sequence[Any]) -> float:
    """Return the microseconds that an act takes per row."""
    start = time.perf_counter()
    deque(map(act, rows), maxlen=0)
    return (time.perf_counter() - start) / len(rows) * 1e6


def show(contestants: dict[str, peers.Contestant], base: str, runs: int) -> None:
    """Time the contestants in turns and print medians and ratios to the base."""
    times: dict[str, list[float]] = {name: [] for name in contestants}
    gc.collect()
    gc.freeze()
    for _ in range(runs):
        for name, (act, rows) in contestants.items():
            times[name].append(timed(act, rows))
    for name, found in times.items():
        ratio = statistics.median(a / b for a, b in zip(found, times[base], strict=True))
        print(f"  {name:34}{statistics.median(found):10.3f} µs   ratio {ratio:9.2f}")


def labelled(name: str, package: str | None) -> str | None:
    """Return a contestant's name with its version; `None`, and say so, where it is absent."""
    if package is None:
        return name
    found = peers.installed(package)
    if found is None:
        print(f"  {name:34}    absent: it is not installed here")
        return None
    return f"{name} {found}"


def conditions(rows: list[peers.Record], runs: int) -> None:
    """Print what one rule of four conditions costs per record."""
    print(f"a rule of 4 conditions, {len(rows):,} records, {runs} runs, medians")
    lambda_, _ = peers.by_hand(rows)
    contestants: dict[str, peers.Contestant] = {}
    for name, (make, package, share) in CONDITION.items():
        label = labelled(name, package)
        if label is None:
            continue
        some = rows[: max(len(rows) // share, 1)]
        act, given = contestants[label] = make(some)
        for row, mine in zip(some, given, strict=True):
            if (act(mine) is True) is not lambda_(row):
                raise SystemExit(f"{label} does not agree with the lambda on {row}")
    show(contestants, "lambda", runs)


def tables(rows: list[peers.Record], runs: int) -> None:
    """Print what one decision table of twenty rows costs per record."""
    count = len(peers.TABLE.rows)
    print(f"a decision table of {count} rows, {len(rows):,} records, {runs} runs, medians")
    decide = compile_table(peers.TABLE, operator.itemgetter)
    contestants: dict[str, peers.Contestant] = {"salescore": (decide, rows)}
    label = labelled("zen-engine", "zen-engine")
    if label is not None:
        some = rows[: max(len(rows) // 20, 1)]
        act, given = contestants[label] = peers.zen_table(some)
        for row, mine in zip(some, given, strict=True):
            found = act(mine)["result"].get("percent")
            wanted = decide(row)
            if (None if wanted is None else wanted[0]) != found:
                raise SystemExit(f"{label} decides {found}, not {wanted}, on {row}")
    show(contestants, "salescore", runs)


def reasons(rows: list[peers.Record], runs: int) -> None:
    """Print what it costs to say why, and what it would take, per call."""
    tree = peers.CONDITION.tree
    some = rows[:500]
    missed = [row for row in rows if row["closed_on"] is None][:500]
    levers = ("revenue_12m", "region", "last_order_on")
    explained = compile_explanation(tree, FIELDS)
    print(f"reasons for the rule of 4 conditions, {len(some)} records, {runs} runs, medians")
    contestants: dict[str, peers.Contestant] = {
        "evaluation, compiled": (compile_expression(tree, operator.itemgetter), some),
        "explanation, compiled": (explained, some),
        "explain(), each time anew": (lambda row: explain(tree, row, FIELDS), some),
        "reach(), each time anew": (lambda row: reach(tree, row, FIELDS, levers), missed),
    }
    show(contestants, "evaluation, compiled", runs)


def memory() -> None:
    """Print what a compiled rule and a compiled table keep."""
    for name, make in (
        ("rule", lambda: compile_expression(peers.CONDITION.tree, operator.itemgetter)),
        ("table", lambda: compile_table(peers.TABLE, operator.itemgetter)),
    ):
        make()
        tracemalloc.start()
        kept = make()
        held, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        del kept
        print(f"a compiled {name} keeps {held / 1024:.1f} KiB, peak {peak / 1024:.1f} KiB")


def main() -> None:
    """Run the benchmark and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=9)
    options = parser.parse_args()
    rows = made_rows(options.rows)
    run_other_rules(rows)
    conditions(rows, options.runs)
    tables(rows, options.runs)
    reasons(rows, options.runs)
    memory()


if __name__ == "__main__":
    main()
