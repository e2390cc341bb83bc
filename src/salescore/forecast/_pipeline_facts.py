"""What forecasts of the pipeline ask of the facts, as declared reductions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from salescore.metrics import Aggregate, Measure, Reduction
from salescore.rules import F, Term, days_between

SALES, VISITS = "opportunities", "stage_visits"

SHOWN_KEYS = ("rep_id", "team_id", "customer_id", "product_id")
"""Columns of the fact table that a snapshot shows as they are."""

OPEN_KEYS = ("id", "funnel", "stage", "kind", "currency", "forecast_category", *SHOWN_KEYS)
"""Columns of the fact table that a snapshot asks for of each opportunity."""

_OPEN = F.kind.is_in(("open", "hold"))
_WON = F.kind == "won"
_CLOSED = F.kind.is_in(("won", "lost", "void"))


def _measure(
    name: str, aggregate: Aggregate, of: Term | None, where: Term, table: str = SALES
) -> Measure:
    return Measure(name=name, table=table, aggregate=aggregate, of=of, where=where)


def open_reduction(began: str, by: Sequence[str] = ()) -> Reduction:
    """
    Return the reduction behind `pipeline_snapshot`: one row per open opportunity.

    Args:
        began: Column of the day from which on the age counts.
        by: Columns of groups that are asked for beside those of `OPEN_KEYS`.
    """
    measures = [
        _measure("open", Aggregate.COUNT, None, _OPEN),
        _measure("chance", Aggregate.MIN, F.probability, _OPEN),
        _measure("pinned", Aggregate.COUNT, None, _OPEN & F.is_probability_pinned),
        _measure("amount", Aggregate.MIN, F.amount, _OPEN),
        _measure("began_on", Aggregate.MIN, F[began], _OPEN),
        _measure("due_on", Aggregate.MIN, F.expected_close_on, _OPEN),
    ]
    keys = tuple(dict.fromkeys((*OPEN_KEYS, *by)))
    return Reduction(name="pipeline_snapshot", table=SALES, keys=keys, measures=measures)


def running_reduction(day: date) -> Reduction:
    """
    Return since when opportunities are in the stages in which they stay.

    Args:
        day: Last day seen.
    """
    in_place = F.kind.is_null() | ~F.kind.is_in(("won", "lost", "void"))
    runs = in_place & F.until_on.is_null() & F.next_kind.is_null() & (F.since_on <= day)
    measure = _measure("since_on", Aggregate.MAX, F.since_on, runs, VISITS)
    keys = ("opportunity_id", "stage")
    return Reduction(name="running_stays", table=VISITS, keys=keys, measures=[measure])


def wins_by_day_reduction() -> Reduction:
    """Return how many opportunities were won on which day, and for how much."""
    measures = [
        _measure("won", Aggregate.COUNT, None, _WON),
        _measure("amount", Aggregate.SUM, F.amount, _WON),
    ]
    return Reduction(name="wins_by_day", table=SALES, keys=("closed_on",), measures=measures)


def won_amounts_reduction(by: Sequence[str] = ()) -> Reduction:
    """
    Return the amounts of the opportunities that were won.

    Args:
        by: Columns of groups.
    """
    measure = _measure("amounts", Aggregate.VALUES, F.amount, _WON)
    return Reduction(name="won_amounts", table=SALES, keys=tuple(by), measures=[measure])


def delays_reduction() -> Reduction:
    """Return by how many days wins came after the first day on which they were expected."""
    delay = F.close_pushed_days + days_between(F.expected_close_on, F.closed_on)
    measure = _measure("delays", Aggregate.VALUES, delay, _WON)
    return Reduction(name="win_delays", table=SALES, measures=[measure])


def created_reduction(began: str) -> Reduction:
    """
    Return how many opportunities came up on which day.

    Args:
        began: Column of the day on which one came up.
    """
    measure = Measure(name="created", table=SALES, aggregate=Aggregate.COUNT)
    return Reduction(name="created_by_day", table=SALES, keys=(began,), measures=[measure])


def stage_days_reduction(day: date) -> Reduction:
    """
    Return how many days stays in each stage lasted together, ended and running ones.

    Args:
        day: Last day seen.
    """
    runs = F.until_on.is_null() & F.next_kind.is_null()
    ended, running = days_between(F.since_on, F.until_on), days_between(F.since_on, day)
    measures = [
        _measure("ended", Aggregate.SUM, ended, ended >= 0, VISITS),
        _measure("running", Aggregate.SUM, running, runs & (running >= 0), VISITS),
    ]
    keys = ("funnel", "stage", "kind")
    return Reduction(name="stage_days", table=VISITS, keys=keys, measures=measures)


def pipeline_forecast_reductions(day: date) -> tuple[Reduction, ...]:
    """
    Return the reductions behind forecasts of the pipeline, one or more of each form.

    Beside them stand those of `pipeline.process_reductions`, out of which chances by age and by
    stage are learnt, and the figure of the win rate.

    Args:
        day: Last day seen.

    Examples:
        >>> sorted({one.table for one in pipeline_forecast_reductions(date(2026, 3, 31))})
        ['opportunities', 'stage_visits']
    """
    return (
        open_reduction("created_on"),
        open_reduction("first_contact_on", ("source", "region")),
        running_reduction(day),
        wins_by_day_reduction(),
        won_amounts_reduction(),
        won_amounts_reduction(("product_id",)),
        delays_reduction(),
        created_reduction("created_on"),
        stage_days_reduction(day),
    )
