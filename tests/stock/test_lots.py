"""Quantities that can be ordered."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from tests.stock.demands import ABOVE_ZERO, UNITS

from salescore.errors import InvalidNumber, InvalidValue
from salescore.stock import LotRules


@given(UNITS, ABOVE_ZERO, UNITS)
def test_a_need_is_covered_by_whole_lots_and_no_lot_too_many(
    need: Decimal, lot: Decimal, minimum: Decimal
) -> None:
    """Never below need or minimum, in whole lots, and a lot less would not do."""
    found = LotRules(lot_size=lot, minimum=minimum).quantity(need)
    if not need:
        assert found == 0
        return
    assert found >= max(need, minimum)
    assert found % lot == 0
    assert found - lot < max(need, minimum)


@given(UNITS, ABOVE_ZERO, ABOVE_ZERO)
def test_lots_of_smaller_units_are_the_same_lots(
    need: Decimal, lot: Decimal, factor: Decimal
) -> None:
    """Counting in dozens or in pieces changes nothing that is ordered."""
    once = LotRules(lot_size=lot).quantity(need)
    assert LotRules(lot_size=lot * factor).quantity(need * factor) == once * factor


@pytest.mark.parametrize(
    ("need", "found"), [("-3", "0"), ("0", "0"), ("0.5", "2.5"), ("7", "7.5"), ("7.5", "7.5")]
)
def test_lots_need_not_be_whole_numbers(need: str, found: str) -> None:
    """Cloth comes by 2.5 metres."""
    assert LotRules(lot_size=Decimal("2.5")).quantity(Decimal(need)) == Decimal(found)


def test_without_rules_a_need_is_ordered_as_it_is() -> None:
    """Any quantity can be ordered, down to the minimum."""
    assert LotRules().quantity(Decimal("3.7")) == Decimal("3.7")
    assert LotRules(minimum=Decimal(5)).quantity(Decimal("3.7")) == 5


@pytest.mark.parametrize(
    ("wanted", "found"), [("30", [24, 36]), ("36", [36]), ("3", [12]), ("13", [12, 24])]
)
def test_quantities_next_to_a_wanted_one(wanted: str, found: list[int]) -> None:
    """A lot below and one above, where there is one below."""
    rules = LotRules(lot_size=Decimal(12))
    assert [int(one) for one in rules.around(Decimal(wanted))] == found
    assert LotRules(lot_size=Decimal(12), minimum=Decimal(30)).around(Decimal(30)) == (Decimal(36),)


@pytest.mark.parametrize("lot", [Decimal(0), Decimal(-1), Decimal("NaN"), 12, 0.5, True, "12"])
def test_a_lot_that_holds_nothing_is_refused(lot: object) -> None:
    """A lot size is a number above 0."""
    with pytest.raises((InvalidValue, InvalidNumber)):
        LotRules(lot_size=lot)  # type: ignore[arg-type]


def test_a_minimum_below_nothing_is_refused() -> None:
    """A minimum is a number from 0 on, a need a number of at most 60 digits."""
    with pytest.raises(InvalidValue, match=r"minimum quantity is .*-1"):
        LotRules(minimum=Decimal(-1))
    with pytest.raises(InvalidNumber, match="60 digits"):
        LotRules().quantity(Decimal("1E+999999"))
    with pytest.raises(InvalidNumber, match="must be a Decimal"):
        LotRules().quantity("5")  # type: ignore[arg-type]
