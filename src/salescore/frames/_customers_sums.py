"""Measures brought together for each customer, as a table of the engine's own."""

from __future__ import annotations

from typing import Any

from salescore.frames._compile import Compiled, frame_expression
from salescore.frames._digits import MOST_DIGITS
from salescore.frames._engines import narwhals
from salescore.frames._frame import Frame
from salescore.frames._grading_tables import Table, check_sums
from salescore.metrics import Aggregate, Measure
from salescore.rules import F, Term
from salescore.values import Period

KEY = "customer_id"
_VALUE = "value of one"


def by_customer(frame: Frame, measure: Measure, during: Period | None, name: str) -> Table:
    """
    Return a measure for each customer that has a row, under a name.

    Where a row has no value, a sum, least or greatest is null; counts are of the rows that have
    one. The column `is counted` tells who has rows in the period from who has none.

    Args:
        frame: The fact table of the measure.
        measure: What is brought together, other than all values.
        during: Period in which the date must fall; `None` takes every date.
        name: Name of the column.
    """
    nw = narwhals()
    measure.check(frame.schema)
    is_within: Term = ~F.customer_id.is_null()
    if measure.date is not None:
        day = F[measure.date]
        is_within = is_within & ~day.is_null()
        if during is not None:
            is_within = is_within & (day >= during.start) & (day < during.end)
    key = frame_expression(F.customer_id, frame).expr.alias(KEY)
    kept = frame.nw.filter(frame_expression(is_within, frame).expr)
    if measure.where is not None:
        kept = kept.filter(frame_expression(measure.where, frame).expr)
    if measure.of is None:
        found = kept.select(key).group_by(KEY).agg(nw.len().alias(name))
        value: Any = nw.col(name).cast(nw.Int64)
    else:
        of = frame_expression(measure.of, frame)
        rows = kept.select(key, of.expr.alias(_VALUE))
        if measure.aggregate is Aggregate.SUM and of.digits is not None:
            check_sums(rows, _VALUE, of.digits, frame.engine, f"sum of {name}")
        found, value = _gathered(rows, measure.aggregate, of)
    return found.select(KEY, value.alias(name), nw.lit(True).alias("is counted"))


def _gathered(rows: Table, aggregate: Aggregate, of: Compiled) -> tuple[Table, Any]:
    """Return rows by customer, and the expression of what they make together."""
    nw = narwhals()
    one = nw.col(_VALUE)
    gather = {
        Aggregate.SUM: one.sum,
        Aggregate.COUNT: one.count,
        Aggregate.DISTINCT: one.n_unique,
        Aggregate.MIN: one.min,
        Aggregate.MAX: one.max,
    }[aggregate]
    found = rows.group_by(KEY).agg(
        gather().alias("gathered"), one.count().alias("known"), nw.len().alias("rows")
    )
    gathered, known, many = nw.col("gathered"), nw.col("known"), nw.col("rows")
    known, many = known.cast(nw.Int64), many.cast(nw.Int64)
    match aggregate:
        case Aggregate.COUNT:
            return found, gathered.cast(nw.Int64)
        case Aggregate.DISTINCT:
            return found, gathered.cast(nw.Int64) - (known < many).cast(nw.Int64)
        case Aggregate.SUM if of.digits is not None:
            gathered = gathered.cast(nw.Decimal(MOST_DIGITS, of.digits.behind))
        case _:
            pass
    return found, nw.when(known == many).then(gathered)
