"""The form in which values travel to engines of JsonLogic: whole numbers, texts, truth values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import cast

from salescore.errors import InvalidRecord, InvalidValue, RuleTypeError
from salescore.plain import Field, FieldTable, Kind
from salescore.rules._check import RuleType, check_types
from salescore.rules._row_check import is_of
from salescore.rules._tree import FieldRef, Scalar

WHOLE_LIMIT = 2**53 - 1
"""Largest whole number that JavaScript tells from its neighbours."""

STEP_LIMIT = 2**48 - 1
"""Most steps of a decimal in a row, so that sums of up to 32 of them stay exact."""

DIGITS_LIMIT = 9
"""Most digits behind the point that are carried; days between dates stay exact with so many."""

_EPOCH_DAY = date(1970, 1, 1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

DAY_LIMIT = max(abs((day - _EPOCH_DAY).days) for day in (date.min, date.max))
"""Most days between a date and the first day of 1970."""

DAYS_LIMIT = (date.max - date.min).days
"""Most days between two dates."""


def check_digits(digits: int) -> None:
    """
    Refuse a number of digits that cannot be carried.

    Raises:
        InvalidValue: Not a whole number from 0 to 9.
    """
    if type(digits) is not int or not 0 <= digits <= DIGITS_LIMIT:
        raise InvalidValue("digits", digits, f"a whole number from 0 to {DIGITS_LIMIT}")


def steps(value: Decimal | date, digits: int) -> Fraction:
    """
    Return where a number, a date or an instant stands on the scale of its kind.

    Args:
        value: A number counts in steps of the last digit, a date in days and an instant in
            microseconds since the start of 1970.
        digits: Digits behind the point of a number.
    """
    if isinstance(value, datetime):
        return Fraction((value - _EPOCH) // _MICROSECOND)
    if isinstance(value, date):
        return Fraction((value - _EPOCH_DAY).days)
    scale: int = 10**digits
    return Fraction(value) * scale


def is_torn(text: str) -> bool:
    """Return whether a text holds half of a surrogate pair, which no text of JSON should."""
    return any("\ud800" <= sign <= "\udfff" for sign in text)


def jsonlogic_row(
    row: Mapping[str, Scalar | frozenset[str] | None], table: FieldTable, digits: int
) -> dict[str, object]:
    """
    Return a row in the form that rules written by `to_jsonlogic` read.

    Decimals become whole numbers of steps of the last digit, dates whole days and instants whole
    microseconds since the start of 1970 (UTC), tags sorted lists; truth values and texts stay.
    A name with dots becomes an object in an object, as `var` reads it.

    Args:
        row: Values by field name; a name that is absent is null. Names beyond the table are left
            out.
        table: Field table of the fact table; its fields of money are left out.
        digits: Digits behind the point that decimals are carried with, 0 to 9; the same that the
            rule was written with.

    Returns:
        JSON data with every field, null where it is null.

    Raises:
        InvalidRecord: A value that cannot be carried exactly: more digits behind the point, more
            than 2**48 - 1 steps, an instant 285 years or more from 1970, null where the table
            allows none, or a value of another type.
        RuleTypeError: A field name that `var` cannot read.
        InvalidValue: Digits out of range.

    Examples:
        >>> from salescore.plain import Field, FieldTable, Kind
        >>> paid = Field(name="paid", kind=Kind.DECIMAL, nullable=True, labels=("Paid", "已付"))
        >>> jsonlogic_row({"paid": Decimal("12.50")}, FieldTable(name="t", fields=(paid,)), 2)
        {'paid': 1250}
    """
    check_digits(digits)
    found: dict[str, object] = {}
    for field in table.fields:
        if field.kind is Kind.MONEY:
            continue
        value = _carried(row.get(field.name), field, table, digits)
        *outer, last = path_of(field.name, table)
        place = found
        for name in outer:
            place = cast("dict[str, object]", place.setdefault(name, {}))
        place[last] = value
    return found


def path_of(name: str, table: FieldTable) -> list[str]:
    """
    Return the keys by which `var` reaches a field.

    Raises:
        RuleTypeError: The name has an empty part, or another field stands in its way.
    """
    keys = name.split(".")
    if not all(keys):
        raise RuleTypeError(name, "JsonLogic cannot read a field whose name has an empty part")
    for count in range(1, len(keys)):
        outer = ".".join(keys[:count])
        if outer in table:
            raise RuleTypeError(name, f"JsonLogic cannot read it beside the field {outer}")
    return keys


def _carried(
    value: Scalar | frozenset[str] | None, field: Field, table: FieldTable, digits: int
) -> object:
    """Return one value as it travels."""

    def refused(fault: str) -> InvalidRecord:
        return InvalidRecord(table.name, field.name, value, fault)

    if value is None:
        if not field.nullable:
            raise refused("the table says that it is never null")
        return None
    wanted = check_types(FieldRef(field.name), table)
    if not is_of(value, wanted):
        raise refused(f"it must be of the type {wanted.value}")
    if isinstance(value, str | frozenset):
        if any(map(is_torn, (value,) if isinstance(value, str) else value)):
            raise refused("half of a surrogate pair is no text")
        return value if isinstance(value, str) else sorted(value)
    if isinstance(value, bool):
        return value
    limit = STEP_LIMIT if wanted is RuleType.NUMBER else WHOLE_LIMIT
    found = steps(value, digits)
    if found.denominator != 1:
        raise refused(f"it has more than {digits} digits behind the point")
    if abs(found.numerator) > limit:
        raise refused(f"it is beyond {limit:,} steps")
    return found.numerator
