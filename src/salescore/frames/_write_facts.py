"""Fact tables as dataframes."""

from __future__ import annotations

from collections.abc import Iterable

from salescore.book import FACT_TABLES, Facts
from salescore.errors import InvalidValue
from salescore.frames._write_columns import arrow_table
from salescore.frames._write_engines import Native, maker, session_of


def fact_frames(
    facts: Facts,
    engine: str = "polars",
    *,
    tables: Iterable[str] | None = None,
    session: object = None,
) -> dict[str, Native]:
    """
    Return fact tables as dataframes, registered fields among their columns.

    Args:
        facts: The facts.
        engine: `polars`, `polars-lazy`, `pyarrow`, `pandas` (Arrow-backed), `duckdb` (a relation)
            or `spark`.
        tables: Names of the fact tables; `None` for all.
        session: The Spark session, which `spark` needs; or the connection of DuckDB, by default
            one of its own that lives in memory.

    Returns:
        A dataframe by name of fact table; a table without rows has its columns too. Decimals are
        as wide as their numbers need, and instants are in UTC.

    Raises:
        UnknownName: There is no such engine or fact table.
        InvalidValue: Spark without its session, or one name of a table where several are held.
        InvalidFrame: Numbers of more than 38 digits, or texts that no frame carries.
        MissingExtra: The engine is not installed.
    """
    made, own = maker(engine), session_of(engine, session)
    return {name: made(fact_arrow(facts, name), own) for name in table_names(facts, tables)}


def table_names(facts: Facts, tables: Iterable[str] | None) -> tuple[str, ...]:
    """
    Return the names of some fact tables; of all for `None`.

    Raises:
        InvalidValue: One name alone.
        UnknownName: There is no such fact table.
    """
    if tables is None:
        return tuple(schema.name for schema in FACT_TABLES)
    if isinstance(tables, str):
        raise InvalidValue("tables", tables, f"it holds several names, such as [{tables!r}]")
    return tuple(facts.schema(name).name for name in dict.fromkeys(tables))


def fact_arrow(facts: Facts, name: str) -> Native:
    """Return a fact table as an Arrow table."""
    table = facts.table(name)
    return arrow_table(name, table.schema.fields, table.columns)
