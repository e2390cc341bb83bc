"""Offers: what followed like purchases, never what a rule excludes, always with its evidence."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import InvalidValue, RuleTypeError, UnknownName
from salescore.purchases import OFFERS, Basket, Baskets, NextProducts, next_products
from salescore.render import Language
from salescore.rules import F, coalesce

DAY = date(2026, 3, 31)
NEW = ~F.has_bought

ROWS = st.lists(
    st.tuples(st.sampled_from("xyz"), st.integers(0, 8), st.sampled_from("abcd")), max_size=40
)


def bought(*rows: tuple[str, int, str]) -> Baskets:
    """Return baskets: customer, days before the day, products of one letter."""
    return Baskets.of(
        [
            Basket(
                id=f"b{number}",
                products=products,
                customer_id=customer,
                day=DAY - timedelta(days=days),
            )
            for number, (customer, days, products) in enumerate(rows)
        ],
        DAY,
    )


def shop() -> Baskets:
    """Return ten who bought tea, then mostly a cup; and one who has only bought tea."""
    rows = [(f"c{n}", 50, "t") for n in range(10)]
    rows += [(f"c{n}", 20, "k" if n < 8 else "p") for n in range(10)]
    return bought(*rows, ("new", 5, "t"), ("odd", 5, "q"))


def of(found: tuple[NextProducts, ...], customer: str) -> NextProducts:
    """Return what to offer a customer."""
    (one,) = [one for one in found if one.customer_id == customer]
    return one


def test_what_others_bought_next_is_offered() -> None:
    """Eight of ten who bought tea bought a cup next: that is the offer, with its evidence."""
    found = of(next_products(shop()), "new")
    first, second = found.offers
    assert (first.product_id, first.because_of, first.times, first.n) == ("k", "t", 8, 10)
    assert (second.product_id, second.times) == ("p", 2)
    assert (first.confidence, first.lift) == (Decimal("0.8"), 1)
    assert first.interval.low < first.confidence < first.interval.high
    assert (found.last_products, found.last_on) == (("t",), DAY - timedelta(days=5))
    assert found.reason is None


def test_a_rule_decides_what_may_be_offered() -> None:
    """What a rule excludes is not offered, and the next best takes its place."""
    assert [one.product_id for one in of(next_products(shop(), where=NEW), "new").offers] == [
        "k",
        "p",
    ]
    rule = F.product_id != "k"
    assert [one.product_id for one in of(next_products(shop(), where=rule), "new").offers] == ["p"]


def test_a_rule_that_leaves_nothing_is_told() -> None:
    """No offer by rule and no offer for want of evidence are told apart."""
    ruled_out = of(next_products(shop(), where=F.lift > 5), "new")
    assert ruled_out.offers == ()
    assert ruled_out.reason is not None
    assert "rule" in ruled_out.reason[0]
    unknown = of(next_products(shop()), "odd")
    assert unknown.offers == ()
    assert unknown.reason is not None
    assert "too few" in unknown.reason[0]


def test_unknown_never_grants() -> None:
    """An offer of which the rule knows nothing is left out, unless the rule says what then."""
    never = F.days_since > 30
    assert of(next_products(shop(), where=never), "new").offers == ()
    ever = coalesce(F.days_since, 999) > 30
    assert len(of(next_products(shop(), where=ever), "new").offers) == 2


def test_what_was_bought_long_ago_may_be_offered_again() -> None:
    """A rule can ask for how long a product was not bought."""
    rows = bought(
        *[(f"c{n}", days, what) for n in range(6) for days, what in ((9, "a"), (6, "b"), (3, "a"))]
    )
    offers = of(next_products(rows), "c0").offers
    assert [(one.product_id, one.because_of) for one in offers] == [("b", "a")]
    assert of(next_products(rows, where=F.days_since > 6), "c0").offers == ()
    assert of(next_products(rows, where=F.days_since >= 6), "c0").offers == offers


def test_the_surest_reason_is_named() -> None:
    """Of several products in the last basket the one with the highest lower bound speaks."""
    rows = [(f"c{n}", 9, "a" if n < 6 else "b") for n in range(26)]
    rows += [(f"c{n}", 3, "k") for n in range(26)]
    swap = str.maketrans("ab", "ba")
    (offer,) = of(next_products(bought(*rows, ("new", 1, "ab"))), "new").offers
    assert (offer.because_of, offer.times, offer.n) == ("b", 20, 20)
    turned = [(customer, days, what.translate(swap)) for customer, days, what in rows]
    (offer,) = of(next_products(bought(*turned, ("new", 1, "ab"))), "new").offers
    assert (offer.because_of, offer.times, offer.n) == ("a", 20, 20)


def test_one_day_is_one_purchase() -> None:
    """Two baskets of a day do not follow each other."""
    rows = [(f"c{n}", 9, what) for n in range(8) for what in "ab"]
    assert of(next_products(bought(*rows)), "c0").offers == ()


def test_at_most_so_many_offers() -> None:
    """The likeliest are kept."""
    rows = [(f"c{n}", 9, "a") for n in range(9)] + [
        (f"c{n}", 3, "bcde"[: 1 + n % 4]) for n in range(9)
    ]
    offers = of(next_products(bought(*rows, ("new", 1, "a")), most=2), "new").offers
    assert [one.product_id for one in offers] == ["b", "c"]


def test_baskets_without_customer_or_day_tell_nothing() -> None:
    """Who bought, and when, must be known to say what came next."""
    rows = Baskets.of(
        [
            Basket(id="1", products="a", customer_id="x"),
            Basket(id="2", products="a", day=DAY),
        ],
        DAY,
    )
    assert next_products(rows) == ()


Steps = list[tuple[set[str], set[str]]]


def lift(steps: Steps, product: str, other: str) -> Fraction:
    """Return how many times as often the other follows the product as it follows any."""
    after = [later for before, later in steps if product in before]
    times, followed = (
        sum(other in later for later in one) for one in (after, (b for _, b in steps))
    )
    return (
        Fraction(times * len(steps), len(after) * followed) if after and followed else Fraction(0)
    )


def test_what_the_last_purchase_speaks_against_is_no_offer() -> None:
    """Milk follows everything often, but tea more seldom: after tea it is no offer."""
    rows = [(f"t{n}", 9, "t") for n in range(10)] + [(f"c{n}", 9, "c") for n in range(10)]
    rows += [(f"t{n}", 3, "m" if n < 6 else "k") for n in range(10)]
    rows += [(f"c{n}", 3, "m") for n in range(10)]
    found = next_products(bought(*rows, ("new", 1, "t"), ("both", 1, "tc")))
    assert [one.product_id for one in of(found, "new").offers] == ["k"]
    # Coffee does speak for milk, so it is what is named, however often milk follows tea.
    assert [(one.product_id, one.because_of) for one in of(found, "both").offers] == [
        ("m", "c"),
        ("k", "t"),
    ]
    assert all(offer.lift >= 1 for one in found for offer in one.offers)


def test_nothing_that_the_last_purchase_speaks_for() -> None:
    """Where all that followed tea follows coffee more often, that is the reason."""
    rows = [(f"t{n}", 9, "t") for n in range(10)] + [(f"c{n}", 9, "c") for n in range(10)]
    rows += [(f"t{n}", 3, "m" if n < 5 else "k") for n in range(10)]
    rows += [(f"c{n}", 3, "mk") for n in range(10)]
    found = of(next_products(bought(*rows, ("new", 1, "t"))), "new")
    assert found.offers == ()
    assert found.reason is not None
    assert found.reason[0] == "nothing follows like baskets more often than any other"


@given(ROWS)
def test_offers_agree_with_a_slow_count(rows: list[tuple[str, int, str]]) -> None:
    """Times and cases of each offer are those of a loop over neighbouring days."""
    found = next_products(bought(*rows), fewest=1, most=9)
    days: dict[str, dict[int, set[str]]] = {}
    for customer, ago, what in rows:
        days.setdefault(customer, {}).setdefault(-ago, set()).add(what)
    steps = [
        (of_customer[one], of_customer[other])
        for of_customer in days.values()
        for one, other in zip(sorted(of_customer), sorted(of_customer)[1:], strict=False)
    ]
    assert [one.customer_id for one in found] == sorted(days)
    for one in found:
        last = days[one.customer_id][max(days[one.customer_id])]
        spoken_for = {
            what
            for product in last
            for what in "abcd"
            if lift(steps, product, what) >= 1 and any(what in after for _, after in steps)
        }
        assert {offer.product_id for offer in one.offers} == spoken_for
        for offer in one.offers:
            after = [later for before, later in steps if offer.because_of in before]
            assert offer.because_of in last
            assert offer.n == len(after)
            assert offer.times == sum(offer.product_id in later for later in after)
            assert offer.of_all == len(steps)
            assert offer.followed == sum(offer.product_id in later for _, later in steps)
        lows = [offer.interval.low for offer in one.offers]
        assert lows == sorted(lows, reverse=True)


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"most": 0}, InvalidValue),
        ({"most": Decimal(3)}, InvalidValue),
        ({"most": True}, InvalidValue),
        ({"fewest": 2.5}, InvalidValue),
        ({"fewest": 0}, InvalidValue),
        ({"level": Decimal(0)}, InvalidValue),
        ({"where": F.lift}, RuleTypeError),
        ({"where": F.lift > "high"}, RuleTypeError),
        ({"where": F.colour == "red"}, UnknownName),
    ],
)
def test_questions_that_cannot_be_asked(options: dict[str, Any], error: type[Exception]) -> None:
    """Bounds of nothing, rules of other types and of unknown fields are refused."""
    with pytest.raises(error):
        next_products(shop(), **options)


@pytest.mark.parametrize("rows", [[["a", "b"]], [], None, list(shop())])
def test_what_is_no_baskets(rows: Any) -> None:  # noqa: ANN401
    """Lists have no day as of which to offer; the refusal says what brings it."""
    with pytest.raises(InvalidValue, match=r"Baskets\.of"):
        next_products(rows)


def test_offers_in_words() -> None:
    """An offer tells its evidence, a customer without one the reason, in both languages."""
    found = next_products(shop())
    english = of(found, "new").text().splitlines()
    assert english[0] == "k: 8 of 10 who bought t bought it next (49 % to 94 %)"
    assert len(english) == 2
    assert "购买 t 的 10 次中有 8 次" in of(found, "new").text(Language.ZH)
    assert of(found, "odd").text().startswith("nothing: too few")
    assert of(found, "odd").text(Language.ZH).startswith("无：")


def test_fields_of_offers() -> None:
    """What rules can ask is declared with labels in both languages."""
    assert {one.name for one in OFFERS.fields} >= {"product_id", "has_bought", "lift"}
    assert all(all(one.labels) for one in OFFERS.fields)


@pytest.mark.parametrize(
    ("bounds", "thing"), [({"most": 0}, "most offers"), ({"fewest": 0}, "fewest cases")]
)
def test_the_bound_that_is_none_is_named(bounds: dict[str, int], thing: str) -> None:
    """The message tells which of both lies below 1."""
    with pytest.raises(InvalidValue, match=f"{thing}.*one or more"):
        next_products(shop(), **bounds)  # type: ignore[arg-type]


@pytest.mark.parametrize("baskets", [None, 3, ["tea"]])
def test_baskets_are_of_baskets(baskets: object) -> None:
    """Nothing, a number and texts are none; nor is a text a day."""
    with pytest.raises(InvalidValue, match="Basket"):
        Baskets(baskets=baskets, as_of=date(2024, 1, 1))  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="as_of"):
        Baskets(baskets=[], as_of="2024-01-01")  # type: ignore[arg-type]
