"""A decision table has a sound shape, and says what it decided and why."""

from datetime import UTC, date, datetime
from decimal import Decimal
from operator import itemgetter
from typing import Any

import pytest

from salescore.errors import InvalidRecord, InvalidValue, RuleTypeError, UnknownName
from salescore.plain import Field, FieldTable, Kind, PersonalData
from salescore.render import Language
from salescore.rules import (
    Band,
    Collect,
    Decided,
    DecisionTable,
    F,
    HitPolicy,
    Input,
    IsNull,
    Literal,
    OneOf,
    Output,
    Row,
    Undecided,
    compile_table,
    days_between,
    decide_row,
)


def table(*rows: Row, **changes: Any) -> DecisionTable:  # noqa: ANN401 - fields of several types
    """Return a table over net amount and region, with a percentage."""
    given: dict[str, Any] = {
        "name": "discount",
        "version": "2024-1",
        "inputs": [Input("net", F.net_amount), Input("region", F.region, ("Region", "区域"))],
        "outputs": [Output("percent", ("Percent", "折扣"))],
        "rows": rows or (Row([Band(1000, None), "West"], [5]),),
        "hit_policy": HitPolicy.FIRST,
    }
    return DecisionTable(**given | changes)


def facts(net: str | None, region: str | None) -> dict[str, Any]:
    """Return a row of facts."""
    return {"net_amount": None if net is None else Decimal(net), "region": region}


SMALL, LARGE = Row([Band(None, 1000), None], [0]), Row([Band(1000, None), None], [5])
WEST = Row([None, "West"], [7], "an agreement of 2023")


# ── Shape ────────────────────────────────────────────────────────────────────────────────────


def test_whole_numbers_terms_and_plain_values_are_taken_as_rules_take_them() -> None:
    """A table written in Python is kept as decimals, trees and cells."""
    made = table(Row([Band(1, 2), "West"], [5]), default=[0])
    assert made.rows[0].cells == (Band(Decimal(1), Decimal(2)), OneOf(("West",)))
    assert made.rows[0].outputs == (Decimal(5),)
    assert made.default == (Decimal(0),)
    assert made.inputs[0].of == F.net_amount.tree


def test_instants_are_kept_in_utc() -> None:
    """Two spellings of an instant make equal cells."""
    at = datetime.fromisoformat("2024-01-01T08:00:00+08:00")
    assert Band(at, None) == Band(datetime(2024, 1, 1, tzinfo=UTC), None)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Band(0.5, None),
        lambda: OneOf("West"),
        lambda: OneOf([None]),
        lambda: OneOf([F.region]),
        lambda: Row("ab", [1]),
        lambda: Row([], [1.5]),
        lambda: Output("x", None, [1.5]),
        lambda: Row({"region": "West"}, [1]),
        lambda: Row({"West", "East"}, [1]),
        lambda: Row(["West"], {"percent": 1}),
        lambda: Row(["West"], frozenset([1])),
        lambda: OneOf({"West"}),
        lambda: OneOf(b"ab"),
    ],
    ids=[
        "float",
        "bare text",
        "null",
        "a rule",
        "cells as text",
        "float result",
        "float priority",
        "cells by name",
        "set of cells",
        "results by name",
        "set of results",
        "set of options",
        "bytes",
    ],
)
def test_what_no_rule_can_hold_is_refused(make: Any) -> None:  # noqa: ANN401 - a constructor
    """Floats, nulls, rules and bare texts are no values of a cell, nor has a set an order."""
    with pytest.raises(RuleTypeError):
        make()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Band(None, None), "needs an end"),
        (lambda: Band(True, None), "no order"),
        (lambda: Band(1, "2"), "of the type of the lower end"),
        (lambda: Band(date(2024, 1, 1), datetime(2024, 1, 2, tzinfo=UTC)), "of the type"),
        (lambda: Band(None, 1, includes_low=False), "no lower end"),
        (lambda: Band(1, None, includes_high=True), "no upper end"),
        (lambda: OneOf([]), "0 options"),
        (lambda: OneOf(map(str, range(10_001))), "10,001 options"),
        (lambda: OneOf(["a", 1]), "of the type of 'a'"),
    ],
)
def test_a_cell_that_makes_no_sense_is_refused(make: Any, said: str) -> None:  # noqa: ANN401 - a constructor
    """The message says what a cell lacks."""
    with pytest.raises(InvalidRecord, match=said):
        make()


