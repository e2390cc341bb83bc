"""Workbooks made for one test, changed where no library would write such a thing, and read."""

import datetime as dt
import re
import zipfile
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from salescore.exchange import Import, Profile, read_folder
from salescore.values import Finding

Rows = Sequence[Sequence[object]]


def saved(
    sheets: dict[str, Rows],
    shape: Callable[[openpyxl.Workbook], None] = lambda _: None,
    *,
    epoch: dt.datetime | None = None,
) -> bytes:
    """Return a workbook of some sheets, after `shape` had a look at it."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    if epoch is not None:
        book.epoch = epoch
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    shape(book)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def repacked(data: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """Return a workbook whose parts were changed; a part of which nothing is left is dropped."""
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            part = change(name, old.read(name))
            if part is not None:
                new.writestr(name, part, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def in_sheet(pattern: str, instead: str) -> Callable[[str, bytes], bytes]:
    """Return what puts a text in place of each match in the sheets; there is at least one."""

    def change(name: str, part: bytes) -> bytes:
        if "/worksheets/" not in name:
            return part
        changed, count = re.subn(pattern.encode(), instead.encode(), part)
        assert count
        return changed

    return change


class Reader:
    """Reads workbooks that were written to a folder for one test."""

    def __init__(self, folder: Path) -> None:
        """Keep the folder."""
        self.folder = folder

    def __call__(self, data: bytes, profile: Profile | None = None, name: str = "b.xlsx") -> Import:
        """Return what a workbook holds; each import obeys the law of rows."""
        (self.folder / name).write_bytes(data)
        found = read_folder(self.folder / name, profile)
        for file in found.files:
            for one in file.records:
                assert one.read == file.rows
                assert one.read == one.accepted + one.refused + one.merged + one.filtered
        return found


def one(found: Import, code: str) -> Finding:
    """Return the only finding with a code."""
    (finding,) = [finding for finding in found.findings if finding.code == code]
    return finding


def where(finding: Finding) -> tuple[str, int | None, str | None, str | None]:
    """Return file, row, column and raw text of a finding."""
    assert finding.place is not None
    place = finding.place
    return place.file, place.row, place.column, place.raw


def at(book: openpyxl.Workbook, title: str) -> Worksheet:
    """Return a sheet of a workbook."""
    sheet = book[title]
    assert isinstance(sheet, Worksheet)
    return sheet
