"""However a rule is put together, and whatever its rows are, its meaning is one."""

import operator
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from itertools import product
from traceback import walk_stack
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore import testing
from salescore.errors import InexactResult
from salescore.plain import Field, FieldTable, Kind
from salescore.rules import (
    Conjunction,
    Disjunction,
    Expression,
    F,
    FieldRef,
    Literal,
    Negation,
    NullTest,
    RuleType,
    Term,
    coalesce,
    compile_expression,
    days_between,
    evaluate,
    when,
)
from salescore.rules._fold import folded
from salescore.values import Rounding

T, N, U = True, False, None
"""True, false (no) and unknown."""

Row = Mapping[str, Any]


def by_mapping(tree: Expression, row: Row) -> object:
    """Return the value of a rule on a row read as a mapping."""
    return compile_expression(tree, operator.itemgetter)(row)


def by_column(tree: Expression, row: Row) -> object:
    """Return the value of a rule on a row read out of columns."""
    return compile_expression(tree, lambda name: [None, row[name]].__getitem__)(1)


READERS = pytest.mark.parametrize("read", [by_mapping, by_column])
Read = Callable[[Expression, Row], object]

QUESTIONS: list[tuple[Term, object, object]] = [
    (F.a == 5, Decimal("5.0"), Decimal(4)),
    (F.a != 5, Decimal(4), Decimal("5.0")),
    (F.a < 5, Decimal(4), Decimal(5)),
    (F.a <= 5, Decimal(5), Decimal(6)),
    (F.a > 5, Decimal(6), Decimal(5)),
    (F.a >= 5, Decimal(5), Decimal(4)),
    (Term(Literal(Decimal(5))) == F.a, Decimal(5), Decimal(4)),
    (Term(Literal(Decimal(5))) != F.a, Decimal(4), Decimal(5)),
    (Term(Literal(Decimal(5))) < F.a, Decimal(6), Decimal(5)),
    (Term(Literal(Decimal(5))) <= F.a, Decimal(5), Decimal(4)),
    (Term(Literal(Decimal(5))) > F.a, Decimal(4), Decimal(5)),
    (Term(Literal(Decimal(5))) >= F.a, Decimal(5), Decimal(6)),
    (F.a.is_in(["West", "East"]), "East", "North"),
    (F.a.between(3, 5), Decimal(5), Decimal(6)),
    (F.a.between(3, 5), Decimal(3), Decimal(2)),
    (F.a.starts_with("We"), "West", "NorWe"),
    (F.a.contains("es"), "West", "East"),
    (F.a.ends_with("st"), "West", "stop"),
    (F.a.has_any(["x", "y"]), frozenset("y"), frozenset("z")),
    (F.a.has_all(["x", "y"]), frozenset("xyz"), frozenset("y")),
    (F.a.has_none(["x", "y"]), frozenset("z"), frozenset("y")),
    (F.a + 1 >= 5, Decimal(4), Decimal(3)),
    (~(F.a >= 5), Decimal(4), Decimal(5)),
    (Term(FieldRef("a")), True, False),
]


@READERS
@pytest.mark.parametrize(("term", "yes", "no"), QUESTIONS)
def test_a_question_means_the_same_alone_and_before_others(
    term: Term, yes: object, no: object, read: Read
) -> None:
    """Each question to one value, alone or joined, answers true, false and unknown alike."""
    for a, first in ((yes, T), (no, N), (None, U)):
        assert read(term.tree, {"a": a}) is first
        for then in (T, N, U):
            row = {"a": a, "b": then}
            assert read(Conjunction((term.tree, FieldRef("b"))), row) is joined_by_and(first, then)
            assert read(Disjunction((term.tree, FieldRef("b"))), row) is joined_by_or(first, then)


@READERS
@pytest.mark.parametrize("known", [False, True])
def test_a_test_for_null_means_the_same_alone_and_before_others(*, known: bool, read: Read) -> None:
    """Whether a value is null, or is known, is true or false, alone or joined."""
    test: Expression = NullTest(FieldRef("a"))
    test = Negation(test) if known else test
    for a, first in ((Decimal(0), known), (None, not known)):
        assert read(test, {"a": a}) is first
        for then in (T, N, U):
            row = {"a": a, "b": then}
            assert read(Conjunction((test, FieldRef("b"))), row) is joined_by_and(first, then)
            assert read(Disjunction((test, FieldRef("b"))), row) is joined_by_or(first, then)


