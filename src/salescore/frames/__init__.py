"""
Frames: the rules, measures and reductions of the house on dataframes and in SQL.

What is declared once runs where the data are: on Polars, DuckDB, PyArrow, pandas or Spark through
Narwhals, or in a database as a statement with bound parameters. Sums are exact; what an engine
cannot answer exactly it refuses by name.
"""

from salescore.frames._abc import abc_frame
from salescore.frames._columns import Column
from salescore.frames._compile import Compiled, frame_expression
from salescore.frames._customers import customer_frame
from salescore.frames._decide_frame import decide_frame
from salescore.frames._digits import Digits, Span
from salescore.frames._facts import FrameFacts
from salescore.frames._folder import FactsFolder, read_facts_parquet, write_facts_parquet
from salescore.frames._folder_settings import FactSettings
from salescore.frames._frame import Frame, open_frame
from salescore.frames._grading import GradedFrame, grade_decisions, grade_frame
from salescore.frames._grading_schema import CustomerFrame
from salescore.frames._plan import Plan, Progress, Scan
from salescore.frames._read_records import from_frames
from salescore.frames._reduce import explain_plan, reduce_frame, reduce_frames
from salescore.frames._rfm import rfm_frame
from salescore.frames._rules import filter_frame, with_values
from salescore.frames._scores import score_frame
from salescore.frames._sql import Dialect, SqlStatement
from salescore.frames._sql_columns import CALENDAR_COLUMNS, sql_columns, sql_table
from salescore.frames._sql_reduce import sql_reduction
from salescore.frames._sql_reduced import run_reduction
from salescore.frames._sql_rules import sql_rule
from salescore.frames._sql_sqlite import SqliteFunctions, sqlite_functions
from salescore.frames._sql_values import python_value, sql_value
from salescore.frames._write_engines import ENGINES, native_frame
from salescore.frames._write_facts import fact_frames
from salescore.frames._write_records import to_frames

__all__ = [
    "CALENDAR_COLUMNS",
    "ENGINES",
    "Column",
    "Compiled",
    "CustomerFrame",
    "Dialect",
    "Digits",
    "FactSettings",
    "FactsFolder",
    "Frame",
    "FrameFacts",
    "GradedFrame",
    "Plan",
    "Progress",
    "Scan",
    "Span",
    "SqlStatement",
    "SqliteFunctions",
    "abc_frame",
    "customer_frame",
    "decide_frame",
    "explain_plan",
    "fact_frames",
    "filter_frame",
    "frame_expression",
    "from_frames",
    "grade_decisions",
    "grade_frame",
    "native_frame",
    "open_frame",
    "python_value",
    "read_facts_parquet",
    "reduce_frame",
    "reduce_frames",
    "rfm_frame",
    "run_reduction",
    "score_frame",
    "sql_columns",
    "sql_reduction",
    "sql_rule",
    "sql_table",
    "sql_value",
    "sqlite_functions",
    "to_frames",
    "with_values",
    "write_facts_parquet",
]