TWO = [Output("percent"), Output("days")]
MANY = Row([OneOf(range(10_000)), None], [1])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"rows": []}, "1 to 1,000 rows"),
        ({"rows": [SMALL] * 1_001}, "1 to 1,000 rows"),
        ({"rows": [MANY] * 11}, "list 110,000 options; a table has at most 100,000"),
        (
            {"rows": [MANY] * 10, "outputs": [Output("p", None, [1])]},
            "list 100,001 options; a table has at most 100,000",
        ),
        ({"inputs": []}, "1 to 64 inputs"),
        ({"outputs": []}, "1 to 64 outputs"),
        ({"name": ""}, "must not be empty"),
        ({"version": ""}, "must not be empty"),
        ({"inputs": [Input("a", F.a), Input("a", F.b)]}, "a name of its own"),
        ({"outputs": [Output("")]}, "a name of its own"),
        ({"labels": ("", "折扣")}, "neither empty"),
        ({"outputs": [Output("x", ("X", ""))]}, "neither empty"),
        ({"inputs": [Input("x", F.x, ("X",))]}, "an English and a Chinese"),
        ({"rows": [SMALL, Row([None], [1])]}, "row 2 has 1 cells for 2 inputs"),
        ({"rows": [Row([None, None], [1, 2])]}, "row 1 has 2 outputs; 1 are named"),
        ({"default": [1, 2]}, "2 values; 1 outputs"),
        ({"default": ["none"]}, "holds 5 and 'none'"),
        ({"rows": [LARGE, Row([None, None], ["x"])]}, "holds 5 and 'x'"),
        ({"rows": [LARGE, Row(["West", None], [1])]}, "holds 1000 and 'West'"),
        ({"hit_policy": "first"}, "HitPolicy.FIRST"),
        ({"hit_policy": HitPolicy.COLLECT}, "needs a Collect"),
        ({"collect": Collect.SUM}, "no other may have one"),
        ({"hit_policy": HitPolicy.PRIORITY}, "needs the priorities of the first output"),
        (
            {"hit_policy": HitPolicy.PRIORITY, "outputs": [Output("p", None, [7, 7])]},
            "stands twice",
        ),
        (
            {"hit_policy": HitPolicy.PRIORITY, "outputs": [Output("p", None, [7])]},
            "lack 5 of row 1",
        ),
        (
            {
                "hit_policy": HitPolicy.COLLECT,
                "collect": Collect.SUM,
                "rows": [Row([None, None], ["x"])],
            },
            "'percent' is no number",
        ),
        (
            {
                "hit_policy": HitPolicy.COLLECT,
                "collect": Collect.COUNT,
                "rows": [Row([None, None], [1, 2])],
                "outputs": TWO,
            },
            "only a list is collected of several",
        ),
        (
            {"hit_policy": HitPolicy.COLLECT, "collect": Collect.COUNT, "default": [1]},
            "the count is 0",
        ),
        ({"valid_from": datetime(2024, 1, 1, tzinfo=UTC)}, "without a time"),
        ({"valid_until": "2024-01-01"}, "must be a date"),
        (
            {"valid_from": date(2024, 1, 2), "valid_until": date(2024, 1, 1)},
            "its last day lies before its first",
        ),
    ],
)
def test_a_table_of_no_sound_shape_is_refused(changes: dict[str, Any], said: str) -> None:
    """The message says what is wrong and where."""
    with pytest.raises(InvalidRecord, match=said):
        table(**{"rows": [LARGE], **changes})


def test_a_table_may_list_as_many_options_as_the_limit() -> None:
    """Ten cells of ten thousand options each are a table."""
    assert len(table(*[MANY] * 10).rows) == 10


def test_a_table_may_end_on_its_first_day() -> None:
    """The last day is in force too."""
    day = date(2024, 1, 1)
    assert table(valid_from=day, valid_until=day).valid_until == day


