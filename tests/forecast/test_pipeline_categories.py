"""Commit, best case and pipeline: each alone, and with all before it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.forecast.open_deals import QUARTER, TODAY, D, deal, snapshot_of
from tests.metrics.small_books import usd

from salescore.entities import StageKind
from salescore.errors import InvalidValue
from salescore.forecast import (
    ForecastCategory,
    Judgement,
    category_roll_up,
    funnel_categories,
    pipeline_forecast,
    stated_chances,
)
from salescore.funnel import Funnel, Stage

DEALS = (
    deal(1, "100", "0.9", category="Commit"),
    deal(2, "200", "0.5", category="best case"),
    deal(3, "300", "0.2", category="pipeline"),
    deal(4, "400", "0.1", category="omitted"),
    deal(5, None, "0.8", category="COMMIT"),
)
BANDS = (
    ForecastCategory(key="sure", lowest=D("0.8")),
    ForecastCategory(key="even", stages=("offer",), lowest=D("0.5")),
    ForecastCategory(key="rest", lowest=D(0)),
)


def test_each_alone_and_with_all_surer_ones() -> None:
    """Members, stated and expected sums, single and cumulative; who has no category is told."""
    snapshot = snapshot_of(*DEALS)
    found = category_roll_up(snapshot, stated_chances(snapshot))
    told = [(one.category.key, one.members, one.amount) for one in found.rows]
    assert told == [
        ("commit", ("d1", "d5"), 100),
        ("best_case", ("d2",), 200),
        ("pipeline", ("d3",), 300),
    ]
    assert [one.cumulative_amount for one in found.rows] == [100, 300, 600]
    assert [one.cumulative_members for one in found.rows] == [
        ("d1", "d5"),
        ("d1", "d2", "d5"),
        ("d1", "d2", "d3", "d5"),
    ]
    means = [one.cumulative.distribution for one in found.rows]
    assert [one.mean for one in means if one is not None] == [90, 190, 250]
    alone = [one.forecast.distribution for one in found.rows]
    assert [one.mean for one in alone if one is not None] == [90, 100, 60]
    assert found.others == ("d4",)
    assert found.rows[0].category.labels == ("Commit", "承诺")


def test_judgements_of_opportunities_count_in_their_category() -> None:
    """A judged chance changes the row of its deal and those after; one of the total none."""
    snapshot = snapshot_of(*DEALS)
    said = [
        Judgement(author="A", reason="so", on=TODAY, opportunity_id="d2", chance=D(1)),
        Judgement(author="A", reason="so", on=TODAY, amount=usd(1)),
    ]
    found = category_roll_up(snapshot, stated_chances(snapshot), judgements=iter(said))
    means = [one.cumulative.distribution for one in found.rows]
    assert [one.mean for one in means if one is not None] == [90, 290, 350]


def test_the_period_decides_who_is_a_member() -> None:
    """What is expected in another period is outside; its category is then empty, a certain 0."""
    later = deal(6, "50", "0.9", category="commit", expected_close_on=date(2027, 1, 1))
    snapshot = snapshot_of(later)
    found = category_roll_up(snapshot, stated_chances(snapshot, during=QUARTER))
    assert found.outside == ("d6",)
    assert [one.amount for one in found.rows] == [0, 0, 0]
    assert found.rows[2].cumulative.distribution is not None
    assert found.rows[2].cumulative.distribution.values == (0,)


def test_bands_of_chances_and_stages() -> None:
    """A deal belongs to the first category that holds its chance or stage, unless it names one."""
    snapshot = snapshot_of(
        deal(1, "1", "0.8"),
        deal(2, "1", "0.79"),
        deal(3, "1", "0.3", stage="talk"),
        deal(4, "1", None, stage=None),
        deal(5, "1", "0.9", category="rest"),
    )
    found = category_roll_up(snapshot, stated_chances(snapshot), BANDS)
    assert [one.members for one in found.rows] == [("d1",), ("d2",), ("d3", "d5")]
    assert found.others == ("d4",)
    nameless = snapshot_of(deal(1, None, "0.9"))
    (row, *_) = category_roll_up(nameless, stated_chances(nameless), BANDS).rows
    assert row.amount is None


@given(st.lists(st.integers(0, 100), max_size=8))
@settings(max_examples=25, deadline=None)
def test_the_last_cumulative_row_is_the_whole(chances: list[int]) -> None:
    """With a category for every chance the last row is the forecast of all, and rows nest."""
    snapshot = snapshot_of(
        *(deal(n, "10", str(D(one) / 100), stage="talk") for n, one in enumerate(chances))
    )
    told = stated_chances(snapshot)
    found = category_roll_up(snapshot, told, BANDS)
    whole = pipeline_forecast(snapshot, told)
    assert found.rows[-1].cumulative.distribution == whole.distribution
    members = [set(one.cumulative_members) for one in found.rows]
    assert members[0] <= members[1] <= members[2]
    assert sum(len(one.members) for one in found.rows) == len(chances)


def test_categories_of_a_funnel() -> None:
    """Its open stages name them, the latest stage first, closed ones do not."""
    funnel = Funnel(
        name="talks",
        version="1",
        stages=[
            Stage(key="talk", forecast_category="pipeline"),
            Stage(key="demo", forecast_category="pipeline"),
            Stage(key="deal", forecast_category="commit"),
            Stage(key="idea"),
            Stage(key="won", kind=StageKind.WON, forecast_category="closed"),
        ],
        transitions=[],
    )
    commit, pipeline = funnel_categories(funnel)
    assert (commit.key, commit.stages) == ("commit", ("deal",))
    assert (pipeline.key, pipeline.stages) == ("pipeline", ("demo", "talk"))


def test_what_is_no_set_of_categories_is_refused() -> None:
    """None, one twice, one without a key, a chance above 1."""
    snapshot = snapshot_of(*DEALS)
    chances = stated_chances(snapshot)
    for categories in ((), (BANDS[0], BANDS[0])):
        with pytest.raises(InvalidValue, match="none twice"):
            category_roll_up(snapshot, chances, categories)
    with pytest.raises(InvalidValue, match="key of a category"):
        ForecastCategory(key=" ")
    with pytest.raises(InvalidValue, match="lowest of sure"):
        ForecastCategory(key="sure", lowest=D(2))
