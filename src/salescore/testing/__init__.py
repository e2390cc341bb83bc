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
from salescore.testing._records import (
    activities,
    customers,
    expenses,
    opportunities,
    order_lines,
    orders,
    products,
    records,
    rows,
    sales_reps,
    teams,
)
from salescore.testing._rules import rules
from salescore.testing._values import (
    CURRENCIES,
    calendars,
    days,
    decimals,
    instants,
    moneys,
    periods,
    texts,
)

__all__ = [
    "CURRENCIES",
    "activities",
    "books",
    "calendars",
    "customers",
    "days",
    "decimals",
    "expenses",
    "instants",
    "moneys",
    "opportunities",
    "order_lines",
    "orders",
    "periods",
    "products",
    "records",
    "rows",
    "rules",
    "sales_reps",
    "teams",
    "texts",
]
