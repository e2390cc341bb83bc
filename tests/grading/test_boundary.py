"""Customers near a boundary: what a small change of a figure would do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.grading.ladder import ladder

from salescore.book import FactTable
from salescore.errors import InvalidValue
from salescore.grading import (
    CustomerFigure,
    CustomerTable,
    DerivedField,
    Grade,
    GradeHistory,
    Grading,
    GradingPolicy,
    NearBoundary,
    customer_figure,
    grade,
    near_boundaries,
)
from salescore.metrics import Aggregate, Measure
from salescore.plain import Field, FieldTable, Kind
from salescore.rules import F, Term
from salescore.testing import grading_policies, policy_rows

DAY = date(2024, 6, 30)
TENTH = Decimal("0.1")


def figure(name: str, unit: str = "money") -> CustomerFigure:
    """Return a figure of a name; what it measures does not matter here."""
    measure = Measure(name=name, table="sales_lines", aggregate=Aggregate.SUM, of=F.net_amount)
    return CustomerFigure(name=name, measure=measure, labels=(name, name), unit=unit)


REVENUE, ORDERS = figure("revenue_12m"), figure("orders", "orders")


def kind_of(values: Sequence[object]) -> Kind:
    """Return the kind of a field with such values."""
    if any(isinstance(one, str) for one in values):
        return Kind.TEXT
    return Kind.DATE if any(isinstance(one, date) for one in values) else Kind.DECIMAL


def graded(
    policy: GradingPolicy, *rows: dict[str, Any], held: Sequence[GradeHistory] = ()
) -> Grading:
    """Return the grades of customers of which only the given fields are known."""
    units = {one.name: one.unit for one in policy.fields if isinstance(one, CustomerFigure)}
    names = [name for name in rows[0] if name != "customer_id"]
    fields = [
        Field(
            name=name,
            kind=kind_of([row[name] for row in rows]),
            nullable=True,
            labels=(name, name),
            unit=units.get(name),
        )
        for name in names
    ]
    key = Field(name="customer_id", kind=Kind.ID, nullable=False, labels=("Id", "编号"))
    schema = FieldTable(name="customers", fields=(key, *fields))
    columns = [[row[name] for row in rows] for name in schema.names]
    histories = {one.customer_id: one for one in held}
    return Grading(
        policy=policy,
        as_of=DAY,
        decisions=[grade(policy, row, DAY, histories.get(row["customer_id"])) for row in rows],
        customers=CustomerTable(
            as_of=DAY,
            table=FactTable(schema=schema, sources=tuple(columns)),
            names=tuple(columns[0]),
        ),
        histories=histories,
    )


def having(key: str, revenue: str | int | None, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return a customer with so much revenue."""
    worth = None if revenue is None else Decimal(revenue)
    return {"customer_id": key, "revenue_12m": worth, **more}


def two(entry: Term, leave: Term, *fields: CustomerFigure | DerivedField) -> GradingPolicy:
    """Return a policy of a lower and a higher grade."""
    return GradingPolicy(
        name="two",
        version="1",
        fields=fields,
        grades=[
            Grade(key="low", labels=("Low", "低")),
            Grade(key="high", labels=("High", "高"), entry=entry, exit=leave),
        ],
    )


def told(found: Sequence[NearBoundary]) -> list[tuple[str, str, bool, str, Decimal]]:
    """Return who is near what, with the change in words."""
    return [
        (one.decision.customer_id, one.toward, one.is_up, one.way.text(), one.distance)
        for one in found
    ]


LADDER = ladder(fields=[REVENUE])
"""Silver is entered at 50 and left below 40, gold at 100 and below 80."""


