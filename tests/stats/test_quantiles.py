"""A quantile is defined once, and exact."""

from decimal import Decimal, localcontext
from fractions import Fraction
from statistics import median, quantiles

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from salescore.errors import InexactResult, InvalidValue
from salescore.stats import quantile
from salescore.testing import decimals

SHARES = st.decimals(0, 1, allow_nan=False, places=4)
DATA = st.lists(decimals(), min_size=1, max_size=8).map(sorted)


def numbers(*texts: str) -> list[Decimal]:
    """Return decimals."""
    return list(map(Decimal, texts))


@pytest.mark.parametrize(
    ("data", "p", "expected"),
    [
        (numbers("7"), "0.3", "7"),
        (numbers("1", "2"), "0.5", "1.5"),
        (numbers("1", "2", "10"), "0.75", "6"),
        (numbers("1", "2", "3", "4"), "0.25", "1.75"),
        (numbers("1", "2", "3", "4"), "0.9", "3.7"),
        (numbers("3", "5", "5", "9"), "0", "3"),
        (numbers("3", "5", "5", "9"), "1", "9"),
        (numbers("-4", "-2"), "0.1", "-3.8"),
    ],
)
def test_type_seven(data: list[Decimal], p: str, expected: str) -> None:
    """The value at position (n - 1)p, counted from 0, as R's default and Excel's PERCENTILE.INC."""
    assert quantile(data, Decimal(p)) == Decimal(expected)


def test_without_values_it_is_undefined() -> None:
    """No data, no quantile; not 0."""
    assert quantile([], Decimal("0.5")) is None


@pytest.mark.parametrize("p", ["-0.01", "1.01", "NaN", "Infinity", "-Infinity"])
def test_a_share_lies_between_0_and_1(p: str) -> None:
    """Any other share is refused, also where there are no values."""
    for data in ([], numbers("1", "2")):
        with pytest.raises(InvalidValue, match="between 0 and 1"):
            quantile(data, Decimal(p))


def test_the_callers_context_does_not_round_it() -> None:
    """A context of two digits changes nothing."""
    with localcontext() as context:
        context.prec = 2
        found = quantile(numbers("1.2345", "2.3456"), Decimal("0.125"))
    assert found == Decimal("1.3733875")


def test_a_result_that_would_round_is_refused() -> None:
    """Numbers too far apart for 1,000 digits are an error, never a rounded quantile."""
    with pytest.raises(InexactResult, match=r"quantile at 0\.5"):
        quantile(numbers("1E-900", "1E+900"), Decimal("0.5"))


@given(DATA, st.integers(1, 19))
def test_agrees_with_the_standard_library(data: list[Decimal], twentieth: int) -> None:
    """Twentieths of the data are those of `statistics.quantiles(method='inclusive')`."""
    assume(len(data) > 1)
    exact = quantiles(map(Fraction, data), n=20, method="inclusive")[twentieth - 1]
    found = quantile(data, Decimal(twentieth) / 20)
    assert found is not None
    assert Fraction(found) == exact


@given(DATA)
def test_the_half_is_the_median(data: list[Decimal]) -> None:
    """The quantile at one half is the median."""
    found = quantile(data, Decimal("0.5"))
    assert found is not None
    assert Fraction(found) == median(map(Fraction, data))


@given(DATA, SHARES)
def test_lies_between_the_smallest_and_the_largest(data: list[Decimal], p: Decimal) -> None:
    """A quantile never leaves the range of the data."""
    found = quantile(data, p)
    assert found is not None
    assert data[0] <= found <= data[-1]


@given(DATA, SHARES, SHARES)
def test_is_monotone_in_the_share(data: list[Decimal], p: Decimal, q: Decimal) -> None:
    """A larger share never has a smaller quantile."""
    low, high = quantile(data, min(p, q)), quantile(data, max(p, q))
    assert low is not None
    assert high is not None
    assert low <= high
