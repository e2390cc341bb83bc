"""Rules without the ways that no row takes, because constants decide."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, cast

import attrs

from salescore.frames._frame import Frame
from salescore.rules import (
    Branch,
    Coalesce,
    Conditional,
    Expression,
    FieldRef,
    Literal,
    RuleType,
    Scalar,
    check_types,
    children,
    evaluate,
    fields_of,
)

_ANY: dict[RuleType, Scalar] = {
    RuleType.BOOLEAN: False,
    RuleType.NUMBER: Decimal(0),
    RuleType.TEXT: "",
    RuleType.DATE: date(2000, 1, 1),
    RuleType.INSTANT: datetime(2000, 1, 1, tzinfo=UTC),
}


def pruned(rule: Expression, frame: Frame) -> Expression:
    """
    Return a rule of the same meaning whose choices have no ways that no row of a frame takes.

    Engines that work out constants by themselves would take one value for a whole column of them.

    Args:
        rule: A rule that the frame's fact table accepts.
        frame: The frame; a column that it lacks is unknown on every row.
    """
    waiting = [rule]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Coalesce | Conditional):
            return _rebuilt(rule, frame)
        waiting += children(node)
    return rule


def _rebuilt(node: Expression, frame: Frame) -> Expression:
    if isinstance(node, FieldRef | Literal):
        return node
    parts = {one.name: _part(getattr(node, one.name), frame) for one in attrs.fields(type(node))}
    made: Expression = type(node)(**parts)
    if isinstance(made, Coalesce):
        return _of_values(made, frame)
    return _of_branches(made, frame) if isinstance(made, Conditional) else made


def _part(value: Any, frame: Frame) -> Any:  # noqa: ANN401 - whatever a node is made of
    if isinstance(value, Branch):
        return Branch(_rebuilt(value.when, frame), _rebuilt(value.then, frame))
    if isinstance(cast("object", value), tuple):
        return tuple(_part(one, frame) for one in value)
    return _rebuilt(value, frame) if isinstance(value, Expression) else value


def _of_values(node: Coalesce, frame: Frame) -> Expression:
    kept: list[Expression] = []
    for part in node.parts:
        if not is_constant(part, frame):
            kept.append(part)
        elif constant_value(part) is not None:
            kept.append(part)
            break
    if not kept:
        return node
    return kept[0] if len(kept) == 1 else Coalesce(tuple(kept))


def _of_branches(node: Conditional, frame: Frame) -> Expression:
    kept: list[Branch] = []
    otherwise = node.otherwise
    for branch in node.branches:
        if not is_constant(branch.when, frame):
            kept.append(branch)
        elif constant_value(branch.when) is True:
            otherwise = branch.then
            break
    if kept:
        return Conditional(tuple(kept), otherwise)
    if otherwise is not None:
        return otherwise
    kind = check_types(node.branches[0].then, frame.unchosen)
    return node if kind not in _ANY else _null(_ANY[kind])


def _null(value: Scalar) -> Expression:
    """Return what is null of the type of a value, and reads nothing."""
    return Conditional((Branch(Literal(value=False), Literal(value)),))


def is_constant(node: Expression, frame: Frame) -> bool:
    """Return whether a node reads no column that is there."""
    return all(frame.column(name) is None for name in fields_of(node))


def constant_value(node: Expression) -> object:
    """Return what a node yields on every row whose columns are not there."""
    return evaluate(node, dict.fromkeys(fields_of(node)))
