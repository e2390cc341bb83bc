"""Tests of rows: whatever a record holds comes back from a database to the last digit."""

import itertools
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from salescore.entities import RECORD_TABLES, Customer, Event, OrderLine, ProductCost
from salescore.errors import InvalidValue, StoreFailed
from salescore.plain import CustomFields, FieldTable, Kind, custom_field, custom_values
from salescore.rules import F
from salescore.storage import Moment, OrderBy, PostgresStore, Query, SqliteStore, Unit
from salescore.storage._sql_rows import RecordRows, decimal_text, instant_text
from salescore.storage._sql_statements import TableSql
from salescore.storage._sql_tables import Database, Names
from salescore.testing import decimals, instants, records
from salescore.values import Money

NOW = datetime(2017, 3, 1, tzinfo=UTC)
FIELDS = CustomFields.of(
    {
        "customers": [
            custom_field("zeal", Kind.DECIMAL, "Zeal", "热情"),
            custom_field("fee", Kind.MONEY, "Fee", "费用"),
            custom_field("colour", Kind.CHOICE, "Colour", "颜色", choices=("red", "蓝")),
            custom_field("is_listed", Kind.BOOLEAN, "Listed", "上市"),
            custom_field("met_on", Kind.DATE, "Met on", "会面日"),
            custom_field("met_at", Kind.INSTANT, "Met at", "会面时间"),
        ]
    }
)
TABLES = {table.name: FIELDS.extend(table) for table in RECORD_TABLES}


@pytest.mark.parametrize("name", TABLES)
@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_record_comes_back_from_its_row(name: str, data: st.DataObject) -> None:
    """Records of every type are the same after a row, down to the zeros of their decimals."""
    table = TABLES[name]
    drawn: list[Any] = data.draw(st.lists(records(table), min_size=1, max_size=3))
    rows = RecordRows(table, Database.SQLITE)
    found = rows.records("here", [rows.row(one) for one in drawn])
    assert found == drawn
    digits = [[decimal_text(one) for one in _decimals(some)] for some in (found, drawn)]
    assert digits[0] == digits[1]


def _decimals(found: list[Any]) -> Iterator[Decimal]:
    """Yield every decimal of records, in the order of their fields."""
    for record in found:
        values = [getattr(record, one.name) for one in attrs.fields(type(record))]
        values += [value for _, value in getattr(record, "custom", ())]
        for value in values:
            if isinstance(value, Money):
                yield value.amount
            elif isinstance(value, Decimal):
                yield value


@given(decimals())
def test_a_decimal_keeps_every_digit(value: Decimal) -> None:
    """The text of a decimal gives the same number with as many zeros behind the point."""
    again = Decimal(decimal_text(value))
    assert again == value
    assert max(-int(again.as_tuple().exponent), 0) == max(-int(value.as_tuple().exponent), 0)
    assert decimal_text(Decimal("-0.00")) == "0.00"


@given(instants(), instants())
def test_texts_of_instants_sort_as_instants_do(one: datetime, other: datetime) -> None:
    """The text of an instant has one length, comes back, and keeps the order."""
    texts = [instant_text(one), instant_text(other)]
    assert [datetime.fromisoformat(text) for text in texts] == [one, other]
    assert (texts[0] < texts[1]) is (one < other)
    assert len(texts[0]) == len("2017-03-01T00:00:00.000000Z")


def test_a_row_that_others_wrote_is_named() -> None:
    """What a field does not allow is a fault of the store, with the type of the record."""
    table = TABLES["product_costs"]
    rows = RecordRows(table, Database.SQLITE)
    good = rows.row(ProductCost(id="p", product_id="x", cost=Money(Decimal(1), "USD")))
    for place, value in ((0, b"p"), (2, "much"), (3, "XQX"), (5, "2017-13-01"), (5, 20170101)):
        bad = list(good)
        bad[place] = value
        with pytest.raises(StoreFailed, match="a row of product_costs is damaged"):
            rows.records("here", [good, bad])
    assert rows.records("here", []) == []


def test_two_fields_of_one_column_are_refused() -> None:
    """A registered field cannot have the name of a half of some money."""
    field = custom_field("cost_amount", Kind.DECIMAL, "Cost", "成本")
    table = attrs.evolve(TABLES["product_costs"], fields=(*TABLES["product_costs"].fields, field))
    with pytest.raises(InvalidValue, match="cost_amount"):
        TableSql.of("here", table, Names(Database.SQLITE))


_NUMBERS = itertools.count(1)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.engine)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqliteStore | PostgresStore]:
    """Return an empty store, in the one database and in the other."""
    made: SqliteStore | PostgresStore
    if request.param == "sqlite":
        made = SqliteStore(tmp_path / "sales.db", custom_fields=FIELDS)
    else:
        url = request.getfixturevalue("postgres_url")
        made = PostgresStore(url, schema=f"rows_{next(_NUMBERS)}", custom_fields=FIELDS)
    yield made
    made.close()


HOSTILE = (
    "",
    " ",
    "'; DROP TABLE customers; --",
    'a "quoted" `name`',
    "100 % of %s and %(x)s and ? and :x",
    "line\nline\r\n\ttab\\n",
    "\x1f\x7f\x01",
    "华东 — ünïcode ﷽ 👩‍👩‍👧",
    "\u200f\u202e",
    "NULL",
    "x" * 32_767,
    "\U0001d538" * 1000,
)


