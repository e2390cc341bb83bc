"""Tests of migrations: stores of an older form are brought up to date, newer ones left alone."""

import itertools
import json
import sqlite3
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import attrs
import pytest

from salescore.entities import RECORD_TABLES, Customer, Event, record_table
from salescore.errors import StoreRefused
from salescore.plain import (
    CustomFields,
    CustomValues,
    Field,
    FieldTable,
    Kind,
    Upcaster,
    Upcasters,
    about,
    check_record,
    custom_field,
    custom_values,
    field_table,
    unpack,
)
from salescore.rules import F
from salescore.storage import Moment, PostgresStore, Query, SqliteStore, Unit
from salescore.storage._sqlite_engine import SqliteEngine
from salescore.values import Money, parse_instant

pytestmark = pytest.mark.engine

MARCH = datetime(2017, 3, 1, 12, 30, 0, 123456, tzinfo=UTC)
APRIL = datetime(2017, 4, 1, tzinfo=UTC)
GOLDEN = Path(__file__).parent / "golden"


@attrs.frozen(kw_only=True)
class Kiosk:
    """A made-up record as a release long ago had it."""

    id: Annotated[str, about("Shop", "店铺")]
    name: Annotated[str, about("Name", "名称")]
    floor: Annotated[Decimal | None, about("Floor", "面积")] = None
    opened_on: Annotated[date | None, about("Opened on", "开业日期")] = None
    counted_at: Annotated[datetime | None, about("Counted at", "盘点时间")] = None
    is_open: Annotated[bool | None, about("Open", "营业")] = None
    rent: Annotated[Money | None, about("Rent", "租金")] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)


@attrs.frozen(kw_only=True)
class Shop:
    """The same record two releases later: a name with a town, no floor, a deposit."""

    id: Annotated[str, about("Shop", "店铺")]
    title: Annotated[str, about("Title", "标题")]
    town: Annotated[str, about("Town", "城镇")]
    opened_on: Annotated[date | None, about("Opened on", "开业日期")] = None
    counted_at: Annotated[datetime | None, about("Counted at", "盘点时间")] = None
    is_open: Annotated[bool | None, about("Open", "营业")] = None
    rent: Annotated[Money | None, about("Rent", "租金")] = None
    deposit: Annotated[Money | None, about("Deposit", "押金")] = None
    custom: CustomValues = ()

    def __attrs_post_init__(self) -> None:
        check_record(self)


KIOSKS = field_table(Kiosk, "shops", version=1)
SHOPS = field_table(Shop, "shops", version=3)
EVENTS = record_table("events")


def _two(data: dict[str, Any]) -> dict[str, Any]:
    data["title"] = data.pop("name")
    return data


def _three(data: dict[str, Any]) -> dict[str, Any]:
    title, _, town = data["title"].partition(", ")
    del data["floor"]
    return {**data, "title": title, "town": town, "deposit": data["rent"]}


STEPS = Upcasters.of([Upcaster("shops", 1, _two), Upcaster("shops", 2, _three)])

Store = SqliteStore | PostgresStore
Open = Callable[..., Store]
_NUMBERS = itertools.count(1)


