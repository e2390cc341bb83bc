"""What fact tables are made from: known facts, look-ups by column, exchange rates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache, cached_property, partial
from types import NoneType
from typing import Any

import attrs

from salescore.book._basis import RevenueBasis
from salescore.book._book import SalesBook
from salescore.book._columns import (
    Column,
    Columns,
    Source,
    attribute,
    custom_column,
    first_known,
    made,
)
from salescore.book._extended import REFERRED, extended_schema, records_of
from salescore.book._known import Known
from salescore.book._pricing import Pricing
from salescore.book._table import FactTable
from salescore.book._visit_order import SubjectVisits
from salescore.entities import DocumentKind
from salescore.plain import Field, FieldTable, Kind
from salescore.values import RatePolicy, day_of

_UNCOUNTED = (DocumentKind.DRAFT, DocumentKind.VOID)


@attrs.frozen(kw_only=True, eq=False)
class View:
    """
    The known facts of a book, as the fact tables read them.

    Attributes:
        known: What was known.
        rates: Exchange rates into the reporting currency.
        basis: What counts as sold.
        as_of: Last day whose facts are seen; `None` sees all.
        zone: Time zone in which an instant falls on a day.
        table_of: Gives a fact table of the same facts by its name.
    """

    known: Known
    rates: RatePolicy
    basis: RevenueBasis
    as_of: date | None
    zone: str
    table_of: Callable[[str], FactTable]

    @property
    def book(self) -> SalesBook:
        """Return the facts that were known."""
        return self.known.book

    def schema(self, name: str) -> FieldTable:
        """Return the schema of a fact table with the registered fields."""
        return extended_schema(name, self.book, self.basis)

    @cached_property
    def last_day(self) -> date | None:
        """Return the day up to which the facts tell, `None` where there are no dates."""
        return self.book.last_day if self.as_of is None else self.as_of

    @cached_property
    def subject_visits(self) -> SubjectVisits:
        """Return the stage visits by whose they are, in order."""
        return SubjectVisits.of(self.book.stage_visits, events=self.book.events, zone=self.zone)

    def days(self, records: Sequence[Any], day: str, instant: str) -> Column:
        """Return a date of records, or the day of the instant where they state that alone."""
        days = attribute(records, day)
        if NoneType not in set(map(type, days)):
            return days
        return [
            stated if stated is not None or at is None else day_of(at, self.zone)
            for stated, at in zip(days, attribute(records, instant), strict=True)
        ]

    # Look-ups -------------------------------------------------------------------------------

    @cached_property
    def _values(self) -> dict[tuple[str, str], dict[str | None, Any]]:
        return {}

    def look_up(self, records: str, name: str, ids: Iterable[str | None]) -> Column:
        """Return one attribute of the records that ids refer to, null where there is none."""
        if (records, name) not in self._values:
            index = self.book.index(records)
            self._values[records, name] = dict(
                zip(index, attribute(list(index.values()), name), strict=True)
            )
        return list(map(self._values[records, name].get, ids))

    def customer_columns(self, customer_ids: Sequence[str | None]) -> dict[str, Column]:
        """Return customer, segment, industry and country."""
        return {
            "customer_id": list(customer_ids),
            **{
                name: self.look_up("customers", name, customer_ids)
                for name in ("segment", "industry", "country")
            },
        }

    def product_columns(self, product_ids: Sequence[str | None]) -> dict[str, Column]:
        """Return product, family and subfamily."""
        return {
            "product_id": list(product_ids),
            "product_family": self.look_up("products", "family", product_ids),
            "product_subfamily": self.look_up("products", "subfamily", product_ids),
        }

    def reps_of(self, rep_ids: Sequence[str | None], customer_ids: Sequence[str | None]) -> Column:
        """Return the rep that a record names, or that of its customer where it names none."""
        return first_known(rep_ids, partial(self.look_up, "customers", "rep_id", customer_ids))

    def seller_columns(
        self,
        reps: Sequence[str | None],
        customer_ids: Sequence[str | None],
        regions: Sequence[str | None] | None = None,
        territories: Sequence[str | None] | None = None,
    ) -> dict[str, Column]:
        """
        Return rep, team, and the nearest region and territory.

        Args:
            reps: Sales rep of each row.
            customer_ids: Customer of each row.
            regions: Region that each row states itself; `None` where no row can.
            territories: Territory that each row states itself; `None` where no row can.
        """
        nothing: Column = [None] * len(reps)
        teams = self.look_up("sales_reps", "team_id", reps)
        region = first_known(
            nothing if regions is None else regions,
            partial(self.look_up, "customers", "region", customer_ids),
            partial(self.look_up, "sales_reps", "region", reps),
            partial(self.look_up, "teams", "region", teams),
        )
        territory = first_known(
            nothing if territories is None else territories,
            partial(self.look_up, "customers", "territory_id", customer_ids),
            partial(self.look_up, "sales_reps", "territory_id", reps),
        )
        return {"rep_id": list(reps), "team_id": teams, "region": region, "territory_id": territory}

    # Documents ------------------------------------------------------------------------------

    @cached_property
    def orders(self) -> Headers:
        """Return what the orders say, for whatever refers to them."""
        orders = self.book.orders

        @cache
        def customers() -> Column:
            return attribute(orders, "customer_id")

        @cache
        def sellers() -> dict[str, Column]:
            return self.seller_columns(
                self.reps_of(attribute(orders, "rep_id"), customers()),
                customers(),
                attribute(orders, "region"),
                attribute(orders, "territory_id"),
            )

        columns: dict[str, Source] = {
            name: partial(attribute, orders, name)
            for name in ("ordered_on", "required_on", "channel", "source")
        }
        for name in ("rep_id", "team_id", "region", "territory_id"):
            columns[name] = partial(_item, sellers, name)
        columns["customer_id"] = customers
        for name in ("segment", "industry", "country"):
            columns[name] = partial(_looked_up, self, name, customers)
        return self.headers("orders", columns)

    def headers(self, name: str, columns: Columns) -> Headers:
        """Return documents, to be read by their lines, with columns and registered fields."""
        records = self.book.records(name)
        custom = {
            field.name: partial(custom_column, records, field)
            for field in self.book.table(name).custom_fields
        }
        return Headers(ids=attribute(records, "id"), columns={**custom, **columns})

    @cached_property
    def uncounted_orders(self) -> frozenset[str]:
        """Return the ids of orders that are drafts or void."""
        return _uncounted(self.book.orders)

    @cached_property
    def uncounted_invoices(self) -> frozenset[str]:
        """Return the ids of invoices that are drafts or void."""
        return _uncounted(self.book.invoices)

    # Tables ---------------------------------------------------------------------------------

    def table(
        self,
        name: str,
        columns: Columns,
        records: Sequence[Any],
        amounts: Columns | None = None,
        on: Sequence[date | None] | None = None,
        closed_on: Sequence[date | None] | None = None,
    ) -> FactTable:
        """
        Return a fact table, priced, with the registered fields of its records.

        Args:
            name: Name of the fact table.
            columns: Columns but those of money, made now or when first read.
            records: The record behind each row; `None` where there is none.
            amounts: Columns of money; the first says the row's currency.
            on: Day of the event behind each row; `None` where no row has one.
            closed_on: Day each row was closed; `None` for facts that know no closing.
        """
        schema = self.schema(name)
        found: dict[str, Source] = dict(columns)
        moneys: dict[str, Source] = dict(amounts or {})
        registered: list[Source] = []
        for field in self.book.table(records_of(name, self.basis)[0]).custom_fields:
            shown = field.name in schema and schema.field(field.name).is_custom
            if shown and field.name not in found:
                column = partial(custom_column, records, field)
                if field.kind is Kind.MONEY:
                    moneys[field.name] = column
                    registered.append(column)
                else:
                    found[field.name] = column
        found.update(dict(self._lent(schema, found)))
        pricing = None
        if "currency" in schema:
            nothing: Column = [None] * len(records)
            stated = made(next(iter((amounts or {}).values()), nothing))
            if registered:
                stated = first_known(stated, *registered)
            pricing = Pricing.of(stated, self.rates, nothing if on is None else on, closed_on)
            found["currency"] = pricing.codes
            found["exchange_rate"] = pricing.rates
            for key, source in moneys.items():
                found[key] = partial(_priced, pricing, source)
        return FactTable(
            schema=schema, sources=tuple(found[key] for key in schema.names), pricing=pricing
        )

    def _lent(self, schema: FieldTable, found: Columns) -> Iterator[tuple[str, Source]]:
        """Yield the registered fields of what rows refer to, where no nearer record has one."""
        taken = set(found)
        for column, records in REFERRED.items():
            if column not in found:
                continue
            for field in self.book.table(records).custom_fields:
                wanted = field.name in schema and field.kind is not Kind.MONEY
                if wanted and field.name not in taken and schema.field(field.name).is_custom:
                    taken.add(field.name)
                    yield field.name, partial(self._borrowed, records, field, found[column])

    def _borrowed(self, records: str, field: Field, ids: Source) -> Column:
        index = self.book.index(records)
        values = custom_column(list(index.values()), field)
        return list(map(dict(zip(index, values, strict=True)).get, made(ids)))


@attrs.frozen(kw_only=True, eq=False)
class Headers:
    """
    Documents by column, for the lines and further documents that refer to them.

    Attributes:
        ids: Id of each document; of two with one id the first is meant.
        columns: What they say, made when first read.
    """

    ids: Column
    columns: Columns

    @cached_property
    def _places(self) -> Mapping[str | None, int]:
        return dict(zip(reversed(self.ids), range(len(self.ids) - 1, -1, -1), strict=True))

    @cached_property
    def _made(self) -> dict[str, Column]:
        return {}

    def places(self, ids: Sequence[str | None]) -> list[int]:
        """Return where the documents stand that ids refer to; -1 where there is none."""
        places = self._places
        return [places.get(key, -1) for key in ids]

    def column(self, name: str, places: Sequence[int]) -> Column:
        """Return what the documents at some places say, null at -1."""
        if name not in self._made:
            # Position -1 is the row of nulls behind the documents.
            self._made[name] = [*made(self.columns[name]), None]
        return list(map(self._made[name].__getitem__, places))


def _item(make: Callable[[], dict[str, Column]], name: str) -> Column:
    return make()[name]


def _looked_up(view: View, name: str, customers: Callable[[], Column]) -> Column:
    return view.look_up("customers", name, customers())


def _priced(pricing: Pricing, source: Source) -> Column:
    return pricing.price(made(source))


def is_counted(document: Any) -> bool:  # noqa: ANN401 - an order or an invoice
    """Return whether a document counts: it is neither a draft nor void."""
    return document.kind not in _UNCOUNTED and document.voided_on is None


def _uncounted(documents: Sequence[Any]) -> frozenset[str]:
    """Return the ids of documents that do not count; of two with one id the first decides."""
    if all(map(is_counted, documents)):
        return frozenset()
    first: dict[str, Any] = {}
    for one in documents:
        first.setdefault(one.id, one)
    return frozenset(key for key, one in first.items() if not is_counted(one))
