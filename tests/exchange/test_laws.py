"""Laws of reading: nothing is lost, nothing is invented, and the fast path is the slow one."""

import csv
import tempfile
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from salescore.entities import OrderLine, record_table
from salescore.exchange import CANONICAL, Import
from salescore.exchange._cells import OURS, Fault, read_text, target_of
from salescore.exchange._evaluate import _plain_column
from salescore.exchange._folder import FolderReader
from salescore.exchange._guard import guarded
from salescore.exchange._text import CHUNK
from salescore.values import Money

COLUMNS = record_table("order_lines").csv_columns
AMOUNTS = st.decimals(-(10**12), 10**12, allow_nan=False, places=4)
IDS = st.text(
    st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cs"]),
    min_size=1,
    max_size=12,
).filter(lambda text: text == text.strip(" "))


@st.composite
def order_lines(draw: st.DrawFn) -> OrderLine:
    """Draw an order line whose money is in one currency."""
    currency = draw(st.sampled_from(("USD", "JPY", "KWD")))
    money = st.builds(Money.of, AMOUNTS, st.just(currency))
    return OrderLine(
        id=draw(IDS),  # type: ignore[arg-type]
        order_id=draw(IDS),  # type: ignore[arg-type]
        product_id=draw(st.none() | IDS),  # type: ignore[arg-type]
        quantity=draw(AMOUNTS),
        net_amount=draw(money),
        gross_amount=draw(st.none() | money),
        discount=draw(st.none() | st.decimals(0, 1, places=2)),
        cost=draw(st.none() | money),
    )


def row_of(line: OrderLine) -> list[str]:
    """Return the cells of an order line, as a folder of facts holds them."""
    cells: list[str] = []
    for name in COLUMNS[:-1]:
        value = getattr(line, name)
        value = value.amount if isinstance(value, Money) else value
        if isinstance(value, Decimal):
            cells.append(format(value, "f"))
        else:
            cells.append("" if value is None else guarded(value))
    return [*cells, line.net_amount.currency]


def read_rows(rows: Sequence[Sequence[str]], chunk: int = CHUNK) -> Import:
    """Write rows of order lines into a folder and read it, so many rows at once."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with (folder / "order_lines.csv").open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([COLUMNS, *rows])
        return FolderReader(folder, CANONICAL, chunk=chunk).read()


@given(st.lists(order_lines(), max_size=30, unique_by=lambda line: line.id))
def test_what_was_written_is_read(lines: list[OrderLine]) -> None:
    """Order lines written as CSV read back equal, whatever their texts and numbers are."""
    found = read_rows([row_of(line) for line in lines])
    assert found.book.order_lines == tuple(lines)
    assert found.is_clean


GARBAGE = st.text(st.characters(codec="utf-8"), max_size=8) | st.sampled_from(
    (
        "",
        " ",
        "1",
        "-0",
        "1e999999",
        "NaN",
        "١٢٣",
        "1_000",
        "0.5",
        "1.5",
        "USD",
        "USd",
        "9" * 60,
        "\0",
    )
)
ROWS = st.lists(
    st.lists(GARBAGE, min_size=len(COLUMNS), max_size=len(COLUMNS))
    | st.lists(GARBAGE, max_size=12),
    max_size=25,
)


@given(ROWS, st.sampled_from((1, 2, 7, 5000)))
def test_no_row_is_lost(rows: list[list[str]], chunk: int) -> None:
    """Any cells at all are read without a crash, and every row is accepted, refused or blank."""
    found = read_rows(rows, chunk=chunk)
    (file,) = found.files
    (report,) = file.records
    assert report.read == file.rows
    assert report.read == report.accepted + report.refused + report.merged + report.filtered
    assert report.accepted == len(found.book.order_lines)
    assert file.rows + file.blank == len(rows)
    refused = {
        finding.place.row for finding in found.findings if finding.place and finding.place.row != 1
    }
    assert len(refused - {None}) == report.refused


@given(ROWS)
def test_chunks_do_not_matter(rows: list[list[str]]) -> None:
    """A file read row by row yields the same facts, findings and sums as one read at once."""
    assert read_rows(rows, chunk=1) == read_rows(rows, chunk=5000)


FIELDS = st.sampled_from(("id", "product_id", "quantity", "discount", "net_amount"))


@given(FIELDS, st.lists(GARBAGE | AMOUNTS.map(str) | st.decimals(0, 1).map(str), max_size=20))
@example("quantity", ["1", "", "-2.50"])
@example("discount", ["0.5", "1.00"])
def test_fast_is_slow(field: str, raw: list[str]) -> None:
    """A column read at once has the values that its cells have one by one, or is not read so."""
    target = target_of(record_table("order_lines"), field)
    fast = _plain_column(raw, target, OURS)
    texts = [cell.strip(" ") for cell in raw]
    slow: list[object] = [read_text(text, target, OURS, None) if text else None for text in texts]
    if fast is not None:
        assert fast.values == slow
        assert list(map(str, fast.values)) == list(map(str, slow))
        assert not any(isinstance(value, Fault) for value in slow)
        assert fast.nulls == (None in slow)
