"""
Writes and reads per second of the stores, against eventsourcing and the drivers alone, in one run.

Run: python benchmarks/stores.py
     python benchmarks/stores.py --postgres postgresql://user:password@host/database

The other library lives in an environment of its own; where it is not installed it is absent:

    python -m venv out/peers
    out/peers/bin/python -m pip install '.[postgres]' eventsourcing psycopg_pool
    out/peers/bin/python benchmarks/stores.py

Without a URL a private Postgres is started that syncs its log, where its binaries are found.
Both libraries write SQLite with a write-ahead log and a full sync of each commit, and Postgres with
the settings of the server.
The other library is asked twice: as recorder, which is handed bytes and hands bytes back, and as
application, which makes them out of domain events as this library does out of records.
Beside both stands the driver alone, with the same settings and one narrow table: it waits for the
disk as often as they do, so no library can be faster than it where a commit waits for the disk.
To see what is left without that wait, let SQLite write to memory:

    TMPDIR=/dev/shm out/peers/bin/python benchmarks/stores.py --only sqlite

The contestants take turns, and a ratio is the median of the ratios of each turn: above 1 this
library does more per second.
"""

from __future__ import annotations

import argparse
import itertools
import resource
import sqlite3
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from _store_drivers import BATCH, PAGE, Driver

from salescore.entities import Customer, Event
from salescore.storage import PostgresStore, SqliteStore, Unit

NOW = datetime(2017, 3, 1, tzinfo=UTC)
THREADS = 8
_NUMBERS = itertools.count(1)

Work = Callable[[int], None]
"""Does a number of operations."""


