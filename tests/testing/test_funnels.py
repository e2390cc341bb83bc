"""Strategies for funnels: what they promise, and that they reach every form."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.testing.seeded import many

from salescore import testing
from salescore.entities import Opportunity, OpportunityId, StageKind
from salescore.funnel import (
    Accepted,
    Context,
    Funnel,
    RefusalCode,
    StageHistory,
    begin,
    decide,
)

AT = datetime(2017, 3, 1, 9, tzinfo=UTC)


def test_funnels_have_every_form() -> None:
    """All kinds of stages, ways back to the stage before, criteria, limits and days are drawn."""
    seen: set[object] = set()

    def look(funnel: Funnel) -> None:
        assert funnel.start is funnel.stages[0]
        seen.update(one.kind for one in funnel.stages)
        seen.update(("limit", one.limit is not None) for one in funnel.stages)
        seen.update(("criteria", bool(one.exit_criteria)) for one in funnel.stages)
        seen.update(("target", one.target is None) for one in funnel.transitions)
        seen.update(("guards", bool(one.guards)) for one in funnel.transitions)
        seen.update((funnel.skip, ("from", funnel.valid_from is None)))

    many(testing.funnels(), look)
    assert set(StageKind) <= seen
    names = ("limit", "criteria", "target", "guards", "from")
    assert {(name, is_so) for name in names for is_so in (True, False)} <= seen


@settings(max_examples=50)
@given(testing.funnels(is_plain=True), st.data())
def test_nothing_but_the_table_speaks_against_a_move_in_a_plain_funnel(
    funnel: Funnel, data: st.DataObject
) -> None:
    """Given a reason, every event out of a stage is accepted, or has nowhere to go back."""
    opportunity = Opportunity(id=OpportunityId("O-1"), stage="new", kind=StageKind.OPEN)
    found = begin(funnel, opportunity, Context(at=AT))
    for hour in range(1, 8):
        assert isinstance(found, Accepted)
        events = funnel.events_from(found.opportunity.stage)
        if not events:
            break
        event = data.draw(st.sampled_from(events))
        assert len(funnel.steps[found.opportunity.stage, event]) == 1
        at = AT + timedelta(hours=hour)
        context = Context(at=at, history=found.history, reason="because")
        moved = decide(funnel, found.opportunity, event, context)
        if isinstance(moved, Accepted):
            found = moved
        else:
            assert moved.codes == (RefusalCode.NO_STAGE_BEFORE,)


@given(testing.instances(StageHistory))
def test_histories_are_those_of_a_funnel(history: StageHistory) -> None:
    """A drawn history begins somewhere, and its last visit lasts."""
    assert history.running is history.visits[-1]
