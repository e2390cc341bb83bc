"""Special days: holidays, and working days that the week would leave free."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import Enum
from itertools import pairwise
from typing import Final

import attrs

from salescore.errors import InvalidDocument, InvalidRecord, InvalidValue, UnknownName
from salescore.values._dates import parse_date
from salescore.values._period import is_day
from salescore.values._shifts import Shift, in_order, parse_shifts

_COLUMNS: Final = ("date", "kind", "name", "name_zh", "hours")
_NEEDED: Final = _COLUMNS[:3]
_SHOWN = 5
_JULY = 7

_CHINESE: Final = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
    "Anti-Fascist 70th Day": "抗战胜利70周年纪念日",
}


class DayKind(Enum):
    """
    In what a special day differs from its weekday.

    Attributes:
        HOLIDAY: Nobody works, whatever the weekday.
        WORKDAY_IN_LIEU: Work is done, whatever the weekday: 调休, or a day with hours of its own.
    """

    HOLIDAY = "holiday"
    WORKDAY_IN_LIEU = "workday_in_lieu"


@attrs.frozen
class SpecialDay:
    """
    A day on which the week does not hold.

    Attributes:
        day: The date.
        kind: Holiday, or working day in lieu.
        name: What it is called, in English or as the source says; empty if it has no name.
        name_zh: What it is called in Chinese, or `None` if nobody said.
        hours: Shifts of a working day in lieu, in order of time; `None` on a holiday, and for the
            hours of the first weekday that has any, which is Monday in most weeks.
    """

    day: date
    kind: DayKind
    name: str = ""
    name_zh: str | None = None
    hours: tuple[Shift, ...] | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse a day with a time, a holiday with hours, or a working day without any."""
        if not is_day(self.day):
            raise InvalidRecord("SpecialDay", "day", self.day, "expected a date without a time")
        if self.hours is None:
            return
        if self.kind is DayKind.HOLIDAY:
            fault = "a holiday has none; a half holiday is a working day in lieu with short hours"
            raise InvalidRecord("SpecialDay", "hours", self.hours, fault)
        if not self.hours or self.hours != in_order(self.hours):
            fault = "give shifts in order of time, or None for those of Monday"
            raise InvalidRecord("SpecialDay", "hours", self.hours, fault)

    @classmethod
    def holiday(cls, day: date, name: str = "", name_zh: str | None = None) -> SpecialDay:
        """
        Return a holiday.

        Args:
            day: The date.
            name: What it is called.
            name_zh: What it is called in Chinese.

        Returns:
            The special day.
        """
        return cls(day, DayKind.HOLIDAY, name, name_zh)

    @classmethod
    def workday(
        cls, day: date, name: str = "", name_zh: str | None = None, *, hours: str | None = None
    ) -> SpecialDay:
        """
        Return an extra working day, or one with hours of its own.

        Args:
            day: The date.
            name: What it is called.
            name_zh: What it is called in Chinese.
            hours: Shifts, such as "09:00-12:00 13:00-18:00", or `None` for those of Monday.

        Returns:
            The special day.

        Raises:
            InvalidValue: If the hours are no shifts.
        """
        shifts = None if hours is None else parse_shifts(hours)
        return cls(day, DayKind.WORKDAY_IN_LIEU, name, name_zh, shifts)

    def shifts_in(self, weekly: Iterable[tuple[Shift, ...]]) -> tuple[Shift, ...]:
        """
        Return the shifts of the day in a week.

        Args:
            weekly: The shifts of the weekdays, Monday first.

        Returns:
            None on a holiday; on a working day in lieu its own, or those of the first weekday that
            has any.
        """
        if self.kind is DayKind.HOLIDAY:
            return ()
        return self.hours or next(shifts for shifts in weekly if shifts)

    def label(self, language: str = "en") -> str:
        """
        Return what the day is called.

        Args:
            language: "zh" for Chinese; any other for the name as given.

        Returns:
            The Chinese name where it is asked for and known, else the name.
        """
        return self.name_zh if language == "zh" and self.name_zh else self.name


