"""Conversion by cohort: who reached a stage, who came further in time, who may still do so."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import attrs
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.pipeline.passing import FUNNEL, Sale, book_of, facts_of, on, rep, sale

from salescore.book import Facts, SalesBook
from salescore.entities import Lead, LeadId, OpportunityId, StageKind, StageVisit, StageVisitId
from salescore.errors import InvalidValue, UnknownName
from salescore.funnel import Funnel, Stage, StageCount, funnel_svg, standard_funnel
from salescore.metrics import Exclusion
from salescore.pipeline import (
    CohortConversion,
    SkippedStages,
    cohort_conversion,
    funnel_chain,
    losses,
    passages,
    snapshot_ratio,
    stage_conversions,
    stage_counts,
    stage_times,
)
from salescore.values import Calendar

JANUARY = Calendar().parse("2024-01")
FEBRUARY = Calendar().parse("2024-02")


def counts(one: CohortConversion) -> tuple[int, int, int, int, int]:
    """Return n, converted, given up, open, and of these who may still convert."""
    return one.n, one.converted, one.given_up, one.open, one.running


def test_a_cohort_is_followed_for_a_horizon() -> None:
    """Of five that reached talk one comes to offer in time, one late, one is lost, two are open."""
    sales = [
        sale("in_time", ("talk", 0), ("offer", 10)),
        sale("late", ("talk", 0), ("offer", 11)),
        sale("lost", ("talk", 0), ("lost", 5)),
        sale("lost_later", ("talk", 0), ("lost", 20)),
        sale("young", ("talk", 25)),
    ]
    ways = passages(FUNNEL, facts_of(sales, as_of=30))
    found = cohort_conversion(ways, "talk", "offer", days=10, during=JANUARY)
    assert counts(found) == (5, 1, 1, 3, 1)
    assert found.value == Decimal("0.2")
    assert (found.open_share, found.running_share) == (Decimal("0.6"), Decimal("0.2"))
    assert not found.is_complete
    assert (found.figure.unit, found.figure.as_of) == ("fraction", on(30))
    unlimited = cohort_conversion(ways, "talk", "offer")
    assert counts(unlimited) == (5, 2, 2, 1, 1)
    assert counts(cohort_conversion(ways, "talk", "offer", during=FEBRUARY)) == (0, 0, 0, 0, 0)


def test_counts_of_stages_feed_a_drawing() -> None:
    """Each stage has those who reached it and those who went on; the won has a row of its own."""
    sales = [
        sale("won", ("talk", 0), ("offer", 10), ("won", 40)),
        sale("late", ("talk", 0), ("offer", 11)),
        sale("lost", ("talk", 0), ("lost", 5)),
    ]
    ways = passages(FUNNEL, facts_of(sales, as_of=60))
    found = stage_counts(ways)
    assert [one.stage for one in found] == list(ways.stages)
    assert found[0] == StageCount("talk", 3, 2)
    assert found[-1] == StageCount("won", 1)
    assert [one.entered for one in found[1:]] == [one.advanced for one in found[:-1]]
    assert stage_counts(ways, days=10)[0] == StageCount("talk", 3, 1)
    assert stage_counts(ways, during=FEBRUARY)[0] == StageCount("talk", 0)
    assert str(funnel_svg(FUNNEL, found)).count("<rect") > len(found)


def test_a_horizon_is_over_after_its_last_day() -> None:
    """Seen for ten whole days a sale can no longer convert within ten, seen for nine it can."""
    for as_of, running in ((9, 1), (10, 0)):
        ways = passages(FUNNEL, facts_of([sale("a", ("talk", 0))], as_of=as_of))
        assert cohort_conversion(ways, "talk", "offer", days=10).running == running


def test_complete_ones_are_chosen_by_their_entry_alone() -> None:
    """A young sale that converted at once is left out with the young one that did not."""
    sales = [
        sale("old", ("talk", 0)),
        sale("quick", ("talk", 25), ("offer", 26)),
        sale("young", ("talk", 25)),
    ]
    ways = passages(FUNNEL, facts_of(sales, as_of=30))
    found = cohort_conversion(ways, "talk", "offer", days=10, complete_only=True)
    assert counts(found) == (1, 0, 0, 1, 0)
    assert found.is_complete
    left = Exclusion("stage_visits", "followed for less than 10 days", 2)
    assert found.figure.excluded == (left,)
    none = cohort_conversion(ways, "talk", "offer", days=99, complete_only=True)
    assert (none.value, none.figure.reason) == (None, "none of 3 sales was followed for 99 days")


def test_who_comes_back_counts_once_from_the_first_time() -> None:
    """A loop neither adds to the cohort nor starts the horizon again."""
    looped = sale("a", ("talk", 0), ("offer", 5), ("talk", 8), ("offer", 20), ("deal", 40))
    ways = passages(FUNNEL, facts_of([looped]))
    assert counts(cohort_conversion(ways, "talk", "offer", days=5)) == (1, 1, 0, 0, 0)
    assert counts(cohort_conversion(ways, "offer", "deal", days=30)) == (1, 0, 0, 1, 0)


def test_stages_left_out_count_as_reached_or_do_not() -> None:
    """Who goes from talk to deal has reached offer that day; taken apart, it never did."""
    sales = [sale("skips", ("talk", 0), ("deal", 3)), sale("starts_late", ("deal", 1))]
    ways = passages(FUNNEL, facts_of(sales))
    assert counts(cohort_conversion(ways, "talk", "offer")) == (2, 2, 0, 0, 0)
    assert counts(cohort_conversion(ways, "offer", "deal", days=0)) == (2, 2, 0, 0, 0)
    apart = passages(FUNNEL, facts_of(sales), skipped=SkippedStages.APART)
    assert counts(cohort_conversion(apart, "talk", "offer")) == (1, 0, 0, 1, 1)
    assert counts(cohort_conversion(apart, "talk", "deal")) == (1, 1, 0, 0, 0)
    assert cohort_conversion(apart, "offer", "deal").figure.reason == "no sale first reached offer"


def test_who_was_further_before_is_left_out_where_stages_stand_apart() -> None:
    """Who came to talk from offer cannot convert to offer, and is counted among those left out."""
    backwards = sale("a", ("offer", 0), ("talk", 5), ("offer", 9))
    ways = passages(FUNNEL, facts_of([backwards]), skipped=SkippedStages.APART)
    found = cohort_conversion(ways, "talk", "offer")
    assert (found.n, found.figure.excluded) == (
        0,
        (Exclusion("stage_visits", "reached offer before talk", 1),),
    )


def test_a_lead_and_the_opportunity_that_it_became_are_one_sale() -> None:
    """The founding funnel spans both: the cohort begins with the lead and ends with the deal."""
    funnel = standard_funnel("deal")
    won = sale("o1", ("proposal", 30), ("won", 50))
    lost = sale("o2", ("proposal", 31), ("lost", 40))
    leads = [
        Lead(id=LeadId("l1"), name="A", opportunity_id=OpportunityId("o1"), converted_on=on(30)),
        Lead(id=LeadId("l2"), name="B", opportunity_id=OpportunityId("o2"), converted_on=on(31)),
        Lead(id=LeadId("l3"), name="C", disqualified_on=on(9)),
        Lead(id=LeadId("l4"), name="D"),
    ]
    visits = [
        StageVisit(
            id=StageVisitId(f"l-{lead}-{stage}"),
            lead_id=LeadId(lead),
            stage=stage,
            funnel="deal",
            entered_on=on(start),
            left_on=on(end) if end else None,
        )
        for lead, stage, start, end in (
            ("l1", "prospect", 0, 10),
            ("l1", "qualified", 10, 30),
            ("l2", "prospect", 1, 12),
            ("l2", "qualified", 12, 31),
            ("l3", "prospect", 2, 9),
            ("l4", "prospect", 3, None),
        )
    ]
    of_sales = [attrs.evolve(visit, funnel="deal") for one in (won, lost) for visit in one.visits]
    book = SalesBook(
        opportunities=[won.opportunity, lost.opportunity],
        leads=leads,
        stage_visits=[*visits, *of_sales],
    )
    ways = passages(funnel, Facts.of(book, as_of=on(60)))
    assert [one.sale for one in ways.rows] == [
        *("leads/l3", "leads/l4", "opportunities/o1", "opportunities/o2"),
    ]
    assert [counts(one) for one in stage_conversions(ways)] == [
        (4, 2, 1, 1, 1),
        (2, 2, 0, 0, 0),
        (2, 1, 1, 0, 0),
    ]
    assert counts(cohort_conversion(ways, "prospect", "won", days=50)) == (4, 1, 2, 1, 0)
    assert cohort_conversion(ways, "prospect", "won", days=49).converted == 0


def test_a_win_without_a_visit_counts_on_its_day() -> None:
    """Where only open stages are on record the day of closing tells of the win; unknown, none."""
    dated = sale("dated", ("talk", 0), ("won", 7))
    undated = sale("undated", ("talk", 0), ("won", 7), closed_on=None)
    sales = [attrs.evolve(one, visits=one.visits[:1]) for one in (dated, undated)]
    ways = passages(FUNNEL, facts_of(sales))
    assert counts(cohort_conversion(ways, "talk", "won", days=7)) == (1, 1, 0, 0, 0)
    assert counts(cohort_conversion(ways, "talk", "deal", days=7)) == (1, 1, 0, 0, 0)
    assert ways.excluded == (Exclusion("opportunities", "day of winning unknown", 1),)
    apart = passages(FUNNEL, facts_of(sales), skipped=SkippedStages.APART)
    assert counts(cohort_conversion(apart, "talk", "won")) == (1, 1, 0, 0, 0)
    assert counts(cohort_conversion(apart, "talk", "deal")) == (1, 0, 0, 1, 1)


def test_given_up_on_an_unknown_day_is_given_up() -> None:
    """A loss without its day is no open sale, and void is given up like lost."""
    sales = [
        sale("a", ("talk", 0), ("lost", 5), closed_on=None),
        sale("b", ("talk", 0), ("void", 5)),
        sale("c", ("talk", 0), ("hold", 5)),
    ]
    ways = passages(FUNNEL, facts_of(sales))
    assert counts(cohort_conversion(ways, "talk", "offer", days=10)) == (3, 0, 2, 1, 0)


def test_what_was_reopened_is_open_again() -> None:
    """A sale that was lost and goes on is given up no more."""
    again = sale("a", ("talk", 0), ("lost", 5), ("talk", 9))
    ways = passages(FUNNEL, facts_of([again]))
    assert counts(cohort_conversion(ways, "talk", "offer")) == (1, 0, 0, 1, 1)


def test_a_horizon_ends_where_the_sale_stood_then() -> None:
    """Lost on day 10, reopened on 60, lost on 100: given up at day 30, open at 70, given up now."""
    again = sale("a", ("talk", 0), ("lost", 10), ("talk", 60), ("lost", 100))
    ways = passages(FUNNEL, facts_of([again]))
    assert ways.rows[0].given_up == ((on(10), on(60)), (on(100), None))
    told = [
        (days, cohort_conversion(ways, "talk", "offer", days=days).given_up)
        for days in (9, 10, 30, 59, 60, 70, 99, 100, 500)
    ]
    given_up = [(10, 1), (30, 1), (59, 1), (60, 0), (70, 0), (99, 0), (100, 1), (500, 1)]
    assert told == [(9, 0), *given_up]
    reopened = passages(FUNNEL, facts_of([sale("b", ("talk", 0), ("void", 5), ("talk", 9))]))
    assert cohort_conversion(reopened, "talk", "offer", days=7).given_up == 1
    assert cohort_conversion(reopened, "talk", "offer").given_up == 0


def test_the_day_of_giving_up_is_that_of_the_record() -> None:
    """Where visit and record differ the record tells; what stands open is given up no more."""
    late = sale("a", ("talk", 0), ("lost", 20), closed_on=on(15))
    silent = attrs.evolve(late, visits=late.visits[:1])
    for one in (late, silent):
        (row,) = passages(FUNNEL, facts_of([one])).rows
        assert row.given_up == ((on(15), None),)
    opened = attrs.evolve(late, opportunity=sale("a", ("talk", 0)).opportunity)
    (row,) = passages(FUNNEL, facts_of([opened])).rows
    assert row.given_up == ()


def test_what_a_migration_notes_reaches_no_stage() -> None:
    """A lost sale that moves to a new version did not come to the stage where it would go on."""
    lost = sale("a", ("talk", 0), ("lost", 7), ("deal", 20), ("lost", 20), closed_on=on(7))
    versions = ("1", "1", "2", "2")
    moved = attrs.evolve(
        lost,
        visits=[
            attrs.evolve(visit, funnel_version=version)
            for visit, version in zip(lost.visits, versions, strict=True)
        ],
    )
    (row,) = passages(FUNNEL, facts_of([moved])).rows
    assert row.reached == (on(0), None, None, None)
    assert row.given_up == ((on(7), None),)
    running = sale("b", ("talk", 0), ("offer", 20))
    parted = attrs.evolve(
        running,
        visits=[
            attrs.evolve(visit, funnel_version=version)
            for visit, version in zip(running.visits, "12", strict=True)
        ],
    )
    (row,) = passages(FUNNEL, facts_of([parted]), skipped=SkippedStages.APART).rows
    assert row.reached == (None, on(0), None, None)  # talk is what version 2 calls offer


def test_facts_are_seen_as_of_a_day() -> None:
    """What happened after the day changes nothing."""
    sales = [sale("a", ("talk", 0), ("offer", 20)), sale("b", ("talk", 5), ("lost", 30))]
    facts = facts_of(sales)
    ways = passages(FUNNEL, facts, as_of=on(10))
    assert ways.as_of == on(10)
    assert counts(cohort_conversion(ways, "talk", "offer")) == (2, 0, 0, 2, 2)
    assert ways.rows == passages(FUNNEL, facts.at(on(10))).rows


def test_visits_of_other_funnels_and_unknown_stages_are_told_apart() -> None:
    """Another funnel's visits are no part; a stage that the funnel lacks is counted as left out."""
    one = sale("a", ("talk", 0), ("somewhere", 3), ("offer", 5))
    other = sale("b", ("talk", 0))
    elsewhere = attrs.evolve(
        other, visits=[attrs.evolve(visit, funnel="other") for visit in other.visits]
    )
    nameless = attrs.evolve(
        sale("c", ("talk", 0)),
        visits=[attrs.evolve(visit, funnel=None) for visit in sale("c", ("talk", 0)).visits],
    )
    nobodys = StageVisit(id=StageVisitId("n"), stage="talk", funnel="talks", entered_on=on(1))
    book = book_of([one, elsewhere, nameless])
    book = attrs.evolve(book, stage_visits=(*book.stage_visits, nobodys))
    ways = passages(FUNNEL, Facts.of(book, as_of=on(9)))
    assert [row.sale for row in ways.rows] == ["opportunities/a", "opportunities/c"]
    assert ways.excluded == (
        Exclusion("stage_visits", "lead or opportunity unknown", 1),
        Exclusion("stage_visits", "stage unknown to talks 1", 1),
    )
    assert cohort_conversion(ways, "talk", "offer").figure.excluded == ways.excluded


