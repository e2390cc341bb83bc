"""Names of calendars: each says all of its layout, and each layout has one name only."""

from __future__ import annotations

import re
from typing import Final, TypeAlias

from salescore.errors import UnknownName
from salescore.values._custom_years import CustomYears
from salescore.values._month_years import MONTHS, MonthYears, YearName
from salescore.values._week_years import PATTERNS, WEEKDAYS, WeekYears, YearEnd

Layout: TypeAlias = MonthYears | WeekYears | CustomYears
"""How a calendar lays out its years."""

NRF: Final = WeekYears(pattern="4-5-4")
"""The calendar of the National Retail Federation of the United States."""

ISO: Final = WeekYears(pattern=None, end_month=12, weekday=6)
"""The years of ISO 8601: whole weeks, the first the one with the year's first Thursday."""

_MONTH_YEARS: Final = re.compile(r"gregorian(?:-(0[1-9]|1[0-2]))?(?:-(first|last))?")
_WEEK_YEARS: Final = re.compile(
    rf"(?P<pattern>445|454|544|weeks)-(?P<weekday>{'|'.join(WEEKDAYS)})-(?P<rule>last|nearest)"
    r"-(?P<month>0[1-9]|1[0-2])(?:-(?P<named_by>first|last))?(?:-leap(?P<leap>0[1-9]|1[0-2]))?"
)
_PATTERNS: Final = {pattern.replace("-", ""): pattern for pattern in PATTERNS}
_EXAMPLES: Final = ("gregorian", "gregorian-04-last", "nrf", "iso", "445-sat-last-12")


def layout_named(name: str) -> MonthYears | WeekYears:
    """Return the layout with a name, or refuse a name that no layout or another one has."""
    layout = _layout_spelled(name)
    if layout is None:
        raise UnknownName("calendar", name, (*_EXAMPLES, *_month_years()))
    if layout.name != name:
        raise UnknownName("calendar", name, (layout.name,))
    return layout


def is_spelled(name: str) -> bool:
    """Return whether a name reads like that of a calendar that follows a rule."""
    return _layout_spelled(name) is not None


def _layout_spelled(name: str) -> MonthYears | WeekYears | None:
    """Return the layout that a name spells, also if that is not the one name it has."""
    if name in {NRF.name, ISO.name}:
        return NRF if name == NRF.name else ISO
    found = _MONTH_YEARS.fullmatch(name)
    if found is not None:
        month = int(found[1] or 1)
        return MonthYears(
            first_month=month,
            named_by=naming(YearName(found[2] or "first"), in_one_year=month == 1),
        )
    found = _WEEK_YEARS.fullmatch(name)
    if found is None:
        return None
    month = int(found["month"])
    pattern = _PATTERNS.get(found["pattern"])
    return WeekYears(
        pattern=pattern,
        end_month=month,
        weekday=WEEKDAYS.index(found["weekday"]),
        rule=YearEnd(found["rule"]),
        named_by=naming(YearName(found["named_by"] or "first"), in_one_year=month == MONTHS),
        leap_month=int(found["leap"] or MONTHS) if pattern else MONTHS,
    )


def naming(named_by: YearName, *, in_one_year: bool) -> YearName:
    """Return by which year a year is named; for years that lie in one it is the first."""
    return YearName.FIRST if in_one_year and named_by is YearName.LAST else named_by


def _month_years() -> tuple[str, ...]:
    """Return the names of all calendars of Gregorian months but the plain one."""
    return tuple(
        MonthYears(first_month=month, named_by=named_by).name
        for named_by in YearName
        for month in range(2, MONTHS + 1)
    )
