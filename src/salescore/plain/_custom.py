"""Custom fields: what an application registers beyond our own fields, on any record type."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from enum import Enum
from operator import attrgetter
from typing import Any, TypeVar

import attrs

from salescore.errors import (
    InvalidDocument,
    InvalidRecord,
    InvalidValue,
    SalesCoreError,
    UnknownName,
)
from salescore.plain._fields import CUSTOM, Field, FieldTable, Kind, PersonalData
from salescore.plain._node import Node
from salescore.plain._records import value_fault
from salescore.values import parse_decimal

E = TypeVar("E", bound=Enum)

CUSTOM_SCHEMA = "salescore/custom-fields/1"
"""What a document of registered fields names as its schema."""

_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
_RESERVED = frozenset(
    {
        *(CUSTOM, "currency"),
        *("day", "week", "month", "quarter", "year"),
        *("product", "customer", "rep", "team", "territory", "campaign"),
        *("lead_kind", "lead_status", "stage_kind", "payment_method"),
        *("expense_category", "case_category", "case_priority"),
    }
)
"""Names by which figures are sliced, or that every row has; a field of one could not be told."""


def custom_field(
    name: str,
    kind: Kind,
    en: str,
    zh: str,
    *,
    unit: str | None = None,
    choices: Sequence[str] = (),
    refers: str | None = None,
    personal: PersonalData = PersonalData.NONE,
    minimum: Decimal | None = None,
    maximum: Decimal | None = None,
    happened: bool = False,
) -> Field:
    """
    Return a field that an application adds to a record type; it may always be unknown.

    Args:
        name: Column and JSON key, in snake_case.
        kind: What it holds.
        en: English label.
        zh: Chinese label.
        unit: What a number counts; money is always `money`.
        choices: Allowed texts of a choice.
        refers: Record type that an id points to.
        personal: Personal-data class.
        minimum: Smallest number allowed.
        maximum: Largest number allowed.
        happened: Whether a date tells of what happened, so that it makes the record known.

    Raises:
        InvalidValue: The name is no name, or choices, reference or range do not fit the kind.
    """
    if not _NAME.fullmatch(name) or name in _RESERVED:
        fault = "write lower-case letters, digits and _, beginning with a letter"
        if name in _RESERVED:
            fault = "rows and slices have another meaning for the word; choose another"
        raise InvalidValue("the name of a custom field", name, fault)
    if bool(choices) is not (kind is Kind.CHOICE) or len(set(choices)) < len(choices):
        fault = "a choice needs texts to choose from, each once; no other kind has them"
        raise InvalidValue(f"choices of {name}", tuple(choices), fault)
    if refers is not None and kind is not Kind.ID:
        raise InvalidValue(f"refers of {name}", refers, "only an id refers to a record")
    if kind is not Kind.DECIMAL and (minimum is not None or maximum is not None):
        raise InvalidValue(f"range of {name}", minimum, "only a decimal has a range")
    if minimum is not None and maximum is not None and minimum > maximum:
        raise InvalidValue(f"range of {name}", minimum, f"it is above the maximum, {maximum}")
    return Field(
        name=name,
        kind=kind,
        nullable=True,
        labels=(en, zh),
        unit="money" if kind is Kind.MONEY else unit,
        personal=personal,
        refers=refers,
        choices=tuple(choices),
        minimum=minimum,
        maximum=maximum,
        has_happened=happened,
        is_custom=True,
    )


@attrs.frozen
class CustomFields:
    """
    The fields that an application registers, by record type.

    Attributes:
        tables: Record type in snake_case plural and its registered fields, sorted by record type.
    """

    tables: tuple[tuple[str, tuple[Field, ...]], ...] = ()

    @classmethod
    def of(cls, fields: Mapping[str, Iterable[Field]]) -> CustomFields:
        """
        Return a registry out of a mapping.

        Args:
            fields: Registered fields, made by `custom_field`, by record type in snake_case plural.

        Raises:
            InvalidValue: A field was not made by `custom_field`, or stands twice.
        """
        found = cls(tuple(sorted((name, tuple(those)) for name, those in fields.items() if those)))
        for name, those in found.tables:
            names = [field.name for field in those]
            for field in those:
                if not field.is_custom or names.count(field.name) > 1:
                    fault = "register each field once, made by custom_field()"
                    raise InvalidValue(f"custom fields of {name}", field.name, fault)
        return found

    def as_data(self) -> dict[str, object]:
        """
        Return the registry as plain JSON data, in the form that `from_data` reads.

        Returns:
            The key `schema`, and under `records` the fields by record type.
        """
        return {
            "schema": CUSTOM_SCHEMA,
            "records": {name: [_said(field) for field in those] for name, those in self.tables},
        }

    @classmethod
    def from_data(cls, data: object, path: str = "custom_fields") -> CustomFields:
        """
        Return the registry that plain JSON data describe.

        Args:
            data: What `as_data` wrote.
            path: Where the data stand, for error messages.

        Raises:
            InvalidDocument: A key is unknown or missing, or a field is wrong.
        """
        top = Node(data, path).object(("schema", "records"), required=("schema", "records"))
        top["schema"].choice((CUSTOM_SCHEMA,), "schema of custom fields")
        found = {
            name: [_read_field(one) for one in those.items()]
            for name, those in top["records"].pairs()
        }
        try:
            return cls.of(found)
        except SalesCoreError as error:
            raise InvalidDocument(path, str(error)) from error

    def fields(self, name: str) -> tuple[Field, ...]:
        """Return the registered fields of a record type, none where it has none."""
        return dict(self.tables).get(name, ())

    def extend(self, table: FieldTable) -> FieldTable:
        """
        Return the field table of a record type with its registered fields behind our own.

        Raises:
            InvalidValue: A registered field has the name of one of our own.
        """
        fields = self.fields(table.name)
        if not fields:
            return table
        for field in fields:
            if field.name in table:
                fault = f"{table.name} have a field of this name; choose another"
                raise InvalidValue(f"custom field of {table.name}", field.name, fault)
        return attrs.evolve(table, fields=(*table.fields, *fields))


def field_column(records: Sequence[Any], field: Field) -> list[Any]:
    """
    Return the values of one field of many records, whether it is our own or registered.

    Args:
        records: Records of one type.
        field: The field.
    """
    if field.is_custom:
        return [
            dict(record.custom).get(field.name) if record.custom else None for record in records
        ]
    return list(map(attrgetter(field.name), records))


def field_value(record: object, field: Field) -> Any:  # noqa: ANN401 - what the field holds
    """Return the value of one field of a record, whether it is our own or registered."""
    return field_column([record], field)[0] if field.is_custom else getattr(record, field.name)


def check_custom(table: FieldTable, records: Iterable[Any]) -> None:
    """
    Refuse records with values that their registered fields do not allow.

    Args:
        table: Field table with the registered fields.
        records: Records of its type.

    Raises:
        InvalidRecord: A value of a field that nobody registered, or that its field does not allow.
    """
    given = [record for record in records if record.custom]
    if not given:
        return
    fields = {field.name: field for field in table.custom_fields}
    money = table.money_fields
    for record in given:
        for name, value in record.custom:
            if name not in fields:
                fault = str(UnknownName(f"custom field of {table.name}", name, tuple(fields)))
                raise InvalidRecord(table.name, name, value, fault)
            wrong = value_fault(fields[name], value)
            if wrong is not None:
                raise InvalidRecord(table.name, name, value, wrong)
        codes = {one.currency for name in money if (one := field_value(record, table.field(name)))}
        if len(codes) > 1:
            fault = f"all money of one record must be in one currency, not {sorted(codes)}"
            raise InvalidRecord(table.name, "currency", record.id, fault)


_FIELD_KEYS = (
    "name",
    "kind",
    "en",
    "zh",
    "unit",
    "choices",
    "refers",
    "personal",
    "minimum",
    "maximum",
    "happened",
)


def _said(field: Field) -> dict[str, object]:
    """Return what was said of a field, without what holds of every field anyway."""
    said: dict[str, object] = {
        "name": field.name,
        "kind": field.kind.value,
        "en": field.labels[0],
        "zh": field.labels[1],
    }
    if field.unit is not None and field.kind is not Kind.MONEY:
        said["unit"] = field.unit
    if field.choices:
        said["choices"] = list(field.choices)
    if field.refers is not None:
        said["refers"] = field.refers
    if field.personal is not PersonalData.NONE:
        said["personal"] = field.personal.value
    for name, bound in (("minimum", field.minimum), ("maximum", field.maximum)):
        if bound is not None:
            said[name] = format(bound, "f")
    if field.has_happened:
        said["happened"] = True
    return said


def _read_field(node: Node) -> Field:
    said = node.object(_FIELD_KEYS, required=_FIELD_KEYS[:4])
    texts = {
        key: said[key].text(empty=True) if key in said else None
        for key in ("unit", "refers", "minimum", "maximum")
    }
    low, high = texts["minimum"], texts["maximum"]
    try:
        return custom_field(
            said["name"].text(empty=True),
            _member(Kind, said["kind"]),
            said["en"].text(empty=True),
            said["zh"].text(empty=True),
            unit=texts["unit"],
            choices=said["choices"].texts() if "choices" in said else (),
            refers=texts["refers"],
            personal=_member(PersonalData, said["personal"])
            if "personal" in said
            else PersonalData.NONE,
            minimum=None if low is None else parse_decimal(low),
            maximum=None if high is None else parse_decimal(high),
            happened="happened" in said and said["happened"].flag(),
        )
    except InvalidDocument:
        raise
    except SalesCoreError as error:
        raise InvalidDocument(node.path, str(error)) from error


def _member(kind: type[E], node: Node) -> E:
    known = tuple(str(one.value) for one in kind)
    return kind(node.choice(known, node.path.rpartition("/")[2]))
