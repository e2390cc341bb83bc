"""
Win curves of 100,000 opportunities, from records to curves, in one run.

Run: python benchmarks/pipeline.py --opportunities 100000

`records` begins with a book of records: fact table, reduction, and the curve of all.
`facts` begins with a fact table that exists; `by rep` has a curve for each of 50 reps besides.
`polars` and `duckdb` begin with the fact table as a dataframe of that engine.
`by hand` is the same estimator as a loop over records with floats, without variances, intervals
or counts of what is left out; its share won must agree.
"""

from __future__ import annotations

import argparse
import gc
import random
import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from salescore.book import Facts, SalesBook
from salescore.entities import Opportunity, StageKind
from salescore.frames import FrameFacts, fact_frames
from salescore.pipeline import WinCurves, stale_opportunities, win_curves
from salescore.values import Money

TODAY = date(2026, 6, 30)
KINDS = (*(StageKind.WON,) * 3, *(StageKind.LOST,) * 5, StageKind.VOID, StageKind.OPEN)


def made_book(many: int, seed: int = 7) -> SalesBook:
    """Return a random book of so many opportunities, a tenth of them open, of two years."""
    chance = random.Random(seed)
    found: list[Any] = []
    for number in range(many):
        created = TODAY - timedelta(days=chance.randrange(730))
        closed = created + timedelta(days=min(int(chance.expovariate(1 / 90)), 400))
        kind = chance.choice(KINDS) if closed <= TODAY else StageKind.OPEN
        is_open = kind is StageKind.OPEN
        found.append(
            Opportunity(
                id=f"P{number}",
                stage="Talks" if is_open else kind.value,
                kind=kind,
                rep_id=f"R{chance.randrange(50)}",
                amount=Money(Decimal(chance.randrange(1000, 10**7)).scaleb(-2), "USD"),
                created_on=created,
                closed_on=None if is_open else closed,
            )
        )
    return SalesBook(opportunities=found)


def by_hand(book: SalesBook) -> float:
    """Return the share won at the greatest age seen, by the same estimator in floats."""
    counts: dict[int, list[int]] = {}
    for one in book.opportunities:
        if one.created_on is None:
            continue
        age = ((one.closed_on or TODAY) - one.created_on).days
        row = counts.setdefault(age, [0, 0, 0])
        row[0] += one.kind is StageKind.WON
        row[1] += one.kind in (StageKind.LOST, StageKind.VOID)
        row[2] += one.kind is StageKind.OPEN
    at_risk = sum(map(sum, counts.values()))
    won, alive = 0.0, 1.0
    for age in sorted(counts):
        row = counts[age]
        won += alive * row[0] / at_risk
        alive *= 1 - (row[0] + row[1]) / at_risk
        at_risk -= sum(row)
    return won


def main() -> None:
    """Run the benchmark and print medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--opportunities", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    book = made_book(options.opportunities)
    facts = Facts.of(book, as_of=TODAY)
    frames = {
        engine: FrameFacts.of(
            {"opportunities": fact_frames(facts, engine)["opportunities"]},
            currency="USD",
            as_of=TODAY,
        )
        for engine in ("polars", "duckdb")
    }
    gc.collect()
    gc.freeze()  # nobody pays for walking the book's own objects
    wanted = by_hand(book)
    acts: dict[str, Callable[[], object]] = {
        "records": lambda: win_curves(Facts.of(book, as_of=TODAY)),
        "facts": lambda: win_curves(facts),
        "by rep": lambda: win_curves(facts, by="rep"),
        "polars": lambda: win_curves(frames["polars"], by="rep"),
        "duckdb": lambda: win_curves(frames["duckdb"], by="rep"),
        "stale": lambda: stale_opportunities(facts),
        "by hand": lambda: by_hand(book),
    }
    print(f"{options.opportunities:,} opportunities, {options.runs} runs, medians")
    for name, act in acts.items():
        times: list[float] = []
        for _ in range(options.runs):
            start = time.perf_counter()
            found = act()
            times.append(time.perf_counter() - start)
            if isinstance(found, WinCurves):
                share = found.total.chance().value
                if share is None or abs(float(share) - wanted) > 1e-9:
                    raise SystemExit(f"{name}: {share} is not {wanted}")
        print(f"{name:8} {statistics.median(times):6.3f} s")
    gc.unfreeze()


if __name__ == "__main__":
    main()
