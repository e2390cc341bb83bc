"""RFM scores: who scores what, and what changes nothing."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.metrics.small_rfm import (
    AS_OF,
    bought,
    buyers,
    customers,
    fixed_schemes,
    most,
    rank_schemes,
    schemes,
    without_purchase,
)

from salescore.errors import InvalidValue
from salescore.metrics import (
    MidRanks,
    QuantileCuts,
    RfmInput,
    RfmScheme,
    RfmScore,
    Thresholds,
    rfm,
    rfm_cuts,
)

FIXED = Thresholds(
    recency=[Decimal(30), Decimal(90)],
    frequency=[Decimal(2), Decimal(5)],
    monetary=[Decimal(100), Decimal(500)],
)


def test_a_worked_example() -> None:
    """A score says what it is made of; customers come back in their own order."""
    found = rfm(
        [
            bought("often", days=0, orders=7, revenue="500"),
            without_purchase("prospect"),
            bought("once", days=90, orders=1, revenue="99.99"),
            bought("abroad", days=45, orders=2, revenue=None),
        ],
        AS_OF,
        FIXED,
    )
    assert found == (
        RfmScore("often", 0, Decimal(7), Decimal(500), 3, 3, 3),
        RfmScore("prospect", None, Decimal(0), Decimal(0), 0, 0, 0),
        RfmScore("once", 90, Decimal(1), Decimal("99.99"), 1, 1, 1),
        RfmScore("abroad", 45, Decimal(2), None, 2, 2, None),
    )
    assert [one.code for one in found] == ["333", "000", "111", "22?"]


def test_money_of_which_a_part_is_unknown_is_not_scored() -> None:
    """With a line that has no price nobody knows the revenue, and it sets no bound for others."""
    part = attrs.evolve(bought("part", revenue="900"), unpriced=1)
    known = [bought("a", revenue="1"), bought("b", revenue="2")]
    for scheme in (FIXED, QuantileCuts(parts=2), MidRanks(parts=2)):
        *others, one = rfm([*known, part], AS_OF, scheme)
        assert (one.revenue, one.m, one.r > 0, one.f > 0) == (None, None, True, True)
        assert [other.m for other in others] == [other.m for other in rfm(known, AS_OF, scheme)]
    cuts = rfm_cuts([*known, part], AS_OF, QuantileCuts())
    assert cuts.monetary == rfm_cuts(known, AS_OF, QuantileCuts()).monetary


def test_nobody() -> None:
    """No customers have no scores."""
    for scheme in (FIXED, QuantileCuts(), MidRanks()):
        assert rfm([], AS_OF, scheme) == ()


def test_what_came_back_may_outweigh() -> None:
    """A negative revenue is an amount like any other, also of a customer without a purchase."""
    returned = attrs.evolve(without_purchase("returned"), revenue=Decimal(-5))
    found = rfm([bought("a", revenue="-5"), bought("b"), returned], AS_OF, MidRanks(parts=2))
    assert [one.m for one in found] == [1, 2, 0]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            {"last_on": AS_OF + timedelta(days=1)},
            "last purchase of c is '2024-07-01': it lies after",
        ),
        ({"last_on": datetime(2024, 1, 1, tzinfo=UTC)}, "last purchase of c is"),
        ({"last_on": "2024-01-01"}, "it must be a day"),
        ({"last_on": None}, "orders of c is '1': without a last purchase it must be 0"),
        ({"orders": Decimal(0)}, "orders of c is '0': with a last purchase it must be above 0"),
        ({"orders": Decimal(-1)}, "with a last purchase it must be above 0"),
        ({"orders": 1}, "orders of c is 1: it must be a finite Decimal"),
        ({"orders": Decimal("NaN")}, "it must be a finite Decimal"),
        ({"revenue": 1.5}, "revenue of c is 1.5: it must be a finite Decimal"),
        ({"revenue": Decimal("Infinity")}, "it must be a finite Decimal"),
        ({"revenue": Decimal("1e999999")}, "of usual size"),
        ({"revenue": Decimal("1e-999999")}, "of usual size"),
    ],
)
def test_refused_customers(change: dict[str, Any], fault: str) -> None:
    """What contradicts itself, or is no exact number of usual size, is named with its customer."""
    wrong = attrs.evolve(bought("c"), **change)
    with pytest.raises(InvalidValue) as found:
        rfm([bought("b"), wrong], AS_OF, MidRanks())
    assert fault in str(found.value)
    with pytest.raises(InvalidValue):
        rfm_cuts([bought("b"), wrong], AS_OF, QuantileCuts())


def test_a_customer_twice_is_refused() -> None:
    """Two rows of one customer would be scored apart."""
    with pytest.raises(InvalidValue, match="customer is 'b': give each customer once"):
        rfm([bought("a"), bought("b"), bought("c"), bought("b")], AS_OF, MidRanks())


@pytest.mark.parametrize("as_of", [None, "2024-06-30", datetime(2024, 6, 30, tzinfo=UTC)])
def test_the_day_is_required(as_of: Any) -> None:  # noqa: ANN401
    """There is no today: whoever asks says as of which day."""
    with pytest.raises(InvalidValue, match="as_of is"):
        rfm([], as_of, MidRanks())


def scores(some: list[RfmInput], scheme: RfmScheme) -> dict[str, tuple[int, int, int | None]]:
    """Return the three scores by customer."""
    return {one.key: (one.r, one.f, one.m) for one in rfm(some, AS_OF, scheme)}


@settings(deadline=None)
@given(customers(), schemes())
def test_scores_stay_in_range(some: list[RfmInput], scheme: RfmScheme) -> None:
    """Who bought scores from 1 to the most, who did not 0, who has no known revenue no money."""
    tops = most(scheme)
    for one, score in zip(some, rfm(some, AS_OF, scheme), strict=True):
        assert (score.key, score.orders, score.revenue) == (one.key, one.orders, one.revenue)
        if one.last_on is None:
            assert (score.recency_days, score.r, score.f, score.m) == (None, 0, 0, 0)
            continue
        assert score.recency_days == (AS_OF - one.last_on).days
        assert (score.m is None) == (one.revenue is None)
        for found, top in zip((score.r, score.f, score.m), tops, strict=True):
            assert found is None or 1 <= found <= top


@settings(deadline=None)
@given(customers(), schemes())
def test_ties_share_a_score_and_order_is_kept(some: list[RfmInput], scheme: RfmScheme) -> None:
    """Equal values score alike; fewer days, more orders and more revenue never score lower."""
    found = [one for one in rfm(some, AS_OF, scheme) if one.recency_days is not None]
    readings: list[tuple[Callable[[RfmScore], Any], Callable[[RfmScore], Any]]] = [
        (lambda one: -one.recency_days, lambda one: one.r),
        (lambda one: one.orders, lambda one: one.f),
        (lambda one: one.revenue, lambda one: one.m),
    ]
    for value, score in readings:
        ranked = sorted((one for one in found if value(one) is not None), key=value)
        for low, high in pairwise(ranked):
            assert score(low) <= score(high)
            assert value(low) != value(high) or score(low) == score(high)


@settings(deadline=None)
@given(customers(), schemes(), st.randoms(use_true_random=False))
def test_the_order_of_customers_changes_nothing(
    some: list[RfmInput],
    scheme: RfmScheme,
    chance: Any,  # noqa: ANN401
) -> None:
    """A permutation of the customers gives each the same scores."""
    shuffled = list(some)
    chance.shuffle(shuffled)
    assert scores(shuffled, scheme) == scores(some, scheme)


@settings(deadline=None)
@given(customers(), schemes())
def test_who_did_not_buy_moves_nobody(some: list[RfmInput], scheme: RfmScheme) -> None:
    """Customers without a purchase enter no quantile and no rank."""
    those = [one for one in some if one.last_on is not None]
    found = scores(some, scheme)
    assert scores(those, scheme) == {one.key: found[one.key] for one in those}


@settings(deadline=None)
@given(
    buyers(least=1), schemes(), st.integers(0, 30), st.integers(0, 5), st.decimals(0, 900, places=2)
)
def test_doing_better_never_scores_lower(
    some: list[RfmInput], scheme: RfmScheme, days: int, orders: int, revenue: Decimal
) -> None:
    """Whoever buys later, more often or for more, all others as before, loses no score."""
    one = some[0]
    assert one.last_on is not None
    assert one.revenue is not None
    better = attrs.evolve(
        one,
        last_on=min(AS_OF, one.last_on + timedelta(days=days)),
        orders=one.orders + orders,
        revenue=one.revenue + revenue,
    )
    (r, f, m), (r2, f2, m2) = (
        scores(those, scheme)[one.key] for those in (some, [better, *some[1:]])
    )
    assert m is not None
    assert m2 is not None
    assert r2 >= r
    assert f2 >= f
    assert m2 >= m


@settings(deadline=None)
@given(
    buyers(),
    st.one_of(
        rank_schemes(), st.builds(QuantileCuts, parts=st.integers(2, 9), offset=st.just(Decimal(0)))
    ),
    st.sampled_from([Decimal(100), Decimal("0.01"), Decimal("7.25")]),
)
def test_the_unit_of_money_changes_no_score(
    some: list[RfmInput], scheme: RfmScheme, factor: Decimal
) -> None:
    """Revenue in cents, or in another currency, scores as before, but for the package's offset."""
    scaled = [
        attrs.evolve(one, revenue=None if one.revenue is None else one.revenue * factor)
        for one in some
    ]
    assert scores(scaled, scheme) == scores(some, scheme)


