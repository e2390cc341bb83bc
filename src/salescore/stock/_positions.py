"""The stock of each product as of a day: on hand, reserved, on order, available."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import Enum

import attrs

from salescore.book import Facts
from salescore.errors import InvalidValue, UnknownName
from salescore.metrics import Exclusion
from salescore.plain import as_tuple
from salescore.render import Language, number, text_table
from salescore.stock._ledger import Ledger, Shelf, exclusions, read_stock
from salescore.stock._open_lines import OpenLine
from salescore.stock._receipts import Receipt
from salescore.values import EXACT, exact_sum

_SHOWN = 2
_HEAD = (
    ("Product", "产品"),
    ("Unit", "单位"),
    ("On hand", "现有库存"),
    ("Reserved", "已预留"),
    ("On order", "在途"),
    ("Available", "可用"),
    ("Reorder point", "再订货点"),
)


class ReservedBasis(Enum):
    """
    What counts as reserved.

    Attributes:
        OPEN_LINES: What customers ordered and no delivery has shipped.
        RECORDED: What the stock records state.
    """

    OPEN_LINES = "open_lines"
    RECORDED = "recorded"


@attrs.frozen(kw_only=True)
class PlaceStock:
    """
    One product in one place; all quantities in units.

    Attributes:
        place: Warehouse or shop; `None` when there is one only.
        counted: What the last count found.
        counted_on: Day of that count, at whose end it holds; `None` when unknown, and then it is
            taken to hold on the day asked for.
        moved: What came, less what left, since that day.
        on_hand: counted + moved.
        reserved: What its record states as reserved; `None` when nobody keeps count.
        on_order: What its record states as on order; `None` when nobody keeps count.
        reorder_point: Where to order again; `None` when none was set.
    """

    place: str | None
    counted: Decimal
    counted_on: date | None
    moved: Decimal
    on_hand: Decimal
    reserved: Decimal | None
    on_order: Decimal | None
    reorder_point: Decimal | None


@attrs.frozen(kw_only=True)
class StockPosition:
    """
    The stock of one product; all quantities in units.

    Attributes:
        product_id: Product.
        label: What to call it.
        unit: Base unit of the product; `None` when unstated.
        places: Each place, in order.
        unplaced: What came, less what left, nobody knows where, since the last count.
        on_hand: All places and what is unplaced; below 0 more left than was ever counted.
        reserved: Units promised to customers; `None` when nobody can tell.
        on_order: Units ordered and not yet there; `None` when nobody can tell.
        reorder_point: Where to order again, all places together; `None` when none was set.
        reasons: Why something is `None`, or should be looked at.
    """

    product_id: str
    label: str
    unit: str | None
    places: tuple[PlaceStock, ...] = attrs.field(converter=as_tuple)
    unplaced: Decimal
    on_hand: Decimal
    reserved: Decimal | None
    on_order: Decimal | None
    reorder_point: Decimal | None
    reasons: tuple[str, ...] = ()

    @property
    def available(self) -> Decimal | None:
        """Return on hand less reserved; below 0 that is missing, `None` where nobody can tell."""
        return None if self.reserved is None else EXACT.subtract(self.on_hand, self.reserved)

    @property
    def position(self) -> Decimal | None:
        """Return on hand and on order less reserved, which a reorder point is compared with."""
        if self.available is None or self.on_order is None:
            return None
        return EXACT.add(self.available, self.on_order)

    @property
    def is_to_reorder(self) -> bool | None:
        """Return whether the position is at or below its reorder point; `None` if unknown."""
        if self.position is None or self.reorder_point is None:
            return None
        return self.position <= self.reorder_point


@attrs.frozen(kw_only=True)
class StockPositions:
    """
    The stock of all products that have a stock record.

    Attributes:
        rows: The products, in order of their ids.
        open_lines: What customers wait for, products without a stock record among them.
        receipts: What suppliers delivered or are to deliver, as it was known.
        reserved_basis: What counts as reserved.
        as_of: Last day whose facts are seen.
        excluded: Rows left out, with reasons.
    """

    rows: tuple[StockPosition, ...] = attrs.field(converter=as_tuple)
    open_lines: tuple[OpenLine, ...]
    receipts: tuple[Receipt, ...]
    reserved_basis: ReservedBasis
    as_of: date
    excluded: tuple[Exclusion, ...]

    def of(self, product_id: str) -> StockPosition:
        """
        Return the stock of a product.

        Args:
            product_id: Product.

        Raises:
            UnknownName: It has no stock record that was known on the day.
        """
        found = next((one for one in self.rows if one.product_id == product_id), None)
        if found is None:
            known = tuple(one.product_id for one in self.rows)
            raise UnknownName("stock record of product", product_id, known)
        return found

    def text(self, language: Language = Language.EN) -> str:
        """
        Return the stock as a table.

        Args:
            language: Language of the words.
        """
        rows = [
            [
                one.label,
                one.unit or "",
                *(
                    number(each, _SHOWN)
                    for each in (
                        *(one.on_hand, one.reserved, one.on_order),
                        *(one.available, one.reorder_point),
                    )
                ),
            ]
            for one in self.rows
        ]
        head = [language.pick(one) for one in _HEAD]
        return "\n".join(text_table(head, rows, left=(1,)))


def stock_positions(
    facts: Facts,
    *,
    as_of: date,
    receipts: Iterable[Receipt] = (),
    reserved_basis: ReservedBasis | None = None,
    restocks_returns: bool = True,
) -> StockPositions:
    """
    Return on hand, reserved and on order of every product with a stock record, as of a day.

    On hand is the last count and what moved after its day: deliveries that left, returns, and
    receipts that arrived.
    A delivery without lines carries its whole order; one of an unknown place is taken off the
    product, not off a place, where there are several.
    Reserved is what open orders still wait for; drafts, void and closed orders do not count.
    On order are receipts that have not arrived, for a product without any what its records state.

    Args:
        facts: The fact tables of a book.
        as_of: Last day whose facts are seen. An order that is closed without a day of it counts as
            closed on earlier days too.
        receipts: What was ordered from suppliers, arrived or not; no record of the book tells it.
        reserved_basis: What counts as reserved; `None` takes open order lines where any delivery is
            known, else what the stock records state.
        restocks_returns: Whether what customers sent back is sold again.

    Returns:
        One row per product, with `None` and a reason where nobody can tell.

    Raises:
        InvalidValue: `as_of` is no day, the basis none, or a receipt is in another unit than its
            product.

    Source:
        Usual definitions of the field; positions as in Silver, Pyke and Thomas, Inventory and
        Production Management in Supply Chains, 4th edition (2017), chapter 6.
    """
    if reserved_basis is not None and type(reserved_basis) is not ReservedBasis:
        raise InvalidValue("reserved_basis", reserved_basis, "it must be a ReservedBasis, or None")
    reading = read_stock(facts, as_of=as_of, receipts=receipts, restocks_returns=restocks_returns)
    found, excluded = reading.ledgers, Counter(reading.excluded)
    basis = reserved_basis
    if basis is None:
        knows = bool(reading.facts.known.book.deliveries)
        basis = ReservedBasis.OPEN_LINES if knows else ReservedBasis.RECORDED
    waiting: defaultdict[str, Decimal] | None = None
    if basis is ReservedBasis.OPEN_LINES:
        waiting = defaultdict(Decimal)
        for line in reading.shipping.open_lines:
            waiting[line.product_id] = EXACT.add(waiting[line.product_id], line.quantity)
            if line.product_id not in found:
                excluded["order_lines", "open, product without a stock record"] += 1
    coming: dict[str, Decimal] = {}
    for one in reading.receipts:
        more = one.quantity if one.arrived_on is None else Decimal(0)
        coming[one.product_id] = EXACT.add(coming.get(one.product_id, Decimal(0)), more)
    return StockPositions(
        rows=[_position(reading.facts, one, waiting, coming) for one in found.values()],
        open_lines=reading.shipping.open_lines,
        receipts=reading.receipts,
        reserved_basis=basis,
        as_of=as_of,
        excluded=exclusions(excluded),
    )


def _position(
    facts: Facts,
    ledger: Ledger,
    waiting: defaultdict[str, Decimal] | None,
    coming: dict[str, Decimal],
) -> StockPosition:
    product = facts.known.book.index("products").get(ledger.product_id)
    places = [_place(one) for one in ledger.shelves]
    unplaced = ledger.moved_unplaced()
    on_hand = exact_sum((unplaced, *(one.on_hand for one in places)))
    reasons: list[str] = []
    if any(one.counted_on is None for one in places):
        reasons.append("counted on an unknown day, taken to hold on the day asked for")
    if on_hand < 0:
        reasons.append("more left than was counted: a count is wrong, or a receipt is missing")
    if waiting is None:
        reserved = _stated([one.reserved for one in places])
        if reserved is None:
            reasons.append("reserved unknown: the stock records state none")
    else:
        reserved = waiting.get(ledger.product_id, Decimal(0))
    on_order = coming.get(ledger.product_id)
    if on_order is None:
        # What a record states may have arrived with a receipt: the two are never added.
        on_order = _stated([one.on_order for one in places])
    if on_order is None:
        reasons.append("on order unknown: no receipt is given and the stock records state none")
    return StockPosition(
        product_id=ledger.product_id,
        label=facts.label("products", ledger.product_id),
        unit=None if product is None else product.unit,
        places=places,
        unplaced=unplaced,
        on_hand=on_hand,
        reserved=reserved,
        on_order=on_order,
        reorder_point=_stated([one.reorder_point for one in places]),
        reasons=tuple(reasons),
    )


def _place(shelf: Shelf) -> PlaceStock:
    item, moved = shelf.last.item, shelf.moved()
    return PlaceStock(
        place=shelf.place,
        counted=item.on_hand,
        counted_on=shelf.last.on,
        moved=moved,
        on_hand=EXACT.add(item.on_hand, moved),
        reserved=item.reserved,
        on_order=item.on_order,
        reorder_point=item.reorder_point,
    )


def _stated(values: list[Decimal | None]) -> Decimal | None:
    """Return the sum of what places state; `None` where one of them states nothing."""
    if any(one is None for one in values):
        return None
    return exact_sum(one for one in values if one is not None)
