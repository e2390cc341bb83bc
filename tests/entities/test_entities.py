"""Records are small, frozen, and described once."""

import inspect
import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import attrs
import pytest
from attrs.exceptions import FrozenInstanceError
from hypothesis import given, settings
from hypothesis import strategies as st

import salescore.entities
from salescore import testing
from salescore.book import FACT_TABLES
from salescore.entities import (
    RECORD_TABLES,
    Customer,
    CustomerId,
    Lifecycle,
    Opportunity,
    Order,
    StageKind,
    Team,
    record_table,
)
from salescore.errors import InvalidRecord, UnknownName
from salescore.plain import FieldTable, Kind, field_table

TABLES = pytest.mark.parametrize("table", RECORD_TABLES, ids=lambda table: table.name)
ALL = {table.name for table in RECORD_TABLES}
IRREGULAR = {"Activity": "activities", "Delivery": "deliveries", "Opportunity": "opportunities"}
IRREGULAR |= {"Territory": "territories", "PriceBookEntry": "price_book_entries"}


def plural(record: type[Any]) -> str:
    """Return the name of a class in snake_case plural."""
    snake = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", record.__name__).lower()
    return IRREGULAR.get(record.__name__, f"{snake}s")


def attributes_of(record: type[Any]) -> dict[str, str]:
    """Return what the section Attributes of a docstring says, by name."""
    text = inspect.getdoc(record) or ""
    section = text.partition("Attributes:\n")[2]
    entries = re.findall(r"^    (\w+): (.+(?:\n        .+)*)", section, flags=re.MULTILINE)
    return {name: " ".join(said.split()) for name, said in entries}


def test_every_record_class_has_a_table_under_its_name() -> None:
    """Every public record class has one table, named by its plural."""
    public = {
        getattr(salescore.entities, name)
        for name in salescore.entities.__all__
        if attrs.has(getattr(salescore.entities, name))
    }
    assert {table.name: table.record for table in RECORD_TABLES} == {
        plural(record): record for record in public
    }
    assert len(RECORD_TABLES) == len(public) == len(ALL)


def test_a_record_type_is_found_by_its_name() -> None:
    """A wrong name is refused with the closest one."""
    assert record_table("orders").record is Order
    with pytest.raises(UnknownName, match="did you mean 'orders'"):
        record_table("order")


@TABLES
def test_a_table_is_its_class(table: FieldTable) -> None:
    """The fields of a table are the attributes of its class, in order; nullable ones default so."""
    assert table.record is not None
    *attributes, custom = attrs.fields(table.record)
    assert (custom.name, custom.default, custom.kw_only) == ("custom", (), True)
    assert table.names == tuple(attribute.name for attribute in attributes)
    for field, attribute in zip(table.fields, attributes, strict=True):
        assert field.nullable == (attribute.default is None)
        assert attribute.kw_only
    assert field_table(table.record, table.name) == table


@TABLES
def test_every_attribute_is_documented(table: FieldTable) -> None:
    """The docstring lists every field in order, and says what null means where it may be null."""
    assert table.record is not None
    said = attributes_of(table.record)
    assert list(said) == [*table.names, "custom"]
    for field in table.fields:
        assert said[field.name].endswith("."), field.name
        assert field.nullable == ("`None`" in said[field.name]), field.name


def doubles(words: list[str]) -> list[str]:
    """Return what stands more than once."""
    return [word for word, count in Counter(words).items() if count > 1]


@pytest.mark.parametrize("table", [*RECORD_TABLES, *FACT_TABLES], ids=lambda table: table.name)
def test_labels_are_there_in_both_languages_and_tell_fields_apart(table: FieldTable) -> None:
    """Every field has an English and a Chinese label, and no two of one table share one."""
    english = [field.labels[0] for field in table.fields]
    chinese = [field.labels[1] for field in table.fields]
    assert all(label.isascii() and label.strip() for label in english)
    assert all(re.search("[\u4e00-\u9fff]", label) for label in chinese)
    assert doubles(english) == []
    assert doubles(chinese) == []


@TABLES
def test_a_record_has_an_id_of_its_own(table: FieldTable) -> None:
    """The first field is the id: required, and referring to nothing."""
    first = table.fields[0]
    assert (first.name, first.kind, first.nullable, first.refers) == ("id", Kind.ID, False, None)


