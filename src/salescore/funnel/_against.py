"""What speaks against an event: the standing of the opportunity, and what is not fulfilled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from salescore.entities import Opportunity, StageKind, record_table
from salescore.errors import InvalidValue
from salescore.funnel._context import Context
from salescore.funnel._funnel import Funnel
from salescore.funnel._guard_fields import guard_row
from salescore.funnel._history import StageHistory
from salescore.funnel._refusal import Refusal, RefusalCode
from salescore.funnel._stage import Stage
from salescore.funnel._step import Asked, Course, Step
from salescore.plain import CREATED_ON
from salescore.values import format_instant

_GIVEN_UP = {StageKind.LOST: "loss", StageKind.VOID: "void"}
_OWN = frozenset(record_table("opportunities").own_names)


def is_clear(funnel: Funnel, opportunity: Opportunity, step: Step, context: Context) -> bool:
    """
    Return whether plainly nothing speaks against a step that is plain, as is so for most events.

    It is what `standing` and `against` say by saying nothing, without asking for reasons; where it
    is false they tell.
    """
    history, row = context.history, context.row
    if history is None or not history.visits or opportunity.kind is not step.source.kind:
        return False
    if row is not None and row.get("id", opportunity.id) != opportunity.id:
        return False
    last = history.visits[-1]
    if (
        history.opportunity_id != opportunity.id
        or last.stage != opportunity.stage
        or last.left_on is not None
        or last.funnel != funnel.name
        or last.funnel_version != funnel.version
        or last.entered_at is None
        or last.entered_at >= context.at
    ):
        return False
    for one in step.asked:
        if row is None:
            return False
        for name in one.reads:
            if name not in row:
                return False
        if one.holds(row) is not True:
            return False
    return True


def standing(
    funnel: Funnel, opportunity: Opportunity, event: str | None, context: Context
) -> Iterator[Refusal]:
    """Yield what speaks against any event of a name here and now, `None` for any event at all."""
    stage = funnel.by_key.get(opportunity.stage)
    if stage is None:
        code = RefusalCode.UNKNOWN_STAGE
        yield Refusal(code=code, name=opportunity.stage, known=tuple(funnel.by_key))
    elif opportunity.kind is not stage.kind:
        yield Refusal(
            code=RefusalCode.KIND_DIFFERS,
            stage=stage.key,
            name=opportunity.kind.value,
            known=(stage.kind.value,),
        )
    if event is None:
        pass
    elif event not in funnel.events:
        yield Refusal(code=RefusalCode.UNKNOWN_EVENT, name=event, known=funnel.events)
    elif stage is not None and (stage.key, event) not in funnel.steps:
        code = RefusalCode.NOT_FROM_HERE
        if stage.kind is StageKind.HOLD:
            code = RefusalCode.ON_HOLD
        known = funnel.events_from(stage.key)
        yield Refusal(code=code, stage=stage.key, name=event, known=known)
    if context.history is not None:
        yield from misfits(funnel, opportunity, context.history)
    yield from _too_early(opportunity, context)


def misfits(funnel: Funnel, opportunity: Opportunity, history: StageHistory) -> Iterator[Refusal]:
    """Yield how a history does not fit the opportunity: of which it is, and how it ends."""
    fits = [("opportunity", history.opportunity_id, str(opportunity.id))]
    if history.visits:
        last = history.visits[-1]
        fits += [
            ("stage", last.stage, opportunity.stage),
            ("funnel", last.funnel or funnel.name, funnel.name),
            ("version", last.funnel_version or funnel.version, funnel.version),
            ("end", "" if last.left_on is None else last.left_on.isoformat(), ""),
        ]
    for name, kept, expected in fits:
        if kept != expected:
            yield Refusal(code=RefusalCode.HISTORY_DIFFERS, name=name, known=(kept, expected))


def _too_early(opportunity: Opportunity, context: Context) -> Iterator[Refusal]:
    """Yield that the event lies before the last one, where it does."""
    code = RefusalCode.TOO_EARLY
    if context.history is None or not context.history.visits:
        closed = opportunity.closed_on
        if closed is not None and context.on < closed:
            yield Refusal(code=code, name=closed.isoformat())
        elif opportunity.created_on is not None and context.on < opportunity.created_on:
            yield before_creation(opportunity.created_on)
        return
    last = context.history.visits[-1]
    if last.entered_at is None:
        if context.on < last.entered_on:
            yield Refusal(code=code, name=last.entered_on.isoformat())
    elif context.at < last.entered_at:
        yield Refusal(code=code, name=format_instant(last.entered_at))


def before_creation(created_on: date) -> Refusal:
    """Return that an event lies before the day on which the record was created."""
    return Refusal(code=RefusalCode.TOO_EARLY, name=created_on.isoformat(), known=(CREATED_ON,))


def against(opportunity: Opportunity, step: Step, context: Context) -> list[Refusal]:
    """Return what speaks against one transition."""
    found = list(step.forbidden)
    target = step.target
    key = None if target is None else target.key
    if target is None:
        found.append(Refusal(code=RefusalCode.NO_STAGE_BEFORE, stage=step.source.key))
    roles = step.transition.roles
    if roles and not set(roles).intersection(context.roles):
        found.append(Refusal(code=RefusalCode.ROLE_MISSING, known=roles))
    if step.needs_reason and context.reason is None:
        found.append(_no_reason(step, key))
    if step.required:
        found += missing(opportunity, step.required, key)
    if step.asked:
        found += _unmet(step, context)
    return found


def _no_reason(step: Step, stage: str | None) -> Refusal:
    """Return that a step takes a reason, and what for."""
    name = "transition"
    known: tuple[str, ...] = (step.transition.event,)
    if step.target is not None and step.target.kind in _GIVEN_UP:
        name, known = _GIVEN_UP[step.target.kind], ()
    elif step.course is Course.REOPENED:
        name, known = "reopening", ()
    elif not step.transition.needs_reason:  # then a policy of the funnel asks for it
        name = "back" if step.course is Course.BACK else "skip"
        known = tuple(one.key for one in step.passed)
    return Refusal(code=RefusalCode.REASON_MISSING, stage=stage, name=name, known=known)


def missing(
    opportunity: Opportunity, required: tuple[str, ...], stage: str | None
) -> Iterator[Refusal]:
    """Yield the required fields that are not known, or blank."""
    for name in required:
        value = _field(opportunity, name)
        if value is None or (isinstance(value, str) and not value.strip()):
            yield Refusal(code=RefusalCode.FIELD_MISSING, stage=stage, name=name)


def begins_wrongly(opportunity: Opportunity, target: Stage, context: Context) -> Iterator[Refusal]:
    """Yield what speaks against beginning in a stage."""
    history = context.history
    if history is not None and history.visits:
        first = history.visits[0].id
        yield Refusal(code=RefusalCode.HISTORY_DIFFERS, name="begun", known=(first,))
    elif history is not None and history.opportunity_id != opportunity.id:
        known = (history.opportunity_id, str(opportunity.id))
        yield Refusal(code=RefusalCode.HISTORY_DIFFERS, name="opportunity", known=known)
    if opportunity.created_on is not None and context.on < opportunity.created_on:
        yield before_creation(opportunity.created_on)
    if target.kind in _GIVEN_UP and context.reason is None:
        yield Refusal(
            code=RefusalCode.REASON_MISSING, stage=target.key, name=_GIVEN_UP[target.kind]
        )
    yield from missing(opportunity, target.required, target.key)


def _field(opportunity: Opportunity, name: str) -> object:
    """Return the value of a field, our own or registered; `None` where it is not known."""
    if name in _OWN:
        return getattr(opportunity, name)
    return next((value for key, value in opportunity.custom if key == name), None)


def check_row(opportunity: Opportunity, row: Mapping[str, Any] | None) -> None:
    """
    Refuse a row of another opportunity, also where no rule reads it.

    Raises:
        InvalidValue: It is one.
    """
    if row is not None and row.get("id", opportunity.id) != opportunity.id:
        fault = "it is one of another opportunity"
        raise InvalidValue(f"row of {opportunity.id}", row["id"], fault)


def _unmet(step: Step, context: Context) -> list[Refusal]:
    """Return the criteria that are not fulfilled on the row."""
    row = context.row
    if step.reads_event:
        row = guard_row(row or {}, context)
    return unfulfilled(step.asked, row)


def unfulfilled(asked: Iterable[Asked], row: Mapping[str, Any] | None) -> list[Refusal]:
    """Return the criteria that are not fulfilled on a row; `None` where there is none."""
    found: list[Refusal] = []
    for one in asked:
        code = _answer(one, row)
        if code is not None:
            found.append(
                Refusal(
                    code=code,
                    stage=one.stage,
                    criterion=one.criterion,
                    known=tuple(name for name in one.reads if name not in (row or ())),
                    row=row,
                )
            )
    return found


def _answer(asked: Asked, row: Mapping[str, Any] | None) -> RefusalCode | None:
    """Return how a criterion is not fulfilled on a row; `None` where it is."""
    if row is None:
        row = {}
    for name in asked.reads:
        if name not in row:
            return RefusalCode.CRITERION_UNREADABLE
    answer = asked.holds(row)
    if answer is True:
        return None
    return RefusalCode.CRITERION_UNKNOWN if answer is None else RefusalCode.CRITERION_FAILED
