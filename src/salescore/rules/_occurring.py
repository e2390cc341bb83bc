"""Which values an input of a decision table can have: one for each stretch of its line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import attrs

from salescore.errors import InvalidNumber
from salescore.plain import Field, FieldTable
from salescore.rules._check import RuleType, check_types
from salescore.rules._tree import (
    Arithmetic,
    Coalesce,
    Conditional,
    Expression,
    FieldRef,
    Literal,
    NullTest,
    Operator,
    Rounded,
    Scalar,
    children,
)
from salescore.values import EXACT, Rounding, check_decimal, round_to, scale_of

_FIELD_DIGITS = 18
_STEPS = (
    timedelta(days=1),
    timedelta(hours=1),
    timedelta(minutes=1),
    timedelta(seconds=1),
    timedelta(microseconds=1),
)
_FIRST_INSTANT = datetime.min.replace(tzinfo=UTC)
_LAST_INSTANT = datetime.max.replace(tzinfo=UTC)


@attrs.frozen
class _Stretches:
    """
    How to find values around cuts of one type.

    Attributes:
        below: Returns a value below another; `None` where there is none.
        between: Returns a value between two; `None` where there is none.
        above: Returns a value above another; `None` where there is none.
        any_one: A value, for where nothing is cut.
    """

    below: Callable[[Any], Any]
    between: Callable[[Any, Any], Any]
    above: Callable[[Any], Any]
    any_one: Scalar


def occurring(
    expression: Expression, table: FieldTable, cuts: Sequence[Scalar], *, is_ordered: bool
) -> list[Scalar | None]:
    """
    Return values of an expression, such that each stretch between cuts has one.

    Of a plain field each of them is a value that the field may hold: a choice, a number within its
    range, a whole one where it counts, null only where it may be null; so it is of a field with
    another value for null, see `is_sure`. Of any other expression each is of its type, and whether
    fields lead to it is not known.

    Args:
        expression: An expression that `check_types` accepts, and no set of tags.
        table: The fields that it reads.
        cuts: Values of its type, ascending, each once.
        is_ordered: Whether it matters on which side of a cut a value lies.

    Returns:
        The values, ascending, `None` last where the expression may be null; at least one.
    """
    written = written_results(expression, table)
    found: list[Scalar | None]
    if written is not None:
        found = [*sorted(written)]
    elif check_types(expression, table) is RuleType.BOOLEAN:
        found = [False, True]
    elif check_types(expression, table) is RuleType.TEXT and not is_ordered:
        found = [*cuts, _other_text(cuts)]
    else:
        found = list(_along(expression, table, cuts))
    return [*found, None] if not found or _may_be_null(expression, table) else found


def is_sure(expression: Expression, table: FieldTable) -> bool:
    """Return whether an expression surely has each of its `occurring` values on some row."""
    return isinstance(expression, FieldRef) or _replaced(expression, table) is not None


def _replaced(expression: Expression, table: FieldTable) -> tuple[Field, Scalar] | None:
    """Return the field, and its value for null, where that is all that an expression is."""
    match expression:
        case Coalesce((FieldRef(name), Literal(value))) if table.field(name).nullable:
            return table.field(name), value
        case _:
            return None


def written_results(expression: Expression, table: FieldTable) -> set[Scalar] | None:
    """Return the results that are written out, apart from null; `None` where they are not."""
    match expression:
        case FieldRef(name):
            return {*table.field(name).choices} or None
        case Literal(value):
            return {value}
        case Coalesce() | Conditional():
            return _joined(_results(expression), table)
        case _:
            return None


def _results(expression: Coalesce | Conditional) -> tuple[Expression, ...]:
    """Return the parts of which one is the result."""
    if isinstance(expression, Coalesce):
        return expression.parts
    ways = tuple(branch.then for branch in expression.branches)
    return ways if expression.otherwise is None else (*ways, expression.otherwise)


def _joined(parts: Iterable[Expression], table: FieldTable) -> set[Scalar] | None:
    found: set[Scalar] = set()
    for part in parts:
        written = written_results(part, table)
        if written is None:
            return None
        found |= written
    return found


def _may_be_null(expression: Expression, table: FieldTable) -> bool:
    match expression:
        case FieldRef(name):
            return table.field(name).nullable
        case NullTest():
            return False
        case Coalesce(parts):
            return all(_may_be_null(part, table) for part in parts)
        case Conditional(_, otherwise):
            return otherwise is None or any(
                _may_be_null(part, table) for part in _results(expression)
            )
        case _:
            return any(_may_be_null(part, table) for part in children(expression))


def _other_text(cuts: Sequence[Scalar]) -> str:
    """Return a text that is none of some."""
    other = "another"
    while other in cuts:
        other += "!"
    return other


def _along(expression: Expression, table: FieldTable, cuts: Sequence[Scalar]) -> Iterator[Scalar]:
    """Yield, ascending, each cut, and a value on each stretch before, between and behind them."""
    replaced = _replaced(expression, table)
    field, extra = (None, None) if replaced is None else replaced
    if isinstance(expression, FieldRef):
        field = table.field(expression.name)
    limits = [] if field is None else [extra, field.minimum, field.maximum]
    marks: list[Any] = sorted({*cuts, *(one for one in limits if one is not None)})
    digits = _digits(expression, table)
    stretches = _stretches(check_types(expression, table), digits)
    found: list[Scalar | None] = [stretches.any_one]
    if marks:
        found = [stretches.below(marks[0]), marks[0]]
        for low, high in pairwise(marks):
            found += [stretches.between(low, high), high]
        found.append(stretches.above(marks[-1]))
    for value in found:
        if value is not None and (value == extra or _is_held(value, digits, field)):
            yield value


def _is_held(value: Scalar, digits: int, field: Field | None) -> bool:
    """Return whether a field, or the steps of an expression, allow a value."""
    if not isinstance(value, Decimal):
        return True
    if scale_of(value) > digits:
        return False
    if field is None:
        return True
    try:
        check_decimal(value)
    except InvalidNumber:
        return False
    return field.range_fault(value) is None


def _digits(expression: Expression, table: FieldTable) -> int:
    """Return how many digits behind the point the numbers of an expression have at most."""
    match expression:
        case FieldRef(name):
            return 0 if table.field(name).is_counted else _FIELD_DIGITS
        case Literal(Decimal() as value):
            return scale_of(value)
        case Arithmetic(sign, left, right):
            both = (_digits(left, table), _digits(right, table))
            return sum(both) if sign is Operator.MULTIPLY else max(both)
        case Rounded(value, digits):
            return min(digits, _digits(value, table))
        case Coalesce() | Conditional():
            return max((_digits(part, table) for part in _results(expression)), default=0)
        case _:
            return 0  # days, and what is no number


def _stretches(kind: RuleType, digits: int) -> _Stretches:
    match kind:
        case RuleType.NUMBER:
            return _Stretches(
                below=lambda high: EXACT.subtract(round_to(high, 0, Rounding.CEILING), Decimal(1)),
                between=lambda low, high: _number_between(low, high, digits),
                above=lambda low: EXACT.add(round_to(low, 0, Rounding.FLOOR), Decimal(1)),
                any_one=Decimal(0),
            )
        case RuleType.DATE:
            return _Stretches(
                below=lambda high: high - _STEPS[0] if high > date.min else None,
                between=lambda low, high: low + _STEPS[0] if (high - low).days > 1 else None,
                above=lambda low: low + _STEPS[0] if low < date.max else None,
                any_one=date(2000, 1, 1),
            )
        case RuleType.INSTANT:
            return _Stretches(
                below=_instant_before,
                between=_instant_between,
                above=lambda low: _instant_between(low, _LAST_INSTANT, includes_high=True),
                any_one=datetime(2000, 1, 1, tzinfo=UTC),
            )
        case _:
            return _Stretches(
                below=_text_before,
                between=_text_between,
                above=lambda low: f"{low}a",
                any_one="another",
            )


def _number_between(low: Decimal, high: Decimal, digits: int) -> Decimal | None:
    """Return the number with the fewest digits behind the point between two."""
    for scale in range(digits + 1):
        step = Decimal((0, (1,), -scale))
        found = EXACT.add(round_to(low, scale, Rounding.FLOOR), step)
        if found < high:
            return found
    return None


def _instant_before(high: datetime) -> datetime | None:
    return next((high - step for step in _STEPS if high - _FIRST_INSTANT >= step), None)


def _instant_between(
    low: datetime, high: datetime, *, includes_high: bool = False
) -> datetime | None:
    least = timedelta(0) if includes_high else timedelta(microseconds=1)
    return next((low + step for step in _STEPS if high - low >= step + least), None)


def _text_before(high: str) -> str | None:
    """Return a text before another, the empty one only where there is no other."""
    return next((text for text in ("A", "0", "!", " ", "\0", "") if text < high), None)


def _text_between(low: str, high: str) -> str | None:
    found = (f"{low}{letter}" for letter in ("a", "0", " ", "\0"))
    return next((text for text in found if text < high), None)
