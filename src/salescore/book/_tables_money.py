"""The fact tables of money beside the sales: invoices, payments, expenses."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from salescore.book._columns import Column, attribute, attributes, first_known
from salescore.book._view import Headers, View, is_counted

if TYPE_CHECKING:
    from salescore.book._table import FactTable


def invoices(view: View) -> FactTable:
    """Return all invoices and credit notes but drafts and void ones."""
    known = tuple(one for one in view.book.invoices if is_counted(one))
    issued_on = attribute(known, "issued_on")
    shown = _of_invoices(view, known)
    del shown["source"]
    columns = {**attributes(known, "id", "issued_on", "due_on", "order_id"), **shown}
    return view.table(
        "invoices", columns, known, attributes(known, "amount", "tax_amount"), issued_on
    )


def invoice_headers(view: View) -> Headers:
    """Return what the invoices say, for their lines."""
    known = view.book.invoices
    columns = {**attributes(known, "issued_on", "order_id"), **_of_invoices(view, known)}
    return view.headers("invoices", columns)


def _of_invoices(view: View, known: tuple[Any, ...]) -> dict[str, Column]:
    """Return customer, seller, channel and source: the invoice's own, else those of its order."""
    places = view.orders.places(attribute(known, "order_id"))

    def nearest(name: str) -> Column:
        return first_known(attribute(known, name), partial(view.orders.column, name, places))

    customers = nearest("customer_id")
    return {
        **view.customer_columns(customers),
        **view.seller_columns(
            view.reps_of(nearest("rep_id"), customers),
            customers,
            nearest("region"),
            view.orders.column("territory_id", places),
        ),
        "channel": nearest("channel"),
        "source": view.orders.column("source", places),
    }


def payments(view: View) -> FactTable:
    """Return all payments."""
    known = view.book.payments
    customers = attribute(known, "customer_id")
    reps = view.reps_of(attribute(known, "rep_id"), customers)
    columns = {
        **attributes(known, "id", "received_on", "method"),
        **view.customer_columns(customers),
        **view.seller_columns(reps, customers),
    }
    return view.table(
        "payments", columns, known, attributes(known, "amount"), columns["received_on"]
    )


def expenses(view: View) -> FactTable:
    """Return all selling expenses."""
    known = view.book.expenses
    customers = attribute(known, "customer_id")
    columns = {
        **attributes(known, "id", "spent_on", "category"),
        **view.customer_columns(customers),
        **view.product_columns(attribute(known, "product_id")),
        **view.seller_columns(attribute(known, "rep_id"), customers, attribute(known, "region")),
    }
    return view.table("expenses", columns, known, attributes(known, "amount"), columns["spent_on"])
