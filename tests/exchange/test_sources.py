"""Sources of tables: folders of text files in any encoding, workbooks, and folders of both."""

import codecs
from pathlib import Path

import openpyxl
import pytest
from openpyxl.chart import BarChart
from tests.exchange.workbooks import one, saved, where

from salescore.errors import ImportRefused, UnknownName
from salescore.exchange import CANONICAL, Profile, read_folder
from salescore.exchange._tables import FolderSource, Source, WorkbookSource, is_book, source_at
from salescore.values import Severity

CUSTOMERS = [("id", "name"), ("C-1", "a")]
PROFILE = """
{"schema": "salescore/profile/1", "name": "shop", "title": "Shop", "currency": "EUR", "files": {
  OTHER
  "prices.xlsx#Prices": {"records": []},
  "prices.xlsx": {"records": [{"record": "products", "fields": {
    "id": "id", "name": "id",
    "list_price": {"lookup": {"file": "prices.xlsx#Prices", "key": "id", "value": "eur",
                              "by": "id"}}}}]},
  "customers.csv": {"optional": true, "records": [
    {"record": "customers", "fields": {"id": "id", "name": "name"}}]}}}
"""
OTHER = """
  "Prices.xlsx#Prices": {"records": [{"record": "teams", "fields": {"id": "id", "name": "id"}}]},
"""


def shop(other: str = "") -> Profile:
    """Return the profile of a shop whose prices stand in a sheet of their own."""
    return Profile.parse(PROFILE.replace("OTHER", other))


def book(path: Path, titles: dict[str, object], hidden: tuple[str, ...] = ()) -> Path:
    """Write a workbook with sheets of rows, some of them hidden."""

    def shape(made: openpyxl.Workbook) -> None:
        for title in hidden:
            made[title].sheet_state = "hidden"

    path.write_bytes(saved(titles, shape))  # type: ignore[arg-type]
    return path


# Sheets in place of files -----------------------------------------------------------------------


def test_sheets_are_matched_strictly(tmp_path: Path) -> None:
    """A sheet whose name differs in capitals alone is not read, and told how it must be spelt."""
    path = book(tmp_path / "b.xlsx", {"Customers": CUSTOMERS, "products": CUSTOMERS})
    found = read_folder(path)
    finding = one(found, "unknown-sheet")
    assert finding.message == "Customers is not read; names are in lower case: 'customers'"
    assert finding.severity is Severity.WARNING
    assert where(finding)[0] == "Customers"
    assert found.book.customers == ()


def test_no_known_sheet(tmp_path: Path) -> None:
    """A workbook without any known sheet is refused with what was expected and what is there."""
    path = book(tmp_path / "b.xlsx", {"Tabelle1": CUSTOMERS, "Customers": CUSTOMERS})
    with pytest.raises(ImportRefused) as caught:
        read_folder(path)
    assert caught.value.fault.startswith("it holds none of the sheets expected: ")
    assert caught.value.fault.endswith(
        "; the sheets in it are 'Tabelle1', 'Customers'; names are in lower case: 'customers'"
    )


def test_missing_sheet(tmp_path: Path) -> None:
    """A sheet that the profile needs and the workbook lacks is a finding."""
    path = book(tmp_path / "prices.xlsx", {"Prices": [("id", "eur"), ("P-1", 5)]})
    found = read_folder(path, shop(OTHER))
    assert one(found, "missing-sheet").message.startswith("Prices.xlsx#Prices is missing")
    assert str(found.book.products[0].list_price) == "EUR 5.00"


def test_hidden_sheets(tmp_path: Path) -> None:
    """A hidden sheet is read if it is asked for, with a warning; else nobody asks for it."""
    path = book(
        tmp_path / "b.xlsx",
        {"customers": CUSTOMERS, "lists": [("a",)], "orders": [("id", "ordered_on")]},
        hidden=("customers", "lists"),
    )
    found = read_folder(path)
    assert one(found, "hidden").message == "the sheet 'customers' is hidden; it was read"
    assert where(one(found, "hidden"))[0] == "b.xlsx#customers"
    assert len(found.book.customers) == 1
    assert "unknown-sheet" not in {finding.code for finding in found.findings}


# Workbooks in a folder --------------------------------------------------------------------------


