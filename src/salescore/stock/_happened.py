"""Facts of a day without what is dated later, though somebody recorded it before."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import attrs

from salescore.book import Facts

_DOCUMENTS = (("orders", "ordered_on"), ("invoices", "issued_on"), ("returns", "returned_on"))
"""Documents that are known from their recording on, and the day of each."""

_PARTS = (
    ("order_lines", "order_id", "orders"),
    ("invoice_lines", "invoice_id", "invoices"),
    ("invoice_lines", "order_line_id", "order_lines"),
    ("return_lines", "return_id", "returns"),
    ("return_lines", "order_line_id", "order_lines"),
    ("delivery_lines", "order_line_id", "order_lines"),
)
"""What is known with what it refers to only."""


def happened_by(facts: Facts, as_of: date) -> Facts:
    """
    Return facts as of a day, without what was recorded by then and is dated later.

    An order, an invoice or a return of a day to come has moved no unit and reserves none; a count
    of a day to come has counted none.

    Args:
        facts: The fact tables of a book.
        as_of: Last day whose facts are seen; where the facts are those of an earlier day, that.
    """
    seen = facts.at(as_of)
    until = seen.as_of or as_of
    known, book = seen.known.book, facts.book
    changes: dict[str, tuple[Any, ...]] = {}
    for name, day in _DOCUMENTS:
        if any(getattr(one, day) > until for one in known.records(name)):
            changes[name] = _kept(book.records(name), day, until)
    # Of a count that was known its day alone is hidden, yet what it counted says nothing either.
    counted = _kept(book.stock_items, "counted_on", until)
    late = _ids(one for one in book.stock_items if _is_after(one.counted_on, until))
    if late and not late.isdisjoint(_ids(known.stock_items)):
        changes["stock_items"] = counted
    if not changes:
        return seen
    for name, reference, whole in _PARTS:
        gone = _ids(book.records(whole)) - _ids(changes.get(whole, book.records(whole)))
        if gone:
            parts = changes.get(name, book.records(name))
            changes[name] = tuple(one for one in parts if getattr(one, reference) not in gone)
    return Facts.of(
        attrs.evolve(book, **changes),  # type: ignore[arg-type] # records of their types
        currency=seen.currency,
        rates=seen.asked_rates,
        basis=seen.basis,
        calendar=seen.calendar,
        as_of=until,
        zone=seen.zone,
    )


def _ids(records: Iterable[Any]) -> set[str]:
    return {one.id for one in records}


def _kept(records: Iterable[Any], day: str, until: date) -> tuple[Any, ...]:
    """Return the records that are not dated after a day."""
    return tuple(one for one in records if not _is_after(getattr(one, day), until))


def _is_after(day: date | None, until: date) -> bool:
    return day is not None and day > until
