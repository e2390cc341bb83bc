"""The laws of the port, by example, for the stores that hold everything in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.entities import (
    Activity,
    ActivityId,
    Contact,
    ContactId,
    Customer,
    CustomerId,
    Event,
    EventId,
    Lifecycle,
    Order,
    OrderId,
    OrderLine,
    OrderLineId,
    SalesRep,
    SalesRepId,
    Tag,
    TagId,
    TagSource,
    Team,
    TeamId,
    record_table,
)
from salescore.errors import (
    InvalidDate,
    InvalidRecord,
    InvalidValue,
    KeyReused,
    StoreRefused,
    UnknownName,
    VersionConflict,
)
from salescore.plain import CustomFields, Kind, PersonalData, custom_field, custom_values
from salescore.rules import F
from salescore.storage import (
    NOW,
    JsonLinesStore,
    Kept,
    MemoryStore,
    Moment,
    Query,
    Store,
    Unit,
)
from salescore.storage import OrderBy as By
from salescore.values import Money

NOON = datetime(2017, 3, 1, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FIELDS = CustomFields.of(
    {
        "customers": [
            custom_field("vip", Kind.BOOLEAN, "VIP", "贵宾"),
            custom_field("hobby", Kind.TEXT, "Hobby", "爱好", personal=PersonalData.FREE_TEXT),
        ]
    }
)
ANN = Customer(
    id=CustomerId("C-1"),
    name="Ann",
    phone="5",
    rep_id=SalesRepId("R-1"),
    city="Rome",
    credit_limit=Money(Decimal("12.50"), "EUR"),
    custom=custom_values(vip=True, hobby="chess"),
)
BOB = Customer(id=CustomerId("C-2"), name="Bob", parent_id=CustomerId("C-1"))
CALLED = Event(
    id=EventId("e-1"), name="called", happened_at=NOON, record="customers", subject="C-1",
    actor="Rita", detail='{"said": "yes"}',
)  # fmt: skip

Make = Callable[[Path], Store]


def in_memory(_: Path) -> Store:
    """Return a store in memory."""
    return MemoryStore(FIELDS)


def in_files(folder: Path) -> Store:
    """Return a store of plain files."""
    return JsonLinesStore(folder / "store", FIELDS, busy_timeout=60)


@pytest.fixture(params=[in_memory, in_files])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Return an empty store of each kind that answers from memory."""
    found: Store = request.param(tmp_path)
    yield found
    found.close()


def unit(at: datetime = NOON, key: str | None = None) -> Unit:
    """Return an empty unit."""
    return Unit(recorded_at=at, key=key)


def team(name: str, id: str = "t") -> Team:  # noqa: A002 - the word for it everywhere
    """Return a team of that name."""
    return Team(id=TeamId(id), name=name)


def called(number: int) -> Event:
    """Return the event of that number."""
    return attrs.evolve(CALLED, id=EventId(f"e-{number}"))


def there(kept: Kept | None) -> Kept:
    """Return what must be kept."""
    assert kept is not None
    return kept


# ── Units ────────────────────────────────────────────────────────────────────────────────────


def test_what_is_committed_is_read(store: Store) -> None:
    """A record comes back with its version, its times and the number of its unit."""
    answer = store.commit(unit().put(ANN, effective_on=date(2017, 2, 1)).append([CALLED]))
    assert (answer.position, answer.recorded_at) == (1, NOON)
    assert (answer.versions, answer.events, answer.is_repeat) == ((1,), (1,), False)
    assert store.read("customers", "C-1") == Kept(
        record=ANN, version=1, recorded_at=NOON, effective_on=date(2017, 2, 1), position=1
    )
    (event,) = store.events()
    assert (event.position, event.event, event.recorded_at) == (1, CALLED, NOON)


def test_what_was_never_kept_is_none(store: Store) -> None:
    """Neither an unknown id nor one that no record can have is an error."""
    for wanted in ("C-9", "", "\x00", "x" * 300):
        assert store.read("customers", wanted) is None
        assert store.versions("customers", wanted) == ()
        assert store.erase("customers", wanted, recorded_at=NOON) == 0
    assert store.find(Query(records="customers")).kept == ()
    assert store.events() == ()


