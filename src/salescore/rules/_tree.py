"""The typed tree of the expression language: plain frozen data, compared by value."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import Enum

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
    """The value of a field of the row under test."""

    name: str


@attrs.frozen
class Literal:
    """A value written into the rule; never null."""

    value: Scalar


@attrs.frozen
class Comparison:
    """Whether two values stand in an order; unknown when either is."""

    comparator: Comparator
    left: Expression
    right: Expression


@attrs.frozen
class Membership:
    """Whether a value is one of the options; unknown when it is null."""

    value: Expression
    options: tuple[Literal, ...]


@attrs.frozen
class NullTest:
    """Whether a value is null; never unknown."""

    value: Expression


@attrs.frozen
class Conjunction:
    """Whether all parts hold: false if any is false, else unknown if any is unknown."""

    parts: tuple[Expression, ...]


@attrs.frozen
class Disjunction:
    """Whether some part holds: true if any is true, else unknown if any is unknown."""

    parts: tuple[Expression, ...]


@attrs.frozen
class Negation:
    """The opposite; unknown stays unknown."""

    part: Expression


@attrs.frozen
class Arithmetic:
    """An exact sum, difference or product; null when either side is."""

    operator: Operator
    left: Expression
    right: Expression


Expression = (
    FieldRef | Literal | Comparison | Membership | NullTest | Conjunction | Disjunction | Negation | Arithmetic
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


def fields_of(expression: Expression) -> tuple[str, ...]:
    """Return the names of the fields that an expression reads, each once, in order of appearance."""
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
    match expression:
        case FieldRef(name):
            return name
        case Literal(value):
            return repr(value) if isinstance(value, str) else str(value)
        case Comparison(comparator, left, right):
            return f"{_part(left)} {comparator.value} {_part(right)}"
        case Arithmetic(operator, left, right):
            return f"{_part(left)} {operator.value} {_part(right)}"
        case Membership(value, options):
            return f"{_part(value)} in ({', '.join(map(rule_text, options))})"
        case NullTest(part):
            return f"{_part(part)} is null"
        case Negation(part):
            return f"not {_part(part)}"
        case Conjunction(parts):
            return " and ".join(map(_part, parts))
        case Disjunction(parts):
            return " or ".join(map(_part, parts))


def _part(expression: Expression) -> str:
    text = rule_text(expression)
    return text if isinstance(expression, FieldRef | Literal) else f"({text})"
