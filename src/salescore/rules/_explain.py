"""Explanation: an expression on one row with every part of it, also those that decided nothing."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence, Sized
from datetime import date
from decimal import Decimal
from typing import Any, assert_never, cast

from salescore.errors import InexactResult, InvalidValue
from salescore.plain import FieldTable, Kind
from salescore.rules import _closures as closures
from salescore.rules._compile import compiled
from salescore.rules._evaluate import evaluate
from salescore.rules._explanation import Explanation, Verdict
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
    FieldValue,
    HasTree,
    Literal,
    Membership,
    Negation,
    NullTest,
    Operator,
    Rounded,
    TagTest,
    TextTest,
    rule_tree,
)

_Row = Mapping[str, FieldValue]

_Values = Sequence[Any]

_Act = Callable[[_Values], Any]
"""What a node makes of the values of its parts."""

_Plan = Callable[[_Row, list[str]], Explanation]
"""Explains a node on a row; the list gathers what could not be worked out exactly."""

_FIRST, _SECOND, _THIRD = map(operator.itemgetter, range(3))
"""Read the value of a part, off the values of all."""

_ONE, _TWO = FieldRef("0"), FieldRef("1")
"""Parts of a node that is taken out of its tree."""


def _place(name: str) -> Callable[[_Values], Any]:
    return operator.itemgetter(int(name))


_HELD = (Decimal, str, date, frozenset, bool, type(None))
"""What a field can hold; an instant is a date, too."""

_COMPARED = {one: compiled(Comparison(one, _ONE, _TWO), _place) for one in Comparator}
_COMBINED = {one: compiled(Arithmetic(one, _ONE, _TWO), _place) for one in Operator}


def explain(
    rule: Expression | HasTree, row: Mapping[str, FieldValue], table: FieldTable | None = None
) -> Explanation:
    """
    Return why a rule holds on a row, fails or stays unknown, with every part worked out.

    The value is always that of `evaluate`. A part that evaluation would not have reached, and
    that cannot be worked out exactly, is unknown with the fault as its reason.

    Args:
        rule: A rule, a term or its tree, that `check_types` has accepted.
        row: Values by field name, as `evaluate` takes them; `check_row` checks them.
        table: Field table for labels, units and personal data; `None` leaves bare field names.

    Returns:
        The tree of the rule with a value, a verdict and the missing fields at every node.

    Raises:
        InexactResult: Evaluation itself meets a sum or product that cannot be held exactly.
        KeyError: The row lacks a field of the rule, also one that evaluation would not reach.
        InvalidValue: A field holds what no field can, such as a float.
        RuleTypeError: No rule, or one beyond the limits of `check_types`.

    Examples:
        >>> from salescore.rules import F
        >>> explain(
        ...     (F.region == "West") & (F.score >= 4), {"region": "West", "score": None}
        ... ).missing
        ('score',)
    """
    return compile_explanation(rule, table)(row)


def compile_explanation(
    rule: Expression | HasTree, table: FieldTable | None = None
) -> Callable[[Mapping[str, FieldValue]], Explanation]:
    """
    Return `explain` for one rule, to be used on many rows.

    Args:
        rule: A rule, a term or its tree, that `check_types` has accepted.
        table: Field table for labels, units and personal data; `None` leaves bare field names.

    Returns:
        A function from a row to the explanation there.

    Raises:
        RuleTypeError: No rule, or one beyond the limits of `check_types`.
    """
    tree = rule_tree(rule)
    check_size(tree)
    plan = _planned(tree, table, is_condition=_is_condition(tree, table))

    def explained(row: Mapping[str, FieldValue]) -> Explanation:
        faults: list[str] = []
        found = plan(row, faults)
        if faults:
            evaluate(tree, row)  # raises where evaluation meets the fault too
        return found

    return explained


def _planned(  # noqa: C901, PLR0912 - a case per kind of node
    tree: Expression, table: FieldTable | None, *, is_condition: bool
) -> _Plan:
    """
    Return what explains a node.

    Args:
        tree: The node.
        table: Field table, which tells conditions among the fields.
        is_condition: Whether null means that it is unknown, rather than that it has no value.
    """
    null = Verdict.UNKNOWN if is_condition else Verdict.VALUE
    parts: tuple[Expression, ...]
    asks = False  # whether the parts are conditions
    match tree:
        case FieldRef(name):
            return _field(tree, name, null, table)
        case Literal(value):
            constant = Explanation(tree, value, _verdict(value, null), (), (), None, table)
            return lambda _row, _faults: constant
        case Conditional():
            return _chosen(tree, null, table, is_condition=is_condition)
        case Comparison(comparator, left, right):
            parts, act = (left, right), _COMPARED[comparator]
            asks = _is_condition(left, table) or _is_condition(right, table)
        case Membership(value, options):
            wanted = frozenset(option.value for option in options)
            parts, act = (value,), closures.ask(_FIRST, operator.contains, wanted)
            asks = any(_is_condition(part, table) for part in (value, *options[:1]))
        case Conjunction(parts):
            act, asks = closures.ask_in_turn(_each(parts), ends=False), True
        case Disjunction(parts):
            act, asks = closures.ask_in_turn(_each(parts), ends=True), True
        case Negation(part):
            parts, act, asks = (part,), closures.negate(_FIRST), True
        case NullTest(part):
            parts, act = (part,), closures.ask_null(_FIRST, wanted=True)
            asks = _is_condition(part, table)
        case Coalesce(parts):
            act, asks = closures.coalesce(_each(parts)), is_condition
        case Between(value, low, high):
            parts, act = (value, low, high), closures.between(_FIRST, _SECOND, _THIRD)
        case TextTest(match, part, text):
            parts, act = (part,), compiled(TextTest(match, _ONE, text), _place)
        case TagTest(match, part, tags):
            parts, act = (part,), compiled(TagTest(match, _ONE, tags), _place)
        case Arithmetic(operation, left, right):
            parts, act = (left, right), _COMBINED[operation]
        case DaysBetween(start, end):
            parts = (start, end)
            act = closures.combine(closures.days_between, _FIRST, _SECOND)
        case Rounded(part, digits, mode):
            parts, act = (part,), closures.rounded_to("", _FIRST, digits, mode)
        case _:
            assert_never(tree)
    plans = [_planned(part, table, is_condition=asks) for part in parts]
    return _joined(tree, act, plans, _of_parts, null, table)


def _chosen(
    tree: Conditional, null: Verdict, table: FieldTable | None, *, is_condition: bool
) -> _Plan:
    plans: list[_Plan] = []
    for branch in tree.branches:
        plans.append(_planned(branch.when, table, is_condition=True))
        plans.append(_planned(branch.then, table, is_condition=is_condition))
    readers = _each(plans)
    pairs = list(zip(readers[::2], readers[1::2], strict=True))
    otherwise: _Act | None = None
    if tree.otherwise is not None:
        otherwise = operator.itemgetter(len(plans))
        plans.append(_planned(tree.otherwise, table, is_condition=is_condition))
    return _joined(tree, closures.choose(pairs, otherwise), plans, _of_ways, null, table)


def _each(parts: Sized) -> list[_Act]:
    return [operator.itemgetter(number) for number in range(len(parts))]


def _is_condition(tree: Expression, table: FieldTable | None) -> bool:
    """Return whether a node yields truth values, as far as its parts and the table tell."""
    match tree:
        case FieldRef(name):
            if table is None or name not in table:
                return False
            return table.field(name).kind is Kind.BOOLEAN
        case Literal(value):
            return isinstance(value, bool)
        case Arithmetic() | DaysBetween() | Rounded():
            return False
        case Coalesce(parts):
            return any(_is_condition(part, table) for part in parts)
        case Conditional(branches, otherwise):
            ways = [branch.then for branch in branches]
            ways += [] if otherwise is None else [otherwise]
            return any(_is_condition(way, table) for way in ways)
        case _:
            return True


def _verdict(value: FieldValue, null: Verdict) -> Verdict:
    if value is True:
        return Verdict.FIRED
    if value is False:
        return Verdict.FAILED
    return null if value is None else Verdict.VALUE


def _field(tree: FieldRef, name: str, null: Verdict, table: FieldTable | None) -> _Plan:
    own = (name,)

    def field(row: _Row, _faults: list[str]) -> Explanation:
        value = cast("object", row[name])
        if not isinstance(value, _HELD):
            fault = f"no field holds {type(value).__name__}; check_row says what fields hold"
            raise InvalidValue(name, value, fault)
        held = cast("FieldValue", value)
        missing = own if value is None else ()
        return Explanation(tree, held, _verdict(held, null), (), missing, None, table)

    return field


def _joined(
    tree: Expression,
    act: _Act,
    plans: list[_Plan],
    reasons: Callable[[tuple[Explanation, ...]], Sequence[Explanation]],
    null: Verdict,
    table: FieldTable | None,
) -> _Plan:
    """Return what explains a node whose value is made of those of its parts."""

    def joined(row: _Row, faults: list[str]) -> Explanation:
        parts = tuple([plan(row, faults) for plan in plans])
        try:
            value = act([part.value for part in parts])
        except InexactResult:
            fault = str(InexactResult(rule_text(tree)))
            faults.append(fault)
            return Explanation(tree, None, null, parts, (), fault, table)
        if value is None:
            gaps = reasons(parts)
            return Explanation(tree, None, null, parts, _missing(gaps), _fault(gaps), table)
        return Explanation(tree, value, _verdict(value, null), parts, (), None, table)

    return joined


def _of_parts(parts: tuple[Explanation, ...]) -> Sequence[Explanation]:
    """Return the parts that may have made a node null: what is known there misses nothing."""
    return parts


def _of_ways(parts: tuple[Explanation, ...]) -> Sequence[Explanation]:
    """Return those of a conditional: the tests that did not fire, and the way that was taken."""
    tests: list[Explanation] = []
    for test, way in zip(parts[::2], parts[1::2], strict=False):
        if test.value:
            return [*tests, way]
        tests.append(test)
    return parts[::2]  # all tests, and the else where there is one


def _missing(parts: Sequence[Explanation]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([name for part in parts for name in part.missing]))


def _fault(parts: Sequence[Explanation]) -> str | None:
    return next((part.fault for part in parts if part.fault is not None), None)
