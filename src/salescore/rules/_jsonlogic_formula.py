"""Formulas of JsonLogic in the making: simplified as they grow, and bounded in size."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import attrs

from salescore.errors import RuleTypeError

FORMULA_LIMIT = 20_000
"""Most operators and constants of a written rule."""

Constant = bool | int | str | None


@attrs.frozen(eq=False)
class Formula:
    """
    An operator of JsonLogic with its arguments, or a constant.

    Attributes:
        operator: Name of the operator; empty for a constant, `[]` for a list of constants.
        parts: The arguments; none for a constant.
        value: The constant; `None` for an operator, too.
        size: Number of operators and constants in it.
    """

    operator: str
    parts: tuple[Formula, ...] = ()
    value: Constant = None
    size: int = 1


def constant(value: Constant) -> Formula:
    """Return a constant."""
    return Formula("", value=value)


TRUE = constant(value=True)
FALSE = constant(value=False)
NULL = constant(None)


def made(operator: str, *parts: Formula) -> Formula:
    """
    Return an operator with its arguments.

    Raises:
        RuleTypeError: The formula would be beyond the limit.
    """
    size = 1 + sum(part.size for part in parts)
    if size > FORMULA_LIMIT:
        fault = f"it needs more than {FORMULA_LIMIT:,} nodes in JsonLogic; cut it into several"
        raise RuleTypeError("the rule", fault)
    return Formula(operator, parts, None, size)


def listed(values: Iterable[Constant]) -> Formula:
    """Return a list of constants."""
    return made("[]", *map(constant, values))


def negated(part: Formula) -> Formula:
    """Return the opposite of a condition."""
    if part is TRUE or part is FALSE:
        return FALSE if part is TRUE else TRUE
    match part.operator:
        case "!":
            return part.parts[0]
        case "===":
            return made("!==", *part.parts)
        case "!==":
            return made("===", *part.parts)
        case _:
            return made("!", part)


def all_of(*parts: Formula) -> Formula:
    """Return whether all conditions hold; with none, true."""
    return _joined("and", parts, TRUE, FALSE)


def any_of(*parts: Formula) -> Formula:
    """Return whether some condition holds; with none, false."""
    return _joined("or", parts, FALSE, TRUE)


def _joined(operator: str, parts: Sequence[Formula], idle: Formula, decisive: Formula) -> Formula:
    """Return the parts in one breadth: engines differ on an empty list, so none is written."""
    kept: list[Formula] = []
    for part in parts:
        if part is decisive:
            return decisive
        if part.operator == operator:
            kept += part.parts
        elif part is not idle:
            kept.append(part)
    if len(kept) <= 1:
        return kept[0] if kept else idle
    return made(operator, *kept)


def chosen(branches: Iterable[tuple[Formula, Formula]], otherwise: Formula) -> Formula:
    """
    Return the value of the first branch whose condition holds.

    Args:
        branches: Pairs of a condition and the value where it holds.
        otherwise: The value where none holds.
    """
    kept: list[tuple[Formula, Formula]] = []
    last = otherwise
    for when, then in branches:
        if when is TRUE:
            last = then
            break
        if when is not FALSE:
            kept.append((when, then))
    while kept and kept[-1][1] is last and last.operator == "":
        kept.pop()
    if not kept:
        return last
    if len(kept) == 1:
        short = _shortened(*kept[0], last)
        if short is not None:
            return short
    return made("if", *(part for pair in kept for part in pair), last)


def _shortened(when: Formula, then: Formula, otherwise: Formula) -> Formula | None:
    """Return a choice one side of which is a truth value as a plain condition."""
    if then is TRUE:
        return any_of(when, otherwise) if _is_condition(otherwise) else None
    if then is FALSE:
        return all_of(negated(when), otherwise) if _is_condition(otherwise) else None
    if otherwise is FALSE and _is_condition(then):
        return all_of(when, then)
    return None


_CONDITIONS = frozenset({"===", "!==", "<", "<=", "and", "or", "!", "in", "some"})


def _is_condition(part: Formula) -> bool:
    return part.operator in _CONDITIONS or part is TRUE or part is FALSE


def as_data(formula: Formula) -> object:
    """Return a formula as plain JSON data that shares nothing."""
    if not formula.operator:
        return formula.value
    parts = [as_data(part) for part in formula.parts]
    if formula.operator == "[]":
        return parts
    return {formula.operator: parts[0] if formula.operator == "var" else parts}
