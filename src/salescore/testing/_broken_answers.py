"""Stores that break the laws of reading."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

import attrs

from salescore.rules import evaluate
from salescore.storage import NOW, Committed, Kept, KeptEvent, Moment, OrderBy, Page, Query, Unit
from salescore.testing._broken_wrapped import Paged, Wrapped
from salescore.testing._store_model import row_of


class FutureLeaks(Wrapped):
    """Queries as of a past instant find what is kept now."""

    def find(self, query: Query, /) -> Page:
        """Forget the instant."""
        at = attrs.evolve(query.at, recorded=None)
        return self.inner.find(attrs.evolve(query, at=at, after=None, limit=10_000))


class DayIgnored(Wrapped):
    """A day that is asked about changes nothing."""

    def read(self, records: str, id: str, /, at: Moment = NOW) -> Kept | None:  # noqa: A002 - the port's word
        """Forget the day."""
        return self.inner.read(records, id, attrs.evolve(at, effective=None))

    def find(self, query: Query, /) -> Page:
        """Forget the day."""
        moment = attrs.evolve(query.at, effective=None)
        if query.after is not None:
            return self.inner.find(query)
        return self.inner.find(attrs.evolve(query, at=moment))


class TiesSkipped(Paged):
    """A cursor holds the values that are sorted by and not the id, so that ties are passed over."""

    def found(self, query: Query) -> list[Kept]:
        """Return the list as it is."""
        return self.everything(query)

    def find(self, query: Query, /) -> Page:
        """Go on behind the last of the same values."""
        page = super().find(query)
        if page.cursor is None or not query.order:
            return page
        question, end = self._questions[page.cursor]
        found = self.found(query)
        last = self._values(query, found[end - 1])
        while end < len(found) and self._values(query, found[end]) == last:
            end += 1
        self._questions[page.cursor] = (question, end)
        return page

    def _values(self, query: Query, kept: Kept) -> list[object]:
        row = row_of(_table(self, query), kept.record)
        return [row[one.field] for one in query.order]


class TiesRepeated(TiesSkipped):
    """A cursor leads back to the first of the values that the last page ended with."""

    def find(self, query: Query, /) -> Page:
        """Go back to the first of the same values, but never behind where the page began."""
        page = Paged.find(self, query)
        if page.cursor is None or not query.order or len(page.kept) < 2:  # noqa: PLR2004 - else it would never end
            return page
        question, end = self._questions[page.cursor]
        found = self.found(query)
        last = self._values(query, found[end - 1])
        if self._values(query, found[end - 2]) == last:
            self._questions[page.cursor] = (question, end - 1)
        return page


class NullsFirst(Paged):
    """What is unknown comes first, as some databases have it."""

    def found(self, query: Query) -> list[Kept]:
        """Sort what is unknown to the front."""
        table = _table(self, query)
        kept = self.everything(query)
        for order in reversed(query.order):
            known = [row_of(table, one.record)[order.field] is not None for one in kept]
            pairs = sorted(zip(known, range(len(kept)), strict=True))
            kept = [kept[place] for _, place in pairs]
        return kept


class IdsBackwards(Paged):
    """Where an order is descending, its ties are too."""

    def found(self, query: Query) -> list[Kept]:
        """Sort ids downwards with the rest."""
        if not query.order or not query.order[-1].is_descending:
            return self.everything(query)
        order = (*query.order, OrderBy("id", is_descending=True))
        if any(one.field == "id" for one in query.order):
            return self.everything(query)
        return self.everything(attrs.evolve(query, order=order))


class UnknownIsYes(Paged):
    """A rule that is not false finds a record."""

    def found(self, query: Query) -> list[Kept]:
        """Keep what is unknown."""
        if query.where is None:
            return self.everything(query)
        table, where = _table(self, query), query.where
        kept = self.everything(attrs.evolve(query, where=None))
        return [one for one in kept if evaluate(where, row_of(table, one.record)) is not False]


class LastPageHasMore(Paged):
    """A page that is just full says that another follows."""

    def find(self, query: Query, /) -> Page:
        """Say so."""
        page = super().find(query)
        if page.cursor is None and len(page.kept) == query.limit:
            cursor = f"empty-{len(self._questions)}"
            asked = attrs.evolve(query, after=None, limit=1)
            self._questions[cursor] = (asked, len(self.found(query)))
            return attrs.evolve(page, cursor=cursor)
        return page


class StaleRead(Wrapped):
    """A record is read from a cache for one time more than it holds."""

    def __init__(self) -> None:
        """Begin with an empty cache."""
        super().__init__()
        self._cache: dict[tuple[str, str], Kept | None] = {}

    def read(self, records: str, id: str, /, at: Moment = NOW) -> Kept | None:  # noqa: A002 - the port's word
        """Read the cache once."""
        if at != NOW:
            return self.inner.read(records, id, at)
        if (records, id) in self._cache:
            return self._cache.pop((records, id))
        self._cache[records, id] = self.inner.read(records, id)
        return self._cache[records, id]


class RemovalForgets(Wrapped):
    """What was removed is gone from the past too."""

    def read(self, records: str, id: str, /, at: Moment = NOW) -> Kept | None:  # noqa: A002 - the port's word
        """Know nothing of what is gone now."""
        return None if self.inner.read(records, id) is None else self.inner.read(records, id, at)

    def versions(self, records: str, id: str, /) -> tuple[Kept, ...]:  # noqa: A002 - as above
        """Know nothing of what is gone now."""
        return () if self.inner.read(records, id) is None else self.inner.versions(records, id)


class HistoryNotErased(Wrapped):
    """An erasure empties the record as it is now, and leaves what it was."""

    def __init__(self) -> None:
        """Begin without anything remembered."""
        super().__init__()
        self._before: dict[tuple[str, str, int], Kept] = {}

    def erase(self, records: str, id: str, /, *, recorded_at: datetime) -> int:  # noqa: A002 - the port's word
        """Remember all versions but the last."""
        for one in self.inner.versions(records, id)[:-1]:
            self._before.setdefault((records, id, one.version), one)
        return self.inner.erase(records, id, recorded_at=recorded_at)

    def versions(self, records: str, id: str, /) -> tuple[Kept, ...]:  # noqa: A002 - as above
        """Tell what was remembered."""
        found = self.inner.versions(records, id)
        return tuple(self._before.get((records, id, one.version), one) for one in found)


class EventsNotErased(Wrapped):
    """An erasure leaves what the events tell."""

    def __init__(self) -> None:
        """Begin without anything remembered."""
        super().__init__()
        self._before: dict[int, KeptEvent] = {}

    def erase(self, records: str, id: str, /, *, recorded_at: datetime) -> int:  # noqa: A002 - the port's word
        """Remember the events."""
        for one in self.inner.events(limit=10_000):
            self._before.setdefault(one.position, one)
        return self.inner.erase(records, id, recorded_at=recorded_at)

    def events(self, *, after: int = 0, limit: int = 1000) -> tuple[KeptEvent, ...]:
        """Tell what was remembered."""
        found = self.inner.events(after=after, limit=limit)
        return tuple(self._before.get(one.position, one) for one in found)


class TotalsErased(Wrapped):
    """An erasure removes the record instead of what is personal in it."""

    def erase(self, records: str, id: str, /, *, recorded_at: datetime) -> int:  # noqa: A002 - the port's word
        """Erase, then remove."""
        count = self.inner.erase(records, id, recorded_at=recorded_at)
        if count and self.inner.read(records, id) is not None:
            self.inner.commit(Unit(recorded_at=recorded_at).remove(records, id))
        return count


class NeverClosed(Wrapped):
    """A closed store goes on answering."""

    def close(self) -> None:
        """Do nothing."""


class UnitSeenByHalf(Wrapped):
    """Readers see the first change of a unit before the rest of it."""

    def __init__(self) -> None:
        """Begin with everything visible."""
        super().__init__()
        self._old: dict[str, Kept] = {}

    def commit(self, unit: Unit, /) -> Committed:
        """Let queries find the twin as it was for a moment longer."""
        olds: list[tuple[str, Any]] = []
        for one in unit.changes[1:]:
            record = getattr(one, "record", None)
            kept = None if record is None else self._kept(record)
            if kept is not None:
                olds.append((kept.record.id, kept))
        self._old.update(olds)
        try:
            return self.inner.commit(unit)
        finally:
            if olds:
                time.sleep(0.001)
            for name, _ in olds:
                self._old.pop(name, None)

    def _kept(self, record: Any) -> Kept | None:  # noqa: ANN401 - a record of any type
        table = next(one for one in self.tables if one.record is type(record))
        return self.inner.read(table.name, record.id)

    def find(self, query: Query, /) -> Page:
        """Find what is still old as it was."""
        page = self.inner.find(query)
        kept = tuple(self._old.get(one.record.id, one) for one in page.kept)
        return attrs.evolve(page, kept=kept)


def _table(store: Wrapped, query: Query) -> Any:  # noqa: ANN401 - a field table
    return next(one for one in store.tables if one.name == query.records)
