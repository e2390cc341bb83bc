"""Tests of the store on a Postgres server: what it says when the server or others fail."""

import itertools
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import psycopg
import pytest
import sqlalchemy

from salescore.entities import Customer, Event, Team
from salescore.errors import (
    InvalidRecord,
    InvalidValue,
    KeyReused,
    MissingExtra,
    StoreBusy,
    StoreFailed,
    StoreRefused,
    VersionConflict,
)
from salescore.plain import CustomFields, Kind, custom_field
from salescore.storage import Capability, OrderBy, PostgresStore, Query, Unit
from salescore.storage._checks import checked_unit

pytestmark = pytest.mark.engine

MARCH = datetime(2017, 3, 1, tzinfo=UTC)
_NUMBERS = itertools.count(1)


def customer(id_: str, name: str = "Ann") -> Customer:
    """Return a customer."""
    return Customer(id=id_, name=name)


def happened(id_: str, detail: str | None = None) -> Event:
    """Return an event about a customer."""
    return Event(
        id=id_, name="x", happened_at=MARCH, record="customers", subject="c", detail=detail
    )


def unit(*records: object, key: str | None = None, expected: int | None = None) -> Unit:
    """Return a unit that puts records in March."""
    return Unit(recorded_at=MARCH, key=key).put(*records, expected=expected)


def names(store: PostgresStore) -> list[str]:
    """Return the names of all customers, in the order of their ids."""
    return [kept.record.name for kept in store.find(Query(records="customers")).kept]


Open = Callable[..., PostgresStore]


@pytest.fixture
def schema() -> str:
    """Return the name of a schema that nobody has used."""
    return f"kept_{next(_NUMBERS)}"


@pytest.fixture
def opened(postgres_url: str, schema: str) -> Iterator[Open]:
    """Return what opens the schema, as often as it is asked."""
    stores: list[PostgresStore] = []

    def make(**arguments: Any) -> PostgresStore:  # noqa: ANN401 - whatever a store takes
        stores.append(PostgresStore(postgres_url, schema=schema, **arguments))
        return stores[-1]

    yield make
    for store in stores:
        store.close()


@pytest.fixture
def server(postgres_url: str) -> Iterator[psycopg.Connection[Any]]:
    """Return a connection beside the store."""
    dsn = postgres_url.replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(dsn, autocommit=True) as connection:
        yield connection


def test_what_was_kept_is_there_when_the_schema_is_opened_again(opened: Open) -> None:
    """A second store of the same schema finds what the first one kept, and goes on from there."""
    first = opened()
    assert first.commit(unit(customer("c"))).position == 1
    first.close()
    again = opened()
    assert names(again) == ["Ann"]
    assert again.commit(unit(customer("d"))).position == 2


def test_numbers_beyond_those_of_columns_are_understood(opened: Open) -> None:
    """A version and a position that no row can have conflict, or have nothing behind them."""
    store = opened()
    store.commit(unit(customer("c")).append([happened("e")]))
    with pytest.raises(VersionConflict, match="at version 9223372036854775808, but is at 1"):
        store.commit(unit(customer("c"), expected=2**63))
    assert store.events(after=2**63) == ()


def test_small_and_large_units_are_kept_alike(opened: Open) -> None:
    """One statement for a small unit and many for a large one give answers of one form."""
    store = opened()
    small = Unit(recorded_at=MARCH, key="s").put(customer("c"), Team(id="t", name="T"))
    small = small.append([happened("e1"), happened("e2")])
    told = store.commit(small)
    assert (told.position, told.versions, told.events) == (1, (1, 1), (1, 2))
    large = Unit(recorded_at=MARCH, key="l").put(*(customer(f"d{n}") for n in range(20)))
    large = large.append([happened(f"f{n}") for n in range(20)])
    told = store.commit(large)
    assert (told.position, told.versions) == (2, (1,) * 20)
    assert told.events == tuple(range(3, 23))
    for one in (small, large):
        again = store.commit(one)
        assert again.is_repeat
        assert again.recorded_at == MARCH
    assert store.commit(unit(customer("c", "Bob"))).position == 3
    assert [one.position for one in store.events()] == list(range(1, 23))


