"""Sums of very many parts, of which only the first four cumulants count."""

from __future__ import annotations

import cmath
import math
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from salescore.forecast._summands import Summand

_REACH = 8.5
_SKEW, _KURTOSIS, _COINS = 0.2, 0.1, 6
_OFF, _FAR, _LOOSE = 2.5, 3.5, 2.5
_NARROW, _TOO_SKEW = 0.1, 0.15
_ROOT = math.sqrt(2)
_HEIGHT = 1 / math.sqrt(2 * math.pi)


class Shape(NamedTuple):
    """
    First four cumulants of a sum.

    Attributes:
        mean: Mean.
        variance: Variance.
        third: Third cumulant.
        fourth: Fourth cumulant.
        squares: Sum of the squared means of the parts.
    """

    mean: float
    variance: float
    third: float
    fourth: float
    squares: float

    def is_near_normal(self, span: float, far: float = 0.0) -> bool:
        """
        Return whether what the cumulants leave out does not count.

        Args:
            span: Twice the largest deviation of a part, which is the value of a fair coin that
                varies as much; a sum near to normal holds it many times over.
            far: How many deviations a common factor lies off, so that the sum matters less.
        """
        if far > _FAR:
            return True
        loose = _LOOSE if far > _OFF else 1.0
        if self.variance * loose * loose < _COINS * span * span:
            return False
        skew = self.third / self.variance**1.5
        peak = self.fourth / self.variance**2
        return abs(skew) < _SKEW * loose and abs(peak) < _KURTOSIS * loose * loose

    def transform(self, frequency: float) -> complex:
        """
        Return the characteristic function of the sum, from its cumulants.

        Args:
            frequency: In one over the unit of the sum.

        Source:
            As for `near_normal_chances`.
        """
        square = frequency * frequency
        skew, peak = frequency * square * self.third / 6, square * square * self.fourth / 24
        height = math.exp(-square * self.variance / 2)
        series = complex(1 + peak - skew * skew / 2, -skew)
        return cmath.rect(height, frequency * self.mean) * series


def pair_shape(pairs: Iterable[tuple[float, float, int]], shift: float, spread: float) -> Shape:
    """
    Return the cumulants of the sum of parts of two values, given a common factor.

    Args:
        pairs: Larger value, normal quantile of the chance of the other, 0, and number of parts.
        shift: √share · factor, as in `conditional`.
        spread: √(2 − 2 · share).
    """
    middle = variance = third = fourth = squares = 0.0
    for place, cut, times in pairs:
        stays = math.erfc((shift - cut) / spread) / 2
        mean = place * (1 - stays)
        spread_of = mean * place * stays * times
        middle += mean * times
        squares += mean * mean * times
        variance += spread_of
        third += spread_of * place * (2 * stays - 1)
        fourth += spread_of * place * place * (1 - 6 * stays * (1 - stays))
    return Shape(middle, variance, third, fourth, squares)


def shape_of(parts: Iterable[Summand]) -> Shape:
    """Return the cumulants of the sum of independent parts."""
    middle = variance = third = fourth = squares = 0.0
    for places, chances, times, mean, spread in parts:
        offs = [place - mean for place in places]
        middle += mean * times
        squares += mean * mean * times
        variance += spread * times
        third += times * sum([p * off**3 for p, off in zip(chances, offs, strict=True)])
        fourth += times * (
            sum([p * off**4 for p, off in zip(chances, offs, strict=True)]) - 3 * spread * spread
        )
    return Shape(middle, variance, third, fourth, squares)


def near_normal_chances(shape: Shape, step: float, reach: float) -> tuple[int, list[float]]:
    """
    Return the chances of a sum in even cells from its cumulants.

    Args:
        shape: The cumulants.
        step: Width of a cell; a cell of number j has its middle at j · step.
        reach: Largest value of the sum; the least is 0.

    Returns:
        Number of the first cell, and the chance of each from there, not below 0.

    Source:
        Edgeworth, The law of error, Transactions of the Cambridge Philosophical Society 20 (1905);
        the series to the order 1 ÷ n as in Abramowitz and Stegun, Handbook of Mathematical
        Functions (1964), 26.2.48.
    """
    deviation = math.sqrt(max(shape.variance, (_NARROW * step) ** 2))
    skew = shape.third / deviation**3 / 6
    peak = shape.fourth / deviation**4 / 24
    if abs(skew) > _TOO_SKEW or abs(peak) > _TOO_SKEW:
        skew = peak = 0.0
    square = skew * skew / 2
    first = math.floor(max(0.0, shape.mean - _REACH * deviation) / step + 0.5)
    last = math.ceil(min(reach, shape.mean + _REACH * deviation) / step + 0.5)
    until = [0.0]
    for place in range(first + 1, last):
        x = ((place - 0.5) * step - shape.mean) / deviation
        x2 = x * x
        terms = skew * (x2 - 1) + peak * x * (x2 - 3) + square * x * (x2 * (x2 - 10) + 15)
        until.append(math.erfc(-x / _ROOT) / 2 - _HEIGHT * math.exp(-x2 / 2) * terms)
    until.append(1.0)
    chances = [max(high - low, 0.0) for low, high in pairwise(until)]
    whole = math.fsum(chances)
    return first, [one / whole for one in chances]
