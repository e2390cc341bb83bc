"""Grading on frames gives what grading row by row gives."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import attrs
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.frames.grading_cases import ENGINES, by_key, frame_of, history_frame, session_of
from tests.grading.ladder import having, history, ladder

from salescore import testing
from salescore.entities import GradeIntervalId
from salescore.errors import InvalidFrame, InvalidValue, UnknownName
from salescore.frames import CustomerFrame, grade_decisions, grade_frame
from salescore.grading import Grade, GradeDecision, GradeHistory, GradingPolicy, grade
from salescore.plain import Field, FieldTable, Kind
from salescore.rules import F
from salescore.testing import LADDER_FIELDS

pytestmark = pytest.mark.engine

DAY = timedelta(days=1)
Case = tuple[GradingPolicy, date, bool | None, list[tuple[dict[str, Any], GradeHistory | None]]]


@st.composite
def cases(draw: st.DrawFn, *, is_ladder: bool = True) -> Case:
    """Return a policy, a day, whether it is a review, and customers with their histories."""
    policy = draw(testing.grading_policies(is_ladder=is_ladder))
    known: list[tuple[dict[str, Any], GradeHistory | None]] = []
    starts: list[date] = []
    for number in range(draw(st.integers(1, 8))):
        key = f"客{number}"
        row = draw(testing.policy_rows(policy, customer=key))
        history = None
        if draw(st.integers(0, 5)):
            history = named(draw(testing.graded_histories(policy, customer=key)), policy)
            starts += [one.starts_on for one in history.intervals]
        known.append((row, history))
    base = draw(st.sampled_from(starts)) if starts else date(2018, 4, 1)
    day = draw(st.sampled_from([base, base + DAY, base - DAY, base + 31 * DAY, base + 95 * DAY]))
    months = [day.replace(day=1), day]
    return policy, draw(st.sampled_from(months)), draw(st.sampled_from([None, True, False])), known


def named(history: GradeHistory, policy: GradingPolicy) -> GradeHistory:
    """Return a history in which a person's word for a strange grade says whose policy it is of."""
    return attrs.evolve(
        history,
        intervals=[
            attrs.evolve(one, policy=policy.name) if one.grade not in policy.ranks else one
            for one in history.intervals
        ],
    )


def told(decision: GradeDecision) -> dict[str, Any]:
    """Return what a frame tells of a decision."""
    codes = [one.code.value for one in decision.reasons]
    return {
        "customer_id": decision.customer_id,
        "before": decision.before,
        "after": decision.after,
        "move": decision.move.value,
        "reason": codes[0],
        "reasons": ", ".join(codes),
        "warned_on": decision.warned_on,
    }


def check(case: Case, engine: str, session: object = None) -> None:
    """Hold every decision of a frame to that of `grade`, and every change to `applied`."""
    policy, day, is_review, known = case
    session = session or session_of(engine)
    customers = frame_of(LADDER_FIELDS, [row for row, _ in known], engine, session)
    records = [one for _, history in known if history for one in history.records]
    previous = history_frame(records, engine, session)
    found = grade_frame(
        customers, policy, as_of=day, previous=previous, is_review=is_review, schema=LADDER_FIELDS
    )
    expected = [grade(policy, row, day, history, is_review=is_review) for row, history in known]
    assert type(found.decisions) is type(found.changes) is type(customers)
    decisions = by_key(found.decisions)
    assert [decisions[one.customer_id] for one in expected] == [told(one) for one in expected]
    changes = by_key(found.changes)
    for one, (_, kept) in zip(expected, known, strict=True):
        old = kept or GradeHistory(customer_id=one.customer_id, policy=policy.name)
        if old.intervals and old.intervals[-1].starts_on > day:
            continue  # what begins later cannot be gone on from
        new = one.applied(old)
        if new == old and one.customer_id not in changes:
            continue
        change = changes.pop(one.customer_id)
        last = new.intervals[-1]
        assert change["to_grade"] == last.grade
        assert change["warned_on"] == last.warned_on
        assert change["from_grade"] == one.before
        if change["is_new"]:
            assert (change["starts_on"], change["reason"]) == (last.starts_on, last.reason)
            assert (change["policy"], change["policy_version"]) == (policy.name, policy.version)
        else:
            assert last.starts_on == old.intervals[-1].starts_on


@given(cases())
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
def test_every_decision_is_that_of_the_rows(case: Case) -> None:
    """Grade, move, reasons and warning are those of `grade`, for any history."""
    check(case, "polars")


@pytest.mark.parametrize("engine", ENGINES[1:])
@given(st.one_of(cases(), cases(is_ladder=False)))
@settings(max_examples=12, suppress_health_check=list(HealthCheck))
def test_every_engine_decides_alike(engine: str, case: Case) -> None:
    """On every engine, and where grades are no ladder, decisions are those of the rows."""
    check(case, engine)


