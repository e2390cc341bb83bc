"""
Plain data: field tables, the checks of records, the strict codec and JSON Schema.

A record type is described once, by the annotations of its class.
Its check, its JSON form, its JSON Schema and its CSV columns are all read off that description.
"""

from salescore.plain._codec import from_data, to_data
from salescore.plain._custom import (
    CUSTOM_SCHEMA,
    CustomFields,
    check_custom,
    custom_field,
    field_column,
    field_value,
)
from salescore.plain._custom_values import CustomValue, CustomValues, custom_values
from salescore.plain._fields import (
    CREATED_ON,
    CUSTOM,
    RECORDED_AT,
    Field,
    FieldTable,
    Kind,
    PersonalData,
    about,
    field_table,
)
from salescore.plain._json import parse_json
from salescore.plain._node import Node
from salescore.plain._personal import ERASED, erased, personal_fields
from salescore.plain._records import (
    ID_LIMIT,
    TEXT_LIMIT,
    as_tuple,
    bulk_records,
    check_record,
    reviser,
    value_fault,
)
from salescore.plain._schema import DECIMAL_PATTERN, DIALECT, INSTANT_PATTERN, json_schema
from salescore.plain._versions import Upcaster, Upcasters, pack, unpack

__all__ = [
    "CREATED_ON",
    "CUSTOM",
    "CUSTOM_SCHEMA",
    "DECIMAL_PATTERN",
    "DIALECT",
    "ERASED",
    "ID_LIMIT",
    "INSTANT_PATTERN",
    "RECORDED_AT",
    "TEXT_LIMIT",
    "CustomFields",
    "CustomValue",
    "CustomValues",
    "Field",
    "FieldTable",
    "Kind",
    "Node",
    "PersonalData",
    "Upcaster",
    "Upcasters",
    "about",
    "as_tuple",
    "bulk_records",
    "check_custom",
    "check_record",
    "custom_field",
    "custom_values",
    "erased",
    "field_column",
    "field_table",
    "field_value",
    "from_data",
    "json_schema",
    "pack",
    "parse_json",
    "personal_fields",
    "reviser",
    "to_data",
    "unpack",
    "value_fault",
]
