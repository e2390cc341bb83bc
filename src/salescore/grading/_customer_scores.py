"""The explained points of every customer."""

from __future__ import annotations

from salescore.book import Facts
from salescore.grading._customer_table import CustomerTable
from salescore.grading._score import gathered, scored_line
from salescore.grading._score_card import ScoreCard
from salescore.grading._scored import Score


def scores_of(card: ScoreCard, facts: Facts, customers: CustomerTable) -> tuple[Score, ...]:
    """
    Return the explained points of every customer, in the order of the rows.

    Args:
        card: The scorecard.
        facts: Where the events are.
        customers: The customers with the fields that the card reads; events are aged to its day.

    Raises:
        UnknownName: A line reads a field, column or table that there is not.
        InvalidValue: A line's date is no column of dates, or its rule is no condition.
        RuleTypeError: A rule does not fit the fields.
    """
    table = customers.table
    columns = [scored_line(line, facts, table, customers.as_of) for line in card.lines]
    return tuple(gathered(card, scored) for scored in zip(*columns, strict=True))
