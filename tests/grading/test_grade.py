"""Decisions on single customers: each rule of the policy once, and histories from elsewhere."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import attrs
import pytest
from tests.grading.ladder import having, history, ladder

from salescore.errors import InvalidValue
from salescore.grading import (
    Grade,
    GradeHistory,
    GradeReason,
    GradingPolicy,
    Move,
    ReasonCode,
    grade,
)
from salescore.rules import F

DAY = timedelta(days=1)
START = date(2017, 1, 1)
MAY, JULY, OCTOBER = date(2017, 5, 10), date(2017, 7, 1), date(2017, 10, 1)


def codes(reasons: tuple[GradeReason, ...]) -> list[tuple[str, str]]:
    """Return kind and grade of each reason."""
    return [(one.code.value, one.grade) for one in reasons]


@pytest.mark.parametrize(
    ("revenue", "key", "code"),
    [(0, "base", "lowest"), (50, "silver", "entry_holds"), (100, "gold", "entry_holds")],
)
def test_the_first_grade_is_the_highest_that_may_be_entered(
    revenue: int, key: str, code: str
) -> None:
    """A customer without a grade enters by the rules of entry alone."""
    found = grade(ladder(), having(revenue), MAY)
    assert (found.before, found.after, found.move) == (None, key, Move.ENTERED)
    assert codes(found.reasons) == [(code, key)]


def test_unknown_lets_nobody_in_and_says_so() -> None:
    """A customer of unknown revenue is in the lowest grade, with what is unknown as reasons."""
    found = grade(ladder(), having(None), MAY)
    assert found.after == "base"
    assert codes(found.reasons) == [
        ("lowest", "base"),
        ("entry_unknown", "gold"),
        ("entry_unknown", "silver"),
    ]


def test_unknown_entries_below_the_grade_are_no_reasons() -> None:
    """Of a customer that has silver, only the doubtful entry of gold is told."""
    found = grade(ladder(), having(None), MAY, history(("silver", START)))
    assert codes(found.reasons) == [("exit_unknown", "silver"), ("entry_unknown", "gold")]
    assert found.move is Move.KEPT


def test_a_rise_is_at_once_and_skips_grades() -> None:
    """Whoever fulfils the entry of gold rises there from base, on any day."""
    policy = ladder(review_months=6, minimum_stay_days=300, grace_days=30)
    found = grade(policy, having(100), MAY, history(("base", MAY - DAY)))
    assert (found.move, found.after) == (Move.PROMOTED, "gold")
    assert codes(found.reasons) == [("entry_holds", "gold")]


def test_a_fall_waits_for_stay_grace_and_review() -> None:
    """What stands in the way is told, each with its last day; the warning holds from the day."""
    policy = ladder(review_months=3, minimum_stay_days=60, grace_days=30)
    start = date(2017, 4, 15)
    found = grade(policy, having(70), MAY, history(("gold", start)))
    assert found.move is Move.WARNED
    assert found.warned_on == MAY
    assert found.reasons == (
        GradeReason(ReasonCode.EXIT_HOLDS, "gold"),
        GradeReason(ReasonCode.MINIMUM_STAY, "gold", date(2017, 6, 13)),
        GradeReason(ReasonCode.GRACE, "gold", date(2017, 6, 8)),
        GradeReason(ReasonCode.NO_REVIEW, "gold", date(2017, 6, 30)),
    )
    kept = found.applied(history(("gold", start)))
    assert [one.warned_on for one in kept.intervals] == [MAY]
    later = grade(policy, having(70), JULY, kept)
    assert (later.move, later.after, later.warned_on) == (Move.DEMOTED, "silver", None)
    assert codes(later.reasons) == [("exit_holds", "gold")]


def test_on_the_last_day_of_stay_and_grace_nobody_falls() -> None:
    """The days given as `until` are the last ones; the day after, the customer falls."""
    policy = ladder(minimum_stay_days=10, grace_days=5)
    held = history(("gold", MAY)).warned(MAY + 3 * DAY, on=MAY + 3 * DAY)
    for number, is_fall in ((8, False), (9, False), (10, True)):
        found = grade(policy, having(0), MAY + number * DAY, held)
        assert (found.move is Move.DEMOTED) == is_fall
    alone = grade(ladder(grace_days=5), having(0), MAY + 7 * DAY, held)
    assert alone.reasons[1] == GradeReason(ReasonCode.GRACE, "gold", MAY + 7 * DAY)


def test_a_fall_passes_the_grades_that_must_be_left_too() -> None:
    """With nothing of revenue left gold falls to base, and both exits are reasons."""
    found = grade(ladder(), having(0), MAY, history(("gold", START)))
    assert found.after == "base"
    assert codes(found.reasons) == [("exit_holds", "gold"), ("exit_holds", "silver")]


def test_a_fall_stops_where_the_exit_does_not_hold() -> None:
    """Between the exit and the entry of silver, gold falls to silver."""
    found = grade(ladder(), having(45), MAY, history(("gold", START)))
    assert found.after == "silver"


def test_a_fall_stops_where_the_exit_is_unknown() -> None:
    """Unknown makes nobody leave, also not the grade that a fall passes."""
    policy = GradingPolicy(
        name="ladder",
        version="1",
        grades=[
            Grade(key="base", labels=("", "")),
            Grade(key="silver", labels=("", ""), entry=F.orders >= 5, exit=F.orders < 2),
            Grade(key="gold", labels=("", ""), entry=F.revenue >= 100, exit=F.revenue < 80),
        ],
    )
    row = {"customer_id": "C1", "orders": None, "revenue": Decimal(10)}
    found = grade(policy, row, MAY, history(("gold", START)))
    assert found.after == "silver"
    assert codes(found.reasons) == [("exit_holds", "gold"), ("exit_unknown", "silver")]


def test_where_entry_and_exit_hold_at_once_the_customer_stays() -> None:
    """Entry outweighs exit, so that a faulty policy does not make anybody flap."""
    grades = [
        Grade(key="base", labels=("", "")),
        Grade(key="silver", labels=("", ""), entry=F.revenue_12m >= 50, exit=F.revenue_12m < 60),
        Grade(key="gold", labels=("", ""), entry=F.revenue_12m >= 100, exit=F.revenue_12m < 80),
    ]
    policy = GradingPolicy(name="ladder", version="1", grades=grades)
    assert grade(policy, having(55), MAY, history(("silver", START))).move is Move.KEPT
    fallen = grade(policy, having(55), MAY, history(("gold", START)))
    assert fallen.after == "silver"
    assert grade(policy, having(55), MAY, fallen.applied(history(("gold", START)))).after == (
        "silver"
    )


def test_a_recovery_ends_the_warning_and_unknown_does_not() -> None:
    """Back above the exit the warning is gone; of unknown revenue it stays."""
    held = history(("gold", START)).warned(MAY, on=MAY)
    policy = ladder(grace_days=30)
    assert grade(policy, having(80), MAY + DAY, held).warned_on is None
    unknown = grade(policy, having(None), MAY + DAY, held)
    assert (unknown.move, unknown.warned_on) == (Move.WARNED, MAY)
    assert unknown.applied(held) == held
    again = grade(policy, having(80), MAY + DAY, held).applied(held)
    assert again.intervals[0].warned_on is None
    assert again.intervals[0].ends_on is None


def test_steps_are_limited_up_and_down() -> None:
    """With one step a review, gold is two reviews away, and so is base."""
    policy = ladder(review_months=3, step_limit=1)
    held = history(("base", START))
    rising = grade(policy, having(100), MAY, held)
    assert rising.after == "silver"
    assert rising.reasons == (
        GradeReason(ReasonCode.ENTRY_HOLDS, "gold"),
        GradeReason(ReasonCode.STEP_LIMIT, "silver", date(2017, 6, 30)),
    )
    held = rising.applied(held)
    blocked = grade(policy, having(100), MAY + DAY, held)
    assert (blocked.after, blocked.move) == ("silver", Move.KEPT)
    assert codes(blocked.reasons) == [("entry_holds", "gold"), ("step_limit", "silver")]
    held = grade(policy, having(100), JULY, held).applied(held)
    assert [one.grade for one in held.intervals] == ["base", "silver", "gold"]
    falling = grade(policy, having(0), OCTOBER, held)
    assert (falling.after, falling.warned_on) == ("silver", OCTOBER)
    assert codes(falling.reasons) == [
        ("exit_holds", "gold"),
        ("exit_holds", "silver"),
        ("step_limit", "silver"),
    ]
    held = falling.applied(held)
    again = grade(policy, having(0), OCTOBER, held)
    assert (again.after, again.warned_on) == ("silver", OCTOBER)
    assert again.reasons[-1] == GradeReason(ReasonCode.STEP_LIMIT, "silver", date(2017, 12, 31))


def test_moves_on_the_day_of_review_count_until_the_next() -> None:
    """After one step on the first of July no further one is made before October."""
    policy = ladder(review_months=3, step_limit=1)
    held = history(("base", START))
    held = grade(policy, having(100), JULY, held).applied(held)
    later = grade(policy, having(100), JULY + DAY, held)
    assert later.after == "silver"


def test_whoever_came_in_since_the_review_counts_steps_from_its_first_grade() -> None:
    """A customer that entered in May at base may rise to silver, not to gold, before July."""
    policy = ladder(review_months=3, step_limit=1)
    held = history(("base", MAY))
    assert grade(policy, having(100), MAY + DAY, held).after == "silver"


def test_whoever_came_in_on_the_day_itself_is_not_limited() -> None:
    """Its first grade gives way to the one that is decided, as if it had come in by that."""
    policy = ladder(step_limit=1)
    held = history(("base", MAY))
    found = grade(policy, having(100), MAY, held)
    assert found.after == "gold"
    assert grade(policy, having(100), MAY, found.applied(held)).after == "gold"
    fallen = grade(policy, having(0), MAY, history(("gold", MAY)))
    assert fallen.after == "base"


def test_where_every_day_is_a_review_steps_are_counted_from_the_day_before() -> None:
    """One step a day; the limit ends with the day."""
    policy = ladder(step_limit=1)
    found = grade(policy, having(100), MAY, history(("base", START)))
    assert found.reasons[-1] == GradeReason(ReasonCode.STEP_LIMIT, "silver", MAY)
    assert grade(policy, having(100), MAY + DAY, found.applied(history(("base", START)))).after == (
        "gold"
    )


def test_the_caller_may_say_what_is_a_review() -> None:
    """Asked for a review on any day customers fall; told there is none they do not."""
    held = history(("gold", START))
    assert grade(ladder(review_months=12), having(0), MAY, held, is_review=True).after == "base"
    told = grade(ladder(), having(0), MAY, held, is_review=False)
    assert told.reasons[-1] == GradeReason(ReasonCode.NO_REVIEW, "gold")


def test_after_an_override_the_policy_goes_on_from_its_own_grade() -> None:
    """The stay counts from the policy's grade, the warning of before is forgotten."""
    policy = ladder(minimum_stay_days=10, grace_days=5)
    held = history(("silver", START)).warned(MAY, on=MAY)
    held = held.overridden(
        "gold", MAY + DAY, reason="promised", decided_by="Ann", expires_on=JULY - DAY
    )
    during = grade(policy, having(0), JULY - DAY, held)
    assert during.reasons == (GradeReason(ReasonCode.OVERRIDE, "gold", JULY - DAY),)
    over = grade(policy, having(0), JULY, held)
    assert (over.before, over.after, over.move) == ("gold", "silver", Move.DEMOTED)
    assert over.warned_on == JULY
    assert over.reasons == (
        GradeReason(ReasonCode.EXIT_HOLDS, "silver"),
        GradeReason(ReasonCode.GRACE, "silver", JULY + 4 * DAY),
        GradeReason(ReasonCode.OVERRIDE_EXPIRED, "gold", JULY - DAY),
    )
    kept = over.applied(held)
    assert [(one.grade, one.ends_on) for one in kept.intervals] == [
        ("silver", MAY),
        ("gold", JULY - DAY),
        ("silver", None),
    ]
    assert grade(policy, having(0), JULY + 5 * DAY, kept).after == "base"


