"""
What every unit of work must satisfy before it is kept, whatever keeps it.

Adapters ask `checked_unit` before they change anything, and `check_version` for each step.
Digests stand in `_digests`, what an erasure reaches in `_references`, checks of queries in
`_asked`, cursors in `_cursor`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any, cast

import attrs

from salescore.entities import RECORD_TABLES, Event
from salescore.errors import InvalidValue, UnknownName, VersionConflict
from salescore.plain import (
    ID_LIMIT,
    CustomFields,
    FieldTable,
    as_tuple,
    check_custom,
)
from salescore.storage._texts import check_texts, is_keepable
from salescore.storage._unit import Put, Remove, Unit
from salescore.values import check_instant

EVENTS = "events"
"""The record type that is appended and never changed."""

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Years outside of which a time of recording is a slip: the clock would never come back."""

MOST_SECONDS = 1_000_000
"""Longest time to wait, some days; systems count milliseconds in 31 bits."""


@attrs.frozen
class RecordTypes:
    """
    The record types that a store keeps.

    Attributes:
        tables: Their field tables, with registered fields; `events` among them where it keeps any.
    """

    tables: tuple[FieldTable, ...] = attrs.field(converter=as_tuple)

    @classmethod
    def of(
        cls,
        tables: Iterable[FieldTable] | None = None,
        custom_fields: CustomFields | None = None,
    ) -> RecordTypes:
        """
        Return the record types of a store.

        Args:
            tables: Field tables of record classes; `None` for all of ours.
            custom_fields: The fields that the application registered; `None` for none.

        Raises:
            InvalidValue: A table has no records or no id, or stands twice.
            UnknownName: Fields are registered for a type that is not among the tables.
        """
        registered = custom_fields or CustomFields()
        found = cls(
            registered.extend(table) for table in (RECORD_TABLES if tables is None else tables)
        )
        for table in found.tables:
            if table.record is None or "id" not in table:
                raise InvalidValue("a record type", table.name, "a store keeps records with an id")
        if len(found._by_name) < len(found.tables) or len(found._by_class) < len(found.tables):
            names = [table.name for table in found.tables]
            raise InvalidValue("the record types", tuple(names), "each may stand there once")
        for name, _ in registered.tables:
            found.table(name)
        return found

    @cached_property
    def _by_name(self) -> dict[str, FieldTable]:
        return {table.name: table for table in self.tables}

    @cached_property
    def _by_class(self) -> dict[type[Any] | None, FieldTable]:
        return {table.record: table for table in self.tables}

    @cached_property
    def versioned(self) -> tuple[FieldTable, ...]:
        """Return the field tables of all types that have versions: all but events."""
        return tuple(table for table in self.tables if table.name != EVENTS)

    def table(self, records: str) -> FieldTable:
        """
        Return the field table of a record type, with registered fields.

        Raises:
            UnknownName: The store keeps no such records.
        """
        try:
            return self._by_name[records]
        except (KeyError, TypeError):  # a list, say, is no name
            raise UnknownName("record type", records, tuple(self._by_name)) from None

    def versioned_table(self, records: str) -> FieldTable:
        """
        Return the field table of a record type that has versions, so of any but events.

        Raises:
            InvalidValue: It is that of events.
            UnknownName: The store keeps no such records.
        """
        if records == EVENTS:
            fault = "events have no versions; events() reads them, and Unit.append adds to them"
            raise InvalidValue("records", records, fault)
        return self.table(records)

    def table_of(self, record: object) -> FieldTable:
        """
        Return the field table of a record's class.

        Raises:
            InvalidValue: It is no record at all.
            UnknownName: The store keeps no such records.
        """
        try:
            return self._by_class[type(record)]
        except KeyError:
            kind = type(record).__name__
            if not attrs.has(type(record)):
                article = "an" if kind[:1].lower() in "aeiou" else "a"
                what = "a class" if isinstance(record, type) else f"{article} {kind}"
                fault = f"{what} is no record; give an instance of a record class"
                raise InvalidValue("a record", record, fault) from None
            raise UnknownName("record type", kind, tuple(self._by_name)) from None


