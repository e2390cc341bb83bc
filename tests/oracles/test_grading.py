"""
Standard policies against published counts: RFM segments of the R package, ABC of two companies.

Source:
    Hebbali, A., R package rfm 0.3.0, README; the ground truth of the shared data sets.
"""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from salescore.book import Facts, SalesBook
from salescore.entities import Customer, CustomerId, Order, OrderId, OrderLine, OrderLineId
from salescore.grading import (
    STANDARD_POLICIES,
    Grading,
    GradingPolicy,
    abc_policy,
    check_policy,
    customer_figure,
    grade_customers,
    lifecycle_policy,
    matrix_policy,
    preview,
    rfm_policy,
    standard_policies,
    value_policy,
)
from salescore.metrics import RFM_SEGMENTS, Cut, abc_of
from salescore.values import Money

pytestmark = pytest.mark.shared

WON = customer_figure("won_amount", months=12)


def counts(grading: Grading) -> dict[str, int]:
    """Return how many customers have each grade that somebody has."""
    return {key: after for key, _, after in grading.counts if after}


def rfm_book(folder: Path) -> SalesBook:
    """Return the 4,906 published orders, each of one line."""
    with (folder / "rfm_data_orders.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return SalesBook(
        customers=[
            Customer(id=CustomerId(key), name=key)
            for key in dict.fromkeys(row["customer_id"] for row in rows)
        ],
        orders=[
            Order(
                id=OrderId(f"o{number}"),
                ordered_on=date.fromisoformat(row["order_date"]),
                customer_id=CustomerId(row["customer_id"]),
            )
            for number, row in enumerate(rows)
        ],
        order_lines=[
            OrderLine(
                id=OrderLineId(f"l{number}"),
                order_id=OrderId(f"o{number}"),
                quantity=Decimal(1),
                net_amount=Money.of(row["revenue"], "USD"),
            )
            for number, row in enumerate(rows)
        ],
    )


def test_the_segments_of_the_package(shared: Path, truths: dict[str, Any]) -> None:
    """The 995 customers of the R package lie in the segments that its README publishes."""
    truth = truths["rfm_r"]
    as_of = date.fromisoformat(truth["definitions"]["as_of"])
    found = preview(rfm_policy(), rfm_book(shared / "data" / "rfm_r"), as_of)
    published = truth["values"]["segments_readme"]
    assert counts(found) == {name: one["customers"] for name, one in published.items()}
    assert sum(counts(found).values()) == truth["values"]["customers"] == 995
    rows = truth["values"]["published_rows"]
    assert {key: found.by_customer[key].after for key in rows} == {
        key: one["segment"] for key, one in rows.items()
    }
    assert {one.name for one in RFM_SEGMENTS} >= set(published)


def test_abc_of_maven(maven_facts: Facts, maven: dict[str, Any]) -> None:
    """The 85 accounts by all that they were won for."""
    truth = maven["account_concentration"]["abc_80_95_counts"]
    found = grade_customers(abc_policy(customer_figure("won_amount")), maven_facts)
    assert counts(found) == truth
    year = grade_customers(abc_policy(WON), maven_facts)
    assert counts(year) == truth, "every deal was won in 2017"


def test_abc_of_superstore(superstore_facts: Facts, superstore: dict[str, Any]) -> None:
    """The 793 customers by all that they bought."""
    truth = superstore["customer_concentration"]["abc_80_95_counts"]
    found = grade_customers(abc_policy(customer_figure("revenue")), superstore_facts)
    assert counts(found) == truth


def test_superstore_is_graded(superstore_facts: Facts) -> None:
    """Every policy grades the 793 customers; who makes the first half of a year is VIP."""
    found = {one.name: grade_customers(one, superstore_facts) for one in STANDARD_POLICIES}
    assert {sum(counts(one).values()) for one in found.values()} == {793}
    rows = found["abc"].customers.rows()
    entries = [(row["customer_id"], "", row["revenue_12m"]) for row in rows]
    best = sum(one.grade == "A" for one in abc_of(entries, [Cut("A", Decimal("0.5"))]).items)
    assert best < 793 / 4, "a club is small"
    assert counts(found["lifecycle"]) == {"vip": best, "regular": 793 - best}
    assert counts(found["value"]) == {"high_value": best, "ordinary": 793 - best}
    assert counts(found["matrix"]) == {"maintain": best, "basic": 793 - best}


@pytest.mark.parametrize(
    ("policy", "top"),
    [(lifecycle_policy(WON), "vip"), (value_policy(WON), "high_value")],
    ids=["lifecycle", "value"],
)
def test_maven_is_graded_by_what_was_won(
    maven_facts: Facts, maven: dict[str, Any], policy: GradingPolicy, top: str
) -> None:
    """A book without orders: every account was won, and who makes the first half stands highest."""
    found = grade_customers(policy, maven_facts)
    assert check_policy(policy, found.customers.schema) == ()
    rows = found.customers.rows()
    entries = [(row["customer_id"], "", row["won_amount_12m"]) for row in rows]
    number = sum(one.grade == "A" for one in abc_of(entries, [Cut("A", Decimal("0.5"))]).items)
    assert counts(found)[top] == number < maven["account_concentration"]["abc_80_95_counts"]["A"]
    assert policy in standard_policies(maven_facts)
    assert maven["accounts_with_won"] == sum(counts(found).values())
    assert counts(grade_customers(lifecycle_policy(), maven_facts)) == {"regular": 85}


def test_maven_in_the_matrix(maven_facts: Facts) -> None:
    """Importance by what was won, potential by open business at list prices."""
    policy = matrix_policy(WON)
    found = grade_customers(policy, maven_facts)
    assert check_policy(policy, found.customers.schema) == ()
    classes = zip(
        found.customers.table.column("importance_class"),
        found.customers.table.column("potential_class"),
        found.decisions,
        strict=True,
    )
    quadrants = {
        (True, True): "key_account",
        (True, False): "maintain",
        (False, True): "develop",
        (False, False): "basic",
    }
    expected = Counter(quadrants[one == "A", other == "A"] for one, other, _ in classes)
    assert counts(found) == expected
    assert len(expected) == 4


def test_maven_without_sales_in_the_other_policies(maven_facts: Facts) -> None:
    """Where nothing was sold, nobody has a segment, and all are C: what is not there is not A."""
    assert counts(grade_customers(rfm_policy(), maven_facts)) == {"none": 85}
    assert counts(grade_customers(abc_policy(), maven_facts)) == {"C": 85}
