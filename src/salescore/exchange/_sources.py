"""Ids of several systems: each behind the name of the system that gave it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from operator import attrgetter
from typing import Any, cast

import attrs

from salescore.entities import record_table
from salescore.errors import InvalidValue
from salescore.plain import (
    CUSTOM,
    ID_LIMIT,
    CustomValues,
    Field,
    FieldTable,
    bulk_records,
    field_column,
)

_BETWEEN = ":"
_MOST = 64


def check_source(source: str) -> str:
    """
    Return the name of a source, refusing one that could be taken for another.

    Raises:
        InvalidValue: It is empty, long, or holds a colon or spaces around it.
    """
    if not source or len(source) > _MOST or _BETWEEN in source or source != source.strip():
        fault = f"name it in 1 to {_MOST} characters, without a colon and spaces around it"
        raise InvalidValue("the source", source, fault)
    return source


def with_source(source: str, key: str) -> str:
    """
    Return the id in the book of what a source calls by an id of its own.

    The source always goes before it, also before an id that begins with the source already: only
    so no two ids of a source become one.
    """
    return f"{source}{_BETWEEN}{key}"


def without_source(source: str, key: str) -> str:
    """Return what a source calls what has this id in the book; the way back of `with_source`."""
    return key.removeprefix(f"{source}{_BETWEEN}")


@attrs.frozen
class Sourced:
    """
    The records of one type as the book calls them.

    Attributes:
        records: Those whose ids fit, in order.
        too_long: Ids, as the source calls them, of those that were left out, because an id in
            them is too long with the source before it.
    """

    records: tuple[Any, ...]
    too_long: tuple[str, ...] = ()


def sourced(
    table: FieldTable, records: Sequence[Any], source: str, shared: Collection[str]
) -> Sourced:
    """
    Return records with the source before their ids and before those of what they refer to.

    Args:
        table: Their field table.
        records: The records.
        source: The source.
        shared: Record types that all systems call by the same ids, which stay as they are.
    """
    fields = [
        field
        for field in table.fields
        if field.refers_by or (_target(table, field) or "") not in {"", *shared}
    ]
    if not fields:
        return Sourced(tuple(records))
    room = ID_LIMIT - len(with_source(source, ""))
    moved = {field.name: _ids(table, field, records, shared) for field in fields}
    bad = {
        place
        for column in moved.values()
        for place, key in enumerate(column)
        if key is not None and len(key) > room
    }
    kept = [record for place, record in enumerate(records) if place not in bad]
    keys = {field.name: _ids(table, field, kept, shared) for field in fields}
    record = cast("type[Any]", table.record)
    columns = {one.name: list(map(attrgetter(one.name), kept)) for one in attrs.fields(record)}
    for field in fields:
        if field.is_custom:
            columns[CUSTOM] = [_moved(pairs, field.name, source) for pairs in columns[CUSTOM]]
        else:
            columns[field.name] = [
                value if key is None else with_source(source, key)
                for value, key in zip(columns[field.name], keys[field.name], strict=True)
            ]
    made = bulk_records(record, columns, len(kept))
    return Sourced(tuple(made), tuple(records[place].id for place in sorted(bad)))


def _target(table: FieldTable, field: Field) -> str | None:
    """Return the record type whose id a field holds, `None` where it holds no id."""
    return table.name if field.name == "id" else field.refers


def _ids(
    table: FieldTable, field: Field, records: Sequence[Any], shared: Collection[str]
) -> list[str | None]:
    """Return what a field holds where that is an id of the source's own, else `None`."""
    keys = field_column(records, field)
    if field.refers_by is None:
        return keys
    kinds = field_column(records, table.field(field.refers_by))
    return [
        None if kind is None or kind in shared else key
        for key, kind in zip(keys, kinds, strict=True)
    ]


def _moved(pairs: CustomValues, name: str, source: str) -> CustomValues:
    """Return registered fields with the source before the id in one of them."""
    return tuple(
        (one, with_source(source, str(value)) if one == name else value) for one, value in pairs
    )


def check_shared(shared: Collection[str]) -> frozenset[str]:
    """
    Return the record types that all systems call by the same ids.

    Raises:
        UnknownName: There is no such record type.
    """
    return frozenset(record_table(name).name for name in shared)
