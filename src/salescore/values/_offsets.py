"""Offsets: the stretches of real time in which a zone keeps one distance from UTC."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Final

from salescore.errors import InvalidDate
from salescore.values._dates import check_instant

# All times here are whole microseconds since the day before 0001-01-01, so that arithmetic is
# plain and exact.
MICRO: Final = timedelta(microseconds=1)
SECOND: Final = 1_000_000
DAY: Final = 24 * 3600 * SECOND

_ZERO = datetime(1, 1, 1, tzinfo=UTC)
_FIRST_YEAR, _LAST_YEAR = 2, 9998
# Changes of the clock that undid each other within this time would be overlooked; none do.
_LOOK = 6 * 3600 * SECOND


def to_micro(instant: datetime) -> int:
    """Return an instant as a number, refusing years at the ends of time."""
    moment = check_instant(instant)
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        fault = f"working time is told within the years {_FIRST_YEAR} to {_LAST_YEAR}"
        raise InvalidDate(moment.isoformat(), fault)
    return (moment - _ZERO) // MICRO + DAY


def from_micro(number: int) -> datetime:
    """Return a number as an instant in UTC."""
    return _ZERO + (number - DAY) * MICRO


def year_start(year: int) -> int:
    """Return the number of the first instant of a year in UTC."""
    return datetime(year, 1, 1, tzinfo=UTC).toordinal() * DAY


FIRST: Final = year_start(_FIRST_YEAR)
END: Final = year_start(_LAST_YEAR + 1)


def segments(zone: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yield start, end and offset of each stretch between two instants, in order of time."""
    for year in range(from_micro(start).year, from_micro(end - 1).year + 1):
        for one, two, offset in _year(zone, year):
            if one < end and start < two:
                yield max(one, start), min(two, end), offset


def segments_back(zone: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yield the same stretches, the latest first."""
    for year in range(from_micro(end - 1).year, from_micro(start).year - 1, -1):
        for one, two, offset in reversed(_year(zone, year)):
            if one < end and start < two:
                yield max(one, start), min(two, end), offset


@lru_cache(maxsize=4096)
def _year(zone: str, year: int) -> tuple[tuple[int, int, int], ...]:
    """Return the stretches of one year."""
    begin, end = year_start(year), year_start(year + 1)
    if zone == "UTC":
        return ((begin, end, 0),)
    found: list[tuple[int, int, int]] = []
    start, offset = begin, _offset(zone, begin)
    for here in range(begin, end - SECOND, _LOOK):
        there = min(here + _LOOK, end - SECOND)
        after = _offset(zone, there)
        if after != offset:
            change = _change(zone, here, there, offset)
            found.append((start, change, offset))
            start, offset = change, after
    return (*found, (start, end, offset))


def _change(zone: str, before: int, after: int, offset: int) -> int:
    """Return the first whole second at which a zone has left an offset."""
    while after - before > SECOND:
        middle = (before + after) // (2 * SECOND) * SECOND
        if _offset(zone, middle) == offset:
            before = middle
        else:
            after = middle
    return after


def _offset(zone: str, number: int) -> int:
    """Return how far a zone is ahead of UTC at an instant."""
    # From UTC to the wall nothing is ambiguous; the other way is never taken.
    offset = from_micro(number).astimezone(_rules(zone)).utcoffset()
    return (offset or timedelta(0)) // MICRO


@lru_cache
def _rules(zone: str) -> tzinfo:
    """Return the rules of a zone whose name has been checked."""
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - loaded when a zone is first needed

    return ZoneInfo(zone)
