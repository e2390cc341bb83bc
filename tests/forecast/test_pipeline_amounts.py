"""What opportunities come to if they are won."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.forecast.open_deals import TODAY, D, deal, facts, record, snapshot_of

from salescore.entities import ProductId
from salescore.errors import InvalidValue
from salescore.forecast import (
    AmountRatios,
    amount_ratios,
    amounts_won_before,
    pipeline_forecast,
    pipeline_snapshot,
    stated_amounts,
    stated_chances,
)
from salescore.forecast._pipeline_amounts import spread_of

THREE = AmountRatios.stated([(D("0.8"), D("0.3")), (D(1), D("0.4")), (D("1.1"), D("0.3"))])


def test_three_points_spread_an_amount() -> None:
    """100 at .5 comes to 80, 100 or 110: the mean is half of 97, and four values are possible."""
    snapshot = snapshot_of(deal(1, "100", "0.5"))
    found = pipeline_forecast(
        snapshot, stated_chances(snapshot), amounts=stated_amounts(snapshot, ratios=THREE)
    )
    assert found.distribution is not None
    assert found.distribution.values == (0, 80, 100, 110)
    assert found.distribution.mean == D("48.5")
    assert found.distribution.exactly(D(80)) == D("0.15")
    assert found.notes[-1][0] == "amounts as stated × stated ratios"


def test_an_amount_that_is_unknown_is_never_invented() -> None:
    """Without an amount there is none, whatever the ratios; of 0 any ratio is 0."""
    snapshot = snapshot_of(deal(1, None, "0.5"), deal(2, "0", "0.5"), deal(3, "-10", "0.5"))
    first, second, third = stated_amounts(snapshot, ratios=THREE).rows
    assert (first.amount, first.basis[0]) == (None, "amount unknown")
    assert second.amount is not None
    assert second.amount.values == (0,)
    assert third.amount is not None
    assert third.amount.values == (-11, -10, -8)


def test_ratios_are_learnt_from_pairs() -> None:
    """Half of the sales came to 90 %, half to 120 %; one of which 0 was stated has no ratio."""
    pairs = [(D(100), D(90)), (D(10), D(12))] * 10
    found = AmountRatios.seen([*pairs, (D(0), D(5))], as_of=TODAY)
    assert found is not None
    assert found.distribution.mean == D("1.05")
    assert found.basis[0] == "ratios of 20 won sales"
    assert AmountRatios.seen(pairs[:19], as_of=TODAY) is None
    ahead = AmountRatios.seen(pairs, as_of=TODAY + timedelta(days=1))
    with pytest.raises(InvalidValue, match="after the snapshot"):
        stated_amounts(snapshot_of(deal(1, "5", "1")), ratios=ahead)
    with pytest.raises(InvalidValue, match="fewest"):
        AmountRatios.seen(pairs, as_of=TODAY, fewest=0)


def test_ratios_of_snapshots_and_what_became_of_them() -> None:
    """Of two snapshots the first tells: 100 came to 90, 50 to 60, others to none."""
    january, february = date(2026, 1, 1), date(2026, 2, 1)
    first = snapshot_of(deal(1, "100", "1"), deal(2, None, "1"), deal(3, "7", "1"), as_of=january)
    second = snapshot_of(deal(1, "95", "1"), deal(2, "50", "1"), as_of=february)
    won = [
        record(1, "won", amount=90, closed_on=TODAY),
        record(2, "won", amount=60, closed_on=TODAY),
        record(3, "lost", amount=7, closed_on=TODAY),
        record(4, "won", amount=7, closed_on=TODAY),
    ]
    for order in ([first, second], [second, first]):
        found = amount_ratios(order, facts(*won), as_of=TODAY, fewest=2)
        assert found is not None
        assert found.distribution.values == (D("0.9"), D("1.2"))
        assert found.as_of == TODAY
    assert amount_ratios([first], facts(*won), as_of=date(2026, 2, 9), fewest=1) is None
    with pytest.raises(InvalidValue, match="a day until 2026-01-15"):
        amount_ratios([second], facts(*won), as_of=date(2026, 1, 15))


@given(st.lists(st.integers(-1000, 1000).map(Decimal), min_size=1, max_size=60), st.integers(1, 20))
def test_few_values_keep_the_mean_of_many(values: list[Decimal], points: int) -> None:
    """The mean stays, the spread does not grow, and there are no more values than asked for."""
    found, everything = spread_of(values, points), spread_of(values, 100)
    mean = sum(map(Fraction, values)) / len(values)
    assert abs(found.exact_mean - mean) < Fraction(1, 10**20)
    assert found.exact_variance <= everything.exact_variance + Fraction(1, 10**20)
    assert len(found.values) <= points
    with pytest.raises(InvalidValue, match="points"):
        spread_of(values, 0)


WON = [
    record(
        10 + number,
        "won",
        amount=amount,
        product_id=ProductId(product),
        closed_on=date(2026, 1, 5 + number),
    )
    for number, (product, amount) in enumerate(
        [("chair", 10), ("chair", 20), ("chair", 30), ("desk", 100)]
    )
]


def test_amounts_of_those_won_before() -> None:
    """Chairs come to what chairs came to; of desks one is too few, so all wins tell."""
    open_ones = [
        record(number, amount=9999, probability=D(1), product_id=ProductId(product))
        for number, product in enumerate(("chair", "desk"))
    ]
    known = facts(*WON, *open_ones)
    snapshot = pipeline_snapshot(known, as_of=TODAY, by="product")
    chair, desk = amounts_won_before(snapshot, known, fewest=3).rows
    assert chair.amount is not None
    assert desk.amount is not None
    assert (chair.amount.values, chair.amount.mean) == ((10, 20, 30), 20)
    assert chair.basis[0] == "amounts of 3 wins of its group"
    assert (desk.amount.mean, desk.basis[0]) == (40, "amounts of 4 wins of all")
    alone = pipeline_snapshot(known, as_of=TODAY)
    assert amounts_won_before(alone, known, fewest=3).rows[0].amount == desk.amount
    few = amounts_won_before(alone, known, fewest=5).rows[0]
    assert few.amount is None
    assert few.basis[0] == "4 wins of known amount, 5 needed"
    early = pipeline_snapshot(known, as_of=date(2026, 1, 7))
    assert amounts_won_before(early, known, fewest=3).rows[0].amount == chair.amount
