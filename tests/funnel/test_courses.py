"""Reopening, holds, skips, steps back, loops and what they do to the probability."""

from datetime import date
from decimal import Decimal

import attrs
from tests.funnel.sale import (
    STAGES,
    after,
    asked,
    begun,
    done,
    refused,
    row,
    sale,
    walked,
)

from salescore.entities import SalesRepId, StageKind
from salescore.funnel import (
    Accepted,
    Course,
    RefusalCode,
    Refused,
    Stage,
    StageHistory,
    StepPolicy,
    decide,
)

REFUSED, WITH_REASON = StepPolicy.REFUSED, StepPolicy.WITH_REASON


def test_reopening_clears_the_outcome_and_keeps_the_history() -> None:
    """Closing day, reason and probability give way; visits stay, and the events say so."""
    lost = walked("propose", "lose")
    found = done(lost, "reopen")
    one = found.opportunity
    assert (one.stage, one.kind, one.probability) == ("lead", StageKind.OPEN, Decimal("0.1"))
    assert (one.closed_on, one.loss_reason) == (None, None)
    assert found.history.visits[:2] == lost.history.visits[:2]
    assert [visit.stage for visit in found.history.visits] == ["lead", "offer", "lost", "lead"]
    assert found.step is not None
    assert found.step.course is Course.REOPENED
    assert [event.name for event in found.events] == ["stage_entered", "opportunity_reopened"]


def test_a_sale_can_be_won_again() -> None:
    """A second win after a loss counts its own closing day and event."""
    lost = walked("propose", "win", "lose")
    found = done(lost, "win", hours=48)
    assert found.opportunity.closed_on == date(2026, 3, 4)
    assert found.history.entries("won") == 2
    assert [event.name for event in found.events] == ["stage_entered", "opportunity_won"]
    assert found.step is not None
    assert found.step.course is Course.ON


def test_a_hold_ends_where_it_began() -> None:
    """What was on hold goes on in the stage before, at that stage's probability."""
    held = walked("negotiate", "pause")
    assert held.opportunity.probability == Decimal("0.7")
    assert [event.name for event in held.events] == ["stage_entered", "opportunity_held"]
    found = done(held, "resume")
    assert (found.opportunity.stage, found.opportunity.probability) == ("talks", Decimal("0.7"))
    assert [event.name for event in found.events] == ["stage_entered", "opportunity_resumed"]
    assert found.step is not None
    assert found.step.course is Course.RESUMED


def test_two_holds_on_end_go_back_to_the_stage_before_both() -> None:
    """Held again, elsewhere or in the same stage, a sale resumes where it was under way."""
    assert done(walked("negotiate", "pause", "freeze"), "resume").stage.key == "talks"
    assert done(walked("negotiate", "pause", "pause"), "resume").stage.key == "talks"
    frozen = walked("pause", "freeze")
    assert frozen.opportunity.probability == Decimal("0.05")
    assert done(frozen, "resume").opportunity.probability == Decimal("0.1")


def test_a_hold_after_a_loss_resumes_in_the_stage_before_the_loss() -> None:
    """To resume never means to be lost again: closed stages are no stage to go on in."""
    held = walked("propose", "lose", "pause")
    assert [event.name for event in held.events] == [
        "stage_entered",
        "opportunity_reopened",
        "opportunity_held",
    ]
    assert done(held, "resume").stage.key == "offer"
    assert (
        done(walked("propose", "lose"), "take up").step == walked("propose", "lose", "take up").step
    )
    again = done(walked("propose", "lose"), "take up")
    assert again.step is not None
    assert (again.stage.key, again.step.course) == ("offer", Course.REOPENED)


def test_a_hold_can_end_void() -> None:
    """What was on hold can be given up, with a reason."""
    found = done(walked("pause"), "cancel", reason="no budget")
    assert (found.opportunity.kind, found.opportunity.closed_on) == (
        StageKind.VOID,
        date(2026, 3, 2),
    )


def test_on_hold_only_what_ends_the_hold_is_accepted() -> None:
    """Events that do not lead out of a hold say that it is one."""
    (one,) = refused(walked("pause"), "propose").reasons
    assert (one.code, one.stage) == (RefusalCode.ON_HOLD, "hold")
    assert "resume" in one.known


