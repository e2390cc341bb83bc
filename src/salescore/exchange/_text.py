"""Text files: encoding, cells and headings, with every fault as a finding."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import attrs

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


class BrokenRow(list[str]):
    """
    Stands for a row whose cells could not be told apart.

    Attributes:
        fault: What is wrong with it.
    """

    def __init__(self, fault: str) -> None:
        """Keep the fault."""
        super().__init__()
        self.fault = fault


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
    """

    path: Path
    rule: FileRule
    encoding: str
    header: tuple[str, ...]
    header_row: int

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


def _some(reader: Iterator[list[str]], size: int) -> tuple[list[list[str]], bool]:
    """Return the next rows, and whether there may be more."""
    rows: list[list[str]] = []
    while len(rows) < size:
        try:
            for row in islice(reader, size - len(rows)):
                rows.append(row)  # noqa: PERF402 - what was read before a fault must not be lost
        except csv.Error as error:
            fault = str(error)
            if "limit" in fault:
                rows.append(BrokenRow("a cell never ends; the rest of the file was not read"))
                return rows, False
            if "end of data" in fault:
                rows.append(BrokenRow("a quotation mark opens a cell that never ends"))
                return rows, False
            rows.append(BrokenRow(f"the cells cannot be told apart: {fault}"))
        else:
            return rows, len(rows) == size
    return rows, True


def open_file(path: Path, rule: FileRule) -> Opened | Finding:
    """
    Return a file that can be read, or why it cannot.

    Args:
        path: The file.
        rule: How the profile says it is written.
    """
    encoding = _encoding(path, rule)
    if isinstance(encoding, Finding):
        return encoding
    return _headed(path, rule, encoding)


def _encoding(path: Path, rule: FileRule) -> str | Finding:
    with path.open("rb") as stream:
        start = stream.read(4096)
    declared = rule.encoding
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
    if encoding != "gb18030" and first_bad_byte(path, "gb18030") is None:
        return f'{fault}; it reads as GB18030: if it is, say "encoding": "gb18030" in a profile'
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
        try:
            nothing: tuple[int, list[str]] = (0, [])
            row_number, cells = next(((n, row) for n, row in enumerate(reader, 1) if row), nothing)
        except csv.Error as error:
            return _finding(
                rule.file, "csv", f"the headings of {rule.file} cannot be read: {error}", 1
            )
    if not cells:
        return _finding(
            rule.file, "empty-file", f"{rule.file} is empty; expected a row of headings"
        )
    header = tuple(cell.lstrip("\ufeff").strip(" ") for cell in cells)
    needed = [column.name for column in rule.columns if not column.optional]
    if len(header) == 1 and not (needed and set(needed) <= set(header)):
        likely = max(_DELIMITERS, key=header[0].count)
        if likely in header[0]:
            fault = (
                f"{rule.file} seems to part its cells by {_DELIMITERS[likely]}, "
                f"not {_DELIMITERS.get(rule.delimiter, rule.delimiter)}; a profile can say so"
            )
            return _finding(rule.file, "delimiter", fault, row_number, raw=header[0])
    return Opened(path, rule, encoding, header, row_number)


def _finding(
    file: str, code: str, message: str, row: int | None = None, raw: str | None = None
) -> Finding:
    place = Place.of(file, row, None, raw)
    return Finding(code=code, severity=Severity.ERROR, message=message, place=place)
