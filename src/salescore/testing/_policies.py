"""Strategies for grading: policies over numbers, customers on their edges, and histories."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import reduce
from typing import Any

import attrs

from salescore.entities import CustomerId, GradeInterval, GradeIntervalId
from salescore.grading import Grade, GradeHistory, GradingPolicy
from salescore.plain import Field, FieldTable, Kind
from salescore.rules import F, Term
from salescore.testing._hypothesis import st
from salescore.testing._values import days

LADDER_FIELDS = FieldTable(
    name="customers",
    fields=(
        Field(name="customer_id", kind=Kind.ID, nullable=False, labels=("Customer id", "客户编号")),
        *(
            Field(name=name, kind=Kind.DECIMAL, nullable=True, labels=labels, unit="1")
            for name, labels in (
                ("revenue_12m", ("Revenue, 12 months", "近12个月销售额")),
                ("orders_12m", ("Orders, 12 months", "近12个月订单数")),
            )
        ),
    ),
)
"""The fields that the policies of `grading_policies` read."""

_NUMBERS = tuple(one.name for one in LADDER_FIELDS.fields[1:])
_KEYS = ("base", "bronze", "silver", "gold", "platinum")
_FIRST, _LAST = date(2016, 1, 1), date(2019, 12, 31)
_LONGEST = 40
_MOST = 8


@attrs.frozen
class _Band:
    """The bounds of one grade for one number: entered from `entry`, left below `leaving`."""

    leaving: Decimal
    entry: Decimal


@st.composite
def _ladders(draw: st.DrawFn, grades: int) -> list[_Band]:
    """Return the bands of the grades above the lowest; they may overlap each other."""
    bounds = st.lists(st.integers(1, 100), min_size=grades - 1, max_size=grades - 1).map(sorted)
    pairs = zip(draw(bounds), draw(bounds), strict=True)
    return [_Band(Decimal(min(pair)), Decimal(pair[1])) for pair in pairs]


def _grade(key: str, bands: Sequence[_Band]) -> Grade:
    """Return the grade that needs every number, and is left when one falls too low."""
    pairs = list(zip(_NUMBERS, bands, strict=False))
    entry: list[Term] = [getattr(F, name) >= band.entry for name, band in pairs]
    leaving: list[Term] = [getattr(F, name) < band.leaving for name, band in pairs]
    return Grade(
        key=key,
        labels=(key.title(), key),
        entry=reduce(lambda one, other: one & other, entry),
        exit=reduce(lambda one, other: one | other, leaving),
    )


def grading_policies(
    *, numbers: int | None = None, is_plain: bool = False, is_ladder: bool = True
) -> st.SearchStrategy[GradingPolicy]:
    """
    Return grading policies: two to five grades over one number or two.

    Each grade is entered where every number is at least its entry, and left where one is less than
    its exit; the exit is at most the entry, and neither is below that of the grade below.

    Args:
        numbers: How many numbers the rules read, 1 or 2; `None` for either.
        is_plain: Whether nothing tempers the moves: no stay, grace or limit, every day a review.
        is_ladder: Whether customers rise and fall; where they just move, reviews alone temper that.
    """
    return _grading_policies(numbers, is_plain=is_plain, is_ladder=is_ladder)


@st.composite
def _grading_policies(
    draw: st.DrawFn, numbers: int | None, *, is_plain: bool, is_ladder: bool
) -> GradingPolicy:
    count = draw(st.integers(2, len(_KEYS)))
    asked = draw(st.sampled_from([1, 2])) if numbers is None else numbers
    ladders = [draw(_ladders(count)) for _ in range(asked)]
    rungs = zip(*ladders, strict=True)
    grades = [_grade(key, rung) for key, rung in zip(_KEYS[1:count], rungs, strict=True)]
    plain = GradingPolicy(
        name="ladder",
        version=draw(st.sampled_from(["1", "2"])),
        labels=("Ladder", "阶梯"),
        grades=[Grade(key=_KEYS[0], labels=("Base", "基础")), *grades],
        is_ladder=is_ladder,
    )
    if is_plain:
        return plain
    reviews = draw(st.sampled_from([None, 1, 3, 5, 12]))
    if not is_ladder:
        return attrs.evolve(plain, review_months=reviews)
    return attrs.evolve(
        plain,
        minimum_stay_days=draw(st.sampled_from([0, 1, 10, 90])),
        review_months=reviews,
        grace_days=draw(st.sampled_from([0, 1, 7, 30])),
        step_limit=draw(st.sampled_from([None, 1, 2])),
    )


def policy_rows(
    policy: GradingPolicy, *, customer: str = "C1", is_known: bool = False
) -> st.SearchStrategy[dict[str, Any]]:
    """
    Return customers as rows that a policy of `grading_policies` reads.

    Args:
        policy: The policy.
        customer: Id of the customer.
        is_known: Whether every number is known; else one may be null.
    """
    numbers: st.SearchStrategy[Any] = st.integers(0, 101).map(Decimal)
    if not is_known:
        numbers = st.one_of(numbers, numbers, numbers, st.none())
    return st.fixed_dictionaries(
        {"customer_id": st.just(customer)} | dict.fromkeys(policy.inputs, numbers)
    )


def grading_days(*, most: int = _MOST) -> st.SearchStrategy[list[date]]:
    """
    Return days on which a customer is graded, ascending; often first days of a month.

    Args:
        most: Most days.
    """
    return _grading_days(most)


@st.composite
def _grading_days(draw: st.DrawFn, most: int) -> list[date]:
    day = draw(days(_FIRST, _LAST))
    found = [day]
    steps = st.one_of(st.integers(1, 3), st.integers(1, _LONGEST), st.none())
    for step in draw(st.lists(steps, max_size=most - 1)):
        # None goes on to the first day of the next month, which may be a review.
        day = (
            (day.replace(day=28) + timedelta(days=4)).replace(day=1)
            if step is None
            else (day + timedelta(days=step))
        )
        found.append(day)
    return found


def graded_histories(
    policy: GradingPolicy, *, customer: str = "C1", is_foreign: bool = True
) -> st.SearchStrategy[GradeHistory]:
    """
    Return histories of a customer under a policy, without gap or overlap.

    Args:
        policy: The policy.
        customer: Id of the customer.
        is_foreign: Whether a history may be one that the library would not write itself: with
            grades that the policy does not know, a last interval that has ended, several
            overrides in a row or such as expired before they began; an override may have overruled
            a grade of the same day.
    """
    return _graded_histories(policy, customer, is_foreign=is_foreign)


@st.composite
def _graded_histories(
    draw: st.DrawFn, policy: GradingPolicy, customer: str, *, is_foreign: bool
) -> GradeHistory:
    keys = [one.key for one in policy.grades] + (["gone"] if is_foreign else [])
    starts = draw(grading_days(most=5))
    intervals: list[GradeInterval] = []
    overruled: list[GradeInterval] = []
    for place, start in enumerate(starts):
        is_last = place == len(starts) - 1
        end = None if is_last else starts[place + 1] - timedelta(days=1)
        if is_last and is_foreign:
            end = draw(st.one_of(st.none(), st.none(), days(start, start + timedelta(days=60))))
        is_override = draw(st.booleans()) if is_foreign else False
        span = st.one_of(st.none(), days(start - timedelta(days=5), start + timedelta(days=60)))
        warned = st.one_of(st.none(), days(start, start + timedelta(days=30)))
        given = GradeIntervalId(f"{policy.name}/{customer}/{start}")
        if is_override and draw(st.booleans()):
            overruled.append(
                GradeInterval(
                    id=given,
                    customer_id=CustomerId(customer),
                    grade=draw(st.sampled_from(keys)),
                    starts_on=start,
                    ends_on=start,
                    policy=policy.name,
                    policy_version="1",
                    is_override=False,
                )
            )
        intervals.append(
            GradeInterval(
                id=GradeIntervalId(f"{given}/override") if is_override else given,
                customer_id=CustomerId(customer),
                grade=draw(st.sampled_from(keys)),
                starts_on=start,
                ends_on=end,
                policy=draw(st.sampled_from([policy.name, None])) if is_override else policy.name,
                policy_version=None if is_override else "1",
                is_override=is_override or draw(st.sampled_from([False, None])),
                expires_on=draw(span) if is_override else None,
                reason="promised" if is_override else None,
                decided_by="Ann" if is_override else None,
                warned_on=None if is_override else draw(warned),
            )
        )
    return GradeHistory(
        customer_id=customer, policy=policy.name, intervals=intervals, overruled=overruled
    )
