"""Proper scores are those of their papers, exact, and honesty is the best policy under each."""

from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import pairwise
from math import erf, exp, log, pi, sqrt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import InvalidNumber, InvalidValue
from salescore.stats import (
    TENTHS,
    brier_parts,
    brier_score,
    coverage,
    crps,
    forecast_accuracy,
    interval_score,
    log_score,
    mean_estimate,
    normal_crps,
    normal_quantile,
    pinball_loss,
    pit_range,
)

AMOUNTS = st.decimals(-1000, 1000, places=2)
ATOMS = st.lists(st.tuples(AMOUNTS, st.integers(1, 50)), min_size=1, max_size=12)
WHOLE_ATOMS = st.lists(
    st.tuples(st.integers(-20, 20).map(Decimal), st.integers(1, 9)), min_size=1, max_size=6
)
CHANCES = st.decimals(0, 1, places=3)
LEVELS = st.sampled_from([Decimal("0.5"), Decimal("0.8"), Decimal("0.95")])
TINY = Decimal("1E-20")


def columns(atoms: list[tuple[Decimal, int]]) -> tuple[list[Decimal], list[int]]:
    """Return values and weights of atoms."""
    return [value for value, _ in atoms], [weight for _, weight in atoms]


def close(found: Decimal, wanted: Fraction) -> bool:
    """Return whether a score is a fraction to 27 digits."""
    return abs(Fraction(found) - wanted) <= max(abs(wanted), 1) / Fraction(10) ** 26


def test_the_oracle_of_the_normal() -> None:
    """CRPS of N(0, 1) is .2336949773 at 0 and .6024413576 at 1 (ORACLES §1)."""
    one, none = Decimal(1), Decimal(0)
    assert round(normal_crps(none, one, none), 10) == Decimal("0.2336949773")
    assert round(normal_crps(none, one, one), 10) == Decimal("0.6024413576")


def test_the_oracle_of_pinball() -> None:
    """A 90 % quantile of 90 costs 9 when it comes to 100 (ORACLES §1)."""
    assert pinball_loss(Decimal(100), Decimal(90), Decimal("0.9")) == 9


@pytest.mark.parametrize(("actual", "cost"), [(100, 40), (130, 140), (80, 40), (70, 140)])
def test_the_oracle_of_winkler(actual: int, cost: int) -> None:
    """80 % from 80 to 120 costs 40 inside and 10 per unit that it missed by (ORACLES §1)."""
    found = interval_score(Decimal(actual), Decimal(80), Decimal(120), Decimal("0.8"))
    assert found == cost


@given(st.floats(-6, 6))
def test_the_normal_by_floating_point(z: float) -> None:
    """The closed form, worked out with the error function of the standard library, agrees."""
    chance, density = (1 + erf(z / sqrt(2))) / 2, exp(-z * z / 2) / sqrt(2 * pi)
    wanted = z * (2 * chance - 1) + 2 * density - 1 / sqrt(pi)
    found = normal_crps(Decimal(0), Decimal(1), Decimal(str(z)))
    assert float(found) == pytest.approx(wanted, abs=1e-12)


def test_a_fine_staircase_is_the_normal() -> None:
    """5,000 equally likely quantiles of N(10, 3) score as its closed form, to five digits."""
    mean, deviation, n = Decimal(10), Decimal(3), 5000
    shares = [Decimal(2 * place + 1) / (2 * n) for place in range(n)]
    values = [mean + deviation * normal_quantile(share) for share in shares]
    for actual in (Decimal(4), Decimal(10), Decimal(20)):
        found = crps(values, [1] * n, actual)
        assert float(found) == pytest.approx(
            float(normal_crps(mean, deviation, actual)), rel=1e-5, abs=1e-4
        )


@given(AMOUNTS, AMOUNTS)
def test_a_certain_value_costs_its_distance(value: Decimal, actual: Decimal) -> None:
    """CRPS of what was called sure is how far off it was, also as a normal without spread."""
    assert crps([value], [3], actual) == abs(value - actual)
    assert normal_crps(value, Decimal(0), actual) == abs(value - actual)


