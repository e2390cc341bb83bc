"""What a book knew on a day: the same book without what came later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import attrs

from salescore.book._book import SalesBook
from salescore.book._opportunity_past import close_dates_before, funnel_of
from salescore.book._stays import stay_places
from salescore.book._visit_order import SubjectVisits, left_day
from salescore.entities import Opportunity, StageKind, StageVisit
from salescore.plain import (
    CREATED_ON,
    CUSTOM,
    RECORDED_AT,
    Field,
    FieldTable,
    Kind,
    custom_values,
    field_column,
)
from salescore.values import day_of

_CLOSED = (StageKind.WON, StageKind.LOST, StageKind.VOID)

_TWO = 2

_Days = list[date | None]


class Known(NamedTuple):
    """
    A book as it was known on a day.

    Attributes:
        book: The facts known then.
        unstaged: Per opportunity, whether nobody can tell its stage then: it closed or entered a
            stage later, and no visit to a stage is on record from before.
    """

    book: SalesBook
    unstaged: tuple[bool, ...]


def known_book(book: SalesBook, as_of: date | None, zone: str) -> Known:
    """
    Return a book as it was known on a day.

    A record is known from the day it was recorded on, else from the day it was created on, else
    from the first day on which anything in it happened, else with the record that it cannot be
    without, such as the payment of an allocation; a part without a day of recording, such as a
    line, with all that it refers to.
    A record without any of these is always known.
    Where a record states a day and an instant of one thing, such as `left_on` and `left_at`, the
    day holds, for whoever wrote it knew the zone; an instant alone falls on a day in `zone`.
    What happened to a known record later is unknown in it: the later date, and every field that is
    known only since that date.
    An opportunity that closed later, or entered or left a stage later, is at the stage of its last
    visit until that day in the funnel that it is in, with a chance that nobody kept; a visit
    without a day of leaving ended when the next began.
    One that was closed and reopened later is closed, since the day on which the stay in that stage
    began, which a change of the funnel's version does not end.
    What goes on among won stages was closed by the first.
    An expected day of closing that an event moved later is the one that it moved away from.

    Args:
        book: All facts.
        as_of: Last day whose facts are seen; `None` sees all.
        zone: Time zone in which an instant falls on a day.
    """
    if as_of is None:
        return Known(book, (False,) * len(book.opportunities))
    hidden: dict[str, set[str]] = {}
    seen: dict[str, Any] = {}
    told: dict[str, Sequence[Any]] = {}
    for table in book.tables:
        records = book.records(table.name)
        if not records:
            continue
        reader = _Reader(table, as_of, zone)
        kept = reader.known(records, hidden)
        if len(kept) < len(records):
            hidden[table.name] = {one.id for one in records} - {one.id for one in kept}
        told[table.name] = kept
        kept = reader.without_later(kept)
        if kept is not records:
            seen[table.name] = kept
    return _staged(book, as_of, zone, seen, told)


def _staged(
    book: SalesBook,
    as_of: date,
    zone: str,
    seen: dict[str, Any],
    told: Mapping[str, Sequence[Any]],
) -> Known:
    """
    Return the book as it was known, its opportunities at the stages of that day.

    Args:
        book: All facts.
        as_of: Last day whose facts are seen.
        zone: Time zone in which an instant falls on a day.
        seen: Records that differ from those of the book, by record type.
        told: Records known, with what happened later, by record type.
    """
    opportunities: Sequence[Opportunity] = told.get("opportunities", ())
    known: Sequence[StageVisit] = told.get("stage_visits", ())
    later = [one for one in book.stage_visits if one.entered_on > as_of]
    visits = [*(one for one in known if one.entered_on <= as_of), *later] if later else known
    whose = SubjectVisits.of(visits, events=book.events, zone=zone)
    if any(one.reason is not None for one in seen.get("stage_visits", ()) or known) and later:
        seen["stage_visits"] = _without_later_reasons(
            seen.get("stage_visits", known), visits, whose, as_of
        )
    numbers = {key: number for number, key in whose.sales()}
    unstaged = [False] * len(opportunities)
    found = list(seen.get("opportunities", book.opportunities))
    for place, one in enumerate(opportunities):
        places = whose.places(numbers[one.id]) if one.id in numbers else ()
        is_closed = one.kind in _CLOSED and one.closed_on is not None and one.closed_on <= as_of
        if is_closed and not (places and visits[places[-1]].entered_on > as_of):
            continue
        past = _past([visits[each] for each in places], one.stage, as_of, zone)
        if is_closed:
            if past.last is not None and past.last.kind is one.kind:
                found[place] = attrs.evolve(found[place], stage=past.last.stage)
            continue
        if past.last is not None and past.closed_on is not None:
            found[place] = attrs.evolve(
                found[place],
                stage=past.last.stage,
                kind=past.last.kind,
                probability=None,
                is_probability_pinned=None,
                forecast_category=None,
                closed_on=past.closed_on,
                loss_reason=past.reason,
            )
        elif past.has_moved or (one.closed_on is not None and one.closed_on > as_of):
            unstaged[place] = past.last is None
            found[place] = _at_stage(found[place], past)
    found = _dates_then(found, book, seen)
    if any(one is not other for one, other in zip(found, opportunities, strict=True)):
        seen["opportunities"] = found
    return Known(attrs.evolve(book, **seen) if seen else book, tuple(unstaged))


def _dates_then(
    opportunities: list[Opportunity], book: SalesBook, seen: dict[str, Any]
) -> list[Opportunity]:
    """Return opportunities with the expected days of closing that later events moved away from."""
    if "events" not in seen:
        return opportunities
    known = {one.id for one in seen["events"]}
    then = close_dates_before([one for one in book.events if one.id not in known])
    return [
        attrs.evolve(one, expected_close_on=then[one.id]) if one.id in then else one
        for one in opportunities
    ]


class _Past(NamedTuple):
    """
    Where the visits of an opportunity say that it stood.

    Attributes:
        last: Its last visit until that day; `None` where none is on record.
        has_moved: Whether it moved on since.
        closed_on: Day on which it was closed, if it has been reopened since; else `None`.
        reason: Why it was closed; `None` where nobody said by that day.
    """

    last: StageVisit | None = None
    has_moved: bool = False
    closed_on: date | None = None
    reason: str | None = None


def _past(visits: list[StageVisit], stage: str, as_of: date, zone: str) -> _Past:
    """
    Return where an opportunity stood.

    Args:
        visits: Its visits in order: those known on that day, and all that began later.
        stage: The stage it is in today.
        as_of: That day.
        zone: Time zone in which an instant falls on a day.
    """
    if not visits:
        return _Past()
    track = _track(visits, stage)
    then = [one for one in track if one.entered_on <= as_of]
    has_later = len(then) < len(track)
    if not then:  # it changed funnels since
        then = _track([one for one in visits if one.entered_on <= as_of], None)
    if not then:
        return _Past(has_moved=True)
    last = then[-1]
    if not has_later and not _is_left_after(last, as_of, zone):
        return _Past(last)
    if last.kind not in _CLOSED:
        return _Past(last, has_moved=True)
    place = _closed_at(then)
    # Who lost it said why on leaving the stage before.
    before = then[place - 1] if place and last.kind is not StageKind.WON else None
    reason = None if before is None or _is_left_after(before, as_of, zone) else before.reason
    return _Past(last, has_moved=True, closed_on=then[place].entered_on, reason=reason)


def _closed_at(visits: Sequence[StageVisit]) -> int:
    """Return the place of the visit that closed a sale; among won stages it was the first."""
    (*earlier, last) = stay_places(visits)
    place = last[0]
    if visits[place].kind is StageKind.WON:
        for stay in reversed(earlier):
            if visits[stay[-1]].kind is not StageKind.WON:
                break
            place = stay[0]
    return place


def _track(visits: list[StageVisit], stage: str | None) -> list[StageVisit]:
    """Return the visits of the funnel that a sale is in; where some name none there is but one."""
    funnels = {one.funnel for one in visits}
    if len(funnels) < _TWO:
        return visits
    funnel = funnel_of(visits, stage)
    return [one for one in visits if funnel is None or one.funnel in (None, funnel)]


def _is_left_after(visit: StageVisit, as_of: date, zone: str) -> bool:
    left_on = left_day(visit, zone)
    return left_on is not None and left_on > as_of


def _at_stage(one: Opportunity, past: _Past) -> Opportunity:
    """Return an opportunity that was not yet where it is now; nobody kept chance and category."""
    stage = one.stage if past.last is None else past.last.stage
    kind = one.kind if past.last is None else past.last.kind
    if kind is None or kind in _CLOSED or (past.last is None and past.has_moved):
        kind = StageKind.OPEN
    reason = None if one.kind in _CLOSED else one.loss_reason
    return attrs.evolve(
        one,
        stage=stage,
        kind=kind,
        probability=None,
        is_probability_pinned=None,
        forecast_category=None,
        loss_reason=reason,
    )


def _without_later_reasons(
    records: Sequence[StageVisit], visits: Sequence[StageVisit], whose: SubjectVisits, as_of: date
) -> Sequence[StageVisit]:
    """
    Return visits without the reasons of ends that came later, though no visit states its end.

    Args:
        records: The visits known on that day.
        visits: Those, and all that began later.
        whose: Whose they are, in order.
        as_of: That day.
    """
    hidden: set[str] = set()
    for number in range(1, len(whose)):
        last: dict[str | None, StageVisit] = {}
        for place in whose.places(number):
            one = visits[place]
            before = last.get(one.funnel)
            if before is not None and before.entered_on <= as_of < one.entered_on:
                hidden.add(before.id)
            last[one.funnel] = one
    return [
        attrs.evolve(one, reason=None)
        if one.id in hidden and (one.left_on, one.left_at) == (None, None)
        else one
        for one in records
    ]


def _day_name(instant: Field) -> str:
    """Return the name that the day of an instant has, such as `left_on` for `left_at`."""
    return instant.name.removesuffix("_at") + "_on"


class _Reader:
    """Reads the records of one type as they were known on a day."""

    def __init__(self, table: FieldTable, as_of: date, zone: str) -> None:
        self._table = table
        self._as_of = as_of
        self._zone = zone
        days = {one.name: one for one in table.happened if one.kind is Kind.DATE}
        self._stated = {
            one.name: days[_day_name(one)]
            for one in table.happened
            if one.kind is Kind.INSTANT and _day_name(one) in days
        }

    def _days(self, records: Sequence[Any], field: Field) -> _Days:
        """Return the days of a date or instant; a day stated beside an instant is its day."""
        column = field_column(records, field)
        if field.kind is Kind.DATE:
            return column
        if field.name not in self._stated:
            return [None if one is None else day_of(one, self._zone) for one in column]
        days = field_column(records, self._stated[field.name])
        return [
            None if one is None else day_of(one, self._zone) if day is None else day
            for one, day in zip(column, days, strict=True)
        ]

    def known(self, records: Sequence[Any], hidden: dict[str, set[str]]) -> Sequence[Any]:
        """Return the records that were known, the same object if all were."""
        first: _Days = [None] * len(records)
        for field in self._table.happened:
            days = self._days(records, field)
            first = [
                a if b is None else b if a is None else min(a, b)
                for a, b in zip(first, days, strict=True)
            ]
        for name in (CREATED_ON, RECORDED_AT):  # the later of the two names rules
            if name in self._table:
                made = self._days(records, self._table.field(name))
                first = [b if a is None else a for a, b in zip(made, first, strict=True)]
        keep = [day is None or day <= self._as_of for day in first]
        is_part = RECORDED_AT not in self._table
        for field in self._table.fields:
            gone = hidden.get(field.refers or "")
            if gone and None in first and (is_part or not field.nullable):
                keys = field_column(records, field)
                keep = [
                    yes and (day is not None or key not in gone)
                    for yes, day, key in zip(keep, first, keys, strict=True)
                ]
        if all(keep):
            return records
        return [one for one, yes in zip(records, keep, strict=True) if yes]

    def without_later(self, records: Sequence[Any]) -> Sequence[Any]:
        """Return the records without what happened later, the same object if nothing did."""
        later: dict[str, list[bool]] = {}
        for field in self._table.happened:
            if field.nullable:
                late = [day is not None and day > self._as_of for day in self._days(records, field)]
                if True in late:
                    later[field.name] = late
        if not later:
            return records
        found = list(records)
        for place, flags in enumerate(zip(*later.values(), strict=True)):
            names = {name for name, flag in zip(later, flags, strict=True) if flag}
            if names:
                found[place] = self._without(found[place], names)
        return found

    def _without(self, record: Any, names: set[str]) -> Any:  # noqa: ANN401 - a record of the table
        unknown = [
            field
            for field in self._table.fields
            if field.nullable and (field.name in names or not names.isdisjoint(field.since))
        ]
        changes: dict[str, object] = {one.name: None for one in unknown if not one.is_custom}
        gone = {one.name for one in unknown if one.is_custom}
        if gone:
            changes[CUSTOM] = custom_values(
                **{name: value for name, value in record.custom if name not in gone}
            )
        return attrs.evolve(record, **changes)
