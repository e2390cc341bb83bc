"""Working time is what a clock that runs only in working hours would show."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from salescore.errors import InvalidDate
from salescore.testing import ZONES, instants, interval_sets, working_calendars
from salescore.values import (
    ALL_YEARS,
    Interval,
    Intervals,
    SpecialDay,
    WorkingCalendar,
    parse_instant,
)

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
SHANGHAI = WorkingCalendar.of("w", years=ALL_YEARS, zone="Asia/Shanghai")

# Days near which a clock of some zone above changed, or a date was skipped.
CHANGES = (
    date(2011, 12, 30),
    date(2012, 4, 1),
    date(2018, 6, 17),
    date(2020, 4, 5),
    date(2020, 10, 4),
    date(2024, 3, 10),
    date(2024, 3, 31),
    date(2024, 4, 14),
    date(2024, 10, 27),
    date(2024, 11, 3),
    date(2007, 11, 4),
)


WEEKS = ("00:00-24:00", "02:30-03:30", "22:00-06:00", "01:15-02:15 03:00-04:00")


def calendar(zone: str, hours: str, days: str = "mon-sun") -> WorkingCalendar:
    """Return a calendar without holidays."""
    return WorkingCalendar.of("w", years=ALL_YEARS, zone=zone, weekly={days: hours})


def wall(text: str, zone: str, fold: int = 0) -> datetime:
    """Return the instant at which a clock on the wall shows a time, the first or second time."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


def starts() -> st.SearchStrategy[datetime]:
    """Return whole minutes, most of them near a change of some clock."""
    near = st.builds(
        lambda day, minutes: datetime.combine(day, time(), UTC) + minutes * MINUTE,
        st.sampled_from(CHANGES),
        st.integers(-3 * 1440, 3 * 1440),
    )
    anywhere = instants().map(lambda moment: moment.replace(second=0, microsecond=0))
    return st.one_of(near, near, anywhere)


def minutes_worked(
    clock: WorkingCalendar, start: datetime, minutes: int, pauses: Intervals
) -> int | None:
    """Return working minutes, by looking at the clock on the wall once a minute."""
    zone, count = ZoneInfo(clock.zone), 0
    for n in range(minutes):
        moment = start + n * MINUTE
        if pauses.contains(moment):
            continue
        local = moment.astimezone(zone)
        at = local.hour * 60 + local.minute
        today, before = clock.shifts(local.date()), clock.shifts(local.date() - DAY)
        if today is None:
            return None
        spans = [(shift.span, at) for shift in today]
        spans += [(shift.span, at + 1440) for shift in before or ()]
        if before is None and any(shift.span[1] > 1440 for day in clock.weekly for shift in day):
            return None
        count += any(begin <= here < end for (begin, end), here in spans)
    return count


@given(
    working_calendars(), starts(), st.integers(0, 2000), interval_sets(longest=timedelta(hours=9))
)
def test_it_is_what_a_look_at_the_wall_each_minute_counts(
    clock: WorkingCalendar, start: datetime, minutes: int, drawn: Intervals
) -> None:
    """Over clock changes, skipped dates, nights and pauses, every minute is judged by the wall."""
    shift = (start - drawn.parts[0].start) // MINUTE * MINUTE if drawn else timedelta(0)
    pauses = Intervals.of(*(_whole(part, shift) for part in drawn))
    expected = minutes_worked(clock, start, minutes, pauses)
    found = clock.working_time(start, start + minutes * MINUTE, pauses=pauses)
    assert found == (None if expected is None else expected * MINUTE)


@given(
    st.sampled_from(ZONES),
    st.sampled_from(WEEKS),
    starts(),
    st.integers(0, 5000),
    st.dictionaries(st.integers(-1, 4), st.booleans(), min_size=1),
)
def test_special_days_within_a_stretch_count_as_they_stand(
    zone: str, hours: str, start: datetime, minutes: int, special: dict[int, bool]
) -> None:
    """Holidays and extra working days among the days of a stretch are judged by the wall too."""
    days = [
        (SpecialDay.workday if works else SpecialDay.holiday)(start.date() + n * DAY)
        for n, works in special.items()
    ]
    week = {"mon": hours, "thu-sat": hours}
    clock = WorkingCalendar.of("w", years="all", zone=zone, weekly=week, special_days=days)
    expected = minutes_worked(clock, start, minutes, Intervals())
    assert expected is not None
    assert clock.working_time(start, start + minutes * MINUTE) == expected * MINUTE


