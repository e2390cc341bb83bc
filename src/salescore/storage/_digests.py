"""
Digests: how a store tells the same content from other content under one key.

A digest has two halves, the first over the content without personal data, the second over all of
it.
When a subject is erased, the second half is cut off every digest that could still betray it.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import Any

from salescore.entities import Event
from salescore.plain import FieldTable, erased, personal_fields, to_data
from salescore.storage._checks import EVENTS, CheckedUnit, RecordTypes

_APART = "."
_TYPE = "."  # no field can have this name
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"))


def unit_digest(unit: CheckedUnit, types: RecordTypes) -> str:
    """
    Return the digest of what a unit keeps: changes, events and their order, not its time.

    Fields without a value do not count, so that a release which adds a nullable field gives the
    same digest.

    Args:
        unit: The unit, checked.
        types: The record types of the store.

    Returns:
        Two times 64 hexadecimal digits with a point between them.
    """
    terms = [
        [
            step.table.name,
            step.id,
            step.expected,
            step.effective_on and step.effective_on.isoformat(),
        ]
        for step in unit.steps
    ]
    records = [(step.table, step.record) for step in unit.steps if step.record is not None]
    if unit.events:
        records += [(types.table(EVENTS), event) for event in unit.events]
    contents = [_content(table, record) for table, record in records]
    shown = [_shown(table, content) for content, (table, _) in zip(contents, records, strict=True)]
    whole = _digest([terms, contents])
    is_same = all(some is content for some, content in zip(shown, contents, strict=True))
    return _APART.join((whole if is_same else _digest([terms, shown]), whole))


def digest_without_personal(digest: str) -> str:
    """
    Return what may stay of a digest once personal data of its unit are erased: its first half.

    An adapter cuts the digest of every unit that wrote a version or an event which the erasure
    changed.
    """
    return digest.partition(_APART)[0]


def is_same_content(kept: str, given: str) -> bool:
    """
    Return whether two digests stand for the same content.

    Args:
        kept: Digest as the store keeps it, perhaps cut by an erasure.
        given: Digest of the unit that came again.
    """
    return kept == given or kept == digest_without_personal(given)


def is_same_event(table: FieldTable, kept: Event, given: Event, *, is_erased: bool) -> bool:
    """
    Return whether an event that came again is the one that is kept.

    Args:
        table: Field table of events, with registered fields.
        kept: Event as the store keeps it.
        given: Event of the same id that came again.
        is_erased: Whether an erasure emptied the event that is kept; then what it emptied does
            not count. An adapter marks each event that an erasure changed.
    """
    return kept == (erased(table, given) if is_erased else given)


def _digest(content: list[Any]) -> str:
    return hashlib.sha256(_CANONICAL.encode(content).encode()).hexdigest()


def _content(table: FieldTable, record: object) -> dict[str, object]:
    """Return a record as plain data, with its type, without its nulls."""
    data = to_data(table, record)
    content = {key: one for key, one in data.items() if one is not None}
    content[_TYPE] = table.name
    return content


def _shown(table: FieldTable, content: dict[str, object]) -> dict[str, object]:
    """Return the content without personal data: itself where it has none."""
    hidden = _hidden(table)
    if hidden.isdisjoint(content):
        return content
    return {name: value for name, value in content.items() if name not in hidden}


@cache
def _hidden(table: FieldTable) -> frozenset[str]:
    return frozenset(field.name for field in personal_fields(table))
