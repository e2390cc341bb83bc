"""Masks: which truth values a rule can still have while some of its fields are undecided."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from typing import Any

from salescore.errors import InexactResult
from salescore.plain import FieldTable, Kind
from salescore.rules._evaluate import compile_expression
from salescore.rules._regions import CutPoints, Row, value_there
from salescore.rules._tree import (
    Between,
    Coalesce,
    Comparator,
    Comparison,
    Conditional,
    Conjunction,
    Disjunction,
    Expression,
    FieldRef,
    Literal,
    Membership,
    Negation,
    NullTest,
    TagTest,
    TextTest,
)

Mask = Callable[[list[int]], int]
"""From the choice made for each field, -1 while undecided, to the truth values left."""

TRUE, FALSE, UNKNOWN = 1, 2, 4
_ALL = TRUE | FALSE | UNKNOWN

_SIGNS: dict[Comparator, Callable[[Any, Any], bool]] = {
    comparator: getattr(operator, comparator.name.lower()) for comparator in Comparator
}

_TESTS = (
    Comparison,
    Between,
    Membership,
    NullTest,
    TextTest,
    TagTest,
    Conjunction,
    Disjunction,
    Negation,
)


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

    def of(self, expression: Expression) -> int | Mask:  # noqa: C901 - a case per kind of node
        """Return the mask of a condition: a number where no choice changes it."""
        reads = self._cuts.reads(expression)
        if not reads:
            return mask_of(value_there(expression, self._row))
        if len(reads) == 1:
            return self._of_one(expression, min(reads))
        match expression:
            case Conjunction(parts):
                return self._joined(parts, _AND, TRUE)
            case Disjunction(parts):
                return self._joined(parts, _OR, FALSE)
            case Negation(part):
                return _mapped(self.of(part), _NOT)
            case NullTest(part) if self._is_condition(part):
                return _mapped(self.of(part), _IS_NULL)
            case Comparison(comparator, left, right) if self._is_condition(left):
                found = self._joined((left, right), _EQUAL, None)
                return found if comparator is Comparator.EQ else _mapped(found, _NOT)
            case Conditional(branches, otherwise):
                found = UNKNOWN if otherwise is None else self.of(otherwise)
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

    def _joined(
        self, parts: Iterable[Expression], pairs: tuple[tuple[int, ...], ...], first: int | None
    ) -> int | Mask:
        """Join parts pairwise; those that nothing changes are joined at once."""
        known = first
        open_parts: list[Mask] = []
        for found in map(self.of, parts):
            if isinstance(found, int):
                known = found if known is None else pairs[known][found]
            else:
                open_parts.append(found)
        if known is None:
            return _folded(open_parts[0], open_parts[1:], pairs)
        return _folded(known, open_parts, pairs)

    def _is_condition(self, expression: Expression) -> bool:
        match expression:
            case FieldRef(name):
                return self._table.field(name).kind is Kind.BOOLEAN
            case Literal(value):
                return isinstance(value, bool)
            case Conditional(branches):
                return self._is_condition(branches[0].then)
            case Coalesce(parts):
                return self._is_condition(parts[0])
            case _:
                return isinstance(expression, _TESTS)


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


def _folded(known: int | Mask, parts: list[Mask], pairs: tuple[tuple[int, ...], ...]) -> int | Mask:
    if not parts:
        return known

    def mask(state: list[int]) -> int:
        found = known if isinstance(known, int) else known(state)
        for part in parts:
            found = pairs[found][part(state)]
        return found

    return mask


def _mapped(part: int | Mask, to: tuple[int, ...]) -> int | Mask:
    if isinstance(part, int):
        return to[part]
    return lambda state: to[part(state)]


def _chosen(when: int | Mask, then: int | Mask, otherwise: int | Mask) -> int | Mask:
    def mask(state: list[int]) -> int:
        held = when if isinstance(when, int) else when(state)
        found = 0
        if held & TRUE:
            found = then if isinstance(then, int) else then(state)
        if held & ~TRUE:
            found |= otherwise if isinstance(otherwise, int) else otherwise(state)
        return found

    return mask


def _first_known(part: int | Mask, rest: int | Mask) -> Mask:
    def mask(state: list[int]) -> int:
        found = part if isinstance(part, int) else part(state)
        if found & UNKNOWN:
            found = found & ~UNKNOWN | (rest if isinstance(rest, int) else rest(state))
        return found

    return mask
