"""Events that moves leave behind, each with an id that is the same each time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256

from salescore.entities import Event, EventId, Opportunity, StageKind
from salescore.funnel._context import Context
from salescore.funnel._refusal import Refusal
from salescore.funnel._stage import Stage
from salescore.funnel._step import Course, Step
from salescore.plain import ID_LIMIT

STAGE_ENTERED = "stage_entered"
"""Name of the event that every move leaves behind."""

OVERRIDE_USED = "override_used"
"""Name of the event of an override."""

_BY_KIND = {
    StageKind.WON: "opportunity_won",
    StageKind.LOST: "opportunity_lost",
    StageKind.VOID: "opportunity_voided",
    StageKind.HOLD: "opportunity_held",
}
_REOPENED = "opportunity_reopened"
_RESUMED = "opportunity_resumed"
_MIGRATED = "opportunity_migrated"

_LONGEST = ID_LIMIT - 32  # events put a number behind it


def move_id(opportunity_id: str, event: str, at: datetime) -> str:
    """
    Return the id of a move; what is too long for an id, or could be read in two ways, is a digest.

    Args:
        opportunity_id: The opportunity.
        event: The event.
        at: Its instant, in UTC.
    """
    moment = f"{at.date().isoformat()}T{at.time().isoformat()}Z"  # an aware datetime is slow here
    found = f"{opportunity_id}/{event}/{moment}"
    if len(found) > _LONGEST or "/" in event:
        return sha256(json.dumps([opportunity_id, event, moment]).encode()).hexdigest()
    return found


def move_events(
    move: str,
    sides: tuple[Opportunity, Opportunity],
    stages: tuple[Stage | None, Stage],
    step: Step | None,
    context: Context,
    *,
    event: str,
    funnel: str,
    overridden: Sequence[Refusal],
) -> tuple[Event, ...]:
    """
    Return the events of one move, in order.

    Args:
        move: Its id.
        sides: The opportunity before and after.
        stages: The stage left, `None` where there was none, and the one entered.
        step: The transition; `None` where the opportunity began.
        context: What was known.
        event: The event asked for.
        funnel: Name and version of the funnel.
        overridden: What was passed over.
    """
    source, target = stages
    detail: dict[str, object] = {"funnel": funnel, "event": event, "stage": target.key}
    if source is not None:
        detail["from"] = source.key
    if context.reason is not None:
        detail["reason"] = context.reason
    named: list[tuple[str, dict[str, object] | None]] = [(STAGE_ENTERED, detail)]
    named += [(name, None) for name in _changes(sides, source, target)]
    if overridden:
        passed = [
            {"code": one.code.value, "name": one.criterion.key if one.criterion else one.name}
            for one in overridden
        ]
        named.append((OVERRIDE_USED, {"reason": context.override, "passed": passed}))
    if step is not None and step.course is Course.MIGRATED:
        named.append((_MIGRATED, None))
    else:
        left = () if source is None else source.on_exit
        emitted = () if step is None else step.transition.emits
        named += [(one.name, None) for one in (*left, *emitted, *target.on_entry)]
    rule = f"{funnel}: {event}" if context.actor is None else None
    return tuple(
        Event(
            id=EventId(f"{move}#{number}"),
            name=name,
            happened_at=context.at,
            record="opportunities",
            subject=sides[1].id,
            actor=context.actor,
            rule=rule,
            detail=None if data is None else json.dumps(data, ensure_ascii=False),
        )
        for number, (name, data) in enumerate(named, start=1)
    )


def _changes(
    sides: tuple[Opportunity, Opportunity], source: Stage | None, target: Stage
) -> Iterator[str]:
    """Yield what a move changed in kind."""
    before, after = sides
    if source is not None:
        if source.is_closed and not target.is_closed:
            yield _REOPENED
        elif source.kind is StageKind.HOLD and target.kind is StageKind.OPEN:
            yield _RESUMED
    if target.kind in _BY_KIND and (source is None or before.kind is not after.kind):
        yield _BY_KIND[target.kind]
