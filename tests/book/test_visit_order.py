"""Visits have one order, in whatever order a book keeps them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore.book import Facts, SalesBook, SubjectVisits, check_book
from salescore.entities import (
    Event,
    EventId,
    Opportunity,
    OpportunityId,
    StageKind,
    StageVisit,
    StageVisitId,
)

if TYPE_CHECKING:
    from tests.book.conftest import Make

DAY = date(2017, 1, 10)
NINE = datetime(2017, 1, 10, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
HOLD = StageKind.HOLD


def visit(make: Make, key: str, begin: int, end: int | None, **fields: Any) -> Any:  # noqa: ANN401
    """Return an open visit of CA-1 to a stage named like its id, hours after nine."""
    left = None if end is None else NINE + end * HOUR
    plain = {
        "opportunity_id": "CA-1",
        "stage": key,
        "kind": StageKind.OPEN,
        "entered_on": (NINE + begin * HOUR).date(),
        "entered_at": NINE + begin * HOUR,
        "left_on": left and left.date(),
        "left_at": left,
    }
    return make.of("stage_visits", key, **{**plain, **fields})


def orders(visits: list[Any], events: tuple[Event, ...] = (), zone: str = "UTC") -> set[str]:
    """Return in which orders visits come, whatever the order of the records."""
    found: set[str] = set()
    for some in permutations(visits):
        whose = SubjectVisits.of(some, events=events, zone=zone)
        found.add(" ".join(some[place].id for place in whose.places(1)))
    return found


def moved(*keys: str) -> tuple[Event, ...]:
    """Return the events of moves at nine."""
    return tuple(
        Event(
            id=EventId(f"{key}#1"),
            name="stage_entered",
            happened_at=NINE,
            record="opportunities",
            subject="CA-1",
        )
        for key in keys
    )


def test_a_visit_of_no_length_goes_before_what_began_then(make: Make) -> None:
    """The instant of leaving tells them apart, with no event and whatever their ids."""
    visits = [visit(make, "b", 0, 0), visit(make, "a", 0, 2), visit(make, "c", 2, 3)]
    assert orders(visits) == {"b a c"}


def test_an_instant_of_leaving_stands_in_for_the_day(make: Make) -> None:
    """Visits of one day that state it alone have ended; the one that lasts is the last."""
    visits = [
        visit(make, "b", 0, 2, left_on=None),
        visit(make, "a", 2, 5, left_on=None),
        visit(make, "0", 5, 48),
    ]
    assert orders(visits) == {"b a 0"}
    days = [attrs.evolve(one, entered_at=None) for one in visits]
    assert orders(days) == {"b a 0"}
    assert "stage-visits-overlap" not in {
        one.code for one in check_book(SalesBook(stage_visits=visits))
    }
    late = attrs.evolve(visits[0], left_at=NINE + 3 * HOUR)
    found = check_book(SalesBook(stage_visits=[late, *visits[1:]]))
    assert "stage-visits-overlap" in {one.code for one in found}


def test_the_day_of_an_instant_is_that_of_the_zone(make: Make) -> None:
    """Left at 17 UTC, which in Shanghai is the day after; the other left on the day before."""
    one = visit(make, "a", 0, 8, left_on=None, entered_at=None)
    other = visit(make, "b", 0, None, left_on=DAY, entered_at=None)
    assert orders([one, other]) == {"b a"}
    later = attrs.evolve(other, left_on=DAY + timedelta(days=1))
    assert orders([one, later]) == {"a b"}
    assert orders([one, later], zone="Asia/Shanghai") == {"b a"}


def test_instants_go_before_days_of_leaving(make: Make) -> None:
    """A visit that nobody ended is not the last where a later instant of entering is known."""
    assert orders([visit(make, "b", 0, None), visit(make, "a", 2, 4)]) == {"b a"}


def test_events_tell_what_no_time_tells(make: Make) -> None:
    """Of visits that began and ended at one instant; those without events come last, by id."""
    visits = [visit(make, key, 0, 0) for key in ("V10", "V9", "a", "b")]
    assert orders(visits) == {"V9 V10 a b"}
    assert orders(visits, moved("b", "a")) == {"b a V9 V10"}


@pytest.mark.parametrize("version", ["2", "3"])
def test_where_to_go_on_is_said_before_the_migration(make: Make, version: str) -> None:
    """What has no event goes before the first visit of its version, whatever its id is like."""
    new = {"funnel": "F", "funnel_version": "2"}
    visits = [
        visit(make, "m", 0, 0, kind=HOLD, funnel="F", funnel_version="1"),
        visit(make, "z", 0, 0, funnel="F", funnel_version=version),
        visit(make, "k", 0, 0, kind=HOLD, **new),
        visit(make, "c", 0, 1, **new),
    ]
    wanted = {"2": "m z k c", "3": "m k z c"}[version]
    assert orders(visits, moved("m", "k", "c")) == {wanted}


@st.composite
def any_visits(draw: st.DrawFn) -> list[tuple[Any, ...]]:
    """Return parts of visits of few days and hours, so that many are alike."""
    hours = st.integers(0, 30)
    parts = st.tuples(hours, st.none() | hours, st.booleans(), st.booleans(), st.booleans())
    return draw(st.lists(parts, min_size=1, max_size=6))


@settings(max_examples=150, deadline=None)
@given(any_visits(), st.randoms())
def test_the_order_of_records_never_matters(parts: list[tuple[Any, ...]], dice: Any) -> None:  # noqa: ANN401
    """Shuffled, visits give the same rows of stage visits and of opportunities."""
    key = OpportunityId("P")
    visits = []
    for number, (begin, length, has_begin, has_end, has_day) in enumerate(parts):
        entered = NINE + begin * HOUR
        left = None if length is None else entered + length * HOUR
        visits.append(
            StageVisit(
                id=StageVisitId(f"v{number}"),
                opportunity_id=key,
                stage=f"s{number % 3}",
                funnel=None if number % 4 else "F",
                entered_on=entered.date(),
                entered_at=entered if has_begin else None,
                left_on=left.date() if left and has_day else None,
                left_at=left if has_end else None,
            )
        )
    sale = Opportunity(id=key, stage="s1", kind=StageKind.OPEN)

    def rows(some: list[StageVisit]) -> list[Any]:
        book = SalesBook(opportunities=[sale], stage_visits=some)
        found: list[Any] = []
        for as_of in (None, DAY):
            facts = Facts.of(book, as_of=as_of)
            table = facts.table("stage_visits")
            names = table.schema.names
            found += sorted(zip(*(map(str, table.column(name)) for name in names), strict=True))
            found += [facts.table("opportunities").row(0)]
        return found

    shuffled = list(visits)
    dice.shuffle(shuffled)
    assert rows(shuffled) == rows(visits)
