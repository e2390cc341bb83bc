"""What a refusal says beyond its reasons: other ways, what an override leaves, what to keep."""

from collections.abc import Callable
from decimal import Decimal

import attrs
import pytest
from tests.funnel.sale import after, asked, begun, deal, row, sale, walked

from salescore.entities import StageKind
from salescore.funnel import (
    Accepted,
    Context,
    Criterion,
    Funnel,
    RefusalCode,
    Refused,
    Stage,
    StepPolicy,
    Transition,
    begin,
    decide,
    dot,
    mermaid,
    refusal_words,
)
from salescore.render import Language
from salescore.rules import F

LIMIT = Criterion(key="limit", rule=F.amount <= 50, labels=("Within the limit", "额度内"))


def two_ways(target: str | None = "won") -> Funnel:
    """Return a funnel in which reps win within a limit, and managers whatever the amount."""
    stages = [Stage(key="lead"), Stage(key="talks"), Stage(key="won", kind=StageKind.WON)]
    ways = [
        Transition(event="win", sources=["lead", "talks"], target="won", guards=[LIMIT]),
        Transition(
            event="win",
            sources=["lead", "talks"],
            target=target,
            roles=["manager", "director"],
            needs_reason=True,
            guards=[LIMIT],
        ),
    ]
    return Funnel(name="sale", version="1", stages=stages, transitions=ways)


def refused(found: Accepted | Refused) -> Refused:
    """Return a refusal."""
    assert isinstance(found, Refused)
    return found


def test_a_refusal_tells_the_other_transitions_of_its_event() -> None:
    """Who wins above the limit hears the limit, and who else may do it, in both languages."""
    found = refused(asked(begun(two_ways()), "win", two_ways()))
    assert found.codes == (RefusalCode.CRITERION_FAILED,)
    (other,) = found.alternatives
    assert other.target == "won"
    assert [one.code for one in other.reasons] == [
        RefusalCode.ROLE_MISSING,
        RefusalCode.REASON_MISSING,
        RefusalCode.CRITERION_FAILED,
    ]
    assert not other.is_overridable
    assert found.text().splitlines() == [
        "not fulfilled: Within the limit (amount <= 50)",
        (
            "or, to won: only manager, director may do it; a reason must be given for win; "
            "not fulfilled: Within the limit (amount <= 50)"
        ),
    ]
    assert (
        found.text(Language.ZH).splitlines()[1].startswith("或转入won：仅限manager、director操作；")
    )


def test_an_alternative_without_a_target_is_the_stage_before() -> None:
    """Where the history would tell the stage, the words say so."""
    found = refused(asked(begun(two_ways(None)), "win", two_ways(None)))
    (other,) = found.alternatives
    assert other.target is None
    assert other.text().startswith("or, to the stage before: ")
    assert other.text(Language.ZH).startswith("或恢复至原阶段：")


def test_a_refusal_of_one_transition_has_no_alternative() -> None:
    """Neither has one that no transition was asked for."""
    assert refused(asked(begun(), "lose")).alternatives == ()
    assert refused(asked(begun(), "resume")).alternatives == ()


def test_ways_that_are_open_to_roles_alone_are_drawn_with_them() -> None:
    """Two ways of one name are told apart by who may go them."""
    drawn = mermaid(two_ways())
    assert "win (only manager, director)" in drawn
    assert "win (only manager, director)" in dot(two_ways())
    assert "win (仅限manager、director)" in mermaid(two_ways(), Language.ZH)


@pytest.mark.parametrize(
    ("ask", "english", "chinese"),
    [
        (lambda: asked(begun(), "lose"), "for a loss", "输单必须说明原因"),
        (lambda: asked(begun(), "cancel"), "for void, which is void", "作废（void）必须说明原因"),
        (
            lambda: asked(begun(), "negotiate", sale(skip=StepPolicy.WITH_REASON)),
            "for leaving out offer",
            "跳过offer必须说明原因",
        ),
        (
            lambda: asked(walked("propose"), "go back", sale(back=StepPolicy.WITH_REASON)),
            "for going back to lead",
            "退回到lead必须说明原因",
        ),
        (lambda: asked(walked("negotiate"), "approve"), "for approve", "approve必须说明原因"),
        (lambda: reopening("lose"), "for opening it again", "重新打开必须说明原因"),
        (lambda: begin(sale(), deal(), after(0), stage="lost"), "for a loss", "输单必须说明原因"),
    ],
    ids=["loss", "void", "skip", "back", "transition", "reopening", "begun lost"],
)
def test_a_lacking_reason_says_what_takes_it(
    ask: Callable[[], Accepted | Refused], english: str, chinese: str
) -> None:
    """A loss, a stage left out, a step back, a reopening, or the transition itself."""
    found = refused(ask())
    one = next(each for each in found.reasons if each.code is RefusalCode.REASON_MISSING)
    assert refusal_words(one) == f"a reason must be given {english}"
    assert refusal_words(one, Language.ZH) == chinese


