"""Whole books in and out of a store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, cast

from salescore.book import SalesBook
from salescore.entities import RECORD_TABLES
from salescore.errors import InvalidValue
from salescore.plain import CustomFields
from salescore.storage._asked import MOST
from salescore.storage._checks import EVENTS
from salescore.storage._ports import Reader, Store
from salescore.storage._query import NOW, Kept, KeptEvent, Moment, Query
from salescore.storage._unit import Put, Unit


def keep_book(
    store: Store, book: SalesBook, *, recorded_at: datetime, only_changes: bool = False
) -> int:
    """
    Keep all facts of a book as one unit of work.

    Args:
        store: The store; it must know the fields that the book's application registered.
        book: The facts.
        recorded_at: Instant at which they are recorded, in UTC.
        only_changes: Whether to put only records that are new or differ from what is kept, as an
            import that is repeated does; what the book lacks stays. Else each must be new.

    Returns:
        How many records and events were kept; 0 where nothing was to be changed.

    Raises:
        InvalidRecord: A value of a registered field that the store does not allow.
        InvalidValue: Two records of one type have the same id, or what was given is no book.
        KeyReused: An event of the same id is kept with other content.
        VersionConflict: A record is kept already, or somebody changed it in between.
    """
    if not isinstance(cast("object", book), SalesBook):
        raise InvalidValue("book", book, "it must be a SalesBook")
    facts = (one for table in book.tables for one in book.records(table.name))
    if not only_changes:
        return store.load(facts, recorded_at=recorded_at)
    changes = [
        Put(record, 0 if kept is None else kept.version)
        for table in book.tables
        if table.name != EVENTS and book.records(table.name)
        for record, kept in _beside(store, book, table.name)
        if kept is None or kept.record != record
    ]
    known = {one.event.id: one.event for one in _events(store)} if book.events else {}
    events = [event for event in book.events if known.get(event.id) != event]
    if changes or events:
        store.commit(Unit(recorded_at=recorded_at, changes=changes, events=events))
    return len(changes) + len(events)


def read_book(store: Store, at: Moment = NOW) -> SalesBook:
    """
    Return all facts that a store keeps, or kept at a past moment, as a book.

    Read it as of an instant where others may write meanwhile: then all of it is of that instant.

    Args:
        store: The store.
        at: The past as which it is read. Events have no day from which they hold; that clock
            leaves them all.

    Returns:
        Records in the order of their ids, events in the order of their positions; with the fields
        that the store's application registered. Record types that no book has are left out.

    Raises:
        InvalidDate: The instant is naive.
    """
    ours = {table.name for table in RECORD_TABLES}
    tables = [table for table in store.tables if table.name in ours]
    kept = {
        table.name: tuple(one.record for one in _all(store, table.name, at))
        for table in tables
        if table.name != EVENTS
    }
    events = tuple(
        one.event for one in _events(store) if at.recorded is None or one.recorded_at <= at.recorded
    )
    registered = CustomFields.of({table.name: table.custom_fields for table in tables})
    return SalesBook(**kept, events=events, custom_fields=registered)


def _beside(store: Store, book: SalesBook, records: str) -> Iterator[tuple[Any, Kept | None]]:
    """Yield each record of the book with what the store keeps of it."""
    kept = {one.record.id: one for one in _all(store, records, NOW)}
    return ((record, kept.get(record.id)) for record in book.records(records))


def _all(store: Reader, records: str, at: Moment) -> Iterator[Kept]:
    """Yield all records of a type, page by page."""
    after: str | None = None
    while True:
        page = store.find(Query(records=records, limit=MOST, after=after, at=at))
        yield from page.kept
        after = page.cursor
        if after is None:
            return


def _events(store: Reader) -> Iterator[KeptEvent]:
    """Yield all events, page by page."""
    after = 0
    while found := store.events(after=after, limit=MOST):
        yield from found
        after = found[-1].position
