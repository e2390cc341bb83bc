"""What it would take: the cheapest changes that give a rule the wanted value."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from salescore.errors import (
    InexactResult,
    InvalidNumber,
    InvalidValue,
    RuleTypeError,
    UnknownName,
)
from salescore.plain import Field, FieldTable, Kind, PersonalData
from salescore.render import Language
from salescore.rules import (
    Direction,
    F,
    Lever,
    NoWay,
    Reach,
    Term,
    as_tree,
    coalesce,
    days_between,
    evaluate,
    reach,
    when,
)
from salescore.values import Rounding

D = Decimal
EN, ZH = Language.EN, Language.ZH


def column(name: str, kind: Kind, labels: tuple[str, str] = ("", ""), **more: Any) -> Field:  # noqa: ANN401
    """Return a nullable column."""
    return Field(name=name, kind=kind, nullable=True, labels=labels, **more)


TABLE = FieldTable(
    name="customers",
    fields=(
        column("revenue", Kind.DECIMAL, ("Revenue, 12 months", "近 12 个月销售额"), unit="money"),
        column("orders", Kind.DECIMAL, ("Orders", "订单数"), unit="orders"),
        column("share", Kind.DECIMAL, unit="fraction", minimum=D(0), maximum=D(1)),
        column("discount", Kind.DECIMAL, minimum=D(0), is_above_minimum=True),
        column("region", Kind.TEXT, ("Region", "区域")),
        column("status", Kind.CHOICE, ("Status", "状态"), choices=("new", "active", "lapsed")),
        column("since", Kind.DATE, ("Customer since", "成为客户日")),
        column("until", Kind.DATE),
        column("seen_at", Kind.INSTANT, ("Seen at", "最近来访")),
        column("is_active", Kind.BOOLEAN, ("Active", "活跃")),
        column("tags", Kind.TEXT, ("Tags", "标签"), is_set=True),
        column("more_tags", Kind.TEXT, is_set=True),
        column("name", Kind.TEXT, ("Name", "姓名"), personal=PersonalData.IDENTITY),
        column("born_on", Kind.DATE, ("Born on", "生日"), personal=PersonalData.IDENTITY),
        column("notes", Kind.TEXT, ("Notes", "备注"), is_set=True, personal=PersonalData.FREE_TEXT),
    ),
)
ROW: dict[str, Any] = {
    "revenue": D(42_000),
    "orders": D(3),
    "share": D("0.5"),
    "discount": D("0.2"),
    "region": "West",
    "status": "new",
    "since": date(2016, 3, 1),
    "until": date(2017, 3, 1),
    "seen_at": datetime(2017, 3, 1, tzinfo=UTC),
    "is_active": True,
    "tags": frozenset({"trial"}),
    "more_tags": frozenset(),
    "name": "Ada",
    "born_on": date(1990, 5, 4),
    "notes": frozenset({"calls late"}),
}


def asked(
    rule: Term,
    levers: Iterable[Lever | str],
    *,
    wanted: bool = True,
    most: int = 5,
    **row: Any,  # noqa: ANN401 - values of any field
) -> Reach:
    """Return what it would take on the row, some of its values replaced."""
    return reach(as_tree(rule), {**ROW, **row}, TABLE, levers, wanted, most)


def afters(found: Reach) -> list[tuple[object, ...]]:
    """Return the new values of each way."""
    return [tuple(change.after for change in way.changes) for way in found.ways]


@pytest.mark.parametrize(
    ("rule", "lever", "after"),
    [
        (F.revenue >= 50_000, "revenue", D(50_000)),
        (F.revenue > 50_000, "revenue", D("50000.01")),
        (F.revenue < 40_000, "revenue", D("39999.99")),
        (F.revenue == D("50000.005"), "revenue", None),
        (F.revenue > D("50000.005"), "revenue", D("50000.01")),
        (F.orders > 5, "orders", D(6)),
        (F.orders >= D("4.5"), "orders", D(5)),
        (F.orders.between(10, 20), "orders", D(10)),
        (F.orders.is_in([1, 4, 9]), "orders", D(4)),
        (F.orders * 3 >= 100, "orders", D(34)),
        (F.revenue * 3 >= 200_000, "revenue", D("66666.67")),
        (F.revenue * 2 >= 100_000, "revenue", D(50_000)),
        (F.revenue * D("-0.5") + 10 < -30_000, "revenue", D("60020.01")),
        (D(100_000) - F.revenue <= 20_000, "revenue", D(80_000)),
        (2 * F.revenue >= F.revenue + 50_000, "revenue", D(50_000)),
        (F.revenue + F.revenue >= 100_000, "revenue", D(50_000)),
        (F.orders.rounded(0, Rounding.HALF_UP) >= 10, Lever("orders", step=D("0.5")), D("9.5")),
        ((F.revenue * D("0.001")).rounded(0, Rounding.UP) >= 50, "revenue", D("49000.01")),
        (F.share > D("0.725"), "share", D("0.726")),
        (F.discount < D("0.1"), "discount", D("0.09")),
        (F.since < date(2015, 1, 1), "since", date(2014, 12, 31)),
        (days_between(F.since, F.until) >= 730, "since", date(2015, 3, 2)),
        (days_between(F.since, F.until) > D("400.5"), "until", date(2017, 4, 6)),
        (F.seen_at > F.seen_at, Lever("revenue"), None),
        (
            F.seen_at > datetime(2017, 3, 2, tzinfo=UTC),
            "seen_at",
            datetime(2017, 3, 2, 0, 0, 1, tzinfo=UTC),
        ),
        (F.region == "East", "region", "East"),
        (F.status != "new", Lever("status", options=("lapsed",)), "lapsed"),
        (F.is_active == False, "is_active", False),  # noqa: E712 - a rule
        (~F.is_active, "is_active", False),
        (coalesce(F.revenue, 0) >= 50_000, "revenue", D(50_000)),
        (when((F.is_active, F.revenue), otherwise=0) > 50_000, "revenue", D("50000.01")),
        (when((F.revenue > 50_000, True), otherwise=False), "revenue", D("50000.01")),
        (F.tags.has_any(["vip"]), "tags", frozenset({"trial", "vip"})),
        (F.tags.has_all(["vip", "a"]), "tags", frozenset({"trial", "vip", "a"})),
        (F.tags.has_none(["trial"]), "tags", frozenset()),
    ],
)
def test_one_change(rule: Term, lever: Lever | str, after: object) -> None:
    """A single change takes the nearest value that the field can show."""
    found = asked(rule, [lever])
    assert found.is_exact
    assert afters(found)[:1] == ([] if after is None else [(after,)])


@pytest.mark.parametrize(
    ("rule", "lever", "row", "after"),
    [
        (F.revenue >= 50_000, "revenue", {"revenue": None}, D(50_000)),
        (~F.revenue.is_null(), "revenue", {"revenue": None}, D(0)),
        (~F.revenue.is_null(), Lever("revenue", highest=D(-5)), {"revenue": None}, D(-5)),
        (F.revenue * 0 == 0, "revenue", {"revenue": None}, D(0)),
        (~F.revenue.is_null(), Lever("revenue", lowest=D(7)), {"revenue": None}, D(7)),
        (F.since >= date(2017, 1, 1), "since", {"since": None}, date(2017, 1, 1)),
        (F.tags.has_none(["x"]), "tags", {"tags": None}, frozenset()),
        (F.tags.has_any(["x"]), "tags", {"tags": None}, frozenset({"x"})),
        (F.is_active, "is_active", {"is_active": None}, True),
        (F.region == "East", "region", {"region": None}, "East"),
        (coalesce(F.region, "East") == "West", "region", {"region": None}, "West"),
    ],
)
def test_the_unknown_becomes_known(
    rule: Term, lever: Lever | str, row: dict[str, Any], after: object
) -> None:
    """An unknown value may become a value, at the fixed price."""
    found = asked(rule, [lever], **row)
    assert found.value is not True
    assert afters(found)[0] == (after,)
    assert found.ways[0].cost == 1


def test_an_unknown_date_needs_a_hint() -> None:
    """No day is proposed where neither the rule nor the lever names one."""
    found = asked(~F.since.is_null(), ["since"], since=None)
    assert (found.ways, found.is_exact) == ((), False)
    lever = Lever("since", lowest=date(2017, 1, 1))
    assert afters(asked(~F.since.is_null(), [lever], since=None)) == [(date(2017, 1, 1),)]


def test_conditions_inside_conditions() -> None:
    """Branches, first known values and equal conditions are followed, several fields at once."""
    rule = when((F.orders > 5, F.revenue > 50_000), (F.is_active, F.share > 1), otherwise=True)
    found = asked(rule, ["orders", "revenue", "is_active"])
    assert [len(way.changes) for way in found.ways] == [1, 2]
    assert (afters(found)[0], found.is_exact) == ((False,), True)
    open_end = when((F.orders > 5, F.revenue > 50_000))
    assert len(asked(open_end, ["orders", "revenue"]).ways[0].changes) == 2
    known = coalesce(F.revenue > 50_000, F.orders > 5)
    found = asked(known, ["revenue", "orders"], revenue=None)
    assert sorted(afters(found)) == [(D(6),), (D("50000.01"),)]
    alike = (F.revenue > 50_000) != (F.orders > 2)
    assert (asked(alike, ["revenue", "orders"], wanted=False).is_exact) is True
    plain = asked(F.is_active == (F.orders > 5), ["is_active", "orders"], wanted=False)
    assert (sorted(afters(plain), key=str), plain.value) == ([()], False)
    both = F.is_active & (F.orders > 5) & when((F.is_active, True), otherwise=F.share > 1)
    assert afters(asked(both, ["is_active", "orders"], is_active=None)) == [(True, D(6))]
    neither = asked(~((F.revenue > 1) | (F.orders > 1)), ["revenue", "orders"])
    assert afters(neither) == [(D(1), D(1))]
    alike = (F.revenue > 50_000) == (F.orders > 2)
    found = asked(alike, ["revenue", "orders"], wanted=False, revenue=None)
    assert (afters(found)[0], found.is_exact) == ((D(50_000),), True)
    unsure = when((F.share > 0, F.revenue > 50_000), otherwise=F.orders > 5)
    found = asked(unsure, ["revenue", "orders"], share=None)
    assert (afters(found), found.is_exact) == ([(D(6),)], True)
    unknown = ((F.revenue > 1) & (F.orders > 1)).is_null()
    found = asked(unknown, ["revenue", "orders"], wanted=False, revenue=None)
    assert sorted(afters(found)) == [(D(1),), (D(1),)]


def test_what_is_known_never_becomes_unknown() -> None:
    """A rule that asks for null is out of reach while the value is known."""
    found = asked(F.revenue.is_null(), ["revenue"])
    assert (found.ways, found.is_exact) == ((), True)
    assert found.no_way is NoWay.IMPOSSIBLE
    assert found.reason == "no change of these fields reaches it"


def test_already_there() -> None:
    """A rule that has the wanted value takes one way without changes, at no cost."""
    found = asked(F.revenue > 0, [])
    assert [way.changes for way in found.ways] == [()]
    assert (found.ways[0].cost, found.reason) == (D(0), None)
    assert found.text(EN) == "nothing has to change"
    assert found.text(ZH) == "无需调整"


def test_false_is_asked_strictly() -> None:
    """Unknown is neither true nor false: to be false a value has to be known."""
    found = asked(F.revenue >= 10, ["revenue"], wanted=False, revenue=None)
    assert found.value is None
    assert afters(found) == [(D("9.99"),)]


def test_nothing_to_pull() -> None:
    """Without a lever that the rule reads there is no way, and the reason says so."""
    found = asked(F.revenue > 50_000, ["orders"])
    assert found.ways == ()
    assert found.no_way is NoWay.NO_LEVER
    assert found.reason == "no field that may change is read by the rule"
    assert found.text(ZH) == "规则未读取任何可调整的字段"


def test_prices_decide() -> None:
    """Of two ways the cheaper stands first: fixed price plus rate times the change."""
    rule = (F.revenue >= 50_000) | (F.orders >= 10)
    levers = [Lever("revenue", rate=D("0.001")), Lever("orders", fixed=D(2), rate=D("1.5"))]
    found = asked(rule, levers)
    assert [way.cost for way in found.ways] == [D("9.000"), D("12.5")]
    dear = [Lever("revenue", rate=D("0.01")), levers[1]]
    assert afters(asked(rule, dear)) == [(D(10),), (D(50_000),)]


def test_dates_are_priced_by_the_day_and_instants_by_the_second() -> None:
    """The rate of a date counts days, that of an instant seconds."""
    (way,) = asked(F.since < date(2016, 2, 20), [Lever("since", rate=D(2))]).ways
    assert way.cost == 1 + 2 * 11
    (way,) = asked(
        F.seen_at >= datetime(2017, 3, 1, 0, 0, 1, 500_000, tzinfo=UTC),
        [Lever("seen_at", fixed=D(0), rate=D(2))],
    ).ways
    assert way.cost == 4


def test_tags_are_priced_one_by_one() -> None:
    """Every tag that is added or removed costs the fixed price."""
    rule = F.tags.has_all(["a", "b"]) & F.tags.has_none(["trial"])
    (way,) = asked(rule, [Lever("tags", fixed=D(3))]).ways
    assert way.cost == 9
    assert way.changes[0].after == frozenset({"a", "b"})


def test_tags_that_do_equally_well_are_all_offered() -> None:
    """Any of several tags is a way of its own; a way that adds more than it needs is none."""
    found = asked(F.tags.has_any(["a", "b"]), ["tags"])
    assert afters(found) == [(frozenset({"trial", "a"}),), (frozenset({"trial", "b"}),)]


def test_options_restrict_tags() -> None:
    """Options of a field of tags are those that can come and go."""
    lever = Lever("tags", options=("b",))
    assert afters(asked(F.tags.has_any(["a", "b"]), [lever])) == [(frozenset({"trial", "b"}),)]
    assert asked(F.tags.has_any(["a"]), [lever]).ways == ()


def test_many_tags_are_not_all_tried() -> None:
    """Over many tags not every set is tried, and the answer says so."""
    found = asked(F.tags.has_all([f"t{n}" for n in range(12)]), ["tags"])
    assert len(found.ways[0].changes[0].after) == 13  # type: ignore[arg-type]
    assert not found.is_exact


@pytest.mark.parametrize("count", [1, 6])
def test_the_work_on_tags_is_bounded_by_the_document(count: int) -> None:
    """Thousands of tags cost thousands of steps, and no more sets are tried than for a dozen."""
    tests = [F.tags.has_any([f"t{one}-{n}" for n in range(10_000)]) for one in range(count)]
    rule = tests[0]
    for test in tests[1:]:
        rule = rule & test
    found = asked(rule, ["tags"])
    assert found.ways
    assert not found.is_exact


def test_eight_tags_are_all_tried() -> None:
    """Every set of eight tags is tried, so that the answer is exact."""
    assert asked(F.tags.has_all([f"t{n}" for n in range(8)]), ["tags"]).is_exact
    assert not asked(F.tags.has_all([f"t{n}" for n in range(9)]), ["tags"]).is_exact


def test_texts_that_do_equally_well_are_all_offered() -> None:
    """Any of several options is a way of its own, in order of the names."""
    found = asked(F.region.is_in(["East", "North", "West"]), ["region"], region="South")
    assert afters(found) == [("East",), ("North",), ("West",)]
    few = asked(F.region.is_in(["East", "North", "West"]), ["region"], region="South", most=2)
    assert afters(few) == [("East",), ("North",)]


def test_another_text_cannot_be_named() -> None:
    """Where only a text that nobody named would do, the reason says so, and asks for options."""
    found = asked(F.region != "West", ["region"])
    assert (found.ways, found.is_exact) == ((), False)
    assert (found.no_way, found.unnamed) == (NoWay.UNNAMED_TEXT, "region")
    assert found.reason == "any other text of region would do; name some as options"
    assert found.as_data()["reason"] == found.reason
    assert found.text(EN, TABLE) == "any other text of Region would do; name some as options"
    assert found.text(ZH, TABLE) == "区域改为任何其他文本即可；请用 options 列出可选文本"
    odd = asked(F.region != "\0", ["region"], region="\0")
    assert (odd.ways, odd.is_exact) == ((), False)
    named = asked(F.region != "West", [Lever("region", options=("West", "East"))])
    assert (afters(named), named.is_exact) == ([("East",)], True)


def test_any_other_text_is_promised_only_where_it_would_do() -> None:
    """Beside another change, and where letters are tested, no such promise is made."""
    both = asked((F.region != "West") & (F.orders > 5), ["region", "orders"])
    assert (both.ways, both.no_way, both.unnamed) == ((), NoWay.NOT_FOUND, None)
    letters = asked((F.region != "West") & F.region.starts_with("E"), ["region"])
    assert (letters.no_way, letters.unnamed) == (NoWay.NOT_FOUND, None)
    sorted_first = asked(F.region < "East", ["region"])
    assert (sorted_first.no_way, sorted_first.unnamed) == (NoWay.NOT_FOUND, None)
    first = asked((F.region != "West") | (F.name != "Ada"), ["name", "region"])
    assert (first.no_way, first.unnamed) == (NoWay.UNNAMED_TEXT, "region")


def test_another_text_that_is_no_cheaper_does_not_matter() -> None:
    """A text that nobody named leaves the answer exact where it costs no less."""
    rule = (F.region != "West") | (F.is_active == False)  # noqa: E712 - a rule
    assert asked(rule, [Lever("region", fixed=D(5)), "is_active"]).is_exact
    assert not asked(rule, ["region", Lever("is_active", fixed=D(5))]).is_exact
    twice = ((F.region != "West") & F.is_active) | ((F.region != "West") & (F.orders > 0))
    found = asked(twice, ["region", "is_active", "orders"], orders=D(0), is_active=None)
    assert (found.ways, found.is_exact) == ((), False)
    both = (F.region != "West") | ((F.is_active == False) & (F.region != "West"))  # noqa: E712
    assert asked(both, [Lever("region", fixed=D(5)), "is_active"]).ways == ()


def test_parts_of_texts_need_options() -> None:
    """A test of a text's letters proposes only what the options or choices name."""
    rule = F.region.starts_with("Ea")
    assert not asked(rule, ["region"]).is_exact
    named = asked(rule, [Lever("region", options=("West", "East"))])
    assert (afters(named), named.is_exact) == ([("East",)], True)
    assert afters(asked(F.status.ends_with("ive"), ["status"])) == [("active",)]
    assert not asked(F.region < "East", ["region"]).is_exact


