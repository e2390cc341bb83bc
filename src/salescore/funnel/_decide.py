"""`decide`: funnel, opportunity, event and context in; what changes, or why nothing does, out."""

from __future__ import annotations

from typing import cast

from salescore.entities import Opportunity
from salescore.errors import InvalidValue
from salescore.funnel._against import (
    against,
    begins_wrongly,
    check_row,
    is_clear,
    misfits,
    standing,
)
from salescore.funnel._context import Context
from salescore.funnel._funnel import Funnel
from salescore.funnel._history import StageHistory
from salescore.funnel._move import accepted, begun, is_overriding, repeated
from salescore.funnel._outcome import Accepted, Alternative, Refused
from salescore.funnel._refusal import Refusal, RefusalCode
from salescore.funnel._routes import held_from
from salescore.funnel._step import Step, asks_alike
from salescore.funnel._transition import BEGIN


def decide(
    funnel: Funnel, opportunity: Opportunity, event: str, context: Context
) -> Accepted | Refused:
    """
    Return what an event does to an opportunity, or every reason why it does nothing.

    A pure function: nothing is kept and nothing happens; the caller keeps what is accepted, all or
    nothing. The same event at the same instant, asked again with what was kept, changes nothing.
    Where several transitions share the event, the first that nothing speaks against is taken; where
    none is, the one that the least speaks against is overridden, or gives the reasons.
    What was on hold goes on as from the stage before: criteria and policies are those of going on
    from there. Where they depend on that stage, nothing goes on without a history that tells it.

    Args:
        funnel: The sales process.
        opportunity: The opportunity as it is.
        event: Name of the event.
        context: What is known at that moment.

    Raises:
        InvalidValue: The row is one of another opportunity, or the event no text.
        InexactResult: A rule of the funnel cannot be worked out exactly on the row.
    """
    steps = funnel.steps.get((opportunity.stage, event), ())
    if steps and steps[0].is_plain:
        target = steps[0].target
        if target is not None and is_clear(funnel, opportunity, steps[0], context):
            return accepted(funnel, opportunity, steps[0], target, context, ())
    before = _before(funnel, opportunity, event, context)
    if before is not None:
        return before
    reasons = list(standing(funnel, opportunity, event, context))
    if not steps or any(one.code is RefusalCode.HISTORY_DIFFERS for one in reasons):
        return _refused(funnel, opportunity, event, reasons)
    check_row(opportunity, context.row)
    found: list[tuple[Step, list[Refusal]]] = []
    for one in steps:
        step = _told(one, funnel, context.history) if one.after else one
        target, unmet = step.target, _against(funnel, opportunity, step, context)
        if target is not None and not unmet and not reasons:
            return accepted(funnel, opportunity, step, target, context, ())
        found.append((step, reasons + unmet))
    if context.override is not None:
        over = [one for one in found if all(reason.is_overridable for reason in one[1])]
        if over:
            step, unmet = min(over, key=_count)
            if step.target is not None and is_overriding(funnel, context, unmet):
                return accepted(funnel, opportunity, step, step.target, context, unmet)
            unmet = [*unmet, _no_override(funnel)]
            return _refused(funnel, opportunity, event, unmet, (step, found))
    step, unmet = min(found, key=_count)
    return _refused(funnel, opportunity, event, unmet, (step, found))


def begin(
    funnel: Funnel, opportunity: Opportunity, context: Context, *, stage: str | None = None
) -> Accepted | Refused:
    """
    Return an opportunity at the beginning of a funnel, with its first visit.

    Where nobody stated when it was created, it is created now.
    A stage later than the first is entered as it is: nobody asks for what lies before it.
    Nobody asks either whether this version takes new opportunities on that day, for what began in
    the past may be recorded later: `rules.in_force` picks the version by the days of validity.

    Args:
        funnel: The sales process.
        opportunity: The opportunity; stage and kind that it says give way, and its probability
            where it was not set by hand.
        context: What is known at that moment; a history in it must be empty.
        stage: Key of the stage that it enters; `None` for the first.

    Returns:
        The opportunity in the stage, or refused where fields that the stage requires are missing,
        the event lies before its creation, or it has begun before.

    Raises:
        UnknownName: The funnel has no such stage.
        InvalidValue: The funnel has no open stage to begin in.
    """
    target = funnel.start if stage is None else funnel.stage(stage)
    before = _before(funnel, opportunity, BEGIN, context)
    if before is not None:
        return before
    found = list(begins_wrongly(opportunity, target, context))
    if found and not is_overriding(funnel, context, found):
        if context.override is not None and all(one.is_overridable for one in found):
            found.append(_no_override(funnel))
        return _refused(funnel, opportunity, BEGIN, found)
    return begun(funnel, opportunity, target, context, found)


def _before(
    funnel: Funnel, opportunity: Opportunity, event: str, context: Context
) -> Accepted | None:
    """Return that nothing changes where the event is in a history that fits."""
    if not isinstance(cast("object", event), str):
        raise InvalidValue("event", event, "expected the name of an event of the funnel")
    history = context.history
    if history is None or any(misfits(funnel, opportunity, history)):
        return None
    return repeated(funnel, opportunity, event, context, history)


def _told(step: Step, funnel: Funnel, history: StageHistory | None) -> Step:
    """Return what a step comes to by what the history tells, where it tells enough."""
    before = None if history is None else history.came_from(funnel.open_keys)
    if before is None:
        return step
    return next((one for key, one in step.after if key == before.stage), step)


def _against(
    funnel: Funnel, opportunity: Opportunity, step: Step, context: Context
) -> list[Refusal]:
    """Return what speaks against a step, also that nobody knows what it asks out of a hold."""
    found = against(opportunity, step, context)
    if step.after and _hides_the_stage_before(funnel, step, context.history):
        found.insert(0, Refusal(code=RefusalCode.NO_STAGE_BEFORE, stage=step.source.key))
    return found


def _hides_the_stage_before(funnel: Funnel, step: Step, history: StageHistory | None) -> bool:
    """Return whether what a step asks depends on a stage before that no history tells."""
    if step.target is None or (history is not None and history.visits):
        return False
    origins = held_from(funnel, step.source.key)
    return any(not asks_alike(one, step) for key, one in step.after if key in origins)


def _count(one: tuple[Step, list[Refusal]]) -> int:
    return len(one[1])


def _no_override(funnel: Funnel) -> Refusal:
    return Refusal(code=RefusalCode.OVERRIDE_REFUSED, known=funnel.override_roles)


def _refused(
    funnel: Funnel,
    opportunity: Opportunity,
    event: str,
    reasons: list[Refusal],
    taken: tuple[Step, list[tuple[Step, list[Refusal]]]] | None = None,
) -> Refused:
    """Return a refusal, with the step that the reasons are against and all that were asked."""
    step, found = taken or (None, [])
    others = (
        Alternative(target=None if one.target is None else one.target.key, reasons=unmet)
        for one, unmet in found
        if one is not step
    )
    return Refused(
        opportunity=opportunity,
        event=event,
        funnel=funnel.title,
        reasons=reasons,
        criteria=() if step is None else (one.criterion for one in step.asked),
        alternatives=others,
    )
