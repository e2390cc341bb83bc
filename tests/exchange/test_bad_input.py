"""Bad files and bad cells: each gives a clear finding or error, and nothing crashes."""

import time
from pathlib import Path

import pytest
from tests.exchange.conftest import Read

from salescore.errors import ImportRefused, InvalidValue, UnknownName
from salescore.exchange import CANONICAL, Import, canonical_with, read_folder
from salescore.exchange._text import CHUNK
from salescore.values import Finding, Severity

LINES = "id,order_id,product_id,quantity,net_amount,currency\n"
ORDERS = "id,ordered_on,customer_id\n"


def one(found: Import, code: str) -> Finding:
    """Return the only finding with a code."""
    (finding,) = [finding for finding in found.findings if finding.code == code]
    return finding


def where(finding: Finding) -> tuple[str, int | None, str | None, str | None]:
    """Return file, row, column and raw text of a finding."""
    assert finding.place is not None
    place = finding.place
    return place.file, place.row, place.column, place.raw


@pytest.mark.parametrize("content", ["", "\n\n\r\n", "  \n \n"])
def test_empty_file(read: Read, content: str) -> None:
    """A file without a row of headings is refused by name."""
    found = read({"orders.csv": content})
    assert one(found, "empty-file").severity is Severity.ERROR
    assert found.files[0].is_refused


def test_header_only(read: Read) -> None:
    """A file of headings alone holds no rows, which is worth knowing and no fault."""
    found = read({"orders.csv": ORDERS})
    assert one(found, "no-rows").severity is Severity.INFO
    assert found.is_clean
    assert found.files[0].rows == 0


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_byte_order_mark(read: Read, encoding: str) -> None:
    """A byte order mark says how a file is encoded, and is no part of the first heading."""
    found = read({"customers.csv": "id,name\nC-1,上海\n".encode(encoding)})
    assert found.findings == ()
    assert found.book.customers[0].name == "上海"


def test_gbk(read: Read) -> None:
    """A GBK file is refused with the first bad byte, and the way to name its encoding."""
    data = "id,name\nC-1,上海\n".encode("gbk")
    found = read({"customers.csv": data})
    message = one(found, "encoding").message
    assert "byte 13" in message
    assert 'if it is Chinese, say "encoding": "gb18030"' in message
    assert found.files[0].is_refused
    assert found.book.customers == ()


def test_latin(read: Read) -> None:
    """A file in some other encoding is refused without a guess that cannot be right."""
    found = read({"customers.csv": "id,name\nC-1,Zoë\n".encode("latin-1")})
    assert "gb18030" not in one(found, "encoding").message


def test_latin_that_could_be_chinese(read: Read) -> None:
    """Western text whose bytes are Chinese too leaves both open."""
    found = read({"customers.csv": "id,name\nC-1,Zoët\n".encode("latin-1")})
    message = one(found, "encoding").message
    assert message.endswith(
        'if it is Chinese, say "encoding": "gb18030" in a profile; if it is Western, "cp1252"'
    )


