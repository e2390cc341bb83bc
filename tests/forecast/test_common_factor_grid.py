"""Correlated sums of parts with many values: how fine they stand, and how wide they are."""

import math
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate, pairwise
from statistics import NormalDist

import attrs
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tests.forecast.sample_deals import many
from tests.forecast.test_sums import uncertain

from salescore.forecast import Distribution, sum_of
from salescore.values import Rounding

NORMAL = NormalDist()
RHOS = [Decimal(text) for text in ("0", "0.01", "0.1", "0.3", "0.5", "0.8", "0.95", "0.99", "1")]
LEVELS = [Decimal(text) for text in ("0.75", "0.9", "0.95", "0.99")]


def demand(mean: float, deviation: float, low: int, high: int) -> Distribution:
    """Return demand in whole units that is nearly normal."""
    normal = NormalDist(mean, deviation)
    weights = {
        Decimal(k): round(1e9 * (normal.cdf(k + 0.5) - normal.cdf(k - 0.5))) + 1
        for k in range(low, high)
    }
    return Distribution.weighted(weights)


def covariances(parts: Sequence[Distribution], rho: float, terms: int = 150) -> float:
    """
    Return by how much the variance of a sum exceeds that of independent parts.

    A part is a rising function of a standard normal variable. In Hermite polynomials its n-th
    coefficient is the sum over its jumps of height · φ(cut) · He(n − 1, cut) ÷ √n!; two variables
    of correlation ρ give the covariance Σ ρⁿ · a(n) · b(n).

    Source: Mehler's formula; Lancaster, Some properties of the bivariate normal distribution
    considered in the form of a contingency table, Biometrika 44 (1957).
    """
    rows: list[list[float]] = []
    for part in parts:
        row = [0.0] * terms
        until = list(accumulate(part.weights))[:-1]
        for weight, (low, high) in zip(until, pairwise(part.values), strict=True):
            cut = NORMAL.inv_cdf(weight / part.total)
            height = float(high - low) * NORMAL.pdf(cut)
            before, now = 0.0, 1.0
            for n in range(1, terms + 1):
                row[n - 1] += height * now / math.sqrt(n)
                before, now = now, (cut * now - math.sqrt(n - 1) * before) / math.sqrt(n)
        rows.append(row)
    return math.fsum(
        rho**n * (math.fsum(column) ** 2 - math.fsum([one * one for one in column]))
        for n, column in enumerate(zip(*rows, strict=True), 1)
    )


MONTHS = [demand(27.6, 4.4, 2, 54)] * 2
QUARTER = [demand(100, 30, 1, 250), demand(200, 60, 1, 500), demand(50, 5, 20, 80)]
GRIDS = [sum_of(many(30, seed)).rounded(Decimal(4_000), Rounding.HALF_UP) for seed in (1, 2)]


@pytest.mark.parametrize("rho", RHOS[1:-1])
def test_whole_units_stay_whole_units(rho: Decimal) -> None:
    """A sum of demand in units stands on every unit, and its step says 1."""
    for parts in (MONTHS, QUARTER):
        found = sum_of(parts, correlation=rho)
        assert found.step == 1
        usual = [one for one in found.values if 0.001 < found.at_most(one) < 0.999]
        assert {high - low for low, high in pairwise(usual)} == {1}


def excess(one: Distribution, value: float) -> float:
    """Return by how much a value is exceeded, on average."""
    pairs = zip(one.values, one.weights, strict=True)
    return math.fsum([max(float(at) - value, 0.0) * weight for at, weight in pairs]) / one.total


@pytest.mark.parametrize("parts", [MONTHS, QUARTER, GRIDS], ids=["months", "quarter", "grids"])
def test_what_is_exceeded_rises_with_the_correlation(parts: list[Distribution]) -> None:
    """
    From independent parts to those that rise together more is exceeded, above any value.

    Source: Müller and Stoyan, Comparison Methods for Stochastic Models and Risks (2002), theorem
    3.13.5: normal variables of a larger correlation are larger in the supermodular order.
    """
    whole = sum_of(parts)
    wide = float(whole.deviation)
    bounds = [float(whole.mean) + place * wide for place in (-1, 0, 1, 2)]
    last, spread = [0.0] * len(bounds), Fraction(0)
    for rho in RHOS:
        found = sum_of(parts, correlation=rho)
        more = [excess(found, bound) for bound in bounds]
        assert all(now >= before - 1e-4 * wide for now, before in zip(more, last, strict=True))
        assert found.exact_variance > spread
        assert found.exact_mean == whole.exact_mean
        last, spread = more, found.exact_variance


