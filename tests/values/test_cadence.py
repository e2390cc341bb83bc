"""Cadences name the days that a calendar on the wall would."""

from datetime import date, datetime, timedelta
from itertools import islice, pairwise

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from salescore.errors import InvalidDate, InvalidRecord, InvalidValue
from salescore.testing import cadences, days, periods, rule_cadences, working_calendars
from salescore.values import (
    BlockedDay,
    Cadence,
    CalendarUnit,
    Period,
    RuleCadence,
    SpecialDay,
    Step,
    StepState,
    WorkingCalendar,
)

MONTH, QUARTER, YEAR = CalendarUnit.MONTH, CalendarUnit.QUARTER, CalendarUnit.YEAR
DAY, WEEK = CalendarUnit.DAY, CalendarUnit.WEEK


def told(cadence: Cadence, steps: int) -> list[str]:
    """Return the first steps as text."""
    return [cadence.nth(n).isoformat() for n in range(steps)]


@pytest.mark.parametrize(
    ("cadence", "expected"),
    [
        (Cadence(date(2023, 1, 31)), "2023-01-31 2023-02-28 2023-03-31 2023-04-30"),
        (Cadence(date(2024, 1, 31)), "2024-01-31 2024-02-29 2024-03-31"),
        (Cadence(date(2023, 11, 30)), "2023-11-30 2023-12-30 2024-01-30 2024-02-29 2024-03-30"),
        (Cadence(date(2024, 2, 29), 1, YEAR), "2024-02-29 2025-02-28 2026-02-28 2027-02-28"),
        (Cadence(date(2024, 2, 29), 4, YEAR), "2024-02-29 2028-02-29"),
        (Cadence(date(2023, 11, 30), 1, QUARTER), "2023-11-30 2024-02-29 2024-05-30"),
        (Cadence(date(2026, 12, 28), 1, WEEK), "2026-12-28 2027-01-04"),
        (Cadence(date(2024, 2, 28), 1, DAY), "2024-02-28 2024-02-29 2024-03-01"),
        (Cadence(date(2024, 2, 28), 10, DAY), "2024-02-28 2024-03-09"),
    ],
)
def test_the_nth_step_is_counted_from_the_anchor(cadence: Cadence, expected: str) -> None:
    """A short month shortens its own step and none that follows."""
    steps = expected.split()
    assert told(cadence, len(steps)) == steps


@pytest.mark.parametrize(
    "cadence", [Cadence(date(2026, 1, 31)), RuleCadence.parse("FREQ=DAILY", date(2026, 1, 31))]
)
def test_there_is_no_step_before_the_anchor(cadence: Cadence | RuleCadence) -> None:
    """A cadence begins."""
    with pytest.raises(InvalidValue, match="steps count from 0"):
        cadence.nth(-1)
    assert cadence.between(Period.custom(date(2020, 1, 1), date(2026, 1, 30))) == ()
    assert cadence.next_after(date(2020, 1, 1)) == date(2026, 1, 31)


def test_bad_cadences_are_refused() -> None:
    """An anchor is a day; a distance is a whole number from 1."""
    with pytest.raises(InvalidRecord, match="without a time"):
        Cadence(datetime(2026, 1, 1))  # noqa: DTZ001 - the fault under test
    for every in (0, -1, 10_001, True, 1.0):
        with pytest.raises(InvalidRecord, match="from 1 to 10000"):
            Cadence(date(2026, 1, 1), every)  # type: ignore[arg-type]


@pytest.mark.parametrize("unit", list(CalendarUnit))
def test_the_end_of_all_time(unit: CalendarUnit) -> None:
    """A step beyond the year 9999 is refused by name, and a period near it holds what is left."""
    cadence = Cadence(date(9998, 12, 31), 1, unit)
    with pytest.raises(InvalidDate, match="beyond the year 9999"):
        cadence.nth(10**9)
    with pytest.raises(InvalidDate, match="beyond the year 9999"):
        cadence.next_after(date.max)
    last = cadence.between(Period.custom(date(9999, 1, 1), date(9999, 12, 30)))
    assert len(last) == {DAY: 364, WEEK: 52, MONTH: 11, QUARTER: 3, YEAR: 0}[unit]


@given(cadences(), st.integers(0, 300), st.integers(0, 300))
def test_steps_rise(cadence: Cadence, n: int, more: int) -> None:
    """A later step lies on a later day."""
    assume(cadence.every * (n + more) < 90_000)
    try:
        later = cadence.nth(n + more + 1)
    except InvalidDate:
        return
    assert cadence.nth(n) < later


