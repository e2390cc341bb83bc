"""What dataframes and sources are refused with: the thing, the fault and what would be right."""

from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import polars as pl
import pytest

from salescore.errors import InvalidFrame, InvalidValue, RuleTypeError
from salescore.frames import FrameFacts, abc_frame, grade_frame, rfm_frame
from salescore.grading import Grade, GradingPolicy
from salescore.metrics import MidRanks, attainment, rfm_inputs, rows_behind
from salescore.rules import F

pytestmark = pytest.mark.engine

D = Decimal
_AS_OF = date(2024, 1, 15)


def _lines(**columns: list[Any]) -> pl.DataFrame:
    own = {
        "id": ["1", "2"],
        "record": ["order_lines"] * 2,
        "sold_on": [date(2024, 1, 10), date(2024, 2, 2)],
        "customer_id": ["a", "b"],
        "net_amount": [D(5), D(7)],
    }
    return pl.DataFrame(own | columns)


def test_what_reads_records_says_that_it_needs_facts() -> None:
    """Rows behind a figure, inputs of RFM and targets are no aggregates."""
    facts: Any = FrameFacts.of({"sales_lines": _lines()}, currency="USD")
    for ask, told in (
        (lambda: rows_behind("revenue", facts), "rows_behind needs Facts; FrameFacts holds only"),
        (lambda: rfm_inputs(facts, _AS_OF), "rfm_inputs needs Facts.*rfm_frame"),
        (lambda: attainment(facts), "attainment needs Facts.*over="),
    ):
        with pytest.raises(InvalidValue, match=told):
            ask()


def test_floats_that_a_policy_reads_are_told_as_floats() -> None:
    """A column of floats is there, so the policy is not told that nobody knows it."""
    policy = GradingPolicy(
        name="p",
        version="1",
        valid_from=date(2020, 1, 1),
        grades=[
            Grade(key="base", labels=("Base", "基")),
            Grade(key="gold", labels=("Gold", "金"), entry=F.revenue > 1000),
        ],
    )
    customers = pl.DataFrame({"customer_id": ["a"], "revenue": [2500.0], "other": [1.5]})
    with pytest.raises(InvalidFrame, match=r"'revenue' holds floats .*cast it") as caught:
        grade_frame(customers, policy, as_of=_AS_OF)
    assert len(caught.value.faults) == 1


def test_purchases_need_an_order_or_an_invoice() -> None:
    """Without either column nobody can count purchases, and the column is named."""
    lines = _lines(kind=["order", "order"])
    with pytest.raises(InvalidFrame, match=r"'order_id' \(or 'invoice_id'\) is missing"):
        rfm_frame(lines, MidRanks(parts=5), as_of=_AS_OF)
    known = lines.with_columns(order_id=pl.col("id"))
    assert len(rfm_frame(known, MidRanks(parts=5), as_of=date(2024, 2, 2))) == 2


def test_lines_and_customers_must_be_of_one_kind() -> None:
    """Two engines cannot be joined, which is said before anything runs."""
    customers = pd.DataFrame({"customer_id": ["a"]})
    lines = _lines(order_id=["o1", "o2"])
    with pytest.raises(InvalidFrame, match="it is of pandas, and the sales lines are of polars"):
        rfm_frame(lines, MidRanks(parts=5), as_of=_AS_OF, customers=customers)


def test_a_rule_cannot_divide() -> None:
    """Division is refused by name, with what to write instead."""
    for divide in (lambda: F.net_amount / 2, lambda: 100 / F.net_amount):
        with pytest.raises(RuleTypeError, match="there is no division; multiply"):
            divide()


def test_a_key_stands_once_in_classes_by_share() -> None:
    """A key that stands twice would be in two classes."""
    items = pl.DataFrame({"customer_id": ["a", "a"], "revenue": [D(5), D(7)]})
    with pytest.raises(InvalidFrame, match="'customer_id' names an item twice"):
        abc_frame(items, by="revenue", key="customer_id")
