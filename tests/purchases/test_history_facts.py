"""Histories and baskets out of fact tables agree with a loop over their rows."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from tests.metrics.small_books import book_of, crowded_books, facts_of, sale, usd

from salescore.book import Facts, SalesBook
from salescore.entities import (
    CustomerId,
    Invoice,
    InvoiceId,
    InvoiceLine,
    InvoiceLineId,
    OrderId,
    ProductId,
)
from salescore.metrics import IS_PURCHASE, Exclusion
from salescore.purchases import (
    Basket,
    Purchase,
    baskets_of,
    purchase_histories,
    purchase_histories_of,
    purchase_reductions,
)
from salescore.rules import evaluate, fields_of

AS_OF = date(2024, 6, 30)

SALES = [
    sale(1, "2024-01-01", "100", customer="ann", product="tea"),
    sale(2, "2024-02-05", "30", customer="ann", product="tea", order="o2"),
    sale(3, "2024-02-05", "10", customer="ann", product="cup", order="o2"),
    sale(4, "2024-02-05", "5", customer="ann", product="pot"),
    sale(5, "2024-06-30", "15", customer="ann", product="tea"),
    sale(6, "2024-07-01", "15", customer="ann", product="tea"),
    sale(7, "2024-05-31", "8", customer="bob", product="cup"),
    sale(8, "2024-05-31", "9", product="cup"),
]


def facts() -> Facts:
    """Return the facts of a small book."""
    return facts_of(book_of(SALES), currency="USD")


def purchases(found: Facts) -> list[dict[str, Any]]:
    """Return the rows of the sales lines that are a purchase."""
    table = found.table("sales_lines")
    names = {"customer_id", "sold_on", "net_amount", "order_id", "invoice_id", "product_id"}
    columns = {name: table.column(name) for name in names | set(fields_of(IS_PURCHASE.tree))}
    rows = [{name: column[row] for name, column in columns.items()} for row in range(len(table))]
    return [row for row in rows if evaluate(IS_PURCHASE, row) is True]


def test_histories_of_a_small_book() -> None:
    """Two orders of a day are one purchase, and what is sold after the day is not known yet."""
    found = purchase_histories_of(facts(), AS_OF)
    ann, bob = found.histories
    assert (ann.key, ann.repeats, bob.repeats) == ("ann", 2, 0)
    assert ann.recency == ann.age == Decimal("25.8571428571")  # 181 days
    assert ann.mean_value == Decimal(30)  # 45 and 15
    assert found.excluded == (Exclusion("sales_lines", "no customer", 1),)


def test_without_values_the_rest_is_the_same() -> None:
    """The smaller reduction gives the same counts and times."""
    with_values = purchase_histories_of(facts(), AS_OF)
    without = purchase_histories_of(facts(), AS_OF, with_values=False)
    assert [(one.key, one.repeats, one.recency, one.age) for one in with_values] == [
        (one.key, one.repeats, one.recency, one.age) for one in without
    ]
    assert {one.mean_value for one in without} == {None}
    assert without.excluded == with_values.excluded


def test_baskets_of_a_small_book() -> None:
    """Lines of one order are one basket; what lies after the day is in none."""
    found = baskets_of(facts(), AS_OF)
    assert found.baskets[1] == Basket(
        id="o2", products=["cup", "tea"], customer_id="ann", day=date(2024, 2, 5)
    )
    assert [one.id for one in found] == ["o1", "o2", "o4", "o5", "o7", "o8"]


def test_invoices_without_an_order_are_baskets() -> None:
    """Where the basis is invoices their lines are baskets, apart from an order of the same id."""
    invoices = [
        Invoice(
            id=InvoiceId(key),
            issued_on=date(2024, 1, day),
            amount=usd("3"),
            customer_id=CustomerId("ann"),
            order_id=None if order is None else OrderId(order),
        )
        for key, order, day in (("o1", None, 5), ("i2", "o1", 9), ("i3", "o1", 7))
    ]
    lines = [
        InvoiceLine(
            id=InvoiceLineId(f"{invoice.id}/{product}"),
            invoice_id=invoice.id,
            product_id=ProductId(product),
            quantity=Decimal(1),
            net_amount=usd("3"),
        )
        for invoice, product in zip(invoices, ("cup", "tea", "pot"), strict=True)
    ]
    book = book_of(SALES, invoices=tuple(invoices), invoice_lines=tuple(lines))
    found = baskets_of(facts_of(book, currency="USD"), AS_OF)
    assert {one.id: sorted(one.products) for one in found} == {
        "invoice o1": ["cup"],
        "o1": ["pot", "tea"],
    }
    assert [one.day for one in found] == [date(2024, 1, 5), date(2024, 1, 7)]


def test_rows_without_a_product_are_counted() -> None:
    """A line that names no product is in no basket, and is told."""
    book = book_of([*SALES, sale(9, "2024-01-05", "1", customer="ann")])
    found = baskets_of(facts_of(book, currency="USD"), AS_OF)
    assert found.excluded == (Exclusion("sales_lines", "no product", 1),)


@settings(deadline=None, max_examples=40)
@given(crowded_books())
def test_histories_agree_with_single_purchases(book: SalesBook) -> None:
    """The reduced tables give the histories that the rows themselves give."""
    known = facts_of(book, currency="USD").at(AS_OF)
    rows = purchases(known)
    bought = [
        Purchase(row["customer_id"], row["sold_on"], row["net_amount"])
        for row in rows
        if row["customer_id"] is not None and row["sold_on"] is not None
    ]
    expected = purchase_histories(bought, AS_OF)
    found = purchase_histories_of(known, AS_OF)
    assert found.histories == expected.histories
    nobody = sum(
        1
        for row in rows
        if row["customer_id"] is None and row["sold_on"] is not None and row["sold_on"] <= AS_OF
    )
    undated = sum(1 for row in rows if row["sold_on"] is None)
    assert {one.reason: one.n for one in found.excluded} == {
        reason: n for reason, n in (("no customer", nobody), ("no day", undated)) if n
    }
    without = purchase_histories_of(known, AS_OF, with_values=False)
    assert [(one.key, one.repeats, one.age) for one in without] == [
        (one.key, one.repeats, one.age) for one in found
    ]
    assert without.excluded == found.excluded


@settings(deadline=None, max_examples=40)
@given(crowded_books())
def test_baskets_agree_with_a_loop(book: SalesBook) -> None:
    """Each document's products are those of its rows, and every row is in one or counted."""
    known = facts_of(book, currency="USD").at(AS_OF)
    rows = [row for row in purchases(known) if row["sold_on"] is None or row["sold_on"] <= AS_OF]
    expected: defaultdict[str, set[str]] = defaultdict(set)
    used = 0
    for row in rows:
        document = row["order_id"] or (row["invoice_id"] and f"invoice {row['invoice_id']}")
        if document and row["product_id"] and row["sold_on"]:
            expected[document].add(row["product_id"])
            used += 1
    found = baskets_of(known, AS_OF)
    assert {one.id: set(one.products) for one in found} == expected
    assert used + sum(one.n for one in found.excluded) == len(rows)


def test_all_that_is_asked_is_declared() -> None:
    """Histories and baskets ask only for reductions of the declared list."""
    asked: list[Any] = []

    class Listening:
        """A source that keeps what it is asked."""

        def __init__(self, known: Facts) -> None:
            self._known = known

        def at(self, day: date) -> "Listening":
            return Listening(self._known.at(day))

        def reduce(self, reductions: Any, during: Any) -> Any:  # noqa: ANN401
            from salescore.metrics import reduce_rows  # noqa: PLC0415

            asked.extend(reductions)
            return tuple(reduce_rows(self._known, one, during) for one in reductions)

    source: Any = Listening(facts())
    purchase_histories_of(source, AS_OF)
    purchase_histories_of(source, AS_OF, with_values=False)
    baskets_of(source, AS_OF)
    baskets_of(source, AS_OF, "product_family")
    assert len(asked) == 4
    assert set(asked) == set(purchase_reductions(AS_OF))
