"""What is known of a frame: rows, dates and sizes of columns, each asked for once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from salescore.frames._calendar import Dates
from salescore.frames._engines import narwhals
from salescore.frames._frame import Frame
from salescore.frames._write_columns import arrow


def collected(frame: Any) -> Any:  # noqa: ANN401 - what Narwhals wraps
    """Return a frame in memory: a Polars one stays one, all others become an Arrow table."""
    if not hasattr(frame, "collect"):
        return frame
    if frame.implementation.is_polars():
        # Groups are put together batch by batch, so that memory holds the result only.
        return frame.collect("polars", engine="streaming")
    return frame.collect("pyarrow")


MEMORY = 2**30
"""Bytes of rows that a plan keeps at most unless told otherwise."""


class Known:
    """What has been asked of a frame, kept while the frame is in use."""

    def __init__(self, frame: Frame, memory: int) -> None:
        """Keep the frame, and how many bytes of its rows may be kept at most."""
        self.frame, self.memory = frame, memory
        self._is_eager = not hasattr(frame.nw, "collect")
        self._dates: dict[str | None, Dates] = {}
        self._sizes: dict[str, int] = {}
        self._values: dict[str, int] = {}
        self._no_nulls: dict[str, bool] = {}

    @property
    def lazy(self) -> Any:  # noqa: ANN401 - what Narwhals wraps
        """Return the frame, a Polars one as a plan that its engine can shorten."""
        nw = self.frame.nw
        return nw.lazy() if self._is_eager and nw.implementation.is_polars() else nw

    @property
    def rows(self) -> int:
        """Return the number of rows."""
        return self.dates(None).rows

    def dates(self, column: str | None) -> Dates:
        """Return rows and range of a column of dates; of no column, the rows."""
        if column not in self._dates:
            self._dates[column] = self._asked(column)
        return self._dates[column]

    def _asked(self, column: str | None) -> Dates:
        nw = narwhals()
        if column is None or self.frame.column(column) is None:
            if None in self._dates:
                rows = self._dates[None].rows
            else:
                found = collected(self.lazy.select(nw.len().alias("rows")))
                rows = int(found.rows()[0][0])
            return Dates(rows=rows, undated=rows if column else 0, first=None, last=None)
        one = nw.col(column)
        found = collected(
            self.lazy.select(
                nw.len().alias("rows"),
                one.count().alias("known"),
                one.min().alias("first"),
                one.max().alias("last"),
            )
        )
        rows, known, first, last = found.rows()[0]
        return Dates(rows=int(rows), undated=int(rows) - int(known), first=first, last=last)

    def sizes(self, columns: Sequence[str]) -> dict[str, int]:
        """Return how many different values, null among them, each of some columns has."""
        new = [one for one in columns if one not in self._sizes]
        there = [one for one in new if self.frame.column(one) is not None]
        self._sizes.update(dict.fromkeys(new, 1))
        if there:
            nw = narwhals()
            # Polars holds what it reads for several counts at once in memory, but not for one.
            is_apart = self.frame.engine == "polars"
            for these in [[one] for one in there] if is_apart else [there]:
                counts = (nw.col(one).n_unique().alias(one) for one in these)
                found = collected(self.lazy.select(*counts)).rows()[0]
                self._sizes.update((one, int(n or 1)) for one, n in zip(these, found, strict=True))
        return {one: self._sizes[one] for one in columns}

    def has_no_nulls(self, column: str) -> bool:
        """Return whether a column surely has no null; what only a scan would tell is not asked."""
        if column not in self._no_nulls:
            self._no_nulls[column] = (
                self._is_eager
                and self.frame.column(column) is not None
                and self.frame.nw[column].null_count() == 0
            )
        return self._no_nulls[column]

    def has_value(self, column: str) -> bool:
        """Return whether any row has a value in a column."""
        if column not in self._values:
            self._values[column] = 0
            if self.frame.column(column) is not None:
                count = narwhals().col(column).count().alias("known")
                self._values[column] = int(collected(self.lazy.select(count)).rows()[0][0])
        return self._values[column] > 0


def one_by_one(frame: Any, column: str) -> tuple[date, ...]:  # noqa: ANN401 - what Narwhals wraps
    """Return the different dates of a column, ascending."""
    found = collected(frame.select(column).unique())
    return tuple(sorted(day for day in found[column].to_list() if day is not None))


def coded(frame: Any, column: str) -> tuple[Any, list[str | None]]:  # noqa: ANN401 - what Narwhals wraps
    """Return an Arrow table with a column of texts as codes, and the texts by code."""
    pa = arrow()
    native = frame.to_native()
    place = native.column_names.index(column)
    texts: Any = native.column(place)
    if not pa.types.is_dictionary(texts.type):
        texts = texts.cast(pa.large_string()).combine_chunks().dictionary_encode()
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.unify_dictionaries().combine_chunks()
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.chunk(0) if texts.num_chunks else pa.array([], texts.type)
    table = native.set_column(place, column, texts.indices)
    return narwhals().from_native(table, eager_only=True), texts.dictionary.to_pylist()
