"""Workbooks: every cell becomes one text, and what a text cannot say becomes a finding."""

import datetime as dt
import re
import zipfile
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.datetime import MAC_EPOCH
from tests.exchange.workbooks import Reader, Rows, at, in_sheet, one, repacked, saved, where

from salescore.exchange import Profile
from salescore.exchange._cell_text import notation_of, value_text
from salescore.exchange._layout import Column, FileRule, RecordRule
from salescore.exchange._numerals import Numbers
from salescore.values import Severity

LINES = ("id", "order_id", "quantity", "net_amount", "discount", "currency")
ORDERS = ("id", "ordered_on", "customer_id")
CUSTOMERS = ("id", "name")


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    """Return what writes a workbook and reads it."""
    return Reader(tmp_path)


def line(**cells: object) -> list[object]:
    """Return a row of an order line, with some cells instead of the usual ones."""
    usual = {
        "id": "L-1",
        "order_id": "O-1",
        "quantity": 2,
        "net_amount": 19.9,
        "discount": None,
        "currency": "EUR",
    }
    return list((usual | cells).values())


# Cells ------------------------------------------------------------------------------------------


def test_a_workbook_is_a_folder_of_sheets(read: Reader) -> None:
    """Each sheet stands for the file of its name, and every kind of cell reads as its field."""
    found = read(
        saved(
            {
                "customers": [CUSTOMERS, ("C-1", "上海贸易"), ("C-2", " Zoë ")],
                "orders": [
                    ORDERS,
                    ("O-1", dt.date(2017, 3, 1), "C-1"),
                    ("O-2", dt.datetime(2017, 3, 2), "C-2"),  # noqa: DTZ001 - Excel has no zone
                    ("O-3", "2017-03-03", None),
                ],
                "order_lines": [LINES, line(), line(id="L-2", quantity=12345.0, discount=0.25)],
            }
        )
    )
    assert found.findings == ()
    assert [one.name for one in found.book.customers] == ["上海贸易", "Zoë"]
    assert [one.ordered_on.day for one in found.book.orders] == [1, 2, 3]
    first, second = found.book.order_lines
    assert first.net_amount.amount == Decimal("19.9")
    assert first.discount is None
    assert str(second.quantity) == "12345"
    assert second.discount == Decimal("0.25")
    assert [file.file for file in found.files] == [
        "b.xlsx#customers",
        "b.xlsx#orders",
        "b.xlsx#order_lines",
    ]


def test_percent_is_a_fraction(read: Reader) -> None:
    """A cell that shows 25 % holds .25, which is what is read."""

    def shape(book: openpyxl.Workbook) -> None:
        at(book, "order_lines")["E2"].number_format = "0%"

    found = read(saved({"order_lines": [LINES, line(discount=0.25)]}, shape))
    assert found.findings == ()
    assert str(found.book.order_lines[0].discount) == "0.25"


def test_percent_in_a_column_of_percent(read: Reader) -> None:
    """Where a column counts hundredths, 70 and a cell that shows 70 % are both seven tenths."""
    profile = Profile.parse(
        """
        {"schema": "salescore/profile/1", "name": "p", "title": "P", "files": {"deals.csv": {
          "records": [{"record": "opportunities", "fields": {"id": "Id", "stage": "Id",
            "kind": {"constant": "open"},
            "probability": {"column": "Chance", "number": {"scale": "percent"}}}}]}}}
        """
    )
    rows = [("Id", "Chance"), ("1", 70), ("2", 0.7), ("3", 1), ("4", 0.07)]

    def shape(book: openpyxl.Workbook) -> None:
        for cell in ("B3", "B4", "B5"):
            at(book, "deals")[cell].number_format = "0.0%"

    found = read(saved({"deals": rows}, shape), profile)
    assert found.findings == ()
    chances = [str(one.probability) for one in found.book.opportunities]
    assert chances == ["0.70", "0.70", "1.00", "0.07"]


def test_truth(read: Reader) -> None:
    """A cell of truth reads as `true` or `false`."""
    found = read(saved({"customers": [CUSTOMERS, ("C-1", True), ("C-2", False)]}))
    assert [one.name for one in found.book.customers] == ["true", "false"]