@settings(deadline=None)
@given(buyers(), fixed_schemes(), st.sampled_from([Decimal(100), Decimal("0.01")]))
def test_thresholds_move_with_the_unit_of_money(
    some: list[RfmInput], scheme: Thresholds, factor: Decimal
) -> None:
    """Revenue and bounds in cents score as both did in whole units."""
    scaled = [
        attrs.evolve(one, revenue=None if one.revenue is None else one.revenue * factor)
        for one in some
    ]
    bounds = [bound * factor for bound in scheme.monetary]
    assert scores(scaled, attrs.evolve(scheme, monetary=bounds)) == scores(some, scheme)


def test_the_offset_of_the_package_depends_on_the_unit_of_money() -> None:
    """The package's 1 is a whole unit: in cents another customer may lie below the bound."""
    some = [bought(f"c{n}", revenue=value) for n, value in enumerate(("1", "1.50", "9"))]
    cents = [bought(f"c{n}", revenue=value) for n, value in enumerate(("100", "150", "900"))]
    scheme = QuantileCuts(parts=2)
    assert [one.m for one in rfm(some, AS_OF, scheme)] == [1, 1, 2]
    assert [one.m for one in rfm(cents, AS_OF, scheme)] == [1, 1, 2]
    below = [bought(f"c{n}", revenue=value) for n, value in enumerate(("1", "1.50", "2.40"))]
    cents = [bought(f"c{n}", revenue=value) for n, value in enumerate(("100", "150", "240"))]
    assert [one.m for one in rfm(below, AS_OF, scheme)] == [1, 1, 1]
    assert [one.m for one in rfm(cents, AS_OF, scheme)] == [1, 1, 2]


