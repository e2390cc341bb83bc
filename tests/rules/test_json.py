"""A rule is written as JSON in one form, and read again as the same rule."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore import testing
from salescore.book import FACT_TABLES
from salescore.errors import InvalidDocument, RuleTypeError
from salescore.plain import Node
from salescore.rules import (
    EXAMPLE_ROW,
    EXAMPLE_TABLE,
    Arithmetic,
    Branch,
    Coalesce,
    Conditional,
    Conjunction,
    Expression,
    F,
    FieldRef,
    Literal,
    Membership,
    Negation,
    Operator,
    RuleType,
    TagMatch,
    TagTest,
    Term,
    TextMatch,
    TextTest,
    check_types,
    coalesce,
    days_between,
    evaluate,
    parse_rule,
    read_rule,
    read_scalar,
    rule_from_data,
    rule_to_data,
    scalar_to_data,
    when,
)
from salescore.values import Rounding

A = {"field": ["a"]}
DAY = date(2017, 3, 1)
NOON = datetime(2017, 3, 1, 12, tzinfo=UTC)
ANY_RULE = st.one_of([testing.rules(EXAMPLE_TABLE, kind) for kind in RuleType])
ORDER_LINES = next(one for one in FACT_TABLES if one.name == "order_lines")
SCALARS = st.one_of(
    st.booleans(),
    testing.decimals(),
    testing.texts(),
    testing.days(),
    testing.instants(),
    st.sampled_from([date.min, date.max, datetime(1, 1, 1, tzinfo=UTC)]),
)


class Grade(Enum):
    """A choice that is no text."""

    TOP = "top"


class Colour(StrEnum):
    """A choice that is a text too."""

    RED = "red"


@pytest.mark.parametrize(
    ("term", "data"),
    [
        (F.amount >= 50_000, {">=": [{"field": ["amount"]}, {"decimal": ["50000"]}]}),
        (F["at"] == NOON, {"==": [{"field": ["at"]}, {"instant": ["2017-03-01T12:00:00Z"]}]}),
        (F.day != DAY, {"!=": [{"field": ["day"]}, {"date": ["2017-03-01"]}]}),
        (
            F.a.between(1, F.b),
            {"between": [{"field": ["a"]}, {"decimal": ["1"]}, {"field": ["b"]}]},
        ),
        (F.a.is_in(["x", "y"]), {"in": [{"field": ["a"]}, ["x", "y"]]}),
        (F.a.is_in([]), {"in": [{"field": ["a"]}, []]}),
        (~F.a.is_null(), {"not": [{"is_null": [{"field": ["a"]}]}]}),
        (F.a & F.b & F.c, {"and": [{"field": ["a"]}, {"field": ["b"]}, {"field": ["c"]}]}),
        (F.a | True, {"or": [{"field": ["a"]}, True]}),
        (Term(Conjunction(())), {"and": []}),
        (when((F.a, "x")), {"if": [{"field": ["a"]}, "x"]}),
        (when((F.a, "x"), (F.b, "y")), {"if": [{"field": ["a"]}, "x", {"field": ["b"]}, "y"]}),
        (when((F.a, "x"), otherwise=""), {"if": [{"field": ["a"]}, "x", ""]}),
        (coalesce(F.a, F.b), {"coalesce": [{"field": ["a"]}, {"field": ["b"]}]}),
        (
            F.a + F.b + 1,
            {"+": [{"+": [{"field": ["a"]}, {"field": ["b"]}]}, {"decimal": ["1"]}]},
        ),
        (F.a - F.b, {"-": [{"field": ["a"]}, {"field": ["b"]}]}),
        (F.a * F.b, {"*": [{"field": ["a"]}, {"field": ["b"]}]}),
        (F.a.rounded(2, Rounding.HALF_UP), {"round": [{"field": ["a"]}, 2, "half_up"]}),
        (days_between(F.a, DAY), {"days_between": [{"field": ["a"]}, {"date": ["2017-03-01"]}]}),
        (F.a.starts_with("x"), {"starts_with": [{"field": ["a"]}, "x"]}),
        (F.a.contains(""), {"contains": [{"field": ["a"]}, ""]}),
        (F.a.ends_with("x"), {"ends_with": [{"field": ["a"]}, "x"]}),
        (F.a.has_any(["x"]), {"has_any": [{"field": ["a"]}, ["x"]]}),
        (F.a.has_all([]), {"has_all": [{"field": ["a"]}, []]}),
        (F.a.has_none(["x", "y"]), {"has_none": [{"field": ["a"]}, ["x", "y"]]}),
    ],
    ids=lambda one: repr(one)[:40] if isinstance(one, Term) else "",
)
def test_the_form_of_a_rule(term: Term, data: object) -> None:
    """Each node is an object of its operator with a list of arguments, and reads as itself."""
    assert rule_to_data(term) == rule_to_data(term.tree) == data
    assert rule_from_data(data) == term.tree


@given(ANY_RULE)
def test_a_rule_written_and_read_is_the_same_rule(rule: Expression) -> None:
    """Through data and through text: equal, and written the same again."""
    data = rule_to_data(rule)
    for again in (rule_from_data(data), parse_rule(json.dumps(data))):
        assert again == rule
        assert rule_to_data(again) == data


@given(testing.rules(ORDER_LINES))
def test_a_rule_over_a_fact_table_is_kept(rule: Expression) -> None:
    """Rules over the columns of order lines, too, are written and read as the same."""
    assert rule_from_data(rule_to_data(rule)) == rule


@given(ANY_RULE, testing.rows(EXAMPLE_TABLE))
def test_a_rule_read_again_decides_as_before(rule: Expression, row: dict[str, Any]) -> None:
    """What is read has the type of what was written, and its value on every row."""
    again = rule_from_data(rule_to_data(rule))
    assert check_types(again, EXAMPLE_TABLE) is check_types(rule, EXAMPLE_TABLE)
    assert evaluate(again, row) == evaluate(rule, row)


@given(SCALARS)
def test_a_value_written_and_read_is_the_same_value(value: Any) -> None:  # noqa: ANN401 - any scalar
    """A scalar comes back equal and of its type, so that `true` is no number."""
    again = read_scalar(Node(scalar_to_data(value), "value"))
    assert again == value
    assert type(again) is type(value)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("12.50", "12.50"),
        ("1E+2", "100"),
        ("-0", "0"),
        ("-0.00", "0.00"),
        ("0E+30", "0"),
        ("1E-18", "0.000000000000000001"),
        ("-1E+37", "-1" + "0" * 37),
        ("9" * 38, "9" * 38),
    ],
)
def test_a_number_is_written_plainly(number: str, text: str) -> None:
    """No exponent and no negative zero; equal in value, and written the same once read again."""
    value = Decimal(number)
    assert scalar_to_data(value) == {"decimal": [text]}
    again = rule_from_data({"decimal": [text]})
    assert again == Literal(value)
    assert rule_to_data(again) == {"decimal": [text]}


@pytest.mark.parametrize(
    ("data", "same"),
    [
        (7, {"decimal": ["7"]}),
        (-(2**53) + 1, {"decimal": ["-9007199254740991"]}),
        ({"decimal": ["-0"]}, {"decimal": ["0"]}),
        ({"decimal": ["007"]}, {"decimal": ["7"]}),
        (
            {"+": [1, 2, 3]},
            {"+": [{"+": [{"decimal": ["1"]}, {"decimal": ["2"]}]}, {"decimal": ["3"]}]},
        ),
        ({"*": [1, 2]}, {"*": [{"decimal": ["1"]}, {"decimal": ["2"]}]}),
        ({"instant": ["2017-03-01T00:00:00.5Z"]}, {"instant": ["2017-03-01T00:00:00.500000Z"]}),
        ({"instant": ["2017-03-01T00:00:00.0Z"]}, {"instant": ["2017-03-01T00:00:00Z"]}),
    ],
    ids=lambda one: ascii(one)[:30],
)
def test_what_is_read_in_several_forms_is_written_in_one(data: object, same: object) -> None:
    """Whole JSON numbers, long sums and loose texts are read, and written in the one form."""
    assert rule_to_data(rule_from_data(data)) == same
    assert rule_to_data(rule_from_data(same)) == same


def test_a_long_sum_nests_to_the_left() -> None:
    """`+` and `*` of several arguments are joined from left to right."""
    one, two, three = (Literal(Decimal(number)) for number in (1, 2, 3))
    for name, operator in (("+", Operator.ADD), ("*", Operator.MULTIPLY)):
        left = Arithmetic(operator, one, two)
        assert rule_from_data({name: [1, 2, 3]}) == Arithmetic(operator, left, three)


def test_a_chosen_way_knows_whether_it_has_an_else() -> None:
    """An odd count of arguments ends with the value where no condition holds."""
    yes = Branch(FieldRef("a"), Literal("x"))
    assert rule_from_data({"if": [{"field": ["a"]}, "x"]}) == Conditional((yes,), None)
    assert rule_from_data({"if": [{"field": ["a"]}, "x", "y"]}) == Conditional((yes,), Literal("y"))


def test_texts_are_written_as_plain_texts() -> None:
    """A choice that is a text too, and an instant of another class, become what JSON knows."""
    written = rule_to_data(Membership(FieldRef("a"), (Literal(Colour.RED),)))
    assert written == {"in": [{"field": ["a"]}, ["red"]]}
    assert type(written["in"][1][0]) is str  # type: ignore[index]
    zone = timezone(timedelta(0), "GMT")
    assert scalar_to_data(NOON.replace(tzinfo=zone)) == {"instant": ["2017-03-01T12:00:00Z"]}


def test_a_rule_is_read_inside_a_larger_document() -> None:
    """`read_rule` and `read_scalar` name the place in the document that they were given."""
    document = Node({"when": {"not": [{"field": ["a"]}]}, "then": "x"}, "policy")
    members = document.object(("when", "then"))
    assert read_rule(members["when"]) == Negation(FieldRef("a"))
    assert read_scalar(members["then"]) == "x"
    with pytest.raises(InvalidDocument, match=r"^at policy/when/no/0: "):
        read_rule(Node({"not": [None]}, "policy/when/no").below("0", None))


@pytest.mark.parametrize("data", [{"field": ["a"]}, {"==": [1, 1]}, {"and": []}])
def test_a_value_is_no_rule(data: object) -> None:
    """Where a value is asked for, an operator is refused by its name."""
    with pytest.raises(InvalidDocument, match="expected a value, not the operator"):
        read_scalar(Node(data, "value"))


def test_a_value_by_itself_has_its_limits_too() -> None:
    """A text of a larger document is held to the length that a rule can hold."""
    assert read_scalar(Node("x" * 65_536, "value")) == "x" * 65_536
    with pytest.raises(InvalidDocument, match=r"^at value: a text has at most 65,536 characters$"):
        read_scalar(Node("x" * 65_537, "value"))
    with pytest.raises(InvalidDocument, match="it takes 1 argument, not 1,000,000"):
        read_scalar(Node({"date": ["2017-03-01"] * 1_000_000}, "value"))


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        (Literal(0.5), "a float is not exact"),
        (Literal(1), "must be a Decimal"),
        (Literal(None), "ask is_null"),
        (Literal(Grade.TOP), "the value of the choice"),
        (Literal(Decimal("NaN")), "only finite"),
        (Literal(Decimal("1E+999999")), "more than 38 digits"),
        (Literal(datetime(2017, 3, 1)), "must be in UTC"),  # noqa: DTZ001 - the fault
        (Literal("\ud800"), "half of a surrogate pair"),
        (Literal("x" * 65_537), "at most 65,536"),
        (Membership(FieldRef("a"), (Literal("\udc00"),)), "half of a surrogate pair"),
        (TextTest(TextMatch.CONTAINS, FieldRef("a"), "\udc00"), "half of a surrogate pair"),
        (TagTest(TagMatch.ANY, FieldRef("a"), ("\udc00",)), "half of a surrogate pair"),
        (FieldRef(""), "a field has a name"),
        (FieldRef("\ud800"), "half of a surrogate pair"),
        (FieldRef(7), "must be a text"),
        (Coalesce(()), "at least one value"),
        (Conditional((), Literal("x")), "at least one value"),
        (Conjunction((Literal(True),) * 2_000), "more than 2,000 nodes"),
        (
            Conjunction((TextTest(TextMatch.CONTAINS, FieldRef("a"), "x" * 65_536),) * 17),
            "1,048,576",
        ),
        ("a", "is no node"),
    ],
    ids=lambda one: ascii(one)[:40],
)
def test_what_no_json_could_hold_is_not_written(rule: Any, fault: str) -> None:  # noqa: ANN401 - no rules
    """A tree that could not be read again is refused when it is written."""
    with pytest.raises(RuleTypeError, match=fault):
        rule_to_data(rule)


def test_an_example_of_the_catalogue_is_not_needed_to_read_a_rule() -> None:
    """A field need not exist to be read; the table decides, when the rule is checked."""
    rule = parse_rule('{"==": [{"field": ["nobody"]}, "x"]}')
    assert rule == (F.nobody == "x").tree
    assert "nobody" not in EXAMPLE_ROW
