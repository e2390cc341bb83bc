"""The store in one SQLite file."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import attrs

from salescore.plain import CustomFields, FieldTable, Upcasters
from salescore.storage._asked import check_limit, check_position, checked_moment, checked_query
from salescore.storage._checks import (
    RecordTypes,
    check_path,
    check_seconds,
    checked_instant,
    checked_unit,
    is_id,
    load_unit,
)
from salescore.storage._digests import unit_digest
from salescore.storage._migrations import bring_up, outlook
from salescore.storage._ports import Capability
from salescore.storage._query import NOW, Kept, KeptEvent, Moment, Page, Query
from salescore.storage._sql_erase import erase_subject
from salescore.storage._sql_keep import StoreTables, keep_new
from salescore.storage._sql_read import find_page, read_events, read_record, read_versions
from salescore.storage._sql_statements import TableSql
from salescore.storage._sql_tables import Database, Names
from salescore.storage._sqlite_engine import MEMORY, Connect, SqliteEngine
from salescore.storage._sqlite_queue import UnitQueue
from salescore.storage._unit import Committed, Unit


class SqliteStore:
    """
    A store in one SQLite file: the default where an application keeps its own data.

    What it acknowledged is on the disk: the file is written with a write-ahead log and a full sync
    of each unit. Any number of threads and processes may read, also while one of them writes;
    writers take turns. Beside the file stand its log (`-wal`) and index (`-shm`) while it is open;
    copy it closed, or with the backup of SQLite itself. Open it after a fork, not before.

    Examples:
        >>> store = SqliteStore(":memory:")
        >>> store.events()
        ()
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        custom_fields: CustomFields | None = None,
        upcasters: Upcasters | None = None,
        tables: Iterable[FieldTable] | None = None,
        busy_timeout: float = 5.0,
        connect: Connect | None = None,
    ) -> None:
        """
        Open a file, or make it where there is none.

        A file of an older form is brought up to date, as a whole or not at all.

        Args:
            path: The file; ":memory:" keeps everything in memory, until it is closed.
            custom_fields: The fields that the application registered; `None` for none.
            upcasters: Steps from older versions of record types; `None` for none.
            tables: Field tables of the record types that it keeps; `None` for all of ours.
            busy_timeout: Seconds to wait for others who write.
            connect: Opens a path in place of `sqlite3.connect`, in autocommit mode; what it gives
                has `execute`, `executemany`, `create_function`, `create_aggregate` and `close`, and
                may be used by one thread after another.

        Raises:
            InvalidValue: A table stands twice, a registered field has a name of a column, a
                timeout out of its range, or an empty path.
            StoreBusy: Others kept the file locked for too long.
            StoreFailed: The disk or the file failed.
            StoreRefused: It cannot be opened, is no database or one of something else, was made by
                a newer release, or cannot be brought up to date; nothing was changed.
            UnknownName: Fields are registered for a record type that is not kept.
        """
        check_seconds("busy_timeout", busy_timeout)
        types = RecordTypes.of(tables, custom_fields)
        place = os.fsdecode(path)
        check_path(place)
        names = Names(Database.SQLITE)
        found = StoreTables(
            place, names, types, [TableSql.of(place, one, names) for one in types.tables]
        )
        self._engine = SqliteEngine(place, busy_timeout, connect)
        try:
            with self._engine.reading() as session:
                change = outlook(session, found)
            if change is None:
                with self._engine.writing() as session:
                    change = bring_up(session, found, upcasters or Upcasters())
        except BaseException:
            self._engine.close()
            raise
        self._tables = attrs.evolve(found, change=change)
        self._queue = UnitQueue(self._engine, self._tables)
        self._is_file = place != MEMORY

    @property
    def capabilities(self) -> frozenset[Capability]:
        """Return that it lasts and is shared, in a file, and answers rules itself."""
        if self._is_file:
            return frozenset(Capability)
        return frozenset({Capability.ENGINE_RULES})

    @property
    def tables(self) -> tuple[FieldTable, ...]:
        """Return the record types that it keeps, with registered fields."""
        return self._tables.types.tables

    def read(self, records: str, id: str, /, at: Moment = NOW) -> Kept | None:  # noqa: A002 - the word for it everywhere
        """Return a record, or `None` where none was kept at that moment; see `Reader.read`."""
        self._tables.types.versioned_table(records)
        moment = checked_moment(at)
        with self._engine.reading() as session:
            return read_record(session, self._tables, records, id, moment) if is_id(id) else None

    def find(self, query: Query, /) -> Page:
        """Return a page of the records that a rule holds for; see `Reader.find`."""
        asked = checked_query(query, self._tables.types)
        with self._engine.asking() as session:
            return find_page(session, self._tables, asked)

    def versions(self, records: str, id: str, /) -> tuple[Kept, ...]:  # noqa: A002 - as above
        """Return all versions of a record, oldest first; see `Reader.versions`."""
        self._tables.types.versioned_table(records)
        with self._engine.reading() as session:
            return read_versions(session, self._tables, records, id) if is_id(id) else ()

    def events(self, *, after: int = 0, limit: int = 1000) -> tuple[KeptEvent, ...]:
        """Return the next events in order of their positions; see `Reader.events`."""
        check_position(after)
        check_limit(limit)
        with self._engine.reading() as session:
            return read_events(session, self._tables, after, limit)

    def commit(self, unit: Unit, /) -> Committed:
        """Keep a unit of work; see `Writer.commit`."""
        checked = checked_unit(unit, self._tables.types)
        digest = None if unit.key is None else unit_digest(checked, self._tables.types)
        return self._queue.keep(checked, digest)

    def load(self, records: Iterable[Any], /, *, recorded_at: datetime) -> int:
        """Keep many new records as one unit, and return how many; see `Writer.load`."""
        unit = load_unit(records, checked_instant(recorded_at))
        count = len(unit.changes) + len(unit.events)
        if count:
            checked = checked_unit(unit, self._tables.types)
            with self._engine.writing() as session:
                keep_new(session, self._tables, checked)
        return count

    def erase(self, records: str, id: str, /, *, recorded_at: datetime) -> int:  # noqa: A002 - as above
        """
        Erase the personal data of a subject, in the past too; see `Writer.erase`.

        What is erased leaves the file too, which is written anew for it: seconds for a large one.
        It leaves the log as soon as nobody reads from it any more.

        Raises:
            UnknownName: There is no such record type.
            StoreBusy: Others kept the file locked for too long, perhaps only when it was to be
                written anew; erasing again, later, does what is left to do.
            StoreFailed: The disk or the file failed, perhaps only then; erase again.
        """
        self._tables.types.versioned_table(records)
        checked_instant(recorded_at)
        with self._engine.writing() as session:
            rows = erase_subject(session, self._tables, records, id) if is_id(id) else 0
        self._engine.tidy()
        return rows

    def close(self) -> None:
        """Let go of the file; a closed store refuses everything else."""
        self._engine.close()
