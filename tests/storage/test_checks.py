from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.entities import (
    RECORD_TABLES,
    Customer,
    CustomerId,
    Event,
    EventId,
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
    RuleTypeError,
    SalesCoreError,
    UnknownName,
    VersionConflict,
)
from salescore.plain import CustomFields, FieldTable, Kind, custom_field, custom_values, erased
from salescore.rules import F, RuleType, check_types, evaluate
from salescore.storage import Moment, OrderBy, Put, Query, Remove, Unit, query_schema
from salescore.storage._asked import (
    check_limit,
    check_position,
    checked_moment,
    checked_query,
    column_reader,
)
from salescore.storage._checks import (
    RecordTypes,
    Step,
    check_version,
    checked_instant,
    checked_unit,
    is_id,
    load_unit,
)
from salescore.storage._digests import (
    digest_without_personal,
    is_same_content,
    is_same_event,
    unit_digest,
)
from salescore.storage._references import personal_references
from salescore.storage._texts import is_keepable
from salescore.testing import records
from salescore.values import Money

NOON = datetime(2017, 3, 1, 12, tzinfo=UTC)
TYPES = RecordTypes.of()
ANN = Customer(id=CustomerId("C-1"), name="Ann", phone="5", rep_id=SalesRepId("R-1"))
NORTH = Team(id=TeamId("north"), name="North")
CALLED = Event(
    id=EventId("e-1"),
    name="called",
    happened_at=NOON,
    record="customers",
    subject="C-1",
    actor="Bob",
    detail="{}",
)
VIP = custom_field("vip", Kind.BOOLEAN, "VIP", "贵宾")
BUDGET = custom_field("budget", Kind.MONEY, "Budget", "预算")
CODE = custom_field("code", Kind.TEXT, "Code", "代码")
REGISTERED = RecordTypes.of(custom_fields=CustomFields.of({"customers": [VIP, BUDGET, CODE]}))


def unit(*changes: Put | Remove, **others: Any) -> Unit:  # noqa: ANN401 - wrong values too
    """Return a unit of these changes."""
    return Unit(**{"recorded_at": NOON, **others}, changes=changes)


def test_a_right_unit_comes_back_in_order() -> None:
    """Steps name table, id, record, version and day; a time in another zone is turned to UTC."""
    east = timezone(timedelta(hours=8))
    given_unit = Unit(recorded_at=NOON.astimezone(east), key="k").put(ANN, expected=3)
    given_unit = given_unit.remove("teams", "north", effective_on=date(2017, 4, 1))
    found = checked_unit(given_unit.append([CALLED]), TYPES)
    assert found.recorded_at == NOON
    assert found.recorded_at.tzinfo is UTC
    assert found.events == (CALLED,)
    assert found.key == "k"
    assert [(one.table.name, one.id, one.record) for one in found.steps] == [
        ("customers", "C-1", ANN),
        ("teams", "north", None),
    ]
    assert [(one.expected, one.effective_on) for one in found.steps] == [
        (3, None),
        (None, date(2017, 4, 1)),
    ]


