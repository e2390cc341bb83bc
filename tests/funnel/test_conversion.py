"""How a lead becomes customer, contact and opportunity."""

from datetime import date, timedelta
from decimal import Decimal

import attrs
import pytest
from tests.funnel.leading import NOON, TODAY, lead, need, now, ready, refused
from tests.funnel.sale import sale

from salescore.book import SalesBook, check_book
from salescore.entities import LeadKind, Lifecycle, StageKind, StageVisit
from salescore.errors import InvalidValue, UnknownName
from salescore.funnel import (
    Conversion,
    ConversionIds,
    Moved,
    RefusalCode,
    Stage,
    convert,
    disqualify,
    standard_funnel,
)
from salescore.values import Money

EUROS = Money(Decimal(900), "EUR")
FULL = ready(
    company="Tools Ltd",
    source="fair",
    campaign_id="K1",
    rep_id="R1",
    region="West",
    industry="machines",
    country="DE",
    product_id="P1",
    amount=EUROS,
    phone="+49 1",
    email="ann@example.org",
    wechat="ann",
    first_contact_on=date(2026, 2, 3),
    status="calling",
)
IDS = ConversionIds(customer_id="C7", contact_id="P7", opportunity_id="O7")


def converted(found: object) -> Conversion:
    """Return a conversion, which must be accepted."""
    assert isinstance(found, Conversion), found
    return found


def test_a_lead_becomes_customer_contact_and_opportunity() -> None:
    """Each takes what the lead knows of it, under the ids given."""
    found = converted(convert(FULL, now(actor="ann"), sale(), ids=IDS))
    customer, contact, opportunity = found.customer, found.contact, found.opportunity
    assert customer is not None
    assert contact is not None
    assert opportunity is not None
    assert (customer.id, customer.name, customer.lifecycle) == (
        "C7",
        "Tools Ltd",
        Lifecycle.PROSPECT,
    )
    assert (customer.phone, customer.email, customer.needs) == (None, None, FULL.needs)
    assert (customer.buying_power, customer.decision_process) == (
        FULL.buying_power,
        FULL.decision_process,
    )
    assert (customer.region, customer.industry, customer.country) == ("West", "machines", "DE")
    assert (customer.source, customer.rep_id, customer.created_on) == ("fair", "R1", TODAY)
    assert (contact.id, contact.name, contact.customer_id) == ("P7", "Ann", "C7")
    assert (contact.phone, contact.email, contact.wechat) == ("+49 1", "ann@example.org", "ann")
    assert (opportunity.id, opportunity.customer_id, opportunity.contact_id) == ("O7", "C7", "P7")
    assert (opportunity.source, opportunity.campaign_id) == ("fair", "K1")
    assert (opportunity.rep_id, opportunity.product_id) == ("R1", "P1")
    assert opportunity.amount == EUROS
    assert (opportunity.created_on, opportunity.first_contact_on) == (TODAY, date(2026, 2, 3))


def test_the_opportunity_begins_in_the_funnel() -> None:
    """It has its first visit, by the sales rep of the lead, and the events of beginning."""
    found = converted(convert(FULL, now(actor="ann"), sale(), ids=IDS))
    assert found.opportunity is not None
    assert (found.opportunity.stage, found.opportunity.kind) == ("lead", StageKind.OPEN)
    (visit,) = found.visits
    assert (visit.stage, visit.opportunity_id, visit.rep_id) == ("lead", "O7", "R1")
    assert visit.entered_at == NOON
    assert [(one.name, one.record) for one in found.events] == [
        ("lead_converted", "leads"),
        ("stage_entered", "opportunities"),
    ]
    assert found.events[0].detail == (
        '{"process": "qualification 1", "customer": "C7", "contact": "P7", "opportunity": "O7"}'
    )
    later = converted(convert(FULL, now(), sale(), ids=IDS, stage="talks"))
    assert later.opportunity is not None
    assert later.opportunity.stage == "talks"


def test_a_conversion_has_its_records_in_order() -> None:
    """What is referred to stands first; a repeat has nothing to keep."""
    found = converted(convert(FULL, now(), sale(), ids=IDS))
    names = [type(one).__name__ for one in found.records]
    assert names[:4] == ["Customer", "Contact", "Opportunity", "Lead"]
    assert found.records[3:] == (found.lead, *found.needs, *found.visits)
    again = converted(convert(found.lead, now(), sale(), ids=IDS))
    assert (again.is_repeat, again.records) == (True, ())


