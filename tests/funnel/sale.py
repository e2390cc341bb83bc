"""A small funnel with everything in it, and opportunities on it, for the tests of the funnel."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from salescore.entities import Opportunity, StageKind
from salescore.funnel import (
    Accepted,
    Context,
    Criterion,
    EventTemplate,
    Funnel,
    Refused,
    Stage,
    Transition,
    begin,
    decide,
)
from salescore.rules import F

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)

NEEDS = Criterion(key="needs", rule=F.needs == "known", labels=("Needs known", "需求明确"))
BIG = Criterion(key="big", rule=F.amount >= 100, labels=("Amount from 100", "金额不低于100"))

STAGES = (
    Stage(key="lead", probability=Decimal("0.1"), labels=("Lead", "线索")),
    Stage(
        key="offer",
        probability=Decimal("0.4"),
        required=("customer_id",),
        exit_criteria=(BIG,),
        forecast_category="best case",
        on_entry=(EventTemplate(name="offer_due"),),
        on_exit=(EventTemplate(name="offer_done"),),
    ),
    Stage(key="talks", probability=Decimal("0.7")),
    Stage(key="hold", kind=StageKind.HOLD),
    Stage(key="frozen", kind=StageKind.HOLD, probability=Decimal("0.05")),
    Stage(key="won", kind=StageKind.WON),
    Stage(key="lost", kind=StageKind.LOST),
    Stage(key="void", kind=StageKind.VOID),
)

UNDER_WAY = ("lead", "offer", "talks")
HELD = ("hold", "frozen")

WAYS = (
    Transition(event="propose", sources=("lead",), target="offer", guards=(NEEDS,)),
    Transition(event="negotiate", sources=("lead", "offer"), target="talks"),
    Transition(event="win", sources=(*UNDER_WAY, "hold", "lost"), target="won"),
    Transition(event="lose", sources=(*UNDER_WAY, *HELD, "won"), target="lost"),
    Transition(event="cancel", sources=(*UNDER_WAY, *HELD), target="void"),
    Transition(event="go back", sources=("offer", "talks"), target="lead"),
    Transition(event="revise", sources=("offer",), target="offer"),
    Transition(event="pause", sources=(*UNDER_WAY, "hold", "lost"), target="hold"),
    Transition(event="freeze", sources=("lead", "hold"), target="frozen"),
    Transition(event="resume", sources=HELD, target=None),
    Transition(event="resume in talks", sources=HELD, target="talks"),
    Transition(event="resume in lead", sources=HELD, target="lead"),
    Transition(event="undo", sources=UNDER_WAY, target=None),
    Transition(event="reopen", sources=("won", "lost", "void"), target="lead"),
    Transition(event="take up", sources=("lost", "void"), target=None),
    Transition(
        event="approve",
        sources=("talks",),
        target="won",
        roles=("manager", "director"),
        required=("amount", "next_step"),
        needs_reason=True,
        emits=(EventTemplate(name="approved"),),
    ),
)


def sale(**given: Any) -> Funnel:  # noqa: ANN401 - whatever a funnel takes
    """Return lead, offer, talks, two holds and three ends, and sixteen events."""
    plain = {"name": "sale", "version": "1", "stages": STAGES, "transitions": WAYS}
    return Funnel(**{**plain, **given})


def plainly(**given: Any) -> Funnel:  # noqa: ANN401 - whatever a transition takes
    """Return a funnel with steps that only a criterion can speak against, and what is given."""
    ways = [
        Transition(
            **{"event": "go", "sources": ["lead"], "target": "talks", "guards": [NEEDS], **given}
        ),
        Transition(event="again", sources=["lead"], target="lead", guards=[NEEDS]),
    ]
    return sale(transitions=ways, stages=[STAGES[0], STAGES[2]])


def deal(**given: Any) -> Opportunity:  # noqa: ANN401 - whatever an opportunity takes
    """Return an opportunity that is in no funnel yet."""
    plain = {"id": "O1", "stage": "new", "kind": StageKind.OPEN, "customer_id": "C1"}
    return Opportunity(**{**plain, **given})


def row(**given: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever a row holds
    """Return the priced row of the opportunity, with what lets it go on."""
    return {"id": "O1", "amount": Decimal(100), "needs": "known", **given}


def after(hours: int, last: Accepted | None = None, **given: Any) -> Context:  # noqa: ANN401 - see above
    """Return what is known so many hours after the start, after what was accepted last."""
    history = None if last is None else last.history
    return Context(**{"at": START + hours * HOUR, "row": row(), "history": history, **given})


def begun(funnel: Funnel | None = None, **given: Any) -> Accepted:  # noqa: ANN401 - see above
    """Return a sale that has begun."""
    found = begin(funnel or sale(), deal(**given), after(0))
    assert isinstance(found, Accepted), found
    return found


def asked(
    last: Accepted,
    event: str,
    funnel: Funnel | None = None,
    hours: int = 1,
    **given: Any,  # noqa: ANN401 - see above
) -> Accepted | Refused:
    """Return what an event comes to some hours after the last visit began."""
    at = (last.history.visits[-1].entered_at or START) + hours * HOUR
    context = Context(**{"at": at, "row": row(), "history": last.history, **given})
    return decide(funnel or sale(), last.opportunity, event, context)


def done(last: Accepted, event: str, funnel: Funnel | None = None, **given: Any) -> Accepted:  # noqa: ANN401 - see above
    """Return what an event changes; it must be accepted."""
    found = asked(last, event, funnel, **given)
    assert isinstance(found, Accepted), found.text()
    return found


def refused(last: Accepted, event: str, funnel: Funnel | None = None, **given: Any) -> Refused:  # noqa: ANN401 - see above
    """Return why an event changes nothing; it must be refused."""
    found = asked(last, event, funnel, **given)
    assert isinstance(found, Refused), found
    return found


def walked(*events: str, funnel: Funnel | None = None, **given: Any) -> Accepted:  # noqa: ANN401 - see above
    """Return a sale after some events, an hour apart, each with a reason."""
    found = begun(funnel, **given)
    for event in events:
        found = done(found, event, funnel, reason="as it happens")
    return found
