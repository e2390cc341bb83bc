"""The curves of Aalen and Johansen, their variance and their conditional form are as defined."""

import random
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import InvalidValue, UnknownName
from salescore.stats import (
    EventTable,
    IncidenceCurves,
    aalen_johansen,
    event_table,
    kaplan_meier,
)

CAUSES = ("won", "lost", "void")
Cases = list[tuple[int, str | None]]
CASES = st.lists(
    st.tuples(st.integers(0, 9), st.sampled_from([*CAUSES, None])), min_size=1, max_size=25
)
CLOSE = Fraction(1, 10**27)


def table(cases: Cases) -> EventTable:
    """Return the table of times and outcomes."""
    return event_table([time for time, _ in cases], [outcome for _, outcome in cases], CAUSES)


def curves(cases: Cases) -> IncidenceCurves:
    """Return the curves of times and outcomes."""
    return aalen_johansen(table(cases))


def reference(cases: Cases, until: int, after: int = -1) -> dict[str, tuple[Fraction, Fraction]]:
    """
    Return incidence and variance of each cause in fractions, case by case.

    The variance is the sum of Gaynor and others (1993) as they give it, in three parts.
    """
    at_risk = {t: sum(time >= t for time, _ in cases) for t in range(10)}
    events = {t: sum(time == t and o is not None for time, o in cases) for t in range(10)}
    before = {after + 1: Fraction(1)}
    times = [t for t in range(after + 1, until + 1) if at_risk[t]]
    for t in times:
        before[t + 1] = before[t] * Fraction(at_risk[t] - events[t], at_risk[t])
    found: dict[str, tuple[Fraction, Fraction]] = {}
    for cause in CAUSES:
        own = {t: sum(case == (t, cause) for case in cases) for t in times}
        running = {after: Fraction(0)}
        for t in times:
            running[t] = running[t - 1] + before[t] * Fraction(own[t], at_risk[t])
        last = running[times[-1]] if times else Fraction(0)
        variance = Fraction(0)
        for t in times:
            n, d, left = at_risk[t], own[t], last - running[t]
            if left:
                variance += left**2 * Fraction(events[t], n * (n - events[t]))
            variance += before[t] ** 2 * Fraction(d * (n - d), n**3)
            variance -= 2 * left * before[t] * Fraction(d, n**2)
        found[cause] = last, variance
    return found


def test_six_cases() -> None:
    """
    Six cases, two of either cause, from lifelines' request 1699: .4 and .4, .2 still open.

    Its variances, as lifelines 0.30.3 without jitter has them, are .032 on day 2 and .048 on day 3.
    """
    found = aalen_johansen(
        event_table([1, 2, 3, 4, 5, 6], [None, "1", "1", "2", "2", None], ["1", "2"])
    )
    last = found.at(6)
    assert last is not None
    assert repr(last.incidences) == "(Decimal('0.4'), Decimal('0.4'))"
    assert repr(last.survival) == "Decimal('0.2')"
    assert [repr(found.steps[day].variances[0]) for day in (0, 1, 3)] == [
        "Decimal('0.032')",
        "Decimal('0.048')",
        "Decimal('0.048')",
    ]
    assert [step.counts for step in found.steps] == [(1, 0), (1, 0), (0, 1), (0, 1)]
    assert (found.n, found.until, found.causes) == (6, 6, ("1", "2"))


@given(CASES, st.integers(0, 9))
def test_fractions_case_by_case(cases: Cases, until: int) -> None:
    """Incidence and variance are those of the definition, to 27 digits and more."""
    found, step = reference(cases, until), curves(cases).at(until)
    if step is None:
        assert until > max(time for time, _ in cases)
        return
    for place, cause in enumerate(CAUSES):
        assert abs(Fraction(step.incidences[place]) - found[cause][0]) <= CLOSE
        assert abs(Fraction(step.variances[place]) - found[cause][1]) <= CLOSE


@given(CASES)
def test_everyone_is_somewhere(cases: Cases) -> None:
    """At any time the survival and all incidences add up to 1, to the last digit."""
    for step in curves(cases).steps:
        assert abs(step.survival + sum(step.incidences) - 1) <= Decimal("1E-27")


@given(CASES, st.randoms(use_true_random=False))
def test_the_order_means_nothing(cases: Cases, chance: random.Random) -> None:
    """The same cases in another order give the same curves, ties or not."""
    found = curves(cases)
    chance.shuffle(cases)
    assert curves(cases) == found


