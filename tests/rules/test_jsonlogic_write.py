"""Rules are written as two-valued JsonLogic, or refused with what engines would not agree on."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from salescore.errors import InvalidRecord, InvalidValue, RuleTypeError, UnknownName
from salescore.plain import Field, FieldTable, Kind
from salescore.rules import (
    Coalesce,
    Conjunction,
    Disjunction,
    F,
    FieldRef,
    Literal,
    Term,
    coalesce,
    days_between,
    jsonlogic_row,
    to_jsonlogic,
    when,
)
from salescore.values import Rounding


def field(name: str, kind: Kind, *, nullable: bool = True, is_set: bool = False) -> Field:
    """Return a field without a story."""
    return Field(name=name, kind=kind, nullable=nullable, labels=(name, name), is_set=is_set)


TABLE = FieldTable(
    name="rows",
    fields=(
        field("region", Kind.TEXT),
        field("name", Kind.TEXT, nullable=False),
        field("revenue", Kind.DECIMAL),
        field("orders", Kind.DECIMAL, nullable=False),
        field("since", Kind.DATE),
        field("active", Kind.BOOLEAN),
        field("vip", Kind.BOOLEAN, nullable=False),
        field("seen", Kind.INSTANT),
        field("tags", Kind.TEXT, is_set=True),
        field("price", Kind.MONEY),
    ),
)
REGION = {"var": "region"}
REVENUE = {"var": "revenue"}
ORDERS = {"var": "orders"}
ACTIVE = [{"===": [{"var": "active"}, True]}, True, {"===": [{"var": "active"}, False]}, False]
KNOWN = {"!==": [REVENUE, None]}


@pytest.mark.parametrize(
    ("rule", "written"),
    [
        (F.region == "West", {"===": [REGION, "West"]}),
        (F.region != "West", {"and": [{"!==": [REGION, None]}, {"!==": [REGION, "West"]}]}),
        (
            F.region == "1d",
            {"and": [{"!==": [REGION, None]}, {"===": [{"cat": ["=", REGION]}, "=1d"]}]},
        ),
        (F.name == "West", {"===": [{"var": "name"}, "West"]}),
        (F.name.contains("st"), {"in": ["st", {"var": "name"}]}),
        (F.name.contains(""), True),
        (F.name.starts_with("We"), {"===": [{"substr": [{"var": "name"}, 0, 2]}, "We"]}),
        (F.name.ends_with("st"), {"===": [{"substr": [{"var": "name"}, -2]}, "st"]}),
        (F.name.is_in([]), False),
        (~F.name.is_in([]), True),
        (~F.region.is_in([]), {"!==": [REGION, None]}),
        (F.region.is_in(["b", "a"]), {"in": [REGION, ["a", "b"]]}),
        (F.revenue >= 1, {"and": [KNOWN, {"<=": [100, REVENUE]}]}),
        (~(F.revenue >= 1), {"and": [KNOWN, {"<": [REVENUE, 100]}]}),
        (~~(F.orders == 3), {"===": [ORDERS, 300]}),
        (Term(Literal(Decimal(1))) < F.orders, {"<": [100, ORDERS]}),
        (Term(Literal(Decimal(1))) < 2, True),
        (Term(Literal("1d")) == "24h", False),
        (F.orders > Decimal("0.001"), {"<=": [1, ORDERS]}),
        (F.orders < Decimal("0.001"), {"<=": [ORDERS, 0]}),
        (F.orders == Decimal("0.001"), False),
        (F.orders != Decimal("0.001"), True),
        (F.orders < Decimal("1E20").quantize(1), True),
        (F.orders > Decimal("1E20").quantize(1), False),
        (F.orders.is_in([Decimal("0.001"), 2]), {"===": [ORDERS, 200]}),
        (F.revenue.is_null(), {"===": [REVENUE, None]}),
        (~F.revenue.is_null(), KNOWN),
        (F.orders.is_null(), False),
        (F.active, {"===": [{"var": "active"}, True]}),
        (~F.active, {"===": [{"var": "active"}, False]}),
        (F.active.is_null(), {"===": [{"var": "active"}, None]}),
        (F.active & Term(Literal(value=True)), {"===": [{"var": "active"}, True]}),
        (F.vip, {"===": [{"var": "vip"}, True]}),
        (F.tags.has_any([]), False),
        (
            ~F.tags.has_any(["a"]),
            {"and": [{"!==": [{"var": "tags"}, None]}, {"!": [{"in": ["a", {"var": "tags"}]}]}]},
        ),
        (F.revenue, {"if": [{"===": [REVENUE, None]}, None, REVENUE]}),
        (coalesce(F.active, F.vip), {"if": [*ACTIVE, {"===": [{"var": "vip"}, True]}]}),
        (Term(Conjunction(())), True),
        (Term(Disjunction(())), False),
        (F.orders - 1, {"-": [ORDERS, 100]}),
        (2 * F.orders, {"*": [ORDERS, 2]}),
        (F.orders.rounded(2, Rounding.HALF_UP), ORDERS),
        (
            when((F.vip, F.name), otherwise="x"),
            {"if": [{"===": [{"var": "vip"}, True]}, {"var": "name"}, "x"]},
        ),
        (coalesce(F.region, F.name), {"if": [{"!==": [REGION, None]}, REGION, {"var": "name"}]}),
    ],
)
def test_a_rule_is_written(rule: Term, written: object) -> None:
    """Nulls are asked for where they may be, and only there."""
    assert to_jsonlogic(rule, TABLE, 2) == written


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        (F.orders.rounded(1, Rounding.HALF_UP) == 1, "rounding to fewer than 2 digits"),
        (F.orders.rounded(0, Rounding.DOWN).is_in([]), "rounding to fewer than 2 digits"),
        (F.orders * F.revenue == 1, "a product of which no side is a whole number"),
        (F.orders * Decimal("0.5") == 1, "a product of which no side is a whole number"),
        (F.orders + Decimal("0.005") == 1, "a number with more than 2 digits"),
        (F.orders + 10**20 == 1, "a number beyond 2**53 - 1 steps"),
        (F.orders * 33 == 1, "a sum or product that may pass 2**53 - 1 steps"),
        (F.region < F.name, "the order of two texts"),
        (F.region > "\uffee", "the order of two texts"),
        (F.region == "\ud83d", "half of a surrogate pair"),
        (F.region.contains("\ud83d"), "half of a surrogate pair"),
        (F.tags.has_any(["\ud83d"]), "half of a surrogate pair"),
    ],
)
def test_what_engines_would_not_agree_on_is_refused(rule: Term, fault: str) -> None:
    """A rule that cannot be lowered alike is refused with the part at fault."""
    with pytest.raises(RuleTypeError, match="JsonLogic engines would not agree on") as caught:
        to_jsonlogic(rule, TABLE, 2)
    assert fault in str(caught.value)


def test_sums_of_thirty_two_fields_are_exact_and_more_are_refused() -> None:
    """The limit of a row's numbers leaves room for 32 of them in one sum."""
    pair = F.orders + F.orders
    four = pair + pair
    most = (four + four) + (four + four) + ((four + four) + (four + four))
    assert to_jsonlogic(most == 0, TABLE, 2)
    with pytest.raises(RuleTypeError, match="may pass"):
        to_jsonlogic(most + F.orders == 0, TABLE, 2)
    assert to_jsonlogic(F.orders * 32 == 0, TABLE, 2)
    with pytest.raises(RuleTypeError, match="may pass"):
        to_jsonlogic(F.orders * 33 == 0, TABLE, 2)


