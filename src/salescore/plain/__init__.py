"""
Plain data: field tables, the checks of records, the strict codec and JSON Schema.

A record type is described once, by the annotations of its class.
Its check, its JSON form, its JSON Schema and its CSV columns are all read off that description.
"""

from salescore.plain._codec import from_data, to_data
from salescore.plain._fields import Field, FieldTable, Kind, PersonalData, about, field_table
from salescore.plain._json import parse_json
from salescore.plain._records import (
    ID_LIMIT,
    TEXT_LIMIT,
    as_tuple,
    bulk_records,
    check_record,
    value_fault,
)
from salescore.plain._schema import json_schema

__all__ = [
    "ID_LIMIT",
    "TEXT_LIMIT",
    "Field",
    "FieldTable",
    "Kind",
    "PersonalData",
    "about",
    "as_tuple",
    "bulk_records",
    "check_record",
    "field_table",
    "from_data",
    "json_schema",
    "parse_json",
    "to_data",
    "value_fault",
]