def test_unknown_record_types_are_refused(store: Store) -> None:
    """Every method that names a record type refuses one that is not kept, and events."""
    refusals = {"people": UnknownName, "events": InvalidValue}
    for records, error in refusals.items():
        with pytest.raises(error):
            store.read(records, "1")
        with pytest.raises(error):
            store.versions(records, "1")
        with pytest.raises(error):
            store.find(Query(records=records))
        with pytest.raises(error):
            store.erase(records, "1", recorded_at=NOON)


def test_versions_count_without_gaps(store: Store) -> None:
    """Each change counts one up, a removal too, and a record that comes back goes on counting."""
    numbers = [
        store.commit(unit().put(team("A"), expected=0)).versions,
        store.commit(unit().put(team("B"), expected=1)).versions,
        store.commit(unit().remove("teams", "t", expected=2)).versions,
        store.commit(unit().put(team("C"), expected=0)).versions,
        store.commit(unit().put(team("D"))).versions,
    ]
    assert numbers == [(1,), (2,), (3,), (4,), (5,)]
    assert [one.version for one in store.versions("teams", "t")] == [1, 2, 4, 5]
    assert [one.record.name for one in store.versions("teams", "t")] == ["A", "B", "C", "D"]
    assert [one.position for one in store.versions("teams", "t")] == [1, 2, 4, 5]


@pytest.mark.parametrize(
    ("wrong", "expected", "found"),
    [
        (unit().put(team("X"), expected=0), 0, 1),
        (unit().put(team("X"), expected=2), 2, 1),
        (unit().remove("teams", "t", expected=2), 2, 1),
        (unit().remove("teams", "u"), None, 0),
        (unit().put(team("X", "u"), expected=1), 1, 0),
    ],
)
def test_a_conflict_changes_nothing(
    store: Store, wrong: Unit, expected: int | None, found: int
) -> None:
    """A unit with one change that does not fit leaves nothing of itself, its events included."""
    store.commit(unit().put(team("A")))
    whole = attrs.evolve(wrong, changes=(*unit().put(BOB).changes, *wrong.changes), key="k")
    with pytest.raises(VersionConflict) as caught:
        store.commit(whole.append([CALLED]))
    assert (caught.value.expected, caught.value.found) == (expected, found)
    assert store.read("customers", "C-2") is None
    assert store.events() == ()
    assert there(store.read("teams", "t")).record.name == "A"
    assert store.commit(unit(key="k").put(BOB)).position == 2


def test_a_wrong_unit_changes_nothing(store: Store) -> None:
    """Checks come before the first change."""
    wrong = attrs.evolve(BOB, custom=custom_values(vip="yes"))
    with pytest.raises(InvalidRecord):
        store.commit(unit().put(ANN, wrong))
    with pytest.raises(InvalidDate):
        store.commit(unit(NOON.replace(tzinfo=None)).put(ANN))
    assert store.read("customers", "C-1") is None
    assert store.commit(unit().put(ANN)).position == 1


def test_the_clock_never_runs_backwards(store: Store) -> None:
    """A unit of an earlier time counts as recorded when the last one was."""
    store.commit(unit(NOON).put(team("A")))
    answer = store.commit(unit(NOON - DAY).put(team("B")))
    assert answer.recorded_at == NOON
    assert there(store.read("teams", "t")).recorded_at == NOON
    assert store.commit(unit(NOON + DAY).put(team("C"))).recorded_at == NOON + DAY


# ── Keys and events ──────────────────────────────────────────────────────────────────────────


def test_a_repeated_key_gets_the_same_answer(store: Store) -> None:
    """The second time changes nothing, whatever was kept in between and whenever it comes."""
    first = store.commit(unit(key="k").put(team("A"), expected=0).append([CALLED]))
    store.commit(unit(NOON + DAY).put(team("B")))
    again = store.commit(unit(NOON + 2 * DAY, key="k").put(team("A"), expected=0).append([CALLED]))
    assert again == attrs.evolve(first, is_repeat=True)
    assert there(store.read("teams", "t")).record.name == "B"
    assert len(store.events()) == 1
    assert store.commit(unit().put(BOB)).position == 3


def test_a_key_stands_for_one_content(store: Store) -> None:
    """The same key with another change is refused and changes nothing."""
    store.commit(unit(key="k").put(team("A")))
    with pytest.raises(KeyReused) as caught:
        store.commit(unit(key="k").put(team("B")))
    assert (caught.value.kind, caught.value.key) == ("idempotency key", "k")
    assert there(store.read("teams", "t")).version == 1


