"""What a scorecard gives customers, explained line by line."""

from __future__ import annotations

import decimal
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from salescore.book import Facts, FactTable
from salescore.errors import InvalidValue, UnknownName
from salescore.grading._decay import decayed
from salescore.grading._fields import CUSTOMER_KEY
from salescore.grading._reading import column_reader, naming
from salescore.grading._score_card import EventLine, ScoreCard, ScoreLine
from salescore.grading._scored import Score, ScoredGroup, ScoredLine
from salescore.plain import FieldTable, Kind
from salescore.rules import Expression, RuleType, check_types, compile_expression, rule_text
from salescore.values import EXACT, exact_sum

_NOTHING = Decimal(0)


def score(
    card: ScoreCard,
    row: Mapping[str, Any],
    events: Mapping[str, Sequence[date]],
    as_of: date,
) -> Score:
    """
    Return the points of a customer: a pure function of its row, its events and a day.

    Args:
        card: The scorecard; its rules are not checked against a field table here.
        row: The customer, as values by field name.
        events: Days of the events that satisfy each line, by the line's key, in any order; a line
            that is not among them has none.
        as_of: Day to which events are aged; later ones do not count.

    Raises:
        UnknownName: The row lacks a field that a line reads, or the card has no event line of a
            key.
    """
    lines = {line.key: line for line in card.lines if isinstance(line, EventLine)}
    for key in events:
        if key not in lines:
            raise UnknownName(f"event line of {card.name}", key, tuple(lines))
    scored: list[ScoredLine] = []
    for line in card.lines:
        if isinstance(line, EventLine):
            ages = [(as_of - day).days for day in events.get(line.key, ()) if day <= as_of]
            scored.append(_of_ages(line, ages, {}))
            continue
        try:
            answer = card.conditions[line.key](row)
        except KeyError as error:
            raise UnknownName(f"field for {line.key}", str(error.args[0]), tuple(row)) from None
        scored.append(_of_answer(line, answer))
    return gathered(card, scored)


def score_columns(
    card: ScoreCard, facts: Facts, customers: FactTable, as_of: date
) -> list[Decimal]:
    """
    Return the points of every customer, without explaining them; errors as of `scores_of`.

    Args:
        card: The scorecard.
        facts: Where the events are.
        customers: The customers with the fields that the card reads.
        as_of: Day to which events are aged.
    """
    groups: list[list[Decimal]] = []
    with decimal.localcontext(EXACT):
        for group in card.groups:
            points = [
                [one.points for one in scored_line(line, facts, customers, as_of)]
                for line in group.lines
            ]
            groups.append(
                [
                    _within(sum(those, _NOTHING), group.lowest, group.highest)
                    for those in zip(*points, strict=True)
                ]
            )
        return [
            _within(sum(those, _NOTHING), card.lowest, card.highest)
            for those in zip(*groups, strict=True)
        ]


def scored_line(
    line: ScoreLine | EventLine, facts: Facts, customers: FactTable, as_of: date
) -> list[ScoredLine]:
    """Return what a line gives every customer."""
    if isinstance(line, EventLine):
        ages = _ages(line, facts, as_of)
        known: dict[int, Decimal] = {}
        nothing = ScoredLine(line, _NOTHING, 0)
        return [
            _of_ages(line, ages[key], known) if key in ages else nothing
            for key in customers.column(CUSTOMER_KEY)
        ]
    _check_condition(line.key, line.when, customers.schema)
    holds = compile_expression(line.when, column_reader(customers))
    outcomes = {answer: _of_answer(line, answer) for answer in (True, False, None)}
    return [outcomes[holds(row)] for row in range(len(customers))]


def _of_answer(line: ScoreLine, answer: bool | None) -> ScoredLine:  # noqa: FBT001 - it is one
    points = line.points if answer else _NOTHING
    return ScoredLine(line, points, int(answer is True), answer is None)


def _of_ages(line: EventLine, ages: Sequence[int], known: dict[int, Decimal]) -> ScoredLine:
    """Return what events of some ages give; `known` keeps what one of an age gives."""
    for age in ages:
        if age not in known:
            known[age] = decayed(line.points, age, line.decay)
    return ScoredLine(line, exact_sum(known[age] for age in ages), len(ages))


def gathered(card: ScoreCard, scored: Sequence[ScoredLine]) -> Score:
    """Return what lines give together: first within the bounds of groups, then of the card."""
    groups: list[ScoredGroup] = []
    total, start = _NOTHING, 0
    for group in card.groups:
        lines = tuple(scored[start : start + len(group.lines)])
        start += len(lines)
        uncapped = _NOTHING
        for one in lines:
            uncapped = EXACT.add(uncapped, one.points)
        held = _within(uncapped, group.lowest, group.highest)
        total = EXACT.add(total, held)
        groups.append(ScoredGroup(group, lines, uncapped, held))
    return Score(card, tuple(groups), total, _within(total, card.lowest, card.highest))


def _ages(line: EventLine, facts: Facts, as_of: date) -> dict[str, list[int]]:
    """Return the ages in days of the events of a line, by customer."""
    with naming(line.key):
        table = facts.table(line.table)
        if table.schema.field(line.date).kind is not Kind.DATE:
            raise InvalidValue(f"date of {line.key}", line.date, "it must be a column of dates")
    rows: Sequence[int] = range(len(table))
    if line.where is not None:
        _check_condition(line.key, line.where, table.schema)
        holds = compile_expression(line.where, column_reader(table))
        rows = [row for row in rows if holds(row)]
    customers, days = table.column(CUSTOMER_KEY), table.column(line.date)
    found: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        customer, day = customers[row], days[row]
        if customer is not None and day is not None and day <= as_of:
            found[customer].append((as_of - day).days)
    return found


def _check_condition(key: str, rule: Expression, schema: FieldTable) -> None:
    with naming(key):
        if check_types(rule, schema) is not RuleType.BOOLEAN:
            raise InvalidValue(f"rule of {key}", rule_text(rule), "it must be a condition")


def _within(points: Decimal, lowest: Decimal | None, highest: Decimal | None) -> Decimal:
    if lowest is not None and points < lowest:
        return lowest
    return highest if highest is not None and points > highest else points