@given(ATOMS, AMOUNTS)
def test_by_expected_distances(atoms: list[tuple[Decimal, int]], actual: Decimal) -> None:
    """CRPS is E|X - y| - E|X - X'|/2, pair by pair."""
    values, weights = columns(atoms)
    total = sum(weights)
    exact = [(Fraction(value), Fraction(weight, total)) for value, weight in atoms]
    far = sum(p * abs(x - Fraction(actual)) for x, p in exact)
    apart = sum(p * q * abs(x - y) for x, p in exact for y, q in exact)
    assert close(crps(values, weights, actual), far - apart / 2)


@given(ATOMS, AMOUNTS)
def test_by_pinball_over_all_quantiles(atoms: list[tuple[Decimal, int]], actual: Decimal) -> None:
    """CRPS is twice the integral of the pinball loss over all quantiles, exactly by steps."""
    values, weights = columns(atoms)
    total, until, whole = sum(weights), 0, Fraction(0)
    for value, weight in sorted(atoms):
        # The loss is linear in p between two steps, so its mean is that in the middle.
        middle = Fraction(2 * until + weight, 2 * total)
        away = Fraction(actual) - Fraction(value)
        whole += Fraction(weight, total) * (middle * away if away >= 0 else (middle - 1) * away)
        until += weight
    assert close(crps(values, weights, actual), 2 * whole)


@given(ATOMS, AMOUNTS, st.randoms(use_true_random=False))
def test_order_and_size_of_weights_mean_nothing(
    atoms: list[tuple[Decimal, int]],
    actual: Decimal,
    chance: Any,  # noqa: ANN401 - a Random
) -> None:
    """Values in another order, or weights seven times as large, score the same."""
    found = crps(*columns(atoms), actual)
    place = pit_range(*columns(atoms), actual)
    shuffled = [(value, 7 * weight) for value, weight in atoms]
    chance.shuffle(shuffled)
    assert crps(*columns(shuffled), actual) == found
    assert pit_range(*columns(shuffled), actual) == place


@given(ATOMS, AMOUNTS, AMOUNTS, LEVELS)
def test_in_hundredths_all_is_a_hundred_times_as_much(
    atoms: list[tuple[Decimal, int]], actual: Decimal, other: Decimal, level: Decimal
) -> None:
    """Values a hundred times as large cost a hundred times as much; so do values of a cent."""
    values, weights = columns(atoms)
    large = [100 * value for value in values]
    assert abs(crps(large, weights, 100 * actual) - 100 * crps(values, weights, actual)) < TINY
    assert pinball_loss(100 * actual, 100 * other, level) == 100 * pinball_loss(
        actual, other, level
    )
    low, high = sorted([other, values[0]])
    small = interval_score(actual, low, high, level)
    assert abs(interval_score(100 * actual, 100 * low, 100 * high, level) - 100 * small) < TINY


@given(WHOLE_ATOMS, WHOLE_ATOMS)
def test_crps_is_proper(truth: list[tuple[Decimal, int]], told: list[tuple[Decimal, int]]) -> None:
    """Nothing that is told costs less on average than the truth, and only the truth as little."""
    total = sum(weight for _, weight in truth)

    def cost(said: list[tuple[Decimal, int]]) -> Fraction:
        parts = (Fraction(crps(*columns(said), value)) * weight for value, weight in truth)
        return sum(parts, Fraction(0)) / total

    assert cost(truth) <= cost(told) + Fraction(TINY)
    places = {value for value, _ in truth + told}

    def shares(said: list[tuple[Decimal, int]]) -> list[Fraction]:
        of = sum(weight for _, weight in said)
        return [
            Fraction(sum(weight for other, weight in said if other == value), of)
            for value in sorted(places)
        ]

    assert (cost(told) - cost(truth) > Fraction(TINY)) == (shares(told) != shares(truth))


@given(WHOLE_ATOMS, st.integers(-25, 25).map(Decimal), LEVELS)
def test_pinball_is_proper(truth: list[tuple[Decimal, int]], told: Decimal, share: Decimal) -> None:
    """No value costs less on average than the quantile that is meant."""
    total, until = sum(weight for _, weight in truth), 0
    quantile = max(value for value, _ in truth)
    for value, weight in sorted(truth):
        until += weight
        if until >= share * total:
            quantile = value
            break

    def cost(said: Decimal) -> Decimal:
        parts = (pinball_loss(value, said, share) * weight for value, weight in truth)
        return sum(parts, Decimal(0)) / total

    assert cost(quantile) <= cost(told)


