"""Service limits: which opportunities are due in their stage, and how much time is left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from enum import Enum

import attrs

from salescore.errors import InvalidDate, InvalidValue
from salescore.funnel._funnel import Funnel
from salescore.funnel._history import StageHistory
from salescore.funnel._stage import LimitUnit, ServiceLimit, Stage
from salescore.funnel._stays import Stay, stays
from salescore.values import WorkingCalendar, check_instant, day_of

_NO_TIME = timedelta(0)
_DAY = timedelta(days=1)


class NoDue(Enum):
    """
    Why nobody can say when an opportunity is due.

    Attributes:
        NO_CALENDAR: The limit is one of working time, and no working calendar was given.
        UNKNOWN_YEAR: The working calendar does not know a year that counts.
        TOO_FAR: It lies beyond the calendar.
    """

    NO_CALENDAR = "no_calendar"
    UNKNOWN_YEAR = "unknown_year"
    TOO_FAR = "too_far"


@attrs.frozen(kw_only=True)
class Due:
    """
    When an opportunity has to have left its stage.

    Attributes:
        opportunity_id: The opportunity.
        stage: The stage.
        entered_at: Instant it entered; the beginning of the day in UTC where only that is known.
        limit: How long it may stay.
        as_of: Instant of the question.
        due_at: Instant until which it may stay; `None` where nobody can say.
        no_due: Why nobody can; `None` where `due_at` is known.
        unknown_year: First year that the working calendar would have to know; `None` where it
            lacks none.
        is_overdue: Whether it stays longer; `None` where nobody can say.
        remaining: Time that is left, of working time where the limit is; zero where it is overdue,
            `None` where nobody can say.
        overdue: Time since it was due, likewise; zero where it is not overdue.
        zone: Time zone in which the words tell days and times.
    """

    opportunity_id: str
    stage: Stage = attrs.field(repr=lambda one: repr(one.key))
    entered_at: datetime
    limit: ServiceLimit
    as_of: datetime
    due_at: datetime | None
    no_due: NoDue | None = None
    unknown_year: int | None = None
    is_overdue: bool | None
    remaining: timedelta | None
    overdue: timedelta | None
    zone: str = "UTC"


def due(
    funnel: Funnel,
    histories: Iterable[StageHistory],
    as_of: datetime,
    calendar: WorkingCalendar | None = None,
    *,
    is_total: bool = False,
    zone: str | None = None,
) -> tuple[Due, ...]:
    """
    Return when the opportunities of a funnel are due that are in a stage with a service limit.

    A limit in hours or days ends that much later on the clock. One in working hours ends when that
    much was worked, one in working days at the end of the hours of the nth working day after the
    day of entering. At the instant itself nothing is overdue yet.
    A hold does not pause a limit: it is a stage of its own, and what goes on afterwards enters its
    stage anew. A migration does not end a stay: the limit of the new stage counts from its
    beginning.

    Args:
        funnel: The funnel; what is in one of another name or version is left out, as its limits
            are not known here. Visits that name no funnel are taken for its own.
        histories: The stages that opportunities went through.
        as_of: The instant; what lies after it does not count.
        calendar: Working days and hours; `None` where nobody knows them.
        is_total: Whether earlier stays in the same stage count too, so that going back and forth
            gains no time; else only the running one does.
        zone: Time zone of the words; `None` for that of the calendar, or UTC.

    Returns:
        What is due first comes first, what nobody can say comes last.

    Raises:
        InvalidDate: `as_of` is naive.
        InvalidValue: One history is given instead of several.
        UnknownName: There is no such time zone.
    """
    now = check_instant(as_of)
    place = zone or ("UTC" if calendar is None else calendar.zone)
    day_of(now, place)  # a wrong name is refused
    if isinstance(histories, StageHistory):
        raise InvalidValue("histories", histories.opportunity_id, "expected several, in a list")
    found = [
        one
        for history in histories
        for one in _of(_Clock(funnel, now, calendar, place), history, is_total=is_total)
    ]
    return tuple(sorted(found, key=_urgency))


def _urgency(one: Due) -> tuple[bool, datetime, str]:
    return one.due_at is None, one.due_at or one.as_of, one.opportunity_id


@attrs.frozen
class _Clock:
    """What limits are measured with."""

    funnel: Funnel
    now: datetime
    calendar: WorkingCalendar | None
    zone: str


def _of(clock: _Clock, history: StageHistory, *, is_total: bool) -> Iterator[Due]:
    """Yield when an opportunity is due, if it is in a stage with a limit."""
    running = history.at(clock.now)
    funnel = clock.funnel
    if running is None or running.funnel not in (None, funnel.name):
        return
    if running.funnel_version not in (None, funnel.version):
        return
    stage = funnel.by_key.get(running.stage)
    limit = None if stage is None else stage.limit
    if stage is None or limit is None:
        return
    known = history.visits[: history.visits.index(running) + 1]
    all_stays = list(stays(known))
    counted = [one for one in all_stays if one.last.stage == running.stage and is_total]
    yield _measured(clock, history.opportunity_id, stage, limit, counted or all_stays[-1:])


def _measured(
    clock: _Clock, opportunity: str, stage: Stage, limit: ServiceLimit, counted: Sequence[Stay]
) -> Due:
    """Return when stays in a stage, of which the last runs, reach its limit."""
    try:
        answer = _answer(clock, limit, counted)
    except (InvalidDate, OverflowError):
        answer = _Answer(no_due=NoDue.TOO_FAR)
    return Due(
        opportunity_id=opportunity,
        stage=stage,
        entered_at=counted[-1].begin,
        limit=limit,
        as_of=clock.now,
        due_at=answer.due_at,
        no_due=answer.no_due,
        unknown_year=answer.year,
        is_overdue=answer.is_overdue,
        remaining=answer.remaining,
        overdue=answer.overdue,
        zone=clock.zone,
    )


@attrs.frozen(kw_only=True)
class _Answer:
    """What of `Due` the clock tells."""

    due_at: datetime | None = None
    no_due: NoDue | None = None
    year: int | None = None
    is_overdue: bool | None = None
    remaining: timedelta | None = None
    overdue: timedelta | None = None


def _answer(clock: _Clock, limit: ServiceLimit, counted: Sequence[Stay]) -> _Answer:
    calendar = clock.calendar
    if not limit.is_working:
        return _told(_plain(limit.time, counted), clock.now, None)
    if calendar is None:
        return _Answer(no_due=NoDue.NO_CALENDAR)
    if limit.unit is LimitUnit.HOURS:
        return _in_hours(calendar, limit.time, counted, clock.now)
    return _in_days(calendar, limit.amount, counted, clock.now)


def _told(due_at: datetime, now: datetime, calendar: WorkingCalendar | None) -> _Answer:
    """Return the answer where it is known when the limit ends."""
    first, last = sorted((due_at, now))
    between = last - first if calendar is None else calendar.working_time(first, last)
    is_overdue = now > due_at
    return _Answer(
        due_at=due_at,
        is_overdue=is_overdue,
        remaining=_NO_TIME if is_overdue else between,
        overdue=between if is_overdue else _NO_TIME,
    )


def _plain(left: timedelta, counted: Sequence[Stay]) -> datetime:
    """Return the instant at which the time in all stays reaches a limit."""
    for stay in counted[:-1]:
        end = stay.begin if stay.end is None else stay.end
        if stay.begin + left <= end:
            return stay.begin + left
        left -= end - stay.begin
    return counted[-1].begin + left


def _in_hours(
    calendar: WorkingCalendar, left: timedelta, counted: Sequence[Stay], now: datetime
) -> _Answer:
    for place, stay in enumerate(counted, 1):
        end = now if place == len(counted) or stay.end is None else stay.end
        found = calendar.add_working_time(stay.begin, left)
        if found is not None and (found <= end or place == len(counted)):
            return _told(found, now, calendar)
        worked = calendar.working_time(stay.begin, end)
        if worked is None:
            return _unknown(calendar, day_of(stay.begin, calendar.zone))
        left -= worked
    answer = _unknown(calendar, day_of(now, calendar.zone))
    return attrs.evolve(answer, is_overdue=False, remaining=left, overdue=_NO_TIME)


def _in_days(
    calendar: WorkingCalendar, left: int, counted: Sequence[Stay], now: datetime
) -> _Answer:
    for place, stay in enumerate(counted, 1):
        end = now if place == len(counted) or stay.end is None else stay.end
        first, last = _first_day(stay, calendar), day_of(end, calendar.zone)
        found = _end_of(calendar, calendar.add_working_days(first, left))
        if found is not None and (found <= end or place == len(counted)):
            return _told(found, now, calendar)
        worked = calendar.working_days_between(min(first, last) + _DAY, last + _DAY)
        if worked is None:
            return _unknown(calendar, first)
        left = max(left - worked, 0)  # the hours of a night shift end on the day after
    answer = _unknown(calendar, day_of(now, calendar.zone))
    return attrs.evolve(answer, is_overdue=False, overdue=_NO_TIME)


def _first_day(stay: Stay, calendar: WorkingCalendar) -> date:
    """Return the day of entering, on the wall of the calendar where the instant is known."""
    first = stay.visits[0]
    return first.entered_on if first.entered_at is None else day_of(stay.begin, calendar.zone)


def _end_of(calendar: WorkingCalendar, day: date | None) -> datetime | None:
    """Return the end of the hours of a working day."""
    while day is not None:
        hours = calendar.hours(day)
        if hours is not None and hours.parts:
            return hours.parts[-1].end
        day = calendar.next_working_day(day)  # a day that the zone skipped has no hours
    return None


def _unknown(calendar: WorkingCalendar, since: date) -> _Answer:
    """Return the answer where the calendar does not know a year, with the first that it lacks."""
    year = next(
        (
            year
            for year in range(since.year, date.max.year)
            if calendar.unknown_years(max(since, date(year, 1, 1)), date(year + 1, 1, 1))
        ),
        None,
    )
    return _Answer(no_due=NoDue.UNKNOWN_YEAR, year=year)