@attrs.frozen(kw_only=True)
class Step:
    """
    A change that is checked, ready to be kept.

    Attributes:
        table: Field table of the record type.
        id: Id of the record.
        record: The record put; `None` where it is removed.
        expected: Version that the change was made for, 0 for a new one; `None` for any.
        effective_on: First day from which it holds; `None` since ever.
    """

    table: FieldTable
    id: str
    record: Any | None
    expected: int | None
    effective_on: date | None


@attrs.frozen(kw_only=True)
class CheckedUnit:
    """
    A unit of work that a store may keep.

    Attributes:
        recorded_at: Instant given, in UTC; a store's clock may be ahead of it.
        steps: Changes, in the order of the unit, each of another record.
        events: Events, in the order of the unit, each with another id.
        key: Idempotency key; `None` for none.
    """

    recorded_at: datetime
    steps: tuple[Step, ...]
    events: tuple[Event, ...]
    key: str | None


def checked_unit(unit: Unit, types: RecordTypes) -> CheckedUnit:
    """
    Return a unit of work in the form that adapters keep, after every check that needs no store.

    Args:
        unit: The unit as the caller gave it.
        types: The record types of the store.

    Raises:
        InvalidDate: The time of recording is naive.
        InvalidRecord: A value of a registered field that is not allowed, or a text that holds
            U+0000 or half of a surrogate pair, which no database keeps.
        InvalidValue: It is no unit or an empty one, two of its changes are of one record, two of
            its events have one id, an event or what is no record is put, a key is empty or too
            long, a version or a day is none, or the year of recording is out of its range.
        UnknownName: A record type that the store does not keep.
    """
    if type(unit) is not Unit:
        fault = "it must be a Unit, such as Unit(recorded_at=now).put(record)"
        raise InvalidValue("a unit of work", unit, fault)
    instant = checked_instant(unit.recorded_at)
    _check_key(unit.key)
    if not unit.changes and not unit.events:
        raise InvalidValue("a unit of work", "empty", "give it a change or an event")
    steps = tuple([_step(change, types) for change in unit.changes])
    if len(steps) > 1 and len({(step.table.name, step.id) for step in steps}) < len(steps):
        named = _twice((step.table.name, step.id) for step in steps)
        fault = "a unit changes a record at most once; put its last form alone"
        raise InvalidValue("two changes of one record", named, fault)
    for event in unit.events:
        if type(event) is not Event:
            raise InvalidValue("an event", event, "append events; put anything else")
    if len(unit.events) > 1 and len({event.id for event in unit.events}) < len(unit.events):
        named = _twice((EVENTS, event.id) for event in unit.events)
        raise InvalidValue("two events of one id", named, "a unit appends an event once")
    _check_records(steps, unit.events, types)
    return CheckedUnit(recorded_at=instant, steps=steps, events=unit.events, key=unit.key)


def load_unit(records: Iterable[Any], recorded_at: datetime) -> Unit:
    """
    Return the unit that a bulk load stands for: every record new, events among them appended.

    Args:
        records: Records of any types.
        recorded_at: Instant at which they are recorded.

    Raises:
        InvalidValue: One record alone, or nothing that holds any.
    """
    if not isinstance(cast("object", records), Iterable):
        raise InvalidValue("records", records, "it holds several, such as [record]")
    puts: list[Put] = []
    events: list[Event] = []
    for record in records:
        if isinstance(record, Event):
            events.append(record)
        else:
            puts.append(Put(record, 0))
    return Unit(recorded_at=recorded_at, changes=puts, events=events)


def check_version(step: Step, found: int) -> None:
    """
    Refuse a step that was made for another version than the one that is kept.

    Args:
        step: The step.
        found: Version of the record as it is kept now; 0 where there is none or it was removed.

    Raises:
        VersionConflict: Another version than expected, or nothing there to be removed.
    """
    gone = step.record is None and found == 0
    if gone or (step.expected is not None and step.expected != found):
        raise VersionConflict(step.table.name, step.id, step.expected, found)