@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        (unit(), InvalidValue, "empty"),
        (unit(Put(ANN), Put(attrs.evolve(ANN, name="B"))), InvalidValue, "customers C-1"),
        (unit(Put(ANN), Remove("customers", "C-1")), InvalidValue, "customers C-1"),
        (unit(ANN), InvalidValue, "Put or a Remove"),  # type: ignore[arg-type]
        (unit(events=[CALLED, CALLED]), InvalidValue, "events e-1"),
        (unit(events=[ANN]), InvalidValue, "append events"),
        (unit(Put(CALLED)), InvalidValue, "Unit.append"),
        (unit(Put("Ann")), InvalidValue, "a str is no record"),
        (unit(Put({"id": "C-1"})), InvalidValue, "a dict is no record; give an instance"),
        (unit(Put(5)), InvalidValue, "an int is no record"),
        (unit(Put(Customer)), InvalidValue, "a class is no record"),
        (unit(Put(Moment())), UnknownName, "record type 'Moment'"),
        (None, InvalidValue, "a unit of work is None: it must be a Unit"),
        (ANN, InvalidValue, r"Unit\(recorded_at=now\).put\(record\)"),
        (unit(Remove("people", "1")), UnknownName, "people"),
        (unit(Remove("events", "e-1")), InvalidValue, r"events\(\) reads them"),
        (unit(Remove("customers", "")), InvalidValue, "id of customers"),
        (unit(Remove("customers", "x" * 257)), InvalidValue, "id of customers"),
        (unit(Put(ANN, -1)), InvalidValue, "expected"),
        (unit(Put(ANN, True)), InvalidValue, "expected"),
        (unit(Put(ANN, effective_on=NOON)), InvalidValue, "effective_on"),
        (unit(Put(ANN, effective_on="2017-03-01")), InvalidValue, "effective_on"),  # type: ignore[arg-type]
        (unit(Put(ANN), recorded_at=NOON.replace(tzinfo=None)), InvalidDate, "zone"),
        (unit(Put(ANN), recorded_at=date(2017, 3, 1)), InvalidDate, "datetime"),
        (unit(Put(ANN), recorded_at=NOON.replace(year=2200)), InvalidValue, "1900 to 2199"),
        (unit(Put(ANN), recorded_at=NOON.replace(year=1899)), InvalidValue, "1900 to 2199"),
        (unit(Put(ANN), key=""), InvalidValue, "key"),
        (unit(Put(ANN), key="x" * 257), InvalidValue, "256"),
        (unit(Put(ANN), key="a\x00"), InvalidValue, "U\\+0000"),
        (unit(Put(ANN), key=5), InvalidValue, "key"),
        (unit(Put(attrs.evolve(ANN, name="a\x00"))), InvalidRecord, "U\\+0000"),
        (unit(Put(attrs.evolve(ANN, id="a\ud800"))), InvalidRecord, "surrogate"),
        (unit(events=[attrs.evolve(CALLED, detail="\udfff")]), InvalidRecord, "surrogate"),
        (unit(Put(attrs.evolve(ANN, custom=custom_values(vip=True)))), InvalidRecord, "vip"),
    ],
)
def test_a_wrong_unit_is_refused(wrong: Unit, error: type[SalesCoreError], words: str) -> None:
    """Each fault is an error of its kind that names the thing at fault."""
    with pytest.raises(error, match=words):
        checked_unit(wrong, TYPES)


def test_registered_fields_are_held_against_what_was_registered() -> None:
    """A registered value passes; another kind, or a text that no database keeps, does not."""
    checked_unit(unit(Put(attrs.evolve(ANN, custom=custom_values(vip=True)))), REGISTERED)
    with pytest.raises(InvalidRecord, match="True or False"):
        checked_unit(unit(Put(attrs.evolve(ANN, custom=custom_values(vip="yes")))), REGISTERED)
    with pytest.raises(InvalidRecord, match="code"):
        checked_unit(unit(Put(attrs.evolve(ANN, custom=custom_values(code="\x00")))), REGISTERED)


@pytest.mark.parametrize("wrong", [ANN, None, 5])
def test_a_load_takes_several_records(wrong: object) -> None:
    """A record that is loaded alone is refused by the name of the argument."""
    with pytest.raises(InvalidValue, match=r"records is .* several, such as"):
        load_unit(wrong, NOON)  # type: ignore[arg-type]


