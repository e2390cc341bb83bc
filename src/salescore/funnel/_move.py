"""What an accepted event changes: the opportunity, and its visits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import attrs

from salescore.entities import Opportunity, StageKind, StageVisit
from salescore.funnel._context import Context
from salescore.funnel._events import move_id
from salescore.funnel._funnel import Funnel
from salescore.funnel._history import StageHistory
from salescore.funnel._outcome import Accepted
from salescore.funnel._refusal import Refusal
from salescore.funnel._stage import Stage
from salescore.funnel._step import Step
from salescore.funnel._transition import BEGIN
from salescore.plain import reviser

_HOLD, _WON = StageKind.HOLD, StageKind.WON
_GIVEN_UP = (StageKind.LOST, StageKind.VOID)
_CLOSED = (_WON, *_GIVEN_UP)

# What they fill in is known to fit: stages, contexts and the records before have been checked.
_revised = reviser(
    Opportunity,
    "stage",
    "kind",
    "probability",
    "is_probability_pinned",
    "forecast_category",
    "closed_on",
    "loss_reason",
)
_ended = reviser(StageVisit, "left_on", "left_at", "reason")
_arrived = reviser(StageVisit, "id", "opportunity_id", "entered_on", "entered_at", "rep_id")
_followed = reviser(StageHistory, "visits")
_made = reviser(Accepted, *(one.name for one in attrs.fields(Accepted)))


def accepted(
    funnel: Funnel,
    opportunity: Opportunity,
    step: Step,
    target: Stage,
    context: Context,
    overridden: Sequence[Refusal],
) -> Accepted:
    """Return what a step to a stage changes."""
    event, at, on = step.transition.event, context.at, context.on
    key, rep = opportunity.id, opportunity.rep_id
    history = context.history or StageHistory(opportunity_id=key)
    before = history.visits
    move = move_id(key, event, at)
    visits: tuple[StageVisit, ...]
    if before:
        running = before[-1]
        if on < running.entered_on:  # noqa: PLR1730 - `max` costs more than all around it
            on = running.entered_on  # the zone may have changed; days do not go back
        reason = running.reason if context.reason is None else context.reason
        ended = _ended(running, on, at, reason)
        visits = (ended, _arrived(step.arrival, move, key, on, at, rep))
        history = _followed(history, (*before[:-1], *visits))
    else:
        visits = (_arrived(step.arrival, move, key, on, at, rep),)
        history = _followed(history, visits)
    return _made(
        None,
        opportunity,
        _moved(opportunity, target, step.chance, context, on),
        history,
        visits,
        event,
        funnel.title,
        context,
        step,
        target,
        tuple(overridden),
        False,
    )


def begun(
    funnel: Funnel,
    opportunity: Opportunity,
    target: Stage,
    context: Context,
    overridden: Sequence[Refusal],
) -> Accepted:
    """Return what beginning in a stage changes."""
    at, on = context.at, context.on
    move = move_id(opportunity.id, BEGIN, at)
    visit = _arrived(funnel.arrival(target), move, opportunity.id, on, at, opportunity.rep_id)
    opened = opportunity
    if opportunity.created_on is None:
        opened = attrs.evolve(opportunity, created_on=on)
    return Accepted(
        before=opportunity,
        opportunity=_moved(opened, target, target.chance, context, on),
        history=StageHistory(opportunity_id=opportunity.id, visits=(visit,)),
        visits=(visit,),
        event=BEGIN,
        funnel=funnel.title,
        context=context,
        step=None,
        stage=target,
        overridden=tuple(overridden),
    )


def repeated(
    funnel: Funnel, opportunity: Opportunity, event: str, context: Context, history: StageHistory
) -> Accepted | None:
    """Return that nothing changes where the history shows that the event was accepted before."""
    stage = funnel.by_key.get(opportunity.stage)
    if stage is None or history.visit(move_id(opportunity.id, event, context.at)) is None:
        return None
    return Accepted(
        before=opportunity,
        opportunity=opportunity,
        history=history,
        visits=(),
        event=event,
        funnel=funnel.title,
        context=context,
        step=None,
        stage=stage,
        is_repeat=True,
    )


def is_overriding(funnel: Funnel, context: Context, unmet: Sequence[Refusal]) -> bool:
    """Return whether all that is not fulfilled is passed over, with a reason, by who may."""
    if context.override is None or not all(one.is_overridable for one in unmet):
        return False
    roles = funnel.override_roles
    return not roles or not set(roles).isdisjoint(context.roles)


def _moved(
    opportunity: Opportunity, target: Stage, chance: Decimal | None, context: Context, on: date
) -> Opportunity:
    """
    Return the opportunity in a stage; one that is open again has no closing day or reason.

    What is won and goes on among won stages, as after-sales do, was closed when it was won.
    """
    kind, is_pinned = target.kind, opportunity.is_probability_pinned
    is_closing = kind in _CLOSED
    if is_pinned:
        if is_closing or opportunity.kind in _CLOSED:
            is_pinned = False
        else:
            chance = opportunity.probability
    elif chance is None and kind is _HOLD and opportunity.kind not in _CLOSED:
        chance = opportunity.probability
    if is_closing and kind is _WON and opportunity.kind is _WON:
        on = opportunity.closed_on or on
    return _revised(
        opportunity,
        target.key,
        kind,
        chance,
        is_pinned,
        target.forecast_category or opportunity.forecast_category,
        on if is_closing else None,
        context.reason if kind in _GIVEN_UP else None,
    )
