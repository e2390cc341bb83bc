"""
Migrations: the tables of a store are brought up to date when it is opened, or left alone.

What a store was made with stands in it: the form of our own tables, and per record type the
version and the fields of its table.
Nothing is ever taken back to an older form.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, assert_never

import attrs

from salescore.errors import InvalidDocument, StoreRefused
from salescore.plain import Field, FieldTable, Kind, Upcasters, from_data
from salescore.storage._checks import EVENTS
from salescore.storage._sql_keep import Session, StoreTables
from salescore.storage._sql_rows import decimal_text
from salescore.storage._sql_statements import TableSql
from salescore.storage._sql_tables import (
    EVENT_COLUMNS,
    FORM,
    FORMS,
    IS_REMOVED,
    POSITION,
    ROW_COLUMNS,
    STATE,
    VERSION,
    Database,
    add_column,
    create_own,
    create_table,
)
from salescore.values import format_instant

_BATCH = 1000
_OLD = "_old"
"""Name of a table while its rows are brought up to date; no record type begins like that."""


@attrs.frozen
class KeptField:
    """
    A field as the table of a record type was made for.

    Attributes:
        name: Name of the field.
        kind: What it holds.
        is_custom: Whether an application had registered it.
    """

    name: str
    kind: Kind
    is_custom: bool


@attrs.frozen
class KeptForm:
    """
    What the table of a record type was made for.

    Attributes:
        version: Version of the record's form.
        fields: Its fields.
    """

    version: int
    fields: tuple[KeptField, ...]


def outlook(session: Session, tables: StoreTables) -> int | None:
    """
    Return how often the tables were changed, or `None` where they must be made or changed now.

    Nothing is changed.

    Raises:
        StoreRefused: They are of something else, or of a newer release, or a field is missing.
    """
    if not _is_there(session, tables):
        return None
    form, change, kept = _told(session, tables)
    if form > FORM:
        fault = (
            f"a newer release made it (form {form}; this one reads up to {FORM}); "
            "open it with that release"
        )
        raise StoreRefused(tables.store, fault)
    for name in kept:
        if all(name != table.table.name for table in tables.tables):
            fault = f"it keeps {name}, which this release does not know; open it with a newer one"
            raise StoreRefused(tables.store, fault)
    is_ready = all(
        table.table.name in kept and not _differs(tables, table, kept[table.table.name])
        for table in tables.tables
    )
    return change if is_ready else None


def bring_up(session: Session, tables: StoreTables, upcasters: Upcasters) -> int:
    """
    Make or change the tables of a store, and return how often they have been changed.

    Args:
        session: A connection in a transaction that keeps everybody else from writing.
        tables: The tables as they must be.
        upcasters: Steps between versions of records.

    Raises:
        StoreRefused: What `outlook` refuses, or rows that cannot be brought up to date; the
            transaction must be rolled back then.
    """
    n = tables.names
    if not _is_there(session, tables):
        for text in create_own(n):
            session.run(text)
        marks = ", ".join([n.mark] * 5)
        counters = [tables.encoded(one) for one in (1, FORM, 0, 0, 0)]
        session.run(
            f"INSERT INTO {n.table(STATE)} (id, form, change, position, event) VALUES ({marks})",
            counters,
        )
    session.rows(tables.state_read)
    ready = outlook(session, tables)
    if ready is not None:
        return ready
    _, change, kept = _told(session, tables)
    for table in tables.tables:
        _bring_up_table(session, tables, table, kept.get(table.table.name), upcasters)
    session.run(f"UPDATE {n.table(STATE)} SET change = change + 1 WHERE id = 1")
    return change + 1


def _is_there(session: Session, tables: StoreTables) -> bool:
    n = tables.names
    if n.database is Database.SQLITE:
        found = session.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
    else:
        text = "SELECT table_name FROM information_schema.tables WHERE table_schema = %s"
        found = session.rows(text, (n.schema,))
    names = {name for (name,) in found}
    if names and STATE not in names:
        fault = "it has tables of something else; name another place"
        raise StoreRefused(tables.store, fault)
    return bool(names)


def _told(session: Session, tables: StoreTables) -> tuple[int, int, dict[str, KeptForm]]:
    """Return what a store tells of itself: form, number of changes, form per record type."""
    n = tables.names
    # One statement, so that it is all of one moment while another release changes it.
    rows = session.rows(
        f"SELECT s.form, s.change, f.name, f.version, f.fields FROM {n.table(STATE)} s "
        f"LEFT JOIN {n.table(FORMS)} f ON s.id = 1"
    )
    if not rows:
        raise StoreRefused(tables.store, "it does not tell its form; take it back from a copy")
    kept = {
        name: KeptForm(version, tuple(_kept_field(*one) for one in json.loads(told)))
        for _, _, name, version, told in rows
        if name is not None
    }
    return int(rows[0][0]), int(rows[0][1]), kept


def _kept_field(name: str, kind: str, is_custom: bool) -> KeptField:  # noqa: FBT001 - a row of JSON
    return KeptField(name, Kind(kind), is_custom)


def _differs(tables: StoreTables, table: TableSql, kept: KeptForm) -> bool:
    """
    Return whether a table must be changed.

    Raises:
        StoreRefused: It cannot be.
    """
    own = table.table
    if kept.version > own.version:
        fault = (
            f"a newer release wrote its {own.name} (version {kept.version}; this one reads up to "
            f"{own.version}); open it with that release"
        )
        raise StoreRefused(tables.store, fault)
    for one in kept.fields:
        is_old = kept.version < own.version and not one.is_custom
        if is_old:
            continue
        if one.name not in own:
            what = "registered field" if one.is_custom else "field"
            fault = f"its {own.name} have the {what} {one.name}; open it with that field registered"
            if not one.is_custom:
                fault = f"its {own.name} have the {what} {one.name}, which this release has not"
            raise StoreRefused(tables.store, fault)
        kind = own.field(one.name).kind
        if kind is not one.kind:
            fault = f"{one.name} of its {own.name} is {one.kind.value}, not {kind.value}"
            raise StoreRefused(tables.store, fault)
    if kept.version < own.version:
        return True
    known = {one.name for one in kept.fields}
    return any(field.name not in known for field in own.fields)


def _bring_up_table(
    session: Session,
    tables: StoreTables,
    table: TableSql,
    kept: KeptForm | None,
    upcasters: Upcasters,
) -> None:
    n, own = tables.names, table.table
    is_events = own.name == EVENTS
    if kept is None:
        session.run(create_table(n, own.name, table.columns, events=is_events))
    elif not _differs(tables, table, kept):
        return
    elif kept.version < own.version:
        session.run(f"ALTER TABLE {table.name} RENAME TO {n.name(_OLD)}")
        session.run(create_table(n, own.name, table.columns, events=is_events))
        for rows in _old_rows(session, tables, table, kept):
            session.insert(table, list(_upcast(tables, table, kept, rows, upcasters)))
        session.run(f"DROP TABLE {n.table(_OLD)}")
    else:
        known = {one.name for one in kept.fields}
        for field in own.fields:
            if field.name not in known:
                _add_field(session, tables, table, field)
    _tell_form(session, tables, own)


def _add_field(session: Session, tables: StoreTables, table: TableSql, field: Field) -> None:
    if not field.nullable:
        fault = f"{field.name} of {table.table.name} is new and required; that needs a new version"
        raise StoreRefused(tables.store, fault)
    for column in table.columns:
        if column.name in _names_of(field.name, field.kind):
            session.run(add_column(tables.names, table.table.name, column))


def _tell_form(session: Session, tables: StoreTables, own: FieldTable) -> None:
    n = tables.names
    told = json.dumps([[one.name, one.kind.value, one.is_custom] for one in own.fields])
    session.run(f"DELETE FROM {n.table(FORMS)} WHERE name = {n.mark}", (own.name,))
    marks = ", ".join([n.mark] * 3)
    session.run(
        f"INSERT INTO {n.table(FORMS)} (name, version, fields) VALUES ({marks})",
        (own.name, tables.encoded(own.version), told),
    )


def _old_rows(
    session: Session, tables: StoreTables, table: TableSql, kept: KeptForm
) -> Iterator[list[Any]]:
    """Return the rows of a table of an older form, some at a time."""
    n = tables.names
    is_events = table.table.name == EVENTS
    own = EVENT_COLUMNS if is_events else ROW_COLUMNS
    key = (POSITION,) if is_events else ("id", VERSION)
    fields = [name for one in kept.fields for name in _names_of(one.name, one.kind)]
    listed = [*own, *fields]
    text = f"SELECT {n.names(listed)} FROM {n.table(_OLD)}"
    marks = ", ".join([n.mark] * len(key))
    tail = f" ORDER BY {n.names(key)} LIMIT {_BATCH}"
    rows = session.rows(text + tail)
    while rows:
        yield rows
        last = tuple(rows[-1][listed.index(name)] for name in key)
        rows = session.rows(f"{text} WHERE ({n.names(key)}) > ({marks}){tail}", last)


def _upcast(
    tables: StoreTables,
    table: TableSql,
    kept: KeptForm,
    rows: Iterable[Any],
    upcasters: Upcasters,
) -> Iterator[list[Any]]:
    own, is_events = table.table, table.table.name == EVENTS
    before = EVENT_COLUMNS if is_events else ROW_COLUMNS
    places = [place for place, one in enumerate(table.columns) if one.name == "id"]
    for row in rows:
        head, values = list(row[: len(before)]), row[len(before) :]
        data = _plain(kept.fields, values)
        if not is_events and head[before.index(IS_REMOVED)]:
            fields: list[Any] = [None] * len(table.columns)
            fields[places[0]] = data["id"]
            yield head + fields
            continue
        path = f"{own.name}/{data['id']}"
        try:
            record = from_data(own, upcasters.upcast(own, kept.version, data, path), path)
        except InvalidDocument as error:
            raise StoreRefused(tables.store, f"{error}; nothing was changed") from error
        if record.id != data["id"]:
            raise StoreRefused(tables.store, f"the upcaster of {path} changed its id")
        yield head + table.rows.row(record)


def _plain(fields: Iterable[KeptField], values: Sequence[Any]) -> dict[str, object]:
    """Return the fields of an old row as plain data, in the form of their version."""
    data: dict[str, object] = {}
    place = 0
    for field in fields:
        parts = values[place : place + len(_names_of(field.name, field.kind))]
        place += len(parts)
        data[field.name] = None if parts[0] is None else _plain_value(field.kind, parts)
    return data


def _plain_value(kind: Kind, parts: Sequence[Any]) -> object:
    value = parts[0]
    match kind:
        case Kind.MONEY:
            return {"amount": decimal_text(Decimal(value)), "currency": parts[1]}
        case Kind.DECIMAL:
            return decimal_text(Decimal(value))
        case Kind.DATE:
            return value.isoformat() if isinstance(value, date) else value
        case Kind.INSTANT:
            moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
            return format_instant(moment)
        case Kind.BOOLEAN:
            return bool(value)
        case Kind.ID | Kind.TEXT | Kind.CHOICE:
            return value
        case _:
            assert_never(kind)


def _names_of(name: str, kind: Kind) -> tuple[str, ...]:
    return (f"{name}_amount", f"{name}_currency") if kind is Kind.MONEY else (name,)
