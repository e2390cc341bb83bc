"""`Facts`: the fact tables of a book under one currency, calendar and day of knowledge."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

import attrs

from salescore.book._book import SalesBook
from salescore.book._build import Builder
from salescore.book._schemas import FACT_TABLES
from salescore.book._table import FactTable
from salescore.errors import CurrencyMismatch, UnknownName
from salescore.values import Calendar, ConstantRates, Finding, Severity, day_of
from salescore.values import currency as find_currency

_ANY_INSTANT = datetime(2000, 1, 1, tzinfo=UTC)


@attrs.frozen(kw_only=True, eq=False)
class Facts:
    """
    A book seen as fact tables: priced once, as of one day, each table built when first asked for.

    A record is known from the day of its `recorded_at`, else from its earliest business date.
    A line is known with its order; a record with neither date is always known.
    What is not known does not appear, also not behind an id: the segment of a customer recorded
    later is unknown. An opportunity that closed later is open, at a stage and probability that
    nobody can tell.

    Attributes:
        book: Where the facts come from.
        rates: Exchange rates into the reporting currency.
        calendar: Calendar of periods.
        as_of: Last day whose facts are seen; `None` sees all.
        zone: Time zone in which `recorded_at` falls on a day.
    """

    book: SalesBook
    rates: ConstantRates
    calendar: Calendar
    as_of: date | None
    zone: str

    @classmethod
    def of(
        cls,
        book: SalesBook,
        *,
        currency: str | None = None,
        rates: ConstantRates | None = None,
        calendar: Calendar | None = None,
        as_of: date | None = None,
        zone: str = "UTC",
    ) -> Facts:
        """
        Return the fact tables of a book in one reporting currency.

        Args:
            book: The facts.
            currency: Reporting currency; by default that of `rates`, else the most frequent in the
                book.
            rates: Exchange rates into the reporting currency; a row without one is counted, not
                priced.
            calendar: Calendar of periods; by default years that begin in January.
            as_of: Last day whose facts are seen; `None` sees all.
            zone: Time zone in which `recorded_at` falls on a day.

        Raises:
            CurrencyMismatch: `currency` differs from that of `rates`.
            UnknownCurrency: There is no such currency.
            UnknownName: There is no such time zone.
        """
        if rates is None:
            rates = ConstantRates(find_currency(currency or book.currency).code, ())
        elif currency is not None and currency != rates.currency:
            raise CurrencyMismatch(currency, rates.currency)
        day_of(_ANY_INSTANT, zone)  # a wrong name is refused here, not when a table is first built
        return cls(book=book, rates=rates, calendar=calendar or Calendar(), as_of=as_of, zone=zone)

    @property
    def currency(self) -> str:
        """Return the reporting currency."""
        return self.rates.currency

    @cached_property
    def _tables(self) -> dict[str, FactTable]:
        return {}

    def table(self, name: str) -> FactTable:
        """
        Return a fact table.

        Args:
            name: `order_lines`, `opportunities`, `expenses`, `activities` or `customers`.

        Returns:
            The table, the same object each time.

        Raises:
            UnknownName: There is no such fact table.
        """
        if name not in self._tables:
            known = tuple(schema.name for schema in FACT_TABLES)
            if name not in known:
                raise UnknownName("fact table", name, known)
            builder = Builder(book=self.book, rates=self.rates, as_of=self.as_of, zone=self.zone)
            self._tables[name] = builder.build(name)
        return self._tables[name]

    def at(self, day: date) -> Facts:
        """Return the same facts as of an earlier day; a later day reveals nothing more."""
        if self.as_of is not None and day >= self.as_of:
            return self
        return attrs.evolve(self, as_of=day)

    def findings(self) -> tuple[Finding, ...]:
        """Return the rows that could be counted but not priced, by table and currency."""
        found: list[Finding] = []
        for schema in FACT_TABLES:
            table = self.table(schema.name)
            if not table.unpriced:
                continue
            counts = Counter(table.column("currency"))
            found.extend(
                Finding(
                    code="missing-rate",
                    severity=Severity.ERROR,
                    message=f"{counts[code]:,} {schema.name} in {code} are counted, not priced: "
                    f"there is no exchange rate from {code} to {self.currency}",
                    subject=f"{schema.name}.currency/{code}",
                    count=counts[code],
                )
                for code in sorted(table.unpriced)
            )
        return tuple(found)

    @cached_property
    def _labels(self) -> dict[str, dict[str, str]]:
        return {}

    def label(self, records: str, key: str) -> str:
        """
        Return the name of a record, or its id where the record is missing or unnamed.

        Args:
            records: Record type in snake_case plural.
            key: Id.

        Raises:
            UnknownName: There is no such record type.
        """
        if records not in self._labels:
            index: dict[str, Any] = dict(self.book.index(records))
            self._labels[records] = {
                key: record.name for key, record in index.items() if getattr(record, "name", None)
            }
        return self._labels[records].get(key, key)
