"""A row on which two rules hold at once is found where there is one, and shown as text."""

from datetime import date
from decimal import Decimal
from operator import itemgetter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore import testing
from salescore.errors import UnknownName
from salescore.plain import Field, FieldTable, Kind
from salescore.rules import (
    F,
    Term,
    as_tree,
    common_row,
    compile_expression,
    fields_of,
    row_text,
    unknown_row,
)

TABLE = FieldTable(
    name="opportunities",
    fields=tuple(
        Field(name=name, kind=kind, nullable=True, labels=(name, name), **more)
        for name, kind, more in (
            ("amount", Kind.DECIMAL, {"unit": "money"}),
            ("stage", Kind.TEXT, {}),
            ("kind", Kind.CHOICE, {"choices": ("open", "won")}),
            ("closed_on", Kind.DATE, {}),
            ("tags", Kind.TEXT, {"is_set": True}),
        )
    ),
)


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        (F.amount >= 50, F.amount < 51, F.amount < 50),
        (F.kind == "open", F.amount > 1, F.kind == "won"),
        (F.closed_on.is_null(), F.amount.is_null(), ~F.closed_on.is_null()),
        (F.stage.starts_with("a"), F.stage.ends_with("z"), F.stage == "b"),
        (F.closed_on > date(2026, 1, 1), F.closed_on < date(2026, 1, 3), F.closed_on.is_null()),
        (F.tags.has_any(["a"]), F.tags.has_none(["b"]), F.tags.has_none(["a"])),
    ],
)
def test_a_common_row_is_found_where_there_is_one(one: Term, other: Term, apart: Term) -> None:
    """Both rules hold on it, and rules that exclude each other have none."""
    first, second = as_tree(one), as_tree(other)
    row = common_row(first, second, TABLE)
    assert row is not None
    assert list(row) == list(dict.fromkeys((*fields_of(first), *fields_of(second))))
    for rule in (first, second):
        assert compile_expression(rule, itemgetter)(row) is True
    assert common_row(first, as_tree(apart), TABLE) is None


@given(testing.rules(TABLE), testing.rules(TABLE))
def test_both_rules_hold_on_a_common_row(one: Term, other: Term) -> None:
    """Whatever the rules: what is found is no guess."""
    first, second = as_tree(one), as_tree(other)
    row = common_row(first, second, TABLE)
    if row is not None:
        assert compile_expression(first, itemgetter)(row) is True
        assert compile_expression(second, itemgetter)(row) is True


@given(st.integers(-1000, 1000), st.integers(-1000, 1000))
def test_bounds_of_a_number_have_a_row_just_where_they_meet(low: int, high: int) -> None:
    """From one number on and up to another, both included."""
    row = common_row(as_tree(F.amount >= low), as_tree(F.amount <= high), TABLE)
    assert (row is not None) is (low <= high)


def test_the_order_of_the_two_rules_does_not_matter_to_whether_a_row_is_found() -> None:
    """It is the same question."""
    one, other = as_tree(F.amount > 5), as_tree(F.stage == "a")
    assert common_row(one, other, TABLE) == {"amount": Decimal("5.01"), "stage": "a"}
    assert common_row(other, one, TABLE) == {"stage": "a", "amount": Decimal("5.01")}


def test_a_field_that_the_table_does_not_have_is_refused() -> None:
    """The rules were not checked against it."""
    with pytest.raises(UnknownName, match="amount"):
        common_row(as_tree(F.amont > 1), as_tree(F.amount > 1), TABLE)


def test_an_unknown_row_knows_nothing() -> None:
    """Values are `None`, sets of tags are empty."""
    assert unknown_row(["amount", "tags"], TABLE) == {"amount": None, "tags": frozenset()}


def test_a_row_is_shown_with_quotes_braces_and_the_word_unknown() -> None:
    """So that a text, a set and a null are told apart."""
    row = {"amount": Decimal("1.50"), "stage": "a", "tags": frozenset({"b", "a"}), "kind": None}
    assert row_text(row) == "amount = 1.50, stage = 'a', tags = {'a', 'b'}, kind = unknown"
