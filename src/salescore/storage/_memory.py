"""The store in memory: every law of the port, nothing kept beyond its life."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from threading import Lock
from typing import Any

from salescore.errors import StoreRefused
from salescore.plain import CustomFields, FieldTable
from salescore.storage._checks import RecordTypes, checked_instant, load_unit
from salescore.storage._history import History
from salescore.storage._ports import Capability
from salescore.storage._query import NOW, Kept, KeptEvent, Moment, Page, Query
from salescore.storage._unit import Committed, Unit

_NAME = "in memory"


class MemoryStore:
    """
    A store in memory, for tests, notebooks and what need not last.

    Any number of threads may use it at the same time.

    Examples:
        >>> from salescore.entities import Team
        >>> unit = Unit(recorded_at=datetime.fromisoformat("2017-03-01T00:00Z"))
        >>> MemoryStore().commit(unit.put(Team(id="north", name="North"))).versions
        (1,)
    """

    def __init__(
        self,
        custom_fields: CustomFields | None = None,
        *,
        tables: Iterable[FieldTable] | None = None,
    ) -> None:
        """
        Begin an empty store.

        Args:
            custom_fields: The fields that the application registered; `None` for none.
            tables: Field tables of the record types that it keeps; `None` for all of ours.

        Raises:
            InvalidValue: A table stands twice, or a registered field has a name of a column.
            UnknownName: Fields are registered for a record type that is not kept.
        """
        self._types = RecordTypes.of(tables, custom_fields)
        self._history: History | None = History(self._types)
        self._lock = Lock()

    @property
    def capabilities(self) -> frozenset[Capability]:
        """Return nothing: what it keeps ends with its process."""
        return frozenset()

    @property
    def tables(self) -> tuple[FieldTable, ...]:
        """Return the record types that it keeps, with registered fields."""
        return self._types.tables

    def read(self, records: str, id: str, /, at: Moment = NOW) -> Kept | None:  # noqa: A002 - the word for it everywhere
        """Return a record, or `None` where none was kept at that moment; see `Reader.read`."""
        with self._lock:
            return self._open().read(records, id, at)

    def find(self, query: Query, /) -> Page:
        """Return a page of the records that a rule holds for; see `Reader.find`."""
        with self._lock:
            return self._open().find(query)

    def versions(self, records: str, id: str, /) -> tuple[Kept, ...]:  # noqa: A002 - as above
        """Return all versions of a record, oldest first; see `Reader.versions`."""
        with self._lock:
            return self._open().versions(records, id)

    def events(self, *, after: int = 0, limit: int = 1000) -> tuple[KeptEvent, ...]:
        """Return the next events in order of their positions; see `Reader.events`."""
        with self._lock:
            return self._open().events(after, limit)

    def commit(self, unit: Unit, /) -> Committed:
        """Keep a unit of work; see `Writer.commit`."""
        with self._lock:
            history = self._open()
            found = history.entry(unit)
            return found if isinstance(found, Committed) else history.add(found)

    def load(self, records: Iterable[Any], /, *, recorded_at: datetime) -> int:
        """Keep many new records as one unit, and return how many; see `Writer.load`."""
        unit = load_unit(records, checked_instant(recorded_at))
        if unit.changes or unit.events:
            self.commit(unit)
        return len(unit.changes) + len(unit.events)

    def erase(self, records: str, id: str, /, *, recorded_at: datetime) -> int:  # noqa: A002 - as above
        """Erase the personal data of a subject, in the past too; see `Writer.erase`."""
        checked_instant(recorded_at)
        with self._lock:
            return self._open().erase(records, id).rows

    def close(self) -> None:
        """Forget everything; a closed store refuses everything else."""
        with self._lock:
            self._history = None

    def _open(self) -> History:
        if self._history is None:
            raise StoreRefused(_NAME, "it is closed; open another")
        return self._history
