"""What a book knew on a day: the same book without what came later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import attrs

from salescore.book._book import SalesBook
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
    What happened to a known record later is unknown in it: the later date, and every field that is
    known only since that date.
    An opportunity that closed later, or left the stage of its last visit later, is at the stage of
    that visit, with a chance that nobody kept.

    Args:
        book: All facts.
        as_of: Last day whose facts are seen; `None` sees all.
        zone: Time zone in which an instant falls on a day.
    """
    if as_of is None:
        return Known(book, (False,) * len(book.opportunities))
    hidden: dict[str, set[str]] = {}
    seen: dict[str, Any] = {}
    opportunities: Sequence[Opportunity] = ()
    for table in book.tables:
        records = book.records(table.name)
        if not records:
            continue
        reader = _Reader(table, as_of, zone)
        kept = reader.known(records, hidden)
        if len(kept) < len(records):
            hidden[table.name] = {one.id for one in records} - {one.id for one in kept}
        if table.record is Opportunity:
            opportunities = kept
        kept = reader.without_later(kept)
        if kept is not records:
            seen[table.name] = kept
    return _staged(book, as_of, zone, seen, opportunities)


def _staged(
    book: SalesBook,
    as_of: date,
    zone: str,
    seen: dict[str, Any],
    opportunities: Sequence[Opportunity],
) -> Known:
    """
    Return the book as it was known, its opportunities at the stages of that day.

    Args:
        book: All facts.
        as_of: Last day whose facts are seen.
        zone: Time zone in which an instant falls on a day.
        seen: Records that differ from those of the book, by record type.
        opportunities: Those known, with what happened later.
    """
    known = {one.id for one in seen.get("stage_visits", book.stage_visits)}
    last: dict[str | None, StageVisit] = {}
    for visit in sorted(book.stage_visits, key=_entered):
        if visit.id in known:
            last[visit.opportunity_id] = visit
    unstaged = [False] * len(opportunities)
    found = list(seen.get("opportunities", book.opportunities))
    for place, one in enumerate(opportunities):
        closed_later = one.closed_on is not None and one.closed_on > as_of
        if one.kind in _CLOSED and not closed_later:
            continue
        visit_then = last.get(one.id)
        if closed_later or (visit_then is not None and _is_left_after(visit_then, as_of, zone)):
            unstaged[place] = visit_then is None
            found[place] = _at_stage(found[place], visit_then)
    if any(one is not other for one, other in zip(found, opportunities, strict=True)):
        seen["opportunities"] = found
    return Known(attrs.evolve(book, **seen) if seen else book, tuple(unstaged))


def _entered(visit: StageVisit) -> tuple[date, datetime]:
    return visit.entered_on, visit.entered_at or _LONG_AGO


def _is_left_after(visit: StageVisit, as_of: date, zone: str) -> bool:
    left_on = visit.left_on
    if left_on is None and visit.left_at is not None:
        left_on = day_of(visit.left_at, zone)
    return left_on is not None and left_on > as_of


def _at_stage(one: Opportunity, visit: StageVisit | None) -> Opportunity:
    """Return an opportunity that was not yet where it is now, at a chance that nobody kept."""
    stage = one.stage if visit is None else visit.stage
    kind = None if visit is None else visit.kind
    if kind is None:
        kind = one.kind if visit is None else StageKind.OPEN
    if kind in _CLOSED:
        kind = StageKind.OPEN
    return attrs.evolve(one, stage=stage, kind=kind, probability=None)


class _Reader:
    """Reads the records of one type as they were known on a day."""

    def __init__(self, table: FieldTable, as_of: date, zone: str) -> None:
        self._table = table
        self._as_of = as_of
        self._zone = zone

    def _days(self, records: Sequence[Any], field: Field) -> _Days:
        """Return the days of a date or instant."""
        column = field_column(records, field)
        if field.kind is Kind.DATE:
            return column
        return [None if one is None else day_of(one, self._zone) for one in column]

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