def test_rises_first_then_falls_each_the_nearest_first() -> None:
    """From 95 to 100 is 1/19, from 46 to 50 is 2/23; from 84 to 79.99 lies within a tenth."""
    held = GradeHistory(customer_id="fading", policy="ladder").followed("gold", date(2024, 1, 1))
    found = near_boundaries(
        graded(
            LADDER,
            having("small", 46),
            having("big", 95),
            having("fading", 84),
            having("middle", 70),
            held=[held],
        )
    )
    assert told(found) == [
        ("big", "gold", True, "revenue_12m from 95 to 100 (+5)", Decimal("0.052632")),
        ("small", "silver", True, "revenue_12m from 46 to 50 (+4)", Decimal("0.086957")),
        ("fading", "gold", False, "revenue_12m from 84 to 79.99 (−4.01)", Decimal("0.047738")),
    ]


def test_the_share_is_included() -> None:
    """A change of exactly the share is near; a cent more is not."""
    found = near_boundaries(graded(LADDER, having("a", "90.91"), having("b", "90.90")))
    assert [(one.decision.customer_id, one.distance) for one in found] == [
        ("a", Decimal("0.099989"))
    ]
    half = near_boundaries(graded(LADDER, having("a", 80)), Decimal("0.25"))
    assert [(one.toward, one.distance) for one in half] == [("gold", Decimal("0.25"))]
    assert near_boundaries(graded(LADDER, having("a", "79.99")), Decimal("0.25")) == ()


def test_one_may_be_near_both() -> None:
    """With a wide share a customer may rise and fall."""
    found = near_boundaries(graded(LADDER, having("a", 60)), Decimal("0.7"))
    assert [(one.toward, one.is_up) for one in found] == [("gold", True), ("silver", False)]


@pytest.mark.parametrize("revenue", [None, 0])
def test_unknown_or_nothing_is_never_near(revenue: int | None) -> None:
    """Of nothing there is no share, and what is unknown is not near anything."""
    policy = two(F.revenue_12m > -5, F.revenue_12m <= -9, REVENUE)
    assert near_boundaries(graded(LADDER, having("a", revenue)), Decimal(1)) == ()
    assert near_boundaries(graded(policy, having("a", revenue)), Decimal(1)) == ()


def test_a_figure_below_zero_has_a_share_too() -> None:
    """From −105 to −100 is a change of 1/21 of what is; a loss that grows may drop a customer."""
    policy = two(F.revenue_12m >= -100, F.revenue_12m < -100, REVENUE)
    found = near_boundaries(graded(policy, having("a", -105), having("b", -98), having("c", -112)))
    assert told(found) == [
        ("a", "high", True, "revenue_12m from -105 to -100 (+5)", Decimal("0.047619")),
        ("b", "high", False, "revenue_12m from -98 to -100.01 (−2.01)", Decimal("0.020510")),
    ]


def test_a_figure_of_which_less_is_better_may_shrink() -> None:
    """Whoever has 21 cases would enter at 20, and whoever has 19 would be due to leave at 21."""
    cases = figure("cases", "cases")
    policy = two(F.cases <= 20, F.cases > 20, cases)
    rows = [{"customer_id": "a", "cases": Decimal(21)}, {"customer_id": "b", "cases": Decimal(19)}]
    found = near_boundaries(graded(policy, *rows), Decimal("0.11"))
    assert [(one.decision.customer_id, one.way.text()) for one in found] == [
        ("a", "cases from 21 to 20 (−1)"),
        ("b", "cases from 19 to 21 (+2)"),
    ]


def test_what_is_counted_changes_by_whole_numbers() -> None:
    """Nine orders are no tenth away from ten; ten are one away from eleven."""
    policy = two(F.orders >= Decimal("10.5"), F.orders < 5, ORDERS)
    rows = [{"customer_id": str(many), "orders": Decimal(many)} for many in (9, 10)]
    found = near_boundaries(graded(policy, *rows))
    assert [(one.decision.customer_id, one.way.text()) for one in found] == [
        ("10", "orders from 10 to 11 (+1)")
    ]