@given(CASES)
def test_the_survival_is_that_of_kaplan_and_meier(cases: Cases) -> None:
    """Whether a case is open does not depend on what its ends are called."""
    plain = kaplan_meier(table(cases))
    assert [(step.time, step.at_risk, step.survival) for step in curves(cases).steps] == [
        (step.time, step.at_risk, step.survival) for step in plain.steps
    ]
    for step, other in zip(curves(cases).steps, plain.steps, strict=True):
        assert abs(step.survival_variance - other.variance) <= Decimal("1E-27")


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=1, max_size=25))
def test_one_cause_mirrors_the_survival(cases: list[tuple[int, bool]]) -> None:
    """With one cause incidence, variance and interval are those of the survival, seen from 1."""
    outcomes = ["won" if ended else None for _, ended in cases]
    counts = event_table([time for time, _ in cases], outcomes, ["won"])
    found = aalen_johansen(counts)
    for step, other in zip(found.steps, kaplan_meier(counts).steps, strict=True):
        assert abs(step.incidences[0] + other.survival - 1) <= Decimal("1E-27")
        assert abs(step.variances[0] - other.variance) <= Decimal("1E-27")
        bounds, mirrored = found.interval("won", step.time), other.interval()
        assert (bounds is None) == (mirrored is None)
        if bounds and mirrored:
            assert abs(bounds.low + mirrored.high - 1) < Decimal("1E-24")
            assert abs(bounds.high + mirrored.low - 1) < Decimal("1E-24")


@given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from(CAUSES)), min_size=1, max_size=40))
def test_without_open_cases_it_is_a_share(ended: list[tuple[int, str]]) -> None:
    """Where all ended, an incidence is the share that ended so, its variance p(1 - p) ÷ n."""
    found = curves([*ended])
    for time in range(10):
        step = found.at(time)
        assert step is not None
        for place, cause in enumerate(CAUSES):
            share = Fraction(sum(t <= time and c == cause for t, c in ended), len(ended))
            assert abs(Fraction(step.incidences[place]) - share) <= CLOSE
            variance = share * (1 - share) / len(ended)
            assert abs(Fraction(step.variances[place]) - variance) <= CLOSE


@given(st.lists(st.integers(0, 9), min_size=1, max_size=40))
def test_certainty_has_no_variance(times: list[int]) -> None:
    """Where all ended in one way, that is certain: 1 and 0, without a trace of rounding."""
    last = curves([(time, "won") for time in times]).steps[-1]
    assert (last.survival, last.incidences) == (0, (1, 0, 0))
    assert (last.survival_variance, last.variances) == (0, (0, 0, 0))


@given(CASES, st.integers(2, 50))
def test_more_of_the_same_are_surer(cases: Cases, times: int) -> None:
    """Each case many times over leaves the chances and divides the variances."""
    rows = [row for row in table(cases).rows for _ in range(times)]
    many, one = aalen_johansen(EventTable.of(CAUSES, rows)), curves(cases)
    for step, other in zip(many.steps, one.steps, strict=True):
        for place in range(len(CAUSES)):
            assert abs(step.incidences[place] - other.incidences[place]) <= Decimal("1E-27")
            assert abs(step.variances[place] * times - other.variances[place]) < Decimal("1E-26")


@given(CASES, st.integers(0, 9), st.integers(0, 9))
def test_given_an_age(cases: Cases, age: int, wait: int) -> None:
    """The chance by t of a case open at an age is (F(t) - F(age)) ÷ S(age)."""
    whole, rest = curves(cases), curves(cases).given(age)
    if rest is None:
        assert all(time <= age for time, _ in cases)
        return
    now, then, found = whole.at(age), whole.at(age + wait), rest.at(age + wait)
    assert now is not None
    assert (then is None) == (found is None)
    if then is None or found is None:
        return
    survival = Fraction(now.survival)
    for place in range(len(CAUSES)):
        gained = Fraction(then.incidences[place]) - Fraction(now.incidences[place])
        assert abs(Fraction(found.incidences[place]) - gained / survival) < CLOSE * 1000
    assert abs(Fraction(found.survival) - Fraction(then.survival) / survival) < CLOSE * 1000
    expected = reference(cases, min(age + wait, 9), after=age)
    for place, cause in enumerate(CAUSES):
        assert abs(Fraction(found.variances[place]) - expected[cause][1]) <= CLOSE


