"""Figures of conversion: what became of the leads and stage visits of a period, by cohort."""

from __future__ import annotations

from decimal import Decimal

from salescore.metrics._figures import FRACTION, FigureDefinition, Part
from salescore.metrics._measures import Aggregate, Measure
from salescore.metrics._sources import COHORTS, PIPELINE, QUANTILES
from salescore.rules import F, Term


def _leads(name: str, where: Term | None = None) -> Measure:
    return Measure(
        name=name, table="leads", aggregate=Aggregate.COUNT, where=where, date="created_on"
    )


_CREATED = _leads("leads_created")
_CONVERTED = _leads("leads_converted", F.kind == "converted")
_EXPENSES = Measure(
    name="selling_expenses",
    table="expenses",
    aggregate=Aggregate.SUM,
    of=F.amount,
    date="spent_on",
)

LEADS = (
    FigureDefinition(
        name="leads_created",
        labels=("Leads created", "新增线索"),
        words="Leads that came up in the period.",
        unit="leads",
        source=PIPELINE,
        numerator=[Part(_CREATED)],
    ),
    FigureDefinition(
        name="conversion_rate",
        labels=("Conversion rate", "转化率"),
        words="Share of the leads created in the period that became customers by the last day "
        "known.",
        unit=FRACTION,
        source=COHORTS,
        numerator=[Part(_CONVERTED)],
        denominator=[Part(_CREATED)],
    ),
    FigureDefinition(
        name="conversion_open_share",
        labels=("Leads still open", "未决线索占比"),
        words="Share of the leads created in the period that are neither converted nor given up "
        "by the last day known.",
        unit=FRACTION,
        source=COHORTS,
        numerator=[Part(_leads("leads_open", F.kind.is_in(("open", "qualified"))))],
        denominator=[Part(_CREATED)],
    ),
    FigureDefinition(
        name="cost_per_lead",
        labels=("Cost per lead", "单条线索成本"),
        words="Direct selling expenses of the period per lead created in it; by source or campaign "
        "it says what leads from there cost.",
        unit="money per lead",
        source=PIPELINE,
        numerator=[Part(_EXPENSES)],
        denominator=[Part(_CREATED)],
        is_lower_better=True,
    ),
    FigureDefinition(
        name="cost_per_conversion",
        labels=("Cost per converted lead", "单个转化客户成本"),
        words="Direct selling expenses of the period per lead created in it that became a customer "
        "by the last day known.",
        unit="money per lead",
        source=PIPELINE,
        numerator=[Part(_EXPENSES)],
        denominator=[Part(_CONVERTED)],
        is_lower_better=True,
    ),
)
"""Leads by cohort of creation, and what they cost."""


# A stage that ends the sale leads nowhere; who comes back to a stage counts once. A stay that a
# new version of the funnel parts is one: its last visit tells of it, from its beginning on.
_COUNTS = F.is_first & (F.kind.is_null() | F.kind.is_in(("open", "hold")))


def _visits(name: str, of: Term, where: Term = _COUNTS) -> Measure:
    return Measure(
        name=name,
        table="stage_visits",
        aggregate=Aggregate.COUNT,
        of=of,
        where=where,
        date="since_on",
    )


_FIRST = _visits("first_visits", F.outcome)

STAGES = (
    FigureDefinition(
        name="stage_conversion",
        labels=("Stage conversion", "阶段转化率"),
        words="Share of the first visits to a stage begun in the period that led further by the "
        "last day known.",
        unit=FRACTION,
        source=COHORTS,
        numerator=[
            Part(_visits("visits_advanced", F.outcome, _COUNTS & (F.outcome == "advanced")))
        ],
        denominator=[Part(_FIRST)],
    ),
    FigureDefinition(
        name="stage_open_share",
        labels=("Still in the stage", "阶段停留占比"),
        words="Share of the first visits to a stage begun in the period that are undecided on the "
        "last day known.",
        unit=FRACTION,
        source=COHORTS,
        numerator=[Part(_visits("visits_open", F.outcome, _COUNTS & (F.outcome == "open")))],
        denominator=[Part(_FIRST)],
    ),
    FigureDefinition(
        name="stage_win_rate",
        labels=("Stage win rate", "阶段赢单率"),
        words="Share of the first visits to a stage begun in the period whose sale was won by the "
        "last day known; sales under way count as not won.",
        unit=FRACTION,
        source=COHORTS,
        numerator=[Part(_visits("visits_won", F.is_won, _COUNTS & F.is_won))],
        denominator=[Part(_visits("visits_with_end", F.is_won))],
    ),
    FigureDefinition(
        name="stage_days_median",
        labels=("Days in stage, median", "阶段停留天数（中位数）"),
        words="Days in a stage that half of the visits ended in the period stay within.",
        unit="days",
        source=QUANTILES,
        numerator=[
            Part(
                Measure(
                    name="stage_days",
                    table="stage_visits",
                    aggregate=Aggregate.VALUES,
                    of=F.stage_days,
                    where=~F.left_on.is_null() & ~F.since_on.is_null(),
                    date="left_on",
                )
            )
        ],
        quantile=Decimal("0.5"),
        is_lower_better=True,
    ),
)
"""Stage visits by cohort of entry; loops count once."""
