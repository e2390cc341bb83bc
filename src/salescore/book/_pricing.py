"""Pricing: amounts into the reporting currency, each row at one rate or with the reason why not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from operator import attrgetter
from types import NoneType
from typing import Any

import attrs

from salescore.values import EXACT, MissingRate, Money, RatePolicy, UsedRate

Column = list[Any]
Conversion = UsedRate | MissingRate | None

_ONE = Decimal(1)


@attrs.frozen(eq=False)
class Pricing:
    """
    The currency of every row of a fact table, and its exchange rate.

    Attributes:
        codes: Currency of each row; `None` where it states no money.
        conversions: Rate of each row, or why there is none; `None` where a row states no money.
            Empty where every row is in the reporting currency.
    """

    codes: Column
    conversions: tuple[Conversion, ...] = ()

    @classmethod
    def of(
        cls,
        moneys: Sequence[Money | None],
        rates: RatePolicy,
        on: Sequence[date | None],
        closed_on: Sequence[date | None] | None = None,
    ) -> Pricing:
        """
        Return the rates of all rows, each distinct currency and day asked for once.

        Args:
            moneys: An amount of each row, whose currency holds for all amounts of the row.
            rates: The exchange-rate policy.
            on: Day of the event behind each row.
            closed_on: Day each row was closed; `None` for facts that know no closing, whose event
                is final.
        """
        codes = _codes(moneys)
        if set(codes) <= {None, rates.currency}:
            return cls(codes)
        closed = on if closed_on is None else closed_on
        known: dict[tuple[str, date | None, date | None], UsedRate | MissingRate] = {}
        found: list[Conversion] = []
        for key in zip(codes, on, closed, strict=True):
            if key[0] is None:
                found.append(None)
                continue
            if key not in known:
                known[key] = rates.convert_rate(*key)
            found.append(known[key])
        return cls(codes, tuple(found))

    @classmethod
    def joined(cls, parts: Sequence[Pricing], rates: RatePolicy) -> Pricing:
        """Return the rates of the rows of several tables, one table behind the other."""
        codes = [code for part in parts for code in part.codes]
        if not any(part.conversions for part in parts):
            return cls(codes)
        own = rates.convert_rate(rates.currency, None, None)
        found: list[Conversion] = []
        for part in parts:
            found += part.conversions or [None if code is None else own for code in part.codes]
        return cls(codes, tuple(found))

    def price(self, moneys: Sequence[Money | None]) -> Column:
        """Return amounts in the reporting currency, null where unknown or without a rate."""
        if not self.conversions:
            if NoneType in set(map(type, moneys)):
                return [None if money is None else money.amount for money in moneys]
            return list(map(attrgetter("amount"), moneys))
        return [
            EXACT.multiply(money.amount, used.rate)
            if money is not None and isinstance(used, UsedRate)
            else None
            for money, used in zip(moneys, self.conversions, strict=True)
        ]

    def rates(self) -> Column:
        """Return the rate of each row; null where it states no money or has none."""
        if not self.conversions:
            return [None if code is None else _ONE for code in self.codes]
        return [used.rate if isinstance(used, UsedRate) else None for used in self.conversions]


def _codes(moneys: Sequence[Money | None]) -> Column:
    """Return the currency of each amount; a column without nulls needs no look at each row."""
    if NoneType in set(map(type, moneys)):
        return [None if money is None else money.currency for money in moneys]
    return list(map(attrgetter("currency"), moneys))
