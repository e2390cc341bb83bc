"""A unit of work as data: what is to be kept, all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import attrs

from salescore.entities import Event
from salescore.storage._several import several


@attrs.frozen
class Put:
    """
    A record to be kept, new or changed.

    Attributes:
        record: The record, of any record type but events.
        expected: Version that the change was made for, 0 for a record that must be new; `None`
            writes over whatever is kept.
        effective_on: First day from which the record says what holds; `None` since ever.
    """

    record: Any
    expected: int | None = None
    effective_on: date | None = None


@attrs.frozen
class Remove:
    """
    A record to be kept no longer; what it was can still be read as of a past moment.

    Attributes:
        records: Record type in snake_case plural.
        id: Id of the record.
        expected: Version that is to be removed; `None` removes whatever is kept.
        effective_on: First day from which it is gone; `None` since ever.
    """

    records: str
    id: str
    expected: int | None = None
    effective_on: date | None = None


def _as_changes(changes: Iterable[Put | Remove]) -> tuple[Put | Remove, ...]:
    return several("changes", changes, "[Put(record)]")


def _as_events(events: Iterable[Event]) -> tuple[Event, ...]:
    return several("events", events, "[event]")


@attrs.frozen(kw_only=True)
class Unit:
    """
    A unit of work: changes and events that are kept together or not at all.

    It is data, so that it can be checked, logged and repeated.

    Attributes:
        recorded_at: Instant at which it is recorded, in UTC. A store's clock never runs backwards:
            where a later instant is kept already, that one counts.
        changes: Records put and removed, at most one change per record.
        events: Events appended, in this order.
        key: Idempotency key; the same unit under the same key again changes nothing and gets the
            same answer. `None` for a unit that is never repeated.

    Raises:
        InvalidValue: A change or an event stands alone where several are held.
    """

    recorded_at: datetime
    changes: tuple[Put | Remove, ...] = attrs.field(default=(), converter=_as_changes)
    events: tuple[Event, ...] = attrs.field(default=(), converter=_as_events)
    key: str | None = None

    def put(
        self,
        *records: Any,  # noqa: ANN401 - records of any type
        expected: int | None = None,
        effective_on: date | None = None,
    ) -> Unit:
        """Return the unit with further records put; see `Put`."""
        further = [Put(one, expected, effective_on) for one in records]
        return self._with((*self.changes, *further), self.events)

    def remove(
        self,
        records: str,
        id: str,  # noqa: A002 - the word for it everywhere
        *,
        expected: int | None = None,
        effective_on: date | None = None,
    ) -> Unit:
        """Return the unit with a further record removed; see `Remove`."""
        further = Remove(records, id, expected, effective_on)
        return self._with((*self.changes, further), self.events)

    def append(self, events: Iterable[Event]) -> Unit:
        """
        Return the unit with further events.

        Raises:
            InvalidValue: An event stands alone; give them as a list.
        """
        return self._with(self.changes, (*self.events, *_as_events(events)))

    def _with(self, changes: tuple[Put | Remove, ...], events: tuple[Event, ...]) -> Unit:
        # attrs.evolve asks for every field by name, which costs as much as all checks of a unit.
        return Unit(recorded_at=self.recorded_at, changes=changes, events=events, key=self.key)


@attrs.frozen(kw_only=True)
class Committed:
    """
    What a store answers once a unit is kept for good.

    Attributes:
        position: Number of the unit among all that the store keeps, counted from 1 without gaps.
        recorded_at: Instant that counts as its time of recording.
        versions: Per change the version that the record now has, in the order of the changes.
        events: Per event its position among all events, counted from 1 without gaps; an event that
            was kept before has the position of then.
        is_repeat: Whether the unit was kept before under the same key.
    """

    position: int
    recorded_at: datetime
    versions: tuple[int, ...] = ()
    events: tuple[int, ...] = ()
    is_repeat: bool = False
