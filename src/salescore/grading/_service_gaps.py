"""What customers of each grade are owed and did not get."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from operator import itemgetter

import attrs

from salescore.book import Facts
from salescore.grading._grade import GradeDecision
from salescore.grading._grading import Grading
from salescore.grading._service_plan import Requirement, ServicePlan
from salescore.plain import as_tuple
from salescore.rules import compile_expression
from salescore.values import EXACT, Period

_YEAR_DAYS = 365
_MONTHS = 12


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
        due_on: Day by which the contact was due; `None` where there was none, and for data.
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
        contacts_made: Contacts in the twelve months up to the day that count.
        hours: Hours of work owed; `None` when the plan says none.
        budget: Money owed, in the reporting currency; `None` when the plan says none.
    """

    plan: ServicePlan
    customers: int
    contacts_owed: int | None
    contacts_made: int
    hours: Decimal | None
    budget: Decimal | None


@attrs.frozen(kw_only=True)
class ServiceReview:
    """
    What was owed and not given.

    Attributes:
        gaps: Contacts that are late, the latest first, then what is not on record, both by grade
            from the highest.
        loads: One entry for each service plan, from the highest grade.
    """

    gaps: tuple[ServiceGap, ...] = attrs.field(converter=as_tuple)
    loads: tuple[GradeLoad, ...] = attrs.field(converter=as_tuple)


def service_review(grading: Grading, facts: Facts) -> ServiceReview:
    """
    Return which customers lack what their grade is owed, and how much that is.

    A contact is late from the day after it was due; who was never contacted is late without a day.
    A requirement that is unknown is not fulfilled.

    Args:
        grading: The grades of all customers.
        facts: The fact tables that the grading was made from.
    """
    policy, day = grading.policy, grading.as_of
    contacts = _contacts(facts, day)
    late: list[ServiceGap] = []
    lacking: list[ServiceGap] = []
    asked = {
        plan.grade: [(one, compile_expression(one.rule, itemgetter)) for one in plan.requirements]
        for plan in policy.services
    }
    known = zip(grading.decisions, grading.customers.rows(), grading.customers.names, strict=True)
    for one, row, name in sorted(known, key=lambda item: -policy.rank(item[0].after)):
        plan = policy.service(one.after)
        if plan is None:
            continue
        late += _contact_gap(one, name, plan, contacts.get(one.customer_id, []), day)
        lacking += [
            ServiceGap(decision=one, name=name, kind=GapKind.DATA, requirement=requirement)
            for requirement, holds in asked[plan.grade]
            if not holds(row)
        ]
    late.sort(key=_lateness, reverse=True)
    late.sort(key=lambda gap: -policy.rank(gap.decision.after))
    return ServiceReview(gaps=[*late, *lacking], loads=_loads(grading, contacts))


_Contact = tuple[date, str | None]


def _contacts(facts: Facts, day: date) -> dict[str, list[_Contact]]:
    """Return day and channel of the contacts of each customer up to a day."""
    table = facts.table("activities")
    found: dict[str, list[_Contact]] = defaultdict(list)
    columns = (table.column(name) for name in ("customer_id", "happened_on", "channel"))
    for customer, on, channel in zip(*columns, strict=True):
        if customer is not None and on is not None and on <= day:
            found[customer].append((on, channel))
    return found


def _counting(plan: ServicePlan, contacts: list[_Contact]) -> list[date]:
    """Return the days of the contacts that count for a plan."""
    return [on for on, channel in contacts if not plan.channels or channel in plan.channels]


def _contact_gap(
    one: GradeDecision, name: str, plan: ServicePlan, contacts: list[_Contact], day: date
) -> list[ServiceGap]:
    if plan.contact_days is None:
        return []
    last = max(_counting(plan, contacts), default=None)
    if last is None:
        return [ServiceGap(decision=one, name=name, kind=GapKind.CONTACT)]
    due = last + timedelta(days=plan.contact_days)
    if day <= due:
        return []
    return [
        ServiceGap(
            decision=one,
            name=name,
            kind=GapKind.CONTACT,
            last_on=last,
            due_on=due,
            days_late=(day - due).days,
        )
    ]


def _lateness(gap: ServiceGap) -> int:
    return timedelta.max.days if gap.days_late is None else gap.days_late


def _loads(grading: Grading, contacts: dict[str, list[_Contact]]) -> list[GradeLoad]:
    policy = grading.policy
    year = Period.trailing(grading.as_of, _MONTHS)
    found: list[GradeLoad] = []
    for grade in reversed(policy.grades):
        plan = policy.service(grade.key)
        if plan is None:
            continue
        those = [one.customer_id for one in grading.decisions if one.after == grade.key]
        made = (on for key in those for on in _counting(plan, contacts.get(key, [])) if on in year)
        owed = None if plan.contact_days is None else len(those) * _YEAR_DAYS // plan.contact_days
        found.append(
            GradeLoad(
                plan=plan,
                customers=len(those),
                contacts_owed=owed,
                contacts_made=sum(1 for _ in made),
                hours=_times(plan.hours, len(those)),
                budget=_times(plan.budget, len(those)),
            )
        )
    return found


def _times(amount: Decimal | None, count: int) -> Decimal | None:
    return None if amount is None else EXACT.multiply(amount, Decimal(count))
