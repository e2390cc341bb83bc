"""Values by column: what a profile says of a field, computed for a chunk of rows at once."""

from __future__ import annotations

import decimal
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import reduce
from itertools import compress
from typing import Any, assert_never

import attrs

from salescore.exchange._cell_text import LOST, lost_fault
from salescore.exchange._cells import (
    OURS,
    Fault,
    Memo,
    Notation,
    Target,
    cleaner,
    fault,
    hold,
    is_guarded,
    notation_in,
    read_text,
    shown,
    stated_currency,
)
from salescore.exchange._entries import few
from salescore.exchange._guard import may_be_guarded
from salescore.exchange._layout import (
    Column,
    Compute,
    Constant,
    FileRule,
    First,
    Join,
    Lookup,
    Mapped,
    Operation,
    RowNumber,
    SignOf,
    Value,
    When,
    column_of,
)
from salescore.plain import ID_LIMIT, TEXT_LIMIT, Kind
from salescore.values import EXACT, decimals_ok

_MEMO_LIMIT = 200_000
_SAMPLE = 1000
_REPEATING = 250

#: Key and raw cell of another file, by its name, its key column and its value column.
LookupTables = Mapping[tuple[str, str, str], Mapping[str, str | None]]

_OPERATIONS: dict[Operation, Callable[[Decimal, Decimal], Decimal]] = {
    Operation.ADD: EXACT.add,
    Operation.SUBTRACT: EXACT.subtract,
    Operation.MULTIPLY: EXACT.multiply,
}


@attrs.frozen
class Chunk:
    """
    Some rows of one file, by column.

    Attributes:
        numbers: Row numbers, as a spreadsheet shows them.
        columns: Raw cells by heading.
    """

    numbers: Sequence[int]
    columns: Mapping[str, Sequence[str]]

    def __len__(self) -> int:
        return len(self.numbers)

    def only(self, keep: Sequence[bool]) -> Chunk:
        """Return the rows marked true."""
        return Chunk(
            list(compress(self.numbers, keep)),
            {name: list(compress(cells, keep)) for name, cells in self.columns.items()},
        )


@attrs.frozen
class Cells:
    """
    The values of one field in a chunk.

    Attributes:
        values: One per row: the value, `None`, or a `Fault`.
        nulls: Whether any may be `None`.
        faults: Whether any may be a `Fault`.
    """

    values: list[Any]
    nulls: bool
    faults: bool


