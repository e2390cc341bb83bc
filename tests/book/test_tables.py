"""The fact tables beside the sales: money, leads, stages, service, targets."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore import testing
from salescore.book import FACT_TABLES, Facts, SalesBook
from salescore.entities import DocumentKind, LeadKind, StageKind, TargetLevel
from salescore.plain import Kind
from salescore.values import Calendar

if TYPE_CHECKING:
    from tests.book.conftest import Make

JANUARY, FEBRUARY, MARCH, APRIL = (date(2017, month, 10) for month in (1, 2, 3, 4))


def rows(book: SalesBook, name: str, **options: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    """Return all rows of a fact table."""
    table = Facts.of(book, **options).table(name)
    return [table.row(number) for number in range(len(table))]


def only(book: SalesBook, name: str, **options: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return the one row of a fact table."""
    (row,) = rows(book, name, **options)
    return row


def parties(make: "Make") -> dict[str, Any]:
    """Return a team, a rep, a customer, a product and an order."""
    return {
        "teams": [make.team()],
        "sales_reps": [make.rep(team_id="T-1", territory_id="TE-2")],
        "customers": [make.customer(rep_id="R-1", region="East", segment="VIP")],
        "products": [make.product(family="Saws")],
        "orders": [
            make.order(customer_id="C-1", channel="web", ordered_on=JANUARY, territory_id="TE-1")
        ],
    }


# Money --------------------------------------------------------------------------------------


def test_an_invoice_is_seen_with_its_order(make: "Make") -> None:
    """Customer, channel, rep and territory of the order stand in for those it does not name."""
    invoice = make.of("invoices", "I-1", order_id="O-1", due_on=APRIL, tax_amount=make.money("2"))
    row = only(SalesBook(**parties(make), invoices=[invoice]), "invoices")
    assert (row["id"], row["issued_on"], row["due_on"]) == ("I-1", date(2017, 3, 1), APRIL)
    assert (row["customer_id"], row["segment"], row["channel"]) == ("C-1", "VIP", "web")
    assert (row["rep_id"], row["team_id"], row["region"]) == ("R-1", "T-1", "East")
    assert (row["territory_id"], row["amount"], row["tax_amount"]) == ("TE-1", 10, 2)


def test_an_invoice_names_its_own(make: "Make") -> None:
    """What stands on the invoice goes before what its order says."""
    own = {"customer_id": "C-2", "rep_id": "R-2", "region": "North", "channel": "shop"}
    invoices = [
        make.of("invoices", "I-1", order_id="O-1", **own),
        make.of("invoices", "I-2", kind=DocumentKind.VOID),
        make.of("invoices", "I-3", kind=DocumentKind.DRAFT),
        make.of("invoices", "I-4", voided_on=MARCH),
    ]
    row = only(SalesBook(**parties(make), invoices=invoices), "invoices")
    assert {name: row[name] for name in own} == own


def test_a_payment_counts_for_the_rep_of_its_customer(make: "Make") -> None:
    """Unless it names one of its own."""
    payments = [
        make.of("payments", "1", customer_id="C-1", method="card"),
        make.of("payments", "2", rep_id="R-9"),
    ]
    first, second = rows(SalesBook(**parties(make), payments=payments), "payments")
    assert (first["rep_id"], first["team_id"], first["territory_id"]) == ("R-1", "T-1", "TE-2")
    assert (first["amount"], first["method"], first["segment"]) == (10, "card", "VIP")
    assert (second["rep_id"], second["customer_id"]) == ("R-9", None)


# Leads --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({}, "open"),
        ({"qualified_on": MARCH}, "qualified"),
        ({"qualified_on": MARCH, "converted_on": MARCH}, "converted"),
        ({"qualified_on": MARCH, "disqualified_on": MARCH}, "disqualified"),
        ({"converted_on": MARCH, "disqualified_on": MARCH}, "converted"),
        ({"converted_on": MARCH, "kind": LeadKind.DISQUALIFIED}, "disqualified"),
    ],
)
def test_the_dates_of_a_lead_say_what_became_of_it(
    make: "Make", fields: dict[str, Any], kind: str
) -> None:
    """Unless its kind does; as of a day before nothing had become of it."""
    book = SalesBook(leads=[make.of("leads", created_on=JANUARY, **fields)])
    assert only(book, "leads")["kind"] == kind
    assert only(book, "leads", as_of=FEBRUARY)["kind"] == "open"