@pytest.mark.parametrize(
    "lever",
    [
        Lever("revenue", Direction.DOWN),
        Lever("revenue", highest=D(49_999)),
        Lever("revenue", lowest=D(60_000), highest=D(50_000) + 1_000_000),
    ],
)
def test_bounds_and_directions_hold(lever: Lever) -> None:
    """A field does not move the wrong way, nor beyond what its lever allows."""
    ways = asked(F.revenue.between(50_000, 55_000), [lever])
    assert (ways.ways, ways.is_exact) == ((), True)


def test_a_field_outside_its_bounds_moves_to_them() -> None:
    """A value below the least that a lever allows moves at least that far."""
    assert afters(asked(F.revenue > 50_000, [Lever("revenue", lowest=D(60_000))])) == [(D(60_000),)]
    assert afters(asked(F.revenue < 40_000, [Lever("revenue", highest=D(30_000))])) == [
        (D(30_000),)
    ]


def test_the_table_bounds_numbers() -> None:
    """A field never takes a value that its table refuses."""
    assert asked(F.share > 1, ["share"]).ways == ()
    assert afters(asked(F.discount <= D("0.005"), [Lever("discount", step=D("0.001"))])) == [
        (D("0.005"),)
    ]
    assert asked(F.discount <= 0, ["discount"]).ways == ()
    assert afters(asked(F.share < 2, ["share"], share=D(3))) == [(D(1),)]
    assert afters(asked(F.discount > -7, ["discount"], discount=D(-9))) == [(D("0.01"),)]


