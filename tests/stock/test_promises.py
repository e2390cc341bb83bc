"""What can be promised."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.stock.demands import UNITS

from salescore.errors import InvalidNumber, InvalidValue
from salescore.render import Language
from salescore.stock import available_to_promise

PERIODS = st.lists(st.tuples(UNITS, UNITS), min_size=1, max_size=6)
ON_HAND = st.integers(-20, 100).map(Decimal)


@given(ON_HAND, PERIODS)
def test_what_is_available_can_be_promised_and_one_unit_more_cannot(
    on_hand: Decimal, periods: list[tuple[Decimal, Decimal]]
) -> None:
    """Promising it leaves every projected stock at 0 or more, where it was; more breaks one."""
    receipts = [one for one, _ in periods]
    promised = [one for _, one in periods]
    table = available_to_promise(on_hand, receipts=receipts, promised=promised)
    for place, row in enumerate(table.rows):
        assert row.available >= 0
        for extra, is_kept in ((row.available, True), (row.available + 1, False)):
            more = [*promised]
            more[place] += extra
            after = available_to_promise(on_hand, receipts=receipts, promised=more)
            worse = [
                one
                for one, before in zip(after.rows, table.rows, strict=True)
                if one.shortfall > before.shortfall
            ]
            assert not worse if is_kept else worse


@given(ON_HAND, PERIODS)
def test_later_never_offers_less(on_hand: Decimal, periods: list[tuple[Decimal, Decimal]]) -> None:
    """What can be promised never falls from period to period, and its steps add up to it."""
    table = available_to_promise(
        on_hand, receipts=[one for one, _ in periods], promised=[one for _, one in periods]
    )
    total = Decimal(0)
    for row in table.rows:
        assert row.added >= 0
        total += row.added
        assert row.available == total
        assert row.shortfall == max(0, -row.projected)
    if all(row.projected >= 0 for row in table.rows):
        assert not any(row.shortfall for row in table.rows)


def test_a_later_promise_is_looked_ahead_to() -> None:
    """Of 100 units 70 are promised in two weeks, and nothing comes before: 30 are free now."""
    table = available_to_promise(
        Decimal(100),
        receipts=[Decimal(0), Decimal(0), Decimal(50)],
        promised=[Decimal(0), Decimal(70), Decimal(0)],
    )
    assert [row.available for row in table.rows] == [30, 30, 80]
    assert table.now == 30
    found = table.earliest(Decimal(40))
    assert found is not None
    assert found.number == 3
    assert table.earliest(Decimal(81)) is None
    assert "Available to promise" in table.text()
    assert "可承诺量" in table.text(Language.ZH)


def test_more_promised_than_there_is_leaves_nothing_to_promise() -> None:
    """Nothing is available and the shortfall is told; never a negative promise."""
    table = available_to_promise(Decimal(5), receipts=[Decimal(0)], promised=[Decimal(9)])
    assert (table.now, table.rows[0].shortfall, table.rows[0].projected) == (0, 4, -4)


def test_tables_that_are_none_are_refused() -> None:
    """Each with what would be right."""
    one = [Decimal(1)]
    with pytest.raises(InvalidValue, match="1 to 1,000"):
        available_to_promise(Decimal(1), receipts=[], promised=[])
    with pytest.raises(InvalidValue, match=r"stated for 1 period$"):
        available_to_promise(Decimal(1), receipts=one, promised=one * 2)
    with pytest.raises(InvalidValue, match="promise is"):
        available_to_promise(Decimal(1), receipts=one, promised=[Decimal(-1)])
    with pytest.raises(InvalidValue, match="receipt is"):
        available_to_promise(Decimal(1), receipts=[Decimal(-1)], promised=one)
    with pytest.raises(InvalidNumber):
        available_to_promise(1, receipts=one, promised=one)  # type: ignore[arg-type]
    table = available_to_promise(Decimal(1), receipts=one, promised=one)
    with pytest.raises(InvalidValue, match="quantity is"):
        table.earliest(Decimal(0))
