"""Marks in a sheet: formulas, merged cells, hidden rows; reading by rows passes over them."""

from __future__ import annotations

from bisect import bisect_right
from typing import IO
from xml.parsers import expat

import attrs

from salescore.exchange._cell_text import column_number

_STRICT = "http://purl.oclc.org/ooxml/"
_TRUE = ("1", "true")
#: The size of a sheet in Excel.
_MOST_ROWS = 1_048_576
_MOST_COLUMNS = 16_384


class Refused(Exception):
    """A part of a workbook is not read; the text of the exception says why."""


class Runs:
    """Numbers of rows, in rising order, kept as ranges because marked rows mostly touch."""

    def __init__(self) -> None:
        """Begin with none."""
        self._firsts: list[int] = []
        self._lasts: list[int] = []

    def __contains__(self, row: int) -> bool:
        """Return whether a row is among them."""
        place = bisect_right(self._firsts, row) - 1
        return place >= 0 and row <= self._lasts[place]

    def add(self, row: int) -> None:
        """Keep a further row."""
        if self._lasts and self._lasts[-1] >= row - 1:
            self._lasts[-1] = max(row, self._lasts[-1])
        else:
            self._firsts.append(row)
            self._lasts.append(row)

    def after(self, row: int) -> tuple[tuple[int, int], ...]:
        """Return the first and last row of each range behind a row."""
        pairs = zip(self._firsts, self._lasts, strict=True)
        return tuple((max(first, row + 1), last) for first, last in pairs if last > row)

    def without(self, others: Runs) -> Runs:
        """Return the rows that are not among others."""
        found = Runs()
        gaps = list(zip(others._firsts, others._lasts, strict=True))
        place = 0
        for first, last in zip(self._firsts, self._lasts, strict=True):
            begin = first
            while place < len(gaps) and gaps[place][0] <= last:
                found._span(begin, gaps[place][0] - 1)
                begin = max(begin, gaps[place][1] + 1)
                if gaps[place][1] > last:
                    break
                place += 1
            found._span(begin, last)
        return found

    def _span(self, first: int, last: int) -> None:
        """Keep further rows, if any, behind those that are there."""
        if first <= last:
            self._firsts.append(first)
            self._lasts.append(last)


@attrs.frozen
class Block:
    """
    A rectangle of cells.

    Attributes:
        name: As a spreadsheet writes it, such as `A5:B6`.
        top: First row.
        left: First column, counted from 1.
        bottom: Last row.
        right: Last column.
    """

    name: str
    top: int
    left: int
    bottom: int
    right: int


class Marks:
    """
    What is marked in one sheet.

    Attributes:
        formulas: Rows that hold a formula, by column counted from 1.
        uncached: The same, where a cell without value was never worked out.
        merged: Merged cells.
        hidden_rows: Rows that are not shown.
        hidden_columns: First and last of the columns that are not shown.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self.formulas: dict[int, Runs] = {}
        self.uncached: dict[int, Runs] = {}
        self.merged: list[Block] = []
        self.hidden_rows = Runs()
        self.hidden_columns: list[tuple[int, int]] = []


def marks_of(stream: IO[bytes]) -> Marks:
    """
    Return what is marked in a sheet, reading it once and keeping no cell.

    Args:
        stream: The sheet's part of the workbook.

    Raises:
        Refused: It is of a kind that would be read wrongly.
        expat.ExpatError: It is broken.
        ValueError: It holds numbers that are none.
    """
    parser = expat.ParserCreate()
    scan = _Scan()
    parser.StartDoctypeDeclHandler = _refuse_declarations
    parser.StartElementHandler = scan.start
    parser.ParseFile(stream)
    return scan.marks


def _refuse_declarations(*_: object) -> None:
    message = "it declares entities, which no workbook does"
    raise Refused(message)


class _Scan:
    """Follows the elements of a sheet."""

    def __init__(self) -> None:
        """Begin above the first row."""
        self.marks = Marks()
        self._row = 0
        self._column = 0
        self._is_text = False
        self._names: dict[str, str] = {}

    def start(self, name: str, given: dict[str, str]) -> None:
        """Take the begin of an element."""
        short = self._names.get(name)
        if short is None:  # names may stand behind a prefix, such as x:row
            self._check_kind(given)
            short = self._names[name] = name.rpartition(":")[2]
        match short:
            case "c":
                self._cell(given)
            case "row":
                self._begin_row(given)
            case "f":
                self._formula()
            case "mergeCell":
                self.marks.merged.append(_block(given["ref"]))
            case "col" if given.get("hidden") in _TRUE:
                self.marks.hidden_columns.append((int(given["min"]), int(given["max"])))
            case _:
                pass

    def _check_kind(self, given: dict[str, str]) -> None:
        """Refuse the kind of workbook whose elements are other ones, by the root of a sheet."""
        if not self._names and any(one.startswith(_STRICT) for one in given.values()):
            message = "it is a Strict Open XML workbook; save it as an ordinary .xlsx"
            raise Refused(message)

    def _begin_row(self, given: dict[str, str]) -> None:
        self._row = int(given.get("r", self._row + 1))
        self._column = 0
        if self._row > _MOST_ROWS:
            message = f"it has more than {_MOST_ROWS:,} rows"
            raise Refused(message)
        if given.get("hidden") in _TRUE:
            self.marks.hidden_rows.add(self._row)

    def _cell(self, given: dict[str, str]) -> None:
        where = given.get("r")
        self._column = self._column + 1 if where is None else column_number(where)
        self._is_text = given.get("t") == "str"
        if self._column > _MOST_COLUMNS:
            message = f"it has a row of more than {_MOST_COLUMNS:,} cells"
            raise Refused(message)

    def _formula(self) -> None:
        self.marks.formulas.setdefault(self._column, Runs()).add(self._row)
        if not self._is_text:  # a formula whose result is the empty text has a value
            self.marks.uncached.setdefault(self._column, Runs()).add(self._row)


def _block(name: str) -> Block:
    first, _, last = name.partition(":")
    last = last or first
    return Block(
        name, _row_number(first), column_number(first), _row_number(last), column_number(last)
    )


def _row_number(cell: str) -> int:
    return int(cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ$").lstrip("$"))
