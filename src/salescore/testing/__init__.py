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
from salescore.testing._calendars import calendars, days_of, periods
from salescore.testing._policies import (
    LADDER_FIELDS,
    graded_histories,
    grading_days,
    grading_policies,
    policy_rows,
)
from salescore.testing._rates import rate_tables
from salescore.testing._records import records, rows
from salescore.testing._rules import rules
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
    "books",
    "cadences",
    "calendars",
    "days",
    "days_of",
    "decimals",
    "graded_histories",
    "grading_days",
    "grading_policies",
    "instants",
    "interval_sets",
    "intervals",
    "moneys",
    "periods",
    "policy_rows",
    "rate_tables",
    "records",
    "rows",
    "rule_cadences",
    "rules",
    "texts",
    "working_calendars",
]