def test_a_rule_is_checked_against_its_table_first() -> None:
    """Unknown fields and unequal types are found as everywhere else."""
    with pytest.raises(UnknownName):
        to_jsonlogic(F.regon == "West", TABLE, 2)
    with pytest.raises(RuleTypeError, match="compares text with number"):
        to_jsonlogic(F.region == 1, TABLE, 2)


@pytest.mark.parametrize("digits", [-1, 10, 2.0, True])
def test_digits_are_a_small_whole_number(digits: Any) -> None:  # noqa: ANN401 - wrong on purpose
    """Both the rule and the row refuse a scale that would not stay exact."""
    with pytest.raises(InvalidValue, match="from 0 to 9"):
        to_jsonlogic(F.vip, TABLE, digits)
    with pytest.raises(InvalidValue, match="from 0 to 9"):
        jsonlogic_row({}, TABLE, digits)


def test_guards_that_grow_beyond_measure_are_refused() -> None:
    """Truth compared with truth doubles with each level; the size of what is written is bounded."""
    rule = F.active
    for _ in range(20):
        rule = rule == F.active
    with pytest.raises(RuleTypeError, match="more than 20,000 nodes in JsonLogic"):
        to_jsonlogic(rule, TABLE, 2)


def test_conditions_can_be_compared_and_listed() -> None:
    """Truth values have no form of their own in JsonLogic that may be null, so both are asked."""
    yes, no = {"===": [{"var": "active"}, True]}, {"===": [{"var": "active"}, False]}
    assert to_jsonlogic(F.active.is_in([True, False]), TABLE, 0) == {"or": [yes, no]}
    assert to_jsonlogic(~F.active.is_in([True]), TABLE, 0) == no
    unknown = (F.active & (F.region == "West")).is_null()
    fails = {"or": [no, {"and": [{"!==": [REGION, None]}, {"!==": [REGION, "West"]}]}]}
    holds = {"and": [yes, {"===": [REGION, "West"]}]}
    assert to_jsonlogic(unknown, TABLE, 0) == {"and": [{"!": [holds]}, {"!": [fails]}]}


