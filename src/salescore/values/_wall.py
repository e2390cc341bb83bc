"""Clocks on a wall: the instant at which a zone shows a day and a time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from salescore.errors import InvalidDate, InvalidValue
from salescore.values._dates import day_of

_ANY_INSTANT = datetime(2000, 1, 1, tzinfo=UTC)


def instant_at(day: date, clock: time, zone: str) -> datetime:
    """
    Return the instant at which the clocks of a zone show a day and a time.

    Args:
        day: The day on the wall.
        clock: The time on the wall; it names no offset itself.
        zone: Name in the IANA time zone database, such as "Asia/Shanghai".

    Returns:
        An aware datetime in UTC.

    Raises:
        InvalidDate: If the clocks skip that time or show it twice, or it lies outside the years
            1 to 9999 in UTC.
        InvalidValue: If the time names an offset.
        UnknownName: If there is no such zone.

    Examples:
        >>> instant_at(date(2017, 3, 1), time(8, 30), "Asia/Shanghai").isoformat()
        '2017-03-01T00:30:00+00:00'
    """
    if clock.tzinfo is not None:
        raise InvalidValue("clock", clock, "it must name no offset")
    day_of(_ANY_INSTANT, zone)  # a wrong name is refused
    wall = datetime.combine(day, clock)
    if zone == "UTC":
        return wall.replace(tzinfo=UTC)
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - loaded when a zone is first needed

    rules = ZoneInfo(zone)
    shown = f"{wall.isoformat(sep=' ')} in {zone}"
    try:
        # What a zone makes of a wall clock is a guess where clocks change: only what leads back
        # to the same wall is right.
        guesses = {wall.replace(tzinfo=rules, fold=fold).astimezone(UTC) for fold in (0, 1)}
        right = [one for one in guesses if one.astimezone(rules).replace(tzinfo=None) == wall]
    except OverflowError:
        raise InvalidDate(shown, "in UTC it lies outside the years 1 to 9999") from None
    if not right:
        raise InvalidDate(shown, "the clocks skip this time")
    if len(right) > 1:
        raise InvalidDate(shown, "the clocks show this time twice; name an offset")
    return right[0]
