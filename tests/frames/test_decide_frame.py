from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from operator import itemgetter
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.frames.engine_cases import CASES, ENGINES, ROWS, native_of, rows_of
from tests.rules.test_decision_laws import FACTS, FIELDS, tables

from salescore.errors import EngineRefused, InvalidFrame, InvalidValue
from salescore.frames import decide_frame, native_frame
from salescore.plain import FieldTable
from salescore.rules import (
    Band,
    Collect,
    DecisionTable,
    F,
    HitPolicy,
    Input,
    IsNull,
    OneOf,
    Output,
    Row,
    compile_table,
)

pytestmark = pytest.mark.engine

D = Decimal
INPUTS = (Input("amount", F.amount + 0), Input("region", F.region), Input("day", F.day))
CELLS = (
    [Band(0, 100), None, None],
    [Band(None, 2, includes_high=True), OneOf(["West", "华东"]), None],
    [None, OneOf(["West"], is_negated=True), Band(date(2024, 3, 1), None, includes_low=False)],
    [IsNull(), None, IsNull(is_negated=True)],
    [IsNull(is_negated=True), IsNull(), None],
)
NUMBERS = [D("2.5"), D(10), D("-0.125"), D(10), D(0)]


def table_of(
    policy: HitPolicy,
    collect: Collect | None = None,
    *,
    default: Any = None,  # noqa: ANN401 - any value
    outputs: Any = None,  # noqa: ANN401 - values of one type
) -> DecisionTable:
    """Return a table with overlapping rows, one output, and the default stated."""
    values = NUMBERS if outputs is None else outputs
    priorities = tuple(dict.fromkeys(reversed(values))) if policy is HitPolicy.PRIORITY else ()
    return DecisionTable(
        name="discount",
        version="1",
        hit_policy=policy,
        collect=collect,
        inputs=INPUTS,
        outputs=[Output("percent", None, priorities)],
        rows=[Row(cells, [value]) for cells, value in zip(CELLS, values, strict=True)],
        default=None if default is None else [default],
    )


def decided(native: Any, table: DecisionTable, schema: FieldTable) -> list[tuple[Any, ...] | None]:  # noqa: ANN401 - any dataframe
    """Return what is decided on each row of a dataframe; `None` where nothing is."""
    names = [output.name for output in table.outputs]
    made = decide_frame(native, table, schema, absent_as_null=True)
    rows = [tuple(one[name] for name in names) for one in rows_of(made)]
    return [None if set(row) == {None} else row for row in rows]


def right(table: DecisionTable, rows: Any) -> list[Any]:  # noqa: ANN401 - any rows
    """Return what Python decides on each row."""
    return [compile_table(table, itemgetter)(one) for one in rows]


POLICIES = [(policy, None) for policy in HitPolicy if policy is not HitPolicy.COLLECT]
COLLECTS = [(HitPolicy.COLLECT, one) for one in Collect if one is not Collect.LIST]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("policy", "collect"), [*POLICIES, *COLLECTS])
@pytest.mark.parametrize("default", [None, D("-7.25")])
def test_each_policy_decides_as_python_does(
    engine: str, policy: HitPolicy, collect: Collect | None, default: Decimal | None
) -> None:
    """Overlaps, unknown values and rows without a match are decided as Python decides them."""
    default = None if collect is Collect.COUNT else default
    table = table_of(policy, collect, default=default)
    assert decided(native_of(engine), table, CASES) == right(table, ROWS)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "outputs",
    [
        ["a", "b", "a", "华", ""],
        [True, False, True, False, True],
        [date(2024, 1, one) for one in range(1, 6)],
        [datetime(2024, 1, one, tzinfo=UTC) for one in range(1, 6)],
    ],
)
def test_outputs_may_be_of_any_type(engine: str, outputs: list[Any]) -> None:
    """Texts, truth values, days and instants are decided like numbers."""
    table = table_of(HitPolicy.FIRST, outputs=outputs)
    assert decided(native_of(engine), table, CASES) == right(table, ROWS)


