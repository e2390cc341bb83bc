"""Demand until an order arrives."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.stock.demands import UNITS, demands, dice

from salescore.errors import InvalidNumber, InvalidValue
from salescore.forecast import Distribution
from salescore.stock import lead_time_demand

CLOSE = Decimal("1E-20")


def test_two_dice() -> None:
    """Seven is the most likely sum of two dice: six ways of 36."""
    found = lead_time_demand(dice(6), 2)
    assert found.values == tuple(map(Decimal, range(2, 13)))
    assert found.weights == (1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1)


@settings(max_examples=30)
@given(st.lists(demands(), max_size=5), UNITS)
def test_means_and_variances_add_up(parts: list[Distribution], sure: Decimal) -> None:
    """Of independent demands both add up; a sure one adds no variance."""
    found = lead_time_demand([*parts, sure], len(parts) + 1)
    assert found.exact_mean == sum((one.exact_mean for one in parts), Fraction(sure))
    assert found.exact_variance == sum((one.exact_variance for one in parts), 0)
    assert found.is_exact


def test_an_uncertain_lead_time_mixes_the_sums() -> None:
    """One period or three, at even chances: the mean of both, and the law of total variance."""
    lead = Distribution.weighted({Decimal(1): 1, Decimal(3): 1})
    found = lead_time_demand(dice(6), lead)
    assert found.mean == 7
    assert found.exact_variance == 2 * dice(6).exact_variance + dice(6).exact_mean ** 2 * 1
    assert found.exactly(Decimal(1)) == round(Decimal(1) / 12, 29)


@given(demands(), st.integers(0, 4), st.integers(0, 2))
def test_a_sure_lead_time_may_be_written_as_a_distribution(
    demand: Distribution, lead: int, review: int
) -> None:
    """Certainty is a distribution of one value."""
    sure = Distribution.certain(Decimal(lead))
    found = lead_time_demand(demand, sure, review=review)
    assert found == lead_time_demand(demand, lead, review=review)


def test_no_lead_time_is_no_demand() -> None:
    """What arrives at once need not last."""
    assert lead_time_demand(dice(6), 0) == Distribution.certain(Decimal(0))
    assert lead_time_demand([], 0) == Distribution.certain(Decimal(0))


def test_a_year_of_daily_demand_stays_exact() -> None:
    """Whole units have few sums, however many periods are added."""
    found = lead_time_demand(dice(6), 90)
    assert found.is_exact
    assert len(found.values) == 451
    assert found.exact_mean == 315


def test_demands_that_go_together_vary_more() -> None:
    """A common factor leaves the mean alone and spreads the sum."""
    together = lead_time_demand(dice(2), 2, correlation=Decimal("0.5"))
    apart = lead_time_demand(dice(2), 2)
    assert abs(together.mean - apart.mean) < Decimal("0.01")
    assert together.variance > apart.variance


@pytest.mark.slow
def test_values_without_a_small_common_unit_go_to_a_grid() -> None:
    """Where every sum cannot be worked out, what `sum_of` gives has the same mean."""
    fine = Distribution.weighted({Decimal(one**3) / 1009: 1 for one in range(1, 40)})
    found = lead_time_demand(fine, 6)
    assert abs(found.mean - 6 * fine.mean) < CLOSE * found.mean


@pytest.mark.parametrize(
    ("lead", "fault"),
    [
        (-1, "lead time"),
        (1.5, "lead time"),
        (True, "lead time"),
        (Decimal("2.5"), "whole number of periods"),
        (Decimal("NaN"), "or a Distribution of such numbers"),
        ("2", "lead time"),
        (1001, "lead time"),
        (Distribution.certain(Decimal("1.5")), "whole periods"),
        (Distribution.weighted({Decimal(-1): 1, Decimal(2): 1}), "whole periods"),
        (Distribution.certain(Decimal(5)), "state the demand of as many"),
        (4, "state the demand of as many"),
    ],
)
def test_lead_times_that_are_none_are_refused(lead: object, fault: str) -> None:
    """Whole periods from 0 on, no more than demands are stated for."""
    with pytest.raises(InvalidValue, match=fault):
        lead_time_demand([dice(6)] * 3, lead)  # type: ignore[arg-type]


def test_demands_and_reviews_that_are_none_are_refused() -> None:
    """A demand below 0, a number that is none, a review period below 0."""
    with pytest.raises(InvalidValue, match="never below 0"):
        lead_time_demand(dice(6).shifted(Decimal(-2)), 1)
    with pytest.raises(InvalidNumber):
        lead_time_demand([3], 1)  # type: ignore[list-item]
    with pytest.raises(InvalidValue, match="review period"):
        lead_time_demand(dice(6), 1, review=-1)