def test_a_warning_on_an_override_counts_for_nothing() -> None:
    """Only a grade that the policy gave can be about to be lost; the days of grace begin anew."""
    held = history(("silver", START)).overridden(
        "gold", MAY, reason="so", decided_by="Ann", expires_on=MAY
    )
    warned = held.warned(MAY, on=MAY)
    assert grade(ladder(grace_days=5), having(0), JULY, warned).warned_on == JULY


def test_an_override_of_a_newcomer_leaves_the_policy_to_begin() -> None:
    """Where the policy never gave a grade, the customer enters when the person's word expires."""
    empty = GradeHistory(customer_id="C1", policy="ladder")
    held = empty.overridden("gold", MAY, reason="so", decided_by="Ann", expires_on=MAY)
    found = grade(ladder(), having(60), MAY + DAY, held)
    assert (found.move, found.after) == (Move.ENTERED, "silver")
    assert codes(found.reasons) == [("entry_holds", "silver"), ("override_expired", "gold")]


def test_of_several_overrides_the_last_holds() -> None:
    """A person's later word replaces the earlier; the policy's own grade stays behind both."""
    held = history(("silver", START))
    held = held.overridden("gold", MAY, reason="a", decided_by="Ann")
    held = held.overridden("base", JULY, reason="b", decided_by="Bob", expires_on=JULY)
    assert grade(ladder(), having(45), JULY, held).after == "base"
    back = grade(ladder(), having(45), JULY + DAY, held)
    assert (back.after, back.move) == ("silver", Move.PROMOTED)


