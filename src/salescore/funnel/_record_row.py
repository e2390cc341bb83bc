"""What rules can read of a record that moves: its own fields, facts given with it, the event."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Any

from salescore.entities import Contract, Lead, Order, Quote, record_table
from salescore.errors import InvalidValue
from salescore.funnel._context import Context
from salescore.funnel._guard_fields import EVENT_FIELDS
from salescore.plain import Field, FieldTable, Kind

MovedRecord = Lead | Quote | Contract | Order
"""Records that move from state to state, beside opportunities."""

_FIELDS = tuple(one for one in EVENT_FIELDS if one.name in ("event_on", "event_reason"))
_NAMES = frozenset(one.name for one in _FIELDS)


def record_schema(records: FieldTable, facts: Iterable[Field] = ()) -> FieldTable:
    """
    Return the fields that guards of a status table, or of a qualification policy, can read.

    They are those of the record but its money, which is in no one currency, then the day of the
    event and the reason given, then facts.

    Args:
        records: The field table of the record type, as `record_table` or `SalesBook.table` gives
            it.
        facts: Fields of the row that stands in the context, such as `CLAUSE_FIELDS`.

    Raises:
        InvalidValue: A registered field has the name of one of the event.
    """
    clash = _NAMES.intersection(records.names)
    if clash:
        fault = "status tables give it another meaning; register it under another name"
        raise InvalidValue(f"a field of {records.name}", min(clash), fault)
    fields = {one.name: one for one in records.fields if one.kind is not Kind.MONEY}
    fields |= {one.name: one for one in (*_FIELDS, *facts)}
    return FieldTable(name=records.name, fields=tuple(fields.values()))


def record_row(records: str, record: MovedRecord, context: Context) -> dict[str, Any]:
    """
    Return what rules can read of a record.

    Args:
        records: Record type.
        record: The record.
        context: What is known at that moment; its row stands over the fields of the record.

    Raises:
        InvalidValue: The row is one of another record.
    """
    row: dict[str, Any] = {}
    for field in record_table(records).fields:
        if field.kind is not Kind.MONEY:
            value: Any = getattr(record, field.name)
            row[field.name] = value.value if isinstance(value, Enum) else value
    row |= dict(record.custom)
    given = context.row or {}
    if given.get("id", record.id) != record.id:
        fault = "it is one of another record"
        raise InvalidValue(f"row of {record.id}", given["id"], fault)
    return {**row, **given, "event_on": context.on, "event_reason": context.reason}


def is_known(records: str, record: MovedRecord, name: str) -> bool:
    """Return whether a field, our own or registered, is known and not blank."""
    if name in record_table(records).own_names:
        value: object = getattr(record, name)
    else:
        value = dict(record.custom).get(name)
    return is_told(value)


def is_told(value: object) -> bool:
    """Return whether a value is known and not blank."""
    return bool(value.strip()) if isinstance(value, str) else value is not None
