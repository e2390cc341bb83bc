"""`Facts`: the fact tables of a book under one currency, calendar and day of knowledge."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

import attrs

from salescore.book._basis import RevenueBasis
from salescore.book._book import SalesBook, is_plausible
from salescore.book._book_rates import RateChoice, book_rates
from salescore.book._build import BUILDERS
from salescore.book._extended import fact_schema
from salescore.book._known import Known, known_book
from salescore.book._schemas import FACT_TABLES
from salescore.book._table import FactTable
from salescore.book._unpriced import unpriced_rows
from salescore.book._view import View
from salescore.errors import CurrencyMismatch, InvalidValue
from salescore.plain import FieldTable, Kind
from salescore.values import Calendar, CalendarRow, Finding, RatePolicy, day_of
from salescore.values import currency as find_currency

_ANY_INSTANT = datetime(2000, 1, 1, tzinfo=UTC)


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Facts:
    """
    A book seen as fact tables: priced once, as of one day, each table built when first asked for.

    A record is known from the day of its `recorded_at`, else from its earliest business date.
    A line is known with its order; a record with neither date is always known.
    What is not known does not appear, also not behind an id: the segment of a customer recorded
    later is unknown. An opportunity that closed later is open, at a stage, probability and forecast
    category that nobody can tell.

    Attributes:
        book: Where the facts come from.
        known: What of it was known, and which opportunities closed later.
        asked_rates: Exchange rates that were asked for, or which of those of the book.
        rates: Exchange rates into the reporting currency, as they were known.
        basis: What counts as sold.
        calendar: Calendar of periods.
        as_of: Last day whose facts are seen; `None` sees all.
        zone: Time zone in which an instant falls on a day where a record does not state the day
            beside it.
    """

    book: SalesBook
    known: Known
    asked_rates: RatePolicy | RateChoice
    rates: RatePolicy
    basis: RevenueBasis
    calendar: Calendar
    as_of: date | None
    zone: str

    @classmethod
    def of(
        cls,
        book: SalesBook,
        *,
        currency: str | None = None,
        rates: RatePolicy | RateChoice | None = None,
        basis: RevenueBasis | None = None,
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
            rates: Exchange rates into the reporting currency, of which those that begin after
                `as_of` are not used; or which of the rates that the book knows, by default those
                of the date of each row. A row without a rate is counted, not priced.
            basis: What counts as sold; by default what was invoiced if the book knows any line of
                an invoice, else what was ordered. A basis without facts is empty.
            calendar: Calendar of periods; by default years that begin in January.
            as_of: Last day whose facts are seen; `None` sees all.
            zone: Time zone in which an instant falls on a day where a record does not state the
                day beside it.

        Raises:
            CurrencyMismatch: `currency` differs from that of `rates`.
            InvalidValue: An argument of another type, such as an instant for a day.
            UnknownCurrency: There is no such currency.
            UnknownName: There is no such time zone.
        """
        _check("book", book, SalesBook)
        asked = RateChoice.EVENT_DATE if rates is None else rates
        if type(asked) is not RateChoice and not callable(getattr(asked, "convert_rate", None)):
            raise InvalidValue("rates", rates, "it must be a RatePolicy or a RateChoice")
        _check("basis", basis, RevenueBasis, type(None))
        _check("calendar", calendar, Calendar, type(None))
        if isinstance(as_of, datetime):
            raise InvalidValue(
                "as_of", as_of, "it must be a day; day_of() gives that of an instant"
            )
        _check("as_of", as_of, date, type(None))
        day_of(_ANY_INSTANT, zone)  # a wrong name is refused also where nothing is recorded
        known = known_book(book, as_of, zone)
        if isinstance(asked, RateChoice):
            code = find_currency(known.book.currency if currency is None else currency).code
            policy = book_rates(known.book, code, asked, calendar, as_of)
        else:
            policy = asked
            if currency is not None and currency != policy.currency:
                raise CurrencyMismatch(currency, policy.currency)
        if basis is None:
            invoiced = bool(known.book.invoice_lines)
            basis = RevenueBasis.INVOICED if invoiced else RevenueBasis.BOOKED
        return cls(
            book=book,
            known=known,
            asked_rates=asked,
            rates=policy if as_of is None else policy.at(as_of),
            basis=basis,
            calendar=calendar or Calendar(),
            as_of=as_of,
            zone=zone,
        )

    def __repr__(self) -> str:
        day = "" if self.as_of is None else f", as of {self.as_of}"
        seen = f"in {self.currency}, {self.calendar.name} calendar, {self.basis.value}{day}"
        return f"<Facts {seen}: {self.known.book!r}>"

    @property
    def currency(self) -> str:
        """Return the reporting currency."""
        return self.rates.currency

    @cached_property
    def _view(self) -> View:
        return View(
            known=self.known,
            rates=self.rates,
            basis=self.basis,
            as_of=self.as_of,
            zone=self.zone,
            table_of=self.table,
        )

    @cached_property
    def _tables(self) -> dict[str, FactTable]:
        return {}

    def table(self, name: str) -> FactTable:
        """
        Return a fact table.

        Args:
            name: One of the names in `FACT_TABLES`, such as `sales_lines` or `opportunities`.

        Returns:
            The table, the same object each time.

        Raises:
            UnknownName: There is no such fact table.
        """
        if name not in self._tables:
            fact_schema(name)
            self._tables[name] = BUILDERS[name](self._view)
        return self._tables[name]

    def schema(self, name: str) -> FieldTable:
        """
        Return the columns of a fact table, with the fields that were registered for its records.

        A registered field with the name of a column is not among them, and no money of a document
        in a table of its lines, which would sum it once per line.

        Args:
            name: One of the names in `FACT_TABLES`.

        Raises:
            UnknownName: There is no such fact table.
        """
        return self._view.schema(name)

    def at(self, day: date) -> Facts:
        """
        Return the same facts as of an earlier day; a later day reveals nothing more.

        Reporting currency and basis stay, so that two days compare; exchange rates are those asked
        for, as they were known on the day.
        """
        if self.as_of is not None and day >= self.as_of:
            return self
        return Facts.of(
            self.book,
            currency=self.currency,
            rates=self.asked_rates,
            basis=self.basis,
            calendar=self.calendar,
            as_of=day,
            zone=self.zone,
        )

    def calendar_table(self) -> tuple[CalendarRow, ...]:
        """
        Return week, month, quarter and year of every day of the facts, to be joined to dates.

        Returns:
            One row per day from the first to the last date in any fact table, dates of plans among
            them; none without dates. A date outside the years 1900 to 2199 stands for something
            else, such as "never", and has no row.
        """
        days = {
            day
            for schema in FACT_TABLES
            for field in self.schema(schema.name).fields
            if field.kind is Kind.DATE
            for day in set(self.table(schema.name).column(field.name))
            if day is not None and is_plausible(day)
        }
        return self.calendar.table(min(days), max(days)) if days else ()

    def findings(self) -> tuple[Finding, ...]:
        """Return the rows counted, but not priced, by table, currency and what their rate lacks."""
        return tuple(
            finding for schema in FACT_TABLES for finding in unpriced_rows(self.table(schema.name))
        )

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