def test_a_grade_that_the_policy_does_not_know_counts_for_nothing() -> None:
    """After keys were renamed the customer enters anew, and the record is told of."""
    found = grade(ladder(), having(45), MAY, history(("platinum", START)))
    assert (found.before, found.after, found.move) == ("platinum", "base", Move.ENTERED)
    assert codes(found.reasons) == [("lowest", "base"), ("unknown_grade", "platinum")]
    assert found.explanation(found.reasons[1]) is None


def test_an_override_with_an_unknown_grade_does_not_hold() -> None:
    """The policy goes on from its own grade; what a decision gives is always one it knows."""
    held = history(("silver", START)).overridden("vip", MAY, reason="so", decided_by="Ann")
    found = grade(ladder(), having(45), MAY + DAY, held)
    assert (found.after, found.move) == ("silver", Move.ENTERED)
    assert codes(found.reasons) == [("inside", "silver"), ("unknown_grade", "vip")]


def test_an_expired_override_over_an_unknown_grade_enters_anew() -> None:
    """Neither is a grade to go on from."""
    held = history(("platinum", START)).overridden(
        "gold", MAY, reason="so", decided_by="Ann", expires_on=MAY
    )
    found = grade(ladder(), having(45), JULY, held)
    assert (found.after, found.move) == ("base", Move.ENTERED)


