"""Working calendars answer from what they know, and say where they know nothing."""

import csv
import io
import json
import pickle
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from salescore.errors import (
    InvalidDate,
    InvalidDocument,
    InvalidRecord,
    InvalidValue,
    UnknownName,
)
from salescore.testing import days, periods, working_calendars
from salescore.values import (
    ALL_YEARS,
    DayKind,
    Interval,
    Period,
    Shift,
    SpecialDay,
    WorkingCalendar,
    calendar_disagreements,
    join_calendars,
    parse_special_days,
    years_on_record,
)

DAY = timedelta(days=1)
OFFICE = WorkingCalendar.of("office", years=ALL_YEARS)
MAY = [
    SpecialDay.holiday(date(2026, 5, 1), "Labour Day", "劳动节"),
    SpecialDay.workday(date(2026, 5, 9), "Labour Day"),
]
CHINA = WorkingCalendar.of("china", years=[2026], zone="Asia/Shanghai", special_days=MAY)


def rows(text: str) -> list[dict[str, str]]:
    """Return rows as a reader of CSV hands them over."""
    return list(csv.DictReader(io.StringIO(text)))


# Shifts -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "span", "written"),
    [
        ("09:00-17:30", (540, 1050), "09:00-17:30"),
        ("22:00-06:00", (1320, 1800), "22:00-06:00"),
        ("00:00-24:00", (0, 1440), "00:00-24:00"),
        ("00:00-00:00", (0, 1440), "00:00-24:00"),
        ("18:00-00:00", (1080, 1440), "18:00-24:00"),
        ("08:00-08:00", (480, 1920), "08:00-08:00"),
    ],
)
def test_a_shift_ends_on_the_next_day_unless_after_its_start(
    text: str, span: tuple[int, int], written: str
) -> None:
    """Night shifts and whole days are told by their end; 24:00 is midnight."""
    shift = Shift.parse(text)
    assert shift.span == span
    assert shift.minutes == span[1] - span[0]
    assert str(shift) == written
    assert Shift.parse(str(shift)) == shift


@pytest.mark.parametrize(
    "text",
    [
        "25:00-26:00",
        "09:00-25:00",
        "09:60-10:00",
        "09:00-24:01",
        "9-17",
        "",
        "24:00-06:00",
    ],
)
def test_hours_that_no_clock_shows_are_refused(text: str) -> None:
    """A shift has the form 09:00-17:00 and hours up to 23."""
    with pytest.raises(InvalidValue, match="such as 09:00-17:30, hours 00 to 23"):
        Shift.parse(text)


@pytest.mark.parametrize(
    "moment",
    [time(9, tzinfo=UTC), time(9, 0, 1), time(9, 0, 0, 1), "09:00", datetime(2026, 1, 1)],  # noqa: DTZ001
)
def test_a_shift_is_made_of_times_in_whole_minutes(moment: Any) -> None:  # noqa: ANN401
    """Seconds and zones have no place on a rota."""
    with pytest.raises(InvalidRecord, match="whole minutes"):
        Shift(moment, time(17))
    with pytest.raises(InvalidRecord, match="whole minutes"):
        Shift(time(8), moment)


# Weeks --------------------------------------------------------------------------------------


def test_a_week_names_weekdays_or_ranges_of_them() -> None:
    """Weekdays that are left out are free; shifts come out in order."""
    week = {"mon-fri": "13:00-18:00 09:00-12:00", "sat": "09:00-12:00"}
    calendar = WorkingCalendar.of("shop", years=ALL_YEARS, weekly=week)
    assert [len(shifts) for shifts in calendar.weekly] == [2, 2, 2, 2, 2, 1, 0]
    assert [str(shift) for shift in calendar.weekly[0]] == ["09:00-12:00", "13:00-18:00"]


@pytest.mark.parametrize(
    ("week", "error", "fault"),
    [
        ({"monday": "09:00-17:00"}, UnknownName, "no weekday 'monday'; did you mean 'mon'"),
        ({"mon-": "09:00-17:00", "fri-mon": ""}, InvalidValue, "must not run backwards"),
        ({"mon-fri": "09:00-17:00", "wed": ""}, InvalidValue, "named twice"),
        ({"mon": "09:00-12:00 11:00-13:00"}, InvalidValue, "11:00-13:00 overlaps"),
        ({"mon": "09:00-25:00"}, InvalidValue, "hours 00 to 23"),
        ({"mon": "22:00-06:00", "tue": "05:00-06:00"}, InvalidRecord, "runs into the first"),
        ({"sun": "22:00-06:00", "mon": "05:00-06:00"}, InvalidRecord, "runs into the first"),
        ({"mon": ""}, InvalidRecord, "some weekday needs working hours"),
        ({}, InvalidRecord, "some weekday needs working hours"),
    ],
)
def test_bad_weeks_are_refused(week: dict[str, str], error: type[Exception], fault: str) -> None:
    """Hours that overlap, within a day or over midnight, and a week without work are refused."""
    with pytest.raises(error, match=fault):
        WorkingCalendar.of("w", years=ALL_YEARS, weekly=week)