@given(cases(is_ladder=False))
@settings(max_examples=20, suppress_health_check=list(HealthCheck))
def test_grades_that_are_no_ladder(case: Case) -> None:
    """Where grades are no ladder customers move, neither up nor down."""
    check(case, "polars")


@given(cases())
@settings(max_examples=20, suppress_health_check=list(HealthCheck))
def test_without_history_and_by_chosen_customers(case: Case) -> None:
    """Without a history all enter; chosen decisions explain themselves as `grade` does."""
    policy, day, is_review, known = case
    rows = [row for row, _ in known]
    customers = frame_of(LADDER_FIELDS, rows, "polars", None)
    found = grade_frame(customers, policy, as_of=day, is_review=is_review)
    expected = [grade(policy, row, day, is_review=is_review) for row in rows]
    assert by_key(found.decisions) == {one.customer_id: told(one) for one in expected}
    assert set(by_key(found.changes)) == {one.customer_id for one in expected}
    counted = Counter(one.after for one in expected)
    assert found.counts() == tuple((one.key, 0, counted[one.key]) for one in policy.grades[::-1])
    keys = [row["customer_id"] for row in rows[::2]]
    previous = history_frame(
        [one for _, history in known if history for one in history.records], "polars", None
    )
    chosen = grade_decisions(
        customers, policy, [*keys, "gone"], as_of=day, previous=previous, is_review=is_review
    )
    wanted = [
        grade(policy, row, day, history, is_review=is_review)
        for row, history in known
        if row["customer_id"] in keys
    ]
    assert [one.text() for one in chosen] == [one.text() for one in wanted]
    assert [told(one) for one in chosen] == [told(one) for one in wanted]


def one_customer(
    engine: str, policy: GradingPolicy, revenue: int | None, kept: GradeHistory, day: date
) -> dict[str, Any]:
    """Return the decision on one customer on an engine."""
    session = session_of(engine)
    row = {"customer_id": "C1", "revenue_12m": None if revenue is None else Decimal(revenue)}
    customers = frame_of(LADDER_FIELDS, [row], engine, session)
    previous = history_frame(kept.records, engine, session)
    found = grade_frame(customers, policy, as_of=day, previous=previous, schema=LADDER_FIELDS)
    return by_key(found.decisions)["C1"]


TEMPERED = ladder(minimum_stay_days=60, review_months=3, grace_days=30, step_limit=1)
NEW_YEAR, APRIL, JULY = date(2024, 1, 1), date(2024, 4, 1), date(2024, 7, 1)


@pytest.mark.parametrize("engine", ENGINES)
def test_promotion_is_at_once_and_demotion_waits(engine: str) -> None:
    """A customer rises on any day, one step; it falls at a review, after its stay and its grace."""
    base = history(("base", NEW_YEAR))
    rises = one_customer(engine, TEMPERED, 100, base, date(2024, 2, 7))
    assert (rises["after"], rises["move"]) == ("silver", "promoted")
    assert rises["reasons"] == "entry_holds, step_limit"
    gold = history(("gold", date(2024, 3, 1)))
    stays = one_customer(engine, TEMPERED, 10, gold, APRIL)
    assert (stays["after"], stays["move"], stays["warned_on"]) == ("gold", "warned", APRIL)
    assert stays["reasons"] == "exit_holds, minimum_stay, grace"
    falls = one_customer(engine, TEMPERED, 10, gold.warned(APRIL, on=APRIL), JULY)
    assert (falls["after"], falls["move"], falls["warned_on"]) == ("silver", "demoted", JULY)
    assert falls["reasons"] == "exit_holds, exit_holds, step_limit"


@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_unknown_never_throws_out(engine: str) -> None:
    """A customer of whom nothing is known keeps its grade, and its warning from the first day."""
    warned = history(("gold", NEW_YEAR)).warned(APRIL, on=APRIL)
    for day in (APRIL, JULY):
        found = one_customer(engine, TEMPERED, None, warned, day)
        assert (found["after"], found["move"], found["warned_on"]) == ("gold", "warned", APRIL)
        assert found["reasons"] == "exit_unknown"


@pytest.mark.parametrize("engine", ENGINES)
def test_a_persons_word_holds_until_it_expires(engine: str) -> None:
    """An override holds against the policy up to its last day, and then no longer."""
    word = history(("base", NEW_YEAR)).overridden(
        "gold", date(2024, 2, 1), reason="promised", decided_by="Ann", expires_on=APRIL
    )
    held = one_customer(engine, TEMPERED, 0, word, APRIL)
    assert (held["after"], held["move"], held["reasons"]) == ("gold", "overridden", "override")
    over = one_customer(engine, TEMPERED, 0, word, APRIL + DAY)
    assert (over["before"], over["after"], over["move"]) == ("gold", "base", "demoted")
    assert over["reasons"] == "lowest, override_expired"


