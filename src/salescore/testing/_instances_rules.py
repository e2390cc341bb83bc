"""Strategies for every node of a rule, for decision tables and their parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from salescore.plain import Field, FieldTable, Kind
from salescore.rules import (
    Arithmetic,
    Band,
    Between,
    Branch,
    Coalesce,
    Comparator,
    Comparison,
    Conditional,
    Conjunction,
    DaysBetween,
    DecisionTable,
    Direction,
    Disjunction,
    Explanation,
    FieldRef,
    HitPolicy,
    Input,
    IsNull,
    Lever,
    Literal,
    Membership,
    Negation,
    NullTest,
    OneOf,
    Operator,
    Output,
    Rounded,
    Row,
    RuleType,
    TagMatch,
    TagTest,
    TextMatch,
    TextTest,
    explain,
)
from salescore.testing._hypothesis import st
from salescore.testing._records import rows
from salescore.testing._rules import rules
from salescore.testing._values import days, decimals, instants, texts
from salescore.values import Rounding

Strategy = st.SearchStrategy[Any]

_KINDS = (Kind.DECIMAL, Kind.TEXT, Kind.DATE, Kind.INSTANT, Kind.BOOLEAN)
_NAMES = ("other_decimal", *(f"one_{kind.value}" for kind in _KINDS))
TABLE = FieldTable(
    name="rows",
    fields=(
        *(
            Field(name=name, kind=Kind(name.partition("_")[2]), nullable=True, labels=("", ""))
            for name in _NAMES
        ),
        Field(name="tags", kind=Kind.TEXT, nullable=True, labels=("", ""), is_set=True),
    ),
)
"""The fields that drawn nodes read: of each type, and a set of tags."""

_MOST = 3
_DIGITS = 18
_CUTS = (Decimal(0), Decimal(10), Decimal("99.5"), Decimal(1000))


def _some(one: Strategy, least: int = 0) -> Strategy:
    return st.lists(one, min_size=least, max_size=_MOST).map(tuple)


def conditions() -> Strategy:
    """Return conditions over `TABLE`."""
    return rules(TABLE)


def _of(kind: RuleType) -> Strategy:
    return rules(TABLE, kind)


def _numbers() -> Strategy:
    return _of(RuleType.NUMBER)


def _scalars() -> Strategy:
    return st.one_of(st.booleans(), decimals(), texts(), days(), instants())


def _branches() -> Strategy:
    return st.builds(Branch, conditions(), _numbers())


def _bands() -> Strategy:
    ends = st.sets(st.sampled_from(_CUTS), min_size=2, max_size=2).map(sorted)
    closed = st.builds(_closed_band, ends, *[st.booleans()] * 2)
    return st.one_of(closed, st.sampled_from(_CUTS).map(lambda low: Band(low, None)))


def _closed_band(ends: list[Decimal], low: bool, high: bool) -> Band:  # noqa: FBT001 - data
    return Band(ends[0], ends[1], low, high)


def _cells() -> Strategy:
    some = st.sets(st.sampled_from(_CUTS), min_size=1).map(sorted)
    return st.one_of(st.none(), _bands(), st.builds(OneOf, some, st.booleans()))


def _table_rows() -> Strategy:
    return st.builds(Row, cells=st.tuples(_cells(), _cells()), outputs=st.tuples(texts()))


def _decision_tables() -> Strategy:
    """Return tables of two numbers in and a text out; they may have gaps or overlaps."""
    inputs = tuple(Input(name=name, of=FieldRef(name)) for name in _NAMES[:2])
    return st.builds(
        DecisionTable,
        name=st.just("drawn"),
        version=st.sampled_from(("1", "2017-03")),
        inputs=st.just(inputs),
        outputs=st.just((Output(name="answer"),)),
        rows=_some(_table_rows(), least=1),
        hit_policy=st.sampled_from((HitPolicy.UNIQUE, HitPolicy.FIRST, HitPolicy.ANY)),
        default=st.none() | st.tuples(texts()),
        valid_from=st.none() | st.just(date(2017, 1, 1)),
    )


def _levers() -> Strategy:
    return st.builds(
        Lever,
        st.sampled_from(_NAMES[:2]),
        st.sampled_from(Direction),
        fixed=decimals(Decimal(0), Decimal(100)),
        rate=decimals(Decimal(0), Decimal(100)),
    )


def _explanations() -> Strategy:
    return st.builds(explain, conditions(), rows(TABLE))


def _tag_tests() -> Strategy:
    return st.builds(TagTest, st.sampled_from(TagMatch), st.just(FieldRef("tags")), _some(texts()))


OWN: Mapping[Any, Callable[[], Strategy]] = MappingProxyType(
    {
        Arithmetic: lambda: st.builds(
            Arithmetic, st.sampled_from(Operator), _numbers(), _numbers()
        ),
        Band: _bands,
        Between: lambda: st.builds(Between, _numbers(), _numbers(), _numbers()),
        Branch: _branches,
        Coalesce: lambda: st.builds(Coalesce, _some(_numbers(), least=1)),
        Comparison: lambda: st.builds(
            Comparison, st.sampled_from(Comparator), _numbers(), _numbers()
        ),
        Conditional: lambda: st.builds(
            Conditional, _some(_branches(), least=1), st.none() | _numbers()
        ),
        Conjunction: lambda: st.builds(Conjunction, _some(conditions())),
        DaysBetween: lambda: st.builds(DaysBetween, _of(RuleType.DATE), _of(RuleType.DATE)),
        DecisionTable: _decision_tables,
        Disjunction: lambda: st.builds(Disjunction, _some(conditions())),
        Explanation: _explanations,
        FieldRef: lambda: st.sampled_from(TABLE.names).map(FieldRef),
        Input: lambda: st.builds(
            Input, name=texts(least=1), of=st.sampled_from(_NAMES).map(FieldRef)
        ),
        IsNull: lambda: st.builds(IsNull, st.booleans()),
        Lever: _levers,
        Literal: lambda: st.builds(Literal, _scalars()),
        Membership: lambda: st.builds(
            Membership, _numbers(), _some(st.builds(Literal, decimals()))
        ),
        Negation: lambda: st.builds(Negation, conditions()),
        NullTest: lambda: st.builds(NullTest, st.one_of(conditions(), _numbers())),
        OneOf: lambda: st.builds(
            OneOf, st.sets(texts(), min_size=1, max_size=_MOST).map(tuple), st.booleans()
        ),
        Output: lambda: st.builds(Output, name=texts(least=1)),
        Rounded: lambda: st.builds(
            Rounded, _numbers(), st.integers(0, _DIGITS), st.sampled_from(Rounding)
        ),
        Row: _table_rows,
        TagTest: _tag_tests,
        TextTest: lambda: st.builds(
            TextTest, st.sampled_from(TextMatch), _of(RuleType.TEXT), texts(most=_MOST)
        ),
    }
)
"""Types of the language of rules, each with what draws it."""
