"""Tables between two steps of grading: worked out once, looked into, and handed back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, cast

from salescore.errors import EngineRefused
from salescore.frames._digits import MOST_DIGITS, Digits
from salescore.frames._engines import narwhals
from salescore.frames._write_columns import arrow
from salescore.values import EXACT

Table = Any
"""A dataframe as Narwhals sees it, eager or lazy."""

_ROWS_BEYOND_DOUBT = 12
"""Digits of a number of rows that no engine will ever see."""

_KEEP = ("materialize", "localCheckpoint")
"""What DuckDB and Spark call it to work a query out and keep its rows."""

_SMALL = 20
"""Digits of numbers in a table of a few rows."""


def is_lazy(table: Table) -> bool:
    """Return whether a table is a query still to be run."""
    return hasattr(table, "collect")


def is_at_hand(table: Table) -> bool:
    """Return whether a column of a table can be had in memory for what a query costs anyway."""
    return not is_lazy(table) or engine_name(table) == "polars"


def engine_name(table: Table) -> str:
    """Return what Narwhals calls the engine of a table, in lower case."""
    return cast("str", table.implementation.name.lower())


def is_kept(table: Table) -> bool:
    """Return whether what `settled` gave is worked out, and no query still to be run."""
    return is_at_hand(table) or any(hasattr(table.to_native(), one) for one in _KEEP)


def settled(table: Table) -> Table:
    """
    Return a table that is looked into several times, worked out once where an engine keeps it.

    DuckDB keeps it in memory, Spark on its executors until nobody refers to it any more.
    """
    if not is_lazy(table):
        return table
    if engine_name(table) == "polars":
        return table.collect().lazy()
    native = table.to_native()
    for name in _KEEP:
        if hasattr(native, name):
            return narwhals().from_native(getattr(native, name)())
    return table


def deferred(table: Table) -> Table:
    """Return a table of Polars as a query, so that what is asked of it runs in one go."""
    return table.lazy() if engine_name(table) == "polars" and not is_lazy(table) else table


def like_given(table: Table, given: Table) -> Table:
    """Return what was made of a deferred table as eager as the table was given."""
    return in_memory(table) if not is_lazy(given) else table


def in_memory(table: Table) -> Table:
    """Return a table that is small, or at hand, as an eager one."""
    return table.collect() if is_lazy(table) else table


def rows_of(table: Table) -> list[dict[str, Any]]:
    """Return the rows of a small table."""
    return cast("list[dict[str, Any]]", in_memory(table).rows(named=True))


def row_of(table: Table, *asked: Any) -> dict[str, Any]:  # noqa: ANN401 - expressions
    """Return the one row of what is asked of a whole table."""
    return rows_of(table.select(*asked))[0]


def given_back(table: Table, engine: str) -> Any:  # noqa: ANN401 - a dataframe of any engine
    """Return a table as the kind of dataframe that the caller works with."""
    native = table.to_native()
    if engine != "pandas":
        return native
    import pandas as pd  # noqa: PLC0415 - only who hands in a pandas frame has it

    return native.to_pandas(types_mapper=pd.ArrowDtype)


def values_at(table: Table, column: str, places: Iterable[int]) -> dict[int, Any]:
    """
    Return what stands at some places of a column once it is sorted.

    Args:
        table: The table.
        column: A column without nulls.
        places: Places in ascending order of values, counted from 0.
    """
    wanted = sorted(set(places))
    if not wanted:
        return {}
    if is_at_hand(table):
        series = in_memory(table.select(column))[column].sort()
        return {place: series[place] for place in wanted}
    nw = narwhals()
    place = nw.col(column).cum_count().over(order_by=column).cast(nw.Int64).alias("place")
    asked = table.select(column, place).filter(nw.col("place").is_in([one + 1 for one in wanted]))
    return {int(row["place"]) - 1: row[column] for row in rows_of(asked)}


def ranks_of(table: Table, column: str, values: Iterable[Any]) -> dict[Any, tuple[int, int]]:
    """Return for some values how many of a column lie below them, and how many not above."""
    nw = narwhals()
    wanted = list(dict.fromkeys(values))
    if not wanted:
        return {}
    of = nw.col(column)
    asked = [
        test.cast(nw.Int64).sum().alias(f"{sign} {place}")
        for place, value in enumerate(wanted)
        for sign, test in (("below", of < nw.lit(value)), ("not above", of <= nw.lit(value)))
    ]
    row = row_of(table, *asked)
    return {
        value: (int(row[f"below {place}"]), int(row[f"not above {place}"]))
        for place, value in enumerate(wanted)
    }


def check_sums(table: Table, column: str, digits: Digits, engine: str, question: str) -> None:
    """
    Refuse sums of a column that might need more digits than a decimal has.

    Args:
        table: The table.
        column: What is summed, all of it or in parts.
        digits: Digits of its type.
        engine: Who sums, for the error.
        question: What is summed, for the error.

    Raises:
        EngineRefused: The largest number times the rows has more than 38 digits.
    """
    if digits.before + digits.behind + _ROWS_BEYOND_DOUBT <= MOST_DIGITS:
        return
    nw = narwhals()
    of = nw.col(column)
    row = row_of(table, of.min().alias("low"), of.max().alias("high"), nw.len().alias("n"))
    ends = [Decimal(row[end]).copy_abs() for end in ("low", "high") if row[end] is not None]
    most = EXACT.multiply(max(ends, default=Decimal(0)), Decimal(int(row["n"])))
    if Digits.of(most).before + digits.behind > MOST_DIGITS:
        fault = f"a sum over {row['n']:,} rows may need more than {MOST_DIGITS} digits"
        raise EngineRefused(engine, question, fault)


def small_table(
    like: Table, columns: Mapping[str, Sequence[date | Decimal]], *, behind: int
) -> Table:
    """
    Return a few rows as a table that can be joined to another.

    Args:
        like: The other table, whose engine takes the rows.
        columns: Days, or numbers, by column; at least one row.
        behind: Digits behind the point of numbers, which have at most 20 in all.
    """
    nw = narwhals()
    kind = f"DECIMAL({_SMALL}, {behind})"
    kinds = [kind if isinstance(one[0], Decimal) else "DATE" for one in columns.values()]
    name = engine_name(like)
    if name == "duckdb":
        rows = ", ".join(
            "(" + ", ".join(map("CAST('{}' AS {})".format, row, kinds)) + ")"
            for row in zip(*columns.values(), strict=True)
        )
        # Days and numbers of our own, which need no quoting.
        query = f"SELECT * FROM (VALUES {rows}) AS given({', '.join(columns)})"  # noqa: S608
        return nw.from_native(like.to_native().query("given_rows", query))
    pa = arrow()
    types = [pa.decimal128(_SMALL, behind) if one == kind else pa.date32() for one in kinds]
    arrays = [pa.array(one, of) for one, of in zip(columns.values(), types, strict=True)]
    table = pa.table(dict(zip(columns, arrays, strict=True)))
    if name.startswith("pyspark"):
        return nw.from_native(like.to_native().sparkSession.createDataFrame(table))
    made = nw.from_arrow(table, backend=like.implementation)
    return made.lazy() if is_lazy(like) else made