def _whole(part: Interval, shift: timedelta) -> Interval:
    """Return an interval moved, its ends cut down to whole minutes."""
    start, end = (
        (moment + shift).replace(second=0, microsecond=0) for moment in (part.start, part.end)
    )
    return Interval(start, end + MINUTE)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    "hours", ["00:00-24:00", "02:30-03:30", "22:00-06:00", "01:15-02:15 03:00-04:00"]
)
def test_every_change_of_the_clock_in_a_year(zone: str, hours: str) -> None:
    """Near each change of every zone the sum equals the count by the minute."""
    clock = calendar(zone, hours)
    rules = ZoneInfo(zone)
    for year in (2011, 2020, 2024):
        begin = datetime(year, 1, 1, tzinfo=UTC)
        changed = [
            begin + n * DAY
            for n in range(366)
            if (begin + n * DAY).astimezone(rules).utcoffset()
            != (begin + (n + 1) * DAY).astimezone(rules).utcoffset()
        ]
        for day in changed:
            start = day - 6 * HOUR
            expected = minutes_worked(clock, start, 42 * 60, Intervals())
            assert expected is not None
            assert clock.working_time(start, start + 42 * HOUR) == expected * MINUTE


@pytest.mark.parametrize(
    ("zone", "hours", "day", "expected"),
    [
        ("Europe/Berlin", "00:00-24:00", "2024-03-31", 23 * HOUR),
        ("Europe/Berlin", "00:00-24:00", "2024-10-27", 25 * HOUR),
        ("Europe/Berlin", "02:00-03:00", "2024-03-31", 0 * HOUR),
        ("Europe/Berlin", "02:00-03:00", "2024-10-27", 2 * HOUR),
        ("Europe/Berlin", "02:30-06:00", "2024-10-27", 4 * HOUR),
        ("Europe/Berlin", "22:00-06:00", "2024-03-30", 7 * HOUR),
        ("Europe/Berlin", "22:00-06:00", "2024-10-26", 9 * HOUR),
        ("America/New_York", "01:00-02:00", "2024-11-03", 2 * HOUR),
        ("America/St_Johns", "00:00-24:00", "2007-11-03", 24 * HOUR + 59 * MINUTE),
        ("America/St_Johns", "00:00-24:00", "2007-11-04", 24 * HOUR + MINUTE),
        ("Australia/Lord_Howe", "00:00-24:00", "2024-04-07", 24 * HOUR + 30 * MINUTE),
        ("Australia/Lord_Howe", "00:00-24:00", "2024-10-06", 23 * HOUR + 30 * MINUTE),
        ("Africa/Casablanca", "00:00-24:00", "2024-03-10", 25 * HOUR),
        ("Asia/Shanghai", "00:00-24:00", "2024-03-31", 24 * HOUR),
        ("Pacific/Apia", "00:00-24:00", "2011-12-29", 24 * HOUR),
        ("Pacific/Apia", "00:00-24:00", "2011-12-30", 0 * HOUR),
        ("Pacific/Apia", "22:00-06:00", "2011-12-29", 2 * HOUR),
        ("Pacific/Apia", "22:00-06:00", "2011-12-30", 6 * HOUR),
    ],
)
def test_hours_of_a_day_on_which_the_clock_changed(
    zone: str, hours: str, day: str, expected: timedelta
) -> None:
    """A local hour that does not exist adds nothing; one that occurs twice counts twice."""
    found = calendar(zone, hours).hours(date.fromisoformat(day))
    assert found is not None
    assert found.total == expected


def test_a_shift_that_begins_within_the_repeated_hour_is_two_stretches() -> None:
    """At half past two the clock runs to three, shows two again, and at half past goes on."""
    found = calendar("Europe/Berlin", "02:30-06:00").hours(date(2024, 10, 27))
    assert found is not None
    assert [str(part) for part in found] == [
        "2024-10-27T00:30:00Z..2024-10-27T01:00:00Z",
        "2024-10-27T01:30:00Z..2024-10-27T05:00:00Z",
    ]


def test_worked_example() -> None:
    """
    Eight working hours from Friday at four in the afternoon end on Monday at four.

    Two of them lost while the customer was silent, they end on Tuesday at ten.
    """
    friday = wall("2026-03-06T16:00", "Asia/Shanghai")
    limit = SHANGHAI.add_working_time(friday, 8 * HOUR)
    assert limit == wall("2026-03-09T16:00", "Asia/Shanghai")
    silent = Intervals.of(
        Interval(
            wall("2026-03-09T10:00", "Asia/Shanghai"), wall("2026-03-09T12:00", "Asia/Shanghai")
        )
    )
    limit = SHANGHAI.add_working_time(friday, 8 * HOUR, pauses=silent)
    assert limit == wall("2026-03-10T10:00", "Asia/Shanghai")
    assert limit is not None
    assert SHANGHAI.working_time(friday, limit, pauses=silent) == 8 * HOUR
    assert SHANGHAI.working_time(friday, limit) == 10 * HOUR
    back = SHANGHAI.add_working_time(limit, -8 * HOUR, pauses=silent)
    assert back == friday


