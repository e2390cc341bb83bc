"""JsonLogic is read so that a rule gives what json-logic-js gives, or it is refused."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescore.errors import InvalidDocument, RuleTypeError, SalesCoreError, UnknownName
from salescore.plain import Field, FieldTable, Kind, parse_json
from salescore.rules import Expression, evaluate, from_jsonlogic, rule_text


def field(name: str, kind: Kind, *, nullable: bool = True, is_set: bool = False) -> Field:
    """Return a field without a story."""
    return Field(name=name, kind=kind, nullable=nullable, labels=(name, name), is_set=is_set)


TABLE = FieldTable(
    name="rows",
    fields=(
        field("s", Kind.TEXT),
        field("z", Kind.TEXT, nullable=False),
        field("n", Kind.DECIMAL),
        field("m", Kind.DECIMAL),
        field("k", Kind.DECIMAL, nullable=False),
        field("l", Kind.DECIMAL, nullable=False),
        field("d", Kind.DATE),
        field("e", Kind.DATE),
        field("g", Kind.DATE, nullable=False),
        field("b", Kind.BOOLEAN),
        field("c", Kind.BOOLEAN, nullable=False),
        field("t", Kind.TEXT, is_set=True),
        field("i", Kind.INSTANT),
        field("a.b", Kind.DECIMAL),
        field("1", Kind.TEXT),
    ),
)
S, Z, N, M, K, B, C, D, E, G, T, AT = ({"var": name} for name in "sznmkbcdegti")

RECORDED: Any = parse_json(
    (Path(__file__).parent / "jsonlogic_js.json").read_text(encoding="utf-8")
)
"""Rules, rows without their nulls, and what json-logic-js, which is not ours, made of them."""


def held(name: str, value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return a value of a recorded row as our rows hold it."""
    if name in "deg":
        return date.fromisoformat(value)
    if isinstance(value, list):
        return frozenset(value)
    return Decimal(value) if name in "nmkl" else value


ROWS = [
    dict.fromkeys(TABLE.names) | {name: held(name, value) for name, value in row.items()}
    for row in RECORDED["rows"]
]


def plain(value: object) -> object:
    """Return one of our values as JSON shows it."""
    if isinstance(value, frozenset):
        return sorted(value)
    return value.isoformat() if isinstance(value, date) else value


@pytest.mark.parametrize(
    "case", RECORDED["cases"], ids=lambda case: json.dumps(case[0], default=str)[:60]
)
def test_a_rule_gives_what_json_logic_js_gave(case: tuple[object, list[object]]) -> None:
    """Recorded answers of the JavaScript engine are ours, on rows with and without nulls."""
    rule, answers = case
    tree = from_jsonlogic(rule, TABLE)
    ours = [plain(evaluate(tree, row)) for row in ROWS]
    assert ours == answers
    assert [isinstance(one, bool) for one in ours] == [isinstance(one, bool) for one in answers]


