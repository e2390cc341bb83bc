"""The fact tables of what was sold: order lines, and sales lines on one basis of revenue."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from salescore.book._basis import RevenueBasis
from salescore.book._columns import Column, Source, attribute, first_known, negated
from salescore.book._extended import records_of
from salescore.book._pricing import Pricing
from salescore.book._table import FactTable
from salescore.book._tables_money import invoice_headers
from salescore.plain import Kind

if TYPE_CHECKING:
    from salescore.book._view import Headers, View

_OF_ORDER = (
    *("customer_id", "segment", "industry", "country"),
    *("region", "territory_id", "rep_id", "team_id", "channel", "source"),
)
_NUMBERS = (Kind.DECIMAL, Kind.MONEY)


def order_lines(view: View) -> FactTable:
    """Return the lines of all orders but drafts and void ones."""
    lines = _counted_order_lines(view)
    order_ids = attribute(lines, "order_id")
    places = view.orders.places(order_ids)
    ordered_on = view.orders.column("ordered_on", places)
    # The largest table by far: a column is made when something first reads it.
    columns: dict[str, Source] = {
        **{
            name: partial(attribute, lines, name)
            for name in ("id", "product_id", "quantity", "discount")
        },
        "order_id": order_ids,
        "ordered_on": ordered_on,
        **_document_columns(view, "order_lines", "orders", view.orders, places),
        **{name: partial(view.orders.column, name, places) for name in _OF_ORDER},
        "product_family": partial(_of_product, view, "family", lines),
        "product_subfamily": partial(_of_product, view, "subfamily", lines),
    }
    amounts = {
        name: partial(attribute, lines, name) for name in ("net_amount", "gross_amount", "cost")
    }
    return view.table("order_lines", columns, lines, amounts, ordered_on)


def sales_lines(view: View) -> FactTable:
    """Return what was sold, less what came back, on the basis of the facts."""
    sold = _booked(view) if view.basis is RevenueBasis.BOOKED else _invoiced(view)
    back = _returned(view)
    if back is None:
        return sold
    pricings = [one.pricing for one in (sold, back) if one.pricing is not None]
    return FactTable(
        schema=sold.schema,
        sources=tuple(partial(_joined, name, sold, back) for name in sold.schema.names),
        pricing=Pricing.joined(pricings, view.rates),
    )


def _joined(name: str, *tables: FactTable) -> Column:
    return [value for table in tables for value in table.column(name)]


def _counted_order_lines(view: View) -> tuple[Any, ...]:
    lines, gone = view.book.order_lines, view.uncounted_orders
    return tuple(one for one in lines if one.order_id not in gone) if gone else lines


def _document_columns(
    view: View, name: str, documents: str, headers: Headers, places: list[int]
) -> dict[str, Source]:
    """Return the registered fields of documents that a fact table of their lines shows."""
    shown = {one.name for one in view.schema(name).custom_fields}
    own = {one.name for one in view.book.custom_fields.fields(records_of(name, view.basis)[0])}
    return {
        field.name: partial(headers.column, field.name, places)
        for field in view.book.custom_fields.fields(documents)
        if field.name in shown - own
    }


def _of_product(view: View, name: str, records: tuple[Any, ...]) -> Column:
    return view.look_up("products", name, attribute(records, "product_id"))


def _booked(view: View) -> FactTable:
    """Return the order lines as sales lines; their columns are those of the order lines."""
    ordered = view.table_of("order_lines")
    lines = _counted_order_lines(view)
    schema = view.schema("sales_lines")
    own: dict[str, Source] = {
        "record": ["order_lines"] * len(lines),
        "sold_on": partial(ordered.column, "ordered_on"),
        "invoice_id": [None] * len(lines),
        "is_free": partial(attribute, lines, "is_free"),
    }
    return FactTable(
        schema=schema,
        sources=tuple(own.get(name, partial(ordered.column, name)) for name in schema.names),
        pricing=ordered.pricing,
    )


def _invoiced(view: View) -> FactTable:
    """Return the lines of all invoices but drafts and void ones as sales lines."""
    gone = view.uncounted_invoices
    lines = view.book.invoice_lines
    if gone:
        lines = tuple(one for one in lines if one.invoice_id not in gone)
    headers = invoice_headers(view)
    invoice_ids = attribute(lines, "invoice_id")
    places = headers.places(invoice_ids)
    issued_on = headers.column("issued_on", places)
    ordered = attribute(lines, "order_line_id")
    products = first_known(
        attribute(lines, "product_id"), partial(view.look_up, "order_lines", "product_id", ordered)
    )
    columns: dict[str, Source] = {
        **{name: partial(attribute, lines, name) for name in ("id", "quantity", "discount")},
        "record": ["invoice_lines"] * len(lines),
        "sold_on": issued_on,
        "invoice_id": invoice_ids,
        "order_id": partial(_orders_of, view, headers.column("order_id", places), ordered),
        "product_id": products,
        "product_family": partial(view.look_up, "products", "family", products),
        "product_subfamily": partial(view.look_up, "products", "subfamily", products),
        "is_free": partial(view.look_up, "order_lines", "is_free", ordered),
        **_document_columns(view, "sales_lines", "invoices", headers, places),
        **{name: partial(headers.column, name, places) for name in _OF_ORDER},
    }
    amounts = {
        name: partial(attribute, lines, name) for name in ("net_amount", "gross_amount", "cost")
    }
    return view.table("sales_lines", columns, lines, amounts, issued_on)


def _orders_of(view: View, order_ids: Column, line_ids: Column) -> Column:
    """Return the order that a record names, or that of the order line it names."""
    return first_known(order_ids, partial(view.look_up, "order_lines", "order_id", line_ids))


def _returned(view: View) -> FactTable | None:
    """Return what came back and is on no credit note, as negative sales lines; `None` if none."""
    lines, order_ids = _uncredited(view)
    if not lines:
        return None
    return_ids = attribute(lines, "return_id")
    sold_on = view.look_up("returns", "returned_on", return_ids)
    places = view.orders.places(order_ids)
    ordered = attribute(lines, "order_line_id")

    def nearest(name: str) -> Column:
        own = view.look_up("returns", name, return_ids)
        return first_known(own, partial(view.orders.column, name, places))

    customers = nearest("customer_id")
    reps = view.reps_of(nearest("rep_id"), customers)
    products = first_known(
        attribute(lines, "product_id"), partial(view.look_up, "order_lines", "product_id", ordered)
    )
    columns: dict[str, Source] = {
        "id": attribute(lines, "id"),
        "record": ["return_lines"] * len(lines),
        "sold_on": sold_on,
        "order_id": order_ids,
        "invoice_id": [None] * len(lines),
        "channel": view.orders.column("channel", places),
        "source": view.orders.column("source", places),
        "quantity": negated(attribute(lines, "quantity")),
        "discount": [None] * len(lines),
        "is_free": view.look_up("order_lines", "is_free", ordered),
        **_return_customs(view, places, ordered),
        **view.customer_columns(customers),
        **view.product_columns(products),
        **view.seller_columns(
            reps,
            customers,
            view.orders.column("region", places),
            view.orders.column("territory_id", places),
        ),
    }
    amounts = {
        "net_amount": negated(attribute(lines, "net_amount")),
        "gross_amount": [None] * len(lines),
        "cost": negated(attribute(lines, "cost")),
    }
    return view.table("sales_lines", columns, lines, amounts, sold_on)


def _uncredited(view: View) -> tuple[tuple[Any, ...], Column]:
    """Return the return lines that count by themselves, and the order of each."""
    credited: set[str | None] = set()
    if view.basis is RevenueBasis.INVOICED:
        invoices, void = view.book.invoices, view.uncounted_invoices
        credited = {one.return_id for one in invoices if one.id not in void}
    lines = [one for one in view.book.return_lines if one.return_id not in credited]
    named = view.look_up("returns", "order_id", attribute(lines, "return_id"))
    order_ids = _orders_of(view, named, attribute(lines, "order_line_id"))
    gone = view.uncounted_orders
    kept = [pair for pair in zip(lines, order_ids, strict=True) if pair[1] not in gone]
    return tuple(line for line, _ in kept), [key for _, key in kept]


def _return_customs(view: View, places: list[int], ordered: Column) -> dict[str, Source]:
    """Return registered fields of return rows: those of order line and order, without numbers."""
    schema = view.schema("sales_lines")
    found: dict[str, Source] = {one.name: [None] * len(places) for one in schema.custom_fields}
    if view.basis is RevenueBasis.INVOICED:
        return found
    found.update(_document_columns(view, "sales_lines", "orders", view.orders, places))
    lines = view.headers("order_lines", {})
    for field in view.book.custom_fields.fields("order_lines"):
        if field.name in found:
            at = lines.places([None] * len(places) if field.kind in _NUMBERS else ordered)
            found[field.name] = lines.column(field.name, at)
    return found
