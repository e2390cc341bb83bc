"""`SalesBook`: all facts at one moment."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import cached_property
from operator import attrgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import attrs

from salescore.entities import (
    RECORD_TABLES,
    Activity,
    Customer,
    Expense,
    Opportunity,
    Order,
    OrderLine,
    Product,
    SalesRep,
    Team,
    record_table,
)
from salescore.errors import InvalidRecord
from salescore.plain import Kind, as_tuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


NO_CURRENCY = "XXX"
"""ISO 4217's code where no currency is involved: a book without any money."""


FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Years outside of which a date is taken for a slip or a sign."""


@attrs.frozen(kw_only=True)
class SalesBook:
    """
    All facts at one moment; nothing in it changes.

    Faults in the facts are no errors: `check_book` lists them, and figures count what they leave
    out.

    Attributes:
        teams: Groups of sales reps.
        sales_reps: Who sells.
        customers: Who buys or may buy.
        products: What is sold.
        opportunities: Chances to sell.
        activities: Contacts that happened.
        orders: What was ordered.
        order_lines: The products on the orders.
        expenses: Direct selling expenses.
    """

    teams: tuple[Team, ...] = attrs.field(default=(), converter=as_tuple)
    sales_reps: tuple[SalesRep, ...] = attrs.field(default=(), converter=as_tuple)
    customers: tuple[Customer, ...] = attrs.field(default=(), converter=as_tuple)
    products: tuple[Product, ...] = attrs.field(default=(), converter=as_tuple)
    opportunities: tuple[Opportunity, ...] = attrs.field(default=(), converter=as_tuple)
    activities: tuple[Activity, ...] = attrs.field(default=(), converter=as_tuple)
    orders: tuple[Order, ...] = attrs.field(default=(), converter=as_tuple)
    order_lines: tuple[OrderLine, ...] = attrs.field(default=(), converter=as_tuple)
    expenses: tuple[Expense, ...] = attrs.field(default=(), converter=as_tuple)

    def __attrs_post_init__(self) -> None:
        for table in RECORD_TABLES:
            for kind in set(map(type, getattr(self, table.name))):
                if kind is not table.record:
                    wanted = getattr(table.record, "__name__", "")
                    fault = f"it must hold {wanted} records"
                    raise InvalidRecord("SalesBook", table.name, kind.__name__, fault)

    def records(self, name: str) -> tuple[Any, ...]:
        """
        Return all records of one type.

        Args:
            name: Record type in snake_case plural.

        Raises:
            UnknownName: There is no such record type.
        """
        records: tuple[Any, ...] = getattr(self, record_table(name).name)
        return records

    @cached_property
    def _indexes(self) -> dict[str, Mapping[str, Any]]:
        return {}

    def index(self, name: str) -> Mapping[str, Any]:
        """
        Return the records of one type by id; of two with the same id, the first.

        Args:
            name: Record type in snake_case plural.

        Raises:
            UnknownName: There is no such record type.
        """
        if name not in self._indexes:
            by_id: dict[str, Any] = {}
            for record in self.records(name):
                by_id.setdefault(record.id, record)
            self._indexes[name] = MappingProxyType(by_id)
        return self._indexes[name]

    @cached_property
    def currencies(self) -> tuple[tuple[str, int], ...]:
        """Return the currencies of all money with how often each stands, most frequent first."""
        counts: Counter[str] = Counter()
        for name, field in _fields_of(Kind.MONEY):
            moneys = filter(None, map(attrgetter(field), getattr(self, name)))
            counts.update(map(attrgetter("currency"), moneys))
        return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    @cached_property
    def currency(self) -> str:
        """Return the most frequent currency of the book, `XXX` where it holds no money."""
        return self.currencies[0][0] if self.currencies else NO_CURRENCY

    @cached_property
    def last_day(self) -> date | None:
        """
        Return the last plausible business date of what has happened, `None` where there is none.

        A date outside the years 1900 to 2199 stands for something else, such as "never".
        """
        days = {
            day
            for name, field in _fields_of(Kind.DATE)
            if field != "expected_close_on"
            for record in getattr(self, name)
            if (day := getattr(record, field)) is not None and is_plausible(day)
        }
        return max(days, default=None)


def is_plausible(day: date) -> bool:
    """Return whether a date can be that of business: its year is 1900 to 2199."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def _fields_of(kind: Kind) -> Iterator[tuple[str, str]]:
    for table in RECORD_TABLES:
        for field in table.fields:
            if field.kind is kind:
                yield table.name, field.name
