"""Figures from invoice to cash, of deliveries, and of the targets themselves."""

from __future__ import annotations

from salescore.metrics._figures import FRACTION, MONEY, FigureDefinition, Part
from salescore.metrics._measures import Aggregate, Measure
from salescore.metrics._sources import CASH, DELIVERY, TARGETS
from salescore.rules import F, Term

_INVOICED = Measure(
    name="invoiced_amount",
    table="invoices",
    aggregate=Aggregate.SUM,
    of=F.amount,
    date="issued_on",
)
_COLLECTED = Measure(
    name="collections",
    table="payments",
    aggregate=Aggregate.SUM,
    of=F.amount,
    date="received_on",
)

CASH_FIGURES = (
    FigureDefinition(
        name="invoiced_amount",
        labels=("Invoiced amount", "开票金额"),
        words="Amount of the invoices of the period, tax included, less credit notes.",
        unit=MONEY,
        source=CASH,
        numerator=[Part(_INVOICED)],
    ),
    FigureDefinition(
        name="collections",
        labels=("Collections", "回款"),
        words="Money received in the period, refunds deducted, whatever it pays for.",
        unit=MONEY,
        source=CASH,
        numerator=[Part(_COLLECTED)],
    ),
    FigureDefinition(
        name="collection_ratio_period",
        labels=("Collection ratio of the period", "回款比例（当期）"),
        words="Collections of the period as a share of the amount invoiced in the same period, "
        "tax included on both sides; above 1 where old invoices are paid.",
        unit=FRACTION,
        source=CASH,
        numerator=[Part(_COLLECTED)],
        denominator=[Part(_INVOICED)],
    ),
)
"""What was invoiced and what was paid, each by its own date."""


def _delivered(
    name: str, aggregate: Aggregate, of: Term, date: str, where: Term | None = None
) -> Measure:
    return Measure(
        name=name, table="deliveries", aggregate=aggregate, of=of, where=where, date=date
    )


def _opened(name: str, aggregate: Aggregate) -> Measure:
    return Measure(
        name=name, table="cases", aggregate=aggregate, of=F.response_days, date="opened_on"
    )


DELIVERIES = (
    FigureDefinition(
        name="on_time_delivery_rate",
        labels=("On-time delivery rate", "准时发货率"),
        words="Share of the deliveries promised for a day of the period that left by that day; one "
        "that still may is left out.",
        unit=FRACTION,
        source=DELIVERY,
        numerator=[
            Part(_delivered("on_time", Aggregate.COUNT, F.is_late, "promised_on", ~F.is_late))
        ],
        denominator=[Part(_delivered("promised", Aggregate.COUNT, F.is_late, "promised_on"))],
    ),
    FigureDefinition(
        name="order_handling_days_mean",
        labels=("Order handling, mean", "订单处理天数（平均）"),
        words="Mean days from order to shipping of the deliveries shipped in the period.",
        unit="days",
        source=DELIVERY,
        numerator=[Part(_delivered("handling_days", Aggregate.SUM, F.handling_days, "shipped_on"))],
        denominator=[Part(_delivered("handled", Aggregate.COUNT, F.handling_days, "shipped_on"))],
        is_lower_better=True,
    ),
    FigureDefinition(
        name="case_response_days_mean",
        labels=("Response to cases, mean", "售后响应天数（平均）"),
        words="Mean days from request to first answer of the answered after-sales cases opened in "
        "the period.",
        unit="days",
        source=DELIVERY,
        numerator=[Part(_opened("response_days", Aggregate.SUM))],
        denominator=[Part(_opened("answered", Aggregate.COUNT))],
        is_lower_better=True,
    ),
)
"""How fast and how reliably goods leave and customers are answered."""

TARGET_FIGURES = (
    FigureDefinition(
        name="revenue_target",
        labels=("Revenue target", "销售额目标"),
        words="Revenue targets whose period begins in the period, of the base level or without "
        "levels; of a target that is divided into others, these count.",
        unit=MONEY,
        source=TARGETS,
        numerator=[
            Part(
                Measure(
                    name="revenue_target",
                    table="targets",
                    aggregate=Aggregate.SUM,
                    of=F.amount,
                    where=(F.figure == "revenue")
                    & (F.level.is_null() | (F.level == "base"))
                    & ~F.is_divided,
                    date="starts_on",
                )
            )
        ],
    ),
)
"""What is aimed at."""
