"""Reading records and events from a database, now and as of a past moment."""

from __future__ import annotations

from datetime import date

from salescore.frames import Dialect, SqlStatement, sql_rule
from salescore.plain import Kind
from salescore.storage._asked import CheckedQuery, column_reader
from salescore.storage._checks import EVENTS
from salescore.storage._query import NOW, Kept, KeptEvent, Moment, Page
from salescore.storage._sql_keep import Session, StoreTables
from salescore.storage._sql_order import behind, canonical, order_text
from salescore.storage._sql_statements import KEPT_COLUMNS, TableSql
from salescore.storage._sql_tables import (
    EFFECTIVE_ON,
    IS_REMOVED,
    MOST_NUMBER,
    RECORDED_AT,
    UNTIL,
    VERSION,
    Database,
)

_DIALECTS = {Database.SQLITE: Dialect.SQLITE, Database.POSTGRES: Dialect.POSTGRES}


def read_record(
    session: Session,
    tables: StoreTables,
    records: str,
    id: str,  # noqa: A002 - the word for it everywhere
    at: Moment,
) -> Kept | None:
    """Return a record, or `None` where none was kept at that moment."""
    table = tables[records]
    if at == NOW:
        rows = session.rows(table.read, (id,))
    else:
        held = _held(tables, table, at)
        n = tables.names
        text = (
            f"SELECT {n.names(KEPT_COLUMNS)}, {table.fields}, {n.name(IS_REMOVED)} "
            f"FROM {table.name} t WHERE t.{n.name('id')} = {n.mark} AND {held.text}"
        )
        rows = session.rows(text, (id, *held.parameters))
    if not rows or rows[0][-1]:
        return None
    kept: Kept = table.rows.kept(tables.store, rows)[0]
    return kept


def read_versions(
    session: Session,
    tables: StoreTables,
    records: str,
    id: str,  # noqa: A002 - the word for it everywhere
) -> tuple[Kept, ...]:
    """Return all versions of a record but its removals."""
    table = tables[records]
    return tuple(table.rows.kept(tables.store, session.rows(table.versions, (id,))))


def read_events(
    session: Session, tables: StoreTables, after: int, limit: int
) -> tuple[KeptEvent, ...]:
    """Return the next events."""
    table = tables[EVENTS]
    behind_all = min(after, MOST_NUMBER)
    rows = session.rows(table.events, (tables.encoded(behind_all), tables.encoded(limit)))
    return tuple(table.rows.kept(tables.store, rows))


def find_page(session: Session, tables: StoreTables, asked: CheckedQuery) -> Page:
    """Return a page of the records that a rule holds for."""
    table = tables[asked.table.name]
    statement = page_statement(tables, asked)
    rows = session.rows(statement.text, statement.parameters)
    found: list[Kept] = table.rows.kept(tables.store, rows)
    if len(found) <= asked.query.limit:
        return Page(kept=tuple(found))
    del found[-1]
    last = found[-1].record
    key = tuple(column_reader(asked.table, one.field)(last) for one in asked.order)
    return Page(kept=tuple(found), cursor=asked.cursor(key))


def page_statement(tables: StoreTables, asked: CheckedQuery) -> SqlStatement:
    """Return the statement that answers a question, with one row more than the page takes."""
    n, table = tables.names, tables[asked.table.name]
    held = _held(tables, table, asked.query.at)
    shown, inner = _columns(table)
    own = n.names(KEPT_COLUMNS)
    held_rows = f"SELECT {own}, {inner} FROM {table.name} t WHERE {held.text}"
    text = f"SELECT {own}, {shown} FROM ({held_rows}) q"
    parameters = [*held.parameters]
    conditions: list[str] = []
    if asked.query.where is not None:
        dialect = _DIALECTS[n.database]
        rule = sql_rule(asked.query.where, asked.schema, dialect, is_canonical=True)
        conditions.append(f"({rule.text})")
        parameters += rule.parameters
    if asked.start is not None:
        start = behind(n, asked.order, asked.schema, asked.start)
        conditions.append(f"({start.text})")
        parameters += start.parameters
    if conditions:
        text += " WHERE " + " AND ".join(conditions)
    text += f" ORDER BY {order_text(n, asked.order, asked.schema)} LIMIT {n.mark}"
    return SqlStatement(text, (*parameters, tables.encoded(asked.query.limit + 1)))


def _columns(table: TableSql) -> tuple[str, str]:
    """
    Return the columns that an answer is made of, and those that rules read, as lists.

    Rules compare decimals in SQLite as text without trailing zeros; answers keep every zero.
    """
    n = table.names
    if n.database is not Database.SQLITE:
        return table.fields, table.fields
    shown: list[str] = []
    inner: list[str] = []
    for column in table.columns:
        name = n.name(column.name)
        if column.kind is Kind.DECIMAL:
            inner.append(f"{name} AS {n.name('__' + column.name)}, {canonical(name)} AS {name}")
            name = n.name("__" + column.name)
        else:
            inner.append(name)
        shown.append(name)
    return ", ".join(shown), ", ".join(inner)


def _held(tables: StoreTables, table: TableSql, at: Moment) -> SqlStatement:
    """Return the condition that a version is the one that holds at a moment, and no removal."""
    n = tables.names
    is_kept = f"NOT t.{n.name(IS_REMOVED)}"
    recorded = () if at.recorded is None else (tables.encoded(at.recorded),)
    until = f"t.{n.name(UNTIL)} IS NULL"
    if at.effective is None:
        if not recorded:
            return SqlStatement(f"{until} AND {is_kept}")
        text = (
            f"t.{n.name(RECORDED_AT)} <= {n.mark} AND "
            f"({until} OR t.{n.name(UNTIL)} > {n.mark}) AND {is_kept}"
        )
        return SqlStatement(text, recorded * 2)
    day = (tables.encoded(at.effective),)
    since, other = _since(tables, "t."), _since(tables, "o.")
    version = n.name(VERSION)
    text = (
        f"{_candidate(tables, 't.', at)} AND {is_kept} AND NOT EXISTS ("
        f"SELECT 1 FROM {table.name} o WHERE o.{n.name('id')} = t.{n.name('id')} AND "
        f"{_candidate(tables, 'o.', at)} AND "
        f"({other} > {since} OR ({other} = {since} AND o.{version} > t.{version})))"
    )
    return SqlStatement(text, (*recorded, *day) * 2)


def _candidate(tables: StoreTables, alias: str, at: Moment) -> str:
    """Return the condition that a version was recorded and began by a moment."""
    n = tables.names
    began = f"{_since(tables, alias)} <= {n.mark}"
    if at.recorded is None:
        return began
    return f"{alias}{n.name(RECORDED_AT)} <= {n.mark} AND {began}"


def _since(tables: StoreTables, alias: str) -> str:
    """Return the first day from which a version holds, as SQL; the first of all days for ever."""
    since_ever = f"'{date.min.isoformat()}'"
    return f"COALESCE({alias}{tables.names.name(EFFECTIVE_ON)}, {since_ever})"
