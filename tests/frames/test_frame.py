from __future__ import annotations

import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import duckdb
import narwhals.stable.v2 as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from tests.frames.engine_cases import ABSENT, CASES, ENGINES, ROWS, answers, native_of, rows_of

from salescore.book import FACT_TABLES
from salescore.errors import InvalidFrame, MissingExtra, UnknownName
from salescore.frames import Digits, filter_frame, frame_expression, open_frame
from salescore.frames._digits import Span
from salescore.frames._engines import engine_fault, engine_of
from salescore.plain import FieldTable
from salescore.rules import F, FieldRef

pytestmark = pytest.mark.engine

D = Decimal
NAMES = {"polars": "polars", "polars-lazy": "polars"}
SHANGHAI = ZoneInfo("Asia/Shanghai")


def faults_of(native: Any, *columns: str, schema: FieldTable = CASES) -> tuple[str, ...]:  # noqa: ANN401 - any dataframe
    """Return everything that is said to be wrong with a dataframe."""
    with pytest.raises(InvalidFrame) as caught:
        open_frame(native, schema, columns=columns or None)
    assert caught.value.table == schema.name
    return caught.value.faults


def read(native: Any, name: str) -> list[Any]:  # noqa: ANN401 - any dataframe
    """Return what rules read from a column of a dataframe."""
    (found,) = answers(native, [FieldRef(name)])
    return found


@pytest.mark.parametrize("engine", ENGINES)
def test_an_opened_frame_knows_its_columns(engine: str) -> None:
    """A frame says who works on it, what its columns hold, and which of the schema are absent."""
    native = native_of(engine)
    frame = open_frame(native, CASES, absent_as_null=True)
    assert frame.native is native
    assert frame.engine == NAMES.get(engine, engine)
    assert frame.absent == set(ABSENT)
    assert [one.name for one in frame.columns] == [n for n in CASES.names if n not in ABSENT]
    assert frame.digits == {"amount": Digits(8, 2), "rate": Digits(1, 3), "count": Digits(10, 0)}
    assert frame.column("gone") is None
    assert open_frame(frame, CASES) is frame


@pytest.mark.parametrize("engine", ENGINES)
def test_values_are_read_as_they_were_written(engine: str) -> None:
    """Every column gives rules the values that were put into the frame."""
    native = native_of(engine)
    for name in CASES.names:
        right = [row[name] for row in ROWS]
        if name == "tags":
            right = [
                "".join(f"\x1f{t}" for t in sorted(r)) + "\x1f" if r is not None else None
                for r in right
            ]
        assert read(native, name) == right


def test_a_fact_table_is_known_by_its_name() -> None:
    """A schema is given by name or as it is; a wrong name is told the right ones."""
    native = pl.DataFrame({"id": ["1"], "order_id": ["2"]})
    by_name = open_frame(native, "order_lines", columns=["id"])
    assert by_name.schema is next(one for one in FACT_TABLES if one.name == "order_lines")
    with pytest.raises(UnknownName, match=r"no fact table 'order_lins'; .*order_lines"):
        open_frame(native, "order_lins")
    with pytest.raises(UnknownName, match="order_idd"):
        open_frame(native, "order_lines", columns=["order_idd"])


