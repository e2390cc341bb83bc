from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.pipeline.small_pipeline import TODAY, ago, facts_of, sale, visit

from salescore.entities import Lead, LeadId, OpportunityId, StageKind, StageVisit
from salescore.errors import InvalidValue, UnknownName
from salescore.funnel import Funnel, Stage, Transition
from salescore.metrics import Exclusion
from salescore.pipeline import StageTime, VisitedStage, stage_times
from salescore.values import Calendar

D = Decimal
SEEN = st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=14)


def visits(*told: tuple[int, bool]) -> list[StageVisit]:
    """Return visits of one stage by days, ended or running, each of another opportunity."""
    return [
        visit(number, f"p{number}", "talks", days if runs else 40, None if runs else 40 - days)
        for number, (days, runs) in enumerate(told)
    ]


def talks(rows: Sequence[StageVisit], **options: Any) -> StageTime:  # noqa: ANN401
    """Return the times of the stage `talks`."""
    opportunities = [sale(number, "open", 50) for number in range(len(rows))]
    found = stage_times(facts_of(opportunities, rows), **options).of("talks")
    assert found is not None
    return found


def test_the_published_remission_times() -> None:
    """The 21 remissions under 6-MP (Freireich): half have left by 23 (survival .5378, .4482)."""
    left = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    runs = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    found = talks(visits(*((days, False) for days in left), *((days, True) for days in runs)))
    assert (found.n, found.running, found.longest) == (21, 12, 35)
    assert found.median.time == 23
    assert found.lower_quartile.time == 13
    assert found.upper_quartile.time is None
    step = found.curve.at(22)
    assert step is not None
    assert round(step.survival, 4) == D("0.5378")


@given(SEEN)
@settings(max_examples=40, deadline=None)
def test_where_all_have_left_the_mean_is_the_plain_mean(told: list[tuple[int, bool]]) -> None:
    """Without running stays the area is the mean, and nothing lies beyond the horizon."""
    days = [one for one, _ in told]
    mean = talks(visits(*((one, False) for one in days))).mean()
    assert mean.value is not None
    assert abs(Fraction(mean.value) - Fraction(sum(days), len(days))) < Fraction(1, 10**24)
    assert (mean.beyond, mean.horizon) == (0, max(days))
    plain = sum((Fraction(one) - Fraction(mean.value)) ** 2 for one in days) / len(days) ** 2
    if mean.interval is None:
        assert len(set(days)) == 1
    elif mean.interval.low > 0 and mean.interval.high < max(days):
        half = (mean.interval.high - mean.interval.low) / 2 / D("1.959963984540054235524594430")
        assert abs(Fraction(half) ** 2 - plain) < Fraction(1, 10**20)


def test_running_stays_count_as_far_as_seen() -> None:
    """By hand: 2 leaves of 3, then 6 of 1: S is 2/3 from 2 on; the mean over 6 days is 14/3."""
    found = talks(visits((2, False), (4, True), (6, False)))
    mean = found.mean()
    assert mean.value is not None
    assert abs(Fraction(mean.value) - Fraction(14, 3)) < Fraction(1, 10**24)
    assert found.mean(2).value == 2
    assert found.mean(4).beyond is not None
    assert found.mean(50).value == mean.value
    assert talks(visits((2, False), (6, True))).mean(7).reason == "none was seen for 7 days"


def test_nobody_leaving_gives_no_interval() -> None:
    """The mean up to the longest stay is known then, but not how sure it is."""
    mean = talks(visits((4, True))).mean()
    assert (mean.value, mean.beyond, mean.interval) == (4, 1, None)


