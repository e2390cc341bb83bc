"""Strategies for whole books, without fault or with every fault that data have."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import attrs

from salescore.book import SalesBook
from salescore.entities import RECORD_TABLES, Opportunity, StageKind
from salescore.plain import Field, FieldTable, Kind
from salescore.testing._hypothesis import st
from salescore.testing._values import days, decimals, instants
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
_RARER = sorted(table.name for table in RECORD_TABLES if table.name not in _MOST)
"""Record types of which a book holds a few at a time, so that examples stay small."""

_CLOSED = (StageKind.WON, StageKind.LOST, StageKind.VOID)
_END = date(2018, 12, 31)

_AMOUNTS = decimals(Decimal(-100), Decimal(100_000))
_DAYS = days(date(2016, 1, 1), _END)
_INSTANTS = instants(date(2016, 1, 1), _END)
_NUMBERS = decimals(Decimal(-5), Decimal(50))
_POSITIVE = decimals(Decimal(1), Decimal(50))
_SHARES = decimals(Decimal(0), Decimal(1))
_TEXTS = st.sampled_from(["West", "East", "华东"])
_PLACES = st.integers(0, 5)
"""Which of the records of a type something refers to, counted round and round."""

_Raw = dict[str, Any]


def books(
    *, faulty: bool = False, currencies: Sequence[str] = ("USD", "EUR", "JPY")
) -> st.SearchStrategy[SalesBook]:
    """
    Return small books of the years 2016 to 2018.

    Args:
        faulty: Whether the facts have what real data have: ids that stand twice, references to
            nobody, several currencies, costs that nobody recorded, dates out of order.
            `check_book` finds nothing in a book without fault, and it keeps to one currency.
        currencies: Codes of the money.
    """
    return _books(tuple(currencies), faulty=faulty)


@cache
def _books(currencies: tuple[str, ...], *, faulty: bool) -> st.SearchStrategy[SalesBook]:
    raw = st.sets(st.sampled_from(_RARER), max_size=4).flatmap(_drawn)
    codes = st.lists(st.sampled_from(currencies), min_size=4 if faulty else 1, max_size=4)
    return st.builds(_faulty_book if faulty else _sound_book, raw, codes)


def _drawn(rarer: set[str]) -> st.SearchStrategy[dict[str, list[_Raw]]]:
    """Return records of the common types and of some others, as drawn."""
    return st.fixed_dictionaries(
        {
            table.name: st.lists(_raw(table), max_size=_MOST.get(table.name, 3))
            if table.name in _MOST or table.name in rarer
            else st.just([])
            for table in RECORD_TABLES
        }
    )


def _raw(table: FieldTable) -> st.SearchStrategy[_Raw]:
    """Return the fields of a record as drawn: references as places, money as its amount."""
    return st.fixed_dictionaries({field.name: _cell(field) for field in table.fields})


def _cell(field: Field) -> st.SearchStrategy[Any]:
    cells: st.SearchStrategy[Any]
    match field.kind:
        case Kind.ID:
            cells = _PLACES
        case Kind.DECIMAL:
            cells = _POSITIVE if field.minimum is not None else _NUMBERS
            cells = cells if field.maximum is None else _SHARES
        case Kind.MONEY:
            cells = _AMOUNTS
        case Kind.DATE:
            cells = _DAYS
        case Kind.INSTANT:
            cells = st.one_of(st.none(), _INSTANTS)
        case _:
            cells = _TEXTS if field.choice_type is None else st.sampled_from(field.choice_type)
    return st.one_of(st.none(), cells) if field.nullable else cells


def _faulty_book(raw: dict[str, list[_Raw]], codes: list[str]) -> SalesBook:
    # Place 0 shares the id of the first record; one place more than there are records is nobody's.
    ids = {
        name: [f"{name}-{place and number}" for number, place in enumerate(_ids(records))]
        for name, records in raw.items()
    }
    targets = {name: [*found, "nobody"] for name, found in ids.items()}
    return _book(raw, codes, ids, targets)


def _ids(records: list[_Raw]) -> list[int]:
    return [record["id"] for record in records]


def _sound_book(raw: dict[str, list[_Raw]], codes: list[str]) -> SalesBook:
    if not raw["orders"]:
        raw = {**raw, "order_lines": []}
    lines = [
        {**line, "cost": Decimal(7) if line["cost"] is None else line["cost"]}
        for line in raw["order_lines"]
    ]
    raw = {**raw, "order_lines": lines}
    ids = {name: [f"{name}-{n}" for n in range(len(records))] for name, records in raw.items()}
    book = _book(raw, codes[:1], ids, ids)
    return attrs.evolve(book, opportunities=map(_mended, book.opportunities))


def _book(
    raw: dict[str, list[_Raw]],
    codes: list[str],
    ids: dict[str, list[str]],
    targets: dict[str, list[str]],
) -> SalesBook:
    made: dict[str, Any] = {}
    for table in RECORD_TABLES:
        record: Any = table.record
        made[table.name] = [
            record(**_fields(table, fields, key, codes[number % len(codes)], targets))
            for number, (fields, key) in enumerate(
                zip(raw[table.name], ids[table.name], strict=True)
            )
        ]
    return SalesBook(**made)


def _fields(
    table: FieldTable, raw: _Raw, key: str, code: str, targets: dict[str, list[str]]
) -> _Raw:
    """Return the fields of a record out of those that were drawn."""
    found = {**raw, "id": key}
    for field in table.fields:
        value = raw[field.name]
        if value is None:
            continue
        if field.kind is Kind.MONEY:
            found[field.name] = Money(value, code)
        elif field.refers is not None:
            known = targets[field.refers]
            found[field.name] = known[value % len(known)] if known else None
    return found


def _mended(one: Opportunity) -> Opportunity:
    """Return an opportunity whose dates, kind and probability fit each other."""
    probability = one.probability
    closed_on: date | None = None
    if one.kind in _CLOSED:
        begun = [day for day in (one.created_on, one.first_contact_on) if day is not None]
        closed_on = max([*begun, one.closed_on or _END])
        probability = Decimal(one.kind is StageKind.WON)
    return attrs.evolve(one, closed_on=closed_on, probability=probability)
