"""The grid on which a sum of many independent parts stands, and its chances there."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from decimal import ROUND_CEILING, Context, Decimal
from fractions import Fraction
from typing import NamedTuple

from salescore.forecast._convolution import value_chances
from salescore.forecast._distribution import Distribution
from salescore.forecast._inversion import grid_chances
from salescore.forecast._lattice import lattice_chances
from salescore.forecast._numbers import from_units
from salescore.forecast._summands import (
    Part,
    Scaled,
    Summand,
    Window,
    ordered,
    scaled,
    window_of,
    windows_of,
)

NICE = Context(prec=2, rounding=ROUND_CEILING)
_FINE = 0.0008
"""Width of a cell at most, as a share of a quantile at its lower end."""
_FINER = 16
"""How many times finer than asked a grid may be made."""
_DENSER = 4
"""How many times finer than asked a grid is made to hold every value of the sum."""
_TERMS, _FEWER_TERMS, _MOVES, _MOST_MOVES = 4_000_000, 1_500_000, 8_000_000, 32_000_000
"""How many exponentials, or moves on a lattice, a sum may cost."""
_LOW, _RARE = 1.3, 0.05
_TINY = 1e-9
_LUMPS, _WIDE = 512, 500
_FEWEST = 64
"""About how many cells lie between two values that are kept apart, at least."""
_WHOLE = 2**60
_NOTHING = 1e-15


class Grid(NamedTuple):
    """
    Even cells.

    Attributes:
        step: Width of a cell in whole units.
        is_lattice: Whether every value of the sum is the middle of a cell.
    """

    step: int
    is_lattice: bool


class Cells(NamedTuple):
    """
    Chances on a grid.

    Attributes:
        first: Value of the first, in whole units above the origin of the sum.
        step: Distance of two, in whole units.
        chances: Chance of each, not below 0, about 1 together.
    """

    first: int
    step: int
    chances: list[float]


def grid_sum(parts: Sequence[Part], origin: int, points: int) -> tuple[dict[int, float], int]:
    """
    Return the chances of a sum of independent parts on a grid.

    Parts that are far wider than all others together, and whose sum has few values, as equal ones
    have, are kept apart value by value, so that the grid need only span the others.

    Args:
        parts: The parts.
        origin: Sum of the least values, in units.
        points: About how many cells.

    Returns:
        Chance by value in units, and the distance of two values of the grid.
    """
    found, size = ordered(parts)
    lumps = _lumps(found)
    rest = found[: len(found) - len(lumps)]
    shifts = value_chances(
        [[value - part.values[0] for value in part.values] for _, part in lumps],
        [one.chances for one, _ in lumps],
    )
    shifts = {shift: share for shift, share in shifts.items() if share > _NOTHING}
    if lumps:
        points = max(points // len(shifts), _FEWEST)
    window = window_of([one for one, _ in rest])
    low = _quantile(shifts) / size + window.mean - _LOW * window.deviation
    cells = _chances(scaled(rest, size), window, origin, low, points)
    drawn_at: defaultdict[int, float] = defaultdict(float)
    for shift, share in shifts.items():
        at = origin + shift + cells.first
        for place, chance in enumerate(cells.chances):
            drawn_at[at + place * cells.step] += share * chance
    return drawn_at, cells.step


def _lumps(parts: Sequence[tuple[Summand, Part]]) -> list[tuple[Summand, Part]]:
    """
    Return the widest parts that are to be kept apart from the others.

    A cell is as wide as all that remains, times the number of values that are kept apart; the
    narrowest is taken, if it is at most half as wide as it would be otherwise.
    """
    remain = [one for one, _ in parts]
    narrow = [window.high - window.low for window in windows_of(remain)]
    step = reach = 0
    product, best, kept = 1, narrow[-1] / 2, 0
    for count, (_, part) in enumerate(reversed(parts[1:]), 1):
        least, largest = part.values[0], part.values[-1]
        step = math.gcd(step, *[value - least for value in part.values])
        reach += largest - least
        product = min(product * len(part.values), _LUMPS + 1)
        atoms = min(product, reach // step + 1)
        if atoms > _LUMPS:
            break
        width = atoms * narrow[-1 - count]
        if width <= best:
            best, kept = width, count
    return list(parts[len(parts) - kept :])


def _quantile(shifts: dict[int, float]) -> int:
    """Return a low quantile of what is kept apart."""
    until = 0.0
    for shift in sorted(shifts):
        until += shifts[shift]
        if until > _RARE:
            return shift
    return 0


def _chances(parts: Scaled, window: Window, origin: int, low: float, points: int) -> Cells:
    """Return the chances of a sum of independent parts on a grid that suits its low quantile."""
    grid = step_for(parts, window.low, window.high, low, points)
    smooth = _smooth(parts, window, grid, origin)
    if smooth is not None:
        return smooth
    moves = sum([2 * (len(part.places) - 1) * part.times for part in parts.summands])
    wanted = min(window.high / max(low * _FINE, _TINY), _MOST_MOVES / moves)
    cells = int(min(points * _FINER, max(points, _MOVES / moves, wanted)))
    if parts.step * cells < window.high * parts.size:
        grid = Grid(nice(window.high / cells, parts), False)
    else:
        grid = Grid(parts.step, True)
    step = grid.step
    lag = 0 if grid.is_lattice else origin % step
    first, chances = lattice_chances(parts.summands, lag / step, step / parts.size)
    return Cells(first * step - lag, step, chances)


def _smooth(parts: Scaled, window: Window, grid: Grid, origin: int) -> Cells | None:
    """Return the chances by inversion, or `None` where single values have chances of their own."""
    lag = 0 if grid.is_lattice else origin % grid.step
    unit = grid.step / parts.size
    first = math.floor(window.low / unit)
    cells = 1 << (math.ceil(window.high / unit) + 1 - first).bit_length()
    chances = grid_chances(
        parts.summands,
        first - lag / grid.step,
        cells,
        unit,
        is_lattice=grid.is_lattice,
        limit=_TERMS if len(parts.summands[-1].places) < _WIDE else _FEWER_TERMS,
    )
    return None if chances is None else Cells(first * grid.step - lag, grid.step, chances)


def step_for(parts: Scaled, low: float, high: float, quantile: float, points: int) -> Grid:
    """
    Return the grid on which a smooth sum stands.

    Args:
        parts: The parts.
        low: Where it begins, in the unit of the places.
        high: Where it ends.
        quantile: One of its low quantiles, above which cells are narrow; any where it is below 0.
        points: About how many cells; more where narrow cells ask for it.
    """
    reach = high - low
    if parts.step * _DENSER * points >= reach * parts.size:
        return Grid(parts.step, True)
    width = min(reach / points, max(quantile * _FINE, reach / (points * _FINER)))
    return Grid(nice(width, parts), False)


def nice(width: float, parts: Scaled) -> int:
    """
    Return a width in whole units, rounded up to two digits.

    Args:
        width: In the unit of the places.
        parts: The parts.
    """
    return int(NICE.plus(Decimal(math.ceil(width * parts.size))))


def drawn(
    found: dict[int, float],
    step: int,
    exponent: int,
    moments: tuple[Fraction, Fraction],
    own: Decimal | None,
) -> Distribution:
    """
    Return the distribution of chances on a grid, with weights that are 2^60 together.

    Args:
        found: Chance by value in units; what is below 1E-15 counts as 0.
        step: Distance of two values in units.
        exponent: Power of ten that is the unit.
        moments: Mean and variance of the sum.
        own: Widest step of a part; `None` where all are exact.
    """
    width = from_units(step, exponent)
    total = math.fsum(found.values())
    weights = {
        value: round(chance / total * _WHOLE)
        for value, chance in sorted(found.items())
        if chance > _NOTHING
    }
    # A value far off that is too rare to be kept may still draw the mean beyond all that are.
    places = list(weights)
    mean = math.floor(moments[0] / Fraction(10) ** exponent)
    if mean > places[-1]:
        weights[places[-1] - (places[-1] - mean) // step * step] = 1
    elif mean < places[0]:
        weights = {places[0] - (places[0] - mean) // step * step - step: 1, **weights}
    largest = max(weights, key=weights.__getitem__)
    weights[largest] += _WHOLE - sum(weights.values())
    return Distribution(
        values=[from_units(value, exponent) for value in weights],
        weights=weights.values(),
        step=width if own is None else max(width, own),
        moments=moments,
    )
