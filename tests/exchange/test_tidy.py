"""Tidy tables: what is written sums to the figures, joins without loss and is explained."""

import tempfile
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.exchange.tidy import (
    Row,
    Tables,
    columns,
    dictionary,
    headings,
    raw_rows,
    read_tables,
    text,
)

from salescore.book import FACT_TABLES, Facts, RevenueBasis, SalesBook
from salescore.entities import (
    Customer,
    Expense,
    Opportunity,
    Order,
    OrderLine,
    Product,
    SalesRep,
    StageKind,
    SurveyResponse,
)
from salescore.errors import ExportRefused, InvalidRecord, InvalidValue, UnknownName
from salescore.exchange import read_folder, write_tables
from salescore.exchange._tidy import _swap
from salescore.metrics import (
    CATALOGUE,
    Aggregate,
    FigureDefinition,
    Measure,
    Part,
    figures,
    slices,
)
from salescore.plain import CustomFields, Kind, PersonalData, custom_field, custom_values
from salescore.testing import books
from salescore.values import Calendar, Money, exact_sum

SIGNS = tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20")
DAYS = st.none() | st.dates(date(2016, 6, 1), date(2018, 12, 31))
FEW = ("revenue", "won_amount", "opportunities", "leads_created", "activities", "new_customers")
ONE = Decimal(1)
YEAR = Calendar().parse("2017")


def usd(amount: str) -> Money:
    """Return dollars."""
    return Money(Decimal(amount), "USD")


BOOK = SalesBook(
    customers=[
        Customer(
            id="=K1",
            name="华东公司",
            segment="",
            phone="+86 10",
            needs="a crane",
            rep_id="R9",
            credit_limit=Money(Decimal(500), "EUR"),
            recorded_at=datetime(2017, 1, 2, 3, 4, tzinfo=UTC),
        )
    ],
    sales_reps=[SalesRep(id="R1", name="Anna", email="a@b.example")],
    products=[Product(id="P1", name="Crane", list_price=usd("10.50"), is_active=True)],
    opportunities=[
        Opportunity(
            id="O1",
            stage="Lost",
            kind=StageKind.LOST,
            rep_id="R1",
            amount=usd("70"),
            loss_reason="they said no",
            closed_on=date(2017, 5, 2),
        )
    ],
    orders=[Order(id="B1", ordered_on=date(2017, 4, 1), customer_id="=K1", rep_id="R1")],
    order_lines=[
        OrderLine(
            id="L1",
            order_id="B1",
            product_id="P1",
            quantity=Decimal(2),
            net_amount=usd("1E+2"),
            cost=usd("-0.00"),
            is_free=False,
        ),
        OrderLine(id="L2", order_id="B1", product_id="P7", quantity=ONE, net_amount=usd("1E-7")),
        OrderLine(id="L3", order_id="B1", quantity=ONE, net_amount=Money(Decimal(9), "JPY")),
    ],
    expenses=[Expense(id="E1", amount=usd("5"), category="trip", spent_on=date(9999, 12, 31))],
)


def written(folder: Path, facts: Facts | SalesBook = BOOK, **asked: Any) -> Tables:  # noqa: ANN401 - handed on
    """Write tables, check that exactly the files named are there, and read them back."""
    known = facts if isinstance(facts, Facts) else Facts.of(facts, currency="USD")
    names = write_tables(known, folder, **asked)
    assert sorted(names) == sorted(path.name for path in folder.iterdir())
    return read_tables(folder)


def total(rows: Iterable[Row], column: str) -> Decimal:
    """Return the sum of a column."""
    return exact_sum([row[column] for row in rows if row[column] is not None])


@pytest.fixture(scope="module")
def superstore(root: Path) -> Facts:
    """Return the facts of the example that ships."""
    found = read_folder(root / "examples" / "data" / "superstore", "superstore")
    return Facts.of(found.book, as_of=date(2017, 12, 31))