def read(data: object) -> str:
    """Return the text of the rule that JsonLogic says."""
    return rule_text(from_jsonlogic(data, TABLE))


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (True, "True"),
        ("a", "'a'"),
        (12, "12"),
        (0.1, "0.1"),
        (Decimal("1.50"), "1.5"),
        ({"var": "s"}, "s"),
        ({"var": ["a.b"]}, "a.b"),
        ({"var": 1}, "1"),
        ({"var": ["n", 2]}, "first known of (n, 2)"),
        ({"var": ["n", N]}, "first known of (n, n)"),
        ({"var": ["k", 2]}, "k"),
        ({"==": [Z, "a"]}, "z == 'a'"),
        ({"==": [S, "a"]}, "first known of ((s == 'a'), False)"),
        ({"!=": [S, "a"]}, "first known of ((s != 'a'), True)"),
        ({"===": [N, "1"]}, "False"),
        ({"==": [N, "1"]}, "first known of ((n == 1), False)"),
        ({"==": [N, "one"]}, "False"),
        ({"!=": [K, True]}, "k != 1"),
        ({"==": [S, None]}, "s is null"),
        ({"!==": [None, S]}, "not (s is null)"),
        ({"===": [Z, None]}, "False"),
        ({"===": [S, N]}, "(s is null) and (n is null)"),
        ({"!==": [S, N]}, "not ((s is null) and (n is null))"),
        ({"!==": [Z, N]}, "True"),
        ({"===": [B, 1]}, "False"),
        ({"==": [N, K]}, "first known of ((n == k), False)"),
        ({"==": [N, M]}, "first known of ((n == m), ((n is null) and (m is null)))"),
        ({"<": [N, 5]}, "(first known of (n, 0)) < 5"),
        ({"<": [5, N]}, "(first known of (n, 0)) > 5"),
        ({"<": [K, "5"]}, "k < 5"),
        ({"<": [K, "five"]}, "False"),
        ({"<": [1, K, 3]}, "(k > 1) and (k < 3)"),
        ({"<=": [1, 2, K]}, "k >= 2"),
        ({"<": [S, "5"]}, "first known of ((s < '5'), True)"),
        ({"<": [S, "b"]}, "first known of ((s < 'b'), False)"),
        ({">=": [D, "2017-03-01"]}, "first known of ((d >= 2017-03-01), False)"),
        ({"<=": [D, E]}, "first known of ((d <= e), ((d is null) and (e is null)))"),
        ({"<": [D, E]}, "first known of ((d < e), False)"),
        ({"<": [G, D]}, "first known of ((g < d), False)"),
        ({"==": [D, "2017-3-1"]}, "False"),
        ({"==": [D, "2017-02-30"]}, "False"),
        ({"==": [D, "2017-W09-3"]}, "False"),
        ({"==": [D, 5]}, "False"),
        ({"!": [C]}, "not c"),
        ({"!!": [B]}, "first known of (b, False)"),
        ({"and": [C, {"<": [K, 1]}, {"var": "c"}]}, "c and (k < 1) and c"),
        ({"or": [C, {"or": [C, C]}]}, "c or c or c"),
        ({"or": [B, C]}, "(first known of (b, False)) or c"),
        ({"and": [B, C]}, "if (first known of (b, False)) then c else b"),
        ({"or": [C, B]}, "if c then True else b"),
        ({"and": [True, C]}, "c"),
        ({"and": [C, False]}, "c and False"),
        ({"or": [C, 0, True, C]}, "c or True"),
        ({"if": [C, 1, 2]}, "if c then 1 else 2"),
        ({"if": [C, 1]}, "if c then 1"),
        ({"if": [C, 1, None]}, "if c then 1"),
        ({"if": [False, "x", C, 1, "yes", 2, C, 3]}, "if c then 1 else 2"),
        ({"?:": [B, N, 2]}, "if (first known of (b, False)) then n else 2"),
        ({"in": [Z, ["a", 1, None, ["a"]]]}, "z in ('a')"),
        ({"in": [S, ["a", "a", "b"]]}, "first known of ((s in ('a', 'b')), False)"),
        ({"in": [S, ["a", None]]}, "first known of ((s in ('a')), True)"),
        ({"in": [S, [None]]}, "s is null"),
        ({"in": [S, [1]]}, "False"),
        ({"in": [S, ""]}, "False"),
        ({"in": [S, 5]}, "False"),
        ({"in": [G, ["2017-03-01", "x"]]}, "g in (2017-03-01)"),
        ({"in": [C, [True]]}, "c in (True)"),
        ({"in": ["a", Z]}, "z contains 'a'"),
        ({"in": ["", S]}, "first known of ((s != ''), False)"),
        ({"in": ["a", T]}, "first known of ((t has any ('a')), False)"),
        ({"in": [1, T]}, "False"),
        ({"in": ["a", N]}, "False"),
        ({"+": [K, 1, {"var": "l"}]}, "(k + 1) + l"),
        ({"+": [K]}, "k"),
        ({"-": [N]}, "0 - (first known of (n, 0))"),
        ({"-": [K, "2"]}, "k - 2"),
        ({"*": [2, K]}, "2 * k"),
        ({"*": [S]}, "s"),
    ],
)
def test_every_null_is_made_explicit(data: object, text: str) -> None:
    """The rule says what JsonLogic leaves to its coercions, and no more than is needed."""
    assert read(data) == text


