"""No public act of a distribution heeds the decimal context of its caller."""

import decimal
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from tests.forecast.sample_deals import deals, many

from salescore.forecast import (
    Distribution,
    distribution_from_data,
    distribution_to_data,
    mixture_of,
    poisson_binomial,
    sum_of,
)
from salescore.render import Language
from salescore.values import Rounding

PART = Distribution.weighted(
    {
        Decimal("-1234.56789012"): 123_456_789,
        Decimal("98765.4321098"): 987_654_321,
        Decimal("1234567.00001"): 55_555,
    }
)
GRID = attrs.evolve(PART, step=Decimal("0.00001"), moments=(Fraction(10**6, 7), Fraction(10**9, 3)))
WIDE = sum_of(many(60, 9)).shifted(Decimal("0.123456789"))
SALES = many(40, 3)
LONG = Decimal("0.123456789")
VALUE = Decimal("98765.43210981")

ACTS: dict[str, Callable[[Distribution], object]] = {
    "of": lambda _: Distribution.of([(VALUE, LONG), (Decimal(0), Fraction(1) - Fraction(LONG))]),
    "weighted": lambda _: Distribution.weighted({VALUE: 123_456_789, LONG: 7}),
    "certain": lambda _: Distribution.certain(VALUE),
    "either": lambda _: Distribution.either(VALUE, LONG),
    "is_exact": lambda one: one.is_exact,
    "total": lambda one: one.total,
    "exact_mean": lambda one: one.exact_mean,
    "exact_variance": lambda one: one.exact_variance,
    "mean": lambda one: one.mean,
    "variance": lambda one: one.variance,
    "deviation": lambda one: one.deviation,
    "at_most": lambda one: one.at_most(VALUE),
    "at_least": lambda one: one.at_least(VALUE),
    "exactly": lambda one: one.exactly(one.values[0]),
    "quantile": lambda one: one.quantile(LONG),
    "reached_with": lambda one: one.reached_with(LONG),
    "band": lambda one: one.band(Decimal("0.987654321")),
    "rows": lambda one: one.rows([LONG, Decimal("0.987654321")]),
    "text": lambda one: one.text(digits=6),
    "svg": lambda one: one.svg(Language.ZH, title="x", digits=6),
    "_repr_html_": lambda one: one._repr_html_(),
    "__repr__": repr,
    "__hash__": hash,
    "rounded": lambda one: one.rounded(Decimal("0.12345"), Rounding.HALF_UP),
    "scaled": lambda one: one.scaled(Decimal("-1.23456789")),
    "shifted": lambda one: one.shifted(Decimal("1.23456789")),
    "sum_of": lambda one: sum_of([one, *deals()]),
    "sum_of together": lambda one: sum_of([one, *deals()], correlation=Decimal(1)),
    "sum_of correlated": lambda _: sum_of([PART, *deals()], correlation=Decimal("0.123456789")),
    "sum_of grid": lambda _: sum_of(SALES),
    "mixture_of": lambda one: mixture_of([(LONG, one), (Fraction(1) - Fraction(LONG), PART)]),
    "poisson_binomial": lambda _: poisson_binomial([LONG, Decimal("0.5")]),
    "data": lambda one: distribution_from_data(distribution_to_data(one)),
}


@pytest.mark.parametrize("one", [PART, GRID, WIDE], ids=["exact", "moments", "grid"])
@pytest.mark.parametrize("name", ACTS)
def test_five_digits_of_the_caller_change_nothing(name: str, one: Distribution) -> None:
    """Whatever is asked under a context of five digits, rounding up, is what is asked without."""
    act = ACTS[name]
    # Made anew, so that nothing is remembered from outside the context.
    again = attrs.evolve(one)
    with decimal.localcontext(decimal.Context(prec=5, rounding=decimal.ROUND_UP)):
        found = act(again)
    assert found == act(one)


@pytest.mark.parametrize("name", ACTS)
def test_nothing_is_rounded_in_the_context_of_the_caller(name: str) -> None:
    """A context that refuses any rounding is never asked to round."""
    again = attrs.evolve(WIDE)
    with decimal.localcontext(decimal.Context(prec=5, traps=[decimal.Inexact])):
        ACTS[name](again)


def test_every_public_act_is_asked() -> None:
    """No method or property is left out above."""
    public = {name for name in vars(Distribution) if not name.startswith("_")}
    fields = {field.name for field in attrs.fields(Distribution)}
    assert public - fields <= set(ACTS)
