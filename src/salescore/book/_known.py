"""What a book knew on a day: the same book without what came later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import attrs

from salescore.book._book import SalesBook
from salescore.book._opportunity_past import close_dates_before
from salescore.book._stays import visit_order
from salescore.entities import Opportunity, StageKind, StageVisit
from salescore.plain import (
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

_LONG_AGO = datetime.min.replace(tzinfo=UTC)

_Days = list[date | None]


class Known(NamedTuple):
    """
    A book as it was known on a day.

    Attributes:
        book: The facts known then.
        unstaged: Per opportunity, whether nobody can tell its stage then: it closed later, and no
            visit to a stage is on record from before.
    """

    book: SalesBook
    unstaged: tuple[bool, ...]


def known_book(book: SalesBook, as_of: date | None, zone: str) -> Known:
    """
    Return a book as it was known on a day.

    A record is known from the day it was recorded on, else from the first day on which anything in
    it happened, else with the record that it cannot be without, such as the payment of an
    allocation; a part without a day of recording, such as a line, with all that it refers to.
    A record without any of these is always known.
    Where a record states a day and an instant of one thing, such as `left_on` and `left_at`, the
    day holds, for whoever wrote it knew the zone; an instant alone falls on a day in `zone`.
    What happened to a known record later is unknown in it: the later date, and every field that is
    known only since that date.
    An opportunity that closed later, or left the stage of its last visit later, is at the stage of
    that visit, with a chance that nobody kept.
    One that was closed and reopened later is closed, since the day of that visit.
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
    visits: Sequence[StageVisit] = told.get("stage_visits", ())
    last: dict[str | None, StageVisit] = {}
    before: dict[str | None, StageVisit] = {}
    for visit in sorted(visits, key=_entered):
        if visit.opportunity_id in last:
            before[visit.opportunity_id] = last[visit.opportunity_id]
        last[visit.opportunity_id] = visit
    unstaged = [False] * len(opportunities)
    found = list(seen.get("opportunities", book.opportunities))
    for place, one in enumerate(opportunities):
        if one.kind in _CLOSED and one.closed_on is not None and one.closed_on <= as_of:
            continue
        visit_then = last.get(one.id)
        has_moved = visit_then is not None and _is_left_after(visit_then, as_of, zone)
        end = None if visit_then is None else _end(visit_then, as_of)
        if visit_then is not None and end is not None and has_moved:
            left = before.get(one.id)
            reason = None if left is None or _is_left_after(left, as_of, zone) else left.reason
            found[place] = attrs.evolve(
                found[place],
                stage=visit_then.stage,
                kind=end,
                probability=None,
                closed_on=visit_then.entered_on,
                # Who lost it said why on leaving the stage before.
                loss_reason=None if end is StageKind.WON else reason,
            )
        elif has_moved or (one.closed_on is not None and one.closed_on > as_of):
            unstaged[place] = visit_then is None
            found[place] = _at_stage(found[place], visit_then)
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


def _entered(visit: StageVisit) -> tuple[date, datetime, bool, date]:
    _, lasts, left_on, _ = visit_order(visit)
    return visit.entered_on, visit.entered_at or _LONG_AGO, lasts, left_on


def _is_left_after(visit: StageVisit, as_of: date, zone: str) -> bool:
    left_on = visit.left_on
    if left_on is None and visit.left_at is not None:
        left_on = day_of(visit.left_at, zone)
    return left_on is not None and left_on > as_of


def _end(visit: StageVisit, as_of: date) -> StageKind | None:
    """Return how a visit to the end closed an opportunity; `None` of any other visit."""
    return visit.kind if visit.kind in _CLOSED and visit.entered_on <= as_of else None


def _at_stage(one: Opportunity, visit: StageVisit | None) -> Opportunity:
    """Return an opportunity that was not yet where it is now, at a chance that nobody kept."""
    stage = one.stage if visit is None else visit.stage
    kind = None if visit is None else visit.kind
    if kind is None:
        kind = one.kind if visit is None else StageKind.OPEN
    if kind in _CLOSED:
        kind = StageKind.OPEN
    reason = None if one.kind in _CLOSED else one.loss_reason
    return attrs.evolve(one, stage=stage, kind=kind, probability=None, loss_reason=reason)


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
        if RECORDED_AT in self._table:
            made = self._days(records, self._table.field(RECORDED_AT))
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
