"""How often intervals hold what happens: a backtest on the shared series."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from salescore.forecast import ResidualPool, Series, Spread, Theta, residual_pool, series_forecast

pytestmark = [pytest.mark.shared, pytest.mark.slow]

HORIZON = 6
ORIGINS = 10
LEVELS = (Decimal("0.8"), Decimal("0.95"))
Sums = dict[tuple[str, ...], list[Decimal]]
Counts = dict[str, list[int]]


def months_and_weeks(shared: Path) -> dict[str, list[Series]]:
    """Return all series by data set; those of one unit of the calendar make a pool."""
    data = shared / "data"
    lines = data / "timeseries"
    return {
        "month airline": [Series.of(column(lines / "Airline.csv", "Passengers"), season=12)],
        "month shampoo": [Series.of(column(lines / "ShampooSales.csv", "Sales"), season=12)],
        "month pbs": [Series.of(column(lines / "PBS_dataset.csv", "Scripts"), season=12)],
        "month superstore": superstore(data / "superstore" / "superstore.csv"),
        "week northwind": northwind(data / "northwind"),
        "week cdnow": cdnow(data / "cdnow" / "CDNOW_master.txt.gz"),
    }


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def column(path: Path, name: str) -> list[Decimal]:
    """Return a column of numbers."""
    return [Decimal(row[name]) for row in rows_of(path)]


def series_of(sums: Sums, season: int) -> list[Series]:
    """Return a series per name."""
    return [Series.of(one, season=season, name=" ".join(key)) for key, one in sorted(sums.items())]


def superstore(path: Path) -> list[Series]:
    """Return 48 months of sales of each sub-category in each region; without an order it is 0."""
    sums: Sums = defaultdict(lambda: [Decimal(0)] * 48)
    for row in rows_of(path):
        day = date.fromisoformat(row["Order Date"])
        month = (day.year - 2014) * 12 + day.month - 1
        sums[row["Sub-Category"], row["Region"]][month] += Decimal(row["Sales"])
    return series_of(sums, 12)


def northwind(folder: Path) -> list[Series]:
    """Return 95 weeks of sales of each category."""
    category = {row["ProductID"]: row["CategoryID"] for row in rows_of(folder / "Products.csv")}
    days = {row["OrderID"]: row["OrderDate"][:10] for row in rows_of(folder / "Orders.csv")}
    sums: Sums = defaultdict(lambda: [Decimal(0)] * 95)
    for row in rows_of(folder / "OrderDetails.csv"):
        week = (date.fromisoformat(days[row["OrderID"]]) - date(1996, 7, 1)).days // 7
        if week < 95:
            amount = Decimal(row["UnitPrice"]) * Decimal(row["Quantity"])
            sums[(category[row["ProductID"]],)][week] += amount * (1 - Decimal(row["Discount"]))
    return series_of(sums, 1)


def cdnow(path: Path) -> list[Series]:
    """Return 78 weeks of units and of value of all customers."""
    sums: Sums = defaultdict(lambda: [Decimal(0)] * 78)
    with gzip.open(path, "rt", encoding="ascii") as file:
        for parts in map(str.split, file):
            if len(parts) < 4 or not parts[1].isdigit():
                continue
            text = parts[1]
            day = date(int(text[:4]), int(text[4:6]), int(text[6:]))
            week = (day - date(1997, 1, 1)).days // 7
            if week < 78:
                sums[("units",)][week] += Decimal(parts[2])
                sums[("value",)][week] += Decimal(parts[3])
    return series_of(sums, 1)


def known_before_the_end(several: Iterable[Series], back: int) -> list[Series]:
    """Return the series as they were known so many periods before their ends."""
    return [one.first(len(one.values) - back) for one in several]


@pytest.fixture(scope="module")
def counts(shared: Path) -> Counts:
    """
    Return per data set the number of forecasts, and how many each kind of interval held.

    At each of ten positions before the end, every series is forecast six steps ahead by Theta from
    what was known there. The errors are pooled over the series of the same unit of the calendar,
    from forecasts of which the outcome was known at that position.
    """
    sets = months_and_weeks(shared)
    found: Counts = {name: [0] * 5 for name in sets}
    for unit in ("month", "week"):
        names = [name for name in sets if name.startswith(unit)]
        for back in range(1, ORIGINS + 1):
            before = [one for name in names for one in known_before_the_end(sets[name], back)]
            pool = residual_pool(before, method=Theta(), horizon=HORIZON, origins=12)
            for name in names:
                for one in sets[name]:
                    count(found[name], one, back, pool)
    return found


def count(row: list[int], series: Series, back: int, pool: ResidualPool) -> None:
    """Add the forecasts of one series from one position: pooled intervals, then normal ones."""
    known = series.first(len(series.values) - back)
    several = [
        series_forecast(known, horizon=min(HORIZON, back), spread=spread)
        for spread in (pool, Spread.NORMAL)
    ]
    for step, actual in enumerate(series.values[-back:][:HORIZON]):
        bands = [one.periods[step].band(level) for one in several for level in LEVELS]
        if actual is None or None in bands:
            continue
        row[0] += 1
        for place, band in enumerate(bands, 1):
            row[place] += band is not None and band.low <= actual <= band.high


def shares(rows: Iterable[list[int]]) -> list[float]:
    """Return the number of forecasts, and which share of them each kind of interval held."""
    n, *held = (sum(column) for column in zip(*rows, strict=True))
    return [n, *(one / n for one in held)]


def test_pooled_intervals_hold_what_they_promise(counts: Counts) -> None:
    """Over all series, 80 % intervals hold 76 to 84 % and 95 % intervals 92 to 98 %."""
    print(f"\n{'':20} {'n':>6}  pooled 80, 95   normal 80, 95")  # noqa: T201 - a result
    for name, rows in [("all", list(counts.values())), *((k, [v]) for k, v in counts.items())]:
        n, *held = shares(rows)
        print(f"{name:20} {n:6.0f} " + " ".join(f"{100 * one:7.1f}" for one in held))  # noqa: T201
    n, eighty, ninety_five, *_ = shares(counts.values())
    assert n > 3000
    assert 0.76 <= eighty <= 0.84
    assert 0.92 <= ninety_five <= 0.98


@pytest.mark.parametrize("unit", ["month", "week"])
def test_each_pool_holds_what_it_promises(counts: Counts, unit: str) -> None:
    """The same holds for the pool of months and the pool of weeks by themselves."""
    _, eighty, ninety_five, *_ = shares(v for k, v in counts.items() if k.startswith(unit))
    assert 0.76 <= eighty <= 0.84
    assert 0.92 <= ninety_five <= 0.98


def test_a_pool_serves_a_series_unlike_the_others(counts: Counts) -> None:
    """A strongly seasonal series among rough ones still is held by three in four intervals."""
    _, eighty, ninety_five, *_ = shares([counts["month airline"]])
    assert eighty >= 0.75
    assert ninety_five >= 0.9
