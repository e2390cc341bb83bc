"""In which quantities a supplier delivers."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import attrs

from salescore.errors import InvalidValue
from salescore.stock._amounts import above_zero, as_fraction, from_zero, shown


@attrs.frozen(kw_only=True)
class LotRules:
    """
    In which quantities can be ordered.

    Attributes:
        lot_size: Units that a lot holds; only whole lots are delivered. `None` for any quantity.
        minimum: Least quantity of an order, in units; it is rounded up to whole lots too.

    Raises:
        InvalidValue: The lot size is 0 or below, or the minimum below 0.

    Examples:
        >>> LotRules(lot_size=Decimal(12), minimum=Decimal(20)).quantity(Decimal(5))
        Decimal('24')
    """

    lot_size: Decimal | None = None
    minimum: Decimal = Decimal(0)

    def __attrs_post_init__(self) -> None:
        """Refuse a lot that holds nothing, and a minimum below 0."""
        if self.lot_size is not None:
            above_zero("lot size", self.lot_size)
        from_zero("minimum quantity", self.minimum)

    def quantity(self, need: Decimal) -> Decimal:
        """
        Return the least quantity that can be ordered and covers a need.

        Args:
            need: Units needed; at or below 0 nothing is ordered.

        Returns:
            Units, never below the need; 0 where there is none.
        """
        if as_fraction("need", need) <= 0:
            return Decimal(0)
        least = max(need, self.minimum)
        if self.lot_size is None:
            return least
        lot = Fraction(self.lot_size)
        return shown(-(-Fraction(least) // lot) * lot)

    def around(self, quantity: Decimal) -> tuple[Decimal, ...]:
        """
        Return the quantities that can be ordered next to a wanted one: at or below it, and above.

        Args:
            quantity: Units wanted, above 0.

        Returns:
            One or two quantities above 0, ascending; the least that can be ordered where the wanted
            one lies below.
        """
        least = above_zero("quantity", quantity)
        above = self.quantity(quantity)
        if self.lot_size is None:
            return (above,)
        below = Fraction(above) - Fraction(self.lot_size)
        first = Fraction(self.quantity(max(self.minimum, self.lot_size)))
        if below < first or Fraction(above) == least:
            return (above,)
        return (shown(below), above)


ANY_QUANTITY = LotRules()
"""No rule: any quantity can be ordered."""


def check_lots(lots: object) -> LotRules:
    """
    Return rules of lots unchanged.

    Raises:
        InvalidValue: They are anything else.
    """
    if not isinstance(lots, LotRules):
        raise InvalidValue("lots", lots, "it must be LotRules, such as LotRules(lot_size=…)")
    return lots
