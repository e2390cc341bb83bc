"""Brier scores come apart exactly; coverage and histograms count what they say."""

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import InvalidNumber, InvalidValue
from salescore.stats import (
    TENTHS,
    BrierParts,
    brier_parts,
    brier_score,
    coverage,
    pit_histogram,
    wilson_interval,
)

CHANCES = st.decimals(0, 1, places=2)
CASES = st.lists(st.tuples(CHANCES, st.booleans()), min_size=1, max_size=40)
ENDS = st.tuples(*[st.decimals(-50, 50, places=1)] * 3)


def parts(cases: list[tuple[Decimal, bool]], cuts: tuple[Decimal, ...] | None = None) -> BrierParts:
    """Return the parts of at least one case."""
    found = brier_parts([p for p, _ in cases], [o for _, o in cases], cuts=cuts)
    assert found is not None
    return found


@given(CASES, st.sampled_from([None, TENTHS, (Decimal("0.5"),), ()]))
def test_the_parts_add_up_exactly(
    cases: list[tuple[Decimal, bool]], cuts: tuple[Decimal, ...] | None
) -> None:
    """Score = reliability - resolution + uncertainty + within, and it is the Brier score."""
    found = parts(cases, cuts)
    assert found.score == (found.reliability - found.resolution + found.uncertainty + found.within)
    stated = brier_score([p for p, _ in cases], [o for _, o in cases])
    assert stated is not None
    assert abs(found.score - Fraction(stated)) < Fraction(1, 10**27)
    assert min(found.reliability, found.resolution, found.uncertainty) >= 0
    assert sum(row.n for row in found.rows) == found.n == len(cases)
    assert sum(row.happened for row in found.rows) == found.happened == sum(o for _, o in cases)
    assert all(before.high < after.low for before, after in pairwise(found.rows))
    assert all(row.low <= row.high for row in found.rows)
    for row in found.rows:
        assert row.interval == wilson_interval(row.happened, row.n)


@given(CASES)
def test_one_chance_a_row_leaves_nothing_within(cases: list[tuple[Decimal, bool]]) -> None:
    """By distinct chances the classical three parts are the whole."""
    assert parts(cases).within == 0


@given(CASES, st.sampled_from([None, TENTHS]))
def test_within_is_variance_less_twice_covariance(
    cases: list[tuple[Decimal, bool]], cuts: tuple[Decimal, ...] | None
) -> None:
    """What is left within rows is that of Stephenson, Coelho and Jolliffe, row by row."""
    found = parts(cases, cuts)
    whole = Fraction(0)
    for row in found.rows:
        members = [(Fraction(p), int(o)) for p, o in cases if row.low <= p <= row.high]
        stated = sum(p for p, _ in members) / Fraction(len(members))
        share = Fraction(sum(o for _, o in members), len(members))
        whole += sum((p - stated) ** 2 - 2 * (p - stated) * (o - share) for p, o in members)
    assert found.within == whole / len(cases)


@given(CASES, st.randoms(use_true_random=False))
def test_order_means_nothing(cases: list[tuple[Decimal, bool]], chance: Any) -> None:  # noqa: ANN401
    """Cases in another order give the same parts and rows."""
    shuffled = list(cases)
    chance.shuffle(shuffled)
    assert parts(shuffled, TENTHS) == parts(cases, TENTHS)


def test_an_honest_and_a_dishonest_forecaster() -> None:
    """Twice right of four at 50 % is honest; at 90 % it costs .16, and the table says so."""
    honest = parts([(Decimal("0.5"), place < 20) for place in range(40)])
    assert (honest.reliability, honest.resolution, honest.uncertainty) == (0, 0, Fraction(1, 4))
    assert honest.rows[0].holds
    proud = parts([(Decimal("0.9"), place < 20) for place in range(40)])
    assert proud.reliability == Fraction(4, 25)
    assert not proud.rows[0].holds


