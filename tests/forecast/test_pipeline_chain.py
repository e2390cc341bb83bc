"""Chances by stage: chains by moves and chains by time."""

from __future__ import annotations

from datetime import timedelta
from decimal import localcontext
from fractions import Fraction

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.forecast.open_deals import D, deal, snapshot_of
from tests.pipeline.passing import FUNNEL, facts_of, on, sale

from salescore.errors import InvalidValue
from salescore.forecast import (
    Standing,
    TimedChain,
    pipeline_forecast,
    pipeline_snapshot,
    stage_chances,
    timed_chain,
)
from salescore.pipeline import funnel_chain
from salescore.stats import absorbing_chain
from salescore.values import Period

STAGES = ("Qualify", "Propose", "Negotiate")
WEEKLY = TimedChain(
    chain=absorbing_chain(
        STAGES,
        ("Won", "Lost"),
        [
            [D("0.60"), D("0.25"), D(0), D(0), D("0.15")],
            [D("0.05"), D("0.55"), D("0.25"), D("0.03"), D("0.12")],
            [D(0), D("0.05"), D("0.50"), D("0.35"), D("0.10")],
        ],
    ),
    days=7,
    won="Won",
)
"""The chain of ORACLES, section 1, a week per step."""
TODAY = on(0)
SNAPSHOT = snapshot_of(
    *(deal(number, "100", None, stage=stage) for number, stage in enumerate(STAGES)), as_of=TODAY
)


def within(first: int, last: int) -> Period:
    """Return the days to come by number, today being 0."""
    return Period.custom(TODAY + timedelta(days=first), TODAY + timedelta(days=last))


@pytest.mark.parametrize(
    ("steps", "wanted"),
    [
        (None, [".325397", ".520635", ".752063"]),
        (4, [".081725", ".316523", ".671760"]),
        (13, [".306674", ".511461", ".749820"]),
    ],
)
def test_the_weekly_chain(steps: int | None, wanted: list[str]) -> None:
    """Wins in the end, within 4 and 13 weeks: ORACLES, section 1, computed from the formula."""
    found = stage_chances(SNAPSHOT, WEEKLY, steps=steps)
    told = [one.chance for one in found.rows]
    for one, truth in zip(told, wanted, strict=True):
        assert one is not None
        assert abs(one - D(truth)) <= D("5E-7")
    if steps is not None:
        days = stage_chances(SNAPSHOT, WEEKLY, during=within(1, 7 * steps))
        assert [one.chance for one in days.rows] == told


def test_the_weekly_chain_as_a_forecast() -> None:
    """Three deals of 100 in the three stages: the mean is 100 times the sum of their chances."""
    found = pipeline_forecast(SNAPSHOT, stage_chances(SNAPSHOT, WEEKLY))
    assert found.distribution is not None
    assert round(found.distribution.mean, 3) == D("159.810")
    assert len(found.distribution.values) == 4


@given(st.lists(st.integers(1, 20), min_size=2, max_size=4))
@settings(max_examples=25, deadline=None)
def test_periods_that_adjoin_add_up(lengths: list[int]) -> None:
    """A part of a week counts as that part of its wins, so that no win is lost between periods."""
    part = stage_chances(SNAPSHOT, WEEKLY, during=within(1, 3)).of("d2").chance
    assert part == D("0.15")  # three sevenths of .35
    first = 1
    total = [Fraction(0)] * 3
    for length in lengths:
        found = stage_chances(SNAPSHOT, WEEKLY, during=within(first, first + length - 1))
        total = [a + Fraction(b.chance or 0) for a, b in zip(total, found.rows, strict=True)]
        first += length
    whole = stage_chances(SNAPSHOT, WEEKLY, during=within(1, first - 1))
    for one, other in zip(total, whole.rows, strict=True):
        assert abs(one - Fraction(other.chance or 0)) < Fraction(1, 10**10)


PAST = [
    sale("a", ("talk", 0), ("offer", 10), ("won", 20)),
    sale("b", ("talk", 0), ("offer", 10), ("lost", 30)),
    sale("c", ("talk", 0), ("lost", 10)),
    sale("d", ("talk", 0), ("offer", 20), ("won", 30)),
]
OPEN = [sale("x", ("talk", 80), amount=100), sale("y", ("talk", 70), ("offer", 90), amount=100)]


def test_a_chain_by_moves_is_that_of_the_funnel() -> None:
    """Three of four talks went on, two of three offers were won: 1/2 and 2/3; one step wins 0."""
    known = facts_of([*PAST, *OPEN], as_of=100)
    snapshot = pipeline_snapshot(known, as_of=on(100))
    chain = funnel_chain(known, funnel=FUNNEL)
    # The open offer moved on from talk, too: 4 of 5 talks.
    found = stage_chances(snapshot, chain)
    assert [one.chance for one in found.rows] == [D("0.533333333333"), D("0.666666666667")]
    assert [one.chance for one in stage_chances(snapshot, chain, steps=1).rows] == [
        0,
        D("0.666666666667"),
    ]
    assert found.of("x").basis[0] == "in stage talk"
    with pytest.raises(InvalidValue, match="chain by time"):
        stage_chances(snapshot, chain, during=Period.custom(on(101), on(120)))