@pytest.mark.parametrize(
    ("data", "value"),
    [
        ({"+": []}, "0"),
        ({"+": ["3.5", 1]}, "4.5"),
        ({"-": ["", 1]}, "-1"),
        ({"-": ["\u00a05\ufeff", True]}, "4"),
        ({"-": [None]}, "0"),
        ({"*": ["1"]}, "'1'"),
        ({"/": [1, 4]}, "0.25"),
        ({"/": [1e21, 1]}, "1000000000000000000000"),
        ({"%": [-5, 3]}, "-2"),
        ({"%": [5.5, 2]}, "1.5"),
        ({"max": ["1", True, None]}, "1"),
        ({"min": [1, -1]}, "-1"),
        ({"cat": ["a", None, 1.5, True, False]}, "'a1.5truefalse'"),
        ({"cat": [0.000001, 0]}, "'0.0000010'"),
        ({"cat": []}, "''"),
        ({"substr": ["华东区", 1]}, "'东区'"),
        ({"substr": ["abc", -9, 2]}, "'ab'"),
        ({"substr": ["abc", 1, -9]}, "''"),
        ({"in": [1, {"merge": [1, [2, [3]]]}]}, "True"),
        ({"in": ["", ""]}, "False"),
        ({"in": ["a", None]}, "False"),
        ({"in": [[1], [[1]]]}, "False"),
        ({"<": ["10", "9"]}, "True"),
        ({"<=": ["a", "a"]}, "True"),
        ({"<": ["😀", "\uffee"]}, "True"),
        ({"<": ["x", 1]}, "False"),
        ({">": [3, 2]}, "True"),
        ({"<": [1, 2, None]}, "False"),
        ({"==": [None, 0]}, "False"),
        ({"==": ["", 0]}, "True"),
        ({"==": ["a", "a"]}, "True"),
        ({"!=": [None, None]}, "False"),
        ({"===": [True, 1]}, "False"),
        ({"!": [[]]}, "True"),
        ({"!!": [[0]]}, "True"),
        ({"if": [{"merge": []}, 1, 2]}, "2"),
    ],
)
def test_constants_are_worked_out_as_in_javascript(data: object, value: str) -> None:
    """Operators on constants alone coerce as JavaScript does, and the rule holds the result."""
    assert read(data) == value


