"""A rate against a number: the test that belongs to the interval of Wilson."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import InvalidValue
from salescore.stats import one_rate, two_rates, wilson_interval

D = Decimal


def test_a_rate_is_held_against_a_number() -> None:
    """45 of 100 against a half: z is -1 exactly, p is 2 (1 - Φ(1)), the interval Wilson's."""
    found = one_rate(45, 100, D("0.5"))
    assert found is not None
    assert (found.difference, found.z) == (D("-0.05"), D(-1))
    assert round(found.p_value, 10) == D("0.3173105079")
    wilson = wilson_interval(45, 100)
    assert wilson is not None
    assert abs(found.interval.low - (wilson.low - D("0.5"))) < D("1e-27")
    assert abs(found.interval.high - (wilson.high - D("0.5"))) < D("1e-27")


def test_nobody_tried_says_nothing() -> None:
    """Without a case there is no answer; what is no rate between 0 and 1 is refused."""
    assert one_rate(0, 0, D("0.5")) is None
    for rate in (D(0), D(1), D("-0.1"), D("NaN"), 0.5):
        with pytest.raises(InvalidValue, match="between 0 and 1"):
            one_rate(1, 2, rate)  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="successes"):
        one_rate(3, 2, D("0.5"))


@given(st.integers(1, 400), st.data(), st.integers(1, 99))
def test_interval_and_p_value_agree(n: int, data: st.DataObject, percent: int) -> None:
    """The interval leaves 0 out just where the p-value is at most 5 %."""
    successes = data.draw(st.integers(0, n))
    found = one_rate(successes, n, D(percent) / 100)
    assert found is not None
    if abs(found.p_value - D("0.05")) > D("1e-9"):
        assert found.interval.excludes_zero == (found.p_value < D("0.05"))
    assert 0 <= found.p_value <= 1
    assert (found.z > 0) == (found.difference > 0)


def test_a_benchmark_of_endless_cases_is_a_number() -> None:
    """Against a half of very many cases the test of two rates says nearly the same."""
    found, other = one_rate(40, 100, D("0.5")), two_rates(40, 100, 5 * 10**11, 10**12)
    assert found is not None
    assert other is not None
    assert abs(found.difference - other.difference) < D("1e-12")
    assert abs(found.z - other.z) < D("0.1")