# ── Cells ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("cell", "held"),
    [
        (Band(1, 3), [1, 2]),
        (Band(1, 3, includes_low=False, includes_high=True), [2, 3]),
        (Band(None, 2), [0, 1]),
        (Band(2, None), [2, 3, 4]),
        (Band(2, 2, includes_high=True), [2]),
        (Band(2, 2), []),
        (Band(3, 1, includes_high=True), []),
        (OneOf([1, 3, 3]), [1, 3]),
        (OneOf([1, 3], is_negated=True), [0, 2, 4]),
        (IsNull(), [None]),
        (IsNull(is_negated=True), [0, 1, 2, 3, 4]),
        (None, [0, 1, 2, 3, 4, None]),
    ],
)
def test_a_cell_holds_for_some_values(cell: Any, held: list[int | None]) -> None:  # noqa: ANN401 - any cell
    """Bands count their ends as declared, and unknown is neither in a band nor in any list."""
    made = table(Row([cell, None], [1]))
    decide = compile_table(made, itemgetter)
    for value in (0, 1, 2, 3, 4, None):
        row = facts(None if value is None else str(value), "West")
        assert decide_row(made, row).is_decided is (value in held)
        assert (decide(row) is not None) is (value in held)


def test_a_number_is_the_same_however_many_zeros_it_ends_in() -> None:
    """Cells compare values, not spellings."""
    made = table(Row([OneOf([Decimal("1.50")]), None], [1]))
    assert decide_row(made, facts("1.5", None)).is_decided
    assert compile_table(made, itemgetter)(facts("1.5000", None)) == (1,)


def test_a_column_that_asks_nothing_is_not_read() -> None:
    """A compiled table reads only the inputs on which its rows differ."""
    decide = compile_table(table(SMALL, LARGE), itemgetter)
    assert decide({"net_amount": Decimal(5)}) == (0,)


# ── Policies ─────────────────────────────────────────────────────────────────────────────────


def test_first_is_the_first_row_in_order() -> None:
    """Under FIRST the order of the rows decides."""
    decided = decide_row(table(LARGE, WEST), facts("2000", "West"))
    assert (decided.value("percent"), decided.matched, decided.decisive) == (5, (1, 2), (1,))


def test_unique_decides_nothing_where_two_rows_match() -> None:
    """Under UNIQUE two rows at once are a fault that is told, not resolved."""
    made = table(LARGE, WEST, hit_policy=HitPolicy.UNIQUE, default=[1])
    decided = decide_row(made, facts("2000", "West"))
    assert decided.undecided is Undecided.SEVERAL_MATCH
    assert decided.reason == "rows 1, 2 match where only one may"
    assert decided.value("percent") is None
    assert decided.decisive == ()
    assert not decided.is_default
    assert decide_row(made, facts("2000", "East")).value("percent") == 5
    assert decide_row(made, facts("5", "East")).is_default


def test_any_decides_where_the_rows_agree() -> None:
    """Under ANY rows may overlap as long as they say the same."""
    same = Row([None, "West"], [Decimal("5.0")])
    made = table(LARGE, same, WEST, hit_policy=HitPolicy.ANY)
    decide = compile_table(made, itemgetter)
    alone = table(LARGE, same, hit_policy=HitPolicy.ANY)
    assert decide_row(alone, facts("2000", "West")).decisive == (1,)
    assert compile_table(alone, itemgetter)(facts("2000", "West")) == (5,)
    decided = decide_row(made, facts("2000", "West"))
    assert decided.undecided is Undecided.DISAGREEMENT
    assert decided.reason == "rows 1, 2, 3 match and disagree"
    assert decide(facts("2000", "West")) is None


def test_any_gives_the_first_spelling_of_what_rows_agree_on() -> None:
    """Explained and compiled, the first row that matches gives its number with its zeros."""
    rows = [Row([None, None], [Decimal(one)]) for one in ("1.0", "1.00")]
    made = table(*rows, hit_policy=HitPolicy.ANY)
    decided = decide_row(made, facts("1", None)).value("percent")
    (compiled,) = compile_table(made, itemgetter)(facts("1", None)) or ()
    assert (str(decided), str(compiled)) == ("1.0", "1.0")


