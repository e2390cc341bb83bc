"""Files that are no workbook, a broken one, or too much of one: refused by reason."""

import random
import subprocess
import sys
import tracemalloc
import zipfile
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from tests.exchange.workbooks import Reader, in_sheet, one, repacked, saved, where

from salescore.errors import ImportRefused, MissingExtra
from salescore.exchange import Profile, _workbook, read_folder
from salescore.exchange._tables import source_at
from salescore.values import Severity

GOOD = saved({"customers": [("id", "name", "region"), ("C-1", "a", "=1+1"), ("C-2", "b", "N")]})
BOOK_IN_FOLDER = Profile.parse(
    """
    {"schema": "salescore/profile/1", "name": "p", "title": "P", "files": {
      "b.xlsx": {"records": [{"record": "customers", "fields": {"id": "id", "name": "name"}}]},
      "b.xlsx#customers": {"records": [
        {"record": "products", "fields": {"id": "id", "name": "name"}}]}}}
    """
)
TEXTS = (
    b'<Override PartName="/texts.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    b'spreadsheetml.sharedStrings+xml"/>'
)


def archive(**parts: bytes) -> bytes:
    """Return a zip archive; two underlines in a name stand for a stroke."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as new:
        for name, part in parts.items():
            new.writestr(name.replace("__", "/"), part)
    return stream.getvalue()


def encrypted() -> bytes:
    """Return a workbook whose first part is marked as encrypted."""
    data = bytearray(GOOD)
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(sign) + offset] |= 1
    return bytes(data)


COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)
FAULTS = [
    (b"", "it is no workbook, whatever its name says"),
    (
        b"id,name\n",
        "it is no workbook, whatever its name says; save it as .xlsx, or read it as CSV",
    ),
    (COMPOUND, "it is in the old format of Excel; save it as .xlsx"),
    (COMPOUND + "EncryptedPackage".encode("utf-16-le"), "it is protected by a password"),
    (encrypted(), "it is protected by a password"),
    (GOOD[:400], "it is damaged (File is not a zip file); open it in Excel and save it as .xlsx"),
    (archive(a=b"1"), "it is a zip archive, no workbook"),
    (archive(**{"content.xml": b"<a/>"}), "it is an OpenDocument file"),
    (archive(**{"xl__workbook.bin": b"1"}), "it is in the binary format of Excel"),
    (archive(**{"[Content_Types].xml": b"<a/>"}), "it is damaged ("),
    (archive(**{"[Content_Types].xml": b"<a"}), "it is damaged ("),
]


@pytest.mark.parametrize(("data", "told"), FAULTS)
def test_no_workbook(tmp_path: Path, data: bytes, told: str) -> None:
    """A path that bears the name of a workbook and is none is refused by reason."""
    path = tmp_path / "b.xlsx"
    path.write_bytes(data)
    with pytest.raises(ImportRefused) as caught:
        read_folder(path)
    assert caught.value.fault.startswith(told)


@pytest.mark.parametrize(("data", "told"), FAULTS)
def test_no_workbook_in_a_folder(tmp_path: Path, data: bytes, told: str) -> None:
    """In a folder the same is a finding for every entry of the profile that names it."""
    (tmp_path / "b.xlsx").write_bytes(data)
    found = read_folder(tmp_path, BOOK_IN_FOLDER)
    assert [file.is_refused for file in found.files] == [True, True]
    first, _ = found.findings
    assert first.code == "workbook"
    assert first.message.startswith(f"b.xlsx cannot be read: {told}")
    assert where(first) == ("b.xlsx", None, None, None)


@pytest.mark.parametrize("name", ["b.xls", "b.XLSB", "b.ods"])
def test_other_formats(tmp_path: Path, name: str) -> None:
    """Names of other formats of tables are told what would be read."""
    (tmp_path / name).write_bytes(COMPOUND)
    with pytest.raises(ImportRefused, match=r"save it as \.xlsx"):
        read_folder(tmp_path / name)


def test_a_folder_of_that_name(tmp_path: Path) -> None:
    """A folder is read as a folder, whatever its name."""
    (tmp_path / "b.xlsx").mkdir()
    (tmp_path / "b.xlsx" / "customers.csv").write_text("id,name\nC-1,a\n")
    assert len(read_folder(tmp_path / "b.xlsx").book.customers) == 1


def test_a_link_to_nothing(tmp_path: Path) -> None:
    """A link that points to nothing is refused before anything is opened."""
    (tmp_path / "b.xlsx").symlink_to("nowhere")
    with pytest.raises(ImportRefused, match="it is a link that points to nothing"):
        read_folder(tmp_path / "b.xlsx")


def test_closed_to_us(tmp_path: Path) -> None:
    """A file that the system will not open is refused with its words."""
    (tmp_path / "b.xlsx").symlink_to("/proc/self/mem")
    with pytest.raises(ImportRefused, match="Input/output error"):
        read_folder(tmp_path / "b.xlsx")
    found = read_folder(tmp_path, BOOK_IN_FOLDER)
    assert {finding.code for finding in found.findings} == {"unreadable"}


# Bombs ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("most", "told"),
    [
        ("MOST_UNPACKED", "it would unpack to "),
        ("MOST_TEXTS", "its part texts.xml would unpack to "),
        ("MOST_PART", "its part docProps/app.xml would unpack to "),
    ],
)
def test_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: str, told: str) -> None:
    """What would unpack to more than is read is refused before it is unpacked."""
    path = tmp_path / "b.xlsx"
    large = 400_000

    def change(name: str, part: bytes) -> bytes:
        if name == "[Content_Types].xml":
            return part.replace(b"</Types>", TEXTS + b"</Types>")
        return part + b" " * large if name == "docProps/app.xml" and most != "MOST_TEXTS" else part

    path.write_bytes(repacked(GOOD, change))
    with zipfile.ZipFile(path, "a") as book:
        book.writestr("texts.xml", b"<sst/>" + b" " * (large if most == "MOST_TEXTS" else 0))
    assert len(read_folder(path).book.customers) == 1
    monkeypatch.setattr(_workbook, most, large)
    with pytest.raises(ImportRefused) as caught:
        read_folder(path)
    assert caught.value.fault.startswith(told)
    assert caught.value.fault.endswith("bytes; at most 400,000 are read")


def test_sheets_may_be_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound for a single part is none for sheets, which are read row by row."""
    rows = [("id", "name"), *((f"C-{n}", "a") for n in range(2000))]
    (tmp_path / "b.xlsx").write_bytes(saved({"customers": rows}))
    monkeypatch.setattr(_workbook, "MOST_PART", 30_000)
    assert len(read_folder(tmp_path / "b.xlsx").book.customers) == 2000


