"""One sales process in the spelling of every library that is compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, Protocol

import attrs

from salescore.entities import Opportunity, OpportunityId, StageKind
from salescore.funnel import (
    Accepted,
    Context,
    Criterion,
    Funnel,
    Stage,
    Transition,
    begin,
    decide,
)
from salescore.rules import F

LEAST = Decimal(100)
BIG = Decimal(250)
CHANCES = {"lead": Decimal("0.1"), "offer": Decimal("0.4"), "talks": Decimal("0.7")}
WAYS = (
    ("propose", "lead", "offer"),
    ("negotiate", "offer", "talks"),
    ("go_back", "talks", "lead"),
    ("win", "talks", "won"),
)
LIFE = ("propose", "negotiate", "go_back", "propose", "negotiate", "win")
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
TIMES = tuple(START + timedelta(hours=hour) for hour in range(1, len(LIFE) + 1))

Act = Callable[[Any], Any]
Contestant = tuple[Act, Callable[[int], Sequence[Any]], Callable[[Any], list[str]]]
"""What lets one sale live, what makes so many sales before the clock, and what says the stages."""


@attrs.frozen(kw_only=True)
class Visit:
    """The stay of a deal in one stage."""

    deal: str
    stage: str
    entered_at: datetime
    left_at: datetime | None = None


@attrs.frozen(kw_only=True)
class Deal:
    """A deal with the fields that the process changes, and its visits."""

    id: str
    stage: str
    amount: Decimal
    probability: Decimal
    closed_at: datetime | None
    visits: tuple[Visit, ...]


def by_hand() -> Contestant:
    """Return a table of dicts on frozen records, as one would write it."""
    table = {
        (source, event): (target, CHANCES.get(target, Decimal(1)), target == "won")
        for event, source, target in WAYS
    }

    def moved(deal: Deal, event: str, at: datetime) -> Deal:
        way = table.get((deal.stage, event))
        if way is None or deal.amount < LEAST:
            raise ValueError(event)
        target, chance, is_closed = way
        *kept, last = deal.visits
        ended = Visit(deal=deal.id, stage=last.stage, entered_at=last.entered_at, left_at=at)
        begun = Visit(deal=deal.id, stage=target, entered_at=at)
        return Deal(
            id=deal.id,
            stage=target,
            amount=deal.amount,
            probability=chance,
            closed_at=at if is_closed else None,
            visits=(*kept, ended, begun),
        )

    def live(deal: Deal) -> Deal:
        for event, at in zip(LIFE, TIMES, strict=True):
            deal = moved(deal, event, at)
        return deal

    def made(count: int) -> list[Deal]:
        return [
            Deal(
                id=f"O{number}",
                stage="lead",
                amount=BIG,
                probability=CHANCES["lead"],
                closed_at=None,
                visits=(Visit(deal=f"O{number}", stage="lead", entered_at=START),),
            )
            for number in range(count)
        ]

    return live, made, lambda deal: [one.stage for one in deal.visits]


def _funnel() -> Funnel:
    guard = Criterion(key="amount", rule=F.amount >= LEAST)
    return Funnel(
        name="sale",
        version="1",
        stages=[
            *(Stage(key=key, probability=chance) for key, chance in CHANCES.items()),
            Stage(key="won", kind=StageKind.WON),
        ],
        transitions=[
            Transition(event=event, sources=[source], target=target, guards=[guard])
            for event, source, target in WAYS
        ],
    )


def _begun(funnel: Funnel, count: int) -> list[Accepted]:
    found = []
    for number in range(count):
        one = Opportunity(id=OpportunityId(f"O{number}"), stage="new", kind=StageKind.OPEN)
        answer = begin(funnel, one, Context(at=START))
        if isinstance(answer, Accepted):
            found.append(answer)
    return found


ROW = {"amount": BIG}


def salescore(*, with_events: bool = False) -> Contestant:
    """Return this library: a context and a decision for each event, with or without events."""
    funnel = _funnel()

    def live(last: Accepted) -> Accepted:
        for event, at in zip(LIFE, TIMES, strict=True):
            context = Context(at=at, row=ROW, history=last.history)
            found = decide(funnel, last.opportunity, event, context)
            if not isinstance(found, Accepted):
                raise TypeError(found.text())
            if with_events:
                found.events  # noqa: B018 - they are made when asked for
            last = found
        return last

    return live, partial(_begun, funnel), lambda last: [one.stage for one in last.history.visits]


def salescore_decisions() -> Contestant:
    """Return this library with the contexts made before the clock starts."""
    funnel = _funnel()

    def live(asked: list[tuple[Opportunity, str, Context]]) -> Any:  # noqa: ANN401 - as contestants are
        found: Any = None
        for one, event, context in asked:
            found = decide(funnel, one, event, context)
        return found

    def made(count: int) -> list[list[tuple[Opportunity, str, Context]]]:
        lives = []
        for begun in _begun(funnel, count):
            last, asked = begun, []
            for event, at in zip(LIFE, TIMES, strict=True):
                context = Context(at=at, row=ROW, history=last.history)
                asked.append((last.opportunity, event, context))
                found = decide(funnel, last.opportunity, event, context)
                if isinstance(found, Accepted):
                    last = found
            lives.append(asked)
        return lives

    return live, made, lambda last: [one.stage for one in last.history.visits]


class Live:
    """A live deal: what peers change in place, with the same visits in a list."""

    def __init__(self, number: int) -> None:
        """Begin in the first stage."""
        self.id = f"O{number}"
        self.amount = BIG
        self.probability = CHANCES["lead"]
        self.closed_at: datetime | None = None
        self.visits = [Visit(deal=self.id, stage="lead", entered_at=START)]

    def is_big(self, *_: object, **__: object) -> bool:
        """Return whether the guard holds."""
        return self.amount >= LEAST

    def entered(self, stage: str, at: datetime) -> None:
        """Keep that a stage was entered."""
        last = self.visits[-1]
        self.visits[-1] = Visit(
            deal=self.id, stage=last.stage, entered_at=last.entered_at, left_at=at
        )
        self.visits.append(Visit(deal=self.id, stage=stage, entered_at=at))
        self.probability = CHANCES.get(stage, Decimal(1))
        self.closed_at = at if stage == "won" else None


def _stages(deal: Live) -> list[str]:
    return [one.stage for one in deal.visits]


class _Sale(Protocol):
    """The inputs of the process, for automat."""

    def propose(self, at: datetime) -> None:
        """Make an offer."""

    def negotiate(self, at: datetime) -> None:
        """Talk."""

    def go_back(self, at: datetime) -> None:
        """Begin again."""

    def win(self, at: datetime) -> None:
        """Sign."""


def automat() -> Contestant:
    """Return automat, which has no guards: each input is preceded by the question."""
    from automat import TypeMachineBuilder  # noqa: PLC0415 - absent from most environments

    builder = TypeMachineBuilder(_Sale, Live)
    states = {key: builder.state(key) for key in ("lead", "offer", "talks", "won")}

    def entering(stage: str) -> Callable[[Any, Live, datetime], None]:
        def enter(_: Any, deal: Live, at: datetime) -> None:  # noqa: ANN401 - automat's controller
            deal.entered(stage, at)

        return enter

    for event, source, target in WAYS:
        step = states[source].upon(getattr(_Sale, event)).to(states[target])
        step(entering(target))
    factory = builder.build()

    def live(pair: tuple[Live, Any]) -> Live:
        deal, machine = pair
        for event, at in zip(LIFE, TIMES, strict=True):
            if not deal.is_big():
                raise ValueError(event)
            getattr(machine, event)(at)
        return deal

    def made(count: int) -> list[tuple[Live, Any]]:
        deals = [Live(number) for number in range(count)]
        return [(deal, factory(deal)) for deal in deals]

    return live, made, _stages


def transitions() -> Contestant:
    """Return transitions, whose one machine is bound to all deals."""
    from transitions import Machine  # noqa: PLC0415 - absent from most environments

    def recorded(event: Any) -> None:  # noqa: ANN401 - the library's event data
        event.model.entered(event.transition.dest, event.kwargs["at"])

    def live(deal: Any) -> Any:  # noqa: ANN401 - a deal with methods bound to it
        for event, at in zip(LIFE, TIMES, strict=True):
            if not getattr(deal, event)(at=at):
                raise ValueError(event)
        return deal

    def made(count: int) -> list[Any]:
        deals = [Live(number) for number in range(count)]
        Machine(
            model=deals,
            states=["lead", "offer", "talks", "won"],
            transitions=[
                {"trigger": event, "source": source, "dest": target, "conditions": "is_big"}
                for event, source, target in WAYS
            ],
            initial="lead",
            auto_transitions=False,
            send_event=True,
            after_state_change=recorded,
        )
        return deals

    return live, made, _stages


def python_statemachine() -> Contestant:
    """Return python-statemachine, one machine for each deal."""
    from statemachine import State, StateMachine  # noqa: PLC0415 - absent from most environments

    class SaleMachine(StateMachine):
        lead = State(initial=True)
        offer = State()
        talks = State()
        won = State(final=True)
        propose = lead.to(offer, cond="is_big")
        negotiate = offer.to(talks, cond="is_big")
        go_back = talks.to(lead, cond="is_big")
        win = talks.to(won, cond="is_big")

        def after_transition(self, target: State, at: datetime) -> None:
            self.model.entered(target.id, at)

    def live(pair: tuple[Live, Any]) -> Live:
        deal, machine = pair
        for event, at in zip(LIFE, TIMES, strict=True):
            machine.send(event, at=at)
        return deal

    def made(count: int) -> list[tuple[Live, Any]]:
        deals = [Live(number) for number in range(count)]
        return [(deal, SaleMachine(deal)) for deal in deals]

    return live, made, _stages
