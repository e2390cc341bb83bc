"""Cut points: at which values of the fields that may change a rule can change its answer."""

from __future__ import annotations

import math
import operator
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from salescore.errors import InexactResult
from salescore.plain import FieldTable, Kind
from salescore.rules._evaluate import compile_expression
from salescore.rules._tree import (
    Arithmetic,
    Between,
    Coalesce,
    Comparator,
    Comparison,
    Conditional,
    DaysBetween,
    Expression,
    FieldRef,
    Literal,
    Membership,
    Operator,
    Rounded,
    TagTest,
    TextTest,
    children,
)

Row = Mapping[str, Any]

_WORK = 20_000
"""Most cut points that are solved for one rule."""

_NONE: frozenset[str] = frozenset()
_UNORDERED = (Comparator.EQ, Comparator.NE)


def value_there(expression: Expression, row: Row) -> Any:  # noqa: ANN401 - whatever it yields
    """Return the value of an expression on a row, null where it cannot be held exactly."""
    if isinstance(expression, Literal):
        return expression.value
    if isinstance(expression, FieldRef):
        return row[expression.name]
    try:
        return compile_expression(expression, operator.itemgetter)(row)
    except InexactResult:
        return None


def is_condition(expression: Expression, table: FieldTable) -> bool:
    """Return whether an expression that `check_types` has accepted yields truth values."""
    match expression:
        case FieldRef(name):
            return table.field(name).kind is Kind.BOOLEAN
        case Literal(value):
            return isinstance(value, bool)
        case Conditional(branches):
            return is_condition(branches[0].then, table)
        case Coalesce(parts):
            return is_condition(parts[0], table)
        case _:
            return not isinstance(expression, Arithmetic | Rounded | DaysBetween)


