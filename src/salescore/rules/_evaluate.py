"""Evaluation: an expression becomes one closure, then runs on any number of rows."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from salescore.rules._compile import compiled
from salescore.rules._fold import folded
from salescore.rules._limits import check_size
from salescore.rules._tree import Expression, HasTree, Scalar, rule_tree

S = TypeVar("S")


def evaluate(
    expression: Expression | HasTree, row: Mapping[str, Scalar | frozenset[str] | None]
) -> Scalar | None:
    """
    Return the value of an expression on one row; `None` is unknown.

    Args:
        expression: A rule, a term or its tree, that `check_types` has accepted.
        row: Values by field name, `None` where unknown: `Decimal` for numbers, `date` for dates,
            `datetime` with a zone for instants, a `frozenset` of texts for tags. Nothing
            is checked here; `check_row` checks rows, and `read_row` reads them from JSON.

    Returns:
        The value, `None` where it is unknown.

    Raises:
        InexactResult: A sum, product or rounded number that cannot be held exactly.
        KeyError: The row lacks a field that is read.
        RuleTypeError: No rule, or one beyond the limits of `check_types`.

    Examples:
        >>> from salescore.rules import F
        >>> evaluate(F.region == "West", {"region": "West"})
        True
    """
    tree = rule_tree(expression)
    check_size(tree)
    found: Scalar | None = compiled(tree, operator.itemgetter)(row)
    return found


def compile_expression(
    expression: Expression | HasTree, reader: Callable[[str], Callable[[S], Any]]
) -> Callable[[S], Any]:
    """
    Compile an expression into one function.

    Nulls are those of SQL: a comparison with null is unknown, `false and unknown` is false,
    `true or unknown` is true, anything else that meets unknown is unknown, and unknown is `None`.

    Args:
        expression: A rule, a term or its tree, that `check_types` has accepted.
        reader: Gives for a field name the function that reads it off whatever the rows are:
            `operator.itemgetter` for mappings, a column's `__getitem__` for row numbers. Nobody
            checks what it gives: it must be what `evaluate` says of rows.

    Returns:
        A function from a row to the value there; it raises `InexactResult` where a sum, product
        or rounded number cannot be held exactly, and what the reader raises, such as `KeyError`
        of `operator.itemgetter` where a row lacks a field.

    Raises:
        RuleTypeError: No rule, or one beyond the limits of `check_types`.
    """
    tree = rule_tree(expression)
    check_size(tree)
    return compiled(folded(tree), reader)
