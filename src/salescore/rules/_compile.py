"""Compiling: which function each kind of node of a rule becomes."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar, assert_never

from salescore.rules import _closures as closures
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
    Literal,
    Membership,
    Negation,
    NullTest,
    Operator,
    Rounded,
    TagMatch,
    TagTest,
    TextMatch,
    TextTest,
)
from salescore.values import EXACT

S = TypeVar("S")

_CHAIN = 8
"""Most parts that call one another; longer joins are cut, so that the stack stays shallow."""

_COMPARE: dict[Comparator, Callable[[Any, Any], bool]] = {
    Comparator.EQ: operator.eq,
    Comparator.NE: operator.ne,
    Comparator.LT: operator.lt,
    Comparator.LE: operator.le,
    Comparator.GT: operator.gt,
    Comparator.GE: operator.ge,
}

_MIRRORED: dict[Comparator, Callable[[Any, Any], bool]] = {
    Comparator.EQ: operator.eq,
    Comparator.NE: operator.ne,
    Comparator.LT: operator.gt,
    Comparator.LE: operator.ge,
    Comparator.GT: operator.lt,
    Comparator.GE: operator.le,
}

_COMBINE: dict[Operator, Callable[[Any, Any], Any]] = {
    Operator.ADD: EXACT.add,
    Operator.SUBTRACT: EXACT.subtract,
    Operator.MULTIPLY: EXACT.multiply,
}

_FIND: dict[TextMatch, Callable[[str, str], bool]] = {
    TextMatch.STARTS_WITH: lambda wanted, text: text.startswith(wanted),
    TextMatch.CONTAINS: lambda wanted, text: wanted in text,
    TextMatch.ENDS_WITH: lambda wanted, text: text.endswith(wanted),
}

_HAVE: dict[TagMatch, Callable[[frozenset[str], Any], bool]] = {
    TagMatch.ANY: lambda wanted, tags: not wanted.isdisjoint(tags),
    TagMatch.ALL: frozenset[str].issubset,
    TagMatch.NONE: frozenset[str].isdisjoint,
}


class _Test(NamedTuple):
    """A question to one value, answered by literals alone: `holds(wanted, value)`."""

    of: Expression
    # What is wanted comes first, because most answers then are functions written in C.
    holds: Callable[[Any, Any], bool]
    wanted: object


class _NullTest(NamedTuple):
    """Whether one value is null, or is not."""

    of: Expression
    wanted: bool


_Rest = (
    FieldRef
    | Literal
    | Comparison
    | Conjunction
    | Disjunction
    | Negation
    | Arithmetic
    | Between
    | Conditional
    | Coalesce
    | DaysBetween
    | Rounded
)


def _asked(expression: Expression) -> _Test | _NullTest | _Rest:
    """Return what a node asks of one value; the node itself where it looks at several."""
    match expression:
        case Comparison(comparator, Literal(constant), part):
            return _Test(part, _COMPARE[comparator], constant)
        case Comparison(comparator, part, Literal(constant)):
            return _Test(part, _MIRRORED[comparator], constant)
        case Between(part, Literal(low), Literal(high)):
            return _Test(part, _encloses, (low, high))
        case Membership(part, options):
            return _Test(part, operator.contains, frozenset(option.value for option in options))
        case TextTest(match, part, text):
            return _Test(part, _FIND[match], text)
        case TagTest(match, part, tags):
            return _Test(part, _HAVE[match], frozenset(tags))
        case NullTest(part):
            return _NullTest(part, wanted=True)
        case Negation(NullTest(part)):
            return _NullTest(part, wanted=False)
        case _:
            return expression


def compiled(  # noqa: C901, PLR0912 - a case per kind of node
    expression: Expression, reader: Callable[[str], Callable[[S], Any]]
) -> Callable[[S], Any]:
    """
    Return an expression as one function from a row to its value there.

    Args:
        expression: A rule within the limits of `check_size`.
        reader: As in `compile_expression`.
    """
    asked = _asked(expression)
    match asked:
        case _Test(FieldRef(name), holds, wanted) if reader is operator.itemgetter:
            return closures.ask_field(name, holds, wanted)
        case _Test(value, holds, wanted):
            return closures.ask(compiled(value, reader), holds, wanted)
        case _NullTest(FieldRef(name), wanted) if reader is operator.itemgetter:
            return closures.ask_null_field(name, wanted=wanted)
        case _NullTest(value, wanted):
            return closures.ask_null(compiled(value, reader), wanted=wanted)
        case FieldRef(name):
            return reader(name)
        case Literal(constant):
            return lambda _row: constant
        case Comparison(comparator, left, right):
            act = _COMPARE[comparator]
            return closures.combine(act, compiled(left, reader), compiled(right, reader))
        case Arithmetic(operation, left, right):
            exact = _COMBINE[operation]
            sides = compiled(left, reader), compiled(right, reader)
            return closures.arithmetic(rule_text(asked), exact, *sides)
        case Between(value, low, high):
            return closures.between(*(compiled(part, reader) for part in (value, low, high)))
        case Negation(part):
            return closures.negate(compiled(part, reader))
        case DaysBetween(start, end):
            sides = compiled(start, reader), compiled(end, reader)
            return closures.combine(closures.days_between, *sides)
        case Rounded(part, digits, mode):
            return closures.rounded_to(rule_text(asked), compiled(part, reader), digits, mode)
        case Coalesce(parts):
            return closures.coalesce([compiled(part, reader) for part in parts])
        case Conditional(branches, otherwise):
            return closures.choose(
                [(compiled(one.when, reader), compiled(one.then, reader)) for one in branches],
                None if otherwise is None else compiled(otherwise, reader),
            )
        case Conjunction(parts):
            return _joined(parts, reader, ends=False)
        case Disjunction(parts):
            return _joined(parts, reader, ends=True)
        case _:
            assert_never(asked)


def _joined(
    parts: Sequence[Expression], reader: Callable[[str], Callable[[S], Any]], *, ends: bool
) -> Callable[[S], bool | None]:
    """Join parts so that `ends` decides: false for a conjunction, true for a disjunction."""
    if not parts:
        return lambda _row: not ends
    if len(parts) > _CHAIN:
        cuts = range(0, len(parts), _CHAIN)
        chains = [_joined(parts[cut : cut + _CHAIN], reader, ends=ends) for cut in cuts]
        return closures.ask_in_turn(chains, ends=ends)
    then = compiled(parts[-1], reader)
    for part in reversed(parts[:-1]):
        then = _linked(part, then, reader, ends=ends)
    return then


def _linked(
    part: Expression,
    then: Callable[[S], bool | None],
    reader: Callable[[str], Callable[[S], Any]],
    *,
    ends: bool,
) -> Callable[[S], bool | None]:
    """Return a part that, unless it decides, leaves the answer to what stands behind it."""
    match _asked(part):
        case _Test(FieldRef(name), holds, wanted) if reader is operator.itemgetter:
            return closures.ask_field_then(name, holds, wanted, then, ends=ends)
        case _Test(value, holds, wanted):
            return closures.ask_then(compiled(value, reader), holds, wanted, then, ends=ends)
        case _NullTest(FieldRef(name), wanted) if reader is operator.itemgetter:
            return closures.ask_null_field_then(name, then, wanted=wanted, ends=ends)
        case _NullTest(value, wanted):
            return closures.ask_null_then(compiled(value, reader), then, wanted=wanted, ends=ends)
        case _:
            return closures.ask_part_then(compiled(part, reader), then, ends=ends)


def _encloses(bounds: tuple[Any, Any], value: Any) -> bool:  # noqa: ANN401 - anything with an order
    return bool(bounds[0] <= value <= bounds[1])