def test_groups_are_those_of_the_first_visit() -> None:
    """A sale handed over from one rep to another stays in the group in which it began."""
    moved = sale("a", ("talk", 0), ("offer", 5), rep="ann")
    first, second = moved.visits
    moved = attrs.evolve(moved, visits=[first, attrs.evolve(second, rep_id="bob")])
    stayed = sale("b", ("talk", 0), rep="bob")
    nobodys = sale("c", ("talk", 0))
    reps = [rep("ann", "t1"), rep("bob", "t2")]
    ways = passages(FUNNEL, facts_of([moved, stayed, nobodys], sales_reps=reps), by="rep")
    assert ways.groups == ("ann", "bob")
    assert [ways.label(group) for group in ("ann", "bob", None)] == ["Ann", "Bob", "–"]
    assert counts(cohort_conversion(ways.of("ann"), "talk", "offer")) == (1, 1, 0, 0, 0)
    assert counts(cohort_conversion(ways.of("bob"), "talk", "offer")) == (1, 0, 0, 1, 1)
    assert counts(cohort_conversion(ways.of(None), "talk", "offer")) == (1, 0, 0, 1, 1)
    assert counts(cohort_conversion(ways.others("bob"), "talk", "offer")) == (2, 1, 0, 1, 1)
    plain = passages(FUNNEL, facts_of([moved]))
    with pytest.raises(InvalidValue, match="without a dimension"):
        plain.of("ann")