def test_events_need_a_store_that_keeps_them() -> None:
    """Where events are not among the record types, appending one names what is."""
    teams = RecordTypes.of([record_table("teams")])
    with pytest.raises(UnknownName, match="events"):
        checked_unit(unit(events=[CALLED]), teams)
    assert checked_unit(unit(Put(NORTH)), teams).events == ()


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: RecordTypes.of([*RECORD_TABLES, record_table("teams")]), InvalidValue, "once"),
        (
            lambda: RecordTypes.of(
                [*RECORD_TABLES, attrs.evolve(record_table("teams"), name="groups")]
            ),
            InvalidValue,
            "once",
        ),
        (
            lambda: RecordTypes.of([FieldTable(name="rows", fields=())]),
            InvalidValue,
            "with an id",
        ),
        (
            lambda: RecordTypes.of(custom_fields=CustomFields.of({"people": [VIP]})),
            UnknownName,
            "people",
        ),
    ],
)
def test_record_types_are_checked(
    make: Callable[[], RecordTypes], error: type[SalesCoreError], words: str
) -> None:
    """A table twice, a class twice, a fact table and fields of no type are refused."""
    with pytest.raises(error, match=words):
        make()


def test_record_types_find_their_tables() -> None:
    """By name, by the class of a record, and with registered fields; events have no versions."""
    assert REGISTERED.table("customers").custom_fields == (VIP, BUDGET, CODE)
    assert TYPES.table_of(NORTH).name == "teams"
    assert TYPES.table("events").record is Event
    assert "events" not in {table.name for table in TYPES.versioned}
    assert len(TYPES.versioned) == len(TYPES.tables) - 1 == len(RECORD_TABLES) - 1


@pytest.mark.parametrize(
    ("record", "expected", "found", "fits"),
    [
        (NORTH, None, 0, True),
        (NORTH, None, 7, True),
        (NORTH, 0, 0, True),
        (NORTH, 0, 1, False),
        (NORTH, 2, 2, True),
        (NORTH, 2, 3, False),
        (NORTH, 2, 0, False),
        (None, None, 4, True),
        (None, 4, 4, True),
        (None, 3, 4, False),
        (None, None, 0, False),
        (None, 0, 0, False),
    ],
)
def test_versions_must_fit(
    record: Team | None, expected: int | None, found: int, *, fits: bool
) -> None:
    """A step fits the version it was made for, or any without one; nothing is removed twice."""
    step = Step(
        table=TYPES.table("teams"),
        id="north",
        record=record,
        expected=expected,
        effective_on=None,
    )
    if fits:
        check_version(step, found)
        return
    with pytest.raises(VersionConflict) as caught:
        check_version(step, found)
    assert caught.value.args == ("teams", "north", expected, found)
    assert str(found or "no such record") in str(caught.value)


def test_a_load_parts_records_and_events() -> None:
    """Every record must be new, and events keep their order."""
    other = attrs.evolve(CALLED, id="e-2")
    found = load_unit(iter([ANN, other, NORTH, CALLED]), NOON)
    assert found == Unit(recorded_at=NOON).put(ANN, NORTH, expected=0).append([other, CALLED])


def test_instants_of_recording_are_sane() -> None:
    """The first and the last year pass, and what is beyond them is refused."""
    for year in (1900, 2199):
        assert checked_instant(NOON.replace(year=year)).year == year
    with pytest.raises(InvalidValue):
        checked_instant(NOON.replace(year=9999))


def test_what_can_be_an_id_and_a_text() -> None:
    """An id is a text of 1 to 256 characters; neither id nor text holds what no database keeps."""
    assert is_id("x" * 256)
    assert is_id("客户")
    assert not any(map(is_id, ["", "x" * 257, "\x00", "\ud800", None, 5]))
    assert is_keepable("")
    assert is_keepable("\U0001f600\u2028\x85")
    assert not any(map(is_keepable, ["a\x00b", "\udc00", None]))


# ── Digests ──────────────────────────────────────────────────────────────────────────────────


def digest(given_unit: Unit, types: RecordTypes = TYPES) -> str:
    """Return the digest of a unit."""
    return unit_digest(checked_unit(given_unit, types), types)


BASE = unit(Put(ANN, 1), Remove("teams", "north")).append([CALLED])


