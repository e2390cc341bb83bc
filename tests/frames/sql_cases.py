"""Rules and rows on which every database must agree with Python, and the databases themselves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

import attrs
import pytest
from tests.frames.sql_databases import (
    Database,
    duckdb_database,
    postgres_database,
    spark_database,
    sqlite_database,
)

from salescore.errors import EngineRefused
from salescore.frames import Dialect, Digits, sql_rule
from salescore.rules import (
    EXAMPLE_TABLE,
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
    F,
    FieldRef,
    Literal,
    Membership,
    Negation,
    NullTest,
    Operator,
    Rounded,
    TagMatch,
    TagTest,
    TextMatch,
    TextTest,
    evaluate,
)
from salescore.values import Rounding

DIGITS = {"revenue": Digits(11, 2), "wallet": Digits(5, 4), "orders": Digits(4, 0)}
"""Digits of the columns of decimals of the example table, in these rows."""


@contextmanager
def database(dialect: Dialect, request: pytest.FixtureRequest) -> Iterator[Database]:
    """Open a database; a server is asked for only where it is needed."""
    with ExitStack() as stack:
        match dialect:
            case Dialect.SQLITE:
                yield stack.enter_context(sqlite_database())
            case Dialect.DUCKDB:
                yield stack.enter_context(duckdb_database())
            case Dialect.POSTGRES:
                url = request.getfixturevalue("postgres_url")
                yield stack.enter_context(postgres_database(url))
            case Dialect.SPARK:
                yield spark_database(request.getfixturevalue("spark"))


def row(*values: Any) -> dict[str, Any]:  # noqa: ANN401 - values of fields
    """Return a row of the example table."""
    return dict(zip(EXAMPLE_TABLE.names, values, strict=True))


def _rows() -> tuple[dict[str, Any], ...]:
    days = (date(2016, 2, 29), date(2017, 1, 30), None, date(1, 1, 1), date(9999, 12, 31))
    moments = (
        datetime(2017, 3, 1, 8, 30, tzinfo=UTC),
        datetime(2017, 3, 1, 8, 30, 0, 1, tzinfo=UTC),
        None,
    )
    texts = (
        "West",
        "west",
        "",
        "华东",
        "é",
        "e\u0301",
        "😀",
        "\uffee",
        "100%",
        "a_b",
        "a\\b",
        None,
    )
    tags = (frozenset(), frozenset({"vip"}), frozenset({"vip", "old"}), frozenset({"vi"}), None)
    numbers = [
        [Decimal(one) / 10000 for one in some]
        for some in (
            (0, -5000, 5000, 15000, 25000, -25000, 500, 1500, -2500, 10**15 - 100, 100 - 10**15),
            (0, 5, 15, -25, 1250, 999999999, -999999999, 25000, 5000, 10000, -10000),
            (0, 10000, -10000, 30000, 99990000, -99990000, 100000),
        )
    ]
    found = []
    for place in range(60):
        money = [
            None if place % (11 + at) == 7 else some[place % len(some)]
            for at, some in enumerate(numbers)
        ]
        found.append(
            row(
                texts[place % len(texts)],
                *money,
                days[place % len(days)],
                moments[place % len(moments)],
                (True, False, None)[place % 3],
                tags[place % len(tags)],
            )
        )
    return (*found, row(*[None] * len(EXAMPLE_TABLE.names)))


ROWS = _rows()
"""Rows with nulls, ties, scripts and the ends of what a column can hold."""

REGION, REVENUE, WALLET, ORDERS, CREATED, CHANGED, ACTIVE, TAGS = map(FieldRef, EXAMPLE_TABLE.names)

_NUMBERS = (
    *(Literal(Decimal(one)) for one in ("0", "0.5", "-2.5", "3", "0.001", "1E+5", "-0.00005")),
    Literal(Decimal(10**37)),
    Literal(Decimal(-(10**37))),
    Literal(Decimal("1E-18")),
)
_TEXTS = ("West", "", "华东", "e", "é", "%", "_", "a_", "\\", "'", "\ufff0", "\0", "We\0st", "😀")
_DAY, _MOMENT = Literal(date(2017, 1, 30)), Literal(datetime(2017, 3, 1, 8, 30, tzinfo=UTC))


def _comparisons() -> Iterator[Expression]:
    for sign in Comparator:
        yield from (Comparison(sign, REVENUE, one) for one in _NUMBERS)
        yield from (Comparison(sign, one, WALLET) for one in _NUMBERS)
        yield from (Comparison(sign, REGION, Literal(one)) for one in _TEXTS)
        yield Comparison(sign, Literal("a\0b"), REGION)
        yield Comparison(sign, REGION, Coalesce((REGION, Literal("m"))))
        yield Comparison(sign, REVENUE, WALLET)
        yield Comparison(sign, CREATED, _DAY)
        yield Comparison(sign, _MOMENT, CHANGED)
    for sign in (Comparator.EQ, Comparator.NE):
        yield Comparison(sign, ACTIVE, Literal(True))
        yield Comparison(sign, ACTIVE, NullTest(REGION))


def _tests() -> Iterator[Expression]:
    for match in TextMatch:
        yield from (TextTest(match, REGION, one) for one in _TEXTS)
        yield TextTest(match, Coalesce((REGION, Literal("West"))), "st")
    for match in TagMatch:
        for tags in ((), ("vip",), ("vip", "old"), ("ip", "vi"), ("old\x1fvip",), ("\0",), ("",)):
            yield TagTest(match, TAGS, tags)
            yield TagTest(match, Conditional((Branch(ACTIVE, TAGS),)), tags)
    for value, options in (
        (REGION, ("West", "华东", "a\0")),
        (REGION, ("\0",)),
        (ORDERS, (Decimal(3), Decimal("3.0"), Decimal("0.5"), Decimal(10**20))),
        (ORDERS, (Decimal("0.5"),)),
        (Rounded(REVENUE, 0, Rounding.HALF_UP), (Decimal(3), Decimal(-2))),
        (CREATED, (date(2017, 1, 30), date(1, 1, 1))),
        (CHANGED, (_MOMENT.value,)),
        (ACTIVE, (True,)),
    ):
        yield Membership(value, tuple(map(Literal, options)))
        yield Membership(value, ())


def _betweens() -> Iterator[Expression]:
    for value, low, high in (
        (REVENUE, Literal(Decimal("-0.5")), Literal(Decimal("2.5"))),
        (REVENUE, WALLET, ORDERS),
        (REVENUE, Literal(Decimal(-(10**30))), WALLET),
        (REGION, Literal("A"), Literal("e")),
        (REGION, Literal("A\0"), Literal("e\0")),
        (Arithmetic(Operator.ADD, ORDERS, WALLET), Literal(Decimal(0)), REVENUE),
        (CREATED, Literal(date(2000, 1, 1)), _DAY),
        (CHANGED, CHANGED, _MOMENT),
    ):
        yield Between(value, low, high)


def _numbers() -> Iterator[Expression]:
    for mode in Rounding:
        yield from (Rounded(REVENUE, digits, mode) for digits in (0, 1, 2, 5))
        yield Rounded(Arithmetic(Operator.MULTIPLY, WALLET, REVENUE), 1, mode)
        yield Rounded(Rounded(WALLET, 3, mode), 0, Rounding.HALF_EVEN)
    for operator in Operator:
        yield Arithmetic(operator, REVENUE, WALLET)
        yield Arithmetic(operator, Literal(Decimal("0.125")), ORDERS)
        yield Arithmetic(operator, Arithmetic(operator, ORDERS, ORDERS), WALLET)
    yield DaysBetween(CREATED, _DAY)
    yield DaysBetween(_DAY, CREATED)
    yield DaysBetween(Literal(date(1, 1, 1)), Literal(date(9999, 12, 31)))
    yield Rounded(DaysBetween(CREATED, _DAY), 2, Rounding.UP)
    yield Coalesce((WALLET, REVENUE, ORDERS))
    yield Coalesce((Coalesce((WALLET,)), Coalesce((ORDERS, Literal(Decimal(7))))))
    yield Conditional((Branch(ACTIVE, WALLET), Branch(Negation(ACTIVE), ORDERS)), REVENUE)
    yield Conditional((Branch(Comparison(Comparator.GT, ORDERS, WALLET), ORDERS),))
    yield Literal(Decimal("12.50"))


def _joined() -> Iterator[Expression]:
    large, west = (
        Comparison(Comparator.GT, ORDERS, WALLET),
        Comparison(Comparator.EQ, REGION, Literal("West")),
    )
    for parts in ((), (large,), (large, ACTIVE), (large, ACTIVE, west, NullTest(TAGS))):
        yield Conjunction(parts)
        yield Disjunction(parts)
        yield Negation(Conjunction(parts))
    yield NullTest(large)
    yield Literal(False)
    yield from (Coalesce((one, one)) for one in (REGION, CREATED, CHANGED, ACTIVE))
    yield from (REGION, CREATED, CHANGED, ACTIVE, Literal("100%"), _DAY, _MOMENT)
    yield Conditional((Branch(large, REGION), Branch(west, Literal("華"))))
    yield (F.revenue > 0).tree


RULES: tuple[Expression, ...] = (
    *_comparisons(),
    *_tests(),
    *_betweens(),
    *_numbers(),
    *_joined(),
)
"""Every kind of node with every operator, on columns and literals of every type."""


def few_of_each(rules: tuple[Expression, ...]) -> tuple[Expression, ...]:
    """Return two rules of each kind and operator, for databases where each question costs much."""
    found: dict[tuple[object, ...], list[Expression]] = {}
    for rule in rules:
        sign = next(
            (one for one in attrs.astuple(rule, recurse=False) if isinstance(one, Enum)), None
        )
        found.setdefault((type(rule), sign), []).append(rule)
    return tuple(rule for some in found.values() for rule in (*some[:1], *some[1:][-1:]))


def answerable(
    rules: tuple[Expression, ...] | list[Expression], db: Database
) -> tuple[list[Expression], list[Expression]]:
    """Return the rules that a database answers, and those that it refuses by name."""
    taken: list[Expression] = []
    refused: list[Expression] = []
    for rule in rules:
        try:
            sql_rule(rule, EXAMPLE_TABLE, db.dialect, digits=DIGITS)
        except EngineRefused:
            refused.append(rule)
        else:
            taken.append(rule)
    return taken, refused


def mismatches(
    rules: list[Expression], db: Database, rows: tuple[dict[str, Any], ...] | list[dict[str, Any]]
) -> list[tuple[Expression, Any, Any]]:
    """Return the rules whose answers a database and Python see differently, with both."""
    wide = db.keep(EXAMPLE_TABLE, rows, digits=DIGITS)
    found = db.answers(rules, wide, digits=DIGITS)
    wanted = [[evaluate(rule, one) for one in rows] for rule in rules]
    return [
        (rule, seen, right)
        for rule, seen, right in zip(rules, found, wanted, strict=True)
        if seen != right
    ]
