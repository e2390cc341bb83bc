"""What holds for every calendar: each day in one period, and no day lost between two calendars."""

import json
import pickle
from bisect import bisect_right
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import InvalidPeriod
from salescore.testing import calendars, days_of, periods
from salescore.values import Calendar, CalendarUnit, CustomYear, Period, WeekYears

DAY = timedelta(days=1)
FIRST, LAST = date(1990, 1, 1), date(2060, 12, 31)
DAYS = [FIRST + ahead * DAY for ahead in range((LAST - FIRST).days + 1)]
NESTED = [CalendarUnit.MONTH, CalendarUnit.QUARTER, CalendarUnit.YEAR]
EVERY_CALENDAR = [
    *("gregorian", "gregorian-04", "gregorian-04-last", "gregorian-12-last", "nrf", "iso"),
    *("445-sat-last-12", "445-sun-nearest-06-first", "544-fri-last-09-last", "454-mon-nearest-12"),
    *("544-thu-nearest-02-last", "445-tue-last-01-first-leap06", "weeks-wed-nearest-03-last"),
]


def listed(rule: Calendar, years: range) -> Calendar:
    """Return a custom calendar that lists the years of a calendar with a rule."""
    found: list[CustomYear] = []
    for number in years:
        year = rule.parse(f"{number:04d}")
        starts = {
            f"{unit.value}s": tuple(part.start for part in rule.periods(year, unit))
            for unit in rule.units[1:-1]
        }
        found.append(CustomYear(year=number, start=year.start, last_day=year.last_day, **starts))
    return Calendar.custom(f"{rule.name}, listed", found)


def in_year(calendar: Calendar, unit: CalendarUnit) -> bool:
    """Return whether units of a kind begin and end with the years of a calendar."""
    return unit is not CalendarUnit.WEEK or isinstance(calendar.layout, WeekYears)


def covered(calendar: Calendar) -> None:
    """Show that each day lies in one period of each unit, and that the periods nest."""
    starts: dict[CalendarUnit, list[date]] = {}
    for unit in calendar.units:
        first = calendar.period(FIRST, unit)
        tiles = calendar.periods(Period.custom(FIRST, LAST), unit)
        assert tiles[0] == first
        assert tiles[0].start <= FIRST
        assert tiles[-1].end > LAST
        assert all(one.end == two.start for one, two in pairwise(tiles))
        assert len({tile.key for tile in tiles}) == len(tiles)
        starts[unit] = [tile.start for tile in tiles]
        expected = [tiles[bisect_right(starts[unit], day) - 1].key for day in DAYS]
        assert calendar.keys(DAYS, unit) == expected
    own = [unit for unit in calendar.units if in_year(calendar, unit)]
    for small, large in pairwise(own):
        inner, outer = starts[small], set(starts[large])
        assert outer - {starts[large][0]} <= set(inner), (small, large)


@pytest.mark.parametrize("name", EVERY_CALENDAR)
def test_every_day_lies_in_one_period(name: str) -> None:
    """Every day from 1990 to 2060 lies in exactly one period of each unit; units nest in order."""
    covered(Calendar.named(name))


def test_every_day_lies_in_one_period_of_a_list() -> None:
    """A list of years covers its days like the rule that it was written from."""
    calendar = listed(Calendar.named("nrf"), range(1989, 2062))
    covered(calendar)
    for unit in calendar.units:
        assert calendar.keys(DAYS, unit) == Calendar.named("nrf").keys(DAYS, unit)


@given(calendars(), st.data())
def test_periods_tile(calendar: Calendar, data: st.DataObject) -> None:
    """A day lies in its period and in neither neighbour, and neighbours adjoin."""
    day = data.draw(days_of(calendar))
    for unit in calendar.units:
        period = calendar.period(day, unit)
        assert day in period
        assert calendar.key(day, unit) == period.key
        assert calendar.parse(period.key) == period
        assert calendar.key(period.start, unit) == calendar.key(period.last_day, unit)
        for step, back in [
            (calendar.previous, calendar.next),
            (calendar.next, calendar.previous),
        ]:
            try:
                other = step(period)
            except InvalidPeriod:  # the end of a list of years
                assert "custom" in calendar.name
                continue
            assert other.key != period.key
            assert period.start in (other.end, other.start - period.days * DAY)
            assert back(other) == period


