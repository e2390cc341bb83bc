"""Calendars are read from plain data strictly."""

from typing import Any

import pytest

from salescore.errors import InvalidDocument
from salescore.values import Calendar, YearName

SCHEMA = "salescore/calendar/1"
MONTHS = {"schema": SCHEMA, "kind": "months", "first_month": 4, "named_by": "last"}
WEEKS = {
    "schema": SCHEMA,
    "kind": "weeks",
    "pattern": "4-5-4",
    "end_month": 1,
    "weekday": "sat",
    "rule": "nearest",
    "named_by": "first",
    "leap_month": 12,
}
YEAR = {
    "year": 2020,
    "start": "2020-01-06",
    "last_day": "2020-02-02",
    "months": ["2020-01-06", "2020-01-20"],
}
CUSTOM = {"schema": SCHEMA, "kind": "custom", "name": "short", "years": [YEAR]}


@pytest.mark.parametrize(
    ("data", "name"),
    [(MONTHS, "gregorian-04-last"), (WEEKS, "nrf"), (CUSTOM, "short")],
    ids=["months", "weeks", "custom"],
)
def test_each_kind(data: dict[str, Any], name: str) -> None:
    """Each kind is read and written alike."""
    calendar = Calendar.from_data(data)
    assert calendar.name == name
    assert calendar.as_data() == data


def test_what_may_be_left_out() -> None:
    """Without a leap month the last one takes the 53rd week; units that are left out are none."""
    short = {key: value for key, value in WEEKS.items() if key != "leap_month"}
    assert Calendar.from_data(short) == Calendar.named("nrf")
    empty = {**CUSTOM, "years": [{**YEAR, "weeks": [], "quarters": []}]}
    assert Calendar.from_data(empty) == Calendar.from_data(CUSTOM)
    plain = {**WEEKS, "pattern": None, "end_month": 12, "weekday": "sun"}
    assert Calendar.from_data(plain).name == "iso"


def test_one_spelling() -> None:
    """Years that lie in one calendar year may be named by either."""
    assert Calendar.from_data({**MONTHS, "first_month": 1}) == Calendar()
    december = Calendar.weeks("4-5-4", end_month=12, named_by=YearName.LAST)
    assert Calendar.from_data({**WEEKS, "end_month": 12, "named_by": "last"}) == december


def without(data: dict[str, Any], key: str) -> dict[str, Any]:
    """Return data that lacks a key."""
    return {name: value for name, value in data.items() if name != key}


def years(**changes: object) -> dict[str, Any]:
    """Return custom data with a year changed."""
    return {**CUSTOM, "years": [{**YEAR, **changes}]}


@pytest.mark.parametrize(
    ("data", "path", "fault"),
    [
        ([], "", "expected an object, not list"),
        (None, "", "expected an object, not NoneType"),
        ({}, "schema", "expected 'salescore/calendar/1', not None"),
        ({**MONTHS, "schema": "salescore/calendar/2"}, "schema", "not 'salescore/calendar/2'"),
        (without(MONTHS, "kind"), "kind", "no kind 'None'"),
        ({**MONTHS, "kind": "month"}, "kind", "did you mean 'months'"),
        ({**MONTHS, "kind": ["months"]}, "kind", "no kind"),
        ({**MONTHS, "first": 4}, "first", "no key 'first'; did you mean 'first_month'"),
        ({**MONTHS, 7: 4}, "7", "no key 7"),
        ({**MONTHS, "pattern": "4-4-5"}, "pattern", "no key 'pattern'"),
        (without(MONTHS, "named_by"), "", "the key 'named_by' is missing"),
        (without(WEEKS, "rule"), "", "the key 'rule' is missing"),
        (without(CUSTOM, "years"), "", "the key 'years' is missing"),
        ({**MONTHS, "first_month": 13}, "first_month", "whole number from 1 to 12, not 13"),
        ({**MONTHS, "first_month": True}, "first_month", "not True"),
        ({**MONTHS, "first_month": "4"}, "first_month", "not '4'"),
        ({**MONTHS, "named_by": "LAST"}, "named_by", "expected one of first, last, not 'LAST'"),
        ({**WEEKS, "pattern": "5-5-3"}, "pattern", "expected one of 4-4-5"),
        ({**WEEKS, "pattern": ["4-4-5"]}, "pattern", "expected one of 4-4-5"),
        ({**WEEKS, "weekday": 5}, "weekday", "expected one of mon, tue"),
        ({**WEEKS, "weekday": "saturday"}, "weekday", "expected one of mon, tue"),
        ({**WEEKS, "rule": None}, "rule", "expected one of last, nearest, not None"),
        ({**WEEKS, "leap_month": 0}, "leap_month", "whole number"),
        ({**WEEKS, "pattern": None, "leap_month": 3}, "leap_month", "without months"),
        ({**CUSTOM, "name": 7}, "name", "visible characters"),
        ({**CUSTOM, "name": "nrf"}, "name", "calendar with a rule"),
        ({**CUSTOM, "years": {}}, "years", "expected an array, not dict"),
        ({**CUSTOM, "years": "2020"}, "years", "expected an array, not str"),
        ({**CUSTOM, "years": []}, "years", "at least one year"),
        ({**CUSTOM, "years": [7]}, "years/0", "expected an object, not int"),
        (years(month=[]), "years/0/month", "did you mean 'months'"),
        ({**CUSTOM, "years": [without(YEAR, "start")]}, "years/0", "'start' is missing"),
        (years(year="2020"), "years/0/year", "whole number from 1 to 9999"),
        (years(start="6.1.2020"), "years/0/start", "is not a date"),
        (years(last_day=20200202), "years/0/last_day", "a date such as 2020-02-02"),
        (years(weeks="2020"), "years/0/weeks", "expected an array"),
        (years(months=["2020-01-06", "2020-02-30"]), "years/0/months/1", "has no day 30"),
        (years(months=["2020-01-07"]), "years", "its first month must start with the year"),
    ],
)
def test_refused(data: object, path: str, fault: str) -> None:
    """Data of another form is refused with the place and what would be right."""
    with pytest.raises(InvalidDocument, match=fault) as caught:
        Calendar.from_data(data)
    assert caught.value.path == path
