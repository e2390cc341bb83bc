"""The history of a store in memory: every version, every event, every key."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from functools import partial
from typing import Any, NamedTuple

import attrs

from salescore.errors import KeyReused
from salescore.plain import FieldTable, erased
from salescore.storage._asked import (
    CheckedQuery,
    check_limit,
    check_position,
    checked_moment,
    checked_query,
)
from salescore.storage._checks import (
    EVENTS,
    CheckedUnit,
    RecordTypes,
    check_version,
    checked_unit,
    is_id,
)
from salescore.storage._digests import (
    digest_without_personal,
    is_same_content,
    is_same_event,
    unit_digest,
)
from salescore.storage._entry import Appended, Change, Entry
from salescore.storage._paging import page
from salescore.storage._query import Kept, KeptEvent, Moment, Page, Query
from salescore.storage._references import Reference, personal_references
from salescore.storage._unit import Committed, Unit

Versions = list[Kept]
"""All versions of one record, oldest first; the record of a removal is `None`."""


class Erasure(NamedTuple):
    """
    What an erasure changed.

    Attributes:
        rows: How many versions and events.
        positions: Numbers of the units that had written them.
    """

    rows: int
    positions: frozenset[int]


class History:
    """
    Everything that a store keeps, in memory.

    It checks and answers as the port says, so an adapter over anything that can append needs no
    more than to keep entries and to lock. It is no store: it locks nothing, and it keeps nothing
    beyond its life.

    Attributes:
        types: The record types that it keeps.
        position: Number of the last unit; 0 for none.
    """

    def __init__(self, types: RecordTypes) -> None:
        """Begin an empty history."""
        self.types = types
        self.position = 0
        self._clock: datetime | None = None
        self._records: dict[str, dict[str, Versions]] = {
            table.name: {} for table in types.versioned
        }
        self._sorted: dict[str, list[str]] = {}
        self._events: list[KeptEvent] = []
        self._units_of_events: list[int] = []
        self._places: dict[str, int] = {}
        self._erased: set[int] = set()
        self._keys: dict[str, tuple[str, Committed]] = {}

    def entry(self, given: Unit) -> Entry | Committed:
        """
        Return what a unit would change, or the answer of then where it is kept already.

        Nothing is changed yet.

        Raises:
            KeyReused: The key, or the id of an event, stands for other content.
            SalesCoreError: What `checked_unit` raises.
            VersionConflict: A record is at another version than expected.
        """
        unit = checked_unit(given, self.types)
        digest: str | None = None
        if unit.key is not None:
            digest = unit_digest(unit, self.types)
            known = self._keys.get(unit.key)
            if known is not None:
                if not is_same_content(known[0], digest):
                    raise KeyReused("idempotency key", unit.key)
                return attrs.evolve(known[1], is_repeat=True)
        changes: list[Change] = []
        for step in unit.steps:
            name, id_ = step.table.name, step.id
            versions = self._records[name].get(id_)
            last = versions[-1] if versions else None
            check_version(step, 0 if last is None or last.record is None else last.version)
            number = 1 if last is None else last.version + 1
            changes.append(Change(name, id_, step.record, number, step.effective_on))
        return Entry(
            position=self.position + 1,
            recorded_at=unit.recorded_at
            if self._clock is None
            else max(unit.recorded_at, self._clock),
            changes=tuple(changes),
            events=tuple(self._appended(unit)),
            key=unit.key,
            digest=digest,
        )

    def _appended(self, unit: CheckedUnit) -> Iterator[Appended]:
        following = len(self._events)
        for event in unit.events:
            place = self._places.get(event.id)
            if place is None:
                following += 1
                yield Appended(following, event)
                continue
            table = self.types.table(EVENTS)
            kept = self._events[place - 1].event
            if not is_same_event(table, kept, event, is_erased=place in self._erased):
                raise KeyReused("event id", event.id)
            yield Appended(place, None)

    def add(self, entry: Entry) -> Committed:
        """
        Keep what a unit changed, and return what its caller is told.

        Args:
            entry: What `entry` returned, once the adapter has it on its disk; or one that was
                read from there and that `follows`. Where its thread is interrupted, nothing
                is kept.
        """
        before = self.position, self._clock, len(self._events)
        try:
            return self._added(entry)
        except BaseException:
            self._take_back(entry, *before)
            raise

    def _added(self, entry: Entry) -> Committed:
        self.position, self._clock = entry.position, entry.recorded_at
        for records, id_, record, version, effective_on in entry.changes:
            kept = Kept(
                record=record,
                version=version,
                recorded_at=entry.recorded_at,
                effective_on=effective_on,
                position=entry.position,
            )
            self._records[records].setdefault(id_, []).append(kept)
        for position, event, is_erased in entry.events:
            if event is None:
                continue
            self._places[event.id] = position
            self._units_of_events.append(entry.position)
            self._events.append(
                KeptEvent(position=position, event=event, recorded_at=entry.recorded_at)
            )
            if is_erased:
                self._erased.add(position)
        answer = entry.answer()
        if entry.key is not None and entry.digest is not None:
            self._keys[entry.key] = (entry.digest, answer)
        return answer

    def _take_back(self, entry: Entry, position: int, clock: datetime | None, events: int) -> None:
        """Undo what was kept of an entry before its thread was interrupted."""
        for change in entry.changes:
            found = self._records[change.records]
            versions = found.get(change.id, [])
            if versions and versions[-1].position == entry.position:
                del versions[-1]
            if not versions:
                found.pop(change.id, None)
        for place, event, _ in entry.events:
            if event is not None:
                self._places.pop(event.id, None)
                self._erased.discard(place)
        del self._events[events:], self._units_of_events[events:]
        if entry.key is not None:
            self._keys = {key: kept for key, kept in self._keys.items() if key != entry.key}
        self.position, self._clock = position, clock

    def follows(self, entry: Entry) -> str | None:
        """Return why an entry cannot follow what is kept, or `None` where it can."""
        if entry.position != self.position + 1:
            return f"it is unit {entry.position}, after unit {self.position}"
        if self._clock is not None and entry.recorded_at < self._clock:
            return "it was recorded before the one above it"
        for change in entry.changes:
            versions = self._records[change.records].get(change.id, ())
            if change.version != len(versions) + 1:
                thing = f"{change.records} {change.id!r}"
                return f"version {change.version} of {thing} follows version {len(versions)}"
        following = len(self._events)
        for one in entry.events:
            following += one.event is not None
            first = 1 if one.event is None else following
            if not first <= one.position <= following:
                return f"event {one.position} follows event {len(self._events)}"
        return None

    def read(self, records: str, id: str, at: Moment) -> Kept | None:  # noqa: A002 - as everywhere
        """Return a record as it was kept at a moment; see `Reader.read`."""
        self.types.versioned_table(records)
        moment = checked_moment(at)
        versions = self._records[records].get(id) if is_id(id) else None
        return None if versions is None else held(versions, moment)

    def find(self, query: Query) -> Page:
        """Return a page of the records that a rule holds for; see `Reader.find`."""
        asked = checked_query(query, self.types)
        return page(asked, self._candidates(asked))

    def versions(self, records: str, id: str) -> tuple[Kept, ...]:  # noqa: A002 - as above
        """Return all versions of a record but its removals; see `Reader.versions`."""
        self.types.versioned_table(records)
        found = self._records[records].get(id, ()) if is_id(id) else ()
        return tuple(kept for kept in found if kept.record is not None)

    def events(self, after: int, limit: int) -> tuple[KeptEvent, ...]:
        """Return the next events; see `Reader.events`."""
        check_position(after)
        check_limit(limit)
        return tuple(self._events[after : after + limit])

    def amended(self, entry: Entry) -> Entry:
        """
        Return an entry that is kept with what erasures left of it.

        Args:
            entry: The entry as it was added, or as it was read again since.
        """
        return attrs.evolve(
            entry,
            changes=tuple(
                one._replace(record=self._records[one.records][one.id][one.version - 1].record)
                for one in entry.changes
            ),
            events=tuple(
                one
                if one.event is None
                else Appended(
                    one.position,
                    self._events[one.position - 1].event,
                    one.position in self._erased,
                )
                for one in entry.events
            ),
            digest=None if entry.key is None else self._keys[entry.key][0],
        )

    def _candidates(self, asked: CheckedQuery) -> Iterable[Kept]:
        found = self._records[asked.table.name]
        if not asked.is_by_id:
            return [kept for one in found.values() if (kept := held(one, asked.query.at))]
        ids = self._sorted.get(asked.table.name, [])
        if len(ids) != len(found):  # ids are added and never taken away
            ids = self._sorted[asked.table.name] = sorted(found)
        first = 0 if asked.start is None else bisect_right(ids, str(asked.start[0]))
        each = (found[ids[place]] for place in range(first, len(ids)))
        return (kept for one in each if (kept := held(one, asked.query.at)))

    def erase(self, records: str, id: str) -> Erasure:  # noqa: A002 - as above
        """Empty the personal fields of a subject and of what is about it; see `Writer.erase`."""
        self.types.versioned_table(records)
        if not is_id(id):
            return Erasure(0, frozenset())
        references = personal_references(self.types, records)
        units: list[int] = []
        for table in self.types.versioned:
            ways = [one for one in references if one.table.name == table.name]
            if table.name == records:
                units += _emptied(table, self._records[records].get(id, []))
            for versions in self._records[table.name].values() if ways else ():
                units += _emptied(table, versions, partial(_is_reached, ways, records, id))
        units += self._emptied_events(
            [one for one in references if one.table.name == EVENTS], records, id
        )
        positions = frozenset(units)
        for key, (digest, answer) in self._keys.items():
            if answer.position in positions:
                self._keys[key] = (digest_without_personal(digest), answer)
        return Erasure(len(units), positions)

    def _emptied_events(
        self,
        ways: list[Reference],
        records: str,
        id: str,  # noqa: A002 - as above
    ) -> Iterator[int]:
        for place, one in enumerate(self._events if ways else ()):
            if _is_reached(ways, records, id, one.event):
                emptied = erased(ways[0].table, one.event)
                if emptied != one.event:
                    self._events[place] = attrs.evolve(one, event=emptied)
                    self._erased.add(one.position)
                    yield self._units_of_events[place]


def _is_reached(ways: list[Reference], records: str, id: str, record: object) -> bool:  # noqa: A002 - as everywhere
    return any(way.refers(record, records, id) for way in ways)


def _emptied(
    table: FieldTable, versions: Versions, is_reached: Callable[[Any], bool] = lambda _: True
) -> Iterator[int]:
    """Empty what is personal in the versions reached, and yield the unit of each that changed."""
    for place, kept in enumerate(versions):
        if kept.record is not None and is_reached(kept.record):
            emptied = erased(table, kept.record)
            if emptied != kept.record:
                versions[place] = attrs.evolve(kept, record=emptied)
                yield kept.position


def held(versions: Versions, at: Moment) -> Kept | None:
    """
    Return the version that holds at a moment, `None` where there is none or it is a removal.

    Among the versions recorded by then it is the one with the latest day from which it holds, at
    or before the day asked about; of several of one day, the last. Without a day it is the last.
    """
    if at.recorded is None and at.effective is None:
        found: Kept | None = versions[-1]
    else:
        found = None
        for kept in versions:
            if at.recorded is not None and kept.recorded_at > at.recorded:
                break  # times of recording never run backwards
            day = kept.effective_on or date.min
            best = date.min if found is None else found.effective_on or date.min
            if at.effective is None or best <= day <= at.effective:
                found = kept
    return None if found is None or found.record is None else found
