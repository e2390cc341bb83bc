"""Many decisions at once equal those of each."""

import pytest
from tests.funnel.sale import (
    after,
    begun,
    deal,
    sale,
    walked,
)

from salescore.errors import InvalidValue
from salescore.funnel import (
    RefusalCode,
    Refused,
    decide,
    decide_many,
    open_events,
)


def test_many_decisions_are_those_of_each() -> None:
    """One answer for each, in order; one that is refused stops nobody."""
    lasts = [begun(), walked("propose"), begun(customer_id=None), walked("pause")]
    ones = [last.opportunity for last in lasts]
    contexts = [after(9, last) for last in lasts]
    found = decide_many(sale(), iter(ones), "propose", iter(contexts))
    funnel = sale()
    assert [one.is_accepted for one in found] == [True, False, False, False]
    single = [
        decide(funnel, one, "propose", known) for one, known in zip(ones, contexts, strict=True)
    ]
    assert found == tuple(single)


def test_as_many_contexts_as_opportunities() -> None:
    """A context too few is a mistake, not an opportunity left out."""
    last = begun()
    with pytest.raises(InvalidValue, match="expected 2"):
        decide_many(sale(), [last.opportunity] * 2, "propose", [after(1, last)])


def test_events_that_are_open_are_those_that_lead_out() -> None:
    """An application shows each with what it would do, or why not."""
    last = begun()
    found = open_events(sale(), last.opportunity, after(1, last))
    funnel = sale()
    assert [one.event for one in found] == list(funnel.events_from("lead"))
    assert {one.event: one.is_accepted for one in found} == {
        "propose": True,
        "negotiate": True,
        "win": True,
        "lose": False,
        "cancel": False,
        "pause": True,
        "freeze": True,
        "undo": False,
    }
    assert found == tuple(
        decide(funnel, last.opportunity, one.event, after(1, last)) for one in found
    )


def test_in_an_unknown_stage_every_event_is_refused() -> None:
    """Buttons that cannot work say why."""
    found = open_events(sale(), deal(stage="limbo"), after(1))
    assert [one.event for one in found] == list(sale().events)
    assert {one.codes for one in found if isinstance(one, Refused)} == {
        (RefusalCode.UNKNOWN_STAGE,)
    }
