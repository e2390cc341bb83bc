"""A rule is held against the fields of a table before anything runs."""

import operator
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import reduce
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore import testing
from salescore.book import FACT_TABLES
from salescore.entities import record_table
from salescore.errors import RuleTypeError, UnknownName
from salescore.plain import Field, FieldTable, Kind
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
    RuleType,
    TagMatch,
    TagTest,
    Term,
    TextMatch,
    TextTest,
    check_types,
    coalesce,
    compile_expression,
    days_between,
    evaluate,
    explain,
    fields_of,
    rule_text,
    rule_to_data,
    when,
)
from salescore.values import Rounding


def field(name: str, kind: Kind, *choices: str) -> Field:
    """Return a nullable field."""
    return Field(name=name, kind=kind, nullable=True, labels=(name, name), choices=choices)


TABLE = FieldTable(
    name="facts",
    fields=(
        field("key", Kind.ID),
        field("region", Kind.TEXT),
        field("kind", Kind.CHOICE, "open", "won"),
        field("amount", Kind.DECIMAL),
        field("cost", Kind.DECIMAL),
        field("price", Kind.MONEY),
        field("day", Kind.DATE),
        field("at", Kind.INSTANT),
        field("hot", Kind.BOOLEAN),
        Field(name="tags", kind=Kind.TEXT, nullable=True, labels=("", ""), is_set=True),
    ),
)
NOON = datetime(2017, 3, 1, 12, tzinfo=UTC)
DAY = date(2017, 3, 1)


@pytest.mark.parametrize(
    ("term", "found"),
    [
        (F.key, RuleType.TEXT),
        (F.region, RuleType.TEXT),
        (F.kind, RuleType.TEXT),
        (F.amount, RuleType.NUMBER),
        (F.day, RuleType.DATE),
        (F["at"], RuleType.INSTANT),
        (F.hot, RuleType.BOOLEAN),
        (F.amount - F.cost * 2, RuleType.NUMBER),
        (F.amount > F.cost, RuleType.BOOLEAN),
        (F.kind == "won", RuleType.BOOLEAN),
        (F.region == F.kind, RuleType.BOOLEAN),
        (F.kind.is_in(["won", "open"]), RuleType.BOOLEAN),
        (F.day >= DAY, RuleType.BOOLEAN),
        (F["at"] >= NOON, RuleType.BOOLEAN),
        (F.hot == (F.amount > 1), RuleType.BOOLEAN),
        (F.hot & (F.amount > 1), RuleType.BOOLEAN),
        (~F.hot | F.day.is_null(), RuleType.BOOLEAN),
        (Term(Literal(value=True)), RuleType.BOOLEAN),
        (Term(Literal(Decimal(1))), RuleType.NUMBER),
        (Term(Literal("x")), RuleType.TEXT),
        (Term(Literal(DAY)), RuleType.DATE),
        (Term(Literal(NOON)), RuleType.INSTANT),
        (Term(Conjunction(())), RuleType.BOOLEAN),
        (F.tags, RuleType.TAGS),
        (F.tags.is_null(), RuleType.BOOLEAN),
        (F.tags.has_any(["vip"]), RuleType.BOOLEAN),
        (coalesce(F.tags, F.tags).has_none([]), RuleType.BOOLEAN),
        (F.region.starts_with("W"), RuleType.BOOLEAN),
        (F.kind.contains("o"), RuleType.BOOLEAN),
        (F.amount.between(F.cost, 9), RuleType.BOOLEAN),
        (F.day.between(DAY, DAY), RuleType.BOOLEAN),
        (F.region.between("A", "M"), RuleType.BOOLEAN),
        (F["at"].between(NOON, F["at"]), RuleType.BOOLEAN),
        (F.amount.rounded(2, Rounding.HALF_UP), RuleType.NUMBER),
        (days_between(F.day, DAY), RuleType.NUMBER),
        (coalesce(F.day, DAY), RuleType.DATE),
        (coalesce(F.hot, F.amount > 1), RuleType.BOOLEAN),
        (when((F.hot, "x")), RuleType.TEXT),
        (when((F.hot, F.amount), (F.amount > 1, 0), otherwise=F.cost), RuleType.NUMBER),
    ],
)
def test_what_an_expression_yields(term: Term, found: RuleType) -> None:
    """The type of an expression follows from its fields and literals."""
    assert check_types(term.tree, TABLE) is found


