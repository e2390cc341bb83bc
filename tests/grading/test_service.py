"""What grades are owed: contacts by cadence and channel, what must be on record, and the load."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.book import Facts, SalesBook
from salescore.entities import (
    Activity,
    ActivityId,
    Contact,
    ContactId,
    Customer,
    CustomerId,
    Expense,
    ExpenseId,
    Opportunity,
    OpportunityId,
    StageKind,
)
from salescore.errors import InvalidValue
from salescore.grading import (
    GapKind,
    Grade,
    GradingPolicy,
    Requirement,
    ServicePlan,
    ServiceReview,
    customer_figure,
    grade_customers,
    service_review,
)
from salescore.rules import F, days_between
from salescore.testing import books
from salescore.values import ConstantRates, Money, Period

DAY = date(2024, 6, 30)
PHONE = Requirement(key="phone", labels=("A phone number", "有电话"), rule=~F.phone.is_null())
LARGE = Requirement(key="large", labels=("Ten people", "十人以上"), rule=F.employees >= 10)


def policy(*plans: ServicePlan, **given: Any) -> GradingPolicy:  # noqa: ANN401
    """Return a policy of two grades: top are those whose needs are on record."""
    return GradingPolicy(
        name="needs",
        version="1",
        grades=[
            Grade(key="base", labels=("Base", "基础")),
            Grade(
                key="top", labels=("Top", "高"), entry=~F.needs.is_null(), exit=F.needs.is_null()
            ),
        ],
        services=plans,
        **given,
    )


def customer(key: str, **given: Any) -> Customer:  # noqa: ANN401
    """Return a customer."""
    return Customer(id=CustomerId(key), name=key.title(), **given)


def contact(number: int, on: date, key: str | None = "ann", **given: Any) -> Activity:  # noqa: ANN401
    """Return a contact."""
    customer_id = None if key is None else CustomerId(key)
    return Activity(id=ActivityId(f"a{number}"), happened_on=on, customer_id=customer_id, **given)


def reviewed(book: SalesBook, one: GradingPolicy, as_of: date = DAY) -> ServiceReview:
    """Return what the customers of a book lack on a day."""
    facts = Facts.of(book, as_of=as_of)
    return service_review(grade_customers(one, facts), facts)


def ago(days: int) -> date:
    """Return a day so many days before the day of grading."""
    return DAY - timedelta(days=days)


@pytest.mark.parametrize(
    ("days", "late"), [(0, None), (29, None), (30, None), (31, 1), (32, 2), (395, 365)]
)
def test_a_contact_is_late_from_the_day_after_it_was_due(days: int, late: int | None) -> None:
    """Thirty days after the last contact the next is due, not late; a day later it is one day."""
    book = SalesBook(customers=[customer("ann")], activities=[contact(1, ago(days))])
    found = reviewed(book, policy(ServicePlan(grade="base", contact_days=30)))
    assert [
        (gap.kind, gap.last_on, gap.due_on, gap.days_late, gap.requirement) for gap in found.gaps
    ] == ([(GapKind.CONTACT, ago(days), ago(days - 30), late, None)] if late else [])
    assert found.has_contacts


def test_only_contacts_over_the_named_channels_count() -> None:
    """A mail, or a contact over nobody knows what, is no visit; without channels each counts."""
    book = SalesBook(
        customers=[customer("ann")],
        activities=[
            contact(1, ago(100), channel="visit"),
            contact(2, ago(5), channel="mail"),
            contact(3, ago(4)),
        ],
    )
    visits = ServicePlan(grade="base", contact_days=30, channels=["visit", "meeting"])
    (gap,) = reviewed(book, policy(visits)).gaps
    assert (gap.last_on, gap.days_late) == (ago(100), 70)
    (load,) = reviewed(book, policy(visits)).loads
    assert load.contacts_made == 1
    anyhow = reviewed(book, policy(attrs.evolve(visits, channels=())))
    assert anyhow.gaps == ()
    assert [one.contacts_made for one in anyhow.loads] == [3]


def test_who_was_never_contacted_is_due_from_its_creation() -> None:
    """The days count from creation; who has no day of it is late without a day, and first."""
    book = SalesBook(
        customers=[
            customer("due", created_on=ago(30)),
            customer("late", created_on=ago(31)),
            customer("ever"),
            customer("met"),
        ],
        activities=[contact(1, ago(90), "met")],
    )
    found = reviewed(book, policy(ServicePlan(grade="base", contact_days=30)))
    assert [(gap.name, gap.last_on, gap.due_on, gap.days_late) for gap in found.gaps] == [
        ("Ever", None, None, None),
        ("Met", ago(90), ago(60), 60),
        ("Late", None, ago(1), 1),
    ]


def test_without_any_contact_on_record_nobody_is_late() -> None:
    """Facts that hold no contact with a customer say nothing about who was not contacted."""
    plan = ServicePlan(grade="base", contact_days=30, requirements=[PHONE])
    loose = contact(1, ago(1), None)
    for book in (
        SalesBook(customers=[customer("ann")]),
        SalesBook(customers=[customer("ann")], activities=[loose]),
    ):
        found = reviewed(book, policy(plan))
        assert [gap.kind for gap in found.gaps] == [GapKind.DATA]
        (load,) = found.loads
        assert (found.has_contacts, load.contacts_owed) == (False, 12)
        assert (load.contacts_made, load.hours_spent) == (None, None)


FRESH = Requirement(
    key="fresh",
    labels=("Contact within 60 days", "近60天内的沟通记录"),
    rule=days_between(F.last_contact_on, F.as_of) <= 60,
)
HEARD = Requirement(
    key="heard",
    labels=("News within 60 days", "近60天内的更新"),
    rule=(days_between(F.last_contact_on, F.as_of) <= 60) | (F.created_on >= ago(60)),
)


EARLY = Requirement(key="early", labels=("An early day", "早期"), rule=F.as_of < ago(1))


def test_without_any_contact_what_only_contacts_tell_is_not_lacking() -> None:
    """Where no contact is on record, only what also rests on something else can be lacking."""
    plan = ServicePlan(grade="base", requirements=[PHONE, FRESH, HEARD, EARLY])
    one = policy(plan, fields=[customer_figure("last_contact_on")])
    without = SalesBook(customers=[customer("ann")])
    lacking = [gap.requirement for gap in reviewed(without, one).gaps]
    assert lacking == [PHONE, HEARD, EARLY]
    met = attrs.evolve(without, activities=[contact(1, ago(61))])
    lacking = [gap.requirement for gap in reviewed(met, one).gaps]
    assert lacking == [PHONE, FRESH, HEARD, EARLY]


def test_a_contact_counts_for_the_customer_of_what_it_served() -> None:
    """Two calls, one by a contact and one by an opportunity, were made to their customer."""
    book = SalesBook(
        customers=[customer("ann", created_on=ago(1592)), customer("ben")],
        contacts=[Contact(id=ContactId("p"), name="P", customer_id=CustomerId("ann"))],
        opportunities=[
            Opportunity(
                id=OpportunityId("o"),
                stage="Talks",
                kind=StageKind.OPEN,
                customer_id=CustomerId("ann"),
            )
        ],
        activities=[
            contact(1, ago(70), None, contact_id="p", minutes=Decimal(30)),
            contact(2, ago(40), None, opportunity_id="o", minutes=Decimal(30)),
        ],
    )
    plan = ServicePlan(grade="base", contact_days=30, requirements=[FRESH])
    found = reviewed(book, policy(plan, fields=[customer_figure("last_contact_on")]))
    assert [(gap.name, gap.kind, gap.last_on, gap.days_late) for gap in found.gaps] == [
        ("Ben", GapKind.CONTACT, None, None),
        ("Ann", GapKind.CONTACT, ago(40), 10),
        ("Ben", GapKind.DATA, None, None),
    ]
    (load,) = found.loads
    assert (load.contacts_made, load.hours_spent) == (2, Decimal(1))


def test_what_happened_later_does_not_count() -> None:
    """As of a day only the contacts up to it are seen, whatever the facts know by now."""
    book = SalesBook(
        customers=[customer("ann")],
        activities=[contact(1, ago(40)), contact(2, ago(-1))],
        expenses=[
            Expense(
                id=ExpenseId("e1"),
                spent_on=ago(-1),
                amount=Money.of(5, "USD"),
                customer_id=CustomerId("ann"),
            )
        ],
    )
    plan = policy(ServicePlan(grade="base", contact_days=30))
    grading = grade_customers(plan, Facts.of(book, as_of=DAY))
    later = service_review(grading, Facts.of(book, as_of=ago(-10)))
    assert later == service_review(grading, Facts.of(book, as_of=DAY))
    assert [gap.days_late for gap in later.gaps] == [10]
    assert [(one.contacts_made, one.budget_spent) for one in later.loads] == [(1, None)]
    before = reviewed(book, plan, ago(41))
    assert (before.has_contacts, before.gaps) == (False, ())


def test_a_requirement_that_is_false_or_unknown_is_lacking() -> None:
    """Of whom nobody counted the people, it is unknown whether they are ten; that lacks too."""
    book = SalesBook(
        customers=[
            customer("few", employees=Decimal(9), phone="1"),
            customer("many", employees=Decimal(10)),
            customer("unknown", phone="2"),
        ]
    )
    found = reviewed(book, policy(ServicePlan(grade="base", requirements=[PHONE, LARGE])))
    assert [
        (gap.name, gap.requirement.key) for gap in found.gaps if gap.requirement is not None
    ] == [("Few", "large"), ("Many", "phone"), ("Unknown", "large")]
    assert all(gap.kind is GapKind.DATA and gap.due_on is None for gap in found.gaps)


def test_freshness_is_a_rule_over_days() -> None:
    """What must be fresh is a rule over the day of grading; nothing on record is not fresh."""
    fresh = Requirement(
        key="fresh",
        labels=("Heard of it within 60 days", "60天内有更新"),
        rule=days_between(F.last_contact_on, F.as_of) <= 60,
    )
    book = SalesBook(
        customers=[customer("ann"), customer("ben"), customer("cem")],
        activities=[contact(1, ago(60)), contact(2, ago(61), "ben")],
    )
    plan = ServicePlan(grade="base", requirements=[fresh])
    found = reviewed(book, policy(plan, fields=[customer_figure("last_contact_on")]))
    assert [gap.name for gap in found.gaps] == ["Ben", "Cem"]


def test_a_grade_without_a_plan_is_owed_nothing() -> None:
    """Only grades with a plan have gaps and a load; the highest comes first."""
    book = SalesBook(
        customers=[customer("ann", needs="more"), customer("ben"), customer("cem", needs="all")],
        activities=[contact(1, ago(400))],
    )
    top = ServicePlan(grade="top", contact_days=7, requirements=[PHONE])
    found = reviewed(book, policy(top))
    assert [(gap.decision.after, gap.name, gap.days_late) for gap in found.gaps] == [
        ("top", "Cem", None),
        ("top", "Ann", 393),
        ("top", "Ann", None),
        ("top", "Cem", None),
    ]
    assert [(one.plan.grade, one.customers) for one in found.loads] == [("top", 2)]
    both = reviewed(book, policy(ServicePlan(grade="base", contact_days=7), top))
    assert [one.plan.grade for one in both.loads] == ["top", "base"]
    assert [gap.name for gap in both.gaps] == ["Cem", "Ann", "Ben", "Ann", "Cem"]


def expense(number: int, on: date, amount: str, key: str | None, code: str = "USD") -> Expense:
    """Return an expense on a customer."""
    return Expense(
        id=ExpenseId(f"e{number}"),
        spent_on=on,
        amount=Money.of(amount, code),
        customer_id=None if key is None else CustomerId(key),
    )


def test_owed_beside_delivered() -> None:
    """
    Three customers at a contact each 90 days, 8 hours and 500 in money.

    They are owed 3 × 365 ÷ 90, so 12 contacts, 24 hours and 1,500. In the twelve months up to
    2024-06-30, which begin on 2023-07-01, they got 2 contacts of 90 and 45 minutes, and 130.50.
    """
    book = SalesBook(
        customers=[customer("ann"), customer("ben"), customer("cem")],
        activities=[
            contact(1, date(2023, 6, 30), minutes=Decimal(600)),
            contact(2, date(2023, 7, 1), minutes=Decimal(90)),
            contact(3, DAY, "ben", minutes=Decimal(45)),
        ],
        expenses=[
            expense(1, date(2023, 6, 30), "1000", "ann"),
            expense(2, date(2023, 7, 1), "100.50", "ann"),
            expense(3, DAY, "30", "cem"),
            expense(4, DAY, "7", None),
        ],
    )
    plan = ServicePlan(grade="base", contact_days=90, hours=Decimal(8), budget=Decimal(500))
    (load,) = reviewed(book, policy(plan)).loads
    assert (load.customers, load.contacts_owed, load.contacts_made) == (3, 12, 2)
    assert (load.hours, load.hours_spent) == (Decimal(24), Decimal("2.25"))
    assert (load.budget, load.budget_spent) == (Decimal(1500), Decimal("130.50"))
    (bare,) = reviewed(book, policy(ServicePlan(grade="base"))).loads
    assert (bare.contacts_owed, bare.hours, bare.budget) == (None, None, None)


def test_a_sum_with_an_unknown_part_is_unknown() -> None:
    """A contact of unknown length, or an expense without a rate, leaves the sum unknown."""
    book = SalesBook(
        customers=[customer("ann")],
        activities=[contact(1, DAY, minutes=Decimal(60)), contact(2, DAY)],
        expenses=[expense(1, DAY, "1", "ann"), expense(2, DAY, "1", "ann", "JPY")],
    )
    facts = Facts.of(book, as_of=DAY, currency="USD", rates=ConstantRates.of("USD", {}))
    grading = grade_customers(policy(ServicePlan(grade="base")), facts)
    (load,) = service_review(grading, facts).loads
    assert (load.contacts_made, load.hours_spent, load.budget_spent) == (2, None, None)


def test_nothing_spent_is_known_where_others_were_spent_on() -> None:
    """Where expenses on customers are on record, a grade without one has cost nothing."""
    book = SalesBook(
        customers=[customer("ann"), customer("ben", needs="all")],
        expenses=[expense(1, DAY, "12", "ben")],
        activities=[contact(1, DAY, "ben", minutes=Decimal(30))],
    )
    plans = [ServicePlan(grade="top"), ServicePlan(grade="base")]
    loads = reviewed(book, policy(*plans)).loads
    assert [(one.hours_spent, one.budget_spent) for one in loads] == [
        (Decimal("0.5"), Decimal(12)),
        (Decimal(0), Decimal(0)),
    ]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"contact_days": 0}, "contact_days of vip"),
        ({"contact_days": True}, "contact_days of vip"),
        ({"contact_days": 3_661}, "expected a whole number from 1 to 3,660"),
        ({"hours": Decimal(-1)}, "hours of vip"),
        ({"budget": Decimal("NaN")}, "budget of vip"),
        ({"hours": 1.5}, "hours of vip is 1.5: expected a finite Decimal"),
        ({"budget": 800}, "expected a finite Decimal of at least 0"),
        ({"channels": "visit"}, "channels is 'visit': a list of texts is needed"),
    ],
)
def test_a_plan_refuses_what_means_nothing(given: dict[str, Any], words: str) -> None:
    """Days are whole and at least one; hours and money are finite and at least nothing."""
    with pytest.raises(InvalidValue, match=words):
        ServicePlan(grade="vip", **given)


def served(book: SalesBook, one: Activity) -> str | None:
    """Return the customer of an activity, its own or that of what it served, by plain loops."""
    found = [
        one.customer_id,
        *(o.customer_id for o in book.opportunities if o.id == one.opportunity_id),
        *(c.customer_id for c in book.contacts if c.id == one.contact_id),
        *(c.customer_id for c in book.cases if c.id == one.case_id),
        *(lead.customer_id for lead in book.leads if lead.id == one.lead_id),
    ]
    return next((key for key in found if key is not None), None)


def owed(book: SalesBook, one: GradingPolicy, as_of: date) -> Iterator[tuple[Any, ...]]:
    """Yield all gaps of a book in no order, found by plain loops."""
    facts = Facts.of(book, as_of=as_of)
    known = facts.known.book
    by_grade = {plan.grade: plan for plan in one.services}
    activities = [(a, served(known, a)) for a in known.activities if a.happened_on <= as_of]
    has_any = any(key is not None for _, key in activities)
    for decision in grade_customers(one, facts).decisions:
        plan = by_grade[decision.after]
        (record,) = [c for c in known.customers if c.id == decision.customer_id] or [None]
        days = [
            a.happened_on
            for a, key in activities
            if key == decision.customer_id and (not plan.channels or a.channel in plan.channels)
        ]
        if has_any and plan.contact_days is not None:
            since = max(days) if days else None if record is None else record.created_on
            late = None if since is None else (as_of - since).days - plan.contact_days
            if late is None or late > 0:
                yield decision.customer_id, "contact", max(days, default=None), late
        if record is None or record.phone is None:
            yield decision.customer_id, "phone", None, None
        if record is None or record.employees is None or record.employees < 10:
            yield decision.customer_id, "large", None, None


@given(
    books(),
    st.integers(1, 400),
    st.dates(date(2016, 6, 1), date(2019, 1, 1)),
    st.integers(0, 1),
)
def test_gaps_are_those_of_plain_loops(book: SalesBook, days: int, as_of: date, many: int) -> None:
    """On random books every gap is found, none besides, and the counts of the loads agree."""
    channels = sorted({a.channel for a in book.activities if a.channel})[:many]
    plans = [
        ServicePlan(
            grade="base",
            contact_days=days,
            channels=channels,
            requirements=[PHONE, LARGE],
        ),
        ServicePlan(grade="top", contact_days=days + 1, requirements=[PHONE, LARGE]),
    ]
    one = policy(*plans)
    facts = Facts.of(book, as_of=as_of)
    grading = grade_customers(one, facts)
    found = service_review(grading, facts)
    told = [
        (
            gap.decision.customer_id,
            "contact" if gap.requirement is None else gap.requirement.key,
            gap.last_on,
            gap.days_late,
        )
        for gap in found.gaps
    ]
    assert sorted(told, key=repr) == sorted(owed(book, one, as_of), key=repr)
    ranks = [(gap.kind is GapKind.DATA, -one.rank(gap.decision.after)) for gap in found.gaps]
    assert ranks == sorted(ranks)
    year = Period.trailing(as_of, 12)
    for load in found.loads:
        those = [d.customer_id for d in grading.decisions if d.after == load.plan.grade]
        made = [
            a
            for a in facts.known.book.activities
            if served(facts.known.book, a) in those
            and a.happened_on in year
            and (not load.plan.channels or a.channel in load.plan.channels)
        ]
        assert load.customers == len(those)
        assert load.contacts_made == (len(made) if found.has_contacts else None)
