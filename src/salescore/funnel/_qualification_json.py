"""Policies of qualification as plain JSON data."""

from __future__ import annotations

from salescore.entities import LeadKind
from salescore.funnel._json_parts import (
    add_each,
    add_texts,
    criterion_data,
    made,
    read_any_text,
    read_criteria,
    read_some,
)
from salescore.funnel._leads import QualificationPolicy
from salescore.plain import Node

QUALIFICATION_SCHEMA = "salescore/qualification/1"
"""What the key `schema` of a policy of qualification says."""


def qualification_to_data(policy: QualificationPolicy) -> dict[str, object]:
    """
    Return a policy of qualification as plain JSON data, as `qualification_from_data` reads it.

    What says nothing, such as an empty list, is left out.

    Args:
        policy: The policy.
    """
    found: dict[str, object] = {
        "schema": QUALIFICATION_SCHEMA,
        "name": policy.name,
        "version": policy.version,
    }
    add_texts(found, "required", policy.required)
    add_each(found, "criteria", [criterion_data(one) for one in policy.criteria])
    add_texts(found, "override_roles", policy.override_roles)
    if policy.words:
        found["words"] = {kind.value: word for kind, word in policy.words}
    if policy.source is not None:
        found["source"] = policy.source
    return found


def qualification_from_data(data: object, path: str = "qualification") -> QualificationPolicy:
    """
    Return the policy of qualification that plain JSON data describe.

    Args:
        data: What `qualification_to_data` wrote.
        path: Where the data stand, for error messages.

    Raises:
        InvalidDocument: A key is unknown or missing, or a value is wrong.
    """
    return read_qualification(Node(data, path))


def read_qualification(node: Node) -> QualificationPolicy:
    """Return the policy of a part of a document; errors of `qualification_from_data`."""
    required = ("schema", "name", "version")
    optional = ("required", "criteria", "override_roles", "words", "source")
    keys = node.object((*required, *optional), required)
    keys["schema"].choice((QUALIFICATION_SCHEMA,), "schema of a policy of qualification")
    values = read_some(
        keys,
        required=Node.texts,
        criteria=read_criteria,
        override_roles=Node.texts,
        words=_read_words,
        source=read_any_text,
    )
    values["name"], values["version"] = keys["name"].text(), keys["version"].text()
    return made(node, QualificationPolicy, values)


def _read_words(node: Node) -> list[tuple[LeadKind, str]]:
    kinds = [one.value for one in LeadKind]
    return [(LeadKind(key), word.text()) for key, word in node.object(kinds).items()]
