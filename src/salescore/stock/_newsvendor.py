"""How much to buy once for an uncertain demand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import attrs

from salescore.errors import InvalidValue
from salescore.forecast import Distribution
from salescore.render import Language, number, percent
from salescore.stats import normal_chance, normal_loss, normal_quantile
from salescore.stock._amounts import (
    WORKING,
    above_zero,
    demand_of,
    from_zero,
    shown,
    tidy,
)
from salescore.stock._risk import excess_of, least_covering, shortage_of, stock_risk
from salescore.stock._words import Words, lines_of

_SHOWN = 2
_EXTREME = Fraction(1, 10**9)
_FARTHEST = 1_000
_BELOW: Words = (
    "the best quantity of a normal demand would lie below 0: buy none",
    "按正态需求计算的最佳订购量低于 0：不订购",
)


@attrs.frozen(kw_only=True)
class Newsvendor:
    """
    The quantity to buy once, and what it risks.

    Attributes:
        quantity: Units to buy.
        critical_ratio: Cost of a unit too few ÷ (cost of a unit too few + of one too many), from 0
            to 1: the chance of covering all demand that is worth its cost.
        cost: Expected cost of units too few and too many, in the unit of money of the costs.
        expected_shortage: Units of demand not covered, on average.
        expected_excess: Units left over, on average.
        service_level: Chance that all demand is covered (type 1), from 0 to 1.
        fill_rate: Share of demanded units that is covered (type 2); `None` where nothing is
            demanded.
        method: How it was found.
        notes: What to know about it, each in English and Chinese.
    """

    quantity: Decimal
    critical_ratio: Decimal
    cost: Decimal
    expected_shortage: Decimal
    expected_excess: Decimal
    service_level: Decimal
    fill_rate: Decimal | None
    method: str
    notes: tuple[Words, ...] = ()

    def text(self, language: Language = Language.EN) -> str:
        """
        Return the quantity with its risks as a person reads them.

        Args:
            language: Language of the words.
        """
        rows = [
            (("Quantity to buy", "订购量"), number(self.quantity, _SHOWN)),
            (("Critical ratio", "临界比率"), percent(self.critical_ratio)),
            (("Expected cost", "预期成本"), number(self.cost, _SHOWN)),
            (("Service level", "服务水平"), percent(self.service_level)),
            (("Fill rate", "满足率"), percent(self.fill_rate)),
            (("Expected shortage", "预期缺货量"), number(self.expected_shortage, _SHOWN)),
            (("Expected excess", "预期剩余量"), number(self.expected_excess, _SHOWN)),
        ]
        return "\n".join([*lines_of(rows, language), *map(language.pick, self.notes)])


def newsvendor(
    demand: Distribution | Decimal, *, underage: Decimal, overage: Decimal
) -> Newsvendor:
    """
    Return the quantity to buy once at the least expected cost, for any distribution of demand.

    It is the least value Q with P(D ≤ Q) ≥ u ÷ (u + o); no other quantity costs less.

    Args:
        demand: Demand in units.
        underage: Cost u of a unit too few, such as its lost margin; above 0, money per unit.
        overage: Cost o of a unit too many, such as its cost less what it still brings; above 0.

    Raises:
        InvalidNumber: A number is no finite decimal.
        InvalidValue: A cost is 0 or below, or demand may fall below 0.

    Examples:
        >>> demand = Distribution.of([(Decimal(5), Decimal("0.5")), (Decimal(15), Decimal("0.5"))])
        >>> newsvendor(demand, underage=Decimal(3), overage=Decimal(1)).quantity
        Decimal('15')

    Source:
        Snyder and Shen, Fundamentals of Supply Chain Theory, 2nd edition (2019), equations
        4.24 and 4.27, for discrete demand the smallest value that reaches the critical ratio.
    """
    ratio = _ratio(underage, overage)
    wanted = demand_of("demand", demand)
    quantity = least_covering(wanted, ratio)
    risk = stock_risk(quantity, wanted)
    return Newsvendor(
        quantity=quantity,
        critical_ratio=shown(ratio),
        cost=newsvendor_cost(quantity, wanted, underage=underage, overage=overage),
        expected_shortage=risk.expected_shortage,
        expected_excess=risk.expected_excess,
        service_level=risk.service_level,
        fill_rate=risk.fill_rate,
        method="newsvendor, least value that reaches the critical ratio",
    )


def newsvendor_cost(
    quantity: Decimal, demand: Distribution | Decimal, *, underage: Decimal, overage: Decimal
) -> Decimal:
    """
    Return the expected cost of buying a quantity once: o E max(Q - D, 0) + u E max(D - Q, 0).

    Args:
        quantity: Units bought, from 0 on.
        demand: Demand in units.
        underage: Cost u of a unit too few, above 0, money per unit.
        overage: Cost o of a unit too many, above 0, money per unit.

    Returns:
        Money, to 28 significant digits.

    Raises:
        InvalidNumber: A number is no finite decimal.
        InvalidValue: A cost is 0 or below, or quantity or demand may lie below 0.

    Source:
        As `newsvendor`.
    """
    from_zero("quantity", quantity)
    few, many = above_zero("underage cost", underage), above_zero("overage cost", overage)
    wanted = demand_of("demand", demand)
    return shown(many * excess_of(quantity, wanted) + few * shortage_of(quantity, wanted))


def newsvendor_normal(
    mean: Decimal, deviation: Decimal, *, underage: Decimal, overage: Decimal
) -> Newsvendor:
    """
    Return the quantity to buy once where demand is normal, in closed form.

    With the quantile z of u ÷ (u + o) it is μ + zσ, at the cost (u + o)φ(z)σ.

    Args:
        mean: Mean μ of demand, from 0 on, in units.
        deviation: Standard deviation σ of demand, above 0, in units.
        underage: Cost u of a unit too few, above 0, money per unit.
        overage: Cost o of a unit too many, above 0, money per unit.

    Returns:
        Quantity and cost to 28 significant digits. Where the quantity would lie below 0 it is 0,
        and a note says so.

    Raises:
        InvalidNumber: A number is no finite decimal.
        InvalidValue: A cost or the deviation is 0 or below, the mean lies below 0, or one cost is
            more than 999,999,999 times the other.

    Examples:
        >>> found = newsvendor_normal(
        ...     Decimal(50), Decimal(8), underage=Decimal("0.70"), overage=Decimal("0.18")
        ... )
        >>> round(found.quantity, 10), round(found.cost, 10)
        (Decimal('56.6039559274'), Decimal('1.9976051932'))

    Source:
        Snyder and Shen, Fundamentals of Supply Chain Theory, 2nd edition (2019), equations
        4.30 and 4.37, example 4.3.
    """
    ratio = _ratio(underage, overage)
    from_zero("mean demand", mean)
    above_zero("deviation of demand", deviation)
    if not _EXTREME <= ratio <= 1 - _EXTREME:
        fault = "one cost must not be more than 999,999,999 times the other"
        raise InvalidValue("critical ratio", shown(ratio), fault)
    z = normal_quantile(shown(ratio))
    quantity = tidy(WORKING.fma(z, deviation, mean))
    notes: tuple[Words, ...] = ()
    if quantity < 0:
        quantity, z = Decimal(0), WORKING.divide(WORKING.minus(mean), deviation)
        notes = (_BELOW,)
    short, left = _normal_risk(z, deviation)
    cost = WORKING.fma(underage, short, WORKING.multiply(overage, left))
    return Newsvendor(
        quantity=quantity,
        critical_ratio=shown(ratio),
        cost=tidy(cost),
        expected_shortage=tidy(short),
        expected_excess=tidy(left),
        service_level=normal_chance(z),
        fill_rate=_normal_fill(short, mean),
        method="newsvendor, normal demand in closed form",
        notes=notes,
    )


def newsvendor_cost_normal(
    quantity: Decimal, mean: Decimal, deviation: Decimal, *, underage: Decimal, overage: Decimal
) -> Decimal:
    """
    Return the expected cost of buying a quantity once where demand is normal.

    With z = (Q - μ) ÷ σ and the loss L(z) it is σ(uL(z) + o(z + L(z))).

    Args:
        quantity: Units bought, from 0 on.
        mean: Mean μ of demand, from 0 on, in units.
        deviation: Standard deviation σ of demand, above 0, in units.
        underage: Cost u of a unit too few, above 0, money per unit.
        overage: Cost o of a unit too many, above 0, money per unit.

    Returns:
        Money, to some 24 significant digits.

    Raises:
        InvalidNumber: A number is no finite decimal.
        InvalidValue: A cost or the deviation is 0 or below, the mean or quantity lies below 0, or
            the quantity more than 1,000 deviations from the mean.

    Source:
        As `newsvendor_normal`.
    """
    from_zero("quantity", quantity)
    from_zero("mean demand", mean)
    above_zero("deviation of demand", deviation)
    above_zero("underage cost", underage)
    above_zero("overage cost", overage)
    z = WORKING.divide(WORKING.subtract(quantity, mean), deviation)
    if abs(z) > _FARTHEST:
        fault = f"it lies more than {_FARTHEST:,} deviations from the mean"
        raise InvalidValue("quantity", quantity, fault)
    short, left = _normal_risk(z, deviation)
    return tidy(WORKING.fma(underage, short, WORKING.multiply(overage, left)))


def _normal_risk(z: Decimal, deviation: Decimal) -> tuple[Decimal, Decimal]:
    """Return the expected shortage and excess at z deviations above the mean."""
    short = WORKING.multiply(deviation, normal_loss(z))
    return short, WORKING.multiply(deviation, normal_loss(WORKING.minus(z)))


def _normal_fill(short: Decimal, mean: Decimal) -> Decimal | None:
    if not mean:
        return None
    # A normal demand below 0 may leave more than its mean uncovered.
    return tidy(max(Decimal(0), WORKING.subtract(Decimal(1), WORKING.divide(short, mean))))


def _ratio(underage: Decimal, overage: Decimal) -> Fraction:
    few, many = above_zero("underage cost", underage), above_zero("overage cost", overage)
    return few / (few + many)
