"""How much of each product was in each place on every day: counts, and what moved since."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import cast

import attrs

from salescore.book import Facts, SalesBook
from salescore.entities import StockItem
from salescore.errors import InvalidValue
from salescore.metrics import Exclusion
from salescore.stock._amounts import check_kind, shown
from salescore.stock._happened import happened_by
from salescore.stock._open_lines import Shipping
from salescore.stock._receipts import Receipt, is_day, known_receipts
from salescore.values import EXACT, day_of, exact_sum

_NOTHING = Decimal(0)
_DAY = timedelta(days=1)


@attrs.frozen
class Movement:
    """
    Units that came or left after a count could have seen them.

    Attributes:
        on: The day.
        quantity: Units; below 0 they left.
        record: Record type that tells of it.
    """

    on: date
    quantity: Decimal
    record: str


@attrs.frozen
class Count:
    """
    What somebody counted.

    Attributes:
        on: Day of the count, at whose end it holds; `None` when unknown.
        item: The record.
    """

    on: date | None
    item: StockItem


@attrs.frozen
class Shelf:
    """
    One product in one place.

    Attributes:
        place: Warehouse or shop; `None` when there is one only.
        counts: Counts with a day, in order; else the one without.
        movements: What moved in this place, in order of days.
    """

    place: str | None
    counts: tuple[Count, ...]
    movements: tuple[Movement, ...]

    @property
    def last(self) -> Count:
        """Return the last count."""
        return self.counts[-1]

    def moved(self) -> Decimal:
        """Return the units that came, less those that left, since the last count."""
        return moved_since(self.movements, self.last.on)

    def unit_days(self, first: date, last: date) -> tuple[Fraction, int]:
        """
        Return units times days from a first day to a last, and for how many days they are known.

        A day counts with the stock at its end; days before the first count are unknown.
        """
        dated = [(one.on, one.item.on_hand) for one in self.counts if one.on is not None]
        if not dated:
            days = (last - first).days + 1
            return Fraction(self.last.item.on_hand) * days, days
        total, known = Fraction(0), 0
        ends = [*(on - _DAY for on, _ in dated[1:]), last]
        for (on, units), until in zip(dated, ends, strict=True):
            begin, end = max(first, on), min(until, last)
            if begin > end:
                continue
            days = (end - begin).days + 1
            known += days
            total += Fraction(units) * days
            after = bisect_right(self.movements, on, key=_day)
            before = bisect_right(self.movements, end, key=_day)
            for one in self.movements[after:before]:
                total += Fraction(one.quantity) * ((end - max(begin, one.on)).days + 1)
        return total, known


@attrs.frozen
class Ledger:
    """
    One product in all places.

    Attributes:
        product_id: Product.
        shelves: Its places, in order.
        unplaced: What moved nobody knows where, in order of days.
    """

    product_id: str
    shelves: tuple[Shelf, ...]
    unplaced: tuple[Movement, ...]

    @property
    def counted_on(self) -> date | None:
        """Return the day after which a movement of an unknown place is in no count."""
        days = [one.last.on for one in self.shelves if one.last.on is not None]
        return max(days, default=None)

    def unit_days(self, first: date, last: date) -> tuple[Fraction, int]:
        """
        Return units times days from a first day to a last, and for how many days they are known.

        A day counts with the stock at its end; days before the first count of a place are unknown.
        What moved nobody knows where counts from its day to the next count of any place.
        """
        dated = [[one.on for one in shelf.counts if one.on is not None] for shelf in self.shelves]
        begin = max([first, *(days[0] for days in dated if days)])
        if begin > last:
            return Fraction(0), 0
        total = sum((one.unit_days(begin, last)[0] for one in self.shelves), Fraction(0))
        counted = sorted(on for days in dated for on in days)
        for one in self.unplaced if counted else ():
            place = bisect_left(counted, one.on)
            until = counted[place] - _DAY if place < len(counted) else last
            days = (min(until, last) - max(begin, one.on)).days + 1
            total += Fraction(one.quantity) * max(days, 0)
        return total, (last - begin).days + 1

    def on_hand(self, on: date) -> Decimal | None:
        """Return the units at the end of a day; `None` before the first count of a place."""
        units, known = self.unit_days(on, on)
        return shown(units) if known else None

    def moved_unplaced(self) -> Decimal:
        """Return the units that came, less those that left, nobody knows where."""
        return moved_since(self.unplaced, self.counted_on)


def moved_since(movements: Sequence[Movement], counted_on: date | None) -> Decimal:
    """Return what moved after a count; nothing where nobody knows when that was."""
    if counted_on is None:
        return _NOTHING
    return exact_sum(one.quantity for one in movements if counted_on < one.on)


@attrs.frozen
class StockReading:
    """
    All that a book tells of stock, as it was known on a day.

    Attributes:
        facts: The facts as they were known.
        shipping: What deliveries shipped, and what customers wait for.
        receipts: What suppliers delivered or are to deliver.
        ledgers: Every product with a stock record, in order of ids.
        excluded: Counts of rows left out, by record type and reason.
    """

    facts: Facts
    shipping: Shipping
    receipts: tuple[Receipt, ...]
    ledgers: dict[str, Ledger]
    excluded: Counter[tuple[str, str]]


def read_stock(
    facts: Facts, *, as_of: date, receipts: Iterable[Receipt], restocks_returns: bool
) -> StockReading:
    """
    Return all that a book tells of stock, as it was known on a day.

    Args:
        facts: The fact tables of a book.
        as_of: Last day whose facts are seen.
        receipts: What was ordered from suppliers, arrived or not.
        restocks_returns: Whether what customers sent back is sold again.

    Raises:
        InvalidValue: The facts are none, `as_of` is no day, or a receipt is none or in another unit
            than its product.
    """
    if not isinstance(cast("object", facts), Facts):
        raise InvalidValue("facts", facts, "it must be the Facts of a book")
    check_kind("restocks_returns", restocks_returns, bool, "True or False")
    if not is_day(as_of):
        raise InvalidValue("as_of", as_of, "it must be a date without a time")
    seen = happened_by(facts, as_of)
    book = seen.known.book
    known = known_receipts(receipts, as_of)
    _check_units(book, known)
    shipping = Shipping(book)
    excluded = Counter(shipping.excluded)
    counts = _counts(book, seen.zone, excluded)
    moved: defaultdict[str, list[tuple[str | None, Movement]]] = defaultdict(list)
    for one in shipping.shipments:
        moved[one.product_id].append(
            (one.place, Movement(one.on, EXACT.minus(one.quantity), "deliveries"))
        )
    for receipt in known:
        if receipt.product_id not in counts:
            excluded["receipts", "product without a stock record"] += 1
        elif receipt.arrived_on is not None:
            moved[receipt.product_id].append(
                (receipt.place, Movement(receipt.arrived_on, receipt.quantity, "receipts"))
            )
    if restocks_returns:
        for product, movement in _returned(book, excluded):
            moved[product].append((None, movement))
    found = {
        product: _ledger(product, shelves, moved[product], excluded)
        for product, shelves in sorted(counts.items())
    }
    return StockReading(seen, shipping, known, found, excluded)


def exclusions(excluded: Counter[tuple[str, str]]) -> tuple[Exclusion, ...]:
    """Return rows left out with reasons, in order."""
    return tuple(Exclusion(table, reason, n) for (table, reason), n in sorted(excluded.items()))


def _check_units(book: SalesBook, receipts: Iterable[Receipt]) -> None:
    products = book.index("products")
    for one in receipts:
        product = products.get(one.product_id)
        unit = None if product is None else product.unit
        if one.unit is not None and one.unit != unit:
            said = "no unit" if unit is None else f"the unit {unit!r}"
            fault = f"the product {one.product_id!r} has {said}; convert the receipt first"
            raise InvalidValue("unit of a receipt", one.unit, fault)


def _ledger(
    product: str,
    shelves: dict[str | None, tuple[Count, ...]],
    moved: Sequence[tuple[str | None, Movement]],
    excluded: Counter[tuple[str, str]],
) -> Ledger:
    placed: defaultdict[str | None, list[Movement]] = defaultdict(list)
    unplaced: list[Movement] = []
    only = next(iter(shelves)) if len(shelves) == 1 else None
    for place, movement in moved:
        if place in shelves and (place is not None or len(shelves) == 1):
            placed[place].append(movement)
        elif len(shelves) == 1 and (place is None or only is None):
            placed[only].append(movement)
        elif place is None:
            unplaced.append(movement)
        else:
            excluded[movement.record, "no stock record of the product in that place"] += 1
    found = Ledger(
        product_id=product,
        shelves=tuple(
            Shelf(place, counts, tuple(sorted(placed[place], key=_day)))
            for place, counts in sorted(shelves.items(), key=lambda item: item[0] or "")
        ),
        unplaced=tuple(sorted(unplaced, key=_day)),
    )
    first = min((one.last.on for one in found.shelves if one.last.on), default=None)
    if found.counted_on is not None and first is not None:
        for one in unplaced:
            if first < one.on <= found.counted_on:
                excluded[one.record, "place unknown, between the counts of two places"] += 1
    return found


def _day(movement: Movement) -> date:
    return movement.on


def _counts(
    book: SalesBook, zone: str, excluded: Counter[tuple[str, str]]
) -> dict[str, dict[str | None, tuple[Count, ...]]]:
    """Return the counts by product and place: those with a day in order, else the last without."""
    dated: defaultdict[tuple[str, str | None], dict[date, StockItem]] = defaultdict(dict)
    undated: dict[tuple[str, str | None], StockItem] = {}
    for item in book.stock_items:
        key: tuple[str, str | None] = (item.product_id, item.place)
        on = item.counted_on
        if on is None and item.recorded_at is not None:
            on = day_of(item.recorded_at, zone)
        known = undated.get(key) if on is None else dated[key].get(on)
        if known is not None:
            excluded["stock_items", "another count of the same product, place and day"] += 1
        if on is None:
            undated[key] = item
        else:
            dated[key][on] = item
    found: defaultdict[str, dict[str | None, tuple[Count, ...]]] = defaultdict(dict)
    for (product, place), item in undated.items():
        if dated.get((product, place)):
            excluded["stock_items", "no day, beside counts with one"] += 1
        else:
            found[product][place] = (Count(None, item),)
    for (product, place), items in dated.items():
        found[product][place] = tuple(Count(on, items[on]) for on in sorted(items))
    return dict(found)


def _returned(book: SalesBook, excluded: Counter[tuple[str, str]]) -> list[tuple[str, Movement]]:
    """Return what customers sent back, by product."""
    returns, lines = book.index("returns"), book.index("order_lines")
    found: list[tuple[str, Movement]] = []
    for line in book.return_lines:
        document, ordered = returns.get(line.return_id), lines.get(line.order_line_id or "")
        product = line.product_id or (None if ordered is None else ordered.product_id)
        if document is None:
            excluded["return_lines", "return unknown"] += 1
        elif product is None:
            excluded["return_lines", "product unknown"] += 1
        else:
            found.append((product, Movement(document.returned_on, line.quantity, "returns")))
    return found
