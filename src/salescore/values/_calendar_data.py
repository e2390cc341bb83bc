"""Calendars as plain data, strictly read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import Enum
from typing import Final, TypeVar, assert_never, cast

from salescore.errors import InvalidDate, InvalidDocument, InvalidRecord, UnknownName
from salescore.values._calendar_names import Layout, naming
from salescore.values._custom_years import CustomYear, CustomYears
from salescore.values._dates import parse_date
from salescore.values._month_years import MONTHS, MonthYears, YearName
from salescore.values._period import CalendarUnit
from salescore.values._week_years import WEEKDAYS, WeekYears, YearEnd

SCHEMA: Final = "salescore/calendar/1"
"""Name and version of the form."""

_KEYS: Final = {
    "months": ("first_month", "named_by"),
    "weeks": ("pattern", "end_month", "weekday", "rule", "named_by", "leap_month"),
    "custom": ("name", "years"),
}
_UNITS: Final = (CalendarUnit.QUARTER, CalendarUnit.MONTH, CalendarUnit.WEEK)
_OPTIONAL: Final = frozenset({"leap_month", *(f"{unit.value}s" for unit in _UNITS)})
_YEAR_KEYS: Final = ("year", "start", "last_day", *(f"{unit.value}s" for unit in _UNITS))

_Choice = TypeVar("_Choice", bound=Enum)
_Object = Mapping[str, object]


def data_of(layout: Layout) -> dict[str, object]:
    """Return a layout as plain data."""
    match layout:
        case MonthYears():
            return {
                "schema": SCHEMA,
                "kind": "months",
                "first_month": layout.first_month,
                "named_by": layout.named_by.value,
            }
        case WeekYears():
            return {
                "schema": SCHEMA,
                "kind": "weeks",
                "pattern": layout.pattern,
                "end_month": layout.end_month,
                "weekday": WEEKDAYS[layout.weekday],
                "rule": layout.rule.value,
                "named_by": layout.named_by.value,
                "leap_month": layout.leap_month,
            }
        case CustomYears():
            return {
                "schema": SCHEMA,
                "kind": "custom",
                "name": layout.name,
                "years": [_data_of_year(year) for year in layout.years],
            }
        case _:
            assert_never(layout)


def _data_of_year(one: CustomYear) -> dict[str, object]:
    """Return a year as plain data, without the units it lacks."""
    data: dict[str, object] = {
        "year": one.year,
        "start": one.start.isoformat(),
        "last_day": one.last_day.isoformat(),
    }
    for unit in _UNITS:
        if one.starts(unit):
            data[f"{unit.value}s"] = [day.isoformat() for day in one.starts(unit)]
    return data


def layout_of(data: object) -> Layout:
    """Return the layout that plain data states, or say where the data is wrong."""
    form = _object(data, "")
    if form.get("schema") != SCHEMA:
        raise InvalidDocument("schema", f"expected {SCHEMA!r}, not {form.get('schema')!r}")
    kind = form.get("kind")
    if not isinstance(kind, str) or kind not in _KEYS:
        raise InvalidDocument("kind", str(UnknownName("kind", str(kind), tuple(_KEYS))))
    _check_keys(form, "", ("schema", "kind", *_KEYS[kind]))
    if kind == "months":
        return _month_years(form)
    if kind == "weeks":
        return _week_years(form)
    return _custom_years(form)


def _month_years(form: _Object) -> MonthYears:
    month = _number(form, "first_month", 1, MONTHS)
    named_by = _choice(form, "named_by", YearName)
    return MonthYears(first_month=month, named_by=naming(named_by, in_one_year=month == 1))


def _week_years(form: _Object) -> WeekYears:
    month = _number(form, "end_month", 1, MONTHS)
    named_by = _choice(form, "named_by", YearName)
    weekday = form["weekday"]
    if not isinstance(weekday, str) or weekday not in WEEKDAYS:
        raise InvalidDocument("weekday", f"expected one of {', '.join(WEEKDAYS)}, not {weekday!r}")
    try:
        return WeekYears(
            pattern=cast("str | None", form["pattern"]),
            end_month=month,
            weekday=WEEKDAYS.index(weekday),
            rule=_choice(form, "rule", YearEnd),
            named_by=naming(named_by, in_one_year=month == MONTHS),
            leap_month=_number(form, "leap_month", 1, MONTHS) if "leap_month" in form else MONTHS,
        )
    except InvalidRecord as error:
        raise InvalidDocument(error.field, error.fault) from None


def _custom_years(form: _Object) -> CustomYears:
    years: list[CustomYear] = []
    for place, item in enumerate(_array(form["years"], "years")):
        path = f"years/{place}"
        year = _object(item, path)
        _check_keys(year, path, _YEAR_KEYS)
        years.append(
            CustomYear(
                year=_number(year, "year", 1, date.max.year, path),
                start=_date(year["start"], f"{path}/start"),
                last_day=_date(year["last_day"], f"{path}/last_day"),
                quarters=_dates(year, path, "quarters"),
                months=_dates(year, path, "months"),
                weeks=_dates(year, path, "weeks"),
            )
        )
    try:
        return CustomYears(name=cast("str", form["name"]), years=tuple(years))
    except InvalidRecord as error:
        raise InvalidDocument(error.field, error.fault) from None


def _object(data: object, path: str) -> _Object:
    if not isinstance(data, Mapping):
        raise InvalidDocument(path, f"expected an object, not {type(data).__name__}")
    return cast("_Object", data)


def _array(data: object, path: str) -> Sequence[object]:
    if not isinstance(data, (list, tuple)):
        raise InvalidDocument(path, f"expected an array, not {type(data).__name__}")
    return cast("Sequence[object]", data)


def _check_keys(form: _Object, path: str, known: tuple[str, ...]) -> None:
    """Refuse a key that means nothing here, and one that is missing."""
    for key in form:
        if key not in known:
            fault = str(UnknownName("key", key, known))
            raise InvalidDocument(_below(path, str(key)), fault)
    for key in known:
        if key not in form and key not in _OPTIONAL:
            raise InvalidDocument(path, f"the key {key!r} is missing")


def _number(form: _Object, key: str, least: int, most: int, path: str = "") -> int:
    value = form[key]
    if type(value) is not int or not least <= value <= most:
        fault = f"expected a whole number from {least} to {most}, not {value!r}"
        raise InvalidDocument(_below(path, key), fault)
    return value


def _choice(form: _Object, key: str, choices: type[_Choice]) -> _Choice:
    value = form[key]
    for choice in choices:
        if choice.value == value:
            return choice
    known = ", ".join(choice.value for choice in choices)
    raise InvalidDocument(key, f"expected one of {known}, not {value!r}")


def _dates(form: _Object, path: str, key: str) -> tuple[date, ...]:
    below = _below(path, key)
    items = _array(form.get(key, ()), below)
    return tuple(_date(item, f"{below}/{place}") for place, item in enumerate(items))


def _date(value: object, path: str) -> date:
    if not isinstance(value, str):
        raise InvalidDocument(path, f"expected a date such as 2020-02-02, not {value!r}")
    try:
        return parse_date(value)
    except InvalidDate as error:
        raise InvalidDocument(path, str(error)) from None


def _below(path: str, key: str) -> str:
    return f"{path}/{key}" if path else key
