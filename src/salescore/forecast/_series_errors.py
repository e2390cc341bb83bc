"""By how much a forecast of a series may be off: a shape of errors, and their scale."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import pairwise
from math import erf, isfinite, sqrt

import attrs

from salescore.errors import InvalidValue
from salescore.forecast._distribution import Band, Distribution
from salescore.forecast._numbers import finite
from salescore.stats import normal_quantile
from salescore.values import EXACT

_REACH = 600
"""Cells of the normal shape on each side, each a hundredth of a deviation wide."""

_CELL = Decimal("0.01")
_HALF = Decimal("0.5")
_WEIGHT = 10**15
MOST_ERRORS = 999
"""Errors that a shape holds; of more it holds as many evenly spaced ones."""


def shown(value: float) -> Decimal:
    """
    Return a float to 12 significant digits.

    Raises:
        InvalidValue: It is not finite: the values were too large for the method.
    """
    if not isfinite(value):
        raise InvalidValue("forecast", str(value), "the values are too large; state a larger unit")
    return Decimal(f"{value:.12g}") if value else Decimal(0)


@cache
def normal_shape() -> Distribution:
    """Return the standard normal on a grid of a hundredth, to six deviations."""
    edges = [erf((place + 0.5) / 100 / sqrt(2)) / 2 for place in range(_REACH + 1)]
    half = [edges[0] * 2, *(b - a for a, b in pairwise(edges))]
    weights = [max(round(one * _WEIGHT), 1) for one in half]
    places = range(-_REACH, _REACH + 1)
    cells = {_CELL * place: weights[abs(place)] for place in places}
    found = Distribution.weighted(cells)
    return attrs.evolve(found, step=_CELL, moments=(Fraction(0), Fraction(1)))


def error_shape(errors: Sequence[float]) -> Distribution:
    """
    Return the distribution of the next error after some of the same kind.

    Each error is as likely as the next, and either end twice so, as beyond it lies as much as
    between two: a central band then holds the next error about as often as `conformal_interval`.

    Args:
        errors: At least one, in any order, in any unit.
    """
    ascending = sorted(errors)
    many = len(ascending)
    if many > MOST_ERRORS:
        last = MOST_ERRORS - 1
        ascending = [ascending[round(at * (many - 1) / last)] for at in range(MOST_ERRORS)]
    weights: dict[Decimal, int] = {}
    for at, one in enumerate(ascending):
        value = shown(one)
        is_end = at in (0, len(ascending) - 1)
        weights[value] = weights.get(value, 0) + 1 + is_end
    return Distribution.weighted(weights)


@attrs.frozen(kw_only=True)
class ErrorSpread:
    """
    By how much a forecast may be off.

    Attributes:
        scale: Unit of the shape, in the unit of the forecast, from 0 on.
        shape: Errors ÷ scale; `None` for the standard normal.
    """

    scale: Decimal
    shape: Distribution | None = None

    def around(self, point: Decimal) -> Distribution:
        """Return the distribution of the outcome around a forecast."""
        if not self.scale:
            return Distribution.certain(point)
        shape = normal_shape() if self.shape is None else self.shape
        return shape.scaled(self.scale).shifted(point)

    def band(self, point: Decimal, level: Decimal) -> Band:
        """
        Return the central interval of a level around a forecast, to 12 significant digits.

        Raises:
            InvalidValue: The level lies outside 0 to 1, or so close to 1 that nothing is known.
        """
        if not 0 < finite(level) < 1:
            raise InvalidValue("level", level, "it lies between 0 and 1, neither of them")
        if self.shape is not None:
            unit = self.shape.band(level)
            low, high = unit.low, unit.high
        else:
            high = normal_quantile(EXACT.multiply(EXACT.add(Decimal(1), level), _HALF))
            low = high.copy_negate()
        ends = (shown(float(EXACT.fma(self.scale, one, point))) for one in (low, high))
        return Band(next(ends), next(ends), level)


def not_below_zero(distribution: Distribution) -> Distribution:
    """Return the distribution with everything below 0 put on 0."""
    if distribution.values[0] >= 0:
        return distribution
    found: dict[Decimal, int] = {Decimal(0): 0}
    for value, weight in zip(distribution.values, distribution.weights, strict=True):
        place = max(value, Decimal(0))
        found[place] = found.get(place, 0) + weight
    kept = Distribution.weighted(found)
    return attrs.evolve(kept, step=distribution.step)
