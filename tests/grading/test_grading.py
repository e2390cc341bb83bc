"""Grading a whole book: every customer once, who would move, and what is refused."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

import attrs
import pytest
from tests.grading.ladder import ladder

from salescore.book import Facts, SalesBook
from salescore.entities import (
    Customer,
    CustomerId,
    GradeInterval,
    GradeIntervalId,
    Order,
    OrderId,
    OrderLine,
    OrderLineId,
)
from salescore.errors import InvalidValue, RuleTypeError, UnknownName
from salescore.grading import (
    CustomerFigure,
    Grade,
    GradeHistory,
    GradingPolicy,
    Move,
    ReasonCode,
    ServicePlan,
    grade,
    grade_customers,
    grade_histories,
    preview,
)
from salescore.metrics import Aggregate, Measure
from salescore.rules import F
from salescore.values import Money

DAY = timedelta(days=1)
YEAR_END = date(2017, 12, 31)
REVENUE = CustomerFigure(
    name="revenue_12m",
    measure=Measure(
        name="revenue",
        table="sales_lines",
        date="sold_on",
        aggregate=Aggregate.SUM,
        of=F.net_amount,
    ),
    labels=("Revenue, 12 months", "近12个月销售额"),
    months=12,
    unit="money",
)
SPENT = {"C1": 120, "C2": 60, "C3": 10, "C4": 0, "C5": 45}


def book(*intervals: GradeInterval, spent: Mapping[str, int] | None = None) -> SalesBook:
    """Return five customers, each with one order in June 2017 but for whom nothing is due."""
    amounts = SPENT if spent is None else spent
    return SalesBook(
        customers=[Customer(id=key, name=f"Name {key}") for key in amounts],
        orders=[
            Order(id=OrderId(f"O{key}"), ordered_on=date(2017, 6, 1), customer_id=CustomerId(key))
            for key, amount in amounts.items()
            if amount
        ],
        order_lines=[
            OrderLine(
                id=OrderLineId(f"L{key}"),
                order_id=OrderId(f"O{key}"),
                quantity=Decimal(1),
                net_amount=Money(Decimal(amount), "USD"),
            )
            for key, amount in amounts.items()
            if amount
        ],
        grade_intervals=intervals,
    )


def held(customer: str, key: str, starts_on: date = date(2017, 1, 1)) -> GradeInterval:
    """Return a grade on record."""
    return GradeInterval(
        id=GradeIntervalId(f"G{customer}"),
        customer_id=CustomerId(customer),
        grade=key,
        starts_on=starts_on,
        policy="ladder",
        policy_version="1",
    )


POLICY = ladder(fields=[REVENUE])
RECORDS = (held("C1", "silver"), held("C2", "gold"), held("C3", "base"), held("C5", "silver"))


def facts(given_book: SalesBook) -> Facts:
    """Return the facts at the end of the year."""
    return Facts.of(given_book, as_of=YEAR_END, currency="USD")


def test_every_customer_is_graded_once() -> None:
    """In the order of the table, each as `grade` would alone."""
    given_book = book(*RECORDS)
    found = grade_customers(POLICY, facts(given_book))
    assert [(one.customer_id, one.before, one.after) for one in found.decisions] == [
        ("C1", "silver", "gold"),
        ("C2", "gold", "silver"),
        ("C3", "base", "base"),
        ("C4", None, "base"),
        ("C5", "silver", "silver"),
    ]
    assert found.as_of == YEAR_END
    histories = grade_histories(given_book, POLICY)
    for row in found.customers.rows():
        alone = grade(POLICY, row, YEAR_END, histories.get(row["customer_id"]))
        assert found.by_customer[row["customer_id"]] == alone


def test_moves_and_counts() -> None:
    """Moves are who changes or is warned; counts are of all grades, the highest first."""
    found = grade_customers(POLICY, facts(book(*RECORDS)))
    assert [one.customer_id for one in found.moves] == ["C1", "C2", "C4"]
    assert found.counts == (("gold", 1, 1), ("silver", 2, 2), ("base", 1, 2))
    warned = grade_customers(attrs.evolve(POLICY, grace_days=5), facts(book(*RECORDS)))
    assert [one.move for one in warned.moves] == [Move.PROMOTED, Move.WARNED, Move.ENTERED]
    assert repr(found).count("<5>") == 2


def test_applied_histories_go_on() -> None:
    """Who moved has a new interval from the day; who stayed, and who is gone, is as before."""
    gone = GradeHistory(customer_id="C9", policy="ladder", intervals=[held("C9", "gold")])
    histories = {**grade_histories(book(*RECORDS), POLICY), "C9": gone}
    applied = grade_customers(POLICY, facts(book()), histories).applied()
    assert [one.grade for one in applied["C1"].intervals] == ["silver", "gold"]
    assert applied["C1"].intervals[0].ends_on == YEAR_END - DAY
    assert applied["C1"].intervals[1].reason == "entry_holds"
    assert applied["C1"].intervals[1].policy_version == "1"
    assert applied["C5"] is histories["C5"]
    assert applied["C9"] is gone
    assert [one.grade for one in applied["C4"].intervals] == ["base"]
    again = grade_customers(POLICY, facts(book()), applied)
    assert again.moves == ()
    assert again.applied() == applied


def test_changing_the_policy_rewrites_nothing() -> None:
    """A new version moves customers from its day on; what was before stands as it was."""
    stricter = attrs.evolve(
        ladder(fields=[REVENUE]),
        version="2",
        grades=[
            attrs.evolve(one, entry=F.revenue_12m >= 500, exit=F.revenue_12m < 400)
            if one.key == "gold"
            else one
            for one in POLICY.grades
        ],
    )
    start = grade_customers(POLICY, facts(book())).applied()
    later = Facts.of(book(), as_of=YEAR_END + 30 * DAY, currency="USD")
    after = grade_customers(stricter, later, start).applied()
    first, second = after["C1"].intervals
    assert attrs.evolve(first, ends_on=None) == start["C1"].intervals[0]
    assert (first.grade, first.policy_version) == ("gold", "1")
    assert (second.grade, second.policy_version) == ("silver", "2")
    assert after["C2"] == start["C2"]


def test_a_preview_is_a_review_and_writes_nothing() -> None:
    """On any day it says who would fall, by a policy that may not be in force yet."""
    quarterly = attrs.evolve(POLICY, review_months=3, valid_from=date(2018, 1, 1))
    given_book = book(*RECORDS)
    before = given_book.grade_intervals
    found = preview(quarterly, given_book, YEAR_END)
    assert [(one.customer_id, one.move) for one in found.moves] == [
        ("C1", Move.PROMOTED),
        ("C2", Move.DEMOTED),
        ("C4", Move.ENTERED),
    ]
    assert given_book.grade_intervals is before
    today = grade_customers(attrs.evolve(quarterly, valid_from=None), facts(given_book))
    assert today.by_customer["C2"].move is Move.WARNED
    assert ReasonCode.NO_REVIEW in [one.code for one in today.by_customer["C2"].reasons]


def test_a_preview_knows_only_what_was_known() -> None:
    """As of May nothing was sold yet, and a grade of July is not there."""
    found = preview(POLICY, book(held("C1", "gold", date(2017, 7, 1))), date(2017, 5, 1))
    assert {(one.before, one.after) for one in found.decisions} == {(None, "base")}


def test_a_policy_is_used_while_it_is_in_force() -> None:
    """On the first and the last day it is; the day before and after it is refused."""
    for bounds in ({"valid_from": YEAR_END}, {"valid_until": YEAR_END}):
        grade_customers(attrs.evolve(POLICY, **bounds), facts(book()))
    with pytest.raises(InvalidValue, match="ladder 1 is in force from 2018-01-01"):
        grade_customers(attrs.evolve(POLICY, valid_from=YEAR_END + DAY), facts(book()))
    with pytest.raises(InvalidValue, match="ladder 1 was in force until 2017-12-30"):
        grade_customers(attrs.evolve(POLICY, valid_until=YEAR_END - DAY), facts(book()))


def test_a_faulty_policy_grades_nobody() -> None:
    """Neither a grading nor a preview is made by a policy with errors; the first is told."""
    faulty = GradingPolicy(
        name="faulty",
        version="1",
        fields=[REVENUE],
        grades=[
            Grade(key="base", labels=("", "")),
            Grade(key="silver", labels=("", ""), entry=F.revenue_12m >= 50),
            Grade(key="gold", labels=("", ""), exit=F.revenue_12m < 50),
        ],
    )
    fault = r"grade 'silver' of faulty 1 has no rule of exit.* \(the first of 2 errors\)"
    with pytest.raises(InvalidValue, match=fault):
        grade_customers(faulty, facts(book()))
    with pytest.raises(InvalidValue, match=fault):
        preview(faulty, book(), YEAR_END)
    one_fault = attrs.evolve(faulty, grades=faulty.grades[:2])
    with pytest.raises(InvalidValue, match="has no rule of exit") as caught:
        grade_customers(one_fault, facts(book()))
    assert "the first of" not in str(caught.value)


def test_warnings_do_not_stop_a_grading() -> None:
    """A second service plan of a grade is passed over."""
    plans = [ServicePlan(grade="gold"), ServicePlan(grade="gold", contact_days=5)]
    found = grade_customers(attrs.evolve(POLICY, services=plans), facts(book()))
    assert len(found.decisions) == 5


def test_rules_that_cannot_be_asked_are_refused() -> None:
    """An unknown field, and money compared with a text."""
    base, silver, gold = POLICY.grades
    with pytest.raises(UnknownName):
        grade_customers(attrs.evolve(POLICY, fields=()), facts(book()))
    text = attrs.evolve(gold, entry=F.revenue_12m == "a lot")
    with pytest.raises(RuleTypeError):
        grade_customers(attrs.evolve(POLICY, grades=[base, silver, text]), facts(book()))


def test_faulty_records_stop_nobody() -> None:
    """Grades on record that overlap, or end before they begin, are mended in reading."""
    records = (
        held("C1", "silver"),
        attrs.evolve(held("C1", "gold", date(2017, 3, 1)), id=GradeIntervalId("G2")),
        attrs.evolve(held("C2", "gold"), ends_on=date(2016, 1, 1)),
    )
    found = grade_customers(POLICY, facts(book(*records)))
    assert found.by_customer["C1"].before == "gold"
    assert found.by_customer["C2"].before is None


def test_the_grade_of_everybody_rests_on_the_whole_book() -> None:
    """An empty book has no decisions, and counts of none."""
    found = grade_customers(POLICY, facts(book(spent={})))
    assert found.decisions == ()
    assert found.counts == (("gold", 0, 0), ("silver", 0, 0), ("base", 0, 0))
