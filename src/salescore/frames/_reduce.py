"""Reductions on dataframes: the small table of `reduce_rows`, worked out where the rows are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import cached_property, partial
from operator import sub
from typing import Any

import attrs

from salescore.errors import InvalidValue
from salescore.frames._frame import Frame, open_frame
from salescore.frames._plan import By, Keys, Pass, Plan, Scan, Sizes, described, passes
from salescore.frames._reduce_atoms import Atom, How, Parts, parts_of
from salescore.frames._reduce_columns import columns_of, summed_columns
from salescore.frames._reduce_currency import check_currency
from salescore.frames._reduce_known import MEMORY, Known
from salescore.frames._reduce_scan import VALUE, Selection, Table
from salescore.metrics import Aggregate, Reduced, Reduction
from salescore.rules import FieldRef
from salescore.values import Calendar, Period

Key = tuple[str | None, ...]


def reduce_frame(
    frame: Any,  # noqa: ANN401 - any dataframe
    reduction: Reduction,
    *,
    during: Period | None = None,
    calendar: Calendar | None = None,
) -> Reduced:
    """
    Return the small table of a reduction over a dataframe.

    Args:
        frame: A fact table as a dataframe of any engine, or a `Frame`.
        reduction: What to bring together by which keys.
        during: Period in which the date column must fall; `None` takes every date.
        calendar: Calendar of the keys; by default years that begin in January.

    Returns:
        What `reduce_rows` finds on the same rows, with the keys ascending, null first.

    Raises:
        UnknownName: The fact table has no such column, or the calendar no such unit.
        InvalidFrame: A column has not the type of its field, or amounts of several currencies have
            no exchange rate.
        EngineRefused: The engine cannot answer a measure exactly.
        InvalidValue: A measure does not fit the columns.
    """
    return reduce_frames(frame, [reduction], during=during, calendar=calendar)[0]


def reduce_frames(
    frame: Any,  # noqa: ANN401 - any dataframe
    reductions: Iterable[Reduction],
    *,
    during: Period | None = None,
    calendar: Calendar | None = None,
    memory: int = MEMORY,
) -> tuple[Reduced, ...]:
    """
    Return the small tables of several reductions over one dataframe, sharing its scans.

    What three or more sets of keys need is read once and kept where it fits in memory. Else keys
    share an aggregate while its groups stay few, and sums and counts are rolled up from it.

    Args:
        frame: A fact table as a dataframe of any engine, or a `Frame`.
        reductions: What to bring together by which keys, all of one fact table.
        during: Period in which the date columns must fall; `None` takes every date.
        calendar: Calendar of the keys; by default years that begin in January.
        memory: Bytes of rows to keep at most; 0 keeps none, and DuckDB and Spark never do.

    Returns:
        In the order of the reductions; see `reduce_frame`.

    Raises:
        InvalidValue: The reductions are of several fact tables.
    """
    asked = tuple(reductions)
    if not asked:
        return ()
    known = Known(opened(frame, asked), memory)
    check_currency(known, summed_columns(asked), None)
    return reduce_known(known, asked, during, calendar or Calendar())


def explain_plan(
    frame: Any,  # noqa: ANN401 - any dataframe
    reductions: Iterable[Reduction],
    *,
    during: Period | None = None,
    calendar: Calendar | None = None,
    memory: int = MEMORY,
) -> Plan:
    """
    Return how several reductions over one dataframe are answered, without answering them.

    Only sizes of columns and the range of dates are asked of the engine.

    Args:
        frame: A fact table as a dataframe of any engine, or a `Frame`.
        reductions: What to bring together by which keys, all of one fact table.
        during: Period in which the date columns must fall; `None` takes every date.
        calendar: Calendar of the keys; by default years that begin in January.
        memory: Bytes of rows to keep at most.

    Raises:
        InvalidValue: The reductions are of several fact tables.
    """
    asked = tuple(reductions)
    if not asked:
        return Plan(scans=())
    known = Known(opened(frame, asked), memory)
    return explain_known(known, asked, during, calendar or Calendar())


def opened(frame: Any, reductions: Sequence[Reduction]) -> Frame:  # noqa: ANN401
    """Return a frame checked in the columns that reductions read."""
    tables = list(dict.fromkeys(one.table for one in reductions))
    if len(tables) > 1:
        raise InvalidValue("reductions", tuple(tables), "they must be of one fact table")
    if isinstance(frame, Frame):
        if frame.schema.name != tables[0]:
            fault = f"the frame is of {frame.schema.name}"
            raise InvalidValue("reductions", tables[0], fault)
        return frame
    return open_frame(frame, tables[0], columns=columns_of(reductions))


@attrs.frozen(kw_only=True, eq=False)
class _Group:
    """Reductions by one date column, with the rows that they are about."""

    known: Known
    date: str | None
    selection: Selection
    asked: dict[Keys, list[Parts]]
    names: dict[Atom, list[str]]

    def ask(self, reduction: Reduction) -> None:
        """Take in what one more reduction asks."""
        parts = self.asked.setdefault(_there(reduction, self.selection), [])
        for measure in reduction.measures:
            part = parts_of(measure, self.known.has_no_nulls)
            parts.append(part)
            self.names.setdefault(part.main, []).append(measure.name)

    @cached_property
    def keys(self) -> Keys:
        """Return every key, once."""
        return tuple(dict.fromkeys(key for one in self.asked for key in one))

    @cached_property
    def atoms(self) -> tuple[Atom, ...]:
        """Return every atom, once."""
        parts = [part for those in self.asked.values() for part in those]
        atoms = dict.fromkeys(atom for one in parts for atom in one.all)
        # Different values are told by rows of every kind.
        bases = [atom.unruled for atom in atoms if not atom.how.is_additive]
        return tuple(atoms | dict.fromkeys(bases))

    @cached_property
    def is_kept(self) -> bool:
        """Return whether the rows are read once and kept for all passes."""
        return (
            not self.selection.is_empty
            and len(self.asked) >= _WORTH_KEEPING
            and self.selection.fits(self.keys, self.atoms)
        )

    @cached_property
    def passes(self) -> list[Pass]:
        """Return the passes that answer what is asked, sums first, since every key has one."""
        if self.selection.is_empty:
            return []
        return sorted(passes(self.asked, self._sizes), key=lambda one: one.by is not By.KEYS)

    @cached_property
    def scans(self) -> tuple[Scan, ...]:
        """Return the same in words; before them that the rows are read, where they are kept."""
        table, kept = self.known.frame.schema.name, self.keys if self.is_kept else None
        return described(table, self.date, self.passes, self.names, kept=kept)

    @property
    def _sizes(self) -> Sizes | None:
        """Return what says which keys may share a pass; `None` where none does."""
        if len(self.asked) == 1 or self.is_kept:
            return None
        values = dict.fromkeys(
            atom.of.name
            for atom in self.atoms
            if not atom.how.is_additive and isinstance(atom.of, FieldRef)
        )
        rows = self.known.dates(self.date).rows
        return Sizes(self.selection.sizes(self.keys), rows, self.known.sizes(tuple(values)))


_WORTH_KEEPING = 3


def _grouped(
    known: Known, reductions: Sequence[Reduction], during: Period | None, calendar: Calendar
) -> dict[str | None, _Group]:
    groups: dict[str | None, _Group] = {}
    for one in reductions:
        for measure in one.measures:
            measure.check(known.frame.schema)
        if one.date not in groups:
            selection = Selection(known, one.date, during, calendar)
            groups[one.date] = _Group(
                known=known, date=one.date, selection=selection, asked={}, names={}
            )
        groups[one.date].ask(one)
    return groups


def _there(reduction: Reduction, selection: Selection) -> Keys:
    """Return the keys that the frame has, each once, in one order for all reductions."""
    return tuple(sorted(key for key in set(reduction.keys) if selection.check_key(key)))


def reduce_known(
    known: Known,
    reductions: Sequence[Reduction],
    during: Period | None,
    calendar: Calendar,
    *,
    told: Callable[[Scan], object] | None = None,
) -> tuple[Reduced, ...]:
    """
    Return the small tables of several reductions over a frame of which something is known.

    Args:
        known: The frame.
        reductions: What to bring together by which keys.
        during: Period; `None` takes every date.
        calendar: Calendar of the keys.
        told: What is called after each scan; `None` tells nobody.
    """
    groups = _grouped(known, reductions, during, calendar)
    found = {date: _Answers(group, told) for date, group in groups.items()}
    return tuple(found[one.date].reduced(one, known) for one in reductions)


def explain_known(
    known: Known, reductions: Sequence[Reduction], during: Period | None, calendar: Calendar
) -> Plan:
    """Return how several reductions over a frame are answered."""
    groups = _grouped(known, reductions, during, calendar)
    return Plan(scans=tuple(scan for group in groups.values() for scan in group.scans))


class _Answers:
    """What the passes of a group found, by keys."""

    def __init__(self, group: _Group, told: Callable[[Scan], object] | None) -> None:
        self._selection = group.selection
        self._keys: dict[Keys, list[Key]] = {}
        self._cells: dict[Keys, dict[Atom, list[Any]]] = {}
        rows = dict.fromkeys(part.rows for parts in group.asked.values() for part in parts)
        self._undated = group.selection.counted_undated(tuple(rows))
        for keys in group.asked:
            self._keys[keys] = [] if keys else [()]
            self._cells[keys] = {}
        steps: list[Callable[[], None]] = [partial(self._take, one) for one in group.passes]
        if group.is_kept:
            steps.insert(0, partial(self._selection.keep, group.keys, group.atoms))
        for step, scan in zip(steps, group.scans, strict=True):
            step()
            if told is not None:
                told(scan)

    def _take(self, one: Pass) -> None:
        ask = {
            By.KEYS: self._selection.aggregate,
            By.DIFFERENT: self._selection.different,
            By.PAIRS: self._selection.pairs,
        }
        table = ask[one.by](one.keys, one.atoms)
        for keys, atoms in one.serves.items():
            part = table
            if keys != one.keys or atoms != one.atoms:
                part = table.rolled_up(keys, atoms)
            match one.by:
                case By.KEYS:
                    self._tell(keys, part)
                case By.DIFFERENT:
                    self._count(keys, part)
                case By.PAIRS:
                    self._list(keys, part)

    def _tell(self, keys: Keys, table: Table) -> None:
        """Keep the keys of an aggregate and its columns."""
        self._keys[keys] = self._selection.decoded(table)
        self._cells[keys] = {atom: table.column(atom) for atom in table.atoms}

    def _count(self, keys: Keys, table: Table) -> None:
        """Keep counts of different values; a key without any value is not among them."""
        found = self._selection.decoded(table)
        for atom in table.atoms:
            counts = dict(zip(found, table.column(atom), strict=True))
            self._cells[keys][atom] = [counts.get(key, 0) for key in self._keys[keys]]

    def _list(self, keys: Keys, table: Table) -> None:
        """Keep the values of each key with their counts, or how many there are."""
        values = table.rows[VALUE].to_list()
        found = self._selection.decoded(table)
        for atom in table.atoms:
            by_key: dict[Key, list[tuple[Any, int]]] = {key: [] for key in self._keys[keys]}
            for key, value, count in zip(found, values, table.column(atom), strict=True):
                if count:
                    by_key[key].append((value, count))
            lists = [by_key[key] for key in self._keys[keys]]
            is_counted = atom.how is How.DISTINCT
            self._cells[keys][atom] = list(map(len, lists)) if is_counted else lists

    def reduced(self, reduction: Reduction, known: Known) -> Reduced:
        """Return the small table of one of the reductions."""
        there = _there(reduction, self._selection)
        keys, cells = self._keys[there], self._cells[there]
        parts = [parts_of(measure, known.has_no_nulls) for measure in reduction.measures]
        entered = [_counts(cells, part.known, len(keys)) for part in parts]
        rows = [_counts(cells, part.rows, len(keys)) for part in parts]
        full = _in_full(keys, there, reduction.keys)
        order = _ascending(full)
        return Reduced(
            reduction=reduction,
            keys=tuple(_put(full, order)),
            values=tuple(
                tuple(_put(_values(cells, part, counts), order))
                for part, counts in zip(parts, entered, strict=True)
            ),
            counts=tuple(tuple(_put(counts, order)) for counts in entered),
            missing=tuple(
                tuple(_put(list(map(sub, all_rows, counts)), order))
                for all_rows, counts in zip(rows, entered, strict=True)
            ),
            undated=tuple(self._undated[part.rows] for part in parts),
        )


def _put(column: Sequence[Any], order: Sequence[int]) -> list[Any]:
    return list(map(column.__getitem__, order))


def _ascending(keys: Sequence[Key]) -> list[int]:
    """Return the places of keys in ascending order, null first."""
    if any(None in key for key in keys):
        return sorted(
            range(len(keys)),
            key=lambda place: [(one is not None, one or "") for one in keys[place]],
        )
    return sorted(range(len(keys)), key=keys.__getitem__)


def _in_full(keys: Sequence[Key], there: Keys, asked: Sequence[str]) -> Sequence[Key]:
    """Return keys as they were asked for, with null for what the frame lacks."""
    if tuple(asked) == there:
        return keys
    none: list[str | None] = [None] * len(keys)
    columns = dict(zip(there, zip(*keys, strict=True), strict=True)) if keys and there else {}
    return list(zip(*(columns.get(key, none) for key in asked), strict=True)) if keys else keys


def _counts(cells: dict[Atom, list[Any]], atom: Atom, many: int) -> list[int]:
    return cells.get(atom) or [0] * many


def _values(cells: dict[Atom, list[Any]], part: Parts, counts: list[int]) -> Sequence[Any]:
    """Return the values of a measure, finished in Python where engines differ."""
    if part.measure.aggregate is Aggregate.COUNT:
        return list(map(Decimal, counts))
    column = cells.get(part.main, [None] * len(counts))
    match part.measure.aggregate:
        case Aggregate.SUM:
            return [_ZERO if value is None else value for value in column]
        case Aggregate.VALUES:
            return [_listed(pairs or ()) for pairs in column]
        case Aggregate.DISTINCT:
            return [Decimal(count or 0) for count in column]
        case _:
            return column


_ZERO = Decimal(0)


def _listed(pairs: Iterable[tuple[Any, int]]) -> tuple[Any, ...]:
    return tuple(value for value, count in sorted(pairs) for _ in range(count))
