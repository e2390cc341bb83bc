"""The curve of Kaplan and Meier, its variance, bounds, quantiles and mean are as published."""

import decimal
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import InvalidValue
from salescore.stats import SurvivalCurve, event_table, kaplan_meier

ENDED = [6, 6, 6, 7, 10, 13, 16, 22, 23]
OPEN = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
CASES = st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=1, max_size=25)
CLOSE = Fraction(1, 10**27)


def curve(ended: list[int], still_open: list[int]) -> SurvivalCurve:
    """Return the curve of cases that ended and of cases that are open."""
    outcomes = ["left"] * len(ended) + [None] * len(still_open)
    return kaplan_meier(event_table(ended + still_open, outcomes, ["left"]))


def of_cases(cases: list[tuple[int, bool]]) -> SurvivalCurve:
    """Return the curve of times and whether the case ended then."""
    return curve([t for t, ended in cases if ended], [t for t, ended in cases if not ended])


def reference(cases: list[tuple[int, bool]]) -> list[tuple[int, Fraction, Fraction]]:
    """Return time, survival and Greenwood's variance in fractions, case by case."""
    found: list[tuple[int, Fraction, Fraction]] = []
    survival, terms = Fraction(1), Fraction(0)
    for time in sorted({t for t, ended in cases if ended}):
        at_risk = sum(t >= time for t, _ in cases)
        events = sum(t == time and ended for t, ended in cases)
        survival *= Fraction(at_risk - events, at_risk)
        if survival:
            terms += Fraction(events, at_risk * (at_risk - events))
        found.append((time, survival, survival**2 * terms))
    return found


def test_freireich() -> None:
    """
    Remission under 6-MP, 21 children, of Freireich and others, Blood 21 (1963), 699-716.

    Survival as in every textbook since; its bounds as lifelines 0.30.3 has them.
    """
    found = curve(ENDED, OPEN)
    told = {
        6: (".8571", ".619718", ".951552"),
        7: (".8067", ".563147", ".922809"),
        10: (".7529", ".503200", ".889362"),
        13: (".6902", ".431610", ".849066"),
        16: (".6275", ".367511", ".804912"),
        22: (".5378", ".267779", ".746791"),
        23: (".4482", ".188052", ".680143"),
    }
    assert [int(step.time) for step in found.steps] == list(told)
    assert [step.at_risk for step in found.steps] == [21, 17, 15, 12, 11, 7, 6]
    assert [step.events for step in found.steps] == [3, 1, 1, 1, 1, 1, 1]
    for step in found.steps:
        survival, low, high = map(Decimal, told[int(step.time)])
        bounds = step.interval()
        assert bounds is not None
        assert round(step.survival, 4) == survival
        assert (round(bounds.low, 6), round(bounds.high, 6)) == (low, high)
    assert (found.n, found.from_start, found.until) == (21, 21, 35)


@pytest.mark.parametrize(
    ("ended", "still_open", "p", "time", "low", "high"),
    [
        (ENDED, OPEN, "0.25", 13, 6, 22),
        (ENDED, OPEN, "0.5", 23, 13, None),
        (ENDED, OPEN, "0.75", None, 23, None),
        (ENDED, OPEN, "1", None, None, None),
        (PLACEBO, [], "0.25", 4, 1, 5),
        (PLACEBO, [], "0.5", 8, 4, 11),
        (PLACEBO, [], "0.75", 12, 8, 22),
        (PLACEBO, [], "1", 23, 23, None),
    ],
)
def test_quantiles(
    ended: list[int],
    still_open: list[int],
    p: str,
    time: int | None,
    low: int | None,
    high: int | None,
) -> None:
    """Quartiles of both arms of Freireich and their bounds, as lifelines 0.30.3 has them."""
    found = curve(ended, still_open).quantile(Decimal(p))
    assert (found.time, found.low, found.high) == (time, low, high)


def test_the_median() -> None:
    """The median is the quantile at one half, 23 weeks under 6-MP."""
    found = curve(ENDED, OPEN)
    assert found.median == found.quantile(Decimal("0.5"), Decimal("0.95"))
    assert (found.median.time, found.median.level) == (23, Decimal("0.95"))


@pytest.mark.parametrize(
    ("ended", "still_open", "horizon", "mean"),
    [
        (ENDED, OPEN, 20, "16.116526610644"),
        (ENDED, OPEN, 23, "17.909243697479"),
        (ENDED, OPEN, 35, "23.287394957983"),
        (PLACEBO, [], 20, "8.428571428571"),
        (PLACEBO, [], 23, "8.666666666667"),
        (PLACEBO, [], 35, "8.666666666667"),
    ],
)
def test_restricted_mean(ended: list[int], still_open: list[int], horizon: int, mean: str) -> None:
    """Both arms of Freireich up to three horizons, as lifelines 0.30.3 has them."""
    found = curve(ended, still_open).restricted_mean(horizon)
    assert found is not None
    assert round(found, 12) == Decimal(mean)


