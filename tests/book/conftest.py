"""Short ways to write the records of a small company."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from salescore.entities import (
    Activity,
    Customer,
    Expense,
    Opportunity,
    Order,
    OrderLine,
    Product,
    SalesRep,
    StageKind,
    Team,
    record_table,
)
from salescore.plain import Kind
from salescore.values import Money


class Make:
    """Makes records from what a test cares about; the rest is filled in."""

    def money(self, amount: str, code: str = "USD") -> Money:
        """Return money."""
        return Money.of(amount, code)

    def team(self, **fields: Any) -> Team:  # noqa: ANN401 - any field
        """Return a team, T-1 unless told otherwise."""
        return Team(**{"id": "T-1", "name": "North", **fields})

    def rep(self, **fields: Any) -> SalesRep:  # noqa: ANN401 - any field
        """Return a sales rep, R-1 unless told otherwise."""
        return SalesRep(**{"id": "R-1", "name": "Anna", **fields})

    def customer(self, **fields: Any) -> Customer:  # noqa: ANN401 - any field
        """Return a customer, C-1 unless told otherwise."""
        return Customer(**{"id": "C-1", "name": "Acme", **fields})

    def product(self, **fields: Any) -> Product:  # noqa: ANN401 - any field
        """Return a product, P-1 unless told otherwise."""
        return Product(**{"id": "P-1", "name": "Saw", **fields})

    def opportunity(self, **fields: Any) -> Opportunity:  # noqa: ANN401 - any field
        """Return an opportunity, CA-1 and open unless told otherwise."""
        return Opportunity(**{"id": "CA-1", "stage": "Talks", "kind": StageKind.OPEN, **fields})

    def activity(self, **fields: Any) -> Activity:  # noqa: ANN401 - any field
        """Return an activity of 10 January 2017 unless told otherwise."""
        return Activity(**{"id": "A-1", "happened_on": date(2017, 1, 10), **fields})

    def order(self, **fields: Any) -> Order:  # noqa: ANN401 - any field
        """Return an order of 1 March 2017, O-1 unless told otherwise."""
        return Order(**{"id": "O-1", "ordered_on": date(2017, 3, 1), **fields})

    def line(self, **fields: Any) -> OrderLine:  # noqa: ANN401 - any field
        """Return a line of 10 dollars on O-1, L-1 unless told otherwise."""
        filled = {
            "id": "L-1",
            "order_id": "O-1",
            "quantity": Decimal(1),
            "net_amount": Money.of(10, "USD"),
        }
        return OrderLine(**{**filled, **fields})  # type: ignore[arg-type]

    def expense(self, **fields: Any) -> Expense:  # noqa: ANN401 - any field
        """Return an expense of 5 dollars on 1 March 2017 unless told otherwise."""
        filled = {"id": "E-1", "spent_on": date(2017, 3, 1), "amount": Money.of(5, "USD")}
        return Expense(**{**filled, **fields})  # type: ignore[arg-type]

    def of(self, table: str, key: str = "1", **fields: Any) -> Any:  # noqa: ANN401 - any record
        """Return a record of any type; what it requires is filled in, of 1 March 2017."""
        found = record_table(table)
        filled = {one.name: FILLED.get(one.kind) for one in found.fields if not one.nullable}
        for one in found.fields:
            if not one.nullable and one.choice_type is not None:
                filled[one.name] = next(iter(one.choice_type))
            if not one.nullable and one.maximum is not None:
                filled[one.name] = one.maximum
        record: Any = found.record
        return record(**{**filled, "id": key, **fields})


FILLED: dict[Kind, Any] = {
    Kind.ID: "x",
    Kind.TEXT: "text",
    Kind.DECIMAL: Decimal(1),
    Kind.MONEY: Money.of(10, "USD"),
    Kind.DATE: date(2017, 3, 1),
    Kind.INSTANT: datetime(2017, 3, 1, 12, tzinfo=UTC),
}


@pytest.fixture(scope="session")
def make() -> Make:
    """Return the maker of records."""
    return Make()
