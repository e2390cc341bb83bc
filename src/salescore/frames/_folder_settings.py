"""What a folder of fact tables says of itself, besides the tables: `facts.json`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import cast

import attrs

from salescore.book import FACT_TABLES, Facts, RevenueBasis
from salescore.errors import InvalidDocument, SalesCoreError, UnknownName
from salescore.metrics import DIMENSIONS
from salescore.plain import CustomFields, Field, FieldTable, Node, as_tuple, parse_json
from salescore.values import Calendar, currency

SETTINGS_FILE = "facts.json"
"""Name of the file beside the tables."""

_SCHEMA = "salescore/facts/1"
_KEYS = ("schema", "currency", "basis", "as_of", "last_day", "zone", "calendar", "tables", "labels")
_TABLE_KEYS = ("columns", "registered")
_PLAIN = {schema.name: schema for schema in FACT_TABLES}
_PRICED = {field.name: field for field in _PLAIN["order_lines"].fields}
_RECORDS = tuple(dict.fromkeys(one.records for one in DIMENSIONS if one.records is not None))


@attrs.frozen(kw_only=True)
class FactSettings:
    """
    Under which currency, calendar and day of knowledge fact tables were made.

    Attributes:
        currency: Reporting currency of all money.
        basis: What counts as sold.
        as_of: Last day whose facts are seen; `None` sees all.
        last_day: Last day of business among the facts; `None` where there is none.
        zone: Time zone in which instants fell on a day.
        calendar: Calendar of periods.
        schemas: Field tables of the fact tables that are there, registered fields among them.
        labels: Record types, and per record type ids and names, sorted.
    """

    currency: str
    basis: RevenueBasis
    as_of: date | None
    last_day: date | None
    zone: str
    calendar: Calendar
    schemas: tuple[FieldTable, ...] = attrs.field(converter=as_tuple)
    labels: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = attrs.field(
        default=(), converter=as_tuple, repr=False
    )

    @classmethod
    def of(cls, facts: Facts, tables: Iterable[str]) -> FactSettings:
        """
        Return the settings of facts.

        Args:
            facts: The facts.
            tables: Names of the fact tables that the folder has.
        """
        known = facts.known.book
        names = {records: sorted(known.index(records)) for records in _RECORDS}
        return cls(
            currency=facts.currency,
            basis=facts.basis,
            as_of=facts.as_of,
            last_day=facts.as_of or known.last_day,
            zone=facts.zone,
            calendar=facts.calendar,
            schemas=map(facts.schema, tables),
            labels=(
                (records, tuple((key, facts.label(records, key)) for key in keys))
                for records, keys in names.items()
                if keys
            ),
        )

    @cached_property
    def _names(self) -> dict[str, dict[str, str]]:
        return {records: dict(pairs) for records, pairs in self.labels}

    def label(self, records: str, key: str) -> str:
        """Return the name of a record of a type, or its id where no name is known."""
        return self._names.get(records, {}).get(key, key)

    def schema(self, name: str) -> FieldTable:
        """
        Return the columns of a fact table.

        Raises:
            UnknownName: The folder has no such fact table.
        """
        for schema in self.schemas:
            if schema.name == name:
                return schema
        raise UnknownName("fact table", name, tuple(one.name for one in self.schemas))

    def as_text(self) -> str:
        """Return the settings as JSON, which `from_text` reads."""
        registered = CustomFields.of({one.name: one.custom_fields for one in self.schemas})
        said = cast("dict[str, object]", registered.as_data()["records"])
        data = {
            "schema": _SCHEMA,
            "currency": self.currency,
            "basis": self.basis.value,
            "as_of": None if self.as_of is None else self.as_of.isoformat(),
            "last_day": None if self.last_day is None else self.last_day.isoformat(),
            "zone": self.zone,
            "calendar": self.calendar.as_data(),
            "tables": {
                one.name: {"columns": list(one.names), "registered": said.get(one.name, [])}
                for one in self.schemas
            },
            "labels": {records: dict(pairs) for records, pairs in self.labels},
        }
        return json.dumps(data, ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def from_text(cls, text: str, path: str = SETTINGS_FILE) -> FactSettings:
        """
        Return the settings that a text states.

        Args:
            text: The JSON.
            path: What the text is called in errors.

        Raises:
            InvalidDocument: A key is unknown, missing or has another form.
        """
        keys = Node(parse_json(text, path), path).object(_KEYS, required=_KEYS)
        keys["schema"].choice((_SCHEMA,), "schema of facts")
        return cls(
            currency=_currency(keys["currency"]),
            basis=RevenueBasis(
                keys["basis"].choice(tuple(one.value for one in RevenueBasis), "basis")
            ),
            as_of=_day(keys["as_of"]),
            last_day=_day(keys["last_day"]),
            zone=keys["zone"].text(),
            calendar=_calendar(keys["calendar"]),
            schemas=(_schema(name, node) for name, node in keys["tables"].pairs()),
            labels=(
                (records, tuple((key, one.text(empty=True)) for key, one in node.pairs()))
                for records, node in keys["labels"].pairs()
            ),
        )


def _currency(node: Node) -> str:
    try:
        return currency(node.text()).code
    except SalesCoreError as error:
        node.refuse(str(error))


def _day(node: Node) -> date | None:
    return None if node.data is None else node.day()


def _calendar(node: Node) -> Calendar:
    try:
        return Calendar.from_data(node.data)
    except InvalidDocument as error:
        node.refuse(str(error))


def _schema(name: str, node: Node) -> FieldTable:
    """Return the columns of a fact table: its own, those of money, and registered ones."""
    plain = _PLAIN.get(name)
    if plain is None:
        node.refuse(str(UnknownName("fact table", name, tuple(_PLAIN))))
    keys = node.object(_TABLE_KEYS, required=_TABLE_KEYS)
    registered = CustomFields.from_data(
        {"schema": "salescore/custom-fields/1", "records": {name: keys["registered"].data}},
        keys["registered"].path,
    )
    known: Mapping[str, Field] = {
        **{one: _PRICED[one] for one in ("currency", "exchange_rate")},
        **{field.name: field for field in registered.fields(name)},
        **{field.name: field for field in plain.fields},
    }
    columns = keys["columns"].texts()
    for column in columns:
        if column not in known:
            keys["columns"].refuse(str(UnknownName(f"column of {name}", column, tuple(known))))
    return attrs.evolve(plain, fields=tuple(known[column] for column in columns))
