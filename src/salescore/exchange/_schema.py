"""The JSON Schema of the profile format, for editors and checkers."""

from __future__ import annotations

from salescore.entities import RECORD_TABLES, StageKind
from salescore.exchange._cells import CURRENCY
from salescore.exchange._numerals import Scale
from salescore.exchange._parse import ENCODINGS, FILE_KEYS
from salescore.exchange._profile import HEADINGS, PROFILE_SCHEMA, UNMAPPED
from salescore.exchange._values import COLUMN_KEYS, FAULTY, LOOKUP_KEYS, NUMBER_KEYS
from salescore.plain import CustomFields, FieldTable

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
_NAMES: Schema = {"type": "array", "items": _TEXT, "uniqueItems": True, "minItems": 1}
_MARK: Schema = {"type": "string", "minLength": 1, "maxLength": 1}
_GROUP: Schema = {"type": "string", "maxLength": 1}
_CURRENCY: Schema = {"type": "string", "pattern": "^[A-Z]{3}$"}


def profile_schema(custom_fields: CustomFields | None = None) -> dict[str, object]:
    """
    Return the JSON Schema, dialect 2020-12, of a profile.

    A profile that fits can still be refused by `Profile.parse`, which also knows what the fields of
    a record allow; one that does not fit is always refused.

    Args:
        custom_fields: Fields that an application registered; `None` for none.

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
                "currency": _CURRENCY,
                "stages": {"type": "object", "additionalProperties": _stage()},
                "headings": {"enum": list(HEADINGS)},
                "faulty": {"enum": list(FAULTY)},
                "booleans": _object({"true": _NAMES, "false": _NAMES}),
                "zone": _TEXT,
                "day_zone": _TEXT,
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
        "$defs": {
            "file": _file(),
            "record": _record(custom_fields or CustomFields()),
            "value": _value(),
        },
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
        "delimiter": _MARK,
        "dates": _DATES,
        "decimal": _MARK,
        "group": _GROUP,
        "nulls": _TEXTS,
        "only": _ONLY,
        "skip": _SKIP,
        "deleted": _SKIP,
        "aliases": {
            "type": "object",
            "additionalProperties": {"type": "object", "additionalProperties": _ANY_TEXT},
        },
        "records": {"type": "array", "items": {"$ref": "#/$defs/record"}},
    }
    return _object({key: shapes[key] for key in FILE_KEYS}, required=("records",))


def _record(custom_fields: CustomFields) -> Schema:
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
    tables = map(custom_fields.extend, RECORD_TABLES)
    return {**shape, "allOf": [_fields(table) for table in tables]}


def _fields(table: FieldTable) -> Schema:
    """Return which fields a record of one type may have."""
    names = [*table.names, *([CURRENCY] if table.money_fields else [])]
    return {
        "if": {"properties": {"record": {"const": table.name}}},
        "then": {"properties": {"fields": {"propertyNames": {"enum": names}}}},
    }


def _number() -> Schema:
    factors: Schema = {"type": "object", "additionalProperties": _TEXT}
    shapes: Schema = {
        "scale": {"enum": [one.value for one in Scale]},
        "suffixes": factors,
        "signs": {"type": "object", "additionalProperties": _CURRENCY},
        "parentheses": _FLAG,
        "decimal": _MARK,
        "group": _GROUP,
    }
    return _object({key: shapes[key] for key in NUMBER_KEYS})


def _value() -> Schema:
    mapping: Schema = {
        "map": {"type": "object", "additionalProperties": _TEXT_OR_NULL},
        "otherwise": _TEXT_OR_NULL,
    }
    column: Schema = {
        "column": {"anyOf": [_TEXT, _NAMES]},
        **mapping,
        "dates": _DATES,
        "nulls": _TEXTS,
        "optional": _FLAG,
        "number": _number(),
        "zone": _TEXT,
        "faulty": {"enum": list(FAULTY)},
    }
    lookup: Schema = {
        "file": _TEXT,
        "key": _TEXT,
        "value": _TEXT,
        "by": _VALUE,
        "otherwise": _TEXT_OR_NULL,
    }
    lookups = _object({key: lookup[key] for key in LOOKUP_KEYS}, ("file", "key", "value", "by"))
    mapped: list[Schema] = [
        _object({key: column[key] for key in COLUMN_KEYS}, required=("column",)),
        _object({"first": _PARTS, **mapping}, required=("first",)),
        _object({"join": _PARTS, "with": _ANY_TEXT, **mapping}, required=("join",)),
        _object({"lookup": lookups, **mapping}, required=("lookup",)),
    ]
    return {
        "oneOf": [
            _TEXT,
            *({**one, "dependentRequired": {"otherwise": ["map"]}} for one in mapped),
            _object({"constant": _TEXT}, required=("constant",)),
            _object({"row": {"const": True}}, required=("row",)),
            _object(
                {"when": _VALUE, "in": {**_TEXTS, "minItems": 1}, "then": _VALUE},
                required=("when", "in", "then"),
            ),
            *(
                _object({word: _PARTS}, required=(word,))
                for word in ("add", "subtract", "multiply")
            ),
        ]
    }