def test_a_chain_by_time_ends_as_that_by_moves() -> None:
    """In the end both say the same; within days the one by time says how far it has come."""
    known = facts_of([*PAST, *OPEN], as_of=100)
    snapshot = pipeline_snapshot(known, as_of=on(100))
    chain = timed_chain(known, as_of=on(100), funnel=FUNNEL)
    assert chain is not None
    ever = stage_chances(snapshot, chain)
    moves = stage_chances(snapshot, funnel_chain(known, funnel=FUNNEL))
    for one, other in zip(ever.rows, moves.rows, strict=True):
        assert one.chance is not None
        assert other.chance is not None
        assert abs(one.chance - other.chance) < D("1E-9")
    # Three offers ended in 10 + 20 + 10 days, one has run for 10: a rate of 3/50 a day.
    day = stage_chances(snapshot, chain, during=Period.custom(on(101), on(101))).of("y").chance
    assert day is not None
    assert abs(float(day) - (1 - 2.718281828459045 ** (-3 / 50)) * 2 / 3) < 1e-9
    long = stage_chances(snapshot, chain, during=Period.custom(on(101), on(400)))
    assert all((one.chance or 0) > D("0.5") for one in long.rows)
    other = sale("s", ("talk", 0), ("offer", 3), ("won", 20))
    shop = tuple(attrs.evolve(one, funnel="shop") for one in other.visits)
    more = facts_of([*PAST, *OPEN, attrs.evolve(other, visits=shop)], as_of=100)
    assert timed_chain(more, as_of=on(100), funnel=FUNNEL) == chain
    weekly = timed_chain(known, as_of=on(100), funnel="talks", days=7)
    assert weekly is not None
    assert weekly.days == 7


def test_a_stage_without_precedent_is_unknown() -> None:
    """Where no stay led to an end, or nobody knows the stage, no chance is told."""
    known = facts_of([*PAST, sale("z", ("deal", 90), amount=5)], as_of=100)
    snapshot = pipeline_snapshot(known, as_of=on(100))
    nowhere = snapshot_of(deal(1, "1", None, stage=None), as_of=on(100))
    for chain in (funnel_chain(known, funnel=FUNNEL), timed_chain(known, as_of=on(100))):
        assert chain is not None
        found = stage_chances(snapshot, chain)
        assert [one.standing for one in found.rows] == [Standing.UNKNOWN]
        assert stage_chances(nowhere, chain).rows[0].basis[0] == "stage unknown"
    other = snapshot_of(deal(1, "1", None, stage="elsewhere"), as_of=on(100))
    assert stage_chances(other, funnel_chain(known)).rows[0].chance is None
    assert timed_chain(facts_of([]), as_of=on(100)) is None


def test_holds_are_states_of_their_own() -> None:
    """A sale on hold has the chance of those on hold, not of the stage."""
    past = [
        sale("a", ("talk", 0), ("hold", 5), ("won", 9)),
        sale("b", ("talk", 0), ("lost", 5)),
        sale("e", ("talk", 3), ("won", 3)),
    ]
    known = facts_of([*past, sale("h", ("talk", 80), ("hold", 90))], as_of=100)
    snapshot = pipeline_snapshot(known, as_of=on(100), with_hold=True)
    for chain in (funnel_chain(known, funnel=FUNNEL), timed_chain(known, as_of=on(100))):
        assert chain is not None
        assert stage_chances(snapshot, chain).of("h").chance == 1
    timed = timed_chain(known, as_of=on(100))
    assert timed is not None
    # One hold ended after 4 days, one has run for 10: a rate of 1/14 a day.
    day = stage_chances(snapshot, timed, during=Period.custom(on(101), on(101))).of("h").chance
    assert day is not None
    assert abs(float(day) - (1 - 2.718281828459045 ** (-1 / 14))) < 1e-9


def test_what_makes_no_sense_is_refused() -> None:
    """Chains learnt later, steps and a period at once, no win among the ends, no days a step."""
    known = facts_of(PAST, as_of=100)
    chain = timed_chain(known, as_of=on(100))
    assert chain is not None
    with pytest.raises(InvalidValue, match="after the snapshot"):
        stage_chances(SNAPSHOT, chain)
    with pytest.raises(InvalidValue, match="no number of steps"):
        stage_chances(SNAPSHOT, WEEKLY, steps=1, during=within(1, 9))
    with pytest.raises(InvalidValue, match="steps"):
        stage_chances(SNAPSHOT, WEEKLY, steps=-1)
    with pytest.raises(InvalidValue, match="it is an end"):
        TimedChain(chain=WEEKLY.chain, days=7)
    with pytest.raises(InvalidValue, match="from 1 on"):
        TimedChain(chain=WEEKLY.chain, days=0, won="Won")
    with pytest.raises(InvalidValue, match="from 1 on"):
        timed_chain(known, as_of=on(100), days=0)


def test_a_short_arithmetic_of_the_caller_changes_no_chain() -> None:
    """Days of many stays are added exactly, whatever the digits of the caller."""
    long = [33_333, 44_444, 55_555]
    rows = [
        sale(f"s{number}", ("talk", number), ("won", number + days))
        for number, days in enumerate(long)
    ]
    known = facts_of(rows, as_of=None)
    wanted = timed_chain(known, as_of=on(60_000))
    with localcontext(prec=5):
        assert timed_chain(known, as_of=on(60_000)) == wanted
    assert wanted is not None


def test_later_stays_change_nothing() -> None:
    """A move after the day leaves the chain by time as it was."""
    before = facts_of([*PAST, *OPEN], as_of=None)
    moved = [
        *PAST,
        sale("x", ("talk", 80), ("won", 150), amount=100),
        sale("y", ("talk", 70), ("offer", 90), ("lost", 160), amount=100),
        sale("n", ("talk", 110), ("won", 120)),
    ]
    first = timed_chain(before, as_of=on(100), funnel=FUNNEL)
    assert first == timed_chain(facts_of(moved, as_of=None), as_of=on(100), funnel=FUNNEL)
