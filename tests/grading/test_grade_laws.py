"""The laws of grading, on random policies, customers, days and histories."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import attrs
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from salescore import testing
from salescore.entities import GradeInterval
from salescore.grading import (
    GradeDecision,
    GradeHistory,
    GradingPolicy,
    Move,
    ReasonCode,
    grade,
)
from salescore.rules import Verdict

DAY = timedelta(days=1)
MUCH = Decimal(1000)

VERDICTS = {
    ReasonCode.ENTRY_HOLDS: Verdict.FIRED,
    ReasonCode.ENTRY_UNKNOWN: Verdict.UNKNOWN,
    ReasonCode.EXIT_HOLDS: Verdict.FIRED,
    ReasonCode.EXIT_UNKNOWN: Verdict.UNKNOWN,
    ReasonCode.INSIDE: Verdict.FAILED,
}

Step = tuple[date, dict[str, Any], str, bool | None]


def empty(policy: GradingPolicy) -> GradeHistory:
    """Return a customer without grades on record."""
    return GradeHistory(customer_id="C1", policy=policy.name)


@st.composite
def policies_and_steps(draw: st.DrawFn) -> tuple[GradingPolicy, list[Step]]:
    """Return a policy, and what happens to a customer day by day."""
    policy = draw(testing.grading_policies())
    acts = st.sampled_from(
        ["grade", "grade", "grade", "grade", "override", "overrule", "new version"]
    )
    reviews = st.sampled_from([None, None, None, True, False])
    rows = testing.policy_rows(policy)
    days = draw(testing.grading_days())
    return policy, [(day, draw(rows), draw(acts), draw(reviews)) for day in days]


@st.composite
def cases(draw: st.DrawFn) -> tuple[GradingPolicy, GradeHistory, date, dict[str, Any], bool | None]:
    """Return a policy, a history from anywhere, a day before, in or after it, and a row."""
    policy = draw(testing.grading_policies())
    history = draw(testing.graded_histories(policy))
    first, last = history.intervals[0].starts_on, history.intervals[-1].starts_on
    starts = st.sampled_from([one.starts_on for one in history.intervals])
    day = draw(st.one_of(testing.days(first - 5 * DAY, last + 90 * DAY), starts))
    review = draw(st.sampled_from([None, True, False]))
    return policy, history, day, draw(testing.policy_rows(policy)), review


def lived(
    policy: GradingPolicy, steps: list[Step]
) -> list[tuple[GradeDecision | None, GradeHistory, GradeHistory]]:
    """Return every decision (none for an override) with the histories before and after it."""
    history = empty(policy)
    found: list[tuple[GradeDecision | None, GradeHistory, GradeHistory]] = []
    for number, (day, row, act, review) in enumerate(steps):
        decision = None
        if act == "overrule":
            history = grade(policy, row, day, history, is_review=review).applied(history)
        if act in {"override", "overrule"}:
            key = policy.grades[number % len(policy.grades)].key
            until = [day, day + 3 * DAY, day + 40 * DAY, None][number % 4]
            after = history.overridden(key, day, reason="so", decided_by="A", expires_on=until)
        else:
            asked = policy
            if act == "new version":
                asked = attrs.evolve(policy, version="3", step_limit=None)
            decision = grade(asked, row, day, history, is_review=review)
            after = decision.applied(history)
        found.append((decision, history, after))
        history = after
    return found


@given(policies_and_steps())
def test_intervals_tile_time(case: tuple[GradingPolicy, list[Step]]) -> None:
    """After any decisions and overrides every day from the first has exactly one grade."""
    policy, steps = case
    last = steps[-1][0]
    for _, _, after in lived(policy, steps):
        assert after.intervals[-1].ends_on is None
        for one, other in pairwise(after.intervals):
            assert one.ends_on is not None
            assert other.starts_on == one.ends_on + DAY
        day = after.intervals[0].starts_on
        while day <= last:
            holding = [
                one
                for one in after.intervals
                if one.starts_on <= day and (one.ends_on is None or day <= one.ends_on)
            ]
            assert len(holding) == 1
            assert after.at(day) == holding[0]
            day += 11 * DAY


@given(policies_and_steps())
def test_nothing_before_the_day_is_rewritten(case: tuple[GradingPolicy, list[Step]]) -> None:
    """Neither a decision, nor an override, nor a new version changes a grade of an earlier day."""
    policy, steps = case
    for (day, *_), (_, before, after) in zip(steps, lived(policy, steps), strict=True):
        assert past(after, day) == past(before, day)


def past(history: GradeHistory, day: date) -> list[tuple[Any, ...]]:
    """Return what intervals say of the days before a day."""
    return [
        (
            one.id,
            one.grade,
            one.starts_on,
            None if one.ends_on is None or one.ends_on >= day - DAY else one.ends_on,
            one.policy_version,
            one.is_override,
            one.reason,
        )
        for one in history.intervals
        if one.starts_on < day
    ]


@settings(max_examples=500)
@given(cases())
def test_a_decision_applied_and_asked_again_changes_nothing(
    case: tuple[GradingPolicy, GradeHistory, date, dict[str, Any], bool | None],
) -> None:
    """On the same day, with the same row, whatever the history, limits, grace and expiry."""
    policy, history, day, row, review = case
    decision = grade(policy, row, day, history, is_review=review)
    try:
        once = decision.applied(history)
    except ValueError:
        assert history.intervals[-1].starts_on > day
        return
    assert decision.applied(once) == once
    again = grade(policy, row, day, once, is_review=review)
    assert again.after == decision.after
    assert again.warned_on == decision.warned_on
    assert not again.is_change
    assert again.applied(once) == once
    held = once.at(day)
    assert held is not None
    assert held.grade == decision.after


@given(policies_and_steps())
def test_sequences_are_idempotent_too(case: tuple[GradingPolicy, list[Step]]) -> None:
    """Asked twice every day, the library keeps the same histories as asked once."""
    policy, steps = case
    for (day, row, _, review), (decision, _, after) in zip(
        steps, lived(policy, steps), strict=True
    ):
        if decision is not None:
            again = grade(decision.policy, row, day, after, is_review=review)
            assert again.applied(after) == after


@given(st.data())
def test_no_flapping_inside_the_band(data: st.DataObject) -> None:
    """From the exit of the grade up to the entry of the next, no value changes the grade."""
    policy = data.draw(testing.grading_policies(numbers=1))
    (name,) = policy.inputs
    rank = data.draw(st.integers(0, len(policy.grades) - 1))
    key = policy.grades[rank].key
    low = min_value(policy, rank, entry=False) if rank else Decimal(0)
    high = min_value(policy, rank + 1, entry=True) if rank + 1 < len(policy.grades) else MUCH
    assume(low < high)
    days = data.draw(testing.grading_days())
    history = empty(policy).followed(key, days[0])
    for day in days:
        value = data.draw(st.integers(int(low), int(high) - 1).map(Decimal))
        review = data.draw(st.sampled_from([None, True, False]))
        decision = grade(policy, {"customer_id": "C1", name: value}, day, history, is_review=review)
        assert decision.after == key
        assert decision.move is Move.KEPT
        assert decision.applied(history) == history


def min_value(policy: GradingPolicy, rank: int, *, entry: bool) -> Decimal:
    """Return the bound in a rule of a ladder over one number."""
    one = policy.grades[rank]
    rule: Any = one.entry if entry else one.exit
    bound: Decimal = rule.right.value
    return bound


@given(st.data())
def test_more_never_gives_a_lower_grade(data: st.DataObject) -> None:
    """More of a figure, with the same history on the same day, is at least the same grade."""
    policy = data.draw(testing.grading_policies())
    history = data.draw(testing.graded_histories(policy))
    row = data.draw(testing.policy_rows(policy, is_known=True))
    more = {
        name: value + data.draw(st.integers(0, 60)) if isinstance(value, Decimal) else value
        for name, value in row.items()
    }
    day = data.draw(testing.days(history.intervals[0].starts_on, date(2020, 12, 31)))
    review = data.draw(st.sampled_from([None, True, False]))
    lower = grade(policy, row, day, history, is_review=review)
    higher = grade(policy, more, day, history, is_review=review)
    assert policy.rank(higher.after) >= policy.rank(lower.after)


@given(cases())
def test_explanations_agree_with_reasons(
    case: tuple[GradingPolicy, GradeHistory, date, dict[str, Any], bool | None],
) -> None:
    """Of every reason that rests on a rule, the rule's explanation says the same."""
    policy, history, day, row, review = case
    decision = grade(policy, row, day, history, is_review=review)
    assert decision.reasons
    for reason in decision.reasons:
        found = decision.explanation(reason)
        assert (found is None) == (reason.code not in VERDICTS)
        if found is not None:
            assert found.verdict is VERDICTS[reason.code]
    assert len(decision.explanations) == sum(one.code in VERDICTS for one in decision.reasons)


