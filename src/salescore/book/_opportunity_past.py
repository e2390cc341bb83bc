"""What visits and events tell of opportunities: where they stood last, how their end moved."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from salescore.book._stays import visit_order
from salescore.entities import Event, Opportunity, StageKind, StageVisit
from salescore.errors import InvalidDate
from salescore.values import parse_date

if TYPE_CHECKING:
    from collections.abc import Sequence

    from salescore.book._columns import Column

EXPECTED_CLOSE_CHANGED = "expected_close_changed"
"""Name of the event that the expected day of closing of an opportunity was changed."""

_CLOSED = (StageKind.WON, StageKind.LOST, StageKind.VOID)
_Place = tuple[bool, tuple[date, bool, date, datetime]]


def last_open_stages(opportunities: Sequence[Opportunity], visits: Sequence[StageVisit]) -> Column:
    """
    Return the open stage that each opportunity was in last, before it was lost or else closed.

    Time on hold is passed over.
    A visit of no known kind is one of the end where the opportunity is closed in that very stage.

    Args:
        opportunities: The opportunities.
        visits: All stage visits.

    Returns:
        `None` where no such visit is on record.
    """
    ended = {one.id: one.stage for one in opportunities if one.kind in _CLOSED}
    last: dict[str, StageVisit] = {}
    for one in visits:
        key, kind = one.opportunity_id, one.kind
        if key is None or (kind is not None and kind is not StageKind.OPEN):
            continue
        if kind is None and one.stage == ended.get(key):
            continue
        before = last.get(key)
        # Days tell most visits apart, and cost less than all that may.
        if (
            before is None
            or before.entered_on < one.entered_on
            or visit_order(before) <= visit_order(one)
        ):
            last[key] = one
    return [last[one.id].stage if one.id in last else None for one in opportunities]


def current_funnels(opportunities: Sequence[Opportunity], visits: Sequence[StageVisit]) -> Column:
    """
    Return the funnel that each opportunity is in, or was in last; the latest of several.

    Args:
        opportunities: The opportunities.
        visits: All stage visits.

    Returns:
        `None` where no visit is on record, or it names no funnel.
    """
    last: dict[str, tuple[_Place, StageVisit]] = {}
    for one in visits:
        key = one.opportunity_id
        if key is None:
            continue
        place = (one.left_on is None and one.left_at is None, visit_order(one))
        before = last.get(key)
        if before is None or before[0] <= place:
            last[key] = (place, one)
    return [last[one.id][1].funnel if one.id in last else None for one in opportunities]


def first_wins(opportunities: Sequence[Opportunity], visits: Sequence[StageVisit]) -> Column:
    """
    Return the day on which each opportunity was first won, also where it was reopened since.

    Args:
        opportunities: The opportunities.
        visits: All stage visits.

    Returns:
        `None` where it never was, or nobody kept the day.
    """
    first: dict[str, date] = {}
    told = [
        *((one.opportunity_id, one.entered_on) for one in visits if one.kind is StageKind.WON),
        *((one.id, one.closed_on) for one in opportunities if one.kind is StageKind.WON),
    ]
    for key, day in told:
        if key is not None and day is not None:
            first[key] = min(first.get(key, day), day)
    return [first.get(one.id) for one in opportunities]


def close_date_columns(
    opportunities: Sequence[Opportunity], events: Sequence[Event]
) -> dict[str, Column]:
    """
    Return how often the expected day of closing moved to a later day, and by how many days.

    Stating a first day, taking it back or moving it forward is no push.

    Args:
        opportunities: The opportunities.
        events: All events, of which those named `EXPECTED_CLOSE_CHANGED` tell.

    Returns:
        `close_pushes` and `close_pushed_days`; null where an event cannot be read, and throughout
        where none is on record, for then nobody kept them.
    """
    found: dict[str, list[int] | None] = {}
    has_any = False
    for one in events:
        if one.name != EXPECTED_CLOSE_CHANGED or one.record != "opportunities":
            continue
        has_any = True
        key = str(one.subject)
        sums = found.setdefault(key, [0, 0])
        days = _days_moved(one.detail)
        if sums is None:
            continue
        if days is None:
            found[key] = None
        elif days > 0:
            sums[0] += 1
            sums[1] += days
    rows = [found.get(one.id, [0, 0]) if has_any else None for one in opportunities]
    return {
        name: [None if row is None else Decimal(row[place]) for row in rows]
        for place, name in enumerate(("close_pushes", "close_pushed_days"))
    }


def close_dates_before(events: Sequence[Event]) -> dict[str, date | None]:
    """
    Return the expected day of closing that each opportunity had before the first of some events.

    Args:
        events: Events in any order, of which those named `EXPECTED_CLOSE_CHANGED` tell.

    Returns:
        By opportunity; `None` where it had none, or the event cannot be read.
    """
    first: dict[str, Event] = {}
    for one in events:
        if one.name == EXPECTED_CLOSE_CHANGED and one.record == "opportunities":
            earliest = first.setdefault(str(one.subject), one)
            if one.happened_at < earliest.happened_at:
                first[str(one.subject)] = one
    days = {key: _days_stated(one.detail) for key, one in first.items()}
    return {key: None if found is None else found[0] for key, found in days.items()}


def _days_moved(detail: str | None) -> int | None:
    """Return by how many days the day moved later; 0 from or to no day, `None` if unreadable."""
    found = _days_stated(detail)
    if found is None:
        return None
    before, after = found
    return 0 if before is None or after is None else (after - before).days


def _days_stated(detail: str | None) -> tuple[date | None, date | None] | None:
    """Return the day before and after, each `None` for no day; `None` if unreadable."""
    try:
        data: Any = json.loads(detail or "")
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict):
        return None
    known = cast("dict[str, object]", data)
    if not {"from", "to"} <= set(known):
        return None
    days: list[date | None] = []
    for name in ("from", "to"):
        value = known[name]
        if value is None:
            days.append(None)
            continue
        if not isinstance(value, str):
            return None
        try:
            days.append(parse_date(value))
        except InvalidDate:
            return None
    return days[0], days[1]
