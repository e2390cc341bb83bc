"""Adding an import to a book: known by source and id, and idempotent."""

from datetime import UTC, date, datetime
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.book import SalesBook, check_book
from salescore.entities import (
    RECORD_TABLES,
    Customer,
    Event,
    EventId,
    Order,
    OrderLine,
    SalesRep,
    Team,
    TeamId,
)
from salescore.errors import InvalidValue, UnknownName
from salescore.exchange import (
    FieldChange,
    Import,
    OnChange,
    merge_import,
    with_source,
    without_source,
)
from salescore.plain import CustomFields, Kind, custom_field, custom_values
from salescore.testing import books, texts
from salescore.values import Money, Severity

SOURCES = st.sampled_from([None, "crm", "erp"])
POLICIES = st.sampled_from(OnChange)
BOOKS = books() | books(faulty=True)


@given(BOOKS, BOOKS, SOURCES, POLICIES)
def test_the_same_import_twice_changes_nothing(
    book: SalesBook, imported: SalesBook, source: str | None, policy: OnChange
) -> None:
    """Merged again, an import adds no record, and the very same book is returned."""
    once = merge_import(book, imported, source=source, on_change=policy)
    twice = merge_import(once.book, imported, source=source, on_change=policy)
    assert twice.book is once.book
    assert not any(count.added for count in twice.counts)


@given(BOOKS)
def test_merging_nothing_changes_nothing(book: SalesBook) -> None:
    """An import without records leaves the very same book, and so does the book itself."""
    assert merge_import(book, SalesBook(), source="crm").book is book
    assert merge_import(book, book).book is book
    assert not merge_import(book, SalesBook()).counts


@given(BOOKS, BOOKS, SOURCES, SOURCES, POLICIES)
def test_all_of_both_are_there(
    one: SalesBook,
    other: SalesBook,
    first: str | None,
    second: str | None,
    policy: OnChange,
) -> None:
    """After two merges every record of both stands under its source and id, and none besides."""
    start = merge_import(SalesBook(), one, source=first, on_change=policy).book
    merged = merge_import(start, other, source=second, on_change=policy).book
    for table in RECORD_TABLES:
        wanted = {called(first, key) for key in one.index(table.name)}
        wanted |= {called(second, key) for key in other.index(table.name)}
        assert set(merged.index(table.name)) == wanted


def called(source: str | None, key: str) -> str:
    """Return the id in the book of what a source calls by an id."""
    return key if source is None else with_source(source, key)


@given(BOOKS, BOOKS)
def test_two_systems_never_meet(one: SalesBook, other: SalesBook) -> None:
    """Records of two sources leave each other alone, in either order."""
    crm_first = merge_import(merge_import(SalesBook(), one, source="crm").book, other, source="erp")
    erp_first = merge_import(merge_import(SalesBook(), other, source="erp").book, one, source="crm")
    assert not crm_first.changes
    for table in RECORD_TABLES:
        assert crm_first.book.index(table.name) == erp_first.book.index(table.name)


@given(books(), st.permutations(range(len(RECORD_TABLES))))
def test_files_come_in_any_order(book: SalesBook, order: list[int]) -> None:
    """Record types merged one by one in any order make the same book as all at once."""
    merged = SalesBook()
    for place in order:
        name = RECORD_TABLES[place].name
        part = attrs.evolve(SalesBook(), **{name: book.records(name)})
        merged = merge_import(merged, part, source="crm").book
    assert merged == merge_import(SalesBook(), book, source="crm").book


@given(BOOKS)
def test_references_stay_whole(book: SalesBook) -> None:
    """What refers to something in an import, or to nothing, does so in the merged book."""
    once = merge_import(SalesBook(), book).book
    behind = merge_import(SalesBook(), book, source="crm").book
    faults = [(one.code, one.severity, one.count) for one in check_book(once)]
    assert [(one.code, one.severity, one.count) for one in check_book(behind)] == faults


@given(texts(least=1), texts(least=1))
def test_ids_lead_back(one: str, other: str) -> None:
    """The id that a source gave can be told from the one in the book, whatever it looks like."""
    assert without_source("crm", with_source("crm", one)) == one
    assert (with_source("crm", one) == with_source("crm", other)) is (one == other)
    assert with_source("crm", one) != with_source("erp", other)