@given(cases())
def test_a_decision_follows_from_what_it_carries(
    case: tuple[GradingPolicy, GradeHistory, date, dict[str, Any], bool | None],
) -> None:
    """Inputs, policy, day and the grades on record up to the day give the same decision again."""
    policy, history, day, row, review = case
    decision = grade(policy, row, day, history, is_review=review)
    seen = attrs.evolve(
        history, intervals=[one for one in history.intervals if one.starts_on <= day]
    )
    known = {"customer_id": "C1", **dict(decision.inputs)}
    again = grade(decision.policy, known, decision.on, seen, is_review=review)
    assert again == decision
    assert decision.after in policy.ranks


@given(cases())
def test_the_move_is_told_by_the_reasons(
    case: tuple[GradingPolicy, GradeHistory, date, dict[str, Any], bool | None],
) -> None:
    """A rise has an entry that holds, a fall an exit; what stands in the way keeps the grade."""
    policy, history, day, row, review = case
    decision = grade(policy, row, day, history, is_review=review)
    codes = [one.code for one in decision.reasons]
    barriers = {ReasonCode.MINIMUM_STAY, ReasonCode.NO_REVIEW, ReasonCode.GRACE}
    if barriers.intersection(codes):
        assert decision.warned_on is not None
        assert codes[0] is ReasonCode.EXIT_HOLDS
        assert decision.reasons[0].grade == decision.after
    match decision.move:
        case Move.PROMOTED if ReasonCode.OVERRIDE_EXPIRED not in codes:
            assert codes[0] is ReasonCode.ENTRY_HOLDS
        case Move.DEMOTED if ReasonCode.OVERRIDE_EXPIRED not in codes:
            assert codes[0] is ReasonCode.EXIT_HOLDS
            assert decision.reasons[0].grade == decision.before
        case Move.WARNED:
            assert decision.warned_on is not None
        case Move.OVERRIDDEN:
            assert codes == [ReasonCode.OVERRIDE]
        case _:
            pass


