"""Constant rates give one rate a currency."""

from decimal import Decimal

import pytest

from salescore.errors import InvalidNumber, InvalidRecord, UnknownCurrency
from salescore.values import ConstantRates

RATE = Decimal("1.08")


def test_rate() -> None:
    """A rate is reporting units per unit: 1 for its own currency, none where missing."""
    rates = ConstantRates.of("USD", {"EUR": RATE, "CNY": Decimal("0.14"), "USD": Decimal(1)})
    assert rates.rates == (("CNY", Decimal("0.14")), ("EUR", RATE))
    assert rates.rate("EUR") == RATE
    assert rates.rate("USD") == 1
    assert rates.rate("JPY") is None
    assert rates == ConstantRates.of("USD", {"CNY": Decimal("0.14"), "EUR": RATE})


@pytest.mark.parametrize("rate", [Decimal(0), Decimal("-1.08")])
def test_refuses_rates(rate: Decimal) -> None:
    """A rate is above 0."""
    with pytest.raises(InvalidRecord, match="rate of EUR must be above 0"):
        ConstantRates.of("USD", {"EUR": rate})


def test_refuses_numbers() -> None:
    """A rate is a finite decimal, and a currency is worth one of itself."""
    with pytest.raises(InvalidNumber):
        ConstantRates.of("USD", {"EUR": Decimal("NaN")})
    with pytest.raises(InvalidNumber):
        ConstantRates.of("USD", {"EUR": 1.08})  # type: ignore[dict-item]
    with pytest.raises(InvalidRecord, match="one USD is worth one USD"):
        ConstantRates.of("USD", {"USD": RATE})


def test_refuses_codes() -> None:
    """Codes are known ones, sorted, once each."""
    with pytest.raises(UnknownCurrency):
        ConstantRates.of("USD", {"XYZ": RATE})
    with pytest.raises(UnknownCurrency):
        ConstantRates.of("XYZ", {})
    for rates in (
        (("EUR", RATE), ("CNY", RATE)),
        (("EUR", RATE), ("EUR", RATE)),
        (("USD", Decimal(1)),),
    ):
        with pytest.raises(InvalidRecord, match="codes must be sorted"):
            ConstantRates("USD", rates)
