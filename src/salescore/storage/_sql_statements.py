"""The statements about the tables of a store; names come from field tables, values are bound."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TypeVar

import attrs

from salescore.plain import FieldTable, Kind, personal_fields
from salescore.storage._sql_rows import RecordRows
from salescore.storage._sql_tables import (
    EFFECTIVE_ON,
    EVENT_COLUMNS,
    EVENTS,
    IS_ERASED,
    IS_REMOVED,
    POSITION,
    RECORDED_AT,
    ROW_COLUMNS,
    STATE,
    UNITS,
    UNTIL,
    VERSION,
    Column,
    Database,
    Names,
    columns_of,
)

T = TypeVar("T")

CHANGED = "its tables were changed since it was opened; open it again"
"""What a store says of itself when another release brought it to a newer form meanwhile."""

KEPT_COLUMNS = (VERSION, RECORDED_AT, EFFECTIVE_ON, POSITION)
"""What an answer says of a version, before the fields of its record."""


@attrs.frozen
class TableSql:
    """
    The statements about the table of one record type.

    Attributes:
        table: Field table with registered fields.
        columns: Columns of its fields, in their order.
        names: How the database is spoken to.
    """

    table: FieldTable
    columns: tuple[Column, ...]
    names: Names

    @classmethod
    def of(cls, store: str, table: FieldTable, names: Names) -> TableSql:
        """
        Return the statements about a record type.

        Raises:
            InvalidValue: Two fields ask for one column.
            StoreRefused: The database would cut the name of a column.
        """
        return cls(table, columns_of(store, table, names.database), names)

    @cached_property
    def rows(self) -> RecordRows:
        """Return the way between records and rows."""
        return RecordRows(self.table, self.names.database)

    @cached_property
    def name(self) -> str:
        """Return the table's name as it stands in a statement."""
        return self.names.table(self.table.name)

    @cached_property
    def fields(self) -> str:
        """Return the columns of the fields as a list."""
        return self.names.names(column.name for column in self.columns)

    @cached_property
    def written(self) -> tuple[str, ...]:
        """Return the names of all columns, in the order in which rows are written."""
        own = EVENT_COLUMNS if self.table.name == EVENTS else ROW_COLUMNS
        return (*own, *(column.name for column in self.columns))

    @cached_property
    def insert(self) -> str:
        """Return the statement that writes a row."""
        marks = ", ".join([self.names.mark] * len(self.written))
        return f"INSERT INTO {self.name} ({self.names.names(self.written)}) VALUES ({marks})"

    @cached_property
    def latest(self) -> str:
        """Return the statement that tells the last version of a record, and whether it is gone."""
        n = self.names
        return (
            f"SELECT {n.names((VERSION, IS_REMOVED))} FROM {self.name} WHERE {n.name('id')} = "
            f"{n.mark} ORDER BY {n.name(VERSION)} DESC LIMIT 1"
        )

    @cached_property
    def latest_of(self) -> str:
        """Return the statement that tells the last versions of some records, up to its bracket."""
        n = self.names
        return (
            f"SELECT {n.names(('id', VERSION, IS_REMOVED))} FROM {self.name} "
            f"WHERE {n.name(UNTIL)} IS NULL AND {n.name('id')} IN "
        )

    @cached_property
    def end(self) -> str:
        """Return the statement that says until when a version was the last."""
        n = self.names
        return (
            f"UPDATE {self.name} SET {n.name(UNTIL)} = {n.mark} "
            f"WHERE {n.name('id')} = {n.mark} AND {n.name(VERSION)} = {n.mark}"
        )

    @cached_property
    def read(self) -> str:
        """Return the statement that reads the last version of a record, gone or not."""
        n = self.names
        return (
            f"SELECT {n.names(KEPT_COLUMNS)}, {self.fields}, {n.name(IS_REMOVED)} "
            f"FROM {self.name} WHERE {n.name('id')} = {n.mark} "
            f"ORDER BY {n.name(VERSION)} DESC LIMIT 1"
        )

    @cached_property
    def versions(self) -> str:
        """Return the statement that reads all versions of a record, but for removals."""
        n = self.names
        return (
            f"SELECT {n.names(KEPT_COLUMNS)}, {self.fields} FROM {self.name} "
            f"WHERE {n.name('id')} = {n.mark} AND NOT {n.name(IS_REMOVED)} "
            f"ORDER BY {n.name(VERSION)}"
        )

    @cached_property
    def empty(self) -> str:
        """Return the statement that writes the personal columns of a version anew."""
        n = self.names
        places = ", ".join(f"{n.name(one)} = {n.mark}" for one in self.personal)
        return (
            f"UPDATE {self.name} SET {places} "
            f"WHERE {n.name('id')} = {n.mark} AND {n.name(VERSION)} = {n.mark}"
        )

    @cached_property
    def empty_event(self) -> str:
        """Return the statement that writes the personal columns of an event anew, and marks it."""
        n = self.names
        places = ", ".join(f"{n.name(one)} = {n.mark}" for one in (*self.personal, IS_ERASED))
        return f"UPDATE {self.name} SET {places} WHERE {n.name(POSITION)} = {n.mark}"

    @cached_property
    def event(self) -> str:
        """Return the statement that reads the events of some ids, up to its closing bracket."""
        n = self.names
        return (
            f"SELECT {n.names((POSITION, IS_ERASED))}, {self.fields} FROM {self.name} "
            f"WHERE {n.name('id')} IN "
        )

    @cached_property
    def events(self) -> str:
        """Return the statement that reads the next events."""
        n = self.names
        return (
            f"SELECT {n.names((POSITION, RECORDED_AT))}, {self.fields} FROM {self.name} "
            f"WHERE {n.name(POSITION)} > {n.mark} ORDER BY {n.name(POSITION)} LIMIT {n.mark}"
        )

    @cached_property
    def personal(self) -> tuple[str, ...]:
        """Return the columns that may tell about a living person."""
        found: list[str] = []
        for field in personal_fields(self.table):
            if field.kind is Kind.MONEY:
                found += [f"{field.name}_amount", f"{field.name}_currency"]
            else:
                found.append(field.name)
        return tuple(found)