@given(WHOLE_ATOMS, st.integers(-25, 25).map(Decimal), st.integers(0, 9).map(Decimal), LEVELS)
def test_the_interval_score_is_proper(
    truth: list[tuple[Decimal, int]], low: Decimal, width: Decimal, level: Decimal
) -> None:
    """No interval costs less on average than the central one of the truth."""
    total = sum(weight for _, weight in truth)

    def at(share: Decimal) -> Decimal:
        until = 0
        for value, weight in sorted(truth):
            until += weight
            if until >= share * total:
                return value
        raise AssertionError

    def cost(bottom: Decimal, top: Decimal) -> Decimal:
        parts = (interval_score(value, bottom, top, level) * weight for value, weight in truth)
        return sum(parts, Decimal(0)) / total

    honest = cost(at((1 - level) / 2), at((1 + level) / 2))
    assert honest <= cost(low, low + width) + TINY


@given(st.integers(1, 19), CHANCES)
def test_the_log_score_is_proper(happened: int, told: Decimal) -> None:
    """Of all constant chances the share of what happened surprises least."""
    outcomes = [True] * happened + [False] * (20 - happened)
    honest = log_score([Decimal(happened) / 20] * 20, outcomes).value
    other = log_score([told] * 20, outcomes).value
    assert honest is not None
    assert other is None or honest <= other + TINY


@given(st.lists(st.tuples(CHANCES, st.booleans()), min_size=1, max_size=20))
def test_the_log_score_by_floating_point(cases: list[tuple[Decimal, bool]]) -> None:
    """It is the mean of -ln p; where p is 0 there is none, and it says in how many cases."""
    chances, outcomes = [p for p, _ in cases], [o for _, o in cases]
    found = log_score(chances, outcomes)
    told = [float(p if o else 1 - p) for p, o in cases]
    assert found.impossible == told.count(0)
    assert found.n == len(cases)
    if found.impossible:
        assert found.value is None
        assert "infinite" in str(found.reason)
    else:
        wanted = sum(-log(one) for one in told) / len(told)
        assert float(found.value or 0) == pytest.approx(wanted, abs=1e-12)
        assert log_score(chances[::-1], outcomes[::-1]).value == found.value


def test_no_cases_have_no_log_score() -> None:
    """Without cases there is no score, and it says why."""
    assert (log_score([], []).value, log_score([], []).reason) == (None, "no cases")


@given(ATOMS, AMOUNTS)
def test_where_the_outcome_lies(atoms: list[tuple[Decimal, int]], actual: Decimal) -> None:
    """The range runs from the chance of less to that of as much; it is a point off the values."""
    values, weights = columns(atoms)
    low, high = pit_range(values, weights, actual)
    assert 0 <= low <= high <= 1
    assert (high > low) == (actual in values)
    assert pit_range(values, weights, max(values) + 1) == (1, 1)
    assert pit_range(values, weights, min(values) - 1) == (0, 0)


@given(st.lists(AMOUNTS, min_size=2, max_size=8, unique=True), AMOUNTS)
def test_farther_costs_more(values: list[Decimal], actual: Decimal) -> None:
    """Beyond all values the score grows by the distance."""
    beyond = max(values) + abs(actual)
    weights = [1] * len(values)
    near, far = (crps(values, weights, one) for one in (beyond, beyond + 10))
    assert abs(far - near - 10) < TINY


def test_values_far_apart_are_exact() -> None:
    """A cent beside a sextillion counts to the last digit that is shown."""
    values = [Decimal("0.01"), Decimal("1E21")]
    assert crps(values, [1, 1], Decimal("0.01")) == Decimal("249999999999999999999.9975")


def test_a_normal_far_away() -> None:
    """Far away the score is the distance less what the spread is worth, σ ÷ √π."""
    found = normal_crps(Decimal(0), Decimal(1), Decimal(100_000))
    assert round(100_000 - found, 10) == round(Decimal(1 / sqrt(pi)), 10)


