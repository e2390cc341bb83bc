"""How fast stock turns over, and what does not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.stock.shops import INK, PEN, back, count, delivery, facts, line, march, order, sent

from salescore.book import Facts
from salescore.entities import OrderLine, ProductCost, ProductCostId, StockItem
from salescore.errors import InvalidNumber, InvalidValue
from salescore.render import Language
from salescore.stock import (
    ProductTurnover,
    Receipt,
    TurnoverBasis,
    days_of_cover,
    slow_movers,
    stock_positions,
    stock_turnover,
)
from salescore.values import Money, Period

LAST = march(31)
TEN_DAYS = Period.custom(march(11), march(20))


def shop(*stock: StockItem, **records: object) -> Facts:
    """Return a shop that sold 30 pens at a cost of 2 each on the 16th, shipped that day."""
    return facts(
        stock or [count(100, march(1))],
        **{
            "orders": (order("a", march(16)),),
            "order_lines": (line("a-1", 30, cost="60"),),
            "deliveries": (delivery("x", "a", march(16)),),
            **records,
        },
    )


def turnover(of: Facts, **more: object) -> ProductTurnover:
    """Return turnover of pens."""
    found = stock_turnover(of, **{"during": TEN_DAYS, "as_of": LAST, **more})
    return next(one for one in found.rows if one.product_id == PEN)


def test_units_sold_by_the_mean_of_the_days() -> None:
    """Five days at 100 and five at 70 are 85 on average; 30 ÷ 85, a unit stays 28⅓ days."""
    found = turnover(shop())
    assert (found.sold, found.mean_stock, found.known_days) == (30, 85, 10)
    assert found.turns == round(Decimal(30) / 85, 28)
    assert found.stock_days == round(Decimal(850) / 30, 26)
    assert found.on_hand == 70
    assert found.cover_days == round(Decimal(700) / 30, 26)


def test_cost_of_sales_by_mean_stock_at_cost() -> None:
    """60 ÷ (85 × 2): the recorded cost of what was sold values the stock."""
    found = stock_turnover(shop(), during=TEN_DAYS, as_of=LAST, basis=TurnoverBasis.COST)
    row = found.rows[0]
    assert (row.sold, row.mean_stock) == (60, 170)
    assert found.turns == row.turns == round(Decimal(60) / 170, 28)
    assert found.currency == "EUR"


@pytest.mark.parametrize("stated", ["2", "5"])
def test_a_stated_unit_cost_holds(stated: str) -> None:
    """Before what is on record."""
    found = turnover(shop(), basis=TurnoverBasis.COST, costs={"pen": Decimal(stated)})
    assert found.mean_stock == 85 * Decimal(stated)


@pytest.mark.parametrize("turn", [1, -1])
def test_a_cost_that_some_lines_lack_is_unknown(turn: int) -> None:
    """Not what the others cost: unknown, with a reason, whichever line comes first."""
    more = (line("a-1", 30, cost="60"), line("a-2", 1))[::turn]
    found = stock_turnover(
        shop(order_lines=more), during=TEN_DAYS, as_of=LAST, basis=TurnoverBasis.COST
    )
    row = found.rows[0]
    assert (row.sold, row.turns) == (None, None)
    assert "cost of sales unknown, as some lines state none" in row.reasons
    assert found.turns is None


def test_a_recount_and_a_receipt_move_the_mean() -> None:
    """Four days at 100, two at 50 from the count, four at 70 after a receipt of 20."""
    stock = (count(100, march(1)), count(50, march(15)))
    came = Receipt(product_id=PEN, quantity=Decimal(20), due_on=march(17), arrived_on=march(17))
    found = turnover(shop(*stock, deliveries=(delivery("x", None, None),)), receipts=[came])
    assert found.mean_stock == (4 * 100 + 2 * 50 + 4 * 70) / Decimal(10)


def test_days_before_the_first_count_are_unknown() -> None:
    """The mean is that of the days known, and a reason tells how many these are."""
    found = turnover(shop(count(100, march(15))))
    assert found.known_days == 6
    assert found.mean_stock == Decimal(100 + 5 * 70) / 6
    assert "stock known for 6 of 10 days" in found.reasons
    later = turnover(shop(count(100, march(25))))
    assert (later.known_days, later.mean_stock, later.turns, later.on_hand) == (0, None, None, None)
    assert "not counted everywhere up to the end of the period" in later.reasons
    assert later.cover_days is None


def test_a_count_of_an_unknown_day_holds_all_the_time() -> None:
    """There is nothing better to go by."""
    found = turnover(shop(count(100, None)))
    assert (found.mean_stock, found.known_days, found.on_hand) == (100, 10, 100)


def test_places_and_what_left_nobody_knows_where_make_one_mean() -> None:
    """The days of two places add up; five days less 30 pens are 15 less on average."""
    stock = (count(60, march(1), place="north"), count(40, march(1), place="south"))
    assert turnover(shop(*stock)).mean_stock == 85
    assert turnover(shop(*stock)).on_hand == 70
    before = Period.custom(march(2), march(11))
    assert turnover(shop(*stock), during=before).mean_stock == 100


def test_what_came_back_is_not_sold() -> None:
    """30 sold and 30 back are none sold: no cover, and a reason."""
    came = back("r", 30, march(18))
    found = turnover(shop(**came))
    assert (found.sold, found.turns, found.stock_days, found.cover_days) == (0, 0, None, None)
    assert "nothing was sold, or as much came back" in found.reasons


def test_no_stock_has_no_turnover() -> None:
    """Divided by nothing it is undefined."""
    found = turnover(shop(count(0, march(1)), deliveries=(delivery("x", None, None),)))
    assert found.turns is None
    assert "mean stock is not above 0" in found.reasons
    assert found.cover_days == 0


def test_a_period_that_is_not_over_counts_up_to_the_day() -> None:
    """As of the 18th the ten days are eight."""
    found = stock_turnover(shop(), during=TEN_DAYS, as_of=march(18))
    assert found.days == 8
    assert found.rows[0].mean_stock == Decimal(5 * 100 + 3 * 70) / 8


def test_later_facts_change_nothing() -> None:
    """As of the 15th nobody knew that 30 would be sold on the 16th."""
    before = stock_turnover(shop(), during=TEN_DAYS, as_of=march(15))
    without = stock_turnover(facts([count(100, march(1))]), during=TEN_DAYS, as_of=march(15))
    assert before.rows == without.rows


def test_lines_that_tell_nothing_are_counted() -> None:
    """A line without a product cannot be anybody's sale."""
    found = stock_turnover(
        shop(order_lines=(line("a-1", 30), line("a-2", 1, None))), during=TEN_DAYS, as_of=LAST
    )
    told = {(one.table, one.reason): one.n for one in found.excluded}
    assert told["sales_lines", "product unknown"] == 1
    earlier = Period.custom(march(1), march(10))
    assert stock_turnover(shop(), during=earlier, as_of=LAST).rows[0].sold == 0