@pytest.mark.parametrize(
    ("weekly", "fault"),
    [
        (OFFICE.weekly[:6], "seven days"),
        (((Shift.parse("13:00-14:00"), Shift.parse("09:00-10:00")),) * 7, "in order of time"),
    ],
)
def test_a_week_handed_in_whole_is_checked_too(
    weekly: tuple[tuple[Shift, ...], ...], fault: str
) -> None:
    """The record refuses what the factory would not have made."""
    with pytest.raises(InvalidRecord, match=fault):
        WorkingCalendar(name="w", weekly=weekly, years=ALL_YEARS)


def test_an_unknown_zone_is_refused() -> None:
    """A zone is named as in the IANA database."""
    with pytest.raises(UnknownName, match="did you mean 'Asia/Shanghai'"):
        WorkingCalendar.of("w", years=ALL_YEARS, zone="Asia/Shangai")


@pytest.mark.parametrize("years", [["2026"], [2026.0], [True]])
def test_years_are_whole_numbers(years: Any) -> None:  # noqa: ANN401 - the fault under test
    """A year that would never be found is refused."""
    with pytest.raises(InvalidRecord, match="whole years, or 'all'"):
        WorkingCalendar.of("w", years=years)


# Special days -------------------------------------------------------------------------------


def test_a_day_cannot_be_both_holiday_and_working_day() -> None:
    """The error names the days, and none of the two is taken."""
    both = [SpecialDay.holiday(date(2026, 5, n)) for n in range(1, 8)]
    both += [SpecialDay.workday(date(2026, 5, n)) for n in range(1, 8)]
    with pytest.raises(InvalidValue, match=r"a working day are 2026-05-01, .*05-05 and 2 more;"):
        WorkingCalendar.of("w", years=[2026], special_days=both)
    with pytest.raises(InvalidValue, match=r"twice in the list are 2026-05-01;"):
        WorkingCalendar.of("w", years=[2026], special_days=[both[0], both[0]])


def test_bad_special_days_are_refused() -> None:
    """A holiday has no hours, a working day has some, and a day has no time."""
    with pytest.raises(InvalidRecord, match="a half holiday is"):
        SpecialDay(date(2026, 5, 1), DayKind.HOLIDAY, hours=(Shift.parse("09:00-12:00"),))
    with pytest.raises(InvalidRecord, match="in order of time"):
        SpecialDay.workday(date(2026, 5, 1), hours="")
    late_first = (Shift.parse("13:00-14:00"), Shift.parse("09:00-10:00"))
    with pytest.raises(InvalidRecord, match="in order of time"):
        SpecialDay(date(2026, 5, 1), DayKind.WORKDAY_IN_LIEU, hours=late_first)
    with pytest.raises(InvalidRecord, match="without a time"):
        SpecialDay.holiday(datetime(2026, 5, 1))  # noqa: DTZ001 - the fault under test


@pytest.mark.parametrize("day", [date(2026, 5, 2), date(2026, 5, 4)])
def test_an_extra_day_whose_hours_run_into_its_neighbour_is_refused(day: date) -> None:
    """Overlaps that only a special day makes are found as well."""
    special = [SpecialDay.workday(day, hours="20:00-08:00" if day.weekday() else "04:00-05:00")]
    special += [SpecialDay.workday(day + DAY, hours="07:00-08:00")] if day.weekday() else []
    week = {"mon-fri": "09:00-12:00"} if day.weekday() else {"sun": "22:00-05:00"}
    with pytest.raises(InvalidRecord, match="runs into the first one of the next day"):
        WorkingCalendar.of("w", years=[2026], weekly=week, special_days=special)


def test_special_days_have_names_in_two_languages_where_known() -> None:
    """A Chinese name is given only where there is one."""
    labour, lieu = CHINA.special_day(date(2026, 5, 1)), CHINA.special_day(date(2026, 5, 9))
    assert labour is not None
    assert lieu is not None
    assert [labour.label(), labour.label("zh")] == ["Labour Day", "劳动节"]
    assert lieu.label("zh") == "Labour Day"
    assert CHINA.special_day(date(2026, 5, 4)) is None