class CutPoints:
    """
    The values that cut each field that may change into stretches where no test changes.

    Attributes:
        points: Cut points by field: literals and constants of the row, shifted and scaled as the
            rule does; a `Fraction` where it divides.
        tags: Tags asked for, by field, one tuple for each test.
        is_exact: Whether these are all: a test of two fields at once, a field multiplied by
            itself, a text compared by its letters each leave some out.
    """

    def __init__(
        self, rule: Expression, row: Row, table: FieldTable, movable: Mapping[str, bool]
    ) -> None:
        """
        Find them.

        Args:
            rule: A condition that `check_types` has accepted.
            row: The row, for what cannot change.
            table: Field table that the rule was checked against.
            movable: By field that may change, whether its values are too many to be listed.
        """
        self.points: dict[str, dict[Any, None]] = {}
        self.tags: dict[str, list[tuple[str, ...]]] = {}
        self.is_exact = True
        self._row = row
        self._table = table
        self._single = {name: frozenset((name,)) for name in movable}
        self._many = frozenset(name for name, is_many in movable.items() if is_many)
        # A tree holds its nodes, so their identities last; as keys they spare hashing subtrees.
        self._reads: dict[int, frozenset[str]] = {}
        self._left = _WORK
        self._note(rule)

    def reads(self, expression: Expression) -> frozenset[str]:
        """Return which of the fields that may change a node of the rule reads."""
        return self._reads[id(expression)]

    def _note(self, expression: Expression) -> frozenset[str]:
        """Note what a node reads, and the cut points of the tests in it."""
        if isinstance(expression, FieldRef):
            found = self._single.get(expression.name, _NONE)
        elif isinstance(expression, Literal):
            found = _NONE
        elif isinstance(expression, Comparison):
            found = self._note(expression.left) | self._note(expression.right)
        elif isinstance(expression, Membership):
            found = self._note(expression.value)
        else:
            found = _NONE.union(*map(self._note, children(expression)))
        self._reads[id(expression)] = found
        if found:
            self._note_test(expression)
        return found

    def _note_test(self, expression: Expression) -> None:
        match expression:
            case Comparison(comparator, left, right):
                self._compare(left, right, is_ordered=comparator not in _UNORDERED)
            case Between(value, low, high):
                self._compare(value, low, is_ordered=True)
                self._compare(value, high, is_ordered=True)
            case Membership(value, options):
                for option in options:
                    self._solve(value, option.value)
            case TagTest(_, value, tags):
                for name in sorted(self.reads(value)):
                    self.tags.setdefault(name, []).append(tags)
            case TextTest(_, value):
                if self.reads(value) & self._many:
                    self.is_exact = False
            case _:
                pass

    def _compare(self, left: Expression, right: Expression, *, is_ordered: bool) -> None:
        first, second = self.reads(left), self.reads(right)
        if first and second and is_condition(left, self._table):
            return  # their own tests are cut where they stand
        for side, other, reads in ((left, right, first), (right, left, second)):
            if not reads & self._many:
                continue
            targets = self._constants(other)
            if targets is None and first == second and len(first) == 1:
                self._meet(left, right, min(first))
                return
            if targets is None:
                self.is_exact = False
                targets = [value_there(other, self._row)]
            for target in targets:
                if is_ordered and isinstance(target, str):
                    self.is_exact = False
                self._solve(side, target)

    def _constants(self, expression: Expression) -> list[Any] | None:
        """Return all values that an expression may have, `None` where they are too many."""
        if not self.reads(expression):
            return [value_there(expression, self._row)]
        match expression:
            case Conditional(branches, otherwise):
                parts = [branch.then for branch in branches]
                parts += [] if otherwise is None else [otherwise]
            case Coalesce(several):
                parts = [*several]
            case _:
                return None
        found: list[Any] = []
        for part in parts:
            inner = self._constants(part)
            if inner is None:
                return None
            found += inner
        return found

    def _meet(self, left: Expression, right: Expression, name: str) -> None:
        """Add the number at which two expressions over one field are equal."""
        if left == right:
            return
        first, second = self._line(left), self._line(right)
        if first is None or second is None:
            self.is_exact = False
        elif first[0] != second[0]:
            self._add(name, (second[1] - first[1]) / (first[0] - second[0]))

    def _line(self, expression: Expression) -> tuple[Fraction, Fraction] | None:
        """Return slope and intercept of a number over one field, `None` where it is no line."""
        if not self.reads(expression):
            value = value_there(expression, self._row)
            return (Fraction(0), Fraction(value)) if isinstance(value, Decimal) else None
        match expression:
            case FieldRef():
                return (Fraction(1), Fraction(0))
            case Arithmetic(act, left, right):
                first, second = self._line(left), self._line(right)
            case _:
                return None
        if first is None or second is None:
            return None
        if act is Operator.ADD:
            return (first[0] + second[0], first[1] + second[1])
        if act is Operator.SUBTRACT:
            return (first[0] - second[0], first[1] - second[1])
        if first[0] and second[0]:
            return None
        return (first[0] * second[1] + first[1] * second[0], first[1] * second[1])

    def _add(self, name: str, point: object) -> None:
        self.points.setdefault(name, {})[point] = None

    def _solve(self, expression: Expression, target: Any) -> None:  # noqa: ANN401 - any scalar
        """Add the values of fields at which an expression passes a target."""
        if target is None or not self.reads(expression) & self._many:
            return
        self._left -= 1
        if self._left < 0:
            self.is_exact = False
            return
        match expression:
            case FieldRef(name):
                self._add(name, target)
            case Arithmetic():
                self._solve_sum(expression, Fraction(target))
            case Rounded(value, digits):
                for edge in _edges(Fraction(target), digits):
                    self._solve(value, edge)
            case DaysBetween(start, end):
                self._solve_days(start, end, Fraction(target))
            case Coalesce() | Conditional():
                # Conditions inside are cut where they stand.
                for part in children(expression):
                    self._solve(part, target)
            case _:
                pass

    def _solve_sum(self, expression: Arithmetic, target: Fraction) -> None:
        first, second = self.reads(expression.left), self.reads(expression.right)
        if first and second:
            line = self._line(expression) if len(first | second) == 1 else None
            if line is not None:
                if line[0]:
                    self._add(min(first), (target - line[1]) / line[0])
                return
            self.is_exact = False
        if first:
            self._solve_left(expression, target)
        if second:
            self._solve_right(expression, target)

    def _solve_left(self, expression: Arithmetic, target: Fraction) -> None:
        other = value_there(expression.right, self._row)
        if other is None:
            return
        known = Fraction(other)
        if expression.operator is Operator.ADD:
            self._solve(expression.left, target - known)
        elif expression.operator is Operator.SUBTRACT:
            self._solve(expression.left, target + known)
        elif known:
            self._solve(expression.left, target / known)

    def _solve_right(self, expression: Arithmetic, target: Fraction) -> None:
        other = value_there(expression.left, self._row)
        if other is None:
            return
        known = Fraction(other)
        if expression.operator is Operator.ADD:
            self._solve(expression.right, target - known)
        elif expression.operator is Operator.SUBTRACT:
            self._solve(expression.right, known - target)
        elif known:
            self._solve(expression.right, target / known)

    def _solve_days(self, start: Expression, end: Expression, target: Fraction) -> None:
        if self.reads(start) and self.reads(end):
            if start == end:
                return
            self.is_exact = False
        whole = {math.floor(target), math.ceil(target)}
        for side, other, sign in ((start, end, -1), (end, start, 1)):
            fixed = value_there(other, self._row)
            if not self.reads(side) or fixed is None:
                continue
            for days in sorted(whole):
                try:
                    self._solve(side, fixed + sign * timedelta(days=days))
                except OverflowError:
                    continue  # the calendar ends before


def _edges(target: Fraction, digits: int) -> list[Fraction]:
    """Return where a rounded number may step past a target, whatever the mode of rounding."""
    half = Fraction(1, 2 * 10**digits)
    middle = 2 * (target // (2 * half))
    return [(middle + away) * half for away in range(-2, 5)]