@pytest.mark.parametrize(
    "other",
    [
        unit(Put(ANN, 1), Remove("teams", "north")),
        unit(Put(ANN, 2), Remove("teams", "north"), events=[CALLED]),
        unit(Put(ANN, 1, date(2017, 1, 1)), Remove("teams", "north"), events=[CALLED]),
        unit(Put(ANN, 1), Remove("teams", "south"), events=[CALLED]),
        unit(Remove("teams", "north"), Put(ANN, 1), events=[CALLED]),
        unit(Put(attrs.evolve(ANN, phone="6"), 1), Remove("teams", "north"), events=[CALLED]),
        unit(Put(attrs.evolve(ANN, phone=None), 1), Remove("teams", "north"), events=[CALLED]),
        unit(Put(attrs.evolve(ANN, city="5"), 1), Remove("teams", "north"), events=[CALLED]),
        unit(Put(ANN, 1), Remove("teams", "north"), events=[attrs.evolve(CALLED, actor="B")]),
    ],
)
def test_other_content_has_another_digest(other: Unit) -> None:
    """Changes, versions, days, values, events and their order all count."""
    assert not is_same_content(digest(BASE), digest(other))


def test_time_and_key_are_no_content() -> None:
    """A retry at a later time has the digest of the first attempt, whatever the key."""
    later = attrs.evolve(BASE, recorded_at=NOON + timedelta(days=1), key="k")
    assert digest(BASE) == digest(later)
    assert is_same_content(digest(BASE), digest(later))


def test_a_nullable_field_that_a_release_adds_changes_no_digest() -> None:
    """Fields without a value do not count, so a retry across a release is the same content."""
    assert digest(unit(Put(ANN)), TYPES) == digest(unit(Put(ANN)), REGISTERED)


def test_a_digest_without_personal_data_tells_nothing_of_them() -> None:
    """After an erasure other names are the same content, other ids and amounts are not."""
    cut = digest_without_personal(digest(BASE))
    assert digest_without_personal(cut) == cut
    other = attrs.evolve(
        BASE, changes=[Put(attrs.evolve(ANN, name="B", phone=None), 1), BASE.changes[1]]
    )
    assert not is_same_content(digest(BASE), digest(other))
    assert is_same_content(cut, digest(BASE))
    assert is_same_content(cut, digest(other))
    another = attrs.evolve(BASE, changes=[Put(attrs.evolve(ANN, city="X"), 1), BASE.changes[1]])
    assert not is_same_content(cut, digest(another))


def test_an_event_is_the_same_by_all_its_fields() -> None:
    """Once erased, what the erasure emptied no longer counts."""
    table = TYPES.table("events")
    emptied = erased(table, CALLED)
    other = attrs.evolve(CALLED, actor="Eve")
    assert is_same_event(table, CALLED, attrs.evolve(CALLED), is_erased=False)
    assert not is_same_event(table, CALLED, other, is_erased=False)
    assert not is_same_event(table, emptied, CALLED, is_erased=False)
    assert is_same_event(table, emptied, CALLED, is_erased=True)
    assert is_same_event(table, emptied, other, is_erased=True)
    assert not is_same_event(table, emptied, attrs.evolve(CALLED, name="x"), is_erased=True)


# ── What an erasure reaches ──────────────────────────────────────────────────────────────────


def reached(subject: str) -> set[str]:
    """Return the record types that the erasure of a subject reaches."""
    return {one.table.name for one in personal_references(TYPES, subject)}


def test_an_erasure_reaches_what_is_about_the_subject() -> None:
    """Contacts, activities, tags and events are about a customer, and so is an opportunity."""
    assert reached("customers") >= {"contacts", "leads", "activities", "opportunities", "cases"}
    assert reached("contacts") >= {"leads", "activities", "opportunities"}
    for subject in ("customers", "contacts", "leads", "sales_reps"):
        assert reached(subject) >= {"tags", "events"}


def test_an_erasure_spares_other_people() -> None:
    """No customer is about a rep or a parent, no rep about a manager, no note about its writer."""
    assert reached("sales_reps") == {"appraisals", "improvements", "tags", "events"}
    assert "customers" not in reached("customers")
    assert not reached("territories") & {"customers", "sales_reps"}
    assert not reached("teams") & {"sales_reps", "teams"}
    assert "leads" not in reached("campaigns") | reached("opportunities")


