"""Writing facts out: one CSV file per record type, in our own layout."""

from __future__ import annotations

import csv
import os
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from salescore.book import SalesBook
from salescore.errors import ExportRefused, UnknownName
from salescore.exchange._columns import TextFault, text_columns
from salescore.plain import FieldTable

_CHUNK = 5_000
_TEMPORARY = ".writing"
#: What is wrong where a file would be written over, for callers of functions and of commands.
IS_THERE = "it is there already; replace it by saying so: replace=True, or --replace in a command"

#: Encoding: what Python calls it, and what stands before the first heading.
_ENCODINGS = {
    "utf-8": ("utf-8", ""),
    "utf-8-sig": ("utf-8", "\ufeff"),
    "utf-16": ("utf-16-le", "\ufeff"),
    "gb18030": ("gb18030", ""),
    "gbk": ("gbk", ""),
}


def write_folder(
    book: SalesBook,
    path: str | Path,
    *,
    encoding: str = "utf-8",
    only: Iterable[str] | None = None,
    replace: bool = False,
) -> tuple[str, ...]:
    """
    Write the facts into a folder, one CSV file for each record type of which there are any.

    What is written reads back as the same book with `read_folder`, but for exchange rates of what
    is no currency, and the same book writes the same bytes. Texts that a spreadsheet would take for
    a formula stand behind an apostrophe, which the reader takes off again. A book without any
    record writes the headings alone of every record type: a folder to be filled in.

    Args:
        book: The facts.
        path: The folder; it is made if it is not there.
        encoding: `utf-8`, `utf-8-sig` (with a byte order mark, by which Excel knows it), `utf-16`,
            `gb18030` or `gbk`. The last two bear no mark: a reader must be told of them.
        only: Record types to be written; `None` for all.
        replace: Whether files of these record types that are there already give way. Those of
            types without records are removed then, because they would read as facts of this book.

    Returns:
        Names of the files, in the order of the record types.

    Raises:
        UnknownName: There is no such encoding or record type.
        InvalidRecord: The encoding has no sign for a character of a text, or the text holds a NUL
            or half a surrogate pair, which no file carries; no file was written.
        ExportRefused: A file is there already, or the folder cannot be written to.
    """
    if encoding not in _ENCODINGS:
        raise UnknownName("encoding to write", encoding, tuple(_ENCODINGS))
    tables = chosen(book, only)
    folder = Path(path)
    filled = [table for table in tables if book.records(table.name)] or tables
    names = {table.name: f"{table.name}.csv" for table in tables}
    with writing(folder):
        present = [name for name in names.values() if os.path.lexists(folder / name)]
        if present and not replace:
            raise ExportRefused(str(folder / present[0]), IS_THERE)
        folder.mkdir(parents=True, exist_ok=True)
        made: list[Path] = []
        try:
            for table in filled:
                made.append(folder / f".{names[table.name]}{_TEMPORARY}")
                _write_file(made[-1], table, book.records(table.name), encoding)
            for temporary, table in zip(made, filled, strict=True):
                temporary.replace(folder / names[table.name])
        finally:
            for temporary in made:
                temporary.unlink(missing_ok=True)
        written = tuple(names[table.name] for table in filled)
        for name in present:
            if name not in written:
                (folder / name).unlink()
    return written


def chosen(book: SalesBook, only: Iterable[str] | None) -> tuple[FieldTable, ...]:
    """
    Return the field tables of some record types, in their own order; of all for `None`.

    Args:
        book: The facts; its registered fields come behind our own.
        only: Names of the record types.

    Raises:
        UnknownName: There is no such record type.
    """
    names = None if only is None else {book.table(name).name for name in only}
    return tuple(table for table in book.tables if names is None or table.name in names)


@contextmanager
def writing(path: Path) -> Generator[None]:
    """Turn what the system says of a path that cannot be written into an error of ours."""
    try:
        yield
    except OSError as error:
        raise ExportRefused(str(error.filename or path), f"{error.strerror}") from error


def _write_file(path: Path, table: FieldTable, records: Sequence[Any], encoding: str) -> None:
    codec, mark = _ENCODINGS[encoding]
    text_fault = text_fault_in(encoding)
    with path.open("w", encoding=codec, newline="") as stream:
        stream.write(mark)
        writer = csv.writer(stream)  # its line ends also make it quote every break inside a cell
        writer.writerow(table.csv_columns)
        for start in range(0, len(records), _CHUNK):
            columns = text_columns(table, records[start : start + _CHUNK], text_fault)
            writer.writerows(zip(*columns, strict=True))


def text_fault_in(encoding: str) -> TextFault:
    """Return what says why a text cannot be written in an encoding."""
    codec = _ENCODINGS[encoding][0]

    def text_fault(text: str) -> str | None:
        if "\0" in text:
            return "it holds a NUL character, by which a reader knows a wrong encoding; remove it"
        if text.isascii():
            return None
        try:
            text.encode(codec)
        except UnicodeEncodeError as error:
            sign = text[error.start]
            if "\ud800" <= sign <= "\udfff":
                return f"it holds {sign!r}, half a surrogate pair, which no file carries; remove it"
            return f"{encoding} has no sign for {sign!r}; write utf-8"
        return None

    return text_fault
