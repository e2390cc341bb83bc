"""Personal data: which fields may tell about a living person, and a record without them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import attrs

from salescore.plain._custom_values import custom_values
from salescore.plain._fields import CUSTOM, Field, FieldTable, PersonalData

ERASED = "erased"
"""What stands in place of a name that a record must have."""

_PERSONAL = frozenset(PersonalData) - {PersonalData.NONE}


def personal_fields(
    table: FieldTable, classes: Collection[PersonalData] = _PERSONAL
) -> tuple[Field, ...]:
    """
    Return the fields of a table that may tell about a living person.

    Args:
        table: Field table of a record type or a fact table.
        classes: Personal-data classes that count; by default all but `NONE`.
    """
    return tuple(field for field in table.fields if field.personal in classes)


def erased(
    table: FieldTable,
    record: Any,  # noqa: ANN401 - a record of the table
    classes: Collection[PersonalData] = _PERSONAL,
) -> Any:  # noqa: ANN401 - as above
    """
    Return a record without its personal data; ids, amounts and dates stay, so totals do too.

    Args:
        table: Field table of the record's class.
        record: The record.
        classes: Personal-data classes to erase; by default all but `NONE`.

    Returns:
        The record with null in these fields, and the word "erased" in a text that is required.
        Erasing twice changes nothing more.
    """
    fields = personal_fields(table, classes)
    gone = {field.name for field in fields}
    changes: dict[str, object] = {
        field.name: None if field.nullable else ERASED for field in fields if not field.is_custom
    }
    custom = getattr(record, CUSTOM, ())
    changes[CUSTOM] = custom_values(**{name: one for name, one in custom if name not in gone})
    return attrs.evolve(record, **changes)
