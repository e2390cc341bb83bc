"""Fields that an application registers stand beside our own, and nothing else does."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore import testing
from salescore.book import SalesBook
from salescore.entities import Customer, CustomerId, Order, OrderId, record_table
from salescore.errors import (
    InvalidDocument,
    InvalidRecord,
    InvalidValue,
    SalesCoreError,
    UnknownName,
)
from salescore.plain import (
    CustomFields,
    Field,
    Kind,
    PersonalData,
    custom_field,
    custom_values,
    field_value,
    from_data,
    json_schema,
    to_data,
)
from salescore.values import Money

VIP = custom_field("is_vip", Kind.BOOLEAN, "Very important", "重要客户")
RANK = custom_field(
    "rank", Kind.DECIMAL, "Rank", "名次", unit="place", minimum=Decimal(1), maximum=Decimal(9)
)
COLOUR = custom_field("colour", Kind.CHOICE, "Colour", "颜色", choices=("red", "blue"))
FEE = custom_field("fee", Kind.MONEY, "Fee", "费用")
SINCE = custom_field("vip_since", Kind.DATE, "Important since", "重要始于", happened=True)
FIELDS = CustomFields.of({"customers": [VIP, RANK, COLOUR, FEE, SINCE]})
CLASH = CustomFields.of({"orders": [custom_field("region", Kind.TEXT, "a", "甲")]})
TABLE = FIELDS.extend(record_table("customers"))


def customer(**values: Any) -> Customer:  # noqa: ANN401 - also wrong ones
    """Return a customer with registered fields."""
    return Customer(id=CustomerId("C-1"), name="Hooli", custom=custom_values(**values))


def test_custom_values_are_sorted_and_without_nulls() -> None:
    """One spelling per meaning, so that equal records are equal."""
    assert custom_values(rank=Decimal(2), is_vip=True, fee=None) == (
        ("is_vip", True),
        ("rank", Decimal(2)),
    )
    assert customer(is_vip=True) != customer()


@pytest.mark.parametrize(
    ("custom", "fault"),
    [
        ([], "custom_values\\(\\) makes them"),
        ((("a",),), "custom_values\\(\\) makes them"),
        ((("b", True), ("a", True)), "sorted by name"),
        ((("a", True), ("a", True)), "sorted by name"),
        ((("a", 1),), "a: it must be text, Decimal, Money"),
        ((("a", 1.5),), "a: it must be text, Decimal, Money"),
        ((("a", None),), "a: it must be text, Decimal, Money"),
        ((("a", Decimal("NaN")),), "a: "),
        ((("a", datetime(2017, 1, 1)),), "aware datetime in UTC"),  # noqa: DTZ001 - wrong on purpose
        ((("a", datetime(2017, 1, 1, tzinfo=timezone(timedelta(0), "X"))),), "datetime in UTC"),
    ],
)
def test_a_record_refuses_what_are_no_custom_values(custom: Any, fault: str) -> None:  # noqa: ANN401
    """Even before anything is registered, the attribute holds pairs of plain values."""
    with pytest.raises(InvalidRecord, match=fault) as caught:
        Customer(id=CustomerId("C-1"), name="Hooli", custom=custom)
    assert caught.value.field == "custom"


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"vip": True}, "did you mean 'is_vip'"),
        ({"is_vip": "yes"}, "it must be True or False"),
        ({"rank": Decimal(0)}, "at least 1"),
        ({"rank": Decimal(10)}, "at most 9"),
        ({"colour": "green"}, "one of red, blue"),
        ({"vip_since": "2017-01-01"}, "it must be a date"),
    ],
)
def test_a_book_refuses_values_that_nobody_registered(
    values: Mapping[str, Any], fault: str
) -> None:
    """The book knows what is registered, so it is where values are held against it."""
    with pytest.raises(InvalidRecord, match=fault):
        SalesBook(customers=[customer(**values)], custom_fields=FIELDS)


def test_a_book_takes_registered_values() -> None:
    """What is registered is told by the book's field tables."""
    one = customer(is_vip=True, rank=Decimal(9), colour="red", vip_since=date(2017, 1, 1))
    book = SalesBook(customers=[one], custom_fields=FIELDS)
    assert book.table("customers") == TABLE
    assert book.table("customers").names[-5:] == ("is_vip", "rank", "colour", "fee", "vip_since")
    assert [field_value(one, TABLE.field(name)) for name in ("rank", "fee")] == [Decimal(9), None]
    assert book.last_day == date(2017, 1, 1)