def test_nothing_on_record_is_undefined_with_its_reason() -> None:
    """Without visits, or without a sale in the period, there is no rate, and never 0."""
    ways = passages(FUNNEL, Facts.of(SalesBook(), as_of=on(9)))
    found = cohort_conversion(ways, "talk", "offer", days=10)
    assert (found.value, found.interval, found.figure.reason) == (
        None,
        None,
        "no stage visits are on record",
    )
    assert (found.figure.numerator, found.open_share) == (None, None)
    ways = passages(FUNNEL, facts_of([sale("a", ("talk", 0))]))
    found = cohort_conversion(ways, "talk", "offer", during=FEBRUARY)
    assert found.figure.reason == "no sale first reached talk in 2024-02"


def test_bad_questions_are_refused() -> None:
    """Unknown stages, steps back, horizons that are none, days that are none, no stage at all."""
    facts = facts_of([sale("a", ("talk", 0))])
    ways = passages(FUNNEL, facts)
    with pytest.raises(UnknownName, match="stage of talks 1"):
        cohort_conversion(ways, "talk", "lost")
    with pytest.raises(InvalidValue, match="must come after offer"):
        cohort_conversion(ways, "offer", "talk")
    for days in (-1, True, 1.5):
        with pytest.raises(InvalidValue, match="whole number of days"):
            cohort_conversion(ways, "talk", "offer", days=days)  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="without a horizon"):
        cohort_conversion(ways, "talk", "offer", complete_only=True)
    with pytest.raises(InvalidValue, match="during"):
        cohort_conversion(ways, "talk", "offer", during="2024")  # type: ignore[arg-type]
    with pytest.raises(UnknownName):
        passages(FUNNEL, facts, by="planet")
    with pytest.raises(UnknownName):
        passages(FUNNEL, facts, by="competitor")
    with pytest.raises(InvalidValue, match="must be a day"):
        passages(FUNNEL, facts, as_of=datetime(2024, 1, 1))  # noqa: DTZ001
    ended = Funnel(
        name="f", version="1", stages=[Stage(key="lost", kind=StageKind.LOST)], transitions=[]
    )
    with pytest.raises(InvalidValue, match="none is open or won"):
        passages(ended, facts)


