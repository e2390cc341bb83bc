"""The table and the row on which the examples of the operators are told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from salescore.plain import Field, FieldTable, Kind
from salescore.rules._tree import Scalar


def _field(name: str, kind: Kind, en: str, zh: str, *, is_set: bool = False) -> Field:
    return Field(name=name, kind=kind, nullable=True, labels=(en, zh), is_set=is_set)


EXAMPLE_TABLE: Final = FieldTable(
    name="examples",
    fields=(
        _field("region", Kind.TEXT, "Region", "区域"),
        _field("revenue", Kind.DECIMAL, "Revenue", "销售额"),
        _field("wallet", Kind.DECIMAL, "Wallet", "采购预算"),
        _field("orders", Kind.DECIMAL, "Orders", "订单数"),
        _field("created_on", Kind.DATE, "Created on", "创建日期"),
        _field("changed_at", Kind.INSTANT, "Changed at", "修改时刻"),
        _field("is_active", Kind.BOOLEAN, "Active", "活跃"),
        _field("tags", Kind.TEXT, "Tags", "标签", is_set=True),
    ),
)
"""
Fields of every type that a rule reads.

:meta hide-value:
"""

EXAMPLE_ROW: Final[Mapping[str, Scalar | frozenset[str] | None]] = MappingProxyType(
    {
        "region": "West",
        "revenue": Decimal("50000.00"),
        "wallet": None,
        "orders": Decimal(3),
        "created_on": date(2017, 1, 30),
        "changed_at": datetime(2017, 3, 1, 8, 30, tzinfo=UTC),
        "is_active": True,
        "tags": frozenset({"vip", "partner"}),
    }
)
"""A row of `EXAMPLE_TABLE`, of which one value is unknown."""
