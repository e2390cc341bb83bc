"""Who went through stages: the leads and opportunities behind visits, each looked at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from salescore.book._tables_pipeline import lead_kind
from salescore.book._visit_order import SubjectVisits
from salescore.entities import Lead, LeadKind, Opportunity, StageKind

if TYPE_CHECKING:
    from salescore.book._view import View

_GIVEN_UP = (StageKind.LOST, StageKind.VOID)
_CLOSED = (StageKind.WON, *_GIVEN_UP)


class End(NamedTuple):
    """
    How the stages of a lead or an opportunity ended.

    Attributes:
        stage: What the business calls the end; `None` where it has no name for it.
        kind: State that it stands for.
        on: Day of the end; `None` where it is unknown.
        goes_on: The opportunity that went on in the same funnel; `None` where none did.
    """

    stage: str | None
    kind: StageKind
    on: date | None
    goes_on: str | None = None


class Subject(NamedTuple):
    """
    A lead or an opportunity that went through stages.

    Attributes:
        id: Its id; `None` for nobody.
        lead: The lead; `None` for an opportunity, or where it is unknown.
        sale: The opportunity, or the one that the lead became; `None` where there is none.
        is_lead: Whether it is a lead.
    """

    id: str | None
    lead: Lead | None
    sale: Opportunity | None
    is_lead: bool

    @property
    def owner(self) -> Lead | Opportunity | None:
        """Return the record that went through the stages."""
        return self.sale if self.lead is None else self.lead

    @property
    def is_won(self) -> bool | None:
        """Return whether it was won, `None` where nobody can tell."""
        if self.sale is not None:
            return self.sale.kind is StageKind.WON
        return None if self.lead is None or self.lead.opportunity_id is not None else False

    @property
    def outcome(self) -> str:
        """Return what followed stages after which no other stage came."""
        kind = None if self.lead is None else lead_kind(self.lead)
        if kind is LeadKind.CONVERTED or self.is_won is True:
            return "advanced"
        given_up = self.sale is not None and self.sale.kind in _GIVEN_UP
        return "lost" if given_up or kind is LeadKind.DISQUALIFIED else "open"

    @property
    def sale_key(self) -> str | None:
        """Return the sale that it belongs to; a lead and what it became are one sale."""
        became = None if self.lead is None else self.lead.opportunity_id
        if became is not None:
            return f"opportunities/{became}"
        if self.id is None:
            return None
        return f"leads/{self.id}" if self.is_lead else f"opportunities/{self.id}"

    @property
    def ended(self) -> tuple[StageKind | None, date | None]:
        """Return how its sale ended, and on which day."""
        lead, sale = self.lead, self.sale
        if sale is not None and sale.kind in _CLOSED:
            return sale.kind, sale.closed_on
        is_mine = lead is not None and lead.opportunity_id is None
        if lead is not None and is_mine and lead_kind(lead) is LeadKind.DISQUALIFIED:
            return StageKind.LOST, lead.disqualified_on
        return None, None

    @property
    def end(self) -> End | None:
        """Return how its stages ended, `None` where they did not."""
        lead, sale = self.lead, self.sale
        if lead is None:
            is_closed = sale is not None and sale.kind in _CLOSED
            return End(sale.stage, sale.kind, sale.closed_on) if sale and is_closed else None
        kind = lead_kind(lead)
        if kind is LeadKind.DISQUALIFIED:
            return End(lead.status, StageKind.LOST, lead.disqualified_on)
        if kind is not LeadKind.CONVERTED:
            return None
        return End(lead.status, StageKind.WON, lead.converted_on, lead.opportunity_id)


def subjects_of(view: View, visits: SubjectVisits) -> Iterator[Subject]:
    """Yield the lead or opportunity of each number; nobody keeps them all at once."""
    sales: dict[Any, Opportunity] = dict(view.book.index("opportunities"))
    leads: dict[Any, Lead] = dict(view.book.index("leads"))
    for key, is_lead in zip(visits.ids, visits.are_leads, strict=True):
        if is_lead:
            lead = leads.get(key)
            became = None if lead is None else sales.get(lead.opportunity_id)
            yield Subject(key, lead, became, is_lead)
        else:
            yield Subject(key, None, sales.get(key), is_lead)
