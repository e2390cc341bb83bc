"""An entry: what one unit of work changed, as a store keeps it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

import attrs

from salescore.entities import Event
from salescore.storage._unit import Committed


class Change(NamedTuple):
    """
    A version that a unit made.

    Attributes:
        records: Record type in snake_case plural.
        id: Id of the record.
        record: The record; `None` where it was removed.
        version: Version that it has since.
        effective_on: First day from which it holds; `None` since ever.
    """

    records: str
    id: str
    record: Any | None
    version: int
    effective_on: date | None


class Appended(NamedTuple):
    """
    An event of a unit.

    Attributes:
        position: Place among all events.
        event: The event; `None` where it was kept before, at that place.
        is_erased: Whether an erasure emptied it.
    """

    position: int
    event: Event | None
    is_erased: bool = False


@attrs.frozen(kw_only=True)
class Entry:
    """
    What one unit changed.

    Attributes:
        position: Number of the unit.
        recorded_at: Instant that counts as its time of recording.
        changes: Versions that it made, in the order of the unit.
        events: Its events, in the order of the unit.
        key: Idempotency key; `None` for none.
        digest: Digest of the content; `None` without a key.
    """

    position: int
    recorded_at: datetime
    changes: tuple[Change, ...] = ()
    events: tuple[Appended, ...] = ()
    key: str | None = None
    digest: str | None = None

    def answer(self, *, is_repeat: bool = False) -> Committed:
        """Return what the caller is told."""
        return Committed(
            position=self.position,
            recorded_at=self.recorded_at,
            versions=tuple(change.version for change in self.changes),
            events=tuple(one.position for one in self.events),
            is_repeat=is_repeat,
        )
