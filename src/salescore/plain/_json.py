"""Strict JSON text: no duplicate keys, no NaN, no number that would take minutes."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import NoReturn

from salescore.errors import InvalidDocument, InvalidNumber
from salescore.values import parse_decimal

TEXT_LIMIT = 1_048_576
"""Most characters of a document that is read in one piece."""

_SHOWN = 60


def parse_json(text: str, name: str = "document") -> object:
    """
    Return the plain data of a JSON text; numbers with a point or exponent come as `Decimal`.

    Args:
        text: The text, at most 1,048,576 characters.
        name: What the text is, for error messages.

    Returns:
        Objects as `dict`, lists, texts, truth values, `None`, `int` and `Decimal`; never a float.

    Raises:
        InvalidDocument: Not JSON, or JSON that two readers could understand differently.
    """
    if len(text) > TEXT_LIMIT:
        raise InvalidDocument(
            name, f"it has {len(text):,} characters; at most {TEXT_LIMIT:,} are read"
        )

    def refuse_constant(constant: str) -> NoReturn:
        raise InvalidDocument(name, f"{constant} is not a number of JSON")

    def number(raw: str) -> Decimal:
        try:
            return parse_decimal(raw)
        except InvalidNumber as error:
            raise InvalidDocument(name, str(error)) from None

    def whole(raw: str) -> int:
        return int(number(raw))

    def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
        found = dict(pairs)
        if len(found) != len(pairs):
            seen: set[str] = set()
            twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
            raise InvalidDocument(name, f"the key {twice[:_SHOWN]!r} stands twice in one object")
        return found

    try:
        return json.loads(
            text,
            parse_float=number,
            parse_int=whole,
            parse_constant=refuse_constant,
            object_pairs_hook=unique,
        )
    except json.JSONDecodeError as error:
        fault = f"it is not JSON: {error.msg} in line {error.lineno}, column {error.colno}"
        raise InvalidDocument(name, fault) from None
    except RecursionError:
        raise InvalidDocument(name, "it is nested too deeply") from None
