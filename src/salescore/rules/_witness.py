"""Witnesses: a row on which two rules hold at once, and a row in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from itertools import islice, permutations, product
from operator import itemgetter
from typing import Any

from salescore.errors import InexactResult, SalesCoreError
from salescore.plain import Field, FieldTable, Kind
from salescore.rules._check import check_types
from salescore.rules._evaluate import compile_expression
from salescore.rules._reach import reach
from salescore.rules._tree import (
    Conjunction,
    Expression,
    FieldValue,
    Literal,
    Scalar,
    TagTest,
    TextTest,
    children,
    fields_of,
)

_ROWS = 5_000
"""How many made-up rows a common one is first looked for among."""

_STEP = Decimal("0.01")
_FAR = 36_600
_PIECES = 6


def common_row(
    one: Expression, other: Expression, schema: FieldTable
) -> Mapping[str, FieldValue] | None:
    """
    Return a row on which two conditions hold at once.

    It is looked for at and beside the values that the conditions name, and where there are too many
    combinations, by the cheapest changes of a row of which nothing is known.
    The search is not exhaustive: `None` is no proof that there is no such row.

    Args:
        one: A condition that `check_types` has accepted.
        other: Another.
        schema: Field table that both were checked against.

    Returns:
        Values of the fields that the two read, in the order of reading, `None` for unknown; or
        `None` where no such row was found.

    Raises:
        UnknownName: A condition reads a field that the table does not have.

    Examples:
        >>> from salescore.rules import EXAMPLE_TABLE, F, as_tree
        >>> row = common_row(as_tree(F.orders >= 3), as_tree(F.orders < 4), EXAMPLE_TABLE)
        >>> row_text(row or {})
        'orders = 3'
    """
    names = dict.fromkeys((*fields_of(one), *fields_of(other)))
    literals = [*_literals(one), *_literals(other)]
    columns = [list(_values(schema.field(name), literals)) for name in names]
    place = {name: number for number, name in enumerate(names)}

    def reader(name: str) -> Callable[[tuple[Any, ...]], Any]:
        return itemgetter(place[name])

    holds, also_holds = compile_expression(one, reader), compile_expression(other, reader)
    for row in islice(product(*columns), _ROWS):
        with suppress(InexactResult):
            if holds(row) and also_holds(row):
                return dict(zip(names, row, strict=True))
    nothing = unknown_row(names, schema)
    both = Conjunction((one, other))
    try:
        check_types(both, schema)
        ways = reach(both, nothing, schema, names, most=1).ways
    except SalesCoreError:  # two rules within the limits can be beyond them together
        return None
    return ways[0].applied(nothing) if ways else None


def unknown_row(names: Iterable[str], schema: FieldTable) -> dict[str, FieldValue]:
    """
    Return a row of which nothing is known: `None`, and no tags.

    Args:
        names: Names of the fields.
        schema: Their field table.

    Raises:
        UnknownName: The table has no such field.
    """
    return {name: frozenset() if schema.field(name).is_set else None for name in names}


def row_text(row: Mapping[str, FieldValue]) -> str:
    """
    Return a row as text for messages.

    Args:
        row: Values by field name.

    Returns:
        Names and values; texts are quoted, tags in braces, what is `None` is called unknown.

    Examples:
        >>> row_text({"region": "West", "revenue": None})
        "region = 'West', revenue = unknown"
    """
    return ", ".join(f"{name} = {_shown(value)}" for name, value in row.items())


def _values(field: Field, literals: Iterable[Scalar]) -> Iterator[Any]:
    """Yield values of a field that lie at and beside those that rules name."""
    named = dict.fromkeys(literals)
    if field.is_set:
        yield frozenset(one for one in named if isinstance(one, str))
        yield frozenset()
    elif field.kind is Kind.BOOLEAN:
        yield from (True, False)
    elif field.choices:
        yield from field.choices
    elif field.kind is Kind.DECIMAL:
        numbers = [one for one in named if isinstance(one, Decimal)]
        yield from dict.fromkeys(
            number + step for number in (*numbers, Decimal(0)) for step in (0, _STEP, -_STEP)
        )
    elif field.kind is Kind.DATE:
        days = [one for one in named if isinstance(one, date) and not isinstance(one, datetime)]
        apart = [int(one) for one in named if isinstance(one, Decimal) and abs(one) < _FAR]
        for day in days or [date(2000, 1, 1)]:
            for far in dict.fromkeys((0, *apart, *(-one for one in apart))):
                yield from _days(day.toordinal() + far)
    elif field.kind is Kind.INSTANT:
        yield from (one for one in named if isinstance(one, datetime))
    else:
        texts = [one for one in named if isinstance(one, str)]
        yield from texts
        yield "another"
        # Some text may have to begin with one and end with another.
        yield from map("".join, permutations(texts[:_PIECES], 2))
    yield None


def _days(number: int) -> Iterator[date]:
    """Yield the day of a number and its neighbours, as far as the calendar goes."""
    last = date.max.toordinal()
    yield from (date.fromordinal(one) for one in range(number - 1, number + 2) if 0 < one <= last)


def _literals(rule: Expression) -> Iterator[Scalar]:
    """Yield the values that a rule names."""
    waiting = [rule]
    while waiting:
        one = waiting.pop()
        match one:
            case Literal(value):
                yield value
            case TextTest(_, _, text):
                yield text
            case TagTest(_, _, tags):
                yield from tags
            case _:
                pass
        waiting.extend(children(one))


def _shown(value: FieldValue) -> str:
    if isinstance(value, frozenset):
        return "{" + ", ".join(sorted(map(repr, value))) + "}"
    if value is None:
        return "unknown"
    return repr(value) if isinstance(value, str) else str(value)
