"""Rows against their field table: the check of rows in Python, and the reading of rows in JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, assert_never, cast

from salescore.errors import InvalidNumber, InvalidValue
from salescore.plain import Field, FieldTable, Kind, Node
from salescore.rules._check import RuleType, check_types
from salescore.rules._json_read import WHOLE_LIMIT, read_argument
from salescore.rules._operator_spec import ArgumentKind
from salescore.rules._tree import FieldRef, Scalar
from salescore.values import check_decimal

_HOLDS: dict[RuleType, str] = {
    RuleType.BOOLEAN: "True or False",
    RuleType.NUMBER: "a finite Decimal",
    RuleType.TEXT: "a text",
    RuleType.DATE: "a date without time",
    RuleType.INSTANT: "a datetime with a time zone",
    RuleType.TAGS: "a frozenset of texts",
}

_WRITTEN: dict[RuleType, ArgumentKind] = {
    RuleType.NUMBER: ArgumentKind.DECIMAL,
    RuleType.TEXT: ArgumentKind.TEXT,
    RuleType.DATE: ArgumentKind.DATE,
    RuleType.INSTANT: ArgumentKind.INSTANT,
    RuleType.TAGS: ArgumentKind.TEXTS,
}
"""How JSON writes what is neither true nor false."""


def check_row(row: Mapping[str, object], table: FieldTable) -> None:
    """
    Refuse a row that rules over a table would read wrongly, or not at all.

    Every field of the table must be there, with `None` where it is unknown; only money is not
    looked at, as no rule reads it. Keys beyond the table are allowed, because rows often carry
    more than rules read.

    Args:
        row: Values by field name.
        table: Field table that the rules were checked against.

    Raises:
        InvalidValue: A field that is missing, null where the table allows none, no such choice, a
            number out of range, or of another type: a float, an `int`, a `datetime` for a date.

    Examples:
        >>> from salescore.plain import Field, FieldTable, Kind
        >>> paid = Field(name="paid", kind=Kind.DECIMAL, nullable=True, labels=("Paid", "已付"))
        >>> check_row({"paid": Decimal(12), "note": 1.5}, FieldTable(name="t", fields=(paid,)))
    """
    for field in _readable(table):
        if field.name not in row:
            missing = "every field must be there, None where it is unknown"
            raise InvalidValue(f"missing field of {table.name}", field.name, missing)
        value = row[field.name]
        wanted = check_types(FieldRef(field.name), table)
        if value is None or is_of(value, wanted):
            fault = _fault(value, field)
        else:
            fault = f"it must be {_HOLDS[wanted]}"
        if fault is not None:
            raise InvalidValue(field.name, value, fault)


def read_row(data: object, table: FieldTable, path: str = "row") -> dict[str, Any]:
    """
    Return a row that JSON states, in the form that rules read.

    Decimals are texts such as "12.50", or whole numbers up to 2**53 - 1; dates "2017-03-01";
    instants "2017-03-01T00:30:00Z"; tags lists of texts. Null, or a key left out, is unknown. A key
    that the table does not have is refused, so that a slip is no unknown value; fields of money
    are no keys, as no rule reads them.

    Args:
        data: A JSON object, best from `parse_json`, or the `Node` where it stands.
        table: Field table that the rules were checked against.
        path: Where the data stand, for error messages; a `Node` has its own.

    Returns:
        A value, or `None`, for every field but money, as `check_row` wants it.

    Raises:
        InvalidDocument: Anything else; it names the place and what would be right.

    Examples:
        >>> from salescore.plain import Field, FieldTable, Kind
        >>> paid = Field(name="paid", kind=Kind.DECIMAL, nullable=True, labels=("Paid", "已付"))
        >>> read_row({"paid": "12.50"}, FieldTable(name="t", fields=(paid,)))
        {'paid': Decimal('12.50')}
    """
    node = data if isinstance(data, Node) else Node(data, path)
    fields = _readable(table)
    required = [field.name for field in fields if not field.nullable]
    members = node.object([field.name for field in fields], required)
    found: dict[str, Any] = {}
    for field in fields:
        member = members.get(field.name)
        if member is None:
            found[field.name] = None
            continue
        value = _read(member, check_types(FieldRef(field.name), table))
        fault = _fault(value, field)
        if fault is not None:
            member.refuse(fault)
        found[field.name] = value
    return found


def is_of(value: object, wanted: RuleType) -> bool:
    """Return whether a value that is not null is of the type that a field yields."""
    match wanted:
        case RuleType.BOOLEAN:
            return isinstance(value, bool)
        case RuleType.NUMBER:
            return isinstance(value, Decimal) and value.is_finite()
        case RuleType.TEXT:
            return isinstance(value, str)
        case RuleType.DATE:
            return isinstance(value, date) and not isinstance(value, datetime)
        case RuleType.INSTANT:
            return isinstance(value, datetime) and value.utcoffset() is not None
        case RuleType.TAGS:
            return isinstance(value, frozenset) and all(
                type(tag) is str for tag in cast("frozenset[object]", value)
            )
        case _:
            assert_never(wanted)


def _readable(table: FieldTable) -> list[Field]:
    return [field for field in table.fields if field.kind is not Kind.MONEY]


def _fault(value: object, field: Field) -> str | None:
    """Return what is wrong with a value of the right type, or `None` where nothing is."""
    if value is None:
        return None if field.nullable else "the table says that it is never null"
    if field.choices and value not in field.choices:
        return f"it is one of {', '.join(field.choices)}"
    if not isinstance(value, Decimal):
        return None
    try:
        check_decimal(value)
    except InvalidNumber as error:
        return error.fault
    return field.range_fault(value)


def _read(node: Node, wanted: RuleType) -> Scalar | frozenset[str] | None:
    data = node.data
    if data is None:
        return None
    if wanted is RuleType.BOOLEAN:
        return node.flag()
    if wanted is RuleType.NUMBER and type(data) is not str:
        if type(data) is not int:
            node.refuse('expected a number as text, such as "12.50", or a whole number')
        if not -WHOLE_LIMIT <= data <= WHOLE_LIMIT:
            node.refuse(f"a whole number goes up to {WHOLE_LIMIT:,}; write it as text")
        return Decimal(data)
    if wanted is RuleType.TAGS:
        tags: tuple[str, ...] = read_argument(ArgumentKind.TEXTS, node)
        if len(set(tags)) < len(tags):
            node.refuse("a tag stands twice in the list")
        return frozenset(tags)
    found: Scalar = read_argument(_WRITTEN[wanted], node)
    return found
