"""`F` lets a rule read like Python and builds nothing but a tree."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any

import pendulum
import pytest

from salescore.errors import InvalidDate, RuleTypeError
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
    Term,
    TextMatch,
    TextTest,
    as_tree,
    coalesce,
    days_between,
    rule_text,
    when,
)
from salescore.values import Rounding

A, B, C = FieldRef("a"), FieldRef("b"), FieldRef("c")
ONE = Literal(Decimal(1))


@pytest.mark.parametrize(
    ("term", "tree"),
    [
        (F.a == 1, Comparison(Comparator.EQ, A, ONE)),
        (F.a != 1, Comparison(Comparator.NE, A, ONE)),
        (F.a < 1, Comparison(Comparator.LT, A, ONE)),
        (F.a <= 1, Comparison(Comparator.LE, A, ONE)),
        (F.a > 1, Comparison(Comparator.GT, A, ONE)),
        (F.a >= 1, Comparison(Comparator.GE, A, ONE)),
        (F.a == F.b, Comparison(Comparator.EQ, A, B)),
        (F.a + F.b, Arithmetic(Operator.ADD, A, B)),
        (F.a - 1, Arithmetic(Operator.SUBTRACT, A, ONE)),
        (F.a * Decimal(1), Arithmetic(Operator.MULTIPLY, A, ONE)),
        (F.a & F.b, Conjunction((A, B))),
        (F.a | F.b, Disjunction((A, B))),
        (~F.a, Negation(A)),
        (F.a.is_null(), NullTest(A)),
        (F.a.is_in([1]), Membership(A, (ONE,))),
        (F.a.is_in([]), Membership(A, ())),
        (F["is_in"], FieldRef("is_in")),
        (F.a.between(1, F.b), Between(A, ONE, B)),
        (F.a.starts_with("x"), TextTest(TextMatch.STARTS_WITH, A, "x")),
        (F.a.contains("x"), TextTest(TextMatch.CONTAINS, A, "x")),
        (F.a.ends_with("x"), TextTest(TextMatch.ENDS_WITH, A, "x")),
        (F.a.has_any(["x", "y"]), TagTest(TagMatch.ANY, A, ("x", "y"))),
        (F.a.has_all({"x"}), TagTest(TagMatch.ALL, A, ("x",))),
        (F.a.has_none(()), TagTest(TagMatch.NONE, A, ())),
        (F.a.rounded(2, Rounding.HALF_UP), Rounded(A, 2, Rounding.HALF_UP)),
        (when((F.a, 1)), Conditional((Branch(A, ONE),))),
        (
            when((F.a, F.b), (A, "x"), otherwise=F.c),
            Conditional((Branch(A, B), Branch(A, Literal("x"))), C),
        ),
        (coalesce(F.a, 1), Coalesce((A, ONE))),
        (days_between(F.a, date(2017, 3, 1)), DaysBetween(A, Literal(date(2017, 3, 1)))),
        (F["class"] == "x", Comparison(Comparator.EQ, FieldRef("class"), Literal("x"))),
    ],
)
def test_an_operator_builds_its_node(term: Term, tree: Expression) -> None:
    """Each operator of Python stands for one kind of node."""
    assert term.tree == tree


@pytest.mark.parametrize(
    ("term", "tree"),
    [
        (1 + F.a, Arithmetic(Operator.ADD, ONE, A)),
        (1 - F.a, Arithmetic(Operator.SUBTRACT, ONE, A)),
        (Decimal(1) * F.a, Arithmetic(Operator.MULTIPLY, ONE, A)),
        (1 < F.a, Comparison(Comparator.GT, A, ONE)),  # noqa: SIM300 - reflected on purpose
        (Decimal(1) >= F.a, Comparison(Comparator.LE, A, ONE)),
        ("x" == F.a, Comparison(Comparator.EQ, A, Literal("x"))),  # noqa: SIM300
        (date(2017, 3, 1) > F.a, Comparison(Comparator.LT, A, Literal(date(2017, 3, 1)))),
    ],
)
def test_a_plain_value_may_stand_on_the_left(term: Term, tree: Expression) -> None:
    """Reflected operators keep the order of a difference and turn that of a comparison."""
    assert term.tree == tree


def test_a_chain_grows_in_breadth() -> None:
    """`a & b & c` is one conjunction of three; brackets on the right are kept."""
    assert (F.a & F.b & F.c).tree == Conjunction((A, B, C))
    assert (F.a | F.b | F.c).tree == Disjunction((A, B, C))
    assert (F.a & (F.b & F.c)).tree == Conjunction((A, Conjunction((B, C))))
    assert ((F.a | F.b) & F.c).tree == Conjunction((Disjunction((A, B)), C))


@pytest.mark.parametrize("ask", [bool, lambda term: 0 < term < 1, lambda term: not term])
def test_a_term_has_no_truth_value(ask: Callable[[Term], object]) -> None:
    """`and`, `or`, `not`, `if` and chained comparisons are refused, for they would lose a part."""
    with pytest.raises(RuleTypeError, match="no truth value"):
        ask(F.a)


def test_a_term_has_no_hash() -> None:
    """A term is no key, for it is never equal to anything."""
    with pytest.raises(TypeError, match="unhashable"):
        hash(F.a)


def test_a_term_shows_its_rule() -> None:
    """A term in a notebook reads as the rule it is."""
    assert repr((F.region == "West") & ~F.won) == "<rule (region == 'West') and (not won)>"


def test_dunder_names_are_no_fields() -> None:
    """Tools that look for special methods do not find fields."""
    assert not hasattr(F, "__wrapped__")
    with pytest.raises(AttributeError, match="__wrapped__"):
        F.__wrapped__  # noqa: B018 - the look-up is the test


def test_an_instant_is_kept_in_utc() -> None:
    """A datetime of any zone becomes the same instant in UTC; a pendulum date stays a date."""
    shanghai = datetime(2017, 3, 1, 8, tzinfo=timezone(timedelta(hours=8)))
    assert as_tree(shanghai) == Literal(datetime(2017, 3, 1, tzinfo=UTC))
    assert as_tree(pendulum.date(2017, 3, 1)) == Literal(date(2017, 3, 1))


def test_a_tree_and_a_term_pass_as_they_are() -> None:
    """Both spellings of a rule are accepted wherever one is."""
    assert as_tree(F.a) == A
    assert as_tree(A) is A
    assert as_tree(True) == Literal(value=True)
    assert (F.a & (F.b == 1)).tree == (F.a & as_tree(F.b == 1)).tree  # type: ignore[operator]


class Stage(Enum):
    """A choice."""

    WON = "won"


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        (None, r"ask is_null\(\)"),
        (1.5, "a float is not exact"),
        (float("nan"), "a float is not exact"),
        (Decimal("NaN"), "only finite"),
        (Decimal("Infinity"), "only finite"),
        (Decimal("1E+999999"), "38 digits"),
        (10**38, "38 digits"),
        (Fraction(1, 3), "cannot hold a Fraction"),
        (b"x", "cannot hold a bytes"),
        ([], "cannot hold a list"),
        (Stage.WON, "value of the choice"),
        ("x" * 65_537, "65,536 characters"),
    ],
)
def test_refuses_what_a_rule_cannot_hold(value: object, fault: str) -> None:
    """The fault says what to write instead, on either side and among options."""
    with pytest.raises(RuleTypeError, match=fault):
        F.a == value  # noqa: B015 - building is the test
    with pytest.raises(RuleTypeError, match=fault):
        F.a.is_in([value])  # type: ignore[list-item]


def test_refuses_a_datetime_without_a_zone() -> None:
    """A naive datetime names no instant."""
    with pytest.raises(InvalidDate, match="names no zone"):
        F.a > datetime(2017, 3, 1)  # noqa: B015, DTZ001 - naive on purpose


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (F.region == "West", "region == 'West'"),
        (F.name == "O'Brien", 'name == "O\'Brien"'),
        ((F.kind == "won") & (F.amount >= 50_000), "(kind == 'won') and (amount >= 50000)"),
        (F.a | ~F.b | F.c.is_null(), "a or (not b) or (c is null)"),
        ((F.a + 1) * F.b - Decimal("0.50"), "((a + 1) * b) - 0.50"),
        (F.region.is_in(["West", "East"]), "region in ('West', 'East')"),
        ((F.a - F.b).is_in([1]), "(a - b) in (1)"),
        (F.day < date(2017, 3, 1), "day < 2017-03-01"),
        (F.won == True, "won == True"),  # noqa: E712 - a rule, not a test
        (F.a.between(F.b - 1, 10), "a between (b - 1) and 10"),
        (F.name.starts_with("O'"), 'name starts with "O\'"'),
        ((~F.a).is_null(), "(not a) is null"),
        (F.name.contains("x"), "name contains 'x'"),
        (F.name.ends_with(""), "name ends with ''"),
        (F.tags.has_any(["vip", "new"]), "tags has any ('vip', 'new')"),
        (F.tags.has_all(["vip"]), "tags has all ('vip')"),
        (F.tags.has_none([]), "tags has none ()"),
        ((F.a + 1).rounded(2, Rounding.HALF_UP), "(a + 1) rounded to 2 (half up)"),
        (when((F.a > 1, "x")), "if (a > 1) then 'x'"),
        (
            when((F.a, 1), (F.b, F.c + 1), otherwise=2),
            "if a then 1 else if b then (c + 1) else 2",
        ),
        (coalesce(F.a, F.b + 1, 2), "first known of (a, (b + 1), 2)"),
        (days_between(F.a, F.b) > 30, "(days from a to b) > 30"),
        (Term(Conjunction(())), "true"),
        (Term(Disjunction(())), "false"),
        (~Term(Conjunction((A,))), "not (a)"),
    ],
)
def test_a_rule_reads_as_a_person_would_write_it(term: Term, text: str) -> None:
    """Brackets stand around every part that is more than a name or a value."""
    assert rule_text(term.tree) == text


def test_options_are_several_values() -> None:
    """A text is one value; taken apart into its letters it would be a rule nobody meant."""
    with pytest.raises(RuleTypeError, match="several values"):
        F.region.is_in("West")


@pytest.mark.parametrize("ask", [F.tags.has_any, F.tags.has_all, F.tags.has_none])
def test_tags_are_several_texts(ask: Callable[[str], Term]) -> None:
    """A single tag written without brackets would be a set of its letters."""
    with pytest.raises(RuleTypeError, match="several texts"):
        ask("vip")


def test_a_field_may_bear_the_name_of_a_method() -> None:
    """Fields called like the methods of a term are fields, and so is `tree`."""
    for name in ("between", "contains", "rounded", "tree"):
        assert getattr(F, name).tree == FieldRef(name)


def test_refuses_null_as_a_way_out() -> None:
    """A branch without a value is written by leaving out the else, and null is no bound."""
    with pytest.raises(RuleTypeError, match="null"):
        when((F.a, None))  # type: ignore[arg-type]
    with pytest.raises(RuleTypeError, match="null"):
        coalesce(F.a, None)  # type: ignore[arg-type]
    with pytest.raises(RuleTypeError, match="null"):
        F.a.between(None, 1)  # type: ignore[arg-type]


def test_minus_is_a_number_below_zero() -> None:
    """`-` before a number takes it from zero."""
    assert (-F.n).tree == (0 - F.n).tree == as_tree(0 - F.n)


@pytest.mark.parametrize("kind", [set, frozenset])
def test_a_set_is_put_in_order(kind: type) -> None:
    """Sets of equal members make equal trees at every run; what has an order keeps it."""
    names = [f"n{number}" for number in range(20)]
    assert F.s.is_in(kind(names)).tree == F.s.is_in(sorted(names)).tree
    assert F.tags.has_any(kind(names)).tree == F.tags.has_any(sorted(names)).tree
    assert F.tags.has_none(kind(names)).tree == F.tags.has_none(sorted(names)).tree
    assert F.n.is_in(kind([10, 9, Decimal("1.5")])).tree == F.n.is_in([Decimal("1.5"), 9, 10]).tree
    assert F.n.is_in(kind([1, "a", True + 1])).tree == F.n.is_in([1, 2, "a"]).tree
    assert F.n.is_in([2, 1]).tree != F.n.is_in([1, 2]).tree
    odd: set[Any] = kind([1j, 2j])
    assert sorted(F.tags.has_any(odd).tree.tags, key=repr) == [1j, 2j]  # type: ignore[union-attr]
