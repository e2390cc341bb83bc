"""The columns of every fact table; money is plain decimals in the reporting currency."""

from __future__ import annotations

from salescore.entities import record_table
from salescore.plain import Field, FieldTable, Kind


def _like(record: str, name: str, column: str | None = None) -> Field:
    """Return a column like a record's field: nullable, money priced, choices as text."""
    field = record_table(record).field(name)
    return Field(
        name=column or name,
        kind=Kind.DECIMAL if field.kind is Kind.MONEY else field.kind,
        nullable=True,
        labels=field.labels,
        unit=field.unit,
        personal=field.personal,
        refers=field.refers,
        choices=field.choices,
    )


def _key(record: str, column: str) -> Field:
    field = record_table(record).field("id")
    return Field(name=column, kind=Kind.ID, nullable=False, labels=field.labels)


_CURRENCY = Field(name="currency", kind=Kind.TEXT, nullable=True, labels=("Currency", "币种"))

_CUSTOMER = (
    _like("orders", "customer_id"),
    *(_like("customers", name) for name in ("segment", "industry", "country")),
)
_PRODUCT = (
    _like("order_lines", "product_id"),
    _like("products", "family", "product_family"),
    _like("products", "subfamily", "product_subfamily"),
)
_SELLER = (
    _like("orders", "region"),
    _like("orders", "rep_id"),
    _like("sales_reps", "team_id"),
)

ORDER_LINES = FieldTable(
    name="order_lines",
    fields=(
        _key("order_lines", "id"),
        _like("order_lines", "order_id"),
        _like("orders", "ordered_on"),
        *_CUSTOMER,
        *_PRODUCT,
        *_SELLER,
        _like("orders", "channel"),
        _like("orders", "source"),
        _CURRENCY,
        _like("order_lines", "quantity"),
        _like("order_lines", "net_amount"),
        _like("order_lines", "gross_amount"),
        _like("order_lines", "discount"),
        _like("order_lines", "cost"),
    ),
)

OPPORTUNITIES = FieldTable(
    name="opportunities",
    fields=(
        _key("opportunities", "id"),
        *_CUSTOMER,
        *_PRODUCT,
        *_SELLER,
        *(
            _like("opportunities", name)
            for name in ("source", "competitor", "stage", "kind", "loss_reason", "probability")
        ),
        _CURRENCY,
        _like("opportunities", "amount"),
        *(
            _like("opportunities", name)
            for name in ("created_on", "first_contact_on", "expected_close_on", "closed_on")
        ),
        Field(
            name="cycle_days",
            kind=Kind.DECIMAL,
            nullable=True,
            labels=("Days from first contact to close", "首次接触至关闭天数"),
            unit="days",
        ),
        Field(
            name="cycle_days_from_creation",
            kind=Kind.DECIMAL,
            nullable=True,
            labels=("Days from creation to close", "创建至关闭天数"),
            unit="days",
        ),
    ),
)

EXPENSES = FieldTable(
    name="expenses",
    fields=(
        _key("expenses", "id"),
        _like("expenses", "spent_on"),
        _like("expenses", "category"),
        *_CUSTOMER,
        *_PRODUCT,
        *_SELLER,
        _CURRENCY,
        _like("expenses", "amount"),
    ),
)

ACTIVITIES = FieldTable(
    name="activities",
    fields=(
        _key("activities", "id"),
        _like("activities", "happened_on"),
        _like("activities", "channel"),
        _like("activities", "opportunity_id"),
        *_CUSTOMER,
        *_SELLER,
    ),
)

CUSTOMERS = FieldTable(
    name="customers",
    fields=(
        _key("customers", "customer_id"),
        _like("customers", "lifecycle"),
        *(_like("customers", name) for name in ("segment", "industry", "country", "source")),
        *_SELLER,
        _like("orders", "channel"),
        _like("customers", "created_on"),
        Field(
            name="first_ordered_on",
            kind=Kind.DATE,
            nullable=True,
            labels=("First ordered on", "首次下单日期"),
        ),
    ),
)

FACT_TABLES: tuple[FieldTable, ...] = (
    ORDER_LINES,
    OPPORTUNITIES,
    EXPENSES,
    ACTIVITIES,
    CUSTOMERS,
)
"""Field tables of all fact tables; the first column identifies a row."""
