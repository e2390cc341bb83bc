"""Quotes, contracts and orders, and what moves them, for the tests of status tables."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from salescore.entities import Contract, Order, Quote
from salescore.funnel import Context, Moved, RefusedMove, StatusTable, move_status
from salescore.funnel._status_table import Document
from salescore.values import Money

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TODAY = NOON.date()
SETTLED = {"open_clauses": Decimal(0)}


def quote(**given: Any) -> Quote:  # noqa: ANN401 - whatever a quote takes
    """Return a quote to a customer."""
    return Quote(**{"id": "D1", "quoted_on": date(2026, 2, 1), "customer_id": "C1", **given})


def contract(**given: Any) -> Contract:  # noqa: ANN401 - whatever a contract takes
    """Return a contract with a customer over an amount."""
    amount = Money(Decimal(10), "EUR")
    return Contract(**{"id": "D1", "customer_id": "C1", "amount": amount, **given})


def order(**given: Any) -> Order:  # noqa: ANN401 - whatever an order takes
    """Return an order of a customer."""
    return Order(**{"id": "D1", "ordered_on": date(2026, 2, 1), "customer_id": "C1", **given})


def now(**given: Any) -> Context:  # noqa: ANN401 - whatever a context takes
    """Return what is known at noon."""
    return Context(**{"at": NOON, **given})


def moved(table: StatusTable, document: Document, to: str, **given: Any) -> Any:  # noqa: ANN401 - any of the three
    """Return the document in another state; the move must be accepted."""
    found = move_status(table, document, to, now(**given))
    assert isinstance(found, Moved), found.text()
    return found.record


def refused(table: StatusTable, document: Document, to: str, **given: Any) -> RefusedMove:  # noqa: ANN401 - see above
    """Return why a document stays as it is; the move must be refused."""
    found = move_status(table, document, to, now(**given))
    assert isinstance(found, RefusedMove), found
    return found