@pytest.mark.parametrize(
    ("data", "operator", "reason"),
    [
        (None, "result", "null as a result"),
        (["a"], "result", "an array as a result"),
        ({}, "{}", "an object as a value"),
        ({"a": 1, "b": 2}, "{}", "an object as a value"),
        ([1, K], "[]", "an array of computed values"),
        ({"var": ""}, "var", "the row as a whole"),
        ({"var": []}, "var", "the row as a whole"),
        ({"var": S}, "var", "a name that is computed"),
        ({"var": True}, "var", "a name that is no text"),
        ({"var": ["n", "a"]}, "var", "a default of another type"),
        ({"var": ["n", []]}, "var", "an array as a result"),
        ({"var": ["i", "a"]}, "var", "a default of another type"),
        ({"==": [S, 1]}, "==", "coercion of text to number"),
        ({"==": [B, 1]}, "==", "coercion of boolean to number"),
        ({"!=": [S, N]}, "!=", "coercion of text to number"),
        ({"===": [S, D]}, "===", "coercion of text to date"),
        ({"==": [AT, "2017-03-01T00:00:00Z"]}, "==", "a comparison of instant"),
        ({"==": [T, "a"]}, "==", "a comparison of tags"),
        ({"==": [N, []]}, "==", "an array as a number"),
        ({"===": [[], []]}, "===", "a comparison of arrays"),
        ({"<": [S, Z]}, "<", "the order of two texts"),
        ({"<": [S, "\uffee"]}, "<", "the order of signs beyond the basic plane"),
        ({"<": [S, "0x1"]}, "<", "coercion of text to number"),
        ({"<": [S, 1]}, "<", "coercion of text to number"),
        ({"<": [S, N]}, "<", "the order of text and number"),
        ({"<": [D, "2017"]}, "<", "a date beside another text"),
        ({"<": [C, 1]}, "<", "the order of boolean"),
        ({"<": ["Infinity", 1]}, "<", "coercion of text to number"),
        ({"!": [N]}, "!", "the truth of number"),
        ({"if": [S, 1, 2]}, "if", "the truth of text"),
        ({"and": [T, C]}, "and", "the truth of tags"),
        ({"and": [C, 1]}, "and", "results of several types"),
        ({"or": [C, None]}, "or", "null or an array as a result"),
        ({"and": []}, "and", "no parts at all"),
        ({"if": [C, 1, "a"]}, "if", "results of several types"),
        ({"if": [C, None, 1]}, "if", "null or an array as a result"),
        ({"in": [S, "Springfield"]}, "in", "a field looked for in a text"),
        ({"in": [S, T]}, "in", "a field looked for in a field"),
        ({"in": [1, S]}, "in", "coercion to text"),
        ({"in": [1, "10"]}, "in", "coercion to text"),
        ({"in": ["2017", D]}, "in", "a text looked for in date"),
        ({"in": [AT, ["a"]]}, "in", "a comparison of instant"),
        ({"+": [N, 1]}, "+", "a null, which would be no number"),
        ({"*": [N, 2]}, "*", "a null, which would be no number"),
        ({"+": [K, "1"]}, "+", "a constant that is no number"),
        ({"+": [C]}, "+", "coercion of boolean to number"),
        ({"+": [S]}, "+", "coercion of text to number"),
        ({"+": ["12abc"]}, "+", "a result that is not a number"),
        ({"-": [K, "x"]}, "-", "a result that is not a number"),
        ({"-": ["x", 1]}, "-", "a result that is not a number"),
        ({"+": [0.1, 0.2]}, "+", "a result that JavaScript would round"),
        ({"*": [1e200, 1e200]}, "*", "a result that JavaScript would round"),
        ({"/": [1, 3]}, "/", "a result that JavaScript would round"),
        ({"/": [1, 0]}, "/", "a division by zero"),
        ({"%": [1, 0]}, "%", "a division by zero"),
        ({"/": [K, 2]}, "/", "a division by or of a field"),
        ({"%": [K, 2]}, "%", "a remainder of a field"),
        ({"max": [K, 2]}, "max", "the greatest of fields"),
        ({"cat": [S, "a"]}, "cat", "a text made of fields"),
        ({"cat": [[1], "a"]}, "cat", "an array as a text"),
        ({"cat": [1e21]}, "cat", "coercion of a number to text"),
        ({"substr": [S, 1]}, "substr", "a part of a field's text"),
        ({"substr": [12, 1]}, "substr", "coercion to text"),
        ({"substr": ["😀a", 1]}, "substr", "signs beyond the basic plane"),
        ({"substr": ["abc", "1"]}, "substr", "a place that is no whole number"),
        ({"substr": ["abc", 1, None]}, "substr", "a place that is no whole number"),
        ({"merge": [S]}, "merge", "an array made of fields"),
        ({"missing": ["s"]}, "missing", "a list of missing names; ask {'==': [x, null]}"),
        ({"some": [T, True]}, "some", "a walk over an array"),
        ({"log": "a"}, "log", "an effect"),
        (Decimal("0.10000000000000000001"), "number", "a number that JavaScript cannot hold"),
        (2**53 + 1, "number", "a number that JavaScript cannot hold"),
        (10**400, "number", "a number that JavaScript cannot hold"),
        (float("nan"), "number", "a number that JavaScript cannot hold"),
        (Decimal("1E+999999999"), "number", "a number that JavaScript cannot hold"),
        (Decimal("sNaN"), "number", "a number that JavaScript cannot hold"),
    ],
)
def test_what_no_rule_says_alike_is_outside(data: object, operator: str, reason: str) -> None:
    """The error names the operator and why; nothing is read that would mean something else."""
    with pytest.raises(RuleTypeError) as caught:
        from_jsonlogic(data, TABLE)
    assert (caught.value.rule, caught.value.fault) == (operator, f"outside: {reason}")


