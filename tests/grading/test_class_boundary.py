"""Customers near another ABC class: the change of one figure, all other customers unchanged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.grading.test_boundary import DAY, REVENUE, told

from salescore.book import FactTable
from salescore.grading import (
    AbcField,
    CustomerFigure,
    CustomerTable,
    DerivedField,
    Grade,
    GradeHistory,
    Grading,
    GradingPolicy,
    grade,
    near_boundaries,
)
from salescore.metrics import LAST_CLASS, Cut, abc_of
from salescore.plain import Field, FieldTable, Kind
from salescore.rules import F, Term

HALF = (Cut("A", Decimal("0.5")), Cut("B", Decimal("0.8")))
TOP = AbcField(name="top", by="revenue_12m", cuts=HALF)
Values = Mapping[str, Decimal | None]


def classes(values: Values, field: AbcField = TOP) -> dict[str, str | None]:
    """Return the class of each customer, as ABC analysis gives it."""
    known = [(key, "", value) for key, value in values.items() if value is not None]
    found = {one.key: one.grade for one in abc_of(known, field.cuts).items}
    return {
        key: None if value is None else found.get(key, LAST_CLASS) for key, value in values.items()
    }


def club(
    *fields: CustomerFigure | AbcField | DerivedField,
    entry: Term = F.top == "A",
    leave: Term = F.top == "C",
) -> GradingPolicy:
    """Return a policy of a club for the first half."""
    return GradingPolicy(
        name="club",
        version="1",
        fields=fields or (REVENUE, TOP),
        grades=[
            Grade(key="none", labels=("None", "无")),
            Grade(key="club", labels=("Club", "俱乐部"), entry=entry, exit=leave),
        ],
    )


def graded(
    values: Values, policy: GradingPolicy | None = None, members: Sequence[str] = ()
) -> Grading:
    """Return the grades of customers with a revenue; members were in the club before."""
    policy = policy or club()
    one = attrs.evolve
    key = Field(name="customer_id", kind=Kind.ID, nullable=False, labels=("Id", "编号"))
    revenue = Field(
        name="revenue_12m", kind=Kind.DECIMAL, nullable=True, labels=("R", "R"), unit="money"
    )
    columns: list[list[Any]] = [list(values), list(values.values())]
    fields = [key, revenue]
    for field in policy.fields:
        if isinstance(field, AbcField):
            found = classes(values, field)
            columns.append([found[key] for key in values])
            fields.append(one(revenue, name=field.name, kind=Kind.TEXT, unit=None))
        elif isinstance(field, DerivedField):
            columns.append(list(values.values()))
            fields.append(one(revenue, name=field.name))
    schema = FieldTable(name="customers", fields=tuple(fields))
    rows = [dict(zip(schema.names, row, strict=True)) for row in zip(*columns, strict=True)]
    held = {
        name: GradeHistory(customer_id=name, policy="club").followed("club", DAY.replace(month=1))
        for name in members
    }
    return Grading(
        policy=policy,
        as_of=DAY,
        decisions=[grade(policy, row, DAY, held.get(row["customer_id"])) for row in rows],
        customers=CustomerTable(
            as_of=DAY,
            table=FactTable(schema=schema, sources=tuple(columns)),
            names=tuple(values),
        ),
        histories=held,
    )


def of(**values: int | str) -> dict[str, Decimal | None]:
    """Return revenue by customer."""
    return {key: Decimal(value) for key, value in values.items()}


def test_a_few_cents_bring_a_customer_into_the_club() -> None:
    """
    With 50, 48 and 1, before the second lie 50 of 99, which is not below the half.

    Of 1.01 more, 50 lie before it of 100.01.
    """
    found = near_boundaries(graded(of(a=50, b=48, c=1)))
    assert told(found) == [
        ("b", "club", True, "revenue_12m from 48 to 49.01 (+1.01)", Decimal("0.021042"))
    ]


def test_a_member_may_fall_out() -> None:
    """
    With 79, 20 and 10, before the second lie 79 of 109; at 9.99 it is third, behind 89 of 98.99.

    The change is half of what it is, so only a wide share tells it.
    """
    grading = graded(of(a=79, b=20, c=10), members=["b"])
    assert near_boundaries(grading) == ()
    found = [one for one in near_boundaries(grading, Decimal("0.6")) if not one.is_up]
    assert [(one.decision.customer_id, one.way.changes[0].after) for one in found] == [
        ("b", Decimal("9.99"))
    ]
    assert [one.toward for one in found] == ["club"]


def test_ties_are_broken_by_key() -> None:
    """The first of two equals is in; the other gets in by passing it."""
    (one,) = near_boundaries(graded(of(a=50, b=50)))
    assert (one.decision.customer_id, one.way.changes[0].after) == ("b", Decimal("50.01"))


@pytest.mark.parametrize(
    "policy",
    [
        club(entry=(F.top == "A") & (F.revenue_12m >= 1)),
        club(
            REVENUE,
            TOP,
            DerivedField(name="worth", of=F.revenue_12m, labels=("Worth", "价值")),
            entry=(F.top == "A") & (F.worth >= 1),
        ),
        club(
            REVENUE,
            DerivedField(name="worth", of=F.revenue_12m, labels=("Worth", "价值")),
            AbcField(name="top", by="worth", cuts=HALF),
        ),
    ],
    ids=["the figure too", "a derived field", "a class by a derived field"],
)
def test_what_cannot_be_told_is_left_out(policy: GradingPolicy) -> None:
    """Where a change would do more than change the class, no class is near."""
    assert near_boundaries(graded(of(a=50, b=48, c=1), policy)) == ()


def test_unknown_nothing_or_less_is_never_near() -> None:
    """Of what is unknown or not above nothing there is no share to change."""
    values = {**of(a=50, b=48, d=0, e=-3), "c": None}
    found = near_boundaries(graded(values), Decimal(1))
    assert {one.decision.customer_id for one in found} == {"a", "b"}


CENTS = st.integers(-100, 400).map(lambda cents: Decimal(cents).scaleb(-2))


@given(
    st.lists(CENTS | st.none(), min_size=1, max_size=7),
    st.sampled_from(["0.05", "0.3", "1"]),
    st.data(),
)
def test_every_cent_tried_in_turn_finds_the_same(
    drawn: Sequence[Decimal | None], within: str, data: st.DataObject
) -> None:
    """ABC analysis anew at every cent within the share finds the same nearest change, or none."""
    values = {f"c{number}": value for number, value in enumerate(drawn)}
    members = data.draw(st.lists(st.sampled_from(sorted(values)), unique=True))
    other = AbcField(name="other", by="revenue_12m")
    policy = club(REVENUE, TOP, other, leave=(F.top == "C") & (F.other != "A"))
    grading = graded(values, policy, members)
    told = {
        (one.decision.customer_id, one.is_up): one.way.changes[0].after
        for one in near_boundaries(grading, Decimal(within))
    }
    wanted: dict[tuple[str, bool], Decimal] = {}
    for one in grading.decisions:
        key, is_in = one.customer_id, one.after == "club"
        value = values[key]
        if value is None or value <= 0:
            continue
        entry, leave = policy.conditions[1]
        rule = leave if is_in else entry
        assert rule is not None
        if rule(dict(one.inputs)):
            continue
        cents = int(value * Decimal(within) * 100)
        for step in range(1, cents + 1):
            near = [value + Decimal(step).scaleb(-2) * sign for sign in (1, -1)]
            reached = [
                other_value
                for other_value in near
                if rule(
                    {
                        field.name: classes({**values, key: other_value}, field)[key]
                        for field in (TOP, other)
                    }
                )
            ]
            if reached:
                wanted[key, not is_in] = reached[0]
                break
    assert told == wanted
