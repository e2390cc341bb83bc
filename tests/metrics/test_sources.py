"""Lead sources and competitors: conversion, cycle, value and cost by source, wins by competitor."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from tests.metrics.small_books import facts_of, usd

from salescore.book import SalesBook
from salescore.entities import (
    Campaign,
    CampaignId,
    Customer,
    CustomerId,
    Expense,
    ExpenseId,
    Lead,
    LeadId,
    LeadKind,
    Opportunity,
    OpportunityId,
    StageKind,
)
from salescore.metrics import figure, slices

FIRST = date(2024, 1, 1)


def lead(number: int, source: str | None, campaign: str | None = None, kind: str = "open") -> Lead:
    """Return a lead."""
    return Lead(
        id=LeadId(f"h{number}"),
        name="Lead",
        kind=LeadKind(kind),
        source=source,
        campaign_id=None if campaign is None else CampaignId(campaign),
        created_on=FIRST,
    )


def sale(number: int, kind: str, source: str, rival: str | None, days: int) -> Opportunity:
    """Return an opportunity that closed after some days."""
    return Opportunity(
        id=OpportunityId(f"p{number}"),
        stage=kind,
        kind=StageKind(kind),
        source=source,
        competitor=rival,
        amount=usd(100 * number),
        created_on=FIRST,
        first_contact_on=FIRST,
        closed_on=FIRST + timedelta(days=days),
    )


def spent(number: int, amount: int, **keys: str) -> Expense:
    """Return an expense."""
    return Expense(id=ExpenseId(f"e{number}"), spent_on=FIRST, amount=usd(amount), **keys)  # type: ignore[arg-type]


BOOK = SalesBook(
    campaigns=[
        Campaign(id=CampaignId("fair24"), name="Spring fair"),
        Campaign(id=CampaignId("mixed"), name="Mixed"),
    ],
    customers=[Customer(id=CustomerId("k"), name="K", source="fair")],
    leads=[
        lead(1, "fair", "fair24", "converted"),
        lead(2, "fair", "fair24"),
        lead(3, "web"),
        lead(4, "web", "mixed", "converted"),
        lead(5, "fair", "mixed"),
        lead(6, None, "fair24"),
    ],
    opportunities=[
        sale(1, "won", "fair", "acme", 10),
        sale(2, "lost", "fair", "acme", 5),
        sale(3, "won", "web", None, 20),
        sale(4, "lost", "web", "zed", 5),
    ],
    expenses=[
        spent(1, 100, campaign_id="fair24"),
        spent(2, 30, opportunity_id="p3", campaign_id="fair24"),
        spent(3, 8, customer_id="k"),
        spent(4, 11, campaign_id="mixed"),
        spent(5, 13),
    ],
)


def by(name: str, dimension: str) -> dict[str | None, Decimal | None]:
    """Return the values of a figure by a dimension."""
    return {one.key: one.figure.value for one in slices(name, facts_of(BOOK), by=dimension)}


def test_an_expense_is_of_the_source_that_it_served() -> None:
    """Of its opportunity, else its customer, else the one source of its campaign's leads."""
    assert by("selling_expenses", "source") == {"fair": 108, "web": 30, None: 24}
    assert by("selling_expenses", "campaign") == {"fair24": 130, "mixed": 11, None: 21}


def test_what_leads_of_a_source_cost() -> None:
    """Expenses per lead, and per lead converted; without one converted it is undefined."""
    assert by("cost_per_lead", "source") == {"fair": 36, "web": 15, None: 24}
    assert by("cost_per_conversion", "source") == {"fair": 108, "web": 30, None: None}
    assert figure("cost_per_lead", facts_of(BOOK)).value == 27
    assert figure("cost_per_conversion", facts_of(BOOK)).value == 81


def test_without_expenses_nobody_knows_what_leads_cost() -> None:
    """No expense on record is no cost of 0."""
    found = figure("cost_per_lead", facts_of(SalesBook(leads=BOOK.leads)))
    assert (found.value, found.reason) == (None, "no expenses among the facts")


def test_sources_compared() -> None:
    """Conversion, cycle and value stand by source beside the cost."""
    assert by("conversion_rate", "source") == {
        "fair": Decimal(1) / 3,
        "web": Decimal("0.5"),
        None: 0,
    }
    assert by("sales_cycle_mean", "source") == {"fair": 10, "web": 20}
    assert by("won_amount", "source") == {"fair": 100, "web": 300}


def test_wins_against_each_competitor() -> None:
    """The win rate is told against each, and where none was named."""
    assert by("win_rate", "competitor") == {"acme": Decimal("0.5"), "zed": 0, None: 1}
