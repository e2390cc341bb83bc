"""A caller's decimal context changes no answer."""

import decimal
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import attrs
import pytest
from tests.purchases.customers import CDNOW, MIXED, MODIFIED, histories

from salescore.purchases import (
    Basket,
    Baskets,
    ContractCohort,
    GammaGamma,
    Purchase,
    PurchaseHistories,
    affinities,
    fit_bg_nbd,
    fit_contracts,
    fit_gamma_gamma,
    lifetime_values,
    next_products,
    purchase_forecast,
    purchase_histories,
)
from salescore.render import Language

DAY = date(2026, 3, 31)
SPENT = GammaGamma(p=Decimal("6.25"), q=Decimal("3.74"), gamma=Decimal("15.44"))
VALUED = histories(
    (2, "30.43", "38.86", "22.3512345"), (0, "0", "38.86"), (7, "29.43", "38.86", "80.123456")
)
BOUGHT = [
    Purchase(f"c{n % 7}", DAY - timedelta(days=37 * n % 400), Decimal(n * n) + Decimal("1234.567"))
    for n in range(40)
]
SEEN = PurchaseHistories(histories=MIXED, as_of=DAY, unit_days=Decimal(7))
BASKETS = [
    Basket(
        id=f"b{n:03}",
        products=["tea", *(f"p{k}" for k in range(2, 9) if n % k == 0)],
        customer_id=f"c{n % 11}",
        day=DAY - timedelta(days=n),
    )
    for n in range(137)
]
COVARIANCE = [[Decimal("0.0123456789") * ((i == j) + 1) for j in range(4)] for i in range(4)]
CONTRACTS = [ContractCohort(began=1000, left=[869, 743, 653])]


@pytest.mark.parametrize(
    "answer",
    [
        lambda: purchase_histories(BOUGHT, DAY),
        lambda: [one.silence for one in purchase_histories(BOUGHT, DAY)],
        lambda: fit_bg_nbd(MIXED),
        lambda: fit_gamma_gamma([*VALUED, *VALUED]),
        lambda: (
            fit_contracts(CONTRACTS),
            fit_contracts(CONTRACTS).model.lifetime_value(
                Decimal("123.456789"), Decimal("0.0123456")
            ),
        ),
        lambda: [
            (
                model.customer(one).expected_purchases(Decimal("39.123456")),
                model.customer(one).next_purchase(),
                model.customer(one).next_purchase().within(Decimal("1.2345678")),
                model.customer(one).purchases(Decimal("39.123456")),
            )
            for model in (CDNOW, MODIFIED)
            for one in MIXED[-3:]
        ],
        lambda: [(SPENT.expected_value(one), SPENT.log_likelihood(VALUED)) for one in VALUED],
        lambda: (CDNOW.log_likelihood(MIXED), CDNOW.new_customer()),
        lambda: lifetime_values(
            VALUED, CDNOW, SPENT, margin=Decimal("0.312345678"), discount=Decimal("0.01"), periods=9
        ),
        lambda: lifetime_values(
            VALUED, CDNOW, SPENT, margin=Decimal("0.3"), discount=Decimal("0.01"), periods=9
        ).text(),
        lambda: purchase_forecast(SEEN, CDNOW, Decimal("13.1234567")),
        lambda: purchase_forecast(
            SEEN, attrs.evolve(CDNOW, covariance=COVARIANCE), Decimal("13.1234567")
        ),
        lambda: purchase_forecast(SEEN, CDNOW, Decimal(13)).text(Language.ZH),
        lambda: affinities(BASKETS, smallest_support=Decimal("0.0123456789")),
        lambda: [
            (one.support, one.confidence, one.lift, one.leverage, one.is_above_chance)
            for one in affinities(BASKETS, level=Decimal("0.9999999")).pairs
        ],
        lambda: next_products(Baskets.of(BASKETS, DAY)),
        lambda: [
            (one.text(), [offer.lift for offer in one.offers])
            for one in next_products(Baskets.of(BASKETS, DAY))
        ],
    ],
)
def test_answers_in_a_context_of_five_digits(answer: Callable[[], object]) -> None:
    """What the functions of the room say is the same where a caller reckons to five digits."""
    wanted = answer()
    with decimal.localcontext(decimal.Context(prec=5)):
        found = answer()
    assert found == wanted


def test_what_is_above_chance_is_told_to_the_last_digit() -> None:
    """An adjusted p-value just above 1 less the level is not below it, to however few digits."""
    level = Decimal("0.98765432101")
    found = affinities([Basket(id=str(n), products=["a", "b"]) for n in range(5)], level=level)
    near = attrs.evolve(found.pairs[0], adjusted_p_value=Decimal("0.0123458"))
    with decimal.localcontext(decimal.Context(prec=5)):
        assert not near.is_above_chance
        assert attrs.evolve(near, adjusted_p_value=Decimal("0.0123456")).is_above_chance
