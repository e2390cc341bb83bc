from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.pipeline.small_pipeline import TODAY, ago, facts_of, sale, sales

from salescore.entities import Lead, LeadId, OpportunityId, SalesRep, SalesRepId
from salescore.errors import InvalidValue, UnknownName
from salescore.metrics import Exclusion, figure
from salescore.pipeline import WinCurve, WinShares, win_curves
from salescore.stats import wilson_interval
from salescore.values import Calendar

D = Decimal
KINDS = ("won", "lost", "void", "open", "hold")
CASES = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 9)), max_size=14)
Cases = Sequence[tuple[str, int]]


def by_hand(cases: Cases) -> list[tuple[int, Fraction, Fraction, Fraction, Fraction]]:
    """Return age, won, lost, void and open by the textbook, one age after the other."""
    found = []
    won = lost = void = Fraction(0)
    alive = Fraction(1)
    for age in sorted({age for _, age in cases}):
        at_risk = sum(one >= age for _, one in cases)
        ended = {kind: cases.count((kind, age)) for kind in ("won", "lost", "void")}
        won += alive * Fraction(ended["won"], at_risk)
        lost += alive * Fraction(ended["lost"], at_risk)
        void += alive * Fraction(ended["void"], at_risk)
        alive *= 1 - Fraction(sum(ended.values()), at_risk)
        found.append((age, won, lost, void, alive))
    return found


def close(value: Decimal | None, wanted: Fraction) -> bool:
    """Return whether a value is a fraction to 24 digits."""
    return value is not None and abs(Fraction(value) - wanted) < Fraction(1, 10**24)


def curve(cases: Cases) -> WinCurve:
    """Return the curve of some opportunities."""
    return win_curves(facts_of(sales(*cases))).total


def test_the_published_fixture() -> None:
    """Ages 1 to 6, two won, two lost, two open: each ends by 0.4, 0.2 stays (lifelines 1699)."""
    found = curve([("open", 1), ("won", 2), ("won", 3), ("lost", 4), ("lost", 5), ("open", 6)])
    shares = found.shares(6)
    assert shares == WinShares(won=D("0.4"), lost=D("0.4"), void=D(0), open=D("0.2"))
    assert (found.n, found.still_open, found.longest) == (6, 2, 6)
    assert dict(found.ended) == {"won": 2, "lost": 2, "void": 0}


@given(CASES)
@settings(max_examples=60, deadline=None)
def test_every_age_is_as_the_textbook_has_it(cases: Cases) -> None:
    """At each age seen the shares are those of the estimator worked out by hand, and sum to 1."""
    found = curve(cases)
    for age, *wanted in by_hand(cases):
        shares = found.shares(age)
        assert shares is not None
        got = (shares.won, shares.lost, shares.void, shares.open)
        assert all(map(close, got, wanted))
        assert abs(sum(got, D(0)) - 1) < D("1E-26")