def test_what_is_not_of_the_policy_is_passed_over() -> None:
    """Grades of other policies, and a person's word for their grades, change nothing."""
    kept = history(("gold", NEW_YEAR))
    other = attrs.evolve(kept.intervals[0], id=GradeIntervalId("x"), policy="rfm", grade="Lost")
    word = attrs.evolve(other, id=GradeIntervalId("y"), policy=None, is_override=True)
    row = {"customer_id": "C1", "revenue_12m": Decimal(90)}
    customers = frame_of(LADDER_FIELDS, [row], "polars", None)
    previous = history_frame([*kept.records, other, word], "polars", None)
    found = grade_frame(customers, ladder(), as_of=APRIL, previous=previous)
    assert by_key(found.decisions)["C1"]["reasons"] == "inside"
    assert by_key(found.changes) == {}


@pytest.mark.parametrize("engine", ENGINES)
def test_histories_with_a_gap_or_an_overlap_are_refused(engine: str) -> None:
    """Whose grades do not follow each other is named, and nothing is decided."""
    session = session_of(engine)
    row = {"customer_id": "C1", "revenue_12m": Decimal(90)}
    customers = frame_of(LADDER_FIELDS, [row], engine, session)
    first, second = history(("gold", NEW_YEAR), ("silver", APRIL)).intervals
    for early, fault in (
        (attrs.evolve(first, ends_on=date(2024, 2, 1)), "gap or overlap"),
        (attrs.evolve(first, ends_on=None), "gap or overlap"),
        (attrs.evolve(first, starts_on=APRIL, ends_on=APRIL), "begin on one day"),
    ):
        previous = history_frame([early, second], engine, session)
        with pytest.raises(InvalidFrame, match=f"'C1' .*{fault}"):
            grade_frame(customers, ladder(), as_of=JULY, previous=previous)


def test_what_cannot_be_graded_is_refused() -> None:
    """A customer twice, a strange field, a policy with faults or out of force, and no day."""
    row = {"customer_id": "C1", "revenue_12m": Decimal(90)}
    customers = frame_of(LADDER_FIELDS, [row], "polars", None)
    with pytest.raises(InvalidFrame, match="twice"):
        grade_frame(customers.vstack(customers), ladder(), as_of=APRIL)
    with pytest.raises(UnknownName, match="revenue_12m"):
        grade_frame(customers.select("customer_id"), ladder(), as_of=APRIL)
    with pytest.raises(InvalidFrame, match="customer_id"):
        grade_frame(customers.select("revenue_12m"), ladder(), as_of=APRIL)
    for days in ({"valid_from": JULY}, {"valid_until": NEW_YEAR}):
        with pytest.raises(InvalidValue, match="in force"):
            grade_frame(customers, ladder(**days), as_of=APRIL)
    with pytest.raises(InvalidValue, match="a day from"):
        grade_frame(customers, ladder(), as_of=date(1, 5, 1))
    with pytest.raises(InvalidValue, match="as_of"):
        grade_frame(customers, ladder(), as_of="2024-04-01")  # type: ignore[arg-type]
    twins = attrs.evolve(ladder(), grades=[ladder().grades[0], *ladder().grades])
    with pytest.raises(InvalidValue, match="policy"):
        grade_frame(customers, twins, as_of=APRIL)


def test_days_at_the_edge_of_the_calendar() -> None:
    """A stay and a grace that began before the first day there is still hold."""
    policy = ladder(minimum_stay_days=36_600, grace_days=36_600)
    kept = history(("gold", date(2, 1, 1)))
    row = {"customer_id": "C1", "revenue_12m": Decimal(0)}
    customers = frame_of(LADDER_FIELDS, [row], "polars", None)
    previous = history_frame(kept.records, "polars", None)
    day = date(3, 1, 1)
    found = grade_frame(customers, policy, as_of=day, previous=previous)
    assert by_key(found.decisions)["C1"] == told(grade(policy, row, day, kept))


def test_columns_may_be_of_other_types() -> None:
    """Whole numbers and categories are read as numbers and texts; others are left alone."""
    customers = pl.DataFrame(
        {"customer_id": ["C1"], "revenue_12m": [100], "odd": [[1]], "day": [APRIL], "is": [True]},
        schema_overrides={"customer_id": pl.Categorical},
    )
    found = by_key(grade_frame(customers, ladder(), as_of=APRIL).decisions)
    assert found["C1"]["after"] == "gold"
    (one,) = grade_decisions(customers, ladder(), ["C1"], as_of=APRIL)
    assert one.after == "gold"
    assert grade_decisions(customers, ladder(), [], as_of=APRIL) == ()


