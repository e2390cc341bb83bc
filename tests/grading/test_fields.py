"""Fields of customers as data: what can be declared, and what cannot."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from salescore.errors import InvalidValue, UnknownName
from salescore.grading import (
    CUSTOMER_FIGURES,
    AbcField,
    CustomerFigure,
    DerivedField,
    RfmFields,
    TableFields,
    customer_figure,
)
from salescore.metrics import Aggregate, Cut, Measure
from salescore.rules import (
    Collect,
    DecisionTable,
    F,
    FieldRef,
    HitPolicy,
    Input,
    Output,
    Row,
)


def test_usual_figures_are_named_by_what_and_window() -> None:
    """Every name makes a figure; the months stand in the name of the field."""
    assert [customer_figure(name).name for name in CUSTOMER_FIGURES] == [*CUSTOMER_FIGURES]
    assert customer_figure("orders", 12).name == "orders_12m"
    assert customer_figure("orders", 12).measure == customer_figure("orders", 12).measure
    assert {*CUSTOMER_FIGURES} >= {"revenue", "orders", "last_sold_on", "last_contact_on"}


@pytest.mark.parametrize("months", [0, -1, 1201, True, 1.5, "12"])
def test_months_are_whole_numbers_in_range(months: Any) -> None:  # noqa: ANN401
    """A window has 1 to 1,200 whole months, for figures as for RFM."""
    with pytest.raises(InvalidValue, match="expected a whole number from 1 to 1,200"):
        customer_figure("revenue", months)
    with pytest.raises(InvalidValue, match="months of rfm"):
        RfmFields(months=months)


def test_what_tells_of_now_has_no_window() -> None:
    """A last day and open business are asked without months, an unknown figure not at all."""
    for name in ("last_sold_on", "open_pipeline"):
        with pytest.raises(InvalidValue, match=f"months of {name} is 12: it has no window"):
            customer_figure(name, 12)
    with pytest.raises(UnknownName, match="figure of customers 'revenu'; did you mean 'revenue'"):
        customer_figure("revenu")


def measure(aggregate: Aggregate, on: str | None) -> Measure:
    """Return a measure of sales lines."""
    return Measure(name="x", table="sales_lines", aggregate=aggregate, of=F.net_amount, date=on)


def test_a_figure_is_one_value_and_a_window_needs_a_date() -> None:
    """All values at once are no figure of a customer, and no date means no window."""
    labels = ("X", "X")
    with pytest.raises(InvalidValue, match="a customer needs one value"):
        CustomerFigure(name="x", measure=measure(Aggregate.VALUES, "sold_on"), labels=labels)
    with pytest.raises(InvalidValue, match="its measure has no date"):
        CustomerFigure(name="x", measure=measure(Aggregate.SUM, None), labels=labels, months=1)


@pytest.mark.parametrize(
    "cuts",
    [
        [Cut("A", Decimal("0.9")), Cut("B", Decimal("0.8"))],
        [Cut("A", Decimal("1.1"))],
        [Cut("C", Decimal("0.8"))],
    ],
)
def test_cuts_are_checked_when_they_are_written_down(cuts: list[Cut]) -> None:
    """Bounds that do not ascend within 0 to 1, and a second class C, are refused at once."""
    with pytest.raises(InvalidValue, match="cuts"):
        AbcField(name="abc", by="revenue", cuts=cuts)


def table(**more: Any) -> DecisionTable:  # noqa: ANN401
    """Return a table of one row."""
    said: dict[str, Any] = {"hit_policy": HitPolicy.UNIQUE, "rows": [Row(["a"], ["a"])], **more}
    return DecisionTable(
        name="t",
        version="1",
        inputs=[Input("i", F.industry)],
        outputs=[Output("o")],
        **said,
    )


def test_a_list_is_no_value_of_a_field() -> None:
    """A table that collects a list is refused with what to collect instead."""
    listed = table(hit_policy=HitPolicy.COLLECT, collect=Collect.LIST)
    with pytest.raises(InvalidValue, match="collect a sum, least, greatest or count"):
        TableFields(table=listed)
    assert TableFields(table=table()).table.name == "t"


def test_outputs_of_several_types_are_refused() -> None:
    """A column that is now a text, now a date is no field."""
    with pytest.raises(ValueError, match="it must be of one type"):
        table(rows=[Row(["a"], ["a"]), Row(["b"], [date(2024, 1, 1)])])


def test_expressions_are_written_as_terms() -> None:
    """What is written with `F` is kept as a tree."""
    assert DerivedField(name="x", of=F.industry, labels=("X", "X")).of == FieldRef("industry")
