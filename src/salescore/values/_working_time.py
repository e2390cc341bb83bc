"""Working time: how much of it lies between two instants, and where an amount of it ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from salescore.errors import InvalidDate
from salescore.values._intervals import Interval, Intervals
from salescore.values._ledger import Ledger
from salescore.values._offsets import (
    DAY,
    END,
    FIRST,
    MICRO,
    from_micro,
    segments,
    segments_back,
    to_micro,
)

_Piece = tuple[int, int]


def hours_of(ledger: Ledger, zone: str, day: int) -> Intervals:
    """Return the hours of a day as real time."""
    if not FIRST + DAY <= day * DAY <= END - 3 * DAY:
        fault = "hours are told within the years 2 to 9998"
        raise InvalidDate(date.fromordinal(day).isoformat(), fault)
    found: list[Interval] = []
    for start, end in ledger.local_spans(day):
        for one, two, offset in segments(zone, start - DAY, end + DAY):
            begin, over = max(one, start - offset), min(two, end - offset)
            if begin < over:
                found.append(Interval(from_micro(begin), from_micro(over)))
    return Intervals.of(*found)


def time_between(
    ledger: Ledger, zone: str, start: datetime, end: datetime, pauses: Intervals
) -> timedelta | None:
    """Return the working time between two instants, pauses left out; `None` if unknown."""
    total = 0
    for piece in _pieces(to_micro(start), to_micro(end), pauses):
        for one, two, offset in segments(zone, *piece):
            if not ledger.is_known_time(one + offset, two + offset):
                return None
            total += ledger.worked(two + offset) - ledger.worked(one + offset)
    return total * MICRO


def time_after(
    ledger: Ledger, zone: str, start: datetime, amount: timedelta, pauses: Intervals
) -> datetime | None:
    """Return the first instant at which an amount of work is done; `None` if unknown."""
    begin, left = to_micro(start), amount // MICRO
    if ledger.worked(END) - ledger.worked(begin - DAY) < left:
        raise _too_far(start, amount)
    for piece in _pieces(begin, END - DAY, pauses):
        for one, two, offset in segments(zone, *piece):
            before = ledger.worked(one + offset)
            done = ledger.worked(two + offset) - before
            found = _first(ledger, one, two, offset, before + left) if done >= left else two
            if not ledger.is_known_time(one + offset, found + offset):
                return None
            if done >= left:
                return from_micro(found)
            left -= done
    raise _too_far(start, amount)


def time_before(
    ledger: Ledger, zone: str, end: datetime, amount: timedelta, pauses: Intervals
) -> datetime | None:
    """Return the last instant from which an amount of work is done by the end; or `None`."""
    over, left = to_micro(end), amount // MICRO
    if ledger.worked(over + DAY) - ledger.worked(FIRST) < left:
        raise _too_far(end, -amount)
    for piece in reversed(list(_pieces(FIRST + DAY, over, pauses))):
        for one, two, offset in segments_back(zone, *piece):
            after = ledger.worked(two + offset)
            done = after - ledger.worked(one + offset)
            found = _last(ledger, one, two, offset, after - left) if done >= left else one
            if not ledger.is_known_time(found + offset, two + offset):
                return None
            if done >= left:
                return from_micro(found)
            left -= done
    raise _too_far(end, -amount)


def _too_far(instant: datetime, amount: timedelta) -> InvalidDate:
    fault = f"{amount} of working time from it lead out of the years 2 to 9998"
    return InvalidDate(instant.isoformat(), fault)


def _pieces(start: int, end: int, pauses: Intervals) -> Iterator[_Piece]:
    """Yield what lies between two instants outside the pauses, in order of time."""
    for pause in pauses:
        if start >= end:
            return
        begin, over = to_micro(pause.start), to_micro(pause.end)
        if start < begin:
            yield start, min(begin, end)
        start = max(start, over)
    if start < end:
        yield start, end


def _first(ledger: Ledger, low: int, high: int, offset: int, wanted: int) -> int:
    """Return the first instant of a stretch before which a sum of work is done."""
    while low < high:
        middle = (low + high) // 2
        if ledger.worked(middle + offset) >= wanted:
            high = middle
        else:
            low = middle + 1
    return low


def _last(ledger: Ledger, low: int, high: int, offset: int, wanted: int) -> int:
    """Return the last instant of a stretch before which no more than a sum of work is done."""
    while low < high:
        middle = (low + high + 1) // 2
        if ledger.worked(middle + offset) <= wanted:
            low = middle
        else:
            high = middle - 1
    return low
