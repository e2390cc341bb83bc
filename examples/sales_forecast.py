"""
Say what a quarter may bring, how often such ranges held, and what stock the months ahead take.

Run: python examples/sales_forecast.py

The sales of machines are invented, as the README beside them says; the office supplier is a public
sample. Every number is one of chances, and each says what it was learnt from.
"""

from datetime import date
from decimal import Decimal
from pathlib import Path

from salescore import Calendar, Facts, read_folder
from salescore.forecast import (
    Distribution,
    RunRate,
    Series,
    Theta,
    age_chances,
    backtest,
    new_business,
    pipeline_forecast,
    pipeline_snapshot,
    residual_pool,
    series_by,
    series_forecast,
    won_so_far,
)
from salescore.metrics import figure, trend
from salescore.stock import reorder_point, supply_plan, unit_demand
from salescore.values import Period

DATA = Path(__file__).parent / "data"
CALENDAR = Calendar()
LEVEL = Decimal("0.8")


def main() -> None:
    """Print what may come, and how often such forecasts held."""
    machines = Facts.of(read_folder(DATA / "machines").book)
    the_quarter(machines)
    did_it_hold(machines)
    supplier = Facts.of(read_folder(DATA / "superstore", profile="superstore").book)
    the_months(supplier)


def said(found: Distribution) -> str:
    """Return the mean, and the range that holds four outcomes of five."""
    band = found.band(LEVEL)
    return f"{found.mean:,.0f} ({band.low:,.0f} to {band.high:,.0f})"


def won(facts: Facts, day: date, period: Period) -> Distribution | None:
    """Return what a period may bring, by all that was known on a day."""
    pipeline = pipeline_snapshot(facts, as_of=day)
    extra = [
        new_business(facts, as_of=day, during=period),
        won_so_far(facts, as_of=day, during=period),
    ]
    chances = age_chances(pipeline, facts, during=period)
    correlation = Decimal("0.2")  # what all sales share: a guess, but 0 is surely too little
    whole = pipeline_forecast(pipeline, chances, extra=extra, correlation=correlation)
    return whole.distribution


def run_rate(facts: Facts, day: date, _: Period) -> Distribution | None:
    """Return what a month may bring, by the mean of those before: what every way has to beat."""
    months = trend("won_amount", facts, periods=12, until=day)
    series = Series.of_trend(months, as_of=day)
    ahead = series_forecast(series, horizon=1, method=RunRate(window=6), is_nonnegative=True)
    return ahead.periods[0].distribution


def the_quarter(facts: Facts) -> None:
    """Print what a quarter may bring, seen a month after it began."""
    found = won(facts, date(2026, 4, 30), CALENDAR.parse("2026-Q2"))
    if found is not None:  # where nothing is known of any sale
        print(f"The quarter, EUR: {said(found)}")
        print(f"  700,000 or more: {found.at_least(Decimal(700_000)):.0%}")


def did_it_hold(facts: Facts) -> None:
    """Print how often the ranges of such forecasts held what came."""
    months = [f"2025-{month:02}" for month in range(6, 13)]
    months += [f"2026-{month:02}" for month in range(1, 6)]
    tried = backtest(
        [CALENDAR.parse(one).last_day for one in months],
        facts_at=facts.at,
        methods={"by age": won, "run rate": run_rate},
        baselines=["run rate"],
        period_of=lambda day: CALENDAR.next(CALENDAR.parse(f"{day:%Y-%m}")),
        actual=lambda known, period: figure("won_amount", known, during=period).value,
        judged_on=date(2026, 6, 30),
    )
    held = next(one for one in tried.of("by age").coverage if one.level == LEVEL)
    print(f"  of {held.n} months before, such ranges held {held.inside}")
    beside = tried.against("by age", "run rate")
    print(f"  against a mean of months: {beside.skill or 0:+.0%} ({beside.verdict.value})\n")


def the_months(facts: Facts) -> None:
    """Print what the best-selling family may sell, and what stock that takes."""
    today = date(2017, 12, 31)
    families = series_by("volume", facts, by="product_family", as_of=today)
    pool = residual_pool(families, method=Theta(), horizon=3)
    best = max(families, key=lambda one: sum(filter(None, one.values)))
    ahead = series_forecast(best, horizon=3, spread=pool, is_nonnegative=True)
    months = [one.distribution for one in ahead.periods if one.distribution is not None]
    print(f"{best.name}, units a month: {', '.join(map(said, months))}")
    demand = [unit_demand(one) for one in months]
    point = reorder_point(demand, lead_time=1, service_level=Decimal("0.95"))
    print(f"  order again at {point.level:,.0f} where a delivery takes a month")
    plan = supply_plan(demand, opening=Decimal(50), lead_time=1, service_level=Decimal("0.95"))
    orders = ", ".join(f"{one:,.0f}" for one in plan.orders if one is not None)
    print(f"  from 50 on, order {orders}")


if __name__ == "__main__":
    main()