def test_all_faults_are_said_at_once() -> None:
    """Missing columns and wrong types of every kind stand in one error, each a sentence."""
    strict = attrs.evolve(
        CASES, fields=tuple(attrs.evolve(one, nullable=one.name != "note") for one in CASES.fields)
    )
    native = pl.DataFrame(
        {
            "amount": [1.5],
            "rate": ["1"],
            "count": [True],
            "region": [1],
            "kind": [D(1)],
            "day": [datetime(2024, 1, 1)],  # noqa: DTZ001 - a frame may hold one
            "due": ["2024-01-01"],
            "at": [datetime(2024, 1, 1)],  # noqa: DTZ001 - as above
            "hot": [1],
            "cold": ["true"],
            "tags": [["a"]],
        }
    )
    assert faults_of(native, schema=strict) == (
        "column 'note' is missing",
        (
            "column 'amount' holds floats (Float64), which are not exact; cast it to a decimal, "
            "such as Decimal(18, 2)"
        ),
        "column 'rate' holds String, not numbers; cast it to a decimal, such as Decimal(18, 2)",
        "column 'count' holds Boolean, not numbers; cast it to a decimal, such as Decimal(18, 2)",
        "column 'region' holds Int64, not texts; cast it to strings",
        "column 'kind' holds Decimal(precision=38, scale=0), not texts; cast it to strings",
        "column 'day' holds Datetime(time_unit='us', time_zone=None), not days; cast it to dates",
        "column 'due' holds String, not days; cast it to dates",
        (
            "column 'at' holds timestamps without a zone; "
            "say which zone they are of and convert to UTC"
        ),
        "column 'hot' holds Int64, not truth values; compare it with what stands for true",
        "column 'cold' holds String, not truth values; compare it with what stands for true",
        (
            "column 'tags' holds List(String), not sets of texts as one text, "
            "with U+001F before each and at the end"
        ),
    )


@pytest.mark.parametrize("engine", ENGINES)
def test_floats_are_no_numbers(engine: str) -> None:
    """A column of floats is refused on every engine, with NaN or without."""
    table = pa.table(
        {
            "amount": pa.array([1.5, float("nan")]),
            "rate": pa.array([1.0], pa.float32()).take([0, 0]),
        }
    )
    native = as_engine(table, engine)
    found = faults_of(native, "amount", "rate")
    assert len(found) == 2
    assert all("holds floats" in fault and "Decimal(18, 2)" in fault for fault in found)


def as_engine(table: Any, engine: str) -> Any:  # noqa: ANN401 - any dataframe
    """Return an Arrow table as a dataframe of an engine."""
    match engine:
        case "polars":
            return pl.from_arrow(table)
        case "polars-lazy":
            return pl.from_arrow(table).lazy()
        case "duckdb":
            return duckdb.connect().from_arrow(table)
        case "pandas":
            return table.to_pandas(types_mapper=pd.ArrowDtype)
        case _:
            return table


@pytest.mark.parametrize("engine", ENGINES)
def test_only_the_columns_asked_for_are_checked(engine: str) -> None:
    """A fault in a column that nobody reads does not matter."""
    native = as_engine(pa.table({"amount": [1.5], "region": ["West"]}), engine)
    frame = open_frame(native, CASES, columns=["region", "region", "note"])
    assert [one.name for one in frame.columns] == ["region"]
    assert frame.absent == {"note"}
    with pytest.raises(InvalidFrame, match="'amount' was not checked; open the frame for it too"):
        frame.column("amount")
    with pytest.raises(UnknownName, match="amuont"):
        frame.column("amuont")


@pytest.mark.parametrize("engine", ENGINES)
def test_columns_without_a_type_are_unknown(engine: str) -> None:
    """A column in which nothing was ever known, and so has no type, reads as null."""
    table = pa.table({"amount": pa.nulls(2), "region": ["West", None], "day": pa.nulls(2)})
    native = as_engine(table, engine)
    frame = open_frame(native, CASES, columns=["amount", "region", "day"])
    assert frame.absent <= {"amount", "day"}
    found = answers(native, [F.amount.is_null(), F.day > date(2024, 1, 1), F.region == "West"])
    assert found == [[True, True], [None, None], [True, None]]


@pytest.mark.parametrize("engine", ENGINES)
def test_texts_of_every_encoding_are_texts(engine: str) -> None:
    """Dictionaries, categories, large strings and views of strings are read as texts."""
    values = pa.array(["West", None, "华东", "West"])
    for kind in (pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string())):
        native = as_engine(pa.table({"region": values.cast(kind)}), engine)
        assert read(native, "region") == values.to_pylist()
        rules = [
            F.region == "West",
            F.region.is_in(["华东"]),
            F.region.starts_with("W"),
            F.region < "X",
        ]
        assert answers(native, rules) == [
            [True, None, False, True],
            [False, None, True, False],
            [True, None, False, True],
            [True, None, False, True],
        ]
        if kind != pa.string_view():  # of which Arrow itself can take no rows
            kept = rows_of(filter_frame(native, F.region == "West", CASES))
            assert kept == [{"region": "West"}] * 2


