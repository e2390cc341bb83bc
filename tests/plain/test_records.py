"""A record holds exactly what its field table says, and nothing is coerced."""

import copy
import pickle
import weakref
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from functools import partial
from typing import Annotated, Any, NewType

import attrs
import pendulum
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore import testing
from salescore.entities import RECORD_TABLES, OrderLine, record_table
from salescore.errors import InvalidRecord, InvalidValue
from salescore.plain import (
    ID_LIMIT,
    TEXT_LIMIT,
    Field,
    FieldTable,
    about,
    as_tuple,
    bulk_records,
    check_record,
    field_table,
    reviser,
    value_fault,
)
from salescore.values import Money

DOLLAR = Money(Decimal(1), "USD")
ThingId = NewType("ThingId", str)
TABLES = pytest.mark.parametrize("table", RECORD_TABLES, ids=lambda table: table.name)


class Colour(Enum):
    """Two colours."""

    RED = "red"
    BLUE = "blue"


class Shade(Enum):
    """Another choice with the same value."""

    RED = "red"


class Text(str):
    """A text of a subclass."""

    __slots__ = ()


class Number(Decimal):
    """A decimal of a subclass."""


class Gold(Money):
    """Money of a subclass."""


@attrs.frozen(kw_only=True)
class Thing:
    """A record with a field of every kind, required and nullable."""

    id: Annotated[ThingId, about("Id", "编号")] = ThingId("T-1")
    text: Annotated[str, about("Text", "文本")] = "text"
    number: Annotated[Decimal, about("Number", "数")] = Decimal(1)
    share: Annotated[Decimal, about("Share", "比例", minimum=0, maximum=1)] = Decimal(1)
    money: Annotated[Money, about("Money", "金额")] = DOLLAR
    day: Annotated[date, about("Day", "日")] = date(2017, 3, 1)
    instant: Annotated[datetime, about("Instant", "时刻")] = datetime(2017, 3, 1, tzinfo=UTC)
    flag: Annotated[bool, about("Flag", "标志")] = True
    colour: Annotated[Colour, about("Colour", "颜色")] = Colour.RED
    other_id: Annotated[ThingId | None, about("Other id", "其他编号")] = None
    other_text: Annotated[str | None, about("Other text", "其他文本")] = None
    other_number: Annotated[Decimal | None, about("Other number", "其他数", maximum=9)] = None
    other_money: Annotated[Money | None, about("Other money", "其他金额")] = None
    other_day: Annotated[date | None, about("Other day", "其他日")] = None
    other_flag: Annotated[bool | None, about("Other flag", "其他标志")] = None
    other_colour: Annotated[Colour | None, about("Other colour", "其他颜色")] = None

    def __attrs_post_init__(self) -> None:
        check_record(self)


@attrs.frozen(kw_only=True)
class Pair:
    """A record whose money is all nullable."""

    one: Annotated[Money | None, about("One", "一")] = None
    two: Annotated[Money | None, about("Two", "二")] = None

    def __attrs_post_init__(self) -> None:
        check_record(self)


THINGS = field_table(Thing, "things")

GOOD: list[tuple[str, object]] = [
    ("id", "x" * ID_LIMIT),
    ("id", Text("T-2")),
    ("text", ""),
    ("text", "x" * TEXT_LIMIT),
    ("text", Text("文")),
    ("number", Decimal("-12.50")),
    ("number", Decimal("9" * 38)),
    ("number", Decimal("1E-18")),
    ("share", Decimal(0)),
    ("share", Decimal("1.000")),
    ("money", Gold(Decimal(2), "USD")),
    ("day", date.min),
    ("day", pendulum.date(2017, 3, 1)),
    ("instant", datetime(2017, 3, 1, tzinfo=timezone(timedelta(0)))),
    ("instant", pendulum.datetime(2017, 3, 1)),
    ("flag", False),
    ("colour", Colour.BLUE),
    ("other_id", None),
    ("other_text", "text"),
    ("other_number", Decimal(9)),
    ("other_money", Money(Decimal(2), "USD")),
    ("other_day", date(2017, 3, 1)),
    ("other_flag", True),
    ("other_colour", Colour.RED),
]

