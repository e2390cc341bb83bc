"""Dimensions: what figures can be sliced by."""

from __future__ import annotations

import attrs

from salescore.errors import UnknownName
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
    """

    name: str
    column: str
    records: str | None
    labels: tuple[str, str]


DIMENSIONS: tuple[Dimension, ...] = (
    Dimension("product", "product_id", "products", ("Product", "产品")),
    Dimension("product_family", "product_family", None, ("Product family", "产品系列")),
    Dimension("product_subfamily", "product_subfamily", None, ("Product subfamily", "产品子系列")),
    Dimension("customer", "customer_id", "customers", ("Customer", "客户")),
    Dimension("segment", "segment", None, ("Segment", "细分")),
    Dimension("industry", "industry", None, ("Industry", "行业")),
    Dimension("country", "country", None, ("Country", "国家")),
    Dimension("region", "region", None, ("Region", "地区")),
    Dimension("team", "team_id", "teams", ("Team", "团队")),
    Dimension("rep", "rep_id", "sales_reps", ("Sales rep", "销售人员")),
    Dimension("channel", "channel", None, ("Channel", "渠道")),
    Dimension("source", "source", None, ("Source", "来源")),
    Dimension("currency", "currency", None, ("Currency", "币种")),
    Dimension("stage", "stage", None, ("Stage", "阶段")),
    Dimension("stage_kind", "kind", None, ("Stage kind", "阶段类型")),
    Dimension("competitor", "competitor", None, ("Competitor", "竞争对手")),
    Dimension("loss_reason", "loss_reason", None, ("Loss reason", "输单原因")),
    Dimension("year", "year", None, ("Year", "年")),
    Dimension("quarter", "quarter", None, ("Quarter", "季度")),
    Dimension("month", "month", None, ("Month", "月")),
    Dimension("week", "week", None, ("Week", "周")),
)
"""All dimensions, those of the calendar last."""

_BY_NAME = {dimension.name: dimension for dimension in DIMENSIONS}
_UNITS = frozenset(unit.value for unit in CalendarUnit) - {CalendarUnit.DAY.value}


def find_dimension(name: str) -> Dimension:
    """
    Return the dimension of that name.

    Raises:
        UnknownName: There is no such dimension.
    """
    try:
        return _BY_NAME[name]
    except KeyError:
        raise UnknownName("dimension", name, tuple(_BY_NAME)) from None


def is_calendar_unit(column: str) -> bool:
    """Return whether a column is a unit of the calendar rather than a column of a fact table."""
    return column in _UNITS
