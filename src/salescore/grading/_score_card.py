"""Scorecards: points for what a customer is and for what it does, explained line by line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from operator import itemgetter
from typing import Any

import attrs

from salescore.book import Facts, FactTable
from salescore.errors import InvalidValue
from salescore.grading._decay import Decay, decayed
from salescore.plain import Kind, as_tuple
from salescore.rules import (
    Expression,
    RuleType,
    Term,
    as_tree,
    check_types,
    compile_expression,
    rule_text,
)
from salescore.values import exact_sum

_NOTHING = Decimal(0)


def _tree(value: Term | Expression | None) -> Expression | None:
    return None if value is None else as_tree(value)


@attrs.frozen(kw_only=True)
class ScoreLine:
    """
    Points for what a customer is.

    Attributes:
        key: What explanations call it.
        points: Points where the rule holds; they may be negative.
        when: Rule over the fields of customers; unknown gives no points.
        labels: English and Chinese label, in this order.
    """

    key: str
    points: Decimal
    when: Expression = attrs.field(converter=as_tree)
    labels: tuple[str, str]


@attrs.frozen(kw_only=True)
class EventLine:
    """
    Points for each time that a customer did something, less as days go by.

    Attributes:
        key: What explanations call it.
        points: Points of one event on its day; they may be negative.
        table: Fact table of the events, which has a column `customer_id`, such as `activities`.
        date: Column of the day on which an event happened.
        where: Rule that an event must satisfy; `None` takes all.
        decay: How points are lost over time; `None` keeps them.
        labels: English and Chinese label, in this order.
    """

    key: str
    points: Decimal
    table: str
    date: str
    where: Expression | None = attrs.field(default=None, converter=_tree)
    decay: Decay | None = None
    labels: tuple[str, str]


@attrs.frozen(kw_only=True)
class ScoreGroup:
    """
    Lines whose sum is held within bounds.

    Attributes:
        key: What explanations call it.
        lines: The lines.
        labels: English and Chinese label, in this order.
        lowest: Least points of the group; `None` without a floor.
        highest: Most points of the group; `None` without a cap.
    """

    key: str
    lines: tuple[ScoreLine | EventLine, ...] = attrs.field(converter=as_tuple)
    labels: tuple[str, str]
    lowest: Decimal | None = None
    highest: Decimal | None = None

    def __attrs_post_init__(self) -> None:
        _check_bounds(self.key, self.lowest, self.highest)


@attrs.frozen(kw_only=True)
class ScoreCard:
    """
    Groups of lines; each group is held within its bounds first, then the sum of the groups.

    Attributes:
        name: Name.
        groups: The groups.
        labels: English and Chinese label, in this order.
        lowest: Least points of a customer; `None` without a floor.
        highest: Most points of a customer; `None` without a cap.
    """

    name: str
    groups: tuple[ScoreGroup, ...] = attrs.field(converter=as_tuple)
    labels: tuple[str, str]
    lowest: Decimal | None = None
    highest: Decimal | None = None

    def __attrs_post_init__(self) -> None:
        _check_bounds(self.name, self.lowest, self.highest)
        keys = [line.key for line in self.lines]
        if len(set(keys)) < len(keys):
            raise InvalidValue(f"lines of {self.name}", tuple(keys), "each key stands once")

    @cached_property
    def conditions(self) -> Mapping[str, Callable[[Mapping[str, Any]], bool | None]]:
        """Return the rules of its lines about what a customer is, compiled, by the line's key."""
        return {
            line.key: compile_expression(line.when, itemgetter)
            for line in self.lines
            if isinstance(line, ScoreLine)
        }

    @property
    def lines(self) -> tuple[ScoreLine | EventLine, ...]:
        """Return the lines of all groups."""
        return tuple(line for group in self.groups for line in group.lines)


@attrs.frozen
class ScoredLine:
    """
    What one line gave.

    Attributes:
        line: The line.
        points: Its points, of all events together.
        count: How many events counted; 1 or 0 for a line without events.
        is_unknown: Whether the rule of the line was unknown.
    """

    line: ScoreLine | EventLine
    points: Decimal
    count: int
    is_unknown: bool = False


@attrs.frozen
class ScoredGroup:
    """
    What one group gave.

    Attributes:
        group: The group.
        lines: What its lines gave.
        uncapped: Sum of the lines.
        points: The sum within the bounds of the group.
    """

    group: ScoreGroup
    lines: tuple[ScoredLine, ...]
    uncapped: Decimal
    points: Decimal


