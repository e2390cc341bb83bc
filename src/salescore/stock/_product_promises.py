"""What can be promised of a product, from the facts of a book."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

import attrs

from salescore.errors import InvalidValue
from salescore.render import counted
from salescore.stock._amounts import check_kind, several
from salescore.stock._positions import ReservedBasis, StockPosition, StockPositions
from salescore.stock._promises import PromiseTable, available_to_promise
from salescore.stock._supply_plan import checked_periods
from salescore.stock._words import Words
from salescore.values import EXACT, Period

_UNRESERVED: Words = (
    "nobody can tell what is reserved: all that is on hand counts as free",
    "已预留数量未知：现有库存全部视为可用",
)
_NAMES, _CHINESE = ("open_lines", "receipts"), ("个订单行", "次到货")
_Due = tuple[date | None, Decimal]
"""Day on which units are due, `None` for now, and how many."""


def product_promises(
    positions: StockPositions, product_id: str, periods: Sequence[Period]
) -> PromiseTable:
    """
    Return what more can be promised of a product for each period.

    Open order lines are promised for the day on which their order is required, overdue ones and
    those without a day for the first period; receipts arrive on the day they are due, overdue ones
    in the first period.
    What is due after the last period is left out, and a note says so.
    Where reserved is what the stock records state, that is promised for the first period instead of
    open order lines.

    Args:
        positions: The stock as of a day, with open order lines and receipts.
        product_id: Product.
        periods: The periods from now on, one following the other; the day of the positions lies
            before the end of the first.

    Raises:
        InvalidValue: The positions are none, there is no period, they leave gaps, or the first
            ended before the day of the positions.
        UnknownName: The product has no stock record that was known on the day.

    Source:
        As `available_to_promise`.
    """
    check_kind("positions", positions, StockPositions, "what stock_positions gives")
    stock = positions.of(product_id)
    periods = _checked(positions, periods)
    promised, late = _placed(periods, _promised(positions, stock))
    coming = [
        (one.due_on, one.quantity)
        for one in positions.receipts
        if one.product_id == product_id and one.arrived_on is None
    ]
    receipts, later = _placed(periods, coming)
    notes: list[Words] = []
    if stock.reserved is None:
        notes.append(_UNRESERVED)
    if late or later:
        last = periods[-1].key
        notes.append(_left_out(late, later, last))
    if stock.on_order and not coming:
        notes.append(
            (
                f"units on order are left out, nobody says when they arrive: {stock.on_order}",
                f"在途数量未计入，到货日期未知：{stock.on_order}",
            )
        )
    table = available_to_promise(
        stock.on_hand, receipts=receipts, promised=promised, periods=periods
    )
    return attrs.evolve(table, notes=notes)


def _checked(positions: StockPositions, periods: Sequence[Period]) -> tuple[Period, ...]:
    found = several("periods", periods, "one after the other")
    if not found:
        raise InvalidValue("periods", periods, "state at least one")
    checked_periods(found, len(found))
    if found[0].end <= positions.as_of:
        fault = f"it ends before the day of the stock, {positions.as_of}"
        raise InvalidValue("first period", found[0].key, fault)
    return found


def _left_out(lines: int, receipts: int, last: str) -> Words:
    """Return in words what is due after the last period."""
    told = " and ".join(counted(n, name) for n, name in _both(lines, receipts, _NAMES) if n)
    chinese = "、".join(f"{n} {name}" for n, name in _both(lines, receipts, _CHINESE) if n)
    is_are = "is" if lines + receipts == 1 else "are"
    return (f"{told} due after {last} {is_are} left out", f"未计入 {last} 之后到期的 {chinese}")


def _both(lines: int, receipts: int, names: tuple[str, str]) -> list[tuple[int, str]]:
    return [(lines, names[0]), (receipts, names[1])]


def _promised(positions: StockPositions, stock: StockPosition) -> list[_Due]:
    """Return what is promised of a product, and when."""
    if positions.reserved_basis is ReservedBasis.RECORDED:
        return [(None, stock.reserved or Decimal(0))]
    return [
        (line.required_on, line.quantity)
        for line in positions.open_lines
        if line.product_id == stock.product_id
    ]


def _placed(periods: Sequence[Period], due: Iterable[_Due]) -> tuple[list[Decimal], int]:
    """Return units by period, what is overdue or undated in the first, and how many come later."""
    starts = [one.start for one in periods]
    found, later = [Decimal(0)] * len(periods), 0
    for on, quantity in due:
        if on is not None and on >= periods[-1].end:
            later += 1
            continue
        place = 0 if on is None else max(0, bisect_right(starts, on) - 1)
        found[place] = EXACT.add(found[place], quantity)
    return found, later