BAD: list[tuple[str, object, str]] = [
    ("id", "", "must not be empty"),
    ("id", "x" * (ID_LIMIT + 1), "at most 256"),
    ("id", 7, "must be text"),
    ("id", None, "required"),
    ("text", b"text", "must be text"),
    ("text", "x" * (TEXT_LIMIT + 1), "at most 32,767"),
    ("number", 1, "must be a Decimal"),
    ("number", True, "must be a Decimal"),
    ("number", 1.5, "must be a Decimal"),
    ("number", "1", "must be a Decimal"),
    ("number", Number(1), "expected a Decimal"),
    ("number", Decimal("NaN"), "finite"),
    ("number", Decimal("sNaN"), "finite"),
    ("number", Decimal("Infinity"), "finite"),
    ("number", Decimal("9" * 39), "38 digits"),
    ("number", Decimal("1E+999999"), "38 digits"),
    ("number", Decimal("1E-19"), "18 digits"),
    ("share", Decimal("-0.1"), "at least 0"),
    ("share", Decimal("1.1"), "at most 1"),
    ("share", Decimal("sNaN"), "finite"),
    ("money", Decimal(1), "must be Money"),
    ("money", None, "required"),
    ("day", datetime(2017, 3, 1, tzinfo=UTC), "without a time"),
    ("day", pendulum.datetime(2017, 3, 1), "without a time"),
    ("day", "2017-03-01", "without a time"),
    ("instant", datetime(2017, 3, 1), "aware datetime in UTC"),  # noqa: DTZ001 - naive on purpose
    ("instant", datetime(2017, 3, 1, tzinfo=timezone(timedelta(hours=8))), "in UTC"),
    ("instant", date(2017, 3, 1), "aware datetime"),
    ("flag", 1, "True or False"),
    ("flag", None, "required"),
    ("colour", "red", "one of red, blue"),
    ("colour", Shade.RED, "one of red, blue"),
    ("colour", Colour, "one of red, blue"),
    ("other_id", "", "must not be empty"),
    ("other_text", 1, "must be text"),
    ("other_number", Decimal("9.1"), "at most 9"),
    ("other_money", "1 USD", "must be Money"),
    ("other_day", 20170301, "without a time"),
    ("other_flag", "yes", "True or False"),
    ("other_colour", "red", "one of red, blue"),
]


def thing(field: str, value: object) -> Thing:
    """Return a record with one field of that value."""
    return Thing(**{field: value})  # type: ignore[arg-type]


def bare(field: str, value: object) -> Thing:
    """Return a record with one field of that value, unchecked."""
    (made,) = bulk_records(Thing, {name: [getattr(Thing(), name)] for name in THINGS.names}, 1)
    object.__setattr__(made, field, value)
    return made


@pytest.mark.parametrize(("field", "value"), GOOD)
def test_admits(field: str, value: object) -> None:
    """A value of the right kind is kept as it is given."""
    assert getattr(thing(field, value), field) is value


@pytest.mark.parametrize(("field", "value", "fault"), BAD)
def test_refuses(field: str, value: object, fault: str) -> None:
    """A value of another kind or beyond a bound is refused; record, field and fault are named."""
    with pytest.raises(InvalidRecord) as caught:
        thing(field, value)
    assert (caught.value.record, caught.value.field) == ("Thing", field)
    assert caught.value.value is value
    assert fault in caught.value.fault


ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=3),
    st.binary(max_size=3),
    st.decimals(),
    st.dates(),
    st.datetimes(timezones=st.sampled_from([None, UTC, timezone(timedelta(hours=8))])),
    st.sampled_from([Colour.RED, Shade.RED, Colour, "red", Money, Money(Decimal(1), "USD")]),
    st.sampled_from([value for _, value in GOOD]),
    st.sampled_from([value for _, value, _ in BAD]),
    st.decimals(-2, 2, places=2),
    testing.decimals(),
    testing.moneys(["USD"]),
)


@given(field=st.sampled_from(THINGS.fields), value=ANYTHING)
def test_compiled_check_and_value_fault_agree(field: Field, value: object) -> None:
    """A record accepts a value in a field if and only if the field finds no fault with it."""
    record = bare(field.name, value)
    fault = value_fault(field, value)
    if fault is None:
        check_record(record)
    else:
        with pytest.raises(InvalidRecord) as caught:
            check_record(record)
        assert caught.value.field == field.name
        assert caught.value.fault == fault


@TABLES
@settings(max_examples=25)
@given(data=st.data())
def test_whatever_the_strategies_make_conforms(table: FieldTable, data: st.DataObject) -> None:
    """No field finds fault with a value of a record that was made."""
    record = data.draw(testing.records(table))
    assert [value_fault(field, getattr(record, field.name)) for field in table.fields] == [
        None
    ] * len(table.fields)


USD, EUR, YEN = (Money(Decimal(1), code) for code in ("USD", "EUR", "JPY"))


