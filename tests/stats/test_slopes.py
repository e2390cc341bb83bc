"""The slope of Theil and Sen, and its interval, are those of their papers."""

from decimal import Decimal
from fractions import Fraction
from itertools import combinations, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import InvalidValue
from salescore.stats import Slope, fewest_points, median_slope

SEN = [(1, 9), (2, 15), (3, 19), (4, 20), (10, 45), (12, 55), (18, 78)]
VALUES = st.lists(st.integers(-1000, 1000), min_size=5, max_size=14)


def slope(points: list[tuple[int, int]], level: str = "0.95") -> Slope:
    """Return the slope of enough points."""
    found = median_slope(points, Decimal(level))
    assert found is not None
    return found


def numbered(values: list[int]) -> list[tuple[int, int]]:
    """Return values as points, one unit apart."""
    return list(enumerate(values))


def test_the_example_of_sen() -> None:
    """
    Seven points of Sen (1968), section 7: slope 4, bounds 26/7 and 35/8.

    He reads 93 % off a table; counted out, these bounds cover 97 %, the narrowest above 95 %.
    """
    found = slope(SEN)
    assert found.value == 4
    assert (found.interval.low * 7, found.interval.high) == (
        pytest.approx(Decimal(26), abs=Decimal("1E-25")),
        Decimal("4.375"),
    )
    assert (found.n, found.interval.level) == (7, Decimal("0.95"))


def test_the_example_of_hollander_and_wolfe() -> None:
    """Five points of Hollander and Wolfe, example 9.1: the median of ten slopes, -0.05625."""
    rain = [(1, 126), (2, 127), (3, 112), (4, 116), (5, 103)]
    assert slope(rain).value / 100 == Decimal("-0.05625")


@pytest.mark.parametrize("n", [5, 6])
@pytest.mark.parametrize("level", ["0.6", "0.8", "0.95"])
def test_the_interval_covers_what_it_promises(n: int, level: str) -> None:
    """
    Over all orders of n unlike errors it covers the true slope at least as often as it says,
    and one rank further in it would not.
    """
    covered = narrower = orders = 0
    for errors in permutations(range(n)):
        found = slope([(x, 2**error) for x, error in enumerate(errors)], level).interval
        slopes = sorted(
            Fraction(2 ** errors[b] - 2 ** errors[a], b - a) for a, b in combinations(range(n), 2)
        )
        covered += found.low <= 0 <= found.high
        rank = next(
            k for k, one in enumerate(slopes) if Fraction(found.low) <= one + Fraction(1, 10**20)
        )
        inner = slopes[rank + 1 : len(slopes) - rank - 1]
        narrower += bool(inner) and inner[0] <= 0 <= inner[-1]
        orders += 1
    assert covered >= Fraction(level) * orders > narrower


def test_the_normal_law_takes_over_smoothly() -> None:
    """Beyond 60 points the bounds are ranks of the normal law, one rank apart at most."""
    steps = [(x, x * x) for x in range(70)]
    counted, normal = slope(steps[:60]), slope(steps[:61])
    assert counted.interval.low < counted.value < counted.interval.high
    assert normal.interval.low < normal.value < normal.interval.high
    width = [one.interval.high - one.interval.low for one in (counted, normal)]
    assert abs(width[1] / width[0] - 1) < Decimal("0.02")


@given(VALUES, st.integers(-500, 500), st.integers(1, 50), st.integers(-9, 9))
def test_shift_and_scale(values: list[int], shift: int, scale: int, lean: int) -> None:
    """Adding a constant changes nothing, a factor multiplies, a line adds its own slope."""
    plain = slope(numbered(values))
    shifted = slope([(x + 100, y + shift) for x, y in numbered(values)])
    scaled = slope([(x, scale * y) for x, y in numbered(values)])
    leaning = slope([(x, y + lean * x) for x, y in numbered(values)])
    close = Decimal("1E-20")
    assert shifted == plain
    assert abs(scaled.value - scale * plain.value) < close
    assert abs(leaning.value - lean - plain.value) < close
    assert abs(leaning.interval.low - lean - plain.interval.low) < close


@given(VALUES, st.randoms(use_true_random=False))
def test_mirror_and_order(values: list[int], chance: st.DataObject) -> None:
    """Backwards in time the slope has the other sign; the order of the points means nothing."""
    points = numbered(values)
    found = slope(points)
    back = slope([(-x, y) for x, y in points])
    assert (back.value, back.interval.low) == (-found.value, -found.interval.high)
    chance.shuffle(points)  # type: ignore[attr-defined]
    assert slope(points) == found


@given(st.integers(-9, 9), st.integers(-9, 9), st.integers(5, 20))
def test_a_straight_line(lean: int, start: int, n: int) -> None:
    """Points on a line have its slope, and no doubt about it."""
    found = slope([(x, start + lean * x) for x in range(n)])
    assert (found.value, found.interval.low, found.interval.high) == (lean, lean, lean)


def test_one_far_off_point_moves_little() -> None:
    """One order a thousand times as large leaves the slope of eleven other months as it was."""
    months = [(x, 100 + 2 * x) for x in range(12)]
    spiked = [*months[:-1], (11, 100_000)]
    assert slope(spiked).value == 2


@pytest.mark.parametrize(("level", "n"), [("0.5", 3), ("0.9", 4), ("0.95", 5), ("0.99", 6)])
def test_too_few_points(level: str, n: int) -> None:
    """Below so many points not even the outermost slopes reach the level; then there is none."""
    assert fewest_points(Decimal(level)) == n
    points = numbered(list(range(n)))
    assert median_slope(points, Decimal(level)) is not None
    assert median_slope(points[:-1], Decimal(level)) is None
    assert median_slope([], Decimal(level)) is None


def test_two_points_at_one_place() -> None:
    """Two points with the same x have no slope between them."""
    with pytest.raises(InvalidValue, match="same x"):
        median_slope([(1, 1), (1, 2), (2, 2), (3, 3), (4, 4)])
