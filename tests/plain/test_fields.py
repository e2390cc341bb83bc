"""A record is described once, by the annotations of its class."""

from decimal import Decimal
from enum import Enum
from typing import Annotated

import attrs
import pytest

from salescore.entities import RECORD_TABLES, OrderLine, StageKind, record_table
from salescore.errors import UnknownName
from salescore.plain import FieldTable, Kind, PersonalData, about, field_table


class Colour(Enum):
    """Two colours."""

    RED = "red"
    BLUE = "blue"


@attrs.frozen(kw_only=True)
class Paint:
    """A record of a few kinds."""

    colour: Annotated[Colour, about("Colour", "颜色")]
    is_wet: Annotated[bool | None, about("Wet", "湿")] = None
    litres: Annotated[
        Decimal | None, about("Litres", "升", unit="litres", minimum=0, maximum=9)
    ] = None


PAINTS = field_table(Paint, "paints")


def test_a_field_is_read_off_its_annotation() -> None:
    """Name, kind, null, labels, unit, bounds and choices all come from the class."""
    colour, is_wet, litres = PAINTS.fields
    assert (colour.kind, colour.choices, colour.choice_type) == (
        Kind.CHOICE,
        ("red", "blue"),
        Colour,
    )
    assert (is_wet.kind, is_wet.nullable, colour.nullable) == (Kind.BOOLEAN, True, False)
    assert (litres.kind, litres.unit) == (Kind.DECIMAL, "litres")
    assert (litres.minimum, litres.maximum) == (Decimal(0), Decimal(9))
    assert litres.labels == ("Litres", "升")


def test_a_typed_id_is_an_id_and_says_what_it_refers_to() -> None:
    """An id of another record type names that type; a record's own id names none."""
    table = record_table("order_lines")
    assert table.field("order_id").kind is Kind.ID
    assert table.field("order_id").refers == "orders"
    assert table.field("id").refers is None


def test_personal_data_are_marked() -> None:
    """A customer's name identifies; a product's name does not."""
    assert record_table("customers").field("name").personal is PersonalData.IDENTITY
    assert record_table("products").field("name").personal is PersonalData.NONE
    assert record_table("activities").field("note").personal is PersonalData.FREE_TEXT


def test_a_table_knows_its_fields_by_name() -> None:
    """Names come in order; a name that is missing is refused with the closest one."""
    assert PAINTS.names == ("colour", "is_wet", "litres")
    assert "litres" in PAINTS
    assert "gallons" not in PAINTS
    with pytest.raises(UnknownName, match="did you mean 'litres'"):
        PAINTS.field("litre")


def test_columns_of_a_file_end_with_one_currency() -> None:
    """A record type with money has one column of currency, one without has none."""
    assert record_table("order_lines").csv_columns[-1] == "currency"
    assert record_table("order_lines").money_fields == (
        "net_amount",
        "gross_amount",
        "cost",
        "tax_amount",
    )
    assert record_table("orders").csv_columns == record_table("orders").names


@pytest.mark.parametrize(
    ("value", "fault"),
    [("-0.01", "at least 0"), ("0", None), ("9", None), ("9.01", "at most 9")],
)
def test_bounds_are_inclusive(value: str, fault: str | None) -> None:
    """A number on a bound is within it."""
    found = PAINTS.field("litres").range_fault(Decimal(value))
    assert found is None if fault is None else fault in str(found)


def test_an_unbounded_field_takes_any_size() -> None:
    """A field without bounds finds no fault with any number."""
    assert record_table("order_lines").field("quantity").range_fault(Decimal("-1E+30")) is None


@attrs.frozen
class Bare:
    """A record that says nothing of its field."""

    name: str


@attrs.frozen
class Odd:
    """A record of a type that no field can hold."""

    size: Annotated[float, about("Size", "大小")]


@attrs.frozen
class Torn:
    """A record whose field has two types."""

    size: Annotated[Decimal | str | None, about("Size", "大小")] = None


@pytest.mark.parametrize(
    ("record", "fault"),
    [(Bare, "lacks Annotated"), (Odd, "fields hold an id"), (Torn, "one type")],
)
def test_a_class_that_is_no_record_is_refused(record: type[object], fault: str) -> None:
    """The fault names the field and what would be right."""
    with pytest.raises(TypeError, match=fault):
        field_table(record, "odds")


def test_the_tables_are_those_of_the_classes() -> None:
    """Reading a class again gives an equal table."""
    assert field_table(OrderLine, "order_lines") == record_table("order_lines")
    assert record_table("opportunities").field("kind").choices == tuple(
        kind.value for kind in StageKind
    )
    assert all(isinstance(table, FieldTable) for table in RECORD_TABLES)