@pytest.mark.parametrize(
    ("won", "n", "low", "high"),
    [
        (81, 263, "0.25529", "0.36621"),
        (15, 148, "0.06239", "0.16049"),
        (0, 20, "0", "0.16113"),
        (1, 29, "0.00611", "0.17176"),
    ],
)
def test_intervals_are_those_of_newcombe(won: int, n: int, low: str, high: str) -> None:
    """The intervals of Newcombe (1998), table I, method 3, through a cohort of as many sales."""
    sales = [sale(f"s{k}", ("talk", 0), ("won" if k < won else "lost", 5)) for k in range(n)]
    found = cohort_conversion(passages(FUNNEL, facts_of(sales)), "talk", "won", days=30)
    assert found.interval is not None
    assert round(found.interval.low, 5) == Decimal(low)
    assert round(found.interval.high, 5) == Decimal(high)
    assert (found.figure.numerator, found.figure.denominator) == (won, n)


def test_a_snapshot_is_another_figure() -> None:
    """Two open in offer for each in talk, though only one of three ever came to offer by talk."""
    sales = [
        sale("a", ("talk", 0)),
        sale("b", ("talk", 0), ("lost", 3)),
        sale("c", ("talk", 0), ("offer", 3)),
        sale("d", ("offer", 3)),
    ]
    facts = facts_of(sales, as_of=9)
    found = snapshot_ratio(facts, "talk", "offer")
    assert (found.name, found.value, found.n, found.as_of) == ("snapshot_ratio", 2, 1, on(9))
    assert found.interval is None
    empty = snapshot_ratio(facts, "deal", "offer")
    assert empty.value is None
    assert empty.reason is not None
    then = snapshot_ratio(facts, "talk", "offer", as_of=on(1))
    assert (then.value, then.n, then.as_of) == (0, 3, on(1))