def test_priority_is_by_the_first_output_then_by_the_next() -> None:
    """Under PRIORITY the outputs' stated order decides, and among equals the first row."""
    outputs = [Output("percent", None, [7, 5, 0]), Output("word", None, ["b", "a"]), Output("n")]
    rows = [
        Row([None, None], [5, "a", 1]),
        Row([None, "West"], [7, "a", 2]),
        Row([None, "West"], [7, "b", 3]),
        Row([None, "West"], [7, "b", 4]),
    ]
    made = table(*rows, hit_policy=HitPolicy.PRIORITY, outputs=outputs)
    decide = compile_table(made, itemgetter)
    assert decide(facts("1", "West")) == (7, "b", 3)
    assert decide_row(made, facts("1", "West")).decisive == (3,)
    assert decide(facts("1", "East")) == (5, "a", 1)


@pytest.mark.parametrize(
    ("collect", "both", "none"),
    [
        (Collect.LIST, ((5,), (7,)), ()),
        (Collect.SUM, (12,), None),
        (Collect.MIN, (5,), None),
        (Collect.MAX, (7,), None),
        (Collect.COUNT, (2,), (0,)),
    ],
)
def test_collect_gathers_all_rows_that_match(
    collect: Collect, both: tuple[Any, ...], none: tuple[Any, ...] | None
) -> None:
    """A list is in the order of the rows, and what nothing matches is no sum but a count of 0."""
    made = table(LARGE, WEST, hit_policy=HitPolicy.COLLECT, collect=collect)
    decide = compile_table(made, itemgetter)
    assert decide(facts("2000", "West")) == both
    assert decide(facts("5", "East")) == none
    decided = decide_row(made, facts("2000", "West"))
    assert decided.decisive == (1, 2)
    wanted = both if collect is Collect.LIST else (both,)
    assert decided.outcomes == wanted
    assert decide_row(made, facts("5", "East")).is_decided is (none is not None)


def test_a_sum_is_exact() -> None:
    """Cents add up to the last digit, at any size."""
    rows = [Row([None, None], [Decimal("0.1")])] * 3 + [Row([None, None], [10**30])]
    made = table(*rows, hit_policy=HitPolicy.COLLECT, collect=Collect.SUM)
    assert compile_table(made, itemgetter)(facts(None, None)) == (Decimal(f"{10**30}.3"),)


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"hit_policy": HitPolicy.UNIQUE}, (1,)),
        ({"hit_policy": HitPolicy.ANY}, (1,)),
        ({"hit_policy": HitPolicy.COLLECT, "collect": Collect.SUM}, (1,)),
        ({"hit_policy": HitPolicy.COLLECT, "collect": Collect.LIST}, ((1,),)),
    ],
)
def test_the_default_applies_where_no_row_matches(
    changes: dict[str, Any], wanted: tuple[Any, ...]
) -> None:
    """A default is an outcome like that of a row, and is told apart from it."""
    made = table(LARGE, default=[1], **changes)
    assert compile_table(made, itemgetter)(facts(None, "West")) == wanted
    decided = decide_row(made, facts(None, "West"))
    assert (decided.is_default, decided.is_decided, decided.reason) == (True, True, None)
    assert decided.values("percent") == (1,)


# ── The decision explains itself ─────────────────────────────────────────────────────────────


def test_a_decision_names_its_row_and_what_each_cell_asked() -> None:
    """The text says which row decided, what it gave, and why each of its cells held."""
    made = table(Row([Band(1000, 5000), OneOf(["West", "East"])], [3], "list of 2024"), LARGE)
    assert decide_row(made, facts("1500", "West")).text() == (
        "discount 2024-1: row 1 decides\n"
        "  → Percent = 3\n"
        "  row 1: list of 2024\n"
        "    ✓ net 1500: >= 1000, < 5000\n"
        "    ✓ Region 'West': one of 'West', 'East'"
    )


def test_where_nothing_matched_the_nearest_rows_are_told() -> None:
    """The rows with the fewest cells that fail stand there with what failed, at most three."""
    near = Row([Band(1, 5, includes_low=False, includes_high=True), OneOf(["East"])], [1])
    far = Row([Band(None, 0), OneOf(["East", "North"], is_negated=True)], [1])
    made = table(far, *[near] * 4, Row([IsNull(), "South"], [1]))
    decided = decide_row(made, facts("3", "North"))
    assert decided.nearest() == (2, 3, 4)
    assert decided.failing(1) == ("net", "region")
    assert decided.failing(2) == ("region",)
    lines = decided.text().splitlines()
    assert lines[:4] == [
        "discount 2024-1: nothing is decided, no row matches",
        "  row 2, nearest",
        "    ✓ net 3: > 1, <= 5",
        "    ✗ Region 'North': = 'East'",
    ]
    assert len(lines) == 10


