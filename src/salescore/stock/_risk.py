"""What a stock risks against an uncertain demand: too little, and too much."""

from __future__ import annotations

from bisect import bisect_left
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate

import attrs

from salescore.forecast import Distribution
from salescore.render import Language, number, percent
from salescore.stock._amounts import demand_of, from_zero, shown
from salescore.stock._words import lines_of
from salescore.values import EXACT, exact_sum

_SHOWN = 2


@attrs.frozen(kw_only=True)
class StockRisk:
    """
    What a stock risks that must last for a demand.

    Attributes:
        stock: Units there are to sell.
        demand: Demand in units over the time that the stock must last.
        tolerated: Units that may be left over before it counts as excess.
        shortage_chance: Chance that demand is larger than the stock, from 0 to 1.
        excess_chance: Chance that more than the tolerated units are left over, from 0 to 1.
        expected_shortage: Units of demand that the stock does not cover, on average.
        expected_excess: Units left over on average, the tolerated ones among them.
        fill_rate: Share of demanded units that the stock covers (type 2), from 0 to 1; `None` where
            nothing is demanded.
    """

    stock: Decimal
    demand: Distribution
    tolerated: Decimal
    shortage_chance: Decimal
    excess_chance: Decimal
    expected_shortage: Decimal
    expected_excess: Decimal
    fill_rate: Decimal | None

    @property
    def service_level(self) -> Decimal:
        """Return the chance that all demand is covered (type 1), from 0 to 1."""
        return EXACT.subtract(Decimal(1), self.shortage_chance)

    def text(self, language: Language = Language.EN) -> str:
        """
        Return the risks as a person reads them.

        Args:
            language: Language of the words.
        """
        excess = ("Chance of excess", "积压概率")
        if self.tolerated:
            more = number(self.tolerated, _SHOWN)
            excess = (f"Chance of more than {more} left", f"剩余超过 {more} 的概率")
        rows = [
            (("Stock", "库存"), number(self.stock, _SHOWN)),
            (("Expected demand", "预期需求"), number(self.demand.mean, _SHOWN)),
            (("Chance of shortage", "缺货概率"), percent(self.shortage_chance)),
            (("Expected shortage", "预期缺货量"), number(self.expected_shortage, _SHOWN)),
            (excess, percent(self.excess_chance)),
            (("Expected excess", "预期剩余量"), number(self.expected_excess, _SHOWN)),
            (("Fill rate", "满足率"), percent(self.fill_rate)),
        ]
        return "\n".join(lines_of(rows, language))


def stock_risk(
    stock: Decimal, demand: Distribution | Decimal, *, tolerated: Decimal = Decimal(0)
) -> StockRisk:
    """
    Return how likely a stock runs short or stays, and by how much on average.

    With the demand D and the stock S the expected shortage is E max(D - S, 0), the expected excess
    E max(S - D, 0); they differ by S less the mean demand.

    Args:
        stock: Units there are to sell, from 0 on.
        demand: Demand in units over the time that the stock must last.
        tolerated: Units that may be left over before it counts as excess, from 0 on.

    Raises:
        InvalidNumber: A number is no finite decimal.
        InvalidValue: Stock, demand or tolerated units may lie below 0.

    Examples:
        >>> demand = Distribution.of([(Decimal(5), Decimal("0.5")), (Decimal(15), Decimal("0.5"))])
        >>> stock_risk(Decimal(12), demand).expected_shortage
        Decimal('1.5')

    Source:
        Snyder and Shen, Fundamentals of Supply Chain Theory, 2nd edition (2019), equation 4.24.
    """
    from_zero("stock", stock)
    from_zero("tolerated excess", tolerated)
    wanted = demand_of("demand", demand)
    short, left = shortage_of(stock, wanted), excess_of(stock, wanted)
    # The mean of the values: on a grid that of the parts differs a little.
    needed = Fraction(stock) - left + short
    return StockRisk(
        stock=stock,
        demand=wanted,
        tolerated=tolerated,
        shortage_chance=shown(chance_above(stock, wanted)),
        excess_chance=shown(chance_below(EXACT.subtract(stock, tolerated), wanted)),
        expected_shortage=shown(short),
        expected_excess=shown(left),
        fill_rate=shown(1 - short / needed) if needed else None,
    )


def shortage_of(stock: Decimal, demand: Distribution) -> Fraction:
    """Return by how many units a demand exceeds a stock on average; 0 where it never does."""
    above = bisect_left(demand.values, stock)
    pairs = zip(demand.values[above:], demand.weights[above:], strict=True)
    total = exact_sum(
        EXACT.multiply(EXACT.subtract(value, stock), Decimal(weight)) for value, weight in pairs
    )
    return Fraction(total) / demand.total


def excess_of(stock: Decimal, demand: Distribution) -> Fraction:
    """Return how many units of a stock a demand leaves on average; 0 where it never does."""
    until = bisect_left(demand.values, stock)
    pairs = zip(demand.values[:until], demand.weights[:until], strict=True)
    total = exact_sum(
        EXACT.multiply(EXACT.subtract(stock, value), Decimal(weight)) for value, weight in pairs
    )
    return Fraction(total) / demand.total


def chance_above(stock: Decimal, demand: Distribution) -> Fraction:
    """Return the chance that a demand is larger than a stock."""
    return 1 - Fraction(_until(demand, stock, is_itself=True), demand.total)


def chance_below(stock: Decimal, demand: Distribution) -> Fraction:
    """Return the chance that a demand is smaller than a stock."""
    return Fraction(_until(demand, stock, is_itself=False), demand.total)


def least_covering(demand: Distribution, share: Fraction) -> Decimal:
    """Return the least value that a demand does not exceed with at least a chance above 0."""
    wanted = share * demand.total
    until = list(accumulate(demand.weights))
    return demand.values[bisect_left(until, wanted)]


def _until(demand: Distribution, stock: Decimal, *, is_itself: bool) -> int:
    place = bisect_left(demand.values, stock)
    if is_itself and place < len(demand.values) and demand.values[place] == stock:
        place += 1
    return sum(demand.weights[:place])
