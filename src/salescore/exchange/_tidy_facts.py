"""Fact tables for BI tools: the priced columns, and the keys of the periods they lie in."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import attrs

from salescore.book import FACT_TABLES, Facts, FactTable
from salescore.exchange._tidy_table import TidyColumn, TidyTable
from salescore.metrics import CATALOGUE, DIMENSIONS, Dimension, FigureDefinition
from salescore.plain import Field, Kind, PersonalData
from salescore.values import CalendarUnit

CALENDAR = "dim_calendar"
"""Table of days."""

DAY = "day"
"""Column of `dim_calendar` that dates join."""

LISTED: tuple[Dimension, ...] = tuple(one for one in DIMENSIONS if one.records is not None)
"""Dimensions that are records, each with a table of its own."""

UNITS = tuple(one for one in DIMENSIONS if one.name in {unit.value for unit in CalendarUnit})
"""Dimensions that are units of the calendar, the longest first."""

_CHINESE = {
    "order_lines": "订单行",
    "opportunities": "商机",
    "expenses": "销售费用",
    "activities": "跟进记录",
    "customers": "客户",
    "sales_lines": "销售明细",
    "invoices": "发票",
    "payments": "回款",
    "leads": "线索",
    "stage_visits": "阶段记录",
    "deliveries": "发货",
    "cases": "售后工单",
    "survey_responses": "问卷",
    "targets": "销售目标",
}
_BY_RECORDS = {one.records: one for one in LISTED}
_BY_COLUMN = {one.column: one for one in LISTED}


def table_of(dimension: Dimension) -> str:
    """Return the name of the table of a dimension."""
    return f"dim_{dimension.name}"


def joined(field: Field) -> Dimension | None:
    """Return the dimension whose table an id joins, `None` for what joins none."""
    if field.kind is not Kind.ID:
        return None
    return _BY_COLUMN.get(field.name) if field.refers is None else _BY_RECORDS.get(field.refers)


def joins_of(field: Field) -> str | None:
    """Return table and column that an id joins, `None` for what joins none."""
    dimension = joined(field)
    return None if dimension is None else f"{table_of(dimension)}.{dimension.column}"


def units_of(facts: Facts) -> tuple[Dimension, ...]:
    """Return the units, longer than a day, that the calendar of the facts has."""
    return tuple(one for one in UNITS if CalendarUnit(one.name) in facts.calendar.units)


def is_shown(field: Field, personal: Collection[PersonalData]) -> bool:
    """Return whether a field is written: it tells of nobody, or in a way that was asked for."""
    return field.personal is PersonalData.NONE or field.personal in personal


def fact_tables(
    facts: Facts, definitions: Iterable[FigureDefinition], personal: Collection[PersonalData]
) -> tuple[TidyTable, ...]:
    """
    Return the fact tables that have rows.

    Args:
        facts: The facts.
        definitions: Figures whose dates get the keys of periods, besides those that ship.
        personal: Personal-data classes of which columns are written.
    """
    dates = _dates((*CATALOGUE, *definitions))
    return tuple(
        _tidy(facts, facts.table(schema.name), dates.get(schema.name, ()), personal)
        for schema in FACT_TABLES
        if len(facts.table(schema.name))
    )


def _dates(definitions: Iterable[FigureDefinition]) -> dict[str, set[str]]:
    """Return by fact table the dates by which figures place its rows in a period."""
    found: dict[str, set[str]] = {}
    for definition in definitions:
        for measure in definition.measures:
            if measure.date is not None:
                found.setdefault(measure.table, set()).add(measure.date)
    return found


def _tidy(
    facts: Facts, table: FactTable, dates: Collection[str], personal: Collection[PersonalData]
) -> TidyTable:
    fields = [field for field in table.schema.fields if is_shown(field, personal)]
    days = [field for field in fields if field.kind is Kind.DATE]
    placed = [field for field in days if field.name in dates] or days[:1]
    keys = {field.name: _period_columns(facts, table, field) for field in placed}
    ours = {one.name for columns in keys.values() for one in columns}
    found: list[TidyColumn] = []
    for field in fields:
        if field.is_custom and field.name in ours:
            continue
        found.append(_column(facts, table, field))
        found.extend(keys.get(field.name, ()))
    return TidyTable(
        name=f"fact_{table.name}",
        labels=(table.name.replace("_", " ").capitalize(), _CHINESE[table.name]),
        words=f"One row per row of the fact table {table.name}, identified by {fields[0].name}.",
        columns=found,
    )


def _column(facts: Facts, table: FactTable, field: Field) -> TidyColumn:
    words, joins = "", joins_of(field)
    is_money = field.kind is Kind.DECIMAL and (field.unit or "").startswith("money")
    if field.kind is Kind.DATE:
        joins = f"{CALENDAR}.{DAY}"
    elif is_money:
        words = f"In {facts.currency}; null where no amount is stated or no exchange rate is known."
    elif field.name == "currency" and "exchange_rate" in table.schema:
        words = "Currency of the document; the amounts of the row are in the reporting currency."
    elif field.refers is not None and joins is None:
        words = f"Id among {field.refers.replace('_', ' ')}."
    unit = (field.unit or "").replace("money", facts.currency, 1) if is_money else field.unit
    return TidyColumn(
        field=attrs.evolve(field, unit=unit),
        values=table.column(field.name),
        words=words,
        joins=joins,
    )


def _period_columns(facts: Facts, table: FactTable, date: Field) -> list[TidyColumn]:
    """Return the keys of the periods in which a date lies."""
    return [
        TidyColumn(
            field=Field(
                name=f"{date.name}_{unit.name}",
                kind=Kind.TEXT,
                nullable=True,
                labels=(
                    f"{date.labels[0]}: {unit.labels[0].lower()}",
                    f"{date.labels[1]}：{unit.labels[1]}",
                ),
            ),
            values=facts.calendar.keys(table.column(date.name), CalendarUnit(unit.name)),
            words=f"Key of the {unit.name} that {date.name} lies in; sorts as time does.",
        )
        for unit in units_of(facts)
    ]