def test_a_grade_that_has_ended_is_none_to_go_on_from() -> None:
    """The customer enters anew; applied, the history begins anew, for the time between is open."""
    held = history(("silver", START))
    (only,) = held.intervals
    held = attrs.evolve(held, intervals=[attrs.evolve(only, ends_on=MAY)])
    found = grade(ladder(), having(45), JULY, held)
    assert (found.before, found.after, found.move) == (None, "base", Move.ENTERED)
    assert found.reasons[-1] == GradeReason(ReasonCode.ENDED, "silver", MAY)
    assert [one.starts_on for one in found.applied(held).intervals] == [JULY]
    at_once = grade(ladder(), having(45), MAY + DAY, held).applied(held)
    assert [one.ends_on for one in at_once.intervals] == [MAY, None]


def test_an_override_that_has_ended_gives_the_policy_its_grade_back() -> None:
    """A last day on record is as good as an expiry."""
    held = history(("silver", START)).overridden("gold", MAY, reason="so", decided_by="Ann")
    silver, gold = held.intervals
    held = attrs.evolve(held, intervals=[silver, attrs.evolve(gold, ends_on=MAY)])
    found = grade(ladder(), having(45), MAY + DAY, held)
    assert (found.before, found.after, found.move) == (None, "silver", Move.ENTERED)
    assert found.reasons[-1] == GradeReason(ReasonCode.OVERRIDE_EXPIRED, "gold", MAY)