def test_a_snapshot_is_of_one_funnel() -> None:
    """Two funnels with a stage of one name are told apart by name, and never mixed unasked."""
    mine = [sale("a", ("talk", 0)), sale("b", ("offer", 0)), sale("c", ("offer", 0))]
    other = sale("d", ("talk", 0))
    other = attrs.evolve(other, visits=[attrs.evolve(one, funnel="rent") for one in other.visits])
    nameless = attrs.evolve(sale("e", ("talk", 0)), visits=())
    facts = facts_of([*mine, other, nameless])
    with pytest.raises(InvalidValue, match="several funnels"):
        snapshot_ratio(facts, "talk", "offer")
    assert snapshot_ratio(facts, "talk", "offer", funnel="talks").value == 1
    assert snapshot_ratio(facts, "talk", "offer", funnel=FUNNEL).value == 1
    assert snapshot_ratio(facts, "talk", "offer", funnel="rent").value == 0
    assert snapshot_ratio(facts_of([*mine, nameless]), "talk", "offer").value == 1
    with pytest.raises(InvalidValue, match="must be a Funnel"):
        snapshot_ratio(facts, "talk", "offer", funnel=1)  # type: ignore[arg-type]


STAGES = ("talk", "offer", "deal", "won", "lost", "hold")
STAYS = st.lists(
    st.tuples(st.sampled_from(STAGES), st.integers(0, 30)), min_size=1, max_size=5
).map(lambda found: sorted(found, key=lambda one: one[1]))


