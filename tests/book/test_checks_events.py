"""An event points at a record of the type that it names."""

from datetime import UTC, datetime

import pytest

from salescore.book import SalesBook, check_book
from salescore.entities import Event, EventId, Team, TeamId

AT = datetime(2024, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("record", "subject", "fault"),
    [
        ("teams", "north", None),
        (None, "anything", None),
        (None, None, None),
        ("teams", None, None),
        ("teams", "south", "subject 'south' of 1 event is not among the teams"),
        ("orders", "o1", "subject of 1 event refers to orders, of which there are none"),
        ("team", "north", "record 'team' of 1 event is no record type"),
    ],
)
def test_the_subject_of_an_event(
    record: str | None, subject: str | None, fault: str | None
) -> None:
    """A subject that is not there, and a record type that there is not, are findings."""
    book = SalesBook(
        teams=[Team(id=TeamId("north"), name="North")],
        events=[
            Event(id=EventId("e"), name="made", happened_at=AT, record=record, subject=subject)
        ],
    )
    assert [one.message for one in check_book(book)] == ([] if fault is None else [fault])