def test_shortest_text_of_a_number(read: Reader) -> None:
    """What Excel stores with 17 digits is read as it was typed."""
    data = saved({"order_lines": [LINES, line()]})
    data = repacked(data, in_sheet("<v>19.9</v>", "<v>19.899999999999999</v>"))
    found = read(data)
    assert found.findings == ()
    assert str(found.book.order_lines[0].net_amount.amount) == "19.9"


def test_rounded_number(read: Reader) -> None:
    """A fraction with more digits than Excel keeps is rounded to these, and that is told."""
    data = saved({"order_lines": [LINES, line(), line(id="L-2", net_amount=7.25)]})
    data = repacked(data, in_sheet("<v>19.9</v>", "<v>0.30000000000000004</v>"))
    found = read(data)
    finding = one(found, "rounded-number")
    assert finding.severity is Severity.INFO
    assert finding.message.startswith("1 number with more than the 15 digits")
    assert where(finding) == ("b.xlsx#order_lines", 2, "net_amount", "0.30000000000000004")
    assert str(found.book.order_lines[0].net_amount.amount) == "0.3"
    assert found.is_clean


def test_long_ids_as_numbers(read: Reader) -> None:
    """A number of more than 15 digits has lost the last ones, and refuses its row."""
    ids = (12345678901234567890, 123456789012345, 1234567890123456)
    found = read(saved({"customers": [CUSTOMERS, *((one, "n") for one in ids)]}))
    first, second = [one for one in found.findings if one.code == "long-number"]
    assert where(first)[:3] == ("b.xlsx#customers", 2, "id")
    assert "a number of 20 digits, of which Excel keeps 15" in first.message
    assert where(second) == ("b.xlsx#customers", 4, "id", "1234567890123456")
    assert [one.id for one in found.book.customers] == ["123456789012345"]


def test_leading_zeros(read: Reader) -> None:
    """A number that is only shown with zeros in front is read without, with a warning."""

    def shape(book: openpyxl.Workbook) -> None:
        for row in (2, 3):
            at(book, "customers")[f"A{row}"].number_format = "00000"

    found = read(saved({"customers": [CUSTOMERS, (123, "a"), (12345, "b")]}, shape))
    finding = one(found, "leading-zeros")
    assert finding.severity is Severity.WARNING
    assert finding.count == 1
    assert where(finding) == ("b.xlsx#customers", 2, "id", "00123")
    assert found.book.customers[0].id == "123"


@pytest.mark.parametrize(("epoch", "serial"), [(None, "42795"), (MAC_EPOCH, "41333")])
def test_date_systems(read: Reader, epoch: dt.datetime | None, serial: str) -> None:
    """Days read the same whether a workbook counts them from 1900 or from 1904."""
    data = saved({"orders": [ORDERS, ("O-1", dt.date(2017, 3, 1), None)]}, epoch=epoch)
    with zipfile.ZipFile(BytesIO(data)) as archive:
        assert f"<v>{serial}</v>".encode() in archive.read("xl/worksheets/sheet1.xml")
    found = read(data)
    assert found.findings == ()
    assert found.book.orders[0].ordered_on == dt.date(2017, 3, 1)


@pytest.mark.parametrize(("epoch", "serial"), [(None, 43101), (MAC_EPOCH, 41639)])
def test_dates_as_numbers(read: Reader, epoch: dt.datetime | None, serial: int) -> None:
    """A bare number where a day must stand is refused, and told which day it would be."""
    found = read(saved({"orders": [ORDERS, ("O-1", serial, None)]}, epoch=epoch))
    finding = one(found, "invalid-date")
    assert where(finding) == ("b.xlsx#orders", 2, "ordered_on", str(serial))
    assert finding.message.endswith(
        "; it may be the number Excel keeps for 2018-01-01; if so, format the cell as a date"
    )
    assert found.book.orders == ()


def test_bad_date_that_is_no_number(read: Reader) -> None:
    """Other texts that are no day are told in the same words as those of a text file."""
    found = read(saved({"orders": [ORDERS, ("O-1", "soon", None)]}))
    assert "Excel" not in one(found, "invalid-date").message


def test_moment_in_a_column_of_days(read: Reader) -> None:
    """A moment that is not midnight is no day, and a moment without offset is no instant."""
    moment = dt.datetime(2017, 3, 1, 8, 30)  # noqa: DTZ001 - Excel has no zone
    found = read(
        saved(
            {
                "orders": [ORDERS, ("O-1", moment, None)],
                "activities": [("id", "kind", "happened_at"), ("A-1", "call", moment)],
            }
        )
    )
    faults = [one for one in found.findings if one.code == "invalid-date"]
    assert {where(one)[3] for one in faults} == {"2017-03-01T08:30:00"}


