"""Sums of parts that depend on one common factor."""

import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from statistics import NormalDist

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.forecast.sample_deals import deals, many

from salescore.forecast import Distribution, mixture_of, poisson_binomial, sum_of

NORMAL = NormalDist()
LEVELS = [Decimal(one) / 10 for one in range(1, 10)]
AMOUNTS = st.integers(1, 1000).map(Decimal)
PERCENT = st.integers(1, 99).map(lambda percent: Decimal(percent) / 100)


def simpson(of: Callable[[float], float], low: float, high: float, cells: int = 2_000) -> float:
    """Return an integral by Simpson's rule."""
    step = (high - low) / cells
    inner = sum((4 if place % 2 else 2) * of(low + place * step) for place in range(1, cells))
    return step / 3 * (of(low) + inner + of(high))


def both_below(h: float, k: float, correlation: float) -> float:
    """
    Return the chance that two standard normal variables lie below h and k.

    Source: Plackett, A reduction formula for normal multivariate integrals, Biometrika 41 (1954):
    the derivative of that chance by the correlation is the density. With r = sin(t).
    """

    def density(t: float) -> float:
        return math.exp(-(h * h + k * k - 2 * h * k * math.sin(t)) / (2 * math.cos(t) ** 2))

    more = simpson(density, 0.0, math.asin(correlation)) / (2 * math.pi)
    return NORMAL.cdf(h) * NORMAL.cdf(k) + more


@pytest.mark.parametrize("correlation", ["0.01", "0.2", "0.5", "0.9", "0.99", "0.999"])
@pytest.mark.parametrize(("p", "q"), [("0.3", "0.6"), ("0.05", "0.02"), ("0.95", "0.1")])
def test_two_deals_are_won_together_as_two_normal_variables_exceed_bounds(
    p: str, q: str, correlation: str
) -> None:
    """The chance of both deals is that of the bivariate normal distribution, by Plackett."""
    found = sum_of(
        [Distribution.either(Decimal(1), Decimal(p)), Distribution.either(Decimal(2), Decimal(q))],
        correlation=Decimal(correlation),
    )
    wanted = both_below(NORMAL.inv_cdf(float(p)), NORMAL.inv_cdf(float(q)), float(correlation))
    assert float(found.exactly(Decimal(3))) == pytest.approx(wanted, abs=1e-7)
    covariance = wanted - float(p) * float(q)
    alone = sum_of(
        [Distribution.either(Decimal(1), Decimal(p)), Distribution.either(Decimal(2), Decimal(q))]
    )
    more = float(found.exact_variance - alone.exact_variance)
    assert more == pytest.approx(4 * covariance, abs=1e-7)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(AMOUNTS, PERCENT), min_size=2, max_size=6),
    st.integers(1, 98).map(lambda percent: Decimal(percent) / 100),
)
def test_the_mean_stays_and_the_variance_rises(
    stated: list[tuple[Decimal, Decimal]], correlation: Decimal
) -> None:
    """Correlation leaves the mean as it is, exactly, and never narrows what rises together."""
    parts = [Distribution.either(amount, chance) for amount, chance in stated]
    alone, found = sum_of(parts), sum_of(parts, correlation=correlation)
    more = sum_of(parts, correlation=correlation + Decimal("0.01"))
    together = sum_of(parts, correlation=Decimal(1))
    assert found.exact_mean == alone.exact_mean == together.exact_mean
    assert alone.exact_variance <= found.exact_variance
    # Near 1 the covariances do not rise any more; what is left is the error of the rule, 1E-9.
    assert float(found.exact_variance) <= float(more.exact_variance) * (1 + 1e-8)
    assert float(more.exact_variance) <= float(together.exact_variance) * (1 + 1e-6)
    drawn = attrs.evolve(found, moments=None)
    assert float(drawn.mean) == pytest.approx(float(found.mean), rel=1e-6)
    assert float(drawn.variance) == pytest.approx(float(found.variance), rel=1e-5)
    assert sum_of(parts[::-1], correlation=correlation) == found


@given(st.lists(st.tuples(AMOUNTS, PERCENT), min_size=2, max_size=6), PERCENT)
def test_quantiles_add_where_all_rise_together(
    stated: list[tuple[Decimal, Decimal]], p: Decimal
) -> None:
    """At a correlation of 1 a quantile of the sum is the sum of the quantiles."""
    parts = [Distribution.either(amount, chance) for amount, chance in stated]
    found = sum_of(parts, correlation=Decimal(1))
    assert found.is_exact
    assert found.quantile(p) == sum(one.quantile(p) for one in parts)
    assert found.exact_mean == sum(one.exact_mean for one in parts)


def test_five_deals_that_go_together() -> None:
    """The five deals keep their mean of 239; a factor of .2 widens them."""
    found = sum_of(deals(), correlation=Decimal("0.2"))
    assert found.mean == 239
    assert found.values == sum_of(deals()).values
    assert found.exactly(Decimal(0)) > sum_of(deals()).exactly(Decimal(0))
    assert found.exactly(Decimal(550)) > sum_of(deals()).exactly(Decimal(550))
    tiny = sum_of(deals(), correlation=Decimal("0.000001"))
    for value in tiny.values:
        gap = tiny.at_least(value) - sum_of(deals()).at_least(value)
        assert abs(gap) < Decimal("0.00001")