def test_the_first_contact_of_a_lead_is_its_own_or_the_earliest_activity(make: "Make") -> None:
    """Activities on the lead count; those on nothing do not."""
    book = SalesBook(
        leads=[
            make.of("leads", "1", created_on=JANUARY, region="North", product_id="P-1"),
            make.of("leads", "2", first_contact_on=MARCH),
        ],
        activities=[
            make.activity(lead_id="1", happened_on=MARCH),
            make.activity(lead_id="1", happened_on=FEBRUARY),
            make.activity(lead_id="2", happened_on=JANUARY),
            make.activity(happened_on=JANUARY),
        ],
        products=[make.product(family="Saws")],
    )
    first, second = rows(book, "leads")
    assert (first["first_contact_on"], second["first_contact_on"]) == (FEBRUARY, MARCH)
    assert (first["region"], first["product_family"]) == ("North", "Saws")


@pytest.mark.parametrize(
    ("lead", "activities", "found"),
    [
        ({"created_on": FEBRUARY}, [], FEBRUARY),
        ({"created_on": FEBRUARY, "first_contact_on": JANUARY}, [], JANUARY),
        ({"created_on": FEBRUARY}, [{"lead_id": "LE-1", "happened_on": JANUARY}], JANUARY),
        ({"created_on": FEBRUARY}, [{"opportunity_id": "CA-1", "happened_on": JANUARY}], JANUARY),
        ({}, [{"opportunity_id": "CA-1", "happened_on": MARCH}], MARCH),
        ({}, [], None),
    ],
)
def test_a_cycle_begins_with_the_lead(
    make: "Make", lead: dict[str, Any], activities: list[dict[str, Any]], found: date | None
) -> None:
    """The first contact of an opportunity may be that of the lead it came from, or its creation."""
    book = SalesBook(
        leads=[make.of("leads", "LE-1", opportunity_id="CA-1", **lead), make.of("leads", "LE-2")],
        opportunities=[make.opportunity(kind=StageKind.WON, closed_on=APRIL)],
        activities=[make.activity(**fields) for fields in activities],
    )
    assert only(book, "opportunities")["first_contact_on"] == found


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({}, None),
        ({"opportunity_id": "CA-1"}, "C-1"),
        ({"contact_id": "P-1"}, "C-2"),
        ({"case_id": "S-1"}, "C-3"),
        ({"lead_id": "L-1"}, "C-4"),
        ({"contact_id": "gone", "lead_id": "L-1"}, "C-4"),
        ({"lead_id": "L-1", "case_id": "S-1", "contact_id": "P-1"}, "C-2"),
        ({"contact_id": "P-1", "opportunity_id": "CA-1"}, "C-1"),
        ({"contact_id": "P-1", "customer_id": "C-5"}, "C-5"),
    ],
)
def test_an_activity_is_with_the_customer_of_what_it_served(
    make: "Make", fields: dict[str, Any], found: str | None
) -> None:
    """Its own customer counts first, then that of opportunity, contact, case and lead."""
    book = SalesBook(
        customers=[make.customer(id="C-2", segment="VIP", region="East")],
        opportunities=[make.opportunity(customer_id="C-1")],
        contacts=[make.of("contacts", "P-1", customer_id="C-2")],
        cases=[make.of("cases", "S-1", customer_id="C-3")],
        leads=[make.of("leads", "L-1", customer_id="C-4")],
        activities=[make.activity(**fields)],
    )
    row = only(book, "activities")
    is_known = found == "C-2"
    assert (row["customer_id"], row["segment"]) == (found, "VIP" if is_known else None)
    assert row["region"] == ("East" if is_known else None)


# Stages -------------------------------------------------------------------------------------


def visit(make: "Make", key: str, stage: str, day: date, **fields: Any) -> Any:  # noqa: ANN401
    """Return a visit of the opportunity CA-1."""
    told = {"opportunity_id": "CA-1", "stage": stage, "entered_on": day}
    return make.of("stage_visits", key, **{**told, **fields})


