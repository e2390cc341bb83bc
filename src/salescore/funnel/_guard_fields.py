"""What rules of a funnel can read: the priced row of the opportunity, and the event itself."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from salescore.errors import InvalidValue
from salescore.funnel._context import Context
from salescore.funnel._stays import stays
from salescore.plain import Field, FieldTable, Kind

EVENT_FIELDS = (
    Field(name="event_on", kind=Kind.DATE, nullable=False, labels=("Day of the event", "事件日期")),
    Field(name="event_reason", kind=Kind.TEXT, nullable=True, labels=("Reason given", "说明原因")),
    Field(
        name="days_in_stage",
        kind=Kind.DECIMAL,
        nullable=True,
        labels=("Whole days in the present stage", "当前阶段停留整天数"),
        unit="days",
    ),
    Field(
        name="entries",
        kind=Kind.DECIMAL,
        nullable=True,
        labels=("Entries to the present stage", "进入当前阶段次数"),
        unit="count",
    ),
)
"""Fields of the event, beside those of the opportunity: unknown where no history is given."""

EVENT_NAMES = frozenset(one.name for one in EVENT_FIELDS)


def guard_schema(opportunities: FieldTable) -> FieldTable:
    """
    Return the fields that criteria of a funnel can read.

    Args:
        opportunities: The fact table `opportunities`, as `Facts.schema` gives it.

    Raises:
        InvalidValue: A registered field has the name of one of the event.
    """
    clash = EVENT_NAMES.intersection(opportunities.names)
    if clash:
        fault = "funnels give it another meaning; register it under another name"
        raise InvalidValue("a field of opportunities", min(clash), fault)
    return FieldTable(name=opportunities.name, fields=(*opportunities.fields, *EVENT_FIELDS))


def guard_row(row: Mapping[str, Any], context: Context) -> dict[str, Any]:
    """Return a row of an opportunity with the fields of the event."""
    history = context.history
    running = None if history is None else history.running
    days: Decimal | None = None
    entries: Decimal | None = None
    if history is not None and running is not None:
        all_stays = tuple(stays(history.visits))  # a migration does not begin a stay anew
        first = all_stays[-1].visits[0]
        if first.entered_at is None:
            days = Decimal(max((context.on - first.entered_on).days, 0))
        else:
            days = Decimal(max((context.at - first.entered_at).days, 0))
        entries = Decimal(sum(one.last.stage == running.stage for one in all_stays))
    return {
        **row,
        "event_on": context.on,
        "event_reason": context.reason,
        "days_in_stage": days,
        "entries": entries,
    }