def test_an_exact_half_is_reached() -> None:
    """5/6 × 4/5 × 3/4 is exactly one half, so that half have ended, whatever 5/6 rounds to."""
    found = curve([1, 2, 3], [7, 7, 7])
    assert [step.survival for step in found.steps][-1] == Decimal("0.5")
    assert found.median.time == 3
    assert repr(found.steps[-1].survival) == "Decimal('0.5')"


def test_whole_tens_are_written_out() -> None:
    """A mean of 300 is written 300, not 3E+2."""
    assert repr(curve([], [400]).restricted_mean(300)) == "Decimal('300')"


def test_what_ends_at_a_time_has_ended() -> None:
    """At the time of an event it has happened; just before it has not."""
    found = curve([3, 5], [5])
    assert [(step and step.survival) for step in map(found.at, (0, 2, 3, 4, 5))] == [
        1,
        1,
        *[Decimal("0.6666666666666666666666666667")] * 2,
        Decimal("0.3333333333333333333333333333"),
    ]
    first = found.at(0)
    assert first is not None
    assert (first.at_risk, first.events, first.variance, first.interval()) == (3, 0, 0, None)


def test_events_come_before_those_last_seen_open() -> None:
    """Who was last seen open on day 4 was at risk of what happened on day 4."""
    found = curve([4], [4, 4, 4])
    assert (found.steps[0].at_risk, found.steps[0].survival) == (4, Decimal("0.75"))


def test_nothing_is_said_beyond_what_was_seen() -> None:
    """After the last case left there is no answer, unless all had ended."""
    some_open, none_open = curve([3], [5]), curve([3, 5], [])
    assert (some_open.at(6), some_open.restricted_mean(6)) == (None, None)
    last = none_open.at(600)
    assert last is not None
    assert (last.survival, last.variance, last.interval()) == (0, 0, None)
    assert none_open.restricted_mean(600) == 4


def test_all_open() -> None:
    """Where nothing ended, all are open for certain as long as they were seen."""
    found = curve([], [2, 8])
    step = found.at(8)
    assert step is not None
    assert (found.steps, step.survival, step.interval(), found.restricted_mean(8)) == (
        (),
        1,
        None,
        8,
    )
    assert (found.median.time, found.median.low, found.median.high) == (None, None, None)


def test_no_cases() -> None:
    """A curve of no cases has no answer, and says so."""
    found = curve([], [])
    assert (found.n, found.steps, found.until, found.at(0)) == (0, (), None, None)
    assert (found.median.time, found.restricted_mean(0)) == (None, None)


def test_late_entry() -> None:
    """Who is seen from day 3 on is not at risk before: 1 of 2 ends on day 2, 1 of 3 on day 4."""
    table = event_table([2, 4, 6, 6], ["x", "x", None, None], ["x"], entries=[0, 0, 3, 3])
    found = kaplan_meier(table)
    assert [step.at_risk for step in found.steps] == [2, 3]
    assert found.steps[-1].survival == Decimal("0.3333333333333333333333333333")
    assert found.from_start == 2


def test_any_cause_ends_a_case() -> None:
    """Won and lost are both an end; telling them apart changes nothing here."""
    apart = kaplan_meier(event_table([1, 2, 2, 3], ["w", "l", "w", None], ["w", "l"]))
    assert apart == curve([1, 2, 2], [3])


@given(CASES)
def test_fractions_case_by_case(cases: list[tuple[int, bool]]) -> None:
    """Survival and variance are those of the definition, to 27 digits and more."""
    expected = reference(cases)
    found = of_cases(cases)
    assert [step.time for step in found.steps] == [time for time, _, _ in expected]
    for step, (_, survival, variance) in zip(found.steps, expected, strict=True):
        assert abs(Fraction(step.survival) - survival) <= survival * CLOSE
        assert abs(Fraction(step.variance) - variance) <= CLOSE


@given(st.lists(st.integers(0, 9), min_size=1, max_size=40), st.integers(0, 12))
def test_without_open_cases_it_is_a_share(times: list[int], time: int) -> None:
    """Where all ended, survival is the share that lasted longer, its variance p(1 - p) ÷ n."""
    step = curve(times, []).at(time)
    share = Fraction(sum(t > time for t in times), len(times))
    if time > max(times):
        share = Fraction(0)
    assert step is not None
    assert abs(Fraction(step.survival) - share) <= CLOSE
    assert abs(Fraction(step.variance) - share * (1 - share) / len(times)) <= CLOSE


