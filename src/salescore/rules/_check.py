"""The type check of a rule against a field table, before anything runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import assert_never

from salescore.errors import RuleTypeError
from salescore.plain import Field, FieldTable, Kind
from salescore.rules._limits import check_size
from salescore.rules._literals import checked_literal
from salescore.rules._text import rule_text
from salescore.rules._tree import (
    Arithmetic,
    Between,
    Coalesce,
    Comparator,
    Comparison,
    Conditional,
    Conjunction,
    DaysBetween,
    Disjunction,
    Expression,
    FieldRef,
    HasTree,
    Literal,
    Membership,
    Negation,
    NullTest,
    Rounded,
    Scalar,
    TagTest,
    TextTest,
    children,
    rule_tree,
)


class RuleType(Enum):
    """What an expression yields, apart from null."""

    BOOLEAN = "boolean"
    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    INSTANT = "instant"
    TAGS = "tags"


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


def check_types(expression: Expression | HasTree, table: FieldTable) -> RuleType:
    """
    Return what an expression yields on the rows of a table.

    Args:
        expression: The rule, a term or its tree: at most 32 levels deep, 2,000 nodes, 10,000
            options in a list and 65,536 characters in a text.
        table: Field table of a fact table; money is priced there, so no field holds `Money`.

    Returns:
        The type of every value that is not null.

    Raises:
        UnknownName: A field that the table does not have.
        RuleTypeError: Types that do not fit, a choice that its field can never hold, a literal
            that a rule cannot hold, or a rule beyond the limits.
    """
    tree = rule_tree(expression)
    check_size(tree)
    return _type_of(tree, table)


def _type_of(expression: Expression, table: FieldTable) -> RuleType:  # noqa: C901, PLR0912 - a case per kind of node
    match expression:
        case FieldRef(name):
            return _of_field(expression, table.field(name))
        case Literal(value):
            return _of_literal(value)
        case Comparison(comparator, left, right):
            sides = _type_of(left, table)
            _same(expression, sides, _type_of(right, table))
            _ordered(expression, comparator, sides)
            _possible(expression, left, [right], table)
            _possible(expression, right, [left], table)
            return RuleType.BOOLEAN
        case Between(value, low, high):
            placed = _type_of(value, table)
            _same(expression, placed, _type_of(low, table))
            _same(expression, placed, _type_of(high, table))
            _ordered(expression, Comparator.LE, placed)
            _possible(expression, value, [low, high], table)
            return RuleType.BOOLEAN
        case Membership(value, options):
            wanted = _type_of(value, table)
            _comparable(expression, wanted)
            for option in options:
                _same(expression, wanted, _type_of(option, table))
            _possible(expression, value, options, table)
            return RuleType.BOOLEAN
        case NullTest(part):
            _type_of(part, table)
            return RuleType.BOOLEAN
        case TextTest(_, part):
            _must_be(expression, RuleType.TEXT, _type_of(part, table))
            return RuleType.BOOLEAN
        case TagTest(_, part):
            _must_be(expression, RuleType.TAGS, _type_of(part, table))
            return RuleType.BOOLEAN
        case Negation() | Conjunction() | Disjunction():
            for part in children(expression):
                _must_be(expression, RuleType.BOOLEAN, _type_of(part, table))
            return RuleType.BOOLEAN
        case Arithmetic() | Rounded():
            for part in children(expression):
                _must_be(expression, RuleType.NUMBER, _type_of(part, table))
            return RuleType.NUMBER
        case DaysBetween():
            for part in children(expression):
                _must_be(expression, RuleType.DATE, _type_of(part, table))
            return RuleType.NUMBER
        case Coalesce(parts):
            return _alike(expression, parts, table)
        case Conditional(branches):
            for branch in branches:
                _must_be(expression, RuleType.BOOLEAN, _type_of(branch.when, table))
            # Without a branch nothing is chosen, so the else alone does not make it whole.
            return _alike(expression, _results(expression) if branches else (), table)
        case _:
            assert_never(expression)


def _alike(expression: Expression, parts: Sequence[Expression], table: FieldTable) -> RuleType:
    """Return the one type of several values, of which one will be the result."""
    if not parts:
        raise RuleTypeError(rule_text(expression), "it needs at least one value")
    first = _type_of(parts[0], table)
    for part in parts[1:]:
        found = _type_of(part, table)
        if found is not first:
            raise RuleTypeError(
                rule_text(expression), f"it is now {first.value}, now {found.value}"
            )
    return first


def _of_field(expression: FieldRef, field: Field) -> RuleType:
    if field.is_set:
        return RuleType.TAGS
    if field.kind not in _OF_KIND:
        raise RuleTypeError(
            rule_text(expression), "it holds money in any currency; rules see the priced fact table"
        )
    return _OF_KIND[field.kind]


def _of_literal(value: Scalar) -> RuleType:
    held = checked_literal(value)
    match held:
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
        case _:
            assert_never(held)


def _same(expression: Expression, left: RuleType, right: RuleType) -> None:
    if left is not right:
        if RuleType.TAGS in (left, right):
            _comparable(expression, RuleType.TAGS)
        raise RuleTypeError(rule_text(expression), f"it compares {left.value} with {right.value}")


def _comparable(expression: Expression, found: RuleType) -> None:
    if found is RuleType.TAGS:
        fault = "a set of tags is not compared; ask has_any, has_all or has_none"
        raise RuleTypeError(rule_text(expression), fault)


def _ordered(expression: Expression, comparator: Comparator, sides: RuleType) -> None:
    _comparable(expression, sides)
    if sides is RuleType.BOOLEAN and comparator not in _UNORDERED:
        raise RuleTypeError(rule_text(expression), "truth values have no order; use == or !=")


def _must_be(expression: Expression, wanted: RuleType, found: RuleType) -> None:
    if found is not wanted:
        raise RuleTypeError(rule_text(expression), f"it needs {wanted.value}, not {found.value}")


def _possible(
    expression: Expression, value: Expression, others: Sequence[Expression], table: FieldTable
) -> None:
    """Refuse a literal held against a value that can only be one of other choices."""
    known = _values_of(value, table)
    if known is None:
        return
    for other in others:
        if isinstance(other, Literal) and other.value not in known:
            fault = f"{rule_text(value)} is never {other.value!r}"
            choices = ", ".join(map(str, known))
            raise RuleTypeError(rule_text(expression), f"{fault}; it is one of {choices}")


def _values_of(value: Expression, table: FieldTable) -> dict[Scalar, None] | None:
    """Return all that a value made of choices can be, in order; `None` where nobody can tell."""
    found: dict[Scalar, None] = {}
    is_choice = False
    waiting = [value]
    while waiting:
        node = waiting.pop(0)
        match node:
            case FieldRef(name) if table.field(name).choices:
                is_choice = True
                found.update(dict.fromkeys(table.field(name).choices))
            case Literal(constant):
                found[constant] = None
            case Coalesce() | Conditional():
                waiting += _results(node)
            case _:
                return None
    return found if is_choice else None


def _results(node: Coalesce | Conditional) -> tuple[Expression, ...]:
    """Return the values of which a node yields one."""
    if isinstance(node, Coalesce):
        return node.parts
    ways = tuple(branch.then for branch in node.branches)
    return ways if node.otherwise is None else (*ways, node.otherwise)
