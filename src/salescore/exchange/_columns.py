"""Columns of text: what the fields of many records look like in a file of our own layout."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import Any, assert_never

from salescore.errors import InvalidRecord
from salescore.exchange._cells import CURRENCY, GUARDED
from salescore.exchange._guard import guarded_column
from salescore.plain import Field, FieldTable, Kind, field_column
from salescore.values import Money, format_instant

#: Says what is wrong with a text that a file cannot carry, `None` where it can.
TextFault = Callable[[str], str | None]


def text_columns(
    table: FieldTable, records: Sequence[Any], text_fault: TextFault
) -> list[Sequence[str]]:
    """
    Return the cells of some records, by column, in the order of `csv_columns`.

    Args:
        table: Their field table.
        records: The records.
        text_fault: Says which texts the file cannot carry; also asked of several at once.

    Raises:
        InvalidRecord: A text that the file cannot carry.
    """
    columns: list[Sequence[str]] = []
    for field in table.fields:
        values = plain_column(records, field)
        if field.kind in GUARDED:
            check_texts(table, field, records, values, text_fault)
        columns.append(texts_of(field, values))
    if table.csv_columns[len(table.fields) :] == (CURRENCY,):
        columns.append([code or "" for code in currencies_of(table, records)])
    return columns


def currencies_of(table: FieldTable, records: Sequence[Any]) -> list[str | None]:
    """Return the currency of each record, in which all its money is; `None` where it has none."""
    found: list[str | None] = [None] * len(records)
    for name in table.money_fields:
        if None not in found:
            break
        moneys: list[Money | None] = field_column(records, table.field(name))
        found = [
            code if code is not None or money is None else money.currency
            for code, money in zip(found, moneys, strict=True)
        ]
    return found


def check_texts(
    table: FieldTable,
    field: Field,
    records: Sequence[Any],
    values: Sequence[str | None],
    text_fault: TextFault,
) -> None:
    """
    Refuse a column that holds a text which the file cannot carry.

    Raises:
        InvalidRecord: The first such text, with its record and field.
    """
    if text_fault("\n".join(filter(None, values))) is None:
        return
    for record, text in zip(records, values, strict=True):
        fault = None if text is None else text_fault(text)
        if fault is not None:
            raise InvalidRecord(f"{table.name}/{record.id}", field.name, text, fault)


def plain_column(records: Sequence[Any], field: Field) -> list[Any]:
    """Return the values of one field, choices as their texts."""
    values = field_column(records, field)
    if field.choice_type is None:
        return values
    return [None if value is None else value.value for value in values]


def texts_of(field: Field, values: list[Any]) -> Sequence[str]:
    if None not in values:
        return _known(field.kind, values)
    known = iter(_known(field.kind, [value for value in values if value is not None]))
    return ["" if value is None else next(known) for value in values]


def _known(kind: Kind, values: list[Any]) -> Sequence[str]:
    """Return the cells of values, none of which is `None`."""
    match kind:
        case Kind.ID | Kind.TEXT | Kind.CHOICE:
            return guarded_column(values)
        case Kind.DECIMAL:
            return _numbers(values)
        case Kind.MONEY:
            return _numbers(list(map(attrgetter("amount"), values)))
        case Kind.DATE:
            return [day.isoformat() for day in values]
        case Kind.INSTANT:
            return list(map(format_instant, values))
        case Kind.BOOLEAN:
            return ["true" if value else "false" for value in values]
        case _:
            assert_never(kind)


def _numbers(values: list[Decimal]) -> list[str]:
    plain = list(map(str, values))
    if "E" in (joined := "".join(plain)) or "-0" in joined:
        return list(map(number_text, values))
    return plain


def number_text(value: Decimal) -> str:
    """Return a decimal without exponent, and zero without a minus."""
    return format(value or value.copy_abs(), "f")
