"""What a stock risks."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from tests.stock.demands import ABOVE_ZERO, UNITS, demands, dice

from salescore.errors import InvalidNumber, InvalidValue
from salescore.forecast import Distribution
from salescore.render import Language
from salescore.stock import stock_risk

CLOSE = Decimal("1E-24")


def test_a_stock_against_a_die() -> None:
    """Four units against one to six: short of 1 or 2 at a third, left over 1 to 3 at a half."""
    risk = stock_risk(Decimal(4), dice(6), tolerated=Decimal(1))
    assert risk.shortage_chance == round(Decimal(1) / 3, 28)
    assert risk.expected_shortage == Decimal("0.5")
    assert risk.expected_excess == 1
    assert risk.excess_chance == round(Decimal(1) / 3, 28)
    assert risk.service_level == 1 - risk.shortage_chance
    assert abs((risk.fill_rate or 0) - (1 - Decimal("0.5") / Decimal("3.5"))) < CLOSE


@given(UNITS, demands())
def test_excess_and_shortage_differ_by_stock_less_demand(
    stock: Decimal, demand: Distribution
) -> None:
    """What is left less what is missing is what there was less what was wanted."""
    risk = stock_risk(stock, demand)
    assert abs(risk.expected_excess - risk.expected_shortage - (stock - demand.mean)) < CLOSE


@given(UNITS, ABOVE_ZERO, demands())
def test_more_stock_never_serves_less(stock: Decimal, more: Decimal, demand: Distribution) -> None:
    """Service level and fill rate never fall with stock, nor does the excess."""
    low, high = stock_risk(stock, demand), stock_risk(stock + more, demand)
    assert high.service_level >= low.service_level
    assert high.expected_shortage <= low.expected_shortage
    assert high.expected_excess >= low.expected_excess
    assert (high.fill_rate is None) == (low.fill_rate is None)
    assert (high.fill_rate or 0) >= (low.fill_rate or 0)


@given(UNITS, demands(), ABOVE_ZERO)
def test_counting_in_other_units_changes_no_chance(
    stock: Decimal, demand: Distribution, factor: Decimal
) -> None:
    """Chances and the fill rate stay, expected units scale."""
    once, scaled = stock_risk(stock, demand), stock_risk(stock * factor, demand.scaled(factor))
    assert scaled.shortage_chance == once.shortage_chance
    assert scaled.fill_rate == once.fill_rate
    assert abs(scaled.expected_shortage - once.expected_shortage * factor) < CLOSE


@given(UNITS, demands())
def test_expected_shortage_is_the_mean_over_all_values(
    stock: Decimal, demand: Distribution
) -> None:
    """Recomputed value by value."""
    pairs = zip(demand.values, demand.weights, strict=True)
    mean = sum(
        (Fraction(max(value - stock, Decimal(0))) * one for value, one in pairs), Fraction(0)
    )
    found = stock_risk(stock, demand).expected_shortage
    assert abs(Fraction(found) - mean / demand.total) < Fraction(CLOSE)


def test_no_demand_is_covered_by_no_stock() -> None:
    """No shortage, no chance of one; a fill rate of nothing is undefined."""
    risk = stock_risk(Decimal(0), Decimal(0))
    assert (risk.shortage_chance, risk.expected_shortage, risk.expected_excess) == (0, 0, 0)
    assert risk.fill_rate is None
    assert "Fill rate: –" in risk.text()


def test_a_person_reads_the_risks_in_both_languages() -> None:
    """Each line names what it tells."""
    risk = stock_risk(Decimal(4), dice(6))
    assert "Chance of shortage: 33.3 %" in risk.text()
    assert "缺货概率：33.3 %" in risk.text(Language.ZH)
    assert "Chance of excess: 50.0 %" in risk.text()
    more = stock_risk(Decimal(4), dice(6), tolerated=Decimal(1))
    assert "Chance of more than 1.00 left: 33.3 %" in more.text()
    assert "剩余超过 1.00 的概率：33.3 %" in more.text(Language.ZH)


@pytest.mark.parametrize(
    ("stock", "demand", "tolerated", "fault"),
    [
        ("-1", Decimal(1), "0", "stock is .*-1"),
        ("1", Decimal(-1), "0", "demand is .*-1"),
        ("1", Distribution.weighted({Decimal(-2): 1, Decimal(5): 1}), "0", "count what comes back"),
        ("1", Decimal(1), "-1", "tolerated excess is .*-1"),
    ],
)
def test_what_lies_below_nothing_is_refused(
    stock: str, demand: Distribution | Decimal, tolerated: str, fault: str
) -> None:
    """Neither stock nor demand is ever below 0."""
    with pytest.raises(InvalidValue, match=fault):
        stock_risk(Decimal(stock), demand, tolerated=Decimal(tolerated))


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("Infinity"), 1, 1.5, None])
def test_what_is_no_number_is_refused(value: object) -> None:
    """Floats, whole numbers and what is not finite."""
    with pytest.raises(InvalidNumber):
        stock_risk(value, Decimal(1))  # type: ignore[arg-type]
    with pytest.raises(InvalidNumber):
        stock_risk(Decimal(1), value)  # type: ignore[arg-type]
