"""Stores that claim to be durable and are not; other processes open them too."""

from __future__ import annotations

import pickle
import time
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import attrs

from salescore.storage import Capability, Committed, MemoryStore, Unit
from salescore.testing._broken_wrapped import Wrapped

_LATE = 2
_SECONDS = 0.03
"""How long a unit is there by half: most of the time that its commit takes on any machine."""


class _OnDisk(Wrapped):
    """A store in memory that writes down what it was told, and tells it to itself when opened."""

    def __init__(self, place: str) -> None:
        """Bring back what is on the disk."""
        super().__init__()
        self._path = Path(place)
        self.told: list[tuple[str, Any]] = []
        if self._path.exists():
            self.told = pickle.loads(self._path.read_bytes())  # noqa: S301 - its own file
        for what, told in self.told:
            _tell(self.inner, what, told)

    @property
    def capabilities(self) -> frozenset[Capability]:
        """Claim what is not so."""
        return frozenset({Capability.DURABLE})

    def commit(self, unit: Unit, /) -> Committed:
        """Keep, then write down."""
        answer = self.inner.commit(unit)
        self.note("commit", unit)
        return answer

    def load(self, records: Iterable[Any], /, *, recorded_at: datetime) -> int:
        """Keep, then write down."""
        given = list(records)
        count = self.inner.load(given, recorded_at=recorded_at)
        self.note("load", (given, recorded_at))
        return count

    def erase(self, records: str, id: str, /, *, recorded_at: datetime) -> int:  # noqa: A002 - the port's word
        """Erase, then write down."""
        count = self.inner.erase(records, id, recorded_at=recorded_at)
        self.note("erase", (records, id, recorded_at))
        return count

    def note(self, what: str, told: Any) -> None:  # noqa: ANN401 - arguments of the call
        """Write down what was told; to be overridden."""
        self.told.append((what, told))
        self.write(self.told)

    def write(self, told: list[tuple[str, Any]]) -> None:
        """Bring what was told to the disk as a whole."""
        new = self._path.with_suffix(".new")
        new.write_bytes(pickle.dumps(told))
        new.replace(self._path)


def _tell(store: MemoryStore, what: str, told: Any) -> None:  # noqa: ANN401 - as above
    match what:
        case "load":
            store.load(told[0], recorded_at=told[1])
        case "erase":
            store.erase(told[0], told[1], recorded_at=told[2])
        case _:
            store.commit(told)


class LateDisk(_OnDisk):
    """It acknowledges at once, and brings each call to the disk two calls later or at last."""

    def note(self, what: str, told: Any) -> None:  # noqa: ANN401 - as above
        """Write what was told before."""
        self.told.append((what, told))
        self.write(self.told[:-_LATE])

    def close(self) -> None:
        """Write what is left."""
        self.write(self.told)
        super().close()


class TornDisk(_OnDisk):
    """It writes the changes of a unit first and its events a moment later."""

    def note(self, what: str, told: Any) -> None:  # noqa: ANN401 - as above
        """Write in two steps where there are two parts."""
        if isinstance(told, Unit) and told.changes and told.events:
            self.told.append((what, attrs.evolve(told, events=(), key=None)))
            self.write(self.told)
            time.sleep(_SECONDS)
            self.told.pop()
        super().note(what, told)


class KeylessDisk(_OnDisk):
    """It forgets when it is closed which keys were used."""

    def note(self, what: str, told: Any) -> None:  # noqa: ANN401 - as above
        """Write without the key."""
        if isinstance(told, Unit):
            told = attrs.evolve(told, key=None)
        super().note(what, told)


def late_disk(place: str) -> LateDisk:
    """Return the store at a place."""
    return LateDisk(place)


def torn_disk(place: str) -> TornDisk:
    """Return the store at a place."""
    return TornDisk(place)


def keyless_disk(place: str) -> KeylessDisk:
    """Return the store at a place."""
    return KeylessDisk(place)
