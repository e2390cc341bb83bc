"""The policies that take their rates from a table: event date, locked at close, period average."""

from __future__ import annotations

from datetime import date

import attrs

from salescore.errors import InvalidPeriod, InvalidRecord
from salescore.values._calendar import Calendar
from salescore.values._currency import currency as registered
from salescore.values._period import CalendarUnit
from salescore.values._rate import (
    MissingRate,
    RateKind,
    UsedRate,
    check_day,
    no_day,
    own_rate,
)
from salescore.values._rate_table import RateTable, check_age


@attrs.frozen
class EventDateRates:
    """
    Each row at the rate of its own date.

    Attributes:
        currency: Code of the reporting currency.
        table: The rates.
        kind: Kind of the rates.
        max_age_days: Most days that a rate may be old on the row's date; `None` for any number.
        via: Currencies that a way may lead through, as in `RateTable.find`.

    Examples:
        >>> rates = EventDateRates("EUR", RateTable())
        >>> rates.convert_rate("USD", date(2026, 1, 5), None).reason
        'no exchange rate from USD to EUR'
    """

    currency: str
    table: RateTable
    kind: RateKind = RateKind.SPOT
    max_age_days: int | None = None
    via: tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        """Refuse unknown currencies, and a limit that is no number of days."""
        _check(self)
        check_age(self.max_age_days)

    @property
    def name(self) -> str:
        """The policy's name, "event_date"."""
        return "event_date"

    def convert_rate(
        self, code: str, on: date | None, closed_on: date | None, /
    ) -> UsedRate | MissingRate:
        """
        Return the rate of the row's own date.

        Args:
            code: The row's currency.
            on: The row's date; without one there is no rate.
            closed_on: Not looked at.

        Returns:
            The rate, or why there is none.

        Raises:
            UnknownCurrency: If the code is no currency.
        """
        del closed_on
        return _on(self, code, on)

    def at(self, as_of: date, /) -> EventDateRates:
        """
        Return the policy with the rates known on a day.

        Args:
            as_of: A business date.

        Returns:
            The policy with only the rates that begin on or before the day.
        """
        return attrs.evolve(self, table=self.table.at(as_of))


@attrs.frozen
class LockedAtCloseRates:
    """
    A closed row at the rate of the day it was closed, for good; an open one at today's.

    What is won is won at a known amount, so later rates move only what is still open.

    Attributes:
        currency: Code of the reporting currency.
        table: The rates.
        as_of: The day at whose rate open rows stand; `None` for the last day of the table.
        kind: Kind of the rates.
        max_age_days: Most days that a rate may be old on the day it is used for; `None` for any
            number.
        via: Currencies that a way may lead through, as in `RateTable.find`.

    Examples:
        >>> rates = LockedAtCloseRates("EUR", RateTable(), date(2026, 1, 31))
        >>> rates.convert_rate("EUR", None, None).rate
        Decimal('1')
    """

    currency: str
    table: RateTable
    as_of: date | None = None
    kind: RateKind = RateKind.SPOT
    max_age_days: int | None = None
    via: tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        """Refuse unknown currencies, what is no day, and a limit that is no number of days."""
        _check(self)
        check_age(self.max_age_days)
        if self.as_of is not None:
            check_day(self.as_of)

    @property
    def name(self) -> str:
        """The policy's name, "locked_at_close"."""
        return "locked_at_close"

    def convert_rate(
        self, code: str, on: date | None, closed_on: date | None, /
    ) -> UsedRate | MissingRate:
        """
        Return the rate of the day of closing, or of `as_of` for an open row.

        Args:
            code: The row's currency.
            on: The row's date, which says nothing here: an open row stands at the rate of `as_of`.
            closed_on: The day it was closed; `None` for an open row.

        Returns:
            The rate, or why there is none. That of a closed row is the same for every `as_of`.

        Raises:
            UnknownCurrency: If the code is no currency.
        """
        if closed_on is not None:
            return _on(self, code, closed_on)
        day = self.table.last_day if self.as_of is None else self.as_of
        return _on(self, code, day or on)

    def at(self, as_of: date, /) -> LockedAtCloseRates:
        """
        Return the policy with the rates known on a day, at whose rate open rows then stand.

        Args:
            as_of: A business date.

        Returns:
            The policy with only the rates that begin on or before the day, and with the day as its
            `as_of` if it had none or a later one.
        """
        table = self.table.at(as_of)
        day = as_of if self.as_of is None else min(as_of, self.as_of)
        return attrs.evolve(self, table=table, as_of=day)


