"""
Creating checked records against the same records without any check, in one run.

Run: python benchmarks/records.py --rows 1000000

`checked` makes `OrderLine` with its two `Money` through the public constructors.
`bare` makes attrs classes of the same fields, frozen and slotted alike, that check nothing.
Both keep all records, as a program that loads them does.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from decimal import Decimal

import attrs

from salescore.entities import OrderLine
from salescore.values import Money


@attrs.frozen
class BareMoney:
    """Money without checks."""

    amount: Decimal
    currency: str


@attrs.frozen(kw_only=True)
class BareLine:
    """An order line without checks."""

    id: str
    order_id: str
    quantity: Decimal
    net_amount: BareMoney
    product_id: str | None = None
    gross_amount: BareMoney | None = None
    discount: Decimal | None = None
    cost: BareMoney | None = None


def made(
    line: Callable[..., object],
    money: Callable[[Decimal, str], object],
    cells: list[tuple[str, Decimal, Decimal, Decimal]],
) -> float:
    """Return the seconds that making one record per cell takes."""
    start = time.perf_counter()
    kept = [
        line(
            id=key,
            order_id=key,
            product_id="P",
            quantity=quantity,
            net_amount=money(net, "USD"),
            cost=money(cost, "USD"),
        )
        for key, quantity, net, cost in cells
    ]
    seconds = time.perf_counter() - start
    del kept
    return seconds


def main() -> None:
    """Run the benchmark and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    cells = [
        (f"L{number}", Decimal(number % 20), Decimal(number).scaleb(-2), Decimal(number).scaleb(-3))
        for number in range(options.rows)
    ]
    times = [
        (made(OrderLine, Money, cells), made(BareLine, BareMoney, cells))
        for _ in range(options.runs)
    ]
    checked, bare = (statistics.median(column) for column in zip(*times, strict=True))
    ratio = statistics.median(a / b for a, b in times)
    print(f"{options.rows:,} order lines with two amounts, {options.runs} runs, medians")
    print(f"checked {checked:6.2f} s   bare {bare:6.2f} s   ratio {ratio:.2f}")


if __name__ == "__main__":
    main()