DAY = date(2017, 3, 1)
LINE = OrderLine(
    id="L-1",
    order_id="O-1",
    quantity=Decimal(1),
    net_amount=Money.of("9.50", "USD"),
)
IMPORT = SalesBook(
    sales_reps=[SalesRep(id="R-1", name="Chen")],
    customers=[Customer(id="1", name="Adler", rep_id="R-1", parent_id="1")],
    orders=[Order(id="O-1", ordered_on=DAY, customer_id="1")],
    order_lines=[LINE],
)


def test_a_source_goes_before_every_id() -> None:
    """Ids and references are put behind the source, and nulls stay null."""
    merged = merge_import(SalesBook(), IMPORT, source="crm")
    (customer,) = merged.book.customers
    assert (customer.id, customer.rep_id, customer.parent_id) == ("crm:1", "crm:R-1", "crm:1")
    (order,) = merged.book.orders
    assert (order.id, order.customer_id, order.rep_id) == ("crm:O-1", "crm:1", None)
    assert merged.book.order_lines == (attrs.evolve(LINE, id="crm:L-1", order_id="crm:O-1"),)
    assert [(count.record, count.added) for count in merged.counts] == [
        ("sales_reps", 1),
        ("customers", 1),
        ("orders", 1),
        ("order_lines", 1),
    ]
    assert not merged.findings


def test_an_id_that_carries_the_source_gets_it_again() -> None:
    """An id that begins with the source already is another id than the one without."""
    two = SalesBook(
        customers=[Customer(id="1", name="a"), Customer(id="crm:1", name="b")],
    )
    merged = merge_import(SalesBook(), two, source="crm").book
    assert [one.id for one in merged.customers] == ["crm:1", "crm:crm:1"]


def test_shared_record_types_keep_their_ids() -> None:
    """Record types that all systems share, and references to them, stay as they are."""
    book = SalesBook(sales_reps=[SalesRep(id="R-1", name="Chen")])
    merged = merge_import(book, IMPORT, source="crm", shared=["sales_reps"])
    assert merged.book.sales_reps is book.sales_reps
    assert merged.book.customers[0].rep_id == "R-1"
    assert merged.book.customers[0].id == "crm:1"
    with pytest.raises(UnknownName, match="did you mean 'sales_reps'"):
        merge_import(book, IMPORT, source="crm", shared=["sales_rep"])


def test_every_type_shared_is_as_without_a_source() -> None:
    """Where all record types are shared, the records themselves are taken, not copies."""
    shared = [table.name for table in RECORD_TABLES]
    merged = merge_import(SalesBook(), IMPORT, source="crm", shared=shared).book
    assert merged == IMPORT
    assert merged.customers[0] is IMPORT.customers[0]


def test_without_a_source_ids_are_those_of_the_book() -> None:
    """An import without a source is known by its bare ids."""
    merged = merge_import(IMPORT, Import(book=IMPORT, findings=(), files=()))
    assert merged.book is IMPORT
    assert [count.unchanged for count in merged.counts] == [1, 1, 1, 1]


CHANGED = SalesBook(
    customers=[
        Customer(id="0", name="New"),
        Customer(id="1", name="Adler AG", rep_id="R-1", parent_id="1", segment="x"),
    ]
)


def test_a_changed_record_is_told_and_kept() -> None:
    """A record that says something else is listed by field, old and new, and the book's stays."""
    merged = merge_import(IMPORT, CHANGED)
    assert [one.name for one in merged.book.customers] == ["Adler", "New"]
    assert merged.changes == (
        FieldChange(record="customers", id="1", field="name", old="Adler", new="Adler AG"),
        FieldChange(record="customers", id="1", field="segment", old=None, new="x"),
    )
    (finding,) = merged.findings
    assert (finding.code, finding.severity) == ("changed-record", Severity.WARNING)
    assert finding.subject == "customers/1"
    assert finding.message == (
        "customers/1: name is 'Adler' in the book and 'Adler AG' here, "
        "segment is nothing in the book and 'x' here; the book's was kept"
    )
    (count,) = merged.counts
    assert (count.added, count.unchanged, count.changed) == (1, 0, 1)


def test_a_changed_record_can_take_the_place() -> None:
    """On request the import's record stands where the book's stood."""
    merged = merge_import(IMPORT, CHANGED, on_change=OnChange.REPLACE)
    assert [one.name for one in merged.book.customers] == ["Adler AG", "New"]
    assert merged.findings[0].message.endswith("the import's replaced it")


