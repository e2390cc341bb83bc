"""Demand over several periods, and until an order arrives."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import cast

from salescore.errors import InvalidValue
from salescore.forecast import Distribution, mixture_of, sum_of
from salescore.stock._amounts import (
    MOST_PERIODS,
    above_zero,
    check_kind,
    counted_periods,
    demand_of,
    several,
    whole_periods,
)
from salescore.values import EXACT

Demand = Distribution | Decimal | Sequence[Distribution | Decimal]
"""Demand of each period alike, or of one period after the other."""

_INDEPENDENT = Decimal(0)
_UNCERTAIN = ", or a Distribution of such numbers"
_SHARES = 1_000_000
_MOST_UNITS = 10**12


def lead_time_demand(
    demand: Demand,
    lead_time: int | Decimal | Distribution,
    *,
    review: int | Decimal = 0,
    correlation: Decimal = _INDEPENDENT,
) -> Distribution:
    """
    Return the demand until an order arrives.

    It is the sum of the demands of as many periods; where the lead time is uncertain, the mixture
    of these sums with its chances.

    Args:
        demand: Units per period: one distribution or number that holds for every period, or one
            after the other from now on.
        lead_time: Whole periods from order to arrival, from 0 on; certain or a distribution.
        review: Whole periods from one chance to order to the next, added to the lead time; 0 where
            an order can be placed at any time.
        correlation: Of the common factor on which the demands of all periods depend, from 0 to 1; 0
            for independent ones. Forecast errors of neighbouring periods mostly go together.

    Returns:
        Units; sure to be 0 for no period.

    Raises:
        InvalidNumber: A demand is neither a distribution nor a finite decimal.
        InvalidValue: A demand may fall below 0, the lead time is no whole number from 0 to 1,000,
            or demands are stated for fewer periods than it may take.

    Examples:
        >>> demand = Distribution.of([(Decimal(0), Decimal("0.5")), (Decimal(1), Decimal("0.5"))])
        >>> lead_time_demand(demand, 2).exactly(Decimal(1))
        Decimal('0.5')

    Source:
        Silver, Pyke and Thomas, Inventory and Production Management in Supply Chains, 4th edition
        (2017), chapter 6; an uncertain lead time by the law of total probability.
    """
    after = whole_periods("review period", review)
    if not isinstance(lead_time, Distribution):
        periods = whole_periods("lead time", lead_time, otherwise=_UNCERTAIN) + after
        return sum_of(_first(demand, periods), correlation=correlation)
    cases: list[tuple[Fraction, Distribution]] = []
    for value, weight in zip(lead_time.values, lead_time.weights, strict=True):
        if value != int(value) or not 0 <= value <= MOST_PERIODS:
            fault = f"it must be whole periods from 0 to {MOST_PERIODS:,}"
            raise InvalidValue("lead time", value, fault)
        parts = _first(demand, int(value) + after)
        cases.append((Fraction(weight, lead_time.total), sum_of(parts, correlation=correlation)))
    return mixture_of(cases)


def demand_until(
    before: Distribution, parts: Sequence[Distribution], correlation: Decimal
) -> Distribution:
    """
    Return the demand over several periods, where that over all but the last is known already.

    Args:
        before: Demand over all of them but the last.
        parts: Demand of each period, two or more.
        correlation: Of the common factor on which they depend, from 0 to 1.
    """
    if not correlation and before.is_exact:
        found = sum_of([before, parts[-1]])
        if found.is_exact:
            return found
    return sum_of(parts, correlation=correlation)


def _first(demand: Demand, periods: int) -> list[Distribution]:
    """Return the demands of the first periods."""
    if isinstance(demand, Distribution | Decimal):
        return [demand_of("demand", demand)] * periods
    each = several("demand", demand, "a Distribution or Decimal, or one for each period")
    found = [demand_of("demand", one) for one in each]
    if len(found) < periods:
        fault = f"an order may take {counted_periods(periods)}; state the demand of as many"
        raise InvalidValue("number of periods with a demand", len(found), fault)
    return found[:periods]


def unit_demand(forecast: Distribution, *, unit: Decimal = Decimal(1)) -> Distribution:
    """
    Return a forecast as a demand of whole units.

    A forecast may name 12.7 units, or in a bad case less than none.
    What lies below 0 becomes 0; any other value is shared between the whole units next to it, so
    that it stays the same on average.
    Sums of whole units are exact and quick, and levels worked out from them are whole.

    Args:
        forecast: Units of one period.
        unit: Smallest quantity that is sold, above 0.

    Returns:
        Multiples of the unit from 0 on. The mean is that of the forecast, but for what lay below 0:
        to a millionth of a unit, or of itself where it is less than a unit.

    Raises:
        InvalidNumber: The unit is no finite decimal.
        InvalidValue: The unit is 0 or below or too small beside the forecast, or that is no
            distribution, as where a series was too short for one.

    Examples:
        >>> found = unit_demand(Distribution.certain(Decimal("2.25")))
        >>> [(int(value), found.exactly(value)) for value in found.values]
        [(2, Decimal('0.75')), (3, Decimal('0.25'))]

    Source:
        Linear mass splitting, which keeps the mean: Gerber and Jones, Some practical considerations
        in connection with the calculation of stop-loss premiums, Transactions of the Society of
        Actuaries 28 (1976).
    """
    step = above_zero("unit", unit)
    if cast("object", forecast) is None:
        fault = "the series was too short to say how far off it may be; state a Distribution"
        raise InvalidValue("distribution of the forecast", forecast, fault)
    check_kind("forecast", forecast, Distribution, "a Distribution")
    if Fraction(forecast.values[-1]) > step * _MOST_UNITS:
        fault = f"it is too small beside a forecast of {forecast.values[-1]}"
        raise InvalidValue("unit", unit, fault)
    shares = _shares(forecast, step)
    found: defaultdict[int, int] = defaultdict(int)
    for value, weight in zip(forecast.values, forecast.weights, strict=True):
        place = max(Fraction(0), Fraction(value) / step)
        below = place.numerator // place.denominator
        above = round((place - below) * shares)
        found[below] += weight * (shares - above)
        found[below + 1] += weight * above
    return Distribution.weighted(
        {EXACT.multiply(unit, below): weight for below, weight in found.items() if weight}
    )


def _shares(forecast: Distribution, unit: Fraction) -> int:
    """Return in how many parts to share a value between two units, so that the mean is kept."""
    each = zip(forecast.values, forecast.weights, strict=True)
    mean = sum((Fraction(value) * weight for value, weight in each if value > 0), Fraction(0))
    return _SHARES * math.ceil(unit * forecast.total / mean) if mean else _SHARES
