"""Retries of acts on leads and documents, also those that come after a way round."""

from datetime import timedelta

import pytest
from tests.funnel.documents import contract
from tests.funnel.leading import NOON, moved, ready

from salescore.entities import Contract
from salescore.errors import InvalidValue
from salescore.funnel import (
    Context,
    Moved,
    RefusedMove,
    disqualify,
    move_status,
    qualify,
    reconsider,
    standard_status_table,
)

TABLE = standard_status_table("contract")


def at(hour: int) -> Context:
    """Return what is known some hours after noon, with a reason."""
    return Context(at=NOON + timedelta(hours=hour), reason="asked")


def accepted(found: Moved | RefusedMove) -> Moved:
    """Return a move that must be accepted."""
    assert isinstance(found, Moved), found.text()
    return found


def ids(*found: Moved | RefusedMove) -> set[str]:
    """Return the ids of the events that moves left behind."""
    return {event.id for one in found for event in accepted(one).events}


def test_a_retry_after_a_way_round_is_told_by_the_events_kept() -> None:
    """The lead is open again; the acts of before are no new ones, and a later one is."""
    first = qualify(ready(), at(0))
    second = disqualify(moved(first), at(1))
    third = reconsider(moved(second), at(2))
    lead, seen = moved(third), ids(first, second, third)
    for again in (
        qualify(lead, at(0), seen=seen),
        disqualify(lead, at(1), seen=seen),
        reconsider(lead, at(2), seen=seen),
    ):
        one = accepted(again)
        assert (one.is_repeat, one.record, one.records, one.events) == (True, lead, (), ())
    assert not accepted(qualify(lead, at(3), seen=seen)).is_repeat
    assert not accepted(qualify(lead, at(0))).is_repeat


def test_a_retry_of_a_document_likewise() -> None:
    """Draft, review and draft again: the first review asked for again changes nothing."""
    first = move_status(TABLE, contract(status="draft"), "in_review", at(0))
    reviewed = accepted(first).record
    assert isinstance(reviewed, Contract)
    second = move_status(TABLE, reviewed, "draft", at(1))
    draft = accepted(second).record
    assert isinstance(draft, Contract)
    seen = ids(first, second)
    again = accepted(move_status(TABLE, draft, "in_review", at(0), seen=seen))
    assert (again.is_repeat, again.record, again.events) == (True, draft, ())
    assert not accepted(move_status(TABLE, draft, "in_review", at(2), seen=seen)).is_repeat
    assert not accepted(move_status(TABLE, draft, "in_review", at(0))).is_repeat


def test_the_events_of_another_record_tell_nothing() -> None:
    """Ids hold the record; another lead that is qualified at the same instant is no repeat."""
    seen = ids(qualify(ready(), at(0)))
    assert not accepted(qualify(ready(id="L2"), at(0), seen=seen)).is_repeat


def test_ids_in_one_text_are_refused() -> None:
    """An id would be looked for among its letters."""
    with pytest.raises(InvalidValue, match="seen"):
        qualify(ready(), at(0), seen="leads:L1/qualify#1")
