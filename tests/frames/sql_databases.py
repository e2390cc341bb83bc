"""Databases that tests ask the same questions: a table of rows, and what a rule answers there."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import attrs

from salescore.frames import (
    Dialect,
    Digits,
    python_value,
    sql_columns,
    sql_rule,
    sql_table,
    sql_value,
    sqlite_functions,
)
from salescore.plain import Field, FieldTable, Kind
from salescore.rules import Expression, RuleType, check_types

PLACE = "row_place"
"""Column that keeps rows in order."""

_CHUNK = 60


@attrs.frozen
class Database:
    """
    A database that statements are run on.

    Attributes:
        dialect: Its language.
        execute: Runs a statement with parameters and gives the rows.
        fill: Makes a table of some columns and rows in place of one that is there.
        execute_alone: Runs a statement that has no parameters and gives no rows.
    """

    dialect: Dialect
    execute: Callable[[str, Sequence[Any]], list[tuple[Any, ...]]]
    fill: Callable[[str, FieldTable, list[tuple[Any, ...]], Mapping[str, Digits]], None]
    execute_alone: Callable[[str], object]

    def keep(
        self,
        schema: FieldTable,
        rows: Sequence[Mapping[str, Any]],
        *,
        name: str = "kept",
        digits: Mapping[str, Digits] | None = None,
    ) -> FieldTable:
        """Keep rows in a table and return its schema, which has the place of each row too."""
        place = Field(name=PLACE, kind=Kind.TEXT, nullable=False, labels=("Place", "位置"))
        wide = attrs.evolve(schema, fields=(*schema.fields, place))
        cells = [
            (*tuple(sql_value(row[one], self.dialect) for one in schema.names), f"{number:06d}")
            for number, row in enumerate(rows)
        ]
        self.fill(name, wide, cells, digits or {})
        return wide

    def answers(
        self,
        rules: Sequence[Expression],
        schema: FieldTable,
        *,
        name: str = "kept",
        digits: Mapping[str, Digits] | None = None,
    ) -> list[list[Any]]:
        """Return per rule its answers on the rows of a table, in their order."""
        found: list[list[Any]] = []
        for first in range(0, len(rules), _CHUNK):
            some = rules[first : first + _CHUNK]
            statements = [sql_rule(one, schema, self.dialect, digits=digits) for one in some]
            kinds = [check_types(one, schema) for one in some]
            columns = ", ".join(
                f"{_readable(one.text, kind, self.dialect)} AS c{place}"
                for place, (one, kind) in enumerate(zip(statements, kinds, strict=True))
            )
            text = f"SELECT {columns} FROM {name} ORDER BY {PLACE}"  # noqa: S608 - the point of the test
            parameters = [value for one in statements for value in one.parameters]
            rows = self.execute(text, parameters)
            found += [
                [python_value(row[place], kind) for row in rows] for place, kind in enumerate(kinds)
            ]
        return found


def _readable(text: str, kind: RuleType, dialect: Dialect) -> str:
    """Return SQL whose value its driver hands over as it is."""
    if kind is RuleType.INSTANT and dialect is Dialect.DUCKDB:
        return f"epoch_us({text})"
    if kind is RuleType.INSTANT and dialect is Dialect.SPARK:
        return f"unix_micros({text})"
    return text


@contextmanager
def sqlite_database() -> Iterator[Database]:
    """Open a database in memory, in the standard library's SQLite."""
    connection = sqlite3.connect(":memory:")
    functions = sqlite_functions(connection)

    def execute(text: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
        with functions.surfaced():
            return connection.execute(text, tuple(parameters)).fetchall()

    def fill(name: str, schema: FieldTable, rows: list[tuple[Any, ...]], _: object) -> None:
        connection.execute(f"DROP TABLE IF EXISTS {name}")
        connection.execute(sql_table(schema, Dialect.SQLITE, table_name=name))
        marks = ", ".join("?" * len(schema.names))
        connection.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)  # noqa: S608 - a name of ours

    yield Database(Dialect.SQLITE, execute, fill, connection.execute)
    connection.close()


@contextmanager
def duckdb_database() -> Iterator[Database]:
    """Open a database in memory, in DuckDB."""
    import duckdb  # noqa: PLC0415 - only tests of DuckDB need it

    connection = duckdb.connect()
    connection.execute("SET threads = 1")

    def execute(text: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
        return connection.execute(text, list(parameters)).fetchall()

    def fill(
        name: str,
        schema: FieldTable,
        rows: list[tuple[Any, ...]],
        digits: Mapping[str, Digits],
    ) -> None:
        connection.execute(f"DROP TABLE IF EXISTS {name}")
        connection.execute(sql_table(schema, Dialect.DUCKDB, table_name=name, digits=digits))
        marks = ", ".join("?" * len(schema.names))
        if rows:
            connection.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)  # noqa: S608 - as above

    yield Database(Dialect.DUCKDB, execute, fill, connection.execute)
    connection.close()


@contextmanager
def postgres_database(url: str) -> Iterator[Database]:
    """Open a database of its own tables, in Postgres."""
    import psycopg  # noqa: PLC0415 - only tests of Postgres need it

    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql")) as connection:

        def execute(text: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
            return connection.execute(text, parameters).fetchall()  # type: ignore[arg-type]

        def fill(name: str, schema: FieldTable, rows: list[tuple[Any, ...]], _: object) -> None:
            connection.execute(f"DROP TABLE IF EXISTS {name}")  # type: ignore[arg-type]
            connection.execute(sql_table(schema, Dialect.POSTGRES, table_name=name))  # type: ignore[arg-type]
            marks = ", ".join(["%s"] * len(schema.names))
            with connection.cursor() as cursor:
                cursor.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)  # type: ignore[arg-type]  # noqa: S608 - as above

        yield Database(Dialect.POSTGRES, execute, fill, connection.execute)
        connection.rollback()


def spark_database(session: Any) -> Database:  # noqa: ANN401 - a session of an optional package
    """Return a database of temporary views, in Spark SQL."""

    def execute(text: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in session.sql(text, args=list(parameters)).collect()]

    def fill(
        name: str,
        schema: FieldTable,
        rows: list[tuple[Any, ...]],
        digits: Mapping[str, Digits],
    ) -> None:
        columns = sql_columns(schema, Dialect.SPARK, digits)
        kinds = ", ".join(f"{column} {kind}" for column, kind in columns)
        session.createDataFrame(rows, kinds).createOrReplaceTempView(name)

    return Database(Dialect.SPARK, execute, fill, session.sql)


def fitted(row: Mapping[str, Any], digits: Mapping[str, Digits]) -> dict[str, Any]:
    """Return a row whose numbers have no more digits than stated, cut where they had."""
    cut = dict(row)
    for name, held in digits.items():
        value = cut[name]
        if value is not None:
            whole = int(abs(value) * 10**held.behind) % 10 ** (held.before + held.behind)
            cut[name] = Decimal(whole if value >= 0 else -whole).scaleb(-held.behind)
    return cut
