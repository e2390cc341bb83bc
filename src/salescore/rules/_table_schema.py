"""The JSON Schema of decision tables, on top of that of rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from salescore.rules._decision_table import COLUMN_LIMIT, ROW_LIMIT, Collect, HitPolicy
from salescore.rules._limits import OPTION_LIMIT
from salescore.rules._schema import rule_schema
from salescore.rules._table_json import DECISION_TABLE_SCHEMA

Schema = dict[str, object]

_LITERAL: Schema = {"$ref": "#/$defs/literal"}
_NAME: Schema = {"type": "string", "minLength": 1}
_DAY: Schema = {
    "type": "string",
    "format": "date",
    "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "maxLength": len("2024-01-01"),  # some readers let $ match before a line break at the end
}
_LABELS: Schema = {
    "description": "English and Chinese label.",
    "type": "array",
    "minItems": 2,
    "maxItems": 2,
    "items": _NAME,
}


def decision_table_schema() -> dict[str, object]:
    """
    Return the JSON Schema, dialect 2020-12, of a decision table.

    What `table_to_data` writes fits. A table that fits can still be refused when it is read, for a
    schema does not count cells against inputs; one that does not fit always is.

    Examples:
        >>> decision_table_schema()["title"]
        'salescore/decision-table/1'
    """
    rules: dict[str, Any] = rule_schema()
    return {
        "$schema": rules["$schema"],
        "$id": "urn:salescore:decision-table:1",
        "title": DECISION_TABLE_SCHEMA,
        "description": "A decision as a table: the rows that match say what follows.",
        **_object(
            {
                "schema": {"const": DECISION_TABLE_SCHEMA},
                "name": _NAME,
                "version": _NAME,
                "labels": _LABELS,
                "valid_from": {"description": "First day in force.", **_DAY},
                "valid_until": {"description": "Last day in force.", **_DAY},
                "hit_policy": {"enum": [one.value for one in HitPolicy]},
                "collect": {"enum": [one.value for one in Collect]},
                "inputs": _list(
                    _object(
                        {"name": _NAME, "of": {"$ref": "#/$defs/rule"}, "labels": _LABELS},
                        ("name", "of"),
                    ),
                    COLUMN_LIMIT,
                ),
                "outputs": _list(
                    _object(
                        {
                            "name": _NAME,
                            "labels": _LABELS,
                            "priorities": _list(_LITERAL, OPTION_LIMIT, least=0),
                        },
                        ("name",),
                    ),
                    COLUMN_LIMIT,
                ),
                "rows": _list(
                    _object(
                        {
                            "when": _list({"$ref": "#/$defs/cell"}, COLUMN_LIMIT),
                            "then": _list(_LITERAL, COLUMN_LIMIT),
                            "note": {"type": "string"},
                        },
                        ("when", "then"),
                    ),
                    ROW_LIMIT,
                ),
                "default": _list(_LITERAL, COLUMN_LIMIT),
            },
            ("schema", "name", "version", "hit_policy", "inputs", "outputs", "rows"),
        ),
        "if": {"properties": {"hit_policy": {"const": HitPolicy.COLLECT.value}}},
        "then": {"required": ["collect"]},
        "else": _without("collect"),
        "$defs": {**rules["$defs"], "cell": _cell(), "options": _list(_LITERAL, OPTION_LIMIT)},
    }


def _cell() -> Schema:
    options: Schema = {"$ref": "#/$defs/options"}
    band = _object(dict.fromkeys((">=", ">", "<=", "<"), _LITERAL), ())
    ends = {"minProperties": 1, "dependentSchemas": {">=": _without(">"), "<=": _without("<")}}
    return {
        "anyOf": [
            {"title": "anything", "type": "null"},
            {"title": "equal to it", **_LITERAL},
            {"title": "one of them", **options},
            {"title": "none of them", **_object({"not": options}, ("not",))},
            {
                "title": "unknown, or known",
                **_object({"is_null": {"type": "boolean"}}, ("is_null",)),
            },
            {"title": "from one end to the other", **band, **ends},
        ]
    }


def _without(key: str) -> Schema:
    return {"properties": {key: False}}


def _object(properties: dict[str, Schema], required: Sequence[str]) -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(required),
        "properties": properties,
    }


def _list(of: Schema, most: int, *, least: int = 1) -> Schema:
    return {"type": "array", "minItems": least, "maxItems": most, "items": of}
