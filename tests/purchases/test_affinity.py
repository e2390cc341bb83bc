"""Affinity counts baskets, ranks by what is sure, and keeps the laws of its measures."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import comb
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import InvalidValue
from salescore.metrics import Exclusion
from salescore.purchases import Affinities, Affinity, Basket, Baskets, affinities
from salescore.purchases._by_chance import adjusted, chance_together
from salescore.stats import holm, wilson_interval

DAY = date(2026, 3, 31)
PRODUCTS = st.frozensets(st.sampled_from("abcde"), min_size=1)


def baskets(*contents: str, day: date | None = None) -> list[Basket]:
    """Return baskets of products of one letter."""
    return [
        Basket(id=f"b{number}", products=content, day=day)
        for number, content in enumerate(contents)
    ]


def pair(found: Affinities, product: str, other: str) -> Affinity:
    """Return the rule of two products."""
    (one,) = [one for one in found.of(product) if one.other == other]
    return one


def tail(together: int, one: int, other: int, n: int) -> Fraction:
    """Return the exact chance of so many baskets with both or more, were they independent."""
    ways = sum(
        comb(one, both) * comb(n - one, other - both)
        for both in range(together, min(one, other) + 1)
    )
    return Fraction(ways, comb(n, other))


@given(st.lists(PRODUCTS, max_size=25), st.integers(1, 3))
def test_pairs_agree_with_a_slow_count(contents: list[frozenset[str]], fewest: int) -> None:
    """Every pair in enough baskets is found, in both directions, with its counts and measures."""
    rows = baskets(*contents)
    found = affinities(rows, smallest_support=Decimal(0), fewest=fewest)
    counted = {
        (one, other): sum({one, other} <= content for content in contents)
        for one in "abcde"
        for other in "abcde"
        if one != other
    }
    wanted = {place: n for place, n in counted.items() if n >= fewest}
    assert {(one.product, one.other): one.together for one in found.pairs} == wanted
    for one in found.pairs:
        alone = sum(one.product in content for content in contents)
        other = sum(one.other in content for content in contents)
        n = len(contents)
        assert float(one.support) == pytest.approx(one.together / n)
        assert float(one.confidence) == pytest.approx(one.together / alone)
        assert float(one.lift) == pytest.approx(one.together * n / (alone * other))
        expected = Fraction(one.together, n) - Fraction(alone * other, n * n)
        assert float(one.leverage) == pytest.approx(float(expected))
        assert one.interval == wilson_interval(one.together, alone)
        assert float(one.p_value) == pytest.approx(tail(one.together, alone, other, n))
        assert one.p_value <= one.adjusted_p_value <= 1
        back = pair(found, one.other, one.product)
        assert (one.support, one.lift, one.leverage) == (back.support, back.lift, back.leverage)
        assert (one.p_value, one.is_above_chance) == (back.p_value, back.is_above_chance)


def test_what_is_sure_comes_first() -> None:
    """A pair seen twice out of twice stands behind one seen 18 times out of 20."""
    rows = baskets(*["xy"] * 2, *["ab"] * 18, "a", "a", *["z"] * 20)
    found = affinities(rows, fewest=2)
    assert [(one.product, one.other) for one in found.pairs][:2] == [("b", "a"), ("a", "b")]
    assert pair(found, "x", "y").confidence == 1
    assert pair(found, "a", "b").interval.low > pair(found, "x", "y").interval.low
    assert pair(found, "a", "b").is_above_chance


def test_what_everybody_buys_is_no_affinity() -> None:
    """A product in every basket has confidence 1 with everything and lift 1: chance."""
    found = affinities(baskets(*["ab"] * 10, *["b"] * 10))
    one = pair(found, "a", "b")
    assert (one.confidence, one.lift, one.leverage) == (1, 1, 0)
    assert not one.is_above_chance


def test_bounds_of_support() -> None:
    """Both the share and the number of baskets must be reached; rare products are counted."""
    rows = baskets(*["ab"] * 5, *["cd"] * 4, *["e"] * 91)
    assert {one.product for one in affinities(rows).pairs} == {"a", "b"}
    few = affinities(rows, fewest=4)
    assert {one.product for one in few.pairs} == set("abcd")
    found = affinities(rows, smallest_support=Decimal("0.05"), fewest=1)
    assert ({one.product for one in found.pairs}, found.fewest) == ({"a", "b"}, 5)
    assert (found.products, found.rare, found.n) == (3, 2, 100)


def test_a_share_of_baskets_is_rounded_up() -> None:
    """A tenth of 25 baskets is three: a pair in two of them has a support below a tenth."""
    rows = baskets(*["ab"] * 2, *["ac"] * 23)
    found = affinities(rows, smallest_support=Decimal("0.1"), fewest=1)
    assert found.fewest == 3
    assert {one.product for one in found.pairs} == {"a", "c"}
    exact = affinities(
        baskets(*["ab"] * 2, *["ac"] * 18), smallest_support=Decimal("0.1"), fewest=1
    )
    assert (exact.fewest, len(exact.pairs)) == (2, 4)


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60), st.integers(1, 60))
def test_chances_agree_with_a_slow_count(both: int, one: int, other: int, n: int) -> None:
    """The chance of so many together or more is that of counting all ways, in fractions."""
    one, other = min(one, n), min(other, n)
    both = min(max(both, one + other - n), one, other)
    found = chance_together(both, one, other, n)
    assert float(found) == pytest.approx(tail(both, one, other, n), rel=1e-9)


def test_chances_of_many_baskets() -> None:
    """Of 2,000,000 baskets 50,000 hold either; 2,000 with both hardly come by chance, 1,250 do."""
    assert 0 < chance_together(1_500, 50_000, 50_000, 2_000_000) < Decimal("1E-10")
    assert chance_together(2_000, 50_000, 50_000, 2_000_000) == 0  # below 1E-30
    assert chance_together(1_250, 50_000, 50_000, 2_000_000) == pytest.approx(
        Decimal("0.5"), abs=Decimal("0.02")
    )
    assert chance_together(0, 5, 5, 2_000_000) == 1


@given(st.lists(st.decimals(0, 1, places=4), max_size=9), st.integers(0, 5))
def test_many_findings_are_adjusted_as_stats_does(p_values: list[Decimal], more: int) -> None:
    """Adjusted for some that are not listed is Holm's method with ones in their place."""
    many = len(p_values) + more
    assert (
        tuple(adjusted(p_values, many)) == holm([*p_values, *[Decimal(1)] * more])[: len(p_values)]
    )


