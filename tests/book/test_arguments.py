"""What a book and its facts refuse to take."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from salescore.book import Facts, SalesBook
from salescore.entities import Order, OrderId, Product, ProductId
from salescore.errors import InvalidRecord, InvalidValue


@pytest.mark.parametrize(
    "orders",
    ["abc", [{"id": "O-1"}], [Product(id=ProductId("P-1"), name="Axe")], [None]],
    ids=["text", "dicts", "other records", "nothing"],
)
def test_a_book_holds_records_of_the_right_type(orders: Any) -> None:  # noqa: ANN401 - anything
    """What is no order is refused when the book is made, not when a figure is asked for."""
    with pytest.raises(InvalidRecord, match="it must hold Order records"):
        SalesBook(orders=orders)


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("as_of", "2017-11-30", "it must be a date"),
        ("as_of", datetime(2017, 11, 30, tzinfo=UTC), "it must be a day"),
        ("rates", {"EUR": Decimal(1)}, "it must be a RatePolicy"),
        ("basis", "booked", "it must be a RevenueBasis"),
        ("calendar", "gregorian", "it must be a Calendar"),
    ],
)
def test_facts_refuse_arguments_of_another_type(name: str, value: Any, fault: str) -> None:  # noqa: ANN401
    """The error names the argument and what it must be."""
    with pytest.raises(InvalidValue, match=fault) as refused:
        Facts.of(SalesBook(), **{name: value})
    assert refused.value.thing == name


def test_facts_are_of_a_book() -> None:
    """Nothing else has facts."""
    with pytest.raises(InvalidValue, match="it must be a SalesBook"):
        Facts.of(None)  # type: ignore[arg-type]


def test_the_default_currency_is_that_of_what_was_known() -> None:
    """Money recorded later does not change the currency of an earlier day."""
    from salescore.entities import Expense, ExpenseId  # noqa: PLC0415 - one test needs them
    from salescore.values import Money  # noqa: PLC0415

    spent = [
        Expense(id=ExpenseId(code), spent_on=day, amount=Money.of(1, currency))
        for code, day, currency in [
            ("1", date(2017, 1, 1), "EUR"),
            ("2", date(2018, 1, 1), "USD"),
            ("3", date(2018, 1, 2), "USD"),
        ]
    ]
    book = SalesBook(expenses=spent)
    assert Facts.of(book).currency == "USD"
    assert Facts.of(book, as_of=date(2017, 12, 31)).currency == "EUR"


def test_a_name_given_later_is_not_told_earlier() -> None:
    """The label of a customer recorded later is the bare id."""
    from salescore.entities import Customer, CustomerId  # noqa: PLC0415 - one test needs them

    customer = Customer(id=CustomerId("C-1"), name="Acme", created_on=date(2018, 1, 1))
    order = Order(id=OrderId("O-1"), ordered_on=date(2017, 1, 1), customer_id=CustomerId("C-1"))
    book = SalesBook(customers=[customer], orders=[order])
    assert Facts.of(book).label("customers", "C-1") == "Acme"
    assert Facts.of(book, as_of=date(2017, 12, 31)).label("customers", "C-1") == "C-1"