def test_several_figures_change_together_each_within_the_share() -> None:
    """Where two are short, both must be near; the largest share counts as the distance."""
    policy = two((F.revenue_12m >= 100) & (F.orders >= 20), F.revenue_12m < 50, REVENUE, ORDERS)
    found = near_boundaries(
        graded(
            policy,
            having("both", 96, orders=Decimal(19)),
            having("one", 96, orders=Decimal(17)),
        )
    )
    assert told(found) == [
        (
            "both",
            "high",
            True,
            "revenue_12m from 96 to 100 (+4) and orders from 19 to 20 (+1)",
            Decimal("0.052632"),
        )
    ]


def test_the_way_is_the_one_of_the_least_share() -> None:
    """Of two figures that would each do, the one that changes by less of itself is told."""
    policy = two((F.revenue_12m >= 1_000_000) | (F.orders >= 20), F.orders < 5, REVENUE, ORDERS)
    found = near_boundaries(graded(policy, having("a", 960_000, orders=Decimal(19))))
    assert [one.way.text() for one in found] == ["revenue_12m from 960,000 to 1,000,000 (+40,000)"]


def test_two_small_changes_may_do_where_one_would_be_too_large() -> None:
    """A way within the share is found, also where one beyond it changes less in all."""
    both = (F.revenue_12m >= 107) & (F.orders >= 107)
    policy = two((F.revenue_12m >= 112) | both, F.revenue_12m < 1, REVENUE, ORDERS)
    found = near_boundaries(graded(policy, having("a", 100, orders=Decimal(100))))
    assert [(len(one.way.changes), one.distance) for one in found] == [(2, Decimal("0.07"))]


def test_a_sum_of_figures_has_a_boundary_too() -> None:
    """A rule that compares no figure with a constant is asked for every customer."""
    policy = two(F.revenue_12m + F.orders >= 104, F.revenue_12m < 1, REVENUE, ORDERS)
    found = near_boundaries(graded(policy, having("a", 50, orders=Decimal(50))))
    assert [one.way.text() for one in found] == ["orders from 50 to 54 (+4)"]
    assert near_boundaries(graded(policy, having("a", 0, orders=Decimal(0)))) == ()


def test_a_narrow_band_is_found() -> None:
    """Where the rule holds only in a band that a full step would pass by, it is near too."""
    policy = two(F.revenue_12m.between(100, 101), F.revenue_12m < 1, REVENUE)
    found = near_boundaries(graded(policy, having("a", 95), having("b", 105), having("c", 150)))
    assert {one.decision.customer_id: one.way.changes[0].after for one in found} == {
        "a": Decimal(100),
        "b": Decimal(101),
    }


def test_what_rests_on_a_class_is_left_out() -> None:
    """A class depends on all customers; only figures beside it may change."""
    policy = two((F.abc == "A") & (F.orders >= 10), F.abc == "C", ORDERS)
    rows = [
        {"customer_id": key, "abc": letter, "orders": Decimal(many)}
        for key, letter, many in (("near", "A", 10), ("other", "B", 11), ("short", "A", 8))
    ]
    found = near_boundaries(graded(policy, *rows), Decimal("0.3"))
    assert [(one.decision.customer_id, one.way.text()) for one in found] == [
        ("short", "orders from 8 to 10 (+2)")
    ]


def test_what_is_derived_from_figures_is_no_figure() -> None:
    """A derived number, such as a share, has no lever of its own."""
    derived = DerivedField(name="half", of=F.revenue_12m * Decimal("0.5"), labels=("Half", "一半"))
    policy = two(F.half >= 50, F.half < 40, REVENUE, derived)
    row = {"customer_id": "a", "revenue_12m": Decimal(98), "half": Decimal(49)}
    assert near_boundaries(graded(policy, row)) == ()


def test_known_orders_decide_beside_an_unknown_revenue() -> None:
    """A figure whose value is unknown stays so; the rule must be reached without it."""
    either = two((F.revenue_12m >= 100) | (F.orders >= 10), F.orders < 5, REVENUE, ORDERS)
    found = near_boundaries(graded(either, having("a", None, orders=Decimal(9))), Decimal("0.2"))
    assert [one.way.text() for one in found] == ["orders from 9 to 10 (+1)"]
    asked = two((F.orders >= 10) & F.revenue_12m.is_null(), F.orders < 5, REVENUE, ORDERS)
    found = near_boundaries(graded(asked, having("a", 5, orders=Decimal(9))), Decimal("0.2"))
    assert found == ()


