"""Field tables: the one description of a record from which everything else is derived."""

from __future__ import annotations

import types
import typing
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cached_property
from typing import Annotated, Any, NewType

import attrs

from salescore.errors import UnknownName
from salescore.values import Money

CUSTOM = "custom"
"""Attribute of a record that holds the values of registered fields; no field itself."""

CREATED_ON = "created_on"
"""Field whose day makes a record known, whatever happened in it before."""

RECORDED_AT = "recorded_at"
"""Field that says when a record was made."""

_COUNTED = frozenset(
    {
        "activities",
        "cases",
        "count",
        "customers",
        "days",
        "invoices",
        "leads",
        "months",
        "opportunities",
        "orders",
        "people",
        "visits",
        "weeks",
    }
)
"""Units of what comes in whole numbers."""


class Kind(Enum):
    """What a field holds, independent of any storage."""

    ID = "id"
    TEXT = "text"
    DECIMAL = "decimal"
    MONEY = "money"
    DATE = "date"
    INSTANT = "instant"
    BOOLEAN = "boolean"
    CHOICE = "choice"


class PersonalData(Enum):
    """What a field may tell about a living person, so that it can be found and erased."""

    NONE = "none"
    IDENTITY = "identity"
    CONTACT = "contact"
    FREE_TEXT = "free_text"


@attrs.frozen(kw_only=True)
class Field:
    """
    One field of a record or one column of a fact table.

    Attributes:
        name: Python attribute, CSV column and JSON key in one.
        kind: What it holds.
        nullable: Whether it may be unknown.
        labels: English and Chinese label, in this order.
        unit: What a number counts; `None` for what is not a number.
        personal: Personal-data class.
        refers: Record type that an id points to; `None` for its own id and for other kinds.
        refers_by: Field of the same record that names the record type which a text points into;
            `None` for all else.
        choices: Allowed values of a `CHOICE`, as text; empty otherwise.
        choice_type: Enumeration behind `choices`; `None` for other kinds and in fact tables.
        minimum: Smallest number allowed; `None` when unbounded.
        maximum: Largest number allowed; `None` when unbounded.
        is_above_minimum: Whether the minimum itself is too small.
        has_happened: Whether a date or instant tells of what happened, so that it makes the record
            known; `False` for plans, due days and the bounds of a validity.
        since: Dates of the same record before which the value is not known, such as a score
            before the day of the answer.
        is_custom: Whether an application registered it.
        is_set: Whether a value is a set of texts, such as the tags of a customer; only columns of
            tables that rules read are, no field of a record.
    """

    name: str
    kind: Kind
    nullable: bool
    labels: tuple[str, str]
    unit: str | None = None
    personal: PersonalData = PersonalData.NONE
    refers: str | None = None
    refers_by: str | None = None
    choices: tuple[str, ...] = ()
    choice_type: type[Enum] | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    is_above_minimum: bool = False
    has_happened: bool = True
    since: tuple[str, ...] = ()
    is_custom: bool = False
    is_set: bool = False

    @property
    def is_counted(self) -> bool:
        """Return whether its unit comes in whole numbers, such as orders, people or days."""
        return self.kind is Kind.DECIMAL and self.unit in _COUNTED

    def range_fault(self, value: Decimal) -> str | None:
        """Return what is wrong with a number's size, or `None` where it is within the range."""
        if self.minimum is not None:
            if self.is_above_minimum and value <= self.minimum:
                return f"it must be above {self.minimum}"
            if value < self.minimum:
                return f"it must be at least {self.minimum}"
        if self.maximum is not None and value > self.maximum:
            return f"it must be at most {self.maximum}"
        return None


