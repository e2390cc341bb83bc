"""Events that an expected day of closing was changed, each with the same id each time."""

from __future__ import annotations

import json
from datetime import datetime
from hashlib import sha256

from salescore.book import EXPECTED_CLOSE_CHANGED
from salescore.entities import Event, EventId, Opportunity
from salescore.errors import InvalidValue
from salescore.plain import ID_LIMIT
from salescore.values import check_instant, format_instant


def close_date_event(
    before: Opportunity, after: Opportunity, *, at: datetime, actor: str | None = None
) -> Event | None:
    """
    Return the event that the expected day of closing was changed, out of two versions.

    Its detail is the JSON object with `from` and `to`, days in ISO form or null.
    The same change at the same instant gives the same event, so that a retry is harmless; another
    change at that instant, as in histories that know days alone, gives another.

    Args:
        before: The opportunity before.
        after: The same opportunity after.
        at: Instant of the change.
        actor: Who made it; `None` when a rule did, or unknown.

    Returns:
        `None` where the day is the same.

    Raises:
        InvalidValue: The two are different opportunities.
        InvalidDate: `at` states no time zone.
    """
    if before.id != after.id:
        raise InvalidValue("after", after.id, f"it must be the opportunity {before.id}, too")
    instant = check_instant(at)
    old, new = before.expected_close_on, after.expected_close_on
    if old == new:
        return None
    days = {
        "from": None if old is None else old.isoformat(),
        "to": None if new is None else new.isoformat(),
    }
    moved = [str(days["from"] or "-"), str(days["to"] or "-")]
    parts = [str(after.id), EXPECTED_CLOSE_CHANGED, format_instant(instant), *moved]
    key = "/".join(parts)
    if len(key) > ID_LIMIT:
        key = sha256(json.dumps(parts).encode()).hexdigest()
    return Event(
        id=EventId(key),
        name=EXPECTED_CLOSE_CHANGED,
        happened_at=instant,
        record="opportunities",
        subject=after.id,
        actor=actor,
        detail=json.dumps(days),
    )