def test_a_bomb_costs_nothing(tmp_path: Path) -> None:
    """A part of 64 MiB of blanks is refused without taking their room."""
    bomb = b" " * (64 << 20)

    def change(name: str, part: bytes) -> bytes:
        return part + bomb if name == "xl/styles.xml" else part

    (tmp_path / "b.xlsx").write_bytes(repacked(GOOD, change))
    tracemalloc.start()
    with pytest.raises(ImportRefused, match=r"xl/styles\.xml would unpack"):
        read_folder(tmp_path / "b.xlsx")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 16 << 20


@pytest.mark.parametrize(
    ("pattern", "instead", "told"),
    [
        ('<row r="3"', '<row r="1048577"', "it has more than 1,048,576 rows"),
        ('<c r="A3"', '<c r="XFE3"', "it has a row of more than 16,384 cells"),
        ('<c r="A3"', '<c r="ABCD3"', "'ABCD' names no column"),
        ("<worksheet ", "<!DOCTYPE a [<!ENTITY b 'c'>]><worksheet ", "it declares entities"),
        ("</sheetData>", "</sheet>", "it is damaged (mismatched tag"),
        (
            "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            "http://purl.oclc.org/ooxml/spreadsheetml/main",
            "it is a Strict Open XML workbook; save it as an ordinary .xlsx",
        ),
    ],
)
def test_impossible_sheets(tmp_path: Path, pattern: str, instead: str, told: str) -> None:
    """A sheet that no spreadsheet could hold is refused before its rows are read."""
    found = Reader(tmp_path)(repacked(GOOD, in_sheet(pattern, instead)))
    finding = one(found, "workbook")
    assert finding.severity is Severity.ERROR
    assert told in finding.message
    assert found.files[0].is_refused


@pytest.mark.parametrize(
    ("pattern", "instead"),
    [
        ('<c r="A3" t="inlineStr"><is><t>[^<]*</t></is>', '<c r="A3" t="s"><v>77</v>'),
        ('<c r="A3" t="inlineStr"><is><t>[^<]*</t></is>', '<c r="A3"><v>seven</v>'),
        ('<c r="A3" t="inlineStr"><is><t>[^<]*</t></is>', '<c r="A3" s="99"><v>7</v>'),
    ],
)
def test_broken_row(tmp_path: Path, pattern: str, instead: str) -> None:
    """A row that makes no sense ends the reading, and says how many rows were read before."""
    data = saved({"customers": [("id", "name"), ("C-1", "a"), ("C-2", "b"), ("C-3", "c")]})
    found = Reader(tmp_path)(repacked(data, in_sheet(pattern, instead)))
    finding = one(found, "csv")
    assert where(finding)[:2] == ("b.xlsx#customers", 3)
    assert "1 row before it was read, the rest of the file was not" in finding.message
    assert [one.id for one in found.book.customers] == ["C-1"]


