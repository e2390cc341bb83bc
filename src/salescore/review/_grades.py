"""Grades in a review: where customers stand, who moved, who is about to, what is lacking."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import Enum

import attrs

from salescore.entities import GradeInterval
from salescore.grading import (
    GradeDecision,
    Grading,
    GradingPolicy,
    NearBoundary,
    ServiceReview,
)
from salescore.plain import FieldTable
from salescore.rules import Explanation, explain


@attrs.frozen(kw_only=True)
class GradeCount:
    """
    How many customers have a grade.

    Attributes:
        grade: Key of the grade.
        labels: English and Chinese label, in this order.
        customers: How many have it.
        before: How many had it at the end of the period before.
    """

    grade: str
    labels: tuple[str, str]
    customers: int
    before: int


class MoveDirection(Enum):
    """Where a customer moved."""

    DOWN = "down"
    UP = "up"
    SIDE = "side"
    NEW = "new"


@attrs.frozen(kw_only=True)
class GradeMove:
    """
    A customer whose grade is another than at the end of the period before.

    Attributes:
        decision: The decision that gave it the grade it has, and why; that of the last day where
            the one behind a grade on record is not known.
        name: What the customer is called.
        moved_on: First day of the grade.
        before: Grade at the end of the period before; `None` for who was not there yet.
        direction: Where it moved; to the side where the grades are no ladder.
        override: A person's word behind the grade; `None` where the policy gave it.
        figure: The policy's first figure of money on the last day; `None` where there is none.
    """

    decision: GradeDecision
    name: str
    moved_on: date
    before: str | None
    direction: MoveDirection
    override: GradeInterval | None
    figure: Decimal | None

    def explanation(self, schema: FieldTable) -> Explanation | None:
        """
        Return how the rule that moved the customer came to hold, on the day of the decision.

        That of exit from the grade before where it fell, else that of entry to the one it has.
        `None` for the lowest grade, which has no rule, behind a person's word, and where the rule
        no longer holds because a grade on record is older than the values.

        Args:
            schema: Field table that labels the fields.
        """
        policy = self.decision.policy
        rule = policy.grade(self.decision.after).entry
        if self.direction is MoveDirection.DOWN and self.before is not None:
            rule = policy.grade(self.before).exit
        if rule is None or self.override is not None:
            return None
        found = explain(rule, dict(self.decision.inputs), schema)
        return found if found.value is True else None


@attrs.frozen(kw_only=True)
class Warned:
    """
    A customer that is due to lose its grade.

    Attributes:
        decision: The decision that warns, and why.
        name: What the customer is called.
        since: Day since which it is due.
        falls_on: First day on which it may fall, unless it recovers.
        figure: The policy's first figure of money; `None` where there is none.
    """

    decision: GradeDecision
    name: str
    since: date
    falls_on: date
    figure: Decimal | None


@attrs.frozen(kw_only=True)
class GradeReview:
    """
    What a policy says of the customers on the last day of a period.

    Attributes:
        grading: The grades of all customers.
        since: Last day of the period before.
        recorded: How many customers have grades on record; those of the others were worked out
            from the facts known at each review.
        counts: The grades, the highest first.
        moves: Who moved: those who fell first, then those who rose; the largest figure first.
        figure: Name of the policy's first figure of money; `None` where there is none.
        warned: Customers that are due to lose their grade, the largest figure first.
        boundaries: Customers whom a small change would move.
        service: What was owed and not given.
    """

    grading: Grading
    since: date
    recorded: int
    counts: tuple[GradeCount, ...]
    moves: tuple[GradeMove, ...]
    figure: str | None
    warned: tuple[Warned, ...]
    boundaries: tuple[NearBoundary, ...]
    service: ServiceReview

    @property
    def policy(self) -> GradingPolicy:
        """Return the policy."""
        return self.grading.policy
