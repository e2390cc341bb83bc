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


MONEY_COLUMNS = (
    Field(name="currency", kind=Kind.TEXT, nullable=True, labels=("Currency", "币种")),
    Field(
        name="exchange_rate",
        kind=Kind.DECIMAL,
        nullable=True,
        labels=("Exchange rate", "汇率"),
        unit="reporting currency per unit",
    ),
)


"""What every fact table with money says of each row."""


def _days(name: str, en: str, zh: str) -> Field:
    return Field(name=name, kind=Kind.DECIMAL, nullable=True, labels=(en, zh), unit="days")


def _flag(name: str, en: str, zh: str) -> Field:
    return Field(name=name, kind=Kind.BOOLEAN, nullable=True, labels=(en, zh))


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
    _like("orders", "territory_id"),
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
        *MONEY_COLUMNS,
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
        *(_like("opportunities", name) for name in ("is_probability_pinned", "forecast_category")),
        *MONEY_COLUMNS,
        _like("opportunities", "amount"),
        *(
            _like("opportunities", name)
            for name in ("created_on", "first_contact_on", "expected_close_on", "closed_on")
        ),
        _days("cycle_days", "Days from first contact to close", "首次接触至关闭天数"),
        _days("cycle_days_from_creation", "Days from creation to close", "创建至关闭天数"),
        Field(
            name="lead_created_on",
            kind=Kind.DATE,
            nullable=True,
            labels=("Lead created on", "线索创建日期"),
        ),
        _days("cycle_days_from_lead", "Days from lead creation to close", "线索创建至关闭天数"),
        _like("stage_visits", "funnel"),
        Field(
            name="first_won_on",
            kind=Kind.DATE,
            nullable=True,
            labels=("First won on", "首次赢单日期"),
        ),
        Field(
            name="last_open_stage",
            kind=Kind.TEXT,
            nullable=True,
            labels=("Last open stage", "最后进行阶段"),
        ),
        Field(
            name="close_pushes",
            kind=Kind.DECIMAL,
            nullable=True,
            labels=("Pushes of the expected close", "预计成交推迟次数"),
            unit="pushes",
        ),
        _days("close_pushed_days", "Days that these pushes took", "预计成交推迟天数"),
    ),
)

EXPENSES = FieldTable(
    name="expenses",
    fields=(
        _key("expenses", "id"),
        _like("expenses", "spent_on"),
        _like("expenses", "category"),
        _like("expenses", "campaign_id"),
        _like("opportunities", "source"),
        *_CUSTOMER,
        *_PRODUCT,
        *_SELLER,
        *MONEY_COLUMNS,
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
        _like("customers", "parent_id"),
        _like("customers", "registration_number"),
        *(_like("customers", name) for name in ("phone", "email", "website", "city")),
        _like("customers", "employees"),
        _like("customers", "payment_terms_days"),
        *(_like("customers", name) for name in ("needs", "buying_power", "decision_process")),
        _like("customers", "created_on"),
        Field(
            name="first_ordered_on",
            kind=Kind.DATE,
            nullable=True,
            labels=("First ordered on", "首次下单日期"),
        ),
    ),
)

SALES_LINES = FieldTable(
    name="sales_lines",
    fields=(
        Field(name="id", kind=Kind.ID, nullable=False, labels=("Line", "明细编号")),
        Field(
            name="record",
            kind=Kind.CHOICE,
            nullable=False,
            labels=("Record type", "记录类型"),
            choices=("order_lines", "invoice_lines", "return_lines"),
        ),
        Field(name="sold_on", kind=Kind.DATE, nullable=True, labels=("Sold on", "销售日期")),
        _like("order_lines", "order_id"),
        _like("invoice_lines", "invoice_id"),
        *_CUSTOMER,
        *_PRODUCT,
        *_SELLER,
        _like("orders", "channel"),
        _like("orders", "source"),
        *MONEY_COLUMNS,
        _like("order_lines", "quantity"),
        _like("order_lines", "net_amount"),
        _like("order_lines", "gross_amount"),
        _like("order_lines", "discount"),
        _like("order_lines", "cost"),
        _like("order_lines", "is_free"),
    ),
)

INVOICES = FieldTable(
    name="invoices",
    fields=(
        _key("invoices", "id"),
        _like("invoices", "issued_on"),
        _like("invoices", "due_on"),
        _like("invoices", "order_id"),
        *_CUSTOMER,
        *_SELLER,
        _like("invoices", "channel"),
        *MONEY_COLUMNS,
        _like("invoices", "amount"),
        _like("invoices", "tax_amount"),
    ),
)

PAYMENTS = FieldTable(
    name="payments",
    fields=(
        _key("payments", "id"),
        _like("payments", "received_on"),
        _like("payments", "method"),
        *_CUSTOMER,
        *_SELLER,
        *MONEY_COLUMNS,
        _like("payments", "amount"),
    ),
)

