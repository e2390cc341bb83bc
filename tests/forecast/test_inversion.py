"""The transform that sums of many parts go through, and where they lie."""

import cmath
import math
import random
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.forecast._inversion import convolved, fourier, grid_chances, transform_of
from salescore.forecast._lattice import lattice_chances
from salescore.forecast._near_normal import near_normal_chances, pair_shape, shape_of
from salescore.forecast._summands import (
    Summand,
    condensed,
    conditional,
    summand,
    window_of,
)

CHANCES = st.lists(st.integers(1, 99), min_size=1, max_size=6)


def counts(chances: list[int]) -> list[Summand]:
    """Return things that happen or not, with chances in percent."""
    return [summand((0.0, 1.0), (1 - one / 100, one / 100)) for one in chances]


def direct(chances: list[int]) -> list[float]:
    """Return the chances of their number, one after another."""
    found = [1.0]
    for percent in chances:
        p = percent / 100
        won, lost = [0.0, *(p * one for one in found)], [*((1 - p) * one for one in found), 0.0]
        found = [one + other for one, other in zip(won, lost, strict=True)]
    return found


@pytest.mark.parametrize("size", [1, 2, 8, 64])
def test_the_transform_is_its_definition(size: int) -> None:
    """Each value of the transform is the sum of all, turned by its place."""
    chance = random.Random(size)  # noqa: S311 - no secrets
    values = [complex(chance.random(), chance.random()) for _ in range(size)]
    found = fourier(values)
    for at, one in enumerate(found):
        wanted = sum(
            value * cmath.rect(1, -2 * math.pi * at * place / size)
            for place, value in enumerate(values)
        )
        assert one == pytest.approx(wanted, abs=1e-12)


@given(CHANCES, CHANCES)
def test_two_counts_are_joined_by_the_transform(first: list[int], second: list[int]) -> None:
    """Chances of a sum of counts, by way of the transform, are those of all things together."""
    assert convolved(direct(first), direct(second)) == pytest.approx(
        direct(first + second), abs=1e-14
    )


@given(CHANCES)
def test_a_lattice_is_inverted_exactly(chances: list[int]) -> None:
    """On a lattice the inversion gives every chance, also where nothing dies away."""
    found = grid_chances(counts(chances), 0, 8, 1.0, is_lattice=True, limit=1_000)
    assert found == pytest.approx([*direct(chances), *[0.0] * (7 - len(chances))], abs=1e-14)
    first, walked = lattice_chances(counts(chances), 0.0, 1.0)
    assert first == 0
    assert walked == pytest.approx(direct(chances), abs=1e-14)


def test_a_lumpy_sum_is_not_inverted() -> None:
    """Three things between the cells of a grid do not die away, and that is said."""
    parts = [summand((0.0, place), (0.5, 0.5)) for place in (1.0, 1.37, 2.11)]
    assert grid_chances(parts, 0, 64, 0.1, is_lattice=False, limit=10_000) is None
    many = [summand((0.0, 1.0 + place / 999), (0.5, 0.5)) for place in range(100)]
    assert grid_chances(many, 0, 256, 1.0, is_lattice=False, limit=100) is None


def test_a_sum_that_rises_again_is_not_smooth() -> None:
    """Two hundred amounts of nearly 1 leave combs that a grid of tenths must not smear."""
    parts = [summand((0.0, 1.0 + place * 1e-7), (0.5, 0.5)) for place in range(200)]
    assert grid_chances(parts, 0, 4096, 0.05, is_lattice=False, limit=10**7) is None


@given(st.lists(st.tuples(st.integers(1, 50), st.integers(1, 99)), min_size=1, max_size=9))
def test_no_more_than_a_trace_lies_outside_the_window(stated: list[tuple[int, int]]) -> None:
    """The window of Bernstein holds all but 2E-16, here of sums that can be walked through."""
    parts = [summand((0.0, float(size)), (1 - p / 100, p / 100)) for size, p in stated]
    window = window_of(parts)
    first, walked = lattice_chances(parts, 0.0, 1.0)
    outside = [
        chance
        for place, chance in enumerate(walked, first)
        if not window.low - 1e-9 <= place <= window.high + 1e-9
    ]
    assert sum(outside) < 1e-14
    mean = sum(place * chance for place, chance in enumerate(walked, first))
    assert window.mean == pytest.approx(mean)


def test_cumulants_add() -> None:
    """Mean, variance, third and fourth cumulant of three things are those of their sum."""
    parts = counts([10, 50, 70])
    shape = shape_of(parts)
    chances = direct([10, 50, 70])
    mean = sum(place * chance for place, chance in enumerate(chances))
    second, third, fourth = (
        sum((place - mean) ** power * chance for place, chance in enumerate(chances))
        for power in (2, 3, 4)
    )
    assert shape[:4] == pytest.approx((mean, second, third, fourth - 3 * second**2))


@given(st.lists(st.integers(1, 99), min_size=1, max_size=4), st.floats(-3, 3))
def test_cumulants_given_a_factor_are_those_of_the_parts_given_it(
    chances: list[int], factor: float
) -> None:
    """The quick way for parts of two values agrees with the way for any."""
    share = 0.3
    shift, spread = math.sqrt(share) * factor, math.sqrt(2 * (1 - share))
    cuts = [NormalDist().inv_cdf(1 - one / 100) for one in chances]
    given_it = [
        conditional(one, [cut], shift, spread)
        for one, cut in zip(counts(chances), cuts, strict=True)
    ]
    quick = pair_shape([(1.0, cut, 1) for cut in cuts], shift, spread)
    assert quick == pytest.approx(shape_of(given_it), abs=1e-12)


def test_what_is_sure_moves_a_lattice_as_often_as_it_stands_there() -> None:
    """Three parts that surely come move the sum by three; half a step is shared."""
    sure = summand((0.0, 1.0), (0.0, 1.0), 3)
    assert lattice_chances([sure], 0.0, 1.0) == (3, [1.0])
    assert lattice_chances([sure], 0.5, 1.0) == (3, [0.5, 0.5])


def test_wide_parts_are_joined_by_the_transform() -> None:
    """A part of hundreds of values is added to a lattice as it would be one by one."""
    wide = summand(tuple(map(float, range(200))), (0.005,) * 200)
    first, found = lattice_chances([summand((0.0, 3.0), (0.5, 0.5)), wide], 0.0, 1.0)
    assert first == 0
    assert found == pytest.approx([0.0025] * 3 + [0.005] * 197 + [0.0025] * 3, abs=1e-14)


def test_cumulants_give_a_binomial_within_a_thousandth() -> None:
    """Of 400 things of .3 the chances from four cumulants differ by less than 5E-5."""
    chances = direct([30] * 400)
    first, found = near_normal_chances(shape_of(counts([30] * 400)), 1.0, 400.0)
    for place, chance in enumerate(found, first):
        assert chance == pytest.approx(chances[place], abs=5e-5)
    assert sum(found) == pytest.approx(1)


def test_a_part_of_very_many_values_keeps_its_moments() -> None:
    """Ten thousand values become a few thousand with the same mean and variance."""
    places = [place / 9_999 for place in range(10_000)]
    weights = [1 + (place * 7919) % 13 for place in range(10_000)]
    weights[5_000] = 10_000
    total = sum(weights)
    chances = [weight / total for weight in weights]
    full, found = summand(places, chances), condensed(places, chances)
    assert len(found.places) < 4_096
    assert (found.mean, found.variance) == pytest.approx((full.mean, full.variance))
    assert places[5_000] in found.places
    assert abs(transform_of([found])(20.0) - transform_of([full])(20.0)) < 1e-6
