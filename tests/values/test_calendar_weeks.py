"""Years of whole weeks: 4-4-5, 4-5-4, 5-4-4 and ISO years."""

from datetime import date, timedelta
from typing import Any

import pytest

from salescore.errors import InvalidPeriod, InvalidRecord, UnknownName
from salescore.values import Calendar, CalendarUnit, WeekYears, YearEnd, YearName

NRF = Calendar.weeks("4-5-4")
ISO = Calendar.weeks(None, end_month=12, weekday=6)


@pytest.mark.parametrize(
    ("text", "start", "last_day"),
    [
        ("2023", date(2023, 1, 29), date(2024, 2, 3)),
        ("2023-Q1", date(2023, 1, 29), date(2023, 4, 29)),
        ("2023-Q4", date(2023, 10, 29), date(2024, 2, 3)),
        ("2023-01", date(2023, 1, 29), date(2023, 2, 25)),
        ("2023-02", date(2023, 2, 26), date(2023, 4, 1)),
        ("2023-12", date(2023, 12, 31), date(2024, 2, 3)),
        ("2023-W01", date(2023, 1, 29), date(2023, 2, 4)),
        ("2023-W53", date(2024, 1, 28), date(2024, 2, 3)),
        ("2024-W01", date(2024, 2, 4), date(2024, 2, 10)),
    ],
)
def test_a_year_of_53_weeks(text: str, start: date, last_day: date) -> None:
    """
    The retail year 2023 has 53 weeks, the last of them in its twelfth month.

    Source:
        The 4-5-4 calendar that the National Retail Federation publishes, 2023.
    """
    period = NRF.parse(text)
    assert (period.start, period.last_day, period.calendar) == (start, last_day, "nrf")


@pytest.mark.parametrize(
    ("pattern", "weeks"),
    [("4-4-5", [4, 4, 5] * 4), ("4-5-4", [4, 5, 4] * 4), ("5-4-4", [5, 4, 4] * 4)],
)
def test_patterns(pattern: str, weeks: list[int]) -> None:
    """Each quarter has the weeks of the pattern; the leap month has one more in a long year."""
    for leap_month in (12, 6):
        calendar = Calendar.weeks(pattern, leap_month=leap_month)
        for year, long in (("2022", False), ("2023", True)):
            months = calendar.periods(calendar.parse(year), CalendarUnit.MONTH)
            expected = [*weeks]
            expected[leap_month - 1] += long
            assert [month.days for month in months] == [7 * number for number in expected]
            quarters = calendar.periods(calendar.parse(year), CalendarUnit.QUARTER)
            longer = (leap_month - 1) // 3
            assert [quarter.days for quarter in quarters] == [
                91 + 7 * (long and place == longer) for place in range(4)
            ]


@pytest.mark.parametrize("weekday", range(7))
@pytest.mark.parametrize("month", range(1, 13))
def test_the_last_day_of_a_year(month: int, weekday: int) -> None:
    """A year ends on the last such day of the month, or on the one at most three days off."""
    last = Calendar.weeks(
        "4-4-5", end_month=month, weekday=weekday, rule=YearEnd.LAST, named_by=YearName.LAST
    )
    near = Calendar.weeks("4-4-5", end_month=month, weekday=weekday, named_by=YearName.LAST)
    for number in range(1990, 2061):
        following = date(number + month // 12, month % 12 + 1, 1)
        month_end = following - timedelta(days=1)
        end = last.parse(f"{number}").last_day
        assert end.weekday() == weekday
        assert timedelta(0) <= month_end - end < timedelta(days=7)
        nearest = near.parse(f"{number}").last_day
        assert nearest.weekday() == weekday
        assert abs(nearest - month_end) <= timedelta(days=3)


def test_both_rules_differ() -> None:
    """
    A year that ends on the last Saturday of August ends earlier than by the nearest one.

    Source:
        26 CFR 1.441-2(a)(2): the 52-53-week year ends on the last such day of the month, or on the
        one nearest to its end.
    """
    named_by = YearName.LAST
    last = Calendar.weeks("4-4-5", end_month=8, rule=YearEnd.LAST, named_by=named_by)
    near = Calendar.weeks("4-4-5", end_month=8, named_by=named_by)
    assert last.parse("2001").last_day == date(2001, 8, 25)
    assert near.parse("2001").last_day == date(2001, 9, 1)


def test_named_by() -> None:
    """The same year goes by the calendar year of its first month or of its end month."""
    first = Calendar.weeks("4-5-4")
    last = Calendar.weeks("4-5-4", named_by=YearName.LAST)
    assert first.parse("2020").start == last.parse("2021").start == date(2020, 2, 2)
    assert first.parse("2020-Q1").end == last.parse("2021-Q1").end
    assert first != last


def test_years_to_december_have_one_name() -> None:
    """Years that end in December are the same by whichever year they are named."""
    first, last = (
        Calendar.weeks("4-4-5", end_month=12, named_by=named_by) for named_by in YearName
    )
    assert first == last
    assert first.parse("2020").start == date(2019, 12, 29)


def test_iso_years() -> None:
    """ISO years are whole ISO weeks, and have neither months nor quarters."""
    assert [unit.value for unit in ISO.units] == ["day", "week", "year"]
    day = date(1990, 1, 1)
    while day < date(2061, 1, 1):
        year, week, _ = day.isocalendar()
        assert ISO.key(day, CalendarUnit.WEEK) == f"{year:04d}-W{week:02d}"
        assert ISO.key(day, CalendarUnit.YEAR) == f"{year:04d}"
        day += timedelta(days=1)
    assert ISO.parse("2026").last_day == date(2027, 1, 3)


def test_a_unit_that_is_not_there() -> None:
    """A unit that a calendar lacks is refused by name, in keys and in texts."""
    for ask in (ISO.key, ISO.period):
        with pytest.raises(UnknownName, match="no iso calendar unit 'month'; known are 'day'"):
            ask(date(2020, 1, 1), CalendarUnit.MONTH)
    with pytest.raises(UnknownName, match="'quarter'"):
        ISO.keys([], CalendarUnit.QUARTER)
    with pytest.raises(UnknownName, match="'quarter'"):
        ISO.periods(ISO.parse("2020"), CalendarUnit.QUARTER)
    with pytest.raises(InvalidPeriod, match="iso has no months; its units are day, week, year"):
        ISO.parse("2020-01")
    with pytest.raises(InvalidPeriod, match="iso has no quarters"):
        ISO.parse("2020-Q1")
    assert ISO.table(date(2020, 1, 1), date(2020, 1, 1)) == (
        (date(2020, 1, 1), "2020-W01", None, None, "2020"),
    )


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("2022-W53", "2022 has no week 53; its last is 52"),
        ("2023-W54", "2023 has no week 54; its last is 53"),
        ("2023-W00", "2023 has no week 0"),
        ("2023-13", "months of 2023 go from 01 to 12"),
        ("2023-Q5", "quarters of 2023 go from Q1 to Q4"),
        ("0000", "count from 0001"),
        ("9999", "does not end before|outside the years"),
        ("9999-W53", "has no week 53"),
        ("2023-02-29", "has no day 29"),
    ],
)
def test_parse_refuses(text: str, fault: str) -> None:
    """What names no period of the year is refused by name."""
    with pytest.raises(InvalidPeriod, match=fault):
        NRF.parse(text)