def joined_by_and(*values: bool | None) -> bool | None:
    """Return what a conjunction of the values is in SQL."""
    return N if N in values else U if U in values else T


def joined_by_or(*values: bool | None) -> bool | None:
    """Return what a disjunction of the values is in SQL."""
    return T if T in values else U if U in values else N


@READERS
def test_three_parts_in_every_combination(read: Read) -> None:
    """Three tests, of a truth value, of a number and of a text, join as SQL joins them."""
    terms = (Term(FieldRef("a")), F.b >= 5, F.c.is_in(["West"]))
    tree = tuple(term.tree for term in terms)
    values = ({T: True, N: False}, {T: Decimal(5), N: Decimal(4)}, {T: "West", N: "East"})
    for answers in product((T, N, U), repeat=3):
        row = {name: of.get(one) for name, of, one in zip("abc", values, answers, strict=True)}
        assert read(Conjunction(tree), row) is joined_by_and(*answers)
        assert read(Disjunction(tree), row) is joined_by_or(*answers)


@READERS
@pytest.mark.parametrize("width", [1, 2, 7, 8, 9, 16, 17])
def test_each_part_of_a_long_join_counts(width: int, read: Read) -> None:
    """Joins of any length mean what short ones mean, also where they are cut into chains."""
    names = [f"f{number}" for number in range(width)]
    parts = tuple(FieldRef(name) for name in names)
    for place, odd in product(names, (N, U)):
        assert read(Conjunction(parts), dict.fromkeys(names, T) | {place: odd}) is odd
    for place, odd in product(names, (T, U)):
        assert read(Disjunction(parts), dict.fromkeys(names, N) | {place: odd}) is odd
    assert read(Conjunction(parts), dict.fromkeys(names, T)) is True
    assert read(Disjunction(parts), dict.fromkeys(names, N)) is False
    for first, last in ((N, U), (U, N)):
        row = {names[0]: first} | dict.fromkeys(names[1:-1], T) | {names[-1]: last}
        assert read(Conjunction(parts), row) is (last if width == 1 else False)


@pytest.mark.parametrize("width", [1, 2, 8, 9, 17])
@pytest.mark.parametrize("join", [Conjunction, Disjunction])
def test_what_stands_behind_a_deciding_part_is_not_read(
    join: Callable[[tuple[Expression, ...]], Expression], width: int
) -> None:
    """A row need not even have the fields behind the part that decides."""
    ends = join is Disjunction
    row = {f"f{number}": not ends for number in range(width)} | {"last": ends}
    parts = tuple(FieldRef(name) for name in row)
    assert evaluate(join((*parts, FieldRef("absent"))), row) is ends
    with pytest.raises(KeyError):
        evaluate(join((*parts[:-1], FieldRef("absent"))), row)


def test_what_stands_behind_an_unknown_part_is_read() -> None:
    """An unknown part does not decide, so what stands behind it still can, or still fails."""
    broken = F.b + 1 > 0
    row = {"a": None, "b": Decimal("1E+2000"), "c": False}
    with pytest.raises(InexactResult):
        evaluate(((F.a > 1) & broken).tree, row)
    assert evaluate(((F.a > 1) & F.c & broken).tree, row) is False


@pytest.mark.parametrize("width", [1, 2, 8, 9, 30])
def test_the_deepest_rule_runs_within_the_stack(width: int) -> None:
    """A rule of 31 joins in one another, each as wide as a chain, needs under 300 frames."""
    rule: Expression = FieldRef("b")
    for level in range(31):
        join = Conjunction if level % 2 else Disjunction
        parts = (FieldRef("yes" if level % 2 else "no"),) * (width - 1)
        rule = join((*parts, rule))
    for found in (T, N, U):
        row = Deep({"yes": True, "no": False, "b": found})
        assert evaluate(rule, row) is found
        assert row.frames < 300