@attrs.frozen
class Score:
    """
    The points of a customer, and where they come from.

    Attributes:
        card: The scorecard.
        groups: What its groups gave.
        uncapped: Sum of the groups.
        points: The sum within the bounds of the card.
    """

    card: ScoreCard
    groups: tuple[ScoredGroup, ...]
    uncapped: Decimal
    points: Decimal


def score(
    card: ScoreCard,
    row: Mapping[str, Any],
    events: Mapping[str, Sequence[date]],
    as_of: date,
) -> Score:
    """
    Return the points of a customer: a pure function of its row, its events and a day.

    Args:
        card: The scorecard.
        row: The customer, as values by field name.
        events: Days of the events that satisfy each line, by the line's key.
        as_of: Day to which events are aged; later ones do not count.
    """
    groups: list[ScoredGroup] = []
    for group in card.groups:
        lines = tuple(_scored(card, line, row, events, as_of) for line in group.lines)
        uncapped = exact_sum(line.points for line in lines)
        held = _within(uncapped, group.lowest, group.highest)
        groups.append(ScoredGroup(group, lines, uncapped, held))
    total = exact_sum(one.points for one in groups)
    return Score(card, tuple(groups), total, _within(total, card.lowest, card.highest))


def score_columns(
    card: ScoreCard, facts: Facts, customers: FactTable, as_of: date
) -> list[Decimal]:
    """
    Return the points of every customer, in the order of the rows.

    Args:
        card: The scorecard.
        facts: Where the events are.
        customers: The customers with the fields that the card reads.
        as_of: Day to which events are aged.

    Raises:
        UnknownName: A line reads a field or table that there is not.
        InvalidValue: A line's date is no column of dates, or its rule is no condition.
        RuleTypeError: A rule does not fit the fields.
    """
    return [one.points for one in scores_of(card, facts, customers, as_of)]


def scores_of(card: ScoreCard, facts: Facts, customers: FactTable, as_of: date) -> list[Score]:
    """Return the explained points of every customer; arguments and errors of `score_columns`."""
    events = {line.key: _events(line, facts) for line in card.lines if isinstance(line, EventLine)}
    for line in card.lines:
        if isinstance(line, ScoreLine):
            _check_condition(line.key, line.when, check_types(line.when, customers.schema))
    names = customers.schema.names
    found: list[Score] = []
    for values in zip(*customers.columns, strict=True):
        row = dict(zip(names, values, strict=True))
        key = row["customer_id"]
        own = {line: days.get(key, ()) for line, days in events.items()}
        found.append(score(card, row, own, as_of))
    return found


def _scored(
    card: ScoreCard,
    line: ScoreLine | EventLine,
    row: Mapping[str, Any],
    events: Mapping[str, Sequence[date]],
    as_of: date,
) -> ScoredLine:
    if isinstance(line, ScoreLine):
        answer = card.conditions[line.key](row)
        points = line.points if answer else _NOTHING
        return ScoredLine(line, points, int(answer is True), answer is None)
    days = [day for day in events.get(line.key, ()) if day <= as_of]
    points = exact_sum(decayed(line.points, (as_of - day).days, line.decay) for day in days)
    return ScoredLine(line, points, len(days))


def _events(line: EventLine, facts: Facts) -> dict[str, list[date]]:
    """Return the days of the events of a line, by customer."""
    table = facts.table(line.table)
    if table.schema.field(line.date).kind is not Kind.DATE:
        raise InvalidValue(f"date of {line.key}", line.date, "it must be a column of dates")
    rows: Sequence[int] = range(len(table))
    if line.where is not None:
        _check_condition(line.key, line.where, check_types(line.where, table.schema))
        holds = compile_expression(line.where, lambda name: table.column(name).__getitem__)
        rows = [row for row in rows if holds(row)]
    customers, days = table.column("customer_id"), table.column(line.date)
    found: dict[str, list[date]] = defaultdict(list)
    for row in rows:
        if customers[row] is not None and days[row] is not None:
            found[customers[row]].append(days[row])
    return found


def _check_condition(key: str, rule: Expression, found: RuleType) -> None:
    if found is not RuleType.BOOLEAN:
        raise InvalidValue(f"rule of {key}", rule_text(rule), "it must be a condition")


def _check_bounds(key: str, lowest: Decimal | None, highest: Decimal | None) -> None:
    if lowest is not None and highest is not None and highest < lowest:
        raise InvalidValue(f"highest of {key}", highest, f"it lies below lowest, {lowest}")


def _within(points: Decimal, lowest: Decimal | None, highest: Decimal | None) -> Decimal:
    if lowest is not None and points < lowest:
        return lowest
    return highest if highest is not None and points > highest else points