def test_an_amount_ends_at_closing_time_and_begins_at_opening_time() -> None:
    """Going on stops at the first instant that will do, going back at the last."""
    nine, five = (wall(f"2026-03-09T{hour}:00", "Asia/Shanghai") for hour in ("09", "17"))
    assert SHANGHAI.add_working_time(nine, 8 * HOUR) == five
    assert SHANGHAI.add_working_time(five, -8 * HOUR) == nine
    sunday = wall("2026-03-08T12:00", "Asia/Shanghai")
    assert SHANGHAI.add_working_time(sunday, timedelta(microseconds=1)) == nine + timedelta(
        microseconds=1
    )
    assert SHANGHAI.add_working_time(sunday, timedelta(0)) == sunday


def test_a_service_clock_over_the_may_holiday() -> None:
    """Eight working hours from Thursday noon: Friday is a holiday, Saturday week is worked."""
    special = [SpecialDay.holiday(date(2026, 5, 1)), SpecialDay.workday(date(2026, 5, 9))]
    clock = WorkingCalendar.of("w", years=[2026], zone="Asia/Shanghai", special_days=special)
    thursday = wall("2026-04-30T12:00", "Asia/Shanghai")
    assert clock.add_working_time(thursday, 8 * HOUR) == wall("2026-05-04T12:00", "Asia/Shanghai")
    friday = wall("2026-05-08T12:00", "Asia/Shanghai")
    assert clock.add_working_time(friday, 8 * HOUR) == wall("2026-05-09T12:00", "Asia/Shanghai")


def test_time_in_an_unknown_year_is_unknown() -> None:
    """Nobody knows how much of it is worked; a pause over all of it makes that irrelevant."""
    clock = WorkingCalendar.of("w", years=[2026], zone="Asia/Shanghai")
    eve = wall("2026-12-31T16:00", "Asia/Shanghai")
    new_year = wall("2027-01-01T00:00", "Asia/Shanghai")
    assert clock.working_time(eve, new_year) == HOUR
    assert clock.working_time(eve, new_year + MINUTE) is None
    assert clock.working_time(new_year, new_year) == timedelta(0)
    assert clock.add_working_time(eve, HOUR) == eve + HOUR
    assert clock.add_working_time(eve, HOUR + MINUTE) is None
    assert clock.add_working_time(new_year + DAY, -HOUR) is None
    assert clock.add_working_time(new_year, -HOUR) == eve
    silent = Intervals.of(Interval(new_year, new_year + 900 * DAY))
    assert clock.working_time(eve, new_year + 800 * DAY, pauses=silent) == HOUR
    first = wall("2026-01-01T00:00", "Asia/Shanghai")
    assert clock.add_working_time(first + DAY, -9 * HOUR) is None


def test_a_night_shift_of_an_unknown_day_reaches_into_the_next() -> None:
    """Whether the first hours of the year are worked depends on the last day of the other."""
    clock = WorkingCalendar.of("w", years=[2026], weekly={"mon-sun": "22:00-06:00"})
    assert (
        clock.working_time(parse_instant("2026-01-01T00:00Z"), parse_instant("2026-01-01T08:00Z"))
        is None
    )
    assert (
        clock.working_time(parse_instant("2026-01-02T00:00Z"), parse_instant("2026-01-02T08:00Z"))
        == 6 * HOUR
    )


def test_bad_arguments_are_refused() -> None:
    """Instants are aware, in order, and within the years in which time is told."""
    at = parse_instant("2026-03-09T00:00Z")
    with pytest.raises(InvalidDate, match="must not be before the start"):
        SHANGHAI.working_time(at, at - MINUTE)
    naive = datetime(2026, 3, 9)  # noqa: DTZ001 - the fault under test
    with pytest.raises(InvalidDate, match="names no zone"):
        SHANGHAI.working_time(naive, at)
    for amount in (HOUR, -HOUR, timedelta(0)):
        with pytest.raises(InvalidDate, match="names no zone"):
            SHANGHAI.add_working_time(naive, amount)
    for far in (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)):
        with pytest.raises(InvalidDate, match="years 2 to 9998"):
            SHANGHAI.add_working_time(far, HOUR)
    for amount in (timedelta.max, timedelta.min + MINUTE):
        with pytest.raises(InvalidDate, match="lead out of the years 2 to 9998"):
            SHANGHAI.add_working_time(at, amount)


