"""Tests of the store in one SQLite file: what it says when the file, the disk or others fail."""

import os
import sqlite3
import subprocess
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import apsw
import pytest

from salescore.entities import Customer, Event, ProductCost
from salescore.errors import (
    InexactResult,
    InvalidValue,
    KeyReused,
    SalesCoreError,
    StoreBusy,
    StoreFailed,
    StoreRefused,
    VersionConflict,
)
from salescore.rules import F
from salescore.storage import Capability, Query, SqliteStore, Unit
from salescore.storage._sql_keep import keep
from salescore.values import Money

pytestmark = pytest.mark.engine

MARCH = datetime(2017, 3, 1, tzinfo=UTC)


def unit(*records: object, key: str | None = None) -> Unit:
    """Return a unit that puts records in March."""
    return Unit(recorded_at=MARCH, key=key).put(*records)


def customer(id_: str, name: str = "Ann") -> Customer:
    """Return a customer."""
    return Customer(id=id_, name=name)


def names(store: SqliteStore) -> list[str]:
    """Return the names of all customers, in the order of their ids."""
    return [kept.record.name for kept in store.find(Query(records="customers")).kept]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where a file may be made, alone in its folder."""
    return tmp_path / "sales.db"


def test_what_was_kept_is_there_when_the_file_is_opened_again(path: Path) -> None:
    """A closed file holds everything, alone, and gives it back."""
    store = SqliteStore(path)
    store.commit(unit(customer("c")))
    store.close()
    assert [one.name for one in path.parent.iterdir()] == ["sales.db"]
    again = SqliteStore(path)
    assert names(again) == ["Ann"]
    again.close()


def test_a_file_is_written_with_log_and_full_sync(path: Path) -> None:
    """The settings that power cuts ask for are those of the connection that writes."""
    seen: list[sqlite3.Connection] = []

    def connect(place: str) -> sqlite3.Connection:
        seen.append(sqlite3.connect(place, isolation_level=None, check_same_thread=False))
        return seen[-1]

    store = SqliteStore(path, connect=connect)
    store.commit(unit(customer("c")))
    asked = ("journal_mode", "synchronous", "secure_delete", "foreign_keys")
    for connection in seen:
        found = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in asked]
        assert found == ["wal", 2, 1, 0]
    store.close()


def test_capabilities_are_those_of_a_file_or_of_memory(path: Path) -> None:
    """A file lasts and is shared; what is in memory only answers rules itself."""
    with_file, in_memory = SqliteStore(path), SqliteStore(":memory:")
    assert with_file.capabilities == frozenset(Capability)
    assert in_memory.capabilities == {Capability.ENGINE_RULES}
    with_file.close()
    in_memory.close()


def test_a_locked_file_is_busy_and_nothing_changed(path: Path) -> None:
    """Whoever waits too long for another writer is told so, and may try again."""
    store = SqliteStore(path, busy_timeout=0.05)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreBusy, match=r"locked for 0\.05 seconds; nothing was changed"):
        store.commit(unit(customer("c"), key="k"))
    with pytest.raises(StoreBusy):
        store.load([customer("d")], recorded_at=MARCH)
    with pytest.raises(StoreBusy):
        store.erase("customers", "c", recorded_at=MARCH)
    assert names(store) == []
    other.execute("ROLLBACK")
    other.close()
    assert store.commit(unit(customer("c"), key="k")).position == 1
    store.close()


def test_a_file_that_another_opens_for_the_first_time_is_busy(path: Path) -> None:
    """A store that cannot be made because others hold the empty file says that it is busy."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA journal_mode = WAL")
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreBusy):
        SqliteStore(path, busy_timeout=0.05)
    other.execute("ROLLBACK")
    other.close()


def test_a_thread_that_waits_for_another_of_its_process_is_busy(path: Path) -> None:
    """Threads of one store take turns, and none waits longer than it is told to."""
    store = SqliteStore(path, busy_timeout=0.05)
    with store._engine.writing(), pytest.raises(StoreBusy):
        store.commit(unit(customer("c")))
    assert store.commit(unit(customer("c"))).position == 1
    store.close()


