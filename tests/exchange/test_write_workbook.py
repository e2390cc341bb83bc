"""Facts written out as a workbook: texts stay texts, and the reader gets the same book."""

import gc
import sys
import tempfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.book import SalesBook
from salescore.entities import (
    RECORD_TABLES,
    Customer,
    Opportunity,
    Order,
    OrderLine,
    StageKind,
    Team,
)
from salescore.errors import ExportRefused, InvalidRecord, MissingExtra, UnknownName
from salescore.exchange import Import, read_folder, write_workbook
from salescore.exchange import _write_workbook as room
from salescore.exchange._guard import guarded_in_workbook, unguarded
from salescore.plain import Kind
from salescore.testing import books, records
from salescore.values import Money

openpyxl = pytest.importorskip("openpyxl")

HOSTILE = st.text(st.sampled_from("'=+-@\t\n \",;\uff1d華a\u00a0\ufeff😀\x7f#1"), max_size=6)

#: Of rates only those of currencies are read back.
CODES = ("USD", "EUR", "JPY", "X-POINTS")


def written_and_read(book: SalesBook) -> Import:
    """Write a book into a workbook and read it back."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "facts.xlsx"
        write_workbook(book, path)
        return read_folder(path)


def distinct(book: SalesBook) -> SalesBook:
    """Return a book with the first record of each id, and no rate of what is no currency."""
    first = {table.name: tuple(book.index(table.name).values()) for table in book.tables}
    rates = (one for one in first["exchange_rates"] if {one.base, one.quote} <= set(CODES))
    return attrs.evolve(book, **{**first, "exchange_rates": tuple(rates)})


@given(books() | books(faulty=True).map(distinct))
def test_a_book_comes_back(book: SalesBook) -> None:
    """A book written as a workbook reads back as the same book without a finding."""
    found = written_and_read(book)
    assert found.book == book
    assert found.is_clean


@st.composite
def hostile_books(draw: st.DrawFn) -> SalesBook:
    """Draw books whose every text and id looks like something else."""
    made: dict[str, Any] = {}
    for table in draw(st.lists(st.sampled_from(RECORD_TABLES), min_size=1, max_size=2)):
        own: dict[str, Any] = {}
        for field in table.fields:
            if field.kind in (Kind.ID, Kind.TEXT):
                cells = HOSTILE.filter(bool) if field.kind is Kind.ID else HOSTILE
                own[field.name] = st.none() | cells if field.nullable else cells
        if table.name == "exchange_rates":
            own |= {"base": st.sampled_from(CODES), "quote": st.sampled_from(CODES)}
        drawn = records(table, ("USD", "JPY"), **own)
        made[table.name] = draw(st.lists(drawn, max_size=4, unique_by=lambda one: one.id))
    return SalesBook(**made)


@given(hostile_books())
def test_hostile_texts_come_back(book: SalesBook) -> None:
    """Texts that look like formulas, errors, numbers or nothing come back unaltered."""
    found = written_and_read(book)
    assert found.book == book
    assert found.is_clean


@given(HOSTILE)
def test_the_guard_of_a_workbook_leads_back(text: str) -> None:
    """What stands in a cell reads as the text, and is guarded only where it would change."""
    cell = guarded_in_workbook(text)
    found = unguarded(cell)
    assert (cell.strip(" ") if found is None else found) == text


LONG = "1234567890123456789"
LINE = OrderLine(
    id=LONG,
    order_id="=1+1",
    quantity=Decimal("123456789012345.6"),
    net_amount=Money.of("0.30", "USD"),
    discount=Decimal("0.25"),
)
WHEN = datetime(2017, 3, 1, 8, 30, tzinfo=UTC)
BOOK = SalesBook(
    teams=[Team(id="1", name="a\r\nb"), Team(id="2", name="+86 10", manager="")],
    opportunities=[Opportunity(id="P", stage="s", kind=StageKind.WON, closed_on=date(1900, 1, 1))],
    orders=[Order(id="007", ordered_on=date(2017, 3, 1), recorded_at=WHEN)],
    order_lines=[LINE],
)


def test_what_the_cells_hold(tmp_path: Path) -> None:
    """Ids are texts, numbers numbers while Excel keeps their digits, days days, formulas texts."""
    path = tmp_path / "facts.xlsx"
    assert write_workbook(BOOK, path) == ("teams", "opportunities", "orders", "order_lines")
    assert [one.name for one in tmp_path.iterdir()] == ["facts.xlsx"]
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["teams", "opportunities", "orders", "order_lines"]

    def cell(sheet: str, name: str, row: int = 2) -> Any:  # noqa: ANN401 - foreign
        names = [one.value for one in book[sheet][1]]
        return book[sheet].cell(row, names.index(name) + 1)

    assert cell("order_lines", "id").value == LONG
    assert cell("order_lines", "id").data_type == "s"
    assert cell("order_lines", "id").number_format == "@"
    assert cell("order_lines", "order_id").value == "=1+1"
    assert cell("order_lines", "order_id").data_type == "s"
    assert cell("order_lines", "order_id").quotePrefix
    assert not cell("order_lines", "id").quotePrefix
    assert cell("order_lines", "quantity").value == "123456789012345.6"
    assert cell("order_lines", "net_amount").value == 0.3
    assert cell("order_lines", "currency").value == "USD"
    assert cell("order_lines", "cost").value is None
    assert cell("orders", "id").value == "007"
    assert cell("orders", "ordered_on").value == datetime(2017, 3, 1)  # noqa: DTZ001 - a cell
    assert cell("orders", "ordered_on").number_format == "yyyy-mm-dd"
    assert cell("orders", "recorded_at").value == "2017-03-01T08:30:00Z"
    assert cell("opportunities", "closed_on").value == "1900-01-01"
    assert cell("opportunities", "kind").value == "won"
    assert cell("teams", "name").value == "a\nb"
    assert cell("teams", "name", 3).value == "+86 10"
    assert cell("teams", "manager", 3).value == "'"
    assert cell("teams", "id", 1).font.bold
    assert book["teams"].freeze_panes == "B2"
    again = read_folder(path).book
    assert again.order_lines == BOOK.order_lines
    assert again.opportunities == BOOK.opportunities


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=4, min_value=-(10**18), max_value=10**18
    )
)
def test_a_number_is_a_number_where_it_stays_the_same(value: Decimal) -> None:
    """A decimal is a number exactly where 15 digits name it, and its text elsewhere."""
    kept = room._number(value)
    if isinstance(kept, Decimal):
        assert Decimal(f"{float(kept):.15g}") == value
    else:
        assert Decimal(kept) == value
        assert len(value.as_tuple().digits) > 15


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a\0", "no workbook carries"),
        ("a\x0b", "no workbook carries"),
        ("a\ud800", "no workbook carries"),
        ("a_x0041_", "shows as one character"),
        ("😀" * 20_000, "40,000 characters; a cell holds 32,767"),
        ("x" * 32_766 + " ", "32,768 characters"),
    ],
)
def test_what_no_cell_holds_is_refused(tmp_path: Path, text: str, fault: str) -> None:
    """A text that a workbook would lose is named by record and field, and nothing is written."""
    book = SalesBook(customers=[Customer(id="C", name="a"), Customer(id="D", name=text)])
    with pytest.raises(InvalidRecord, match=fault) as refused:
        write_workbook(book, tmp_path / "facts.xlsx")
    assert (refused.value.record, refused.value.field) == ("customers/D", "name")
    assert not list(tmp_path.iterdir())


def test_a_long_text_fits(tmp_path: Path) -> None:
    """A text of exactly as many characters as a cell holds is written whole."""
    long = "x" * 32_767
    book = SalesBook(customers=[Customer(id="C", name=long), Customer(id="D", name=long)])
    write_workbook(book, tmp_path / "facts.xlsx")
    assert read_folder(tmp_path / "facts.xlsx").book == book


def test_more_records_than_rows_are_refused(tmp_path: Path) -> None:
    """What would stand below the last row of a sheet is refused before anything is written."""
    one = Team(id="T", name="a")
    with pytest.raises(ExportRefused, match="1,048,576 teams, and a sheet holds 1,048,575 below"):
        write_workbook(SalesBook(teams=(one,) * 1_048_576), tmp_path / "facts.xlsx")


def test_nothing_is_overwritten_unasked(tmp_path: Path) -> None:
    """A file that is there stays, unless it is to be replaced."""
    path = tmp_path / "facts.xlsx"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(ExportRefused, match="it is there already"):
        write_workbook(BOOK, path)
    assert path.read_text(encoding="utf-8") == "mine"
    write_workbook(BOOK, path, replace=True)
    assert read_folder(path).book.orders == BOOK.orders
    with pytest.raises(ExportRefused, match="cannot be written"):
        write_workbook(BOOK, tmp_path / "none" / "facts.xlsx")


def test_only_some_record_types(tmp_path: Path) -> None:
    """Record types can be chosen; an empty book has the headings of all of them."""
    assert write_workbook(BOOK, tmp_path / "a.xlsx", only=["orders"]) == ("orders",)
    assert write_workbook(BOOK, tmp_path / "b.xlsx", only=[]) == ()
    assert not (tmp_path / "b.xlsx").exists()
    with pytest.raises(UnknownName):
        write_workbook(BOOK, tmp_path / "c.xlsx", only=["order"])
    assert len(write_workbook(SalesBook(), tmp_path / "d.xlsx")) == len(RECORD_TABLES)
    assert read_folder(tmp_path / "d.xlsx").book == SalesBook()


def test_without_the_extra_its_name_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the library for workbooks is missing, the error names the extra that brings it."""
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(MissingExtra, match=r"salescore\[excel\]"):
        write_workbook(BOOK, tmp_path / "facts.xlsx")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full device")
@pytest.mark.parametrize("count", [3, 20_000])
def test_no_space_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """Where no space is left the file is refused, and nothing complains behind it."""
    heard: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", heard.append)
    (tmp_path / ".facts.xlsx.writing").symlink_to("/dev/full")
    crowd = SalesBook(customers=[Customer(id=f"C-{n * 7919}", name="x") for n in range(count)])
    with pytest.raises(ExportRefused, match="No space left"):
        write_workbook(crowd, tmp_path / "facts.xlsx")
    gc.collect()
    assert heard == []
    assert list(tmp_path.iterdir()) == []