def test_events_have_places_without_gaps(store: Store) -> None:
    """Reading on from the last place gives each event once, in order."""
    store.commit(unit().append([called(1), called(2)]))
    store.commit(unit().put(ANN))
    answer = store.commit(unit().append([called(3), called(4), called(5)]))
    assert answer.events == (3, 4, 5)
    seen: list[str] = []
    after = 0
    while found := store.events(after=after, limit=2):
        assert [one.position for one in found] == [after + 1 + k for k in range(len(found))]
        seen += [one.event.id for one in found]
        after = found[-1].position
    assert seen == ["e-1", "e-2", "e-3", "e-4", "e-5"]
    assert store.events(after=99) == ()
    with pytest.raises(InvalidValue):
        store.events(after=-1)
    with pytest.raises(InvalidValue):
        store.events(limit=0)


def test_what_can_be_no_id_is_nowhere(store: Store) -> None:
    """What no record can be called by is not found and not erased, whatever it is."""
    wrong: Any = ["C-1"]
    assert store.read("customers", wrong) is None
    assert store.versions("customers", wrong) == ()
    assert store.erase("customers", wrong, recorded_at=NOON) == 0


def test_an_event_that_comes_again_keeps_its_place(store: Store) -> None:
    """The same event again is answered with the place of then; other content is refused."""
    store.commit(unit().append([called(1), called(2)]))
    answer = store.commit(unit().append([called(3), called(1)]))
    assert answer.events == (3, 1)
    assert len(store.events()) == 3
    with pytest.raises(KeyReused) as caught:
        store.commit(unit().put(ANN).append([attrs.evolve(called(2), name="mailed")]))
    assert (caught.value.kind, caught.value.key) == ("event id", "e-2")
    assert store.read("customers", "C-1") is None


# ── Reading as of ────────────────────────────────────────────────────────────────────────────


def name_at(store: Store, recorded: datetime | None = None, effective: date | None = None) -> str:
    """Return the name of team t as of a moment, "-" where there is none."""
    kept = store.read("teams", "t", Moment(recorded=recorded, effective=effective))
    return "-" if kept is None else str(kept.record.name)


def test_the_past_is_read_on_two_clocks(store: Store) -> None:
    """What was recorded by then, and of that what held on the day."""
    store.commit(unit(NOON).put(team("A")))
    store.commit(unit(NOON + DAY).put(team("B"), effective_on=date(2017, 6, 1)))
    store.commit(unit(NOON + 2 * DAY).put(team("C"), effective_on=date(2017, 4, 1)))
    store.commit(unit(NOON + 3 * DAY).remove("teams", "t", effective_on=date(2017, 8, 1)))
    assert name_at(store) == "-"
    assert [name_at(store, NOON + step) for step in (-HOUR, HOUR, DAY, 2 * DAY + HOUR)] == [
        "-", "A", "B", "C",
    ]  # fmt: skip
    days = [date(2017, month, 1) for month in (3, 4, 5, 6, 7, 8)]
    assert [name_at(store, effective=day) for day in days] == ["A", "C", "C", "B", "B", "-"]
    late = NOON + DAY + HOUR
    assert [name_at(store, late, day) for day in days] == ["A", "A", "A", "B", "B", "B"]


def test_of_several_changes_for_one_day_the_last_counts(store: Store) -> None:
    """A correction for the same day, or for ever, replaces the one before."""
    for name in ("A", "B"):
        store.commit(unit().put(team(name)))
    assert name_at(store, effective=date(2017, 1, 1)) == "B"
    for name in ("C", "D"):
        store.commit(unit().put(team(name), effective_on=date(2017, 5, 1)))
    assert name_at(store, effective=date(2017, 5, 1)) == "D"
    assert name_at(store, effective=date(2017, 4, 30)) == "B"
    assert name_at(store, effective=date.min) == "B"


