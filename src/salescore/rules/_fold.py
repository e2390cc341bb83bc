"""Folding: what a rule works out without reading a field is worked out once, before any row."""

from __future__ import annotations

import operator
from decimal import Decimal
from typing import assert_never

from salescore.errors import InexactResult, InvalidNumber
from salescore.rules._compile import compiled
from salescore.rules._tree import (
    Arithmetic,
    Between,
    Branch,
    Coalesce,
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
    Rounded,
    TagTest,
    TextTest,
    children,
)
from salescore.values import check_decimal

_LEAVES = (FieldRef, Literal)


def folded(expression: Expression) -> Expression:
    """
    Return a rule of the same meaning in which each part without fields is a literal.

    A part without a value, one whose value cannot be held exactly, which is an error only on a row
    that gets there, and one with more digits than a literal may have, stay as they are.

    Args:
        expression: A rule within the limits of `check_size`.
    """
    # Few rules have anything to fold, and looking is much cheaper than building anew.
    waiting = [expression]
    while waiting:
        node = waiting.pop()
        if _is_constant(node):
            return _rebuilt(expression)
        waiting += [part for part in children(node) if not isinstance(part, _LEAVES)]
    return expression


def _is_constant(expression: Expression) -> bool:
    """Whether a node that is no leaf has nothing but literals below it."""
    return not isinstance(expression, _LEAVES) and all(
        isinstance(part, Literal) for part in children(expression)
    )


def _rebuilt(expression: Expression) -> Expression:
    node = _with_rebuilt_parts(expression)
    if not _is_constant(node):
        return node
    try:
        value = compiled(node, operator.itemgetter)({})
        if isinstance(value, Decimal):
            check_decimal(value)
    except (InexactResult, InvalidNumber):
        return node
    return node if value is None else Literal(value)


def _with_rebuilt_parts(expression: Expression) -> Expression:  # noqa: C901, PLR0912 - a case per kind of node
    match expression:
        case FieldRef() | Literal():
            return expression
        case Comparison(comparator, left, right):
            return Comparison(comparator, _rebuilt(left), _rebuilt(right))
        case Arithmetic(operation, left, right):
            return Arithmetic(operation, _rebuilt(left), _rebuilt(right))
        case Between(value, low, high):
            return Between(_rebuilt(value), _rebuilt(low), _rebuilt(high))
        case Membership(value, options):
            return Membership(_rebuilt(value), options)
        case NullTest(part):
            return NullTest(_rebuilt(part))
        case TextTest(match, part, text):
            return TextTest(match, _rebuilt(part), text)
        case TagTest(match, part, tags):
            return TagTest(match, _rebuilt(part), tags)
        case Negation(part):
            return Negation(_rebuilt(part))
        case DaysBetween(start, end):
            return DaysBetween(_rebuilt(start), _rebuilt(end))
        case Rounded(part, digits, mode):
            return Rounded(_rebuilt(part), digits, mode)
        case Coalesce(parts):
            return Coalesce(tuple(map(_rebuilt, parts)))
        case Conjunction(parts):
            return Conjunction(tuple(map(_rebuilt, parts)))
        case Disjunction(parts):
            return Disjunction(tuple(map(_rebuilt, parts)))
        case Conditional(branches, otherwise):
            return Conditional(
                tuple(Branch(_rebuilt(one.when), _rebuilt(one.then)) for one in branches),
                None if otherwise is None else _rebuilt(otherwise),
            )
        case _:
            assert_never(expression)
