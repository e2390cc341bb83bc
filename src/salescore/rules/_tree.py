"""The typed tree of the expression language: plain frozen data, compared by value."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Protocol, assert_never

import attrs

from salescore.errors import RuleTypeError
from salescore.values import Rounding

Scalar = bool | Decimal | str | date | datetime
"""What a field or a literal may hold; `None` stands beside it for unknown."""

FieldValue = Scalar | frozenset[str] | None
"""What a field of a row may hold: a value, a set of texts, or `None` where it is unknown."""


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


class TextMatch(Enum):
    """Where a text must stand in another."""

    STARTS_WITH = "starts_with"
    CONTAINS = "contains"
    ENDS_WITH = "ends_with"


class TagMatch(Enum):
    """How many of the tags asked for a set must have."""

    ANY = "has_any"
    ALL = "has_all"
    NONE = "has_none"


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


@attrs.frozen
class Between:
    """
    Whether a value lies from one bound to another, both included.

    It is the conjunction of two comparisons: false if either is false, also where the other is
    unknown.

    Attributes:
        value: The value placed.
        low: Least value that lies within.
        high: Greatest value that lies within.
    """

    value: Expression
    low: Expression
    high: Expression


@attrs.frozen
class TextTest:
    """
    Whether a text has another at its start, at its end or anywhere; letter case counts.

    Attributes:
        match: Where the text must stand.
        value: The text searched; unknown when null.
        text: What is looked for, written into the rule; an empty text stands everywhere.
    """

    match: TextMatch
    value: Expression
    text: str


@attrs.frozen
class TagTest:
    """
    Whether a set of tags has some, all or none of the tags asked for.

    Attributes:
        match: How many of them the set must have.
        value: A set of texts; unknown when null.
        tags: The tags asked for; with none of them `any` is false, `all` and `none` are true.
    """

    match: TagMatch
    value: Expression
    tags: tuple[str, ...]


@attrs.frozen
class Branch:
    """
    One way out of a conditional.

    Attributes:
        when: A condition.
        then: The value where it holds.
    """

    when: Expression
    then: Expression


@attrs.frozen
class Conditional:
    """
    The value of the first branch whose condition holds; unknown does not hold.

    Attributes:
        branches: The branches, at least one, all of one type.
        otherwise: The value where none holds; `None` leaves it null.
    """

    branches: tuple[Branch, ...]
    otherwise: Expression | None = None


@attrs.frozen
class Coalesce:
    """
    The first of several values that is known; null when none is.

    Attributes:
        parts: Values of one type, at least one.
    """

    parts: tuple[Expression, ...]


@attrs.frozen
class DaysBetween:
    """
    Calendar days from one date to another, negative where the second comes first.

    Attributes:
        start: The date counted from; null makes the number null.
        end: The date counted to; likewise.
    """

    start: Expression
    end: Expression


@attrs.frozen
class Rounded:
    """
    A number rounded as declared; null stays null.

    Attributes:
        value: The number.
        digits: Digits behind the point, 0 to 18.
        mode: How a number between two steps is rounded.
    """

    value: Expression
    digits: int
    mode: Rounding


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
    | Between
    | TextTest
    | TagTest
    | Conditional
    | Coalesce
    | DaysBetween
    | Rounded
)
"""Any node of a rule."""


class HasTree(Protocol):
    """What carries a rule, as the terms do that Python code writes rules with."""

    @property
    def tree(self) -> Expression:
        """Return the rule."""
        ...


def rule_tree(rule: Expression | HasTree) -> Expression:
    """
    Return the tree of a rule.

    Args:
        rule: The tree itself, or a term that carries it.

    Raises:
        RuleTypeError: Neither; a plain value is no rule by itself.
    """
    tree: object = rule if isinstance(rule, Expression) else getattr(rule, "tree", rule)
    if not isinstance(tree, Expression):
        fault = (
            "it is no node of a rule; write a term such as F.orders >= 3, or read_rule from JSON"
        )
        raise RuleTypeError(f"a {type(tree).__name__}", fault)
    return tree


def children(expression: Expression) -> tuple[Expression, ...]:
    """Return the direct parts of a node, left to right."""
    match expression:
        case FieldRef() | Literal():
            return ()
        case Comparison(_, left, right) | Arithmetic(_, left, right):
            return (left, right)
        case Membership(value, options):
            return (value, *options)
        case NullTest(part) | Negation(part) | Rounded(part):
            return (part,)
        case TextTest(_, part) | TagTest(_, part):
            return (part,)
        case Conjunction(parts) | Disjunction(parts) | Coalesce(parts):
            return parts
        case Between(value, low, high):
            return (value, low, high)
        case Conditional(branches, otherwise):
            inner = [part for branch in branches for part in (branch.when, branch.then)]
            return (*inner,) if otherwise is None else (*inner, otherwise)
        case DaysBetween(start, end):
            return (start, end)
        case _:
            assert_never(expression)


def fields_of(expression: Expression | HasTree) -> tuple[str, ...]:
    """Return the names of the fields an expression reads, each once, in order of appearance."""
    names: dict[str, None] = {}
    waiting: list[Expression] = [rule_tree(expression)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, FieldRef):
            names[node.name] = None
        waiting.extend(reversed(children(node)))
    return tuple(names)
