"""Text files: encoding, cells and headings, with every fault as a finding."""

from __future__ import annotations

import codecs
import csv
import json
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Protocol

import attrs

from salescore.exchange._headings import resolved
from salescore.exchange._layout import FileRule
from salescore.values import Finding, Place, Severity

#: Rows read at once: few enough that the collector of cycles sees little of them.
CHUNK = 5_000
_BLOCK = 1 << 20
_DELIMITERS = {";": "';'", "\t": "a tab", "|": "'|'", ",": "','"}
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: How zip archives begin, which newer workbooks are too, and older workbooks.
_ARCHIVES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_EXCEL_NOTE = re.compile(r"\ufeff?sep=(.)", re.IGNORECASE)


class BrokenRow(list[str]):
    """
    Stands for a row whose cells could not be told apart.

    Attributes:
        fault: What is wrong with it.
        is_last: Whether the rest of the file was given up, because nobody knows where it begins.
    """

    def __init__(self, fault: str, *, is_last: bool) -> None:
        """Keep the fault."""
        super().__init__()
        self.fault = fault
        self.is_last = is_last

    def told(self, before: int) -> str:
        """Return the fault and, where the file ends with it, what was read before."""
        if not self.is_last:
            return self.fault
        read = f"{counted(before, 'row')} before it {'was' if before == 1 else 'were'} read"
        return f"{self.fault}; {read}, the rest of the file was not"


class _Reader(Protocol):
    """What `csv.reader` returns."""

    @property
    def line_num(self) -> int: ...

    def __iter__(self) -> Iterator[list[str]]: ...

    def __next__(self) -> list[str]: ...


