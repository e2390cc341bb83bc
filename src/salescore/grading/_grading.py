"""Grading a whole book: every customer once, and who would move."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sized
from datetime import date
from functools import cached_property

import attrs

from salescore.book import Facts, SalesBook
from salescore.errors import InvalidValue
from salescore.grading._check_policy import check_policy
from salescore.grading._customer_table import CustomerTable, customer_table
from salescore.grading._decision import GradeDecision
from salescore.grading._grade import Grader
from salescore.grading._history import GradeHistory, grade_histories
from salescore.grading._policy import GradingPolicy
from salescore.grading._reasons import Move
from salescore.plain import as_tuple
from salescore.values import Severity


def _counted(those: Sized) -> str:
    return f"<{len(those)}>"


@attrs.frozen(kw_only=True, eq=False)
class Grading:
    """
    The grades of all customers on a day.

    Attributes:
        policy: The policy.
        as_of: Day of grading.
        decisions: One for each customer, in the order of the table.
        customers: What the policy knew of them.
        histories: Grades on record on which the decisions were taken, by customer; also those of
            customers who are no longer in the table.
    """

    policy: GradingPolicy
    as_of: date
    decisions: tuple[GradeDecision, ...] = attrs.field(converter=as_tuple, repr=_counted)
    customers: CustomerTable = attrs.field(repr=_counted)
    histories: Mapping[str, GradeHistory] = attrs.field(repr=_counted)

    @cached_property
    def by_customer(self) -> Mapping[str, GradeDecision]:
        """Return the decisions by customer."""
        return {one.customer_id: one for one in self.decisions}

    @property
    def moves(self) -> tuple[GradeDecision, ...]:
        """Return who gets another grade than is on record, and who is warned."""
        return tuple(one for one in self.decisions if one.is_change or one.move is Move.WARNED)

    @property
    def counts(self) -> tuple[tuple[str, int, int], ...]:
        """Return each grade, the highest first, with how many had it before and have it after."""
        before = Counter(one.before for one in self.decisions)
        after = Counter(one.after for one in self.decisions)
        keys = [one.key for one in reversed(self.policy.grades)]
        return tuple((key, before[key], after[key]) for key in keys)

    def applied(self) -> dict[str, GradeHistory]:
        """
        Return the histories that go on with these decisions, by customer.

        Raises:
            InvalidValue: A grade on record begins after the day of grading.
        """
        found = dict(self.histories)
        for one in self.decisions:
            history = found.get(one.customer_id) or GradeHistory(
                customer_id=one.customer_id, policy=self.policy.name
            )
            found[one.customer_id] = one.applied(history)
        return found


def grade_customers(
    policy: GradingPolicy,
    facts: Facts,
    histories: Mapping[str, GradeHistory] | None = None,
    *,
    is_review: bool | None = None,
) -> Grading:
    """
    Return the grade of every customer on the last day of the facts.

    Args:
        policy: The policy.
        facts: The fact tables; their `as_of` is the day of grading, by default the last day known.
        histories: Grades on record, by customer; by default those of the book under the policy, as
            they were known on the day.
        is_review: Whether customers may fall on the day; `None` asks the policy.

    Raises:
        InvalidValue: The policy is not in force on the day, `check_policy` finds an error in it, or
            the facts have no day at all.
        UnknownName: The policy reads a field that there is not.
        RuleTypeError: A rule does not fit the fields.
    """
    customers = customer_table(facts, policy.fields)
    check_in_force(policy, customers.as_of)
    return _graded(policy, facts, customers, histories, is_review)


def _graded(
    policy: GradingPolicy,
    facts: Facts,
    customers: CustomerTable,
    histories: Mapping[str, GradeHistory] | None,
    is_review: bool | None,  # noqa: FBT001 - as asked
) -> Grading:
    day = customers.as_of
    policy.check_rules(customers.schema)
    _refuse_faults(policy, customers)
    if histories is None:
        histories = grade_histories(facts.known.book, policy)
    names = ("customer_id", *policy.inputs)
    columns = [customers.table.column(name) for name in names]
    decide = Grader.of(policy, day, is_review=is_review).decision
    decisions: list[GradeDecision] = []
    for values in zip(*columns, strict=True):
        key = values[0]
        history = histories.get(key) or GradeHistory(customer_id=key, policy=policy.name)
        decisions.append(decide(dict(zip(names, values, strict=True)), history))
    return Grading(
        policy=policy,
        as_of=day,
        decisions=decisions,
        customers=customers,
        histories=histories,
    )


def preview(policy: GradingPolicy, book: SalesBook, as_of: date) -> Grading:
    """
    Return who would move, and why, if customers were reviewed on a day; nothing is written.

    Args:
        policy: The policy, such as a new version of the one in force.
        book: The facts, with the grades on record.
        as_of: Day of the review; only what was known then counts.

    Returns:
        The grading of that day as if it were a review; `moves` lists who would move.

    Raises:
        InvalidValue: `check_policy` finds an error in the policy.
        UnknownName: The policy reads a field that there is not.
        RuleTypeError: A rule does not fit the fields.
    """
    facts = Facts.of(book, as_of=as_of)
    return _graded(policy, facts, customer_table(facts, policy.fields), None, True)


def _refuse_faults(policy: GradingPolicy, customers: CustomerTable) -> None:
    """Refuse a policy by which customers would be graded wrongly."""
    faults = [
        one.message
        for one in check_policy(policy, customers.schema)
        if one.severity is Severity.ERROR
    ]
    if faults:
        more = f" (the first of {len(faults)} errors)" if len(faults) > 1 else ""
        raise InvalidValue("policy", f"{policy.name} {policy.version}", f"{faults[0]}{more}")


def check_in_force(policy: GradingPolicy, day: date) -> None:
    """Refuse a policy that is not in force on a day."""
    if policy.valid_from is not None and day < policy.valid_from:
        fault = f"{policy.name} {policy.version} is in force from {policy.valid_from}"
        raise InvalidValue("day of grading", day, fault)
    if policy.valid_until is not None and day > policy.valid_until:
        fault = f"{policy.name} {policy.version} was in force until {policy.valid_until}"
        raise InvalidValue("day of grading", day, fault)
