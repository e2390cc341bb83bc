"""The store of plain files: a journal of JSON lines in a folder, which a person can read."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Generator, Iterable, Iterator
from datetime import datetime
from itertools import chain
from pathlib import Path
from threading import Lock
from typing import Any

from salescore.errors import InvalidDocument, SalesCoreError, StoreBusy, StoreFailed, StoreRefused
from salescore.plain import CustomFields, FieldTable, Upcasters
from salescore.storage._checks import (
    RecordTypes,
    check_path,
    check_seconds,
    checked_instant,
    load_unit,
)
from salescore.storage._entry import Entry
from salescore.storage._history import History
from salescore.storage._journal import Journal, replace_journal
from salescore.storage._journal_lines import entry_line, header_line, read_entry, read_header
from salescore.storage._lock import FileLock, RegionLock, open_lock
from salescore.storage._ports import Capability
from salescore.storage._query import NOW, Kept, KeptEvent, Moment, Page, Query
from salescore.storage._unit import Committed, Unit

_JOURNAL, _LOCK = "journal.jsonl", "lock"


class JsonLinesStore:
    """
    A store of plain files: a folder with a journal, one line of JSON for each unit of work.

    A unit is on the disk before it is acknowledged. Everything is held in memory too, so that
    reading asks no disk beyond what others wrote since; it suits books of some 100,000 records.
    Several processes and any number of threads may use a folder at the same time. After a fork,
    a process opens a store of its own.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        custom_fields: CustomFields | None = None,
        *,
        tables: Iterable[FieldTable] | None = None,
        upcasters: Upcasters | None = None,
        busy_timeout: float = 5.0,
    ) -> None:
        """
        Open the store in a folder, which is made where there is none.

        Args:
            path: The folder.
            custom_fields: The fields that the application registered; `None` for none.
            tables: Field tables of the record types that it keeps; `None` for all of ours.
            upcasters: Steps that bring records of older versions up to date; `None` for none.
            busy_timeout: Seconds to wait for others who write.

        Raises:
            InvalidValue: A table stands twice, a registered field has a name of a column, a
                timeout out of its range, or an empty path.
            StoreBusy: Others kept it locked for too long.
            StoreFailed: The disk failed, or the folder cannot be made.
            StoreRefused: No such store, one of a newer form, or a line that is damaged or says
                what cannot be read.
            UnknownName: Fields are registered for a record type that is not kept.
        """
        self._types = RecordTypes.of(tables, custom_fields)
        self._upcasters = upcasters or Upcasters()
        self._name = os.fspath(path)
        check_path(self._name)
        self._folder = Path(path)
        check_seconds("busy_timeout", busy_timeout)
        self._timeout = busy_timeout
        self._threads = Lock()
        self._process = os.getpid()
        self._is_new = True
        self._journal: Journal | None = None
        self._history = History(self._types)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except FileExistsError:
            raise StoreRefused(self._name, "it is a file; name a folder") from None
        except OSError as error:
            raise StoreFailed(self._name, f"it cannot be made: {error.strerror}") from error
        self._lock: FileLock | None = open_lock(self._folder / _LOCK, self._name)
        try:
            with self._locked(shared=False):
                pass
        except BaseException:
            self.close()
            raise

    @property
    def capabilities(self) -> frozenset[Capability]:
        """Return that it lasts, power cuts included, and what the system adds."""
        found = {Capability.DURABLE}
        if os.name == "posix":  # pragma: no branch - elsewhere a folder cannot be synchronised
            found.add(Capability.POWER_SAFE)
        if isinstance(self._lock, RegionLock):
            found.add(Capability.SHARED)
        return frozenset(found)

    @property
    def tables(self) -> tuple[FieldTable, ...]:
        """Return the record types that it keeps, with registered fields."""
        return self._types.tables

    def read(self, records: str, id: str, /, at: Moment = NOW) -> Kept | None:  # noqa: A002 - the word for it everywhere
        """Return a record, or `None` where none was kept at that moment; see `Reader.read`."""
        with self._locked(shared=True) as history:
            return history.read(records, id, at)

    def find(self, query: Query, /) -> Page:
        """Return a page of the records that a rule holds for; see `Reader.find`."""
        with self._locked(shared=True) as history:
            return history.find(query)

    def versions(self, records: str, id: str, /) -> tuple[Kept, ...]:  # noqa: A002 - as above
        """Return all versions of a record, oldest first; see `Reader.versions`."""
        with self._locked(shared=True) as history:
            return history.versions(records, id)

    def events(self, *, after: int = 0, limit: int = 1000) -> tuple[KeptEvent, ...]:
        """Return the next events in order of their positions; see `Reader.events`."""
        with self._locked(shared=True) as history:
            return history.events(after, limit)

    def commit(self, unit: Unit, /) -> Committed:
        """Keep a unit of work; see `Writer.commit`."""
        with self._locked(shared=False) as history:
            found = history.entry(unit)
            if isinstance(found, Committed):
                return found
            line = entry_line(found, self._types)
            try:
                self._open().append(line)
                return history.add(found)
            except StoreFailed:  # the file is as before, and so is memory
                raise
            except BaseException:
                self._forget()
                raise

    def load(self, records: Iterable[Any], /, *, recorded_at: datetime) -> int:
        """Keep many new records as one unit, and return how many; see `Writer.load`."""
        unit = load_unit(records, checked_instant(recorded_at))
        if unit.changes or unit.events:
            self.commit(unit)
        return len(unit.changes) + len(unit.events)

    def erase(self, records: str, id: str, /, *, recorded_at: datetime) -> int:  # noqa: A002 - as above
        """
        Erase the personal data of a subject, in the past too; see `Writer.erase`.

        The journal is written anew. Backups of it, and what a disk keeps of files that were
        deleted, are the caller's.
        """
        checked_instant(recorded_at)
        with self._locked(shared=False) as history:
            with self._rewriting():
                erasure = history.erase(records, id)
                if erasure.rows:
                    self._rewrite(
                        history.amended(entry) if entry.position in erasure.positions else entry
                        for entry in self._entries()
                    )
            return erasure.rows

    def compact(self) -> None:
        """
        Write the journal anew in the form of this release; nothing that can be read changes.

        Records of older versions are kept up to date from then on, so that their upcasters are
        needed no longer.

        Raises:
            StoreBusy: Others kept the store locked for too long.
            StoreFailed: The disk is full or failed; the journal is as before.
        """
        with self._locked(shared=False), self._rewriting():
            self._rewrite(self._entries())

    def close(self) -> None:
        """Let go of the files; a closed store refuses everything else."""
        with self._threads:
            self._forget()
            if self._lock is not None:
                self._lock.close()
            self._lock = None

    @contextlib.contextmanager
    def _locked(self, *, shared: bool) -> Generator[History]:
        """Yield all that is kept by now; who writes holds the lock, who reads does to catch up."""
        if os.getpid() != self._process:
            fault = "another process opened it; open one in this process, after the fork"
            raise StoreRefused(self._name, fault)
        if not self._threads.acquire(timeout=self._timeout):
            fault = f"other threads keep it locked; waited {self._timeout:g} s, try again later"
            raise StoreBusy(self._name, fault)
        try:
            lock = self._lock
            if lock is None:
                raise StoreRefused(self._name, "it is closed; open another")
            if not shared:
                lock.acquire(self._timeout, shared=False)
                try:
                    self._refresh()
                    yield self._history
                finally:
                    lock.release()
                return
            if self._journal is None or not self._journal.is_unchanged():
                lock.acquire(self._timeout, shared=True)
                try:
                    self._refresh()
                finally:
                    lock.release()
            yield self._history
        finally:
            self._threads.release()

    def _refresh(self) -> None:
        """Read what others wrote since; all of it where they wrote the journal anew."""
        if self._journal is not None and not self._journal.is_current():
            self._forget()
        journal = self._journal
        if journal is None:
            path = self._folder / _JOURNAL
            if self._is_new and not path.exists():
                replace_journal(path, [header_line()], self._name)
            self._is_new = False
            journal = self._journal = Journal(path, self._name)
        try:
            self._catch_up(journal)
        except InvalidDocument as error:
            raise StoreRefused(self._name, f"its journal, {error}") from error
        except SalesCoreError:  # memory is as far as the file was read
            raise
        except BaseException:  # interrupted: a line may be kept, but not counted
            self._forget()
            raise
        if journal.lines == 0:
            raise StoreRefused(self._name, "its journal is empty; put back a copy of it")

    def _catch_up(self, journal: Journal) -> None:
        for line in journal.tail():
            if journal.is_torn(line):
                return
            if journal.lines == 0:
                read_header(line)
                continue
            self._follow(line, journal.lines + 1)

    def _follow(self, line: bytes, number: int) -> None:
        entry = read_entry(line, number, self._types, self._upcasters)
        fault = self._history.follows(entry)
        if fault is not None:
            raise InvalidDocument(f"line {number}", f"{fault}; a line is missing or moved")
        self._history.add(entry)

    def _entries(self) -> Iterator[Entry]:
        """Yield all entries as they stand in the journal."""
        for number, line in enumerate(self._open().every(), 1):
            if number > 1:
                yield read_entry(line, number, self._types, self._upcasters)

    def _rewrite(self, entries: Iterable[Entry]) -> None:
        """Replace the journal by one with these entries, as many as it has."""
        lines = (entry_line(entry, self._types) for entry in entries)
        journal = self._open()
        replace_journal(journal.path, chain([header_line()], lines), self._name)
        self._journal = Journal(journal.path, self._name, lines=journal.lines)
        journal.close()

    @contextlib.contextmanager
    def _rewriting(self) -> Generator[None]:
        """Read everything again where writing anew failed: memory may be ahead of the file."""
        try:
            yield
        except BaseException:
            self._forget()
            raise

    def _forget(self) -> None:
        if self._journal is not None:
            self._journal.close()
        self._journal = None
        self._history = History(self._types)

    def _open(self) -> Journal:
        assert self._journal is not None  # noqa: S101 - whoever holds the lock has refreshed
        return self._journal
