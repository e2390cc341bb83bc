"""Events of changed close dates: made from two versions, read back by the fact table."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.pipeline.passing import sale

from salescore.book import EXPECTED_CLOSE_CHANGED, Facts, SalesBook
from salescore.entities import Event, EventId, Opportunity
from salescore.errors import InvalidDate, InvalidValue
from salescore.pipeline import close_date_event

AT = datetime(2024, 1, 5, 9, 30, tzinfo=UTC)
DEAL = sale("p1", ("talk", 0), expected_close_on=date(2024, 3, 1)).opportunity


def moved(to: date | None, one: Opportunity = DEAL) -> Opportunity:
    """Return an opportunity with another expected day of closing."""
    return attrs.evolve(one, expected_close_on=to)


def test_an_event_tells_the_change() -> None:
    """The same two versions at the same instant give the same event, whatever the zone's words."""
    found = close_date_event(DEAL, moved(date(2024, 3, 31)), at=AT, actor="ann")
    assert found == Event(
        id=EventId("p1/expected_close_changed/2024-01-05T09:30:00Z/2024-03-01/2024-03-31"),
        name=EXPECTED_CLOSE_CHANGED,
        happened_at=AT,
        record="opportunities",
        subject="p1",
        actor="ann",
        detail='{"from": "2024-03-01", "to": "2024-03-31"}',
    )
    there = AT.astimezone(timezone(timedelta(hours=8)))
    assert close_date_event(DEAL, moved(date(2024, 3, 31)), at=there, actor="ann") == found


def test_no_change_is_no_event() -> None:
    """An opportunity that changed in anything else leaves no event behind."""
    assert close_date_event(DEAL, attrs.evolve(DEAL, next_step="call"), at=AT) is None
    taken_back = close_date_event(DEAL, moved(None), at=AT)
    assert taken_back is not None
    assert taken_back.detail == '{"from": "2024-03-01", "to": null}'


def test_long_ids_stay_ids() -> None:
    """What is too long for an id is told by a digest, the same each time."""
    long = attrs.evolve(DEAL, id="x" * 250)
    found = close_date_event(long, moved(None, long), at=AT)
    assert found is not None
    assert len(found.id) == 64
    assert found == close_date_event(long, moved(None, long), at=AT)


def test_bad_changes_are_refused() -> None:
    """Two opportunities, or an instant without a zone."""
    with pytest.raises(InvalidValue, match="must be the opportunity p1"):
        close_date_event(DEAL, attrs.evolve(DEAL, id="p2"), at=AT)
    with pytest.raises(InvalidDate):
        close_date_event(DEAL, moved(None), at=datetime(2024, 1, 5))  # noqa: DTZ001


DAYS = st.one_of(st.none(), st.dates(date(2024, 1, 1), date(2024, 12, 31)))


@given(st.lists(DAYS, min_size=1, max_size=8))
def test_the_fact_table_counts_what_events_tell(days: list[date | None]) -> None:
    """Pushes and their days are those of the changes from one version to the next."""
    versions = [moved(one) for one in days]
    events = [
        found
        for number, (before, after) in enumerate(pairwise(versions))
        if (found := close_date_event(before, after, at=AT + timedelta(hours=number))) is not None
    ]
    facts = Facts.of(SalesBook(opportunities=[versions[-1]], events=events))
    steps = [
        (after - before).days
        for before, after in pairwise(days)
        if before is not None and after is not None and after > before
    ]
    table = facts.table("opportunities")
    told = table.column("close_pushes")[0], table.column("close_pushed_days")[0]
    assert told == ((len(steps), sum(steps)) if events else (None, None))


@pytest.mark.parametrize("turned", [False, True])
def test_changes_at_one_instant_are_events_of_their_own(*, turned: bool) -> None:
    """Looking back shows the day before all of them, in whatever order they stand in the book."""
    days = [date(2024, 3, 1), date(2024, 3, 31), date(2024, 4, 30), date(2024, 2, 1)]
    events = [close_date_event(moved(one), moved(other), at=AT) for one, other in pairwise(days)]
    told = [one for one in events if one is not None]
    assert len({one.id for one in told}) == 3
    book = SalesBook(opportunities=[moved(days[-1])], events=told[::-1] if turned else told)
    (before,) = Facts.of(book, as_of=date(2024, 1, 4)).known.book.opportunities
    assert before.expected_close_on == days[0]
