"""From the characteristic function of a sum to its chances on a grid."""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable, Sequence
from itertools import repeat, zip_longest
from operator import add, mul

from salescore.forecast._near_normal import Shape
from salescore.forecast._summands import Summand

_GONE = 1e-14
"""Below this the characteristic function, and all beyond it, counts as 0."""
_BACK = 1e-7
"""Where it rises above this again, the sum is not smooth."""
_LOOKS, _FEW = 200_000, 1_000
"""How many factors are looked at to see whether it rises again, in a sum of few parts."""


def grid_chances(
    parts: Sequence[Summand],
    first: float,
    cells: int,
    step: float,
    *,
    is_lattice: bool,
    limit: int,
    beside: Shape | None = None,
) -> list[float] | None:
    """
    Return the chances of a sum of independent parts in even cells, by inverting its transform.

    The characteristic function is the product of those of the parts. At the frequencies
    2πk ÷ (cells · step) it gives the chance of every cell as a Fourier series, of which as many
    terms are taken as are above 1E-14. For a sum of many parts these are few, about 25.

    Args:
        parts: The parts; their sum lies in the cells but for a chance that does not count.
        first: Number of the first cell; a cell of number j has its middle at j · step.
        cells: How many there are, a power of 2.
        step: Width of a cell, in the unit of the places.
        is_lattice: Whether every value of the sum is the middle of a cell.
        limit: How many terms, each of one part, may be computed.
        beside: Cumulants of a sum near to normal that comes on top, and is within the cells, too.

    Returns:
        Chance of each cell, not below 0, or `None` where the function is not below 1E-7 after
        `cells` ÷ 2 frequencies, or not gone after `limit` terms, because single values have chances
        of their own.

    Source:
        The inversion theorem for a distribution on a circle; for counts, Hong, On computing the
        distribution function for the Poisson binomial distribution, Computational Statistics and
        Data Analysis 59 (2013), equation 6.
    """
    transform = transform_of(parts, beside)
    each = sum(len(part.places) - 1 for part in parts)
    base = 2 * math.pi / (cells * step)
    half = cells // 2
    turn = -2 * math.pi * (first % cells) / cells
    series = [complex(0)] * cells
    series[0] = complex(1)
    last, value = 0, complex(1)
    for k in range(1, half + 1):
        if k * each > limit:
            return None
        value = transform(base * k)
        if abs(value) < _GONE:
            break
        if not is_lattice:
            value *= math.sin(math.pi * k / cells) / (math.pi * k / cells)
        series[k] = (1 if k == half else 2) * value * cmath.rect(1, turn * k)
        last = k
    else:
        if not is_lattice and abs(value) > _BACK:
            return None
    if (
        beside is None
        and last < half
        and _comes_back(transform, base, range(last + 2, half + 1), each)
    ):
        return None
    return [max(one.real / cells, 0.0) for one in fourier(series)]


def _comes_back(
    transform: Callable[[float], complex], base: float, places: range, each: int
) -> bool:
    """Return whether the function, once gone, rises again at some frequency that is looked at."""
    most = _LOOKS // max(each, 1) if each <= _FEW else 0
    return any(abs(transform(base * k)) > _BACK for k in places[:most])


def transform_of(
    parts: Sequence[Summand], beside: Shape | None = None
) -> Callable[[float], complex]:
    """
    Return the characteristic function of the sum of independent parts.

    Args:
        parts: The parts; one of two values costs one complex exponential a frequency.
        beside: Cumulants of a sum near to normal that comes on top; `None` for none.
    """
    pairs = [part for part in parts if len(part.places) == 2 and part.times == 1]  # noqa: PLR2004 - 0 and a value
    others = [part for part in parts if len(part.places) != 2 or part.times != 1]  # noqa: PLR2004 - as above
    stays = [part.chances[0] for part in pairs]
    comes = [part.chances[1] for part in pairs]
    places = [part.places[1] for part in pairs]
    rest = [(part.places[1:], part.chances[1:], part.chances[0], part.times) for part in others]

    def transform(frequency: float) -> complex:
        found = complex(1) if beside is None else beside.transform(frequency)
        if pairs:
            turns = map(cmath.rect, comes, [frequency * place for place in places])
            found = math.prod(map(add, stays, turns), start=found)
        for values, chances, least, times in rest:
            angles = [frequency * value for value in values]
            one = sum(map(cmath.rect, chances, angles), start=complex(least))
            found *= one**times if times > 1 else one
        return found

    return transform


def fourier(values: list[complex]) -> list[complex]:
    """
    Return the discrete Fourier transform: at j the sum of values[k] · exp(−2πi · j · k ÷ n).

    Args:
        values: As many as a power of 2; where few of the first differ from 0 it is quicker.

    Source:
        Cooley and Tukey, An algorithm for the machine calculation of complex Fourier series,
        Mathematics of Computation 19 (1965).
    """
    size = len(values)
    roots = [cmath.rect(1, -2 * math.pi * place / size) for place in range(size // 2)]
    return _transformed(values, roots)


def _transformed(values: list[complex], roots: list[complex]) -> list[complex]:
    size = len(values)
    if not any(values[1:]):
        return values[:1] * size
    even, odd = _transformed(values[::2], roots[::2]), _transformed(values[1::2], roots[::2])
    turned = list(map(mul, roots, odd))
    return [one + other for one, other in zip(even, turned, strict=True)] + [
        one - other for one, other in zip(even, turned, strict=True)
    ]


def convolved(first: Sequence[float], second: Sequence[float]) -> list[float]:
    """
    Return the chances of a sum of two independent counts from theirs, by way of the transform.

    Args:
        first: Chance of 0, 1, 2 … of one.
        second: The same of the other.
    """
    length = len(first) + len(second) - 1
    size = 1 << (length - 1).bit_length()
    # The square of a sum a + bi holds the product of both twice beside i.
    pairs = zip_longest(first, second, repeat(0.0, size), fillvalue=0.0)
    turned = fourier([complex(one, other) for one, other, _ in pairs])
    back = fourier([(one * one).conjugate() for one in turned])
    return [max(-one.imag / (2 * size), 0.0) for one in back[:length]]
