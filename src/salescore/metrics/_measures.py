"""`Measure` and `Reduction`: what is declared so that any engine may run it."""

from __future__ import annotations

from contextlib import suppress
from enum import Enum

import attrs

from salescore.book import FACT_TABLES
from salescore.errors import InvalidValue, UnknownName
from salescore.metrics._dimensions import is_calendar_unit
from salescore.plain import FieldTable, Kind, as_tuple
from salescore.rules import Expression, RuleType, Term, as_tree, check_types, rule_text


class Aggregate(Enum):
    """How the values of many rows become one."""

    SUM = "sum"
    COUNT = "count"
    DISTINCT = "distinct"
    VALUES = "values"


def fact_schema(name: str) -> FieldTable:
    """
    Return the field table of a fact table.

    Raises:
        UnknownName: There is no such fact table.
    """
    for schema in FACT_TABLES:
        if schema.name == name:
            return schema
    raise UnknownName("fact table", name, tuple(schema.name for schema in FACT_TABLES))


def _tree(value: Term | Expression | None) -> Expression | None:
    return None if value is None else as_tree(value)


@attrs.frozen(kw_only=True, cache_hash=True)
class Measure:
    """
    An expression over the rows of a fact table, and how it is brought together.

    It is checked when it is made. Where it names a column that the fact table does not have of
    itself, such as a field that an application registered, it is checked against the facts that it
    first meets.

    Attributes:
        name: Name, unique among the measures of one reduction.
        table: Fact table.
        aggregate: How rows are brought together.
        of: Expression whose values are brought together; `None` counts rows.
        where: Rule that a row must satisfy; `None` takes all.
        date: Column that places a row in a period; `None` takes the rows as they stand.
    """

    name: str
    table: str
    aggregate: Aggregate
    of: Expression | None = attrs.field(default=None, converter=_tree)
    where: Expression | None = attrs.field(default=None, converter=_tree)
    date: str | None = None

    def __attrs_post_init__(self) -> None:
        schema = fact_schema(self.table)
        with suppress(UnknownName):
            self.check(schema)

    def check(self, schema: FieldTable) -> None:
        """
        Refuse a measure that a fact table cannot answer.

        Args:
            schema: The fact table with all its columns.

        Raises:
            UnknownName: It has no such column.
            InvalidValue: An expression is of another type than is needed.
            RuleTypeError: An expression does not fit the columns.
        """
        if self.date is not None and schema.field(self.date).kind is not Kind.DATE:
            raise InvalidValue(f"date of {self.name}", self.date, "it must be a column of dates")
        if self.where is not None and check_types(self.where, schema) is not RuleType.BOOLEAN:
            raise InvalidValue(
                f"where of {self.name}", rule_text(self.where), "it must be a condition"
            )
        if self.of is None:
            if self.aggregate is not Aggregate.COUNT:
                raise InvalidValue(
                    f"of of {self.name}", None, f"{self.aggregate.value} needs an expression"
                )
            return
        found = check_types(self.of, schema)
        if self.aggregate in (Aggregate.SUM, Aggregate.VALUES) and found is not RuleType.NUMBER:
            raise InvalidValue(f"of of {self.name}", rule_text(self.of), "it must be a number")

    @property
    def is_additive(self) -> bool:
        """Return whether the parts of a slice sum to the whole."""
        return self.aggregate in (Aggregate.SUM, Aggregate.COUNT)


@attrs.frozen(kw_only=True)
class Reduction:
    """
    A named set of measures by keys: one small table out of a large one.

    Attributes:
        name: Name.
        table: Fact table.
        keys: Columns of the fact table, and units of the calendar such as `month`; a column that
            the facts do not have is refused when they are reduced.
        measures: Measures of that table that share one date column.
    """

    name: str
    table: str
    measures: tuple[Measure, ...] = attrs.field(converter=as_tuple)
    keys: tuple[str, ...] = attrs.field(default=(), converter=as_tuple)

    def __attrs_post_init__(self) -> None:
        fact_schema(self.table)
        if not self.measures:
            raise InvalidValue(f"measures of {self.name}", (), "there must be at least one")
        for measure in self.measures:
            if (measure.table, measure.date) != (self.table, self.date):
                raise InvalidValue(
                    f"measure {measure.name}",
                    f"{measure.table} by {measure.date}",
                    f"{self.name} reduces {self.table} by {self.date}",
                )
        if self.date is None and any(map(is_calendar_unit, self.keys)):
            raise InvalidValue(
                f"keys of {self.name}", self.keys, "no date places its rows in the calendar"
            )

    @property
    def date(self) -> str | None:
        """Return the column that places a row in a period."""
        return self.measures[0].date
