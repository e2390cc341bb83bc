"""
The published counts of RFM segments and ABC classes again, worked out on dataframes.

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
from tests.frames.grading_cases import ENGINES, by_key, fact_schema, session_of, tables_of

from salescore.book import Facts
from salescore.frames import abc_frame, customer_frame, grade_frame, native_frame, rfm_frame
from salescore.grading import (
    STANDARD_POLICIES,
    GradingPolicy,
    abc_policy,
    customer_figure,
    grade_customers,
    rfm_policy,
)
from salescore.metrics import RFM_SEGMENTS, QuantileCuts

pytestmark = [pytest.mark.shared, pytest.mark.engine]


def graded(facts: Facts, policy: GradingPolicy, engine: str) -> dict[str, dict[str, Any]]:
    """Return the decision on every customer, worked out on an engine."""
    session = session_of(engine)
    day = facts.as_of or facts.known.book.last_known
    assert day is not None
    customers = customer_frame(tables_of(facts, engine, session), policy.fields, as_of=day)
    return by_key(grade_frame(customers, policy, as_of=day).decisions)


def counts(decisions: dict[str, dict[str, Any]]) -> dict[str, int]:
    """Return how many customers have each grade."""
    return dict(Counter(one["after"] for one in decisions.values()))


@pytest.fixture(scope="module")
def orders(shared: Path) -> dict[str, list[Any]]:
    """Return the 4,906 published orders as columns of sales lines."""
    with (shared / "data" / "rfm_r" / "rfm_data_orders.csv").open(
        encoding="utf-8", newline=""
    ) as file:
        rows = list(csv.DictReader(file))
    return {
        "id": [f"l{number}" for number in range(len(rows))],
        "record": ["order_lines"] * len(rows),
        "sold_on": [date.fromisoformat(row["order_date"]) for row in rows],
        "order_id": [f"o{number}" for number in range(len(rows))],
        "customer_id": [row["customer_id"] for row in rows],
        "net_amount": [Decimal(row["revenue"]) for row in rows],
    }


@pytest.mark.parametrize("engine", ENGINES)
def test_the_scores_and_segments_of_the_package(
    orders: dict[str, list[Any]], truths: dict[str, Any], engine: str
) -> None:
    """Scores, segments and five published rows of the 995 customers of the R package."""
    truth = truths["rfm_r"]["values"]
    as_of = date.fromisoformat(truths["rfm_r"]["definitions"]["as_of"])
    lines = native_frame(fact_schema("sales_lines"), orders, engine, session=session_of(engine))
    found = by_key(rfm_frame(lines, QuantileCuts(parts=5), as_of=as_of, segments=RFM_SEGMENTS))
    assert len(found) == truth["customers"]
    for axis in "RFM":
        scored = Counter(str(row[axis.lower()]) for row in found.values())
        assert scored == truth["score_counts"][axis]
    segments = Counter(row["segment"] for row in found.values())
    published = truth["segments_readme"]
    assert segments == {name: one["customers"] for name, one in published.items()}
    for key, row in truth["published_rows"].items():
        one = found[key]
        seen = (one["recency_days"], one["orders"], one["revenue"], one["segment"])
        assert seen == (row["recency"], row["orders"], row["amount"], row["segment"])


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_the_policy_of_segments(
    orders: dict[str, list[Any]], truths: dict[str, Any], engine: str
) -> None:
    """The standard policy puts the customers into the segments that the README publishes."""
    truth = truths["rfm_r"]
    as_of = date.fromisoformat(truth["definitions"]["as_of"])
    session = session_of(engine)
    lines = native_frame(fact_schema("sales_lines"), orders, engine, session=session)
    listed = {"customer_id": sorted(set(orders["customer_id"]))}
    customers = native_frame(fact_schema("customers"), listed, engine, session=session)
    policy = rfm_policy()
    table = customer_frame(
        {"customers": customers, "sales_lines": lines}, policy.fields, as_of=as_of
    )
    found = by_key(grade_frame(table, policy, as_of=as_of).decisions)
    published = truth["values"]["segments_readme"]
    assert counts(found) == {name: one["customers"] for name, one in published.items()}


@pytest.mark.parametrize("engine", ENGINES)
def test_abc_of_maven(maven_facts: Facts, maven: dict[str, Any], engine: str) -> None:
    """The 85 accounts by all that they were won for."""
    truth = maven["account_concentration"]["abc_80_95_counts"]
    found = graded(maven_facts, abc_policy(customer_figure("won_amount")), engine)
    assert counts(found) == truth


@pytest.mark.parametrize("engine", ENGINES)
def test_abc_of_superstore(
    superstore_facts: Facts, superstore: dict[str, Any], engine: str
) -> None:
    """The 793 customers by all that they bought."""
    truth = superstore["customer_concentration"]["abc_80_95_counts"]
    found = graded(superstore_facts, abc_policy(customer_figure("revenue")), engine)
    assert counts(found) == truth


def test_abc_of_superstore_by_value(superstore_facts: Facts, superstore: dict[str, Any]) -> None:
    """The classes of a column alone are the same."""
    truth = superstore["customer_concentration"]["abc_80_95_counts"]
    table = tables_of(superstore_facts, "polars", None, "sales_lines")["sales_lines"]
    worth = table.select("customer_id", "net_amount").group_by("customer_id").sum()
    found = by_key(abc_frame(worth, "net_amount"))
    assert Counter(row["abc"] for row in found.values()) == truth


@pytest.mark.parametrize("policy", STANDARD_POLICIES, ids=lambda one: one.name)
def test_superstore_is_graded_as_on_rows(superstore_facts: Facts, policy: GradingPolicy) -> None:
    """Every standard policy gives each of the 793 customers the grade and reasons of the rows."""
    expected = {
        one.customer_id: (one.after, ", ".join(why.code.value for why in one.reasons))
        for one in grade_customers(policy, superstore_facts, {}).decisions
    }
    found = graded(superstore_facts, policy, "polars")
    assert {key: (row["after"], row["reasons"]) for key, row in found.items()} == expected
    assert len(found) == 793
