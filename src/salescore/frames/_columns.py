"""Columns: what a column of a frame must hold to be a field of a fact table."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final, assert_never

import attrs

from salescore.frames._digits import NO_NUMBER, Digits, Span
from salescore.frames._engines import narwhals
from salescore.frames._write_columns import SEPARATOR
from salescore.plain import Field, Kind
from salescore.rules import RuleType

_INTEGERS: Final = {
    name: Span(Decimal(low), Decimal(high), 0)
    for bits in (8, 16, 32, 64, 128)
    for name, low, high in (
        (f"Int{bits}", -(2 ** (bits - 1)), 2 ** (bits - 1) - 1),
        (f"UInt{bits}", 0, 2**bits - 1),
    )
}
_FLOATS: Final = ("float", "double", "halffloat")
_TYPES: Final = {
    Kind.ID: RuleType.TEXT,
    Kind.TEXT: RuleType.TEXT,
    Kind.CHOICE: RuleType.TEXT,
    Kind.DECIMAL: RuleType.NUMBER,
    Kind.MONEY: RuleType.NUMBER,
    Kind.DATE: RuleType.DATE,
    Kind.INSTANT: RuleType.INSTANT,
    Kind.BOOLEAN: RuleType.BOOLEAN,
}
_WANTED: Final = {
    RuleType.NUMBER: "numbers; cast it to a decimal, such as Decimal(18, 2)",
    RuleType.TEXT: "texts; cast it to strings",
    RuleType.TAGS: "sets of texts as one text, with U+001F before each and at the end",
    RuleType.DATE: "days; cast it to dates",
    RuleType.INSTANT: "instants; cast it to timestamps in UTC",
    RuleType.BOOLEAN: "truth values; compare it with what stands for true",
}


@attrs.frozen(kw_only=True, eq=False)
class Column:
    """
    A checked column of a frame.

    Attributes:
        name: Its name.
        type: What rules take its values for.
        dtype: Its type as Narwhals names it.
        span: The range its type allows; `None` for all but numbers.
        normal: Its values as rules take them, texts as strings and instants in UTC, from the
            column as it was given; `None` where it needs no change.
    """

    name: str
    type: RuleType
    dtype: Any
    span: Span | None = None
    normal: Any = None

    @property
    def digits(self) -> Digits | None:
        """Return the digits its type allows; `None` for all but numbers."""
        return None if self.span is None else self.span.digits

    def between(self, low: Decimal | int | None, high: Decimal | int | None) -> Span:
        """Return the range from its least to its greatest value, both null for no values."""
        if low is None or high is None or self.span is None:
            return NO_NUMBER
        return Span(Decimal(low), Decimal(high), self.span.behind)


def type_of(field: Field) -> RuleType:
    """Return what rules take the values of a field for."""
    return RuleType.TAGS if field.is_set else _TYPES[field.kind]


def column_of(field: Field, dtype: Any, engine: str) -> Column | str:  # noqa: ANN401 - a type
    """Return a column of a field as its engine types it, or what is wrong with it."""
    nw = narwhals()
    held = type_of(field)
    name = field.name
    span, normal, right = None, None, False
    match held:
        case RuleType.NUMBER:
            span = span_of(dtype)
            right = span is not None
        case RuleType.TEXT | RuleType.TAGS:
            right = dtype in (nw.String, nw.Categorical, nw.Enum)
            normal = None if dtype == nw.String else nw.col(name).cast(nw.String)
        case RuleType.DATE:
            right = dtype == nw.Date
        case RuleType.INSTANT:
            right = dtype == nw.Datetime and dtype.time_zone is not None
            # The other engines keep instants in UTC, whatever zone they are shown in.
            if right and engine == "polars" and dtype != nw.Datetime("us", "UTC"):
                normal = nw.col(name).dt.convert_time_zone("UTC").cast(nw.Datetime("us", "UTC"))
        case RuleType.BOOLEAN:
            right = dtype == nw.Boolean
        case _:
            assert_never(held)
    if not right:
        return type_fault(name, held, str(dtype), is_naive=dtype == nw.Datetime)
    return Column(name=name, type=held, dtype=dtype, span=span, normal=normal)


def type_fault(name: str, wanted: RuleType, dtype: str, *, is_naive: bool) -> str:
    """Return what is wrong with a column of another type, and what would be right."""
    if wanted is RuleType.INSTANT and is_naive:
        fault = "holds timestamps without a zone; say which zone they are of and convert to UTC"
        return f"column {name!r} {fault}"
    if wanted is RuleType.NUMBER and dtype.lower().startswith(_FLOATS):
        fault = "which are not exact; cast it to a decimal, such as Decimal(18, 2)"
        return f"column {name!r} holds floats ({dtype}), {fault}"
    return f"column {name!r} holds {dtype}, not {_WANTED[wanted]}"


def span_of(dtype: Any) -> Span | None:  # noqa: ANN401 - a type of Narwhals
    """Return the range of a type of numbers; `None` where it is none that is exact."""
    if dtype == narwhals().Decimal:
        return Span.of(Digits(dtype.precision - dtype.scale, dtype.scale))
    return _INTEGERS.get(str(dtype))


def faulty_values(column: Column) -> Any:  # noqa: ANN401 - an expression of Narwhals
    """Return whether a value is none of the column's kind; `None` where its type says enough."""
    nw = narwhals()
    values = nw.col(column.name)
    if column.type is RuleType.TAGS:
        text = values if column.normal is None else column.normal
        return ~(text.str.starts_with(SEPARATOR) & text.str.ends_with(SEPARATOR))
    if column.type is RuleType.INSTANT and getattr(column.dtype, "time_unit", None) == "ns":
        coarse = values.cast(nw.Datetime("us", column.dtype.time_zone)).cast(column.dtype)
        return values != coarse
    return None


def value_fault(column: Column) -> str:
    """Return what is wrong with a column that holds a faulty value."""
    if column.type is RuleType.TAGS:
        return f"column {column.name!r} holds texts, not {_WANTED[RuleType.TAGS]}"
    return f"column {column.name!r} holds instants finer than a microsecond; round them"
