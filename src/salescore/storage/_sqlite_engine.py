"""Connections to one SQLite file: one that writes, as many as threads read, and their errors."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, NoReturn

from salescore.errors import SalesCoreError, StoreBusy, StoreFailed, StoreRefused
from salescore.frames import sqlite_functions
from salescore.storage._sql_statements import CHANGED, TableSql

Connect = Callable[[str], Any]
"""Opens a database, ":memory:" or a path, in autocommit mode."""

MEMORY = ":memory:"

_SETTINGS = (
    # The first statement that reads the file: what is no database is found here.
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = OFF",
    # What is erased or moved inside the file leaves zeros behind.
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA trusted_schema = OFF",
)


class SqliteSession:
    """A connection inside a transaction, or reading one statement; see `Session`."""

    __slots__ = ("connection",)

    def __init__(self, connection: Any) -> None:  # noqa: ANN401 - of sqlite3, or like it
        """Take a connection."""
        self.connection = connection

    def rows(self, text: str, parameters: Sequence[Any] = (), /) -> list[Any]:
        """Return all rows of an answer."""
        found: list[Any] = self.connection.execute(text, parameters).fetchall()
        return found

    def run(self, text: str, parameters: Sequence[Any] = (), /) -> None:
        """Run a statement that answers nothing."""
        self.connection.execute(text, parameters)

    def insert(self, table: TableSql, rows: Iterable[Sequence[Any]], /) -> None:
        """Write many rows."""
        self.connection.executemany(table.insert, rows)


class SqliteEngine:
    """
    The connections of one store.

    Any number of threads may use it at the same time; one of them writes.
    """

    def __init__(self, path: str, busy_timeout: float, connect: Connect | None) -> None:
        """Begin without a connection."""
        self.store = path
        self._timeout = busy_timeout
        self._connect = connect or self._open_file
        self._is_memory = path == MEMORY
        self._writing = threading.Lock()
        self._writer: Any = None
        self._functions: dict[Any, Any] = {}
        self._idle: list[Any] = []
        self._is_closed = False

    @contextmanager
    def writing(self) -> Generator[SqliteSession, None, None]:
        """
        Give a connection inside a transaction that alone may write, and keep what it did.

        Raises:
            StoreBusy: Others kept the file locked for too long.
            StoreFailed: The disk or the file failed.
            StoreRefused: The store is closed, or the file is no database.
        """
        with self.alone(), self.transaction() as session:
            yield session

    @contextmanager
    def alone(self, *, patiently: bool = False) -> Generator[None, None, None]:
        """
        Let no other thread of this store write for the time of a block.

        Args:
            patiently: Whether to wait for as long as it takes.

        Raises:
            StoreBusy: Another thread wrote for too long.
            StoreRefused: The store is closed.
        """
        if not self._writing.acquire(timeout=-1 if patiently else self._timeout):
            self._raise_busy()
        try:
            if not patiently:
                self._check_open()
            yield
        finally:
            self._writing.release()

    @contextmanager
    def transaction(self) -> Generator[SqliteSession, None, None]:
        """Give a connection inside a transaction, as `writing`; only inside `alone`."""
        if self._writer is None:
            self._writer = self._open()
        is_begun = False
        try:
            self._writer.execute("BEGIN IMMEDIATE")
            is_begun = True
            yield SqliteSession(self._writer)
            self._writer.execute("COMMIT")
        except BaseException as error:
            # Who is interrupted while it begins may have begun.
            if is_begun or not isinstance(error, Exception):
                self._roll_back()
            if isinstance(error, Exception):
                self._raise(error)
            raise

    def reading(self) -> AbstractContextManager[SqliteSession]:
        """
        Give a connection that reads, one statement at a time.

        Raises:
            StoreBusy: Others kept the file locked for too long.
            StoreFailed: The disk or the file failed.
            StoreRefused: The store is closed, or the file is no database.
        """
        return _Reading(self)

    @contextmanager
    def asking(self) -> Generator[SqliteSession, None, None]:
        """Give a connection that reads, and tells of errors in the functions that rules use."""
        with self.reading() as session:
            found = self._functions.get(session.connection)
            if found is None:
                found = self._functions[session.connection] = sqlite_functions(session.connection)
            with found.surfaced():
                yield session

    def take(self) -> Any:  # noqa: ANN401 - of sqlite3, or like it
        """Take a connection that reads out of those that are idle."""
        if self._is_memory:
            if not self._writing.acquire(timeout=self._timeout):
                self._raise_busy()
            try:
                self._check_open()
                if self._writer is None:
                    self._writer = self._open()
            except BaseException:
                self._writing.release()
                raise
            return self._writer
        self._check_open()
        try:
            return self._idle.pop()
        except IndexError:
            return self._open()

    def give_back(self, connection: Any, error: BaseException | None) -> None:  # noqa: ANN401 - as above
        """Give a connection back, and raise an error of SQLite as one of stores."""
        if self._is_memory:
            self._writing.release()
        elif self._is_closed or not (error is None or isinstance(error, SalesCoreError)):
            self._functions.pop(connection, None)
            connection.close()
        else:
            self._idle.append(connection)
        if isinstance(error, Exception):
            self._raise(error, is_reading=True)

    def tidy(self) -> None:
        """
        Write the file anew, so that nothing stands in its unused parts, and empty its log.

        Pages that were split keep copies of what moved, which no other setting clears. Where
        others are reading, the log is emptied later: by the next call, or when the last of them
        closes the file.

        Raises:
            StoreBusy: Others kept the file locked for too long.
            StoreFailed: The disk or the file failed.
        """
        if self._is_memory:
            return
        try:
            with self.alone():
                if self._writer is None:
                    self._writer = self._open()
                # All that is written there is in the file too, and may be larger than memory.
                self._writer.execute("PRAGMA temp_store = FILE")
                self._writer.execute("VACUUM")
                self._writer.execute("PRAGMA temp_store = MEMORY")
                self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        except Exception as error:
            code = result_code(error)
            if code is None and not isinstance(error, StoreBusy):
                raise
            kind: type[StoreBusy | StoreFailed] = StoreFailed
            why = str(error)
            if code in (None, 5, 6):
                kind, why = StoreBusy, "others kept it locked"
            fault = f"it was erased, but the file could not be written anew: {why}; erase again"
            raise kind(self.store, fault) from error

    def close(self) -> None:
        """Close all connections; whoever is reading keeps theirs until they are done."""
        with self._writing:
            self._is_closed = True
            while self._idle:
                self._idle.pop().close()
            if self._writer is not None:
                self._writer.close()
                self._writer = None
            self._functions.clear()

    def _open_file(self, path: str) -> sqlite3.Connection:
        return sqlite3.connect(
            path,
            timeout=self._timeout,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=512,
        )

    def _open(self) -> Any:  # noqa: ANN401 - of sqlite3, or like it
        connection: Any = None
        try:
            connection = self._connect(self.store)
            connection.execute(f"PRAGMA busy_timeout = {round(self._timeout * 1000)}")
            for setting in _SETTINGS:
                connection.execute(setting).fetchall()
        except Exception as error:  # noqa: BLE001 - as above
            if connection is not None:
                connection.close()
            self._raise(error, is_opening=True)
        return connection

    def _check_open(self) -> None:
        if self._is_closed:
            raise StoreRefused(self.store, "it is closed; open another")

    def _roll_back(self) -> None:
        try:
            self._writer.execute("ROLLBACK")
        except Exception as error:  # noqa: BLE001 - SQLite had rolled back itself, or the file is lost
            if self._is_memory and "no transaction" in str(error):
                return  # to close it would lose everything
            # A connection whose state is unknown is not used again.
            with contextlib.suppress(Exception):
                self._writer.close()
            if not self._is_memory:
                self._writer = None

    def _raise_busy(self) -> NoReturn:
        fault = (
            f"others kept it locked for {self._timeout:g} seconds; nothing was changed, try again"
        )
        raise StoreBusy(self.store, fault)

    def _raise(
        self, error: Exception, *, is_opening: bool = False, is_reading: bool = False
    ) -> NoReturn:
        """Raise an error of SQLite as one of stores, any other as it is."""
        code = result_code(error)
        match code:
            case None:
                raise error
            case 5 | 6:
                self._raise_busy()
            case 1 if "no such" in str(error) or "has no column" in str(error):
                raise StoreRefused(self.store, CHANGED) from error
            case 26:
                fault = "it is no SQLite database; name another file"
                raise StoreRefused(self.store, fault) from error
            case 14 | 8 if is_opening:
                fault = f"{error}; name a file in a folder that can be written to"
                raise StoreRefused(self.store, fault) from error
            case 13:
                fault = "the disk is full; nothing was changed, make room and try again"
                raise StoreFailed(self.store, fault) from error
            case _ if is_opening or is_reading:
                fault = f"{error}; nothing was changed; where the file is damaged put back a copy"
                raise StoreFailed(self.store, fault) from error
            case _:
                fault = f"{error}; repeat the unit with its key to learn whether it was kept"
                raise StoreFailed(self.store, fault) from error


class _Reading:
    """A connection that reads, for the time of a block."""

    __slots__ = ("_connection", "_engine")

    def __init__(self, engine: SqliteEngine) -> None:
        self._engine = engine

    def __enter__(self) -> SqliteSession:
        self._connection = self._engine.take()
        return SqliteSession(self._connection)

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self._engine.give_back(self._connection, error)


def result_code(error: Exception) -> int | None:
    """Return the primary result code of an error of SQLite, `None` for any other error."""
    code = getattr(error, "sqlite_errorcode", None)  # sqlite3
    if code is None:
        code = getattr(error, "result", None)  # apsw
    return code & 0xFF if isinstance(code, int) else None