def test_workbooks_beside_text_files(tmp_path: Path) -> None:
    """A profile names sheets of workbooks beside text files; without a sheet, the first shown."""
    book(
        tmp_path / "prices.xlsx",
        {"Draft": [("id",)], "List": [("id",), ("P-1",)], "Prices": [("id", "eur"), ("P-1", 5)]},
        hidden=("Draft",),
    )
    (tmp_path / "customers.csv").write_text("id,name\nC-1,a\n")
    found = read_folder(tmp_path, shop())
    assert found.findings == ()
    assert str(found.book.products[0].list_price) == "EUR 5.00"
    assert len(found.book.customers) == 1
    names = ["prices.xlsx#Prices", "prices.xlsx#List", "customers.csv"]
    assert [file.file for file in found.files] == names


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("prices", "has no sheet 'Prices'; capitals count in names: 'prices'"),
        ("Price", "has no sheet 'Prices'; the nearest known is 'Price'"),
        ("x", "has no sheet 'Prices'; known are 'x'"),
    ],
)
def test_sheet_that_a_workbook_lacks(tmp_path: Path, title: str, told: str) -> None:
    """A sheet that is not in the workbook is told with the nearest that is."""
    book(tmp_path / "prices.xlsx", {title: [("id",), ("P-1",)]})
    found = read_folder(tmp_path, shop())
    finding = one(found, "missing-sheet")
    assert finding.message == f"prices.xlsx {told}"
    assert where(finding)[0] == "prices.xlsx#Prices"
    assert one(found, "missing-lookup").message.endswith("which cannot be read")


def test_no_sheet_that_is_shown(tmp_path: Path) -> None:
    """A profile that names no sheet of a workbook needs one that holds cells and is shown."""

    def shape(made: openpyxl.Workbook) -> None:
        made.create_chartsheet("Chart").add_chart(BarChart())
        made["a"].sheet_state = "hidden"

    (tmp_path / "prices.xlsx").write_bytes(saved({"a": [("id",)]}, shape))
    found = read_folder(tmp_path, shop(OTHER))
    faults = [one for one in found.findings if one.code == "missing-sheet"]
    assert faults[1].message == "prices.xlsx has no sheet that is shown"


def test_missing_workbook(tmp_path: Path) -> None:
    """A workbook that is not there is a missing file, also for a look-up in it."""
    (tmp_path / "customers.csv").write_text("id,name\nC-1,a\n")
    found = read_folder(tmp_path, shop(OTHER))
    missing = [one.message for one in found.findings if one.code == "missing-file"]
    assert missing == [
        "Prices.xlsx is missing; the profile 'shop' needs it",
        "prices.xlsx is missing; the profile 'shop' needs it",
        "prices.xlsx is missing; the profile 'shop' needs it",
    ]


def test_workbooks_nobody_reads(tmp_path: Path) -> None:
    """A workbook in a folder of facts is told how it would be read; a lock of Excel is not."""
    book(tmp_path / "orders.xlsx", {"orders": [("id", "ordered_on")]})
    (tmp_path / "~$orders.xlsx").write_bytes(b"lock")
    with pytest.raises(ImportRefused) as caught:
        read_folder(tmp_path)
    assert caught.value.fault.endswith(
        "; the workbooks in it are 'orders.xlsx': "
        "a workbook is read by its own path, or named in a profile"
    )
    (tmp_path / "customers.csv").write_text("id,name\n")
    finding = one(read_folder(tmp_path), "unknown-file")
    assert finding.message == (
        "orders.xlsx is not read; a workbook is read by its own path, or named in a profile"
    )


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("a.xlsx", True),
        ("a.XLSM#b", True),
        ("a.xlsx#b.csv", True),
        ("a#b.csv", False),
        ("a.xls", False),
        (".xlsx", False),
        ("a.xlsx.csv", False),
    ],
)
def test_names_of_workbooks(name: str, right: bool) -> None:  # noqa: FBT001 - a table of cases
    """A name ends like a workbook, or has a sheet behind such an ending."""
    assert is_book(name) is right


# Laws of every source ---------------------------------------------------------------------------


@pytest.fixture(params=["folder", "workbook"])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Source:
    """Return a source of each kind that holds the same two tables."""
    if request.param == "folder":
        for name in ("customers", "Odd"):
            (tmp_path / f"{name}.csv").write_text("id,name\nC-1,a\n")
        return FolderSource(tmp_path)
    return WorkbookSource(book(tmp_path / "b.xlsx", {"customers": CUSTOMERS, "Odd": CUSTOMERS}))


