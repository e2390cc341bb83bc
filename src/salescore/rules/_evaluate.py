"""Evaluation: an expression becomes one closure, then runs on any number of rows."""

from __future__ import annotations

import decimal
import operator
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar, assert_never

from salescore.errors import InexactResult
from salescore.rules._limits import check_size
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
    Scalar,
    TagMatch,
    TagTest,
    TextMatch,
    TextTest,
)
from salescore.values import EXACT, Rounding, round_to

S = TypeVar("S")

_COMPARE: dict[Comparator, Callable[[Any, Any], bool]] = {
    Comparator.EQ: operator.eq,
    Comparator.NE: operator.ne,
    Comparator.LT: operator.lt,
    Comparator.LE: operator.le,
    Comparator.GT: operator.gt,
    Comparator.GE: operator.ge,
}

_COMBINE: dict[Operator, Callable[[Any, Any], Any]] = {
    Operator.ADD: EXACT.add,
    Operator.SUBTRACT: EXACT.subtract,
    Operator.MULTIPLY: EXACT.multiply,
}

_FIND: dict[TextMatch, Callable[[Any, str], bool]] = {
    TextMatch.STARTS_WITH: str.startswith,
    TextMatch.CONTAINS: operator.contains,
    TextMatch.ENDS_WITH: str.endswith,
}

_HAVE: dict[TagMatch, Callable[[Any, frozenset[str]], bool]] = {
    TagMatch.ANY: lambda tags, wanted: not wanted.isdisjoint(tags),
    TagMatch.ALL: lambda tags, wanted: wanted.issubset(tags),
    TagMatch.NONE: lambda tags, wanted: wanted.isdisjoint(tags),
}


def evaluate(
    expression: Expression, row: Mapping[str, Scalar | frozenset[str] | None]
) -> Scalar | None:
    """
    Return the value of an expression on one row; `None` is unknown.

    Args:
        expression: A rule that `check_types` has accepted.
        row: Values by field name.

    Returns:
        The value, `None` where it is unknown.

    Raises:
        InexactResult: A sum or product that cannot be held exactly.

    Examples:
        >>> from salescore.rules import F
        >>> evaluate((F.region == "West").tree, {"region": "West"})
        True
    """
    found: Scalar | None = compile_expression(expression, operator.itemgetter)(row)
    return found


def compile_expression(
    expression: Expression, reader: Callable[[str], Callable[[S], Any]]
) -> Callable[[S], Any]:
    """
    Compile an expression into one function.

    Nulls are those of SQL: a comparison with null is unknown, `false and unknown` is false,
    `true or unknown` is true, anything else that meets unknown is unknown, and unknown is `None`.

    Args:
        expression: A rule that `check_types` has accepted.
        reader: Gives for a field name the function that reads it off whatever the rows are:
            `operator.itemgetter` for mappings, a column's `__getitem__` for row numbers.

    Returns:
        A function from a row to the value there; it raises `InexactResult` where a sum or product
        cannot be held exactly.

    Raises:
        RuleTypeError: The rule is beyond the limits of `check_types`.
    """
    check_size(expression)
    return _compiled(expression, reader)


def _compiled(  # noqa: C901, PLR0912 - a case per kind of node
    expression: Expression, reader: Callable[[str], Callable[[S], Any]]
) -> Callable[[S], Any]:
    match expression:
        case FieldRef(name):
            return reader(name)
        case Literal(value):
            return lambda _row: value
        case Comparison(comparator, left, Literal(constant)):
            return _compare_constant(_COMPARE[comparator], _compiled(left, reader), constant)
        case Comparison(comparator, left, right):
            return _combine(
                _COMPARE[comparator],
                _compiled(left, reader),
                _compiled(right, reader),
            )
        case Arithmetic(act, left, right):
            return _arithmetic(
                rule_text(expression),
                _COMBINE[act],
                _compiled(left, reader),
                _compiled(right, reader),
            )
        case Between(value, low, high):
            return _between(*(_compiled(part, reader) for part in (value, low, high)))
        case Membership(value, options):
            return _member(_compiled(value, reader), frozenset(option.value for option in options))
        case NullTest(part):
            value_of = _compiled(part, reader)
            return lambda row: value_of(row) is None
        case Negation(NullTest(part)):
            known_of = _compiled(part, reader)
            return lambda row: known_of(row) is not None
        case TextTest(match, part, text):
            return _test(_compiled(part, reader), _FIND[match], text)
        case TagTest(match, part, tags):
            return _test(_compiled(part, reader), _HAVE[match], frozenset(tags))
        case Negation(part):
            return _negate(_compiled(part, reader))
        case DaysBetween(start, end):
            return _combine(_days_between, _compiled(start, reader), _compiled(end, reader))
        case Rounded(part, digits, mode):
            return _round(_compiled(part, reader), digits, mode)
        case Coalesce(parts):
            return _coalesce([_compiled(part, reader) for part in parts])
        case Conditional(branches, otherwise):
            return _choose(
                [(_compiled(one.when, reader), _compiled(one.then, reader)) for one in branches],
                None if otherwise is None else _compiled(otherwise, reader),
            )
        case Conjunction(parts):
            return _join([_compiled(part, reader) for part in parts], ends=False)
        case Disjunction(parts):
            return _join([_compiled(part, reader) for part in parts], ends=True)
        case _:
            assert_never(expression)


