"""One exchange rate, and what a search for one comes back with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal
from enum import Enum
from fractions import Fraction

import attrs

from salescore.errors import InvalidDate, InvalidRecord
from salescore.values._currency import is_currency, unknown
from salescore.values._numbers import check_decimal
from salescore.values._period import is_day

_ONE = Decimal(1)
#: A rate that was worked out of others has so many significant digits.
_DERIVING = Context(prec=16, rounding=ROUND_HALF_EVEN)


class RateKind(Enum):
    """
    What a rate stands for.

    Attributes:
        SPOT: The rate of one day.
        AVERAGE: The average over a period, which its first valid day lies in.
        BUDGET: A rate fixed for planning.
        CONTRACT: A rate agreed with a customer or a bank.
    """

    SPOT = "spot"
    AVERAGE = "average"
    BUDGET = "budget"
    CONTRACT = "contract"


@attrs.frozen(kw_only=True)
class Rate:
    """
    What one unit of a currency was worth in another, from a day on.

    A rate holds until the next one of its pair and kind. Currencies that had left ISO 4217 by that
    day are allowed, for data has them; `RateTable.findings` lists them.

    Attributes:
        base: Code of the currency of which there is one unit: EUR in EUR/USD.
        quote: Code of the currency that it is expressed in: USD in EUR/USD.
        rate: Quote units per base unit, above 0.
        valid_from: First day of the rate; of an average, a day of its period.
        kind: What the rate stands for.
        source: Who states it, such as "ECB", or `None` if nobody says.
    """

    base: str
    quote: str
    rate: Decimal
    valid_from: date
    kind: RateKind = RateKind.SPOT
    source: str | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse unknown or equal currencies, a rate that is not above 0, and what is no day."""
        for code in (self.base, self.quote):
            if not is_currency(code):
                raise unknown(code)
        if self.base == self.quote:
            fault = f"one {self.base} is worth one {self.base}; no rate says so"
            raise InvalidRecord("Rate", "quote", self.quote, fault)
        if check_decimal(self.rate) <= 0:
            fault = f"the rate of {self.pair} must be above 0"
            raise InvalidRecord("Rate", "rate", self.rate, fault)
        if not is_day(self.valid_from):
            fault = "expected a date without a time"
            raise InvalidRecord("Rate", "valid_from", self.valid_from, fault)
        if type(self.kind) is not RateKind:
            raise InvalidRecord("Rate", "kind", self.kind, "expected a RateKind")
        if self.source is not None and (type(self.source) is not str or not self.source.strip()):
            raise InvalidRecord("Rate", "source", self.source, "expected a name, or None")

    @property
    def pair(self) -> str:
        """Both currencies as dealers write them: "EUR/USD" is worth US dollars per euro."""
        return f"{self.base}/{self.quote}"

    def __str__(self) -> str:
        """Return pair, kind, day and source, such as "EUR/USD spot of 2026-01-05, ECB"."""
        source = "" if self.source is None else f", {self.source}"
        return f"{self.pair} {self.kind.value} of {self.valid_from}{source}"


@attrs.frozen
class UsedRate:
    """
    A rate that was found or worked out, and what it was made of.

    Attributes:
        rate: Reporting units per unit, above 0. Exact if it was given; worked out of others it has
            16 significant digits, so there may be more than 18 after the point.
        legs: The rates it was made of, in the order of the calculation; empty for the reporting
            currency itself and for constant rates.
        note: How it came about, such as "inverse of EUR/USD spot of 2026-01-05, ECB".
    """

    rate: Decimal
    legs: tuple[Rate, ...] = ()
    note: str = ""


class RateGap(Enum):
    """
    Why there is no rate.

    Attributes:
        MISSING: There is none for the pair or the period.
        LATE: The first begins after the day.
        STALE: The last is older than allowed.
        UNDATED: There is no day to take it on.
    """

    MISSING = "missing"
    LATE = "late"
    STALE = "stale"
    UNDATED = "undated"


def _as_reason(missing: MissingRate) -> str:
    return missing.reason


@attrs.frozen
class MissingRate:
    """
    That there is no rate, and why.

    Attributes:
        reason: Why, such as "no exchange rate from SEK to EUR".
        gap: Why, as one of a few kinds.
        general: The reason without the days of a single row, so that rows can be counted by it.
    """

    reason: str
    gap: RateGap = attrs.field(default=RateGap.MISSING, repr=False)
    general: str = attrs.field(default=attrs.Factory(_as_reason, takes_self=True), repr=False)


@attrs.frozen
class Factor:
    """
    What one unit of a currency is worth in another before any rounding.

    Attributes:
        exact: The exact value, above 0.
        legs: The rates it was made of.
        note: How it came about.
    """

    exact: Fraction
    legs: tuple[Rate, ...]
    note: str

    @classmethod
    def of(cls, rate: Rate, *, inverted: bool) -> Factor:
        """Return a rate as it stands, or turned round."""
        exact = Fraction(rate.rate)
        return (
            cls(1 / exact, (rate,), f"inverse of {rate}")
            if inverted
            else cls(exact, (rate,), str(rate))
        )

    @classmethod
    def mean(cls, rates: Sequence[Rate], key: str, *, inverted: bool) -> Factor:
        """Return the arithmetic mean of rates of one pair and period, or of their inverses."""
        exact = [Fraction(rate.rate) for rate in rates]
        total = sum((1 / one for one in exact) if inverted else exact, start=Fraction())
        first = rates[0]
        what = f"the inverses of {len(rates)}" if inverted else f"{len(rates)}"
        note = f"mean of {what} {first.pair} {first.kind.value} rates in {key}"
        return cls(total / len(rates), tuple(rates), note)

    def __mul__(self, other: Factor) -> Factor:
        """Return the way through a third currency."""
        legs = self.legs + other.legs
        return Factor(self.exact * other.exact, legs, f"{self.note} × {other.note}")

    def used(self) -> UsedRate:
        """Return the factor as a rate: the given one where it is one, else 16 digits of it."""
        if len(self.legs) == 1 and self.exact == (given := self.legs[0].rate):
            return UsedRate(given, self.legs, self.note)
        numerator, denominator = map(Decimal, self.exact.as_integer_ratio())
        return UsedRate(_DERIVING.divide(numerator, denominator), self.legs, self.note)


def own_rate(code: str) -> UsedRate:
    """Return the rate of a currency in itself."""
    return UsedRate(_ONE, (), f"{code} itself")


def no_rate(base: str, quote: str, kind: RateKind = RateKind.SPOT) -> str:
    """Return the words for a pair without any rate; a spot rate needs no word for its kind."""
    named = "" if kind is RateKind.SPOT else f"{kind.value} "
    return f"no {named}exchange rate from {base} to {quote}"


def no_day(base: str, quote: str) -> MissingRate:
    """Return what there is for a row that has no day to convert it on."""
    words = f"no date on which to take the exchange rate from {base} to {quote}"
    return MissingRate(words, RateGap.UNDATED)


def check_day(day: object) -> None:
    """Refuse what is no date, or a date with a time."""
    if not is_day(day):
        raise InvalidDate(str(day), "expected a date without a time")
