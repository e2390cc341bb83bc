"""The strict codec between records and plain JSON data."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, cast

from salescore.errors import InvalidDocument, SalesCoreError
from salescore.plain._custom import check_custom, field_value
from salescore.plain._custom_values import CustomValues, custom_values
from salescore.plain._fields import CUSTOM, Field, FieldTable, Kind
from salescore.plain._records import value_fault
from salescore.plain._schema import DECIMAL_PATTERN, INSTANT_PATTERN
from salescore.values import Money, format_instant, parse_date, parse_decimal, parse_instant

_SHOWN = 60
_IS_DECIMAL = re.compile(DECIMAL_PATTERN)
_IS_INSTANT = re.compile(INSTANT_PATTERN)

_FORMS = {
    Kind.DECIMAL: "write a decimal as text, such as '12.50', without exponent or plus",
    Kind.MONEY: "write an object of amount and currency, both as text, and nothing else",
    Kind.DATE: "write a date as text, such as '2017-03-01'",
    Kind.INSTANT: "write an instant in UTC as text, such as '2017-03-01T00:30:00Z'",
}


def to_data(table: FieldTable, record: object) -> dict[str, object]:
    """
    Return a record as plain data, every field in canonical order, nulls included.

    Decimals are text without exponent, dates ISO 8601, instants end in Z, money is an object of
    amount and currency. Negative zero is written as zero.

    Args:
        table: Field table of the record's class.
        record: The record.

    Returns:
        Texts, truth values, nulls and objects of texts: what any JSON writer accepts.
    """
    data: dict[str, object] = {}
    for name in table.own_names:
        value = getattr(record, name)
        kind = value.__class__
        data[name] = value if kind in _PLAIN else _WRITERS.get(kind, _plain)(value)
    for field in table.custom_fields:
        data[field.name] = _plain(field_value(record, field))
    return data


def _plain(value: object) -> object:
    match value:
        case Money():
            return {"amount": _decimal(value.amount), "currency": value.currency}
        case Decimal():
            return _decimal(value)
        case datetime():
            return format_instant(value)
        case date():
            return value.isoformat()
        case Enum():
            return value.value
        case _:
            return value


def _decimal(value: Decimal) -> str:
    return format(value or value.copy_abs(), "f")


# What stands in nearly every field; all else, subclasses too, goes the longer way of `_plain`.
_PLAIN = frozenset({str, type(None), bool})
_WRITERS: dict[type[Any], Callable[[Any], object]] = {
    Decimal: _decimal,
    datetime: format_instant,
    date: date.isoformat,
}


def from_data(table: FieldTable, data: object, path: str = "") -> Any:  # noqa: ANN401 - the class is known when it runs
    """
    Return the record that plain data describes.

    Only what `to_data` can write is read: a decimal given as a number, an instant with another
    offset than Z or a field nobody declared is refused, not mended.

    Args:
        table: Field table of a record class.
        data: What `to_data` wrote; nullable fields may be left out.
        path: Where the data stand, for error messages.

    Returns:
        A record of the table's class.

    Raises:
        InvalidDocument: Unknown or missing field, or a value that its field does not allow.
    """
    where = path or table.name
    if table.record is None:
        raise InvalidDocument(where, "a fact table has no records of its own")
    if not isinstance(data, Mapping):
        raise InvalidDocument(where, "it must be an object")
    given = cast("Mapping[object, object]", data)
    for name in given:
        if name not in table:
            raise InvalidDocument(
                f"{where}/{_cut(str(name))}", f"{table.name} have no such field; leave it out"
            )
    values = {field.name: _value(field, given.get(field.name), where) for field in table.fields}
    registered = {field.name: values.pop(field.name) for field in table.custom_fields}
    try:
        record = table.record(**values, **_custom(registered))
        check_custom(table, [record] if registered else ())
    except SalesCoreError as error:
        raise InvalidDocument(where, str(error)) from error
    return record


def _custom(registered: Mapping[str, Any]) -> dict[str, CustomValues]:
    return {CUSTOM: custom_values(**registered)} if registered else {}


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
    fault = _form(field) if value is None else value_fault(field, value)
    if fault is not None:
        raise InvalidDocument(where, f"{_shown(raw)}: {fault}")
    return value


def _read(field: Field, raw: object) -> object:
    """Return the value that plain data state, or `None` where they have not the kind's form."""
    match field.kind, raw:
        case Kind.DECIMAL, str() if _IS_DECIMAL.fullmatch(raw):
            return parse_decimal(raw)
        case Kind.DATE, str():
            return parse_date(raw)
        case Kind.INSTANT, str() if _IS_INSTANT.fullmatch(raw):
            return parse_instant(raw)
        case Kind.MONEY, Mapping():
            return _money(cast("Mapping[object, object]", raw))
        case Kind.CHOICE, str() if raw in field.choices:
            return raw if field.choice_type is None else field.choice_type(raw)
        case ((Kind.ID | Kind.TEXT | Kind.BOOLEAN), _):
            return raw
        case _:
            return None


def _money(raw: Mapping[object, object]) -> Money | None:
    amount, code = raw.get("amount"), raw.get("currency")
    if len(raw) == 2 and isinstance(amount, str) and isinstance(code, str):  # noqa: PLR2004 - these two keys alone
        return Money(parse_decimal(amount), code) if _IS_DECIMAL.fullmatch(amount) else None
    return None


def _form(field: Field) -> str:
    if field.kind is Kind.CHOICE:
        return f"it must be one of {', '.join(field.choices)}"
    return _FORMS[field.kind]


def _shown(raw: object) -> str:
    """Return plain data as a reader should see them, whatever their size."""
    match raw:
        case str():
            return _cut(repr(raw[: _SHOWN + 1]))
        case bool() | float() | Decimal():
            return str(raw)
        case int():
            return str(raw) if raw.bit_length() <= _SHOWN else "a long whole number"
        case Mapping():
            return "an object"
        case list():
            return "a list"
        case _:
            return f"a {type(raw).__name__}"


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
