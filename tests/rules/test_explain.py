"""An explanation says what evaluation says, and of every part as well."""

from collections.abc import Iterator
from decimal import Decimal
from functools import reduce
from itertools import product
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore import testing
from salescore.errors import InexactResult, InvalidValue, RuleTypeError
from salescore.plain import Field, FieldTable, Kind
from salescore.rules import (
    Branch,
    Coalesce,
    Conditional,
    Conjunction,
    Disjunction,
    Explanation,
    Expression,
    F,
    FieldRef,
    Literal,
    Membership,
    Negation,
    NullTest,
    RuleType,
    Term,
    Verdict,
    check_types,
    coalesce,
    compile_explanation,
    evaluate,
    explain,
    fields_of,
    when,
)
from salescore.values import Rounding

FIRED, FAILED, UNKNOWN, VALUE = Verdict


def field(name: str, kind: Kind, *, is_set: bool = False) -> Field:
    """Return a nullable field."""
    choices = ("open", "won") if kind is Kind.CHOICE else ()
    return Field(
        name=name, kind=kind, nullable=True, labels=("", ""), choices=choices, is_set=is_set
    )


TABLE = FieldTable(
    name="facts",
    fields=(
        *(
            field(f"{kind.value}_{side}", kind)
            for kind in Kind
            for side in "ab"
            if kind is not Kind.MONEY
        ),
        field("tags", Kind.TEXT, is_set=True),
    ),
)
RULES = st.one_of(testing.rules(TABLE), *(testing.rules(TABLE, kind) for kind in RuleType))
ROWS = testing.rows(TABLE)

Row = dict[str, Any]


def nodes(found: Explanation) -> Iterator[Explanation]:
    """Return a node and all below it."""
    yield found
    for part in found.parts:
        yield from nodes(part)


def parts_of(tree: Expression) -> list[Expression]:
    """Return the parts of a node, told from its attributes; options of a list are none."""
    if isinstance(tree, Membership):
        return [tree.value]
    found: list[Any] = []
    for value in attrs.asdict(tree, recurse=False).values():
        for one in value if isinstance(value, tuple) else (value,):
            found += [one.when, one.then] if isinstance(one, Branch) else [one]
    return [one for one in found if isinstance(one, Expression)]


def test_all_unmet_conditions_at_once() -> None:
    """Every condition is worked out, also behind the one that decided."""
    rule = (F.revenue >= 50_000) & F.region.is_in(["East", "North"]) & (F.score >= 4)
    row = {"revenue": Decimal(61_200), "region": "West", "score": None}
    found = explain(rule, row)
    assert found.expression == rule.tree
    assert (found.value, found.verdict, found.missing) == (False, FAILED, ())
    assert [part.verdict for part in found.parts] == [FIRED, FAILED, UNKNOWN]
    assert [part.missing for part in found.parts] == [(), (), ("score",)]
    (revenue, floor) = found.parts[0].parts
    assert (revenue.value, revenue.verdict) == (Decimal(61_200), VALUE)
    assert (floor.value, floor.verdict) == (Decimal(50_000), VALUE)
    assert [part.value for part in found.parts[1].parts] == ["West"]


@pytest.mark.parametrize(
    ("term", "missing"),
    [
        (F.a & F.b, ("a", "b")),
        (F.b & F.a & F.b, ("b", "a")),
        (F.yes & F.a, ("a",)),
        (F.no & F.a, ()),
        (F.yes | F.a, ()),
        (F.no | F.a, ("a",)),
        ((F.yes | F.a) & F.b, ("b",)),
        (~(F.a | F.b), ("a", "b")),
        (F.a.is_null() & F.b, ("b",)),
        (~F.a.is_null() & F.b, ()),
        (coalesce(F.a, F.yes) & F.b, ("b",)),
        (coalesce(F.a, F.b), ("a", "b")),
        (F.a == F.b, ("a", "b")),
        (F.a == F.yes, ("a",)),
        (F.a.is_in([True]), ("a",)),
        (F.x.between(F.five, F.y), ("x", "y")),
        (F.five.between(F.x, 4), ()),
        (F.five.between(F.x, 6), ("x",)),
        (F.x + F.five * F.y > 1, ("x", "y")),
        (when((F.a, F.yes)), ("a",)),
        (when((F.yes, F.a), otherwise=F.b), ("a",)),
        (when((F.no, F.a), otherwise=F.b), ("b",)),
        (when((F.a, F.yes), otherwise=F.b), ("a", "b")),
        (when((F.a, F.b), (F.yes, F.b), (F.c, F.c)), ("a", "b")),
        (when((F.a, F.b), otherwise=F.yes), ()),
        (when((F.no, F.a)), ()),
    ],
)
def test_missing_are_the_fields_that_matter(term: Term, missing: tuple[str, ...]) -> None:
    """A null under what decided otherwise is not missing, nor is one that was asked about."""
    row = {"a": None, "b": None, "c": None, "x": None, "y": None}
    found = explain(term, {**row, "yes": True, "no": False, "five": Decimal(5)})
    assert found.missing == missing
    assert (found.value is None) == bool(missing) or isinstance(term.tree, Conditional)