def test_the_lead_says_what_it_became() -> None:
    """Days, kind and ids stand on it; one that was not qualified is so since that day."""
    found = converted(convert(FULL, now(), sale(), ids=IDS))
    assert found.before == FULL
    assert found.lead == attrs.evolve(
        FULL,
        kind=LeadKind.CONVERTED,
        status=None,
        qualified_on=TODAY,
        converted_on=TODAY,
        customer_id="C7",
        contact_id="P7",
        opportunity_id="O7",
    )
    since = date(2026, 2, 9)
    early = converted(convert(attrs.evolve(FULL, qualified_on=since), now(), sale(), ids=IDS))
    assert early.lead.qualified_on == since


def test_what_a_conversion_makes_is_a_sound_book() -> None:
    """All references lead to what was made, and nothing contradicts itself."""
    told = [need(found_on=date(2026, 2, 5)), need(id="N2", need="training")]
    bare = attrs.evolve(FULL, campaign_id=None, rep_id=None, product_id=None)
    found = converted(convert(bare, now(), standard_funnel("deal"), needs=told))
    assert found.customer is not None
    assert found.contact is not None
    assert found.opportunity is not None
    book = SalesBook(
        leads=[found.lead],
        customers=[found.customer],
        contacts=[found.contact],
        opportunities=[found.opportunity],
        stage_visits=found.visits,
        needs=found.needs,
        events=found.events,
    )
    assert check_book(book) == ()
    assert {one.opportunity_id for one in book.needs} == {found.opportunity.id}
    assert {one.customer_id for one in book.needs} == {found.customer.id}


def test_what_the_lead_tells_of_its_needs_becomes_a_need() -> None:
    """It stands on the opportunity, with all that was asked; a lead without needs has none."""
    (made,) = converted(convert(FULL, now(), sale())).needs
    assert (made.id, made.need, made.lead_id) == ("L1/need", FULL.needs, "L1")
    assert (made.business_domain, made.buying_power) == (FULL.business_domain, FULL.buying_power)
    assert made.decision_process == FULL.decision_process
    assert (made.customer_id, made.opportunity_id) == ("L1/customer", "L1/opportunity")
    bare = converted(convert(attrs.evolve(FULL, needs=None), now(override="known"), sale()))
    assert bare.needs == ()
    assert [one.name for one in bare.overridden] == ["needs"]


def test_a_person_without_a_company_is_customer_and_contact() -> None:
    """Phone and mail then stand on both."""
    found = converted(convert(attrs.evolve(FULL, company=" "), now(), sale()))
    assert found.customer is not None
    assert found.contact is not None
    assert (found.customer.name, found.contact.name) == ("Ann", "Ann")
    assert (found.customer.phone, found.customer.email) == ("+49 1", "ann@example.org")


def test_a_customer_on_record_is_not_made_again() -> None:
    """The opportunity is that customer's, and the contact is new or on record, too."""
    ids = ConversionIds(customer_id="C1", has_customer=True)
    found = converted(convert(FULL, now(), sale(), ids=ids))
    assert found.customer is None
    assert found.contact is not None
    assert found.contact.customer_id == "C1"
    assert found.opportunity is not None
    assert found.opportunity.customer_id == "C1"
    both = attrs.evolve(ids, contact_id="P1", has_contact=True)
    known = converted(convert(FULL, now(), sale(), ids=both))
    assert (known.customer, known.contact, known.lead.contact_id) == (None, None, "P1")


def test_the_same_conversion_again_changes_nothing() -> None:
    """With what was kept it is a repeat; without, it gives the same records and events."""
    once = converted(convert(FULL, now(), sale()))
    assert once == convert(FULL, now(), sale())
    again = converted(convert(once.lead, now(at=NOON + timedelta(hours=1)), sale()))
    assert (again.is_repeat, again.lead, again.is_accepted) == (True, once.lead, True)
    assert (again.customer, again.contact, again.opportunity) == (None, None, None)
    assert (again.visits, again.needs, again.events) == ((), (), ())


@pytest.mark.parametrize("days", [0, 1])
def test_a_converted_lead_is_not_converted_into_something_else(days: int) -> None:
    """Other ids, or another day, are another conversion."""
    once = converted(convert(FULL, now(), sale()))
    ids = None if days else IDS
    found = refused(convert(once.lead, now(at=NOON + timedelta(days=days)), sale(), ids=ids))
    assert found.codes == (RefusalCode.NOT_FROM_HERE,)
    assert found.text() == "convert is not possible from converted; possible are nothing"