def test_pauses_to_the_end_of_all_time_leave_no_working_time() -> None:
    """An amount that will never be worked is refused, not searched for."""
    at = parse_instant("9990-03-09T00:00Z")
    ever = Intervals.of(Interval(at, parse_instant("9998-12-31T23:59Z")))
    with pytest.raises(InvalidDate, match="lead out of the years"):
        SHANGHAI.add_working_time(at, HOUR, pauses=ever)
    early = parse_instant("0003-03-09T00:00Z")
    before = Intervals.of(Interval(parse_instant("0002-01-01T00:00Z"), early))
    with pytest.raises(InvalidDate, match="lead out of the years"):
        SHANGHAI.add_working_time(early, -HOUR, pauses=before)


LENGTHS = st.timedeltas(timedelta(0), timedelta(days=500))
AMOUNTS = st.timedeltas(timedelta(microseconds=1), timedelta(days=60))
PAUSES = st.one_of(st.just(Intervals()), interval_sets())


@given(working_calendars(), starts(), LENGTHS, LENGTHS, PAUSES)
def test_it_adds_up_over_adjoining_stretches(
    clock: WorkingCalendar, start: datetime, one: timedelta, two: timedelta, pauses: Intervals
) -> None:
    """What two stretches hold, the whole holds; a longer one never holds less."""
    middle, end = start + one, start + one + two
    parts = [
        clock.working_time(start, middle, pauses=pauses),
        clock.working_time(middle, end, pauses=pauses),
    ]
    whole = clock.working_time(start, end, pauses=pauses)
    if None in parts:
        assert whole is None
    else:
        assert whole == sum((part for part in parts if part is not None), timedelta(0))
        assert timedelta(0) <= whole <= one + two


@given(working_calendars(), starts(), st.timedeltas(timedelta(0), timedelta(days=60)), PAUSES)
def test_added_working_time_is_there(
    clock: WorkingCalendar, start: datetime, amount: timedelta, pauses: Intervals
) -> None:
    """Between an instant and where an amount leads lies that amount, to the microsecond."""
    end = clock.add_working_time(start, amount, pauses=pauses)
    if end is not None:
        assert clock.working_time(start, end, pauses=pauses) == amount
        if amount:
            earlier = end - timedelta(microseconds=1)
            assert clock.working_time(start, earlier, pauses=pauses) == amount - timedelta(
                microseconds=1
            )
    begin = clock.add_working_time(start, -amount, pauses=pauses)
    if begin is not None:
        assert clock.working_time(begin, start, pauses=pauses) == amount
        if amount:
            later = begin + timedelta(microseconds=1)
            assert clock.working_time(later, start, pauses=pauses) == amount - timedelta(
                microseconds=1
            )


@given(
    working_calendars(),
    starts(),
    st.timedeltas(timedelta(microseconds=1), timedelta(days=60)),
    PAUSES,
)
def test_adding_and_taking_away(
    clock: WorkingCalendar, drawn: datetime, amount: timedelta, pauses: Intervals
) -> None:
    """From within working hours, an amount on and the same back is the instant itself."""
    start = clock.add_working_time(drawn, timedelta(microseconds=1), pauses=pauses)
    assume(start is not None)
    assert start is not None
    start -= timedelta(microseconds=1)
    end = clock.add_working_time(start, amount, pauses=pauses)
    if end is not None:
        assert clock.add_working_time(end, -amount, pauses=pauses) == start


@given(working_calendars(), starts())
def test_the_hours_of_days_are_the_working_time(clock: WorkingCalendar, start: datetime) -> None:
    """The hours of each day are apart, and together they are the working time."""
    end = start + 5 * DAY
    span = Intervals.of(Interval(start, end))
    total, before = timedelta(0), Intervals()
    for n in range(-3, 9):
        hours = clock.hours(start.date() + n * DAY)
        if hours is None:
            return
        assert not before.intersection(hours)
        before = before.union(hours)
        total += hours.intersection(span).total
    assert clock.working_time(start, end) == total


def test_an_ordinary_day_of_the_past_keeps_its_offset_to_the_second() -> None:
    """Before standard time the wall in Amsterdam ran 19 minutes 32 seconds ahead of Greenwich."""
    found = calendar("Europe/Amsterdam", "09:00-17:00").hours(date(1920, 1, 5))
    zone = ZoneInfo("Europe/Amsterdam")
    start = datetime(1920, 1, 5, 9, tzinfo=zone).astimezone(UTC)
    assert found == Intervals.of(Interval(start, start + 8 * HOUR))
