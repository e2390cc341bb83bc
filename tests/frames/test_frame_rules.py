from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from tests.frames.engine_cases import CASES, ENGINES, ROWS, native_of, rows_of

from salescore.errors import EngineRefused, InvalidFrame, InvalidValue, RuleTypeError, UnknownName
from salescore.frames import filter_frame, open_frame, with_values
from salescore.rules import F, Literal, as_tree, coalesce, days_between, evaluate, when
from salescore.values import Rounding, round_to

pytestmark = pytest.mark.engine

D = Decimal
CONDITIONS = [
    F.amount > 1,
    (F.region == "West") | F.hot,
    ~F.hot,
    F.hot.is_null(),
    F.gone.is_null(),
    F.gone > 1,
    coalesce(F.gone > 1, F.cold),
    F.tags.has_any(["a", ""]),
    F.amount + F.count > F.rate * 2,
]


def right_places(rule: Any) -> list[int]:  # noqa: ANN401 - any rule
    """Return the places of the rows for which a rule is true."""
    return [place for place, row in enumerate(ROWS) if evaluate(as_tree(rule), row) is True]


@pytest.mark.parametrize("engine", ENGINES)
def test_the_rows_for_which_a_rule_is_true_are_kept(engine: str) -> None:
    """Rows are kept in their order with all their columns, and unknown is not true."""
    native = native_of(engine)
    rows = rows_of(native)
    for rule in CONDITIONS:
        found = filter_frame(native, rule, CASES, absent_as_null=True)
        assert type(found) is type(native)
        assert rows_of(found) == [rows[place] for place in right_places(rule)], rule


@pytest.mark.parametrize("engine", ENGINES)
def test_columns_beyond_the_schema_are_left_alone(engine: str) -> None:
    """A column that no field names passes through, whatever it holds."""
    table = pa.table({"amount": [1, 2], "extra": [1.5, None], "Amount 2": [[1], []]})
    native = as_engine(table, engine)
    assert rows_of(filter_frame(native, F.amount > 1, CASES)) == [
        {"amount": 2, "extra": None, "Amount 2": []}
    ]
    found = with_values(native, CASES, twice=F.amount * 2)
    assert [list(row) for row in rows_of(found)] == [["amount", "extra", "Amount 2", "twice"]] * 2
    assert [row["twice"] for row in rows_of(found)] == [2, 4]


def as_engine(table: Any, engine: str) -> Any:  # noqa: ANN401 - any dataframe
    """Return an Arrow table as a dataframe of an engine."""
    import duckdb  # noqa: PLC0415 - one of several engines

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
def test_rules_yield_columns(engine: str) -> None:
    """Each rule gives a column behind those given, numbers as exact decimals."""
    rules = {
        "product": F.amount * F.rate,
        "rounded": (F.amount * F.rate).rounded(2, Rounding.HALF_UP),
        "days": days_between(F.day, F.due),
        "big": F.amount > 1,
        "word": when((F.hot, "hot"), otherwise=F.region),
        "none": F.gone,
        "five": Literal(D(5)),
    }
    native = native_of(engine)
    found = with_values(native, CASES, absent_as_null=True, **rules)
    assert type(found) is type(native)
    before, after = rows_of(native), rows_of(found)
    assert list(after[0]) == [*before[0], *rules]
    for row, given, made in zip(ROWS, before, after, strict=True):
        right = {name: evaluate(as_tree(rule), row) for name, rule in rules.items()}
        assert made == given | right


@pytest.mark.parametrize("engine", ENGINES)
def test_without_rules_nothing_is_added(engine: str) -> None:
    """No rules, no columns."""
    native = native_of(engine)
    assert rows_of(with_values(native, CASES)) == rows_of(native)


@pytest.mark.slow
def test_spark_filters_and_adds_columns(spark: Any) -> None:  # noqa: ANN401 - a session
    """Spark keeps the same rows, and its results stay Spark's and unread."""
    native = native_of("spark", session=spark)
    rows = rows_of(native)
    for rule in CONDITIONS[:6]:
        found = filter_frame(native, rule, CASES, absent_as_null=True)
        assert type(found) is type(native)
        assert rows_of(found) == [rows[place] for place in right_places(rule)], rule
    made = with_values(native, CASES, absent_as_null=True, product=F.amount * F.rate, none=F.gone)
    assert made.schema["product"].dataType.simpleString() == "decimal(14,5)"
    assert [row["product"] for row in rows_of(made)] == [
        evaluate(as_tree(F.amount * F.rate), row) for row in ROWS
    ]


def test_pandas_keeps_its_index_and_types() -> None:
    """A pandas frame keeps its labels, also repeated ones, and the types of its columns."""
    native = pd.DataFrame(
        {"amount": pd.Series([1, 2, 3], dtype="int32"), "region": ["a", None, "b"]}
    ).set_index(pd.Index(["x", "x", "y"]))
    found = filter_frame(native, F.amount >= 2, CASES)
    assert list(found.index) == ["x", "y"]
    assert dict(found.dtypes) == dict(native.dtypes)
    made = with_values(native, CASES, half=F.amount * D("0.5"), known=~F.region.is_null())
    assert list(made.index) == ["x", "x", "y"]
    assert list(made["half"]) == [D("0.5"), D("1.0"), D("1.5")]
    assert list(made["known"]) == [True, False, True]
    assert list(native.columns) == ["amount", "region"]


