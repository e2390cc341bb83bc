"""Strategies for rules: well-typed expressions over a field table."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Any

from salescore.plain import Field, FieldTable, Kind
from salescore.rules import (
    Arithmetic,
    Comparator,
    Comparison,
    Conjunction,
    Disjunction,
    Expression,
    FieldRef,
    Literal,
    Membership,
    Negation,
    NullTest,
    Operator,
    RuleType,
    check_types,
)
from salescore.testing._hypothesis import st
from salescore.testing._values import days, decimals, instants, texts

Expressions = st.SearchStrategy[Any]

_LEAVES = 8
_NUMBERS = 3

_LITERALS: dict[RuleType, st.SearchStrategy[Any]] = {
    RuleType.BOOLEAN: st.booleans(),
    RuleType.NUMBER: st.one_of(
        st.sampled_from([Decimal(n) for n in ("0", "1", "-1", "0.5", "100")]), decimals()
    ),
    RuleType.TEXT: st.one_of(st.sampled_from(["West", "East", "华东", "a", ""]), texts()),
    RuleType.DATE: days(),
    RuleType.INSTANT: instants(),
}
_UNORDERED = st.sampled_from([Comparator.EQ, Comparator.NE])
_ANY = st.sampled_from(Comparator)


@cache
def rules(table: FieldTable) -> st.SearchStrategy[Expression]:
    """
    Return conditions that `check_types` accepts for a table, of every kind of node.

    Args:
        table: Field table of a fact table; money fields are not read.

    Returns:
        Conditions: expressions that are true, false or unknown on a row.
    """
    fields = [field for field in table.fields if field.kind is not Kind.MONEY]
    tests = st.one_of([_tests(table, fields, field) for field in fields])
    return st.recursive(
        st.one_of(tests, tests, _literals(RuleType.BOOLEAN)), _joined, max_leaves=_LEAVES
    )


def _joined(inner: Expressions) -> Expressions:
    parts = st.lists(inner, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Conjunction, parts),
        st.builds(Disjunction, parts),
        st.builds(Negation, inner),
        st.builds(NullTest, inner),
        st.builds(Comparison, _UNORDERED, inner, inner),
    )


def _literals(kind: RuleType) -> Expressions:
    return st.builds(Literal, _LITERALS[kind])


def _tests(table: FieldTable, fields: list[Field], field: Field) -> Expressions:
    """Return conditions of one node that read a field."""
    ref = FieldRef(field.name)
    kind = check_types(ref, table)
    literals = _literals(kind)
    if field.choices:
        literals = st.builds(Literal, st.sampled_from(field.choices))
    alike = [
        FieldRef(one.name)
        for one in fields
        if check_types(FieldRef(one.name), table) is kind and not one.choices
    ]
    others = literals if field.choices or not alike else st.one_of(literals, st.sampled_from(alike))
    value: Expressions = st.just(ref)
    if kind is RuleType.NUMBER:
        value = _numbers(value, others)
    comparators = _UNORDERED if kind is RuleType.BOOLEAN else _ANY
    found = [
        st.builds(Comparison, comparators, value, others),
        st.builds(Comparison, comparators, others, value),
        st.builds(Membership, value, st.lists(literals, max_size=4).map(tuple)),
        st.builds(NullTest, value),
    ]
    return st.one_of([*found, value] if kind is RuleType.BOOLEAN else found)


def _numbers(value: Expressions, others: Expressions) -> Expressions:
    """Return numbers that read a field, some of them sums, differences and products."""

    def combined(inner: Expressions) -> Expressions:
        operators = st.sampled_from(Operator)
        return st.builds(Arithmetic, operators, inner, st.one_of(inner, others))

    return st.recursive(value, combined, max_leaves=_NUMBERS)
