"""Frames out of facts and records, and records out of frames."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings

from salescore import testing
from salescore.book import FACT_TABLES, Facts, SalesBook
from salescore.entities import Customer, Expense, Team
from salescore.errors import InvalidFrame, InvalidRecord, InvalidValue, UnknownName
from salescore.frames import ENGINES, fact_frames, from_frames, native_frame, open_frame, to_frames
from salescore.plain import CustomFields, Field, FieldTable, Kind, custom_field, custom_values
from salescore.values import Money

pytestmark = pytest.mark.engine

LOCAL = ["polars", "polars-lazy", "pyarrow", "pandas", "duckdb"]
TEAM = {"id": ["T-1"], "name": ["One"]}


@pytest.mark.parametrize("engine", LOCAL)
@settings(max_examples=20)
@given(book=testing.books(faulty=True, custom=True))
def test_records_come_back(engine: str, book: SalesBook) -> None:
    """Every record of a book, registered fields and faults included, is the same after a frame."""
    again = from_frames(to_frames(book, engine), custom_fields=book.custom_fields)
    assert again == book


@pytest.mark.parametrize("engine", LOCAL)
def test_every_fact_table_is_a_frame(engine: str) -> None:
    """All fact tables are made, empty ones too, and each has the columns of its schema."""
    frames = fact_frames(Facts.of(SalesBook()), engine)
    assert list(frames) == [schema.name for schema in FACT_TABLES]
    for schema in FACT_TABLES:
        opened = open_frame(frames[schema.name], schema)
        assert not opened.absent


@pytest.mark.parametrize("engine", LOCAL)
@settings(max_examples=10)
@given(book=testing.books(custom=True))
def test_frames_hold_the_values_of_fact_tables(engine: str, book: SalesBook) -> None:
    """Every value of every fact table is there, registered fields among them."""
    facts = Facts.of(book)
    for name, native in fact_frames(facts, engine).items():
        table = facts.table(name)
        found = arrow(native).to_pydict()
        assert list(found) == list(table.schema.names)
        assert found == {one: list(table.column(one)) for one in table.schema.names}


def arrow(native: Any) -> pa.Table:  # noqa: ANN401 - a frame of any engine
    """Return a frame as an Arrow table."""
    match native:
        case pl.LazyFrame():
            return native.collect().to_arrow()
        case pl.DataFrame():
            return native.to_arrow()
        case pd.DataFrame():
            return pa.Table.from_pandas(native, preserve_index=False)
        case pa.Table():
            return native
        case _:
            return native.to_arrow_table()


def test_frames_are_of_the_engine_asked_for() -> None:
    """Each engine has its own kind of frame; pandas columns are Arrow's."""
    book = SalesBook(teams=[Team(id="T-1", name="One")])
    kinds: dict[str, type[Any]] = {
        "polars": pl.DataFrame,
        "polars-lazy": pl.LazyFrame,
        "pyarrow": pa.Table,
        "pandas": pd.DataFrame,
        "duckdb": duckdb.DuckDBPyRelation,
    }
    assert set(ENGINES) == {*kinds, "spark"}
    for engine, kind in kinds.items():
        assert isinstance(to_frames(book, engine)["teams"], kind)
    frame = to_frames(book, "pandas")["teams"]
    assert all(isinstance(dtype, pd.ArrowDtype) for dtype in frame.dtypes)


def test_only_what_is_asked_for_is_made() -> None:
    """Tables and record types may be chosen; each is made once, and a wrong name is refused."""
    facts = Facts.of(SalesBook())
    assert list(fact_frames(facts, tables=["leads", "leads"])) == ["leads"]
    assert to_frames(SalesBook()) == {}
    assert list(to_frames(SalesBook(), records=["teams"])) == ["teams"]
    with pytest.raises(UnknownName, match="fact table"):
        fact_frames(facts, tables=["lines"])
    with pytest.raises(InvalidValue, match=r"tables is 'leads'.*several names"):
        fact_frames(facts, tables="leads")
    with pytest.raises(InvalidValue, match=r"records is 'teams'.*several names"):
        to_frames(SalesBook(), records="teams")
    with pytest.raises(UnknownName, match="record type"):
        to_frames(SalesBook(), records=["lines"])
    with pytest.raises(UnknownName, match="did you mean 'polars'"):
        to_frames(SalesBook(), "polar")
    with pytest.raises(InvalidValue, match="session=spark"):
        fact_frames(facts, "spark")


