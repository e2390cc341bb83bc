"""The schemas of fact tables with the fields that an application registered."""

from __future__ import annotations

import attrs

from salescore.book._basis import RevenueBasis
from salescore.book._book import SalesBook
from salescore.book._schemas import FACT_TABLES, MONEY_COLUMNS
from salescore.errors import UnknownName
from salescore.plain import Field, FieldTable, Kind

_PLAIN = {schema.name: schema for schema in FACT_TABLES}
_HEADERS = {"order_lines": ("orders",), "invoice_lines": ("invoices",)}

REFERRED = {
    "customer_id": "customers",
    "product_id": "products",
    "rep_id": "sales_reps",
    "team_id": "teams",
}
"""Columns of fact tables whose records lend a row their registered fields, the nearest first."""


def fact_schema(name: str) -> FieldTable:
    """
    Return the schema of a fact table without registered fields.

    Raises:
        UnknownName: There is no such fact table.
    """
    try:
        return _PLAIN[name]
    except KeyError:
        raise UnknownName("fact table", name, tuple(_PLAIN)) from None


def records_of(name: str, basis: RevenueBasis) -> tuple[str, ...]:
    """Return the record types whose registered fields a fact table has, its own first."""
    if name == "sales_lines":
        name = "order_lines" if basis is RevenueBasis.BOOKED else "invoice_lines"
    return (name, *_HEADERS.get(name, ()))


def carriers_of(records: str) -> tuple[str, ...]:
    """Return the fact tables whose rows are of a record type, or are lines of it."""
    return tuple(
        name for name in _PLAIN if any(records in records_of(name, basis) for basis in RevenueBasis)
    )


def lines_of(records: str) -> str | None:
    """Return the record type of a document's lines; `None` for what has none."""
    return next((line for line, headers in _HEADERS.items() if records in headers), None)


def extended_schema(name: str, book: SalesBook, basis: RevenueBasis) -> FieldTable:
    """
    Return the schema of a fact table with the fields that were registered for its records.

    Rows also have the registered fields of their document, customer, product, sales rep and team.
    A registered field with the name of a column is left out; of two of one name the nearest counts.
    Left out is also money of another record, which would be summed once for each row.
    """
    plain = fact_schema(name)
    if not book.custom_fields.tables:
        return plain
    own, *headers = records_of(name, basis)
    fields = list(book.custom_fields.fields(own))
    referred = [one for column, one in REFERRED.items() if column in plain and one != own]
    for header in (*headers, *referred):
        fields += [one for one in book.custom_fields.fields(header) if one.kind is not Kind.MONEY]
    added: dict[str, Field] = {}
    if "currency" not in plain and any(one.kind is Kind.MONEY for one in fields):
        added.update((one.name, one) for one in MONEY_COLUMNS)
    for field in fields:
        if field.name not in plain:
            added.setdefault(field.name, _column(field))
    return attrs.evolve(plain, fields=(*plain.fields, *added.values())) if added else plain


def _column(field: Field) -> Field:
    """Return the column of a registered field; money is priced."""
    kind = Kind.DECIMAL if field.kind is Kind.MONEY else field.kind
    return attrs.evolve(field, kind=kind, minimum=None, maximum=None)
