"""One lattice for parts of many values that depend on one common factor."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from salescore.forecast._grid import NICE
from salescore.forecast._lattice import WIDE
from salescore.forecast._summands import Part

_DENSER, _FEWEST, _WIDEST = 4, 512, 4_000
_MOVES, _TRANSFORM, _CHANCE = 25_000_000, 12, 20
"""How many moves on a lattice a sum may cost, and how many a transformed value or a chance do."""
_SPACING, _OVERLAP, _FAR = 0.35, 0.8, 13.0
_TAILS, _LOOSE = 16.0, 1.5
_MOST_PARTS, _MOST_FACTORS = 12, 4_097


def lattice_step(parts: Sequence[Part], unit: Fraction, points: int, share: float) -> int | None:
    """
    Return the distance of lattice points on which parts are added given many values of a factor.

    It is the largest of which all values are multiples, if these are few enough; otherwise the
    narrowest that takes some seconds, with 512 points at least.

    Args:
        parts: The parts.
        unit: What one unit of their values is.
        points: About how many lattice points there are.
        share: Correlation, above 0 and below 1.

    Returns:
        Distance in units, or `None` where there are more than 12 parts that would need a wider one.
    """
    step = math.gcd(*[value - one.values[0] for one in parts for value in one.values])
    spans = [float(one.values[-1] - one.values[0]) for one in parts]
    spreads = [float(one.whole.exact_variance / unit**2) for one in parts]
    reach = sum([one.values[-1] - one.values[0] for one in parts])
    factors = _factors(spreads, share)
    if step * _DENSER * points < reach:
        step = max(step, _nice(reach, points))
    fewest = min(_FEWEST, points // 2)
    while True:
        sizes = [
            (min(2.0 * len(one.values), span / step + 1), span / step, math.sqrt(spread) / step)
            for one, span, spread in zip(parts, spans, spreads, strict=True)
        ]
        is_short = factors * _cost(sizes, share) <= _MOVES or 2 * step * fewest > reach
        if is_short and max(spans) <= step * _WIDEST:
            return step
        if len(parts) > _MOST_PARTS:
            return None
        step = _nice(2 * step, 1)


def _nice(reach: int, points: int) -> int:
    return int(NICE.plus(Decimal(-(-reach // points))))


def _factors(spreads: Sequence[float], share: float) -> float:
    """Return about how many values of the factor are taken, from the variances of parts."""
    loose = math.sqrt((1 - share) / share)
    overlap = _OVERLAP * loose * math.sqrt(sum(spreads)) / sum(map(math.sqrt, spreads))
    return min(_FAR / min(_SPACING * min(1.0, loose), overlap), _MOST_FACTORS)


def _cost(sizes: Sequence[tuple[float, float, float]], share: float) -> float:
    """Return how many moves it takes to add parts: number of values, span and deviation of each."""
    tails = _TAILS * min(1.0, _LOOSE * math.sqrt(1 - share))
    span = variance = moves = 0.0
    for count, wide, deviation in sizes:
        some = min(count, tails * deviation + 1)
        span += wide
        variance += deviation * deviation
        points = min(span, tails * math.sqrt(variance)) + 2
        size = 2.0 ** math.ceil(math.log2(points))
        moves += _TRANSFORM * size * math.log2(size) if some > WIDE else some * points
        moves += _CHANCE * some
    return moves


def on_lattice(part: Part, step: int) -> Part:
    """
    Return a part whose values lie multiples of a step above its least one.

    A value between two of them is shared between both so that its mean stays.

    Args:
        part: The part.
        step: In units.
    """
    least = part.values[0]
    found: defaultdict[int, int] = defaultdict(int)
    for value, weight in zip(part.values, part.weights, strict=True):
        cell, rest = divmod(value - least, step)
        found[cell] += weight * (step - rest)
        if rest:
            found[cell + 1] += weight * rest
    cells = sorted(found)
    return part._replace(
        values=[least + cell * step for cell in cells],
        weights=[found[cell] for cell in cells],
        total=part.total * step,
    )
