"""Facts written out: the same book comes back, from any encoding, and nothing is half written."""

import csv
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
    Expense,
    Order,
    OrderLine,
    Product,
    Team,
    record_table,
)
from salescore.errors import ExportRefused, InvalidRecord, UnknownName
from salescore.exchange import (
    CANONICAL,
    Import,
    Profile,
    read_folder,
    shipped_profiles,
    write_folder,
)
from salescore.plain import CustomFields, Kind, custom_field, custom_values, to_data
from salescore.testing import books, records, texts
from salescore.values import Money

MARKED = ("utf-8", "utf-8-sig", "utf-16")
ENCODINGS = (*MARKED, "gb18030")
TABLES = st.sampled_from(RECORD_TABLES)
#: Texts that some spreadsheet, reader or encoding would alter, were it not for the guard.
HOSTILE = st.text(
    st.sampled_from("'=+-@\t\r\n \",;\uff1d華a\u00a0\u200b\ufeff😀\x1a\x7f"), max_size=6
)
TEXTS = (HOSTILE | texts()).filter(lambda text: "\0" not in text)
IDS = TEXTS.filter(bool)
#: Of rates only those of currencies are read back.
CODES = ("USD", "EUR", "JPY", "X-POINTS")


def read_back(folder: Path, encoding: str = "utf-8") -> Import:
    """Return what a folder holds; a byte order mark needs no profile."""
    return read_folder(folder, encoding=None if encoding in MARKED else encoding)


def written_and_read(book: SalesBook, encoding: str = "utf-8") -> Import:
    """Write a book into a folder of its own and read it back; the folder is gone then."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_folder(book, folder, encoding=encoding)
        first = {path.name: path.read_bytes() for path in folder.iterdir()}
        write_folder(book, folder, encoding=encoding, replace=True)
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == first
        return read_back(folder, encoding)


def digits(book: SalesBook) -> list[object]:
    """Return all facts as plain data, in which 1.5 and 1.50 differ, and 0 and -0 do not."""
    return [[to_data(table, one) for one in book.records(table.name)] for table in book.tables]


@given(books(), st.sampled_from(ENCODINGS))
def test_a_book_comes_back(book: SalesBook, encoding: str) -> None:
    """A book written out reads back as the same book without a finding, in every encoding."""
    found = written_and_read(book, encoding)
    assert found.book == book
    assert found.is_clean


def distinct(book: SalesBook) -> SalesBook:
    """Return a book with the first record of each id, and no rate of what is no currency."""
    first = {table.name: tuple(book.index(table.name).values()) for table in book.tables}
    rates = (one for one in first["exchange_rates"] if {one.base, one.quote} <= set(CODES))
    return attrs.evolve(book, **{**first, "exchange_rates": tuple(rates)})


@given(books(faulty=True).map(distinct), st.sampled_from((*ENCODINGS, "gbk")))
def test_a_faulty_book_comes_back(book: SalesBook, encoding: str) -> None:
    """What is wrong with the facts stays wrong in the same way: nothing is mended on the way."""
    found = written_and_read(book, encoding)
    assert found.book == book
    assert found.is_clean


@st.composite
def hostile_books(draw: st.DrawFn) -> SalesBook:
    """Draw books of any record types whose every text and id is out to be altered."""
    made: dict[str, Any] = {}
    for table in draw(st.lists(TABLES, min_size=1, max_size=3, unique=True)):
        own: dict[str, Any] = {}
        for field in table.fields:
            if field.kind in (Kind.ID, Kind.TEXT):
                cells = IDS if field.kind is Kind.ID else TEXTS
                own[field.name] = st.none() | cells if field.nullable else cells
        if table.name == "exchange_rates":
            own |= {"base": st.sampled_from(CODES), "quote": st.sampled_from(CODES)}
        drawn = records(table, ("USD", "JPY", "KWD"), **own)
        made[table.name] = draw(st.lists(drawn, max_size=4, unique_by=lambda one: one.id))
    return SalesBook(**made)


@given(hostile_books(), st.sampled_from(ENCODINGS))
def test_hostile_texts_come_back(book: SalesBook, encoding: str) -> None:
    """Any text but one with a NUL comes back unaltered, whatever it looks like."""
    found = written_and_read(book, encoding)
    assert found.is_clean
    assert found.book == book
    assert digits(found.book) == digits(book)


@given(hostile_books())
def test_no_cell_is_a_formula(book: SalesBook) -> None:
    """No cell of a column of texts begins with what makes a spreadsheet compute."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in write_folder(book, folder):
            table = record_table(file.removesuffix(".csv"))
            with (folder / file).open(encoding="utf-8", newline="") as stream:
                for row in csv.DictReader(stream):
                    for field in table.fields:
                        if field.kind in (Kind.ID, Kind.TEXT):
                            assert not row[field.name].startswith(
                                tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20")
                            )


