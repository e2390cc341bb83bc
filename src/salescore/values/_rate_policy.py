"""What every exchange-rate policy can be asked."""

from __future__ import annotations

from datetime import date
from typing import Protocol, Self

from salescore.values._rate import MissingRate, UsedRate


class RatePolicy(Protocol):
    """
    Which exchange rate a row of facts is converted at.

    Laws:
        - One unit of the reporting currency is worth exactly 1, on any day and on no day.
        - Any other code gets a rate above 0, or `MissingRate` with a reason; for a code that is a
          currency nothing is raised.
        - The same question has the same answer.
        - A rate that begins after the day a row is converted on changes nothing for the row: the
          day is the row's own, its closing or, for an open row that is not locked, `as_of`. For an
          average it is the last day of the period.
        - `at(day)` keeps currency and name, and uses only rates that begin on or before the day;
          `at(a).at(b)` equals `at(min(a, b))`.
        - Rates scale: where every rate from a currency is ten times as high, so is its answer.
    """

    @property
    def currency(self) -> str:
        """Code of the reporting currency."""
        ...

    @property
    def name(self) -> str:
        """Name of the policy, such as "event_date"."""
        ...

    def convert_rate(
        self, code: str, on: date | None, closed_on: date | None, /
    ) -> UsedRate | MissingRate:
        """
        Return what one unit of a currency is worth in the reporting currency for a row.

        Args:
            code: The row's currency.
            on: The row's own date: of the order, of the invoice, of the creation of an
                opportunity; `None` if unknown.
            closed_on: The day on which the row was closed; `None` while it is open, and for rows
                that know no closing.

        Returns:
            The rate and what it was made of, or why there is none.

        Raises:
            UnknownCurrency: If the code is no currency.
        """
        ...

    def at(self, as_of: date, /) -> Self:
        """
        Return the same policy as it was on a day.

        Args:
            as_of: A business date.

        Returns:
            The policy with only the rates that begin on or before the day.
        """
        ...
