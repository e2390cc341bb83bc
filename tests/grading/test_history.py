"""Histories of grades: what is kept, what is refused, and what books may hold."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.grading.ladder import having, history, ladder

from salescore import testing
from salescore.book import SalesBook
from salescore.entities import Customer, CustomerId, GradeInterval, GradeIntervalId
from salescore.errors import InvalidValue
from salescore.grading import GradeHistory, check_histories, grade, grade_histories
from salescore.values import Severity

DAY = timedelta(days=1)
START, MAY, JULY = date(2017, 1, 1), date(2017, 5, 10), date(2017, 7, 1)


def interval(
    grade_key: str,
    starts_on: date,
    ends_on: date | None = None,
    **given_too: Any,  # noqa: ANN401 - any field
) -> GradeInterval:
    """Return a grade on record of customer C1 under the policy ladder."""
    values: dict[str, Any] = {
        "id": GradeIntervalId(f"G{starts_on}{grade_key}"),
        "customer_id": CustomerId("C1"),
        "policy": "ladder",
        **given_too,
    }
    return GradeInterval(grade=grade_key, starts_on=starts_on, ends_on=ends_on, **values)


def override(grade_key: str, starts_on: date, **given_too: Any) -> GradeInterval:  # noqa: ANN401
    """Return a person's word on record."""
    return interval(grade_key, starts_on, is_override=True, decided_by="Ann", **given_too)


def book(*intervals: GradeInterval) -> SalesBook:
    """Return a book with grades on record."""
    return SalesBook(customers=[Customer(id="C1", name="One")], grade_intervals=intervals)


def on_record(*intervals: GradeInterval) -> list[tuple[str, date, date | None]]:
    """Return what counts of grades on record."""
    (found,) = grade_histories(book(*intervals), ladder()).values()
    return [(one.grade, one.starts_on, one.ends_on) for one in found.intervals]


def test_the_grade_of_a_day() -> None:
    """The first and the last day of an interval belong to it; before and after there is none."""
    held = history(("silver", START), ("gold", MAY))
    days = {START - DAY: None, START: "silver", MAY - DAY: "silver", MAY: "gold", JULY: "gold"}
    for day, key in days.items():
        found = held.at(day)
        assert (found and found.grade) == key
    ended = GradeHistory(
        customer_id="C1", policy="ladder", intervals=[interval("gold", START, MAY)]
    )
    assert ended.at(MAY) is not None
    assert ended.at(MAY + DAY) is None
    assert ended.last_begun(JULY) == ended.intervals[0]
    assert ended.last_begun(START - DAY) is None


@pytest.mark.parametrize(
    ("intervals", "fault"),
    [
        ([("silver", START, None), ("gold", MAY, None)], "the grade before it never ends"),
        ([("silver", START, MAY), ("gold", MAY, None)], "the grade before it ends on 2017-05-10"),
        ([("silver", START, START), ("gold", MAY, None)], "without gap or overlap"),
        ([("silver", MAY, START)], "it starts on 2017-05-10"),
    ],
)
def test_gaps_and_overlaps_are_refused(
    intervals: list[tuple[str, date, date | None]], fault: str
) -> None:
    """A history that does not tile its time cannot be made."""
    with pytest.raises(InvalidValue, match=fault):
        GradeHistory(
            customer_id="C1", policy="ladder", intervals=[interval(*one) for one in intervals]
        )


def test_grades_of_another_customer_are_refused() -> None:
    """A history is about one customer."""
    with pytest.raises(InvalidValue, match="it is the grade of another, C1"):
        GradeHistory(customer_id="C2", policy="ladder", intervals=[interval("gold", START)])


def test_a_grade_that_began_on_the_same_day_gives_way() -> None:
    """The day has one grade, the last that was given."""
    held = history(("silver", START), ("gold", MAY)).followed("base", MAY)
    assert [one.grade for one in held.intervals] == ["silver", "base"]
    assert held.intervals[0].ends_on == MAY - DAY


def test_a_grade_ended_later_is_cut_where_another_follows() -> None:
    """A last day that was planned gives way to what follows before it."""
    held = GradeHistory(
        customer_id="C1", policy="ladder", intervals=[interval("gold", START, JULY)]
    )
    assert held.followed("base", MAY).intervals[0].ends_on == MAY - DAY


