"""The normal distribution function, and the loss."""

from __future__ import annotations

from decimal import Decimal
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import InvalidValue
from salescore.stats import normal_chance, normal_loss, normal_quantile

NUMBERS = st.decimals(-8, 8, places=3)


@pytest.mark.parametrize(
    ("z", "loss"),
    [("0", "0.39894"), ("1", "0.08332"), ("-1", "1.08332"), ("2", "0.00849"), ("3", "0.00038")],
)
def test_the_loss_is_that_of_the_tables(z: str, loss: str) -> None:
    """The unit normal loss that books on stock tabulate, to five digits after the point."""
    assert round(normal_loss(Decimal(z)), 5) == Decimal(loss)


@given(NUMBERS)
def test_the_chance_is_that_of_the_standard_library(z: Decimal) -> None:
    """To the digits that floats have, `NormalDist` says the same."""
    assert abs(float(normal_chance(z)) - NormalDist().cdf(float(z))) < 1e-14


@given(st.decimals("0.001", "0.999", places=3))
def test_chance_and_quantile_undo_each_other(p: Decimal) -> None:
    """The chance of a quantile is what it is the quantile of."""
    assert abs(normal_chance(normal_quantile(p)) - p) < Decimal("1E-26")


@given(NUMBERS)
def test_what_lies_above_and_below_differs_by_the_number(z: Decimal) -> None:
    """L(-z) - L(z) = z."""
    assert abs(normal_loss(-z) - normal_loss(z) - z) < Decimal("1E-26")


@given(NUMBERS, st.decimals("0.001", 1, places=3))
def test_the_loss_falls(z: Decimal, by: Decimal) -> None:
    """The higher the number, the less lies above it."""
    assert normal_loss(z + by) < normal_loss(z)


def test_the_far_tail_keeps_its_digits() -> None:
    """At 10 the loss is 7.4746E-25, the series of the density over 10² says."""
    assert round(normal_loss(Decimal(10)) * Decimal("1E25"), 4) == Decimal("7.4746")


@pytest.mark.parametrize("z", ["1000.1", "-1E6", "NaN", "Infinity"])
def test_numbers_that_nobody_asks_for_are_refused(z: str) -> None:
    """Beyond 1,000 deviations, and without a number, there is no answer."""
    for function in (normal_chance, normal_loss):
        with pytest.raises(InvalidValue, match="from -1000 to 1000"):
            function(Decimal(z))
