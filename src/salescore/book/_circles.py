"""Circles in what leads from one record to the next."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def circles(following: Mapping[Key, Key]) -> tuple[tuple[Key, ...], ...]:
    """
    Return every circle, each from the member that comes first in the mapping.

    Args:
        following: What each key leads to; one that leads nowhere has no entry.
    """
    found: list[tuple[Key, ...]] = []
    walk_of: dict[Key, int] = {}
    for number, start in enumerate(following):
        path: list[Key] = []
        key = start
        while key in following and key not in walk_of:
            walk_of[key] = number
            path.append(key)
            key = following[key]
        if walk_of.get(key) == number:
            found.append(tuple(path[path.index(key) :]))
    return tuple(found)
