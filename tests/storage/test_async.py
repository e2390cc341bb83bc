from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from salescore.entities import Event, EventId, Team, TeamId
from salescore.errors import StoreRefused, VersionConflict
from salescore.rules import F
from salescore.storage import AsyncStore, Committed, JsonLinesStore, MemoryStore, Query, Unit

NOON = datetime(2017, 3, 1, 12, tzinfo=UTC)
NORTH = Team(id=TeamId("north"), name="North")
BEGAN = Event(
    id=EventId("e"), name="began", happened_at=NOON, record="teams", subject="north", actor="R"
)


class Gate(MemoryStore):
    """A store that notes which threads work in it, and stops before each commit until told."""

    def __init__(self) -> None:
        super().__init__()
        self.threads: set[int] = set()
        self.begun = threading.Event()
        self.go_on = threading.Event()

    def commit(self, unit: Unit, /) -> Committed:
        """Wait to be told, then commit."""
        self.threads.add(threading.get_ident())
        self.begun.set()
        self.go_on.wait(60)
        return super().commit(unit)

    def close(self) -> None:
        """Note the thread, then close."""
        self.threads.add(threading.get_ident())
        super().close()


def put(name: str) -> Unit:
    """Return a unit that puts a team."""
    return Unit(recorded_at=NOON).put(Team(id=TeamId(name), name=name))


async def begun(store: Gate) -> None:
    """Wait until a commit has begun."""
    await asyncio.to_thread(store.begun.wait, 60)


def test_every_method_is_that_of_the_store() -> None:
    """Reads and writes give what the store behind gives, and its errors come through."""
    behind = MemoryStore()

    async def work() -> None:
        async with AsyncStore(behind) as store:
            answer = await store.commit(
                Unit(recorded_at=NOON).put(NORTH, expected=0).append([BEGAN])
            )
            assert answer.versions == (1,)
            assert await store.read("teams", "north") == behind.read("teams", "north")
            assert await store.versions("teams", "north") == behind.versions("teams", "north")
            query = Query(records="teams", where=F.name == "North")
            assert await store.find(query) == behind.find(query)
            assert len((await store.find(query)).kept) == 1
            assert await store.events() == behind.events()
            assert await store.events(after=1, limit=1) == ()
            assert await store.load([Team(id=TeamId("s"), name="S")], recorded_at=NOON) == 1
            assert await store.erase("teams", "north", recorded_at=NOON) == 1
            assert store.tables == behind.tables
            assert store.capabilities == behind.capabilities
            with pytest.raises(VersionConflict):
                await store.commit(Unit(recorded_at=NOON).put(NORTH, expected=0))

    asyncio.run(work())


def test_one_thread_does_all_the_work() -> None:
    """Commits and the closing run in one thread, and not in that of the event loop."""
    behind = Gate()
    behind.go_on.set()

    async def work() -> None:
        store = AsyncStore(behind)
        await asyncio.gather(*(store.commit(put(str(number))) for number in range(20)))
        await store.close()

    asyncio.run(work())
    assert len(behind.threads) == 1
    assert threading.get_ident() not in behind.threads


def test_work_is_done_in_the_order_in_which_it_was_asked() -> None:
    """Units that are asked for at once are kept in the order of the calls."""

    async def work() -> list[int]:
        async with AsyncStore(MemoryStore()) as store:
            answers = await asyncio.gather(*(store.commit(put(str(one))) for one in range(50)))
            return [answer.position for answer in answers]

    assert asyncio.run(work()) == list(range(1, 51))


def test_a_cancelled_unit_is_kept_as_a_whole_or_not_at_all() -> None:
    """One that was begun is kept, one whose turn had not come is not, and the store goes on."""
    behind = Gate()

    async def work() -> list[Any]:
        store = AsyncStore(behind)
        first = asyncio.create_task(store.commit(put("first")))
        await begun(behind)
        second = asyncio.create_task(store.commit(put("second")))
        await asyncio.sleep(0)
        for task in (first, second):
            task.cancel()
        ends = await asyncio.gather(first, second, return_exceptions=True)
        assert all(isinstance(end, asyncio.CancelledError) for end in ends)
        behind.go_on.set()
        third = await store.commit(put("third"))
        found = [third.position, *[await store.read("teams", one) for one in ("first", "second")]]
        await store.close()
        return found

    position, first, second = asyncio.run(work())
    assert position == 2
    assert first is not None
    assert second is None


def test_closing_finishes_what_was_asked_for_and_ends_the_thread(tmp_path: Path) -> None:
    """Units already asked for are kept, later ones are refused, and no thread stays behind."""
    before = threading.active_count()

    async def work() -> None:
        store = await AsyncStore.open(lambda: JsonLinesStore(tmp_path / "facts"))
        asked = [asyncio.create_task(store.commit(put(str(number)))) for number in range(5)]
        await asyncio.sleep(0)
        await store.close()
        assert [(await task).position for task in asked] == [1, 2, 3, 4, 5]
        with pytest.raises(StoreRefused, match="closed"):
            await store.events()
        await store.close()

    asyncio.run(work())
    workers = [one for one in threading.enumerate() if one.name.startswith("salescore")]
    for one in workers:
        one.join(60)
    assert threading.active_count() <= before
    again = JsonLinesStore(tmp_path / "facts")
    assert len(again.find(Query(records="teams")).kept) == 5
    again.close()


def test_a_closing_that_is_cancelled_still_closes() -> None:
    """Whoever is cancelled while closing leaves a store that closes by itself."""
    behind = Gate()

    async def work() -> None:
        store = AsyncStore(behind)
        unit = asyncio.create_task(store.commit(put("first")))
        await begun(behind)
        closing = asyncio.create_task(store.close())
        await asyncio.sleep(0)
        closing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await closing
        behind.go_on.set()
        assert (await unit).position == 1

    asyncio.run(work())
    for one in threading.enumerate():
        if one.name.startswith("salescore"):
            one.join(60)
    with pytest.raises(StoreRefused):
        behind.events()


def test_a_store_is_opened_by_the_thread_that_works_in_it() -> None:
    """Databases that are bound to the thread which opened them are served by it alone."""
    opened_by: list[int] = []

    def make() -> Gate:
        opened_by.append(threading.get_ident())
        store = Gate()
        store.go_on.set()
        return store

    async def work() -> None:
        store = await AsyncStore.open(make)
        await store.commit(put("first"))
        behind = store._store
        await store.close()
        assert isinstance(behind, Gate)
        assert behind.threads == set(opened_by)

    asyncio.run(work())


def test_a_store_that_cannot_be_opened_leaves_no_thread(tmp_path: Path) -> None:
    """The error comes through."""
    (tmp_path / "file").write_text("x", encoding="utf-8")

    async def work() -> None:
        with pytest.raises(StoreRefused):
            await AsyncStore.open(lambda: JsonLinesStore(tmp_path / "file"))

    asyncio.run(work())
    for one in threading.enumerate():
        if one.name.startswith("salescore"):
            one.join(60)