# What the tables hold -----------------------------------------------------------------------


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_the_columns_of_facts_sum_to_the_figures(
    tmp_path: Path, superstore: Facts, form: str
) -> None:
    """Sums over written fact columns, also by their calendar keys, are the catalogue's figures."""
    tables = written(tmp_path, superstore, format=form, figures="revenue", by=())
    lines = tables["fact_sales_lines"]
    for during in (None, YEAR, superstore.calendar.parse("2016-Q3")):
        rows = [
            row
            for row in lines
            if during is None
            or row["sold_on_year" if during.key == "2017" else "sold_on_quarter"] == during.key
        ]
        names = ("revenue", "volume", "gross_profit")
        revenue, volume, profit = (one.value for one in figures(names, superstore, during=during))
        assert total(rows, "net_amount") == revenue
        assert total(rows, "quantity") == volume
        assert total(rows, "net_amount") - total(rows, "cost") == profit
        assert revenue
    distinct = {row["order_id"] for row in tables["fact_order_lines"]}
    assert len(distinct) == figures("orders", superstore)[0].value


@given(books(faulty=True, custom=True), DAYS)
def test_every_written_value_is_that_of_the_fact_table(book: SalesBook, as_of: date | None) -> None:
    """Each column of each fact table with rows comes back value by value, from faulty books too."""
    facts = Facts.of(book, as_of=as_of)
    with tempfile.TemporaryDirectory() as name:
        tables = written(Path(name), facts, figures=(), personal=PersonalData)
    for schema in FACT_TABLES:
        table = facts.table(schema.name)
        rows = tables.get(f"fact_{schema.name}", [])
        assert len(rows) == len(table)
        if rows:
            shown = facts.schema(schema.name)
            for column in shown.names:
                assert [row[column] for row in rows] == list(table.column(column))


@given(books(faulty=True, custom=True), DAYS, st.sampled_from([None, YEAR]))
def test_joins_lose_nothing(book: SalesBook, as_of: date | None, during: Any) -> None:  # noqa: ANN401 - a period or none
    """Every key and date of every table finds its row in the dimension, and only one."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        facts = Facts.of(book, as_of=as_of)
        tables = written(folder, facts, during=during, figures=FEW)
        said = dictionary(folder)
    targets = {
        (row["table"], row["column"]): row["joins"].split(".") for row in said if row["joins"]
    }
    for (table, column), (dimension, key) in targets.items():
        if column == "dimension":
            continue
        keys = [row[key] for row in tables[dimension]]
        assert {row[column] for row in tables[table]} - {None} <= set(keys)
        assert len(keys) == len(set(keys))
    for row in said:
        if row["kind"] == "dimension" and row["joins"]:
            dimension, key = row["joins"].split(".")
            used = {one["key"] for one in tables["figures"] if one["dimension"] == row["value"]} - {
                None
            }
            assert used <= {one[key] for one in tables[dimension]}


@given(books(faulty=True, custom=True), DAYS, st.sampled_from([(), tuple(PersonalData)]))
def test_the_dictionary_is_whole(
    book: SalesBook, as_of: date | None, personal: tuple[PersonalData, ...]
) -> None:
    """Every column of every file stands in the dictionary once, and the other way round."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        written(folder, Facts.of(book, as_of=as_of), personal=personal, figures=FEW)
        said = dictionary(folder)
        entries = [(row["table"], row["column"]) for row in said if row["personal"]]
        there = [(path.stem, column) for path in folder.glob("*.csv") for column in headings(path)]
        cells = raw_rows(folder / "data_dictionary.csv")
    assert sorted(entries) == sorted(there)
    assert [
        {
            column: None
            if not cell
            else cell == "true"
            if column == "nullable"
            else cell.split("; ")
            if column == "choices"
            else text(cell)
            for column, cell in row.items()
        }
        for row in cells
    ] == said
    assert {row["table"] for row in said if row["kind"] == "table"} == {one for one, _ in there}
    for row in said:
        assert row["english"]
        assert row["chinese"]


def test_the_figures_are_those_of_the_library(tmp_path: Path, superstore: Facts) -> None:
    """Totals and slices stand with value, parts and reason as the functions give them."""
    rows = written(tmp_path, superstore, during=YEAR, by=["region", "month"])["figures"]
    totals = [row for row in rows if row["dimension"] is None]
    expected = figures(CATALOGUE, superstore, during=YEAR)
    assert len(totals) == len(CATALOGUE)
    for row, one in zip(totals, expected, strict=True):
        assert (row["figure"], row["key"], row["label"]) == (one.name, None, None)
        assert (row["value"], row["numerator"], row["denominator"]) == (
            one.value,
            one.numerator,
            one.denominator,
        )
        assert (row["n"], row["unit"], row["additive"]) == (one.n, one.unit, one.is_additive)
        assert (row["reason"], row["period"], row["as_of"]) == (one.reason, "2017", one.as_of)
    assert {row["value"] is None for row in totals} == {True, False}
    for name in ("revenue", "gross_margin"):
        for dimension in ("region", "month"):
            found = [
                (row["key"], row["label"], row["value"])
                for row in rows
                if (row["figure"], row["dimension"]) == (name, dimension)
            ]
            assert found == [
                (one.key, one.label, one.value)
                for one in slices(name, superstore, by=dimension, during=YEAR)
            ]
            assert found