def checked_instant(recorded_at: object) -> datetime:
    """
    Return a time of recording in UTC.

    Raises:
        InvalidDate: It is no aware datetime.
        InvalidValue: Its year lies outside 1900 to 2199.
    """
    instant = check_instant(recorded_at)
    if not FIRST_YEAR <= instant.year <= LAST_YEAR:
        fault = f"it must lie in the years {FIRST_YEAR} to {LAST_YEAR}"
        raise InvalidValue("recorded_at", instant.isoformat(), fault)
    return instant


def check_seconds(name: str, seconds: object, *, least: float = 0) -> None:
    """
    Refuse a time to wait that no system can count.

    Args:
        name: The argument's name.
        seconds: The time as the caller gave it.
        least: Fewest seconds.

    Raises:
        InvalidValue: Below the least or above 1,000,000 seconds, or no number.
    """
    if not isinstance(seconds, (int, float)) or not least <= seconds <= MOST_SECONDS:
        fault = f"it must be seconds, from {least:g} to {MOST_SECONDS:,}"
        raise InvalidValue(name, seconds, fault)


def check_path(path: str) -> None:
    """
    Refuse a path that names no file, before a system takes it for the folder of the program.

    Raises:
        InvalidValue: It is empty or holds U+0000.
    """
    if not path or "\0" in path:
        raise InvalidValue("path", path, "name a place, without U+0000 in it")


def check_day(name: str, day: object) -> None:
    """
    Refuse what is neither a date nor `None`.

    Raises:
        InvalidValue: A datetime, or no date at all.
    """
    if day is not None and (not isinstance(day, date) or isinstance(day, datetime)):
        raise InvalidValue(name, day, "it must be a date without a time")


def is_id(id: object) -> bool:  # noqa: A002 - the word for it everywhere
    """Return whether a text can be the id of a record that is kept; no other need be looked up."""
    return isinstance(id, str) and 0 < len(id) <= ID_LIMIT and is_keepable(id)


def _check_key(key: object) -> None:
    if key is None:
        return
    if not is_id(key):
        fault = f"a key is a text of 1 to {ID_LIMIT} characters, without U+0000 and half surrogates"
        raise InvalidValue("an idempotency key", key, fault)


def _step(change: Put | Remove, types: RecordTypes) -> Step:
    if type(change) not in (Put, Remove):
        raise InvalidValue("a change", change, "it must be a Put or a Remove")
    _check_terms(change.expected, change.effective_on)
    if isinstance(change, Remove):
        table = types.versioned_table(change.records)
        if not is_id(change.id):
            raise InvalidValue(f"the id of {table.name}", change.id, "no record can have it")
        return Step(
            table=table,
            id=change.id,
            record=None,
            expected=change.expected,
            effective_on=change.effective_on,
        )
    if isinstance(change.record, Event):
        fault = "events are never changed; give them to Unit.append"
        raise InvalidValue("a record put", change.record.id, fault)
    return Step(
        table=types.table_of(change.record),
        id=change.record.id,
        record=change.record,
        expected=change.expected,
        effective_on=change.effective_on,
    )


def _check_terms(expected: object, effective_on: object) -> None:
    if expected is not None and (type(expected) is not int or expected < 0):
        raise InvalidValue("expected", expected, "a version is a whole number from 0, or None")
    check_day("effective_on", effective_on)


def _check_records(steps: Sequence[Step], events: Sequence[Event], types: RecordTypes) -> None:
    by_type: dict[str, list[Any]] = {}
    for step in steps:
        if step.record is not None:
            by_type.setdefault(step.table.name, []).append(step.record)
    if events:
        by_type[types.table(EVENTS).name] = list(events)
    for name, records in by_type.items():
        table = types.table(name)
        check_custom(table, records)
        check_texts(table, records)


def _twice(names: Iterable[tuple[str, str]]) -> str:
    """Return the first name that stands there twice; one does."""
    seen: set[tuple[str, str]] = set()
    return next(" ".join(name) for name in names if name in seen or seen.add(name))  # type: ignore[func-returns-value]
