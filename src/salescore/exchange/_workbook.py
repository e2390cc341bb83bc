"""Workbooks: opened within limits, by the library that knows their format, or refused by reason."""

from __future__ import annotations

import struct
import warnings
import zipfile
import zlib
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO
from xml.parsers.expat import ExpatError

import attrs

from salescore.errors import MissingExtra
from salescore.exchange._marks import Marks, Refused, marks_of

if TYPE_CHECKING:
    from openpyxl.reader.excel import ExcelReader

#: Endings of the names of files that are read as workbooks, or told why not.
ENDINGS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
#: What reading a broken workbook may raise, at any place: foreign code meets foreign data.
BROKEN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    ImportError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    ExpatError,
    Refused,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)
_MIB = 1 << 20
#: Most that a workbook may take when unpacked, and most of its texts and of any other part that is
#: read at once. Sheets are read row by row.
MOST_UNPACKED = 2048 * _MIB
MOST_TEXTS = 512 * _MIB
MOST_PART = 32 * _MIB
_STREAMED = ("worksheet+xml", "pivotCacheRecords+xml", "pivotCacheDefinition+xml", "comments+xml")
_ZIP = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SAVE = "save it as .xlsx"


@attrs.frozen
class Sheet:
    """
    One sheet of a workbook.

    Attributes:
        title: Name on its tab.
        is_hidden: Whether the tab is not shown.
        part: Where it stands in the archive.
    """

    title: str
    is_hidden: bool
    part: str


class Workbook:
    """
    A workbook that can be read, sheet by sheet and row by row.

    Attributes:
        sheets: Its sheets of cells, in order.
        date_system: 1900 or 1904, the year from which it counts days.
        has_macros: Whether it holds programs, which are never run.
        has_links: Whether it refers to other workbooks, which are never opened.
    """

    def __init__(self, reader: ExcelReader, stream: BinaryIO) -> None:
        """Keep what is known of the sheets, and the file to be closed."""
        self._reader = reader
        self._stream = stream
        names = reader.archive.namelist()
        self.has_macros = any(name.endswith("vbaProject.bin") for name in names)
        self.has_links = any("/externalLinks/" in name for name in names)
        self.date_system = 1904 if reader.wb.epoch.year == 1904 else 1900  # noqa: PLR2004 - the year
        parser: Any = reader.parser
        parts = {sheet.name: str(rel.target) for sheet, rel in parser.find_sheets()}
        self.sheets = tuple(
            Sheet(sheet.title, sheet.sheet_state != "visible", parts[sheet.title])
            for sheet in reader.wb.worksheets
        )

    def marks(self, sheet: Sheet) -> Marks:
        """Return what is marked in a sheet; raises one of `BROKEN` where that cannot be read."""
        with self._reader.archive.open(sheet.part) as stream:
            return marks_of(stream)

    def rows(self, sheet: Sheet, first: int = 1) -> Iterator[Sequence[Any]]:
        """
        Yield the cells of a sheet by row, each from column A to the last that is there.

        Args:
            sheet: The sheet.
            first: Number of the first row.
        """
        found = self._reader.wb[sheet.title]
        found.reset_dimensions()  # what a file says of its size is often wrong
        with closing(found.iter_rows(min_row=first)) as rows:
            yield from rows

    def close(self) -> None:
        """Close the file."""
        self._reader.archive.close()
        self._stream.close()


@contextmanager
def quietly() -> Generator[None]:
    """Pass over warnings of things that are not read anyway, such as colours by condition."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        yield


def open_workbook(path: Path) -> Workbook | str:
    """
    Return a workbook that can be read, or why it cannot.

    Args:
        path: A file.

    Raises:
        MissingExtra: The library that reads workbooks is not installed.
        OSError: The file cannot be opened.
    """
    try:
        from openpyxl.reader.excel import ExcelReader  # noqa: PLC0415 - only who reads one needs it
    except ModuleNotFoundError:
        raise MissingExtra("openpyxl", "excel") from None
    stream = path.open("rb")
    try:
        fault = _fault(stream)
        if fault is None:
            with quietly():
                reader = ExcelReader(stream, read_only=True, data_only=True, keep_links=False)
                _check_sizes(reader)
                reader.read()
                return Workbook(reader, stream)
    except BROKEN as error:
        if isinstance(error, OSError) and error.errno is not None:
            stream.close()
            raise
        fault = broken(error)
    stream.close()
    return fault


def broken(error: Exception) -> str:
    """Return what a reader should know of an error that a workbook caused."""
    if isinstance(error, Refused):
        return str(error)
    first = str(error).partition("\n")[0] or type(error).__name__
    return f"it is damaged ({first}); open it in Excel and {_SAVE}"


def _fault(stream: BinaryIO) -> str | None:
    """Return why a file is no workbook that may be opened, or `None`."""
    start = stream.read(8)
    if start.startswith(_COMPOUND):
        if _ENCRYPTED in stream.read(_MIB):
            return "it is protected by a password; save it without one"
        return f"it is in the old format of Excel; {_SAVE}"
    if not start.startswith(_ZIP):
        return f"it is no workbook, whatever its name says; {_SAVE}, or read it as CSV"
    with zipfile.ZipFile(stream) as archive:
        parts = archive.infolist()
    names = {part.filename for part in parts}
    if any(name.endswith("workbook.bin") for name in names):
        return f"it is in the binary format of Excel; {_SAVE}"
    if "[Content_Types].xml" not in names:
        what = "an OpenDocument file" if "content.xml" in names else "a zip archive, no workbook"
        return f"it is {what}; {_SAVE}"
    if any(part.flag_bits & 1 for part in parts):
        return "it is protected by a password; save it without one"
    return None


def _check_sizes(reader: ExcelReader) -> None:
    """
    Refuse what would unpack to more than is read, before any of it is unpacked.

    An archive never gives more of a part than it declares.

    Raises:
        Refused: The whole or a part is too large.
    """
    parts = {f"/{part.filename}": part.file_size for part in reader.archive.infolist()}
    _check_size("it", sum(parts.values()), MOST_UNPACKED)
    _check_size("its table of contents", parts["/[Content_Types].xml"], MOST_PART)
    reader.read_manifest()
    kinds = {one.PartName: one.ContentType for one in reader.package.Override}
    for name, size in parts.items():
        kind = kinds.get(name, "")
        if kind.endswith("sharedStrings+xml"):
            _check_size(f"its part {name[1:]}", size, MOST_TEXTS)
        elif not kind.endswith(_STREAMED) and (kind or name.endswith((".xml", ".rels"))):
            _check_size(f"its part {name[1:]}", size, MOST_PART)


def _check_size(what: str, size: int, most: int) -> None:
    if size > most:
        message = f"{what} would unpack to {size:,} bytes; at most {most:,} are read"
        raise Refused(message)
