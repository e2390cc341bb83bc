"""Evaluation follows SQL's three values, and arithmetic never rounds."""

import operator
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore import testing
from salescore.errors import InexactResult
from salescore.plain import Field, FieldTable, Kind
from salescore.rules import (
    Arithmetic,
    Comparison,
    Conjunction,
    Disjunction,
    Expression,
    F,
    FieldRef,
    Literal,
    Membership,
    Negation,
    NullTest,
    Term,
    compile_expression,
    evaluate,
)

T, N, U = True, False, None
"""True, false (no) and unknown."""


def table(*kinds: Kind) -> FieldTable:
    """Return a table with two fields of each kind."""
    return FieldTable(
        name="facts",
        fields=tuple(
            Field(
                name=f"{kind.value}_{side}",
                kind=kind,
                nullable=True,
                labels=("", ""),
                choices=("open", "won") if kind is Kind.CHOICE else (),
            )
            for kind in kinds
            for side in "ab"
        ),
    )


TABLE = table(*(kind for kind in Kind if kind is not Kind.MONEY))


def value(term: Term, **row: object) -> object:
    """Return the value of a rule on a row."""
    return evaluate(term.tree, row)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("a", "b", "both", "either"),
    [
        (T, T, T, T),
        (T, N, N, T),
        (T, U, U, T),
        (N, T, N, T),
        (N, N, N, N),
        (N, U, N, U),
        (U, T, U, T),
        (U, N, N, U),
        (U, U, U, U),
    ],
)
def test_and_and_or(
    *, a: bool | None, b: bool | None, both: bool | None, either: bool | None
) -> None:
    """False decides a conjunction and true a disjunction; else unknown stays unknown."""
    assert value(F.a & F.b, a=a, b=b) is both
    assert value(F.a | F.b, a=a, b=b) is either


@pytest.mark.parametrize(("a", "found"), [(T, N), (N, T), (U, U)])
def test_not(*, a: bool | None, found: bool | None) -> None:
    """The opposite of unknown is unknown."""
    assert value(~F.a, a=a) is found


@pytest.mark.parametrize(("a", "found"), [(T, N), (N, N), (U, T)])
def test_is_null(*, a: bool | None, found: bool) -> None:
    """A test for null is never unknown."""
    assert value(F.a.is_null(), a=a) is found


def test_joining_nothing() -> None:
    """All of nothing hold, none of nothing does."""
    assert evaluate(Conjunction(()), {}) is True
    assert evaluate(Disjunction(()), {}) is False


@pytest.mark.parametrize(
    ("term", "low", "same", "high"),
    [
        (F.a == 5, N, T, N),
        (F.a != 5, T, N, T),
        (F.a < 5, T, N, N),
        (F.a <= 5, T, T, N),
        (F.a > 5, N, N, T),
        (F.a >= 5, N, T, T),
        (F.a == F.five, N, T, N),
        (F.a != F.five, T, N, T),
        (F.a < F.five, T, N, N),
        (F.a <= F.five, T, T, N),
        (F.a > F.five, N, N, T),
        (F.a >= F.five, N, T, T),
    ],
)
def test_comparisons(term: Term, *, low: bool, same: bool, high: bool) -> None:
    """Each comparator tells lower, same and higher apart, against a literal or a field."""
    found = [value(term, a=Decimal(a), five=Decimal("5.00")) for a in ("4.99", "5", "5.01")]
    assert found == [low, same, high]
    assert value(term, a=None, five=Decimal(5)) is None


def test_a_comparison_with_null_is_unknown_on_either_side() -> None:
    """Null equals nothing, not even null."""
    assert value(F.a == F.b, a=None, b=None) is None
    assert value(F.a != F.b, a=Decimal(1), b=None) is None
    assert value(5 < F.b, b=None) is None  # noqa: SIM300 - the literal on the left


@pytest.mark.parametrize(
    ("low", "high"),
    [
        ("a", "b"),
        (date(2017, 3, 1), date(2017, 3, 2)),
        (datetime(2017, 3, 1, tzinfo=UTC), datetime(2017, 3, 1, 1, tzinfo=UTC)),
    ],
)
def test_texts_days_and_instants_have_an_order(low: object, high: object) -> None:
    """Texts compare letter by letter, days and instants by time."""
    assert value(F.a < F.b, a=low, b=high) is True
    assert value(F.a < F.b, a=high, b=low) is False


def test_membership() -> None:
    """A value is among the options by equality; null is unknown, also among none."""
    assert value(F.a.is_in([1, 2]), a=Decimal("2.0")) is True
    assert value(F.a.is_in([1, 2]), a=Decimal(3)) is False
    assert value(F.a.is_in([1, 2]), a=None) is None
    assert value(F.a.is_in([]), a=Decimal(1)) is False
    assert value(F.a.is_in([]), a=None) is None