def nested(levels: int) -> object:
    """Return a condition with a number of operators in one another."""
    found: object = C
    for _ in range(levels):
        found = {"!": [found]}
    return found


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        ({"between": [K, 1, 2]}, "'between' is no operator of JsonLogic"),
        ({5: [1]}, "'5' is no operator of JsonLogic"),
        ({"==": [1]}, "'==' does not take 1 arguments"),
        ({"!": [1, 2]}, "'!' does not take 2 arguments"),
        ({">": [3, 2, 1]}, "'>' does not take 3 arguments"),
        ({"-": []}, "'-' does not take 0 arguments"),
        (("a",), "a tuple is no JSON"),
        ({"==": [1, b"a"]}, "a bytes is no JSON"),
        (nested(1000), "it is nested more than 32 operators deep"),
        ({"or": [C] * 1000}, "it has more than 2,000 nodes"),
        ({"in": [S, ["a"] * 10_001]}, "a list has more than 10,000 items"),
        ({"in": [S, ["a" * 65_537]]}, "a text has more than 65,536 characters"),
        ("a" * 65_537, "a text has more than 65,536 characters"),
    ],
)
def test_what_is_no_json_logic_or_too_large_is_refused(data: object, fault: str) -> None:
    """A document is measured before it is walked, and unknown operators are named."""
    with pytest.raises(InvalidDocument) as caught:
        from_jsonlogic(data, TABLE)
    assert caught.value.fault == fault
    assert caught.value.path.startswith("rule")


def test_a_long_list_of_options_counts_as_one() -> None:
    """Options of a membership test are no nodes."""
    tree = from_jsonlogic({"in": [S, [f"{one}" for one in range(9_000)]]}, TABLE)
    assert evaluate(tree, {"s": "8999"}) is True


def test_a_rule_at_the_limit_of_depth_is_read() -> None:
    """Thirty operators in one another are read, as deep as a rule may be."""
    assert evaluate(from_jsonlogic(nested(30), TABLE), {"c": True}) is True
    with pytest.raises((InvalidDocument, RuleTypeError), match="deep"):
        from_jsonlogic(nested(32), TABLE)


def test_names_and_choices_are_those_of_the_table() -> None:
    """A field that the table lacks is unknown, and a choice that is never held is no rule."""
    with pytest.raises(UnknownName):
        from_jsonlogic({"var": "nothing"}, TABLE)
    grade = Field(name="g", kind=Kind.CHOICE, nullable=True, labels=("g", "g"), choices=("a", "b"))
    table = FieldTable(name="t", fields=(grade,))
    tree: Expression = from_jsonlogic({"==": [{"var": "g"}, "a"]}, table)
    assert evaluate(tree, {"g": None}) is False
    with pytest.raises(RuleTypeError, match="g is never 'c'"):
        from_jsonlogic({"==": [{"var": "g"}, "c"]}, table)


def test_an_error_says_where_in_the_document() -> None:
    """The path names operators and places from the outside in."""
    with pytest.raises(InvalidDocument) as caught:
        from_jsonlogic({"and": [True, {"!": [{"like": [S, "a"]}]}]}, TABLE, "policy/rule")
    assert caught.value.path == "policy/rule/and/1/!/0/like"


OPERATORS = (
    *("==", "===", "!=", "!==", "<", "<=", ">", ">=", "!", "!!", "and", "or", "if", "?:", "in"),
    *("+", "-", "*", "/", "%", "min", "max", "cat", "substr", "merge", "missing", "map", "log"),
)
LEAVES = st.one_of(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    st.decimals() | st.sampled_from(["", "1e999", "0x", "Infinity", "\ud800", "²", "2017-03-01"]),
    st.sampled_from(TABLE.names).map(lambda name: {"var": name}),
)
ANY_JSON = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(OPERATORS), st.lists(inner, max_size=3), max_size=1),
        st.dictionaries(st.text(max_size=3), inner, max_size=2),
    ),
    max_leaves=12,
)


@given(ANY_JSON)
def test_whatever_is_handed_over_is_read_or_refused(data: object) -> None:
    """Any JSON becomes a rule that runs on any row, or one of our errors."""
    try:
        tree = from_jsonlogic(data, TABLE)
    except SalesCoreError:
        return
    for row in ROWS:
        evaluate(tree, row)


def test_the_path_of_a_refusal_can_be_printed() -> None:
    """Half of a surrogate pair in a key, which no terminal can be sent, does not stand in it."""
    with pytest.raises(InvalidDocument, match=r"at rule/ : '\\ud800' is no operator") as found:
        from_jsonlogic({"\ud800": [1]}, TABLE)
    assert str(found.value).encode()
