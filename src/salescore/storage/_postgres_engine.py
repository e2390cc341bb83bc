"""Connections to a Postgres server through a pool, and their errors."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

from salescore.errors import MissingExtra, SalesCoreError, StoreBusy, StoreFailed, StoreRefused
from salescore.storage._sql_statements import CHANGED, TableSql

_BUSY_STATES = {
    "55P03": "others kept it locked for too long",
    "57014": "a statement took too long",
    "40P01": "others locked it the other way round",
    "40001": "others changed the same at the same time",
}
_REFUSED_STATES = frozenset({"28000", "28P01", "3D000", "42501"})
_LOST = ("57P", "08")
"""Classes of what ends a connection, so that nobody knows what became of a statement."""

_CHANGED = frozenset({"42P01", "42703", "3F000"})
"""States of a table or column that is not there."""

_INTEGRITY = "23"
"""Class of what a constraint refused."""


class PostgresSession:
    """A connection inside a transaction, or reading one statement; see `Session`."""

    __slots__ = ("cursor",)

    def __init__(self, cursor: Any) -> None:  # noqa: ANN401 - of an optional package
        """Take a cursor of psycopg."""
        self.cursor = cursor

    def rows(self, text: str, parameters: Sequence[Any] = (), /) -> list[Any]:
        """Return all rows of an answer."""
        found: list[Any] = self.cursor.execute(text, parameters, prepare=True).fetchall()
        return found

    def run(self, text: str, parameters: Sequence[Any] = (), /) -> None:
        """Run a statement that answers nothing."""
        self.cursor.execute(text, parameters, prepare=bool(parameters))

    def insert(self, table: TableSql, rows: Iterable[Sequence[Any]], /) -> None:
        """Write many rows."""
        columns = table.names.names(table.written)
        with self.cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


class PostgresEngine:
    """The connections of one store; any number of threads may use it at the same time."""

    def __init__(
        self,
        url: str,
        *,
        connections: int,
        busy_timeout: float,
        statement_timeout: float | None,
    ) -> None:
        """Begin without a connection."""
        alchemy, psycopg = _packages()
        place = _parsed(alchemy, url)
        self.store = _label(place)
        self._password = place.password
        self._timeout = busy_timeout
        self._is_closed = False
        self._idle = psycopg.pq.TransactionStatus.IDLE
        milliseconds = round(busy_timeout * 1000)
        settings = {
            "timezone": "UTC",
            "client_encoding": "UTF8",
            "lock_timeout": milliseconds or 1,
            "statement_timeout": 0
            if statement_timeout is None
            else max(round(statement_timeout * 1000), 1),
            "synchronous_commit": "on",
            "standard_conforming_strings": "on",
            "application_name": "salescore",
        }
        self._engine = alchemy.create_engine(
            place,
            pool_size=connections,
            max_overflow=0,
            pool_timeout=busy_timeout,
            # Every transaction here begins and ends by itself.
            pool_reset_on_return=None,
            connect_args={
                "autocommit": True,
                "options": " ".join(f"-c {name}={value}" for name, value in settings.items()),
            },
        )

    @contextmanager
    def writing(self) -> Generator[PostgresSession, None, None]:
        """
        Give a connection inside a transaction, and keep what it did.

        Raises:
            StoreBusy: Others kept it locked for too long.
            StoreFailed: The server failed, lets nobody in or is gone.
            StoreRefused: The store is closed, or the server forbids what it asks.
        """
        with self.reading() as session:
            cursor = session.cursor
            cursor.execute("BEGIN ISOLATION LEVEL READ COMMITTED")
            try:
                yield session
            except BaseException:
                if not cursor.connection.closed:
                    cursor.connection.rollback()
                raise
            cursor.execute("COMMIT")

    @contextmanager
    def reading(self) -> Generator[PostgresSession, None, None]:
        """
        Give a connection whose every statement is a transaction of its own.

        Raises:
            StoreBusy: All connections were in use for too long, or others locked it.
            StoreFailed: The server failed, lets nobody in or is gone.
            StoreRefused: The store is closed, or the server forbids what it asks.
        """
        if self._is_closed:
            raise StoreRefused(self.store, "it is closed; open another")
        taken: Any = None
        try:
            taken = self._engine.raw_connection()
            yield PostgresSession(_cursor_of(taken))
        except SalesCoreError:
            raise
        except Exception as error:  # noqa: BLE001 - what is no error of a server is raised again
            self._raise(error, is_connected=taken is not None)
        finally:
            if taken is not None:
                self._give_back(taken)

    def close(self) -> None:
        """Close all connections; those in use are closed as they come back."""
        self._is_closed = True
        self._engine.dispose()

    def _give_back(self, taken: Any) -> None:  # noqa: ANN401 - of an optional package
        connection = taken.driver_connection
        status = connection.pgconn.transaction_status
        if connection.closed or status != self._idle or self._is_closed:
            is_gone = connection.closed
            taken.invalidate()
            if is_gone:
                # What the server did to one connection it did to its neighbours.
                self._engine.dispose()
        taken.close()

    def _raise(self, error: Exception, *, is_connected: bool) -> NoReturn:
        """Raise an error of the driver or the pool as one of stores, any other as it is."""
        alchemy, psycopg = _packages()
        if isinstance(error, alchemy.exc.TimeoutError):
            fault = f"all connections were in use for {self._timeout:g} seconds; try again"
            raise StoreBusy(self.store, f"{fault}; nothing was changed") from error
        origin = getattr(error, "orig", None) or error
        if not isinstance(origin, psycopg.Error):
            raise error
        state: str | None = getattr(origin, "sqlstate", None)
        said = self._said(origin)
        if state in _BUSY_STATES:
            fault = f"{_BUSY_STATES[state]}; nothing was changed, try again"
            raise StoreBusy(self.store, fault) from error
        if state in _REFUSED_STATES:
            raise StoreRefused(self.store, said) from error
        if state in _CHANGED:
            raise StoreRefused(self.store, CHANGED) from error
        if state == "53100":
            fault = "the server's disk is full; nothing was changed, make room and try again"
            raise StoreFailed(self.store, fault) from error
        is_answered = state is not None and not state.startswith(_LOST)
        # Whoever was not let in has asked for nothing yet.
        is_safe = is_answered or not is_connected
        fault = "nothing was changed" if is_safe else "a unit with a key may be repeated"
        raise StoreFailed(self.store, f"{said}; {fault}") from error

    def _said(self, error: Exception) -> str:
        lines = str(error).strip().splitlines() or [type(error).__name__]
        return lines[0] if not self._password else lines[0].replace(self._password, "***")


def is_told_better(error: Exception) -> bool:
    """Return whether keeping a unit step by step says why the one statement for it was refused."""
    state: str = getattr(error, "sqlstate", None) or ""
    return state.startswith(_INTEGRITY) or state in _CHANGED


def _cursor_of(taken: Any) -> Any:  # noqa: ANN401 - of an optional package
    """
    Return the one cursor of a connection, which knows how to read the rows that it has read before.

    To find that out anew costs as much as the rest of reading a record.
    """
    cursor = taken.info.get("cursor")
    if cursor is None:
        cursor = taken.info["cursor"] = taken.driver_connection.cursor(binary=True)
    return cursor


def _packages() -> tuple[Any, Any]:
    try:
        import sqlalchemy  # noqa: PLC0415 - an optional package
    except ImportError:
        raise MissingExtra("sqlalchemy", "postgres") from None
    try:
        import psycopg  # noqa: PLC0415 - an optional package
    except ImportError:
        raise MissingExtra("psycopg", "postgres") from None
    return sqlalchemy, psycopg


def _parsed(alchemy: Any, url: str) -> Any:  # noqa: ANN401 - of an optional package
    right = "write postgresql://user:password@host/database"
    try:
        place = alchemy.engine.make_url(url)
    except (alchemy.exc.ArgumentError, ValueError, TypeError):
        raise StoreRefused("on Postgres", f"its URL cannot be read; {right}") from None
    if place.drivername not in ("postgresql", "postgres", "postgresql+psycopg"):
        raise StoreRefused("on Postgres", f"{place.drivername} is no Postgres; {right}")
    return place.set(drivername="postgresql+psycopg")


def _label(place: Any) -> str:  # noqa: ANN401 - a URL of an optional package
    """Return where a store is, without whoever opens it and without password."""
    host = place.host or place.query.get("host", "")
    port = f":{place.port}" if place.port else ""
    return f"postgresql://{host}{port}/{place.database or ''}"
