"""Sums and mixtures of distributions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

import attrs

from salescore.errors import InvalidValue
from salescore.forecast._common_factor import aligned_sum, correlated_sum
from salescore.forecast._convolution import exact_chances
from salescore.forecast._distribution import Distribution
from salescore.forecast._distribution_checks import listed, paired
from salescore.forecast._grid import drawn, grid_sum
from salescore.forecast._numbers import as_chance, as_decimal, from_units, whole
from salescore.forecast._summands import Part, parts_of, sum_moments, widest_step

_INDEPENDENT = Decimal(0)
_SEVERAL = "distributions"
_FEWEST_POINTS, _MOST_POINTS = 256, 65_536


def mixture_of(parts: Iterable[tuple[Decimal | Fraction, Distribution]]) -> Distribution:
    """
    Return the distribution of what is one of several, each with a chance.

    Args:
        parts: Chance from 0 to 1 and distribution of each case; a case of chance 0 is left out.

    Returns:
        Values of all cases; on a grid where one of the cases is, of the widest step.

    Raises:
        InvalidValue: The chances do not add up to 1 exactly.
    """
    stated = paired("cases of a mixture", parts, "a chance and a Distribution")
    cases = [(as_chance(chance), as_distribution(one)) for chance, one in stated]
    if sum((chance for chance, _ in cases), Fraction(0)) != 1:
        total = as_decimal(sum((chance for chance, _ in cases), Fraction(0)))
        raise InvalidValue("sum of the chances of a mixture", total, "they add up to 1 exactly")
    cases = [(chance, one) for chance, one in cases if chance]
    shares = whole([chance / one.total for chance, one in cases])
    found: defaultdict[Decimal, int] = defaultdict(int)
    for share, (_, one) in zip(shares, cases, strict=True):
        for value, weight in zip(one.values, one.weights, strict=True):
            found[value] += share * weight
    mixed = Distribution.weighted(found)
    steps = [one.step for _, one in cases if one.step is not None]
    if not steps:
        return mixed
    mean = sum((chance * one.exact_mean for chance, one in cases), Fraction(0))
    square = sum(
        (chance * (one.exact_variance + one.exact_mean**2) for chance, one in cases), Fraction(0)
    )
    return attrs.evolve(mixed, step=max(steps), moments=(mean, square - mean**2))


def sum_of(
    parts: Iterable[Distribution], *, correlation: Decimal = _INDEPENDENT, points: int = 4096
) -> Distribution:
    """
    Return the distribution of the sum of parts.

    Independent parts are added value by value, exactly, while the sum has at most some 20,000
    values.
    Beyond that the sum stands on a grid: its characteristic function is inverted where it dies
    away, as that of many parts does, and otherwise the parts are added on a lattice.
    Mean and variance stay those of the parts to the last digit.
    On a grid chances below 1E-12 are not told apart from 0.

    Correlation is that of one common factor, as a market is: each part goes with a standard normal
    variable, two of which correlate so.
    Given the factor the parts are independent; the sum is a mean over values of the factor.
    At 1 all parts rise together, so that their quantiles add up.
    The mean of the sum is the same whatever the correlation.

    Args:
        parts: The parts, in any order; none gives what is sure to be 0.
        correlation: From 0, independent, to 1.
        points: About how many values a grid has, from 256 to 65,536; it is made finer where a
            share of 1/2,000 of a low quantile asks for it.

    Raises:
        InvalidValue: The correlation or the number of points lies outside.

    Examples:
        >>> deal = Distribution.either(Decimal(100), Decimal("0.5"))
        >>> sum_of([deal, deal]).exactly(Decimal(100))
        Decimal('0.5')

    Source:
        One common factor: Vasicek, Loan portfolio value, Risk (December 2002).
    """
    share = as_chance(correlation, "correlation")
    if type(points) is not int or not _FEWEST_POINTS <= points <= _MOST_POINTS:
        fault = f"a whole number, it lies from {_FEWEST_POINTS} to {_MOST_POINTS}"
        raise InvalidValue("number of points", points, fault)
    moving, sure, exponent = parts_of(
        [as_distribution(one) for one in listed("parts", parts, _SEVERAL)]
    )
    if not moving:
        return Distribution.certain(from_units(sure, exponent))
    if len(moving) == 1:
        return moving[0].whole.shifted(from_units(sure, exponent))
    if share == 1:
        return aligned_sum(moving, sure, exponent)
    if share:
        return correlated_sum(moving, sure, exponent, float(share), points)
    return _independent_sum(moving, sure, exponent, points)


def _independent_sum(parts: Sequence[Part], sure: int, exponent: int, points: int) -> Distribution:
    mean, variance = sum_moments(parts, exponent)
    moments = (mean + sure * Fraction(10) ** exponent, variance)
    widest = widest_step(parts)
    exact = exact_chances(parts)
    if exact is None:
        origin = sure + sum([one.values[0] for one in parts])
        found, step = grid_sum(parts, origin, points)
        return drawn(found, step, exponent, moments, widest)
    values = sorted(exact)
    return Distribution(
        values=[from_units(value + sure, exponent) for value in values],
        weights=[exact[value] for value in values],
        step=widest,
        moments=None if widest is None else moments,
    )


def poisson_binomial(
    chances: Iterable[Decimal | Fraction], *, correlation: Decimal = _INDEPENDENT
) -> Distribution:
    """
    Return the distribution of how many of several things happen, each with a chance of its own.

    Args:
        chances: From 0 to 1, one for each thing; none gives what is sure to be 0.
        correlation: Of the one common factor on which they depend alike, as in `sum_of`.

    Returns:
        Counts; exact for up to about 300 independent things whose chances have two
        digits.

    Raises:
        InvalidValue: A chance or the correlation lies outside 0 to 1.

    Examples:
        >>> poisson_binomial([Decimal("0.5"), Decimal("0.5")]).exactly(Decimal(1))
        Decimal('0.5')
    """
    one = Decimal(1)
    several = listed("chances", chances, "decimals from 0 to 1")
    return sum_of([Distribution.either(one, part) for part in several], correlation=correlation)


def as_distribution(found: object) -> Distribution:
    """Return a distribution unchanged; refuse whatever is none."""
    if not isinstance(found, Distribution):
        fault = f"expected a Distribution, not a {type(found).__name__}"
        raise InvalidValue("part", found, f"{fault}; Distribution.certain takes a sure value")
    return found
