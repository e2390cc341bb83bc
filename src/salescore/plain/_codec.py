"""The strict codec between records and plain JSON data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar

from salescore.errors import InvalidDocument, SalesCoreError
from salescore.plain._fields import Field, FieldTable, Kind
from salescore.plain._records import value_fault
from salescore.values import Money, format_instant, parse_date, parse_decimal, parse_instant

R = TypeVar("R")


def to_data(table: FieldTable, record: object) -> dict[str, object]:
    """
    Return a record as plain data, every field in canonical order, nulls included.

    Decimals are text, dates ISO 8601, instants end in Z, money is an object of amount and currency.
    """
    return {name: _plain(getattr(record, name)) for name in table.names}


def _plain(value: object) -> object:
    match value:
        case Money():
            return {"amount": format(value.amount, "f"), "currency": value.currency}
        case Decimal():
            return format(value, "f")
        case datetime():
            return format_instant(value)
        case date():
            return value.isoformat()
        case Enum():
            return value.value
        case _:
            return value


def from_data(table: FieldTable, data: object, path: str = "") -> Any:
    """
    Return the record that plain data describes.

    Args:
        table: Field table of a record class.
        data: What `to_data` wrote; nullable fields may be left out.
        path: Where the data stand, for error messages.

    Raises:
        InvalidDocument: Unknown or missing field, or a value that its field does not allow.
    """
    if table.record is None:
        raise InvalidDocument(path or table.name, "a fact table has no records of its own")
    where = path or table.name
    if not isinstance(data, Mapping):
        raise InvalidDocument(where, "it must be an object")
    for name in data:
        if name not in table:
            raise InvalidDocument(f"{where}/{name}", f"{table.name} have no such field")
    values = {field.name: _value(field, data.get(field.name), where) for field in table.fields}
    try:
        return table.record(**values)
    except SalesCoreError as error:
        raise InvalidDocument(where, str(error)) from error


def _value(field: Field, raw: object, path: str) -> object:
    where = f"{path}/{field.name}"
    if raw is None:
        if field.nullable:
            return None
        raise InvalidDocument(where, "it is required")
    try:
        value = _read(field, raw)
    except SalesCoreError as error:
        raise InvalidDocument(where, str(error)) from None
    fault = value_fault(field, value)
    if fault is not None:
        raise InvalidDocument(where, f"{_short(raw)}: {fault}")
    return value


def _read(field: Field, raw: object) -> object:
    match field.kind, raw:
        case Kind.DECIMAL, str():
            return parse_decimal(raw)
        case Kind.DATE, str():
            return parse_date(raw)
        case Kind.INSTANT, str():
            return parse_instant(raw)
        case Kind.MONEY, {"amount": str(amount), "currency": str(currency), **rest} if not rest:
            return Money(parse_decimal(amount), currency)
        case Kind.CHOICE, str() if raw in field.choices and field.choice_type is not None:
            return field.choice_type(raw)
        case _:
            return raw


def _short(raw: object) -> str:
    text = repr(raw)
    return text if len(text) <= 80 else f"{text[:77]}..."  # noqa: PLR2004 a line of a terminal