def test_sliced_without_being_asked(tmp_path: Path) -> None:
    """By default figures are sliced by what has a table of its own, and by the calendar's units."""
    rows = written(tmp_path)["figures"]
    assert {row["dimension"] for row in rows} == {
        *(None, "product", "customer", "rep", "campaign"),
        *("territory", "team", "year", "quarter", "month", "week"),
    }
    of_moment = {row["dimension"] for row in rows if row["figure"] == "opportunities"}
    assert of_moment == {None, "product", "customer", "rep", "territory", "team"}


# Dimensions ---------------------------------------------------------------------------------


def test_keys_that_nobody_listed_have_a_row(tmp_path: Path) -> None:
    """A key without a record has a row that says so, also one that only a customer names."""
    tables = written(tmp_path)
    products = {row["product_id"]: row for row in tables["dim_product"]}
    assert products["P1"]["is_listed"]
    assert products["P7"] == {
        column: {"product_id": "P7", "is_listed": False}.get(column) for column in products["P7"]
    }
    assert [row["rep_id"] for row in tables["dim_rep"]] == ["R1", "R9"]
    assert "dim_team" not in tables


def test_the_money_of_a_dimension_keeps_its_currency(tmp_path: Path) -> None:
    """Amounts of master data stand beside their own currency, those of facts in the reporting's."""
    tables = written(tmp_path)
    (customer,) = tables["dim_customer"]
    assert (customer["credit_limit"], customer["credit_limit_currency"]) == (500, "EUR")
    yen = tables["fact_order_lines"][2]
    assert (yen["currency"], yen["net_amount"], yen["exchange_rate"]) == ("JPY", None, None)
    notes = [row["meaning"] for row in dictionary(tmp_path) if row["kind"] == "note"]
    assert any("JPY" in note for note in notes)


def test_a_date_that_stands_for_never_has_a_row(tmp_path: Path) -> None:
    """The calendar has every day of the facts, and a date far outside, without those between."""
    days = [row["day"] for row in written(tmp_path)["dim_calendar"]]
    assert days[0] == date(2017, 4, 1)
    assert days[-2:] == [date(2017, 5, 2), date(9999, 12, 31)]
    assert len(days) == 33


@pytest.mark.parametrize(
    ("calendar", "keys"),
    [
        ("gregorian-04", {"year": "2017", "quarter": "2017-Q1", "month": "2017-04"}),
        ("iso", {"year": "2017"}),
    ],
)
def test_keys_follow_the_calendar_of_the_facts(
    tmp_path: Path, calendar: str, keys: dict[str, str]
) -> None:
    """Fact tables and days have the keys of their calendar, and none that it does not know."""
    facts = Facts.of(BOOK, currency="USD", calendar=Calendar.named(calendar))
    tables = written(tmp_path, facts, during=facts.calendar.parse("2017"))
    keys = {**keys, "week": "2017-W13"}
    line, day = tables["fact_order_lines"][0], tables["dim_calendar"][0]
    assert {name: one for name, one in day.items() if name != "day"} == keys
    found = {name: one for name, one in line.items() if name.startswith("ordered_on_")}
    assert found == {f"ordered_on_{name}": one for name, one in keys.items()}


def test_only_dates_of_figures_have_keys(tmp_path: Path) -> None:
    """A date by which figures place rows has keys, of several others of a table none or one."""
    answer = SurveyResponse(
        id="S1", survey="spring", sent_on=date(2017, 1, 2), answered_on=date(2017, 1, 9)
    )
    tables = written(
        tmp_path, SalesBook(opportunities=BOOK.opportunities, survey_responses=[answer])
    )
    keyed = {
        table: [name.removesuffix("_week") for name in rows[0] if name.endswith("_on_week")]
        for table, rows in tables.items()
    }
    assert keyed["fact_opportunities"] == ["closed_on"]
    assert len(keyed["fact_survey_responses"]) == 1


