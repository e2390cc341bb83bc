"""The store on a Postgres server."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import attrs

from salescore.errors import InvalidValue
from salescore.plain import CustomFields, FieldTable, Upcasters
from salescore.storage._asked import check_limit, check_position, checked_moment, checked_query
from salescore.storage._checks import (
    CheckedUnit,
    RecordTypes,
    check_seconds,
    checked_instant,
    checked_unit,
    is_id,
    load_unit,
)
from salescore.storage._digests import unit_digest
from salescore.storage._migrations import bring_up, outlook
from salescore.storage._ports import Capability
from salescore.storage._postgres_engine import PostgresEngine, is_told_better
from salescore.storage._postgres_keep import OneTrip
from salescore.storage._query import NOW, Kept, KeptEvent, Moment, Page, Query
from salescore.storage._sql_erase import erase_subject
from salescore.storage._sql_keep import Session, StoreTables, keep, keep_new
from salescore.storage._sql_read import find_page, read_events, read_record, read_versions
from salescore.storage._sql_statements import TableSql
from salescore.storage._sql_tables import Database, Names
from salescore.storage._unit import Committed, Unit

_SCHEMA = re.compile(r"[a-z_][a-z0-9_]{0,62}")


class PostgresStore:
    """
    A store on a Postgres server, for several machines that write at the same time.

    Units take their turn at one row, so positions have no gaps, and whoever reads events in their
    order misses none. Tables and columns are read off the field tables and stand in a schema of
    their own. `pip install 'salescore[postgres]'` brings what it needs.
    """

    def __init__(
        self,
        url: str,
        *,
        schema: str = "salescore",
        custom_fields: CustomFields | None = None,
        upcasters: Upcasters | None = None,
        tables: Iterable[FieldTable] | None = None,
        connections: int = 8,
        busy_timeout: float = 5.0,
        statement_timeout: float | None = None,
    ) -> None:
        """
        Open a schema of a database, or make it where there is none.

        A schema of an older form is brought up to date, as a whole or not at all.

        Args:
            url: Where the database is, such as `postgresql://user:password@host/database`.
            schema: Schema of the tables, which holds nothing else.
            custom_fields: The fields that the application registered; `None` for none.
            upcasters: Steps from older versions of record types; `None` for none.
            tables: Field tables of the record types that it keeps; `None` for all of ours.
            connections: Most connections at the same time, each for one thread.
            busy_timeout: Seconds to wait for others who write, or for a connection.
            statement_timeout: Most seconds of one statement; `None` for any time.

        Raises:
            InvalidValue: A table stands twice, a registered field has a name of a column, or a
                number or the name of the schema is out of its range.
            MissingExtra: SQLAlchemy or psycopg is not installed.
            StoreBusy: Others kept it locked for too long.
            StoreFailed: The server failed, lets nobody in, or there is none.
            StoreRefused: The URL cannot be read, the schema holds something else, was made by a
                newer release, or cannot be brought up to date; nothing was changed.
            UnknownName: Fields are registered for a record type that is not kept.
        """
        if not _SCHEMA.fullmatch(schema) or schema.startswith("pg_"):
            fault = "write lower-case letters, digits and _, beginning with a letter, not with pg_"
            raise InvalidValue("schema", schema, fault)
        for name, seconds in (
            ("busy_timeout", busy_timeout),
            ("statement_timeout", statement_timeout),
        ):
            if seconds is not None:
                check_seconds(name, seconds, least=0.001)
        if connections < 1:
            raise InvalidValue("connections", connections, "it must be at least 1")
        types = RecordTypes.of(tables, custom_fields)
        self._engine = PostgresEngine(
            url,
            connections=connections,
            busy_timeout=busy_timeout,
            statement_timeout=statement_timeout,
        )
        names, place = Names(Database.POSTGRES, schema), self._engine.store
        found = StoreTables(
            place, names, types, [TableSql.of(place, one, names) for one in types.tables]
        )
        try:
            with self._engine.reading() as session:
                change = outlook(session, found)
                self._is_safe = _is_power_safe(session)
            if change is None:
                with self._engine.writing() as session:
                    _make_schema(session, schema)
                    change = bring_up(session, found, upcasters or Upcasters())
        except BaseException:
            self._engine.close()
            raise
        self._tables = attrs.evolve(found, change=change)
        self._one_trip = OneTrip(self._tables)

    @property
    def capabilities(self) -> frozenset[Capability]:
        """Return all that it can do; it is safe from power cuts where the server syncs its log."""
        always = {Capability.DURABLE, Capability.SHARED, Capability.ENGINE_RULES}
        return frozenset({*always, Capability.POWER_SAFE} if self._is_safe else always)

    @property
    def tables(self) -> tuple[FieldTable, ...]:
        """Return the record types that it keeps, with registered fields."""
        return self._tables.types.tables

    def read(self, records: str, id: str, /, at: Moment = NOW) -> Kept | None:  # noqa: A002 - the word for it everywhere
        """Return a record, or `None` where none was kept at that moment; see `Reader.read`."""
        self._tables.types.versioned_table(records)
        moment = checked_moment(at)
        with self._engine.reading() as session:
            return read_record(session, self._tables, records, id, moment) if is_id(id) else None

    def find(self, query: Query, /) -> Page:
        """Return a page of the records that a rule holds for; see `Reader.find`."""
        asked = checked_query(query, self._tables.types)
        with self._engine.reading() as session:
            return find_page(session, self._tables, asked)

    def versions(self, records: str, id: str, /) -> tuple[Kept, ...]:  # noqa: A002 - as above
        """Return all versions of a record, oldest first; see `Reader.versions`."""
        self._tables.types.versioned_table(records)
        with self._engine.reading() as session:
            return read_versions(session, self._tables, records, id) if is_id(id) else ()

    def events(self, *, after: int = 0, limit: int = 1000) -> tuple[KeptEvent, ...]:
        """Return the next events in order of their positions; see `Reader.events`."""
        check_position(after)
        check_limit(limit)
        with self._engine.reading() as session:
            return read_events(session, self._tables, after, limit)

    def commit(self, unit: Unit, /) -> Committed:
        """Keep a unit of work; see `Writer.commit`."""
        checked = checked_unit(unit, self._tables.types)
        digest = None if unit.key is None else unit_digest(checked, self._tables.types)
        found = self._kept_at_once(checked, digest)
        if found is not None:
            return found
        with self._engine.writing() as session:
            return keep(session, self._tables, checked, digest)

    def _kept_at_once(self, unit: CheckedUnit, digest: str | None) -> Committed | None:
        """Return the answer to a unit kept with one statement, `None` where that was refused."""
        statement = self._one_trip.statement(unit, digest)
        if statement is None:
            return None
        with self._engine.reading() as session:
            try:
                rows = session.rows(*statement)
            except Exception as error:
                if is_told_better(error):
                    return None
                raise
        return self._one_trip.answer(unit, rows[0]) if rows else None

    def load(self, records: Iterable[Any], /, *, recorded_at: datetime) -> int:
        """Keep many new records as one unit, and return how many; see `Writer.load`."""
        unit = load_unit(records, checked_instant(recorded_at))
        count = len(unit.changes) + len(unit.events)
        if count:
            checked = checked_unit(unit, self._tables.types)
            with self._engine.writing() as session:
                keep_new(session, self._tables, checked)
        return count

    def erase(self, records: str, id: str, /, *, recorded_at: datetime) -> int:  # noqa: A002 - as above
        """
        Erase the personal data of a subject, in the past too; see `Writer.erase`.

        The server takes what is erased out of its files when it vacuums its tables, and out of its
        log and its backups as they are given up.
        """
        self._tables.types.versioned_table(records)
        checked_instant(recorded_at)
        with self._engine.writing() as session:
            return erase_subject(session, self._tables, records, id) if is_id(id) else 0

    def close(self) -> None:
        """Let go of all connections; a closed store refuses everything else."""
        self._engine.close()


def _make_schema(session: Session, schema: str) -> None:
    # Whoever opens the store at the same time waits here until the tables are made.
    session.rows("SELECT pg_advisory_xact_lock(hashtextextended('salescore ' || %s, 0))", (schema,))
    text = "SELECT 1 FROM information_schema.schemata WHERE schema_name = %s"
    if not session.rows(text, (schema,)):
        session.run(f'CREATE SCHEMA "{schema}"')


def _is_power_safe(session: Session) -> bool:
    names = ("fsync", "full_page_writes", "synchronous_commit")
    asked = ", ".join(f"current_setting('{name}')" for name in names)
    (found,) = session.rows(f"SELECT {asked}")
    return tuple(found[:2]) == ("on", "on") and found[2] != "off"
