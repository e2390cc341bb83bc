"""Keeping units of work in a database, inside one transaction that the adapter begins and ends."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, Protocol

import attrs

from salescore.entities import Event
from salescore.errors import KeyReused, StoreRefused
from salescore.plain import as_tuple
from salescore.storage._checks import EVENTS, CheckedUnit, RecordTypes, Step, check_version
from salescore.storage._digests import is_same_content, is_same_event
from salescore.storage._sql_rows import Encode, encoder, instant_of
from salescore.storage._sql_statements import (
    CHANGED,
    TableSql,
    chunks,
    listed,
    state_read,
    state_write,
    unit_read,
    unit_write,
)
from salescore.storage._sql_tables import Names
from salescore.storage._unit import Committed
from salescore.values import format_instant, parse_instant


class Session(Protocol):
    """
    A connection inside a transaction, or reading one statement.

    Laws:
        Errors of the driver come out as errors of stores.
    """

    def rows(self, text: str, parameters: Sequence[Any] = (), /) -> list[Any]:
        """Return all rows of an answer."""
        ...

    def run(self, text: str, parameters: Sequence[Any] = (), /) -> None:
        """Run a statement that answers nothing."""
        ...

    def insert(self, table: TableSql, rows: Iterable[Sequence[Any]], /) -> None:
        """Write many rows; a row that is there already makes the transaction fail."""
        ...


@attrs.frozen
class StoreTables:
    """
    The tables of one open store.

    Attributes:
        store: Name of the store, for error messages.
        names: How the database is spoken to.
        types: Its record types.
        tables: Statements about the table of each of them.
        change: How often the tables have been changed, as seen when the store was opened.
    """

    store: str
    names: Names
    types: RecordTypes
    tables: tuple[TableSql, ...] = attrs.field(converter=as_tuple)
    change: int = 0

    @cached_property
    def _by_name(self) -> dict[str, TableSql]:
        return {one.table.name: one for one in self.tables}

    def __getitem__(self, records: str) -> TableSql:
        """Return the statements about a record type, one of `types`."""
        return self._by_name[records]

    @cached_property
    def state_read(self) -> str:
        """Return the statement that reads the counters and lets nobody else write."""
        return state_read(self.names, locked=True)

    @cached_property
    def state_write(self) -> str:
        """Return the statement that writes the counters."""
        return state_write(self.names)

    @cached_property
    def encoded(self) -> Encode:
        """
        Return the function that makes a value of a column of our own what the database takes.

        It takes an instant, a day, a truth value, a number or `None`.
        """
        return encoder(self.names.database)

    @cached_property
    def unit_read(self) -> str:
        """Return the statement that reads what is kept of a unit under its key."""
        return unit_read(self.names)

    @cached_property
    def unit_write(self) -> str:
        """Return the statement that keeps the answer to a unit under its key."""
        return unit_write(self.names)


@attrs.frozen
class Counters:
    """
    The row of counters, held until the transaction ends.

    Attributes:
        position: Number of the last unit.
        event: Position of the last event.
        recorded_at: Instant of the last unit; `None` before the first.
    """

    position: int
    event: int
    recorded_at: datetime | None

    def later(self, given: datetime) -> datetime:
        """Return the instant that counts: the clock never runs backwards."""
        return given if self.recorded_at is None else max(given, self.recorded_at)


def counters(session: Session, tables: StoreTables) -> Counters:
    """
    Return the counters, and keep everybody else from writing.

    Raises:
        StoreRefused: Another release has changed the tables since the store was opened.
    """
    ((change, position, event, recorded_at),) = session.rows(tables.state_read)
    if change != tables.change:
        raise StoreRefused(tables.store, CHANGED)
    return Counters(position, event, None if recorded_at is None else instant_of(recorded_at))


def keep(session: Session, tables: StoreTables, unit: CheckedUnit, digest: str | None) -> Committed:
    """
    Keep a unit of work.

    Args:
        session: A connection in a transaction that may write.
        tables: The tables.
        unit: The unit, checked.
        digest: Digest of the unit; `None` where it has no key.

    Raises:
        KeyReused: The key, or the id of an event, stands for other content.
        VersionConflict: A record is at another version than expected.
        StoreRefused: Another release has changed the tables since the store was opened.
    """
    before = counters(session, tables)
    if unit.key is not None and digest is not None:
        found = session.rows(tables.unit_read, (unit.key,))
        if found:
            return _repeated(unit.key, digest, *found[0])
    instant = before.later(unit.recorded_at)
    position = before.position + 1
    place, at = tables.encoded(position), tables.encoded(instant)
    versions = tuple([_keep_step(session, tables, one, place, at) for one in unit.steps])
    events = _keep_events(session, tables, unit.events, before.event, place, at)
    answer = Committed(position=position, recorded_at=instant, versions=versions, events=events)
    if unit.key is not None and digest is not None:
        session.run(tables.unit_write, (unit.key, place, digest, answer_text(answer)))
    last = max((before.event, *events))
    session.run(tables.state_write, (place, tables.encoded(last), at))
    return answer


def keep_new(session: Session, tables: StoreTables, unit: CheckedUnit) -> None:
    """
    Keep a unit whose records are all new, many at a time.

    Raises:
        KeyReused: The id of an event stands for other content.
        VersionConflict: A record is kept already.
        StoreRefused: Another release has changed the tables since the store was opened.
    """
    before = counters(session, tables)
    instant = before.later(unit.recorded_at)
    place, at = tables.encoded(before.position + 1), tables.encoded(instant)
    by_type: dict[str, list[Step]] = {}
    for step in unit.steps:
        by_type.setdefault(step.table.name, []).append(step)
    for name, steps in by_type.items():
        _keep_new_steps(session, tables, tables[name], steps, place, at)
    events = _keep_events(session, tables, unit.events, before.event, place, at)
    last = max((before.event, *events))
    session.run(tables.state_write, (place, tables.encoded(last), at))


def _keep_new_steps(
    session: Session,
    tables: StoreTables,
    table: TableSql,
    steps: Sequence[Step],
    position: Any,  # noqa: ANN401 - as the database takes it
    instant: Any,  # noqa: ANN401 - as the database takes it
) -> None:
    latest = _latest(session, table, steps)
    for step in steps:
        version, is_removed = latest.get(step.id, (0, True))
        check_version(step, 0 if is_removed else version)
        if version:
            _end(session, tables, table, step.id, version, instant)
    session.insert(
        table,
        (
            version_row(tables, table, one, latest.get(one.id, (0, True))[0] + 1, position, instant)
            for one in steps
        ),
    )


def version_row(
    tables: StoreTables,
    table: TableSql,
    step: Step,
    version: int,
    position: Any,  # noqa: ANN401 - as the database takes it
    instant: Any,  # noqa: ANN401 - as the database takes it
) -> list[Any]:
    """
    Return the row that keeps a step as a version of its record.

    Args:
        tables: The tables.
        table: That of the record type.
        step: The step.
        version: Version that the record has from then on.
        position: Number of the unit, encoded.
        instant: Instant that counts, encoded.
    """
    row = [
        tables.encoded(version),
        position,
        instant,
        tables.encoded(step.effective_on),
        None,
        tables.encoded(step.record is None),
    ]
    if step.record is not None:
        return row + table.rows.row(step.record)
    return row + [step.id if one.name == "id" else None for one in table.columns]


def answer_text(answer: Committed) -> str:
    """Return the answer to a unit as it is kept under its key."""
    data = {
        "position": answer.position,
        "recorded_at": format_instant(answer.recorded_at),
        "versions": answer.versions,
        "events": answer.events,
    }
    return json.dumps(data, separators=(",", ":"))


def _repeated(key: str, digest: str, kept: str, answer: str) -> Committed:
    if not is_same_content(kept, digest):
        raise KeyReused("idempotency key", key)
    data: Mapping[str, Any] = json.loads(answer)
    return Committed(
        position=data["position"],
        recorded_at=parse_instant(data["recorded_at"]),
        versions=tuple(data["versions"]),
        events=tuple(data["events"]),
        is_repeat=True,
    )


def _keep_step(
    session: Session,
    tables: StoreTables,
    step: Step,
    position: Any,  # noqa: ANN401 - as the database takes it
    instant: Any,  # noqa: ANN401 - as the database takes it
) -> int:
    table = tables[step.table.name]
    found = session.rows(table.latest, (step.id,))
    version, is_removed = found[0] if found else (0, True)
    check_version(step, 0 if is_removed else version)
    session.run(table.insert, version_row(tables, table, step, version + 1, position, instant))
    if version:
        _end(session, tables, table, step.id, version, instant)
    return int(version) + 1


def _end(
    session: Session,
    tables: StoreTables,
    table: TableSql,
    id: str,  # noqa: A002 - the word for it everywhere
    version: int,
    instant: Any,  # noqa: ANN401 - as the database takes it
) -> None:
    session.run(table.end, (instant, id, tables.encoded(version)))


def _latest(
    session: Session, table: TableSql, steps: Sequence[Step]
) -> dict[str, tuple[int, bool]]:
    """Return version, and whether it is a removal, of those among the records that have any."""
    found: dict[str, tuple[int, bool]] = {}
    for ids in chunks(step.id for step in steps):
        text = table.latest_of + listed(table.names, len(ids))
        for id_, version, is_removed in session.rows(text, ids):
            found[id_] = (version, bool(is_removed))
    return found


def _keep_events(
    session: Session,
    tables: StoreTables,
    events: Sequence[Event],
    last: int,
    position: Any,  # noqa: ANN401 - as the database takes it
    instant: Any,  # noqa: ANN401 - as the database takes it
) -> tuple[int, ...]:
    if not events:
        return ()
    table = tables[EVENTS]
    kept = dict(_kept_events(session, tables, [event.id for event in events]))
    places: list[int] = []
    rows: list[list[Any]] = []
    own = (instant, position, tables.encoded(False))
    for event in events:
        if event.id in kept:
            place, is_erased, other = kept[event.id]
            if not is_same_event(table.table, other, event, is_erased=is_erased):
                raise KeyReused("event id", event.id)
        else:
            place = last = last + 1
            rows.append([tables.encoded(place), *own, *table.rows.row(event)])
        places.append(place)
    if len(rows) == 1:
        session.run(table.insert, rows[0])
    elif rows:
        session.insert(table, rows)
    return tuple(places)


def _kept_events(
    session: Session, tables: StoreTables, ids: Iterable[str]
) -> Iterator[tuple[str, tuple[int, bool, Event]]]:
    table = tables[EVENTS]
    for some in chunks(ids):
        rows = session.rows(table.event + listed(table.names, len(some)), some)
        if not rows:
            continue
        events = table.rows.records(tables.store, rows, 2)
        for row, event in zip(rows, events, strict=True):
            yield event.id, (row[0], bool(row[1]), event)
