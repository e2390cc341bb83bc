"""Frames of customers and of grades on record, on every engine, for the tests of grading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import duckdb
import narwhals.stable.v2 as nw

from salescore.book import FACT_TABLES, Facts
from salescore.entities import GradeInterval, record_table
from salescore.frames import fact_frames, native_frame
from salescore.plain import FieldTable

ENGINES = ("polars", "polars-lazy", "duckdb", "pyarrow", "pandas")
"""Engines that need no session of their own."""


def session_of(engine: str) -> Any:  # noqa: ANN401 - a connection, or nothing
    """Return what frames of one test share, so that they can be joined."""
    return duckdb.connect() if engine == "duckdb" else None


def rows_of(native: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - any dataframe
    """Return the rows of a dataframe, with null as `None`."""
    frame = nw.from_native(native)
    eager = frame.collect("pyarrow") if hasattr(frame, "collect") else frame
    return eager.to_arrow().to_pylist()


def by_key(native: Any, key: str = "customer_id") -> dict[str, dict[str, Any]]:  # noqa: ANN401
    """Return the rows of a dataframe by customer; each stands once."""
    rows = rows_of(native)
    found = {row[key]: row for row in rows}
    assert len(found) == len(rows)
    return found


def frame_of(
    schema: FieldTable, rows: Sequence[Mapping[str, Any]], engine: str, session: object
) -> Any:  # noqa: ANN401 - any dataframe
    """Return rows as a dataframe of an engine."""
    columns = {name: [row.get(name) for row in rows] for name in schema.names}
    return native_frame(schema, columns, engine, session=session)


def history_frame(intervals: Iterable[GradeInterval], engine: str, session: object) -> Any:  # noqa: ANN401 - any dataframe
    """Return grades on record as a dataframe of an engine."""
    schema = record_table("grade_intervals")
    kept = list(intervals)
    columns = {name: [getattr(one, name) for one in kept] for name in schema.names}
    return native_frame(schema, columns, engine, session=session)


def tables_of(facts: Facts, engine: str, session: object, *names: str) -> dict[str, Any]:
    """Return fact tables as dataframes of an engine."""
    return fact_frames(facts, engine, tables=names or None, session=session)


def fact_schema(name: str) -> FieldTable:
    """Return a fact table by its name."""
    return next(one for one in FACT_TABLES if one.name == name)