def test_many_pairs_of_independent_products() -> None:
    """Where 60 products are bought independently, one shop in twenty or fewer has a false pair."""
    chance = Random(7)  # noqa: S311 - invented baskets
    shares = {f"p{n:02}": chance.uniform(0.03, 0.25) for n in range(60)}
    wrong = lucky = 0
    for _ in range(40):
        rows = []
        for number in range(250):
            content = [one for one, share in shares.items() if chance.random() < share]
            if content:
                rows.append(Basket(id=str(number), products=content))
        found = affinities(rows, fewest=3)
        assert found.tested == found.products * (found.products - 1) // 2 > 1_500
        wrong += any(one.is_above_chance for one in found.pairs)
        lucky += sum(one.p_value <= Decimal("0.05") for one in found.pairs) // 2
    # Forty shops at 5 %: more than six would come once in a hundred times.
    assert wrong <= 6
    # Without adjustment dozens of pairs would be called so in every shop.
    assert lucky > 40 * 25


def test_a_pair_among_many() -> None:
    """A true affinity is found among hundreds of pairs that are none."""
    chance = Random(8)  # noqa: S311 - invented baskets
    rows = []
    for number in range(400):
        content = {f"p{n}" for n in range(30) if chance.random() < 0.1} | {"always"}
        if chance.random() < 0.2:
            content |= {"tea", "cup"}
        rows.append(Basket(id=str(number), products=content))
    sure = {(one.product, one.other) for one in affinities(rows).pairs if one.is_above_chance}
    assert sure == {("tea", "cup"), ("cup", "tea")}


@pytest.mark.parametrize("rows", [[], baskets("a"), baskets("a", "b", "c")])
def test_nothing_together(rows: list[Basket]) -> None:
    """No baskets, and baskets of one product, have no pairs."""
    assert affinities(rows, fewest=1).pairs == ()


def test_order_of_baskets_is_free() -> None:
    """Neither order nor ids of baskets change the pairs."""
    rows = baskets(*["abc"] * 6, *["bcd"] * 7, *["ad"] * 5)
    turned = [Basket(id=f"x{one.id}", products=one.products) for one in reversed(rows)]
    assert affinities(turned) == affinities(rows)


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ({"smallest_support": Decimal("1.1")}, "share lies from 0 to 1"),
        ({"smallest_support": Decimal(-1)}, "at 0 or above"),
        ({"smallest_support": 0.1}, "finite Decimal"),
        ({"smallest_support": Decimal("NaN")}, "finite Decimal"),
        ({"fewest": 0}, "one basket or more"),
        ({"fewest": Decimal(2)}, "whole number"),
        ({"fewest": True}, "whole number"),
        ({"level": Decimal(1)}, "level"),
        ({"level": 0.95}, "level"),
    ],
)
def test_bounds_that_are_none(options: dict[str, Any], fault: str) -> None:
    """Shares over 1, no baskets, floats and a level of certainty are refused, baskets or not."""
    for rows in (baskets(*["ab"] * 9), []):
        with pytest.raises(InvalidValue, match=fault):
            affinities(rows, **options)


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([["a", "b"]], "must be a Basket"),
        ("ab", "must be a Basket"),
        ([None], "must be a Basket"),
        (5, "give several"),
        (None, "give several"),
        ([*baskets("ab"), *baskets("cd")], "each stands once"),
    ],
)
def test_what_is_no_baskets(rows: Any, fault: str) -> None:  # noqa: ANN401
    """Lists of products, nothing, and the same basket twice are refused in words."""
    with pytest.raises(InvalidValue, match=fault):
        affinities(rows)
    with pytest.raises(InvalidValue, match=fault):
        Baskets.of(rows, DAY)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"id": 7}, "id of a basket"),
        ({"products": [1]}, "product of a basket"),
        ({"products": 5}, "product of a basket"),
        ({"customer_id": 3}, "customer of basket"),
        ({"day": "2026-03-31"}, "must be a day"),
    ],
)
def test_kinds_of_what_is_in_a_basket(changes: dict[str, Any], fault: str) -> None:
    """Ids are texts and days are days."""
    with pytest.raises(InvalidValue, match=fault):
        Basket(**({"id": "7", "products": ["a"]} | changes))


def test_baskets_up_to_a_day() -> None:
    """Baskets of later days are left out and counted; those without a day are kept."""
    later = Basket(id="z", products="a", day=date(2026, 4, 1))
    found = Baskets.of([later, *baskets("a", day=DAY), Basket(id="n", products="b")], DAY)
    assert [one.id for one in found] == ["b0", "n"]
    assert found.excluded == (Exclusion("baskets", "after the day", 1),)
    assert len(found) == 2


def test_baskets_that_are_none() -> None:
    """An empty basket and one that stands twice are refused."""
    with pytest.raises(InvalidValue, match="a product or more"):
        Basket(id="b", products=[])
    with pytest.raises(InvalidValue, match="each stands once"):
        Baskets.of([*baskets("a"), *baskets("b")], DAY)
