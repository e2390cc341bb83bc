"""Records as dataframes, one for each record type."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from salescore.book import SalesBook
from salescore.errors import InvalidValue
from salescore.frames._write_columns import arrow_table
from salescore.frames._write_engines import Native, maker, session_of
from salescore.plain import Field, FieldTable, Kind, field_column

CURRENCY = "currency"
"""Column of the currency in which all money of a row is."""

CURRENCY_FIELD = Field(name=CURRENCY, kind=Kind.TEXT, nullable=True, labels=("Currency", "币种"))


def to_frames(
    book: SalesBook,
    engine: str = "pyarrow",
    *,
    records: Iterable[str] | None = None,
    session: object = None,
) -> dict[str, Native]:
    """
    Return the records of a book as dataframes, in the columns of a folder of facts.

    A column has the name of its field; amounts of money are decimals beside one `currency` column
    of the row, choices are text, and registered fields are columns among the others.

    Args:
        book: The facts.
        engine: `polars`, `polars-lazy`, `pyarrow`, `pandas` (Arrow-backed), `duckdb` (a relation)
            or `spark`.
        records: Record types in snake_case plural; `None` for those of which there are any.
        session: The Spark session, which `spark` needs; or the connection of DuckDB, by default
            one of its own that lives in memory.

    Returns:
        A dataframe by record type. `from_frames` makes the same records of them again.

    Raises:
        UnknownName: There is no such engine or record type.
        InvalidValue: Spark without its session, or one record type where several are held.
        InvalidFrame: A column whose numbers together need more than 38 digits, or texts that no
            frame carries.
        MissingExtra: The engine is not installed.
    """
    made, own = maker(engine), session_of(engine, session)
    if records is None:
        tables = [table for table in book.tables if book.records(table.name)]
    elif isinstance(records, str):
        raise InvalidValue("records", records, f"it holds several names, such as [{records!r}]")
    else:
        tables = [book.table(name) for name in dict.fromkeys(records)]
    return {table.name: made(_arrow(table, book.records(table.name)), own) for table in tables}


def frame_fields(table: FieldTable) -> tuple[Field, ...]:
    """Return the columns of a record type in a dataframe: its fields, and the currency of money."""
    return (*table.fields, CURRENCY_FIELD) if table.money_fields else table.fields


def _arrow(table: FieldTable, records: Sequence[Any]) -> Native:
    codes: list[str | None] = [None] * len(records)
    columns: list[Sequence[Any]] = []
    for field in table.fields:
        values = field_column(records, field)
        if field.choice_type is not None:
            values = [None if value is None else value.value for value in values]
        elif field.kind is Kind.MONEY:
            codes = [
                known if money is None else money.currency
                for known, money in zip(codes, values, strict=True)
            ]
            values = [None if money is None else money.amount for money in values]
        columns.append(values)
    if table.money_fields:
        columns.append(codes)
    return arrow_table(table.name, frame_fields(table), columns)