def test_an_extra_working_day_has_mondays_hours_or_its_own() -> None:
    """Where Monday is free, the first weekday that works lends its hours."""
    saturday = date(2026, 5, 9)
    week = {"tue": "08:00-12:00", "wed-fri": "09:00-17:00"}
    for hours, expected in ((None, "08:00-12:00"), ("10:00-11:00", "10:00-11:00")):
        special = SpecialDay.workday(saturday, hours=hours)
        calendar = WorkingCalendar.of("w", years=[2026], weekly=week, special_days=[special])
        assert [str(shift) for shift in calendar.shifts(saturday) or ()] == [expected]
        assert calendar.is_working_day(saturday)


def test_rows_of_special_days() -> None:
    """The three columns of a list suffice; names of China's holidays get their Chinese one."""
    text = "date,kind,name\n2026-10-01,holiday,National Day\n2026-10-10,workday_in_lieu,Bridge\n"
    holiday, lieu = parse_special_days(rows(text))
    assert holiday == SpecialDay.holiday(date(2026, 10, 1), "National Day", "国庆节")
    assert lieu == SpecialDay.workday(date(2026, 10, 10), "Bridge")
    text = "date,kind,name,name_zh,hours\n2026-10-10,workday_in_lieu,X,补班,10:00-12:00\n"
    (own,) = parse_special_days(rows(text))
    assert own == SpecialDay.workday(date(2026, 10, 10), "X", "补班", hours="10:00-12:00")


@pytest.mark.parametrize(
    ("row", "path", "fault"),
    [
        ({"date": "2026-02-30", "kind": "holiday", "name": ""}, "rows/0", "no day 30"),
        ({"date": "2026-02-03", "kind": "day off", "name": ""}, "rows/0/kind", "kind of day"),
        ({"date": "2026-02-03", "kind": "holiday"}, "rows/0", "'name' is missing"),
        ({"date": "", "kind": "holiday", "name": "", "x": ""}, "rows/0/x", "no key 'x'"),
        ({"date": None, "kind": "holiday", "name": ""}, "rows/0/date", "expected a text"),
        (
            {"date": "2026-02-03", "kind": "workday_in_lieu", "name": "", "hours": "9-12"},
            "rows/0",
            "the shift is '9-12'",
        ),
        (
            {"date": "2026-02-03", "kind": "holiday", "name": "", "hours": "09:00-12:00"},
            "rows/0",
            "a half holiday",
        ),
    ],
)
def test_bad_rows_are_refused_by_place(row: dict[str, Any], path: str, fault: str) -> None:
    """The error says which row, and which of its columns."""
    with pytest.raises(InvalidDocument, match=fault) as caught:
        parse_special_days([row])
    assert caught.value.path == path


def test_a_year_is_on_record_when_both_its_halves_are() -> None:
    """The end of a list, a day that next year's notice moved, and extra days make no year known."""
    first, second = date(2026, 1, 1), date(2026, 10, 1)
    stray = [SpecialDay.holiday(date(2025, 12, 31)), SpecialDay.workday(date(2025, 2, 8))]
    early = [SpecialDay.holiday(date(2027, 1, 1))]
    whole = [SpecialDay.holiday(first), SpecialDay.holiday(second)]
    assert years_on_record([*stray, *whole, *early]) == {2026}
    assert years_on_record([]) == frozenset()


# Questions about days -----------------------------------------------------------------------


def test_an_unknown_year_is_not_a_year_without_holidays() -> None:
    """Whatever needs 2027 is unknown, and the answer names 2027; a plain calendar knows all."""
    new_year = date(2027, 1, 1)
    assert CHINA.is_working_day(new_year) is None
    assert CHINA.is_working_day(date(2027, 1, 2)) is None
    assert CHINA.shifts(new_year) is None
    assert CHINA.hours(new_year) is None
    december = Period.custom(date(2026, 12, 1), new_year)
    assert CHINA.working_days(december) is None
    assert CHINA.unknown_years(december.start, december.end) == (2027,)
    assert CHINA.unknown_years(date(2024, 6, 1), date(2029, 1, 1)) == (2024, 2025, 2027, 2028)
    assert CHINA.working_days(Period.custom(date(2026, 12, 1), date(2026, 12, 31))) == 23
    assert CHINA.add_working_days(date(2026, 12, 31), 1) is None
    assert CHINA.add_working_days(new_year, 0) is None
    assert CHINA.previous_working_day(new_year) == date(2026, 12, 31)
    assert CHINA.previous_working_day(date(2027, 1, 2)) is None
    assert CHINA.next_working_day(date(2025, 12, 31)) == date(2026, 1, 1)
    assert OFFICE.is_working_day(new_year) is True
    assert OFFICE.unknown_years(date.min, date.max) == ()