@TABLES
def test_a_reference_names_a_record_type(table: FieldTable) -> None:
    """Every other id says which record type it refers to, and its name says so too."""
    for field in table.fields[1:]:
        assert (field.kind is Kind.ID) == (field.refers is not None)
        assert field.name.endswith("_id") == (field.refers is not None)
        if field.refers is not None:
            assert field.refers in ALL


@TABLES
def test_what_was_recorded_says_when(table: FieldTable) -> None:
    """What tells when it happened has `recorded_at`; all else goes with what it refers to."""
    assert ("recorded_at" in table) == bool(table.happened)
    for field in table.fields:
        planned = field.name.startswith(("due_", "valid_", "expected_", "required_", "promised_"))
        if field.kind in (Kind.DATE, Kind.INSTANT) and planned and table.name != "exchange_rates":
            assert not field.has_happened, field.name


@TABLES
def test_what_is_known_only_since_a_date_may_be_unknown(table: FieldTable) -> None:
    """Such a field is nullable, and its dates are dates of the record that happen."""
    dates = {field.name for field in table.happened if field.nullable}
    for field in table.fields:
        assert not field.since or (field.nullable and set(field.since) <= dates), field.name


@TABLES
def test_every_number_has_a_unit(table: FieldTable) -> None:
    """Decimals and money say what they count; nothing else has a unit."""
    for field in table.fields:
        assert (field.unit is not None) == (field.kind in (Kind.DECIMAL, Kind.MONEY))


@TABLES
@settings(max_examples=5)
@given(data=st.data())
def test_a_record_is_frozen_compared_by_value_and_hashable(
    table: FieldTable, data: st.DataObject
) -> None:
    """Nobody changes a record; an equal copy is the same fact."""
    record = data.draw(testing.records(table))
    with pytest.raises(FrozenInstanceError):
        record.id = "other"
    copy = attrs.evolve(record)
    assert copy == record
    assert hash(copy) == hash(record)
    assert attrs.evolve(record, id=f"{record.id[:9]}'") != record
    assert not hasattr(record, "__dict__")


CUSTOMER = CustomerId("C-1")


@pytest.mark.parametrize(
    "make",
    [
        lambda: Customer(id=CUSTOMER, name="", lifecycle=Lifecycle.LAPSED),
        lambda: Customer(id=CUSTOMER, name="华东贸易", created_on=date(2017, 3, 1)),
        lambda: Team(id="T-1", name="North", parent_id="T-1"),  # type: ignore[arg-type]
    ],
)
def test_admits(make: Callable[[], object]) -> None:
    """A record needs what is never null, and takes what its business writes."""
    assert make()


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: Customer(id=CUSTOMER, name=None), "name"),  # type: ignore[arg-type]
        (lambda: Customer(id=CUSTOMER, name="x", lifecycle="lapsed"), "lifecycle"),  # type: ignore[arg-type]
        (lambda: opportunity(kind="won"), "kind"),
        (lambda: opportunity(probability=Decimal("1.01")), "probability"),
        (lambda: opportunity(probability=Decimal("-0.01")), "probability"),
        (lambda: opportunity(probability=1), "probability"),
        (lambda: opportunity(amount=Decimal(1)), "amount"),
    ],
)
def test_refuses(make: Callable[[], object], field: str) -> None:
    """Every record checks itself, and names itself and the field."""
    with pytest.raises(InvalidRecord) as caught:
        make()
    assert caught.value.field == field
    assert caught.value.record in {"Customer", "Opportunity"}


def opportunity(**fields: Any) -> Opportunity:  # noqa: ANN401 - wrong on purpose
    """Return an opportunity with some fields."""
    return Opportunity(**{"id": "CA-1", "stage": "Won", "kind": StageKind.WON, **fields})


@TABLES
def test_every_record_checks_itself(table: FieldTable) -> None:
    """No record class takes an id that is no text."""
    assert table.record is not None
    required: dict[str, Any] = {f.name: object() for f in table.fields if not f.nullable}
    with pytest.raises(InvalidRecord) as caught:
        table.record(**required)
    assert (caught.value.record, caught.value.field) == (table.record.__name__, "id")


def test_states_are_closed_sets() -> None:
    """The states of an opportunity and the lifecycle of a customer are closed sets, as text."""
    assert [kind.value for kind in StageKind] == ["open", "won", "lost", "void", "hold"]
    assert [one.value for one in Lifecycle] == ["lead", "prospect", "customer", "lapsed"]
