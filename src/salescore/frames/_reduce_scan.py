"""Scans: one aggregate over the rows of a period, and its roll-up to fewer keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import attrs

from salescore.errors import EngineRefused
from salescore.frames._calendar import UnitTable, with_unit
from salescore.frames._engines import narwhals
from salescore.frames._reduce_atoms import PREFIX, Atom, Columns, How, aggregated, rolled_up
from salescore.frames._reduce_known import Known, coded, collected, one_by_one
from salescore.rules import Expression, RuleType
from salescore.values import Calendar, CalendarUnit, Period

VALUE = f"{PREFIX}value"
"""Column of the values of pairs."""

_KEEPING = ("polars", "pyarrow", "pandas")
"""Engines whose rows are worth keeping; DuckDB groups faster than it hands rows over as Arrow."""

_KEY_BYTES, _VALUE_BYTES = 8, 16
_UNITS = frozenset(unit.value for unit in CalendarUnit) - {CalendarUnit.DAY.value}


def is_unit(key: str) -> bool:
    """Return whether a key is a unit of the calendar."""
    return key in _UNITS


def key_column(key: str) -> str:
    """Return what the column of a key is called in an aggregate."""
    return f"{PREFIX}key_{key}"


@attrs.frozen(kw_only=True, eq=False)
class Table:
    """
    An aggregate in memory.

    Attributes:
        keys: Its keys.
        atoms: Its columns, named by their places; in a table of pairs how many rows each counts.
        rows: The table, as Narwhals sees it.
    """

    keys: tuple[str, ...]
    atoms: tuple[Atom, ...]
    rows: Any

    def rolled_up(self, keys: Sequence[str], atoms: Sequence[Atom]) -> Table:
        """Return the aggregate by fewer keys; a table of pairs keeps its values."""
        places = {atom: place for place, atom in enumerate(self.atoms)}
        columns = [_name(places[atom]) for atom in atoms]
        by = [key_column(key) for key in keys]
        by += [VALUE] if self.is_of_pairs else []
        sums = [
            rolled_up(column, atom.how).alias(_name(place))
            for place, (column, atom) in enumerate(zip(columns, atoms, strict=True))
        ]
        rows = self.rows.group_by(*by).agg(*sums) if by else self.rows.select(*sums)
        return Table(keys=tuple(keys), atoms=tuple(atoms), rows=rows)

    @property
    def is_of_pairs(self) -> bool:
        """Return whether its rows are groups and values."""
        return VALUE in self.rows.columns

    def column(self, atom: Atom) -> list[Any]:
        """Return the values of an atom."""
        found: list[Any] = self.rows[_name(self.atoms.index(atom))].to_list()
        return found


def _name(place: int) -> str:
    return f"{PREFIX}{place}"


class Selection:
    """The rows of a frame that fall in a period, by their date column."""

    def __init__(
        self, known: Known, date: str | None, during: Period | None, calendar: Calendar
    ) -> None:
        """Keep what says which rows; nothing is asked yet."""
        self._known, self._frame = known, known.frame
        self._date, self._during, self._calendar = date, during, calendar
        self._units: dict[str, UnitTable] = {}
        self._columns = Columns(known.frame, lambda: known.rows)
        self._names: dict[tuple[Expression | None, Expression | None], str] = {}
        self._kept: Any = None
        self._full: set[str] = set()
        self._texts: dict[str, list[str | None]] = {}

    @cached_property
    def undated(self) -> int:
        """Return how many rows no date places."""
        return 0 if self._date is None else self._known.dates(self._date).undated

    @cached_property
    def is_empty(self) -> bool:
        """Return whether no row can be in it."""
        if self._date is None:
            return False
        dates, during = self._known.dates(self._date), self._during
        if dates.first is None or dates.last is None:
            return True
        return during is not None and not (
            dates.first <= during.last_day and during.start <= dates.last
        )

    @cached_property
    def _rows(self) -> Any:  # noqa: ANN401 - what Narwhals wraps
        """Return the rows, filtered only where any of them falls out."""
        rows, nw = self._known.lazy, narwhals()
        if self._date is None:
            return rows
        day, dates = nw.col(self._date), self._known.dates(self._date)
        conditions: list[Any] = []
        if self._during is not None and dates.first is not None and dates.last is not None:
            if dates.first < self._during.start:
                conditions.append(day >= self._during.start)
            if dates.last > self._during.last_day:
                conditions.append(day <= self._during.last_day)
        if not conditions and dates.undated:
            conditions.append(~day.is_null())
        return rows.filter(*conditions) if conditions else rows

    def unit(self, key: str) -> UnitTable:
        """Return the units that the dates lie in."""
        if key not in self._units:
            assert self._date is not None  # noqa: S101 - a reduction by units has a date
            days = self._known.dates(self._date).days(self._during)
            if days is None:
                days = one_by_one(self._rows, self._date)
            self._units[key] = UnitTable.of(CalendarUnit(key), self._calendar, days)
        return self._units[key]

    def sizes(self, keys: Iterable[str]) -> dict[str, int]:
        """Return how many different values each key has at most."""
        keys = tuple(keys)
        found = self._known.sizes([key for key in keys if not is_unit(key)])
        return found | {key: len(self.unit(key).keys) + 1 for key in keys if is_unit(key)}

    def fits(self, keys: Sequence[str], atoms: Sequence[Atom]) -> bool:
        """Return whether what keys and atoms read can be kept in memory, and by this engine."""
        if self._frame.engine not in _KEEPING:
            return False
        width = _KEY_BYTES * len(keys) + _VALUE_BYTES * len({atom.value for atom in atoms})
        most = self._known.memory // max(width, 1)
        if self._known.dates(self._date).rows <= most:
            return True
        found = collected(self._rows.select(narwhals().len().alias(_name(0))))
        return int(found.rows()[0][0]) <= most

    def keep(self, keys: Sequence[str], atoms: Sequence[Atom]) -> None:
        """Read all that keys and atoms need in one scan, and keep it with texts as codes."""
        nw = narwhals()
        kept = self._read(keys, atoms)
        texts = [name for name, dtype in kept.collect_schema().items() if dtype == nw.String]
        if self._frame.engine == "polars":
            kept = collected(kept.with_columns(nw.col(*texts).cast(nw.Categorical)))
        else:
            kept = collected(kept)
            for name in texts:
                kept, self._texts[name] = coded(kept, name)
        self._full = {name for name in kept.columns if kept[name].null_count() == 0}
        self._kept = kept.lazy() if self._frame.engine == "polars" else kept

    def aggregate(self, keys: Sequence[str], atoms: Sequence[Atom]) -> Table:
        """Return sums and counts by keys, in one scan."""
        nw = narwhals()
        rows = self._read(keys, atoms)
        sums = [
            nw.len().alias(_name(place))
            if self._is_length(atom)
            else aggregated(self._names[atom.value], atom.how, _name(place))
            for place, atom in enumerate(atoms)
        ]
        by = [key_column(key) for key in keys]
        found = collected(rows.group_by(*by).agg(*sums) if by else rows.select(*sums))
        return self._table(keys, atoms, found)

    def different(self, keys: Sequence[str], atoms: Sequence[Atom]) -> Table:
        """Return how many different values atoms of one expression have by keys, in one scan."""
        nw = narwhals()
        names = [_name(place) for place in range(len(atoms))]
        by = [key_column(key) for key in keys]
        pairs = self._paired(keys, atoms)
        ones = [nw.when(nw.col(name) > 0).then(nw.lit(1)).alias(name) for name in names]
        pairs = pairs.with_columns(*ones)
        counts = [nw.col(name).count() for name in names]
        found = collected(pairs.group_by(*by).agg(*counts) if by else pairs.select(*counts))
        return self._table(keys, atoms, found)

    def pairs(self, keys: Sequence[str], atoms: Sequence[Atom]) -> Table:
        """Return the different values of one expression by keys, with what each atom counts."""
        return self._table(keys, atoms, collected(self._paired(keys, atoms)))

    def _paired(self, keys: Sequence[str], atoms: Sequence[Atom]) -> Any:  # noqa: ANN401
        """Return rows grouped by keys and values."""
        nw = narwhals()
        base = atoms[0].unruled
        rows = self._read(keys, [*atoms, base])
        by = [key_column(key) for key in keys]
        value = self._names[base.value]
        counted = dict.fromkeys(self._names[atom.value] for atom in atoms)
        rows = rows.select(
            *by,
            nw.col(value).alias(VALUE),
            *(nw.col(name) for name in counted if name != value),
        )
        rows = rows.filter(~nw.col(VALUE).is_null()).group_by(*by, VALUE)
        return rows.agg(
            *(
                nw.len().alias(_name(place))
                if atom.where is None
                else nw.col(self._names[atom.value]).count().alias(_name(place))
                for place, atom in enumerate(atoms)
            )
        )

    def _table(self, keys: Sequence[str], atoms: Sequence[Atom], found: Any) -> Table:  # noqa: ANN401
        nw = narwhals()
        sums = (How.SUM, How.MIN, How.MAX)
        counts = [
            nw.col(_name(place)).cast(nw.Int64)
            for place, atom in enumerate(atoms)
            if atom.how not in sums
        ]
        found = found.with_columns(*counts) if counts else found
        return Table(keys=tuple(keys), atoms=tuple(atoms), rows=found)

    def _is_length(self, atom: Atom) -> bool:
        """Return whether an atom counts all rows of a group."""
        if atom.of is None and atom.where is None:
            return True
        return atom.how in (How.ROWS, How.KNOWN) and self._names[atom.value] in self._full

    def counted_undated(self, atoms: Sequence[Atom]) -> dict[Atom, int]:
        """Return how many rows without a date each atom of rows counts."""
        if not self.undated:
            return dict.fromkeys(atoms, 0)
        nw, date = narwhals(), str(self._date)
        rows = self._known.lazy
        if self._frame.column(date) is not None:
            rows = rows.filter(nw.col(date).is_null())
        ruled = [atom for atom in atoms if atom.where is not None]
        names = {atom: f"{PREFIX}of_{place}" for place, atom in enumerate(ruled)}
        found = dict.fromkeys(atoms, self.undated)
        if ruled:
            rows = rows.with_columns(
                *(self._columns.expr(atom).alias(name) for atom, name in names.items())
            ).select(*(nw.col(name).count() for name in names.values()))
            found.update(zip(ruled, map(int, collected(rows).rows()[0]), strict=True))
        return found

    def _read(self, keys: Sequence[str], atoms: Sequence[Atom]) -> Any:  # noqa: ANN401
        """Return the rows with the columns of keys and atoms, and no other unless they are kept."""
        if self._kept is not None:
            return self._kept
        rows, nw = self._rows, narwhals()
        exprs: dict[str, Any] = {}
        for key in keys:
            if is_unit(key):
                rows = with_unit(
                    rows, self._frame.engine, str(self._date), self.unit(key), key_column(key)
                )
            else:
                exprs[key_column(key)] = nw.col(key)
        read = [atom for atom in atoms if atom.of is not None or atom.where is not None]
        # The columns of sums come last, since these are proven to fit.
        for atom in sorted(read, key=lambda atom: atom.how is How.SUM):
            name = self._names.setdefault(atom.value, f"{PREFIX}of_{len(self._names)}")
            exprs[name] = self._columns.expr(atom)
        names = dict.fromkeys([*(key_column(key) for key in keys), *exprs])
        if not names:
            return rows
        made = [expr.alias(name) for name, expr in exprs.items()]
        return (rows.with_columns(*made) if made else rows).select(*names)

    def check_key(self, key: str) -> bool:
        """
        Return whether a key is there; one that the frame lacks is null in every row.

        Raises:
            UnknownName: The fact table has no such column, or the calendar no such unit.
            EngineRefused: Its values have no one text on every engine.
        """
        if is_unit(key):
            self._calendar.keys((), CalendarUnit(key))
            return True
        column = self._frame.column(key)
        if column is not None and column.type in (RuleType.NUMBER, RuleType.TAGS):
            fault = f"a key is a text, date, instant or truth value, not {column.type.value}"
            raise EngineRefused(self._frame.engine, f"by {key}", fault)
        return column is not None

    def decoded(self, table: Table) -> list[tuple[str | None, ...]]:
        """Return the keys of the rows of a table, as text."""
        columns = [self._key_texts(table, key) for key in table.keys]
        return list(zip(*columns, strict=True)) if columns else [()] * len(table.rows)

    def _key_texts(self, table: Table, key: str) -> list[str | None]:
        values: list[Any] = table.rows[key_column(key)].to_list()
        texts = self._texts.get(key_column(key))
        if texts is not None:
            return [None if code is None else texts[code] for code in values]
        if is_unit(key):
            return list(map(self.unit(key).key, values))
        column = self._frame.column(key)
        if column is not None and column.type is RuleType.TEXT:
            return values
        return list(map(key_text, values))


def key_text(value: object) -> str | None:
    """Return the key for a value, as `metrics` writes it."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value.astimezone(UTC) if isinstance(value, datetime) else value)