def test_one_statement_refuses_what_many_would(opened: Open) -> None:
    """Conflicts, reused keys and events met by the quick way are told precisely."""
    store = opened()
    store.commit(unit(customer("c"), key="k").append([happened("e")]))
    with pytest.raises(VersionConflict, match="is kept at version 1"):
        store.commit(unit(customer("c"), expected=0))
    with pytest.raises(VersionConflict, match="no such record"):
        store.commit(Unit(recorded_at=MARCH).remove("customers", "d", expected=1))
    with pytest.raises(VersionConflict):
        store.commit(Unit(recorded_at=MARCH).remove("customers", "d"))
    with pytest.raises(KeyReused, match="idempotency key 'k'"):
        store.commit(unit(customer("d"), key="k"))
    with pytest.raises(KeyReused, match="event id 'e'"):
        store.commit(Unit(recorded_at=MARCH).append([happened("e", "other")]))
    told = store.commit(Unit(recorded_at=MARCH).append([happened("e"), happened("f")]))
    assert (told.position, told.events) == (2, (1, 2))
    told = store.commit(Unit(recorded_at=MARCH).remove("customers", "c", expected=1))
    assert (told.position, told.versions) == (3, (2,))
    assert store.commit(unit(customer("c", "Eve"), expected=0)).versions == (3,)
    assert names(store) == ["Eve"]


def test_the_days_of_a_record_are_kept_by_one_statement(opened: Open) -> None:
    """A version written in one trip holds from its day on, and ends the one before it."""
    store = opened()
    store.commit(unit(customer("c")))
    june = datetime(2017, 6, 1, tzinfo=UTC)
    change = Unit(recorded_at=june).put(customer("c", "Bob"), effective_on=date(2017, 5, 1))
    assert store.commit(change).recorded_at == june
    first, second = store.versions("customers", "c")
    assert (first.effective_on, second.effective_on) == (None, date(2017, 5, 1))
    assert (first.position, second.position) == (1, 2)
    late = store.commit(unit(customer("d")))
    assert late.recorded_at == june


def test_capabilities_are_those_of_the_server(
    opened: Open, server: psycopg.Connection[Any]
) -> None:
    """A server that does not sync its log is not said to survive a power cut."""
    synced = server.execute("SHOW fsync").fetchone() == ("on",)
    store = opened()
    assert (Capability.POWER_SAFE in store.capabilities) is synced
    assert store.capabilities >= {
        Capability.DURABLE,
        Capability.SHARED,
        Capability.ENGINE_RULES,
    }


def test_a_locked_schema_is_busy_and_nothing_changed(
    opened: Open, schema: str, server: psycopg.Connection[Any]
) -> None:
    """Whoever waits too long for another writer is told so, and may try again."""
    store = opened(busy_timeout=0.05)
    with server.transaction():
        server.execute(f'SELECT * FROM "{schema}"._state FOR UPDATE')  # noqa: S608 - a name of our own
        with pytest.raises(StoreBusy, match="locked for too long; nothing was changed"):
            store.commit(unit(customer("c"), key="k"))
        with pytest.raises(StoreBusy):
            store.load([customer("d")], recorded_at=MARCH)
        with pytest.raises(StoreBusy):
            store.erase("customers", "c", recorded_at=MARCH)
        assert names(store) == []
    assert store.commit(unit(customer("c"), key="k")).position == 1


def test_a_slow_statement_is_busy(opened: Open) -> None:
    """A statement beyond its time is given up, and the connection is good afterwards."""
    store = opened(statement_timeout=0.2)
    with (
        pytest.raises(StoreBusy, match="took too long"),
        store._engine.reading() as session,
    ):
        session.rows("SELECT pg_sleep(5)")
    assert names(store) == []


def test_a_used_up_pool_is_busy(opened: Open) -> None:
    """A thread that gets no connection in time is told so."""
    store = opened(connections=1, busy_timeout=0.05)
    with store._engine.reading(), pytest.raises(StoreBusy, match="all connections were in use"):
        store.read("customers", "c")
    assert store.read("customers", "c") is None


