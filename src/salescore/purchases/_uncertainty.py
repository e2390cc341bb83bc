"""How sure fitted parameters are, and models that stand for all that may be true."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from math import ceil, exp, fsum, isfinite, sqrt
from operator import mul
from typing import cast

import attrs

from salescore.errors import InvalidValue
from salescore.purchases._numbers import all_of_kind, as_number, total_of
from salescore.values import EXACT

Matrix = Sequence[Sequence[float]]

_STEP = 0.005
"""How far the logarithm of a parameter is moved to see the likelihood fall."""
_WIDEST = 3.0
"""Deviation of a logarithm of which nothing is known but its size: a factor of twenty."""
_TOO_WIDE = 1.1 * _WIDEST**2
_APART, _OVERLAP = 1.4, 1.8
"""Most deviations of the parameters, and of chance, between two models."""
_FAR = 2.8
_TRY = 0.5
_MOST_STEPS = 12
_FAULT = "four rows of four finite Decimals, or None where unknown"


def log_covariance(
    log_likelihood: Callable[[Sequence[float]], float], at: Sequence[float]
) -> tuple[tuple[Decimal, ...], ...] | None:
    """
    Return the covariance of the logarithms of parameters where a likelihood is greatest.

    It is the inverse of the information: how sharply the log-likelihood bends there.

    Args:
        log_likelihood: Of parameters above 0.
        at: Where it is greatest.

    Returns:
        A row for each parameter. Where the data leave one open it is taken to be known to a factor
        of twenty: a deviation of 3 of its logarithm. `None` where the likelihood has no peak even
        so.
    """
    many = range(len(at))

    def value(*moves: tuple[int, float]) -> float:
        place = list(at)
        for one, by in moves:
            place[one] *= exp(by * _STEP)
        return log_likelihood(place)

    def bend(one: int, other: int) -> float:
        turns = [(up, over) for up in (-1, 1) for over in (-1, 1)]
        rises = fsum(up * over * value((one, up), (other, over)) for up, over in turns)
        return -rises / (4.0 * _STEP**2)

    try:
        bends = [[bend(one, other) for other in range(one + 1)] for one in many]
    except (ArithmeticError, ValueError):
        return None
    for known in (0.0, 1.0 / _WIDEST**2):
        information = [[bends[max(i, j)][min(i, j)] + known * (i == j) for j in many] for i in many]
        inverse = _inverse(information)
        if inverse is None or not all(inverse[one][one] < _TOO_WIDE for one in many):
            continue
        found = tuple(tuple(as_number(inverse[max(i, j)][min(i, j)]) for j in many) for i in many)
        # Twelve digits may be too few to tell parameters apart that go together all but wholly.
        if root_of([[float(one) for one in row] for row in found]) is not None:
            return found
    return None


def _inverse(matrix: Matrix) -> list[list[float]] | None:
    root = root_of(matrix)
    if root is None:
        return None
    many = range(len(matrix))
    columns = [_solved(root, [float(one == other) for other in many]) for one in many]
    return [[fsum(map(mul, one, other)) for other in columns] for one in columns]


def root_of(matrix: Matrix) -> list[list[float]] | None:
    """
    Return the lower triangle whose product with its mirror image is a matrix (Cholesky).

    Args:
        matrix: As many rows as columns, mirrored along its diagonal.

    Returns:
        Rows; `None` where there is none, as some mixture of the quantities would not vary.
    """
    rows: list[list[float]] = []
    for place, line in enumerate(matrix):
        row: list[float] = []
        for other, above in enumerate([*rows, row]):
            rest = line[other] - fsum(map(mul, row, above))
            if other < place:
                row.append(rest / above[other])
            elif rest > _LEAST * abs(line[other]) and isfinite(rest):
                row.append(sqrt(rest))
            else:
                return None
        rows.append([*row, *[0.0] * (len(matrix) - len(row))])
    return rows


_LEAST = 1e-12
"""Share of a variance below which what is left of it is rounding."""


def _solved(lower: Matrix, right: Sequence[float]) -> list[float]:
    """Return what a lower triangle takes to a right side."""
    found: list[float] = []
    for line, wanted in zip(lower, right, strict=True):
        found.append((wanted - fsum(map(mul, line, found))) / line[len(found)])
    return found


def as_covariance(rows: object) -> tuple[tuple[Decimal, ...], ...] | None:
    """Return rows as tuples; refuse what has none."""
    if rows is None:
        return None
    # What stands in the rows is looked at once all of it is there.
    found = cast("list[tuple[Decimal, ...]]", all_of_kind("covariance", rows, Sequence, _FAULT))
    return tuple(tuple(row) for row in found)


def is_covariance(
    instance: object,
    attribute: attrs.Attribute[tuple[tuple[Decimal, ...], ...] | None],
    value: tuple[tuple[Decimal, ...], ...] | None,
) -> None:
    """
    Refuse what is no covariance of four logarithms, or `None`.

    Raises:
        InvalidValue: It is none.
    """
    if value is None:
        return
    del instance
    cells = [one for row in cast("tuple[tuple[object, ...], ...]", value) for one in row]
    is_square = [len(row) for row in value] == [4] * 4
    if not is_square or not all(isinstance(one, Decimal) and one.is_finite() for one in cells):
        raise InvalidValue(attribute.name, value, _FAULT)
    if value != tuple(zip(*value, strict=True)):
        raise InvalidValue(attribute.name, value, "rows and columns are the same")
    if root_of([[float(one) for one in row] for row in value]) is None:
        raise InvalidValue(attribute.name, value, "every mixture of the logarithms varies")


def likely_moves(
    covariance: Sequence[Sequence[Decimal]],
    expected: Callable[[Sequence[float]], float],
    deviation: float,
) -> list[tuple[Decimal, tuple[float, ...]]]:
    """
    Return moves of logarithms of parameters that stand for all that they may be, with weights.

    To first order a total follows the parameters in one direction only, that in which it rises
    most; across it, it stays. The moves lie at even distances in that direction, as close as the
    totals given two of them overlap, and are weighted by the heights of a normal curve.

    Args:
        covariance: Of the logarithms.
        expected: The expected total after a move.
        deviation: Standard deviation of the total by chance alone, with known parameters.

    Returns:
        Weights, 1 together, and moves; the middle one is none.
    """
    lower = root_of([[float(one) for one in row] for row in covariance])
    still = (Decimal(1), (0.0,) * len(covariance))
    if lower is None:
        return [still]
    axes = list(zip(*lower, strict=True))
    rises = [
        expected([_TRY * one for one in axis]) - expected([-_TRY * one for one in axis])
        for axis in axes
    ]
    steepest = sqrt(fsum(one * one for one in rises))
    if not steepest:
        return [still]
    way = [fsum(map(mul, row, rises)) / steepest for row in lower]
    apart = _APART
    if deviation > 0.0:
        apart = min(apart, _OVERLAP * deviation * 2.0 * _TRY / steepest)
    side = min(ceil(_FAR / apart), _MOST_STEPS)
    places = [_FAR * place / side for place in range(-side, side + 1)]
    heights = [exp(-place * place / 2.0) for place in places]
    whole = fsum(heights)
    weights = [Decimal(f"{one / whole:.6f}") for one in heights]
    weights[side] = EXACT.subtract(Decimal(1), total_of([*weights[:side], *weights[side + 1 :]]))
    return [
        (weight, tuple(place * one for one in way))
        for weight, place in zip(weights, places, strict=True)
    ]
