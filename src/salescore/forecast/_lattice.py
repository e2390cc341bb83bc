"""Sums of parts put on an even lattice, one part after another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from salescore.forecast._inversion import convolved
from salescore.forecast._summands import Summand, summand

_NEAR = 1e-6
_NEVER, _NOTHING, _UNLIKELY = 1e-19, 1e-15, 1e-10
WIDE = 256
"""From how many values on a part is added by way of the transform, which is quicker then."""
_PAIR = 2


def lattice_chances(parts: Sequence[Summand], start: float, step: float) -> tuple[int, list[float]]:
    """
    Return the chances of a sum of independent parts on a lattice.

    A value between two lattice points is shared between them so that its mean stays; the variance
    of the sum rises by at most a quarter of a squared step for each part.
    Parts that are 0 or one and the same value count as one part: how many of them come is counted
    first, and what these bring is shared once.

    Args:
        parts: The parts.
        start: Where the least value of the sum lies, in steps from a lattice point.
        step: Distance of two lattice points, in the unit of the places.

    Returns:
        Number of the first lattice point, and the chance of each from there; ends of less than
        1E-15 are cut off as they arise.
    """
    # What comes, or stays away, almost surely moves all others together.
    sure = start
    unsure: list[Summand] = []
    for part in parts:
        likely = max(part.chances)
        if likely > 1 - _UNLIKELY:
            sure += part.places[part.chances.index(likely)] / step * part.times
        else:
            unsure.append(part)
    first, found = _moved(0, [1.0], _moves(((sure, 1.0),)))
    for part in _counted(unsure):
        places = [place / step for place in part.places]
        moves = _moves(zip(places, part.chances, strict=True))
        for _ in range(part.times):
            if len(moves) > WIDE:
                first, found = _joined(first, found, moves)
            else:
                first, found = _moved(first, found, moves)
    return first, found


def _counted(parts: Iterable[Summand]) -> Iterator[Summand]:
    """Yield parts in their order; those that are 0 or one and the same value as one of counts."""
    alike: defaultdict[float, list[Summand]] = defaultdict(list)
    for part in parts:
        if len(part.places) == _PAIR:
            alike[part.span].append(part)
    for part in parts:
        if len(part.places) != _PAIR:
            yield part
        elif part.span in alike:
            yield _together(alike.pop(part.span))


def _together(parts: Sequence[Summand]) -> Summand:
    """Return what parts that are 0 or one and the same value bring together."""
    chances = [one.chances[1] for one in parts for _ in range(one.times)]
    if len(chances) == 1:
        return parts[0]
    first, likely = 0, [1.0]
    for chance in chances:
        first, likely = _moved(first, likely, {0: 1 - chance, 1: chance})
    return summand([parts[0].span * count for count in range(first, first + len(likely))], likely)


def _joined(first: int, found: list[float], moves: dict[int, float]) -> tuple[int, list[float]]:
    least = min(moves)
    other = [0.0] * (max(moves) - least + 1)
    for by, chance in moves.items():
        other[by - least] += chance
    return _trimmed(first + least, convolved(found, other))


def _moves(atoms: Iterable[tuple[float, float]]) -> dict[int, float]:
    """Return by how many lattice points each value moves a sum, with its chance."""
    found: defaultdict[int, float] = defaultdict(float)
    for place, chance in atoms:
        if chance < _NEVER:
            continue
        low = int(place + _NEAR)
        rest = place - low
        if rest < _NEAR:
            found[low] += chance
        else:
            found[low] += chance * (1 - rest)
            found[low + 1] += chance * rest
    return found


def _moved(first: int, found: list[float], moves: dict[int, float]) -> tuple[int, list[float]]:
    size, least = len(found), min(moves)
    added = [0.0] * (size + max(moves) - least)
    for by, chance in moves.items():
        at = by - least
        added[at : at + size] = [
            old + chance * more for old, more in zip(added[at : at + size], found, strict=True)
        ]
    return _trimmed(first + least, added)


def _trimmed(first: int, added: list[float]) -> tuple[int, list[float]]:
    begin, end = 0, len(added)
    while added[begin] < _NOTHING:
        begin += 1
    while added[end - 1] < _NOTHING:
        end -= 1
    return first + begin, added[begin:end]
