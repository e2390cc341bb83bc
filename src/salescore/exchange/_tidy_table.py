"""A tidy table before it is a file: columns that say what they hold."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import attrs

from salescore.errors import InvalidRecord
from salescore.exchange._cells import GUARDED
from salescore.exchange._columns import (
    TextFault,
    texts_of,
)
from salescore.plain import Field, as_tuple

_CHUNK = 5_000


@attrs.frozen(kw_only=True, eq=False)
class TidyColumn:
    """
    One column of a table for BI tools.

    Attributes:
        field: Name, kind, labels, unit, choices and personal-data class. Money is a decimal here.
        values: One value per row, choices as text; null is `None`.
        words: What the labels leave unsaid; empty where they say it all.
        joins: Table and key column that its values refer to, such as "dim_rep.rep_id"; `None` for
            other columns.
        most_digits: Digits behind the point that Parquet keeps, rounded half to even; `None` where
            all must stay.
    """

    field: Field
    values: Sequence[Any]
    words: str = ""
    joins: str | None = None
    most_digits: int | None = None

    @property
    def name(self) -> str:
        """Return the column's name."""
        return self.field.name


@attrs.frozen(kw_only=True, eq=False)
class TidyTable:
    """
    One table for BI tools.

    Attributes:
        name: Name of its file, without the ending.
        labels: English and Chinese label.
        words: What one row is.
        columns: The columns, in order; the first identifies a row of a fact or dimension table.
    """

    name: str
    labels: tuple[str, str]
    words: str
    columns: tuple[TidyColumn, ...] = attrs.field(converter=as_tuple)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.columns[0].values)

    def check_texts(self, text_fault: TextFault) -> None:
        """
        Refuse a table with a text that a file cannot carry.

        Args:
            text_fault: Says what is wrong with a text; also asked of several at once.

        Raises:
            InvalidRecord: The first such text, with its row and column.
        """
        for column in self.columns:
            if column.field.kind not in GUARDED:
                continue
            if text_fault("\n".join(filter(None, column.values))) is None:
                continue
            texts = zip(self.columns[0].values, column.values, strict=True)
            faults = ((key, text, text_fault(text)) for key, text in texts if text is not None)
            key, text, fault = next(found for found in faults if found[2] is not None)
            raise InvalidRecord(f"{self.name}/{key}", column.name, text, fault or "")


def write_csv(path: Path, table: TidyTable) -> None:
    """Write a table as UTF-8 text, in the notation of a folder of facts."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([column.name for column in table.columns])
        for start in range(0, len(table), _CHUNK):
            rows = slice(start, start + _CHUNK)
            cells = [texts_of(column.field, list(column.values[rows])) for column in table.columns]
            writer.writerows(zip(*cells, strict=True))
