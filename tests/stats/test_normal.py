"""The quantiles of the normal distribution are those of the tables, to 28 digits."""

from decimal import Decimal
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import InvalidValue
from salescore.stats import normal_quantile

SHARES = st.decimals(Decimal("1E-9"), 1 - Decimal("1E-9"), places=9)


@pytest.mark.parametrize(
    ("p", "expected"),
    [
        ("0.5", "0"),
        ("0.975", "1.959963984540054235524594431"),
        ("0.995", "2.575829303548900760978576749"),
        ("0.025", "-1.959963984540054235524594431"),
    ],
)
def test_published_quantiles(p: str, expected: str) -> None:
    """The usual quantiles have the digits that tables of high precision print."""
    assert normal_quantile(Decimal(p)) == Decimal(expected)


@given(SHARES)
def test_it_is_symmetric_and_what_the_standard_library_says(p: Decimal) -> None:
    """
    The quantile of 1 - p is that of p with the other sign; floating point agrees as far as
    it reaches.
    """
    found = normal_quantile(p)
    assert normal_quantile(1 - p) == -found
    assert float(found) == pytest.approx(NormalDist().inv_cdf(float(p)), rel=1e-7, abs=1e-9)


@given(SHARES, SHARES)
def test_it_rises(one: Decimal, other: Decimal) -> None:
    """The larger the probability, the larger the quantile."""
    assert (one < other) == (normal_quantile(one) < normal_quantile(other))


@pytest.mark.parametrize("p", ["0", "1", "-0.1", "NaN", "1E-10", "0.9999999999"])
def test_beyond_the_bounds(p: str) -> None:
    """What is no probability, or so near to 0 or 1 that nobody can mean it, is refused."""
    with pytest.raises(InvalidValue, match="lies between"):
        normal_quantile(Decimal(p))
