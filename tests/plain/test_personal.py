"""What may tell about a living person is known field by field, and can be erased."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore import testing
from salescore.entities import RECORD_TABLES, Customer, CustomerId, record_table
from salescore.plain import (
    ERASED,
    CustomFields,
    Kind,
    PersonalData,
    custom_field,
    custom_values,
    erased,
    field_value,
    personal_fields,
)


@given(st.data())
def test_erasing_leaves_ids_amounts_and_dates(data: st.DataObject) -> None:
    """Totals stay: only personal fields change, and a second time nothing does."""
    table = data.draw(st.sampled_from(RECORD_TABLES))
    record: Any = data.draw(testing.records(table))
    gone = erased(table, record)
    personal = personal_fields(table)
    for field in table.fields:
        value = field_value(gone, field)
        if field in personal:
            assert value == (None if field.nullable else ERASED)
        else:
            assert value == field_value(record, field)
    assert erased(table, gone) == gone


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("contacts", {"name", "title", "phone", "email", "wechat", "birthday"}),
        ("sales_reps", {"name", "email", "phone"}),
        ("activities", {"note"}),
        ("order_lines", set()),
    ],
)
def test_personal_fields_are_those_that_tell_of_people(name: str, fields: set[str]) -> None:
    """A person's name, ways to reach it, and free text that may mention it."""
    assert {field.name for field in personal_fields(record_table(name))} == fields


def test_one_class_can_be_erased_alone() -> None:
    """Whoever asks to be forgotten by phone keeps the name; registered fields count too."""
    fields = CustomFields.of(
        {
            "customers": [
                custom_field("fax", Kind.TEXT, "Fax", "传真", personal=PersonalData.CONTACT),
                custom_field("rank", Kind.DECIMAL, "Rank", "名次"),
            ]
        }
    )
    table = fields.extend(record_table("customers"))
    one = Customer(
        id=CustomerId("C-1"),
        name="Anna",
        phone="123",
        custom=custom_values(fax="456", rank=Decimal(1)),
    )
    assert erased(table, one, [PersonalData.CONTACT]) == Customer(
        id=CustomerId("C-1"), name="Anna", custom=custom_values(rank=Decimal(1))
    )
