"""
Rules: the expression language that conditions and measures are written in.

A rule is a frozen tree over the fields of a fact table.
It is checked against that table before it runs, and null is unknown, as in SQL.
There is no division, no clock, no regular expression and no truthiness.
"""

from salescore.rules._builder import F, Term, Value, as_tree, coalesce, days_between, when
from salescore.rules._check import RuleType, check_types
from salescore.rules._evaluate import compile_expression, evaluate
from salescore.rules._text import rule_text
from salescore.rules._tree import (
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
    FieldRef,
    Literal,
    Membership,
    Negation,
    NullTest,
    Operator,
    Rounded,
    Scalar,
    TagMatch,
    TagTest,
    TextMatch,
    TextTest,
    fields_of,
)

__all__ = [
    "Arithmetic",
    "Between",
    "Branch",
    "Coalesce",
    "Comparator",
    "Comparison",
    "Conditional",
    "Conjunction",
    "DaysBetween",
    "Disjunction",
    "Expression",
    "F",
    "FieldRef",
    "Literal",
    "Membership",
    "Negation",
    "NullTest",
    "Operator",
    "Rounded",
    "RuleType",
    "Scalar",
    "TagMatch",
    "TagTest",
    "Term",
    "TextMatch",
    "TextTest",
    "Value",
    "as_tree",
    "check_types",
    "coalesce",
    "compile_expression",
    "days_between",
    "evaluate",
    "fields_of",
    "rule_text",
    "when",
]
