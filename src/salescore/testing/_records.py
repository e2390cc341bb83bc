"""Strategies for records and rows, read off the field tables."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, assert_never

from salescore.entities import record_table
from salescore.errors import InvalidValue
from salescore.plain import Field, FieldTable, Kind, custom_values
from salescore.testing._hypothesis import st
from salescore.testing._values import CURRENCIES, days, decimals, instants, texts
from salescore.values import Money

Fields = st.SearchStrategy[Any]

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
    own = {field.name: fields.get(field.name, _field(field)) for field in table.fields}
    return st.sampled_from(currencies).flatmap(lambda code: _built(table, own, code))


def _built(table: FieldTable, own: dict[str, Fields], code: str) -> Fields:
    def made(values: dict[str, Any]) -> Any:  # noqa: ANN401 - the class is known when it runs
        for name in table.money_fields:
            if isinstance(values[name], Decimal):
                values[name] = Money(values[name], code)
        record: Any = table.record
        custom = {field.name: values.pop(field.name) for field in table.custom_fields}
        return record(**values, custom=custom_values(**custom))

    return st.fixed_dictionaries(own).map(made)


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
        Rows that the table admits; choices are text.
    """
    fields = [field for field in table.fields if field.kind is not Kind.MONEY]
    cells = st.tuples(*(_or_null(field, _common(field)) for field in fields))
    names = [field.name for field in fields]
    return cells.map(lambda row: dict(zip(names, row, strict=True)))


def _common(field: Field) -> Fields:
    match field.kind:
        case Kind.TEXT:
            return st.one_of(_COMMON_TEXTS, texts())
        case Kind.DECIMAL if field.minimum is None and field.maximum is None:
            return st.one_of(_COMMON_NUMBERS, decimals())
        case _:
            return _value(field)
