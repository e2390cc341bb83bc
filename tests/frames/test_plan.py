"""The plan of several reductions: what shares a scan, and that sharing changes no number."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from tests.frames.engine_cases import ENGINES

from salescore.book import FACT_TABLES
from salescore.frames import (
    FrameFacts,
    Plan,
    Progress,
    explain_plan,
    native_frame,
    reduce_frame,
    reduce_frames,
)
from salescore.metrics import Aggregate, Measure, Reduction, slices_by_each
from salescore.rules import F, Term

pytestmark = pytest.mark.engine

LINES = next(one for one in FACT_TABLES if one.name == "sales_lines")
INVOICES = next(one for one in FACT_TABLES if one.name == "invoices")
INVOICED: dict[str, list[Any]] = {
    "id": ["1", "2"],
    "issued_on": [date(2024, 2, 1), date(2024, 3, 1)],
    "region": ["r1", None],
    "segment": ["s1", "s2"],
    "amount": [Decimal("10.00"), Decimal("20.00")],
    "tax_amount": [Decimal("1.00"), Decimal("2.00")],
}
ROWS = 25_000


def line(name: str, aggregate: Aggregate, of: Term | None = None, where: Term | None = None) -> Any:  # noqa: ANN401
    """Return a measure of sales lines."""
    return Measure(
        name=name, table="sales_lines", aggregate=aggregate, of=of, where=where, date="sold_on"
    )


REVENUE = line("revenue", Aggregate.SUM, F.net_amount)
PROFIT = line("profit", Aggregate.SUM, F.net_amount - F.cost)
LARGEST = line("largest", Aggregate.MAX, F.net_amount)
LEAST = line("least", Aggregate.MIN, F.net_amount)
CUSTOMERS = line("customers", Aggregate.DISTINCT, F.customer_id)
PAYING = line("paying", Aggregate.DISTINCT, F.customer_id, F.net_amount > 0)
SEGMENTS = line("segments", Aggregate.DISTINCT, F.segment)
AMOUNTS = line("amounts", Aggregate.VALUES, F.net_amount)
COSTS = line("costs", Aggregate.VALUES, F.cost, F.segment == "s1")
EVERY = (REVENUE, PROFIT, LARGEST, LEAST, CUSTOMERS, PAYING, SEGMENTS, AMOUNTS, COSTS)
KEYS: tuple[tuple[str, ...], ...] = (
    *((), ("region",), ("product_id",), ("segment",), ("month",)),
    *(("region", "segment"), ("customer_id",), ("channel", "region")),
)


def by(*keys: str, measures: tuple[Measure, ...] = EVERY) -> Reduction:
    """Return a reduction of sales lines."""
    return Reduction(name="r", table="sales_lines", keys=keys, measures=measures)


def rows(number: int) -> dict[str, list[Any]]:
    """Return columns drawn by chance, unknowns among them."""
    chance = Random(7)  # noqa: S311 - rows, no secrets

    def text(letter: str, many: int) -> list[str | None]:
        return [
            None if chance.random() < 0.02 else f"{letter}{chance.randrange(many)}"
            for _ in range(number)
        ]

    return {
        "id": [str(place) for place in range(number)],
        "record": ["order_lines"] * number,
        "sold_on": [
            None if chance.random() < 0.01 else date(2024, 1, 1) + timedelta(chance.randrange(200))
            for _ in range(number)
        ],
        "region": text("r", 4),
        "segment": text("s", 3),
        "product_id": text("p", 300),
        "customer_id": text("c", 2000),
        "channel": [None] * number,
        "net_amount": [Decimal(chance.randrange(-50, 99_000)).scaleb(-2) for _ in range(number)],
        "cost": [
            None if chance.random() < 0.1 else Decimal(chance.randrange(500)).scaleb(-1)
            for _ in range(number)
        ],
    }


@pytest.fixture(scope="module")
def columns() -> dict[str, list[Any]]:
    """Return so many rows that not all keys fit one aggregate."""
    return rows(ROWS)


@pytest.mark.parametrize("engine", ENGINES)
def test_sharing_changes_nothing(columns: dict[str, list[Any]], engine: str) -> None:
    """Kept rows, shared aggregates and each reduction alone give the same small tables."""
    native = native_frame(LINES, columns, engine)
    asked = [by(*keys) for keys in KEYS]
    kept = reduce_frames(native, asked)
    shared = reduce_frames(native, asked, memory=0)
    assert kept == shared
    for place in (0, 3, 5):
        assert reduce_frame(native, asked[place]) == kept[place]


def test_every_row_is_in_one_group_of_each_reduction(columns: dict[str, list[Any]]) -> None:
    """By any keys the groups hold all dated rows, and their sums make the same total."""
    native = native_frame(LINES, columns, "polars")
    total, *others = reduce_frames(native, [by(*keys) for keys in KEYS], memory=0)
    dated = sum(1 for day in columns["sold_on"] if day is not None)
    assert total.counts[0] == (dated,)
    for one in others:
        assert sum(one.counts[0]) == dated
        assert sum(one.values[0]) == total.values[0][0]
        assert max(one.values[2]) == total.values[2][0]
        assert min(one.values[3]) == total.values[3][0]


def test_one_set_of_keys_is_one_aggregate(columns: dict[str, list[Any]]) -> None:
    """Nothing is measured and nothing kept for a single question."""
    native = native_frame(LINES, columns, "polars")
    plan = explain_plan(native, [by("region", measures=(REVENUE, PROFIT))])
    assert [str(scan) for scan in plan.scans] == [
        "group sales_lines by sold_on, by region: revenue, profit"
    ]


def test_several_sets_of_keys_keep_the_rows_that_fit(columns: dict[str, list[Any]]) -> None:
    """The table is read once; each set of keys is an aggregate over what was kept."""
    native = native_frame(LINES, columns, "polars")
    asked = [by(key, measures=(REVENUE, CUSTOMERS)) for key in ("region", "segment", "month")]
    plan = explain_plan(native, asked)
    assert str(plan).splitlines()[0] == (
        "read sales_lines by sold_on once, and keep what revenue, customers need"
    )
    assert [scan.keys for scan in plan.scans if not scan.is_kept] == [
        *(("region",), ("segment",), ("month",)) * 2
    ]


def test_without_memory_few_groups_share_a_scan(columns: dict[str, list[Any]]) -> None:
    """Sums roll up; different values roll up while pairs are few, else they are counted anew."""
    native = native_frame(LINES, columns, "polars")
    asked = [
        by(key, measures=(REVENUE, CUSTOMERS, SEGMENTS))
        for key in ("region", "month", "product_id")
    ]
    plan = explain_plan(native, asked, memory=0)
    joint, *others = plan.scans
    assert set(joint.keys) == {"region", "month", "product_id"}
    assert joint.groups == 5 * 8 * 301
    assert joint.measures == ("revenue",)
    assert set(joint.rolled_up_to) == {("region",), ("month",), ("product_id",)}
    assert not joint.is_recomputed
    anew = [scan for scan in others if scan.is_recomputed]
    assert {(scan.keys, scan.measures) for scan in anew} == {
        ((key,), (name,))
        for key in ("region", "month", "product_id")
        for name in ("customers", "segments")
    }
    assert "recomputed for these keys alone" in str(anew[0])
    few = explain_plan(native, asked[:2], memory=0)
    paired = next(scan for scan in few.scans if scan.value == "segment")
    assert (paired.measures, paired.groups) == (("segments",), 5 * 8 * 4)
    assert set(paired.rolled_up_to) == {("region",), ("month",)}
    assert "and the values of segment (at most 160 groups)" in str(paired)


def test_keys_of_many_groups_stay_apart(columns: dict[str, list[Any]]) -> None:
    """The groups of a shared aggregate are bounded by what was measured."""
    native = native_frame(LINES, columns, "polars")
    asked = [by(key, measures=(REVENUE,)) for key in ("customer_id", "product_id", "region")]
    plan = explain_plan(native, asked, memory=0)
    assert [set(scan.keys) for scan in plan.scans] == [{"customer_id", "region"}, {"product_id"}]
    assert all(scan.groups is not None and scan.groups <= 20_000 for scan in plan.scans)


def test_no_question_is_no_plan(columns: dict[str, list[Any]]) -> None:
    """Nothing asked is nothing scanned, and so is a frame without dates."""
    native = native_frame(LINES, columns, "polars")
    assert explain_plan(native, []) == Plan(scans=())
    undated = native_frame(LINES, columns | {"sold_on": [None] * ROWS}, "polars")
    assert explain_plan(undated, [by("region"), by("month")]) == Plan(scans=())


def test_a_plan_of_figures_names_its_scans(columns: dict[str, list[Any]]) -> None:
    """`FrameFacts.plan` says how figures and their slices would be worked out."""
    frames = {"sales_lines": native_frame(LINES, columns, "polars")}
    facts = FrameFacts.of(frames, currency="USD")
    total = facts.plan(["revenue", "open_pipeline"])
    assert [str(one) for one in total.scans] == ["group sales_lines by sold_on, as one: revenue"]
    sliced = facts.plan(["revenue", "customers"], by=["region", ("region", "month"), "segment"])
    assert sliced.scans[0].is_kept
    assert {scan.keys for scan in sliced.scans[1:]} == {
        ("region",),
        ("month", "region"),
        ("segment",),
    }
    bounded = FrameFacts.of(frames, currency="USD", memory=0)
    assert not bounded.plan("revenue", by=["region", "month", "segment"]).scans[0].is_kept


@pytest.mark.parametrize("memory", [0, 2**30])
def test_progress_tells_each_planned_scan(columns: dict[str, list[Any]], memory: int) -> None:
    """Progress names the scans of the plan in order, of all tables, and the figures stay same."""
    told: list[Progress] = []
    frames = {
        "sales_lines": native_frame(LINES, columns, "polars"),
        "invoices": native_frame(INVOICES, INVOICED, "polars"),
    }
    silent = FrameFacts.of(frames, currency="USD", memory=memory)
    facts = FrameFacts.of(frames, currency="USD", memory=memory, progress=told.append)
    names, keys = ["revenue", "customers", "invoiced_amount"], ["region", "segment", "month"]
    found = slices_by_each(names, facts, by=keys)
    assert found == slices_by_each(names, silent, by=keys)
    plan = facts.plan(names, by=keys)
    assert tuple(one.scan for one in told) == plan.scans
    assert [one.done for one in told] == list(range(1, len(told) + 1))
    assert {one.planned for one in told} == {len(plan.scans)}
    assert {one.scan.table for one in told} == {"sales_lines", "invoices"}
    assert str(told[0]) == f"1 of {len(told)}: {told[0].scan}"


def test_unknown_days_scan_nothing(columns: dict[str, list[Any]]) -> None:
    """Facts of a day that nobody knows are not scanned, so nothing is told."""
    told: list[Progress] = []
    frames = {"sales_lines": native_frame(LINES, columns, "polars")}
    facts = FrameFacts.of(frames, currency="USD", as_of=date(2024, 8, 1), progress=told.append)
    facts.at(date(2024, 7, 1)).reduce([by("region")], None)
    assert not told


def test_duckdb_keeps_no_rows(columns: dict[str, list[Any]]) -> None:
    """DuckDB groups by itself: sets of keys share aggregates, and no rows are fetched."""
    native = native_frame(LINES, columns, "duckdb")
    asked = [by(key, measures=(REVENUE,)) for key in ("region", "segment", "product_id")]
    plan = explain_plan(native, asked)
    assert [scan.is_kept for scan in plan.scans] == [False]


@pytest.mark.slow
def test_spark_keeps_no_rows(columns: dict[str, list[Any]], spark: Any) -> None:  # noqa: ANN401 - a Spark session
    """On Spark only small tables leave the cluster."""
    native = native_frame(LINES, columns, "spark", session=spark)
    asked = [by(key, measures=(REVENUE,)) for key in ("region", "segment", "product_id")]
    plan = explain_plan(native, asked)
    assert not any(scan.is_kept for scan in plan.scans)
    assert len(plan.scans) == 1
