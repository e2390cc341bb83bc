"""
Events of a sales process with a guard and a typed history, against other libraries, in one run.

Run: python benchmarks/funnel.py --deals 250

The other libraries live in an environment of their own; one that is not installed is listed as
absent:

    python -m venv out/peers
    out/peers/bin/python -m pip install . automat transitions python-statemachine
    out/peers/bin/python benchmarks/funnel.py --deals 250

Each deal lives through six events. Every contestant asks one guard for each, moves the deal, sets
probability and closing, ends the running visit and begins the next one in a frozen record; their
stages must agree. Deals, and machines bound to them, are made before the clock starts.
By hand is a table of dicts on frozen records of 6 and 4 fields. Ours has 23 and 15, and besides
says why it refuses, knows retries, holds the history against the deal and gives every visit an id;
`decide` alone has its contexts made before, `with events` makes the events to append as well.
The contestants take turns; a ratio is the median of the ratios to ours of each turn.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import time
import tracemalloc
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import _funnel_peers as peers

CONTESTANTS: dict[str, tuple[Callable[[], peers.Contestant], str | None, int]] = {
    "by hand": (peers.by_hand, None, 1),
    "salescore": (peers.salescore, None, 1),
    "salescore, decide alone": (peers.salescore_decisions, None, 1),
    "salescore, with events": (partial(peers.salescore, with_events=True), None, 1),
    "automat": (peers.automat, "automat", 1),
    "transitions": (peers.transitions, "transitions", 5),
    "python-statemachine": (peers.python_statemachine, "python-statemachine", 50),
}
"""Per contestant: what makes it, the package it needs, and the share of the deals it gets."""


def timed(act: peers.Act, deals: Sequence[Any]) -> float:
    """Return the microseconds that an event takes."""
    start = time.perf_counter()
    deque(map(act, deals), maxlen=0)
    return (time.perf_counter() - start) / len(deals) / len(peers.LIFE) * 1e6


def labelled(name: str, package: str | None) -> str | None:
    """Return a contestant's name with its version; `None`, and say so, where it is absent."""
    if package is None:
        return name
    try:
        return f"{name} {version(package)}"
    except PackageNotFoundError:
        print(f"  {name:34}    absent: it is not installed here")
        return None


def memory(name: str, contestant: peers.Contestant, count: int = 500) -> None:
    """Print what a deal keeps at the end of its life."""
    act, made, _ = contestant
    deals = made(count)
    tracemalloc.start()
    kept = [act(deal) for deal in deals]
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(f"  {name:34}{held / len(kept):10,.0f} bytes a deal, on top of its beginning")


def main() -> None:
    """Run the benchmark and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deals", type=int, default=250)
    parser.add_argument("--runs", type=int, default=41)
    options = parser.parse_args()
    print(f"{options.deals:,} deals of {len(peers.LIFE)} events, {options.runs} runs, medians")
    contestants: dict[str, tuple[peers.Contestant, int]] = {}
    wanted: list[str] = []
    for name, (make, package, share) in CONTESTANTS.items():
        label = labelled(name, package)
        if label is None:
            continue
        contestant = make()
        act, made, stages = contestant
        found = stages([act(deal) for deal in made(2)][-1])
        wanted = wanted or found
        if found != wanted:
            raise SystemExit(f"{label} went through {found}, not {wanted}")
        contestants[label] = (contestant, max(options.deals // share, 1))
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(options.runs):
        for name, ((act, made, _), count) in contestants.items():
            deals = made(count)
            gc.collect()
            gc.freeze()
            times[name].append(timed(act, deals))
            gc.unfreeze()
    for name, found_times in times.items():
        pairs = zip(found_times, times["salescore"], strict=True)
        ratio = statistics.median(one / ours for one, ours in pairs)
        median, least = statistics.median(found_times), min(found_times)
        print(f"  {name:34}{median:8.2f} µs an event, least {least:7.2f}   ratio {ratio:7.2f}")
    for name in ("by hand", "salescore"):
        memory(name, contestants[name][0])


if __name__ == "__main__":
    main()