def test_a_special_day_is_known_though_its_year_is_not() -> None:
    """What is listed is listed; a range of listed days alone needs nothing else."""
    special = [SpecialDay.holiday(date(2027, 1, n)) for n in (1, 2, 3)]
    calendar = WorkingCalendar.of("w", years=[2026], special_days=special)
    assert calendar.is_working_day(date(2027, 1, 1)) is False
    assert calendar.working_days_between(date(2026, 12, 28), date(2027, 1, 4)) == 4
    assert calendar.unknown_years(date(2027, 1, 1), date(2027, 1, 5)) == (2027,)


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        (date(2026, 4, 30), 1, date(2026, 5, 4)),
        (date(2026, 5, 1), 1, date(2026, 5, 4)),
        (date(2026, 5, 8), 1, date(2026, 5, 9)),
        (date(2026, 5, 9), 1, date(2026, 5, 11)),
        (date(2026, 5, 10), -1, date(2026, 5, 9)),
        (date(2026, 5, 4), -1, date(2026, 4, 30)),
        (date(2026, 5, 1), 0, date(2026, 5, 4)),
        (date(2026, 5, 9), 0, date(2026, 5, 9)),
        (date(2026, 4, 30), 7, date(2026, 5, 11)),
    ],
)
def test_days_are_counted_from_the_day_after(day: date, n: int, expected: date) -> None:
    """A free day counts like the working day before it, going on, and after it, going back."""
    assert CHINA.add_working_days(day, n) == expected


def test_the_next_and_previous_working_day_leave_out_the_day_itself() -> None:
    """Both are strict."""
    assert CHINA.next_working_day(date(2026, 5, 9)) == date(2026, 5, 11)
    assert CHINA.previous_working_day(date(2026, 5, 9)) == date(2026, 5, 8)


def test_questions_about_what_is_no_day_are_refused() -> None:
    """A datetime is no date, and a range runs forward."""
    moment: Any = datetime(2026, 5, 1, tzinfo=UTC)
    for ask in (OFFICE.is_working_day, OFFICE.next_working_day, OFFICE.hours, OFFICE.shifts):
        with pytest.raises(InvalidDate, match="without a time"):
            ask(moment)
    with pytest.raises(InvalidDate, match="before the start"):
        OFFICE.working_days_between(date(2026, 5, 2), date(2026, 5, 1))
    assert OFFICE.working_days_between(date(2026, 5, 1), date(2026, 5, 1)) == 0


def test_the_ends_of_all_time() -> None:
    """The first and the last day can be asked about; beyond them there is no working day."""
    assert OFFICE.is_working_day(date.max) is True
    assert OFFICE.is_working_day(date.min) is True
    first = WorkingCalendar.of("w", years=[], special_days=[SpecialDay.holiday(date.min)])
    assert first.is_working_day(date.min) is False
    for day, n in ((date.max, 1), (date.min, -1)):
        with pytest.raises(InvalidDate, match="outside the years 1 to 9999"):
            OFFICE.add_working_days(day, n)


@given(working_calendars(["UTC"]), days(), st.integers(0, 1500))
def test_working_days_are_those_that_are_working_days(
    calendar: WorkingCalendar, start: date, length: int
) -> None:
    """Counting by sums gives what asking day by day gives, and `None` exactly if one is unknown."""
    each = [calendar.is_working_day(start + n * DAY) for n in range(length)]
    counted = calendar.working_days_between(start, start + length * DAY)
    assert counted == (None if None in each else sum(map(bool, each)))
    missing = calendar.unknown_years(start, start + length * DAY)
    unknown = {(start + n * DAY).year for n, one in enumerate(each) if one is None}
    assert missing == tuple(sorted(unknown))


