"""Fact tables out of records: look-ups by column, prices once, only what was known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from operator import attrgetter
from types import NoneType
from typing import TYPE_CHECKING, Any

import attrs

from salescore.book._book import SalesBook
from salescore.book._known import Known
from salescore.book._schemas import ACTIVITIES, CUSTOMERS, EXPENSES, OPPORTUNITIES, ORDER_LINES
from salescore.book._table import FactTable
from salescore.entities import Customer, Order, StageKind
from salescore.values import EXACT, ConstantRates, Money

if TYPE_CHECKING:
    from salescore.plain import FieldTable

Column = list[Any]
Maker = Callable[[], Column]


@attrs.frozen(kw_only=True, eq=False)
class Builder:
    """Builds the fact tables of a book out of what was known of it."""

    known: Known
    rates: ConstantRates

    @property
    def book(self) -> SalesBook:
        """Return the facts that were known."""
        return self.known.book

    def build(self, name: str) -> FactTable:
        """Return one fact table."""
        build: Mapping[str, Callable[[], FactTable]] = {
            "order_lines": self._order_lines,
            "opportunities": self._opportunities,
            "expenses": self._expenses,
            "activities": self._activities,
            "customers": self._customers,
        }
        return build[name]()

    # Shared columns -------------------------------------------------------------------------

    def _look_up(self, records: str, attribute: str, ids: Iterable[str | None]) -> Column:
        index = self.book.index(records)
        values: dict[str | None, Any] = {key: getattr(one, attribute) for key, one in index.items()}
        return list(map(values.get, ids))

    def _customer_columns(self, customer_ids: Sequence[str | None]) -> dict[str, Column]:
        return {
            "customer_id": list(customer_ids),
            **{
                name: self._look_up("customers", name, customer_ids)
                for name in ("segment", "industry", "country")
            },
        }

    def _product_columns(self, product_ids: Sequence[str | None]) -> dict[str, Column]:
        return {
            "product_id": list(product_ids),
            "product_family": self._look_up("products", "family", product_ids),
            "product_subfamily": self._look_up("products", "subfamily", product_ids),
        }

    def _reps_of(self, rep_ids: Sequence[str | None], customer_ids: Sequence[str | None]) -> Column:
        """Return an order's rep, or that of its customer where the order names none."""
        return _first_known(rep_ids, self._look_up("customers", "rep_id", customer_ids))

    def _seller_columns(
        self,
        reps: Sequence[str | None],
        customer_ids: Sequence[str | None],
        regions: Sequence[str | None] = (),
    ) -> dict[str, Column]:
        """Return rep, team and the nearest region: own, customer's, rep's or team's."""
        teams = self._look_up("sales_reps", "team_id", reps)
        region = _first_known(
            regions or [None] * len(reps),
            self._look_up("customers", "region", customer_ids),
            self._look_up("sales_reps", "region", reps),
            self._look_up("teams", "region", teams),
        )
        return {"rep_id": list(reps), "team_id": teams, "region": region}

    def _price(self, moneys: Sequence[Money | None]) -> Column:
        known = [money for money in moneys if money is not None]
        if not known:
            return list(moneys)
        codes = set(map(attrgetter("currency"), known))
        if codes <= {self.rates.currency}:
            if len(known) == len(moneys):
                return list(map(attrgetter("amount"), known))
            return [None if money is None else money.amount for money in moneys]
        rates = {code: self.rates.rate(code) for code in codes}
        return [
            None
            if money is None or (rate := rates[money.currency]) is None
            else EXACT.multiply(money.amount, rate)
            for money in moneys
        ]

    def _table(
        self,
        schema: FieldTable,
        columns: Mapping[str, Column | Maker],
        moneys: Sequence[Money | None] = (),
    ) -> FactTable:
        found = dict(columns)
        codes: Column = []
        if "currency" in schema:
            codes = _codes(moneys)
            found["currency"] = codes
        return FactTable(
            schema=schema,
            sources=tuple(found[name] for name in schema.names),
            unpriced=frozenset(code for code in set(codes) if code and not self.rates.rate(code)),
        )

    # The tables -----------------------------------------------------------------------------

    def _order_lines(self) -> FactTable:
        lines, orders = self.book.order_lines, self.book.orders
        # A line whose order is missing looks up position -1: the row of nulls behind the orders.
        position: dict[str | None, int] = {
            order.id: number for number, order in reversed(list(enumerate(orders)))
        }
        order_ids = _attribute(lines, "order_id")
        positions = [position.get(key, -1) for key in order_ids]

        def of_order(column: Sequence[Any]) -> Column:
            return list(map([*column, None].__getitem__, positions))

        customer_ids = _attribute(orders, "customer_id")
        per_order: dict[str, Column] = {
            "ordered_on": _attribute(orders, "ordered_on"),
            **self._customer_columns(customer_ids),
            **self._seller_columns(
                self._reps_of(_attribute(orders, "rep_id"), customer_ids),
                customer_ids,
                _attribute(orders, "region"),
            ),
            "channel": _attribute(orders, "channel"),
            "source": _attribute(orders, "source"),
        }

        net_amounts = _attribute(lines, "net_amount")

        def priced(name: str) -> Column:
            return self._price(_attribute(lines, name))

        def of_product(name: str) -> Column:
            return self._look_up("products", name, _attribute(lines, "product_id"))

        # The largest table by far: a column is made when something first reads it.
        columns: dict[str, Column | Maker] = {
            **{
                name: partial(_attribute, lines, name)
                for name in ("id", "product_id", "quantity", "discount")
            },
            "order_id": order_ids,
            **{name: partial(of_order, column) for name, column in per_order.items()},
            "product_family": partial(of_product, "family"),
            "product_subfamily": partial(of_product, "subfamily"),
            "net_amount": partial(self._price, net_amounts),
            "gross_amount": partial(priced, "gross_amount"),
            "cost": partial(priced, "cost"),
        }
        return self._table(ORDER_LINES, columns, net_amounts)

    def _opportunities(self) -> FactTable:
        known = self.book.opportunities
        first_activity: dict[str, date] = {}
        for activity in self.book.activities:
            key = activity.opportunity_id
            if key is not None:
                earlier = first_activity.get(key, activity.happened_on)
                first_activity[key] = min(earlier, activity.happened_on)
        customer_ids = _attribute(known, "customer_id")
        closed = _attribute(known, "closed_on")
        first = [one.first_contact_on or first_activity.get(one.id) for one in known]
        moneys = _attribute(known, "amount")
        columns: dict[str, Column] = {
            **{
                name: _attribute(known, name)
                for name in ("id", "source", "competitor", "created_on", "expected_close_on")
            },
            **self._customer_columns(customer_ids),
            **self._product_columns(_attribute(known, "product_id")),
            **self._seller_columns(_attribute(known, "rep_id"), customer_ids),
            "stage": [
                None if reopened else one.stage
                for one, reopened in zip(known, self.known.reopened, strict=True)
            ],
            "kind": [one.kind.value for one in known],
            "loss_reason": _attribute(known, "loss_reason"),
            "probability": [_FIXED_PROBABILITY.get(one.kind, one.probability) for one in known],
            "amount": self._price(moneys),
            "closed_on": closed,
            "first_contact_on": first,
            "cycle_days": _days_between(first, closed),
            "cycle_days_from_creation": _days_between(_attribute(known, "created_on"), closed),
        }
        return self._table(OPPORTUNITIES, columns, moneys)

    def _expenses(self) -> FactTable:
        known = self.book.expenses
        customer_ids = _attribute(known, "customer_id")
        moneys = _attribute(known, "amount")
        columns: dict[str, Column] = {
            **{name: _attribute(known, name) for name in ("id", "spent_on", "category")},
            **self._customer_columns(customer_ids),
            **self._product_columns(_attribute(known, "product_id")),
            **self._seller_columns(
                _attribute(known, "rep_id"), customer_ids, _attribute(known, "region")
            ),
            "amount": self._price(moneys),
        }
        return self._table(EXPENSES, columns, moneys)

    def _activities(self) -> FactTable:
        known = self.book.activities
        customer_ids = _attribute(known, "customer_id")
        columns: dict[str, Column] = {
            **{
                name: _attribute(known, name)
                for name in ("id", "happened_on", "channel", "opportunity_id")
            },
            **self._customer_columns(customer_ids),
            **self._seller_columns(_attribute(known, "rep_id"), customer_ids),
        }
        return self._table(ACTIVITIES, columns)

    def _customers(self) -> FactTable:
        # An order without lines is none; where no line is on record at all, every order counts.
        sold = {line.order_id for line in self.book.order_lines}
        qualifying = [one for one in self.book.orders if not sold or one.id in sold]
        first: dict[str, Order] = {}
        for order in sorted(qualifying, key=lambda one: (one.ordered_on, one.id), reverse=True):
            if order.customer_id is not None:
                first[order.customer_id] = order
        listed: Mapping[str, Customer] = self.book.index("customers")
        # Who ordered is a customer, also where nobody wrote the customer down.
        ids = list(dict.fromkeys([*listed, *first]))
        customers = [listed.get(key) for key in ids]
        orders = [first.get(key) for key in ids]
        columns: dict[str, Column] = {
            **self._customer_columns(ids),
            **self._seller_columns(
                self._reps_of(_optional(orders, "rep_id"), ids), ids, _optional(orders, "region")
            ),
            "lifecycle": [
                None if one is None or one.lifecycle is None else one.lifecycle.value
                for one in customers
            ],
            "source": _optional(customers, "source"),
            "created_on": _optional(customers, "created_on"),
            "channel": _optional(orders, "channel"),
            "first_ordered_on": _optional(orders, "ordered_on"),
        }
        return self._table(CUSTOMERS, columns)


_FIXED_PROBABILITY = {
    StageKind.WON: Decimal(1),
    StageKind.LOST: Decimal(0),
    StageKind.VOID: Decimal(0),
}


def _attribute(records: Sequence[Any], name: str) -> Column:
    return list(map(attrgetter(name), records))


def _codes(moneys: Sequence[Money | None]) -> Column:
    """Return the currency of each amount; a column without nulls needs no look at each row."""
    if NoneType in set(map(type, moneys)):
        return [None if money is None else money.currency for money in moneys]
    return list(map(attrgetter("currency"), moneys))


def _optional(records: Sequence[Any], name: str) -> Column:
    return [None if record is None else getattr(record, name) for record in records]


def _first_known(*columns: Sequence[Any]) -> Column:
    """Return for each row the first value that is not null."""
    found = list(columns[0])
    for column in columns[1:]:
        if None not in found:
            break
        found = [
            other if value is None else value for value, other in zip(found, column, strict=True)
        ]
    return found


def _days_between(first: Sequence[date | None], last: Sequence[date | None]) -> Column:
    """Return whole days, null where a date is missing or the order is reversed."""
    return [
        None if start is None or end is None or end < start else Decimal((end - start).days)
        for start, end in zip(first, last, strict=True)
    ]
