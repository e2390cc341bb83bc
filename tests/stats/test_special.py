"""Special functions agree with closed forms and with laws that do not share their code."""

from math import inf, lgamma, log, log1p, nan, pi, prod, sqrt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from salescore.errors import InvalidValue
from salescore.stats import gamma_step, hypergeometric

ARGUMENTS = st.sampled_from([0.0, 1e-9, 0.1, 0.5, 0.85, 0.9, 0.90001, 0.97, 0.9999, 0.9999999])
PARAMETERS = st.floats(0.05, 12)


def mean_of_gauss(one: float, other: float) -> float:
    """Return the arithmetic-geometric mean."""
    while abs(one - other) > 1e-15 * one:
        one, other = (one + other) / 2.0, sqrt(one * other)
    return one


@pytest.mark.parametrize("z", [1e-6, 0.3, 0.5, 0.89, 0.9, 0.93, 0.99, 0.9999, 1.0 - 1e-9])
def test_the_complete_elliptic_integral(z: float) -> None:
    """Abramowitz and Stegun 17.3.9: K(m) = π/2 · ₂F₁(½, ½; 1; m), K by Gauss's mean (17.6.3)."""
    expected = pi / 2.0 / mean_of_gauss(1.0, sqrt(1.0 - z))
    assert pi / 2.0 * hypergeometric(0.5, 0.5, 1.0, z) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("z", [0.1, 0.6, 0.95, 0.999])
@pytest.mark.parametrize("c", [0.3, 2.0, 59.0, 61.0, 400.0])
def test_closed_forms(z: float, c: float) -> None:
    """Abramowitz and Stegun 15.1.8 and 15.1.3: a power, and a logarithm."""
    assert hypergeometric(1.5, c, c, z) == pytest.approx((1.0 - z) ** -1.5, rel=1e-10)
    assert hypergeometric(1.0, 1.0, 2.0, z) == pytest.approx(-log1p(-z) / z, rel=1e-12)


def test_a_polynomial_ends() -> None:
    """A parameter of −2 leaves three terms."""
    assert hypergeometric(-2.0, 3.0, 4.0, 0.5) == pytest.approx(1 - 2 * 3 / 4 * 0.5 + 0.6 * 0.25)


@given(PARAMETERS, PARAMETERS, PARAMETERS, ARGUMENTS)
def test_the_transformation_of_euler(a: float, b: float, c: float, z: float) -> None:
    """Abramowitz and Stegun 15.3.3: ₂F₁(a, b; c; z) = (1 − z)^(c−a−b) ₂F₁(c−a, c−b; c; z)."""
    assume(min(c - a, c - b) > -1.0)
    power = (c - a - b) * log1p(-z)
    assume(abs(power) < 200.0)
    left, right = hypergeometric(a, b, c, z), hypergeometric(c - a, c - b, c, z)
    assume(abs(right) > 1e-3)
    assert log(abs(left)) == pytest.approx(power + log(abs(right)), rel=1e-7, abs=1e-7)


@given(PARAMETERS, PARAMETERS, PARAMETERS, ARGUMENTS)
def test_the_order_of_numerators_is_free(a: float, b: float, c: float, z: float) -> None:
    """The two numerator parameters may change places."""
    assert hypergeometric(a, b, c, z) == pytest.approx(hypergeometric(b, a, c, z), rel=1e-9)


def test_slow_and_too_large_values_are_refused() -> None:
    """What no float holds, or only a series of millions of terms would find, is refused."""
    with pytest.raises(InvalidValue, match="beyond floats"):
        hypergeometric(500.0, 500.0, 1.0, 0.99)
    with pytest.raises(InvalidValue, match="beyond floats"):
        hypergeometric(1.0, 100.0, 100.5, 0.9999999)


@pytest.mark.parametrize(
    "arguments",
    [(1.0, 1.0, 2.0, 1.0), (1.0, 1.0, 2.0, -0.5), (nan, 1.0, 2.0, 0.5), (1.0, inf, 2.0, 0.5)],
)
def test_arguments_that_have_no_value(arguments: tuple[float, float, float, float]) -> None:
    """At 1 and beyond, below 0, and for what is no number there is no value here."""
    with pytest.raises(InvalidValue, match="from 0 up to 1"):
        hypergeometric(*arguments)


@pytest.mark.parametrize("c", [0.0, -3.0])
def test_denominators_that_divide_by_zero(c: float) -> None:
    """A third parameter of 0, −1, … makes a term of 1 ÷ 0."""
    with pytest.raises(InvalidValue, match="neither 0 nor a negative whole number"):
        hypergeometric(1.0, 1.0, c, 0.5)


def test_steps_of_the_gamma_function() -> None:
    """A step of n gives the logarithm of a (a + 1) … (a + n − 1)."""
    for start in (0.3, 7.0, 999.9, 1000.1, 123456.7):
        expected = log(prod(start + one for one in range(5)))
        assert gamma_step(start, 5.0) == pytest.approx(expected, rel=1e-13)
        assert gamma_step(start, 0.0) == 0.0


def test_digits_of_a_step_from_far_out() -> None:
    """At a billion the difference of logarithms would keep eight digits; here it keeps them all."""
    assert gamma_step(1e9, 1.0) == pytest.approx(log(1e9), rel=1e-15)
    assert abs(lgamma(1e9 + 1.0) - lgamma(1e9) - log(1e9)) > 1e-9