def test_infinite_number(tmp_path: Path) -> None:
    """A number beyond all numbers is an error in its cell."""
    data = saved({"customers": [("id", "name"), ("C-1", 7)]})
    found = Reader(tmp_path)(repacked(data, in_sheet("<v>7</v>", "<v>1E999</v>")))
    assert where(one(found, "cell-error")) == ("b.xlsx#customers", 2, "name", "inf")


def test_day_out_of_range(tmp_path: Path) -> None:
    """A cell of a day that no calendar has is an error in its cell, without a warning of Python."""

    def shape(book: openpyxl.Workbook) -> None:
        book.worksheets[0]["B2"].number_format = "yyyy-mm-dd"

    data = saved({"orders": [("id", "ordered_on"), ("O-1", 99_999_999)]}, shape)
    assert where(one(Reader(tmp_path)(data), "cell-error"))[1:3] == (2, "ordered_on")


def test_damage_anywhere(tmp_path: Path) -> None:
    """Whatever bytes of a workbook are changed or cut, it reads, or is refused by reason."""
    chance = random.Random(5)  # noqa: S311 - damage is no secret
    path = tmp_path / "b.xlsx"
    plain = repacked(GOOD, lambda _, part: part)
    outcomes = set()
    for _ in range(150):
        data = bytearray(plain)
        for _ in range(chance.randrange(1, 4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        path.write_bytes(data[: chance.choice([len(data)] * 9 + [chance.randrange(len(data))])])
        try:
            found = read_folder(path)
        except ImportRefused:
            outcomes.add("refused")
        else:
            outcomes.add("found" if found.findings else "clean")
    assert {"refused", "found"} <= outcomes


def test_damage_inside(tmp_path: Path) -> None:
    """Whatever is changed inside the parts of a sound archive, nothing crashes."""
    chance = random.Random(6)  # noqa: S311 - damage is no secret
    path = tmp_path / "b.xlsx"
    outcomes = set()

    def change(_: str, part: bytes) -> bytes:
        data = bytearray(part)
        if chance.random() < 0.3:
            data[chance.randrange(len(data))] = chance.choice(b'<>"/&0aZ=')
        return bytes(data)

    for _ in range(150):
        path.write_bytes(repacked(GOOD, change))
        try:
            outcomes.add(bool(read_folder(path).book.customers))
        except ImportRefused:
            outcomes.add(None)
    assert outcomes == {True, False, None}


# What is never done -----------------------------------------------------------------------------


def test_macros_and_links(tmp_path: Path) -> None:
    """Macros are never run and other workbooks never opened, and a finding says that."""
    stream = BytesIO(GOOD)
    with zipfile.ZipFile(stream, "a") as book:
        book.writestr("xl/vbaProject.bin", b"1")
        book.writestr("xl/externalLinks/externalLink1.xml", b"<a/>")
    found = Reader(tmp_path)(stream.getvalue(), name="b.xlsm")
    for code, told in (("macros", "they are never run"), ("external-links", "not opened")):
        finding = one(found, code)
        assert finding.severity is Severity.INFO
        assert told in finding.message
        assert where(finding) == ("b.xlsm", None, None, None)
    assert len(found.book.customers) == 1


def test_files_are_closed(tmp_path: Path) -> None:
    """A source that is closed holds no file open, so that the workbook may be replaced."""
    path = tmp_path / "b.xlsx"
    path.write_bytes(GOOD)
    source = source_at(path)
    assert source.has("customers.csv")
    source.close()
    assert not any(
        entry.exists() and entry.samefile(path) for entry in Path("/proc/self/fd").iterdir()
    )


def test_without_the_library_the_extra_is_named(tmp_path: Path) -> None:
    """Reading a workbook says what to install, and reading text files needs nothing of it."""
    (tmp_path / "b.xlsx").write_bytes(GOOD)
    (tmp_path / "customers.csv").write_text("id,name\nC-1,a\n")
    script = (
        "import sys\n"
        "sys.modules['openpyxl'] = None\n"
        "from salescore.exchange import read_folder\n"
        "from salescore.errors import MissingExtra\n"
        "print(len(read_folder(sys.argv[1]).book.customers))\n"
        "try:\n"
        "    read_folder(sys.argv[1] + '/b.xlsx')\n"
        "except MissingExtra as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    told = "openpyxl is not installed; pip install 'salescore[excel]' brings it"
    assert done.stdout == f"1\n{told}\n"


def test_the_library_is_imported_late() -> None:
    """Importing the room does not import the library that reads workbooks."""
    script = "import sys, salescore.exchange; print('openpyxl' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, encoding="utf-8"
    )
    assert done.stdout == "False\n"


def test_missing_library_in_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names package and extra."""
    (tmp_path / "b.xlsx").write_bytes(GOOD)
    monkeypatch.setitem(sys.modules, "openpyxl.reader.excel", None)
    with pytest.raises(MissingExtra) as caught:
        read_folder(tmp_path / "b.xlsx")
    assert (caught.value.package, caught.value.extra) == ("openpyxl", "excel")