def course(book: SalesBook, **options: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401
    """Return days, first visit, outcome and win of all visits."""
    names = ("stage_days", "is_first", "outcome", "is_won")
    return [tuple(row[name] for name in names) for row in rows(book, "stage_visits", **options)]


def test_time_in_stage_runs_up_to_the_day_of_knowledge(make: "Make") -> None:
    """A running visit has no end without one; a visit that left later was still running."""
    book = SalesBook(
        opportunities=[make.opportunity()],
        stage_visits=[
            visit(make, "1", "talks", JANUARY, left_on=FEBRUARY),
            visit(make, "2", "offer", FEBRUARY),
        ],
    )
    assert course(book) == [(31, True, "advanced", False), (None, True, "open", False)]
    assert course(book, as_of=MARCH)[1] == (28, True, "open", False)
    assert course(book, as_of=date(2017, 1, 20)) == [(10, True, "open", False)]


@pytest.mark.parametrize(
    ("kind", "outcomes", "is_won"),
    [
        (StageKind.OPEN, ["advanced", "advanced", "advanced", "open"], False),
        (StageKind.WON, ["advanced"] * 4, True),
        (StageKind.LOST, ["advanced", "advanced", "advanced", "lost"], False),
        (StageKind.VOID, ["advanced", "advanced", "advanced", "lost"], False),
    ],
)
def test_what_followed_a_stage(
    make: "Make", kind: StageKind, outcomes: list[str], *, is_won: bool
) -> None:
    """A later visit to another stage is an advance, a step back too; loops count once."""
    closed = APRIL if kind is not StageKind.OPEN else None
    book = SalesBook(
        opportunities=[make.opportunity(kind=kind, closed_on=closed)],
        stage_visits=[
            visit(make, "1", "talks", JANUARY),
            visit(make, "2", "offer", FEBRUARY),
            visit(make, "3", "talks", MARCH),
            visit(make, "4", "offer", MARCH),
        ],
    )
    found = course(book)
    assert [one[2] for one in found] == outcomes
    assert [one[1] for one in found] == [True, True, False, False]
    assert {one[3] for one in found} == {is_won}


@pytest.mark.parametrize("kind", [StageKind.LOST, StageKind.VOID])
def test_giving_up_is_no_advance(make: "Make", kind: StageKind) -> None:
    """A later visit to a lost or void stage, or to the same stage again, leads nowhere."""
    book = SalesBook(
        opportunities=[make.opportunity(kind=kind, closed_on=MARCH)],
        stage_visits=[
            visit(make, "1", "talks", JANUARY),
            visit(make, "2", "talks", FEBRUARY),
            visit(make, "3", "gone", MARCH, kind=kind),
        ],
    )
    assert [one[2] for one in course(book)] == ["lost"] * 3
    assert [one[2] for one in course(book, as_of=FEBRUARY)] == ["open"] * 2


def test_visits_of_one_day_follow_their_instants_then_the_records(make: "Make") -> None:
    """Two funnels may have a stage of one name, which are two stages."""
    noon = datetime(2017, 1, 10, 12, tzinfo=UTC)
    book = SalesBook(
        opportunities=[make.opportunity()],
        stage_visits=[
            visit(make, "1", "talks", JANUARY, entered_at=noon),
            visit(make, "2", "talks", JANUARY, entered_at=noon.replace(hour=9)),
            visit(make, "3", "talks", JANUARY),
            visit(make, "4", "talks", JANUARY),
            visit(make, "5", "talks", JANUARY, funnel="other"),
        ],
    )
    found = course(book)
    assert [one[1] for one in found] == [False, False, True, False, True]
    assert [one[2] for one in found] == ["open", "open", "advanced", "advanced", "advanced"]


@pytest.mark.parametrize(
    ("lead", "found"),
    [
        ({"opportunity_id": "CA-1"}, ("advanced", True)),
        ({"opportunity_id": "CA-2"}, ("lost", False)),
        ({"opportunity_id": "CA-2", "converted_on": MARCH}, ("advanced", False)),
        ({"opportunity_id": "CA-9"}, ("open", None)),
        ({"disqualified_on": MARCH}, ("lost", False)),
        ({}, ("open", False)),
    ],
)
def test_a_lead_goes_through_stages_too(
    make: "Make", lead: dict[str, Any], found: tuple[str, bool | None]
) -> None:
    """It is won with the opportunity it became; conversion is an advance."""
    book = SalesBook(
        sales_reps=[make.rep(team_id="T-1")],
        leads=[
            make.of("leads", "LE-1", source="fair", region="North", rep_id="R-1", **lead),
        ],
        opportunities=[
            make.opportunity(kind=StageKind.WON, closed_on=MARCH),
            make.opportunity(id="CA-2", kind=StageKind.LOST, closed_on=MARCH),
        ],
        stage_visits=[visit(make, "1", "new", JANUARY, opportunity_id=None, lead_id="LE-1")],
    )
    row = only(book, "stage_visits")
    assert (row["outcome"], row["is_won"]) == found
    assert (row["source"], row["region"], row["team_id"]) == ("fair", "North", "T-1")


def test_a_visit_of_nobody_tells_nothing(make: "Make") -> None:
    """Whether it is the first, what followed and whether it was won are unknown."""
    book = SalesBook(
        stage_visits=[
            visit(make, "1", "talks", JANUARY, opportunity_id=None),
            visit(make, "2", "talks", JANUARY, opportunity_id=None, lead_id="LE-9"),
            visit(make, "3", "talks", JANUARY, opportunity_id="CA-9", rep_id="R-9"),
        ]
    )
    nobody, lead, sale = rows(book, "stage_visits")
    names = ("is_first", "outcome", "is_won", "customer_id")
    assert [nobody[name] for name in names] == [None] * 4
    assert [lead[name] for name in names] == [True, "open", None, None]
    assert (sale["rep_id"], sale["is_won"]) == ("R-9", None)


# Service ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "as_of", "is_late"),
    [
        ({"shipped_on": MARCH, "promised_on": MARCH}, None, False),
        ({"shipped_on": MARCH, "promised_on": FEBRUARY}, None, True),
        ({"shipped_on": MARCH}, None, True),  # the order was required in February
        ({"delivered_on": FEBRUARY}, None, False),
        ({"delivered_on": MARCH}, None, True),
        ({}, FEBRUARY, None),
        ({}, MARCH, True),
        ({"promised_on": APRIL}, None, None),
        ({"promised_on": FEBRUARY}, None, True),
        ({"order_id": None}, None, None),
    ],
)
def test_a_delivery_is_late_after_the_promised_day(
    make: "Make", fields: dict[str, Any], as_of: date | None, *, is_late: bool | None
) -> None:
    """What has not left is late once the promised day is past, and undecided until then."""
    order = make.order(customer_id="C-1", ordered_on=JANUARY, required_on=FEBRUARY, rep_id="R-1")
    book = SalesBook(
        orders=[order],
        deliveries=[
            make.of("deliveries", "D-1", **{"order_id": "O-1", "freight": make.money("4")} | fields)
        ],
        expenses=[make.expense(spent_on=MARCH)],
    )
    row = only(book, "deliveries", as_of=as_of)
    assert row["is_late"] is is_late
    if row["order_id"]:
        assert (row["customer_id"], row["rep_id"], row["ordered_on"]) == ("C-1", "R-1", JANUARY)
        assert row["promised_on"] == fields.get("promised_on", FEBRUARY)
    shipped = fields.get("shipped_on")
    assert row["handling_days"] == (None if shipped is None else 59)
    assert row["freight"] == 4


