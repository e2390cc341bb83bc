"""Correlated sums of many parts: with many values each, and with a few that outweigh all others."""

import math
from decimal import Decimal
from statistics import NormalDist

import pytest
from tests.forecast.test_common_factor_grid import covariances, demand

from salescore.forecast import Distribution, sampled_sum_of, sum_of

NORMAL = NormalDist()


@pytest.mark.parametrize("count", [12, 13, 24, 60])
@pytest.mark.parametrize("rho", [Decimal("0.1"), Decimal("0.5"), Decimal("0.95")])
def test_the_spread_does_not_fall_with_one_part_more(count: int, rho: Decimal) -> None:
    """However many months are added, the variance is that of an independent calculation."""
    month = demand(30, 5.5, 1, 65)
    found = sum_of([month] * count, correlation=rho)
    wanted = count * float(month.variance) + covariances([month] * count, float(rho))
    assert float(found.variance) == pytest.approx(wanted, rel=0.001)
    reach = NormalDist(30 * count, math.sqrt(wanted))
    for level in ("0.05", "0.5", "0.95"):
        quantile = float(found.quantile(Decimal(level)))
        assert quantile == pytest.approx(reach.inv_cdf(float(level)), abs=0.05 * reach.stdev)


def test_uneven_months_are_as_wide_as_drawn_ones() -> None:
    """Of months of skewed demand of all sizes, quantiles lie where seeded draws bound them."""
    months = [
        Distribution.weighted(
            {
                Decimal(k): max(round(1e9 * math.exp(-k / mean) * (k + 1)), 1)
                for k in range(int(12 * mean))
            }
        )
        for mean in range(3, 27)
    ]
    rho = Decimal("0.4")
    found = sum_of(months, correlation=rho)
    drawn = sampled_sum_of(months, seed=5, correlation=rho, runs=20_000)
    for level in (Decimal("0.05"), Decimal("0.5"), Decimal("0.95")):
        between = drawn.quantile_between(level, Decimal("0.999"))
        assert between.low - 5 <= found.quantile(level) <= between.high + 5


@pytest.mark.parametrize("rho", [0.05, 0.2])
def test_a_sale_as_large_as_all_others_stands_beside_them(rho: float) -> None:
    """
    Beside thousands of small sales one large one leaves no lumps: chances follow the factor.

    Given the factor the small ones are nearly normal; their mixture is added up here anew.
    """
    count, small, large = 12_000, 100.0, 400_000.0
    parts = [Distribution.either(Decimal(100), Decimal("0.3"))] * count
    parts.append(Distribution.either(Decimal(400_000), Decimal("0.5")))
    found = sum_of(parts, correlation=Decimal(str(rho)))
    assert found.step == 100
    steps, far = 3_000, 7.0
    for place in range(1, 10):
        value = 150_000.0 * place
        wanted = 0.0
        for at in range(-steps, steps + 1):
            factor = far * at / steps
            weight = NORMAL.pdf(factor) * far / steps
            shift, own = math.sqrt(rho) * factor, math.sqrt(1 - rho)
            won = 1 - NORMAL.cdf((NORMAL.inv_cdf(0.7) - shift) / own)
            comes = 1 - NORMAL.cdf(-shift / own)
            sale = NormalDist(
                count * small * won, small * math.sqrt(max(count * won * (1 - won), 1))
            )
            below = (1 - comes) * sale.cdf(value) + comes * sale.cdf(value - large)
            wanted += weight * below
        assert float(found.at_most(Decimal(value))) == pytest.approx(wanted, abs=0.001)


def test_many_small_counts_stand_on_single_units() -> None:
    """Of hundreds of customers who buy seldom, the sum stands on whole purchases or nearly so."""
    customers = [
        Distribution.weighted(
            {Decimal(k): max(round(1e9 * math.exp(-k / mean)), 1) for k in range(25)}
        )
        for mean in [0.3 + place % 9 * 0.05 for place in range(400)]
    ]
    for rho in (Decimal("0.1"), Decimal("0.3")):
        found = sum_of(customers, correlation=rho)
        assert found.step is not None
        assert found.step <= found.deviation / 10
        drawn = sampled_sum_of(customers, seed=11, correlation=rho, runs=10_000)
        for level in (Decimal("0.1"), Decimal("0.9")):
            between = drawn.quantile_between(level, Decimal("0.999"))
            slack = found.step
            assert between.low - slack <= found.quantile(level) <= between.high + slack
