"""Random rules for the differential test: well-typed, of every kind of node."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from salescore.errors import RuleTypeError
from salescore.rules import (
    Arithmetic,
    Between,
    Branch,
    Coalesce,
    Comparator,
    Comparison,
    Conditional,
    Conjunction,
    DaysBetween,
    Disjunction,
    Expression,
    FieldRef,
    Literal,
    Membership,
    Negation,
    NullTest,
    Operator,
    Rounded,
    RuleType,
    TagMatch,
    TagTest,
    TextMatch,
    TextTest,
    check_types,
    fields_of,
)
from salescore.testing._differential_rows import (
    DifferentialRows,
    random_day,
    random_decimal,
    random_instant,
    random_text,
)
from salescore.values import Rounding

_ORDERED = tuple(Comparator)
_UNORDERED = (Comparator.EQ, Comparator.NE)
_YIELDS = (
    *(RuleType.BOOLEAN,) * 12,
    *(RuleType.NUMBER,) * 5,
    *(RuleType.TEXT, RuleType.DATE, RuleType.INSTANT),
)
_DEPTH = 4
_COMPARED = (RuleType.NUMBER, RuleType.TEXT, RuleType.DATE, RuleType.INSTANT, RuleType.BOOLEAN)
_OFTEN, _LITERAL, _SELDOM, _RARELY = 0.5, 0.3, 0.15, 0.05


class RandomRules:
    """Makes random rules over rows; literals often are values of the rows, or lie beside one."""

    __slots__ = ("_names", "_randomness", "_rows")

    def __init__(self, randomness: Random, rows: DifferentialRows) -> None:
        """Keep where chance comes from, and the rows."""
        self._randomness = randomness
        self._rows = rows
        self._names: dict[RuleType, list[str]] = {kind: [] for kind in RuleType}
        for name in rows.schema.names:
            self._names[check_types(FieldRef(name), rows.schema)].append(name)

    def rule(self, yields: RuleType | None = None) -> Expression:
        """Return a rule that the field table accepts, of any type but tags unless one is named."""
        while True:
            kind = self._randomness.choice(_YIELDS) if yields is None else yields
            found = self.value(kind, self._randomness.randint(1, _DEPTH))
            if not fields_of(found) and not self._is(_RARELY):
                continue  # a constant says little about an engine
            try:
                if check_types(found, self._rows.schema) is kind:
                    return found
            except RuleTypeError:  # a choice held against a text that it never is
                continue

    def value(self, kind: RuleType, depth: int) -> Expression:
        """Return an expression of a type, nested at most so deep."""
        if kind is RuleType.TAGS:
            return FieldRef(self._one(self._names[kind]))
        if depth <= 0:
            return self._leaf(kind)
        if kind is RuleType.BOOLEAN:
            return self._condition(depth)
        if self._is(_SELDOM):
            return self._chosen(kind, depth)
        if kind is RuleType.NUMBER and not self._is(_SELDOM):
            return self._number(depth)
        return self._leaf(kind)

    def literal(self, kind: RuleType) -> Literal:
        """Return a literal of a type, often a value of the rows or one beside it."""
        name = self._one(self._names[kind])
        value = self._one(self._rows.by_name[name])
        if value is None or self._is(_SELDOM):
            return Literal(_FRESH[kind](self._randomness))
        if self._is(_OFTEN):
            value = self._beside(value)
        return Literal(value)

    # Parts --------------------------------------------------------------------------------------

    def _one(self, choices: Any) -> Any:  # noqa: ANN401 - one of any sequence
        return self._randomness.choice(choices)

    def _is(self, share: float) -> bool:
        return self._randomness.random() < share

    def _leaf(self, kind: RuleType) -> Expression:
        if self._is(_LITERAL):
            return self.literal(kind)
        return FieldRef(self._one(self._names[kind]))

    def _beside(self, value: Any) -> Any:  # noqa: ANN401 - a value of any type
        step = self._one((1, -1))
        match value:
            case bool():
                return not value
            case Decimal():
                tuple_ = value.as_tuple()
                digits = len(tuple_.digits)
                if digits >= 38 or not isinstance(tuple_.exponent, int):  # noqa: PLR2004 - no room
                    return value
                return value + Decimal(step).scaleb(tuple_.exponent)
            case datetime():
                return value + timedelta(microseconds=step)
            case date():
                return value + timedelta(days=step)
            case _:
                return value[: max(0, len(value) + step - 1)]

    def _condition(self, depth: int) -> Expression:  # noqa: C901 - a case per kind of node
        below = depth - 1
        match self._randomness.randrange(16):
            case 0 | 1:
                return Conjunction(self._some(RuleType.BOOLEAN, below, 3))
            case 2 | 3:
                return Disjunction(self._some(RuleType.BOOLEAN, below, 3))
            case 4:
                return Negation(self.value(RuleType.BOOLEAN, below))
            case 5:
                return NullTest(self.value(self._one(tuple(RuleType)), below))
            case 6:
                return self._chosen(RuleType.BOOLEAN, depth)
            case 7:
                kind = self._one(_COMPARED[:4])
                return Between(*(self.value(kind, below) for _ in range(3)))
            case 8:
                kind = self._one(_COMPARED)
                options = tuple(self.literal(kind) for _ in range(self._randomness.randrange(5)))
                return Membership(self.value(kind, below), options)
            case 9 | 10:
                text = self.literal(RuleType.TEXT).value
                piece = str(text)[: self._randomness.randrange(4)]
                return TextTest(
                    self._one(tuple(TextMatch)), self.value(RuleType.TEXT, below), piece
                )
            case 11 | 12:
                return self._tag_test()
            case 13:
                between = DaysBetween(
                    self.value(RuleType.DATE, below - 1), self.value(RuleType.DATE, below - 1)
                )
                return Comparison(self._one(_ORDERED), between, self.literal(RuleType.NUMBER))
            case _:
                kind = self._one(_COMPARED)
                signs = _UNORDERED if kind is RuleType.BOOLEAN else _ORDERED
                sides = self.value(kind, below), self.value(kind, below)
                return Comparison(self._one(signs), *sides)

    def _tag_test(self) -> Expression:
        name = self._one(self._names[RuleType.TAGS])
        known = sorted({tag for tags in self._rows.by_name[name] if tags for tag in tags})
        known += ["nobody", "a"]
        asked = tuple(self._one(known) for _ in range(self._randomness.randrange(4)))
        return TagTest(self._one(tuple(TagMatch)), FieldRef(name), asked)

    def _some(self, kind: RuleType, depth: int, most: int) -> tuple[Expression, ...]:
        return tuple(self.value(kind, depth) for _ in range(self._randomness.randint(0, most)))

    def _chosen(self, kind: RuleType, depth: int) -> Expression:
        """Return a value that is one of several."""
        below = depth - 1
        if self._is(_OFTEN):
            return Coalesce(self._some(kind, below, 2) or (self.value(kind, below),))
        branches = tuple(
            Branch(self.value(RuleType.BOOLEAN, below), self.value(kind, below))
            for _ in range(self._randomness.randint(1, 2))
        )
        return Conditional(branches, None if self._is(_OFTEN) else self.value(kind, below))

    def _number(self, depth: int) -> Expression:
        below = depth - 1
        match self._randomness.randrange(8):
            case 0 | 1:
                modes = tuple(Rounding)
                digits = self._one((0, 0, 1, 2, 2, 3, 4, 6, 18))
                return Rounded(self.value(RuleType.NUMBER, below), digits, self._one(modes))
            case 2:
                days = self.value(RuleType.DATE, below), self.value(RuleType.DATE, below)
                return DaysBetween(*days)
            case _:
                sides = self.value(RuleType.NUMBER, below), self.value(RuleType.NUMBER, below)
                return Arithmetic(self._one(tuple(Operator)), *sides)


_FRESH: dict[RuleType, Callable[[Random], Any]] = {
    RuleType.BOOLEAN: lambda own: own.random() < _OFTEN,
    RuleType.NUMBER: lambda own: random_decimal(own, own.choice((1, 3, 8)), own.choice((0, 1, 3))),
    RuleType.TEXT: random_text,
    RuleType.DATE: random_day,
    RuleType.INSTANT: random_instant,
}
