"""Retries, time, zones, and histories that do not fit."""

from datetime import UTC, date, datetime

import attrs
import pytest
from tests.funnel.sale import (
    HOUR,
    STAGES,
    START,
    after,
    begun,
    deal,
    done,
    plainly,
    refused,
    row,
    sale,
    walked,
)

from salescore.entities import OpportunityId, StageKind
from salescore.errors import InvalidDate
from salescore.funnel import (
    Accepted,
    Context,
    RefusalCode,
    Refused,
    StageHistory,
    Transition,
    decide,
)


def test_event_ids_are_the_same_each_time() -> None:
    """Ids hang on opportunity, event and instant alone."""
    last = begun()
    one, other = done(last, "propose"), done(last, "propose")
    assert one.events == other.events
    assert one.events is one.events
    assert [event.id for event in one.events] == [
        "O1/propose/2026-03-02T10:00:00Z#1",
        "O1/propose/2026-03-02T10:00:00Z#2",
    ]
    assert one.events[0].rule == "sale 1: propose"


def test_long_ids_are_digests() -> None:
    """Ids of 256 characters, and events with a slash, lead to ids that are valid and differ."""
    seen = set()
    for name in ("O" * 256, "O" * 255 + "P"):
        last = begun(id=name)
        found = done(last, "propose", row=row(id=name))
        seen |= {found.visits[-1].id, last.visits[-1].id}
        assert all(len(event.id) <= 256 for event in found.events)
        assert found.events == done(last, "propose", row=row(id=name)).events
    assert len(seen) == 4


def test_a_slash_in_an_event_cannot_lead_to_the_id_of_another() -> None:
    """Opportunity a with event b/c and opportunity a/b with event c stay apart."""
    funnel = sale(
        transitions=[
            Transition(event="b/c", sources=["lead"], target="talks"),
            Transition(event="c", sources=["lead"], target="talks"),
        ],
        stages=[STAGES[0], STAGES[2]],
    )
    ids = {
        done(begun(funnel, id=name), event, funnel, row=None).visits[-1].id
        for name, event in (("a", "b/c"), ("a/b", "c"))
    }
    assert len(ids) == 2


def test_a_retry_changes_nothing() -> None:
    """The same event at the same instant, asked with what was kept, has no visits and no events."""
    last = begun()
    found = done(last, "propose", reason="so")
    again = decide(sale(), found.opportunity, "propose", found.context)
    assert isinstance(again, Refused)  # with the history from before it is another question
    again = decide(sale(), found.opportunity, "propose", after(1, found))
    assert isinstance(again, Accepted)
    assert (again.is_repeat, again.visits, again.events) == (True, (), ())
    assert (again.opportunity, again.history) == (found.opportunity, found.history)
    assert (again.stage.key, again.step) == ("offer", None)


def test_a_retry_after_later_events_says_where_the_sale_is_now() -> None:
    """A late retry is harmless, and its stage is that of the opportunity."""
    later = walked("propose", "negotiate")
    again = decide(sale(), later.opportunity, "propose", after(1, later))
    assert isinstance(again, Accepted)
    assert (again.is_repeat, again.stage.key) == (True, "talks")
    assert again.opportunity is later.opportunity


def test_half_of_what_was_accepted_is_no_repeat() -> None:
    """Where visits were kept and the opportunity was not, it is said, not passed over."""
    last = begun()
    found = done(last, "propose")
    again = decide(sale(), last.opportunity, "propose", after(1, found))
    assert isinstance(again, Refused)
    assert again.codes == (RefusalCode.HISTORY_DIFFERS,)
    assert again.reasons[0].known == ("offer", "lead")


def test_a_repeat_is_found_behind_a_visit_without_an_instant() -> None:
    """That only the day of the last visit is known hides no earlier event."""
    found = done(begun(), "propose")
    ended = attrs.evolve(found.visits[1], left_on=date(2026, 3, 3))
    last = attrs.evolve(
        found.visits[1], id="hand", stage="talks", entered_on=date(2026, 3, 3), entered_at=None
    )
    history = StageHistory(opportunity_id="O1", visits=(found.visits[0], ended, last))
    one = attrs.evolve(found.opportunity, stage="talks")
    again = decide(sale(), one, "propose", after(1, history=history))
    assert again.is_accepted
    assert isinstance(again, Accepted)
    assert again.is_repeat


def test_two_events_at_one_instant_are_two_moves() -> None:
    """A visit may last no time at all."""
    last = begun()
    found = done(done(last, "propose", hours=0), "negotiate", hours=0)
    assert [visit.stage for visit in found.history.visits] == ["lead", "offer", "talks"]
    assert found.history.age(START + HOUR) == HOUR


def test_an_event_before_the_last_one_is_refused() -> None:
    """Time goes one way: by the instant where it is known, else by the day."""
    last = walked("propose")
    (one,) = refused(last, "go back", hours=-1).reasons
    assert (one.code, one.name) == (RefusalCode.TOO_EARLY, "2026-03-02T10:00:00Z")
    dated = StageHistory(
        opportunity_id="O1", visits=(attrs.evolve(begun().visits[0], entered_at=None),)
    )
    found = decide(sale(), begun().opportunity, "pause", after(-10, history=dated))
    assert [one.name for one in getattr(found, "reasons", ())] == ["2026-03-02"]
    assert decide(sale(), begun().opportunity, "pause", after(-9, history=dated)).is_accepted


