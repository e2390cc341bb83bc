"""Laws of workbooks: a table is the same table in a workbook and in a text file."""

import csv
import datetime as dt
import tempfile
from decimal import Decimal
from io import StringIO
from itertools import pairwise
from pathlib import Path

import openpyxl
from hypothesis import example, given
from hypothesis import strategies as st
from tests.exchange.workbooks import at, saved, where

from salescore.exchange import CANONICAL, Import, read_folder
from salescore.exchange._cell_text import (
    LOST,
    CellNotation,
    column_letters,
    column_number,
    number_text,
    serial_text,
    value_text,
)
from salescore.exchange._folder import FolderReader
from salescore.exchange._marks import Runs

Cell = str | dt.date | Decimal | None

#: What both XML and CSV carry as it is; an apostrophe, formulas and errors among it.
TEXTS = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Cn")) | st.sampled_from("\n\t'=+-@# ,\";<&"),
    max_size=12,
) | st.sampled_from(["#N/A", "=1+1", "'=1", "TRUE", "2017-01-01", "00123", "1e5", " a ", "_x000D_"])
DAYS = st.dates(dt.date(1900, 3, 1), dt.date(9999, 12, 31))
NUMBERS = st.builds(
    lambda digits, places: Decimal(digits).scaleb(-places),
    st.integers(-(10**15) + 1, 10**15 - 1),
    st.integers(0, 14),
)
IDS = st.lists(
    st.text(st.characters(categories=("L", "Nd")), min_size=1, max_size=8), unique=True, max_size=8
)


@st.composite
def tables(draw: st.DrawFn) -> dict[str, list[list[Cell]]]:
    """Return customers, orders and lines, with some faults among them."""
    ids = draw(IDS)
    customers = [[one, draw(TEXTS), draw(TEXTS | st.none())] for one in ids]
    orders = [[one, draw(DAYS | st.none()), draw(st.sampled_from(ids))] for one in ids]
    lines = [[one, draw(st.sampled_from(ids)), draw(NUMBERS), draw(NUMBERS), "EUR"] for one in ids]
    return {
        "customers": [["id", "name", "region"], *customers],
        "orders": [["id", "ordered_on", "customer_id"], *orders],
        "order_lines": [["id", "order_id", "quantity", "net_amount", "currency"], *lines],
    }


def in_text(rows: list[list[Cell]]) -> bytes:
    """Return rows as a text file."""
    stream = StringIO(newline="")
    writer = csv.writer(stream)
    for row in rows:
        writer.writerow(
            [
                "" if cell is None else f"{cell:f}" if isinstance(cell, Decimal) else cell
                for cell in row
            ]
        )
    return stream.getvalue().encode()


def in_workbook(tables: dict[str, list[list[Cell]]]) -> bytes:
    """Return tables as a workbook in which texts are texts, days are days, numbers are numbers."""

    def shape(book: openpyxl.Workbook) -> None:
        for title, rows in tables.items():
            for number, row in enumerate(rows, 1):
                for place, value in enumerate(row, 1):
                    cell = at(book, title).cell(number, place)
                    cell.value = float(value) if isinstance(value, Decimal) else value
                    if isinstance(value, str):
                        cell.data_type = "s"

    return saved(dict.fromkeys(tables, ()), shape)


def places(found: Import) -> list[tuple[object, ...]]:
    """Return code, row, column and text of every finding."""
    return [(finding.code, *where(finding)[1:]) for finding in found.findings]


