"""Cells of reduced tables become figures: sums over the parts, reasons for what is undefined."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from salescore.book import Facts
from salescore.metrics._dimensions import Dimension, is_calendar_unit, key_text
from salescore.metrics._figures import MONEY, Exclusion, Figure, FigureDefinition, Part
from salescore.metrics._measures import Measure, Reduction
from salescore.metrics._reduce import Key, evaluate_rows, reduce_rows, select_rows
from salescore.render import counted
from salescore.rules import fields_of, rule_text
from salescore.stats import quantile
from salescore.values import EXACT, Period, quotient


class _Cell(NamedTuple):
    """What one measure yields for one key."""

    value: Any
    rows: int
    missing: int


_Cells = dict[Key, _Cell]


class Groups(NamedTuple):
    """Cells of every measure, by key in order of first appearance."""

    cells: Mapping[Measure, _Cells]
    undated: Mapping[Measure, int]

    def keys_of(self, definition: FigureDefinition) -> tuple[Key, ...]:
        """Return the keys under which a definition has any row at all."""
        return tuple(
            dict.fromkeys(
                key
                for measure in definition.measures
                for key, cell in self.cells[measure].items()
                if cell.rows or cell.missing
            )
        )


def reduce_all(
    definitions: Sequence[FigureDefinition],
    facts: Facts,
    dimensions: Sequence[Dimension],
    during: Period | None,
) -> Groups:
    """Return the cells of all measures by the keys of the dimensions, one pass per table."""
    wanted: dict[tuple[str, str | None], dict[Measure, None]] = {}
    for definition in definitions:
        for measure in definition.measures:
            wanted.setdefault((measure.table, measure.date), {})[measure] = None
    cells: dict[Measure, _Cells] = {}
    undated: dict[Measure, int] = {}
    for (table, date), measures in wanted.items():
        schema = facts.schema(table)
        there = [
            one
            for one in dimensions
            if (date is not None if is_calendar_unit(one.column) else one.is_in(schema))
        ]
        columns = [one.column for one in there]
        reduction = Reduction(
            name=f"{table} by {date}", table=table, keys=columns, measures=tuple(measures)
        )
        reduced = reduce_rows(facts, reduction, None if date is None else during)
        keys: Iterable[Key] = reduced.keys
        if len(there) < len(dimensions):
            # A table without a dimension has its rows under the key None of that dimension.
            places = [there.index(one) if one in there else -1 for one in dimensions]
            keys = [tuple((*key, None)[place] for place in places) for key in reduced.keys]
        for number, measure in enumerate(measures):
            undated[measure] = reduced.undated[number]
            found = map(
                _Cell, reduced.values[number], reduced.counts[number], reduced.missing[number]
            )
            cells[measure] = dict(zip(keys, found, strict=True))
    return Groups(cells, undated)


class Assembly:
    """Puts the figures of one definition together, key by key."""

    def __init__(
        self, definition: FigureDefinition, facts: Facts, groups: Groups, during: Period | None
    ) -> None:
        self._definition = definition
        self._is_additive = definition.is_additive
        self._is_share = definition.is_share
        self._unit = definition.unit.replace(MONEY, facts.currency, 1)
        self._during = None if definition.is_stock else during
        self._as_of = facts.as_of
        self._lacking = _lacking(definition, facts, groups, self._during)
        self._above = [(part, groups.cells[part.measure]) for part in definition.numerator]
        self._below = [(part, groups.cells[part.measure]) for part in definition.denominator]
        self._unknown = _wholly_unknown(self._above) if len(self._above) > 1 else None

    def figure(self, key: Key, excluded: tuple[Exclusion, ...] = ()) -> Figure:
        """Return the figure for one key."""
        value, above, below, n, reason = self._value(key, excluded)
        return Figure(
            name=self._definition.name,
            value=value,
            unit=self._unit,
            numerator=above,
            denominator=below,
            n=n,
            is_additive=self._is_additive,
            reason=reason,
            excluded=excluded,
            during=self._during,
            as_of=self._as_of,
            is_share=self._is_share,
        )

    def _value(
        self, key: Key, excluded: tuple[Exclusion, ...]
    ) -> tuple[Decimal | None, Decimal | None, Decimal | None, int, str | None]:
        """Return value, numerator, denominator, n and the reason where the value is undefined."""
        if self._lacking is not None:
            return None, None, None, 0, self._lacking
        if self._unknown is not None:
            return None, None, None, 0, _no_rows(*self._unknown, excluded)
        if self._definition.quantile is not None:
            part, cells = self._above[0]
            cell = cells.get(key) or _Cell((), 0, 0)
            value = quantile(cell.value, self._definition.quantile)
            reason = None if value is not None else _no_rows(part.measure, cell, excluded)
            return value, None, None, cell.rows, reason
        above, n, reason = _sum(self._above, key, excluded)
        if not self._below or above is None:
            return above, above, None, n, reason
        below, n, reason = _sum(self._below, key, excluded)
        if below is None:
            return None, above, None, n, reason
        value = quotient(above, below)
        if value is None:
            reason = f"nothing to divide by: {_words(self._below[0][0].measure)} is 0"
        return value, above, below, n, reason


def _wholly_unknown(parts: Sequence[tuple[Part, _Cells]]) -> tuple[Measure, _Cell] | None:
    """
    Return the part of which no row at all has a value, with its rows.

    A figure of several parts is then undefined, and so is each of its slices: expenses alone, where
    no cost is known, are no profit. Where some rows have a value the parts sum to the whole.
    """
    for part, cells in parts:
        missing = sum(cell.missing for cell in cells.values())
        if missing and not any(cell.rows for cell in cells.values()):
            return part.measure, _Cell(_ZERO, 0, missing)
    return None


def _sum(
    parts: Sequence[tuple[Part, _Cells]], key: Key, excluded: tuple[Exclusion, ...]
) -> tuple[Decimal | None, int, str | None]:
    total, n, unknown = _ZERO, 0, None
    for part, cells in parts:
        cell = cells.get(key)
        if cell is None:
            continue
        if cell.missing and not cell.rows:
            unknown = unknown or _no_rows(part.measure, cell, excluded)
            continue
        total = (EXACT.add if part.weight > 0 else EXACT.subtract)(total, cell.value)
        n += cell.rows
    if unknown is not None and not n:
        return None, 0, unknown
    return total, n, None


_ZERO = Decimal(0)


def _lacking(
    definition: FigureDefinition, facts: Facts, groups: Groups, during: Period | None
) -> str | None:
    if during is not None and facts.as_of is not None and during.start > facts.as_of:
        return f"{during.key} begins after the last day known ({facts.as_of})"
    for measure in definition.measures:
        table = facts.table(measure.table)
        if not len(table):
            return f"no {measure.table.replace('_', ' ')} among the facts"
        undated = groups.undated[measure]
        if undated and measure.date is not None and not any(table.column(measure.date)):
            return f"{measure.date} known in none of {counted(undated, measure.table)}"
    return None


def _no_rows(measure: Measure, cell: _Cell, excluded: tuple[Exclusion, ...]) -> str:
    if not cell.missing:
        return f"no {measure.table.replace('_', ' ')} here"
    reasons = [
        f"{one.reason} in {counted(one.n, one.table)}"
        for one in excluded
        if one.table == measure.table
    ]
    if reasons:
        return "; ".join(reasons)
    of = "" if measure.of is None else rule_text(measure.of)
    return f"{of} known in none of {counted(cell.missing, measure.table)}"


def _words(measure: Measure) -> str:
    return measure.name.replace("_", " ")


def exclusions(
    definition: FigureDefinition, facts: Facts, groups: Groups, during: Period | None
) -> tuple[Exclusion, ...]:
    """Return the rows left out, each once however many measures of the figure miss it."""
    reasons: dict[tuple[str, int], str] = {}
    for measure in definition.measures:
        cell = groups.cells[measure].get(())
        if not (groups.undated[measure] or (cell is not None and cell.missing)):
            continue
        for row, reason in rows_left_out(facts, measure, during):
            reasons.setdefault((measure.table, row), reason)
    counted = Counter((table, reason) for (table, _), reason in reasons.items())
    return tuple(Exclusion(table, reason, n) for (table, reason), n in sorted(counted.items()))


def exclusions_by_key(
    definition: FigureDefinition,
    facts: Facts,
    groups: Groups,
    by: Sequence[Dimension],
    during: Period | None,
) -> dict[Key, tuple[Exclusion, ...]]:
    """
    Return the rows left out by key, each once however many measures of the figure miss it.

    Args:
        definition: What the figure is.
        facts: The fact tables.
        groups: Its reduced cells.
        by: Dimensions of the keys, none of them of the calendar.
        during: Period.
    """
    reasons: dict[tuple[str, int], tuple[Key, str]] = {}
    for measure in definition.measures:
        if not (
            groups.undated[measure] or any(one.missing for one in groups.cells[measure].values())
        ):
            continue
        table = facts.table(measure.table)
        columns = [table.column(one.column) if one.is_in(table.schema) else None for one in by]
        for row, reason in rows_left_out(facts, measure, during):
            key = tuple(None if one is None else key_text(one[row]) for one in columns)
            reasons.setdefault((measure.table, row), (key, reason))
    counted = Counter((key, table, reason) for (table, _), (key, reason) in reasons.items())
    found: dict[Key, tuple[Exclusion, ...]] = {}
    for (key, name, reason), n in sorted(counted.items(), key=lambda item: item[0][1:]):
        found[key] = (*found.get(key, ()), Exclusion(name, reason, n))
    return found


def rows_left_out(facts: Facts, measure: Measure, during: Period | None) -> list[tuple[int, str]]:
    """Return the rows that a measure leaves out for an unknown value or date, and why."""
    table = facts.table(measure.table)
    selection = select_rows(table, measure.date, during if measure.date else None)
    found: list[tuple[int, str]] = []
    for rows, date in ((selection.rows, None), (selection.undated, measure.date)):
        if measure.where is not None:
            holds = evaluate_rows(table, measure.where, rows)
            rows = [row for row, yes in zip(rows, holds, strict=True) if yes]  # noqa: PLW2901 narrowed
        if date is not None:
            found.extend((row, table.null_reason(date, row)) for row in rows)
        elif measure.of is not None:
            names = fields_of(measure.of)
            values = evaluate_rows(table, measure.of, rows)
            found.extend(
                (
                    row,
                    next(
                        table.null_reason(name, row)
                        for name in names
                        if table.column(name)[row] is None
                    ),
                )
                for row, value in zip(rows, values, strict=True)
                if value is None
            )
    return found