def test_without_a_history_the_days_of_the_record_bound_the_event() -> None:
    """An event before creation or closing is too early, on that day it is not."""
    old = deal(stage="lead", created_on=date(2026, 3, 2))
    early = decide(sale(), old, "pause", after(-24))
    assert isinstance(early, Refused)
    assert (early.codes, early.reasons[0].name) == ((RefusalCode.TOO_EARLY,), "2026-03-02")
    assert decide(sale(), old, "pause", after(-9)).is_accepted
    lost = deal(stage="lost", kind=StageKind.LOST, closed_on=date(2026, 3, 4))
    assert not decide(sale(), lost, "reopen", after(0)).is_accepted
    empty = StageHistory(opportunity_id="O1")
    assert not decide(sale(), lost, "reopen", after(0, history=empty)).is_accepted
    assert decide(sale(), lost, "reopen", after(48)).is_accepted


def test_a_naive_datetime_is_no_instant() -> None:
    """A moment without a zone is refused before anything is decided."""
    with pytest.raises(InvalidDate, match="zone"):
        Context(at=datetime(2026, 3, 2, 9))  # noqa: DTZ001 - what is refused


def test_the_day_is_that_of_the_zone() -> None:
    """A win at 17:30 UTC is one of the next day in Shanghai."""
    last = walked("propose")
    at = datetime(2026, 3, 31, 17, 30, tzinfo=UTC)
    found = done(last, "win", at=at, zone="Asia/Shanghai")
    assert found.opportunity.closed_on == date(2026, 4, 1)
    assert found.visits[0].left_on == found.visits[1].entered_on == date(2026, 4, 1)


def test_a_change_of_zone_does_not_turn_days_back() -> None:
    """An event on an earlier day elsewhere falls on the day on which the visit began."""
    at = datetime(2026, 3, 2, 17, tzinfo=UTC)
    first = done(begun(), "propose", at=at, zone="Asia/Shanghai")
    found = done(first, "lose", at=at + HOUR, reason="price")
    assert first.visits[1].entered_on == date(2026, 3, 3)
    assert found.visits[0].left_on == found.opportunity.closed_on == date(2026, 3, 3)
    assert found.history == StageHistory(opportunity_id="O1", visits=found.history.visits)


def test_a_morning_in_the_east_ends_a_visit_of_which_only_the_day_is_known() -> None:
    """02:00 in Shanghai on the day of entry lies before midnight UTC, and after the entry."""
    dated = attrs.evolve(begun().visits[0], entered_at=None)
    history = StageHistory(opportunity_id="O1", visits=(dated,))
    at = datetime(2026, 3, 1, 18, tzinfo=UTC)
    context = Context(at=at, row=row(), history=history, zone="Asia/Shanghai")
    found = decide(sale(), begun().opportunity, "propose", context)
    assert isinstance(found, Accepted)
    assert found.history == StageHistory(opportunity_id="O1", visits=found.history.visits)
    assert found.history.age(START) == START - at


@pytest.mark.parametrize(
    ("change", "name", "known"),
    [
        ({"id": OpportunityId("O2")}, "opportunity", ("O1", "O2")),
        ({"stage": "talks"}, "stage", ("lead", "talks")),
    ],
)
def test_a_history_of_another_opportunity_or_stage_is_refused(
    change: dict[str, str], name: str, known: tuple[str, str]
) -> None:
    """The history must be of the opportunity and end where it is."""
    last = begun()
    other = attrs.evolve(last.opportunity, **change)
    found = decide(sale(), other, "pause", after(1, last))
    assert isinstance(found, Refused)
    assert [(one.code, one.name, one.known) for one in found.reasons] == [
        (RefusalCode.HISTORY_DIFFERS, name, known)
    ]


def test_an_empty_history_of_another_opportunity_is_refused() -> None:
    """Even before the first visit a history says of which opportunity it is."""
    found = decide(
        sale(), begun().opportunity, "pause", after(1, history=StageHistory(opportunity_id="O2"))
    )
    assert isinstance(found, Refused)
    assert found.reasons[0].name == "opportunity"


def test_a_history_of_another_funnel_or_version_is_refused() -> None:
    """What an event means is up to the funnel under which the sale runs."""
    last = begun()
    for funnel, name in ((sale(version="2"), "version"), (sale(name="resale"), "funnel")):
        found = refused(last, "propose", funnel, row={})  # which nobody asks then
        assert [(one.code, one.name) for one in found.reasons] == [
            (RefusalCode.HISTORY_DIFFERS, name)
        ]


def test_a_history_that_nobody_named_fits_any_funnel() -> None:
    """Imported visits need not say to which funnel they belong."""
    visit = attrs.evolve(begun().visits[0], funnel=None, funnel_version=None)
    history = StageHistory(opportunity_id="O1", visits=(visit,))
    assert decide(sale(), begun().opportunity, "propose", after(1, history=history)).is_accepted


def test_a_history_that_has_ended_is_refused() -> None:
    """Where no visit runs nothing can be left."""
    last = begun()
    visit = attrs.evolve(last.visits[0], left_on=date(2026, 3, 5))
    history = StageHistory(opportunity_id="O1", visits=(visit,))
    found = decide(sale(), last.opportunity, "propose", after(99, history=history))
    assert isinstance(found, Refused)
    assert [(one.name, one.known) for one in found.reasons] == [("end", ("2026-03-05", ""))]


def test_a_loop_that_is_retried_is_a_repeat() -> None:
    """The stage is the same before and after; the instant tells that it was the same event."""
    funnel = plainly()
    last = done(begun(funnel), "again", funnel)
    found = decide(funnel, last.opportunity, "again", after(1, last))
    assert isinstance(found, Accepted)
    assert (found.is_repeat, found.visits) == (True, ())
