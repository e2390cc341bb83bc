"""The stock of each product as of a day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from tests.stock.draws import DAYS, stocked_books
from tests.stock.shops import (
    INK,
    PEN,
    back,
    count,
    delivery,
    facts,
    line,
    march,
    order,
    sent,
)

from salescore.book import Facts, SalesBook
from salescore.entities import DocumentKind, StockItem
from salescore.errors import InvalidNumber, InvalidValue, UnknownName
from salescore.metrics import Exclusion
from salescore.render import Language
from salescore.stock import Receipt, ReservedBasis, StockPosition, stock_positions

LAST = march(31)


def pens(*stock: StockItem, as_of: date = LAST, **records: object) -> StockPosition:
    """Return the stock of pens."""
    return stock_positions(facts(stock, **records), as_of=as_of).of(PEN)


def receipt(units: int, due: int, **more: object) -> Receipt:
    """Return pens ordered from a supplier."""
    return Receipt(product_id=PEN, quantity=Decimal(units), due_on=march(due), **more)


def test_what_left_since_the_count_is_taken_off() -> None:
    """Counted 100 on the 10th; what left on that day was counted, what left later was not."""
    found = pens(
        count(100, march(10)),
        deliveries=(delivery("a", None, march(10)), delivery("b", None, march(12))),
        delivery_lines=(sent("a-1", 7, PEN), sent("b-1", 30, PEN)),
    )
    assert found.on_hand == 70
    place = found.places[0]
    assert (place.counted, place.moved, place.on_hand) == (100, -30, 70)


def test_the_latest_count_holds() -> None:
    """A recount ends what came before; an earlier day sees the earlier one."""
    stock = (count(100, march(10)), count(60, march(20)))
    moved: dict[str, Any] = {
        "deliveries": (delivery("a", None, march(12)), delivery("b", None, march(22))),
        "delivery_lines": (sent("a-1", 30, PEN), sent("b-1", 5, PEN)),
    }
    assert pens(*stock, **moved).on_hand == 55
    assert pens(*stock, **moved, as_of=march(15)).on_hand == 70
    assert pens(*stock, **moved, as_of=march(11)).on_hand == 100


def test_returns_and_receipts_come_back_on_the_shelf() -> None:
    """What customers sent back is sold again unless the caller says no."""
    came = back("r", 4, march(12))
    shop = facts([count(100, march(10))], **came)
    arrived = receipt(50, 14, arrived_on=march(15))
    found = stock_positions(shop, as_of=LAST, receipts=[arrived]).of(PEN)
    assert found.on_hand == 154
    kept = stock_positions(shop, as_of=LAST, receipts=[arrived], restocks_returns=False)
    assert kept.of(PEN).on_hand == 150


def test_reserved_is_what_open_orders_wait_for() -> None:
    """Of 20 pens 8 were shipped; drafts, void and closed orders wait for nothing."""
    found = pens(
        count(100, march(1)),
        orders=(
            order("a", march(2)),
            order("b", march(2), kind=DocumentKind.DRAFT),
            order("c", march(2), voided_on=march(3)),
            order("d", march(2), kind=DocumentKind.CLOSED),
        ),
        order_lines=(line("a-1", 20), line("b-1", 1), line("c-1", 2), line("d-1", 4)),
        deliveries=(delivery("x", "a", march(5)),),
        delivery_lines=(sent("x-1", 8, ordered="a-1"),),
    )
    assert (found.on_hand, found.reserved, found.available) == (92, 12, 80)


def test_a_delivery_that_has_not_left_ships_nothing() -> None:
    """Packed is not gone: the pens are there, and reserved."""
    found = pens(
        count(100, march(1)),
        orders=(order("a", march(2)),),
        order_lines=(line("a-1", 20),),
        deliveries=(delivery("x", "a", None),),
        delivery_lines=(sent("x-1", 8, ordered="a-1"),),
    )
    assert (found.on_hand, found.reserved) == (100, 20)


def test_a_delivery_without_lines_carries_the_whole_order() -> None:
    """Nobody listed what went: everything did."""
    found = pens(
        count(100, march(1)),
        orders=(order("a", march(2)), order("b", march(2))),
        order_lines=(line("a-1", 20), line("a-2", 5, INK), line("b-1", 3)),
        deliveries=(delivery("x", "a", march(5)),),
    )
    assert (found.on_hand, found.reserved) == (80, 3)


def test_a_delivery_line_without_an_order_line_serves_the_lines_of_the_product() -> None:
    """Of 12 pens the first line takes 10, the second 2; ink is left alone."""
    found = stock_positions(
        facts(
            [count(100, march(1)), count(9, march(1), INK)],
            orders=(order("a", march(2)),),
            order_lines=(line("a-1", 10), line("a-2", 5), line("a-3", 4, INK)),
            deliveries=(delivery("x", "a", march(5)),),
            delivery_lines=(sent("x-1", 12, PEN),),
        ),
        as_of=LAST,
    )
    assert [(one.order_line_id, one.quantity) for one in found.open_lines] == [
        ("a-2", 3),
        ("a-3", 4),
    ]
    assert (found.of(PEN).reserved, found.of(INK).reserved) == (3, 4)


def test_more_shipped_than_ordered_reserves_nothing() -> None:
    """A line is never owed a negative quantity."""
    found = pens(
        count(100, march(1)),
        orders=(order("a", march(2)),),
        order_lines=(line("a-1", 10),),
        deliveries=(delivery("x", "a", march(5)),),
        delivery_lines=(sent("x-1", 12, ordered="a-1"),),
    )
    assert (found.on_hand, found.reserved) == (88, 0)


def test_places_add_up_to_the_product() -> None:
    """Each place by itself; what left nobody knows where is taken off the product."""
    found = pens(
        count(100, march(10), place="north"),
        count(40, march(12), place="south"),
        deliveries=(
            delivery("a", None, march(15), place="north"),
            delivery("b", None, march(16)),
        ),
        delivery_lines=(sent("a-1", 30, PEN), sent("b-1", 5, PEN)),
    )
    assert [(one.place, one.on_hand) for one in found.places] == [("north", 70), ("south", 40)]
    assert found.unplaced == -5
    assert found.on_hand == sum(one.on_hand for one in found.places) + found.unplaced == 105


def test_an_only_place_takes_what_left_nobody_knows_where() -> None:
    """Where there is one place, it left from there; from another place it did not."""
    shop = facts(
        [count(100, march(10), place="north")],
        deliveries=(delivery("a", None, march(15)), delivery("b", None, march(15), place="south")),
        delivery_lines=(sent("a-1", 30, PEN), sent("b-1", 5, PEN)),
    )
    found = stock_positions(shop, as_of=LAST)
    assert found.of(PEN).places[0].on_hand == found.of(PEN).on_hand == 70
    reason = "no stock record of the product in that place"
    assert found.excluded == (Exclusion("deliveries", reason, 1),)


def test_a_place_without_a_name_is_the_only_one() -> None:
    """A count without a place holds for deliveries from a named one."""
    found = pens(
        count(100, march(10)),
        deliveries=(delivery("a", None, march(15), place="north"),),
        delivery_lines=(sent("a-1", 30, PEN),),
    )
    assert found.on_hand == 70


def test_what_left_between_the_counts_of_two_places_is_told() -> None:
    """Nobody knows whether the later count saw it: left out, with a reason."""
    shop = facts(
        [count(100, march(10), place="north"), count(40, march(20), place="south")],
        deliveries=(delivery("a", None, march(15)),),
        delivery_lines=(sent("a-1", 30, PEN),),
    )
    found = stock_positions(shop, as_of=LAST)
    assert found.of(PEN).on_hand == 140
    reason = "place unknown, between the counts of two places"
    assert found.excluded == (Exclusion("deliveries", reason, 1),)


def test_on_order_is_what_suppliers_have_not_delivered() -> None:
    """Receipts to come, else what the record states, else nobody knows."""
    shop = facts([count(100, march(1), on_order=Decimal(7))])
    assert stock_positions(shop, as_of=LAST).of(PEN).on_order == 7
    came = [receipt(50, 14, arrived_on=march(15)), receipt(20, 30), receipt(5, 31)]
    found = stock_positions(shop, as_of=LAST, receipts=came).of(PEN)
    assert (found.on_hand, found.on_order) == (150, 25)
    gone = stock_positions(shop, as_of=LAST, receipts=came[:1]).of(PEN)
    assert gone.on_order == 0
    unknown = pens(count(100, march(1)))
    assert unknown.on_order is None
    assert "on order unknown" in unknown.reasons[-1]


def test_receipts_are_as_they_were_known() -> None:
    """Before it arrived a receipt was on order; before it was ordered nobody knew it."""
    shop = facts([count(100, march(1))])
    came = [receipt(50, 14, ordered_on=march(5), arrived_on=march(15))]
    told = [
        stock_positions(shop, as_of=march(day), receipts=came).of(PEN) for day in (4, 5, 14, 15)
    ]
    assert [one.on_order for one in told] == [None, 50, 50, 0]
    assert [one.on_hand for one in told] == [100, 100, 100, 150]


def test_position_and_reorder_point_tell_when_to_order() -> None:
    """On hand and on order less reserved, against the reorder point of the record."""
    stock = count(
        30, march(1), reserved=Decimal(10), on_order=Decimal(5), reorder_point=Decimal(25)
    )
    found = pens(stock)
    assert (found.available, found.position, found.is_to_reorder) == (20, 25, True)
    assert not pens(attrs.evolve(stock, reorder_point=Decimal(24))).is_to_reorder
    assert pens(count(30, march(1))).is_to_reorder is None


def test_without_deliveries_reserved_is_what_the_records_state() -> None:
    """Who records no delivery would have every order open for ever."""
    shop = facts(
        [count(100, march(1), reserved=Decimal(9)), count(3, march(1), INK)],
        orders=(order("a", march(2)),),
        order_lines=(line("a-1", 20),),
    )
    found = stock_positions(shop, as_of=LAST)
    assert found.reserved_basis is ReservedBasis.RECORDED
    assert found.of(PEN).reserved == 9
    ink = found.of(INK)
    assert (ink.reserved, ink.available, ink.position) == (None, None, None)
    assert "reserved unknown: the stock records state none" in ink.reasons
    asked = stock_positions(shop, as_of=LAST, reserved_basis=ReservedBasis.OPEN_LINES)
    assert asked.of(PEN).reserved == 20


def test_a_count_of_an_unknown_day_holds_on_the_day_asked_for() -> None:
    """Nothing moves it, and a reason says so; the day of recording is a day."""
    gone: dict[str, Any] = {
        "deliveries": (delivery("a", None, march(15)),),
        "delivery_lines": (sent("a-1", 30, PEN),),
    }
    found = pens(count(100, None), **gone)
    assert found.on_hand == 100
    assert "unknown day" in found.reasons[0]
    recorded = count(100, None, recorded_at=datetime(2026, 3, 10, 8, tzinfo=UTC))
    assert pens(recorded, **gone).on_hand == 70


def test_more_left_than_was_counted_is_told() -> None:
    """Below 0, with a reason; never hidden."""
    found = pens(
        count(10, march(1)),
        deliveries=(delivery("a", None, march(15)),),
        delivery_lines=(sent("a-1", 30, PEN),),
    )
    assert found.on_hand == -20
    assert any("more left than was counted" in one for one in found.reasons)


def test_rows_that_tell_nothing_are_counted() -> None:
    """Each left out with its reason."""
    shop = facts(
        [
            count(100, march(1)),
            attrs.evolve(count(101, march(1)), id="again"),
            count(50, None),
        ],
        orders=(order("a", march(2)), order("b", march(2))),
        order_lines=(
            line("a-1", 3, None),
            line("a-2", 4),
            line("a-3", 2, INK),
            line("zz-1", 5),
            line("b-1", 6),
        ),
        deliveries=(
            delivery("x", "a", march(5)),
            delivery("y", "a", march(6)),
            delivery("z", None, LAST),
        ),
        delivery_lines=(sent("x-1", 1), sent("q-1", 2, PEN), sent("x-2", 1, ordered="a-2")),
        **back("r", 4, march(12), None),
    )
    found = stock_positions(
        shop, as_of=LAST, receipts=[attrs.evolve(receipt(5, 9), product_id="x")]
    )
    assert {(one.table, one.reason): one.n for one in found.excluded} == {
        ("deliveries", "neither lines nor an order with lines"): 1,
        ("deliveries", "no lines, while another of the order has them"): 1,
        ("delivery_lines", "delivery unknown"): 1,
        ("delivery_lines", "product unknown"): 1,
        ("order_lines", "open, product without a stock record"): 1,
        ("order_lines", "order unknown"): 1,
        ("order_lines", "product unknown"): 1,
        ("receipts", "product without a stock record"): 1,
        ("return_lines", "product unknown"): 1,
        ("stock_items", "another count of the same product, place and day"): 1,
        ("stock_items", "no day, beside counts with one"): 1,
    }
    assert found.of(PEN).on_hand == 100
    assert found.of(PEN).reserved == 9


def test_a_return_without_its_document_is_counted() -> None:
    """Nobody knows when it came."""
    came = back("r", 4, march(12))
    found = stock_positions(
        facts([count(1, march(1))], return_lines=came["return_lines"]), as_of=LAST
    )
    assert found.excluded == (Exclusion("return_lines", "return unknown", 1),)


def test_a_product_without_a_stock_record_is_refused() -> None:
    """It has no row; asked for by name, those that have one are offered."""
    found = stock_positions(facts([count(1, march(1))]), as_of=LAST)
    with pytest.raises(UnknownName, match="stock record of product"):
        found.of("ink")
    assert stock_positions(facts(), as_of=LAST).rows == ()
    assert stock_positions(facts([count(1, march(9))]), as_of=march(8)).rows == ()


def test_a_person_reads_the_stock_in_both_languages() -> None:
    """A row per product with its unit."""
    found = stock_positions(facts([count(1200, march(1))]), as_of=LAST)
    assert "Pen      piece  1,200.00" in found.text()
    assert "现有库存" in found.text(Language.ZH)


def test_what_is_no_question_is_refused() -> None:
    """No facts, no day, no basis, a receipt in another unit or of nothing."""
    shop = facts([count(1, march(1))])
    with pytest.raises(InvalidValue, match="Facts of a book"):
        stock_positions(shop.book, as_of=LAST)  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="without a time"):
        stock_positions(shop, as_of=datetime(2026, 3, 1, tzinfo=UTC))
    with pytest.raises(InvalidValue, match="ReservedBasis"):
        stock_positions(shop, as_of=LAST, reserved_basis="recorded")  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="convert the receipt first"):
        stock_positions(shop, as_of=LAST, receipts=[receipt(1, 2, unit="dozen")])
    other = attrs.evolve(receipt(1, 2, unit="dozen"), product_id="x")
    with pytest.raises(InvalidValue, match="has no unit"):
        stock_positions(shop, as_of=LAST, receipts=[other])
    assert stock_positions(shop, as_of=LAST, receipts=[receipt(1, 2, unit="piece")])
    with pytest.raises(InvalidValue, match="must be a Receipt"):
        stock_positions(shop, as_of=LAST, receipts=["pens"])  # type: ignore[list-item]
    with pytest.raises(InvalidValue, match="quantity of a receipt"):
        receipt(0, 2)
    with pytest.raises(InvalidNumber):
        Receipt(product_id="x", quantity=2, due_on=LAST)  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="due_on"):
        Receipt(product_id="x", quantity=Decimal(2), due_on="soon")  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="arrived_on"):
        receipt(1, 2, arrived_on=datetime(2026, 3, 1, tzinfo=UTC))


@settings(max_examples=40, deadline=None)
@given(stocked_books(), DAYS)
def test_any_book_has_a_stock_whose_parts_add_up(book: SalesBook, as_of: date) -> None:
    """Places and what is unplaced sum to on hand, on hand less reserved is available."""
    for one in stock_positions(Facts.of(book), as_of=as_of).rows:
        assert one.on_hand == sum((each.on_hand for each in one.places), one.unplaced)
        if one.reserved is not None:
            assert one.available == one.on_hand - one.reserved