@pytest.mark.parametrize("rho", ["0.01", "0.3", "0.9"])
@pytest.mark.parametrize(
    ("parts", "within"),
    [(MONTHS, 1e-6), (QUARTER, 1e-6), (GRIDS, 1e-3), (uncertain(3, 14), 5e-3)],
    ids=["months", "quarter", "grids", "many"],
)
def test_the_variance_is_that_of_the_series_of_hermite(
    parts: list[Distribution], within: float, rho: str
) -> None:
    """Variance, as told and as drawn, is that of the covariances worked out another way."""
    found = sum_of(parts, correlation=Decimal(rho))
    wanted = float(sum(one.exact_variance for one in parts)) + covariances(parts, float(rho))
    assert float(found.exact_variance) == pytest.approx(wanted, rel=within)
    drawn = attrs.evolve(found, moments=None)
    assert float(drawn.exact_variance) == pytest.approx(wanted, rel=within)
    assert float(drawn.mean) == pytest.approx(float(found.mean), rel=1e-4)


def test_both_ends_are_reached() -> None:
    """Nearly no correlation is independence; nearly full correlation is rising together."""
    for parts in (MONTHS, MONTHS * 3):
        for rho, end in (("0.000001", "0"), ("0.999", "1")):
            found = sum_of(parts, correlation=Decimal(rho))
            wanted = sum_of(parts, correlation=Decimal(end))
            for level in (Decimal("0.05"), Decimal("0.5"), *LEVELS):
                assert abs(found.quantile(level) - wanted.quantile(level)) <= 2


def test_a_grid_is_as_fine_as_is_asked_for() -> None:
    """About as many points as are asked for stand on the grid, and their distance is its step."""
    parts = [demand(4_000, 700, 1, 8_000), Distribution.either(Decimal(9_000), Decimal("0.3"))]
    for points in (256, 1_024):
        found = sum_of(parts, correlation=Decimal("0.2"), points=points)
        assert found.step is not None
        assert 17_000 / points <= float(found.step) <= 1.1 * 17_000 / points
        assert all((value - found.values[0]) % found.step == 0 for value in found.values)


def test_a_sum_is_no_finer_than_its_parts() -> None:
    """Where parts stand on grids themselves, the step is at least the widest of theirs."""
    coarse = attrs.evolve(MONTHS[0], step=Decimal(6))
    for rho in RHOS:
        assert sum_of([coarse, MONTHS[0]], correlation=rho).step == 6
    wide = [attrs.evolve(one, step=Decimal(90_000)) for one in many(40, 1)]
    assert sum_of(wide).step == 90_000


@settings(max_examples=5, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(
    st.lists(
        st.dictionaries(
            st.integers(-500, 500).map(Decimal), st.integers(1, 99), min_size=25, max_size=30
        ).map(Distribution.weighted),
        min_size=2,
        max_size=3,
    ),
    st.integers(1, 95).map(lambda percent: Decimal(percent) / 100),
)
def test_any_parts_of_many_values_keep_their_moments(
    parts: list[Distribution], rho: Decimal
) -> None:
    """Mean and variance of what is drawn are those that are told, whatever the parts."""
    found = sum_of(parts, correlation=rho)
    drawn = attrs.evolve(found, moments=None)
    assert found.exact_mean == sum(one.exact_mean for one in parts)
    assert float(drawn.mean) == pytest.approx(float(found.mean), abs=1e-5 * float(found.deviation))
    assert float(drawn.variance) == pytest.approx(float(found.variance), rel=1e-4)
    wanted = float(sum(one.exact_variance for one in parts)) + covariances(parts, float(rho))
    assert float(found.exact_variance) == pytest.approx(wanted, rel=1e-3)
    assert sum_of(parts[::-1], correlation=rho) == found


@pytest.mark.parametrize("sign", [-1, 1])
def test_a_rare_value_far_off_may_draw_the_mean_beyond_all_others(sign: int) -> None:
    """What is too rare to be kept still counts in the mean, and the sum is one all the same."""
    far = Decimal(sign * 10**40)
    rare = Distribution.either(far, Fraction(1, 10**30))
    found = sum_of([rare, Distribution.either(Decimal(5), Decimal("0.5"))], correlation=RHOS[3])
    assert found.exact_mean == sign * 10**10 + Fraction(5, 2)
    assert found.quantile(Decimal("0.25")) in (0, 5)