def test_all_money_of_a_record_is_in_one_currency() -> None:
    """Also the money of registered fields: a row has one currency column."""
    right = Customer(
        id=CustomerId("C-1"),
        name="Hooli",
        credit_limit=Money(Decimal(5), "EUR"),
        custom=custom_values(fee=Money(Decimal(1), "EUR")),
    )
    assert SalesBook(customers=[right], custom_fields=FIELDS).currency == "EUR"
    wrong = Customer(
        id=CustomerId("C-1"),
        name="Hooli",
        credit_limit=Money(Decimal(5), "USD"),
        custom=custom_values(fee=Money(Decimal(1), "EUR")),
    )
    with pytest.raises(InvalidRecord, match="one currency"):
        SalesBook(customers=[wrong], custom_fields=FIELDS)


@pytest.mark.parametrize(
    ("make", "fault"),
    [
        (lambda: custom_field("Is VIP", Kind.BOOLEAN, "a", "甲"), "lower-case letters"),
        (lambda: custom_field("currency", Kind.TEXT, "a", "甲"), "another meaning"),
        (lambda: custom_field("year", Kind.TEXT, "a", "甲"), "another meaning"),
        (
            lambda: custom_field(
                "a", Kind.DECIMAL, "a", "甲", minimum=Decimal(3), maximum=Decimal(2)
            ),
            "above the maximum, 2",
        ),
        (lambda: custom_field("a", Kind.CHOICE, "a", "甲"), "a choice needs texts"),
        (lambda: custom_field("a", Kind.TEXT, "a", "甲", choices=["x"]), "a choice needs texts"),
        (lambda: custom_field("a", Kind.CHOICE, "a", "甲", choices=["x", "x"]), "each once"),
        (lambda: custom_field("a", Kind.TEXT, "a", "甲", refers="orders"), "only an id refers"),
        (lambda: custom_field("a", Kind.TEXT, "a", "甲", minimum=Decimal(1)), "only a decimal"),
        (lambda: CustomFields.of({"orders": [VIP, VIP]}), "register each field once"),
        (lambda: CustomFields.of({"orders": [TABLE.field("name")]}), "made by custom_field"),
        (
            lambda: CustomFields.of(
                {"orders": [custom_field("region", Kind.TEXT, "a", "甲")]}
            ).extend(record_table("orders")),
            "orders have a field of this name",
        ),
    ],
)
def test_what_cannot_be_registered_is_refused(make: Any, fault: str) -> None:  # noqa: ANN401
    """A clash with our own names, or a field that contradicts itself, is the caller's mistake."""
    with pytest.raises(InvalidValue, match=fault):
        make()


def test_a_clash_is_refused_when_the_book_is_made() -> None:
    """Nobody needs to ask for the field table to learn of a clash, or of a misspelt record type."""
    with pytest.raises(InvalidValue, match="choose another"):
        SalesBook(custom_fields=CLASH)
    with pytest.raises(UnknownName, match="did you mean 'orders'"):
        SalesBook(custom_fields=CustomFields.of({"order": [VIP]}))


def test_a_record_type_without_registered_fields_is_as_it_was() -> None:
    """Nothing is copied where nothing was added."""
    assert CustomFields.of({"customers": []}) == CustomFields()
    assert FIELDS.extend(record_table("orders")) is record_table("orders")


@given(testing.records(TABLE))
def test_the_codec_carries_registered_fields(record: Customer) -> None:
    """Registered fields are keys like our own, and come back the same."""
    data = to_data(TABLE, record)
    assert tuple(data) == TABLE.names
    assert from_data(TABLE, data) == record