def reopening(event: str) -> Accepted | Refused:
    """Ask to open again what some event closed, where that takes a reason."""
    ways = [
        attrs.evolve(one, needs_reason=True) if one.event == "reopen" else one
        for one in sale().transitions
    ]
    return asked(walked(event), "reopen", sale(transitions=ways))


def test_what_an_override_leaves_is_told() -> None:
    """A reason that is lacking must be given besides; without it an override alone would do."""
    strict = sale(skip=StepPolicy.WITH_REASON)
    found = refused(asked(begun(customer_id=None), "negotiate", strict))
    assert not found.is_overridable
    assert [one.code for one in found.besides_override] == [RefusalCode.REASON_MISSING]
    assert len(found.reasons) > 1
    passed = asked(
        begun(customer_id=None), "negotiate", strict, reason="they asked", override="a fair"
    )
    assert isinstance(passed, Accepted)
    alone = refused(asked(walked("propose"), "win", row=row(amount=Decimal(9))))
    assert (alone.is_overridable, alone.besides_override) == (True, ())


def test_what_is_accepted_has_its_records_in_order() -> None:
    """The opportunity stands first, then its visits; a repeat has nothing to keep."""
    found = walked("propose")
    assert found.records == (found.opportunity, *found.visits)
    context = attrs.evolve(found.context, history=found.history)
    again = decide(sale(), found.opportunity, "propose", context)
    assert isinstance(again, Accepted)
    assert (again.is_repeat, again.records) == (True, ())


HELD = (
    Stage(key="lead"),
    Stage(key="offer"),
    Stage(key="hold", kind=StageKind.HOLD),
    Stage(key="won", kind=StageKind.WON),
    Stage(key="lost", kind=StageKind.LOST),
)
NEEDS = Criterion(key="needs", rule=F.needs == "known")


def holding(asking: str = "", *, from_where: tuple[str, ...] = ("lead", "offer")) -> Funnel:
    """Return a funnel with a hold, in which one stage asks for what is needed to go on."""
    stages = [
        attrs.evolve(one, exit_criteria=[NEEDS]) if one.key == asking else one for one in HELD
    ]
    ways = [
        Transition(event="propose", sources=["lead"], target="offer"),
        Transition(event="pause", sources=from_where, target="hold"),
        Transition(event="on", sources=["hold"], target="offer"),
        Transition(event="win", sources=["hold", "offer"], target="won"),
        Transition(event="lose", sources=["hold"], target="lost"),
    ]
    return Funnel(name="sale", version="1", stages=stages, transitions=ways)


def out_of_hold(funnel: Funnel, event: str, **given: object) -> Accepted | Refused:
    """Ask for an event of what is on hold, without a history."""
    known = {"at": after(9).at, "row": row(needs="unknown"), **given}
    held = deal(stage="hold", kind=StageKind.HOLD)
    return decide(funnel, held, event, Context(**known))  # type: ignore[arg-type]


def test_without_a_history_a_hold_is_no_way_around_criteria() -> None:
    """What a stage before may have asked for stops it, an override too; a loss asks for nothing."""
    for event in ("on", "win"):
        for given in ({}, {"override": "please"}):
            found = refused(out_of_hold(holding("lead"), event, **given))
            assert found.codes == (RefusalCode.NO_STAGE_BEFORE,)
    assert out_of_hold(holding("lead"), "lose", reason="price").is_accepted


def test_without_a_history_a_hold_that_asks_alike_ends() -> None:
    """Only stages that may lead into the hold matter, and policies count as criteria do."""
    for event in ("on", "win"):
        assert out_of_hold(holding(), event).is_accepted
    assert out_of_hold(holding("lead", from_where=("offer",)), "win").is_accepted
    strict = attrs.evolve(holding(), skip=StepPolicy.REFUSED)
    assert refused(out_of_hold(strict, "win")).codes == (RefusalCode.NO_STAGE_BEFORE,)
