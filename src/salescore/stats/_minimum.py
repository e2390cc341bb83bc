"""Where a function of numbers is least: along a line, and in several dimensions at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import copysign, inf, isfinite, nan, sqrt

import attrs

from salescore.errors import InvalidValue

Corner = tuple[float, tuple[float, ...]]
"""Value of the function at a point, and the point."""

FIRST_STEP = 0.1
"""Edge of the first simplex along an axis, as a share of the coordinate; or itself, at 0."""

GOLDEN = (3.0 - sqrt(5.0)) / 2.0
"""Share of an interval at which golden section cuts it: 0.38…"""


@attrs.frozen(kw_only=True)
class Minimum:
    """
    Where a search ended.

    Attributes:
        point: Coordinates of the least value found.
        value: The function there; never above its value at the start.
        evaluations: How often the function was asked.
        is_converged: Whether the search ended by its tolerance; if not, by its limit.
    """

    point: tuple[float, ...]
    value: float
    evaluations: int
    is_converged: bool


@attrs.define
class _Counted:
    """A function that counts how often it is asked and is infinite where it is undefined."""

    function: Callable[[Sequence[float]], float]
    asked: int = 0

    def at(self, point: Sequence[float]) -> Corner:
        self.asked += 1
        place = tuple(point)
        found = self._value(place)
        return (inf if found != found else found), place  # noqa: PLR0124 - NaN is not itself

    def _value(self, place: tuple[float, ...]) -> float:
        try:
            return self.function(place)
        except (ArithmeticError, ValueError):
            return nan


def minimum(
    function: Callable[[Sequence[float]], float],
    start: Sequence[float],
    *,
    tolerance: float = 1e-8,
    limit: int = 2000,
) -> Minimum:
    """
    Return where a function of several numbers is least, near a start; no slopes are needed.

    The simplex of Nelder and Mead walks downhill; where it comes to rest a new one is set up, and
    the search ends only once that one finds nothing better, as a simplex may collapse early.
    Nothing is left to chance: the same start ends at the same point.

    A function may answer infinity or NaN, or raise an arithmetic or value error, where it is not
    defined: the walk turns away from there.
    Coordinates are best of like size, so take logarithms of what is above 0.

    Args:
        function: What is to be least; it takes as many numbers as the start has.
        start: Where to begin; the function is finite there.
        tolerance: How little the value may differ over the last simplex, as a share of itself or
            absolutely below 1; coordinates by its square root, likewise.
        limit: Most times that the function is asked.

    Returns:
        The least point found; `is_converged` is false where the limit ended the search.

    Raises:
        InvalidValue: The start has no coordinate or one that is not finite, the function is not
            finite there, the tolerance is not above 0, or the limit allows no simplex.

    Examples:
        >>> found = minimum(lambda at: (at[0] - 3.0) ** 2 + abs(at[1]), [0.0, 1.0])
        >>> [round(one, 3) for one in found.point], found.is_converged
        ([3.0, 0.0], True)

    Source:
        J. A. Nelder, R. Mead, *A simplex method for function minimization*, The Computer Journal
        7 (1965), 308-313.
        Coefficients by dimension: F. Gao, L. Han, *Implementing the Nelder-Mead simplex algorithm
        with adaptive parameters*, Computational Optimization and Applications 51 (2012), 259-277.
    """
    begin = _checked(start, tolerance, limit)
    counted = _Counted(function)
    best = counted.at(begin)
    if not isfinite(best[0]):
        raise InvalidValue("start of a search", list(begin), "the function is not finite there")
    size, is_converged = FIRST_STEP, False
    while not is_converged and counted.asked < limit:
        before = best[0]
        best, is_at_rest = _walk(counted, best, size, tolerance, limit)
        is_converged = is_at_rest and size < FIRST_STEP and _is_close(before, best[0], tolerance)
        size = FIRST_STEP / 4.0
    return Minimum(
        point=best[1],
        value=best[0],
        evaluations=counted.asked,
        is_converged=is_converged,
    )


def line_minimum(
    function: Callable[[float], float], low: float, high: float, *, tolerance: float = 1e-8
) -> tuple[float, float]:
    """
    Return where a function of one number is least between two bounds, and its value there.

    Golden sections, and parabolas where they shrink the interval faster.
    A function with several valleys is left in one of them.
    Where it answers NaN or raises an arithmetic or value error it counts as infinite.

    Args:
        function: What is to be least.
        low: Lower bound, itself asked.
        high: Upper bound, itself asked.
        tolerance: How close the place is to come, as a share of itself or absolutely below 1.

    Returns:
        Place and value; the place is a bound where the function is least there.

    Raises:
        InvalidValue: A bound is not finite, the lower is above the higher, the tolerance is not
            above 0, or the function is finite nowhere that was asked.

    Examples:
        >>> place, value = line_minimum(lambda at: (at - 2.0) ** 2 + 1.0, 0.0, 5.0)
        >>> round(place, 4), round(value, 4)
        (2.0, 1.0)

    Source:
        R. P. Brent, *Algorithms for Minimization without Derivatives*, Prentice-Hall (1973),
        chapter 5.
    """
    if not (isfinite(low) and isfinite(high) and low <= high):
        raise InvalidValue("bounds of a search", (low, high), "finite, the lower one first")
    _check_tolerance(tolerance)
    first, last = float(low), float(high)
    counted = _Counted(lambda at: function(at[0]))
    inner = _sections(counted, first, last, tolerance)
    found = min(inner, counted.at((first,)), counted.at((last,)))
    if not isfinite(found[0]):
        raise InvalidValue("function", found[0], f"it is finite nowhere from {low} to {high}")
    return found[1][0], found[0]


def _checked(start: Sequence[float], tolerance: float, limit: int) -> tuple[float, ...]:
    begin = tuple(float(one) for one in start)
    if not begin or not all(isfinite(one) for one in begin):
        raise InvalidValue("start of a search", list(begin), "one finite number or more")
    _check_tolerance(tolerance)
    if limit <= len(begin) + 1:
        fault = f"a simplex of {len(begin)} dimensions alone asks {len(begin) + 1} times"
        raise InvalidValue("limit of a search", limit, fault)
    return begin


def _check_tolerance(tolerance: float) -> None:
    if not 0.0 < tolerance < 1.0:
        raise InvalidValue("tolerance", tolerance, "it lies between 0 and 1")


def _is_close(one: float, other: float, tolerance: float) -> bool:
    return abs(one - other) <= tolerance * max(1.0, abs(one), abs(other))


def _walk(
    counted: _Counted, best: Corner, size: float, tolerance: float, limit: int
) -> tuple[Corner, bool]:
    """Let one simplex walk until it is at rest; return its best corner, and whether it was."""
    many = len(best[1])
    grow, shorten, shrink = 1.0 + 2.0 / many, 0.75 - 0.5 / many, 1.0 - 1.0 / many
    if many == 1:
        grow, shorten, shrink = 2.0, 0.5, 0.5
    corners = sorted([best, *(counted.at(one) for one in _axes(best[1], size))])
    while not _is_at_rest(corners, tolerance):
        if counted.asked >= limit:
            return corners[0], False
        worst = corners[-1]
        centre = [sum(axis) / many for axis in zip(*(at for _, at in corners[:-1]), strict=True)]
        turned = counted.at(_between(centre, worst[1], -1.0))
        if turned[0] < corners[0][0]:
            further = counted.at(_between(centre, worst[1], -grow))
            corners[-1] = min(turned, further)
        elif turned[0] < corners[-2][0]:
            corners[-1] = turned
        else:
            side = -shorten if turned[0] < worst[0] else shorten
            nearer = counted.at(_between(centre, worst[1], side))
            if nearer[0] < min(turned[0], worst[0]):
                corners[-1] = nearer
            else:
                top = corners[0]
                moved = (_between(top[1], at, shrink) for _, at in corners[1:])
                corners = [top, *(counted.at(one) for one in moved)]
        corners.sort()
    return corners[0], True


def _axes(origin: tuple[float, ...], size: float) -> list[list[float]]:
    corners: list[list[float]] = []
    for place, one in enumerate(origin):
        corner = list(origin)
        corner[place] = one + (size * one if one else size)
        corners.append(corner)
    return corners


def _between(origin: Sequence[float], other: Sequence[float], share: float) -> list[float]:
    """Return the point on the way from one to the other; a share below 0 lies on the far side."""
    return [one + share * (two - one) for one, two in zip(origin, other, strict=True)]


def _is_at_rest(corners: list[Corner], tolerance: float) -> bool:
    (least, origin), (most, _) = corners[0], corners[-1]
    if not _is_close(least, most, tolerance):
        return False
    width = sqrt(tolerance)
    return all(
        _is_close(one, two, width)
        for _, at in corners[1:]
        for one, two in zip(origin, at, strict=True)
    )


def _sections(counted: _Counted, low: float, high: float, tolerance: float) -> Corner:
    """Narrow an interval down around its least point."""
    best = second = third = counted.at((low + GOLDEN * (high - low),))
    step = last = 0.0
    while True:
        place, middle = best[1][0], (low + high) / 2.0
        least = tolerance * max(1.0, abs(place)) / 2.0
        if high - low <= 4.0 * least or abs(place - middle) + (high - low) / 2.0 <= 2.0 * least:
            return best
        before, last = last, step
        bold = _parabola(best, second, third)
        if low < place + bold < high and abs(bold) < abs(before) / 2.0:
            step = bold
            if min(place + bold - low, high - place - bold) < 2.0 * least:
                step = copysign(least, middle - place)
        else:
            last = (low if place >= middle else high) - place
            step = GOLDEN * last
        # The step itself stays as it was: only while it halves are parabolas trusted.
        move = step if abs(step) >= least else copysign(least, step)
        tried = counted.at((place + move,))
        if tried[0] <= best[0]:
            low, high = (place, high) if move > 0.0 else (low, place)
            best, second, third = tried, best, second
        else:
            low, high = (low, tried[1][0]) if move > 0.0 else (tried[1][0], high)
            if tried[0] <= second[0] or second[1] == best[1]:
                second, third = tried, second
            elif tried[0] <= third[0] or third[1] in (best[1], second[1]):
                third = tried


def _parabola(best: Corner, second: Corner, third: Corner) -> float:
    """Return the step from the best of three points to the foot of the parabola through them."""
    if any(
        one[1] == two[1] or not isfinite(two[0]) for one, two in pairwise((best, second, third))
    ):
        return nan
    (here, (at,)), (there, (one,)), (beyond, (two,)) = best, second, third
    left, right = (at - one) * (here - beyond), (at - two) * (here - there)
    bend = left - right
    return -((at - one) * left - (at - two) * right) / (2.0 * bend) if bend else nan
