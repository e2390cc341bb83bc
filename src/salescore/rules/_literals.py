"""What a rule can hold as a literal."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import cast

from salescore.errors import InvalidNumber, RuleTypeError
from salescore.rules._tree import Scalar
from salescore.values import check_decimal

TEXT_LIMIT = 65_536
"""Most characters of one text in a rule."""

_SHOWN = 60


def checked_literal(value: object) -> Scalar:
    """
    Return a value unchanged if a rule can hold it.

    Args:
        value: Any object at all.

    Raises:
        RuleTypeError: A rule cannot hold it.
    """
    fault = _literal_fault(value)
    if fault is not None:
        raise RuleTypeError(shown_value(value), fault)
    return cast("Scalar", value)


def _literal_fault(value: object) -> str | None:
    """Return why a rule cannot hold a value, or `None` where it can."""
    match value:
        case bool():
            return None
        case str():
            return f"at most {TEXT_LIMIT:,} characters" if len(value) > TEXT_LIMIT else None
        case int():
            return "a number in a tree must be a Decimal"
        case Decimal():
            return _decimal_fault(value)
        case datetime():
            in_utc = value.utcoffset() == timedelta(0)
            return None if in_utc else "an instant in a tree must be in UTC"
        case date():
            return None
        case None:
            return "null cannot be compared; ask is_null()"
        case float():
            return "a float is not exact; write Decimal or a whole number"
        case Enum():
            return "write the value of the choice, as text"
        case _:
            return f"a rule cannot hold a {type(value).__name__}"


def _decimal_fault(value: Decimal) -> str | None:
    try:
        check_decimal(value)
    except InvalidNumber as error:
        return error.fault
    return None


def shown_value(value: object) -> str:
    """Return a literal as text, whatever it is and however long."""
    if isinstance(value, str):
        return repr(value[:_SHOWN])
    if isinstance(value, bool | date | Decimal | float | None):
        return str(value)[:_SHOWN]
    return f"a {type(value).__name__}"