def test_days_in_the_format_of_the_profile(read: Reader) -> None:
    """A cell of a day reads whatever the profile says of texts, and so does one of a number."""
    profile = Profile.parse(
        """
        {"schema": "salescore/profile/1", "name": "p", "title": "P", "currency": "EUR",
         "files": {"Verkauf.csv": {"dates": ["%d.%m.%Y", "%m/%d/%Y"], "decimal": ",", "group": ".",
          "records": [
            {"record": "orders", "fields": {"id": "Nr", "ordered_on": "Tag"}},
            {"record": "order_lines", "fields": {
              "id": "Nr", "order_id": "Nr", "quantity": "Menge", "net_amount": "Betrag"}}]}}}
        """
    )
    rows = [
        ("Nr", "Tag", "Menge", "Betrag"),
        ("1", dt.date(2017, 3, 4), 1, 1250.5),
        ("2", "05.03.2017", "1", "1.250,50"),
    ]
    found = read(saved({"Verkauf": rows}), profile)
    assert found.findings == ()
    assert [one.ordered_on.day for one in found.book.orders] == [4, 5]
    assert [str(one.net_amount) for one in found.book.order_lines] == ["EUR 1,250.50"] * 2


def test_days_in_two_formats(read: Reader) -> None:
    """A day that one column would read in two ways is refused rather than guessed."""
    profile = Profile.parse(
        """
        {"schema": "salescore/profile/1", "name": "p", "title": "P",
         "files": {"t.csv": {"records": [
            {"record": "orders", "fields": {
              "id": "Nr", "ordered_on": {"column": "Tag", "dates": "%d/%m/%Y"}}},
            {"record": "deliveries", "fields": {
              "id": "Nr", "order_id": "Nr",
              "delivered_on": {"column": "Tag", "dates": "%m/%d/%Y"}}}]}}}
        """
    )
    found = read(saved({"t": [("Nr", "Tag"), ("1", dt.date(2017, 3, 4))]}), profile)
    faults = [one for one in found.findings if one.code == "invalid-date"]
    assert {where(one)[3] for one in faults} == {"2017-03-04T00:00:00"}
    assert found.book.orders == ()


@pytest.mark.parametrize(("other", "right"), [(",", "1,125"), (".", "1125E-3")])
def test_numbers_in_the_marks_of_their_column(other: str, right: str) -> None:
    """A column with a decimal mark of its own is written with it, one with two with none."""
    first, second = (Column("n", numbers=Numbers(decimal=mark)) for mark in (",", other))
    fields = (("quantity", first), ("net_amount", second))
    rule = FileRule(file="t.csv", records=(RecordRule(record="order_lines", fields=fields),))
    assert value_text(1.125, notation_of(rule, "n")) == right


def test_moments_in_the_format_of_the_profile(read: Reader) -> None:
    """Where the profile reads times, cells of moments are read, midnight among them."""
    profile = Profile.parse(
        """
        {"schema": "salescore/profile/1", "name": "p", "title": "P",
         "files": {"t.csv": {"dates": "%d.%m.%Y %H:%M", "records": [
            {"record": "orders", "fields": {"id": "Nr", "ordered_on": "Tag"}}]}}}
        """
    )
    moments = [dt.datetime(2017, 3, day, hour) for day, hour in ((4, 0), (5, 8))]  # noqa: DTZ001
    rows = [("Nr", "Tag"), ("1", moments[0]), ("2", moments[1]), ("3", "06.03.2017 09:15")]
    found = read(saved({"t": rows}), profile)
    assert found.findings == ()
    assert [one.ordered_on.day for one in found.book.orders] == [4, 5, 6]


def test_errors(read: Reader) -> None:
    """A cell that holds an error refuses its row, with the error as its text."""
    rows = [CUSTOMERS, ("C-1", "#N/A"), ("C-2", "#DIV/0!"), ("C-3", "# 3")]
    found = read(saved({"customers": rows}))
    faults = [one for one in found.findings if one.code == "cell-error"]
    assert [where(one) for one in faults] == [
        ("b.xlsx#customers", 2, "name", "#N/A"),
        ("b.xlsx#customers", 3, "name", "#DIV/0!"),
    ]
    assert faults[0].message == "the cell holds the error #N/A in place of a value"
    assert [one.id for one in found.book.customers] == ["C-3"]