def test_records_without_personal_data_are_not_reached() -> None:
    """Orders and invoices refer to customers and tell nothing of them."""
    assert not reached("customers") & {"orders", "invoices", "order_lines"}


def test_a_reference_by_type_needs_the_type() -> None:
    """A tag of lead 1 is not about customer 1."""
    ways = personal_references(TYPES, "customers")
    (way,) = (one for one in ways if one.table.name == "tags")
    tag = Tag(
        id=TagId("t"),
        namespace="value",
        name="vip",
        source=TagSource.MANUAL,
        starts_on=date(2017, 1, 1),
        record="customers",
        subject="1",
    )
    assert way.refers(tag, "customers", "1")
    assert not way.refers(tag, "leads", "1")
    assert not way.refers(tag, "customers", "2")


def test_a_registered_reference_counts() -> None:
    """A registered field that refers to customers makes its record one about them."""
    broker = custom_field("broker_id", Kind.ID, "Broker", "经纪人", refers="customers")
    types = RecordTypes.of(custom_fields=CustomFields.of({"stage_visits": [broker]}))
    ways = [one for one in personal_references(types, "customers") if one.field == broker]
    assert [one.table.name for one in ways] == ["stage_visits"]


# ── Questions ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("table", TYPES.tables, ids=lambda table: table.name)
def test_every_record_type_can_be_asked(table: FieldTable) -> None:
    """Rules can read every column but none of money, and each column has a type."""
    schema = query_schema(table)
    assert schema.record is None
    assert schema.money_fields == ()
    assert len(set(schema.names)) == len(schema.names)
    money = {f"{name}_{part}" for name in table.money_fields for part in ("amount", "currency")}
    assert set(schema.names) == set(table.names) - set(table.money_fields) | money
    for name in schema.names:
        assert check_types(F[name].is_null(), schema) is RuleType.BOOLEAN


@given(
    st.sampled_from(TYPES.tables).flatmap(lambda table: st.tuples(st.just(table), records(table)))
)
def test_columns_hold_what_rules_compare(drawn: tuple[FieldTable, Any]) -> None:
    """A column of any record equals itself in a rule, and choices are texts."""
    table, record = drawn
    schema = query_schema(table)
    row = {name: column_reader(table, name)(record) for name in schema.names}
    for name in schema.names:
        value = row[name]
        assert value is None or type(value) in {str, Decimal, date, datetime, bool}
        if value is not None:
            rule = F[name] == value
            check_types(rule, schema)
            assert evaluate(rule, row) is True


def test_money_is_read_in_two_columns() -> None:
    """Amount and currency of money, also of a registered field, and nothing where there is none."""
    table = REGISTERED.table("customers")
    rich = attrs.evolve(
        ANN,
        credit_limit=Money(Decimal("12.50"), "EUR"),
        custom=custom_values(budget=Money(Decimal(3), "EUR"), vip=True),
    )
    read = {name: column_reader(table, name) for name in query_schema(table).names}
    assert read["credit_limit_amount"](rich) == Decimal("12.50")
    assert read["credit_limit_currency"](rich) == "EUR"
    assert read["budget_amount"](rich) == 3
    assert read["budget_currency"](rich) == "EUR"
    assert read["vip"](rich) is True
    assert read["annual_revenue_amount"](rich) is None
    assert read["budget_currency"](ANN) is None
    assert read["vip"](ANN) is None
    with pytest.raises(AssertionError, match="no column"):
        column_reader(table, "credit_limit")


def test_a_registered_field_cannot_hide_a_part_of_money() -> None:
    """A field named like the amount of another is refused when the columns are asked for."""
    twin = custom_field("credit_limit_amount", Kind.DECIMAL, "Twin", "双")
    types = RecordTypes.of(custom_fields=CustomFields.of({"customers": [twin]}))
    with pytest.raises(InvalidValue, match="credit_limit_amount"):
        query_schema(types.table("customers"))


