"""Writing facts out as a workbook: one sheet per record type, every text a text."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, assert_never, cast

from salescore.book import SalesBook
from salescore.errors import ExportRefused, MissingExtra
from salescore.exchange._cells import CURRENCY, GUARDED
from salescore.exchange._columns import check_texts, currencies_of, number_text, plain_column
from salescore.exchange._guard import guarded_in_workbook, needs_guard
from salescore.exchange._write import IS_THERE, chosen, writing
from salescore.plain import Field, FieldTable, Kind
from salescore.values import format_instant

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook

MOST_ROWS = 1_048_576
"""Rows of a sheet, the headings among them."""

MOST_CHARACTERS = 32_767
"""Characters of a cell, counted as UTF-16 counts them."""

_CHUNK = 5_000
_DIGITS = 15
_TOO_LARGE = 10**_DIGITS
#: Excel counts a day in February 1900 that never was; days before March are no dates to it.
_FIRST_DAY = date(1900, 3, 1)
#: What XML cannot carry; a carriage return it turns into a line break.
_NO_XML = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ud800-\\udfff\\ufffe\\uffff]")
#: What Excel takes for the number of a character, and other readers for what it is.
_NUMBERED = re.compile("_x[0-9A-Fa-f]{4}_")
_NO_DIGITS = str.maketrans("", "", "-.")
_LINE_BREAK = re.compile("\\r\\n?")
_WIDTHS = (12, 40)


def write_workbook(
    book: SalesBook,
    path: str | Path,
    *,
    only: Iterable[str] | None = None,
    replace: bool = False,
) -> tuple[str, ...]:
    """
    Write the facts into a workbook (.xlsx), one sheet for each record type of which there are any.

    It reads back with `read_folder`. Texts and ids are texts, also where they look like a formula
    or a number. Numbers are numbers up to 15 digits, all that Excel keeps, and longer ones are
    texts; their closing zeros are lost. Days are days, from 1 March 1900; instants are texts. Every
    line break inside a text becomes the one that a cell knows. A book without any record gets the
    headings alone of every record type.

    Args:
        book: The facts.
        path: The file.
        only: Record types to be written; `None` for all.
        replace: Whether a file that is there already gives way.

    Returns:
        Names of the sheets, in the order of the record types.

    Raises:
        MissingExtra: The extra `excel` is not installed.
        UnknownName: There is no such record type.
        InvalidRecord: A text has more characters than a cell holds, or one that no workbook holds;
            no file was written.
        ExportRefused: There are more records than a sheet has rows, the file is there already, or
            it cannot be written.
    """
    try:
        from openpyxl import Workbook  # noqa: PLC0415 - only who writes one needs it
    except ModuleNotFoundError:
        raise MissingExtra("openpyxl", "excel") from None
    target = Path(path)
    tables = chosen(book, only)
    filled = [table for table in tables if book.records(table.name)] or list(tables)
    for table in filled:
        _check(target, table, book.records(table.name))
    if not filled:
        return ()
    temporary = target.with_name(f".{target.name}.writing")
    with writing(target):
        if os.path.lexists(target) and not replace:
            raise ExportRefused(str(target), IS_THERE)
        try:
            with temporary.open("wb") as stream:
                workbook = Workbook(write_only=True)
                for table in filled:
                    _write_sheet(workbook, table, book.records(table.name))
                file = _File(stream)
                workbook.save(cast("BinaryIO", file))
                if file.fault is not None:
                    raise file.fault
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
    return tuple(table.name for table in filled)


class _File:
    """
    A file whose writer never hears of a fault, because the one in use cannot stop at one.

    It leaves an archive half open then, which complains whenever it is collected.

    Attributes:
        fault: The first fault; what is written afterwards goes nowhere.
    """

    def __init__(self, stream: BinaryIO) -> None:
        """Keep the file."""
        self.fault: OSError | None = None
        self._stream = stream
        self._place = 0

    def write(self, data: bytes) -> int:
        """Write bytes, and return how many there are."""
        self._place += len(data)
        self._try(lambda: self._stream.write(data))
        return len(data)

    def seek(self, place: int) -> int:
        """Go to a place, counted from the begin."""
        self._place = place
        self._try(lambda: self._stream.seek(place))
        return place

    def tell(self) -> int:
        """Return the place where the next byte goes."""
        return self._place

    def flush(self) -> None:
        """Let go of what is kept back."""
        self._try(self._stream.flush)

    def _try(self, act: Callable[[], object]) -> None:
        if self.fault is not None:
            return
        try:
            act()
        except OSError as error:
            self.fault = error


def _check(path: Path, table: FieldTable, records: Sequence[Any]) -> None:
    """
    Refuse records that a sheet cannot hold, before any of them is written.

    Raises:
        ExportRefused: There are too many of them.
        InvalidRecord: A text that a cell cannot hold.
    """
    if len(records) >= MOST_ROWS:
        fault = (
            f"there are {len(records):,} {table.name}, and a sheet holds {MOST_ROWS - 1:,} below "
            "its headings; write_folder has no such limit"
        )
        raise ExportRefused(str(path), fault)
    for field in table.fields:
        if field.kind in GUARDED:
            for chunk in _chunks(records):
                check_texts(table, field, chunk, plain_column(chunk, field), _text_fault)


def _chunks(records: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (records[start : start + _CHUNK] for start in range(0, len(records), _CHUNK))


def _write_sheet(workbook: Workbook, table: FieldTable, records: Sequence[Any]) -> None:
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 - only who writes one needs it
    from openpyxl.styles import Font, PatternFill  # noqa: PLC0415 - as above
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 - as above

    sheet = workbook.create_sheet(table.name)
    sheet.freeze_panes = "B2"
    for number, name in enumerate(table.csv_columns, start=1):
        width = min(max(len(name) + 2, _WIDTHS[0]), _WIDTHS[1])
        sheet.column_dimensions[get_column_letter(number)].width = width
    headings: list[Any] = []
    for name in table.csv_columns:
        heading = WriteOnlyCell(sheet, name)
        heading.font = Font(bold=True)
        heading.fill = PatternFill("solid", fgColor="E7EDF3")
        headings.append(heading)

    def cell(value: object) -> object:
        if not isinstance(value, str):
            return value
        made = WriteOnlyCell(sheet, value)
        made.data_type = "s"  # whatever it looks like
        made.number_format = "@"
        made.quotePrefix = needs_guard(value)
        return made

    with closing(sheet):
        sheet.append(headings)
        for chunk in _chunks(records):
            for row in _rows(table, chunk):
                sheet.append([cell(value) for value in row])


def _rows(table: FieldTable, records: Sequence[Any]) -> Iterator[tuple[object, ...]]:
    """Return the values of the cells of some records: texts, numbers, days, truths and nothing."""
    columns: list[Sequence[object]] = []
    for field in table.fields:
        values = plain_column(records, field)
        columns.append([None if value is None else _value(field, value) for value in values])
    if table.csv_columns[len(table.fields) :] == (CURRENCY,):
        columns.append(currencies_of(table, records))
    return zip(*columns, strict=True)


def _value(field: Field, value: Any) -> object:  # noqa: ANN401 - what the field holds
    match field.kind:
        case Kind.ID | Kind.TEXT | Kind.CHOICE:
            return _cell_text(value)
        case Kind.DECIMAL:
            return _number(value)
        case Kind.MONEY:
            return _number(value.amount)
        case Kind.DATE:
            return value if value >= _FIRST_DAY else value.isoformat()
        case Kind.INSTANT:
            return format_instant(value)
        case Kind.BOOLEAN:
            return value
        case _:
            assert_never(field.kind)


def _number(value: Decimal) -> Decimal | str:
    """Return a number where Excel keeps all its digits, else its text."""
    text = number_text(value)
    digits = text.translate(_NO_DIGITS).strip("0")
    return value if len(digits) <= _DIGITS and abs(value) < _TOO_LARGE else text


def _cell_text(text: str) -> str:
    return guarded_in_workbook(_LINE_BREAK.sub("\n", text))


def _text_fault(text: str) -> str | None:
    """Return why a text cannot stand in a cell; of several joined, why one of them may not."""
    found = _NO_XML.search(text)
    if found is not None:
        return f"it holds {found[0]!r}, which no workbook carries; remove it"
    found = _NUMBERED.search(text)
    if found is not None:
        return f"it holds {found[0]!r}, which Excel shows as one character; write_folder carries it"
    if len(text) * 2 > MOST_CHARACTERS:
        length = len(_cell_text(text).encode("utf-16-le")) // 2
        if length > MOST_CHARACTERS:
            return f"it takes {length:,} characters; a cell holds {MOST_CHARACTERS:,}"
    return None