@given(st.data())
def test_where_grades_are_no_ladder_nobody_rises_or_falls(data: st.DataObject) -> None:
    """At a review a customer is where an entry holds, or where it was and need not leave."""
    policy = data.draw(testing.grading_policies(is_ladder=False))
    history = data.draw(testing.graded_histories(policy))
    day = data.draw(testing.days(history.intervals[0].starts_on, date(2020, 12, 31)))
    row = data.draw(testing.policy_rows(policy))
    decision = grade(policy, row, day, history, is_review=data.draw(st.sampled_from([None, True])))
    assert decision.move not in {Move.PROMOTED, Move.DEMOTED}
    codes = [one.code for one in decision.reasons]
    if decision.move is Move.MOVED and ReasonCode.OVERRIDE_EXPIRED not in codes:
        rank = policy.rank(decision.after)
        entry = policy.conditions[rank][0]
        assert entry is None or entry(row) is True
        higher = [rule for place, rule in policy.entries if place > rank]
        assert not any(rule(row) for rule in higher)


def is_fall(decision: GradeDecision | None) -> bool:
    """Return whether the policy itself lets a customer fall from the grade that it gave."""
    return (
        decision is not None
        and decision.move is Move.DEMOTED
        and decision.interval is not None
        and not decision.interval.is_override
    )


@given(policies_and_steps())
def test_nobody_falls_early_or_without_a_review(case: tuple[GradingPolicy, list[Step]]) -> None:
    """A fall waits for the minimum stay, for the days of grace since the warning, and a review."""
    policy, steps = case
    for (day, _, _, review), (decision, before, _) in zip(steps, lived(policy, steps), strict=True):
        if decision is None or not is_fall(decision):
            continue
        assert policy.is_review(day) if review is None else review
        assert decision.interval is not None
        assert (day - run_start(before, decision.interval)).days >= policy.minimum_stay_days
        warned = decision.interval.warned_on
        assert policy.grace_days == 0 or warned is not None
        if warned is not None:
            assert (day - warned).days >= policy.grace_days


def run_start(history: GradeHistory, interval: GradeInterval) -> date:
    """Return since when the policy gives a grade, overrides set aside."""
    given_by_policy = [one for one in history.intervals if not one.is_override]
    start = interval.starts_on
    for one in reversed(given_by_policy[: given_by_policy.index(interval)]):
        if one.grade != interval.grade:
            break
        start = one.starts_on
    return start


