"""The typed tree of the expression language: plain frozen data, compared by value."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import assert_never

import attrs

Scalar = bool | Decimal | str | date | datetime
"""What a field or a literal may hold; `None` stands beside it for unknown."""


class Comparator(Enum):
    """A comparison of two values of one type."""

    EQ = "=="
    NE = "!="
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="


class Operator(Enum):
    """An exact operation on two numbers."""

    ADD = "+"
    SUBTRACT = "-"
    MULTIPLY = "*"


@attrs.frozen
class FieldRef:
    """
    The value of a field of the row under test.

    Attributes:
        name: Name of the field.
    """

    name: str


@attrs.frozen
class Literal:
    """
    A value written into the rule; never null.

    Attributes:
        value: A truth value, an admissible decimal, a text, a date or an instant in UTC.
    """

    value: Scalar


@attrs.frozen
class Comparison:
    """
    Whether two values stand in an order; unknown when either is.

    Attributes:
        comparator: The order asked for.
        left: The value before the sign.
        right: The value behind it, of the same type.
    """

    comparator: Comparator
    left: Expression
    right: Expression


@attrs.frozen
class Membership:
    """
    Whether a value is one of the options; unknown when it is null.

    Attributes:
        value: The value looked for.
        options: Values of the same type, at most 10,000; with none the answer is false.
    """

    value: Expression
    options: tuple[Literal, ...]


@attrs.frozen
class NullTest:
    """
    Whether a value is null; never unknown.

    Attributes:
        value: Any expression.
    """

    value: Expression


@attrs.frozen
class Conjunction:
    """
    Whether all parts hold: false if any is false, else unknown if any is unknown.

    Attributes:
        parts: Conditions; with none the answer is true.
    """

    parts: tuple[Expression, ...]


@attrs.frozen
class Disjunction:
    """
    Whether some part holds: true if any is true, else unknown if any is unknown.

    Attributes:
        parts: Conditions; with none the answer is false.
    """

    parts: tuple[Expression, ...]


@attrs.frozen
class Negation:
    """
    The opposite; unknown stays unknown.

    Attributes:
        part: A condition.
    """

    part: Expression


@attrs.frozen
class Arithmetic:
    """
    An exact sum, difference or product; null when either side is.

    Attributes:
        operator: The operation.
        left: The number before the sign.
        right: The number behind it.
    """

    operator: Operator
    left: Expression
    right: Expression


Expression = (
    FieldRef
    | Literal
    | Comparison
    | Membership
    | NullTest
    | Conjunction
    | Disjunction
    | Negation
    | Arithmetic
)
"""Any node of a rule."""


def children(expression: Expression) -> tuple[Expression, ...]:
    """Return the direct parts of a node, left to right."""
    match expression:
        case FieldRef() | Literal():
            return ()
        case Comparison(_, left, right) | Arithmetic(_, left, right):
            return (left, right)
        case Membership(value, options):
            return (value, *options)
        case NullTest(part) | Negation(part):
            return (part,)
        case Conjunction(parts) | Disjunction(parts):
            return parts
        case _:
            assert_never(expression)


def fields_of(expression: Expression) -> tuple[str, ...]:
    """Return the names of the fields an expression reads, each once, in order of appearance."""
    names: dict[str, None] = {}
    waiting: list[Expression] = [expression]
    while waiting:
        node = waiting.pop()
        if isinstance(node, FieldRef):
            names[node.name] = None
        waiting.extend(reversed(children(node)))
    return tuple(names)


def rule_text(expression: Expression) -> str:
    """Return an expression as a person would write it, for messages and catalogues."""
    pieces: list[str] = []
    waiting: list[Expression | str] = [expression]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            pieces.append(item)
        else:
            waiting.extend(reversed(_spelling(item)))
    return "".join(pieces)


def _spelling(expression: Expression) -> list[Expression | str]:
    """Return the words of a node, left to right, with its parts between them."""
    match expression:
        case FieldRef(name):
            return [name]
        case Literal(value):
            return [repr(value) if isinstance(value, str) else str(value)]
        case Comparison(Comparator(value=sign), left, right):
            return [*_part(left), f" {sign} ", *_part(right)]
        case Arithmetic(Operator(value=sign), left, right):
            return [*_part(left), f" {sign} ", *_part(right)]
        case Membership(value, options):
            return [*_part(value), " in (", *_joined(options, ", "), ")"]
        case NullTest(part):
            return [*_part(part), " is null"]
        case Negation(part):
            return ["not ", *_part(part)]
        case Conjunction(parts):
            return _joined(parts, " and ") or ["true"]
        case Disjunction(parts):
            return _joined(parts, " or ") or ["false"]
        case _:
            assert_never(expression)


def _joined(parts: tuple[Expression, ...], sign: str) -> list[Expression | str]:
    """Return parts with a sign between each two."""
    return [word for part in parts for word in (sign, *_part(part))][1:]


def _part(expression: Expression) -> list[Expression | str]:
    """Return a part, in brackets where it is more than a name or a value."""
    if isinstance(expression, FieldRef | Literal):
        return [expression]
    return ["(", expression, ")"]