@settings(max_examples=200)
@given(rule=RULES, row=ROWS)
def test_an_explanation_agrees_with_evaluation(rule: Expression, row: Row) -> None:
    """Every node has the value that it has by itself, and the verdict that goes with it."""
    found = explain(rule, row, TABLE)
    for node in nodes(found):
        assert node.value == evaluate(node.expression, row)
        assert type(node.value) is type(evaluate(node.expression, row))
        assert [part.expression for part in node.parts] == parts_of(node.expression)
        assert node.fault is None
        if check_types(node.expression, TABLE) is RuleType.BOOLEAN:
            assert node.verdict is {True: FIRED, False: FAILED, None: UNKNOWN}[node.value]
        else:
            assert node.verdict is VALUE
    assert found.expression is rule
    bare = list(nodes(explain(rule, row)))
    assert [node.value for node in bare] == [node.value for node in nodes(found)]
    assert [node.missing for node in bare] == [node.missing for node in nodes(found)]


@settings(max_examples=50)
@given(rule=testing.rules(TABLE), rows=st.lists(ROWS, max_size=3))
def test_one_compilation_serves_many_rows(rule: Expression, rows: list[Row]) -> None:
    """Rows leave nothing behind in what was compiled."""
    explained = compile_explanation(rule, TABLE)
    assert [explained(row) for row in rows] == [explain(rule, row, TABLE) for row in rows]


@settings(max_examples=200)
@given(rule=RULES, row=ROWS)
def test_what_is_unknown_says_what_is_missing(rule: Expression, row: Row) -> None:
    """Missing fields are null, were read, and are there wherever a value is not."""
    for node in nodes(explain(rule, row, TABLE)):
        assert len(set(node.missing)) == len(node.missing)
        assert set(node.missing) <= set(fields_of(node.expression))
        assert all(row[name] is None for name in node.missing)
        if node.value is not None:
            assert node.missing == ()
        elif not any(
            isinstance(one.expression, Conditional) and one.expression.otherwise is None
            for one in nodes(node)
        ):
            assert node.missing


@settings(max_examples=300)
@given(rule=RULES, row=ROWS, other=ROWS)
def test_nothing_else_helps(rule: Expression, row: Row, other: Row) -> None:
    """
    While the missing fields stay null, no value of another null field gives an answer.

    Fields that a test for null, a coalesce or a conditional reads are apart: these turn null
    into a value, so to fill them may change the question.
    """
    found = explain(rule, row, TABLE)
    if found.value is not None:
        return
    apart = {
        name
        for node in nodes(found)
        if isinstance(node.expression, NullTest | Coalesce | Conditional)
        for name in fields_of(node.expression)
    }
    filled = {
        name: other[name] if value is None and name not in apart | set(found.missing) else value
        for name, value in row.items()
    }
    assert evaluate(rule, filled) is None


NAMES = "abcd"


def once() -> st.SearchStrategy[Expression]:
    """Return conditions that read each of four truth values once."""

    def grown(names: tuple[str, ...]) -> st.SearchStrategy[Expression]:
        if len(names) == 1:
            leaf: st.SearchStrategy[Any] = st.just(FieldRef(names[0]))
        else:
            leaf = st.integers(1, len(names) - 1).flatmap(
                lambda cut: st.builds(
                    lambda kind, left, right: kind((left, right)),
                    st.sampled_from([Conjunction, Disjunction]),
                    grown(names[:cut]),
                    grown(names[cut:]),
                )
            )
        return st.one_of(leaf, leaf.map(Negation))

    return st.permutations(NAMES).flatmap(lambda names: grown(tuple(names)))


@settings(max_examples=150)
@given(
    rule=once(),
    row=st.fixed_dictionaries({name: st.sampled_from([True, False, None]) for name in NAMES}),
)
def test_missing_is_exact_where_each_field_is_read_once(
    rule: Expression, row: dict[str, bool | None]
) -> None:
    """Each missing field can be the last that matters, and no other null field ever matters."""
    missing = explain(rule, row).missing
    for name in (name for name in NAMES if row[name] is None):
        others = [one for one in NAMES if row[one] is None and one != name]
        matters = False
        for values in product([True, False, None], repeat=len(others)):
            filled = {**row, **dict(zip(others, values, strict=True))}
            answers = {evaluate(rule, {**filled, name: value}) for value in (True, False, None)}
            matters |= len(answers) > 1
        assert matters == (name in missing)


HUGE = Decimal("1E+2000")
BROKEN = F.huge + 1 > 0