NOON = datetime(2017, 3, 1, 12, tzinfo=UTC)
NEW_YEAR = date(2020, 1, 1)
ODD = datetime(2017, 3, 1, 12, 0, 0, 250_000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rule", "lever", "present", "after"),
    [
        (F.revenue >= 7, Lever("revenue", step=D(5)), D(3), D(10)),
        (F.revenue > 7, Lever("revenue", step=D(5)), D(3), D(10)),
        (F.revenue > 10, Lever("revenue", step=D(5)), D(3), D(15)),
        (F.revenue >= 10, Lever("revenue", step=D(5)), D(3), D(10)),
        (F.revenue < -7, Lever("revenue", step=D(5)), D(3), D(-10)),
        (F.revenue == 7, Lever("revenue", step=D(5)), D(3), None),
        (F.revenue.between(6, 9), Lever("revenue", step=D(5)), D(3), None),
        (F.revenue > 3, Lever("revenue", step=D(5), lowest=D(7)), D(3), D(10)),
        (F.revenue > 4, Lever("revenue", step=D(5), highest=D(6)), None, D(5)),
        (F.revenue * 8 >= 1001, "revenue", D(100), D("125.13")),
        (F.revenue * 8 >= 1000, "revenue", D(100), D(125)),
        (F.revenue >= D("10.005"), "revenue", D(3), D("10.01")),
        (F.revenue > D("10.005"), "revenue", None, D("10.01")),
        (F.discount >= D("0.0001"), Lever("discount", step=D("0.3")), D(-1), D("0.3")),
        (F.orders >= D("2.5"), Lever("orders", step=D(1)), D(1), D(3)),
        (F.orders >= D("2.5"), Lever("orders", step=D(2)), D(1), D(4)),
        (F.orders >= D("2.3"), Lever("orders", step=D("0.5")), D(1), D("2.5")),
        (F.since > date(2020, 3, 1), Lever("since", step=D(7)), NEW_YEAR, date(2020, 3, 4)),
        (F.since >= date(2020, 3, 4), Lever("since", step=D(7)), NEW_YEAR, date(2020, 3, 4)),
        (F.since < date(2019, 12, 31), Lever("since", step=D(7)), NEW_YEAR, date(2019, 12, 25)),
        (F.since == date(2020, 3, 1), Lever("since", step=D(7)), NEW_YEAR, None),
        (F.since > date(2020, 3, 1), Lever("since", step=D(7)), None, date(2020, 3, 2)),
        (F.since >= date(2020, 3, 1), Lever("since", step=D(7)), None, date(2020, 3, 1)),
        (F.since > NEW_YEAR, Lever("since", step=D("1E+12")), NEW_YEAR, None),
        (F.seen_at >= NOON, "seen_at", ODD, ODD),
        (F.seen_at > ODD, "seen_at", NOON, NOON.replace(second=1)),
        (F.seen_at >= ODD, "seen_at", None, NOON.replace(second=1)),
        (F.seen_at > NOON, Lever("seen_at", step=D(60)), NOON, NOON.replace(minute=1)),
    ],
)
def test_a_field_takes_only_what_it_shows(
    rule: Term, lever: Lever | str, present: object, after: object
) -> None:
    """Numbers are multiples of the step, dates and instants whole steps from the present value."""
    name = lever if isinstance(lever, str) else lever.field
    found = asked(rule, [lever], **{name: present})
    assert found.is_exact
    if present == after:
        assert found.value is True
    else:
        assert afters(found)[:1] == ([] if after is None else [(after,)])


