"""Checks that every record makes of itself, and the bulk path behind a check of columns."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, TypeVar, assert_never, cast

import attrs

from salescore.errors import InvalidNumber, InvalidRecord, InvalidValue
from salescore.plain._custom_values import custom_fault
from salescore.plain._fields import CUSTOM, Field, FieldTable, Kind, field_table
from salescore.values import Money, check_decimal

ID_LIMIT = 256
"""Most characters of an id."""

TEXT_LIMIT = 32_767
"""Most characters of a text: what a cell of a workbook can hold."""

R = TypeVar("R")


def check_record(record: object) -> None:
    """
    Refuse a record whose fields are not what its field table says.

    Records call it from `__attrs_post_init__`.
    Types are exact: nothing is coerced.

    Raises:
        InvalidRecord: The first field at fault, with its value and what would be right.
    """
    _CHECKS[record.__class__](record)


def as_tuple(values: Iterable[Any]) -> tuple[Any, ...]:
    """Return a tuple of the values; records take any iterable for their collections with it."""
    return tuple(values)


class _Checks(dict[type[Any], Callable[[Any], None]]):
    """One compiled check per record class, made when the first record of it appears."""

    def __missing__(self, record: type[Any]) -> Callable[[Any], None]:
        table = field_table(record, record.__name__)
        check = self[record] = _compile(table)
        return check


_CHECKS = _Checks()


def _compile(table: FieldTable) -> Callable[[Any], None]:
    """
    Compile the check of one class from its field table.

    Eight generic validators make a record three times as dear as a bare one.
    One flat condition costs a fifth of that, and the field table stays the only place that lists
    the fields.
    The source is built from our own field tables alone, never from data.
    """
    names: dict[str, Any] = {
        "Decimal": Decimal,
        "Money": Money,
        "date": date,
        "datetime": datetime,
        "UTC": UTC,
        "small": check_decimal,
        "fault": InvalidNumber,
        "refuse": partial(_refuse, table),
        "custom_fault": custom_fault,
        "nothing": (),
    }
    conditions: list[str] = []
    for index, field in enumerate(table.fields):
        condition = _condition(field, f"r.{field.name}", index)
        conditions.append(
            f"(r.{field.name} is None or {condition})" if field.nullable else condition
        )
        names[f"choice_{index}"] = field.choice_type
        names[f"low_{index}"], names[f"high_{index}"] = field.minimum, field.maximum
    conditions.extend(_one_currency(table))
    if hasattr(table.record, CUSTOM):
        conditions.append("(r.custom is nothing or custom_fault(r.custom) is None)")
    source = (
        "def check(r):\n"
        "    try:\n"
        f"        right = {' and '.join(conditions)}\n"
        "    except fault:\n"
        "        right = False\n"
        "    if not right:\n"
        "        refuse(r)\n"
    )
    exec(compile(source, f"<check of {table.name}>", "exec"), names)  # noqa: S102 - our own text, see docstring
    check: Callable[[Any], None] = names["check"]
    return check


def _condition(field: Field, value: str, index: int) -> str:
    match field.kind:
        case Kind.ID:
            return f"type({value}) is str and 0 < len({value}) <= {ID_LIMIT}"
        case Kind.TEXT:
            return f"type({value}) is str and len({value}) <= {TEXT_LIMIT}"
        case Kind.DECIMAL:
            sign = ">" if field.is_above_minimum else ">="
            low = f" and {value} {sign} low_{index}" if field.minimum is not None else ""
            high = f" and {value} <= high_{index}" if field.maximum is not None else ""
            return f"type({value}) is Decimal and small({value}) is {value}{low}{high}"
        case Kind.MONEY:
            return f"type({value}) is Money"
        case Kind.DATE:
            return f"type({value}) is date"
        case Kind.INSTANT:
            return f"type({value}) is datetime and {value}.tzinfo is UTC"
        case Kind.BOOLEAN:
            return f"type({value}) is bool"
        case Kind.CHOICE:
            return f"type({value}) is choice_{index}"
        case _:
            assert_never(field.kind)


def _one_currency(table: FieldTable) -> list[str]:
    required = [name for name in table.money_fields if not table.field(name).nullable]
    if len(table.money_fields) < 2:  # noqa: PLR2004 - one amount cannot differ from itself
        return []
    if not required:
        parts = ", ".join(f"r.{name}" for name in table.money_fields)
        return [f"len({{m.currency for m in ({parts},) if m is not None}}) < 2"]
    first = required[0]
    return [
        f"(r.{name} is None or r.{name}.currency == r.{first}.currency)"
        for name in table.money_fields
        if name != first
    ]


def _refuse(table: FieldTable, record: object) -> None:
    """Find the fault that the compiled check saw; accept what is equal in meaning (subclasses)."""
    for field in table.fields:
        value = getattr(record, field.name)
        fault = value_fault(field, value)
        if fault is not None:
            raise InvalidRecord(table.name, field.name, value, fault)
    fault = custom_fault(getattr(record, CUSTOM, ()))
    if fault is not None:
        raise InvalidRecord(table.name, CUSTOM, getattr(record, CUSTOM), fault)
    first: tuple[str, str] | None = None
    for name in table.money_fields:
        money = getattr(record, name)
        if money is None:
            continue
        if first is None:
            first = (name, money.currency)
        elif money.currency != first[1]:
            fault = f"all money of one record must be in one currency; {first[0]} is in {first[1]}"
            raise InvalidRecord(table.name, name, money, fault)


def value_fault(field: Field, value: object) -> str | None:
    """
    Return what is wrong with a value for a field, or `None` where it is right.

    Args:
        field: The field.
        value: Any object at all.

    Returns:
        Words that name the fault and what would be right, or `None`.
    """
    if value is None:
        return None if field.nullable else "it is required"
    match field.kind:
        case Kind.ID | Kind.TEXT:
            return _text_fault(field, value)
        case Kind.DECIMAL:
            return _decimal_fault(field, value)
        case Kind.MONEY:
            return None if isinstance(value, Money) else "it must be Money"
        case Kind.DATE:
            is_day = isinstance(value, date) and not isinstance(value, datetime)
            return None if is_day else "it must be a date without a time"
        case Kind.INSTANT:
            is_utc = isinstance(value, datetime) and value.utcoffset() == timedelta(0)
            return None if is_utc else "it must be an aware datetime in UTC"
        case Kind.BOOLEAN:
            return None if isinstance(value, bool) else "it must be True or False"
        case Kind.CHOICE:
            kind = field.choice_type
            right = value in field.choices if kind is None else isinstance(value, kind)
            return None if right else f"it must be one of {', '.join(field.choices)}"
        case _:
            assert_never(field.kind)


def _text_fault(field: Field, value: object) -> str | None:
    if not isinstance(value, str):
        return "it must be text"
    limit = TEXT_LIMIT
    if field.kind is Kind.ID:
        if not value:
            return "an id must not be empty"
        limit = ID_LIMIT
    if len(value) > limit:
        return f"it has {len(value):,} characters; at most {limit:,} are allowed"
    return None


def _decimal_fault(field: Field, value: object) -> str | None:
    if not isinstance(value, Decimal):
        return "it must be a Decimal"
    try:
        check_decimal(value)
    except InvalidNumber as error:
        return error.fault
    return field.range_fault(value)


def bulk_records(record: type[R], columns: Mapping[str, Sequence[object]], count: int) -> list[R]:
    """
    Return records made column by column, without the checks that each would make of itself.

    Filling slots by columns costs half of an ordinary construction.
    Whoever calls it has held every column against the field table before.

    Args:
        record: Record class.
        columns: Values by field name, each `count` long; a field left out is `None` everywhere,
            and `custom` is empty.
        count: Number of records.

    Returns:
        The records, in the order of the rows.

    Raises:
        InvalidValue: A column is not `count` long.
    """
    records = [record.__new__(record) for _ in range(count)]
    nothing: Sequence[object] = (None,) * count
    none_custom: Sequence[object] = ((),) * count
    attributes: tuple[attrs.Attribute[object], ...] = attrs.fields(cast("type[Any]", record))
    for name in (attribute.name for attribute in attributes):
        column = columns.get(name, none_custom if name == CUSTOM else nothing)
        if len(column) != count:
            raise InvalidValue(f"the length of {name}", len(column), f"it must be {count}")
        fill: Callable[[R, object], None] = getattr(record, name).__set__
        deque(map(fill, records, column), maxlen=0)
    return records


def reviser(record: type[R], *names: str) -> Callable[..., R]:
    """
    Return a function that gives a record with other values for some fields, without its checks.

    `attrs.evolve` asks for every field by name and checks all of them again, at twenty times the
    price.
    Whoever calls the function has held the values against the field table before.
    The function fills a draft, a subclass without slots of its own whose fields can be set, and
    makes a record of it at last: a frozen record itself could be filled only through descriptors,
    four times as slowly.

    Args:
        record: Record class; what it caches is not carried over.
        names: The fields, in the order in which the function takes their values after the record.
            Where all are named, it takes any object in place of the record.

    Returns:
        A function of a record and the values by position.

    Raises:
        InvalidValue: The class has no such field, or one is named twice.

    Examples:
        >>> from salescore.entities import Team
        >>> renamed = reviser(Team, "name")
        >>> renamed(Team(id="T-1", name="North"), "South").name
        'South'
    """
    attributes: tuple[attrs.Attribute[object], ...] = attrs.fields(cast("type[Any]", record))
    fields = [attribute.name for attribute in attributes]
    for place, name in enumerate(names):
        if name not in fields:
            raise InvalidValue(f"a field of {record.__name__}", name, "there is no such field")
        if name in names[:place]:
            raise InvalidValue(f"a field of {record.__name__}", name, "it is named twice")
    draft = type(
        record.__name__,
        (record,),
        {
            "__slots__": (),
            "__setattr__": object.__setattr__,
            "__delattr__": object.__delattr__,
        },
    )
    taken = ", ".join(("old", *(f"new_{name}" for name in names)))
    source = f"def revised({taken}):\n    made = new(draft)\n"
    for name in fields:
        value = f"new_{name}" if name in names else f"old.{name}"
        source += f"    made.{name} = {value}\n"
    source += "    made.__class__ = record\n    return made\n"
    scope: dict[str, Any] = {"new": object.__new__, "draft": draft, "record": record}
    exec(compile(source, f"<reviser of {record.__name__}>", "exec"), scope)  # noqa: S102 - our own text, as in _compile
    revised: Callable[..., R] = scope["revised"]
    return revised
