"""Records out of dataframes: dtypes first, all faults at once, then every value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC
from decimal import Decimal
from typing import Any, assert_never

from salescore.book import SalesBook
from salescore.entities import record_table
from salescore.errors import InvalidFrame, InvalidRecord, SalesCoreError
from salescore.frames._engines import narwhals
from salescore.frames._write_columns import arrow
from salescore.frames._write_records import CURRENCY, frame_fields
from salescore.plain import (
    CUSTOM,
    CustomFields,
    Field,
    FieldTable,
    Kind,
    bulk_records,
    value_fault,
)
from salescore.values import Rounding, bulk_money, currency, round_to, scale_of


def from_frames(
    frames: Mapping[str, Any], *, custom_fields: CustomFields | None = None
) -> SalesBook:
    """
    Return the book whose records stand in dataframes, in the columns of a folder of facts.

    Args:
        frames: By record type a dataframe of any engine that Narwhals knows, eager or lazy. A
            nullable column may be left out, another must be there, and an unknown one is refused.
        custom_fields: Fields that the application registered, which are columns too.

    Returns:
        The book; `from_frames(to_frames(book))` has the same records as `book`.

    Raises:
        UnknownName: There is no such record type.
        InvalidFrame: A column is missing, unknown, or of a dtype that cannot hold its field, such
            as floats for money; all of them at once, in all frames.
        InvalidRecord: A value that its field does not admit, with its row, counted from 0.
        MissingExtra: The extra `frames` is not installed.
    """
    custom = CustomFields() if custom_fields is None else custom_fields
    tables = {name: custom.extend(record_table(name)) for name in frames}
    arrows = {name: _collected(name, native) for name, native in frames.items()}
    faults = {name: _faults(arrow(), tables[name], arrows[name]) for name in frames}
    wrong = [name for name, found in faults.items() if found]
    if wrong:
        told = tuple(
            fault if len(wrong) == 1 else f"{name}.{fault}"
            for name in wrong
            for fault in faults[name]
        )
        raise InvalidFrame(", ".join(wrong), told)
    records = {name: _records(tables[name], arrows[name]) for name in frames}
    return SalesBook(**records, custom_fields=custom)


def _collected(name: str, native: Any) -> Any:  # noqa: ANN401 - a dataframe of any engine
    """
    Return a dataframe as an Arrow table.

    Raises:
        InvalidFrame: It is no dataframe, or pandas holds objects that are of no one type.
    """
    nw = narwhals()
    try:
        frame = nw.from_native(native)
    except TypeError:
        fault = f"it is a {type(native).__name__}; hand in a dataframe that Narwhals knows"
        raise InvalidFrame(name, (fault,)) from None
    except nw.exceptions.NarwhalsError as error:
        raise InvalidFrame(name, (" ".join(str(error).split()),)) from None
    if isinstance(frame, nw.LazyFrame):
        return frame.collect("pyarrow").to_native()
    try:
        return frame.to_arrow()
    except arrow().ArrowException as error:
        raise InvalidFrame(name, (str(error),)) from None


def _faults(pa: Any, table: FieldTable, columns: Any) -> list[str]:  # noqa: ANN401 - a package without types
    """Return what is wrong with the columns of a frame."""
    fields = {field.name: field for field in frame_fields(table)}
    found: list[str] = []
    names: list[str] = columns.column_names
    for name in names:
        if name not in fields:
            found.append(f"{name}: there is no such field; leave the column out")
        else:
            fault = _dtype_fault(pa, fields[name].kind, columns.schema.field(name).type)
            if fault is not None:
                found.append(f"{name}: {fault}")
    found += [
        f"{name}: the column is missing"
        for name, field in fields.items()
        if not field.nullable and name not in names
    ]
    money = [name for name in table.money_fields if name in names]
    if money and CURRENCY not in names:
        found.append(f"{CURRENCY}: the column is missing, and {money[0]} holds money")
    return found


def _dtype_fault(pa: Any, kind: Kind, dtype: Any) -> str | None:  # noqa: ANN401 - as above
    """Return why a dtype cannot hold a kind of field."""
    kinds = pa.types
    if kinds.is_dictionary(dtype):
        dtype = dtype.value_type
    if kinds.is_null(dtype):
        return None
    match kind:
        case Kind.ID | Kind.TEXT | Kind.CHOICE:
            texts = (kinds.is_string, kinds.is_large_string, kinds.is_string_view)
            right, wanted = any(is_kind(dtype) for is_kind in texts), "text"
        case Kind.DECIMAL | Kind.MONEY:
            right = kinds.is_decimal(dtype) or kinds.is_integer(dtype)
            wanted = "exact decimals"
        case Kind.DATE:
            right, wanted = kinds.is_date32(dtype), "dates without a time"
        case Kind.INSTANT:
            right = kinds.is_timestamp(dtype) and dtype.tz is not None
            wanted = "instants with a time zone"
        case Kind.BOOLEAN:
            right, wanted = kinds.is_boolean(dtype), "truth values"
        case _:
            assert_never(kind)
    return None if right else f"its dtype is {dtype}; it must hold {wanted}"


def _records(table: FieldTable, columns: Any) -> list[Any]:  # noqa: ANN401 - as above
    count: int = columns.num_rows
    values = {
        field.name: _values(table, field, columns)
        for field in table.fields
        if field.name in columns.column_names
    }
    for field in table.fields:
        if not field.is_custom and field.name not in values:
            values[field.name] = [None] * count
    codes = _currencies(table, columns, values)
    for name in table.money_fields:
        if name in values:
            values[name] = bulk_money(values[name], codes)
    names = [field.name for field in table.custom_fields if field.name in values]
    if names:
        custom = zip(*(values.pop(name) for name in names), strict=True)
        values[CUSTOM] = [
            tuple(sorted(pair for pair in zip(names, row, strict=True) if pair[1] is not None))
            for row in custom
        ]
    record = table.record
    assert record is not None  # noqa: S101 - a record type has a class
    return bulk_records(record, values, count)


def _values(table: FieldTable, field: Field, columns: Any) -> list[Any]:  # noqa: ANN401 - as above
    """
    Return the values of a field, each of which it admits.

    Raises:
        InvalidRecord: The first that it does not, with its row.
    """
    column = columns.column(field.name)
    match field.kind:
        case Kind.DECIMAL | Kind.MONEY:
            values = [_decimal(one) for one in column.to_pylist()]
        case Kind.INSTANT:
            values = _instants(table, field.name, column)
        case _:
            values = column.to_pylist()
    faults = {value: _fault(field, value) for value in set(values)}
    if any(faults.values()):
        row = next(number for number, value in enumerate(values) if faults[value])
        value = values[row]
        raise InvalidRecord(f"{table.name}[{row}]", field.name, value, str(faults[value]))
    if field.choice_type is not None:
        members: dict[Any, Any] = {str(one.value): one for one in field.choice_type}
        values = [members.get(value) for value in values]
    return values


def _decimal(value: Any) -> Any:  # noqa: ANN401 - whatever stands in the column
    if value is None:
        return None
    number = Decimal(value) if isinstance(value, int) else value
    return round_to(number, scale_of(number), Rounding.DOWN)  # zeros that only the dtype asks for


def _instants(table: FieldTable, name: str, column: Any) -> list[Any]:  # noqa: ANN401 - as above
    """
    Return instants in UTC.

    Raises:
        InvalidFrame: One is finer than a microsecond.
    """
    pa = arrow()
    try:
        exact = column.cast(pa.timestamp("us", tz="UTC"))
    except pa.ArrowInvalid:
        fault = f"{name}: its instants are finer than a microsecond; round them first"
        raise InvalidFrame(table.name, (fault,)) from None
    return [None if one is None else one.astimezone(UTC) for one in exact.to_pylist()]


def _fault(field: Field, value: Any) -> str | None:  # noqa: ANN401 - as above
    if field.kind is Kind.CHOICE and value is not None:
        known = ", ".join(field.choices)
        return None if value in field.choices else f"it must be one of {known}"
    if field.kind is Kind.MONEY and value is not None:
        return value_fault(_NUMBER, value)
    return value_fault(field, value)


_NUMBER = Field(name="amount", kind=Kind.DECIMAL, nullable=True, labels=("Amount", "金额"))


def _currencies(
    table: FieldTable,
    columns: Any,  # noqa: ANN401 - as above
    values: Mapping[str, Sequence[Any]],
) -> list[str]:
    """
    Return the currency of each row, some code where it holds no money.

    Raises:
        InvalidRecord: An amount without a currency, or with one that is not known.
    """
    money = [name for name in table.money_fields if name in values]
    if CURRENCY not in columns.column_names:
        return [""] * columns.num_rows
    codes: list[Any] = columns.column(CURRENCY).to_pylist()
    unknown = {code: _code_fault(code) for code in set(codes)}
    if any(unknown.values()):
        amounts = list(zip(*(values[name] for name in money), strict=True))
        for row, code in enumerate(codes):
            fault = unknown[code]
            is_stated = any(one is not None for one in amounts[row])
            if fault is not None and (is_stated or code is not None):
                raise InvalidRecord(f"{table.name}[{row}]", CURRENCY, code, fault)
    return codes


def _code_fault(code: str | None) -> str | None:
    if code is None:
        return "the row holds money, and no currency says which"
    try:
        currency(code)
    except SalesCoreError as error:
        return str(error)
    return None
