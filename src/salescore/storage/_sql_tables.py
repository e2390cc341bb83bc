"""Tables of a database, read off the field tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum
from functools import cached_property

import attrs

from salescore.errors import StoreRefused
from salescore.plain import FieldTable, Kind
from salescore.storage._asked import query_schema

EVENTS = "events"
"""Record type of events: each has one row, and a position instead of versions."""

VERSION, POSITION, RECORDED_AT = "_version", "_position", "_recorded_at"
EFFECTIVE_ON, UNTIL, IS_REMOVED = "_effective_on", "_until", "_is_removed"
UNIT, IS_ERASED = "_unit", "_is_erased"

ROW_COLUMNS = (VERSION, POSITION, RECORDED_AT, EFFECTIVE_ON, UNTIL, IS_REMOVED)
"""What a table of records has before its fields; no field begins with an underscore."""

EVENT_COLUMNS = (POSITION, RECORDED_AT, UNIT, IS_ERASED)
"""What the table of events has before its fields."""

UNITS, STATE, FORMS = "_units", "_state", "_forms"
"""Tables of our own: repeatable units, the one row of counters, the form of every other table."""

MOST_NUMBER = 2**63 - 1
"""Greatest version or position that a column holds."""

FORM = 1
"""Form of the tables of our own and of the columns before the fields, counted from 1."""


class Database(Enum):
    """What a store's tables live in."""

    SQLITE = "sqlite"
    POSTGRES = "postgres"


@attrs.frozen
class Column:
    """
    A column of a field: of its value, or of one half of its money.

    Attributes:
        name: Name of the column.
        kind: What it holds; never money.
    """

    name: str
    kind: Kind


_SYSTEM: dict[str, Kind | str] = {
    VERSION: "INTEGER",
    POSITION: "INTEGER",
    RECORDED_AT: Kind.INSTANT,
    EFFECTIVE_ON: Kind.DATE,
    UNTIL: Kind.INSTANT,
    IS_REMOVED: Kind.BOOLEAN,
    UNIT: "INTEGER",
    IS_ERASED: Kind.BOOLEAN,
}
_REQUIRED = frozenset({VERSION, POSITION, RECORDED_AT, IS_REMOVED, UNIT, IS_ERASED})

_TYPES: dict[Database, dict[Kind | str, str]] = {
    Database.SQLITE: {Kind.BOOLEAN: "INTEGER"},
    Database.POSTGRES: {
        Kind.DECIMAL: "numeric",
        Kind.DATE: "date",
        Kind.INSTANT: "timestamptz",
        Kind.BOOLEAN: "boolean",
        "INTEGER": "bigint",
    },
}
_TEXT = {Database.SQLITE: "TEXT", Database.POSTGRES: 'text COLLATE "C"'}

_POSTGRES_NAME_BYTES = 63


def columns_of(store: str, table: FieldTable, database: Database) -> tuple[Column, ...]:
    """
    Return the columns of a record type's fields, in order: those that queries read.

    Args:
        store: Name of the store, for error messages.
        table: Field table with registered fields.
        database: What the table lives in.

    Raises:
        InvalidValue: Two fields ask for one column.
        StoreRefused: The database would cut the name of a column.
    """
    columns = tuple(Column(one.name, one.kind) for one in query_schema(table).fields)
    for column in columns:
        if database is Database.POSTGRES and len(column.name) > _POSTGRES_NAME_BYTES:
            fault = f"{table.name} have a column {column.name}, longer than 63 letters; rename it"
            raise StoreRefused(store, fault)
    return columns


@attrs.frozen
class Names:
    """
    How a database is spoken to.

    Attributes:
        database: The database.
        schema: Schema of the tables; `None` where the database has none.
    """

    database: Database
    schema: str | None = None

    @cached_property
    def mark(self) -> str:
        """Return the sign that stands for a parameter."""
        return "?" if self.database is Database.SQLITE else "%s"

    def table(self, name: str) -> str:
        """Return a table's name as it stands in a statement."""
        return (
            self.name(name)
            if self.schema is None
            else f"{self.name(self.schema)}.{self.name(name)}"
        )

    def name(self, name: str) -> str:
        """Return a column's name as it stands in a statement."""
        # Every name comes from a field table, of lower-case letters, digits and underscores alone.
        # What stands in double quotes SQLite takes for a text where there is no such column.
        return f"`{name}`" if self.database is Database.SQLITE else f'"{name}"'

    def names(self, names: Iterable[str]) -> str:
        """Return names as they stand in a list of a statement."""
        return ", ".join(map(self.name, names))

    def type(self, kind: Kind | str) -> str:
        """Return the type of a column, without its collation."""
        return _TYPES[self.database].get(kind, kind if isinstance(kind, str) else "TEXT")

    def declared(self, kind: Kind | str) -> str:
        """Return the type of a column, with its collation."""
        text = self.type(kind)
        return _TEXT[self.database] if text == "TEXT" else text


def create_table(names: Names, name: str, columns: Sequence[Column], *, events: bool) -> str:
    """
    Return the statement that makes the table of a record type, empty.

    Args:
        names: How the database is spoken to.
        name: Name of the table.
        columns: Columns of its fields.
        events: Whether it is the table of events.
    """
    own = EVENT_COLUMNS if events else ROW_COLUMNS
    parts = [_own_column(names, one) for one in own]
    parts += [f"{names.name(one.name)} {names.declared(one.kind)}" for one in columns]
    parts.append(f"PRIMARY KEY ({names.names((POSITION,) if events else ('id', VERSION))})")
    if events:
        parts.append(f"UNIQUE ({names.name('id')})")
    # Where the primary key is the table, a new row writes one page, not two.
    tail = " WITHOUT ROWID" if names.database is Database.SQLITE and not events else ""
    return f"CREATE TABLE {names.table(name)} ({', '.join(parts)}){tail}"


def _own_column(names: Names, name: str) -> str:
    return f"{names.name(name)} {names.declared(_SYSTEM[name])}" + (
        " NOT NULL" if name in _REQUIRED else ""
    )


def add_column(names: Names, name: str, column: Column) -> str:
    """Return the statement that adds a column to the table of a record type."""
    return (
        f"ALTER TABLE {names.table(name)} "
        f"ADD COLUMN {names.name(column.name)} {names.declared(column.kind)}"
    )


def create_own(names: Names) -> tuple[str, ...]:
    """Return the statements that make the tables of our own, empty."""
    whole, text = names.type("INTEGER"), names.declared(Kind.TEXT)
    instant = names.declared(Kind.INSTANT)
    required = "NOT NULL"
    return (
        f"CREATE TABLE {names.table(UNITS)} (key {text} PRIMARY KEY, "
        f"position {whole} {required}, digest {text} {required}, answer {text} {required})"
        + (" WITHOUT ROWID" if names.database is Database.SQLITE else ""),
        (
            f"CREATE TABLE {names.table(STATE)} (id {whole} PRIMARY KEY, form {whole} {required}, "
            f"change {whole} {required}, position {whole} {required}, event {whole} {required}, "
            f"recorded_at {instant})"
        ),
        (
            f"CREATE TABLE {names.table(FORMS)} (name {text} PRIMARY KEY, "
            f"version {whole} {required}, fields {text} {required})"
        ),
    )