def test_the_codec_refuses_what_is_not_registered() -> None:
    """An unregistered field is as unknown as a misspelt one; a wrong choice names the right."""
    with pytest.raises(InvalidDocument, match="no such field"):
        from_data(record_table("customers"), {"id": "C-1", "name": "Hooli", "is_vip": True})
    with pytest.raises(InvalidDocument, match="one of red, blue"):
        from_data(TABLE, {"id": "C-1", "name": "Hooli", "colour": "green"})
    money = {"amount": "1", "currency": "EUR"}
    other = {"amount": "1", "currency": "USD"}
    with pytest.raises(InvalidDocument, match="one currency"):
        from_data(TABLE, {"id": "C", "name": "H", "fee": money, "credit_limit": other})


def test_the_json_schema_has_registered_fields() -> None:
    """A service can check documents with registered fields too."""
    properties: Any = json_schema(TABLE)["properties"]
    assert properties["colour"]["anyOf"][0] == {"type": "string", "enum": ["red", "blue"]}


RESERVED = {"custom", "currency", "day", "week", "month", "quarter", "year", "rep", "team"}
NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True).filter(
    lambda one: one not in RESERVED
)


@st.composite
def custom_fields(draw: st.DrawFn) -> Field:
    """Return any registered field."""
    kind = draw(st.sampled_from(Kind))
    return custom_field(
        draw(NAMES),
        kind,
        draw(st.text(max_size=5)),
        draw(st.text(max_size=5)),
        unit=draw(st.none() | st.just("points")) if kind is Kind.DECIMAL else None,
        choices=("a", "b") if kind is Kind.CHOICE else (),
        refers="orders" if kind is Kind.ID else None,
        personal=draw(st.sampled_from(PersonalData)),
        minimum=draw(st.none() | st.just(Decimal("-0.5"))) if kind is Kind.DECIMAL else None,
        happened=draw(st.booleans()),
    )


@given(st.lists(custom_fields(), max_size=4, unique_by=lambda one: one.name))
def test_the_registry_round_trips_through_plain_data(fields: list[Field]) -> None:
    """A folder of facts can carry what is registered."""
    registry = CustomFields.of({"orders": fields})
    assert CustomFields.from_data(registry.as_data()) == registry


FIELD = {"name": "rank", "kind": "decimal", "en": "Rank", "zh": "名次"}
SCHEMA = "salescore/custom-fields/1"


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (5, "custom_fields: expected an object"),
        ({"schema": SCHEMA}, "the key 'records' is missing"),
        ({"schema": "other", "records": {}}, "custom_fields/schema"),
        ({"schema": SCHEMA, "records": []}, "custom_fields/records: expected an object"),
        ({"schema": SCHEMA, "records": {}, "more": 1}, "custom_fields/more"),
        ({"schema": SCHEMA, "records": {"orders": {}}}, "records/orders: expected a list"),
        ({"schema": SCHEMA, "records": {"orders": [FIELD, FIELD]}}, "register each field once"),
        *(
            ({"schema": SCHEMA, "records": {"orders": [FIELD | change]}}, f"orders/0{fault}")
            for change, fault in (
                ({"more": 1}, "/more"),
                ({"kind": "number"}, "/kind"),
                ({"kind": 5}, "/kind: expected a text"),
                ({"name": "Rank"}, ".*lower-case"),
                ({"choices": "a"}, "/choices"),
                ({"choices": [1]}, "/choices"),
                ({"happened": "no"}, "/happened"),
                ({"minimum": "much"}, ".*much"),
                ({"personal": "very"}, "/personal"),
            )
        ),
    ],
)
def test_a_registry_that_is_wrong_is_refused_with_its_place(data: object, fault: str) -> None:
    """Every fault of a document names where it stands."""
    with pytest.raises(InvalidDocument, match=fault):
        CustomFields.from_data(data)


def test_a_custom_value_is_bounded_like_any_other() -> None:
    """A registered text has the limit of a text, an instant must be UTC."""
    note = CustomFields.of({"orders": [custom_field("memo", Kind.TEXT, "Memo", "备忘")]})
    day = date(2017, 1, 1)
    order = Order(id=OrderId("O"), ordered_on=day, custom=custom_values(memo="x" * 32_768))
    with pytest.raises(SalesCoreError, match="32,768 characters"):
        SalesBook(orders=[order], custom_fields=note)
    made = custom_values(at=datetime(2017, 1, 1, tzinfo=UTC))
    assert Order(id=OrderId("O"), ordered_on=day, custom=made).custom == made