def test_without_a_stage_before_nothing_can_resume() -> None:
    """Neither a missing history nor one that begins on hold tells where to go on."""
    held = walked("pause")
    bare = decide(sale(), held.opportunity, "resume", after(9))
    assert isinstance(bare, Refused)
    assert bare.codes == (RefusalCode.NO_STAGE_BEFORE,)
    lone = StageHistory(opportunity_id="O1", visits=held.history.visits[1:])
    found = decide(sale(), held.opportunity, "resume", after(9, history=lone))
    assert isinstance(found, Refused)
    assert (found.codes, found.reasons[0].stage) == ((RefusalCode.NO_STAGE_BEFORE,), "hold")


def test_a_hold_is_no_way_around_criteria() -> None:
    """Going on from a hold to a later stage asks for what going on from the stage before asks."""
    held = walked("propose", "pause")
    for event in ("resume in talks", "win"):
        found = refused(held, event, row=row(amount=Decimal(9)))
        assert [(one.code, one.stage) for one in found.reasons] == [
            (RefusalCode.CRITERION_FAILED, "offer")
        ]
    moved = done(held, "resume in talks")
    assert moved.step is not None
    assert moved.step.course is Course.ON
    assert [event.name for event in moved.events] == ["stage_entered", "opportunity_resumed"]


def test_policies_hold_from_the_stage_before_a_hold() -> None:
    """A hold is no way around a policy: leaving out a stage or going back is what it is."""
    strict = sale(skip=REFUSED, back=REFUSED)
    held = walked("pause", funnel=strict)
    assert refused(held, "resume in talks", strict).codes == (RefusalCode.SKIP_REFUSED,)
    again = walked("propose", "pause", funnel=strict)
    assert refused(again, "resume in lead", strict).codes == (RefusalCode.BACK_REFUSED,)
    assert done(held, "resume in lead", strict).stage.key == "lead"


def test_without_a_history_what_the_stage_before_asks_is_not_got_around() -> None:
    """Nobody knows which criteria hold, so going on is refused, and an override does not help."""
    held = walked("propose", "pause")
    for event in ("resume in talks", "win"):
        found = decide(sale(), held.opportunity, event, after(9, override="please"))
        assert isinstance(found, Refused)
        assert (found.codes, found.is_overridable) == ((RefusalCode.NO_STAGE_BEFORE,), False)


def test_without_a_history_a_hold_that_nothing_depends_on_ends() -> None:
    """Where every stage before asks for the same, the transition says where it goes on."""
    held = walked("propose", "pause")
    plain = sale(stages=[attrs.evolve(one, exit_criteria=(), required=()) for one in STAGES])
    found = decide(plain, held.opportunity, "resume in talks", after(9))
    assert isinstance(found, Accepted)
    assert found.step is not None
    assert found.step.course is Course.RESUMED
    assert found.visits == found.history.visits


def test_undoing_a_step_goes_back_to_the_stage_before_by_its_policy() -> None:
    """A transition without a target is what going to the stage before is: back, or on."""
    last = walked("propose")
    found = done(last, "undo")
    assert found.step is not None
    assert (found.stage.key, found.step.course) == ("lead", Course.BACK)
    on = done(found, "undo")
    assert on.step is not None
    assert (on.stage.key, on.step.course) == ("offer", Course.ON)
    strict = sale(back=REFUSED)
    assert refused(walked("propose", funnel=strict), "undo", strict).codes == (
        RefusalCode.BACK_REFUSED,
    )


def test_stages_left_out_are_asked_for_all_the_same() -> None:
    """A skip takes the fields and criteria of the stage that it leaves out."""
    last = begun(customer_id=None)
    found = refused(last, "negotiate", row=row(amount=Decimal(9)))
    assert [(one.code, one.name, one.stage) for one in found.reasons] == [
        (RefusalCode.FIELD_MISSING, "customer_id", "talks"),
        (RefusalCode.CRITERION_FAILED, None, "offer"),
    ]


