"""The exchange rates that a book itself holds, as a policy."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import Enum
from typing import assert_never

import attrs

from salescore.book._book import SalesBook
from salescore.entities import ExchangeRate
from salescore.errors import InvalidValue
from salescore.values import (
    Calendar,
    ConstantRates,
    EventDateRates,
    LockedAtCloseRates,
    MissingRate,
    PeriodAverageRates,
    Rate,
    RateKind,
    RatePolicy,
    RateTable,
    UsedRate,
    is_currency,
)
from salescore.values import currency as find_currency


class RateChoice(Enum):
    """
    Which of the rates that a book holds a row of facts is converted at.

    Attributes:
        EVENT_DATE: The spot rate of the row's own date.
        LOCKED_AT_CLOSE: The spot rate of the day it was closed; of the day of knowledge for what is
            open.
        PERIOD_AVERAGE: The average of the month of its date; where no single one is on record,
            the mean of the averages that begin in the month, else of its spot rates.
        CONSTANT: The last spot rate known, for every row alike.
    """

    EVENT_DATE = "event_date"
    LOCKED_AT_CLOSE = "locked_at_close"
    PERIOD_AVERAGE = "period_average"
    CONSTANT = "constant"


def book_rates(
    book: SalesBook,
    currency: str,
    choice: RateChoice = RateChoice.EVENT_DATE,
    calendar: Calendar | None = None,
    as_of: date | None = None,
    max_age_days: int | None = None,
) -> RatePolicy:
    """
    Return the rates of a book as a policy, by default each row at the spot rate of its own date.

    Where no rate leads from a currency to the reporting one, the way through a third is taken, the
    currency with the most pairs first.
    Rates that say nothing are left out, and of those that contradict each other the first counts;
    `check_book` lists both.

    Args:
        book: Facts, as they were known.
        currency: Reporting currency.
        choice: Which rate a row is converted at.
        calendar: Calendar of the months; by default the Gregorian one.
        as_of: Last day whose rates are seen; `None` sees all.
        max_age_days: Most days that a rate of a day may be old; `None` for any age. Averages and
            constant rates have no age.

    Returns:
        Constant rates without any rate for a book that holds none.

    Raises:
        InvalidValue: The most days are below 0.
        UnknownCurrency: There is no such currency.
    """
    if max_age_days is not None and max_age_days < 0:
        raise InvalidValue("max_age_days", max_age_days, "an age is 0 days or more")
    table = _table(book) if as_of is None else _table(book).at(as_of)
    if not table.rates:
        return ConstantRates(currency)
    via = _pivots(table.rates)
    match choice:
        case RateChoice.EVENT_DATE:
            return EventDateRates(currency, table, max_age_days=max_age_days, via=via)
        case RateChoice.LOCKED_AT_CLOSE:
            return LockedAtCloseRates(currency, table, max_age_days=max_age_days, via=via)
        case RateChoice.PERIOD_AVERAGE:
            return PeriodAverageRates(
                currency, table, calendar or Calendar(), by_mean=True, via=via
            )
        case RateChoice.CONSTANT:
            return _LastRates(find_currency(currency).code, table, via)
        case _:
            assert_never(choice)


def _table(book: SalesBook) -> RateTable:
    kept: dict[tuple[str, str, str, object], Rate] = {}
    for one in book.exchange_rates:
        if rate_fault(one) is None:
            rate = _rate(one)
            kept.setdefault((rate.base, rate.quote, rate.kind.value, rate.valid_from), rate)
    return RateTable.of(kept.values())


@attrs.frozen
class _LastRates:
    """The last spot rate of each currency that is known, for every row alike."""

    currency: str
    table: RateTable
    via: tuple[str, ...]

    @property
    def name(self) -> str:
        return "constant"

    def convert_rate(
        self, code: str, on: date | None, closed_on: date | None, /
    ) -> UsedRate | MissingRate:
        del on, closed_on
        return self.table.find(code, self.currency, self.table.last_day or date.max, via=self.via)

    def at(self, as_of: date, /) -> _LastRates:
        return attrs.evolve(self, table=self.table.at(as_of))


def rate_fault(one: ExchangeRate) -> str | None:
    """Return why a rate says nothing, or `None` where it does."""
    for code in (one.base, one.quote):
        if not is_currency(code):
            return f"{code!r} is no currency"
    return "both its currencies are the same" if one.base == one.quote else None


def _rate(one: ExchangeRate) -> Rate:
    source = one.source if one.source is not None and one.source.strip() else None
    return Rate(
        base=one.base,
        quote=one.quote,
        rate=one.rate,
        valid_from=one.valid_from,
        kind=one.kind or RateKind.SPOT,
        source=source,
    )


def _pivots(rates: Iterable[Rate]) -> tuple[str, ...]:
    """Return the currencies with several others to exchange for, those with most first."""
    partners: dict[str, set[str]] = {}
    for rate in rates:
        partners.setdefault(rate.base, set()).add(rate.quote)
        partners.setdefault(rate.quote, set()).add(rate.base)
    several = [code for code, others in partners.items() if len(others) > 1]
    return tuple(sorted(several, key=lambda code: (-len(partners[code]), code)))
