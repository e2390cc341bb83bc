"""Sums of parts by drawing from them: seeded, and with the error that drawing leaves."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate
from math import ceil, floor, sqrt
from random import Random
from statistics import NormalDist

import attrs

from salescore.errors import InvalidValue
from salescore.forecast._dependents import cuts_of
from salescore.forecast._distribution import Band, Distribution
from salescore.forecast._numbers import as_chance, from_units, root
from salescore.forecast._pipeline_checks import each_of
from salescore.forecast._summands import Part, parts_of

_INDEPENDENT = Decimal(0)
_RUNS, _FEWEST, _MOST = 10_000, 100, 1_000_000
_SURE = Decimal("0.95")
_BITS = 53
_NORMAL = NormalDist()


@attrs.frozen(kw_only=True)
class Sampled:
    """
    What a sum came to in a number of runs, each of which draws every part once.

    Attributes:
        distribution: What the runs came to, each with the same weight.
        runs: Number of runs.
        seed: What chance began with; the same gives the same again.
    """

    distribution: Distribution
    runs: int
    seed: int

    @property
    def standard_error(self) -> Decimal:
        """Return the standard error of the mean, in the unit of the values."""
        return root(self.distribution.exact_variance / (self.runs - 1))

    def quantile_between(self, p: Decimal, level: Decimal = _SURE) -> Band:
        """
        Return between which values a quantile of the sum lies, by the order of the runs.

        Args:
            p: Chance of the quantile, from 0 to 1.
            level: How sure the interval is to hold it, above 0 and below 1.

        Raises:
            InvalidNumber: One of the two is no Decimal.
            InvalidValue: One of the two lies outside, or the runs are too few for so far a
                quantile.

        Source:
            Order statistics, by the normal approximation of how many runs lie below: Conover,
            Practical nonparametric statistics, 3rd ed. (1999), 3.2.
        """
        share, sure = as_chance(p), as_chance(level)
        if sure in (0, 1):
            raise InvalidValue("level", level, "it lies above 0 and below 1")
        reach = _NORMAL.inv_cdf(float((1 + sure) / 2))
        spread = reach * sqrt(float(self.runs * share * (1 - share)))
        centre = float(self.runs * share)
        first, last = floor(centre - spread), ceil(centre + spread) + 1
        if first < 1 or last > self.runs:
            fault = f"{self.runs:,} runs do not bound it; draw more, or ask nearer the middle"
            raise InvalidValue("p", p, fault)
        low, high = (
            self.distribution.quantile(Fraction(rank, self.runs)) for rank in (first, last)
        )
        return Band(low=low, high=high, level=level)


def sampled_sum_of(
    parts: Iterable[Distribution],
    *,
    seed: int,
    correlation: Decimal = _INDEPENDENT,
    runs: int = _RUNS,
) -> Sampled:
    """
    Return what the sum of parts comes to in a number of runs.

    `sum_of` says the same without chance, and faster; this one is to hold it against, and for
    whoever has to show that both agree.

    Args:
        parts: The parts, in this order; none gives what is sure to be 0.
        seed: What chance begins with, a whole number from 0.
        correlation: Of the common factor, from 0 to 1, as in `sum_of`.
        runs: How often every part is drawn, from 100 to 1,000,000; the error of the mean falls with
            their square root.

    Returns:
        The runs, the same for the same seed, parts and Python from 3.11 on.

    Raises:
        InvalidNumber: The correlation is no Decimal.
        InvalidValue: The seed, the correlation or the number of runs lies outside, or a part is no
            distribution.

    Examples:
        >>> deal = Distribution.either(Decimal(100), Decimal("0.5"))
        >>> found = sampled_sum_of([deal] * 4, seed=7, runs=400)
        >>> abs(found.distribution.mean - 200) < 4 * found.standard_error
        True

    Source:
        As `sum_of`.
    """
    share = as_chance(correlation, "correlation")
    for thing, value, least, most in (
        ("seed", seed, 0, None),
        ("runs", runs, _FEWEST, _MOST),
    ):
        if type(value) is not int or value < least or (most is not None and value > most):
            until = "" if most is None else f" to {most:,}"
            fault = f"expected a whole number from {least}{until}"
            raise InvalidValue(thing, value, fault)
    moving, sure, exponent = parts_of(each_of("parts", parts, Distribution, "distributions"))
    chance = Random(seed)  # noqa: S311 - chance, no secret
    draw = _together(moving, chance, float(share)) if share else _alone(moving, chance)
    found = Counter(draw() for _ in range(runs))
    return Sampled(
        distribution=Distribution.weighted(
            {from_units(sure + value, exponent): times for value, times in found.items()}
        ),
        runs=runs,
        seed=seed,
    )


def _until(parts: Iterable[Part]) -> Iterator[tuple[Part, list[int]]]:
    for one in parts:
        yield one, list(accumulate(one.weights))


def _alone(parts: Iterable[Part], chance: Random) -> Callable[[], int]:
    """Return what draws a sum of parts, each on its own, in whole numbers throughout."""
    known = [(one.values, until, one.total) for one, until in _until(parts)]

    def draw() -> int:
        found = 0
        for values, until, total in known:
            place = int(chance.random() * 2**_BITS) * total >> _BITS
            found += values[bisect_right(until, place)]
        return found

    return draw


def _together(parts: Iterable[Part], chance: Random, share: float) -> Callable[[], int]:
    """Return what draws a sum of parts that go with one common factor."""
    known = [(one.values, cuts_of(one)) for one in parts]
    common, own = sqrt(share), sqrt(1 - share)

    def normal() -> float:
        # 0, which has no normal value, counts as half the next.
        return _NORMAL.inv_cdf(chance.random() or 2.0 ** -(_BITS + 1))

    def draw() -> int:
        factor = common * normal()
        found = 0
        for values, cuts in known:
            found += values[bisect_left(cuts, factor + own * normal())]
        return found

    return draw
