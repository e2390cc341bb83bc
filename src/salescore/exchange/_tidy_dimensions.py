"""Dimension tables for BI tools: what was known of each key, and every key that facts use."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

import attrs

from salescore.book import Facts
from salescore.exchange._columns import plain_column
from salescore.exchange._tidy_facts import (
    CALENDAR,
    DAY,
    LISTED,
    is_shown,
    joined,
    joins_of,
    table_of,
    units_of,
)
from salescore.exchange._tidy_table import TidyColumn, TidyTable
from salescore.metrics import Dimension
from salescore.plain import Field, Kind, PersonalData
from salescore.values import CalendarUnit, Money

IS_LISTED = "is_listed"
"""Column that says whether a key has a record of its own."""


def dimension_tables(
    facts: Facts, tables: Sequence[TidyTable], personal: Collection[PersonalData]
) -> tuple[TidyTable, ...]:
    """
    Return a table of each dimension that has any key, and that of the days.

    Args:
        facts: The facts.
        tables: Tables that join them.
        personal: Personal-data classes of which columns are written.
    """
    listed = {one.name: _columns(facts, one, personal) for one in LISTED}
    used: dict[str, dict[str, None]] = {one.name: {} for one in LISTED}
    for columns in (*(table.columns for table in tables), *listed.values()):
        for column in columns:
            dimension = joined(column.field)
            if dimension is not None:
                used[dimension.name].update(
                    dict.fromkeys(one for one in column.values if one is not None)
                )
    found = (_dimension(one, listed[one.name], used[one.name]) for one in LISTED)
    return tuple(table for table in (*found, _calendar(facts, tables)) if len(table))


def with_joins_to(tables: Sequence[TidyTable]) -> tuple[TidyTable, ...]:
    """Return tables whose columns join only tables that are among them."""
    names = {table.name for table in tables}
    return tuple(
        attrs.evolve(
            table,
            columns=[
                column
                if column.joins is None or column.joins.partition(".")[0] in names
                else attrs.evolve(column, joins=None)
                for column in table.columns
            ],
        )
        for table in tables
    )


def _columns(
    facts: Facts, dimension: Dimension, personal: Collection[PersonalData]
) -> tuple[TidyColumn, ...]:
    """Return the columns of the records that were known: the key, then what is known of it."""
    book = facts.known.book
    name = dimension.records or ""
    records = tuple(book.index(name).values())
    fields = [field for field in book.table(name).fields if is_shown(field, personal)]
    key = attrs.evolve(fields[0], name=dimension.column)
    found = {key.name: TidyColumn(field=key, values=plain_column(records, fields[0]))}
    for field in fields[1:]:
        for column in _attribute(field, plain_column(records, field)):
            found.setdefault(column.name, column)
    found[IS_LISTED] = TidyColumn(
        field=Field(
            name=IS_LISTED,
            kind=Kind.BOOLEAN,
            nullable=False,
            labels=("Has a record", "有记录"),
        ),
        values=[True] * len(records),
        words="False for a key that facts use and no record explains.",
    )
    return tuple(found.values())


def _attribute(field: Field, values: Sequence[Any]) -> tuple[TidyColumn, ...]:
    """Return the column of a field, two for money: the amount and its own currency."""
    nullable = attrs.evolve(field, nullable=True)
    if field.kind is not Kind.MONEY:
        words = ""
        if field.refers is not None and joined(field) is None:
            words = f"Id among {field.refers.replace('_', ' ')}."
        return (TidyColumn(field=nullable, values=values, words=words, joins=joins_of(field)),)
    moneys: Sequence[Money | None] = values
    code = f"{field.name}_currency"
    return (
        TidyColumn(
            field=attrs.evolve(nullable, kind=Kind.DECIMAL),
            values=[None if one is None else one.amount for one in moneys],
            words=f"In the currency of {code}, not in the reporting currency.",
        ),
        TidyColumn(
            field=Field(
                name=code,
                kind=Kind.TEXT,
                nullable=True,
                labels=(f"{field.labels[0]}: currency", f"{field.labels[1]}：币种"),
            ),
            values=[None if one is None else one.currency for one in moneys],
        ),
    )


def _dimension(
    dimension: Dimension, columns: Sequence[TidyColumn], used: Iterable[str]
) -> TidyTable:
    """Return the table of a dimension, with a row for each key that nobody listed."""
    key, *rest = columns
    listed = set(key.values)
    others = [one for one in used if one not in listed]
    filled = [attrs.evolve(key, values=[*key.values, *others])]
    for column in rest:
        value = False if column.name == IS_LISTED else None
        filled.append(attrs.evolve(column, values=[*column.values, *[value] * len(others)]))
    return TidyTable(
        name=table_of(dimension),
        labels=dimension.labels,
        words=f"One row per {dimension.labels[0].lower()}; every key that a table uses has one.",
        columns=filled,
    )


def _calendar(facts: Facts, tables: Iterable[TidyTable]) -> TidyTable:
    """Return the table of days: each from the first to the last plausible one, and all others."""
    rows = {row.day for row in facts.calendar_table()}
    rows.update(
        day
        for table in tables
        for column in table.columns
        if column.joins == f"{CALENDAR}.{DAY}"
        for day in set(column.values)
        if day is not None
    )
    days: list[date] = sorted(rows)
    units = units_of(facts)
    return TidyTable(
        name=CALENDAR,
        labels=("Calendar", "日历"),
        words=f"One row per day, with the keys of its periods in the calendar "
        f"{facts.calendar.name}.",
        columns=[
            TidyColumn(
                field=Field(name=DAY, kind=Kind.DATE, nullable=False, labels=("Day", "日期")),
                values=days,
            ),
            *(
                TidyColumn(
                    field=Field(name=one.name, kind=Kind.TEXT, nullable=True, labels=one.labels),
                    values=facts.calendar.keys(days, CalendarUnit(one.name)),
                    words=f"Key of the {one.name}; sorts as time does.",
                )
                for one in units
            ),
        ],
    )
