"""The field table of a single row, read off its values and the rule, where nobody gave one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from salescore.plain import Field, FieldTable, Kind
from salescore.rules._tree import (
    Arithmetic,
    Between,
    Comparison,
    DaysBetween,
    Expression,
    FieldRef,
    Literal,
    Membership,
    Rounded,
    TagTest,
    children,
    fields_of,
)

_TAGS = "tags"


def row_table(rule: Expression, row: Mapping[str, object]) -> FieldTable:
    """
    Return a field table for the fields of a row, and those that a rule reads.

    The type of a field is that of its value; where that is unknown, that of what the rule sets
    beside it; else text. It has no units, choices or bounds, and its labels are the names.

    Args:
        rule: The rule.
        row: Values by field name.
    """
    hints: dict[str, str] = {}
    waiting: list[Expression] = [rule]
    while waiting:
        node = waiting.pop()
        hints.update(_hints(node, row))
        waiting.extend(children(node))
    fields: list[Field] = []
    for name in dict.fromkeys((*fields_of(rule), *row)):
        kind = _kind_of(row.get(name)) or hints.get(name) or Kind.TEXT.value
        is_set = kind == _TAGS
        fields.append(
            Field(
                name=name,
                kind=Kind.TEXT if is_set else Kind(kind),
                nullable=True,
                labels=(name, name),
                is_set=is_set,
            )
        )
    return FieldTable(name="row", fields=tuple(fields))


def _hints(node: Expression, row: Mapping[str, object]) -> dict[str, str]:
    """Return what a node says of the fields right below it."""
    match node:
        case Comparison() | Between() | Membership():
            parts = children(node)
            known = [_kind_of(_value(part, row)) for part in parts]
            found = next((kind for kind in known if kind is not None), None)
        case Arithmetic() | Rounded():
            parts, found = children(node), Kind.DECIMAL.value
        case DaysBetween():
            parts, found = children(node), Kind.DATE.value
        case TagTest():
            parts, found = children(node), _TAGS
        case _:
            return {}
    return {} if found is None else {one.name: found for one in parts if isinstance(one, FieldRef)}


def _value(part: Expression, row: Mapping[str, object]) -> object:
    match part:
        case Literal(value):
            return value
        case FieldRef(name):
            return row.get(name)
        case Arithmetic() | Rounded() | DaysBetween():
            return Decimal(0)
        case _:
            return None


def _kind_of(value: object) -> str | None:
    """Return the kind of a value, `tags` for a set, `None` for null."""
    match value:
        case None:
            return None
        case bool():
            return Kind.BOOLEAN.value
        case Decimal():
            return Kind.DECIMAL.value
        case datetime():
            return Kind.INSTANT.value
        case date():
            return Kind.DATE.value
        case frozenset():
            return _TAGS
        case _:
            return Kind.TEXT.value
