"""Arrow tables as frames: columns of any Arrow type, or of pandas, as one plain Arrow type each."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Final

from salescore.frames._columns import type_fault, type_of
from salescore.frames._digits import MOST_DIGITS, Digits
from salescore.frames._engines import narwhals
from salescore.frames._write_columns import arrow
from salescore.plain import Field
from salescore.rules import RuleType

_PURE: Final[dict[RuleType, tuple[type[Any], ...]]] = {
    RuleType.NUMBER: (Decimal, int),
    RuleType.TEXT: (str,),
    RuleType.TAGS: (str,),
    RuleType.DATE: (date,),
    RuleType.INSTANT: (),
    RuleType.BOOLEAN: (bool,),
}


def pandas_column(field: Field, series: Any) -> Any:  # noqa: ANN401 - a package without types
    """Return a column of pandas as Arrow, or as a text what is wrong with it."""
    pa = arrow()
    held = type_of(field)
    if str(series.dtype) == "object":
        known: list[Any] = [value for value in series if not _is_missing(value)]
        kinds: set[type[Any]] = set(map(type, known))
        if kinds - set(_PURE[held]) or len(kinds) > 1:
            shown = ", ".join(sorted(kind.__name__ for kind in kinds))
            return type_fault(field.name, held, f"objects ({shown})", is_naive=False)
        if kinds == {Decimal} and not all(value.is_finite() for value in known):
            return f"column {field.name!r} holds NaN or infinity; what is unknown is null"
        if kinds == {int}:
            # Arrow guesses 64 bits, and a Python number may be larger.
            series = [None if _is_missing(one) else Decimal(one) for one in series]
        try:
            return pa.chunked_array([pa.array(series, from_pandas=True)])
        except UnicodeEncodeError:
            return f"column {field.name!r} holds half a surrogate pair, which is no text; remove it"
    found = pa.array(series, from_pandas=True)
    return found if isinstance(found, pa.ChunkedArray) else pa.chunked_array([found])


def _is_missing(value: object) -> bool:
    # Whatever pandas marks a gap with: None, NaN, NaT, NA.
    return value is None or type(value).__name__ in ("NAType", "NaTType") or _is_nan(value)


def _is_nan(value: object) -> bool:
    return isinstance(value, float) and value != value  # noqa: PLR0124 - only NaN is not itself


def plain_column(field: Field, column: Any) -> Any:  # noqa: ANN401 - a package without types
    """
    Return an Arrow column as the one type of its kind, `None` for one of type null.

    Args:
        field: The field that it holds.
        column: A chunked array of any Arrow type.

    Returns:
        The column; a text that says what is wrong with it.
    """
    pa = arrow()
    types = pa.types
    if types.is_dictionary(column.type):
        if column.null_count == len(column):
            # What pandas takes the categories of no values for says nothing.
            return None
        column = column.cast(column.type.value_type)
    given, held = column.type, type_of(field)
    if types.is_null(given):
        return None
    match held:
        case RuleType.NUMBER if types.is_decimal(given):
            return _narrow(field.name, column)
        case RuleType.NUMBER if types.is_integer(given):
            return column
        case RuleType.TEXT | RuleType.TAGS if _is_text(types, given):
            return column if types.is_string(given) else column.cast(pa.string())
        case RuleType.DATE if types.is_date(given):
            return column.cast(pa.date32())
        case RuleType.BOOLEAN if types.is_boolean(given):
            return column
        case RuleType.INSTANT if types.is_timestamp(given) and given.tz is not None:
            return _in_utc(field.name, column)
        case _:
            is_naive = types.is_timestamp(given)
            return type_fault(field.name, held, str(given), is_naive=is_naive)


def _is_text(types: Any, given: Any) -> bool:  # noqa: ANN401 - as above
    return bool(
        types.is_string(given) or types.is_large_string(given) or types.is_string_view(given)
    )


def _narrow(name: str, column: Any) -> Any:  # noqa: ANN401 - as above
    """Return decimals of any width as those of 38 digits."""
    pa = arrow()
    precision, scale = column.type.precision, column.type.scale
    behind = max(scale, 0)
    total = max(precision - scale + behind, behind)
    if total > MOST_DIGITS:
        values = narwhals().from_native(pa.table({name: column}))[name]
        ends = (values.min(), values.max())
        before = max((Digits.of(end).before for end in ends if end is not None), default=0)
        total = max(before + behind, 1)
        if total > MOST_DIGITS:
            needed = f"{before} digits before the point and {behind} behind it"
            return f"column {name!r} needs {needed}, and a frame holds {MOST_DIGITS}"
    wanted = pa.decimal128(total, behind)
    return column if column.type == wanted else column.cast(wanted)


def kept_rows(table: Any, kept: Any) -> Any:  # noqa: ANN401 - as above
    """Return the rows of an Arrow table for which a column of truth values is true."""
    pa = arrow()
    # Arrow takes rows of every other kind of text.
    views = [at for at, field in enumerate(table.schema) if pa.types.is_string_view(field.type)]
    found = _with_types(table, views, pa.large_string()).filter(kept)
    return _with_types(found, views, pa.string_view())


def _with_types(table: Any, places: list[int], wanted: Any) -> Any:  # noqa: ANN401 - as above
    for at in places:
        field = table.schema.field(at).with_type(wanted)
        table = table.set_column(at, field, table.column(at).cast(wanted))
    return table


def _in_utc(name: str, column: Any) -> Any:  # noqa: ANN401 - as above
    pa = arrow()
    if not _is_zone(column.type.tz):
        return f"column {name!r} is in {column.type.tz!r}, and no such time zone is known"
    try:
        return column.cast(pa.timestamp("us", tz="UTC"))
    except pa.ArrowInvalid:
        return f"column {name!r} holds instants finer than a microsecond; round them"


def _is_zone(name: str) -> bool:
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - loaded when a zone is first needed

    if name[:1] in "+-":
        return True
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        return False
    return True
