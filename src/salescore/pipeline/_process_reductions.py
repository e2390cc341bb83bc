"""All that figures of the pipeline ask of the fact tables, declared in one place."""

from __future__ import annotations

from datetime import date

from salescore.funnel import Funnel
from salescore.metrics import Reduction
from salescore.pipeline._curve_reductions import curve_reduction, time_reduction
from salescore.pipeline._losses import loss_reduction
from salescore.pipeline._moves import moves_reduction
from salescore.pipeline._passage_reduction import passage_reduction
from salescore.pipeline._slippage import slippage_reduction
from salescore.pipeline._stale_facts import stale_reductions
from salescore.pipeline._weighted_pipeline import weighted_reduction
from salescore.pipeline._win_policy import WinPolicy


def process_reductions(funnel: Funnel, day: date) -> tuple[Reduction, ...]:
    """
    Return the reductions behind the figures of the pipeline, one or more of each form.

    Their small tables are all that `passages`, `stage_times`, `funnel_chain`, `win_curves`,
    `losses`, `slippage`, `weighted_pipeline` and `stale_opportunities` read. What brings them
    together, be it rows, a dataframe or a database, serves these figures; `weighted_pipeline` asks
    beside them why rows are left out, as figures of the catalogue do.

    Args:
        funnel: The funnel whose passages are asked for.
        day: Last day seen.

    Returns:
        Reductions of the fact tables `stage_visits`, `opportunities` and `activities`.

    Examples:
        >>> from salescore.funnel import standard_funnel
        >>> found = process_reductions(standard_funnel("deal"), date(2026, 3, 31))
        >>> sorted({one.table for one in found})
        ['activities', 'opportunities', 'stage_visits']
    """
    by = ("rep_id", "stage")
    return (
        passage_reduction(funnel),
        passage_reduction(funnel, by="team_id"),
        moves_reduction(),
        time_reduction(day),
        time_reduction(day, per_sale=True),
        curve_reduction("created_on", day),
        curve_reduction("first_contact_on", day, ("kind", "rep_id", "month")),
        curve_reduction("lead_created_on", day, policy=WinPolicy.FIRST),
        loss_reduction(),
        loss_reduction(funnel=funnel.name, policy=WinPolicy.FIRST),
        loss_reduction(("lost", "void"), is_dated=False),
        slippage_reduction(day, by=by, is_closed=False),
        slippage_reduction(day, by=by, is_closed=True),
        weighted_reduction(day, is_past=False, is_dated=False),
        weighted_reduction(day, is_past=True, is_dated=False),
        weighted_reduction(day, is_past=False, is_dated=True),
        *stale_reductions("created_on", day),
    )
