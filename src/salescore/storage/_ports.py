"""The ports: what whoever keeps facts may count on, whatever keeps them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import Enum
from typing import Any, Protocol

from salescore.plain import FieldTable
from salescore.storage._query import NOW, Kept, KeptEvent, Moment, Page, Query
from salescore.storage._unit import Committed, Unit


class Capability(Enum):
    """
    What a store can do beyond what every store must.

    Attributes:
        DURABLE: What it acknowledged is there again after its process was killed.
        POWER_SAFE: What it acknowledged is there again after the power was cut.
        SHARED: Several processes may write to it at the same time.
        ENGINE_RULES: Rules of queries run where the data are, so that few rows travel.
    """

    DURABLE = "durable"
    POWER_SAFE = "power_safe"
    SHARED = "shared"
    ENGINE_RULES = "engine_rules"


class Reader(Protocol):
    """
    Reads records and events.

    Laws:
        What one unit changed is seen as a whole or not at all.
        Once a unit is acknowledged every later read sees it.
        Read as of a moment before the latest time of recording, a store gives the same answer for
        ever, but for what was erased.
        Events have positions 1, 2, 3 … without gaps, and whoever saw position n will never find
        anything new at or below n.
    """

    def read(self, records: str, id: str, /, at: Moment = NOW) -> Kept | None:  # noqa: A002 - the word for it everywhere
        """
        Return a record, or `None` where none was kept at that moment.

        Raises:
            InvalidValue: The record type is that of events, which `events` reads.
            UnknownName: There is no such record type.
        """
        ...

    def find(self, query: Query, /) -> Page:
        """
        Return a page of the records that a rule holds for.

        Following the cursors of a store that does not change gives each record once.

        Raises:
            UnknownName: There is no such record type or field.
            RuleTypeError: The rule does not fit the fields.
            InvalidValue: A limit out of its range, a cursor of another question, or the record
                type is that of events.
        """
        ...

    def versions(self, records: str, id: str, /) -> tuple[Kept, ...]:  # noqa: A002 - as above
        """
        Return all versions of a record, oldest first; a removal leaves a gap in their numbers.

        Raises:
            InvalidValue: The record type is that of events, which have none.
            UnknownName: There is no such record type.
        """
        ...

    def events(self, *, after: int = 0, limit: int = 1000) -> tuple[KeptEvent, ...]:
        """
        Return the next events in order of their positions.

        Args:
            after: Position of the last event seen; 0 for the beginning.
            limit: Most events of one answer, 1 to 10,000.
        """
        ...


class Writer(Protocol):
    """
    Keeps units of work.

    Laws:
        A unit is kept as a whole or not at all, also when the process dies in between.
        Versions of a record are 1, 2, 3 … without gaps; no change is lost to another.
        A repeated key with the same content changes nothing and gets the same answer.
    """

    def commit(self, unit: Unit, /) -> Committed:
        """
        Keep a unit of work.

        Raises:
            VersionConflict: A record is at another version than expected; nothing was changed.
            KeyReused: The key, or the id of an event, stands for other content.
            InvalidRecord: A record has values that its fields do not allow.
            UnknownName: A record type that the store does not keep.
            InvalidValue: No unit or an empty one, two changes of one record, what is no record, or
                a naive instant.
            StoreBusy: Others kept the store locked for too long; nothing was changed.
            StoreFailed: The disk or the server failed.
        """
        ...

    def load(self, records: Iterable[Any], /, *, recorded_at: datetime) -> int:
        """
        Keep many records as one unit, faster than `commit`, and return how many.

        Each must be new; events among them are appended.

        Raises:
            VersionConflict: A record is kept already; nothing was changed.
        """
        ...

    def erase(self, records: str, id: str, /, *, recorded_at: datetime) -> int:  # noqa: A002 - the word for it everywhere
        """
        Erase the personal data of a subject, in the past too, and return how many rows changed.

        It empties the personal fields of every version of the record, of every version of other
        records that refers to it and is about it, and of the events about it; ids, amounts and
        dates stay, so that totals do. Erasing again changes nothing. A record is about what it
        refers to, except that nobody is about whom they work for or belong to: erasing a sales rep
        leaves customers and notes on them, erasing a customer its subsidiaries. Free text that
        names the subject in what is about somebody or something else stays; an event is about its
        `record` and `subject` alone.

        Raises:
            UnknownName: There is no such record type.
        """
        ...


class Store(Reader, Writer, Protocol):
    """A reader and writer that says what it can do, and is closed at last."""

    @property
    def capabilities(self) -> frozenset[Capability]:
        """Return what the store can do beyond what every store must."""
        ...

    @property
    def tables(self) -> tuple[FieldTable, ...]:
        """Return the record types that it keeps, with registered fields."""
        ...

    def close(self) -> None:
        """Let go of files and connections; a closed store refuses everything else."""
        ...