def test_what_ends_a_stay_without_a_day_of_its_own() -> None:
    """The next stay and the end of the sale end one; only what is nowhere ended runs."""
    rows = [
        visit(1, "p1", "talks", 30),
        visit(2, "p1", "offer", 20),
        visit(3, "p1", "talks", 15, 12),
        visit(4, "p1", "won", 12, kind="won"),
    ]
    sales = [sale(1, "won", 20, closed_on=ago(12))]
    found = stage_times(facts_of(sales, rows))
    assert [one.stage.stage for one in found.stages] == ["offer", "talks"]
    time = found.of("talks")
    assert time is not None
    assert [(one.time, one.events) for one in time.curve.steps] == [(3, 1), (10, 1)]
    assert time.running == 0
    with pytest.raises(UnknownName, match="won"):
        found.of("won")


def test_stays_of_one_sale_may_be_added_up() -> None:
    """Per sale the repeated stays are one time; it runs where the last of them does."""
    rows = [
        visit(1, "p1", "talks", 30, 25),
        visit(2, "p1", "offer", 25, 22),
        visit(3, "p1", "talks", 22, 20),
        visit(4, "p1", "offer", 20),
        visit(5, None, "talks", 9, 4),
    ]
    facts = facts_of([sale(1, "open", 40)], rows)
    each = stage_times(facts).of("talks")
    summed = stage_times(facts, per_sale=True).of("talks")
    offer = stage_times(facts, per_sale=True).of("offer")
    assert each is not None
    assert summed is not None
    assert offer is not None
    assert [one.time for one in each.curve.steps] == [2, 5]
    assert [one.time for one in summed.curve.steps] == [7]
    assert summed.excluded == (Exclusion("stage_visits", "of no sale on record", 1),)
    assert (offer.running, offer.longest, offer.n) == (1, 23, 1)


def test_a_lead_and_its_opportunity_are_one_sale() -> None:
    """What a lead spent in a stage counts with what its opportunity spent there."""
    lead = Lead(
        id=LeadId("h1"), name="Ann", opportunity_id=OpportunityId("p1"), converted_on=ago(20)
    )
    rows = [
        visit(1, None, "talks", 30, 20, lead_id=LeadId("h1")),
        visit(2, "p1", "talks", 20, 15),
    ]
    facts = facts_of([sale(1, "open", 40)], rows, leads=[lead])
    found = stage_times(facts, per_sale=True).of("talks")
    assert found is not None
    assert [(one.time, one.events) for one in found.curve.steps] == [(15, 1)]


def test_hold_is_a_stage_of_its_own() -> None:
    """Time on hold is told apart from open time, also under one name."""
    rows = [visit(1, "p1", "talks", 30, 20), visit(2, "p1", "talks", 20, 5, "hold")]
    found = stage_times(facts_of([sale(1, "open", 40)], rows))
    assert [(one.stage.is_hold, one.longest) for one in found.stages] == [(False, 10), (True, 15)]


def test_what_has_no_days_is_told() -> None:
    """Visits that end before they begin, on no day, or begin later are left out with counts."""
    rows = [
        visit(1, "p1", "talks", 30, 32),
        visit(2, "p2", "talks", 30),
        visit(3, "p3", "talks", 30, 20),
    ]
    found = stage_times(facts_of([sale(2, "won", 5, closed_on=None)], rows))
    assert found.excluded == (
        Exclusion("stage_visits", "left before it was entered", 1),
        Exclusion("stage_visits", "left on an unknown day", 1),
    )
    talks_ = found.of("talks")
    assert talks_ is not None
    assert (talks_.excluded, talks_.n) == (found.excluded, 1)


FUNNEL = Funnel(
    name="f",
    version="1",
    stages=[
        Stage(key="talks", labels=("Talks", "洽谈")),
        Stage(key="offer"),
        Stage(key="wait", kind=StageKind.HOLD),
        Stage(key="won", kind=StageKind.WON),
    ],
    transitions=[Transition(event="win", sources=["talks", "offer"], target="won")],
)


