"""What the JSON Schemas of funnels, status tables and policies of leads have in common."""

from __future__ import annotations

from collections.abc import Sequence

from salescore.plain import DECIMAL_PATTERN

Schema = dict[str, object]

NAME: Schema = {"type": "string", "minLength": 1}
TEXT: Schema = {"type": "string"}
TEXTS: Schema = {"type": "array", "uniqueItems": True, "items": NAME}
FLAG: Schema = {"type": "boolean"}
_RULE: Schema = {"$ref": "#/$defs/rule"}
DECIMAL: Schema = {"type": "string", "pattern": DECIMAL_PATTERN}
DAY: Schema = {"type": "string", "format": "date", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
LABELS: Schema = {
    "description": "English and Chinese label.",
    "type": "array",
    "minItems": 2,
    "maxItems": 2,
    "items": TEXT,
}


def criterion_of() -> Schema:
    """Return the schema of a criterion."""
    return object_of({"key": NAME, "labels": LABELS, "rule": _RULE}, ("key", "rule"))


def object_of(properties: dict[str, Schema], required: Sequence[str]) -> Schema:
    """Return the schema of an object without other keys."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(required),
        "properties": properties,
    }


def list_of(of: Schema) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": of}
