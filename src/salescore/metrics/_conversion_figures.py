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
        numerator=[Part(_leads("leads_converted", F.kind == "converted"))],
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
)
"""Leads by cohort of creation."""


# A stage that ends the sale leads nowhere; who comes back to a stage counts once.
_COUNTS = F.is_first & (F.kind.is_null() | F.kind.is_in(("open", "hold")))


def _visits(name: str, of: Term, where: Term = _COUNTS) -> Measure:
    return Measure(
        name=name,
        table="stage_visits",
        aggregate=Aggregate.COUNT,
        of=of,
        where=where,
        date="entered_on",
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
                    where=~F.left_on.is_null(),
                    date="left_on",
                )
            )
        ],
        quantile=Decimal("0.5"),
        is_lower_better=True,
    ),
)
"""Stage visits by cohort of entry; loops count once."""
