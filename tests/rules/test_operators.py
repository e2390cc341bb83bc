"""What the catalogue says of each operator is what reader, type check and evaluation do."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, get_args

import pytest

from salescore.metrics import Aggregate
from salescore.rules import (
    EXAMPLE_ROW,
    EXAMPLE_TABLE,
    OPERATORS,
    Expression,
    F,
    Literal,
    OperatorSpec,
    RuleType,
    Term,
    check_types,
    coalesce,
    days_between,
    evaluate,
    parse_rule,
    rule_to_data,
    scalar_to_data,
    when,
)
from salescore.values import Rounding
from tools import write_tables

PYTHON: dict[str, Any] = {
    "Decimal": Decimal,
    "F": F,
    "Rounding": Rounding,
    "UTC": UTC,
    "coalesce": coalesce,
    "date": date,
    "datetime": datetime,
    "days_between": days_between,
    "when": when,
}
YIELDS = {
    "truth value": RuleType.BOOLEAN,
    "number": RuleType.NUMBER,
    "text": RuleType.TEXT,
    "date": RuleType.DATE,
    "instant": RuleType.INSTANT,
}
each = pytest.mark.parametrize("one", OPERATORS, ids=lambda one: one.name)


@each
def test_an_example_yields_what_the_catalogue_says(one: OperatorSpec) -> None:
    """The JSON of each example reads, fits the table and comes out on the row as stated."""
    rule = parse_rule(one.example)
    kind = check_types(rule, EXAMPLE_TABLE)
    found = evaluate(rule, EXAMPLE_ROW)
    assert (None if found is None else scalar_to_data(found)) == json.loads(one.value)
    stated = [said for words, said in YIELDS.items() if one.yields.startswith(words)]
    assert stated in ([], [kind])


@each
def test_both_spellings_of_an_example_are_one_rule(one: OperatorSpec) -> None:
    """The Python of each example builds the tree that its JSON states, and is written so."""
    built = eval(one.python, dict(PYTHON))  # noqa: S307 - examples of our own
    tree = built.tree if isinstance(built, Term) else Literal(built)
    assert tree == parse_rule(one.example)
    assert rule_to_data(tree) == json.loads(one.example)


@each
def test_an_example_is_about_its_operator(one: OperatorSpec) -> None:
    """The outermost node of an example is the operator that it stands for."""
    assert list(json.loads(one.example)) == [one.name]
    assert one.least <= len(json.loads(one.example)[one.name]) <= one.most


@each
def test_an_operator_is_told_in_two_languages(one: OperatorSpec) -> None:
    """Each operator has an English and a Chinese label, and words for arguments and nulls."""
    english, chinese = one.labels
    assert english.isascii()
    assert not chinese.isascii()
    assert all((one.arguments, one.yields, one.nulls))


def test_names_and_labels_are_unique() -> None:
    """No two operators share a name, an English label, which is an anchor, or a Chinese one."""
    for names in zip(*((one.name, *one.labels) for one in OPERATORS), strict=True):
        assert len(set(names)) == len(names)


def test_every_kind_of_node_has_an_operator() -> None:
    """No node of a tree is without a form in JSON that reads as the same kind of node."""
    found = {type(parse_rule(one.example)) for one in OPERATORS}
    assert found == set(get_args(Expression))


def test_an_unknown_value_is_among_the_examples() -> None:
    """The row has a null, and some example comes out unknown because of it."""
    assert [name for name, value in EXAMPLE_ROW.items() if value is None] == ["wallet"]
    assert {one.name for one in OPERATORS if one.value == "null"} == {"!=", "and", "-"}


def test_the_row_fits_its_table() -> None:
    """The example's row has the columns of its table, one of each type at least."""
    assert tuple(EXAMPLE_ROW) == EXAMPLE_TABLE.names
    kinds = {check_types(F[name].tree, EXAMPLE_TABLE) for name in EXAMPLE_ROW}
    assert kinds == set(RuleType)


def test_every_aggregate_is_told() -> None:
    """The catalogue has labels for each aggregate of a measure, and words of its class."""
    page = write_tables.aggregates()
    for one in Aggregate:
        assert f"| `{one.value}` " in page
    assert set(write_tables.AGGREGATES) >= {one.value for one in Aggregate}