def test_what_is_on_record_later_forbids_a_grade_before_it() -> None:
    """A history is written forwards only."""
    held = history(("silver", START), ("gold", JULY))
    with pytest.raises(InvalidValue, match="a grade on record begins later, on 2017-07-01"):
        held.followed("base", MAY)
    with pytest.raises(InvalidValue, match="begins later"):
        held.overridden("base", MAY, reason="so", decided_by="Ann")
    with pytest.raises(InvalidValue, match="begins later"):
        held.warned(MAY, on=MAY)


def test_an_override_says_why_who_and_until_when() -> None:
    """What a person decided stands in the record."""
    held = history(("silver", START)).overridden(
        "gold", MAY, reason="promised", decided_by="Ann", expires_on=JULY
    )
    last = held.intervals[-1]
    assert (last.is_override, last.reason, last.decided_by, last.expires_on, last.policy) == (
        True,
        "promised",
        "Ann",
        JULY,
        "ladder",
    )


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ({"reason": " ", "decided_by": "Ann"}, "say why, and who decided it"),
        ({"reason": "so", "decided_by": ""}, "say why, and who decided it"),
        (
            {"reason": "so", "decided_by": "Ann", "expires_on": MAY - DAY},
            "it has expired already when it begins on 2017-05-10",
        ),
    ],
)
def test_an_override_without_reason_or_time_is_refused(words: dict[str, Any], fault: str) -> None:
    """Nobody overrules a policy in silence, or for days that are over."""
    with pytest.raises(InvalidValue, match=fault):
        history(("silver", START)).overridden("gold", MAY, **words)


@pytest.mark.parametrize("words", [{"reason": None}, {"decided_by": None}, {"reason": 5}])
def test_an_override_without_words_is_refused(words: dict[str, Any]) -> None:
    """What is no text says nothing."""
    said: dict[str, Any] = {"reason": "so", "decided_by": "Ann", **words}
    with pytest.raises(InvalidValue, match="say why, and who decided it"):
        history().overridden("gold", MAY, **said)


@pytest.mark.parametrize(
    "days", [{"on": datetime(2017, 5, 10, tzinfo=UTC)}, {"expires_on": "2017"}, {"on": None}]
)
def test_an_override_has_days_without_a_time(days: dict[str, Any]) -> None:
    """A datetime or a text is none."""
    words: dict[str, Any] = {"on": MAY, "reason": "so", "decided_by": "Ann", **days}
    with pytest.raises(InvalidValue, match="expected a date, without a time"):
        history().overridden("gold", **words)


def overruled_in_may() -> GradeHistory:
    """Return silver, then in May gold by the policy and base by a person on the same day."""
    held = history(("silver", START), ("gold", MAY))
    return held.overridden("base", MAY, reason="so", decided_by="Ann", expires_on=MAY)


def test_an_override_does_not_lose_what_the_policy_gave_that_day() -> None:
    """The policy goes on from it afterwards, and the two records have different ids."""
    held = overruled_in_may()
    assert [(one.grade, one.ends_on) for one in held.intervals] == [
        ("silver", MAY - DAY),
        ("base", None),
    ]
    assert [(one.grade, one.ends_on) for one in held.overruled] == [("gold", MAY)]
    assert [one.grade for one in held.records] == ["silver", "gold", "base"]
    assert [one.id for one in held.records[1:]] == [
        "ladder/C1/2017-05-10",
        "ladder/C1/2017-05-10/override",
    ]
    last = held.given(MAY)
    assert last is not None
    assert last.grade == "gold"
    assert held.since(JULY) == MAY
    assert grade(ladder(), having(90), MAY, held).after == "base"
    over = grade(ladder(), having(90), MAY + DAY, held)
    assert over.after == "gold"
    assert over.applied(held).overruled == held.overruled


def test_what_was_overruled_survives_a_book() -> None:
    """Its records come back as the same history, and nothing is found wrong with them."""
    held = overruled_in_may()
    assert grade_histories(book(*reversed(held.records)), ladder()) == {"C1": held}
    assert check_histories(book(*held.records), ladder()) == ()
    as_decided = history(("silver", START), ("gold", MAY)).intervals
    assert grade_histories(book(*as_decided, *held.intervals[1:]), ladder()) == {"C1": held}


