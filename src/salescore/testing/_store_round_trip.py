"""Laws of values: whatever a record holds comes back as it was, of every record type."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from hypothesis import given

from salescore.errors import InvalidRecord
from salescore.plain import FieldTable, field_value
from salescore.rules import F
from salescore.storage import Query, Store, Unit
from salescore.testing._hypothesis import st
from salescore.testing._records import records
from salescore.testing._store_drawn import searched
from salescore.testing._store_samples import START, at, customer, event, names, unit
from salescore.testing._store_trial import Check, NotAsked, Trial, refused, same
from salescore.values import Money

_EVENTS = "events"
_AT_ONCE = 3


def every_record_comes_back(trial: Trial) -> str:
    """Any record of any type, with registered fields, comes back equal in every field."""
    store = trial.store()
    count = 0
    for table in store.tables:
        count += _came_back(trial, store, table)
    return f"{count} records of {len(store.tables)} types"


def _came_back(trial: Trial, store: Store, table: FieldTable) -> int:
    count = 0
    drawn = st.lists(records(table), min_size=1, max_size=_AT_ONCE)

    @searched(trial, examples=5)
    @given(drawn)
    def proof(given_records: list[Any]) -> None:
        nonlocal count
        whole = Unit(recorded_at=START)
        for record in {
            one.id: one for one in given_records if "\x00" not in _texts(table, one)
        }.values():
            count += 1
            whole = whole.append([record]) if table.name == _EVENTS else whole.put(record)
        if table.name == _EVENTS:
            _events_came_back(trial.store(), whole)
        elif whole.changes:
            store.commit(whole)
            for change in whole.changes:
                put: Any = getattr(change, "record", None)
                kept = store.read(table.name, put.id)
                _equal(table, None if kept is None else kept.record, put)
                _equal(table, store.versions(table.name, put.id)[-1].record, put)

    proof()
    return count


def _texts(table: FieldTable, record: object) -> str:
    values = [field_value(record, field) for field in table.fields]
    return "".join(value for value in values if isinstance(value, str))


def _events_came_back(store: Store, whole: Unit) -> None:
    if whole.events:
        store.commit(whole)
        same(tuple(one.event for one in store.events()), whole.events, "the events")
    store.close()


def _equal(table: FieldTable, found: Any, given_record: Any) -> None:  # noqa: ANN401 - records of the table
    for field in table.fields:
        told: object = None if found is None else field_value(found, field)
        right: object = field_value(given_record, field)
        same(told, right, f"{field.name} of {table.name}")
        same(type(told), type(right), f"the type of {field.name} of {table.name}")
    same(found, given_record, f"a record of {table.name}")


def numbers_are_exact(trial: Trial) -> str:
    """Numbers and amounts come back to their last digit, and are compared by all of them."""
    store = trial.store()
    numbers = [
        Decimal("0.1"),
        Decimal("12345678901234567890.123456789012345678"),
        Decimal(99999999999999999999999999999999999999),
        Decimal("0.000000000000000001"),
        Decimal(9007199254740993),
        Decimal("100.00"),
        Decimal("-0.01"),
        Decimal("1000000000000000.01"),
    ]
    people = [
        customer(f"n{place}", credit_limit=Money(number, "JPY" if place % 2 else "KWD"))
        for place, number in enumerate(numbers)
    ]
    store.commit(unit(0, *people))
    for person in people:
        kept = store.read("customers", person.id)
        found = None if kept is None else kept.record.credit_limit
        same(found, person.credit_limit, f"the amount of {person.id}")
    for place, number in enumerate(numbers):
        equal = Query(records="customers", where=F.credit_limit_amount == number)
        same(names(store.find(equal).kept), [f"n{place}"], f"who has exactly {number}")
        above = Query(records="customers", where=F.credit_limit_amount > number, limit=1000)
        expected = [f"n{other}" for other, one in enumerate(numbers) if one > number]
        same(names(store.find(above).kept), expected, f"who has more than {number}")
    return f"{len(numbers)} numbers of up to 38 digits"


def texts_are_whole(trial: Trial) -> str:
    """Texts of any script and of 32,767 signs come back sign for sign; U+0000 is refused."""
    store = trial.store()
    texts = (
        "需求" * 16_383,
        "😀" * 32_767,
        "'; drop table customers; --",
        "a\u0308 ä Å ﬁ ß İ \u0131",
        "line\nbreak\r\n\ttab \u2028 \u001f \u007f",
        "\ufeff\ufffd\u202e\u200b",
        '{"a": "\\u0041"}\\',
        " ",
        "",
    )
    for number, text in enumerate(texts):
        record = customer(f"t{number}", needs=text)
        store.commit(unit(number, record).append([event(f"e{number}", detail=text)]))
        kept = store.read("customers", f"t{number}")
        same(None if kept is None else kept.record.needs, text, f"text {number}")
        same(store.events(after=number)[0].event.detail, text, f"text {number} of an event")
        if text:
            equal = Query(records="customers", where=F.needs == text)
            same(names(store.find(equal).kept), [f"t{number}"], f"who has text {number}")
    nothing = unit(99, customer("t99", needs="a\x00b"))
    refused(InvalidRecord, store.commit, nothing, what="a text with U+0000")
    return f"{len(texts)} texts"


def days_are_whole(trial: Trial) -> str:
    """Days and instants come back exact, from the first to the last year that Python has."""
    store = trial.store()
    days = (date(1, 1, 1), date(1582, 10, 10), date(1900, 2, 28), date(2024, 2, 29), date.max)
    instants = (
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(2024, 3, 31, 1, 30, tzinfo=UTC),
        datetime(2038, 1, 19, 3, 14, 8, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    )
    people = [
        customer(f"d{place}", created_on=one, recorded_at=instant)
        for place, (one, instant) in enumerate(zip(days, instants, strict=True))
    ]
    store.commit(unit(0, *people))
    for place, person in enumerate(people):
        kept = store.read("customers", person.id)
        same(None if kept is None else kept.record, person, f"the record of {person.created_on}")
        after = Query(records="customers", where=F.recorded_at > instants[place])
        expected = [f"d{other}" for other in range(place + 1, len(people))]
        same(names(store.find(after).kept), expected, f"who came after {instants[place]}")
        until = Query(records="customers", where=F.created_on <= days[place])
        expected = [f"d{other}" for other in range(place + 1)]
        same(names(store.find(until).kept), expected, f"who came by {days[place]}")
    return f"{len(days)} days and instants"


def registered_fields_are_kept(trial: Trial) -> str:
    """Values of registered fields are kept, found by rules, and stay in old versions."""
    store = trial.store()
    tables = [table for table in store.tables if table.custom_fields and table.name != _EVENTS]
    if not tables:
        raise NotAsked("the store has no registered fields; open it with some to have this tried")
    count = 0
    for table in tables:
        for field in table.custom_fields:
            count += _registered(trial, table, field.name)
    return f"{count} registered fields of {len(tables)} types"


def _registered(trial: Trial, table: FieldTable, name: str) -> int:
    store = trial.store()
    field = table.field(name)

    @searched(trial, examples=3)
    @given(records(table))
    def proof(record: Any) -> None:  # noqa: ANN401 - a record of the table
        if "\x00" in _texts(table, record):
            return
        version = store.commit(Unit(recorded_at=at(0)).put(record)).versions[0]
        kept = store.versions(table.name, record.id)[version - 1]
        same(field_value(kept.record, field), field_value(record, field), f"{name} of a version")
        now = store.read(table.name, record.id)
        found = None if now is None else field_value(now.record, field)
        same(found, field_value(record, field), name)

    proof()
    store.close()
    return 1


CHECKS = tuple(
    Check(run.__name__, run)
    for run in (
        every_record_comes_back,
        numbers_are_exact,
        texts_are_whole,
        days_are_whole,
        registered_fields_are_kept,
    )
)
