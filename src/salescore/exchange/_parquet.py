"""Tidy tables as Parquet: decimals stay decimals, days days, and labels travel along."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, assert_never

from salescore.errors import ExportRefused, MissingExtra
from salescore.exchange._tidy_table import TidyColumn, TidyTable
from salescore.plain import Kind
from salescore.values import Rounding, round_to, scale_of

PRECISION = 38
"""Digits of a decimal: the most that every reader of Parquet knows."""


def arrow() -> tuple[Any, Any]:
    """
    Return pyarrow and its part for Parquet, neither of which has types.

    Raises:
        MissingExtra: The extra `frames` is not installed.
    """
    try:
        import pyarrow as pa  # type: ignore[import-untyped] # pyright: ignore[reportMissingTypeStubs] # noqa: PLC0415 - only who writes Parquet needs it
        from pyarrow import parquet  # pyright: ignore[reportMissingTypeStubs] # noqa: PLC0415 - as above
    except ModuleNotFoundError:
        raise MissingExtra("pyarrow", "frames") from None
    return pa, parquet


def write_parquet(path: Path, table: TidyTable, settings: Sequence[tuple[str, str]]) -> None:
    """
    Write a table as Parquet.

    Args:
        path: The file.
        table: The table.
        settings: What the file says of itself besides labels, such as the reporting currency.

    Raises:
        MissingExtra: The extra `frames` is not installed.
        ExportRefused: A column has numbers that 38 digits cannot hold.
    """
    pa, parquet = arrow()
    fields: list[Any] = []
    arrays: list[Any] = []
    for column in table.columns:
        values, places = column.values, 0
        if column.field.kind is Kind.DECIMAL:
            places, values = _numbers(f"{path}", f"{table.name}.{column.name}", column)
        kind = _kind(pa, column.field.kind, places)
        arrays.append(pa.array(values, type=kind))
        fields.append(pa.field(column.name, kind, column.field.nullable, metadata=_said_of(column)))
    said = {
        "english": table.labels[0],
        "chinese": table.labels[1],
        "meaning": table.words,
        **dict(settings),
    }
    schema = pa.schema(fields, metadata=said)
    with path.open("wb") as stream:  # Python's own file says what the system says of it
        parquet.write_table(pa.table(arrays, schema=schema), stream)


def _kind(pa: Any, kind: Kind, places: int) -> Any:  # noqa: ANN401 - a package without types
    match kind:
        case Kind.ID | Kind.TEXT | Kind.CHOICE:
            return pa.string()
        case Kind.DATE:
            return pa.date32()
        case Kind.INSTANT:
            return pa.timestamp("us", tz="UTC")
        case Kind.BOOLEAN:
            return pa.bool_()
        case Kind.DECIMAL | Kind.MONEY:
            return pa.decimal128(PRECISION, places)
        case _:
            assert_never(kind)


def _said_of(column: TidyColumn) -> dict[str, str]:
    """Return what a column says of itself."""
    field = column.field
    said = {
        "english": field.labels[0],
        "chinese": field.labels[1],
        "unit": field.unit,
        "meaning": column.words,
        "personal": field.personal.value,
        "joins": column.joins,
    }
    return {name: text for name, text in said.items() if text}


def _numbers(path: str, name: str, column: TidyColumn) -> tuple[int, list[Decimal | None]]:
    """
    Return the digits behind the point that a column needs, and its numbers with just as many.

    Raises:
        ExportRefused: That many leave too few digits before the point.
    """
    values: Sequence[Decimal | None] = column.values
    places = max((scale_of(one) for one in values if one), default=0)
    if column.most_digits is not None:
        places = min(places, column.most_digits)
    found = [None if one is None else round_to(one, places, Rounding.HALF_EVEN) for one in values]
    before = max((one.adjusted() + 1 for one in found if one), default=0)
    if places + max(before, 0) > PRECISION:
        fault = (
            f"the numbers of {name} need {places} digits behind the point and {before} before it, "
            f"and Parquet holds {PRECISION} in all; write csv, or rates with fewer digits"
        )
        raise ExportRefused(path, fault)
    return places, found
