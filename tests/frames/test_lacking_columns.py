"""Columns that a rule or measure reads and a dataframe lacks: an error, unless said to be null."""

from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import polars as pl
import pytest
from tests.frames.engine_cases import CASES, ENGINES, native_of

from salescore.errors import InvalidFrame
from salescore.frames import (
    FrameFacts,
    decide_frame,
    filter_frame,
    frame_expression,
    open_frame,
    reduce_frame,
    rfm_frame,
    with_values,
)
from salescore.metrics import Aggregate, Measure, MidRanks, Reduction
from salescore.rules import Band, DecisionTable, F, HitPolicy, Input, Output, Row, when

pytestmark = pytest.mark.engine

D = Decimal
_LINES = pl.DataFrame({"id": ["1"], "region": ["W"], "Net_Amount": [D(500)]})
_SIZE = when((F.net_amount >= 100, "large"), otherwise="small")
_TOLD = r"column 'net_amount' is missing; did you mean 'Net_Amount'\?"
_TABLE = DecisionTable(
    name="t",
    version="1",
    hit_policy=HitPolicy.FIRST,
    inputs=[Input("amount", F.net_amount)],
    outputs=[Output("word")],
    rows=[Row([Band(0, None)], ["known"])],
)


def _sum(of: Any, *keys: str) -> Reduction:  # noqa: ANN401 - a rule
    measure = Measure(name="m", table="sales_lines", aggregate=Aggregate.SUM, of=of)
    return Reduction(name="r", table="sales_lines", keys=keys, measures=[measure])


def test_a_misnamed_column_is_no_null() -> None:
    """Each function on dataframes says what the column may be called."""
    for ask in (
        lambda: with_values(_LINES, "order_lines", size=_SIZE),
        lambda: filter_frame(_LINES, F.net_amount > 0, "order_lines"),
        lambda: decide_frame(_LINES, _TABLE, "order_lines"),
        lambda: open_frame(_LINES, "order_lines"),
        lambda: reduce_frame(_LINES, _sum(F.net_amount)),
        lambda: FrameFacts.of({"order_lines": _LINES}, currency="USD"),
        lambda: rfm_frame(_LINES, MidRanks(parts=5), as_of=date(2026, 1, 31)),
    ):
        with pytest.raises(InvalidFrame, match=_TOLD):
            ask()


@pytest.mark.parametrize("name", ["ID", "Id", "I d", "_id"])
def test_a_column_that_must_be_there_may_be_misnamed_too(name: str) -> None:
    """Facts may lack an id, and yet not have one by nearly that name."""
    with pytest.raises(InvalidFrame, match=f"'id' is missing; did you mean '{name}'"):
        FrameFacts.of({"order_lines": pl.DataFrame({name: ["1"]})}, currency="USD")


@pytest.mark.parametrize("engine", ENGINES)
def test_a_column_that_is_not_there_is_an_error_where_it_is_read(engine: str) -> None:
    """All of them are named at once, and what does not read them is answered."""
    native = native_of(engine)
    frame = open_frame(native, CASES)
    assert frame_expression(F.amount > 1, frame).type
    with pytest.raises(InvalidFrame) as caught:
        frame_expression((F.gone > 1) | F.lost.is_null(), frame)
    assert len(caught.value.faults) == 2
    for ask in (
        lambda: filter_frame(native, F.gone > 1, CASES),
        lambda: with_values(native, CASES, x=F.gone + 1),
    ):
        with pytest.raises(InvalidFrame, match="column 'gone' is missing; absent_as_null=True"):
            ask()


def test_a_frame_may_say_that_what_is_not_there_is_unknown() -> None:
    """Said once where it is opened, or where the rule is asked."""
    lines = pl.DataFrame({"id": ["1"], "region": ["W"]})
    for ask in (
        lambda: filter_frame(lines, F.cost.is_null(), "order_lines", absent_as_null=True),
        lambda: filter_frame(
            open_frame(lines, "order_lines", absent_as_null=True),
            F.cost.is_null(),
            "order_lines",
        ),
        lambda: filter_frame(
            open_frame(lines, "order_lines"), F.cost.is_null(), "order_lines", absent_as_null=True
        ),
    ):
        assert len(ask()) == 1
    opened = open_frame(lines.with_columns(record=pl.lit("r")), "sales_lines", absent_as_null=True)
    assert reduce_frame(opened, _sum(F.cost, "segment")).missing == ((1,),)


def test_keys_and_dates_of_reductions_must_be_there() -> None:
    """A key that the dataframe lacks is an error; the columns of currencies may be absent."""
    lines = pl.DataFrame({"id": ["1"], "record": ["r"], "net_amount": [D(5)]})
    assert reduce_frame(lines, _sum(F.net_amount)).counts == ((1,),)
    with pytest.raises(InvalidFrame, match="column 'segment' is missing"):
        reduce_frame(lines, _sum(F.net_amount, "segment"))


def test_a_column_of_nulls_is_there() -> None:
    """What has a column and no values is unknown, and no error."""
    lines = pd.DataFrame({"region": ["W"], "net_amount": [None]})
    assert len(filter_frame(lines, F.net_amount.is_null(), "order_lines")) == 1


def test_facts_read_what_is_optional_as_unknown() -> None:
    """A table of facts may lack what only some figures read."""
    lines = pl.DataFrame({"id": ["1"], "record": ["r"], "net_amount": [D(5)]})
    for given in (lines, open_frame(lines, "sales_lines")):
        facts = FrameFacts.of({"sales_lines": given}, currency="USD")
        (found,) = facts.reduce([_sum(F.cost, "segment")], None)
        assert found.missing == ((1,),)