@given(tables())
def test_a_workbook_reads_like_text_files(made: dict[str, list[list[Cell]]]) -> None:
    """Texts, days and numbers of up to 15 digits make the same book, with the same findings."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for title, rows in made.items():
            (folder / f"{title}.csv").write_bytes(in_text(rows))
        (folder / "b.xlsx").write_bytes(in_workbook(made))
        workbook = read_folder(folder / "b.xlsx")
        assert FolderReader(folder / "b.xlsx", CANONICAL, chunk=3).read() == workbook
        (folder / "b.xlsx").unlink()
        text = read_folder(folder)
    assert workbook.book == text.book
    assert places(workbook) == places(text)
    assert [one.records for one in workbook.files] == [one.records for one in text.files]


@given(NUMBERS)
def test_numbers_of_15_digits_stay(number: Decimal) -> None:
    """A number that Excel can keep is read as it was typed."""
    assert Decimal(number_text(float(number))) == number
    assert Decimal(number_text(float(number), None)) == number
    assert set(number_text(float(number), None)) <= set("-0123456789E")
    assert number_text(float(number), ",") == number_text(float(number)).replace(".", ",")


@given(st.floats(allow_nan=False, allow_infinity=False))
@example(999999999999999.5)
@example(2.2250738585e-313)
def test_numbers_are_plain(number: float) -> None:
    """Every number is plain digits with at most 15 that count, or marked as lost."""
    text = number_text(number)
    if text.startswith(LOST):
        assert abs(number) >= 10**15
        assert Decimal(text[1:]) == Decimal(repr(number))
    else:
        assert set(text) <= set("-0123456789.")
        assert text != "-0"
        assert len(text.replace(".", "").strip("-0")) <= 15
        exact = Decimal(repr(number))
        assert abs(Decimal(text) - exact) <= abs(exact) / 10**14


@given(st.integers())
def test_whole_numbers(number: int) -> None:
    """A whole number has no point, and is lost from 16 digits on."""
    lost = LOST if len(str(abs(number))) > 15 else ""
    assert number_text(number) == f"{lost}{number}"


@given(DAYS, st.sampled_from([1900, 1904]))
def test_serial_days(day: dt.date, system: int) -> None:
    """The number that Excel keeps for a day is told as that day, in both date systems."""
    first = dt.date(1899, 12, 30) if system == 1900 else dt.date(1904, 1, 1)
    number = (day - first).days
    shown = serial_text(str(number), system)
    assert shown == (day.isoformat() if number > 0 and day < dt.date.max else None)


def test_serial_texts() -> None:
    """The first days of 1900 are one off, the 29 February that never was is none, text neither."""
    assert serial_text("1", 1900) == "1900-01-01"
    assert serial_text("59", 1900) == "1900-02-28"
    assert serial_text("60", 1900) is None
    assert serial_text("60", 1904) == "1904-03-01"
    assert serial_text("43101,75", 1900) == "2018-01-01T18:00:00"
    assert [serial_text(text, 1900) for text in ("0", "x", "-5", "9999999", "")] == [None] * 5


@given(st.integers(1, 16_384))
def test_letters_of_columns(number: int) -> None:
    """The letters of a column lead back to its number."""
    assert column_number(f"${column_letters(number)}$7") == number


@given(st.lists(st.integers(1, 60), unique=True).map(sorted), st.integers(0, 60))
def test_runs(rows: list[int], after: int) -> None:
    """Ranges of rows hold the rows that were put in, each once, and know those behind a row."""
    runs = Runs()
    for row in rows:
        runs.add(row)
        runs.add(row)
    assert [row for row in range(62) if row in runs] == rows
    ranges = runs.after(after)
    assert [row for a, b in ranges for row in range(a, b + 1)] == [r for r in rows if r > after]
    assert all(one[1] + 1 < two[0] for one, two in pairwise(ranges))


def test_other_values() -> None:
    """Times of the day, spans of time and what is none of these have a text too."""
    plain = CellNotation()
    assert value_text(dt.time(8, 30), plain) == "08:30:00"
    assert value_text(dt.timedelta(hours=30, seconds=5), plain) == "30:00:05"
    assert value_text(-dt.timedelta(minutes=90), plain) == "-1:30:00"
    assert value_text(dt.date(2017, 3, 1), CellNotation(date="%d.%m.%Y")) == "01.03.2017"
    assert value_text(None, plain) == ""
    assert value_text("a", plain) == "a"


@given(st.sets(st.integers(1, 40)), st.sets(st.integers(1, 40)), st.integers(0, 40))
def test_rows_without_others(rows: set[int], others: set[int], behind: int) -> None:
    """Ranges of rows without those of others are the difference of the rows."""
    first, second = Runs(), Runs()
    for row in sorted(rows):
        first.add(row)
    for row in sorted(others):
        second.add(row)
    ranges = first.without(second).after(behind)
    left = [row for a, b in ranges for row in range(a, b + 1)]
    assert left == sorted(row for row in rows - others if row > behind)
