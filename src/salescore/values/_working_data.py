"""Working calendars as JSON data, read strictly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Literal, cast

import attrs

from salescore.errors import InvalidDocument, UnknownName
from salescore.values._shifts import WEEKDAYS, Shift, shifts_text
from salescore.values._special_days import SpecialDay, parse_special_days

ALL_YEARS: Final = "all"
"""Said in place of a list of years by a calendar that lacks the special days of no year."""

Years = frozenset[int] | Literal["all"]

_SCHEMA = "salescore/working-calendar/1"
_KEYS = ("schema", "name", "zone", "weekly", "special_days", "years")


def years_known(years: Iterable[int] | Literal["all"]) -> Years:
    """Return the years as a set, or the word for all."""
    return ALL_YEARS if isinstance(years, str) else frozenset(years)


@attrs.frozen(kw_only=True)
class Parts:
    """What a document states of a working calendar, checked for its form alone."""

    name: str
    zone: str
    weekly: Mapping[str, str]
    special_days: tuple[SpecialDay, ...]
    years: Iterable[int] | Literal["all"]


def parts_of(data: object) -> Parts:
    """Return what a document states, refusing any key or value that says nothing."""
    if not isinstance(data, dict):
        raise InvalidDocument("", "expected an object")
    found = cast("dict[str, object]", data)
    for key in found:
        if key not in _KEYS:
            raise InvalidDocument(key, str(UnknownName("key", key, _KEYS)))
    for key in _KEYS:
        if key not in found:
            raise InvalidDocument("", f"the key {key!r} is missing")
    if found["schema"] != _SCHEMA:
        raise InvalidDocument("schema", f"expected {_SCHEMA!r}")
    return Parts(
        name=_text(found, "name"),
        zone=_text(found, "zone"),
        weekly=_texts(found["weekly"]),
        special_days=_special_days(found["special_days"]),
        years=_years(found["years"]),
    )


def _text(found: Mapping[str, object], key: str) -> str:
    text = found[key]
    if not isinstance(text, str):
        raise InvalidDocument(key, "expected a text")
    return text


def _texts(data: object) -> Mapping[str, str]:
    """Return an object whose values are texts."""
    if not isinstance(data, dict):
        raise InvalidDocument("weekly", "expected an object")
    found = cast("dict[str, object]", data)
    for key, text in found.items():
        if not isinstance(text, str):
            raise InvalidDocument(f"weekly/{key}", "expected a text such as '09:00-17:00'")
    return cast("dict[str, str]", found)


def _special_days(data: object) -> tuple[SpecialDay, ...]:
    """Return the special days of a list of objects."""
    if not isinstance(data, list):
        raise InvalidDocument("special_days", "expected a list")
    rows = cast("list[object]", data)
    for place, row in enumerate(rows):
        if not isinstance(row, dict):
            raise InvalidDocument(f"special_days/{place}", "expected an object")
    return parse_special_days(cast("list[dict[str, str]]", rows), "special_days")


def _years(data: object) -> Iterable[int] | Literal["all"]:
    """Return a list of whole numbers, or the word for all years."""
    if data == ALL_YEARS:
        return ALL_YEARS
    if not isinstance(data, list):
        raise InvalidDocument("years", f"expected a list of years, or {ALL_YEARS!r}")
    for place, year in enumerate(cast("list[object]", data)):
        if type(year) is not int:
            raise InvalidDocument(f"years/{place}", "expected a whole number")
    return cast("list[int]", data)


def data_of(
    name: str,
    zone: str,
    weekly: tuple[tuple[Shift, ...], ...],
    special_days: tuple[SpecialDay, ...],
    years: Years,
) -> dict[str, object]:
    """Return a working calendar as JSON data."""
    week = zip(WEEKDAYS, weekly, strict=True)
    return {
        "schema": _SCHEMA,
        "name": name,
        "zone": zone,
        "weekly": {day: shifts_text(shifts) for day, shifts in week if shifts},
        "special_days": [_special_data(special) for special in special_days],
        "years": years if isinstance(years, str) else sorted(years),
    }


def _special_data(special: SpecialDay) -> dict[str, str]:
    """Return a special day as JSON data."""
    data = {"date": special.day.isoformat(), "kind": special.kind.value, "name": special.name}
    if special.name_zh is not None:
        data["name_zh"] = special.name_zh
    if special.hours is not None:
        data["hours"] = shifts_text(special.hours)
    return data
