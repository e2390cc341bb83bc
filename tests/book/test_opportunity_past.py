"""What visits and events tell of opportunities: the last open stage, pushes of the close date."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import attrs
import pytest

from salescore.book import EXPECTED_CLOSE_CHANGED, Facts, SalesBook
from salescore.entities import (
    Event,
    EventId,
    Lead,
    LeadId,
    Opportunity,
    OpportunityId,
    StageKind,
    StageVisit,
    StageVisitId,
)

KEY = OpportunityId("p1")
LOST = Opportunity(
    id=KEY,
    stage="Lost",
    kind=StageKind.LOST,
    created_on=date(2024, 1, 1),
    closed_on=date(2024, 2, 1),
)


def visit(
    number: int, stage: str, kind: StageKind | None, first: int, last: int | None = None
) -> StageVisit:
    """Return a visit on days of January."""
    return StageVisit(
        id=StageVisitId(f"v{number}"),
        opportunity_id=KEY,
        stage=stage,
        kind=kind,
        entered_on=date(2024, 1, first),
        left_on=None if last is None else date(2024, 1, last),
    )


def changed(number: int, detail: str | None, subject: str = "p1", name: str = "") -> Event:
    """Return an event."""
    return Event(
        id=EventId(f"e{number}"),
        name=name or EXPECTED_CLOSE_CHANGED,
        happened_at=datetime(2024, 1, number, tzinfo=UTC),
        record="opportunities",
        subject=subject,
        detail=detail,
    )


def last_stage(*visits: StageVisit, one: Opportunity = LOST) -> str | None:
    """Return the last open stage."""
    table = Facts.of(SalesBook(opportunities=[one], stage_visits=visits)).table("opportunities")
    found: str | None = table.column("last_open_stage")[0]
    return found


def test_the_last_open_stage_is_that_before_the_end() -> None:
    """Whatever the order of the rows; time on hold, the end and visits of nobody are no stage."""
    visits = (
        visit(4, "Lost", StageKind.LOST, 9),
        visit(3, "Pause", StageKind.HOLD, 7, 9),
        visit(1, "Talk", StageKind.OPEN, 1, 5),
        visit(2, "Offer", None, 5, 7),
        attrs.evolve(visit(5, "Lead", StageKind.OPEN, 8), opportunity_id=None, lead_id="l1"),
    )
    assert last_stage(*visits) == "Offer"
    assert last_stage(*reversed(visits)) == "Offer"
    assert last_stage() is None


def test_an_end_of_unknown_kind_is_known_by_its_name() -> None:
    """A visit of no kind in the very stage of a closed opportunity is its end, not an open one."""
    visits = (visit(1, "Talk", None, 1, 5), visit(2, "Lost", None, 5))
    assert last_stage(*visits) == "Talk"
    still_open = Opportunity(id=KEY, stage="Lost", kind=StageKind.OPEN)
    assert last_stage(*visits, one=still_open) == "Lost"


def test_two_stages_of_one_day_follow_as_they_ended() -> None:
    """Of two stages entered on one day the one that was left first comes first."""
    visits = (visit(1, "Offer", StageKind.OPEN, 5, 9), visit(2, "Talk", StageKind.OPEN, 5, 5))
    assert last_stage(*visits) == "Offer"


@pytest.mark.parametrize(
    ("details", "pushes", "days"),
    [
        (['{"from": "2024-03-01", "to": "2024-03-11"}'], 1, 10),
        (['{"from": "2024-03-11", "to": "2024-03-01"}'], 0, 0),
        (['{"from": null, "to": "2024-03-01"}'], 0, 0),
        (['{"from": "2024-03-01", "to": null}'], 0, 0),
        (['{"from": "2024-03-01", "to": "2024-03-02"}'] * 2, 2, 2),
        (['{"from": "2024-03-01", "to": "2024-03-02"}', "?"], None, None),
        (["?", '{"from": "2024-03-01", "to": "2024-03-02"}'], None, None),
        (["[]"], None, None),
        (["{}"], None, None),
        ([None], None, None),
        (['{"from": 3, "to": "2024-03-02"}'], None, None),
        (['{"from": "2024-02-31", "to": "2024-03-02"}'], None, None),
    ],
)
def test_pushes_are_moves_to_a_later_day(
    details: list[str | None], pushes: int | None, days: int | None
) -> None:
    """Pulling in, stating and taking back are none; what cannot be read leaves them unknown."""
    events = [changed(number, one) for number, one in enumerate(details, start=1)]
    table = Facts.of(SalesBook(opportunities=[LOST], events=events)).table("opportunities")
    assert table.column("close_pushes") == [None if pushes is None else Decimal(pushes)]
    assert table.column("close_pushed_days") == [None if days is None else Decimal(days)]


def test_where_nobody_kept_changes_pushes_are_unknown() -> None:
    """Without any such event null; with one of another opportunity 0, for changes are kept."""
    others = [changed(1, "{}", name="stage_entered")]
    book = SalesBook(opportunities=[LOST], events=others)
    assert Facts.of(book).table("opportunities").column("close_pushes") == [None]
    kept = [changed(2, '{"from": "2024-03-01", "to": "2024-03-02"}', subject="p2")]
    book = SalesBook(opportunities=[LOST], events=kept)
    assert Facts.of(book).table("opportunities").column("close_pushes") == [0]
    before = Facts.of(book, as_of=date(2024, 1, 1)).table("opportunities")
    assert before.column("close_pushes") == [None]


def test_visits_belong_to_sales() -> None:
    """A lead and what it became are one sale; the end is that of the sale, with its day."""
    leads = [
        Lead(id=LeadId("l1"), name="A", opportunity_id=KEY, converted_on=date(2024, 1, 2)),
        Lead(id=LeadId("l2"), name="B", disqualified_on=date(2024, 1, 9)),
        Lead(id=LeadId("l3"), name="C"),
        Lead(id=LeadId("l4"), name="D", opportunity_id=OpportunityId("gone")),
    ]
    visits = [
        attrs.evolve(visit(number, "New", None, 1), opportunity_id=None, lead_id=lead.id)
        for number, lead in enumerate(leads, start=1)
    ]
    nobodys = attrs.evolve(visit(8, "New", None, 1), opportunity_id=None)
    own = visit(9, "Talk", StageKind.OPEN, 3)
    book = SalesBook(opportunities=[LOST], leads=leads, stage_visits=[*visits, nobodys, own])
    table = Facts.of(book).table("stage_visits")
    told = [table.column(name) for name in ("subject_id", "ended_as", "ended_on")]
    assert list(zip(*told, strict=True)) == [
        ("opportunities/p1", "lost", date(2024, 2, 1)),
        ("leads/l2", "lost", date(2024, 1, 9)),
        ("leads/l3", None, None),
        ("opportunities/gone", None, None),
        (None, None, None),
        ("opportunities/p1", "lost", date(2024, 2, 1)),
    ]
