"""Correlated sums of parts with many values."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from statistics import NormalDist

from salescore.forecast import Distribution, sum_of


def test_parts_of_many_values_keep_their_mean_on_the_grid() -> None:
    """Neighbours taken together move nothing: the values average what the parts do."""
    normal = NormalDist(27.6, 4.4)
    weights = {
        Decimal(k): round(1e9 * (normal.cdf(k + 0.5) - normal.cdf(k - 0.5))) + 1
        for k in range(2, 54)
    }
    part = Distribution.weighted(weights)
    high = [sum_of([part, part], correlation=rho).quantile(Decimal("0.95")) for rho in RHOS]
    for rho in RHOS[1:-1]:
        found = sum_of([part, part], correlation=rho)
        pairs = zip(found.values, found.weights, strict=True)
        mean = sum(Fraction(value) * weight for value, weight in pairs) / sum(found.weights)
        assert found.step is not None
        assert abs(mean - found.exact_mean) < Fraction(found.step)
    assert high[-1] >= high[0]


RHOS = [Decimal(text) for text in ("0", "0.1", "0.3", "0.5", "0.8", "1")]
