"""The JSON Schema of the profile format, for editors and checkers."""

from __future__ import annotations

from salescore.entities import RECORD_TABLES, StageKind
from salescore.exchange._cells import CURRENCY
from salescore.exchange._parse import COLUMN_KEYS, ENCODINGS, FILE_KEYS, LOOKUP_KEYS
from salescore.exchange._profile import PROFILE_SCHEMA, UNMAPPED
from salescore.plain import FieldTable

Schema = dict[str, object]

_TEXT: Schema = {"type": "string", "minLength": 1}
_ANY_TEXT: Schema = {"type": "string"}
_FLAG: Schema = {"type": "boolean"}
_TEXTS: Schema = {"type": "array", "items": _ANY_TEXT, "uniqueItems": True}
_TEXT_OR_NULL: Schema = {"type": ["string", "null"]}
_VALUE: Schema = {"$ref": "#/$defs/value"}
_PARTS: Schema = {"type": "array", "items": _VALUE, "minItems": 2}
_ONLY: Schema = {"type": "object", "additionalProperties": {**_TEXTS, "minItems": 1}}
_SKIP: Schema = {"type": "object", "additionalProperties": _TEXTS}
_DATES: Schema = {"anyOf": [_TEXT, {**_TEXTS, "minItems": 1}]}


def profile_schema() -> dict[str, object]:
    """
    Return the JSON Schema, dialect 2020-12, of a profile.

    A profile that fits can still be refused by `Profile.parse`, which also knows what the fields of
    a record allow; one that does not fit is always refused.

    Examples:
        >>> profile_schema()["title"]
        'salescore/profile/1'
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:salescore:profile:1",
        "title": PROFILE_SCHEMA,
        "description": "How the files of one system become records.",
        **_object(
            {
                "schema": {"const": PROFILE_SCHEMA},
                "name": _TEXT,
                "title": _TEXT,
                "source": _TEXT,
                "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
                "stages": {"type": "object", "additionalProperties": _stage()},
                "unmapped": {"enum": list(UNMAPPED)},
                "notes": {"type": "array", "minItems": 1, "items": _TEXT},
                "files": {
                    "type": "object",
                    "minProperties": 1,
                    "additionalProperties": {"$ref": "#/$defs/file"},
                },
            },
            required=("schema", "name", "title", "files"),
        ),
        "$defs": {"file": _file(), "record": _record(), "value": _value()},
    }


def _object(properties: Schema, required: tuple[str, ...] = ()) -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(required),
        "properties": properties,
    }


def _stage() -> Schema:
    kinds = {"enum": [kind.value for kind in StageKind]}
    return _object({"kind": kinds, "probability": _TEXT_OR_NULL}, required=("kind",))


def _file() -> Schema:
    shapes: Schema = {
        "optional": _FLAG,
        "encoding": {"enum": list(ENCODINGS)},
        "delimiter": {"type": "string", "minLength": 1, "maxLength": 1},
        "dates": _DATES,
        "decimal": {"type": "string", "minLength": 1, "maxLength": 1},
        "group": {"type": "string", "maxLength": 1},
        "nulls": _TEXTS,
        "only": _ONLY,
        "skip": _SKIP,
        "aliases": {
            "type": "object",
            "additionalProperties": {"type": "object", "additionalProperties": _ANY_TEXT},
        },
        "records": {"type": "array", "items": {"$ref": "#/$defs/record"}},
    }
    return _object({key: shapes[key] for key in FILE_KEYS}, required=("records",))


def _record() -> Schema:
    shape = _object(
        {
            "record": {"enum": [table.name for table in RECORD_TABLES]},
            "distinct": _FLAG,
            "fields": {"type": "object", "additionalProperties": _VALUE},
            "only": _ONLY,
            "skip": _SKIP,
        },
        required=("record", "fields"),
    )
    return {**shape, "allOf": [_fields(table) for table in RECORD_TABLES]}


def _fields(table: FieldTable) -> Schema:
    """Return which fields a record of one type may have."""
    names = [*table.names, *([CURRENCY] if table.money_fields else [])]
    return {
        "if": {"properties": {"record": {"const": table.name}}},
        "then": {"properties": {"fields": {"propertyNames": {"enum": names}}}},
    }


def _value() -> Schema:
    column: Schema = {
        "column": _TEXT,
        "map": {"type": "object", "additionalProperties": _TEXT_OR_NULL},
        "otherwise": _TEXT_OR_NULL,
        "dates": _DATES,
        "nulls": _TEXTS,
        "optional": _FLAG,
    }
    lookup: Schema = {
        "file": _TEXT,
        "key": _TEXT,
        "value": _TEXT,
        "by": _VALUE,
        "otherwise": _TEXT_OR_NULL,
    }
    columns = _object({key: column[key] for key in COLUMN_KEYS}, required=("column",))
    lookups = _object({key: lookup[key] for key in LOOKUP_KEYS}, ("file", "key", "value", "by"))
    return {
        "oneOf": [
            _TEXT,
            {**columns, "dependentRequired": {"otherwise": ["map"]}},
            _object({"constant": _TEXT}, required=("constant",)),
            _object({"first": _PARTS}, required=("first",)),
            _object({"join": _PARTS, "with": _ANY_TEXT}, required=("join",)),
            _object({"row": {"const": True}}, required=("row",)),
            *(
                _object({word: _PARTS}, required=(word,))
                for word in ("add", "subtract", "multiply")
            ),
            _object({"lookup": lookups}, required=("lookup",)),
        ]
    }
