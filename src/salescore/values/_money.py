"""Money: a decimal and its currency, exact until someone rounds it by name."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from itertools import repeat
from types import NoneType
from typing import cast, overload

import attrs

from salescore.errors import CurrencyMismatch, InexactResult, InvalidNumber, InvalidValue
from salescore.values._allocation import allocate
from salescore.values._currency import (
    CODES,
    WITHOUT_MINOR_UNIT,
    minor_units,
    unknown,
    user_digits,
)
from salescore.values._numbers import (
    EXACT,
    MAX_SCALE,
    Rounding,
    check_decimal,
    parse_decimal,
    round_to,
    scale_of,
    size_fault,
)


@attrs.frozen(weakref_slot=False)
class Money:
    """
    An amount in one currency.

    Amounts are exact and keep every digit they are given; rounding is a separate act. There is no
    truth value of its own: every `Money`, also of 0, is true, so that `if amount:` tells a missing
    amount from a present one and nothing else. Ask `is_zero` for the other question.

    Attributes:
        amount: Finite, at most 38 digits, at most 18 of them after the point, in major units.
        currency: Code of a currency: one of the registry, or the user's own, such as "X-POINTS".
    """

    amount: Decimal
    currency: str

    def __attrs_post_init__(self) -> None:
        """Refuse a wrong amount or currency."""
        check_decimal(self.amount)
        if self.currency not in CODES and user_digits(self.currency) is None:
            raise unknown(self.currency)

    @classmethod
    def of(cls, amount: str | int | Decimal, currency: str) -> Money:
        """
        Return money from a text, a whole number or a decimal.

        Args:
            amount: Major units: "12.50" is twelve dollars and fifty cents.
            currency: Currency code.

        Returns:
            The money; a negative zero becomes zero.

        Raises:
            InvalidNumber: If the amount is no admissible number, also for `bool` and `float`.
            UnknownCurrency: If the code is no currency.

        Examples:
            >>> Money.of("12.50", "USD") + Money.of(1, "USD")
            Money(amount=Decimal('13.50'), currency='USD')
        """
        if isinstance(amount, str):
            return cls(parse_decimal(amount), currency)
        if type(amount) is int:
            if abs(amount) >= _LIMIT:
                raise InvalidNumber("an int", "it has more than 38 digits")
            return cls(Decimal(amount), currency)
        value = check_decimal(amount)
        return cls(value or value.copy_abs(), currency)

    @classmethod
    def zero(cls, currency: str) -> Money:
        """
        Return no money in a currency.

        Args:
            currency: Currency code.

        Returns:
            An amount of 0.

        Raises:
            UnknownCurrency: If the code is no currency.

        Examples:
            >>> Money.zero("EUR").is_zero
            True
        """
        return cls(Decimal(0), currency)

    @property
    def is_zero(self) -> bool:
        """Whether the amount is 0."""
        return not self.amount

    def __add__(self, other: Money) -> Money:
        """Return the exact sum; `CurrencyMismatch` if the currencies differ."""
        if type(other) is not Money:
            return NotImplemented
        return Money(EXACT.add(self.amount, self._other(other)), self.currency)

    def __sub__(self, other: Money) -> Money:
        """Return the exact difference; `CurrencyMismatch` if the currencies differ."""
        if type(other) is not Money:
            return NotImplemented
        return Money(EXACT.subtract(self.amount, self._other(other)), self.currency)

    def __neg__(self) -> Money:
        """Return the same amount with the other sign."""
        return Money(EXACT.minus(self.amount), self.currency)

    def __abs__(self) -> Money:
        """Return the amount without its sign."""
        return Money(EXACT.abs(self.amount), self.currency)

    def __mul__(self, factor: Decimal | int) -> Money:
        """
        Return the exact product with a whole number or a decimal; floats and bools are refused.

        `InexactResult` if the product needs more than 18 digits after the point: round the factor
        first. `InvalidNumber` if it needs more than 38 digits.
        """
        if type(factor) is not Decimal and type(factor) is not int:
            return NotImplemented
        return Money(_product(self.amount, factor), self.currency)

    __rmul__ = __mul__

    def __lt__(self, other: Money) -> bool:
        """Return whether this is less; `CurrencyMismatch` if the currencies differ."""
        if type(other) is not Money:
            return NotImplemented
        return self.amount < self._other(other)

    def __le__(self, other: Money) -> bool:
        """Return whether this is at most the other; `CurrencyMismatch` if the currencies differ."""
        if type(other) is not Money:
            return NotImplemented
        return self.amount <= self._other(other)

    def __gt__(self, other: Money) -> bool:
        """Return whether this is more; `CurrencyMismatch` if the currencies differ."""
        if type(other) is not Money:
            return NotImplemented
        return self.amount > self._other(other)

    def __ge__(self, other: Money) -> bool:
        """Return whether this is at least the other; `CurrencyMismatch` if currencies differ."""
        if type(other) is not Money:
            return NotImplemented
        return self.amount >= self._other(other)

    def _other(self, other: Money) -> Decimal:
        """Return the other's amount if it is in this currency."""
        if other.currency != self.currency:
            raise CurrencyMismatch(self.currency, other.currency)
        return other.amount

    def rounded(self, mode: Rounding = Rounding.HALF_EVEN) -> Money:
        """
        Return the amount in whole minor units of its currency.

        Args:
            mode: What happens between two minor units.

        Returns:
            The rounded money; the same object if there was nothing to round, and for a currency
            without a minor unit: 0.37 ounces of gold are not 0 ounces.

        Examples:
            >>> str(Money.of("0.125", "USD").rounded(Rounding.HALF_UP))
            'USD 0.13'
        """
        digits = minor_units(self.currency)
        if scale_of(self.amount) <= digits or self.currency in WITHOUT_MINOR_UNIT:
            return self
        return Money.of(round_to(self.amount, digits, mode), self.currency)

    @overload
    def allocate(self, weights: Mapping[str, Decimal | int]) -> tuple[tuple[str, Money], ...]: ...

    @overload
    def allocate(self, weights: Sequence[Decimal | int]) -> tuple[Money, ...]: ...

    def allocate(
        self, weights: Mapping[str, Decimal | int] | Sequence[Decimal | int]
    ) -> tuple[tuple[str, Money], ...] | tuple[Money, ...]:
        """
        Return parts in proportion to weights that sum to this amount exactly.

        Parts are whole minor units, by largest remainder. An amount that is finer than the minor
        unit is shared in steps of its own last digit instead, so that nothing is lost: round it
        first if the parts must be payable.

        Args:
            weights: None negative, not all 0; either in order, or by key.

        Returns:
            One part per weight. For a sequence in its order, ties to the earlier part; for a
            mapping as (key, part) sorted by key, ties to the lower key, whatever the order of
            insertion.

        Raises:
            InvalidValue: If there is no weight, or one is negative, not finite, or no number.

        Examples:
            >>> [str(part) for part in Money.of(100, "USD").allocate([1, 1, 1])]
            ['USD 33.34', 'USD 33.33', 'USD 33.33']

        Source:
            As `allocate`.
        """
        if isinstance(weights, Mapping):
            keys = sorted(weights)
            return tuple(zip(keys, self._shared([weights[key] for key in keys]), strict=True))
        return self._shared(weights)

    def _shared(self, weights: Sequence[Decimal | int]) -> tuple[Money, ...]:
        """Return the parts for weights in order."""
        digits = max(minor_units(self.currency), scale_of(self.amount))
        units = int(EXACT.scaleb(self.amount, digits))
        return tuple(
            Money(EXACT.scaleb(Decimal(part), -digits), self.currency)
            for part in allocate(units, weights)
        )

    def __str__(self) -> str:
        """Return the code and the amount with its thousands marked, at least to the minor unit."""
        digits = max(minor_units(self.currency), scale_of(self.amount))
        shown = self.amount or Decimal(0)
        return f"{self.currency} {shown:,.{digits}f}"


