"""At which stock to order again, and up to which."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import cast

import attrs

from salescore.errors import InvalidValue
from salescore.forecast import Distribution
from salescore.render import Language, number, percent
from salescore.stats import normal_quantile
from salescore.stock._amounts import (
    WORKING,
    above_zero,
    any_periods,
    as_fraction,
    check_kind,
    from_zero,
    inside,
    root,
    several,
    shown,
    tidy,
)
from salescore.stock._lead_time import Demand, lead_time_demand
from salescore.stock._lots import ANY_QUANTITY, LotRules, check_lots
from salescore.stock._risk import least_covering, shortage_of
from salescore.stock._words import lines_of
from salescore.values import EXACT

_SHOWN, _TWO = 2, 2
_SMALLEST, _LARGEST = Decimal("1E-9"), 1 - Decimal("1E-9")


@attrs.frozen(kw_only=True)
class StockLevel:
    """
    A stock that covers the demand until more arrives with a wanted chance.

    Attributes:
        level: Units: on hand and on order, less reserved.
        service_level: Chance of covering all demand that was asked for (type 1).
        demand: Demand in units until what is ordered arrives.
        safety_stock: Units above the mean of that demand; below 0 where the wanted chance is so low
            that less than the mean will do.
        expected_shortage: Units short each time, on average.
        method: How it was found.
    """

    level: Decimal
    service_level: Decimal
    demand: Distribution
    safety_stock: Decimal
    expected_shortage: Decimal
    method: str

    @property
    def mean(self) -> Decimal:
        """Return the mean demand until what is ordered arrives, in units."""
        return self.demand.mean

    def text(self, language: Language = Language.EN) -> str:
        """
        Return the level as a person reads it.

        Args:
            language: Language of the words.
        """
        rows = [
            (("Stock level", "库存水位"), number(self.level, _SHOWN)),
            (("Expected demand until arrival", "到货前预期需求"), number(self.mean, _SHOWN)),
            (("Safety stock", "安全库存"), number(self.safety_stock, _SHOWN)),
            (("Service level", "服务水平"), percent(self.service_level)),
            (("Expected shortage", "预期缺货量"), number(self.expected_shortage, _SHOWN)),
        ]
        return "\n".join(lines_of(rows, language))


def reorder_point(
    demand: Demand,
    *,
    lead_time: int | Decimal | Distribution,
    service_level: Decimal,
    correlation: Decimal = Decimal(0),
) -> StockLevel:
    """
    Return the stock at which to order again: a quantile of the demand until the order arrives.

    Args:
        demand: Units per period: one distribution or number that holds for every period, or one
            after the other from now on.
        lead_time: Whole periods from order to arrival, certain or a distribution.
        service_level: Chance of no shortage before the order arrives, between 0 and 1.
        correlation: Of the common factor on which the demands of all periods depend, from 0 to 1.

    Raises:
        InvalidNumber: A number is no finite decimal.
        InvalidValue: The service level is not between 0 and 1, or as of `lead_time_demand`.

    Examples:
        >>> demand = Distribution.weighted({Decimal(units): 1 for units in range(10)})
        >>> found = reorder_point(demand, lead_time=1, service_level=Decimal("0.9"))
        >>> found.level, found.safety_stock
        (Decimal('8'), Decimal('3.5'))

    Source:
        Silver, Pyke and Thomas, Inventory and Production Management in Supply Chains, 4th edition
        (2017), chapter 6: continuous review, probability of no stockout per replenishment cycle.
    """
    until = lead_time_demand(demand, lead_time, correlation=correlation)
    return _level(until, service_level, "reorder point, quantile of lead-time demand")


def order_up_to(
    demand: Demand,
    *,
    lead_time: int | Decimal | Distribution,
    review: int | Decimal,
    service_level: Decimal,
    correlation: Decimal = Decimal(0),
) -> StockLevel:
    """
    Return the stock to order up to where orders are placed every so many periods.

    It must last until the order after the next one could arrive: lead time and review period.

    Args:
        demand: Units per period: one distribution or number that holds for every period, or one
            after the other from now on.
        lead_time: Whole periods from order to arrival, certain or a distribution.
        review: Whole periods from one chance to order to the next, from 1 on.
        service_level: Chance of no shortage before the order after arrives, between 0 and 1.
        correlation: Of the common factor on which the demands of all periods depend, from 0 to 1.

    Raises:
        InvalidNumber: A number is no finite decimal.
        InvalidValue: The service level is not between 0 and 1, the review period below 1, or as of
            `lead_time_demand`.

    Source:
        As `reorder_point`: periodic review, order-up-to level.
    """
    if review == 0:
        fault = "it must be 1 or more; where orders can be placed at any time, use reorder_point"
        raise InvalidValue("review period", review, fault)
    until = lead_time_demand(demand, lead_time, review=review, correlation=correlation)
    return _level(until, service_level, "order-up-to level, quantile of demand until arrival")


def safety_stock(
    *,
    deviation: Decimal,
    lead_time: int | Decimal | Distribution,
    service_level: Decimal | None = None,
    factor: Decimal | None = None,
    mean_demand: Decimal = Decimal(0),
    lead_time_deviation: Decimal = Decimal(0),
    review: int | Decimal = 0,
) -> Decimal:
    """
    Return the safety stock for normal forecast errors: z √((L + R)σ² + d²σ_L²).

    Args:
        deviation: Deviation σ of the forecast error of one period, in units, from 0 on: not that of
            demand, part of which the forecast knew. See `error_deviation`.
        lead_time: Mean lead time L in periods, from 0 on, whole or not; or a distribution, which
            has both L and σ_L.
        service_level: Chance of no shortage before an order arrives, between 0 and 1; `None` where
            the factor is given.
        factor: Safety factor z; `None` takes the normal quantile of the service level.
        mean_demand: Mean demand d of one period, in units; needed where the lead time varies.
        lead_time_deviation: Deviation σ_L of the lead time, in periods; 0 where it is certain, and
            where the lead time is a distribution.
        review: Review period R in periods, whole or not; 0 where orders can be placed at any time.

    Returns:
        Units to 28 significant digits; below 0 for a service level under one half.

    Raises:
        InvalidNumber: A number is no finite decimal.
        InvalidValue: Neither or both of service level and factor are given, the service level is
            not between 0.000000001 and 0.999999999, any other number lies below 0, the lead time
            varies and no mean demand is given, or its deviation is stated twice.

    Examples:
        >>> found = safety_stock(
        ...     deviation=Decimal(20), lead_time=Decimal(9), service_level=Decimal("0.95")
        ... )
        >>> round(found, 2)
        Decimal('98.69')

    Source:
        Silver, Pyke and Thomas, Inventory and Production Management in Supply Chains, 4th edition
        (2017), chapter 6.
    """
    if service_level is not None and factor is None:
        inside("service level", service_level)
        if not _SMALLEST <= service_level <= _LARGEST:
            fault = f"it must lie from {_SMALLEST:f} to {_LARGEST}"
            raise InvalidValue("service level", service_level, fault)
        z = normal_quantile(service_level)
    elif service_level is None and factor is not None:
        from_zero("safety factor", factor)
        z = factor
    else:
        fault = "state the service level or the safety factor, one of them"
        raise InvalidValue("service level", service_level, fault)
    error, mean = from_zero("deviation", deviation), from_zero("mean demand", mean_demand)
    wait, spread = _wait(lead_time, lead_time_deviation)
    if spread and not mean:
        fault = "where the lead time varies, the mean demand must be above 0"
        raise InvalidValue("mean demand", mean_demand, fault)
    periods = wait + any_periods("review period", review)
    found = root(periods * error**2 + mean**2 * spread)
    return tidy(WORKING.multiply(z, found))


def _wait(lead_time: object, deviation: Decimal) -> tuple[Fraction, Fraction]:
    """Return the mean of a lead time and its variance."""
    spread = from_zero("deviation of the lead time", deviation)
    if not isinstance(lead_time, Distribution):
        return any_periods("lead time", lead_time), spread**2
    if spread:
        fault = "the distribution of the lead time has one; leave it out"
        raise InvalidValue("deviation of the lead time", deviation, fault)
    from_zero("lead time", lead_time.values[0])
    return lead_time.exact_mean, lead_time.exact_variance


def error_deviation(pairs: Sequence[tuple[Decimal, Decimal]]) -> Decimal | None:
    """
    Return the deviation of forecast errors about 0, as `safety_stock` asks for it: √(Σe² ÷ n).

    About 0, not about their mean: a forecast that is always too low needs safety as well.

    Args:
        pairs: Units forecast and units demanded, of past periods.

    Returns:
        Units to 28 significant digits; `None` without any period.

    Raises:
        InvalidNumber: A number is no finite decimal.
        InvalidValue: One lies below 0.

    Source:
        As `safety_stock`: the standard deviation of errors of forecasts.
    """
    each = [_pair(one) for one in several("pairs", pairs, "pairs of units forecast and demanded")]
    errors = [from_zero("demand", seen) - from_zero("forecast", told) for told, seen in each]
    if not errors:
        return None
    return tidy(root(sum((one**2 for one in errors), Fraction(0)) / len(errors)))


def _pair(value: object) -> tuple[object, object]:
    wanted = "units forecast and units demanded"
    both = several("pair", cast("Sequence[object]", value), wanted)
    if len(both) != _TWO:
        raise InvalidValue("pair", value, f"it must be {wanted}")
    return both[0], both[1]


@attrs.frozen(kw_only=True)
class MinMax:
    """
    The rule to order up to a maximum as soon as the stock falls to a minimum.

    Attributes:
        minimum: Units at or below which to order, such as a reorder point.
        maximum: Units to order up to, above the minimum.

    Raises:
        InvalidNumber: One is no finite decimal.
        InvalidValue: The minimum lies below 0, or the maximum not above it.

    Source:
        As `reorder_point`: order-point, order-up-to-level (s, S) system.
    """

    minimum: Decimal
    maximum: Decimal

    def __attrs_post_init__(self) -> None:
        """Refuse what would never order, or order nothing."""
        if from_zero("maximum", self.maximum) <= from_zero("minimum", self.minimum):
            fault = f"it must be above the minimum of {self.minimum}"
            raise InvalidValue("maximum", self.maximum, fault)

    @classmethod
    def of(cls, minimum: StockLevel, quantity: Decimal) -> MinMax:
        """
        Return the rule that orders a quantity where the stock is exactly at the minimum.

        Args:
            minimum: Where to order again.
            quantity: Units, such as an economic order quantity; above 0.

        Raises:
            InvalidValue: The quantity is 0 or below, or the minimum no stock level.
        """
        above_zero("quantity", quantity)
        check_kind("minimum", minimum, StockLevel, "a StockLevel, such as reorder_point gives")
        return cls(minimum=minimum.level, maximum=EXACT.add(minimum.level, quantity))

    def order(self, position: Decimal, lots: LotRules = ANY_QUANTITY) -> Decimal:
        """
        Return how much to order now.

        Args:
            position: Units on hand and on order less reserved; may lie below 0.
            lots: Quantities that can be ordered; what is missing is rounded up to them.

        Returns:
            Units; 0 above the minimum.

        Raises:
            InvalidNumber: The position is no finite decimal.
            InvalidValue: `lots` are none.
        """
        as_fraction("position", position)
        check_lots(lots)
        missing = lots.quantity(EXACT.subtract(self.maximum, position))
        return missing if position <= self.minimum else Decimal(0)


def _level(demand: Distribution, service_level: Decimal, method: str) -> StockLevel:
    share = inside("service level", service_level)
    level = least_covering(demand, share)
    return StockLevel(
        level=level,
        service_level=service_level,
        demand=demand,
        safety_stock=shown(Fraction(level) - demand.exact_mean),
        expected_shortage=shown(shortage_of(level, demand)),
        method=method,
    )
