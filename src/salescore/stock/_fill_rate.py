"""Two things that service means: no shortage in a cycle, and units covered."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import attrs

from salescore.errors import InvalidValue
from salescore.forecast import Distribution
from salescore.render import Language, number, percent
from salescore.stock._amounts import above_zero, demand_of, from_zero, inside, shown
from salescore.stock._risk import chance_above, shortage_of
from salescore.stock._words import lines_of
from salescore.values import EXACT

_SHOWN = 2
_MOST_UNITS = 10**30


@attrs.frozen(kw_only=True)
class OrderService:
    """
    What a reorder point and an order quantity give the customers.

    Attributes:
        reorder_point: Units at which to order.
        order_quantity: Units of each order.
        cycle_service_level: Chance of no shortage before an order arrives (type 1), from 0 to 1.
        fill_rate: Share of demanded units delivered at once (type 2), from 0 to 1.
        expected_shortage: Units per order that wait for stock, on average.
        safety_stock: Units on hand just before an order arrives, less those that wait, on average.
    """

    reorder_point: Decimal
    order_quantity: Decimal
    cycle_service_level: Decimal
    fill_rate: Decimal
    expected_shortage: Decimal
    safety_stock: Decimal

    def text(self, language: Language = Language.EN) -> str:
        """
        Return both kinds of service as a person reads them.

        Args:
            language: Language of the words.
        """
        rows = [
            (("Reorder point", "再订货点"), number(self.reorder_point, _SHOWN)),
            (("Order quantity", "订货量"), number(self.order_quantity, _SHOWN)),
            (("Cycle service level", "周期服务水平"), percent(self.cycle_service_level)),
            (("Fill rate", "满足率"), percent(self.fill_rate)),
            (("Shortage per order", "每次订货缺货量"), number(self.expected_shortage, _SHOWN)),
            (("Safety stock", "安全库存"), number(self.safety_stock, _SHOWN)),
        ]
        return "\n".join(lines_of(rows, language))


def order_service(
    reorder_point: Decimal, order_quantity: Decimal, demand: Distribution | Decimal
) -> OrderService:
    """
    Return cycle service level and fill rate of ordering Q units when the stock falls to s.

    With the demand D until an order arrives the cycle service level is P(D ≤ s).
    With its loss n(x) = E max(D - x, 0) the fill rate is 1 - (n(s) - n(s + Q)) ÷ Q.
    Large orders make the fill rate high where the cycle service level is low, so that one never
    stands for the other.

    Args:
        reorder_point: Units s on hand and on order less reserved at which to order, from 0 on.
        order_quantity: Units Q of each order, above 0.
        demand: Demand until an order arrives, in units; see `lead_time_demand`.

    Raises:
        InvalidNumber: A number is no finite decimal.
        InvalidValue: The reorder point or the demand may lie below 0, or the quantity is 0 or
            below.

    Examples:
        >>> demand = Distribution.weighted({Decimal(units): 1 for units in range(5)})
        >>> found = order_service(Decimal(2), Decimal(10), demand)
        >>> found.cycle_service_level, found.fill_rate
        (Decimal('0.6'), Decimal('0.94'))

    Source:
        Zipkin, Foundations of Inventory Management (2000), chapter 6: exact where customers wait,
        take unit by unit, and orders do not overtake each other.
    """
    from_zero("reorder point", reorder_point)
    above_zero("order quantity", order_quantity)
    wanted = demand_of("demand", demand)
    short = _short(reorder_point, order_quantity, wanted)
    return OrderService(
        reorder_point=reorder_point,
        order_quantity=order_quantity,
        cycle_service_level=shown(1 - chance_above(reorder_point, wanted)),
        fill_rate=shown(1 - short / Fraction(order_quantity)),
        expected_shortage=shown(short),
        safety_stock=shown(Fraction(reorder_point) - wanted.exact_mean),
    )


def reorder_point_for_fill_rate(
    order_quantity: Decimal,
    demand: Distribution | Decimal,
    *,
    fill_rate: Decimal,
    unit: Decimal = Decimal(1),
) -> OrderService:
    """
    Return the lowest reorder point at which a share of all units is delivered at once.

    Args:
        order_quantity: Units of each order, above 0.
        demand: Demand until an order arrives, in units; see `lead_time_demand`.
        fill_rate: Wanted share of units delivered at once (type 2), between 0 and 1.
        unit: Smallest step of a reorder point, above 0.

    Returns:
        The service of the lowest multiple of the step, from 0 on, that reaches the fill rate.

    Raises:
        InvalidNumber: A number is no finite decimal.
        InvalidValue: The fill rate is not between 0 and 1, the demand may lie below 0, the quantity
            or step is 0 or below, or the step is too small beside the demand.

    Examples:
        >>> demand = Distribution.weighted({Decimal(units): 1 for units in range(5)})
        >>> reorder_point_for_fill_rate(Decimal(10), demand, fill_rate=Decimal("0.9")).reorder_point
        Decimal('2')

    Source:
        As `order_service`.
    """
    share = inside("fill rate", fill_rate)
    most = (1 - share) * above_zero("order quantity", order_quantity)
    step = above_zero("unit", unit)
    wanted = demand_of("demand", demand)
    low, high = 0, -(-Fraction(wanted.values[-1]) // step)
    if high > _MOST_UNITS:
        raise InvalidValue("unit", unit, f"it is too small beside a demand of {wanted.values[-1]}")
    # At the largest demand nothing is short; below, each unit more leaves less short.
    while low < high:
        middle = (low + high) // 2
        if _short(EXACT.multiply(unit, Decimal(middle)), order_quantity, wanted) <= most:
            high = middle
        else:
            low = middle + 1
    return order_service(EXACT.multiply(unit, Decimal(low)), order_quantity, wanted)


def _short(level: Decimal, quantity: Decimal, demand: Distribution) -> Fraction:
    """Return the units per order that wait for stock."""
    return shortage_of(level, demand) - shortage_of(EXACT.add(level, quantity), demand)
