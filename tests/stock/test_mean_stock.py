"""The mean stock of a period against the positions of each of its days."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.stock.draws import shops
from tests.stock.shops import PEN, back, count, delivery, facts, march, sent

from salescore.book import Facts, SalesBook
from salescore.stock import ProductTurnover, Receipt, stock_positions, stock_turnover
from salescore.values import Period

LAST = march(31)
WHOLE = Period.custom(march(1), LAST)


def turnover(of: Facts, during: Period = WHOLE) -> ProductTurnover:
    """Return turnover of pens, seen at the end of the month."""
    (found,) = stock_turnover(of, during=during, as_of=LAST).rows
    return found


def test_places_counted_first_on_different_days_make_one_mean() -> None:
    """100 in one place before anybody looked at the other tell nothing of the whole."""
    of = facts(
        [
            count(100, march(1), place="north"),
            count(10, march(16), place="north"),
            count(0, march(16), place="south"),
        ]
    )
    found = turnover(of)
    assert (found.mean_stock, found.known_days) == (10, 16)
    assert "stock known for 16 of 31 days" in found.reasons


def test_what_moved_before_the_other_place_was_counted_moves_no_mean() -> None:
    """Thirty left the north on the 5th, sixteen days before anybody looked at the south."""
    of = facts(
        [count(100, march(1), place="north"), count(8, march(21), place="south")],
        deliveries=(
            delivery("x", None, march(5), place="north"),
            delivery("y", None, march(26), place="north"),
        ),
        delivery_lines=(sent("x-1", 30, PEN), sent("y-1", 11, PEN)),
    )
    found = turnover(of)
    assert found.known_days == 11
    assert found.mean_stock == round(Decimal(5 * 78 + 6 * 67) / 11, 26)


@pytest.mark.parametrize("recounted", [15, 25, 31])
def test_what_came_back_nobody_knows_where_counts_from_its_day_to_the_recount(
    recounted: int,
) -> None:
    """Six came back on the 11th: on hand from then on, and until someone counts again."""
    of = facts(
        [
            count(60, march(1), place="north"),
            count(40, march(1), place="south"),
            count(40, march(recounted), place="south"),
        ],
        **back("r", 6, march(11)),
    )
    assert turnover(of).mean_stock == round(Decimal(31 * 100 + 6 * (recounted - 11)) / 31, 25)
    early = turnover(of, Period.custom(march(11), march(12)))
    assert (early.mean_stock, early.on_hand) == (106, 106)
    assert stock_positions(of, as_of=march(12)).of(PEN).on_hand == 106


def known_of(book: SalesBook, product: str) -> date:
    """Return the first day on which every place of a product has been counted."""
    first: dict[str | None, date] = {}
    for one in book.stock_items:
        if one.product_id == product and one.counted_on is not None:
            first[one.place] = min(one.counted_on, first.get(one.place, date.max))
    return max(first.values(), default=date.min)


@settings(max_examples=150, deadline=None)
@given(shops(), st.integers(1, 31), st.integers(1, 31))
def test_the_mean_is_that_of_the_positions_of_the_known_days(
    drawn: tuple[SalesBook, list[Receipt]], one_day: int, other_day: int
) -> None:
    """Places, recounts, and what moved nobody knows where: asked day by day, it is the same."""
    book, receipts = drawn
    # What a delivery without lines carried may come to light with a later one.
    listed = {one.delivery_id for one in book.delivery_lines}
    kept = tuple(one for one in book.deliveries if one.id in listed)
    of = Facts.of(attrs.evolve(book, deliveries=kept), currency="EUR")
    begin, end = march(min(one_day, other_day)), march(max(one_day, other_day))
    found = stock_turnover(of, during=Period.custom(begin, end), as_of=LAST, receipts=receipts)
    for row in found.rows:
        known = max(begin, known_of(book, row.product_id))
        daily = [
            stock_positions(of, as_of=known + timedelta(days=number), receipts=receipts)
            .of(row.product_id)
            .on_hand
            for number in range((end - known).days + 1)
        ]
        assert row.known_days == len(daily)
        assert row.on_hand == (daily[-1] if daily else None)
        if not daily:
            assert row.mean_stock is None
            continue
        assert row.mean_stock is not None
        exact = Fraction(sum(daily)) / len(daily)
        assert abs(Fraction(row.mean_stock) - exact) < Fraction(1, 10**20)