@attrs.frozen
class Opened:
    """
    A file that can be read.

    Attributes:
        path: Where it is.
        rule: How it is written.
        encoding: Its encoding, after a look at its first bytes.
        header: Its headings, without spaces around them.
        header_row: Number of the row where they stand.
        below: The next row, where that is known.
    """

    path: Path
    rule: FileRule
    encoding: str
    header: tuple[str, ...]
    header_row: int
    below: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Name of the file."""
        return self.rule.file

    def told(self, findings: Sequence[Finding]) -> list[Finding]:
        """Return the findings of its rows as they are: a text file knows no more."""
        return list(findings)

    def batches(self, size: int = CHUNK) -> Iterator[tuple[int, list[list[str]]]]:
        """Yield the number of a first row and so many rows at most, until the file ends."""
        number = 0
        with self.path.open(encoding=self.encoding, newline="") as stream:
            reader = csv.reader(stream, delimiter=self.rule.delimiter, strict=True)
            next(islice(reader, self.header_row, self.header_row), None)
            number = self.header_row
            going = True
            while going:
                rows, going = _some(reader, size)
                if rows:
                    yield number + 1, rows
                number += len(rows)


def _some(reader: _Reader, size: int) -> tuple[list[list[str]], bool]:
    """Return the next rows, and whether there may be more."""
    rows: list[list[str]] = []
    line = reader.line_num
    while len(rows) < size:
        try:
            for row in islice(reader, size - len(rows)):
                rows.append(row)
                line = reader.line_num
        except csv.Error as error:
            broken = _broken(str(error), reader.line_num - line)
            rows.append(broken)
            line = reader.line_num
            if broken.is_last:
                return rows, False
        else:
            return rows, len(rows) == size
    return rows, True


def _broken(fault: str, lines: int) -> BrokenRow:
    """
    Return what stands for a row that the reader refused.

    Args:
        fault: Words of the reader.
        lines: Lines of the file that it took for the row.
    """
    limit = f"{csv.field_size_limit():,} characters, the most that a cell may hold"
    if "end of data" in fault:
        return BrokenRow("a quotation mark opens a cell here and none closes it", is_last=True)
    if "limit" not in fault:
        return BrokenRow(f"the cells cannot be told apart: {fault}", is_last=False)
    if lines > 1:  # only inside quotation marks does a cell go on in the next line
        opens = "a quotation mark opens a cell here and none closes it"
        return BrokenRow(f"{opens} within {limit}", is_last=True)
    return BrokenRow(f"a cell has more than {limit}", is_last=True)


def is_blank(row: Sequence[str]) -> bool:
    """Return whether no cell of a row holds anything but spaces."""
    return not "".join(row).strip(" ")


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, in the singular for one."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def open_file(path: Path, rule: FileRule, encoding: str | None = None) -> Opened | Finding:
    """
    Return a file that can be read, or why it cannot.

    Args:
        path: The file.
        rule: How the profile says it is written.
        encoding: Its encoding whatever the profile says, but for a byte order mark; `None` if the
            profile is right.
    """
    found = _encoding(path, rule, encoding or rule.encoding)
    if isinstance(found, Finding):
        return found
    return _headed(path, rule, found)


def _encoding(path: Path, rule: FileRule, declared: str) -> str | Finding:
    with path.open("rb") as stream:
        start = stream.read(4096)
    if start.startswith(_ARCHIVES):
        fault = (
            f"{rule.file} is a workbook or zip archive, not text; "
            "name it .xlsx in the profile, or save its table as CSV"
        )
        return _finding(rule.file, "encoding", fault)
    encoding = next((name for bom, name in _BOMS if start.startswith(bom)), declared)
    position = first_bad_byte(path, encoding)
    if position is not None:
        return _finding(rule.file, "encoding", _encoding_fault(path, rule, encoding, position))
    if encoding == declared and not encoding.startswith(("utf-16", "utf-32")):
        zeros = start.count(b"\0")
        if zeros * 4 > len(start):
            fault = (
                f"{rule.file} is full of zero bytes; it may be UTF-16: "
                'name it in a profile as "encoding": "utf-16-le" or "utf-16-be"'
            )
            return _finding(rule.file, "encoding", fault)
    return encoding


def _encoding_fault(path: Path, rule: FileRule, encoding: str, position: int) -> str:
    if encoding.startswith("utf-16") and not position:
        fault = f"{rule.file} has no byte order mark, so it is not plainly UTF-16"
        return f'{fault}; say "encoding": "utf-16-le" or "utf-16-be" in a profile'
    fault = f"{rule.file} is not {encoding.upper()}: byte {position + 1} has no meaning in it"
    fault = f"{fault}; the argument encoding (--encoding) names that of all files"
    if encoding != "gb18030" and first_bad_byte(path, "gb18030") is None:
        return (
            f'{fault}; if it is Chinese, say "encoding": "gb18030" in a profile; '
            'if it is Western, "cp1252"'
        )
    return f'{fault}; name its encoding in a profile, such as "encoding": "cp1252"'


def first_bad_byte(path: Path, encoding: str) -> int | None:
    """
    Return where a file stops to be text of an encoding, or `None` if all of it is.

    Args:
        path: The file.
        encoding: A name that Python knows.

    Returns:
        Number of bytes before the first bad one.
    """
    decoder = codecs.getincrementaldecoder(encoding)()
    done = 0
    with path.open("rb") as stream:
        while True:
            block = stream.read(_BLOCK)
            pending = len(decoder.getstate()[0])
            try:
                decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                return done - pending + error.start
            except UnicodeError:  # UTF-16 without a byte order mark
                return done
            if not block:
                return None
            done += len(block)


def _headed(path: Path, rule: FileRule, encoding: str) -> Opened | Finding:
    with path.open(encoding=encoding, newline="") as stream:
        reader = csv.reader(stream, delimiter=rule.delimiter, strict=True)
        row_number, cells = 1, list[str]()
        try:
            for cells in reader:
                if not is_blank(cells):
                    break
                row_number += 1
        except csv.Error as error:
            broken = _broken(str(error), reader.line_num - row_number + 1)
            rest = "; nothing of the file was read" if broken.is_last else ""
            fault = f"the headings cannot be read: {broken.fault}{rest}"
            return _finding(rule.file, "csv", fault, row_number)
    if is_blank(cells):
        return _finding(
            rule.file, "empty-file", f"{rule.file} is empty; expected a row of headings"
        )
    note = _EXCEL_NOTE.fullmatch(rule.delimiter.join(cells).strip(" "))
    if note is not None:
        fault = (
            f"{note[0].strip(chr(0xFEFF))!r} is a note for Excel, not headings; delete this line"
        )
        if note[1] != rule.delimiter:
            fault = f'{fault} and say "delimiter": {json.dumps(note[1])} in a profile'
        return _finding(rule.file, "delimiter", fault, row_number)
    header = tuple(cell.lstrip("\ufeff").strip(" ") for cell in cells)
    needed = [column.name for column in resolved(rule, header).columns if not column.optional]
    if len(header) == 1 and not (needed and set(needed) <= set(header)):
        likely = max(_DELIMITERS, key=header[0].count)
        if likely in header[0]:
            fault = (
                f"the cells seem to be parted by {_DELIMITERS[likely]}, "
                f"not {_DELIMITERS.get(rule.delimiter, rule.delimiter)}; a profile can say so"
            )
            return _finding(rule.file, "delimiter", fault, row_number, raw=header[0])
    return Opened(path, resolved(rule, header), encoding, header, row_number)


def _finding(
    file: str, code: str, message: str, row: int | None = None, raw: str | None = None
) -> Finding:
    place = Place.of(file, row, None, raw)
    return Finding(code=code, severity=Severity.ERROR, message=message, place=place)
