"""Dimensions: what figures can be sliced by."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from salescore.errors import UnknownName
from salescore.plain import Field, FieldTable, Kind
from salescore.values import CalendarUnit


@attrs.frozen
class Dimension:
    """
    Something that figures can be sliced by.

    Attributes:
        name: Name on the command line and in JSON.
        column: Column of the fact tables, or the unit of the calendar.
        records: Record type whose names label the keys; `None` where a key is its own label.
        labels: English and Chinese label.
        tables: Fact tables whose column means this; empty where it does in each that has it.
    """

    name: str
    column: str
    records: str | None
    labels: tuple[str, str]
    tables: tuple[str, ...] = ()

    def is_in(self, schema: FieldTable) -> bool:
        """Return whether a fact table has the dimension as a column."""
        return self.column in schema and (not self.tables or schema.name in self.tables)


_EXPENSES, _CASES = ("expenses",), ("cases",)
_OPPORTUNITIES = ("opportunities", "stage_visits")

DIMENSIONS: tuple[Dimension, ...] = (
    Dimension("product", "product_id", "products", ("Product", "产品")),
    Dimension("product_family", "product_family", None, ("Product family", "产品系列")),
    Dimension("product_subfamily", "product_subfamily", None, ("Product subfamily", "产品子系列")),
    Dimension("customer", "customer_id", "customers", ("Customer", "客户")),
    Dimension("segment", "segment", None, ("Segment", "细分")),
    Dimension("industry", "industry", None, ("Industry", "行业")),
    Dimension("country", "country", None, ("Country", "国家")),
    Dimension("region", "region", None, ("Region", "地区")),
    Dimension("territory", "territory_id", "territories", ("Territory", "区域")),
    Dimension("team", "team_id", "teams", ("Team", "团队")),
    Dimension("rep", "rep_id", "sales_reps", ("Sales rep", "销售人员")),
    Dimension("channel", "channel", None, ("Channel", "渠道")),
    Dimension("source", "source", None, ("Source", "来源")),
    Dimension("campaign", "campaign_id", "campaigns", ("Campaign", "营销活动")),
    Dimension("currency", "currency", None, ("Currency", "币种")),
    Dimension("lifecycle", "lifecycle", None, ("Lifecycle", "生命周期")),
    Dimension("lead_kind", "kind", None, ("Lead kind", "线索类型"), ("leads",)),
    Dimension("lead_status", "status", None, ("Lead status", "线索状态"), ("leads",)),
    Dimension("funnel", "funnel", None, ("Funnel", "销售漏斗")),
    Dimension("stage", "stage", None, ("Stage", "阶段")),
    Dimension("stage_kind", "kind", None, ("Stage kind", "阶段类型"), _OPPORTUNITIES),
    Dimension("competitor", "competitor", None, ("Competitor", "竞争对手")),
    Dimension("loss_reason", "loss_reason", None, ("Loss reason", "输单原因")),
    Dimension(
        "expense_category", "category", None, ("Expense category", "费用类别"), ("expenses",)
    ),
    Dimension("payment_method", "method", None, ("Payment method", "付款方式"), ("payments",)),
    Dimension("carrier", "carrier", None, ("Carrier", "承运人")),
    Dimension("case_category", "category", None, ("Case category", "工单类别"), _CASES),
    Dimension("case_priority", "priority", None, ("Case priority", "工单优先级"), _CASES),
    Dimension("year", "year", None, ("Year", "年")),
    Dimension("quarter", "quarter", None, ("Quarter", "季度")),
    Dimension("month", "month", None, ("Month", "月")),
    Dimension("week", "week", None, ("Week", "周")),
)
"""All dimensions, those of the calendar last."""

_BY_NAME = {dimension.name: dimension for dimension in DIMENSIONS}
_UNITS = frozenset(unit.value for unit in CalendarUnit) - {CalendarUnit.DAY.value}
_NAMES_GROUPS = (Kind.ID, Kind.TEXT, Kind.CHOICE, Kind.BOOLEAN, Kind.DATE)


def find_dimension(name: str, schemas: Iterable[FieldTable] = ()) -> Dimension:
    """
    Return the dimension of that name.

    Args:
        name: One of `DIMENSIONS`, or a field that an application registered.
        schemas: Fact tables with the registered fields; each that is no number or instant is a
            dimension of its own name, unless one of `DIMENSIONS` has it.

    Raises:
        UnknownName: There is no such dimension.
    """
    if name in _BY_NAME:
        return _BY_NAME[name]
    custom = custom_dimensions(schemas)
    for one in custom:
        if one.name == name:
            return one
    raise UnknownName("dimension", name, (*_BY_NAME, *(one.name for one in custom)))


def custom_dimensions(schemas: Iterable[FieldTable]) -> tuple[Dimension, ...]:
    """
    Return the dimensions that the registered fields of fact tables are, each name once.

    Args:
        schemas: Fact tables with the registered fields.
    """
    found: dict[str, Dimension] = {}
    for schema in schemas:
        for field in schema.custom_fields:
            if field.kind in _NAMES_GROUPS and field.name not in _BY_NAME:
                found.setdefault(field.name, _of_field(field))
    return tuple(found.values())


def _of_field(field: Field) -> Dimension:
    return Dimension(field.name, field.name, field.refers, field.labels)


def is_calendar_unit(column: str) -> bool:
    """Return whether a column is a unit of the calendar rather than a column of a fact table."""
    return column in _UNITS


def key_text(value: object) -> str | None:
    """Return the key of a slice for a value: dates in ISO form, truth values as in JSON."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
