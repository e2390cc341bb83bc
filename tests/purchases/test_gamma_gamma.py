"""Gamma-Gamma: fits obey the laws of a likelihood, expectations lie where they must."""

from decimal import Decimal
from math import lgamma, log

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.purchases.customers import histories, history

from salescore.errors import InvalidValue
from salescore.purchases import Fit, GammaGamma, PurchaseHistory, fit_gamma_gamma

CDNOW = GammaGamma(p=Decimal("6.25"), q=Decimal("3.74"), gamma=Decimal("15.44"))
SPENT = histories(
    *[
        (1 + number % 5, "30", "39", value)
        for number, value in enumerate(
            ["12", "45.5", "8", "33", "20", "150", "18.75", "61", "25", "9.99", "30", "72", "14"]
            * 5
        )
    ],
    (0, "0", "39"),
)


def parameters(fit: Fit[GammaGamma]) -> list[float]:
    """Return p, q and γ."""
    return [float(one) for one in (fit.model.p, fit.model.q, fit.model.gamma)]


def density(model: GammaGamma, x: int, z: float) -> float:
    """Return the log-density as equation (1a) of 2013 states it."""
    p, q, gamma = (float(one) for one in (model.p, model.q, model.gamma))
    height = lgamma(p * x + q) - lgamma(p * x) - lgamma(q)
    return (
        height
        + q * log(gamma)
        + (p * x - 1.0) * log(z)
        + p * x * log(x)
        - (p * x + q) * log(gamma + x * z)
    )


def test_the_likelihood_is_the_published_one() -> None:
    """Fader and Hardie (2013), equation (1a), customer by customer."""
    expected = sum(density(CDNOW, one.repeats, float(one.mean_value or 0)) for one in SPENT[:-1])
    assert float(CDNOW.log_likelihood(SPENT)) == pytest.approx(expected)


def test_no_parameters_nearby_are_likelier() -> None:
    """At the fitted parameters the likelihood falls in every direction."""
    fit = fit_gamma_gamma(SPENT)
    assert fit.is_converged
    assert fit.model.log_likelihood(SPENT) == pytest.approx(fit.log_likelihood, rel=Decimal("1E-9"))
    for name in ("p", "q", "gamma"):
        for factor in (Decimal("0.97"), Decimal("1.03")):
            moved = attrs.evolve(fit.model, **{name: getattr(fit.model, name) * factor})
            assert moved.log_likelihood(SPENT) < fit.log_likelihood


def test_values_in_cents_scale_gamma_alone() -> None:
    """A currency scaled by 100 scales γ and the mean, and no shape."""
    fit = fit_gamma_gamma(SPENT)
    cents = [
        attrs.evolve(one, mean_value=None if one.mean_value is None else one.mean_value * 100)
        for one in SPENT
    ]
    other = fit_gamma_gamma(cents)
    p, q, gamma = parameters(fit)
    assert parameters(other) == pytest.approx([p, q, 100.0 * gamma], rel=1e-5)
    assert float(other.model.population_mean or 0) == pytest.approx(
        100.0 * float(fit.model.population_mean or 0), rel=1e-5
    )


def test_the_order_of_customers_is_free() -> None:
    """Order and names change no digit."""
    turned = [attrs.evolve(one, key=f"x{one.key}") for one in reversed(SPENT)]
    assert fit_gamma_gamma(turned) == fit_gamma_gamma(SPENT)


@given(st.integers(1, 200), st.decimals(Decimal("0.01"), 10_000, places=2))
def test_expectations_lie_between_a_customers_mean_and_that_of_all(x: int, z: Decimal) -> None:
    """One's own mean counts the more, the more often one bought."""
    of_all = CDNOW.population_mean
    assert of_all is not None
    assume(abs(z - of_all) > Decimal("0.01"))
    found = CDNOW.expected_value(history(x, "30", "39", str(z)))
    more = CDNOW.expected_value(history(x + 1, "30", "39", str(z)))
    assert found is not None
    assert more is not None
    assert min(z, of_all) < found < max(z, of_all)
    assert abs(more - z) < abs(found - z)


def test_who_never_bought_again_is_taken_at_the_mean_of_all() -> None:
    """Nothing is known of such a customer's value."""
    assert CDNOW.expected_value(history(0, "0", "39")) == CDNOW.population_mean
    assert CDNOW.population_mean == pytest.approx(Decimal("96.5") / Decimal("2.74"))


def test_means_that_do_not_exist() -> None:
    """With q of 1 or less nobody unknown has a mean; a known customer may have one."""
    heavy = attrs.evolve(CDNOW, q=Decimal("0.9"))
    assert heavy.population_mean is None
    assert heavy.expected_value(history(0, "0", "39")) is None
    assert heavy.expected_value(history(1, "30", "39", "10")) is not None
    odd = GammaGamma(p=Decimal("0.1"), q=Decimal("0.5"), gamma=Decimal(1))
    assert odd.expected_value(history(1, "30", "39", "10")) is None


@pytest.mark.parametrize("value", [None, "0", "-3"])
def test_unknown_and_unusable_values(value: str | None) -> None:
    """A mean value that is unknown, nothing or less tells nothing, and is not guessed."""
    assert CDNOW.expected_value(history(2, "30", "39", value)) is None
    fit = fit_gamma_gamma([*SPENT, history(2, "30", "39", value, key="odd")])
    assert fit.customers == len(SPENT) - 1
    assert any(english.startswith("1 customers who bought again") for english, _ in fit.notes)


def test_constant_values_are_fitted_with_a_note() -> None:
    """If all spend the same, shapes run away, and everybody is still expected at that value."""
    fit = fit_gamma_gamma(histories(*[(2, "30", "39", "25")] * 60))
    assert any("ran to a bound" in english for english, _ in fit.notes)
    found = fit.model.expected_value(history(3, "30", "39", "25"))
    assert found == pytest.approx(Decimal(25), rel=Decimal("0.02"))


def test_number_and_value_that_go_together_are_noted() -> None:
    """The model takes them as independent, so a correlation is told with its size."""
    rows = histories(*[(n, "30", "39", str(10 * n + n * n % 7)) for n in range(1, 9)] * 8)
    assert any("correlate by 1.00" in english for english, _ in fit_gamma_gamma(rows).notes)


def test_a_heavy_tail_is_noted() -> None:
    """Where a few spend thousands of times as much there is no common mean, which is told."""
    shares = [(n + 0.5) / 80.0 for n in range(80)]
    rows = histories(*[(9, "30", "39", f"{one ** (-1.0 / 0.4):.6f}") for one in shares])
    fit = fit_gamma_gamma(rows)
    assert fit.model.population_mean is None
    assert any("no mean value" in english for english, _ in fit.notes)


@pytest.mark.parametrize(
    "rows",
    [
        [],
        histories((2, "30", "39", "25")),
        histories((2, "30", "39"), (0, "0", "39"), (2, "30", "39", "5")),
        histories((2, "30", "39", "0"), (2, "30", "39", "0")),
    ],
)
def test_what_cannot_be_fitted(rows: list[PurchaseHistory]) -> None:
    """One customer, unknown values and values of nothing teach no model."""
    with pytest.raises(InvalidValue, match="two or more"):
        fit_gamma_gamma(rows)


@pytest.mark.parametrize("name", ["p", "q", "gamma"])
def test_parameters_that_are_none(name: str) -> None:
    """Parameters lie above 0."""
    with pytest.raises(InvalidValue, match=name):
        attrs.evolve(CDNOW, **{name: Decimal(0)})
