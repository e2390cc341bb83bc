from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.book import Facts, SalesBook
from salescore.entities import (
    RECORD_TABLES,
    Customer,
    CustomerId,
    Event,
    EventId,
    Opportunity,
    OpportunityId,
    StageKind,
    Team,
    TeamId,
    record_table,
)
from salescore.errors import InvalidRecord, InvalidValue, KeyReused, VersionConflict
from salescore.metrics import figure
from salescore.plain import CustomFields, Kind, check_custom, custom_field, custom_values
from salescore.storage import (
    Committed,
    JsonLinesStore,
    MemoryStore,
    Moment,
    Query,
    Store,
    Unit,
    keep_book,
    read_book,
)
from salescore.storage._texts import is_keepable
from salescore.testing import books
from salescore.values import Money

NOON = datetime(2017, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
FIELDS = CustomFields.of({"teams": [custom_field("motto", Kind.TEXT, "Motto", "口号")]})
NORTH = Team(id=TeamId("n"), name="North", custom=custom_values(motto="up"))
SOUTH = Team(id=TeamId("s"), name="South")
BEGAN = Event(id=EventId("e-1"), name="began", happened_at=NOON)
ENDED = Event(id=EventId("e-0"), name="ended", happened_at=NOON)
BOOK = SalesBook(teams=[NORTH, SOUTH], events=[BEGAN, ENDED], custom_fields=FIELDS)


def in_memory(_: Path, fields: CustomFields) -> Store:
    """Return a store in memory."""
    return MemoryStore(fields)


def in_files(folder: Path, fields: CustomFields) -> Store:
    """Return a store of plain files."""
    return JsonLinesStore(folder / "facts", fields)


@pytest.fixture(params=[in_memory, in_files])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[CustomFields], Store]:
    """Return what makes a store."""
    return lambda fields: request.param(tmp_path, fields)


def test_a_book_comes_back_as_it_was_kept(make: Callable[[CustomFields], Store]) -> None:
    """Its records in the order of their ids, its events in theirs, and its registered fields."""
    store = make(FIELDS)
    book = attrs.evolve(BOOK, teams=[SOUTH, NORTH])
    assert keep_book(store, book, recorded_at=NOON) == 4
    assert read_book(store) == BOOK
    kept = store.read("teams", "s")
    assert kept is not None
    assert (kept.position, kept.recorded_at) == (1, NOON)
    store.close()


def has_ids_once(book: SalesBook) -> bool:
    """Return whether a store can keep a book: no id twice, no text that no database keeps."""
    for table in book.tables:
        rows = book.records(table.name)
        if len({one.id for one in rows}) < len(rows):
            return False
        for one in rows:
            values = [getattr(one, name) for name in table.names if hasattr(one, name)]
            values += [value for _, value in one.custom]
            if not all(is_keepable(value) for value in values if isinstance(value, str)):
                return False
    return True


@given(books().filter(has_ids_once), st.booleans())
def test_any_book_comes_back(book: SalesBook, only_changes: bool) -> None:  # noqa: FBT001 - drawn
    """What is read has the records that were kept, whichever way they were."""
    store = MemoryStore(book.custom_fields)
    count = keep_book(store, book, recorded_at=NOON, only_changes=only_changes)
    found = read_book(store)
    assert count == sum(len(book.records(table.name)) for table in RECORD_TABLES)
    for table in RECORD_TABLES:
        given_records = book.records(table.name)
        if table.name != "events":
            given_records = tuple(sorted(given_records, key=lambda one: one.id))
        assert found.records(table.name) == given_records
    assert keep_book(store, book, recorded_at=NOON, only_changes=True) == 0
    assert read_book(store) == found


def test_keeping_a_book_twice_is_a_conflict() -> None:
    """Each record must be new, or nothing of the book is kept."""
    store = MemoryStore(FIELDS)
    keep_book(store, BOOK, recorded_at=NOON)
    east = Team(id=TeamId("e"), name="East")
    with pytest.raises(VersionConflict):
        keep_book(store, SalesBook(teams=[east, SOUTH]), recorded_at=NOON)
    assert store.read("teams", "e") is None


def test_what_is_no_book_is_refused() -> None:
    """The argument is named."""
    with pytest.raises(InvalidValue, match=r"book is .*: it must be a SalesBook"):
        keep_book(MemoryStore(), {}, recorded_at=NOON)  # type: ignore[arg-type]


def test_only_what_differs_is_put(make: Callable[[CustomFields], Store]) -> None:
    """A second import keeps what is new or changed as one unit; what it lacks stays."""
    store = make(FIELDS)
    keep_book(store, BOOK, recorded_at=NOON)
    north = attrs.evolve(NORTH, name="Far north")
    more = Event(id=EventId("e-2"), name="more", happened_at=NOON)
    book = attrs.evolve(
        BOOK, teams=[north, Team(id=TeamId("e"), name="East")], events=[BEGAN, more]
    )
    assert keep_book(store, book, recorded_at=NOON + DAY, only_changes=True) == 3
    assert [one.version for one in store.versions("teams", "n")] == [1, 2]
    assert [one.version for one in store.versions("teams", "s")] == [1]
    assert {one.position for one in store.versions("teams", "e")} == {2}
    assert [one.event.id for one in store.events()] == ["e-1", "e-0", "e-2"]
    assert keep_book(store, book, recorded_at=NOON + 2 * DAY, only_changes=True) == 0
    assert store.commit(Unit(recorded_at=NOON).put(SOUTH)).position == 3
    assert read_book(store, Moment(recorded=NOON)) == BOOK
    store.close()