def test_of_two_in_the_book_the_first_is_replaced() -> None:
    """Where an id stands twice in the book, references mean the first, and so does a merge."""
    book = SalesBook(customers=[Customer(id="1", name="a"), Customer(id="1", name="b")])
    new = SalesBook(customers=[Customer(id="1", name="c")])
    merged = merge_import(book, new, on_change=OnChange.REPLACE).book
    assert [one.name for one in merged.customers] == ["c", "b"]


def test_of_two_in_the_import_the_first_is_taken() -> None:
    """An id that stands twice in the import is a finding, and the first counts."""
    twice = SalesBook(
        customers=[Customer(id="1", name=name) for name in ("a", "b", "c")],
    )
    merged = merge_import(SalesBook(), twice)
    assert [one.name for one in merged.book.customers] == ["a"]
    (finding,) = merged.findings
    assert (finding.code, finding.count, finding.subject) == ("duplicate-id", 2, "customers/1")
    assert merged.counts[0].repeated == 2


def test_an_id_too_long_is_left_out() -> None:
    """A record whose id, or one it refers to, has no room for the source is left out and told."""
    room = 256 - len("crm:")
    many = SalesBook(
        customers=[
            Customer(id="x" * room, name="fits"),
            Customer(id="y" * (room + 1), name="too long"),
            Customer(id="z", name="refers", parent_id="y" * (room + 1)),
        ]
    )
    merged = merge_import(SalesBook(), many, source="crm")
    assert [one.name for one in merged.book.customers] == ["fits"]
    assert [one.code for one in merged.findings] == ["id-too-long", "id-too-long"]
    assert merged.counts[0].refused == 2
    assert merged.findings[1].subject == "customers/z"


@pytest.mark.parametrize("source", ["", "a:b", " a", "a ", "x" * 65])
def test_a_source_must_be_told_apart(source: str) -> None:
    """A source that could be taken for another, or for part of an id, is refused."""
    with pytest.raises(InvalidValue, match="without a colon"):
        merge_import(SalesBook(), IMPORT, source=source)


TIER = custom_field("tier", Kind.TEXT, "Tier", "级别")
AGENT = custom_field("agent_id", Kind.ID, "Agent", "代理", refers="sales_reps")


def registered(*values: tuple[str, str | None, str | None]) -> SalesBook:
    """Return a book of customers with registered fields: id, tier and agent."""
    return SalesBook(
        customers=[
            Customer(id=key, name="a", custom=custom_values(tier=tier, agent_id=agent))
            for key, tier, agent in values
        ],
        custom_fields=CustomFields.of({"customers": [TIER, AGENT]}),
    )


def test_registered_fields_come_along() -> None:
    """Registered fields are merged like others, and references in them get the source too."""
    merged = merge_import(SalesBook(), registered(("1", "a", "R"), ("2", None, None)), source="crm")
    assert merged.book.custom_fields.fields("customers") == (TIER, AGENT)
    assert [one.custom for one in merged.book.customers] == [
        (("agent_id", "crm:R"), ("tier", "a")),
        (),
    ]
    later = merge_import(merged.book, registered(("1", "b", "R")), source="crm")
    assert later.changes == (
        FieldChange(record="customers", id="crm:1", field="tier", old="a", new="b"),
    )


def test_fields_registered_twice_must_be_the_same() -> None:
    """A field of one name with two meanings stops the merge."""
    number = custom_field("tier", Kind.DECIMAL, "Tier", "级别")
    book = SalesBook(custom_fields=CustomFields.of({"customers": [number]}))
    with pytest.raises(InvalidValue, match="rename one of them"):
        merge_import(book, registered(("1", "a", None)))


def test_an_event_still_points_at_its_record_under_a_source() -> None:
    """The id of what happened moves with the ids of its record type, unless these are shared."""
    at = datetime(2024, 1, 1, tzinfo=UTC)
    made = SalesBook(
        teams=[Team(id=TeamId("1"), name="North")],
        events=[
            Event(id=EventId("e1"), name="made", happened_at=at, record="teams", subject="1"),
            Event(id=EventId("e2"), name="begun", happened_at=at, subject="nothing"),
        ],
    )
    moved = merge_import(SalesBook(), made, source="crm").book
    assert [one.subject for one in moved.events] == ["crm:1", "nothing"]
    assert check_book(moved) == ()
    kept = merge_import(SalesBook(), made, source="crm", shared=["teams"]).book
    assert [one.subject for one in kept.events] == ["1", "nothing"]
