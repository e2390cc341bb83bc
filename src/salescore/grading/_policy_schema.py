"""The JSON Schema of grading policies, on top of those of rules and decision tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from salescore.book import FACT_TABLES
from salescore.grading._policy_json import POLICY_SCHEMA
from salescore.metrics import Aggregate
from salescore.plain import DECIMAL_PATTERN
from salescore.rules import decision_table_schema

Schema = dict[str, object]

_NAME: Schema = {"type": "string", "minLength": 1}
_TEXT: Schema = {"type": "string"}
_RULE: Schema = {"$ref": "#/$defs/rule"}
_DECIMAL: Schema = {"type": "string", "pattern": DECIMAL_PATTERN}
_DAY: Schema = {"type": "string", "format": "date", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_LABELS: Schema = {
    "description": "English and Chinese label.",
    "type": "array",
    "minItems": 2,
    "maxItems": 2,
    "items": _TEXT,
}
_WHOLE: Schema = {"type": "integer"}


def grading_policy_schema() -> dict[str, object]:
    """
    Return the JSON Schema, dialect 2020-12, of a grading policy.

    What `policy_to_data` writes fits. A policy that fits can still be refused when it is read, or
    be found faulty by `check_policy`; one that does not fit is always refused.

    Examples:
        >>> grading_policy_schema()["title"]
        'salescore/grading-policy/1'
    """
    tables: dict[str, Any] = decision_table_schema()
    own = ("$schema", "$id", "title", "description", "$defs")
    table = {key: part for key, part in tables.items() if key not in own}
    return {
        "$schema": tables["$schema"],
        "$id": "urn:salescore:grading-policy:1",
        "title": POLICY_SCHEMA,
        "description": "Ordered grades, the lowest first, with rules of entry and exit.",
        **_policy(),
        "$defs": {**tables["$defs"], "table": table, "measure": _measure()},
    }


def _policy() -> Schema:
    return _object(
        {
            "schema": {"const": POLICY_SCHEMA},
            "name": _NAME,
            "version": _NAME,
            "labels": _LABELS,
            "valid_from": {"description": "First day in force.", **_DAY},
            "valid_until": {"description": "Last day in force.", **_DAY},
            "minimum_stay_days": {"minimum": 0, **_WHOLE},
            "review_months": {"minimum": 1, "maximum": 12, **_WHOLE},
            "grace_days": {"minimum": 0, **_WHOLE},
            "step_limit": {"minimum": 1, **_WHOLE},
            "is_ladder": {
                "description": "Whether the grades are steps of a ladder.",
                "type": "boolean",
            },
            "fields": _list(_field()),
            "grades": {
                "minItems": 1,
                **_list(
                    _object(
                        {"key": _NAME, "labels": _LABELS, "entry": _RULE, "exit": _RULE},
                        ("key", "labels"),
                    )
                ),
            },
            "services": _list(_service()),
        },
        ("schema", "name", "version", "grades"),
    )


def _service() -> Schema:
    return _object(
        {
            "grade": _NAME,
            "contact_days": {"minimum": 1, **_WHOLE},
            "channels": {"uniqueItems": True, **_list(_TEXT)},
            "benefits": _list(_LABELS),
            "hours": _DECIMAL,
            "budget": _DECIMAL,
            "requirements": _list(
                _object({"key": _NAME, "labels": _LABELS, "rule": _RULE}, ("key", "labels", "rule"))
            ),
        },
        ("grade",),
    )


def _field() -> Schema:
    """Return what is measured of customers: an object of one key, which says of which kind."""
    kinds: dict[str, Schema] = {
        "figure": _object(
            {
                "name": _NAME,
                "labels": _LABELS,
                "months": _WHOLE,
                "unit": _NAME,
                "measure": {"$ref": "#/$defs/measure"},
            },
            ("name", "labels", "measure"),
        ),
        "derived": _object(
            {"name": _NAME, "labels": _LABELS, "unit": _NAME, "of": _RULE}, ("name", "labels", "of")
        ),
        "abc": _object(
            {"name": _NAME, "labels": _LABELS, "by": _NAME, "cuts": _list(_pair(_NAME, _DECIMAL))},
            ("name", "labels", "by", "cuts"),
        ),
        "rfm": _object(
            {
                "name": _NAME,
                "months": _WHOLE,
                "scheme": _scheme(),
                "segments": _list(
                    _object(
                        {"name": _NAME, "labels": _LABELS}
                        | dict.fromkeys(("r", "f", "m"), _pair(_WHOLE, _WHOLE)),
                        ("name", "r", "f", "m"),
                    )
                ),
            },
            ("name", "scheme", "segments"),
        ),
        "score": _object({"name": _NAME, "card": _card()}, ("name", "card")),
        "table": {"$ref": "#/$defs/table"},
    }
    return {"minProperties": 1, "maxProperties": 1, **_object(kinds, ())}


def _measure() -> Schema:
    """Return how the rows of a fact table are brought together."""
    one: Schema = {"maxItems": 1, **_list(_RULE)}
    return _object(
        {
            "name": _NAME,
            "table": {"enum": [schema.name for schema in FACT_TABLES]},
            "date": _NAME,
            "of": {
                "minProperties": 1,
                "maxProperties": 1,
                **_object({aggregate.value: one for aggregate in Aggregate}, ()),
            },
            "where": _RULE,
        },
        ("name", "table", "of"),
    )


def _scheme() -> Schema:
    """Return how days, orders and revenue become scores."""
    measures = ("recency", "frequency", "monetary")
    bounds = dict.fromkeys(measures, _list(_DECIMAL))
    parts: Schema = {"minimum": 2, "maximum": 9, **_WHOLE}
    return {
        "anyOf": [
            _object({"kind": {"const": "thresholds"}, **bounds}, ("kind", *measures)),
            _object(
                {"kind": {"const": "quantile_cuts"}, "parts": parts, "offset": _DECIMAL},
                ("kind", "parts", "offset"),
            ),
            _object({"kind": {"const": "mid_ranks"}, "parts": parts}, ("kind", "parts")),
        ]
    }


def _card() -> Schema:
    bounds = dict.fromkeys(("lowest", "highest"), _DECIMAL)
    start: dict[str, Schema] = {"key": _NAME, "labels": _LABELS, "points": _DECIMAL}
    decay = {
        "linear": _WHOLE,
        "exponential": _WHOLE,
        "step": _list(_pair(_WHOLE, _DECIMAL)),
    }
    lines = [
        _object({**start, "when": _RULE}, (*start, "when")),
        _object(
            {
                **start,
                "table": _NAME,
                "date": _NAME,
                "where": _RULE,
                "decay": {"minProperties": 1, "maxProperties": 1, **_object(decay, ())},
            },
            (*start, "table", "date"),
        ),
    ]
    group = _object(
        {"key": _NAME, "labels": _LABELS, **bounds, "lines": _list({"anyOf": lines})},
        ("key", "labels", "lines"),
    )
    return _object(
        {"name": _NAME, "labels": _LABELS, **bounds, "groups": _list(group)},
        ("name", "labels", "groups"),
    )


def _object(properties: dict[str, Schema], required: Sequence[str]) -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(required),
        "properties": properties,
    }


def _list(of: Schema) -> Schema:
    return {"type": "array", "items": of}


def _pair(first: Schema, second: Schema) -> Schema:
    return {"type": "array", "minItems": 2, "maxItems": 2, "prefixItems": [first, second]}