def test_enumerations_of_engines_are_texts() -> None:
    """An Enum of Polars and of DuckDB is read as text, and stays what it is in what comes back."""
    native = pl.DataFrame({"kind": pl.Series(["old", None, "new"], dtype=pl.Enum(["new", "old"]))})
    assert read(native, "kind") == ["old", None, "new"]
    found = filter_frame(native, F.kind == "old", CASES)
    assert found.schema == native.schema
    other = duckdb.connect().sql("SELECT 'old'::ENUM('new', 'old') AS region")
    assert answers(other, [F.region < "z", F.region == "old"]) == [[True], [True]]


INSTANTS = [
    datetime(2024, 1, 1, 8, tzinfo=SHANGHAI),
    None,
    datetime(2024, 1, 1, 7, 59, 59, tzinfo=SHANGHAI),
]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", ["Asia/Shanghai", "+08:00", "UTC"])
def test_instants_of_any_zone_are_compared_in_utc(engine: str, unit: str, zone: str) -> None:
    """An instant is the same in every zone and unit; what DuckDB has no type for it refuses."""
    values = pa.array(INSTANTS, pa.timestamp("us", "Asia/Shanghai")).cast(pa.timestamp(unit, zone))
    native = as_engine(pa.table({"at": values}), engine)
    if engine == "duckdb" and unit == "ns":
        (fault,) = faults_of(native, "at")
        assert "cast it to timestamps in UTC" in fault
        return
    new_year = datetime(2024, 1, 1, tzinfo=UTC)
    rules = [F.at >= new_year, F.at == new_year, F.at < datetime(9999, 1, 1, tzinfo=UTC)]
    assert answers(native, rules) == [[True, None, False], [True, None, False], [True, None, True]]
    kept = filter_frame(native, F.at.is_in([new_year]) & (F.at >= new_year), CASES)
    assert len(rows_of(kept)) == 1
    assert read(native, "at") == INSTANTS


@pytest.mark.parametrize("engine", ["polars", "polars-lazy", "pyarrow", "pandas"])
def test_instants_finer_than_a_microsecond_are_refused(engine: str) -> None:
    """Nothing is cut off an instant in silence."""
    table = pa.table({"at": pa.array([1000, 1001], pa.timestamp("ns", "UTC"))})
    assert faults_of(as_engine(table, engine), "at") == (
        "column 'at' holds instants finer than a microsecond; round them",
    )


@pytest.mark.parametrize("engine", ["pyarrow", "pandas"])
def test_unknown_time_zones_are_refused(engine: str) -> None:
    """A zone that nobody knows is named."""
    table = pa.table({"at": pa.array([1], pa.timestamp("us", "Mars/Base"))})
    native = (
        table
        if engine == "pyarrow"
        else pd.DataFrame(
            {"at": pd.array(table["at"].combine_chunks(), dtype=pd.ArrowDtype(table["at"].type))}
        )
    )
    assert faults_of(native, "at") == (
        "column 'at' is in 'Mars/Base', and no such time zone is known",
    )


def test_the_zone_of_a_database_session_changes_nothing() -> None:
    """Where a session of DuckDB shows instants in another zone, rules see the same instants."""
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'Asia/Shanghai'")
    native = connection.sql("SELECT TIMESTAMPTZ '2024-01-01 08:00:00+08' AS at")
    new_year = datetime(2024, 1, 1, tzinfo=UTC)
    rules = [F.at == new_year, F.at > new_year - timedelta(microseconds=1), F.at > new_year]
    assert answers(native, rules) == [[True], [True], [False]]