def test_whose_grade_a_person_set_is_left_out() -> None:
    """The policy is not asked about it, so nothing would move it."""
    held = GradeHistory(customer_id="a", policy="ladder").overridden(
        "silver", date(2024, 1, 1), reason="promised", decided_by="Ann"
    )
    assert near_boundaries(graded(LADDER, having("a", 95), held=[held])) == ()


def test_who_is_due_to_leave_already_is_not_near_it() -> None:
    """A customer that is warned is beyond the boundary."""
    policy = attrs.evolve(LADDER, grace_days=30)
    held = GradeHistory(customer_id="a", policy="ladder").followed("gold", date(2024, 1, 1))
    grading = graded(policy, having("a", 79), held=[held])
    assert [one.move.value for one in grading.decisions] == ["warned"]
    assert near_boundaries(grading) == ()


def test_no_fall_where_a_rule_of_entry_would_hold() -> None:
    """Where the same change fulfils the rule of entry, the customer stays."""
    policy = two((F.revenue_12m >= 100) | (F.orders >= 1), F.revenue_12m < 80, REVENUE, ORDERS)
    rows = [having("safe", 82, orders=Decimal(3))]
    held = [
        GradeHistory(customer_id=key, policy="two").followed("high", date(2024, 1, 1))
        for key in ("safe", "bare")
    ]
    rows.append(having("bare", 82, orders=Decimal(0)))
    found = near_boundaries(graded(policy, *rows, held=held))
    assert [one.decision.customer_id for one in found] == ["bare"]


def test_a_rise_may_leave_out_grades() -> None:
    """Of the higher grades the nearest is told, be it the next one or not, and only that one."""
    policy = GradingPolicy(
        name="jump",
        version="1",
        fields=[REVENUE, ORDERS],
        grades=[
            Grade(key="ordinary", labels=("Ordinary", "一般")),
            Grade(
                key="potential",
                labels=("Potential", "潜在"),
                entry=F.orders >= 5,
                exit=F.orders < 3,
            ),
            Grade(
                key="high",
                labels=("High", "高"),
                entry=F.revenue_12m >= 105,
                exit=F.revenue_12m < 80,
            ),
        ],
    )
    rows = [
        having("jumps", "104.99", orders=Decimal(1)),
        having("steps", 100, orders=Decimal("4.9")),
        having("either", "104.99", orders=Decimal("4.9")),
        having("far", 10, orders=Decimal(1)),
    ]
    found = near_boundaries(graded(policy, *rows))
    assert [(one.decision.customer_id, one.toward) for one in found] == [
        ("either", "high"),
        ("jumps", "high"),
        ("steps", "potential"),
    ]


def test_without_a_ladder_nobody_is_near() -> None:
    """Where grades are no steps nobody rises or falls."""
    policy = two(F.revenue_12m >= 100, F.revenue_12m < 100, REVENUE)
    row = having("a", 99)
    assert len(near_boundaries(graded(policy, row))) == 1
    assert near_boundaries(graded(attrs.evolve(policy, is_ladder=False), row)) == ()


@pytest.mark.parametrize("within", ["0", "-0.1", "1.01"])
def test_a_share_out_of_range_is_refused(within: str) -> None:
    """It is above nothing and at most the whole."""
    with pytest.raises(InvalidValue, match="expected a share above 0 and at most 1"):
        near_boundaries(graded(LADDER, having("a", 1)), Decimal(within))


