"""The published figures of Maven, Superstore and Northwind again, through dataframes."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.oracles.conftest import close

from salescore.book import Facts
from salescore.exchange import read_folder
from salescore.frames import FrameFacts, fact_frames, open_frame
from salescore.metrics import (
    CATALOGUE,
    DIMENSIONS,
    abc,
    compare,
    figure,
    figures,
    shares,
    slices,
    slices_by_each,
    top,
)
from salescore.values import Calendar, exact_sum

pytestmark = [pytest.mark.shared, pytest.mark.engine]

ENGINES = ("polars", "duckdb", "pyarrow", "pandas")
YEAR = Calendar().parse("2017")


def frames_of(facts: Facts, engine: str, memory: int = 2**30) -> FrameFacts:
    """Return the fact tables of a book as dataframes, with the names of its records."""
    native = fact_frames(facts, engine)
    return FrameFacts.of(
        {name: open_frame(one, facts.schema(name)) for name, one in native.items()},
        currency=facts.currency,
        as_of=facts.as_of,
        labels={
            one.records: {
                key: facts.label(one.records, key) for key in facts.known.book.index(one.records)
            }
            for one in DIMENSIONS
            if one.records is not None
        },
        memory=memory,
    )


def by(facts: FrameFacts, name: str, dimension: str) -> dict[str, Decimal | None]:
    """Return a figure by one dimension, under labels."""
    return {one.label: one.value for one in slices(name, facts, by=dimension)}


@pytest.fixture(scope="module")
def northwind_facts(shared: Path) -> Facts:
    """Return Northwind's fact tables."""
    return Facts.of(read_folder(shared / "data" / "northwind", "northwind").book)


@pytest.mark.parametrize("engine", ENGINES)
def test_maven(maven_facts: Facts, maven: dict[str, Any], engine: str) -> None:
    """Wins to the count, amounts to the cent, medians and cycles in days, by rep and region."""
    facts = frames_of(maven_facts, engine)
    names = (
        *("won_opportunities", "lost_opportunities", "won_amount", "win_rate"),
        *("average_won_amount", "median_won_amount", "sales_cycle_mean", "sales_cycle_median"),
        *("sales_cycle_p90", "open_opportunities", "open_pipeline"),
    )
    value = {one.name: one.value for one in figures(names, facts)}
    assert value["won_opportunities"] == maven["stage_counts"]["Won"]
    assert value["lost_opportunities"] == maven["stage_counts"]["Lost"]
    assert value["won_amount"] == maven["won_value_total"]
    assert close(value["win_rate"], maven["win_rate_closed"])
    assert close(value["average_won_amount"], maven["avg_won_value"])
    assert value["median_won_amount"] == maven["median_won_value"]
    assert close(value["sales_cycle_mean"], maven["cycle_days"]["won_mean"])
    assert value["sales_cycle_median"] == maven["cycle_days"]["won_median"]
    assert value["sales_cycle_p90"] == maven["cycle_days"]["won_p90_linear"]
    assert value["open_opportunities"] == 1589 + 500
    assert value["open_pipeline"] == maven["open_pipeline_list_price"]["total"]
    for dimension, truth in (
        *(("rep", "by_sales_agent"), ("team", "by_manager"), ("product", "by_product")),
        *(("region", "by_regional_office"), ("segment", "by_sector")),
    ):
        amounts = by(facts, "won_amount", dimension)
        counts = by(facts, "won_opportunities", dimension)
        for name, wanted in maven[truth].items():
            assert amounts[name] == wanted["won_value"]
            assert counts[name] == wanted["won"]


@pytest.mark.parametrize("engine", ENGINES)
def test_superstore(superstore_facts: Facts, superstore: dict[str, Any], engine: str) -> None:
    """Sales and profit with all four decimals, by year, month, region and category."""
    facts = frames_of(superstore_facts, engine)
    names = ("revenue", "gross_profit", "gross_margin", "volume", "orders", "customers")
    value = {one.name: one.value for one in figures(names, facts)}
    assert value["revenue"] == superstore["sales"]
    assert value["gross_profit"] == superstore["profit"]
    assert close(value["gross_margin"], superstore["margin"])
    assert value["volume"] == superstore["quantity"]
    assert value["orders"] == superstore["orders"]
    assert value["customers"] == superstore["customers"]
    for dimension, truth in (
        *(("year", "by_year"), ("region", "by_region"), ("product_family", "by_category")),
    ):
        wanted = superstore[truth]
        assert by(facts, "revenue", dimension) == {key: one["sales"] for key, one in wanted.items()}
        assert by(facts, "gross_profit", dimension) == {
            key: one["profit"] for key, one in wanted.items()
        }
    assert by(facts, "revenue", "segment") == superstore["by_segment"]
    assert by(facts, "revenue", "month") == superstore["by_month"]


@pytest.mark.parametrize("engine", ENGINES)
def test_northwind(northwind_facts: Facts, truths: dict[str, Any], engine: str) -> None:
    """Net revenue by year, month, rep and category, and how few customers make most of it."""
    truth = truths["northwind"]["values"]
    facts = frames_of(northwind_facts, engine)
    assert figure("gross_revenue", facts).value == truth["gross"]
    assert figure("revenue", facts).value == truth["net"]
    assert by(facts, "revenue", "year") == truth["by_year"]
    assert by(facts, "revenue", "month") == truth["net_by_month"]
    assert by(facts, "revenue", "product_family") == truth["by_category"]
    reps = truth["by_employee"]
    assert by(facts, "revenue", "rep") == {name: one["net"] for name, one in reps.items()}
    assert by(facts, "orders", "rep") == {name: one["orders"] for name, one in reps.items()}
    assert close(figure("average_order_value", facts).value, truth["aov_net"])
    customers = slices("revenue", facts, by="customer")
    wanted = truth["customer_concentration"]
    assert {one.grade: one.n for one in abc(customers).classes} == wanted["abc_80_95_counts"]
    found = shares(customers)
    for most, name in ((1, "top1_share"), (5, "top5_share"), (10, "top10_share")):
        largest = [one.value for one in found[:most] if one.value is not None]
        assert close(exact_sum(largest), wanted[name])
    ten = top(customers, 10)
    assert {one.key: one.value for one in ten.largest} == truth["top10_customers"]
    assert exact_sum(one.value for one in ten.rows if one.value is not None) == truth["net"]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("memory", [0, 2**30])
def test_a_whole_review_of_superstore_is_equal(
    superstore_facts: Facts, engine: str, memory: int
) -> None:
    """Every figure by every dimension, kept or rolled up, is that of Python rows."""
    facts = frames_of(superstore_facts, engine, memory)
    names = [one.name for one in DIMENSIONS]
    period = [one for one in CATALOGUE if not one.is_stock]
    mine = slices_by_each(period, facts, by=names, during=YEAR)
    rows = slices_by_each(period, superstore_facts, by=names, during=YEAR)
    assert mine == rows
    assert compare(period, facts, during=YEAR) == compare(period, superstore_facts, during=YEAR)