def test_a_case_is_timed_in_days(make: "Make") -> None:
    """From the day it came in to the first answer and to the solution; unknown while it runs."""
    case = make.of(
        "cases",
        opened_on=JANUARY,
        responded_on=date(2017, 1, 12),
        resolved_on=FEBRUARY,
        customer_id="C-1",
        product_id="P-1",
        category="repair",
    )
    book = SalesBook(**parties(make), cases=[case])
    row = only(book, "cases")
    assert (row["response_days"], row["resolution_days"]) == (2, 31)
    assert (row["segment"], row["product_family"], row["category"]) == ("VIP", "Saws", "repair")
    assert row["rep_id"] is None  # nobody is in charge of it
    running = only(book, "cases", as_of=date(2017, 1, 20))
    assert (running["response_days"], running["resolution_days"]) == (2, None)


def test_an_answer_is_seen_with_customer_and_rep(make: "Make") -> None:
    """A question without an answer has no score."""
    response = make.of(
        "survey_responses",
        sent_on=JANUARY,
        answered_on=MARCH,
        score=Decimal(9),
        customer_id="C-1",
    )
    book = SalesBook(**parties(make), survey_responses=[response])
    row = only(book, "survey_responses")
    assert (row["score"], row["rep_id"], row["region"]) == (9, "R-1", "East")
    before = only(book, "survey_responses", as_of=FEBRUARY)
    assert (before["score"], before["answered_on"]) == (None, None)


# Targets ------------------------------------------------------------------------------------