@given(st.lists(st.integers(0, 9), min_size=1, max_size=40))
def test_without_open_cases_the_mean_is_the_mean(times: list[int]) -> None:
    """Where all ended, the area under the whole curve is the mean time."""
    found = curve(times, []).restricted_mean(9)
    assert found is not None
    assert abs(Fraction(found) - Fraction(sum(times), len(times))) <= CLOSE * 10


@given(CASES, st.integers(2, 1000))
def test_the_unit_means_nothing(cases: list[tuple[int, bool]], factor: int) -> None:
    """In another unit of time the chances are the same and the times those times the factor."""
    found = of_cases(cases)
    scaled = of_cases([(time * factor, ended) for time, ended in cases])
    assert [step.survival for step in scaled.steps] == [step.survival for step in found.steps]
    if found.median.time is not None:
        assert scaled.median.time == found.median.time * factor


@given(CASES, st.sampled_from(["0.1", "0.25", "0.5", "0.9", "1"]), st.sampled_from(["0.5", "0.95"]))
def test_a_quantile_lies_within_its_bounds(
    cases: list[tuple[int, bool]], p: str, level: str
) -> None:
    """
    The quantile is the first time with survival at most 1 - p, and its bounds are the first times
    at which those of survival are.
    """
    found = of_cases(cases)
    share = 1 - Decimal(p)
    asked = found.quantile(Decimal(p), Decimal(level))
    bounds = [(step, step.interval(Decimal(level))) for step in found.steps]
    low = [s.time for s, one in bounds if (one.low if one else s.survival) <= share]
    high = [s.time for s, one in bounds if one and one.high <= share]
    middle = [s.time for s in found.steps if s.survival <= share]
    assert (asked.low, asked.time, asked.high) == tuple(
        one[0] if one else None for one in (low, middle, high)
    )


@given(CASES)
def test_a_bound_reached_exactly_is_reached(cases: list[tuple[int, bool]]) -> None:
    """A bound counts where it equals the share, and no longer where it is above by a hair."""
    found = of_cases(cases)
    bounds = [(step.time, one) for step in found.steps if (one := step.interval())]
    for _, one in bounds:
        for share in (one.high, one.high - Decimal("1E-20")):
            reached = [time for time, other in bounds if other.high <= share]
            asked = found.quantile(1 - share)
            assert asked.high == (reached[0] if reached else None)


@given(CASES)
def test_bounds_enclose_survival(cases: list[tuple[int, bool]]) -> None:
    """Bounds lie from 0 to 1 around the survival; more surely, they lie further apart."""
    for step in of_cases(cases).steps:
        narrow, wide = step.interval(Decimal("0.8")), step.interval(Decimal("0.99"))
        if step.survival:
            assert narrow is not None
            assert wide is not None
            assert 0 <= wide.low < narrow.low < step.survival < narrow.high < wide.high <= 1


def test_a_survival_next_to_one() -> None:
    """One end among ten million cases leaves a survival so near 1 that only decimals tell."""
    found = kaplan_meier(event_table([1, 2], ["x", None], ["x"], numbers=[1, 10**7 - 1]))
    near = found.quantile(Decimal("1E-7"))
    assert (near.time, near.low, near.high) == (1, 1, None)


@pytest.mark.parametrize("p", [*map(Decimal, ["0", "-0.1", "1.1", "NaN"]), 0.5])
def test_no_share(p: Any) -> None:  # noqa: ANN401 - anything at all
    """A quantile is asked for a share above 0, at most 1."""
    with pytest.raises(InvalidValue, match="quantile"):
        curve([1], []).quantile(p)


def test_the_context_around_means_nothing() -> None:
    """A caller who works with three digits gets the same bounds as anybody else."""
    found = curve(ENDED, OPEN)
    with decimal.localcontext(prec=3):
        assert curve(ENDED, OPEN) == found
        rough = (found.median, found.steps[0].interval(), found.restricted_mean(20))
    assert rough == (found.median, found.steps[0].interval(), found.restricted_mean(20))


@pytest.mark.parametrize("time", [-1, Decimal("NaN")])
def test_no_time(time: int | Decimal) -> None:
    """A negative time, or none, is refused rather than answered."""
    found = curve([1], [])
    with pytest.raises(InvalidValue, match="time"):
        found.at(time)
    with pytest.raises(InvalidValue, match="time"):
        found.restricted_mean(time)


def test_no_level() -> None:
    """A level of 95 is none, also where there is nothing to be sure of."""
    with pytest.raises(InvalidValue, match="level"):
        curve([], []).quantile(Decimal("0.5"), Decimal(95))
    with pytest.raises(InvalidValue, match="level"):
        curve([1], []).steps[0].interval(Decimal(95))