@given(policies_and_steps())
def test_a_warning_ends_with_a_recovery_only(case: tuple[GradingPolicy, list[Step]]) -> None:
    """A customer that must not leave is not warned; where it is unknown, a warning stays."""
    policy, steps = case
    for decision, _, _ in lived(policy, steps):
        if decision is None or decision.is_change or decision.interval is None:
            continue
        warned = decision.interval.warned_on
        match decision.reasons[0].code:
            case ReasonCode.INSIDE | ReasonCode.ENTRY_HOLDS | ReasonCode.LOWEST:
                assert decision.warned_on is None
            case ReasonCode.EXIT_UNKNOWN if not decision.interval.is_override:
                assert decision.warned_on == warned
            case ReasonCode.EXIT_HOLDS if not decision.interval.is_override:
                assert decision.warned_on == (warned or decision.on)
            case _:
                pass


@given(st.data())
def test_steps_between_two_reviews_are_limited(data: st.DataObject) -> None:
    """No day between two reviews finds a customer further than the limit from where it was."""
    limit = data.draw(st.sampled_from([1, 2]))
    base = data.draw(testing.grading_policies().filter(lambda one: len(one.grades) > limit))
    policy = attrs.evolve(
        base, step_limit=limit, review_months=data.draw(st.sampled_from([1, 3, 12]))
    )
    days = data.draw(testing.grading_days(most=12))
    rows = testing.policy_rows(policy)
    history = empty(policy)
    for day in days:
        history = grade(policy, data.draw(rows), day, history).applied(history)
    first = history.intervals[0]
    for day in days:
        review = policy.last_review(day)
        assert review is not None
        start = history.at(review - DAY) or first
        now = history.at(day)
        assert now is not None
        assert abs(policy.rank(now.grade) - policy.rank(start.grade)) <= limit


@given(st.data())
def test_unknown_neither_promotes_nor_demotes(data: st.DataObject) -> None:
    """While every number is unknown, the grade and its warning stay whatever the day."""
    policy = data.draw(testing.grading_policies())
    history = data.draw(testing.graded_histories(policy, is_foreign=False))
    row: dict[str, Any] = {"customer_id": "C1", **dict.fromkeys(policy.inputs)}
    last = history.intervals[-1]
    day = data.draw(testing.days(last.starts_on, last.starts_on + 400 * DAY))
    decision = grade(policy, row, day, history, is_review=True)
    assert decision.after == last.grade
    if last.warned_on is None or last.warned_on <= day:
        expected = None if policy.rank(last.grade) == 0 else last.warned_on
        assert decision.warned_on == expected


@given(st.data())
def test_a_person_outweighs_the_policy_until_the_last_day(data: st.DataObject) -> None:
    """Up to and with the day of expiry the grade is the person's, the day after the policy's."""
    policy = data.draw(testing.grading_policies())
    row = data.draw(testing.policy_rows(policy))
    key = data.draw(st.sampled_from([one.key for one in policy.grades]))
    day = date(2017, 1, 10)
    held = data.draw(st.integers(0, 40))
    history = empty(policy).followed(policy.grades[0].key, day - DAY)
    history = history.overridden(key, day, reason="so", decided_by="A", expires_on=day + held * DAY)
    for later in range(held + 1):
        decision = grade(policy, row, day + later * DAY, history)
        assert (decision.after, decision.move) == (key, Move.OVERRIDDEN)
        assert decision.applied(history) is history
    decision = grade(policy, row, day + (held + 1) * DAY, history)
    assert decision.move is not Move.OVERRIDDEN
    assert ReasonCode.OVERRIDE_EXPIRED in [one.code for one in decision.reasons]


@given(st.data())
def test_without_tempering_a_customer_is_where_the_rules_say(data: st.DataObject) -> None:
    """With no stay, grace or limit the grade is the highest whose entry, or own exit, allows it."""
    policy = data.draw(testing.grading_policies(is_plain=True))
    row = data.draw(testing.policy_rows(policy, is_known=True))
    rank = data.draw(st.integers(0, len(policy.grades) - 1))
    day = date(2017, 5, 5)
    history = empty(policy).followed(policy.grades[rank].key, day - DAY)
    entered = [
        place
        for place, (entry, _) in enumerate(policy.conditions)
        if place == 0 or (entry is not None and entry(row))
    ]
    stays = [
        place
        for place, (_, leaving) in enumerate(policy.conditions)
        if place <= rank and (place == 0 or (leaving is not None and not leaving(row)))
    ]
    decision = grade(policy, row, day, history)
    assert policy.rank(decision.after) == max(*entered, *stays)
