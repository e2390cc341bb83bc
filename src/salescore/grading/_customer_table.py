"""The table of customers that policies read: one row each, as of one day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, assert_never

import attrs

from salescore.book import Facts, FactTable
from salescore.errors import InvalidValue
from salescore.grading._fields import (
    CUSTOMER_KEY,
    SEGMENT_PREFIX,
    AbcField,
    CustomerField,
    CustomerFigure,
    DerivedField,
    RfmFields,
    ScoreField,
    TableFields,
)
from salescore.grading._reading import naming
from salescore.grading._score import score_columns
from salescore.metrics import (
    LAST_CLASS,
    Aggregate,
    Reduction,
    abc_of,
    reduce_rows,
    rfm,
    rfm_inputs,
    rfm_segment,
)
from salescore.plain import Field, FieldTable, Kind
from salescore.rules import (
    Collect,
    RuleType,
    check_table,
    check_types,
    compile_expression,
    compile_table,
    rule_text,
)
from salescore.values import Period, Severity

AS_OF = "as_of"
"""Field of the day of grading, so that rules can ask how long ago something was."""

TAGS = "tags"
"""Field of the tags of a customer, each as `namespace:name`."""

Column = Sequence[Any]

_KIND_OF = {
    RuleType.BOOLEAN: Kind.BOOLEAN,
    RuleType.NUMBER: Kind.DECIMAL,
    RuleType.TEXT: Kind.TEXT,
    RuleType.DATE: Kind.DATE,
    RuleType.INSTANT: Kind.INSTANT,
}


@attrs.frozen(kw_only=True, eq=False)
class CustomerTable:
    """
    One row for each customer: its record, the day of grading, its tags, and declared fields.

    Attributes:
        as_of: Day of grading.
        table: The rows, by columns; the first column is the customer's id.
        names: What the customers are called, in the order of the rows.
    """

    as_of: date
    table: FactTable
    names: tuple[str, ...]

    @property
    def schema(self) -> FieldTable:
        """Return the fields that rules can read."""
        return self.table.schema

    @property
    def keys(self) -> Column:
        """Return the ids of the customers, in the order of the rows."""
        return self.table.column(CUSTOMER_KEY)

    def __len__(self) -> int:
        """Return the number of customers."""
        return len(self.table)

    def rows(self) -> list[dict[str, Any]]:
        """Return every customer as values by field name."""
        names = self.schema.names
        return [
            dict(zip(names, values, strict=True))
            for values in zip(*self.table.columns, strict=True)
        ]


def customer_table(facts: Facts, fields: Sequence[CustomerField] = ()) -> CustomerTable:
    """
    Return the customers of a book with the fields that a policy declares.

    Args:
        facts: The fact tables; their `as_of` is the day of grading, by default the last day known.
            Without it everything is seen, also what bears a later date.
        fields: What to add; each may read the fields before it.

    Returns:
        Every customer that is listed or bought, once.

    Raises:
        InvalidValue: The facts have no day at all, a field has the name of another or reads one
            behind it, or does not fit the fields before it.
        UnknownName: A field reads another that there is not.
        RuleTypeError: An expression does not fit the fields before it.
    """
    day = facts.as_of if facts.as_of is not None else facts.known.book.last_known
    if day is None:
        raise InvalidValue("as_of", None, "the book has no date at all; say as_of")
    customers = facts.table("customers")
    strangers = _strangers(facts, customers)
    keys = [*customers.column(CUSTOMER_KEY), *strangers]
    nothing = [None] * len(strangers)
    growing = _Growing(facts=facts, day=day)
    for field in customers.schema.fields:
        if field.name in (AS_OF, TAGS):
            fault = "the table of customers has a field of this name; register it under another"
            raise InvalidValue("registered field", field.name, fault)
        is_key = field.name == CUSTOMER_KEY
        growing.add(field, keys if is_key else [*customers.column(field.name), *nothing])
    day_field = attrs.evolve(
        _field(AS_OF, Kind.DATE, ("Day of grading", "评级日期")), nullable=False
    )
    growing.add(day_field, [day] * len(keys))
    growing.add(
        attrs.evolve(_field(TAGS, Kind.TEXT, ("Tags", "标签")), is_set=True, nullable=False),
        _tags(facts, day, keys),
    )
    declared = list(fields)
    for place, one in enumerate(declared):
        growing.later = {name for other in declared[place + 1 :] for name in names_of(other)}
        _add(growing, one)
    return CustomerTable(
        as_of=day,
        table=growing.table(),
        names=tuple(facts.label("customers", key) for key in keys),
    )


def names_of(declared: CustomerField) -> tuple[str, ...]:
    """Return the names of the fields that a declared field adds."""
    match declared:
        case RfmFields():
            return tuple(f"{declared.name}_{part}" for part in ("r", "f", "m", "segment"))
        case TableFields():
            return tuple(one.name for one in declared.table.outputs)
        case _:
            return (declared.name,)


def _strangers(facts: Facts, customers: FactTable) -> list[str]:
    """Return who bought by a document of which the table of customers does not know."""
    known = {None, *customers.column(CUSTOMER_KEY)}
    sold = dict.fromkeys(facts.table("sales_lines").column(CUSTOMER_KEY))
    return [key for key in sold if key not in known]


@attrs.define(kw_only=True)
class _Growing:
    """Columns in the making."""

    facts: Facts
    day: date
    fields: list[Field] = attrs.field(factory=list[Field])
    columns: dict[str, Column] = attrs.field(factory=dict[str, Column])
    later: set[str] = attrs.field(factory=set[str])

    def add(self, field: Field, column: Column) -> None:
        if field.name in self.columns:
            raise InvalidValue("field", field.name, "customers have a field of this name already")
        self.fields.append(field)
        self.columns[field.name] = column

    @property
    def schema(self) -> FieldTable:
        return FieldTable(name="customers", fields=tuple(self.fields))

    def table(self) -> FactTable:
        return FactTable(schema=self.schema, sources=tuple(self.columns.values()))

    def reader(self, name: str) -> Callable[[int], Any]:
        """Return the function that reads a column by the number of a row."""
        return self.columns[name].__getitem__

    def during(self, months: int | None) -> Period | None:
        """Return the months up to the day of grading."""
        return None if months is None else Period.trailing(self.day, months)

    def by_customer(self, values: dict[str, Any], nothing: object = None) -> Column:
        """Return a column of values by customer."""
        return [values.get(key, nothing) for key in self.columns[CUSTOMER_KEY]]


def _field(name: str, kind: Kind, labels: tuple[str, str], unit: str | None = None) -> Field:
    return Field(name=name, kind=kind, nullable=True, labels=labels, unit=unit)


def _tags(facts: Facts, day: date, keys: Column) -> Column:
    """Return the tags of each customer that are valid on a day."""
    found: dict[str, set[str]] = defaultdict(set)
    for tag in facts.known.book.tags:
        lasts = tag.starts_on <= day and (tag.ends_on is None or day <= tag.ends_on)
        if tag.record == "customers" and tag.subject is not None and lasts:
            found[tag.subject].add(f"{tag.namespace}:{tag.name}")
    return [frozenset(found.get(key, ())) for key in keys]


def _add(growing: _Growing, declared: CustomerField) -> None:
    match declared:
        case CustomerFigure():
            _add_figure(growing, declared)
        case DerivedField():
            _add_derived(growing, declared)
        case AbcField():
            _add_abc(growing, declared)
        case RfmFields():
            _add_rfm(growing, declared)
        case ScoreField():
            with naming(declared.name, growing.later):
                column = score_columns(declared.card, growing.facts, growing.table(), growing.day)
            labels = declared.card.labels
            growing.add(_field(declared.name, Kind.DECIMAL, labels, "points"), column)
        case TableFields():
            _add_table(growing, declared)
        case _:
            assert_never(declared)


def _add_figure(growing: _Growing, figure: CustomerFigure) -> None:
    measure = figure.measure
    schema = growing.facts.schema(measure.table)
    kind = Kind.DECIMAL
    with naming(figure.name):
        measure.check(schema)
        if measure.of is not None and measure.aggregate in (Aggregate.MIN, Aggregate.MAX):
            kind = _KIND_OF[check_types(measure.of, schema)]
    field = _field(figure.name, kind, figure.labels, figure.unit)
    reduction = Reduction(
        name=figure.name, table=measure.table, keys=(CUSTOMER_KEY,), measures=(measure,)
    )
    reduced = reduce_rows(growing.facts, reduction, growing.during(figure.months))
    is_count = measure.aggregate in (Aggregate.COUNT, Aggregate.DISTINCT)
    found = {
        key: None if missing and not is_count else value
        for (key,), value, missing in zip(
            reduced.keys, reduced.values[0], reduced.missing[0], strict=True
        )
        if key is not None
    }
    adds_up = is_count or measure.aggregate is Aggregate.SUM
    growing.add(field, growing.by_customer(found, Decimal(0) if adds_up else None))


def _add_derived(growing: _Growing, derived: DerivedField) -> None:
    with naming(derived.name, growing.later):
        found = check_types(derived.of, growing.schema)
    if found is RuleType.TAGS:
        fault = "a set of tags is no value of a field; ask has_any, has_all or has_none"
        raise InvalidValue(f"expression of {derived.name}", rule_text(derived.of), fault)
    if derived.name.startswith(SEGMENT_PREFIX) and found is not RuleType.BOOLEAN:
        fault = "the rule of a segment must be a condition"
        raise InvalidValue(f"rule of {derived.name}", rule_text(derived.of), fault)
    value_of = compile_expression(derived.of, growing.reader)
    rows = range(len(growing.columns[CUSTOMER_KEY]))
    column = list(map(value_of, rows))
    growing.add(_field(derived.name, _KIND_OF[found], derived.labels, derived.unit), column)


def _add_abc(growing: _Growing, declared: AbcField) -> None:
    with naming(declared.name, growing.later):
        of = growing.schema.field(declared.by)
    if of.kind is not Kind.DECIMAL:
        raise InvalidValue(f"by of {declared.name}", declared.by, "it must be a number")
    keys, values = growing.columns[CUSTOMER_KEY], growing.columns[declared.by]
    known = {key: value for key, value in zip(keys, values, strict=True) if value is not None}
    found = abc_of([(key, key, value) for key, value in known.items()], declared.cuts)
    classes: dict[str, str | None] = dict.fromkeys(known, LAST_CLASS)
    classes.update((item.key, item.grade) for item in found.items)
    growing.add(_field(declared.name, Kind.TEXT, declared.labels), growing.by_customer(classes))


def _add_rfm(growing: _Growing, declared: RfmFields) -> None:
    inputs = rfm_inputs(growing.facts, growing.day, growing.during(declared.months))
    found = rfm(inputs, growing.day, declared.scheme)
    for letter, labels in _RFM_LABELS:
        column = {one.key: _score(getattr(one, letter)) for one in found}
        growing.add(
            _field(f"{declared.name}_{letter}", Kind.DECIMAL, labels, "score"),
            growing.by_customer(column, Decimal(0)),
        )
    segments = {one.key: rfm_segment(one, declared.segments) for one in found}
    growing.add(
        _field(f"{declared.name}_segment", Kind.TEXT, ("RFM segment", "RFM 细分")),
        growing.by_customer(segments),
    )


_RFM_LABELS = (
    ("r", ("Recency score", "最近购买得分")),
    ("f", ("Frequency score", "购买频次得分")),
    ("m", ("Money score", "购买金额得分")),
)


def _score(score: int | None) -> Decimal | None:
    return None if score is None else Decimal(score)


def _add_table(growing: _Growing, declared: TableFields) -> None:
    table = declared.table
    schema = growing.schema
    for one in table.inputs:
        with naming(f"table {table.name}", growing.later):
            check_types(one.of, schema)
    for fault in check_table(table, schema):
        if fault.severity is Severity.ERROR:
            raise InvalidValue("decision table", table.name, fault.message)
    decide = compile_table(table, growing.reader)
    rows = range(len(growing.columns[CUSTOMER_KEY]))
    decided = list(map(decide, rows))
    for place, output in enumerate(table.outputs):
        kind = Kind.DECIMAL
        if table.collect is not Collect.COUNT:
            kind = _KIND_OF_TYPE[type(table.rows[0].outputs[place])]
        growing.add(
            _field(output.name, kind, output.labels or (output.name, output.name)),
            [None if one is None else one[place] for one in decided],
        )


_KIND_OF_TYPE: dict[type, Kind] = {
    bool: Kind.BOOLEAN,
    Decimal: Kind.DECIMAL,
    str: Kind.TEXT,
    date: Kind.DATE,
    datetime: Kind.INSTANT,
}
