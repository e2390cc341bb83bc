"""What can be promised of a product of a book."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.stock.shops import INK, PEN, count, delivery, facts, line, march, order

from salescore.errors import InvalidValue, UnknownName
from salescore.render import Language
from salescore.stock import Receipt, StockPositions, product_promises, stock_positions
from salescore.values import Period

WEEKS = [Period.custom(march(first), march(first + 6)) for first in (16, 23)]


def receipt(units: int, due: date) -> Receipt:
    """Return pens on order."""
    return Receipt(product_id=PEN, quantity=Decimal(units), due_on=due)


def stock(receipts: list[Receipt], **more: object) -> StockPositions:
    """Return a stock of 100 pens, of which customers wait for 30, 40, 5 and 9."""
    shop = facts(
        [count(100, march(1), **more)],
        orders=(
            order("a", march(2), required_on=march(9)),
            order("b", march(2), required_on=march(25)),
            order("c", march(2)),
            order("d", march(2), required_on=march(30)),
        ),
        order_lines=(
            line("a-1", 30),
            line("b-1", 40),
            line("c-1", 5),
            line("d-1", 9),
            line("a-2", 1, INK),
        ),
        deliveries=(delivery("x", None, None),),
    )
    return stock_positions(shop, as_of=march(16), receipts=receipts)


def test_orders_and_receipts_fall_into_their_weeks() -> None:
    """Overdue and undated ones into the first, those after the last are told and left out."""
    table = product_promises(
        stock([receipt(20, march(10)), receipt(50, march(29)), receipt(7, march(30))]), PEN, WEEKS
    )
    assert [row.promised for row in table.rows] == [35, 40]
    assert [row.receipts for row in table.rows] == [20, 50]
    assert [row.available for row in table.rows] == [85, 95]
    last = WEEKS[-1].key
    told = f"1 open line and 1 receipt due after {last} are left out"
    assert [english for english, _ in table.notes] == [told]
    assert table.text().endswith(told)
    assert f"未计入 {last} 之后到期的 1 个订单行、1 次到货" in table.text(Language.ZH)
    alone = product_promises(stock([receipt(7, march(25))]), PEN, WEEKS)
    assert alone.text().endswith(f"1 open line due after {last} is left out")


def test_units_on_order_without_a_day_are_not_promised() -> None:
    """The record states 60 on order, nobody says when: a note, not a promise."""
    table = product_promises(stock([], on_order=Decimal(60)), PEN, WEEKS)
    assert [row.receipts for row in table.rows] == [0, 0]
    said = "units on order are left out, nobody says when they arrive: 60"
    assert table.text().endswith(said)


def test_without_deliveries_the_recorded_reservation_is_promised_now() -> None:
    """Open orders tell nothing there; where no record states any, a note says so."""
    shop = facts([count(100, march(1), reserved=Decimal(9)), count(5, march(1), INK)])
    positions = stock_positions(shop, as_of=march(16))
    table = product_promises(positions, PEN, WEEKS)
    assert (table.rows[0].promised, table.now) == (9, 91)
    unknown = product_promises(positions, INK, WEEKS)
    assert unknown.now == 5
    assert "nobody can tell what is reserved" in unknown.text()


def test_questions_that_are_none_are_refused() -> None:
    """No periods, gaps, periods that are over, products without a stock record."""
    positions = stock([])
    with pytest.raises(InvalidValue, match="at least one"):
        product_promises(positions, PEN, [])
    with pytest.raises(InvalidValue, match="must start on"):
        product_promises(positions, PEN, [WEEKS[1], WEEKS[0]])
    with pytest.raises(InvalidValue, match="ends before the day"):
        product_promises(positions, PEN, [Period.custom(march(9), march(15))])
    with pytest.raises(UnknownName):
        product_promises(positions, "ink", WEEKS)
