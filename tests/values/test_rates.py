"""Single rates are what they say, and constant rates give one rate a currency."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from salescore.errors import InvalidDate, InvalidNumber, InvalidRecord, UnknownCurrency
from salescore.values import ConstantRates, MissingRate, Rate, RateKind, UsedRate

RATE = Decimal("1.08")
DAY = date(2026, 1, 5)


def rate(**changed: Any) -> Rate:  # noqa: ANN401 - any field
    """Return the euro's rate in dollars of one day, with some fields changed."""
    plain: dict[str, Any] = {"base": "EUR", "quote": "USD", "rate": RATE, "valid_from": DAY}
    return Rate(**(plain | changed))


def test_a_rate_says_what_it_is() -> None:
    """Its text names pair, kind, day and, where known, source."""
    assert str(rate()) == "EUR/USD spot of 2026-01-05"
    assert str(rate(kind=RateKind.BUDGET, source="CFO")) == "EUR/USD budget of 2026-01-05, CFO"


def test_a_rate_keeps_every_digit() -> None:
    """A rate may have all 38 digits of a decimal, and be as small as decimals are."""
    long = Decimal("12345678901234567890." + "9" * 18)
    assert rate(rate=long).rate == long
    assert rate(rate=Decimal("1E-18")).rate > 0


@pytest.mark.parametrize(
    ("changed", "error", "fault"),
    [
        ({"rate": Decimal(0)}, InvalidRecord, "the rate of EUR/USD must be above 0"),
        ({"rate": Decimal("-1.08")}, InvalidRecord, "must be above 0"),
        ({"rate": Decimal("NaN")}, InvalidNumber, "only finite numbers"),
        ({"rate": Decimal("Infinity")}, InvalidNumber, "only finite numbers"),
        ({"rate": Decimal("1" * 39)}, InvalidNumber, "more than 38 digits"),
        ({"rate": Decimal("1E-19")}, InvalidNumber, "more than 18 digits after the point"),
        ({"rate": 1.08}, InvalidNumber, "expected a Decimal"),
        ({"quote": "EUR"}, InvalidRecord, "one EUR is worth one EUR"),
        ({"base": "XYZ"}, UnknownCurrency, "no currency 'XYZ'"),
        ({"quote": "usd"}, UnknownCurrency, "did you mean 'USD'"),
        ({"valid_from": datetime(2026, 1, 5, tzinfo=UTC)}, InvalidRecord, "without a time"),
        ({"kind": "spot"}, InvalidRecord, "expected a RateKind"),
        ({"source": " "}, InvalidRecord, "expected a name, or None"),
        ({"source": 7}, InvalidRecord, "expected a name, or None"),
    ],
)
def test_refuses_rates_that_are_none(
    changed: dict[str, object], error: type[Exception], fault: str
) -> None:
    """A rate is above 0, finite, of two different known currencies, and begins on a day."""
    with pytest.raises(error, match=fault):
        rate(**changed)


def test_a_rate_may_be_of_a_currency_that_has_gone() -> None:
    """Data has such rates; they are kept, and reported by the table."""
    assert rate(quote="VEB").pair == "EUR/VEB"


def test_rate() -> None:
    """A rate is reporting units per unit: 1 for its own currency, none where missing."""
    rates = ConstantRates.of("USD", {"EUR": RATE, "CNY": Decimal("0.14"), "USD": Decimal(1)})
    assert rates.rates == (("CNY", Decimal("0.14")), ("EUR", RATE))
    assert rates.rate("EUR") == RATE
    assert rates.rate("USD") == 1
    assert rates.rate("JPY") is None
    assert rates == ConstantRates.of("USD", {"CNY": Decimal("0.14"), "EUR": RATE})


def test_constant_rates_are_a_policy() -> None:
    """They hold on every day and on none, and were always known."""
    rates = ConstantRates.of("USD", {"EUR": RATE})
    used = UsedRate(RATE, (), "EUR/USD constant")
    assert rates.convert_rate("EUR", None, None) == rates.convert_rate("EUR", DAY, DAY) == used
    assert rates.convert_rate("USD", None, None) == UsedRate(Decimal(1), (), "USD itself")
    assert rates.convert_rate("SEK", DAY, None) == MissingRate("no exchange rate from SEK to USD")
    assert rates.at(date.min) is rates
    with pytest.raises(UnknownCurrency):
        rates.convert_rate("XYZ", DAY, None)
    with pytest.raises(InvalidDate):
        rates.at("2026-01-05")  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [Decimal(0), Decimal("-1.08")])
def test_refuses_rates(value: Decimal) -> None:
    """A rate is above 0."""
    with pytest.raises(InvalidRecord, match="rate of EUR must be above 0"):
        ConstantRates.of("USD", {"EUR": value})


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
