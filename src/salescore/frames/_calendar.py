"""Calendar keys on engines: looked up by day in a table that the calendar made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import attrs

from salescore.frames._engines import narwhals
from salescore.values import Calendar, CalendarUnit, Period

_Codes = Sequence[tuple[date, int]]

_MOST_DAYS = 36_600
"""Days of a table without gaps, a hundred years; dates further apart are looked up one by one."""


@attrs.frozen(kw_only=True)
class UnitTable:
    """
    The units of a calendar that the days of a frame lie in.

    Attributes:
        unit: The unit, such as month.
        days: The days, ascending, each once.
        codes: Per day the place of its unit in `keys`; `None` where no unit holds it.
        keys: Keys of the units.
        has_gaps: Whether a day between the first and the last is not there.
    """

    unit: CalendarUnit
    days: tuple[date, ...]
    codes: tuple[int | None, ...]
    keys: tuple[str, ...]
    has_gaps: bool

    @classmethod
    def of(cls, unit: CalendarUnit, calendar: Calendar, days: Sequence[date]) -> UnitTable:
        """
        Return the table of some days, which ascend.

        Raises:
            UnknownName: The calendar has no such unit.
        """
        places: dict[str, int] = {}
        codes = [
            None if key is None else places.setdefault(key, len(places))
            for key in calendar.keys(days, unit)
        ]
        span = (days[-1] - days[0]).days + 1 if days else 0
        return cls(
            unit=unit,
            days=tuple(days),
            codes=tuple(codes),
            keys=tuple(places),
            has_gaps=span != len(days),
        )

    def key(self, code: int | None) -> str | None:
        """Return the key behind a code."""
        return None if code is None else self.keys[code]


@attrs.frozen(kw_only=True)
class Dates:
    """
    What is known of a column of dates.

    Attributes:
        rows: Rows of the frame.
        undated: How many of them have no date.
        first: Earliest date; `None` where there is none.
        last: Latest date; `None` likewise.
    """

    rows: int
    undated: int
    first: date | None
    last: date | None

    def days(self, during: Period | None) -> tuple[date, ...] | None:
        """Return every day that a date can be; `None` where these are too many to list."""
        first, last = self.first, self.last
        if first is None or last is None:
            return ()
        if during is not None:
            first, last = max(first, during.start), min(last, during.last_day)
        count = (last - first).days + 1
        if count > _MOST_DAYS:
            return None
        return tuple(first + timedelta(days) for days in range(count))


def with_unit(frame: Any, engine: str, column: str, table: UnitTable, name: str) -> Any:  # noqa: ANN401 - what Narwhals wraps
    """
    Return a frame with the code of the unit that each date lies in.

    Args:
        frame: A frame as Narwhals sees it.
        engine: Who works on it.
        column: Column of dates.
        table: The units.
        name: Name of the new column.
    """
    nw = narwhals()
    known = [
        (day, code) for day, code in zip(table.days, table.codes, strict=True) if code is not None
    ]
    if not known:
        return frame.with_columns(nw.lit(None).cast(nw.Int32).alias(name))
    if engine == "duckdb" and not table.has_gaps:
        return _listed(frame, column, table, name)
    if engine in ("polars", "spark"):
        # Looking keys up makes Polars hold the whole column in memory; joining does not.
        return _joined(frame, engine, column, known, name)
    found = nw.col(column).replace_strict(
        [day for day, _ in known], [code for _, code in known], default=None, return_dtype=nw.Int32
    )
    return frame.with_columns(found.alias(name))


def _listed(frame: Any, column: str, table: UnitTable, name: str) -> Any:  # noqa: ANN401
    # A look-up by place in a list is twelve times as fast there as one by key.
    codes = ",".join("NULL" if code is None else str(code) for code in table.codes)
    place = f"CAST({_quoted(column)} - DATE '{table.days[0].isoformat()}' AS BIGINT) + 1"
    # A place before the list would be counted from its end.
    sql = f"CASE WHEN {place} > 0 THEN list_extract([{codes}]::INTEGER[], {place}) END"
    return narwhals().from_native(frame.to_native().project(f"*, {sql} AS {_quoted(name)}"))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _joined(frame: Any, engine: str, column: str, known: _Codes, name: str) -> Any:  # noqa: ANN401
    nw = narwhals()
    day = f"{name}_day"
    if engine == "spark":
        session = frame.to_native().sparkSession
        small = session.createDataFrame(known, f"{day} date, {name} int")
        small = nw.from_native(small.hint("broadcast"))
    else:
        columns = {day: [one for one, _ in known], name: [code for _, code in known]}
        small = nw.from_dict(columns, {day: nw.Date, name: nw.Int32}, backend=engine).lazy()
    return frame.join(small, left_on=column, right_on=day, how="left")
