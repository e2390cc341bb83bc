"""Erasing the personal data of a subject from a database, in the past too."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from salescore.plain import erased, personal_fields
from salescore.storage._checks import EVENTS
from salescore.storage._digests import digest_without_personal
from salescore.storage._references import Reference, personal_references
from salescore.storage._sql_keep import Session, StoreTables, counters
from salescore.storage._sql_statements import TableSql, chunks, listed
from salescore.storage._sql_tables import IS_REMOVED, POSITION, UNIT, UNITS, VERSION


def erase_subject(
    session: Session,
    tables: StoreTables,
    records: str,
    id: str,  # noqa: A002 - the word for it everywhere
) -> int:
    """
    Empty the personal fields of a subject and of what is about it; return how many rows changed.

    Raises:
        StoreRefused: Another release has changed the tables since the store was opened.
    """
    counters(session, tables)
    references = personal_references(tables.types, records)
    positions: set[int] = set()
    rows = 0
    for table in tables.tables:
        ways = [one for one in references if one.table.name == table.table.name]
        is_own = table.table.name == records
        if not personal_fields(table.table) or not (ways or is_own):
            continue
        if table.table.name == EVENTS:
            found = _erase_events(session, tables, table, ways, records, id)
        else:
            found = _erase_versions(session, tables, table, ways, records, id)
        rows += len(found)
        positions.update(found)
    _cut_digests(session, tables, positions)
    return rows


def _erase_versions(
    session: Session,
    tables: StoreTables,
    table: TableSql,
    ways: Sequence[Reference],
    records: str,
    id: str,  # noqa: A002 - as above
) -> list[int]:
    n = tables.names
    condition, parameters = _about(table, ways, records, id)
    if table.table.name == records:
        condition, parameters = f"{n.name('id')} = {n.mark} OR {condition}", [id, *parameters]
    text = (
        f"SELECT {n.names((POSITION, VERSION))}, {table.fields} FROM {table.name} "
        f"WHERE NOT {n.name(IS_REMOVED)} AND ({condition})"
    )
    changed: list[int] = []
    for (position, version), record, values in _emptied(
        tables, table, session.rows(text, parameters)
    ):
        session.run(table.empty, (*values, record.id, tables.encoded(version)))
        changed.append(position)
    return changed


def _erase_events(
    session: Session,
    tables: StoreTables,
    table: TableSql,
    ways: Sequence[Reference],
    records: str,
    id: str,  # noqa: A002 - as above
) -> list[int]:
    n = tables.names
    condition, parameters = _about(table, ways, records, id)
    text = f"SELECT {n.names((UNIT, POSITION))}, {table.fields} FROM {table.name} WHERE {condition}"
    changed: list[int] = []
    for (unit, position), _, values in _emptied(tables, table, session.rows(text, parameters)):
        session.run(table.empty_event, (*values, tables.encoded(True), tables.encoded(position)))
        changed.append(unit)
    return changed


def _about(
    table: TableSql,
    ways: Sequence[Reference],
    records: str,
    id: str,  # noqa: A002 - as above
) -> tuple[str, list[str]]:
    """Return the condition that a row refers to the subject."""
    n = table.names
    parts, parameters = ["1 = 0"], list[str]()
    for way in ways:
        part = f"{n.name(way.field.name)} = {n.mark}"
        parameters.append(id)
        if way.by is not None:
            part += f" AND {n.name(way.by.name)} = {n.mark}"
            parameters.append(records)
        parts.append(f"({part})")
    return " OR ".join(parts), parameters


def _emptied(
    tables: StoreTables, table: TableSql, rows: Sequence[Any]
) -> Iterable[tuple[tuple[int, int], Any, list[Any]]]:
    """Return the rows that change: their two numbers, the record, its new personal columns."""
    places = [place for place, one in enumerate(table.columns) if one.name in table.personal]
    records = table.rows.records(tables.store, rows, 2)
    for row, record in zip(rows, records, strict=True):
        emptied = erased(table.table, record)
        if emptied != record:
            values = table.rows.row(emptied)
            yield (row[0], row[1]), emptied, [values[place] for place in places]


def _cut_digests(session: Session, tables: StoreTables, positions: Iterable[int]) -> None:
    """Cut the digests of units that had written personal data now gone."""
    n = tables.names
    units = n.table(UNITS)
    for some in chunks(sorted(positions)):
        found = session.rows(
            f"SELECT key, digest FROM {units} WHERE position IN {listed(n, len(some))}",
            [tables.encoded(one) for one in some],
        )
        for key, digest in found:
            session.run(
                f"UPDATE {units} SET digest = {n.mark} WHERE key = {n.mark}",
                (digest_without_personal(digest), key),
            )
