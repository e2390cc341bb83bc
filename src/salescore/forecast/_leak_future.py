"""Books whose future is another: what was recorded after a day is removed, changed or doubled."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import attrs

from salescore.book import Facts, SalesBook
from salescore.entities import Event, Opportunity, StageKind
from salescore.errors import SalesCoreError
from salescore.forecast._leak_altered import Alteration, Later, Place
from salescore.forecast._leak_rates import RATES, Asked, altered_rates
from salescore.plain import CUSTOM, Field, FieldTable, Kind
from salescore.values import day_of

_DAY = timedelta(days=1)
_MARK = "altered"


@attrs.frozen
class AlteredFuture:
    """
    What stands for each record that came after a day.

    Attributes:
        facts: All facts.
        then: The facts of the day, as they are.
        alteration: What is done to what came later.
        overwritten: Fields of money of opportunities that are written over when they close.
        instead: By type and id what stands for a record: none, itself or others.
    """

    facts: Facts
    then: Facts
    alteration: Alteration
    overwritten: Collection[str]
    instead: Mapping[Place, tuple[Any, ...]]

    @classmethod
    def of(
        cls,
        facts: Facts,
        day: date,
        records: Collection[Later],
        alteration: Alteration,
        overwritten: Collection[str],
    ) -> AlteredFuture:
        """
        Return what stands for each record afterwards.

        Args:
            facts: All facts.
            day: Last day whose facts are seen.
            records: What came after that day.
            alteration: What is done to it.
            overwritten: Fields of money of opportunities that are written over when they close, so
                that their value is not that of the day.
        """
        book = facts.known.book
        seen = facts_of(facts, book, day, facts.asked_rates)
        then = seen.known.book
        change = _Change(day, facts.zone, alteration, overwritten)
        instead: dict[Place, tuple[Any, ...]] = {}
        for one in records:
            name, key = one.place
            if name == RATES:
                instead[one.place] = ()  # see `altered_rates`
                continue
            known = None if one.is_new else then.index(name)[key]
            instead[one.place] = change.of(book.table(name), book.index(name)[key], known)
        return cls(facts, seen, alteration, overwritten, instead)

    def seen(self, records: Collection[Later]) -> Facts | None:
        """
        Return the facts of the day, out of a book in which some of the records are others.

        That book is the same up to the day. Where only what came later tells how a record stood on
        the day, as an event tells from which day an expected end was moved, the record is put back
        to how it stood, else what came later about it is left alone.

        Args:
            records: Those that are others.

        Returns:
            The facts; `None` where no such book is the same up to the day.
        """
        # What moved away and back again is in the end as it was: there is nothing to alter.
        wanted = {one.place for one in records if one.place in self.instead}
        back: dict[Place, Any] = {}
        facts = self._with(wanted, back)
        for is_first in (True, False, False):
            others = dict(self._others(facts))
            if not others:
                return facts
            if is_first:
                back = {place: one for place, one in others.items() if one is not None}
            else:
                near = {*others, *(link for place in others for link in self._links(place))}
                wanted = {
                    place
                    for place in wanted
                    if place not in near and near.isdisjoint(self._links(place))
                }
            facts = self._with(wanted, back)
        return None if any(self._others(facts)) else facts

    def _with(self, wanted: Collection[Place], back: Mapping[Place, Any]) -> Facts:
        """Return the facts of the day with some records altered, and some put back."""
        book = self.facts.known.book
        changes: dict[str, Any] = {}
        for name in {place[0] for place in (*wanted, *back) if place[0] != RATES}:
            changes[name] = [
                back.get((name, kept.id), kept)
                for one in book.records(name)
                for kept in (self.instead[name, one.id] if (name, one.id) in wanted else (one,))
            ]
        day = self.then.as_of or date.max
        rates = altered_rates(self.facts, day, wanted, self.alteration.value)
        return facts_of(self.facts, attrs.evolve(book, **changes), day, rates)

    def _others(self, facts: Facts) -> Iterator[tuple[Place, Any]]:
        """Yield what stands otherwise on the day, with how to put it back; `None` if in no way."""
        before, after = self.then.known.book, facts.known.book
        for table in before.tables:
            name = table.name
            was, now = before.records(name), after.records(name)
            if was is now or was == now:
                continue
            ids: dict[str, list[Any]] = {}
            for one in reversed(now):
                ids.setdefault(one.id, []).append(one)
            for one in was:
                same = ids.get(one.id)
                other = same.pop() if same else None
                if other is None or self._differing(table, one, other):
                    yield (name, one.id), self._put_back(table, one, other)
            yield from (((name, key), None) for key, more in ids.items() if more)
        yield from self._gaps(facts)

    def _gaps(self, facts: Facts) -> Iterator[tuple[Place, Any]]:
        """Yield opportunities whose stage on the day is a gap now, or is one no more."""
        before, after = self.then.known, facts.known
        if self.alteration is Alteration.UNENDED:
            return  # there, that a stage is a gap no more is what is asked about
        known = (one.id for one in before.book.opportunities)
        flags = dict(zip(known, before.unstaged, strict=True))
        for one, is_gap in zip(after.book.opportunities, after.unstaged, strict=True):
            if flags.get(one.id, is_gap) != is_gap:
                yield ("opportunities", one.id), None

    def _put_back(self, table: FieldTable, was: Any, now: Any) -> Any:  # noqa: ANN401 - records
        """Return a record that is on the day as it was, with the rest of its later course."""
        if now is None:
            return was
        place = (table.name, was.id)
        (kept,) = self.instead.get(place) or (self.facts.known.book.index(place[0])[place[1]],)
        try:
            return attrs.evolve(
                kept, **{name: getattr(was, name) for name in self._differing(table, was, now)}
            )
        except SalesCoreError:
            return was

    def _differing(self, table: FieldTable, was: object, now: object) -> list[str]:
        """Return the fields in which a record differs, but for those that are written over."""
        over = self.overwritten if table.name == "opportunities" else ()
        names = [one.name for one in table.fields if not one.is_custom and one.name not in over]
        return [
            name
            for name in (*names, CUSTOM)
            if getattr(was, name, None) != getattr(now, name, None)
        ]

    def _links(self, place: Place) -> Iterator[Place]:
        """Yield what a record refers to."""
        book = self.facts.known.book
        one = book.index(place[0]).get(place[1]) if place[0] != RATES else None
        if one is None:
            return
        if isinstance(one, Event) and one.record is not None and one.subject is not None:
            yield one.record, one.subject
        for field in book.table(place[0]).fields:
            key = getattr(one, field.name, None) if field.refers else None
            if key is not None:
                yield str(field.refers), key


def facts_of(facts: Facts, book: SalesBook, day: date, rates: Asked) -> Facts:
    """Return the facts of a day out of another book, counted as before and priced at rates."""
    return Facts.of(
        book,
        currency=facts.currency,
        rates=rates,
        basis=facts.basis,
        calendar=facts.calendar,
        as_of=day,
        zone=facts.zone,
    )


@attrs.frozen
class _Change:
    """
    What is done to records.

    Attributes:
        day: Last day whose facts are seen.
        zone: Time zone in which an instant falls on a day.
        alteration: What is done to what came later.
        overwritten: Fields of money of opportunities that are written over when they close.
    """

    day: date
    zone: str
    alteration: Alteration
    overwritten: Collection[str]

    def of(self, table: FieldTable, record: Any, known: Any) -> tuple[Any, ...]:  # noqa: ANN401
        """
        Return what stands for a record afterwards.

        Args:
            table: Its fields.
            record: The record.
            known: As it was known on the day; `None` where it was not.
        """
        is_new = known is None
        match self.alteration:
            case Alteration.REMOVED:
                return () if is_new else (record,)
            case Alteration.ADDED:
                again = (attrs.evolve(record, id=f"{record.id}-{_MARK}"),) if is_new else ()
                return (record, *again)
            case Alteration.UNENDED:
                return (record if is_new else known,)
            case Alteration.LOST | Alteration.WON:
                return (self._otherwise(table, record, is_new=is_new),)

    def _otherwise(self, table: FieldTable, record: Any, *, is_new: bool) -> Any:  # noqa: ANN401
        """Return a record with another later course; unchanged where it allows of none."""
        later = {
            field.name
            for field in table.happened
            if (is_new or field.nullable)  # what a known one cannot be without was known with it
            and self._is_later(record, table, field)
        }
        changes: dict[str, object] = {}
        for field in table.fields:
            if field.is_custom:
                continue
            value = getattr(record, field.name)
            if field.name in later:
                changes[field.name] = value + _DAY
            elif value is not None and self._is_open(field, later, is_new=is_new):
                changes[field.name] = (
                    value * 2 if field.kind is Kind.MONEY else f"{value} ({_MARK})"
                )
        if isinstance(record, Opportunity) and "closed_on" in later:
            end = StageKind(self.alteration.value)
            changes |= {"kind": end, "stage": f"{record.stage} ({_MARK})", "probability": None}
        try:
            return attrs.evolve(record, **changes)
        except SalesCoreError:
            return record

    def _is_later(self, record: object, table: FieldTable, field: Field) -> bool:
        """Return whether a date or an instant lies after the day; a day beside an instant rules."""
        value = getattr(record, field.name, None)
        if isinstance(value, datetime):
            stated = f"{field.name.removesuffix('_at')}_on"
            beside = getattr(record, stated, None) if stated in table else None
            value = day_of(value, self.zone) if beside is None else beside
        return isinstance(value, date) and self.day < value < date.max

    def _is_open(self, field: Field, later: Collection[str], *, is_new: bool) -> bool:
        """Return whether the value of a field came after the day, and can be another."""
        if field.kind is Kind.MONEY:
            return is_new or field.name in self.overwritten
        return field.kind is Kind.TEXT and not set(later).isdisjoint(field.since)
