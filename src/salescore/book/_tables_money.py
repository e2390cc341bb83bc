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
    """Return all selling expenses, each with the source of the sales that it was spent on."""
    known = view.book.expenses
    customers = attribute(known, "customer_id")
    sales = attribute(known, "opportunity_id")
    campaigns = attribute(known, "campaign_id")
    columns = {
        **attributes(known, "id", "spent_on", "category", "campaign_id"),
        "source": first_known(
            view.look_up("opportunities", "source", sales),
            partial(view.look_up, "customers", "source", customers),
            partial(_sources_of_campaigns, view, campaigns),
        ),
        **view.customer_columns(customers),
        **view.product_columns(attribute(known, "product_id")),
        **view.seller_columns(attribute(known, "rep_id"), customers, attribute(known, "region")),
    }
    return view.table("expenses", columns, known, attributes(known, "amount"), columns["spent_on"])


def _sources_of_campaigns(view: View, campaigns: Column) -> Column:
    """Return the source of the leads of each campaign; `None` where they have several or none."""
    found: dict[str | None, set[str]] = {}
    for lead in view.book.leads:
        if lead.campaign_id is not None and lead.source is not None:
            found.setdefault(lead.campaign_id, set()).add(lead.source)
    told = {key: next(iter(those)) for key, those in found.items() if len(those) == 1}
    return [told.get(key) for key in campaigns]
