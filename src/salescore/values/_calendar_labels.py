"""What people call a period, in English and in Chinese."""

from __future__ import annotations

from datetime import date
from typing import Final, assert_never

from salescore.errors import UnknownName
from salescore.values._calendar_names import Layout
from salescore.values._custom_years import CustomYears
from salescore.values._month_years import MONTHS, MonthYears
from salescore.values._period import CalendarUnit, Period, YearPart
from salescore.values._week_years import WeekYears

_LANGUAGES: Final = ("en", "zh")
_MONTH_NAMES: Final = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)
_NUMERALS: Final = "一二三四五六七八九"


def label_of(layout: Layout, period: Period, language: str) -> str:
    """Return what people call a period of a layout."""
    if language not in _LANGUAGES:
        raise UnknownName("language", language, _LANGUAGES)
    english = language == "en"
    unit = period.unit
    if unit is None or unit is CalendarUnit.DAY:
        show = _english_day if english else _chinese_day
        if unit is CalendarUnit.DAY:
            return show(period.start)
        return f"{show(period.start)}{' – ' if english else '至'}{show(period.last_day)}"
    year, number = layout.place(period.start, unit)
    write = _english if english else _chinese
    counted = write(year, unit, number, _is_fiscal(layout, unit))
    if unit is not CalendarUnit.MONTH:
        return counted
    match layout:
        case MonthYears():
            return _month(year * MONTHS + number - 1, english=english)
        case WeekYears():
            nominal = year * MONTHS + layout.months_ahead + number - 1
            called = _month(nominal, english=english)
            return f"{called} ({counted})" if english else f"{called}（{counted}）"
        case CustomYears():
            return counted
        case _:
            assert_never(layout)


def _is_fiscal(layout: Layout, unit: YearPart) -> bool:
    """Return whether the year of a unit is another than the calendar year of its number."""
    match layout:
        case MonthYears():
            own = unit in {CalendarUnit.QUARTER, CalendarUnit.YEAR}
            return own and layout.first_month != 1
        case WeekYears():
            return layout.end_month != MONTHS
        case CustomYears():
            return True
        case _:
            assert_never(layout)


def _english(year: int, unit: YearPart, number: int, is_fiscal: bool) -> str:  # noqa: FBT001 - one shape for both languages
    """Return a unit by its number, such as "Q4 2017" or "week 50 of fiscal 2017"."""
    named = f"fiscal {year}" if is_fiscal else f"{year}"
    match unit:
        case CalendarUnit.YEAR:
            return named
        case CalendarUnit.QUARTER:
            return f"Q{number} of {named}" if is_fiscal else f"Q{number} {named}"
        case CalendarUnit.MONTH | CalendarUnit.WEEK:
            return f"{unit.value} {number} of {named}"
        case _:
            assert_never(unit)


def _chinese(year: int, unit: YearPart, number: int, is_fiscal: bool) -> str:  # noqa: FBT001 - as _english
    """Return a unit by its number, such as "2017年第四季度" or "2017财年第50周"."""
    named = f"{year}财年" if is_fiscal else f"{year}年"
    match unit:
        case CalendarUnit.YEAR:
            return named
        case CalendarUnit.QUARTER:
            return f"{named}第{_NUMERALS[number - 1]}季度"
        case CalendarUnit.MONTH:
            return f"{named}第{number}个月"
        case CalendarUnit.WEEK:
            return f"{named}第{number}周"
        case _:
            assert_never(unit)


def _month(months: int, *, english: bool) -> str:
    """Return a Gregorian month, given as months since the year 0."""
    year, month = divmod(months, MONTHS)
    return f"{_MONTH_NAMES[month]} {year}" if english else f"{year}年{month + 1}月"


def _english_day(day: date) -> str:
    return f"{day.day} {_MONTH_NAMES[day.month - 1]} {day.year}"


def _chinese_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
