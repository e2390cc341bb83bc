"""Parts that depend on one common factor, given its values."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import accumulate
from operator import add, mul
from statistics import NormalDist
from typing import NamedTuple

from salescore.forecast._near_normal import Shape, pair_shape, shape_of
from salescore.forecast._summands import Part, Summand, conditional

FAR, _LEAST = 6.5, 1e-300
_SPACING, _OVERLAP, _USUAL = 0.35, 0.8, 5.0
_MOST_NODES, _NODE_PARTS = 4_097, 5_000_000
_NORMAL = NormalDist()


class Node(NamedTuple):
    """A value of the factor, with its weight and the cumulants of the sum given it."""

    factor: float
    weight: float
    shape: Shape


class Dependents(NamedTuple):
    """
    Parts that depend on one factor.

    Attributes:
        parts: The parts.
        cuts: For each, the normal quantile of the chance of each value or less, but the last.
        share: Correlation, above 0 and below 1.
    """

    parts: Sequence[Summand]
    cuts: Sequence[Sequence[float]]
    share: float

    def given(self, factor: float) -> list[Summand]:
        """Return the parts given a value of the factor."""
        shift = math.sqrt(self.share) * factor
        spread = math.sqrt(2 * (1 - self.share))
        return [
            conditional(one, cuts, shift, spread)
            for one, cuts in zip(self.parts, self.cuts, strict=True)
        ]

    def some(self, places: slice) -> Dependents:
        """Return some of the parts."""
        return Dependents(self.parts[places], self.cuts[places], self.share)

    @property
    def bulk(self) -> float:
        """Return twice the standard deviation of the part with the largest, as wide as a coin."""
        return 2 * math.sqrt(max(one.variance for one in self.parts))

    def shape(self, factor: float) -> Shape:
        """Return the cumulants of the sum given a value of the factor."""
        return shape_of(self.given(factor))

    def nodes(self) -> list[Node]:
        """Return evenly spaced values of the factor, between which cumulants are smooth."""
        width = min(1.0, math.sqrt((1 - self.share) / self.share))
        both = list(zip(self.parts, self.cuts, strict=True))
        pairs = [(one.places[1], cuts[0], one.times) for one, cuts in both if len(cuts) == 1]
        others = [(one, cuts) for one, cuts in both if len(cuts) > 1]
        rest = Dependents([one for one, _ in others], [cuts for _, cuts in others], self.share)
        spread = math.sqrt(2 * (1 - self.share))
        found: list[Node] = []
        fewest = 2 * FAR * len(both) / _NODE_PARTS
        for factor, weight in weighted_factors(max(_SPACING * width, fewest)):
            shift = math.sqrt(self.share) * factor
            shapes = (pair_shape(pairs, shift, spread), shape_of(rest.given(factor)))
            found.append(Node(factor, weight, Shape(*map(add, *shapes))))
        return found


def cuts_of(part: Part) -> tuple[float, ...]:
    """Return the normal quantile of the chance of each value or less, without the last."""
    total = part.total
    return tuple(
        _NORMAL.inv_cdf(max(until / total, _LEAST))
        if 2 * until <= total
        else -_NORMAL.inv_cdf(max((total - until) / total, _LEAST))
        for until in list(accumulate(part.weights))[:-1]
    )


def weighted_factors(spacing: float) -> list[tuple[float, float]]:
    """Return evenly spaced values of the factor with weights that are 1 together."""
    half = math.ceil(FAR / spacing)
    factors = [FAR * place / half for place in range(-half, half + 1)]
    heights = [math.exp(-factor * factor / 2) for factor in factors]
    total = math.fsum(heights)
    return [(one, height / total) for one, height in zip(factors, heights, strict=True)]


def common_variance(dependents: Dependents, nodes: Sequence[Node]) -> float:
    """
    Return by how much the variance of the sum exceeds that of independent parts.

    The variance of a part is the mean of its variance given the factor, and the variance of its
    mean given the factor; together the latter vary more than apart.
    """
    middle = math.fsum([node.weight * node.shape.mean for node in nodes])
    whole = math.fsum([node.weight * (node.shape.mean - middle) ** 2 for node in nodes])
    apart = math.fsum([node.weight * node.shape.squares for node in nodes])
    apart -= math.fsum([one.times * one.mean**2 for one in dependents.parts])
    return max(whole - apart, 0.0)


def close_spacing(nodes: Sequence[Node]) -> float:
    """
    Return how close values of the factor lie, so that sums given two of them overlap.

    They are 4,097 at most.
    """
    found = nodes[1].factor - nodes[0].factor
    for before, node, after in zip(nodes, nodes[1:], nodes[2:], strict=False):
        slope = abs(after.shape.mean - before.shape.mean) / (after.factor - before.factor)
        if slope and node.shape.variance > 0 and abs(node.factor) < _USUAL:
            found = min(found, _OVERLAP * math.sqrt(node.shape.variance) / slope)
    return max(found, 2 * FAR / (_MOST_NODES - 1))


def nodes_between(nodes: Sequence[Node], spacing: float) -> Iterator[Node]:
    """
    Yield values of the factor that lie closer than those known, by interpolation.

    Where sums given two neighbours still do not overlap, each is widened to reach the other.
    """
    apart = nodes[1].factor - nodes[0].factor
    last: float | None = None
    for factor, weight in weighted_factors(spacing):
        place = (factor - nodes[0].factor) / apart
        first = min(max(math.floor(place) - 2, 0), len(nodes) - 6)
        shares = _lagrange(place - first)
        columns = zip(*(node.shape for node in nodes[first : first + 6]), strict=True)
        mean, variance, third, fourth, squares = (sum(map(mul, shares, one)) for one in columns)
        if last is not None:
            variance = max(variance, (mean - last) ** 2)
        last = mean
        yield Node(factor, weight, Shape(mean, variance, third, fourth, squares))


def _lagrange(place: float) -> list[float]:
    """Return the weights of six values at 0, 1, … 5 in their interpolation at a place."""
    found: list[float] = []
    for one in range(6):
        share = 1.0
        for other in range(6):
            if other != one:
                share *= (place - other) / (one - other)
        found.append(share)
    return found