def _compare_constant(
    compare: Callable[[Any, Any], bool], left: Callable[[S], Any], constant: Scalar
) -> Callable[[S], bool | None]:
    def comparison(row: S) -> bool | None:
        value = left(row)
        return None if value is None else compare(value, constant)

    return comparison


def _combine(
    act: Callable[[Any, Any], Any], left: Callable[[S], Any], right: Callable[[S], Any]
) -> Callable[[S], Any]:
    def combined(row: S) -> Any:  # noqa: ANN401 - a number, or a truth value
        first, second = left(row), right(row)
        return None if first is None or second is None else act(first, second)

    return combined


def _arithmetic(
    text: str,
    act: Callable[[Any, Any], Any],
    left: Callable[[S], Any],
    right: Callable[[S], Any],
) -> Callable[[S], Any]:
    def exact(row: S) -> Any:  # noqa: ANN401 - a number or null
        first, second = left(row), right(row)
        if first is None or second is None:
            return None
        try:
            return act(first, second)
        except decimal.DecimalException:
            raise InexactResult(text) from None

    return exact


def _member(value_of: Callable[[S], Any], options: frozenset[Scalar]) -> Callable[[S], bool | None]:
    def member(row: S) -> bool | None:
        value = value_of(row)
        return None if value is None else value in options

    return member


def _between(
    value_of: Callable[[S], Any], low_of: Callable[[S], Any], high_of: Callable[[S], Any]
) -> Callable[[S], bool | None]:
    def between(row: S) -> bool | None:
        value, low, high = value_of(row), low_of(row), high_of(row)
        if value is None:
            return None
        if (low is not None and value < low) or (high is not None and value > high):
            return False
        return None if low is None or high is None else True

    return between


def _test(
    value_of: Callable[[S], Any], holds: Callable[[Any, Any], bool], wanted: object
) -> Callable[[S], bool | None]:
    def test(row: S) -> bool | None:
        value = value_of(row)
        return None if value is None else holds(value, wanted)

    return test


def _days_between(start: date, end: date) -> Decimal:
    return Decimal((end - start).days)


def _round(value_of: Callable[[S], Any], digits: int, mode: Rounding) -> Callable[[S], Any]:
    def rounded(row: S) -> Any:  # noqa: ANN401 - a number or null
        value = value_of(row)
        return None if value is None else round_to(value, digits, mode)

    return rounded


def _coalesce(parts: list[Callable[[S], Any]]) -> Callable[[S], Any]:
    def first_known(row: S) -> Any:  # noqa: ANN401 - whatever the parts are
        for part in parts:
            value = part(row)
            if value is not None:
                return value
        return None

    return first_known


def _choose(
    branches: list[tuple[Callable[[S], Any], Callable[[S], Any]]],
    otherwise: Callable[[S], Any] | None,
) -> Callable[[S], Any]:
    def chosen(row: S) -> Any:  # noqa: ANN401 - whatever the branches are
        for when, then in branches:
            if when(row):
                return then(row)
        return None if otherwise is None else otherwise(row)

    return chosen


def _negate(part: Callable[[S], bool | None]) -> Callable[[S], bool | None]:
    def negation(row: S) -> bool | None:
        value = part(row)
        return None if value is None else not value

    return negation


def _join(parts: list[Callable[[S], bool | None]], *, ends: bool) -> Callable[[S], bool | None]:
    """Join parts so that `ends` decides: false for a conjunction, true for a disjunction."""

    def joined(row: S) -> bool | None:
        answer: bool | None = not ends
        for part in parts:
            value = part(row)
            if value is ends:
                return ends
            if value is None:
                answer = None
        return answer

    return joined
