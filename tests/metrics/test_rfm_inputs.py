"""What RFM asks of each customer, out of facts: checked against a loop over the records."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.metrics.small_books import RATES, book_of, crowded_books, facts_of, sale, usd

from salescore.book import Facts, RevenueBasis, SalesBook
from salescore.entities import (
    Customer,
    CustomerId,
    Invoice,
    InvoiceId,
    InvoiceLine,
    InvoiceLineId,
    Order,
    OrderId,
    Return,
    ReturnId,
    ReturnLine,
    ReturnLineId,
)
from salescore.errors import InvalidValue
from salescore.metrics import MidRanks, RfmInput, figure, rfm, rfm_inputs, slices
from salescore.testing import books
from salescore.values import Money, Period

AS_OF = date(2024, 6, 30)


def people(*keys: str) -> tuple[Customer, ...]:
    """Return listed customers."""
    return tuple(Customer(id=CustomerId(key), name=key) for key in keys)


def inputs(book: SalesBook, during: Period | None = None, **options: Any) -> dict[str, RfmInput]:  # noqa: ANN401
    """Return what RFM asks, by customer."""
    facts = facts_of(book, currency="USD", **options)
    return {one.key: one for one in rfm_inputs(facts, AS_OF, during)}


def told(one: RfmInput) -> tuple[str | None, int, str | None, int]:
    """Return last purchase, orders, revenue and unpriced lines, short."""
    return (
        None if one.last_on is None else one.last_on.isoformat(),
        int(one.orders),
        None if one.revenue is None else f"{one.revenue:f}",
        one.unpriced,
    )


def test_orders_count_once_and_lines_add_up() -> None:
    """The last day, different orders, and the sum of lines; who never bought is listed, too."""
    found = inputs(
        book_of(
            [
                sale(1, "2024-01-31", "10.50", customer="c1", order="oa"),
                sale(2, "2024-01-31", "0.25", customer="c1", order="oa"),
                sale(3, "2024-03-01", "3", customer="c1"),
                sale(4, "2024-02-01", "7", customer="stranger"),
                sale(5, "2024-02-01", "8"),
            ],
            customers=people("c0", "c1"),
        )
    )
    assert {key: told(one) for key, one in found.items()} == {
        "c0": (None, 0, "0", 0),
        "c1": ("2024-03-01", 2, "13.75", 0),
        "stranger": ("2024-02-01", 1, "7", 0),
    }
    assert list(found) == ["c0", "c1", "stranger"]


def test_only_what_was_sold_by_the_day() -> None:
    """A sale of the day counts, one of the day after does not: neither in orders nor in money."""
    book = book_of(
        [
            sale(1, "2024-06-30", "1", customer="c1"),
            sale(2, "2024-07-01", "2", customer="c1"),
            sale(3, "2024-07-01", "4", customer="c2"),
        ],
        customers=people("c1", "c2"),
    )
    found = inputs(book)
    assert told(found["c1"]) == ("2024-06-30", 1, "1", 0)
    assert told(found["c2"]) == (None, 0, "0", 0)


def test_an_order_recorded_before_its_day_is_not_yet_a_purchase() -> None:
    """What is known of the future is no purchase of the past."""
    order, line = sale(1, "2024-08-01", "5", customer="c1")
    early = Order(
        id=OrderId("o1"),
        ordered_on=order.ordered_on,
        customer_id=order.customer_id,
        recorded_at=datetime(2024, 6, 1, tzinfo=UTC),
    )
    found = inputs(book_of([(early, line)], customers=people("c1")))
    assert told(found["c1"]) == (None, 0, "0", 0)


def test_who_only_appears_later_is_nobody_yet() -> None:
    """A stranger whose goods come back next month is not among the customers of today."""
    later = Return(
        id=ReturnId("r1"),
        returned_on=date(2024, 8, 1),
        customer_id=CustomerId("stranger"),
        recorded_at=datetime(2024, 6, 1, tzinfo=UTC),
    )
    line = ReturnLine(
        id=ReturnLineId("rl1"), return_id=later.id, quantity=Decimal(1), net_amount=usd("4")
    )
    book = book_of(
        [sale(1, "2024-01-10", "10", customer="c1")], returns=(later,), return_lines=(line,)
    )
    assert list(inputs(book)) == ["c1"]
    facts = facts_of(book, currency="USD")
    assert [one.key for one in rfm_inputs(facts, date(2024, 8, 1))] == ["c1", "stranger"]


def test_a_window_forgets_what_lies_before() -> None:
    """Within twelve months, a purchase of the year before is none."""
    book = book_of(
        [
            sale(1, "2023-06-30", "1", customer="old"),
            sale(2, "2023-07-01", "2", customer="new"),
            sale(3, "2023-06-30", "4", customer="new"),
        ],
    )
    year = Period.custom(date(2023, 7, 1), AS_OF)
    found = inputs(book, year)
    assert told(found["old"]) == (None, 0, "0", 0)
    assert told(found["new"]) == ("2023-07-01", 1, "2", 0)


def test_a_return_is_no_purchase() -> None:
    """Goods sent back lessen revenue, and move neither the last day nor the number of orders."""
    book = book_of(
        [sale(1, "2024-01-10", "10", customer="c1")],
        returns=(
            Return(id=ReturnId("r1"), returned_on=date(2024, 3, 1), order_id=OrderId("o1")),
            Return(
                id=ReturnId("r2"), returned_on=date(2024, 3, 1), customer_id=CustomerId("sender")
            ),
        ),
        return_lines=tuple(
            ReturnLine(
                id=ReturnLineId(f"rl{key}"),
                return_id=ReturnId(key),
                quantity=Decimal(1),
                net_amount=usd("4"),
            )
            for key in ("r1", "r2")
        ),
    )
    found = inputs(book)
    assert told(found["c1"]) == ("2024-01-10", 1, "6", 0)
    assert told(found["sender"]) == (None, 0, "-4", 0)
    scored = rfm(tuple(found.values()), AS_OF, MidRanks(parts=2))
    assert [one.code for one in scored] == ["222", "000"]


def invoiced(number: int, on: str, net: str, order: str | None = None) -> tuple[Any, Any]:
    """Return an invoice of one line; a negative one is a credit note."""
    return (
        Invoice(
            id=InvoiceId(f"i{number}"),
            issued_on=date.fromisoformat(on),
            amount=usd(net),
            customer_id=CustomerId("c1"),
            order_id=None if order is None else OrderId(order),
        ),
        InvoiceLine(
            id=InvoiceLineId(f"il{number}"),
            invoice_id=InvoiceId(f"i{number}"),
            quantity=Decimal(-1 if net.startswith("-") else 1),
            net_amount=usd(net),
        ),
    )


def test_invoices_of_one_order_are_one_purchase() -> None:
    """Where the basis is invoices, the order counts, and an invoice without one counts itself."""
    pairs = [
        invoiced(1, "2024-01-01", "10", order="o1"),
        invoiced(2, "2024-02-01", "20", order="o1"),
        invoiced(3, "2024-03-01", "40"),
        invoiced(4, "2024-04-01", "-5"),
        invoiced(5, "2024-04-01", "-1", order="o1"),
    ]
    book = SalesBook(
        invoices=tuple(one for one, _ in pairs), invoice_lines=tuple(one for _, one in pairs)
    )
    found = inputs(book, basis=RevenueBasis.INVOICED)
    assert told(found["c1"]) == ("2024-03-01", 2, "64", 0)


def test_a_price_that_is_unknown_is_not_zero() -> None:
    """Revenue is what is known of it, with the lines left out beside it; `None` if nothing is."""
    book = book_of(
        [
            sale(1, "2024-01-10", Money.of("900", "JPY"), customer="c1"),
            sale(2, "2024-01-11", Money.of("900", "JPY"), customer="c2"),
            sale(3, "2024-01-12", "5", customer="c2"),
        ]
    )
    found = inputs(book)
    assert told(found["c1"]) == ("2024-01-10", 1, None, 1)
    assert told(found["c2"]) == ("2024-01-12", 2, "5", 1)


@pytest.mark.parametrize("as_of", [None, "2024-06-30", datetime(2024, 6, 30, tzinfo=UTC)])
def test_the_day_is_required(as_of: Any) -> None:  # noqa: ANN401
    """Without a day there is no saying what had been sold."""
    with pytest.raises(InvalidValue, match="as_of is"):
        rfm_inputs(facts_of(SalesBook()), as_of)


def test_a_window_is_a_period() -> None:
    """A text is not read as a period; the fault says what makes one."""
    during: Any = "2024"
    with pytest.raises(InvalidValue, match=r"Calendar\(\).parse"):
        rfm_inputs(facts_of(SalesBook()), AS_OF, during)


WINDOWS = st.sampled_from(
    [
        None,
        Period.custom(date(2023, 9, 1), date(2024, 2, 29)),
        Period.custom(date(2024, 1, 1), AS_OF),
    ]
)
DAYS = st.sampled_from([date(2023, 10, 15), date(2024, 3, 31), date(2030, 1, 1)])


def looped(facts: Facts, as_of: date, during: Period | None) -> dict[str, RfmInput]:
    """Return the same by a loop over the sales lines, in sets and fractions of its own."""
    seen = facts.at(as_of)
    lines = seen.table("sales_lines")
    found: dict[str, list[dict[str, Any]]] = {
        key: [] for key in seen.table("customers").column("customer_id")
    }
    for number in range(len(lines)):
        row = lines.row(number)
        day = row["sold_on"]
        if day is None or day > as_of or (during is not None and day not in during):
            continue
        if row["customer_id"] is not None:
            found.setdefault(row["customer_id"], []).append(row)
    result: dict[str, RfmInput] = {}
    for key, rows in found.items():
        purchases = [
            row
            for row in rows
            if row["record"] != "return_lines"
            and not (row["quantity"] is not None and row["quantity"] < 0)
            and not (row["net_amount"] is not None and row["net_amount"] < 0)
        ]
        orders = {
            ("order", row["order_id"])
            if row["order_id"] is not None
            else ("invoice", row["invoice_id"])
            for row in purchases
        }
        known = [row["net_amount"] for row in rows if row["net_amount"] is not None]
        result[key] = RfmInput(
            key=key,
            last_on=max((row["sold_on"] for row in purchases), default=None),
            orders=Decimal(len(orders)),
            revenue=None if rows and not known else sum(known, Decimal(0)),
            unpriced=len(rows) - len(known),
        )
    return result


@settings(deadline=None)
@given(
    crowded_books() | books(),
    DAYS,
    WINDOWS,
    st.sampled_from([None, RevenueBasis.BOOKED, RevenueBasis.INVOICED]),
)
def test_a_loop_over_the_lines_finds_the_same(
    book: SalesBook, as_of: date, during: Period | None, basis: RevenueBasis | None
) -> None:
    """Declared measures and a plain loop agree on any book, and every customer can be scored."""
    facts = Facts.of(book, rates=RATES, basis=basis)
    found = rfm_inputs(facts, as_of, during)
    assert {one.key: one for one in found} == looped(facts, as_of, during)
    assert len(rfm(found, as_of, MidRanks())) == len(found)


@settings(deadline=None)
@given(crowded_books())
def test_revenue_sums_to_that_of_all_known_customers(book: SalesBook) -> None:
    """The revenue of the customers is the figure's, less what has no customer."""
    facts = Facts.of(book, rates=RATES, as_of=date(2030, 1, 1))
    total = figure("revenue", facts)
    nobody = [one.value for one in slices("revenue", facts, by="customer") if one.key is None]
    known = [one.revenue for one in rfm_inputs(facts, date(2030, 1, 1)) if one.revenue is not None]
    if total.value is not None:
        left = sum((value for value in nobody if value is not None), Decimal(0))
        assert sum(known, Decimal(0)) == total.value - left
