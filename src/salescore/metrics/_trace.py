"""The rows behind a figure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import attrs

from salescore.book import Facts, FactTable
from salescore.metrics._assemble import rows_left_out
from salescore.metrics._catalogue import find_figure
from salescore.metrics._compute import NameOrDefinition, facts_seen
from salescore.metrics._dimensions import Dimension, find_dimension, is_calendar_unit
from salescore.metrics._measures import Aggregate, Measure
from salescore.metrics._reduce import evaluate_rows, select_rows
from salescore.values import EXACT, CalendarUnit, Period


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
    """

    table: str
    id: str
    measure: str
    side: str
    value: Decimal | str | None
    reason: str | None = None


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
        where: Key by dimension, to trace one slice.

    Returns:
        In the order of the measures, then of the rows.
        The numbers on each side sum to the figure's numerator and denominator;
        what is counted once stands as text and counts once.

    Raises:
        UnknownName: No such figure or dimension.
    """
    definition = find_figure(name)
    facts = facts_seen(definition, facts, during)
    wanted = [(find_dimension(one), key) for one, key in (where or {}).items()]
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
    return [
        Contribution(
            table=measure.table,
            id=ids[row],
            measure=measure.name,
            side=side,
            value=value,
            reason=reason,
        )
        for row, (value, reason) in sorted(taken.items())
        if all(_key(facts, table, measure, one, row) == key for one, key in wanted)
    ]


def _key(
    facts: Facts, table: FactTable, measure: Measure, dimension: Dimension, row: int
) -> object:
    if is_calendar_unit(dimension.column):
        day = None if measure.date is None else table.column(measure.date)[row]
        return facts.calendar.keys([day], CalendarUnit(dimension.column))[0]
    return table.column(dimension.column)[row] if dimension.column in table.schema else None
