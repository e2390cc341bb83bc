"""What a model expects of one customer obeys the laws of chances, and its sums agree."""

from contextlib import suppress
from decimal import Decimal
from math import exp, lgamma, log

import attrs
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.purchases.customers import CDNOW, MODIFIED, history, some_history, some_model

from salescore.errors import InvalidValue
from salescore.purchases import BgNbd, Outlook, PurchaseHistory
from salescore.render import Language

HORIZONS = st.sampled_from(["0.01", "1", "13", "39", "200"]).map(Decimal)
MODELS = [CDNOW, MODIFIED]


def beta(a: float, b: float) -> float:
    """Return the logarithm of the beta function."""
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def published(model: BgNbd, time: float, x: int) -> float:
    """Return the chance of x purchases of a new customer, as equation (8) of 2005 states it."""
    r, alpha, a, b = (float(one) for one in (model.r, model.alpha, model.a, model.b))

    def of_counts(j: int) -> float:
        height = lgamma(r + j) - lgamma(r) - lgamma(j + 1.0)
        return exp(height + r * log(alpha / (alpha + time)) + j * log(time / (alpha + time)))

    stays = exp(beta(a, b + x) - beta(a, b)) * of_counts(x)
    if not x:
        return stays
    leaves = exp(beta(a + 1.0, b + x - 1.0) - beta(a, b))
    return stays + leaves * (1.0 - sum(of_counts(j) for j in range(x)))


@pytest.mark.parametrize("x", [0, 1, 2, 5, 10, 25])
@pytest.mark.parametrize("time", ["1", "39", "200"])
def test_chances_of_each_number(x: int, time: str) -> None:
    """Fader, Hardie and Lee (2005), equation (8), for a new customer."""
    found = CDNOW.new_customer().purchases(Decimal(time)).exactly(Decimal(x))
    assert float(found) == pytest.approx(published(CDNOW, float(time), x), abs=1.1e-9)


@settings(deadline=None)
@given(some_model(), some_history(), HORIZONS)
def test_the_mean_of_the_chances_is_the_expectation(
    model: BgNbd, seen: PurchaseHistory, horizon: Decimal
) -> None:
    """Two ways to the same number: the mean of the distribution and the closed sum."""
    outlook = model.customer(seen)
    expected = outlook.expected_purchases(horizon)
    assume(expected < 500)
    chances = outlook.purchases(horizon)
    assert float(chances.mean) == pytest.approx(float(expected), rel=1e-5, abs=1e-6)
    assert 10**9 % chances.total == 0


@settings(deadline=None)
@given(some_model(), some_history(), HORIZONS)
def test_the_sum_agrees_with_the_closed_form(
    model: BgNbd, seen: PurchaseHistory, horizon: Decimal
) -> None:
    """Equation (9) of 2005 with ₂F₁, where rates vary enough for its digits, gives the same."""
    outlook = model.customer(seen)
    assume(outlook.a + outlook.b - outlook.r > -5.0)
    share = float(horizon) / (outlook.alpha + float(horizon))
    closed = outlook.alive * outlook._closed(share)
    assert closed == pytest.approx(outlook.expected(float(horizon)), rel=1e-4, abs=1e-6)


def test_horizons_far_beyond_the_data() -> None:
    """Where a sum would be too long the closed form goes on without a step."""
    new = CDNOW.new_customer()
    found = [new.expected_purchases(Decimal(one)) for one in (2000, 2250, 2300, 2500, 10**9)]
    assert found == sorted(found)
    slopes = [(found[1] - found[0]) / 250, (found[2] - found[1]) / 50, (found[3] - found[2]) / 200]
    assert slopes == sorted(slopes, reverse=True)
    assert found[-1] == pytest.approx(Decimal("256.255"), abs=Decimal("0.001"))


@pytest.mark.parametrize("a", ["1", "1.000001", "0.999999"])
@pytest.mark.parametrize("b", ["0.5", "3"])
def test_a_mean_chance_without_a_gap(a: str, b: str) -> None:
    """At a = 1, where the closed form divides 0 by 0, the expectation lies between neighbours."""
    at = [
        attrs.evolve(CDNOW, a=Decimal(one), b=Decimal(b)).new_customer().expected(1e6)
        for one in ("1.001", a, "0.999")
    ]
    assert at == sorted(at)


def test_parameters_on_a_pole() -> None:
    """At a + b = 1 the closed form is 0 × ∞; the expectation is that of the neighbours there."""
    at = [
        attrs.evolve(CDNOW, a=Decimal(one), b=Decimal("0.5")).new_customer().expected(1e6)
        for one in ("0.501", "0.5", "0.499")
    ]
    assert at == sorted(at)


