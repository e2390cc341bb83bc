"""A bag keeps currencies apart."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import InvalidRecord, UnknownCurrency
from salescore.values import Money, MoneyBag

MONEYS = st.lists(
    st.builds(
        Money.of,
        st.decimals(min_value=-(10**9), max_value=10**9, allow_nan=False, places=2),
        st.sampled_from(["USD", "EUR", "JPY"]),
    ),
    max_size=12,
)
EUR, USD = Money.of(2, "EUR"), Money.of("3.50", "USD")


def test_of() -> None:
    """Amounts in one currency are added, others stand beside each other by code."""
    bag = MoneyBag.of(USD, EUR, USD)
    assert bag.amounts == (EUR, Money.of(7, "USD"))
    assert bag.amount_in("USD") == Money.of(7, "USD")
    assert bag.amount_in("JPY") == Money.zero("JPY")
    assert str(bag) == "EUR 2.00, USD 7.00"


def test_empty() -> None:
    """A bag without amounts is zero."""
    assert MoneyBag().is_zero
    assert MoneyBag.of(USD, -USD) == MoneyBag()
    assert not MoneyBag.of(USD).is_zero
    assert str(MoneyBag()) == "nothing"


@given(MONEYS.flatmap(lambda moneys: st.tuples(st.just(moneys), st.permutations(moneys))))
def test_sum_ignores_order(pair: tuple[list[Money], list[Money]]) -> None:
    """A bag does not depend on the order of its amounts."""
    moneys, shuffled = pair
    assert MoneyBag.sum(moneys) == MoneyBag.sum(iter(shuffled))


@given(MONEYS, MONEYS)
def test_addition(left: list[Money], right: list[Money]) -> None:
    """Adding bags adds by currency, subtracting undoes it, and a bag less itself is empty."""
    one, two = MoneyBag.sum(left), MoneyBag.sum(right)
    assert one + two == MoneyBag.sum(left + right) == two + one
    assert (one + two) - two == one
    assert (one - one).is_zero
    negative = -one
    assert -negative == one


@pytest.mark.parametrize("amounts", [(USD, EUR), (USD, USD), (Money.zero("USD"),)])
def test_refuses(amounts: tuple[Money, ...]) -> None:
    """A bag made by hand must be sorted, without doubles and zeros."""
    with pytest.raises(InvalidRecord, match=r"MoneyBag\.amounts"):
        MoneyBag(amounts)


@pytest.mark.parametrize("other", [1, None, USD])
def test_meets_only_bags(other: Any) -> None:  # noqa: ANN401 - wrong types on purpose
    """A bag is added to bags only."""
    with pytest.raises(TypeError):
        MoneyBag() + other
    with pytest.raises(TypeError):
        MoneyBag() - other


def test_unknown_currency() -> None:
    """Asking for a currency that does not exist is an error, not zero."""
    with pytest.raises(UnknownCurrency):
        MoneyBag.of(USD).amount_in("XYZ")
