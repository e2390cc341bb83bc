"""Fact tables out of records: look-ups by column, prices once, only what was known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import attrs

from salescore.book._book import SalesBook
from salescore.book._schemas import ACTIVITIES, CUSTOMERS, EXPENSES, OPPORTUNITIES, ORDER_LINES
from salescore.book._table import FactTable
from salescore.entities import Activity, Customer, Expense, Opportunity, Order, StageKind
from salescore.values import EXACT, ConstantRates, Money, day_of

if TYPE_CHECKING:
    from salescore.plain import FieldTable

Column = list[Any]

_Recorded = Order | Customer | Opportunity | Activity | Expense


@attrs.frozen(kw_only=True, eq=False)
class Builder:
    """Builds the fact tables of one book; `Facts` documents the attributes."""

    book: SalesBook
    rates: ConstantRates
    as_of: date | None
    zone: str

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

    # What was known -------------------------------------------------------------------------

    def _is_known(self, record: _Recorded, *business_dates: date | None) -> bool:
        """Return whether a record was known: by `recorded_at`, else by its first business date."""
        if self.as_of is None:
            return True
        if record.recorded_at is not None:
            return day_of(record.recorded_at, self.zone) <= self.as_of
        days = [day for day in business_dates if day is not None]
        return not days or min(days) <= self.as_of

    @cached_property
    def _orders(self) -> tuple[Order, ...]:
        if self.as_of is None:
            return self.book.orders
        return tuple(order for order in self.book.orders if self._is_known(order, order.ordered_on))

    @cached_property
    def _known_customers(self) -> Mapping[str, Customer]:
        if self.as_of is None:
            return self.book.index("customers")
        known: dict[str, Customer] = {}
        for one in self.book.customers:
            if self._is_known(one, one.created_on):
                known.setdefault(one.id, one)
        return known

    # Shared columns -------------------------------------------------------------------------

    def _look_up(self, records: str, attribute: str, ids: Iterable[str | None]) -> Column:
        # Sales reps, teams and products have no date: they are always known.
        known = self._known_customers if records == "customers" else self.book.index(records)
        values: dict[str | None, Any] = {key: getattr(one, attribute) for key, one in known.items()}
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

    def _seller_columns(
        self,
        rep_ids: Sequence[str | None],
        customer_ids: Sequence[str | None],
        regions: Sequence[str | None] = (),
    ) -> dict[str, Column]:
        """Return rep, team, region: the record's own rep or the customer's; the nearest region."""
        reps = _first_known(rep_ids, self._look_up("customers", "rep_id", customer_ids))
        teams = self._look_up("sales_reps", "team_id", reps)
        region = _first_known(
            regions or [None] * len(reps),
            self._look_up("customers", "region", customer_ids),
            self._look_up("sales_reps", "region", reps),
            self._look_up("teams", "region", teams),
        )
        return {"rep_id": reps, "team_id": teams, "region": region}

    def _price(self, moneys: Sequence[Money | None]) -> Column:
        codes = {money.currency for money in moneys if money is not None}
        if codes <= {self.rates.currency}:
            return [None if money is None else money.amount for money in moneys]
        rates = {code: self.rates.rate(code) for code in codes}
        return [
            None
            if money is None or (rate := rates[money.currency]) is None
            else EXACT.multiply(money.amount, rate)
            for money in moneys
        ]

    def _table(
        self, schema: FieldTable, columns: Mapping[str, Column], moneys: Sequence[Money | None] = ()
    ) -> FactTable:
        found = dict(columns)
        unpriced: set[str] = set()
        if "currency" in schema:
            found["currency"] = [None if money is None else money.currency for money in moneys]
            unpriced = {
                code for code in set(found["currency"]) if code and self.rates.rate(code) is None
            }
        return FactTable(
            schema=schema,
            columns=tuple(found[name] for name in schema.names),
            unpriced=frozenset(unpriced),
        )

    # The tables -----------------------------------------------------------------------------

    def _order_lines(self) -> FactTable:
        lines: Sequence[Any] = self.book.order_lines
        orders = self._orders
        if len(orders) < len(self.book.orders):
            hidden = self.book.index("orders").keys() - {order.id for order in orders}
            lines = [line for line in lines if line.order_id not in hidden]
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
                _attribute(orders, "rep_id"), customer_ids, _attribute(orders, "region")
            ),
            "channel": _attribute(orders, "channel"),
            "source": _attribute(orders, "source"),
        }
        net_amounts = _attribute(lines, "net_amount")
        columns: dict[str, Column] = {
            "id": _attribute(lines, "id"),
            "order_id": order_ids,
            **{name: of_order(column) for name, column in per_order.items()},
            **self._product_columns(_attribute(lines, "product_id")),
            "quantity": _attribute(lines, "quantity"),
            "net_amount": self._price(net_amounts),
            "gross_amount": self._price(_attribute(lines, "gross_amount")),
            "discount": _attribute(lines, "discount"),
            "cost": self._price(_attribute(lines, "cost")),
        }
        return self._table(ORDER_LINES, columns, net_amounts)

    def _opportunities(self) -> FactTable:
        known = [
            one
            for one in self.book.opportunities
            if self._is_known(one, one.created_on, one.first_contact_on, one.closed_on)
        ]
        first_activity: dict[str, date] = {}
        for activity in self.book.activities:
            key = activity.opportunity_id
            if key is not None and self._is_known(activity, activity.happened_on):
                earlier = first_activity.get(key, activity.happened_on)
                first_activity[key] = min(earlier, activity.happened_on)
        as_of = self.as_of
        # What closed after the day of knowledge was still open then, at a stage nobody can tell.
        later = [
            as_of is not None and one.closed_on is not None and one.closed_on > as_of
            for one in known
        ]
        customer_ids = _attribute(known, "customer_id")
        closed = [None if hide else one.closed_on for one, hide in zip(known, later, strict=True)]
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
            "stage": [None if hide else one.stage for one, hide in zip(known, later, strict=True)],
            "kind": [
                (StageKind.OPEN if hide else one.kind).value
                for one, hide in zip(known, later, strict=True)
            ],
            "loss_reason": [
                None if hide else one.loss_reason for one, hide in zip(known, later, strict=True)
            ],
            "probability": [
                None if hide else _FIXED_PROBABILITY.get(one.kind, one.probability)
                for one, hide in zip(known, later, strict=True)
            ],
            "amount": self._price(moneys),
            "closed_on": closed,
            "first_contact_on": first,
            "cycle_days": _days_between(first, closed),
            "cycle_days_from_creation": _days_between(_attribute(known, "created_on"), closed),
        }
        return self._table(OPPORTUNITIES, columns, moneys)

    def _expenses(self) -> FactTable:
        known = [one for one in self.book.expenses if self._is_known(one, one.spent_on)]
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
        known = [one for one in self.book.activities if self._is_known(one, one.happened_on)]
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
        first: dict[str, Order] = {}
        for order in sorted(
            self._orders, key=lambda order: (order.ordered_on, order.id), reverse=True
        ):
            if order.customer_id is not None:
                first[order.customer_id] = order
        listed = self._known_customers
        # Who ordered is a customer, also where nobody wrote the customer down.
        ids = list(dict.fromkeys([*listed, *first]))
        customers = [listed.get(key) for key in ids]
        orders = [first.get(key) for key in ids]
        columns: dict[str, Column] = {
            **self._customer_columns(ids),
            **self._seller_columns(_optional(orders, "rep_id"), ids, _optional(orders, "region")),
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