def test_a_decision_speaks_chinese() -> None:
    """Words and labels are in the language asked for; what nobody labelled keeps its name."""
    made = table(
        SMALL, Row([IsNull(is_negated=True), IsNull()], [5]), labels=("Discount", "折扣表")
    )
    assert decide_row(made, facts("1500", None)).text(Language.ZH) == (
        "折扣表 2024-1: 由第 2 行决定\n"
        "  → 折扣 = 5\n"
        "  第 2 行\n"
        "    ✓ net 1500: 已知\n"
        "    ✓ 区域 未知: 未知"
    )


@pytest.mark.parametrize(
    ("changes", "net", "en", "zh"),
    [
        ({}, "5", "no row matches, so the default applies", "无匹配行，取默认值"),
        ({"default": None}, "5", "nothing is decided, no row matches", "无法决定：没有匹配的行"),
        (
            {"hit_policy": HitPolicy.COLLECT, "collect": Collect.SUM},
            "2000",
            "rows 1, 2 gathered",
            "汇总第 1, 2 行",
        ),
        (
            {"hit_policy": HitPolicy.COLLECT, "collect": Collect.LIST, "default": None},
            "5",
            "no row matches",
            "没有匹配的行",
        ),
        (
            {"hit_policy": HitPolicy.ANY},
            "2000",
            "nothing is decided, rows 1, 2 match and disagree",
            "无法决定：第 1, 2 行匹配但结果不一致",
        ),
    ],
)
def test_the_first_line_says_how_it_came(
    changes: dict[str, Any], net: str, en: str, zh: str
) -> None:
    """Default, gathering, no match and disagreement have words of their own."""
    rows = [LARGE, Row([Band(1500, None), None], [1])]
    decided = decide_row(table(*rows, **{"default": [0], **changes}), facts(net, "West"))
    assert decided.text().splitlines()[0] == f"discount 2024-1: {en}"
    assert decided.text(Language.ZH).splitlines()[0] == f"discount 2024-1: {zh}"


@pytest.mark.parametrize(
    ("value", "cell", "line"),
    [
        (True, OneOf([True]), "✓ x true: = true"),
        (False, OneOf([True], is_negated=True), "✓ x false: != true"),
        (date(2024, 1, 2), Band(date(2024, 1, 1), None), "✓ x 2024-01-02: >= 2024-01-01"),
        (
            datetime(2024, 1, 2, tzinfo=UTC),
            Band(None, datetime(2024, 1, 3, tzinfo=UTC)),
            "✓ x 2024-01-02T00:00:00Z: < 2024-01-03T00:00:00Z",
        ),
        ("a" * 99, None, f"✓ x '{'a' * 60}…': any"),
        (Decimal("1E+3"), OneOf([*range(6)], is_negated=True), "✓ x 1000: none of 0, 1, 2, 3, 4 …"),
    ],
)
def test_values_of_every_type_are_shown(value: Any, cell: Any, line: str) -> None:  # noqa: ANN401 - any value
    """A reader sees a value as it would be written, and long ones cut."""
    made = table(Row([cell], [1]), inputs=[Input("x", F.x)])
    assert decide_row(made, {"x": value}).text().splitlines()[-1].strip() == line


def test_a_decision_is_plain_data() -> None:
    """Values are spelled as in rules, and nothing decided is null with a reason."""
    assert decide_row(table(SMALL, WEST), facts("1500.50", "East")).as_data() == {
        "table": "discount",
        "version": "2024-1",
        "inputs": {"net": {"decimal": ["1500.50"]}, "region": "East"},
        "matched": [],
        "decisive": [],
        "outcomes": None,
        "is_default": False,
        "reason": "no row matches",
        "rows": [
            {
                "row": 1,
                "note": None,
                "cells": [
                    {"input": "net", "asked": "< 1000", "holds": False},
                    {"input": "region", "asked": "any", "holds": True},
                ],
            },
            {
                "row": 2,
                "note": "an agreement of 2023",
                "cells": [
                    {"input": "net", "asked": "any", "holds": True},
                    {"input": "region", "asked": "= 'West'", "holds": False},
                ],
            },
        ],
    }
    decided = decide_row(table(SMALL, WEST), facts(None, "West")).as_data()
    assert decided["outcomes"] == [{"percent": {"decimal": ["7"]}}]
    assert decided["inputs"] == {"net": None, "region": "West"}
    assert decided["reason"] is None