def test_errors_of_several_records(read: Reader) -> None:
    """A cell at fault is one finding, also where fields of two kinds are read from it."""
    profile = Profile.parse(
        """
        {"schema": "salescore/profile/1", "name": "p", "title": "P",
         "files": {"t.csv": {"records": [
            {"record": "customers", "fields": {"id": "Nr", "name": "Was"}},
            {"record": "orders", "fields": {"id": "Nr", "ordered_on": "Was"}}]}}}
        """
    )
    found = read(saved({"t": [("Nr", "Was"), ("1", "#REF!")]}), profile)
    assert one(found, "cell-error").severity is Severity.ERROR
    assert len(found.findings) == 1


@pytest.mark.parametrize("key", ['"nulls": ["#N/A"]', '"aliases": {"Name": {"#N/A": "?"}}'])
def test_errors_that_the_profile_knows(read: Reader, key: str) -> None:
    """An error that the profile has a meaning for is read as its text."""
    profile = Profile.parse(
        """
        {"schema": "salescore/profile/1", "name": "p", "title": "P", "files": {"t.csv": {KEY,
         "records": [{"record": "customers",
                      "fields": {"id": "Nr", "name": {"first": ["Name", "Nr"]}}}]}}}
        """.replace("KEY", key)
    )
    found = read(saved({"t": [("Nr", "Name"), ("1", "#N/A")]}), profile)
    assert found.findings == ()
    assert found.book.customers[0].name in ("1", "?")


def test_errors_in_rows_left_out(read: Reader) -> None:
    """An error in a row that the profile leaves out, or in a column nobody reads, is no fault."""
    profile = Profile.parse(
        """
        {"schema": "salescore/profile/1", "name": "p", "title": "P", "files": {"t.csv": {
         "skip": {"Art": ["Summe"]},
         "records": [{"record": "customers", "fields": {"id": "Nr", "name": "Name"}}]}}}
        """
    )
    rows = [
        ("Nr", "Name", "Art", "Notiz"),
        ("1", "a", "x", "#N/A"),
        ("2", "#N/A", "Summe", 123456789012345678),
    ]
    found = read(saved({"t": rows}), profile)
    assert found.findings == ()
    assert found.files[0].records[0].filtered == 1


# Formulas ---------------------------------------------------------------------------------------


def test_formulas_without_value(read: Reader) -> None:
    """A formula that was never worked out is an error in its cell."""
    rows = [LINES, line(net_amount="=2*3"), line(id="L-2")]
    found = read(saved({"order_lines": rows}))
    assert where(one(found, "formula-value")) == ("b.xlsx#order_lines", 2, "net_amount", None)
    assert [one.code for one in found.findings if one.code == "formula"] == []
    assert [one.id for one in found.book.order_lines] == ["L-2"]


def test_formulas_some_with_value(read: Reader) -> None:
    """Of a column of formulas the warning names those alone whose value was read."""
    rows = [LINES, *(line(id=f"L-{n}", net_amount="=2*3") for n in range(2, 7))]
    data = saved({"order_lines": rows})

    def change(name: str, part: bytes) -> bytes:
        if "/worksheets/" not in name:
            return part
        parts = part.split(b"</f><v />") if b"</f><v />" in part else part.split(b"</f><v></v>")
        values = (b"</f><v>6</v>", b"</f><v />", b"</f><v>6</v>", b"</f><v />", b"</f><v>6</v>")
        return b"".join((parts[0], *(a + b for a, b in zip(values, parts[1:], strict=True))))

    found = read(repacked(data, change))
    assert one(found, "formula").message.startswith("formulas stand in rows 2, 4, 6;")
    assert [f.place.row for f in found.findings if f.code == "formula-value" and f.place] == [3, 5]


def test_errors_looked_up(read: Reader) -> None:
    """A look-up that meets an error of a workbook tells it without an unseen sign."""
    found = read(
        saved({"rates": [("code", "name"), ("A", "#N/A")], "people": [("id", "code"), ("P", "A")]}),
        Profile.parse(
            """
            {"schema": "salescore/profile/1", "name": "p", "title": "P", "files": {
              "rates.csv": {"records": []},
              "people.csv": {"records": [{"record": "teams", "fields": {"id": "id", "name":
                {"lookup": {"file": "rates.csv", "key": "code", "value": "name", "by": "code"}}}}]}
            }}
            """
        ),
    )
    assert one(found, "cell-error").message == (
        "teams.name: column 'name' of rates.csv at 'A': "
        "the cell holds the error #N/A in place of a value"
    )


