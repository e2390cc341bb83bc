"""Faults of exchange rates, and of money on days without its currency."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from salescore.book._book import SalesBook
from salescore.book._book_rates import rate_fault
from salescore.book._faults import Fault
from salescore.plain import FieldTable, Kind, field_column
from salescore.render import counted
from salescore.values import Currency, Finding, RateKind, Severity
from salescore.values import currency as find_currency

_DOCUMENTS = {
    "order_lines": ("order_id", "orders", "ordered_on"),
    "invoice_lines": ("invoice_id", "invoices", "issued_on"),
    "return_lines": ("return_id", "returns", "returned_on"),
    "quote_lines": ("quote_id", "quotes", "quoted_on"),
}
"""Where the day of a line stands that has none of its own."""


def currency_faults(book: SalesBook) -> Iterator[Finding]:
    """Yield the faults of exchange rates, and money of another time."""
    useless = Fault(
        "rate-of-nothing",
        Severity.ERROR,
        "exchange_rates",
        "between what are no two currencies",
        "such a rate is not used",
    )
    yield from useless.found(one.id for one in book.exchange_rates if rate_fault(one) is not None)
    doubled = Fault(
        "rates-contradict",
        Severity.WARNING,
        "exchange_rates",
        "stating another rate for a pair, kind and day that has one",
        "the first counts",
    )
    yield from doubled.found(_contradicting(book))
    for table in book.tables:
        if book.records(table.name):
            yield from _of_another_time(book, table)


def _contradicting(book: SalesBook) -> Iterator[str]:
    first: dict[tuple[str, str, RateKind, date], Decimal] = {}
    for one in book.exchange_rates:
        key = (one.base, one.quote, one.kind or RateKind.SPOT, one.valid_from)
        if first.setdefault(key, one.rate) != one.rate:
            yield one.id


def _of_another_time(book: SalesBook, table: FieldTable) -> Iterator[Finding]:
    records = book.records(table.name)
    found: dict[str, list[str]] = {}
    days: Sequence[date | None] | None = None
    for field in table.fields:
        if field.kind is not Kind.MONEY:
            continue
        moneys = field_column(records, field)
        codes = [None if one is None else one.currency for one in moneys]
        bounded = _bounded(codes)
        if not bounded:
            continue
        days = _days(book, table, records) if days is None else days
        pairs = zip(codes, days, strict=True)
        wrong = {pair for pair in set(pairs) if _is_wrong(bounded, *pair)}
        if wrong:
            for record, *pair in zip(records, codes, days, strict=True):
                if tuple(pair) in wrong:
                    found.setdefault(str(pair[0]), []).append(record.id)
    for code in sorted(found):
        keys = list(dict.fromkeys(found[code]))
        yield Finding(
            code="currency-not-valid",
            severity=Severity.WARNING,
            message=f"money in {code} on a day without this currency: "
            f"{counted(len(keys), table.name)}, the first {keys[0]!r}; "
            f"it was valid {_validity(find_currency(code))}",
            subject=f"{table.name}/{keys[0]}",
            count=len(keys),
        )


def _bounded(codes: Sequence[str | None]) -> dict[str, Currency]:
    """Return the currencies among some codes that were not always one."""
    found = {code: find_currency(code) for code in set(codes) if code is not None}
    return {
        code: one
        for code, one in found.items()
        if one.valid_from is not None or one.valid_until is not None
    }


def _is_wrong(bounded: dict[str, Currency], code: str | None, day: date | None) -> bool:
    return day is not None and code in bounded and not bounded[code].is_valid_on(day)


def _validity(one: Currency) -> str:
    words = [
        *([f"from {one.valid_from}"] if one.valid_from else []),
        *([f"until {one.valid_until}"] if one.valid_until else []),
    ]
    return " ".join(words)


def _days(book: SalesBook, table: FieldTable, records: Sequence[Any]) -> list[date | None]:
    """Return the day of each record: that of its document, else the first on which it happened."""
    if table.name in _DOCUMENTS:
        reference, documents, name = _DOCUMENTS[table.name]
        index = book.index(documents)
        return [
            None
            if (document := index.get(getattr(one, reference))) is None
            else getattr(document, name)
            for one in records
        ]
    found: list[date | None] = [None] * len(records)
    for field in table.happened:
        if field.kind is Kind.DATE:
            column = field_column(records, field)
            found = [b if a is None else a for a, b in zip(found, column, strict=True)]
    return found
