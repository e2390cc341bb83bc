"""What visits and events tell of opportunities: where they stood last, how their end moved."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from salescore.book._columns import attribute
from salescore.entities import Event, Opportunity, StageKind, StageVisit
from salescore.errors import InvalidDate
from salescore.values import parse_date

if TYPE_CHECKING:
    from collections.abc import Sequence

    from salescore.book._columns import Column
    from salescore.book._visit_order import SubjectVisits

EXPECTED_CLOSE_CHANGED = "expected_close_changed"
"""Name of the event that the expected day of closing of an opportunity was changed."""

_CLOSED = (StageKind.WON, StageKind.LOST, StageKind.VOID)


def last_open_stages(
    opportunities: Sequence[Opportunity], visits: Sequence[StageVisit], whose: SubjectVisits
) -> Column:
    """
    Return the open stage that each opportunity was in last, before it was lost or else closed.

    Time on hold is passed over.
    A visit of no known kind is one of the end where the opportunity is closed in that very stage.

    Args:
        opportunities: The opportunities.
        visits: All stage visits.
        whose: Whose they are, in order.

    Returns:
        `None` where no such visit is on record.
    """
    ended: dict[str, str] = {one.id: one.stage for one in opportunities if one.kind in _CLOSED}
    stages: Column = attribute(visits, "stage")
    kinds: Column = attribute(visits, "kind")
    last: dict[str, str] = {}
    for number, key in whose.sales():
        for place in reversed(whose.places(number)):
            kind, stage = kinds[place], stages[place]
            if kind is StageKind.OPEN or (kind is None and stage != ended.get(key)):
                last[key] = stage
                break
    return [last.get(one.id) for one in opportunities]


def current_funnels(
    opportunities: Sequence[Opportunity], visits: Sequence[StageVisit], whose: SubjectVisits
) -> Column:
    """
    Return the funnel that each opportunity is in, or was in last.

    Of several it is the one whose last stage is that of the opportunity, else the one in which a
    visit lasts, else the latest.

    Args:
        opportunities: The opportunities.
        visits: All stage visits.
        whose: Whose they are, in order.

    Returns:
        `None` where no visit is on record, or it names no funnel.
    """
    stages: dict[str, str] = {one.id: one.stage for one in opportunities}
    funnels: Column = attribute(visits, "funnel")
    has_several = len(set(funnels)) > 1
    found: dict[str, str | None] = {}
    for number, key in whose.sales():
        places = whose.places(number)
        if has_several:
            found[key] = funnel_of([visits[place] for place in places], stages.get(key))
        else:
            found[key] = funnels[places[-1]]
    return [found.get(one.id) for one in opportunities]


def funnel_of(visits: Sequence[StageVisit], stage: str | None) -> str | None:
    """
    Return the funnel that a sale is in, which side tracks may run beside.

    Args:
        visits: The visits of the sale in order, at least one.
        stage: The stage that it is in; `None` if unknown.
    """
    last: dict[str | None, StageVisit] = {}
    for one in visits:
        last.pop(one.funnel, None)
        last[one.funnel] = one
    those = list(last.values())
    those = [one for one in those if one.stage == stage] or those
    lasting = [one for one in those if one.left_on is None and one.left_at is None]
    return (lasting or those)[-1].funnel


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

    Of changes at one instant, as histories of days alone have them, the first is the one that moved
    away from a day to which no other moved.

    Args:
        events: Events in any order, of which those named `EXPECTED_CLOSE_CHANGED` tell.

    Returns:
        By opportunity; `None` where it had none, or the event cannot be read.
    """
    first: dict[str, list[Event]] = {}
    for one in events:
        if one.name == EXPECTED_CLOSE_CHANGED and one.record == "opportunities":
            earliest = first.setdefault(str(one.subject), [one])
            if one.happened_at < earliest[0].happened_at:
                first[str(one.subject)] = [one]
            elif one.happened_at == earliest[0].happened_at and one is not earliest[0]:
                earliest.append(one)
    return {key: _day_before(those) for key, those in first.items()}


def _day_before(events: Sequence[Event]) -> date | None:
    """Return the day that the first of some events of one instant moved away from."""
    ordered = sorted(events, key=lambda one: one.id)
    days = [_days_stated(one.detail) for one in ordered]
    ends = [found[1] for found in days if found is not None]
    starts = [None if found is None else found[0] for found in days]
    return next((one for one in starts if one not in ends), starts[0])


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
