"""Cases that a lead score is learned from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import cast

import attrs

from salescore.entities import StageKind
from salescore.errors import InvalidRecord, InvalidValue

Pairs = Iterable[tuple[str, str]]
"""Fields with their values; a field whose value is unknown is left out."""

SortedPairs = tuple[tuple[str, str], ...]
"""The same, sorted, each once."""


def sorted_pairs(values: Pairs) -> SortedPairs:
    """
    Return fields with their values, sorted, each once.

    Raises:
        InvalidValue: A field or a value is no text, or empty.
    """
    found: set[tuple[str, str]] = set()
    for one in values:
        if not _is_pair(one):
            fault = "it must be a field and its value, two texts; what is unknown is left out"
            raise InvalidValue("value of a lead", one, fault)
        found.add(one)
    return tuple(sorted(found))


def _is_pair(one: object) -> bool:
    match one:
        case (str() as field, str() as value) if isinstance(one, tuple):
            return bool(field and value)
        case _:
            return False


def check_singles(values: SortedPairs, singles: set[str]) -> None:
    """
    Refuse two values of a field of which a case has one.

    Args:
        values: Fields with their values.
        singles: Names of the fields that are no sets.

    Raises:
        InvalidValue: There are two.
    """
    for (field, value), (following, other) in pairwise(values):
        if field == following and field in singles:
            fault = "a case has one; a field of several values, such as tags, is declared is_set"
            raise InvalidValue(f"value of {field!r}", (value, other), fault)


@attrs.frozen(kw_only=True)
class LeadExample:
    """
    A lead or an opportunity with what became of it.

    Attributes:
        key: What it is called, unlike any other.
        outcome: Whether it was `WON`, `LOST` or is `OPEN`; from `VOID` and `HOLD` nothing is
            learned, as from `OPEN`.
        stage: Stage it stands at, or the furthest it reached before it was lost; `None` when
            nobody can tell. That of a won one means nothing.
        decided_on: Day it was won or lost; `None` while it is open, or when unknown.
        values: Fields with their values, given in any order; what is unknown is left out.
    """

    key: str
    outcome: StageKind
    stage: str | None = None
    decided_on: date | None = None
    values: SortedPairs = attrs.field(default=(), converter=sorted_pairs)

    def __attrs_post_init__(self) -> None:
        if not isinstance(cast("object", self.outcome), StageKind):
            raise InvalidRecord("LeadExample", "outcome", self.outcome, "it must be a StageKind")
        if isinstance(self.decided_on, datetime):
            fault = "it must be a day; day_of() gives that of an instant"
            raise InvalidRecord("LeadExample", "decided_on", self.decided_on, fault)

    @property
    def is_closed(self) -> bool:
        """Return whether it was won or lost."""
        return self.outcome in {StageKind.WON, StageKind.LOST}


def closed_examples(examples: Iterable[LeadExample]) -> Sequence[LeadExample]:
    """
    Return the examples that were won or lost.

    Raises:
        InvalidValue: A key stands twice.
    """
    keys: set[str] = set()
    found: list[LeadExample] = []
    for one in examples:
        if one.key in keys:
            raise InvalidValue("key of an example", one.key, "it stands twice")
        keys.add(one.key)
        if one.is_closed:
            found.append(one)
    return found
