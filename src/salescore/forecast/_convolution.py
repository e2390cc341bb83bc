"""Sums of independent parts, value by value."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

from salescore.forecast._summands import Part

_VALUES = 20_000
_MOVES, _SURE_MOVES = 1_000_000, 4_000_000
_BITS, _WORD = 2_048, 512


def exact_chances(parts: Sequence[Part]) -> dict[int, int] | None:
    """
    Return weights by value of the sum of independent parts, exactly.

    Args:
        parts: The parts.

    Returns:
        Whole weights by value in units, or `None` where there would be more than 20,000 values, or
        the way there is too long.
    """
    if sum([part.total.bit_length() - 1 for part in parts]) > _BITS:
        return None
    limit = _SURE_MOVES if _is_short(parts) else _MOVES
    found: dict[int, int] = {0: 1}
    bits = moves = 0
    for part in sorted(parts, key=lambda part: (len(part.values), part.values, part.weights)):
        moves += len(found) * len(part.values) * (1 + bits // _WORD)
        if moves > limit:
            return None
        bits += part.total.bit_length()
        added: defaultdict[int, int] = defaultdict(int)
        for more, weight in zip(part.values, part.weights, strict=True):
            for value, other in found.items():
                added[value + more] += other * weight
        if len(added) > _VALUES:
            return None
        found = added
    return found


def _is_short(parts: Sequence[Part]) -> bool:
    """Return whether the parts lie on a lattice of few points, so that the way is surely short."""
    step = span = 0
    for part in parts:
        step = math.gcd(step, *[value - part.values[0] for value in part.values])
        span += part.values[-1] - part.values[0]
    return span // step < _VALUES


def has_few_values(parts: Sequence[Part], most: int, moves: int) -> bool:
    """Return whether the sum of parts has at most so many values, and is added in so many moves."""
    found = {0}
    for part in sorted(parts, key=lambda part: len(part.values)):
        moves -= len(found) * len(part.values)
        if moves < 0:
            return False
        found = {value + more for value in found for more in part.values}
        if len(found) > most:
            return False
    return True


def value_chances(
    places: Sequence[Sequence[int]], chances: Sequence[Sequence[float]]
) -> dict[int, float]:
    """
    Return the chance of each value of a sum of independent parts.

    Args:
        places: Values of each part.
        chances: Chance of each of them.
    """
    found: dict[int, float] = {0: 1.0}
    for values, those in zip(places, chances, strict=True):
        added: defaultdict[int, float] = defaultdict(float)
        for more, chance in zip(values, those, strict=True):
            if chance:
                for value, other in found.items():
                    added[value + more] += other * chance
        found = added
    return found
