"""Which engines frames are made for, and how each takes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from salescore.errors import InvalidValue, MissingExtra, UnknownName
from salescore.frames._write_columns import arrow_table
from salescore.plain import FieldTable

Native = Any
"""A dataframe of any engine; they have no type in common."""


def native_frame(
    schema: FieldTable,
    columns: Mapping[str, Sequence[Any]],
    engine: str = "polars",
    *,
    session: object = None,
) -> Native:
    """
    Return columns of Python values as a dataframe of an engine.

    Decimals are as wide as their numbers need, days are dates, instants are in UTC, and a set of
    texts is one text: U+001F before each of its texts in order, and at the end.

    Args:
        schema: Field table of the rows.
        columns: A column per field; one that is left out is left out of the frame.
        engine: `polars`, `polars-lazy`, `pyarrow`, `pandas`, `duckdb` or `spark`.
        session: The Spark session, which `spark` needs; or the connection of DuckDB, by default
            one of its own that lives in memory.

    Raises:
        UnknownName: There is no such engine, or a column that is no field.
        InvalidValue: Spark without its session.
        InvalidFrame: Numbers of more than 38 digits, texts that no frame carries.
        MissingExtra: The engine is not installed.
    """
    made = maker(engine)
    for name in columns:
        schema.field(name)
    fields = [field for field in schema.fields if field.name in columns]
    table = arrow_table(schema.name, fields, [columns[field.name] for field in fields])
    return made(table, session)


def maker(engine: str) -> Callable[[Any, object], Native]:
    """
    Return what turns an Arrow table into a dataframe of an engine, given its session.

    Raises:
        UnknownName: There is no such engine.
    """
    try:
        return _MAKERS[engine]
    except KeyError:
        raise UnknownName("engine", engine, tuple(_MAKERS)) from None


def session_of(engine: str, session: object) -> object:
    """Return the session for several frames of an engine, so that they can be joined."""
    return duckdb_connection(session) if engine == "duckdb" else session


def polars() -> Any:  # noqa: ANN401 - imported where it is used
    """
    Return polars.

    Raises:
        MissingExtra: The extra `polars` is not installed.
    """
    try:
        import polars as pl  # noqa: PLC0415 - only who asks for it
    except ModuleNotFoundError:
        raise MissingExtra("polars", "polars") from None
    return pl


def duckdb_connection(session: object) -> Any:  # noqa: ANN401 - imported where it is used
    """
    Return a connection of DuckDB: the one handed in, or one of its own in memory.

    Raises:
        MissingExtra: The extra `duckdb` is not installed.
    """
    if session is not None:
        return session
    try:
        import duckdb  # noqa: PLC0415 - only who asks for it
    except ModuleNotFoundError:
        raise MissingExtra("duckdb", "duckdb") from None
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def spark_session(session: object) -> Any:  # noqa: ANN401 - a session of an optional package
    """
    Return a Spark session.

    Raises:
        InvalidValue: There is none; a session has settings that are the caller's to choose.
    """
    if session is None:
        fault = "hand in the Spark session: session=spark"
        raise InvalidValue("session", session, fault)
    return session


def _polars(table: Any, _session: object) -> Native:  # noqa: ANN401 - a package without types
    return polars().from_arrow(table)


def _polars_lazy(table: Any, session: object) -> Native:  # noqa: ANN401 - as above
    return _polars(table, session).lazy()


def _pyarrow(table: Any, _session: object) -> Native:  # noqa: ANN401 - as above
    return table


def _pandas(table: Any, _session: object) -> Native:  # noqa: ANN401 - as above
    try:
        import pandas as pd  # noqa: PLC0415 - only who asks for it
    except ModuleNotFoundError:
        raise MissingExtra("pandas", "frames") from None
    return table.to_pandas(types_mapper=pd.ArrowDtype)


def _duckdb(table: Any, session: object) -> Native:  # noqa: ANN401 - as above
    return duckdb_connection(session).from_arrow(table)


def _spark(table: Any, session: object) -> Native:  # noqa: ANN401 - as above
    return spark_session(session).createDataFrame(table)


_MAKERS: Mapping[str, Callable[[Any, object], Native]] = MappingProxyType(
    {
        "polars": _polars,
        "polars-lazy": _polars_lazy,
        "pyarrow": _pyarrow,
        "pandas": _pandas,
        "duckdb": _duckdb,
        "spark": _spark,
    }
)

ENGINES: tuple[str, ...] = tuple(_MAKERS)
"""Names of the engines that frames are made for."""
