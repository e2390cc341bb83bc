"""Frames: dataframes of any engine whose columns are checked against their fact table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import Any

import attrs

from salescore.book import FACT_TABLES
from salescore.errors import InvalidFrame, UnknownName
from salescore.frames._arrow_columns import pandas_column, plain_column
from salescore.frames._columns import Column, column_of, faulty_values, value_fault
from salescore.frames._digits import Digits, Span
from salescore.frames._engines import ARROW, engine_fault, narwhals
from salescore.frames._names import missing, spelled_otherwise
from salescore.frames._write_columns import arrow
from salescore.plain import Field, FieldTable

Native = Any
"""A dataframe of any engine; they have no type in common."""

_FOLDING = ("duckdb", "spark")
_NULL_TYPES = ("null", "void")
_ROWS = "rows without a column"


@attrs.frozen(kw_only=True, eq=False)
class Frame:
    """
    A dataframe whose columns have been checked.

    Attributes:
        schema: The fact table that its rows are of.
        native: The dataframe as it was given.
        nw: The same as Narwhals sees it, eager or lazy, with texts as strings and instants in
            UTC; a frame of PyArrow or pandas as an Arrow table of the checked columns.
        engine: Who works on it: "polars", "duckdb", "pyarrow", "pandas", "spark" or what Narwhals
            calls any other.
        columns: The checked columns, those of the schema that are there.
        absent: Names of the columns of the schema that are not there, and so read as null.
        is_raw: Whether `nw` is the dataframe as it was given, so that each column is still to be
            put into its normal form where it is read.
        given: Names of all columns of the dataframe.
        lacking: Those of `absent` that may not be read, for the dataframe has no column of that
            name and nobody said that it is unknown.
    """

    schema: FieldTable
    native: Native
    nw: Any
    engine: str
    columns: tuple[Column, ...]
    absent: frozenset[str]
    is_raw: bool = False
    given: tuple[str, ...] = ()
    lacking: frozenset[str] = frozenset()

    @cached_property
    def _by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    @cached_property
    def unchosen(self) -> FieldTable:
        """Return the fact table without choices: parts of a pruned rule may hold any text."""
        fields = (attrs.evolve(field, choices=()) for field in self.schema.fields)
        return attrs.evolve(self.schema, fields=tuple(fields))

    @cached_property
    def _measured(self) -> dict[str, Span]:
        return {}

    @cached_property
    def digits(self) -> Mapping[str, Digits]:
        """Return the digits that the types of its columns of numbers allow, by name."""
        found = {one.name: one.digits for one in self.columns if one.digits is not None}
        return MappingProxyType(found)

    @property
    def raw(self) -> Frame:
        """Return the frame for work on all columns as they were given."""
        given = narwhals().from_native(self.native)
        return attrs.evolve(self, nw=given, is_raw=True)

    def column(self, name: str) -> Column | None:
        """
        Return a column; `None` where the frame has none and each of its values is unknown.

        Raises:
            UnknownName: The schema has no such field.
            InvalidFrame: The frame lacks it, or was opened for other columns.
        """
        self.check_there((name,))
        return self.optional(name)

    def optional(self, name: str) -> Column | None:
        """
        Return a column that need not be there; `None` where the frame lacks it.

        Raises:
            UnknownName: The schema has no such field.
            InvalidFrame: The frame was opened for other columns.
        """
        if name in self._by_name:
            return self._by_name[name]
        if name in self.absent:
            return None
        self.schema.field(name)
        fault = f"column {name!r} was not checked; open the frame for it too"
        raise InvalidFrame(self.schema.name, (fault,))

    def check_there(self, names: Iterable[str]) -> None:
        """
        Refuse to read columns that are not there.

        Raises:
            InvalidFrame: Every one that the frame lacks, with what it may be called there.
        """
        if not self.lacking:
            return
        faults = tuple(
            f"{missing(name, self.given)}; absent_as_null=True reads it as unknown"
            for name in dict.fromkeys(names)
            if name in self.lacking
        )
        if faults:
            raise InvalidFrame(self.schema.name, faults)

    def span(self, name: str) -> Span:
        """Return the range of a column of numbers: as measured, else as its type allows."""
        if name in self._measured:
            return self._measured[name]
        span = self._by_name[name].span
        assert span is not None  # noqa: S101 - only numbers are asked for
        return span

    def measure(self, names: Iterable[str]) -> bool:
        """
        Look up the least and greatest number of columns, in one query; each is asked for once.

        Args:
            names: Columns of numbers.

        Returns:
            Whether any of them had not been asked for before.
        """
        new = [name for name in dict.fromkeys(names) if name not in self._measured]
        if not new:
            return False
        col = narwhals().col
        found = self.nw.select(
            *(col(name).min().alias(f"low {place}") for place, name in enumerate(new)),
            *(col(name).max().alias(f"high {place}") for place, name in enumerate(new)),
        )
        row = single_row(found)
        for name, low, high in zip(new, row[: len(new)], row[len(new) :], strict=True):
            self._measured[name] = self._by_name[name].between(low, high)
        return True


def open_frame(
    native: Native,
    schema: FieldTable | str,
    *,
    columns: Iterable[str] | None = None,
    absent_as_null: bool = False,
) -> Frame:
    """
    Check a dataframe against a fact table.

    Polars, DuckDB, PyArrow, pandas and Spark are held to Python rows by tests. Ibis and other
    engines that Narwhals knows are taken in the most careful way, every number cast to its proven
    type, but nobody has tried them: run the differential test of `salescore.testing` first. Modin,
    cuDF and Dask are refused, for columns of theirs may take a comparison with null for false.

    Args:
        native: A dataframe, lazy frame, relation or table of one of them; a `Frame` comes back as
            it is.
        schema: The fact table, or its name.
        columns: Names of the fields that will be read; `None` for all that are there. Columns
            beyond them are left alone.
        absent_as_null: Whether a column that may be unknown and is not there reads as null; else
            only what does not read it is answered.

    Returns:
        The frame.

    Raises:
        InvalidFrame: Everything that is wrong with its columns, and each column whose name is that
            of an absent field but for letter case, spaces and underscores.
        UnknownName: No such fact table, or a name that it does not have.
        MissingExtra: The extra `frames` is not installed.
    """
    if isinstance(native, Frame):
        return attrs.evolve(native, lacking=frozenset()) if absent_as_null else native
    table = schema_of(schema)
    names = table.names if columns is None else tuple(dict.fromkeys(columns))
    wanted = [table.field(name) for name in names]
    frame, engine = _recognised(native, table)
    given = tuple(names_of(frame))
    found, faults = _present(frame, engine, wanted, given)
    lacking = frozenset(names) - found
    if engine in ARROW:
        there = [field for field in wanted if field.name in found]
        frame, more = _plain_table(frame, engine, there)
        faults += more
        found = set(frame.columns)
    checked, more = _columns(frame, engine, [field for field in wanted if field.name in found])
    faults += more or _value_faults(frame, checked)
    if faults:
        raise InvalidFrame(table.name, tuple(faults))
    present = {column.name for column in checked}
    return Frame(
        schema=table,
        native=native,
        nw=_normal(frame, checked),
        engine=engine,
        columns=tuple(checked),
        absent=frozenset(names) - present,
        given=given,
        lacking=frozenset() if absent_as_null else lacking,
    )


def schema_of(schema: FieldTable | str) -> FieldTable:
    """
    Return a fact table by its name.

    Raises:
        UnknownName: There is no such fact table.
    """
    if isinstance(schema, FieldTable):
        return schema
    for table in FACT_TABLES:
        if table.name == schema:
            return table
    raise UnknownName("fact table", schema, tuple(table.name for table in FACT_TABLES))


def names_of(frame: Any) -> list[str]:  # noqa: ANN401 - what Narwhals wraps
    """Return the names of all columns, whatever their types."""
    return list(frame.collect_schema().names() if hasattr(frame, "collect") else frame.columns)


def single_row(frame: Any) -> tuple[Any, ...]:  # noqa: ANN401 - what Narwhals wraps
    """Return the one row that a question to all rows of a frame has for an answer."""
    if not hasattr(frame, "collect"):
        return tuple(frame.row(0))
    # Polars holds no more of a file in memory than it must only when it is told so.
    is_polars = frame.implementation.is_polars()
    found = frame.collect(engine="streaming") if is_polars else frame.collect()
    return tuple(found.row(0))


def _recognised(native: Native, table: FieldTable) -> tuple[Any, str]:
    """Return a dataframe as Narwhals sees it, and the name of its engine."""
    nw = narwhals()
    try:
        frame = nw.from_native(native)
    except nw.exceptions.DuplicateError:
        names = getattr(native, "column_names", getattr(native, "columns", ()))
        raise InvalidFrame(table.name, _twice(Counter(names))) from None
    except TypeError:
        fault = f"a {type(native).__name__} is no dataframe; hand in one of Polars, DuckDB, PyArrow"
        raise InvalidFrame(table.name, (f"{fault}, pandas or Spark",)) from None
    name = str(frame.implementation.name.lower())
    refusal = engine_fault(name)
    if refusal is not None:  # pragma: no cover - none of these engines is tried
        raise InvalidFrame(table.name, (refusal,))
    return frame, "spark" if name.startswith("pyspark") else name


def _twice(names: Counter[Any]) -> tuple[str, ...]:
    return tuple(
        f"column {name!r} stands there twice" for name, count in names.items() if count > 1
    )


def _present(
    frame: Any,  # noqa: ANN401 - what Narwhals wraps
    engine: str,
    wanted: Sequence[Field],
    given: Sequence[str],
) -> tuple[set[str], list[str]]:
    """Return which of the wanted columns are there, and what is wrong with their names."""
    found = {field.name for field in wanted} & set(given)
    others = spelled_otherwise((field.name for field in wanted), given)
    faults = [
        missing(field.name, given)
        for field in wanted
        if field.name in others or (field.name not in found and not field.nullable)
    ]
    if engine in _FOLDING:
        # To these engines 'A' and 'a' are one name; DuckDB names a second 'a' on its own.
        folded = Counter(name.casefold() for name in narwhals().to_native(frame).columns)
        faults += _twice(Counter({name: folded[name.casefold()] for name in sorted(found)}))
    return found, faults


def _plain_table(frame: Any, engine: str, wanted: Sequence[Field]) -> tuple[Any, list[str]]:  # noqa: ANN401
    """Return the columns of an Arrow table or pandas frame in plain types, and their faults."""
    nw, pa = narwhals(), arrow()
    native = nw.to_native(frame)
    made: dict[str, Any] = {}
    faults: list[str] = []
    for field in wanted:
        column = native[field.name]
        if engine == "pandas":
            column = pandas_column(field, column)
        if not isinstance(column, str):
            column = plain_column(field, column)
        if isinstance(column, str):
            faults.append(column)
        elif column is not None:
            made[field.name] = column
    if not made:
        # A table without columns would not know how many rows it has.
        made[_ROWS] = pa.nulls(len(native))
    return nw.from_native(pa.table(made)), faults


def _type_name(frame: Any, engine: str, name: str) -> str:  # noqa: ANN401 - what Narwhals wraps
    """Return what an engine calls the type of a column that Narwhals has no name for."""
    native = narwhals().to_native(frame)
    match engine:
        case "polars":
            return str(native.collect_schema()[name])
        case "duckdb":
            return str(native.types[native.columns.index(name)])
        case "spark":
            return str(native.schema[name].dataType.simpleString())
        case _:
            return "a type unknown here"


def _columns(
    frame: Any,  # noqa: ANN401 - what Narwhals wraps
    engine: str,
    wanted: Sequence[Field],
) -> tuple[list[Column], list[str]]:
    """Return the columns whose types fit, and what is wrong with the others."""
    unknown = narwhals().Unknown
    types = dict(frame.collect_schema().items())
    checked: list[Column] = []
    faults: list[str] = []
    for field in wanted:
        dtype = types[field.name]
        if dtype == unknown:
            dtype = _type_name(frame, engine, field.name)
            if dtype.strip('"').lower() in _NULL_TYPES:
                continue
        column = column_of(field, dtype, engine)
        if isinstance(column, str):
            faults.append(column)
        else:
            checked.append(column)
    return checked, faults


def _value_faults(frame: Any, checked: Sequence[Column]) -> list[str]:  # noqa: ANN401
    """Return what is wrong with columns whose types alone do not tell, in one query."""
    doubtful = [(column, faulty_values(column)) for column in checked]
    doubtful = [(column, test) for column, test in doubtful if test is not None]
    if not doubtful:
        return []
    tests = [test.any().alias(column.name) for column, test in doubtful]
    row = single_row(frame.select(*tests))
    return [
        value_fault(one) for (one, _), is_faulty in zip(doubtful, row, strict=True) if is_faulty
    ]


def _normal(frame: Any, checked: Sequence[Column]) -> Any:  # noqa: ANN401 - what Narwhals wraps
    changes = [column.normal.alias(column.name) for column in checked if column.normal is not None]
    return frame.with_columns(*changes) if changes else frame
