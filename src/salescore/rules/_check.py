"""The type check of a rule against a field table, before anything runs."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from salescore.errors import RuleTypeError
from salescore.plain import FieldTable, Kind
from salescore.rules._tree import (
    Arithmetic,
    Comparator,
    Comparison,
    Conjunction,
    Disjunction,
    Expression,
    FieldRef,
    Literal,
    Membership,
    Negation,
    NullTest,
    Scalar,
    children,
    rule_text,
)


class RuleType(Enum):
    """What an expression yields, apart from null."""

    BOOLEAN = "boolean"
    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    INSTANT = "instant"


_OF_KIND = {
    Kind.ID: RuleType.TEXT,
    Kind.TEXT: RuleType.TEXT,
    Kind.CHOICE: RuleType.TEXT,
    Kind.DECIMAL: RuleType.NUMBER,
    Kind.DATE: RuleType.DATE,
    Kind.INSTANT: RuleType.INSTANT,
    Kind.BOOLEAN: RuleType.BOOLEAN,
}

_UNORDERED = (Comparator.EQ, Comparator.NE)


def check_types(expression: Expression, table: FieldTable) -> RuleType:
    """
    Return what an expression yields on the rows of a table.

    Args:
        expression: The rule.
        table: Field table of a fact table; money is priced there, so no field holds `Money`.

    Raises:
        UnknownName: A field that the table does not have.
        RuleTypeError: Types that do not fit, or a choice that its field can never hold.
    """
    match expression:
        case FieldRef(name):
            return _of_field(expression, table.field(name).kind)
        case Literal(value):
            return _of_literal(value)
        case Comparison(comparator, left, right):
            _same(expression, check_types(left, table), check_types(right, table))
            _ordered(expression, comparator, check_types(left, table))
            _possible(expression, table)
            return RuleType.BOOLEAN
        case Membership(value, options):
            wanted = check_types(value, table)
            for option in options:
                _same(expression, wanted, check_types(option, table))
            _possible(expression, table)
            return RuleType.BOOLEAN
        case NullTest(part):
            check_types(part, table)
            return RuleType.BOOLEAN
        case Negation() | Conjunction() | Disjunction():
            for part in children(expression):
                _must_be(expression, RuleType.BOOLEAN, check_types(part, table))
            return RuleType.BOOLEAN
        case Arithmetic(_, left, right):
            _must_be(expression, RuleType.NUMBER, check_types(left, table))
            _must_be(expression, RuleType.NUMBER, check_types(right, table))
            return RuleType.NUMBER


def _of_field(expression: FieldRef, kind: Kind) -> RuleType:
    if kind not in _OF_KIND:
        raise RuleTypeError(
            rule_text(expression), "it holds money in any currency; rules see the priced fact table"
        )
    return _OF_KIND[kind]


def _of_literal(value: Scalar) -> RuleType:
    match value:
        case bool():
            return RuleType.BOOLEAN
        case Decimal():
            return RuleType.NUMBER
        case str():
            return RuleType.TEXT
        case datetime():
            return RuleType.INSTANT
        case date():
            return RuleType.DATE


def _same(expression: Expression, left: RuleType, right: RuleType) -> None:
    if left is not right:
        raise RuleTypeError(rule_text(expression), f"it compares {left.value} with {right.value}")


def _ordered(expression: Expression, comparator: Comparator, sides: RuleType) -> None:
    if sides is RuleType.BOOLEAN and comparator not in _UNORDERED:
        raise RuleTypeError(rule_text(expression), "truth values have no order; use == or !=")


def _must_be(expression: Expression, wanted: RuleType, found: RuleType) -> None:
    if found is not wanted:
        raise RuleTypeError(rule_text(expression), f"it needs {wanted.value}, not {found.value}")


def _possible(expression: Comparison | Membership, table: FieldTable) -> None:
    parts = children(expression)
    literals = [part.value for part in parts if isinstance(part, Literal)]
    for part in parts:
        if not isinstance(part, FieldRef):
            continue
        choices = table.field(part.name).choices
        for value in literals:
            if choices and value not in choices:
                raise RuleTypeError(
                    rule_text(expression),
                    f"{part.name} is never {value!r}; it is one of {', '.join(choices)}",
                )