@given(calendars(), st.data())
def test_units_nest(calendar: Calendar, data: st.DataObject) -> None:
    """Months tile quarters, quarters tile years, and weeks tile months where years are weeks."""
    day = data.draw(days_of(calendar))
    own = [unit for unit in calendar.units if in_year(calendar, unit)]
    if calendar.layout.place(day, CalendarUnit.YEAR)[0] in {1, 9999}:
        return
    for small, large in pairwise(own):
        period = calendar.period(day, large)
        tiles = calendar.periods(period, small)
        assert (tiles[0].start, tiles[-1].end) == (period.start, period.end)


@given(periods())
def test_a_year_ago(period: Period) -> None:
    """A year ago stands the same key of the year before, or nothing where that year is shorter."""
    calendar = Calendar.named(period.calendar)
    if period.unit is None:
        return
    ago = calendar.year_ago(period)
    year = int(period.key[:4])
    if ago is None:
        assert period.key.endswith(("-W53", "-02-29"))
        with pytest.raises(InvalidPeriod):
            calendar.parse(f"{year - 1:04d}{period.key[4:]}")
    else:
        assert ago == calendar.parse(f"{year - 1:04d}{period.key[4:]}")


@given(calendars(), calendars(custom=False), st.data())
def test_changing_a_calendar_loses_no_day(
    one: Calendar, other: Calendar, data: st.DataObject
) -> None:
    """The days of a period, told apart by another calendar's keys, are the days of the period."""
    period = one.period(data.draw(days_of(one)), data.draw(st.sampled_from(one.units)))
    unit = data.draw(st.sampled_from(other.units))
    pieces = other.periods(period, unit)
    shared = [day for piece in pieces for day in piece if day in period]
    assert shared == list(period)
    assert [piece.key for piece in pieces] == list(dict.fromkeys(other.keys(period, unit)))


@given(calendars())
def test_plain_data_tells_all(calendar: Calendar) -> None:
    """Plain data survives JSON, and the calendar made of it is the same, with the same name."""
    data = json.loads(json.dumps(calendar.as_data()))
    again = Calendar.from_data(data)
    assert again == calendar
    assert hash(again) == hash(calendar)
    assert again.name == calendar.name
    assert again.as_data() == calendar.as_data()


@given(calendars(custom=False))
def test_a_name_tells_all(calendar: Calendar) -> None:
    """The calendar of a name is the calendar that has it."""
    assert Calendar.named(calendar.name) == calendar


@given(calendars(custom=False), calendars(custom=False))
def test_two_calendars_have_two_names(one: Calendar, other: Calendar) -> None:
    """Calendars are equal if and only if their names are."""
    assert (one == other) == (one.name == other.name)


@given(calendars(), st.data())
def test_a_calendar_pickles(calendar: Calendar, data: st.DataObject) -> None:
    """A calendar that went through a pickle gives the same periods."""
    day = data.draw(days_of(calendar))
    again: Calendar = pickle.loads(pickle.dumps(calendar))  # noqa: S301 - our own pickle
    for unit in calendar.units:
        assert again.period(day, unit) == calendar.period(day, unit)


@given(calendars(), st.data())
def test_labels_tell_the_parts_of_a_year_apart(calendar: Calendar, data: st.DataObject) -> None:
    """No two weeks, months or quarters of a year have one label, in either language."""
    year = calendar.period(data.draw(days_of(calendar)), CalendarUnit.YEAR)
    for unit in calendar.units[1:]:
        parts = calendar.periods(year, unit) if in_year(calendar, unit) else (year,)
        for language in ("en", "zh"):
            assert len({calendar.label(part, language) for part in parts}) == len(parts)
