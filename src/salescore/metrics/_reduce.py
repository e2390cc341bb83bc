"""Reductions on Python rows: one pass over columns, exact sums, nothing dropped in silence."""

from __future__ import annotations

import decimal
import operator
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import cached_property
from itertools import compress, repeat
from types import NoneType
from typing import Any

import attrs

from salescore.book import Facts, FactTable
from salescore.metrics._dimensions import is_calendar_unit, key_text
from salescore.metrics._measures import Aggregate, Measure, Reduction
from salescore.plain import Kind
from salescore.rules import Expression, FieldRef, compile_expression
from salescore.values import EXACT, CalendarUnit, Period

Key = tuple[str | None, ...]
"""Values of the keys of one row of a reduced table; `None` where a row has none."""

_ZERO = Decimal(0)
_TEXTS = (Kind.ID, Kind.TEXT, Kind.CHOICE)


@attrs.frozen(kw_only=True)
class Reduced:
    """
    The small table that a reduction produced.

    Attributes:
        reduction: What was asked for.
        keys: The groups, in order of first appearance.
        values: Per measure and group: a sum, a count, the ascending values, or the least or
            greatest of them, which is `None` where no row entered.
        counts: Per measure and group: rows that entered.
        missing: Per measure and group: rows left out because their value is unknown.
        undated: Per measure: rows left out of every group because no date places them.
    """

    reduction: Reduction
    keys: tuple[Key, ...]
    values: tuple[tuple[Any, ...], ...]
    counts: tuple[tuple[int, ...], ...]
    missing: tuple[tuple[int, ...], ...]
    undated: tuple[int, ...]


def reduce_rows(facts: Facts, reduction: Reduction, during: Period | None = None) -> Reduced:
    """
    Return the small table of a reduction.

    Args:
        facts: The fact tables.
        reduction: What to bring together by which keys.
        during: Period in which the date column must fall; `None` takes every date.

    Raises:
        UnknownName: The facts have no such column.
        InvalidValue: A measure of registered fields does not fit them.
        RuleTypeError: Likewise.
    """
    table = facts.table(reduction.table)
    for measure in reduction.measures:
        measure.check(table.schema)
    selection = select_rows(table, reduction.date, during)
    groups = _Groups(facts=facts, reduction=reduction, table=table, rows=selection.rows)
    results = [_aggregate(table, measure, selection, groups) for measure in reduction.measures]
    return Reduced(
        reduction=reduction,
        keys=groups.keys,
        values=tuple(tuple(values) for values, _, _, _ in results),
        counts=tuple(tuple(counts) for _, counts, _, _ in results),
        missing=tuple(tuple(missing) for _, _, missing, _ in results),
        undated=tuple(undated for _, _, _, undated in results),
    )


@attrs.frozen(kw_only=True)
class Selection:
    """
    The rows of a fact table that fall in a period.

    Attributes:
        rows: Their numbers, ascending.
        undated: Numbers of the rows without a date.
    """

    rows: Sequence[int]
    undated: Sequence[int]


def select_rows(table: FactTable, date: str | None, during: Period | None) -> Selection:
    """Return which rows fall in a period, and which cannot be placed."""
    everything = range(len(table))
    if date is None:
        return Selection(rows=everything, undated=())
    days = table.column(date)
    known = set(days)
    undated: Sequence[int] = ()
    if None in known:
        undated = [row for row, day in enumerate(days) if day is None]
        known.discard(None)
    wanted = known if during is None else {day for day in known if day in during}
    if not undated and len(wanted) == len(known):
        return Selection(rows=everything, undated=())
    rows = list(compress(everything, map(wanted.__contains__, days)))
    return Selection(rows=rows, undated=undated)


@attrs.frozen(kw_only=True)
class _Groups:
    facts: Facts
    reduction: Reduction
    table: FactTable
    rows: Sequence[int]

    @cached_property
    def _numbered(self) -> tuple[tuple[Key, ...], Sequence[int] | None]:
        if not self.reduction.keys:
            return ((),), None
        columns = [self._column(key) for key in self.reduction.keys]
        numbers = _Numbers()
        of_rows = list(map(numbers.__getitem__, zip(*columns, strict=True)))
        return tuple(numbers), of_rows

    @property
    def keys(self) -> tuple[Key, ...]:
        return self._numbered[0]

    @property
    def of_rows(self) -> Sequence[int] | None:
        """Return the group of each selected row; `None` where all are one group."""
        return self._numbered[1]

    def _column(self, key: str) -> Iterable[str | None]:
        if is_calendar_unit(key):
            days = self._selected(self.table.column(str(self.reduction.date)))
            return self.facts.calendar.keys(days, CalendarUnit(key))
        column = self._selected(self.table.column(key))
        is_text = self.table.schema.field(key).kind in _TEXTS
        return column if is_text else list(map(key_text, column))

    def _selected(self, column: Sequence[Any]) -> Sequence[Any]:
        if len(self.rows) == len(column):
            return column
        return list(map(column.__getitem__, self.rows))


