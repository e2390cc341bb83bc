"""
Purchase behaviour: fits, forecasts and values of customers, beside the package lifetimes.

Run: python benchmarks/purchases.py --customers 2357
Or on a file of summaries: python benchmarks/purchases.py --csv cdnow_customers_summary.csv

Without a file, customers are made up: rates and chances to leave are drawn as BG/NBD has them, with
the parameters published for CDNOW.
`fit` is the time from histories to a fitted model; the log-likelihoods stand beside it and must
agree. lifetimes runs on NumPy and SciPy; where it is not installed its lines are absent.
"""

from __future__ import annotations

import argparse
import csv
import gc
import random
import statistics
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs

from salescore.purchases import (
    Basket,
    BgNbd,
    GammaGamma,
    PurchaseHistories,
    PurchaseHistory,
    affinities,
    fit_bg_nbd,
    lifetime_values,
    purchase_forecast,
)

TRUE = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}
SPENT = GammaGamma(p=Decimal("6.25"), q=Decimal("3.74"), gamma=Decimal("15.44"))
Row = tuple[int, float, float]


def made_rows(many: int, seed: int = 7) -> list[Row]:
    """Return repeats, recency and age of so many customers, in weeks, to two digits."""
    chance = random.Random(seed)
    found: list[Row] = []
    for _ in range(many):
        rate = chance.gammavariate(TRUE["r"], 1.0 / TRUE["alpha"])
        leaves = chance.betavariate(TRUE["a"], TRUE["b"])
        age = round(chance.uniform(27.0, 39.0), 2)
        repeats, last, now = 0, 0.0, 0.0
        while repeats == 0 or chance.random() >= leaves:
            now += chance.expovariate(max(rate, 1e-12))
            if now >= age:
                break
            repeats, last = repeats + 1, max(round(now, 2), 0.01)
        found.append((repeats, min(last, age), age))
    return found


def read_rows(path: Path) -> list[Row]:
    """Return the rows of a file with columns frequency, recency and T."""
    with path.open(encoding="utf-8", newline="") as lines:
        return [
            (int(row["frequency"]), float(row["recency"]), float(row["T"]))
            for row in csv.DictReader(lines)
        ]


def history_of(number: int, row: Row) -> PurchaseHistory:
    """Return the history of a row; a customer who bought again spent twenty each time."""
    return PurchaseHistory(
        key=f"c{number}",
        repeats=row[0],
        recency=Decimal(str(row[1])),
        age=Decimal(str(row[2])),
        mean_value=Decimal(20) if row[0] else None,
    )


def timed(act: Callable[[], Any], times: int) -> tuple[float, Any]:
    """Return the median of several runs in seconds of the processor, and what the last gave."""
    seconds: list[float] = []
    found: Any = None
    for _ in range(times):
        gc.collect()
        began = time.process_time()
        found = act()
        seconds.append(time.process_time() - began)
    return statistics.median(seconds), found


def fits_of_lifetimes(rows: list[Row]) -> dict[bool, Callable[[], BgNbd]]:
    """Return how lifetimes fits both forms; nothing where it is absent."""
    try:
        import lifetimes  # noqa: PLC0415 - not needed for ours
        import numpy  # noqa: ICN001, PLC0415 - as above
    except ImportError:
        return {}
    columns = [numpy.array(column) for column in zip(*rows, strict=True)]

    def fitting(kind: Any, *, is_modified: bool) -> Callable[[], BgNbd]:  # noqa: ANN401
        def act() -> BgNbd:
            found = kind().fit(*columns).params_
            values = {name: Decimal(str(float(found[name]))) for name in TRUE}
            return BgNbd(**values, is_modified=is_modified)

        return act

    return {
        False: fitting(lifetimes.BetaGeoFitter, is_modified=False),
        True: fitting(lifetimes.ModifiedBetaGeoFitter, is_modified=True),
    }


def line(what: str, seconds: float, told: str = "") -> None:
    """Print a row of the table."""
    print(f"{what:<44}{seconds:>9.3f}  {told}")


def compare_fits(histories: list[PurchaseHistory], rows: list[Row], times: int) -> BgNbd:
    """Print the fits of both forms, ours and those of lifetimes; return the plain model."""
    others = fits_of_lifetimes(rows)
    models: list[BgNbd] = []
    for is_modified in (False, True):
        ours, fit = timed(lambda form=is_modified: fit_bg_nbd(histories, is_modified=form), times)
        models.append(fit.model)
        told = f"r {fit.model.r:.5f}, log-likelihood {fit.log_likelihood:.4f}"
        line(f"fit {fit.model.name}, salescore", ours, told)
        if is_modified in others:
            theirs, model = timed(others[is_modified], times)
            likelihood = model.log_likelihood(histories)
            told = f"r {model.r:.5f}, log-likelihood {likelihood:.4f}"
            line(f"fit {model.name}, lifetimes", theirs, told)
            line("  salescore ÷ lifetimes", ours / theirs, "(a ratio, not seconds)")
    return models[0]


def made_baskets(many: int, seed: int = 7) -> list[Basket]:
    """Return baskets of one to six of 400 products, some far more frequent than others."""
    chance = random.Random(seed)
    return [
        Basket(
            id=str(number),
            products={
                f"p{min(int(chance.paretovariate(0.6)), 400)}" for _ in range(chance.randint(1, 6))
            },
        )
        for number in range(many)
    ]


def main() -> None:
    """Run the benchmark and print medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=2357)
    parser.add_argument("--csv", type=Path, default=None)
    parser.add_argument("--baskets", type=int, default=50_000)
    parser.add_argument("--times", type=int, default=5)
    asked = parser.parse_args()
    rows = made_rows(asked.customers) if asked.csv is None else read_rows(asked.csv)
    histories = [history_of(number, row) for number, row in enumerate(rows)]
    print(f"{len(rows):,} customers, {len(set(rows)):,} different histories; seconds")
    model = compare_fits(histories, rows, asked.times)

    def values() -> Any:  # noqa: ANN401
        return lifetime_values(
            histories, model, SPENT, margin=Decimal("0.3"), discount=Decimal("0.01"), periods=12
        )

    seconds, found = timed(values, 1)
    line("lifetime values over 12 months", seconds, f"total {found.total:,.2f}")
    known = PurchaseHistories(histories=histories, as_of=date(1997, 9, 30), unit_days=Decimal(7))
    for what, one in (
        ("all purchases in 39 weeks", model),
        ("the same, parameters as known", attrs.evolve(model, covariance=None)),
    ):
        seconds, told = timed(lambda of=one: purchase_forecast(known, of, Decimal(39)), 1)
        line(what, seconds, repr(told.distribution))
    baskets = made_baskets(asked.baskets)
    seconds, pairs = timed(lambda: affinities(baskets), 1)
    line(f"affinities of {len(baskets):,} baskets", seconds, f"{len(pairs.pairs):,} rules")


if __name__ == "__main__":
    main()