def _end_others(server: psycopg.Connection[Any]) -> int:
    found = server.execute(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
        "WHERE pid <> pg_backend_pid() AND application_name = 'salescore'"
    ).fetchone()
    assert found is not None
    return int(found[0])


def test_a_server_that_goes_in_mid_transaction_fails_and_a_retry_tells(
    opened: Open, server: psycopg.Connection[Any]
) -> None:
    """Where the connection ends inside a unit nothing of it is kept; the same key keeps it once."""
    store = opened()
    large = Unit(recorded_at=MARCH, key="k").put(*(customer(f"d{n}") for n in range(20)))
    with pytest.raises(StoreFailed) as failed, store._engine.writing() as session:  # noqa: PT012 - which of them fails is the server's choice
        session.rows(store._tables.state_read)
        assert _end_others(server) >= 1
        session.rows(store._tables.state_read)
    assert "a unit with a key may be repeated" in str(failed.value)
    assert names(store) == []
    told = store.commit(large)
    assert (told.position, told.is_repeat) == (1, False)
    assert _end_others(server) >= 1
    with pytest.raises(StoreFailed):
        store.commit(large)
    again = store.commit(large)
    assert (again.position, again.is_repeat) == (1, True)


def test_a_lost_answer_is_told_again(opened: Open, server: psycopg.Connection[Any]) -> None:
    """A unit that was kept while its answer got lost is not kept twice."""
    store = opened()
    small = unit(customer("c"), key="k").append([happened("e")])
    store.commit(small)
    _end_others(server)
    with pytest.raises(StoreFailed):
        store.commit(small)
    told = store.commit(small)
    assert (told.position, told.events, told.is_repeat) == (1, (1,), True)
    assert [kept.version for kept in store.versions("customers", "c")] == [1]


def test_no_server_is_a_failure_without_the_password() -> None:
    """Neither the text of an error nor what caused it shows the password."""
    with pytest.raises(StoreFailed) as failed:
        PostgresStore("postgresql://ann:sesame@127.0.0.1:1/sales?connect_timeout=2")
    assert "127.0.0.1" in str(failed.value)
    seen: BaseException | None = failed.value
    while seen is not None:
        assert "sesame" not in f"{seen} {seen!r}"
        seen = seen.__cause__ or seen.__context__
    assert failed.value.store == "postgresql://127.0.0.1:1/sales"


@pytest.mark.parametrize(
    "url", ["ann:sesame@host", "mysql://ann:sesame@host/sales", "postgresql://a:sesame@h:x/s"]
)
def test_a_url_of_something_else_is_refused(url: str) -> None:
    """What is no URL of Postgres is refused, and its password is not shown."""
    with pytest.raises(StoreRefused) as refused:
        PostgresStore(url)
    assert "sesame" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_database_that_is_not_there_is_refused(postgres_url: str) -> None:
    """A server that lets nobody in says why, and that nothing was changed."""
    place = sqlalchemy.engine.make_url(postgres_url).set(database="no_such_sales")
    with pytest.raises(StoreFailed, match=r"no_such_sales.* nothing was changed"):
        PostgresStore(place.render_as_string(hide_password=False))


def test_a_schema_of_something_else_is_refused(
    opened: Open, schema: str, server: psycopg.Connection[Any]
) -> None:
    """Tables of others are left as they are."""
    server.execute(f'CREATE SCHEMA "{schema}"')
    server.execute(f'CREATE TABLE "{schema}".customers (id text)')
    with pytest.raises(StoreRefused, match="tables of something else"):
        opened()
    found = server.execute(
        "SELECT count(*) FROM information_schema.tables WHERE table_schema = %s", (schema,)
    ).fetchone()
    assert found == (1,)