@pytest.mark.parametrize("engine", ENGINES)
def test_sets_must_be_written_as_sets(engine: str) -> None:
    """A text that is no set, such as one parted by commas, is refused; no set is a fault."""
    table = pa.table({"tags": ["\x1fa\x1f", "a,b", None]})
    assert faults_of(as_engine(table, engine), "tags") == (
        (
            "column 'tags' holds texts, not sets of texts as one text, "
            "with U+001F before each and at the end"
        ),
    )
    fine = as_engine(pa.table({"tags": pa.array(["\x1fa\x1f", "\x1f", None])}), engine)
    assert answers(fine, [F.tags.has_any(["a"])]) == [[True, False, None]]


@pytest.mark.parametrize("engine", ["pyarrow", "pandas"])
def test_decimals_of_every_width_are_numbers(engine: str) -> None:
    """Arrow's decimals of 32, 64 and 256 bits are read where 38 digits hold their values."""
    values = [D("1.50"), None, D("-99.99")]
    for kind in (pa.decimal32(6, 2), pa.decimal64(12, 2), pa.decimal256(76, 2)):
        native = as_engine(pa.table({"amount": pa.array(values, kind)}), engine)
        assert read(native, "amount") == values
        assert open_frame(native, CASES, columns=["amount"]).digits["amount"].behind == 2
    empty = as_engine(pa.table({"amount": pa.array([None], pa.decimal256(76, 2))}), engine)
    assert read(empty, "amount") == [None]
    hundreds = pa.array([D(1500), None], pa.decimal128(5, -2))
    assert read(as_engine(pa.table({"amount": hundreds}), engine), "amount") == [1500, None]


@pytest.mark.parametrize("engine", ["pyarrow", "pandas"])
def test_decimals_beyond_38_digits_are_refused(engine: str) -> None:
    """A number that no engine holds is refused with the digits it needs."""
    wide = pa.array([D("1" + "0" * 38)], pa.decimal256(76, 2))
    assert faults_of(as_engine(pa.table({"amount": wide}), engine), "amount") == (
        "column 'amount' needs 39 digits before the point and 2 behind it, and a frame holds 38",
    )


def test_days_may_be_dates_of_64_bits() -> None:
    """Arrow's other type of dates is a date too."""
    native = pa.table({"day": pa.array([date(2024, 2, 29), None], pa.date64())})
    assert read(native, "day") == [date(2024, 2, 29), None]


@pytest.mark.parametrize("engine", ["pyarrow", "pandas"])
def test_two_columns_of_one_name_are_refused(engine: str) -> None:
    """Nobody can tell which of two columns is meant."""
    native: Any = pa.table([[1], [2]], names=["amount", "amount"])
    if engine == "pandas":
        native = pd.DataFrame([[1, 2]], columns=["amount", "amount"])
    assert faults_of(native, "amount") == ("column 'amount' stands there twice",)


def test_names_that_an_engine_takes_for_one_are_refused() -> None:
    """DuckDB does not tell 'a' from 'A', so a frame of both is refused there alone."""
    native = pa.table([[1], [2]], names=["amount", "AMOUNT"])
    assert read(native, "amount") == [1]
    relation = duckdb.connect().sql("SELECT 1 AS amount, 2 AS AMOUNT")
    assert faults_of(relation, "amount") == ("column 'amount' stands there twice",)


@pytest.mark.parametrize("given", [[1], None, {"amount": [1]}, pl.Series([1])])
def test_what_is_no_dataframe_is_refused(given: Any) -> None:  # noqa: ANN401 - anything
    """A list, a mapping, a single column: the error says what would be right."""
    (fault,) = faults_of(given)
    assert fault.startswith(f"a {type(given).__name__} is no dataframe; hand in one of Polars")


def test_a_frame_of_narwhals_is_a_dataframe() -> None:
    """What Narwhals has wrapped already is taken too."""
    native = nw.from_native(pl.DataFrame({"amount": [1]}))
    assert read(native, "amount") == [1]


