"""
What a store should answer, in lists and loops that are slow and plain to read.

It shares nothing with any adapter but the records, the rules and the errors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

import attrs

from salescore.entities import Event
from salescore.errors import KeyReused, VersionConflict
from salescore.plain import FieldTable, erased, field_value
from salescore.rules import evaluate
from salescore.storage import (
    NOW,
    Committed,
    Kept,
    KeptEvent,
    Moment,
    Put,
    Query,
    Remove,
    Unit,
)
from salescore.values import Money


@attrs.define
class _Row:
    """One version of a record; `record` is `None` where it says that the record is gone."""

    records: str
    id: str
    version: int
    record: Any | None
    recorded_at: datetime
    effective_on: date | None
    position: int


@attrs.define
class _Told:
    """One event; `is_erased` says that an erasure emptied it."""

    event: Event
    recorded_at: datetime
    position: int
    is_erased: bool = False


@attrs.define
class _Committed:
    """One unit; `is_erased` says that an erasure emptied something that it wrote."""

    unit: Unit
    answer: Committed
    is_erased: bool = False


@attrs.define
class StoreModel:
    """
    A store in lists: every version of every record, every event, every unit.

    Attributes:
        tables: Field tables of the record types, with registered fields.
        rows: Versions of records, in the order in which they were made.
        log: Events, in order.
        units: Units, in order.
    """

    tables: tuple[FieldTable, ...]
    rows: list[_Row] = attrs.field(factory=list[_Row])
    log: list[_Told] = attrs.field(factory=list[_Told])
    units: list[_Committed] = attrs.field(factory=list[_Committed])

    def table(self, records: str) -> FieldTable:
        """Return the field table of a record type."""
        return next(table for table in self.tables if table.name == records)

    def table_of(self, record: object) -> FieldTable:
        """Return the field table of a record's class."""
        return next(table for table in self.tables if table.record is type(record))

    def commit(self, unit: Unit) -> Committed:
        """Keep a unit, or raise the first of its faults and keep nothing."""
        for fault in self.faults(unit):
            raise fault
        known = self._known(unit)
        if known is not None:
            return attrs.evolve(known.answer, is_repeat=True)
        position = len(self.units) + 1
        instant = max([unit.recorded_at, *(one.answer.recorded_at for one in self.units)])
        versions = tuple(self._keep(change, instant, position) for change in unit.changes)
        events = tuple(self._append(event, instant, position) for event in unit.events)
        answer = Committed(position=position, recorded_at=instant, versions=versions, events=events)
        self.units.append(_Committed(unit, answer))
        return answer

    def _known(self, unit: Unit) -> _Committed | None:
        """Return the unit that was kept under the same key."""
        keyed = (one for one in self.units if unit.key is not None and one.unit.key == unit.key)
        return next(keyed, None)

    def faults(self, unit: Unit) -> list[VersionConflict | KeyReused]:
        """Return everything for which a unit may be refused; a store names any one of them."""
        known = self._known(unit)
        if known is not None:
            given, kept = (self._content(one, known.is_erased) for one in (unit, known.unit))
            return [] if given == kept else [KeyReused("idempotency key", str(unit.key))]
        found: list[VersionConflict | KeyReused] = []
        for change in unit.changes:
            records, key = self._named(change)
            version = self._version(records, key)
            is_nothing = isinstance(change, Remove) and version == 0
            if is_nothing or change.expected not in (None, version):
                found.append(VersionConflict(records, key, change.expected, version))
        for event in unit.events:
            for told in self.log:
                given_event = self._emptied(event) if told.is_erased else event
                if event.id == told.event.id and given_event != told.event:
                    found.append(KeyReused("event id", event.id))
        return found

    def _content(self, unit: Unit, is_erased: bool) -> list[object]:  # noqa: FBT001 - one caller
        """Return what a key stands for: all but the time, and no more than may be remembered."""
        if not is_erased:
            return [unit.changes, unit.events]
        changes: list[object] = [
            attrs.evolve(one, record=self._emptied(one.record)) if isinstance(one, Put) else one
            for one in unit.changes
        ]
        return [tuple(changes), tuple(self._emptied(one) for one in unit.events)]

    def _emptied(self, record: Any) -> Any:  # noqa: ANN401 - a record of any type
        return erased(self.table_of(record), record)

    def _named(self, change: Put | Remove) -> tuple[str, str]:
        if isinstance(change, Remove):
            return change.records, change.id
        return self.table_of(change.record).name, change.record.id

    def _history(self, records: str, key: str) -> list[_Row]:
        return [row for row in self.rows if (row.records, row.id) == (records, key)]

    def _version(self, records: str, key: str) -> int:
        """Return the version that is kept now; 0 where there is none."""
        history = self._history(records, key)
        return history[-1].version if history and history[-1].record is not None else 0

    def _keep(self, change: Put | Remove, instant: datetime, position: int) -> int:
        records, key = self._named(change)
        row = _Row(
            records=records,
            id=key,
            version=len(self._history(records, key)) + 1,
            record=change.record if isinstance(change, Put) else None,
            recorded_at=instant,
            effective_on=change.effective_on,
            position=position,
        )
        self.rows.append(row)
        return row.version

    def _append(self, event: Event, instant: datetime, unit: int) -> int:
        for position, told in enumerate(self.log, start=1):
            if told.event.id == event.id:
                return position
        self.log.append(_Told(event, instant, unit))
        return len(self.log)

    def read(self, records: str, key: str, at: Moment = NOW) -> Kept | None:
        """
        Return a record as of a moment.

        Of what was recorded by then, that which holds from the latest day; of one day, the last.
        Without a day asked about it is simply the last.
        """
        holding = [row for row in self._history(records, key) if _holds(row, at)]
        if at.effective is not None:
            holding.sort(key=lambda row: row.effective_on or date.min)
        return _kept(holding[-1]) if holding else None

    def versions(self, records: str, key: str) -> tuple[Kept, ...]:
        """Return all versions of a record, without its removals."""
        found = [_kept(row) for row in self._history(records, key)]
        return tuple(one for one in found if one is not None)

    def events(self, after: int = 0) -> tuple[KeptEvent, ...]:
        """Return all events behind a position."""
        return tuple(
            KeptEvent(position=position, event=told.event, recorded_at=told.recorded_at)
            for position, told in enumerate(self.log, start=1)
            if position > after
        )

    def find(self, query: Query) -> tuple[Kept, ...]:
        """Return everything that a query finds, on one page."""
        keys = dict.fromkeys(row.id for row in self.rows if row.records == query.records)
        found = [self.read(query.records, key, query.at) for key in sorted(keys)]
        table = self.table(query.records)
        pairs = [(one, row_of(table, one.record)) for one in found if one is not None]
        if query.where is not None:
            where = query.where
            pairs = [(one, row) for one, row in pairs if evaluate(where, row) is True]
        for order in reversed(query.order):
            read = _reader(order.field)
            known = [pair for pair in pairs if read(pair) is not None]
            unknown = [pair for pair in pairs if read(pair) is None]
            known.sort(key=read, reverse=order.is_descending)
            pairs = known + unknown
        return tuple(one for one, _ in pairs)

    def erase(self, records: str, key: str) -> int:
        """Empty a subject, contacts of a customer, and events about it; return how many rows."""
        count = 0
        for row in self.rows:
            if row.record is None:
                continue
            is_subject = (row.records, row.id) == (records, key)
            is_about = row.records == "contacts" and records == "customers"
            if is_subject or (is_about and row.record.customer_id == key):
                emptied = self._emptied(row.record)
                if emptied != row.record:
                    count += 1
                    row.record = emptied
                    self.units[row.position - 1].is_erased = True
        for told in self.log:
            if (told.event.record, told.event.subject) == (records, key):
                emptied = self._emptied(told.event)
                if emptied != told.event:
                    count += 1
                    told.event, told.is_erased = emptied, True
                    self.units[told.position - 1].is_erased = True
        return count