@pytest.mark.parametrize("correlation", ["0.05", "0.3", "0.7"])
def test_the_share_of_very_many_deals_is_that_of_the_factor(correlation: str) -> None:
    """
    Of very many equal deals the share won follows the limit that is known in closed form.

    Source: Vasicek, Loan portfolio value, Risk (December 2002): P(share ≤ x) =
    Φ((√(1 − ρ) Φ⁻¹(x) − Φ⁻¹(p)) ÷ √ρ).
    """
    rho, chance, count = float(correlation), 0.3, 10_000
    found = poisson_binomial([Decimal("0.3")] * count, correlation=Decimal(correlation))
    for share in (0.05, 0.1, 0.2, 0.3, 0.5, 0.7):
        part = math.sqrt(1 - rho) * NORMAL.inv_cdf(share) - NORMAL.inv_cdf(chance)
        wanted = NORMAL.cdf(part / math.sqrt(rho))
        half = Decimal(1) / 2
        value = Decimal(int(share * count)) + half
        assert float(found.at_most(value)) == pytest.approx(wanted, abs=0.002)


@pytest.mark.parametrize("correlation", ["0.1", "0.5"])
def test_many_deals_and_few_agree_on_the_way_between(correlation: str) -> None:
    """Cumulants, inversion and lattice give the same chances where two of them apply."""
    chances = [Decimal(10 + place % 80) / 100 for place in range(120)]
    found = poisson_binomial(chances, correlation=Decimal(correlation))
    rho = float(correlation)
    cuts = [NORMAL.inv_cdf(1 - float(one)) for one in chances]
    wanted = [0.0] * 121
    steps, far = 200, 7.0
    for place in range(-steps, steps + 1):
        factor = far * place / steps
        weight = NORMAL.pdf(factor) * far / steps
        counts = [1.0]
        for cut in cuts:
            p = NORMAL.cdf((math.sqrt(rho) * factor - cut) / math.sqrt(1 - rho))
            won, lost = [0.0, *(p * one for one in counts)], [(1 - p) * one for one in counts]
            counts = [one + other for one, other in zip(won, [*lost, 0.0], strict=True)]
        for wins, one in enumerate(counts):
            wanted[wins] += weight * one
    until = 0.0
    for wins, one in enumerate(wanted):
        until += one
        assert float(found.at_most(Decimal(wins))) == pytest.approx(until, abs=2e-4)


@pytest.mark.parametrize("correlation", ["0.2", "0.9"])
@pytest.mark.parametrize("count", [40, 150, 500])
def test_a_grid_of_correlated_deals_keeps_its_moments(count: int, correlation: str) -> None:
    """What stands on the grid has the mean and variance of the parts and their factor."""
    found = sum_of(many(count, 8), correlation=Decimal(correlation))
    drawn = attrs.evolve(found, moments=None)
    assert float(drawn.mean) == pytest.approx(float(found.mean), rel=5e-5)
    assert float(drawn.deviation) == pytest.approx(float(found.deviation), rel=5e-4)


def test_parts_of_many_values_depend_on_the_factor_too() -> None:
    """Demand of several values rises with the factor as a whole, not only between two."""
    demand = Distribution.weighted({Decimal(value): 10 - value for value in range(10)})
    alone = sum_of([demand] * 40)
    found = sum_of([demand] * 40, correlation=Decimal("0.3"))
    together = sum_of([demand] * 40, correlation=Decimal(1))
    assert found.exact_mean == alone.exact_mean == 40 * demand.exact_mean
    assert alone.exact_variance < found.exact_variance < together.exact_variance
    assert together.exact_variance == 1600 * demand.exact_variance
    assert together.values == tuple(Decimal(40 * value) for value in range(10))


def test_grids_rise_together() -> None:
    """Where parts stand on a grid, so does their sum at a correlation of 1, and knows its mean."""
    grid = attrs.evolve(
        Distribution.weighted({Decimal(0): 1, Decimal(4): 1}),
        step=Decimal(2),
        moments=(Fraction(9, 4), Fraction(5)),
    )
    found = sum_of([grid, grid, Distribution.certain(Decimal(1))], correlation=Decimal(1))
    assert found.values == (Decimal(1), Decimal(9))
    assert (found.step, found.exact_mean) == (Decimal(2), Fraction(11, 2))


def test_a_mixture_of_correlated_sums_is_one_too() -> None:
    """Grids of different widths mix; the chances are those of the cases."""
    first = sum_of(many(40, 1), correlation=Decimal("0.2"))
    second = sum_of(many(60, 2), correlation=Decimal("0.2"))
    half = Decimal("0.5")
    mixed = mixture_of([(half, first), (half, second)])
    value = first.quantile(half)
    wanted = (first.at_least(value) + second.at_least(value)) / 2
    assert abs(mixed.at_least(value) - wanted) < Decimal("1E-20")
    assert mixed.exact_mean == (first.exact_mean + second.exact_mean) / 2
