"""What was known on a day is one rule for every record type, held against a second telling."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import takewhile
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore import testing
from salescore.book import FACT_TABLES, Facts, SalesBook
from salescore.book._known import known_book
from salescore.entities import (
    RECORD_TABLES,
    Event,
    EventId,
    Opportunity,
    OpportunityId,
    StageKind,
    StageVisit,
    StageVisitId,
)
from salescore.plain import CustomFields, Kind, custom_field, custom_values
from salescore.values import ConstantRates

if TYPE_CHECKING:
    from tests.book.conftest import Make

DAYS = st.dates(date(2015, 12, 30), date(2019, 1, 3))
CLOSED = {StageKind.WON, StageKind.LOST, StageKind.VOID}
PLANS = {
    *("expected_close_on", "required_on", "promised_on", "due_on", "due_at", "valid_until"),
    *("hired_on", "birthday", "expires_on"),
}
"""Dates that tell of no event, by a second list than that of the records."""


ZONES = ("UTC", "Asia/Shanghai", "America/Los_Angeles")
MOVED = "expected_close_changed"


def day_of(value: Any, zone: str = "UTC") -> date:  # noqa: ANN401 - a date or an instant
    """Return the day of a date or instant."""
    return value.astimezone(ZoneInfo(zone)).date() if isinstance(value, datetime) else value


def events(table: Any, record: Any, zone: str) -> dict[str, date]:  # noqa: ANN401 - of any type
    """Return by field the day of what happened to a record; a day goes before its instant."""
    found = {}
    for field in table.fields:
        value = getattr(record, field.name)
        is_event = field.kind in (Kind.DATE, Kind.INSTANT) and field.name not in PLANS
        if is_event and field.has_happened and field.name != "recorded_at" and value is not None:
            beside = getattr(record, field.name.removesuffix("_at") + "_on", None)
            found[field.name] = beside or day_of(value, zone)
    return found


def told(book: SalesBook, as_of: date, zone: str) -> SalesBook:
    """Return a book as it was known on a day, told record by record."""
    lost: dict[str, set[str]] = {}
    kept: dict[str, list[tuple[Any, Any]]] = {}
    for table in RECORD_TABLES:
        kept[table.name] = []
        for record in book.records(table.name):
            days = events(table, record, zone)
            made = getattr(record, "recorded_at", None)
            stated = getattr(record, "created_on", None)
            happened = stated or min(days.values(), default=None)
            first = day_of(made, zone) if made is not None else happened
            gone = any(
                getattr(record, field.name) in lost.get(field.refers, set())
                for field in table.fields
                if field.refers is not None
                and (not field.nullable or "recorded_at" not in table.names)
            )
            if first > as_of if first is not None else gone:
                continue
            later = {name for name, day in days.items() if day > as_of}
            changes = {
                field.name: None
                for field in table.fields
                if field.nullable and (field.name in later or later & set(field.since))
            }
            kept[table.name].append((record, attrs.evolve(record, **changes)))
        stay = {record.id for record, _ in kept[table.name]}
        lost[table.name] = {one.id for one in book.records(table.name)} - stay
    seen = [record for record, _ in kept["stage_visits"]]
    visits = [one for one in book.stage_visits if one in seen or one.entered_on > as_of]
    kept["stage_visits"] = [
        (one, attrs.evolve(then, reason=None) if moved_later(one, visits, as_of) else then)
        for one, then in kept["stage_visits"]
    ]
    known = {record.id for record, _ in kept["events"]}
    later_events = [one for one in book.events if one.id not in known]
    kept["opportunities"] = [
        (one, due_then(staged_then(one, then, visits, as_of, zone), later_events))
        for one, then in kept["opportunities"]
    ]
    return attrs.evolve(book, **{name: [then for _, then in pairs] for name, pairs in kept.items()})


def moved_later(visit: StageVisit, visits: list[StageVisit], as_of: date) -> bool:
    """Return whether another visit is all that says that a visit ended, and began later."""
    whose = (visit.opportunity_id or visit.lead_id, visit.opportunity_id is None, visit.funnel)
    mine = [
        one
        for one in visits
        if (one.opportunity_id or one.lead_id, one.opportunity_id is None, one.funnel) == whose
    ]
    if whose[0] is None or visit.left_on is not None or visit.left_at is not None:
        return False
    then = ordered([one for one in mine if one.entered_on <= as_of])
    return len(then) < len(mine) and then[-1:] == [visit]


def ordered(visits: list[StageVisit], zone: str = "UTC") -> list[StageVisit]:
    """Return visits by day, and of one day by instants if all have one, else by their ends."""

    def left(visit: StageVisit) -> tuple[date, datetime]:
        entered = visit.entered_at or datetime.min.replace(tzinfo=UTC)
        return left_on(visit, zone) or date.max, visit.left_at or entered

    def place(visit: StageVisit) -> tuple[Any, ...]:
        same = [one.entered_at for one in visits if one.entered_on == visit.entered_on]
        begun = visit.entered_at or datetime.min.replace(tzinfo=UTC)
        day, instant = left(visit)
        keys = (day, begun, instant) if None in same else (begun, day, instant)
        return visit.entered_on, *keys, visit.id

    return sorted(visits, key=place)


def left_on(visit: StageVisit, zone: str) -> date | None:
    """Return the day a visit ended."""
    instant = None if visit.left_at is None else day_of(visit.left_at, zone)
    return visit.left_on or instant


NOT_KEPT: dict[str, Any] = dict.fromkeys(
    ("probability", "is_probability_pinned", "forecast_category")
)
"""What nobody kept of a sale that has moved on since."""


def staged_then(
    one: Opportunity, then: Opportunity, visits: list[StageVisit], as_of: date, zone: str
) -> Opportunity:
    """Return an opportunity without what came later at the stage of its last visit known."""
    mine = ordered([visit for visit in visits if visit.opportunity_id == one.id], zone)
    past = [visit for visit in mine if visit.entered_on <= as_of]
    if one.kind in CLOSED and one.closed_on is not None and one.closed_on <= as_of:
        has_stage = len(past) < len(mine) and bool(past) and past[-1].kind is one.kind
        return attrs.evolve(then, stage=past[-1].stage) if has_stage else then

    def has_left(visit: StageVisit) -> bool:
        return (left_on(visit, zone) or date.min) > as_of

    moved_on = len(past) < len(mine) or (bool(past) and has_left(past[-1]))
    if moved_on and past and past[-1].kind in CLOSED:
        known = [None if has_left(one) else one.reason for one in past[:-1]]
        wins = [*takewhile(lambda one: one.kind is StageKind.WON, reversed(past))]
        return attrs.evolve(
            then,
            stage=past[-1].stage,
            kind=past[-1].kind,
            **NOT_KEPT,
            closed_on=[past[-1], *wins][-1].entered_on,
            loss_reason=None if past[-1].kind is StageKind.WON else [None, *known][-1],
        )
    if not moved_on and (one.closed_on is None or one.closed_on <= as_of):
        return then
    kind = past[-1].kind if past else one.kind if not mine else None
    return attrs.evolve(
        then,
        stage=past[-1].stage if past else one.stage,
        kind=StageKind.OPEN if kind is None or kind in CLOSED else kind,
        **NOT_KEPT,
        loss_reason=None if one.kind in CLOSED else then.loss_reason,
    )


def due_then(one: Opportunity, later: list[Event]) -> Opportunity:
    """Return an opportunity with the expected day of closing from before later pushes."""
    pushes = [
        event
        for event in later
        if (event.name, event.record, event.subject) == (MOVED, "opportunities", one.id)
    ]
    if not pushes:
        return one
    first = min(event.happened_at for event in pushes)
    told = sorted((event for event in pushes if event.happened_at == first), key=lambda e: e.id)
    days = [json.loads(event.detail or "") for event in told]
    ends = [each["to"] for each in days]
    stated = [*(each["from"] for each in days if each["from"] not in ends), days[0]["from"]][0]
    day = None if stated is None else date.fromisoformat(stated)
    return attrs.evolve(one, expected_close_on=day)


STAGES = ("Talks", "Offer", "End")
REASONS = (None, "price", "time")


@st.composite
def moving_sales(draw: st.DrawFn) -> SalesBook:
    """Return opportunities with visits and pushes, some stated by day, some by instant."""
    sales: list[Opportunity] = []
    visits: list[StageVisit] = []
    pushes: list[Event] = []
    hours = st.integers(0, 3 * 365 * 24).map(lambda count: timedelta(hours=count))
    moments = hours.map(lambda passed: datetime(2016, 1, 1, tzinfo=UTC) + passed)
    for key in map(OpportunityId, draw(st.sampled_from(["P", "PQ"]))):
        sales.append(
            Opportunity(
                id=key,
                stage=draw(st.sampled_from(STAGES)),
                kind=draw(st.sampled_from(StageKind)),
                probability=Decimal("0.5"),
                is_probability_pinned=True,
                forecast_category="commit",
                created_on=draw(st.none() | st.just(date(2016, 1, 1))),
                closed_on=draw(st.none() | DAYS),
                expected_close_on=draw(st.none() | DAYS),
                loss_reason=draw(st.sampled_from(REASONS)),
            )
        )
        for number in range(draw(st.integers(0, 3))):
            entered, left = sorted((draw(moments), draw(moments)))
            has_left = draw(st.sampled_from([True, True, True, False]))
            recorded = draw(st.sampled_from([None, None, datetime(2016, 1, 1, tzinfo=UTC)]))
            zone = draw(st.sampled_from(ZONES))
            stated = draw(st.sampled_from(["day", "instant", "both"]))
            visits.append(
                StageVisit(
                    id=StageVisitId(f"{key}-{number}"),
                    opportunity_id=key,
                    stage=draw(st.sampled_from(STAGES)),
                    kind=draw(st.sampled_from([None, *StageKind])),
                    entered_on=day_of(entered, zone),
                    entered_at=None if stated == "day" else entered,
                    left_on=day_of(left, zone) if has_left and stated != "instant" else None,
                    left_at=left if has_left and stated != "day" else None,
                    reason=draw(st.sampled_from(REASONS)),
                    recorded_at=recorded,
                )
            )
        for number in range(draw(st.integers(0, 2))):
            before, after = (draw(st.none() | DAYS) for _ in range(2))
            days = {"from": before and before.isoformat(), "to": after and after.isoformat()}
            pushes.append(
                Event(
                    id=EventId(f"{key}-push-{number}"),
                    name=MOVED,
                    happened_at=draw(moments),
                    record="opportunities",
                    subject=key,
                    detail=json.dumps(days),
                )
            )
    return SalesBook(opportunities=sales, stage_visits=visits, events=pushes)


@settings(max_examples=60, deadline=None)
@given(testing.books(faulty=True), DAYS, st.sampled_from(ZONES))
def test_what_was_known_follows_the_rule(book: SalesBook, as_of: date, zone: str) -> None:
    """Recorded, else happened, else with what it belongs to; what came later is unknown."""
    assert known_book(book, as_of, zone).book == told(book, as_of, zone)


@settings(max_examples=300, deadline=None)
@given(moving_sales(), DAYS, st.sampled_from(ZONES))
def test_where_a_sale_stood_follows_the_rule(book: SalesBook, as_of: date, zone: str) -> None:
    """At the stage of its last visit known, closed where that ended it, due as before pushes."""
    assert known_book(book, as_of, zone).book == told(book, as_of, zone)


@pytest.mark.parametrize("facts_zone", ZONES)
@pytest.mark.parametrize("zone", ZONES)
def test_a_stated_day_goes_before_the_day_of_its_instant(
    make: "Make", zone: str, facts_zone: str
) -> None:
    """Whatever zone facts are read in, a visit begins and ends on the days that it states."""
    instants = [datetime(2017, 3, day, 20, tzinfo=UTC) for day in (1, 8)]
    days = [day_of(instant, zone) for instant in instants]
    stated = {"entered_at": instants[0], "left_at": instants[1], "left_on": days[1]}
    visit = make.of("stage_visits", entered_on=days[0], reason="price", **stated)
    book = SalesBook(stage_visits=[visit])
    day = timedelta(days=1)
    assert known_book(book, days[0] - day, facts_zone).book == SalesBook()
    for seen in (days[0], days[1] - day):
        (lasting,) = known_book(book, seen, facts_zone).book.stage_visits
        assert lasting == attrs.evolve(visit, left_on=None, left_at=None, reason=None)
    assert known_book(book, days[1], facts_zone).book == book


def test_an_instant_alone_falls_on_a_day_in_the_zone(make: "Make") -> None:
    """Who states no day leaves it to the zone of the facts."""
    left_at = datetime(2017, 3, 8, 20, tzinfo=UTC)
    book = SalesBook(stage_visits=[make.of("stage_visits", left_at=left_at)])
    assert known_book(book, date(2017, 3, 8), "UTC").book == book
    (lasting,) = known_book(book, date(2017, 3, 8), "Asia/Shanghai").book.stage_visits
    assert lasting.left_at is None


@pytest.mark.parametrize("records", ["leads", "opportunities"])
def test_what_names_a_record_does_not_make_it_known(make: "Make", records: str) -> None:
    """Who states the day of an end alone is unknown until then, though visits tell of it."""
    day, end = date(2017, 3, 1), date(2017, 5, 1)
    key = {"leads": "lead_id", "opportunities": "opportunity_id"}[records]
    ended = {"leads": "converted_on", "opportunities": "closed_on"}[records]
    named = {
        "stage_visits": [make.of("stage_visits", entered_on=day, **{key: "X"})],
        "activities": [make.of("activities", happened_on=day, **{key: "X"})],
    }
    seen: dict[bool, int] = {}
    for is_dated in (False, True):
        created_on = day if is_dated else None
        record = make.of(records, "X", created_on=created_on, **{ended: end})
        book = known_book(SalesBook(**named, **{records: [record]}), day, "UTC").book
        assert (len(book.stage_visits), len(book.activities)) == (1, 1)
        seen[is_dated] = len(book.records(records))
    assert seen == {False: 0, True: 1}


def test_of_visits_of_one_day_the_last_is_the_one_that_went_on(make: "Make") -> None:
    """In whatever order a file keeps them, a stage left on the day it was entered came before."""
    day, later = date(2017, 3, 1), date(2017, 5, 1)
    visits = [
        make.of(
            "stage_visits", stage, stage=stage, entered_on=day, left_on=left, opportunity_id="P"
        )
        for stage, left in (("Talks", day), ("Offer", later))
    ]
    sale = make.of("opportunities", "P", stage="Won", kind=StageKind.WON, closed_on=later)
    sale = attrs.evolve(sale, created_on=day)
    for order in (visits, visits[::-1]):
        book = SalesBook(opportunities=[sale], stage_visits=order)
        assert known_book(book, date(2017, 4, 1), "UTC").book.opportunities[0].stage == "Offer"


def test_a_reason_given_later_is_not_that_of_a_loss_before(make: "Make") -> None:
    """Where visits overlap by mistake, what ended after the day says nothing on it."""
    days = [date(2017, month, 1) for month in (1, 2, 5, 6)]
    visits = [
        make.of(
            *("stage_visits", kind.value),
            kind=kind,
            entered_on=entered,
            left_on=left,
            reason="price",
            opportunity_id="P",
        )
        for kind, entered, left in (
            (StageKind.OPEN, days[0], days[2]),
            (StageKind.LOST, days[1], days[3]),
        )
    ]
    book = SalesBook(
        opportunities=[make.of("opportunities", "P", created_on=days[0])], stage_visits=visits
    )
    (one,) = known_book(book, date(2017, 3, 1), "UTC").book.opportunities
    assert (one.kind, one.loss_reason) == (StageKind.LOST, None)


@pytest.mark.parametrize("table", RECORD_TABLES, ids=lambda table: table.name)
def test_every_record_type_is_hidden_before_its_day(make: "Make", table: Any) -> None:  # noqa: ANN401
    """A record with a day of its own is not there the day before, and there on the day."""
    days = [one for one in table.happened if one.kind is Kind.DATE]
    if not days:
        record = make.of(table.name)
        first = {day_of(record.happened_at)} if "happened_at" in table else set[date]()
        day = next(iter(first), None)
    else:
        day = date(2017, 3, 1)
        record = make.of(table.name, **{days[0].name: day})
    book = SalesBook(**{table.name: [record]})
    if day is None:
        assert known_book(book, date.min, "UTC").book == book
    else:
        assert known_book(book, day, "UTC").book == book
        assert known_book(book, day - timedelta(days=1), "UTC").book == SalesBook()


def test_lines_of_lines_go_with_their_document(make: "Make") -> None:
    """What has no day of its own is not seen before the record it refers to."""
    book = SalesBook(
        invoices=[make.of("invoices", "I-1")],
        invoice_lines=[make.of("invoice_lines", invoice_id="I-1")],
        instalments=[make.of("instalments", "IN-1", invoice_id="I-1")],
        payments=[make.of("payments", "P-1")],
        allocations=[make.of("allocations", payment_id="P-1")],
    )
    assert known_book(book, date(2017, 2, 28), "UTC").book == SalesBook()
    assert known_book(book, date(2017, 3, 1), "UTC").book == book


def test_an_undated_record_does_not_wait_for_its_customer(make: "Make") -> None:
    """A customer recorded later under an id that was in use hides no earlier fact."""
    sale = make.opportunity(customer_id="C-1")
    later = make.customer(created_on=date(2017, 3, 1))
    book = SalesBook(customers=[later], opportunities=[sale])
    assert known_book(book, date(2017, 2, 1), "UTC").book == SalesBook(opportunities=[sale])


def test_a_registered_field_is_unknown_before_its_date(make: "Make") -> None:
    """A registered date that tells of an event makes known, and is hidden until it comes."""
    fields = [
        custom_field("met_on", Kind.DATE, "Met on", "会面日期", happened=True),
        custom_field("mood", Kind.TEXT, "Mood", "情绪"),
    ]
    customer = make.customer(
        created_on=date(2017, 1, 10), custom=custom_values(met_on=date(2017, 3, 1), mood="calm")
    )
    book = SalesBook(custom_fields=CustomFields.of({"customers": fields}), customers=[customer])
    (before,) = known_book(book, date(2017, 2, 1), "UTC").book.customers
    assert before.custom == custom_values(mood="calm")
    assert known_book(book, date(2017, 3, 1), "UTC").book == book


RATES = ConstantRates.of("USD", {"EUR": Decimal("1.1"), "JPY": Decimal("0.01")})


def columns(book: SalesBook, as_of: date) -> dict[str, list[list[Any]]]:
    """Return the columns of all fact tables as of a day."""
    facts = Facts.of(book, rates=RATES, as_of=as_of)
    return {
        one.name: [list(column) for column in facts.table(one.name).columns] for one in FACT_TABLES
    }


DAY = date(2017, 6, 30)
LATER = datetime(2019, 1, 1, tzinfo=UTC)


@settings(max_examples=30, deadline=None)
@given(testing.books(faulty=True), testing.books(faulty=True))
def test_whatever_is_recorded_later_changes_no_row(book: SalesBook, other: SalesBook) -> None:
    """Records of any type that say when they were made leave every fact table as it was."""
    added = {
        table.name: (
            *book.records(table.name),
            *(
                attrs.evolve(one, id=f"later-{one.id}", recorded_at=LATER)
                for one in other.records(table.name)
                # A stage entered after the day is one in which nothing was on it.
                if table.name != "stage_visits" or one.entered_on <= DAY
            ),
        )
        for table in RECORD_TABLES
        if "recorded_at" in table
    }
    assert columns(attrs.evolve(book, **added), DAY) == columns(book, DAY)


def test_what_happened_before_a_record_was_created_does_not_make_it_known() -> None:
    """A lead hands its first contact on; the opportunity is in no pipeline before it was made."""
    sale = Opportunity(
        id="A",
        stage="qualified",
        kind=StageKind.OPEN,
        created_on=date(2026, 7, 20),
        first_contact_on=date(2026, 7, 2),
    )
    book = SalesBook(opportunities=[sale])
    before = Facts.of(book, as_of=date(2026, 7, 19))
    after = Facts.of(book, as_of=date(2026, 7, 20))
    assert before.known.book.opportunities == ()
    assert after.known.book.opportunities == (sale,)
