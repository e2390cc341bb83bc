"""What the room works out, tried against every possibility, each counted by itself."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.stock.demands import ABOVE_ZERO, UNITS, demands

from salescore.forecast import Distribution
from salescore.stock import (
    DiscountScheme,
    LotRules,
    PriceBreak,
    available_to_promise,
    discounted_order,
    economic_order,
    lead_time_demand,
    newsvendor,
    order_schedule,
    order_service,
    reorder_point,
    stock_risk,
    supply_plan,
)

Chances = dict[Fraction, Fraction]
SHARES = st.decimals("0.05", "0.99", places=2)
TINY = Fraction(1, 10**11)


def chances(demand: Distribution) -> Chances:
    """Return the chance of each value."""
    pairs = zip(demand.values, demand.weights, strict=True)
    return {Fraction(value): Fraction(weight, demand.total) for value, weight in pairs}


def every_sum(parts: Sequence[Distribution]) -> Chances:
    """Return the chance of each sum, over every way that the parts can fall."""
    found: Chances = defaultdict(Fraction)
    for outcome in product(*(chances(one).items() for one in parts)):
        chance = Fraction(1)
        for _, one in outcome:
            chance *= one
        found[sum((value for value, _ in outcome), Fraction(0))] += chance
    return dict(found)


def quantile(of: Chances, share: Fraction) -> Fraction:
    """Return the least value that is not exceeded with at least a share of all chances."""
    total = Fraction(0)
    for value in sorted(of):
        total += of[value]
        if total >= share:
            return value
    return max(of)


def shortage(of: Chances, stock: Fraction) -> Fraction:
    """Return by how much a stock falls short on average."""
    return sum((chance * max(value - stock, Fraction(0)) for value, chance in of.items()), TINY * 0)


FEW = st.lists(demands(9, 3), min_size=1, max_size=3)


@settings(max_examples=60)
@given(FEW, SHARES, st.data())
def test_a_reorder_point_is_the_quantile_of_every_sum(
    parts: list[Distribution], share: Decimal, data: st.DataObject
) -> None:
    """Also where the lead time is uncertain: each lead time by its chance."""
    leads = data.draw(st.sets(st.integers(0, len(parts)), min_size=1, max_size=3))
    lead = Distribution.weighted({Decimal(one): one + 1 for one in leads})
    until: Chances = defaultdict(Fraction)
    for periods, often in chances(lead).items():
        for value, chance in every_sum(parts[: int(periods)]).items():
            until[value] += often * chance
    assert chances(lead_time_demand(parts, lead)) == until
    found = reorder_point(parts, lead_time=lead, service_level=share)
    assert found.level == quantile(until, Fraction(share))
    assert abs(Fraction(found.expected_shortage) - shortage(until, Fraction(found.level))) < TINY


@settings(max_examples=60)
@given(
    FEW,
    st.integers(-20, 60).map(Decimal),
    st.integers(0, 2),
    st.lists(UNITS, max_size=1),
    st.none() | SHARES,
    st.builds(LotRules, lot_size=st.none() | st.integers(1, 15).map(Decimal), minimum=UNITS),
)
def test_a_supply_plan_risks_what_every_course_of_demand_says(
    parts: list[Distribution],
    opening: Decimal,
    lead: int,
    receipts: list[Decimal],
    share: Decimal | None,
    lots: LotRules,
) -> None:
    """Chance and units of shortage, units of excess, what is missing, and what to order."""
    plan = supply_plan(
        parts, opening=opening, lead_time=lead, receipts=receipts, service_level=share, lots=lots
    )
    supply = Fraction(opening)
    for place, row in enumerate(plan.rows):
        until = every_sum(parts[: place + 1])
        mean = sum((value * chance for value, chance in until.items()), Fraction(0))
        wanted = mean if share is None else quantile(until, Fraction(share))
        supply += Fraction(row.scheduled)
        need = wanted - supply
        if place >= lead:
            order = Fraction(row.planned)
            assert order == 0 if need <= 0 else order >= need - TINY
            least = max(need, Fraction(lots.minimum))
            more = Fraction(lots.lot_size or 0)
            assert order == 0 or order <= least + more + TINY
            assert lots.lot_size is None or order % more == 0
            supply += order
        else:
            assert abs(Fraction(row.missing) - max(need, Fraction(0))) < TINY
        short = sum((chance for value, chance in until.items() if value > supply), Fraction(0))
        assert abs(Fraction(row.shortage_chance) - short) < TINY
        assert abs(Fraction(row.expected_shortage) - shortage(until, supply)) < TINY
        left = sum((max(supply - one, Fraction(0)) * p for one, p in until.items()), Fraction(0))
        assert abs(Fraction(row.expected_excess) - left) < TINY


@given(demands(), UNITS, UNITS)
def test_risks_of_a_stock_are_those_of_every_value(
    demand: Distribution, stock: Decimal, tolerated: Decimal
) -> None:
    """Chances and means of too little and too much."""
    risk, of = stock_risk(stock, demand, tolerated=tolerated), chances(demand)
    there = Fraction(stock)
    short = sum((chance for value, chance in of.items() if value > there), Fraction(0))
    over = sum((chance for value, chance in of.items() if there - value > tolerated), Fraction(0))
    left = sum((max(there - one, Fraction(0)) * p for one, p in of.items()), Fraction(0))
    assert abs(Fraction(risk.shortage_chance) - short) < TINY
    assert abs(Fraction(risk.excess_chance) - over) < TINY
    assert abs(Fraction(risk.expected_excess) - left) < TINY


@given(demands(), ABOVE_ZERO, ABOVE_ZERO, UNITS)
def test_the_newsvendor_buys_what_profits_most(
    demand: Distribution, margin: Decimal, loss: Decimal, salvage: Decimal
) -> None:
    """Bought at a cost, sold at a price, the rest at a salvage value: no quantity earns more."""
    cost = salvage + loss
    price = cost + margin

    def profit(bought: int) -> Fraction:
        total = Fraction(0)
        for value, chance in chances(demand).items():
            sold = min(Fraction(bought), value)
            total += chance * (sold * int(price) + (bought - sold) * int(salvage))
        return total - bought * int(cost)

    found = newsvendor(demand, underage=margin, overage=loss)
    best = max(map(profit, range(int(demand.values[-1]) + 2)))
    assert profit(int(found.quantity)) == best
    mean = sum((value * chance for value, chance in chances(demand).items()), Fraction(0))
    assert abs(mean * int(margin) - best - Fraction(found.cost)) < TINY


def stores(level: int, quantity: int, lead: int, chance: float) -> tuple[Fraction, Fraction]:
    """
    Return cycle service and fill rate of a store, hour by hour, with a seeded run of luck.

    Each hour a customer may come and takes one unit, or waits for it; as soon as what is there and
    on order less what is owed falls to a level, an order is placed that comes some hours later.
    """
    luck = random.Random(7)  # noqa: S311 - a seeded run of luck
    net, position = level + quantity, level + quantity
    coming: dict[int, int] = {}
    asked = served = cycles = sound = 0
    for hour in range(150_000):
        if luck.random() < chance:
            asked, served = asked + 1, served + (net > 0)
            net, position = net - 1, position - 1
        if hour in coming:
            cycles, sound = cycles + 1, sound + (net >= 0)
            net += coming.pop(hour)
        if position == level:
            coming[hour + lead] = quantity
            position += quantity
    return Fraction(sound, cycles), Fraction(served, asked)


@pytest.mark.parametrize(("level", "quantity"), [(3, 8), (5, 8), (3, 2), (1, 20)])
def test_both_services_are_those_of_a_store_in_the_long_run(level: int, quantity: int) -> None:
    """Two figures, each by its own formula; a store that runs for long shows both."""
    hourly = Distribution.of([(Decimal(0), Decimal("0.6")), (Decimal(1), Decimal("0.4"))])
    told = order_service(Decimal(level), Decimal(quantity), lead_time_demand(hourly, 9))
    service, fill = stores(level, quantity, 9, 0.4)
    assert abs(Fraction(told.cycle_service_level) - service) < Fraction(15, 1000)
    assert abs(Fraction(told.fill_rate) - fill) < Fraction(15, 1000)
    assert abs(told.fill_rate - told.cycle_service_level) > Decimal("0.03")


@settings(max_examples=40)
@given(st.integers(50, 3000), st.integers(1, 90), st.integers(1, 9), st.integers(1, 9))
def test_no_quantity_and_no_backorder_cost_less(
    demand: int, fixed: int, held: int, waiting: int
) -> None:
    """Every quantity with every number of units that wait, by the areas above and below 0."""
    found = economic_order(
        Decimal(demand),
        order_cost=Decimal(fixed),
        holding_cost=Decimal(held),
        backorder_cost=Decimal(waiting),
    )

    def cost(quantity: float, owed: float) -> float:
        above = held * (quantity - owed) ** 2 / (2 * quantity)
        return fixed * demand / quantity + above + waiting * owed**2 / (2 * quantity)

    own = cost(float(found.quantity), float(found.backorder))
    assert abs(own / float(found.cost) - 1) < 1e-9
    best = float(found.quantity)
    for share in range(1, 40):
        quantity = best * share / 20
        tried = (cost(quantity, quantity * each / 50) for each in range(50))
        assert min(tried) >= own * (1 - 1e-9)


@settings(max_examples=25)
@given(
    st.integers(10, 3000),
    st.integers(1, 80),
    st.sets(st.integers(2, 900), max_size=3),
    st.lists(st.integers(10, 999), min_size=4, max_size=4),
)
def test_no_discounted_quantity_costs_less(
    demand: int, fixed: int, begins: set[int], cents: list[int]
) -> None:
    """Every whole quantity, the price of each unit of it looked up in the list."""
    steps = [0, *sorted(begins)]
    prices = sorted(cents, reverse=True)[: len(steps)]
    listed = [
        PriceBreak(Decimal(step), Decimal(price) / 100)
        for step, price in zip(steps, prices, strict=True)
    ]
    for scheme in DiscountScheme:
        found = discounted_order(
            Decimal(demand),
            order_cost=Decimal(fixed),
            holding_rate=Decimal("0.3"),
            prices=listed,
            scheme=scheme,
        )
        own, paid = Fraction(found.cost) * 100, 0
        for quantity in range(1, 1200):
            paid += prices[sum(step < quantity for step in steps) - 1]
            if scheme is DiscountScheme.ALL_UNITS:
                paid = quantity * prices[sum(step <= quantity for step in steps) - 1]
            # In cents, and twenty times the quantity, so that whole numbers do.
            cost = 20 * (paid + 100 * fixed) * demand + 3 * paid * quantity
            assert own * 20 * quantity <= cost + TINY
        best = Fraction(found.quantity)
        ends = [*map(Fraction, steps[1:]), max(best, Fraction(steps[-1]))]
        owed = sum(
            price * max(Fraction(0), min(end, best) - step)
            for price, step, end in zip(prices, steps, ends, strict=False)
        )
        if scheme is DiscountScheme.ALL_UNITS:
            owed = best * prices[sum(step <= best for step in steps) - 1]
        cost = (owed + 100 * fixed) * demand / best + owed * 3 / 20
        assert abs(own - cost) < TINY


@settings(max_examples=25)
@given(
    st.lists(st.integers(0, 4), min_size=1, max_size=4),
    st.lists(st.integers(0, 9), min_size=4, max_size=4),
    st.lists(st.integers(0, 3), min_size=4, max_size=4),
    st.integers(0, 5),
)
def test_no_whole_orders_at_all_cost_less(
    demand: list[int], fixed: list[int], held: list[int], opening: int
) -> None:
    """Not only orders of whole periods: every quantity in every period that never runs short."""
    periods = len(demand)
    found = order_schedule(
        list(map(Decimal, demand)),
        order_cost=list(map(Decimal, fixed[:periods])),
        holding_cost=list(map(Decimal, held[:periods])),
        opening=Decimal(opening),
    )
    best: int | None = None
    for orders in product(range(sum(demand) + 1), repeat=periods):
        stock, cost = opening, 0
        for place, order in enumerate(orders):
            stock += order - demand[place]
            cost += (fixed[place] if order else 0) + held[place] * stock
            if stock < 0:
                break
        else:
            best = cost if best is None else min(best, cost)
    assert found.cost == best


@settings(max_examples=60)
@given(
    UNITS,
    st.lists(st.tuples(UNITS, UNITS), min_size=1, max_size=5),
    st.lists(st.tuples(st.integers(0, 4), st.integers(1, 30).map(Decimal)), max_size=12),
)
def test_no_unit_is_promised_twice(
    on_hand: Decimal,
    periods: list[tuple[Decimal, Decimal]],
    customers: list[tuple[int, Decimal]],
) -> None:
    """Customer after customer, whenever they want it: all that was promised can be kept."""
    receipts, promised = [one for one, _ in periods], [one for _, one in periods]
    table = available_to_promise(on_hand, receipts=receipts, promised=promised)
    assume(not any(row.shortfall for row in table.rows))
    for wanted, units in customers:
        place = min(wanted, len(periods) - 1)
        if units <= table.rows[place].available:
            promised[place] += units
        table = available_to_promise(on_hand, receipts=receipts, promised=promised)
        for until in range(1, len(periods) + 1):
            assert sum(promised[:until]) <= on_hand + sum(receipts[:until])
    last = table.rows[-1]
    promised[-1] += last.available
    assert (
        available_to_promise(on_hand, receipts=receipts, promised=promised).rows[-1].available == 0
    )
