"""Parts of a sum: exactly, as whole units, and in floating point."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from operator import itemgetter, mul
from statistics import NormalDist
from typing import NamedTuple

from salescore.forecast._distribution import Distribution
from salescore.forecast._numbers import exponent_of, in_units

_UNLIKELY = 1e-16
_PAIR = 2
MOST_COARSE, _OWN, _SCORES = 24, 12, 0.3
_NO_CHANCE = 1e-18
_NORMAL = NormalDist()
_MOST_PLACES, _CELLS, _HEAVY = 4_096, 1_000, 0.0005


class Part(NamedTuple):
    """
    One part of a sum, exactly.

    Attributes:
        values: Values as whole numbers of a unit common to the sum.
        weights: Their weights.
        total: Sum of the weights.
        whole: The part as a distribution.
    """

    values: Sequence[int]
    weights: Sequence[int]
    total: int
    whole: Distribution


class Summand(NamedTuple):
    """
    One part of a sum in floating point, or several that are alike and independent.

    Attributes:
        places: Values above the least one, ascending from 0 on, in a unit common to the sum.
        chances: Chance of each.
        times: How many parts are like this.
        mean: Mean of one.
        variance: Variance of one.
    """

    places: Sequence[float]
    chances: Sequence[float]
    times: int
    mean: float
    variance: float

    @property
    def span(self) -> float:
        """Largest place."""
        return self.places[-1]


class Scaled(NamedTuple):
    """
    Parts of a sum in a common unit.

    Attributes:
        summands: The parts, alike ones together, in an order that is theirs and not the caller's.
        size: Whole units that make up 1 in the places of the summands.
        step: Largest whole number of units of which every place is a multiple.
    """

    summands: Sequence[Summand]
    size: int
    step: int


class Window(NamedTuple):
    """
    Where a sum lies but for a chance that floating point cannot tell from 0.

    Attributes:
        low: Lower end, 0 at least.
        high: Upper end, the sum of the largest places at most.
        mean: Mean of the sum.
        deviation: Its standard deviation.
    """

    low: float
    high: float
    mean: float
    deviation: float


def parts_of(whole: Sequence[Distribution]) -> tuple[list[Part], int, int]:
    """
    Return the parts of a sum in a common unit.

    Args:
        whole: The parts.

    Returns:
        The parts that are not sure, the sum of those that are, and the power of ten that is the
        unit.
    """
    values = [value for one in whole for value in one.values]
    counts, exponent = in_units(values, min(map(exponent_of, values), default=0))
    sure = place = 0
    parts: list[Part] = []
    for one in whole:
        until = place + len(one.values)
        if until - place == 1:
            sure += counts[place]
        else:
            weights = one.weights
            parts.append(Part(counts[place:until], weights, sum(weights), one))
        place = until
    return parts, sure, exponent


def summand(places: Sequence[float], chances: Sequence[float], times: int = 1) -> Summand:
    """Return a part with its mean and variance."""
    if len(places) == _PAIR:
        place, chance = places[1], chances[1]
        mean = place * chance
        return Summand(places, chances, times, mean, mean * place * chances[0])
    mean = sum(map(mul, places, chances))
    variance = sum(
        [chance * (place - mean) ** 2 for place, chance in zip(places, chances, strict=True)]
    )
    return Summand(places, chances, times, mean, variance)


def condensed(places: Sequence[float], chances: Sequence[float]) -> Summand:
    """
    Return a part with 4,096 values at most besides those of which each counts by itself.

    Neighbours are brought together in a thousand cells; two values stand for what is in a cell,
    so that its chance, mean and variance stay.

    Args:
        places: Values above the least one.
        chances: Chance of each.
    """
    if len(places) <= _MOST_PLACES:
        return summand(places, chances)
    found: defaultdict[float, float] = defaultdict(float)
    cells: defaultdict[int, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    width = places[-1] / _CELLS
    for place, chance in zip(places, chances, strict=True):
        if chance > _HEAVY or place in (places[0], places[-1]):
            found[place] += chance
        else:
            sums = cells[int(place / width)]
            for power in range(3):
                sums[power] += chance * place**power
    for chance, first, second in cells.values():
        middle = first / chance
        off = math.sqrt(max(second / chance - middle * middle, 0.0))
        found[middle - off] += chance / 2
        found[middle + off] += chance / 2
    kept = sorted(found)
    return summand(tuple(kept), tuple([found[place] for place in kept]))


def coarser(part: Part) -> Part:
    """
    Return a part with some 50 values besides those of which each counts by itself.

    Neighbours are taken together in cells that are even in normal quantiles, as it is by these that
    a part follows a common factor. Two values stand for a cell, so that its chance, mean and
    variance stay.
    """
    if len(part.values) <= MOST_COARSE:
        return part
    found: defaultdict[int, int] = defaultdict(int)
    cells: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    until = 0
    for value, weight in zip(part.values, part.weights, strict=True):
        until += weight
        if weight * _OWN > part.total or value in (part.values[0], part.values[-1]):
            found[value] += 2 * weight
        else:
            below = (2 * until - weight) / (2 * part.total)
            score = _NORMAL.inv_cdf(min(max(below, _UNLIKELY), 1 - _UNLIKELY))
            cells[math.floor(score / _SCORES)].append((value, weight))
    for cell in cells.values():
        if len(cell) <= _PAIR:
            for value, weight in cell:
                found[value] += 2 * weight
            continue
        sums = [sum([weight * value**power for value, weight in cell]) for power in range(3)]
        middle = Fraction(sums[1], sums[0])
        off = round(math.sqrt(Fraction(sums[2], sums[0]) - middle * middle))
        found[round(middle) - off] += sums[0]
        found[round(middle) + off] += sums[0]
    values = sorted(found)
    weights = [found[value] for value in values]
    return part._replace(values=values, weights=weights, total=2 * part.total)


def likely(part: Summand) -> Summand:
    """Return a part without its largest values of no chance to speak of; 0 for that of others."""
    chances = [chance if chance > _NO_CHANCE else 0.0 for chance in part.chances]
    until = len(chances)
    while until > 1 and not chances[until - 1]:
        until -= 1
    return part._replace(places=part.places[:until], chances=chances[:until])


def ordered(parts: Sequence[Part]) -> tuple[list[tuple[Summand, Part]], int]:
    """
    Return parts in floating point beside themselves, the widest last, and the size of their unit.

    Args:
        parts: Parts of a sum, at least one.

    Returns:
        Parts in an order that is theirs and not the caller's, and how many whole units are 1 in
        the places: as many as the whole sum spans.
    """
    size = sum([one.values[-1] - one.values[0] for one in parts])
    found: list[tuple[float, Summand, Part]] = []
    for one in parts:
        least, total = one.values[0], one.total
        if len(one.values) == _PAIR:
            span = (one.values[1] - least) / size
            chances = (one.weights[0] / total, one.weights[1] / total)
            made = summand((0.0, span), chances)
        else:
            span = (one.values[-1] - least) / size
            places = tuple([(value - least) / size for value in one.values])
            made = condensed(places, tuple([weight / total for weight in one.weights]))
        found.append((span, made, one))
    found.sort(key=itemgetter(0, 1))
    return [(made, one) for _, made, one in found], size


def scaled(parts: Sequence[tuple[Summand, Part]], size: int) -> Scaled:
    """Return parts with alike ones together, and the step of which all places are multiples."""
    step = 0
    for _, part in parts:
        least = part.values[0]
        for value in part.values[1:]:
            if step == 1:
                break
            step = math.gcd(step, value - least)
    counts = Counter([one for one, _ in parts])
    summands = [one if times == 1 else one._replace(times=times) for one, times in counts.items()]
    return Scaled(summands, size, step)


def window_of(parts: Iterable[Summand]) -> Window:
    """Return where the sum of independent parts lies but for a chance of 2E-16."""
    return list(windows_of(parts))[-1]


def windows_of(parts: Iterable[Summand]) -> Iterator[Window]:
    """
    Yield where the sum of the first part lies, of the first two, and so on, but for a chance of
    2E-16.

    Source:
        Bernstein's inequality: a sum of independent parts, of variance v, none of which exceeds its
        mean by more than m, exceeds its own mean by t with a chance of at most
        exp(−t² ÷ (2v + 2mt ÷ 3)); solved for t. As in Boucheron, Lugosi and Massart, Concentration
        Inequalities (2013), corollary 2.11.
    """
    middle = variance = above = below = reach = 0.0
    bits = -math.log(_UNLIKELY)
    for places, _, times, mean, spread in parts:
        span = places[-1]
        middle += mean * times
        variance += spread * times
        reach += span * times
        above = max(above, span - mean)
        below = max(below, mean)
        yield Window(
            low=max(0.0, middle - _reach(below, variance, bits)),
            high=min(reach, middle + _reach(above, variance, bits)),
            mean=middle,
            deviation=math.sqrt(variance),
        )


def _reach(largest: float, variance: float, bits: float) -> float:
    part = largest * bits / 3
    return part + math.sqrt(part * part + 2 * variance * bits)


def conditional(part: Summand, cuts: Sequence[float], shift: float, spread: float) -> Summand:
    """
    Return a part given the common factor on which it depends.

    A part lies at or below one of its values where √share · factor + √(1 − share) · noise lies at
    or below the normal quantile of that value's chance.

    Args:
        part: The part.
        cuts: Standard normal quantile of the chance of each value or less, without the last.
        shift: √share · factor.
        spread: √(2 − 2 · share).
    """
    if len(cuts) == 1:
        below = math.erfc((shift - cuts[0]) / spread) / 2
        return summand(part.places, (below, 1 - below), part.times)
    until = [math.erfc((shift - cut) / spread) / 2 for cut in cuts]
    chances = [last - first for first, last in pairwise((0.0, *until, 1.0))]
    return summand(part.places, chances, part.times)


def widest_step(parts: Sequence[Part]) -> Decimal | None:
    """Return the widest step of parts that stand on grids, or `None` where none does."""
    return max((one.whole.step for one in parts if one.whole.step is not None), default=None)


def sum_moments(parts: Sequence[Part], exponent: int) -> tuple[Fraction, Fraction]:
    """
    Return mean and variance of the sum of independent parts, exactly, in their own unit.

    Args:
        parts: The parts.
        exponent: Power of ten that is the unit.
    """
    unit = Fraction(10) ** exponent
    mean = variance = Fraction(0)
    means: defaultdict[int, int] = defaultdict(int)
    spreads: defaultdict[int, int] = defaultdict(int)
    for values, weights, total, whole in parts:
        if whole.moments is not None:
            mean += whole.moments[0]
            variance += whole.moments[1]
        elif len(values) == _PAIR:
            (low, high), (stays, comes) = values, weights
            means[total] += low * stays + high * comes
            spreads[total] += (high - low) ** 2 * stays * comes
        else:
            first = sum(map(mul, values, weights))
            second = sum(map(mul, map(mul, values, values), weights))
            means[total] += first
            spreads[total] += total * second - first * first
    mean += unit * sum(Fraction(top, total) for total, top in means.items())
    variance += unit**2 * sum(Fraction(top, total**2) for total, top in spreads.items())
    return mean, variance