LINE = OrderLine(
    id="L-1",
    order_id="O-1",
    quantity=Decimal("-2.50"),
    net_amount=Money.of("1E+3", "USD"),
    discount=Decimal("0.0000001"),
    cost=Money.of("-0.00", "USD"),
)
WHEN = datetime(2017, 3, 1, 8, 30, tzinfo=UTC)
BOOK = SalesBook(
    teams=[Team(id="T1", name="=Nord"), Team(id="T2", name="Süd", manager="")],
    orders=[Order(id="O-1", ordered_on=date(2017, 3, 1), recorded_at=WHEN)],
    order_lines=[LINE],
)


def test_what_a_file_looks_like(tmp_path: Path) -> None:
    """Numbers have no exponent, instants end in Z, null is empty and the empty text is not."""
    names = write_folder(BOOK, tmp_path)
    assert names == ("teams.csv", "orders.csv", "order_lines.csv")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names)

    def rows(name: str) -> list[dict[str, str]]:
        with (tmp_path / name).open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))

    line = rows("order_lines.csv")[0]
    assert tuple(line) == record_table("order_lines").csv_columns
    assert line["quantity"] == "-2.50"
    assert line["net_amount"] == "1000"
    assert line["discount"] == "0.0000001"
    assert line["cost"] == "0.00"
    assert line["currency"] == "USD"
    assert line["gross_amount"] == ""
    assert rows("orders.csv")[0]["recorded_at"] == "2017-03-01T08:30:00Z"
    assert [row["name"] for row in rows("teams.csv")] == ["'=Nord", "Süd"]
    assert [row["manager"] for row in rows("teams.csv")] == ["", "'"]


def test_the_currency_is_that_of_any_amount(tmp_path: Path) -> None:
    """A row states its currency where only one of its amounts is known, and none without any."""
    priced = Product(id="P-1", name="axt", list_price=Money.of("5", "JPY"))
    book = SalesBook(products=[Product(id="P-0", name="beil"), priced])
    write_folder(book, tmp_path)
    text = (tmp_path / "products.csv").read_text(encoding="utf-8")
    assert [row.rpartition(",")[2] for row in text.splitlines()] == ["currency", "", "JPY"]
    assert read_folder(tmp_path).book == book


def test_only_some_record_types(tmp_path: Path) -> None:
    """Record types can be chosen, and stand in their own order."""
    assert write_folder(BOOK, tmp_path, only=["orders", "teams"]) == ("teams.csv", "orders.csv")
    with pytest.raises(UnknownName, match="did you mean 'teams'"):
        write_folder(BOOK, tmp_path / "b", only=["team"])
    assert write_folder(BOOK, tmp_path / "c", only=[]) == ()


def test_an_empty_book_is_a_folder_to_fill_in(tmp_path: Path) -> None:
    """A book without records writes the headings of every type, and reads back as empty."""
    names = write_folder(SalesBook(), tmp_path)
    assert len(names) == len(RECORD_TABLES)
    found = read_folder(tmp_path)
    assert found.book == SalesBook()
    assert found.is_clean