@given(CASES, st.integers(1, 8))
def test_late_entry_is_being_given_an_age(cases: Cases, age: int) -> None:
    """Cases seen from an age on only give the curves of those that reached it."""
    late = [case for case in cases if case[0] > age]
    times, outcomes = [time for time, _ in late], [outcome for _, outcome in late]
    seen = aalen_johansen(event_table(times, outcomes, CAUSES, entries=[age] * len(late)))
    rest = curves(cases).given(age)
    assert seen.steps == (rest.steps if rest else ())


def test_a_second_age() -> None:
    """Curves given an age can be given a later one, and not an earlier one."""
    cases: Cases = [(2, "won"), (4, "lost"), (6, "won"), (8, None)]
    whole = curves(cases)
    rest = whole.given(3)
    assert rest is not None
    assert rest.given(5) == whole.given(5)
    assert (rest.start, rest.n) == (3, 3)
    with pytest.raises(InvalidValue, match="age is 2: the curves start at the age of 3"):
        rest.given(2)
    with pytest.raises(InvalidValue, match="time is 2: the curves start at the age of 3"):
        rest.at(2)


def test_no_precedent() -> None:
    """No case was open for longer than eight days, so nothing is known of one that is."""
    assert curves([(2, "won"), (8, None)]).given(8) is None
    rest = curves([(2, "won"), (8, None)]).given(7)
    assert rest is not None
    assert (rest.steps, rest.incidence("won", 8), rest.incidence("won", 9)) == ((), 0, None)


def test_before_the_first_event() -> None:
    """Before anything has happened all are open for certain, and there is no interval."""
    found = curves([(3, "won"), (4, None)])
    step = found.at(2)
    assert step is not None
    assert (step.time, step.at_risk, step.counts, step.survival) == (0, 2, (0, 0, 0), 1)
    assert (step.incidences, step.variances, step.survival_variance) == ((0,) * 3, (0,) * 3, 0)
    assert found.interval("won", 2) is None
    assert found.interval("lost", 4) is None


def test_nothing_is_said_beyond_what_was_seen() -> None:
    """After the last case left there is no answer, unless all had ended."""
    some_open, none_open = curves([(3, "won"), (5, None)]), curves([(3, "won"), (5, "lost")])
    assert (some_open.incidence("won", 6), some_open.interval("won", 6)) == (None, None)
    assert none_open.incidence("won", 600) == Decimal("0.5")
    assert some_open.interval("won", 5) == none_open.interval("won", 600)


def test_nothing_ended_or_nothing_at_all() -> None:
    """Where all are open no incidence has begun; without cases there is none."""
    assert curves([(4, None)]).incidence("won", 4) == 0
    empty = curves([])
    assert (empty.n, empty.until, empty.at(0), empty.given(0)) == (0, None, None, None)
    assert empty.incidence("won", 1) is None


def test_losses_are_not_open_cases() -> None:
    """Half won after half were lost is a chance of 1/2; losses taken for open would make it 1."""
    cases: Cases = [(1, "lost"), (1, "lost"), (2, "won"), (2, "won")]
    naive = kaplan_meier(event_table([1, 1, 2, 2], [None, None, "won", "won"], ["won"]))
    assert curves(cases).incidence("won", 2) == Decimal("0.5")
    assert 1 - naive.steps[-1].survival == 1


def test_an_interval() -> None:
    """
    Bounds of the six cases by day 3 from the formula: F = .4, V = .048, so
    1 - .6^exp(±1.96 × √.048 ÷ (.6 × ln .6)).
    """
    found = aalen_johansen(
        event_table([1, 2, 3, 4, 5, 6], [None, "1", "1", "2", "2", None], ["1", "2"])
    ).interval("1", 3, Decimal("0.95"))
    assert found is not None
    assert round(found.low, 6) == Decimal("0.118244")
    assert round(found.high, 6) == Decimal("0.874270")
    assert found.level == Decimal("0.95")


def test_an_unknown_cause_is_named() -> None:
    """A cause that the table does not have is refused, with the nearest name."""
    found = curves([(3, "won")])
    with pytest.raises(UnknownName, match="did you mean 'won'"):
        found.incidence("Won", 3)
    with pytest.raises(UnknownName, match="cause"):
        found.interval("Won", 3)


@pytest.mark.parametrize("time", [-1, Decimal("NaN")])
def test_no_time(time: int | Decimal) -> None:
    """A negative time, or none, is refused rather than answered."""
    found = curves([(3, "won")])
    with pytest.raises(InvalidValue, match="time"):
        found.at(time)
    with pytest.raises(InvalidValue, match="time"):
        found.given(time)