@pytest.mark.parametrize(
    ("term", "fault"),
    [
        (F.price > 1, "priced fact table"),
        (F.price.is_null(), "priced fact table"),
        (F.region > 1, "compares text with number"),
        (F.amount == "1", "compares number with text"),
        (F.day > NOON, "compares date with instant"),
        (F["at"] > DAY, "compares instant with date"),
        (F.hot == 1, "compares boolean with number"),
        (F.region == F.amount, "compares text with number"),
        (F.amount.is_in([1, "x"]), "compares number with text"),
        (F.region.is_in([True]), "compares text with boolean"),
        (F.hot < True, "truth values have no order"),
        (F.hot >= (F.amount > 1), "truth values have no order"),
        (F.kind == "gone", "never 'gone'; it is one of open, won"),
        (F.kind.is_in(["won", "gone"]), "never 'gone'"),
        (F.amount & F.hot, "needs boolean, not number"),
        (F.hot | F.region, "needs boolean, not text"),
        (~F.day, "needs boolean, not date"),
        (F.amount + F.region, "needs number, not text"),
        (F.day - F.day, "needs number, not date"),
        (F.hot * 2, "needs number, not boolean"),
        (F.tags == "vip", "a set of tags is not compared; ask has_any, has_all or has_none"),
        (F.tags == F.tags, "set of tags is not compared"),
        (F.tags.is_in(["vip"]), "set of tags is not compared"),
        (F.tags.is_in([]), "set of tags is not compared"),
        (
            F.tags.between("a", "b"),
            "a set of tags is not compared; ask has_any, has_all or has_none",
        ),
        (F.tags.between(F.tags, F.tags), "set of tags is not compared"),
        (F.tags.contains("vip"), "needs text, not tags"),
        (F.region.has_any(["vip"]), "needs tags, not text"),
        (F.amount.starts_with("1"), "needs text, not number"),
        (F.hot.between(False, True), "truth values have no order"),
        (F.amount.between("1", 9), "compares number with text"),
        (F.amount.between(1, "9"), "compares number with text"),
        (F.region.rounded(2, Rounding.UP), "needs number, not text"),
        (days_between(F.day, F["at"]), "needs date, not instant"),
        (days_between(F.amount, F.day), "needs date, not number"),
        (coalesce(F.amount, "x"), "it is now number, now text"),
        (coalesce(), "at least one value"),
        (when(), "at least one value"),
        (when((F.amount, 1)), "needs boolean, not number"),
        (when((F.hot, 1), otherwise="x"), "it is now number, now text"),
        (when((F.hot, 1), (F.hot, DAY)), "it is now number, now date"),
    ],
)
def test_refuses_types_that_do_not_fit(term: Term, fault: str) -> None:
    """Nothing is coerced: the fault names the part and both types."""
    with pytest.raises(RuleTypeError, match=fault):
        check_types(term.tree, TABLE)


def test_a_choice_on_the_right_is_checked_too() -> None:
    """A literal that a choice can never be is refused on either side."""
    turned = Comparison(Comparator.EQ, Literal("gone"), FieldRef("kind"))
    with pytest.raises(RuleTypeError, match="never 'gone'"):
        check_types(turned, TABLE)


@pytest.mark.parametrize(
    "term",
    [
        coalesce(F.kind, "none") == "WON",
        coalesce(coalesce(F.kind, "a"), "none").is_in(["won", "b"]),
        when((F.kind == "won", F.kind), otherwise="none") != "gone",
        F.kind.between("lost", "win"),
        F.kind.between("loose", "won"),
        coalesce(F.kind, "none").between("none", "win"),
    ],
)
def test_a_value_made_of_choices_is_none_but_them(term: Term) -> None:
    """A slip in a choice is found behind coalesce and conditionals, and in both bounds."""
    with pytest.raises(RuleTypeError, match=r"is never '.*'; it is one of .*won"):
        check_types(term, TABLE)


