"""Units of several threads, kept in one transaction, so that they share the sync of the disk."""

from __future__ import annotations

import threading

import attrs

from salescore.errors import SalesCoreError, StoreBusy, StoreFailed
from salescore.storage._checks import CheckedUnit
from salescore.storage._sql_keep import StoreTables, keep
from salescore.storage._sqlite_engine import SqliteEngine
from salescore.storage._unit import Committed


@attrs.define(eq=False)
class Ticket:
    """
    A unit that waits to be kept.

    Attributes:
        unit: The unit, checked.
        digest: Its digest; `None` without a key.
        answer: What its thread is told; `None` until it is kept.
        fault: What its thread meets instead; `None` for nothing.
    """

    unit: CheckedUnit
    digest: str | None
    answer: Committed | None = None
    fault: BaseException | None = None


class UnitQueue:
    """
    The units that threads of this process want to keep.

    Whichever thread comes to write first keeps the units of all that wait by then, one after the
    other; each is kept as a whole or not at all, and is acknowledged when all are on the disk.
    """

    def __init__(self, engine: SqliteEngine, tables: StoreTables) -> None:
        """Begin with no unit."""
        self._engine = engine
        self._tables = tables
        self._waiting: list[Ticket] = []
        self._changing = threading.Lock()

    def keep(self, unit: CheckedUnit, digest: str | None) -> Committed:
        """
        Keep a unit, and perhaps those of others.

        Raises:
            SalesCoreError: As `keep` in `_sql_keep`.
            StoreBusy: Others kept the file locked for too long.
            StoreFailed: The disk or the file failed.
            StoreRefused: The store is closed.
        """
        ticket = Ticket(unit, digest)
        with self._changing:
            self._waiting.append(ticket)
        try:
            with self._engine.alone():
                self._keep_waiting(ticket)
        except StoreBusy:
            if self._withdrawn(ticket):
                raise
            # Another thread took it and is about to keep it; what comes of it must be told.
            with self._engine.alone(patiently=True):
                pass
        except BaseException:
            self._withdrawn(ticket)
            raise
        if ticket.answer is None:
            raise ticket.fault or StoreFailed(self._engine.store, _INTERRUPTED)
        return ticket.answer

    def _withdrawn(self, ticket: Ticket) -> bool:
        """Return whether nobody keeps a unit any more, after taking it back where it waits."""
        with self._changing:
            if ticket in self._waiting:
                self._waiting.remove(ticket)
                return True
        return False

    def _keep_waiting(self, own: Ticket) -> None:
        if own.answer is not None or own.fault is not None:
            return
        with self._changing:
            taken, self._waiting = self._waiting, []
        if len(taken) > 1 and self._is_kept_together(taken):
            return
        for ticket in taken:
            try:
                with self._engine.transaction() as session:
                    answer = keep(session, self._tables, ticket.unit, ticket.digest)
                ticket.answer = answer
            except Exception as fault:  # noqa: BLE001 - its own thread raises it
                ticket.fault = fault

    def _is_kept_together(self, taken: list[Ticket]) -> bool:
        """
        Return whether the fate of units was decided in one transaction.

        Where the disk failed before the end of it nothing was changed, and each is tried alone.
        """
        answers: list[Committed | SalesCoreError] = []
        try:
            with self._engine.transaction() as session:
                for ticket in taken:
                    session.run("SAVEPOINT unit")
                    try:
                        answers.append(keep(session, self._tables, ticket.unit, ticket.digest))
                    except SalesCoreError as fault:
                        session.run("ROLLBACK TO unit")
                        answers.append(fault)
                    session.run("RELEASE unit")
        except Exception as fault:  # noqa: BLE001 - each thread raises it
            # Once all had been written, only the disk knows whether they were kept.
            if isinstance(fault, StoreFailed) and len(answers) < len(taken):
                return False
            answers = []
            for ticket in taken:
                ticket.fault = fault
        for ticket, answer in zip(taken, answers, strict=False):
            if isinstance(answer, Committed):
                ticket.answer = answer
            else:
                ticket.fault = answer
        return True


_INTERRUPTED = "the thread that was to keep it was interrupted; a unit with a key may be repeated"
