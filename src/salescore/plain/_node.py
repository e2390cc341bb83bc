"""Strict reading of JSON data: every key known, every type right, every fault with its path."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import NoReturn, cast

import attrs

from salescore.errors import InvalidDate, InvalidDocument, InvalidNumber, UnknownName
from salescore.values import parse_date, parse_decimal


def _printable(text: str) -> str:
    """Return a text with halves of surrogate pairs spelled out, for none can be sent anywhere."""
    return text.encode(errors="backslashreplace").decode()


@attrs.frozen
class Node:
    """
    A part of a JSON document.

    Attributes:
        data: Its plain data.
        path: Where it stands.
    """

    data: object
    path: str

    def refuse(self, fault: str) -> NoReturn:
        """Raise the error that names this place."""
        raise InvalidDocument(_printable(self.path), _printable(fault))

    def below(self, key: object, data: object) -> Node:
        """Return a part of this part."""
        name = _printable(str(key))
        return Node(data, f"{self.path}/{name}" if self.path else name)

    def pairs(self) -> Iterator[tuple[str, Node]]:
        """Yield the members of an object whose keys are free."""
        found = self.data
        if not isinstance(found, dict):
            self.refuse("expected an object")
        for key, data in cast("dict[str, object]", found).items():
            yield key, self.below(key, data)

    def object(self, keys: Sequence[str], required: Sequence[str] = ()) -> dict[str, Node]:
        """Return the members of an object whose keys are known."""
        members = dict(self.pairs())
        for key, member in members.items():
            if key not in keys:
                member.refuse(str(UnknownName("key", key, tuple(keys))))
        for key in required:
            if key not in members:
                self.refuse(f"the key {key!r} is missing")
        return members

    def items(self) -> list[Node]:
        """Return the members of a list."""
        found = self.data
        if not isinstance(found, list):
            self.refuse("expected a list")
        return [self.below(place, data) for place, data in enumerate(cast("list[object]", found))]

    def text(self, *, empty: bool = False) -> str:
        """Return a text."""
        if not isinstance(self.data, str):
            self.refuse("expected a text, in quotation marks also where it is a number")
        if not (self.data or empty):
            self.refuse("it must not be empty")
        if _printable(self.data) != self.data:
            self.refuse("it holds half of a surrogate pair; write both halves, or neither")
        return self.data

    def text_or_null(self) -> str | None:
        """Return a text, or `None` for null."""
        return None if self.data is None else self.text(empty=True)

    def texts(self) -> tuple[str, ...]:
        """Return a list of texts, none of them twice."""
        found = tuple(item.text(empty=True) for item in self.items())
        if len(set(found)) < len(found):
            self.refuse("a text stands twice in the list")
        return found

    def labels(self, *, empty: bool = False) -> tuple[str, str]:
        """Return an English and a Chinese label, in this order."""
        found = [item.text(empty=empty) for item in self.items()]
        if len(found) != 2:  # noqa: PLR2004 - one per language
            self.refuse("expected an English and a Chinese label")
        return found[0], found[1]

    def day(self) -> date:
        """Return a date, written as text."""
        try:
            return parse_date(self.text())
        except InvalidDate as error:
            self.refuse(str(error))

    def decimal(self) -> Decimal:
        """Return a number, written as text."""
        try:
            return parse_decimal(self.text())
        except InvalidNumber as error:
            self.refuse(str(error))

    def whole(self) -> int:
        """Return a whole number, written as one."""
        if type(self.data) is not int:
            self.refuse("expected a whole number, without quotation marks")
        return self.data

    def flag(self) -> bool:
        """Return true or false."""
        if not isinstance(self.data, bool):
            self.refuse("expected true or false")
        return self.data

    def choice(self, known: Sequence[str], kind: str) -> str:
        """Return a text that is one of a few."""
        text = self.text(empty=True)
        if text not in known:
            self.refuse(str(UnknownName(kind, text, tuple(known))))
        return text
