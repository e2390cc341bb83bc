"""Evaluation: an expression becomes one closure, then runs on any number of rows."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from salescore.rules._compile import compiled
from salescore.rules._fold import folded
from salescore.rules._limits import check_size
from salescore.rules._tree import Expression, Scalar

S = TypeVar("S")


def evaluate(
    expression: Expression, row: Mapping[str, Scalar | frozenset[str] | None]
) -> Scalar | None:
    """
    Return the value of an expression on one row; `None` is unknown.

    Args:
        expression: A rule that `check_types` has accepted.
        row: Values by field name.

    Returns:
        The value, `None` where it is unknown.

    Raises:
        InexactResult: A sum, product or rounded number that cannot be held exactly.
        RuleTypeError: The rule is beyond the limits of `check_types`.

    Examples:
        >>> from salescore.rules import F
        >>> evaluate((F.region == "West").tree, {"region": "West"})
        True
    """
    check_size(expression)
    found: Scalar | None = compiled(expression, operator.itemgetter)(row)
    return found


def compile_expression(
    expression: Expression, reader: Callable[[str], Callable[[S], Any]]
) -> Callable[[S], Any]:
    """
    Compile an expression into one function.

    Nulls are those of SQL: a comparison with null is unknown, `false and unknown` is false,
    `true or unknown` is true, anything else that meets unknown is unknown, and unknown is `None`.

    Args:
        expression: A rule that `check_types` has accepted.
        reader: Gives for a field name the function that reads it off whatever the rows are:
            `operator.itemgetter` for mappings, a column's `__getitem__` for row numbers.

    Returns:
        A function from a row to the value there; it raises `InexactResult` where a sum, product
        or rounded number cannot be held exactly.

    Raises:
        RuleTypeError: The rule is beyond the limits of `check_types`.
    """
    check_size(expression)
    return compiled(folded(expression), reader)
