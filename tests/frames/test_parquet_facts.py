"""Fact tables in a folder of Parquet files, written once and read without being loaded."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import narwhals.stable.v2 as nw
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from pyarrow import parquet

from salescore import testing
from salescore.book import FACT_TABLES, Facts, RevenueBasis, SalesBook
from salescore.entities import Customer, Order, OrderLine, Product
from salescore.errors import (
    ExportRefused,
    ImportRefused,
    InvalidDocument,
    InvalidFrame,
    InvalidValue,
    UnknownName,
)
from salescore.frames import FactSettings, FactsFolder, read_facts_parquet, write_facts_parquet
from salescore.plain import CustomFields, Kind, custom_field, custom_values
from salescore.values import Calendar, Money

pytestmark = pytest.mark.engine

ENGINES = ["duckdb", "polars", "pyarrow"]
NAMES = tuple(schema.name for schema in FACT_TABLES)
REGISTERED = CustomFields.of(
    {
        "customers": [
            custom_field("rank", Kind.DECIMAL, "Rank", "名次", unit="points"),
            custom_field("size", Kind.CHOICE, "Size", "规模", choices=("small", "large")),
            custom_field("seen_at", Kind.INSTANT, "Seen", "见于"),
            custom_field("budget", Kind.MONEY, "Budget", "预算"),
        ]
    }
)


def small_book() -> SalesBook:
    """Return a book with a registered field of several kinds."""
    line = {"order_id": "O-1", "product_id": "P-1", "quantity": Decimal(2)}
    return SalesBook(
        customers=[
            Customer(
                id="C-1",
                name="华东机械",
                custom=custom_values(
                    rank=Decimal("1.5"),
                    size="large",
                    seen_at=datetime(2017, 3, 1, 12, 30, 0, 1, tzinfo=UTC),
                    budget=Money.of("10.25", "USD"),
                ),
            ),
            Customer(id="C-2", name=""),
        ],
        products=[Product(id="P-1", name="Pump")],
        orders=[Order(id="O-1", customer_id="C-1", ordered_on=date(2017, 3, 1))],
        order_lines=[
            OrderLine(id="L-1", net_amount=Money.of("1234.50", "USD"), **line),
            OrderLine(id="L-2", net_amount=Money.of("0.005", "USD"), **line),
        ],
        custom_fields=REGISTERED,
    )


def names_in(folder: Path) -> list[str]:
    """Return the names of the files of a folder."""
    return sorted(one.name for one in folder.iterdir())


def small_facts(**options: Any) -> Facts:  # noqa: ANN401 - as Facts.of takes them
    """Return the facts of the small book."""
    return Facts.of(small_book(), **options)


def columns(native: Any) -> dict[str, list[Any]]:  # noqa: ANN401 - a frame of any engine
    """Return the columns of a frame, rows in the order of their ids."""
    frame = nw.from_native(native)
    table = frame.collect("pyarrow") if isinstance(frame, nw.LazyFrame) else frame
    arrow = table.to_arrow()
    found: dict[str, list[Any]] = arrow.sort_by(arrow.column_names[0]).to_pydict()
    return found


def wanted(facts: Facts, name: str) -> dict[str, list[Any]]:
    """Return the columns of a fact table, rows in the order of their ids."""
    table = facts.table(name)
    rows = [table.row(number) for number in range(len(table))]
    first = table.schema.names[0]
    rows.sort(key=lambda row: row[first].encode())
    return {one: [row[one] for row in rows] for one in table.schema.names}


@pytest.mark.parametrize("engine", ENGINES)
def test_a_folder_gives_back_every_fact_table(engine: str, tmp_path: Path) -> None:
    """All fact tables, with registered fields and those without rows, are as they were."""
    facts = small_facts()
    files = write_facts_parquet(facts, tmp_path / "facts")
    assert sorted(files) == names_in(tmp_path / "facts")
    folder = read_facts_parquet(tmp_path / "facts", engine)
    assert tuple(folder.frames) == NAMES
    for name in NAMES:
        assert columns(folder.frames[name]) == wanted(facts, name)
    assert repr(folder).startswith("FactsFolder(settings=FactSettings(currency='USD'")


def test_a_folder_says_under_what_it_was_made(tmp_path: Path) -> None:
    """Currency, basis, day, zone, calendar, names and registered fields come back."""
    facts = small_facts(as_of=date(2017, 12, 31), calendar=Calendar.months(4), zone="Asia/Shanghai")
    write_facts_parquet(facts, tmp_path)
    found = read_facts_parquet(tmp_path).settings
    assert (found.currency, found.basis) == ("USD", RevenueBasis.BOOKED)
    assert (found.as_of, found.last_day) == (date(2017, 12, 31), date(2017, 12, 31))
    assert (found.zone, found.calendar) == ("Asia/Shanghai", Calendar.months(4))
    assert found.schemas == tuple(facts.schema(name) for name in NAMES)
    assert found.label("customers", "C-1") == "华东机械"
    assert found.label("customers", "C-2") == "C-2"
    assert found.label("planets", "X") == "X"


def test_the_last_day_is_that_of_business_where_all_is_seen(tmp_path: Path) -> None:
    """Without a day of knowledge the last day of any fact is told; without facts there is none."""
    write_facts_parquet(small_facts(), tmp_path / "some")
    found = read_facts_parquet(tmp_path / "some").settings
    assert (found.as_of, found.last_day) == (None, date(2017, 3, 1))
    write_facts_parquet(Facts.of(SalesBook()), tmp_path / "none")
    empty = read_facts_parquet(tmp_path / "none").settings
    assert (empty.last_day, empty.labels) == (None, ())


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(book=testing.books(faulty=True, custom=True))
def test_settings_of_any_book_come_back(book: SalesBook) -> None:
    """What `facts.json` says reads as the same settings."""
    found = FactSettings.of(Facts.of(book), NAMES)
    assert FactSettings.from_text(found.as_text()) == found


def test_decimals_are_as_wide_as_needed(tmp_path: Path) -> None:
    """A column holds the digits that its numbers have, none before the point where none are."""
    write_facts_parquet(small_facts(), tmp_path)
    schema = parquet.read_schema(tmp_path / "sales_lines.parquet")
    assert schema.field("net_amount").type == pa.decimal128(7, 3)
    assert schema.field("cost").type == pa.decimal128(1, 0)
    assert schema.field("sold_on").type == pa.date32()
    customers = parquet.read_schema(tmp_path / "customers.parquet")
    assert customers.field("seen_at").type == pa.timestamp("us", tz="UTC")


def test_only_the_tables_asked_for_are_written_and_read(tmp_path: Path) -> None:
    """A choice of tables keeps its order, and each stands once."""
    facts = small_facts()
    files = write_facts_parquet(facts, tmp_path, tables=["customers", "sales_lines", "customers"])
    assert files == ("customers.parquet", "sales_lines.parquet", "facts.json")
    assert tuple(read_facts_parquet(tmp_path).frames) == ("customers", "sales_lines")
    one = read_facts_parquet(tmp_path, tables=["sales_lines"])
    assert tuple(one.frames) == ("sales_lines",)
    with pytest.raises(UnknownName, match="did you mean 'customers'"):
        read_facts_parquet(tmp_path, tables=["customer"])
    with pytest.raises(UnknownName, match="fact table"):
        write_facts_parquet(facts, tmp_path / "other", tables=["lines"])
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize("engine", ENGINES)
def test_a_table_may_be_a_folder_of_parts(engine: str, tmp_path: Path) -> None:
    """Parts, as Spark writes them, read as one table, whatever else lies beside them."""
    facts = small_facts()
    write_facts_parquet(facts, tmp_path)
    whole = parquet.read_table(tmp_path / "sales_lines.parquet")
    (tmp_path / "sales_lines.parquet").unlink()
    parts = tmp_path / "sales_lines.parquet"
    parts.mkdir()
    parquet.write_table(whole.slice(0, 1), parts / "part-0.parquet")
    parquet.write_table(whole.slice(1), parts / "part-1.parquet")
    (parts / "_SUCCESS").touch()
    found = read_facts_parquet(tmp_path, engine, tables=["sales_lines"])
    assert columns(found.frames["sales_lines"]) == wanted(facts, "sales_lines")


def test_frames_are_lazy_but_for_pyarrow(tmp_path: Path) -> None:
    """Reading a folder loads nothing on engines that can wait."""
    write_facts_parquet(small_facts(), tmp_path)
    assert isinstance(read_facts_parquet(tmp_path, "polars").frames["leads"], pl.LazyFrame)
    relation = read_facts_parquet(tmp_path, "duckdb").frames["leads"]
    assert isinstance(relation, duckdb.DuckDBPyRelation)
    assert isinstance(read_facts_parquet(tmp_path, "pyarrow").frames["leads"], pa.Table)


def test_duckdb_works_on_the_connection_handed_in(tmp_path: Path) -> None:
    """Its settings, such as a limit of memory, hold for the tables."""
    write_facts_parquet(small_facts(), tmp_path)
    with duckdb.connect() as connection:
        frames = read_facts_parquet(tmp_path, session=connection).frames
        lines = frames["sales_lines"]
        assert lines.join(frames["customers"], "customer_id").count("*").fetchall() == [(2,)]
        assert connection.sql("FROM lines SELECT count(*)").fetchall() == [(2,)]


def test_an_earlier_set_gives_way_only_if_told(tmp_path: Path) -> None:
    """Nothing is written over by chance, and files of tables no longer written go."""
    write_facts_parquet(small_facts(), tmp_path)
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(ExportRefused, match=r"facts\.json cannot be written: it is there already"):
        write_facts_parquet(small_facts(), tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before
    write_facts_parquet(small_facts(), tmp_path, tables=["leads"], replace=True)
    assert names_in(tmp_path) == ["facts.json", "leads.parquet", "notes.txt"]


def test_a_table_that_cannot_be_written_leaves_the_folder_as_it_was(tmp_path: Path) -> None:
    """An earlier set stays whole where a later one fails half way."""
    write_facts_parquet(small_facts(), tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    book = SalesBook(
        orders=[Order(id="O-1", customer_id="C-1", ordered_on=date(2017, 3, 1))],
        order_lines=[
            OrderLine(
                id=one,
                order_id="O-1",
                product_id="P-1",
                quantity=Decimal(1),
                net_amount=Money.of(one, "USD"),
            )
            for one in ("1" * 38, "0.000000000000000001")
        ],
    )
    with pytest.raises(InvalidFrame, match="38 digits before the point and 18 behind it") as caught:
        write_facts_parquet(Facts.of(book), tmp_path, replace=True)
    assert caught.value.table == "order_lines"
    assert [fault.partition(":")[0] for fault in caught.value.faults] == ["net_amount"]
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_file_in_the_way_is_told_of(tmp_path: Path) -> None:
    """The error names the path and what the system says."""
    (tmp_path / "file").touch()
    with pytest.raises(ExportRefused, match=r"Not a directory|File exists"):
        write_facts_parquet(small_facts(), tmp_path / "file")


@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_no_parquet_is_refused(engine: str, tmp_path: Path) -> None:
    """The file is named, whatever the engine says of it."""
    write_facts_parquet(small_facts(), tmp_path)
    (tmp_path / "leads.parquet").write_bytes(b"no such thing")
    with pytest.raises(ImportRefused, match=r"leads\.parquet"):
        read_facts_parquet(tmp_path, engine)


def test_what_is_missing_is_refused(tmp_path: Path) -> None:
    """A folder without settings, a table without file, and parts that are none are named."""
    with pytest.raises(ImportRefused, match=r"facts\.json.*No such file"):
        read_facts_parquet(tmp_path)
    write_facts_parquet(small_facts(), tmp_path)
    (tmp_path / "leads.parquet").unlink()
    with pytest.raises(ImportRefused, match=r"leads\.parquet.*facts\.json names the table"):
        read_facts_parquet(tmp_path)
    (tmp_path / "leads.parquet").mkdir()
    with pytest.raises(ImportRefused, match="the folder has no part"):
        read_facts_parquet(tmp_path)
    (tmp_path / "facts.json").write_bytes(b"\xff")
    with pytest.raises(ImportRefused, match="it is not UTF-8"):
        read_facts_parquet(tmp_path)


def test_all_faults_of_all_tables_are_told_at_once(tmp_path: Path) -> None:
    """Columns of another type or missing are listed, by table where several are wrong."""
    write_facts_parquet(small_facts(), tmp_path)
    lines = parquet.read_table(tmp_path / "sales_lines.parquet")
    amounts = lines.column_names.index("net_amount")
    lines = lines.set_column(amounts, "net_amount", lines["net_amount"].cast(pa.float64()))
    parquet.write_table(lines.drop_columns(["id"]), tmp_path / "sales_lines.parquet")
    with pytest.raises(InvalidFrame) as caught:
        read_facts_parquet(tmp_path)
    assert caught.value.table == "sales_lines"
    assert len(caught.value.faults) == 2
    leads = parquet.read_table(tmp_path / "leads.parquet").drop_columns(["id"])
    parquet.write_table(leads, tmp_path / "leads.parquet")
    with pytest.raises(InvalidFrame) as caught:
        read_facts_parquet(tmp_path)
    assert caught.value.table == "sales_lines, leads"
    assert [fault.partition(":")[0] for fault in caught.value.faults] == [
        "sales_lines",
        "sales_lines",
        "leads",
    ]


def test_unknown_engines_and_absent_sessions_are_refused(tmp_path: Path) -> None:
    """Engines are named, and Spark is never started in silence."""
    with pytest.raises(UnknownName, match="did you mean 'polars'"):
        read_facts_parquet(tmp_path, "polar")
    write_facts_parquet(small_facts(), tmp_path)
    with pytest.raises(InvalidValue, match="session=spark"):
        read_facts_parquet(tmp_path, "spark")


WRONG: dict[str, tuple[str, object, str]] = {
    "schema": ("schema", "salescore/facts/2", "schema"),
    "currency": ("currency", "usd", "currency"),
    "basis": ("basis", "dreamt", "basis"),
    "day": ("as_of", "2017-13-01", "as_of"),
    "calendar": ("calendar", {"schema": "x"}, "calendar"),
    "table": ("tables", {"lines": {"columns": [], "registered": []}}, "tables/lines"),
    "column": ("tables", {"leads": {"columns": ["moon"], "registered": []}}, "moon"),
    "label": ("labels", {"customers": {"C-1": 1}}, "labels/customers/C-1"),
}


@pytest.mark.parametrize("case", WRONG)
def test_settings_of_another_form_are_refused(case: str) -> None:
    """The place of the fault is named."""
    key, value, said = WRONG[case]
    data: Mapping[str, object] = json.loads(FactSettings.of(small_facts(), NAMES).as_text())
    assert FactSettings.from_text(json.dumps(data)).currency == "USD"
    with pytest.raises(InvalidDocument, match=said):
        FactSettings.from_text(json.dumps({**data, key: value}))


def test_a_schema_that_the_settings_lack_is_unknown() -> None:
    """Settings of some tables know no others."""
    found = FactSettings.of(small_facts(), ["leads"])
    assert found.schema("leads").names == small_facts().schema("leads").names
    with pytest.raises(UnknownName, match="fact table"):
        found.schema("customers")


def test_folders_hold_what_the_engine_holds() -> None:
    """A folder may be put together by hand, too."""
    found = FactsFolder(
        settings=FactSettings.of(small_facts(), []), engine="polars", tables=[("leads", 1)]
    )
    assert dict(found.frames) == {"leads": 1}