# Much is remembered by field table; hashing every field each time would cost more than it saves.
@attrs.frozen(kw_only=True, cache_hash=True)
class FieldTable:
    """
    The fields of one record type or fact table, in their canonical order.

    Attributes:
        name: Record type in snake_case plural, as files and references call it.
        record: Class of the records; `None` for a fact table.
        fields: The fields, in order; those that an application registered come last.
        version: Version of the record's form, counted from 1.
    """

    name: str
    fields: tuple[Field, ...]
    record: type[Any] | None = None
    version: int = 1

    @cached_property
    def _by_name(self) -> dict[str, Field]:
        return {field.name: field for field in self.fields}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Return the names of the fields, in order."""
        return tuple(field.name for field in self.fields)

    def __contains__(self, name: object) -> bool:
        """Return whether a field of that name exists."""
        return name in self._by_name

    def field(self, name: str) -> Field:
        """
        Return the field of that name.

        Raises:
            UnknownName: The table has no such field.
        """
        try:
            return self._by_name[name]
        except KeyError:
            raise UnknownName(f"field of {self.name}", name, self.names) from None

    @cached_property
    def money_fields(self) -> tuple[str, ...]:
        """Return the names of the fields that hold money."""
        return tuple(field.name for field in self.fields if field.kind is Kind.MONEY)

    @cached_property
    def own_names(self) -> tuple[str, ...]:
        """Return the names of the fields that are our own, in order."""
        return tuple(field.name for field in self.fields if not field.is_custom)

    @cached_property
    def custom_fields(self) -> tuple[Field, ...]:
        """Return the fields that an application registered."""
        return tuple(field for field in self.fields if field.is_custom)

    @cached_property
    def happened(self) -> tuple[Field, ...]:
        """Return the dates and instants that tell of what happened, without `recorded_at`."""
        return tuple(
            field
            for field in self.fields
            if field.kind in (Kind.DATE, Kind.INSTANT)
            and field.has_happened
            and field.name != RECORDED_AT
        )

    @cached_property
    def csv_columns(self) -> tuple[str, ...]:
        """Return the columns of the CSV file: the fields, then `currency` where there is money."""
        return (*self.names, "currency") if self.money_fields else self.names


@attrs.frozen(kw_only=True, repr=False)
class _About:
    labels: tuple[str, str]
    unit: str | None
    personal: PersonalData
    refers: str | None
    refers_by: str | None
    minimum: Decimal | None
    maximum: Decimal | None
    is_above_minimum: bool
    has_happened: bool
    since: tuple[str, ...]

    def __repr__(self) -> str:
        # Pages of help show annotations as they are; the labels are enough there.
        return f"about({self.labels[0]!r}, {self.labels[1]!r})"


def about(
    en: str,
    zh: str,
    *,
    unit: str | None = None,
    personal: PersonalData = PersonalData.NONE,
    refers: str | None = None,
    refers_by: str | None = None,
    minimum: int | None = None,
    above: int | None = None,
    maximum: int | None = None,
    happened: bool = True,
    since: tuple[str, ...] = (),
) -> _About:
    """
    Return what a record says of a field beyond its type, to stand in `typing.Annotated`.

    Args:
        en: English label.
        zh: Chinese label.
        unit: What a number counts.
        personal: Personal-data class.
        refers: Record type that an id points to.
        refers_by: Field of the same record that names the record type which a text points into.
        minimum: Smallest number allowed, inclusive.
        above: Number that every allowed one exceeds; instead of `minimum`.
        maximum: Largest number allowed, inclusive.
        happened: Whether a date tells of what happened, rather than of a plan or a validity.
        since: Dates of the same record before which the value is not known.
    """
    least = minimum if above is None else above
    return _About(
        labels=(en, zh),
        unit=unit,
        personal=personal,
        refers=refers,
        refers_by=refers_by,
        minimum=None if least is None else Decimal(least),
        maximum=None if maximum is None else Decimal(maximum),
        is_above_minimum=above is not None,
        has_happened=happened,
        since=since,
    )


_KINDS: dict[object, Kind] = {
    str: Kind.TEXT,
    Decimal: Kind.DECIMAL,
    Money: Kind.MONEY,
    date: Kind.DATE,
    datetime: Kind.INSTANT,
    bool: Kind.BOOLEAN,
}


def field_table(record: type[Any], name: str, version: int = 1) -> FieldTable:
    """
    Return the field table that a record class declares with its annotations.

    Args:
        record: An attrs class whose every field is `Annotated[type, about(...)]`.
        name: Record type in snake_case plural.
        version: Version of the record's form, counted from 1.

    Returns:
        The fields in the order in which the class declares them.

    Raises:
        TypeError: An annotation says nothing of its field, or names a type no field can hold.
    """
    hints = typing.get_type_hints(record, include_extras=True)
    return FieldTable(
        name=name,
        record=record,
        version=version,
        fields=tuple(
            _field(one.name, hints[one.name]) for one in attrs.fields(record) if one.name != CUSTOM
        ),
    )


def _field(name: str, hint: Any) -> Field:  # noqa: ANN401 - an annotation may be any object
    if typing.get_origin(hint) is not Annotated:
        raise TypeError(f"field {name!r} lacks Annotated[..., about(...)]")
    declared, said = typing.get_args(hint)[:2]
    nullable = typing.get_origin(declared) in (types.UnionType, typing.Union)
    if nullable:
        parts = [part for part in typing.get_args(declared) if part is not types.NoneType]
        if len(parts) != 1:
            raise TypeError(f"field {name!r} must have one type, or one type and None")
        declared = parts[0]
    choice = declared if isinstance(declared, type) and issubclass(declared, Enum) else None
    if choice is not None:
        kind = Kind.CHOICE
    elif isinstance(declared, NewType):
        kind = Kind.ID
    elif declared in _KINDS:
        kind = _KINDS[declared]
    else:
        known = ", ".join(getattr(one, "__name__", str(one)) for one in _KINDS)
        raise TypeError(f"field {name!r} holds {declared!r}; fields hold an id, a choice, {known}")
    return Field(
        name=name,
        kind=kind,
        nullable=nullable,
        labels=said.labels,
        unit=said.unit,
        personal=said.personal,
        refers=said.refers,
        refers_by=said.refers_by,
        choices=() if choice is None else tuple(str(member.value) for member in choice),
        choice_type=choice,
        minimum=said.minimum,
        maximum=said.maximum,
        is_above_minimum=said.is_above_minimum,
        has_happened=said.has_happened,
        since=said.since,
    )