def test_several_fields_change_together() -> None:
    """What one change cannot reach several do, and each is needed."""
    rule = (F.revenue >= 50_000) & (F.orders >= 5) & F.is_active & (F.region == "East")
    found = asked(rule, [Lever("revenue", rate=D("0.001")), "orders", "region", "is_active"])
    (way,) = found.ways
    assert [change.field for change in way.changes] == ["revenue", "orders", "region"]
    assert (way.cost, found.is_exact) == (D("11.000"), True)


def test_ways_are_ordered_by_cost_then_count_then_distance_then_name() -> None:
    """Of ways at one price fewer changes come first, then the smaller change, then the name."""
    nearer = (F.revenue >= 84_000) | (F.orders >= 4)
    assert afters(asked(nearer, ["revenue", "orders"])) == [(D(4),), (D(84_000),)]
    turned = (F.orders >= 4) | (F.revenue >= 84_000)
    assert afters(asked(turned, ["revenue", "orders"], most=1)) == [(D(4),)]
    fewer = ((F.orders >= 4) & F.tags.has_any(["a"])) | (F.revenue >= 84_000)
    free = [Lever("orders", fixed=D(0)), "tags", "revenue"]
    assert [len(way.changes) for way in asked(fewer, free).ways] == [1, 2]
    named = (F.status == "active") | (F.is_active == False)  # noqa: E712 - a rule
    found = asked(named, ["status", "is_active"])
    assert [way.changes[0].field for way in found.ways] == ["is_active", "status"]


