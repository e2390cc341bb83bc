"""Books and shops that properties of stock are tried on."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import attrs
from hypothesis import strategies as st
from tests.stock.shops import INK, PEN, back, count, delivery, facts, line, march, order, sent

from salescore.book import SalesBook
from salescore.entities import DocumentKind
from salescore.stock import Receipt
from salescore.testing import books

DAYS = st.dates(date(2016, 1, 1), date(2018, 12, 31))
PLACES = st.sampled_from([None, "north", "south"])
MARCH = st.integers(1, 31)


@st.composite
def stocked_books(draw: st.DrawFn) -> SalesBook:
    """Return a book whose products have been counted."""
    book = draw(books())
    instants = DAYS.map(lambda day: datetime(day.year, day.month, day.day, 9, tzinfo=UTC))
    counts = [
        count(
            draw(st.integers(0, 200)),
            draw(st.none() | DAYS),
            one.id,
            draw(PLACES),
            recorded_at=draw(st.none() | instants),
            reserved=draw(st.none() | st.just(Decimal(5))),
        )
        for one in book.products
        for _ in range(draw(st.integers(1, 2)))
    ]
    named = tuple(attrs.evolve(one, id=f"count {place}") for place, one in enumerate(counts))
    return attrs.evolve(book, stock_items=named)


@st.composite
def shops(draw: st.DrawFn) -> tuple[SalesBook, list[Receipt]]:
    """Return a shop in which much is counted, ordered, sent, sent back and received in a month."""
    days = st.integers(1, 25)
    counted = draw(
        st.dictionaries(
            st.tuples(st.sampled_from([PEN, INK]), PLACES, st.none() | days),
            st.integers(0, 99),
            min_size=1,
            max_size=6,
        )
    )
    counts = [
        count(units, None if on is None else march(on), product, place)
        for (product, place, on), units in counted.items()
    ]
    found: dict[str, list[Any]] = {name: [] for name in RECORDS}
    for number in range(draw(st.integers(0, 4))):
        _add_order(draw, found, f"o{number}")
    for number in range(draw(st.integers(0, 2))):
        came = back(f"r{number}", draw(st.integers(1, 9)), march(draw(MARCH)), draw(PRODUCTS))
        found["returns"].extend(came["returns"])
        found["return_lines"].extend(came["return_lines"])
    book = facts(counts, **{name: tuple(records) for name, records in found.items()}).book
    receipts = [
        Receipt(
            product_id=draw(PRODUCTS),
            quantity=Decimal(draw(st.integers(1, 30))),
            due_on=march(draw(MARCH)),
            arrived_on=draw(st.none() | MARCH.map(march)),
            place=draw(PLACES),
        )
        for _ in range(draw(st.integers(0, 3)))
    ]
    return book, receipts


PRODUCTS = st.sampled_from([PEN, INK])
RECORDS = ("orders", "order_lines", "deliveries", "delivery_lines", "returns", "return_lines")


def _add_order(draw: st.DrawFn, found: dict[str, list[Any]], key: str) -> None:
    """Add an order with its lines, and what was sent of it."""
    begun = draw(st.integers(1, 20))
    void = draw(st.sampled_from([None, None, None, begun + 5]))
    found["orders"].append(
        order(
            key,
            march(begun),
            kind=draw(st.sampled_from([None, None, *DocumentKind])),
            voided_on=None if void is None else march(void),
        )
    )
    lines = [
        line(f"{key}-{place}", draw(st.integers(1, 20)), draw(PRODUCTS))
        for place in range(draw(st.integers(1, 3)))
    ]
    found["order_lines"].extend(lines)
    for number in range(draw(st.integers(0, 2))):
        name = f"{key}d{number}"
        left = draw(st.none() | st.integers(begun, 31))
        on = None if left is None else march(left)
        found["deliveries"].append(delivery(name, key, on, place=draw(PLACES)))
        for place in range(draw(st.integers(0, 2))):
            units = draw(st.integers(1, 20))
            of = draw(st.sampled_from([None, *lines]))
            sold = draw(PRODUCTS) if of is None else None
            named = None if of is None else of.id
            found["delivery_lines"].append(sent(f"{name}-{place}", units, sold, named))
