"""Tables from field tables: the columns that rules in SQL count on."""

from __future__ import annotations

from collections.abc import Mapping

from salescore.errors import EngineRefused
from salescore.frames._digits import Digits
from salescore.frames._frame import schema_of
from salescore.frames._sql import Dialect, dialect_of, quoted
from salescore.frames._sql_numbers import UNBOUNDED, WIDEST, decimal_type
from salescore.plain import Field, FieldTable, Kind
from salescore.rules import FieldRef, RuleType, check_types

_TYPES = {
    Dialect.SQLITE: {
        RuleType.TEXT: "TEXT",
        RuleType.NUMBER: "TEXT",
        RuleType.DATE: "TEXT",
        RuleType.INSTANT: "TEXT",
        RuleType.BOOLEAN: "INTEGER",
    },
    # Text sorts by code point there only under this collation; an index serves rules only so.
    Dialect.POSTGRES: {
        RuleType.TEXT: 'TEXT COLLATE "C"',
        RuleType.NUMBER: "NUMERIC",
        RuleType.DATE: "DATE",
        RuleType.INSTANT: "TIMESTAMPTZ",
        RuleType.BOOLEAN: "BOOLEAN",
    },
    Dialect.DUCKDB: {
        RuleType.TEXT: "VARCHAR",
        RuleType.DATE: "DATE",
        RuleType.INSTANT: "TIMESTAMPTZ",
        RuleType.BOOLEAN: "BOOLEAN",
    },
    Dialect.SPARK: {
        RuleType.TEXT: "STRING",
        RuleType.DATE: "DATE",
        RuleType.INSTANT: "TIMESTAMP",
        RuleType.BOOLEAN: "BOOLEAN",
    },
}

CALENDAR_COLUMNS = FieldTable(
    name="calendar",
    fields=(
        Field(name="day", kind=Kind.DATE, nullable=False, labels=("Day", "日")),
        Field(name="week", kind=Kind.TEXT, nullable=True, labels=("Week", "周")),
        Field(name="month", kind=Kind.TEXT, nullable=True, labels=("Month", "月")),
        Field(name="quarter", kind=Kind.TEXT, nullable=True, labels=("Quarter", "季度")),
        Field(name="year", kind=Kind.TEXT, nullable=True, labels=("Year", "年")),
    ),
)
"""The columns of the table of `Calendar.table` in a database."""


def sql_columns(
    schema: FieldTable | str, dialect: Dialect, digits: Mapping[str, Digits] | None = None
) -> tuple[tuple[str, str], ...]:
    """
    Return the columns that a table of a database needs for rules and reductions in SQL.

    Args:
        schema: A fact table, its name, or any other field table without money, which is two
            columns.
        dialect: The language of the database.
        digits: Per column of decimals its digits, for DuckDB and Spark SQL; without them 20 before
            and 18 behind the point.

    Returns:
        Per field its name as SQL writes it, and its type with collation and whether it may be null.

    Raises:
        EngineRefused: The database cannot tell the names apart, or cannot have one of them.
        InvalidValue: What is no dialect.
        UnknownName: No such fact table.
        RuleTypeError: A field holds money in any currency.

    Examples:
        >>> from salescore.rules import EXAMPLE_TABLE
        >>> sql_columns(EXAMPLE_TABLE, Dialect.POSTGRES)[1]
        ('"revenue"', 'NUMERIC')
    """
    schema, dialect = schema_of(schema), dialect_of(dialect)
    _check_names(schema, dialect)
    return tuple(
        (quoted(field.name, dialect), _declared(field, schema, dialect, digits or {}))
        for field in schema.fields
    )


def _check_names(schema: FieldTable, dialect: Dialect) -> None:
    if dialect is Dialect.POSTGRES:
        return
    seen: dict[str, str] = {}
    for name in schema.names:
        other = seen.setdefault(name.lower(), name)
        if other != name:
            fault = f"letter case is all that parts it from {other}; the database ignores that"
            raise EngineRefused(dialect.value, name, fault)


def _declared(
    field: Field, schema: FieldTable, dialect: Dialect, digits: Mapping[str, Digits]
) -> str:
    kind = check_types(FieldRef(field.name), schema)
    if kind is RuleType.NUMBER and dialect not in UNBOUNDED:
        text = decimal_type(digits.get(field.name, WIDEST))
    else:
        text = _TYPES[dialect][RuleType.TEXT if kind is RuleType.TAGS else kind]
    return text if field.nullable else f"{text} NOT NULL"


def sql_table(
    schema: FieldTable | str,
    dialect: Dialect,
    *,
    table_name: str | None = None,
    digits: Mapping[str, Digits] | None = None,
) -> str:
    """
    Return the statement that makes a table of the columns of a field table.

    Args:
        schema: As in `sql_columns`.
        dialect: The language of the database.
        table_name: Name of the table; `None` for that of the schema.
        digits: As in `sql_columns`.

    Raises:
        EngineRefused: As in `sql_columns`.
        RuleTypeError: Likewise.

    Examples:
        >>> sql_table(CALENDAR_COLUMNS, Dialect.SQLITE)[:41]
        'CREATE TABLE `calendar` (`day` TEXT NOT N'
    """
    schema = schema_of(schema)
    columns = sql_columns(schema, dialect, digits)
    listed = ", ".join(f"{name} {kind}" for name, kind in columns)
    name = quoted(schema.name if table_name is None else table_name, dialect)
    made = f"CREATE TABLE {name} ({listed})"
    # Without parameters the driver takes per cent signs as they are.
    return made.replace("%%", "%") if dialect is Dialect.POSTGRES else made
