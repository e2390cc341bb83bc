"""Registered fields of drawn books: every kind, on several record types."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from salescore.entities import RECORD_TABLES
from salescore.plain import CustomFields, Field, FieldTable, Kind, PersonalData, custom_field

_FIELDS = (
    ("customers", custom_field("is_listed", Kind.BOOLEAN, "Listed", "上市")),
    ("customers", custom_field("colour", Kind.CHOICE, "Colour", "颜色", choices=("red", "蓝"))),
    ("customers", custom_field("account", Kind.ID, "Account", "账号")),
    (
        "customers",
        custom_field("advisor_id", Kind.ID, "Advisor", "顾问", refers="sales_reps"),
    ),
    (
        "orders",
        custom_field(
            "rank", Kind.DECIMAL, "Rank", "名次", unit="1", minimum=Decimal(0), maximum=Decimal(1)
        ),
    ),
    ("orders", custom_field("weight", Kind.DECIMAL, "Weight", "重量", unit="kg")),
    ("order_lines", custom_field("deposit", Kind.MONEY, "Deposit", "押金")),
    ("opportunities", custom_field("audited_on", Kind.DATE, "Audited", "审计日", happened=True)),
    ("opportunities", custom_field("review_on", Kind.DATE, "Review", "复审日")),
    ("activities", custom_field("ended_at", Kind.INSTANT, "Ended", "结束时间", happened=True)),
    (
        "products",
        custom_field("origin", Kind.TEXT, "Origin", "产地", personal=PersonalData.FREE_TEXT),
    ),
    ("leads", custom_field("budget", Kind.MONEY, "Budget", "预算")),
    ("invoices", custom_field("surcharge", Kind.MONEY, "Surcharge", "附加费")),
    ("targets", custom_field("note_by", Kind.TEXT, "Note by", "备注人")),
)
HIDDEN: Final = len(_FIELDS)
"""Place of a field that the fact table of its record type hides."""

_EVERY = (*_FIELDS, ("customers", custom_field("channel", Kind.TEXT, "Channel", "渠道")))


def registered(places: Iterable[int]) -> CustomFields:
    """Return a registry of the fields at some places, counted from 0 to `HIDDEN`."""
    found: dict[str, list[Field]] = {}
    for place in sorted(places):
        name, field = _EVERY[place]
        found.setdefault(name, []).append(field)
    return CustomFields.of(found)


def extended(custom: CustomFields) -> tuple[FieldTable, ...]:
    """Return the field tables of all record types with the fields that are registered."""
    return tuple(custom.extend(table) for table in RECORD_TABLES)
