"""Grading on frames: a policy with history decides on every customer at once, on any engine."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import attrs

from salescore.book import SalesBook
from salescore.entities import GradeInterval, GradeIntervalId
from salescore.errors import InvalidFrame, InvalidValue
from salescore.frames._compile import frame_expression
from salescore.frames._engines import narwhals
from salescore.frames._frame import Frame, Native
from salescore.frames._grading_history import KEY, WARNED, History, open_history
from salescore.frames._grading_rules import Decider, columns_of, entry_of, exit_of
from salescore.frames._grading_schema import CustomerFrame, opened_customers, row_values
from salescore.frames._grading_tables import (
    Table,
    deferred,
    given_back,
    like_given,
    row_of,
    rows_of,
    settled,
)
from salescore.frames._rfm import check_as_of
from salescore.grading import (
    GradeDecision,
    GradeHistory,
    GradingPolicy,
    check_policy,
    grade,
    grade_histories,
)
from salescore.plain import FieldTable
from salescore.rules import F
from salescore.values import Severity

_DAY = timedelta(days=1)
_FIRST = date(2, 1, 1)
_LAST = date.max - 36_600 * _DAY


@attrs.frozen(kw_only=True, eq=False)
class GradedFrame:
    """
    The grades of all customers of a frame on a day.

    Attributes:
        policy: The policy.
        as_of: Day of grading.
        engine: Who worked them out; `decisions` and `changes` are of the kind that was handed in.
    """

    policy: GradingPolicy
    as_of: date
    engine: str
    _table: Any = attrs.field(repr=False, alias="table")

    @cached_property
    def decisions(self) -> Any:  # noqa: ANN401 - a dataframe of any engine
        """
        Return one row for each customer, in no order, as the kind of frame that was handed in.

        The columns are those of `GradeDecision`: `customer_id`, `before`, `after`, `move`, `reason`
        with the code of the weightiest reason, `reasons` with the codes of all of them in order and
        `, ` between, and `warned_on`.
        """
        nw = narwhals()
        columns = (KEY, "before", "after", "move")
        reasons = (nw.col("main").alias("reason"), "reasons", "warned_on")
        return given_back(self._table.select(*columns, *reasons), self.engine)

    @cached_property
    def changes(self) -> Any:  # noqa: ANN401 - a dataframe of any engine
        """
        Return what is to be kept: one row for each customer whose history goes on differently.

        Where `is_new`, a grade begins: `from_grade` ends the day before `starts_on`, unless it
        began that day and gives way, and `to_grade` begins. Else the grade on record stays and
        `warned_on` is all that changes. The columns are `customer_id`, `from_grade`, `to_grade`,
        `starts_on`, `warned_on`, `is_new`, `policy`, `policy_version` and `reason`, as a
        `GradeInterval` keeps it.
        """
        nw = narwhals()
        rows = self._table.filter(nw.col("is_new") | nw.col("is_kept_otherwise"))
        return given_back(
            rows.select(
                KEY,
                nw.col("before").alias("from_grade"),
                nw.col("after").alias("to_grade"),
                nw.lit(self.as_of).alias("starts_on"),
                "warned_on",
                "is_new",
                nw.lit(self.policy.name).alias("policy"),
                nw.lit(self.policy.version).alias("policy_version"),
                nw.col("reasons").alias("reason"),
            ),
            self.engine,
        )

    def counts(self) -> tuple[tuple[str, int, int], ...]:
        """Return each grade, the highest first, with how many had it before and have it after."""
        nw = narwhals()
        found: dict[str, dict[str | None, int]] = {}
        for side in ("before", "after"):
            counted = self._table.group_by(side).agg(nw.len().alias("n"))
            found[side] = {row[side]: int(row["n"]) for row in rows_of(counted)}
        return tuple(
            (one.key, found["before"].get(one.key, 0), found["after"].get(one.key, 0))
            for one in reversed(self.policy.grades)
        )


def grade_frame(
    customers: CustomerFrame | Native,
    policy: GradingPolicy,
    *,
    as_of: date,
    previous: Native | None = None,
    is_review: bool | None = None,
    schema: FieldTable | None = None,
) -> GradedFrame:
    """
    Return the grade of every customer of a frame on a day, with the codes of the reasons.

    The same grades, moves, warnings and reasons as `grading.grade` gives row by row. Each rule is
    compiled once; promotion is at once, and demotion waits for the review, the minimum stay, the
    days of grace and the limit of steps; what is unknown neither lets in nor throws out.
    Explanations, with the values behind each rule, are made for chosen customers by
    `grade_decisions`, which asks the rules row by row.

    Args:
        customers: What `customer_frame` makes, or any dataframe with one row for each customer,
            `customer_id` and what the rules read.
        policy: The policy.
        as_of: Day of grading.
        previous: Grades on record as rows of `grade_intervals`, on the same engine: histories
            without gap or overlap, in which a person's word may have overruled a grade of the same
            day. Other policies' rows are passed over; `None` for nothing on record.
        is_review: Whether customers may fall on the day; `None` asks the policy.
        schema: Fields of the customers; `None` takes those of the `CustomerFrame`, and of any
            other dataframe reads them off the types of its columns, which know no sets of texts.

    Raises:
        InvalidFrame: Columns of other types, a customer twice, or histories with a gap or overlap.
        InvalidValue: The policy is not in force on the day, `check_policy` finds an error in it, or
            the day is before the year 2 or in the last hundred years of the calendar.
        UnknownName: The policy reads a field that there is not.
        RuleTypeError: A rule does not fit the fields.
        EngineRefused: The engine cannot answer a rule exactly.
        MissingExtra: The extra `frames` is not installed.
    """
    _check_day(policy, as_of)
    opened = opened_customers(customers, schema, policy.inputs)
    policy.check_rules(opened.schema)
    _refuse_faults(policy, opened.schema)
    reviewed = policy.is_review(as_of) if is_review is None else is_review
    rules = {
        name: rule
        for name, rule in columns_of(policy).items()
        if previous is not None or name.startswith("entry")
    }
    answers = [frame_expression(rule, opened).expr.alias(name) for name, rule in rules.items()]
    keys = frame_expression(F.customer_id, opened).expr.alias(KEY)
    _refuse_twice(opened.nw.select(keys))
    table = deferred(opened.nw).select(keys, *answers)
    if previous is not None:
        review = None if reviewed else policy.last_review(as_of)
        history = History.of(open_history(previous), policy, as_of, (review or as_of) - _DAY)
        joined = table.join(deferred(history.by_customer()), on=KEY, how="left")
        table = joined.with_columns(narwhals().col(WARNED).alias("record warned"))
    ranks = range(1, len(policy.grades))
    decider = Decider(
        policy=policy,
        on=as_of,
        is_review=reviewed,
        has_history=previous is not None,
        has_entry=frozenset(rank for rank in ranks if entry_of(rank) in rules),
        has_exit=frozenset(rank for rank in ranks if exit_of(rank) in rules),
    )
    found = decider.decided(table).select(
        KEY,
        "before",
        "after",
        "move",
        "main",
        "reasons",
        "warned_on",
        "is_new",
        "is_kept_otherwise",
    )
    table = like_given(settled(found), opened.nw)
    return GradedFrame(policy=policy, as_of=as_of, engine=opened.engine, table=table)


def grade_decisions(
    customers: CustomerFrame | Native,
    policy: GradingPolicy,
    keys: Iterable[str],
    *,
    as_of: date,
    previous: Native | None = None,
    is_review: bool | None = None,
    schema: FieldTable | None = None,
) -> tuple[GradeDecision, ...]:
    """
    Return the decisions on chosen customers of a frame as `grading.grade` takes them, row by row.

    They carry the reasons with their days, and explain themselves: `one.text()` tells each rule
    with the values behind it.

    Args:
        customers: As for `grade_frame`.
        policy: The policy.
        keys: Ids of the customers; one that is not in the frame has no decision.
        as_of: Day of grading.
        previous: As for `grade_frame`.
        is_review: As for `grade_frame`.
        schema: As for `grade_frame`.

    Returns:
        One decision for each, in the order of their ids.

    Raises:
        InvalidFrame: Columns of other types.
        InvalidValue: As for `grading.grade`.
        UnknownName: The policy reads a field that there is not.
        RuleTypeError: A rule does not fit the fields.
        MissingExtra: The extra `frames` is not installed.
    """
    wanted = list(dict.fromkeys(keys))
    opened = opened_customers(customers, schema, policy.inputs)
    policy.check_rules(opened.schema)
    histories: dict[str, GradeHistory] = {}
    if previous is not None:
        histories = _histories(open_history(previous), policy, wanted)
    return tuple(
        grade(policy, row, as_of, histories.get(row[KEY]), is_review=is_review)
        for row in sorted(_chosen_rows(opened, wanted), key=lambda one: str(one[KEY]))
    )


def _chosen_rows(opened: Frame, keys: list[str]) -> list[dict[str, Any]]:
    names = [one.name for one in opened.columns]
    rows = opened.nw.filter(narwhals().col(KEY).is_in(keys)).select(*names) if keys else None
    found = [] if rows is None else rows_of(rows)
    return [row_values(row, opened) for row in found]


def _histories(opened: Frame, policy: GradingPolicy, keys: list[str]) -> dict[str, GradeHistory]:
    kept: list[GradeInterval] = []
    for place, row in enumerate(_chosen_rows(opened, keys)):
        given: dict[str, Any] = {**row, "id": GradeIntervalId(str(place))}
        kept.append(GradeInterval(**given))
    book = SalesBook(grade_intervals=kept)
    return grade_histories(book, policy)


def _check_day(policy: GradingPolicy, day: date) -> None:
    check_as_of(day)
    if not _FIRST <= day <= _LAST:
        raise InvalidValue("day of grading", day, f"expected a day from {_FIRST} to {_LAST}")
    named = f"{policy.name} {policy.version}"
    if policy.valid_from is not None and day < policy.valid_from:
        raise InvalidValue("day of grading", day, f"{named} is in force from {policy.valid_from}")
    if policy.valid_until is not None and day > policy.valid_until:
        fault = f"{named} was in force until {policy.valid_until}"
        raise InvalidValue("day of grading", day, fault)


def _refuse_faults(policy: GradingPolicy, schema: FieldTable) -> None:
    faults = [one for one in check_policy(policy, schema) if one.severity is Severity.ERROR]
    if faults:
        raise InvalidValue("policy", f"{policy.name} {policy.version}", faults[0].message)


def _refuse_twice(table: Table) -> None:
    nw = narwhals()
    row = row_of(table, nw.col(KEY).n_unique().alias("different"), nw.len().alias("n"))
    if int(row["different"] or 0) < int(row["n"]):
        raise InvalidFrame("customers", (f"column {KEY!r} names a customer twice; give each once",))