def test_a_person_reads_turnover_in_both_languages() -> None:
    """A row per product."""
    found = stock_turnover(shop(), during=TEN_DAYS, as_of=LAST)
    assert "Days of cover" in found.text()
    assert "周转次数" in found.text(Language.ZH)
    assert found.turns is None


def test_money_is_told_with_its_currency() -> None:
    """Cost is not units: the heads of the table say which, and in what money."""
    of = stock_turnover(shop(), during=TEN_DAYS, as_of=LAST, basis=TurnoverBasis.COST)
    head, *_ = of.text().splitlines()
    assert "Cost of sales (EUR)  Mean stock at cost (EUR)" in head
    assert "平均库存成本 (EUR)" in of.text(Language.ZH)
    slow = slow_movers(shop(), as_of=LAST, days=1)
    assert "Value (EUR)" in slow.text()
    assert "金额 (EUR)" in slow.text(Language.ZH)


def test_questions_about_turnover_that_are_none_are_refused() -> None:
    """No period, one that begins later, no basis, costs below 0."""
    with pytest.raises(InvalidValue, match="must be a Period"):
        stock_turnover(shop(), during="2026", as_of=LAST)  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="begins after"):
        stock_turnover(shop(), during=TEN_DAYS, as_of=march(10))
    with pytest.raises(InvalidValue, match="TurnoverBasis"):
        stock_turnover(shop(), during=TEN_DAYS, as_of=LAST, basis="cost")  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="unit cost"):
        turnover(shop(), basis=TurnoverBasis.COST, costs={"pen": Decimal(-1)})


@given(st.integers(-50, 500).map(Decimal), st.integers(0, 50).map(Decimal))
def test_days_of_cover_times_the_pace_are_the_stock(stock: Decimal, pace: Decimal) -> None:
    """Undefined where nothing is demanded; nothing lasts for no day."""
    found = days_of_cover(stock, pace)
    if not pace:
        assert found is None
    else:
        assert found is not None
        assert abs(found * pace - max(stock, Decimal(0))) < Decimal("1E-20")


def test_cover_of_a_demand_below_nothing_is_refused() -> None:
    """Neither is a float a stock."""
    with pytest.raises(InvalidValue, match="daily demand"):
        days_of_cover(Decimal(1), Decimal(-1))
    with pytest.raises(InvalidNumber):
        days_of_cover(1.5, Decimal(1))  # type: ignore[arg-type]


def cost(key: str, amount: str, **more: object) -> ProductCost:
    """Return a cost of a pen."""
    return ProductCost(id=ProductCostId(key), product_id=PEN, cost=Money.of(amount, "EUR"), **more)


