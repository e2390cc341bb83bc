"""Strategies for whole books, without fault or with every fault that data have."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Any

from salescore.book import SalesBook
from salescore.plain import CustomFields, FieldTable, custom_values
from salescore.testing._hypothesis import st
from salescore.testing._links import give_ids, give_references, with_lines, without_orphans
from salescore.testing._registered import HIDDEN, extended, registered
from salescore.testing._sound_dates import (
    mend_courses,
    mend_leads,
    mend_odd_days,
    mend_opportunities,
    mend_statuses,
    mend_times,
    mend_validities,
    mend_visits,
)
from salescore.testing._sound_money import (
    mend_allocations,
    mend_costs,
    mend_invoices,
    mend_quantities,
)
from salescore.testing._sound_plans import mend_rates, mend_targets
from salescore.testing._tapes import CURRENCY, Draft, Raw, raw_records, tapes
from salescore.values import Money

_MOST = {
    "teams": 3,
    "sales_reps": 3,
    "customers": 4,
    "products": 3,
    "opportunities": 5,
    "activities": 4,
    "orders": 5,
    "order_lines": 8,
    "expenses": 4,
}
"""How many records of the common types a book holds at most."""

_FEW = 4
"""How many records of a rarer type a book holds at most."""

_THEMES = (
    ("campaigns", "contacts", "leads", "campaign_members"),
    ("leads", "opportunity_lines", "stage_visits"),
    ("needs", "solutions", "need_coverages", "demonstrations"),
    ("negotiations", "concessions", "objections"),
    ("quotes", "quote_lines", "contracts", "contract_clauses"),
    ("deliveries", "delivery_lines", "returns", "return_lines"),
    ("invoices", "invoice_lines", "instalments", "payments", "allocations"),
    ("price_books", "price_book_entries", "product_costs", "stock_items"),
    ("territories", "territory_assignments", "grade_intervals", "tags", "claims"),
    ("cases", "survey_responses", "tasks", "follow_ups"),
    ("targets", "exchange_rates", "market_sizes", "improvements"),
    ("statements", "statement_lines", "appraisals", "appraisal_items", "events"),
)
"""Rarer record types: a book holds few of the themes, so that it stays small."""

_THEMES_AT_ONCE = 4
_REGISTERED = 6
"""How many registered fields a book has at most."""

_MENDS: Mapping[str, Callable[[Draft], None]] = MappingProxyType(
    {
        "odd days": mend_odd_days,
        "order of dates": mend_courses,
        "times": mend_times,
        "opportunities": mend_opportunities,
        "leads": mend_leads,
        "statuses": mend_statuses,
        "stage visits": mend_visits,
        "validities": mend_validities,
        "costs": mend_costs,
        "quantities": mend_quantities,
        "invoices": mend_invoices,
        "allocations": mend_allocations,
        "targets": mend_targets,
        "exchange rates": mend_rates,
    }
)
"""What makes a drawn book sound, in this order; a faulty book is made without some of it."""

_LOOSE = ("ids", "references", "circles", "lines", "currencies", *_MENDS)
"""Whatever a faulty book may have wrong."""


def books(
    *,
    faulty: bool = False,
    custom: bool = False,
    currencies: Sequence[str] = ("USD", "EUR", "JPY"),
) -> st.SearchStrategy[SalesBook]:
    """
    Return small books of the years 2016 to 2018: the common record types, and a few of the others.

    Args:
        faulty: Whether the facts have what real data have: ids that stand twice, references to
            nobody, several currencies, costs that nobody recorded, dates out of order or far from
            any business, documents whose parts do not sum to them.
            `check_book` finds nothing in a book without fault, and it keeps to one currency.
        custom: Whether the book has registered fields, of any kind, on several record types.
        currencies: Codes of the money.
    """
    return _books(tuple(currencies), faulty=faulty, custom=custom)


@cache
def _books(
    currencies: tuple[str, ...], *, faulty: bool, custom: bool
) -> st.SearchStrategy[SalesBook]:
    places = st.integers(0, HIDDEN if faulty else HIDDEN - 1)
    return _drawn_book(
        st.sets(places, min_size=1, max_size=_REGISTERED) if custom else st.just(set()),
        _FAULTS if faulty else st.just(set()),
        st.just(currencies) if faulty else st.sampled_from(currencies).map(_alone),
    )


def _alone(code: str) -> tuple[str]:
    return (code,)


def _marked(marks: bytes) -> set[str]:
    return {name for name, mark in zip(_LOOSE, marks, strict=True) if mark % 2}


_FAULTS = st.binary(min_size=len(_LOOSE), max_size=len(_LOOSE)).map(_marked)


@st.composite
def _drawn_book(
    draw: st.DrawFn,
    places: st.SearchStrategy[set[int]],
    faults: st.SearchStrategy[set[str]],
    currencies: st.SearchStrategy[tuple[str, ...]],
) -> SalesBook:
    """Return a book; a failing test shows the book itself, not what it was made of."""
    loose, codes = draw(faults), draw(currencies)
    custom = registered(draw(places))
    rarer = {name for theme in draw(_SETS_OF_THEMES) for name in theme}
    tables = extended(custom)
    draft: Draft = {}
    for table in tables:
        tapes_of: list[bytes] = []
        if table.name in _MOST or table.name in rarer:
            tapes_of = draw(_LISTS.get(table.name, _SHORT_LISTS))
        draft[table.name] = raw_records(table, tapes_of)
    _mend(draft, tables, loose)
    return _made(draft, tables, custom, codes if "currencies" in loose else codes[:1])


_SETS_OF_THEMES = st.sets(st.sampled_from(_THEMES), max_size=_THEMES_AT_ONCE)
_TAPES = tapes(extended(registered(range(HIDDEN + 1))))
_LISTS = {name: st.lists(_TAPES, max_size=most) for name, most in _MOST.items()}
_SHORT_LISTS = st.lists(_TAPES, max_size=_FEW)


def _mend(draft: Draft, tables: Sequence[FieldTable], loose: set[str]) -> None:
    """Make a draft sound, but for what is left loose."""
    if "references" not in loose:
        without_orphans(draft, tables)
    if "lines" not in loose:
        with_lines(draft)
    give_ids(draft, doubled="ids" in loose)
    give_references(draft, tables, dangling="references" in loose, circling="circles" in loose)
    for name, mend in _MENDS.items():
        if name not in loose:
            mend(draft)


def _made(
    draft: Draft, tables: Sequence[FieldTable], custom: CustomFields, codes: Sequence[str]
) -> SalesBook:
    made: dict[str, Any] = {"custom_fields": custom}
    for table in tables:
        record: Any = table.record
        moneys = table.money_fields
        own = [field.name for field in table.custom_fields]
        made[table.name] = [record(**_fields(raw, moneys, own, codes)) for raw in draft[table.name]]
    return SalesBook(**made)


def _fields(raw: Raw, moneys: Sequence[str], own: Sequence[str], codes: Sequence[str]) -> Raw:
    """Return the arguments of a record."""
    place: int = raw.pop(CURRENCY)
    code = codes[place % len(codes)]
    for name in moneys:
        if raw[name] is not None:
            raw[name] = Money(raw[name], code)
    custom = custom_values(**{name: raw.pop(name) for name in own})
    return {**raw, "custom": custom} if own else raw
