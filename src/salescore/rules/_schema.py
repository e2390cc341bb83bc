"""The JSON Schema of rules, made from the declared operators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from salescore.plain import DECIMAL_PATTERN, DIALECT, INSTANT_PATTERN
from salescore.rules._json_read import WHOLE_LIMIT
from salescore.rules._limits import DIGITS_LIMIT, OPTION_LIMIT
from salescore.rules._literals import TEXT_LIMIT
from salescore.rules._operator_spec import ArgumentKind, OperatorSpec
from salescore.rules._operators import LITERALS, OPERATORS
from salescore.values import Rounding

Schema = dict[str, object]

RULE_SCHEMA = "salescore/rule/1"
"""Name and version of the JSON form of rules."""


def _list(of: Schema) -> Schema:
    return {"type": "array", "maxItems": OPTION_LIMIT, "items": of}


_DATE_PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_ONE_LINE: Schema = {"not": {"pattern": r"\n"}}
"""Some readers let a pattern that ends with `$` pass a line break behind it."""

_RULE: Schema = {"$ref": "#/$defs/rule"}
_TEXT: Schema = {"$ref": "#/$defs/text"}

_ARGUMENT: Mapping[ArgumentKind, Schema] = MappingProxyType(
    {
        ArgumentKind.RULE: _RULE,
        ArgumentKind.LITERALS: _list({"$ref": "#/$defs/literal"}),
        ArgumentKind.TEXT: _TEXT,
        ArgumentKind.TEXTS: _list(_TEXT),
        ArgumentKind.FIELD: {"type": "string", "minLength": 1, "maxLength": TEXT_LIMIT},
        ArgumentKind.DIGITS: {"type": "integer", "minimum": 0, "maximum": DIGITS_LIMIT},
        ArgumentKind.ROUNDING: {"enum": [one.value for one in Rounding]},
        ArgumentKind.DECIMAL: {"type": "string", "pattern": DECIMAL_PATTERN, **_ONE_LINE},
        ArgumentKind.DATE: {
            "type": "string",
            "format": "date",
            "pattern": _DATE_PATTERN,
            **_ONE_LINE,
        },
        ArgumentKind.INSTANT: {
            "type": "string",
            "format": "date-time",
            "pattern": INSTANT_PATTERN,
            **_ONE_LINE,
        },
    }
)


def rule_schema() -> dict[str, object]:
    """
    Return the JSON Schema, dialect 2020-12, of a rule.

    What `rule_to_data` writes fits. A rule that fits can still be refused when it is read, for a
    schema counts neither levels nor nodes and knows no calendar; one that does not fit always is.

    Examples:
        >>> rule_schema()["title"]
        'salescore/rule/1'
    """
    literals = [one for one in OPERATORS if one.name in LITERALS]
    return {
        "$schema": DIALECT,
        "$id": "urn:salescore:rule:1",
        "title": RULE_SCHEMA,
        "description": "A condition or a value over the fields of a table.",
        "$ref": "#/$defs/rule",
        "$defs": {
            "rule": _value(OPERATORS),
            "literal": _value(literals),
            "text": {"type": "string", "maxLength": TEXT_LIMIT},
        },
    }


def _value(operators: Sequence[OperatorSpec]) -> Schema:
    """Return what stands for a value: a bare literal, or an object of one operator."""
    return {
        "anyOf": [
            {"$ref": "#/$defs/text"},
            {"type": "boolean"},
            {"type": "integer", "minimum": -WHOLE_LIMIT, "maximum": WHOLE_LIMIT},
            {
                "type": "object",
                "minProperties": 1,
                "maxProperties": 1,
                "additionalProperties": False,
                "properties": {one.name: _operator(one) for one in operators},
            },
        ]
    }


def _operator(one: OperatorSpec) -> Schema:
    *first, last = (dict(_ARGUMENT[kind]) for kind in one.takes)
    places: Schema = {"prefixItems": first} if first else {}
    return {
        "title": one.labels[0],
        "x-label-zh": one.labels[1],
        "description": f"Arguments: {one.arguments}. Yields: {one.yields}; {one.nulls}.",
        "type": "array",
        "minItems": one.least,
        "maxItems": one.most,
        **places,
        "items": last,
    }