def test_questions_are_asked_as_of_a_moment(store: Store) -> None:
    """A rule sees the record as it was, and a record removed since is found in the past."""
    store.commit(unit(NOON).put(team("A", "t"), team("A", "u")))
    store.commit(unit(NOON + DAY).put(team("B", "u")).remove("teams", "t"))
    ask = Query(records="teams", where=F.name == "A")
    assert store.find(ask).kept == ()
    past = store.find(attrs.evolve(ask, at=Moment(recorded=NOON)))
    assert [one.record.id for one in past.kept] == ["t", "u"]
    sorted_past = attrs.evolve(ask, at=Moment(recorded=NOON), order=[By("id", is_descending=True)])
    assert [one.record.id for one in store.find(sorted_past).kept] == ["u", "t"]


# ── Questions ────────────────────────────────────────────────────────────────────────────────

PEOPLE = [
    Customer(
        id=CustomerId(str(number)),
        name=["b", "a", "B", "é", "客"][number % 5],
        city=None if number % 3 == 0 else f"city {number % 4}",
        employees=None if number % 7 == 0 else Decimal(number % 6),
        lifecycle=[Lifecycle.LEAD, Lifecycle.CUSTOMER, None][number % 3],
        credit_limit=None if number % 4 == 0 else Money(Decimal(number % 5), "EUR"),
        created_on=date(2017, 1, 1 + number % 9),
        recorded_at=None if number % 5 == 0 else NOON + number % 3 * HOUR,
        custom=custom_values(vip=None if number % 2 else number % 4 == 0),
    )
    for number in range(1, 60)
]
COLUMNS = [
    *("id", "name", "city", "employees", "lifecycle", "credit_limit_amount"),
    *("credit_limit_currency", "created_on", "recorded_at", "vip"),
]


def pages(store: Store, query: Query) -> list[str]:
    """Return the ids of all pages."""
    seen: list[str] = []
    while True:
        page = store.find(query)
        assert len(page.kept) <= query.limit
        seen += [one.record.id for one in page.kept]
        if page.cursor is None:
            return seen
        assert len(page.kept) == query.limit
        query = attrs.evolve(query, after=page.cursor)


def value(record: Customer, column: str) -> object:
    """Return what a column holds, written anew."""
    if column.startswith("credit_limit_"):
        return record.credit_limit and getattr(record.credit_limit, column[13:])
    if column == "vip":
        return dict(record.custom).get("vip")
    found = getattr(record, column)
    return found.value if isinstance(found, Lifecycle) else found


FULL = MemoryStore(FIELDS)
FULL.load(PEOPLE, recorded_at=NOON)


@given(
    st.lists(
        st.tuples(st.sampled_from(COLUMNS), st.booleans()),
        max_size=3,
        unique_by=lambda one: one[0],
    ),
    st.integers(1, 70),
)
def test_pages_give_each_record_once_in_order(order: list[tuple[str, bool]], limit: int) -> None:
    """Whatever the order and the limit: unknown last, text by code point, the id at the end."""
    expected = sorted(PEOPLE, key=lambda one: one.id)
    for column, is_descending in reversed(order):
        known = [one for one in expected if value(one, column) is not None]
        known.sort(key=lambda one: value(one, column), reverse=is_descending)  # type: ignore[arg-type, return-value]
        expected = known + [one for one in expected if value(one, column) is None]
    query = Query(records="customers", order=[By(*one) for one in order], limit=limit)
    assert pages(FULL, query) == [one.id for one in expected]


def test_rules_choose_and_unknown_is_no(store: Store) -> None:
    """A rule over choices, money, registered fields and nulls chooses where it is true."""
    store.load(PEOPLE, recorded_at=NOON)
    rules = [
        (F.lifecycle == "customer", lambda one: one.lifecycle is Lifecycle.CUSTOMER),
        (
            (F.credit_limit_amount > 2) & (F.credit_limit_currency == "EUR"),
            lambda one: one.credit_limit is not None and one.credit_limit.amount > 2,
        ),
        (F.vip == True, lambda one: dict(one.custom).get("vip") is True),  # noqa: E712 - builds a rule
        (~(F.city == "city 1"), lambda one: one.city not in (None, "city 1")),
        (F.city.is_null(), lambda one: one.city is None),
    ]
    for rule, holds in rules:
        expected = sorted(one.id for one in PEOPLE if holds(one))
        assert expected
        assert pages(store, Query(records="customers", where=rule, limit=3)) == expected
        by_name = Query(records="customers", where=rule, limit=3, order=[By("name")])
        assert sorted(pages(store, by_name)) == expected


