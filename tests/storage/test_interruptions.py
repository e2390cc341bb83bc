"""Interruptions, such as Ctrl-C in a notebook: a unit is kept as a whole or not at all."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from salescore.entities import Customer, CustomerId, Event, EventId
from salescore.storage import (
    Committed,
    Entry,
    History,
    JsonLinesStore,
    MemoryStore,
    Query,
    SqliteStore,
    Store,
    Unit,
)

MARCH = datetime(2017, 3, 1, tzinfo=UTC)
ANN = Customer(id=CustomerId("C-1"), name="Ann")
CALLED = Event(id=EventId("e-1"), name="called", happened_at=MARCH)


class Interrupting(str):
    """A key that interrupts whoever hashes it for the second time, which is when it is kept."""

    __slots__ = ("asked",)
    asked: int

    def __hash__(self) -> int:
        self.asked = getattr(self, "asked", 0) + 1
        if self.asked == 2:
            raise KeyboardInterrupt
        return super().__hash__()


class Connection(sqlite3.Connection):
    """A connection whose thread is interrupted as one of its statements returns."""

    interrupted_at = ""

    def execute(self, *arguments: Any) -> sqlite3.Cursor:  # noqa: ANN401 - as of its parent
        """Run a statement, and interrupt whoever asked for it, once."""
        found = super().execute(*arguments)
        if self.interrupted_at and arguments[0].startswith(self.interrupted_at):
            self.interrupted_at = ""
            raise KeyboardInterrupt
        return found


class Watched:
    """Opens connections, and remembers them."""

    def __init__(self) -> None:
        self.connections: list[Connection] = []

    def __call__(self, place: str) -> Connection:
        """Open a connection."""
        made = sqlite3.connect(
            place, isolation_level=None, check_same_thread=False, factory=Connection, timeout=0
        )
        self.connections.append(made)
        return made

    def interrupt(self, statement: str) -> None:
        """Interrupt whoever runs such a statement next."""
        for one in self.connections:
            one.interrupted_at = statement


def unit(key: str | None = None) -> Unit:
    """Return a unit with a record and an event."""
    return Unit(recorded_at=MARCH, key=key).put(ANN).append([CALLED])


def told(store: Store) -> tuple[int, int]:
    """Return how many customers and events there are."""
    return len(store.find(Query(records="customers")).kept), len(store.events())


@pytest.mark.parametrize("is_first", [True, False])
def test_memory_forgets_an_interrupted_unit(*, is_first: bool) -> None:
    """What is interrupted while it is kept leaves nothing, and may be repeated."""
    store = MemoryStore()
    if not is_first:
        store.commit(Unit(recorded_at=MARCH).put(ANN))
    before = store.versions("customers", "C-1"), told(store)
    with pytest.raises(KeyboardInterrupt):
        store.commit(unit(Interrupting("k")))
    assert (store.versions("customers", "C-1"), told(store)) == before
    answer = store.commit(unit("k"))
    assert answer.position == answer.versions[0] == (1 if is_first else 2)
    assert (answer.events, answer.is_repeat) == ((1,), False)


def test_a_journal_knows_an_interrupted_unit(tmp_path: Path) -> None:
    """What was on the disk already is kept, and memory follows the disk."""
    store = JsonLinesStore(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        store.commit(unit(Interrupting("k")))
    assert told(store) == (1, 1)
    assert store.commit(unit("k")).is_repeat
    assert store.commit(Unit(recorded_at=MARCH).put(ANN)).position == 2
    store.close()
    again = JsonLinesStore(tmp_path)
    assert [kept.version for kept in again.versions("customers", "C-1")] == [1, 2]
    again.close()


class Halted(History):
    """A history that is interrupted as it follows what others wrote."""

    def add(self, entry: Entry) -> Committed:
        """Keep an entry, and interrupt whoever reads it."""
        super().add(entry)
        raise KeyboardInterrupt


def test_an_interrupted_reader_reads_again(tmp_path: Path) -> None:
    """Whoever is interrupted between keeping a line and counting it does not read it twice."""
    reader, writer = JsonLinesStore(tmp_path), JsonLinesStore(tmp_path)
    writer.commit(unit())
    reader._history = Halted(reader._types)
    with pytest.raises(KeyboardInterrupt):
        told(reader)
    assert told(reader) == (1, 1)
    reader.close()
    writer.close()


@pytest.mark.engine
@pytest.mark.parametrize("statement", ["BEGIN", "INSERT", "COMMIT"])
@pytest.mark.parametrize("place", ["sales.db", ":memory:"])
def test_an_interrupted_transaction_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, statement: str, place: str
) -> None:
    """Whoever is interrupted, even as a transaction begins, leaves no lock and half of nothing."""
    monkeypatch.chdir(tmp_path)
    connect = Watched()
    store = SqliteStore(place, connect=connect, busy_timeout=0.05)
    store.commit(Unit(recorded_at=MARCH).put(Customer(id=CustomerId("C-0"), name="Bob")))
    connect.interrupt(statement)
    with pytest.raises(KeyboardInterrupt):
        store.commit(unit("k"))
    kept = statement == "COMMIT"
    assert told(store) == (1 + kept, int(kept))
    answer = store.commit(unit("k"))
    assert (answer.position, answer.is_repeat) == (2, kept)
    store.close()