def test_laws_of_sources(source: Source) -> None:
    """What is among the names under which a file is looked for is there, and can be opened."""
    rules = {rule.file: rule for rule in Profile.load("superstore").files}
    rule = next(iter(rules.values()))
    assert sorted(source.names()) == sorted(map(source.called, ("Odd.csv", "customers.csv")))
    for file in ("Odd.csv", "customers.csv", "odd.csv", "orders.csv", "b.xlsx", "c.xlsx#Odd"):
        assert source.has(file) is (source.called(file) in source.names())
    assert not source.has(rule.file)
    assert source.notes() == []
    source.close()


def test_laws_of_tables(source: Source) -> None:
    """Rows come in order without a gap, as often as they are asked for, and findings stay."""
    rule = next(rule for rule in CANONICAL.files if rule.file == "customers.csv")
    table = source.open(rule, {"id", "name"})
    assert not hasattr(table, "code")
    for _ in range(2):
        assert list(table.batches(1)) == [(2, [["C-1", "a"]])]  # type: ignore[union-attr]
    assert table.told(()) == []  # type: ignore[union-attr]
    source.close()


def test_no_source(tmp_path: Path) -> None:
    """A path that is neither a folder nor bears the name of a workbook is refused."""
    (tmp_path / "a.txt").write_text("id\n")
    with pytest.raises(ImportRefused, match=r"name the folder, or a workbook \(\.xlsx\)"):
        source_at(tmp_path / "a.txt")
    with pytest.raises(ImportRefused, match="there is no such folder"):
        source_at(tmp_path / "b.xlsx")


# Encodings --------------------------------------------------------------------------------------

TEXT = "id,name\nC-1,上海贸易\n"


@pytest.mark.parametrize(
    ("named", "written"),
    [
        ("gbk", "gbk"),
        ("GB18030", "gb18030"),
        ("cp936", "gbk"),
        ("UTF-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16", "utf-16"),
        ("big5", "utf-16"),
        ("gbk", "utf-8-sig"),
        (None, "utf-16"),
        (None, "utf-8"),
    ],
)
def test_encodings(tmp_path: Path, named: str | None, written: str) -> None:
    """Text is read in the encoding that is named, UTF-8 if none is; a byte order mark wins."""
    text = TEXT.replace("上海贸易", "上海")
    (tmp_path / "customers.csv").write_bytes(text.encode(written))
    found = read_folder(tmp_path, encoding=named)
    assert found.findings == ()
    assert found.book.customers[0].name == "上海"


def test_the_named_encoding_overrides_the_profile(tmp_path: Path) -> None:
    """What the caller says of all files counts more than what the profile says of one."""
    profile = Profile.parse(
        """
        {"schema": "salescore/profile/1", "name": "p", "title": "P", "files": {
          "customers.csv": {"encoding": "big5", "records": [
            {"record": "customers", "fields": {"id": "id", "name": "name"}}]}}}
        """
    )
    (tmp_path / "customers.csv").write_bytes(TEXT.encode("gbk"))
    assert read_folder(tmp_path, profile).book.customers[0].name != "上海贸易"
    found = read_folder(tmp_path, profile, encoding="gb18030")
    assert found.book.customers[0].name == "上海贸易"


def test_the_argument_is_named(tmp_path: Path) -> None:
    """A file in another encoding says where it could be named."""
    (tmp_path / "customers.csv").write_bytes(TEXT.encode("gbk"))
    message = one(read_folder(tmp_path), "encoding").message
    assert "the argument encoding (--encoding) names that of all files" in message


@pytest.mark.parametrize("name", ["utf8mb4", "rot13", "ascii", "\0", ""])
def test_unknown_encodings(tmp_path: Path, name: str) -> None:
    """Only encodings that a profile may name are known, in any spelling of Python's."""
    (tmp_path / "customers.csv").write_text("id,name\n")
    with pytest.raises(UnknownName, match="no encoding"):
        read_folder(tmp_path, encoding=name)


def test_a_workbook_knows_its_own_encoding(tmp_path: Path) -> None:
    """The encoding of text files says nothing of workbooks."""
    path = book(tmp_path / "b.xlsx", {"customers": [("id", "name"), ("C-1", "上海")]})
    assert read_folder(path, encoding="gbk").book.customers[0].name == "上海"


def test_marks_are_those_of_python() -> None:
    """The byte order marks tried here are written by Python's own codecs."""
    assert TEXT.encode("utf-16").startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