def test_what_is_written_shares_no_part() -> None:
    """Whoever changes one part of the written rule changes no other."""
    total = F.revenue + 1
    written: Any = to_jsonlogic(total > F.revenue + 1, TABLE, 2)
    first, second = written["and"][-1]["<"]
    assert first == second
    assert first is not second
    assert first["+"][0] is not second["+"][0]


def test_branches_that_never_hold_are_not_written() -> None:
    """A constant condition is decided when the rule is written."""
    never, always = Term(Literal(value=False)), Term(Literal(value=True))
    chosen = when((never, "a"), (F.vip, "b"), (always, "c"), (F.vip, "d"), otherwise="e")
    assert to_jsonlogic(chosen, TABLE, 0) == {"if": [{"===": [{"var": "vip"}, True]}, "b", "c"]}
    assert to_jsonlogic(when((always, F.vip)), TABLE, 0) == {"===": [{"var": "vip"}, True]}
    assert to_jsonlogic(when((F.vip, F.active)), TABLE, 0) == {
        "and": [{"===": [{"var": "vip"}, True]}, {"===": [{"var": "active"}, True]}]
    }
    parts = Coalesce((FieldRef("vip"), Literal(value=True)))
    assert to_jsonlogic(parts, TABLE, 0) == {
        "if": [
            *({"===": [{"var": "vip"}, True]}, True),
            *({"===": [{"var": "vip"}, False]}, False),
            True,
        ]
    }


# Rows ---------------------------------------------------------------------------------------

FULL: dict[str, Any] = {
    "region": "华东",
    "name": "10",
    "revenue": Decimal("12.5"),
    "orders": Decimal("-0"),
    "since": date(1970, 1, 31),
    "active": True,
    "vip": False,
    "seen": datetime(1970, 1, 1, 1, tzinfo=timezone(timedelta(hours=1))),
    "tags": frozenset({"b", "a"}),
}


def test_a_row_travels_as_whole_numbers_texts_and_lists() -> None:
    """Decimals are steps, dates days, instants microseconds; money, which no rule reads, stays."""
    assert jsonlogic_row(FULL, TABLE, 2) == {
        "region": "华东",
        "name": "10",
        "revenue": 1250,
        "orders": 0,
        "since": 30,
        "active": True,
        "vip": False,
        "seen": 0,
        "tags": ["a", "b"],
    }
    seen = jsonlogic_row(FULL | {"seen": datetime(1970, 1, 1, 0, 0, 1, 5, UTC)}, TABLE, 1)["seen"]
    assert seen == 1_000_005