def test_a_year_ago() -> None:
    """Week 53 has no week a year ago; the month that held it has."""
    assert NRF.year_ago(NRF.parse("2023-W53")) is None
    assert NRF.year_ago(NRF.parse("2024-W52")) == NRF.parse("2023-W52")
    assert NRF.year_ago(NRF.parse("2023-12")) == NRF.parse("2022-12")
    assert NRF.year_ago(NRF.parse("2024-02-29")) is None
    assert NRF.year_ago(NRF.parse("2024-03-01")) == NRF.parse("2023-03-01")


def test_the_beginning_of_time() -> None:
    """Days before the first whole year have no period but the day, and no year lies before it."""
    early, first = date(1, 1, 5), NRF.parse("0001")
    assert first.start == date(1, 2, 4)
    assert NRF.key(early, CalendarUnit.DAY) == "0001-01-05"
    for unit in NRF.units[1:]:
        with pytest.raises(InvalidPeriod, match="its year in nrf starts before year 1"):
            NRF.key(early, unit)
        assert NRF.keys([early, first.start], unit)[0] is None
    for step in (NRF.previous, NRF.year_ago):
        with pytest.raises(InvalidPeriod):
            step(first)
    december = Calendar.weeks("4-4-5", end_month=12)
    for text in ("0001", "0001-Q1", "0001-W02"):
        with pytest.raises(InvalidPeriod, match="starts before year 1"):
            december.parse(text)


def test_the_end_of_time() -> None:
    """The last year does not end; days in it that no four digits name have no key."""
    with pytest.raises(InvalidPeriod, match="does not end before"):
        NRF.parse("9999-Q4")
    with pytest.raises(InvalidPeriod, match="does not end before"):
        NRF.next(NRF.parse("9998"))
    assert NRF.key(date.max, CalendarUnit.YEAR) == "9999"
    last = Calendar.weeks("4-5-4", named_by=YearName.LAST)
    with pytest.raises(InvalidPeriod, match="ends after year 9999"):
        last.key(date.max, CalendarUnit.YEAR)
    july = Calendar.weeks("4-5-4", end_month=7)
    with pytest.raises(InvalidPeriod, match="outside the years"):
        july.parse("9999-Q4")


def test_calendars_do_not_mix() -> None:
    """A period of another calendar is refused, and both calendars are named."""
    for step in (NRF.previous, NRF.next, NRF.year_ago, NRF.label):
        with pytest.raises(InvalidPeriod, match="belongs to gregorian, not to nrf"):
            step(Calendar().parse("2020-01"))


@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [
        ("pattern", "5-5-3", "expected one of 4-4-5, 4-5-4, 5-4-4"),
        ("pattern", "", "expected one of"),
        ("pattern", ["4-4-5"], "expected one of"),
        ("end_month", 13, "months go from 1 to 12"),
        ("end_month", True, "months go from 1 to 12"),
        ("weekday", 7, "0, Monday, to 6, Sunday"),
        ("weekday", -1, "0, Monday, to 6, Sunday"),
        ("weekday", "sat", "0, Monday, to 6, Sunday"),
        ("rule", "last", "expected YearEnd"),
        ("named_by", "last", "expected YearName"),
        ("leap_month", 0, "months go from 1 to 12"),
    ],
)
def test_refuses(field: str, value: Any, fault: str) -> None:  # noqa: ANN401 - wrong types on purpose
    """A rule that cannot be is refused by its field."""
    rule: dict[str, Any] = {"pattern": "4-4-5", field: value}
    with pytest.raises(InvalidRecord, match=rf"WeekYears\.{field} is .*{fault}"):
        Calendar.weeks(**rule)


def test_one_spelling() -> None:
    """What makes no difference has one value only."""
    with pytest.raises(InvalidRecord, match="leap_month is 6: without months"):
        Calendar.weeks(None, leap_month=6)
    with pytest.raises(InvalidRecord, match="named_by"):
        WeekYears(pattern="4-4-5", end_month=12, named_by=YearName.LAST)
