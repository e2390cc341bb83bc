"""Rows are checked against their table, and read from JSON, before rules trust them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore import testing
from salescore.errors import InvalidDocument, InvalidValue
from salescore.plain import Field, FieldTable, Kind, Node
from salescore.rules import EXAMPLE_ROW, EXAMPLE_TABLE, check_row, read_row
from salescore.values import format_instant


def field(name: str, kind: Kind, *, nullable: bool = True, **more: Any) -> Field:  # noqa: ANN401
    """Return a field without a story."""
    return Field(name=name, kind=kind, nullable=nullable, labels=(name, name), **more)


TABLE = FieldTable(
    name="rows",
    fields=(
        field("n", Kind.DECIMAL, minimum=Decimal(0)),
        field("s", Kind.TEXT),
        field("c", Kind.CHOICE, choices=("high", "low")),
        field("tags", Kind.TEXT, is_set=True),
        field("d", Kind.DATE),
        field("i", Kind.INSTANT),
        field("b", Kind.BOOLEAN, nullable=False),
        field("price", Kind.MONEY, nullable=False),
    ),
)
NOON = datetime(2017, 3, 1, 12, tzinfo=UTC)
ROW: dict[str, Any] = {
    "n": Decimal("12.50"),
    "s": "a",
    "c": "low",
    "tags": frozenset({"vip", "new"}),
    "d": date(2017, 3, 1),
    "i": NOON,
    "b": True,
}
DATA: dict[str, Any] = {
    "n": "12.50",
    "s": "a",
    "c": "low",
    "tags": ["vip", "new"],
    "d": "2017-03-01",
    "i": "2017-03-01T12:00:00Z",
    "b": True,
}


def test_a_sound_row_passes() -> None:
    """Nulls, more keys than fields and a missing price are no faults."""
    check_row(ROW, TABLE)
    check_row({**dict.fromkeys(ROW), "b": False, "more": 1.5}, TABLE)
    check_row(EXAMPLE_ROW, EXAMPLE_TABLE)


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("n", 1, "it must be a finite Decimal"),
        ("n", 1.5, "it must be a finite Decimal"),
        ("n", True, "it must be a finite Decimal"),
        ("n", Decimal("NaN"), "it must be a finite Decimal"),
        ("n", Decimal("1E+40"), "it has more than 38 digits"),
        ("n", Decimal(-1), "it must be at least 0"),
        ("s", 1, "it must be a text"),
        ("c", "hihg", "it is one of high, low"),
        ("tags", "vip", "it must be a frozenset of texts"),
        ("tags", ["vip"], "it must be a frozenset of texts"),
        ("tags", frozenset({1}), "it must be a frozenset of texts"),
        ("d", NOON, "it must be a date without time"),
        ("d", "2017-03-01", "it must be a date without time"),
        ("i", date(2017, 3, 1), "it must be a datetime with a time zone"),
        ("i", datetime(2017, 3, 1), "it must be a datetime with a time zone"),  # noqa: DTZ001 - refused
        ("b", 1, "it must be True or False"),
        ("b", None, "the table says that it is never null"),
    ],
)
def test_a_row_that_rules_would_misread_is_refused(name: str, value: object, fault: str) -> None:
    """The error names the field, what it holds and what would be right."""
    with pytest.raises(InvalidValue, match=fault) as found:
        check_row({**ROW, name: value}, TABLE)
    assert found.value.thing == name
    assert found.value.value is value


def test_a_field_that_is_not_there_is_refused() -> None:
    """A key left out is no null: a rule would stop there with a `KeyError`."""
    row = {name: value for name, value in ROW.items() if name != "d"}
    with pytest.raises(InvalidValue, match=r"missing field of rows is 'd': .* None where"):
        check_row(row, TABLE)


def test_json_is_read_as_a_row() -> None:
    """Every kind of value is read from the form that JSON has for it."""
    assert read_row(DATA, TABLE) == ROW
    assert read_row({**DATA, "n": 12}, TABLE)["n"] == Decimal(12)
    assert read_row({"b": False, "s": None}, TABLE) == {**dict.fromkeys(ROW), "b": False}
    assert read_row(Node(DATA, "rows/3"), TABLE) == ROW


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"n": 2**53}, "row/n: a whole number goes up to 9,007,199,254,740,991; write it as text"),
        ({"n": -(2**53)}, "row/n: a whole number goes up to"),
        ({"n": 1.5}, 'row/n: expected a number as text, such as "12.50"'),
        ({"n": Decimal("1.5")}, "row/n: expected a number as text"),
        ({"n": True}, "row/n: expected a number as text"),
        ({"n": "1e5"}, "row/n: expected a number as text, such as '12.50', without exponent"),
        ({"n": "-1"}, "row/n: it must be at least 0"),
        ({"s": 5}, "row/s: expected a text"),
        ({"s": "\ud800"}, "row/s: half of a surrogate pair"),
        ({"c": "mid"}, "row/c: it is one of high, low"),
        ({"tags": "vip"}, "row/tags: expected a list"),
        ({"tags": ["a", 1]}, "row/tags/1: expected a text"),
        ({"tags": ["a", "a"]}, "row/tags: a tag stands twice"),
        ({"d": "2017-02-30"}, "row/d: '2017-02-30' is not a date"),
        ({"i": "2017-03-01"}, "row/i: expected an instant in UTC"),
        ({"b": 1}, "row/b: expected true or false"),
        ({"b": None}, "row/b: the table says that it is never null"),
        ({"regoin": "x"}, "row/regoin: no key 'regoin'"),
        ({"price": "5"}, "row/price: no key 'price'"),
    ],
)
def test_json_that_is_no_such_row_is_refused(changes: dict[str, object], fault: str) -> None:
    """The place is named; a slip in a key is no unknown value, and nothing is coerced."""
    with pytest.raises(InvalidDocument) as found:
        read_row({**DATA, **changes}, TABLE)
    assert fault in str(found.value)


def test_a_row_must_be_an_object_with_all_that_is_never_null() -> None:
    """Only what may be null may be left out."""
    with pytest.raises(InvalidDocument, match="at rows/3: the key 'b' is missing"):
        read_row({"n": 1}, TABLE, "rows/3")
    with pytest.raises(InvalidDocument, match="at row: expected an object"):
        read_row([DATA], TABLE)


def written(value: Any) -> object:  # noqa: ANN401 - whatever a field holds
    """Return a value as a service would write it."""
    if isinstance(value, datetime):
        return format_instant(value)
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value


@given(st.data())
def test_any_row_of_a_table_passes_and_travels(data: st.DataObject) -> None:
    """What the strategy makes is sound, and JSON brings it back as it was."""
    row = data.draw(testing.rows(EXAMPLE_TABLE))
    check_row(row, EXAMPLE_TABLE)
    sent = {name: written(value) for name, value in row.items()}
    assert read_row(sent, EXAMPLE_TABLE) == row