def test_frames_of_one_call_share_a_connection() -> None:
    """Relations can be joined with one another; a connection handed in is the one used."""
    frames = fact_frames(Facts.of(SalesBook()), "duckdb", tables=["leads", "customers"])
    joined = frames["leads"].join(frames["customers"], "customer_id")
    assert joined.fetchall() == []
    with duckdb.connect() as connection:
        relation = fact_frames(Facts.of(SalesBook()), "duckdb", session=connection)["leads"]
        assert connection.sql("SELECT count(*) FROM relation").fetchall() == [(0,)]
        assert relation.columns[0] == "id"


def columns_of(**kinds: Kind) -> FieldTable:
    """Return a field table with a field of each kind."""
    fields = (
        Field(name=name, kind=kind, nullable=True, labels=("", ""), is_set=name == "tags")
        for name, kind in kinds.items()
    )
    return FieldTable(name="rows", fields=tuple(fields))


def test_decimals_are_tight() -> None:
    """Digits are those of the numbers: zeros behind them, exponents and null columns need none."""
    schema = columns_of(a=Kind.DECIMAL, b=Kind.DECIMAL, c=Kind.DECIMAL, d=Kind.DECIMAL)
    made = native_frame(
        schema,
        {
            "a": [Decimal("1.500"), Decimal(-12), None],
            "b": [Decimal("1E+3"), Decimal("0E-9"), Decimal("0E+4")],
            "c": [None, None, None],
            "d": [Decimal("0.001"), Decimal("-0.000"), None],
        },
        "pyarrow",
    )
    kinds = {"a": (3, 1), "b": (4, 0), "c": (1, 0), "d": (3, 3)}
    for name, (precision, scale) in kinds.items():
        assert made.schema.field(name).type == pa.decimal128(precision, scale)
    assert made.column("a").to_pylist() == [Decimal("1.5"), Decimal(-12), None]
    assert made.column("b").to_pylist() == [Decimal(1000), 0, 0]


def test_days_instants_and_sets_are_kept_exactly() -> None:
    """Days are days, instants are in UTC to the microsecond, a set is one sorted text."""
    instant = datetime(1900, 1, 1, 23, 59, 59, 999_999, tzinfo=UTC)
    made = native_frame(
        columns_of(day=Kind.DATE, at=Kind.INSTANT, tags=Kind.TEXT, flag=Kind.BOOLEAN),
        {
            "day": [date(2199, 12, 31), None],
            "at": [instant, None],
            "tags": [frozenset({"b", "a"}), frozenset()],
            "flag": [True, None],
        },
        "pyarrow",
    )
    assert made.to_pylist() == [
        {"day": date(2199, 12, 31), "at": instant, "tags": "\x1fa\x1fb\x1f", "flag": True},
        {"day": None, "at": None, "tags": "\x1f", "flag": None},
    ]


def test_a_column_that_is_left_out_is_not_there() -> None:
    """Columns that are given keep the order of the schema; an unknown one is refused."""
    schema = columns_of(a=Kind.TEXT, b=Kind.TEXT, c=Kind.TEXT)
    made = native_frame(schema, {"c": ["x"], "a": ["y"]}, "pyarrow")
    assert made.column_names == ["a", "c"]
    with pytest.raises(UnknownName, match="field of rows"):
        native_frame(schema, {"d": []}, "pyarrow")


