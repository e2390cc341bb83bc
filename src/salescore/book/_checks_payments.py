"""Faults of instalments, payments and what they settle."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from salescore.book._book import SalesBook
from salescore.book._faults import Fault
from salescore.entities import Allocation
from salescore.values import Finding, Money, Severity, exact_sum

_SETTLED = (
    ("payments", "payment_id", "more is allocated of it than was paid"),
    ("instalments", "instalment_id", "more is allocated to it than is due"),
    ("invoices", "invoice_id", "more is allocated to it than is owed"),
)


def payment_faults(book: SalesBook) -> Iterator[Finding]:
    """Yield the faults of instalments, payments and allocations."""
    yield from _unequal(book)
    nobody = Fault(
        "payment-without-customer",
        Severity.WARNING,
        "payments",
        "from nobody in particular",
        "no customer's credit grows by it",
    )
    yield from nobody.found(one.id for one in book.payments if one.customer_id is None)
    across = Fault(
        "allocation-across-currencies",
        Severity.ERROR,
        "allocations",
        "in another currency than what they tie together",
        "no exchange rate is meant to stand there",
    )
    yield from across.found(one.id for one in book.allocations if _is_across(book, one))
    for records, reference, fault in _SETTLED:
        over = Fault("over-allocated", Severity.ERROR, records, fault, "the rest is somebody's")
        yield from over.found(_over(book, records, reference))


def _unequal(book: SalesBook) -> Iterator[Finding]:
    """Yield the invoices that differ from the sum of their instalments."""
    parts: dict[str, list[Money]] = {}
    for one in book.instalments:
        if one.invoice_id is not None:
            parts.setdefault(one.invoice_id, []).append(one.amount)
    fault = Fault(
        "instalments-differ-from-invoice",
        Severity.WARNING,
        "invoices",
        "of another amount than their instalments together",
        "what falls due follows the instalments",
    )
    invoices = book.index("invoices")
    yield from fault.found(
        key
        for key, moneys in parts.items()
        if key in invoices and not _is_sum(invoices[key].amount, moneys)
    )


def _is_sum(total: Money, parts: list[Money]) -> bool:
    return {one.currency for one in parts} == {total.currency} and total.amount == exact_sum(
        [one.amount for one in parts]
    )


def _is_across(book: SalesBook, one: Allocation) -> bool:
    tied: list[Any] = [book.index("payments").get(one.payment_id)]
    if one.instalment_id is not None:
        tied.append(book.index("instalments").get(one.instalment_id))
    if one.invoice_id is not None:
        tied.append(book.index("invoices").get(one.invoice_id))
    return any(other and other.amount.currency != one.amount.currency for other in tied)


def _over(book: SalesBook, records: str, reference: str) -> Iterator[str]:
    """Yield the records of which, or to which, more is allocated than their amount."""
    sums: dict[str, list[Money]] = {}
    for one in book.allocations:
        key = getattr(one, reference)
        if key is not None:
            sums.setdefault(key, []).append(one.amount)
    index = book.index(records)
    for key, moneys in sums.items():
        if key in index:
            amount: Money = index[key].amount
            used = exact_sum([one.amount for one in moneys if one.currency == amount.currency])
            if _exceeds(used, amount.amount):
                yield key


def _exceeds(used: Decimal, amount: Decimal) -> bool:
    """Return whether a part lies outside the whole, which may be a refund or a credit note."""
    return used > max(amount, Decimal(0)) or used < min(amount, Decimal(0))
