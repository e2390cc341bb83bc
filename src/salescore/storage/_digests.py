"""
Digests: how a store tells the same content from other content under one key.

A digest has two halves, the first over the content without personal data, the second over all of
it.
When a subject is erased, the second half is cut off every digest that could still betray it.
"""

from __future__ import annotations

import hashlib
import json

from salescore.entities import Event
from salescore.plain import FieldTable, erased, personal_fields, to_data
from salescore.storage._checks import CheckedUnit, RecordTypes

_APART = "."


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
    return _APART.join(_digest(unit, types, with_personal=part) for part in (False, True))


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


def _digest(unit: CheckedUnit, types: RecordTypes, *, with_personal: bool) -> str:
    changes = [
        {
            "type": step.table.name,
            "id": step.id,
            "expected": step.expected,
            "effective_on": None if step.effective_on is None else step.effective_on.isoformat(),
            "data": None
            if step.record is None
            else _content(step.table, step.record, with_personal=with_personal),
        }
        for step in unit.steps
    ]
    events: list[object] = []
    if unit.events:
        table = types.table("events")
        events = [_content(table, one, with_personal=with_personal) for one in unit.events]
    text = json.dumps([changes, events], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _content(table: FieldTable, record: object, *, with_personal: bool) -> dict[str, object]:
    hidden = () if with_personal else {field.name for field in personal_fields(table)}
    data = to_data(table, record)
    return {name: value for name, value in data.items() if value is not None and name not in hidden}
