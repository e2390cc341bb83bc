"""The order quantity at which ordering and holding cost least together."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import attrs

from salescore.render import Language, number
from salescore.stock._amounts import (
    WORKING,
    above_zero,
    as_fraction,
    from_zero,
    root,
    shown,
    tidy,
)
from salescore.stock._lots import ANY_QUANTITY, LotRules, check_lots
from salescore.stock._words import lines_of

_SHOWN = 2


@attrs.frozen(kw_only=True)
class EconomicOrder:
    """
    How much to order each time, and what it costs.

    Attributes:
        quantity: Units of an order; 0 where nothing is demanded.
        cost: Money per period for ordering, holding and backorders, and for the units themselves
            where their price was given.
        orders: Orders per period.
        interval: Periods from order to order; `None` where nothing is demanded.
        backorder: Units that wait when an order arrives; 0 where nobody waits by plan.
        unit_cost: Mean price of a unit of the order; `None` where none was given.
        method: How it was found.
    """

    quantity: Decimal
    cost: Decimal
    orders: Decimal
    interval: Decimal | None
    backorder: Decimal = Decimal(0)
    unit_cost: Decimal | None = None
    method: str

    def text(self, language: Language = Language.EN) -> str:
        """
        Return quantity and cost as a person reads them.

        Args:
            language: Language of the words.
        """
        rows = [
            (("Order quantity", "订货量"), number(self.quantity, _SHOWN)),
            (("Orders per period", "每期订货次数"), number(self.orders, _SHOWN)),
            (("Cost per period", "每期成本"), number(self.cost, _SHOWN)),
        ]
        if self.backorder:
            rows.append((("Planned backorders", "计划缺货量"), number(self.backorder, _SHOWN)))
        if self.unit_cost is not None:
            rows.append((("Unit cost", "单位成本"), number(self.unit_cost, _SHOWN)))
        return "\n".join(lines_of(rows, language))


def economic_order(
    demand: Decimal,
    *,
    order_cost: Decimal,
    holding_cost: Decimal,
    backorder_cost: Decimal | None = None,
    lots: LotRules = ANY_QUANTITY,
) -> EconomicOrder:
    """
    Return the order quantity of least cost for a steady demand.

    With demand λ, order cost K and holding cost h it is √(2Kλ ÷ h), at the cost √(2Kλh).
    Where customers may wait at the cost p, it is √(2Kλ(h + p) ÷ hp), at √(2Kλhp ÷ (h + p)), and
    the share h ÷ (h + p) of each order is sold before it arrives.

    Args:
        demand: Units per period, such as a year; from 0 on.
        order_cost: Money per order, above 0.
        holding_cost: Money per unit held for one of the same periods, above 0.
        backorder_cost: Money per unit that a customer waits for, per period, above 0; `None` where
            nobody is to wait.
        lots: Quantities that can be ordered; the cheaper of the two next to the best is taken.

    Returns:
        Quantity and cost to 28 significant digits; 0 where nothing is demanded.

    Raises:
        InvalidNumber: A number is no finite decimal.
        InvalidValue: A cost is 0 or below, or the demand below 0.

    Examples:
        >>> found = economic_order(
        ...     Decimal(1300), order_cost=Decimal(8), holding_cost=Decimal("0.225")
        ... )
        >>> round(found.quantity, 10), round(found.cost, 10)
        (Decimal('304.0467800264'), Decimal('68.4105255059'))

    Source:
        Snyder and Shen, Fundamentals of Supply Chain Theory, 2nd edition (2019), equations
        3.4 and 3.5, example 3.1; planned backorders: equations 3.27 to 3.29, example 3.8.
    """
    wanted, fixed = from_zero("demand", demand), above_zero("order cost", order_cost)
    held, waiting = _held(holding_cost, backorder_cost)
    check_lots(lots)
    method = "economic order quantity" + (", planned backorders" if waiting else "")
    if not wanted:
        nothing = Decimal(0)
        return EconomicOrder(
            quantity=nothing, cost=nothing, orders=nothing, interval=None, method=method
        )
    best = root(2 * fixed * wanted / held)
    if lots is ANY_QUANTITY:
        return order_at(best, root(2 * fixed * wanted * held), wanted, method, waiting)

    def cost(quantity: Decimal) -> Fraction:
        return _cost(as_fraction("quantity", quantity), wanted, fixed, held)

    quantity = cheapest(lots.around(tidy(best)), cost)
    return order_at(quantity, shown(cost(quantity)), wanted, method, waiting)


def economic_order_cost(
    quantity: Decimal,
    demand: Decimal,
    *,
    order_cost: Decimal,
    holding_cost: Decimal,
    backorder_cost: Decimal | None = None,
) -> Decimal:
    """
    Return what ordering a steady demand in equal quantities costs: Kλ ÷ Q + hQ ÷ 2.

    Where customers may wait, hp ÷ (h + p) stands for h: as many wait as is cheapest.

    Args:
        quantity: Units of an order, above 0.
        demand: Units per period, from 0 on.
        order_cost: Money per order, above 0.
        holding_cost: Money per unit held for one period, above 0.
        backorder_cost: Money per unit that a customer waits for, per period, above 0; `None` where
            nobody is to wait.

    Returns:
        Money per period, to 28 significant digits.

    Raises:
        InvalidNumber: A number is no finite decimal.
        InvalidValue: A cost or the quantity is 0 or below, or the demand below 0.

    Examples:
        >>> economic_order_cost(
        ...     Decimal(250), Decimal(1300), order_cost=Decimal(8), holding_cost=Decimal("0.225")
        ... )
        Decimal('69.725')

    Source:
        As `economic_order`.
    """
    wanted, fixed = from_zero("demand", demand), above_zero("order cost", order_cost)
    held, _ = _held(holding_cost, backorder_cost)
    return shown(_cost(above_zero("quantity", quantity), wanted, fixed, held))


def order_at(
    quantity: Decimal,
    cost: Decimal,
    demand: Fraction,
    method: str,
    waiting: Fraction = Fraction(0),
    unit_cost: Decimal | None = None,
) -> EconomicOrder:
    """
    Return the record of an order quantity.

    Args:
        quantity: Units of an order, above 0.
        cost: Money per period.
        demand: Units per period, above 0.
        method: How it was found.
        waiting: Share of each order that is sold before it arrives.
        unit_cost: Mean price of a unit; `None` where none was given.
    """
    per_period = WORKING.divide(Decimal(demand.numerator), Decimal(demand.denominator))
    ahead = WORKING.divide(Decimal(waiting.numerator), Decimal(waiting.denominator))
    return EconomicOrder(
        quantity=tidy(quantity),
        cost=tidy(cost),
        orders=tidy(WORKING.divide(per_period, quantity)),
        interval=tidy(WORKING.divide(quantity, per_period)),
        backorder=tidy(WORKING.multiply(quantity, ahead)),
        unit_cost=unit_cost,
        method=method,
    )


def cheapest(quantities: tuple[Decimal, ...], cost: Callable[[Decimal], Fraction]) -> Decimal:
    """Return the quantity of least cost, of equal ones the smallest."""
    return min(quantities, key=lambda one: (cost(one), one))


def _held(holding_cost: Decimal, backorder_cost: Decimal | None) -> tuple[Fraction, Fraction]:
    """Return what a unit costs by holding and waiting, and the share that waits."""
    held = above_zero("holding cost", holding_cost)
    if backorder_cost is None:
        return held, Fraction(0)
    wait = above_zero("backorder cost", backorder_cost)
    return held * wait / (held + wait), held / (held + wait)


def _cost(quantity: Fraction, demand: Fraction, fixed: Fraction, held: Fraction) -> Fraction:
    return fixed * demand / quantity + held * quantity / 2
