"""Parameters are as sure as the likelihood bends, and forecasts carry what is left open."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from math import log, sqrt
from random import Random
from typing import Any

import attrs
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.purchases.customers import CDNOW, histories, some_history

from salescore.errors import InvalidValue
from salescore.purchases import (
    PurchaseForecast,
    PurchaseHistories,
    PurchaseHistory,
    fit_bg_nbd,
    purchase_forecast,
)
from salescore.purchases._uncertainty import likely_moves, log_covariance, root_of

DAY = date(2026, 3, 31)
KNOWN = (
    (Decimal("0.04"), Decimal("0.02"), Decimal(0), Decimal(0)),
    (Decimal("0.02"), Decimal("0.05"), Decimal(0), Decimal(0)),
    (Decimal(0), Decimal(0), Decimal("0.3"), Decimal("0.2")),
    (Decimal(0), Decimal(0), Decimal("0.2"), Decimal("0.4")),
)


def forecast(rows: Sequence[PurchaseHistory], model: Any, weeks: int = 26) -> PurchaseForecast:  # noqa: ANN401
    """Return the purchases of customers within so many weeks."""
    seen = PurchaseHistories(histories=rows, as_of=DAY, unit_days=Decimal(7))
    return purchase_forecast(seen, model, Decimal(weeks))


def invented(many: int, weeks: float, chance: Random) -> tuple[list[PurchaseHistory], int]:
    """Return customers that buy and leave as BG/NBD says, and their purchases in the next weeks."""
    rows: list[PurchaseHistory] = []
    later = 0
    for number in range(many):
        rate, leaving = chance.gammavariate(1.2, 1 / 14), chance.betavariate(0.8, 3.2)
        age, now, last, repeats = chance.uniform(26, 78), 0.0, 0.0, 0
        while True:
            now += chance.expovariate(max(rate, 1e-9))
            if now > age + weeks:
                break
            if now <= age:
                last, repeats = now, repeats + 1
            else:
                later += 1
            if chance.random() < leaving:
                break
        until = round(Decimal(age), 2)
        recency = min(max(round(Decimal(last), 2), Decimal("0.01")), until) if repeats else 0
        rows.append(
            PurchaseHistory(
                key=f"c{number:04}", repeats=repeats, recency=Decimal(recency), age=until
            )
        )
    return rows, later


def test_how_sure_rates_are() -> None:
    """Of counts of 40 and 250 at unknown rates the logarithms vary by 1/40 and 1/250, apart."""
    found = log_covariance(
        lambda at: 40 * log(at[0]) - 8 * at[0] + 250 * log(at[1]) - 5 * at[1], (5.0, 50.0)
    )
    assert found is not None
    assert float(found[0][0]) == pytest.approx(1 / 40, rel=1e-3)
    assert float(found[1][1]) == pytest.approx(1 / 250, rel=1e-3)
    assert found[0][1] == found[1][0] == pytest.approx(Decimal(0), abs=Decimal("1E-6"))


def test_parameters_that_go_together() -> None:
    """Where only a product is known well its factors go against each other."""
    found = log_covariance(
        lambda at: -50 * (log(at[0]) + log(at[1])) ** 2 - (log(at[0]) - log(at[1])) ** 2 / 2,
        (1.0, 1.0),
    )
    assert found is not None
    # The sum of the logarithms varies by 1/100, their difference by 1.
    assert [float(one) for one in found[0]] == pytest.approx([1.01 / 4, -0.99 / 4], rel=1e-3)


@pytest.mark.parametrize(
    "likelihood",
    [
        lambda at: at[0] * at[1],
        lambda at: log(at[0]) * log(at[1]),
        lambda at: -log(-at[0]),
    ],
)
def test_likelihoods_without_a_peak(likelihood: Any) -> None:  # noqa: ANN401
    """A valley, a saddle and what is nowhere defined say nothing of parameters."""
    assert log_covariance(likelihood, (1.0, 1.0)) is None


def test_parameters_that_are_open() -> None:
    """What the data leave open is taken to be known to a factor of twenty, and no less."""
    found = log_covariance(lambda at: -50 * log(at[0]) ** 2, (1.0, 1.0))
    assert found is not None
    assert [float(found[0][0]), float(found[1][1])] == pytest.approx([0.01, 9], rel=0.01)


@given(st.lists(st.lists(st.integers(-9, 9), min_size=3, max_size=3), min_size=3, max_size=3))
def test_roots_of_matrices(rows: list[list[int]]) -> None:
    """A triangle times its mirror image is the matrix that it is the root of."""
    matrix = [
        [float(sum(map(int.__mul__, one, two)) + 2 * (one is two)) for two in rows] for one in rows
    ]
    root = root_of(matrix)
    assert root is not None
    for one, above in enumerate(root):
        assert not any(above[one + 1 :])
        for two, other in enumerate(root):
            product = sum(a * b for a, b in zip(above, other, strict=True))
            assert product == pytest.approx(matrix[one][two], abs=1e-9)


def test_moves_spread_like_the_total() -> None:
    """Weighted moves have the variance of what they are to stand for, and their middle is none."""

    def expected(by: Sequence[float]) -> float:
        return 100.0 + 10.0 * by[0] - 4.0 * by[3]

    variance = 100 * 0.04 + 16 * 0.4
    moves = likely_moves(KNOWN, expected, 3.0)
    assert len(moves) == 5
    assert sum(weight for weight, _ in moves) == 1
    assert not any(moves[2][1])
    steps = [(float(weight), expected(by) - 100.0) for weight, by in moves]
    assert sum(weight * step for weight, step in steps) == pytest.approx(0, abs=1e-9)
    found = sum(weight * step**2 for weight, step in steps)
    assert found == pytest.approx(variance, rel=0.01)
    # The less chance blurs each model, the closer they lie, up to a bound.
    assert len(likely_moves(KNOWN, expected, 1.0)) == 13
    assert len(likely_moves(KNOWN, expected, 0.001)) == 25


def test_parameters_that_move_no_total() -> None:
    """Where nothing follows the parameters, or nothing varies, one model stands for all."""
    assert len(likely_moves(KNOWN, lambda _: 7.0, 1.0)) == 1
    nothing = [[Decimal(0)] * 4] * 4
    assert len(likely_moves(nothing, sum, 1.0)) == 1


LEARNT = invented(90, 26, Random(5))[0]  # noqa: S311 - invented customers


def test_a_fit_tells_how_sure_it_is() -> None:
    """The covariance of a fit is that of the curvature; four times the customers halve errors."""
    once, fourfold = fit_bg_nbd(LEARNT).model, fit_bg_nbd(LEARNT * 4).model
    assert once.covariance is not None
    assert fourfold.covariance is not None
    for place in range(4):
        ratio = once.covariance[place][place] / fourfold.covariance[place][place]
        assert float(ratio) == pytest.approx(4, rel=0.03)
    months = [attrs.evolve(one, recency=one.recency / 4, age=one.age / 4) for one in LEARNT]
    other = fit_bg_nbd(months).model
    assert other.covariance is not None
    for one, two in zip(once.covariance, other.covariance, strict=True):
        assert [float(x) for x in one] == pytest.approx([float(x) for x in two], rel=1e-2)


def test_a_fit_at_a_bound() -> None:
    """Where some parameters run away, what the others leave open is carried all the same."""
    alike = histories(*[(3, "30", "39")] * 60)
    fit = fit_bg_nbd(alike)
    assert any("ran to a bound" in one[0] for one in fit.notes)
    found = forecast(alike, fit.model)
    known = forecast(alike, attrs.evolve(fit.model, covariance=None))
    assert found.distribution.deviation > known.distribution.deviation
    assert any("taken as known" in one[0] for one in known.notes)
    assert not any("taken as known" in one[0] for one in found.notes)


def test_a_forecast_carries_what_parameters_leave_open() -> None:
    """The variance is that by chance and that of the expected total over the parameters."""
    model, rows = fit_bg_nbd(LEARNT).model, LEARNT
    found, known = forecast(rows, model), forecast(rows, attrs.evolve(model, covariance=None))
    assert model.covariance is not None
    slopes = []
    for place in range(4):
        ends = [
            sum(
                float(model.moved(by).customer(one).expected_purchases(Decimal(26))) for one in rows
            )
            for by in ([turn * 0.01 * (axis == place) for axis in range(4)] for turn in (1.0, -1.0))
        ]
        slopes.append((ends[0] - ends[1]) / 0.02)
    of_parameters = sum(
        slopes[i] * slopes[j] * float(model.covariance[i][j]) for i in range(4) for j in range(4)
    )
    by_chance = float(known.distribution.variance)
    assert of_parameters > by_chance / 3
    assert sqrt(float(found.distribution.variance)) == pytest.approx(
        sqrt(by_chance + of_parameters), rel=0.05
    )
    assert found.distribution.band().high - found.distribution.band().low > 1.2 * float(
        known.distribution.band().high - known.distribution.band().low
    )


def test_parts_are_means_over_the_same_models() -> None:
    """The mean stays the sum of the parts to the last digit, and near that of the one model."""
    model, rows = fit_bg_nbd(LEARNT).model, LEARNT
    found, known = forecast(rows, model), forecast(rows, attrs.evolve(model, covariance=None))
    assert found.distribution.mean == found.expected == sum(one.expected for one in found.parts)
    assert found.expected != known.expected
    assert found.expected == pytest.approx(known.expected, rel=Decimal("0.05"))
    assert found.customers_left == pytest.approx(known.customers_left, rel=Decimal("0.05"))
    assert all(0 <= one.chance_alive <= 1 for one in found.parts)
    assert [one[0][:9] for one in found.notes] == ["Customers"]


@pytest.mark.parametrize(
    "covariance",
    [
        5,
        KNOWN[:3],
        [row[:3] for row in KNOWN],
        [[Decimal(1)] * 4] * 4,
        [[Decimal(-1), *row[1:]] if not n else row for n, row in enumerate(KNOWN)],
        [[Decimal("NaN"), *row[1:]] if not n else row for n, row in enumerate(KNOWN)],
        [[0.04, *row[1:]] if not n else row for n, row in enumerate(KNOWN)],
        [[row[0], Decimal("0.03"), *row[2:]] if not n else row for n, row in enumerate(KNOWN)],
    ],
)
def test_covariances_that_are_none(covariance: Any) -> None:  # noqa: ANN401
    """Too few numbers, floats, one side unlike the other and what cannot vary so are refused."""
    with pytest.raises(InvalidValue, match="covariance"):
        attrs.evolve(CDNOW, covariance=covariance)


@settings(max_examples=15)
@given(st.lists(some_history(), min_size=2, max_size=6), st.booleans())
def test_any_customers_are_forecast(rows: list[PurchaseHistory], is_modified: bool) -> None:  # noqa: FBT001
    """However little a few customers tell, there is a forecast, with parts that add up."""
    assume(any(one.repeats for one in rows))
    named = [attrs.evolve(one, key=f"c{number}") for number, one in enumerate(rows)]
    found = forecast(named, fit_bg_nbd(named, is_modified=is_modified).model)
    assert found.distribution.mean == found.expected >= 0
    assert 0 <= found.customers_left <= len(rows)


@pytest.mark.slow
def test_bands_hold_what_they_promise() -> None:
    """Of 40 shops of 150 customers bands of 80 % hold some 32; by chance alone some six fewer."""
    chance = Random(20260331)  # noqa: S311 - invented customers
    held = held_known = 0
    for _ in range(40):
        rows, later = invented(150, 52, chance)
        model = fit_bg_nbd(rows).model
        assert model.covariance is not None
        band = forecast(rows, model, 52).distribution.band()
        known = forecast(rows, attrs.evolve(model, covariance=None), 52).distribution.band()
        held += band.low <= later <= band.high
        held_known += known.low <= later <= known.high
    # Of 40 at 80 % fewer than 24 or all would come once in a thousand times.
    assert 24 <= held < 40, (held, held_known)
    assert held_known < held