def test_arguments_are_checked(postgres_url: str) -> None:
    """Names that would need quotes, timeouts of nothing and pools of nobody are refused."""
    for wrong in ("Sales", "", "sales; drop", "a" * 64, "pg_sales"):
        with pytest.raises(InvalidValue, match="schema"):
            PostgresStore(postgres_url, schema=wrong)
    for patience in (0, float("inf"), 1e10):
        with pytest.raises(InvalidValue, match="busy_timeout"):
            PostgresStore(postgres_url, busy_timeout=patience)
    with pytest.raises(InvalidValue, match="statement_timeout"):
        PostgresStore(postgres_url, statement_timeout=-1)
    with pytest.raises(InvalidValue, match="connections"):
        PostgresStore(postgres_url, connections=0)


def test_a_registered_field_whose_column_would_be_cut_is_refused(postgres_url: str) -> None:
    """A name that the server would cut could be mistaken for another; it is refused at once."""
    field = custom_field("a" * 60, Kind.MONEY, "Long", "长")
    with pytest.raises(StoreRefused, match="longer than 63"):
        PostgresStore(postgres_url, custom_fields=CustomFields.of({"customers": [field]}))


def test_a_text_that_the_server_cannot_keep_is_refused(opened: Open) -> None:
    """A text with U+0000 is refused before anything is sent."""
    store = opened()
    with pytest.raises(InvalidRecord, match=r"U\+0000"):
        store.commit(unit(customer("c", "A\x00nn")))
    with pytest.raises(InvalidRecord):
        store.load([customer("c", "A\x00nn")], recorded_at=MARCH)
    assert names(store) == []


def test_texts_are_sorted_by_code_point_whatever_the_server_prefers(opened: Open) -> None:
    """The order of a page is that of Python, not of the server's language."""
    store = opened()
    texts = ["a", "B", "ä", "Z", "中", "_", "aa", "\U0001d538", "-", "é"]
    store.load([customer(f"{n}", text) for n, text in enumerate(texts)], recorded_at=MARCH)
    found: list[str] = []
    query = Query(records="customers", order=(OrderBy("name"),), limit=3)
    after: str | None = None
    while True:
        page = store.find(
            Query(records="customers", order=query.order, limit=query.limit, after=after)
        )
        found += [kept.record.name for kept in page.kept]
        after = page.cursor
        if after is None:
            break
    assert found == sorted(texts)


def test_a_load_that_meets_a_kept_record_leaves_nothing(opened: Open) -> None:
    """A bulk load is one unit: one record that is there already undoes all of it."""
    store = opened()
    store.commit(unit(customer("c7")))
    many = [customer(f"c{n}") for n in range(10)]
    with pytest.raises(VersionConflict, match="'c7' was to be new"):
        store.load(many, recorded_at=MARCH)
    assert names(store) == ["Ann"]
    store.commit(Unit(recorded_at=MARCH).remove("customers", "c7"))
    assert store.load([*many, happened("e")], recorded_at=MARCH) == 11
    assert [kept.version for kept in store.versions("customers", "c7")] == [1, 3]
    assert store.load([], recorded_at=MARCH) == 0


def test_eight_writers_and_a_reader_lose_nothing(opened: Open) -> None:
    """Units of many threads have positions without gaps, and a reader of events misses none."""
    store = opened(busy_timeout=30, connections=10)
    count, writers = 25, 8
    seen: list[int] = []
    done = threading.Event()

    def write(number: int) -> None:
        for step in range(count):
            store.commit(Unit(recorded_at=MARCH).append([happened(f"{number}-{step}")]))

    def follow() -> None:
        while len(seen) < count * writers and not done.wait(0):
            seen.extend(
                one.position for one in store.events(after=seen[-1] if seen else 0, limit=7)
            )

    reader = threading.Thread(target=follow)
    threads = [threading.Thread(target=write, args=(number,)) for number in range(writers)]
    for thread in (reader, *threads):
        thread.start()
    for thread in threads:
        thread.join()
    reader.join(timeout=30)
    done.set()
    reader.join()
    assert seen == list(range(1, count * writers + 1))