def test_lazy_frames_stay_lazy() -> None:
    """A lazy frame is not read, and what comes back is lazy too."""
    plan = pl.LazyFrame({"amount": [D(1), D(2)]}).map_batches(
        _unread, schema={"amount": pl.Decimal(5, 2)}
    )
    for found in (
        filter_frame(plan, F.amount > 1, CASES),
        filter_frame(plan, F.gone > 1, CASES, absent_as_null=True),
        with_values(plan, CASES, twice=F.amount * 2),
    ):
        assert isinstance(found, pl.LazyFrame)


def _unread(frame: pl.DataFrame) -> pl.DataFrame:
    raise AssertionError(frame)


def test_a_frame_may_be_opened_before() -> None:
    """An opened frame is taken as it is, with what has been measured of it."""
    frame = open_frame(native_of("polars"), CASES)
    found = filter_frame(frame, F.amount > 1, CASES)
    assert isinstance(found, pl.DataFrame)
    assert len(found) == 3
    assert len(with_values(frame, CASES, twice=F.amount * 2)) == len(ROWS)


def test_only_a_condition_filters() -> None:
    """A rule that yields a number is no filter."""
    with pytest.raises(RuleTypeError, match="it yields number; a filter is a condition"):
        filter_frame(native_of("polars"), F.amount + 1, CASES)


def test_wrong_names_are_refused() -> None:
    """Unknown fact tables and fields, and taken names, are named."""
    native = native_of("polars")
    with pytest.raises(UnknownName, match="order_line"):
        filter_frame(native, F.amount > 1, "order_line")
    with pytest.raises(UnknownName, match="amnt"):
        filter_frame(native, F.amnt > 1, CASES)
    with pytest.raises(InvalidValue, match="a column of the dataframe has that name"):
        with_values(native, CASES, AMOUNT=F.rate)
    with pytest.raises(InvalidFrame, match="column 'net_amount' holds floats"):
        filter_frame(pl.DataFrame({"net_amount": [1.5]}), F.net_amount > 1, "order_lines")


def test_refusals_leave_the_frame_as_it_was() -> None:
    """What cannot be exact is refused before anything runs."""
    native = pl.DataFrame({"amount": pl.Series([D("9" * 37)], dtype=pl.Decimal(38, 0))})
    with pytest.raises(EngineRefused, match="polars cannot answer 'amount \\* amount' exactly"):
        with_values(native, CASES, square=F.amount * F.amount)
    assert native.columns == ["amount"]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_filter_that_a_constant_decides_keeps_all_rows_or_none(engine: str) -> None:
    """A rule may name a column and yet not depend on it."""
    native = native_of(engine)
    first = coalesce(Literal(D(1)), F.amount)
    assert rows_of(filter_frame(native, first > 0, CASES)) == rows_of(native)
    assert rows_of(filter_frame(native, first > 1, CASES)) == []


@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_never_known_is_null_on_every_row(engine: str) -> None:
    """A comparison with an instant that is always unknown has a value per row, which is null."""
    native = native_of(engine)
    moment = datetime(2024, 1, 1, tzinfo=UTC)
    never = when((F.gone > 1, moment))
    for rule in (never < coalesce(F.at, moment), coalesce(F.at, moment) <= never):
        found = rows_of(with_values(native, CASES, absent_as_null=True, answer=rule))
        assert [one["answer"] for one in found] == [None] * len(ROWS)
        assert rows_of(filter_frame(native, rule, CASES, absent_as_null=True)) == []


def test_rows_with_string_views_are_kept() -> None:
    """Arrow takes no rows of such texts by itself; they come back as they were."""
    table = pa.table(
        {"amount": [1, None, 3], "note": pa.array(["a", None, "华"], pa.string_view())}
    )
    found = filter_frame(table, F.amount > 1, CASES)
    assert found.schema == table.schema
    assert found.to_pydict() == {"amount": [3], "note": ["华"]}


@pytest.mark.parametrize("mode", Rounding)
@pytest.mark.parametrize("engine", ENGINES)
def test_ties_and_carries_are_rounded_as_declared(engine: str, mode: Rounding) -> None:
    """Every tie from -3 to 3, and numbers that gain a digit, in a column without room for it."""
    numbers = [D(n).scaleb(-3) for n in (*range(-3000, 3001, 5), 9995, -9995, 9994, -9996)]
    table = pa.table({"amount": pa.array(numbers, pa.decimal128(4, 3))})
    native = as_engine(table, engine)
    for digits in (0, 2):
        found = rows_of(with_values(native, CASES, answer=F.amount.rounded(digits, mode)))
        assert [one["answer"] for one in found] == [round_to(n, digits, mode) for n in numbers]


def test_a_polars_that_rounds_otherwise_is_not_asked_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without exact rounding of its own the general way gives the same."""
    native = pl.DataFrame({"amount": [D("0.125"), D("-0.375"), D("9.995"), None]})
    rule = F.amount.rounded(2, Rounding.HALF_EVEN)
    quick = with_values(native, CASES, absent_as_null=True, answer=rule)
    monkeypatch.setattr("salescore.frames._rounding._rounds_even", lambda: False)
    assert with_values(native, CASES, absent_as_null=True, answer=rule).equals(quick)