def test_readers_go_on_while_one_writes(path: Path) -> None:
    """A transaction that is not ended hides what it wrote and hinders no reader."""
    store = SqliteStore(path)
    store.commit(unit(customer("c")))
    with store._engine.writing() as session:
        session.run("DELETE FROM customers")
        assert names(store) == ["Ann"]
        session.run("ROLLBACK")
        session.run("BEGIN")
    store.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return the folder of a disk of two megabytes, where one may be mounted."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["/bin/mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)]
    if os.name != "posix" or os.geteuid() != 0:
        pytest.skip("needs the right to mount a small disk")
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("needs the right to mount a small disk")
    yield place
    subprocess.run(["/bin/umount", "-l", str(place)], check=True)


def test_a_full_disk_fails_and_nothing_is_half_written(small_disk: Path) -> None:
    """A unit that does not fit is not kept at all; the ones before it are, and room helps."""
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * 200_000)
    store = SqliteStore(small_disk / "sales.db")
    kept = 0
    with pytest.raises(StoreFailed) as failed:  # noqa: PT012 - the loop ends by it
        for number in range(10_000):
            both = [customer(f"{number}{half}", "x" * 3000) for half in "ab"]
            store.commit(unit(*both, key=f"{number}"))
            kept += 1
    assert "nothing was changed" in str(failed.value) or "whether it was kept" in str(failed.value)
    assert len(store.find(Query(records="customers", limit=10_000)).kept) == 2 * kept > 0
    ballast.unlink()
    again = store.commit(unit(customer(f"{kept}a", "y"), customer(f"{kept}b", "y")))
    assert (again.position, again.versions) == (kept + 1, (1, 1))
    store.close()
    reopened = SqliteStore(small_disk / "sales.db")
    assert len(reopened.find(Query(records="customers", limit=10_000)).kept) == 2 * kept + 2
    reopened.close()


def test_a_database_that_may_not_grow_fails_whole(path: Path) -> None:
    """Where the file reaches its largest size a load leaves nothing; a small one fits."""

    def connect(place: str) -> sqlite3.Connection:
        found = sqlite3.connect(place, isolation_level=None, check_same_thread=False)
        found.execute("PRAGMA max_page_count = 400")
        return found

    store = SqliteStore(path, connect=connect)
    many = [customer(f"{number}", "x" * 1000) for number in range(5000)]
    with pytest.raises(StoreFailed, match="the disk is full; nothing was changed"):
        store.load(many, recorded_at=MARCH)
    assert names(store) == []
    assert store.load(many[:3], recorded_at=MARCH) == 3
    store.close()


def test_what_is_no_database_is_refused_and_left_alone(path: Path) -> None:
    """A file of something else is named as such, and not a byte of it changes."""
    path.write_bytes(b"id,name\n1,Ann\n" * 500)
    before = path.read_bytes()
    with pytest.raises(StoreRefused, match="no SQLite database"):
        SqliteStore(path)
    assert path.read_bytes() == before


def test_the_database_of_another_application_is_refused(path: Path) -> None:
    """A database whose tables are not ours is left as it is."""
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE customers (id)")
    other.commit()
    other.close()
    with pytest.raises(StoreRefused, match="tables of something else"):
        SqliteStore(path)
    other = sqlite3.connect(path)
    assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("customers",)]
    other.close()


def test_a_store_that_lost_its_counters_is_refused(path: Path) -> None:
    """A file without its row of counters is damaged, not new."""
    SqliteStore(path).close()
    other = sqlite3.connect(path)
    other.execute("DELETE FROM _state")
    other.commit()
    other.close()
    with pytest.raises(StoreRefused, match="does not tell its form"):
        SqliteStore(path)


def test_a_place_without_folder_is_refused(tmp_path: Path) -> None:
    """A path that no file can stand at says so."""
    with pytest.raises(StoreRefused, match="name a file in a folder"):
        SqliteStore(tmp_path / "none" / "sales.db")


def test_a_damaged_row_is_named(path: Path) -> None:
    """A value that only somebody else can have written is a failure of the store."""
    store = SqliteStore(path)
    store.commit(unit(customer("c")))
    for column, value in (("lifecycle", "none"), ("name", b"x"), ("recorded_at", "noon")):
        with store._engine.writing() as session:
            session.run(f"UPDATE customers SET {column} = ?", (value,))  # noqa: S608 - ours
        with pytest.raises(StoreFailed, match="a row of customers is damaged"):
            store.read("customers", "c")
        with store._engine.writing() as session:
            session.run(f"UPDATE customers SET {column} = NULL")  # noqa: S608 - ours
    store.close()


