from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import InvalidValue
from salescore.stats import conformal_interval, conformal_places

LEVELS = st.fractions(Fraction(1, 100), Fraction(99, 100), max_denominator=100)


@pytest.mark.parametrize(
    ("n", "level", "places"),
    [(9, "0.8", (0, 8)), (8, "0.8", None), (39, "0.95", (0, 38)), (38, "0.95", None)],
)
def test_how_many_errors_an_interval_needs(
    n: int, level: str, places: tuple[int, int] | None
) -> None:
    """80 % take nine errors, 95 % thirty-nine: 2 ÷ α - 1."""
    assert conformal_places(n, Fraction(level)) == places


@given(st.integers(0, 500), LEVELS)
def test_the_chance_between_two_errors_is_at_least_the_level(n: int, level: Fraction) -> None:
    """Between two of n errors lies their share of the n + 1 gaps, and no gap more than needed."""
    found = conformal_places(n, level)
    if found is None:
        assert (n + 1) * (1 - level) < 2
        return
    low, high = found
    share = Fraction(high - low, n + 1)
    assert level <= share < level + Fraction(2, n + 1)


def test_an_interval_takes_the_errors_at_the_places() -> None:
    """Of nine errors 80 % lie from the first to the last."""
    errors = [float(one) for one in range(9)]
    assert conformal_interval(errors, Fraction(4, 5)) == (0.0, 8.0)
    assert conformal_interval(errors[:8], Fraction(4, 5)) is None


@pytest.mark.parametrize("level", [Fraction(0), Fraction(1), Fraction(-1)])
def test_a_level_lies_between_0_and_1(level: Fraction) -> None:
    """Certainty is not to be had from errors."""
    with pytest.raises(InvalidValue, match="level"):
        conformal_places(10, level)
