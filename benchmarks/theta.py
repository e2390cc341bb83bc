"""
Theta over 1,400 made-up monthly series of 60 to 120 months, in one run.

Run: python benchmarks/theta.py --series 1400

`points` fits and continues each series by 18 months; `forecast` makes the records with parameters,
notes and normal intervals besides; `pooled` adds intervals from one pool of past errors, of which
the pool itself is timed apart.
`statsforecast` is the Theta of that package on the same values, after one warm-up of its compiler,
in one process; it is listed as absent where it is not installed.
Accuracy is that of the 18 months held back, beside the seasonal naive forecast.
"""

from __future__ import annotations

import argparse
import gc
import random
import statistics
import time
from collections.abc import Callable, Sequence
from decimal import Decimal
from math import pi, sin
from typing import Any

from salescore.forecast import (
    SeasonalNaive,
    Series,
    Spread,
    Theta,
    residual_pool,
    series_forecast,
)
from salescore.stats import forecast_accuracy

HORIZON = 18
SEASON = 12


def made_series(many: int, seed: int = 7) -> list[list[float]]:
    """Return random series: a drifting level, a season that multiplies it, and noise."""
    chance = random.Random(seed)
    found: list[list[float]] = []
    for _ in range(many):
        level = chance.uniform(200, 5000)
        drift = level * chance.gauss(0.003, 0.006)
        waves = [(chance.uniform(0, 0.25) / k, chance.uniform(0, 2 * pi), k) for k in (1, 2, 3)]
        step, noise = chance.uniform(0.005, 0.05), chance.uniform(0.01, 0.15)
        values: list[float] = []
        for month in range(chance.randint(60, 120) + HORIZON):
            level = max(level + drift + level * chance.gauss(0, step), 1.0)
            season = 1 + sum(
                size * sin(2 * pi * k * month / SEASON + turn) for size, turn, k in waves
            )
            values.append(max(round(level * season * (1 + chance.gauss(0, noise)), 2), 0.01))
        found.append(values)
    return found


def seconds(work: Callable[[], object], times: int = 3) -> float:
    """Return the median time of some runs."""
    found: list[float] = []
    for _ in range(times):
        gc.collect()
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return statistics.median(found)


def peer_points(known: Sequence[Sequence[float]]) -> Callable[[], list[Sequence[float]]] | None:
    """Return the work of statsforecast's Theta, warm; `None` where it is absent."""
    try:
        import numpy as np  # noqa: PLC0415 - optional
        from statsforecast.models import Theta as PeerTheta  # noqa: PLC0415 - optional
    except ImportError:
        return None
    arrays = [np.array(one) for one in known]

    def work() -> list[Any]:
        model = PeerTheta(season_length=SEASON)
        return [model.forecast(y=one, h=HORIZON)["mean"] for one in arrays]

    work()
    return work


def accuracy(points: Sequence[Sequence[float]], made: Sequence[Sequence[float]]) -> str:
    """Return mean sMAPE and MASE over all series."""
    smapes: list[float] = []
    mases: list[float] = []
    for row, values in zip(points, made, strict=True):
        found = forecast_accuracy(
            [Decimal(str(one)) for one in values[-HORIZON:]],
            [Decimal(f"{one:.12g}") for one in row],
            history=[Decimal(str(one)) for one in values[:-HORIZON]],
            season=SEASON,
        )
        if found is not None and found.mase is not None:
            smapes.append(float(found.smape))
            mases.append(float(found.mase))
    return f"sMAPE {statistics.fmean(smapes):7.3f}  MASE {statistics.fmean(mases):6.3f}"


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--series", type=int, default=1400)
    many = parser.parse_args().series
    made = made_series(many)
    known = [one[:-HORIZON] for one in made]
    method, naive = Theta(), SeasonalNaive()
    ours = [method.fit(one, SEASON, HORIZON).points for one in known]
    simple = [naive.fit(one, SEASON, HORIZON).points for one in known]
    lasts = seconds(lambda: [method.fit(one, SEASON, HORIZON) for one in known])
    print(f"{many} series of {sum(map(len, known)) / many:.0f} months, {HORIZON} ahead")
    print(f"{'points':16} {lasts:7.2f} s   {accuracy(ours, made)}")
    series = [Series.of([Decimal(str(v)) for v in one], season=SEASON) for one in known]
    records = seconds(
        lambda: [series_forecast(one, horizon=HORIZON, spread=Spread.NORMAL) for one in series], 1
    )
    print(f"{'forecast':16} {records:7.2f} s")
    some = series[:100]
    pool = residual_pool(some, method=method, horizon=HORIZON)
    built = seconds(lambda: residual_pool(some, method=method, horizon=HORIZON), 1)
    pooled = seconds(
        lambda: [
            [step.band() for step in series_forecast(one, horizon=HORIZON, spread=pool).periods]
            for one in series
        ],
        1,
    )
    print(f"{'pooled':16} {pooled:7.2f} s   (pool of {len(some)} series: {built:.2f} s)")
    print(f"{'seasonal naive':16} {'':9}   {accuracy(simple, made)}")
    peer = peer_points(known)
    if peer is None:
        print("statsforecast    absent")
        return
    other = seconds(peer)
    print(f"{'statsforecast':16} {other:7.2f} s   {accuracy(peer(), made)}")
    print(f"ratio {lasts / other:.2f}")


if __name__ == "__main__":
    main()