def test_formulas_with_value(read: Reader) -> None:
    """What Excel worked out last is read, and a warning says in which rows formulas stand."""
    rows = [LINES, *(line(id=f"L-{n}", net_amount="=2*3") for n in (2, 3, 4)), line(id="L-5")]
    data = saved({"order_lines": rows})
    found = read(repacked(data, in_sheet("</f><v ?/>|</f><v></v>", "</f><v>6</v>")))
    finding = one(found, "formula")
    assert finding.severity is Severity.WARNING
    assert finding.count == 3
    assert finding.message == "formulas stand in rows 2–4; what Excel worked out last was read"
    assert [str(one.net_amount.amount) for one in found.book.order_lines] == ["6", "6", "6", "19.9"]


def test_formulas_of_an_empty_text(read: Reader) -> None:
    """A formula whose result is the empty text gives no value, which is no fault."""
    data = saved({"customers": [(*CUSTOMERS, "region"), ("C-1", "a", '=""')]})
    found = read(repacked(data, in_sheet('<c r="C2"', '<c r="C2" t="str"')))
    assert [one.code for one in found.findings] == ["formula"]
    assert found.book.customers[0].region is None


def test_formulas_elsewhere(read: Reader) -> None:
    """Formulas in a column nobody reads are not worth a word."""
    profile = Profile.parse(
        """
        {"schema": "salescore/profile/1", "name": "p", "title": "P", "files": {"t.csv": {
         "records": [{"record": "customers", "fields": {"id": "Nr", "name": "Name"}}]}}}
        """
    )
    found = read(saved({"t": [("Nr", "Name", "Summe"), ("1", "a", "=1+1")]}), profile)
    assert found.findings == ()


# Shape of a sheet -------------------------------------------------------------------------------


def test_merged_cells(read: Reader) -> None:
    """A merged range is named, and its cells but the first hold nothing."""

    def shape(book: openpyxl.Workbook) -> None:
        at(book, "customers").merge_cells("B2:B3")
        at(book, "customers").merge_cells("G2:H3")

    rows = [(*CUSTOMERS, "region"), ("C-1", "a", "N"), ("C-2", "b", "N"), ("C-3", "c", "N")]
    found = read(saved({"customers": rows}, shape))
    finding = one(found, "merged-cells")
    assert finding.severity is Severity.WARNING
    assert finding.message == "B2:B3 are merged; B2 holds the value, the other cells none"
    assert where(finding) == ("b.xlsx#customers", 2, "name", None)
    assert where(one(found, "missing-value")) == ("b.xlsx#customers", 3, "name", "")
    assert [one.id for one in found.book.customers] == ["C-1", "C-3"]


def test_merged_headings(read: Reader) -> None:
    """Merged headings are named also where the sheet is refused because of them."""

    def shape(book: openpyxl.Workbook) -> None:
        at(book, "customers").merge_cells("A1:B1")

    found = read(saved({"customers": [CUSTOMERS, ("C-1", "a")]}, shape))
    assert one(found, "merged-cells").message.startswith("A1:B1 are merged")
    assert where(one(found, "missing-column"))[1:3] == (1, "name")
    assert found.files[0].is_refused


def test_merged_title_above(read: Reader) -> None:
    """Two rows of headings: the upper one counts, and the hint says that the lower one has it."""

    def shape(book: openpyxl.Workbook) -> None:
        at(book, "customers").merge_cells("A1:B1")

    found = read(saved({"customers": [("All customers",), CUSTOMERS, ("C-1", "a")]}, shape))
    faults = [one for one in found.findings if one.code == "missing-column"]
    assert [where(one)[2] for one in faults] == ["id", "name"]
    assert faults[0].message.endswith("the row below has it; delete what stands above the headings")


def test_blank_rows(read: Reader) -> None:
    """Blank rows before the headings and between others are passed over, those at the end none."""
    rows = [(), ("  ",), CUSTOMERS, ("C-1", "a"), (), (None, " "), ("C-2", "b"), (" ",), ()]
    found = read(saved({"customers": rows}))
    assert found.findings == ()
    assert [one.id for one in found.book.customers] == ["C-1", "C-2"]
    assert found.files[0].rows == 2
    assert found.files[0].blank == 2