def line(**moneys: Money | None) -> OrderLine:
    """Return an order line with some of its money."""
    rest: dict[str, Any] = {"id": "L-1", "order_id": "O-1", "quantity": Decimal(1)}
    return OrderLine(**rest, **moneys)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (partial(line, net_amount=USD, cost=EUR), "cost"),
        (partial(line, net_amount=USD, gross_amount=EUR), "gross_amount"),
        (partial(line, net_amount=USD, gross_amount=EUR, cost=USD), "gross_amount"),
        (partial(line, net_amount=USD, gross_amount=USD, cost=YEN), "cost"),
        (partial(Pair, one=USD, two=EUR), "two"),
    ],
)
def test_two_currencies_in_one_record_are_refused(make: Callable[[], object], field: str) -> None:
    """All money of one record is in one currency; the fault names the field that differs."""
    with pytest.raises(InvalidRecord, match="one currency") as caught:
        make()
    assert caught.value.field == field


@pytest.mark.parametrize(
    "make",
    [
        partial(line, net_amount=USD),
        partial(line, net_amount=USD, gross_amount=USD, cost=USD),
        partial(line, net_amount=USD, cost=USD),
        Pair,
        partial(Pair, two=USD),
        partial(Pair, one=EUR, two=EUR),
        partial(line, net_amount=USD, cost=Gold(Decimal(1), "USD")),
    ],
)
def test_one_currency_with_gaps_is_admitted(make: Callable[[], object]) -> None:
    """Money that is missing has no currency to differ."""
    assert make()


def test_a_tuple_is_made_of_any_iterable() -> None:
    """Collections of records are tuples, whatever they were given as."""
    assert as_tuple(number for number in (1, 2)) == (1, 2)


@TABLES
@settings(max_examples=25)
@given(data=st.data())
def test_bulk_construction_equals_ordinary_construction(
    table: FieldTable, data: st.DataObject
) -> None:
    """Records made column by column equal those made one by one."""
    made = data.draw(st.lists(testing.records(table), max_size=3))
    columns = {name: [getattr(one, name) for one in made] for name in table.names}
    assert table.record is not None
    found = bulk_records(table.record, columns, len(made))
    assert found == made
    assert list(map(hash, found)) == list(map(hash, made))


def test_a_column_left_out_is_null_everywhere() -> None:
    """Files without a nullable column make records whose field is null."""
    columns = {"id": ["T-1", "T-2"], "name": ["North", "South"]}
    teams = bulk_records(record_table("teams").record or object, columns, 2)
    assert [(one.id, one.manager) for one in teams] == [("T-1", None), ("T-2", None)]  # type: ignore[attr-defined]


def test_a_column_of_another_length_is_refused() -> None:
    """A short column would leave records without a field."""
    with pytest.raises(InvalidValue, match="it must be 2"):
        bulk_records(OrderLine, {"id": ["L-1"]}, 2)


@TABLES
@settings(max_examples=25)
@given(data=st.data())
def test_a_revised_record_is_what_evolving_gives(table: FieldTable, data: st.DataObject) -> None:
    """Other values for some fields, the class itself and frozen; the record before stays."""
    one, other = data.draw(testing.records(table)), data.draw(testing.records(table))
    names = data.draw(st.lists(st.sampled_from(table.own_names), unique=True))
    assert table.record is not None
    before = attrs.evolve(one)
    changes = {name: getattr(other, name) for name in names}
    found = reviser(table.record, *names)(one, *changes.values())
    wanted = {name: changes.get(name, getattr(one, name)) for name in table.own_names}
    assert {name: getattr(found, name) for name in table.own_names} == wanted
    assert type(found) is table.record
    assert found.custom == one.custom
    assert one == before
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        found.id = "X"
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        del found.id


def test_a_revised_record_works_as_any_other() -> None:
    """It hashes, compares, copies, pickles and is referred to weakly as one constructed."""
    renamed = reviser(OrderLine, "order_id")
    one = line(net_amount=USD)
    found, wanted = renamed(one, "O-9"), attrs.evolve(one, order_id="O-9")
    assert (found, hash(found), repr(found)) == (wanted, hash(wanted), repr(wanted))
    assert pickle.loads(pickle.dumps(found)) == copy.deepcopy(found) == wanted  # noqa: S301 - made here
    assert weakref.ref(found)() is found


def test_a_record_may_be_made_of_all_its_fields() -> None:
    """Where all fields are named nothing is read off the record before."""
    made = reviser(Pair, *(one.name for one in attrs.fields(Pair)))
    one = Pair(one=USD)
    assert made(None, *(getattr(one, field.name) for field in attrs.fields(Pair))) == one


@pytest.mark.parametrize(
    ("names", "fault"), [(["colour"], "no such field"), (["id", "id"], "twice")]
)
def test_fields_to_revise_must_be_there_and_once(names: list[str], fault: str) -> None:
    """A misspelt field would be left as it is."""
    with pytest.raises(InvalidValue, match=fault):
        reviser(OrderLine, *names)