class _Numbers(dict[Key, int]):
    """Numbers keys in order of first appearance."""

    def __missing__(self, key: Key) -> int:
        number = self[key] = len(self)
        return number


_Result = tuple[list[Any], list[int], list[int], int]


def _aggregate(
    table: FactTable, measure: Measure, selection: Selection, groups: _Groups
) -> _Result:
    rows, of_rows, many = selection.rows, groups.of_rows, len(groups.keys)
    undated: Sequence[int] = selection.undated
    if measure.where is not None:
        holds = [answer is True for answer in evaluate_rows(table, measure.where, rows)]
        rows = list(compress(rows, holds))
        of_rows = None if of_rows is None else list(compress(of_rows, holds))
        undated = [
            row
            for row, yes in zip(undated, evaluate_rows(table, measure.where, undated), strict=True)
            if yes
        ]
    if measure.of is None:
        counts = _tally(of_rows, len(rows), many)
        return [Decimal(count) for count in counts], counts, [0] * many, len(undated)
    values = evaluate_rows(table, measure.of, rows)
    missing = [0] * many
    # Asking `None in values` would compare every Decimal with None, at five times the price.
    if NoneType in set(map(type, values)):
        known = [value is not None for value in values]
        unknown = [not yes for yes in known]
        missing = _tally(
            None if of_rows is None else list(compress(of_rows, unknown)), sum(unknown), many
        )
        values = list(compress(values, known))
        of_rows = None if of_rows is None else list(compress(of_rows, known))
    counts = _tally(of_rows, len(values), many)
    gathered = _BRING_TOGETHER[measure.aggregate](values, of_rows, counts)
    return gathered, counts, missing, len(undated)


def evaluate_rows(table: FactTable, expression: Expression, rows: Sequence[int]) -> Sequence[Any]:
    """Return the values of an expression on the given rows of a table."""
    if isinstance(expression, FieldRef):
        column = table.column(expression.name)
        return column if len(rows) == len(column) else list(map(column.__getitem__, rows))

    def reader(name: str) -> Callable[[int], Any]:
        return table.column(name).__getitem__

    return list(map(compile_expression(expression, reader), rows))


def _tally(of_rows: Sequence[int] | None, total: int, many: int) -> list[int]:
    if of_rows is None:
        return [total]
    counted = Counter(of_rows)
    return [counted[group] for group in range(many)]


def _sum(values: Sequence[Any], of_rows: Sequence[int] | None, counts: list[int]) -> list[Decimal]:
    with decimal.localcontext(EXACT):
        if of_rows is None:
            return [sum(values, _ZERO)]
        sums = [_ZERO] * len(counts)
        for group, value in zip(of_rows, values, strict=True):
            sums[group] += value
    return sums


def _count(
    _values: Sequence[Any], _of_rows: Sequence[int] | None, counts: list[int]
) -> list[Decimal]:
    return [Decimal(count) for count in counts]


def _distinct(
    values: Sequence[Any], of_rows: Sequence[int] | None, counts: list[int]
) -> list[Decimal]:
    pairs = set(zip(repeat(0) if of_rows is None else of_rows, values))  # noqa: B905 repeat has no length
    found = Counter(group for group, _ in pairs)
    return [Decimal(found[group]) for group in range(len(counts))]


def _values(
    values: Sequence[Any], of_rows: Sequence[int] | None, counts: list[int]
) -> list[tuple[Decimal, ...]]:
    gathered: list[list[Decimal]] = [[] for _ in counts]
    for group, value in zip(repeat(0) if of_rows is None else of_rows, values):  # noqa: B905 repeat has no length
        gathered[group].append(value)
    return [tuple(sorted(group)) for group in gathered]


def _min(values: Sequence[Any], of_rows: Sequence[int] | None, counts: list[int]) -> list[Any]:
    return _extreme(values, of_rows, len(counts), operator.lt)


def _max(values: Sequence[Any], of_rows: Sequence[int] | None, counts: list[int]) -> list[Any]:
    return _extreme(values, of_rows, len(counts), operator.gt)


def _extreme(
    values: Sequence[Any],
    of_rows: Sequence[int] | None,
    many: int,
    goes_before: Callable[[Any, Any], bool],
) -> list[Any]:
    found: list[Any] = [None] * many
    for group, value in zip(repeat(0) if of_rows is None else of_rows, values):  # noqa: B905 repeat has no length
        best = found[group]
        if best is None or goes_before(value, best):
            found[group] = value
    return found


_BRING_TOGETHER: dict[
    Aggregate, Callable[[Sequence[Any], Sequence[int] | None, list[int]], list[Any]]
] = {
    Aggregate.SUM: _sum,
    Aggregate.COUNT: _count,
    Aggregate.DISTINCT: _distinct,
    Aggregate.VALUES: _values,
    Aggregate.MIN: _min,
    Aggregate.MAX: _max,
}
