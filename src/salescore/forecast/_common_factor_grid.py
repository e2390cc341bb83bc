"""Sums of parts that depend on one common factor, on an even grid."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence

from salescore.forecast._dependents import (
    FAR,
    Dependents,
    Node,
    close_spacing,
    nodes_between,
)
from salescore.forecast._grid import step_for
from salescore.forecast._inversion import grid_chances
from salescore.forecast._lattice import lattice_chances
from salescore.forecast._near_normal import Shape, near_normal_chances
from salescore.forecast._summands import Scaled, Summand, likely, window_of

_MOVES, _TERMS = 50_000_000, 1_000_000
_FEWEST_DIRECT, _MOST_DIRECT, _DIRECT_PARTS = 17, 257, 200_000
_LEAST_CELLS, _FINEST = 256, 3**8
_LOW, _COINS, _MANY = 1.3, 12, 100
_MUCH, _SURE = 0.02, 1 - 1e-10
_NARROW, _ATOMS, _REACH = 50.0, 64, 8.5

Direct = tuple[float, float]
"""A value of the factor, and its weight."""


def on_grid(
    units: Scaled,
    dependents: Dependents,
    nodes: Sequence[Node],
    points: int,
    deviation: float,
) -> tuple[int, dict[int, float]]:
    """
    Return the distance of two values of a grid in units, and the chances of these.

    Given the factor, a sum near to normal is taken from its cumulants. Where few wide parts stand
    in the way of that, these are added value by value, or by their transform, to the cumulants of
    all others; any other sum is inverted, or added on a lattice.

    Args:
        units: The parts.
        dependents: The same, with what is needed to know them given the factor.
        nodes: The cumulants of their sum at some values of the factor.
        points: About how many values.
        deviation: Standard deviation of the sum.
    """
    reach = math.fsum([one.span * one.times for one in dependents.parts])
    middle = math.fsum([node.weight * node.shape.mean for node in nodes])
    step = step_for(units, 0.0, reach, middle - _LOW * deviation, points).step
    width = step / units.size
    found = [0.0] * (math.ceil(reach / width) + 2)
    narrow, wide = _split(dependents)
    if wide is not None and _atoms(wide) <= _ATOMS:
        direct = _add_beside(found, narrow, wide, width, reach)
        wide = None
    else:
        normal, direct = _divided(dependents, nodes, wide or dependents)
        for node in normal:
            first, chances = near_normal_chances(node.shape, width, reach)
            _add(found, first, chances, node.weight)
    # What is added part by part may stand on every second or third of the grid only.
    shares: defaultdict[int, float] = defaultdict(float)
    for factor, weight in direct:
        apart, first, chances = _given(dependents, narrow, wide, factor, width, len(direct))
        _add(found, first * apart, chances, weight, apart)
        shares[apart] += weight
    widest = max((apart for apart, weight in shares.items() if weight > _MUCH), default=1)
    return step * widest, {place * step: chance for place, chance in enumerate(found)}


def _split(dependents: Dependents) -> tuple[Dependents, Dependents | None]:
    """
    Return the narrow parts whose sum is near to normal, and the wide ones that keep all from it.

    Without wide ones, or with less than a hundred narrow ones, all stand together.
    """
    parts = dependents.parts
    variance = largest = 0.0
    count = kept = 0
    for place, one in enumerate(parts, 1):
        variance += one.variance * one.times
        largest = max(largest, one.variance)
        count += one.times
        if count >= _MANY and variance >= _NARROW * 4 * largest:
            kept = place
    if kept in (0, len(parts)):
        return dependents, None
    return dependents.some(slice(0, kept)), dependents.some(slice(kept, None))


def _atoms(wide: Dependents) -> int:
    """Return how many values the sum of wide parts may have, or more than are taken one by one."""
    found = 1
    for one in wide.parts:
        for _ in range(one.times):
            found *= len(one.places)
            if found > _ATOMS:
                return found
    return found


def _add_beside(
    found: list[float], narrow: Dependents, wide: Dependents, width: float, reach: float
) -> list[Direct]:
    """
    Add sums of narrow parts beside each value of the wide ones; return what has to be added
    otherwise.
    """
    nodes = narrow.nodes()
    rest: list[tuple[int, Node]] = []
    room = math.fsum([one.span * one.times for one in narrow.parts])
    between = list(nodes_between(nodes, close_spacing(nodes)))
    for place, node in enumerate(between):
        if not node.shape.is_near_normal(narrow.bulk, abs(node.factor)):
            rest.append((place, node))
            continue
        first, chances = near_normal_chances(node.shape, width, min(room, reach))
        for value, share in _sums_of(wide.given(node.factor)):
            low, part = divmod(value / width, 1.0)
            _add(found, first + int(low), chances, node.weight * share * (1 - part))
            if part:
                _add(found, first + int(low) + 1, chances, node.weight * share * part)
    return _grouped(rest, len(between), _MOST_DIRECT)


def _sums_of(parts: Sequence[Summand]) -> Iterator[tuple[float, float]]:
    """Yield the values of a sum of few independent parts, with their chances."""
    found = {0.0: 1.0}
    for one in parts:
        for _ in range(one.times):
            added: defaultdict[float, float] = defaultdict(float)
            for value, chance in found.items():
                for place, other in zip(one.places, one.chances, strict=True):
                    added[value + place] += chance * other
            found = added
    yield from found.items()


def _divided(
    dependents: Dependents, nodes: Sequence[Node], added: Dependents
) -> tuple[list[Node], list[Direct]]:
    """
    Return values of the factor that make the sum near to normal, and others with weights.

    Args:
        dependents: The parts.
        nodes: The cumulants of their sum at some values of the factor.
        added: Those that are added one by one where the sum is not near to normal.
    """
    spacing = close_spacing(nodes)
    count = sum([one.times for one in dependents.parts])
    normal: list[Node] = []
    rest: list[tuple[int, Node]] = []
    for place, node in enumerate(nodes_between(nodes, spacing)):
        if node.shape.is_near_normal(dependents.bulk, abs(node.factor) if count >= _MANY else 0.0):
            normal.append(node)
        else:
            rest.append((place, node))
    several = sum([one.times for one in added.parts])
    most = min(max(_DIRECT_PARTS // several, _FEWEST_DIRECT), _MOST_DIRECT)
    return normal, _grouped(rest, math.ceil(2 * FAR / spacing), most)


def _grouped(nodes: Sequence[tuple[int, Node]], count: int, most: int) -> list[Direct]:
    """
    Return values of the factor with weights, neighbours taken together where they are too many.

    Args:
        nodes: Those to be taken, with their place among all.
        count: Number of all.
        most: How many of all may stay.
    """
    together = max(math.ceil(count / (most - 1)), 1)
    groups: defaultdict[int, list[Node]] = defaultdict(list)
    for place, node in nodes:
        groups[place // together].append(node)
    found: list[Direct] = []
    for group in groups.values():
        weight = math.fsum([node.weight for node in group])
        middle = math.fsum([node.weight * node.factor for node in group]) / weight
        found.append((middle, weight))
    return found


def _given(
    dependents: Dependents,
    narrow: Dependents,
    wide: Dependents | None,
    factor: float,
    width: float,
    many: int,
) -> tuple[int, int, list[float]]:
    """Return how many cells of the grid are one, the first of these, and chances from there."""
    if wide is not None:
        shape = narrow.shape(factor)
        if shape.is_near_normal(narrow.bulk):
            found = _beside_normal(wide.given(factor), shape, width)
            if found is not None:
                return 1, *found
    given = [likely(one) for one in dependents.given(factor)]
    apart = _apart(given, width, _MOVES / many)
    return apart, *_given_chances(given, width * apart)


def _beside_normal(
    parts: Sequence[Summand], shape: Shape, width: float
) -> tuple[int, list[float]] | None:
    """Return chances of a sum of parts and of a sum near to normal, by their transforms."""
    window, off = window_of(parts), _REACH * math.sqrt(shape.variance)
    first = math.floor(max(window.low + shape.mean - off, 0.0) / width)
    last = math.ceil((window.high + shape.mean + off) / width)
    cells = 1 << (last + 1 - first).bit_length()
    chances = grid_chances(parts, first, cells, width, is_lattice=False, limit=_TERMS, beside=shape)
    return None if chances is None else (first, chances)


def _apart(parts: Sequence[Summand], width: float, limit: float) -> int:
    """Return how many cells of a grid are to be one, so that a sum takes so many moves at most."""
    window = window_of(parts)
    # A bound for all but 1E-16 may be far wider than what is kept on the way.
    usual = 2 * (_REACH * window.deviation + max(one.span for one in parts))
    moves = sum(
        [
            (2 * len(list(filter(None, one.chances))) - 1) * one.times
            for one in parts
            if max(one.chances) < _SURE
        ]
    )
    return max(math.ceil(min(window.high - window.low, usual) / width * moves / limit), 1)


def _add(
    found: list[float], first: int, chances: Sequence[float], weight: float, apart: int = 1
) -> None:
    last = len(found) - 1
    for place, chance in enumerate(chances):
        found[min(max(first + place * apart, 0), last)] += weight * chance


def _given_chances(parts: Sequence[Summand], width: float) -> tuple[int, list[float]]:
    """Return number of the first cell and chances from there, of a sum of independent parts."""
    window = window_of(parts)
    if window.deviation**2 < _COINS * max(one.span for one in parts) ** 2:
        return lattice_chances(parts, 0.0, width)
    finer = 1
    while (window.high - window.low) * finer < _LEAST_CELLS * width and finer < _FINEST:
        finer *= 3
    narrow = width / finer
    first = math.floor(window.low / narrow)
    cells = 1 << (math.ceil(window.high / narrow) + 1 - first).bit_length()
    found = grid_chances(parts, first, cells, narrow, is_lattice=False, limit=_TERMS)
    if found is None:
        return lattice_chances(parts, 0.0, width)
    start = (first + finer // 2) // finer
    wide = [0.0] * (cells // finer + 2)
    for place, chance in enumerate(found, first + finer // 2):
        wide[place // finer - start] += chance
    return start, wide
