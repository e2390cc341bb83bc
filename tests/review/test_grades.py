"""Grades in a review: where customers stand, who moved and why, who is near, what is lacking."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest
from tests.review.small_review import BOOK, usd

from salescore.entities import Activity, ActivityId, CustomerId
from salescore.errors import InvalidDocument
from salescore.grading import (
    CustomerFigure,
    Grade,
    GradeHistory,
    GradingPolicy,
    Requirement,
    Segment,
    ServicePlan,
)
from salescore.metrics import Aggregate, Measure
from salescore.plain import parse_json
from salescore.playbook import STANDARD_PLAYBOOK, Playbook
from salescore.render import Language
from salescore.review import review_book, review_data, review_text
from salescore.rules import F
from salescore.values import Calendar

YEAR = Calendar().parse("2024")
REVENUE = CustomerFigure(
    name="revenue_12m",
    measure=Measure(
        name="revenue_12m",
        table="sales_lines",
        aggregate=Aggregate.SUM,
        of=F.net_amount,
        date="sold_on",
    ),
    labels=("Revenue, 12 months", "近12个月销售额"),
    months=12,
    unit="money",
)
POLICY = GradingPolicy(
    name="value",
    version="1",
    labels=("By value", "按价值"),
    fields=[REVENUE],
    grades=[
        Grade(key="regular", labels=("Regular", "普通")),
        Grade(
            key="vip",
            labels=("VIP", "贵宾"),
            entry=F.revenue_12m >= 75,
            exit=F.revenue_12m < 60,
        ),
    ],
    services=[
        ServicePlan(
            grade="vip",
            contact_days=30,
            hours=Decimal(48),
            requirements=[
                Requirement(
                    key="needs",
                    rule=~F.needs.is_null(),
                    labels=("Needs are on record", "有需求记录"),
                )
            ],
        )
    ],
    review_months=3,
)


def playbook(*policies: GradingPolicy) -> Playbook:
    """Return a playbook of some policies."""
    return Playbook(name="ours", version="1", policies=policies)


def test_movement_since_the_last_period() -> None:
    """Acme sold 20 in 2023 and 130 in February 2024, so it rose at the review of April."""
    (found,) = review_book(BOOK, during=YEAR, playbook=playbook(POLICY)).grades
    assert (found.since, found.recorded) == (date(2023, 12, 31), 0)
    assert [(one.grade, one.customers, one.before) for one in found.counts] == [
        ("vip", 1, 0),
        ("regular", 1, 1),
    ]
    acme, bolt = found.moves
    assert (acme.name, acme.before, acme.decision.after, acme.direction.value) == (
        "Acme", "regular", "vip", "up",
    )  # fmt: skip
    assert acme.moved_on == date(2024, 4, 1)
    assert dict(acme.decision.inputs) == {"revenue_12m": Decimal(130)}
    assert (bolt.name, bolt.before, bolt.decision.after, bolt.direction.value) == (
        "Bolt", None, "regular", "new",
    )  # fmt: skip


def test_customers_near_a_boundary() -> None:
    """Bolt with 70 would enter at 75, a change of a fourteenth; Acme with 130 is far from 60."""
    (found,) = review_book(BOOK, during=YEAR, playbook=playbook(POLICY)).grades
    (near,) = found.boundaries
    assert (near.decision.customer_id, near.toward, near.is_up) == ("bolt", "vip", True)
    assert [(one.before, one.after) for one in near.way.changes] == [(Decimal(70), Decimal(75))]
    assert near.distance == Decimal("0.071429")


def test_grades_on_record_are_compared_with() -> None:
    """Where the book holds grades under the policy, those count and none are worked out."""
    history = GradeHistory(customer_id="acme", policy="value").followed("vip", date(2023, 6, 1))
    book = attrs.evolve(BOOK, grade_intervals=history.intervals)
    review = review_book(book, during=YEAR, playbook=playbook(POLICY))
    (found,) = review.grades
    assert found.recorded == 1
    assert [one.name for one in found.moves] == ["Bolt"]
    assert any("on record for 1 of 2 customers" in note for note in review.notes)


def test_who_fell_is_told_first_with_the_rule_that_held_then() -> None:
    """A customer that fell shows the rule of exit, with the values of the day it fell."""
    later = Calendar().parse("2025")
    order = attrs.evolve(BOOK.orders[1], id="o9", ordered_on=date(2025, 12, 20))
    line = attrs.evolve(BOOK.order_lines[1], id="l9", order_id="o9", net_amount=usd(65))
    book = attrs.evolve(BOOK, orders=[*BOOK.orders, order], order_lines=[*BOOK.order_lines, line])
    review = review_book(book, during=later, playbook=playbook(POLICY))
    (found,) = review.grades
    acme = found.moves[0]
    assert (acme.name, acme.before, acme.direction.value) == ("Acme", "vip", "down")
    assert (acme.moved_on, acme.figure) == (date(2025, 4, 1), Decimal(65))
    text = review_text(review)
    assert "✓ Revenue, 12 months 0 < 60" in text


def test_a_policy_out_of_force_or_at_fault_is_noted() -> None:
    """Nobody is graded by it, a note says why, and the faults are findings."""
    over = attrs.evolve(POLICY, name="over", valid_until=date(2020, 1, 1))
    wrong = attrs.evolve(
        POLICY,
        name="wrong",
        services=(),
        grades=[POLICY.grades[0], attrs.evolve(POLICY.grades[1], entry=F.colour == "red")],
    )
    review = review_book(BOOK, during=YEAR, playbook=playbook(over, wrong))
    assert review.grades == ()
    assert "No version of policy over is in force on 2024-06-30." in review.notes
    assert any(note.startswith("Nobody is graded by policy wrong 1:") for note in review.notes)
    assert "grading-rule-invalid" in {one.code for one in review.findings}


def test_text_in_both_languages() -> None:
    """The page has a table of grades, of moves with reasons, of who is near, and of what lacks."""
    review = review_book(BOOK, during=YEAR, playbook=playbook(POLICY))
    page = review_text(review)
    assert "GRADES: BY VALUE" in page
    assert "Acme  Regular  VIP" in " ".join(page.split("\n")).replace("   ", "  ")
    assert "✓ Revenue, 12 months 130 ≥ 75" in page
    assert "enter VIP  Revenue, 12 months from 70 to 75 (+5)" in page
    assert "Needs are on record" in page
    chinese = review_text(review, Language.ZH)
    for words in ("客户等级：按价值", "等级变动", "接近等级边界", "缺口", "有需求记录", "贵宾"):
        assert words in chinese


def test_data() -> None:
    """The data are plain JSON with every customer, move, boundary and gap."""
    review = review_book(BOOK, during=YEAR, playbook=playbook(POLICY))
    (found,) = json.loads(json.dumps(review_data(review)["grading"]))
    assert (found["policy"], found["as_of"], found["since"]) == (
        "value", "2024-06-30", "2023-12-31",
    )  # fmt: skip
    assert found["customers"] == [
        {"key": "acme", "label": "Acme", "grade": "vip"},
        {"key": "bolt", "label": "Bolt", "grade": "regular"},
    ]
    move = found["moves"][0]
    assert (move["key"], move["direction"], move["moved_on"]) == ("acme", "up", "2024-04-01")
    assert move["why"] == "✓ Revenue, 12 months 130 ≥ 75"
    assert found["boundaries"][0]["way"]["changes"][0]["after"] == "75"
    assert [one["requirement"] for one in found["service"]["gaps"] if one["kind"] == "data"] == [
        "needs"
    ]


def test_no_playbook_no_grades() -> None:
    """Nobody is graded where no rules were handed in."""
    review = review_book(BOOK, during=YEAR)
    assert (review.grades, review_data(review)["grading"]) == ((), [])


def test_the_standard_playbook_is_sound_and_grades_everybody() -> None:
    """Each standard policy gives each customer a grade, and the playbook has no fault."""
    review = review_book(BOOK, during=YEAR, playbook=STANDARD_PLAYBOOK)
    assert [one.policy.name for one in review.grades] == [
        one.name for one in STANDARD_PLAYBOOK.policies
    ]
    for one in review.grades:
        assert sum(count.customers for count in one.counts) == len(BOOK.customers)


def test_a_playbook_survives_json() -> None:
    """What a playbook writes is read back as the same playbook."""
    for book in (STANDARD_PLAYBOOK, playbook(POLICY)):
        data: Any = json.loads(json.dumps(book.as_data()))
        assert Playbook.from_data(data) == book


@pytest.mark.parametrize("key", ["colour", "Policies"])
def test_a_playbook_is_read_strictly(key: str) -> None:
    """An unknown key is refused, with the nearest one that there is."""
    with pytest.raises(InvalidDocument, match=f"playbook/{key}"):
        Playbook.from_data({**STANDARD_PLAYBOOK.as_data(), key: []})


def test_the_example_in_the_reference(root: Path) -> None:
    """The playbook shown in the reference is one, and grades by revenue."""
    page = (root / "docs" / "reference" / "playbook-format.md").read_text("utf-8")
    text = page.split("```json\n")[1].split("```")[0]
    found = Playbook.from_data(parse_json(text))
    (graded,) = review_book(BOOK, during=YEAR, playbook=found).grades
    assert [(one.grade, one.customers) for one in graded.counts] == [("vip", 0), ("regular", 2)]


def test_contacts_on_record_are_set_beside_those_owed() -> None:
    """Without any contact on record a line says so; with one, who is late and by how much."""
    review = review_book(BOOK, during=YEAR, playbook=playbook(POLICY))
    unknown = "No contacts are on record, so nobody can say who was not contacted."
    assert unknown in review_text(review)
    (bare,) = json.loads(json.dumps(review_data(review)["grading"]))
    assert bare["service"]["has_contacts"] is False
    assert bare["service"]["loads"][0]["contacts_made"] is None
    visit = Activity(
        id=ActivityId("v"),
        happened_on=date(2024, 5, 1),
        customer_id=CustomerId("acme"),
        minutes=Decimal(90),
    )
    visited = attrs.evolve(BOOK, activities=[visit])
    review = review_book(visited, during=YEAR, playbook=playbook(POLICY))
    assert unknown not in review_text(review)
    assert "Acme (30 days late)" in review_text(review)
    (found,) = json.loads(json.dumps(review_data(review)["grading"]))
    load = found["service"]["loads"][0]
    assert (load["contacts_made"], load["hours_spent"], load["budget_spent"]) == (1, "1.5", None)


def test_who_is_about_to_fall() -> None:
    """A customer whose exit holds is warned, with the review on which it may fall."""
    tempered = attrs.evolve(POLICY, grace_days=100)
    (found,) = review_book(
        BOOK,
        during=Calendar().parse("2025-Q1"),
        as_of=date(2025, 3, 31),
        playbook=playbook(tempered),
    ).grades
    (warned,) = found.warned
    assert (warned.name, warned.since) == ("Acme", date(2025, 3, 31))
    assert warned.falls_on == date(2025, 10, 1)


def test_a_persons_word_is_told_instead_of_a_rule() -> None:
    """Behind an override stand its reason and who decided it."""
    history = (
        GradeHistory(customer_id="bolt", policy="value")
        .followed("regular", date(2023, 6, 1))
        .overridden("vip", date(2024, 6, 1), reason="strategic account", decided_by="Ann")
    )
    book = attrs.evolve(BOOK, grade_intervals=history.intervals)
    review = review_book(book, during=YEAR, playbook=playbook(POLICY))
    bolt = next(one for one in review.grades[0].moves if one.name == "Bolt")
    assert bolt.explanation(review.grades[0].grading.customers.schema) is None
    assert "override: strategic account: Ann" in review_text(review)
    data: Any = review_data(review)
    told = [one["override"] for one in data["grading"][0]["moves"] if one["key"] == "bolt"]
    assert told == [{"reason": "strategic account", "decided_by": "Ann"}]


def test_each_day_is_judged_by_the_version_in_force_then() -> None:
    """A later version changes nothing of the end of the period before."""
    strict = attrs.evolve(
        POLICY,
        version="2",
        valid_from=date(2024, 1, 1),
        grades=[POLICY.grades[0], attrs.evolve(POLICY.grades[1], entry=F.revenue_12m >= 500)],
    )
    easy = attrs.evolve(
        POLICY,
        valid_until=date(2023, 12, 31),
        grades=[
            POLICY.grades[0],
            attrs.evolve(POLICY.grades[1], entry=F.revenue_12m >= 20, exit=F.revenue_12m < 5),
        ],
    )
    (found,) = review_book(BOOK, during=YEAR, playbook=playbook(easy, strict)).grades
    assert found.policy.version == "2"
    assert [(one.grade, one.before) for one in found.counts] == [("vip", 1), ("regular", 0)]


def test_who_bought_only_later_was_not_there_before() -> None:
    """A customer without a day, known by a later order, is new and was in no grade."""
    undated = [attrs.evolve(one, created_on=None) for one in BOOK.customers]
    book = attrs.evolve(BOOK, customers=undated)
    (found,) = review_book(book, during=YEAR, playbook=playbook(POLICY)).grades
    assert {one.name: one.direction.value for one in found.moves} == {"Acme": "up", "Bolt": "new"}
    assert sum(one.before for one in found.counts) == 1


def test_segments_of_a_playbook() -> None:
    """The page and the data tell who belongs to each segment, and policies may read them."""
    large = Segment(key="large", rule=F.segment == "large", labels=("Large", "大客户"))
    policy = attrs.evolve(
        POLICY,
        services=(),
        grades=[
            POLICY.grades[0],
            attrs.evolve(POLICY.grades[1], entry=F["segment.large"], exit=~F["segment.large"]),
        ],
    )
    rules = Playbook(name="ours", version="1", policies=[policy], segments=[large])
    review = review_book(BOOK, during=YEAR, playbook=rules)
    assert "SEGMENTS BY RULE  customers  unknown" in review_text(review)
    assert "规则细分" in review_text(review, Language.ZH)
    assert review_data(review)["segments"] == [
        {"key": "large", "label": "Large", "customers": ["acme"], "unknown": []}
    ]
    assert [(one.grade, one.customers) for one in review.grades[0].counts] == [
        ("vip", 1),
        ("regular", 1),
    ]


def test_what_nobody_can_say_is_noted() -> None:
    """Customers whose entry is unknown are counted in a note."""
    dark = attrs.evolve(
        POLICY,
        services=(),
        grades=[
            POLICY.grades[0],
            attrs.evolve(POLICY.grades[1], entry=F.employees >= 5, exit=F.employees < 3),
        ],
    )
    review = review_book(BOOK, during=YEAR, playbook=playbook(dark))
    assert any(note.startswith("Of 2 customers nobody can say") for note in review.notes)