def test_only_what_the_table_has_can_be_asked_for() -> None:
    """An unknown output or row is refused, and one value of a list is none."""
    decided = decide_row(table(LARGE), facts("2000", None))
    with pytest.raises(UnknownName, match="did you mean 'percent'"):
        decided.value("percents")
    with pytest.raises(InvalidValue, match="rows 1 to 1"):
        decided.failing(0)
    with pytest.raises(InvalidValue, match="rows 1 to 1"):
        decided.failing(2)
    listed = table(LARGE, hit_policy=HitPolicy.COLLECT, collect=Collect.LIST)
    with pytest.raises(InvalidValue, match="ask for its values"):
        decide_row(listed, facts("2000", None)).value("percent")


@pytest.mark.parametrize(
    ("of", "said"),
    [
        ("region", "write F.region"),
        ("net amount", "write F.region"),
        (1, "reads no field"),
        (Literal(value=True), "reads no field"),
        (days_between(date(2024, 1, 1), date(2024, 1, 2)), "reads no field"),
    ],
)
def test_an_input_reads_a_field(of: Any, said: str) -> None:  # noqa: ANN401 - what stands for a rule
    """The name of a field as text would be the same text for every row, so it is refused."""
    with pytest.raises(RuleTypeError, match=said):
        Input("region", of)


PEOPLE = FieldTable(
    name="people",
    fields=(
        Field(
            name="name",
            kind=Kind.TEXT,
            nullable=True,
            labels=("Full name", "姓名"),
            personal=PersonalData.IDENTITY,
        ),
        Field(name="age", kind=Kind.DECIMAL, nullable=True, labels=("Age", "年龄")),
    ),
)


def person(fields: FieldTable | None, name: str | None = "Ann Lee") -> Decided:
    """Return a decision on a person: by name, by length of the name's known part, by age."""
    inputs = [
        Input("who", F.name),
        Input("is ann", F.name.starts_with("Ann"), ("Is Ann", "是安")),
        Input("age", F.age),
        Input("town", F.town),
    ]
    made = table(Row([None, None, Band(18, None), None], [5]), inputs=inputs)
    row: dict[str, Any] = {"name": name, "age": Decimal(40), "town": "Ulm"}
    return decide_row(made, row, fields)


def test_values_of_personal_data_are_kept_back_where_that_is_asked_for() -> None:
    """Inputs that read a personal field, or one that nobody knows, show no value; others do."""
    decided = person(PEOPLE)
    assert decided.text(hide_personal=True).splitlines()[-4:] == [
        "    ✓ Full name (hidden): any",
        "    ✓ Is Ann (hidden): any",
        "    ✓ Age 40: >= 18",
        "    ✓ town (hidden): any",
    ]
    assert "姓名 （已隐藏）" in decided.text(Language.ZH, hide_personal=True)
    assert decided.as_data(hide_personal=True)["inputs"] == {
        "who": "(hidden)",
        "is ann": "(hidden)",
        "age": {"decimal": ["40"]},
        "town": "(hidden)",
    }
    assert "Full name 'Ann Lee'" in decided.text()
    assert decided.as_data()["inputs"] == person(None).as_data()["inputs"]
    assert "Full name unknown" in person(PEOPLE, None).text(hide_personal=True)


def test_without_a_field_table_nothing_is_hidden_nor_labelled() -> None:
    """Nobody knows then what is personal, so asking to hide it is refused."""
    decided = person(None)
    assert decided == person(PEOPLE)
    assert "    ✓ who 'Ann Lee': any" in decided.text()
    with pytest.raises(InvalidValue, match="nobody knows what is personal"):
        decided.text(hide_personal=True)
    with pytest.raises(InvalidValue, match="nobody knows what is personal"):
        decided.as_data(hide_personal=True)