def in_calendar_order(special_days: Iterable[SpecialDay]) -> tuple[SpecialDay, ...]:
    """
    Return special days by date.

    Args:
        special_days: In any order.

    Returns:
        The same in order of time.

    Raises:
        InvalidValue: If a day is named twice, be it alike or once as a holiday and once as a
            working day; the error names the days.
    """
    found = tuple(sorted(special_days, key=lambda special: special.day))
    twice = sorted({one.day for one, two in pairwise(found) if one.day == two.day})
    if twice:
        both = [day for day in twice if len({one.kind for one in found if one.day == day}) > 1]
        fault = (
            f"both a holiday and a working day are {days_text(both)}; decide which, and keep one"
            if both
            else f"twice in the list are {days_text(twice)}; keep one of each"
        )
        raise InvalidValue("the special day", (both or twice)[0].isoformat(), fault)
    return found


def days_text(days: Iterable[date]) -> str:
    """Return the first few of some days as text."""
    found = [day.isoformat() for day in days]
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return ", ".join(found[:_SHOWN]) + more


def parse_special_days(
    rows: Iterable[Mapping[str, str]], path: str = "rows"
) -> tuple[SpecialDay, ...]:
    """
    Return the special days that rows of text state.

    Args:
        rows: Each with `date`, `kind` ("holiday" or "workday_in_lieu") and `name`, and perhaps
            `name_zh` and `hours`.
        path: What to call the list of rows in an error.

    Returns:
        The special days in the order of the rows; names of China's holidays get their Chinese one.

    Raises:
        InvalidDocument: If a row has another key, lacks one, or has a text that says nothing; the
            path names the row, counted from 0.

    Examples:
        >>> row = {"date": "2026-10-10", "kind": "workday_in_lieu", "name": "National Day"}
        >>> parse_special_days([row])[0].label("zh")
        '国庆节'
    """
    return tuple(_from_row(row, f"{path}/{place}") for place, row in enumerate(rows))


def _from_row(row: Mapping[str, str], path: str) -> SpecialDay:
    """Return the special day that one row states."""
    for key in row:
        if key not in _COLUMNS:
            raise InvalidDocument(f"{path}/{key}", str(UnknownName("key", str(key), _COLUMNS)))
    for key in _NEEDED:
        if key not in row:
            raise InvalidDocument(path, f"the key {key!r} is missing")
    for key, text in row.items():
        if not isinstance(text, str):  # pyright: ignore[reportUnnecessaryIsInstance] - JSON
            raise InvalidDocument(f"{path}/{key}", "expected a text")
    kinds = {kind.value: kind for kind in DayKind}
    if row["kind"] not in kinds:
        fault = str(UnknownName("kind of day", row["kind"], tuple(kinds)))
        raise InvalidDocument(f"{path}/kind", fault)
    name = row["name"]
    try:
        day = parse_date(row["date"])
        hours = parse_shifts(row["hours"]) if row.get("hours") else None
        chinese = row.get("name_zh") or _CHINESE.get(name)
        return SpecialDay(day, kinds[row["kind"]], name, chinese, hours)
    except ValueError as error:
        raise InvalidDocument(path, str(error)) from None


def years_on_record(special_days: Iterable[SpecialDay]) -> frozenset[int]:
    """
    Return the years that a list of special days holds as a whole.

    A year counts where the list has a holiday before July and one from July on. A notice for the
    year that follows often touches the last days of December, and a list that begins or ends within
    a year holds only part of it; neither makes a year known.

    Args:
        special_days: In any order.

    Returns:
        The years.
    """
    halves = {
        (special.day.year, special.day.month >= _JULY)
        for special in special_days
        if special.kind is DayKind.HOLIDAY
    }
    return frozenset(year for year, late in halves if late and (year, False) in halves)
