"""Is a history of concurrent reads and writes one that a single hand could have made?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import attrs


@attrs.frozen(kw_only=True)
class Operation:
    """
    What one hand did to one record, and when.

    Attributes:
        key: Record.
        began: Clock before the call, in nanoseconds; one clock for all hands.
        ended: Clock after its answer.
        is_write: Whether it made the version; else it saw it.
        version: Version that was made or seen; 0 where there was no record.
        value: What was written or seen; `None` where only the version was told.
    """

    key: str
    began: int
    ended: int
    is_write: bool
    version: int
    value: str | None = None


def history_fault(operations: Iterable[Operation]) -> str | None:
    """
    Return why no single hand could have made a history, or `None` where one could.

    A record with versions is linearizable exactly where its versions were made once each, 1, 2, 3 …
    without gaps, every read tells what the version says that it saw, and no operation that had
    ended before another began saw or made a later version than that one; a write makes a later one
    than everything before it. Records are judged one by one, which is enough for all of them.

    Args:
        operations: Everything that was answered, in any order.
    """
    by_key: dict[str, list[Operation]] = {}
    for one in operations:
        by_key.setdefault(one.key, []).append(one)
    faults = (_fault(key, found) for key, found in sorted(by_key.items()))
    return next((fault for fault in faults if fault is not None), None)


def _fault(key: str, operations: Sequence[Operation]) -> str | None:
    writes = [one for one in operations if one.is_write]
    versions = sorted(one.version for one in writes)
    if versions != list(range(1, len(versions) + 1)):
        twice = sorted({one for one in versions if versions.count(one) > 1})
        said = f"made twice: {twice}" if twice else f"the last of {len(versions)} is {versions[-1]}"
        return f"versions of {key} are not 1, 2, 3 …; {said}"
    values = {one.version: one.value for one in writes}
    for one in operations:
        if one.version and one.version not in values:
            return f"version {one.version} of {key} was seen, and nobody made it"
        if one.value is not None and one.value != values.get(one.version):
            return f"version {one.version} of {key} was seen as {one.value!r}, not as it was made"
    return _order_fault(key, operations)


def _order_fault(key: str, operations: Sequence[Operation]) -> str | None:
    """Return where the order of versions contradicts the order of time."""
    by_end = sorted(operations, key=lambda one: one.ended)
    last, place = 0, 0
    for one in sorted(operations, key=lambda one: one.began):
        while place < len(by_end) and by_end[place].ended < one.began:
            last = max(last, by_end[place].version)
            place += 1
        least = last + 1 if one.is_write else last
        if one.version < least:
            did = "made" if one.is_write else "seen"
            return f"version {one.version} of {key} was {did} after version {last} was known"
    return None
