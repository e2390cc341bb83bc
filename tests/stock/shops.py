"""A small shop: its counts, orders, deliveries and returns."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from salescore.book import Facts, SalesBook
from salescore.entities import (
    Delivery,
    DeliveryId,
    DeliveryLine,
    DeliveryLineId,
    Order,
    OrderId,
    OrderLine,
    OrderLineId,
    Product,
    ProductId,
    Return,
    ReturnId,
    ReturnLine,
    ReturnLineId,
    StockItem,
    StockItemId,
)
from salescore.values import Money

PEN = ProductId("pen")
INK = ProductId("ink")


def march(day: int) -> date:
    """Return a day of March 2026."""
    return date(2026, 3, day)


def count(
    units: float,
    on: date | None,
    product: ProductId = PEN,
    place: str | None = None,
    **more: object,
) -> StockItem:
    """Return a count."""
    key = f"{product}-{place}-{on}-{units}"
    return StockItem(
        id=StockItemId(key),
        product_id=product,
        on_hand=Decimal(str(units)),
        counted_on=on,
        place=place,
        **more,
    )


def order(key: str, on: date, **more: object) -> Order:
    """Return an order."""
    return Order(id=OrderId(key), ordered_on=on, **more)


def line(
    key: str, units: int, product: ProductId | None = PEN, cost: str | None = None
) -> OrderLine:
    """Return a line of the order that the key begins with."""
    return OrderLine(
        id=OrderLineId(key),
        order_id=OrderId(key.split("-", maxsplit=1)[0]),
        product_id=product,
        quantity=Decimal(units),
        net_amount=Money.of(10 * units, "EUR"),
        cost=None if cost is None else Money.of(cost, "EUR"),
    )


def delivery(key: str, order_key: str | None, on: date | None, **more: object) -> Delivery:
    """Return a delivery."""
    return Delivery(
        id=DeliveryId(key),
        order_id=None if order_key is None else OrderId(order_key),
        shipped_on=on,
        **more,
    )


def sent(
    key: str, units: int, product: ProductId | None = None, ordered: str | None = None
) -> DeliveryLine:
    """Return a line of the delivery that the key begins with."""
    return DeliveryLine(
        id=DeliveryLineId(key),
        delivery_id=DeliveryId(key.split("-", maxsplit=1)[0]),
        quantity=Decimal(units),
        product_id=product,
        order_line_id=None if ordered is None else OrderLineId(ordered),
    )


def back(key: str, units: int, on: date, product: ProductId | None = PEN) -> dict[str, Any]:
    """Return goods that came back, as records by type."""
    return {
        "returns": (Return(id=ReturnId(key), returned_on=on),),
        "return_lines": (
            ReturnLine(
                id=ReturnLineId(f"{key}-1"),
                return_id=ReturnId(key),
                quantity=Decimal(units),
                net_amount=Money.of(1, "EUR"),
                product_id=product,
            ),
        ),
    }


def facts(stock: Iterable[StockItem] = (), **records: object) -> Facts:
    """Return the facts of a shop that sells pens by the piece and ink by the litre."""
    products = (
        Product(id=PEN, name="Pen", unit="piece"),
        Product(id=INK, name="Ink", unit="litre"),
    )
    return Facts.of(SalesBook(products=products, stock_items=tuple(stock), **records))
