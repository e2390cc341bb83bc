"""What moves of leads and documents come to: `Moved`, or `RefusedMove` with every reason."""

from __future__ import annotations

import json
from collections.abc import Container, Iterator, Sequence
from datetime import date
from typing import cast

import attrs

from salescore.entities import Event, EventId, StageVisit, record_table
from salescore.errors import InvalidValue
from salescore.funnel._context import Context
from salescore.funnel._events import OVERRIDE_USED, move_id
from salescore.funnel._record_row import MovedRecord
from salescore.funnel._refusal import Refusal, RefusalCode
from salescore.funnel._refusal_text import refusal_words
from salescore.plain import Kind, as_tuple
from salescore.render import Language

STATUS_CHANGED = "status_changed"
"""Name of the event that every move of a document leaves behind."""

_WORDS: dict[RefusalCode, tuple[str, str]] = {
    RefusalCode.UNKNOWN_STAGE: (
        "there is no status {name}; there are {known}",
        "没有状态{name}；现有：{known}",
    ),
    RefusalCode.UNKNOWN_EVENT: (
        "there is no status {name}; there are {known}",
        "没有状态{name}；现有：{known}",
    ),
    RefusalCode.NOT_FROM_HERE: (
        "{name} is not possible from {stage}; possible are {known}",
        "{stage}状态下不能{name}；可选：{known}",
    ),
    RefusalCode.KIND_DIFFERS: (
        "its status {stage} stands for {known}, the record says {name}",
        "状态{stage}对应类型{known}，记录为{name}",
    ),
}
_NONE = ("nothing", "无")
_COMMA = (", ", "、")


@attrs.frozen(kw_only=True)
class RefusedMove:
    """
    A move of a lead or a document that is refused, with every reason at once; nothing changes.

    Attributes:
        record: The record, as it is.
        event: What was asked for: the act on a lead, the status of a document.
        process: Name and version of what it was asked of.
        reasons: Every reason, in the order of asking.
    """

    record: MovedRecord
    event: str
    process: str
    reasons: tuple[Refusal, ...] = attrs.field(converter=as_tuple)

    @property
    def is_accepted(self) -> bool:
        """Return that it is not accepted."""
        return False

    @property
    def is_overridable(self) -> bool:
        """Return whether an override with a reason, and nothing else, would let it pass."""
        return all(one.is_overridable for one in self.reasons)

    @property
    def besides_override(self) -> tuple[Refusal, ...]:
        """
        Return what an override would not pass over, such as a reason that is lacking.

        Where it differs from `reasons` an override helps, and this must be mended besides.
        """
        return tuple(one for one in self.reasons if not one.is_overridable)

    @property
    def codes(self) -> tuple[RefusalCode, ...]:
        """Return the codes of the reasons, each once."""
        return tuple(dict.fromkeys(one.code for one in self.reasons))

    def text(self, language: Language = Language.EN) -> str:
        """Return all reasons in words, one a line."""
        return "\n".join(_words(one, language) for one in self.reasons)


@attrs.frozen(kw_only=True)
class Moved:
    """
    A move of a lead or a document that is accepted, with all that the caller is to keep.

    Attributes:
        before: The record as it was.
        record: The record as it is now.
        event: What was asked for: the act on a lead, the status of a document.
        process: Name and version of what it was asked of.
        events: The events to append; their ids are the same each time, so that a retry is harmless.
        overridden: What would have refused it, and was passed over.
        visits: Stage visits of a lead to keep, as they ended.
        is_repeat: Whether the record was there already, or the same act had been accepted before,
            and nothing changes.
    """

    before: MovedRecord = attrs.field(repr=False)
    record: MovedRecord
    event: str
    process: str
    events: tuple[Event, ...] = attrs.field(default=(), repr=False, converter=as_tuple)
    overridden: tuple[Refusal, ...] = attrs.field(default=(), converter=as_tuple)
    visits: tuple[StageVisit, ...] = attrs.field(default=(), repr=False, converter=as_tuple)
    is_repeat: bool = False

    @property
    def is_accepted(self) -> bool:
        """Return that it is accepted."""
        return True

    @property
    def records(self) -> tuple[MovedRecord | StageVisit, ...]:
        """Return the records to keep, in order: the record and its visits. A repeat has none."""
        return () if self.is_repeat else (self.record, *self.visits)


