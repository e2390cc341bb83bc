"""When to order, and up to which level."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.stock.demands import ABOVE_ZERO, demands, dice

from salescore.errors import InvalidNumber, InvalidValue
from salescore.forecast import Distribution
from salescore.render import Language
from salescore.stats import normal_quantile
from salescore.stock import (
    LotRules,
    MinMax,
    error_deviation,
    order_up_to,
    reorder_point,
    safety_stock,
)

LEVELS = st.decimals("0.01", "0.99", places=2)


@given(demands(), st.integers(0, 3), LEVELS)
def test_a_reorder_point_is_the_least_value_that_serves(
    demand: Distribution, lead: int, level: Decimal
) -> None:
    """It reaches the service level, and no smaller value of the demand does."""
    found = reorder_point(demand, lead_time=lead, service_level=level)
    assert found.demand.at_most(found.level) >= level
    smaller = [one for one in found.demand.values if one < found.level]
    assert all(found.demand.at_most(one) < level for one in smaller)
    assert found.level == found.demand.quantile(level)
    assert abs(found.safety_stock - (found.level - found.mean)) < Decimal("1E-24")


@given(demands(), LEVELS, LEVELS)
def test_more_service_never_needs_less_stock(
    demand: Distribution, one: Decimal, other: Decimal
) -> None:
    """The level never falls with the service level, the expected shortage never rises."""
    low, high = (
        reorder_point(demand, lead_time=2, service_level=level) for level in sorted((one, other))
    )
    assert low.level <= high.level
    assert low.expected_shortage >= high.expected_shortage


@given(demands(), LEVELS, ABOVE_ZERO)
def test_levels_scale_with_the_unit(demand: Distribution, level: Decimal, factor: Decimal) -> None:
    """In pieces for dozens the level is twelve times as high."""
    once = reorder_point(demand, lead_time=2, service_level=level)
    scaled = reorder_point(demand.scaled(factor), lead_time=2, service_level=level)
    assert scaled.level == once.level * factor


@given(demands(), LEVELS)
def test_an_order_up_to_level_lasts_for_the_review_too(
    demand: Distribution, level: Decimal
) -> None:
    """Two periods of lead time and one of review are three."""
    found = order_up_to(demand, lead_time=2, review=1, service_level=level)
    assert found.level == reorder_point(demand, lead_time=3, service_level=level).level
    assert "order-up-to" in found.method


def test_an_uncertain_lead_time_needs_more_safety() -> None:
    """With the same mean lead time, the level at 95 % is higher."""
    lead = Distribution.weighted({Decimal(1): 1, Decimal(3): 1})
    sure = reorder_point(dice(6), lead_time=2, service_level=Decimal("0.95"))
    unsure = reorder_point(dice(6), lead_time=lead, service_level=Decimal("0.95"))
    assert unsure.mean == sure.mean == 7
    assert unsure.level > sure.level


def test_no_demand_needs_no_stock() -> None:
    """Nothing is demanded, nothing kept."""
    found = reorder_point(Decimal(0), lead_time=3, service_level=Decimal("0.95"))
    assert (found.level, found.safety_stock, found.expected_shortage) == (0, 0, 0)


def test_a_person_reads_the_level_in_both_languages() -> None:
    """Each line names what it tells."""
    found = reorder_point(dice(6), lead_time=1, service_level=Decimal("0.8"))
    assert "Safety stock: 1.50" in found.text()
    assert "安全库存：1.50" in found.text(Language.ZH)


@pytest.mark.parametrize("level", ["0", "1", "-0.1", "1.5", "95"])
def test_service_levels_outside_are_refused(level: str) -> None:
    """A share between 0 and 1, neither of them; 95 is no share."""
    with pytest.raises(InvalidValue, match="between 0 and 1"):
        reorder_point(dice(6), lead_time=1, service_level=Decimal(level))
    with pytest.raises(InvalidValue, match="between 0 and 1"):
        order_up_to(dice(6), lead_time=1, review=1, service_level=Decimal(level))
    with pytest.raises(InvalidValue, match="between 0 and 1"):
        safety_stock(deviation=Decimal(1), lead_time=Decimal(1), service_level=Decimal(level))


def test_a_review_of_no_period_is_refused() -> None:
    """Who may order at any time wants a reorder point."""
    with pytest.raises(InvalidValue, match="use reorder_point"):
        order_up_to(dice(6), lead_time=1, review=0, service_level=Decimal("0.9"))


@settings(max_examples=30)
@given(
    LEVELS,
    st.integers(0, 50).map(Decimal),
    st.integers(0, 9).map(Decimal),
    st.integers(0, 3).map(Decimal),
)
def test_safety_stock_follows_the_formula(
    level: Decimal, deviation: Decimal, lead: Decimal, review: Decimal
) -> None:
    """Four times the periods need twice the safety; service above one half needs some."""
    once = safety_stock(deviation=deviation, lead_time=lead, review=review, service_level=level)
    longer = safety_stock(
        deviation=deviation, lead_time=lead * 4, review=review * 4, service_level=level
    )
    assert abs(longer - 2 * once) < Decimal("1E-24")
    assert once == 0 or (once > 0) == (level > Decimal("0.5"))
    by_factor = max(normal_quantile(level), Decimal(0))
    if level >= Decimal("0.5"):
        assert once == safety_stock(
            deviation=deviation, lead_time=lead, review=review, factor=by_factor
        )


def test_safety_stock_asks_for_one_of_service_level_and_factor() -> None:
    """Neither and both are refused, as is a service level that no normal quantile has."""
    terms = {"deviation": Decimal(1), "lead_time": Decimal(1)}
    with pytest.raises(InvalidValue, match="one of them"):
        safety_stock(**terms)
    with pytest.raises(InvalidValue, match="one of them"):
        safety_stock(**terms, factor=Decimal(1), service_level=Decimal("0.9"))
    with pytest.raises(InvalidValue, match="from 0"):
        safety_stock(**terms, service_level=Decimal("0.9999999999"))
    with pytest.raises(InvalidValue, match="safety factor"):
        safety_stock(**terms, factor=Decimal(-1))


def test_safety_stock_of_a_varying_lead_time_asks_for_the_demand() -> None:
    """Without it the part of the lead time would silently be 0."""
    terms = {"deviation": Decimal(1), "lead_time": Decimal(1), "factor": Decimal(2)}
    with pytest.raises(InvalidValue, match="mean demand"):
        safety_stock(**terms, lead_time_deviation=Decimal(1))
    for name in ("deviation", "lead_time", "mean_demand", "lead_time_deviation", "review"):
        with pytest.raises(InvalidValue, match="below 0"):
            safety_stock(**{**terms, name: Decimal(-1)})


def test_the_deviation_of_errors_is_about_nothing() -> None:
    """A forecast that is always 3 too low errs by 3, though its errors do not vary."""
    pairs = [(Decimal(7), Decimal(10)), (Decimal(5), Decimal(8))]
    assert error_deviation(pairs) == 3
    assert error_deviation([(Decimal(7), Decimal(4)), (Decimal(8), Decimal(12))]) == round(
        Decimal("12.5").sqrt(), 27
    )
    assert error_deviation([]) is None
    with pytest.raises(InvalidValue, match="demand"):
        error_deviation([(Decimal(1), Decimal(-1))])


def test_min_max_orders_up_to_the_maximum() -> None:
    """Above the minimum nothing; at it or below, what is missing, in whole lots."""
    rule = MinMax(minimum=Decimal(20), maximum=Decimal(50))
    assert rule.order(Decimal(21)) == 0
    assert rule.order(Decimal(20)) == 30
    assert rule.order(Decimal(-3)) == 53
    assert rule.order(Decimal(-3), LotRules(lot_size=Decimal(25))) == 75


def test_min_max_of_a_reorder_point() -> None:
    """The maximum is the reorder point and an order quantity above it."""
    level = reorder_point(dice(6), lead_time=1, service_level=Decimal("0.8"))
    assert MinMax.of(level, Decimal(10)) == MinMax(minimum=Decimal(5), maximum=Decimal(15))
    with pytest.raises(InvalidValue, match="quantity"):
        MinMax.of(level, Decimal(0))


@pytest.mark.parametrize(("minimum", "maximum"), [("5", "5"), ("5", "4"), ("-1", "4")])
def test_min_max_that_never_orders_is_refused(minimum: str, maximum: str) -> None:
    """The maximum lies above the minimum, the minimum not below 0."""
    with pytest.raises(InvalidValue):
        MinMax(minimum=Decimal(minimum), maximum=Decimal(maximum))
    with pytest.raises(InvalidNumber):
        MinMax(minimum=Decimal(1), maximum=Decimal("NaN"))
