"""`convert`: a lead becomes customer, contact and opportunity."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

import attrs

from salescore.book import lead_kind
from salescore.entities import (
    Contact,
    ContactId,
    Customer,
    CustomerId,
    Event,
    Lead,
    LeadKind,
    Lifecycle,
    Need,
    NeedId,
    Opportunity,
    OpportunityId,
    StageKind,
    StageVisit,
)
from salescore.funnel._context import Context
from salescore.funnel._decide import begin
from salescore.funnel._funnel import Funnel
from salescore.funnel._leads import (
    CONVERT,
    LEADS,
    QUALIFICATION,
    QualificationPolicy,
    ended,
    lead_event,
    of_lead,
    standing,
    unqualified,
)
from salescore.funnel._outcome import Refused
from salescore.funnel._record_moves import RefusedMove, judged, record_events
from salescore.funnel._refusal import Refusal
from salescore.plain import ID_LIMIT, as_tuple


@attrs.frozen(kw_only=True)
class ConversionIds:
    """
    Ids that a converted lead is to have.

    Attributes:
        customer_id: Id of the customer; `None` to take one that follows from the lead's.
        contact_id: Id of the contact; `None` likewise.
        opportunity_id: Id of the opportunity; `None` likewise.
        has_customer: Whether the customer is on record already, so that none is made.
        has_contact: Whether the contact is on record already, so that none is made.
    """

    customer_id: str | None = None
    contact_id: str | None = None
    opportunity_id: str | None = None
    has_customer: bool = False
    has_contact: bool = False


@attrs.frozen(kw_only=True)
class Conversion:
    """
    A lead that is converted, with all that the caller is to keep, all or nothing.

    Attributes:
        before: The lead as it was.
        lead: The lead as it is now, with the ids of what it became.
        customer: The customer to keep; `None` where it is on record already, or for a repeat.
        contact: The contact to keep; `None` likewise.
        opportunity: The opportunity to keep, in a stage of the funnel; `None` for a repeat.
        visits: Visits to keep: those of the lead as they ended, and the first of the opportunity;
            none for a repeat.
        needs: The needs to keep, those of the lead now also of customer and opportunity, or one
            made of what the lead itself tells.
        events: The events to append; their ids are the same each time, so that a retry is harmless.
        overridden: What would have refused it, and was passed over.
        is_repeat: Whether the lead became just this on the same day, and nothing changes.
    """

    before: Lead = attrs.field(repr=False)
    lead: Lead
    customer: Customer | None = None
    contact: Contact | None = None
    opportunity: Opportunity | None = None
    visits: tuple[StageVisit, ...] = attrs.field(default=(), repr=False, converter=as_tuple)
    needs: tuple[Need, ...] = attrs.field(default=(), repr=False, converter=as_tuple)
    events: tuple[Event, ...] = attrs.field(default=(), repr=False, converter=as_tuple)
    overridden: tuple[Refusal, ...] = attrs.field(default=(), converter=as_tuple)
    is_repeat: bool = False

    @property
    def is_accepted(self) -> bool:
        """Return that it is accepted."""
        return True

    @property
    def records(self) -> tuple[Lead | Customer | Contact | Opportunity | Need | StageVisit, ...]:
        """
        Return the records to keep, in order; a repeat has none.

        What a record refers to stands before it: customer, contact, opportunity, then the lead, its
        needs and the visits.
        """
        if self.is_repeat:
            return ()
        made = tuple(
            one for one in (self.customer, self.contact, self.opportunity) if one is not None
        )
        return (*made, self.lead, *self.needs, *self.visits)


def convert(
    lead: Lead,
    context: Context,
    funnel: Funnel,
    *,
    policy: QualificationPolicy = QUALIFICATION,
    needs: Iterable[Need] = (),
    visits: Iterable[StageVisit] = (),
    ids: ConversionIds | None = None,
    stage: str | None = None,
) -> Conversion | RefusedMove:
    """
    Return a lead as customer, contact and opportunity, or every reason why it is none yet.

    A pure function: nothing is kept and nothing happens. The customer is the company of the lead,
    or the lead itself where it names none; the contact is the lead. Source, campaign, sales rep,
    product and amount go to the opportunity, needs, buying power and decision process to customer
    and need.

    Args:
        lead: The lead as it is, open or qualified.
        context: What is known at that moment; criteria read its row over the fields of the lead.
        funnel: The sales process in which the opportunity begins.
        policy: What must be known of the lead; asked again of one that is qualified.
        needs: What was found out of its needs.
        visits: Stages that the lead went through; what runs ends.
        ids: Ids to take; `None` for those that follow from the lead's.
        stage: Key of the stage in which the opportunity begins; `None` for the first.

    Returns:
        The conversion, refused where the policy or the funnel asks for more, or where the lead was
        given up or converted before. The same conversion on the same day is a repeat, and nothing
        changes.

    Raises:
        InvalidValue: A need, a visit or the row is of another lead, a visit began later, or the
            funnel has no open stage.
        UnknownName: The funnel has no such stage.
    """
    named = ids or ConversionIds()
    customer_id = CustomerId(named.customer_id or _derived(lead.id, "customer"))
    contact_id = ContactId(named.contact_id or _derived(lead.id, "contact"))
    opportunity_id = OpportunityId(named.opportunity_id or _derived(lead.id, "opportunity"))
    became = (customer_id, contact_id, opportunity_id)
    if lead_kind(lead) is LeadKind.CONVERTED and (lead.converted_on, became) == (
        context.on,
        (lead.customer_id, lead.contact_id, lead.opportunity_id),
    ):
        return Conversion(before=lead, lead=lead, is_repeat=True)
    found, left = of_lead(lead, needs), ended(lead, visits, context)
    reasons = [*standing(lead, CONVERT, context), *unqualified(lead, context, policy, found)]
    refused, overridden = judged(reasons, policy.override_roles, context)
    begun = begin(funnel, _opportunity(lead, became, context), _own(context), stage=stage)
    if isinstance(begun, Refused):
        refused = (*refused, *begun.reasons)
    if refused or isinstance(begun, Refused):
        return RefusedMove(record=lead, event=CONVERT, process=policy.title, reasons=refused)
    converted = attrs.evolve(
        lead,
        kind=LeadKind.CONVERTED,
        status=policy.status(LeadKind.CONVERTED),
        qualified_on=lead.qualified_on or context.on,
        converted_on=context.on,
        disqualified_on=None,
        disqualification_reason=None,
        customer_id=customer_id,
        contact_id=contact_id,
        opportunity_id=opportunity_id,
    )
    events = record_events(
        LEADS,
        converted,
        lead_event(CONVERT),
        {"customer": customer_id, "contact": contact_id, "opportunity": opportunity_id},
        context,
        process=policy.title,
        overridden=overridden,
    )
    return Conversion(
        before=lead,
        lead=converted,
        customer=None if named.has_customer else _customer(lead, customer_id, context),
        contact=None if named.has_contact else _contact(lead, became, context),
        opportunity=begun.opportunity,
        visits=(*left, *begun.visits),
        needs=_needs(lead, found, became),
        events=(*events, *begun.events),
        overridden=(*overridden, *begun.overridden),
    )


_Ids = tuple[CustomerId, ContactId, OpportunityId]


def _derived(lead_id: str, what: str) -> str:
    """Return an id that follows from a lead's; one too long for an id is a digest."""
    found = f"{lead_id}/{what}"
    return found if len(found) <= ID_LIMIT else sha256(found.encode()).hexdigest()