@given(working_calendars(["UTC"]), days(), st.integers(-300, 300))
def test_adding_working_days_walks_day_by_day(
    calendar: WorkingCalendar, start: date, n: int
) -> None:
    """The nth working day is where a walk that counts working days ends, unless it gets lost."""
    step, left, day = (DAY if n >= 0 else -DAY), abs(n), start
    if n == 0:
        left, day = 1, start - DAY
    expected: date | None = None
    while left:
        day += step
        is_open = calendar.is_working_day(day)
        if is_open is None:
            break
        left -= is_open
    else:
        expected = day
    assert calendar.add_working_days(start, n) == expected


@given(working_calendars(["UTC"]), days(), st.integers(1, 500))
def test_adding_and_taking_away_working_days(
    calendar: WorkingCalendar, start: date, n: int
) -> None:
    """From a working day, so many on and so many back is the day itself."""
    day = calendar.add_working_days(start, 0)
    assume(day is not None)
    assert day is not None
    there = calendar.add_working_days(day, n)
    if there is not None:
        assert calendar.add_working_days(there, -n) == day
        assert calendar.working_days_between(day, there) == n


@given(working_calendars(["UTC"]), periods())
def test_working_days_of_a_period(calendar: WorkingCalendar, period: Period) -> None:
    """A period is counted from its first day to its last."""
    assert calendar.working_days(period) == calendar.working_days_between(period.start, period.end)


# As data ------------------------------------------------------------------------------------


@given(working_calendars())
def test_a_calendar_survives_being_written_down(calendar: WorkingCalendar) -> None:
    """Data, JSON and pickle give the same calendar back, with the same hash."""
    told = json.loads(json.dumps(calendar.as_data()))
    for read in (WorkingCalendar.from_data(told), pickle.loads(pickle.dumps(calendar))):  # noqa: S301
        assert read == calendar
        assert hash(read) == hash(calendar)


def test_the_data_of_a_calendar() -> None:
    """The document names its schema and leaves out what is not there."""
    extra = SpecialDay.workday(date(2026, 5, 9), hours="09:00-12:00")
    week = {"mon-tue": "09:00-12:00 13:00-18:00"}
    calendar = WorkingCalendar.of(
        "w", years=[2026, 2025], weekly=week, special_days=[MAY[0], extra]
    )
    assert calendar.as_data() == {
        "schema": "salescore/working-calendar/1",
        "name": "w",
        "zone": "UTC",
        "weekly": {"mon": "09:00-12:00 13:00-18:00", "tue": "09:00-12:00 13:00-18:00"},
        "special_days": [
            {"date": "2026-05-01", "kind": "holiday", "name": "Labour Day", "name_zh": "劳动节"},
            {"date": "2026-05-09", "kind": "workday_in_lieu", "name": "", "hours": "09:00-12:00"},
        ],
        "years": [2025, 2026],
    }
    assert OFFICE.as_data()["years"] == "all"


@pytest.mark.parametrize(
    ("change", "path", "fault"),
    [
        ({"schema": "salescore/working-calendar/2"}, "schema", "working-calendar/1"),
        ({"colour": 1}, "colour", "no key 'colour'"),
        ({"name": 7}, "name", "expected a text"),
        ({"zone": None}, "zone", "expected a text"),
        ({"zone": "Mars/Base"}, "", "no time zone 'Mars/Base'"),
        ({"weekly": []}, "weekly", "expected an object"),
        ({"weekly": {"mon": ["09:00-17:00"]}}, "weekly/mon", "expected a text"),
        ({"weekly": {"mon": "09:00-25:00"}}, "", "hours 00 to 23"),
        ({"special_days": {}}, "special_days", "expected a list"),
        ({"special_days": [1]}, "special_days/0", "expected an object"),
        ({"special_days": [{"date": "x"}]}, "special_days/0", "is missing"),
        ({"years": "some"}, "years", "a list of years, or 'all'"),
        ({"years": [2026, 2027.5]}, "years/1", "a whole number"),
        ({"years": [True]}, "years/0", "a whole number"),
    ],
)
def test_bad_documents_are_refused(change: dict[str, Any], path: str, fault: str) -> None:
    """The error says where, and what would be right."""
    with pytest.raises(InvalidDocument, match=fault) as caught:
        WorkingCalendar.from_data(OFFICE.as_data() | change)
    assert caught.value.path == path


@pytest.mark.parametrize("key", list(OFFICE.as_data()))
def test_a_document_holds_every_key(key: str) -> None:
    """Nothing has a silent default in a file."""
    data = OFFICE.as_data()
    del data[key]
    with pytest.raises(InvalidDocument, match=f"the key '{key}' is missing"):
        WorkingCalendar.from_data(data)
    with pytest.raises(InvalidDocument, match="expected an object"):
        WorkingCalendar.from_data([data])


