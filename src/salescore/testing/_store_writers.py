"""What a writer does that shares a store with others, and what a reader sees meanwhile."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from decimal import Decimal

from salescore.entities import Customer, Event
from salescore.errors import StoreBusy, VersionConflict
from salescore.rules import F
from salescore.storage import Query, Store, Unit
from salescore.testing._store_history import Operation
from salescore.testing._store_samples import at, customer, event

KEYS = ("n0", "n1")
"""Counters that all writers share."""

_PATIENCE = 2000
"""Most attempts at one change; a store that needs more gives nobody a turn."""


def begin(store: Store) -> None:
    """Put the counters and their twins at nought."""
    store.commit(
        Unit(recorded_at=at(0)).put(*(_both for key in KEYS for _both in _pair(key, 0, "0")))
    )


def _pair(key: str, count: int, stamp: str) -> tuple[Customer, Customer]:
    """Return a counter and its twin: a unit writes both, so nobody may see them differ."""
    number = Decimal(count)
    return (
        customer(key, employees=number, needs=stamp),
        customer(f"{key}-twin", employees=number, needs=stamp),
    )


def write(
    store: Store, writer: int, turns: int, seed: int, tell: Callable[[Operation], None]
) -> None:
    """
    Count up, each time by one and for the version that was read, and append events.

    Args:
        store: The store, shared with others.
        writer: Number of the writer.
        turns: How often it counts up.
        seed: What chance begins with.
        tell: Takes each operation that was answered.
    """
    chance = random.Random(f"{seed}-{writer}")  # noqa: S311 - chance, no secret
    for turn in range(turns):
        key = chance.choice(KEYS)
        stamp = f"{writer}-{turn}"
        told = tuple(event(f"e{stamp}-{place}", key) for place in range(chance.randint(1, 3)))
        for _ in range(_PATIENCE):
            if _count_up(store, key, stamp, told, tell):
                break
        else:
            raise AssertionError(f"writer {writer} did not get its turn in {_PATIENCE} attempts")


def _count_up(
    store: Store, key: str, stamp: str, told: tuple[Event, ...], tell: Callable[[Operation], None]
) -> bool:
    """Return whether the counter could be written at the version that was read."""
    began = time.monotonic_ns()
    kept = store.read("customers", key)
    ended = time.monotonic_ns()
    version = 0 if kept is None else kept.version
    value = None if kept is None else kept.record.needs
    tell(Operation(key=key, began=began, ended=ended, is_write=False, version=version, value=value))
    count = 0 if kept is None else int(kept.record.employees)
    mine, twin = _pair(key, count + 1, stamp)
    unit = Unit(recorded_at=at(1)).put(mine, expected=version).put(twin).append(told)
    began = time.monotonic_ns()
    try:
        made = store.commit(unit).versions[0]
    except VersionConflict as conflict:
        ended = time.monotonic_ns()
        seen = conflict.found
        tell(Operation(key=key, began=began, ended=ended, is_write=False, version=seen))
        return False
    except StoreBusy:
        return False
    ended = time.monotonic_ns()
    tell(Operation(key=key, began=began, ended=ended, is_write=True, version=made, value=stamp))
    return True


class Follower:
    """
    A reader that follows the events of a store and looks at its pairs while others write.

    Attributes:
        seen: Positions and ids of the events, in the order in which they were seen.
        faults: What nobody should have seen.
        polls: How often it asked.
    """

    def __init__(self, store: Store) -> None:
        """Begin before the first event."""
        self.store = store
        self.seen: list[tuple[int, str]] = []
        self.faults: list[str] = []
        self.polls = 0

    def poll(self) -> None:
        """Ask once for new events, and for one pair."""
        self.polls += 1
        last = self.seen[-1][0] if self.seen else 0
        found = self.store.events(after=last, limit=50)
        self.seen += [(one.position, str(one.event.id)) for one in found]
        key = KEYS[self.polls % len(KEYS)]
        query = Query(records="customers", where=F.id.is_in([key, f"{key}-twin"]))
        pair = [one.record.needs for one in self.store.find(query).kept]
        if len(pair) != len(KEYS) or len(set(pair)) != 1:
            self.faults.append(f"{key} and its twin were seen apart: {pair}")

    def follow(self, is_over: Callable[[], bool]) -> None:
        """Poll until it is over, and once more."""
        while not is_over():
            self.poll()
        while True:
            before = len(self.seen)
            self.poll()
            if len(self.seen) == before:
                return
