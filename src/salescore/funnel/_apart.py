"""Whether two rules plainly hold on no row in common, told by the values that they name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from salescore.rules import (
    Between,
    Comparator,
    Comparison,
    Conjunction,
    Expression,
    FieldRef,
    Literal,
    Membership,
    Scalar,
)

_Edge = tuple[Any, int]
"""A value, and where beside it the range ends: 1 above it, -1 below it, 0 at it."""

_BELOW = {Comparator.LT: -1, Comparator.LE: 0}
_ABOVE = {Comparator.GT: 1, Comparator.GE: 0}


@attrs.frozen
class Range:
    """
    Where the values of one field lie on every row on which a rule holds.

    Attributes:
        low: Least of them; `None` where the rule names none.
        high: Greatest of them, likewise.
        options: All of them; `None` where the rule does not list them.
    """

    low: _Edge | None = None
    high: _Edge | None = None
    options: frozenset[Scalar] | None = None

    def narrowed(self, other: Range) -> Range:
        """Return where values lie that lie in two ranges."""
        lows = [one.low for one in (self, other) if one.low is not None]
        highs = [one.high for one in (self, other) if one.high is not None]
        options = [one.options for one in (self, other) if one.options is not None]
        return Range(
            max(lows, default=None),
            min(highs, default=None),
            options[0].intersection(*options[1:]) if options else None,
        )

    @property
    def is_empty(self) -> bool:
        """Return whether no value can lie in it."""
        if self.options is not None and not self.options:
            return True
        return self.low is not None and self.high is not None and self.low > self.high


Ranges = Mapping[str, Range]
"""Ranges by name of the field."""


def ranges_of(rules: Iterable[Expression]) -> Ranges:
    """
    Return where the values of fields lie on every row on which rules hold together.

    Args:
        rules: Conditions that `check_types` has accepted.
    """
    found: dict[str, Range] = {}
    for rule in rules:
        for name, one in _ranges(rule):
            found[name] = found[name].narrowed(one) if name in found else one
    return found


def are_apart(one: Ranges, other: Ranges) -> bool:
    """Return whether no row lies in the ranges of both; false where they do not tell."""
    return any(one[name].narrowed(other[name]).is_empty for name in one if name in other)


def _ranges(rule: Expression) -> Iterator[tuple[str, Range]]:
    match rule:
        case Conjunction(parts):
            for part in parts:
                yield from _ranges(part)
        case Comparison(comparator, FieldRef(name), Literal(value)):
            yield name, _compared(comparator, value)
        case Between(FieldRef(name), Literal(low), Literal(high)):
            least = _compared(Comparator.GE, low)
            yield name, least.narrowed(_compared(Comparator.LE, high))
        case Membership(FieldRef(name), options):
            yield name, Range(options=frozenset(one.value for one in options))
        case _:
            pass


def _compared(comparator: Comparator, value: Scalar) -> Range:
    is_ordered = isinstance(value, Decimal | date)
    if comparator is Comparator.EQ:
        edge = (value, 0) if is_ordered else None
        return Range(edge, edge, frozenset((value,)))
    if comparator in _ABOVE and is_ordered:
        return Range(low=(value, _ABOVE[comparator]))
    if comparator in _BELOW and is_ordered:
        return Range(high=(value, _BELOW[comparator]))
    return Range()