@settings(deadline=None)
@given(buyers(least=1), rank_schemes())
def test_mid_ranks_are_symmetric(some: list[RfmInput], scheme: MidRanks) -> None:
    """Read upside down, a score s becomes k + 1 − s, unless k · f is a whole number."""
    upside_down = [
        attrs.evolve(one, revenue=None if one.revenue is None else -one.revenue) for one in some
    ]
    mirrored = scores(upside_down, scheme)
    revenues = [one.revenue for one in some if one.revenue is not None]
    for one in rfm(some, AS_OF, scheme):
        assert one.revenue is not None
        assert one.m is not None
        twice = 2 * sum(other < one.revenue for other in revenues) + revenues.count(one.revenue)
        m = mirrored[one.key][2]
        assert m is not None
        assert one.m == 1 + scheme.parts * twice // (2 * len(some))
        tears = scheme.parts * twice % (2 * len(some)) == 0
        assert one.m + m == scheme.parts + 1 + tears


def test_recency_counts_from_the_day_asked() -> None:
    """A later day ages everybody alike: scores by rank stay, fixed bounds are passed."""
    some = [bought("a", days=5), bought("b", days=25)]
    later = AS_OF + timedelta(days=10)
    assert [one.r for one in rfm(some, AS_OF, FIXED)] == [3, 3]
    assert [one.r for one in rfm(some, later, FIXED)] == [3, 2]
    assert [one.recency_days for one in rfm(some, later, FIXED)] == [15, 35]
    ranks = MidRanks(parts=2)
    assert [one.r for one in rfm(some, AS_OF, ranks)] == [one.r for one in rfm(some, later, ranks)]
    assert date(2024, 7, 10) == later
