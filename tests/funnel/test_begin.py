"""How opportunities enter a funnel."""

from datetime import date
from decimal import Decimal

import attrs
import pytest
from tests.funnel.sale import START, after, begun, deal, sale

from salescore.entities import StageKind, StageVisit
from salescore.errors import InvalidValue, UnknownName
from salescore.funnel import (
    Accepted,
    RefusalCode,
    Refused,
    Stage,
    StageHistory,
    begin,
    refusal_words,
)
from salescore.rules import in_force


def test_an_opportunity_begins_in_the_first_open_stage() -> None:
    """Stage, kind and probability are those of the stage; one visit begins, and says so."""
    found = begin(sale(), deal(kind=StageKind.LOST, loss_reason="old", rep_id="R1"), after(0))
    assert isinstance(found, Accepted)
    one = found.opportunity
    assert (one.stage, one.kind, one.probability) == ("lead", StageKind.OPEN, Decimal("0.1"))
    assert (one.loss_reason, one.closed_on) == (None, None)
    assert found.visits == (
        StageVisit(
            id="O1/begin/2026-03-02T09:00:00Z",
            opportunity_id="O1",
            stage="lead",
            kind=StageKind.OPEN,
            funnel="sale",
            funnel_version="1",
            entered_on=date(2026, 3, 2),
            entered_at=START,
            rep_id="R1",
        ),
    )
    assert found.history == StageHistory(opportunity_id="O1", visits=found.visits)
    assert [event.name for event in found.events] == ["stage_entered"]
    assert found.events[0].detail == '{"funnel": "sale 1", "event": "begin", "stage": "lead"}'
    assert found.step is None
    assert one == attrs.evolve(one)


def test_the_days_of_a_version_pick_it_and_do_not_refuse_it() -> None:
    """What began before a version may be recorded in it later; `in_force` picks the version."""
    old = attrs.evolve(sale(), valid_until=date(2026, 3, 1))
    new = attrs.evolve(sale(), version="2", valid_from=date(2026, 3, 2))
    assert in_force([old, new], after(0).on, "sale") is new
    assert isinstance(begin(old, deal(), after(0)), Accepted)


def test_it_may_begin_in_a_later_stage_with_what_the_stage_requires() -> None:
    """Nobody asks for what lies before; the fields of the stage must be known all the same."""
    found = begin(sale(), deal(), after(0), stage="offer")
    assert isinstance(found, Accepted)
    assert [event.name for event in found.events] == ["stage_entered", "offer_due"]
    short = begin(sale(), deal(customer_id=None), after(0), stage="offer")
    assert isinstance(short, Refused)
    assert [(one.code, one.name, one.stage) for one in short.reasons] == [
        (RefusalCode.FIELD_MISSING, "customer_id", "offer")
    ]


def test_what_was_done_before_can_begin_closed() -> None:
    """Won it has its event; lost it takes a reason."""
    won = begin(sale(), deal(), after(0), stage="won")
    assert isinstance(won, Accepted)
    assert won.opportunity.closed_on == date(2026, 3, 2)
    assert [event.name for event in won.events] == ["stage_entered", "opportunity_won"]
    lost = begin(sale(), deal(), after(0, override="please"), stage="lost")
    assert isinstance(lost, Refused)
    assert lost.codes == (RefusalCode.REASON_MISSING,)
    told = begin(sale(), deal(), after(0, reason="price"), stage="lost")
    assert isinstance(told, Accepted)
    assert told.opportunity.loss_reason == "price"


def test_an_override_passes_over_missing_fields_by_who_may() -> None:
    """As in any event, the role is asked, and the passing over is recorded."""
    funnel = sale(override_roles=["manager"])
    poor = deal(customer_id=None)
    found = begin(funnel, poor, after(0, override="key", roles=["manager"]), stage="offer")
    assert isinstance(found, Accepted)
    assert [event.name for event in found.events] == [
        "stage_entered",
        "override_used",
        "offer_due",
    ]
    short = begin(funnel, poor, after(0, override="key"), stage="offer")
    assert isinstance(short, Refused)
    assert short.codes == (RefusalCode.FIELD_MISSING, RefusalCode.OVERRIDE_REFUSED)


def test_nothing_begins_twice() -> None:
    """A history with visits is refused, but for the same event once more."""
    last = begun()
    again = begin(sale(), last.opportunity, after(0, last))
    assert isinstance(again, Accepted)
    assert (again.is_repeat, again.events, again.opportunity) == (True, (), last.opportunity)
    later = begin(sale(), last.opportunity, after(1, last))
    assert isinstance(later, Refused)
    (one,) = later.reasons
    assert (one.code, one.name) == (RefusalCode.HISTORY_DIFFERS, "begun")
    assert refusal_words(one) == "it has begun before, with visit O1/begin/2026-03-02T09:00:00Z"


def test_an_empty_history_must_be_of_the_opportunity() -> None:
    """A history of another, though empty, is a mix-up."""
    empty = StageHistory(opportunity_id="O1")
    assert begin(sale(), deal(), after(0, history=empty)).is_accepted
    found = begin(sale(), deal(id="O2"), after(0, history=empty))
    assert isinstance(found, Refused)
    assert [(one.name, one.known) for one in found.reasons] == [("opportunity", ("O1", "O2"))]


def test_nothing_begins_before_it_was_created() -> None:
    """The day of creation bounds the beginning, in the zone of the event."""
    one = deal(created_on=date(2026, 3, 2))
    found = begin(sale(), one, after(-10))
    assert isinstance(found, Refused)
    assert (found.codes, found.reasons[0].name) == ((RefusalCode.TOO_EARLY,), "2026-03-02")
    assert begin(sale(), one, after(-10, zone="Asia/Shanghai")).is_accepted


def test_stages_that_are_not_there_are_mistakes_of_the_caller() -> None:
    """An unknown stage, and a funnel without an open one, are no business of the opportunity."""
    with pytest.raises(UnknownName, match="limbo"):
        begin(sale(), deal(), after(0), stage="limbo")
    ends = sale(stages=[Stage(key="won", kind=StageKind.WON)], transitions=[])
    with pytest.raises(InvalidValue, match="none of them is open"):
        begin(ends, deal(), after(0))


def test_what_nobody_created_is_created_now() -> None:
    """Curves and looks back know when it came up; a day that is stated stays."""
    found = begin(sale(), deal(created_on=None), after(0))
    assert isinstance(found, Accepted)
    assert found.opportunity.created_on == after(0).on
    stated = begin(sale(), deal(created_on=date(2025, 12, 1)), after(0))
    assert isinstance(stated, Accepted)
    assert stated.opportunity.created_on == date(2025, 12, 1)