@pytest.mark.parametrize(
    "term",
    [
        coalesce(F.kind, "none") == "none",
        when((F.kind == "won", F.kind)) == "open",
        coalesce(F.kind, F.region) == "anything",
        when((F.kind == "won", "a"), otherwise="b") == "c",
        F.kind.between("open", "won"),
    ],
)
def test_a_value_that_can_be_more_is_left_alone(term: Term) -> None:
    """What is written beside the choices counts, and what nobody can tell is let pass."""
    assert check_types(term, TABLE) is RuleType.BOOLEAN


def test_a_conditional_without_branches_is_refused_by_name() -> None:
    """An else alone does not make a conditional, and one without anything has words, too."""
    for tree in (Conditional(()), Conditional((), Literal(Decimal(1)))):
        with pytest.raises(RuleTypeError, match=r"rule 'if \(\).*': it needs at least one value"):
            check_types(tree, TABLE)


def test_a_term_is_a_rule_at_every_door() -> None:
    """What `F` builds is taken as it is wherever its tree is, and nothing else is."""
    term = F.region == "West"
    assert check_types(term, TABLE) is RuleType.BOOLEAN
    assert evaluate(term, {"region": "West"}) is True
    assert compile_expression(term, operator.itemgetter)({"region": "East"}) is False
    assert rule_text(term) == "region == 'West'"
    assert fields_of(term) == ("region",)
    doors: list[Any] = [
        rule_text,
        fields_of,
        rule_to_data,
        lambda rule: check_types(rule, TABLE),
        lambda rule: evaluate(rule, {}),
        lambda rule: compile_expression(rule, operator.itemgetter),
        lambda rule: explain(rule, {}),
    ]
    for door in doors:
        for wrong in ("region", None, 5):
            with pytest.raises(RuleTypeError, match="it is no node of a rule; write a term"):
                door(wrong)


def test_a_field_that_does_not_exist_is_refused() -> None:
    """The closest field is offered."""
    with pytest.raises(UnknownName, match="did you mean 'region'"):
        check_types((F.regio == "West").tree, TABLE)


def test_money_of_a_record_is_refused_and_of_a_fact_is_a_number() -> None:
    """Rules see the priced fact table, where money is a plain decimal."""
    rule = (F.net_amount > 1).tree
    with pytest.raises(RuleTypeError, match="priced fact table"):
        check_types(rule, record_table("order_lines"))
    assert check_types(rule, FACT_TABLES[0]) is RuleType.BOOLEAN


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        (None, "rule 'None': null cannot be compared"),
        (1.5, "rule '1.5': a float is not exact"),
        (1, "must be a Decimal"),
        (Decimal("NaN"), "rule 'NaN': only finite"),
        (Decimal("1E+40"), "38 digits"),
        (datetime(2017, 3, 1), "must be in UTC"),  # noqa: DTZ001 - naive on purpose
        ("x" * 65_537, "65,536 characters"),
        (object(), "rule 'a object': a rule cannot hold"),
        ([1], "cannot hold a list"),
    ],
)
def test_refuses_a_literal_that_was_written_by_hand(value: Any, fault: str) -> None:  # noqa: ANN401
    """A tree made without `F` is held to the same literals, wherever they stand."""
    for tree in (
        Literal(value),
        Comparison(Comparator.EQ, Literal(value), Literal(value)),
        Membership(FieldRef("region"), (Literal(value),)),
        NullTest(Literal(value)),
    ):
        with pytest.raises(RuleTypeError, match=fault):
            check_types(tree, TABLE)