@given(some_model(), some_history(), st.integers(0, 300))
def test_silence_lowers_the_chance_to_be_a_customer(
    model: BgNbd, seen: PurchaseHistory, more: int
) -> None:
    """The longer nothing was bought, the likelier one has left; never less than 0 nor over 1."""
    later = attrs.evolve(seen, age=seen.age + more)
    now, then = model.customer(seen).chance_alive, model.customer(later).chance_alive
    assert 0 <= then <= now <= 1


@settings(deadline=None)
@given(some_model(), some_history(), HORIZONS, HORIZONS)
def test_more_time_brings_more_purchases(
    model: BgNbd, seen: PurchaseHistory, one: Decimal, other: Decimal
) -> None:
    """Expected purchases rise with the horizon, and chances of a number or more with them."""
    outlook = model.customer(seen)
    short, long = sorted((one, other))
    assert outlook.expected_purchases(short) <= outlook.expected_purchases(long)
    assert outlook.next_purchase().within(short) <= outlook.next_purchase().within(long)


@given(st.sampled_from(MODELS), st.integers(1, 20), HORIZONS)
def test_who_bought_more_often_to_the_end_buys_more(
    model: BgNbd, repeats: int, horizon: Decimal
) -> None:
    """At the same last day, the day of the summary, one purchase more promises more."""
    few, many = (
        model.customer(history(n, "39", "39")).expected_purchases(horizon)
        for n in (repeats, repeats + 1)
    )
    assert few < many


@given(st.sampled_from(MODELS), st.integers(0, 9), st.integers(1, 38), HORIZONS)
def test_a_later_last_purchase_promises_more(
    model: BgNbd, repeats: int, recency: int, horizon: Decimal
) -> None:
    """Of two with as many purchases, the one who bought later is likelier a customer."""
    early, late = (
        model.customer(history(repeats + 1, str(one), "39")) for one in (recency, recency + 1)
    )
    assert early.chance_alive < late.chance_alive
    assert early.expected_purchases(horizon) < late.expected_purchases(horizon)


@given(some_model(), some_history(), HORIZONS, st.sampled_from(["0.5", "7"]).map(Decimal))
def test_another_unit_of_time_changes_no_answer(
    model: BgNbd, seen: PurchaseHistory, horizon: Decimal, factor: Decimal
) -> None:
    """Model, history and horizon in days answer as they do in weeks."""
    first = model.customer(seen)
    second = attrs.evolve(model, alpha=model.alpha * factor).customer(
        attrs.evolve(seen, recency=seen.recency * factor, age=seen.age * factor)
    )
    assert float(second.chance_alive) == pytest.approx(float(first.chance_alive), rel=1e-9)
    expected = float(first.expected_purchases(horizon))
    assert float(second.expected_purchases(horizon * factor)) == pytest.approx(expected, rel=1e-9)


def test_who_never_bought_again() -> None:
    """In the plain form such a customer is one for certain; in the modified form less so."""
    seen = history(0, "0", "39")
    assert CDNOW.customer(seen).chance_alive == 1
    assert MODIFIED.customer(seen).chance_alive < Decimal("0.4")


def test_no_time_brings_nothing() -> None:
    """Within no time nothing is bought, for sure."""
    outlook = CDNOW.customer(history(2, "30", "39"))
    assert outlook.expected_purchases(Decimal(0)) == 0
    assert outlook.purchases(Decimal(0)).values == (Decimal(0),)
    assert outlook.next_purchase().within(Decimal(0)) == 0


def test_the_next_purchase() -> None:
    """The time of Lomax: mean α ÷ (r − 1), median α (2^(1/r) − 1), and the chance within it."""
    outlook = CDNOW.customer(history(2, "30.43", "38.86"))
    found = outlook.next_purchase()
    assert found.reasons == ()
    assert found.mean == pytest.approx(Decimal("43.274") / Decimal("1.243"))
    assert float(found.median or 0) == pytest.approx(43.274 * (2.0 ** (1.0 / 2.243) - 1.0))
    assert found.median is not None
    assert found.within(found.median) == pytest.approx(found.chance / 2)
    assert found.overall_median is not None
    assert found.within(found.overall_median) == pytest.approx(Decimal("0.5"))
    assert found.chance == outlook.chance_alive


def test_a_mean_time_that_does_not_exist() -> None:
    """With a shape of 1 or less there is no mean time, and the reason is told."""
    found = CDNOW.new_customer().next_purchase()
    assert found.mean is None
    assert found.median is not None
    assert found.median == found.overall_median > 0
    ((english, chinese),) = found.reasons
    assert "0.243" in english
    assert "0.243" in chinese


