"""Distributions as plain data: what is written is read again, and nothing else is."""

import json
import random
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescore.errors import InvalidDocument
from salescore.forecast import (
    DISTRIBUTION_SCHEMA,
    Distribution,
    distribution_from_data,
    distribution_to_data,
    mixture_of,
    poisson_binomial,
    sum_of,
)
from salescore.values import Rounding

DEAL = Distribution.either(Decimal("100.50"), Decimal("0.25"))
GRID = attrs.evolve(DEAL, step=Decimal("0.5"), moments=(Fraction(70, 3), Fraction(9)))
WEIGHTS = st.dictionaries(
    st.decimals(-(10**9), 10**9, places=3), st.integers(1, 10**30), min_size=1, max_size=9
)


@given(WEIGHTS, st.sampled_from([None, Decimal("0.25")]))
def test_what_is_written_is_read_again(weights: dict[Decimal, int], step: Decimal | None) -> None:
    """A distribution comes back equal from JSON, whether exact or on a grid."""
    one = Distribution.weighted(weights)
    if step is not None:
        moments = (one.exact_mean + Fraction(1, 7), one.exact_variance + Fraction(2, 3))
        one = attrs.evolve(one, step=step, moments=moments)
    assert distribution_from_data(json.loads(json.dumps(distribution_to_data(one)))) == one


def test_its_form() -> None:
    """Numbers are texts of digits; what an exact distribution does not have is left out."""
    assert distribution_to_data(DEAL) == {
        "schema": DISTRIBUTION_SCHEMA,
        "values": ["0", "100.50"],
        "weights": ["3", "1"],
    }
    assert distribution_to_data(GRID) == {
        "schema": DISTRIBUTION_SCHEMA,
        "values": ["0", "100.50"],
        "weights": ["3", "1"],
        "step": "0.5",
        "mean": "70/3",
        "variance": "9",
    }
    assert distribution_to_data(Distribution.certain(Decimal("1E+3")))["values"] == ["1000"]


def test_large_weights_are_written_in_full() -> None:
    """Weights of hundreds of digits are exact too, and so is the last of a correlated sum."""
    exact = poisson_binomial([Decimal(place % 90 + 5) / 100 for place in range(200)])
    beyond = Distribution(values=[Decimal(0), Decimal(1)], weights=[1, 10**5_000])
    grid = sum_of([DEAL] * 30, correlation=Decimal("0.3"))
    for one in (exact, beyond, grid):
        assert distribution_from_data(json.loads(json.dumps(distribution_to_data(one)))) == one


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"values": None}, "'values' is missing"),
        ({"schema": "salescore/distribution/2"}, "schema"),
        ({"color": "red"}, "color"),
        ({"values": ["0", 100]}, "expected a text"),
        ({"values": ["0", "1e3"]}, "plain digits"),
        ({"values": ["0", "NaN"]}, "plain digits"),
        ({"values": ["5", "1"]}, "larger than the one before"),
        ({"values": ["5"]}, "1 values and 2 weights"),
        ({"values": [], "weights": []}, "there is no value"),
        ({"weights": ["3", "0"]}, "whole number from 1 on"),
        ({"weights": ["3", "1.5"]}, "whole number from 1 on"),
        ({"weights": ["3", "-1"]}, "whole number from 1 on"),
        ({"weights": "31"}, "expected a list"),
        ({"step": "0"}, "above 0"),
        ({"mean": None}, "together, or neither"),
        ({"step": None}, "state a step"),
        ({"mean": "7/0"}, "a fraction"),
        ({"mean": "a third"}, "a fraction"),
        ({"mean": "500"}, "the mean lies"),
        ({"variance": "-1"}, "the variance"),
    ],
)
def test_what_is_not_of_its_form_is_refused(change: dict[str, object], fault: str) -> None:
    """Every fault is told with its place; nothing is guessed."""
    data = distribution_to_data(GRID)
    data.update(change)
    data = {key: part for key, part in data.items() if part is not None}
    with pytest.raises(InvalidDocument, match=fault):
        distribution_from_data(data)


@pytest.mark.parametrize("data", [None, [], "x", 5])
def test_what_is_no_object_is_refused(data: object) -> None:
    """A distribution is written as an object."""
    with pytest.raises(InvalidDocument, match="pipeline/total"):
        distribution_from_data(data, "pipeline/total")


def again(one: Distribution) -> Distribution:
    """Return a distribution as it comes back from JSON text."""
    return distribution_from_data(json.loads(json.dumps(distribution_to_data(one))))


LONG = st.dictionaries(
    st.decimals(-(10**20), 10**20, allow_nan=False, allow_infinity=False),
    st.fractions(Fraction(1, 10**40), 10**40, max_denominator=10**40),
    min_size=1,
    max_size=5,
).map(Distribution.weighted)
CHANCES = st.fractions(0, 1)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(LONG, min_size=1, max_size=4),
    CHANCES,
    st.sampled_from([Decimal(0), Decimal("0.3"), Decimal(1)]),
)
def test_whatever_is_made_of_distributions_is_read_again(
    parts: list[Distribution], share: Fraction, correlation: Decimal
) -> None:
    """Sums, mixtures, multiples and grids come back equal, of whatever they are made."""
    whole = sum_of(parts, correlation=correlation)
    case = mixture_of([(share, whole), (1 - share, parts[0])])
    for one in (whole, case, case.scaled(Decimal("-1.1")), whole.rounded(Decimal(7), Rounding.UP)):
        assert again(one) == one


def test_moments_of_thousands_of_digits_are_read_again() -> None:
    """Two hundred chances with long denominators leave moments that are fractions of as many."""
    chance = random.Random(1)  # noqa: S311 - no secrets
    chances = [
        Fraction(chance.randint(1, 10**27), chance.randint(10**27 + 1, 10**28)) for _ in range(200)
    ]
    found = poisson_binomial(chances)
    assert found.exact_variance.denominator > 10**10_000
    assert again(found) == found
    assert again(found.scaled(Decimal(-1))).exact_mean == -found.exact_mean


def test_a_number_of_a_hundred_thousand_digits_is_read_in_a_moment() -> None:
    """A long number is read by its halves, to the last digit, whatever the length."""
    for length in (599, 600, 601, 4_301, 100_000):
        one = Distribution(values=[Decimal(0), Decimal(1)], weights=[1, 7 * 10**length + 3])
        assert again(one) == one