def test_what_lies_after_the_day_is_not_seen() -> None:
    """As of a past day neither later grades nor a later warning count."""
    held = history(("gold", START), ("silver", OCTOBER))
    assert grade(ladder(), having(45), JULY, held, is_review=False).before == "gold"
    warned = history(("gold", START)).warned(OCTOBER, on=OCTOBER)
    assert grade(ladder(grace_days=5), having(0), JULY, warned).warned_on == JULY
    early = grade(ladder(), having(45), START - DAY, held)
    assert (early.before, early.move) == (None, Move.ENTERED)


def test_a_decision_about_the_past_cannot_change_what_followed() -> None:
    """Applied where a grade on record begins later it is refused; where it keeps, it may stay."""
    held = history(("gold", START), ("silver", OCTOBER))
    fallen = grade(ladder(), having(45), JULY, held)
    with pytest.raises(InvalidValue, match="a grade on record begins later, on 2017-10-01"):
        fallen.applied(held)
    warned = grade(ladder(grace_days=5), having(45), JULY, held)
    with pytest.raises(InvalidValue, match="begins later"):
        warned.applied(held)
    assert grade(ladder(), having(90), JULY, held).applied(held) == held


def test_a_decision_fits_only_the_history_that_it_was_taken_on() -> None:
    """Another customer's, another policy's or one that has changed since is refused."""
    held = history(("gold", START))
    found = grade(ladder(), having(45), MAY, held)
    other = GradeHistory(customer_id="C2", policy="ladder")
    with pytest.raises(InvalidValue, match="the decision is about C1 under ladder"):
        found.applied(other)
    changed = held.overridden("gold", MAY, reason="so", decided_by="Ann")
    with pytest.raises(InvalidValue, match="ask again"):
        found.applied(changed)
    with pytest.raises(InvalidValue, match="one of ladder, not of steps"):
        grade(attrs.evolve(ladder(), name="steps"), having(45), MAY, held)


def test_the_history_of_another_customer_is_refused() -> None:
    """Nobody is graded by the values of somebody else; a row that names nobody is taken."""
    held = history(("gold", START))
    row = {**having(0), "customer_id": "C2"}
    with pytest.raises(InvalidValue, match=r"C1.* it is not the history of C2"):
        grade(ladder(), row, MAY, held)
    assert grade(ladder(), {"revenue_12m": Decimal(0)}, MAY, held).customer_id == "C1"


@pytest.mark.parametrize(
    "day", [datetime(2017, 5, 10, tzinfo=UTC), "2017-05-10", date.min, date.max, date(9950, 1, 1)]
)
def test_customers_are_graded_on_days(day: Any) -> None:  # noqa: ANN401 - anything wrong
    """A datetime is none, and at the ends of the calendar there are no reviews around a day."""
    policy = ladder(review_months=3, step_limit=1, minimum_stay_days=36_600)
    with pytest.raises(InvalidValue, match="day of grading"):
        grade(policy, having(0), day, history(("gold", START)))


@pytest.mark.parametrize("day", [date(2, 1, 1), date(9899, 10, 1)])
def test_customers_are_graded_up_to_the_ends_of_the_calendar(day: date) -> None:
    """The longest stay, grace and days of review end within it."""
    policy = ladder(review_months=12, step_limit=1, minimum_stay_days=36_600, grace_days=36_600)
    assert grade(policy, having(0), day, history(("gold", day))).move is Move.WARNED


