"""Superstore against its ground truth, `superstore_npm` in the shared `datasets.json`."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.oracles.conftest import close

from salescore.__main__ import main
from salescore.book import Facts
from salescore.exchange import Import
from salescore.metrics import (
    Aggregate,
    FigureDefinition,
    Measure,
    Part,
    abc,
    figure,
    rows_behind,
    slices,
)
from salescore.rules import F
from salescore.values import Calendar, exact_sum

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def review(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return the review of all four years that the command line writes, as JSON."""
    out = tmp_path_factory.mktemp("superstore") / "review.json"
    code = main(
        [
            *("review", str(shared / "data" / "superstore"), "--profile", "superstore"),
            *("--during", "2014-01-01..2017-12-31", "--format", "json", "--out", str(out)),
            *("--by", "year,month,region,product_family,segment,customer"),
        ]
    )
    assert code == 0
    found: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return found


def by(review: dict[str, Any], name: str, dimension: str) -> dict[str, Decimal]:
    """Return one figure by one dimension."""
    return {one["label"]: Decimal(one["value"]) for one in review["slices"][name][dimension]}


def test_every_line_is_accepted(superstore_import: Import, superstore: dict[str, Any]) -> None:
    """No line is refused; one line gives up to four records, each kept once."""
    book = superstore_import.book
    (report,) = superstore_import.files
    assert all(one.refused == 0 for one in report.records)
    assert len(book.order_lines) == superstore["rows"]
    assert len(book.orders) == superstore["orders"]
    assert len(book.customers) == superstore["customers"]
    assert len(book.products) == superstore["products"]


def test_the_review_has_the_headline_figures(
    review: dict[str, Any], superstore: dict[str, Any]
) -> None:
    """Sales, profit and quantity with all four decimals, the margin to 1e-8."""
    value = {
        name: one["value"] and Decimal(one["value"]) for name, one in review["figures"].items()
    }
    assert value["revenue"] == superstore["sales"]
    assert value["gross_profit"] == superstore["profit"]
    assert close(value["gross_margin"], superstore["margin"])
    assert value["volume"] == superstore["quantity"]
    assert value["orders"] == superstore["orders"]
    assert value["customers"] == superstore["customers"]
    assert value["new_customers"] == superstore["customers"]
    assert review["as_of"] == superstore["range"][1]
    average = value["average_order_value"]
    assert average is not None
    assert abs(average - superstore["sales"] / superstore["orders"]) < Decimal("1e-8")
    per_customer = value["revenue_per_customer"]
    assert per_customer is not None
    assert abs(per_customer - superstore["sales"] / superstore["customers"]) < Decimal("1e-8")


def test_years(review: dict[str, Any], superstore: dict[str, Any]) -> None:
    """Sales and profit of each year."""
    assert by(review, "revenue", "year") == {
        year: one["sales"] for year, one in superstore["by_year"].items()
    }
    assert by(review, "gross_profit", "year") == {
        year: one["profit"] for year, one in superstore["by_year"].items()
    }


@pytest.mark.parametrize(
    ("dimension", "truth"), [("region", "by_region"), ("product_family", "by_category")]
)
def test_regions_and_families(
    review: dict[str, Any], superstore: dict[str, Any], dimension: str, truth: str
) -> None:
    """Sales and profit by the region of the order and by the product's category."""
    wanted = superstore[truth]
    assert by(review, "revenue", dimension) == {key: one["sales"] for key, one in wanted.items()}
    profit = by(review, "gross_profit", dimension)
    assert profit == {key: one["profit"] for key, one in wanted.items()}


def test_segments_and_months(review: dict[str, Any], superstore: dict[str, Any]) -> None:
    """Sales by segment and by each of the 48 months."""
    assert by(review, "revenue", "segment") == superstore["by_segment"]
    assert by(review, "revenue", "month") == superstore["by_month"]


def test_customers(
    review: dict[str, Any], superstore_facts: Facts, superstore: dict[str, Any]
) -> None:
    """The largest customers, the ABC classes and the shares of the largest."""
    largest = {one["label"]: Decimal(one["value"]) for one in review["abc"]["items"][:5]}
    assert largest == superstore["top5_customers"]
    found = abc(slices("revenue", superstore_facts, by="customer"))
    truth = superstore["customer_concentration"]
    assert {one.grade: one.n for one in found.classes} == truth["abc_80_95_counts"]
    assert found.total == truth["total"]
    assert close(found.items[0].share, truth["top1_share"])
    assert close(exact_sum(one.share for one in found.items[:5]), truth["top5_share"])


def test_lines_sold_at_a_loss(superstore_facts: Facts, superstore: dict[str, Any]) -> None:
    """Lines whose cost exceeds their sales, counted by a measure of one's own."""
    losses = FigureDefinition(
        name="loss_lines",
        labels=("Loss lines", "亏损行"),
        words="Order lines sold below cost.",
        unit="order lines",
        source="this test",
        numerator=[
            Part(
                Measure(
                    name="loss_lines",
                    table="order_lines",
                    aggregate=Aggregate.COUNT,
                    where=F.net_amount < F.cost,
                    date="ordered_on",
                )
            )
        ],
    )
    assert figure(losses, superstore_facts).value == superstore["loss_lines"]


def test_a_slice_is_traced_to_its_lines(
    superstore_facts: Facts, superstore: dict[str, Any]
) -> None:
    """The rows behind a region's profit of each year sum to the published total."""
    total = Decimal(0)
    for year in superstore["by_year"]:
        during = Calendar().parse(year)
        rows = rows_behind(
            "gross_profit", superstore_facts, during=during, where={"region": "West"}
        )
        total += exact_sum(row.value for row in rows if isinstance(row.value, Decimal))
        assert all(row.table == "sales_lines" for row in rows)
    assert total == superstore["by_region"]["West"]["profit"]
