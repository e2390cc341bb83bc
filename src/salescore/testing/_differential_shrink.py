"""Making a rule that an engine answers wrongly as small as it can be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, cast

import attrs

from salescore.errors import SalesCoreError
from salescore.metrics import Measure
from salescore.plain import as_tuple
from salescore.rules import Branch, Expression, FieldRef, Literal, check_types, children, fields_of
from salescore.testing._differential_reductions import DifferentialQuestion
from salescore.testing._differential_rows import DifferentialRows

_TRIES = 120
_ROWS = 20

Differs = Callable[[DifferentialRows, Expression], bool]


def smallest_rule(
    differs: Differs, rows: DifferentialRows, rule: Expression, number: int
) -> tuple[DifferentialRows, Expression]:
    """
    Return fewer rows and a smaller rule that still differ.

    Args:
        differs: Whether an engine answers otherwise than Python rows.
        rows: Rows on which it does.
        rule: The rule.
        number: Number of a row that may be at fault.
    """
    numbers = (number, *(one for one in range(min(len(rows), _ROWS)) if one != number))
    alone = (rows.only(one) for one in numbers)
    rows = next((one for one in alone if differs(one, rule)), rows)
    tries = _TRIES
    is_smaller = True
    while is_smaller and tries > 0:
        is_smaller = False
        for one in smaller(rule):
            if not _fits(one, rule, rows):
                continue
            tries -= 1
            if differs(rows, one):
                rule, is_smaller = one, True
                break
            if tries <= 0:
                break
    unread = [name for name in rows.schema.names[1:] if name not in fields_of(rule)]
    bare = rows.emptied(unread)
    return (bare, rule) if differs(bare, rule) else (rows, rule)


def smallest_question(
    differs: Callable[[DifferentialQuestion], bool], question: DifferentialQuestion
) -> DifferentialQuestion:
    """
    Return a question that asks for less and is still answered otherwise.

    Args:
        differs: Whether an engine answers otherwise than Python rows.
        question: A question of which it does.
    """
    tries = _TRIES
    is_smaller = True
    while is_smaller and tries > 0:
        is_smaller = False
        for one in _asking_less(question):
            tries -= 1
            if differs(one):
                question, is_smaller = one, True
                break
            if tries <= 0:
                break
    return question


def _asking_less(question: DifferentialQuestion) -> Iterator[DifferentialQuestion]:
    reduction = question.reduction
    if len(reduction.measures) > 1:
        for measure in reduction.measures:
            less = attrs.evolve(reduction, measures=(measure,))
            yield attrs.evolve(question, reduction=less)
        return
    only: Measure = next(iter(reduction.measures))
    if question.during is not None:
        yield attrs.evolve(question, during=None)
    for key in reduction.keys:
        keys = tuple(one for one in reduction.keys if one != key)
        yield attrs.evolve(question, reduction=attrs.evolve(reduction, keys=keys))
    for measure in _measuring_less(only):
        yield attrs.evolve(question, reduction=attrs.evolve(reduction, measures=(measure,)))


def _measuring_less(measure: Measure) -> Iterator[Measure]:
    """Yield measures of less that make sense; of strange columns nobody can tell beforehand."""
    less: list[dict[str, Any]] = []
    if measure.where is not None:
        less += [{"where": rule} for rule in (None, *smaller(measure.where))]
    if measure.of is not None:
        less += [{"of": rule} for rule in smaller(measure.of)]
    for one in less:
        try:
            made = attrs.evolve(measure, **one)
        except SalesCoreError:
            continue
        yield made


def smaller(rule: Expression) -> Iterator[Expression]:
    """Yield expressions that lack some part of a rule, the smallest first."""
    if isinstance(rule, FieldRef | Literal):
        return
    yield from children(rule)
    names = [one.name for one in attrs.fields(type(rule))]
    for name in names:
        for value in _less(getattr(rule, name)):
            yield attrs.evolve(rule, **{name: value})  # pyright: ignore[reportCallIssue]


def _less(value: Any) -> Iterator[Any]:  # noqa: ANN401 - whatever a node is made of
    """Yield what is less than a part of a node."""
    match value:
        case Branch(when, then):
            yield from (Branch(one, then) for one in smaller(when))
            yield from (Branch(when, one) for one in smaller(then))
        case _ if isinstance(cast("object", value), tuple):
            parts = as_tuple(value)
            for place, part in enumerate(parts):
                yield (*parts[:place], *parts[place + 1 :])
                for one in _less(part):
                    yield (*parts[:place], one, *parts[place + 1 :])
        case _:
            if isinstance(value, Expression):
                yield from smaller(value)


def _fits(rule: Expression, former: Expression, rows: DifferentialRows) -> bool:
    """Return whether a rule is accepted and yields what a former one did."""
    try:
        found = check_types(rule, rows.schema)
        return found is check_types(former, rows.schema)
    except SalesCoreError:
        return False
