"""Small records for the proofs of stores: plain to read where a proof fails."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from salescore.entities import Contact, ContactId, Customer, CustomerId, Event, EventId
from salescore.storage import Unit
from salescore.values import Money

START = datetime(2024, 3, 1, 8, 30, tzinfo=UTC)
"""When the first unit of a proof is recorded."""


def at(minutes: int) -> datetime:
    """Return the instant so many minutes after the start."""
    return START + timedelta(minutes=minutes)


def day(of_month: int) -> date:
    """Return a day of January 2024."""
    return date(2024, 1, of_month)


def customer(id: str, **fields: Any) -> Customer:  # noqa: A002, ANN401 - the record's words
    """Return a customer with a name, and whatever else is given."""
    given: dict[str, Any] = {"name": f"Customer {id}", **fields}
    return Customer(id=CustomerId(id), **given)


def contact(id: str, customer_id: str, **fields: Any) -> Contact:  # noqa: A002, ANN401 - as above
    """Return a person at a customer."""
    given: dict[str, Any] = {"name": f"Contact {id}", **fields}
    return Contact(id=ContactId(id), customer_id=CustomerId(customer_id), **given)


def event(id: str, subject: str | None = None, **fields: Any) -> Event:  # noqa: A002, ANN401 - as above
    """Return an event, about a customer where a subject is given."""
    about = None if subject is None else "customers"
    given: dict[str, Any] = {"name": "noted", "happened_at": START, **fields}
    return Event(id=EventId(id), record=about, subject=subject, **given)


def dollars(amount: str | int) -> Money:
    """Return an amount in US dollars."""
    return Money(Decimal(amount), "USD")


def unit(minutes: int, *records: Any, key: str | None = None, **terms: Any) -> Unit:  # noqa: ANN401 - records of any type
    """Return a unit that puts records so many minutes after the start."""
    return Unit(recorded_at=at(minutes), key=key).put(*records, **terms)


def names(kept: Iterable[Any]) -> list[str]:
    """Return the ids of records that are kept, in their order."""
    return [str(one.record.id) for one in kept]