def test_all_that_no_frame_holds_is_told_at_once() -> None:
    """Too many digits, half a surrogate pair and the sign that parts a set are told together."""
    with pytest.raises(InvalidFrame) as caught:
        native_frame(
            columns_of(number=Kind.DECIMAL, text=Kind.TEXT, tags=Kind.TEXT),
            {
                "number": [Decimal("9" * 30), Decimal("0.000000001")],
                "text": ["a", "\ud800"],
                "tags": [None, frozenset({"a\x1f"})],
            },
        )
    assert caught.value.table == "rows"
    assert caught.value.faults == (
        "number: its numbers need 30 digits before the point and 9 behind it, and a frame holds 38",
        "text: a text holds half a surrogate pair, which no frame carries; remove it",
        "tags: a text of a set holds U+001F, which parts the texts; remove it",
    )


# Records out of frames ----------------------------------------------------------------------------


def test_columns_are_those_of_a_folder_of_facts() -> None:
    """Money stands under its field's name beside the currency of the row; choices are text."""
    book = SalesBook(
        expenses=[
            Expense(id="E-1", spent_on=date(2017, 3, 1), amount=Money.of("12.50", "EUR")),
        ],
        customers=[Customer(id="C-1", name="A"), Customer(id="C-2", name="B")],
    )
    found = to_frames(book)
    assert found["expenses"].column_names == list(book.table("expenses").csv_columns)
    row = found["expenses"].to_pylist()[0]
    assert (row["amount"], row["currency"]) == (Decimal("12.5"), "EUR")
    assert found["customers"].column("currency").to_pylist() == [None, None]


def test_nullable_columns_may_be_left_out() -> None:
    """Whoever makes a frame by hand needs only the required columns."""
    book = from_frames({"teams": pa.table(TEAM), "customers": pl.DataFrame(TEAM).lazy()})
    assert book.teams == (Team(id="T-1", name="One"),)
    assert book.customers == (Customer(id="T-1", name="One"),)


def test_whole_numbers_categories_and_other_zones_are_read() -> None:
    """Integers are decimals, dictionaries are texts, and an instant is brought to UTC."""
    east = timezone(timedelta(hours=8))
    frame = pa.table(
        {
            "id": pa.array(["C-1"]).dictionary_encode(),
            "name": ["One"],
            "employees": pa.array([7], pa.int64()),
            "credit_limit": pa.array([Decimal("1.000")], pa.decimal128(38, 20)),
            "currency": ["USD"],
            "recorded_at": pa.array(
                [datetime(2017, 3, 1, 8, tzinfo=east)], pa.timestamp("us", "Asia/Shanghai")
            ),
            "region": pa.nulls(1),
        }
    )
    assert from_frames({"customers": frame}).customers == (
        Customer(
            id="C-1",
            name="One",
            employees=Decimal(7),
            credit_limit=Money.of(1, "USD"),
            recorded_at=datetime(2017, 3, 1, tzinfo=UTC),
        ),
    )


def test_all_wrong_columns_of_all_frames_are_told_at_once() -> None:
    """Floats for money, naive instants, unknown, doubled and missing columns: one error."""
    wrong = pa.table(
        [
            pa.array([1.5]),
            pa.array([datetime(2017, 3, 1)]),  # noqa: DTZ001 - a naive one is the point
            pa.array(["2017-03-01"]),
            pa.array([datetime(2017, 3, 1)]),  # noqa: DTZ001 - as above
            pa.array([1]),
        ],
        names=["credit_limit", "recorded_at", "created_on", "moon", "name"],
    )
    with pytest.raises(InvalidFrame) as caught:
        from_frames({"customers": wrong})
    assert caught.value.table == "customers"
    assert sorted(fault.partition(":")[0] for fault in caught.value.faults) == sorted(
        ["credit_limit", "created_on", "currency", "id", "moon", "name", "recorded_at"]
    )
    assert "credit_limit: its dtype is double; it must hold exact decimals" in caught.value.faults
    with pytest.raises(InvalidFrame) as caught:
        from_frames({"customers": wrong, "teams": pa.table({"id": ["T-1"]})})
    assert caught.value.table == "customers, teams"
    assert caught.value.faults[-1] == "teams.name: the column is missing"