class OurStore:
    """This library on one database."""

    def __init__(self, store: SqliteStore | PostgresStore) -> None:
        """Take an open store."""
        self.store = store
        self.ids: list[str] = []

    def events(self, count: int, size: int = 1) -> None:
        """Append events, so many per unit."""
        for _ in range(count):
            self.store.commit(Unit(recorded_at=NOW, events=[_event() for _ in range(size)]))

    def in_batches(self, count: int) -> None:
        """Append events in units of ten."""
        self.events(count // BATCH, BATCH)

    def puts(self, count: int) -> None:
        """Keep new records, one per unit."""
        for _ in range(count):
            id_ = f"c{next(_NUMBERS)}"
            self.ids.append(id_)
            record = Customer(id=id_, name="Ann", region="West", needs="x" * 100)
            self.store.commit(Unit(recorded_at=NOW).put(record))

    def changes(self, count: int) -> None:
        """Change records that are kept, each at the version that it is known to have."""
        for id_ in self.ids[:count]:
            record = Customer(id=id_, name="Bob", region="East", needs="y" * 100)
            kept = self.store.read("customers", id_)
            expected = None if kept is None else kept.version
            self.store.commit(Unit(recorded_at=NOW).put(record, expected=expected))

    def reads(self, count: int) -> None:
        """Read records, one by one."""
        for id_ in self.ids[:count]:
            self.store.read("customers", id_)

    def follows(self, count: int) -> None:
        """Read events by the page."""
        seen = 0
        while seen < count:
            page = self.store.events(after=seen, limit=PAGE)
            if not page:
                return
            seen += len(page)

    def loads(self, count: int) -> None:
        """Load events in one go."""
        self.store.load([_event() for _ in range(count)], recorded_at=NOW)


def _event() -> Event:
    return Event(
        id=f"e{next(_NUMBERS)}",
        name="stage_entered",
        happened_at=NOW,
        record="opportunities",
        subject="o1",
        detail='{"stage": "%s"}' % ("x" * 100),
    )


class Recorder:
    """The recorder of the other library: bytes in, bytes out."""

    def __init__(self, factory: Any) -> None:  # noqa: ANN401 - of an optional package
        """Take an infrastructure factory."""
        from eventsourcing.persistence import StoredEvent  # noqa: PLC0415 - an optional package

        self._made = StoredEvent
        self._recorder = factory.application_recorder()
        self._state = b'{"stage": "%s", "happened_at": "2017-03-01T00:00:00Z"}' % (b"x" * 180)
        self.ids: list[UUID] = []

    def _event(self) -> Any:  # noqa: ANN401 - as above
        return self._made(uuid4(), 1, "salescore.entities:Event", self._state)

    def events(self, count: int, size: int = 1) -> None:
        """Append events, so many per transaction."""
        for _ in range(count):
            events = [self._event() for _ in range(size)]
            self.ids.append(events[0].originator_id)
            self._recorder.insert_events(events)

    def in_batches(self, count: int) -> None:
        """Append events in transactions of ten."""
        self.events(count // BATCH, BATCH)

    puts = events

    def changes(self, count: int) -> None:
        """Read an aggregate's events and append one more."""
        for id_ in self.ids[:count]:
            last = self._recorder.select_events(id_)[-1].originator_version
            event = self._made(id_, last + 1, "salescore.entities:Event", self._state)
            self._recorder.insert_events([event])

    def reads(self, count: int) -> None:
        """Read the events of aggregates, one by one."""
        for id_ in self.ids[:count]:
            list(self._recorder.select_events(id_))

    def follows(self, count: int) -> None:
        """Read events by the page."""
        seen = 0
        while seen < count:
            page = self._recorder.select_notifications(seen + 1, PAGE)
            if not page:
                return
            seen += len(page)

    def loads(self, count: int) -> None:
        """Append events in one go."""
        self._recorder.insert_events([self._event() for _ in range(count)])


@cache
def account() -> Any:  # noqa: ANN401 - a class of an optional package
    """Return an aggregate of the other library, whose names can stand there once."""
    from eventsourcing import domain  # noqa: PLC0415 - an optional package

    class Account(domain.Aggregate):
        def __init__(self, name: str, region: str, needs: str) -> None:
            self.name, self.region, self.needs = name, region, needs

        @domain.event("Changed")
        def change(self, name: str) -> None:
            self.name = name

    return Account


class Application:
    """The application of the other library: domain events in, aggregates out."""

    def __init__(self, env: dict[str, str]) -> None:
        """Take the settings of its database."""
        from eventsourcing import application  # noqa: PLC0415 - an optional package

        self._account = account()
        self._application = application.Application[UUID](env)
        self.ids: list[UUID] = []

    def _new(self) -> Any:  # noqa: ANN401 - as above
        return self._account("Ann", "West", "x" * 100)

    def events(self, count: int) -> None:
        """Save new aggregates, one by one."""
        for _ in range(count):
            made = self._new()
            self.ids.append(made.id)
            self._application.save(made)

    puts = events

    def in_batches(self, count: int) -> None:
        """Save new aggregates, ten at once."""
        for _ in range(count // BATCH):
            self._application.save(*(self._new() for _ in range(BATCH)))

    def changes(self, count: int) -> None:
        """Read an aggregate, change it and save it."""
        for id_ in self.ids[:count]:
            found: Any = self._application.repository.get(id_)
            found.change("Bob")
            self._application.save(found)

    def reads(self, count: int) -> None:
        """Read aggregates, one by one."""
        for id_ in self.ids[:count]:
            self._application.repository.get(id_)

    def follows(self, count: int) -> None:
        """Read domain events by the page."""
        seen = 0
        while seen < count:
            page = self._application.recorder.select_notifications(seen + 1, PAGE)
            if not page:
                return
            for one in page:
                self._application.mapper.to_domain_event(one)
            seen += len(page)

    def loads(self, count: int) -> None:
        """Save new aggregates in one go."""
        self._application.save(*(self._new() for _ in range(count)))


def in_threads(work: Work, count: int) -> None:
    """Let threads share a number of operations."""
    threads = [threading.Thread(target=work, args=(count // THREADS,)) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


TASKS: tuple[tuple[str, Callable[[Any, int], None], float], ...] = (
    ("append an event", lambda one, count: one.events(count), 1),
    ("append ten events at once, per event", lambda one, count: one.in_batches(count), 5),
    ("append an event, 8 threads", lambda one, count: in_threads(one.events, count), 1),
    ("keep a new record", lambda one, count: one.puts(count), 1),
    ("read a record", lambda one, count: one.reads(count), 1),
    ("read, change and keep a record", lambda one, count: one.changes(count), 1),
    ("read events by the thousand, per event", lambda one, count: one.follows(count), 10),
    # Given 3,000 at once, the other recorder waits for Postgres for ever.
    ("load events, per event", lambda one, count: one.loads(count), 1),
)
"""Per task its name, what it does, and how many times as many operations it is given."""


def show(title: str, contestants: dict[str, Any], count: int, runs: int) -> None:
    """Time the contestants in turns and print operations per second and ratios."""
    print(f"{title}, {count} operations a turn, {runs} turns, medians")
    ours = next(iter(contestants))
    for name, act, times in TASKS:
        found: dict[str, list[float]] = {one: [] for one in contestants}
        busy: dict[str, list[float]] = {one: [] for one in contestants}
        for turn in range(runs + 1):
            for one, contestant in contestants.items():
                some = round(count * times)
                start, own = time.perf_counter(), time.process_time()
                act(contestant, some)
                taken, used = time.perf_counter() - start, time.process_time() - own
                if turn:  # the first turn warms up
                    found[one].append(some / taken)
                    busy[one].append(used / some * 1e6)
        print(f"  {name}")
        for one, rates in found.items():
            ratio = statistics.median(a / b for a, b in zip(found[ours], rates, strict=True))
            rate, own = statistics.median(rates), statistics.median(busy[one])
            print(f"    {one:32}{rate:12,.0f} /s   ratio {ratio:6.2f}   own CPU {own:8.1f} us")


def peers(kind: str, env: dict[str, str]) -> dict[str, Any]:
    """Return the contestants of the other library, none where it is not installed."""
    try:
        from eventsourcing.utils import Environment  # noqa: PLC0415 - an optional package
    except ImportError:
        print("  eventsourcing is absent: it is not installed here")
        return {}
    if kind == "sqlite":
        from eventsourcing.sqlite import SQLiteFactory as Factory  # noqa: PLC0415 - as above
    else:
        from eventsourcing.postgres import (  # noqa: PLC0415 - as above
            PostgresFactory as Factory,
        )
    recorder = Factory(Environment("bench", {**env, "POSTGRES_SCHEMA": "recorder"}))
    module = f"eventsourcing.{kind}"
    application = {**env, "PERSISTENCE_MODULE": module, "POSTGRES_SCHEMA": "application"}
    if kind == "sqlite":
        application["SQLITE_DBNAME"] += "-application"
    return {
        "eventsourcing, recorder": Recorder(recorder),
        "eventsourcing, application": Application(application),
    }


def sqlite(count: int, runs: int) -> None:
    """Compare on SQLite files in one folder."""
    with tempfile.TemporaryDirectory() as folder:
        store = SqliteStore(Path(folder) / "ours.db")
        env = {"SQLITE_DBNAME": str(Path(folder) / "theirs.db")}
        plain = sqlite3.connect(
            Path(folder) / "bare.db", isolation_level=None, check_same_thread=False
        )
        plain.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
        driver = Driver(plain, "?", prepare=False)
        contestants = {"salescore": OurStore(store), **peers("sqlite", env), "sqlite3": driver}
        show("SQLite, one file, full sync", contestants, count, runs)
        store.close()
        plain.close()


def postgres(url: str, count: int, runs: int) -> None:
    """Compare on one Postgres server."""
    import psycopg  # noqa: PLC0415 - an optional package
    from sqlalchemy.engine import make_url  # noqa: PLC0415 - as above

    place = make_url(url)
    host = place.host or str(place.query.get("host", ""))
    plain = place.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS bare")
        for schema in ("recorder", "application", "salescore_bench"):
            connection.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
            if schema != "salescore_bench":
                connection.execute(f"CREATE SCHEMA {schema}")
    store = PostgresStore(url, schema="salescore_bench", connections=THREADS, busy_timeout=60)
    env = {
        "POSTGRES_DBNAME": place.database or "",
        "POSTGRES_HOST": host,
        "POSTGRES_PORT": str(place.port or 5432),
        "POSTGRES_USER": place.username or "",
        "POSTGRES_PASSWORD": place.password or "none",
        "POSTGRES_POOL_SIZE": str(THREADS),
    }
    contestants = {"salescore": OurStore(store), **peers("postgres", env)}
    if len(contestants) > 1:
        quick = peers("postgres", {**env, "POSTGRES_ENABLE_DB_FUNCTIONS": "yes"})
        contestants["eventsourcing, db functions"] = quick["eventsourcing, recorder"]
    with psycopg.connect(plain, autocommit=True) as connection:
        contestants["psycopg"] = Driver(connection, "%s", prepare=True)
        show("Postgres, log synced", contestants, count, runs)
    store.close()


@contextmanager
def server() -> Iterator[str]:
    """Run a private server for a while, and return its URL."""
    import sys  # noqa: PLC0415 - only here

    sys.path.insert(0, str(Path(__file__).parent.parent))
    from tools.postgres import postgres_cluster  # noqa: PLC0415 - only where there is no URL

    with postgres_cluster(is_safe=True) as cluster:
        yield cluster.url


def main() -> None:
    """Run the benchmark and print operations per second and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=500, help="operations of a turn")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--postgres", help="URL of a server; by default a private one")
    parser.add_argument("--only", choices=("sqlite", "postgres"))
    options = parser.parse_args()
    if options.only != "postgres":
        sqlite(options.count, options.runs)
    if options.only != "sqlite":
        if options.postgres:
            postgres(options.postgres, options.count, options.runs)
        else:
            with server() as url:
                postgres(url, options.count, options.runs)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of the run {peak:,.0f} MiB")


if __name__ == "__main__":
    main()
