"""The JSON Schema of funnels, on top of that of rules."""

from __future__ import annotations

from typing import Any

from salescore.entities import StageKind
from salescore.funnel._funnel import StepPolicy
from salescore.funnel._funnel_json import FUNNEL_SCHEMA
from salescore.funnel._schema_parts import (
    DAY,
    DECIMAL,
    FLAG,
    LABELS,
    NAME,
    TEXT,
    TEXTS,
    Schema,
    criterion_of,
    list_of,
    object_of,
)
from salescore.funnel._stage import LimitUnit
from salescore.rules import rule_schema


def funnel_schema() -> dict[str, object]:
    """
    Return the JSON Schema, dialect 2020-12, of a funnel.

    What `funnel_to_data` writes fits. A funnel that fits can still be refused when it is read; one
    that does not fit is always refused.

    Examples:
        >>> funnel_schema()["title"]
        'salescore/funnel/1'
    """
    rules: dict[str, Any] = rule_schema()
    return {
        "$schema": rules["$schema"],
        "$id": "urn:salescore:funnel:1",
        "title": FUNNEL_SCHEMA,
        "description": "A sales process: stages in order, and the ways between them.",
        **_funnel(),
        "$defs": {**rules["$defs"], "criterion": criterion_of(), "event": _event()},
    }


def _funnel() -> Schema:
    policy: Schema = {"enum": [one.value for one in StepPolicy]}
    return object_of(
        {
            "schema": {"const": FUNNEL_SCHEMA},
            "name": NAME,
            "version": NAME,
            "labels": LABELS,
            "skip": {"description": "Whether stages may be left out.", **policy},
            "back": {"description": "Whether it may go back to an earlier stage.", **policy},
            "override_roles": {
                "description": "Who may pass over what is not fulfilled; empty for anybody.",
                **TEXTS,
            },
            "valid_from": {"description": "First day on which new ones take it.", **DAY},
            "valid_until": {"description": "Last day on which new ones take it.", **DAY},
            "source": {"description": "Where the process comes from.", **TEXT},
            "stages": {"minItems": 1, **list_of(_stage())},
            "transitions": list_of(_transition()),
        },
        ("schema", "name", "version", "stages", "transitions"),
    )


def _stage() -> Schema:
    return object_of(
        {
            "key": NAME,
            "kind": {"enum": [one.value for one in StageKind]},
            "labels": LABELS,
            "probability": {"description": "From 0 to 1.", **DECIMAL},
            "forecast_category": NAME,
            "required": {
                "description": "Fields that must be known before it enters.",
                **TEXTS,
            },
            "exit_criteria": list_of({"$ref": "#/$defs/criterion"}),
            "limit": object_of(
                {
                    "amount": {"type": "integer", "minimum": 1},
                    "unit": {"enum": [one.value for one in LimitUnit]},
                    "is_working": {"description": "Whether working time counts.", **FLAG},
                },
                ("amount", "unit"),
            ),
            "on_entry": list_of({"$ref": "#/$defs/event"}),
            "on_exit": list_of({"$ref": "#/$defs/event"}),
            "roles": TEXTS,
            "purpose": {**LABELS, "description": "What is done here, in English and Chinese."},
            "former": {
                "description": "What earlier versions called it, where they did otherwise.",
                **TEXTS,
            },
        },
        ("key", "kind"),
    )


def _transition() -> Schema:
    return object_of(
        {
            "event": NAME,
            "sources": {"minItems": 1, **TEXTS},
            "target": {
                "description": "Key of a stage; null for the stage before the present one.",
                "type": ["string", "null"],
            },
            "labels": LABELS,
            "guards": list_of({"$ref": "#/$defs/criterion"}),
            "required": TEXTS,
            "roles": TEXTS,
            "needs_reason": FLAG,
            "emits": list_of({"$ref": "#/$defs/event"}),
        },
        ("event", "sources", "target"),
    )


def _event() -> Schema:
    return object_of({"name": NAME, "labels": LABELS}, ("name",))