def test_two_counters_of_one_record_lose_no_change(opened: Open) -> None:
    """Versions that threads write over one another follow each other without gaps."""
    store = opened(busy_timeout=30)
    told: list[int] = []

    def write() -> None:
        for _ in range(15):
            told.extend(store.commit(unit(customer("c"))).versions)

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == list(range(1, 91))
    assert [kept.version for kept in store.versions("customers", "c")] == sorted(told)


def test_a_closed_store_refuses(opened: Open) -> None:
    """After closing nothing is read or written; closing again is nothing."""
    store = opened()
    store.close()
    store.close()
    with pytest.raises(StoreRefused, match="closed"):
        store.read("customers", "c")
    with pytest.raises(StoreRefused, match="closed"):
        store.commit(unit(customer("c")))


def test_a_reader_at_work_when_the_store_closes_ends_in_peace(
    opened: Open, server: psycopg.Connection[Any]
) -> None:
    """A connection in use outlives the closing and is closed when it comes back."""
    store = opened()
    with store._engine.reading() as session:
        store.close()
        assert session.rows("SELECT 1") == [(1,)]
    count = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'salescore'"
    assert server.execute(count).fetchone() == (0,) or store._engine._is_closed


@pytest.mark.parametrize(
    ("state", "kind", "words"),
    [
        ("53100", StoreFailed, "disk is full; nothing was changed"),
        ("42501", StoreRefused, "no way in"),
        ("40001", StoreBusy, "changed the same"),
        ("40P01", StoreBusy, "the other way round"),
        ("42P01", StoreRefused, "open it again"),
        ("XX001", StoreFailed, "no way in; nothing was changed"),
        ("57P01", StoreFailed, "no way in; a unit with a key may be repeated"),
    ],
)
def test_what_a_server_says_is_told_in_our_words(
    opened: Open, state: str, kind: type[Exception], words: str
) -> None:
    """Each state of a server is busy, refused or failed, and says what became of the unit."""
    store = opened()
    text = f"DO $$ BEGIN RAISE 'no way in' USING ERRCODE = '{state}'; END $$"
    with pytest.raises(kind, match=words), store._engine.writing() as session:
        session.run(text)
    assert names(store) == []


def test_errors_that_are_no_server_s_come_out_as_they_are(opened: Open) -> None:
    """A slip inside a block that uses a connection is not dressed up, and the store goes on."""
    store = opened()
    with pytest.raises(ZeroDivisionError), store._engine.writing():
        _ = 1 // 0
    assert names(store) == []


@pytest.mark.parametrize("package", ["sqlalchemy", "psycopg"])
def test_a_missing_package_names_its_extra(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without SQLAlchemy or psycopg the error says what to install."""
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtra, match=rf"{package} is not installed.*salescore\[postgres\]"):
        PostgresStore("postgresql://host/sales")


def test_small_units_take_one_trip(opened: Open) -> None:
    """A unit of twelve is kept with one statement, one of thirteen and a conflict are not."""
    store = opened()
    types = store._tables.types
    small = checked_unit(unit(*(customer(f"{n}") for n in range(12))), types)
    assert store._kept_at_once(small, None) is not None
    assert store._kept_at_once(small, None) is not None
    large = checked_unit(unit(*(customer(f"{n}") for n in range(13))), types)
    assert store._kept_at_once(large, None) is None
    conflict = checked_unit(unit(customer("1"), expected=7), types)
    assert store._kept_at_once(conflict, None) is None
    assert store.commit(unit(customer("1"), expected=2)).versions == (3,)


def test_units_of_many_shapes_are_all_kept(opened: Open) -> None:
    """More shapes than are remembered at once are kept none the worse."""
    store = opened()
    position = 0
    for changes in range(8):
        for events in range(8):
            for key in (None, f"{changes} {events}"):
                if changes + events == 0:
                    continue
                position += 1
                given = Unit(
                    recorded_at=MARCH,
                    key=key,
                    events=[happened(f"{changes} {events} {key} {n}") for n in range(events)],
                ).put(*(customer(f"{n}") for n in range(changes)))
                told = store.commit(given)
                assert (told.position, len(told.versions)) == (position, changes)
                assert len(told.events) == events
    assert len(store._one_trip._texts) <= 64
