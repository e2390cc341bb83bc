"""Shifts: the stretches of local time in which work is done on a day, and their week."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import time
from itertools import pairwise
from typing import Final

import attrs

from salescore.errors import InvalidRecord, InvalidValue, UnknownName

DAY_MINUTES: Final = 24 * 60
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
OFFICE_WEEK: Final = (("mon-fri", "09:00-17:00"),)

_SHIFT = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-(?:24:00|([01][0-9]|2[0-3]):([0-5][0-9]))")


@attrs.frozen
class Shift:
    """
    A stretch of working time by the clock on the wall, from its start up to but without its end.

    A shift belongs to the day on which it starts. An end that is not after the start lies on the
    next day: 22:00 to 06:00 is a night shift of eight hours, of which six fall on the next date,
    and 00:00 to 00:00 is the whole day.

    Attributes:
        start: Local time in whole minutes.
        end: Local time in whole minutes; on the next day unless it is after the start.
    """

    start: time
    end: time

    def __attrs_post_init__(self) -> None:
        """Refuse what is no time on the wall in whole minutes."""
        for name, value in (("start", self.start), ("end", self.end)):
            if type(value) is not time or value.tzinfo or value.second or value.microsecond:
                fault = "expected a time in whole minutes without a zone"
                raise InvalidRecord("Shift", name, value, fault)

    @classmethod
    def parse(cls, text: str) -> Shift:
        """
        Return the shift that a text states.

        Args:
            text: Such as "09:00-17:30"; "24:00" may be the end.

        Returns:
            The shift.

        Raises:
            InvalidValue: If the text has another form or names no time of day.

        Examples:
            >>> Shift.parse("22:00-06:00").minutes
            480
        """
        found = _SHIFT.fullmatch(text)
        if found is None:
            fault = "expected a form such as 09:00-17:30, hours 00 to 23 (or 24:00 at the end)"
            raise InvalidValue("the shift", text, fault)
        hour, minute, end_hour, end_minute = (int(part or 0) for part in found.groups())
        return cls(time(hour, minute), time(end_hour, end_minute))

    @property
    def span(self) -> tuple[int, int]:
        """Start and end in minutes since midnight of the day it belongs to; the end up to 2880."""
        start = self.start.hour * 60 + self.start.minute
        end = self.end.hour * 60 + self.end.minute
        return start, end if end > start else end + DAY_MINUTES

    @property
    def minutes(self) -> int:
        """How long it lasts by the clock on the wall."""
        start, end = self.span
        return end - start

    def __str__(self) -> str:
        """Return the text that `parse` reads."""
        return f"{self.start:%H:%M}-{self.end:%H:%M}".replace("-00:00", "-24:00")


def parse_shifts(text: str) -> tuple[Shift, ...]:
    """
    Return the shifts of a day.

    Args:
        text: Shifts with a space between, such as "09:00-12:00 13:00-18:00"; empty for none.

    Returns:
        The shifts in order of time.

    Raises:
        InvalidValue: If one has another form, or two overlap.
    """
    return in_order(Shift.parse(part) for part in text.split())


def in_order(shifts: Iterable[Shift]) -> tuple[Shift, ...]:
    """Return the shifts of one day in order of time, refusing two that overlap."""
    found = tuple(sorted(shifts, key=lambda shift: shift.span))
    for before, after in pairwise(found):
        if before.span[1] > after.span[0]:
            raise InvalidValue("the shifts of a day", shifts_text(found), f"{after} overlaps")
    return found


def shifts_text(shifts: Iterable[Shift]) -> str:
    """Return the text that `parse_shifts` reads."""
    return " ".join(map(str, shifts))


def parse_week(weekly: Mapping[str, str]) -> tuple[tuple[Shift, ...], ...]:
    """
    Return the shifts of the seven weekdays, Monday first.

    Args:
        weekly: From a weekday, such as "sat", or a range of them, such as "mon-fri", to the text
            of its shifts. Weekdays that are left out are free.

    Returns:
        Seven tuples of shifts.

    Raises:
        InvalidValue: If a range runs backwards, a weekday is named twice, or shifts are no shifts.
        UnknownName: If there is no such weekday.
    """
    found: dict[str, tuple[Shift, ...]] = {}
    for key, text in weekly.items():
        first, _, last = key.partition("-")
        ends = [_weekday(name) for name in (first, last or first)]
        if ends[0] > ends[1]:
            raise InvalidValue("the range of weekdays", key, "it must not run backwards")
        for name in WEEKDAYS[ends[0] : ends[1] + 1]:
            if name in found:
                raise InvalidValue("the weekday", name, "it is named twice")
            found[name] = parse_shifts(text)
    return tuple(found.get(name, ()) for name in WEEKDAYS)


def check_week(weekly: tuple[tuple[Shift, ...], ...]) -> None:
    """Refuse a week of other than seven days, without work, or with shifts out of order."""
    fault = ""
    if len(weekly) != len(WEEKDAYS):
        fault = "give the shifts of seven days, Monday first"
    elif not any(weekly):
        fault = "some weekday needs working hours"
    elif any(in_order(shifts) != shifts for shifts in weekly):
        fault = "give the shifts of each day in order of time"
    if fault:
        raise InvalidRecord("WorkingCalendar", "weekly", weekly, fault)


def _weekday(name: str) -> int:
    """Return the number of a weekday, Monday being 0."""
    if name not in WEEKDAYS:
        raise UnknownName("weekday", name, WEEKDAYS)
    return WEEKDAYS.index(name)
