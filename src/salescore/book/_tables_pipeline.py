"""The fact tables of what may be sold: leads, opportunities, activities."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from salescore.book._columns import (
    Column,
    Source,
    attribute,
    attributes,
    choices,
    days_between,
    first_known,
)
from salescore.book._opportunity_past import (
    close_date_columns,
    current_funnels,
    first_wins,
    last_open_stages,
)
from salescore.entities import Lead, LeadKind, StageKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from salescore.book._table import FactTable
    from salescore.book._view import View

_FIXED_PROBABILITY = {
    StageKind.WON: Decimal(1),
    StageKind.LOST: Decimal(0),
    StageKind.VOID: Decimal(0),
}


def opportunities(view: View) -> FactTable:
    """Return all opportunities."""
    known = view.book.opportunities
    customers = attribute(known, "customer_id")
    touched = _first_touches(view)
    first = [one.first_contact_on or touched.get(one.id) for one in known]
    created_on, closed_on = attribute(known, "created_on"), attribute(known, "closed_on")
    of_leads = _earliest(
        (one.opportunity_id, one.created_on)
        for one in view.book.leads
        if one.opportunity_id is not None and one.created_on is not None
    )
    lead_created_on = [of_leads.get(one.id) for one in known]
    visits = view.book.stage_visits
    columns: dict[str, Source] = {
        **attributes(known, "id", "source", "competitor", "loss_reason", "expected_close_on"),
        **attributes(known, "is_probability_pinned", "forecast_category"),
        **view.customer_columns(customers),
        **view.product_columns(attribute(known, "product_id")),
        **view.seller_columns(attribute(known, "rep_id"), customers),
        "stage": [
            None if unstaged else one.stage
            for one, unstaged in zip(known, view.known.unstaged, strict=True)
        ],
        "kind": choices(known, "kind"),
        "probability": [_FIXED_PROBABILITY.get(one.kind, one.probability) for one in known],
        "created_on": created_on,
        "first_contact_on": first,
        "closed_on": closed_on,
        "cycle_days": days_between(first, closed_on),
        "cycle_days_from_creation": days_between(created_on, closed_on),
        "lead_created_on": lead_created_on,
        "cycle_days_from_lead": days_between(lead_created_on, closed_on),
        "last_open_stage": partial(_of_visits, view, last_open_stages),
        "funnel": partial(_of_visits, view, current_funnels),
        "first_won_on": partial(first_wins, known, visits),
        **close_date_columns(known, view.book.events),
    }
    return view.table(
        "opportunities", columns, known, attributes(known, "amount"), created_on, closed_on
    )


def _of_visits(view: View, make: Callable[..., Column]) -> Column:
    """Return a column that the visits of the opportunities tell."""
    return make(view.book.opportunities, view.book.stage_visits, view.subject_visits)


def _first_touches(view: View) -> dict[str, date]:
    """Return by opportunity the earliest activity, or the lead it came from if that is earlier."""
    book = view.book
    days = _earliest(
        (one.opportunity_id, one.happened_on) for one in book.activities if one.opportunity_id
    )
    if not any(one.opportunity_id for one in book.leads):
        return days
    of_leads = _lead_activities(view)
    for lead in book.leads:
        key = lead.opportunity_id
        if key is not None:
            seen = (days.get(key), of_leads.get(lead.id), lead.first_contact_on, lead.created_on)
            told = [day for day in seen if day is not None]
            if told:
                days[key] = min(told)
    return days


def _lead_activities(view: View) -> dict[str, date]:
    """Return by lead its earliest activity."""
    return _earliest((one.lead_id, one.happened_on) for one in view.book.activities if one.lead_id)


def _earliest(pairs: Iterable[tuple[str, date]]) -> dict[str, date]:
    found: dict[str, date] = {}
    for key, day in pairs:
        found[key] = min(found.get(key, day), day)
    return found


def leads(view: View) -> FactTable:
    """Return all leads."""
    known = view.book.leads
    customers = attribute(known, "customer_id")
    touched = _lead_activities(view)
    created_on = attribute(known, "created_on")
    seller = view.seller_columns(attribute(known, "rep_id"), customers, attribute(known, "region"))
    columns: dict[str, Column] = {
        **attributes(known, "id", "status", "source", "channel", "campaign_id"),
        **attributes(known, "industry", "country", "customer_id", "opportunity_id"),
        **attributes(known, "qualified_on", "converted_on", "disqualified_on"),
        "kind": [lead_kind(one).value for one in known],
        **view.product_columns(attribute(known, "product_id")),
        **seller,
        "created_on": created_on,
        "first_contact_on": [one.first_contact_on or touched.get(one.id) for one in known],
    }
    return view.table("leads", columns, known, attributes(known, "amount"), created_on)


def lead_kind(lead: Lead) -> LeadKind:
    """Return what became of a lead: its kind, else what its dates say."""
    if lead.kind is not None:
        return lead.kind
    if lead.converted_on is not None:
        return LeadKind.CONVERTED
    if lead.disqualified_on is not None:
        return LeadKind.DISQUALIFIED
    return LeadKind.OPEN if lead.qualified_on is None else LeadKind.QUALIFIED


def activities(view: View) -> FactTable:
    """Return all activities, each with the customer of what it served where it names none."""
    known = view.book.activities
    customers = first_known(
        attribute(known, "customer_id"), *(partial(_served, view, *one) for one in _SERVED)
    )
    columns = {
        **attributes(known, "id", "happened_on", "channel", "opportunity_id"),
        **view.customer_columns(customers),
        **view.seller_columns(attribute(known, "rep_id"), customers),
    }
    return view.table("activities", columns, known, on=columns["happened_on"])


_SERVED = (
    ("opportunities", "opportunity_id"),
    ("contacts", "contact_id"),
    ("cases", "case_id"),
    ("leads", "lead_id"),
)
"""What an activity may serve, in the order in which its customer is looked for."""


def _served(view: View, records: str, key: str) -> Column:
    """Return the customer of what each activity served."""
    return view.look_up(records, "customer_id", attribute(view.book.activities, key))
