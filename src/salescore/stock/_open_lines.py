"""Which order lines were shipped, and what of them customers still wait for."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal

import attrs

from salescore.book import SalesBook
from salescore.entities import Delivery, DeliveryLine, DocumentKind, Order, OrderLine
from salescore.values import EXACT

_NOTHING = Decimal(0)
_UNCOUNTED = (DocumentKind.DRAFT, DocumentKind.VOID)


@attrs.frozen(kw_only=True)
class OpenLine:
    """
    What a customer still waits for.

    Attributes:
        order_line_id: Order line.
        order_id: Order.
        product_id: Product.
        quantity: Units not shipped, above 0.
        required_on: Day the customer wants them; `None` when not said.
    """

    order_line_id: str
    order_id: str
    product_id: str
    quantity: Decimal
    required_on: date | None


@attrs.frozen
class Shipment:
    """
    Units of a product that left.

    Attributes:
        product_id: Product.
        quantity: Units; below 0 what a delivery took back.
        on: Day they left.
        place: Where from; `None` when unknown.
    """

    product_id: str
    quantity: Decimal
    on: date
    place: str | None


class Shipping:
    """
    What the deliveries of a book shipped, and which order lines they leave open.

    Attributes:
        shipments: What left, by product, in the order of the records.
        open_lines: What customers wait for, in the order of the order lines.
        excluded: Counts of rows left out, by record type and reason.
    """

    def __init__(self, book: SalesBook) -> None:
        self._book = book
        self.excluded: Counter[tuple[str, str]] = Counter()
        self.shipments: list[Shipment] = []
        self._orders: dict[str, Order] = dict(book.index("orders"))
        self._lines: dict[str, OrderLine] = dict(book.index("order_lines"))
        self._by_order: defaultdict[str, list[OrderLine]] = defaultdict(list)
        for line in self._lines.values():
            self._by_order[line.order_id].append(line)
        self._shipped: defaultdict[str, Decimal] = defaultdict(Decimal)
        self._ship()
        self.open_lines = self._open()

    def _ship(self) -> None:
        deliveries: dict[str, Delivery] = dict(self._book.index("deliveries"))
        listed: set[str] = set()
        partly: set[str] = set()
        pooled: list[tuple[str, str, Decimal]] = []
        for line in self._book.delivery_lines:
            delivery = deliveries.get(line.delivery_id)
            if delivery is None:
                self.excluded["delivery_lines", "delivery unknown"] += 1
                continue
            listed.add(delivery.id)
            ordered = self._lines.get(line.order_line_id or "")
            order_id = delivery.order_id if ordered is None else ordered.order_id
            partly.add(order_id or "")
            product = self._ship_line(line, ordered, delivery)
            if product is not None and ordered is None and order_id is not None:
                pooled.append((order_id, product, line.quantity))
        for order, product, quantity in pooled:
            self._share(order, product, quantity)
        for delivery in deliveries.values():
            if delivery.id not in listed:
                self._ship_whole(delivery, is_partly=delivery.order_id in partly)

    def _ship_line(
        self, line: DeliveryLine, ordered: OrderLine | None, delivery: Delivery
    ) -> str | None:
        """Ship one line; return its product, `None` where it has not left or nobody knows it."""
        left_on = _left_on(delivery)
        if left_on is None:
            return None
        product = line.product_id or (None if ordered is None else ordered.product_id)
        if product is None:
            self.excluded["delivery_lines", "product unknown"] += 1
            return None
        self.shipments.append(Shipment(product, line.quantity, left_on, delivery.place))
        if ordered is not None:
            self._shipped[ordered.id] = EXACT.add(self._shipped[ordered.id], line.quantity)
        return product

    def _share(self, order_id: str, product: str, quantity: Decimal) -> None:
        """Take units off the lines of an order for a product, the first of them first."""
        for line in self._by_order[order_id]:
            if line.product_id == product and quantity > 0:
                missing = EXACT.subtract(line.quantity, self._shipped[line.id])
                taken = max(_NOTHING, min(quantity, missing))
                self._shipped[line.id] = EXACT.add(self._shipped[line.id], taken)
                quantity = EXACT.subtract(quantity, taken)

    def _ship_whole(self, delivery: Delivery, *, is_partly: bool) -> None:
        """Ship the whole order of a delivery without lines."""
        left_on = _left_on(delivery)
        if left_on is None:
            return
        if is_partly:
            # Some of the order went with lines: how much this one carried, nobody can tell.
            self.excluded["deliveries", "no lines, while another of the order has them"] += 1
            return
        lines = self._by_order.get(delivery.order_id or "")
        if not lines:
            self.excluded["deliveries", "neither lines nor an order with lines"] += 1
            return
        for line in lines:
            missing = EXACT.subtract(line.quantity, self._shipped[line.id])
            if line.product_id is None or missing <= 0:
                continue
            self._shipped[line.id] = line.quantity
            self.shipments.append(Shipment(line.product_id, missing, left_on, delivery.place))

    def _open(self) -> tuple[OpenLine, ...]:
        found: list[OpenLine] = []
        for line in self._lines.values():
            order = self._orders.get(line.order_id)
            if order is None:
                self.excluded["order_lines", "order unknown"] += 1
                continue
            if not _is_open(order):
                continue
            missing = EXACT.subtract(line.quantity, self._shipped[line.id])
            if missing <= 0:
                continue
            if line.product_id is None:
                self.excluded["order_lines", "product unknown"] += 1
                continue
            found.append(
                OpenLine(
                    order_line_id=line.id,
                    order_id=order.id,
                    product_id=line.product_id,
                    quantity=missing,
                    required_on=order.required_on,
                )
            )
        return tuple(found)


def _left_on(delivery: Delivery) -> date | None:
    """Return the day on which goods left; `None` where they have not, or nobody knows."""
    return delivery.shipped_on or delivery.delivered_on


def _is_open(order: Order) -> bool:
    """Return whether customers still wait for an order: it counts, and is not done with."""
    is_counted = order.kind not in _UNCOUNTED and order.voided_on is None
    return is_counted and order.kind is not DocumentKind.CLOSED