@settings(deadline=None, max_examples=150)
@given(
    st.lists(STAYS, max_size=8),
    st.sampled_from(SkippedStages),
    st.one_of(st.none(), st.integers(0, 30)),
    st.booleans(),
)
def test_the_answer_is_that_of_counting_one_by_one(
    stays: list[list[tuple[str, int]]],
    skipped: SkippedStages,
    days: int | None,
    complete: bool,  # noqa: FBT001
) -> None:
    """Counted straight from the visits of each sale, whatever its way, the numbers are the same."""
    sales = [sale(f"s{number}", *one) for number, one in enumerate(stays)]
    ways = passages(FUNNEL, facts_of(sales, as_of=40), skipped=skipped)
    complete_only = complete and days is not None
    found = cohort_conversion(ways, "offer", "won", days=days, complete_only=complete_only)
    told = [_by_hand(one, skipped, days, complete_only=complete_only) for one in sales]
    assert counts(found) == (
        sum(one is not None for one in told),
        told.count("converted"),
        told.count("given up"),
        told.count("open") + told.count("running"),
        told.count("running"),
    )


def _by_hand(
    one: Sale, skipped: SkippedStages, days: int | None, *, complete_only: bool
) -> str | None:
    wanted = ("offer", "deal", "won") if skipped is SkippedStages.REACHED else ("offer",)
    starts = [visit.entered_on for visit in one.visits if visit.stage in wanted]
    stands = one.opportunity.kind is StageKind.WON
    wins = [visit.entered_on for visit in one.visits if visit.stage == "won"] if stands else []
    wins = [max(wins)] if wins else []
    if not starts:
        return None
    start, win = min(starts), min(wins) if wins else None
    if win is not None and win < start:
        return None
    horizon = 10**6 if days is None else days
    if complete_only and (on(40) - start).days < horizon:
        return None
    if win is not None and (win - start).days <= horizon:
        return "converted"
    seen = [visit for visit in one.visits if (visit.entered_on - start).days <= horizon]
    if seen and seen[-1].stage == "lost":
        return "given up"
    return "running" if (on(40) - start).days < horizon else "open"