def state_read(names: Names, *, locked: bool) -> str:
    """
    Return the statement that reads the row of counters.

    Args:
        names: How the database is spoken to.
        locked: Whether nobody else may write until the transaction ends.
    """
    # SQLite has locked the whole file already when a transaction writes.
    tail = " FOR UPDATE" if locked and names.database is Database.POSTGRES else ""
    return (
        f"SELECT change, position, event, recorded_at FROM {names.table(STATE)} WHERE id = 1{tail}"
    )


def state_write(names: Names) -> str:
    """Return the statement that writes the counters."""
    mark = names.mark
    return (
        f"UPDATE {names.table(STATE)} SET position = {mark}, event = {mark}, "
        f"recorded_at = {mark} WHERE id = 1"
    )


def unit_read(names: Names) -> str:
    """Return the statement that reads what is kept of a unit under its key."""
    return f"SELECT digest, answer FROM {names.table(UNITS)} WHERE key = {names.mark}"


def unit_write(names: Names) -> str:
    """Return the statement that keeps the answer to a unit under its key."""
    marks = ", ".join([names.mark] * 4)
    return f"INSERT INTO {names.table(UNITS)} (key, position, digest, answer) VALUES ({marks})"


def listed(names: Names, count: int) -> str:
    """Return as many signs for parameters in brackets."""
    return f"({', '.join([names.mark] * count)})"


def chunks(ids: Iterable[T], size: int = 500) -> Iterable[list[T]]:
    """Return ids in parts that one statement can take."""
    found = list(ids)
    return (found[start : start + size] for start in range(0, len(found), size))
