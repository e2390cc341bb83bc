"""JSON Schema 2020-12 out of a field table."""

from __future__ import annotations

from typing import assert_never

from salescore.plain._fields import Field, FieldTable, Kind
from salescore.plain._records import ID_LIMIT, TEXT_LIMIT
from salescore.values import CURRENCY_PATTERN

DIALECT = "https://json-schema.org/draft/2020-12/schema"
"""The dialect of every JSON Schema that we publish."""

DECIMAL_PATTERN = r"^-?[0-9]{1,38}(\.[0-9]{1,18})?$"
"""The form of a decimal held as text; 38 digits in all, which a pattern cannot count."""

INSTANT_PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z$"
"""The form of an instant held as text."""

_DECIMAL = {"type": "string", "pattern": DECIMAL_PATTERN}


def json_schema(table: FieldTable) -> dict[str, object]:
    """
    Return the JSON Schema of what `to_data` writes for a record type.

    Ranges of numbers stand in the description: a schema cannot compare decimals held as text.

    Args:
        table: Field table of a record class.

    Returns:
        A schema of the dialect 2020-12, as plain data; labels, units and personal-data classes
        stand in it as annotations.
    """
    return {
        "$schema": DIALECT,
        "$id": f"urn:salescore:{table.name}:{table.version}",
        "title": table.name,
        "type": "object",
        "additionalProperties": False,
        "required": [field.name for field in table.fields if not field.nullable],
        "properties": {field.name: _property(field) for field in table.fields},
    }


def _property(field: Field) -> dict[str, object]:
    said: dict[str, object] = {"title": field.labels[0], "x-label-zh": field.labels[1]}
    notes = [
        *([f"Unit: {field.unit}."] if field.unit else []),
        *([f"{_least(field)} {field.minimum}."] if field.minimum is not None else []),
        *([f"At most {field.maximum}."] if field.maximum is not None else []),
        *([f"Id of one of {field.refers}."] if field.refers else []),
    ]
    if notes:
        said["description"] = " ".join(notes)
    said["x-personal-data"] = field.personal.value
    shape = _shape(field)
    if field.nullable:
        return said | {"anyOf": [shape, {"type": "null"}]}
    return said | shape


def _least(field: Field) -> str:
    return "Above" if field.is_above_minimum else "At least"


def _shape(field: Field) -> dict[str, object]:
    match field.kind:
        case Kind.ID:
            return {"type": "string", "minLength": 1, "maxLength": ID_LIMIT}
        case Kind.TEXT:
            return {"type": "string", "maxLength": TEXT_LIMIT}
        case Kind.DECIMAL:
            return dict(_DECIMAL)
        case Kind.MONEY:
            return {
                "type": "object",
                "additionalProperties": False,
                "required": ["amount", "currency"],
                "properties": {
                    "amount": dict(_DECIMAL),
                    "currency": {"type": "string", "pattern": CURRENCY_PATTERN},
                },
            }
        case Kind.DATE:
            return {"type": "string", "format": "date"}
        case Kind.INSTANT:
            return {"type": "string", "format": "date-time", "pattern": INSTANT_PATTERN}
        case Kind.BOOLEAN:
            return {"type": "boolean"}
        case Kind.CHOICE:
            return {"type": "string", "enum": list(field.choices)}
        case _:
            assert_never(field.kind)
