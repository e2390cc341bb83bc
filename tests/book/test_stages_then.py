"""The stage of a past day is that of the visit which lasted then."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

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


def test_a_visit_that_nobody_ended_says_nothing_of_later(make: "Make") -> None:
    """A later visit alone, which nobody knew of then, changes nothing either."""
    row = Facts.of(moved(make), as_of=APRIL).table("opportunities").row(0)
    assert row["stage"] == "Offer"


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
