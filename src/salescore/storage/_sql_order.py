"""The order of answers, and where a page begins, as SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from salescore.frames import SqlStatement
from salescore.plain import FieldTable, Kind
from salescore.storage._cursor import SortKey
from salescore.storage._query import OrderBy
from salescore.storage._sql_rows import decimal_text, encoded
from salescore.storage._sql_tables import Database, Names


def order_text(names: Names, order: Sequence[OrderBy], schema: FieldTable) -> str:
    """Return what an answer is sorted by: what is unknown comes last either way."""
    return ", ".join(
        f"{_place(names, one, schema)} {'DESC' if one.is_descending else 'ASC'}"
        + (" NULLS LAST" if schema.field(one.field).nullable else "")
        for one in order
    )


def behind(
    names: Names, order: Sequence[OrderBy], schema: FieldTable, start: SortKey
) -> SqlStatement:
    """
    Return the condition that a record comes behind a sort key.

    Args:
        names: How the database is spoken to.
        order: Columns to sort by.
        schema: Columns of the record type.
        start: Values of these columns.
    """
    texts: list[str] = []
    parameters: list[Any] = []
    same: list[str] = []
    for place, (one, value) in enumerate(zip(order, start, strict=True)):
        column = _place(names, one, schema)
        if value is not None:  # behind what is unknown comes nothing
            sign = "<" if one.is_descending else ">"
            beyond = f"{column} {sign} {_value_place(names, value)}"
            if schema.field(one.field).nullable:
                beyond = f"({beyond} OR {column} IS NULL)"
            texts.append(" AND ".join((*same, beyond)))
            earlier = (one for one in start[:place] if one is not None)
            parameters += [_bound(names, one) for one in (*earlier, value)]
        same.append(
            f"{column} IS NULL" if value is None else f"{column} = {_value_place(names, value)}"
        )
    return SqlStatement(" OR ".join(f"({text})" for text in texts) or "1 = 0", tuple(parameters))


def canonical(column: str) -> str:
    """Return the SQL of a decimal's text without trailing zeros, as functions of SQLite want it."""
    return f"CASE WHEN instr({column}, '.') THEN rtrim(rtrim({column}, '0'), '.') ELSE {column} END"


def _place(names: Names, one: OrderBy, schema: FieldTable) -> str:
    column = names.name(one.field)
    is_text = names.database is Database.SQLITE
    is_number = schema.field(one.field).kind is Kind.DECIMAL
    return f"salescore_key({column})" if is_text and is_number else column


def _value_place(names: Names, value: object) -> str:
    is_text = names.database is Database.SQLITE
    return "salescore_key(?)" if is_text and isinstance(value, Decimal) else names.mark


def _bound(names: Names, value: str | bool | Decimal | date | datetime) -> Any:  # noqa: ANN401, FBT001 - what a driver binds
    if isinstance(value, Decimal):
        text = decimal_text(value)
        return text.rstrip("0").rstrip(".") if "." in text else text
    return encoded(value, names.database)
