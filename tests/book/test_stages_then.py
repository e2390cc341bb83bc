"""The stage of a past day is that of the visit which lasted then."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import attrs
import pytest

from salescore.book import Facts, SalesBook
from salescore.entities import StageKind
from salescore.metrics import figure, slices

if TYPE_CHECKING:
    from tests.book.conftest import Make

JANUARY, APRIL, MAY, JUNE = (date(2017, month, 10) for month in (1, 4, 5, 6))
LEFT = datetime(2017, 5, 10, 12, tzinfo=UTC)


def moved(make: "Make", **first: object) -> SalesBook:
    """Return an opportunity that went from Talks to Offer in May."""
    return SalesBook(
        opportunities=[
            make.of(
                "opportunities",
                "P",
                stage="Offer",
                kind=StageKind.HOLD,
                probability=Decimal("0.75"),
                amount=make.money("1000"),
                created_on=JANUARY,
            )
        ],
        stage_visits=[
            make.of(
                "stage_visits",
                "V-1",
                stage="Talks",
                kind=StageKind.OPEN,
                entered_on=JANUARY,
                opportunity_id="P",
                **first,
            ),
            make.of("stage_visits", "V-2", stage="Offer", entered_on=MAY, opportunity_id="P"),
        ],
    )


def test_an_open_opportunity_is_where_it_was(make: "Make") -> None:
    """Before it moved on it was at the stage before, at a chance that nobody kept."""
    for ended in ({"left_on": MAY}, {"left_at": LEFT}):
        facts = Facts.of(moved(make, **ended), as_of=APRIL)
        (row,) = [facts.table("opportunities").row(0)]
        assert (row["stage"], row["kind"], row["probability"]) == ("Talks", "open", None)
        assert [one.key for one in slices("open_pipeline", facts, by="stage")] == ["Talks"]
        assert figure("weighted_pipeline", facts).value is None


def test_afterwards_it_is_where_it_is(make: "Make") -> None:
    """From the day it moved on the record's own stage holds, with its chance."""
    facts = Facts.of(moved(make, left_on=MAY), as_of=JUNE)
    row = facts.table("opportunities").row(0)
    assert (row["stage"], row["kind"], row["probability"]) == ("Offer", "hold", Decimal("0.75"))


def test_a_visit_that_nobody_ended_ended_when_the_next_began(make: "Make") -> None:
    """Field histories say only when a stage was entered: the one before was left then."""
    for as_of, stage, kind in ((APRIL, "Talks", "open"), (MAY, "Offer", "hold")):
        row = Facts.of(moved(make), as_of=as_of).table("opportunities").row(0)
        assert (row["stage"], row["kind"]) == (stage, kind)
    told = moved(make, reason="price")
    for as_of, reason in ((APRIL, None), (MAY, "price")):
        assert Facts.of(told, as_of=as_of).known.book.stage_visits[0].reason == reason


def test_where_all_visits_came_later_nobody_can_tell_the_stage(make: "Make") -> None:
    """The stage, chance and hold of today are of later."""
    book = moved(make)
    later = [attrs.evolve(one, entered_on=JUNE) for one in book.stage_visits]
    facts = Facts.of(attrs.evolve(book, stage_visits=later), as_of=APRIL)
    row = facts.table("opportunities").row(0)
    assert (row["stage"], row["kind"], row["probability"]) == (None, "open", None)
    assert facts.known.unstaged == (True,)


def test_a_visit_recorded_later_of_an_earlier_stage_changes_nothing(make: "Make") -> None:
    """Nobody knew of it on the day."""
    book = moved(make)
    early = [
        attrs.evolve(one, entered_on=JANUARY, recorded_at=LEFT if one.id == "V-2" else None)
        for one in book.stage_visits
    ]
    row = Facts.of(attrs.evolve(book, stage_visits=early), as_of=APRIL).table("opportunities")
    assert row.row(0)["stage"] == "Offer"


@pytest.mark.parametrize("kind", [StageKind.WON, StageKind.LOST])
def test_a_new_version_moves_no_close(make: "Make", kind: StageKind) -> None:
    """Closed in January, migrated in May, reopened in June: as of May it closed in January."""
    fields = {"opportunity_id": "P", "funnel": "F"}
    old, new = {**fields, "funnel_version": "1"}, {**fields, "funnel_version": "2"}
    open_ = StageKind.OPEN
    noon = {"entered_at": LEFT, "left_at": LEFT, "left_on": MAY, "entered_on": MAY}
    start = date(2017, 1, 2)
    visits = [
        make.of("stage_visits", "4", stage="Ended", kind=kind, **noon, **new),
        make.of("stage_visits", "3", stage="Talks", kind=open_, **noon, **new),
        make.of(
            *("stage_visits", "1"),
            stage="Talks",
            kind=open_,
            entered_on=start,
            left_on=JANUARY,
            **{"reason": "price", **old},
        ),
        make.of(
            *("stage_visits", "2"),
            **{"stage": "End", "kind": kind, "entered_on": JANUARY, "left_on": MAY, **old},
            left_at=LEFT,
        ),
        make.of("stage_visits", "5", stage="Talks", kind=open_, entered_on=JUNE, **new),
    ]
    visits[0] = attrs.evolve(visits[0], left_on=JUNE, left_at=None)
    sale = make.of("opportunities", "P", stage="Talks", kind=open_, created_on=start)
    book = SalesBook(opportunities=[sale], stage_visits=visits)
    reason = "price" if kind is StageKind.LOST else None
    for as_of, stage in ((APRIL, "End"), (MAY, "Ended")):
        (then,) = Facts.of(book, as_of=as_of).known.book.opportunities
        assert (then.stage, then.closed_on, then.loss_reason) == (stage, JANUARY, reason)


