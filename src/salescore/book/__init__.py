"""
The book: all facts at one moment, their check, and their flat view.

`SalesBook` holds records.
`check_book` lists what contradicts itself.
`Facts.of` prices everything once into fact tables, as of a day; rules and figures work on these.
"""

from salescore.book._basis import RevenueBasis
from salescore.book._book import NO_CURRENCY, SalesBook
from salescore.book._book_rates import RateChoice, book_rates
from salescore.book._checks import check_book
from salescore.book._facts import Facts
from salescore.book._opportunity_past import EXPECTED_CLOSE_CHANGED
from salescore.book._schemas import FACT_TABLES
from salescore.book._stays import is_carried, stay_places
from salescore.book._table import FactTable
from salescore.book._tables_pipeline import lead_kind
from salescore.book._visit_order import SubjectVisits

__all__ = [
    "EXPECTED_CLOSE_CHANGED",
    "FACT_TABLES",
    "NO_CURRENCY",
    "FactTable",
    "Facts",
    "RateChoice",
    "RevenueBasis",
    "SalesBook",
    "SubjectVisits",
    "book_rates",
    "check_book",
    "is_carried",
    "lead_kind",
    "stay_places",
]
