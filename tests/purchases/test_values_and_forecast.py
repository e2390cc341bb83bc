"""Sums over customers: parts add up to the whole, and who cannot be valued is told."""

from datetime import date
from decimal import Decimal
from typing import Any

import attrs
import pytest
from tests.purchases.customers import CDNOW, MIXED, MODIFIED, histories, history

from salescore.errors import InvalidValue
from salescore.metrics import Exclusion
from salescore.purchases import (
    GammaGamma,
    LifetimeValues,
    PurchaseForecast,
    PurchaseHistories,
    PurchaseHistory,
    fit_bg_nbd,
    fit_gamma_gamma,
    lifetime_values,
    purchase_forecast,
)
from salescore.render import Language

SPENT = GammaGamma(p=Decimal("6.25"), q=Decimal("3.74"), gamma=Decimal("15.44"))
VALUED = histories(
    (2, "30.43", "38.86", "22.35"), (0, "0", "38.86"), (7, "29.43", "38.86", "80"), (1, "2", "39")
)


def values(rows: list[PurchaseHistory], **changes: Any) -> LifetimeValues:  # noqa: ANN401
    """Return lifetime values over a year at 1 % a month and a margin of 30 %."""
    asked: dict[str, Any] = {
        "margin": Decimal("0.3"),
        "discount": Decimal("0.01"),
        "periods": 12,
    }
    return lifetime_values(rows, CDNOW, SPENT, **(asked | changes))


def forecast(rows: list[PurchaseHistory], horizon: str, **options: Any) -> PurchaseForecast:  # noqa: ANN401
    """Return the purchases of customers within a time."""
    seen = PurchaseHistories(histories=rows, as_of=date(1997, 9, 30), unit_days=Decimal(7))
    return purchase_forecast(seen, CDNOW, Decimal(horizon), **options)


def test_values_add_up_and_explain_themselves() -> None:
    """The total is the sum of the customers to the last digit; a value is made of its parts."""
    found = values(VALUED)
    assert found.total == sum(one.value for one in found.customers)
    assert [one.key for one in found.customers] == ["c0", "c1", "c2"]
    first = found.customers[0]
    assert first.value_per_purchase == SPENT.expected_value(VALUED[0])
    assert first.chance_alive == CDNOW.customer(VALUED[0]).chance_alive
    undiscounted = first.expected_purchases * first.value_per_purchase * Decimal("0.3")
    assert undiscounted * Decimal("0.88") < first.value < undiscounted


def test_customers_alike_are_worth_alike() -> None:
    """Equal histories are reckoned once and valued the same, next to each other or not."""
    twin = attrs.evolve(VALUED[0], key="twin")
    one, _, other = values([VALUED[0], VALUED[1], twin]).customers
    assert attrs.evolve(other, key=one.key) == one
    first, _, second = forecast([VALUED[0], VALUED[1], twin], "39").parts
    assert attrs.evolve(second, key=first.key) == first


def test_without_discount_a_value_is_a_product() -> None:
    """Margin times value times expected purchases over all periods."""
    (one,) = values(VALUED[:1], discount=Decimal(0)).customers
    expected = one.expected_purchases * one.value_per_purchase * Decimal("0.3")
    assert one.value == pytest.approx(expected, rel=Decimal("1E-10"))


def test_a_discount_beyond_sense() -> None:
    """At a discount of 1E+25 a period nothing later is worth anything, and nothing overflows."""
    assert values(VALUED, discount=Decimal("1E+25"), periods=600).total < Decimal("1E-20")


def test_one_period_is_discounted_once() -> None:
    """Purchases of a period count as if they came at its end."""
    (one,) = values(VALUED[:1], periods=1, discount=Decimal("0.25"), period=Decimal(39)).customers
    outlook = CDNOW.customer(VALUED[0])
    assert one.expected_purchases == outlook.expected_purchases(Decimal(39))
    expected = one.expected_purchases * one.value_per_purchase * Decimal("0.3") / Decimal("1.25")
    assert one.value == pytest.approx(expected, rel=Decimal("1E-10"))


def test_customers_that_cannot_be_valued_are_told() -> None:
    """Neither an unknown value nor a mean that does not exist is taken as 0."""
    found = values(VALUED)
    assert [(one.key, one.reason[0]) for one in found.unvalued] == [
        ("c3", "value of the repeated purchases unknown or not above 0")
    ]
    assert [(one.table, one.n) for one in found.excluded] == [("customers", 1)]
    heavy = attrs.evolve(SPENT, q=Decimal("0.9"))
    asked = {"margin": Decimal(1), "discount": Decimal(0), "periods": 1}
    nobody = lifetime_values(VALUED[1:2], CDNOW, heavy, **asked)  # type: ignore[arg-type]
    assert (nobody.total, nobody.unvalued[0].key) == (0, "c1")
    assert "no mean value" in nobody.unvalued[0].reason[0]


