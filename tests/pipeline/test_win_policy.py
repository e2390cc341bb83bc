"""Which win counts of a sale that was opened again: every figure says so, and they agree."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.pipeline.passing import FUNNEL, facts_of, on, sale

from salescore.entities import Lead, LeadId, OpportunityId, StageKind, StageVisit, StageVisitId
from salescore.errors import InvalidValue
from salescore.metrics import figure
from salescore.pipeline import (
    SkippedStages,
    WinPolicy,
    cohort_conversion,
    funnel_chain,
    losses,
    passages,
    process_reductions,
    win_curves,
    win_rate_within,
)

FIRST, LAST, EACH = WinPolicy.FIRST, WinPolicy.LAST, WinPolicy.EACH
UNDONE = sale("undone", ("talk", 0), ("won", 10), ("talk", 20), ("lost", 40), amount=100)
TWICE = sale("twice", ("talk", 0), ("won", 10), ("talk", 20), ("won", 40))


def test_a_win_that_was_undone_is_one_by_the_first_alone() -> None:
    """Cohort, curve, rate within days and losses say 0, 0, 0, 1 by the last, and 1, 1, 1, 0."""
    facts = facts_of([UNDONE])
    for policy, won in ((LAST, 0), (FIRST, 1)):
        cohort = cohort_conversion(passages(FUNNEL, facts, policy=policy), "talk", "won")
        curves = win_curves(facts, policy=policy)
        within = win_rate_within(facts, 50, policy=policy)
        lost = losses(facts, policy=policy)
        assert (cohort.value, curves.total.ended["won"], within.value) == (won, won, won)
        assert (lost.n, cohort.given_up) == (1 - won, 1 - won)
        assert {one.policy for one in (cohort, curves, within, lost)} == {policy}
    for name in ("win_rate", "stage_win_rate"):
        assert figure(name, facts).value == 0  # they follow what stands


def test_the_last_is_what_is_asked_for_by_default() -> None:
    """Without a word the figures follow what the fact table of opportunities shows."""
    facts = facts_of([UNDONE, TWICE])
    assert passages(FUNNEL, facts) == passages(FUNNEL, facts, policy=LAST)
    assert win_curves(facts) == win_curves(facts, policy=LAST)
    assert losses(facts) == losses(facts, policy=LAST)


def test_a_second_win_is_won_on_another_day() -> None:
    """By the first it took 10 days, by the last 40, in the cohort as in the curve."""
    facts = facts_of([TWICE])
    for policy, days in ((FIRST, 10), (LAST, 40)):
        ways = passages(FUNNEL, facts, policy=policy)
        assert ways.rows[0].reached[-1] == on(days)
        assert win_curves(facts, policy=policy).total.cycle.mean == days
        for horizon, n in ((days - 1, 0), (days, 1)):
            assert cohort_conversion(ways, "talk", "won", days=horizon).converted == n


def test_each_close_counts_in_the_chain() -> None:
    """Of two stays in talk one led to a win and one to a loss: one half, and no other policy."""
    found = funnel_chain(facts_of([UNDONE]), funnel=FUNNEL)
    assert (found.of("talk").chance.value, found.policy) == (Decimal("0.5"), EACH)


def test_each_close_is_refused_where_a_sale_counts_once() -> None:
    """Passages, curves and losses follow the first or the last; a text is no policy."""
    facts = facts_of([UNDONE])
    wrong: tuple[Any, ...] = (EACH, "last")
    for policy in wrong:
        with pytest.raises(InvalidValue, match="counts once"):
            passages(FUNNEL, facts, policy=policy)
        with pytest.raises(InvalidValue, match="counts once"):
            win_curves(facts, policy=policy)
        with pytest.raises(InvalidValue, match="counts once"):
            losses(facts, policy=policy)
        with pytest.raises(InvalidValue, match="counts once"):
            win_rate_within(facts, 5, policy=policy)


def test_an_undone_win_still_tells_of_the_stages_before_it() -> None:
    """Who was won from talk has passed offer and deal, though the win does not stand."""
    (row,) = passages(FUNNEL, facts_of([UNDONE])).rows
    assert row.reached == (on(0), on(10), on(10), None)
    (apart,) = passages(FUNNEL, facts_of([UNDONE]), skipped=SkippedStages.APART).rows
    assert apart.reached == (on(0), None, None, None)


def test_a_conversion_of_a_lead_stands_whatever_became_of_the_opportunity() -> None:
    """A lead's own won stage is no win of the opportunity, which was lost."""
    lost = sale("o", ("talk", 5), ("lost", 9))
    lead = Lead(id=LeadId("l"), name="A", opportunity_id=OpportunityId("o"), converted_on=on(4))
    stays = (("talk", StageKind.OPEN, 0), ("won", StageKind.WON, 4))
    visits = [
        StageVisit(
            id=StageVisitId(f"l-{stage}"),
            lead_id=LeadId("l"),
            stage=stage,
            kind=kind,
            funnel="talks",
            entered_on=on(day),
        )
        for stage, kind, day in stays
    ]
    elsewhere = [attrs.evolve(one, funnel="other") for one in lost.visits]
    one = attrs.evolve(lost, visits=(*visits, *elsewhere))
    (row,) = passages(FUNNEL, facts_of([one], leads=[lead])).rows
    assert row.reached[-1] == on(4)


def test_without_the_record_visits_tell_of_the_win() -> None:
    """Where the opportunity itself is unknown nobody can say that its win was undone."""
    orphan = attrs.evolve(
        TWICE, opportunity=attrs.evolve(UNDONE.opportunity, id=OpportunityId("x"))
    )
    (row,) = passages(FUNNEL, facts_of([orphan])).rows
    assert row.reached[-1] == on(10)


STAGES = ("talk", "offer", "won", "lost", "void", "hold")
STAYS = st.lists(
    st.tuples(st.sampled_from(STAGES), st.integers(0, 30)), min_size=1, max_size=6
).map(lambda found: sorted(found, key=lambda one: one[1]))


@settings(deadline=None, max_examples=100)
@given(st.lists(STAYS, max_size=8), st.sampled_from((FIRST, LAST)), st.integers(0, 31))
def test_cohort_curve_and_losses_agree(
    stays: list[list[tuple[str, int]]], policy: WinPolicy, days: int
) -> None:
    """Under one policy the cohort, the curve and the losses count the same wins and losses."""
    sales = [sale(f"s{n}", ("talk", 0), *one) for n, one in enumerate(stays)]
    facts = facts_of(sales, as_of=40)
    cohort = cohort_conversion(passages(FUNNEL, facts, policy=policy), "talk", "won", days=days)
    curve = win_curves(facts, policy=policy).total
    won = sum(row.counts[0] for row in curve.table.rows if row.time <= days)
    assert (cohort.n, cohort.converted) == (curve.n, won)
    lost = losses(facts, kinds=("lost", "void"), policy=policy)
    whole = cohort_conversion(passages(FUNNEL, facts, policy=policy), "talk", "won")
    assert (whole.converted, whole.given_up) == (curve.ended["won"], lost.n)
    assert curve.ended["lost"] + curve.ended["void"] == lost.n


def test_the_first_win_is_declared_for_engines() -> None:
    """Among the declared reductions are those of the first win."""
    found = process_reductions(FUNNEL, on(9))
    assert any(one.name == "first_wins" for each in found for one in each.measures)