def test_a_skip_goes_by_the_policy() -> None:
    """Stages are left out freely, with a reason, or not at all; an override passes the last."""
    last = begun()
    assert done(last, "negotiate").stage.key == "talks"
    asking, strict = sale(skip=WITH_REASON), sale(skip=REFUSED)
    assert refused(last, "negotiate", asking).codes == (RefusalCode.REASON_MISSING,)
    assert done(last, "negotiate", asking, reason="they hurry").stage.key == "talks"
    (one,) = refused(last, "negotiate", strict, reason="they hurry").reasons
    assert (one.code, one.stage, one.known) == (RefusalCode.SKIP_REFUSED, "offer", ("offer",))
    found = done(last, "negotiate", strict, override="they hurry")
    assert [one.code for one in found.overridden] == [RefusalCode.SKIP_REFUSED]
    assert refused(last, "win", strict).reasons[0].known == ("offer", "talks")


def test_a_step_back_goes_by_the_policy() -> None:
    """Going back is free, takes a reason, or is refused; loops and resumes are no step back."""
    last = walked("propose")
    found = done(last, "go back")
    assert found.step is not None
    assert found.step.course is Course.BACK
    asking, strict = sale(back=WITH_REASON), sale(back=REFUSED)
    assert refused(last, "go back", asking).codes == (RefusalCode.REASON_MISSING,)
    assert done(last, "go back", asking, reason="new buyer").stage.key == "lead"
    (one,) = refused(last, "go back", strict, reason="new buyer").reasons
    assert (one.code, one.stage) == (RefusalCode.BACK_REFUSED, "lead")
    assert done(last, "revise", strict).stage.key == "offer"
    assert done(walked("lose"), "reopen", strict).stage.key == "lead"


def test_neither_a_loss_nor_a_step_back_asks_for_criteria() -> None:
    """Criteria of exit are for going on; the guards of a transition are its own."""
    last = walked("propose")
    for event in ("lose", "cancel", "pause", "go back", "revise"):
        assert asked(last, event, reason="so be it", row=row(amount=Decimal(9))).is_accepted


def test_a_loop_is_a_visit_of_its_own() -> None:
    """A stage entered again has two visits, and counts both."""
    found = walked("propose", "revise", "revise")
    assert found.history.entries("offer") == 3
    assert [event.name for event in found.events] == ["stage_entered", "offer_done", "offer_due"]


def test_another_rep_takes_over_without_a_visit() -> None:
    """A transfer changes the record alone; the next visit says who is in charge then."""
    last = begun(rep_id="R1")
    moved = attrs.evolve(last, opportunity=attrs.evolve(last.opportunity, rep_id=SalesRepId("R2")))
    found = done(moved, "propose")
    assert [visit.rep_id for visit in found.history.visits] == ["R1", "R2"]


def test_a_pinned_probability_stays_until_the_end() -> None:
    """What was set by hand outlives stages and holds, not the close; reopened it is the stage's."""
    last = begun(probability=Decimal("0.9"), is_probability_pinned=True)
    assert last.opportunity.probability == Decimal("0.9")
    for event in ("propose", "pause", "freeze", "resume", "revise"):
        last = done(last, event)
        assert (last.opportunity.probability, last.opportunity.is_probability_pinned) == (
            Decimal("0.9"),
            True,
        )
    lost = done(last, "lose", reason="price")
    assert (lost.opportunity.probability, lost.opportunity.is_probability_pinned) == (0, False)
    again = done(lost, "reopen")
    assert again.opportunity.probability == Decimal("0.1")


def test_a_pin_on_a_closed_sale_does_not_outlive_it() -> None:
    """A probability of 1 that was pinned on a won sale is no forecast of the reopened one."""
    won = walked("win")
    pinned = attrs.evolve(won.opportunity, is_probability_pinned=True)
    found = done(attrs.evolve(won, opportunity=pinned), "reopen")
    assert (found.opportunity.probability, found.opportunity.is_probability_pinned) == (
        Decimal("0.1"),
        False,
    )


def test_a_stage_without_a_probability_leaves_none() -> None:
    """Where nobody stated a chance there is none, rather than that of another stage."""
    funnel = sale(stages=[*STAGES[:2], Stage(key="talks"), *STAGES[3:]])
    assert done(begun(funnel), "negotiate", funnel).opportunity.probability is None


def test_a_hold_after_the_end_keeps_no_probability_of_the_end() -> None:
    """A sale that is under way again is neither won nor lost for sure."""
    assert done(walked("lose"), "pause").opportunity.probability is None
    assert done(begun(), "pause").opportunity.probability == Decimal("0.1")