def test_values_scale_with_margin_and_currency() -> None:
    """Twice the margin, twice the value; values in cents are worth a hundred times as much."""
    half = values(VALUED, margin=Decimal("0.15"))
    assert half.total * 2 == pytest.approx(values(VALUED).total, rel=Decimal("1E-10"))
    cents = [
        attrs.evolve(one, mean_value=None if one.mean_value is None else one.mean_value * 100)
        for one in VALUED
    ]
    scaled = attrs.evolve(SPENT, gamma=SPENT.gamma * 100)
    asked = {"margin": Decimal("0.3"), "discount": Decimal("0.01"), "periods": 12}
    found = lifetime_values(cents, CDNOW, scaled, **asked)  # type: ignore[arg-type]
    assert found.total == pytest.approx(values(VALUED).total * 100, rel=Decimal("1E-10"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("margin", Decimal("1.01")),
        ("margin", Decimal(0)),
        ("discount", Decimal("-0.01")),
        ("periods", 0),
        ("periods", 601),
        ("period", Decimal(0)),
    ],
)
def test_values_that_nobody_can_mean(name: str, value: object) -> None:
    """A margin over the price, a negative discount, no periods or endless ones are refused."""
    with pytest.raises(InvalidValue, match=name):
        values(VALUED, **{name: value})


def test_values_in_words() -> None:
    """Total, terms and who is left out, in both languages."""
    found = values(VALUED)
    english, chinese = found.text(), found.text(Language.ZH)
    assert english.startswith("3 customers: expected value ")
    assert "left out: value of the repeated purchases unknown or not above 0 (1)" in english
    assert chinese.startswith("3 位客户")


def test_purchases_of_all_add_up() -> None:
    """The mean of the whole is the sum of the customers, exactly, and its spread is that of all."""
    found = forecast(MIXED, "13")
    assert found.distribution.mean == found.expected == sum(one.expected for one in found.parts)
    assert [one.key for one in found.parts] == [one.key for one in MIXED]
    each = [CDNOW.customer(one).purchases(Decimal(13)) for one in MIXED]
    variance = sum(one.variance for one in each)
    assert found.distribution.variance == pytest.approx(variance, rel=Decimal("1E-6"))
    assert 0 < found.customers_left < len(MIXED)


def test_a_common_factor_widens_the_range() -> None:
    """Customers who go with one market leave the mean as it is and spread further."""
    alone, together = forecast(MIXED, "13"), forecast(MIXED, "13", correlation=Decimal("0.2"))
    assert together.expected == alone.expected
    assert together.distribution.deviation > alone.distribution.deviation
    starts = [[english[:12] for english, _ in one.notes] for one in (alone, together)]
    assert starts == [["Customers ar", "The paramete"], ["The paramete"]]


def test_one_customer_is_the_outlook() -> None:
    """The forecast of one customer is that customer's distribution."""
    found = forecast(VALUED[:1], "39")
    expected = CDNOW.customer(VALUED[0]).purchases(Decimal(39))
    assert found.distribution.values == expected.values
    assert found.distribution.weights == expected.weights


def test_no_customers() -> None:
    """Nobody buys nothing, for sure."""
    found = forecast([], "13")
    assert (found.expected, found.distribution.values, found.notes) == (0, (Decimal(0),), ())


def test_forecast_in_words() -> None:
    """Method, horizon, day, expectation and range, in both languages."""
    found = forecast(MIXED, "13")
    english, chinese = found.text(), found.text(Language.ZH)
    assert "BG/NBD(r=0.243" in english
    assert "13 × 7 days · as of 1997-09-30" in english
    assert "purchases expected, 80 % from" in english
    assert "截至1997-09-30" in chinese


def test_what_entered_no_history_is_told() -> None:
    """Rows left out of the histories are left out of the forecast, and named there."""
    gone = Exclusion("sales_lines", "no customer", 3)
    seen = PurchaseHistories(
        histories=[history(2, "30", "39")],
        as_of=date(1997, 9, 30),
        unit_days=Decimal(7),
        excluded=[gone],
    )
    assert purchase_forecast(seen, MODIFIED, Decimal(1)).excluded == (gone,)


def test_units_of_time_are_not_mixed() -> None:
    """A model in days is refused for histories in weeks; a fit takes the unit of its histories."""
    with pytest.raises(InvalidValue, match="fit a model to them"):
        purchase_forecast(
            PurchaseHistories(histories=MIXED, as_of=date(1997, 9, 30), unit_days=Decimal(1)),
            CDNOW,
            Decimal(13),
        )
    days = [attrs.evolve(one, recency=one.recency * 7, age=one.age * 7) for one in MIXED]
    seen = PurchaseHistories(histories=days, as_of=date(1997, 9, 30), unit_days=Decimal(1))
    in_days = fit_bg_nbd(seen).model
    assert (in_days.unit_days, fit_bg_nbd(MIXED).model.unit_days) == (1, 7)
    asked: dict[str, Any] = {"margin": Decimal(1), "discount": Decimal(0), "periods": 3}
    first = lifetime_values(days[:1], in_days, SPENT, **asked)
    second = lifetime_values(MIXED[:1], fit_bg_nbd(MIXED).model, SPENT, **asked)
    assert float(first.total) == pytest.approx(float(second.total), rel=1e-4)


