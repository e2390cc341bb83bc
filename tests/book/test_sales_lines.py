"""Sales lines are what was sold on one basis, less what came back."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings

from salescore import testing
from salescore.book import Facts, RevenueBasis, SalesBook
from salescore.entities import DocumentKind
from salescore.values import ConstantRates, exact_sum

if TYPE_CHECKING:
    from tests.book.conftest import Make

JANUARY, FEBRUARY, MARCH, APRIL = (date(2017, month, 10) for month in (1, 2, 3, 4))
BOOKED, INVOICED = RevenueBasis.BOOKED, RevenueBasis.INVOICED


def rows(facts: Facts, name: str = "sales_lines") -> list[dict[str, Any]]:
    """Return all rows of a fact table."""
    table = facts.table(name)
    return [table.row(number) for number in range(len(table))]


def both(make: "Make", **more: Any) -> SalesBook:  # noqa: ANN401 - any records
    """Return a book that was ordered at 100 in January and invoiced at 90 in February."""
    return SalesBook(
        **{
            "customers": [make.customer(segment="VIP", rep_id="R-1", territory_id="TE-1")],
            "products": [make.product(family="Saws")],
            "orders": [
                make.order(ordered_on=JANUARY, customer_id="C-1", channel="web", source="fair")
            ],
            "order_lines": [
                make.line(product_id="P-1", net_amount=make.money("100"), is_free=False)
            ],
            "invoices": [
                make.of("invoices", "I-1", issued_on=FEBRUARY, order_id="O-1", region="West")
            ],
            "invoice_lines": [
                make.of(
                    "invoice_lines",
                    "IL-1",
                    invoice_id="I-1",
                    order_line_id="L-1",
                    net_amount=make.money("90"),
                    cost=make.money("40"),
                )
            ],
            **more,
        }
    )


def test_the_basis_is_resolved_once(make: "Make") -> None:
    """A book with invoice lines is seen as invoiced, another as booked, unless one is asked for."""
    book = both(make)
    assert Facts.of(book).basis is INVOICED
    assert Facts.of(SalesBook()).basis is BOOKED
    assert Facts.of(book, basis=BOOKED).basis is BOOKED
    assert Facts.of(book, as_of=JANUARY).basis is BOOKED  # nothing was invoiced yet
    assert Facts.of(book).at(JANUARY).basis is INVOICED  # two days of the same facts compare
    assert len(Facts.of(book).at(JANUARY).table("sales_lines")) == 0


def test_an_asked_for_basis_without_facts_is_empty(make: "Make") -> None:
    """What was booked never stands in for what was invoiced."""
    book = SalesBook(orders=[make.order()], order_lines=[make.line()])
    assert rows(Facts.of(book, basis=INVOICED)) == []
    assert len(rows(Facts.of(book, basis=BOOKED))) == 1


def test_booked_lines_are_the_order_lines(make: "Make") -> None:
    """Every column that both tables have says the same."""
    facts = Facts.of(both(make), basis=BOOKED)
    (sold,), (ordered,) = rows(facts), rows(facts, "order_lines")
    assert {name: sold[name] for name in ordered if name in sold} == {
        name: value for name, value in ordered.items() if name != "ordered_on"
    }
    assert (sold["record"], sold["sold_on"]) == ("order_lines", JANUARY)
    assert (sold["invoice_id"], sold["is_free"]) == (None, False)


def test_an_invoiced_line_sees_invoice_order_and_order_line(make: "Make") -> None:
    """What the invoice leaves open its order says, and what the line leaves open its order line."""
    (row,) = rows(Facts.of(both(make)))
    assert (row["id"], row["record"], row["sold_on"]) == ("IL-1", "invoice_lines", FEBRUARY)
    assert (row["order_id"], row["invoice_id"]) == ("O-1", "I-1")
    assert (row["net_amount"], row["cost"], row["gross_amount"]) == (90, 40, None)
    assert (row["customer_id"], row["segment"]) == ("C-1", "VIP")
    assert (row["product_id"], row["product_family"]) == ("P-1", "Saws")
    assert (row["region"], row["rep_id"], row["territory_id"]) == ("West", "R-1", "TE-1")
    assert (row["channel"], row["source"], row["is_free"]) == ("web", "fair", False)


def test_a_line_of_an_unknown_invoice_is_counted_without_a_day(make: "Make") -> None:
    """Its order is that of its order line."""
    book = both(make, invoices=[])
    (row,) = rows(Facts.of(book))
    assert (row["sold_on"], row["order_id"], row["net_amount"]) == (None, "O-1", 90)


@pytest.mark.parametrize(
    "fields",
    [{"kind": DocumentKind.DRAFT}, {"kind": DocumentKind.VOID}, {"voided_on": MARCH}],
)
@pytest.mark.parametrize(("documents", "basis"), [("orders", BOOKED), ("invoices", INVOICED)])
def test_drafts_and_void_documents_never_count(
    make: "Make", documents: str, basis: RevenueBasis, fields: dict[str, Any]
) -> None:
    """Neither their lines, nor what came back of them, nor a first order."""
    good = both(make)
    (document,) = good.records(documents)
    bad = (
        make.of(documents, document.id, **{"ordered_on": JANUARY} | fields)
        if (documents == "orders")
        else make.of(documents, document.id, **fields)
    )
    back = [make.of("return_lines", "RL-1", return_id="RE-1", order_line_id="L-1")]
    more = (
        {} if basis is INVOICED else {"returns": [make.of("returns", "RE-1")], "return_lines": back}
    )
    book = both(make, **{documents: [bad]}, **more)
    facts = Facts.of(book, basis=basis)
    assert rows(facts) == []
    if documents == "orders":
        assert rows(facts, "order_lines") == []
        assert facts.table("customers").column("first_ordered_on") == [None]
    else:
        assert rows(facts, "invoices") == []


@pytest.mark.parametrize("drafts", [0, 1])
def test_of_two_documents_with_one_id_the_first_decides(make: "Make", drafts: int) -> None:
    """Whether its lines count is what the first says, as are its day and customer."""
    two = [make.order(ordered_on=JANUARY), make.order(ordered_on=MARCH)]
    two[drafts] = make.order(ordered_on=FEBRUARY, kind=DocumentKind.DRAFT)
    facts = Facts.of(SalesBook(orders=two, order_lines=[make.line()]))
    assert facts.table("sales_lines").column("sold_on") == ([JANUARY] if drafts else [])


def test_an_order_voided_later_counted_before(make: "Make") -> None:
    """As of a day before the cancellation the line stands."""
    book = SalesBook(
        orders=[make.order(ordered_on=JANUARY, kind=DocumentKind.VOID, voided_on=MARCH)],
        order_lines=[make.line()],
    )
    assert len(rows(Facts.of(book, as_of=FEBRUARY))) == 1
    assert rows(Facts.of(book, as_of=MARCH)) == []


def returned(make: "Make", **more: Any) -> SalesBook:  # noqa: ANN401 - any records
    """Return the book of which a part came back in March."""
    return both(
        make,
        returns=[make.of("returns", "RE-1", returned_on=MARCH)],
        return_lines=[
            make.of(
                "return_lines",
                "RL-1",
                return_id="RE-1",
                order_line_id="L-1",
                quantity=Decimal("0.5"),
                net_amount=make.money("30"),
                cost=make.money("10"),
            )
        ],
        **more,
    )


def test_what_came_back_is_a_negative_row_of_its_own_day(make: "Make") -> None:
    """Product, customer, rep, channel and source are those of what was sold."""
    sold, back = rows(Facts.of(returned(make), basis=BOOKED))
    assert (back["id"], back["record"], back["sold_on"]) == ("RL-1", "return_lines", MARCH)
    assert (back["quantity"], back["net_amount"], back["cost"]) == (Decimal("-0.5"), -30, -10)
    assert (back["gross_amount"], back["discount"]) == (None, None)
    same = ("order_id", "customer_id", "segment", "product_id", "product_family", "rep_id")
    for name in (*same, "territory_id", "region", "channel", "source", "is_free"):
        assert back[name] == sold[name], name


def test_a_return_names_its_own_customer_and_rep(make: "Make") -> None:
    """What the return says goes before what the order says."""
    book = returned(make)
    own = make.of("returns", "RE-1", returned_on=MARCH, customer_id="C-2", rep_id="R-2")
    line = make.of("return_lines", "RL-1", return_id="RE-1", product_id="P-2")
    more = {name: book.records(name) for name in ("orders", "order_lines")}
    back = rows(Facts.of(SalesBook(returns=[own], return_lines=[line], **more)))[-1]
    assert (back["customer_id"], back["rep_id"], back["product_id"]) == ("C-2", "R-2", "P-2")
    assert (back["order_id"], back["cost"]) == (None, None)


def test_a_credit_note_is_not_subtracted_twice(make: "Make") -> None:
    """On the invoiced basis a return counts by itself only where no credit note settles it."""
    assert [row["net_amount"] for row in rows(Facts.of(returned(make)))] == [90, -30]
    note = make.of("invoices", "I-2", issued_on=APRIL, amount=make.money("-30"), return_id="RE-1")
    line = make.of(
        "invoice_lines",
        "IL-2",
        invoice_id="I-2",
        quantity=Decimal("-0.5"),
        net_amount=make.money("-30"),
    )
    book = returned(make)
    credited = both(
        make,
        returns=book.returns,
        return_lines=book.return_lines,
        invoices=[*book.invoices, note],
        invoice_lines=[*book.invoice_lines, line],
    )
    found = rows(Facts.of(credited))
    assert [(row["record"], row["net_amount"]) for row in found] == [
        ("invoice_lines", 90),
        ("invoice_lines", -30),
    ]
    before = rows(Facts.of(credited, as_of=MARCH))
    assert [row["record"] for row in before] == ["invoice_lines", "return_lines"]


def test_the_first_invoice_stands_in_where_no_orders_are_kept(make: "Make") -> None:
    """A credit note is no first invoice, and of one day the lower id counts."""
    invoices = [
        make.of("invoices", "I-3", issued_on=JANUARY, customer_id="C-1", channel="shop"),
        make.of("invoices", "I-2", issued_on=JANUARY, customer_id="C-1", channel="web"),
        make.of(
            "invoices",
            "I-1",
            issued_on=date(2016, 1, 1),
            customer_id="C-1",
            amount=make.money("-1"),
        ),
        make.of("invoices", "I-4", issued_on=date(2016, 1, 1)),
    ]
    lines = [make.of("invoice_lines", invoice_id="I-2")]
    book = SalesBook(customers=[make.customer()], invoices=invoices, invoice_lines=lines)
    (row,) = rows(Facts.of(book), "customers")
    assert (row["first_ordered_on"], row["channel"]) == (JANUARY, "web")
    assert rows(Facts.of(book, basis=BOOKED), "customers")[0]["first_ordered_on"] is None


RATES = ConstantRates.of("USD", {"EUR": Decimal("1.1"), "JPY": Decimal("0.01")})


@settings(max_examples=25, deadline=None)
@given(testing.books(faulty=True))
def test_sales_lines_are_order_lines_and_returns(book: SalesBook) -> None:
    """Booked, each counted line is a row, and net revenue is what was ordered less returns."""
    facts = Facts.of(book, rates=RATES, basis=BOOKED)
    sold, ordered = facts.table("sales_lines"), facts.table("order_lines")
    count = len(ordered)
    assert list(sold.column("id")[:count]) == list(ordered.column("id"))
    assert set(sold.column("record")[count:]) <= {"return_lines"}
    back = set(sold.column("id")[count:])
    assert back <= {one.id for one in book.return_lines}
    meant = {one.id: one for one in reversed(book.orders)}  # of two with one id the first
    void = {
        one.id
        for one in meant.values()
        if one.kind in (DocumentKind.DRAFT, DocumentKind.VOID) or one.voided_on is not None
    }
    assert count == sum(one.order_id not in void for one in book.order_lines)
    if not void:
        assert len(sold) == len(book.order_lines) + len(book.return_lines)
        total = exact_sum(
            [
                *(
                    RATES.rate(one.net_amount.currency) * one.net_amount.amount  # type: ignore[operator]
                    for one in book.order_lines
                ),
                *(
                    -RATES.rate(one.net_amount.currency) * one.net_amount.amount  # type: ignore[operator]
                    for one in book.return_lines
                ),
            ]
        )
        assert exact_sum(sold.column("net_amount")) == total