def test_a_second_word_of_the_day_keeps_what_was_overruled() -> None:
    """People may change their minds; a grade that the policy gives then takes their place."""
    held = overruled_in_may()
    again = held.overridden("silver", MAY, reason="so", decided_by="Bob")
    assert [one.grade for one in again.records] == ["silver", "gold", "silver"]
    assert again.overruled == held.overruled
    anew = again.followed("base", MAY)
    assert [one.grade for one in anew.records] == ["silver", "base"]
    later = again.followed("base", JULY).overridden("gold", JULY, reason="so", decided_by="Ann")
    assert [one.starts_on for one in later.overruled] == [MAY, JULY]


def test_after_an_override_that_ended_the_overruled_grade_held_again() -> None:
    """The time up to the next decision is that of the grade that the policy last gave."""
    held = overruled_in_may()
    ended = attrs.evolve(held.intervals[-1], ends_on=MAY)
    held = attrs.evolve(held, intervals=[*held.intervals[:-1], ended])
    assert [one.grade for one in held.followed("silver", JULY).intervals] == [
        "silver",
        "base",
        "gold",
        "silver",
    ]


def test_what_was_overruled_before_a_gap_is_forgotten() -> None:
    """A history that begins anew knows nothing of what was before."""
    held = overruled_in_may()
    ended = attrs.evolve(held.records[-1], ends_on=MAY)
    records = (*held.records[:-1], ended, interval("silver", JULY))
    (found,) = grade_histories(book(*records), ladder()).values()
    assert found.overruled == ()
    assert [one.starts_on for one in found.records] == [JULY]


def test_what_is_no_grade_of_the_policy_cannot_be_overruled() -> None:
    """Nor can that of another customer."""
    with pytest.raises(InvalidValue, match="it is a person's word"):
        GradeHistory(
            customer_id="C1",
            policy="ladder",
            intervals=[override("gold", MAY)],
            overruled=[override("gold", MAY)],
        )
    with pytest.raises(InvalidValue, match="it is the grade of another, C1"):
        GradeHistory(customer_id="C2", policy="ladder", overruled=[interval("gold", MAY)])


def test_the_ends_of_the_calendar_do_no_harm() -> None:
    """Records of its first and last day are read, checked and refused as any others."""
    records = (interval("silver", date.min), override("gold", date.min), interval("base", START))
    assert on_record(*records) == [("gold", date.min, START - DAY), ("base", START, None)]
    assert len(check_histories(book(*records), ladder())) == 1
    twice = (interval("silver", date.min), interval("gold", date.min, id="Z"))
    assert on_record(*twice) == [("gold", date.min, None)]
    last = (interval("silver", START, date.max), interval("gold", date.max))
    assert [one.code for one in check_histories(book(*last), ladder())] == [
        "grade-intervals-overlap"
    ]
    with pytest.raises(InvalidValue, match="without gap or overlap"):
        GradeHistory(customer_id="C1", policy="ladder", intervals=last)


def test_an_override_may_last_one_day() -> None:
    """Expiring on the day on which it begins, it holds on that day."""
    held = history(("silver", START)).overridden(
        "gold", MAY, reason="so", decided_by="Ann", expires_on=MAY
    )
    assert grade(ladder(), having(0), MAY, held).after == "gold"


def test_the_grade_that_the_policy_gave_is_found_behind_overrides() -> None:
    """So is the day since which it gives it, also where it gave it again."""
    held = history(("silver", START))
    held = held.overridden("gold", MAY, reason="so", decided_by="Ann").followed("silver", JULY)
    given_then = held.given(JULY - DAY)
    assert given_then is not None
    assert given_then.starts_on == START
    assert held.since(JULY) == START
    assert held.followed("gold", JULY + DAY).since(JULY + DAY) == JULY + DAY
    assert held.given(START - DAY) is None
    assert held.since(START - DAY) is None


def test_a_warning_is_set_and_cleared_on_the_last_grade() -> None:
    """Nothing else changes; of an empty history nothing can be warned."""
    held = history(("silver", START), ("gold", MAY))
    warned = held.warned(JULY, on=JULY)
    assert [one.warned_on for one in warned.intervals] == [None, JULY]
    assert warned.warned(None, on=JULY) == held
    assert held.warned(None, on=JULY) is held
    empty = GradeHistory(customer_id="C1", policy="ladder")
    assert empty.warned(JULY, on=JULY) is empty


def test_grades_on_record_become_a_history() -> None:
    """Those of other policies are left out, an override without a policy counts."""
    assert on_record(
        interval("silver", START, MAY - DAY),
        interval("A", START, policy="abc"),
        override("gold", MAY, policy=None),
    ) == [("silver", START, MAY - DAY), ("gold", MAY, None)]