PANDAS: list[tuple[str, Any, list[Any]]] = [
    ("amount", pd.Series([1, -2], dtype="int64"), [1, -2]),
    ("amount", pd.Series([1, None], dtype="Int32"), [1, None]),
    ("amount", pd.Series([1, None], dtype="UInt64"), [1, None]),
    ("amount", pd.Series([D("1.10"), None], dtype="object"), [D("1.10"), None]),
    ("amount", pd.Series([D("1.10"), np.nan], dtype="object"), [D("1.10"), None]),
    ("amount", pd.Series([10**20, None], dtype="object"), [10**20, None]),
    ("region", pd.Series(["a", None]), ["a", None]),
    ("region", pd.Series(["a", None], dtype="object"), ["a", None]),
    ("region", pd.Series(["a", pd.NA], dtype="object"), ["a", None]),
    ("region", pd.Series(["a", None], dtype="category"), ["a", None]),
    ("region", pd.Series(["a", None], dtype="string"), ["a", None]),
    ("day", pd.Series([date(2024, 1, 1), None], dtype="object"), [date(2024, 1, 1), None]),
    ("day", pd.Series([date(2024, 1, 1), pd.NaT], dtype="object"), [date(2024, 1, 1), None]),
    ("hot", pd.Series([True, False]), [True, False]),
    ("hot", pd.Series([True, None], dtype="boolean"), [True, None]),
    ("hot", pd.Series([True, None], dtype="object"), [True, None]),
    (
        "at",
        pd.Series(pd.to_datetime(["2024-01-01T00:00:00Z", None])),
        [datetime(2024, 1, 1, tzinfo=UTC), None],
    ),
    ("note", pd.Series([None, None], dtype="object"), [None, None]),
]


@pytest.mark.parametrize(("name", "series", "right"), PANDAS)
def test_columns_of_pandas_are_read(name: str, series: Any, right: list[Any]) -> None:  # noqa: ANN401 - a column
    """Columns of NumPy, of pandas' own types and of pure objects are read without a loss."""
    native = pd.DataFrame({name: series})
    assert read(native, name) == right
    assert answers(native, [F[name].is_null()]) == [[one is None for one in right]]


@pytest.mark.parametrize(
    ("name", "values", "fault"),
    [
        ("amount", [D("1.1"), 1.5], "holds objects (Decimal, float), not numbers"),
        ("amount", [D("1.1"), 1], "holds objects (Decimal, int), not numbers"),
        ("amount", [D("NaN"), D(1)], "holds NaN or infinity; what is unknown is null"),
        ("amount", [D("Infinity")], "holds NaN or infinity; what is unknown is null"),
        ("amount", [True, False], "holds objects (bool), not numbers"),
        ("region", ["a", 1], "holds objects (int, str), not texts"),
        ("day", [datetime(2024, 1, 1, tzinfo=UTC)], "holds objects (datetime), not days"),
        ("at", [datetime(2024, 1, 1, tzinfo=UTC)], "holds objects (datetime), not instants"),
        ("hot", [True, 0], "holds objects (bool, int), not truth values"),
    ],
)
def test_mixed_objects_of_pandas_are_refused(name: str, values: list[Any], fault: str) -> None:
    """A column of objects is read only where all of them are of the one right type."""
    native = pd.DataFrame({name: pd.Series(values, dtype="object")})
    (found,) = faults_of(native, name)
    assert found.startswith(f"column {name!r} {fault}")


def test_engines_that_compare_as_numpy_does_are_refused() -> None:
    """Frames like those of pandas are refused by name; the five engines and others are read."""
    for name in ("modin", "cudf", "dask"):
        assert f"columns of {name} may take" in str(engine_fault(name))
    for name in ("polars", "duckdb", "pyarrow", "pandas", "spark", "ibis"):
        assert engine_fault(name) is None
    assert engine_of("ibis").rescales


def test_half_a_character_in_pandas_is_a_fault() -> None:
    """A text that Arrow cannot hold is named, not failed on."""
    native = pd.DataFrame({"note": pd.Series(["a", "\ud800"], dtype="object")})
    (found,) = faults_of(native, "note")
    assert found.startswith("column 'note' holds half a surrogate pair")