def test_rows_keep_their_numbers(read: Reader) -> None:
    """A finding names the row as the spreadsheet shows it, across gaps that hold nothing."""

    def shape(book: openpyxl.Workbook) -> None:
        at(book, "customers")["A900"] = "C-2"

    found = read(saved({"customers": [CUSTOMERS, ("C-1", "a")]}, shape))
    assert where(one(found, "missing-value")) == ("b.xlsx#customers", 900, "name", "")


def test_cells_beyond_the_headings(read: Reader) -> None:
    """What stands to the right of the last heading is not read, and a warning says so."""

    def shape(book: openpyxl.Workbook) -> None:
        at(book, "customers")["E2"].number_format = "0.00"  # a cell that holds nothing

    rows = [CUSTOMERS, ("C-1", "a"), ("C-2", "b", None, "note"), ("C-3", "c", "note"), ("C-4",)]
    found = read(saved({"customers": rows}, shape))
    finding = one(found, "beyond-headings")
    assert finding.count == 2
    assert finding.message.startswith("2 rows with cells behind the last heading, column B")
    assert where(finding) == ("b.xlsx#customers", 3, None, "note")
    assert len(found.book.customers) == 3


@pytest.mark.parametrize("rows", [[], [(), (" ", None)]])
def test_empty_sheet(read: Reader, rows: Rows) -> None:
    """A sheet without headings is refused by name."""
    found = read(saved({"customers": rows}))
    assert where(one(found, "empty-file"))[0] == "b.xlsx#customers"
    assert found.files[0].is_refused


def test_headings_alone(read: Reader) -> None:
    """A sheet of headings alone holds no rows, which is worth knowing."""
    found = read(saved({"customers": [CUSTOMERS]}))
    assert one(found, "no-rows").message == "b.xlsx#customers holds no rows"


def test_hidden_rows_and_columns(read: Reader) -> None:
    """What is not shown is read like the rest, with a warning that counts it."""

    def shape(book: openpyxl.Workbook) -> None:
        sheet = at(book, "customers")
        for row in (2, 4, 5):
            sheet.row_dimensions[row].hidden = True
        sheet.column_dimensions["B"].hidden = True

    found = read(saved({"customers": [CUSTOMERS, *((f"C-{n}", "a") for n in range(5))]}, shape))
    column, rows = [one for one in found.findings if one.code == "hidden"]
    assert column.message == "the column is hidden; it was read"
    assert where(column)[2] == "name"
    assert rows.message == "rows 2, 4–5 are hidden, and read like the others"
    assert rows.count == 3
    assert len(found.book.customers) == 5


def test_one_hidden_row(read: Reader) -> None:
    """A single hidden row is told in the singular."""

    def shape(book: openpyxl.Workbook) -> None:
        at(book, "customers").row_dimensions[2].hidden = True

    found = read(saved({"customers": [CUSTOMERS, ("C-1", "a")]}, shape))
    assert one(found, "hidden").message == "row 2 is hidden, and read like the others"


def test_wrong_size(read: Reader) -> None:
    """What a file says of the size of a sheet is not believed."""
    data = saved({"customers": [CUSTOMERS, ("C-1", "a")]})
    found = read(repacked(data, in_sheet('<dimension ref="[^"]*"', '<dimension ref="A1"')))
    assert found.findings == ()
    assert len(found.book.customers) == 1


def test_cells_without_names(read: Reader) -> None:
    """Cells and rows that do not say where they stand follow one another."""
    data = saved({"customers": [CUSTOMERS, ("C-1", "=1+1")]})
    data = repacked(data, in_sheet(r' r="[A-Z]*\d+"', ""))
    assert where(one(read(data), "formula-value"))[1:3] == (2, "name")


def test_prefixed_elements(read: Reader) -> None:
    """Marks are seen whatever prefix a writer put before the names of elements."""
    data = saved({"customers": [CUSTOMERS, ("C-1", "=1+1")]})

    def change(name: str, part: bytes) -> bytes:
        if "/worksheets/" not in name:
            return part
        part = re.sub(rb"<(/?)(\w)", rb"<\1x:\2", part)
        return part.replace(b"xmlns=", b"xmlns:x=")

    found = read(repacked(data, change))
    assert where(one(found, "formula-value"))[1:3] == (2, "name")
