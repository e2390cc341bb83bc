"""Constant rates: what each currency is worth in the reporting currency, on every day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import attrs

from salescore.errors import InvalidRecord
from salescore.values._currency import currency as registered
from salescore.values._numbers import check_decimal
from salescore.values._rate import MissingRate, UsedRate, check_day, no_rate, own_rate

_ONE = Decimal(1)


@attrs.frozen
class ConstantRates:
    """
    What one unit of each currency is worth in the reporting currency, the same on every day.

    Attributes:
        currency: Code of the reporting currency.
        rates: Code and rate, sorted by code, each code once, without the reporting currency; a
            rate is reporting units per unit, above 0.
    """

    currency: str
    rates: tuple[tuple[str, Decimal], ...] = ()

    def __attrs_post_init__(self) -> None:
        """Refuse codes that are unknown or out of order, and rates that are not above 0."""
        registered(self.currency)
        codes = [code for code, _ in self.rates]
        if codes != sorted(set(codes)) or self.currency in codes:
            fault = "codes must be sorted, once each, without the reporting currency; use of()"
            raise InvalidRecord("ConstantRates", "rates", self.rates, fault)
        for code, rate in self.rates:
            registered(code)
            if check_decimal(rate) <= 0:
                fault = f"the rate of {code} must be above 0"
                raise InvalidRecord("ConstantRates", "rates", rate, fault)

    @classmethod
    def of(cls, currency: str, rates: Mapping[str, Decimal]) -> ConstantRates:
        """
        Return rates from a mapping.

        Args:
            currency: Code of the reporting currency.
            rates: Reporting units per unit of each currency, above 0; the reporting currency
                itself may be given as exactly 1.

        Returns:
            The rates.

        Raises:
            InvalidRecord: If a rate is not above 0, or that of the reporting currency is not 1.
            InvalidNumber: If a rate is no admissible decimal.
            UnknownCurrency: If a code is not in the registry.

        Examples:
            >>> ConstantRates.of("USD", {"EUR": Decimal("1.08")}).rate("EUR")
            Decimal('1.08')
        """
        own = rates.get(currency, _ONE)
        if check_decimal(own) != _ONE:
            fault = f"one {currency} is worth one {currency}"
            raise InvalidRecord("ConstantRates", "rates", own, fault)
        others = sorted(code for code in rates if code != currency)
        return cls(currency, tuple((code, rates[code]) for code in others))

    def rate(self, currency: str) -> Decimal | None:
        """
        Return what one unit of a currency is worth in the reporting currency.

        Args:
            currency: Currency code.

        Returns:
            Reporting units per unit, above 0; 1 for the reporting currency; `None` if the rate is
            missing.

        Examples:
            >>> ConstantRates.of("USD", {}).rate("EUR") is None
            True
        """
        if currency == self.currency:
            return _ONE
        for code, rate in self.rates:
            if code == currency:
                return rate
        return None

    @property
    def name(self) -> str:
        """The policy's name, "constant"."""
        return "constant"

    def convert_rate(
        self, code: str, on: date | None, closed_on: date | None, /
    ) -> UsedRate | MissingRate:
        """
        Return the rate of a currency, which no date changes.

        Args:
            code: The row's currency.
            on: Not looked at.
            closed_on: Not looked at.

        Returns:
            The rate, or why there is none.

        Raises:
            UnknownCurrency: If the code is no currency.

        Examples:
            >>> ConstantRates("USD").convert_rate("EUR", None, None)
            MissingRate(reason='no exchange rate from EUR to USD')
        """
        del on, closed_on
        rate = self.rate(registered(code).code)
        if rate is None:
            return MissingRate(no_rate(code, self.currency))
        if code == self.currency:
            return own_rate(code)
        return UsedRate(rate, (), f"{code}/{self.currency} constant")

    def at(self, as_of: date, /) -> ConstantRates:
        """
        Return the same rates: they are assumed, not known from a day on.

        Args:
            as_of: A business date.

        Returns:
            The policy itself.
        """
        check_day(as_of)
        return self
