"""Masks: which truth values a rule can still have while some of its fields are undecided."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from typing import Any

from salescore.errors import InexactResult
from salescore.plain import FieldTable
from salescore.rules._evaluate import compile_expression
from salescore.rules._regions import CutPoints, Row, is_condition, value_there
from salescore.rules._tree import (
    Coalesce,
    Comparator,
    Comparison,
    Conditional,
    Conjunction,
    Disjunction,
    Expression,
    FieldRef,
    Literal,
    Negation,
    NullTest,
)

Mask = Callable[[list[int]], int]
"""From the choice made for each field, -1 while undecided, to the truth values left."""

TRUE, FALSE, UNKNOWN = 1, 2, 4
_ALL = TRUE | FALSE | UNKNOWN

_SIGNS: dict[Comparator, Callable[[Any, Any], bool]] = {
    comparator: getattr(operator, comparator.name.lower()) for comparator in Comparator
}


def mask_of(value: object) -> int:
    """Return the mask of one truth value."""
    return TRUE if value is True else FALSE if value is False else UNKNOWN


def _bits(mask: int) -> list[int]:
    return [bit for bit in (TRUE, FALSE, UNKNOWN) if mask & bit]


def _table(combine: Callable[[int, int], int]) -> tuple[tuple[int, ...], ...]:
    """Return what two masks make, for every pair of them, from what two truth values make."""

    def joined(left: int, right: int) -> int:
        found = 0
        for one in _bits(left):
            for other in _bits(right):
                found |= combine(one, other)
        return found

    return tuple(tuple(joined(left, right) for right in range(8)) for left in range(8))


def _both(left: int, right: int) -> int:
    if FALSE in (left, right):
        return FALSE
    return TRUE if left == right == TRUE else UNKNOWN


def _opposite(bit: int) -> int:
    return {TRUE: FALSE, FALSE: TRUE}.get(bit, UNKNOWN)


def _either(left: int, right: int) -> int:
    return _opposite(_both(_opposite(left), _opposite(right)))


def _alike(left: int, right: int) -> int:
    if UNKNOWN in (left, right):
        return UNKNOWN
    return TRUE if left == right else FALSE


_AND = _table(_both)
_OR = _table(_either)
_EQUAL = _table(_alike)
_NOT = tuple(sum(map(_opposite, _bits(mask))) for mask in range(8))
_IS_NULL = tuple(
    (TRUE if mask & UNKNOWN else 0) | (FALSE if mask & ~UNKNOWN else 0) for mask in range(8)
)


class Masks:
    """
    A rule as a function from choices to the truth values that are left to it.

    Attributes:
        tables: For every field, its tests: what each choice makes of them.
        joint: Fields that a test reads together with another field.
    """

    def __init__(
        self,
        table: FieldTable,
        row: Row,
        cuts: CutPoints,
        values: dict[str, list[Any]],
    ) -> None:
        """
        Prepare the fields.

        Args:
            table: Field table that the rule was checked against.
            row: The row, for what cannot change.
            cuts: What each node of the rule reads.
            values: By field that may change, the values it can take, the present one first.
        """
        self.tables: dict[str, list[list[int]]] = {name: [] for name in values}
        self.joint: set[str] = set()
        self._table = table
        self._row = row
        self._cuts = cuts
        self._values = values
        self._places = {name: place for place, name in enumerate(values)}

    def of(self, expression: Expression) -> Mask:  # noqa: C901 - a case per kind of node
        """Return the mask of a condition."""
        reads = self._cuts.reads(expression)
        if not reads:
            known = mask_of(value_there(expression, self._row))
            return lambda _state: known
        if len(reads) == 1:
            return self._of_one(expression, min(reads))
        match expression:
            case Conjunction(parts):
                return self._joined(parts, _AND)
            case Disjunction(parts):
                return self._joined(parts, _OR)
            case Negation(part):
                return _mapped(self.of(part), _NOT)
            case NullTest(part) if is_condition(part, self._table):
                return _mapped(self.of(part), _IS_NULL)
            case Comparison(comparator, left, right) if is_condition(left, self._table):
                found = self._joined((left, right), _EQUAL)
                return found if comparator is Comparator.EQ else _mapped(found, _NOT)
            case Conditional(branches, otherwise):
                found = _unknown if otherwise is None else self.of(otherwise)
                for branch in reversed(branches):
                    found = _chosen(self.of(branch.when), self.of(branch.then), found)
                return found
            case Coalesce(parts):
                found = self.of(parts[-1])
                for part in reversed(parts[:-1]):
                    found = _first_known(self.of(part), found)
                return found
            case _:
                return self._of_several(expression, sorted(reads, key=self._places.__getitem__))

    def keep(self, name: str, choices: list[int]) -> None:
        """Keep some of a field's choices, the present one being choice 0."""
        self._values[name][:] = [self._values[name][choice] for choice in choices]
        for outcomes in self.tables[name]:
            kept = [outcomes[choice] for choice in choices]
            # The last one stands for the field while it is undecided: choice -1.
            outcomes[:] = [*kept, _union(kept)]

    def _of_one(self, expression: Expression, name: str) -> Mask:
        values = self._values[name]
        match expression:
            case Comparison(comparator, FieldRef(), Literal(constant)):
                # Most tests are of this form, and to compile one costs more than to answer it.
                sign = _SIGNS[comparator]
                outcomes = [
                    UNKNOWN if value is None else TRUE if sign(value, constant) else FALSE
                    for value in values
                ]
            case _:
                holds = compile_expression(expression, operator.itemgetter)
                outcomes = [_outcome(holds, {**self._row, name: value}) for value in values]
        outcomes.append(_union(outcomes))
        self.tables[name].append(outcomes)
        place = self._places[name]
        return lambda state: outcomes[state[place]]

    def _of_several(self, expression: Expression, names: list[str]) -> Mask:
        """Return the mask of a test of several fields, open until all are decided."""
        self.joint.update(names)
        holds = compile_expression(expression, operator.itemgetter)
        read = [(name, self._places[name], self._values[name]) for name in names]

        def mask(state: list[int]) -> int:
            trial = dict(self._row)
            for name, place, values in read:
                choice = state[place]
                if choice < 0:
                    return _ALL
                trial[name] = values[choice]
            return _outcome(holds, trial)

        return mask

    def _joined(self, parts: Iterable[Expression], pairs: tuple[tuple[int, ...], ...]) -> Mask:
        """Join parts pairwise."""
        first, *others = map(self.of, parts)

        def mask(state: list[int]) -> int:
            found = first(state)
            for other in others:
                found = pairs[found][other(state)]
            return found

        return mask


def _outcome(holds: Callable[[Row], object], row: Row) -> int:
    try:
        return mask_of(holds(row))
    except InexactResult:
        return UNKNOWN


def _union(masks: Iterable[int]) -> int:
    found = 0
    for mask in masks:
        found |= mask
    return found


def _unknown(_state: list[int]) -> int:
    return UNKNOWN


def _mapped(part: Mask, to: tuple[int, ...]) -> Mask:
    return lambda state: to[part(state)]


def _chosen(when: Mask, then: Mask, otherwise: Mask) -> Mask:
    def mask(state: list[int]) -> int:
        held = when(state)
        found = then(state) if held & TRUE else 0
        return found | otherwise(state) if held & ~TRUE else found

    return mask


def _first_known(part: Mask, rest: Mask) -> Mask:
    def mask(state: list[int]) -> int:
        found = part(state)
        return found & ~UNKNOWN | rest(state) if found & UNKNOWN else found

    return mask
