"""The type check of a rule against a field table, before anything runs."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import assert_never, cast

from salescore.errors import InvalidNumber, RuleTypeError
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
    Operator,
    Scalar,
    children,
    rule_text,
)
from salescore.values import check_decimal


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

_SHOWN = 60

_UNORDERED = (Comparator.EQ, Comparator.NE)


DEPTH_LIMIT = 32
"""Most levels of a rule, a field or literal alone being one."""

NODE_LIMIT = 2_000
"""Most nodes of a rule; the options of a membership test are not counted."""

OPTION_LIMIT = 10_000
"""Most options of one membership test."""

TEXT_LIMIT = 65_536
"""Most characters of one text in a rule."""


def check_types(expression: Expression, table: FieldTable) -> RuleType:
    """
    Return what an expression yields on the rows of a table.

    Args:
        expression: The rule: at most 32 levels deep, 2,000 nodes, 10,000 options in a list and
            65,536 characters in a text.
        table: Field table of a fact table; money is priced there, so no field holds `Money`.

    Returns:
        The type of every value that is not null.

    Raises:
        UnknownName: A field that the table does not have.
        RuleTypeError: Types that do not fit, a choice that its field can never hold, a literal
            that a rule cannot hold, or a rule beyond the limits.
    """
    check_size(expression)
    return _type_of(expression, table)


def check_size(expression: Expression) -> None:
    """
    Refuse a rule that is too large to be walked safely, before anything walks it by recursion.

    Args:
        expression: The rule.

    Raises:
        RuleTypeError: It is beyond one of the limits.
    """
    count = 0
    level: list[object] = [expression]
    for _ in range(DEPTH_LIMIT):
        count += len(level)
        if count > NODE_LIMIT:
            raise _too_large(expression, f"it has more than {NODE_LIMIT:,} nodes")
        level = [part for node in level for part in _inner(node)]
    if level:
        raise _too_large(expression, f"it is nested more than {DEPTH_LIMIT} levels deep")


def _inner(node: object) -> tuple[object, ...]:
    """Return what counts below a node; refuse what is no node."""
    if not isinstance(node, Expression):
        fault = "it stands in a tree but is no node; write Literal or FieldRef around it"
        raise RuleTypeError(_shown(node), fault)
    if isinstance(node, Comparison) and not isinstance(cast("object", node.comparator), Comparator):
        raise RuleTypeError(_shown(node.comparator), "a comparison needs a Comparator")
    if isinstance(node, Arithmetic) and not isinstance(cast("object", node.operator), Operator):
        raise RuleTypeError(_shown(node.operator), "arithmetic needs an Operator")
    if not isinstance(node, Membership):
        return children(node)
    if len(node.options) > OPTION_LIMIT:
        raise _too_large(node, f"it lists more than {OPTION_LIMIT:,} options")
    for option in cast("tuple[object, ...]", node.options):
        if not isinstance(option, Literal):
            raise RuleTypeError(_shown(option), "an option of a list must be a Literal")
    return (node.value,)


def _too_large(node: Expression, fault: str) -> RuleTypeError:
    kind = type(node).__name__.lower()
    return RuleTypeError(f"a {kind}", f"{fault}; cut it into several rules")


def _type_of(expression: Expression, table: FieldTable) -> RuleType:
    match expression:
        case FieldRef(name):
            return _of_field(expression, table.field(name).kind)
        case Literal(value):
            return _of_literal(value)
        case Comparison(comparator, left, right):
            sides = _type_of(left, table)
            _same(expression, sides, _type_of(right, table))
            _ordered(expression, comparator, sides)
            _possible(expression, table)
            return RuleType.BOOLEAN
        case Membership(value, options):
            wanted = _type_of(value, table)
            for option in options:
                _same(expression, wanted, _type_of(option, table))
            _possible(expression, table)
            return RuleType.BOOLEAN
        case NullTest(part):
            _type_of(part, table)
            return RuleType.BOOLEAN
        case Negation() | Conjunction() | Disjunction():
            for part in children(expression):
                _must_be(expression, RuleType.BOOLEAN, _type_of(part, table))
            return RuleType.BOOLEAN
        case Arithmetic(_, left, right):
            _must_be(expression, RuleType.NUMBER, _type_of(left, table))
            _must_be(expression, RuleType.NUMBER, _type_of(right, table))
            return RuleType.NUMBER
        case _:
            assert_never(expression)


def _of_field(expression: FieldRef, kind: Kind) -> RuleType:
    if kind not in _OF_KIND:
        raise RuleTypeError(
            rule_text(expression), "it holds money in any currency; rules see the priced fact table"
        )
    return _OF_KIND[kind]


def checked_literal(value: object) -> Scalar:
    """
    Return a value unchanged if a rule can hold it.

    Args:
        value: Any object at all.

    Raises:
        RuleTypeError: A rule cannot hold it.
    """
    fault = _literal_fault(value)
    if fault is not None:
        raise RuleTypeError(_shown(value), fault)
    return cast("Scalar", value)


def _literal_fault(value: object) -> str | None:
    """Return why a rule cannot hold a value, or `None` where it can."""
    match value:
        case bool():
            return None
        case str():
            return f"at most {TEXT_LIMIT:,} characters" if len(value) > TEXT_LIMIT else None
        case int():
            return "a number in a tree must be a Decimal"
        case Decimal():
            return _decimal_fault(value)
        case datetime():
            in_utc = value.utcoffset() == timedelta(0)
            return None if in_utc else "an instant in a tree must be in UTC"
        case date():
            return None
        case None:
            return "null cannot be compared; ask is_null()"
        case float():
            return "a float is not exact; write Decimal or a whole number"
        case Enum():
            return "write the value of the choice, as text"
        case _:
            return f"a rule cannot hold a {type(value).__name__}"


def _decimal_fault(value: Decimal) -> str | None:
    try:
        check_decimal(value)
    except InvalidNumber as error:
        return error.fault
    return None


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


def _shown(value: object) -> str:
    """Return a literal as text, whatever it is and however long."""
    if isinstance(value, str):
        return repr(value[:_SHOWN])
    if isinstance(value, bool | date | Decimal | float | None):
        return str(value)[:_SHOWN]
    return f"a {type(value).__name__}"


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
