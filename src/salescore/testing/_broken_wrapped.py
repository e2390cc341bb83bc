"""A store around another one: what a broken store changes it overrides, the rest stays right."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

import attrs

from salescore.errors import InvalidValue
from salescore.plain import FieldTable
from salescore.storage import (
    NOW,
    Capability,
    Committed,
    Kept,
    KeptEvent,
    MemoryStore,
    Moment,
    Page,
    Put,
    Query,
    Unit,
)

_ALL = 10_000


class Wrapped:
    """A store that hands everything on to one in memory."""

    def __init__(self) -> None:
        """Begin empty."""
        self.inner = MemoryStore()

    @property
    def capabilities(self) -> frozenset[Capability]:
        """Return what the one inside can do."""
        return self.inner.capabilities

    @property
    def tables(self) -> tuple[FieldTable, ...]:
        """Return the record types of the one inside."""
        return self.inner.tables

    def read(self, records: str, id: str, /, at: Moment = NOW) -> Kept | None:  # noqa: A002 - the port's word
        """Hand on."""
        return self.inner.read(records, id, at)

    def find(self, query: Query, /) -> Page:
        """Hand on."""
        return self.inner.find(query)

    def versions(self, records: str, id: str, /) -> tuple[Kept, ...]:  # noqa: A002 - as above
        """Hand on."""
        return self.inner.versions(records, id)

    def events(self, *, after: int = 0, limit: int = 1000) -> tuple[KeptEvent, ...]:
        """Hand on."""
        return self.inner.events(after=after, limit=limit)

    def commit(self, unit: Unit, /) -> Committed:
        """Hand on."""
        return self.inner.commit(unit)

    def load(self, records: Iterable[Any], /, *, recorded_at: datetime) -> int:
        """Hand on."""
        return self.inner.load(records, recorded_at=recorded_at)

    def erase(self, records: str, id: str, /, *, recorded_at: datetime) -> int:  # noqa: A002 - as above
        """Hand on."""
        return self.inner.erase(records, id, recorded_at=recorded_at)

    def close(self) -> None:
        """Hand on."""
        self.inner.close()

    def everything(self, query: Query) -> list[Kept]:
        """Return all that the one inside finds, on one page."""
        return list(self.inner.find(attrs.evolve(query, limit=_ALL, after=None)).kept)


class Paged(Wrapped):
    """A store that answers queries from a whole list, with places in it as cursors."""

    def __init__(self) -> None:
        """Begin empty."""
        super().__init__()
        self._questions: dict[str, tuple[Query, int]] = {}

    def found(self, query: Query) -> list[Kept]:
        """Return the whole list; to be overridden."""
        return self.everything(query)

    def find(self, query: Query, /) -> Page:
        """Return a part of the list."""
        self.inner.find(attrs.evolve(query, after=None))
        question = attrs.evolve(query, after=None, limit=1)
        start = 0
        if query.after is not None:
            known, start = self._questions.get(query.after, (None, 0))
            if known != question:
                raise InvalidValue("a cursor", query.after, "it is of another question")
        found = self.found(query)
        end = start + query.limit
        if end >= len(found):
            return Page(kept=tuple(found[start:]))
        cursor = str(len(self._questions))
        self._questions[cursor] = (question, end)
        return Page(kept=tuple(found[start:end]), cursor=cursor)


class Mapped(Wrapped):
    """A store that shows what is kept in another form."""

    def shown(self, kept: Kept) -> Kept:
        """Return how a record is shown; to be overridden."""
        return kept

    def answered(self, unit: Unit, answer: Committed) -> Committed:
        """Return how a unit is answered; to be overridden."""
        del unit
        return answer

    def read(self, records: str, id: str, /, at: Moment = NOW) -> Kept | None:  # noqa: A002 - the port's word
        """Show what is read."""
        kept = self.inner.read(records, id, at)
        return None if kept is None else self.shown(kept)

    def find(self, query: Query, /) -> Page:
        """Show what is found."""
        page = self.inner.find(query)
        return attrs.evolve(page, kept=tuple(self.shown(one) for one in page.kept))

    def versions(self, records: str, id: str, /) -> tuple[Kept, ...]:  # noqa: A002 - as above
        """Show each version."""
        return tuple(self.shown(one) for one in self.inner.versions(records, id))

    def commit(self, unit: Unit, /) -> Committed:
        """Answer in the other form."""
        return self.answered(unit, self.inner.commit(unit))


class Changed(Wrapped):
    """A store that keeps records in another form than they were given."""

    def changed(self, record: Any) -> Any:  # noqa: ANN401 - a record of any type
        """Return what is kept; to be overridden."""
        return record

    def commit(self, unit: Unit, /) -> Committed:
        """Keep it in the other form."""
        changes = [
            attrs.evolve(one, record=self.changed(one.record)) if isinstance(one, Put) else one
            for one in unit.changes
        ]
        return self.inner.commit(attrs.evolve(unit, changes=changes))

    def load(self, records: Iterable[Any], /, *, recorded_at: datetime) -> int:
        """Keep them in the other form."""
        return self.inner.load(map(self.changed, records), recorded_at=recorded_at)


def texts_changed(record: Any, change: Callable[[str], str]) -> Any:  # noqa: ANN401 - a record of any type
    """Return a record with its texts changed."""
    return attrs.evolve(record, **dict(_changed(record, str, change)))


def values_changed(record: Any, kind: type[Any], change: Callable[[Any], Any]) -> Any:  # noqa: ANN401 - as above
    """Return a record with its values of one type changed."""
    return attrs.evolve(record, **dict(_changed(record, kind, change)))


def _changed(
    record: Any,  # noqa: ANN401 - as above
    kind: type[Any],
    change: Callable[[Any], Any],
) -> Iterator[tuple[str, Any]]:
    names: list[str] = [one.name for one in record.__attrs_attrs__]
    for name in names:
        value = getattr(record, name)
        if type(value) is kind:
            yield name, change(value)