def _own(context: Context) -> Context:
    """Return the context of the opportunity: it has no row and no history yet."""
    return attrs.evolve(context, row=None, history=None)


def _company(lead: Lead) -> str | None:
    """Return the organisation of a lead; `None` where it names none, or a blank one."""
    return lead.company if lead.company and lead.company.strip() else None


def _customer(lead: Lead, customer_id: CustomerId, context: Context) -> Customer:
    company = _company(lead)
    return Customer(
        id=customer_id,
        name=company or lead.name,
        lifecycle=Lifecycle.PROSPECT,
        industry=lead.industry,
        country=lead.country,
        region=lead.region,
        rep_id=lead.rep_id,
        source=lead.source,
        phone=None if company else lead.phone,
        email=None if company else lead.email,
        needs=lead.needs,
        buying_power=lead.buying_power,
        decision_process=lead.decision_process,
        created_on=context.on,
    )


def _contact(lead: Lead, became: _Ids, context: Context) -> Contact:
    customer_id, contact_id, _ = became
    return Contact(
        id=contact_id,
        name=lead.name,
        customer_id=customer_id,
        phone=lead.phone,
        email=lead.email,
        wechat=lead.wechat,
        created_on=context.on,
    )


def _opportunity(lead: Lead, became: _Ids, context: Context) -> Opportunity:
    customer_id, contact_id, opportunity_id = became
    return Opportunity(
        id=opportunity_id,
        stage="-",  # beginning gives it one
        kind=StageKind.OPEN,
        customer_id=customer_id,
        contact_id=contact_id,
        product_id=lead.product_id,
        rep_id=lead.rep_id,
        amount=lead.amount,
        source=lead.source,
        campaign_id=lead.campaign_id,
        created_on=context.on,
        first_contact_on=lead.first_contact_on,
    )


def _needs(lead: Lead, needs: tuple[Need, ...], became: _Ids) -> tuple[Need, ...]:
    """Return the needs of a lead as those of what it became, or one of what the lead tells."""
    customer_id, _, opportunity_id = became
    if needs:
        return tuple(
            attrs.evolve(one, customer_id=customer_id, opportunity_id=opportunity_id)
            for one in needs
        )
    if lead.needs is None or not lead.needs.strip():
        return ()
    made = Need(
        id=NeedId(_derived(lead.id, "need")),
        need=lead.needs,
        customer_id=customer_id,
        lead_id=lead.id,
        opportunity_id=opportunity_id,
        business_domain=lead.business_domain,
        buying_power=lead.buying_power,
        decision_process=lead.decision_process,
    )
    return (made,)