@settings(deadline=None, max_examples=50)
@given(st.lists(STAYS, max_size=8))
def test_steps_multiply_to_the_whole(stays: list[list[tuple[str, int]]]) -> None:
    """Without a horizon the rates of all steps on record multiply to that from first to last."""
    sales = [sale(f"s{number}", *one) for number, one in enumerate(stays)]
    ways = passages(FUNNEL, facts_of(sales, as_of=40))
    seen = [one for one in ways.stages if one not in ways.never]
    assume(len(seen) > 1)
    whole = cohort_conversion(ways, seen[0], "won")
    product = Fraction(1)
    for source, target in pairwise(seen):
        product *= cohort_conversion(ways, source, target).figure.exact or 0
    assert product == (whole.figure.exact or 0)


def test_days_reached_never_fall() -> None:
    """A later stage is reached on the same day or later, also where the won day lies before."""
    strange = sale("a", ("talk", 10), ("won", 20), closed_on=on(5))
    (row,) = passages(FUNNEL, facts_of([strange])).rows
    days = [one for one in row.reached if one is not None]
    assert days == sorted(days)
    assert isinstance(days[0], date)


def test_a_renamed_stage_counts_what_happened_under_its_former_key() -> None:
    """Figures by either version are the same; without the former key they are undefined."""
    sales = [
        *(
            sale(f"w{n}", ("talk", n), ("offer", n + 3), ("deal", n + 5), ("won", n + 9))
            for n in range(6)
        ),
        *(sale(f"l{n}", ("talk", n), ("offer", n + 4), ("lost", n + 6)) for n in range(4)),
    ]
    facts = facts_of(sales)

    def version(**changes: object) -> Funnel:
        stages = [
            attrs.evolve(one, **changes) if one.key == "offer" else one  # type: ignore[arg-type]
            for one in FUNNEL.stages
        ]
        return Funnel(name=FUNNEL.name, version="2", stages=stages, transitions=())

    renamed = version(key="bid", former=["offer"])
    by_key = {"offer": "bid"}
    for old, new in zip(
        stage_conversions(passages(FUNNEL, facts)),
        stage_conversions(passages(renamed, facts)),
        strict=True,
    ):
        assert (old.value, old.n, old.given_up) == (new.value, new.n, new.given_up)
        assert (by_key.get(old.source, old.source), by_key.get(old.target, old.target)) == (
            new.source,
            new.target,
        )
    forgot = passages(version(key="bid"), facts)
    assert forgot.never == ("bid",)
    (left_out,) = [one.n for one in forgot.excluded if "stage unknown" in one.reason]
    assert left_out == 10
    for one in stage_conversions(forgot):
        if "bid" in (one.source, one.target):
            assert one.value is None
            assert one.figure.reason == "nobody was ever in bid; whoever came further left it out"
    chain = funnel_chain(facts, funnel=renamed)
    assert chain.of("bid").chance.value == Decimal("0.6")
    assert stage_times(facts, funnel=renamed).of("bid").n == 10
    assert [one.stage for one in losses(facts, funnel=renamed).rows] == ["bid"]


def test_another_name_of_the_funnel_is_said_to_be_none_on_record() -> None:
    """An empty answer says why: every visit is of another funnel."""
    facts = facts_of([sale("a", ("talk", 0), ("offer", 3))])
    other = attrs.evolve(FUNNEL, name="other")
    assert passages(other, facts).lack == "no stage visit is of the funnel other"
    found = cohort_conversion(passages(other, facts), "talk", "won")
    assert (found.value, found.figure.reason) == (None, "no stage visit is of the funnel other")
    lack = f"no stage visit is of the funnel other; all are of {FUNNEL.name}"
    assert stage_times(facts, funnel="other").lack == lack
    assert funnel_chain(facts, funnel=other).lack == lack


def test_a_value_that_no_sale_has_is_an_unknown_name() -> None:
    """A misspelt one would be an empty answer."""
    ways = passages(FUNNEL, facts_of([sale("a", ("talk", 0))]), by="rep")
    for ask in (ways.of, ways.others):
        with pytest.raises(UnknownName, match="wset"):
            ask("wset")


def test_a_name_alone_is_no_funnel() -> None:
    """The order of stages is asked of a funnel; its name is refused in words."""
    bad: Any
    for bad in ("talks", None):
        with pytest.raises(InvalidValue, match="expected a Funnel"):
            passages(bad, facts_of([sale("a", ("talk", 0))]))
