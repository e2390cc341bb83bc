"""The port for coroutines: the same methods, run by one thread of the store's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from salescore.errors import StoreRefused
from salescore.plain import FieldTable
from salescore.storage._ports import Capability, Store
from salescore.storage._query import NOW, Kept, KeptEvent, Moment, Page, Query
from salescore.storage._unit import Committed, Unit

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

T = TypeVar("T")

_THREAD = "salescore-store"


class AsyncStore:
    """
    A store for coroutines; each of its methods is that of the store behind it.

    One thread does all the work, in the order in which it was asked, so that the event loop never
    waits for a disk. Whoever is cancelled while waiting learns nothing more: a unit whose turn had
    not come is not kept, one that was begun is kept as a whole or refused as a whole. The same
    unit with its idempotency key tells which.

    Examples:
        >>> import asyncio
        >>> from salescore.storage import MemoryStore
        >>> asyncio.run(AsyncStore(MemoryStore()).read("customers", "C-1"))
    """

    def __init__(self, store: Store) -> None:
        """
        Take over a store; whoever made it leaves it alone from then on.

        Args:
            store: The store; its `close` is called by ours.
        """
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - only here

        self._store = store
        self._thread: ThreadPoolExecutor = ThreadPoolExecutor(1, _THREAD)

    @classmethod
    async def open(cls, make: Callable[[], Store]) -> AsyncStore:
        """
        Return a store that is opened by the thread which does its work.

        Args:
            make: Opens the store, such as `lambda: JsonLinesStore("facts")`.
        """
        import asyncio  # noqa: PLC0415 - as above
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - as above

        thread = ThreadPoolExecutor(1, _THREAD)
        try:
            opened = cls(await asyncio.get_running_loop().run_in_executor(thread, make))
        except BaseException:
            thread.shutdown(wait=False, cancel_futures=True)
            raise
        opened._thread = thread  # the thread that opened it, as some databases ask
        return opened

    @property
    def capabilities(self) -> frozenset[Capability]:
        """Return what the store can do beyond what every store must."""
        return self._store.capabilities

    @property
    def tables(self) -> tuple[FieldTable, ...]:
        """Return the record types that it keeps, with registered fields."""
        return self._store.tables

    async def read(self, records: str, id: str, /, at: Moment = NOW) -> Kept | None:  # noqa: A002 - the word for it everywhere
        """Return a record, or `None` where none was kept at that moment; see `Reader.read`."""
        return await self._run(partial(self._store.read, records, id, at=at))

    async def find(self, query: Query, /) -> Page:
        """Return a page of the records that a rule holds for; see `Reader.find`."""
        return await self._run(partial(self._store.find, query))

    async def versions(self, records: str, id: str, /) -> tuple[Kept, ...]:  # noqa: A002 - as above
        """Return all versions of a record, oldest first; see `Reader.versions`."""
        return await self._run(partial(self._store.versions, records, id))

    async def events(self, *, after: int = 0, limit: int = 1000) -> tuple[KeptEvent, ...]:
        """Return the next events in order of their positions; see `Reader.events`."""
        return await self._run(partial(self._store.events, after=after, limit=limit))

    async def commit(self, unit: Unit, /) -> Committed:
        """Keep a unit of work; see `Writer.commit`."""
        return await self._run(partial(self._store.commit, unit))

    async def load(self, records: Iterable[Any], /, *, recorded_at: datetime) -> int:
        """Keep many new records as one unit, and return how many; see `Writer.load`."""
        return await self._run(partial(self._store.load, records, recorded_at=recorded_at))

    async def erase(self, records: str, id: str, /, *, recorded_at: datetime) -> int:  # noqa: A002 - as above
        """Erase the personal data of a subject, in the past too; see `Writer.erase`."""
        return await self._run(partial(self._store.erase, records, id, recorded_at=recorded_at))

    async def close(self) -> None:
        """Finish what was begun, let go of the store, and end its thread."""
        import asyncio  # noqa: PLC0415 - as above

        try:
            closing = self._thread.submit(self._store.close)
        except RuntimeError:  # it is closed already
            return
        self._thread.shutdown(wait=False)
        await asyncio.shield(asyncio.wrap_future(closing))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def _run(self, act: Callable[[], T]) -> T:
        import asyncio  # noqa: PLC0415 - as above

        try:
            waiting = asyncio.get_running_loop().run_in_executor(self._thread, act)
        except RuntimeError:  # its thread has ended
            raise StoreRefused("behind an AsyncStore", "it is closed; open another") from None
        return await waiting
