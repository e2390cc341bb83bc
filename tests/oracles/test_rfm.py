"""
The published values of the R package rfm on its own data of 4,906 orders.

Source:
    Hebbali, A., R package rfm 0.3.0: README, and tests/testthat/test-rfm-segment.R.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from salescore.book import Facts, SalesBook
from salescore.entities import Customer, CustomerId, Order, OrderId, OrderLine, OrderLineId
from salescore.metrics import (
    OTHER_SEGMENT,
    RFM_SEGMENTS,
    QuantileCuts,
    RfmInput,
    RfmScore,
    SegmentBounds,
    figure,
    rfm,
    rfm_cuts,
    rfm_inputs,
    rfm_segment,
)
from salescore.values import Money

pytestmark = pytest.mark.shared

AS_OF = date(2006, 12, 31)
SCHEME = QuantileCuts(parts=5)


@pytest.fixture(scope="module")
def truth(truths: dict[str, Any]) -> dict[str, Any]:
    """Return the published values."""
    found: dict[str, Any] = truths["rfm_r"]["values"]
    return found


@pytest.fixture(scope="module")
def rules(truths: dict[str, Any]) -> dict[str, Any]:
    """Return the published bounds of the segments: the names, then six rows of bounds."""
    assert truths["rfm_r"]["definitions"]["as_of"] == AS_OF.isoformat()
    found: dict[str, Any] = truths["rfm_r"]["definitions"]["rules"]
    return found


@pytest.fixture(scope="module")
def facts(shared: Path) -> Facts:
    """Return the orders as facts: each row of the file is an order of one line."""
    orders: list[Order] = []
    lines: list[OrderLine] = []
    path = shared / "data" / "rfm_r" / "rfm_data_orders.csv"
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file)):
            order = Order(
                id=OrderId(f"o{number}"),
                ordered_on=date.fromisoformat(row["order_date"]),
                customer_id=CustomerId(row["customer_id"]),
            )
            orders.append(order)
            lines.append(
                OrderLine(
                    id=OrderLineId(f"l{number}"),
                    order_id=order.id,
                    quantity=Decimal(1),
                    net_amount=Money.of(row["revenue"], "USD"),
                )
            )
    return Facts.of(SalesBook(orders=tuple(orders), order_lines=tuple(lines)))


@pytest.fixture(scope="module")
def inputs(facts: Facts) -> tuple[RfmInput, ...]:
    """Return what RFM asks of each customer."""
    return rfm_inputs(facts, AS_OF)


@pytest.fixture(scope="module")
def scores(inputs: tuple[RfmInput, ...]) -> tuple[RfmScore, ...]:
    """Return the scores by quantile cuts."""
    return rfm(inputs, AS_OF, SCHEME)


def test_the_data(facts: Facts, inputs: tuple[RfmInput, ...], truth: dict[str, Any]) -> None:
    """Orders, customers, revenue and the days from the first to the last."""
    assert len(inputs) == truth["customers"] == figure("customers", facts).value
    assert sum(one.orders for one in inputs) == truth["orders"] == figure("orders", facts).value
    revenue = sum(one.revenue for one in inputs if one.revenue is not None)
    assert revenue == truth["revenue"] == figure("revenue", facts).value
    days = facts.table("sales_lines").column("sold_on")
    assert [min(days).isoformat(), max(days).isoformat()] == truth["range"]


def test_the_bins(inputs: tuple[RfmInput, ...], truth: dict[str, Any]) -> None:
    """The bounds between scores, on all three axes, to the last digit."""
    found = rfm_cuts(inputs, AS_OF, SCHEME)._asdict()
    assert found == {name: tuple(map(Fraction, bounds)) for name, bounds in truth["bins"].items()}


@pytest.mark.parametrize("axis", ["R", "F", "M"])
def test_the_score_counts(scores: tuple[RfmScore, ...], truth: dict[str, Any], axis: str) -> None:
    """How many customers have each score."""
    found = Counter(str(getattr(one, axis.lower())) for one in scores)
    assert found == truth["score_counts"][axis]


def test_the_best_and_the_worst(scores: tuple[RfmScore, ...], truth: dict[str, Any]) -> None:
    """How many customers score 555 and 111."""
    codes = Counter(one.code for one in scores)
    assert (codes["555"], codes["111"]) == (truth["n_555"], truth["n_111"])


def table(
    scores: Sequence[RfmScore], segments: Sequence[SegmentBounds]
) -> dict[str | None, dict[str, Decimal | int]]:
    """Return customers, orders and revenue by segment."""
    found: dict[str | None, dict[str, Decimal | int]] = {}
    for one in scores:
        row = found.setdefault(
            rfm_segment(one, segments), {"customers": 0, "orders": 0, "revenue": 0}
        )
        row["customers"] += 1
        row["orders"] += one.orders
        row["revenue"] += one.revenue or 0
    return found


def bounds_of(published: list[list[Any]]) -> tuple[SegmentBounds, ...]:
    """Return segments out of published names and rows of bounds."""
    return tuple(
        SegmentBounds(name=name, r=(r_low, r_high), f=(f_low, f_high), m=(m_low, m_high))
        for name, r_low, r_high, f_low, f_high, m_low, m_high in zip(*published, strict=True)
    )


def test_the_segments_that_ship(
    scores: tuple[RfmScore, ...], rules: dict[str, Any], truth: dict[str, Any]
) -> None:
    """Ten segments have the bounds of the README and give its table; the eleventh is the rest."""
    plain = [SegmentBounds(name=one.name, r=one.r, f=one.f, m=one.m) for one in RFM_SEGMENTS]
    assert tuple(plain[:-1]) == bounds_of(rules["readme"])
    assert plain[-1].name == OTHER_SEGMENT
    assert table(scores, RFM_SEGMENTS) == truth["segments_readme"]
    assert table(scores, RFM_SEGMENTS[:-1]) == truth["segments_readme"]


def test_the_segments_of_the_packages_own_tests(
    scores: tuple[RfmScore, ...], rules: dict[str, Any], truth: dict[str, Any]
) -> None:
    """With the bounds of its test suite: 158 champions with 1,234 orders worth 120,178."""
    found = table(scores, bounds_of(rules["testsuite"]))
    assert found == truth["segments_testsuite"]
    assert found["Champions"] == {"customers": 158, "orders": 1234, "revenue": 120178}


def test_the_published_rows(scores: tuple[RfmScore, ...], truth: dict[str, Any]) -> None:
    """Five customers with days, orders, amount, score and segment."""
    by_key = {one.key: one for one in scores}
    for key, row in truth["published_rows"].items():
        one = by_key[key]
        found = (one.recency_days, one.orders, one.revenue, one.code, rfm_segment(one))
        wanted = (row["recency"], row["orders"], row["amount"], str(row["score"]), row["segment"])
        assert found == wanted
    assert len(truth["published_rows"]) == 5


def test_a_customer_without_an_order_changes_nothing(
    facts: Facts, scores: tuple[RfmScore, ...]
) -> None:
    """Prospects in the customer list score 0 and leave every published score as it is."""
    book = facts.book
    listed = Facts.of(
        SalesBook(
            customers=(Customer(id=CustomerId("prospect"), name="Prospect"),),
            orders=book.orders,
            order_lines=book.order_lines,
        )
    )
    prospect, *others = rfm(rfm_inputs(listed, AS_OF), AS_OF, SCHEME)
    assert (prospect.code, rfm_segment(prospect)) == ("000", None)
    assert sorted(others, key=lambda one: one.key) == sorted(scores, key=lambda one: one.key)