def test_nulls_and_absent_names_travel_as_null() -> None:
    """A field is always there, so that no engine has to tell null from missing."""
    row = jsonlogic_row({"name": "a", "orders": Decimal(1), "vip": True}, TABLE, 0)
    assert row["region"] is None
    assert list(row) == [name for name in TABLE.names if name != "price"]


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("revenue", Decimal("0.005"), "it has more than 2 digits behind the point"),
        ("revenue", Decimal(2**48), "it is beyond 281,474,976,710,655 steps"),
        ("revenue", Decimal("NaN"), "it must be of the type number"),
        ("revenue", 1.5, "it must be of the type number"),
        ("revenue", 1, "it must be of the type number"),
        ("orders", None, "the table says that it is never null"),
        ("region", 1, "it must be of the type text"),
        ("region", "\ud83d", "half of a surrogate pair is no text"),
        ("tags", frozenset({"\ud83d"}), "half of a surrogate pair is no text"),
        ("tags", frozenset({1}), "it must be of the type tags"),
        ("tags", "a", "it must be of the type tags"),
        ("active", 1, "it must be of the type boolean"),
        ("since", datetime(2017, 1, 1, tzinfo=UTC), "it must be of the type date"),
        ("seen", date(2017, 1, 1), "it must be of the type instant"),
        ("seen", datetime(2017, 1, 1), "it must be of the type instant"),  # noqa: DTZ001 - refused
        ("seen", datetime(2300, 1, 1, tzinfo=UTC), "it is beyond 9,007,199,254,740,991 steps"),
    ],
)
def test_a_value_that_cannot_travel_exactly_is_refused(
    name: str,
    value: Any,  # noqa: ANN401 - wrong on purpose
    fault: str,
) -> None:
    """A value is carried exactly or refused under the name of its field."""
    with pytest.raises(InvalidRecord) as caught:
        jsonlogic_row(FULL | {name: value}, TABLE, 2)
    assert (caught.value.record, caught.value.field) == ("rows", name)
    assert caught.value.fault == fault


def dotted(*names: str) -> FieldTable:
    """Return a table of numbers under some names."""
    return FieldTable(name="t", fields=tuple(field(name, Kind.DECIMAL) for name in names))


def test_dots_in_a_name_are_the_path_that_var_takes() -> None:
    """JsonLogic reads `a.b` as b of a, so the row is nested in the same way."""
    table = dotted("a.b", "a.c.d", "e")
    row = {"a.b": Decimal(1), "e": Decimal(2)}
    assert jsonlogic_row(row, table, 0) == {"a": {"b": 1, "c": {"d": None}}, "e": 2}
    assert to_jsonlogic(F["a.b"] == 1, table, 0) == {"===": [{"var": "a.b"}, 1]}


@pytest.mark.parametrize("names", [("a.", "b"), ("",), ("a", "a.b"), ("a.b.c", "a.b")])
def test_a_name_that_var_cannot_reach_is_refused(names: tuple[str, ...]) -> None:
    """An empty part means the whole row to `var`, and a value has no fields of its own."""
    table = dotted(*names)
    name = max(names, key=lambda one: (one.endswith("."), len(one)))
    with pytest.raises(RuleTypeError, match="JsonLogic cannot read"):
        to_jsonlogic(F[name] == 1, table, 0)
    with pytest.raises(RuleTypeError, match="JsonLogic cannot read"):
        jsonlogic_row({}, table, 0)


def test_days_between_dates_come_on_the_scale_of_numbers() -> None:
    """A day is as many steps as the number 1."""
    days = {"-": [{"var": "since"}, 30]}
    rule = days_between(date(1970, 1, 31), F.since)
    null = {"===": [{"var": "since"}, None]}
    assert to_jsonlogic(rule, TABLE, 0) == {"if": [null, None, days]}
    assert to_jsonlogic(rule, TABLE, 3) == {"if": [null, None, {"*": [days, 1000]}]}
