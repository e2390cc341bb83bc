"""Two rates are compared as in the textbooks, and many comparisons are held to more."""

import math
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import InexactResult, InvalidValue
from salescore.stats import RateDifference, holm, normal_quantile, two_rates, wilson_interval

COUNTS = st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
SHARES = st.integers(0, 10_000).map(lambda n: Decimal(n) / 10_000)


def compared(one: tuple[int, int], other: tuple[int, int]) -> RateDifference:
    """Return the comparison of two rates that were both tried."""
    found = two_rates(*one, *other)
    assert found is not None
    return found


def test_z_of_two_rates() -> None:
    """5 of 83 against 12 of 99, the example of statsmodels' manual of proportions_ztest."""
    found = compared((5, 83), (12, 99))
    assert round(found.z, 7) == Decimal("-1.4078304")
    assert round(found.p_value, 7) == Decimal("0.1591813")


def test_the_interval_of_newcombe() -> None:
    """56 of 70 against 48 of 80, Newcombe (1998), table II, example a, method 10."""
    found = compared((56, 70), (48, 80))
    assert found.difference == Decimal("0.2")
    assert (round(found.interval.low, 4), round(found.interval.high, 4)) == (
        Decimal("0.0524"),
        Decimal("0.3339"),
    )
    # The same in statsmodels 0.15.
    assert round(found.interval.low, 12) == Decimal("0.052431472402")
    assert round(found.p_value, 12) == Decimal("0.008045081368")


@pytest.mark.parametrize(("one", "other"), [((0, 5), (0, 9)), ((5, 5), (9, 9)), ((1, 3), (7, 21))])
def test_equal_rates(one: tuple[int, int], other: tuple[int, int]) -> None:
    """Equal rates, also where none or all succeeded, differ by exactly 0, and surely so."""
    found = compared(one, other)
    assert (found.difference, found.z, found.p_value) == (0, 0, 1)
    assert found.interval.low < 0 < found.interval.high


def test_all_against_none() -> None:
    """All of five against none of nine is a difference of 1, and the interval ends there."""
    found = compared((5, 5), (0, 9))
    assert (found.difference, found.interval.high) == (1, 1)
    # z² is n where two rates of 0 and 1 are pooled.
    assert abs(found.z**2 - 14) < Decimal("1E-25")


def test_nobody_tried() -> None:
    """A rate of nobody is compared with nothing."""
    assert two_rates(0, 0, 1, 2) is None
    assert two_rates(1, 2, 0, 0) is None


@given(COUNTS, COUNTS)
def test_z_squared_is_chi_squared(one: tuple[int, int], other: tuple[int, int]) -> None:
    """The square of z is Pearson's chi-squared of the table of two times two."""
    (x, n), (y, m) = one, other
    rows, columns = (n, m), (x + y, n + m - x - y)
    found = compared(one, other)
    if not all(columns):
        assert found.z == 0
        return
    pearson = Fraction(0)
    for row, (a, size) in zip(rows, (one, other), strict=True):
        for column, seen in zip(columns, (a, size - a), strict=True):
            expected = Fraction(row * column, n + m)
            pearson += (seen - expected) ** 2 / expected
    assert abs(Fraction(found.z) ** 2 - pearson) < Fraction(1, 10**23)


@given(COUNTS, COUNTS)
def test_the_p_value_is_the_tail(one: tuple[int, int], other: tuple[int, int]) -> None:
    """The p-value is that of the normal law: as floating point has it, and as its quantile has."""
    found = compared(one, other)
    rough = math.erfc(abs(float(found.z)) / math.sqrt(2))
    assert math.isclose(float(found.p_value), rough, rel_tol=1e-9)
    if Decimal("1E-6") < found.p_value:
        back = normal_quantile(1 - found.p_value / 2)
        assert abs(back - abs(found.z)) < Decimal("1E-19")


@pytest.mark.parametrize("n", [8, 9, 17, 18, 40, 1000, 10**6])
def test_a_far_tail(n: int) -> None:
    """Far out the p-value lies between the bounds of Gordon (1941), however small it is."""
    found = compared((n, n), (0, n))
    z = Fraction(found.z)
    density = (-found.z * found.z / 2).exp() / Decimal(2 * math.pi).sqrt()
    ratio = Fraction(found.p_value / 2 / density)
    close = Fraction(1, 10**14)
    assert z / (1 + z**2) - close < ratio < 1 / z + close
    assert found.p_value > 0


