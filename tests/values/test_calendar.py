"""Calendars put every day into exactly one period of each unit."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from salescore.errors import InvalidPeriod, InvalidRecord
from salescore.values import Calendar, CalendarUnit, MonthYears, Period, YearName

DAY = timedelta(days=1)
DAYS = st.dates(date(3, 1, 1), date(9997, 1, 1))
CALENDARS = st.builds(Calendar.months, st.integers(1, 12), st.sampled_from(YearName))
UNITS = st.sampled_from(CalendarUnit)
GREGORIAN, APRIL = Calendar(), Calendar.months(4)
LAST = Calendar.months(4, YearName.LAST)


def customs() -> st.SearchStrategy[Period]:
    """Return free ranges of up to three years."""
    return st.builds(
        lambda start, days: Period.custom(start, start + timedelta(days=days)),
        st.dates(date(10, 1, 1), date(9990, 1, 1)),
        st.integers(0, 1100),
    )


@pytest.mark.parametrize(
    ("day", "key"),
    [
        (date(2026, 12, 31), "2026-W53"),
        (date(2027, 1, 1), "2026-W53"),
        (date(2027, 1, 3), "2026-W53"),
        (date(2027, 1, 4), "2027-W01"),
        (date(2016, 1, 3), "2015-W53"),
        (date(2018, 12, 31), "2019-W01"),
    ],
)
def test_iso_weeks(day: date, key: str) -> None:
    """
    A week belongs to the ISO year in which its Thursday lies.

    Source:
        ISO 8601-1:2019, 3.1.1.23 and 5.2.3; the days of 2026 and 2027 as in SEMANTICS 1.7.
    """
    assert GREGORIAN.key(day, CalendarUnit.WEEK) == key
    assert day in GREGORIAN.parse(key)


@pytest.mark.parametrize(
    ("calendar", "text", "start", "last_day"),
    [
        (GREGORIAN, "2017", date(2017, 1, 1), date(2017, 12, 31)),
        (GREGORIAN, "2017-Q4", date(2017, 10, 1), date(2017, 12, 31)),
        (GREGORIAN, "2016-02", date(2016, 2, 1), date(2016, 2, 29)),
        (GREGORIAN, "2017-W50", date(2017, 12, 11), date(2017, 12, 17)),
        (GREGORIAN, "2017-12-31", date(2017, 12, 31), date(2017, 12, 31)),
        (GREGORIAN, "2017-10-01..2017-12-31", date(2017, 10, 1), date(2017, 12, 31)),
        (APRIL, "2017", date(2017, 4, 1), date(2018, 3, 31)),
        (APRIL, "2017-Q1", date(2017, 4, 1), date(2017, 6, 30)),
        (APRIL, "2017-Q4", date(2018, 1, 1), date(2018, 3, 31)),
        (APRIL, "2017-12", date(2017, 12, 1), date(2017, 12, 31)),
        (Calendar.months(2), "2016-Q4", date(2016, 11, 1), date(2017, 1, 31)),
    ],
)
def test_parse(calendar: Calendar, text: str, start: date, last_day: date) -> None:
    """Each form names the days it says; quarters and years follow the business year."""
    period = calendar.parse(text)
    assert (period.start, period.last_day, period.key) == (start, last_day, text)
    assert period.calendar == calendar.name
    assert str(period) == text


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "expected 2017"),
        ("17", "expected 2017"),
        ("2017-4", "expected 2017"),
        ("2017-Q", "expected 2017"),
        ("2017Q4", "expected 2017"),
        ("2017-q4", "expected 2017"),
        ("2017-W5", "expected 2017"),
        (" 2017", "expected 2017"),
        ("2017\n", "expected 2017"),
        ("2017-Q5", "Q1 to Q4"),
        ("2017-Q0", "Q1 to Q4"),
        ("2017-13", "01 to 12"),
        ("2017-00", "01 to 12"),
        ("2017-W53", "2017 has no ISO week 53"),
        ("2017-W00", "2017 has no ISO week 0"),
        ("2017-02-29", "has no day 29"),
        ("0000", "count from 0001"),
        ("0000-Q1", "count from 0001"),
        ("\u0662\u0660\u0661\u0667", "0 to 9"),
        ("2017-12-31..2017-10-01", "swap"),
        ("2017-10-01..", "expected 2017"),
        ("2017-10-01...2017-12-31", "expected 2017"),
        ("2017-10..2017-12", "expected 2017"),
        ("2017-10-01..2017-11-31", "has no day 31"),
        ("2017-10-01..9999-12-31", "must end before"),
        ("9999", "does not end before"),
        ("9999-12", "does not end before"),
        ("9999-Q4", "does not end before"),
        ("9999-W52", "does not end before"),
        ("9999-12-31", "does not end before"),
    ],
)
def test_parse_refuses(text: str, fault: str) -> None:
    """What names no period is refused by name."""
    with pytest.raises(InvalidPeriod, match=fault):
        GREGORIAN.parse(text)


def test_parse_refuses_a_quarter_beyond_the_years() -> None:
    """A business year that starts in the last year has quarters that no date can name."""
    with pytest.raises(InvalidPeriod, match="outside the years"):
        APRIL.parse("9999-Q4")


@given(CALENDARS, DAYS, UNITS)
def test_periods_tile(calendar: Calendar, day: date, unit: CalendarUnit) -> None:
    """Every day lies in exactly one period of a unit: neighbours adjoin and exclude it."""
    period = calendar.period(day, unit)
    before, after = calendar.previous(period), calendar.next(period)
    assert day in period
    assert period.contains(day)
    assert before.end == period.start
    assert period.end == after.start
    assert day not in before
    assert day not in after
    assert {calendar.key(inside, unit) for inside in (period.start, period.last_day)} == {
        period.key
    }
    assert calendar.key(before.last_day, unit) == before.key != period.key != after.key


@given(CALENDARS, DAYS, UNITS)
def test_previous_and_next_are_inverse(calendar: Calendar, day: date, unit: CalendarUnit) -> None:
    """The period before the one after is the period, and the other way round."""
    period = calendar.period(day, unit)
    assert calendar.previous(calendar.next(period)) == period
    assert calendar.next(calendar.previous(period)) == period


@given(CALENDARS, DAYS, UNITS)
def test_keys_name_periods(calendar: Calendar, day: date, unit: CalendarUnit) -> None:
    """A key says which period it is, so that parse gives the period back."""
    period = calendar.period(day, unit)
    assert period.key == calendar.key(day, unit)
    assert calendar.parse(period.key) == period


@given(customs())
def test_custom_periods(period: Period) -> None:
    """A custom range has as many days before and after it, and its key names it."""
    before = GREGORIAN.previous(period)
    assert (before.end, before.days, before.unit) == (period.start, period.days, None)
    assert GREGORIAN.next(before) == period
    assert GREGORIAN.parse(period.key) == period
    assert [*period] == [period.start + n * DAY for n in range(period.days)]


@given(CALENDARS, customs(), UNITS)
def test_periods_cover(calendar: Calendar, period: Period, unit: CalendarUnit) -> None:
    """Cutting a range gives adjoining units that cover it, each sharing a day with it."""
    pieces = calendar.periods(period, unit)
    assert pieces[0].start <= period.start
    assert pieces[-1].end >= period.end
    assert all(one.end == two.start for one, two in pairwise(pieces))
    assert all(piece.start < period.end and piece.end > period.start for piece in pieces)


def test_periods_tile_a_year() -> None:
    """A business year is four quarters, twelve months and its days exactly."""
    year = APRIL.parse("2017")
    quarters = APRIL.periods(year, CalendarUnit.QUARTER)
    assert [quarter.key for quarter in quarters] == ["2017-Q1", "2017-Q2", "2017-Q3", "2017-Q4"]
    months = APRIL.periods(year, CalendarUnit.MONTH)
    assert (months[0].key, months[-1].key, len(months)) == ("2017-04", "2018-03", 12)
    assert sum(month.days for month in months) == year.days
    assert len(APRIL.periods(year, CalendarUnit.DAY)) == 365
    assert len(APRIL.periods(year, CalendarUnit.WEEK)) == 53


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("2026-06", "2026-05"),
        ("2026-01", "2025-12"),
        ("2026-Q1", "2025-Q4"),
        ("2026", "2025"),
        ("2027-W01", "2026-W53"),
        ("2024-03-01", "2024-02-29"),
        ("2026-06-01..2026-06-30", "2026-05-02..2026-05-31"),
    ],
)
def test_previous(text: str, before: str) -> None:
    """
    Before a unit comes the unit before; before a free range as many days.

    Source:
        SEMANTICS 1.6: before June stands May; before 1-30 June stand the 30 days from 2 May.
    """
    assert GREGORIAN.previous(GREGORIAN.parse(text)).key == before


@pytest.mark.parametrize(
    ("text", "ago"),
    [
        ("2017", "2016"),
        ("2017-Q4", "2016-Q4"),
        ("2017-12", "2016-12"),
        ("2024-02", "2023-02"),
        ("2027-W01", "2026-W01"),
        ("2026-W53", None),
        ("2021-W52", "2020-W52"),
        ("2024-02-28", "2023-02-28"),
        ("2024-02-29", None),
        ("2024-02-01..2024-02-29", "2023-02-01..2023-02-28"),
        ("2024-02-01..2024-02-28", "2023-02-01..2023-02-28"),
        ("2024-02-29..2024-02-29", "2023-02-28..2023-02-28"),
    ],
)
def test_year_ago(text: str, ago: str | None) -> None:
    """A year earlier stands the unit of the same place, or none where that place is missing."""
    found = GREGORIAN.year_ago(GREGORIAN.parse(text))
    assert (found and found.key) == ago


def test_year_ago_of_a_business_quarter() -> None:
    """A business quarter goes back by its business year."""
    found = APRIL.year_ago(APRIL.parse("2017-Q4"))
    assert found == APRIL.parse("2016-Q4")
    assert found.start == date(2017, 1, 1)


@given(CALENDARS, DAYS, UNITS)
def test_year_ago_keeps_the_place(calendar: Calendar, day: date, unit: CalendarUnit) -> None:
    """Key and year-ago key differ only in the year, by one."""
    period = calendar.period(day, unit)
    ago = calendar.year_ago(period)
    assume(ago is not None)
    assert ago is not None
    assert int(ago.key[:4]) == int(period.key[:4]) - 1
    assert ago.key[4:] == period.key[4:]


@given(st.lists(st.none() | DAYS), UNITS)
def test_keys_of_a_column(days: list[date | None], unit: CalendarUnit) -> None:
    """A column of keys holds the key of each day and nothing where there is no day."""
    expected = [None if day is None else APRIL.key(day, unit) for day in days]
    assert APRIL.keys(iter(days), unit) == expected


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("0001", "previous"),
        ("0001-01", "previous"),
        ("0001-W01", "previous"),
        ("0001-01-01", "previous"),
        ("0001-01-01..0001-01-02", "previous"),
        ("0001", "year_ago"),
        ("0001-Q1", "year_ago"),
        ("0001-W01", "year_ago"),
        ("0001-01-05..0001-01-06", "year_ago"),
        ("9998", "next"),
        ("9999-11", "next"),
        ("9999-W51", "next"),
        ("9999-12-30", "next"),
        ("9999-12-01..9999-12-29", "next"),
    ],
)
def test_first_and_last_years(text: str, step: str) -> None:
    """Beyond the first and the last year there is a clear refusal."""
    period = GREGORIAN.parse(text)
    with pytest.raises(InvalidPeriod, match=r"outside the years|does not end before|count from"):
        getattr(GREGORIAN, step)(period)


def test_first_business_year() -> None:
    """Days before the first business year have no year or quarter, yet months and weeks."""
    for unit in (CalendarUnit.YEAR, CalendarUnit.QUARTER):
        with pytest.raises(InvalidPeriod, match="starts before year 1"):
            APRIL.key(date.min, unit)
    assert APRIL.period(date.min, CalendarUnit.MONTH).key == "0001-01"
    assert APRIL.period(date.min, CalendarUnit.WEEK).key == "0001-W01"


def test_calendars_do_not_mix() -> None:
    """A unit of one calendar has no neighbour in another; a free range has."""
    quarter = GREGORIAN.parse("2017-Q4")
    for step in (APRIL.previous, APRIL.next, APRIL.year_ago):
        with pytest.raises(InvalidPeriod, match="belongs to gregorian, not to gregorian-04"):
            step(quarter)
    free = GREGORIAN.parse("2017-10-01..2017-10-02")
    assert APRIL.previous(free).key == "2017-09-29..2017-09-30"


@pytest.mark.parametrize("day", [datetime(2017, 1, 1, tzinfo=UTC), "2017-01-01", None])
def test_days_only(day: Any) -> None:  # noqa: ANN401 - wrong types on purpose
    """An instant has no period until a zone makes it a day."""
    for unit in (CalendarUnit.DAY, CalendarUnit.MONTH):
        for ask in (GREGORIAN.key, GREGORIAN.period):
            with pytest.raises(InvalidPeriod, match="date without a time"):
                ask(day, unit)


@pytest.mark.parametrize("month", [0, 13, True, "4"])
def test_first_month(month: Any) -> None:  # noqa: ANN401 - wrong types on purpose
    """A year starts in a month that exists."""
    with pytest.raises(InvalidRecord, match=r"first_month is .*: months go from 1 to 12"):
        Calendar.months(month)


@pytest.mark.parametrize("month", [1, 4])
def test_named_by(month: int) -> None:
    """A year is named by its first or its last calendar year, nothing else."""
    wrong: Any = "last"
    with pytest.raises(InvalidRecord, match=r"named_by is 'last': expected YearName"):
        Calendar.months(month, wrong)


def test_years_from_january_have_one_name() -> None:
    """Years that lie in one calendar year are the same by whichever they are named."""
    assert Calendar.months(1, YearName.LAST) == Calendar.months(1) == Calendar()
    assert hash(Calendar.months(1, YearName.LAST)) == hash(Calendar())
    with pytest.raises(InvalidRecord, match="lie in one calendar year"):
        MonthYears(named_by=YearName.LAST)


def test_a_layout_makes_a_calendar() -> None:
    """A calendar takes a layout by its name, and no number."""
    made: Any = Calendar
    assert Calendar(layout=MonthYears(first_month=4)) == APRIL
    with pytest.raises(TypeError):
        made(4)
    with pytest.raises(InvalidRecord, match="expected a layout"):
        Calendar(layout=made)


@pytest.mark.parametrize(
    ("text", "start", "last_day"),
    [
        ("2018", date(2017, 4, 1), date(2018, 3, 31)),
        ("2018-Q1", date(2017, 4, 1), date(2017, 6, 30)),
        ("2018-Q4", date(2018, 1, 1), date(2018, 3, 31)),
        ("2018-03", date(2018, 3, 1), date(2018, 3, 31)),
        ("2018-W01", date(2018, 1, 1), date(2018, 1, 7)),
    ],
)
def test_years_named_by_their_last(text: str, start: date, last_day: date) -> None:
    """Only years and quarters go by the other year; months and weeks keep their names."""
    period = LAST.parse(text)
    assert (period.start, period.last_day) == (start, last_day)
    assert LAST.period(start, period.unit or CalendarUnit.DAY) == period


def test_the_ends_of_time_by_last_year() -> None:
    """A year that begins before year 1 or ends after 9999 has no name of four digits."""
    for unit in (CalendarUnit.YEAR, CalendarUnit.QUARTER):
        with pytest.raises(InvalidPeriod, match="gregorian-04-last starts before year 1"):
            LAST.key(date(1, 3, 31), unit)
        with pytest.raises(InvalidPeriod, match="gregorian-04-last ends after year 9999"):
            LAST.key(date(9999, 4, 1), unit)
        assert LAST.keys([date(1, 3, 31), date(9999, 4, 1)], unit) == [None, None]
    with pytest.raises(InvalidPeriod, match="starts before year 1"):
        LAST.parse("0001-Q4")
    with pytest.raises(InvalidPeriod, match="starts before year 1"):
        LAST.year_ago(LAST.parse("0002-Q1"))
    assert LAST.parse("9999").last_day == date(9999, 3, 31)


def test_a_forged_period() -> None:
    """A period that is none of the calendar's has no neighbours, whatever it calls itself."""
    start, end = date(2017, 1, 1), date(2017, 1, 9)
    period = Period(
        start=start, end=end, unit=CalendarUnit.WEEK, calendar="gregorian", key="2017-W01"
    )
    with pytest.raises(InvalidPeriod, match="none of this calendar, though both are called"):
        GREGORIAN.next(period)


def test_table() -> None:
    """A table has a row of keys for each day."""
    rows = APRIL.table(date(2017, 3, 31), date(2017, 4, 1))
    assert rows == (
        (date(2017, 3, 31), "2017-W13", "2017-03", "2016-Q4", "2016"),
        (date(2017, 4, 1), "2017-W13", "2017-04", "2017-Q1", "2017"),
    )
    assert rows[0]._fields == ("day", "week", "month", "quarter", "year")
    with pytest.raises(InvalidPeriod, match="swap"):
        APRIL.table(date(2017, 4, 1), date(2017, 3, 31))


def test_table_at_the_beginning_of_time() -> None:
    """A day that a unit does not hold has no key of it."""
    (row,) = APRIL.table(date.min, date.min)
    assert row == (date.min, "0001-W01", "0001-01", None, None)