@pytest.mark.parametrize("wrong", [Decimal("NaN"), Decimal("Infinity"), 1.5, 3, None, "4"])
def test_no_number(wrong: Any) -> None:  # noqa: ANN401 - anything at all
    """No score takes what is no finite decimal, wherever it stands."""
    one, level = Decimal(1), Decimal("0.8")
    for call in (
        lambda: crps([wrong], [1], one),
        lambda: crps([one], [1], wrong),
        lambda: pit_range([one], [1], wrong),
        lambda: pinball_loss(wrong, one, level),
        lambda: pinball_loss(one, wrong, level),
        lambda: pinball_loss(one, one, wrong),
        lambda: interval_score(wrong, one, one, level),
        lambda: interval_score(one, wrong, one, level),
        lambda: normal_crps(one, one, wrong),
        lambda: normal_crps(wrong, one, one),
        lambda: normal_crps(one, wrong, one),
    ):
        with pytest.raises(InvalidNumber, match="finite Decimal"):
            call()


@pytest.mark.parametrize(
    ("values", "weights"),
    [([], []), ([1], [0]), ([1], []), ([1], [-1]), ([1], [1.5]), ([1], [True])],
)
def test_no_distribution(values: list[int], weights: list[Any]) -> None:
    """Weights are whole numbers, one per value, and one lies above 0."""
    for judged in (crps, pit_range):
        with pytest.raises(InvalidValue, match="weight"):
            judged(list(map(Decimal, values)), weights, Decimal(1))


def test_no_level_and_no_interval() -> None:
    """A chance of 0 or 1 has no quantile, an interval its ends in order, a spread no sign."""
    one, two = Decimal(1), Decimal(2)
    for p in (Decimal(0), Decimal(1), Decimal(-1)):
        with pytest.raises(InvalidValue, match="between 0 and 1"):
            pinball_loss(one, one, p)
        with pytest.raises(InvalidValue, match="level"):
            interval_score(one, one, two, p)
    with pytest.raises(InvalidValue, match="lower end"):
        interval_score(one, two, one, Decimal("0.8"))
    with pytest.raises(InvalidValue, match="deviation"):
        normal_crps(one, Decimal(-1), one)
    with pytest.raises(InvalidValue, match="from 0 to 1"):
        log_score([two], [True])
    with pytest.raises(InvalidValue, match="number of chances"):
        log_score([one], [])


def test_steps_ascend() -> None:
    """A wider spread around what came costs more."""
    costs = [crps([Decimal(-width), Decimal(width)], [1, 1], Decimal(0)) for width in (0, 1, 2, 3)]
    assert all(before < after for before, after in pairwise(costs))


@given(AMOUNTS, AMOUNTS)
def test_the_median_costs_half_of_its_distance(actual: Decimal, told: Decimal) -> None:
    """At p = ½ the pinball loss is half the absolute error."""
    assert 2 * pinball_loss(actual, told, Decimal("0.5")) == abs(actual - told)


@given(ATOMS, AMOUNTS, st.lists(st.tuples(CHANCES, st.booleans()), min_size=1, max_size=9))
def test_no_default_context(
    atoms: list[tuple[Decimal, int]], actual: Decimal, cases: list[tuple[Decimal, bool]]
) -> None:
    """Five digits of the caller's context change no score."""
    values, weights = columns(atoms)
    chances, outcomes = [p for p, _ in cases], [o for _, o in cases]
    low, high = min(values), max(values)
    level, third = Decimal("0.8"), Decimal("0.333333333333")

    def scores() -> list[object]:
        return [
            crps(values, weights, actual),
            pit_range(values, weights, actual),
            pinball_loss(actual, low, third),
            interval_score(actual, low, high, level),
            normal_crps(low, Decimal("1.2345678"), actual),
            log_score(chances, outcomes),
            brier_score(chances, outcomes),
            brier_parts(chances, outcomes, cuts=TENTHS),
            coverage([(low, high)], [actual], level),
            forecast_accuracy(values, [actual] * len(values), history=values),
            mean_estimate(values, lags=1),
        ]

    wanted = scores()
    with localcontext(prec=5):
        assert scores() == wanted


def test_a_chance_of_nothing_for_what_happened() -> None:
    """It is counted and said, never a number nor an error: nearly nothing is a number still."""
    nothing, nearly = Decimal(0), Decimal("1E-300")
    found = log_score([nothing, Decimal(1), nothing], [True, False, False])
    assert (found.n, found.value, found.impossible) == (3, None, 2)
    assert found.reason == "called impossible, it happened in 2 of 3 cases: the score is infinite"
    almost = log_score([nearly], [True])
    assert almost.value is not None
    assert round(almost.value, 6) == Decimal("690.775528")  # 300 ln 10
    assert brier_score([nothing], [True]) == 1