class Deep(dict[str, Any]):
    """A row that notes how many functions of a rule call one another when it is read."""

    frames = 0

    def __getitem__(self, name: str) -> object:
        files = [one.f_code.co_filename for one, _ in walk_stack(None)]
        self.frames = max(self.frames, sum(file.endswith("_closures.py") for file in files))
        return super().__getitem__(name)


TWO = Term(Literal(Decimal(2)))


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        (F.a >= TWO * 3, F.a >= 6),
        (TWO * 3 <= F.a, Term(Literal(Decimal(6))) <= F.a),  # noqa: SIM300 - the literal on the left
        (F.a.between(TWO - 1, TWO + 1), F.a.between(1, 3)),
        (F.a + (TWO + 1).rounded(1, Rounding.UP), F.a + Decimal("3.0")),
        (coalesce(F.a, coalesce(TWO, 5)), coalesce(F.a, 2)),
        (F.a > days_between(date(2017, 2, 27), date(2017, 3, 1)), F.a > 2),
        (F.a & ~(TWO > 1), F.a & Literal(value=False)),
        (F.a | (TWO > 1), F.a | Literal(value=True)),
        (F.a & TWO.is_null(), F.a & Literal(value=False)),
        (F.a & TWO.is_in([1, 2]), F.a & Literal(value=True)),
        (F.a & Term(Literal("West")).ends_with("st"), F.a & Literal(value=True)),
        (F.a == when((TWO > 1, "yes"), otherwise="no"), F.a == "yes"),
        (when((F.a, TWO * TWO), otherwise=TWO * 3), when((F.a, 4), otherwise=6)),
        (F.a & Term(Conjunction(())), F.a & Literal(value=True)),
        (~F.a.has_any(["x"]) & (TWO > 1), ~F.a.has_any(["x"]) & Literal(value=True)),
        (TWO * 3, Term(Literal(Decimal(6)))),
    ],
)
def test_folding(rule: Term, found: Term) -> None:
    """What needs no field becomes a literal, wherever it stands."""
    assert folded(rule.tree) == found.tree


def test_a_rule_without_constant_parts_is_not_built_anew() -> None:
    """Folding leaves a rule that has nothing to fold as the very object it is."""
    for term, _, _ in QUESTIONS:
        assert folded(term.tree) is term.tree


def test_a_constant_without_a_value_stays() -> None:
    """A part that is null on every row has no literal, and is null still."""
    rule = coalesce(when((TWO > 5, "big")), F.a).tree
    assert evaluate(rule, {"a": "small"}) == "small"
    assert by_mapping(rule, {"a": "small"}) == "small"
    assert by_mapping(when((TWO > 5, "big")).tree, {}) is None
    assert by_mapping((F.a != when((TWO > 5, "big"))).tree, {"a": "small"}) is None


@READERS
def test_a_constant_that_cannot_be_held_fails_only_where_it_is_reached(read: Read) -> None:
    """Compiling it is no error, and neither is a row that is decided before it."""
    factor = Decimal(10**37 + 1)
    held = Term(Literal(Decimal(10**30 + 1)))
    for _ in range(26):
        held *= factor
    assert evaluate((held > 1).tree, {}) is True
    for broken in (held * factor > 1, held.rounded(18, Rounding.UP) > 1):
        rule = (F.a & broken).tree
        assert read(rule, {"a": False}) is False
        with pytest.raises(InexactResult):
            read(rule, {"a": True})


TABLE = FieldTable(
    name="facts",
    fields=tuple(
        Field(name=f"{kind.value}_{side}", kind=kind, nullable=True, labels=("", ""))
        for kind in (Kind.BOOLEAN, Kind.DECIMAL, Kind.TEXT, Kind.DATE)
        for side in "ab"
    ),
)
RULES = st.one_of(
    testing.rules(TABLE, kind)
    for kind in (RuleType.BOOLEAN, RuleType.NUMBER, RuleType.TEXT, RuleType.DATE)
)


@settings(max_examples=200)
@given(rule=RULES, row=testing.rows(TABLE))
def test_folding_changes_no_value(rule: Expression, row: dict[str, Any]) -> None:
    """A rule and the rule it folds to have equal values on every row."""
    assert evaluate(folded(rule), row) == evaluate(rule, row)
    assert by_mapping(rule, row) == by_column(rule, row) == evaluate(rule, row)
