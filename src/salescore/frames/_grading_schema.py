"""Fields of customers out of the types of columns, and values of rules out of rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date
from decimal import Decimal
from typing import Any

import attrs

from salescore.errors import InvalidFrame
from salescore.frames._columns import span_of, type_fault
from salescore.frames._engines import narwhals
from salescore.frames._frame import Frame, Native, open_frame
from salescore.frames._grading_tables import Table
from salescore.frames._write_columns import SEPARATOR
from salescore.plain import Field, FieldTable, Kind
from salescore.rules import RuleType


@attrs.frozen(kw_only=True, eq=False)
class CustomerFrame:
    """
    One row for each customer with what policies know of it, as a dataframe.

    Attributes:
        as_of: Day of grading.
        schema: The fields that rules can read; one without a column is unknown of everybody.
        native: The dataframe, of the kind that the fact tables are.
    """

    as_of: date
    schema: FieldTable
    native: Native = attrs.field(repr=False)


def opened_customers(
    customers: CustomerFrame | Native, schema: FieldTable | None, fields: Iterable[str]
) -> Frame:
    """
    Return a frame of customers, checked in some fields beside the key.

    Raises:
        InvalidFrame: Columns of other types.
        UnknownName: There is no such field.
    """
    native, known = customers, schema
    if isinstance(customers, CustomerFrame):
        native, known = customers.native, schema or customers.schema
    if known is None:
        known = schema_of_columns(narwhals().from_native(native))
        _refuse_untyped(narwhals().from_native(native), known, fields)
    return open_frame(native, known, columns=("customer_id", *fields), absent_as_null=True)


def _refuse_untyped(table: Table, known: FieldTable, fields: Iterable[str]) -> None:
    """Refuse columns that rules read, and whose types are none of a field."""
    types = dict(table.collect_schema().items())
    faults = tuple(
        type_fault(name, RuleType.NUMBER, str(types[name]), is_naive=False)
        for name in dict.fromkeys(fields)
        if name in types and name not in known
    )
    if faults:
        raise InvalidFrame(known.name, faults)


def schema_of_columns(table: Table) -> FieldTable:
    """
    Return the fields that the columns of a table can be; columns of other types are none.

    Args:
        table: The customers, with their `customer_id`.

    Raises:
        InvalidFrame: There is no column of customers.
    """
    fields = [
        Field(
            name=name,
            kind=Kind.ID if name == "customer_id" else kind,
            nullable=name != "customer_id",
            labels=(name, name),
        )
        for name, dtype in table.collect_schema().items()
        if (kind := _kind_of(dtype)) is not None
    ]
    found = FieldTable(name="customers", fields=tuple(fields))
    if "customer_id" not in found:
        raise InvalidFrame("customers", ("column 'customer_id' is missing",))
    return found


def _kind_of(dtype: Any) -> Kind | None:  # noqa: ANN401 - a type of Narwhals
    nw = narwhals()
    if span_of(dtype) is not None:
        return Kind.DECIMAL
    kinds = {
        nw.String: Kind.TEXT,
        nw.Categorical: Kind.TEXT,
        nw.Enum: Kind.TEXT,
        nw.Date: Kind.DATE,
        nw.Datetime: Kind.INSTANT,
        nw.Boolean: Kind.BOOLEAN,
    }
    return next((kind for one, kind in kinds.items() if dtype == one), None)


def row_values(row: dict[str, Any], opened: Frame) -> dict[str, Any]:
    """Return a row of an engine as values that rules read, absent columns as null."""
    found = {column.name: _value(row[column.name], column.type) for column in opened.columns}
    return {**found, **dict.fromkeys(opened.absent)}


def _value(value: Any, held: RuleType) -> Any:  # noqa: ANN401 - whatever a column holds
    if value is None:
        return None
    match held:
        case RuleType.NUMBER:
            return value if isinstance(value, Decimal) else Decimal(int(value))
        case RuleType.TAGS:
            return frozenset(one for one in str(value).split(SEPARATOR) if one)
        case RuleType.INSTANT:
            return value.astimezone(UTC)
        case _:
            return value
