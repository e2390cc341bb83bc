"""Columns: reading them off records and combining them row by row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from operator import attrgetter
from types import NoneType
from typing import Any

from salescore.plain import Field
from salescore.values import EXACT, Money

Column = list[Any]
Maker = Callable[[], Sequence[Any]]
Source = Sequence[Any] | Maker
Columns = Mapping[str, Source]


def made(source: Source) -> Sequence[Any]:
    """Return a column, made now if it was not yet."""
    return source() if callable(source) else source


def attribute(records: Sequence[Any], name: str) -> Column:
    """Return one attribute of many records."""
    return list(map(attrgetter(name), records))


def attributes(records: Sequence[Any], *names: str) -> dict[str, Column]:
    """Return several attributes of many records, by name."""
    return {name: attribute(records, name) for name in names}


def optional(records: Sequence[Any], name: str) -> Column:
    """Return one attribute of records of which some are missing."""
    return [None if record is None else getattr(record, name) for record in records]


def choices(records: Sequence[Any], name: str) -> Column:
    """Return a choice of records of which some are missing, as text."""
    column = optional(records, name)
    # A member says its value slowly; there are few members and many rows.
    texts = {one: one.value for one in set(column) if one is not None}
    return list(map(texts.get, column))


def custom_column(records: Sequence[Any], field: Field) -> Column:
    """Return a registered field of records of which some are missing."""
    return [
        dict(record.custom).get(field.name) if record is not None and record.custom else None
        for record in records
    ]


def first_known(column: Sequence[Any], *others: Source) -> Column:
    """Return for each row the first value that is not null; later columns are made if needed."""
    found = list(column)
    for other in others:
        if NoneType not in set(map(type, found)):
            break
        found = [
            another if value is None else value
            for value, another in zip(found, made(other), strict=True)
        ]
    return found


def days_between(first: Sequence[date | None], last: Sequence[date | None]) -> Column:
    """Return whole days, null where a date is missing or the order is reversed."""
    return [
        None if start is None or end is None or end < start else Decimal((end - start).days)
        for start, end in zip(first, last, strict=True)
    ]


def negated(amounts: Sequence[Money | Decimal | None]) -> Column:
    """Return amounts or numbers with the opposite sign, exactly; null stays null."""
    return [
        None
        if one is None
        else Money(EXACT.minus(one.amount), one.currency)
        if isinstance(one, Money)
        else EXACT.minus(one)
        for one in amounts
    ]
