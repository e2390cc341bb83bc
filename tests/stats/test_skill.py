"""Brier score, skill with its interval, and concordance are those of their papers."""

from decimal import Decimal
from fractions import Fraction
from itertools import product
from statistics import NormalDist, mean, stdev
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import InexactResult, InvalidValue
from salescore.stats import BrierSkill, brier_score, brier_skill, concordance

CHANCES = st.decimals(0, 1, places=4)
CASES = st.lists(st.tuples(CHANCES, CHANCES, st.booleans()), min_size=2, max_size=40)
# Hanley and McNeil (1982), table I: 109 images of 58 healthy and 51 ill people, in five ratings.
HEALTHY, ILL = (33, 6, 6, 11, 2), (3, 2, 2, 11, 33)


def skill(
    chances: list[Decimal], reference: list[Decimal], outcomes: list[bool], level: str = "0.95"
) -> BrierSkill:
    """Return the skill of at least one case."""
    found = brier_skill(chances, reference, outcomes, Decimal(level))
    assert found is not None
    return found


def columns(
    cases: list[tuple[Decimal, Decimal, bool]],
) -> tuple[list[Decimal], list[Decimal], list[bool]]:
    """Return chances, reference and outcomes of cases."""
    own, other, outcomes = zip(*cases, strict=True)
    return list(own), list(other), list(outcomes)


@pytest.mark.parametrize(
    ("chance", "outcome", "score"),
    [("1", True, "0"), ("0", True, "1"), ("0.7", True, "0.09"), ("0.3", True, "0.49")],
)
def test_the_score_of_one_case(chance: str, outcome: bool, score: str) -> None:  # noqa: FBT001
    """A chance of 70 % for what happened costs 0.09, one of 30 % 0.49, certainty nothing or all."""
    assert brier_score([Decimal(chance)], [outcome]) == Decimal(score)
    assert brier_score([1 - Decimal(chance)], [not outcome]) == Decimal(score)


def test_the_example_of_brier() -> None:
    """
    Ten forecasts of rain in Brier (1950): his score 0.19 is twice today's.

    His sum runs over rain and no rain, which miss by as much.
    """
    rain = [
        Decimal(text) for text in ("0.7", "0.9", "0.8", "0.4", "0.2", "0", "0", "0", "0", "0.1")
    ]
    happened = [False, True, True, True, False, False, False, False, False, False]
    found = brier_score(rain, happened)
    assert found is not None
    assert round(2 * found, 2) == Decimal("0.19")


def test_the_example_of_hanley_and_mcneil() -> None:
    """The area under the curve of their 109 images is 0.893."""
    ratings = [Decimal(place).scaleb(-1) for place in range(1, 6)]
    chances = [
        rating
        for counts in (HEALTHY, ILL)
        for rating, count in zip(ratings, counts, strict=True)
        for _ in range(count)
    ]
    outcomes = [False] * sum(HEALTHY) + [True] * sum(ILL)
    found = concordance(chances, outcomes)
    assert found is not None
    assert round(found, 3) == Decimal("0.893")


@given(CASES)
def test_concordance_is_the_share_of_pairs(cases: list[tuple[Decimal, Decimal, bool]]) -> None:
    """Counted pair by pair, with half for ties, it is the same; without pairs it is undefined."""
    chances, _, outcomes = columns(cases)
    high = [p for p, o in zip(chances, outcomes, strict=True) if o]
    low = [p for p, o in zip(chances, outcomes, strict=True) if not o]
    pairs = [Fraction(2 * (a > b) + (a == b), 2) for a, b in product(high, low)]
    found = concordance(chances, outcomes)
    if not pairs:
        assert found is None
        return
    assert found is not None
    assert abs(Fraction(found) - sum(pairs) / len(pairs)) < Fraction(1, 10**27)


@given(CASES, st.sampled_from(["0.5", "0.9", "0.95", "0.99"]))
def test_the_interval_is_that_of_paired_differences(
    cases: list[tuple[Decimal, Decimal, bool]], level: str
) -> None:
    """Mean and interval are mean ± z s ÷ √n of the differences, worked out with floating point."""
    chances, reference, outcomes = columns(cases)
    found = skill(chances, reference, outcomes, level)
    gains = [float((r - o) ** 2 - (p - o) ** 2) for p, r, o in cases]
    half = NormalDist().inv_cdf((1 + float(level)) / 2) * stdev(gains) / len(gains) ** 0.5
    assert found.interval is not None
    assert float(found.difference) == pytest.approx(mean(gains), abs=1e-12)
    assert float(found.interval.low) == pytest.approx(mean(gains) - half, abs=1e-9)
    assert float(found.interval.high) == pytest.approx(mean(gains) + half, abs=1e-9)
    assert (found.n, found.interval.level) == (len(cases), Decimal(level))


