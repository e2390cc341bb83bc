"""Statements: SQL text whose names come from a field table and whose values are all parameters."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Any

import attrs

from salescore.errors import EngineRefused, InvalidValue
from salescore.plain import FieldTable

_POSTGRES_NAME_BYTES = 63


class Dialect(Enum):
    """
    A language of databases.

    Attributes:
        DUCKDB: DuckDB from 1.3; parameters are `?`.
        SQLITE: SQLite through the standard library; parameters are `?`. Its connection needs
            `sqlite_functions`.
        POSTGRES: Postgres from 13 through psycopg; parameters are `%s`.
        SPARK: Spark SQL from 4.0; parameters are `?`, handed over as `args`.
    """

    DUCKDB = "duckdb"
    SQLITE = "sqlite"
    POSTGRES = "postgres"
    SPARK = "spark"


@attrs.frozen
class SqlStatement:
    """
    SQL with the values that it is bound to; no value stands in the text.

    Attributes:
        text: An expression, or a whole statement.
        parameters: Values in the order of their places in the text.
    """

    text: str
    parameters: tuple[Any, ...] = ()


def dialect_of(dialect: object) -> Dialect:
    """
    Return a dialect unchanged.

    Raises:
        InvalidValue: It is something else, such as its name.
    """
    if isinstance(dialect, Dialect):
        return dialect
    known = ", ".join(f"Dialect.{one.name}" for one in Dialect)
    raise InvalidValue("dialect", dialect, f"it must be one of {known}")


def woven(pattern: str, *parts: SqlStatement) -> SqlStatement:
    """
    Return SQL with parts in its gaps.

    Args:
        pattern: SQL of our own with a `{}` where each part goes, in their order.
        parts: The parts.
    """
    parameters = tuple(value for part in parts for value in part.parameters)
    return SqlStatement(pattern.format(*(part.text for part in parts)), parameters)


def listed(parts: Iterable[SqlStatement], sign: str = ", ") -> SqlStatement:
    """Return parts one behind the other, with a sign between each two."""
    found = tuple(parts)
    parameters = tuple(value for part in found for value in part.parameters)
    return SqlStatement(sign.join(part.text for part in found), parameters)


def placeholder(dialect: Dialect) -> str:
    """Return the sign that stands for a value."""
    return "%s" if dialect is Dialect.POSTGRES else "?"


def quoted(name: str, dialect: Dialect) -> str:
    """
    Return a name so that a database takes it as a name, whatever characters it has.

    Args:
        name: Name of a column or table.
        dialect: The language of the database.

    Raises:
        EngineRefused: The database cannot have such a name, or would cut it.
    """
    fault = _name_fault(name, dialect)
    if fault:
        raise EngineRefused(dialect.value, name, fault)
    if dialect is Dialect.POSTGRES:
        # The driver reads a lone per cent sign as the start of a parameter, in names too.
        return '"' + name.replace('"', '""').replace("%", "%%") + '"'
    if dialect is Dialect.DUCKDB:
        return '"' + name.replace('"', '""') + '"'
    # What stands in double quotes SQLite takes for a text where there is no such column.
    return "`" + name.replace("`", "``") + "`"


def _name_fault(name: str, dialect: Dialect) -> str:
    if not name:
        return "a name must have a character"
    if "\0" in name:
        return "a name cannot have the character NUL"
    if not is_storable(name):
        return "a name must be Unicode text"
    if dialect is Dialect.POSTGRES and len(name.encode()) > _POSTGRES_NAME_BYTES:
        return f"names longer than {_POSTGRES_NAME_BYTES} bytes are cut"
    return ""


def is_storable(text: str) -> bool:
    """Return whether a text can be written as UTF-8, which lone surrogates cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def column(
    name: str, schema: FieldTable, dialect: Dialect, alias: str | None = None
) -> SqlStatement:
    """
    Return a column of a table as SQL.

    Args:
        name: A field of the schema.
        schema: The fields of the table.
        dialect: The language of the database.
        alias: Name that the table has in the statement; `None` where it stands alone.

    Raises:
        UnknownName: The schema has no such field.
        EngineRefused: The database cannot have a column of that name.
    """
    own = quoted(schema.field(name).name, dialect)
    return SqlStatement(own if alias is None else f"{quoted(alias, dialect)}.{own}")
