"""Sources of tables: a folder of files and a workbook of sheets are read alike."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from salescore.errors import ImportRefused
from salescore.exchange._entries import close_name, entry_fault, is_there, nearest
from salescore.exchange._layout import FileRule
from salescore.exchange._sheet import open_sheet
from salescore.exchange._text import CHUNK, open_file
from salescore.exchange._workbook import ENDINGS, Sheet, Workbook, open_workbook
from salescore.values import Finding, Place, Severity

_ENTRY = re.compile(r"(?P<book>.+?\.xls[xm])(?:#(?P<sheet>.+))?", re.IGNORECASE | re.DOTALL)
_FILES = (".csv", ".xlsx", ".xlsm")
#: How Excel names the file that it keeps beside an open workbook.
_LOCK = "~$"


class Table(Protocol):
    """
    A table of texts that can be read.

    Laws:
        `batches` yields rows in order, numbered without a gap, and may be asked again.
        `told` keeps every finding it is given, and may put it in other words.
    """

    @property
    def name(self) -> str:
        """Name of the table, for findings."""
        ...

    @property
    def rule(self) -> FileRule:
        """How the profile says it is laid out."""
        ...

    @property
    def header(self) -> tuple[str, ...]:
        """Headings, without spaces around them."""
        ...

    @property
    def header_row(self) -> int:
        """Number of the row of headings."""
        ...

    @property
    def below(self) -> tuple[str, ...]:
        """Texts of the next row that is not blank, where that is known."""
        ...

    def batches(self, size: int = CHUNK, /) -> Iterator[tuple[int, list[list[str]]]]:
        """Yield the number of a first row and so many rows at most."""
        ...

    def told(self, findings: Sequence[Finding], /) -> list[Finding]:
        """Return the findings of its rows, with what the table has to say itself."""
        ...


class Source(Protocol):
    """
    Where the tables of an import come from.

    Laws:
        `has` is true of a file exactly if `open` looks at something that is there.
        A table that is in `names` and is the `called` of a file is there for that file.
    """

    @property
    def kind(self) -> str:
        """What a table is called here: file or sheet."""
        ...

    def names(self) -> list[str]:
        """Return the names of its tables; raises `ImportRefused` where nobody can tell."""
        ...

    def called(self, file: str, /) -> str:
        """Return the name under which the table for a file of the profile is looked for."""
        ...

    def has(self, file: str, /) -> bool:
        """Return whether there is anything under that name."""
        ...

    def open(self, rule: FileRule, needed: Collection[str], /) -> Table | Finding:
        """Return a table that can be read, or why it cannot; `needed` names its columns read."""
        ...

    def notes(self) -> list[Finding]:
        """Return what is worth knowing of what was opened, apart from single tables."""
        ...

    def close(self) -> None:
        """Let go of all files; nothing is read afterwards."""
        ...


class FolderSource:
    """A folder: its CSV files, and the sheets of its workbooks where a profile names them."""

    kind = "file"

    def __init__(self, folder: Path, encoding: str | None = None) -> None:
        """Keep the folder, and the encoding of all its text files if it was named."""
        self._folder = folder
        self._encoding = encoding
        self._books: dict[str, Workbook | str] = {}

    def names(self) -> list[str]:
        """Return the names of all files that might hold a table, sorted."""
        try:
            names = [entry.name for entry in self._folder.iterdir()]
        except OSError as error:
            raise ImportRefused(str(self._folder), f"{error.strerror}") from error
        return sorted(
            name
            for name in names
            if name.casefold().endswith(_FILES) and not name.startswith(_LOCK)
        )

    def called(self, file: str) -> str:
        """Return the name of the file itself, without a sheet."""
        return _parted(file)[0]

    def has(self, file: str) -> bool:
        """Return whether anything stands under the name of the file."""
        return is_there(self._folder / self.called(file))

    def open(self, rule: FileRule, needed: Collection[str]) -> Table | Finding:
        """Return a file or sheet that can be read, or why it cannot."""
        name = self.called(rule.file)
        path = self._folder / name
        fault = entry_fault(path)
        if fault is None:
            try:
                if not is_book(rule.file):
                    return open_file(path, rule, self._encoding)
                if name not in self._books:
                    self._books[name] = open_workbook(path)
            except OSError as error:
                fault = str(error.strerror)
        if fault is not None:
            return _refused(rule.file, "unreadable", f"{rule.file} cannot be opened: {fault}")
        book = self._books[name]
        if isinstance(book, str):
            return _refused(rule.file, "workbook", f"{name} cannot be read: {book}")
        sheet = _sheet_of(book, _parted(rule.file)[1])
        if isinstance(sheet, str):
            return _refused(rule.file, "missing-sheet", f"{name} {sheet}")
        return open_sheet(f"{name}#{sheet.title}", rule, needed, book, sheet)

    def notes(self) -> list[Finding]:
        """Return what is worth knowing of the workbooks that were opened."""
        return [
            note
            for name, book in self._books.items()
            if isinstance(book, Workbook)
            for note in _notes(name, book)
        ]

    def close(self) -> None:
        """Close the workbooks."""
        for book in self._books.values():
            if isinstance(book, Workbook):
                book.close()
        self._books.clear()


class WorkbookSource:
    """A workbook: each sheet stands for the file of its name, `customers` for `customers.csv`."""

    kind = "sheet"

    def __init__(self, path: Path) -> None:
        """
        Open the workbook.

        Raises:
            ImportRefused: It cannot be read.
        """
        fault = entry_fault(path)
        book: Workbook | str
        try:
            book = fault if fault is not None else open_workbook(path)
        except OSError as error:
            book = str(error.strerror)
        if isinstance(book, str):
            raise ImportRefused(str(path), book)
        self._name = path.name
        self._book = book
        self._by_title = {sheet.title: sheet for sheet in book.sheets}

    def names(self) -> list[str]:
        """Return the names of the sheets that are shown, in order."""
        return [sheet.title for sheet in self._book.sheets if not sheet.is_hidden]

    def called(self, file: str) -> str:
        """Return the sheet that stands for a file, or that an entry such as `a.xlsx#b` names."""
        book, sheet = _parted(file)
        if book == self._name and is_book(file):
            return sheet or next(iter(self.names()), file)
        return file[:-4] if file.casefold().endswith(".csv") else file

    def has(self, file: str) -> bool:
        """Return whether there is such a sheet, shown or hidden."""
        return self.called(file) in self._by_title

    def open(self, rule: FileRule, needed: Collection[str]) -> Table | Finding:
        """Return a sheet that can be read, or why it cannot."""
        title = self.called(rule.file)
        return open_sheet(f"{self._name}#{title}", rule, needed, self._book, self._by_title[title])

    def notes(self) -> list[Finding]:
        """Return what is worth knowing of the workbook."""
        return _notes(self._name, self._book)

    def close(self) -> None:
        """Close the workbook."""
        self._book.close()


def source_at(path: Path, encoding: str | None = None) -> FolderSource | WorkbookSource:
    """
    Return the source that a path names.

    Args:
        path: A folder, or a workbook.
        encoding: Encoding of all text files, if it was named.

    Raises:
        ImportRefused: It is neither.
    """
    if path.is_dir():
        return FolderSource(path, encoding)
    if not is_there(path):
        raise ImportRefused(str(path), "there is no such folder")
    if not path.name.casefold().endswith(ENDINGS):
        raise ImportRefused(str(path), "it is a file; name the folder, or a workbook (.xlsx)")
    return WorkbookSource(path)


def is_book(file: str) -> bool:
    """Return whether a name is that of a workbook, or of a sheet in one."""
    return _ENTRY.fullmatch(file) is not None


def _parted(file: str) -> tuple[str, str | None]:
    """Return the file and the sheet that an entry of a profile names."""
    found = _ENTRY.fullmatch(file)
    return (file, None) if found is None else (found["book"], found["sheet"])


def _sheet_of(book: Workbook, title: str | None) -> Sheet | str:
    """Return a sheet by name, the first that is shown where none is named, or the fault."""
    titles = [sheet.title for sheet in book.sheets]
    if title is None:
        shown = (sheet for sheet in book.sheets if not sheet.is_hidden)
        return next(shown, None) or "has no sheet that is shown"
    if title in titles:
        return book.sheets[titles.index(title)]
    close = close_name(title, titles)
    if close is not None and close.casefold() == title.casefold():
        return f"has no sheet {title!r}; capitals count in names: {close!r}"
    return f"has no sheet {title!r}; {nearest(title, titles)}"


def _notes(name: str, book: Workbook) -> list[Finding]:
    notes: list[tuple[str, str]] = []
    if book.has_macros:
        notes.append(("macros", "it holds macros; they are never run"))
    if book.has_links:
        fault = "it refers to other workbooks; they are not opened, what Excel read last counts"
        notes.append(("external-links", fault))
    return [
        Finding(code=code, severity=Severity.INFO, message=message, place=Place(name))
        for code, message in notes
    ]


def _refused(file: str, code: str, message: str) -> Finding:
    return Finding(code=code, severity=Severity.ERROR, message=message, place=Place(file))