def test_equal_chances_share_a_row() -> None:
    """.5 and .50 are one chance; a chance on a cut belongs to the row above."""
    assert len(parts([(Decimal("0.5"), True), (Decimal("0.50"), False)]).rows) == 1
    rows = parts(
        [(Decimal("0.1"), True), (Decimal("0.19"), False), (Decimal(1), True)], TENTHS
    ).rows
    assert [(row.low, row.high, row.n) for row in rows] == [
        (Decimal("0.1"), Decimal("0.19"), 2),
        (1, 1, 1),
    ]


def test_nothing_to_take_apart() -> None:
    """Without cases there are no parts; wrong cuts, chances and numbers are refused."""
    assert brier_parts([], []) is None
    for cuts in ([Decimal(0)], [Decimal(1)], [Decimal("0.5"), Decimal("0.5")]):
        with pytest.raises(InvalidValue, match="ascend"):
            brier_parts([], [], cuts=cuts)
    with pytest.raises(InvalidValue, match="from 0 to 1"):
        brier_parts([Decimal(2)], [True])
    with pytest.raises(InvalidValue, match="number of chances"):
        brier_parts([], [True])


@given(st.lists(ENDS, max_size=30), st.sampled_from(["0.5", "0.9"]))
def test_coverage_counts(cases: list[tuple[Decimal, Decimal, Decimal]], level: str) -> None:
    """Inside, below and above add up; what lies on an end is inside."""
    bounds = [(min(a, b), max(a, b)) for a, b, _ in cases]
    actuals = [y for _, _, y in cases]
    found = coverage(bounds, actuals, Decimal(level))
    inside = sum(low <= y <= high for (low, high), y in zip(bounds, actuals, strict=True))
    assert (found.n, found.inside) == (len(cases), inside)
    assert found.inside + found.below + found.above == found.n
    assert found.interval == wilson_interval(inside, len(cases))
    if not cases:
        assert (found.share, found.holds) == (None, None)
    else:
        assert found.interval is not None
        kept = found.interval.low <= Decimal(level) <= found.interval.high
        assert (found.share is not None, found.holds) == (True, kept)
        turned = coverage(bounds[::-1], actuals[::-1], Decimal(level))
        assert turned == found


def test_no_intervals() -> None:
    """As many outcomes as intervals, ends in order, finite, and a level."""
    one, two = Decimal(1), Decimal(2)
    with pytest.raises(InvalidValue, match="number of intervals"):
        coverage([], [one], Decimal("0.8"))
    with pytest.raises(InvalidValue, match="lower end"):
        coverage([(two, one)], [one], Decimal("0.8"))
    with pytest.raises(InvalidValue, match="level"):
        coverage([], [], one)
    with pytest.raises(InvalidNumber):
        coverage([(one, two)], [Decimal("NaN")], Decimal("0.8"))


@given(
    st.lists(st.tuples(st.fractions(0, 1), st.fractions(0, 1)), min_size=1, max_size=20),
    st.integers(1, 12),
)
def test_the_histogram_holds_every_outcome_once(
    pairs: list[tuple[Fraction, Fraction]], bins: int
) -> None:
    """Shares add up to exactly 1, in any order of the outcomes, and none lies below 0."""
    ranges = [(min(pair), max(pair)) for pair in pairs]
    found = pit_histogram(ranges, bins=bins)
    assert (found.n, len(found.shares), sum(found.shares)) == (len(pairs), bins, 1)
    assert min(found.shares) >= 0
    assert pit_histogram(ranges[::-1], bins=bins) == found


def test_the_rank_histogram() -> None:
    """Points fall into their part, the last of which holds 1; a whole range fills all alike."""
    points = [
        (Fraction(share), Fraction(share)) for share in (0, Fraction(1, 4), Fraction(1, 2), 1)
    ]
    assert pit_histogram(points, bins=2).shares == (Fraction(1, 2), Fraction(1, 2))
    flat = pit_histogram([(Fraction(0), Fraction(1))], bins=4)
    assert flat.shares == (Fraction(1, 4),) * 4
    assert pit_histogram([]).shares == ()
    with pytest.raises(InvalidValue, match="bins"):
        pit_histogram([], bins=0)
    with pytest.raises(InvalidValue, match="range"):
        pit_histogram([(Fraction(1), Fraction(0))])
