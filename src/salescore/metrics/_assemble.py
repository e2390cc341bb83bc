"""Cells of reduced tables become figures: sums over the parts, reasons for what is undefined."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from salescore.metrics._dimensions import Dimension, is_calendar_unit
from salescore.metrics._figures import MONEY, Exclusion, Figure, FigureDefinition, Part
from salescore.metrics._measures import Measure, Reduction
from salescore.metrics._reduce import Key, Reduced
from salescore.metrics._source import FigureSource
from salescore.render import counted
from salescore.rules import rule_text
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


class Wanted(NamedTuple):
    """Figures by dimensions, which share their reductions."""

    definitions: Sequence[FigureDefinition]
    dimensions: Sequence[Dimension]


def reduce_all(
    wanted: Sequence[Wanted], source: FigureSource, during: Period | None
) -> list[Groups]:
    """Return for each of several wishes the cells of all its measures, asked for at once."""
    plans = [_reductions(one, source) for one in wanted]
    if source.lack is not None:
        return [_nothing(one) for one in wanted]
    reduced = iter(source.reduce([one for plan in plans for one, _ in plan], during))
    return [
        _cells(one, [(next(reduced), there) for _, there in plan])
        for one, plan in zip(wanted, plans, strict=True)
    ]


def _reductions(
    wanted: Wanted, source: FigureSource
) -> list[tuple[Reduction, Sequence[Dimension]]]:
    """Return one reduction per table and date, with those of the dimensions that the table has."""
    measures: dict[tuple[str, str | None], dict[Measure, None]] = {}
    for definition in wanted.definitions:
        for measure in definition.measures:
            measures.setdefault((measure.table, measure.date), {})[measure] = None
    found: list[tuple[Reduction, Sequence[Dimension]]] = []
    for (table, date), those in measures.items():
        schema = source.schema(table)
        there = [
            one
            for one in wanted.dimensions
            if (date is not None if is_calendar_unit(one.column) else one.is_in(schema))
        ]
        reduction = Reduction(
            name=f"{table} by {date}",
            table=table,
            keys=[one.column for one in there],
            measures=tuple(those),
        )
        found.append((reduction, there))
    return found


def _cells(wanted: Wanted, reduced: Sequence[tuple[Reduced, Sequence[Dimension]]]) -> Groups:
    cells: dict[Measure, _Cells] = {}
    undated: dict[Measure, int] = {}
    for table, there in reduced:
        keys: Iterable[Key] = table.keys
        if len(there) < len(wanted.dimensions):
            # A table without a dimension has its rows under the key None of that dimension.
            places = [there.index(one) if one in there else -1 for one in wanted.dimensions]
            keys = [tuple((*key, None)[place] for place in places) for key in table.keys]
        for number, measure in enumerate(table.reduction.measures):
            undated[measure] = table.undated[number]
            found = map(_Cell, table.values[number], table.counts[number], table.missing[number])
            cells[measure] = dict(zip(keys, found, strict=True))
    return Groups(cells, undated)


def _nothing(wanted: Wanted) -> Groups:
    measures = [one for definition in wanted.definitions for one in definition.measures]
    return Groups({one: {} for one in measures}, dict.fromkeys(measures, 0))


class Assembly:
    """Puts the figures of one definition together, key by key."""

    def __init__(
        self,
        definition: FigureDefinition,
        source: FigureSource,
        groups: Groups,
        during: Period | None,
    ) -> None:
        self._definition = definition
        self._is_additive = definition.is_additive
        self._is_share = definition.is_share
        self._unit = definition.unit.replace(MONEY, source.currency, 1)
        self._during = None if definition.is_stock else during
        self._as_of = source.as_of
        self._lacking = _lacking(definition, source, groups, self._during)
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
    definition: FigureDefinition, source: FigureSource, groups: Groups, during: Period | None
) -> str | None:
    if source.lack is not None:
        return source.lack
    if during is not None and source.as_of is not None and during.start > source.as_of:
        return f"{during.key} begins after the last day known ({source.as_of})"
    for measure in definition.measures:
        table = measure.table
        if not source.has_rows(table):
            return f"no {table.replace('_', ' ')} among the facts"
        undated = groups.undated[measure]
        if undated and measure.date is not None and not source.has_rows(table, measure.date):
            return f"{measure.date} known in none of {counted(undated, table)}"
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
    definitions: Sequence[FigureDefinition],
    source: FigureSource,
    groups: Groups,
    by: Sequence[Dimension],
    during: Period | None,
) -> list[Mapping[Key, tuple[Exclusion, ...]]]:
    """
    Return per definition the rows left out, by key.

    Args:
        definitions: What the figures are.
        source: The facts.
        groups: Their reduced cells.
        by: Dimensions of the keys; a unit of the calendar has the key `None`.
        during: Period.
    """
    lacking = [
        [one for one in definition.measures if _leaves_out(one, groups)]
        for definition in definitions
    ]
    asked = [measures for measures in lacking if measures]
    told = iter(source.left_out(asked, by, during) if asked else ())
    return [next(told) if measures else {} for measures in lacking]


def _leaves_out(measure: Measure, groups: Groups) -> bool:
    return bool(groups.undated[measure]) or any(
        one.missing for one in groups.cells[measure].values()
    )
