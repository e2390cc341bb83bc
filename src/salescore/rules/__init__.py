"""
Rules: the expression language that conditions and measures are written in.

A rule is a frozen tree over the fields of a fact table.
It is checked against that table before it runs, and null is unknown, as in SQL.
There is no division, no clock, no regular expression and no truthiness.
"""

from salescore.rules._builder import F, Term, Value, as_tree
from salescore.rules._check import RuleType, check_types
from salescore.rules._evaluate import compile_expression, evaluate
from salescore.rules._tree import (
    Arithmetic,
    Comparator,
    Comparison,
    Conjunction,
    Disjunction,
    Expression,
    FieldRef,
    Literal,
    Membership,
    Negation,
    NullTest,
    Operator,
    Scalar,
    fields_of,
    rule_text,
)

__all__ = [
    "Arithmetic",
    "Comparator",
    "Comparison",
    "Conjunction",
    "Disjunction",
    "Expression",
    "F",
    "FieldRef",
    "Literal",
    "Membership",
    "Negation",
    "NullTest",
    "Operator",
    "RuleType",
    "Scalar",
    "Term",
    "Value",
    "as_tree",
    "check_types",
    "compile_expression",
    "evaluate",
    "fields_of",
    "rule_text",
]