# Texts and personal data --------------------------------------------------------------------


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_chinese_and_hostile_texts_come_back(tmp_path: Path, form: str) -> None:
    """Texts come back as they were in both formats, the empty text told from null."""
    tables = written(tmp_path, format=form, personal=PersonalData)
    (customer,) = tables["dim_customer"]
    assert customer["customer_id"] == "=K1"
    assert (customer["name"], customer["segment"], customer["industry"]) == ("华东公司", "", None)
    assert customer["phone"] == "+86 10"
    assert customer["recorded_at"] == datetime(2017, 1, 2, 3, 4, tzinfo=UTC)
    assert "华东公司" in {row["label"] for row in tables["figures"]}
    said = (tmp_path / "data_dictionary.json").read_text(encoding="utf-8")
    assert '"chinese": "销售额"' in said


def test_no_cell_of_text_is_a_formula(tmp_path: Path) -> None:
    """A text that begins like a formula stands guarded in every table, so that joins still hold."""
    written(tmp_path, personal=PersonalData)
    said = columns(dictionary(tmp_path))
    guarded = 0
    for path in tmp_path.glob("*.csv"):
        for row in raw_rows(path):
            for column, cell in row.items():
                if said[path.stem, column]["kind"] in ("id", "text", "choice"):
                    assert not cell.startswith(SIGNS)
                    guarded += cell == "'=K1"
    assert guarded > 3
    (guard,) = (row for row in dictionary(tmp_path) if row["column"] == "guard")
    assert guard["value"] == "'"


def test_numbers_and_truth_values_are_plain(tmp_path: Path) -> None:
    """Decimals have no exponent and no negative zero, truth values small letters."""
    written(tmp_path)
    first, second, third = raw_rows(tmp_path / "fact_order_lines.csv")
    assert (first["net_amount"], first["cost"], second["net_amount"]) == (
        "100",
        "0.00",
        "0.0000001",
    )
    assert third["net_amount"] == ""
    assert raw_rows(tmp_path / "fact_sales_lines.csv")[0]["is_free"] == "false"


def test_personal_data_are_left_out_by_class(tmp_path: Path) -> None:
    """Names stay by default; phones, mails and free texts are written only if asked for."""
    usual = written(tmp_path / "a")
    assert usual["dim_rep"][0]["name"] == "Anna"
    for table, column in (
        *(("dim_customer", "phone"), ("dim_customer", "needs"), ("dim_rep", "email")),
        ("fact_opportunities", "loss_reason"),
    ):
        assert column not in usual[table][0]
    label = columns(dictionary(tmp_path / "a"))["figures", "label"]
    assert label["personal"] == "identity"

    nameless = written(tmp_path / "b", personal=())
    assert "name" not in nameless["dim_rep"][0]
    assert nameless["dim_product"][0]["name"] == "Crane"  # no person's
    labels = {row["label"] for row in nameless["figures"]}
    assert {"=K1", "R1", "Crane", "–"} <= labels
    assert not {"华东公司", "Anna"} & labels
    folder = (tmp_path / "b").iterdir()
    assert not any("Anna" in path.read_text(encoding="utf-8") for path in folder)

    everything = written(tmp_path / "c", personal=PersonalData, by="loss_reason")
    assert everything["fact_opportunities"][0]["loss_reason"] == "they said no"
    assert {row["key"] for row in everything["figures"]} == {None, "they said no"}
    with pytest.raises(InvalidValue, match="free_text"):
        written(tmp_path / "d", by=["loss_reason"])
    with pytest.raises(InvalidValue, match="PersonalData"):
        written(tmp_path / "d", personal=["identity"])
    assert not (tmp_path / "d").exists()


# Custom fields and figures of one's own -----------------------------------------------------

