"""A small process of selling, and sales that walk through it."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import attrs

from salescore.book import Facts, SalesBook
from salescore.entities import Opportunity, OpportunityId, StageKind
from salescore.funnel import (
    Accepted,
    Context,
    Funnel,
    Stage,
    StageHistory,
    Transition,
    begin,
    decide,
    guard_schema,
)

SCHEMA = guard_schema(
    Facts.of(SalesBook(), as_of=date(2026, 1, 1), currency="CNY").schema("opportunities")
)

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""When sales begin: a Monday, nine o'clock."""


def stage(key: str, kind: StageKind = StageKind.OPEN, **more: Any) -> Stage:  # noqa: ANN401
    """Return a stage with both labels."""
    return Stage(**{"key": key, "kind": kind, "labels": (key.title(), f"阶段{key}")} | more)


STAGES = (
    stage("lead", probability=Decimal("0.1")),
    stage("offer", probability=Decimal("0.4")),
    stage("deal", probability=Decimal("0.8")),
    stage("won", StageKind.WON),
    stage("lost", StageKind.LOST),
    stage("void", StageKind.VOID),
    stage("pause", StageKind.HOLD),
)

OPEN = ("lead", "offer", "deal")


def way(event: str, sources: Iterable[str] | str, target: str | None, **more: Any) -> Transition:  # noqa: ANN401
    """Return a transition."""
    keys = [sources] if isinstance(sources, str) else list(sources)
    return Transition(**{"event": event, "sources": keys, "target": target} | more)


WAYS = (
    way("offer", ("lead",), "offer"),
    way("close", ("lead", "offer"), "deal"),
    way("back", ("deal", "offer"), "lead"),
    way("back_to_offer", ("deal",), "offer"),
    way("win", ("deal",), "won"),
    way("lose", OPEN, "lost"),
    way("drop", OPEN, "void"),
    way("hold", OPEN, "pause", needs_reason=True),
    way("resume", ("pause",), None),
    way("give_up", ("pause",), "lost"),
    way("reopen", ("lost", "void", "won"), "deal"),
)


def funnel(version: str = "1", **changes: Any) -> Funnel:  # noqa: ANN401
    """Return the process."""
    parts: Mapping[str, Any] = {
        "name": "selling",
        "version": version,
        "stages": STAGES,
        "transitions": WAYS,
    }
    return Funnel(**{**parts, **changes})


def opportunity(key: str = "O-1", **more: Any) -> Opportunity:  # noqa: ANN401
    """Return an opportunity before it began."""
    return Opportunity(**{"id": OpportunityId(key), "stage": "-", "kind": StageKind.OPEN} | more)


def begun(one: Funnel, key: str = "O-1", at: datetime = MONDAY, **more: Any) -> Accepted:  # noqa: ANN401
    """Return a sale at its beginning."""
    found = begin(one, opportunity(key, **more), Context(at=at))
    assert isinstance(found, Accepted)
    return found


def then(one: Funnel, before: Accepted, event: str, at: datetime, **more: Any) -> Accepted:  # noqa: ANN401
    """Return a sale after an event, with a reason, which some events take."""
    context = Context(**{"at": at, "history": before.history, "reason": "because"} | more)
    found = decide(one, before.opportunity, event, context)
    assert isinstance(found, Accepted), getattr(found, "codes", None)
    return found


def walked(one: Funnel, *events: str, key: str = "O-1", start: datetime = MONDAY) -> StageHistory:
    """Return the history of a sale to which these events happened, one a day."""
    found = begun(one, key, start)
    for number, event in enumerate(events, 1):
        found = then(one, found, event, start + timedelta(days=number))
    return found.history


def without(*events: str) -> tuple[Transition, ...]:
    """Return the transitions but for those of some events."""
    return tuple(one for one in WAYS if one.event not in events)


def changed(key: str, **more: Any) -> tuple[Stage, ...]:  # noqa: ANN401
    """Return the stages with another one of a key."""
    return tuple(attrs.evolve(one, **more) if one.key == key else one for one in STAGES)
