"""Tidy tables of one test, read back in the types that their dictionary says."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet

from salescore.exchange._guard import unguarded

Row = dict[str, Any]
Tables = dict[str, list[Row]]

READERS: dict[str, Callable[[str], Any]] = {
    "decimal": Decimal,
    "date": date.fromisoformat,
    "instant": datetime.fromisoformat,
    "boolean": {"true": True, "false": False}.__getitem__,
}


def text(cell: str) -> str | None:
    """Return the text behind a cell of CSV, `None` for an empty one."""
    found = unguarded(cell)
    return (cell or None) if found is None else found


def raw_rows(path: Path) -> list[dict[str, str]]:
    """Return the cells of a file of CSV as they stand."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, strict=True))


def headings(path: Path) -> list[str]:
    """Return the columns of a file."""
    if path.suffix == ".parquet":
        return list(pyarrow.parquet.read_schema(path).names)
    with path.open(encoding="utf-8", newline="") as stream:
        return next(csv.reader(stream))


def dictionary(folder: Path) -> list[Row]:
    """Return the rows of the dictionary as JSON has them."""
    found = json.loads((folder / "data_dictionary.json").read_text(encoding="utf-8"))
    assert found["schema"] == "salescore/data-dictionary/1"
    rows: list[Row] = found["rows"]
    return rows


def columns(rows: Iterable[Row]) -> dict[tuple[str, str], Row]:
    """Return the entries of columns by table and column."""
    return {(row["table"], row["column"]): row for row in rows if row["table"] and row["personal"]}


def read_tables(folder: Path) -> Tables:
    """Return all tables of a folder but the dictionary, values in the types of the dictionary."""
    said = columns(dictionary(folder))
    found: Tables = {}
    for path in sorted(folder.iterdir()):
        name = path.stem
        if name == "data_dictionary":
            continue
        if path.suffix == ".parquet":
            found[name] = pyarrow.parquet.read_table(path).to_pylist()
            continue
        found[name] = [
            {
                column: text(cell)
                if (reader := READERS.get(said[name, column]["kind"])) is None
                else reader(cell)
                if cell
                else None
                for column, cell in row.items()
            }
            for row in raw_rows(path)
        ]
    return found
