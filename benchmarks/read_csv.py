"""
Read order lines from CSV into a checked book, against a loop somebody would write by hand.

    python benchmarks/read_csv.py [--rows 1000000]

The loop uses `csv` and bare attrs classes: it checks nothing but what `Decimal` refuses, while the
library also checks every cell, finds repeated ids and dangling references, and sums the columns.
Both run in fresh processes, by turns; times are medians of three, memory is the peak of a process.
"""

import argparse
import csv
import multiprocessing
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import attrs

from salescore.book import check_book
from salescore.exchange import read_folder

ROUNDS = 3
LINES_PER_ORDER = 4
PRODUCTS = 500
CUSTOMERS = 10_000


@attrs.frozen
class Money:
    """An amount as somebody would write it by hand."""

    amount: Decimal
    currency: str


@attrs.frozen
class Line:
    """An order line as somebody would write it by hand."""

    id: str
    order_id: str
    quantity: Decimal
    net_amount: Money
    product_id: str | None
    gross_amount: Money | None
    discount: Decimal | None
    cost: Money | None


def write(folder: Path, count: int) -> None:
    """Write so many order lines, and what they refer to."""
    chance = random.Random(7)
    with (folder / "products.csv").open("w", encoding="utf-8", newline="") as stream:
        stream.write("id,name,family\n")
        stream.writelines(f"P-{n:04d},Product {n},Family {n % 9}\n" for n in range(PRODUCTS))
    with (folder / "customers.csv").open("w", encoding="utf-8", newline="") as stream:
        stream.write("id,name\n")
        stream.writelines(f"C-{n:05d},Customer {n}\n" for n in range(CUSTOMERS))
    orders = -(-count // LINES_PER_ORDER)
    with (folder / "orders.csv").open("w", encoding="utf-8", newline="") as stream:
        stream.write("id,ordered_on,customer_id,region\n")
        for n in range(orders):
            day = f"{2014 + n % 4}-{n % 12 + 1:02d}-{n % 28 + 1:02d}"
            customer = f"C-{chance.randrange(CUSTOMERS):05d}"
            stream.write(f"O-{n:07d},{day},{customer},{'NESW'[n % 4]}\n")
    with (folder / "order_lines.csv").open("w", encoding="utf-8", newline="") as stream:
        stream.write(
            "id,order_id,product_id,quantity,net_amount,gross_amount,discount,cost,currency\n"
        )
        for n in range(count):
            gross = chance.randrange(100, 500_000)
            off = chance.choice((0, 0, 0, 10, 15, 20, 40))
            net = gross * (100 - off)
            cost = f"{chance.randrange(50, 400_000) / 100:.2f}" if n % 10 else ""
            stream.write(
                f"L-{n:08d},O-{n // LINES_PER_ORDER:07d},P-{chance.randrange(PRODUCTS):04d},"
                f"{chance.randrange(1, 15)},{net // 10_000}.{net % 10_000:04d},"
                f"{gross / 100:.2f},0.{off:02d},{cost},USD\n"
            )


def by_hand(folder: Path) -> int:
    """Read the lines in a loop."""
    lines = []
    with (folder / "order_lines.csv").open(encoding="utf-8", newline="") as stream:
        reader = csv.reader(stream)
        next(reader)
        for key, order, product, quantity, net, gross, discount, cost, currency in reader:
            lines.append(
                Line(
                    id=key,
                    order_id=order,
                    product_id=product or None,
                    quantity=Decimal(quantity),
                    net_amount=Money(Decimal(net), currency),
                    gross_amount=Money(Decimal(gross), currency) if gross else None,
                    discount=Decimal(discount) if discount else None,
                    cost=Money(Decimal(cost), currency) if cost else None,
                )
            )
    return len(lines)


def by_library(folder: Path) -> int:
    """Read the folder into a checked book."""
    found = read_folder(folder)
    faults = (*found.findings, *check_book(found.book))
    if faults:
        raise SystemExit(f"the rows should be right: {faults[0]}")
    return len(found.book.order_lines)


def measure(task: Callable[[Path], int], folder: Path) -> tuple[float, float, int]:
    """Return seconds, peak mebibytes and rows of one run in a fresh process."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(timed, (task, folder))


def timed(task: Callable[[Path], int], folder: Path) -> tuple[float, float, int]:
    """Return seconds, peak mebibytes and rows of one run in this process."""
    start = time.perf_counter()
    rows = task(folder)
    seconds = time.perf_counter() - start
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, rows


def main() -> None:
    """Measure both by turns and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--rows", type=int, default=1_000_000, help="order lines (1000000)")
    count = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, count)
        runs = [(measure(by_hand, folder), measure(by_library, folder)) for _ in range(ROUNDS)]
    print(f"{count:,} order lines from CSV, medians of {ROUNDS}")
    for title, found in (("csv + attrs by hand", 0), ("checked book", 1)):
        seconds = statistics.median(run[found][0] for run in runs)
        peak = statistics.median(run[found][1] for run in runs)
        print(f"{title:20} {seconds:7.2f} s {peak:8,.0f} MiB  {runs[0][found][2]:,} lines")
    ratios = [ours[0] / hand[0] for hand, ours in runs]
    print(f"ratio                {statistics.median(ratios):7.2f}   (aim: at most 1.5)")


if __name__ == "__main__":
    main()