@pytest.fixture(params=["sqlite", "postgres"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterable[Open]:
    """Return what opens one place again and again, in the one database and in the other."""
    stores: list[Store] = []
    schema = f"moved_{next(_NUMBERS)}"

    def make(tables: Iterable[FieldTable], **arguments: Any) -> Store:  # noqa: ANN401 - whatever a store takes
        if request.param == "sqlite":
            stores.append(SqliteStore(tmp_path / "old.db", tables=tables, **arguments))
        else:
            url = request.getfixturevalue("postgres_url")
            stores.append(PostgresStore(url, schema=schema, tables=tables, **arguments))
        return stores[-1]

    yield make
    for store in stores:
        store.close()


def old_store(opened: Open, **arguments: Any) -> Store:  # noqa: ANN401 - whatever a store takes
    """Return a store of the older form, with a past."""
    store = opened([KIOSKS, EVENTS], **arguments)
    kiosk = Kiosk(
        id="s",
        name="Corner, Leeds",
        floor=Decimal("12.50"),
        opened_on=date(2016, 2, 29),
        counted_at=MARCH,
        is_open=False,
        rent=Money(Decimal("100.50"), "GBP"),
    )
    store.commit(Unit(recorded_at=MARCH).put(kiosk))
    store.commit(
        Unit(recorded_at=APRIL).put(
            attrs.evolve(kiosk, name="Corner, York"), effective_on=date(2017, 5, 1)
        )
    )
    store.commit(Unit(recorded_at=APRIL, key="k").put(Kiosk(id="gone", name="Gone, Hull")))
    store.commit(Unit(recorded_at=APRIL).remove("shops", "gone"))
    store.commit(Unit(recorded_at=APRIL).append([Event(id="e", name="noted", happened_at=MARCH)]))
    return store


def test_rows_of_an_older_version_are_brought_up_to_date(opened: Open) -> None:
    """Every version of every record, of the past too, is of the new form; the rest stays."""
    old_store(opened).close()
    store = opened([SHOPS, EVENTS], upcasters=STEPS)
    first, second = store.versions("shops", "s")
    assert first.record == Shop(
        id="s",
        title="Corner",
        town="Leeds",
        opened_on=date(2016, 2, 29),
        counted_at=MARCH,
        is_open=False,
        rent=Money(Decimal("100.50"), "GBP"),
        deposit=Money(Decimal("100.50"), "GBP"),
    )
    assert str(first.record.deposit.amount) == "100.50"
    assert (second.record.town, second.effective_on) == ("York", date(2017, 5, 1))
    assert [(one.version, one.position, one.recorded_at) for one in (first, second)] == [
        (1, 1, MARCH),
        (2, 2, APRIL),
    ]
    assert store.read("shops", "s", Moment(recorded=MARCH)) == first
    assert store.read("shops", "gone") is None
    assert [one.version for one in store.versions("shops", "gone")] == [1]
    found = store.find(Query(records="shops", where=F.deposit_amount == Decimal("100.5"))).kept
    assert [one.record.town for one in found] == ["York"]
    assert [one.event.id for one in store.events()] == ["e"]
    told = store.commit(Unit(recorded_at=APRIL).put(Shop(id="gone", title="Back", town="Hull")))
    assert (told.position, told.versions) == (6, (3,))


def test_a_store_is_brought_up_to_date_once(opened: Open) -> None:
    """Opened again, even without its steps, it is as the first opening left it."""
    old_store(opened).close()
    store = opened([SHOPS, EVENTS], upcasters=STEPS)
    before = store.versions("shops", "s")
    store.close()
    again = opened([SHOPS, EVENTS])
    assert again.versions("shops", "s") == before


def test_events_are_brought_up_to_date(opened: Open) -> None:
    """The data of events may change their form too; their positions stay."""
    old_store(opened).close()
    step = Upcaster("events", 1, lambda data: {**data, "name": data["name"].upper()})
    later = attrs.evolve(EVENTS, version=2)
    store = opened([KIOSKS, later], upcasters=Upcasters.of([step]))
    assert [(one.position, one.event.name) for one in store.events()] == [(1, "NOTED")]
    told = store.commit(
        Unit(recorded_at=APRIL).append(
            [
                Event(id="e", name="NOTED", happened_at=MARCH),
                Event(id="f", name="N", happened_at=MARCH),
            ]
        )
    )
    assert told.events == (1, 2)


def test_many_rows_are_brought_up_to_date_in_parts(opened: Open) -> None:
    """More rows than are held at once all arrive, each once."""
    store = opened([KIOSKS, EVENTS])
    kiosks = [Kiosk(id=f"{number:04d}", name=f"N{number}, T") for number in range(2300)]
    store.load(kiosks, recorded_at=MARCH)
    store.close()
    later = opened([SHOPS, EVENTS], upcasters=STEPS)
    found = later.find(Query(records="shops", limit=10_000)).kept
    assert [one.record.title for one in found] == [f"N{number}" for number in range(2300)]


def _fails(data: dict[str, Any]) -> dict[str, Any]:
    if "York" in data["title"]:
        raise ValueError("no York")
    return _three(data)


@pytest.mark.parametrize(
    ("steps", "fault"),
    [
        ([], "no upcaster of shops from version 1 to 2"),
        ([Upcaster("shops", 1, _two)], "no upcaster of shops from version 2 to 3"),
        ([Upcaster("shops", 1, _two), Upcaster("shops", 2, _fails)], "no York"),
        ([Upcaster("shops", 1, _two), Upcaster("shops", 2, lambda data: data)], "no such field"),
        (
            [Upcaster("shops", 1, _two), Upcaster("shops", 2, lambda d: {**_three(d), "id": "x"})],
            "changed its id",
        ),
    ],
)
def test_a_step_that_fails_leaves_everything_as_it_was(
    opened: Open, steps: list[Upcaster], fault: str
) -> None:
    """Where one row cannot be brought up to date none is, and the older release goes on."""
    before = old_store(opened)
    kept = before.versions("shops", "s")
    before.close()
    with pytest.raises(StoreRefused, match=fault):
        opened([SHOPS, EVENTS], upcasters=Upcasters.of(steps))
    again = opened([KIOSKS, EVENTS])
    assert again.versions("shops", "s") == kept
    assert again.commit(Unit(recorded_at=APRIL).put(Kiosk(id="t", name="T"))).position == 6


def test_records_of_a_newer_version_are_refused(opened: Open) -> None:
    """A release does not touch what a newer one wrote."""
    old_store(opened).close()
    later = opened([SHOPS, EVENTS], upcasters=STEPS)
    kept = later.versions("shops", "s")
    with pytest.raises(StoreRefused, match="a newer release wrote its shops"):
        opened([KIOSKS, EVENTS])
    assert later.versions("shops", "s") == kept


def test_a_newer_form_of_the_store_is_refused(opened: Open) -> None:
    """A form that this release does not know is named, and nothing is changed."""
    store = old_store(opened)
    with store._engine.writing() as session:
        state = store._tables.names.table("_state")
        session.run(f"UPDATE {state} SET form = 2")  # noqa: S608 - a name of our own
    with pytest.raises(StoreRefused, match="a newer release made it"):
        opened([KIOSKS, EVENTS])
    with store._engine.reading() as session:
        found = session.rows(f"SELECT form, change FROM {state}")  # noqa: S608 - as above
    assert found == [(2, 1)]


def test_a_record_type_that_is_not_known_is_refused(opened: Open) -> None:
    """A store with more record types than the release keeps all of them."""
    old_store(opened).close()
    with pytest.raises(StoreRefused, match="keeps shops"):
        opened([EVENTS])


def test_further_record_types_get_tables(opened: Open) -> None:
    """A release with one record type more opens the store of one without."""
    old_store(opened).close()
    store = opened([KIOSKS, EVENTS, record_table("customers")])
    store.commit(Unit(recorded_at=APRIL).put(Customer(id="c", name="Ann")))
    assert store.read("customers", "c") is not None
    assert len(store.versions("shops", "s")) == 2


STARS = custom_field("stars", Kind.DECIMAL, "Stars", "星级")
FEE = custom_field("fee", Kind.MONEY, "Fee", "费用")


def registered(*fields: Field) -> CustomFields:
    """Return fields of shops as a registry."""
    return CustomFields.of({"shops": fields})


def test_a_newly_registered_field_gets_columns(opened: Open) -> None:
    """What was kept before has no value of it, what is kept since has one."""
    old_store(opened, custom_fields=registered(STARS)).close()
    store = opened([KIOSKS, EVENTS], custom_fields=registered(STARS, FEE))
    values = custom_values(stars=Decimal("4.50"), fee=Money(Decimal("1.10"), "EUR"))
    store.commit(Unit(recorded_at=APRIL).put(Kiosk(id="new", name="N", custom=values)))
    found = store.find(Query(records="shops", where=F.fee_amount > Decimal(1))).kept
    assert [one.record.custom for one in found] == [values]
    assert [one.record.custom for one in store.versions("shops", "s")] == [(), ()]


def test_a_registered_field_of_a_store_must_be_registered(opened: Open) -> None:
    """Opened without a field that it keeps, or with one of another kind, a store refuses."""
    old_store(opened, custom_fields=registered(STARS)).close()
    with pytest.raises(StoreRefused, match="registered field stars"):
        opened([KIOSKS, EVENTS])
    other = custom_field("stars", Kind.TEXT, "Stars", "星级")
    with pytest.raises(StoreRefused, match="stars of its shops is decimal, not text"):
        opened([KIOSKS, EVENTS], custom_fields=registered(other))


def test_registered_fields_come_along_to_a_newer_version(opened: Open) -> None:
    """Values of registered fields are brought along, and a field may be added on the way."""
    store = opened([KIOSKS, EVENTS], custom_fields=registered(STARS))
    values = custom_values(stars=Decimal("4.50"))
    store.commit(Unit(recorded_at=MARCH).put(Kiosk(id="s", name="N, T", custom=values)))
    store.close()
    with pytest.raises(StoreRefused, match="registered field stars"):
        opened([SHOPS, EVENTS], upcasters=STEPS)
    later = opened([SHOPS, EVENTS], upcasters=STEPS, custom_fields=registered(FEE, STARS))
    kept = later.read("shops", "s")
    assert kept is not None
    assert kept.record.custom == values
    assert str(dict(kept.record.custom)["stars"]) == "4.50"


def test_fields_of_our_own_change_with_a_version_alone(opened: Open) -> None:
    """Within one version a field may be added where it can be unknown, and none goes or turns."""
    old_store(opened).close()
    more = attrs.evolve(
        KIOSKS, fields=(*KIOSKS.fields, attrs.evolve(STARS, is_custom=False, nullable=False))
    )
    with pytest.raises(StoreRefused, match="stars of shops is new and required"):
        opened([more, EVENTS])
    fewer = attrs.evolve(KIOSKS, fields=KIOSKS.fields[:-1])
    with pytest.raises(StoreRefused, match="the field rent, which this release has not"):
        opened([fewer, EVENTS])
    assert len(opened([KIOSKS, EVENTS]).versions("shops", "s")) == 2


def test_those_who_open_at_the_same_time_all_find_it_up_to_date(opened: Open) -> None:
    """One of them does the work, the others wait for it."""
    old_store(opened).close()
    found: list[Store] = []
    faults: list[BaseException] = []

    def open_it() -> None:
        try:
            found.append(opened([SHOPS, EVENTS], upcasters=STEPS, busy_timeout=30))
        except BaseException as fault:  # noqa: BLE001 - told below
            faults.append(fault)

    threads = [threading.Thread(target=open_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    for number, store in enumerate(found):
        store.commit(Unit(recorded_at=APRIL).put(Shop(id=f"{number}", title="T", town="W")))
    assert len(found[0].find(Query(records="shops")).kept) == 7


def test_those_who_make_a_store_at_the_same_time_all_get_one(opened: Open) -> None:
    """A store that is made by several at once is made once."""
    found: list[Store] = []
    threads = [
        threading.Thread(target=lambda: found.append(opened([KIOSKS, EVENTS], busy_timeout=30)))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    positions = [
        store.commit(Unit(recorded_at=APRIL).put(Kiosk(id=f"{n}", name="N"))).position
        for n, store in enumerate(found)
    ]
    assert positions == [1, 2, 3, 4, 5, 6]


def test_a_store_that_was_open_meanwhile_must_be_opened_again(opened: Open) -> None:
    """Whoever had it open with the older form writes no row of that form any more."""
    before = old_store(opened)
    later = opened([SHOPS, EVENTS], upcasters=STEPS)
    for act in (
        lambda: before.commit(Unit(recorded_at=APRIL).put(Kiosk(id="t", name="T"))),
        lambda: before.load([Kiosk(id="t", name="T")], recorded_at=APRIL),
        lambda: before.erase("shops", "s", recorded_at=APRIL),
    ):
        with pytest.raises(StoreRefused, match="open it again"):
            act()
    assert later.read("shops", "t") is None
    with pytest.raises(StoreRefused, match="open it again"):
        before.read("shops", "s")
    with pytest.raises(StoreRefused, match="open it again"):
        before.find(Query(records="shops"))


def _golden_store(path: Path) -> Any:  # noqa: ANN401 - what JSON holds
    """Return what the golden file says that it holds, and lay the store out at a path."""
    connection = sqlite3.connect(path)
    connection.executescript((GOLDEN / "sqlite-1.sql").read_text(encoding="utf-8"))
    connection.close()
    return json.loads((GOLDEN / "sqlite-1.json").read_text(encoding="utf-8"))


def test_the_golden_store_of_form_1_is_read(tmp_path: Path) -> None:
    """A store as the first release wrote it gives back every version and every event."""
    path = tmp_path / "golden.db"
    told = _golden_store(path)
    custom = CustomFields.from_data(told["custom_fields"])
    store = SqliteStore(path, custom_fields=custom)
    seen = 0
    for one in told["versions"]:
        table, record = unpack(one["record"], store.tables)
        kept = store.versions(table.name, record.id)[one["place"]]
        assert kept.record == record
        assert [
            kept.version,
            kept.position,
            kept.recorded_at,
            None if kept.effective_on is None else kept.effective_on.isoformat(),
        ] == [
            one["version"],
            one["position"],
            parse_instant(one["recorded_at"]),
            one["effective_on"],
        ]
        seen += 1
    assert seen > len(store.tables)
    events = [unpack(one, store.tables)[1] for one in told["events"]]
    assert [one.event for one in store.events()] == events
    again = store.commit(Unit(recorded_at=APRIL, key="golden").append([events[0]]))
    assert (again.is_repeat, again.position) == (True, told["keyed"])
    store.close()


def test_the_golden_store_is_of_the_form_that_is_written_now(tmp_path: Path) -> None:
    """Whoever changes the tables of a new store must keep its golden file and add another."""
    _golden_store(tmp_path / "golden.db")
    custom = CustomFields.from_data(
        json.loads((GOLDEN / "sqlite-1.json").read_text(encoding="utf-8"))["custom_fields"]
    )
    SqliteStore(tmp_path / "new.db", custom_fields=custom).close()
    forms: list[list[Any]] = []
    for name in ("golden.db", "new.db"):
        engine = SqliteEngine(str(tmp_path / name), 1.0, None)
        with engine.reading() as session:
            rows = session.rows("SELECT name, sql FROM sqlite_master ORDER BY name")
        # Fields of records come and go with the versions of their types; what is ours may not.
        forms.append(
            [(one, sql if one[0] == "_" else sql and sql.partition("`id`")[0]) for one, sql in rows]
        )
        engine.close()
    # Record types that came later have tables of their own, made when the store is opened.
    golden, new = forms
    known = {name for name, _ in golden}
    later = {name for name, _ in new} - known
    assert golden == [one for one in new if one[0] in known]
    assert later <= {one.name for one in RECORD_TABLES}
    assert len(golden) > 3
