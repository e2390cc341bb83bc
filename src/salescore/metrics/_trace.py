"""The rows behind a figure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import attrs

from salescore.book import Facts, FactTable
from salescore.metrics._catalogue import find_figure
from salescore.metrics._compute import NameOrDefinition, day_seen, must_have, schemas_of
from salescore.metrics._dimensions import (
    Dimension,
    find_dimension,
    is_calendar_unit,
    key_text,
)
from salescore.metrics._figures import MONEY
from salescore.metrics._left_out import rows_left_out
from salescore.metrics._measures import Aggregate, Measure
from salescore.metrics._needs_facts import check_facts
from salescore.metrics._reduce import evaluate_rows, select_rows
from salescore.rules import fields_of
from salescore.values import EXACT, CalendarUnit, Period, UsedRate


@attrs.frozen(kw_only=True)
class Contribution:
    """
    What one row of a fact table brings to a figure.

    Attributes:
        table: Fact table.
        id: Id of the record behind the row.
        measure: Measure that took the row.
        side: `numerator` or `denominator`.
        value: What it brings: a number, or what is counted once; `None` when left out.
        reason: Why it is left out; `None` when it counts.
        rate: Exchange rate that priced it; `None` where none was needed or none is known.
    """

    table: str
    id: str
    measure: str
    side: str
    value: Decimal | str | None
    reason: str | None = None
    rate: UsedRate | None = None


def rows_behind(
    name: NameOrDefinition,
    facts: Facts,
    *,
    during: Period | None = None,
    where: Mapping[str, str | None] | None = None,
) -> tuple[Contribution, ...]:
    """
    Return the rows behind a figure, those left out included.

    Args:
        name: Name in the catalogue, or a definition of your own.
        facts: The fact tables.
        during: Period; see `figure`.
        where: Key by dimension, to trace one slice; a registered field is a dimension too.

    Returns:
        In the order of the measures, then of the rows.
        The numbers on each side sum to the figure's numerator and denominator;
        what is counted once stands as text and counts once.

    Raises:
        UnknownName: No such figure or dimension, or the figure's facts do not have the dimension.
        InvalidValue: Another source than `Facts`, such as dataframes.
    """
    check_facts("rows_behind", facts, "filter the dataframe by what the figure counts")
    definition = find_figure(name)
    day = day_seen(definition, during)
    facts = facts if day is None else facts.at(day)
    schemas = schemas_of([definition], facts)
    wanted = [(find_dimension(one, schemas), key) for one, key in (where or {}).items()]
    for dimension, _ in wanted:
        must_have(definition, dimension, facts)
    found: list[Contribution] = []
    for side, parts in (
        ("numerator", definition.numerator),
        ("denominator", definition.denominator),
    ):
        for part in parts:
            found.extend(_rows(facts, part.measure, part.weight, side, during, wanted))
    return tuple(found)


def _rows(
    facts: Facts,
    measure: Measure,
    weight: int,
    side: str,
    during: Period | None,
    wanted: list[tuple[Dimension, str | None]],
) -> list[Contribution]:
    table = facts.table(measure.table)
    measure.check(table.schema)
    ids = table.column(table.schema.names[0])
    rows = select_rows(table, measure.date, during if measure.date else None).rows
    if measure.where is not None:
        holds = evaluate_rows(table, measure.where, rows)
        rows = [row for row, yes in zip(rows, holds, strict=True) if yes]
    values: Any = [Decimal(1)] * len(rows)
    if measure.of is not None:
        values = evaluate_rows(table, measure.of, rows)
    if measure.aggregate is Aggregate.COUNT:
        values = [None if value is None else Decimal(1) for value in values]
    is_summed = measure.aggregate is not Aggregate.DISTINCT
    taken: dict[int, tuple[Any, str | None]] = {
        row: (EXACT.multiply(value, Decimal(weight)) if is_summed else value, None)
        for row, value in zip(rows, values, strict=True)
        if value is not None
    }
    taken |= {row: (None, reason) for row, reason in rows_left_out(facts, measure, during)}
    is_money = measure.of is not None and any(
        (table.schema.field(name).unit or "").startswith(MONEY) for name in fields_of(measure.of)
    )
    return [
        Contribution(
            table=measure.table,
            id=ids[row],
            measure=measure.name,
            side=side,
            value=value,
            reason=reason,
            rate=_rate(facts, table, row) if is_money else None,
        )
        for row, (value, reason) in sorted(taken.items())
        if all(_key(facts, table, measure, one, row) == key for one, key in wanted)
    ]


def _rate(facts: Facts, table: FactTable, row: int) -> UsedRate | None:
    used = table.conversion(row)
    if not isinstance(used, UsedRate) or table.column("currency")[row] == facts.currency:
        return None
    return used


def _key(
    facts: Facts, table: FactTable, measure: Measure, dimension: Dimension, row: int
) -> object:
    if is_calendar_unit(dimension.column):
        day = None if measure.date is None else table.column(measure.date)[row]
        return facts.calendar.keys([day], CalendarUnit(dimension.column))[0]
    return key_text(table.column(dimension.column)[row]) if dimension.is_in(table.schema) else None
