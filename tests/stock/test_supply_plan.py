"""From a forecast to orders."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.stock.demands import UNITS, demands, dice

from salescore.errors import InvalidNumber, InvalidValue
from salescore.forecast import Distribution
from salescore.render import Language
from salescore.stock import LotRules, SupplyPlan, lead_time_demand, supply_plan
from salescore.values import Calendar, CalendarUnit, Period

DEMANDS = st.lists(demands() | UNITS, min_size=1, max_size=5)
LOTS = st.builds(LotRules, lot_size=st.none() | st.integers(1, 30).map(Decimal), minimum=UNITS)


def ordered(plan: SupplyPlan) -> Decimal:
    """Return all that a plan orders."""
    return sum((one for one in plan.orders if one is not None), Decimal(0))


def sound(plan: SupplyPlan, opening: Decimal, lead: int) -> None:
    """Check that rows balance and follow each other, and that orders are what arrives later."""
    stock = opening
    for place, row in enumerate(plan.rows):
        assert row.number == place + 1
        assert row.opening == stock
        assert row.receipts == row.scheduled + row.planned
        assert row.closing == row.opening + row.receipts - row.demand
        assert row.expected_excess - row.expected_shortage == row.closing
        assert row.expected_excess >= 0
        assert row.expected_shortage >= 0
        assert 0 <= row.shortage_chance <= 1
        arrives = plan.rows[place + lead] if place + lead < len(plan.rows) else None
        assert row.order == (None if arrives is None else arrives.planned)
        stock = row.closing


@settings(max_examples=60, deadline=None)
@given(
    DEMANDS,
    st.integers(-30, 60).map(Decimal),
    st.integers(0, 3),
    st.lists(UNITS, max_size=1),
    st.none() | st.decimals("0.05", "0.99", places=2),
    LOTS,
)
def test_rows_balance_to_the_unit(
    demand: list[Distribution | Decimal],
    opening: Decimal,
    lead: int,
    receipts: list[Decimal],
    level: Decimal | None,
    lots: LotRules,
) -> None:
    """Opening + receipts - demand = closing in each row, orders are receipts of later rows."""
    plan = supply_plan(
        demand, opening=opening, lead_time=lead, receipts=receipts, service_level=level, lots=lots
    )
    sound(plan, opening, lead)
    for row in plan.rows:
        assert row.planned == lots.quantity(row.planned)
        if row.number > lead:
            assert row.missing == 0
            if level is not None:
                assert row.shortage_chance <= 1 - level


@settings(max_examples=40, deadline=None)
@given(DEMANDS, UNITS, st.integers(0, 3), UNITS)
def test_the_safety_stock_is_there_once_orders_arrive(
    demand: list[Distribution | Decimal], opening: Decimal, lead: int, safety: Decimal
) -> None:
    """From the lead time on every period closes with the safety stock or more."""
    plan = supply_plan(demand, opening=opening, lead_time=lead, safety_stock=safety)
    sound(plan, opening, lead)
    assert all(row.closing >= safety for row in plan.rows[lead:])
    ordered = [row for row in plan.rows if row.planned]
    assert all(row.closing == safety for row in ordered)


@settings(max_examples=30, deadline=None)
@given(DEMANDS, UNITS, UNITS)
def test_more_stock_never_raises_the_risk_of_shortage(
    demand: list[Distribution | Decimal], opening: Decimal, more: Decimal
) -> None:
    """Where nothing can be ordered in time, risk never rises with the stock."""
    low, high = (supply_plan(demand, opening=one, lead_time=9) for one in (opening, opening + more))
    for one, other in zip(low.rows, high.rows, strict=True):
        assert other.shortage_chance <= one.shortage_chance
        assert other.expected_shortage <= one.expected_shortage
        assert other.expected_excess >= one.expected_excess


@settings(max_examples=30, deadline=None)
@given(st.lists(demands(), min_size=1, max_size=4), UNITS, st.integers(2, 12).map(Decimal))
def test_counting_in_other_units_orders_the_same(
    demand: list[Distribution], opening: Decimal, factor: Decimal
) -> None:
    """In pieces for dozens orders scale and chances stay."""
    once = supply_plan(
        demand,
        opening=opening,
        lead_time=1,
        service_level=Decimal("0.9"),
        lots=LotRules(lot_size=Decimal(6)),
    )
    scaled = supply_plan(
        [one.scaled(factor) for one in demand],
        opening=opening * factor,
        lead_time=1,
        service_level=Decimal("0.9"),
        lots=LotRules(lot_size=6 * factor),
    )
    assert scaled.orders == tuple(None if one is None else one * factor for one in once.orders)
    assert [one.shortage_chance for one in scaled.rows] == [
        one.shortage_chance for one in once.rows
    ]


def test_risks_are_those_of_cumulative_demand() -> None:
    """Short in period 2 is short of the sum of two dice."""
    plan = supply_plan([dice(6)] * 3, opening=Decimal(5), lead_time=2, receipts=[Decimal(4)])
    both = lead_time_demand(dice(6), 2)
    assert plan.rows[1].shortage_chance == both.at_least(Decimal(10))
    assert plan.rows[0].shortage_chance == 0
    assert plan.rows[1].expected_shortage == round(Decimal(10) / 36, 12)


def test_customers_who_wait_already_are_served_first() -> None:
    """Where more is reserved than there is, the plan opens below 0 and orders that too."""
    plan = supply_plan([Decimal(10)] * 2, opening=Decimal(-4), lead_time=1)
    sound(plan, Decimal(-4), 1)
    assert [row.missing for row in plan.rows] == [14, 0]
    assert plan.orders == (24, None)
    assert (plan.rows[0].shortage_chance, plan.rows[0].expected_shortage) == (1, 14)


def test_what_no_order_can_mend_is_told() -> None:
    """Units missing before the first order arrives stand in the row, and in a note."""
    plan = supply_plan([Decimal(10)] * 3, opening=Decimal(4), lead_time=1)
    assert [row.missing for row in plan.rows] == [6, 0, 0]
    assert plan.orders == (16, 10, None)
    assert plan.text().endswith(
        "no order placed now arrives in time for period 1: hasten what is on order"
    )
    assert "现在下单赶不上第 1 期" in plan.text(Language.ZH)
    later = supply_plan([Decimal(10)] * 3, opening=Decimal(4), lead_time=2)
    assert "in time for periods 1, 2: " in later.text()
    assert "第 1、2 期" in later.text(Language.ZH)
    assert later.orders == (26, None, None)
    assert plan.rows[0].shortage_chance == 1
    assert plan.rows[0].expected_shortage == 6


def test_no_demand_orders_nothing() -> None:
    """Nothing is demanded, nothing ordered, nothing risked."""
    plan = supply_plan([Decimal(0)] * 2, opening=Decimal(0), lead_time=0)
    assert plan.orders == (0, 0)
    assert all(row.shortage_chance == row.expected_shortage == 0 for row in plan.rows)


def months(*numbers: int) -> list[Period]:
    """Return months of 2026."""
    calendar = Calendar()
    return [calendar.period(date(2026, one, 1), CalendarUnit.MONTH) for one in numbers]


def test_periods_name_the_rows() -> None:
    """A person reads the months, in both languages, and the day of the plan is kept."""
    plan = supply_plan(
        [Decimal(10)] * 2,
        opening=Decimal(4),
        lead_time=1,
        periods=months(3, 4),
        as_of=date(2026, 2, 28),
        product_id="P1",
    )
    assert plan.text().splitlines()[2].startswith("2026-03")
    assert "下单" in plan.text(Language.ZH)
    assert (plan.as_of, plan.product_id) == (date(2026, 2, 28), "P1")
    assert "lead time 1" in plan.method
    assert "in time for 2026-03" in plan.text()


def test_plans_that_are_none_are_refused() -> None:
    """Each with what would be right."""
    one = [Decimal(1)]
    with pytest.raises(InvalidValue, match="1 to 1,000"):
        supply_plan([], opening=Decimal(0), lead_time=0)
    with pytest.raises(InvalidValue, match="one for each period"):
        supply_plan(dice(6), opening=Decimal(0), lead_time=0)  # type: ignore[arg-type]
    with pytest.raises(InvalidNumber, match="opening stock"):
        supply_plan(one, opening=None, lead_time=0)  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="lead time"):
        supply_plan(one, opening=Decimal(0), lead_time=-1)
    with pytest.raises(InvalidValue, match="the plan has 1 period; leave out what arrives later"):
        supply_plan(one, opening=Decimal(0), lead_time=0, receipts=one * 2)
    with pytest.raises(InvalidValue, match="receipt"):
        supply_plan(one, opening=Decimal(0), lead_time=0, receipts=[Decimal(-1)])
    with pytest.raises(InvalidValue, match="one of the two"):
        supply_plan(
            one,
            opening=Decimal(0),
            lead_time=0,
            service_level=Decimal("0.9"),
            safety_stock=Decimal(1),
        )
    with pytest.raises(InvalidValue, match="service level"):
        supply_plan(one, opening=Decimal(0), lead_time=0, service_level=Decimal(1))
    with pytest.raises(InvalidValue, match=r"number of periods is 2: state one$"):
        supply_plan(one, opening=Decimal(0), lead_time=0, periods=months(1, 2))
    with pytest.raises(InvalidValue, match="must start on 2026-02-01"):
        supply_plan(one * 2, opening=Decimal(0), lead_time=0, periods=months(1, 3))
    with pytest.raises(InvalidValue, match="never below 0"):
        supply_plan([dice(6).shifted(Decimal(-3))], opening=Decimal(0), lead_time=0)


def test_demands_that_go_together_need_more() -> None:
    """A common factor makes a run of good months likelier, so that more must be there."""
    apart, together = (
        supply_plan(
            [dice(6)] * 3,
            opening=Decimal(0),
            lead_time=0,
            service_level=Decimal("0.95"),
            correlation=correlation,
        )
        for correlation in (Decimal(0), Decimal("0.6"))
    )
    sound(together, Decimal(0), 0)
    assert ordered(together) > ordered(apart)
    assert all(row.shortage_chance <= Decimal("0.05") for row in together.rows)


@pytest.mark.slow
def test_demands_on_a_grid_balance_too() -> None:
    """Where the sum stands on a grid, rows still balance and the service level holds."""
    fine = Distribution.weighted({Decimal(one**3) / 1009: one for one in range(1, 30)})
    plan = supply_plan([fine] * 4, opening=Decimal(10), lead_time=1, service_level=Decimal("0.9"))
    sound(plan, Decimal(10), 1)
    assert all(row.shortage_chance <= Decimal("0.1") for row in plan.rows[1:])