def _words(refusal: Refusal, language: Language) -> str:
    words = _WORDS.get(refusal.code)
    if words is None:
        return refusal_words(refusal, language)
    known = language.pick(_COMMA).join(refusal.known) or language.pick(_NONE)
    name = refusal.name or language.pick(_NONE)
    return language.pick(words).format(name=name, stage=refusal.stage or "", known=known)


def too_early(records: str, record: MovedRecord, context: Context) -> Iterator[Refusal]:
    """Yield that an event lies before what happened to a record last, where it does."""
    days = [
        cast("date | None", getattr(record, field.name))
        for field in record_table(records).happened
        if field.kind is Kind.DATE
    ]
    last = max((day for day in days if day is not None), default=context.on)
    if context.on < last:
        yield Refusal(code=RefusalCode.TOO_EARLY, name=last.isoformat())


def judged(
    reasons: Sequence[Refusal], override_roles: tuple[str, ...], context: Context
) -> tuple[tuple[Refusal, ...], tuple[Refusal, ...]]:
    """
    Return what refuses a move, and what of it is passed over instead.

    Args:
        reasons: All that speaks against it.
        override_roles: Who may override; empty for anybody.
        context: What is known at that moment.
    """
    found = tuple(reasons)
    if not found or context.override is None or not all(one.is_overridable for one in found):
        return found, ()
    if override_roles and set(override_roles).isdisjoint(context.roles):
        return (*found, Refusal(code=RefusalCode.OVERRIDE_REFUSED, known=override_roles)), ()
    return (), found


def is_on_record(
    records: str, record: MovedRecord, asked: str, context: Context, seen: Container[str]
) -> bool:
    """
    Return whether a move has left its event behind before, at the same instant.

    Args:
        records: Record type.
        record: The record.
        asked: What was asked for.
        context: What is known at that moment.
        seen: Ids of the events that are kept.

    Raises:
        InvalidValue: The ids are one text, in which others would be looked for.
    """
    if isinstance(seen, str):
        raise InvalidValue("seen", seen, "expected ids of events, such as a tuple of one")
    return f"{_move(records, record, asked, context)}#1" in seen


def _move(records: str, record: MovedRecord, asked: str, context: Context) -> str:
    """Return the id of a move; records of several types may share an id."""
    return move_id(f"{records}:{record.id}", asked, context.at)


def record_events(
    records: str,
    record: MovedRecord,
    act: tuple[str, str],
    detail: dict[str, object],
    context: Context,
    *,
    process: str,
    overridden: Sequence[Refusal] = (),
) -> tuple[Event, ...]:
    """
    Return the events of one move of a lead or a document.

    Args:
        records: Record type.
        record: The record.
        act: What was asked for, and the name of the event.
        detail: What else the event tells.
        context: What is known at that moment.
        process: Name and version of what it was asked of.
        overridden: What was passed over.
    """
    asked, name = act
    told: dict[str, object] = {"process": process, **detail}
    if context.reason is not None:
        told["reason"] = context.reason
    named = [(name, told)]
    if overridden:
        passed = [
            {"code": one.code.value, "name": one.criterion.key if one.criterion else one.name}
            for one in overridden
        ]
        named.append((OVERRIDE_USED, {"reason": context.override, "passed": passed}))
    move = _move(records, record, asked, context)
    return tuple(
        Event(
            id=EventId(f"{move}#{number}"),
            name=one,
            happened_at=context.at,
            record=records,
            subject=record.id,
            actor=context.actor,
            rule=f"{process}: {asked}" if context.actor is None else None,
            detail=json.dumps(data, ensure_ascii=False),
        )
        for number, (one, data) in enumerate(named, start=1)
    )
