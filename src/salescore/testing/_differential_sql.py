"""Databases in the differential test: the same rules and reductions as SQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import attrs

from salescore.errors import EngineRefused
from salescore.frames import (
    CALENDAR_COLUMNS,
    Dialect,
    Digits,
    SqlStatement,
    native_frame,
    python_value,
    run_reduction,
    sql_rule,
    sql_table,
    sql_value,
    sqlite_functions,
)
from salescore.metrics import Reduced
from salescore.plain import FieldTable, Kind
from salescore.rules import Expression, check_types
from salescore.testing._differential_reductions import DifferentialQuestion
from salescore.testing._differential_rows import DifferentialRows
from salescore.values import Calendar, CalendarUnit, scale_of

_ROWS = "asked_rows"
_CALENDAR = "asked_calendar"
_UNITS = (CalendarUnit.WEEK, CalendarUnit.MONTH, CalendarUnit.QUARTER, CalendarUnit.YEAR)

Execute = Callable[[str, Sequence[Any]], Iterable[Sequence[Any]]]
Load = Callable[[str, FieldTable, Mapping[str, Sequence[Any]]], None]


@attrs.frozen(kw_only=True)
class SqlEngine:
    """
    A database.

    Attributes:
        name: What reports call it by.
        dialect: Its language.
        execute: Runs a statement with its parameters and gives the rows.
        load: Makes a table of a name, in the place of one that is there, out of columns.
    """

    name: str
    dialect: Dialect
    execute: Execute
    load: Load

    @classmethod
    def sqlite(cls) -> SqlEngine:
        """Return SQLite in memory, through the standard library."""
        connection = sqlite3.connect(":memory:")
        functions = sqlite_functions(connection)

        def execute(text: str, parameters: Sequence[Any]) -> Iterable[Sequence[Any]]:
            with functions.surfaced():
                return connection.execute(text, parameters).fetchall()

        def insert(text: str, rows: Iterable[Sequence[Any]]) -> None:
            connection.executemany(text, rows)

        load = _inserting(execute, insert, Dialect.SQLITE)
        return cls(name="sqlite", dialect=Dialect.SQLITE, execute=execute, load=load)

    @classmethod
    def postgres(cls, connection: Any) -> SqlEngine:  # noqa: ANN401 - of psycopg
        """Return a Postgres behind a connection of psycopg; its tables are temporary."""

        def execute(text: str, parameters: Sequence[Any]) -> Iterable[Sequence[Any]]:
            found = connection.execute(text, parameters or None)
            rows: Sequence[Sequence[Any]] = found.fetchall() if found.description else ()
            return rows

        def insert(text: str, rows: Iterable[Sequence[Any]]) -> None:
            with connection.cursor() as cursor:
                cursor.executemany(text, rows)

        load = _inserting(execute, insert, Dialect.POSTGRES)
        return cls(name="postgres", dialect=Dialect.POSTGRES, execute=execute, load=load)

    @classmethod
    def duckdb(cls, connection: Any) -> SqlEngine:  # noqa: ANN401 - of an optional package
        """Return DuckDB behind a connection."""

        def execute(text: str, parameters: Sequence[Any]) -> Iterable[Sequence[Any]]:
            # Through Arrow, because its own rows need another package for instants.
            found = connection.sql(text, params=list(parameters)).to_arrow_table()
            return list(zip(*(column.to_pylist() for column in found.columns), strict=True))

        def load(name: str, schema: FieldTable, columns: Mapping[str, Sequence[Any]]) -> None:
            connection.execute(f"DROP TABLE IF EXISTS {name}")
            native_frame(schema, columns, "duckdb", session=connection).create(name)

        return cls(name="duckdb-sql", dialect=Dialect.DUCKDB, execute=execute, load=load)

    @classmethod
    def spark(cls, session: Any) -> SqlEngine:  # noqa: ANN401 - of an optional package
        """Return Spark SQL behind a session."""

        def execute(text: str, parameters: Sequence[Any]) -> Iterable[Sequence[Any]]:
            found: Sequence[Sequence[Any]] = session.sql(text, args=list(parameters)).collect()
            return found

        def load(name: str, schema: FieldTable, columns: Mapping[str, Sequence[Any]]) -> None:
            frame = native_frame(schema, columns, "spark", session=session)
            frame.createOrReplaceTempView(name)

        return cls(name="spark-sql", dialect=Dialect.SPARK, execute=execute, load=load)

    def evaluate(
        self, rows: DifferentialRows, rules: Sequence[Expression], /
    ) -> Sequence[Sequence[Any] | EngineRefused]:
        """Return for each rule its values in the order of the rows, or why it is refused."""
        digits = digits_of_columns(rows)
        written = [self._written(rule, rows.schema, digits) for rule in rules]
        asked = [one for one in written if isinstance(one, SqlStatement)]
        kinds = [
            check_types(rule, rows.schema)
            for rule, one in zip(rules, written, strict=True)
            if isinstance(one, SqlStatement)
        ]
        self.load(_ROWS, rows.schema, rows.by_name)
        listed = ", ".join(f"{one.text} AS v{place}" for place, one in enumerate(asked))
        parameters = [value for one in asked for value in one.parameters]
        found: list[Sequence[Any]] = [()] * len(rows)
        if asked:
            text = f"SELECT id, {listed} FROM {_ROWS}"  # noqa: S608 - texts of our own
            found = sorted(self.execute(text, parameters), key=lambda row: str(row[0]))
        columns = (
            [python_value(row[place], kind) for row in found] for place, kind in enumerate(kinds, 1)
        )
        return [next(columns) if isinstance(one, SqlStatement) else one for one in written]

    def reduce(
        self, rows: DifferentialRows, questions: Sequence[DifferentialQuestion], /
    ) -> Sequence[Reduced | EngineRefused]:
        """Return for each reduction its small table, or why it is refused."""
        digits = digits_of_columns(rows)
        self.load(_ROWS, rows.schema, rows.by_name)
        found: list[Reduced | EngineRefused] = []
        for one in questions:
            self.load(_CALENDAR, CALENDAR_COLUMNS, _calendar_columns(rows, one))
            try:
                reduced = run_reduction(
                    self.execute,
                    one.reduction,
                    rows.schema,
                    self.dialect,
                    table_name=_ROWS,
                    during=one.during,
                    calendar_table_name=_CALENDAR,
                    digits=digits,
                )
                found.append(reduced)
            except EngineRefused as error:
                found.append(error)
        return found

    def _written(
        self, rule: Expression, schema: FieldTable, digits: Mapping[str, Digits]
    ) -> SqlStatement | EngineRefused:
        try:
            return sql_rule(rule, schema, self.dialect, digits=digits)
        except EngineRefused as error:
            return error


def digits_of_columns(rows: DifferentialRows) -> dict[str, Digits]:
    """Return the digits that the numbers of each column of decimals need."""
    found: dict[str, Digits] = {}
    for field in rows.schema.fields:
        if field.kind is Kind.DECIMAL:
            known = [one for one in set(rows.by_name[field.name]) if one]
            before = max((one.adjusted() + 1 for one in known), default=0)
            behind = max(map(scale_of, known), default=0)
            found[field.name] = Digits(max(0, before), behind)
    return found


def _inserting(
    execute: Execute, insert: Callable[[str, Iterable[Sequence[Any]]], None], dialect: Dialect
) -> Load:
    """Return what makes tables by statements that insert rows."""
    sign = "%s" if dialect is Dialect.POSTGRES else "?"

    def load(name: str, schema: FieldTable, columns: Mapping[str, Sequence[Any]]) -> None:
        execute(f"DROP TABLE IF EXISTS {name}", ())
        made = sql_table(schema, dialect, table_name=name)
        execute(made.replace("CREATE TABLE", "CREATE TEMPORARY TABLE", 1), ())
        values = (
            [sql_value(one, dialect) for one in row]
            for row in zip(*(columns[one] for one in schema.names), strict=True)
        )
        signs = ", ".join([sign] * len(schema.names))
        insert(f"INSERT INTO {name} VALUES ({signs})", values)  # noqa: S608 - names of our own

    return load


def _calendar_columns(
    rows: DifferentialRows, question: DifferentialQuestion
) -> dict[str, Sequence[Any]]:
    """Return the calendar of the days that a reduction meets."""
    day = question.reduction.date
    days: list[date] = sorted(set(rows.by_name[day]) - {None}) if day is not None else []
    calendar: Calendar = question.calendar
    columns: dict[str, Sequence[Any]] = {"day": days}
    for unit in _UNITS:
        columns[unit.value] = calendar.keys(days, unit)
    return columns