@pytest.mark.parametrize(
    ("tree", "fault"),
    [
        (Comparison(Comparator.EQ, FieldRef("amount"), 5), "write Literal or FieldRef"),
        (Negation("hot"), "rule \"'hot'\": it stands in a tree but is no node"),
        (Conjunction((None,)), "is no node"),
        (Membership(FieldRef("amount"), (FieldRef("cost"),)), "must be a Literal"),
        (Membership(FieldRef("amount"), (Decimal(1),)), "must be a Literal"),
        (Conditional(((FieldRef("hot"), FieldRef("hot")),)), "a conditional is made of Branch"),
        (TextTest("contains", FieldRef("region"), "x"), "texttest needs TextMatch"),
        (TextTest(TextMatch.CONTAINS, FieldRef("region"), 5), "TextTest looks for a text"),
        (TagTest("has_any", FieldRef("tags"), ("x",)), "tagtest needs TagMatch"),
        (TagTest(TagMatch.ANY, FieldRef("tags"), (None,)), "TagTest looks for a text"),
        (Rounded(FieldRef("amount"), 2, "half_up"), "rounded needs Rounding"),
        (Rounded(FieldRef("amount"), -1, Rounding.UP), "round to 0 to 18 digits"),
        (Rounded(FieldRef("amount"), 19, Rounding.UP), "rule '19'|round to 0 to 18 digits"),
        (Rounded(FieldRef("amount"), True, Rounding.UP), "round to 0 to 18 digits"),
        (Rounded(FieldRef("amount"), 1.0, Rounding.UP), "round to 0 to 18 digits"),
        (DaysBetween(FieldRef("day"), DAY), "write Literal or FieldRef"),
        (Between(FieldRef("day"), DAY, FieldRef("day")), "write Literal or FieldRef"),
    ],
)
def test_refuses_what_is_no_node(tree: Any, fault: str) -> None:  # noqa: ANN401 - wrong on purpose
    """A plain value inside a tree is named, not tripped over."""
    with pytest.raises(RuleTypeError, match=fault):
        check_types(tree, TABLE)
    with pytest.raises(RuleTypeError, match=fault):
        compile_expression(tree, lambda name: lambda row: row[name])


def nested(depth: int) -> Expression:
    """Return a rule of that many levels."""
    return reduce(lambda tree, _: Negation(tree), range(depth - 1), FieldRef("hot"))


def test_depth_has_a_limit() -> None:
    """32 levels are read, 33 are refused."""
    assert check_types(nested(32), TABLE) is RuleType.BOOLEAN
    with pytest.raises(RuleTypeError, match="rule 'a negation': it is nested more than 32 levels"):
        check_types(nested(33), TABLE)


@pytest.mark.parametrize("depth", [500, 20_000])
def test_a_deep_tree_is_a_clear_error(depth: int) -> None:
    """However deep a tree is, nothing that reads it overflows the stack."""
    tree = nested(depth)
    row = {"hot": True}
    for read in (lambda: check_types(tree, TABLE), lambda: evaluate(tree, row)):
        with pytest.raises(RuleTypeError, match="levels deep"):
            read()
    assert fields_of(tree) == ("hot",)
    assert rule_text(tree).count("not") == depth - 1
    while isinstance(tree, Negation):  # taken apart by hand: dropping it whole would recurse
        tree = tree.part


def test_nodes_have_a_limit() -> None:
    """2,000 nodes are read, 2,001 are refused; the options of a list are not nodes."""
    hot = FieldRef("hot")
    assert check_types(Conjunction((hot,) * 1_999), TABLE) is RuleType.BOOLEAN
    with pytest.raises(RuleTypeError, match="more than 2,000 nodes"):
        check_types(Disjunction((hot,) * 2_000), TABLE)
    many = Membership(FieldRef("amount"), tuple(Literal(Decimal(n)) for n in range(10_000)))
    assert check_types(many, TABLE) is RuleType.BOOLEAN


def test_options_have_a_limit() -> None:
    """A list of 10,001 options is refused."""
    many = Membership(FieldRef("amount"), (Literal(Decimal(1)),) * 10_001)
    with pytest.raises(RuleTypeError, match="more than 10,000 options"):
        check_types(many, TABLE)


