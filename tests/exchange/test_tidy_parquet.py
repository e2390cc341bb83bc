"""Tidy tables as Parquet: exact types, labels along with the data, and a clear refusal."""

import sys
import tempfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.exchange.tidy import columns, dictionary, headings, read_tables

from salescore.book import Facts, SalesBook
from salescore.entities import Customer, Expense, Order, OrderLine
from salescore.errors import ExportRefused, MissingExtra
from salescore.exchange import write_tables
from salescore.exchange._parquet import write_parquet
from salescore.exchange._tidy_table import TidyColumn, TidyTable
from salescore.metrics import figures
from salescore.plain import Field, Kind
from salescore.values import ConstantRates, Money

THIRD = Decimal("0.3333333333333333333333333333")


def usd(amount: str) -> Money:
    """Return dollars."""
    return Money(Decimal(amount), "USD")


def line(key: str, amount: str, cost: str | None = None) -> OrderLine:
    """Return an order line."""
    return OrderLine(
        id=key,
        order_id="B1",
        quantity=Decimal(1),
        net_amount=usd(amount),
        cost=None if cost is None else usd(cost),
        is_free=True,
    )


BOOK = SalesBook(
    customers=[Customer(id="K1", name="华东", recorded_at=datetime(2017, 1, 2, 3, tzinfo=UTC))],
    orders=[Order(id="B1", ordered_on=date(2017, 4, 1), customer_id="K1")],
    order_lines=[line("L1", "3.00", "2"), line("L2", "1E+3"), line("L3", "-0.125")],
)


def table_of(*values: Decimal | None, most_digits: int | None = None) -> TidyTable:
    """Return a table with one column of numbers."""
    field = Field(name="x", kind=Kind.DECIMAL, nullable=True, labels=("X", "X"))
    column = TidyColumn(field=field, values=values, most_digits=most_digits)
    return TidyTable(name="t", labels=("T", "T"), words="", columns=[column])


def test_types_are_exact(tmp_path: Path) -> None:
    """Decimals are 128-bit decimals at the least scale, days date32, texts utf8; nothing floats."""
    write_tables(Facts.of(BOOK), tmp_path, format="parquet")
    lines = pyarrow.parquet.read_schema(tmp_path / "fact_sales_lines.parquet")
    assert {name: lines.field(name).type for name in ("id", "sold_on", "is_free", "record")} == {
        "id": pa.string(),
        "sold_on": pa.date32(),
        "is_free": pa.bool_(),
        "record": pa.string(),
    }
    assert lines.field("net_amount").type == pa.decimal128(38, 3)
    assert lines.field("cost").type == pa.decimal128(38, 0)
    assert not lines.field("id").nullable
    customers = pyarrow.parquet.read_schema(tmp_path / "dim_customer.parquet")
    assert customers.field("recorded_at").type == pa.timestamp("us", tz="UTC")
    for path in tmp_path.glob("*.parquet"):
        for field in pyarrow.parquet.read_schema(path):
            assert not pa.types.is_floating(field.type)


def test_labels_and_settings_travel_along(tmp_path: Path) -> None:
    """A column carries labels, unit and join of the dictionary, a file the settings."""
    write_tables(Facts.of(BOOK), tmp_path, format="parquet")
    for path in tmp_path.glob("*.parquet"):
        schema = pyarrow.parquet.read_schema(path)
        assert schema.metadata[b"currency"] == b"USD"
        assert b"as_of" not in schema.metadata  # all facts are seen
        said = columns(dictionary(tmp_path))
        for name in headings(path):
            metadata = {
                key.decode(): text.decode() for key, text in schema.field(name).metadata.items()
            }
            metadata.pop("PARQUET:field_id", None)
            wanted = ("english", "chinese", "unit", "meaning", "personal", "joins")
            assert metadata == {key: text for key in wanted if (text := said[path.stem, name][key])}


