"""
Five quantities by product x region x month against a hand-written dict loop, in one run.

Run: python benchmarks/five_quantities.py --rows 1000000

Both sides start from the same book of records and end with the same sums, which are compared.
`records` is the whole way: fact tables and figures against a loop over records with look-ups.
`table` is the figures alone on a fact table that exists, against a loop over flat rows.
Collections come with payments; selling expenses are spread over the same keys.
The book itself is kept out of garbage collection, for both sides alike.
"""

from __future__ import annotations

import argparse
import gc
import random
import statistics
import time
import tracemalloc
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from salescore.book import Facts, SalesBook
from salescore.entities import Customer, Expense, Order, OrderLine, Product
from salescore.metrics import slices_of
from salescore.values import Money

FIGURES = ("revenue", "volume", "gross_profit", "gross_margin", "sales_profit", "sales_margin")
REGIONS = ("North", "South", "East", "West")


def made_book(rows: int, seed: int = 7) -> SalesBook:
    """Return a random book of so many order lines, five to an order."""
    chance = random.Random(seed)
    days = [date(2016, 1, 1) + timedelta(days=number) for number in range(730)]
    orders = [
        Order(
            id=f"O{number}",
            ordered_on=chance.choice(days),
            customer_id=f"C{chance.randrange(2000)}",
            region=chance.choice(REGIONS),
        )
        for number in range(rows // 5)
    ]
    lines = []
    for number in range(rows):
        cents = chance.randrange(100, 1_000_000)
        lines.append(
            OrderLine(
                id=f"L{number}",
                order_id=f"O{number // 5}",
                product_id=f"P{chance.randrange(100)}",
                quantity=Decimal(chance.randrange(1, 20)),
                net_amount=Money(Decimal(cents).scaleb(-2), "USD"),
                cost=Money(Decimal(cents * 7 // 10).scaleb(-2), "USD"),
            )
        )
    expenses = [
        Expense(
            id=f"E{number}",
            spent_on=chance.choice(days),
            amount=Money(Decimal(chance.randrange(1000)), "USD"),
            product_id=f"P{chance.randrange(100)}",
            region=chance.choice(REGIONS),
        )
        for number in range(1000)
    ]
    return SalesBook(
        customers=[Customer(id=f"C{number}", name=f"Customer {number}") for number in range(2000)],
        products=[Product(id=f"P{number}", name=f"Product {number}") for number in range(100)],
        orders=orders,
        order_lines=lines,
        expenses=expenses,
    )


def ours(facts: Facts) -> dict[Any, Any]:
    """Return revenue and sales profit by product, region and month, out of the library."""
    found = slices_of(FIGURES, facts, by=("product", "region", "month"))
    revenue = {one.keys: one.value for one in found[0]}
    return {one.keys: (revenue.get(one.keys), one.value) for one in found[4]}


def by_hand(book: SalesBook) -> dict[Any, Any]:
    """Return the same, out of a loop as one would write it."""
    orders = {order.id: order for order in book.orders}
    cells: dict[Any, list[Decimal]] = {}
    for line in book.order_lines:
        order = orders[line.order_id]
        day = order.ordered_on
        key = (line.product_id, order.region, f"{day.year}-{day.month:02}")
        cell = cells.get(key)
        if cell is None:
            cell = cells[key] = [Decimal(0), Decimal(0), Decimal(0), Decimal(0)]
        net = line.net_amount.amount
        cell[0] += net
        cell[1] += line.quantity
        if line.cost is not None:
            cell[2] += net - line.cost.amount
            cell[3] += net
    return _finished(book, cells)


def by_hand_flat(book: SalesBook, rows: list[tuple[Any, ...]]) -> dict[Any, Any]:
    """Return the same, out of rows that are flat already."""
    cells: dict[Any, list[Decimal]] = {}
    for product, region, day, net, quantity, cost in rows:
        key = (product, region, f"{day.year}-{day.month:02}")
        cell = cells.get(key)
        if cell is None:
            cell = cells[key] = [Decimal(0), Decimal(0), Decimal(0), Decimal(0)]
        cell[0] += net
        cell[1] += quantity
        if cost is not None:
            cell[2] += net - cost
            cell[3] += net
    return _finished(book, cells)


def _finished(book: SalesBook, cells: dict[Any, list[Decimal]]) -> dict[Any, Any]:
    spent: dict[Any, Decimal] = {}
    for expense in book.expenses:
        day = expense.spent_on
        key = (expense.product_id, expense.region, f"{day.year}-{day.month:02}")
        spent[key] = spent.get(key, Decimal(0)) + expense.amount.amount
    found: dict[Any, Any] = {}
    for key in cells.keys() | spent.keys():
        net, quantity, profit, with_cost = cells.get(key) or [Decimal(0)] * 4
        sales_profit = profit - spent.get(key, Decimal(0))
        margins = (profit / with_cost, sales_profit / with_cost) if with_cost else (None, None)
        found[key] = (net, sales_profit, quantity, *margins)
    return found


def _timed(act: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    found = act()
    return time.perf_counter() - start, found


def main() -> None:
    """Run the benchmark and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    book = made_book(options.rows)
    facts = Facts.of(book)
    table = facts.table("order_lines")
    names = ("product_id", "region", "ordered_on", "net_amount", "quantity", "cost")
    rows = list(zip(*(table.column(name) for name in names), strict=True))
    facts.table("expenses")
    gc.collect()
    gc.freeze()  # neither side pays for walking the book's own objects, only for what it makes
    pairs: dict[str, tuple[Callable[[], Any], Callable[[], Any]]] = {
        "records": (lambda: ours(Facts.of(book)), lambda: by_hand(book)),
        "table": (lambda: ours(facts), lambda: by_hand_flat(book, rows)),
    }
    print(f"{options.rows:,} order lines, {options.runs} runs, medians")
    for name, (mine, hand) in pairs.items():
        times: dict[str, list[float]] = {"ours": [], "hand": []}
        for _ in range(options.runs):
            seconds, found = _timed(mine)
            times["ours"].append(seconds)
            seconds, wanted = _timed(hand)
            times["hand"].append(seconds)
            for key, (revenue, profit) in found.items():
                if (revenue or 0, profit) != wanted[key][:2]:
                    raise SystemExit(f"{key}: {revenue}, {profit} is not {wanted[key][:2]}")
        ratios = [a / b for a, b in zip(times["ours"], times["hand"], strict=True)]
        mine_s, hand_s = (statistics.median(times[side]) for side in ("ours", "hand"))
        ratio = statistics.median(ratios)
        print(f"{name:8} ours {mine_s:6.2f} s   hand {hand_s:6.2f} s   ratio {ratio:.2f}")
    tracemalloc.start()
    ours(Facts.of(book))
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    print(f"peak memory of ours beyond the book: {peak:,.0f} MiB")


if __name__ == "__main__":
    main()
