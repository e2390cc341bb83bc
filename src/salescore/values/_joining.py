"""Two working calendars for one place: where they disagree, and one calendar of both."""

from __future__ import annotations

from datetime import date

from salescore.errors import InvalidValue
from salescore.values._finding import Finding, Severity
from salescore.values._shifts import WEEKDAYS, Shift, shifts_text
from salescore.values._special_days import days_text
from salescore.values._working import WorkingCalendar
from salescore.values._working_data import ALL_YEARS, Years


def calendar_disagreements(one: WorkingCalendar, other: WorkingCalendar) -> tuple[Finding, ...]:
    """
    Return every day on which two working calendars contradict each other.

    Only what both know is compared: a year that one of them lacks is no contradiction, nor are
    two names for one holiday, nor a holiday listed on a day that is free anyway.

    Args:
        one: A working calendar.
        other: Another one, meant for the same place.

    Returns:
        Findings in order of time, `calendars-disagree` for a day; before them one
        `zones-disagree` if the zones differ, and one `weeks-disagree` for each weekday with other
        hours. Empty if the two can be joined.
    """
    found: list[Finding] = []
    if one.zone != other.zone:
        text = f"{one.name} is in {one.zone}, {other.name} in {other.zone}"
        found.append(_finding("zones-disagree", text, None))
    for weekday, first, second in zip(WEEKDAYS, one.weekly, other.weekly, strict=True):
        if first != second:
            text = f"on {weekday} {_says(one, first)}, "
            found.append(_finding("weeks-disagree", text + _says(other, second), weekday))
    for day in _disputed(one, other):
        text = f"on {day} {_says(one, one.shifts(day))}, {_says(other, other.shifts(day))}"
        found.append(_finding("calendars-disagree", text, day.isoformat()))
    return tuple(found)


def join_calendars(
    one: WorkingCalendar, other: WorkingCalendar, *, name: str | None = None
) -> WorkingCalendar:
    """
    Return one working calendar that knows what two know.

    Args:
        one: A working calendar.
        other: Another one with the same zone and weekly hours.
        name: What to call the result; by default the name of the first.

    Returns:
        The calendar with the years and the special days of both; the first one's name of a day
        stands where both name it.

    Raises:
        InvalidValue: If the two contradict each other; the error names the days. Neither of two
            sources is ever taken silently. `calendar_disagreements` tells all of it.

    Examples:
        >>> plans = [WorkingCalendar.of("plan", years=[year]) for year in (2026, 2027)]
        >>> sorted(join_calendars(*plans).years)
        [2026, 2027]
    """
    pair = f"{one.name} and {other.name}"
    if (one.zone, one.weekly) != (other.zone, other.weekly):
        fault = "they differ in zone or weekly hours; give both the same before joining them"
        raise InvalidValue("the pair of calendars", pair, fault)
    disputed = _disputed(one, other)
    if disputed:
        fault = (
            f"they disagree on {days_text(disputed)}; decide which is right and correct the other"
        )
        raise InvalidValue("the pair of calendars", pair, fault)
    special = {day.day: day for day in (*other.special_days, *one.special_days)}
    return WorkingCalendar(
        name=one.name if name is None else name,
        zone=one.zone,
        weekly=one.weekly,
        special_days=tuple(special.values()),
        years=_both(one.years, other.years),
    )


def _disputed(one: WorkingCalendar, other: WorkingCalendar) -> list[date]:
    """Return the days that both know and that are special to one of them, with other hours."""
    days = sorted({special.day for special in (*one.special_days, *other.special_days)})
    known = [
        day for day in days if None not in (one.is_working_day(day), other.is_working_day(day))
    ]
    return [day for day in known if one.shifts(day) != other.shifts(day)]


def _both(one: Years, other: Years) -> Years:
    """Return the years that either knows."""
    if isinstance(one, str) or isinstance(other, str):
        return ALL_YEARS
    return one | other


def _says(calendar: WorkingCalendar, shifts: tuple[Shift, ...] | None) -> str:
    return f"{calendar.name} says {shifts_text(shifts or ()) or 'free'}"


def _finding(code: str, text: str, subject: str | None) -> Finding:
    message = f"{text}; decide which is right and correct the other."
    return Finding(code=code, severity=Severity.ERROR, message=message, subject=subject)
