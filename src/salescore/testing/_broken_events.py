"""Stores that break the laws of events."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import attrs

from salescore.storage import Committed, KeptEvent, Unit
from salescore.testing._broken_wrapped import Wrapped


class GappedPositions(Wrapped):
    """Positions of events come from a sequence, and a refused unit burns what it took."""

    def __init__(self) -> None:
        """Begin at one."""
        super().__init__()
        self._next = 1
        self._places: list[int] = []

    def commit(self, unit: Unit, /) -> Committed:
        """Take numbers first."""
        first, self._next = self._next, self._next + len(unit.events)
        answer = self.inner.commit(unit)
        fresh = [one for one in answer.events if one > len(self._places)]
        self._places += range(first, first + len(fresh))
        return attrs.evolve(answer, events=tuple(self._places[one - 1] for one in answer.events))

    def load(self, records: Iterable[Any], /, *, recorded_at: datetime) -> int:
        """Take numbers for what is new."""
        count = self.inner.load(records, recorded_at=recorded_at)
        fresh = len(self.inner.events(limit=10_000)) - len(self._places)
        self._places += range(self._next, self._next + fresh)
        self._next += fresh
        return count

    def events(self, *, after: int = 0, limit: int = 1000) -> tuple[KeptEvent, ...]:
        """Show the numbers that were taken."""
        behind = sum(one <= after for one in self._places) if after > 0 else after
        found = self.inner.events(after=behind, limit=limit)
        return tuple(attrs.evolve(one, position=self._places[one.position - 1]) for one in found)


class EventsInFlight(Wrapped):
    """An event is seen as soon as its unit is kept, though one with a lower number is not yet."""

    def __init__(self) -> None:
        """Begin with nothing in flight."""
        super().__init__()
        self._flying: dict[int, int] = {}
        self._lock = threading.Lock()
        self._count = 0

    def commit(self, unit: Unit, /) -> Committed:
        """Keep, and let events be seen a little later, each unit on its own."""
        with self._lock:
            answer = self.inner.commit(unit)
            self._count += 1
            mine = self._count
            is_slow = mine % 2 == 0
            if is_slow:
                self._flying.update(dict.fromkeys(answer.events, mine))
        if is_slow:
            time.sleep(0.001)
            for one in answer.events:
                self._flying.pop(one, None)
        return answer

    def events(self, *, after: int = 0, limit: int = 1000) -> tuple[KeptEvent, ...]:
        """Leave out what is in flight."""
        found = self.inner.events(after=after, limit=limit)
        return tuple(one for one in found if one.position not in self._flying)
