"""`Facts`: the fact tables of a book under one currency, calendar and day of knowledge."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

import attrs

from salescore.book._book import SalesBook
from salescore.book._build import Builder
from salescore.book._known import Known, known_book
from salescore.book._schemas import FACT_TABLES
from salescore.book._table import FactTable
from salescore.errors import CurrencyMismatch, InvalidValue, UnknownName
from salescore.render import counted
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
        known: What of it was known, and which opportunities closed later.
        rates: Exchange rates into the reporting currency.
        calendar: Calendar of periods.
        as_of: Last day whose facts are seen; `None` sees all.
        zone: Time zone in which `recorded_at` falls on a day.
    """

    book: SalesBook
    known: Known
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
            currency: Reporting currency; by default that of `rates`, else the most frequent among
                what is known.
            rates: Exchange rates into the reporting currency; a row without one is counted, not
                priced.
            calendar: Calendar of periods; by default years that begin in January.
            as_of: Last day whose facts are seen; `None` sees all.
            zone: Time zone in which `recorded_at` falls on a day.

        Raises:
            CurrencyMismatch: `currency` differs from that of `rates`.
            InvalidValue: An argument of another type, such as an instant for a day.
            UnknownCurrency: There is no such currency.
            UnknownName: There is no such time zone.
        """
        _check("book", book, SalesBook)
        _check("rates", rates, ConstantRates, type(None))
        _check("calendar", calendar, Calendar, type(None))
        if isinstance(as_of, datetime):
            raise InvalidValue(
                "as_of", as_of, "it must be a day; day_of() gives that of an instant"
            )
        _check("as_of", as_of, date, type(None))
        day_of(_ANY_INSTANT, zone)  # a wrong name is refused also where nothing is recorded
        known = known_book(book, as_of, zone)
        if rates is None:
            code = known.book.currency if currency is None else currency
            rates = ConstantRates(find_currency(code).code, ())
        elif currency is not None and currency != rates.currency:
            raise CurrencyMismatch(currency, rates.currency)
        return cls(
            book=book,
            known=known,
            rates=rates,
            calendar=calendar or Calendar(),
            as_of=as_of,
            zone=zone,
        )

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
            self._tables[name] = Builder(known=self.known, rates=self.rates).build(name)
        return self._tables[name]

    def at(self, day: date) -> Facts:
        """Return the same facts as of an earlier day; a later day reveals nothing more."""
        if self.as_of is not None and day >= self.as_of:
            return self
        return Facts.of(
            self.book, rates=self.rates, calendar=self.calendar, as_of=day, zone=self.zone
        )

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
                    message=f"counted, not priced: {counted(counts[code], schema.name)} in {code}; "
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
            index: dict[str, Any] = dict(self.known.book.index(records))
            self._labels[records] = {
                key: record.name for key, record in index.items() if getattr(record, "name", None)
            }
        return self._labels[records].get(key, key)


def _check(name: str, value: object, *kinds: type) -> None:
    if not isinstance(value, kinds):
        raise InvalidValue(name, value, f"it must be a {kinds[0].__name__}")
