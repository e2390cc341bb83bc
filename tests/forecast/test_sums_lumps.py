"""Sums of large equal parts and many small ones: round targets have the chance they should have."""

import math
from collections.abc import Sequence
from decimal import Decimal
from statistics import NormalDist

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore.forecast import Distribution, sum_of
from salescore.forecast._lattice import lattice_chances
from salescore.forecast._summands import summand

NORMAL = NormalDist()


def counts(chances: Sequence[float]) -> list[float]:
    """Return the chance of each number of things that happen."""
    found = [1.0]
    for p in chances:
        found = [
            (1 - p) * stays + p * comes
            for stays, comes in zip([*found, 0.0], [0.0, *found], strict=True)
        ]
    return found


def lumps(large: int, chance: str, small: Sequence[int]) -> list[Distribution]:
    """Return deals of a million beside small ones that come with a chance of .4."""
    return [
        *[Distribution.either(Decimal(1_000_000), Decimal(chance))] * large,
        *[Distribution.either(Decimal(one), Decimal("0.4")) for one in small],
    ]


@pytest.mark.parametrize(
    ("large", "chance", "small"),
    [
        (70, "0.3", [100] * 400 + [101] * 2),
        (70, "0.3", [100 + place * 7919 % 51 for place in range(400)]),
        (100, "0.2", [990 + place * 7919 % 3001 for place in range(100)]),
        (167, "0.5", [100] * 333 + [101] * 2),
        (300, "0.01", [99] * 200 + [100] * 2),
    ],
)
def test_a_round_target_has_the_chance_of_as_many_large_deals(
    large: int, chance: str, small: list[int]
) -> None:
    """As small deals never make up a large one, P(≥ k million) is the binomial P(≥ k)."""
    found = sum_of(lumps(large, chance, small))
    assert not found.is_exact
    likely = counts([float(chance)] * large)
    for count in range(large + 1):
        wanted = math.fsum(likely[count:])
        assert float(found.at_least(Decimal(count * 1_000_000))) == pytest.approx(wanted, abs=1e-7)


def test_quantiles_between_large_deals_are_those_of_the_small_ones() -> None:
    """The 45th percentile lies at the large deals it takes, and what small ones add to them."""
    small = [100] * 400 + [101] * 2
    found = sum_of(lumps(70, "0.3", small))
    likely = counts([0.3] * 70)
    rest = sum_of(lumps(0, "0.3", small))
    for p in (0.05, 0.1, 0.25, 0.45, 0.5, 0.75, 0.9):
        count, until = 0, likely[0]
        while until < p:
            count += 1
            until += likely[count]
        within = (p - until + likely[count]) / likely[count]
        wanted = count * 1_000_000 + float(rest.quantile(Decimal(within)))
        assert float(found.quantile(Decimal(p))) == pytest.approx(wanted, rel=0.0005)


def test_large_deals_of_unlike_chances_are_counted_too() -> None:
    """Deals of one amount, each with a chance of its own, are a Poisson-binomial count of it."""
    chances = [Decimal(5 + place * 37 % 90) / 100 for place in range(60)]
    small = [Distribution.either(Decimal(37 + place), Decimal("0.4")) for place in range(150)]
    found = sum_of([*(Distribution.either(Decimal(10**6), one) for one in chances), *small])
    likely = counts([float(one) for one in chances])
    for count in range(61):
        wanted = math.fsum(likely[count:])
        assert float(found.at_least(Decimal(count * 10**6))) == pytest.approx(wanted, abs=1e-7)


def test_several_prices_and_odd_amounts_keep_their_quantiles() -> None:
    """Thirty deals of each of four prices have the quantiles of a lattice of whole units."""
    prices = [(26_768, "0.2"), (5_482, "0.3"), (1_096, "0.4"), (55, "0.5")]
    found = sum_of(
        [Distribution.either(Decimal(price), Decimal(p)) for price, p in prices for _ in range(30)]
    )
    assert not found.is_exact
    exact = {0: 1.0}
    for price, p in prices:
        likely = counts([float(p)] * 30)
        whole: dict[int, float] = {}
        for value, one in exact.items():
            for count, other in enumerate(likely):
                place = value + price * count
                whole[place] = whole.get(place, 0.0) + one * other
        exact = whole
    until = 0.0
    levels = [Decimal(text) for text in ("0.9", "0.5", "0.1")]
    for value in sorted(exact):
        until += exact[value]
        while levels and until >= float(levels[-1]):
            assert float(found.quantile(levels.pop())) == pytest.approx(value, rel=0.0005)


@settings(max_examples=40)
@given(st.lists(st.integers(1, 99), min_size=2, max_size=30), st.floats(0.3, 40.0))
def test_equal_parts_blur_a_lattice_once(chances: list[int], span: float) -> None:
    """The variance of equal parts rises by at most a quarter of a squared step, all together."""
    parts = [summand((0.0, span), (1 - one / 100, one / 100)) for one in chances]
    first, found = lattice_chances(parts, 0.0, 1.0)
    mean = math.fsum([place * one for place, one in enumerate(found, first)])
    variance = math.fsum([(place - mean) ** 2 * one for place, one in enumerate(found, first)])
    assert mean == pytest.approx(sum(part.mean for part in parts))
    wanted = sum(part.variance for part in parts)
    assert wanted - 1e-4 <= variance <= wanted + 0.25 + 1e-4