@pytest.mark.parametrize("engine", ENGINES)
def test_rules_of_tags_and_instants(engine: str) -> None:
    """Tags and instants are asked alike by the frame and by the decisions that explain it."""
    fields = (
        LADDER_FIELDS.field("customer_id"),
        Field(name="tags", kind=Kind.TEXT, nullable=False, labels=("Tags", "标签"), is_set=True),
        Field(name="seen_at", kind=Kind.INSTANT, nullable=True, labels=("Seen at", "访问时间")),
    )
    schema = FieldTable(name="customers", fields=fields)
    noon = datetime(2024, 4, 1, 12, tzinfo=UTC)
    entry = F.tags.has_any(["club:金"]) & (F.seen_at >= noon)
    policy = GradingPolicy(
        name="club",
        version="1",
        grades=[
            Grade(key="out", labels=("Out", "外")),
            Grade(key="in", labels=("In", "内"), entry=entry, exit=~entry),
        ],
    )
    rows = [
        {"customer_id": "a", "tags": frozenset({"club:金", "x:y"}), "seen_at": noon},
        {"customer_id": "b", "tags": frozenset({"club:金币"}), "seen_at": noon},
        {"customer_id": "c", "tags": frozenset[str](), "seen_at": None},
        {"customer_id": "d", "tags": frozenset({"club:金"}), "seen_at": None},
    ]
    frame = frame_of(schema, rows, engine, session_of(engine))
    customers = CustomerFrame(as_of=APRIL, schema=schema, native=frame)
    found = by_key(grade_frame(customers, policy, as_of=APRIL).decisions)
    expected = {one["customer_id"]: told(grade(policy, one, APRIL)) for one in rows}
    assert found == expected
    assert [row["after"] for row in expected.values()] == ["in", "out", "out", "out"]
    chosen = grade_decisions(customers, policy, "abcd", as_of=APRIL)
    assert {one.customer_id: told(one) for one in chosen} == expected


@pytest.mark.parametrize("engine", ENGINES)
def test_stay_and_grace_end_on_their_day(engine: str) -> None:
    """A stay or a grace of 30 days keeps a grade for days 0 to 29, and no longer."""
    for given_days, code in (
        ({"minimum_stay_days": 30}, "minimum_stay"),
        ({"grace_days": 30}, "grace"),
    ):
        kept = history(("gold", NEW_YEAR)).warned(NEW_YEAR, on=NEW_YEAR)
        for days, reasons in ((29, f"exit_holds, {code}"), (30, "exit_holds, exit_holds, lowest")):
            found = one_customer(engine, ladder(**given_days), 0, kept, NEW_YEAR + days * DAY)
            assert found["after"] == ("gold" if days < 30 else "base")
            assert found["reasons"].startswith(reasons.removesuffix(", lowest"))


@pytest.mark.parametrize("engine", ENGINES)
def test_a_stay_begins_with_the_grade(engine: str) -> None:
    """A stay is counted from the day of the grade that is held, and not from one before it."""
    kept = history(("base", NEW_YEAR), ("gold", NEW_YEAR + 20 * DAY))
    policy = ladder(minimum_stay_days=30)
    for days, after in ((49, "gold"), (50, "base")):
        assert one_customer(engine, policy, 0, kept, NEW_YEAR + days * DAY)["after"] == after


@pytest.mark.parametrize("engine", ENGINES)
def test_steps_are_counted_from_the_day_before_a_review(engine: str) -> None:
    """A grade of that day counts; one of the review itself does not, so a second run adds none."""
    policy = ladder(step_limit=1)
    for kept, after in (
        (history(("base", NEW_YEAR), ("gold", APRIL - DAY)), "silver"),
        (history(("gold", NEW_YEAR), ("silver", APRIL)), "silver"),
        (history(("gold", APRIL)), "base"),
    ):
        found = one_customer(engine, policy, 0, kept, APRIL)
        assert found == told(grade(policy, having(0), APRIL, kept))
        assert found["after"] == after


@pytest.mark.parametrize("engine", ENGINES)
def test_a_rise_beyond_the_limit_of_steps_takes_nothing_back(engine: str) -> None:
    """Who rises by more than the limit holds what it has, and gets no lower grade for it."""
    low = ladder(step_limit=1)
    top = attrs.evolve(low.grades[-1], key="top", entry=F.revenue_12m >= 200)
    policy = attrs.evolve(low, grades=(*low.grades, top))
    kept = history(("base", NEW_YEAR), ("gold", APRIL))
    found = one_customer(engine, policy, 200, kept, APRIL)
    assert found == told(grade(policy, having(200), APRIL, kept))
    assert (found["after"], found["move"]) == ("gold", "kept")