def row_of(table: FieldTable, record: object) -> Mapping[str, Any]:
    """Return a record as a rule reads it: money as amount and currency, choices as texts."""
    row: dict[str, Any] = {}
    for field in table.fields:
        value = field_value(record, field)
        if field.name in table.money_fields:
            money = value if isinstance(value, Money) else None
            row[f"{field.name}_amount"] = None if money is None else money.amount
            row[f"{field.name}_currency"] = None if money is None else money.currency
        else:
            row[field.name] = value.value if isinstance(value, Enum) else value
    return row


def _reader(name: str) -> Callable[[tuple[Kept, Mapping[str, Any]]], Any]:
    return lambda pair: pair[1][name]


def _holds(row: _Row, at: Moment) -> bool:
    if at.recorded is not None and row.recorded_at > at.recorded:
        return False
    return at.effective is None or row.effective_on is None or row.effective_on <= at.effective


def _kept(row: _Row) -> Kept | None:
    if row.record is None:
        return None
    return Kept(
        record=row.record,
        version=row.version,
        recorded_at=row.recorded_at,
        effective_on=row.effective_on,
        position=row.position,
    )


def total(kept: Iterable[Kept]) -> Decimal:
    """Return the sum of the customers' credit limits, which an erasure must not change."""
    limits = (one.record.credit_limit for one in kept)
    return sum((limit.amount for limit in limits if limit is not None), Decimal(0))