@attrs.frozen
class PeriodAverageRates:
    """
    Each row at the average rate of the period that its date lies in.

    Attributes:
        currency: Code of the reporting currency.
        table: The rates; the first valid day of an average lies in the period that it is of.
        calendar: The calendar of the periods.
        unit: The unit of the periods; a table with one average a month wants months.
        kind: Kind of the rates.
        by_mean: Whether, where there is not exactly one average, the mean of the averages that
            begin in the period stands in, else that of its spot rates.
        via: Currencies that a way may lead through, as in `RateTable.find`.

    Examples:
        >>> rates = PeriodAverageRates("EUR", RateTable())
        >>> rates.convert_rate("USD", date(2026, 1, 5), None).reason
        'no average exchange rate from USD to EUR in 2026-01'
    """

    currency: str
    table: RateTable
    calendar: Calendar = attrs.field(factory=Calendar)
    unit: CalendarUnit = CalendarUnit.MONTH
    kind: RateKind = RateKind.AVERAGE
    by_mean: bool = False
    via: tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        """Refuse unknown currencies."""
        _check(self)

    @property
    def name(self) -> str:
        """The policy's name, "period_average"."""
        return "period_average"

    def convert_rate(
        self, code: str, on: date | None, closed_on: date | None, /
    ) -> UsedRate | MissingRate:
        """
        Return the average of the period of the row's date.

        Args:
            code: The row's currency.
            on: The row's date; without one there is no rate.
            closed_on: Not looked at.

        Returns:
            The rate, or why there is none.

        Raises:
            UnknownCurrency: If the code is no currency.
        """
        del closed_on
        if registered(code).code == self.currency:
            return own_rate(code)
        if on is None:
            return no_day(code, self.currency)
        check_day(on)
        try:
            period = self.calendar.period(on, self.unit)
        except InvalidPeriod as error:
            return MissingRate(str(error))
        return self.table.average(
            code, self.currency, period, kind=self.kind, by_mean=self.by_mean, via=self.via
        )

    def at(self, as_of: date, /) -> PeriodAverageRates:
        """
        Return the policy with the rates known on a day.

        Args:
            as_of: A business date.

        Returns:
            The policy with only the rates that begin on or before the day.
        """
        return attrs.evolve(self, table=self.table.at(as_of))


def _on(
    policy: EventDateRates | LockedAtCloseRates, code: str, day: date | None
) -> UsedRate | MissingRate:
    """Return the rate of a day, or why there is none."""
    if registered(code).code == policy.currency:
        return own_rate(code)
    if day is None:
        return no_day(code, policy.currency)
    return policy.table.find(
        code,
        policy.currency,
        day,
        kind=policy.kind,
        max_age_days=policy.max_age_days,
        via=policy.via,
    )


def _check(policy: EventDateRates | LockedAtCloseRates | PeriodAverageRates) -> None:
    """Refuse what no policy can work with."""
    name = type(policy).__name__
    registered(policy.currency)
    if type(policy.table) is not RateTable:
        raise InvalidRecord(name, "table", policy.table, "expected a RateTable")
    if type(policy.kind) is not RateKind:
        raise InvalidRecord(name, "kind", policy.kind, "expected a RateKind")
    if type(policy.via) is not tuple:
        raise InvalidRecord(name, "via", policy.via, "expected a tuple of currency codes")
    for code in policy.via:
        registered(code)