_LIMIT = 10**38


def _product(amount: Decimal, factor: Decimal | int) -> Decimal:
    """Return an exact product, its idle zeros dropped where they alone break the limits."""
    if isinstance(factor, Decimal):
        check_decimal(factor)
    elif abs(factor) >= _LIMIT:
        raise InvalidNumber("an int", "it has more than 38 digits")
    product = EXACT.multiply(amount, factor)
    if not product:
        return Decimal(0)
    if size_fault(product):
        if scale_of(product) > MAX_SCALE:
            raise InexactResult(f"{amount} times {factor}")
        return EXACT.quantize(product, Decimal((0, (1,), -scale_of(product))))
    return product


def bulk_money(amounts: Sequence[Decimal | None], currencies: Sequence[str]) -> list[Money | None]:
    """
    Return money for whole columns at once, without looking at a single value.

    For readers of large files only: the *whole* column must have been checked before, the amounts
    by `decimals_ok` or `check_decimal`, the distinct codes by `is_currency`. What was not checked
    is not found out here. It takes less than half the time of `Money(...)` by the row.

    Args:
        amounts: Checked decimals in major units; `None` where there is no amount.
        currencies: Checked codes, one per amount; unused where the amount is `None`.

    Returns:
        One money per row, or `None` where there is no amount.

    Raises:
        InvalidValue: If the columns differ in length.

    Examples:
        >>> bulk_money([Decimal("1.50"), None], ["USD", "USD"])
        [Money(amount=Decimal('1.50'), currency='USD'), None]
    """
    if len(amounts) != len(currencies):
        fault = f"it must match the {len(amounts)} amounts"
        raise InvalidValue("the number of currencies", len(currencies), fault)
    made = list(map(Money.__new__, repeat(Money, len(amounts))))
    _fill(made, "amount", amounts)
    _fill(made, "currency", currencies)
    if NoneType not in set(map(type, amounts)):
        return cast("list[Money | None]", made)
    return [None if amount is None else money for amount, money in zip(amounts, made, strict=True)]


def _fill(made: list[Money], slot: str, column: Sequence[object]) -> None:
    """Set one slot of many fresh records; the class is frozen for everyone else."""
    write: Callable[[Money, object], None] = Money.__dict__[slot].__set__
    deque(map(write, made, column), maxlen=0)
