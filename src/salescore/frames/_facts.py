"""`FrameFacts`: what figures are made of, over dataframes of fact tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from itertools import count
from typing import Any, cast

import attrs

from salescore.errors import InvalidFrame, InvalidValue
from salescore.frames._engines import narwhals
from salescore.frames._facts_left_out import left_out_of
from salescore.frames._frame import Frame, open_frame, schema_of
from salescore.frames._names import spelled_otherwise
from salescore.frames._plan import Plan, Progress, Scan
from salescore.frames._reduce import explain_known, reduce_known
from salescore.frames._reduce_columns import columns_of, summed_columns
from salescore.frames._reduce_currency import check_currency
from salescore.frames._reduce_known import MEMORY, Known
from salescore.metrics import (
    Aggregate,
    Dimension,
    Exclusion,
    FigureDefinition,
    FigureSource,
    Measure,
    Reduced,
    Reduction,
    figures,
    slices_by_each,
)
from salescore.plain import FieldTable
from salescore.values import Calendar, Period
from salescore.values import currency as find_currency

Key = tuple[str | None, ...]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class FrameFacts:
    """
    Fact tables as dataframes, of which figures can be asked like of `Facts`.

    The tables are flat and priced: they say how things stood on one day, and not how they stood
    before. A figure of a moment as of an earlier day is undefined unless `earlier` knows it.

    Attributes:
        tables: The frames, one per fact table; a table that is not there has no rows.
        currency: Reporting currency, in which the amounts are.
        calendar: Calendar of periods.
        as_of: Last day whose facts the frames hold; `None` where that is not said. Rows of
            later days count all the same: what was known by then may be dated ahead.
        names: Names of records, by record type and id.
        earlier: What gives the facts as of an earlier day; `None` where nobody knows them.
        lack: Why nothing is known here; `None` for all but the facts of an unknown day.
        memory: Bytes of rows to keep at most.
        progress: What is told after each scan how far a question is; `None` tells nobody.
    """

    tables: tuple[Frame, ...]
    currency: str
    calendar: Calendar
    as_of: date | None
    names: tuple[tuple[str, Mapping[str, str]], ...] = ()
    earlier: Callable[[date], FrameFacts] | None = None
    lack: str | None = None
    memory: int = MEMORY
    progress: Callable[[Progress], object] | None = None

    @classmethod
    def of(
        cls,
        frames: Mapping[str, Any],
        *,
        currency: str,
        calendar: Calendar | None = None,
        as_of: date | None = None,
        labels: Mapping[str, Mapping[str, str]] | None = None,
        at: Callable[[date], FrameFacts] | None = None,
        memory: int = MEMORY,
        progress: Callable[[Progress], object] | None = None,
    ) -> FrameFacts:
        """
        Return the fact tables that dataframes are, checked in every column that is there.

        Args:
            frames: Dataframes of any engine by name of fact table, or as `Frame` where an
                application registered fields.
            currency: Reporting currency, in which the amounts are.
            calendar: Calendar of periods; by default years that begin in January.
            as_of: Last day whose facts the frames hold; `None` where that is not said.
            labels: Names of records by record type and id, such as
                `{"products": {"P1": "Lamp"}}`; an id without a name is its own label.
            at: What gives the facts as of an earlier day, for figures of a moment.
            memory: Bytes of rows to keep at most while several slices of a table are worked out.
            progress: What is told after each scan how far a question is; `None` tells nobody.

        Raises:
            UnknownName: There is no such fact table.
            UnknownCurrency: There is no such currency.
            InvalidFrame: Columns have not the types of their fields, or their names but for letter
                case, spaces and underscores.
            InvalidValue: `as_of` is no day.
            MissingExtra: The extra `frames` is not installed.
        """
        if as_of is not None and (
            isinstance(as_of, datetime) or not isinstance(cast("object", as_of), date)
        ):
            raise InvalidValue("as_of", as_of, "it must be a day")
        return cls(
            tables=tuple(_opened(name, frame) for name, frame in frames.items()),
            currency=find_currency(currency).code,
            calendar=calendar or Calendar(),
            as_of=as_of,
            names=tuple((labels or {}).items()),
            earlier=at,
            memory=memory,
            progress=progress,
        )

    def __repr__(self) -> str:
        day = "" if self.as_of is None else f", as of {self.as_of}"
        engines = ", ".join(dict.fromkeys(one.engine for one in self.tables)) or "no engine"
        return f"<FrameFacts in {self.currency}{day}: {len(self.tables)} tables on {engines}>"

    @cached_property
    def _known(self) -> dict[str, Known]:
        return {frame.schema.name: Known(frame, self.memory) for frame in self.tables}

    @cached_property
    def _labels(self) -> dict[str, Mapping[str, str]]:
        return dict(self.names)

    @cached_property
    def _priced(self) -> set[tuple[str, str]]:
        """Return the columns of money that were seen to be in the reporting currency."""
        return set()

    @property
    def last_day(self) -> date | None:
        """Return the last day whose facts the frames hold, where that is said."""
        return self.as_of

    def schema(self, table: str, /) -> FieldTable:
        """
        Return the columns of a fact table.

        Raises:
            UnknownName: There is no such fact table.
        """
        known = self._known.get(table)
        return schema_of(table) if known is None else known.frame.schema

    def at(self, day: date, /) -> FrameFacts:
        """
        Return the same facts as of a day.

        Returns:
            These facts for the day that they are of and any later one; for an earlier day what
            `earlier` gives, or facts whose figures are all undefined, with the reason.
        """
        if self.as_of is not None and day >= self.as_of:
            return self
        if self.earlier is not None:
            return self.earlier(day)
        of = "of an unknown day" if self.as_of is None else f"as of {self.as_of}"
        lack = f"the dataframes are {of}; how things stood on {day} they do not tell"
        return attrs.evolve(self, lack=lack)

    def label(self, records: str, key: str, /) -> str:
        """Return the name of a record, or its id where no name is given."""
        return self._labels.get(records, {}).get(key, key)

    def has_rows(self, table: str, column: str | None = None, /) -> bool:
        """Return whether a fact table has any row, or any row with a value in a column."""
        known = self._known.get(table)
        if known is None:
            schema_of(table)
            return False
        return known.rows > 0 if column is None else known.has_value(column)

    def reduce(
        self, reductions: Sequence[Reduction], during: Period | None, /
    ) -> tuple[Reduced, ...]:
        """
        Return the small tables of several reductions; those of one fact table share its scans.

        Raises:
            InvalidFrame: A measure reads a column that is missing, or amounts stand in another
                currency without an exchange rate.
            EngineRefused: The engine cannot answer a measure exactly.
        """
        asked = self._by_table(reductions) if self.lack is None else {}
        for known, places in asked.values():
            self._check(known, [reductions[place] for place in places])
        told = self._told(reductions, during)
        found: dict[int, Reduced] = {}
        for known, places in asked.values():
            those = [reductions[place] for place in places]
            reduced = reduce_known(known, those, during, self.calendar, told=told)
            found.update(zip(places, reduced, strict=True))
        return tuple(
            found[place] if place in found else _empty(one) for place, one in enumerate(reductions)
        )

    def _told(
        self, reductions: Sequence[Reduction], during: Period | None
    ) -> Callable[[Scan], object] | None:
        """Return what tells of each scan; the scans are counted before the first of them."""
        tell = self.progress
        if tell is None or self.lack is not None:
            return None
        planned, done = len(self._planned(reductions, during).scans), count(1)
        return lambda scan: tell(Progress(scan=scan, done=next(done), planned=planned))

    def left_out(
        self,
        requests: Sequence[Sequence[Measure]],
        by: Sequence[Dimension],
        during: Period | None,
        /,
    ) -> tuple[Mapping[Key, tuple[Exclusion, ...]], ...]:
        """Return the rows left out for an unknown value or date, by key and reason."""
        known = {} if self.lack is not None else self._known
        return left_out_of(known, requests, by, during, self.currency)

    def plan(
        self,
        names: str | FigureDefinition | Iterable[str | FigureDefinition],
        *,
        by: Iterable[str | Sequence[str]] = (),
        during: Period | None = None,
    ) -> Plan:
        """
        Return how figures, or their slices, are worked out: which scans, rolled up to what.

        Args:
            names: Names in the catalogue, or definitions.
            by: Dimensions, as `slices_by_each` takes them; none for the figures over all rows.
            during: Period; `None` takes every date.
        """
        note = _Notebook(self)
        by = tuple(by)
        if by:
            slices_by_each(names, note, by=by, during=during)
        else:
            figures(names, note, during=during)
        return self._planned(note.asked, during)

    def _planned(self, reductions: Sequence[Reduction], during: Period | None) -> Plan:
        scans: list[Scan] = []
        for known, places in self._by_table(reductions).values():
            asked = [reductions[place] for place in places]
            scans += explain_known(known, asked, during, self.calendar).scans
        return Plan(scans=tuple(scans))

    def _by_table(self, reductions: Sequence[Reduction]) -> dict[str, tuple[Known, list[int]]]:
        """Return the tables that are there, with the places of what is asked of each."""
        found: dict[str, tuple[Known, list[int]]] = {}
        for place, one in enumerate(reductions):
            if one.table in self._known:
                found.setdefault(one.table, (self._known[one.table], []))[1].append(place)
        return found

    def _check(self, known: Known, asked: Sequence[Reduction]) -> None:
        """Refuse columns that are missing, and amounts that are in no one currency."""
        frame = known.frame
        there = {column.name for column in frame.columns} | frame.absent
        missing = [name for name in columns_of(asked) if name in frame.schema and name not in there]
        if missing:
            faults = tuple(f"column {name!r} is missing" for name in missing)
            raise InvalidFrame(frame.schema.name, faults)
        names = summed_columns(asked)
        new = [name for name in names if (frame.schema.name, name) not in self._priced]
        check_currency(known, new, self.currency)
        self._priced.update((frame.schema.name, name) for name in new)


def _opened(name: str, native: Any) -> Frame:  # noqa: ANN401 - any dataframe
    schema = schema_of(name)
    if isinstance(native, Frame):
        if native.schema.name != name:
            raise InvalidValue("frames", name, f"the frame is of {native.schema.name}")
        return open_frame(native, schema, absent_as_null=True)
    there = tuple(narwhals().from_native(native).collect_schema().names())
    known = {*there, *spelled_otherwise(schema.names, there)}
    # A table may lack what no figure asked for reads, even an id.
    columns = [field.name for field in schema.fields if field.nullable or field.name in known]
    return open_frame(native, schema, columns=columns, absent_as_null=True)


def _empty(reduction: Reduction) -> Reduced:
    """Return the small table of no rows."""
    groups = 0 if reduction.keys else 1
    none = {Aggregate.VALUES: (), Aggregate.MIN: None, Aggregate.MAX: None}
    return Reduced(
        reduction=reduction,
        keys=((),) * groups,
        values=tuple((none.get(one.aggregate, Decimal(0)),) * groups for one in reduction.measures),
        counts=((0,) * groups,) * len(reduction.measures),
        missing=((0,) * groups,) * len(reduction.measures),
        undated=(0,) * len(reduction.measures),
    )


class _Notebook:
    """A source that only notes what it is asked to reduce."""

    def __init__(self, facts: FrameFacts) -> None:
        self._facts = facts
        self.asked: list[Reduction] = []
        self.currency, self.calendar = facts.currency, facts.calendar
        self.as_of, self.last_day, self.lack = facts.as_of, facts.last_day, None
        self.schema, self.label, self.has_rows = facts.schema, facts.label, facts.has_rows

    def at(self, _day: date, /) -> FigureSource:
        return self

    def reduce(
        self, reductions: Sequence[Reduction], _during: Period | None, /
    ) -> tuple[Reduced, ...]:
        self.asked += reductions
        return tuple(map(_empty, reductions))

    def left_out(
        self,
        requests: Sequence[Sequence[Measure]],
        _by: Sequence[Dimension],
        _during: Period | None,
        /,
    ) -> tuple[Mapping[Key, tuple[Exclusion, ...]], ...]:
        return tuple({} for _ in requests)
