"""Sums by drawing: seeded, with an error that holds."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from salescore.errors import InvalidNumber, InvalidValue
from salescore.forecast import Distribution, Sampled, sampled_sum_of, sum_of

D = Decimal
DEALS = [
    Distribution.either(D(amount), D(chance))
    for amount, chance in (("100", "0.1"), ("50", "0.5"), ("200", "0.3"), ("80", "0.9"))
]
SPREAD = Distribution.of([(D("0.5"), D("0.2")), (D(7), D("0.5")), (D(31), D("0.3"))])
PARTS = [*DEALS, SPREAD, Distribution.certain(D("12.25")), *[DEALS[1]] * 20]


@pytest.mark.parametrize("correlation", ["0", "0.2", "0.9", "1"])
def test_it_agrees_with_the_exact_sum_within_its_error(correlation: str) -> None:
    """The mean within four standard errors, every asked quantile within its stated bounds."""
    exact = sum_of(PARTS, correlation=D(correlation), points=65_536)
    found = sampled_sum_of(PARTS, seed=20260331, correlation=D(correlation), runs=20_000)
    away = abs(found.distribution.mean - exact.mean)
    assert away < 4 * found.standard_error
    assert found.standard_error < exact.deviation / 100
    for p in ("0.05", "0.1", "0.5", "0.9", "0.95"):
        bounds = found.quantile_between(D(p), D("0.999"))
        assert bounds.low <= exact.quantile(D(p)) + (exact.step or 0), p
        assert bounds.high >= exact.quantile(D(p)) - (exact.step or 0), p
        assert (bounds.low, bounds.level) <= (bounds.high, D("0.999"))


def test_its_intervals_hold_as_often_as_they_say() -> None:
    """Of 120 seeds about 95 % of the intervals of a quantile and of the mean hold the truth."""
    many = [Distribution.either(D(one), D("0.3")) for one in range(101, 121)]
    exact = sum_of(many)
    median = exact.quantile(D("0.5"))
    inside = near = 0
    for seed in range(120):
        found = sampled_sum_of(many, seed=seed, runs=200)
        bounds = found.quantile_between(D("0.5"))
        inside += bounds.low <= median <= bounds.high
        near += abs(found.distribution.mean - exact.mean) < D("1.96") * found.standard_error
    assert inside >= 108
    assert 108 <= near <= 119


def test_the_same_seed_gives_the_same() -> None:
    """A seed and its parts are all that a result hangs on; another seed gives another one."""
    first, again, other = (sampled_sum_of(PARTS, seed=seed, runs=500) for seed in (3, 3, 4))
    assert first == again
    assert first.distribution != other.distribution
    assert (first.runs, first.seed) == (500, 3)


@pytest.mark.parametrize(("correlation", "wanted"), [("0", "42 39 17"), ("0.5", "58 20 12")])
def test_what_a_seed_gives_is_fixed(correlation: str, wanted: str) -> None:
    """These numbers are written down: no version of Python may draw others."""
    three = [Distribution.either(D(1), D("0.25"))] * 3
    found = sampled_sum_of(three, seed=1, correlation=D(correlation), runs=100).distribution
    counts = {value: round(found.exactly(value) * 100) for value in found.values}
    assert " ".join(str(counts.get(D(one), 0)) for one in (0, 1, 2)) == wanted


def test_what_is_sure_has_no_error() -> None:
    """Nothing to draw: no parts are 0, and sure parts their sum."""
    nothing = sampled_sum_of([], seed=0)
    assert (nothing.distribution.values, nothing.standard_error) == ((0,), 0)
    sure = sampled_sum_of([Distribution.certain(D("1.5"))] * 2, seed=0, correlation=D(1))
    assert sure.distribution.values == (3,)
    bounds = sure.quantile_between(D("0.5"))
    assert (bounds.low, bounds.high) == (3, 3)


def test_few_runs_do_not_bound_a_far_quantile() -> None:
    """Of a hundred runs none tells where the quantile of 99.9 % lies, nor those of 0 and 1."""
    found = sampled_sum_of(PARTS, seed=0, runs=100)
    assert isinstance(found, Sampled)
    for p in ("0.999", "0", "1", "0.001"):
        with pytest.raises(InvalidValue, match="draw more"):
            found.quantile_between(D(p))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"seed": None}, "seed"),
        ({"seed": -1}, "seed"),
        ({"seed": 1.0}, "seed"),
        ({"seed": True}, "seed"),
        ({"runs": 99}, "runs"),
        ({"runs": 1_000_001}, "runs"),
        ({"runs": "many"}, "runs"),
        ({"correlation": D("1.1")}, "from 0 to 1"),
        ({"parts": None}, "parts"),
        ({"parts": [D(1)]}, "parts"),
    ],
)
def test_what_cannot_be_drawn_is_refused(fields: dict[str, Any], words: str) -> None:
    """A seed must be named, runs are some hundreds at least, parts are distributions."""
    asked: dict[str, Any] = {"parts": DEALS, "seed": 0, **fields}
    with pytest.raises(InvalidValue, match=words):
        sampled_sum_of(**asked)


def test_chances_of_an_interval_are_decimals_inside() -> None:
    """Neither a float nor a level of 1."""
    found = sampled_sum_of(DEALS, seed=0)
    with pytest.raises(InvalidNumber):
        found.quantile_between(0.5)  # type: ignore[arg-type]
    for level in ("0", "1"):
        with pytest.raises(InvalidValue, match="above 0"):
            found.quantile_between(D("0.5"), D(level))
    with pytest.raises(TypeError, match="seed"):
        sampled_sum_of(DEALS)  # type: ignore[call-arg]
