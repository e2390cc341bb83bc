"""`Measure` and `Reduction`: what is declared so that any engine may run it."""

from __future__ import annotations

from contextlib import suppress
from enum import Enum

import attrs

from salescore.book import FACT_TABLES
from salescore.errors import InvalidValue, RuleTypeError, UnknownName
from salescore.metrics._dimensions import is_calendar_unit
from salescore.plain import FieldTable, Kind, Node, as_tuple
from salescore.rules import (
    Expression,
    RuleType,
    Term,
    as_tree,
    check_types,
    read_rule,
    rule_text,
    rule_to_data,
)


class Aggregate(Enum):
    """
    How the values of many rows become one.

    Attributes:
        SUM: The exact sum of numbers; 0 of no rows.
        COUNT: How many rows there are, or how many have a value.
        DISTINCT: How many different values there are.
        VALUES: All numbers, ascending.
        MIN: The least number or the earliest date; `None` of no rows.
        MAX: The greatest number or the latest date; `None` of no rows.
    """

    SUM = "sum"
    COUNT = "count"
    DISTINCT = "distinct"
    VALUES = "values"
    MIN = "min"
    MAX = "max"


_FITTING = {
    Aggregate.SUM: ((RuleType.NUMBER,), "it must be a number"),
    Aggregate.VALUES: ((RuleType.NUMBER,), "it must be a number"),
    Aggregate.MIN: ((RuleType.NUMBER, RuleType.DATE), "it must be a number or a date"),
    Aggregate.MAX: ((RuleType.NUMBER, RuleType.DATE), "it must be a number or a date"),
}
"""What can be brought together how; rows with any value at all can be counted."""


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
        fitting, fault = _FITTING.get(self.aggregate, (tuple(RuleType), ""))
        if found not in fitting:
            raise InvalidValue(f"of of {self.name}", rule_text(self.of), fault)

    @property
    def is_additive(self) -> bool:
        """Return whether the parts of a slice sum to the whole."""
        return self.aggregate in (Aggregate.SUM, Aggregate.COUNT)

    def as_data(self) -> dict[str, object]:
        """
        Return the measure as plain JSON data, in the form that `from_data` reads.

        Examples:
            >>> Measure(name="n", table="cases", aggregate=Aggregate.COUNT).as_data()["of"]
            {'count': []}
        """
        found: dict[str, object] = {"name": self.name, "table": self.table}
        if self.date is not None:
            found["date"] = self.date
        found["of"] = {self.aggregate.value: [] if self.of is None else [rule_to_data(self.of)]}
        if self.where is not None:
            found["where"] = rule_to_data(self.where)
        return found

    @classmethod
    def from_data(cls, data: object, path: str = "measure") -> Measure:
        """
        Return the measure that plain JSON data describe.

        Args:
            data: What `as_data` gives, or a `Node` of a larger document: `name`, `table`, `of`
                with one aggregate and its expression, and where they are needed `date` and
                `where`.
            path: Where the data stand, for error messages; a `Node` knows its own.

        Raises:
            InvalidDocument: A key is unknown or missing, a rule is none, or the fact table cannot
                answer the measure.
        """
        node = data if isinstance(data, Node) else Node(data, path)
        keys = node.object(
            ("name", "table", "date", "of", "where"), required=("name", "table", "of")
        )
        aggregate, of = _read_of(keys["of"])
        table = keys["table"].choice(_TABLES, "fact table")
        try:
            return cls(
                name=keys["name"].text(),
                table=table,
                aggregate=aggregate,
                of=of,
                where=read_rule(keys["where"]) if "where" in keys else None,
                date=keys["date"].text() if "date" in keys else None,
            )
        except (InvalidValue, RuleTypeError) as error:
            node.refuse(str(error))


_TABLES = tuple(schema.name for schema in FACT_TABLES)


def _read_of(node: Node) -> tuple[Aggregate, Expression | None]:
    """Return how a measure brings rows together, and what of them."""
    known = tuple(one.value for one in Aggregate)
    pairs = node.object(known)
    if len(pairs) != 1:
        node.refuse('expected one aggregate, such as {"sum": [expression]}')
    ((name, arguments),) = pairs.items()
    parts = [read_rule(one) for one in arguments.items()]
    if len(parts) > 1:
        arguments.refuse("an aggregate is of one expression")
    return Aggregate(name), parts[0] if parts else None


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

    def as_data(self) -> dict[str, object]:
        """Return the reduction as plain JSON data, in the form that `from_data` reads."""
        return {
            "name": self.name,
            "table": self.table,
            "keys": list(self.keys),
            "measures": [one.as_data() for one in self.measures],
        }

    @classmethod
    def from_data(cls, data: object, path: str = "reduction") -> Reduction:
        """
        Return the reduction that plain JSON data describe.

        Args:
            data: What `as_data` gives, or a `Node` of a larger document: `name`, `table`,
                `measures`, and `keys` where there are any.
            path: Where the data stand, for error messages; a `Node` knows its own.

        Raises:
            InvalidDocument: A key is unknown or missing, a measure is none, or the measures do not
                belong together.
        """
        node = data if isinstance(data, Node) else Node(data, path)
        found = node.object(
            ("name", "table", "keys", "measures"), required=("name", "table", "measures")
        )
        measures = tuple(map(Measure.from_data, found["measures"].items()))
        try:
            return cls(
                name=found["name"].text(),
                table=found["table"].choice(_TABLES, "fact table"),
                keys=found["keys"].texts() if "keys" in found else (),
                measures=measures,
            )
        except InvalidValue as error:
            node.refuse(str(error))
