"""Texts that every store can keep."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from operator import attrgetter
from typing import Any

from salescore.errors import InvalidRecord
from salescore.plain import FieldTable, Kind

_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
_TEXTS = (Kind.ID, Kind.TEXT)


def is_keepable(text: object) -> bool:
    """Return whether a text can stand in every store: no U+0000, no half of a surrogate pair."""
    return isinstance(text, str) and _is_whole(text)


def _is_whole(text: str) -> bool:
    # Most texts are ASCII, which two fast looks show; the search costs ten times as much.
    return "\0" not in text and (text.isascii() or _UNKEEPABLE.search(text) is None)


def check_texts(table: FieldTable, records: Sequence[Any]) -> None:
    """
    Refuse texts that no store keeps; one search over all of them finds that there is none.

    Args:
        table: Field table of the records, with registered fields.
        records: Records of its class.

    Raises:
        InvalidRecord: The first field at fault.
    """
    texts = [text for own in map(_texts(table), records) for text in own if text]
    for one in records:
        if one.custom:
            texts += [value for _, value in one.custom if isinstance(value, str)]
    if _is_whole("".join(texts)):
        return
    names = [field.name for field in table.fields if not field.is_custom]
    values = (
        pair
        for one in records
        for pair in (*((name, getattr(one, name)) for name in names), *one.custom)
    )
    name, bad = next(
        (name, one) for name, one in values if isinstance(one, str) and not is_keepable(one)
    )
    fault = "no database keeps U+0000 or half of a surrogate pair; take them out first"
    raise InvalidRecord(table.name, name, bad, fault)


@cache
def _texts(table: FieldTable) -> Callable[[Any], tuple[str | None, ...]]:
    own = (field for field in table.fields if not field.is_custom)
    # The id stands there twice, because one name alone would give no tuple.
    return attrgetter("id", *(field.name for field in own if field.kind in _TEXTS))