def test_an_override_without_a_policy_is_meant_for_those_that_know_its_grade() -> None:
    """A person's word for the grades of one policy does not end those of another."""
    records = (interval("silver", START), override("A", MAY, policy=None))
    assert on_record(*records) == [("silver", START, None)]
    assert check_histories(book(*records), ladder()) == ()


def test_of_what_overlaps_the_later_beginning_holds() -> None:
    """A finding says so; an override that begins on the same day outweighs the policy."""
    records = (interval("silver", START), override("gold", MAY), interval("base", MAY, id="Z"))
    assert on_record(*records) == [("silver", START, MAY - DAY), ("gold", MAY, None)]
    (found,) = check_histories(book(*records), ladder())
    assert (found.code, found.severity, found.count) == (
        "grade-intervals-overlap",
        Severity.WARNING,
        1,
    )
    assert found.subject == "customers/C1"
    assert found.message == (
        "customer C1 has grade 'base' from 2017-05-10, when 'silver' of 2017-01-01 still held; "
        "end it the day before"
    )


def test_of_a_history_with_a_gap_the_last_part_counts() -> None:
    """A finding says where nobody can tell the grade; touching intervals have none."""
    records = (interval("silver", START, MAY - 2 * DAY), interval("gold", MAY))
    assert on_record(*records) == [("gold", MAY, None)]
    (found,) = check_histories(book(*records), ladder())
    assert found.code == "grade-intervals-gap"
    assert "had ended before" in found.message
    sound = (interval("silver", START, MAY - DAY), interval("gold", MAY))
    assert check_histories(book(*sound), ladder()) == ()


def test_a_grade_on_record_that_the_policy_does_not_know_is_found() -> None:
    """After a change of keys nobody need wonder why customers enter anew."""
    (found,) = check_histories(book(interval("platinum", START)), ladder())
    assert found.code == "grade-on-record-unknown"
    assert found.message == (
        "customer C1 has grade 'platinum' from 2017-01-01, which is none of ladder 1; "
        "it counts for nothing"
    )


def test_an_override_that_expired_before_it_began_is_found() -> None:
    """It never holds; one that expires on its first day does."""
    late = override("gold", MAY, expires_on=MAY - DAY)
    (found,) = check_histories(book(late), ladder())
    assert found.code == "override-expired"
    assert "expired on 2017-05-09, before it began" in found.message
    held = grade_histories(book(late), ladder())["C1"]
    assert grade(ladder(), having(60), MAY, held).after == "silver"
    assert check_histories(book(override("gold", MAY, expires_on=MAY)), ladder()) == ()
    given_by_policy = interval("gold", MAY, expires_on=MAY - DAY)
    assert check_histories(book(given_by_policy), ladder()) == ()


def test_what_ends_before_it_begins_is_passed_over() -> None:
    """A faulty record is the finding of `check_book`, and stops nobody from grading."""
    assert on_record(interval("silver", START), interval("gold", JULY, MAY)) == [
        ("silver", START, None)
    ]


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(-3, 30), st.booleans()), max_size=6))
def test_any_book_gives_histories_that_tile_time(records: list[tuple[int, int, bool]]) -> None:
    """Whatever is on record, what counts of it has no gap or overlap, and is in order."""
    intervals = [
        interval(
            "gold" if place % 2 else "silver",
            START + start * DAY,
            None if length == 30 else START + (start + length) * DAY,
            id=GradeIntervalId(f"G{place}"),
            is_override=is_override,
        )
        for place, (start, length, is_override) in enumerate(records)
    ]
    for found in grade_histories(book(*intervals), ladder()).values():
        assert found.intervals
        assert attrs.evolve(found) == found
        sound = [one for one in intervals if one.ends_on is None or one.ends_on >= one.starts_on]
        last = max(one.starts_on for one in sound)
        assert found.intervals[-1].starts_on == last


@given(st.data())
def test_histories_survive_a_book(data: st.DataObject) -> None:
    """What the library wrote comes back equal from the records of a book."""
    policy = data.draw(testing.grading_policies())
    held = data.draw(testing.graded_histories(policy, is_foreign=False))
    found = grade_histories(book(*reversed(held.intervals)), policy)
    assert found == {"C1": held}