def test_the_next_purchase_in_words() -> None:
    """Chance, times and the reason of what is missing, in both languages."""
    found = CDNOW.customer(history(2, "30.43", "38.86")).next_purchase()
    assert found.text().splitlines() == [
        "buys again with a chance of 72.7 %",
        "if so, within 15.7 in half of the cases, after 34.8 on average",
    ]
    lines = CDNOW.new_customer().next_purchase().text(Language.ZH).splitlines()
    assert lines[0] == "再次购买的概率为 100.0 %"
    assert "平均 –" in lines[1]
    assert len(lines) == 3


def test_a_customer_who_has_probably_left() -> None:
    """Where fewer than half buy again, no time is known by which half have."""
    found = CDNOW.customer(history(1, "1.71", "38.86")).next_purchase()
    assert found.chance < Decimal("0.5")
    assert (found.overall_median, len(found.reasons)) == (None, 1)


def test_the_next_purchase_agrees_with_the_chances_of_numbers() -> None:
    """The chance of a purchase within a time is that of one purchase or more."""
    outlook = MODIFIED.customer(history(2, "30.43", "38.86"))
    for time in (Decimal(1), Decimal(39)):
        some = outlook.purchases(time).at_least(Decimal(1))
        assert some == pytest.approx(outlook.next_purchase().within(time), abs=Decimal("1E-8"))


@pytest.mark.parametrize("horizon", [Decimal(-1), Decimal("NaN"), 39, Decimal("1E+400")])
def test_horizons_that_are_none(horizon: Decimal) -> None:
    """A time before now, no number and no decimal are refused."""
    outlook = CDNOW.new_customer()
    for ask in (outlook.expected_purchases, outlook.purchases, outlook.next_purchase().within):
        with pytest.raises(InvalidValue, match=r"horizon|time"):
            ask(horizon)


def test_too_many_purchases_to_list() -> None:
    """A horizon that makes tens of thousands of purchases likely is refused, not waited for."""
    outlook = Outlook(alive=1.0, r=5000.0, alpha=1.0, a=0.5, b=5.0)
    for ask in (outlook.purchases, outlook.expected_purchases):
        with pytest.raises(InvalidValue, match="ask for a shorter one"):
            ask(Decimal(100))


def test_a_median_beyond_all_measure() -> None:
    """With rates that are mostly next to nothing even the median is none, which is told."""
    found = attrs.evolve(CDNOW, r=Decimal("1E-6")).new_customer().next_purchase()
    assert (found.mean, found.median, found.overall_median) == (None, None, None)
    assert any("beyond all measure" in english for english, _ in found.reasons)
    assert found.within(Decimal(39)) < Decimal("1E-4")


@pytest.mark.parametrize("name", ["r", "alpha", "a", "b"])
@pytest.mark.parametrize("size", ["1E-29", "1E-6", "1E+6", "1E+29"])
@pytest.mark.parametrize("repeats", [0, 1, 1000])
def test_models_of_any_size_answer_or_refuse(name: str, size: str, repeats: int) -> None:
    """A parameter that ran away never makes a negative number, NaN or an error of arithmetic."""
    for model in MODELS:
        extreme = attrs.evolve(model, **{name: Decimal(size)})
        outlook = extreme.customer(history(repeats, "20" if repeats else "0", "39"))
        assert 0 <= outlook.chance_alive <= 1
        for horizon in (Decimal("0.001"), Decimal(39), Decimal(10**9)):
            with suppress(InvalidValue):
                assert outlook.expected_purchases(horizon) >= 0
            with suppress(InvalidValue):
                assert outlook.purchases(horizon).mean >= 0
        with suppress(InvalidValue):
            assert 0 <= outlook.next_purchase().within(Decimal(39)) <= 1


def test_horizons_beyond_all_measure() -> None:
    """A horizon beside which all that was seen vanishes is refused, not divided by zero."""
    for ask in (CDNOW.new_customer().expected_purchases, CDNOW.new_customer().purchases):
        with pytest.raises(InvalidValue, match="too far beyond"):
            ask(Decimal("1E+20"))


def test_times_beyond_floats_are_refused() -> None:
    """A mean that no float holds is refused by name, never shown as infinite."""
    with pytest.raises(InvalidValue, match="too extreme for floats"):
        Outlook(alive=1.0, r=1.0 + 1e-12, alpha=1e300, a=1.0, b=1.0).next_purchase()


def test_customers_beyond_floats() -> None:
    """A customer of thousands of purchases who fell silent is gone, and no float overflows."""
    found = CDNOW.customer(history(5000, "1", "39000"))
    assert found.chance_alive == 0
    assert found.expected_purchases(Decimal(39)) == 0
    assert found.purchases(Decimal(39)).values == (Decimal(0),)