def test_a_funnel_gives_order_and_names() -> None:
    """Its stages stand in its order, those nobody visited too; strange ones are counted apart."""
    rows = [
        visit(1, "p1", "offer", 30, 20, funnel="f"),
        visit(2, "p1", "talks", 20, 15),
        visit(3, "p1", "odd", 15, 10),
        visit(4, "p1", "talks", 9, 8, funnel="g"),
    ]
    facts = facts_of([sale(1, "open", 40)], rows)
    found = stage_times(facts, funnel=FUNNEL)
    assert [one.stage.stage for one in found.stages] == ["talks", "offer", "wait"]
    assert [one.names for one in found.stages][:2] == [("Talks", "洽谈"), ("offer", "offer")]
    assert [one.n for one in found.stages] == [1, 1, 0]
    assert found.stages[2].mean().reason == "no stays"
    assert found.excluded == (Exclusion("stage_visits", "stage unknown to the funnel", 1),)
    named = stage_times(facts, funnel="f")
    assert [one.stage for one in named.stages] == [
        VisitedStage("f", "odd"),
        VisitedStage("f", "offer"),
        VisitedStage("f", "talks"),
    ]
    every = stage_times(facts)
    assert [(one.stage.funnel, one.stage.stage) for one in every.stages] == [
        ("", "odd"),
        ("", "talks"),
        ("f", "offer"),
        ("g", "talks"),
    ]


def test_slices_and_cohorts() -> None:
    """The period places the beginning of a stay; slices hold only what was visited."""
    rows = [
        visit(1, "p1", "talks", 100, 90, rep_id="r1"),
        visit(2, "p1", "offer", 90, 85, rep_id="r1"),
        visit(3, "p2", "talks", 20, 10, rep_id="r2"),
    ]
    facts = facts_of([sale(1, "open", 200), sale(2, "open", 200)], rows)
    found = stage_times(facts, by="rep")
    assert [(one.stage.stage, one.keys) for one in found.slices] == [
        ("offer", ("r1",)),
        ("talks", ("r1",)),
        ("talks", ("r2",)),
    ]
    one = found.of("talks", "r2")
    assert one is not None
    assert (one.n, one.labels) == (1, ("r2",))
    with pytest.raises(UnknownName, match="offer"):
        found.of("offer", "r2")
    june = stage_times(facts, during=Calendar().parse("2026-06"))
    assert [(one.stage.stage, one.n) for one in june.stages] == [("talks", 1)]
    assert (june.as_of, june.lack) == (TODAY, None)


def test_as_of_an_earlier_day_stays_still_run() -> None:
    """A stay that ended later was running then."""
    facts = facts_of([sale(1, "open", 50)], [visit(1, "p1", "talks", 30, 10)])
    then = stage_times(facts, as_of=ago(18)).of("talks")
    assert then is not None
    assert (then.running, then.longest) == (1, 12)


def test_what_is_asked_wrongly_is_refused() -> None:
    """A funnel, period or dimension that is none is named; no visits are a reason."""
    facts = facts_of([sale(1, "open", 50)], [visit(1, "p1", "talks", 30, 10)])
    with pytest.raises(InvalidValue, match="funnel"):
        stage_times(facts, funnel=7)  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="during"):
        stage_times(facts, during="2026")  # type: ignore[arg-type]
    with pytest.raises(UnknownName, match="dimension"):
        stage_times(facts, by="competitor")
    assert stage_times(facts_of()).lack == "no stage visits are on record"


def test_a_new_version_of_the_funnel_starts_no_new_stay() -> None:
    """The time under the old version counts on under the new one, by the stage's new name."""
    rows = [
        visit(1, "p1", "talks", 30, 20, funnel="f", funnel_version="1"),
        visit(2, "p1", "meet", 20, 5, funnel="f", funnel_version="2"),
        visit(3, "p1", "offer", 5, funnel="f", funnel_version="2"),
    ]
    found = stage_times(facts_of([sale(1, "open", 40)], rows))
    assert [(one.stage.stage, one.longest) for one in found.stages] == [("meet", 25), ("offer", 5)]
    assert found.excluded == ()