@given(CASES)
def test_skill_is_one_less_the_ratio_of_scores(cases: list[tuple[Decimal, Decimal, bool]]) -> None:
    """Skill is 1 - score ÷ reference, its sign that of the difference."""
    chances, reference, outcomes = columns(cases)
    found = skill(chances, reference, outcomes)
    assert (found.score, found.reference) == (
        brier_score(chances, outcomes),
        brier_score(reference, outcomes),
    )
    assert abs(found.difference - (found.reference - found.score)) < Decimal("1E-26")
    if found.skill is None:
        assert found.reference == 0
    else:
        assert abs(found.skill - (1 - found.score / found.reference)) < Decimal("1E-20")
        assert (found.skill > 0) == (found.difference > 0)


@given(st.lists(st.tuples(CHANCES, st.booleans()), min_size=2, max_size=20))
def test_the_reference_has_no_skill_over_itself(cases: list[tuple[Decimal, bool]]) -> None:
    """Equal chances differ by exactly 0, and the interval is that one point."""
    chances, outcomes = [p for p, _ in cases], [o for _, o in cases]
    found = skill(chances, chances, outcomes)
    assert found.interval is not None
    assert (found.difference, found.interval.low, found.interval.high) == (0, 0, 0)
    assert not found.interval.excludes_zero


@given(CASES, st.randoms(use_true_random=False))
def test_order_means_nothing(cases: list[tuple[Decimal, Decimal, bool]], chance: Any) -> None:  # noqa: ANN401
    """The same cases in another order give the same numbers, to the last digit."""
    shuffled = list(cases)
    chance.shuffle(shuffled)
    assert brier_skill(*columns(shuffled)) == brier_skill(*columns(cases))


@given(st.lists(st.booleans(), min_size=1, max_size=20), CHANCES)
def test_honesty_is_best(outcomes: list[bool], other: Decimal) -> None:
    """Of all constant chances the share of what happened has the best score."""
    share = Decimal(sum(outcomes)) / len(outcomes)
    honest, told = (brier_score([one] * len(outcomes), outcomes) for one in (share, other))
    assert honest is not None
    assert told is not None
    assert honest <= told + Decimal("1E-20")


def test_nothing_to_judge() -> None:
    """Without cases nothing is defined; with one the difference has no interval."""
    assert brier_score([], []) is None
    assert brier_skill([], [], []) is None
    assert concordance([], []) is None
    found = skill([Decimal("0.9")], [Decimal("0.5")], [True])
    assert (found.n, found.interval, found.skill) == (1, None, Decimal("0.96"))


def test_a_perfect_reference() -> None:
    """Against a reference that is never wrong skill is undefined, the difference is not."""
    found = skill([Decimal("0.9")] * 2, [Decimal(1)] * 2, [True] * 2)
    assert (found.skill, found.difference) == (None, Decimal("-0.01"))


@pytest.mark.parametrize("chance", [Decimal("1.01"), Decimal(-1), Decimal("NaN"), 0.5, True])
def test_no_chance(chance: Any) -> None:  # noqa: ANN401 - anything at all
    """A chance is a Decimal from 0 to 1, no float and no percentage."""
    for judged in (brier_score, concordance):
        with pytest.raises(InvalidValue, match="from 0 to 1"):
            judged([chance], [True])
    with pytest.raises(InvalidValue, match="from 0 to 1"):
        brier_skill([Decimal(0)], [chance], [True])


def test_unequal_lengths() -> None:
    """Chances and outcomes are as many, and a level is a level."""
    with pytest.raises(InvalidValue, match="number of chances"):
        brier_score([Decimal(1)], [])
    with pytest.raises(InvalidValue, match="number of chances"):
        concordance([], [True])
    with pytest.raises(InvalidValue, match="level"):
        brier_skill([], [], [], Decimal(95))


def test_chances_of_a_thousand_digits() -> None:
    """Where 1,000 digits do not hold a square, that is said rather than rounded."""
    with pytest.raises(InexactResult, match="square of a chance"):
        brier_score([Decimal("1E-1001")], [True])
    none, long = [Decimal(0)] * 4, Decimal("0." + "6" * 249 + "7")
    with pytest.raises(InexactResult, match="spread"):
        brier_skill([long] * 4, none, [False] * 4)
    with pytest.raises(InexactResult, match="sum"):
        brier_skill([Decimal("0." + "7" * 250)] * 4, none, [False] * 4)
