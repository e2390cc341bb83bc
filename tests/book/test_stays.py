"""Since when and until when sales stay in stages, and what followed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from salescore.book import Facts, SalesBook, is_carried, stay_places
from salescore.entities import LeadKind, StageKind

if TYPE_CHECKING:
    from tests.book.conftest import Make

JANUARY, FEBRUARY, MARCH, APRIL = (date(2017, month, 10) for month in (1, 2, 3, 4))
OPEN, HOLD, WON, LOST = StageKind.OPEN, StageKind.HOLD, StageKind.WON, StageKind.LOST


def visit(make: Make, key: str, stage: str, day: date, **fields: Any) -> Any:  # noqa: ANN401
    """Return an open visit of the opportunity CA-1."""
    told = {"opportunity_id": "CA-1", "stage": stage, "entered_on": day, "kind": OPEN}
    return make.of("stage_visits", key, **{**told, **fields})


def stays(book: SalesBook, **options: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401
    """Return since, until, next stage and its kind of all visits."""
    table = Facts.of(book, **options).table("stage_visits")
    names = ("since_on", "until_on", "next_stage", "next_kind")
    return list(zip(*(table.column(name) for name in names), strict=True))


def test_a_stay_leads_to_the_next_one(make: Make) -> None:
    """Without a day of leaving it ended when the next began; the last of an open sale runs."""
    book = SalesBook(
        opportunities=[make.opportunity()],
        stage_visits=[
            visit(make, "1", "talks", JANUARY, left_on=FEBRUARY),
            visit(make, "2", "offer", FEBRUARY),
            visit(make, "3", "talks", MARCH, kind=None),
        ],
    )
    assert stays(book) == [
        (JANUARY, FEBRUARY, "offer", "open"),
        (FEBRUARY, MARCH, "talks", "open"),
        (MARCH, None, None, None),
    ]
    assert stays(book, as_of=FEBRUARY)[1] == (FEBRUARY, None, None, None)


@pytest.mark.parametrize("kind", [StageKind.WON, StageKind.LOST, StageKind.VOID])
def test_the_last_stay_ends_with_the_sale(make: Make, kind: StageKind) -> None:
    """A closed sale says where its last stay led to, and on which day."""
    sale = make.opportunity(kind=kind, stage="End", closed_on=MARCH)
    book = SalesBook(opportunities=[sale], stage_visits=[visit(make, "1", "talks", JANUARY)])
    assert stays(book) == [(JANUARY, MARCH, "End", kind.value)]
    assert stays(book, as_of=FEBRUARY) == [(JANUARY, None, None, None)]


def test_an_end_stays_open_as_to_what_follows(make: Make) -> None:
    """A visit of a closed stage leads nowhere; a sale opened again goes on from there."""
    won = [
        visit(make, "1", "talks", JANUARY, left_on=FEBRUARY),
        visit(make, "2", "Won", FEBRUARY, kind=WON),
    ]
    closed = make.opportunity(kind=WON, stage="Won", closed_on=FEBRUARY)
    found = stays(SalesBook(opportunities=[closed], stage_visits=won))
    assert found == [(JANUARY, FEBRUARY, "Won", "won"), (FEBRUARY, None, None, None)]
    again = [*won, visit(make, "3", "talks", MARCH)]
    found = stays(SalesBook(opportunities=[make.opportunity()], stage_visits=again))
    assert found[1:] == [(FEBRUARY, MARCH, "talks", "open"), (MARCH, None, None, None)]


def test_where_a_stay_went_may_be_unknown(make: Make) -> None:
    """It ended, nothing follows, and the sale is open: nobody knows where it went."""
    left = visit(make, "1", "talks", JANUARY, left_on=FEBRUARY)
    book = SalesBook(opportunities=[make.opportunity()], stage_visits=[left])
    assert stays(book) == [(JANUARY, FEBRUARY, None, None)]
    stranger = visit(make, "1", "talks", JANUARY, opportunity_id=None, left_on=MARCH)
    assert stays(SalesBook(stage_visits=[stranger])) == [(JANUARY, MARCH, None, None)]


def test_funnels_side_by_side_are_apart(make: Make) -> None:
    """What follows stands in the same funnel; service after the win is not what was won."""
    book = SalesBook(
        opportunities=[make.opportunity(kind=WON, stage="Won", closed_on=FEBRUARY)],
        stage_visits=[
            visit(make, "1", "talks", JANUARY, funnel="sale"),
            visit(make, "2", "install", MARCH, funnel="service", left_on=APRIL),
            visit(make, "3", "train", APRIL, funnel="service"),
        ],
    )
    assert stays(book) == [
        (JANUARY, FEBRUARY, "Won", "won"),
        (MARCH, APRIL, "train", "open"),
        (APRIL, None, None, None),
    ]


def test_a_lead_goes_on_as_the_opportunity_it_became(make: Make) -> None:
    """In one funnel its last stay leads to the first of the opportunity, else it was converted."""
    lead = make.of("leads", "LE-1", status="in", opportunity_id="CA-1", converted_on=FEBRUARY)
    mine = visit(make, "1", "new", JANUARY, opportunity_id=None, lead_id="LE-1")
    joined = visit(make, "2", "talks", MARCH)
    other = visit(make, "2", "talks", MARCH, funnel="other")
    sale = make.opportunity()
    for next_, wanted in (
        ([joined], (JANUARY, MARCH, "talks", "open")),
        ([other], (JANUARY, FEBRUARY, "in", "won")),
        ([], (JANUARY, FEBRUARY, "in", "won")),
    ):
        book = SalesBook(leads=[lead], opportunities=[sale], stage_visits=[mine, *next_])
        assert stays(book)[0] == wanted
    loose = make.of("leads", "LE-1", kind=LeadKind.CONVERTED)
    book = SalesBook(leads=[loose], stage_visits=[mine])
    assert stays(book) == [(JANUARY, None, None, "won")]


def test_a_lead_may_be_given_up_or_open(make: Make) -> None:
    """A lead given up is lost on its day; one that is open leads nowhere as yet."""
    mine = visit(make, "1", "new", JANUARY, opportunity_id=None, lead_id="LE-1")
    gone = make.of("leads", "LE-1", status="bad", disqualified_on=MARCH)
    assert stays(SalesBook(leads=[gone], stage_visits=[mine])) == [(JANUARY, MARCH, "bad", "lost")]
    still = make.of("leads", "LE-1")
    assert stays(SalesBook(leads=[still], stage_visits=[mine])) == [(JANUARY, None, None, None)]


def test_a_new_version_of_the_funnel_ends_no_stay(make: Make) -> None:
    """The last visit tells of the whole stay, under its new name; the one before tells nothing."""
    book = SalesBook(
        opportunities=[make.opportunity(kind=LOST, stage="Lost", closed_on=APRIL)],
        stage_visits=[
            visit(make, "0", "new", JANUARY, left_on=FEBRUARY, funnel="f", funnel_version="1"),
            visit(make, "1", "talks", FEBRUARY, left_on=MARCH, funnel="f", funnel_version="1"),
            visit(make, "2", "meet", MARCH, left_on=APRIL, funnel="f", funnel_version="2"),
        ],
    )
    # The first goes on under version 1, so only the second is parted.
    assert stays(book) == [
        (JANUARY, FEBRUARY, "meet", "open"),
        (None, None, None, None),
        (FEBRUARY, APRIL, "Lost", "lost"),
    ]


def test_a_migration_on_hold_is_one_hold(make: Make) -> None:
    """The visit of no length that says where to go on is no stay of its own."""
    noon = datetime(2017, 3, 10, 12, tzinfo=UTC)
    old, new = {"funnel": "f", "funnel_version": "1"}, {"funnel": "f", "funnel_version": "2"}
    at = {"entered_at": noon, "left_at": noon, "left_on": MARCH}
    book = SalesBook(
        opportunities=[make.opportunity()],
        stage_visits=[
            visit(make, "1", "talks", JANUARY, left_on=FEBRUARY, **old),
            visit(make, "2", "wait", FEBRUARY, kind=HOLD, left_on=MARCH, left_at=noon, **old),
            visit(make, "3", "meet", MARCH, **at, **new),
            visit(make, "4", "wait", MARCH, kind=HOLD, entered_at=noon, left_on=APRIL, **new),
            visit(make, "5", "meet", APRIL, **new),
        ],
    )
    assert stays(book) == [
        (JANUARY, FEBRUARY, "wait", "hold"),
        (None, None, None, None),
        (None, None, None, None),
        (FEBRUARY, APRIL, "meet", "open"),
        (APRIL, None, None, None),
    ]


def test_of_one_day_what_ended_first_comes_first(make: Make) -> None:
    """Records in any order: a visit that ended on its day goes before one that lasts."""
    book = SalesBook(
        opportunities=[make.opportunity()],
        stage_visits=[
            visit(make, "2", "offer", JANUARY),
            visit(make, "1", "talks", JANUARY, left_on=JANUARY),
        ],
    )
    assert stays(book) == [(JANUARY, None, None, None), (JANUARY, JANUARY, "offer", "open")]


# What is first, and what followed -----------------------------------------------------------------


def course(book: SalesBook, **options: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401
    """Return days, first visit and outcome of all visits."""
    table = Facts.of(book, **options).table("stage_visits")
    names = ("stage_days", "is_first", "outcome")
    return list(zip(*(table.column(name) for name in names), strict=True))


def test_a_new_version_of_the_funnel_is_no_advance(make: Make) -> None:
    """A stay that a migration parts is first once, lasts from its beginning, and led nowhere."""
    old, new = {"funnel": "f", "funnel_version": "1"}, {"funnel": "f", "funnel_version": "2"}
    book = SalesBook(
        opportunities=[make.opportunity()],
        stage_visits=[
            visit(make, "0", "talks", JANUARY, left_on=FEBRUARY, **old),
            visit(make, "1", "meet", FEBRUARY, left_on=MARCH, **new),
        ],
    )
    assert course(book) == [(None, None, None), (59, True, "open")]
    again = visit(make, "2", "meet", APRIL, **new)
    book = SalesBook(opportunities=[make.opportunity()], stage_visits=[*book.stage_visits, again])
    assert course(book)[1:] == [(59, True, "open"), (None, False, "open")]
    offer = visit(make, "3", "offer", APRIL, **new)
    book = SalesBook(
        opportunities=[make.opportunity()], stage_visits=[*book.stage_visits[:2], offer]
    )
    assert course(book)[1:] == [(59, True, "advanced"), (None, True, "open")]


def test_the_visit_that_says_where_to_go_on_is_no_first_one(make: Make) -> None:
    """A migration on hold leaves it; the stage is entered when the hold ends."""
    noon = datetime(2017, 3, 10, 12, tzinfo=UTC)
    old, new = {"funnel": "f", "funnel_version": "1"}, {"funnel": "f", "funnel_version": "2"}
    book = SalesBook(
        opportunities=[make.opportunity()],
        stage_visits=[
            visit(make, "1", "wait", FEBRUARY, kind=HOLD, left_on=MARCH, left_at=noon, **old),
            visit(make, "2", "meet", MARCH, entered_at=noon, left_at=noon, left_on=MARCH, **new),
            visit(make, "3", "wait", MARCH, kind=HOLD, entered_at=noon, left_on=APRIL, **new),
            visit(make, "4", "meet", APRIL, **new),
        ],
    )
    assert [first for _, first, _ in course(book)] == [None, None, True, True]


def test_stays_side_by_side_keep_the_order_of_their_beginnings(make: Make) -> None:
    """A migration in one funnel does not move its stay behind that of another."""
    book = SalesBook(
        opportunities=[make.opportunity(kind=LOST, stage="Lost", closed_on=APRIL)],
        stage_visits=[
            visit(make, "1", "talks", JANUARY, funnel="f", funnel_version="1", left_on=MARCH),
            visit(make, "2", "install", FEBRUARY, funnel="g", funnel_version="1"),
            visit(make, "3", "meet", MARCH, funnel="f", funnel_version="2"),
        ],
    )
    assert [one[1:] for one in course(book)] == [(None, None), (True, "lost"), (True, "advanced")]


def test_stays_are_places_of_visits(make: Make) -> None:
    """Each visit is in one stay at most; those of one version are apart."""
    one, two = ({"funnel": "f", "funnel_version": key} for key in "12")
    visits = [
        visit(make, "1", "talks", JANUARY, **one),
        visit(make, "2", "offer", FEBRUARY, **one),
        visit(make, "3", "bid", MARCH, **two),
        visit(make, "4", "bid", MARCH),
    ]
    assert list(stay_places(visits)) == [(0,), (1, 2), (3,)]
    assert list(stay_places([])) == []
    assert not any(is_carried(visits, place) for place in range(4))
