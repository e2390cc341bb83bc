"""Public holidays from the package `holidays`, where it knows them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from salescore.errors import InvalidValue, MissingExtra, UnknownName
from salescore.values._shifts import OFFICE_WEEK, WEEKDAYS
from salescore.values._special_days import SpecialDay
from salescore.values._working import WorkingCalendar

if TYPE_CHECKING:
    from holidays import HolidayBase

_ENGLISH = ("en_US", "en_GB")
_CHINESE = "zh_CN"


def public_holidays(
    country: str,
    years: Iterable[int],
    subdivision: str | None = None,
    *,
    zone: str = "UTC",
    weekly: Mapping[str, str] | None = None,
) -> WorkingCalendar:
    """
    Return a working calendar with the public holidays that the package `holidays` knows.

    A year asked for counts as known unless the package has no entry of that country for it, dates
    some of its holidays by estimate (as holidays by the moon before they are sighted), or, in
    countries whose government moves working days year by year (调休 in China), lies outside the
    years of which the package has such an order.

    Args:
        country: Code of ISO 3166-1 with two letters, such as "CN".
        years: Years to ask for.
        subdivision: Code of a part of the country, as in ISO 3166-2 after the hyphen, or `None`
            for the holidays of the whole country.
        zone: As in `WorkingCalendar.of`.
        weekly: As there; by default 9 to 17 o'clock on every day outside the country's weekend.

    Returns:
        A calendar named after country and subdivision, such as "DE-BY", whose `years` are those of
        the years asked for that are known.

    Raises:
        InvalidValue: If a year lies outside 2 to 9998, or the country's weekend changed within the
            years and no week is given.
        MissingExtra: If the package is not installed.
        UnknownName: If there is no such country, subdivision or zone.
    """
    asked = sorted(set(years))
    if not all(date.min.year < year < date.max.year for year in asked):
        raise InvalidValue("the years", asked, "ask for years from 2 to 9998")
    english = _found(country, asked, subdivision, _ENGLISH)
    chinese = _found(country, asked, subdivision, (_CHINESE,))
    # What is listed for other years is a guess, which a special day is not.
    wanted = _known(english, asked)
    extra = {day for day in english.weekend_workdays if day.year in wanted}
    free = {day for day in english if day.year in wanted}
    has_chinese = chinese.language == _CHINESE
    special = [
        *(
            SpecialDay.holiday(day, english[day], chinese[day] if has_chinese else None)
            for day in sorted(free)
        ),
        *(SpecialDay.workday(day, "Working day in lieu", "调休") for day in sorted(extra)),
    ]
    return WorkingCalendar.of(
        f"{country}-{subdivision}" if subdivision else country,
        years=wanted,
        zone=zone,
        weekly=_week(english, asked) if weekly is None else weekly,
        special_days=special,
    )


def _found(
    country: str, years: list[int], subdivision: str | None, languages: tuple[str, ...]
) -> HolidayBase:
    """Return what the package has, in the first of some languages that it speaks there."""
    try:
        import holidays  # noqa: PLC0415 - an optional package is imported where it is used
    except ModuleNotFoundError:
        raise MissingExtra("holidays", "calendars") from None
    known = holidays.list_supported_countries(include_aliases=False)
    if country not in known:
        raise UnknownName("country", country, tuple(known))
    if subdivision is not None and subdivision not in known[country]:
        raise UnknownName(f"subdivision of {country}", subdivision, tuple(known[country]))
    spoken = holidays.country_holidays(country).supported_languages
    language = next((one for one in languages if one in spoken), None)
    return holidays.country_holidays(
        country, subdiv=subdivision, years=years, expand=False, language=language
    )


def _known(found: HolidayBase, asked: list[int]) -> frozenset[int]:
    """Return the years asked for whose holidays are all settled."""
    years = {year for year in asked if found.start_year <= year <= found.end_year}
    label = getattr(found, "estimated_label", None)
    if label:
        word = re.sub(r"%s|[^\w]", "", found.tr(label))
        years -= {day.year for day, name in found.items() if word in name}
    if found.has_substituted_holidays:
        ordered: tuple[int, ...] = tuple(getattr(found, "special_public_holidays", ()))
        years &= set(range(min(ordered), max(ordered) + 1)) if ordered else set()
    return frozenset(years)


def _week(found: HolidayBase, asked: list[int]) -> Mapping[str, str]:
    """Return an office week of the days outside the country's weekend."""
    ((_, hours),) = OFFICE_WEEK
    free: set[tuple[bool, ...]] = set()
    for year in asked:
        for first in (date(year, 1, 1), date(year, 12, 25)):
            days = (date.fromordinal(first.toordinal() + place) for place in range(len(WEEKDAYS)))
            off = {day.weekday(): found.is_weekend(day) for day in days}
            free.add(tuple(off[day] for day in range(len(WEEKDAYS))))
    if len(free) > 1:
        fault = "its weekend changed within these years; give the weekly hours"
        raise InvalidValue("the country", found.country, fault)
    (weekend,) = free or {(False,) * 5 + (True,) * 2}
    return {day: hours for day, off in zip(WEEKDAYS, weekend, strict=True) if not off}
