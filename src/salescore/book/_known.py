"""What a book knew on a day: the same book without what came later."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import NamedTuple, TypeVar

import attrs

from salescore.book._book import SalesBook
from salescore.entities import Activity, Customer, Expense, Opportunity, Order, StageKind
from salescore.values import day_of

_Recorded = TypeVar("_Recorded", Activity, Customer, Expense, Opportunity, Order)

_CLOSED = (StageKind.WON, StageKind.LOST, StageKind.VOID)


class Known(NamedTuple):
    """
    A book as it was known on a day.

    Attributes:
        book: The facts known then.
        reopened: Per opportunity, whether it closed later, so that nobody can tell its stage then.
    """

    book: SalesBook
    reopened: tuple[bool, ...]


def known_book(book: SalesBook, as_of: date | None, zone: str) -> Known:
    """
    Return a book as it was known on a day.

    Args:
        book: All facts.
        as_of: Last day whose facts are seen; `None` sees all.
        zone: Time zone in which `recorded_at` falls on a day.
    """
    if as_of is None:
        return Known(book, (False,) * len(book.opportunities))
    keep = partial(_keep, as_of, zone)
    orders = keep(book.orders, lambda one: (one.ordered_on,))
    hidden = {one.id for one in book.orders} - {one.id for one in orders}
    opportunities = keep(
        book.opportunities, lambda one: (one.created_on, one.first_contact_on, one.closed_on)
    )
    return Known(
        attrs.evolve(
            book,
            customers=keep(book.customers, lambda one: (one.created_on,)),
            opportunities=[_at(one, as_of) for one in opportunities],
            activities=keep(book.activities, lambda one: (one.happened_on,)),
            orders=orders,
            order_lines=[one for one in book.order_lines if one.order_id not in hidden],
            expenses=keep(book.expenses, lambda one: (one.spent_on,)),
        ),
        tuple(one.closed_on is not None and one.closed_on > as_of for one in opportunities),
    )


def _keep(
    as_of: date,
    zone: str,
    records: Sequence[_Recorded],
    days_of: Callable[[_Recorded], tuple[date | None, ...]],
) -> list[_Recorded]:
    """Return the records known on a day: by `recorded_at`, else by the first business date."""

    def is_known(record: _Recorded) -> bool:
        if record.recorded_at is not None:
            return day_of(record.recorded_at, zone) <= as_of
        days = [day for day in days_of(record) if day is not None]
        return not days or min(days) <= as_of

    return [record for record in records if is_known(record)]


def _at(one: Opportunity, as_of: date) -> Opportunity:
    """Return an opportunity without what happened to it later."""
    if one.first_contact_on is not None and one.first_contact_on > as_of:
        one = attrs.evolve(one, first_contact_on=None)
    if one.closed_on is None or one.closed_on <= as_of:
        return one
    kind = StageKind.OPEN if one.kind in _CLOSED else one.kind
    return attrs.evolve(one, kind=kind, probability=None, closed_on=None, loss_reason=None)
