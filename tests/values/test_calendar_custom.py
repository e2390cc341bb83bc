"""Custom calendars list their years."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from salescore.errors import InvalidPeriod, InvalidRecord, UnknownName
from salescore.values import Calendar, CalendarUnit, CustomYear, Period

# Years from April until the house changed to calendar years in 2021.
LONG = CustomYear(
    year=2020,
    start=date(2019, 4, 1),
    last_day=date(2020, 12, 31),
    quarters=[date(2019 + month // 12, month % 12 + 1, 1) for month in range(3, 24, 3)],
    months=[date(2019 + month // 12, month % 12 + 1, 1) for month in range(3, 24)],
)
PLAIN = CustomYear(
    year=2021,
    start=date(2021, 1, 1),
    last_day=date(2021, 12, 31),
    quarters=[date(2021, month, 1) for month in (1, 4, 7, 10)],
    months=[date(2021, month, 1) for month in range(1, 13)],
)
HOUSE = Calendar.custom("our house", [LONG, PLAIN])


def test_units() -> None:
    """A custom calendar has the units that its years state, all in one name."""
    assert [unit.value for unit in HOUSE.units] == ["day", "month", "quarter", "year"]
    assert HOUSE.name == "our house"
    assert Calendar.custom("our house", [LONG, PLAIN]) == HOUSE
    assert Calendar.custom("our house", [LONG]) != HOUSE


@pytest.mark.parametrize(
    ("text", "start", "last_day"),
    [
        ("2020", date(2019, 4, 1), date(2020, 12, 31)),
        ("2020-Q7", date(2020, 10, 1), date(2020, 12, 31)),
        ("2020-21", date(2020, 12, 1), date(2020, 12, 31)),
        ("2021-01", date(2021, 1, 1), date(2021, 1, 31)),
        ("2021-12-31", date(2021, 12, 31), date(2021, 12, 31)),
    ],
)
def test_parse(text: str, start: date, last_day: date) -> None:
    """A key counts the units of the year that is listed."""
    period = HOUSE.parse(text)
    assert (period.start, period.last_day, period.calendar) == (start, last_day, "our house")
    assert period.unit is not None
    assert HOUSE.period(last_day, period.unit) == period


def test_days_outside() -> None:
    """Days outside the listed years have no period of any unit."""
    for day in (date(2019, 3, 31), date(2022, 1, 1)):
        for unit in HOUSE.units:
            for ask in (HOUSE.key, HOUSE.period):
                with pytest.raises(
                    InvalidPeriod,
                    match="our house knows the days 2019-04-01 to 2021-12-31 only",
                ):
                    ask(day, unit)
            assert HOUSE.keys([day, date(2021, 1, 1), None], unit)[::2] == [None, None]
        assert HOUSE.table(day, day) == ((day, None, None, None, None),)
    assert HOUSE.parse("2018-01-01..2018-12-31").days == 365


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("2019", "our house knows the years 2020 to 2021 only"),
        ("2022-Q1", "our house knows the years 2020 to 2021 only"),
        ("2022-01-01", "knows the days"),
        ("2021-Q5", "quarters of 2021 go from Q1 to Q4"),
        ("2021-13", "months of 2021 go from 01 to 12"),
        ("2020-22", "months of 2020 go from 01 to 21"),
        ("2020-W01", "our house has no weeks; its units are day, month, quarter, year"),
        ("2021-02-29", "has no day 29"),
    ],
)
def test_parse_refuses(text: str, fault: str) -> None:
    """What the list does not hold is refused by the text that asked for it."""
    with pytest.raises(InvalidPeriod, match=fault) as caught:
        HOUSE.parse(text)
    assert caught.value.text == text


def test_steps() -> None:
    """Neighbours go from year to year, and end with the list."""
    assert HOUSE.previous(HOUSE.parse("2021-Q1")) == HOUSE.parse("2020-Q7")
    assert HOUSE.next(HOUSE.parse("2020")) == HOUSE.parse("2021")
    assert HOUSE.year_ago(HOUSE.parse("2021-04")) == HOUSE.parse("2020-04")
    assert HOUSE.year_ago(HOUSE.parse("2021-05-05")) == HOUSE.parse("2020-05-05")
    for step in (HOUSE.previous, HOUSE.year_ago):
        with pytest.raises(InvalidPeriod, match="knows the"):
            step(HOUSE.parse("2020"))
    with pytest.raises(InvalidPeriod, match="knows the"):
        HOUSE.next(HOUSE.parse("2021"))
    with pytest.raises(UnknownName, match="no our house calendar unit 'week'"):
        HOUSE.key(date(2021, 1, 1), CalendarUnit.WEEK)


def test_a_year_ago_where_that_year_is_shorter() -> None:
    """A unit that the year before lacks has none a year ago."""
    calendar = Calendar.custom(
        "shorter first",
        [
            attrs_year(2020, date(2020, 1, 1), [31, 29]),
            attrs_year(2021, date(2020, 3, 1), [31, 30, 31]),
        ],
    )
    assert calendar.year_ago(calendar.parse("2021-03")) is None
    assert calendar.year_ago(calendar.parse("2021-02")) == calendar.parse("2020-02")


def attrs_year(number: int, start: date, lengths: list[int]) -> CustomYear:
    """Return a year of months of given lengths."""
    starts = [start + timedelta(days=sum(lengths[:place])) for place in range(len(lengths))]
    last_day = start + timedelta(days=sum(lengths) - 1)
    return CustomYear(year=number, start=start, last_day=last_day, months=starts)


def test_another_list_of_the_same_name() -> None:
    """A period of a calendar that only has the same name is refused."""
    other = Calendar.custom("our house", [attrs_year(2021, date(2021, 1, 1), [20, 20])])
    with pytest.raises(InvalidPeriod, match="none of this calendar, though both are called our"):
        HOUSE.next(other.parse("2021-01"))
    assert HOUSE.next(Period.custom(date(2021, 1, 1), date(2021, 1, 1))).days == 1


def year(number: Any, start: Any, last_day: Any, **units: Any) -> CustomYear:  # noqa: ANN401 - wrong types on purpose
    """Return a year that need not be right."""
    return CustomYear(year=number, start=start, last_day=last_day, **units)


NEW, END = date(2020, 1, 1), date(2020, 12, 31)


@pytest.mark.parametrize(
    ("years", "faults"),
    [
        ([], ["at least one year is needed"]),
        ([year(0, NEW, END)], ["0: the year must be a number from 1 to 9999"]),
        ([year("2020", NEW, END)], ["2020: the year must be a number"]),
        ([year(2020, "2020-01-01", END)], ["its days dates without a time"]),
        ([year(2020, NEW, datetime(2020, 12, 31, tzinfo=UTC))], ["its days dates"]),
        ([year(2020, NEW, END, weeks=["2020-01-01"])], ["its days dates"]),
        ([year(2020, END, NEW)], ["2020: its last day 2020-01-01 is before its first, 2020-12-31"]),
        ([year(9999, date(9999, 1, 1), date.max)], ["9999: it must end before 9999-12-31"]),
        (
            [year(2020, NEW, END, quarters=[date(2020, 1, 2)])],
            ["2020: its first quarter must start with the year on 2020-01-01, not 2020-01-02"],
        ),
        (
            [year(2020, NEW, END, months=[NEW, date(2020, 3, 1), date(2020, 2, 1)])],
            ["2020: month 3 starts on 2020-02-01, not after the one before it, on 2020-03-01"],
        ),
        ([year(2020, NEW, END, weeks=[NEW, NEW])], ["week 2 starts on 2020-01-01, not after"]),
        (
            [year(2020, NEW, END, weeks=[NEW, date(2021, 1, 1)])],
            ["2020: week 2 starts on 2021-01-01, after the year's last day 2020-12-31"],
        ),
        (
            [year(2020, NEW, END, quarters=[NEW + timedelta(days=n) for n in range(10)])],
            ["2020: it has 10 quarters; 9 can be named"],
        ),
        (
            [year(2020, NEW, END, quarters=[NEW, date(2020, 4, 2)], months=[NEW])],
            ["2020: quarter 2 starts on 2020-04-02, where no month starts"],
        ),
        (
            [year(2020, NEW, END), year(2022, date(2021, 1, 1), date(2021, 12, 31))],
            ["2020 is followed by 2022; number the years one after the other"],
        ),
        (
            [year(2020, NEW, END), year(2021, date(2021, 1, 3), date(2021, 12, 31))],
            ["between 2020 and 2021 the days 2021-01-01 to 2021-01-02 lie in no year"],
        ),
        (
            [year(2020, NEW, END), year(2021, END, date(2021, 12, 31))],
            ["2020 and 2021 overlap: the one ends on 2020-12-31, the other starts on 2020-12-31"],
        ),
        (
            [
                year(2020, NEW, END, months=[NEW]),
                year(2021, date(2021, 1, 1), date(2021, 12, 31)),
            ],
            ["no months in 2021, while other years have them"],
        ),
        (
            [
                year(2020, NEW, END, weeks=[END], months=[date(2019, 1, 1)]),
                year(2020, NEW, END, months=[NEW]),
            ],
            ["first week", "first month", "no weeks in 2020", "followed by 2020", "overlap"],
        ),
    ],
)
def test_years_refused(years: list[CustomYear], faults: list[str]) -> None:
    """Years that leave a day in no period or in two are refused, with all that is wrong."""
    with pytest.raises(InvalidRecord, match=r"CustomYears\.years") as caught:
        Calendar.custom("wrong", years)
    for fault in faults:
        assert fault in str(caught.value)


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("", "1 to 60 characters"),
        ("x" * 61, "1 to 60 characters"),
        (" x", "without space around it"),
        ("x\n", "visible characters"),
        (7, "visible characters"),
        ("gregorian", "name of a calendar with a rule"),
        ("gregorian-01", "name of a calendar with a rule"),
        ("nrf", "name of a calendar with a rule"),
        ("454-sat-nearest-01", "name of a calendar with a rule"),
    ],
)
def test_names_refused(name: Any, fault: str) -> None:  # noqa: ANN401 - wrong types on purpose
    """A custom calendar has a name that can be shown and that no other calendar has."""
    with pytest.raises(InvalidRecord, match=fault):
        Calendar.custom(name, [PLAIN])
