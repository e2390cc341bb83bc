"""The codec writes what any JSON reader takes, and reads nothing but what it writes."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore import testing
from salescore.book import FACT_TABLES
from salescore.entities import (
    RECORD_TABLES,
    Opportunity,
    OpportunityId,
    StageKind,
    record_table,
)
from salescore.errors import InvalidDocument
from salescore.plain import (
    FieldTable,
    about,
    check_record,
    field_table,
    from_data,
    parse_json,
    to_data,
)
from salescore.values import Money

TABLES = pytest.mark.parametrize("table", RECORD_TABLES, ids=lambda table: table.name)
OPPORTUNITIES = record_table("opportunities")

DEAL = Opportunity(
    id=OpportunityId("CA-1"),
    stage="Won",
    kind=StageKind.WON,
    probability=Decimal(1),
    amount=Money(Decimal("1E+3"), "USD"),
    closed_on=date(2017, 3, 1),
    recorded_at=datetime(2017, 3, 1, 8, 30, tzinfo=UTC),
)


@attrs.frozen(kw_only=True)
class Flag:
    """A record with a truth value."""

    is_up: Annotated[bool, about("Up", "升起")]

    def __attrs_post_init__(self) -> None:
        check_record(self)


FLAGS = field_table(Flag, "flags")


def changed(**fields: object) -> dict[str, object]:
    """Return the plain data of a deal with some fields changed."""
    return {**to_data(OPPORTUNITIES, DEAL), **fields}


def test_a_record_is_written_as_plain_data() -> None:
    """Decimals are text, dates ISO, instants end in Z, money is an object, nulls are there."""
    data = to_data(OPPORTUNITIES, DEAL)
    assert list(data) == list(OPPORTUNITIES.names)
    assert data["kind"] == "won"
    assert data["probability"] == "1"
    assert data["amount"] == {"amount": "1000", "currency": "USD"}
    assert data["closed_on"] == "2017-03-01"
    assert data["recorded_at"] == "2017-03-01T08:30:00Z"
    assert data["customer_id"] is None


def test_negative_zero_is_written_as_zero() -> None:
    """Two records that are equal are written alike."""
    data = to_data(OPPORTUNITIES, attrs.evolve(DEAL, amount=Money(Decimal("-0.00"), "USD")))
    assert data["amount"] == {"amount": "0.00", "currency": "USD"}


@TABLES
@settings(max_examples=25)
@given(data=st.data())
def test_round_trip(table: FieldTable, data: st.DataObject) -> None:
    """A record that is written as JSON and read again is the same record, and written alike."""
    record = data.draw(testing.records(table))
    text = json.dumps(to_data(table, record))
    again = from_data(table, parse_json(text))
    assert again == record
    assert json.dumps(to_data(table, again)) == text


@TABLES
@settings(max_examples=10)
@given(data=st.data())
def test_nulls_may_be_left_out(table: FieldTable, data: st.DataObject) -> None:
    """A nullable field that is absent reads as null."""
    record = data.draw(testing.records(table))
    given_fields = {
        name: value for name, value in to_data(table, record).items() if value is not None
    }
    assert from_data(table, given_fields) == record


def test_a_truth_value_is_one() -> None:
    """A truth value is `true` or `false`, never a number or a word."""
    assert from_data(FLAGS, {"is_up": True}) == Flag(is_up=True)
    assert to_data(FLAGS, Flag(is_up=False)) == {"is_up": False}
    for raw in (1, "true"):
        with pytest.raises(InvalidDocument, match="True or False"):
            from_data(FLAGS, {"is_up": raw})


class Word(Enum):
    """A choice that is no plain data."""

    WON = "won"


MONEY = "an object of amount and currency"


@pytest.mark.parametrize(
    ("fields", "path", "fault"),
    [
        ({"colour": "red"}, "colour", "no such field"),
        ({"Stage": "Won"}, "Stage", "no such field"),
        ({"x" * 500: 1}, f"{'x' * 60}…", "no such field"),
        ({"stage": None}, "stage", "required"),
        ({"id": ""}, "id", "must not be empty"),
        ({"id": 7}, "id", "7: it must be text"),
        ({"stage": 10**200}, "stage", "a long whole number: it must be text"),
        ({"stage": ["Won"]}, "stage", "a list: it must be text"),
        ({"kind": "gone"}, "kind", "one of open, won, lost, void, hold"),
        ({"kind": StageKind.WON}, "kind", "a StageKind: it must be one of"),
        ({"kind": Word.WON}, "kind", "one of"),
        ({"probability": 1}, "probability", "1: write a decimal as text"),
        ({"probability": 0.5}, "probability", "0.5: write a decimal as text"),
        ({"probability": Decimal("0.5")}, "probability", "write a decimal as text"),
        ({"probability": True}, "probability", "write a decimal as text"),
        ({"probability": "5e-1"}, "probability", "without exponent"),
        ({"probability": "+1"}, "probability", "plus"),
        ({"probability": " 1"}, "probability", "decimal as text"),
        ({"probability": "1\n"}, "probability", "decimal as text"),
        ({"probability": ".5"}, "probability", "decimal as text"),
        ({"probability": "٣"}, "probability", "decimal as text"),
        ({"probability": "NaN"}, "probability", "decimal as text"),
        ({"probability": "1" * 30 + "." + "1" * 18}, "probability", "38 digits"),
        ({"probability": "1.01"}, "probability", "at most 1"),
        ({"amount": "10"}, "amount", MONEY),
        ({"amount": Money(Decimal(1), "USD")}, "amount", MONEY),
        ({"amount": {"amount": "10"}}, "amount", MONEY),
        ({"amount": {"amount": 10, "currency": "USD"}}, "amount", MONEY),
        ({"amount": {"amount": "1e1", "currency": "USD"}}, "amount", MONEY),
        ({"amount": {"amount": "10", "currency": None}}, "amount", MONEY),
        ({"amount": {"amount": "1", "currency": "USD", "x": 1}}, "amount", MONEY),
        ({"amount": {"amount": "1", "currency": "US$"}}, "amount", "US$"),
        ({"closed_on": "2017-3-1"}, "closed_on", "YYYY-MM-DD"),
        ({"closed_on": "2017-02-30"}, "closed_on", "no day 30"),
        ({"closed_on": date(2017, 3, 1)}, "closed_on", "write a date as text"),
        ({"closed_on": 20170301}, "closed_on", "write a date as text"),
        ({"recorded_at": "2017-03-01"}, "recorded_at", "instant in UTC as text"),
        ({"recorded_at": "2017-03-01T08:30:00"}, "recorded_at", "instant in UTC"),
        ({"recorded_at": "2017-03-01T08:30:00+08:00"}, "recorded_at", "instant in UTC"),
        ({"recorded_at": "2017-03-01 08:30:00Z"}, "recorded_at", "instant in UTC"),
        ({"recorded_at": "2017-03-01T24:30:00Z"}, "recorded_at", "hours go to 23"),
        ({"recorded_at": DEAL.recorded_at}, "recorded_at", "instant in UTC"),
    ],
)
def test_refuses(fields: dict[str, object], path: str, fault: str) -> None:
    """What `to_data` would not write is refused, with the place and what would be right."""
    with pytest.raises(InvalidDocument) as caught:
        from_data(OPPORTUNITIES, changed(**fields))
    assert caught.value.path == f"opportunities/{path}"
    assert fault in caught.value.fault


def test_a_required_field_must_be_there() -> None:
    """A document without a required field is refused at that field."""
    data = changed()
    del data["stage"]
    with pytest.raises(InvalidDocument, match="at opportunities/stage: it is required"):
        from_data(OPPORTUNITIES, data)


def test_a_fault_between_fields_is_reported_at_the_record() -> None:
    """Two currencies in one record are a fault of the whole, at the path that the caller named."""
    data = {
        "id": "L-1",
        "order_id": "O-1",
        "quantity": "1",
        "net_amount": {"amount": "1", "currency": "USD"},
        "cost": {"amount": "1", "currency": "EUR"},
    }
    with pytest.raises(InvalidDocument, match="one currency") as caught:
        from_data(record_table("order_lines"), data, "lines/7")
    assert caught.value.path == "lines/7"


@pytest.mark.parametrize("data", [None, [], "CA-1", 1])
def test_a_record_is_an_object(data: object) -> None:
    """A list, a text or a number is no record."""
    with pytest.raises(InvalidDocument, match="must be an object"):
        from_data(OPPORTUNITIES, data)


def test_a_fact_table_has_no_records() -> None:
    """Facts are derived; nothing reads them from a document."""
    with pytest.raises(InvalidDocument, match="no records of its own"):
        from_data(FACT_TABLES[0], {})


PLAIN = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2), st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=3,
)


@settings(max_examples=50)
@given(field=st.sampled_from(OPPORTUNITIES.names), raw=PLAIN)
def test_reading_is_the_inverse_of_writing(field: str, raw: Any) -> None:  # noqa: ANN401 - any JSON
    """A document is either refused, or it is what the record it gives is written as."""
    data = changed(**{field: raw})
    try:
        record = from_data(OPPORTUNITIES, data)
    except InvalidDocument:
        return
    assert to_data(OPPORTUNITIES, record) == data
