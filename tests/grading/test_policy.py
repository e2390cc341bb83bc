"""Policies: what they refuse at once, and their days of review."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.grading.ladder import ladder

from salescore import testing
from salescore.errors import InvalidValue, RuleTypeError, UnknownName
from salescore.grading import Grade, GradingPolicy, Requirement, ServicePlan
from salescore.rules import F
from salescore.testing import LADDER_FIELDS

DAY = timedelta(days=1)


def test_a_policy_without_grades_is_refused() -> None:
    """Nobody could be graded by it."""
    with pytest.raises(InvalidValue, match="a policy needs at least one grade"):
        GradingPolicy(name="empty", version="1", grades=[])


@pytest.mark.parametrize(
    "given_values",
    [
        {"minimum_stay_days": -1},
        {"minimum_stay_days": 36_601},
        {"minimum_stay_days": True},
        {"grace_days": 1.5},
        {"review_months": 0},
        {"review_months": 13},
        {"step_limit": 0},
        {"step_limit": 4},
        {"valid_from": date(2017, 1, 2), "valid_until": date(2017, 1, 1)},
    ],
    ids=", ".join,
)
def test_numbers_out_of_range_are_refused(given_values: dict[str, Any]) -> None:
    """Days, months and steps have their ranges, and a policy ends after it begins."""
    with pytest.raises(InvalidValue) as caught:
        ladder(**given_values)
    assert str(list(given_values)[-1]) in str(caught.value)


@pytest.mark.parametrize(
    ("review_months", "day", "is_review", "last", "following"),
    [
        (3, date(2017, 7, 1), True, date(2017, 7, 1), date(2017, 10, 1)),
        (3, date(2017, 8, 1), False, date(2017, 7, 1), date(2017, 10, 1)),
        (3, date(2017, 12, 31), False, date(2017, 10, 1), date(2018, 1, 1)),
        (12, date(2017, 1, 2), False, date(2017, 1, 1), date(2018, 1, 1)),
        (5, date(2017, 11, 1), True, date(2017, 11, 1), date(2018, 1, 1)),
        (5, date(2017, 12, 1), False, date(2017, 11, 1), date(2018, 1, 1)),
        (None, date(2017, 12, 5), True, None, None),
    ],
)
def test_reviews_are_on_first_days_counted_from_january(
    review_months: int | None,
    day: date,
    is_review: bool,  # noqa: FBT001 - an expected value
    last: date | None,
    following: date | None,
) -> None:
    """Every year begins with a review, also where twelve is no multiple of the months."""
    policy = ladder(review_months=review_months)
    assert policy.is_review(day) == is_review
    assert (policy.last_review(day), policy.next_review(day)) == (last, following)


@given(st.integers(1, 12), testing.days())
def test_no_review_lies_between_the_last_and_the_next(months: int, day: date) -> None:
    """Both are days of review, with none in between; the last may be the day itself."""
    policy = ladder(review_months=months)
    last, following = policy.last_review(day), policy.next_review(day)
    assert last is not None
    assert following is not None
    assert last <= day < following
    assert policy.is_review(last)
    assert policy.is_review(following)
    between = range((following - last).days)[1:]
    assert not any(policy.is_review(last + number * DAY) for number in between)


def test_the_calendar_ends_before_a_review() -> None:
    """Nobody can name the day of review after the last year."""
    policy = ladder(review_months=3)
    assert policy.next_review(date(9999, 5, 5)) == date(9999, 7, 1)
    with pytest.raises(InvalidValue, match="the calendar ends before the review after it"):
        policy.next_review(date.max)
    assert policy.last_review(date.min) == date.min


@pytest.mark.parametrize("day", ["2020", datetime(2017, 1, 1, tzinfo=UTC), 5])
@pytest.mark.parametrize("name", ["valid_from", "valid_until"])
def test_days_in_force_are_dates(name: str, day: Any) -> None:  # noqa: ANN401
    """A text or a datetime is refused."""
    with pytest.raises(InvalidValue, match=f"{name} of ladder: expected a date|{name} of ladder"):
        ladder(**{name: day})


@pytest.mark.parametrize("text", ["", " ", None])
def test_policies_and_grades_have_names(text: Any) -> None:  # noqa: ANN401
    """Without a name, version or key no record could say by what a customer was graded."""
    with pytest.raises(InvalidValue, match="key of a grade"):
        Grade(key=text, labels=("", ""))
    with pytest.raises(InvalidValue, match="name of a policy"):
        attrs.evolve(ladder(), name=text)
    with pytest.raises(InvalidValue, match="version of ladder"):
        attrs.evolve(ladder(), version=text)


@pytest.mark.parametrize(
    "tempered", [{"minimum_stay_days": 1}, {"grace_days": 1}, {"step_limit": 1}]
)
def test_where_grades_are_no_ladder_nothing_but_reviews_tempers_moves(
    tempered: dict[str, int],
) -> None:
    """Stay, grace and limit of steps are refused; months between reviews are not."""
    assert ladder(is_ladder=False, review_months=3).is_ladder is False
    with pytest.raises(InvalidValue, match="where grades are no ladder there is no stay"):
        ladder(is_ladder=False, **tempered)


@pytest.mark.parametrize("flag", [None, 0, "no"])
def test_whether_grades_are_a_ladder_is_true_or_false(flag: Any) -> None:  # noqa: ANN401
    """Anything else is refused."""
    with pytest.raises(InvalidValue, match="expected true or false"):
        ladder(is_ladder=flag)


def test_grades_have_ranks() -> None:
    """The lowest is 0; another key is refused with the known ones."""
    policy = ladder()
    assert [policy.rank(key) for key in ("base", "silver", "gold")] == [0, 1, 2]
    assert policy.grade("gold").labels == ("Gold", "金")
    with pytest.raises(UnknownName, match=r"gold.*silver|silver.*gold"):
        policy.rank("platinum")


def test_a_service_plan_is_found_by_its_grade() -> None:
    """A grade without one is owed nothing."""
    plan = ServicePlan(grade="gold", contact_days=30)
    policy = ladder(services=[plan])
    assert policy.service("gold") is plan
    assert policy.service("base") is None


def test_inputs_are_what_rules_of_entry_and_exit_read() -> None:
    """Each field stands there once, in order; their values are read off a row likewise."""
    policy = GradingPolicy(
        name="two",
        version="1",
        grades=[
            Grade(key="base", labels=("", "")),
            Grade(key="top", labels=("", ""), entry=(F.b > 1) & (F.a > 1), exit=F.a < F.b),
        ],
    )
    assert policy.inputs == ("b", "a")
    assert policy.values_of({"a": 1, "b": 2, "c": 3}) == (2, 1)
    assert ladder().values_of({"revenue_12m": 5}) == (5,)


@pytest.mark.parametrize(
    ("entry", "error"),
    [
        (F.revenue_2m >= 50, UnknownName),
        (F.revenue_12m == "West", RuleTypeError),
        (F.customer_id >= 50, RuleTypeError),
        (F.revenue_12m + 1, RuleTypeError),
    ],
    ids=["unknown field", "money to text", "text to number", "no condition"],
)
def test_rules_that_do_not_fit_the_fields_are_refused(entry: Any, error: type[Exception]) -> None:  # noqa: ANN401
    """Before anybody is graded; so are those of what must be on record."""
    base, silver, gold = ladder().grades
    faulty = attrs.evolve(ladder(), grades=[base, attrs.evolve(silver, entry=entry), gold])
    with pytest.raises(error):
        faulty.check_rules(LADDER_FIELDS)
    plan = ServicePlan(
        grade="gold", requirements=[Requirement(key="x", rule=entry, labels=("", ""))]
    )
    with pytest.raises(error):
        ladder(services=[plan]).check_rules(LADDER_FIELDS)
    ladder().check_rules(LADDER_FIELDS)
