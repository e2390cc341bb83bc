"""
Grading of customers on rows: by RFM segments and by a ladder over revenue, in one run.

Run: python benchmarks/grading.py --customers 100000

Each customer has two orders on average. `rfm` and `figure` are the whole way, from records to
decisions with reasons; `table` is what of it makes the fields of customers, `decide` the decisions
alone on rows that exist, without and with a history of two intervals. By hand, a loop over records
brings revenue together and bands it into grades, without reasons, window, stay or history.
Explanations are made when they are asked for; their cost is told apart.
"""

from __future__ import annotations

import argparse
import gc
import random
import statistics
import time
import tracemalloc
from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from salescore.book import Facts, SalesBook
from salescore.entities import Customer, Order, OrderLine
from salescore.grading import (
    CustomerFigure,
    Grade,
    GradeHistory,
    GradingPolicy,
    customer_table,
    grade,
    grade_customers,
    rfm_policy,
)
from salescore.metrics import Aggregate, Measure
from salescore.rules import F
from salescore.values import Money

DAY = date(2017, 12, 31)
BOUNDS = ((Decimal(20_000), "platinum"), (Decimal(10_000), "gold"), (Decimal(4_000), "silver"))


def made_book(customers: int, seed: int = 7) -> SalesBook:
    """Return a random book of so many customers, two orders of one line each on average."""
    chance = random.Random(seed)
    days = [DAY - timedelta(days=number) for number in range(360)]
    owners = [f"C{chance.randrange(customers)}" for _ in range(2 * customers)]
    return SalesBook(
        customers=[
            Customer(id=f"C{number}", name=f"Customer {number}") for number in range(customers)
        ],
        orders=[
            Order(id=f"O{number}", ordered_on=chance.choice(days), customer_id=owner)
            for number, owner in enumerate(owners)
        ],
        order_lines=[
            OrderLine(
                id=f"L{number}",
                order_id=f"O{number}",
                quantity=Decimal(1),
                net_amount=Money(Decimal(chance.randrange(100, 1_000_000)).scaleb(-2), "USD"),
            )
            for number in range(len(owners))
        ],
    )


def ladder() -> GradingPolicy:
    """Return four grades by the revenue of twelve months, with everything that tempers moves."""
    revenue = CustomerFigure(
        name="revenue_12m",
        measure=Measure(
            name="revenue",
            table="sales_lines",
            date="sold_on",
            aggregate=Aggregate.SUM,
            of=F.net_amount,
        ),
        labels=("Revenue, 12 months", "近12个月销售额"),
        months=12,
        unit="money",
    )
    return GradingPolicy(
        name="ladder",
        version="1",
        fields=[revenue],
        grades=[
            Grade(key="base", labels=("Base", "基础")),
            *(
                Grade(
                    key=key,
                    labels=(key, key),
                    entry=F.revenue_12m >= bound,
                    exit=F.revenue_12m < bound * Decimal("0.8"),
                )
                for bound, key in reversed(BOUNDS)
            ),
        ],
        minimum_stay_days=90,
        review_months=3,
        grace_days=30,
        step_limit=2,
    )


def by_hand(book: SalesBook) -> dict[str, str]:
    """Return the grade of each customer by its revenue, as one would write it."""
    start = date(DAY.year - 1, 12, 31)
    orders = {order.id: order for order in book.orders}
    sums: dict[Any, Decimal] = defaultdict(Decimal)
    for line in book.order_lines:
        order = orders[line.order_id]
        if start < order.ordered_on <= DAY:
            sums[order.customer_id] += line.net_amount.amount
    return {one.id: banded(sums.get(one.id, Decimal(0))) for one in book.customers}


def banded(revenue: Decimal) -> str:
    """Return the highest grade whose bound is reached."""
    return next((key for bound, key in BOUNDS if revenue >= bound), "base")


def _timed(act: Callable[[], Any]) -> tuple[float, Any]:
    start = time.process_time()  # of this process alone, whatever else runs
    found = act()
    return time.process_time() - start, found


def main() -> None:
    """Run the benchmark and print the cost for each customer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    book = made_book(options.customers)
    policy, segments = ladder(), rfm_policy()
    rows = customer_table(Facts.of(book, as_of=DAY), policy.fields).rows()
    quarter = DAY - timedelta(days=91)
    held = {
        row["customer_id"]: GradeHistory(customer_id=row["customer_id"], policy=policy.name)
        .followed("base", quarter - timedelta(days=91))
        .followed("gold", quarter)
        for row in rows
    }
    gc.collect()
    gc.freeze()  # nobody pays for walking the book's own objects, only for what it makes
    acts: dict[str, Callable[[], Any]] = {
        "hand": lambda: by_hand(book),
        "figure": lambda: grade_customers(policy, Facts.of(book, as_of=DAY)),
        "rfm": lambda: grade_customers(segments, Facts.of(book, as_of=DAY)),
        "table figure": lambda: customer_table(Facts.of(book, as_of=DAY), policy.fields),
        "table rfm": lambda: customer_table(Facts.of(book, as_of=DAY), segments.fields),
        "decide": lambda: [grade(policy, row, DAY) for row in rows],
        "decide held": lambda: [grade(policy, row, DAY, held[row["customer_id"]]) for row in rows],
        "hand band": lambda: [banded(row["revenue_12m"]) for row in rows],
    }
    times: dict[str, list[float]] = {name: [] for name in acts}
    found: dict[str, Any] = {}
    for _ in range(options.runs):
        for name, act in acts.items():
            seconds, found[name] = _timed(act)
            times[name].append(seconds)
    for one in found["figure"].decisions:
        if one.after != found["hand"][one.customer_id]:
            raise SystemExit(
                f"{one.customer_id}: {one.after} is not {found['hand'][one.customer_id]}"
            )
    print(f"{options.customers:,} customers, {options.runs} runs, medians")
    for name, those in times.items():
        median = statistics.median(those)
        whole = times["hand band" if name.startswith("decide") else "hand"]
        ratio = statistics.median([mine / hand for mine, hand in zip(those, whole, strict=True)])
        each = median / options.customers * 1e6
        print(f"{name:12} {median:6.2f} s  {each:7.2f} µs a customer  {ratio:6.2f} x by hand")
    some = found["decide held"][:1000]
    seconds, _ = _timed(lambda: [one.explanations for one in some])
    print(f"explanations {seconds / len(some) * 1e6:16.1f} µs a decision")
    found.clear()
    gc.collect()
    tracemalloc.start()
    kept = grade_customers(policy, Facts.of(book, as_of=DAY))
    now, peak = (size / options.customers for size in tracemalloc.get_traced_memory())
    print(
        f"memory of {len(kept.decisions):,} decisions and their facts: {now:,.0f} bytes a customer"
    )
    print(f"  at most while grading: {peak:,.0f}")


if __name__ == "__main__":
    main()