class Evaluator:
    """Computes the values of one file, chunk by chunk, and remembers repeated cells."""

    def __init__(
        self, rule: FileRule, lookups: LookupTables, others: Mapping[str, FileRule]
    ) -> None:
        """Keep how the file is written, and what may be looked up in other files."""
        self._rule = rule
        self._lookups = lookups
        self._others = others
        self._memos: dict[tuple[object, ...], Memo] = {}

    def cells(self, value: Value, target: Target, chunk: Chunk) -> Cells:
        """
        Return the values for a field.

        Args:
            value: What the profile says of it.
            target: What it must be.
            chunk: The rows.
        """
        match value:
            case Column():
                return self._column(value, target, chunk)
            case Constant():
                one = read_text(value.text, target, OURS, None)
                return Cells([one] * len(chunk), nulls=False, faults=isinstance(one, Fault))
            case RowNumber():
                numbers = [read_text(str(number), target, OURS, None) for number in chunk.numbers]
                return Cells(numbers, nulls=False, faults=True)
            case First():
                return self._first(value, target, chunk)
            case Join():
                parts = [self.cells(part, target.part_text, chunk) for part in value.parts]
                return _combined(parts, value.between.join, target, column_of(value))
            case Compute():
                parts = [self.cells(part, target.part_number, chunk) for part in value.parts]
                return _computed(parts, _OPERATIONS[value.operation], target, column_of(value))
            case Mapped():
                inner = self.cells(value.value, target.part_text, chunk)
                mapping = self._memo(value, target, lambda: _mapping(value, target))
                return self._through(inner, mapping)
            case Lookup():
                inner = self.cells(value.by, target.part_text, chunk)
                found = self._memo(value, target, lambda: self._looking(value, target))
                return self._through(inner, found)
            case When() | SignOf():
                return self._stated(value, target, chunk)
            case _:
                assert_never(value)

    def _stated(self, value: When | SignOf, target: Target, chunk: Chunk) -> Cells:
        if isinstance(value, SignOf):
            return self._sign(value.column, target, chunk)
        asked = self.cells(value.value, target.part_text, chunk)
        return _chosen(asked, value.texts, self.cells(value.then, target, chunk))

    # One column ---------------------------------------------------------------------------------

    def _column(self, column: Column, target: Target, chunk: Chunk) -> Cells:
        raw = chunk.columns.get(column.name)
        if raw is None:  # an optional column that is not there
            return Cells([None] * len(chunk), nulls=True, faults=False)
        rule = self._rule
        notation = notation_in(rule, target, column)
        nulls = rule.nulls | column.nulls
        guarded = is_guarded(rule, target)
        aliased = column.name in rule.aliases_by_column
        if not aliased and not nulls - {""} and not _repeats(raw):
            fast = _plain_column(raw, target, notation, guarded=guarded)
            if fast is not None:
                return fast

        def reader() -> Callable[[str], object]:
            clean = cleaner(rule, column.name, nulls, guarded=guarded)

            def read(cell: str) -> object:
                text = clean(cell)
                return None if text is None else read_text(text, target, notation, column.name)

            return read

        memo = self._memo(column, target, reader)
        values = list(map(memo.__getitem__, raw))
        return Cells(values, nulls=memo.nulls, faults=memo.faults)

    def _sign(self, column: Column, target: Target, chunk: Chunk) -> Cells:
        raw = chunk.columns.get(column.name)
        if raw is None:
            return Cells([None] * len(chunk), nulls=True, faults=False)

        def reader() -> Callable[[str], object]:
            notation = notation_in(self._rule, target, column)
            clean = cleaner(self._rule, column.name, self._rule.nulls | column.nulls)

            def read(cell: str) -> object:
                text = clean(cell)
                return None if text is None else stated_currency(text, notation)

            return read

        memo = self._memo(SignOf(column), target, reader)
        return Cells(list(map(memo.__getitem__, raw)), nulls=memo.nulls, faults=False)

    def texts(self, column: str, chunk: Chunk) -> list[str]:
        """Return the cleaned texts of a column, empty for no value."""
        clean = self._memo(column, None, lambda: cleaner(self._rule, column, frozenset()))
        return [str(clean[raw] or "") for raw in chunk.columns[column]]

    def _memo(
        self, key: object, target: Target | None, reader: Callable[[], Callable[[str], object]]
    ) -> Memo:
        memo = self._memos.get((key, target))
        if memo is None:
            memo = self._memos[key, target] = Memo(reader())
        elif len(memo) > _MEMO_LIMIT:
            memo.clear()
        return memo

    # Composed values ----------------------------------------------------------------------------

    def _first(self, value: First, target: Target, chunk: Chunk) -> Cells:
        cells = self.cells(value.parts[0], target, chunk)
        for part in value.parts[1:]:
            if not cells.nulls:
                break
            other = self.cells(part, target, chunk)
            cells = Cells(
                [b if a is None else a for a, b in zip(cells.values, other.values, strict=True)],
                nulls=other.nulls,
                faults=cells.faults or other.faults,
            )
        return cells

    @staticmethod
    def _through(inner: Cells, memo: Memo) -> Cells:
        """Return what a memo makes of texts; nulls and faults pass unchanged."""
        if inner.nulls or inner.faults:
            values = [memo[text] if isinstance(text, str) else text for text in inner.values]
        else:
            values = list(map(memo.__getitem__, inner.values))
        return Cells(values, inner.nulls or memo.nulls, inner.faults or memo.faults)

    def _looking(self, value: Lookup, target: Target) -> Callable[[str], object]:
        other = self._others[value.file]
        notation = notation_in(other, target)
        found = self._lookups[value.file, value.key, value.value]
        column = column_of(value)

        def read(key: str) -> object:
            if key in found:
                text = found[key]
                if text is not None and text.startswith(LOST):
                    code, message = lost_fault(text)
                    where = f"column {value.value!r} of {value.file} at {shown(key)}"
                    return fault(code, target.told(f"{where}: {message}", column), column)
                return None if text is None else read_text(text, target, notation, column)
            if value.strict:
                message = f"no {shown(key)} in column {value.key!r} of {value.file}"
                return fault("unknown-value", target.told(message, column), column)
            return _otherwise(value.otherwise, target)

        return read