@pytest.mark.parametrize(
    ("costs", "value"),
    [
        ([cost("a", "3")], "210"),
        ([cost("a", "3"), cost("b", "4", valid_from=march(1))], "280"),
        ([cost("a", "3", component="goods"), cost("b", "1", component="freight")], "280"),
        ([cost("a", "3"), cost("b", "1", component="freight")], "210"),
        ([cost("a", "3", valid_from=march(2)), cost("b", "4", valid_from=march(1))], "210"),
        ([cost("a", "3", valid_until=march(1))], "140"),
        ([cost("a", "3", valid_from=date(2027, 1, 1))], "140"),
        ([attrs.evolve(cost("a", "3"), cost=Money.of(3, "USD"))], "140"),
    ],
)
def test_stock_is_worth_what_its_cost_on_the_day_says(costs: list[ProductCost], value: str) -> None:
    """The whole cost before components, the latest before earlier ones, else the cost of sales."""
    found = slow_movers(shop(product_costs=tuple(costs)), as_of=LAST, days=1)
    assert found.stock_value == Decimal(value)


def test_slow_movers_by_days_without_a_sale() -> None:
    """Sold on the 16th: slow from 15 days on at the end of the month, not from 16."""
    stock = (count(100, march(1)), count(10, march(1), INK), count(5, march(1), "ghost"))
    of = shop(*stock)
    costs = {"ink": Decimal(9)}
    found = slow_movers(of, as_of=LAST, days=15, costs=costs)
    assert [(one.product_id, one.value, one.days) for one in found.rows] == [
        ("pen", 140, 15),
        ("ink", 90, None),
        ("ghost", None, None),
    ]
    assert (found.value, found.stock_value, found.share) == (230, 230, 1)
    fewer = slow_movers(of, as_of=LAST, days=16, costs=costs)
    assert [one.product_id for one in fewer.rows] == ["ink", "ghost"]
    assert (fewer.value, fewer.stock_value) == (90, 230)
    assert fewer.share == round(Decimal(90) / 230, 28)
    assert sum((one.share or 0 for one in fewer.rows), Decimal(0)) == fewer.share
    assert {(one.table, one.reason): one.n for one in found.excluded} == {
        ("products", "unit cost unknown"): 1
    }
    assert "Ink" in found.text()
    assert "最近销售" in found.text(Language.ZH)


def test_what_came_back_is_no_sale_and_what_is_gone_no_stock() -> None:
    """A return does not make a product sell; a product without stock does not stay."""
    came = back("r", 4, march(30))
    found = slow_movers(shop(**came), as_of=LAST, days=15)
    assert found.rows[0].last_sold_on == march(16)
    empty = slow_movers(shop(count(30, march(1))), as_of=LAST, days=15)
    assert (empty.rows, empty.value, empty.stock_value, empty.share) == ((), 0, 0, None)


def test_stock_of_unknown_cost_has_no_value() -> None:
    """Not 0: unknown."""
    of = facts([count(10, march(1), INK)])
    found = slow_movers(of, as_of=LAST, days=1)
    assert (found.value, found.stock_value, found.share) == (None, None, None)
    assert "–" in found.text()


@pytest.mark.parametrize("days", [0, -1, 1.5, True])
def test_days_that_are_none_are_refused(days: object) -> None:
    """Whole days from 1 on."""
    with pytest.raises(InvalidValue, match="whole number from 1 on"):
        slow_movers(shop(), as_of=LAST, days=days)  # type: ignore[arg-type]


def test_an_order_line_of_free_goods_is_sold_too() -> None:
    """Given away is gone all the same: it counts as a sale and leaves the stock."""
    free: OrderLine = attrs.evolve(line("a-1", 30), is_free=True)
    found = turnover(shop(order_lines=(free,), delivery_lines=(sent("x-1", 30, ordered="a-1"),)))
    assert (found.sold, found.on_hand) == (30, 70)


DAYS = st.integers(1, 31)


@settings(max_examples=30, deadline=None)
@given(
    st.dictionaries(DAYS, st.integers(0, 90), min_size=1, max_size=3),
    st.dictionaries(DAYS, st.integers(1, 20), max_size=4),
    st.dictionaries(DAYS, st.integers(1, 20), max_size=2),
)
def test_the_mean_is_that_of_the_stock_of_each_day(
    counts: dict[int, int], gone: dict[int, int], came: dict[int, int]
) -> None:
    """Asked day by day, the positions average to the mean stock."""
    of = facts(
        [count(units, march(day)) for day, units in counts.items()],
        deliveries=tuple(delivery(f"d{day}", None, march(day)) for day in gone),
        delivery_lines=tuple(sent(f"d{day}-1", units, PEN) for day, units in gone.items()),
    )
    receipts = [
        Receipt(product_id=PEN, quantity=Decimal(units), due_on=march(day), arrived_on=march(day))
        for day, units in came.items()
    ]
    days = range(min(counts), 32)
    daily = [
        stock_positions(of, as_of=march(day), receipts=receipts).of(PEN).on_hand for day in days
    ]
    found = stock_turnover(
        of, during=Period.custom(march(1), LAST), as_of=LAST, receipts=receipts
    ).rows[0]
    assert found.known_days == len(days)
    assert found.mean_stock is not None
    assert abs(found.mean_stock - sum(daily) / len(daily)) < Decimal("1E-20")
    assert found.on_hand == daily[-1]