def test_categories_of_nothing_are_unknown() -> None:
    """Without a value pandas calls its categories floats, which says nothing of the column."""
    native = pd.DataFrame({"note": pd.Series([None, None], dtype="category")})
    assert answers(native, [F.note.is_null()]) == [[True, True]]


def test_naive_timestamps_of_pandas_are_refused() -> None:
    """The timestamps that pandas makes by default have no zone."""
    native = pd.DataFrame(
        {"at": pd.to_datetime(["2024-01-01"]), "day": pd.to_datetime(["2024-01-01"])}
    )
    faults = faults_of(native, "at", "day")
    assert faults[0].startswith("column 'at' holds timestamps without a zone")
    assert faults[1].startswith("column 'day' holds timestamp")


def test_bounds_are_asked_for_once() -> None:
    """The least and greatest number of a column are looked up in one query, and kept."""
    asked: list[int] = []

    def counted(frame: pl.DataFrame) -> pl.DataFrame:
        asked.append(len(frame))
        return frame

    types = {"amount": pl.Decimal(38, 2), "rate": pl.Decimal(38, 2), "count": pl.Int64()}
    rows = pl.DataFrame(
        {"amount": [D(5), D(-7)], "rate": [D(2), None], "count": [1, 2]}, schema=types
    )
    frame = open_frame(rows.lazy().map_batches(counted, schema=types), CASES)
    frame_expression(F.count * 3, frame)
    assert asked == []
    assert frame.span("amount") == Span.of(Digits(36, 2))
    frame_expression(F.amount * F.rate, frame)
    assert asked == [2]
    assert frame.span("amount") == Span(D(-7), D(5), 2)
    frame_expression(F.amount * F.rate * F.amount, frame)
    assert not frame.measure(["rate", "amount"])
    assert asked == [2]


def test_a_frame_without_any_column_still_has_rows() -> None:
    """A frame that has none of the columns asked for answers once per row."""
    for engine in ("pyarrow", "pandas"):
        native = as_engine(pa.table({"other": [1, 2, 3]}), engine)
        assert answers(native, [F.gone.is_null(), F.gone + 1]) == [[True] * 3, [None] * 3]


def test_without_narwhals_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Narwhals is not installed the error says which extra brings it."""
    monkeypatch.setitem(sys.modules, "narwhals.stable.v2", None)
    with pytest.raises(MissingExtra, match=r"salescore\[frames\]"):
        open_frame(pl.DataFrame({"amount": [1]}), CASES)


@pytest.mark.slow
def test_spark_frames_are_checked(spark: Any) -> None:  # noqa: ANN401 - a session
    """Frames of Spark are checked like others, whatever zone the session shows instants in."""
    native = spark.sql(
        "SELECT 1.5D AS amount, 1 AS region, TIMESTAMP_NTZ '2024-01-01' AS at, NULL AS note"
    )
    faults = faults_of(native, "amount", "region", "at", "note")
    assert [fault.split(" holds ")[1].split(" ")[0] for fault in faults] == [
        "floats",
        "Int32,",
        "timestamps",
    ]
    twice = spark.sql("SELECT 1 AS amount, 2 AS AMOUNT")
    assert faults_of(twice, "amount") == ("column 'amount' stands there twice",)
    zone = spark.conf.get("spark.sql.session.timeZone")
    spark.conf.set("spark.sql.session.timeZone", "Asia/Shanghai")
    try:
        at = spark.sql("SELECT TIMESTAMP '2024-01-01 08:00:00' AS at, NULL AS note")
        new_year = datetime(2024, 1, 1, tzinfo=UTC)
        rules = [F.at == new_year, F.at > new_year, F.at.is_in([new_year]), F.note.is_null()]
        assert answers(at, rules) == [[True], [False], [True], [True]]
    finally:
        spark.conf.set("spark.sql.session.timeZone", zone)
