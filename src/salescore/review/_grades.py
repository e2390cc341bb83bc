"""Grades in a review: where customers stand, who moved since the last period, what is lacking."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import attrs

from salescore.book import Facts
from salescore.errors import SalesCoreError
from salescore.grading import (
    GradeDecision,
    GradeHistory,
    Grading,
    GradingPolicy,
    NearBoundary,
    ServiceReview,
    grade_customers,
    grade_histories,
    near_boundaries,
    service_review,
)
from salescore.plain import FieldTable
from salescore.playbook import Playbook
from salescore.rules import Explanation, explain, in_force
from salescore.values import Period


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
        is_up: Whether it rose; `None` for who was not there yet.
    """

    decision: GradeDecision
    name: str
    moved_on: date
    before: str | None
    is_up: bool | None

    def explanation(self, schema: FieldTable) -> Explanation | None:
        """
        Return how the rule that moved the customer answered on the day of the decision.

        That of exit from the grade before where it fell, else that of entry to the one it has;
        `None` for the lowest grade, which has no rule.

        Args:
            schema: Field table that labels the fields.
        """
        policy = self.decision.policy
        rule = policy.grade(self.decision.after).entry
        if self.is_up is False and self.before is not None:
            rule = policy.grade(self.before).exit
        return None if rule is None else explain(rule, dict(self.decision.inputs), schema)


@attrs.frozen(kw_only=True)
class GradeReview:
    """
    What a policy says of the customers on the last day of a period.

    Attributes:
        grading: The grades of all customers.
        since: Last day of the period before.
        is_recorded: Whether grades were on record; else those of that day were worked out anew.
        counts: The grades, the highest first.
        moves: Who moved, those who fell first, then those who rose, by name.
        boundaries: Customers whom a small change would move.
        service: What was owed and not given.
    """

    grading: Grading
    since: date
    is_recorded: bool
    counts: tuple[GradeCount, ...]
    moves: tuple[GradeMove, ...]
    boundaries: tuple[NearBoundary, ...]
    service: ServiceReview

    @property
    def policy(self) -> GradingPolicy:
        """Return the policy."""
        return self.grading.policy


def grade_reviews(
    playbook: Playbook, facts: Facts, during: Period
) -> tuple[tuple[GradeReview, ...], tuple[str, ...]]:
    """
    Return what each policy of a playbook says at the end of a period, and notes on it.

    Args:
        playbook: The rules; of several versions of a policy that in force on the day counts.
        facts: The fact tables.
        during: The period; if it goes beyond the last day of the facts, that day counts.
    """
    day = during.last_day if facts.as_of is None else min(during.last_day, facts.as_of)
    found: list[GradeReview] = []
    notes: list[str] = []
    for name in dict.fromkeys(policy.name for policy in playbook.policies):
        policy = in_force(playbook.policies, day, name)
        if policy is None:
            notes.append(f"No version of policy {name} is in force on {day}.")
            continue
        try:
            one = _review(policy, facts, day, min(during.start, day) - timedelta(days=1))
        except SalesCoreError as error:
            notes.append(f"Nobody is graded by policy {name} {policy.version}: {error}.")
            continue
        found.append(one)
        if not one.is_recorded:
            notes.append(
                f"No grades are on record under policy {name}; "
                f"those of {one.since}, and of the reviews since, were worked out "
                "from the facts known then."
            )
    return tuple(found), tuple(notes)


def _review(policy: GradingPolicy, facts: Facts, day: date, since: date) -> GradeReview:
    now = facts.at(day)
    recorded = grade_histories(now.known.book, policy)
    histories: Mapping[str, GradeHistory] = recorded
    behind: dict[str, GradeDecision] = {}
    if not recorded:
        histories, behind = _replayed(policy, facts, since, day)
    grading = grade_customers(policy, now, histories)
    before = {
        one.customer_id: held.grade
        for one in grading.decisions
        if (history := histories.get(one.customer_id)) is not None
        and (held := history.at(since)) is not None
    }
    counts = Counter(before.values())
    after = Counter(one.after for one in grading.decisions)
    return GradeReview(
        grading=grading,
        since=since,
        is_recorded=bool(recorded),
        counts=tuple(
            GradeCount(
                grade=one.key, labels=one.labels, customers=after[one.key], before=counts[one.key]
            )
            for one in reversed(policy.grades)
        ),
        moves=_moves(grading, before, behind),
        boundaries=near_boundaries(grading),
        service=service_review(grading, now),
    )


def _replayed(
    policy: GradingPolicy, facts: Facts, since: date, day: date
) -> tuple[dict[str, GradeHistory], dict[str, GradeDecision]]:
    """Return the grades that reviews from one day up to another would have given, and by what."""
    anytime = attrs.evolve(policy, valid_from=None, valid_until=None)
    reviews = [
        one
        for one in map(date.fromordinal, range(since.toordinal() + 1, day.toordinal()))
        if policy.review_months is not None and policy.is_review(one)
    ]
    histories: dict[str, GradeHistory] = {}
    behind: dict[str, GradeDecision] = {}
    for one in (since, *reviews):
        grading = grade_customers(anytime, facts.at(one), histories)
        histories = grading.applied()
        behind.update((move.customer_id, move) for move in grading.decisions if move.is_change)
    return histories, behind


def _moves(
    grading: Grading, before: Mapping[str, str], behind: Mapping[str, GradeDecision]
) -> tuple[GradeMove, ...]:
    ranks = grading.policy.ranks
    names: Sequence[str] = grading.customers.names
    found: list[GradeMove] = []
    for one, name in zip(grading.decisions, names, strict=True):
        earlier = before.get(one.customer_id)
        if earlier != one.after:
            known = earlier is not None and earlier in ranks
            is_up = ranks[one.after] > ranks[earlier] if known and earlier is not None else None
            decision = one if one.is_change else behind.get(one.customer_id, one)
            held = one.interval
            moved_on = one.on if one.is_change or held is None else held.starts_on
            found.append(
                GradeMove(
                    decision=decision, name=name, moved_on=moved_on, before=earlier, is_up=is_up
                )
            )
    order = {False: 0, True: 1, None: 2}
    return tuple(
        sorted(found, key=lambda one: (order[one.is_up], one.name, one.decision.customer_id))
    )