def closed_form(one: PurchaseHistory, weeks: float) -> float:
    """Return the purchases expected within a time, by equation (10) of the paper, as a series."""
    r, alpha, a, b = (float(x) for x in (CDNOW.r, CDNOW.alpha, CDNOW.a, CDNOW.b))
    x, recency, age = one.repeats, float(one.recency), float(one.age)
    share = weeks / (alpha + age + weeks)
    series, term, k = 0.0, 1.0, 0
    while term > 1e-17:
        series += term
        term *= (r + x + k) * (b + x + k) / (a + b + x - 1 + k) * share / (k + 1)
        k += 1
    left = float(((alpha + age) / (alpha + age + weeks)) ** (r + x)) * series
    gone = a / (b + x - 1) * float(((alpha + age) / (alpha + recency)) ** (r + x)) if x else 0.0
    return (a + b + x - 1) / (a - 1) * (1 - left) / (1 + gone)


def test_values_are_a_direct_sum() -> None:
    """Margin × value × Σ purchases of a month ÷ 1.01^month, by the papers' closed forms."""
    rows = histories((2, "30.43", "38.86", "22.35"), (0, "0", "38.86"), (7, "29.43", "38.86", "80"))
    month = 365.2425 / 12 / 7
    p, q, gamma = 6.25, 3.74, 15.44
    for one, found in zip(rows, values(rows, periods=24).customers, strict=True):
        spent = one.repeats * float(one.mean_value or 0)
        worth = p * (gamma + spent) / (p * one.repeats + q - 1)
        until = [closed_form(one, month * k) if k else 0.0 for k in range(25)]
        present = sum((until[k] - until[k - 1]) / 1.01**k for k in range(1, 25))
        assert float(found.value) == pytest.approx(0.3 * worth * present, rel=1e-8)
        assert float(found.expected_purchases) == pytest.approx(until[24], rel=1e-8)


def test_a_value_needs_a_margin() -> None:
    """Nobody gets revenue for a value: the margin has no default, and 1 must be said."""
    asked: Any = {"discount": Decimal("0.01"), "periods": 12}
    with pytest.raises(TypeError, match="margin"):
        lifetime_values(VALUED, CDNOW, SPENT, **asked)


@pytest.mark.parametrize(
    ("call", "fault"),
    [
        (lambda seen, fit: purchase_forecast(seen, fit, Decimal(13)), "of a fit, its model"),
        (lambda seen, _: purchase_forecast(list(seen), CDNOW, Decimal(13)), "purchase_histories"),
        (lambda seen, _: purchase_forecast(seen, CDNOW, 13), "horizon"),
        (lambda seen, _: CDNOW.customer(seen), "of one customer"),
        (lambda seen, _: SPENT.expected_value(seen), "of one customer"),
        (lambda _, fit: fit_bg_nbd([fit]), "must be a PurchaseHistory"),
        (lambda _, fit: fit_gamma_gamma(fit), "give several"),
        (lambda _, fit: CDNOW.log_likelihood([fit]), "must be a PurchaseHistory"),
        (lambda _, fit: SPENT.log_likelihood([fit]), "must be a PurchaseHistory"),
        (lambda seen, fit: worth_of(seen, fit, SPENT), "of a fit, its model"),
        (lambda seen, fit: worth_of(seen, CDNOW, fit), "of a fit, its model"),
        (lambda _, fit: worth_of([fit], CDNOW, SPENT), "must be a PurchaseHistory"),
        (lambda seen, _: attrs.evolve(seen, histories=MIXED[:2] * 2), "stands once"),
        (lambda seen, _: attrs.evolve(seen, as_of="2026-03-31"), "must be a day"),
        (lambda seen, _: attrs.evolve(seen, unit_days=7), "finite Decimal"),
    ],
)
def test_other_kinds_are_refused(call: Any, fault: str) -> None:  # noqa: ANN401
    """A fit for its model, a list for histories, a float for a horizon: refused in words."""
    seen = PurchaseHistories(histories=MIXED, as_of=date(1997, 9, 30), unit_days=Decimal(7))
    with pytest.raises(InvalidValue, match=fault):
        call(seen, fit_bg_nbd(MIXED))


def worth_of(rows: Any, purchases: Any, spent: Any) -> LifetimeValues:  # noqa: ANN401
    """Return lifetime values over a year."""
    asked: dict[str, Any] = {"margin": Decimal("0.3"), "discount": Decimal(0), "periods": 12}
    return lifetime_values(rows, purchases, spent, **asked)


@pytest.mark.parametrize("horizon", ["0", "-1"])
def test_a_horizon_before_the_day(horizon: str) -> None:
    """A forecast looks ahead."""
    with pytest.raises(InvalidValue, match="horizon"):
        forecast(VALUED, horizon)