def test_a_cursor_goes_on_where_the_page_ended(store: Store) -> None:
    """Records put behind it are seen, those before it are not, and another question is refused."""
    store.load(PEOPLE, recorded_at=NOON)
    query = Query(records="customers", limit=10)
    page = store.find(query)
    store.commit(unit().put(attrs.evolve(BOB, id="0"), attrs.evolve(BOB, id="zz")))
    rest = pages(store, attrs.evolve(query, after=page.cursor))
    assert rest[-1] == "zz"
    assert "0" not in rest
    assert len(rest) == len(PEOPLE) - 10 + 1
    with pytest.raises(InvalidValue):
        store.find(Query(records="leads", after=page.cursor))


# ── Load, erase, close ───────────────────────────────────────────────────────────────────────


def test_a_load_is_one_unit(store: Store) -> None:
    """Records of several types and events are kept at once; one that is there stops it all."""
    assert store.load([ANN, CALLED, team("A")], recorded_at=NOON) == 3
    assert there(store.read("teams", "t")).position == 1
    assert store.events()[0].event == CALLED
    with pytest.raises(VersionConflict):
        store.load([BOB, team("B")], recorded_at=NOON)
    assert store.read("customers", "C-2") is None
    with pytest.raises(InvalidValue, match="one record"):
        store.load([BOB, BOB], recorded_at=NOON)
    assert store.load([], recorded_at=NOON) == 0
    assert store.commit(unit().put(BOB)).position == 2


def test_an_erasure_reaches_the_past_and_what_is_about_the_subject(store: Store) -> None:
    """Every version, contact, tag and event of the customer loses its personal data alone."""
    friend = Contact(id=ContactId("P-1"), name="Cleo", customer_id=CustomerId("C-1"))
    other = Contact(id=ContactId("P-2"), name="Dan", customer_id=CustomerId("C-2"))
    note = Activity(
        id=ActivityId("A-1"),
        happened_on=date(2017, 1, 1),
        customer_id=CustomerId("C-1"),
        note="likes tea",
    )
    tag = Tag(
        id=TagId("T"),
        namespace="value",
        name="vip",
        source=TagSource.MANUAL,
        starts_on=date(2017, 1, 1),
        record="customers",
        subject="C-1",
        decided_by="Rita",
    )
    same_id = attrs.evolve(tag, id="U", record="leads")
    order = Order(id=OrderId("O"), customer_id=CustomerId("C-1"), ordered_on=date(2017, 1, 1))
    line = OrderLine(
        id=OrderLineId("L"),
        order_id=OrderId("O"),
        quantity=Decimal(1),
        net_amount=Money(Decimal(5), "EUR"),
    )
    rita = SalesRep(id=SalesRepId("R-1"), name="Rita")
    store.commit(
        unit(key="k").put(ANN, BOB, friend, other, note, tag, same_id, order, line, rita)
        .append([CALLED, attrs.evolve(called(2), subject="C-2")])
    )  # fmt: skip
    store.commit(unit().put(attrs.evolve(ANN, name="Anna", city="Oslo")))
    store.commit(unit().remove("customers", "C-1"))
    assert store.erase("customers", "C-1", recorded_at=NOON + DAY) == 6
    old, new = store.versions("customers", "C-1")
    for kept in (old, new):
        assert (kept.record.name, kept.record.phone) == ("erased", None)
        assert kept.record.custom == custom_values(vip=True)
    assert (old.record.city, new.record.city) == ("Rome", "Oslo")
    assert old.record.credit_limit == ANN.credit_limit
    assert (old.version, old.recorded_at, old.position) == (1, NOON, 1)
    assert there(store.read("contacts", "P-1")).record.name == "erased"
    assert there(store.read("activities", "A-1")).record.note is None
    assert there(store.read("tags", "T")).record.decided_by is None
    kept_events = [one.event for one in store.events()]
    assert kept_events[0] == attrs.evolve(CALLED, actor=None, detail=None)
    for record, records in [
        (BOB, "customers"), (other, "contacts"), (same_id, "tags"), (order, "orders"),
        (line, "order_lines"), (rita, "sales_reps"),
    ]:  # fmt: skip
        assert there(store.read(records, record.id)).record == record
    assert kept_events[1].actor == "Rita"
    assert store.erase("customers", "C-1", recorded_at=NOON + DAY) == 0
    assert store.erase("sales_reps", "R-1", recorded_at=NOON) == 1
    assert there(store.read("customers", "C-2")).record == BOB