def test_both_ways_round() -> None:
    """A number that must not be what it is may move either way."""
    found = asked(F.orders != 3, ["orders"])
    assert sorted(afters(found)) == [(D(2),), (D(4),)]


def test_two_fields_in_one_test() -> None:
    """A test of two levers is tried one change at a time, and the answer is not exact."""
    found = asked(F.revenue >= F.orders * 20_000, ["revenue", "orders"])
    assert afters(found) == [(D(2),), (D(60_000),)]
    assert not found.is_exact
    one = asked(F.revenue >= F.orders * 20_000, ["revenue"])
    assert (afters(one), one.is_exact) == ([(D(60_000),)], True)
    dates = asked(days_between(F.since, F.until) > 400, ["since", "until"])
    assert sorted(afters(dates)[:2]) == [(date(2016, 1, 25),), (date(2017, 4, 6),)]
    assert not dates.is_exact
    first = asked(F.revenue < coalesce(F.orders, 5), ["revenue", "orders"])
    assert afters(first)[0] == (D("2.99"),)
    assert not first.is_exact
    sums = asked(F.revenue + F.orders > 42_010, ["revenue", "orders"])
    assert not sums.is_exact
    assert sorted(afters(sums)[:2]) == [(D(11),), (D("42007.01"),)]


def test_two_lists_of_values_in_one_test() -> None:
    """A test of fields whose values can be listed is exact, however many it reads."""
    either = coalesce(F.status, "new") == when((F.is_active, "lapsed"), otherwise="new")
    found = asked(either, ["status", "is_active"])
    assert found.is_exact
    assert sorted(afters(found), key=str) == [("lapsed",), (False,)]
    wide = F.revenue >= when((F.is_active, D(50_000)), otherwise=D(45_000))
    found = asked(wide, [Lever("revenue", fixed=D(0), rate=D(1)), "is_active"])
    assert found.is_exact
    assert [way.cost for way in found.ways] == [D(3_001), D(8_000)]
    mixed = F.tags.has_any(["a"]) == F.more_tags.has_any(["b"])
    assert asked(mixed, ["tags", "more_tags"], wanted=False).is_exact


@pytest.mark.parametrize(
    "rule",
    [
        F.revenue * F.revenue >= 2_500_000_000,
        F.revenue.rounded(0, Rounding.UP) > F.revenue + 5,
        coalesce(F.since, F.until) > F.since,
    ],
)
def test_what_is_not_solved_is_not_called_exact(rule: Term) -> None:
    """A field multiplied by itself, or compared with itself rounded, is not solved."""
    assert not asked(rule, ["revenue", "since"]).is_exact


@pytest.mark.parametrize(
    "rule",
    [
        F.revenue * 0 > 1,
        0 * F.revenue > 1,
        F.revenue - F.revenue > 1,
        F.revenue > coalesce(F.orders * 0, 0) * F.revenue + F.revenue,
        days_between(F.since, F.since) > 1,
        F.revenue > F.share,
        F.revenue + F.share > 1,
        F.share - F.revenue > 1,
        days_between(F.since, F.until) > 1,
    ],
)
def test_what_no_change_moves_is_proven(rule: Term) -> None:
    """A test that no value of the field moves is impossible, and that is exact."""
    found = asked(rule, ["revenue", "since"], share=None, until=None)
    assert (found.ways, found.is_exact) == ((), True)


