"""Events that moves leave behind."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from tests.funnel.sale import START, begun, done, walked

from salescore.errors import InvalidValue
from salescore.funnel import Context
from salescore.funnel._events import move_id


def test_a_move_is_told_once_with_all_that_it_meant() -> None:
    """Stage, kind, then what stages and transition name; in this order, numbered."""
    found = done(walked("propose"), "win", actor="U7", reason="signed")
    assert [(event.id, event.name) for event in found.events] == [
        ("O1/win/2026-03-02T11:00:00Z#1", "stage_entered"),
        ("O1/win/2026-03-02T11:00:00Z#2", "opportunity_won"),
        ("O1/win/2026-03-02T11:00:00Z#3", "offer_done"),
    ]
    first, *others = found.events
    assert json.loads(first.detail or "") == {
        "funnel": "sale 1",
        "event": "win",
        "stage": "won",
        "from": "offer",
        "reason": "signed",
    }
    assert [event.detail for event in others] == [None, None]
    for event in found.events:
        assert (event.record, event.subject, event.actor) == ("opportunities", "O1", "U7")
        assert (event.rule, event.happened_at) == (None, START + timedelta(hours=2))


def test_a_second_loss_in_a_row_is_no_new_loss() -> None:
    """An event of kind is told where the kind changes: void after lost, not lost after lost."""
    names = [event.name for event in walked("lose").events]
    assert names == ["stage_entered", "opportunity_lost"]
    names = [event.name for event in walked("win", "lose").events]
    assert names == ["stage_entered", "opportunity_lost"]
    names = [event.name for event in walked("pause", "freeze").events]
    assert names == ["stage_entered"]
    names = [event.name for event in walked("cancel").events]
    assert names == ["stage_entered", "opportunity_voided"]


def test_events_are_made_when_asked_for_and_once() -> None:
    """Who does not keep events pays nothing for them."""
    found = begun()
    assert found.events is found.events


def test_ids_keep_fractions_of_a_second() -> None:
    """Two events within one second are two."""
    moment = datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert move_id("O1", "go", moment) == "O1/go/2026-03-02T09:00:00Z"
    later = moment + timedelta(microseconds=5)
    assert move_id("O1", "go", later) == "O1/go/2026-03-02T09:00:00.000005Z"


def test_the_same_instant_in_another_zone_is_the_same_event() -> None:
    """Instants are kept in UTC, so that ids do not hang on how they were written."""
    there = datetime.fromisoformat("2026-03-02T18:00:00+08:00")
    found = done(begun(), "propose", at=there)
    assert found.visits[-1].id == "O1/propose/2026-03-02T10:00:00Z"


def test_reasons_fit_into_events() -> None:
    """A reason of 4,000 signs that JSON must escape is kept whole; a longer one is refused."""
    reason = "\x01" * 4_000
    found = done(begun(), "lose", reason=f"x{reason[1:]}")
    assert json.loads(found.events[0].detail or "")["reason"] == f"x{reason[1:]}"
    with pytest.raises(InvalidValue, match="at most 4,000"):
        Context(at=START, reason="x" * 4_001)
    with pytest.raises(InvalidValue, match="expected a text"):
        Context(at=START, override=7)  # type: ignore[arg-type]