@pytest.mark.slow
def test_spark_decides_as_python_does(spark: Any) -> None:  # noqa: ANN401 - a session
    """On Spark each hit policy decides as in Python."""
    native = native_of("spark", session=spark)
    for policy, collect in (*POLICIES, *COLLECTS):
        table = table_of(policy, collect)
        assert decided(native, table, CASES) == right(table, ROWS), policy
    early = table_of(HitPolicy.FIRST, outputs=[date(1, 1, 1)] * 5)
    with pytest.raises(EngineRefused, match="no constant before"):
        decide_frame(native, early, CASES)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(tables(), st.lists(FACTS, min_size=1, max_size=8))
def test_random_tables_decide_as_python_does(
    table: DecisionTable, rows: list[dict[str, Any]]
) -> None:
    """Whatever the table and the rows, an engine decides as Python does; lists are refused."""
    columns = {name: [one[name] for one in rows] for name in FIELDS.names}
    for engine in ENGINES:
        session = duckdb.connect() if engine == "duckdb" else None
        native = native_frame(FIELDS, columns, engine, session=session)
        if table.collect is Collect.LIST:
            with pytest.raises(EngineRefused, match="one value per row"):
                decide_frame(native, table, FIELDS)
        else:
            assert decided(native, table, FIELDS) == right(table, rows), engine


@pytest.mark.parametrize("engine", ENGINES)
def test_the_columns_given_stay_as_they_were(engine: str) -> None:
    """The outputs stand behind the columns given, and nothing else is left behind."""
    native = native_of(engine)
    before = rows_of(native)
    after = rows_of(decide_frame(native, table_of(HitPolicy.FIRST), CASES))
    assert type(decide_frame(native, table_of(HitPolicy.FIRST), CASES)) is type(native)
    assert list(after[0]) == [*before[0], "percent"]
    assert [{name: one[name] for name in before[0]} for one in after] == before


@pytest.mark.parametrize("engine", ENGINES)
def test_tables_may_read_columns_that_are_not_there(engine: str) -> None:
    """An input that reads nothing but absent columns is unknown on every row."""
    table = DecisionTable(
        name="t",
        version="1",
        hit_policy=HitPolicy.FIRST,
        inputs=[Input("gone", F.gone)],
        outputs=[Output("word")],
        rows=[Row([Band(0, None)], ["known"]), Row([IsNull()], ["unknown"])],
    )
    assert decided(native_of(engine), table, CASES) == [("unknown",)] * len(ROWS)


@pytest.mark.parametrize("engine", ENGINES)
def test_long_tables_are_decided(engine: str) -> None:
    """A table of hundreds of rows is decided on every engine."""
    steps = [Row([Band(n, n + 1)], [D(n)]) for n in range(-100, 100)]
    table = DecisionTable(
        name="t",
        version="1",
        hit_policy=HitPolicy.UNIQUE,
        inputs=[Input("amount", F.amount)],
        outputs=[Output("floor")],
        rows=steps,
    )
    assert decided(native_of(engine), table, CASES) == right(table, ROWS)


def test_a_name_that_is_taken_is_refused() -> None:
    """An output may not have the name of a column, in whatever letters."""
    native = pa.table({"amount": pa.array([1]), "PERCENT": pa.array([1]), "region": ["West"]})
    with pytest.raises(InvalidValue, match="a column of the dataframe has that name"):
        decide_frame(native, table_of(HitPolicy.FIRST), CASES, absent_as_null=True)


def test_columns_of_inputs_are_checked() -> None:
    """All that is wrong with the columns read is said at once."""
    native = pa.table({"amount": pa.array([1.5]), "region": pa.array([1])})
    with pytest.raises(InvalidFrame) as caught:
        decide_frame(native, table_of(HitPolicy.FIRST), CASES)
    assert len(caught.value.faults) == 2
