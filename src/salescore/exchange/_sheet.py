"""Sheets of workbooks as tables of text, with a finding where a text says less than its cell."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import chain, islice
from typing import Any

import attrs

from salescore.exchange._cell_text import (
    LOST,
    UNCACHED,
    CellNotation,
    column_letters,
    hundredths_text,
    is_rounded,
    lost_fault,
    notation_of,
    number_text,
    serial_text,
    value_text,
)
from salescore.exchange._headings import called, resolved
from salescore.exchange._layout import FileRule
from salescore.exchange._marks import Block, Marks, Runs
from salescore.exchange._text import CHUNK, BrokenRow, counted, is_blank
from salescore.exchange._workbook import BROKEN, Sheet, Workbook, broken, quietly
from salescore.values import Finding, Place, Severity

_NUMBERS = (int, float)  # but no truth value
_SHOWN_RANGES = 3
_HEADING = CellNotation()
_MERGED_SHOWN = 1_000


@attrs.define
class _Seen:
    """Something met in the cells of a column: how often, and first in which row and how."""

    row: int
    raw: str
    count: int = 0


class SheetTable:
    """
    A sheet that can be read like a file.

    Attributes:
        name: Name of the workbook and the sheet, parted by `#`, for findings.
        rule: How the profile says it is laid out.
        header: Its headings, without spaces around them.
        header_row: Number of the row where they stand.
        below: The next row that is not blank.
    """

    def __init__(
        self,
        name: str,
        rule: FileRule,
        needed: Collection[str],
        workbook: Workbook,
        sheet: Sheet,
        marks: Marks,
        headings: tuple[int, list[str], list[str]],
    ) -> None:
        """Keep what is read of it: `headings` is the header row, its texts and those below."""
        self.name = name
        self.header_row, header, below = headings
        self.header = tuple(cell.strip(" ") for cell in header)
        needed = frozenset(called(rule, self.header, one) for one in needed)
        self.rule = rule = resolved(rule, self.header)
        self.below = tuple(cell.strip(" ") for cell in below)
        self._workbook = workbook
        self._sheet = sheet
        self._marks = marks
        self._read = tuple(
            (place, heading) for place, heading in enumerate(self.header, 1) if heading in needed
        )
        self._notations = [
            notation_of(rule, heading) if heading in needed else None for heading in self.header
        ]
        self._rounded: dict[int, _Seen] = {}
        self._padded: dict[int, _Seen] = {}
        self._beyond: _Seen | None = None
        #: Rows of formulas without a value that can be read, by column counted from 1.
        self._lost: dict[int, Runs] = {}

    # Rows ---------------------------------------------------------------------------------------

    def batches(self, size: int = CHUNK) -> Iterator[tuple[int, list[list[str]]]]:
        """Yield the number of a first row and so many rows at most, until the sheet ends."""
        number = self.header_row + 1
        rows = self._rows()
        while True:
            with quietly():
                found = list(islice(rows, size))
            if not found:
                return
            yield number, found
            number += len(found)

    def _rows(self) -> Iterator[list[str]]:
        """Yield the rows behind the headings; blank ones at the end of the sheet are none."""
        width = len(self.header)
        blank = 0
        number = self.header_row
        try:
            for cells in self._workbook.rows(self._sheet, self.header_row + 1):
                number += 1
                row = self._texts(number, cells)
                if is_blank(row):
                    blank += 1
                    continue
                yield from ([""] * width for _ in range(blank))
                blank = 0
                yield row
        except BROKEN as error:
            yield from ([""] * width for _ in range(blank))
            yield BrokenRow(f"the row cannot be read: {broken(error)}", is_last=True)

    def _texts(self, number: int, cells: Sequence[Any]) -> list[str]:
        texts: list[str] = []
        for place, (cell, notation) in enumerate(zip(cells, self._notations, strict=False)):
            value = cell.value
            if notation is None:
                texts.append("" if value is None else str(value))
            elif isinstance(value, str):
                is_error = cell.data_type == "e" and value not in notation.plain
                texts.append(LOST + value if is_error else value)
            elif value is None:
                texts.append(UNCACHED if self._is_uncached(number, place + 1) else "")
            elif notation.in_percent and type(value) in _NUMBERS and "%" in cell.number_format:
                texts.append(hundredths_text(value, notation.decimal))
            else:
                texts.append(value_text(value, notation))
                if type(value) in _NUMBERS:
                    self._look_at(number, place, cell)
            if texts[-1].startswith(LOST) and place + 1 in self._marks.formulas:
                self._lost.setdefault(place + 1, Runs()).add(number)
        width = len(self.header)
        texts.extend([""] * (width - len(texts)))
        if len(cells) > width:
            beyond = next((c for c in cells[width:] if c.value not in (None, "")), None)
            if beyond is not None:
                self._beyond = self._beyond or _Seen(number, str(beyond.value))
                self._beyond.count += 1
        return texts

    def _is_uncached(self, row: int, column: int) -> bool:
        found = self._marks.uncached.get(column)
        return found is not None and row in found

    def _look_at(self, row: int, place: int, cell: Any) -> None:  # noqa: ANN401 - another library's
        """Note where a number is shown as something else than it is."""
        value = cell.value
        if isinstance(value, float) and not value.is_integer():
            if is_rounded(value):
                self._rounded.setdefault(place, _Seen(row, repr(value))).count += 1
            return
        form = cell.number_format if cell.has_style else ""
        if form.startswith("0") and not form.strip("0") and len(form) > len(number_text(value)):
            raw = number_text(value).zfill(len(form))
            self._padded.setdefault(place, _Seen(row, raw)).count += 1

    # Findings -----------------------------------------------------------------------------------

    def told(self, findings: Sequence[Finding]) -> list[Finding]:
        """Return the findings of its rows in the words of a workbook, with what it says itself."""
        position = {heading: place for place, heading in reversed(list(enumerate(self.header)))}
        found = dict.fromkeys(chain(self._notes(), map(self._retold, findings)))

        def order(finding: Finding) -> tuple[int, int]:
            place = finding.place
            column = None if place is None else place.column
            row = 0 if place is None else place.row or 0
            return row, -1 if column is None else position.get(column, len(position))

        return sorted(found, key=order)

    def _retold(self, finding: Finding) -> Finding:
        place = finding.place
        raw = None if place is None else place.raw
        if place is None or raw is None:
            return finding
        if raw.startswith(LOST):
            code, message = lost_fault(raw)
            shown = None if raw == UNCACHED else raw.removeprefix(LOST)
            place = attrs.evolve(place, raw=shown)
            return attrs.evolve(finding, code=code, message=message, place=place)
        if finding.code == "invalid-date":
            day = serial_text(raw.strip(" "), self._workbook.date_system)
            if day is not None:
                hint = f"the number Excel keeps for {day}; if so, format the cell as a date"
                return attrs.evolve(finding, message=f"{finding.message}; it may be {hint}")
        return finding

    def _notes(self) -> Iterator[Finding]:
        if self._sheet.is_hidden:
            yield self._note("hidden", f"the sheet {self._sheet.title!r} is hidden; it was read")
        for block in self._merged():
            cell = f"{column_letters(block.left)}{block.top}"
            message = f"{block.name} are merged; {cell} holds the value, the other cells none"
            row = max(block.top, self.header_row)
            column = next((h for p, h in self._read if block.left <= p <= block.right), None)
            yield self._note("merged-cells", message, row, column)
        hidden = self._marks.hidden_rows.after(self.header_row)
        if hidden:
            yield self._ranges("hidden", "{} hidden, and read like the others", hidden)
        for place, heading in self._read:
            if any(first <= place <= last for first, last in self._marks.hidden_columns):
                yield self._note("hidden", "the column is hidden; it was read", None, heading)
            formulas = self._marks.formulas.get(place, Runs())
            ranges = formulas.without(self._lost.get(place, Runs())).after(self.header_row)
            if ranges:
                message = "formulas stand in {}; what Excel worked out last was read"
                yield self._ranges("formula", message, ranges, heading)
        yield from self._of_numbers()

    def _merged(self) -> Iterator[Block]:
        for block in islice(self._marks.merged, _MERGED_SHOWN):
            of_headings = block.top <= self.header_row <= block.bottom
            is_read = any(block.left <= place <= block.right for place, _ in self._read)
            if of_headings or (is_read and block.bottom > self.header_row):
                yield block

    def _of_numbers(self) -> Iterator[Finding]:
        for place, seen in self._rounded.items():
            what = counted(seen.count, "number")
            message = f"{what} with more than the 15 digits that Excel keeps, rounded to these"
            yield self._seen("rounded-number", message, seen, place, Severity.INFO)
        for place, seen in self._padded.items():
            what = counted(seen.count, "number")
            message = f"{what} shown with zeros in front that are no part of it; read without"
            yield self._seen("leading-zeros", message, seen, place, Severity.WARNING)
        if self._beyond is not None:
            where = f"behind the last heading, column {column_letters(len(self.header))}"
            message = f"{counted(self._beyond.count, 'row')} with cells {where}; they are not read"
            yield self._seen("beyond-headings", message, self._beyond, None, Severity.WARNING)

    def _seen(
        self, code: str, message: str, seen: _Seen, place: int | None, severity: Severity
    ) -> Finding:
        column = None if place is None else self.header[place]
        where = Place.of(self.name, seen.row, column, seen.raw)
        return Finding(code=code, severity=severity, message=message, place=where, count=seen.count)

    def _ranges(
        self,
        code: str,
        message: str,
        ranges: Sequence[tuple[int, int]],
        column: str | None = None,
    ) -> Finding:
        shown = [str(a) if a == b else f"{a}–{b}" for a, b in ranges[:_SHOWN_RANGES]]
        more = " …" if len(ranges) > _SHOWN_RANGES else ""
        count = sum(last - first + 1 for first, last in ranges)
        rows = f"row {shown[0]}" if count == 1 else f"rows {', '.join(shown)}{more}"
        rows += "" if column else " is" if count == 1 else " are"
        note = self._note(code, message.format(rows), ranges[0][0], column)
        return attrs.evolve(note, count=count)

    def _note(
        self, code: str, message: str, row: int | None = None, column: str | None = None
    ) -> Finding:
        place = Place.of(self.name, row, column)
        return Finding(code=code, severity=Severity.WARNING, message=message, place=place)


def open_sheet(
    name: str, rule: FileRule, needed: Collection[str], workbook: Workbook, sheet: Sheet
) -> SheetTable | Finding:
    """
    Return a sheet that can be read, or why it cannot.

    Args:
        name: Name of the workbook and the sheet, for findings.
        rule: What the profile says of it.
        needed: Headings of the columns that are read.
        workbook: The workbook.
        sheet: The sheet.
    """
    try:
        marks = workbook.marks(sheet)
        with quietly():
            headings = _headings(workbook, sheet)
    except BROKEN as error:
        return _refused(name, "workbook", f"the sheet cannot be read: {broken(error)}")
    if headings is None:
        return _refused(name, "empty-file", "the sheet is empty; expected a row of headings")
    return SheetTable(name, rule, needed, workbook, sheet, marks, headings)


def _headings(workbook: Workbook, sheet: Sheet) -> tuple[int, list[str], list[str]] | None:
    """Return the number and the texts of the first row that is not blank, and the next such."""
    found: list[tuple[int, list[str]]] = []
    for number, cells in enumerate(workbook.rows(sheet), 1):
        row = [value_text(cell.value, _HEADING).removeprefix(LOST) for cell in cells]
        while row and not row[-1].strip(" "):
            row.pop()
        if row:
            found.append((number, row))
        if len(found) > 1:
            break
    if not found:
        return None
    return (*found[0], found[1][1] if len(found) > 1 else [])


def _refused(name: str, code: str, message: str) -> Finding:
    place = Place(name)
    return Finding(code=code, severity=Severity.ERROR, message=message, place=place)
