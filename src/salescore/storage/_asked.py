"""
Questions to a store: which columns their rules read, and what they must satisfy.

Adapters ask `checked_query`, compile `where` over `schema`, sort by `order`, and begin behind
`start`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from operator import attrgetter
from typing import Any

import attrs

from salescore.errors import InvalidValue, RuleTypeError, UnknownName
from salescore.plain import Field, FieldTable, Kind, PersonalData, field_value
from salescore.rules import (
    Expression,
    Literal,
    RuleType,
    TextTest,
    check_types,
    children,
    rule_text,
)
from salescore.storage._checks import RecordTypes
from salescore.storage._cursor import SortKey, read_cursor, write_cursor
from salescore.storage._query import Moment, OrderBy, Query
from salescore.storage._texts import is_keepable
from salescore.values import Money, check_instant

MOST = 10_000
"""Most records or events of one answer."""

_ID = "id"
_AMOUNT, _CURRENCY = "_amount", "_currency"


@cache
def query_schema(table: FieldTable) -> FieldTable:
    """
    Return the columns that rules and orders of queries read of a record type.

    Every field but money under its own name, choices as their texts; each money field as
    `<field>_amount`, a decimal, and `<field>_currency`, a text, both null where it is.

    Args:
        table: Field table of the record type, with registered fields.

    Returns:
        The columns in the order of the fields, without a record class.

    Raises:
        InvalidValue: A registered field has the name of such a column.

    Examples:
        >>> from salescore.entities import record_table
        >>> query_schema(record_table("product_costs")).names[:4]
        ('id', 'product_id', 'cost_amount', 'cost_currency')
    """
    columns = tuple(column for field in table.fields for column in _columns(field))
    found = FieldTable(name=table.name, fields=columns, version=table.version)
    for column in columns:
        if found.names.count(column.name) > 1:
            fault = "queries call a part of money so; register the field under another name"
            raise InvalidValue(f"custom field of {table.name}", column.name, fault)
    return found


def column_reader(table: FieldTable, column: str) -> Callable[[Any], Any]:
    """
    Return the function that reads a column of `query_schema` off a record.

    Args:
        table: Field table of the record type, with registered fields.
        column: Name of a column of its schema.

    Returns:
        A function from a record to what a rule compares: a text, a `Decimal`, a date, an instant,
        a truth value or `None`.
    """
    for field in table.fields:
        match field.kind:
            case Kind.MONEY if column == field.name + _AMOUNT:
                return _amount_of(_value_of(field))
            case Kind.MONEY if column == field.name + _CURRENCY:
                return _currency_of(_value_of(field))
            case Kind.CHOICE if column == field.name:
                return _text_of(_value_of(field))
            case _ if column == field.name and field.kind is not Kind.MONEY:
                return _value_of(field)
            case _:
                continue
    raise AssertionError(f"{column} is no column of {table.name}")


@attrs.frozen(kw_only=True)
class CheckedQuery:
    """
    A question that a store may answer.

    Attributes:
        query: The question, its instant in UTC.
        table: Field table of the record type, with registered fields.
        schema: Columns that the rule and the order read, by `query_schema`.
        order: Columns to sort by, complete: the id is among them, and ends them.
        start: Sort key of the record that the page begins behind; `None` for the first page.
    """

    query: Query
    table: FieldTable
    schema: FieldTable
    order: tuple[OrderBy, ...]
    start: SortKey | None

    @property
    def is_by_id(self) -> bool:
        """Return whether the answer is sorted by nothing but ids, ascending."""
        return len(self.order) == 1 and not self.order[0].is_descending

    def cursor(self, key: SortKey) -> str:
        """
        Return the cursor behind a record.

        Args:
            key: Its values of the columns of `order`, in that order.
        """
        return write_cursor(self.query, key)


def checked_query(query: Query, types: RecordTypes) -> CheckedQuery:
    """
    Return a question in the form that adapters answer, after every check that needs no store.

    Args:
        query: The question as the caller gave it.
        types: The record types of the store.

    Raises:
        InvalidDate: The instant that it asks about is naive.
        InvalidValue: No query, a limit out of its range, a column that is sorted by twice, no
            moment, or a cursor of another question.
        RuleTypeError: The rule does not fit the columns, or yields no truth value.
        UnknownName: There is no such record type with versions, or no such column.
    """
    if type(query) is not Query:
        raise InvalidValue("query", query, "it must be a Query, such as Query(records='customers')")
    table = types.versioned_table(query.records)
    schema = query_schema(table)
    checked = attrs.evolve(query, at=checked_moment(query.at))
    check_limit(query.limit)
    try:
        _check_rule(query.where, schema)
        order = _complete(checked, schema)
    except UnknownName as unknown:
        raise _closer(unknown, table) from None
    start = None if query.after is None else _start(checked, schema, order)
    return CheckedQuery(query=checked, table=table, schema=schema, order=order, start=start)


def _check_rule(where: Expression | None, schema: FieldTable) -> None:
    if where is not None:
        found = check_types(where, schema)
        if found is not RuleType.BOOLEAN:
            fault = f"a query needs a condition, not {found.value}"
            raise RuleTypeError(rule_text(where), fault)
        _check_texts(where)


def _closer(unknown: UnknownName, table: FieldTable) -> UnknownName:
    """Return an error that offers the columns of a money field, where it names the field itself."""
    money = {field.name for field in table.fields if field.kind is Kind.MONEY}
    if unknown.name not in money:
        return unknown
    columns = (unknown.name + _AMOUNT, unknown.name + _CURRENCY)
    return UnknownName(unknown.kind, unknown.name, columns)


def checked_moment(at: Moment) -> Moment:
    """
    Return a moment with its instant in UTC.

    Raises:
        InvalidDate: The instant is naive.
        InvalidValue: No moment.
    """
    if type(at) is not Moment:
        raise InvalidValue("at", at, "it must be a Moment")
    return at if at.recorded is None else attrs.evolve(at, recorded=check_instant(at.recorded))


def check_limit(limit: object) -> None:
    """
    Refuse a limit out of its range.

    Raises:
        InvalidValue: No whole number from 1 to 10,000.
    """
    if type(limit) is not int or not 1 <= limit <= MOST:
        raise InvalidValue("limit", limit, f"it must be a whole number from 1 to {MOST:,}")


def check_position(after: object) -> None:
    """
    Refuse what can be no position of an event.

    Raises:
        InvalidValue: No whole number from 0.
    """
    if type(after) is not int or after < 0:
        raise InvalidValue("after", after, "a position is a whole number from 0")


def _columns(field: Field) -> Iterator[Field]:
    if field.kind is not Kind.MONEY:
        yield attrs.evolve(field, choice_type=None)
        return
    en, zh = field.labels
    yield attrs.evolve(
        field, name=field.name + _AMOUNT, kind=Kind.DECIMAL, labels=(f"{en}, amount", f"{zh}金额")
    )
    yield Field(
        name=field.name + _CURRENCY,
        kind=Kind.TEXT,
        nullable=field.nullable,
        labels=(f"{en}, currency", f"{zh}币种"),
        personal=PersonalData.NONE,
        is_custom=field.is_custom,
    )


def _value_of(field: Field) -> Callable[[Any], Any]:
    if not field.is_custom:
        return attrgetter(field.name)
    return lambda record: field_value(record, field)


def _amount_of(read: Callable[[Any], Money | None]) -> Callable[[Any], Any]:
    def amount(record: Any) -> Any:  # noqa: ANN401 - a record of the table
        money = read(record)
        return None if money is None else money.amount

    return amount


def _currency_of(read: Callable[[Any], Money | None]) -> Callable[[Any], Any]:
    def currency(record: Any) -> Any:  # noqa: ANN401 - a record of the table
        money = read(record)
        return None if money is None else money.currency

    return currency


def _text_of(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def text(record: Any) -> Any:  # noqa: ANN401 - a record of the table
        value = read(record)
        return value.value if isinstance(value, Enum) else value

    return text


def _complete(query: Query, schema: FieldTable) -> tuple[OrderBy, ...]:
    names: list[str] = []
    for one in query.order:
        if type(one) is not OrderBy:
            raise InvalidValue("order", one, "it must be an OrderBy")
        schema.field(one.field)
        if one.field in names:
            raise InvalidValue("order", one.field, "an answer is sorted by a column once")
        names.append(one.field)
    if _ID in names:  # behind a unique column no other can decide
        return query.order[: names.index(_ID) + 1]
    return (*query.order, OrderBy(_ID))


def _start(query: Query, schema: FieldTable, order: tuple[OrderBy, ...]) -> SortKey:
    key = read_cursor(query, query.after)
    kinds = [schema.field(one.field).kind for one in order]
    if len(key) != len(order) or not all(map(_fits, key, kinds)):
        raise InvalidValue("a cursor", query.after, "its values are none of these columns")
    return key


def _fits(value: object, kind: Kind) -> bool:
    match kind:
        case _ if value is None:
            return True
        case Kind.DECIMAL:
            return isinstance(value, Decimal)
        case Kind.BOOLEAN:
            return isinstance(value, bool)
        case Kind.INSTANT:
            return isinstance(value, datetime)
        case Kind.DATE:
            return isinstance(value, date) and not isinstance(value, datetime)
        case _:
            return is_keepable(value)


def _check_texts(rule: Expression) -> None:
    """Refuse a text that no store keeps, for databases would not even take the question."""
    waiting = [rule]
    while waiting:
        node = waiting.pop()
        waiting += children(node)
        match node:
            case Literal(value) if isinstance(value, str):
                text = value
            case TextTest(_, _, wanted):
                text = wanted
            case _:
                continue
        if not is_keepable(text):
            fault = "no record that is kept holds U+0000 or half of a surrogate pair"
            raise RuleTypeError(rule_text(node), fault)