def test_tags_and_their_texts_have_limits() -> None:
    """A list of 10,000 tags is read, one more is refused, and so is a text of 65,537 letters."""
    tags = tuple(str(number) for number in range(10_001))
    fits = TagTest(TagMatch.ANY, FieldRef("tags"), tags[:-1])
    assert check_types(fits, TABLE) is RuleType.BOOLEAN
    with pytest.raises(RuleTypeError, match="more than 10,000 options"):
        check_types(TagTest(TagMatch.ANY, FieldRef("tags"), tags), TABLE)
    longest = "x" * 65_536
    assert check_types(F.region.contains(longest).tree, TABLE) is RuleType.BOOLEAN
    for rule in (F.region.contains(longest + "x"), F.tags.has_all([longest + "x"])):
        with pytest.raises(RuleTypeError, match="at most 65,536 characters"):
            check_types(rule.tree, TABLE)


@pytest.mark.parametrize(
    "wrap",
    [
        lambda tree: Coalesce((tree,)),
        lambda tree: Conditional((Branch(tree, tree),)),
        lambda tree: Conditional((Branch(FieldRef("hot"), FieldRef("hot")),), tree),
        lambda tree: Comparison(Comparator.EQ, tree, FieldRef("hot")),
    ],
)
def test_every_part_counts_towards_the_limits(wrap: Callable[[Expression], Expression]) -> None:
    """Branches, their values and the else are levels and nodes like any other part."""
    deep = reduce(lambda tree, _: wrap(tree), range(32), FieldRef("hot"))
    with pytest.raises(RuleTypeError, match=r"levels deep|2,000 nodes"):
        check_types(deep, TABLE)


def test_a_shared_part_is_counted_as_often_as_it_stands() -> None:
    """A tree that doubles at every level is refused before it is walked."""
    tree: Expression = FieldRef("hot")
    for _ in range(31):
        tree = Conjunction((tree, tree))
    with pytest.raises(RuleTypeError, match="more than 2,000 nodes"):
        check_types(tree, TABLE)


def test_comparisons_inside_comparisons_are_checked_once_each() -> None:
    """A chain of comparisons costs its length, not two to the power of its length."""
    tree: Expression = FieldRef("hot")
    for _ in range(31):
        tree = Comparison(Comparator.EQ, tree, FieldRef("hot"))
    start = time.perf_counter()
    assert check_types(tree, TABLE) is RuleType.BOOLEAN
    assert time.perf_counter() - start < 1


def test_fields_come_in_the_order_of_appearance() -> None:
    """Each field is named once, left to right, literals and options apart."""
    rule = (F.kind == "won") & (F.amount - F.cost > 5) | F.region.is_in(["West"]) & (F.amount > 1)
    assert fields_of(rule.tree) == ("kind", "amount", "cost", "region")
    assert fields_of(Literal("kind")) == ()
    assert fields_of(Arithmetic(Operator.ADD, FieldRef("b"), FieldRef("a"))) == ("b", "a")
    assert fields_of(NullTest(FieldRef("a"))) == ("a",)
    chosen = when((F.e, F.d), otherwise=coalesce(F.c, F.b.between(F.a, F.e)))
    assert fields_of(chosen.tree) == ("e", "d", "c", "b", "a")
    assert fields_of(days_between(F.b, F.a).tree) == ("b", "a")
    assert fields_of(F.b.has_any(["a"]).tree) == ("b",)


@pytest.mark.parametrize("table", FACT_TABLES, ids=lambda table: table.name)
@settings(max_examples=15)
@given(data=st.data())
def test_every_rule_of_the_strategies_is_a_condition(
    table: FieldTable, data: st.DataObject
) -> None:
    """Random rules pass the check of the table they were drawn for."""
    rule = data.draw(testing.rules(table))
    assert check_types(rule, table) is RuleType.BOOLEAN
    assert set(fields_of(rule)) <= set(table.names)
    assert rule_text(rule)


def test_a_comparator_is_one_of_ours() -> None:
    """A hand-written tree with a text for a comparator is refused before it runs."""
    wrong = Comparison("==", FieldRef("region"), Literal("West"))  # type: ignore[arg-type]
    with pytest.raises(RuleTypeError, match="needs Comparator"):
        check_types(wrong, TABLE)
    sum_of = Arithmetic("+", Literal(Decimal(1)), Literal(Decimal(2)))  # type: ignore[arg-type]
    with pytest.raises(RuleTypeError, match="needs Operator"):
        check_types(sum_of, TABLE)