def test_numbers_beyond_a_decimal_are_not_proposed() -> None:
    """A cut point that no field can hold is passed over."""
    assert asked(F.revenue * D("1E-18") > D("9E+37"), ["revenue"]).ways == ()
    assert asked(F.revenue > D("9" * 38), ["revenue"]).ways == ()
    assert asked(F.revenue * D("1E-18") > D("9E+10"), ["revenue"]).ways[0].changes[0].after == (
        D("90000000000000000000000000000.01")
    )
    assert asked(F.share * D("3E-18") == D("1E-18"), ["share"]).ways == ()
    last = F.since > date.max
    assert asked(last, ["since"]).ways == ()
    assert asked(days_between(F.since, date.max) < -5, ["since"]).ways == ()


def test_a_sum_that_cannot_be_held_is_no_way() -> None:
    """A change under which the rule fails is not proposed; a row on which it fails is an error."""
    product: Term = F.orders
    for _ in range(27):
        product = product * F.orders
    huge = D("9" * 38)
    with pytest.raises(InexactResult):
        asked(product > 5, ["revenue"], orders=huge)
    rule = (F.status == "lapsed") & ((product > 0) | F.is_active | (F.revenue > 50_000))
    levers = ["status", "is_active", "revenue"]
    assert afters(asked(rule, levers, orders=D(2), is_active=False)) == [("lapsed",)]
    found = asked(rule, levers, orders=huge, is_active=False)
    assert (found.ways, found.is_exact) == ((), False)
    tried = (F.status == "lapsed") & (product > 5)
    found = asked(tried, ["status", "orders"], orders=huge)
    assert (found.ways, found.is_exact) == ((), False)


def test_the_search_is_bounded() -> None:
    """Among too many combinations the search ends early and says that it did."""
    table = FieldTable(
        name="wide", fields=tuple(column(f"n{place}", Kind.DECIMAL) for place in range(24))
    )
    rule = F.n0 > 0
    for name in table.names[1:]:
        rule = (rule) == (F[name] > 0)
    row = dict.fromkeys(table.names, D(0))
    wanted = not evaluate(as_tree(rule), row)
    found = reach(as_tree(rule), row, table, table.names, wanted)
    assert len(found.ways[0].changes) == 1
    assert found.is_exact
    assert not reach(as_tree(rule), row, table, table.names, wanted, most=500).is_exact


def test_long_lists_and_deep_rounding_stay_bounded() -> None:
    """A long list is answered exactly; rounding nested without end is cut, and says so."""
    names = [f"r{place}" for place in range(6_000)]
    listed = asked(F.region.is_in(names), ["region"])
    assert (len(listed.ways), listed.is_exact) == (5, True)
    number = F.revenue
    for _ in range(12):
        number = number.rounded(0, Rounding.HALF_UP)
    found = asked(number >= 50_000, ["revenue"])
    assert not found.is_exact


@pytest.mark.parametrize(
    ("levers", "error", "fault"),
    [
        (["nobody"], UnknownName, "nobody"),
        (["revenue", Lever("revenue")], InvalidValue, "one lever a field"),
        ([Lever("revenue", lowest=date(2017, 1, 1))], InvalidValue, "a decimal"),
        ([Lever("since", lowest=datetime(2017, 1, 1, tzinfo=UTC))], InvalidValue, "a date"),
        ([Lever("seen_at", highest=date(2017, 1, 1))], InvalidValue, "an instant"),
        ([Lever("tags", lowest=D(1))], InvalidValue, "tags"),
        ([Lever("region", Direction.UP)], InvalidValue, "no direction"),
        ([Lever("region", step=D(1))], InvalidValue, "only numbers have steps"),
        ([Lever("since", step=D("0.5"))], InvalidValue, "whole ones"),
        ([Lever("revenue", options=("a",))], InvalidValue, "lowest and highest"),
        ([Lever("status", options=("gone",))], InvalidValue, "new, active, lapsed"),
    ],
)
def test_a_lever_that_does_not_fit_is_refused(
    levers: list[Lever | str], error: type[Exception], fault: str
) -> None:
    """A lever names a field of the table, once, and only what its kind can have."""
    with pytest.raises(error, match=fault):
        asked(F.revenue > 1_000_000, levers)


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"fixed": D(-1)}, InvalidValue),
        ({"rate": D(-1)}, InvalidValue),
        ({"rate": 1}, InvalidNumber),
        ({"step": D(0)}, InvalidValue),
        ({"lowest": D(2), "highest": D(1)}, InvalidValue),
        ({"lowest": D(2), "highest": date(2017, 1, 1)}, InvalidValue),
        ({"lowest": 0.5}, RuleTypeError),
    ],
)
def test_a_lever_that_means_nothing_is_refused(
    more: dict[str, Any], error: type[Exception]
) -> None:
    """Prices are at least 0, steps above 0, bounds in order, all of them exact."""
    with pytest.raises(error):
        Lever("revenue", **more)


def test_only_conditions_are_reached() -> None:
    """A rule that yields a number has no truth value to reach, and no way is no question."""
    with pytest.raises(RuleTypeError, match="only a condition"):
        asked(F.revenue + 1, ["revenue"])
    with pytest.raises(RuleTypeError, match="only a condition"):
        asked(F.revenue + 1, ["revenue"], revenue=None)
    for odd in (None, 1, "true"):
        with pytest.raises(InvalidValue, match="true or false"):
            asked(F.revenue > 1, ["revenue"], wanted=odd)  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="at least one way"):
        asked(F.revenue > 1, ["revenue"], most=0)


def test_in_words() -> None:
    """A way reads as a sentence in English and Chinese, with labels where a table is given."""
    rule = (F.revenue >= 50_000) & (F.region == "East") & (F.since >= date(2016, 3, 2))
    found = asked(rule, ["revenue", "region", "since"])
    assert found.text(EN, TABLE) == (
        "Revenue, 12 months from 42,000 to 50,000 (+8,000) and Region from “West” to “East” and "
        "Customer since from 2016-03-01 to 2016-03-02 (+1 day)"
    )
    assert found.text(ZH, TABLE) == (
        "近 12 个月销售额从 42,000 变为 50,000（+8,000），且区域从“West”变为“East”，且"
        "成为客户日从 2016-03-01 变为 2016-03-02（+1 天）"
    )
    assert found.text().startswith("revenue from 42,000 to 50,000 (+8,000) and region")


