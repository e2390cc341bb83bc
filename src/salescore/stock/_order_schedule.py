"""When to order how much for a known demand that changes from period to period."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate
from math import lcm

import attrs

from salescore.errors import InvalidValue
from salescore.plain import as_tuple
from salescore.render import Language, number, text_table
from salescore.stock._amounts import MOST_PERIODS, from_zero, per_period, several, shown
from salescore.stock._words import lines_of

_SHOWN = 2


@attrs.frozen(kw_only=True)
class ScheduledOrder:
    """
    One period of an order schedule.

    Attributes:
        opening: Units in stock before anything arrives.
        order: Units that arrive at the start of the period; 0 for none.
        demand: Units that leave in the period.
        closing: Units left at its end: opening + order - demand.
        cost: Money for the order, its units, and for holding what is left.
    """

    opening: Decimal
    order: Decimal
    demand: Decimal
    closing: Decimal
    cost: Decimal


@attrs.frozen(kw_only=True)
class OrderSchedule:
    """
    The orders of least cost, period by period.

    Attributes:
        rows: The periods, in order.
        cost: Money in all, the sum of the rows.
        method: How it was found.
    """

    rows: tuple[ScheduledOrder, ...] = attrs.field(converter=as_tuple)
    cost: Decimal
    method: str = "Wagner-Whitin"

    @property
    def orders(self) -> tuple[Decimal, ...]:
        """Return the units to order in each period."""
        return tuple(one.order for one in self.rows)

    def text(self, language: Language = Language.EN) -> str:
        """
        Return the schedule as a table.

        Args:
            language: Language of the words.
        """
        head = [
            language.pick(one)
            for one in (
                ("Period", "期间"),
                ("Opening", "期初"),
                ("Order", "订货"),
                ("Demand", "需求"),
                ("Closing", "期末"),
                ("Cost", "成本"),
            )
        ]
        rows = [
            [
                str(place),
                *(
                    number(one, _SHOWN)
                    for one in (row.opening, row.order, row.demand, row.closing, row.cost)
                ),
            ]
            for place, row in enumerate(self.rows, 1)
        ]
        total = lines_of([(("Cost", "成本"), number(self.cost, _SHOWN))], language)
        return "\n".join([*text_table(head, rows), *total])


def order_schedule(
    demand: Sequence[Decimal],
    *,
    order_cost: Decimal | Sequence[Decimal],
    holding_cost: Decimal | Sequence[Decimal],
    unit_cost: Decimal | Sequence[Decimal] = Decimal(0),
    opening: Decimal = Decimal(0),
) -> OrderSchedule:
    """
    Return the orders that cover a known demand without shortage at the least cost.

    Exact, by dynamic programming: in a cheapest schedule an order arrives only when the stock is
    used up, and covers whole periods.
    The cost of the first t periods is the least, over the period j of the last order, of that of
    the periods before j plus order, units and holding from j to t.

    Args:
        demand: Units that leave in each period, from 0 on; at most 1,000 periods.
        order_cost: Money per order, from 0 on; one for all periods, or one each.
        holding_cost: Money per unit left at the end of a period; likewise.
        unit_cost: Money per unit ordered, from 0 on; likewise.
        opening: Units in stock at the start, from 0 on; they are used first.

    Returns:
        The schedule; of equally cheap ones that whose last order is latest, and so on back.

    Raises:
        InvalidNumber: A number is no finite decimal.
        InvalidValue: A demand, a cost or the opening stock lies below 0, or there are not as many
            costs as periods.

    Examples:
        >>> found = order_schedule(
        ...     [Decimal(90), Decimal(120), Decimal(80), Decimal(70)],
        ...     order_cost=Decimal(500),
        ...     holding_cost=Decimal(2),
        ... )
        >>> [int(one) for one in found.orders], found.cost
        ([210, 0, 150, 0], Decimal('1380'))

    Source:
        Wagner and Whitin, Dynamic version of the economic lot size model, Management Science 5
        (1958); Snyder and Shen, Fundamentals of Supply Chain Theory, 2nd edition (2019), equation
        3.39, whose example 3.9 this is.
    """
    wanted = several("demand", demand, "units for each period")
    periods = len(wanted)
    if periods > MOST_PERIODS:
        raise InvalidValue("number of periods", periods, f"at most {MOST_PERIODS:,} are planned")
    asked = [from_zero("demand", one) for one in wanted]
    fixed = per_period("order cost", order_cost, periods)
    held = per_period("holding cost", holding_cost, periods)
    price = per_period("unit cost", unit_cost, periods)
    stock = from_zero("opening stock", opening)
    orders = _orders(_uncovered(asked, stock), fixed, held, price)
    rows: list[ScheduledOrder] = []
    total = Fraction(0)
    for place, ordered in enumerate(orders):
        closing = stock + ordered - asked[place]
        cost = ordered * price[place] + closing * held[place] + (fixed[place] if ordered else 0)
        rows.append(
            ScheduledOrder(
                opening=shown(stock),
                order=shown(ordered),
                demand=wanted[place],
                closing=shown(closing),
                cost=shown(cost),
            )
        )
        total += cost
        stock = closing
    return OrderSchedule(rows=rows, cost=shown(total))


def _uncovered(demand: Sequence[Fraction], opening: Fraction) -> list[Fraction]:
    """Return what of each demand is left to order, the opening stock used up first."""
    found: list[Fraction] = []
    for one in demand:
        used = min(one, opening)
        opening -= used
        found.append(one - used)
    return found


def _orders(
    demand: Sequence[Fraction],
    fixed: Sequence[Fraction],
    held: Sequence[Fraction],
    price: Sequence[Fraction],
) -> list[Fraction]:
    """Return the units of the cheapest orders, by whole numbers of a small enough unit."""
    units = lcm(*(one.denominator for one in demand))
    money = lcm(*(one.denominator for one in (*fixed, *held, *price)))
    wanted = [int(one * units) for one in demand]
    setup = [int(one * money * units) for one in fixed]
    each = [int(one * money) for one in price]
    # What a unit costs that is kept from the first period to each of them.
    kept = [0, *accumulate(int(one * money) for one in held)]
    until = [0, *accumulate(wanted)]
    keeping = [0, *accumulate(one * cost for one, cost in zip(wanted, kept, strict=False))]
    least = [0]
    last: list[int | None] = []
    for end in range(1, len(wanted) + 1):
        if not wanted[end - 1]:
            least.append(least[end - 1])
            last.append(None)
            continue
        cost, start = min(
            (
                least[start]
                + setup[start]
                + (each[start] - kept[start]) * (until[end] - until[start])
                + keeping[end]
                - keeping[start],
                -start,
            )
            for start in range(end)
        )
        least.append(cost)
        last.append(-start)
    orders = [Fraction(0)] * len(wanted)
    end = len(wanted)
    while end:
        begin = last[end - 1]
        if begin is None:
            end -= 1
            continue
        orders[begin] = Fraction(until[end] - until[begin], units)
        end = begin
    return orders