def test_hostile_texts_come_back(store: SqliteStore | PostgresStore) -> None:
    """Quotes, percent signs, ends of lines and all scripts are text, by either way of writing."""
    texts = list(HOSTILE)
    by_load = [Customer(id=f"l{n}", name="x", needs=text) for n, text in enumerate(texts)]
    store.load(by_load, recorded_at=NOW)
    for n, text in enumerate(texts):
        store.commit(
            Unit(recorded_at=NOW, key=f"{n}{text[:100]}").put(
                Customer(id=f"c{n}", name="x", needs=text)
            )
        )
    for n, text in enumerate(texts):
        for letter in "lc":
            kept = store.read("customers", f"{letter}{n}")
            assert kept is not None
            assert kept.record.needs == text
        found = store.find(Query(records="customers", where=F.needs == text)).kept
        assert {kept.record.id for kept in found} == {f"l{n}", f"c{n}"}


def test_hostile_ids_name_one_record_each(store: SqliteStore | PostgresStore) -> None:
    """An id is compared to the letter: case, spaces and look-alikes tell records apart."""
    ids = ["a", "A", " a", "a ", "á", "a\u0301", "%", "_", "'", "华"]
    store.load([Customer(id=one, name=one) for one in ids], recorded_at=NOW)
    for one in ids:
        kept = store.read("customers", one)
        assert kept is not None
        assert kept.record.name == one
    assert [kept.record.id for kept in store.find(Query(records="customers")).kept] == sorted(ids)


AMOUNTS = (
    "1.50",
    "1.5",
    "0",
    "0.00",
    "-0.001",
    "99999999999999999999999999999999999999",
    "99999999999999999999.999999999999999999",
    "-12345678901234567890.100000000000000000",
    "1000",
    "0.000000000000000001",
)


def test_long_decimals_keep_their_digits_and_sort_as_numbers(
    store: SqliteStore | PostgresStore,
) -> None:
    """Amounts of 38 digits come back with their zeros, compare and sort exactly."""
    lines = [
        OrderLine(
            id=f"{n}", order_id="o", quantity=Decimal(1), net_amount=Money(Decimal(text), "EUR")
        )
        for n, text in enumerate(AMOUNTS)
    ]
    store.load(lines[:5], recorded_at=NOW)
    store.commit(Unit(recorded_at=NOW).put(*lines[5:]))
    for line, text in zip(lines, AMOUNTS, strict=True):
        kept = store.read("order_lines", line.id)
        assert kept is not None
        assert format(kept.record.net_amount.amount, "f") == text
    ordered = sorted(lines, key=lambda one: (-one.net_amount.amount, one.id))  # type: ignore[union-attr]
    query = Query(records="order_lines", order=(OrderBy("net_amount_amount", True),), limit=3)
    found: list[str] = []
    while True:
        page = store.find(query)
        found += [kept.record.id for kept in page.kept]
        if page.cursor is None:
            break
        query = attrs.evolve(query, after=page.cursor)
    assert found == [one.id for one in ordered]
    same = store.find(Query(records="order_lines", where=F.net_amount_amount == Decimal("1.500")))
    assert {kept.record.id for kept in same.kept} == {"0", "1"}


def test_days_and_instants_come_back_to_the_microsecond(
    store: SqliteStore | PostgresStore,
) -> None:
    """The first and last of all days, and a microsecond, are kept as they are."""
    days = (date.min, date(1582, 10, 10), date(2016, 2, 29), date.max)
    moments = (
        datetime.min.replace(tzinfo=UTC),
        datetime(2017, 3, 1, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(1969, 12, 31, 23, 59, 59, 1, tzinfo=UTC),
        datetime.max.replace(tzinfo=UTC),
    )
    for n, (day, moment) in enumerate(zip(days, moments, strict=True)):
        record = Customer(
            id=f"{n}",
            name="x",
            created_on=day,
            recorded_at=moment,
            custom=custom_values(met_on=day, met_at=moment, zeal=Decimal("1.10")),
        )
        event = Event(id=f"{n}", name="x", happened_at=moment)
        told = store.commit(Unit(recorded_at=moments[1], events=[event]).put(record))
        assert told.recorded_at == moments[1]
        kept = store.read("customers", record.id)
        assert kept is not None
        assert repr(kept.record) == repr(record)
        assert store.events(after=n)[0].event == event


@pytest.mark.parametrize("table", [TABLES["customers"], TABLES["events"]])
def test_statements_bind_every_value(table: FieldTable) -> None:
    """A statement has as many places as a row has values, and no value in its text."""
    for database in Database:
        sql = TableSql.of(
            "here", table, Names(database, "s" if database is not Database.SQLITE else None)
        )
        assert sql.insert.count(sql.names.mark) == len(sql.written)


class OtherDay(date):
    """A day of another package."""


class OtherInstant(datetime):
    """An instant of another package."""


def test_days_and_instants_of_other_packages_are_kept(
    store: SqliteStore | PostgresStore,
) -> None:
    """A unit and a moment may be told by subclasses of days and instants."""
    instant = OtherInstant(2017, 3, 1, tzinfo=UTC)
    store.commit(Unit(recorded_at=instant).put(Customer(id="c", name="Ann")))
    day = OtherDay(2017, 4, 1)
    told = store.commit(
        Unit(recorded_at=instant).put(Customer(id="c", name="Bob"), effective_on=day)
    )
    assert told.recorded_at == NOW
    at = Moment(recorded=instant, effective=OtherDay(2017, 3, 31))
    found = [store.read("customers", "c", one) for one in (at, Moment(effective=day))]
    assert [None if kept is None else kept.record.name for kept in found] == ["Ann", "Bob"]