def test_two_columns_of_one_name_are_refused() -> None:
    """Nobody can tell which of them counts."""
    doubled = pa.table([pa.array(["T-1"])] * 3, names=["id", "name", "name"])
    with pytest.raises(InvalidFrame, match="unique column names") as caught:
        from_frames({"teams": doubled})
    assert caught.value.table == "teams"


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("lifecycle", "asleep", "it must be one of"),
        ("name", None, "it is required"),
        ("employees", Decimal(-1), "it must be at least 0"),
        ("credit_limit", Decimal("0.1234567890123456789"), "18 digits after the point"),
        ("currency", "usd", "currency"),
        ("currency", None, "no currency says which"),
    ],
)
def test_a_wrong_value_is_told_with_its_row(column: str, value: Any, said: str) -> None:  # noqa: ANN401 - of any type
    """The first row whose value its field does not admit is named, counted from 0."""
    right = {
        "id": "C-1",
        "name": "One",
        "lifecycle": "customer",
        "employees": Decimal(1),
        "credit_limit": Decimal(1),
        "currency": "USD",
    }
    rows = [right, {**right, "id": "C-2", column: value}]
    with pytest.raises(InvalidRecord, match=said) as caught:
        from_frames({"customers": pa.Table.from_pylist(rows)})
    assert (caught.value.record, caught.value.field) == ("customers[1]", column)


def test_a_currency_without_money_may_be_anything_known() -> None:
    """A row that states no amount needs no currency, and keeps none."""
    frame = pa.table(
        {
            "id": ["C-1", "C-2"],
            "name": ["One", "Two"],
            "credit_limit": pa.array([None, None], pa.decimal128(5, 2)),
            "currency": ["USD", None],
        }
    )
    assert [one.credit_limit for one in from_frames({"customers": frame}).customers] == [None, None]


def test_registered_fields_are_columns() -> None:
    """They are read where they are registered, money in the currency of the row, else refused."""
    fields = CustomFields.of(
        {
            "teams": [
                custom_field("budget", Kind.MONEY, "Budget", "预算"),
                custom_field("area", Kind.TEXT, "Area", "地区"),
            ]
        }
    )
    frame = pa.table({**TEAM, "budget": [Decimal(5)], "currency": ["JPY"], "area": ["West"]})
    (team,) = from_frames({"teams": frame}, custom_fields=fields).teams
    assert team.custom == custom_values(area="West", budget=Money.of(5, "JPY"))
    with pytest.raises(InvalidFrame, match="budget: there is no such field"):
        from_frames({"teams": frame})


@pytest.mark.parametrize("nanoseconds", [1_000, 1_001])
def test_finer_instants_than_microseconds_are_refused(nanoseconds: int) -> None:
    """Nanoseconds are read where they are none, and never cut in silence."""
    at = pa.array([nanoseconds], pa.timestamp("ns", "UTC"))
    frame = pa.table({**TEAM, "recorded_at": at})
    if nanoseconds % 1_000:
        with pytest.raises(InvalidFrame, match="recorded_at: its instants are finer"):
            from_frames({"customers": frame})
        return
    (customer,) = from_frames({"customers": frame}).customers
    assert type(customer.recorded_at) is datetime
    assert customer.recorded_at == datetime(1970, 1, 1, 0, 0, 0, 1, tzinfo=UTC)


def test_what_is_no_frame_is_refused() -> None:
    """A list is no dataframe, an unknown record type no record type."""
    with pytest.raises(InvalidFrame, match="it is a list; hand in a dataframe"):
        from_frames({"teams": [TEAM]})
    with pytest.raises(UnknownName, match="record type"):
        from_frames({"moons": pa.table(TEAM)})
    objects = pd.DataFrame({"id": ["T-1", 1], "name": ["One", "Two"]}, dtype=object)
    with pytest.raises(InvalidFrame, match="teams"):
        from_frames({"teams": objects})