@given(CASES, st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_no_order_of_ties_changes_anything(cases: Cases, chance: random.Random) -> None:
    """Opportunities in any order give the same curve to the last digit."""
    rows = sales(*cases)
    shuffled = chance.sample(rows, len(rows))
    one, other = win_curves(facts_of(shuffled)), win_curves(facts_of(rows))
    assert one == other
    assert one.total.curves == other.total.curves
    assert one.total.chance(1) == other.total.chance(1)


@given(CASES, st.integers(0, 10), st.integers(0, 10))
@settings(max_examples=60, deadline=None)
def test_a_chance_is_conditional_on_the_age(cases: Cases, age: int, within: int) -> None:
    """Given it is open after a, it is won by t with (F(t) - F(a)) ÷ S(a), as far as was seen."""
    found = curve(cases)
    rows = {0: (Fraction(0), Fraction(1))} | {row[0]: (row[1], row[4]) for row in by_hand(cases)}

    def at(day: int) -> tuple[Fraction, Fraction]:
        return rows[max(one for one in rows if one <= day)]

    before = (Fraction(0), Fraction(1)) if age == 0 else at(age)
    chance = found.chance(age, within=within)
    ended_later = any(kind not in {"open", "hold"} for kind, one in cases if one > age or not age)
    if chance.value is None:
        longest = max((one for _, one in cases), default=-1)
        assert not ended_later or age + within > longest
        assert chance.reason
        return
    assert ended_later
    won, alive = at(age + within)
    assert close(chance.value, (won - before[0]) / before[1])
    assert close(chance.undecided, alive / before[1])


def test_past_any_precedent_there_is_no_chance() -> None:
    """Beyond the ages at which any ended or was seen a chance is undefined, with the reason."""
    found = curve([("won", 5), ("lost", 9), ("open", 30)])
    assert found.chance(9).reason == "past any precedent: none ended after 9 days"
    assert (found.chance(9).value, found.chance(9).n) == (None, 1)
    assert found.chance(30).reason == "past any precedent: none was seen open after 30 days"
    late = found.won_by(31)
    assert late.reason == "past any precedent: none was seen for as long as 31 days"
    assert (late.value, late.interval, late.as_of) == (None, None, TODAY)
    assert found.shares(31) is None


def test_where_all_have_ended_nothing_more_is_undecided() -> None:
    """After the last end the chance stands at any age, and no share is open."""
    found = curve([("won", 5), ("lost", 9), ("won", 9)])
    assert found.chance(0).undecided == 0
    assert found.won_by(500).value == found.chance(0).value
    assert found.chance(5).value == D("0.5")


def test_open_ones_alone_teach_nothing() -> None:
    """Where none has ended the chance is undefined, not 0."""
    found = curve([("open", 5), ("hold", 9)])
    assert found.chance(0).value is None
    assert found.chance(0).reason == "none of them has ended"
    assert found.shares() == WinShares(won=D(0), lost=D(0), void=D(0), open=D(1))
    assert found.cycle.reason == "none was won"


def test_a_chance_of_none_or_all_has_the_interval_of_those_followed() -> None:
    """Where none or all were won Wilson's interval stands, of those seen until then."""
    none = curve([("lost", 3)] * 19 + [("open", 2), ("open", 3)])
    assert none.won_by(3).value == 0
    assert none.won_by(3).interval == wilson_interval(0, 20)
    every = curve([("won", 3)] * 10 + [("open", 2)])
    assert every.won_by(3).value == 1
    assert every.won_by(3).interval == wilson_interval(10, 10)
    some = every.won_by(3, level=D("0.5")).interval
    assert some is not None
    assert some.level == D("0.5")


def test_an_interval_covers_its_chance() -> None:
    """Between the ends the interval of the curve stands, and a higher level is wider."""
    found = curve([("won", 3), ("lost", 4), ("won", 5), ("open", 5), ("lost", 7)])
    chance, wide = found.won_by(5), found.won_by(5, level=D("0.99"))
    assert chance.interval is not None
    assert wide.interval is not None
    assert chance.value is not None
    assert wide.interval.low < chance.interval.low < chance.value < chance.interval.high


def test_what_cannot_be_placed_is_told() -> None:
    """Unknown creation, an end before it, and an end on no day are left out, each with a count."""
    rows = [
        *sales(("won", 5), ("open", 5)),
        sale(10, "won", 5, created_on=None),
        sale(11, "open", 5, created_on=None),
        sale(12, "lost", 5, closed_on=ago(200)),
        sale(13, "won", 5, closed_on=None),
        sale(14, "won", 5, closed_on=None),
    ]
    found = win_curves(facts_of(rows)).total
    assert found.n == 2
    assert found.excluded == (
        Exclusion("opportunities", "closed before it was created", 1),
        Exclusion("opportunities", "closed on an unknown day", 2),
        Exclusion("opportunities", "creation unknown", 2),
    )


def test_where_all_are_left_out_the_reason_says_why() -> None:
    """Without one opportunity that counts, a chance says what was lacking."""
    found = win_curves(facts_of([sale(1, "won", 5, created_on=None)])).total
    assert found.chance().reason == "no opportunities: creation unknown in 1"
    assert found.cycle.reason == "no opportunities: creation unknown in 1"
    assert found.won_by(5).reason == found.chance().reason


@pytest.mark.parametrize(("rows", "reason"), [([], "no opportunities are on record")])
def test_an_empty_book_has_a_reason(rows: list[Any], reason: str) -> None:
    """Nothing on record is no chance of 0."""
    found = win_curves(facts_of(rows))
    assert found.total.chance(3).reason == reason
    assert found.total.shares() is None
    assert (found.total.longest, found.slices) == (None, ())


def test_without_any_day_nobody_knows_an_age() -> None:
    """Where no fact has a date there is no day up to which open ones were followed."""
    found = win_curves(facts_of([sale(1, "open", 5, created_on=None)], as_of=None))
    assert found.total.chance().reason == "nobody knows as of which day the facts hold"
    assert found.as_of is None


def test_the_clock_may_start_at_the_first_contact() -> None:
    """Ages then count from the first contact, and its absence is the reason to be left out."""
    rows = [
        sale(1, "won", 5, first_contact_on=ago(115)),
        sale(2, "lost", 9, first_contact_on=ago(110)),
        sale(3, "open", 5, first_contact_on=ago(40)),
        sale(4, "won", 5),
        sale(5, "won", 5, first_contact_on=ago(90)),
    ]
    found = win_curves(facts_of(rows), since="first_contact").total
    assert [(row.time, row.counts, row.censored) for row in found.table.rows] == [
        (10, (0, 1, 0), 0),
        (15, (1, 0, 0), 0),
        (40, (0, 0, 0), 1),
    ]
    assert found.excluded == (
        Exclusion("opportunities", "closed before the first contact", 1),
        Exclusion("opportunities", "first contact unknown", 1),
    )


def test_the_clock_may_start_at_the_creation_of_the_lead() -> None:
    """Ages then count from the creation of the lead that it came from; without one it is left."""
    rows = [sale(1, "won", 5), sale(2, "open", 5), sale(3, "won", 5), sale(4, "won", 5)]
    leads = [
        Lead(id=LeadId(f"l{key}"), name="A", opportunity_id=OpportunityId(f"p{key}"), created_on=on)
        for key, on in ((1, ago(120)), (2, ago(30)), (3, None), (4, ago(1)))
    ]
    facts = facts_of(rows, leads=leads)
    found = win_curves(facts, since="lead")
    assert (found.since, found.total.n) == ("lead", 2)
    assert [(row.time, row.counts, row.censored) for row in found.total.table.rows] == [
        (20, (1, 0, 0), 0),
        (30, (0, 0, 0), 1),
    ]
    assert found.total.excluded == (
        Exclusion("opportunities", "closed before its lead was created", 1),
        Exclusion("opportunities", "creation of the lead unknown", 1),
    )
    assert figure("sales_cycle_from_lead_mean", facts).value == 20
    with pytest.raises(InvalidValue, match="created, first_contact, lead"):
        win_curves(facts, since="never")  # type: ignore[arg-type]


def test_a_cohort_is_of_those_who_began_in_the_period() -> None:
    """The period places the beginning, not the end."""
    rows = [
        sale(1, "won", 5, created_on=date(2025, 12, 31), closed_on=date(2026, 1, 20)),
        sale(2, "lost", 5, created_on=date(2026, 1, 1), closed_on=date(2026, 5, 1)),
        sale(3, "open", 5, created_on=date(2026, 3, 31)),
        sale(4, "open", 5, created_on=date(2026, 4, 1)),
    ]
    during = Calendar().parse("2026-Q1")
    found = win_curves(facts_of(rows), during=during)
    assert (found.total.n, found.total.still_open, found.during) == (2, 1, during)


def test_slices_are_parts_of_the_whole() -> None:
    """Each rep has a curve with its own exclusions; together they are all opportunities."""
    rep = [SalesRepId("r1"), SalesRepId("r2"), None]
    rows = [
        attrs.evolve(one, rep_id=rep[number % 3])
        for number, one in enumerate(
            [*sales(("won", 1), ("lost", 2), ("open", 3), ("won", 4), ("void", 5))]
        )
    ]
    rows.append(sale(9, "won", 5, closed_on=None, rep_id=rep[0]))
    reps = [SalesRep(id=SalesRepId("r1"), name="Ann")]
    found = win_curves(facts_of(rows, sales_reps=reps), by="rep")
    assert [one.keys for one in found.slices] == [("r1",), ("r2",), (None,)]
    assert [one.labels for one in found.slices] == [("Ann",), ("r2",), ("–",)]
    assert [one.n for one in found.slices] == [2, 2, 1]
    assert found.total.n == 5
    assert found.of("r1").excluded == (Exclusion("opportunities", "closed on an unknown day", 1),)
    assert found.of() is found.total
    assert found.of("r2").ended == {"won": 0, "lost": 1, "void": 1}
    with pytest.raises(UnknownName, match="slice"):
        found.of("r3")


def test_slices_by_month_and_by_what_is_a_key_already() -> None:
    """Units of the calendar are those of the beginning; the kind may be a dimension too."""
    rows = [sale(1, "won", 5, created_on=date(2026, 1, 3), closed_on=ago(3)), sale(2, "open", 9)]
    found = win_curves(facts_of(rows), by=("month", "stage_kind"))
    assert [one.keys for one in found.slices] == [("2026-01", "won"), ("2026-06", "open")]
    assert found.by == ("month", "stage_kind")


def test_what_came_later_changes_nothing() -> None:
    """As of an earlier day a later end is not known: the opportunity is open at its age then."""
    facts = facts_of(sales(("won", 5), ("lost", 80), ("open", 120)))
    then = win_curves(facts, as_of=ago(90))
    assert then.as_of == ago(90)
    assert [(row.time, row.counts, row.censored) for row in then.total.table.rows] == [
        (5, (1, 0, 0), 0),
        (30, (0, 0, 0), 1),
        (80, (0, 1, 0), 0),
    ]
    earlier = win_curves(facts, as_of=ago(101))
    assert earlier.total.ended["lost"] == 0


def test_what_is_asked_wrongly_is_refused() -> None:
    """A clock, period, day or dimension that is none is named."""
    facts = facts_of(sales(("won", 5)))
    with pytest.raises(InvalidValue, match="since"):
        win_curves(facts, since="closed")  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="during"):
        win_curves(facts, during="2026")  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="as_of"):
        win_curves(facts, as_of="2026")  # type: ignore[arg-type]
    with pytest.raises(UnknownName, match="dimension of opportunities"):
        win_curves(facts, by="lead_kind")
    with pytest.raises(UnknownName, match="dimension"):
        win_curves(facts, by="moon")
    with pytest.raises(InvalidValue, match="time"):
        win_curves(facts).total.won_by(-1)


