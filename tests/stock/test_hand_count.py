"""Stock against a count by hand, which walks through the month day by day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.stock.draws import shops
from tests.stock.shops import march

from salescore.book import Facts, SalesBook
from salescore.entities import DeliveryLine, DocumentKind, OrderLine
from salescore.stock import Receipt, ReservedBasis, slow_movers, stock_positions, stock_turnover
from salescore.values import Period

NEVER = date.max


class Moved(NamedTuple):
    """
    Units that came or left.

    Attributes:
        on: The day.
        product: What.
        place: Where; `None` when nobody knows.
        units: Units; below 0 they left.
    """

    on: date
    product: str
    place: str | None
    units: Decimal


class HandCount:
    """One product, counted and moved by hand, day after day."""

    def __init__(self, book: SalesBook, product: str, as_of: date) -> None:
        self.product, self.as_of = product, as_of
        items = [one for one in book.stock_items if one.product_id == product]
        self.counts = {(one.place, one.counted_on): one.on_hand for one in items}
        known = [key for key in self.counts if (key[1] or as_of) <= as_of]
        self.places = {place for place, _ in known}
        self.dated = {place for place, on in known if on is not None}
        self.stock: dict[str | None, Decimal | None] = {
            place: None if place in self.dated else self.counts[place, None]
            for place in self.places
        }
        self.astray: Decimal | None = None

    def move(self, one: Moved) -> None:
        """Take units from the place that they left, or from none if nobody knows it."""
        place: object = one.place
        if len(self.places) == 1:
            (only,) = self.places
            place = only if only is None or one.place in (None, only) else "elsewhere"
        elif place is None:
            self.astray = None if self.astray is None else self.astray + one.units
            return
        for known in self.dated:
            units = self.stock[known]
            if known == place and units is not None:
                self.stock[known] = units + one.units

    def at_the_end_of(self, day: date) -> Decimal | None:
        """Count what is to be counted on a day; `None` where a place is not counted yet."""
        for place in self.dated:
            if (place, day) in self.counts:
                self.stock[place], self.astray = self.counts[place, day], Decimal(0)
        known = [units for units in self.stock.values() if units is not None]
        return sum(known, self.astray or Decimal(0)) if len(known) == len(self.stock) else None

    def walk(self, moved: Iterable[Moved]) -> dict[date, Decimal | None]:
        """Return the units at the end of each day."""
        found: dict[date, Decimal | None] = {}
        for number in range(1, self.as_of.day + 1):
            day = march(number)
            for one in moved:
                if one.product == self.product and one.on == day:
                    self.move(one)
            found[day] = self.at_the_end_of(day)
        return found


def shipped(book: SalesBook, as_of: date) -> tuple[list[Moved], dict[str, Decimal]]:
    """Return what left, and how much of each order line customers still wait for."""
    lines = {one.id: one for one in book.order_lines}
    waits = {key: one.quantity for key, one in lines.items()}
    gone: list[Moved] = []
    sheets: dict[str, list[DeliveryLine]] = defaultdict(list)
    for each in book.delivery_lines:
        sheets[each.delivery_id].append(each)
    # A delivery of no day is always known, that of a later day is not.
    deliveries = [one for one in book.deliveries if (one.shipped_on or as_of) <= as_of]
    left = [one for one in deliveries if one.shipped_on is not None]
    sent = [(one, each) for one in left for each in sheets[one.id]]
    for one, each in sent:
        of = lines.get(each.order_line_id or "")
        product = each.product_id if of is None else of.product_id
        gone.append(Moved(one.shipped_on or NEVER, product or "", one.place, -each.quantity))
        if of is not None:
            waits[of.id] -= each.quantity
    for one, each in sent:
        more = each.quantity if each.order_line_id is None else Decimal(0)
        for of in of_order(book, one.order_id):
            if of.product_id == each.product_id:
                taken = max(Decimal(0), min(more, waits[of.id]))
                waits[of.id] -= taken
                more -= taken
    listed = {one.order_id for one in deliveries if sheets[one.id]}
    whole = [one for one in left if one.order_id not in listed]
    for one in whole:
        for of in of_order(book, one.order_id):
            rest = max(Decimal(0), waits[of.id])
            gone.append(Moved(one.shipped_on or NEVER, of.product_id or "", one.place, -rest))
            waits[of.id] -= rest
    return gone, waits


def of_order(book: SalesBook, order: str | None) -> Iterator[OrderLine]:
    """Return the lines of an order."""
    return (one for one in book.order_lines if one.order_id == order)


def movements(book: SalesBook, receipts: Iterable[Receipt], as_of: date) -> list[Moved]:
    """Return all that moved."""
    found, _ = shipped(book, as_of)
    days = {one.id: one.returned_on for one in book.returns}
    found.extend(
        Moved(days[one.return_id], one.product_id or "", None, one.quantity)
        for one in book.return_lines
    )
    found.extend(
        Moved(one.arrived_on or NEVER, one.product_id, one.place, one.quantity) for one in receipts
    )
    return [one for one in found if one.on <= as_of]


def reserved(book: SalesBook, product: str, as_of: date) -> Decimal:
    """Return the units of a product that customers wait for."""
    done = (DocumentKind.DRAFT, DocumentKind.VOID, DocumentKind.CLOSED)
    _, waits = shipped(book, as_of)
    orders = {one.id: one for one in book.orders}
    total = Decimal(0)
    for one in book.order_lines:
        whole = orders[one.order_id]
        is_void = whole.voided_on is not None and whole.voided_on <= as_of
        # A kind beside a later day of voiding is that of later: nobody knew it.
        is_done = whole.kind in done and whole.voided_on is None
        is_known = whole.ordered_on <= as_of
        if one.product_id == product and is_known and not is_void and not is_done:
            total += max(Decimal(0), waits[one.id])
    return total


@settings(max_examples=100)
@given(shops(), st.integers(1, 31).map(march))
def test_stock_is_what_a_count_by_hand_finds(
    drawn: tuple[SalesBook, list[Receipt]], as_of: date
) -> None:
    """On hand, reserved and on order of each product, and the mean stock of each day."""
    book, receipts = drawn
    asked: Any = {"as_of": as_of, "receipts": receipts}
    of = Facts.of(book, currency="EUR")
    found = stock_positions(of, reserved_basis=ReservedBasis.OPEN_LINES, **asked)
    turns = stock_turnover(of, during=Period.custom(march(1), as_of), **asked)
    slow = {one.product_id: one.on_hand for one in slow_movers(of, days=1, **asked).rows}
    counted = {one.product_id for one in book.stock_items if (one.counted_on or as_of) <= as_of}
    assert {one.product_id for one in found.rows} == counted
    moved = movements(book, receipts, as_of)
    for one, turn in zip(found.rows, turns.rows, strict=True):
        daily = HandCount(book, one.product_id, as_of).walk(moved)
        own = [each for each in receipts if each.product_id == one.product_id]
        coming = [each for each in own if (each.arrived_on or NEVER) > as_of]
        assert one.on_hand == daily[as_of]
        assert one.reserved == reserved(book, one.product_id, as_of)
        assert one.on_order == (sum(each.quantity for each in coming) if own else None)
        assert turn.on_hand == one.on_hand
        assert slow.get(one.product_id, one.on_hand) == one.on_hand
        days = [daily[march(1) + timedelta(days=number)] for number in range(as_of.day)]
        known = [each for each in days if each is not None]
        assert turn.known_days == len(known)
        assert (turn.mean_stock is None) == (not known)
        if turn.mean_stock is not None:
            mean = sum(known, Decimal(0)) / len(known)
            assert abs(turn.mean_stock - mean) < Decimal("1E-20")