# Two calendars ------------------------------------------------------------------------------


def test_two_calendars_that_disagree_are_never_joined_silently() -> None:
    """Each day is a finding that quotes both; joining them names the days."""
    other = attrs.evolve(CHINA, name="agency", special_days=(MAY[0],))
    (found,) = calendar_disagreements(CHINA, other)
    assert (found.code, found.subject) == ("calendars-disagree", "2026-05-09")
    assert "china says 09:00-17:00, agency says free" in found.message
    with pytest.raises(InvalidValue, match="they disagree on 2026-05-09; decide which is right"):
        join_calendars(CHINA, other)


def test_hours_of_a_special_day_can_disagree_too() -> None:
    """A half day is not a whole one, though both are working days."""
    half = SpecialDay.workday(date(2026, 5, 9), hours="09:00-12:00")
    other = attrs.evolve(CHINA, special_days=(MAY[0], half))
    assert [one.subject for one in calendar_disagreements(CHINA, other)] == ["2026-05-09"]


def test_what_one_calendar_does_not_know_is_no_disagreement() -> None:
    """Years, names, and a holiday on a day that is free anyway do not contradict."""
    sunday = SpecialDay.holiday(date(2026, 5, 3), "Labour Day")
    later = SpecialDay.holiday(date(2027, 5, 1), "May Day")
    named = SpecialDay.holiday(date(2026, 5, 1), "May Day")
    other = attrs.evolve(
        CHINA, name="x", years=[2026, 2027], special_days=(named, MAY[1], sunday, later)
    )
    assert calendar_disagreements(CHINA, other) == ()
    both = join_calendars(CHINA, other)
    assert both.name == "china"
    assert both.years == {2026, 2027}
    assert [special.day for special in both.special_days] == [
        one.day for one in (MAY[0], sunday, MAY[1], later)
    ]
    assert both.special_day(date(2026, 5, 1)) == MAY[0]
    assert join_calendars(CHINA, other, name="both").name == "both"


def test_calendars_of_other_hours_or_zones_are_not_joined() -> None:
    """What differs is found weekday by weekday."""
    other = WorkingCalendar.of(
        "w", years=[2026], weekly={"mon-fri": "09:00-17:00", "sat": "09:00-12:00"}
    )
    found = calendar_disagreements(attrs.evolve(CHINA, special_days=()), other)
    assert [one.code for one in found] == ["zones-disagree", "weeks-disagree"]
    assert "china says free, w says 09:00-12:00" in found[1].message
    with pytest.raises(InvalidValue, match="differ in zone or weekly hours"):
        join_calendars(CHINA, other)


def test_a_calendar_of_all_years_contradicts_every_holiday() -> None:
    """Whoever says that there are no holidays disagrees with whoever lists some."""
    none = attrs.evolve(CHINA, years="all", special_days=())
    assert len(calendar_disagreements(none, CHINA)) == 2
    assert join_calendars(none, none).years == ALL_YEARS


@given(working_calendars(), working_calendars(), days())
def test_a_joined_calendar_says_what_either_says(
    one: WorkingCalendar, drawn: WorkingCalendar, day: date
) -> None:
    """Where either of two answers, the joined calendar gives that answer."""
    try:
        other = attrs.evolve(one, special_days=drawn.special_days, years=drawn.years)
    except InvalidRecord:  # a night of the week runs into a morning that the other lists
        return
    days_asked = [day, *(special.day for special in (*one.special_days, *other.special_days))]
    if calendar_disagreements(one, other):
        with pytest.raises(InvalidValue, match="they disagree on"):
            join_calendars(one, other)
        return
    try:
        both = join_calendars(one, other)
    except InvalidRecord:  # as above
        return
    for asked in days_asked:
        answers = {one.shifts(asked), other.shifts(asked)} - {None}
        assert {both.shifts(asked)} - {None} == answers


def test_a_day_has_hours_in_real_time() -> None:
    """Eight working hours in Shanghai begin at one o'clock in UTC."""
    (hours,) = CHINA.hours(date(2026, 5, 9)) or ()
    start = datetime(2026, 5, 9, 1, tzinfo=UTC)
    assert hours == Interval(start, start + timedelta(hours=8))
    assert not CHINA.hours(date(2026, 5, 1))
    for day in (date.min, date.max, date(1, 12, 31)):
        with pytest.raises(InvalidDate, match="within the years 2 to 9998"):
            OFFICE.hours(day)