REGISTERED = CustomFields.of(
    {
        "customers": [
            custom_field("customer_id", Kind.TEXT, "Old id", "旧编号"),
            custom_field("best_order_id", Kind.ID, "Best order", "最佳订单", refers="orders"),
        ],
        "expenses": [
            custom_field("guest_id", Kind.ID, "Guest", "来宾", refers="customers"),
            custom_field("mood", Kind.TEXT, "Mood", "心情", personal=PersonalData.FREE_TEXT),
            custom_field("spent_on_year", Kind.TEXT, "Year of the budget", "预算年度"),
            custom_field("approved_on", Kind.DATE, "Approved on", "批准日期"),
        ],
    }
)
WITH_CUSTOM = SalesBook(
    custom_fields=REGISTERED,
    customers=[Customer(id="K1", name="Adler", custom=custom_values(customer_id="17"))],
    expenses=[
        Expense(
            id="E1",
            amount=usd("5"),
            category="trip",
            spent_on=date(2017, 5, 1),
            custom=custom_values(
                guest_id="K2", mood="good", spent_on_year="1999", approved_on=date(2017, 6, 1)
            ),
        )
    ],
)


def test_registered_fields_are_columns_and_join(tmp_path: Path) -> None:
    """A registered field is written, joins and slices; one with the name of a column is not."""
    tables = written(tmp_path, WITH_CUSTOM, by="guest_id", figures="selling_expenses")
    (expense,) = tables["fact_expenses"]
    assert expense["guest_id"] == "K2"
    assert expense["spent_on_year"] == "2017"
    assert "mood" not in expense
    assert "approved_on_year" not in expense  # no figure places rows by it
    assert [row["customer_id"] for row in tables["dim_customer"]] == ["K1", "K2"]
    said = columns(dictionary(tmp_path))
    assert said["fact_expenses", "guest_id"]["joins"] == "dim_customer.customer_id"
    assert said["fact_expenses", "approved_on"]["joins"] == "dim_calendar.day"
    assert said["dim_customer", "best_order_id"]["meaning"] == "Id among orders."
    assert [(row["key"], row["value"]) for row in tables["figures"]] == [(None, 5), ("K2", 5)]


LATEST = FigureDefinition(
    name="approved",
    labels=("Approved", "已批准"),
    words="Expenses approved.",
    unit="expenses",
    source="This test.",
    numerator=[
        Part(
            Measure(
                name="approved",
                table="expenses",
                aggregate=Aggregate.COUNT,
                date="approved_on",
            )
        )
    ],
)


def test_a_figure_of_ones_own_is_written_and_explained(tmp_path: Path) -> None:
    """Definitions stand beside names; their dates get calendar keys, and they an entry."""
    tables = written(tmp_path, WITH_CUSTOM, figures=[LATEST, "selling_expenses"], by="month")
    assert tables["fact_expenses"][0]["approved_on_month"] == "2017-06"
    found = [row["key"] for row in tables["figures"] if row["figure"] == "approved"]
    assert found == [None, "2017-06"]
    entry = next(row for row in dictionary(tmp_path) if row["value"] == "approved")
    assert entry["formula"] == "number of expenses by approved_on"
    assert entry["source"] == "This test."


def test_the_dictionary_explains_figures_and_settings(tmp_path: Path) -> None:
    """Words, formula and source of each figure stand there, and what holds for all tables."""
    facts = Facts.of(BOOK, currency="USD", as_of=date(2017, 12, 31), basis=RevenueBasis.BOOKED)
    written(tmp_path, facts, during=YEAR)
    said = dictionary(tmp_path)
    figure = {row["value"]: row for row in said if row["kind"] == "figure"}
    assert list(figure) == [one.name for one in CATALOGUE]
    assert figure["revenue"]["unit"] == "USD"
    assert figure["gross_margin"]["formula"] == (
        "(sum of net_amount - cost over sales_lines by sold_on) ÷ "
        "(sum of net_amount over sales_lines where not (cost is null) by sold_on)"
    )
    assert "− sum of amount over expenses" in figure["sales_profit"]["formula"]
    assert figure["sales_cycle_p90"]["formula"].startswith("quantile 0.9 of values of cycle_days")
    settings = {row["column"]: row["value"] for row in said if row["kind"] == "setting"}
    assert settings == {
        "currency": "USD",
        "rates": facts.rates.name,
        "basis": "booked",
        "calendar": "gregorian",
        "as_of": "2017-12-31",
        "zone": "UTC",
        "during": "2017",
        "guard": "'",
    }
    line = columns(said)
    assert line["fact_order_lines", "net_amount"]["unit"] == "USD"
    assert line["fact_order_lines", "customer_id"]["joins"] == "dim_customer.customer_id"
    assert line["fact_order_lines", "order_id"]["meaning"] == "Id among orders."
    assert line["fact_customers", "customer_id"]["joins"] == "dim_customer.customer_id"
    assert "won" in line["fact_opportunities", "kind"]["choices"]