def test_a_side_track_says_nothing_of_the_sale(make: "Make") -> None:
    """An approval that is won and left is no win; the sale is at the stage of its own funnel."""
    book = moved(make, left_on=MAY)
    own = [attrs.evolve(one, funnel="sale") for one in book.stage_visits]
    won = {"stage": "Approved", "kind": StageKind.WON, "funnel": "side", "opportunity_id": "P"}
    start = date(2017, 2, 1)
    for left_on in (None, MAY, JUNE):
        side = make.of("stage_visits", "S", entered_on=start, left_on=left_on, **won)
        seen = attrs.evolve(book, stage_visits=[*own, side])
        row = Facts.of(seen, as_of=APRIL).table("opportunities").row(0)
        assert (row["stage"], row["kind"], row["funnel"]) == ("Talks", "open", "sale")
        assert Facts.of(seen).table("opportunities").row(0)["funnel"] == "sale"


def test_a_sale_that_changed_funnels_was_in_the_one_before(make: "Make") -> None:
    """Its visits then say where it stood, though those of its present funnel all came later."""
    book = moved(make)
    for before in ("before", None):
        one, other = book.stage_visits
        visits = [attrs.evolve(one, funnel=before), attrs.evolve(other, funnel="now")]
        seen = attrs.evolve(book, stage_visits=visits)
        assert Facts.of(seen, as_of=APRIL).table("opportunities").row(0)["stage"] == "Talks"


def test_what_closed_later_was_at_the_stage_of_its_visit(make: "Make") -> None:
    """With a history the stage of the day is known; without one nobody can tell."""
    won = make.of(
        "opportunities",
        "P",
        stage="Won",
        kind=StageKind.WON,
        created_on=JANUARY,
        closed_on=JUNE,
    )
    visit = make.of("stage_visits", "V", stage="Talks", entered_on=JANUARY, opportunity_id="P")
    told = Facts.of(SalesBook(opportunities=[won], stage_visits=[visit]), as_of=APRIL)
    row = told.table("opportunities").row(0)
    assert (row["stage"], row["kind"], row["probability"]) == ("Talks", "open", None)
    untold = Facts.of(SalesBook(opportunities=[won]), as_of=APRIL).table("opportunities").row(0)
    assert (untold["stage"], untold["kind"]) == (None, "open")


def test_the_time_of_day_stands_in_for_the_day(make: "Make") -> None:
    """A visit or case that states instants alone has days, in the zone asked for."""
    late = datetime(2017, 5, 10, 23, tzinfo=UTC)
    book = SalesBook(
        stage_visits=[
            make.of("stage_visits", "V", stage="Talks", entered_on=JANUARY, left_at=late)
        ],
        cases=[
            make.of("cases", "C", opened_on=date(2017, 5, 1), responded_at=late, resolved_at=late)
        ],
    )
    facts = Facts.of(book, zone="Asia/Shanghai")
    assert facts.table("stage_visits").row(0)["left_on"] == date(2017, 5, 11)
    case = facts.table("cases").row(0)
    assert (case["response_days"], case["resolution_days"]) == (10, 10)


def test_what_an_instant_of_later_says_is_not_known(make: "Make") -> None:
    """The status of a case is not known before the instant that made it so."""
    solved = make.of("cases", "C", opened_on=JANUARY, resolved_at=LEFT, status="solved")
    left = make.of(
        "stage_visits", "V", stage="Talks", entered_on=JANUARY, left_at=LEFT, reason="gave up"
    )
    known = Facts.of(SalesBook(cases=[solved], stage_visits=[left]), as_of=APRIL).known.book
    assert (known.cases[0].status, known.stage_visits[0].reason) == (None, None)


def test_what_goes_on_among_won_stages_was_won_at_the_first(make: "Make") -> None:
    """After-sales are no second win, also where the sale was opened again since."""
    start, won = date(2017, 1, 2), {"kind": StageKind.WON, "opportunity_id": "P"}
    visits = [
        make.of("stage_visits", "1", stage="Talks", entered_on=start, opportunity_id="P"),
        make.of("stage_visits", "2", stage="Won", entered_on=JANUARY, **won),
        make.of("stage_visits", "3", stage="Care", entered_on=APRIL, **won),
    ]
    sale = make.of("opportunities", "P", stage="Care", kind=StageKind.WON, created_on=start)
    closed = attrs.evolve(sale, closed_on=JANUARY)
    again = make.of("stage_visits", "4", stage="Talks", entered_on=JUNE, opportunity_id="P")
    opened = attrs.evolve(sale, stage="Talks", kind=StageKind.OPEN)
    for book in (
        SalesBook(opportunities=[closed], stage_visits=visits),
        SalesBook(opportunities=[opened], stage_visits=[*visits, again]),
    ):
        for as_of, stage in ((date(2017, 3, 1), "Won"), (MAY, "Care")):
            (then,) = Facts.of(book, as_of=as_of).known.book.opportunities
            assert (then.stage, then.kind, then.closed_on) == (stage, StageKind.WON, JANUARY)
