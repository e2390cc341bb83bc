"""Strategies for funnels: stages of every kind, and ways of every form between them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import Any, cast

import attrs

from salescore.entities import Opportunity, OpportunityId, StageKind
from salescore.funnel import (
    Accepted,
    Asked,
    Context,
    Criterion,
    EventTemplate,
    Funnel,
    LimitUnit,
    Migration,
    Refusal,
    Refused,
    ServiceLimit,
    Stage,
    StageCount,
    StageHistory,
    Step,
    StepPolicy,
    Transition,
    begin,
    decide,
)
from salescore.testing._hypothesis import st
from salescore.testing._instances_rules import conditions
from salescore.testing._values import days, decimals, instants, texts

Strategy = st.SearchStrategy[Any]

_MOST = 3
_STAGES = 6
_WAYS = 10
_PAIRS = 24
_KEYS = st.text("abcdef", min_size=1, max_size=6)
_FIELDS = ("amount", "customer_id", "competitor", "next_step", "source")
_ROLES = ("rep", "manager", "director")
_CLOSED = (StageKind.WON, StageKind.LOST, StageKind.VOID)


@cache
def _some(*of: str) -> Strategy:
    return st.lists(st.sampled_from(of), max_size=2, unique=True)


@cache
def _named() -> Strategy:
    """Return texts that say something, signs of every kind among them."""
    return texts(least=1).filter(lambda one: one.strip())


@cache
def _labels() -> Strategy:
    return st.just(("", "")) | st.tuples(texts(), texts())


@cache
def _criteria() -> Strategy:
    return st.builds(Criterion, key=_named(), rule=conditions(), labels=_labels())


@cache
def _few_criteria() -> Strategy:
    """Return one criterion, often none: rules take long to draw."""
    none: Strategy = st.just(())
    return none | none | none | st.lists(_criteria(), max_size=1)


@cache
def _templates() -> Strategy:
    return st.lists(st.builds(EventTemplate, name=_named(), labels=_labels()), max_size=1)


@cache
def _limits() -> Strategy:
    return st.builds(
        ServiceLimit,
        amount=st.integers(1, 90),
        unit=st.sampled_from(LimitUnit),
        is_working=st.booleans(),
    )


@cache
def _stages(kinds: tuple[StageKind, ...] = tuple(StageKind)) -> Strategy:
    return st.sampled_from(kinds).flatmap(_stages_of)


@cache
def _stages_of(kind: StageKind) -> Strategy:
    is_closed = kind in _CLOSED
    return st.builds(
        Stage,
        key=_named(),
        kind=st.just(kind),
        labels=_labels(),
        probability=st.none() if is_closed else st.none() | decimals(Decimal(0), Decimal(1)),
        forecast_category=st.none() | _named(),
        required=_some(*_FIELDS),
        exit_criteria=st.just(()) if is_closed else _few_criteria(),
        limit=st.none() if is_closed else st.none() | _limits(),
        on_entry=_templates(),
        on_exit=_templates(),
        roles=_some(*_ROLES),
        purpose=_labels(),
    )


def _transitions(keys: list[str], events: Strategy | None = None) -> Strategy:
    return st.builds(
        Transition,
        event=_named() if events is None else events,
        sources=st.lists(st.sampled_from(keys), min_size=1, max_size=_MOST, unique=True),
        target=st.none() | st.sampled_from(keys),
        guards=_few_criteria(),
        required=_some(*_FIELDS),
        roles=_some(*_ROLES),
        needs_reason=st.booleans(),
        emits=_templates(),
        labels=_labels(),
    )


def funnels(*, is_plain: bool = False) -> st.SearchStrategy[Funnel]:
    """
    Return funnels of one to six stages, the first of them open.

    Nothing says that such a funnel is a good one: stages may be out of reach, or without a way out.

    Args:
        is_plain: Whether nothing speaks against a move but the table itself: no criteria, required
            fields, roles, reasons or policies, and each event leads to one stage out of each.
    """
    return _plain_funnels() if is_plain else _funnels()


@st.composite
def _funnels(draw: st.DrawFn) -> Funnel:
    first = draw(_stages((StageKind.OPEN,)))
    rest = st.lists(_stages(), max_size=_STAGES - 1, unique_by=lambda one: one.key)
    stages = [first, *(one for one in draw(rest) if one.key != first.key)]
    keys = [one.key for one in stages]
    start, end = sorted(draw(st.tuples(days(), days())))
    return Funnel(
        name=draw(_named()),
        version=draw(_named()),
        labels=draw(_labels()),
        stages=stages,
        transitions=draw(st.lists(_transitions(keys), max_size=_WAYS)),
        skip=draw(st.sampled_from(StepPolicy)),
        back=draw(st.sampled_from(StepPolicy)),
        override_roles=draw(_some(*_ROLES)),
        valid_from=draw(st.sampled_from([None, start])),
        valid_until=draw(st.sampled_from([None, end])),
        source=draw(st.none() | texts()),
    )


@st.composite
def _plain_funnels(draw: st.DrawFn) -> Funnel:
    # The number first: lists of any size are mostly short, and little happens in two stages.
    count = draw(st.integers(1, _STAGES))
    keys = draw(st.lists(_named(), min_size=count, max_size=count, unique=True))
    kinds = [StageKind.OPEN, *(draw(st.sampled_from(StageKind)) for _ in keys[1:])]
    events = draw(st.lists(_named(), min_size=2, max_size=4, unique=True))
    pairs = [(key, event) for key in keys for event in events]
    least = min(len(pairs), 2 * len(keys))
    ways = draw(st.lists(st.sampled_from(pairs), min_size=least, max_size=_PAIRS, unique=True))
    targets = st.none() | st.sampled_from(keys) | st.sampled_from(keys)
    return Funnel(
        name="plain",
        version="1",
        stages=[Stage(key=key, kind=kind) for key, kind in zip(keys, kinds, strict=True)],
        transitions=[
            Transition(event=event, sources=[key], target=draw(targets)) for key, event in ways
        ],
    )


def _counts() -> Strategy:
    numbers = st.integers(0, 500)
    return st.tuples(_named(), numbers, numbers).map(
        lambda found: StageCount(found[0], max(found[1:]), min(found[1:]))
    )


_AT = datetime(2017, 3, 1, 9, tzinfo=UTC)


def _contexts() -> Strategy:
    return st.builds(
        Context,
        at=instants(),
        actor=st.none() | texts(least=1),
        roles=_some(*_ROLES),
        reason=st.none() | _named(),
        override=st.none() | _named(),
    )


def _opportunity() -> Opportunity:
    return Opportunity(id=OpportunityId("O-1"), stage="lead", kind=StageKind.OPEN)


def _accepted(funnel: Funnel) -> Accepted:
    """Return the beginning of an opportunity, which nothing speaks against in a plain funnel."""
    found = begin(funnel, _opportunity(), Context(at=_AT))
    return cast("Accepted", found)


def _refused(funnel: Funnel, event: str) -> Refused:
    """Return why an opportunity of another funnel cannot move."""
    stranger = attrs.evolve(
        _opportunity(), stage=f"not {funnel.stages[0].key}", kind=StageKind.OPEN
    )
    found = decide(funnel, stranger, f"not {event}", Context(at=_AT))
    return cast("Refused", found)


@st.composite
def _histories(draw: st.DrawFn) -> StageHistory:
    """Return the way of an opportunity through a plain funnel, hour by hour."""
    funnel = draw(funnels(is_plain=True))
    found = _accepted(funnel)
    for hour in range(1, draw(st.integers(1, _STAGES))):
        events = funnel.events_from(found.stage.key)
        if not events:
            break
        at = _AT + timedelta(hours=hour)
        context = Context(at=at, history=found.history, reason="because")
        moved = decide(funnel, found.opportunity, draw(st.sampled_from(events)), context)
        found = moved if isinstance(moved, Accepted) else found
    return found.history


def _steps() -> Strategy:
    found = funnels(is_plain=True).filter(lambda one: bool(one.steps))
    return found.flatmap(
        lambda one: st.sampled_from([step for steps in one.steps.values() for step in steps])
    )


def _asked(criterion: Criterion) -> Asked:
    """Return a criterion as a step asks for it."""
    way = Transition(event="go", sources=["a"], target="b", guards=[criterion])
    stages = [Stage(key="a"), Stage(key="b")]
    funnel = Funnel(name="asking", version="1", stages=stages, transitions=[way])
    return funnel.steps["a", "go"][0].asked[0]


def _migrations() -> Strategy:
    return st.builds(
        Migration,
        funnel=_named(),
        from_version=st.just("1"),
        to_version=st.just("2"),
        stages=st.dictionaries(_KEYS, st.none() | _KEYS, max_size=_MOST).map(
            lambda found: tuple(found.items())
        ),
    )


OWN: Mapping[Any, Callable[[], Strategy]] = MappingProxyType(
    {
        Accepted: lambda: funnels(is_plain=True).map(_accepted),
        Asked: lambda: _criteria().map(_asked),
        Context: _contexts,
        Criterion: _criteria,
        EventTemplate: lambda: st.builds(EventTemplate, name=_named(), labels=_labels()),
        Funnel: funnels,
        Migration: _migrations,
        Refusal: lambda: st.builds(_refused, funnels(is_plain=True), _named()).flatmap(
            lambda one: st.sampled_from(one.reasons)
        ),
        Refused: lambda: st.builds(_refused, funnels(is_plain=True), _named()),
        ServiceLimit: _limits,
        Stage: _stages,
        StageCount: _counts,
        StageHistory: _histories,
        Step: _steps,
        Transition: lambda: _transitions(["lead", "won", "lost"], _KEYS),
    }
)
"""Types, each with what draws it."""