def test_every_reason_comes_at_once() -> None:
    """What the lead lacks, where it stands, and what the funnel requires of the opportunity."""
    funnel = sale(stages=(Stage(key="lead", required=("amount",)), *sale().stages[1:]))
    gone = disqualify(lead(), now(reason="no budget")).record
    assert isinstance(gone, type(FULL))
    found = refused(convert(gone, now(), funnel))
    assert [(one.code, one.name) for one in found.reasons] == [
        (RefusalCode.NOT_FROM_HERE, "convert"),
        (RefusalCode.FIELD_MISSING, "business_domain"),
        (RefusalCode.FIELD_MISSING, "needs"),
        (RefusalCode.FIELD_MISSING, "buying_power"),
        (RefusalCode.FIELD_MISSING, "decision_process"),
        (RefusalCode.FIELD_MISSING, "amount"),
    ]
    assert found.record == gone
    assert (found.event, found.process) == ("convert", "qualification 1")


def test_the_funnel_alone_can_refuse() -> None:
    """A lead that lacks nothing is refused where the stage asks for more."""
    funnel = sale(stages=(Stage(key="lead", required=("competitor",)), *sale().stages[1:]))
    found = refused(convert(FULL, now(), funnel))
    assert [(one.name, one.stage) for one in found.reasons] == [("competitor", "lead")]


def test_wrong_names_are_the_caller_s_mistake() -> None:
    """A stage that there is not, and needs of another lead."""
    with pytest.raises(UnknownName, match="nowhere"):
        convert(FULL, now(), sale(), stage="nowhere")
    with pytest.raises(InvalidValue, match="N1"):
        convert(FULL, now(), sale(), needs=[need(lead_id="L9")])


def test_long_ids_have_digests() -> None:
    """What follows from the longest id is still an id, and one for each record."""
    long = attrs.evolve(FULL, id="x" * 256)
    found = converted(convert(long, now(), sale()))
    ids = {found.lead.customer_id, found.lead.contact_id, found.lead.opportunity_id}
    assert [len(one or "") for one in ids] == [64, 64, 64]


def stay(**given: object) -> StageVisit:
    """Return the stay of the lead in a stage."""
    told = {"id": "V1", "lead_id": "L1", "stage": "prospect", "entered_on": date(2026, 2, 1)}
    return StageVisit(**{**told, **given})  # type: ignore[arg-type]


def test_the_running_visits_of_the_lead_end() -> None:
    """The sale goes on in the opportunity at that instant; what had ended stays as it was."""
    over = stay(id="V0", left_on=date(2026, 2, 1))
    found = converted(
        convert(FULL, now(), standard_funnel("deal"), stage="qualified", visits=[over, stay()])
    )
    left, first = found.visits
    assert left == stay(left_on=TODAY, left_at=NOON)
    assert (first.stage, first.entered_at) == ("qualified", NOON)
    gone = disqualify(FULL, now(reason="no budget"), visits=[stay(reason="new")])
    assert isinstance(gone, Moved)
    assert gone.visits == (stay(left_on=TODAY, left_at=NOON, reason="no budget"),)
    assert refused(disqualify(FULL, now(), visits=[stay()])).reasons


def test_a_visit_that_began_before_on_the_next_day_elsewhere_ends_on_that_day() -> None:
    """Midnight has passed in Shanghai when it is still noon in UTC; days do not go back."""
    tomorrow, begun_at = TODAY + timedelta(days=1), NOON - timedelta(hours=1)
    found = disqualify(
        FULL, now(reason="no budget"), visits=[stay(entered_on=tomorrow, entered_at=begun_at)]
    )
    assert isinstance(found, Moved)
    assert (found.visits[0].left_on, found.visits[0].left_at) == (tomorrow, NOON)


@pytest.mark.parametrize(
    "given",
    [
        {"lead_id": "L2"},
        {"lead_id": None},
        {"entered_on": date(2026, 3, 3)},
        {"entered_on": TODAY, "entered_at": NOON + timedelta(seconds=1)},
    ],
)
def test_visits_that_do_not_fit_are_refused(given: dict[str, object]) -> None:
    """Those of others, and those that begin later, are the mistake of the caller."""
    with pytest.raises(InvalidValue, match="V1"):
        convert(FULL, now(), sale(), visits=[stay(**given)])


def test_what_needs_tell_counts_for_the_conversion() -> None:
    """A lead that says nothing itself is converted on what was found out of its needs."""
    told = need(business_domain="tools", buying_power="some", decision_process="the owner alone")
    found = converted(convert(lead(), now(), sale(), needs=[told]))
    assert found.overridden == ()
    assert found.needs == (
        attrs.evolve(told, customer_id="L1/customer", opportunity_id="L1/opportunity"),
    )
