"""Strategies for rules: well-typed expressions over a field table."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Any

from salescore.plain import FieldTable, Kind
from salescore.rules import (
    Arithmetic,
    Between,
    Branch,
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
    RuleType,
    TagMatch,
    TagTest,
    TextMatch,
    TextTest,
    check_types,
)
from salescore.testing._hypothesis import st
from salescore.testing._values import days, decimals, instants, tags, texts
from salescore.values import Rounding

Expressions = st.SearchStrategy[Any]

_LEAVES = 8
_VALUES = 3
_DIGITS = 18

_NUMBERS = st.builds(
    Literal,
    st.one_of(st.sampled_from([Decimal(n) for n in ("0", "1", "-1", "0.5", "100")]), decimals()),
)
_LITERALS: dict[RuleType, Expressions] = {
    RuleType.BOOLEAN: st.builds(Literal, st.booleans()),
    RuleType.NUMBER: _NUMBERS,
    RuleType.TEXT: st.builds(
        Literal, st.one_of(st.sampled_from(["West", "East", "华东", "a", ""]), texts())
    ),
    RuleType.DATE: st.builds(Literal, days()),
    RuleType.INSTANT: st.builds(Literal, instants()),
}
_PIECES = st.one_of(st.sampled_from(["W", "st", "东", "a", ""]), texts(most=3))
_UNORDERED = st.sampled_from([Comparator.EQ, Comparator.NE])
_ANY = st.sampled_from(Comparator)


@cache
def rules(table: FieldTable, yields: RuleType = RuleType.BOOLEAN) -> st.SearchStrategy[Expression]:
    """
    Return expressions that `check_types` accepts for a table, of every kind of node.

    Args:
        table: Field table of a fact table; money fields are not read.
        yields: What the expressions yield; conditions by default, and tags only where the table
            has a field of them.

    Returns:
        Expressions of that type; none is beyond the limits, and none fails on a row of the table.
    """
    columns = _Columns(table)
    if yields is RuleType.BOOLEAN:
        tests = st.one_of([_tests(columns, name) for name in columns.kinds])
        return st.recursive(
            st.one_of(tests, tests, _LITERALS[RuleType.BOOLEAN]), _joined, max_leaves=_LEAVES
        )
    return st.one_of([*_literals(yields), *(_values(columns, name) for name in columns.of(yields))])


class _Columns:
    """The fields of a table that rules read: types and literals by name."""

    __slots__ = ("kinds", "literals", "simple")

    def __init__(self, table: FieldTable) -> None:
        fields = [field for field in table.fields if field.kind is not Kind.MONEY]
        self.kinds = {one.name: check_types(FieldRef(one.name), table) for one in fields}
        self.literals: dict[str, list[Expressions]] = {
            one.name: [st.builds(Literal, st.sampled_from(one.choices))]
            if one.choices
            else _literals(self.kinds[one.name])
            for one in fields
        }
        self.simple = st.one_of([self._simple(name) for name in self.kinds])

    def of(self, kind: RuleType) -> list[str]:
        """Return the names of the fields of a type."""
        return [name for name, own in self.kinds.items() if own is kind]

    def others(self, name: str) -> Expressions:
        """Return what may be compared with a field: a literal, or a field of its type."""
        alike = st.sampled_from([FieldRef(other) for other in self.of(self.kinds[name])])
        return st.one_of([*self.literals[name], alike])

    def _simple(self, name: str) -> Expressions:
        """Return conditions of one node about a field."""
        ref = st.just(FieldRef(name))
        found: list[Expressions] = [st.builds(NullTest, ref)]
        found += [st.builds(Comparison, _UNORDERED, ref, one) for one in self.literals[name]]
        return st.one_of(found)


def _literals(kind: RuleType) -> list[Expressions]:
    """Return the literals of a type; a set of tags has none."""
    return [_LITERALS[kind]] if kind in _LITERALS else []


def _joined(inner: Expressions) -> Expressions:
    parts = st.lists(inner, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Conjunction, parts),
        st.builds(Disjunction, parts),
        st.builds(Negation, inner),
        st.builds(NullTest, inner),
        st.builds(Comparison, _UNORDERED, inner, inner),
        *_chosen(inner, inner, inner),
    )


def _chosen(tests: Expressions, inner: Expressions, others: Expressions) -> list[Expressions]:
    """Return values that are one of several."""
    pair = st.tuples(inner, others)
    branches = st.lists(st.builds(Branch, tests, inner), min_size=1, max_size=2).map(tuple)
    return [
        st.builds(Coalesce, st.one_of(pair, inner.map(lambda one: (one,)))),
        st.builds(Conditional, branches, st.one_of(st.none(), others)),
    ]


def _values(columns: _Columns, name: str) -> Expressions:
    """Return expressions of a field's type that read the field."""
    leaf = st.just(FieldRef(name))
    return _grown(columns, columns.kinds[name], leaf, columns.others(name))


def _grown(
    columns: _Columns, kind: RuleType, leaf: Expressions, others: Expressions
) -> Expressions:
    """Return a leaf as it is or deep in an expression of its type; often as it is."""

    def grown(inner: Expressions) -> Expressions:
        found = _chosen(columns.simple, inner, others)
        if kind is RuleType.NUMBER:
            found += [
                st.builds(Arithmetic, st.sampled_from(Operator), inner, st.one_of(inner, others)),
                st.builds(Rounded, inner, st.integers(0, _DIGITS), st.sampled_from(Rounding)),
            ] * 2
        return st.one_of(found)

    return st.one_of(leaf, st.recursive(leaf, grown, max_leaves=_VALUES))


def _tests(columns: _Columns, name: str) -> Expressions:
    """Return conditions about a field that join no conditions."""
    kind, value = columns.kinds[name], _values(columns, name)
    found: list[Expressions] = [st.builds(NullTest, value)]
    match kind:
        case RuleType.TAGS:
            asked = st.lists(tags(), max_size=3).map(tuple)
            found += [st.builds(TagTest, st.sampled_from(TagMatch), value, asked)] * 3
            return st.one_of(found)
        case RuleType.BOOLEAN:
            found += [value, *_compared(_UNORDERED, value, columns.others(name))]
        case RuleType.TEXT:
            found += _ordered(value, columns.others(name))
            found.append(st.builds(TextTest, st.sampled_from(TextMatch), value, _PIECES))
        case RuleType.DATE:
            found += _ordered(value, columns.others(name))
            found.append(st.one_of(_ordered(*_days(columns, value, columns.others(name)))))
        case _:
            found += _ordered(value, columns.others(name))
    options = st.lists(st.one_of(columns.literals[name]), max_size=4).map(tuple)
    return st.one_of([*found, st.builds(Membership, value, options)])


def _compared(signs: Expressions, value: Expressions, others: Expressions) -> list[Expressions]:
    return [
        st.builds(Comparison, signs, value, others),
        st.builds(Comparison, signs, others, value),
    ]


def _ordered(value: Expressions, others: Expressions) -> list[Expressions]:
    return [*_compared(_ANY, value, others), st.builds(Between, value, others, others)]


def _days(
    columns: _Columns, value: Expressions, others: Expressions
) -> tuple[Expressions, Expressions]:
    """Return numbers of days that read a date, and numbers to hold against them."""
    between = st.one_of(
        st.builds(DaysBetween, value, others), st.builds(DaysBetween, others, value)
    )
    return _grown(columns, RuleType.NUMBER, between, _NUMBERS), _NUMBERS