def test_arithmetic() -> None:
    """Sums, differences and products are those of the numbers; null makes them null."""
    row = {"a": Decimal("7.5"), "b": Decimal(2)}
    assert value(F.a + F.b, **row) == Decimal("9.5")
    assert value(F.a - F.b, **row) == Decimal("5.5")
    assert value(10 - F.a, **row) == Decimal("2.5")
    assert value(F.a * F.b, **row) == Decimal(15)
    assert value(F.a + F.b, a=None, b=Decimal(1)) is None
    assert value(F.a * F.b, a=Decimal(0), b=None) is None


def test_arithmetic_does_not_round() -> None:
    """Numbers of 38 digits are added and multiplied to the last one."""
    long = 10**38 - 1
    tiny = Decimal("0.000000000000000001")
    assert value(F.a * F.a, a=Decimal(long)) == Decimal(long * long)
    found = value(F.a + F.b - F.a, a=Decimal(long), b=tiny)
    assert found == tiny


def test_arithmetic_that_would_round_is_refused() -> None:
    """A result beyond 1,000 digits is an error that names the operation, never a rounded number."""
    with pytest.raises(InexactResult, match=r"a \+ b cannot be held exactly"):
        value(F.a + F.b, a=Decimal("1E+2000"), b=Decimal(1))
    with pytest.raises(InexactResult, match=r"\(a \+ b\) \* 2|a \+ b"):
        value((F.a + F.b) * 2, a=Decimal("1E+2000"), b=Decimal(1))


def test_a_part_that_decides_saves_the_rest() -> None:
    """What stands behind a false part of a conjunction is not worked out."""
    broken = F.a + F.b > 0
    row = {"a": Decimal("1E+2000"), "b": Decimal(1), "no": False}
    assert value(F.no & broken, **row) is False
    assert value(~F.no | broken, **row) is True
    with pytest.raises(InexactResult):
        value(~F.no & broken, **row)


COMPARE = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
COMBINE = {"+": operator.add, "-": operator.sub, "*": operator.mul}


def naive(expression: Expression, row: Mapping[str, Any]) -> Any:  # noqa: ANN401, C901, PLR0912 - a case per node
    """Return the value of an expression by the letter of its definition, numbers as fractions."""
    match expression:
        case FieldRef(name):
            found = row[name]
            return found.as_integer_ratio() if isinstance(found, Decimal) else found
        case Literal(value=held):
            return held.as_integer_ratio() if isinstance(held, Decimal) else held
        case Comparison(comparator, left, right):
            sides = [naive(left, row), naive(right, row)]
            if None in sides:
                return None
            one, other = sides
            if isinstance(one, tuple):
                one, other = one[0] * other[1], other[0] * one[1]
            return COMPARE[comparator.value](one, other)
        case Arithmetic(act, left, right):
            sides = [naive(left, row), naive(right, row)]
            if None in sides:
                return None
            (a, b), (c, d) = sides
            if act.value == "*":
                return (a * c, b * d)
            return (COMBINE[act.value](a * d, c * b), b * d)
        case Membership(part, options):
            tests = [naive(Comparison(EQUAL, part, option), row) for option in options]
            return None if naive(part, row) is None else any(tests)
        case NullTest(part):
            return naive(part, row) is None
        case Negation(part):
            return {True: False, False: True, None: None}[naive(part, row)]
        case Conjunction(parts):
            found = [naive(part, row) for part in parts]
            return False if False in found else None if None in found else True
        case Disjunction(parts):
            found = [naive(part, row) for part in parts]
            return True if True in found else None if None in found else False


EQUAL = (F.a == 1).tree.comparator  # type: ignore[union-attr]


@settings(max_examples=100)
@given(rule=testing.rules(TABLE), rows=st.lists(testing.rows(TABLE), min_size=1, max_size=4))
def test_compiled_rules_mean_what_their_definition_says(
    rule: Expression, rows: list[dict[str, Any]]
) -> None:
    """On any rule and rows, mappings and columns give what a naive interpreter gives."""
    expected = [naive(rule, row) for row in rows]
    by_mapping = compile_expression(rule, operator.itemgetter)
    columns = {name: [row[name] for row in rows] for name in TABLE.names}
    by_number = compile_expression(rule, lambda name: columns[name].__getitem__)
    assert [evaluate(rule, row) for row in rows] == expected
    assert list(map(by_mapping, rows)) == expected
    assert list(map(by_number, range(len(rows)))) == expected


@settings(max_examples=30)
@given(a=testing.rules(TABLE), b=testing.rules(TABLE), row=testing.rows(TABLE))
def test_de_morgan(a: Expression, b: Expression, row: dict[str, Any]) -> None:
    """Not both is either not, also where something is unknown."""
    assert evaluate(Negation(Conjunction((a, b))), row) is evaluate(
        Disjunction((Negation(a), Negation(b))), row
    )
