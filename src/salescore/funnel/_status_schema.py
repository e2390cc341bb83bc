"""The JSON Schemas of status tables and of policies of qualification."""

from __future__ import annotations

from typing import Any

from salescore.entities import DocumentKind, LeadKind
from salescore.funnel._qualification_json import QUALIFICATION_SCHEMA
from salescore.funnel._schema_parts import (
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
from salescore.funnel._status_json import STATUS_TABLE_SCHEMA
from salescore.funnel._status_table import DOCUMENTS
from salescore.rules import rule_schema

_CRITERIA: Schema = list_of({"$ref": "#/$defs/criterion"})
_OVERRIDE: Schema = {
    "description": "Who may pass over what is not fulfilled; empty for anybody.",
    **TEXTS,
}


def status_table_schema() -> dict[str, object]:
    """
    Return the JSON Schema, dialect 2020-12, of a status table.

    What `status_table_to_data` writes fits; what does not fit is always refused.

    Examples:
        >>> status_table_schema()["title"]
        'salescore/status-table/1'
    """
    status = object_of(
        {"key": NAME, "kind": {"enum": [one.value for one in DocumentKind]}, "labels": LABELS},
        ("key", "kind"),
    )
    move = object_of(
        {
            "sources": {"minItems": 1, **TEXTS},
            "target": NAME,
            "guards": _CRITERIA,
            "required": TEXTS,
            "roles": TEXTS,
            "needs_reason": FLAG,
            "sets": {"description": "Field that takes the day of the move.", **NAME},
            "clears": {"description": "Fields that are unknown afterwards.", **TEXTS},
        },
        ("sources", "target"),
    )
    return _document(
        STATUS_TABLE_SCHEMA,
        "The states of one type of document, and the moves between them.",
        {
            "records": {"enum": list(DOCUMENTS)},
            "labels": LABELS,
            "override_roles": _OVERRIDE,
            "source": {"description": "Where the table comes from.", **TEXT},
            "statuses": {"minItems": 1, **list_of(status)},
            "moves": list_of(move),
        },
        ("records", "statuses", "moves"),
    )


def qualification_schema() -> dict[str, object]:
    """
    Return the JSON Schema, dialect 2020-12, of a policy of qualification.

    What `qualification_to_data` writes fits; what does not fit is always refused.

    Examples:
        >>> qualification_schema()["title"]
        'salescore/qualification/1'
    """
    return _document(
        QUALIFICATION_SCHEMA,
        "What must be known of a lead before it is worth pursuing.",
        {
            "required": {"description": "Fields of a lead that must be known.", **TEXTS},
            "criteria": _CRITERIA,
            "override_roles": _OVERRIDE,
            "words": {
                "description": "What the business calls a kind of lead.",
                **object_of({one.value: NAME for one in LeadKind}, ()),
            },
            "source": {"description": "Where the policy comes from.", **TEXT},
        },
        (),
    )


def _document(
    title: str, words: str, own: dict[str, Schema], required: tuple[str, ...]
) -> dict[str, object]:
    rules: dict[str, Any] = rule_schema()
    properties: dict[str, Schema] = {"schema": {"const": title}, "name": NAME, "version": NAME}
    return {
        "$schema": rules["$schema"],
        "$id": f"urn:{title.replace('/', ':')}",
        "title": title,
        "description": words,
        **object_of(properties | own, ("schema", "name", "version", *required)),
        "$defs": {**rules["$defs"], "criterion": criterion_of()},
    }
