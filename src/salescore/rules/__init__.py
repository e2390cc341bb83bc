"""
Rules: the expression language that conditions and measures are written in.

A rule is a frozen tree over the fields of a fact table.
It is checked against that table before it runs, and null is unknown, as in SQL.
There is no division, no clock, no regular expression and no truthiness.
"""

from salescore.rules._builder import F, Term, Value, as_tree, coalesce, days_between, when
from salescore.rules._cells import Band, Cell, IsNull, OneOf
from salescore.rules._check import RuleType, check_types
from salescore.rules._decide import compile_table, decide_row
from salescore.rules._decided import Decided, Undecided
from salescore.rules._decision_table import (
    Collect,
    DecisionTable,
    HitPolicy,
    Input,
    Output,
    Row,
)
from salescore.rules._evaluate import compile_expression, evaluate
from salescore.rules._example import EXAMPLE_ROW, EXAMPLE_TABLE
from salescore.rules._explain import compile_explanation, explain
from salescore.rules._explanation import Explanation, Verdict
from salescore.rules._fold import folded
from salescore.rules._in_force import Versioned, check_versions, in_force
from salescore.rules._json import rule_to_data, scalar_to_data
from salescore.rules._json_read import parse_rule, read_rule, read_scalar, rule_from_data
from salescore.rules._jsonlogic_read import from_jsonlogic
from salescore.rules._jsonlogic_scale import jsonlogic_row
from salescore.rules._jsonlogic_write import to_jsonlogic
from salescore.rules._operator_spec import ArgumentKind, OperatorSpec
from salescore.rules._operators import OPERATORS
from salescore.rules._reach import reach
from salescore.rules._reach_levers import Direction, Lever
from salescore.rules._reach_ways import Change, NoWay, Reach, Way
from salescore.rules._row_check import check_row, read_row
from salescore.rules._schema import RULE_SCHEMA, rule_schema
from salescore.rules._table_check import TableFault, check_table, table_faults
from salescore.rules._table_json import (
    DECISION_TABLE_SCHEMA,
    read_table,
    table_from_data,
    table_to_data,
)
from salescore.rules._table_schema import decision_table_schema
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
    FieldValue,
    HasTree,
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
    children,
    fields_of,
)
from salescore.rules._witness import common_row, row_text, unknown_row

__all__ = [
    "DECISION_TABLE_SCHEMA",
    "EXAMPLE_ROW",
    "EXAMPLE_TABLE",
    "OPERATORS",
    "RULE_SCHEMA",
    "ArgumentKind",
    "Arithmetic",
    "Band",
    "Between",
    "Branch",
    "Cell",
    "Change",
    "Coalesce",
    "Collect",
    "Comparator",
    "Comparison",
    "Conditional",
    "Conjunction",
    "DaysBetween",
    "Decided",
    "DecisionTable",
    "Direction",
    "Disjunction",
    "Explanation",
    "Expression",
    "F",
    "FieldRef",
    "FieldValue",
    "HasTree",
    "HitPolicy",
    "Input",
    "IsNull",
    "Lever",
    "Literal",
    "Membership",
    "Negation",
    "NoWay",
    "NullTest",
    "OneOf",
    "Operator",
    "OperatorSpec",
    "Output",
    "Reach",
    "Rounded",
    "Row",
    "RuleType",
    "Scalar",
    "TableFault",
    "TagMatch",
    "TagTest",
    "Term",
    "TextMatch",
    "TextTest",
    "Undecided",
    "Value",
    "Verdict",
    "Versioned",
    "Way",
    "as_tree",
    "check_row",
    "check_table",
    "check_types",
    "check_versions",
    "children",
    "coalesce",
    "common_row",
    "compile_explanation",
    "compile_expression",
    "compile_table",
    "days_between",
    "decide_row",
    "decision_table_schema",
    "evaluate",
    "explain",
    "fields_of",
    "folded",
    "from_jsonlogic",
    "in_force",
    "jsonlogic_row",
    "parse_rule",
    "reach",
    "read_row",
    "read_rule",
    "read_scalar",
    "read_table",
    "row_text",
    "rule_from_data",
    "rule_schema",
    "rule_text",
    "rule_to_data",
    "scalar_to_data",
    "table_faults",
    "table_from_data",
    "table_to_data",
    "to_jsonlogic",
    "unknown_row",
    "when",
]
