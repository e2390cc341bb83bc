"""A small fact table with a column of every kind, as a dataframe of every engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import narwhals.stable.v2 as nw

from salescore.frames import frame_expression, native_frame, open_frame
from salescore.plain import Field, FieldTable, Kind
from salescore.rules import Expression, Scalar, Term, as_tree, evaluate

ENGINES = ("polars", "polars-lazy", "duckdb", "pyarrow", "pandas")
"""Engines that need no session of their own."""

D = Decimal
Row = Mapping[str, Any]


def field(name: str, kind: Kind, *choices: str, is_set: bool = False) -> Field:
    """Return a field that may be unknown."""
    labels = (name, name)
    return Field(name=name, kind=kind, nullable=True, labels=labels, choices=choices, is_set=is_set)


CASES = FieldTable(
    name="cases",
    fields=(
        field("amount", Kind.DECIMAL),
        field("rate", Kind.DECIMAL),
        field("count", Kind.DECIMAL),
        field("region", Kind.TEXT),
        field("note", Kind.TEXT),
        field("kind", Kind.CHOICE, "new", "old"),
        field("day", Kind.DATE),
        field("due", Kind.DATE),
        field("at", Kind.INSTANT),
        field("hot", Kind.BOOLEAN),
        field("cold", Kind.BOOLEAN),
        field("tags", Kind.TEXT, is_set=True),
        field("gone", Kind.DECIMAL),
        field("lost", Kind.TEXT),
    ),
)
ABSENT = ("gone", "lost")
"""Fields of which the frames have no column."""


def row(**values: Any) -> dict[str, Any]:  # noqa: ANN401 - a cell of any kind
    """Return a row, unknown where nothing is said."""
    return {**dict.fromkeys(CASES.names), **values}


ROWS: tuple[dict[str, Any], ...] = (
    row(
        amount=D("1.10"),
        rate=D("0.125"),
        count=D(3),
        region="West",
        note="West",
        kind="new",
        day=date(2024, 2, 29),
        due=date(2024, 3, 1),
        at=datetime(2024, 1, 1, tzinfo=UTC),
        hot=True,
        cold=False,
        tags=frozenset({"a", "b"}),
    ),
    row(
        amount=D("-2.50"),
        rate=D(2),
        count=D(-1),
        region="华东",
        note="东",
        kind="old",
        day=date(1, 1, 1),
        due=date(9999, 12, 31),
        at=datetime(2024, 1, 1, 0, 0, 0, 1, tzinfo=UTC),
        hot=False,
        cold=True,
        tags=frozenset(),
    ),
    row(),
    row(
        amount=D("1.10"),
        region="100%_.\\",
        day=date(2024, 3, 1),
        due=date(2023, 12, 31),
        at=datetime(1, 1, 1, tzinfo=UTC),
        hot=True,
        tags=frozenset({"ab", "\U0001d4b3"}),
    ),
    row(
        rate=D("-0.125"),
        count=D(10**9),
        region="",
        note="a\x00b",
        kind="new",
        day=date(2023, 3, 1),
        cold=True,
        tags=frozenset({""}),
    ),
    row(amount=D("99999999.99"), rate=D("0.375"), region="\U0001d4b3", note="\ue000", hot=False),
    row(amount=D("0.00"), rate=D("0.005"), count=D(0), region="west", hot=True, cold=True),
    row(amount=D("-0.01"), rate=D("-0.005"), count=D(1), region="West ", note="West"),
)


def columns_of(rows: Sequence[Row]) -> dict[str, list[Any]]:
    """Return rows as columns, without the fields that frames have no column of."""
    return {name: [one[name] for one in rows] for name in CASES.names if name not in ABSENT}


def native_of(engine: str, rows: Sequence[Row] = ROWS, session: object = None) -> Any:  # noqa: ANN401 - any dataframe
    """Return rows as a dataframe of an engine."""
    if engine == "duckdb":
        session = duckdb.connect()
    return native_frame(CASES, columns_of(rows), engine, session=session)


def rows_of(native: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - any dataframe
    """Return the rows of a dataframe, with null as `None`."""
    frame = nw.from_native(native)
    eager = frame.collect("pyarrow") if hasattr(frame, "collect") else frame
    # The labels of pandas are no column of the frame.
    names = eager.columns
    return list(eager.to_arrow().select(names).to_pylist())


def answers(
    native: Any,  # noqa: ANN401 - any dataframe
    rules: Iterable[Term | Expression],
) -> list[list[Any]]:
    """Return what an engine answers to rules, each on all rows, in one query."""
    frame = open_frame(native, CASES, absent_as_null=True)
    made = [frame_expression(rule, frame) for rule in rules]
    names = [f"answer {place}" for place in range(len(made))]
    exprs = [one.expr.alias(name) for one, name in zip(made, names, strict=True)]
    found = rows_of(frame.nw.with_columns(*exprs).select(*names).to_native())
    return [[one[name] for one in found] for name in names]


def right_answers(
    rules: Iterable[Term | Expression], rows: Sequence[Row] = ROWS
) -> list[list[Scalar | None]]:
    """Return what Python answers to rules, each on all rows."""
    return [[evaluate(as_tree(rule), one) for one in rows] for rule in rules]
