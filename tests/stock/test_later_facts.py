"""What is dated or recorded after a day changes nothing of the stock as of that day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.stock.draws import DAYS, stocked_books
from tests.stock.shops import INK, PEN, back, count, delivery, facts, line, march, order, sent

from salescore.book import Facts, RevenueBasis, SalesBook
from salescore.entities import (
    Invoice,
    InvoiceId,
    InvoiceLine,
    InvoiceLineId,
    ProductCost,
    ProductCostId,
)
from salescore.stock import (
    Receipt,
    ReservedBasis,
    TurnoverBasis,
    product_promises,
    slow_movers,
    stock_positions,
    stock_turnover,
)
from salescore.values import Money, Period, day_of

NOW = march(10)
EARLY = datetime(2026, 3, 1, 9, tzinfo=UTC)
"""Recorded before the day asked for, though dated later."""
AFTER = datetime(2026, 3, 20, 9, tzinfo=UTC)
"""Recorded after the day asked for, though dated earlier."""
DAY, WEEK = timedelta(days=1), timedelta(days=7)
TEN_DAYS = Period.custom(march(2), march(15))

Records = dict[str, tuple[Any, ...]]


def cost(key: str, amount: int, **more: object) -> ProductCost:
    """Return what a pen costs."""
    return ProductCost(id=ProductCostId(key), product_id=PEN, cost=Money.of(amount, "EUR"), **more)


def came_back(recorded_at: datetime | None, day: int) -> Records:
    """Return five pens that came back."""
    found = back("later", 5, march(day))
    return {**found, "returns": (attrs.evolve(found["returns"][0], recorded_at=recorded_at),)}


def ordered(recorded_at: datetime | None, day: int, **more: object) -> Records:
    """Return an order of forty pens at another cost."""
    return {
        "orders": (order("later", march(day), recorded_at=recorded_at, **more),),
        "order_lines": (line("later-1", 40, cost="400"),),
    }


def sent_out(recorded_at: datetime | None, day: int, of: str | None) -> Records:
    """Return a delivery of nine pens."""
    return {
        "deliveries": (delivery("later", None, march(day), recorded_at=recorded_at),),
        "delivery_lines": (sent("later-1", 9, PEN, of),),
    }


def invoiced(recorded_at: datetime | None, day: int) -> Records:
    """Return an invoice for pens."""
    return {
        "invoices": (
            Invoice(
                id=InvoiceId("later"),
                issued_on=march(day),
                amount=Money.of(60, "EUR"),
                recorded_at=recorded_at,
            ),
        ),
        "invoice_lines": (
            InvoiceLine(
                id=InvoiceLineId("later-1"),
                invoice_id=InvoiceId("later"),
                product_id=PEN,
                quantity=Decimal(6),
                net_amount=Money.of(60, "EUR"),
                cost=Money.of(30, "EUR"),
            ),
        ),
    }


LATER: dict[str, Records] = {
    "a count of later": {"stock_items": (count(7, march(20)),)},
    "a count recorded later": {"stock_items": (count(7, march(5), recorded_at=AFTER),)},
    "a count of a day to come": {"stock_items": (count(7, march(20), recorded_at=EARLY),)},
    "a count of a day to come in another place": {
        "stock_items": (count(7, march(20), place="north", recorded_at=EARLY),)
    },
    "a return of later": came_back(None, 20),
    "a return recorded later": came_back(AFTER, 5),
    "a return of a day to come": came_back(EARLY, 20),
    "an order of later": ordered(None, 20),
    "an order recorded later": ordered(AFTER, 5),
    "an order of a day to come": ordered(EARLY, 20),
    "a delivery of later": sent_out(None, 20, "a-1"),
    "a delivery recorded later": sent_out(AFTER, 5, "a-1"),
    "a delivery of an order to come": {
        **ordered(EARLY, 20),
        **sent_out(AFTER, 21, "later-1"),
    },
    "an order to come that has left already": {
        **ordered(EARLY, 20),
        "deliveries": (delivery("later", "later", march(20), recorded_at=AFTER),),
    },
    "an invoice of later": invoiced(None, 20),
    "an invoice recorded later": invoiced(AFTER, 5),
    "an invoice of a day to come": invoiced(EARLY, 20),
    "a cost of later": {"product_costs": (cost("later", 9, valid_from=march(20)),)},
}
"""Facts that nobody knew on the day, by what they are."""

CAME_LATER = [
    Receipt(product_id=PEN, quantity=Decimal(8), due_on=march(8), ordered_on=march(11)),
    Receipt(
        product_id=PEN,
        quantity=Decimal(8),
        due_on=march(8),
        ordered_on=march(11),
        arrived_on=march(12),
    ),
]
"""Receipts that nobody knew on the day."""


def shop(*more: Records, **records: object) -> SalesBook:
    """Return a shop that counted, sold, sent and took back pens, and more records."""
    own: dict[str, Any] = {
        "stock_items": (count(100, march(1)), count(9, march(3), INK)),
        "orders": (order("a", march(2)), order("b", march(4), required_on=march(18))),
        "order_lines": (line("a-1", 30, cost="60"), line("b-1", 12, cost="24")),
        "deliveries": (delivery("x", "a", march(5)),),
        "delivery_lines": (sent("x-1", 11, ordered="a-1"),),
        **back("r", 4, march(6)),
        **records,
    }
    for one in more:
        for name, found in one.items():
            own[name] = (*own.get(name, ()), *found)
    return facts(own.pop("stock_items"), **own).book


def told(
    book: SalesBook,
    receipts: Sequence[Receipt] = (),
    *,
    as_of: date = NOW,
    during: Period = TEN_DAYS,
    restocks_returns: bool = True,
) -> list[object]:
    """Return everything that the room tells of the stock of a book as of a day."""
    known: list[object] = []
    asked: Any = {"as_of": as_of, "receipts": receipts, "restocks_returns": restocks_returns}
    for basis in RevenueBasis:
        of = Facts.of(book, currency="EUR", basis=basis)
        for reserved in ReservedBasis:
            found = stock_positions(of, reserved_basis=reserved, **asked)
            weeks = [
                Period.custom(as_of, as_of + WEEK),
                Period.custom(as_of + 8 * DAY, as_of + 2 * WEEK),
            ]
            known.append(found)
            known.extend(product_promises(found, one.product_id, weeks) for one in found.rows)
        known.append(slow_movers(of, days=1, **asked))
        known.extend(
            stock_turnover(of, during=during, basis=each, **asked) for each in TurnoverBasis
        )
    return known


@pytest.mark.parametrize("kind", LATER)
def test_a_fact_of_later_changes_nothing(kind: str) -> None:
    """Neither positions, promises, turnover nor slow movers, nor what was left out of them."""
    assert told(shop(LATER[kind])) == told(shop())


@settings(max_examples=30, deadline=None)
@given(kinds=st.sets(st.sampled_from(sorted(LATER)), max_size=1), has_some=st.booleans())
def test_receipts_of_later_change_nothing(kinds: set[str], *, has_some: bool) -> None:
    """What was ordered later is unknown, with or without receipts that were known."""
    known = [Receipt(product_id=PEN, quantity=Decimal(3), due_on=march(14))] if has_some else []
    more = [LATER[one] for one in kinds]
    assert told(shop(*more), [*known, *CAME_LATER]) == told(shop(), known)


def test_a_day_of_later_is_unknown_in_a_record_of_before() -> None:
    """An order that is void and a delivery that leaves later: open, and still there."""
    before = shop(deliveries=(delivery("x", "a", march(5)), delivery("y", "b", None)))
    after = shop(
        orders=(
            order("a", march(2), voided_on=march(12)),
            order("b", march(4), required_on=march(18)),
        ),
        deliveries=(
            delivery("x", "a", march(5), delivered_on=march(13)),
            delivery("y", "b", march(15), recorded_at=EARLY),
        ),
    )
    assert told(after) == told(before)


def test_facts_of_a_day_tell_a_later_day_nothing_more() -> None:
    """Facts as of the 10th, asked as of the 25th: what is dated in between is not yet a fact."""
    kinds = ("a return of a day to come", "an order of a day to come", "a count of a day to come")
    more = [LATER[one] for one in kinds]

    def as_of_the_25th(book: SalesBook) -> list[object]:
        of = Facts.of(book, currency="EUR", basis=RevenueBasis.BOOKED, as_of=NOW)
        return [
            stock_positions(of, as_of=march(25)),
            slow_movers(of, as_of=march(25), days=1),
            stock_turnover(of, during=Period.custom(march(2), march(24)), as_of=march(25)),
        ]

    assert as_of_the_25th(shop(*more)) == as_of_the_25th(shop())
    now, day_after = (stock_positions(Facts.of(shop(*more)), as_of=march(day)) for day in (10, 20))
    assert (now.of(PEN).on_hand, day_after.of(PEN).on_hand) == (93, 7)
    assert now.excluded == ()


def without_later(book: SalesBook, as_of: date) -> SalesBook:
    """Return a book without the records that are dated or were recorded after a day."""
    found = {
        name: tuple(one for one in book.records(name) if not is_later(one, day, as_of))
        for name, day in DATED.items()
    }
    for name, references in PARTS.items():
        parts = book.records(name)
        for field, whole in references:
            gone = {one.id for one in book.records(whole)} - {one.id for one in found[whole]}
            parts = tuple(one for one in parts if getattr(one, field) not in gone)
        found[name] = parts
    return attrs.evolve(book, **found)


def is_later(record: object, day: str | None, as_of: date) -> bool:
    """Return whether a record is dated or was recorded after a day."""
    dated = None if day is None else getattr(record, day)
    recorded = getattr(record, "recorded_at", None)
    days = [dated, None if recorded is None else day_of(recorded, "UTC")]
    return any(one is not None and one > as_of for one in days)


DATED = {
    "stock_items": "counted_on",
    "orders": "ordered_on",
    "invoices": "issued_on",
    "returns": "returned_on",
    "deliveries": None,
    "product_costs": "valid_from",
}
"""Records that touch stock, and the day of each; a delivery that has not left is one."""

PARTS = {
    "order_lines": [("order_id", "orders")],
    "invoice_lines": [("invoice_id", "invoices"), ("order_line_id", "order_lines")],
    "return_lines": [("return_id", "returns"), ("order_line_id", "order_lines")],
    "delivery_lines": [("delivery_id", "deliveries"), ("order_line_id", "order_lines")],
}
"""Parts of them, each known with all that it refers to."""


@settings(max_examples=40)
@given(book=stocked_books(), as_of=DAYS, restocks=st.booleans())
def test_any_book_tells_the_same_without_what_came_later(
    book: SalesBook, as_of: date, *, restocks: bool
) -> None:
    """Whatever a book holds: what is dated or was recorded after the day might as well not be."""
    during = Period.custom(as_of - 90 * DAY, as_of + WEEK)
    once, without = (
        told(one, as_of=as_of, during=during, restocks_returns=restocks)
        for one in (book, without_later(book, as_of))
    )
    assert once == without