@given(cadences(), periods(custom=True))
def test_between_is_every_step_in_the_period(cadence: Cadence, period: Period) -> None:
    """The steps in a period are those that counting from the anchor finds."""
    counted: list[date] = []
    for n in range(40_000):
        try:
            day = cadence.nth(n)
        except InvalidDate:
            break
        if day >= period.end:
            break
        if day in period:
            counted.append(day)
    assert list(cadence.between(period)) == counted


@given(st.one_of(cadences(), rule_cadences()), days())
def test_next_after_is_the_next_step(cadence: Cadence | RuleCadence, day: date) -> None:
    """Nothing lies between a day and the step after it."""
    found = cadence.next_after(day)
    if found is None:
        return
    assert found > day
    start = max(day + timedelta(days=1), found - timedelta(days=2000))
    assert cadence.numbered(start, found + timedelta(days=1))[0][1] == found
    if isinstance(cadence, Cadence):
        assert cadence.next_after(found - timedelta(days=1)) == found


@given(st.one_of(cadences(), rule_cadences()), days(), st.integers(0, 800), st.integers(0, 800))
def test_adjoining_ranges_share_no_step_and_lose_none(
    cadence: Cadence | RuleCadence, start: date, one: int, two: int
) -> None:
    """The steps of two ranges in a row are those of the whole, with the same numbers."""
    middle = start + timedelta(days=one)
    end = middle + timedelta(days=two)
    halves = cadence.numbered(start, middle) + cadence.numbered(middle, end)
    assert halves == cadence.numbered(start, end)
    assert all(cadence.nth(n) == day for n, day in halves[:3])


# Rules --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "anchor", "expected"),
    [
        ("FREQ=MONTHLY;BYDAY=2TU", date(2026, 1, 1), "2026-01-13 2026-02-10 2026-03-10"),
        ("FREQ=MONTHLY;BYDAY=1FR", date(1997, 9, 5), "1997-09-05 1997-10-03 1997-11-07"),
        ("FREQ=MONTHLY;BYMONTHDAY=-3", date(1997, 9, 28), "1997-09-28 1997-10-29 1997-11-28"),
        ("FREQ=MONTHLY;BYMONTHDAY=31", date(2026, 1, 31), "2026-01-31 2026-03-31 2026-05-31"),
        ("FREQ=YEARLY;BYDAY=20MO", date(1997, 5, 19), "1997-05-19 1998-05-18 1999-05-17"),
        ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", date(1997, 5, 12), "1997-05-12 1998-05-11"),
        (
            "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
            date(1997, 9, 2),
            "1998-02-13 1998-03-13 1998-11-13",
        ),
        (
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2",
            date(1997, 9, 29),
            "1997-09-29 1997-10-30 1997-11-27",
        ),
        ("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", date(1997, 8, 5), "1997-08-05"),
        ("FREQ=DAILY;UNTIL=20260103", date(2026, 1, 1), "2026-01-01 2026-01-02 2026-01-03"),
    ],
)
def test_rules(rule: str, anchor: date, expected: str) -> None:
    """
    A rule names the days that the standard's own examples name.

    Source:
        RFC 5545, section 3.8.5.3, for the rules of 1997; the others by a wall calendar.
    """
    steps = expected.split()
    found = [RuleCadence.parse(rule, anchor).nth(n) for n in range(len(steps))]
    assert [str(day) for day in found] == steps


def test_the_week_may_begin_on_sunday() -> None:
    """
    Where every other week counts, the day on which a week begins matters.

    Source:
        RFC 5545, section 3.8.5.3, the last example but two.
    """
    text = "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST="
    year = Period.custom(date(1997, 1, 1), date(1997, 12, 31))
    found = {
        day: [one.day for one in RuleCadence.parse(text + day, date(1997, 8, 5)).between(year)]
        for day in ("MO", "SU")
    }
    assert found == {"MO": [5, 10, 19, 24], "SU": [5, 17, 19, 31]}


def test_a_rule_that_ended_has_no_further_step() -> None:
    """Behind its last step a rule answers `None`, and a period holds none."""
    twice = RuleCadence.parse("FREQ=MONTHLY;COUNT=2", date(2026, 1, 15))
    assert twice.nth(1) == date(2026, 2, 15)
    assert twice.nth(2) is None
    assert twice.next_after(date(2026, 2, 15)) is None
    assert twice.between(Period.custom(date(2026, 2, 1), date(2026, 12, 31))) == (
        date(2026, 2, 15),
    )
    assert twice.shifted(WorkingCalendar.of("w", years="all")).nth(2) is None