@pytest.mark.parametrize(
    "revenue",
    [
        "99999999999999999999999999999999999999",
        "95000000000000000000.000000000000000001",
        "0.000000000000000001",
        "95.123456789012345678",
    ],
)
def test_figures_of_any_size_can_be_asked(revenue: str) -> None:
    """The largest, the smallest and the longest numbers that money can hold are no fault."""
    entry = Decimal(revenue) * 2 if Decimal(revenue) < 1 else Decimal(100)
    policy = two(F.revenue_12m >= entry, F.revenue_12m < 1, REVENUE)
    found = near_boundaries(graded(policy, having("a", revenue)), Decimal("0.123456789"))
    assert all(one.distance <= Decimal("0.123456789") for one in found)


def test_dates_are_no_figures_that_can_shrink() -> None:
    """A rule over days reads no number, so there is no share of it."""
    policy = two(F.sold >= date(2024, 1, 1), F.sold < date(2023, 1, 1), REVENUE)
    schema_row = {"customer_id": "a", "sold": date(2023, 6, 1), "revenue_12m": Decimal(5)}
    assert near_boundaries(graded(policy, schema_row)) == ()
    assert customer_figure("last_sold_on").unit is None


@given(
    st.sampled_from(["money", "orders"]),
    st.integers(-3_000, 3_000),
    st.integers(-60, 60),
    st.sampled_from(["0.05", "0.1", "0.25", "1"]),
    st.sampled_from([">=", ">", "<=", "<"]),
)
@example("money", 950, 10, "0.1", ">=")
@example("money", -1000, -9, "0.1", ">=")
def test_nothing_near_is_left_out(
    unit: str, cents: int, bound: int, within: str, sign: str
) -> None:
    """With one threshold, every value within the share tried in turn finds the same and no more."""
    step, value = Decimal("0.01"), Decimal(cents).scaleb(-2)
    if unit == "orders":
        step, value = Decimal(1), Decimal(cents // 100)
    rule: Term = {
        ">=": F.worth >= bound, ">": F.worth > bound, "<=": F.worth <= bound, "<": F.worth < bound,
    }[sign]  # fmt: skip
    policy = two(rule, ~rule, figure("worth", unit))
    holds, leaves = policy.conditions[1]
    assert holds is not None
    assert leaves is not None
    wanted = leaves if holds({"worth": value}) else holds
    reached = [
        other
        for number in range(int(abs(value) * Decimal(within) / step) + 1)
        for other in (value + step * number, value - step * number)
        if wanted({"worth": other})
    ]
    found = near_boundaries(graded(policy, {"customer_id": "a", "worth": value}), Decimal(within))
    nearest = min(reached, key=lambda other: abs(other - value), default=None)
    assert [one.way.changes[0].after for one in found] == ([] if nearest is None else [nearest])
    assert [one.is_up for one in found] == ([] if nearest is None else [wanted is holds])


@given(st.data(), st.sampled_from(["0.05", "0.1", "0.5"]))
def test_the_way_does_what_it_says(data: st.DataObject, within: str) -> None:
    """Applied, it makes the rule hold that it is about, and no figure changes by more."""
    drawn = data.draw(grading_policies())
    policy = attrs.evolve(drawn, fields=[REVENUE, figure("orders_12m")])
    rows = [
        {"revenue_12m": None, "orders_12m": None, **data.draw(policy_rows(policy, customer=key))}
        for key in ("a", "b", "c")
    ]
    grading = graded(policy, *rows)
    for near in near_boundaries(grading, Decimal(within)):
        row = dict(near.decision.inputs)
        rank = policy.rank(near.toward)
        entry, leave = policy.conditions[rank]
        rule = entry if near.is_up else leave
        now = policy.rank(near.decision.after)
        assert rank > now if near.is_up else rank == now
        assert rule is not None
        assert rule(row) is not True
        assert rule(near.way.applied(row)) is True
        shares: list[Decimal] = []
        for change in near.way.changes:
            assert isinstance(change.before, Decimal)
            assert isinstance(change.after, Decimal)
            shares.append(abs(change.after - change.before) / abs(change.before))
        assert max(shares) <= Decimal(within)
        assert abs(near.distance - max(shares)) <= Decimal("0.000001")
