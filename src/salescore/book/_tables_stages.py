"""The fact table of stage visits: how long each took, and what followed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from salescore.book._columns import (
    Column,
    attribute,
    attributes,
    choices,
    days_between,
    first_known,
    optional,
)
from salescore.book._tables_pipeline import lead_kind
from salescore.entities import Lead, LeadKind, Opportunity, StageKind, StageVisit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from salescore.book._table import FactTable
    from salescore.book._view import View

_GIVEN_UP = (StageKind.LOST, StageKind.VOID)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class _Subject(NamedTuple):
    """The lead or opportunity of a visit, and the opportunity that the lead became."""

    lead: Lead | None
    sale: Opportunity | None

    @property
    def owner(self) -> Lead | Opportunity | None:
        return self.sale if self.lead is None else self.lead

    @property
    def is_won(self) -> bool | None:
        """Return whether it was won, `None` where nobody can tell."""
        if self.sale is not None:
            return self.sale.kind is StageKind.WON
        return None if self.lead is None or self.lead.opportunity_id is not None else False

    @property
    def has_advanced(self) -> bool:
        """Return whether it left all its stages behind for good."""
        converted = self.lead is not None and lead_kind(self.lead) is LeadKind.CONVERTED
        return converted or self.is_won is True

    @property
    def is_lost(self) -> bool:
        """Return whether it was given up."""
        given_up = self.lead is not None and lead_kind(self.lead) is LeadKind.DISQUALIFIED
        return given_up or (self.sale is not None and self.sale.kind in _GIVEN_UP)


def subject_key(visit: StageVisit) -> tuple[str, str] | None:
    """Return what went through a stage, `None` where nobody said."""
    if visit.opportunity_id is not None:
        return "opportunities", visit.opportunity_id
    return None if visit.lead_id is None else ("leads", visit.lead_id)


def visits_by_subject(visits: Sequence[StageVisit]) -> dict[tuple[str, str], list[int]]:
    """Return the places of the visits of each lead and opportunity, in the order of entering."""
    found: dict[tuple[str, str], list[int]] = {}
    for place, visit in enumerate(visits):
        key = subject_key(visit)
        if key is not None:
            found.setdefault(key, []).append(place)
    for places in found.values():
        places.sort(key=lambda n: (visits[n].entered_on, visits[n].entered_at or _LONG_AGO))
    return found


def stage_visits(view: View) -> FactTable:
    """
    Return all stage visits.

    What followed is a first form: it knows no order of stages, so a step back counts as an
    advance, too.
    """
    visits = view.book.stage_visits
    subjects = [_subject(view, one) for one in visits]
    owners = [one.owner for one in subjects]
    customers = optional(owners, "customer_id")
    entered_on = attribute(visits, "entered_on")
    left_on = view.days(visits, "left_on", "left_at")
    reps = first_known(attribute(visits, "rep_id"), optional(owners, "rep_id"))
    regions = [None if one.lead is None else one.lead.region for one in subjects]
    columns: dict[str, Column] = {
        **attributes(visits, "id", "opportunity_id", "lead_id", "funnel", "stage"),
        "left_on": left_on,
        "kind": choices(visits, "kind"),
        "entered_on": entered_on,
        **view.customer_columns(customers),
        **view.product_columns(optional(owners, "product_id")),
        **view.seller_columns(reps, customers, regions),
        "source": optional(owners, "source"),
        "stage_days": days_between(entered_on, [one or view.as_of for one in left_on]),
        **_course(visits, subjects),
        "is_won": [one.is_won for one in subjects],
    }
    return view.table("stage_visits", columns, visits, on=entered_on)


def _subject(view: View, visit: StageVisit) -> _Subject:
    sales = view.book.index("opportunities")
    if visit.opportunity_id is not None:
        return _Subject(None, sales.get(visit.opportunity_id))
    lead = None if visit.lead_id is None else view.book.index("leads").get(visit.lead_id)
    return _Subject(lead, None if lead is None else sales.get(lead.opportunity_id))


def _course(visits: Sequence[StageVisit], subjects: Sequence[_Subject]) -> dict[str, Column]:
    """Return whether each visit is the first of its stage, and what followed."""
    is_first: Column = [None] * len(visits)
    outcome: Column = [None] * len(visits)
    for places in visits_by_subject(visits).values():
        seen: set[tuple[str | None, str]] = set()
        for place in places:
            stage = (visits[place].funnel, visits[place].stage)
            is_first[place] = stage not in seen
            seen.add(stage)
        later: set[tuple[str | None, str]] = set()
        for place in reversed(places):
            visit, subject = visits[place], subjects[place]
            stage = (visit.funnel, visit.stage)
            if subject.has_advanced or later - {stage}:
                outcome[place] = "advanced"
            else:
                outcome[place] = "lost" if subject.is_lost else "open"
            if visit.kind not in _GIVEN_UP and len(later) < _TWO:
                later.add(stage)  # two stages are enough: one of them is another
    return {"is_first": is_first, "outcome": outcome}


_TWO = 2
