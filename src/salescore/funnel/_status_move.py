"""`move_status`: table, document, state and context in; the document moved, or why not, out."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

import attrs

from salescore.errors import InvalidRecord
from salescore.funnel._against import unfulfilled
from salescore.funnel._context import Context
from salescore.funnel._record_moves import (
    STATUS_CHANGED,
    Moved,
    RefusedMove,
    is_on_record,
    judged,
    record_events,
    too_early,
)
from salescore.funnel._record_row import is_known, record_row
from salescore.funnel._refusal import Refusal, RefusalCode
from salescore.funnel._status_table import Document, Status, StatusMove, StatusTable


def move_status(
    table: StatusTable,
    document: Document,
    to: str,
    context: Context,
    *,
    seen: Container[str] = (),
) -> Moved | RefusedMove:
    """
    Return a document in another state, or every reason why it stays in its own.

    A pure function: nothing is kept and nothing happens. A document that has the state already is
    a repeat, and nothing changes. Where moves lead back to a state, as out of review to a draft, a
    retry that comes so late is told from a new move by `seen` alone.

    Args:
        table: The states and the moves between them.
        document: The document as it is.
        to: Key of the state.
        context: What is known at that moment; guards read its row over the fields of the document.
        seen: Ids of the events kept of the document; a move whose event is among them is a repeat.

    Raises:
        InvalidRecord: The document is of another record type than the table's.
        InvalidValue: The row is one of another document, or `seen` is one text.
        InexactResult: A guard cannot be worked out exactly on the row.
    """
    if type(document) is not table.record:
        wanted = table.record.__name__
        raise InvalidRecord(
            "move_status", "document", type(document).__name__, f"expected {wanted}"
        )
    status, target = table.status_of(document), table.by_key.get(to)
    is_there = status is not None and status is target
    if is_there or is_on_record(table.records, document, to, context, seen):
        return Moved(
            before=document, record=document, event=to, process=table.title, is_repeat=True
        )
    reasons = _standing(table, document, status, to)
    way = None if status is None else table.ways.get((status.key, to))
    overridden: tuple[Refusal, ...] = ()
    if way is not None:
        reasons += _against(table, document, way, context)
    against, overridden = judged(reasons, table.override_roles, context)
    if against or status is None or target is None or way is None:
        return RefusedMove(record=document, event=to, process=table.title, reasons=against)
    changes: dict[str, Any] = dict.fromkeys(way.clears)
    if way.sets is not None and not is_known(table.records, document, way.sets):
        changes[way.sets] = context.on
    found = attrs.evolve(document, status=target.key, kind=target.kind, **changes)
    events = record_events(
        table.records,
        found,
        (to, STATUS_CHANGED),
        {"status": to, "from": status.key},
        context,
        process=table.title,
        overridden=overridden,
    )
    return Moved(
        before=document,
        record=found,
        event=to,
        process=table.title,
        events=events,
        overridden=overridden,
    )


def _standing(
    table: StatusTable, document: Document, status: Status | None, to: str
) -> list[Refusal]:
    """Return what speaks against any move to a state from where the document stands."""
    known = tuple(table.by_key)
    found: list[Refusal] = []
    if status is None:
        code = RefusalCode.UNKNOWN_STAGE
        found.append(Refusal(code=code, name=document.status, known=known))
    elif document.kind is not None and document.kind is not status.kind:
        code, kind = RefusalCode.KIND_DIFFERS, status.kind.value
        found.append(Refusal(code=code, stage=status.key, name=document.kind.value, known=(kind,)))
    if to not in table.by_key:
        found.append(Refusal(code=RefusalCode.UNKNOWN_EVENT, name=to, known=known))
    elif status is not None and (status.key, to) not in table.ways:
        code, targets = RefusalCode.NOT_FROM_HERE, table.targets(status.key)
        found.append(Refusal(code=code, stage=status.key, name=to, known=targets))
    return found


def _against(
    table: StatusTable, document: Document, way: StatusMove, context: Context
) -> list[Refusal]:
    """Return what speaks against one move."""
    records = table.records
    found = list(too_early(records, document, context))
    if way.roles and set(way.roles).isdisjoint(context.roles):
        found.append(Refusal(code=RefusalCode.ROLE_MISSING, known=way.roles))
    if way.needs_reason and context.reason is None:
        found.append(Refusal(code=RefusalCode.REASON_MISSING, stage=way.target))
    found += [
        Refusal(code=RefusalCode.FIELD_MISSING, stage=way.target, name=name)
        for name in way.required
        if not is_known(records, document, name)
    ]
    if way.asked:
        found += unfulfilled(way.asked, record_row(records, document, context))
    return found
