"""Means of few values, and of values that hang together, with Student's t."""

from decimal import Decimal
from fractions import Fraction
from random import Random
from statistics import NormalDist, mean, stdev
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import InvalidNumber, InvalidValue
from salescore.stats import MeanEstimate, mean_estimate, student_bound

VALUES = st.lists(st.decimals(-100, 100, places=2), min_size=2, max_size=30)


@pytest.mark.parametrize(
    ("level", "degrees", "bound"),
    [
        ("0.95", 1, "12.706"),
        ("0.95", 2, "4.303"),
        ("0.95", 10, "2.228"),
        ("0.99", 5, "4.032"),
        ("0.9", 30, "1.697"),
        ("0.8", 7, "1.415"),
        ("0.95", 120, "1.980"),
    ],
)
def test_the_table_of_student(level: str, degrees: int, bound: str) -> None:
    """Bounds are those of the table that every textbook prints, such as Fisher and Yates'."""
    assert round(student_bound(Decimal(level), degrees), 3) == Decimal(bound)


@given(st.integers(1, 3000), st.sampled_from(["0.5", "0.8", "0.95", "0.99"]))
def test_bounds_shrink_to_the_normal(degrees: int, level: str) -> None:
    """More degrees of freedom never widen the bound, and it stays above that of the normal."""
    here, next_one = (student_bound(Decimal(level), n) for n in (degrees, degrees + 1))
    assert here >= next_one
    assert float(here) >= NormalDist().inv_cdf((1 + float(level)) / 2)


def test_both_ways_meet() -> None:
    """The exact sum up to 1,000 degrees and the expansion beyond agree to nine digits."""
    at, beyond = (student_bound(Decimal("0.95"), n) for n in (1000, 1001))
    assert round(at, 8) == Decimal("1.96233908")
    assert Decimal(0) < at - beyond < Decimal("0.000003")


@given(VALUES, st.sampled_from(["0.8", "0.95"]))
def test_the_textbook_interval(values: list[Decimal], level: str) -> None:
    """Without lags it is mean ± t s ÷ √n, worked out with floating point."""
    found = mean_estimate(values, level=Decimal(level))
    floats = list(map(float, values))
    half = (
        float(student_bound(Decimal(level), len(values) - 1)) * stdev(floats) / len(values) ** 0.5
    )
    assert found.interval is not None
    assert float(found.mean or 0) == pytest.approx(mean(floats), abs=1e-9)
    assert float(found.interval.low) == pytest.approx(mean(floats) - half, abs=1e-6)
    assert float(found.interval.high) == pytest.approx(mean(floats) + half, abs=1e-6)


@given(VALUES, st.randoms(use_true_random=False))
def test_without_lags_order_means_nothing(values: list[Decimal], chance: Any) -> None:  # noqa: ANN401
    """The same values in another order give the same numbers."""
    shuffled = list(values)
    chance.shuffle(shuffled)
    assert mean_estimate(shuffled) == mean_estimate(values)


@given(VALUES, st.integers(0, 40))
def test_lags_never_narrow(values: list[Decimal], lags: int) -> None:
    """Whoever assumes that values hang together is never surer than if they did not."""
    alone, together = mean_estimate(values), mean_estimate(values, lags=lags)
    assert alone.interval is not None
    assert together.interval is not None
    assert together.mean == alone.mean
    slack = Decimal("1E-20")
    assert together.interval.high - together.interval.low >= (
        alone.interval.high - alone.interval.low - slack
    )


Matrix = list[list[Fraction]]


def product(one: Matrix, other: Matrix) -> Matrix:
    """Return the product of two matrices."""
    columns = list(zip(*other, strict=True))
    return [
        [sum((a * b for a, b in zip(row, column, strict=True)), Fraction(0)) for column in columns]
        for row in one
    ]


def trace(of: Matrix) -> Fraction:
    """Return the sum of the diagonal."""
    return sum((of[place][place] for place in range(len(of))), Fraction(0))


@given(st.lists(st.decimals(-100, 100, places=1), min_size=2, max_size=8), st.integers(1, 7))
def test_values_that_hang_together(values: list[Decimal], lags: int) -> None:
    """
    By matrices in fractions: the scale makes the estimate right for sums of independent days.

    With K of max(0, h - |i - j|) and C taking away the mean, x'Kx of sums over h days has mean
    tr(CKCK) and variance 2 tr((CKCK)²), and the mean of the values the variance 1'K1 ÷ n².
    """
    n = len(values)
    h = min(lags, n - 1) + 1
    k = [[Fraction(max(0, h - abs(i - j))) for j in range(n)] for i in range(n)]
    c = [[Fraction(int(i == j)) - Fraction(1, n) for j in range(n)] for i in range(n)]
    q = product(product(c, k), product(c, k))
    x = [[Fraction(one)] for one in values]
    form = trace(
        product(list(map(list, zip(*x, strict=True))), product(product(product(c, k), c), x))
    )
    variance = form * sum(map(sum, k)) / n**2 / trace(q)
    freedom = trace(q) ** 2 // trace(product(q, q))
    found, alone = mean_estimate(values, lags=lags), mean_estimate(values)
    assert found.interval is not None
    assert alone.interval is not None
    half = float(student_bound(Decimal("0.95"), max(1, freedom))) * float(variance) ** 0.5
    width = max(2 * half, float(alone.interval.high - alone.interval.low))
    assert float(found.interval.high - found.interval.low) == pytest.approx(width, abs=1e-9)


def claims(n: int, lags: int, repeats: int, seed: int, shift: float = 0.0) -> float:
    """Return how often the interval of the mean of sums over neighbouring days excludes 0."""
    chance = Random(seed)  # noqa: S311 - made-up values
    found = 0
    for _ in range(repeats):
        days = [chance.gauss(shift, 1) for _ in range(n + lags)]
        values = [Decimal(str(round(sum(days[i : i + lags + 1]), 4))) for i in range(n)]
        interval = mean_estimate(values, lags=lags).interval
        found += interval is not None and interval.excludes_zero
    return found / repeats


@pytest.mark.slow
@pytest.mark.parametrize(
    ("n", "lags"), [(8, 0), (8, 1), (8, 2), (12, 1), (12, 2), (12, 5), (24, 2), (24, 5), (40, 2)]
)
def test_it_errs_as_seldom_as_it_says(n: int, lags: int) -> None:
    """Of 1,500 samples around 0, sums over overlapping days, at most some 5 of 100 exclude 0."""
    assert claims(n, lags, 1500, n + lags) < 0.065  # 5 % and 2½ standard errors
    assert claims(n, 0, 200, n, shift=1.5) > 0.9


def test_few_values() -> None:
    """No values have no mean, one has no interval, equal ones an interval of one point."""
    assert mean_estimate([]) == MeanEstimate(n=0, mean=None, interval=None)
    assert mean_estimate([Decimal(3)]) == MeanEstimate(n=1, mean=Decimal(3), interval=None)
    same = mean_estimate([Decimal(3)] * 4, lags=9).interval
    assert same is not None
    assert (same.low, same.high) == (3, 3)


def test_wrong_arguments() -> None:
    """Lags and degrees are whole numbers, values finite, levels levels."""
    for wrong in (-1, 1.5, True):
        with pytest.raises(InvalidValue, match="lags"):
            mean_estimate([], lags=wrong)  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="degrees"):
        student_bound(Decimal("0.95"), 0)
    with pytest.raises(InvalidValue, match="level"):
        mean_estimate([], level=Decimal(95))
    with pytest.raises(InvalidNumber):
        mean_estimate([Decimal("NaN")])
