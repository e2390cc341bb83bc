"""Rules written as plain data, in the shape `{"op": [arguments]}`."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import assert_never

from salescore.errors import InvalidDocument, RuleTypeError
from salescore.plain import Node
from salescore.rules._data_size import check_data_size
from salescore.rules._limits import check_size
from salescore.rules._literals import checked_literal, shown_value
from salescore.rules._text import rule_text
from salescore.rules._tree import (
    Arithmetic,
    Between,
    Coalesce,
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
    rule_tree,
)
from salescore.values import format_instant


def rule_to_data(rule: Expression | HasTree) -> object:
    """
    Return a rule as plain data, in the one form that it is written in.

    Numbers are texts without exponent, negative zero is zero, and trailing zeros stay. Reading the
    data back gives an equal rule.

    Args:
        rule: The rule, or a part of one.

    Returns:
        Objects of one operator with a list of arguments, texts, truth values and whole numbers:
        what any JSON writer accepts.

    Raises:
        RuleTypeError: A rule beyond the limits, or one that no JSON could hold.

    Examples:
        >>> from salescore.rules import F
        >>> rule_to_data(F.amount >= 50_000)
        {'>=': [{'field': ['amount']}, {'decimal': ['50000']}]}
    """
    tree = rule_tree(rule)
    check_size(tree)
    data = _written(tree)
    try:
        check_data_size(Node(data, "rule"))
    except InvalidDocument as error:
        raise RuleTypeError(f"a {type(tree).__name__.lower()}", error.fault) from None
    return data


def scalar_to_data(value: Scalar) -> object:
    """
    Return a value as it stands in the data of a rule.

    Args:
        value: What a literal holds.

    Returns:
        A text, a truth value, or an object that tags a number, a date or an instant.

    Raises:
        RuleTypeError: A rule cannot hold the value, or no JSON could.

    Examples:
        >>> from decimal import Decimal
        >>> scalar_to_data(Decimal("12.50"))
        {'decimal': ['12.50']}
    """
    held = checked_literal(value)
    match held:
        case bool():
            return held
        case str():
            return _text(held)
        case Decimal():
            return {"decimal": [format(held or held.copy_abs(), "f")]}
        case datetime():
            return {"instant": [format_instant(held)]}
        case date():
            return {"date": [held.isoformat()]}
        case _:
            assert_never(held)


def _written(rule: Expression) -> object:  # noqa: C901, PLR0912 - a case per kind of node
    match rule:
        case FieldRef(name):
            return {"field": [_named(name)]}
        case Literal(value):
            return scalar_to_data(value)
        case Comparison(comparator, left, right):
            return {comparator.value: [_written(left), _written(right)]}
        case Arithmetic(operator, left, right):
            return {operator.value: [_written(left), _written(right)]}
        case Between(value, low, high):
            return {"between": [_written(value), _written(low), _written(high)]}
        case Membership(value, options):
            return {"in": [_written(value), [scalar_to_data(one.value) for one in options]]}
        case NullTest(part):
            return {"is_null": [_written(part)]}
        case Negation(part):
            return {"not": [_written(part)]}
        case Conjunction(parts):
            return {"and": [*map(_written, parts)]}
        case Disjunction(parts):
            return {"or": [*map(_written, parts)]}
        case Coalesce(parts):
            return {"coalesce": _some(rule, [*map(_written, parts)])}
        case Conditional(branches, otherwise):
            ways = [_written(part) for one in branches for part in (one.when, one.then)]
            last = [] if otherwise is None else [_written(otherwise)]
            return {"if": [*_some(rule, ways), *last]}
        case TextTest(match, value, text):
            return {match.value: [_written(value), _text(text)]}
        case TagTest(match, value, tags):
            return {match.value: [_written(value), [*map(_text, tags)]]}
        case DaysBetween(start, end):
            return {"days_between": [_written(start), _written(end)]}
        case Rounded(value, digits, mode):
            return {"round": [_written(value), digits, mode.value]}
        case _:
            assert_never(rule)


def _some(rule: Expression, parts: list[object]) -> list[object]:
    if not parts:
        raise RuleTypeError(rule_text(rule), "it needs at least one value")
    return parts


def _named(name: str) -> str:
    if not name:
        raise RuleTypeError(repr(name), "a field has a name")
    return _text(name)


def _text(text: object) -> str:
    """Return a text as a plain `str` that every reader of JSON accepts."""
    if not isinstance(text, str):
        raise RuleTypeError(shown_value(text), "a name must be a text")
    try:
        text.encode()
    except UnicodeEncodeError:
        fault = "half of a surrogate pair is no character; JSON cannot hold it"
        raise RuleTypeError(shown_value(text), fault) from None
    return str.__str__(text)
