"""Amounts in several currencies, kept apart."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import attrs

from salescore.errors import InvalidRecord
from salescore.values._money import Money
from salescore.values._numbers import EXACT


@attrs.frozen
class MoneyBag:
    """
    A sum over currencies: at most one amount in each, none of them 0.

    Because zeros are dropped and the order is fixed, two bags are equal if and only if they hold
    the same amounts, and a bag less itself is the empty bag.

    Attributes:
        amounts: Sorted by currency code, each code once, no amount of 0.
    """

    amounts: tuple[Money, ...] = ()

    def __attrs_post_init__(self) -> None:
        """Refuse amounts that are out of order, doubled or 0."""
        codes = [money.currency for money in self.amounts]
        if codes != sorted(set(codes)) or any(money.is_zero for money in self.amounts):
            fault = "amounts must be sorted by currency, once each, none 0; use MoneyBag.of"
            raise InvalidRecord("MoneyBag", "amounts", self.amounts, fault)

    @classmethod
    def of(cls, *moneys: Money) -> MoneyBag:
        """
        Return the bag of some amounts, in any order and currencies.

        Args:
            *moneys: The amounts; those in one currency are added.

        Returns:
            The bag.

        Examples:
            >>> str(MoneyBag.of(Money.of(1, "USD"), Money.of(2, "EUR"), Money.of(3, "USD")))
            'EUR 2.00, USD 4.00'
        """
        return cls.sum(moneys)

    @classmethod
    def sum(cls, moneys: Iterable[Money]) -> MoneyBag:
        """
        Return the exact sum of many amounts by currency, reading each once.

        Args:
            moneys: The amounts, in any order and currencies.

        Returns:
            The bag; empty for no amounts.

        Raises:
            InvalidNumber: If a total needs more than 38 digits.

        Examples:
            >>> MoneyBag.sum([Money.of(1, "USD"), Money.of(-1, "USD")]).is_zero
            True
        """
        totals: dict[str, Decimal] = {}
        add = EXACT.add
        zero = Decimal(0)
        for money in moneys:
            code = money.currency
            totals[code] = add(totals.get(code, zero), money.amount)
        return cls(tuple(Money(totals[code], code) for code in sorted(totals) if totals[code]))

    @property
    def is_zero(self) -> bool:
        """Whether there is no amount in any currency."""
        return not self.amounts

    def amount_in(self, currency: str) -> Money:
        """
        Return what the bag holds in one currency.

        Args:
            currency: Currency code.

        Returns:
            The amount, 0 if the bag holds none; other currencies are not converted.

        Raises:
            UnknownCurrency: If the code is no currency.

        Examples:
            >>> str(MoneyBag.of(Money.of(2, "EUR")).amount_in("USD"))
            'USD 0.00'
        """
        for money in self.amounts:
            if money.currency == currency:
                return money
        return Money.zero(currency)

    def __add__(self, other: MoneyBag) -> MoneyBag:
        """Return the bag of both together."""
        if type(other) is not MoneyBag:
            return NotImplemented
        return MoneyBag.sum(self.amounts + other.amounts)

    def __sub__(self, other: MoneyBag) -> MoneyBag:
        """Return the bag less another."""
        if type(other) is not MoneyBag:
            return NotImplemented
        return self + -other

    def __neg__(self) -> MoneyBag:
        """Return the bag with every sign turned."""
        return MoneyBag(tuple(-money for money in self.amounts))

    def __str__(self) -> str:
        """Return the amounts in order of their codes."""
        return ", ".join(map(str, self.amounts)) or "nothing"
