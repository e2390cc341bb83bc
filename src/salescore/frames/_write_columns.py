"""Columns of Python values as one Arrow table: tight decimals, instants in UTC, sets as text."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, assert_never

from salescore.errors import InvalidFrame, MissingExtra
from salescore.frames._sql_values import MARK, set_text
from salescore.plain import Field, Kind
from salescore.values import Rounding, round_to, scale_of

MOST_DIGITS = 38
"""Digits of a decimal that every engine holds."""

SEPARATOR = MARK
"""Stands before each text of a set, and behind the last."""


def arrow() -> Any:  # noqa: ANN401 - a package without types
    """
    Return pyarrow.

    Raises:
        MissingExtra: The extra `frames` is not installed.
    """
    try:
        import pyarrow as pa  # type: ignore[import-untyped] # pyright: ignore[reportMissingTypeStubs] # noqa: PLC0415 - only who makes frames needs it
    except ModuleNotFoundError:
        raise MissingExtra("pyarrow", "frames") from None
    return pa


def arrow_table(name: str, fields: Sequence[Field], columns: Sequence[Sequence[Any]]) -> Any:  # noqa: ANN401 - a package without types
    """
    Return columns of Python values as an Arrow table.

    Args:
        name: What the table is called in errors.
        fields: Its fields; money counts as a decimal.
        columns: Their values, `None` where unknown.

    Raises:
        InvalidFrame: Columns that no frame can hold: numbers that need more than 38 digits, texts
            with half a surrogate pair, sets with U+001F in a text; all of them at once.
        MissingExtra: The extra `frames` is not installed.
    """
    pa = arrow()
    faults: list[str] = []
    made: dict[str, Any] = {}
    for field, column in zip(fields, columns, strict=True):
        values, kind, fault = _prepared(pa, field, column)
        if fault is None:
            try:
                made[field.name] = pa.array(values, type=kind)
            except UnicodeEncodeError:
                fault = "a text holds half a surrogate pair, which no frame carries; remove it"
        if fault is not None:
            faults.append(f"{field.name}: {fault}")
    if faults:
        raise InvalidFrame(name, tuple(faults))
    return pa.table(made)


def _prepared(
    pa: Any,  # noqa: ANN401 - a package without types
    field: Field,
    column: Sequence[Any],
) -> tuple[Sequence[Any], Any, str | None]:
    """Return values as Arrow takes them, their type, and what is wrong with them."""
    if field.is_set:
        if any(MARK in tag for tags in column if tags for tag in tags):
            return (), None, "a text of a set holds U+001F, which parts the texts; remove it"
        texts = [None if tags is None else set_text(tags) for tags in column]
        return texts, pa.string(), None
    match field.kind:
        case Kind.ID | Kind.TEXT | Kind.CHOICE:
            return column, pa.string(), None
        case Kind.DATE:
            return column, pa.date32(), None
        case Kind.INSTANT:
            return column, pa.timestamp("us", tz="UTC"), None
        case Kind.BOOLEAN:
            return column, pa.bool_(), None
        case Kind.DECIMAL | Kind.MONEY:
            before, behind = digits_of(column)
            if before + behind > MOST_DIGITS:
                needed = f"{before} digits before the point and {behind} behind it"
                return (), None, f"its numbers need {needed}, and a frame holds {MOST_DIGITS}"
            return _numbers(column, behind), pa.decimal128(max(1, before + behind), behind), None
        case _:
            assert_never(field.kind)


def digits_of(column: Sequence[Decimal | None]) -> tuple[int, int]:
    """Return the most digits before and behind the point that the numbers of a column need."""
    numbers = [one for one in set(column) if one]
    before = max((one.adjusted() + 1 for one in numbers), default=0)
    return max(before, 0), max(map(scale_of, numbers), default=0)


def _numbers(column: Sequence[Decimal | None], behind: int) -> Sequence[Decimal | None]:
    """Return numbers whose exponents Arrow takes: not above 0, no zeros beyond the last digit."""
    if all(one is None or 0 <= -_exponent(one) <= behind for one in column):
        return column
    return [None if one is None else round_to(one, behind, Rounding.DOWN) for one in column]


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0
