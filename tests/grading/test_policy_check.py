"""What is wrong with a policy is found, all of it, and a near miss is not."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.grading.ladder import ladder

from salescore import testing
from salescore.book import Facts, SalesBook
from salescore.entities import Customer
from salescore.grading import (
    STANDARD_POLICIES,
    Grade,
    GradingPolicy,
    Requirement,
    ServicePlan,
    check_policy,
    customer_table,
)
from salescore.plain import Field, FieldTable, Kind
from salescore.rules import F, Term, coalesce, days_between
from salescore.testing import LADDER_FIELDS
from salescore.values import Severity

TABLE = FieldTable(
    name="customers",
    fields=tuple(
        Field(name=name, kind=kind, nullable=kind is not Kind.ID, labels=(name, name), **more)
        for name, kind, more in (
            ("customer_id", Kind.ID, {}),
            ("revenue", Kind.DECIMAL, {"unit": "money"}),
            ("profit", Kind.DECIMAL, {"unit": "money"}),
            ("region", Kind.TEXT, {}),
            ("size", Kind.CHOICE, {"choices": ("small", "large")}),
            ("listed", Kind.BOOLEAN, {}),
            ("last_on", Kind.DATE, {}),
            ("as_of", Kind.DATE, {}),
            ("seen_at", Kind.INSTANT, {}),
            ("tags", Kind.TEXT, {"is_set": True}),
        )
    ),
)


def policy(entry: Term | None, leaving: Term | None, **more: Any) -> GradingPolicy:  # noqa: ANN401
    """Return two grades, the higher with these rules."""
    return GradingPolicy(
        name="two",
        version="7",
        grades=[
            Grade(key="base", labels=("Base", "基础")),
            Grade(key="top", labels=("Top", "顶级"), entry=entry, exit=leaving),
        ],
        **more,
    )


def codes(given_policy: GradingPolicy, table: FieldTable = TABLE) -> list[str]:
    """Return the codes of what is found."""
    return [one.code for one in check_policy(given_policy, table)]


def test_a_sound_policy_has_no_findings() -> None:
    """Also where exit and entry touch."""
    assert check_policy(ladder(), LADDER_FIELDS) == ()
    assert codes(policy(F.revenue >= 50, F.revenue < 50)) == []


@given(testing.grading_policies())
def test_ladders_have_no_findings(given_policy: GradingPolicy) -> None:
    """Policies whose exits are at most their entries are sound, over one number or two."""
    assert check_policy(given_policy, LADDER_FIELDS) == ()


def test_standard_policies_have_no_findings() -> None:
    """What ships is sound on the fields that it makes itself."""
    book = SalesBook(customers=[Customer(id="C1", name="One")])
    facts = Facts.of(book, as_of=date(2017, 12, 31), currency="USD")
    for one in STANDARD_POLICIES:
        assert check_policy(one, customer_table(facts, one.fields).schema) == ()


def test_a_grade_that_stands_there_twice_is_found() -> None:
    """Its key would mean either."""
    grades = [*ladder().grades, Grade(key="gold", labels=("", ""), entry=F.orders_12m > 1)]
    found = check_policy(GradingPolicy(name="l", version="1", grades=grades), LADDER_FIELDS)
    assert [one.code for one in found] == ["grade-twice", "grade-without-exit"]
    assert found[0].message == "grade 'gold' of l 1 stands there twice"
    assert (found[0].severity, found[0].subject) == (Severity.ERROR, "policies/l")


def test_a_grade_without_entry_or_exit_is_found() -> None:
    """Each is an error of its own; the lowest grade needs neither."""
    assert codes(policy(None, F.revenue < 50)) == ["grade-without-entry"]
    assert codes(policy(F.revenue >= 50, None)) == ["grade-without-exit"]
    assert codes(policy(None, None)) == ["grade-without-entry", "grade-without-exit"]


def test_rules_of_the_lowest_grade_are_found() -> None:
    """They are never asked, which is a warning."""
    (found,) = check_policy(
        GradingPolicy(
            name="one", version="1", grades=[Grade(key="a", labels=("", ""), entry=F.revenue > 1)]
        ),
        TABLE,
    )
    assert (found.code, found.severity) == ("lowest-grade-has-rule", Severity.WARNING)


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        (F.revenu >= 50, "did you mean 'revenue'?"),
        (F.revenue == "West", "revenue"),
        (F.region >= 5, "region"),
        (F.revenue + 1, "no condition but a number"),
    ],
    ids=["unknown field", "money to text", "text to number", "no condition"],
)
def test_a_rule_that_cannot_be_asked_is_found(entry: Term, fault: str) -> None:
    """The message names the grade and what is wrong; the overlap is not looked for then."""
    for one in (policy(entry, F.revenue < 50), policy(F.revenue >= 50, entry)):
        (found,) = check_policy(one, TABLE)
        assert found.code == "grading-rule-invalid"
        assert "grade 'top' of two 7" in found.message
        assert fault in found.message


def test_rules_of_requirements_are_checked_too() -> None:
    """What must be on record is asked of the same fields."""
    plan = ServicePlan(
        grade="top",
        requirements=[Requirement(key="x", rule=F.nothing.is_null(), labels=("", ""))],
    )
    sound = F.revenue >= 50, F.revenue < 50
    assert codes(policy(*sound, services=[plan])) == ["grading-rule-invalid"]


def test_service_plans_without_grade_or_twice_are_found() -> None:
    """A plan of nobody is an error, a second one a warning, for the first counts."""
    plans = [ServicePlan(grade="gold"), ServicePlan(grade="top"), ServicePlan(grade="top")]
    found = check_policy(policy(F.revenue >= 50, F.revenue < 50, services=plans), TABLE)
    assert [(one.code, one.severity) for one in found] == [
        ("service-without-grade", Severity.ERROR),
        ("service-twice", Severity.WARNING),
    ]
    assert codes(policy(F.revenue >= 50, F.revenue < 50, services=plans[1:2])) == []


EARLY, LATE = date(2017, 1, 1), date(2017, 6, 1)
NOON = datetime(2017, 6, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("entry", "leaving", "sound"),
    [
        (F.revenue >= 50, F.revenue < Decimal("50.01"), F.revenue < 50),
        (F.revenue >= 50, F.revenue <= 50, F.revenue < 50),
        ((F.revenue >= 50) & (F.profit >= 5), F.profit < 6, (F.revenue < 50) | (F.profit < 5)),
        ((F.revenue >= 50) | (F.profit >= 5), F.profit < 5, (F.revenue < 50) & (F.profit < 5)),
        (F.revenue + F.profit >= 50, F.revenue < 50, F.revenue + F.profit < 50),
        (F.region == "West", F.region != "East", F.region != "West"),
        (F.region != "West", F.region != "East", F.region == "West"),
        (F.region.starts_with("W"), F.region.contains("est"), F.region == "East"),
        (F.size == "large", F.size != "small", F.size == "small"),
        (F.listed, F.revenue < 5, ~F.listed),
        (F.last_on >= EARLY, F.last_on < LATE, F.last_on < EARLY),
        (
            days_between(F.last_on, F.as_of) <= 90,
            days_between(F.last_on, F.as_of) > 89,
            days_between(F.last_on, F.as_of) > 120,
        ),
        (F.seen_at >= NOON, F.seen_at <= NOON, F.seen_at < NOON),
        (F.tags.has_any(["a"]), F.tags.has_none(["b"]), F.tags.has_none(["a"])),
        (F.revenue.between(50, 60), F.revenue.between(60, 70), F.revenue > 60),
    ],
)
def test_entry_and_exit_that_hold_at_once_are_found(
    entry: Term, leaving: Term, sound: Term
) -> None:
    """With a customer to whom both apply; the exit beside it is sound."""
    (found,) = check_policy(policy(entry, leaving), TABLE)
    assert found.code == "exit-overlaps-entry"
    assert "is entered and left at once by a customer with" in found.message
    assert codes(policy(entry, sound)) == []


def test_an_overlap_among_many_fields_is_found() -> None:
    """Where there are too many combinations to try, the search goes by the rules instead."""
    names = [f"n{number}" for number in range(12)]
    table = FieldTable(
        name="customers",
        fields=tuple(
            Field(name=name, kind=Kind.DECIMAL, nullable=True, labels=(name, name), unit="1")
            for name in names
        ),
    )
    entry, leaving = getattr(F, names[0]) >= 10, getattr(F, names[0]) < 10
    for number, name in enumerate(names[1:], 1):
        entry &= getattr(F, name) >= 10 * number
        leaving |= getattr(F, name) < 10 * number + (number == 7)
    found = check_policy(policy(entry, leaving), table)
    assert [one.code for one in found] == ["exit-overlaps-entry"]
    assert "n7 = 70" in found[0].message


def test_overlaps_are_found_through_segments() -> None:
    """A rule that reads a segment is searched as one that reads any condition."""
    loyal = Field(name="segment.loyal", kind=Kind.BOOLEAN, nullable=True, labels=("Loyal", "忠诚"))
    table = FieldTable(name="customers", fields=(*TABLE.fields, loyal))
    entry = F["segment.loyal"] & (F.revenue >= 50)
    (found,) = check_policy(policy(entry, F.revenue < 60), table)
    assert found.code == "exit-overlaps-entry"
    assert "segment.loyal = True, revenue = 50" in found.message
    assert codes(policy(entry, ~F["segment.loyal"] | (F.revenue < 40)), table) == []


def test_the_witness_is_shown_with_its_values() -> None:
    """Texts are quoted, sets in braces, what is unknown is called so."""
    (found,) = check_policy(policy(F.tags.has_any(["b", "a"]), F.region.is_null()), TABLE)
    assert "tags = {'a', 'b'}, region = unknown" in found.message


@pytest.mark.parametrize(
    ("entry", "is_found"),
    [
        (F.revenue.is_null(), True),
        (coalesce(F.revenue, 100) >= 50, True),
        (F.tags.has_none(["bad"]), True),
        (F.tags.has_none(["bad"]) & (F.revenue >= 50), False),
        (coalesce(F.revenue, 0) >= 50, False),
        (~F.revenue.is_null(), False),
    ],
)
def test_an_entry_for_whom_nothing_is_known_of_is_found(entry: Term, is_found: bool) -> None:  # noqa: FBT001
    """Unknown should grant nothing, which is a warning; the rule may mean it so."""
    found = check_policy(policy(entry, F.profit < -1_000_000), TABLE)
    unknown = [one.severity for one in found if one.code == "entry-of-unknown"]
    assert unknown == ([Severity.WARNING] if is_found else [])


def test_values_at_the_end_of_the_calendar_do_no_harm() -> None:
    """Days beside the last one, and numbers beyond exact arithmetic, are passed over."""
    assert codes(policy(F.last_on >= date.max, F.last_on < date.max)) == []
    assert codes(policy(F.last_on <= date.min, F.last_on > date.min)) == []
    huge = Decimal("1E+30")
    entry = F.revenue * huge * huge * huge * huge * huge >= 1
    assert codes(policy(entry, F.revenue * huge < 0)) == []


def test_rules_that_are_too_large_together_are_searched_by_rows_alone() -> None:
    """Each is within the limits; no witness is found, and nothing fails."""
    entry, leaving = F.revenue >= 50, F.revenue < 50
    for number in range(400):
        entry |= F.revenue >= 50 + number
        leaving &= F.revenue < 50
    assert codes(policy(entry, leaving)) == []


@given(st.data())
def test_any_rules_can_be_checked(data: st.DataObject) -> None:
    """Whatever the rules, findings are returned; a witness of an overlap is one."""
    rules = testing.rules(TABLE)
    entry, leaving = data.draw(rules), data.draw(rules)
    grades = [
        Grade(key="base", labels=("", "")),
        Grade(key="top", labels=("", ""), entry=entry, exit=leaving),
    ]
    found = check_policy(GradingPolicy(name="two", version="1", grades=grades), TABLE)
    assert {one.code for one in found} <= {"exit-overlaps-entry", "entry-of-unknown"}