def test_where_grades_are_no_ladder_customers_just_move() -> None:
    """Nobody rises or falls; who leaves goes straight to the highest grade that lets it in."""
    policy = ladder(is_ladder=False)
    up = grade(policy, having(100), MAY, history(("silver", START)))
    assert (up.move, up.after) == (Move.MOVED, "gold")
    assert codes(up.reasons) == [("entry_holds", "gold")]
    down = grade(policy, having(45), MAY, history(("gold", START)))
    assert (down.move, down.after, down.warned_on) == (Move.MOVED, "base", None)
    assert codes(down.reasons) == [("exit_holds", "gold"), ("lowest", "base")]
    assert grade(policy, having(90), MAY, history(("gold", START))).move is Move.KEPT
    assert grade(policy, having(None), MAY, history(("gold", START))).move is Move.KEPT
    assert grade(policy, having(0), MAY).move is Move.ENTERED


def test_where_grades_are_no_ladder_a_move_down_waits_for_a_review() -> None:
    """Until then the customer is warned, and told of with words that name no fall."""
    policy = ladder(is_ladder=False, review_months=3)
    found = grade(policy, having(60), MAY, history(("gold", START)))
    assert (found.move, found.after, found.warned_on) == (Move.WARNED, "gold", MAY)
    assert codes(found.reasons) == [("exit_holds", "gold"), ("no_review", "gold")]
    assert grade(policy, having(60), JULY, found.applied(history(("gold", START)))).after == (
        "silver"
    )


def test_steps_count_from_a_first_grade_that_was_overruled() -> None:
    """A newcomer whose first grade a person overruled on the day may go one step from it."""
    policy = ladder(review_months=3, step_limit=1)
    held = history(("base", MAY)).overridden(
        "gold", MAY, reason="so", decided_by="Ann", expires_on=MAY
    )
    assert grade(policy, having(100), MAY + DAY, held).after == "silver"


def test_a_grade_that_was_given_again_is_no_new_one() -> None:
    """The stay counts from when the policy gave the grade first, whatever record repeats it."""
    policy = ladder(minimum_stay_days=60)
    held = history(("gold", START), ("gold", MAY))
    assert grade(policy, having(45), MAY + DAY, held).move is Move.DEMOTED
    fresh = history(("silver", START), ("gold", MAY))
    assert grade(policy, having(45), MAY + DAY, fresh).move is Move.WARNED


def test_a_decision_keeps_what_it_rests_on() -> None:
    """The inputs stand in the order of the rules, the record beside them."""
    held = history(("gold", START))
    found = grade(ladder(), having(45), MAY, held)
    assert found.inputs == (("revenue_12m", Decimal(45)),)
    assert found.interval is held.intervals[0]
    assert repr(found.policy.name) in repr(found) or "ladder 1" in repr(found)


def test_a_policy_without_rules_gives_its_lowest_grade() -> None:
    """Nothing is read of the customer."""
    policy = GradingPolicy(name="one", version="1", grades=[Grade(key="all", labels=("", ""))])
    found = grade(policy, {"customer_id": "C1"}, MAY)
    assert (found.after, found.inputs) == ("all", ())


def test_a_missing_field_is_a_mistake_of_the_caller() -> None:
    """A row without a field that the rules read is refused."""
    row: dict[str, Any] = {"customer_id": "C1"}
    with pytest.raises(KeyError):
        grade(ladder(), row, MAY)


def test_a_grade_whose_entry_is_missing_is_never_entered() -> None:
    """Nor is one without exit ever left; `check_policy` finds both."""
    policy = GradingPolicy(
        name="ladder",
        version="1",
        grades=[
            Grade(key="base", labels=("", "")),
            Grade(key="silver", labels=("", ""), entry=F.revenue_12m >= 50),
            Grade(key="gold", labels=("", ""), exit=F.revenue_12m < 80),
        ],
    )
    assert grade(policy, having(100), MAY).after == "silver"
    kept = grade(policy, having(0), MAY, history(("silver", START)))
    assert codes(kept.reasons) == [("inside", "silver")]
    assert kept.explanations == ()