# Folders ------------------------------------------------------------------------------------


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_same_facts_write_the_same_bytes(tmp_path: Path) -> None:
    """A second writing changes nothing, and one in the other format leaves nothing behind."""
    facts = Facts.of(BOOK, currency="USD")
    names = write_tables(facts, str(tmp_path))
    first = contents(tmp_path)
    (tmp_path / "notes.csv").write_text("mine", encoding="utf-8")
    assert write_tables(Facts.of(BOOK, currency="USD"), tmp_path, replace=True) == names
    assert contents(tmp_path) == {**first, "notes.csv": b"mine"}
    write_tables(facts, tmp_path, format="parquet", replace=True)
    assert {path.name for path in tmp_path.glob("*.csv")} == {"data_dictionary.csv", "notes.csv"}
    write_tables(Facts.of(SalesBook()), tmp_path, replace=True)
    assert {path.name for path in tmp_path.iterdir()} == {
        *("figures.csv", "data_dictionary.csv", "data_dictionary.json", "notes.csv")
    }


def test_nothing_is_overwritten_unasked(tmp_path: Path) -> None:
    """A file of an earlier set, or a folder of its name, is refused and nothing is written."""
    facts = Facts.of(BOOK, currency="USD")
    earlier = tmp_path / "dim_team.parquet"
    earlier.write_bytes(b"earlier")
    with pytest.raises(ExportRefused, match="replace=True, or --replace in a command"):
        write_tables(facts, tmp_path)
    assert contents(tmp_path) == {"dim_team.parquet": b"earlier"}
    earlier.unlink()
    earlier.mkdir()
    with pytest.raises(ExportRefused, match="it is a folder"):
        write_tables(facts, tmp_path, replace=True)
    assert earlier.is_dir()
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ExportRefused, match="File exists"):
        write_tables(facts, tmp_path / "file")


def test_what_fails_halfway_leaves_the_earlier_set(tmp_path: Path) -> None:
    """Where a file cannot be moved, those moved before go back, and a new folder goes."""
    (tmp_path / "a.csv").write_bytes(b"old a")

    def write(path: Path) -> None:
        path.write_bytes(b"new")

    with pytest.raises(FileNotFoundError):
        _swap(tmp_path, {"a.csv": write}, ["a.csv", "gone.csv"])
    assert contents(tmp_path) == {"a.csv": b"old a"}
    with pytest.raises(FileNotFoundError):
        _swap(tmp_path / "b", {"a.csv": write}, ["gone.csv"])
    assert not (tmp_path / "b").exists()
    _swap(tmp_path, {"a.csv": write}, ["a.csv"])
    assert contents(tmp_path) == {"a.csv": b"new"}


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_texts_that_no_file_carries_are_refused(tmp_path: Path, form: str) -> None:
    """Half a surrogate pair is refused with table, row and column before any file is there."""
    book = SalesBook(customers=[Customer(id="K1", name="A"), Customer(id="K2", name="\ud800")])
    with pytest.raises(InvalidRecord, match=r"dim_customer/K2\.name"):
        write_tables(Facts.of(book), tmp_path / "a", format=form)
    assert not (tmp_path / "a").exists()


def test_what_was_asked_wrongly_is_refused(tmp_path: Path) -> None:
    """Unknown formats, figures and dimensions, clashing figures and a wrong period are refused."""
    refused: list[tuple[type[Exception], str, dict[str, Any]]] = [
        (UnknownName, "format of tables", {"format": "xlsx"}),
        (UnknownName, "figure", {"figures": "revenu"}),
        (UnknownName, "dimension of these figures", {"by": ["moon"]}),
        (UnknownName, "did you mean", {"by": "regio", "figures": ["revenue"]}),
        (InvalidValue, "during", {"during": "2017", "figures": ()}),
        (InvalidValue, "share this name", {"figures": [LATEST, _renamed("revenue"), "revenue"]}),
    ]
    for error, words, asked in refused:
        with pytest.raises(error, match=words):
            write_tables(Facts.of(WITH_CUSTOM), tmp_path / "a", **asked)
    assert not (tmp_path / "a").exists()


def _renamed(name: str) -> FigureDefinition:
    """Return a figure under another's name."""
    return attrs.evolve(LATEST, name=name)
