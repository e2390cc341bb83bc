"""What is of the wrong kind is refused in words, wherever a distribution or a sum takes it."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from salescore.errors import InvalidNumber, InvalidValue
from salescore.forecast import (
    Distribution,
    distribution_to_data,
    mixture_of,
    poisson_binomial,
    sum_of,
)
from salescore.render import Language
from salescore.values import Rounding

ONE: Any = Distribution.either(Decimal(5), Decimal("0.3"))
KIND: Any = Distribution
SUM: Any = sum_of
MIXTURE: Any = mixture_of
COUNT: Any = poisson_binomial
HALF = Decimal("0.5")


@pytest.mark.parametrize("value", ["x", 0.5, None, 1, True, Fraction(1), ONE])
def test_a_value_is_a_decimal(value: object) -> None:
    """Whatever takes a value takes a Decimal and says so."""
    acts: list[Callable[[object], object]] = [
        ONE.at_least,
        ONE.at_most,
        ONE.exactly,
        ONE.scaled,
        ONE.shifted,
        KIND.certain,
        lambda one: KIND.either(one, HALF),
        lambda one: KIND.of([(one, Decimal(1))]),
        lambda one: KIND.weighted({one: 1}),
        lambda one: ONE.rounded(one, Rounding.UP),
    ]
    for act in acts:
        with pytest.raises(InvalidNumber, match="expected a Decimal"):
            act(value)


@pytest.mark.parametrize("chance", ["x", 0.5, None, 1, True, ONE])
def test_a_chance_is_a_decimal_or_a_fraction(chance: object) -> None:
    """Whatever takes a chance, a level or a correlation says what it expected."""
    acts: list[Callable[[object], object]] = [
        ONE.quantile,
        ONE.reached_with,
        ONE.band,
        lambda one: ONE.rows([one]),
        lambda one: ONE.rows([HALF, one]),
        lambda one: KIND.either(HALF, one),
        lambda one: KIND.of([(HALF, one)]),
        lambda one: COUNT([one]),
        lambda one: MIXTURE([(one, ONE)]),
        lambda one: SUM([ONE, ONE], correlation=one),
    ]
    for act in acts:
        with pytest.raises(InvalidNumber, match="expected a Decimal"):
            act(chance)


REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "sum of decimals": (lambda: SUM([Decimal(1)]), "expected a Distribution, not a Decimal"),
    "sum of nothing": (lambda: SUM(None), "expected several distributions"),
    "sum of one": (lambda: SUM(ONE), "expected several distributions"),
    "sum of a text": (lambda: SUM("abc"), "expected several distributions"),
    "points as text": (lambda: SUM([ONE], points="many"), "256"),
    "points as a fraction": (lambda: SUM([ONE, ONE], points=300.5), "a whole number"),
    "mixture of one": (lambda: MIXTURE([ONE]), "expected a pair of a chance and a Distribution"),
    "mixture of values": (lambda: MIXTURE([(Decimal(1), Decimal(2))]), "expected a Distribution"),
    "mixture of three": (lambda: MIXTURE([(HALF, ONE, ONE)]), "expected a pair"),
    "mixture of a mapping": (lambda: MIXTURE({HALF: ONE}), "expected pairs"),
    "mixture of nothing": (lambda: MIXTURE(None), "expected several pairs"),
    "a case left out": (lambda: MIXTURE([(Decimal(0), None), (Decimal(1), ONE)]), "Distribution"),
    "one chance": (lambda: COUNT(HALF), "expected several decimals"),
    "rows of one": (lambda: ONE.rows(HALF), "expected several chances"),
    "rows of a text": (lambda: ONE.rows("0.5"), "expected several chances"),
    "language as text": (lambda: ONE.text("en"), "expected Language.EN or Language.ZH"),
    "no language": (lambda: ONE.svg(None), "expected Language.EN or Language.ZH"),
    "digits as text": (lambda: ONE.text(Language.EN, digits="2"), "from 0 to 12"),
    "title": (lambda: ONE.svg(title=5), "expected a text, not an int"),
    "mode": (lambda: ONE.rounded(HALF, "up"), "expected a Rounding"),
    "chances as a mapping": (lambda: KIND.of({HALF: HALF}), r"pairs of a value .*\.items\(\)"),
    "no chances": (lambda: KIND.of(None), "expected several pairs"),
    "three beside each other": (lambda: KIND.of([(HALF, HALF, HALF)]), "expected a pair"),
    "weights as pairs": (lambda: KIND.weighted([(HALF, 1)]), "expected a mapping"),
    "weight as text": (lambda: KIND.weighted({HALF: "x"}), "whole number or a Fraction"),
    "weight as float": (lambda: KIND.weighted({HALF: 0.5}), "whole number or a Fraction"),
    "weight as decimal": (lambda: KIND.weighted({HALF: HALF}), "whole number or a Fraction"),
    "weight as bool": (lambda: KIND.weighted({HALF: True}), "whole number or a Fraction"),
    "no values": (lambda: KIND(values=None, weights=(1,)), "expected several decimals"),
    "one weight": (lambda: KIND(values=(HALF,), weights=1), "expected several whole numbers"),
    "moments as numbers": (
        lambda: KIND(values=(HALF,), weights=(1,), step=HALF, moments=(1, 2)),
        "expected two of the type Fraction",
    ),
    "one moment": (
        lambda: KIND(values=(HALF,), weights=(1,), step=HALF, moments=Fraction(1)),
        "expected two of the type Fraction",
    ),
    "data of a value": (lambda: distribution_to_data(Decimal(1)), "expected a Distribution"),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_of_the_wrong_kind_is_refused_in_words(name: str) -> None:
    """The error says what was expected instead."""
    act, fault = REFUSED[name]
    with pytest.raises(InvalidValue, match=fault):
        act()


def test_chances_of_a_mixture_are_told_by_their_sum() -> None:
    """A mixture that leaves something out is told how much there is."""
    with pytest.raises(InvalidValue, match=r"0\.9"):
        mixture_of([(Decimal("0.9"), ONE)])


def test_moments_beyond_floating_point_are_borne() -> None:
    """Mean and variance may be larger than a float holds."""
    large = Fraction(10) ** 5_000
    found = Distribution(
        values=(HALF, Decimal(1)), weights=(1, 1), step=HALF, moments=(Fraction(1), large)
    )
    assert found.exact_variance == large
    assert found.deviation == Decimal("1E+2500")