@pytest.mark.parametrize("n", [1, 5, 7, 8, 9, 11, 16])
def test_both_ways_to_the_tail(n: int) -> None:
    """Below and above z = 4, where the way to the tail changes, it inverts the quantile."""
    found = compared((n, n), (0, n))
    assert abs(found.z**2 - 2 * n) < Decimal("1E-25")
    assert abs(normal_quantile(1 - found.p_value / 2) - found.z) < Decimal("1E-19")


@given(COUNTS, COUNTS)
def test_the_other_way_round(one: tuple[int, int], other: tuple[int, int]) -> None:
    """Exchanged, the difference has the other sign, and it is as sure as before."""
    found, back = compared(one, other), compared(other, one)
    assert (back.difference, back.z, back.p_value) == (-found.difference, -found.z, found.p_value)
    assert (back.interval.low, back.interval.high) == (-found.interval.high, -found.interval.low)


@given(COUNTS, COUNTS)
def test_the_interval_lies_within_those_of_the_rates(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    """It encloses the difference, and never reaches beyond what the two intervals allow."""
    found = compared(one, other)
    a, b = wilson_interval(*one), wilson_interval(*other)
    assert a is not None
    assert b is not None
    close = Decimal("1E-26")
    assert found.interval.low < found.difference < found.interval.high or abs(found.difference) == 1
    assert a.low - b.high - close <= found.interval.low
    assert found.interval.high <= a.high - b.low + close


@pytest.mark.parametrize("counts", [(3, 2, 1, 2), (1, 2, 3, 2), (-1, 2, 1, 2)])
def test_impossible_counts(counts: tuple[int, int, int, int]) -> None:
    """More successes than trials, or fewer than none, are refused."""
    with pytest.raises(InvalidValue, match="between 0 and"):
        two_rates(*counts)


def test_holm() -> None:
    """Five p-values, adjusted as statsmodels 0.15 has it."""
    found = holm([Decimal(text) for text in ("0.01", "0.04", "0.03", "0.005", "0.5")])
    assert found == tuple(Decimal(text) for text in ("0.04", "0.09", "0.09", "0.025", "0.5"))


def test_holm_of_few() -> None:
    """One p-value stays what it is; of none there is none; none exceeds 1."""
    assert holm([Decimal("0.04")]) == (Decimal("0.04"),)
    assert holm([]) == ()
    assert holm([Decimal("0.6"), Decimal("0.7")]) == (1, 1)


@given(st.lists(SHARES, max_size=12), SHARES)
def test_holm_steps_down(values: list[Decimal], level: Decimal) -> None:
    """An adjusted value is at most the level just where Holm's steps, smallest first, reject it."""
    rejected: set[int] = set()
    ranked = sorted(range(len(values)), key=values.__getitem__)
    for rank, place in enumerate(ranked):
        if Fraction(values[place]) > Fraction(level) / (len(values) - rank):
            break
        rejected.add(place)
    if level < 1:
        found = {place for place, value in enumerate(holm(values)) if value <= level}
        assert found == rejected


@given(st.lists(SHARES, max_size=12))
def test_holm_keeps_the_order(values: list[Decimal]) -> None:
    """No value falls, equal ones stay equal, and a smaller one does not become the larger."""
    found = holm(values)
    assert all(a <= b <= 1 for a, b in zip(values, found, strict=True))
    pairs = sorted(zip(values, found, strict=True))
    assert all(a[1] <= b[1] and (a[0] < b[0] or a[1] == b[1]) for a, b in pairwise(pairs))


@pytest.mark.parametrize("value", [Decimal("-0.1"), Decimal("1.1"), Decimal("NaN"), 0.5])
def test_no_p_value(value: Any) -> None:  # noqa: ANN401 - anything at all
    """A p-value is a Decimal from 0 to 1."""
    with pytest.raises(InvalidValue, match="p-value"):
        holm([Decimal("0.5"), value])


def test_a_p_value_too_long() -> None:
    """A p-value of more than 1,000 digits cannot be multiplied exactly, and is not rounded."""
    with pytest.raises(InexactResult, match="a multiple of a p-value"):
        holm([Decimal("0." + "3" * 1001)] * 7)