# The cycle ----------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 30), min_size=1, max_size=15))
@settings(max_examples=40, deadline=None)
def test_where_nothing_is_open_the_cycle_is_that_of_the_won(days: list[int]) -> None:
    """Then the mean is the plain mean, and a quantile the first age that so many have reached."""
    found = curve([("won", age) for age in days] + [("lost", 7), ("lost", 40)]).cycle
    assert close(found.mean, Fraction(sum(days), len(days)))
    ordered = sorted(days)
    for value, tenths in ((found.median, 5), (found.p90, 9)):
        assert value == ordered[-(-len(days) * tenths // 10) - 1]
    assert (found.n, found.still_open, found.undecided) == (len(days), 0, 0)


def test_open_ones_lengthen_the_cycle() -> None:
    """Those open beyond an age say that others like them may be won later than the early ones."""
    plain = curve([("won", 2), ("won", 10)]).cycle
    with_open = curve([("won", 2), ("open", 5), ("open", 5), ("won", 10)]).cycle
    assert (plain.mean, plain.median) == (6, 2)
    # Won at 2: 1 of 4; at 10: all that is left, 3 of 4.
    assert (with_open.mean, with_open.median, with_open.p90) == (8, 10, 10)
    assert (with_open.n, with_open.still_open, with_open.undecided) == (2, 2, 0)
    assert with_open.as_of == TODAY
