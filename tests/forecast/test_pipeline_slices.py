"""Forecasts by rep, product or any group of the snapshot."""

from __future__ import annotations

from fractions import Fraction

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.forecast.open_deals import TODAY, D, deal, snapshot_of
from tests.metrics.small_books import usd

from salescore.errors import UnknownName
from salescore.forecast import Judgement, forecast_slices, pipeline_forecast, stated_chances

DEALS = (
    deal(1, "100", "0.5", rep_id="bo", keys=("fair",)),
    deal(2, "200", "0.5", rep_id="anna", keys=("web",)),
    deal(3, "400", "0.5", keys=("fair",)),
    deal(4, None, "0.5", rep_id="bo", keys=(None,)),
)
SNAPSHOT = attrs.evolve(snapshot_of(*DEALS), by=("source",))


def test_each_rep_has_a_forecast() -> None:
    """By name, those of nobody last; what lacks an amount is left out of its own slice."""
    anna, bo, nobody = forecast_slices(SNAPSHOT, stated_chances(SNAPSHOT), "rep")
    assert [one.key for one in (anna, bo, nobody)] == ["anna", "bo", None]
    assert bo.members == ("d1", "d4")
    assert bo.forecast.distribution is not None
    assert bo.forecast.distribution.values == (0, 100)
    assert [one.ids for one in bo.forecast.left_out] == [("d4",)]
    assert nobody.forecast.left_out == ()


def test_groups_of_the_snapshot_are_slices_too() -> None:
    """By source, which the snapshot groups by; other names are refused."""
    chances = stated_chances(SNAPSHOT)
    assert [one.members for one in forecast_slices(SNAPSHOT, chances, "source")] == [
        ("d1", "d3"),
        ("d2",),
        ("d4",),
    ]
    assert [one.key for one in forecast_slices(SNAPSHOT, chances, "stage")] == ["offer"]
    for by in ("team", "customer", "product", "category"):
        assert [one.key for one in forecast_slices(SNAPSHOT, chances, by)] == [None]
    with pytest.raises(UnknownName, match="weather"):
        forecast_slices(SNAPSHOT, chances, "weather")


@given(st.lists(st.sampled_from(["anna", "bo", None]), max_size=8))
@settings(max_examples=25, deadline=None)
def test_slices_sum_to_the_whole(reps: list[str | None]) -> None:
    """Every opportunity is in one slice; means sum to the mean, judgements of deals included."""
    snapshot = snapshot_of(*(deal(n, str(10 * n), "0.3", rep_id=rep) for n, rep in enumerate(reps)))
    said = [
        Judgement(author="A", reason="so", on=TODAY, opportunity_id="d1", chance=D(1)),
        Judgement(author="A", reason="so", on=TODAY, opportunity_id="d2", amount=usd(7)),
    ]
    chances = stated_chances(snapshot)
    slices = forecast_slices(snapshot, chances, "rep", judgements=said)
    whole = pipeline_forecast(snapshot, chances, judgements=said).distribution
    assert whole is not None
    assert sorted(key for one in slices for key in one.members) == [
        one.id for one in snapshot.opportunities
    ]
    means = [one.forecast.distribution.exact_mean for one in slices if one.forecast.distribution]
    assert sum(means, Fraction(0)) == whole.exact_mean