def test_in_words_of_the_other_kinds() -> None:
    """Unknown values, truth values, instants and tags have words of their own."""
    assert asked(F.orders > 0, ["orders"], orders=None).text() == "orders from unknown to 1"
    assert asked(F.orders > 0, ["orders"], orders=None).text(ZH) == "orders从未知变为 1"
    assert asked(F.revenue < 1, ["revenue"]).text() == "revenue from 42,000 to 0.99 (−41,999.01)"
    assert asked(~F.is_active, ["is_active"]).text() == "is_active from yes to no"
    assert asked(~F.is_active, ["is_active"]).text(ZH) == "is_active从是变为否"
    assert asked(F.since < date(2016, 1, 1), ["since"]).text().endswith("(−61 days)")
    assert asked(F.since > date(2016, 1, 1), ["since"], since=None).text() == (
        "since from unknown to 2016-01-02"
    )
    seen = asked(F.seen_at >= datetime(2017, 3, 2, tzinfo=UTC), ["seen_at"])
    assert seen.text() == "seen_at from 2017-03-01T00:00:00Z to 2017-03-02T00:00:00Z"
    swap = asked(F.tags.has_all(["a", "b"]) & F.tags.has_none(["trial"]), ["tags"])
    assert swap.text() == "tags: add “a”, “b”, remove “trial”"
    assert swap.text(ZH, TABLE) == "标签：增加“a”、“b”，去掉“trial”"
    assert asked(F.tags.has_none(["x"]), ["tags"], tags=None).text() == "tags: known to be none"


def test_as_data() -> None:
    """A reach is plain data: numbers as text, tags as sorted lists, null where unknown."""
    rule = (F.revenue > 50_000) & F.tags.has_any(["a"]) & (F.orders > 0)
    found = asked(rule, ["revenue", "tags", "orders"], orders=None)
    assert found.as_data() == {
        "wanted": True,
        "value": False,
        "is_exact": True,
        "reason": None,
        "ways": [
            {
                "cost": "3",
                "changes": [
                    {"field": "revenue", "before": "42000", "after": "50000.01", "cost": "1"},
                    {"field": "tags", "before": ["trial"], "after": ["a", "trial"], "cost": "1"},
                    {"field": "orders", "before": None, "after": "1", "cost": "1"},
                ],
            }
        ],
    }
    seen = asked(F.seen_at >= datetime(2017, 3, 2, tzinfo=UTC), ["seen_at"]).ways[0].changes[0]
    assert seen.as_data()["after"] == "2017-03-02T00:00:00Z"
    since = asked(F.since < date(2016, 1, 1), ["since"]).ways[0].changes[0]
    assert since.as_data()["after"] == "2015-12-31"


@pytest.mark.parametrize(
    ("rule", "row", "lever", "after"),
    [
        (F.revenue >= 50, {"revenue": D(42)}, "revenue", D(50)),
        (F.region == "East", {"region": "West"}, "region", "East"),
        (F.region == "East", {"region": None}, "region", "East"),
        (F.revenue >= 50, {"revenue": None}, "revenue", D(50)),
        (F.revenue + 1 >= 50, {"revenue": None}, "revenue", D(49)),
        (F.until >= date(2026, 1, 2), {"until": date(2026, 1, 1)}, "until", date(2026, 1, 2)),
        (
            days_between(F.since, F.until) >= 3,
            {"since": date(2026, 1, 1), "until": None},
            "until",
            date(2026, 1, 4),
        ),
        (~F.is_active, {"is_active": True}, "is_active", False),
        (F.tags.has_any(["a"]), {"tags": frozenset()}, "tags", frozenset({"a"})),
        (F.tags.has_any(["a"]), {"tags": None}, "tags", frozenset({"a"})),
        (
            F.at > datetime(2026, 1, 1, tzinfo=UTC),
            {"at": datetime(2026, 1, 1, tzinfo=UTC)},
            "at",
            datetime(2026, 1, 1, 0, 0, 1, tzinfo=UTC),
        ),
    ],
)
def test_without_a_field_table(rule: Term, row: dict[str, Any], lever: str, after: object) -> None:
    """Types are taken from the row, and of an unknown value from what the rule sets beside it."""
    found = reach(rule, row, actionable=[lever])
    assert afters(found)[0] == (after,)


@pytest.mark.parametrize(
    ("rule", "row", "lever", "after"),
    [
        (~F.b, {"b": None}, "b", False),
        (F.b & (F.n > 1), {"b": None, "n": D(2)}, "b", True),
        (F.b | F.c, {"b": None, "c": None}, "c", True),
        (F.b, {"b": None}, "b", True),
        (when((F.b, F.c), otherwise=False), {"b": None, "c": True}, "b", True),
        (when((F.b, F.c)), {"b": True, "c": None}, "c", True),
        (coalesce(F.b, F.c), {"b": None, "c": None}, "b", True),
        (F.b == (F.n > 1), {"b": None, "n": D(2)}, "b", True),
        (coalesce(F.n, 0) > 1, {"n": None}, "n", D("1.01")),
        (coalesce(F.n, F.m) > 1, {"n": None, "m": D(1)}, "n", D("1.01")),
        (when((F.b, F.n), otherwise=F.m) > F.m, {"b": True, "n": None, "m": D(1)}, "n", D("1.01")),
        (F.n.between(F.m, F.o), {"n": None, "m": D(1), "o": D(2)}, "n", D(1)),
        (F.n.rounded(0, Rounding.UP) > F.m, {"n": None, "m": D(1)}, "n", D("1.5")),
        (coalesce(F.n, F.m).is_in([3]), {"n": None, "m": None}, "m", D(3)),
        (coalesce(F.tags, F.more).has_any(["a"]), {"tags": None, "more": None}, "more", {"a"}),
        (F.x.starts_with("E"), {"x": None}, Lever("x", options=("West", "East")), "East"),
        (~F.n.is_null() & (F.m > 1) & (F.n == F.m), {"n": None, "m": D(2)}, "n", D(2)),
    ],
)
def test_types_are_passed_down_the_rule(
    rule: Term, row: dict[str, Any], lever: Lever | str, after: object
) -> None:
    """What stands as a condition is one, and what is compared or chosen among is of one type."""
    found = reach(rule, row, actionable=[lever])
    assert afters(found)[0] == (after,)