def test_a_part_that_evaluation_does_not_reach_may_fail() -> None:
    """Such a part is unknown and says why; the whole stays what evaluation makes of it."""
    row = {"huge": HUGE, "no": False, "a": None}
    fault = "huge + 1 cannot be held exactly"
    for rule, value in ((F.no & BROKEN, False), (~F.no | BROKEN, True)):
        found = explain(rule, row)
        assert found.value is evaluate(rule.tree, row) is value
        assert found.fault is None
        part = found.parts[1]
        assert (part.value, part.verdict, part.missing) == (None, UNKNOWN, ())
        assert part.fault is not None
        assert part.fault.startswith(fault)
        assert part.parts[0].fault == part.fault
        assert (part.parts[0].value, part.parts[0].verdict) == (None, VALUE)
        assert part.parts[1].fault is None
    both = explain(F.no & (F.a & BROKEN), row).parts[1]
    assert (both.missing, both.fault is None) == (("a",), False)


@pytest.mark.parametrize(
    "term",
    [
        when((~F.no, F.no), (BROKEN, F.no), otherwise=BROKEN),
        when((F.no, BROKEN), otherwise=~F.no),
        coalesce(F.no, BROKEN),
        coalesce(~F.no, ~BROKEN, BROKEN.is_in([True])),
        F.no & ((F.huge.rounded(18, Rounding.UP)) > 0),
    ],
)
def test_ways_not_taken_may_fail(term: Term) -> None:
    """Branches and alternatives that evaluation skips do no harm, and tell their fault."""
    row = {"huge": HUGE, "no": False}
    found = explain(term, row)
    assert found.value is evaluate(term.tree, row)
    assert found.fault is None
    assert any(node.fault is not None for node in nodes(found))


@pytest.mark.parametrize("term", [BROKEN, ~F.no & BROKEN, coalesce(F.a, BROKEN), BROKEN & F.no])
def test_a_fault_that_evaluation_meets_is_raised(term: Term) -> None:
    """What evaluation refuses is not explained either: both name the same sum."""
    row = {"huge": HUGE, "no": False, "a": None}
    for act in (lambda: evaluate(term.tree, row), lambda: explain(term, row)):
        with pytest.raises(InexactResult, match=r"huge \+ 1 cannot be held exactly"):
            act()


@pytest.mark.parametrize(
    ("term", "verdict"),
    [
        (F.a & F.b, UNKNOWN),
        (F.a | F.b, UNKNOWN),
        (~F.a, UNKNOWN),
        (F.a == True, UNKNOWN),  # noqa: E712 - a rule, not a test
        (F.a != (F.b > 1), UNKNOWN),
        (F.a.is_in([True]), UNKNOWN),
        (when((F.a, 1), otherwise=2), UNKNOWN),
        (when((F.b > 1, F.a), otherwise=F.a), VALUE),
        (coalesce(F.a, F.b > 1), UNKNOWN),
        (when((F.b > 1, F.b > 1), otherwise=F.a), UNKNOWN),
        (when((F.b > 1, F.a), otherwise=F.b > 1), UNKNOWN),
        (F.a == F.b, VALUE),
        (F.a.is_null(), VALUE),
        (coalesce(F.a, F.b), VALUE),
        (F.a + 1, VALUE),
        (F.a.is_in([]), VALUE),
    ],
)
def test_without_a_table_the_place_tells_a_condition(term: Term, verdict: Verdict) -> None:
    """A null that stands where only a condition can is unknown; elsewhere it is a mere value."""
    found = explain(term, {"a": None, "b": None})
    (one,) = {node.verdict for node in nodes(found) if node.expression == FieldRef("a")}
    assert one is verdict


@pytest.mark.parametrize(
    ("value", "verdict"), [(True, FIRED), (False, FAILED), (Decimal(1), VALUE), ("x", VALUE)]
)
def test_a_truth_value_is_never_a_mere_value(value: Any, verdict: Verdict) -> None:  # noqa: ANN401
    """A field by itself is explained too, and the number one is not true."""
    assert explain(FieldRef("a"), {"a": value}).verdict is verdict
    assert explain(Literal(value), {}).verdict is verdict


def test_the_table_tells_a_condition() -> None:
    """A field of truth values is a condition wherever it stands, and an unknown field is not."""
    assert explain(F.boolean_a, {"boolean_a": None}, TABLE).verdict is UNKNOWN
    assert explain(F.other, {"other": None}, TABLE).verdict is VALUE


def test_a_rule_beyond_the_limits_is_refused() -> None:
    """However deep a tree is, explaining it does not overflow the stack."""
    tree = reduce(lambda inner, _: Negation(inner), range(5_000), FieldRef("a"))
    with pytest.raises(RuleTypeError, match="levels deep"):
        explain(tree, {"a": True})
    while isinstance(tree, Negation):  # taken apart by hand: dropping it whole would recurse
        tree = tree.part


def test_a_field_that_the_row_lacks_is_no_null() -> None:
    """As in evaluation, a row without the field is a mistake of the caller."""
    with pytest.raises(KeyError, match="score"):
        explain(F.score > 1, {})


@pytest.mark.parametrize("value", [1, 1.5, ["a"], object()])
def test_a_row_that_no_rule_knows_is_refused(value: Any) -> None:  # noqa: ANN401 - a mistake
    """What no field holds is named together with its field."""
    with pytest.raises(InvalidValue, match=f"^amount is .*no field holds {type(value).__name__}"):
        explain(F.amount.is_null(), {"amount": value})