def test_a_rule_that_no_day_fits_is_followed_for_a_hundred_years_only() -> None:
    """The search is bounded, and a question beyond its bound is refused."""
    never = RuleCadence.parse("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", date(2024, 2, 29))
    assert never.next_after(date(2024, 1, 1)) is None
    assert never.nth(0) is None
    with pytest.raises(InvalidDate, match="followed up to 2124-02-28"):
        never.between(Period.custom(date(2124, 2, 1), date(2124, 12, 31)))
    short = RuleCadence.parse("FREQ=DAILY;UNTIL=20240301", date(2024, 2, 29))
    assert short.between(Period.custom(date(2124, 2, 1), date(2124, 12, 31))) == ()


def test_near_the_end_of_all_time_a_rule_is_followed_to_its_last_year() -> None:
    """A hundred years from the year 9950 are 49."""
    yearly = RuleCadence.parse("FREQ=YEARLY", date(9950, 3, 1))
    assert yearly.nth(49) == date(9999, 3, 1)
    assert yearly.nth(50) is None


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "no part ''"),
        ("BYDAY=TU", "FREQ is missing"),
        ("FREQ=HOURLY", "below a day"),
        ("FREQ=DAILY;BYHOUR=9", "below a day"),
        ("FREQ=DAILY;BYEASTER=1", "no part 'BYEASTER'"),
        ("DTSTART=20260101;FREQ=DAILY", "no part 'DTSTART'"),
        ("FREQ=DAILY;FREQ=DAILY", "FREQ stands twice"),
        ("FREQ=FORTNIGHTLY", "no FREQ 'FORTNIGHTLY'"),
        ("FREQ=WEEKLY;WKST=XX", "no WKST 'XX'"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL goes from 1"),
        ("FREQ=DAILY;INTERVAL=-1", "INTERVAL goes from 1"),
        ("FREQ=DAILY;INTERVAL=10001", "INTERVAL goes from 1"),
        ("FREQ=DAILY;INTERVAL=\u0661", "INTERVAL goes from 1"),
        ("FREQ=DAILY;COUNT=", "COUNT goes from 1"),
        ("FREQ=DAILY;COUNT=2;UNTIL=20260101", "not by both"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "goes from 1 to 31, or back"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "goes from 1 to 31, or back"),
        ("FREQ=YEARLY;BYMONTH=-1", "BYMONTH goes from 1 to 12"),
        ("FREQ=WEEKLY;BYDAY=2TU", "a weekday's place needs"),
        ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=1MO", "a weekday's place needs"),
        ("FREQ=WEEKLY;BYDAY=MONDAY", "weekdays such as TU"),
        ("FREQ=MONTHLY;BYDAY=-MO", "weekdays such as TU"),
        ("FREQ=YEARLY;BYDAY=54MO", "weekdays such as TU"),
        ("FREQ=MONTHLY;BYWEEKNO=3", "BYWEEKNO says nothing where FREQ is MONTHLY"),
        ("FREQ=WEEKLY;BYMONTHDAY=3", "BYMONTHDAY says nothing where FREQ is WEEKLY"),
        ("FREQ=MONTHLY;BYYEARDAY=3", "BYYEARDAY says nothing"),
        ("FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS chooses among"),
        ("FREQ=DAILY\nRRULE:FREQ=DAILY", "no FREQ"),
        ("FREQ=DAILY;" * 200, "longer than 1000"),
    ],
)
def test_bad_rules_are_refused(text: str, fault: str) -> None:
    """A rule that says nothing, or says it below a day, is refused by name."""
    with pytest.raises(InvalidValue, match=fault):
        RuleCadence.parse(text, date(2026, 1, 1))


def test_a_rule_is_kept_in_one_form() -> None:
    """The order of parts, letter case and signs do not make two rules; the record takes one."""
    anchor = date(2026, 1, 1)
    text = "RRULE:byday=+2tu,-1FR;freq=MONTHLY;until=20261231;interval=01"
    with pytest.raises(InvalidValue, match="INTERVAL goes from 1"):
        RuleCadence.parse(text, anchor)
    one = RuleCadence.parse(text.replace("=01", "=2"), anchor)
    assert one.rule == "FREQ=MONTHLY;INTERVAL=2;UNTIL=20261231;BYDAY=2TU,-1FR"
    assert RuleCadence(one.rule, anchor) == one
    with pytest.raises(InvalidRecord, match=r"RuleCadence\.parse writes it"):
        RuleCadence("BYDAY=2TU;FREQ=MONTHLY", anchor)
    with pytest.raises(InvalidDate, match="no month 13"):
        RuleCadence.parse("FREQ=DAILY;UNTIL=20261301", anchor)
    with pytest.raises(InvalidDate, match="without a time"):
        RuleCadence.parse("FREQ=DAILY", datetime(2026, 1, 1))  # noqa: DTZ001 - the fault under test


