"""Strategies for records and rows, read off the field tables."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from typing import Any, assert_never

from salescore.entities import record_table
from salescore.errors import InvalidValue
from salescore.plain import Field, FieldTable, Kind, custom_values
from salescore.testing._hypothesis import st
from salescore.testing._values import CURRENCIES, days, decimals, instants, tags, texts
from salescore.values import Money

Fields = st.SearchStrategy[Any]

_CURRENCY = "currency"
"""Of no record a field, also not a registered one."""

_COMMON_TEXTS = st.sampled_from(["West", "East", "华东", "a", ""])
_COMMON_NUMBERS = st.sampled_from([Decimal(n) for n in ("0", "1", "-1", "0.5", "100", "100.00")])


def records(
    table: FieldTable | str, currencies: Sequence[str] = CURRENCIES, /, **fields: Fields
) -> st.SearchStrategy[Any]:
    """
    Return any records that a field table admits: every field in its bounds, nullable ones null.

    Args:
        table: Name of a record type such as `customers`, or the field table of a record class,
            with registered fields or without.
        currencies: Codes of the money; one record holds one of them.
        fields: Strategies that stand in for those of single fields.

    Returns:
        Records of the table's class; they refer to anything.

    Raises:
        InvalidValue: The table is a fact table.
        UnknownName: There is no such record type, or it has no field of such a name.
    """
    if isinstance(table, str):
        table = record_table(table)
    if table.record is None:
        raise InvalidValue("table", table.name, "a fact table has no records; draw rows(table)")
    for name in fields:
        table.field(name)
    codes = tuple(currencies)
    return _records(table, codes, fields) if fields else _any_records(table, codes)


@cache
def _any_records(table: FieldTable, currencies: tuple[str, ...]) -> Fields:
    """Return a strategy that is made once: making one is dearer than many draws from it."""
    return _records(table, currencies, {})


def _records(table: FieldTable, currencies: tuple[str, ...], fields: dict[str, Fields]) -> Fields:
    names = (*table.names, _CURRENCY)
    own = {**fields, _CURRENCY: st.sampled_from(currencies)}
    cells = st.tuples(*(own[name] if name in own else _field(table.field(name)) for name in names))
    custom = [field.name for field in table.custom_fields]

    def made(row: tuple[Any, ...]) -> Any:  # noqa: ANN401 - the class is known when it runs
        values = dict(zip(names, row, strict=True))
        code = values.pop(_CURRENCY)
        for name in table.money_fields:
            if isinstance(values[name], Decimal):
                values[name] = Money(values[name], code)
        record: Any = table.record
        own_values = {name: values.pop(name) for name in custom}
        return record(**values, custom=custom_values(**own_values))

    return cells.map(made)


@cache
def _field(field: Field) -> Fields:
    """Return values of one field of a record; money as its amount alone."""
    if field.choice_type is not None:
        return _or_null(field, st.sampled_from(field.choice_type))
    return _or_null(field, _value(field))


def _value(field: Field) -> Fields:
    match field.kind:
        case Kind.ID:
            return texts(least=1)
        case Kind.TEXT:
            return texts()
        case Kind.DECIMAL:
            found = decimals(field.minimum, field.maximum)
            return found.filter(lambda one: field.range_fault(one) is None)
        case Kind.MONEY:
            return decimals()
        case Kind.DATE:
            return days()
        case Kind.INSTANT:
            return instants()
        case Kind.BOOLEAN:
            return st.booleans()
        case Kind.CHOICE:
            return st.sampled_from(field.choices)
        case _:
            assert_never(field.kind)


def _or_null(field: Field, values: Fields) -> Fields:
    return st.one_of(st.none(), values) if field.nullable else values


def rows(table: FieldTable) -> st.SearchStrategy[dict[str, Any]]:
    """
    Return rows of a fact table as rules read them: values by field name, nulls among them.

    Common values come often, so that comparisons of two rows, or with a rule, hit.

    Args:
        table: Field table; money fields are left out, for rules see priced facts alone.

    Returns:
        Rows that the table admits; choices are text, sets of tags are frozen sets of text.
    """
    fields = [field for field in table.fields if field.kind is not Kind.MONEY]
    cells = st.tuples(*(_or_null(field, _common(field)) for field in fields))
    names = [field.name for field in fields]
    return cells.map(lambda row: dict(zip(names, row, strict=True)))


def _common(field: Field) -> Fields:
    if field.is_set:
        return st.frozensets(tags(), max_size=3)
    match field.kind:
        case Kind.TEXT:
            return st.one_of(_COMMON_TEXTS, texts())
        case Kind.DECIMAL if field.minimum is None and field.maximum is None:
            return st.one_of(_COMMON_NUMBERS, decimals())
        case _:
            return _value(field)
