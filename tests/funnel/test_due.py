"""Service limits say when an opportunity is due, by the clock or by working time."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.funnel.selling import (
    MONDAY,
    begun,
    changed,
    funnel,
    stage,
    then,
    walked,
    way,
    without,
)

from salescore import testing
from salescore.entities import OpportunityId, StageKind, StageVisit, StageVisitId
from salescore.errors import InvalidDate, UnknownName
from salescore.funnel import (
    Accepted,
    Context,
    Due,
    Funnel,
    LimitUnit,
    Migration,
    NoDue,
    ServiceLimit,
    StageHistory,
    due,
    due_words,
    limit_words,
    migrate,
)
from salescore.render import Language
from salescore.values import SpecialDay, WorkingCalendar

OFFICE = WorkingCalendar.of("office", years="all")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def hours(amount: int, *, is_working: bool = False) -> ServiceLimit:
    """Return a limit in hours."""
    return ServiceLimit(amount=amount, unit=LimitUnit.HOURS, is_working=is_working)


def days(amount: int, *, is_working: bool = False) -> ServiceLimit:
    """Return a limit in days."""
    return ServiceLimit(amount=amount, unit=LimitUnit.DAYS, is_working=is_working)


def limited(limit: ServiceLimit, key: str = "lead", **more: Any) -> Funnel:  # noqa: ANN401
    """Return the process with a limit of a stage."""
    return funnel(stages=changed(key, limit=limit), **more)


def asked(
    limit: ServiceLimit,
    as_of: datetime,
    calendar: WorkingCalendar | None = None,
    *events: str,
    start: datetime = MONDAY,
    **more: Any,  # noqa: ANN401
) -> Due:
    """Return what is due of a sale to which these events happened, one a day."""
    one = limited(limit)
    (found,) = due(one, [walked(one, *events, start=start)], as_of, calendar, **more)
    return found


def at(day: int, hour: int = 9, minute: int = 0) -> datetime:
    """Return an instant of March 2026, of which the 2nd is a Monday."""
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("limit", "calendar", "expected"),
    [
        (hours(48), None, at(4)),
        (hours(48), OFFICE, at(4)),
        (days(7), None, at(9)),
        (hours(10, is_working=True), OFFICE, at(3, 11)),
        (hours(8, is_working=True), OFFICE, at(2, 17)),
        (days(1, is_working=True), OFFICE, at(3, 17)),
        (days(5, is_working=True), OFFICE, at(9, 17)),
    ],
    ids=["hours", "calendar unused", "days", "work hours", "evening", "next day", "weekend"],
)
def test_a_limit_ends_on_the_clock_or_when_the_work_is_done(
    limit: ServiceLimit, calendar: WorkingCalendar | None, expected: datetime
) -> None:
    """The day of entering is none of the working days; a weekend counts for nothing."""
    found = asked(limit, at(2, 10), calendar)
    assert (found.due_at, found.no_due, found.is_overdue) == (expected, None, False)
    assert (found.opportunity_id, found.stage.key, found.entered_at) == ("O-1", "lead", MONDAY)
    assert (found.limit, found.as_of) == (limit, at(2, 10))


def test_at_the_instant_itself_nothing_is_overdue() -> None:
    """As what is due today is not overdue."""
    for limit, calendar in ((hours(48), None), (days(2, is_working=True), OFFICE)):
        end = asked(limit, at(2, 10), calendar).due_at
        assert end is not None
        punctual = asked(limit, end, calendar)
        assert (punctual.is_overdue, punctual.remaining) == (False, timedelta(0))
        late = asked(limit, end + timedelta(microseconds=1), calendar)
        assert late.is_overdue is True


def test_time_left_and_over_is_working_time_where_the_limit_is() -> None:
    """A night between counts for a limit on the clock alone."""
    clock = asked(hours(48), at(3, 12))
    assert (clock.remaining, clock.overdue) == (timedelta(hours=21), timedelta(0))
    assert asked(hours(48), at(5, 12)).overdue == timedelta(hours=27)
    work = asked(hours(12, is_working=True), at(2, 17), OFFICE)
    assert (work.due_at, work.remaining) == (at(3, 13), timedelta(hours=4))
    late = asked(hours(12, is_working=True), at(4, 10), OFFICE)
    assert (late.remaining, late.overdue) == (timedelta(0), timedelta(hours=5))
    in_days = asked(days(2, is_working=True), at(3, 13), OFFICE)
    assert (in_days.due_at, in_days.remaining) == (at(4, 17), timedelta(hours=12))


def test_holidays_and_extra_working_days_count() -> None:
    """The Tuesday is free, and work is done on the Saturday in its place."""
    special = [SpecialDay.holiday(date(2026, 3, 3), "Rest"), SpecialDay.workday(date(2026, 3, 7))]
    calendar = WorkingCalendar.of("office", years="all", special_days=special)
    assert asked(days(1, is_working=True), at(2, 10), calendar).due_at == at(4, 17)
    assert asked(days(4, is_working=True), at(2, 10), calendar).due_at == at(7, 17)
    assert asked(hours(10, is_working=True), at(2, 10), calendar).due_at == at(4, 11)


def test_days_are_those_on_the_wall_of_the_calendar() -> None:
    """Monday nine in the evening in UTC is Tuesday in Shanghai."""
    calendar = WorkingCalendar.of("china", years="all", zone="Asia/Shanghai")
    found = asked(days(1, is_working=True), at(2, 23), calendar, start=at(2, 21))
    assert found.due_at == at(4, 9)
    assert found.zone == "Asia/Shanghai"


def test_a_day_that_the_zone_skipped_has_no_hours_to_end() -> None:
    """Samoa went from Thursday to Saturday; the working day after is the Monday."""
    calendar = WorkingCalendar.of("samoa", years="all", zone="Pacific/Apia")
    thursday = datetime(2011, 12, 29, 20, tzinfo=UTC)
    found = asked(days(1, is_working=True), thursday, calendar, start=thursday)
    assert found.due_at == datetime(2012, 1, 2, 3, tzinfo=UTC)


def test_the_hours_of_a_night_end_on_the_day_after() -> None:
    """What is worked at night counts once, as the night of the day on which it began."""
    nights = WorkingCalendar.of("nights", years="all", weekly={"mon-sun": "22:00-06:00"})
    limit = days(1, is_working=True)
    assert asked(limit, at(2, 23), nights).due_at == at(4, 6)
    found = asked(limit, at(6), nights, "offer", "back", is_total=True)
    assert found.due_at == at(5, 6)
    one = limited(limit)
    early = then(one, begun(one), "offer", at(4, 3))
    back = then(one, early, "back", at(5, 9))
    (answer,) = due(one, [back.history], at(6), nights, is_total=True)
    assert answer.due_at == at(6, 6)


def test_days_of_earlier_stays_are_those_after_the_day_of_entering() -> None:
    """Whoever came on a Saturday has the Monday as the first day, and that is used up."""
    one = limited(days(2, is_working=True))
    gone = then(one, begun(one, at=at(7)), "offer", at(9, 10))
    back = then(one, gone, "back", at(10, 10))
    (answer,) = due(one, [back.history], at(11), OFFICE, is_total=True)
    assert answer.due_at == at(11, 17)


def test_without_a_working_calendar_nobody_can_say() -> None:
    """Which is told, and nothing is taken for it."""
    found = asked(days(1, is_working=True), at(20))
    assert (found.due_at, found.no_due, found.is_overdue) == (None, NoDue.NO_CALENDAR, None)
    assert (found.remaining, found.overdue) == (None, None)


DECEMBER = datetime(2026, 12, 28, 9, tzinfo=UTC)
ONE_YEAR = WorkingCalendar.of("office", years=[2026])


def test_a_year_that_nobody_knows_makes_the_limit_unknown() -> None:
    """The year is named. What is known up to now tells still that nothing is overdue."""
    for limit, left in ((days(9, is_working=True), None), (hours(40, is_working=True), 24)):
        found = asked(limit, DECEMBER + 2 * DAY, ONE_YEAR, start=DECEMBER)
        assert (found.due_at, found.no_due) == (None, NoDue.UNKNOWN_YEAR)
        assert (found.unknown_year, found.is_overdue) == (2027, False)
        assert found.remaining == (None if left is None else left * HOUR)
        later = asked(limit, DECEMBER + 20 * DAY, ONE_YEAR, start=DECEMBER)
        assert (later.due_at, later.is_overdue, later.remaining) == (None, None, None)
        assert later.unknown_year == 2027


def test_what_was_due_in_a_known_year_is_overdue_in_an_unknown_one() -> None:
    """By how much nobody can say."""
    found = asked(days(1, is_working=True), DECEMBER + 20 * DAY, ONE_YEAR, start=DECEMBER)
    assert (found.is_overdue, found.remaining, found.overdue) == (True, timedelta(0), None)
    assert found.due_at == datetime(2026, 12, 29, 17, tzinfo=UTC)
    assert due_words(found).endswith("due 2026-12-29 17:00, overdue")


def test_what_lies_beyond_the_calendar_is_told() -> None:
    """A limit of a million days leads out of the years that dates have."""
    far = datetime(9000, 1, 1, tzinfo=UTC)
    for limit in (days(1_000_000), days(1_000_000, is_working=True), hours(10**6, is_working=True)):
        start = far if limit.unit is LimitUnit.DAYS else datetime(9900, 1, 1, tzinfo=UTC)
        found = asked(limit, start, OFFICE, start=start)
        assert (found.due_at, found.no_due, found.is_overdue) == (None, NoDue.TOO_FAR, None)


def test_only_stages_with_a_limit_are_asked() -> None:
    """What is elsewhere, or has not begun yet, is not due."""
    one = limited(hours(1))
    found = [walked(one), walked(one, "offer", key="O-2"), StageHistory(opportunity_id="O-3")]
    assert [other.opportunity_id for other in due(one, found, at(20))] == ["O-1"]
    assert due(one, found, MONDAY - DAY) == ()
    assert due(funnel(), found, at(20)) == ()


def test_the_past_is_asked_as_it_was_then() -> None:
    """What left its stage since was still in it, and nobody knew that it would."""
    one = limited(days(3))
    history = walked(one, "offer", "back")
    first, again = due(one, [history], at(2, 20)), due(one, [history], at(4, 20))
    assert [other.due_at for other in (*first, *again)] == [at(5), at(7)]
    assert due(one, [history], at(3, 20)) == ()
    assert due(one, [history], at(3)) == ()


def test_a_stage_entered_again_has_its_whole_limit_unless_all_stays_count() -> None:
    """Going back and forth gains time in the one case and none in the other."""
    one = limited(days(3))
    history = walked(one, "offer", "back")
    (running,) = due(one, [history], at(4, 20))
    (total,) = due(one, [history], at(4, 20), is_total=True)
    assert (running.entered_at, running.due_at) == (at(4), at(7))
    assert (total.entered_at, total.due_at) == (at(4), at(6))


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        (hours(24), at(3)),
        (hours(20), at(3, 5)),
        (hours(30), at(4, 15)),
        (hours(8, is_working=True), at(2, 17)),
        (hours(10, is_working=True), at(4, 11)),
        (days(1, is_working=True), at(4, 17)),
        (days(2, is_working=True), at(5, 17)),
    ],
)
def test_all_stays_together_reach_a_limit_where_their_time_does(
    limit: ServiceLimit, expected: datetime
) -> None:
    """It may have been during an earlier one; the days elsewhere count for nothing."""
    found = asked(limit, at(6), OFFICE, "offer", "back", is_total=True)
    assert found.due_at == expected


def test_a_hold_ends_a_stay() -> None:
    """It is a stage of its own, with a limit of its own."""
    one = funnel(
        stages=tuple(
            attrs.evolve(other, limit=days(2) if other.key in ("lead", "pause") else None)
            for other in funnel().stages
        )
    )
    history = walked(one, "hold", "resume")
    found = [due(one, [history], when)[0] for when in (at(2, 20), at(3, 20), at(4, 20))]
    assert [(other.stage.key, other.due_at) for other in found] == [
        ("lead", at(4)),
        ("pause", at(5)),
        ("lead", at(6)),
    ]


def test_a_migration_does_not_begin_a_stay_anew() -> None:
    """The limit of the new stage counts from the beginning of the old one; on hold too."""
    old = funnel()
    new = limited(days(9), version="2")
    resting = funnel("2", stages=changed("pause", limit=days(9)))
    keys = [(other.key, other.key) for other in old.stages]
    for one, events, begin in ((new, (), MONDAY), (resting, ("hold",), at(3))):
        migration = Migration(funnel="selling", from_version="1", to_version="2", stages=keys)
        before = begun(old)
        for event in events:
            before = then(old, before, event, at(3))
        context = Context(at=at(6), history=before.history)
        after = migrate(migration, old, one, before.opportunity, context)
        assert isinstance(after, Accepted)
        (found,) = due(one, [after.history], at(20))
        assert (found.entered_at, found.due_at) == (begin, begin + 9 * DAY)


@pytest.mark.parametrize(
    ("path", "entered"),
    [
        ([("pause", "1", 2), ("pause", "2", 4)], 2),
        ([("pause", "1", 2), ("lead", "2", 4), ("pause", "2", 4)], 2),
        ([("pause", "1", 2), ("lead", "2", 4), ("pause", "2", 5)], 5),
        ([("lead", "1", 2), ("offer", "2", 4), ("pause", "2", 4)], 4),
        ([("pause", "1", 2), ("lead", "2", 4), ("offer", "2", 4)], 4),
        ([("pause", None, 2), ("pause", "2", 4)], 4),
    ],
    ids=["migrated", "on hold", "held again", "held at once", "on at once", "no version"],
)
def test_only_a_migration_joins_stays(
    path: list[tuple[str, str | None, int]], entered: int
) -> None:
    """A move at the same instant does not, nor does a visit that names no version."""
    ends = [*(when for _, _, when in path[1:]), None]
    visits = [
        StageVisit(
            id=StageVisitId(f"V-{number}"),
            opportunity_id=OpportunityId("O-1"),
            stage=key,
            kind=funnel().stage(key).kind,
            funnel="selling",
            funnel_version=version,
            entered_on=at(when).date(),
            entered_at=at(when),
            left_on=None if end is None else at(end).date(),
            left_at=None if end is None else at(end),
        )
        for number, ((key, version, when), end) in enumerate(zip(path, ends, strict=True))
    ]
    stages = [attrs.evolve(s, limit=None if s.is_closed else days(9)) for s in funnel().stages]
    one = funnel("2", stages=stages)
    (found,) = due(one, [StageHistory(opportunity_id="O-1", visits=visits)], at(20))
    assert found.entered_at == at(entered)


def test_a_visit_under_another_funnel_is_another_stay() -> None:
    """A version of one funnel is none of another."""
    visit = walked(limited(days(9)), "hold").visits[0]
    first = attrs.evolve(visit, funnel="leads", funnel_version="7")
    second = walked(limited(days(9)), "hold", "resume").visits[2]
    second = attrs.evolve(
        second, entered_on=first.left_on, entered_at=first.left_at, left_on=None, left_at=None
    )
    history = StageHistory(opportunity_id="O-1", visits=[first, second])
    (found,) = due(limited(days(9)), [history], at(20))
    assert found.entered_at == at(3)


def test_sales_of_another_funnel_or_version_are_left_out() -> None:
    """Their limits are said elsewhere; a visit that names no funnel is one of ours."""
    one = limited(days(3))
    history = walked(one)
    assert due(attrs.evolve(one, version="2"), [history], at(3)) == ()
    assert due(attrs.evolve(one, name="other"), [history], at(3)) == ()
    nameless = attrs.evolve(history.visits[0], funnel=None, funnel_version=None)
    plain = StageHistory(opportunity_id="O-1", visits=[nameless])
    assert len(due(attrs.evolve(one, version="2"), [plain], at(3))) == 1
    elsewhere = attrs.evolve(nameless, stage="somewhere")
    assert due(one, [StageHistory(opportunity_id="O-1", visits=[elsewhere])], at(3)) == ()


def test_a_day_alone_begins_at_midnight_and_counts_as_that_day() -> None:
    """Working days go by the day on record, also where the zone lies behind UTC."""
    visit = StageVisit(
        id=StageVisitId("V-1"),
        opportunity_id=OpportunityId("O-1"),
        stage="lead",
        kind=StageKind.OPEN,
        entered_on=date(2026, 3, 2),
    )
    history = StageHistory(opportunity_id="O-1", visits=[visit])
    (clock,) = due(limited(hours(10)), [history], at(2))
    assert clock.due_at == at(2, 10)
    calendar = WorkingCalendar.of("bogota", years="all", zone="America/Bogota")
    (work,) = due(limited(days(1, is_working=True)), [history], at(2), calendar)
    assert work.due_at == at(3, 22)


def test_what_is_due_first_comes_first() -> None:
    """Then by opportunity; what nobody can say comes last."""
    one = funnel(
        stages=(
            *changed("lead", limit=days(2)),
            stage("visit", limit=days(1, is_working=True)),
        ),
        transitions=(*without(), way("visit", "lead", "visit")),
    )
    found = [
        walked(one, "visit", key="O-1"),
        walked(one, key="O-3"),
        walked(one, key="O-2"),
        walked(one, key="O-4", start=MONDAY - DAY),
    ]
    assert [other.opportunity_id for other in due(one, found, at(9))] == [
        "O-4",
        "O-2",
        "O-3",
        "O-1",
    ]


def test_what_cannot_be_asked_is_refused() -> None:
    """An instant without a zone, and a zone that does not exist."""
    with pytest.raises(InvalidDate):
        due(funnel(), [], datetime(2026, 3, 2))  # noqa: DTZ001 - the point of the test
    with pytest.raises(UnknownName):
        due(funnel(), [], MONDAY, zone="Asia/Shangai")


def test_a_limit_is_told_in_words() -> None:
    """In both languages, with one and with several."""
    limits = (days(1), hours(2), days(3, is_working=True), hours(1, is_working=True))
    assert [limit_words(one) for one in limits] == [
        "1 day",
        "2 hours",
        "3 working days",
        "1 working hour",
    ]
    assert [limit_words(one, Language.ZH) for one in limits] == [
        "1天",
        "2小时",
        "3个工作日",
        "1个工作小时",
    ]


def test_what_is_due_is_told_in_words() -> None:
    """Since when, until when, and what is left or over, in the zone asked for."""
    calendar = WorkingCalendar.of("china", years="all", zone="Asia/Shanghai")
    limit = days(2, is_working=True)
    early = asked(limit, at(3, 3, 30), calendar, start=at(2, 1))
    assert due_words(early) == (
        "O-1: Lead, entered 2026-03-02 09:00, limit 2 working days, due 2026-03-04 17:00, "
        "13 h 30 min of working time left"
    )
    assert due_words(early, Language.ZH) == (
        "O-1：阶段lead，2026-03-02 09:00进入，时限2个工作日，应于2026-03-04 17:00前完成，"
        "剩余13小时30分钟（工作时间）"
    )
    late = asked(hours(26), at(6, 12), zone="Asia/Shanghai")
    assert due_words(late) == (
        "O-1: Lead, entered 2026-03-02 17:00, limit 26 hours, due 2026-03-03 19:00, "
        "overdue by 3 d 1 h"
    )
    assert due_words(late, Language.ZH).endswith("逾期3天1小时")
    now = asked(hours(26), at(3, 11))
    assert due_words(now).endswith("due 2026-03-03 11:00, 0 min left")


def test_what_nobody_can_say_is_told_with_its_cause() -> None:
    """A missing calendar, a missing year, and the end of time."""
    lacking = asked(days(1, is_working=True), at(3))
    assert due_words(lacking).endswith("due unknown without a working calendar")
    year = asked(days(9, is_working=True), DECEMBER + 20 * DAY, ONE_YEAR, start=DECEMBER)
    assert due_words(year).endswith("as the working calendar does not know 2027")
    assert due_words(year, Language.ZH).endswith("工作日历缺少2027年数据，无法确定期限")
    far = asked(
        days(1_000_000),
        datetime(9000, 1, 1, tzinfo=UTC),
        start=DECEMBER.replace(year=9000) - 400 * DAY,
    )
    assert due_words(far).endswith("due beyond the calendar")


def test_a_stage_without_a_label_is_told_by_its_key() -> None:
    """So that a row is never without a name."""
    one = funnel(stages=changed("lead", limit=days(1), labels=("", "")))
    (found,) = due(one, [walked(one)], at(2))
    assert due_words(found).startswith("O-1: lead, ")


instants = st.integers(0, 60 * 24 * 60).map(lambda minutes: MONDAY + timedelta(minutes=minutes))


@given(testing.working_calendars(), st.integers(1, 200), instants)
def test_working_hours_spent_and_left_make_up_the_limit(
    calendar: WorkingCalendar, amount: int, as_of: datetime
) -> None:
    """What was worked since entering is the limit less what is left, plus what is over."""
    found = asked(hours(amount, is_working=True), as_of, calendar)
    worked = calendar.working_time(MONDAY, as_of)
    if found.due_at is not None and None not in (worked, found.remaining, found.overdue):
        assert worked is not None
        assert found.remaining is not None
        assert found.overdue is not None
        assert worked == amount * HOUR - found.remaining + found.overdue
        assert found.is_overdue is (as_of > found.due_at)
    if found.due_at is None and worked is not None and found.no_due is NoDue.UNKNOWN_YEAR:
        assert worked <= amount * HOUR
        assert found.is_overdue is False


@given(testing.working_calendars(), st.integers(1, 30), instants)
def test_a_limit_in_working_days_ends_on_a_working_day_with_that_many_behind_it(
    calendar: WorkingCalendar, amount: int, as_of: datetime
) -> None:
    """The nth after the day of entering, at the end of its hours."""
    found = asked(days(amount, is_working=True), as_of, calendar)
    if found.due_at is None:
        assert found.no_due is NoDue.UNKNOWN_YEAR
        assert found.unknown_year is not None
        return
    first = MONDAY.astimezone(UTC).date()
    day = calendar.add_working_days(first, amount)
    assert day is not None
    ends = calendar.hours(day)
    assert ends is not None
    assert found.due_at == ends.parts[-1].end


@given(st.lists(st.integers(1, 90), min_size=2, max_size=8), st.integers(1, 400), st.booleans())
def test_a_total_limit_is_reached_where_time_in_the_stage_is_the_limit(
    gaps: list[int],
    amount: int,
    is_total: bool,  # noqa: FBT001 - drawn
) -> None:
    """Held against the time that the history itself tells."""
    one = limited(hours(amount))
    found = begun(one)
    for number, gap in enumerate(gaps):
        event = ("offer", "back")[number % 2]
        found = then(one, found, event, found.context.at + gap * HOUR)
    last = found.context.at
    answers = due(one, [found.history], last, is_total=is_total)
    if len(gaps) % 2:
        assert answers == ()
        return
    (answer,) = answers
    assert answer.due_at is not None
    if is_total:
        assert found.history.time_in("lead", answer.due_at) == amount * HOUR
    else:
        assert answer.due_at == last + amount * HOUR


def test_a_day_that_begins_after_its_stay_ended_gains_no_time() -> None:
    """In Shanghai Monday begins on Sunday in UTC; the stay of that morning counts as none."""
    plain = {"opportunity_id": "O-1", "kind": StageKind.OPEN}
    sunday, tuesday = datetime(2026, 3, 1, 18, tzinfo=UTC), at(3, 0)
    first, second = date(2026, 3, 2), date(2026, 3, 3)
    history = StageHistory(
        opportunity_id="O-1",
        visits=[
            StageVisit(
                id="1", stage="lead", entered_on=first, left_on=first, left_at=sunday, **plain
            ),
            StageVisit(
                id="2",
                stage="offer",
                entered_on=first,
                entered_at=sunday,
                left_on=second,
                left_at=tuesday,
                **plain,
            ),
            StageVisit(id="3", stage="lead", entered_on=second, entered_at=tuesday, **plain),
        ],
    )
    (clock,) = due(limited(hours(10)), [history], at(3, 1), is_total=True)
    assert clock.due_at == at(3, 10)
    (work,) = due(limited(hours(2, is_working=True)), [history], at(3, 1), OFFICE, is_total=True)
    assert (work.due_at, work.no_due) == (at(3, 11), None)


@pytest.mark.parametrize(
    ("day", "zone", "shown"),
    [
        (date(1, 1, 1), "America/New_York", "entered 0001-01-01 00:00"),
        (date(9999, 12, 30), "Pacific/Kiritimati", "due 9999-12-31 23:00"),
    ],
)
def test_words_at_the_ends_of_the_calendar_fall_back_on_utc(
    day: date, zone: str, shown: str
) -> None:
    """The first day is what many systems write for a day that nobody knows."""
    visit = StageVisit(
        id="1", opportunity_id="O-1", stage="lead", kind=StageKind.OPEN, entered_on=day
    )
    history = StageHistory(opportunity_id="O-1", visits=[visit])
    (found,) = due(limited(hours(47)), [history], datetime(9999, 12, 30, 1, tzinfo=UTC), zone=zone)
    assert shown in due_words(found)