def test_a_type_that_nothing_tells_needs_a_field_table() -> None:
    """The type of a field that may change is never guessed; that of any other field need not be."""
    rule = ~F.x.is_null() & F.b
    row = {"x": None, "b": None, "unread": None}
    with pytest.raises(RuleTypeError, match=r"x.*: neither .* give a field table"):
        reach(rule, row, actionable=["x"])
    with pytest.raises(RuleTypeError, match="give a field table"):
        reach(F.x == F.y, {"x": None, "y": None}, actionable=[Lever("y")])
    assert reach(rule, row, actionable=["b", "unread"]).is_exact
    assert reach(F.x == F.y, {"x": None, "y": None}).no_way is NoWay.NO_LEVER


@pytest.mark.parametrize(
    ("value", "right"),
    [
        (1, r"the int 1; write Decimal\(1\)"),
        (0.5, r"Decimal\('0.5'\)"),
        (D("NaN"), "a finite Decimal"),
        ({"a"}, "a frozenset of texts"),
        (["a"], "a list; write tags as a frozenset"),
        (datetime(2017, 3, 1), "write it in UTC"),  # noqa: DTZ001 - what is refused
        (object(), "a object; write a Decimal, text"),
    ],
)
def test_a_value_of_no_type_of_ours_is_refused(value: object, right: str) -> None:
    """The field is named, and what to write instead, with a field table and without."""
    for table in (None, TABLE):
        with pytest.raises(RuleTypeError, match=f"revenue.*{right}"):
            reach(F.revenue > 1, {"revenue": value}, table, ["revenue"])  # type: ignore[dict-item]
    beside = {"revenue": D(1), "unread": value}
    assert reach(F.revenue > 1, beside, actionable=["revenue"]).ways  # type: ignore[arg-type]


def test_a_row_without_a_field_is_refused() -> None:
    """What is unknown is `None`; a field that is not there is a mistake."""
    with pytest.raises(UnknownName, match="revenue"):
        reach(F.revenue > 1, {"orders": None}, actionable=["revenue"])


@pytest.mark.parametrize(
    ("rule", "row"),
    [
        (F.n > 1, {"n": "x"}),
        (F.n & (F.m > 1), {"n": D(1), "m": D(1)}),
        (coalesce(F.n, 1), {"n": None}),
        (F.n + 1, {"n": None}),
    ],
)
def test_a_rule_that_does_not_fit_its_row_is_refused(rule: Term, row: dict[str, Any]) -> None:
    """Without a field table the rule is checked against the types of the row."""
    with pytest.raises(RuleTypeError):
        reach(rule, row, actionable=["n"])


def test_personal_data_is_hidden() -> None:
    """Values of personal data are kept back in words and data; unknown stays unknown."""
    rule = (F.name == "Bob") & (F.orders >= 5) & F.notes.has_any(["vip"])
    found = asked(rule, ["name", "orders", "notes"])
    assert found.text(EN, TABLE, hide_personal=True) == (
        "Name from (hidden) to (hidden) and Orders from 3 to 5 (+2) and "
        "Notes from (hidden) to (hidden)"
    )
    assert found.text(ZH, TABLE, hide_personal=True) == (
        "姓名从（已隐藏）变为（已隐藏），且订单数从 3 变为 5（+2），且"
        "备注从（已隐藏）变为（已隐藏）"
    )
    assert "Ada" in found.text()
    (way,) = found.as_data(hide_personal=True)["ways"]  # type: ignore[misc]
    told = [(change["before"], change["after"]) for change in way["changes"]]
    assert told == [("(hidden)", "(hidden)"), ("3", "5"), ("(hidden)", "(hidden)")]
    unknown = asked(F.name == "Bob", ["name"], name=None)
    assert unknown.text(hide_personal=True) == "name from unknown to (hidden)"
    assert unknown.text(ZH, hide_personal=True) == "name从未知变为（已隐藏）"
    assert unknown.ways[0].changes[0].as_data(hide_personal=True)["before"] is None


def test_what_is_tested_beside_personal_data_is_hidden_too() -> None:
    """A value that has to meet one of personal data would tell it."""
    rule = (F.since < F.born_on) & (F.orders > 3)
    found = asked(rule, ["since", "orders"])
    assert [change.is_personal for change in found.ways[0].changes] == [True, False]
    assert "1990" not in found.text(hide_personal=True)
    assert found.text(hide_personal=True).endswith("and orders from 3 to 4 (+1)")


def test_personal_data_needs_a_field_table() -> None:
    """Without a field table nobody knows what is personal, so nothing can be hidden."""
    found = reach(F.name == "Bob", {"name": "Ada"}, actionable=["name"])
    assert found.text() == "name from “Ada” to “Bob”"
    with pytest.raises(InvalidValue, match="nobody knows what is personal"):
        found.text(hide_personal=True)
    with pytest.raises(InvalidValue, match="nobody knows what is personal"):
        found.as_data(hide_personal=True)