@pytest.mark.parametrize("start", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0"])
def test_workbook(read: Read, start: bytes) -> None:
    """A workbook that only bears the name of a CSV file is told as such."""
    found = read({"orders.csv": start + b"\x14\x00\x06\x00" * 100})
    assert "is a workbook or zip archive, not text" in one(found, "encoding").message
    assert found.files[0].is_refused


@pytest.mark.parametrize(
    ("note", "end"),
    [
        ("sep=;", '; delete this line and say "delimiter": ";" in a profile'),
        ("\ufeffSEP=\t", '; delete this line and say "delimiter": "\\t" in a profile'),
        ("sep=,", "; delete this line"),
    ],
)
def test_note_for_excel(read: Read, note: str, end: str) -> None:
    """A first line that tells Excel the delimiter is no row of headings."""
    found = read({"orders.csv": f"{note}\nid;ordered_on\nO-1;2017-01-01\n"})
    finding = one(found, "delimiter")
    assert "is a note for Excel, not headings" in finding.message
    assert finding.message.endswith(end)
    assert where(finding)[:2] == ("orders.csv", 1)


def test_bad_byte_far_in(read: Read) -> None:
    """The bad byte is counted from the start of the file, also behind the first megabyte."""
    good = b"id,name\n" + b"".join(b"C-%d,\xe4\xb8\x8a\n" % n for n in range(150_000))
    found = read({"customers.csv": good + b"C-x,\xff\n"})
    assert f"byte {len(good) + 5} " in one(found, "encoding").message


def test_bad_byte_between_blocks(read: Read) -> None:
    """A character cut in two where the reader pauses is counted from its first byte."""
    head = b"id,name\nC-1,"
    good = head + b"x" * ((1 << 20) - 1 - len(head))
    found = read({"customers.csv": good + b"\xe4 \n"})
    assert f"byte {1 << 20} " in one(found, "encoding").message


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_zero_bytes(read: Read, encoding: str) -> None:
    """UTF-16 without a byte order mark is recognised by its zero bytes."""
    found = read({"customers.csv": "id,name\nC-1,Ann\n".encode(encoding)})
    assert "UTF-16" in one(found, "encoding").message


def test_utf16_without_mark(read: Read) -> None:
    """A profile that says UTF-16 needs a byte order mark, or the order of the bytes."""
    profile: dict[str, object] = {
        "schema": "salescore/profile/1",
        "name": "test",
        "title": "Test",
        "files": {
            "a.csv": {
                "encoding": "utf-16",
                "records": [{"record": "customers", "fields": {"id": "id", "name": "id"}}],
            }
        },
    }
    data = "id\nC-1\n".encode("utf-16-le")
    assert "utf-16-le" in one(read({"a.csv": data}, profile), "encoding").message
    found = read({"a.csv": b"\xff\xfe" + data}, profile)
    assert [customer.id for customer in found.book.customers] == ["C-1"]


@pytest.mark.parametrize(("delimiter", "word"), [(";", "';'"), ("\t", "a tab"), ("|", "'|'")])
def test_wrong_delimiter(read: Read, delimiter: str, word: str) -> None:
    """A file that parts its cells by another sign is refused with the likely one."""
    found = read({"orders.csv": f"id{delimiter}ordered_on\nO-1{delimiter}2017-01-01\n"})
    assert word in one(found, "delimiter").message


def test_duplicate_heading(read: Read) -> None:
    """A heading that stands twice is refused: nobody knows which column is meant."""
    found = read({"customers.csv": "id,name,name\nC-1,Ann,Bob\n"})
    assert where(one(found, "duplicate-column")) == ("customers.csv", 1, "name", None)
    assert found.book.customers == ()


def test_missing_heading(read: Read) -> None:
    """A required column that is missing is named, with the nearest heading that is there."""
    found = read({"customers.csv": "id,nam\nC-1,Ann\n"})
    assert "'nam'" in one(found, "missing-column").message
    assert found.files[0].is_refused


def test_one_heading(read: Read) -> None:
    """A single heading that holds no delimiter is a heading, and the others are missing."""
    found = read({"customers.csv": "name\nAnn\n"})
    assert where(one(found, "missing-column")) == ("customers.csv", 1, "id", None)


def test_unknown_heading(read: Read) -> None:
    """A column that is not read is warned of, with the nearest known one."""
    found = read({"customers.csv": "id,name,segmnt\nC-1,Ann,SME\n"})
    finding = one(found, "unknown-column")
    assert finding.severity is Severity.WARNING
    assert "'segment'" in finding.message
    assert len(found.book.customers) == 1


def test_unknown_file(read: Read) -> None:
    """A CSV file that is not read is warned of, with the nearest known one."""
    found = read({"customers.csv": "id,name\nC-1,Ann\n", "costumers.csv": "id,name\n"})
    assert "'customers.csv'" in one(found, "unknown-file").message


def test_no_known_file(tmp_path: Path) -> None:
    """A folder without any known file is refused with a few of those expected."""
    with pytest.raises(ImportRefused) as caught:
        read_folder(tmp_path)
    assert str(caught.value).endswith(
        "none of the files expected: teams.csv, territories.csv, sales_reps.csv, "
        "territory_assignments.csv, campaigns.csv and 52 more"
    )


def test_no_folder(tmp_path: Path) -> None:
    """A missing folder and a file in its place are refused by name."""
    with pytest.raises(ImportRefused, match="no such folder"):
        read_folder(tmp_path / "nothing")
    (tmp_path / "file").touch()
    with pytest.raises(ImportRefused, match="name the folder"):
        read_folder(tmp_path / "file")


def test_row_length(read: Read) -> None:
    """Rows with too few or too many cells are refused, the others kept."""
    found = read({"customers.csv": "id,name\nC-1\nC-2,Ann\nC-3,Bob,x\n"})
    rows = [where(finding) for finding in found.findings]
    assert rows == [("customers.csv", 2, None, "C-1"), ("customers.csv", 4, None, "C-3,Bob,x")]
    assert [customer.id for customer in found.book.customers] == ["C-2"]
    assert [finding.message for finding in found.findings] == [
        "it has 1 cell; expected 2, one for each heading",
        "it has 3 cells; expected 2, one for each heading",
    ]


def test_blank_rows(read: Read) -> None:
    """Rows without any cell filled are counted apart, and count in the row numbers."""
    found = read({"orders.csv": "\n" + ORDERS + "\n,,\n   \nO-1,2017-02-31,\n"})
    assert found.files[0].blank == 3
    assert found.files[0].rows == 1
    assert where(one(found, "invalid-date")) == ("orders.csv", 6, "ordered_on", "2017-02-31")


def test_blank_rows_of_full_width(read: Read) -> None:
    """Rows of spaces are blank also where no row has too few cells."""
    found = read({"orders.csv": ORDERS + " , ,  \nO-1,2017-02-01,\n"})
    assert (found.files[0].blank, found.files[0].rows) == (1, 1)
    assert found.findings == ()


def test_broken_quotes(read: Read) -> None:
    """A row whose cells cannot be told apart is refused, and reading goes on behind it."""
    found = read({"customers.csv": 'id,name\nC-1,"Ann"x\nC-2,Bob\n'})
    assert where(one(found, "csv"))[1] == 2
    assert [customer.id for customer in found.book.customers] == ["C-2"]


def test_open_quote(read: Read) -> None:
    """A quotation mark that is never closed is found where it opens."""
    found = read({"customers.csv": 'id,name\nC-1,Ann\nC-2,"Bob\nC-3,Cem\n'})
    assert where(one(found, "csv"))[1] == 3
    assert [customer.id for customer in found.book.customers] == ["C-1"]
    assert one(found, "csv").message == (
        "a quotation mark opens a cell here and none closes it; "
        "1 row before it was read, the rest of the file was not"
    )


def test_open_quote_before_much(read: Read) -> None:
    """A quotation mark that swallows more than a cell may hold is named, and what was read."""
    rest = "".join(f"C-{n},Ann\n" for n in range(20_000))
    found = read({"customers.csv": f'id,name\nA,Ann\nB,Bob\nC,"Cem\n{rest}'})
    assert where(one(found, "csv"))[1] == 4
    assert one(found, "csv").message == (
        "a quotation mark opens a cell here and none closes it within 131,072 characters, "
        "the most that a cell may hold; 2 rows before it were read, the rest of the file was not"
    )
    assert found.files[0].rows == 3
    assert len(found.book.customers) == 2


def test_endless_cell(read: Read) -> None:
    """A cell beyond every limit ends the reading of its file, and says so."""
    found = read({"customers.csv": 'id,name\nC-1,Ann\nC-2,"' + "x" * 200_000 + '"\nC-3,Cem\n'})
    assert one(found, "csv").message == (
        "a cell has more than 131,072 characters, the most that a cell may hold; "
        "1 row before it was read, the rest of the file was not"
    )
    assert found.files[0].rows == 2


@pytest.mark.parametrize(
    ("headings", "fault"),
    [
        ('"id"x,name', "cannot be told apart"),
        ('"id,name', "none closes it; nothing of the file was read"),
        ('"id,name' + "\nC-2,Bob" * 20_000, "none closes it within 131,072"),
        ("i" * 140_000, "a cell has more than 131,072"),
    ],
)
def test_bad_headings(read: Read, headings: str, fault: str) -> None:
    """A row of headings that cannot be read refuses its file, with the row where it stands."""
    found = read({"customers.csv": f"\n  \n{headings}\nC-1,Ann\n"})
    assert where(one(found, "csv"))[1] == 3
    assert one(found, "csv").message.startswith("the headings cannot be read: ")
    assert fault in one(found, "csv").message
    assert found.files[0].is_refused


def test_nul(read: Read) -> None:
    """A NUL character refuses the row that holds it."""
    found = read({"customers.csv": "id,name\nC-1,A\0n\nC-2,Bob\n"})
    assert where(one(found, "invalid-text")) == ("customers.csv", 2, "name", "A\0n")
    assert len(found.book.customers) == 1


def test_line_break_in_cell(read: Read) -> None:
    """A line break inside quotes stays as it is, and does not count as a row."""
    found = read({"customers.csv": 'id,name\r\nC-1,"Ann\r\nLee"\r\nC-2,\r\n'})
    assert found.book.customers[0].name == "Ann\r\nLee"
    assert where(one(found, "missing-value")) == ("customers.csv", 3, "name", "")


def test_long_cell(read: Read) -> None:
    """A cell of 100,000 characters is refused with its length, and shown cut."""
    found = read({"customers.csv": f"id,name\nC-1,{'x' * 100_000}\n{'y' * 100_000},Bob\n"})
    assert [finding.code for finding in found.findings] == ["invalid-text", "invalid-text"]
    assert "100,000 characters" in found.findings[0].message
    assert len(where(found.findings[0])[3] or "") == 200


def test_duplicate_id(read: Read) -> None:
    """Of two rows with the same id the first is kept and the second refused."""
    found = read({"customers.csv": "id,name\nC-1,Ann\nC-1,Bob\n"})
    assert where(one(found, "duplicate-id")) == ("customers.csv", 3, "id", "C-1")
    assert [customer.name for customer in found.book.customers] == ["Ann"]


def test_duplicate_id_chunks_later(read: Read) -> None:
    """A repeated id is found however far apart the rows are."""
    rows = "".join(f"C-{n},Ann\n" for n in range(CHUNK + 10))
    found = read({"customers.csv": f"id,name\n{rows}C-0,Bob\n"})
    assert where(one(found, "duplicate-id"))[1] == CHUNK + 12


@pytest.mark.parametrize(
    "text", ["1e999999", "NaN", "١٢٣", "1_000", "1,5", "Infinity", "0x1", "--1"]
)
def test_no_number(read: Read, text: str) -> None:
    """What is no plain number refuses its row, with the raw text."""
    start = time.perf_counter()
    found = read({"order_lines.csv": f'{LINES}L-1,O-1,,1,"{text}",USD\n'})
    assert time.perf_counter() - start < 5  # an exponent that were worked out would take minutes
    assert where(one(found, "invalid-number")) == ("order_lines.csv", 2, "net_amount", text)
    assert found.book.order_lines == ()


def test_every_cell(read: Read) -> None:
    """All bad cells of a row are found at once, in the order of the columns."""
    found = read({"order_lines.csv": f"{LINES},O-1,,x,y,EURO\n"})
    assert [(where(one)[2], one.code) for one in found.findings] == [
        ("id", "missing-value"),
        ("quantity", "invalid-number"),
        ("net_amount", "invalid-number"),
        ("currency", "unknown-currency"),
    ]


def test_range(read: Read) -> None:
    """A number outside the range of its field refuses its row, in large files too."""
    head = "id,order_id,quantity,net_amount,discount,currency\n"
    rows = "".join(f"L-{n},O-1,1,{n},0.{n:04d},USD\n" for n in range(2000))
    found = read({"order_lines.csv": f"{head}{rows}L-x,O-1,1,1,1.5,USD\n"})
    assert where(one(found, "out-of-range")) == ("order_lines.csv", 2002, "discount", "1.5")
    assert len(found.book.order_lines) == 2000


def test_no_such_day(read: Read) -> None:
    """31 February is no day, and no other day stands in for it."""
    found = read({"orders.csv": f"{ORDERS}O-1,2017-02-31,\n"})
    assert "2017-02" in one(found, "invalid-date").message
    assert found.book.orders == ()


def test_money_without_currency(read: Read) -> None:
    """An amount without a currency is refused; no currency is assumed."""
    found = read({"products.csv": "id,name,list_price,currency\nP-1,A,5,\nP-2,B,,\n"})
    assert where(one(found, "missing-currency")) == ("products.csv", 2, "currency", "")
    assert [product.id for product in found.book.products] == ["P-2"]
    bare = read({"products.csv": "id,name,list_price\nP-1,A,5\n"})
    assert one(bare, "missing-currency").message.startswith("products.list_price")


def test_unknown_choice(read: Read) -> None:
    """A text that is none of the choices refuses its row and lists them."""
    found = read({"opportunities.csv": "id,stage,kind\nD-1,Won,done\n"})
    assert "won" in one(found, "unknown-value").message


def test_instant_without_offset(read: Read) -> None:
    """An instant without an offset names no instant."""
    head = "id,ordered_on,recorded_at\n"
    found = read({"orders.csv": f"{head}O-1,2017-01-01,2017-01-01T08:00:00\n"})
    assert where(one(found, "invalid-date"))[2] == "recorded_at"


def test_facts_that_contradict(read: Read) -> None:
    """What a row may say but the facts contradict is kept, and found by the check of the book."""
    head = "id,stage,kind,customer_id,created_on,closed_on\n"
    found = read({"opportunities.csv": f"{head}D-1,Lost,lost,C-9,2017-05-01,2017-04-01\n"})
    assert found.findings == ()
    assert len(found.book.opportunities) == 1
    assert {finding.code for finding in found.check()} == {
        "closed-before-opened",
        "dangling-reference",
    }


def test_spaces(read: Read) -> None:
    """Spaces around cells and headings are no part of them; other white space is."""
    found = read({"customers.csv": " id , name \n C-1 , Ann \u00a0\n"})
    assert found.book.customers[0].id == "C-1"
    assert found.book.customers[0].name == "Ann \u00a0"


def test_refused_totals(read: Read) -> None:
    """The sums of what was accepted and of what was refused are kept apart, by currency."""
    rows = "L-1,O-1,,1,10.50,USD\nL-2,O-1,,x,7,USD\nL-1,O-1,,1,3,EUR\nL-4,O-1,,2,0.05,EUR\n"
    found = read({"order_lines.csv": LINES + rows})
    totals = {
        (total.field, total.currency): (str(total.accepted), str(total.refused))
        for total in found.files[0].records[0].totals
    }
    assert totals == {
        ("quantity", None): ("3", "1"),
        ("net_amount", "USD"): ("10.50", "7"),
        ("net_amount", "EUR"): ("0.05", "3"),
    }


def test_progress(tmp_path: Path) -> None:
    """Progress is told file by file and never goes back."""
    rows = "".join(f"C-{n},Ann\n" for n in range(CHUNK + 10))
    (tmp_path / "customers.csv").write_text(f"id,name\n{rows}", encoding="utf-8")
    told: list[tuple[str, int]] = []
    read_folder(tmp_path, CANONICAL, progress=lambda file, rows: told.append((file, rows)))
    assert told == [("customers.csv", CHUNK), ("customers.csv", CHUNK + 10)]


def test_faults_that_cost_a_cell(read: Read, tmp_path: Path) -> None:
    """On request a fault in a cell of our own layout that may be empty empties it alone."""
    rows = "C-1,Adler,soon,2024-01-01\n,Busch,2024-01-01,\n"
    strict = read({"customers.csv": f"id,name,created_on,recorded_at\n{rows}"})
    assert strict.book.customers == ()
    found = read_folder(tmp_path, faulty="null")
    (kept,) = found.book.customers
    assert (kept.id, kept.created_on, kept.recorded_at) == ("C-1", None, None)
    told = [(one.code, one.place.row, one.severity) for one in found.findings if one.place]
    assert told == [
        ("invalid-date", 2, Severity.ERROR),
        ("no-time", 2, Severity.INFO),
        ("missing-value", 3, Severity.ERROR),
    ]
    assert found.findings[0].message.endswith("; read as no value")
    assert found.findings[1].message.startswith("1 cell holds a day without a time;")
    assert read_folder(tmp_path, faulty="refuse") == strict


def test_faults_beside_a_profile(tmp_path: Path) -> None:
    """What becomes of faults is said by a profile, or by one of two words."""
    with pytest.raises(InvalidValue, match="the profile says it"):
        read_folder(tmp_path, CANONICAL, faulty="null")
    with pytest.raises(UnknownName, match="known are 'refuse', 'null'"):
        read_folder(tmp_path, faulty="drop")  # type: ignore[arg-type]
    assert canonical_with(CANONICAL.custom_fields) is CANONICAL
