"""What was ordered from suppliers: stated by whoever asks, as no record of the book tells it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import attrs

from salescore.errors import InvalidValue
from salescore.stock._amounts import above_zero, check_kind, several


def is_day(value: object) -> bool:
    """Return whether a value is a day, without a time."""
    return type(value) is date


@attrs.frozen(kw_only=True)
class Receipt:
    """
    Goods ordered from a supplier, arrived or to come.

    Attributes:
        product_id: Product.
        quantity: Units, above 0, in the product's base unit.
        due_on: Day they should arrive.
        arrived_on: Day they arrived, not before they were ordered; `None` where they have not.
        ordered_on: Day they were ordered, from which on they are known; `None` has always been
            known.
        place: Warehouse or shop; `None` when there is one only, or nobody knows.
        unit: Unit of the quantity; `None` for the product's. Another one is refused.

    Raises:
        InvalidNumber: The quantity is no finite decimal.
        InvalidValue: The quantity is 0 or below, a day none, the arrival before the order, or
            product, place or unit no text.
    """

    product_id: str
    quantity: Decimal
    due_on: date
    arrived_on: date | None = None
    ordered_on: date | None = None
    place: str | None = None
    unit: str | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse a quantity that is none, what is no day, and what is no text."""
        check_kind("product of a receipt", self.product_id, str, "the id of a product, a text")
        check_kind("place of a receipt", self.place, str | None, "a text, or None")
        check_kind("unit of a receipt", self.unit, str | None, "a text, or None")
        above_zero("quantity of a receipt", self.quantity)
        if not is_day(self.due_on):
            raise InvalidValue("due_on", self.due_on, "it must be a date without a time")
        for name, day in (("arrived_on", self.arrived_on), ("ordered_on", self.ordered_on)):
            if day is not None and not is_day(day):
                raise InvalidValue(name, day, "it must be a date without a time, or None")
        begun = self.ordered_on
        if self.arrived_on is not None and begun is not None and self.arrived_on < begun:
            fault = f"it must be {begun}, the day of the order, or later"
            raise InvalidValue("arrived_on", str(self.arrived_on), fault)


def known_receipts(receipts: Iterable[Receipt], as_of: date) -> tuple[Receipt, ...]:
    """
    Return receipts as they were known on a day: those ordered later left out, arrivals unknown.

    Args:
        receipts: All of them.
        as_of: Last day whose facts are seen.

    Raises:
        InvalidValue: One of them is no receipt.
    """
    found: list[Receipt] = []
    for one in several("receipts", receipts, "each as a Receipt"):
        check_kind("receipts", one, Receipt, "a Receipt")
        if one.ordered_on is not None and one.ordered_on > as_of:
            continue
        has_arrived = one.arrived_on is not None and one.arrived_on <= as_of
        found.append(one if has_arrived or one.arrived_on is None else _to_come(one))
    return tuple(found)


def _to_come(receipt: Receipt) -> Receipt:
    return attrs.evolve(receipt, arrived_on=None)