LEADS = FieldTable(
    name="leads",
    fields=(
        _key("leads", "id"),
        *(_like("leads", name) for name in ("kind", "status", "source", "channel", "campaign_id")),
        *(_like("leads", name) for name in ("industry", "country", "customer_id")),
        *_PRODUCT,
        *_SELLER,
        *MONEY_COLUMNS,
        _like("leads", "amount"),
        *(
            _like("leads", name)
            for name in (
                "created_on",
                "first_contact_on",
                "qualified_on",
                "converted_on",
                "disqualified_on",
            )
        ),
        _like("leads", "opportunity_id"),
    ),
)

STAGE_VISITS = FieldTable(
    name="stage_visits",
    fields=(
        _key("stage_visits", "id"),
        *(_like("stage_visits", name) for name in ("opportunity_id", "lead_id", "funnel")),
        *(_like("stage_visits", name) for name in ("stage", "kind", "entered_on", "left_on")),
        *_CUSTOMER,
        *_PRODUCT,
        *_SELLER,
        _like("opportunities", "source"),
        _days("stage_days", "Days in stage", "停留天数"),
        _flag("is_first", "First visit to the stage", "首次进入该阶段"),
        Field(
            name="outcome",
            kind=Kind.CHOICE,
            nullable=True,
            labels=("What followed", "后续结果"),
            choices=("advanced", "lost", "open"),
        ),
        _flag("is_won", "Won in the end", "最终赢单"),
        Field(name="subject_id", kind=Kind.TEXT, nullable=True, labels=("Sale", "销售过程")),
        Field(
            name="ended_as",
            kind=Kind.CHOICE,
            nullable=True,
            labels=("How the sale ended", "销售结局"),
            choices=("won", "lost", "void"),
        ),
        Field(name="ended_on", kind=Kind.DATE, nullable=True, labels=("Sale ended on", "结束日期")),
        Field(name="since_on", kind=Kind.DATE, nullable=True, labels=("Stay began", "停留开始")),
        Field(name="until_on", kind=Kind.DATE, nullable=True, labels=("Stay ended", "停留结束")),
        Field(name="next_stage", kind=Kind.TEXT, nullable=True, labels=("Next stage", "下一阶段")),
        Field(
            name="next_kind",
            kind=Kind.CHOICE,
            nullable=True,
            labels=("Kind of the next stage", "下一阶段类型"),
            choices=record_table("stage_visits").field("kind").choices,
        ),
    ),
)

DELIVERIES = FieldTable(
    name="deliveries",
    fields=(
        _key("deliveries", "id"),
        _like("deliveries", "order_id"),
        _like("orders", "ordered_on"),
        *_CUSTOMER,
        *_SELLER,
        _like("deliveries", "carrier"),
        _like("deliveries", "shipped_on"),
        _like("deliveries", "delivered_on"),
        _like("deliveries", "promised_on"),
        _days("handling_days", "Days from order to shipping", "下单至发货天数"),
        _flag("is_late", "Shipped after the promised day", "晚于承诺交期"),
        *MONEY_COLUMNS,
        _like("deliveries", "freight"),
    ),
)

CASES = FieldTable(
    name="cases",
    fields=(
        _key("cases", "id"),
        *(_like("cases", name) for name in ("opened_on", "responded_on", "resolved_on", "due_on")),
        *_CUSTOMER,
        *_PRODUCT,
        *_SELLER,
        *(_like("cases", name) for name in ("category", "priority", "channel", "status")),
        _days("response_days", "Days to the first answer", "响应天数"),
        _days("resolution_days", "Days to the solution", "解决天数"),
    ),
)

SURVEY_RESPONSES = FieldTable(
    name="survey_responses",
    fields=(
        _key("survey_responses", "id"),
        *(_like("survey_responses", name) for name in ("survey", "measure", "dimension")),
        *(_like("survey_responses", name) for name in ("sent_on", "answered_on")),
        *_CUSTOMER,
        *_PRODUCT,
        *_SELLER,
        *(_like("survey_responses", name) for name in ("score", "lowest", "highest")),
    ),
)

TARGETS = FieldTable(
    name="targets",
    fields=(
        _key("targets", "id"),
        *(_like("targets", name) for name in ("figure", "starts_on", "ends_on", "level")),
        _flag("is_divided", "Divided into others", "已分解"),
        _like("targets", "product_id"),
        _like("targets", "product_family"),
        _like("targets", "customer_id"),
        _like("targets", "segment"),
        *_SELLER,
        _like("targets", "channel"),
        _like("targets", "source"),
        *MONEY_COLUMNS,
        _like("targets", "amount"),
        _like("targets", "value"),
    ),
)

FACT_TABLES: tuple[FieldTable, ...] = (
    ORDER_LINES,
    OPPORTUNITIES,
    EXPENSES,
    ACTIVITIES,
    CUSTOMERS,
    SALES_LINES,
    INVOICES,
    PAYMENTS,
    LEADS,
    STAGE_VISITS,
    DELIVERIES,
    CASES,
    SURVEY_RESPONSES,
    TARGETS,
)
"""Field tables of all fact tables; the first column identifies a row."""