def test_retries_survive_an_erasure(store: Store) -> None:
    """A unit with its key, and an event with its id, are known again though their data are gone."""
    first = unit(key="k").put(ANN, expected=0).append([CALLED])
    store.commit(first)
    store.commit(unit(key="other").put(BOB))
    store.erase("customers", "C-1", recorded_at=NOON)
    assert store.commit(first).is_repeat
    assert store.commit(unit().append([CALLED])).events == (1,)
    renamed = unit(key="k").put(attrs.evolve(ANN, name="Eve"), expected=0).append([CALLED])
    assert store.commit(renamed).is_repeat  # nothing is left by which the names could be told
    with pytest.raises(KeyReused):
        store.commit(unit(key="k").put(attrs.evolve(ANN, city="Oslo"), expected=0).append([CALLED]))
    with pytest.raises(KeyReused):
        store.commit(unit().append([attrs.evolve(CALLED, name="mailed")]))
    with pytest.raises(KeyReused):
        store.commit(unit(key="other").put(attrs.evolve(BOB, name="Rob")))


def test_erasing_needs_an_instant(store: Store) -> None:
    """A naive time is refused before anything is emptied."""
    store.commit(unit().put(ANN))
    with pytest.raises(InvalidDate):
        store.erase("customers", "C-1", recorded_at=NOON.replace(tzinfo=None))
    assert there(store.read("customers", "C-1")).record == ANN


def test_a_closed_store_refuses_everything(store: Store) -> None:
    """Each method says that it is closed, and closing again is nothing."""
    store.commit(unit().put(ANN))
    store.close()
    store.close()
    for act in (
        lambda: store.read("customers", "C-1"),
        lambda: store.find(Query(records="customers")),
        lambda: store.versions("customers", "C-1"),
        store.events,
        lambda: store.commit(unit().put(BOB)),
        lambda: store.load([BOB], recorded_at=NOON),
        lambda: store.erase("customers", "C-1", recorded_at=NOON),
    ):
        with pytest.raises(StoreRefused, match="closed"):
            act()


def test_a_store_says_what_it_keeps(store: Store) -> None:
    """Its tables are all record types, with registered fields."""
    tables = {table.name: table for table in store.tables}
    assert "events" in tables
    assert [one.name for one in tables["customers"].custom_fields] == ["vip", "hobby"]


def test_a_store_of_few_types_keeps_no_others() -> None:
    """The record types can be chosen."""
    store = MemoryStore(tables=[record_table("teams")])
    assert store.capabilities == frozenset()
    assert store.commit(unit().put(team("A"))).versions == (1,)
    with pytest.raises(UnknownName):
        store.commit(unit().put(ANN))
    with pytest.raises(UnknownName):
        store.commit(unit().append([CALLED]))
    assert store.erase("teams", "t", recorded_at=NOON) == 0


def test_threads_lose_no_change(store: Store) -> None:
    """Of many threads that change one record each change is kept once, under its own version."""
    threads, rounds = 4, 25
    start = Barrier(threads)

    def work(me: int) -> None:
        start.wait()
        for turn in range(rounds):
            while True:
                kept = store.read("teams", "t")
                name = f"{'' if kept is None else kept.record.name}{me}"
                change = unit().put(team(name), expected=0 if kept is None else kept.version)
                try:
                    store.commit(change.append([called(me * 1000 + turn)]))
                    break
                except VersionConflict:
                    continue

    working = [Thread(target=work, args=(me,)) for me in range(threads)]
    for one in working:
        one.start()
    for one in working:
        one.join()
    name = there(store.read("teams", "t")).record.name
    assert len(name) == threads * rounds
    assert [name.count(str(me)) for me in range(threads)] == [rounds] * threads
    versions = store.versions("teams", "t")
    assert [one.version for one in versions] == list(range(1, threads * rounds + 1))
    assert len(store.events()) == threads * rounds


def test_now_is_the_default_moment(store: Store) -> None:
    """Reading without a moment is reading now."""
    store.commit(unit().put(ANN))
    assert store.read("customers", "C-1") == store.read("customers", "C-1", NOW)
