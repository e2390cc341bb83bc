"""Reductions as SQL: one scan, and a small Python tail that makes of it what rows would give."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from salescore.errors import EngineRefused, InvalidValue
from salescore.frames._digits import Digits
from salescore.frames._frame import schema_of
from salescore.frames._sql import Dialect, SqlStatement, column, dialect_of, listed, quoted, woven
from salescore.frames._sql_columns import CALENDAR_COLUMNS
from salescore.frames._sql_rules import RuleWriter
from salescore.frames._sql_scalars import scalar_literal
from salescore.frames._sql_texts import by_code_point
from salescore.metrics import Aggregate, Measure, Reduction
from salescore.plain import FieldTable
from salescore.rules import FieldRef, RuleType, check_types
from salescore.values import CalendarUnit, Period

UNITS = frozenset(unit.value for unit in CalendarUnit) - {CalendarUnit.DAY.value}
"""Keys that are units of the calendar rather than columns."""

_ROWS, _CALENDAR = "salescore_rows", "salescore_calendar"


def sql_reduction(
    reduction: Reduction,
    schema: FieldTable | str,
    dialect: Dialect,
    *,
    table_name: str,
    during: Period | None = None,
    calendar_table_name: str | None = None,
    digits: Mapping[str, Digits] | None = None,
) -> SqlStatement:
    """
    Return the statement that reduces a table of a database in one scan.

    Its columns are `undated`, which is 1 in the row of the records that no date places and else 0;
    `key_1` and so on, in the order of the keys; per measure `value_1`, `rows_1` and `missing_1`:
    what its rows come to, how many entered, and how many were left out because their value is
    unknown; and with units of the calendar `unplaced`, the rows whose day the calendar table
    lacks. `run_reduction` makes of it what `reduce_rows` gives: here a sum of no rows is NULL.

    Args:
        reduction: What to bring together by which keys.
        schema: The fields of the table, or the name of a fact table; no other name gets into the
            text.
        dialect: The language of the database.
        table_name: Name of the table, with columns as `sql_columns` declares them.
        during: Period in which the date column must fall; `None` takes every date.
        calendar_table_name: Name of a table of `CALENDAR_COLUMNS`, one row per day, such as
            `Facts.calendar_table` gives; `None` where no key is a unit of the calendar.
        digits: As in `sql_rule`.

    Raises:
        UnknownName: A key or field that the schema does not have, or no such fact table.
        InvalidValue: A measure does not fit the schema, there is no calendar table, or what is no
            dialect.
        RuleTypeError: Likewise.
        EngineRefused: The database could not answer it exactly.
    """
    schema, dialect = schema_of(schema), dialect_of(dialect)
    writer = RuleWriter(schema=schema, dialect=dialect, alias=_ROWS, digits=dict(digits or {}))
    for measure in reduction.measures:
        measure.check(schema)
    units = [key for key in reduction.keys if key in UNITS]
    if units and calendar_table_name is None:
        fault = f"{', '.join(units)} are looked up there; name the table"
        raise InvalidValue("calendar_table_name", None, fault)
    inner = _inner(reduction, writer, table_name, during, calendar_table_name if units else None)
    keys = [f"key_{place}" for place, _ in enumerate(reduction.keys, 1)]
    found = [
        text
        for place, measure in enumerate(reduction.measures, 1)
        for text in _aggregates(measure, place, schema, dialect)
    ]
    unplaced = ["COUNT(no_day) AS unplaced"] if units else []
    outer = ", ".join(["undated", *keys, *found, *unplaced])
    groups = ", ".join(["undated", *keys])
    pattern = f"SELECT {outer} FROM ({{}}) AS chosen GROUP BY {groups}"  # noqa: S608 - names of our own
    return woven(pattern, inner)


def _inner(
    reduction: Reduction,
    writer: RuleWriter,
    table_name: str,
    during: Period | None,
    calendar: str | None,
) -> SqlStatement:
    """Return the rows to be grouped: their keys, and per measure what enters."""
    dialect = writer.dialect
    day = None if reduction.date is None else writer.sql(FieldRef(reduction.date))
    undated = (
        SqlStatement("0") if day is None else woven("CASE WHEN {} IS NULL THEN 1 ELSE 0 END", day)
    )
    columns = [woven("{} AS undated", undated)]
    for place, key in enumerate(reduction.keys, 1):
        held = _key(key, writer)
        if day is not None:
            held = woven("CASE WHEN {} IS NOT NULL THEN {} END", day, held)
        columns.append(woven(f"{{}} AS key_{place}", held))
    for place, measure in enumerate(reduction.measures, 1):
        columns += _entering(measure, place, writer)
    source = SqlStatement(f"{quoted(table_name, dialect)} AS {quoted(_ROWS, dialect)}")
    if calendar is not None and day is not None:
        known = column("day", CALENDAR_COLUMNS, dialect, _CALENDAR)
        columns.append(
            woven("CASE WHEN {} IS NOT NULL AND {} IS NULL THEN 1 END AS no_day", day, known)
        )
        other = SqlStatement(f"{quoted(calendar, dialect)} AS {quoted(_CALENDAR, dialect)}")
        source = woven("{} LEFT JOIN {} ON {} = {}", source, other, known, day)
    found = woven("SELECT {} FROM {}", listed(columns), source)
    if day is None or during is None:
        return found
    first, end = (scalar_literal(one, dialect) for one in (during.start, during.end))
    return woven(
        "{} WHERE ({} IS NULL OR ({} >= {} AND {} < {}))", found, day, day, first, day, end
    )


def _key(key: str, writer: RuleWriter) -> SqlStatement:
    dialect = writer.dialect
    if key in UNITS:
        return by_code_point(column(key, CALENDAR_COLUMNS, dialect, _CALENDAR), dialect)
    held = writer.sql(FieldRef(key))
    match check_types(FieldRef(key), writer.schema):
        case RuleType.TEXT:
            return by_code_point(held, dialect)
        case RuleType.INSTANT:
            # As whole microseconds, since drivers hand out instants in the zone of the machine.
            return woven(_MICROSECONDS.get(dialect, "{}"), held)
        case RuleType.NUMBER | RuleType.TAGS as kind:
            fault = f"a key is a text, date, instant or truth value, not {kind.value}"
            raise EngineRefused(dialect.value, f"by {key}", fault)
        case _:
            return held


_MICROSECONDS = {Dialect.DUCKDB: "epoch_us({})", Dialect.SPARK: "unix_micros({})"}


def _entering(measure: Measure, place: int, writer: RuleWriter) -> list[SqlStatement]:
    """Return the columns of a measure: whether a row enters, and its value."""
    holds = None if measure.where is None else writer.rule(measure.where)
    found: list[SqlStatement] = []
    if holds is not None:
        found.append(woven(f"CASE WHEN {{}} THEN 1 END AS row_{place}", holds))
    if measure.of is not None:
        value = writer.rule(measure.of)
        if check_types(measure.of, writer.schema) is RuleType.TEXT:
            value = by_code_point(value, writer.dialect)
        if holds is not None:
            value = woven("CASE WHEN {} THEN {} END", holds, value)
        found.append(woven(f"{{}} AS of_{place}", value))
    return found


def _aggregates(
    measure: Measure, place: int, schema: FieldTable, dialect: Dialect
) -> tuple[str, str, str]:
    """Return value, rows entered and rows missing of a measure as columns."""
    rows = "COUNT(*)" if measure.where is None else f"COUNT(row_{place})"
    if measure.of is None:
        found = (rows, rows, "0")
    else:
        kind = check_types(measure.of, schema)
        value = _aggregate(measure.aggregate, kind, dialect).format(v=f"of_{place}")
        found = (value, f"COUNT(of_{place})", f"{rows} - COUNT(of_{place})")
    names = ("value", "rows", "missing")
    value, entered, missing = (
        f"{text} AS {name}_{place}" for text, name in zip(found, names, strict=True)
    )
    return value, entered, missing


_VALUES = {
    Dialect.SQLITE: "group_concat(salescore_decimal({v}), ' ')",
    Dialect.POSTGRES: "array_agg({v}) FILTER (WHERE {v} IS NOT NULL)",
    Dialect.DUCKDB: "list({v}) FILTER (WHERE {v} IS NOT NULL)",
    Dialect.SPARK: "collect_list({v})",
}


def _aggregate(aggregate: Aggregate, kind: RuleType, dialect: Dialect) -> str:
    is_text_number = dialect is Dialect.SQLITE and kind is RuleType.NUMBER
    match aggregate:
        case Aggregate.SUM:
            return "salescore_sum({v})" if is_text_number else "SUM({v})"
        case Aggregate.COUNT:
            return "COUNT({v})"
        case Aggregate.DISTINCT:
            if is_text_number:
                return "COUNT(DISTINCT salescore_decimal({v}))"
            return "COUNT(DISTINCT {v})"
        case Aggregate.VALUES:
            return _VALUES[dialect]
        case Aggregate.MIN | Aggregate.MAX:
            name = aggregate.name
            return (
                f"salescore_number({name}(salescore_key({{v}})))"
                if is_text_number
                else f"{name}({{v}})"
            )
        case _:
            assert_never(aggregate)