def test_an_event_that_changed_is_refused() -> None:
    """Events are never changed, also not by an import."""
    store = MemoryStore(FIELDS)
    keep_book(store, BOOK, recorded_at=NOON)
    book = attrs.evolve(BOOK, events=[attrs.evolve(BEGAN, name="other")])
    with pytest.raises(KeyReused):
        keep_book(store, book, recorded_at=NOON, only_changes=True)


def test_a_record_removed_since_can_come_back() -> None:
    """An import puts it as new, and its versions go on."""
    store = MemoryStore(FIELDS)
    keep_book(store, BOOK, recorded_at=NOON)
    store.commit(Unit(recorded_at=NOON).remove("teams", "s"))
    assert read_book(store).teams == (NORTH,)
    assert keep_book(store, BOOK, recorded_at=NOON, only_changes=True) == 1
    assert [one.version for one in store.versions("teams", "s")] == [1, 3]


class Meddled(MemoryStore):
    """A store in which somebody is always faster."""

    def commit(self, unit: Unit, /) -> Committed:
        """Let somebody else change a team first."""
        super().commit(Unit(recorded_at=NOON).put(attrs.evolve(SOUTH, name="mine")))
        return super().commit(unit)


def test_changes_in_between_are_found() -> None:
    """An import does not write over what somebody changed after it had read."""
    store = Meddled(FIELDS)
    MemoryStore.commit(store, Unit(recorded_at=NOON).put(SOUTH))
    with pytest.raises(VersionConflict):
        keep_book(
            store,
            SalesBook(teams=[attrs.evolve(SOUTH, name="theirs")]),
            recorded_at=NOON,
            only_changes=True,
        )


def test_faulty_books_are_refused_as_a_whole() -> None:
    """An id twice and a field that the store does not know keep nothing."""
    store = MemoryStore()
    with pytest.raises(InvalidValue, match="teams s"):
        keep_book(store, SalesBook(teams=[SOUTH, SOUTH]), recorded_at=NOON)
    with pytest.raises(InvalidRecord, match="motto"):
        keep_book(store, BOOK, recorded_at=NOON)
    assert keep_book(store, SalesBook(), recorded_at=NOON) == 0
    assert read_book(store) == SalesBook()


def test_a_book_is_read_as_of_a_past_moment() -> None:
    """On the clock of recording records and events are those of then, on the other the records."""
    store = MemoryStore()
    store.commit(Unit(recorded_at=NOON).put(SOUTH).append([BEGAN]))
    later = attrs.evolve(SOUTH, name="Deep south")
    store.commit(
        Unit(recorded_at=NOON + DAY).put(later, effective_on=date(2017, 6, 1)).append([ENDED])
    )
    assert read_book(store) == SalesBook(teams=[later], events=[BEGAN, ENDED])
    past = read_book(store, Moment(recorded=NOON))
    assert past == SalesBook(teams=[SOUTH], events=[BEGAN])
    may = read_book(store, Moment(effective=date(2017, 5, 1)))
    assert may == SalesBook(teams=[SOUTH], events=[BEGAN, ENDED])


def test_figures_are_computed_from_what_is_read() -> None:
    """A book out of a store gives fact tables as of a day."""
    won = Opportunity(
        id=OpportunityId("O-1"),
        name="Deal",
        stage="won",
        kind=StageKind.WON,
        amount=Money(Decimal(100), "EUR"),
        created_on=date(2017, 1, 1),
        closed_on=date(2017, 2, 1),
    )
    late = attrs.evolve(won, id="O-2", closed_on=date(2017, 5, 1))
    store = MemoryStore()
    store.load([won, late], recorded_at=NOON)
    facts = Facts.of(read_book(store), as_of=date(2017, 3, 1))
    assert figure("won_amount", facts).value == 100


def test_long_books_are_read_page_by_page() -> None:
    """More records and events than one answer holds all come back."""
    teams = [Team(id=TeamId(f"{number:05}"), name="x") for number in range(10_050)]
    events = [attrs.evolve(BEGAN, id=f"{number:05}") for number in range(10_050)]
    book = SalesBook(teams=teams, events=events)
    store = MemoryStore()
    assert keep_book(store, book, recorded_at=NOON) == 20_100
    assert len(store.find(Query(records="teams", limit=10_000)).kept) == 10_000
    assert read_book(store) == book


def test_record_types_of_the_application_are_left_out() -> None:
    """A store may keep more than a book has."""
    notes = attrs.evolve(
        record_table("customers"), name="notes", record=attrs.make_class("Note", ["id", "custom"])
    )
    store = MemoryStore(tables=[record_table("teams"), record_table("customers"), notes])
    store.commit(Unit(recorded_at=NOON).put(SOUTH, Customer(id=CustomerId("c"), name="Ann")))
    found = read_book(store)
    assert (len(found.teams), len(found.customers), found.events) == (1, 1, ())
    for table in found.tables:
        check_custom(table, found.records(table.name))