def test_nothing_is_overwritten_unasked(tmp_path: Path) -> None:
    """A file of any chosen record type that is there already stops the writing of all."""
    (tmp_path / "expenses.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(ExportRefused, match=r"expenses\.csv cannot be written: it is there"):
        write_folder(BOOK, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["expenses.csv"]
    assert len(write_folder(BOOK, tmp_path, only=["teams", "orders"])) == 2
    assert (tmp_path / "expenses.csv").read_text(encoding="utf-8") == "mine"


def test_replacing_leaves_no_fact_of_before(tmp_path: Path) -> None:
    """Replaced, a folder holds this book alone, and files that are no facts stay."""
    day = date(2017, 1, 1)
    spent = Expense(id="E", spent_on=day, amount=Money.of("1", "USD"))
    write_folder(SalesBook(expenses=[spent]), tmp_path)
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    write_folder(BOOK, tmp_path, replace=True)
    assert read_folder(tmp_path).book == BOOK
    assert not (tmp_path / "expenses.csv").exists()
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("text", "encoding", "fault"),
    [
        ("a😀", "gbk", "gbk has no sign for '😀'; write utf-8"),
        ("a\ud800", "utf-8", "half a surrogate pair"),
        ("a\ud800", "utf-16", "half a surrogate pair"),
        ("a\0", "utf-8", "a NUL character"),
    ],
)
def test_what_no_file_carries_is_refused(
    tmp_path: Path, text: str, encoding: str, fault: str
) -> None:
    """A text that would be lost is named by record and field, and no file is left behind."""
    book = SalesBook(
        teams=[Team(id="T", name="a")],
        customers=[
            Customer(id="C-1", name="fine"),
            Customer(id="C-2", name="fine", segment=text),
        ],
    )
    with pytest.raises(InvalidRecord) as refused:
        write_folder(book, tmp_path, encoding=encoding)
    assert (refused.value.record, refused.value.field) == ("customers/C-2", "segment")
    assert fault in str(refused.value)
    assert not list(tmp_path.iterdir())


def test_an_unknown_encoding_is_refused(tmp_path: Path) -> None:
    """An encoding that is not written is refused with those that are."""
    with pytest.raises(UnknownName, match="did you mean 'utf-8'"):
        write_folder(BOOK, tmp_path, encoding="utf8")


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """What the system refuses becomes an error of ours with the path."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ExportRefused, match="file"):
        write_folder(BOOK, tmp_path / "file")
    (tmp_path / "teams.csv").mkdir()
    with pytest.raises(ExportRefused, match="directory"):
        write_folder(BOOK, tmp_path, replace=True)
    assert not list(tmp_path.glob(".*"))


def test_a_mark_names_the_encoding(tmp_path: Path) -> None:
    """UTF-16 always has the same mark, and UTF-8 has one on request."""
    write_folder(BOOK, tmp_path / "16", encoding="utf-16")
    write_folder(BOOK, tmp_path / "8", encoding="utf-8-sig")
    write_folder(BOOK, tmp_path / "plain")
    assert (tmp_path / "16" / "teams.csv").read_bytes().startswith(b"\xff\xfei\0d\0")
    assert (tmp_path / "8" / "teams.csv").read_bytes().startswith(b"\xef\xbb\xbfid,")
    assert (tmp_path / "plain" / "teams.csv").read_bytes().startswith(b"id,")


def test_gbk_must_be_told(tmp_path: Path) -> None:
    """Chinese text in GBK comes back where the reader is told of it, and is refused otherwise."""
    book = SalesBook(customers=[Customer(id="客-1", name="华东公司")])
    write_folder(book, tmp_path, encoding="gbk")
    assert read_folder(tmp_path, encoding="gbk").book == book
    assert {finding.code for finding in read_folder(tmp_path).findings} == {"encoding"}


def test_registered_fields_come_last(tmp_path: Path) -> None:
    """Fields that an application registered are written behind our own, guarded like them."""
    fields = (
        custom_field("tier", Kind.CHOICE, "Tier", "级别", choices=["-a", "b"]),
        custom_field("fee", Kind.MONEY, "Fee", "费用"),
        custom_field("is_vip", Kind.BOOLEAN, "VIP", "贵宾"),
    )
    first = custom_values(tier="-a", fee=Money.of("2.50", "EUR"), is_vip=True)
    book = SalesBook(
        customers=[
            Customer(id="C-1", name="a", custom=first),
            Customer(id="C-2", name="b", custom=custom_values(is_vip=False)),
            Customer(id="C-3", name="c"),
        ],
        custom_fields=CustomFields.of({"customers": fields}),
    )
    write_folder(book, tmp_path)
    text = (tmp_path / "customers.csv").read_text(encoding="utf-8")
    ends = [",".join(row.split(",")[-4:]) for row in text.splitlines()]
    assert ends == ["tier,fee,is_vip,currency", "'-a,2.50,true,EUR", ",,false,", ",,,"]


def test_our_own_layout_alone_is_guarded() -> None:
    """Every file of our own layout has the guard, and no file of another system."""
    assert all(rule.guarded for rule in CANONICAL.files)
    for name in shipped_profiles():
        assert not any(rule.guarded for rule in Profile.load(name).files)
