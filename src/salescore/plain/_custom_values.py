"""The attribute `custom` of a record: values of the fields that an application registered."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import cast

from salescore.errors import InvalidNumber
from salescore.values import Money, check_decimal

CustomValue = str | Decimal | Money | date | datetime | bool
"""What a registered field of a record may hold; a choice is its text."""

CustomValues = tuple[tuple[str, CustomValue], ...]
"""Names and values of the registered fields of one record, sorted by name, nulls left out."""


def custom_values(**values: CustomValue | None) -> CustomValues:
    """
    Return the registered fields of a record, as its attribute `custom` takes them.

    Args:
        **values: Value by name of the field; `None` is unknown and left out.

    Examples:
        >>> custom_values(vip=True, rank=None)
        (('vip', True),)
    """
    return tuple(sorted((name, value) for name, value in values.items() if value is not None))


def custom_fault(values: object) -> str | None:
    """Return what is wrong with the attribute `custom` of a record, or `None` where it is right."""
    right = "it must be pairs of name and value, sorted by name; custom_values() makes them"
    if type(values) is not tuple:
        return right
    before = ""
    for pair in cast("tuple[object, ...]", values):
        parts = cast("tuple[object, ...]", pair) if type(pair) is tuple else ()
        if len(parts) != 2:  # noqa: PLR2004 - name and value
            return right
        name, value = parts
        if type(name) is not str or name <= before:
            return right
        before = name
        fault = _fault(value)
        if fault is not None:
            return f"{name}: {fault}"
    return None


def _fault(value: object) -> str | None:
    match value:
        case bool() | str() | Money():
            return None
        case Decimal():
            try:
                check_decimal(value)
            except InvalidNumber as error:
                return error.fault
            return None
        case datetime():
            return None if value.tzinfo is UTC else "it must be an aware datetime in UTC"
        case date():
            return None
        case _:
            return "it must be text, Decimal, Money, date, datetime, True or False"