def test_only_the_newest_revision_of_a_target_counts(make: "Make") -> None:
    """As of a day before the revision the old one counts; in a circle nobody can tell."""
    targets = [
        make.of("targets", "1", amount=make.money("10"), set_on=JANUARY),
        make.of("targets", "2", amount=make.money("20"), set_on=FEBRUARY, replaces_id="1"),
        make.of("targets", "3", amount=make.money("30"), set_on=MARCH, replaces_id="2"),
    ]
    book = SalesBook(targets=targets)
    assert [row["id"] for row in rows(book, "targets")] == ["3"]
    assert [row["amount"] for row in rows(book, "targets", as_of=FEBRUARY)] == [20]
    assert [row["id"] for row in rows(book, "targets", as_of=JANUARY)] == ["1"]
    round_ = [
        make.of("targets", "1", replaces_id="2"),
        make.of("targets", "2", replaces_id="1"),
        make.of("targets", "0", replaces_id=None),
        make.of("targets", "4", replaces_id="0"),
    ]
    assert [row["id"] for row in rows(SalesBook(targets=round_), "targets")] == ["1", "2", "4"]


def test_a_target_covers_what_it_says(make: "Make") -> None:
    """Its scope is its own; where only the rep is stated the rep's team owns it, too."""
    targets = [
        make.of("targets", "1", rep_id="R-1", value=Decimal(3), level=TargetLevel.STRETCH),
        make.of("targets", "2", team_id="T-2", rep_id="R-1", customer_id="C-1"),
    ]
    first, second = rows(SalesBook(**parties(make), targets=targets), "targets")
    assert (first["team_id"], first["region"], first["territory_id"]) == ("T-1", None, None)
    assert (first["level"], first["value"], first["currency"]) == ("stretch", 3, None)
    assert (second["team_id"], second["customer_id"], second["region"]) == ("T-2", "C-1", None)


# Territories --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("order", "customer", "rep", "found"),
    [
        ("order", "customer", "rep", "order"),
        (None, "customer", "rep", "customer"),
        (None, None, "rep", "rep"),
        (None, None, None, None),
    ],
)
def test_the_nearest_territory_holds(
    make: "Make", order: str | None, customer: str | None, rep: str | None, found: str | None
) -> None:
    """A territory comes from the order, else its customer, else the rep."""
    book = SalesBook(
        sales_reps=[make.rep(territory_id=rep)],
        customers=[make.customer(territory_id=customer, rep_id="R-1")],
        orders=[make.order(customer_id="C-1", territory_id=order)],
        order_lines=[make.line()],
    )
    assert only(book, "order_lines")["territory_id"] == found
    assert only(book, "sales_lines")["territory_id"] == found


# The calendar -------------------------------------------------------------------------------


def test_the_calendar_table_has_every_day_between_the_dates(make: "Make") -> None:
    """Plans count, what cannot be a date of business does not."""
    book = SalesBook(
        orders=[make.order(), make.order(id="O-2", ordered_on=date(9999, 12, 31))],
        order_lines=[make.line(), make.line(id="L-2", order_id="O-2")],
        targets=[make.of("targets", starts_on=date(2017, 2, 28), ends_on=date(2017, 3, 4))],
    )
    table = Facts.of(book, calendar=Calendar.months(4)).calendar_table()
    assert [row.day for row in table] == [
        date(2017, 2, 28),
        *(date(2017, 3, day) for day in (1, 2, 3, 4)),
    ]
    assert table[1] == (date(2017, 3, 1), "2017-W09", "2017-03", "2016-Q4", "2016")
    assert Facts.of(SalesBook()).calendar_table() == ()


@settings(max_examples=15, deadline=None)
@given(testing.books(faulty=True), st.sampled_from([None, date(2017, 6, 30)]))
def test_every_date_of_a_fact_has_a_row(book: SalesBook, as_of: date | None) -> None:
    """Joining dates to the calendar table finds the keys that the calendar gives."""
    facts = Facts.of(book, calendar=Calendar.named("nrf"), as_of=as_of)
    keys = {row.day: row.quarter for row in facts.calendar_table()}
    days = {
        day
        for schema in FACT_TABLES
        for field in schema.fields
        if field.kind is Kind.DATE
        for day in facts.table(schema.name).column(field.name)
        if day is not None and 1900 <= day.year <= 2199
    }
    assert days <= set(keys)
    assert (min(days, default=None), max(days, default=None)) == (
        min(keys, default=None),
        max(keys, default=None),
    )
    assert len(keys) == ((max(days) - min(days)).days + 1 if days else 0)
