"""Faults of documents and their lines: orders, deliveries, returns, invoices, quotes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from salescore.book._book import SalesBook
from salescore.book._faults import Fault, judged
from salescore.entities import Invoice, InvoiceLine
from salescore.render import counted
from salescore.values import Finding, Money, Severity, exact_sum

_ZERO = Decimal(0)

_DOCUMENTS = (
    ("orders", "order_lines", "order_id", "order-without-lines", "not counted as orders"),
    ("quotes", "quote_lines", "quote_id", "quote-without-lines", "empty"),
    ("deliveries", "delivery_lines", "delivery_id", "delivery-without-lines", "empty"),
    ("returns", "return_lines", "return_id", "return-without-lines", "not taken from revenue"),
    ("invoices", "invoice_lines", "invoice_id", "invoice-without-lines", "no invoiced revenue"),
)

_INVOICE_FAULTS: tuple[tuple[Fault, Callable[[Invoice], bool]], ...] = (
    (
        Fault(
            "due-before-issued",
            Severity.WARNING,
            "invoices",
            "due before issued",
            "such are overdue from the first day",
        ),
        lambda one: one.due_on is not None and one.due_on < one.issued_on,
    ),
)


def document_faults(book: SalesBook) -> Iterator[Finding]:
    """Yield the faults of documents and their lines."""
    yield from _empty(book)
    yield from _negative(book)
    yield from judged(book.invoices, _INVOICE_FAULTS)
    yield from _unequal(book)
    yield from _returned(book)


def _empty(book: SalesBook) -> Iterator[Finding]:
    for documents, lines, reference, code, effect in _DOCUMENTS:
        filled = {getattr(line, reference) for line in book.records(lines)}
        found = [one.id for one in book.records(documents) if one.id not in filled]
        if filled and found:
            yield Finding(
                code=code,
                severity=Severity.INFO,
                message=f"without any line: {counted(len(found), documents)}, "
                f"the first {found[0]!r}; such are {effect}",
                subject=f"{documents}/{found[0]}",
                count=len(found),
            )


def _always(_line: object) -> bool:
    return True


def _negative(book: SalesBook) -> Iterator[Finding]:
    """Yield the lines with a negative quantity that take nothing back."""
    invoices = book.index("invoices")

    def is_billed(line: InvoiceLine) -> bool:
        invoice = invoices.get(line.invoice_id)
        return invoice is not None and invoice.amount.amount >= 0 and line.net_amount.amount > 0

    checked: tuple[tuple[str, Callable[[Any], bool]], ...] = (
        ("opportunity_lines", _always),
        ("quote_lines", _always),
        ("order_lines", lambda line: line.net_amount.amount > 0),
        ("delivery_lines", _always),
        ("invoice_lines", is_billed),
    )
    for name, counts in checked:
        fault = Fault(
            "negative-quantity",
            Severity.WARNING,
            name,
            "a negative quantity of what was not taken back",
            "volume sums it as it stands",
        )
        yield from fault.found(
            line.id
            for line in book.records(name)
            if line.quantity is not None and line.quantity < 0 and counts(line)
        )


def _unequal(book: SalesBook) -> Iterator[Finding]:
    """Yield the invoices that differ from their lines and tax, to the last digit."""
    lines: dict[str, list[InvoiceLine]] = {}
    for line in book.invoice_lines:
        lines.setdefault(line.invoice_id, []).append(line)
    invoices = [one for one in book.index("invoices").values() if one.id in lines]
    mixed = Fault(
        "lines-in-another-currency",
        Severity.ERROR,
        "invoices",
        "with lines in another currency",
        "a document has one currency",
    )
    unequal = Fault(
        "invoice-differs-from-lines",
        Severity.WARNING,
        "invoices",
        "of another amount than their lines and tax together",
        "revenue follows the lines, what is owed the invoice",
    )
    alike = [
        one
        for one in invoices
        if {line.net_amount.currency for line in lines[one.id]} == {one.amount.currency}
    ]
    right = {one.id for one in alike}
    yield from mixed.found(one.id for one in invoices if one.id not in right)
    yield from unequal.found(
        one.id for one in alike if one.amount.amount != _total(one, lines[one.id])
    )


def _total(invoice: Invoice, lines: list[InvoiceLine]) -> Decimal:
    taxes: list[Money | None] = [invoice.tax_amount]
    if invoice.tax_amount is None:
        taxes = [line.tax_amount for line in lines]
    return exact_sum(
        [
            *(line.net_amount.amount for line in lines),
            *(tax.amount for tax in taxes if tax is not None),
        ]
    )


def _returned(book: SalesBook) -> Iterator[Finding]:
    """Yield the order lines of which more came back than was sold."""
    back: dict[str, list[Decimal]] = {}
    for one in book.return_lines:
        if one.order_line_id is not None:
            back.setdefault(one.order_line_id, []).append(one.quantity)
    fault = Fault(
        "returned-more-than-sold",
        Severity.WARNING,
        "order_lines",
        "of which more came back than was sold",
        "revenue and volume lose all of it",
    )
    lines = book.index("order_lines")
    yield from fault.found(
        key
        for key, quantities in back.items()
        if key in lines and exact_sum(quantities) > max(lines[key].quantity, _ZERO)
    )
