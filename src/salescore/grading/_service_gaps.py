"""What customers of each grade are owed and did not get."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from operator import attrgetter, itemgetter

import attrs

from salescore.book import Facts
from salescore.entities import Activity
from salescore.grading._customer_table import AS_OF
from salescore.grading._decision import GradeDecision
from salescore.grading._fields import CustomerFigure
from salescore.grading._grading import Grading
from salescore.grading._policy import GradingPolicy
from salescore.grading._service_plan import Requirement, ServicePlan
from salescore.plain import as_tuple
from salescore.rules import compile_expression, fields_of
from salescore.values import EXACT, Period, exact_sum, quotient

_YEAR_DAYS = 365
_MONTHS = 12
_MINUTES = Decimal(60)


class GapKind(Enum):
    """
    What is missing.

    Attributes:
        CONTACT: The customer was not contacted as its grade is owed.
        DATA: Something that its grade needs is not on record, or is not fresh.
    """

    CONTACT = "contact"
    DATA = "data"


@attrs.frozen(kw_only=True)
class ServiceGap:
    """
    One thing that a customer of a grade lacks.

    Attributes:
        decision: The customer's grade.
        name: What the customer is called.
        kind: What is missing.
        requirement: What should be on record; `None` for a contact.
        last_on: Day of the last contact that counts; `None` where there was none, and for data.
        due_on: Day by which the contact was due; `None` where neither a contact nor the creation
            of the customer says it, and for data.
        days_late: Days since then; `None` likewise.
    """

    decision: GradeDecision
    name: str
    kind: GapKind
    requirement: Requirement | None = None
    last_on: date | None = None
    due_on: date | None = None
    days_late: int | None = None


@attrs.frozen(kw_only=True)
class GradeLoad:
    """
    What the customers of a grade are owed in a year, beside what they got in the last one.

    Attributes:
        plan: The service plan.
        customers: How many customers have the grade.
        contacts_owed: Contacts owed in 365 days; `None` without a cadence.
        contacts_made: Contacts in the twelve months up to the day that count; `None` where the
            facts know of no contact at all.
        hours: Hours of work owed; `None` when the plan says none.
        hours_spent: Hours that all contacts of these twelve months took; `None` where one of them
            does not say how long it took, and where the facts know of no contact at all.
        budget: Money owed, in the reporting currency; `None` when the plan says none.
        budget_spent: Expenses on these customers in the twelve months, in the reporting currency;
            `None` where one has no exchange rate, and where the facts know of no expense on any
            customer.
    """

    plan: ServicePlan
    customers: int
    contacts_owed: int | None
    contacts_made: int | None
    hours: Decimal | None
    hours_spent: Decimal | None
    budget: Decimal | None
    budget_spent: Decimal | None


@attrs.frozen(kw_only=True)
class ServiceReview:
    """
    What was owed and not given.

    Attributes:
        gaps: Contacts that are late, the latest first, then what is not on record, both by grade
            from the highest.
        loads: One entry for each service plan, from the highest grade.
        has_contacts: Whether the facts know of a contact with any customer; else nobody can say
            who was not contacted, no contact is late, and what reads nothing but contacts is not
            lacking.
    """

    gaps: tuple[ServiceGap, ...] = attrs.field(converter=as_tuple)
    loads: tuple[GradeLoad, ...] = attrs.field(converter=as_tuple)
    has_contacts: bool


def service_review(grading: Grading, facts: Facts) -> ServiceReview:
    """
    Return which customers lack what their grade is owed, and how much that is.

    A contact is due as many days after the last one as the plan says, and late from the day after.
    Who was never contacted is due likewise from the day of its creation, and late without a day
    where that is unknown. Where a plan names channels, a contact over an unknown one does not
    count. A contact that names no customer is with that of what it served, as in the fact table. A
    requirement that is unknown is not fulfilled.

    Args:
        grading: The grades of all customers.
        facts: The fact tables that the grading was made from; what is later does not count.
    """
    policy, day = grading.policy, grading.as_of
    contacts = _contacts(facts, day)
    late: list[ServiceGap] = []
    lacking: list[ServiceGap] = []
    plans = {one.key: policy.service(one.key) for one in policy.grades}
    silent = frozenset[str]() if contacts else _contact_fields(policy)
    asked = {
        plan.grade: [
            (one, compile_expression(one.rule, itemgetter))
            for one in plan.requirements
            if not _reads_only(one, silent)
        ]
        for plan in plans.values()
        if plan is not None
    }
    known = zip(grading.decisions, grading.customers.rows(), grading.customers.names, strict=True)
    for one, row, name in sorted(known, key=lambda item: -policy.rank(item[0].after)):
        plan = plans[one.after]
        if plan is None:
            continue
        if contacts and plan.contact_days is not None:
            last = max(map(_day, _counting(plan, contacts.get(one.customer_id, ()))), default=None)
            gap = ServiceGap(decision=one, name=name, kind=GapKind.CONTACT, last_on=last)
            late += _late(gap, last or row["created_on"], plan.contact_days, day)
        lacking += [
            ServiceGap(decision=one, name=name, kind=GapKind.DATA, requirement=requirement)
            for requirement, holds in asked[plan.grade]
            if not holds(row)
        ]
    late.sort(key=_lateness, reverse=True)
    late.sort(key=lambda gap: -policy.rank(gap.decision.after))
    return ServiceReview(
        gaps=[*late, *lacking],
        loads=_loads(grading, facts, contacts),
        has_contacts=bool(contacts),
    )


_Contacts = Mapping[str, Sequence[Activity]]

_day = attrgetter("happened_on")


def _contacts(facts: Facts, day: date) -> _Contacts:
    """Return the contacts of each customer up to a day."""
    found: dict[str, list[Activity]] = defaultdict(list)
    customers = facts.table("activities").column("customer_id")
    for one, customer in zip(facts.known.book.activities, customers, strict=True):
        if customer is not None and one.happened_on <= day:
            found[customer].append(one)
    return dict(found)


def _contact_fields(policy: GradingPolicy) -> frozenset[str]:
    """Return the names of the figures of a policy that only contacts can tell."""
    return frozenset(
        one.name
        for one in policy.fields
        if isinstance(one, CustomerFigure) and one.measure.table == "activities"
    )


def _reads_only(requirement: Requirement, names: frozenset[str]) -> bool:
    """Return whether a requirement reads some of these fields and, but for the day, no other."""
    read = set(fields_of(requirement.rule)) - {AS_OF}
    return bool(read) and read <= names


def _counting(plan: ServicePlan, contacts: Iterable[Activity]) -> Iterator[Activity]:
    """Return the contacts that count for a plan."""
    return (one for one in contacts if not plan.channels or one.channel in plan.channels)


def _late(gap: ServiceGap, since: date | None, days: int, day: date) -> Iterator[ServiceGap]:
    """Yield a gap where the contact is late, with the day by which it was due."""
    if since is None:
        yield gap
        return
    due = since + timedelta(days=days)
    if due < day:
        yield attrs.evolve(gap, due_on=due, days_late=(day - due).days)


def _lateness(gap: ServiceGap) -> int:
    return timedelta.max.days if gap.days_late is None else gap.days_late


def _loads(grading: Grading, facts: Facts, contacts: _Contacts) -> Iterator[GradeLoad]:
    policy = grading.policy
    year = Period.trailing(grading.as_of, _MONTHS)
    expenses = _expenses(facts, grading.as_of)
    for grade in reversed(policy.grades):
        plan = policy.service(grade.key)
        if plan is None:
            continue
        those = [one.customer_id for one in grading.decisions if one.after == grade.key]
        made = [one for key in those for one in contacts.get(key, ()) if one.happened_on in year]
        spent = [amount for key in those for on, amount in expenses.get(key, ()) if on in year]
        minutes = _sum([one.minutes for one in made]) if contacts else None
        yield GradeLoad(
            plan=plan,
            customers=len(those),
            contacts_owed=(
                None if plan.contact_days is None else len(those) * _YEAR_DAYS // plan.contact_days
            ),
            contacts_made=sum(1 for _ in _counting(plan, made)) if contacts else None,
            hours=_times(plan.hours, len(those)),
            hours_spent=None if minutes is None else quotient(minutes, _MINUTES),
            budget=_times(plan.budget, len(those)),
            budget_spent=_sum(spent) if expenses else None,
        )


def _expenses(facts: Facts, day: date) -> Mapping[str, Sequence[tuple[date, Decimal | None]]]:
    """Return day and amount of the expenses on each customer up to a day."""
    table = facts.table("expenses")
    found: dict[str, list[tuple[date, Decimal | None]]] = defaultdict(list)
    columns = (table.column(name) for name in ("customer_id", "spent_on", "amount"))
    for customer, on, amount in zip(*columns, strict=True):
        if customer is not None and on <= day:
            found[customer].append((on, amount))
    return dict(found)


def _sum(amounts: Sequence[Decimal | None]) -> Decimal | None:
    """Return a sum, unknown where a part is."""
    known = [one for one in amounts if one is not None]
    return exact_sum(known) if len(known) == len(amounts) else None


def _times(amount: Decimal | None, count: int) -> Decimal | None:
    return None if amount is None else EXACT.multiply(amount, Decimal(count))
