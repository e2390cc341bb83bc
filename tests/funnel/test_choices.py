"""Overrides, and events that several transitions share."""

from decimal import Decimal

import attrs
from tests.funnel.sale import (
    begun,
    done,
    refused,
    row,
    sale,
    walked,
)

from salescore.funnel import (
    Criterion,
    Funnel,
    RefusalCode,
    Transition,
)
from salescore.rules import F


def test_an_override_passes_over_what_is_not_fulfilled_and_is_recorded() -> None:
    """Criteria and fields give way to a reason, which stands in the outcome and in an event."""
    funnel = sale(override_roles=["manager"])
    last = begun(funnel, customer_id=None)
    poor = row(needs=None)
    found = done(last, "propose", funnel, row=poor, override="  key account", roles=["manager"])
    assert [one.code for one in found.overridden] == [
        RefusalCode.FIELD_MISSING,
        RefusalCode.CRITERION_UNKNOWN,
    ]
    names = [event.name for event in found.events]
    assert names == ["stage_entered", "override_used", "offer_due"]
    detail = found.events[1].detail
    assert detail is not None
    assert '"reason": "  key account"' in detail
    assert '"name": "customer_id"' in detail
    assert '"name": "needs"' in detail


def test_only_some_may_override() -> None:
    """Without the role the reasons stand, and who may override is said."""
    funnel = sale(override_roles=["manager"])
    found = refused(begun(funnel), "propose", funnel, row=row(needs=None), override="please")
    assert found.codes == (RefusalCode.CRITERION_UNKNOWN, RefusalCode.OVERRIDE_REFUSED)
    assert found.reasons[-1].known == ("manager",)
    assert not found.is_overridable


def test_an_override_that_is_not_needed_leaves_no_trace() -> None:
    """Nothing is passed over where nothing is in the way."""
    found = done(begun(), "propose", override="please")
    assert found.overridden == ()
    assert [event.name for event in found.events] == ["stage_entered", "offer_due"]


def test_no_override_passes_over_roles_reasons_or_time() -> None:
    """What is not a matter of judgement stays refused, with all other reasons."""
    last = walked("negotiate")
    for given, code in (
        ({"roles": ["rep"], "reason": "so"}, RefusalCode.ROLE_MISSING),
        ({"roles": ["manager"]}, RefusalCode.REASON_MISSING),
        ({"roles": ["manager"], "reason": "so", "hours": -1}, RefusalCode.TOO_EARLY),
    ):
        found = refused(last, "approve", override="please", **given)
        assert found.codes == (code, RefusalCode.FIELD_MISSING)


def routed() -> Funnel:
    """Return a funnel whose one event leads to three stages, by guards and role."""
    large = Criterion(key="large", rule=F.amount >= 1000)
    known = Criterion(key="known", rule=F.needs == "known")
    way = Transition(event="route", sources=["lead"], target="talks", guards=[large, known])
    other = Transition(event="route", sources=["lead"], target="offer", guards=[known])
    third = Transition(event="route", sources=["lead"], target="hold", roles=["manager"])
    return sale(transitions=[way, other, third])


def test_of_several_transitions_the_first_that_nothing_speaks_against_is_taken() -> None:
    """Guards route an event: in order, and by what is fulfilled."""
    funnel = routed()
    last = begun(funnel)
    assert done(last, "route", funnel, row=row(amount=Decimal(1000))).stage.key == "talks"
    assert done(last, "route", funnel).stage.key == "offer"
    assert done(last, "route", funnel, row=row(needs=""), roles=["manager"]).stage.key == "hold"


def test_an_override_is_not_used_where_another_transition_needs_none() -> None:
    """The one that asks for nothing goes before the one that must be forced."""
    funnel = routed()
    found = done(begun(funnel), "route", funnel, override="please")
    assert (found.stage.key, found.overridden) == ("offer", ())


def test_the_transition_that_the_least_speaks_against_gives_the_reasons() -> None:
    """Its reasons are told; an override takes the one that it has to pass over least for."""
    funnel = routed()
    last = begun(funnel)
    poor = row(needs="none")
    found = refused(last, "route", funnel, row=poor)
    assert [one.criterion and one.criterion.key for one in found.reasons] == ["known"]
    assert [one.key for one in found.criteria] == ["known"]
    forced = done(last, "route", funnel, row=poor, override="please")
    assert (forced.stage.key, len(forced.overridden)) == ("offer", 1)


def test_an_override_looks_for_a_transition_that_it_can_pass() -> None:
    """A missing role, though the only reason there, does not hide what could be overridden."""
    funnel = routed()
    short = attrs.evolve(funnel, transitions=[funnel.transitions[0], funnel.transitions[2]])
    last = begun(short)
    poor = row(needs="none")
    assert refused(last, "route", short, row=poor).codes == (RefusalCode.ROLE_MISSING,)
    assert len(done(last, "route", short, row=poor, override="please").overridden) == 2
