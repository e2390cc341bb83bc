"""The interval of a rate is Wilson's."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import InvalidValue
from salescore.stats import ConfidenceInterval, normal_quantile, wilson_interval

COUNTS = st.integers(0, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
LEVELS = st.sampled_from([Decimal(text) for text in ("0.5", "0.8", "0.9", "0.95", "0.99")])


def interval(successes: int, n: int, level: Decimal = Decimal("0.95")) -> ConfidenceInterval:
    """Return the interval of a rate of at least one trial."""
    found = wilson_interval(successes, n, level)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        (81, 263, "0.25529", "0.36621"),
        (15, 148, "0.06239", "0.16049"),
        (0, 20, "0", "0.16113"),
        (1, 29, "0.00611", "0.17176"),
    ],
)
def test_newcombe(successes: int, n: int, low: str, high: str) -> None:
    """The worked examples of Newcombe (1998), table I, method 3, at the digits they are given."""
    found = interval(successes, n)
    assert (round(found.low, 5), round(found.high, 5)) == (Decimal(low), Decimal(high))
    assert found.level == Decimal("0.95")


@pytest.mark.parametrize(("successes", "n"), [(0, 1), (1, 1), (0, 20), (20, 20)])
def test_none_and_all(successes: int, n: int) -> None:
    """Where none or all succeeded the outer bound is exactly 0 or 1, and the other is not."""
    found = interval(successes, n)
    assert (found.low == 0, found.high == 1) == (successes == 0, successes == n)
    assert 0 <= found.low < found.high <= 1


def test_nothing_tried() -> None:
    """Without a trial there is no interval."""
    assert wilson_interval(0, 0) is None


@given(COUNTS.filter(lambda one: one[1] > 0), LEVELS)
def test_the_bounds_solve_the_equation(counts: tuple[int, int], level: Decimal) -> None:
    """At each bound the rate seen lies exactly z standard errors away: Wilson's definition."""
    successes, n = counts
    found = interval(successes, n, level)
    z = Fraction(normal_quantile((1 + level) / 2))
    seen = Fraction(successes, n)
    for bound in (Fraction(found.low), Fraction(found.high)):
        error = (seen - bound) ** 2 - z**2 * bound * (1 - bound) / n
        assert abs(error) < Fraction(1, 10**24)
    assert found.low <= seen <= found.high


@given(COUNTS.filter(lambda one: one[1] > 0))
def test_failures_mirror_successes(counts: tuple[int, int]) -> None:
    """The interval of the failures is that of the successes, seen from 1."""
    successes, n = counts
    one, other = interval(successes, n), interval(n - successes, n)
    assert abs(one.low + other.high - 1) < Decimal("1E-26")


@given(COUNTS.filter(lambda one: one[1] > 0))
def test_a_higher_level_is_wider(counts: tuple[int, int]) -> None:
    """The surer the interval, the wider."""
    one, other = (interval(*counts, Decimal(level)) for level in ("0.9", "0.99"))
    assert other.low <= one.low < one.high <= other.high


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        ("-1", "1", False),
        ("0", "1", False),
        ("-1", "0", False),
        ("1", "2", True),
        ("-2", "-1", True),
    ],
)
def test_zero_on_a_bound_is_inside(low: str, high: str, expected: bool) -> None:  # noqa: FBT001
    """An interval that ends at 0 does not exclude it."""
    found = ConfidenceInterval(low=Decimal(low), high=Decimal(high), level=Decimal("0.95"))
    assert found.excludes_zero is expected


@pytest.mark.parametrize(("successes", "n"), [(-1, 5), (6, 5), (1, 0), (0, -1)])
def test_impossible_counts(successes: int, n: int) -> None:
    """More successes than trials, or fewer than none, are refused."""
    with pytest.raises(InvalidValue, match="between 0 and"):
        wilson_interval(successes, n)


@pytest.mark.parametrize("level", [Decimal(0), Decimal(1), Decimal("NaN"), Decimal(-1), 0.95, 95])
def test_no_level(level: Any) -> None:  # noqa: ANN401 - anything at all
    """A level is a Decimal between 0 and 1; neither a float nor a percentage."""
    with pytest.raises(InvalidValue, match="level"):
        wilson_interval(1, 2, level)
