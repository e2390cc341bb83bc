"""The differential test of what forecasts of pipeline, series and purchases ask of facts."""

from __future__ import annotations

from datetime import date
from random import Random

from salescore.book import FACT_TABLES
from salescore.forecast import pipeline_forecast_reductions, series_reductions
from salescore.metrics import Reduction
from salescore.purchases import purchase_reductions
from salescore.testing._differential import DifferentialEngine, DifferentialReport, Run
from salescore.testing._differential_facts import fact_questions, hard_fact_rows
from salescore.values import Calendar, CalendarUnit

_DAYS = (date(2024, 3, 31), date(2000, 2, 29), date(1969, 12, 31), date(2199, 6, 30))
_CALENDARS = (Calendar(), Calendar.months(4), Calendar.named("nrf"))
_SERIES = (
    ("revenue", "product", CalendarUnit.MONTH),
    ("gross_profit", "region", CalendarUnit.QUARTER),
    ("customers", "product_family", CalendarUnit.WEEK),
    ("revenue_per_customer", "channel", CalendarUnit.YEAR),
    ("won_amount", "rep", CalendarUnit.MONTH),
    ("median_won_amount", "source", CalendarUnit.QUARTER),
    ("win_rate", "team", CalendarUnit.WEEK),
    ("stage_conversion", "stage", CalendarUnit.MONTH),
)
"""Figures whose series are asked for: sums, counts, different values, medians and ratios."""
_TABLES = 4


def forecast_differential(
    engine: DifferentialEngine, *, tables: int = _TABLES, seed: int = 0, rows: int = 200
) -> DifferentialReport:
    """
    Hold an engine against Python rows on what forecasts ask of the fact tables.

    Asked are all reductions of `forecast.pipeline_forecast_reductions`, those of
    `purchases.purchase_reductions`, and those of `forecast.series_reductions` for figures of many
    kinds, on awkward rows: keys that differ by case, accents or spaces alone, ids that stand there
    twice, amounts of up to 33 digits, dates on the day and beside it, nulls and ties.
    What stock is planned by is read from records and series, so it has no reductions of its own.

    Args:
        engine: The engine.
        tables: How many sets of rows of each fact table; days and calendars take turns.
        seed: Which random rows.
        rows: Rows of each random table.

    Returns:
        What was compared, refused and found to differ; nothing is raised for an engine at fault.
    """
    run = Run(engine)
    for number in range(tables):
        randomness = Random(f"{seed}/{number}")  # noqa: S311 - chance that can be repeated
        day, calendar = _DAYS[number % len(_DAYS)], _CALENDARS[number % len(_CALENDARS)]
        asked = forecast_reductions(day)
        names = {one.table for one in asked}
        for schema in (one for one in FACT_TABLES if one.name in names):
            table = hard_fact_rows(randomness, schema, rows, day)
            run.compare_questions(table, fact_questions(asked, schema.name, calendar, day))
    return run.report()


def forecast_reductions(day: date) -> tuple[Reduction, ...]:
    """Return what each room declares that forecasts read, as of a day."""
    series = (
        one for name, by, unit in _SERIES for one in series_reductions(name, by=by, unit=unit)
    )
    return (*pipeline_forecast_reductions(day), *purchase_reductions(day), *series)
