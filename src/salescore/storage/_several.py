"""Arguments that hold several things, and what is said where one is given alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from salescore.errors import InvalidValue


def several(thing: str, values: Iterable[Any], example: str) -> tuple[Any, ...]:
    """
    Return what an argument holds, as a tuple.

    Args:
        thing: The argument's name.
        values: What the caller gave.
        example: What would be right.

    Raises:
        InvalidValue: One thing alone, or a text.
    """
    if isinstance(values, str) or not isinstance(cast("object", values), Iterable):
        raise InvalidValue(thing, values, f"it holds several, such as {example}")
    return tuple(values)
