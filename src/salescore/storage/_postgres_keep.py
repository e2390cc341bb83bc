"""
Keeping a small unit of work in Postgres with one statement, in one trip to the server.

The statement takes the row of counters first, so that units follow each other; what it read of
records before it waited there may be stale. Then the primary keys refuse the whole of it, as they
do where a record is at another version than expected, and the unit is kept step by step instead,
which tells precisely what is wrong.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import attrs

from salescore.storage._checks import EVENTS, CheckedUnit, Step
from salescore.storage._sql_keep import StoreTables
from salescore.storage._sql_statements import TableSql
from salescore.storage._sql_tables import (
    IS_REMOVED,
    MOST_NUMBER,
    ROW_COLUMNS,
    STATE,
    UNITS,
    UNTIL,
    VERSION,
)
from salescore.storage._unit import Committed

MOST = 12
"""Most changes and events of a unit that is kept with one statement."""

_SHAPES = 64
"""Most statements that are remembered; units of an application have few shapes."""

_INSTANT = 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'


@attrs.frozen
class Shape:
    """
    What units have in common that one statement keeps.

    Attributes:
        steps: Per change the record type, and whether the record is put.
        events: How many events there are.
        has_key: Whether there is an idempotency key.
    """

    steps: tuple[tuple[str, bool], ...]
    events: int
    has_key: bool

    @classmethod
    def of(cls, unit: CheckedUnit) -> Shape | None:
        """Return the shape of a unit, or `None` where it is too large."""
        if len(unit.steps) + len(unit.events) > MOST:
            return None
        steps = tuple((one.table.name, one.record is not None) for one in unit.steps)
        return cls(steps, len(unit.events), unit.key is not None)


@attrs.define
class OneTrip:
    """
    The statements for units of a store's tables.

    Attributes:
        tables: The tables.
    """

    tables: StoreTables
    _texts: dict[Shape, str] = attrs.field(factory=dict[Shape, str], init=False)

    def statement(self, unit: CheckedUnit, digest: str | None) -> tuple[str, list[Any]] | None:
        """
        Return the statement that keeps a unit, and its values.

        `None` for a large unit, or one that expects a version which no column holds.
        """
        shape = Shape.of(unit)
        if shape is None or any((one.expected or 0) > MOST_NUMBER for one in unit.steps):
            return None
        text = self._texts.get(shape)
        if text is None:
            if len(self._texts) >= _SHAPES:
                self._texts.clear()
            text = self._texts[shape] = self._text(shape)
        encoded = self.tables.encoded
        values: list[Any] = [encoded(unit.recorded_at), encoded(self.tables.change)]
        for step in unit.steps:
            expected = encoded(step.expected)
            values += [step.id, step.id, expected, expected, encoded(step.effective_on)]
            values += self._fields(step)
        for event in unit.events:
            values += self.tables[EVENTS].rows.row(event)
        if unit.key is not None:
            values += [unit.key, digest]
        return text, values

    def answer(self, unit: CheckedUnit, row: Any) -> Committed:  # noqa: ANN401 - a row of a driver
        """Return what the caller is told."""
        position, instant, event, *versions = row
        return Committed(
            position=position,
            recorded_at=instant,
            versions=tuple(versions),
            events=tuple(range(event + 1, event + 1 + len(unit.events))),
        )

    def _fields(self, step: Step) -> list[Any]:
        if step.record is None:
            return [step.id]
        return self.tables[step.table.name].rows.row(step.record)

    @cached_property
    def _counters(self) -> str:
        n = self.tables.names
        return (
            f"UPDATE {n.table(STATE)} SET position = position + 1, event = event + {{events}}, "
            "recorded_at = GREATEST(recorded_at, %s::timestamptz) "
            "WHERE id = 1 AND change = %s::bigint "
            "RETURNING position, event - {events} AS event, recorded_at"
        )

    def _text(self, shape: Shape) -> str:
        parts = [f"s AS ({self._counters.format(events=shape.events)})"]
        answers = ["s.position", "s.recorded_at", "s.event"]
        sources = ["s"]
        for place, (name, is_put) in enumerate(shape.steps):
            parts += self._step(self.tables[name], place, is_put=is_put)
            answers.append(f"i{place}.{VERSION}")
            sources.append(f"i{place}")
        for place in range(shape.events):
            parts.append(self._event(place))
        if shape.has_key:
            parts.append(self._unit(shape))
        return f"WITH {', '.join(parts)} SELECT {', '.join(answers)} FROM {', '.join(sources)}"

    def _step(self, table: TableSql, place: int, *, is_put: bool) -> tuple[str, str, str]:
        n = self.tables.names
        last = f"SELECT {VERSION} FROM c{place}"
        kept = f"COALESCE((SELECT {VERSION} FROM c{place} WHERE NOT {IS_REMOVED}), 0)"
        # A version of null is refused, and all of the statement with it.
        is_right = f"%s::bigint IS NULL OR %s::bigint = {kept}"
        if not is_put:
            is_right = f"({is_right}) AND {kept} > 0"
        version = f"CASE WHEN {is_right} THEN COALESCE(({last}), 0) + 1 END"
        columns = table.columns if is_put else [one for one in table.columns if one.name == "id"]
        written = n.names((*ROW_COLUMNS, *(one.name for one in columns)))
        values = ", ".join(f"%s::{n.type(one.kind)}" for one in columns)
        return (
            f"c{place} AS ({table.latest.replace('%s', '%s::text')})",
            (
                f"u{place} AS (UPDATE {table.name} t SET {UNTIL} = s.recorded_at FROM s, c{place} "
                f"WHERE t.id = %s::text AND t.{VERSION} = c{place}.{VERSION})"
            ),
            (
                f"i{place} AS (INSERT INTO {table.name} ({written}) SELECT {version}, "
                f"s.position, s.recorded_at, %s::date, NULL, {'FALSE' if is_put else 'TRUE'}, "
                f"{values} FROM s RETURNING {VERSION})"
            ),
        )

    def _event(self, place: int) -> str:
        table, n = self.tables[EVENTS], self.tables.names
        values = ", ".join(f"%s::{n.type(one.kind)}" for one in table.columns)
        return (
            f"e{place} AS (INSERT INTO {table.name} ({n.names(table.written)}) "
            f"SELECT s.event + {place + 1}, s.recorded_at, s.position, FALSE, {values} FROM s)"
        )

    def _unit(self, shape: Shape) -> str:
        n = self.tables.names
        versions = ", ".join(f"i{place}.{VERSION}" for place in range(len(shape.steps)))
        events = ", ".join(f"s.event + {place + 1}" for place in range(shape.events))
        sources = ", ".join(("s", *(f"i{place}" for place in range(len(shape.steps)))))
        instant = f"to_char(s.recorded_at AT TIME ZONE 'UTC', '{_INSTANT}')"
        return (
            f"k AS (INSERT INTO {n.table(UNITS)} (key, position, digest, answer) "
            "SELECT %s::text, s.position, %s::text, json_build_object('position', s.position, "
            f"'recorded_at', {instant}, 'versions', json_build_array({versions}), "
            f"'events', json_build_array({events}))::text FROM {sources})"
        )