def _mapping(value: Mapped, target: Target) -> Callable[[str], object]:
    by_text = value.by_text
    column = column_of(value)

    def read(text: str) -> object:
        if text in by_text:
            return _otherwise(by_text[text], target)
        if value.strict:
            known = few(list(by_text))
            message = f"the profile says nothing of {shown(text)}; it knows {known}"
            return fault("unknown-value", target.told(message, column), column)
        return _otherwise(value.otherwise, target)

    return read


def _otherwise(text: str | None, target: Target) -> object:
    return None if text is None else read_text(text, target, OURS, None)


def _repeats(raw: Sequence[str]) -> bool:
    """Return whether the cells of a column seem to repeat, so that remembering them pays."""
    sample = raw[:_SAMPLE]
    return len(set(sample)) * _SAMPLE <= _REPEATING * len(sample)


def _plain_column(
    raw: Sequence[str], target: Target, notation: Notation, *, guarded: bool = False
) -> Cells | None:
    """
    Return a column read at once, or `None` where some cell needs a closer look.

    What passes here, `read_text` would have read to the same values.
    """
    match target.kind:
        case Kind.DECIMAL if notation.is_plain_number:
            return _plain_numbers(raw, target)
        case Kind.ID | Kind.TEXT if not target.is_currency:
            return _plain_texts(raw, target, guarded=guarded)
        case _:
            return None


def _plain_numbers(raw: Sequence[str], target: Target) -> Cells | None:
    nulls = "" in raw
    if not decimals_ok([cell or "0" for cell in raw] if nulls else raw):
        return None
    values: list[Any] = (
        [Decimal(cell) if cell else None for cell in raw] if nulls else list(map(Decimal, raw))
    )
    field = target.field
    if field is not None and (field.minimum is not None or field.maximum is not None):
        known = [value for value in values if value is not None]
        if known and (field.range_fault(min(known)) or field.range_fault(max(known))):
            return None
    return Cells(values, nulls=nulls, faults=False)


def _plain_texts(raw: Sequence[str], target: Target, *, guarded: bool) -> Cells | None:
    joined = "\n".join(raw)
    if "\0" in joined or (guarded and may_be_guarded(joined)):
        return None
    cells = [cell.strip(" ") for cell in raw] if " " in joined else raw
    if target.field is not None:
        limit = ID_LIMIT if target.kind is Kind.ID else TEXT_LIMIT
        if len(max(cells, key=len, default="")) > limit:
            return None
    if "" in cells:
        return Cells([cell or None for cell in cells], nulls=True, faults=False)
    return Cells(list(cells), nulls=False, faults=False)


def _chosen(asked: Cells, texts: frozenset[str], then: Cells) -> Cells:
    """Return values where what was asked is one of some texts; its faults stay."""
    values = [
        value if one in texts else one if isinstance(one, Fault) else None
        for one, value in zip(asked.values, then.values, strict=True)
    ]
    return Cells(values, nulls=True, faults=asked.faults or then.faults)


def _combined(
    parts: list[Cells], join: Callable[[list[Any]], object], target: Target, column: str | None
) -> Cells:
    """Return the rows of several columns put together one by one."""
    values: list[Any] = []
    faults = False
    for row in zip(*(part.values for part in parts), strict=True):
        bad = [cell for part in row if isinstance(part, Fault) for cell in part.cells]
        if bad:
            value: object = Fault(tuple(dict.fromkeys(bad)))
        elif None in row:
            value = None
        else:
            value = hold(join(list(row)), target, column)
        faults = faults or isinstance(value, Fault)
        values.append(value)
    return Cells(values, nulls=any(part.nulls for part in parts), faults=faults)


def _computed(
    parts: list[Cells],
    operation: Callable[[Decimal, Decimal], Decimal],
    target: Target,
    column: str | None,
) -> Cells:
    def compute(row: list[Decimal]) -> object:
        try:
            return reduce(operation, row)
        except decimal.Inexact:
            return Decimal("NaN")  # which no field holds

    return _combined(parts, compute, target, column)
