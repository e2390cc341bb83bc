"""The order quantity of least cost where larger orders are cheaper by the unit."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from itertools import pairwise

import attrs

from salescore.errors import InvalidValue
from salescore.stock._amounts import above_zero, check_kind, from_zero, root, several, shown
from salescore.stock._economic_order import EconomicOrder, order_at


class DiscountScheme(Enum):
    """
    To which units a lower price applies.

    Attributes:
        ALL_UNITS: To every unit of an order that is large enough.
        INCREMENTAL: To the units beyond the quantity from which it holds.
    """

    ALL_UNITS = "all_units"
    INCREMENTAL = "incremental"


@attrs.frozen
class PriceBreak:
    """
    A price that holds from a quantity on.

    Attributes:
        from_quantity: Least units of an order at this price; 0 for the first.
        unit_cost: Money per unit, above 0.

    Raises:
        InvalidValue: The quantity lies below 0, or the price is 0 or below.
    """

    from_quantity: Decimal
    unit_cost: Decimal

    def __attrs_post_init__(self) -> None:
        """Refuse a quantity below 0 and a price that is none."""
        from_zero("quantity of a price", self.from_quantity)
        above_zero("unit cost", self.unit_cost)


@attrs.frozen
class _Tier:
    """
    One price: an order of Q units at it costs `extra` + `price` × Q, besides the order cost.

    Attributes:
        start: First quantity.
        end: First quantity of the next price; `None` for the last.
        price: Money per unit.
        extra: Money more that the units before the tier cost; 0 where the price holds for all.
    """

    start: Fraction
    end: Fraction | None
    price: Fraction
    extra: Fraction


def discounted_order(
    demand: Decimal,
    *,
    order_cost: Decimal,
    holding_rate: Decimal,
    prices: Sequence[PriceBreak],
    scheme: DiscountScheme,
) -> EconomicOrder:
    """
    Return the order quantity of least cost for a steady demand with quantity discounts.

    A unit is held at a rate of what it costs.
    With prices for all units the best quantity of each price that can be had is compared with the
    least quantity of every lower price; with incremental ones the best of each price is
    √(2(K + e)λ ÷ ic), where e is what the units at higher prices cost more.

    Args:
        demand: Units λ per period, from 0 on.
        order_cost: Money K per order, above 0.
        holding_rate: Cost i of holding for one period, as a fraction of the price; above 0.
        prices: Prices, the first from 0 on; the larger the quantity, the lower.
        scheme: To which units a price applies.

    Returns:
        Quantity, and cost with that of the units, to 28 significant digits; of equally cheap
        quantities the smallest. 0 where nothing is demanded.

    Raises:
        InvalidNumber: A number is no finite decimal.
        InvalidValue: A cost is 0 or below, the demand below 0, or prices do not begin at 0, are not
            in ascending order of quantity, or rise.

    Examples:
        >>> found = discounted_order(
        ...     Decimal(1300),
        ...     order_cost=Decimal(8),
        ...     holding_rate=Decimal("0.3"),
        ...     prices=[
        ...         PriceBreak(Decimal(0), Decimal("0.75")),
        ...         PriceBreak(Decimal(400), Decimal("0.72")),
        ...         PriceBreak(Decimal(800), Decimal("0.68")),
        ...     ],
        ...     scheme=DiscountScheme.ALL_UNITS,
        ... )
        >>> found.quantity, found.cost
        (Decimal('800'), Decimal('978.6'))

    Source:
        Snyder and Shen, Fundamentals of Supply Chain Theory, 2nd edition (2019), equations
        3.18 to 3.22.
    """
    wanted, fixed = from_zero("demand", demand), above_zero("order cost", order_cost)
    rate = above_zero("holding rate", holding_rate)
    tiers = _tiers(prices, scheme)
    method = f"economic order quantity, {scheme.value.replace('_', '-')} discounts"
    if not wanted:
        nothing = Decimal(0)
        return EconomicOrder(
            quantity=nothing, cost=nothing, orders=nothing, interval=None, method=method
        )
    found: list[tuple[Fraction, Fraction, _Tier]] = []
    for tier in tiers:
        # To 60 digits: far finer than what two quantities of equal cost could differ by.
        best = Fraction(root(2 * (fixed + tier.extra) * wanted / (rate * tier.price)))
        if tier.end is not None and best >= tier.end:
            continue  # the next price begins before, and is lower
        quantity = max(best, tier.start)
        found.append((_cost(quantity, tier, wanted, fixed, rate), quantity, tier))
    cost, quantity, tier = min(found, key=lambda one: one[:2])
    return order_at(
        shown(quantity),
        shown(cost),
        wanted,
        method,
        unit_cost=shown(tier.price + tier.extra / quantity),
    )


def discounted_order_cost(
    quantity: Decimal,
    demand: Decimal,
    *,
    order_cost: Decimal,
    holding_rate: Decimal,
    prices: Sequence[PriceBreak],
    scheme: DiscountScheme,
) -> Decimal:
    """
    Return what ordering a steady demand in equal quantities costs, units included.

    Args:
        quantity: Units of an order, above 0.
        demand: Units per period, from 0 on.
        order_cost: Money per order, above 0.
        holding_rate: Cost of holding for one period, as a fraction of the price; above 0.
        prices: Prices, the first from 0 on; the larger the quantity, the lower.
        scheme: To which units a price applies.

    Returns:
        Money per period, to 28 significant digits.

    Raises:
        InvalidNumber: A number is no finite decimal.
        InvalidValue: As of `discounted_order`, or the quantity is 0 or below.

    Source:
        As `discounted_order`.
    """
    wanted, fixed = from_zero("demand", demand), above_zero("order cost", order_cost)
    rate, of = above_zero("holding rate", holding_rate), above_zero("quantity", quantity)
    tier = [one for one in _tiers(prices, scheme) if one.start <= of][-1]
    return shown(_cost(of, tier, wanted, fixed, rate))


def _cost(
    quantity: Fraction, tier: _Tier, demand: Fraction, fixed: Fraction, rate: Fraction
) -> Fraction:
    price = tier.price + tier.extra / quantity
    return price * demand + fixed * demand / quantity + rate * price * quantity / 2


def _tiers(stated: Sequence[PriceBreak], scheme: object) -> list[_Tier]:
    prices = several("prices", stated, "each as a PriceBreak")
    for one in prices:
        check_kind("price", one, PriceBreak, "a PriceBreak")
    if type(scheme) is not DiscountScheme:
        raise InvalidValue("scheme", scheme, "it must be a DiscountScheme")
    if not prices or prices[0].from_quantity:
        fault = "the first price must hold from a quantity of 0 on"
        raise InvalidValue("prices", prices[0].from_quantity if prices else stated, fault)
    for first, second in pairwise(prices):
        if not first.from_quantity < second.from_quantity:
            fault = "quantities of prices must ascend"
            raise InvalidValue("quantity of a price", second.from_quantity, fault)
        if second.unit_cost > first.unit_cost:
            fault = "the price of a larger quantity must not be higher"
            raise InvalidValue("unit cost", second.unit_cost, fault)
    ends = [Fraction(one.from_quantity) for one in prices[1:]]
    found: list[_Tier] = []
    extra = Fraction(0)
    for place, one in enumerate(prices):
        start, price = Fraction(one.from_quantity), Fraction(one.unit_cost)
        if place and scheme is DiscountScheme.INCREMENTAL:
            extra += (Fraction(prices[place - 1].unit_cost) - price) * start
        found.append(_Tier(start, ends[place] if place < len(ends) else None, price, extra))
    return found
