"""Scorecards on frames: points for what customers are and for what they do, on any engine."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from salescore.errors import InvalidValue, UnknownName
from salescore.frames._compile import frame_expression
from salescore.frames._engines import narwhals
from salescore.frames._frame import Frame, Native, open_frame, schema_of
from salescore.frames._grading_schema import CustomerFrame, opened_customers
from salescore.frames._grading_tables import (
    Table,
    given_back,
    rows_of,
    settled,
    small_table,
)
from salescore.frames._rfm import check_as_of
from salescore.grading import EventLine, ScoreCard, ScoreGroup, ScoreLine, decayed
from salescore.plain import FieldTable, Kind
from salescore.rules import F, RuleType, fields_of, rule_text

KEY = "customer_id"
_BEHIND = 6
"""Digits behind the point that points have at most."""


def score_frame(
    customers: CustomerFrame | Native,
    card: ScoreCard,
    *,
    as_of: date,
    events: Mapping[str, Any] | None = None,
    schema: FieldTable | None = None,
    name: str = "points",
) -> Native:
    """
    Return the points that a scorecard gives every customer of a frame.

    The same points as `grading.score` gives row by row: each group within its bounds first, then
    their sum within those of the card. Events are counted by day; what one of an age is worth is
    worked out once, so decay is exact.

    Args:
        customers: What `customer_frame` makes, or any dataframe with one row for each customer,
            `customer_id` and what the rules read.
        card: The scorecard.
        as_of: Day to which events are aged; later ones do not count.
        events: Fact tables of the events by their names, on the same engine, as dataframes or as
            opened frames where they have registered fields; `None` where no line is of events.
        schema: Fields of the customers, as for `grade_frame`.
        name: Name of the column of points.

    Returns:
        The same kind of frame, in no order: `customer_id` and the points, with six digits behind
        the point.

    Raises:
        UnknownName: A line reads a field, column or table that there is not.
        InvalidValue: A line's date is no column of dates, or its rule is no condition.
        InvalidFrame: Columns are of other types.
        RuleTypeError: A rule does not fit the fields.
        EngineRefused: The engine cannot answer a rule exactly.
        MissingExtra: The extra `frames` is not installed.
    """
    check_as_of(as_of)
    lines = [line for line in card.lines if isinstance(line, ScoreLine)]
    read = dict.fromkeys(field for line in lines for field in fields_of(line.when))
    opened = opened_customers(customers, schema, read)
    return given_back(scored(opened, card, as_of, events or {}, name), opened.engine)


def scored(
    customers: Frame, card: ScoreCard, as_of: date, events: Mapping[str, Any], name: str
) -> Table:
    """Return the key and points of customers as a table of Narwhals; as for `score_frame`."""
    answers = {
        place: _condition(line.key, line.when, customers).alias(f"line {place}")
        for place, line in enumerate(card.lines)
        if isinstance(line, ScoreLine)
    }
    key = frame_expression(F.customer_id, customers).expr.alias(KEY)
    table = customers.nw.select(key, *answers.values())
    for place, line in enumerate(card.lines):
        if isinstance(line, EventLine):
            points = _event_points(line, events, as_of)
            table = table.join(points.rename({"points": f"line {place}"}), on=KEY, how="left")
    total = None
    place = 0
    for group in card.groups:
        points = _group_points(group, place)
        place += len(group.lines)
        total = points if total is None else _decimal(total + points)
    return table.select(KEY, _within(total, card.lowest, card.highest).alias(name))


def _group_points(group: ScoreGroup, place: int) -> Any:  # noqa: ANN401 - an expression
    """Return the points of a group of lines of which the first has a place."""
    nw = narwhals()
    total = None
    for number, line in enumerate(group.lines, place):
        of = nw.col(f"line {number}")
        if isinstance(line, EventLine):
            points = nw.coalesce(of, _lit(Decimal(0)))
        else:
            points = nw.when(of).then(_lit(line.points)).otherwise(_lit(Decimal(0)))
        total = points if total is None else _decimal(total + points)
    return _within(total, group.lowest, group.highest)


def _within(points: Any, lowest: Decimal | None, highest: Decimal | None) -> Any:  # noqa: ANN401
    nw = narwhals()
    if highest is not None:
        points = nw.when(points > _lit(highest)).then(_lit(highest)).otherwise(points)
    if lowest is not None:
        points = nw.when(points < _lit(lowest)).then(_lit(lowest)).otherwise(points)
    return points


def _lit(points: Decimal) -> Any:  # noqa: ANN401 - an expression of Narwhals
    return _decimal(narwhals().lit(Decimal(f"{points:.{_BEHIND}f}")))


def _decimal(expr: Any) -> Any:  # noqa: ANN401 - an expression of Narwhals
    # Not all 38 digits: an engine that gives each sum one more must not cut what is behind.
    return expr.cast(narwhals().Decimal(30, _BEHIND))


def _condition(key: str, rule: Any, frame: Frame) -> Any:  # noqa: ANN401 - a rule, an expression
    """Return the answers of a rule that must be a condition."""
    found = frame_expression(rule, frame)
    if found.type is not RuleType.BOOLEAN:
        raise InvalidValue(f"rule of {key}", rule_text(rule), "it must be a condition")
    return found.expr


def _event_points(line: EventLine, events: Mapping[str, Any], as_of: date) -> Table:
    """Return the points of a line of events for each customer that has one."""
    given = events.get(line.table)
    schema = given.schema if isinstance(given, Frame) else schema_of(line.table)
    if schema.field(line.date).kind is not Kind.DATE:
        raise InvalidValue(f"date of {line.key}", line.date, "it must be a column of dates")
    if given is None:
        raise UnknownName(f"table of events for {line.key}", line.table, tuple(events))
    read = () if line.where is None else fields_of(line.where)
    opened = open_frame(given, schema, columns=(KEY, line.date, *read), absent_as_null=True)
    known = (F[line.date] <= as_of) & ~F.customer_id.is_null()
    rows = opened.nw
    is_asked = frame_expression(known, opened).expr
    if line.where is not None:
        is_asked = is_asked & _condition(line.key, line.where, opened)
    days = rows.filter(is_asked).select(
        frame_expression(F.customer_id, opened).expr.alias(KEY),
        frame_expression(F[line.date], opened).expr.alias("day"),
    )
    return _summed(settled(days), line, as_of)


def _summed(days: Table, line: EventLine, as_of: date) -> Table:
    """Return what the events of each customer are worth together."""
    nw = narwhals()
    known = sorted(row["day"] for row in rows_of(days.select("day").unique()))
    if not known:
        return days.select(KEY, _lit(Decimal(0)).alias("points"))
    worth = [decayed(line.points, (as_of - day).days, line.decay) for day in known]
    of_day = small_table(days, {"day": known, "points": worth}, behind=_BEHIND)
    found = days.join(of_day, on="day", how="inner").group_by(KEY).agg(nw.col("points").sum())
    return found.with_columns(_decimal(nw.col("points")))