def test_a_right_query_comes_back_complete() -> None:
    """The order ends with the id, which stands alone where nothing else is asked for."""
    asked = checked_query(Query(records="customers", where=F.city == "Rome"), TYPES)
    assert asked.order == (OrderBy("id"),)
    assert asked.is_by_id
    assert asked.start is None
    asked = checked_query(Query(records="customers", order=[OrderBy("name", True)]), TYPES)
    assert asked.order == (OrderBy("name", True), OrderBy("id"))
    assert not asked.is_by_id
    asked = checked_query(
        Query(records="customers", order=[OrderBy("id", True), OrderBy("name")]), TYPES
    )
    assert asked.order == (OrderBy("id", True),)
    assert not asked.is_by_id


@pytest.mark.parametrize(
    ("query", "error", "words"),
    [
        (Query(records="people"), UnknownName, "people"),
        (Query(records="events"), InvalidValue, r"events\(\) reads them"),
        (Query(records=["customers"]), UnknownName, "record type"),  # type: ignore[arg-type]
        ("customers", InvalidValue, r"query is 'customers': it must be a Query"),
        (Query(records="customers", where=F.nam == "x"), UnknownName, "name"),
        (Query(records="customers", where=F.name == 5), RuleTypeError, "compares"),
        (Query(records="customers", where=F.name), RuleTypeError, "condition"),
        (
            Query(records="order_lines", where=F.net_amount > 5),
            UnknownName,
            "no field of order_lines 'net_amount'; did you mean 'net_amount_amount'",
        ),
        (
            Query(records="order_lines", order=[OrderBy("net_amount")]),
            UnknownName,
            "did you mean 'net_amount_amount'",
        ),
        (Query(records="customers", where=F.name == "a\x00"), RuleTypeError, "U\\+0000"),
        (Query(records="customers", where=F.name.is_in(["a", "\x00"])), RuleTypeError, "U\\+0000"),
        (Query(records="customers", where=F.name.contains("\x00")), RuleTypeError, "U\\+0000"),
        (Query(records="customers", order=[OrderBy("nam")]), UnknownName, "name"),
        (Query(records="customers", order=["name"]), InvalidValue, "OrderBy"),  # type: ignore[list-item]
        (
            Query(records="customers", order=[OrderBy("name"), OrderBy("name", True)]),
            InvalidValue,
            "once",
        ),
        (Query(records="customers", limit=0), InvalidValue, "limit"),
        (Query(records="customers", limit=10_001), InvalidValue, "10,000"),
        (Query(records="customers", limit=True), InvalidValue, "limit"),
        (Query(records="customers", at=None), InvalidValue, "Moment"),  # type: ignore[arg-type]
        (Query(records="customers", at=Moment(recorded=datetime(2017, 1, 1))), InvalidDate, "zone"),  # noqa: DTZ001 - the fault
    ],
)
def test_a_wrong_query_is_refused(query: Query, error: type[SalesCoreError], words: str) -> None:
    """Each fault is an error of its kind that names what would be right."""
    with pytest.raises(error, match=words):
        checked_query(query, TYPES)


def test_moments_are_turned_to_utc() -> None:
    """An instant of another zone is the same instant."""
    east = timezone(timedelta(hours=8))
    found = checked_moment(Moment(recorded=NOON.astimezone(east), effective=date(2017, 1, 1)))
    assert found == Moment(recorded=NOON, effective=date(2017, 1, 1))
    assert found.recorded is not None
    assert found.recorded.tzinfo is UTC


@pytest.mark.parametrize("wrong", [-1, True, 1.0, None])
def test_positions_are_whole_numbers(wrong: object) -> None:
    """A position below 0, or none at all, is refused, and so is such a limit."""
    with pytest.raises(InvalidValue, match="after"):
        check_position(wrong)
    with pytest.raises(InvalidValue, match="limit"):
        check_limit(wrong)
    check_position(0)
    check_limit(1)
    check_limit(10_000)