def test_a_broken_file_fails(path: Path) -> None:
    """A page that is no page any more is a failure of the file."""
    store = SqliteStore(path)
    store.load([customer(f"{number}", "x" * 500) for number in range(300)], recorded_at=MARCH)
    store.close()
    size = path.stat().st_size
    with path.open("r+b") as file:
        for page in range(1, size // 4096):
            file.seek(page * 4096)
            file.write(b"\xff" * 4096)
    with pytest.raises((StoreFailed, StoreRefused)):
        SqliteStore(path)


def test_reading_a_damaged_file_tells_of_no_unit(path: Path) -> None:
    """Whoever read has nothing to repeat: the error says that nothing was changed."""
    store = SqliteStore(path)
    store.load([customer(f"{number}", "x" * 500) for number in range(300)], recorded_at=MARCH)
    store.close()
    store = SqliteStore(path)
    size = path.stat().st_size
    with path.open("r+b") as file:
        for page in range(size // 8192, size // 4096):
            file.seek(page * 4096)
            file.write(b"\xff" * 4096)
    with pytest.raises(StoreFailed, match="nothing was changed") as told:
        names(store)
    assert "repeat the unit" not in str(told.value)


def test_a_closed_store_refuses_and_closing_again_is_nothing(path: Path) -> None:
    """After closing nothing is read or written, and nobody holds the file."""
    store = SqliteStore(path)
    store.commit(unit(customer("c")))
    store.close()
    store.close()
    for act in (lambda: store.read("customers", "c"), lambda: store.commit(unit(customer("d")))):
        with pytest.raises(StoreRefused, match="closed"):
            act()


def test_a_reader_that_is_at_work_when_the_store_closes_ends_in_peace(path: Path) -> None:
    """A connection in use outlives the closing and is closed when it comes back."""
    store = SqliteStore(path)
    store.commit(unit(customer("c")))
    with store._engine.reading() as session:
        store.close()
        assert session.rows("SELECT id FROM customers") == [("c",)]
    assert [one.name for one in path.parent.iterdir()] == ["sales.db"]


def test_arguments_are_checked(path: Path) -> None:
    """A timeout that no system can count, and a path that names no file, are refused."""
    for nowhere in ("", "sales\0.db"):
        with pytest.raises(InvalidValue, match="path"):
            SqliteStore(nowhere)
    for wrong in (-1.0, float("nan"), float("inf"), 1e10):
        with pytest.raises(InvalidValue, match="busy_timeout"):
            SqliteStore(path, busy_timeout=wrong)
    assert not path.exists()


def test_a_position_beyond_those_of_columns_has_nothing_behind_it(path: Path) -> None:
    """A position that no row can have is the end of the events, as it is for other stores."""
    store = SqliteStore(path)
    assert store.events(after=2**63) == ()
    store.close()


def test_an_erasure_tells_that_the_file_was_not_written_anew(path: Path) -> None:
    """Where that failed after the erasure was kept, nobody is told that nothing was changed."""
    store = SqliteStore(path, connect=Stuck, busy_timeout=0.05)
    store.commit(unit(customer("c", "Zwiebelturm")))
    with pytest.raises(StoreFailed, match=r"was erased, but .*full; erase again"):
        store.erase("customers", "c", recorded_at=MARCH)
    assert names(store) == ["erased"]
    assert store.erase("customers", "c", recorded_at=MARCH) == 0
    assert erased_bytes(path, b"Zwiebelturm") == 0
    store.close()


def test_an_erasure_tells_that_others_kept_the_file(path: Path) -> None:
    """Whoever writes between the erasure and the file written anew makes it incomplete."""
    store = SqliteStore(path, busy_timeout=0.05)
    with (
        store._engine.alone(),
        pytest.raises(StoreBusy, match=r"anew: others kept it locked; erase"),
    ):
        store._engine.tidy()
    store.close()


class Stuck(sqlite3.Connection):
    """A connection that finds the disk full, once, when the file is to be written anew."""

    is_full = True

    def __init__(self, path: str) -> None:
        super().__init__(path, isolation_level=None, check_same_thread=False)

    def execute(self, *arguments: Any) -> sqlite3.Cursor:  # noqa: ANN401 - as of its parent
        """Run a statement."""
        if arguments[0] == "VACUUM" and self.is_full:
            self.is_full = False
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise error
        return super().execute(*arguments)


def test_a_sum_in_a_rule_that_is_not_exact_is_told(path: Path) -> None:
    """An error inside a function of the database comes out as what it is."""
    store = SqliteStore(path)
    huge = Decimal("9" * 30 + "." + "9" * 8)
    record = ProductCost(id="p", product_id="x", cost=Money(huge, "USD"), valid_from=MARCH.date())
    store.commit(unit(record))
    rule = F.cost_amount * F.cost_amount > Decimal(0)
    try:
        found = store.find(Query(records="product_costs", where=rule)).kept
    except InexactResult:
        found = ()
    assert len(found) in (0, 1)
    assert store.read("product_costs", "p").record == record  # type: ignore[union-attr]
    store.close()


def erased_bytes(path: Path, word: bytes) -> int:
    """Return how often a word stands in the file and beside it."""
    return sum(one.read_bytes().count(word) for one in path.parent.iterdir())


def test_what_is_erased_leaves_file_and_log(path: Path) -> None:
    """No byte of a name or of a detail remains, however often rows were moved around it."""
    store = SqliteStore(path)
    word = "Zwiebelturm"
    for number in range(120):
        record = customer(f"{number * 7919 % 120:03d}", f"{word} {number}" * (1 + number % 40))
        store.commit(unit(record))
        if number % 3 == 0:
            store.commit(unit(customer(record.id, f"{word} again" * 30)))
    happened = Event(
        id="e", name="x", happened_at=MARCH, record="customers", subject="000", detail=word
    )
    store.commit(Unit(recorded_at=MARCH, key="k").append([happened]))
    assert erased_bytes(path, word.encode()) > 0
    for number in range(120):
        store.erase("customers", f"{number:03d}", recorded_at=MARCH)
    assert erased_bytes(path, word.encode()) == 0
    again = store.commit(Unit(recorded_at=MARCH, key="k").append([happened]))
    assert again.is_repeat
    store.close()


def test_an_erasure_beside_a_reader_is_done_and_cleans_the_log_later(path: Path) -> None:
    """A reader of the past holds the log; the erasure is kept all the same."""
    store = SqliteStore(path)
    store.commit(unit(customer("c", "Zwiebelturm")))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT * FROM customers").fetchall()
    impatient = SqliteStore(path, busy_timeout=0.01)
    assert impatient.erase("customers", "c", recorded_at=MARCH) == 1
    assert names(store) == ["erased"]
    other.execute("ROLLBACK")
    other.close()
    assert impatient.erase("customers", "c", recorded_at=MARCH) == 0
    assert erased_bytes(path, b"Zwiebelturm") == 0
    store.close()
    impatient.close()


def test_threads_lose_nothing(path: Path) -> None:
    """Eight threads that count one record up leave as many versions as they were told."""
    store = SqliteStore(path, busy_timeout=30)
    told: list[int] = []

    def write() -> None:
        for _ in range(20):
            while True:
                kept = store.read("customers", "c")
                expected = 0 if kept is None else kept.version
                change = Unit(recorded_at=MARCH).put(
                    customer("c", f"n{expected}"), expected=expected
                )
                try:
                    told.extend(store.commit(change).versions)
                except VersionConflict:
                    continue
                break

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == list(range(1, 161))
    assert [kept.version for kept in store.versions("customers", "c")] == sorted(told)
    store.close()


class Apsw:
    """A connection of another package, with the five methods that a store asks for."""

    def __init__(self, path: str) -> None:
        self._connection = apsw.Connection(path)
        self.close = self._connection.close

    def execute(self, text: str, parameters: Any = ()) -> Any:  # noqa: ANN401 - as of sqlite3
        """Run a statement."""
        return self._connection.execute(text, tuple(parameters))

    def executemany(self, text: str, rows: Any) -> Any:  # noqa: ANN401 - as above
        """Run a statement for each row."""
        return self._connection.executemany(text, rows)

    def create_function(
        self, name: str, arguments: int, act: Callable[..., Any], *, deterministic: bool = False
    ) -> None:
        """Register a function."""
        self._connection.create_scalar_function(name, act, arguments, deterministic=deterministic)

    def create_aggregate(self, name: str, arguments: int, kind: Callable[[], Any]) -> None:
        """Register a function of many rows."""

        def begin() -> tuple[Any, Callable[..., None], Callable[[Any], Any]]:
            total = kind()
            return total, lambda total, *values: total.step(*values), lambda total: total.finalize()

        self._connection.create_aggregate_function(name, begin, arguments)


def test_another_package_may_open_the_file(path: Path) -> None:
    """A connection of apsw keeps, finds, loads and tells of locks as that of Python does."""
    store = SqliteStore(path, connect=Apsw, busy_timeout=0.05)
    store.commit(unit(customer("c"), key="k"))
    assert store.load([customer("d", "Bob")], recorded_at=MARCH) == 1
    assert names(store) == ["Ann", "Bob"]
    other = apsw.Connection(str(path))
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreBusy):
        store.commit(unit(customer("e")))
    other.execute("ROLLBACK")
    other.close()
    with pytest.raises(KeyReused):
        store.commit(unit(customer("e"), key="k"))
    assert store.commit(unit(customer("e"))).position == 3
    store.close()


def together(store: SqliteStore, units: list[Unit]) -> list[Any]:
    """Let a thread per unit wait while another writes, and return what each of them is told."""
    told: list[Any] = [None] * len(units)

    def commit(place: int) -> None:
        try:
            told[place] = store.commit(units[place])
        except SalesCoreError as fault:
            told[place] = fault

    threads = [threading.Thread(target=commit, args=(place,)) for place in range(len(units))]
    with store._engine.alone():
        for place, thread in enumerate(threads):
            thread.start()
            while len(store._queue._waiting) <= place:
                pass
    for thread in threads:
        thread.join()
    return told


def test_units_that_wait_are_kept_together_each_whole(path: Path) -> None:
    """Units of several threads share a sync; one that is refused leaves nothing of itself."""
    store = SqliteStore(path)
    store.commit(unit(customer("c")))
    bad = Unit(recorded_at=MARCH).put(customer("b")).put(customer("c", "Eve"), expected=0)
    units = [unit(customer("a"), key="k"), bad, unit(customer("d")), unit(customer("e"), key="k")]
    told = together(store, units)
    assert [one.position for one in told[::2]] == [2, 3]
    assert isinstance(told[1], VersionConflict)
    assert isinstance(told[3], KeyReused)
    assert [one.record.id for one in store.find(Query(records="customers")).kept] == ["a", "c", "d"]
    store.close()


def test_units_that_do_not_fit_together_are_kept_alone(path: Path) -> None:
    """Where the disk is too full for all that wait, those that fit are kept."""

    def connect(place: str) -> sqlite3.Connection:
        found = sqlite3.connect(place, isolation_level=None, check_same_thread=False)
        found.execute("PRAGMA max_page_count = 120")
        return found

    store = SqliteStore(path, connect=connect)
    large = unit(*(customer(f"{number}", "x" * 9000) for number in range(300)))
    told = together(store, [unit(customer("a")), large, unit(customer("b"))])
    assert [one.position for one in told[::2]] == [1, 2]
    assert isinstance(told[1], StoreFailed)
    assert names(store) == ["Ann", "Ann"]
    store.close()


def test_units_that_wait_together_are_busy_together(path: Path) -> None:
    """A file that others keep locked makes every thread wait once, not one after the other."""
    store = SqliteStore(path, busy_timeout=0.3)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    told = together(store, [unit(customer("a")), unit(customer("b"))])
    assert [type(one) for one in told] == [StoreBusy, StoreBusy]
    other.execute("ROLLBACK")
    other.close()
    assert names(store) == []
    store.close()


def test_a_unit_that_another_thread_took_is_waited_for(path: Path) -> None:
    """A thread whose patience ends while its unit is being kept hears what became of it."""
    store = SqliteStore(path, busy_timeout=0.05)
    told: list[Any] = []
    thread = threading.Thread(target=lambda: told.append(store.commit(unit(customer("a")))))
    with store._engine.alone():
        thread.start()
        while not store._queue._waiting:
            pass
        taken, store._queue._waiting = store._queue._waiting, []
        thread.join(timeout=0.2)
        assert thread.is_alive()
        with store._engine.transaction() as session:
            taken[0].answer = keep(session, store._tables, taken[0].unit, None)
    thread.join()
    assert [one.position for one in told] == [1]
    store.close()


class Interrupted(sqlite3.Connection):
    """A connection whose thread is interrupted once, when it is to write a customer."""

    is_armed = False

    def execute(self, text: str, *values: Any) -> sqlite3.Cursor:  # noqa: ANN401 - as of sqlite3
        """Run a statement, or be interrupted."""
        if Interrupted.is_armed and text.startswith("INSERT INTO `customers`"):
            Interrupted.is_armed = False
            raise KeyboardInterrupt
        return super().execute(text, *values)


def test_an_interruption_leaves_no_unit_behind(path: Path) -> None:
    """A thread that is interrupted keeps nothing, and the next one writes as before."""

    def connect(place: str) -> sqlite3.Connection:
        return sqlite3.connect(
            place, isolation_level=None, check_same_thread=False, factory=Interrupted
        )

    store = SqliteStore(path, connect=connect)
    Interrupted.is_armed = True
    with pytest.raises(KeyboardInterrupt):
        store.commit(unit(customer("a"), key="k"))
    assert names(store) == []
    assert store.commit(unit(customer("a"), key="k")).position == 1
    store.close()


class Failing(sqlite3.Connection):
    """A connection whose disk fails once, at a statement that begins in some way."""

    failing = ""

    def execute(self, text: str, *values: Any) -> sqlite3.Cursor:  # noqa: ANN401 - as of sqlite3
        """Run a statement, or fail as SQLite does when the disk does."""
        if Failing.failing and text.startswith(Failing.failing):
            Failing.failing = ""
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC  # type: ignore[misc]
            raise error
        return super().execute(text, *values)


@pytest.mark.parametrize("where", ["BEGIN", "SELECT change", "INSERT", "COMMIT", "ROLLBACK"])
def test_a_disk_that_fails_keeps_a_unit_whole_or_not_at_all(path: Path, where: str) -> None:
    """Wherever the disk fails, the same unit under its key is kept once in the end."""

    def connect(place: str) -> sqlite3.Connection:
        return sqlite3.connect(
            place, isolation_level=None, check_same_thread=False, factory=Failing
        )

    store = SqliteStore(path, connect=connect)
    given = unit(customer("c"), key="k")
    Failing.failing = where
    if where == "ROLLBACK":
        with pytest.raises(VersionConflict):
            store.commit(Unit(recorded_at=MARCH).remove("customers", "none"))
    else:
        with pytest.raises(StoreFailed, match="whether it was kept"):
            store.commit(given)
    assert names(store) == []
    assert store.commit(given).position == 1
    store.close()


def test_units_whose_common_end_failed_are_not_tried_again(path: Path) -> None:
    """Where nobody knows whether units were kept each thread is told, and a key tells later."""

    def connect(place: str) -> sqlite3.Connection:
        return sqlite3.connect(
            place, isolation_level=None, check_same_thread=False, factory=Failing
        )

    store = SqliteStore(path, connect=connect)
    units = [unit(customer("a"), key="a"), unit(customer("b"), key="b")]
    Failing.failing = "COMMIT"
    assert [type(one) for one in together(store, units)] == [StoreFailed, StoreFailed]
    assert [store.commit(one).position for one in units] == [1, 2]
    store.close()


def test_a_disk_that_fails_when_the_file_is_written_anew_tells_so(path: Path) -> None:
    """An erasure is kept, and doing it again does what was left."""

    def connect(place: str) -> sqlite3.Connection:
        return sqlite3.connect(
            place, isolation_level=None, check_same_thread=False, factory=Failing
        )

    store = SqliteStore(path, connect=connect)
    store.commit(unit(customer("c", "Zwiebelturm")))
    Failing.failing = "VACUUM"
    with pytest.raises(StoreFailed):
        store.erase("customers", "c", recorded_at=MARCH)
    assert names(store) == ["erased"]
    assert store.erase("customers", "c", recorded_at=MARCH) == 0
    assert erased_bytes(path, b"Zwiebelturm") == 0
    store.close()


def test_a_store_in_memory_is_one_for_all_threads() -> None:
    """What one thread keeps in memory another reads, and patience has its end there too."""
    store = SqliteStore(":memory:", busy_timeout=0.05)
    thread = threading.Thread(target=lambda: store.commit(unit(customer("c"))))
    thread.start()
    thread.join()
    assert names(store) == ["Ann"]
    assert store.erase("customers", "c", recorded_at=MARCH) == 1
    with store._engine.alone(), pytest.raises(StoreBusy):
        store.read("customers", "c")
    store.close()
    with pytest.raises(StoreRefused):
        store.read("customers", "c")