def test_both_formats_hold_the_same(tmp_path: Path) -> None:
    """Read back, the tables are equal but for ratios, which keep 18 digits in Parquet."""
    book = SalesBook(
        orders=BOOK.orders, order_lines=[line("L1", "3", "2"), line("L2", "7.25", "1.10")]
    )
    write_tables(Facts.of(book), tmp_path / "a")
    write_tables(Facts.of(book), tmp_path / "b", format="parquet")
    texts, exact = read_tables(tmp_path / "a"), read_tables(tmp_path / "b")
    margins = 0
    for row in texts["figures"]:
        if row["value"] is not None:
            margins += row["value"] != round(row["value"], 18)
            row["value"] = round(row["value"], 18)
    assert margins
    assert texts == exact
    (margin,) = figures("gross_margin", Facts.of(book))
    assert margin.value is not None
    (row,) = (
        row
        for row in exact["figures"]
        if (row["figure"], row["dimension"]) == ("gross_margin", None)
    )
    assert (row["numerator"], row["denominator"]) == (margin.numerator, margin.denominator)


NUMBERS = st.none() | st.builds(
    Decimal.scaleb, st.integers(-(10**12), 10**12).map(Decimal), st.integers(-12, 6)
)


@given(st.lists(NUMBERS, max_size=5))
def test_every_number_that_fits_is_kept(values: list[Decimal | None]) -> None:
    """Numbers of any scale come back equal, none and all nulls among them."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "t.parquet")
        write_parquet(path, table_of(*values), [])
        assert pyarrow.parquet.read_table(path).column("x").to_pylist() == values


def test_a_number_too_long_is_refused(tmp_path: Path) -> None:
    """Where 38 digits do not hold a column exactly, it is named and no file is written."""
    rates = ConstantRates("USD", [("EUR", Decimal("1.234567890123456789"))])
    book = SalesBook(
        expenses=[
            Expense(
                id="E1",
                amount=Money(Decimal("12345678901234567890.123"), "EUR"),
                category="trip",
                spent_on=date(2017, 5, 1),
            )
        ]
    )
    facts = Facts.of(book, rates=rates)
    (tmp_path / "figures.csv").write_bytes(b"earlier")
    with pytest.raises(ExportRefused, match=r"fact_expenses\.amount need 21 digits"):
        write_tables(facts, tmp_path, format="parquet", replace=True)
    assert [path.name for path in tmp_path.iterdir()] == ["figures.csv"]
    write_tables(facts, tmp_path, replace=True)
    (row,) = read_tables(tmp_path)["fact_expenses"]
    assert row["amount"] == facts.table("expenses").column("amount")[0]


def test_the_limit_is_38_digits(tmp_path: Path) -> None:
    """38 digits fit, at whatever place the point is; 39 do not; rounding is for ratios alone."""
    path = tmp_path / "t.parquet"
    fitting = ("9" * 38, "0." + "9" * 38, "1E+37", "0E+99", "0E-99", "1." + "0" * 60)
    for value in map(Decimal, fitting):
        write_parquet(path, table_of(value), [])
        assert pyarrow.parquet.read_table(path).column("x").to_pylist() == [value]
    for values in ([Decimal("1E+38")], [Decimal("1E-39")], [Decimal("1E+20"), Decimal("1E-18")]):
        with pytest.raises(ExportRefused, match=r"t\.x"):
            write_parquet(path, table_of(*values), [])
    write_parquet(path, table_of(THIRD, None, Decimal("2.5"), most_digits=18), [])
    assert pyarrow.parquet.read_table(path).column("x").to_pylist() == [
        *(Decimal("0.333333333333333333"), None, Decimal("2.5"))
    ]


def test_without_the_extra_its_name_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where pyarrow is missing, CSV is written all the same and Parquet names its extra."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtra, match=r"salescore\[frames\]"):
        write_tables(Facts.of(BOOK), tmp_path, format="parquet")
    assert not list(tmp_path.iterdir())
    assert "figures.csv" in write_tables(Facts.of(BOOK), tmp_path)