@given(rule_cadences())
def test_steps_of_a_rule_rise(cadence: RuleCadence) -> None:
    """A rule names each day once, in order."""
    found = list(islice((cadence.nth(n) for n in range(6)), 6))
    known = [day for day in found if day is not None]
    assert all(one < two for one, two in pairwise(known))
    assert found == [*known, *[None] * (len(found) - len(known))]


# On working days ----------------------------------------------------------------------------

HOLIDAYS = [SpecialDay.holiday(date(2026, 5, 1)), SpecialDay.workday(date(2026, 5, 9))]
SPRING = WorkingCalendar.of("spring", years=[2026], special_days=HOLIDAYS)


@pytest.mark.parametrize(
    ("policy", "day", "state"),
    [
        (BlockedDay.NEXT, date(2026, 5, 4), StepState.MOVED),
        (BlockedDay.PREVIOUS, date(2026, 4, 30), StepState.MOVED),
        (BlockedDay.SKIP, None, StepState.SKIPPED),
    ],
)
def test_a_blocked_day_follows_the_policy(
    policy: BlockedDay, day: date | None, state: StepState
) -> None:
    """A holiday before a weekend moves to the Monday, to the Thursday, or nowhere."""
    shifted = Cadence(date(2026, 4, 1)).shifted(SPRING, policy)
    assert shifted.nth(1) == Step(n=1, planned=date(2026, 5, 1), day=day, state=state)


def test_an_extra_working_day_is_no_blocked_day() -> None:
    """A Saturday worked in lieu keeps its step."""
    shifted = RuleCadence.parse("FREQ=WEEKLY;BYDAY=SA", date(2026, 5, 9)).shifted(SPRING)
    may = Period.custom(date(2026, 5, 1), date(2026, 5, 22))
    first, second = shifted.between(may)
    assert (first.day, first.state) == (date(2026, 5, 9), StepState.KEPT)
    assert (second.day, second.state) == (date(2026, 5, 18), StepState.MOVED)


@pytest.mark.parametrize("policy", list(BlockedDay))
def test_a_step_in_an_unknown_year_is_unknown(policy: BlockedDay) -> None:
    """Nobody knows whether a day of 2027 is blocked, so no policy may guess."""
    shifted = Cadence(date(2026, 12, 30), 1, WEEK).shifted(SPRING, policy)
    step = shifted.nth(1)
    assert step == Step(n=1, planned=date(2027, 1, 6), day=None, state=StepState.UNKNOWN)


def test_a_blocked_day_that_would_move_into_an_unknown_year_is_unknown() -> None:
    """The last Thursday of the year is a holiday and the Friday belongs to nobody's list."""
    eve = SpecialDay.holiday(date(2026, 12, 31))
    calendar = WorkingCalendar.of("w", years=[2026], special_days=[eve])
    cadence = Cadence(date(2026, 12, 31))
    step = cadence.shifted(calendar).nth(0)
    assert step is not None
    assert (step.day, step.state) == (None, StepState.UNKNOWN)
    back = cadence.shifted(calendar, BlockedDay.PREVIOUS).nth(0)
    assert back is not None
    assert back.day == date(2026, 12, 30)


@given(
    st.one_of(cadences(), rule_cadences()),
    working_calendars(["UTC"]),
    st.sampled_from(BlockedDay),
    days(),
    st.integers(1, 200),
)
def test_shifted_steps(
    cadence: Cadence | RuleCadence,
    calendar: WorkingCalendar,
    policy: BlockedDay,
    start: date,
    length: int,
) -> None:
    """Every planned step is there with its number, on a working day or openly without a day."""
    during = Period.custom(start, start + timedelta(days=length))
    steps = cadence.shifted(calendar, policy).between(during)
    planned = [(step.n, step.planned) for step in steps]
    assert planned == list(cadence.numbered(during.start, during.end))
    for step in steps:
        is_open = calendar.is_working_day(step.planned)
        if step.state is StepState.UNKNOWN:
            assert calendar.unknown_years(
                step.planned - timedelta(days=400), step.planned + timedelta(days=400)
            )
        else:
            assert is_open is not None
            assert (step.state is StepState.KEPT) == is_open
        if step.day is not None:
            assert calendar.is_working_day(step.day)
            assert policy is not BlockedDay.PREVIOUS or step.day <= step.planned
            assert policy is BlockedDay.PREVIOUS or step.day >= step.planned
        assert (step.day is None) == (step.state in {StepState.SKIPPED, StepState.UNKNOWN})


def test_records_are_values() -> None:
    """A cadence on a calendar compares and hashes by what it says."""
    one = Cadence(date(2026, 1, 31)).shifted(SPRING)
    two = Cadence(date(2026, 1, 31)).shifted(attrs.evolve(SPRING))
    assert one == two
    assert hash(one) == hash(two)
