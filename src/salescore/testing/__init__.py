"""
Testing: Hypothesis strategies for values, records, rows, rules and whole books.

They serve the tests of whoever builds on this library as they serve its own.
This is the only room that imports hypothesis; `pip install 'salescore[testing]'` brings it, and
without it the import of this room raises `MissingExtra`.

Examples:
    >>> from hypothesis import given
    >>> @given(moneys(["USD"]))
    ... def test_money_and_its_opposite_are_nothing(money):
    ...     assert (money + -money).is_zero
    >>> test_money_and_its_opposite_are_nothing()
"""

from salescore.testing._books import books
from salescore.testing._broken import BrokenStore, broken_stores
from salescore.testing._calendars import calendars, days_of, periods
from salescore.testing._conformance import CheckResult, ConformanceReport, Verdict, validate
from salescore.testing._conformance_suite import StoreConformance
from salescore.testing._crash import CrashReport, crash_rounds
from salescore.testing._differential import (
    DifferentialEngine,
    DifferentialReport,
    Mismatch,
    differential,
)
from salescore.testing._differential_forecast import forecast_differential
from salescore.testing._differential_frames import FrameEngine
from salescore.testing._differential_process import process_differential
from salescore.testing._differential_reductions import DifferentialQuestion
from salescore.testing._differential_rows import DifferentialRows
from salescore.testing._differential_sql import SqlEngine
from salescore.testing._forecasts import (
    distributions,
    histories_of_purchases,
    series,
    series_methods,
)
from salescore.testing._funnels import funnels
from salescore.testing._instances import instances
from salescore.testing._policies import (
    LADDER_FIELDS,
    graded_histories,
    grading_days,
    grading_policies,
    policy_rows,
)
from salescore.testing._power import PowerReport, power_cuts, power_cuts_of_files
from salescore.testing._rates import rate_tables
from salescore.testing._records import records, rows
from salescore.testing._rules import rules
from salescore.testing._store_factory import StoreFactory
from salescore.testing._store_golden import GoldenStore, write_golden
from salescore.testing._store_history import Operation, history_fault
from salescore.testing._store_trial import Check, Trial
from salescore.testing._values import (
    CURRENCIES,
    days,
    decimals,
    instants,
    moneys,
    texts,
)
from salescore.testing._working import (
    ZONES,
    cadences,
    interval_sets,
    intervals,
    rule_cadences,
    working_calendars,
)

__all__ = [
    "CURRENCIES",
    "LADDER_FIELDS",
    "ZONES",
    "BrokenStore",
    "Check",
    "CheckResult",
    "ConformanceReport",
    "CrashReport",
    "DifferentialEngine",
    "DifferentialQuestion",
    "DifferentialReport",
    "DifferentialRows",
    "FrameEngine",
    "GoldenStore",
    "Mismatch",
    "Operation",
    "PowerReport",
    "SqlEngine",
    "StoreConformance",
    "StoreFactory",
    "Trial",
    "Verdict",
    "books",
    "broken_stores",
    "cadences",
    "calendars",
    "crash_rounds",
    "days",
    "days_of",
    "decimals",
    "differential",
    "distributions",
    "forecast_differential",
    "funnels",
    "graded_histories",
    "grading_days",
    "grading_policies",
    "histories_of_purchases",
    "history_fault",
    "instances",
    "instants",
    "interval_sets",
    "intervals",
    "moneys",
    "periods",
    "policy_rows",
    "power_cuts",
    "power_cuts_of_files",
    "process_differential",
    "rate_tables",
    "records",
    "rows",
    "rule_cadences",
    "rules",
    "series",
    "series_methods",
    "texts",
    "validate",
    "working_calendars",
    "write_golden",
]
